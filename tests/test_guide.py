"""The guide for instructors says of every unit what is needed to teach it, and its plans add up."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site"))

import guide  # noqa: E402

UNITS = {unit.name: unit for unit in guide.units()}
PAGES = guide.pages()
#: A unit that takes longer in a class than alone, and says so: "about as long again".
LONGER = {"12_case/1_one_district_through_the_course": 2}


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_a_page_has_what_teaching_needs(unit):
    page = PAGES[f"teach/{unit.page}"]
    assert unit.aim
    assert unit.aim in page
    taught = [section for section in unit.sections if section.minutes]
    assert len(taught) >= 2
    for section in taught:
        assert f"| {section.title} | {section.minutes} |" in page
        assert section.words in page
    asked = "".join(section.words for section in taught)
    assert asked.count("?") + asked.count("Ask ") >= 2, "too few questions to the room"
    assert asked.count("xpect") + asked.count("rong") >= 2, "which answers are to be expected?"
    assert unit.widgets
    assert all(f"*{name.replace('_', ' ')}*" in page for name in unit.widgets)
    judged = [each for section in unit.sections for each in section.questions if each.hints]
    assert judged
    for question in judged:
        assert question.text in page
        assert all(hint in page for hint in question.hints.values())


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_a_unit_says_what_to_skip(unit):
    titles = " / ".join(section.title for section in unit.sections)
    named = re.findall(r"\*(.+?)\*", unit.skip)
    assert unit.skip.startswith("skip ")
    assert named
    assert [name for name in named if name not in titles] == []


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_sections_take_about_the_minutes_of_their_unit(unit):
    together = sum(section.minutes for section in unit.sections)
    alone = unit.minutes * LONGER.get(unit.name, 1)
    assert 0.7 * alone <= together <= 1.5 * alone, f"{together} of {alone} minutes"


def test_no_question_is_lost():
    for unit in UNITS.values():
        source = (ROOT / "notebooks" / f"{unit.name}.ipynb").read_text(encoding="utf-8")
        written = len(re.findall(r"exercises\.(?:predict|check|judge)\(", source))
        found = [question for section in unit.sections for question in section.questions]
        assert len(found) == written, unit.name
        assert all(question.text for question in found), unit.name


def test_a_question_is_read_with_its_choices_and_hints():
    made, judged, words = guide.questions(
        "one, two = 'one fish', 'two fish'\n"
        "exercises.check('How many?', two, choices=[one, two], hints={one: 'Count.'}, why='So.')\n"
        "exercises.judge(mine, a['b'], hints=[(a['c'], 'That is c.')], otherwise='Take b.')\n"
        "exercises.check('Why?', 'For the sea.')",
        "# Take the column b.\n# Expected output: 7\nmine = ...",
    )
    assert (made.choices, made.right) == (["one fish", "two fish"], "*two fish*. So.")
    assert made.hints == {"one fish": "Count."}
    assert (judged.text, judged.hints) == ("Take the column b.", {"`a['c']`": "That is c."})
    assert (judged.otherwise, words.right) == ("Take b.", "For the sea.")


def plans():
    """Return (minutes in all, rows) of each plan of a class."""
    for file in sorted(guide.TEACHING.glob("class_*.md")):
        for part in file.read_text(encoding="utf-8").split("\n## ")[1:]:
            cells = [row for row in map(guide.cells, part.splitlines()) if row]
            rows = [row for row in cells if row[0].isdigit()]
            yield pytest.param(int(file.stem.partition("_")[2]), rows, id=part.splitlines()[0])


@pytest.mark.parametrize(("minutes", "rows"), [*plans()])
def test_a_plan_adds_up_and_gives_a_section_its_minutes(minutes, rows):
    assert sum(int(row[0]) for row in rows) == minutes
    assert any(row[2] for row in rows), "nothing is predicted"
    for given, where, *_ in rows:
        name, _, title = where.partition("#")
        if not title:
            assert not name or name in UNITS
            continue
        needed = [each.minutes for each in UNITS[name].sections if each.title == title]
        notebook = (ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
        assert needed or f"## {title}" in notebook, where
        assert int(given) >= sum(needed), where


def test_there_are_plans_for_three_rooms_each():
    lengths = [plan.values[0] for plan in plans()]
    assert min(lengths.count(60), lengths.count(90)) >= 3


def test_a_term_has_every_unit_once_and_after_what_it_needs():
    rows = map(guide.cells, (guide.TEACHING / "term.md").read_text(encoding="utf-8").splitlines())
    weeks = [row for row in rows if row and row[0].isdigit()]
    assert [int(row[0]) for row in weeks] == list(range(1, 13))
    assert all(len(row) == 4 and row[3] for row in weeks), "nothing to hand in"
    order = [name for row in weeks for name in row[2].split(", ")]
    assert sorted(order) == sorted(UNITS)
    for name in order:
        topic = name.partition("/")[0]
        for number in re.findall(r"\bunits? (\d)(?: and (\d))?", UNITS[name].know_first):
            first = [each for each in UNITS if re.match(rf"{topic}/[{''.join(number)}]_", each)]
            assert all(order.index(each) < order.index(name) for each in first), name
    for row in weeks:
        assert guide.reading(row[2].split(", ")), f"week {row[0]} has nothing to read"


def test_links_of_the_guide_lead_somewhere():
    for name, text in PAGES.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if target.startswith("/"):
                assert (ROOT / f"notebooks{target}").exists(), (name, target)
            elif target.endswith(".md"):
                assert f"teach/{target.removesuffix('.md')}" in PAGES, (name, target)
