"""The line that says how far Python is, alone in a page: no Python is needed to look at it."""

import json

import everyone
import lab
import lite_course
import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(lab.CHROMIUM is None, reason="no browser found"),
]
#: A worker that says what the kernel's start says.
TOLD = """new Worker(URL.createObjectURL(new Blob([
    `for (const course of ${JSON.stringify(NEWS)}) postMessage({ course })`])))"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Serve a page with the script alone; yields a function that opens it and tells it news."""
    folder = tmp_path_factory.mktemp("site")
    for name in ("notebooks", "python"):
        (folder / "lite" / name).mkdir(parents=True)
    script = (lite_course.lite.SCRIPTS / "progress.js").read_text()
    (folder / "lite" / "python" / "progress.js").write_text(script)
    (folder / "lite" / "notebooks" / "index.html").write_text(
        '<!DOCTYPE html><html lang="en"><head><title>x</title>'
        '<script src="../python/progress.js"></script></head><body><p>A notebook.</p></body></html>'
    )
    with lite_course.served(folder) as address, lab.browser_page(420, 700) as (page, _):
        asked = set()

        def opened(*news, before="", unit="05_districts/2_circle_or_star.ipynb", **look):
            view = page.context.browser.new_page(viewport=page.viewport_size, **look)
            view.on("request", lambda r: asked.add(r.url))
            view.add_init_script(before)
            view.goto(f"{address}/lite/notebooks/index.html?path={unit}", wait_until="commit")
            view.locator("#course-news").wait_for(state="attached")  # the script has run
            if news:
                view.evaluate(TOLD.replace("NEWS", json.dumps(news)))
            return view

        yield opened
        assert all(url.startswith((address, "blob:")) for url in asked)


def way_on(page):
    """Return the path of the only link: the unit's page on the site, above the folder `lite`."""
    return page.get_by_role("link").evaluate("link => link.pathname")


def test_it_says_what_is_loaded_and_how_much_of_it(shown):
    page = shown({"megabytes": 65}, {"files": 3, "bytes": 26e6, "name": "scipy-1.14.1-cp312.whl"})
    page.get_by_text("about 65 MB at the first visit").wait_for()
    page.get_by_text("26 of about 65 MB: scipy").wait_for()
    bar = page.get_by_role("progressbar", name="Python loaded")
    assert bar.evaluate("bar => bar.value / bar.max") == 0.4
    card = page.get_by_role("region", name="Python in this browser")
    box = card.bounding_box()
    assert 0 <= box["x"] <= 420 - box["width"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    card.wait_for(state="hidden")


def test_it_says_when_python_is_ready_and_where_work_is_kept(shown):
    page = shown({"megabytes": 65}, {"ready": True})
    page.get_by_text("Python is ready. What you change is kept in this browser only").wait_for()
    assert not page.get_by_role("progressbar").is_visible()


def test_what_was_not_loaded_is_said_with_a_way_on(shown):
    page = shown({"megabytes": 65}, {"failed": "Failed to fetch"})
    page.get_by_text("Python could not be loaded (Failed to fetch)").wait_for()
    assert way_on(page) == "/05_districts/2_circle_or_star.html"


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_browser_without_webassembly_is_told_what_to_do(shown, look):
    page = shown(before="delete window.WebAssembly", color_scheme=look)
    page.get_by_role("heading", name="Python does not run in this browser").wait_for()
    page.get_by_text("no WebAssembly, or a setting switched it off").wait_for()
    ways = page.get_by_role("link").evaluate_all("links => links.map((link) => link.pathname)")
    assert ways == ["/05_districts/2_circle_or_star.html", "/about.html"]
    assert page.title() == "Python does not run in this browser"
    assert not page.get_by_text("A notebook.").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if everyone.AXE.exists():
        assert [*everyone.violations(page)] == []


@pytest.mark.parametrize(
    "before",
    [
        "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }",
        "const open = indexedDB.open; indexedDB.open = (name) => open.call(indexedDB, name, -1)",
    ],
    ids=["switched off", "refused"],
)
def test_a_browser_that_keeps_nothing_is_told_so(shown, before):
    page = shown(before=before)
    page.get_by_text("This browser keeps nothing here. Before you close").wait_for()


def test_a_full_store_is_told_in_words(shown):
    page = shown()
    page.evaluate("void Promise.reject(new DOMException('full', 'QuotaExceededError'))")
    page.get_by_text("Not saved: the store of this browser is full.").wait_for()
