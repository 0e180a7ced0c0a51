"""The radar in a real browser, with the widget itself in place of a kernel: mouse, keys, names."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from clusterlab.diamond import aggregate, widgets

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no browser here")]
FAKE_MODEL = """async ([source, state]) => {
  const heard = {};
  window.state = state;
  window.take = (news) => {
    const same = (name) => JSON.stringify(news[name]) === JSON.stringify(state[name]);
    const changed = Object.keys(news).filter((name) => !same(name));
    Object.assign(state, news);
    changed.forEach((name) => (heard[`change:${name}`] || []).forEach((fn) => fn()));
  };
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    save_changes: async () => {
      if (!window.held && state.answered < state.request)
        window.take(await window.answer(state.values, state.request));
    },
    on: (names, fn) => names.split(" ").forEach((n) => (heard[n] = heard[n] || []).push(fn)),
    off: () => {},
  };
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
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    radar = widgets.radar(points={"demand conditions": 40.0, "factor conditions": 20.0})
    names = [name for name in radar.traits(sync=True) if name[0] != "_"]
    names = [name for name in names if name not in ("layout", "tabbable", "tooltip")]

    def state():
        return json.loads(json.dumps({name: getattr(radar, name) for name in names}))

    def answer(values, request):
        radar.set_trait("values", values)
        radar.request = request
        return state()

    page.radar = radar
    page.expose_function("answer", answer)
    page.set_content(f"<style>{radar._css}</style>")
    page.evaluate(FAKE_MODEL, [radar._esm, state()])
    yield page
    assert page.problems == []
    page.close()


def settled(page):
    page.wait_for_function("window.state.answered >= window.state.request")
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")


def number(page, term):
    return page.locator("dt", has_text=term).locator("+ dd").inner_text()


def sentence(page):
    return page.locator("[aria-live]").inner_text()


def values(page):
    handles = page.get_by_role("slider").all()
    return {h.get_attribute("data-name"): float(h.input_value()) for h in handles}


def test_every_facet_is_a_named_slider(page):
    assert values(page) == {
        "strategy and rivalry": 26,
        "demand conditions": 40,
        "related and supporting industries": 26,
        "factor conditions": 20,
    }
    for name in values(page):
        handle = page.get_by_role("slider", name=f"{name} (points)")
        assert handle.get_attribute("min") == "1"
        assert handle.get_attribute("max") == "100"
        assert handle.get_attribute("aria-valuetext") == handle.input_value()
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
    settled(page)
    assert number(page, "bottleneck") == "demand conditions"
    assert page.locator(".corner[data-marked=true]").get_attribute("data-corner") == (
        "demand conditions"
    )
    assert number(page, "total (points)") == f"{(26 + 1 + 26 + 20) / 4:.2f}"
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.dataset.name")
    assert focused == "related and supporting industries"


def test_the_mouse_drags_a_facet_along_its_axis(page):
    handle = page.locator("[data-corner='demand conditions'] circle").nth(1)
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate("() => { window.held = true; }")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=6)  # the part across the axis does not count
    page.mouse.up()
    moved = values(page)["demand conditions"]
    assert moved == pytest.approx(40 + 60 * 99 / 125, abs=1.5)
    after = handle.bounding_box()
    assert after["x"] - box["x"] == pytest.approx((moved - 40) * 125 / 99, abs=0.5)
    assert after["y"] == pytest.approx(box["y"], abs=0.5)
    page.mouse.move(x + 300, y)  # released: no longer follows
    assert values(page)["demand conditions"] == moved
    assert page.evaluate("window.state.values['demand conditions']") >= 40
    assert page.evaluate("window.state.request") == 1  # one question; the newest position waits
    page.evaluate("""async () => {
      window.held = false;
      window.take(await window.answer(window.state.values, window.state.request));
    }""")
    settled(page)
    assert number(page, "total (points)") == f"{(26 + moved + 26 + 20) / 4:.2f}"


def test_the_newest_position_is_asked_once_the_kernel_has_answered(page):
    page.evaluate("() => { window.held = true; }")
    page.get_by_role("slider", name="demand conditions").focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    asked = "[window.state.request, window.state.values['demand conditions']]"
    assert page.evaluate(asked) == [1, 41]
    page.evaluate("() => window.take({ answered: 1 })")
    assert page.evaluate(asked) == [2, 45]
    page.evaluate("() => { window.held = false; window.take({ answered: 2 }); }")
    page.get_by_role("button", name="Reset").click()
    assert values(page)["demand conditions"] == 40
    at = page.locator("[data-corner='demand conditions']").get_attribute("transform")
    assert at == f"translate({230 + 125 * 39 / 99} 180)"


def test_numbers_are_those_of_python(page):
    rng = np.random.default_rng(0)
    exponents = {"arithmetic": 1, "geometric": 0, "harmonic": -1, "minimum": "minimum"}
    for name, aggregation in exponents.items():
        page.get_by_label("mean of the facets").select_option(name)
        for _ in range(3):
            drawn = dict(zip(values(page), rng.integers(1, 101, 4).tolist(), strict=True))
            for facet, value in drawn.items():
                page.get_by_role("slider", name=facet).fill(str(value))
            settled(page)
            facets = pd.DataFrame([drawn])
            total = aggregate(facets, aggregation=aggregation)[0]
            assert number(page, "total (points)") == f"{total:.2f}"
            lowest = [name for name, value in drawn.items() if value == min(drawn.values())]
            assert number(page, "bottleneck") == " and ".join(lowest)
            first = next(iter(drawn))
            more = facets.assign(**{first: facets[first] + 1})
            gain = aggregate(more, aggregation=aggregation)[0] - total
            shown = number(page, f"1 more of {first}").removeprefix("total +")
            assert float(shown) == pytest.approx(gain, abs=0.006)


def test_the_path_is_drawn_and_said(page):
    assert page.locator(".clusterlab-picture svg").count() == 1
    assert sentence(page).startswith("The mean facet")
    assert page.locator(".clusterlab-picture").get_attribute("aria-label") == sentence(page)


def test_a_failure_stands_in_place_of_numbers_and_sentence(page):
    assert page.locator("dl").is_visible()
    page.evaluate("window.take({ sentence: '', problem: 'This cannot be computed.' })")
    assert page.get_by_role("alert").inner_text() == "This cannot be computed."
    assert not page.locator("dl").is_visible()
    assert page.locator("[aria-live]").text_content() == ""


def test_each_control_holds_off_the_shortcuts_of_the_page(page):
    controls = page.locator("input, select, button").all()
    assert len(controls) == 6
    for control in controls:
        assert control.get_attribute("data-lm-suppress-shortcuts") is not None
