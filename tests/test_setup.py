"""The public address stands once; what ships is what runs."""

import ast
import json
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "binder"))

import readme  # noqa: E402


def test_address_comes_from_pyproject():
    for name in ("README.md", "CITATION.cff"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert readme.with_address(text, readme.address()) == text


def test_a_new_address_is_written_everywhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    new = readme.with_address(text, "https://github.com/someone/clusterlab")
    assert new.count("someone/clusterlab") == text.count("OWNER/clusterlab") > 0
    assert "OWNER" not in new


def test_pins_cover_what_is_declared_and_name_no_host():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=\[ ]", d)[0].lower() for d in project["dependencies"]}
    for name in ("constraints.txt", "binder/requirements.txt"):
        text = (ROOT / name).read_text(encoding="utf-8").lower()
        assert declared <= set(re.findall(r"^([a-z0-9_.-]+)==", text, flags=re.MULTILINE)), name
        assert "://" not in text
    assert "jupyterlab==" not in (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8")


def test_binder_names_its_python():
    assert (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").startswith("python-3.")
    assert "--no-deps" in (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")


# --- what is declared is used, what is used is declared --------------------------------------

# Declared and never imported, with the reason.
NOT_IMPORTED = {
    "jupyter-server": "what JupyterLite lists the notebooks by: make lite",
    "jupyterlite-core": "a program: make lite",
    "jupyterlite-pyodide-kernel": "the kernel that it puts into the course: make lite",
    "jupyterlab": "a program: make lab",
    "myst-nb": "an extension of Sphinx: site/conf.py",
    "nbval": "a plugin: make test runs the notebooks by it",
    "sphinx-book-theme": "how the site looks: site/conf.py",
}
# Methods of pandas that need a package of their own.
FEATURES = {
    "style": "jinja2",
    "to_markdown": "tabulate",
    "read_html": "lxml",
    "read_excel": "openpyxl",
    "to_excel": "openpyxl",
    "read_parquet": "pyarrow",
    "to_parquet": "pyarrow",
    "read_hdf": "tables",
}
OWN = {"clusterlab"} | {path.stem for path in ROOT.glob("tests/**/*.py")}
OWN |= {
    path.stem
    for folder in ("benchmarks", "binder", "datasets/builders", "site")
    for path in ROOT.glob(f"{folder}/*.py")
}
OWN |= {"tests", "awkward"}


def declared(*extras):
    """Return the distributions that are declared, of the package or of extras (theirs too)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["optional-dependencies"][e] for e in extras] or [project["dependencies"]]
    found = set()
    for entry in (each for one in lists for each in one):
        inner = re.match(r"clusterlab\[(.*)\]", entry)
        found |= (
            declared(*inner[1].split(",")) if inner else {re.split(r"[<>=\[ ]", entry)[0].lower()}
        )
    return found


def code(folder):
    """Yield the parsed code of every file and cell in a folder."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / folder).rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield ast.parse("".join(cell["source"]))


distributions = cache(packages_distributions)
#: Calls that import what they name.
BY_NAME = ("pytest.importorskip",)


def needs(tree):
    """Return the distributions that code imports, or needs for what it asks of pandas."""
    modules, found = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in BY_NAME:
            modules.add(node.args[0].value)
        elif isinstance(node, ast.Attribute) and node.attr in FEATURES:
            ours = isinstance(node.value, ast.Name) and node.value.id in OWN
            found |= set() if ours else {FEATURES[node.attr]}
    names = distributions()
    for module in {each.partition(".")[0] for each in modules} - OWN - sys.stdlib_module_names:
        found.add(names.get(module, [module])[0].lower().replace("_", "-"))
    return found


@cache
def used_in(folder):
    """Return what the code of a folder needs."""
    return frozenset().union(*(needs(tree) for tree in code(folder)))


def used(*folders):
    """Return what the code of folders needs."""
    return frozenset().union(*map(used_in, folders))


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (["clusterlab"], ["fetch", "files", "maps"]),
        (["notebooks"], []),
        (["datasets"], ["peers"]),  # builders run in a checkout
        (["tests", "benchmarks", "binder", "site"], ["test", "mutants"]),
    ],
)
def test_what_is_used_is_declared(folders, extras):
    known = declared() | (declared(*extras) if extras else set())
    assert used(*folders) <= known


def test_what_is_declared_is_used():
    package = used("clusterlab", "notebooks")
    assert declared() - package - set(NOT_IMPORTED) == set()
    assert (
        declared("test")
        - used("tests", "benchmarks", "binder", "site", "datasets", "clusterlab")
        - set(NOT_IMPORTED)
        == set()
    )
    assert not set(NOT_IMPORTED) & (package | used("tests", "benchmarks")), "no longer a reason"


def test_a_need_is_seen():
    code = (
        "import yaml\nfrom sklearn.cluster import KMeans\ntable.style.format('{}')\nstyle.show(ax)"
    )
    assert needs(ast.parse(code)) == {"pyyaml", "scikit-learn", "jinja2"}
