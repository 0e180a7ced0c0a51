"""A deck opened from its folder: widgets move, keys are theirs, what is large fits, paper is still."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import decks
import nbformat
import pytest
from lab import CHROMIUM, browser_page

from clusterlab.exercises import check, predict
from clusterlab.explore import explore
from clusterlab.parameters import Parameter, model

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

import execute
import record
import slides

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@model
def line(*, slope: Annotated[float, Parameter("slope", 0, 4, 1)] = 1.0) -> float:
    return slope


def draw(slope, *, ax, prediction=None):
    ax.plot([0, 1], [0, slope])
    ax.set(ylim=(0, 4), xlabel="place", ylabel="height")


def cell(kind, *widgets, source=""):
    outputs = []
    for widget in widgets:
        data = {k: v for k, v in widget._repr_mimebundle_()[0].items() if k != "image/png"}
        outputs.append(nbformat.v4.new_output("display_data", data))
        outputs.append(nbformat.v4.new_output("display_data", widget._still()))
    shown = {"slideshow": {"slide_type": kind}}
    if not widgets:
        return nbformat.v4.new_markdown_cell(source, metadata=shown)
    return nbformat.v4.new_code_cell(source, metadata=shown, outputs=outputs)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("decks")
    try:
        slides.npm.fetch(slides.PACKAGES, slides.DECKS)
    except (SystemExit, subprocess.CalledProcessError) as problem:
        pytest.skip(f"reveal.js cannot be had here: {problem}")
    for name in slides.PACKAGES:
        (folder / name).symlink_to(slides.DECKS / name)
    slides.beside(folder)
    guess = predict("How steep?", ["1", "2"])
    shown = explore(line, draw, say=lambda slope: f"It rises by {slope:g}.", prediction=guess)
    asked = check("How much?", "1", choices=["1", "2"], hints={"2": "Halve it."})
    cells = [
        cell("slide", source="# A deck\n\nOf $x^2$."),
        cell("slide", source="## A line"),
        cell("fragment", guess),
        cell("subslide", shown, source="widgets.line()"),
        cell("notes", source="Ask the room."),
        cell("fragment", asked),
        cell("slide", source="## Limits\n\n" + "- A limit that is told in some words.\n" * 40),
    ]
    record.record([each.model_id for each in (guess, shown, asked)], str(folder))
    ready = execute._with_live(nbformat.v4.new_notebook(cells=cells), folder, "0-unit")
    for store in folder.glob("0-unit*.js"):
        store.rename(folder / "stores" / store.name)
    (folder / "0-unit.html").write_text(slides.deck(ready), encoding="utf-8")
    return folder


@pytest.fixture(params=[(1280, 720), (1920, 1080)], ids=["1280", "1920"])
def page(request, folder):
    with browser_page(*request.param, has_touch=True) as (page, outside):
        decks.opened(page, folder / "0-unit.html")
        yield page
        assert [url for url in outside if not url.startswith("file:")] == []


def place(page):
    return page.evaluate("Reveal.getSlidePastCount()")


def go(page, slide, part=99):
    page.evaluate(f"Reveal.slide(...Object.values(Reveal.getIndices(Reveal.getSlides()[{slide}])))")
    page.evaluate(f"Reveal.navigateFragment({part})")


def test_a_widget_fits_its_slide_and_can_be_read_from_the_last_row(page):
    found = [each for _, each in decks.slides(page)]
    assert len(found) == 5, "title, question, widget, check, limits"
    widget = found[2]
    assert widget["widgets"] == 1
    assert widget["over"] <= 1
    assert widget["letters"] >= 18
    assert widget["drawn"] >= 17.5
    assert all(each["letters"] >= 18 for each in found)


def test_the_arrows_on_a_slider_move_it_and_not_the_slide(page):
    go(page, 2)
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("It rises by 2.").locator("visible=true").wait_for()
    page.keyboard.press(" ")
    assert place(page) == 2
    page.keyboard.press("PageDown")  # as a remote does
    assert place(page) == 3
    page.keyboard.press("PageUp")
    slider.focus()
    page.keyboard.press("Escape")
    assert not page.evaluate("Reveal.isOverview()")
    page.keyboard.press("ArrowLeft")
    assert place(page) == 1


def test_a_question_is_answered_and_judged_by_keys(page):
    go(page, 3)
    page.get_by_label("2", exact=True).last.focus()
    page.keyboard.press(" ")
    page.keyboard.press("Enter")
    page.get_by_text("Not yet. Halve it.").wait_for()
    assert place(page) == 3


def test_a_finger_on_a_slider_does_not_turn_the_slide(page):
    touch = page.context.new_cdp_session(page)

    def swipe(y):
        wide = page.viewport_size["width"]
        for kind, x in [
            ("Start", 0.95),
            *(("Move", 0.95 - k / 10) for k in range(1, 5)),
            ("End", 0),
        ]:
            points = [{"x": x * wide, "y": y}] if kind != "End" else []
            touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    go(page, 2)
    box = page.get_by_role("slider").bounding_box()
    swipe(box["y"] + box["height"] / 2)
    assert place(page) == 2
    swipe(0.9 * page.viewport_size["height"])
    assert place(page) == 3


def test_what_a_slide_cannot_hold_is_scrolled(page):
    go(page, 4)
    slide = page.locator("section.present section.present")
    assert slide.get_attribute("tabindex") == "0"
    assert slide.evaluate("slide => slide.scrollHeight > slide.clientHeight")


def test_on_paper_a_widget_is_its_still_picture_with_its_sentence(folder):
    with browser_page(1280, 720) as (page, _):
        page.goto((folder / "0-unit.html").as_uri() + "?print-pdf")
        page.wait_for_function("document.querySelectorAll('.pdf-page').length === 5")
        assert page.get_by_role("slider").count() == 0
        page.locator(".clusterlab-live img").first.wait_for()
        assert "It rises by 1." in page.locator(".pdf-page").nth(2).inner_text()


def test_notes_and_the_next_slide_are_in_the_speakers_window(folder):
    with browser_page(1280, 720) as (page, _):
        decks.opened(page, folder / "0-unit.html")
        go(page, 2)
        with page.context.expect_page() as opened:
            page.keyboard.press("s")
        opened.value.get_by_text("Ask the room.").wait_for()


def test_on_a_phone_slides_are_as_wide_as_it_is(folder):
    with browser_page(390, 844) as (page, _):
        decks.opened(page, folder / "0-unit.html")
        found = [each for _, each in decks.slides(page)]
        assert page.evaluate("Reveal.getScale()") == 1
        assert all(each["wide"] <= 1 and each["letters"] >= 15 for each in found)
