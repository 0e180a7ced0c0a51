"""Each kind of view drawn by nothing but anywidget's contract, as other notebooks draw it.

VS Code, the classic notebook, Colab and marimo bring a model and an element of their own and call
`render`; a page may draw a view twice, in two places, and take it away. Here the widget itself is
the kernel, and `hosts.js` the notebook.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import small_page
from lab import CHROMIUM, ROOT, browser_page
from traitlets import Unicode

from clusterlab import diamond
from clusterlab.exercises import check, predict
from clusterlab.explore import explore
from clusterlab.views.course import contents
from clusterlab.views.graph import graph_view
from clusterlab.views.still import Still

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
DIALECTS = ["jupyter", "classic", "marimo"]
PATHS = nx.path_graph(["a", "b", "c"])


class Kernel:
    """A widget's own side of its channel: what the page sends goes in, what the widget sends is kept."""

    comm_id = "kernel"
    kernel = "this test"

    def __init__(self, widget: Any) -> None:
        self.widget, self.sent = widget, []
        widget.comm.close()
        widget.comm = self

    def send(self, data: Any, buffers: Any = (), **_: Any) -> None:
        if data.get("method") != "update":
            return
        for path, each in zip(data.get("buffer_paths", ()), buffers or (), strict=True):
            data["state"][path[0]] = {"base64": base64.b64encode(each).decode()}
        self.sent.append(data["state"])

    def on_msg(self, _: Any) -> None:
        """Nobody calls it: messages come by `answer`."""

    def close(self, *_: Any, **__: Any) -> None:
        """Nothing is open."""

    def answer(self, state: dict[str, Any]) -> list[dict[str, Any]]:
        raw = {
            k: base64.b64decode(v["base64"])
            for k, v in state.items()
            if isinstance(v, dict) and "base64" in v
        }
        data = {"method": "update", "state": {**state, **raw}, "buffer_paths": []}
        self.widget._handle_msg({"content": {"data": data}, "buffers": []})
        return self.news()

    def news(self) -> list[dict[str, Any]]:
        told, self.sent = self.sent, []
        return told

    def state(self) -> dict[str, Any]:
        state = self.widget.get_state()
        return {
            name: {"base64": base64.b64encode(value).decode()}
            if isinstance(value, bytes)
            else value
            for name, value in state.items()
            if name not in ("layout", "tabbable", "tooltip", "_esm", "_css")
        }


@dataclass
class Kind:
    make: Callable[[], Any]
    act: Callable[[Any], None]  # what a reader does in one place
    late: Callable[[Any], None]  # what the kernel does of itself
    told: Callable[[Any], str] = lambda widget: widget.sentence


def feedback(widget):
    return widget.feedback


def turn(place):
    place.get_by_role("slider").first.press("End")


def tie(place):
    canvas = place.get_by_role("listbox")
    for key in ("Home", "t", "End", "t"):
        canvas.press(key)


def guessed():
    guess = predict("How steep?", ["1", "2"])
    guess.line = guess.reveal("It is 1.")
    return guess


KINDS = {
    "explorer": Kind(
        lambda: explore(small_page.line, small_page.draw, say=small_page.say),
        turn,
        lambda widget: setattr(widget, "values", {"slope": 2.0, "high": True}),
    ),
    "points": Kind(
        lambda: explore(
            small_page.placed, small_page.draw_places, say=lambda r: f"{len(r[0])} places."
        ),
        lambda place: place.get_by_role("button", name="Add").click(),
        lambda widget: setattr(widget, "values", {"places": [(0.5, 0.5)]}),
    ),
    "radar": Kind(
        lambda: diamond.widgets.radar(
            points={"demand conditions": 40.0, "factor conditions": 20.0}
        ),
        turn,
        lambda widget: setattr(
            widget, "values", {**widget.values, next(iter(widget.values)): 90.0}
        ),
    ),
    "graph": Kind(
        lambda: graph_view(PATHS, sentence="Three in a row."),
        lambda place: place.get_by_role("listbox").press("Home"),
        lambda widget: widget.update(PATHS, sentence="Still three in a row."),
    ),
    "ties": Kind(
        lambda: graph_view(PATHS, making=small_page.starred),
        tie,
        lambda widget: setattr(widget, "made", [["a", "b"]]),
    ),
    "number": Kind(
        lambda: check("How much?", 0.25, within=0.01, otherwise="No."),
        lambda place: (
            place.get_by_role("textbox").fill("0,3"),
            place.get_by_role("button").click(),
        ),
        lambda widget: setattr(widget, "feedback", "Said late."),
        feedback,
    ),
    "choice": Kind(
        guessed,
        lambda place: (place.get_by_label("2").check(), place.get_by_role("button").click()),
        lambda widget: setattr(widget, "feedback", "Said late."),
        feedback,
    ),
    "line": Kind(
        lambda: guessed().line,
        lambda place: None,
        lambda widget: setattr(widget, "sentence", "You said 2. It is 1."),
    ),
    "contents": Kind(
        lambda: contents(ROOT / "notebooks"),
        lambda place: place.get_by_role("textbox").fill("Me"),
        lambda widget: setattr(widget, "version", "9"),
        lambda widget: "No question is answered yet",
    ),
}


#: What a reader does there is nothing that a kernel is told.
SILENT = {"graph", "line", "contents"}


def wait_until(page, true):
    for _ in range(300):
        if true():
            return
        page.wait_for_timeout(100)
    pytest.fail("the widget was not told of what was done")


def test_every_kind_of_view_is_drawn_here():
    def below(kind):
        return {kind}.union(*map(below, kind.__subclasses__()))

    ours = {each for each in below(Still) if each.__module__.startswith("clusterlab")}
    # a widget that has been made has a class of its own, with a trait in the place of the script
    scripts = {each._esm for each in ours if hasattr(each, "_esm")}
    scripts = {str(each) for each in scripts if not isinstance(each, Unicode)}
    assert {str(kind.make()._esm) for kind in KINDS.values()} >= scripts


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    blank = tmp_path_factory.mktemp("blank") / "page.html"
    script = (Path(__file__).parent / "hosts.js").read_text(encoding="utf-8")
    blank.write_text(
        "<!DOCTYPE html><html><head><title>Bare</title></head><body><div id='one'></div>"
        f"<div id='two'></div><script>{script}</script></body></html>"
    )
    with browser_page() as (page, outside):
        heard = {"errors": [], "kernel": None}
        page.on("pageerror", lambda error: heard["errors"].append(str(error)))
        page.expose_function("kernel", lambda state: heard["kernel"].answer(state))
        yield page, heard, blank.as_uri()
        assert outside == []


@pytest.fixture
def opened(browser):
    page, heard, address = browser
    heard["errors"].clear()

    def open_widget(widget, dialect):
        kernel = heard["kernel"] = Kernel(widget)
        page.goto(address)
        page.evaluate("localStorage.clear()")  # answers of the test before
        state = kernel.state()
        page.evaluate("([s, t, d]) => hosts.open(s, t, d)", [str(widget._esm), state, dialect])
        return page, kernel

    yield open_widget
    assert heard["errors"] == []


def tell(page, kernel):
    """Bring to the page what the kernel says of itself."""
    for message in kernel.news():
        page.evaluate("(message) => hosts.take(message)", message)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", KINDS)
def test_a_view_lives_in_two_places_leaves_and_comes_back(opened, name, dialect):
    kind = KINDS[name]
    widget = kind.make()
    page, kernel = opened(widget, dialect)
    one, two = page.locator("#one"), page.locator("#two")
    for place in ("one", "two"):
        page.evaluate("(place) => hosts.render(place)", place)
        page.locator(f"#{place}").get_by_text(kind.told(widget)).first.wait_for(state="attached")
    heard = page.evaluate("hosts.heard()")

    # what is done in one place is seen in both
    before = kind.told(widget)
    kind.act(one)
    if name not in SILENT:
        wait_until(page, lambda: kind.told(widget) != before)
    for place in (one, two):
        place.get_by_text(kind.told(widget)).first.wait_for(state="attached")

    # one is taken away: nothing of it is left, and the other goes on
    page.evaluate("hosts.leave('one')")
    assert page.evaluate("hosts.left('one')") == 0
    assert page.evaluate("hosts.heard()") == heard / 2
    kind.late(widget)
    tell(page, kernel)
    two.get_by_text(kind.told(widget)).first.wait_for(state="attached")

    # it comes back as things are now, once
    page.evaluate("hosts.render('one')")
    one.get_by_text(kind.told(widget)).first.wait_for(state="attached")
    assert page.evaluate("hosts.left('one') === hosts.left('two')")
    assert page.evaluate("hosts.heard()") == heard
    kind.act(one)

    for place in ("one", "two"):
        page.evaluate("(place) => hosts.leave(place)", place)
    assert page.evaluate("hosts.heard()") == 0
    kind.late(widget)
    tell(page, kernel)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("dark", ["body", "#one"])
def test_a_view_knows_a_dark_ground_that_no_theme_of_jupyter_tells(opened, dark, dialect):
    page, _ = opened(KINDS["explorer"].make(), dialect)
    page.locator(dark).evaluate("(ground) => (ground.style.background = '#181c1a')")
    page.evaluate("hosts.render('one')")
    page.wait_for_function("hosts.get('dark') === true")
