"""Ties are cut and drawn in a small network: who stops, against the largest set that keeps going."""

import re

import numpy as np
import pandas as pd
import pytest
from making import Maker

from clusterlab.networks import fragile_points, generate, read, who_stops, widgets
from tests.browser.lab import CHROMIUM, browser_page

MADE = {
    "tanner": "leather",
    "other tanner": "leather",
    "rubber works": "rubber",
    "cutter": "uppers",
    "sole maker": "soles",
    "other sole maker": "soles",
    "boots": "shoes",
    "slippers": "shoes",
}
TIES = [
    ("tanner", "cutter"),
    ("other tanner", "cutter"),
    ("rubber works", "sole maker"),
    ("rubber works", "other sole maker"),
    ("cutter", "boots"),
    ("cutter", "slippers"),
    ("sole maker", "boots"),
    ("other sole maker", "boots"),
    ("other sole maker", "slippers"),
]
PLACES = {"lead firm": ("shoes",), "supplier": ("uppers", "soles")}


def district():
    roles = {product: role for role, products in PLACES.items() for product in products}
    rows = [
        {"node": name, "product": made, "role": roles.get(made, "component supplier")}
        for name, made in MADE.items()
    ]
    ties = pd.DataFrame(TIES, columns=["source", "target"]).assign(kind="supply")
    return read(ties, pd.DataFrame(rows).assign(place="cluster"))


def needs_of(graph):
    """Return {(firm, product it is delivered)}."""
    return {
        (buyer, graph.nodes[seller]["product"])
        for seller, buyer, kind in graph.edges(data="kind")
        if kind == "supply"
    }


def keeps_going(graph, ties):
    """Return the largest set of firms in which each gets all it needs from others of the set.

    Every set of firms is tried, as the ones of a binary number.
    """
    bit = {name: 1 << i for i, name in enumerate(graph)}
    sets = np.arange(1 << len(bit))
    closed = np.ones(len(sets), dtype=bool)
    for buyer, product in needs_of(graph):
        sellers = {u for u, v in ties if v == buyer and graph.nodes[u].get("product") == product}
        closed &= (sets & bit[buyer] == 0) | (sets & sum(bit[u] for u in sellers) != 0)
    working = np.bitwise_or.reduce(sets[closed])
    return {name for name in graph if working & bit[name]}


def lacks(graph, ties, working):
    """Return what each firm that does not work is not delivered by one that works."""
    brought = {(v, graph.nodes[u].get("product")) for u, v in ties if u in working}
    short = needs_of(graph) - brought
    return {
        name: tuple(sorted(p for n, p in short if n == name))
        for name in graph
        if name not in working
    }


def some_ties(graph, rng):
    """Return ties: some of those there are, and sometimes others."""
    names, share = list(graph), rng.choice([0, 0.2, 0.6, 0.9, 1])
    kept = [tie for tie in graph.edges if rng.random() < share]
    pairs = [rng.choice(len(names), 2, replace=False) for _ in range(rng.integers(0, 9))]
    drawn = [(names[a], names[b]) for a, b in pairs if rng.random() < 0.5]
    return list(dict.fromkeys([*kept, *drawn]))


def test_who_stops_by_hand():
    graph = district()
    assert who_stops(graph, TIES).empty
    cut = [tie for tie in TIES if tie[0] != "rubber works"]
    assert who_stops(graph, cut).to_dict() == {
        **dict.fromkeys(["sole maker", "other sole maker"], ("rubber",)),
        **dict.fromkeys(["boots", "slippers"], ("soles",)),
    }
    assert who_stops(graph, [*cut, ("rubber works", "other sole maker")]).index.tolist() == [
        "sole maker"
    ]
    assert who_stops(graph, []).loc["boots"] == ("soles", "uppers")


def test_all_ties_of_a_firm_cut_is_the_firm_gone():
    for governance in ("modular", "relational", "captive"):
        graph = generate(governance, leads=2, suppliers=5, components=6)
        supply = [(u, v) for u, v, kind in graph.edges(data="kind") if kind == "supply"]
        for firm, stopped in fragile_points(graph)["stopped"].items():
            ties = [tie for tie in supply if firm not in tie]
            assert len({*who_stops(graph, ties).index} - {firm}) == stopped


def test_what_is_lacking_is_said():
    graph = district()
    with pytest.raises(ValueError, match="an end of a tie is 'moon'"):
        who_stops(graph, [("moon", "boots")])
    del graph.nodes["cutter"]["product"]
    with pytest.raises(ValueError, match="who_stops needs the node attribute 'product'"):
        widgets.cut_ties(graph)
    with pytest.raises(ValueError, match="who_stops needs the tie attribute 'kind'"):
        widgets.cut_ties(read(pd.DataFrame(TIES, columns=["source", "target"])))


@pytest.mark.parametrize("seed", range(3))
def test_sentence_and_picture_are_true_whatever_is_cut_or_drawn(seed):
    graph, rng = district(), np.random.default_rng(seed)
    view = widgets.cut_ties(graph)
    for ties in ([], TIES, *(some_ties(graph, rng) for _ in range(120))):
        working = keeps_going(graph, ties)
        short = lacks(graph, ties, working)
        assert who_stops(graph, ties).to_dict() == short
        view.made = [list(tie) for tie in ties]
        first, *rest = view.sentence.removesuffix(".").split(". ")
        work = f"{len(working)} of" if short else "All"
        drawn = len({*ties} - {*TIES})
        assert first == (
            f"{work} 8 firms can still work; ties cut: {len({*TIES} - {*ties})} of 9"
            + (f", drawn: {drawn}" if drawn else "")
        )
        told = {}
        for each in rest:
            who, what = re.fullmatch(
                r"(.*) stopped because (?:it gets|they get) (.*)", each
            ).groups()
            names = re.split(", | and ", who[0].lower() + who[1:])
            told |= dict.fromkeys(names, tuple(re.split(" and ", what.replace("no ", ""))))
        assert told == short
        looks = {node["name"]: (node["shape"], node["spoken"]) for node in view.nodes}
        for name, (shape, spoken) in looks.items():
            assert shape == ("circle" if name in working else "square")
            assert ("has stopped" in spoken) == (name in short)
        for (u, v), edge in zip(ties, sorted_edges(view), strict=True):
            useful = u in working and (v, MADE[u]) in needs_of(graph)
            assert edge["style"] == ("solid" if useful else "dotted"), (u, v)


def sorted_edges(view):
    """Return the edges of the picture in the order of the ties."""
    names = [node["name"] for node in view.nodes]
    by_ends = {(names[edge["from"]], names[edge["to"]]): edge for edge in view.edges}
    return [by_ends[tuple(tie)] for tie in view.made]


def test_people_and_knowledge_are_left_out_and_owners_too():
    graph = generate("transnational community", leads=2, suppliers=4, components=4)
    view = widgets.cut_ties(graph)
    supply = [[u, v] for u, v, kind in graph.edges(data="kind") if kind == "supply"]
    assert view.made == supply
    assert not any(node["name"].startswith("person") for node in view.nodes)
    assert view.sentence == f"All 10 firms can still work; ties cut: 0 of {len(supply)}."
    assert {node["shape"] for node in view.nodes} == {"circle"}
    assert {"has stopped", "brings nothing"} < {entry["text"] for entry in view.legend}


browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def reader(request):
    width, touch = request.param
    with browser_page(width, 800, has_touch=touch) as (page, outside):
        yield Maker(page).show(widgets.cut_ties(district()))
        assert outside == []


def told(reader):
    """Return the sentence as the page shows it."""
    return reader.page.locator(".clusterlab-graph > p").last.text_content()


def tip(reader):
    return reader.page.locator(".clusterlab-tip").text_content()


class TestInTheBrowser:
    pytestmark = browser

    @pytest.mark.parametrize("reader", [(1280, False)], indirect=True)
    def test_by_mouse_a_tie_is_cut_who_stops_is_told_and_a_new_tie_helps(self, reader):
        assert told(reader) == "All 8 firms can still work; ties cut: 0 of 9."
        mouse = reader.page.mouse
        mouse.click(*reader.between("rubber works", "other sole maker"))
        assert len(reader.settled()) == 8
        assert "Other sole maker stopped because it gets no rubber. Slippers stopped" in told(
            reader
        )
        mouse.move(*reader.at("sole maker"))
        mouse.down()
        mouse.move(*reader.at("slippers"), steps=5)
        mouse.up()
        assert reader.settled()[-1] == ["sole maker", "slippers"]
        assert told(reader) == (
            "7 of 8 firms can still work; ties cut: 1 of 9, drawn: 1. Other sole maker stopped because "
            "it gets no rubber."
        )

    @pytest.mark.parametrize("reader", [(1280, False)], indirect=True)
    def test_by_keys_a_tie_is_cut_and_drawn_again(self, reader):
        press = reader.page.keyboard.press
        reader.walk("cutter")
        for _ in range(9):
            press("n")
            if tip(reader).startswith("Tie from cutter to boots."):
                break
        press("Delete")
        assert ["cutter", "boots"] not in reader.settled()
        assert "Boots stopped because it gets no uppers." in told(reader)
        reader.walk("boots")
        assert tip(reader).startswith("boots has stopped: it gets no uppers.")
        reader.walk("cutter")
        press("t")
        reader.walk("boots")
        press("t")
        assert reader.settled()[-1] == ["cutter", "boots"]
        assert told(reader) == "All 8 firms can still work; ties cut: 0 of 9."

    @pytest.mark.parametrize("reader", [(420, True)], indirect=True)
    def test_by_touch_a_tie_is_cut_and_all_comes_back(self, reader):
        x, y = reader.between("rubber works", "sole maker")
        reader.page.touchscreen.tap(x + 5, y)
        assert len(reader.settled()) == 8
        assert "Sole maker stopped because it gets no rubber." in told(reader)
        reader.page.get_by_role("button", name="Reset").tap()
        assert len(reader.settled()) == 9
        assert told(reader) == "All 8 firms can still work; ties cut: 0 of 9."
