"""Lesson 03 in a real browser: runs whole, moves by keyboard, stays on this machine."""

import pytest
from lab import CHROMIUM, browser_page, run_all

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def lab(course):
    return course[0]


def drawing_of(explorer):
    return explorer.locator(".clusterlab-picture").evaluate("(p) => p.shadowRoot.innerHTML")


def shape_of(picture):
    """Return height over width of what is drawn, which must be as wide as its frame."""
    frame = picture.bounding_box()
    drawn = picture.locator("svg").bounding_box()
    assert drawn["width"] == frame["width"]
    assert drawn["height"] == frame["height"]
    return drawn["height"] / drawn["width"]


def another_sentence(page, explorer, before):
    page.wait_for_function(
        "([box, before]) => box.querySelector('p[aria-live]').textContent !== before",
        arg=[explorer.element_handle(), before],
        timeout=10_000,
    )


def test_lesson_runs_and_its_sliders_move_by_keyboard(lab):
    with browser_page() as (page, outside):
        run_all(page, lab, "03_agglomeration/3_cluster_or_few_big_plants.ipynb")
        assert page.locator(".jp-OutputArea-output[data-mime-type*='error']").count() == 0
        assert page.locator(".jp-RenderedText[data-mime-type*='stderr']").count() == 0
        assert page.locator(".clusterlab-explorer").count() == 2

        explorer = page.locator(".clusterlab-explorer", has=page.get_by_label("number of plants"))
        explorer.scroll_into_view_if_needed()
        seen = [drawing_of(explorer)]
        sentence = explorer.locator("p[aria-live]")
        slider = explorer.get_by_role("slider", name="number of plants")
        slider.focus()
        for key, value in (("End", "300"), ("Home", "2"), ("ArrowRight", "3")):
            before = sentence.text_content()
            page.keyboard.press(key)
            another_sentence(page, explorer, before)
            assert slider.input_value() == value
            drawing = drawing_of(explorer)
            assert drawing not in seen
            picture = explorer.get_by_role("img", name=sentence.text_content(), exact=True)
            assert picture.bounding_box()["width"] > 300
            assert 0.3 < shape_of(picture) < 0.6, "all of it is there, and nothing is stretched"
            seen.append(drawing)

        explorer.get_by_role("button", name="Reset").press("Enter")
        page.wait_for_function("(s) => s.value === '100'", arg=slider.element_handle())
        assert outside == []


def test_prediction_is_drawn_and_a_wrong_answer_gets_its_hint(lab):
    with browser_page() as (page, outside):
        run_all(page, lab, "03_agglomeration/3_cluster_or_few_big_plants.ipynb")
        question = page.locator("fieldset", has_text="Raw index G of 100 equal plants")
        question.get_by_label("0.5").check()
        explorer = page.locator(".clusterlab-explorer", has=page.get_by_label("number of plants"))
        question.get_by_role("button", name="Keep my answer").click()
        question.get_by_text("Kept: 0.5").wait_for()
        explorer.locator(".clusterlab-picture").get_by_text("your prediction").wait_for()

        exercise = page.locator("fieldset", has_text="Twenty-five equal plants")
        exercise.get_by_role("textbox").fill("0.04")
        exercise.get_by_role("button", name="Answer").click()
        exercise.get_by_text("That is H.").wait_for()
        exercise.get_by_role("textbox").fill("0.0392")
        exercise.get_by_role("button", name="Answer").click()
        exercise.get_by_text("Right.").wait_for()
        assert outside == []


def test_the_next_step_is_in_the_page_before_it_is_taken(lab):
    with browser_page() as (page, _):
        run_all(page, lab, "03_agglomeration/3_cluster_or_few_big_plants.ipynb")
        explorer = page.locator(".clusterlab-explorer", has=page.get_by_label("number of plants"))
        explorer.scroll_into_view_if_needed()
        seen = [drawing_of(explorer)]
        explorer.get_by_role("slider", name="number of plants").focus()

        def press(key):
            page.keyboard.press(key)
            page.wait_for_function(
                "([p, before]) => p.shadowRoot.innerHTML !== before",
                arg=[explorer.locator(".clusterlab-picture").element_handle(), seen[-1]],
                timeout=10_000,
            )
            seen.append(drawing_of(explorer))

        press("ArrowRight")
        page.wait_for_timeout(1500)  # a quiet moment
        page.evaluate("WebSocket.prototype.send = () => {}")  # the kernel is out of reach
        for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):
            press(key)
        start, one, two, *back = seen
        assert len({start, one, two}) == 3
        assert back == [one, start]
