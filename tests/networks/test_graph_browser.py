"""The graph view in a real browser, with a stand-in for the kernel's side of the widget."""

import base64
import json
from pathlib import Path

import networkx as nx
import pytest

from clusterlab import networks
from clusterlab.views import graph as views
from clusterlab.views.still import script
from tests.browser.lab import CHROMIUM, browser_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
SOURCE = script("graph")
STYLE = (Path(views.__file__).parent / "graph.css").read_text(encoding="utf-8")
OPEN = """async ([source, traits, bytes]) => {
    const raw = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
    traits.positions = new DataView(raw.buffer);
    window.saved = 0;
    window.model = {
        get: (name) => traits[name],
        set: (name, value) => { traits[name] = value; },
        save_changes: () => { window.saved += 1; },
        on: () => {},
        off: () => {},
    };
    const { default: view } = await import("data:text/javascript;base64," + source);
    view.render({ model: window.model, el: document.getElementById("here") });
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
}"""
DRAG = """async () => {
    const canvas = document.querySelector("canvas");
    canvas.setPointerCapture = () => {};
    const frame = canvas.getBoundingClientRect();
    const spot = new Float32Array(window.model.get("positions").buffer);
    const [x, y] = [frame.left + spot[0] * frame.width, frame.top + spot[1] * frame.height];
    const send = (type, dx) => canvas.dispatchEvent(new PointerEvent(type, {
        clientX: x + dx, clientY: y, pointerId: 1, bubbles: true,
    }));
    send("pointerdown", 0);
    for (let i = 1; i <= 30; i++) {
        send("pointermove", i);
        await new Promise(requestAnimationFrame);
    }
    send("pointerup", 30);
    return new Float32Array(window.model.get("positions").buffer)[0] - spot[0];
}"""


def shown(page, view):
    page.set_content(f"<style>{STYLE}</style><body><div id='here'></div></body>")
    names = ("nodes", "edges", "legend", "width", "height", "sentence", "hint")
    traits = {name: getattr(view, name) for name in names}
    source = base64.b64encode(SOURCE.encode()).decode()
    places = base64.b64encode(view.positions).decode()
    page.evaluate(OPEN, [source, json.loads(json.dumps(traits)), places])


@pytest.fixture(scope="module")
def page():
    with browser_page() as (page, outside):
        yield page
        assert outside == []


def test_arrow_keys_walk_the_nodes_and_their_names_are_spoken(page):
    view = networks.widgets.network(networks.generate("transnational community"))
    shown(page, view)
    spoken = {node["spoken"] for node in view.nodes}
    assert page.get_by_role("option").count() == len(view.nodes)
    canvas = page.get_by_role("listbox")
    assert canvas.get_attribute("aria-label") == view.sentence
    canvas.focus()
    said = set()
    for key in ("Home", "ArrowRight", "ArrowDown", "ArrowLeft", "End"):
        page.keyboard.press(key)
        said.add(page.locator(".clusterlab-tip").text_content())
        active = page.locator(f"#{canvas.get_attribute('aria-activedescendant')}")
        assert active.text_content() in said
    assert said <= spoken
    assert len(said) >= 3
    page.keyboard.press("Escape")
    assert page.locator(".clusterlab-tip").text_content() == view.hint


def test_shift_with_an_arrow_moves_a_node(page):
    shown(page, networks.widgets.network(networks.generate("captive")))
    page.get_by_role("listbox").focus()
    page.keyboard.press("Home")
    read = "() => new Float32Array(window.model.get('positions').buffer)[0]"
    before = page.evaluate("() => window.saved"), page.evaluate(read)
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("() => window.saved") == before[0] + 1
    assert page.evaluate(read) == pytest.approx(before[1] + 12 / 760, abs=1e-6)


def test_a_node_of_500_is_dragged_and_redrawn_at_every_frame(page):
    graph = nx.barabasi_albert_graph(500, 2, seed=1).to_directed()
    spots = {node: ((node % 25 + 1) / 27, (node // 25 + 1) / 22) for node in graph}
    shown(page, views.graph_view(graph, positions=spots))
    frames = page.locator(".clusterlab-graph")
    before = int(frames.get_attribute("data-frames"))
    moved = page.evaluate(DRAG)
    assert moved == pytest.approx(30 / 760, abs=1e-3)
    assert int(frames.get_attribute("data-frames")) - before >= 30
