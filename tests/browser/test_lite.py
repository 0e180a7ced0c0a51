"""The course in a browser's own Python, from end to end: a unit runs, moves, answers and is kept.

It needs a folder with a whole Pyodide, named by the environment variable CLUSTERLAB_PYODIDE. Where
that one lacks pydantic its stand-in does not validate, so what a wrong value is told is not seen
here. `benchmarks/browser_kernel.py` runs every notebook.
"""

import re

import lab
import lite_course
import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(lab.CHROMIUM is None, reason="no browser found"),
    pytest.mark.skipif(lite_course.GIVEN is None, reason="CLUSTERLAB_PYODIDE names no Pyodide"),
]
UNIT = "05_districts/2_circle_or_star.ipynb"
START = "00_start_here.ipynb"

#: Refuse whatever is put into the store, as a full one does.
FULL = """void (IDBObjectStore.prototype.put = () => {
    throw new DOMException('full', 'QuotaExceededError');
})"""
#: Move a slider so often, each time after the kernel has answered.
MOVES = """async (slider) => {
    const box = slider.closest('.clusterlab-explorer');
    for (let move = 0; move < 200; move++) {
        move % 10 < 5 ? slider.stepUp() : slider.stepDown();
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        while (box.getAttribute('aria-busy') === 'true') await new Promise((go) => setTimeout(go, 5));
    }
}"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Build the course with a copied Pyodide and serve it, one folder down; yields the address."""
    folder = tmp_path_factory.mktemp("site")
    lite_course.built(folder)
    with lite_course.served(folder) as address:
        yield f"{address}/course"


@pytest.fixture
def page(course):
    with lab.browser_page(1280, 800) as (page, outside):
        yield page
        assert outside == [], "something was asked of another address"


def seen(box):
    """Return picture and sentence of a widget, when its kernel has answered."""
    box.and_(box.page.locator("[aria-busy=false]")).wait_for(timeout=60_000)
    picture = box.locator(".clusterlab-picture")
    return picture.evaluate("box => box.shadowRoot.innerHTML"), picture.get_attribute("aria-label")


def test_a_unit_runs_to_its_end_and_a_widget_answers_after_200_moves(page, course):
    lite_course.opened(page, course, UNIT)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    assert lite_course.run_all(page) == []
    assert not [url for url in asked if url.endswith((".whl", "all.json"))], "all was there before"
    box = page.locator(".clusterlab-explorer:has(input[type=range])").first
    slider = box.locator("input[type=range]").first
    slider.focus()
    page.keyboard.press("End")
    end = seen(box)
    page.keyboard.press("Home")
    assert seen(box) != end
    before = page.evaluate("performance.memory.usedJSHeapSize")
    slider.evaluate(MOVES)
    page.keyboard.press("End")
    assert seen(box) == end
    assert slider.evaluate("slider => slider === document.activeElement")
    assert page.evaluate("performance.memory.usedJSHeapSize") < before + 50e6


def written(page, words):
    """Write into a new cell above all, and save."""
    page.locator(".jp-Cell").first.click()
    page.keyboard.press("Escape")
    for key in ("a", "Enter"):
        page.keyboard.press(key)
    page.keyboard.insert_text(words)
    page.keyboard.press("Control+s")


def test_a_recipe_reads_files_and_a_cell_that_fails_is_told(page, course):
    lite_course.opened(page, course, "recipes/measure_official_files.ipynb")
    assert lite_course.run_all(page) == []
    written(page, "raise ValueError('as it should')")
    assert "ValueError: as it should" in lite_course.run_all(page)[0]


def test_work_is_kept_in_the_browser_and_a_full_store_is_told(page, course):
    address = f"{course}/notebooks/index.html?path={START}"
    page.goto(address)
    page.get_by_role("heading", name="Start here").wait_for(timeout=60_000)
    written(page, "# mine, to keep")
    page.get_by_text(re.compile(r"Last Checkpoint: (now|\d+ seconds)")).wait_for()
    page.reload()
    page.get_by_text("# mine, to keep").wait_for(timeout=60_000)
    page.evaluate(FULL)
    written(page, "# too much")
    page.get_by_text("Not saved: the store of this browser is full.").wait_for()


def test_arrow_keys_move_a_slider_in_the_view_of_jupyterlab(page, course):
    lite_course.opened(page, course, START, view="lab")
    assert lite_course.run_all(page) == []
    slider = page.locator(".clusterlab-explorer input[type=range]").first
    slider.focus()
    page.keyboard.press("Home")
    lowest = slider.input_value()
    page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) > float(lowest)
    assert slider.evaluate("slider => slider === document.activeElement")
