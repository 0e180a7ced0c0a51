import networkx as nx
import pandas as pd
import pytest

from clusterlab.networks import GOVERNANCE_TYPES, closest_types, generate


@pytest.mark.parametrize("governance", GOVERNANCE_TYPES)
@pytest.mark.parametrize("seed", [1001, 1002])
def test_a_network_is_nearest_to_its_own_type(governance, seed):
    found = closest_types(generate(governance, seed=seed), per_type=6, replicates=200)
    assert found.types.index[0] == governance
    assert found.types["first"].sum() == pytest.approx(1)
    assert (found.types["low"] <= found.types["high"]).all()


def test_fewer_attributes_mean_less_certainty_and_are_said():
    graph = generate("relational", seed=7)
    sure = closest_types(graph, per_type=6, replicates=200)
    for node in graph:
        graph.nodes[node].clear()
    bare = closest_types(graph, per_type=6, replicates=200)
    assert len(bare.features) < len(sure.features)
    assert "E–I index" not in bare.features.index
    assert bare.types["first"].max() <= sure.types["first"].max()


def test_what_cannot_be_compared_is_refused():
    knowing = nx.DiGraph()
    knowing.add_edge("a", "b", kind="knowledge")
    with pytest.raises(ValueError, match="needs ties of kind 'supply'"):
        closest_types(knowing)
    with pytest.raises(ValueError, match="is empty"):
        closest_types(nx.DiGraph())
    with pytest.raises(TypeError, match="^closest_types.*networkx"):
        closest_types([("a", "b")])


def test_a_plain_list_of_ties_is_compared_by_who_is_tied_to_whom():
    # review case 18: no attribute at all; then ties of which only one says its kind
    plain = nx.DiGraph([("a", "b"), ("b", "c"), ("c", "d"), ("c", "e")])
    found = closest_types(plain, per_type=2, replicates=50)
    assert "centralisation" in found.features.index
    assert "switching" not in found.features.index
    supply = nx.DiGraph(plain)
    nx.set_edge_attributes(supply, "supply", "kind")
    same = closest_types(supply, per_type=2, replicates=50)
    pd.testing.assert_frame_equal(same.features.drop("customers per supplier"), found.features)
    del supply.edges["a", "b"]["kind"]
    with pytest.raises(ValueError, match=r"closest_types needs .*'kind', which 1 of 4 ties lack"):
        closest_types(supply)


def test_the_similarity_is_one_minus_the_mean_gap_over_the_range():
    graph = generate("relational", seed=5)
    found = closest_types(graph, per_type=1, replicates=10)
    table = found.features  # with one draw the means are the networks themselves
    span = table.max(axis=1) - table.min(axis=1)
    gaps = table.drop(columns="value").sub(table["value"], axis=0).abs().div(span, axis=0)
    alike = 1 - gaps[span > 0].mean()
    for name, value in found.types["similarity"].items():
        assert value == pytest.approx(alike[name])
