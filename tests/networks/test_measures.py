import itertools
import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab.networks import (
    centralisation,
    core_periphery_fit,
    ei_index,
    generate,
    measures,
    structure,
)
from tests.networks.rows import reciprocity, size_inequality, specificity, switching


def redundancy(graph):
    return measures._redundancy(measures._Context(graph))


def chain(*ties, **nodes):
    graph = nx.DiGraph()
    for seller, buyer, codified, strength in ties:
        graph.add_edge(seller, buyer, kind="supply", codified=codified, strength=strength)
    for node in graph:
        graph.nodes[node].update(product=nodes.get(node, "final"))
    return graph


def test_switching_by_hand():
    ties = ("s", "a", 0.5, 1), ("t", "a", 1.0, 1), ("u", "a", 0.9, 1), ("s", "b", 0.2, 1)
    graph = chain(*ties, s="x", t="x", u="y")
    assert switching(graph) == pytest.approx(((0.5 + 1.0 + 0) / 3 + 0.2) / 2)


def test_specificity_by_hand():
    # s sells 3/4 to a and 1/4 to b; others could use half of it. u has one customer only.
    graph = chain(("s", "a", 0.5, 3), ("s", "b", 0.5, 1), ("u", "a", 0.9, 2), s="x", u="y")
    assert specificity(graph) == pytest.approx(((9 / 16 + 1 / 16) * 0.5 + 1) / 2)


def test_star_and_ring():
    star, ring = nx.star_graph(20), nx.cycle_graph(20)
    assert centralisation(star) == 1
    assert centralisation(ring) == 0
    assert core_periphery_fit(star).fit == 1
    assert core_periphery_fit(star).core == (0,)
    assert redundancy(star).eq(0).all()


def test_ei_index_by_hand():
    graph = nx.Graph([("a", "b"), ("b", "c"), ("c", "d")])
    nx.set_node_attributes(graph, {"a": "p", "b": "p", "c": "q", "d": "r"}, "place")
    assert ei_index(graph) == pytest.approx((2 - 1) / 3)


def test_reciprocity_leaves_ownership_aside():
    graph = nx.DiGraph()
    graph.add_edge("a", "b", kind="supply")
    graph.add_edge("b", "a", kind="ownership")
    assert reciprocity(graph) == 0
    graph.add_edge("c", "a", kind="supply")
    graph.add_edge("a", "c", kind="knowledge")
    assert reciprocity(graph) == pytest.approx(2 / 3)
    bare = nx.gnp_random_graph(12, 0.3, seed=1, directed=True)
    assert reciprocity(bare) == pytest.approx(nx.overall_reciprocity(bare))


def test_redundancy_equals_networkx_effective_size():
    graph = nx.karate_club_graph()
    plain = nx.Graph(graph.edges)
    effective = nx.effective_size(plain)
    for node, share in redundancy(graph).items():
        assert 1 - effective[node] / plain.degree[node] == pytest.approx(share)


def test_size_inequality_by_hand():
    graph = nx.empty_graph(4)
    nx.set_node_attributes(graph, dict(enumerate([1, 1, 1, 5])), "size")
    pairs = [abs(x - y) for x, y in itertools.product([1, 1, 1, 5], repeat=2)]
    assert size_inequality(graph) == pytest.approx(sum(pairs) / (2 * 16 * 2))


def best_pattern(graph):
    names, best = list(graph), -1.0
    above = np.triu_indices(len(names), 1)
    ties = (nx.to_numpy_array(graph) > 0)[above]
    for size in range(1, len(names) - 1):
        for core in itertools.combinations(range(len(names)), size):
            inside = np.isin(np.arange(len(names)), core)
            best = max(best, np.corrcoef(ties, (inside[:, None] | inside)[above])[0, 1])
    return best


def test_core_periphery_against_full_enumeration():
    graphs = [nx.gnp_random_graph(8, 0.15 + 0.012 * seed, seed=seed) for seed in range(50)]
    graphs = [graph for graph in graphs if 0 < graph.number_of_edges() < 28]
    gaps = np.array([best_pattern(graph) - core_periphery_fit(graph).fit for graph in graphs])
    assert gaps.min() > -1e-9
    assert gaps.max() < 1e-9


def test_core_periphery_finds_a_planted_core():
    graph = nx.complete_graph(5)
    graph.add_edges_from((i % 5, 5 + i) for i in range(30))
    assert set(core_periphery_fit(graph).core) == set(range(5))


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 25), st.integers(0, 200), st.floats(0.05, 0.95))
def test_bounds_and_labels_do_not_matter(n, seed, density):
    graph = nx.gnp_random_graph(n, density, seed=seed)
    mixed = nx.relabel_nodes(graph, {i: f"firm {(i * 7919) % 10007}" for i in graph})
    frame, again = structure(graph), structure(mixed)
    for name in ("centralisation", "clustering", "redundancy"):
        value = frame.loc[name, "value"]
        assert math.isnan(value) or 0 <= value <= 1
        assert value == pytest.approx(again.loc[name, "value"], nan_ok=True)
    assert frame.loc["path length", "value"] == pytest.approx(
        again.loc["path length", "value"], nan_ok=True
    )


def test_path_length_and_clustering_equal_networkx():
    graph = nx.connected_watts_strogatz_graph(60, 6, 0.2, seed=4)
    frame = structure(graph)
    expected = nx.average_shortest_path_length(graph)
    assert frame.loc["path length", "value"] == pytest.approx(expected)
    assert frame.loc["clustering", "value"] == pytest.approx(nx.average_clustering(graph))
    assert frame.loc["path length", "error"] == 0


def test_random_networks_are_no_small_worlds_and_rewired_rings_are():
    # Fronczak et al.'s path length against simulation: the ratio is near 1 for random networks
    ratios = [
        structure(nx.gnm_random_graph(400, 2000, seed=s), ["small world"])["value"].iloc[0]
        for s in range(5)
    ]
    assert np.mean(ratios) == pytest.approx(1, abs=0.1)
    graph = nx.gnm_random_graph(1000, 5000, seed=1)
    frame = structure(graph, ["small world", "clustering", "path length"])["value"]
    expected_length = frame["small world"] * frame["path length"] * 10 / 999 / frame["clustering"]
    assert expected_length == pytest.approx(frame["path length"], rel=0.02)
    ring = nx.connected_watts_strogatz_graph(400, 10, 0.1, seed=1)
    assert structure(ring, ["small world"])["value"].iloc[0] > 5


def test_sampled_path_length_says_its_error_and_keeps_to_it():
    graph = nx.barabasi_albert_graph(600, 3, seed=2)
    exact = structure(graph, ["path length"])["value"].iloc[0]
    inside = 0
    for seed in range(40):
        row = structure(graph, ["path length"], sample=60, seed=seed).iloc[0]
        assert "60 starting nodes" in row["sentence"]
        inside += abs(row["value"] - exact) < 1.96 * row["error"]
    assert 34 <= inside <= 40  # 95 % of 40 is 38


def test_a_frame_with_a_sentence_for_each_and_what_is_missing():
    frame = structure(generate("relational"))
    assert frame["value"].notna().all()
    assert frame["sentence"].str.endswith(".").all()
    bare = structure(nx.cycle_graph(6))
    assert "needs the tie attribute 'kind'" in bare.loc["switching", "sentence"]
    assert "needs the node attribute 'size'" in bare.loc["size inequality", "sentence"]
    with pytest.raises(ValueError, match="needs the node attribute 'place'"):
        structure(nx.cycle_graph(6), ["E–I index"])


def test_disconnected_networks_are_said():
    graph = nx.disjoint_union(nx.cycle_graph(6), nx.cycle_graph(3))
    assert "6 of 9 nodes" in structure(graph).loc["path length", "sentence"]


def test_degenerate_networks():
    with pytest.raises(ValueError, match="is empty"):
        structure(nx.Graph())
    with pytest.raises(ValueError, match="tied to itself"):
        structure(nx.Graph([(1, 1)]))
    with pytest.raises(ValueError, match="knows no 'closeness'"):
        structure(nx.cycle_graph(4), ["closeness"])
    lonely = structure(nx.empty_graph(5))
    assert lonely.loc["path length", "sentence"].startswith("Not measured")
    assert lonely.loc["centralisation", "value"] == 0
    full = structure(nx.complete_graph(5))
    assert "both ties and gaps" in full.loc["core–periphery fit", "sentence"]
    knowing = nx.DiGraph()
    knowing.add_edge("a", "b", kind="knowledge")
    with pytest.raises(ValueError, match="network has none"):
        switching(knowing)


@pytest.mark.parametrize(
    "governance", ["market", "modular", "relational", "transnational community"]
)
def test_switching_and_specificity_by_matrices(governance):
    # the formulas of the docstrings, once more with arrays
    graph = generate(governance, seed=6)
    names = list(graph)
    at = {node: i for i, node in enumerate(names)}
    share, sold = np.zeros((len(names),) * 2), np.zeros((len(names),) * 2)
    for u, v, data in graph.edges(data=True):
        if data["kind"] == "supply":
            share[at[u], at[v]], sold[at[u], at[v]] = data["codified"], data["strength"]
    product = np.array([graph.nodes[node]["product"] for node in names])
    alike = product[:, None] == product
    others = alike.sum(axis=1) - 1
    tied = sold > 0
    buyers = tied.any(axis=0)
    per_tie = (share * others[:, None]).sum(axis=0)[buyers] / tied.sum(axis=0)[buyers]
    assert switching(graph) == pytest.approx(per_tie.mean())
    sellers = tied.any(axis=1)
    elsewhere = (alike.astype(int) @ tied > 0).sum(axis=1) > 1
    q = sold[sellers] / sold[sellers].sum(axis=1, keepdims=True)
    lost = (q**2 * (1 - share[sellers] * elsewhere[sellers, None])).sum(axis=1)
    assert specificity(graph) == pytest.approx(lost.mean())
