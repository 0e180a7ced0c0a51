"""What importing costs, and that imports only go down: widgets, plots, concepts."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

import clusterlab

PACKAGE = Path(clusterlab.__file__).parent
TOPICS = sorted(
    folder.parent
    for folder in PACKAGE.glob("*/__init__.py")
    if folder.parent.name not in ("views", "_datasets")
)
DRAWING = {"matplotlib", "seaborn", "ipywidgets", "anywidget", "IPython"}


def imported_by(code):
    """Run code in a new Python and return the top-level modules it leaves imported."""
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sorted(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    return set(run.stdout.split())


def test_import_of_the_package_is_bare():
    modules = imported_by("import clusterlab")
    heavy = {"matplotlib", "ipywidgets", "anywidget", "pandas", "numpy", "scipy", "seaborn"}
    assert not modules & heavy


def test_everything_public_is_there():
    for name in clusterlab.__all__:
        assert getattr(clusterlab, name).__name__ == f"clusterlab.{name}" or name in dir(clusterlab)
    with pytest.raises(AttributeError, match="attribute .?agglomerations"):
        clusterlab.agglomerations  # noqa: B018
    assert set(clusterlab.__all__) == set(dir(clusterlab))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda folder: folder.name)
def test_a_topic_imports_no_drawing(topic):
    modules = imported_by(f"import clusterlab.{topic.name}")
    assert not {m.split(".")[0] for m in modules} & DRAWING
    assert not {f"clusterlab.{topic.name}.{floor}" for floor in ("plots", "widgets")} & modules


@pytest.mark.parametrize("topic", TOPICS, ids=lambda folder: folder.name)
def test_a_topic_keeps_its_promises(topic):
    module = getattr(clusterlab, topic.name)
    for name in module.__all__:
        assert getattr(module, name) is not None, name
    for floor in ("plots", "widgets"):
        if (topic / f"{floor}.py").exists():
            assert getattr(module, floor).__all__
    with pytest.raises(AttributeError):
        module.no_such_name  # noqa: B018


def imports(path):
    """Return (module, at import time?) of every import in a file, those for types left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        if not _for_types(node):
            yield from names


def _for_types(node):
    while (node := getattr(node, "parent", None)) is not None:
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            return True
    return False


def floor_of(path):
    return path.stem if path.stem in ("plots", "widgets") else "concepts"


FILES = [file for topic in TOPICS for file in sorted(topic.rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_only_go_down(path):
    own = path.relative_to(PACKAGE).parts[0]
    names = list(imports(path))
    floor = floor_of(path)
    if floor == "concepts":
        assert not {n.split(".")[0] for n in names} & DRAWING
        forbidden = {"plots", "widgets"}
    else:
        forbidden = {"widgets"} if floor == "plots" else set()
    for name in names:
        parts = name.split(".")
        if parts[0] != "clusterlab":
            continue
        assert not forbidden & set(parts), f"{path.name} imports {name}"
        if floor == "concepts":
            assert "explore" not in parts, f"{path.name} imports {name}"
        other = len(parts) > 2 and parts[1] != own and parts[2] in ("plots", "widgets")
        assert not other, f"{path.name} imports {name} of another topic"


def test_shared_modules_know_no_topic():
    topics = {topic.name for topic in TOPICS}
    for path in PACKAGE.glob("*.py"):
        if path.name in ("__init__.py", "command_line.py"):  # nothing imports the command
            continue
        for name in imports(path):
            parts = name.split(".")
            assert parts[0] != "clusterlab" or not set(parts[1:2]) & topics, f"{path.name}: {name}"


def test_views_know_no_topic_even_inside_a_function():
    """A graph arrives dressed: a view that asks a topic what to draw is an arrow up."""
    topics = {topic.name for topic in TOPICS}
    for path in (PACKAGE / "views").glob("*.py"):
        up = {name for name in imports(path) if {*name.split(".")[1:2]} & topics}
        assert not up or path.name in ARROWS_UP, f"{path.name}: {up}"


#: Views that still ask a topic.
ARROWS_UP: set[str] = set()


def module_of(path):
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(
        ".__init__"
    )


def test_imports_go_round_in_no_circle():
    """Counted is every import, also inside a function and of a name that a package announces."""
    modules = {
        module_of(path): path for path in PACKAGE.rglob("*.py") if "_datasets" not in path.parts
    }
    arrows = nx.DiGraph()
    for module, path in modules.items():
        for name in imports(path):
            if name.startswith("clusterlab") and name != module:
                target = defined_in(name, modules)
                if target not in (module, "clusterlab") and path.name != "__init__.py":
                    arrows.add_edge(module, target)
    assert arrows.number_of_edges() > 50
    assert [*nx.simple_cycles(arrows)] == []


def defined_in(name, modules):
    """Return the module that a dotted name lies in; a name of a package where it is defined."""
    if name in modules and modules[name].name != "__init__.py":
        return name
    package, _, last = name.rpartition(".")
    if package in modules and modules[package].name != "__init__.py":
        return package
    if package in modules and last in getattr(importlib.import_module(package), "__all__", ()):
        return getattr(getattr(importlib.import_module(package), last), "__module__", package)
    return name if name in modules else package


@pytest.mark.parametrize("name", ["tables", "parameters", "sweep", "datasets"])
def test_shared_ideas_below_the_drawing_import_none(name):
    modules = imported_by(f"import clusterlab.{name}")
    assert not modules & {"matplotlib", "ipywidgets", "anywidget"}
