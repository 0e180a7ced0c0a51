"""What a reader sees on a phone, and when the kernel has died, in a real browser."""

import contextlib

import pytest
from lab import CHROMIUM, browser_page, restart, run_all, write_notebook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

CELLS = [
    "from clusterlab import diamond\nfrom clusterlab.exercises import check",
    "diamond.widgets.motion()",
    'check("Which?", "b", choices=["a", "b"], otherwise="Look again.")',
]
SILENT = "No answer for three seconds"


@contextlib.contextmanager
def opened(course, name):
    """Open a notebook of this name with two views and run it."""
    address, folder = course
    with browser_page() as (page, _):
        write_notebook(folder, name, CELLS)
        run_all(page, address, name)
        page.locator(".clusterlab-question").wait_for()
        yield page


@pytest.fixture(scope="module")
def page(course):
    with opened(course, "living.ipynb") as page:
        yield page


@pytest.fixture
def saved(course):
    with opened(course, "still.ipynb") as page:
        yield page


# First, as only one browser may be open at a time.
def test_what_is_still_hides_while_the_view_lives_and_stays_when_it_cannot(saved):
    still = saved.locator(".jp-RenderedHTML img")
    assert still.count() == 1
    assert not still.is_visible()
    saved.keyboard.press("Control+s")
    saved.wait_for_timeout(2000)
    restart(saved)
    saved.reload()
    saved.get_by_text("Error displaying widget").first.wait_for(timeout=90_000)
    still.wait_for()
    assert saved.get_by_text("The mean facet").is_visible()
    assert saved.get_by_text("( ) a").is_visible()


def test_nothing_overflows_on_a_phone_and_letters_are_large_enough(page):
    page.keyboard.press("Control+b")  # the side bar
    page.set_viewport_size({"width": 420, "height": 860})
    explorer = page.locator(".clusterlab-explorer")
    picture = explorer.locator(".clusterlab-picture")
    page.wait_for_function(
        "(p) => p.shadowRoot.querySelector('svg').viewBox.baseVal.width < 310",
        arg=picture.element_handle(),
    )
    room, needed = explorer.evaluate("(e) => [e.clientWidth, e.scrollWidth]")
    assert needed <= room
    for part in explorer.locator("input, output, select, svg").all():
        box, frame = part.bounding_box(), explorer.bounding_box()
        assert box["x"] >= frame["x"] - 1
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
    size = picture.evaluate(
        """(p) => {
            const svg = p.shadowRoot.querySelector('svg');
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            const letters = [...svg.querySelectorAll('text')];
            return Math.min(...letters.map((t) => scale * parseFloat(getComputedStyle(t).fontSize)));
        }"""
    )
    assert size >= 11
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_dead_kernel_is_told_and_a_cell_run_again_answers(page):
    explorer, question = page.locator(".clusterlab-explorer"), page.locator("fieldset")
    assert page.get_by_role("status").filter(has_text=SILENT).count() == 0
    restart(page)
    explorer.get_by_role("slider").first.press("End")
    explorer.get_by_role("status").filter(has_text=SILENT).wait_for(timeout=10_000)
    question.get_by_label("a", exact=True).check()
    question.get_by_role("button").click()
    question.get_by_role("status").filter(has_text=SILENT).wait_for(timeout=10_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.get_by_text(SILENT).first.wait_for(state="detached", timeout=60_000)
    explorer.get_by_role("slider").first.press("End")
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")
    question.get_by_label("a", exact=True).check()
    question.get_by_role("button").click()
    question.get_by_text("Look again.").wait_for()
    page.wait_for_timeout(3500)
    assert page.get_by_text(SILENT).count() == 0
