"""Widgets on a page without a kernel: they show what a kernel shows, and say where they cannot.

The page is opened as a file, as from a folder of a learning platform or a stick.
"""

import functools
import json
import re
import sys
from pathlib import Path

import everyone
import pytest
import small_page
from lab import CHROMIUM, browser_page

from clusterlab.exercises import read_number
from clusterlab.views.picture import Picture

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

import live
import record

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return small_page.build(tmp_path_factory.mktemp("pages"))


@pytest.fixture
def page(made):
    with browser_page() as (page, problems):
        page.goto((made[0] / "page.html").as_uri())
        page.locator(".clusterlab-explorer").first.wait_for()
        yield page
        assert not problems, problems


def move(page, to, widget=0):
    slider = page.locator(".clusterlab-explorer").nth(widget).get_by_role("slider")
    slider.evaluate(
        "(s, to) => { s.value = to; s.dispatchEvent(new Event('input', {bubbles: true})); }",
        str(to),
    )
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")


def shown(page, widget=0):
    explorer = page.locator(".clusterlab-explorer").nth(widget)
    drawing = explorer.locator(".clusterlab-picture").evaluate("p => p.shadowRoot.innerHTML")
    problems = " ".join(explorer.locator(".clusterlab-problem").all_inner_texts()).strip()
    return drawing, explorer.locator("p[aria-live]").inner_text(), problems


def paths(drawing):
    """Return what is drawn, of any way to write it."""
    found = re.sub(r"(\.\d)\d+", r"\1", drawing)
    found = re.sub(r"(M (\S+ \S+)\s[^zM]*?)L \2\s+z", r"\1z", found)  # closed in two ways
    return re.findall(r' d="[^"]*"|#[0-9a-f]{6}|<text[^>]*>[^<]*', " ".join(found.split()))


def drawn(widget, result, **ground):
    picture = Picture(1, **{"dark": False, **ground})
    for _ in range(2):  # margins are set by the first
        picture.draw(functools.partial(widget._plot, (2.99, True)))
    return paths(picture.draw(functools.partial(widget._plot, result)))


def test_a_stored_setting_is_what_a_kernel_draws_on_every_ground(page, made):
    move(page, 0)
    drawing, sentence, _ = shown(page)
    assert sentence == "The line rises by 0."
    assert paths(drawing) == drawn(made[1], (0.0, False))
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    page.wait_for_timeout(200)
    drawing, _, _ = shown(page)
    assert paths(drawing) == drawn(made[1], (0.0, False), dark=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 420, "height": 800})
    page.wait_for_timeout(300)
    drawing, _, _ = shown(page)
    assert paths(drawing) == drawn(made[1], (0.0, False), narrow=True)


def test_between_stored_settings_the_nearest_is_shown_and_named(page):
    move(page, 1.01)
    _, sentence, _ = shown(page)
    assert re.fullmatch(r"Nearest picture: slope \(steps\) (0\.9\d|1\.0\d)\. The .*", sentence)
    assert page.locator(".clusterlab-note[data-near=true] a").first.is_visible()
    assert (
        page.get_by_role("link", name="Run it with Python").first.get_attribute("href") == "lite/"
    )


def test_what_the_model_refuses_is_said_and_the_next_setting_is_shown_again(page):
    move(page, 3)
    assert shown(page)[2] == "A slope of 3 is too steep."
    move(page, 0)
    assert shown(page)[1:] == ("The line rises by 0.", "")


def test_linked_controls_move_together(page):
    move(page, 0)
    assert shown(page, 1)[1] == "The line rises by 0."
    assert page.get_by_role("slider").nth(1).input_value() == "0"


def test_a_prediction_is_kept_drawn_and_revealed(page, made):
    page.get_by_label("2", exact=True).check()
    page.get_by_role("button", name="Keep my answer").click()
    page.get_by_text("Kept: 2. Now try it and compare.").wait_for()
    page.get_by_text("You said 2. It is 1.").wait_for()
    assert "#cc79a7" in shown(page)[0]
    move(page, 1.23)
    assert shown(page)[1].startswith("You said 2. ") or "#cc79a7" in shown(page)[0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("0,25", "Read as 0.25. Right."),
        ("25 %", "Read as 0.25. Right."),
        ("0.5", "Not yet. Halve it."),
        ("7", "Not yet. No."),
        ("seven", "a number is asked for, got 'seven'."),
        ("1,714", "'1,714' can be read as 1.714 and as 1714"),
    ],
)
def test_a_check_is_judged_as_in_a_kernel(page, given, told):
    page.get_by_label("Your answer").fill(given)
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_text(told).wait_for()


NUMBERS = ["1", "-3", "+.5", "1e3", "1.5e-2", "12 345", "1 234,5", "1.234.567", "1,234.5", "1.2.3"]
NUMBERS += ["\u22125", "5 jobs", "5 per cent", "5 %", "5 miles", "", "0,5", "1.000", "nan", "1e999"]
NUMBERS += ["1,000,000", "01,000", ",5", "5,", "1 2", "3%jobs", "  7  "]


def test_numbers_are_read_as_the_library_reads_them(page, made):
    """Every odd number gives the same value, or is refused in the same words."""
    script = live.script()
    start = script.index("const PER_CENT")
    reader = script[start : script.index("const short")]
    for unit in ("", "%", "jobs a year"):
        for given in NUMBERS:
            try:
                expected = [read_number(given, unit), ""]
            except ValueError as error:
                expected = [None, str(error)]
            told = page.evaluate(
                f"([given, unit]) => {{ {reader}; try {{ return [readNumber(given, unit), '']; }}"
                " catch (error) { return [null, error.message]; } }",
                [given, unit],
            )
            assert told == expected, (given, unit)


def test_a_network_is_made_by_one_tie_and_more_is_said_to_be_missing(page):
    canvas = page.locator("canvas[tabindex]")
    canvas.focus()
    page.keyboard.press("n")
    page.keyboard.press("Delete")
    said = page.locator("p[aria-live]").filter(has_text="more.")
    said.get_by_text("0 ties and 0 more.").wait_for()
    page.get_by_role("button", name="Undo").click()
    said.get_by_text("1 ties and 0 more.").wait_for()
    page.get_by_role("slider", name="extra").press("End")
    said.get_by_text("1 ties and 2 more.").wait_for()
    canvas.focus()
    page.keyboard.press("n")
    page.keyboard.press("Delete")  # a tie less at another setting: not kept
    page.get_by_text("with one tie drawn or cut").wait_for()


@pytest.mark.skipif(not everyone.AXE.exists(), reason=everyone.NOT_HERE)
@pytest.mark.parametrize("name", ["page", "alone"])
def test_everyone_can_use_it(made, name):
    assert everyone.faults([(made[0] / f"{name}.html").as_uri()]) == [set()]


def test_a_link_carries_settings_and_says_what_is_wrong_with_it(made):
    folder, _, _ = made
    with browser_page() as (page, problems):
        address = (folder / "alone.html").as_uri()
        page.goto(f"{address}?slope=0&high=true")
        page.get_by_text("The line rises by 0 from above.").wait_for()
        link = page.get_by_role("link", name="Link to these settings")
        move(page, 2)
        link.focus()
        assert link.get_attribute("href") == "?slope=2&high=true"
        page.goto(f"{address}?slope=9")
        page.get_by_role("alert").get_by_text("slope=9: it goes from 0 to 3").wait_for()
        page.goto(f"{address}?depth=1")
        page.get_by_role("alert").get_by_text("there is no such control").wait_for()
        page.goto(f"{address}?slope=steep")
        page.get_by_role("alert").get_by_text("that is no number").wait_for()
        assert not problems


@pytest.mark.parametrize(
    ("fault", "words"),
    [("missing", "could not be loaded"), ("old", "another edition"), ("broken", "could not be")],
)
def test_a_store_that_is_missing_old_or_broken_is_said(made, tmp_path, fault, words):
    folder, _, name = made
    for file in ("page.html", "clusterlab.js"):
        (tmp_path / file).write_text((folder / file).read_text())
    (tmp_path / "stores").mkdir()
    text = (folder / "stores" / f"{name}.js").read_text()
    changed = {
        "old": re.sub(r', "\w{12}", ', ', "0123456789ab", ', text),
        "broken": text[:300] + '");',
    }
    if fault in changed:
        (tmp_path / "stores" / f"{name}.js").write_text(changed[fault])
    with browser_page() as (page, _):
        page.goto((tmp_path / "page.html").as_uri())
        move(page, 2)
        page.locator(".clusterlab-problem").get_by_text(words).first.wait_for()
        assert page.get_by_role("link", name="Run it with Python").first.is_visible()


def test_a_browser_that_cannot_unpack_says_so(made):
    with browser_page() as (page, _):
        page.add_init_script("delete window.DecompressionStream")
        page.goto((made[0] / "page.html").as_uri())
        move(page, 2)
        page.get_by_text("cannot unpack").first.wait_for()


def test_what_is_kept_begins_with_what_is_shown_and_holds_every_end():
    controls = [
        {
            "name": "a",
            "kind": "number",
            "low": 0,
            "high": 1,
            "step": 0.01,
            "whole": False,
            "start": 0.3,
        },
        {"name": "b", "kind": "switch", "start": True},
        {"name": "c", "kind": "choice", "choices": ["x", "y", "z"], "start": "y"},
    ]
    kept = record.plan(controls)
    assert kept[0] == {"a": 0.3, "b": True, "c": "y"}
    texts = [json.dumps(each) for each in kept]
    assert len(set(texts)) == len(texts)
    for name, value in [("a", 0.0), ("a", 1.0), ("b", False), ("c", "x"), ("c", "z")]:
        assert {**kept[0], name: value} in kept
    assert {"a": 1.0, "b": False, "c": "z"} in kept


def test_a_picture_comes_back_from_its_runs_line_by_line():
    table = record.Table()
    pictures = [list("abc"), list("abxc"), list("cba"), []]
    runs = [table.runs(each) for each in pictures]
    lines = list(table.lines)
    for told, made in zip(runs, pictures, strict=True):
        spans = zip(told[::2], told[1::2], strict=True)
        assert [lines[k] for first, count in spans for k in range(first, first + count)] == made


def test_a_run_is_shared_by_its_controls_names_and_not_by_numbers_alone():
    assert record._place({"entry": 0, "openness": 1.0}) == record._place(
        {"entry": 0.0, "openness": 1}
    )
    assert record._place({"entry": 0, "openness": 1}) != record._place({"entry": 0, "leader": 1})
