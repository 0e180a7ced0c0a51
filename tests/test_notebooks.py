"""What every notebook keeps to, and that every claim and link leads somewhere."""

import ast
import json
import re
from pathlib import Path

import pytest

from clusterlab import datasets

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
LESSONS = [p for p in NOTEBOOKS if re.match(r"(0[1-9]|1\d)_", p.name)]


def _cells(path, kind):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def _text(cell):
    return "".join(cell["source"])


def _anchors(path):
    headings = [
        line.lstrip("#").strip()
        for cell in _cells(path, "markdown")
        for line in _text(cell).splitlines()
        if re.match(r"#{1,6} ", line)
    ]
    return {heading.replace(" ", "-") for heading in headings}


def _name(path):
    return path.stem


@pytest.mark.parametrize("path", NOTEBOOKS, ids=_name)
def test_a_notebook_is_clean(path):
    code = _cells(path, "code")
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert any("assert " in _text(cell) for cell in code), "no assert cell"
    for cell in code:
        tree = ast.parse(_text(cell))
        assert not any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) for node in ast.walk(tree))
        assert not re.search(r"pip install|filterwarnings|simplefilter|plt\.show", _text(cell))
        folded = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
        assert folded or len(_text(cell).splitlines()) <= 18, _text(cell)
    ids = [cell["id"] for kind in ("code", "markdown") for cell in _cells(path, kind)]
    assert len(ids) == len(set(ids))
    titles = [
        line
        for cell in _cells(path, "markdown")
        for line in _text(cell).splitlines()
        if line.startswith("# ")
    ]
    assert len(titles) == 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=_name)
def test_every_figure_has_its_words(path):
    for cell in _cells(path, "code"):
        for node in ast.walk(ast.parse(_text(cell))):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                call = node.value
                drawn = getattr(call.func, "attr", "").startswith("plot_")
                assert not drawn or "ax" in {k.arg for k in call.keywords}, ast.unparse(call)


@pytest.mark.parametrize("path", LESSONS, ids=_name)
def test_a_lesson_has_its_parts(path):
    words = "\n".join(map(_text, _cells(path, "markdown"))).lower()
    for part in ("predict", "try", "explain", "## limits", "## references", "minutes"):
        assert part in words, part
    tags = {tag for cell in _cells(path, "code") for tag in cell["metadata"].get("tags", [])}
    assert "exercise" in tags


@pytest.mark.parametrize("path", LESSONS, ids=_name)
def test_answers_are_folded(path):
    for cell in _cells(path, "code"):
        if re.search(r"exercises\.(check|predict)\(", _text(cell)):
            assert cell["metadata"].get("jupyter", {}).get("source_hidden"), _text(cell)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=_name)
def test_an_answer_that_was_not_given_is_not_told(path):
    for cell in _cells(path, "code"):
        assert not re.search(r"\{\w+\.answer\b", _text(cell)), "say it by {….said}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=_name)
def test_links_lead_somewhere(path):
    for cell in _cells(path, "markdown"):
        for target in re.findall(r"\]\(([^)\s]+)\)", _text(cell)):
            if target.startswith("http"):
                continue
            file, _, anchor = target.partition("#")
            place = path if not file else (path.parent / file).resolve()
            assert place.exists(), target
            if anchor:
                assert anchor in _anchors(place), target


def test_every_claim_points_to_a_section_that_exists():
    claims = datasets.load("claims").fillna("")
    assert len(claims) == 55
    for claim in claims.itertuples():
        notebook = ROOT / "notebooks" / claim.notebook
        if claim.section:
            assert notebook.exists(), claim.id
            assert claim.section in _anchors(notebook), (claim.id, claim.section)
    started = {path.name for path in LESSONS}
    with_section = set(claims.loc[claims["section"] != "", "notebook"])
    assert started == with_section, "a lesson that no claim points to, or the other way round"


def test_readme_lists_every_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    start = "".join(map(_text, _cells(ROOT / "notebooks" / "00_start_here.ipynb", "markdown")))
    for path in NOTEBOOKS:
        inside = path.relative_to(ROOT / "notebooks").as_posix()
        assert f"notebooks/{inside}" in readme, inside
        assert path.name.startswith("00_") or inside in start, inside


def test_the_start_page_has_the_minutes_of_each_lesson():
    start = "".join(map(_text, _cells(ROOT / "notebooks" / "00_start_here.ipynb", "markdown")))
    told = dict(re.findall(r"\]\((\w+\.ipynb)\) \|.*\| (\d+) \|", start))
    own = {
        path.name: re.search(
            r"\*\*Time\*\*: (\d+) minutes", "".join(map(_text, _cells(path, "markdown")))
        ).group(1)
        for path in LESSONS
    }
    assert told == own
