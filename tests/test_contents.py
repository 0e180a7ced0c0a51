"""The map of the course: what leads to what, and which questions make a unit done."""

import ast
import re
import sys
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest

from clusterlab.views import course

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "notebooks"
sys.path[:0] = [str(ROOT / "binder"), str(ROOT / "site")]

import asked  # noqa: E402
import readme  # noqa: E402


def test_the_table_of_questions_is_current():
    assert (FOLDER / "questions.csv").read_text(encoding="utf-8") == readme.questions(), (
        "run make readme"
    )


def test_no_two_questions_have_the_same_words():
    times = Counter(question.text for question in asked.in_course())
    assert [text for text, number in times.items() if number > 1] == []


def test_a_question_is_found_by_its_call_and_its_words_must_stand_in_it():
    call = ast.parse('exercises.check("Why?", "a")').body[0].value
    assert asked.question_of(call) == "check"
    assert asked.Question("u", 1, "check", call).text == "Why?"
    assert asked.question_of(ast.parse("other.check(1)").body[0].value) == ""
    made = ast.parse("exercises.check(words, 1)").body[0].value
    with pytest.raises(ValueError, match="malformed"):
        asked.Question("u", 1, "check", made).text  # noqa: B018


def wrong_needs(units):
    """Return what is wrong with what units build on."""
    names = [unit["unit"] for unit in units]
    needs = {unit["unit"]: [*filter(None, unit["needs"].split("; "))] for unit in units}
    found = [
        f"there is no {each}" for those in needs.values() for each in those if each not in names
    ]
    graph = nx.DiGraph([(each, name) for name, those in needs.items() for each in those])
    if not nx.is_directed_acyclic_graph(graph):
        found.append("a circle")
    for unit in units:
        said = re.fullmatch(r"units? (\d)(?: and (\d))?", unit["know_first"])
        topic = [name for name in names if name.partition("/")[0] == unit["unit"].partition("/")[0]]
        told = [topic[int(number) - 1] for number in said.groups() if number] if said else None
        if told is not None and told != needs[unit["unit"]]:
            found.append(f"{unit['unit']} says {unit['know_first']!r}")
    return found


def test_units_build_on_units_that_there_are_and_say_so():
    assert wrong_needs(readme.units()) == []


def test_wrong_needs_are_found():
    one = {"unit": "a/1", "needs": "a/2", "know_first": "unit 2"}
    two = {"unit": "a/2", "needs": "a/1; b/1", "know_first": "unit 1"}
    assert wrong_needs([one, two]) == ["there is no b/1", "a circle", "a/2 says 'unit 1'"]


def test_the_map_has_every_unit_once_with_a_link_that_leads_somewhere():
    contents = course.contents(FOLDER)
    html = contents._still()["text/html"]
    listed = re.findall(r'data-unit="([^"]+)"', html)
    assert sorted(listed) == sorted(unit["unit"] for unit in contents.units)
    for link in re.findall(r'href="([^"]+)"', html):
        assert (FOLDER / link).exists(), link
    assert f'class="{contents.mark}"' in html, "by this the site finds what is still"
    assert len(contents._still()["text/plain"].splitlines()) == len(contents.units)


def test_a_unit_stands_below_the_last_of_its_topic_that_it_builds_on():
    units = [
        {"unit": f"a/{number}", "needs": needs, "title": "<>", "question": "?", "minutes": "1"}
        | {"know_first": "one & two"}
        for number, needs in ((1, []), (2, ["a/1"]), (3, ["a/1", "a/2"]), (4, ["a/1"]))
    ]
    html = course._listed([unit["unit"] for unit in units], {unit["unit"]: unit for unit in units})
    shape = re.sub(
        r"<(?!/?[ul]).*?>|[^<>]*(?=<)", "", re.sub(r'<div data-unit="a/(\d)">', r"<u\1>", html)
    )
    assert (
        shape
        == '<ul role="list"><li><u1><ul role="list"><li><u2><ul role="list"><li><u3></li></ul></li><li><u4></li></ul></li></ul>'
    )
    assert "Know first: one &amp; two." in html
    assert "<>" not in html
