"""Answers stay in the reader's browser: kept by a question, marked, saved and forgotten by the map."""

import base64
import json
import sys
from pathlib import Path

import pytest
from lab import CHROMIUM, browser_page

from clusterlab import exercises
from clusterlab.views import course

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "site"))

import class_answers  # noqa: E402

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

WINE, FLOOR = "What is it?\n“A cluster”", "100 equal plants: what is H?"
SENT = ("question", "kind", "choices", "unit", "button", "mark", "units", "version")
TOLD = ("attempt", "feedback", "right", "refused", "answered")
#: A stand-in for the kernel's side: what is asked of it goes to Python, which answers.
OPEN = """async ([source, traits, number]) => {
    const heard = [];
    const model = {
        get: (name) => traits[name],
        set: (name, value) => { traits[name] = value; },
        save_changes: async () => {
            Object.assign(traits, await window.answer(number, traits.attempt.given));
            heard.forEach((act) => act());
        },
        on: (_, act) => heard.push(act),
        off: () => {},
    };
    const { default: view } = await import("data:text/javascript;base64," + source);
    const el = document.createElement("div");
    document.body.append(el);
    view.render({ model, el });
}"""


class Reader:
    """A reader at a page with widgets, each with its Python side behind it."""

    def __init__(self, page):
        self.page, self.widgets = page, []
        page.expose_function("answer", self._answer)
        page.route(
            "**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
        )
        self.open()

    def _answer(self, number, given):
        widget = self.widgets[number]
        widget.attempt = {"given": given, "number": widget.attempt.get("number", 0) + 1}
        return {name: getattr(widget, name) for name in TOLD}

    def open(self, *widgets):
        """Show widgets in a new page at the same address."""
        self.page.goto("http://127.0.0.1:9/")
        self.widgets = list(widgets)
        for number, widget in enumerate(widgets):
            traits = {
                name: getattr(widget, name) for name in (*SENT, *TOLD) if widget.has_trait(name)
            }
            source = base64.b64encode(str(widget._esm).encode()).decode()
            self.page.evaluate(OPEN, [source, json.loads(json.dumps(traits)), number])
        return self.page

    def kept(self):
        return json.loads(self.page.evaluate("localStorage.getItem('clusterlab.answers')") or "{}")


@pytest.fixture(scope="module")
def browser():
    with browser_page() as (page, _):
        yield page.context.browser


@pytest.fixture
def reader(browser):
    """A reader with a browser that remembers nothing yet; no request of its page is let out."""
    page = browser.new_page(viewport={"width": 420, "height": 860})
    yield Reader(page)
    page.close()


def floor():
    return exercises.check(FLOOR, 0.01, within=0.0005, otherwise="H is 1/n.")


def asks():
    return exercises.predict(WINE, ["a place", "a word"])


def give(page, words):
    page.get_by_role("textbox").fill(words)
    page.get_by_role("button", name="Answer").click()
    page.locator("fieldset p[aria-live]:not(:empty)").wait_for()


def test_a_question_is_remembered_with_its_first_and_its_last_answer(reader):
    page = reader.open(floor())
    for words, told in (("0.1", "Not yet"), ("abc", "asked for"), ("0.01", "Right.")):
        give(page, words)
        page.get_by_text(told).wait_for()
    [(question, kept)] = reader.kept().items()
    assert question == FLOOR
    assert (kept["first"], kept["last"], kept["right"], kept["tries"]) == ("0.1", "0.01", True, 2)
    assert kept["feedback"] == "Right."
    page = reader.open(floor(), asks())
    assert page.get_by_text("You had this right before.").count() == 1
    assert page.get_by_role("textbox").input_value() == "", "it is asked anew"
    assert page.get_by_text("0.01").count() == 0, "and the answer is not given away"
    assert page.locator(".clusterlab-memory:not(:empty)").count() == 1


def test_a_prediction_is_remembered_and_asked_anew(reader):
    page = reader.open(asks())
    page.get_by_label("a word").check()
    page.get_by_role("button", name="Keep my answer").click()
    page.get_by_text("Kept: a word").wait_for()
    assert reader.kept()[WINE]["last"] == "a word"
    page = reader.open(asks())
    page.get_by_text("You answered this before: a word.").wait_for()
    assert page.locator("input:checked").count() == 0
    page.get_by_label("a place").check()
    page.get_by_role("button", name="Keep my answer").click()
    page.get_by_text("Kept: a place").wait_for()
    assert page.get_by_text("You answered this before").count() == 0
    assert (reader.kept()[WINE]["first"], reader.kept()[WINE]["tries"]) == ("a word", 2)


@pytest.mark.parametrize(
    "broken",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('full'); }",
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })",
    ],
    ids=["full", "forbidden"],
)
def test_a_browser_that_keeps_nothing_is_told_of_and_the_question_works(reader, broken):
    page = reader.open()
    page.add_init_script(broken)
    page = reader.open(floor(), course.contents(ROOT / "notebooks"))
    page.get_by_label("Your answer").fill("0.01")
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_text("Right.").wait_for()
    page.get_by_text("This browser keeps no answers").wait_for()
    assert page.get_by_text("No question is answered yet").count() == 1


@pytest.mark.parametrize("odd", ["{", "[1]", "null", '{"x": 1}'])
def test_what_somebody_else_wrote_in_the_storage_does_no_harm(reader, odd):
    reader.page.evaluate("(text) => localStorage.setItem('clusterlab.answers', text)", odd)
    page = reader.open(floor(), course.contents(ROOT / "notebooks"))
    page.get_by_label("Your answer").fill("0.01")
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_text("Right.").wait_for()
    assert reader.kept()[FLOOR]["right"] is True


@pytest.fixture
def student(reader):
    """A reader who has done one unit and begun another."""
    contents = course.contents(ROOT / "notebooks")
    whole, begun = contents.units[0], contents.units[7]
    given = {"first": 'é ✓\n"x"', "last": 1e-7, "right": None, "feedback": "", "tries": 1}
    answers = dict.fromkeys([*whole["questions"], begun["questions"][0]], given)
    reader.page.evaluate(
        "(text) => localStorage.setItem('clusterlab.answers', text)", json.dumps(answers)
    )
    reader.open(contents)
    reader.page.evaluate(
        "(html) => document.body.insertAdjacentHTML('beforeend', html)",
        contents._still()["text/html"],
    )
    return reader


def marks(page):
    """Return what is said after each unit that is marked."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("[data-unit] > a")]
            .map((a) => [a.textContent, getComputedStyle(a, "::after").content])
            .filter(([, words]) => words !== "none" && words !== "normal"))"""
    )


def test_units_that_are_done_and_begun_are_marked(student):
    expected = {"What is a cluster?": '" ✓ done"', "What is a share worth?": '" 1 of 3 questions"'}
    assert marks(student.page) == expected
    status = student.page.get_by_role("status").text_content()
    assert status == "Done: 1 of 33 units. Begun: What is a share worth? (1 of 3 questions)."
    needed = student.page.evaluate("document.documentElement.scrollWidth")
    assert needed <= 420, "it fits on a phone"


def test_the_file_is_read_by_the_class_summary(student, tmp_path):
    page = student.page
    page.get_by_role("textbox", name="Your name").fill("Zoë Müller")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save my answers").click()
    assert saved.value.suggested_filename == "answers-Zoë-Müller.json"
    saved.value.save_as(tmp_path / "zoe.json")
    found, notes = class_answers.read(tmp_path / "zoe.json")
    assert notes == [], "the sum of the page is that of Python"
    assert found["name"] == "Zoë Müller"
    assert found["answers"] == student.kept()


def test_answers_are_forgotten_only_when_asked_twice(student):
    page, before = student.page, student.kept()
    page.get_by_role("button", name="Forget my answers").press("Enter")
    page.get_by_text("Forget 4 answers for good?").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Forget them"
    page.get_by_role("button", name="Keep them").click()
    assert student.kept() == before
    page.get_by_role("button", name="Forget my answers").click()
    page.get_by_role("button", name="Forget them").click()
    assert student.kept() == {}
    assert marks(page) == {}
    assert page.get_by_text("No question is answered yet").count() == 1
    assert page.get_by_role("button", name="Save my answers").is_disabled()
