import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import comb

from clusterlab.networks import (
    TYPES,
    cascade,
    demand_shift,
    fragile_points,
    generate,
    influence,
    removal,
    supplier_failure,
    volatility,
)


def star(n):
    return nx.DiGraph([("hub", i) for i in range(n - 1)])


@pytest.mark.parametrize("n", [3, 10, 50])
@pytest.mark.parametrize("labour_share", [0.2, 0.5, 1])
def test_ring_and_complete_network_average_shocks_out_alike(n, labour_share):
    # Acemoglu et al. (2012): the norm is 1/sqrt(n) for both
    for graph in (nx.cycle_graph(n, create_using=nx.DiGraph), nx.complete_graph(n)):
        assert volatility(graph, labour_share=labour_share) == pytest.approx(n**-0.5)


def test_star_amplifies():
    assert volatility(star(10), labour_share=0.5) == pytest.approx(0.5701, abs=5e-5)  # models.md
    hub = 0.5 / 10 + 0.5
    assert volatility(star(10)) == pytest.approx(np.sqrt(hub**2 + 9 * 0.05**2))
    assert volatility(star(10), sigma=2) == pytest.approx(2 * volatility(star(10)))


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 15), st.integers(0, 99), st.floats(0.05, 1))
def test_influence_sums_to_one_and_solves_its_equation(n, seed, labour_share):
    graph = nx.gnp_random_graph(n, 0.3, seed=seed, directed=True)
    vector = influence(graph, labour_share=labour_share)
    assert vector.sum() == pytest.approx(1)
    uses = nx.to_numpy_array(graph).T
    uses[uses.sum(axis=1) == 0] = np.eye(n)[uses.sum(axis=1) == 0]
    uses /= uses.sum(axis=1, keepdims=True)
    expected = labour_share / n + (1 - labour_share) * uses.T @ vector.to_numpy()
    np.testing.assert_allclose(vector, expected)
    assert volatility(graph, labour_share=labour_share) >= n**-0.5 - 1e-9


def test_influence_weighs_by_strength_and_leaves_other_kinds_aside():
    graph = nx.DiGraph()
    graph.add_edge("big", "user", kind="supply", strength=3)
    graph.add_edge("small", "user", kind="supply", strength=1)
    plain = influence(graph)
    assert plain["big"] > plain["small"]
    graph.add_edge("user", "small", kind="knowledge", strength=9)
    assert influence(graph)["small"] == pytest.approx(plain["small"])
    del graph.edges["small", "user"]["strength"]
    with pytest.raises(ValueError, match="needs the tie attribute 'strength'"):
        influence(graph)


@pytest.mark.parametrize(
    "case", list(itertools.product([0, 0.1, 0.5, 1], [1, 2, 4], [1, 5], [0, 0.6], [0, 0.2]))
)
def test_survival_exact_and_simulated_agree(case):
    failure, substitutes, inputs, repair, platform = case
    found = supplier_failure(
        failure=failure, substitutes=substitutes, inputs=inputs, repair=repair, platform=platform,
        seed=1,
    )  # fmt: skip
    formula = (1 - platform) * (1 - (failure * (1 - repair)) ** substitutes) ** inputs
    assert found.exact == pytest.approx(formula)
    assert abs(found.simulated - found.exact) <= 4.5 * found.error
    assert found.by_failure.loc[failure, "as set"] == pytest.approx(found.exact)


def test_the_two_formulas_of_the_literature():
    thin = supplier_failure(failure=0.2, substitutes=3, inputs=4)
    assert thin.exact == pytest.approx((1 - 0.2**3) ** 4)
    thick = supplier_failure(failure=0.2, substitutes=1, inputs=4, repair=0.7)
    assert thick.exact == pytest.approx((1 - 0.2 * 0.3) ** 4)


def test_a_shared_platform_undoes_substitutes():
    many = supplier_failure(failure=0.1, substitutes=8, platform=0.1)
    assert many.exact == pytest.approx(0.9, abs=1e-6)
    assert supplier_failure(failure=0.1, substitutes=2).exact > many.exact


def test_cascade_by_hand():
    graph = nx.DiGraph()
    graph.add_nodes_from(["ore", "steel"], product="metal")
    graph.add_node("part", product="part")
    graph.add_edges_from([("ore", "part"), ("part", "car"), ("steel", "car")], kind="supply")
    graph.add_edge("car", "ore", kind="knowledge")
    assert cascade(graph, ["ore"]).to_dict() == {
        "ore": 0, "steel": -1, "part": 1, "car": 2
    }  # fmt: skip
    assert (cascade(graph, []) == -1).all()
    assert cascade(graph, ["ore"], repair=1)["part"] == -1
    assert fragile_points(graph)["stopped"].to_dict() == {
        "ore": 2, "part": 1, "steel": 1, "car": 0
    }  # fmt: skip


def test_cascade_in_a_network_agrees_with_the_formula():
    # one buyer, k inputs with m suppliers each, all failing independently
    graph = nx.DiGraph()
    for kind, copy in itertools.product(range(3), range(2)):
        graph.add_node((kind, copy), product=f"input {kind}")
        graph.add_edge((kind, copy), "buyer", kind="supply")
    rng, lives = np.random.default_rng(0), 0
    suppliers = [node for node in graph if node != "buyer"]
    for _ in range(3000):
        failed = [node for node in suppliers if rng.random() < 0.4]
        lives += cascade(graph, failed)["buyer"] == -1
    assert lives / 3000 == pytest.approx((1 - 0.4**2) ** 3, abs=0.03)


@pytest.mark.parametrize("governance", TYPES)
def test_removal_ends_are_known(governance):
    graph = generate(governance, seed=1)
    left = removal(graph, replicates=5)
    whole = max(map(len, nx.connected_components(graph.to_undirected()))) / len(graph)
    for curve in (left.random, left.targeted):
        assert curve.iloc[0] == pytest.approx(whole)
        assert curve.iloc[-1] == 0
        assert (curve.diff().dropna() <= 1e-12).all()


def test_hubs_fail_gracefully_at_random_and_badly_when_aimed_at():
    left = removal(nx.barabasi_albert_graph(200, 2, seed=1))
    at_random, targeted = left.at(0.3)
    assert targeted < 0.5 * at_random
    assert left.targeted.sum() < left.random.sum()


def test_removal_equals_recomputing_components():
    graph = nx.barabasi_albert_graph(30, 2, seed=3)
    curve = removal(graph, replicates=1).targeted
    order = sorted(graph, key=lambda node: -graph.degree[node])
    for removed in (1, 5, 12, 29):
        rest = graph.subgraph(order[removed:])
        assert curve.iloc[removed] == pytest.approx(
            max(map(len, nx.connected_components(rest))) / 30
        )


def test_molloy_reed_threshold_on_a_random_network():
    graph = nx.gnm_random_graph(3000, 6000, seed=1)  # Poisson degrees, mean 4: 1 - 1/4
    left = removal(graph, replicates=3)
    assert left.threshold == pytest.approx(0.75, abs=0.02)
    above, _ = left.at(left.threshold + 0.1)
    below, _ = left.at(left.threshold - 0.15)
    assert above < 0.02 < 0.1 < below
    assert removal(nx.path_graph(2), replicates=1).threshold is None


def test_demand_shift_against_the_hypergeometric():
    # nobody refuses: the chance is that of having a holder among the partners drawn
    found = demand_shift(closure=1, trust=1, ties=6, combined=1, replicates=200, novelty=0)
    chance = 1 - comb(15, 6) / comb(19, 6)  # three skills of 5 holders, the own one of 4
    others = 1 - comb(14, 6) / comb(19, 6)
    expected = (chance + 3 * others) / 4
    assert found.before == pytest.approx(expected, abs=0.01)
    assert found.after == found.before


def test_demand_shift_by_hand():
    # two trades of three firms, everyone lists both others of its trade: half of a firm's partners
    # are its partner's too, so without trust a partner takes part in one case of two; two of the
    # three competences of the trade are held by another firm
    found = demand_shift(
        closure=1, trust=0, ties=2, combined=1, novelty=0, firms=6, trades=2, competences=3
    )
    assert found.before == pytest.approx(2 / 3 * 1 / 2)
    assert found.redundancy == pytest.approx(1 / 2)
    trusting = demand_shift(
        closure=1, trust=0.5, ties=2, combined=1, novelty=0, firms=6, trades=2, competences=3
    )
    assert trusting.before == pytest.approx(2 / 3 * 3 / 4)


def test_tight_ties_win_before_the_shift_and_lose_after_it():
    found = demand_shift(replicates=40)
    assert found.met.loc[0, "tight"] > found.met.loc[0, "open"] + 0.3
    assert found.met["tight"].iloc[-1] == 0 < found.met["open"].iloc[-1]
    losses = [demand_shift(closure=c, novelty=0.8) for c in (0, 0.5, 1)]
    drops = [one.before - one.after for one in losses]
    assert drops == sorted(drops)
    assert [one.redundancy for one in losses] == sorted(one.redundancy for one in losses)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="labour_share is 0"):
        influence(star(3), labour_share=0)
    with pytest.raises(ValueError, match="'nobody' is not a node"):
        cascade(generate("modular"), ["nobody"])
    with pytest.raises(ValueError, match="needs the node attribute 'product'"):
        cascade(nx.DiGraph([("a", "b", {"kind": "supply"})]), ["a"])
    with pytest.raises(ValueError, match="repair is 2"):
        cascade(generate("modular"), [], repair=2)
    with pytest.raises(ValueError, match=r"failure is 1\.2"):
        supplier_failure(failure=1.2)
    with pytest.raises(ValueError, match="replicates is 0"):
        removal(star(4), replicates=0)
    with pytest.raises(ValueError, match="is empty"):
        removal(nx.Graph())
    with pytest.raises(ValueError, match="do not divide into 3 equal trades"):
        demand_shift(firms=61)
    with pytest.raises(ValueError, match="20 partners each need more"):
        demand_shift(ties=20)
    with pytest.raises(ValueError, match="sigma is -1"):
        volatility(star(3), sigma=-1)
