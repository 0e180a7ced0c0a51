"""How far links reach: by hand, by another computation, and what is refused."""

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from clusterlab import datasets
from clusterlab.linkages import linkage_balance

HOME = {"place": "Fermo", "region": "Marche"}
NEAR = {"place": "Amandola", "region": "Marche"}
FAR = {"place": "Lyon", "region": "Rhône"}


def shoes():
    """Return a network of seven nodes: of its six ties three are local, two regional, one global."""
    graph = nx.DiGraph()
    for name in "abc":
        graph.add_node(name, **HOME)
    graph.add_node("farm", **NEAR)
    graph.add_node("tanner", **NEAR)
    graph.add_node("buyer", **FAR)
    graph.add_node("rival", **FAR)
    graph.add_edges_from([("a", "b"), ("b", "c"), ("c", "a")], strength=1, kind="knowledge")
    graph.add_edges_from([("farm", "a"), ("tanner", "a")], strength=2, kind="supply")
    graph.add_edge("b", "buyer", strength=13, kind="supply")
    graph.add_edge("buyer", "rival", strength=100, kind="supply")  # not a tie of Fermo
    return graph


def test_by_hand():
    found = linkage_balance(shoes())
    assert found.place == "Fermo"
    assert found.ties["ties"].tolist() == [3, 2, 1]
    assert found.ties["share"].tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert found.ties["strength"].tolist() == pytest.approx([0.15, 0.2, 0.65])
    assert found.ties["firms"].tolist() == pytest.approx([1, 1 / 3, 1 / 3])
    entropy = math.log(2) / 2 + math.log(3) / 3 + math.log(6) / 6
    assert found.evenness == pytest.approx(entropy / math.log(3))
    assert found.missing == ()
    assert found.kinds.loc["supply"].tolist() == [0, 2, 1]
    assert found.kinds.loc["knowledge"].tolist() == [3, 0, 0]
    assert found.to_frame().equals(found.ties)


def test_ends_of_evenness():
    local = shoes().subgraph("abc")
    alone = linkage_balance(local)
    assert alone.evenness == 0
    assert alone.missing == ("regional", "global")
    assert repr(alone) == (
        "LinkageBalance(Fermo: 100% local, 0% regional and 0% global; evenness 0.00, "
        "no regional and global tie)"
    )
    even = shoes()
    even.remove_edges_from([("b", "c"), ("c", "a"), ("farm", "a")])
    assert linkage_balance(even).evenness == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_shares_are_those_of_another_count(seed):
    rng = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(40, 0.15, seed=seed, directed=True)
    for node in graph:
        graph.nodes[node].update(place=f"town {rng.integers(6)}")
    for _, data in graph.nodes(data=True):
        data["region"] = "east" if data["place"] < "town 3" else "west"
    found = linkage_balance(graph, place="town 1")
    counted = dict.fromkeys(("local", "regional", "global"), 0)
    reached = {level: set() for level in counted}
    for one, other in graph.edges:
        mine = [n for n in (one, other) if graph.nodes[n]["place"] == "town 1"]
        if len(mine) == 2:
            level = "local"
        elif len({graph.nodes[n]["region"] for n in (one, other)}) == 1:
            level = "regional"
        else:
            level = "global"
        if mine:
            counted[level] += 1
            reached[level] |= {*mine}
    assert found.ties["ties"].to_dict() == counted
    size = sum(graph.nodes[n]["place"] == "town 1" for n in graph)
    assert found.ties["firms"].tolist() == pytest.approx([len(reached[x]) / size for x in counted])
    assert found.ties["share"].sum() == pytest.approx(1)
    shuffled = nx.DiGraph()
    shuffled.add_nodes_from(reversed([*graph.nodes(data=True)]))
    shuffled.add_edges_from(reversed([*graph.edges]))
    pd.testing.assert_frame_equal(linkage_balance(shuffled, place="town 1").ties, found.ties)


def test_reach_of_ties_serves_where_regions_are_not_known():
    graph = shoes()
    for node in graph:
        del graph.nodes[node]["region"]
    levels = {"farm": "regional", "tanner": "regional", "buyer": "global"}
    for one, other, data in graph.edges(data=True):
        data["reach"] = next((levels[n] for n in (one, other) if n in levels), "local")
    assert linkage_balance(graph).ties["ties"].tolist() == [3, 2, 1]
    without = nx.DiGraph(graph)
    del without.edges["b", "buyer"]["reach"]
    with pytest.raises(ValueError, match="tie 'b' → 'buyer' has no reach, and 'b' no region"):
        linkage_balance(without)


def test_no_strength_is_not_zero():
    graph = shoes()
    del graph.edges["a", "b"]["strength"]
    assert linkage_balance(graph).ties["strength"].isna().all()
    for *_, data in graph.edges(data=True):
        data.clear()
    assert linkage_balance(graph).kinds.empty


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda g: g.nodes["a"].pop("place"), "lack .first: 'a'"),
        (
            lambda g: g.edges["a", "b"].update(reach="global"),
            "'a' → 'b' says global.*makes it local",
        ),
        (lambda g: g.remove_edges_from([*g.edges]), "no tie touches 'Fermo'"),
        (lambda g: g.add_node("d", **FAR) or g.add_node("e", **FAR), None),
    ],
)
def test_what_is_wrong_is_told(change, words):
    graph = shoes()
    change(graph)
    if words is None:
        graph.remove_node("c")
        words = "linkage_balance: place is 'Turin', which no node has; there are Fermo, Amandola"
        with pytest.raises(ValueError, match=words):
            linkage_balance(graph, place="Turin")
        return
    with pytest.raises(ValueError, match=words):
        linkage_balance(graph)


def test_two_places_of_one_size_are_not_chosen_between():
    graph = shoes()
    graph.remove_node("c")
    with pytest.raises(ValueError, match="places 'Fermo' and 'Amandola' have 2 nodes each"):
        linkage_balance(graph)


def test_cases_are_those_of_the_document():
    cases = datasets.load("linkage_cases").set_index(["case", "level"])
    assert cases.loc[("Medellín fashion", "global"), "state"] == "missing"
    assert cases.loc[("copies of Italian districts", "global"), "state"] == "missing"
    assert (cases["code"].isna() == (cases["state"] == "not said")).all()
    assert set(cases["state"]) == {"present", "weak", "missing", "not said"}
    assert cases.loc["Marche", "state"].tolist() == ["present"] * 3
