"""What every notebook keeps to, and that every claim and link leads somewhere."""

import ast
import json
import re
import sys
from pathlib import Path

import notebook_outputs
import pytest

from clusterlab import datasets

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "binder"), str(ROOT / "site")]

import readme  # noqa: E402
import slides  # noqa: E402

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.rglob("*.ipynb"))
UNITS = [path for path in NOTEBOOKS if re.match(r"\d\d_", path.parent.name)]

#: At most so many cells and minutes a unit.
CELLS, MINUTES = 30, 35
#: Units that have more cells: how many at most, and why.
MORE_CELLS = {
    "12_case/1_one_district_through_the_course": (
        48,
        "the closing case has six steps and a page; each step has a cell for the reader's sentence",
    )
}
#: Topics that open no claim of their own: the case uses what the units before it have opened.
NO_CLAIM = {"12_case"}
#: At most so many words in a cell that is read aloud, and lines of code beside its output.
READ_ALOUD, LINES = 120, 15


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


def _tags(cell):
    return cell["metadata"].get("tags", [])


def _asks(cell):
    return len(re.findall(r"exercises\.(?:check|predict|judge)\(", _text(cell)))


def minutes(path):
    """Return the minutes a unit takes, counted as the course counts them.

    130 words a minute, three minutes a widget, one and a half a question and half a minute a cell of
    code to read; what is for instructors is left out.
    """
    words = [_text(cell) for cell in _cells(path, "markdown") if "instructor" not in _tags(cell)]
    code = [cell for cell in _cells(path, "code") if "instructor" not in _tags(cell)]
    shown = [_text(cell) for cell in code if not _asks(cell)]
    widgets = sum(len(re.findall(r"\bwidgets\.\w+\(|\bviews\.\w+\(|\bexplore\(", t)) for t in shown)
    questions = sum(map(_asks, code))
    return sum(len(w.split()) for w in words) / 130 + 3 * widgets + 1.5 * questions + len(shown) / 2


_name = notebook_outputs.name


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


@pytest.mark.parametrize("path", UNITS, ids=_name)
def test_a_unit_has_its_parts(path):
    words = "\n".join(map(_text, _cells(path, "markdown"))).lower()
    for part in ("predict", "try", "explain", "## limits", "## references", "minutes"):
        assert part in words, part
    tags = {tag for cell in _cells(path, "code") for tag in cell["metadata"].get("tags", [])}
    assert "exercise" in tags


@pytest.mark.parametrize("path", UNITS, ids=_name)
def test_answers_are_folded(path):
    for cell in _cells(path, "code"):
        if _asks(cell):
            assert cell["metadata"].get("jupyter", {}).get("source_hidden"), _text(cell)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=_name)
def test_an_answer_that_was_not_given_is_not_told(path):
    for cell in _cells(path, "code"):
        assert not re.search(r"\{\w+\.answer\b", _text(cell)), "say it by ….reveal(…)"


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
    assert len(claims) == 63
    for claim in claims.itertuples():
        notebook = ROOT / "notebooks" / claim.notebook
        if claim.section:
            assert notebook.exists(), claim.id
            assert claim.section in _anchors(notebook), (claim.id, claim.section)
    started = {_name(path) + ".ipynb" for path in UNITS}
    with_section = set(claims.loc[claims["section"] != "", "notebook"])
    assert started >= with_section, "a claim that points to no unit"
    topics = {name.partition("/")[0] for name in started}
    opened = {name.partition("/")[0] for name in with_section}
    assert topics - NO_CLAIM == opened, "a topic without a claim"
    assert topics >= NO_CLAIM


def lost_on_the_way(claims, sections):
    """Return what no reading path leads to: claims without a section, sections without a claim."""
    known = {f"{section['document']}: {section['section']}" for section in sections}
    said = {claim["id"]: [*filter(None, claim["read_in"].split("; "))] for claim in claims}
    found = [f"claim {name} is in no section" for name in said if not said[name] and name != "T0"]
    places = {place for each in said.values() for place in each}
    found += [f"there is no section {place}" for place in sorted(places - known)]
    for section in sections:
        place = f"{section['document']}: {section['section']}"
        if (place in places) == bool(section["reason"]):
            found.append(f"{place} has both a claim and a reason" if place in places else place)
    return found


def test_every_claim_has_a_section_and_every_section_a_claim_or_a_reason():
    assert lost_on_the_way(readme.rows("datasets/claims.csv"), readme.sections()) == []


def test_what_is_lost_on_the_way_is_found():
    claims = [{"id": "A", "read_in": "x: 1; x: 9"}, {"id": "B", "read_in": ""}]
    sections = [{"document": "x", "section": name, "reason": ""} for name in ("1", "2")]
    sections[0]["reason"] = "an introduction"
    assert lost_on_the_way(claims, sections) == [
        "claim B is in no section",
        "there is no section x: 9",
        "x: 1 has both a claim and a reason",
        "x: 2",
    ]


@pytest.mark.parametrize("key", dict.fromkeys(each["document"] for each in readme.sections()))
def test_a_page_follows_each_document(key):
    page = (FOLDER / "reading" / f"{key}.ipynb").read_text(encoding="utf-8")
    assert readme.reading(key) == page, "run make readme"


def test_readme_lists_every_notebook():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    start = "".join(map(_text, _cells(FOLDER / "00_start_here.ipynb", "markdown")))
    for path in NOTEBOOKS:
        assert f"notebooks/{_name(path)}.ipynb" in text, path
        assert path.parent.name != "recipes" or f"{_name(path)}.ipynb" in start, path


def test_readme_has_the_table_of_units():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.with_units(text) == text, "run make readme"


def test_every_unit_stands_in_the_table_in_order():
    assert [unit["unit"] for unit in readme.units()] == [_name(path) for path in UNITS]


@pytest.mark.parametrize("unit", readme.units(), ids=lambda unit: unit["unit"])
def test_a_unit_says_what_the_table_says(unit):
    path = FOLDER / f"{unit['unit']}.ipynb"
    words = "".join(map(_text, _cells(path, "markdown")))
    told = f"**Time**: {unit['minutes']} minutes. **Know first**: {unit['know_first']}."
    assert told in words
    assert abs(int(unit["minutes"]) - minutes(path)) <= 1, f"counted: {minutes(path):.1f} minutes"


@pytest.mark.parametrize("path", UNITS, ids=_name)
def test_a_unit_takes_half_an_hour(path):
    cells = len(_cells(path, "markdown")) + len(_cells(path, "code"))
    most, reason = MORE_CELLS.get(_name(path), (CELLS, "as every unit"))
    kept = cells <= most and reason and minutes(path) <= MINUTES
    assert kept, f"{cells} cells, {minutes(path):.1f} minutes"


#: What stands in code without a blank is on one line, however narrow the page.
UNBROKEN = re.compile(r"(?<=`)[^`\s]+(?=`)")


def unlike_a_unit(cells):
    """Return what keeps the cells of a unit from being read aloud, shown and taught from."""
    found, untaught = [], None
    for number, cell in enumerate(cells):
        text = _text(cell)
        words = len(re.sub(r"\$[^$]+\$", "formula", text).split())
        if "instructor" in _tags(cell):
            untaught = None
        elif cell["cell_type"] == "code":
            folded = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
            if not folded and len(text.splitlines()) > LINES:
                found.append(f"cell {number} has {len(text.splitlines())} lines")
        else:
            headings = re.findall(r"(?m)^##? (.+)$", text)
            if headings and not text.startswith("#"):
                found.append(f"cell {number}: {headings[0]!r} does not start its cell")
            starts = cell["metadata"].get("slideshow", {}).get("slide_type") == "slide"
            if headings and not starts:
                found.append(f"cell {number}: {headings[0]!r} starts no slide")
            if starts and not headings and words > slides.WORDS:
                found.append(f"cell {number} starts a slide with {words} words and no heading")
            unbroken = max(UNBROKEN.findall(text), key=len, default="")
            if len(unbroken) > 30:
                found.append(f"cell {number}: {unbroken} is wider than a phone's page")
            if words > READ_ALOUD and not {"Limits", "References"} & {*headings}:
                found.append(f"cell {number} has {words} words to read aloud")
            if text.startswith("## "):
                found += [f"{untaught!r} has no instructor cell"] if untaught else []
                untaught = headings[0]
                if number < 3 or untaught in ("Your place", "Limits", "References"):
                    untaught = None
    judged = sum("exercises.judge(" in _text(cell) for cell in cells)
    solved = sum("solution" in _tags(cell) for cell in cells)
    if judged == 0 or solved < judged:
        found.append(f"{judged} code exercises, {solved} solutions")
    return found


@pytest.mark.parametrize("path", UNITS, ids=_name)
def test_a_unit_can_be_read_aloud_shown_and_taught_from(path):
    found = unlike_a_unit(json.loads(path.read_text(encoding="utf-8"))["cells"])
    assert not found, "; ".join(found)


def test_what_a_unit_lacks_is_found():
    def made(text, kind="markdown", slide="slide", tags=(), **more):
        shown = {"slideshow": {"slide_type": slide}, "tags": [*tags], **more}
        return {"cell_type": kind, "source": [text], "metadata": shown}

    opening = [made("# A"), made("## A place"), made("x", slide="notes")]
    code = made("exercises.judge(1)", "code", jupyter={"source_hidden": True})
    solution = made("1", "code", tags=["solution"], jupyter={"source_hidden": True})
    section = [made("## B"), made("how", slide="notes", tags=["instructor"]), code, solution]
    end = [made("## Your place"), made("## Limits\n" + "word " * 130, slide="skip")]
    end = [end[0], made("## Limits"), made("## References")]
    assert unlike_a_unit([*opening, *section, *end]) == []
    for cells, words in (
        ([*opening, section[0], *section[2:], *end], "'B' has no instructor cell"),
        ([*opening, *section[:-1], *end], "1 code exercises, 0 solutions"),
        ([*opening, *section, made("a " * 41), *end], "a slide with 41 words and no heading"),
        ([*opening, *section, made("a " * 121, slide="notes"), *end], "121 words to read aloud"),
        ([*opening, *section, made(f"`{'a' * 31}`"), *end], "is wider than a phone's page"),
        ([*opening, *section, made("a\n## C"), *end], "'C' does not start its cell"),
        ([*opening, *section, made("## C", slide="skip"), *end], "'C' starts no slide"),
        ([*opening, *section, made("x = 1\n" * 16, "code"), *end], "has 16 lines"),
    ):
        assert words in "; ".join(unlike_a_unit(cells))
