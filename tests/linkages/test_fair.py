"""Trade fairs: the formula, a loop of its own, and what the reader's choice says."""

import itertools

import networkx as nx
import numpy as np
import pytest

from clusterlab.linkages import trade_fair, widgets

SETTINGS = [
    {"travellers": 3, "lasting": 0.2, "fading": 0.3, "who": "drawn anew"},
    {"travellers": 3, "lasting": 0.2, "fading": 0.3, "who": "the same"},
    {"travellers": 5, "lasting": 0.5, "fading": 0.0, "who": "drawn anew", "clusters": 2},
    {"travellers": 6, "lasting": 1.0, "fading": 0.6, "who": "the same", "firms": 6},
    {"travellers": 2, "lasting": 0.4, "fading": 1.0, "who": "drawn anew", "fairs": 3},
]


@pytest.mark.parametrize("how", SETTINGS)
def test_simulated_links_are_those_of_the_formula(how):
    found = trade_fair(**how, replicates=500, seed=1)
    path = found.path
    off = (path["simulated"] - path["after"]).abs()
    assert (off <= 4 * path["error"] + 1e-9).all()
    assert path["left"].tolist() == pytest.approx(((1 - how["fading"]) * path["after"]).tolist())


@pytest.mark.parametrize("how", SETTINGS)
def test_the_formula_is_that_of_one_fair_after_the_other(how):
    found = trade_fair(**how, replicates=2)
    clusters, firms = found.given["clusters"], found.given["firms"]
    g, q, d = how["travellers"], how["lasting"], how["fading"]
    two = clusters * (clusters - 1) / 2
    anew = how["who"] == "drawn anew"
    pairs, both = (two * firms**2, (g / firms) ** 2) if anew else (two * g**2, 1)
    chance, expected = 0.0, [0.0]
    for _ in range(found.given["fairs"]):
        there = (1 - d) * chance
        chance = there + both * q * (1 - there)
        expected.append(pairs * chance)
    assert found.path["after"].tolist() == pytest.approx(expected)
    assert expected[1] == pytest.approx(q * two * g**2), "the first fair"
    far = trade_fair(**how | {"fairs": 200}, replicates=2)
    assert far.path["after"].iloc[-1] == pytest.approx(found.limit, rel=1e-6)
    left = (1 - d) * expected[-1]
    journeys = found.given["fairs"] * clusters * g
    assert found.journeys_per_link == (pytest.approx(journeys / left) if left else np.inf)


def test_links_after_exceed_links_before_by_what_the_formula_gives():
    found = trade_fair(replicates=500)
    path, new = found.path, (3 / 12) ** 2 * 0.2
    before = path["left"].shift(1).iloc[1:]
    gained = path["after"].iloc[1:] - before
    assert gained.to_numpy() == pytest.approx((new * (3 * 144 - before)).to_numpy())


def test_drawing_anew_never_leaves_fewer_links():
    rng = np.random.default_rng(0)
    for _ in range(100):
        how = {"travellers": int(rng.integers(0, 7)), "firms": int(rng.integers(7, 12))}
        how |= {"lasting": float(rng.random()), "fading": float(rng.random()), "replicates": 2}
        how |= {"fairs": int(rng.integers(1, 10))}
        anew, same = (
            trade_fair(**how, who=who).path["after"] for who in ("drawn anew", "the same")
        )
        assert (anew >= same - 1e-9).all()


def test_ends():
    nothing = trade_fair(travellers=0)
    assert nothing.path["after"].eq(0).all()
    assert nothing.limit == 0
    assert nothing.journeys_per_link == np.inf
    assert nothing.reach.tolist() == [0, 0, 0]
    all_meet = trade_fair(travellers=12, lasting=1, fading=0, fairs=1, replicates=3)
    assert all_meet.path["simulated"].tolist() == [0, 3 * 144]
    assert all_meet.reach.tolist() == [0, 1, 1]
    gone = trade_fair(fading=1)
    assert gone.journeys_per_link == np.inf
    assert gone.reach["before"] == 0
    assert trade_fair(fairs=1).reach["before"] == 0
    assert (trade_fair().to_frame() == trade_fair().path).all(axis=None)


def test_links_from_before_count_during_a_fair():
    reach = trade_fair(travellers=1, lasting=1, fading=0, fairs=8, who="drawn anew").reach
    assert reach["during"] == reach["after"] > reach["before"] > 0


def test_reach_is_that_of_shortest_paths():
    """One fair to which all go and at which every meeting lasts is known; here one traveller each."""
    found = trade_fair(
        clusters=2, firms=6, travellers=1, lasting=1, fairs=1, replicates=200, seed=3
    )
    # local ties of six firms with four neighbours: count, for each pair of travellers, who is near
    rng = np.random.default_rng(3)
    home = nx.watts_strogatz_graph(6, 4, 0.1, int(rng.integers(2**31)))
    near = []
    for u, v in itertools.product(home, home):
        both = nx.disjoint_union(home, home)
        both.add_edge(u, 6 + v)
        steps = dict(nx.all_pairs_shortest_path_length(both, cutoff=3))
        near.append(np.mean([6 + j in steps[i] for i in home for j in home]))
    assert min(near) - 1e-6 <= found.reach["after"] <= max(near) + 1e-6
    error = np.std(near) / 200**0.5
    assert found.reach["after"] == pytest.approx(np.mean(near), abs=4 * error + 1e-6)
    assert found.reach["during"] == found.reach["after"]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"clusters": 1}, "clusters is 1.*with one there is nobody else to meet"),
        ({"travellers": 13}, "travellers is 13, but it must be at most the 12 firms"),
        ({"lasting": 1.2}, "chance that a meeting leaves a link"),
        ({"fading": float("nan")}, "fading"),
        ({"who": "all"}, "who is 'all'"),
        ({"firms": 3000, "replicates": 5000}, "memory"),
    ],
)
def test_what_is_wrong_is_told(how, words):
    with pytest.raises(ValueError, match=words):
        trade_fair(**how)


def test_the_sentence_of_who_goes_is_true():
    """Every number of the sentence, by another count, for chosen and for random travellers."""
    rng = np.random.default_rng(5)
    firms = [f"{town}{i}" for town in "ABC" for i in range(1, 6)]
    groups = [[], ["A1"], ["A1", "A2"], ["A1", "B1"], ["A5", "B5", "C5"], firms]
    groups += [[*rng.choice(firms, rng.integers(1, 12), replace=False)] for _ in range(10)]
    home = [
        (f"{t}{i}", f"{t}{j}") for t in "ABC" for i, j in [(1, 2), (1, 3), (1, 4), (2, 3), (4, 5)]
    ]
    view = widgets.trade_fair()
    for going, known in itertools.product(groups, ([], [("A1", "B1"), ("C2", "A3")])):
        for lasting in (0, 0.1, 0.5, 1):
            view.made = [(firm, "fair") for firm in going] + known
            view.values = {"phase": "after", "lasting": lasting}
            told = view.sentence
            pairs = [p for p in itertools.combinations(sorted(going), 2) if p[0][0] != p[1][0]]
            new = [p for p in pairs if p not in known and p[::-1] not in known]
            links = [
                e
                for e in view.graph.edges
                if "fair" not in e
                and e[0][0] != e[1][0]
                and e not in known
                and e[::-1] not in known
            ]
            assert {frozenset(e) for e in links} <= {frozenset(p) for p in new}
            towns = {firm[0] for firm in going}
            if not going:
                assert told.startswith("Nobody travels")
            elif len(towns) == 1:
                assert "one cluster: nobody meets a stranger" in told
            else:
                assert told.startswith(
                    f"{len(going)} firms from {len(towns)} clusters travel; {len(new)} p"
                )
            if new and lasting:
                assert f"{lasting * len(new):.1f} link" in told
                assert (
                    f"{len(going) / (lasting * len(new)):.1f} journeys for each; here {len(links)}"
                    in told
                )
            else:
                assert "no link can last" in told
            graph = nx.Graph(home + known)
            graph.add_nodes_from(firms)
            for name, more in (("before", []), ("during", new), ("after", links)):
                now = graph.copy()
                now.add_edges_from(more)
                steps = dict(nx.all_pairs_shortest_path_length(now, cutoff=3))
                across = [p for p in itertools.combinations(firms, 2) if p[0][0] != p[1][0]]
                share = np.mean([v in steps[u] for u, v in across])
                words = (
                    "under 1%"
                    if 0 < share < 0.005
                    else "over 99%"
                    if 0.995 <= share < 1
                    else f"{share:.0%}"
                )
                assert f"{name} {words}" in told, (going, told)


def test_each_phase_is_drawn():
    view = widgets.trade_fair()
    seen = {}
    for phase in ("before", "during", "after"):
        view.values = {"phase": phase, "lasting": 1}
        seen[phase] = sum(edge["colour"] == view.edges[-1]["colour"] for edge in view.edges)
        across = [e for e in view.graph.edges if "fair" not in e and e[0][0] != e[1][0]]
        assert len(across) == (0 if phase == "before" else 3)
        assert sum("fair" in e for e in view.graph.edges) == 3
    assert {node["name"] for node in view.nodes if "travels" in node["spoken"]} == {
        "A5",
        "B5",
        "C5",
    }
