"""Bartering: by hand, against a loop that does one meeting after the other, and the hump."""

import itertools
import random as chance

import networkx as nx
import numpy as np
import pytest

from clusterlab import datasets
from clusterlab.linkages import barter
from clusterlab.linkages.bartering import _ahead

PAIR = nx.Graph([("a", "b")])


def begin(replicates, agents, categories, seed=0):
    """Return what agents know at first where a graph is given: replicates × agents × categories."""
    drawn = np.random.default_rng(seed).uniform(0, 10, (categories, replicates, agents))
    return drawn.transpose(1, 2, 0)


def test_two_agents_who_learn_all_at_once():
    found = barter(PAIR, experts="none", categories=3, absorption=1, meetings=30, replicates=400)
    start = begin(400, 2, 3)
    leads = (start[:, 0] > start[:, 1]).sum(axis=1)
    both = (leads > 0) & (leads < 3)
    # three categories, so one of them leads in one: after that one trade only the other leads, and
    # in the category that is left there is nothing to give in return
    left = np.sort(np.abs(start[:, 0] - start[:, 1]), axis=1)
    level = found.runs["level"].to_numpy()
    rest = level[~both] - start[~both].mean(axis=(1, 2))
    assert rest == pytest.approx(0)
    gained = 6 * (level - start.mean(axis=(1, 2)))[both]
    assert (found.runs["trades"].to_numpy() == both).all()
    options = [left[both].sum(axis=1) - left[both][:, k] for k in range(3)]
    assert (np.min([np.abs(gained - option) for option in options], axis=0) < 1e-9).all()
    assert found.runs["settled"].all()


def test_both_give_as_many_categories_as_the_poorer_list_has():
    found = barter(PAIR, experts="none", categories=9, absorption=0.5, meetings=1, replicates=500)
    start = begin(500, 2, 9)
    leads = (start[:, 0] > start[:, 1]).sum(axis=1)
    most = np.minimum(leads, 9 - leads)
    # on average each traded category brings half of a mean lead to one of two agents in nine
    gap = np.abs(start[:, 0] - start[:, 1])
    one = np.where(leads <= 4, 1, 0)  # whose list is the shorter one: all of it is traded
    shorter = (start[:, 0] > start[:, 1]) == one[:, None].astype(bool)
    sure = (gap * shorter).sum(axis=1)
    drawn = (gap * ~shorter).sum(axis=1) * most / np.maximum(9 - most, 1)
    gained = 18 * (found.runs["level"].to_numpy() - start.mean(axis=(1, 2)))
    wanted = np.where(most > 0, 0.5 * (sure + drawn), 0)
    error = (gained - wanted).std(ddof=1) / len(gained) ** 0.5
    assert (gained - wanted).mean() == pytest.approx(0, abs=3 * error)
    assert (gained[most == 0] == pytest.approx(0)) or not (most == 0).any()


def one_after_the_other(agents, neighbours, categories, absorption, meetings, seed):
    """Return the mean level of one run: the process as it is told, without any shortcut."""
    rng = chance.Random(seed)
    graph = nx.watts_strogatz_graph(agents, neighbours, 0.2, seed=seed)
    ties = [*graph.edges]
    know = [[rng.uniform(0, 10) for _ in range(categories)] for _ in range(agents)]
    for category, expert in enumerate(rng.sample(range(agents), categories)):
        know[expert][category] = 30
    for _ in range(meetings * len(ties)):
        i, j = rng.choice(ties)
        mine = [k for k in range(categories) if know[i][k] > know[j][k] + 1e-9]
        yours = [k for k in range(categories) if know[j][k] > know[i][k] + 1e-9]
        many = min(len(mine), len(yours))
        for k in rng.sample(mine, many):
            know[j][k] += absorption * (know[i][k] - know[j][k])
        for k in rng.sample(yours, many):
            know[i][k] += absorption * (know[j][k] - know[i][k])
    return sum(map(sum, know)) / agents / categories


def test_levels_are_those_of_one_meeting_after_the_other():
    size = {"agents": 24, "neighbours": 4, "categories": 3, "absorption": 0.3, "meetings": 15}
    slow = np.array([one_after_the_other(**size, seed=seed) for seed in range(250)])
    fast = barter(rewiring=0.2, **size, replicates=250)
    error = np.hypot(slow.std(ddof=1) / 250**0.5, fast.standard_error)
    assert fast.level == pytest.approx(slow.mean(), abs=3 * error)
    assert error < 0.2
    assert fast.standard_error == pytest.approx(fast.runs["level"].std(ddof=1) / 250**0.5)


def test_nobody_forgets_and_nobody_knows_more_than_the_best():
    ring = nx.cycle_graph(20)
    for experts in ("none", "one in each category", "in random categories", "in every category"):
        start = barter(ring, experts=experts, categories=4, meetings=1, absorption=1e-12)
        end = barter(ring, experts=experts, categories=4, meetings=200, absorption=0.3)
        assert (end.runs["level"] >= start.runs["level"] - 1e-9).all()
        assert (end.runs["level"] <= 30).all()
    flat = barter(ring, experts="none", categories=1, meetings=50)
    assert (flat.runs["trades"] == 0).all(), "with one category nobody has anything in return"
    assert flat.runs["settled"].all()


def test_experts():
    ring, known = nx.cycle_graph(40), {}
    for experts in ("none", "one in each category", "in random categories", "in every category"):
        tiny = barter(
            ring, experts=experts, categories=5, meetings=1, absorption=1e-12, replicates=300
        )
        known[experts] = tiny.level
    assert known["none"] == pytest.approx(5, abs=0.1)
    # one expert in each of five categories: 5 of 200 levels are 30 instead of 5 on average
    assert known["one in each category"] == pytest.approx(5 + 25 * 5 / 200, abs=0.1)
    assert known["in every category"] == pytest.approx(5 + 25 * 25 / 200, abs=0.1)
    assert known["in random categories"] == pytest.approx(5 + 25 * 5 / 200, abs=0.1)


def test_who_knows_all_takes_no_part():
    star = nx.star_graph(3)  # with two categories and two experts there is always one to learn
    found = barter(star, experts="in every category", categories=1, meetings=50)
    assert (found.runs["trades"] == 0).all()


def test_a_lead_within_the_tolerance_is_none():
    known = np.array([[10.0, 10.1, 10.11], [5.0, 4.0, 4.0]])
    first, second = np.array([0, 0]), np.array([1, 2])
    ahead, can = _ahead(known, first, second, 0.01)
    assert can.tolist() == [False, True]
    assert ahead[0].tolist() == [0, pytest.approx(-0.11)]
    assert _ahead(known, first, second, 0.0)[1].tolist() == [True, True]
    just = np.array([[10.0, 10.1005], [5.0, 4.0]])  # more than 1 % of the lower, less of the higher
    assert _ahead(just, np.array([0]), np.array([1]), 0.01)[1].all()
    assert not _ahead(known + 1e-12, *[np.array([0])] * 2, 0.0)[1].any()


def test_the_hump():
    """The mean level with a few rewired ties is five standard errors above both ends."""
    ring, some, random = (barter(rewiring=p, meetings=150) for p in (0, 0.09, 1))
    for end in (ring, random):
        error = np.hypot(some.standard_error, end.standard_error)
        assert some.level - end.level > 5 * error
        assert len(end.runs) == 20


def test_the_shipped_runs_show_the_hump_under_both_schedules_and_where_it_goes():
    runs = datasets.load("barter_runs").set_index("rewiring")
    kinds = ["experts", "tolerance", "absorption", "schedule"]
    humps = {}
    for kind, table in runs.groupby(kinds):
        level, error = table["level"], table["level_error"]
        best = level.idxmax()
        humps[kind] = min(
            (level[best] - level[e]) / np.hypot(error[best], error[e]) for e in (0, 1)
        )
    one = "one in each category"
    assert humps[one, 0.0, 0.1, "one at a time"] > 5
    assert humps[one, 0.0, 0.1, "in rounds"] > 5
    assert humps["in random categories", 0.0, 0.1, "one at a time"] < 5
    assert humps["in every category", 0.0, 0.1, "one at a time"] < 1
    assert humps["none", 0.0, 0.1, "one at a time"] < 1


def test_in_rounds_nobody_meets_twice():
    path = nx.path_graph(3)  # both ties share the middle: one meeting a round
    found = barter(path, experts="none", categories=4, schedule="in rounds", meetings=40)
    same = barter(path, experts="none", categories=4, meetings=40)
    error = np.hypot(found.standard_error, same.standard_error)
    assert found.level == pytest.approx(same.level, abs=4 * error)


def test_the_same_seed_whatever_the_order_of_rows():
    graph = nx.gnp_random_graph(30, 0.2, seed=3)
    again = nx.Graph()
    again.add_nodes_from(reversed([*graph]))
    again.add_edges_from((v, u) for u, v in reversed([*graph.edges]))
    how = {"categories": 4, "meetings": 30, "replicates": 3}
    assert barter(graph, **how).level == barter(again, **how).level
    assert barter(graph, **how, seed=1).level != barter(graph, **how).level


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (
            {"neighbours": 500},
            "neighbours is 500, but it must be an even number below the 500 agents",
        ),
        ({"neighbours": 5}, "neighbours is 5, but it must be an even number"),
        ({"absorption": 0}, "absorption is 0, but absorption .* must be above 0 and at most 1"),
        ({"absorption": 1.1}, "must be above 0 and at most 1"),
        ({"rewiring": 1.5}, "rewired ties"),
        ({"experts": "some"}, "experts is 'some'"),
        ({"graph": nx.empty_graph(20)}, "the graph has no ties"),
        ({"graph": PAIR, "categories": 2}, "2 experts among 2 agents leave nobody to learn"),
        ({"tolerance": float("nan")}, "tolerance"),
        ({"agents": 10**5, "neighbours": 2, "replicates": 10**3}, "memory"),
        ({"graph": "ring"}, "graph must be a Graph"),
    ],
)
def test_what_is_wrong_is_told(how, words):
    with pytest.raises((ValueError, TypeError), match=words):
        barter(**how)


def test_every_pair_in_a_clique_can_be_settled():
    clique = nx.complete_graph(6)
    found = barter(clique, experts="none", categories=2, absorption=1, meetings=400, replicates=50)
    assert found.runs["settled"].all()
    assert set(found.to_frame()) == {"level", "spread", "trades", "settled"}
    assert len([*itertools.combinations(clique, 2)]) == clique.number_of_edges()
