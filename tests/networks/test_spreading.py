import networkx as nx
import numpy as np
import pytest

from clusterlab import networks
from clusterlab.networks import spread


def chain(*ties):
    graph = nx.DiGraph()
    for source, target, strength, codified in ties:
        graph.add_edge(source, target, strength=strength, codified=codified)
    nx.set_node_attributes(graph, {node: node for node in graph}, "place")
    return graph


@pytest.mark.parametrize(("knowledge", "share"), [("tacit", 0.7), ("codified", 0.3)])
def test_one_tie_follows_the_closed_form(knowledge, share):
    found = spread(chain(("a", "b", 2, 0.3)), ["a"], knowledge=knowledge, replicates=20_000)
    exact = 1 - np.exp(-0.1 * 2 * share * np.arange(21))
    np.testing.assert_allclose(found["b"], exact, atol=0.012)
    assert (found["a"] == 1).all()


def test_two_teachers_are_independent_and_a_step_takes_a_period():
    graph = chain(("a", "c", 3, 0), ("b", "c", 5, 0), ("c", "d", 1e6, 0))
    found = spread(graph, ["a", "b"], periods=3, replicates=20_000)
    assert found["c"][1] == pytest.approx(1 - np.exp(-0.8), abs=0.012)
    assert found["d"][1] == 0  # one step a period
    assert found["d"][2] == pytest.approx(found["c"][1], abs=1e-9)
    back = spread(graph, ["d"], periods=2, replicates=20_000)  # buyers and suppliers both learn
    assert back["c"][1] == 1
    assert back["a"][2] == pytest.approx(1 - np.exp(-0.3), abs=0.012)


def test_without_bridging_people_nothing_tacit_crosses():
    graph = networks.generate("transnational community")
    home = [n for n, place in graph.nodes(data="place") if place == "cluster"][:1]
    assert spread(graph, home)["abroad"].iloc[-1] > 0.5
    people = [n for n, role in graph.nodes(data="role") if role == "person"]
    alone = graph.copy()
    alone.remove_nodes_from(people)
    across = [tie for tie in alone.edges if len({alone.nodes[n]["place"] for n in tie}) == 2]
    alone.remove_edges_from(across)  # they traded only because somebody knew both
    assert spread(alone, home)["abroad"].iloc[-1] == 0


def test_seeds_and_bad_input():
    graph = chain(("a", "b", 2, 0.3))
    assert spread(graph, ["a"], seed=1).equals(spread(graph, ["a"], seed=1))
    with pytest.raises(ValueError, match="'z' is not a node"):
        spread(graph, ["z"])
    with pytest.raises(ValueError, match="must be one of 'tacit', 'codified'"):
        spread(graph, ["a"], knowledge="implicit")
    with pytest.raises(ValueError, match="rate is 0"):
        spread(graph, ["a"], rate=0)
    with pytest.raises(ValueError, match="needs the node attribute 'region'"):
        spread(graph, ["a"], by="region")
