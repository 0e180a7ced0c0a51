import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import comb

from clusterlab.networks import (
    GOVERNANCE_TYPES,
    demand_shift,
    fragile_points,
    generate,
    influence,
    read,
    removal,
    supplier_failure,
    volatility,
)
from clusterlab.networks.shocks import _from_own, _partners_drawn


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
        failure=failure,
        substitutes=substitutes,
        inputs=inputs,
        repair=repair,
        platform=platform,
        seed=1,
    )
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


def production():
    graph = nx.DiGraph()
    graph.add_nodes_from(["ore", "steel"], product="metal")
    graph.add_node("part", product="part")
    graph.add_edges_from([("ore", "part"), ("part", "car"), ("steel", "car")], kind="supply")
    graph.add_edge("car", "ore", kind="knowledge")
    return graph


def test_what_stops_when_one_fails_by_hand():
    stopped = fragile_points(production())["stopped"].to_dict()
    assert stopped == {"ore": 2, "part": 1, "steel": 1, "car": 0}


def stops(graph, failed):
    """Others that can no longer produce: everybody who lacks a product, again and again."""
    live = set(graph) - {failed}
    while True:
        lacking = set()
        for buyer in live:
            wanted = {}
            for seller, _, kind in graph.in_edges(buyer, data="kind"):
                if kind == "supply":
                    wanted.setdefault(graph.nodes[seller]["product"], []).append(seller in live)
            if not all(any(there) for there in wanted.values()):
                lacking.add(buyer)
        if not lacking:
            return len(graph) - 1 - len(live)
        live -= lacking


@pytest.mark.parametrize("governance", GOVERNANCE_TYPES)
def test_fragile_points_against_taking_each_node_out(governance):
    graph = generate(governance, seed=3)
    found, flat = fragile_points(graph), nx.Graph(graph)
    whole = nx.number_connected_components(flat)
    for node, row in found.iterrows():
        assert row["stopped"] == stops(graph, node)
        rest = flat.subgraph(set(flat) - {node})
        alone = flat.degree[node] == 0
        assert row["cut"] == (not alone and nx.number_connected_components(rest) > whole)
    ranked = list(zip(-found["stopped"], -found["influence"].round(12), strict=True))
    assert ranked == sorted(ranked)


def test_a_plain_list_of_ties_has_cut_nodes_and_influence():
    # review case 18: only `stopped` needs kind and product
    ties = {"source": ["a", "b", "c", "c"], "target": ["b", "c", "d", "e"]}
    plain = fragile_points(read(pd.DataFrame(ties)))
    assert plain["stopped"].isna().all()
    assert set(plain.index[plain["cut"]]) == {"b", "c"}
    assert plain["influence"].sum() == pytest.approx(1)
    supply = read(pd.DataFrame({**ties, "kind": "supply"}))
    pd.testing.assert_frame_equal(fragile_points(supply), plain)
    supply.nodes["a"]["product"] = "ore"  # the sellers b and c do not say what they make
    with pytest.raises(ValueError, match=r"fragile_points needs .*'product', which 2 of 3 nodes"):
        fragile_points(supply)
    del supply.edges["a", "b"]["kind"]
    with pytest.raises(ValueError, match=r"fragile_points needs .*'kind', which 1 of 4 ties lack"):
        fragile_points(supply)


@pytest.mark.parametrize("governance", GOVERNANCE_TYPES)
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
    # each other skill has 5 holders; its own, of 4, is not asked for
    assert found.before == pytest.approx(1 - comb(14, 6) / comb(19, 6), abs=0.01)
    assert found.after == found.before


def test_demand_shift_by_hand():
    # two trades of three firms, everyone lists both others of its trade: half of a firm's partners
    # are its partner's too, so without trust a partner takes part in one case of two; both other
    # competences of the trade are held by one partner each
    found = demand_shift(
        closure=1, trust=0, ties=2, combined=1, novelty=0, firms=6, trades=2, competences=3
    )
    assert found.before == pytest.approx(1 / 2)
    assert found.redundancy == pytest.approx(1 / 2)
    trusting = demand_shift(
        closure=1, trust=0.5, ties=2, combined=1, novelty=0, firms=6, trades=2, competences=3
    )
    assert trusting.before == pytest.approx(3 / 4)


def orders(closure, novelty, trust, combined, count, ties=12):
    """Draw firms, partners who take part and orders one by one, as the docstring tells it."""
    trade, skill = np.repeat(np.arange(3), 20), np.tile(np.arange(20) % 4, 3)
    rng, met = np.random.default_rng(5), 0
    same = trade[:, None] == trade
    partners = _partners_drawn(np.random.default_rng(0), same, closure, ties, 20)
    for _ in range(count):
        lists, firm = partners[rng.integers(20)], rng.integers(60)
        own = np.flatnonzero(lists[firm])
        common = (lists[own] & lists[firm]).sum(axis=1) / ties
        there = own[rng.random(ties) < trust + (1 - trust) * common]
        have = set(zip(trade[there].tolist(), skill[there].tolist(), strict=True))
        asked = [(int(trade[firm]), int(skill[firm]))]
        while len(asked) <= combined:
            new = int(rng.choice(np.flatnonzero(np.arange(3) != trade[firm])))
            one = (new if rng.random() < novelty else int(trade[firm]), int(rng.integers(4)))
            if one not in asked:
                asked.append(one)
        met += have.issuperset(asked[1:])
    return met / count


@pytest.mark.parametrize(
    ("closure", "novelty", "trust", "combined", "reference"),
    [
        (0.8, 0, 0.5, 2, 0.844),
        (0.8, 0.6, 0.5, 2, 0.137),
        (0.8, 0.6, 0.5, 4, 0.006),
        (0, 0.6, 0.3, 4, 0.0155),
    ],
)
def test_demand_shift_against_orders_drawn_one_by_one(closure, novelty, trust, combined, reference):
    # review case models_04; the references are those of models.md
    setting = {"closure": closure, "novelty": novelty, "trust": trust, "combined": combined}
    found = demand_shift(**setting).after
    assert found == pytest.approx(reference, abs=0.01)
    count = 2000
    drawn = orders(**setting, count=count)
    assert abs(found - drawn) < 4 * np.sqrt(max(found, 0.005) / count)


def test_a_trade_without_enough_competences_asks_elsewhere():
    # one competence besides the own one in the trade: the second comes from elsewhere, ν or not
    setting = {"competences": 2, "trust": 1, "ties": 10, "closure": 0.5}
    found = demand_shift(combined=2, novelty=0, **setting)
    assert 0.5 < found.before < 1
    assert demand_shift(combined=2, novelty=0, **{**setting, "closure": 1}).before == 0
    with pytest.raises(ValueError, match="combined is 6, but there are 5 competences besides"):
        demand_shift(combined=6, **setting)


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


def test_what_is_used_up_is_drawn_no_more():
    # two of its own trade and three of the other: all five, in whatever order
    chances = _from_own(np.array([0.0, 0.3, 1.0]), 5, 3, 2)
    np.testing.assert_allclose(chances, [[0, 0, 1, 0, 0, 0]] * 3, atol=1e-15)
    # four of five: the one left out is of either trade
    some = _from_own(np.array([0.3]), 4, 3, 2)[0]
    assert some[[0, 3, 4]].tolist() == [0, 0, 0]
    assert some.sum() == pytest.approx(1)
