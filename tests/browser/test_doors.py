"""The three doors of the site's start page are walked by keyboard, wide, on a phone and in the dark."""

import sys
from pathlib import Path

import everyone
import nbformat
import pytest
from lab import CHROMIUM, ROOT, browser_page

sys.path.insert(0, str(ROOT / "site"))

import pages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    # Sphinx, its theme and its readers of notebooks are not of the same year
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning", "ignore::DeprecationWarning"),
]

#: Each door, and the notebook that it leads to first.
DOORS = {
    "learn": "01_clusters/1_what_is_a_cluster",
    "teach": "03_agglomeration/1_what_is_a_share_worth",
    "analyse": "recipes/measure_concentration",
}
FIRST = {name: pages.title_of(ROOT / "notebooks" / f"{at}.ipynb") for name, at in DOORS.items()}


def write(path: Path, *texts: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [nbformat.v4.new_markdown_cell(each) for each in texts]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """The address of the real start page down to its doors, in a site of what they lead to."""
    folder = tmp_path_factory.mktemp("doors")
    notebooks = folder / "notebooks"
    cells = nbformat.read(ROOT / "notebooks" / f"{pages.START}.ipynb", as_version=4).cells
    texts = [cell.source for cell in cells if cell.id.startswith("door-")]
    write(
        notebooks / f"{pages.START}.ipynb",
        cells[0].source,
        *texts,
        "## Map\n\n.\n\n## Recipes\n\n.",
    )
    for name, at in DOORS.items():
        write(notebooks / f"{at}.ipynb", f"# {FIRST[name]}\n\nWords.")
    (notebooks / "units.csv").write_text("unit,title,question,minutes,know_first,needs\n")
    (folder / "work" / "static").mkdir(parents=True)
    course = pages.Course(notebooks, [], "https://github.com/OWNER/clusterlab")
    pages.build(
        course,
        lambda path: (nbformat.read(path, as_version=4), path.parent),
        folder / "work",
        folder / "site",
    )
    return (folder / "site" / "index.html").as_uri()


def tab_to(page, words):
    """Press Tab until a link of the article with these words has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "document.activeElement.closest('article') && document.activeElement.textContent"
        )
        if told == words:
            return
    pytest.fail(f"Tab does not come to {words!r}")


@pytest.mark.skipif(not everyone.AXE.exists(), reason=everyone.NOT_HERE)
def test_everyone_can_use_the_start_page(start):
    [found] = everyone.faults([start])
    assert {fault for fault in found if fault[0] != "minor"} == set()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (420, "light"), (1280, "dark")], ids=str
)
def test_each_door_opens_by_keyboard(start, width, scheme):
    with browser_page(width, 800, color_scheme=scheme) as (page, outside):
        for door, title in FIRST.items():
            page.goto(start)
            tab_to(page, door)
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/index.html#{door}")
            within = "document.activeElement.closest('section')?.id.toLowerCase()"
            for _ in range(3):  # a heading has a link to itself
                if not page.evaluate("document.activeElement.matches('body, .headerlink')"):
                    break
                page.keyboard.press("Tab")
            assert page.evaluate(within) == door, "the first link after the door is behind it"
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/{DOORS[door]}.html")
            assert title in page.locator("article h1").inner_text()
        assert not outside
