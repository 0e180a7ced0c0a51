import networkx as nx
import pytest

from clusterlab.networks import TYPES, closest_types, generate


@pytest.mark.parametrize("governance", TYPES)
@pytest.mark.parametrize("seed", [1001, 1002])
def test_a_network_is_nearest_to_its_own_type(governance, seed):
    found = closest_types(generate(governance, seed=seed), draws=6, resamples=200)
    assert found.types.index[0] == governance
    assert found.types["first"].sum() == pytest.approx(1)
    assert (found.types["low"] <= found.types["high"]).all()


def test_fewer_attributes_mean_less_certainty_and_are_said():
    graph = generate("relational", seed=7)
    sure = closest_types(graph, draws=6, resamples=200)
    for node in graph:
        graph.nodes[node].clear()
    bare = closest_types(graph, draws=6, resamples=200)
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
