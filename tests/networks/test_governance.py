import itertools

import networkx as nx
import pytest

from clusterlab import networks
from clusterlab.networks import GOVERNANCE_TYPES, generate, governance_type
from tests.networks.rows import customers_per_supplier, reciprocity, specificity, switching

GVC = GOVERNANCE_TYPES[:5]


def test_five_of_eight_combinations_are_types():
    # Gereffi, Humphrey and Sturgeon (2005), as stated in the project's models.md
    found = {
        levels: governance_type(*levels) for levels in itertools.product(("low", "high"), repeat=3)
    }
    assert found["low", "high", "high"] == "market"
    assert found["high", "high", "high"] == "modular"
    assert found["high", "low", "high"] == "relational"
    assert found["high", "high", "low"] == "captive"
    assert found["high", "low", "low"] == "hierarchy"
    assert sorted(x for x in found.values() if x) == sorted(GVC)
    assert list(found.values()).count(None) == 3


@pytest.mark.parametrize("governance", GOVERNANCE_TYPES)
@pytest.mark.parametrize("size", [(4, 12, 24, 3), (2, 4, 0, 1), (10, 40, 80, 6), (2, 2, 1, 5)])
def test_every_network_keeps_to_the_vocabulary(governance, size):
    leads, suppliers, components, inputs = size
    graph = generate(
        governance, leads=leads, suppliers=suppliers, components=components, inputs=inputs, seed=3
    )
    networks.validate(graph)
    names = networks.vocabulary()
    networks.require(graph, "all", nodes=["role", "place", "region", "size", "owner", "product"])
    networks.require(graph, "all", ties=list(names.loc["tie"].index))
    networks.ownership(graph)
    firms = [d for _, d in graph.nodes(data=True) if d["role"] != "person"]
    assert len(firms) == leads + suppliers + components


def test_the_same_seed_gives_the_same_network():
    one, other, another = (generate("relational", seed=s) for s in (5, 5, 6))
    assert nx.utils.graphs_equal(one, other)
    assert not nx.utils.graphs_equal(one, another)


def test_types_keep_their_order_over_100_seeds():
    for seed in range(100):
        graphs = {governance: generate(governance, seed=seed) for governance in GOVERNANCE_TYPES}
        turn = {name: switching(graph) for name, graph in graphs.items()}
        assert turn["market"] > turn["modular"] > turn["relational"]
        customers = {name: customers_per_supplier(graph) for name, graph in graphs.items()}
        assert customers["modular"] > customers["captive"] == 1
        back = {name: reciprocity(graph) for name, graph in graphs.items()}
        assert max(back, key=back.get) == "relational"
        bound = {name: specificity(graphs[name]) for name in GVC[:4]}
        assert bound["market"] < bound["modular"] < bound["relational"] < bound["captive"]


def test_what_each_type_is_made_of():
    modular = generate("modular", leads=6, seed=2)
    for node, data in modular.nodes(data=True):
        if data["role"] == "supplier":  # turn-key suppliers are shared
            assert sum(k == "supply" for _, _, k in modular.out_edges(node, data="kind")) >= 4
    hierarchy = generate("hierarchy", seed=2)
    assert all(
        hierarchy.nodes[u]["owner"] == hierarchy.nodes[v]["owner"] for u, v in hierarchy.edges
    )
    community = generate("transnational community", seed=2)
    people = {n for n, d in community.nodes(data=True) if d["role"] == "person"}
    assert people
    rest = community.subgraph(set(community) - people)
    across = [(u, v) for u, v in rest.edges if rest.nodes[u]["place"] != rest.nodes[v]["place"]]
    assert across
    for u, v in across:  # firms trade at a distance only where somebody knows both
        assert any(community.has_edge(p, u) and community.has_edge(p, v) for p in people)
    thick = [community.edges[tie]["strength"] for tie in across]
    thin = [d["strength"] for *_, d in generate("market", seed=2).edges(data=True)]
    assert min(thick) > sum(thin) / len(thin)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="3 suppliers for 4 lead firms"):
        generate("market", suppliers=3)
    with pytest.raises(ValueError, match="'modul'"):
        generate("modul")
    with pytest.raises(ValueError, match="'medium'"):
        governance_type("high", "medium", "low")
    with pytest.raises(TypeError, match="did you mean 'suppliers'"):
        generate(supplier=3)
