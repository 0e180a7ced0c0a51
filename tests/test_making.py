"""Readers draw ties and cut them on the graph view: by mouse, by touch and by keys."""

from typing import Annotated

import networkx as nx
import pytest

from clusterlab.parameters import Parameter, model
from clusterlab.views.graph import graph_view
from tests.browser.lab import CHROMIUM

NAMES = ("north", "east", "south", "west")
START = [["north", "east"], ["east", "south"]]
Size = Annotated[float, Parameter("size of each", 1, 5, 1)]


@model
def counted(ties, *, size: Size = 2.0):
    graph = nx.DiGraph()
    graph.add_nodes_from(NAMES, size=size)
    graph.add_edges_from(ties)
    if len(ties) > 4:
        raise ValueError("five ties are too many.")
    return graph, f"{len(ties)} ties, each node {size:g}."


def compass(**look):
    return graph_view(counted([tuple(tie) for tie in START])[0], making=counted, **look)


def test_what_is_made_is_answered_and_can_be_observed():
    view, seen = compass(), []
    assert view.made == view.first == START
    assert view.sentence == "2 ties, each node 2."
    view.observe(lambda change: seen.append(change.new), "made")
    view.made = [*START, ("west", "north")]
    assert seen == [[*START, ["west", "north"]]]
    assert len(view.edges) == 3
    view.values = {"size": 4}
    assert view.sentence == "3 ties, each node 4."
    assert view.picture.startswith(b"\x89PNG")


def test_what_cannot_be_shown_is_told_and_nothing_odd_is_taken():
    view = compass()
    view.made = [*START, ["west", "north"], ["north", "west"], ["south", "west"]]
    assert view.problem == "five ties are too many."
    view.made = START
    assert view.problem == ""
    for odd in (["north"], ["north", "north"], ["north", "moon"], ["a", "b", "c"]):
        with pytest.raises(ValueError, match="is no tie"):
            view.made = [odd]
    with pytest.raises(ValueError, match="making"):
        graph_view(nx.path_graph(3), making="yes")


def test_a_view_that_only_shows_lets_nothing_be_made():
    view = graph_view(nx.path_graph(3))
    assert not view.making
    assert view.made == view.controls == []


def test_reset_leads_to_where_a_reader_first_saw_it(capsys):
    view = compass()
    view.made, view.values = START[:1], {"size": 5}
    view._ipython_display_()
    assert view.first == START[:1]
    assert view.controls[0]["start"] == 5


def test_a_tie_without_direction_has_two_equal_ends():
    def shown(ties):
        return nx.Graph(ties), "seen."

    view = graph_view(nx.path_graph(3), making=shown)
    assert not view.directed
    assert view.made == [["0", "1"], ["1", "2"]]


browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def drawn(maker):
    return maker.show(compass())


def tip(maker):
    return maker.page.locator(".clusterlab-tip").text_content()


class TestByMouseAndKeys:
    pytestmark = browser

    def test_a_tie_is_pulled_from_node_to_node_by_mouse(self, drawn):
        mouse = drawn.page.mouse
        mouse.move(*drawn.at("west"))
        mouse.down()
        mouse.move(*drawn.between("west", "north"), steps=3)
        mouse.move(*drawn.at("north"), steps=3)
        mouse.up()
        assert drawn.settled() == [*START, ["west", "north"]]
        assert drawn.page.get_by_text("3 ties, each node 2.").count() == 1
        assert drawn.page.get_by_role("option").count() == 7

    def test_a_tie_is_cut_by_a_click_and_drawn_again_by_undo(self, drawn):
        drawn.page.mouse.move(*drawn.between("north", "east"))
        assert tip(drawn) == "Tie from north to east. Click it, or press Delete, to cut it."
        drawn.page.mouse.click(*drawn.between("north", "east"))
        assert drawn.settled() == START[1:]
        drawn.page.get_by_role("button", name="Undo").click()
        assert drawn.settled() == START
        assert drawn.page.get_by_role("button", name="Undo").is_disabled()

    def test_a_click_beside_all_or_on_a_node_makes_nothing(self, drawn):
        drawn.page.mouse.click(*drawn.between("north", "south", 0.4))
        drawn.page.mouse.click(*drawn.at("south"))
        assert drawn.settled() == START
        assert drawn.view.request == 0

    def test_a_node_is_moved_with_shift(self, drawn):
        where = "Array.from(new Float32Array(model.get('positions').buffer))"
        mouse, before = drawn.page.mouse, drawn.page.evaluate(where)
        drawn.page.keyboard.down("Shift")
        mouse.move(*drawn.at("west"))
        mouse.down()
        mouse.move(*drawn.between("west", "north"))
        mouse.up()
        drawn.page.keyboard.up("Shift")
        moved = [
            one != other for one, other in zip(before, drawn.page.evaluate(where), strict=True)
        ]
        assert any(moved[6:])
        assert not any(moved[:6])
        assert drawn.view.made == START

    def test_ties_are_drawn_and_cut_by_keys_and_each_step_is_spoken(self, drawn):
        press = drawn.page.keyboard.press
        drawn.walk("west")
        press("t")
        assert tip(drawn).startswith("A tie from west: choose the other node and press T")
        drawn.walk("south")
        press("t")
        assert drawn.settled() == [*START, ["west", "south"]]
        press("n")
        press("n")
        assert tip(drawn).startswith("Tie from west to south.")
        active = drawn.page.get_by_role("listbox").get_attribute("aria-activedescendant")
        assert drawn.page.locator(f"#{active}").text_content() == "Tie from west to south."
        press("Delete")
        assert drawn.settled() == START

    def test_a_tie_that_is_there_is_not_drawn_twice_and_escape_leaves_one(self, drawn):
        press = drawn.page.keyboard.press
        drawn.walk("north")
        press("t")
        drawn.walk("east")
        press("t")
        assert tip(drawn) == "Tie from north to east. It is there already."
        press("t")
        press("Escape")
        drawn.walk("west")
        press("Control+t")
        assert drawn.page.get_by_role("button", name="Tie from here").is_enabled()
        assert drawn.settled() == START

    def test_controls_are_sent_with_what_is_made_and_reset_takes_all_back(self, drawn):
        drawn.page.get_by_label("size of each").fill("4")
        assert drawn.page.get_by_text("2 ties, each node 4.").count() == 1
        drawn.page.mouse.click(*drawn.between("east", "south"))
        assert drawn.settled() == START[:1]
        assert drawn.view.values == {"size": 4}
        drawn.page.get_by_role("button", name="Reset").click()
        assert drawn.settled() == START
        assert drawn.page.get_by_label("size of each").input_value() == "2"


class TestByTouch:
    pytestmark = browser

    def test_ties_are_drawn_and_cut_by_touch(self, thumb):
        thumb.show(compass())
        tap = thumb.page.touchscreen.tap
        tap(*thumb.at("south"))
        thumb.page.get_by_role("button", name="Tie from here").tap()
        assert tip(thumb).startswith("A tie from south")
        tap(*thumb.at("west"))
        assert thumb.settled() == [*START, ["south", "west"]]
        x, y = thumb.between("south", "west")
        tap(x + 6, y)
        assert thumb.settled() == START

    def test_on_a_phone_nothing_is_wider_than_the_page_and_letters_stay(self, thumb):
        thumb.show(compass())
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert thumb.page.evaluate(wide) <= 0
        assert thumb.page.evaluate("document.querySelector('canvas').width") == 360
