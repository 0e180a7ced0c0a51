"""The radar in a real browser, without a kernel: mouse, keyboard, names, numbers as in Python."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clusterlab.diamond import aggregate, widgets

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no browser here")]
VIEWS = Path(widgets.__file__).parents[1] / "views"
FAKE_MODEL = """async ([source, state]) => {
  const heard = {};
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    save_changes: () => { window.saves = (window.saves || 0) + 1; },
    on: (names, fn) => names.split(" ").forEach((n) => (heard[n] = heard[n] || []).push(fn)),
    off: () => {},
  };
  window.state = state;
  window.tell = (name) => (heard[name] || []).forEach((fn) => fn());
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const view = await import(url);
  view.default.render({ model, el: document.body });
}"""


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1100, "height": 700})
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.set_content(f"<style>{(VIEWS / 'radar.css').read_text()}</style>")
    radar = widgets.radar(points={"demand conditions": 40.0, "factor conditions": 20.0})
    names = [
        "names",
        "start",
        "values",
        "weights",
        "aggregations",
        "aggregation",
        "scale",
        "unit",
        "title",
        "path",
        "sentence",
        "problem",
        "request",
        "answered",
    ]
    state = {name: getattr(radar, name) for name in names}
    page.evaluate(FAKE_MODEL, [(VIEWS / "radar.js").read_text(), json.loads(json.dumps(state))])
    yield page
    assert page.problems == []
    page.close()


def number(page, name):
    return page.locator(f"[data-number={name}]").inner_text()


def values(page):
    handles = page.get_by_role("slider").all()
    return {h.get_attribute("aria-label"): float(h.get_attribute("aria-valuenow")) for h in handles}


def test_every_facet_is_a_named_slider(page):
    assert values(page) == {
        "strategy and rivalry": 26,
        "demand conditions": 40,
        "related and supporting industries": 26,
        "factor conditions": 20,
    }
    for handle in page.get_by_role("slider").all():
        assert handle.get_attribute("tabindex") == "0"
        assert handle.get_attribute("aria-valuemin") == "1"
        assert handle.get_attribute("aria-valuemax") == "100"
        assert handle.get_attribute("aria-valuetext").endswith("points")
    assert page.get_by_label("mean of the facets").count() == 1


def test_keys_move_a_facet_and_the_numbers_follow(page):
    demand = page.get_by_role("slider", name="demand conditions")
    demand.focus()
    for key, expected in (
        ("ArrowUp", 41),
        ("ArrowRight", 42),
        ("ArrowDown", 41),
        ("ArrowLeft", 40),
        ("PageUp", 50),
        ("PageDown", 40),
        ("End", 100),
        ("ArrowUp", 100),
        ("Home", 1),
        ("ArrowDown", 1),
    ):
        page.keyboard.press(key)
        assert values(page)["demand conditions"] == expected
    assert number(page, "bottleneck") == "demand conditions"
    assert number(page, "total") == f"{(26 + 1 + 26 + 20) / 4:.2f}"
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "related and supporting industries"


def test_the_mouse_drags_a_facet_along_its_axis(page):
    box = (
        page.get_by_role("slider", name="demand conditions").locator("circle").nth(1).bounding_box()
    )
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=6)  # the part across the axis does not count
    page.mouse.up()
    moved = values(page)["demand conditions"]
    assert moved == pytest.approx(40 + 60 * 99 / 125, abs=1.5)
    page.mouse.move(x + 300, y)  # released: no longer follows
    assert values(page)["demand conditions"] == moved
    assert number(page, "total") == f"{(26 + moved + 26 + 20) / 4:.2f}"
    assert page.evaluate("window.state.values[1]") >= 40
    assert page.evaluate("window.state.request") == 1  # one question; the newest position waits


def test_the_newest_position_is_asked_once_the_kernel_has_answered(page):
    page.get_by_role("slider", name="demand conditions").focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    assert page.evaluate("[window.state.request, window.state.values[1]]") == [1, 41]
    page.evaluate("() => { window.state.answered = 1; window.tell('change:answered'); }")
    assert page.evaluate("[window.state.request, window.state.values[1]]") == [2, 45]
    page.get_by_role("button", name="Reset").click()
    assert values(page)["demand conditions"] == 40


def test_numbers_are_those_of_python(page):
    rng = np.random.default_rng(0)
    names = list(values(page))
    exponents = {"arithmetic": 1, "geometric": 0, "harmonic": -1, "minimum": "minimum"}
    for name, aggregation in exponents.items():
        page.get_by_label("mean of the facets").select_option(name)
        for _ in range(3):
            drawn = dict(zip(names, rng.integers(1, 101, 4).tolist(), strict=True))
            page.evaluate(
                "(v) => { window.state.values = v; window.state.answered = window.state.request;"
                " window.tell('change:values'); }",
                list(drawn.values()),
            )
            facets = pd.DataFrame([drawn])
            assert number(page, "total") == f"{aggregate(facets, aggregation=aggregation)[0]:.2f}"
            lowest = [name for name, value in drawn.items() if value == min(drawn.values())]
            assert number(page, "bottleneck") == " and ".join(lowest)
            more = facets.assign(**{names[0]: facets[names[0]] + 1})
            gain = aggregate(more, aggregation=aggregation) - aggregate(
                facets, aggregation=aggregation
            )
            shown = page.locator(f"[data-gain='{names[0]}']").inner_text().removeprefix("total +")
            assert float(shown) == pytest.approx(gain[0], abs=0.006)


def test_the_path_is_drawn_and_said(page):
    assert page.locator("polyline.line").count() == 1
    assert number(page, "path").startswith("The mean facet")
    assert page.get_by_role("img").get_attribute("aria-label") == number(page, "path")


def test_a_failure_stands_in_place_of_path_and_sentence(page):
    assert page.locator(".line").count() == 1
    page.evaluate("""() => {
      Object.assign(window.state, { path: {}, sentence: "", problem: "This cannot be computed." });
      window.tell("change:problem");
    }""")
    assert page.get_by_role("alert").inner_text() == "This cannot be computed."
    assert page.locator(".line").count() == 0
    assert number(page, "path") == ""


def test_each_control_holds_off_the_shortcuts_of_the_page(page):
    controls = page.locator("[tabindex], select, button").all()
    assert len(controls) == 6
    for control in controls:
        assert control.get_attribute("data-lm-suppress-shortcuts") is not None
