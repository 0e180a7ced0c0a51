"""Chains of income classes: by hand, against `transitions`, planted truth, and what is refused."""

from types import SimpleNamespace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from clusterlab import datasets, transitions
from clusterlab.regions import chains, markov, quantile_classes, spatial_markov
from clusterlab.regions.classes import classified


def us_incomes():
    table = datasets.load("us_state_income")
    return table.pivot_table(index="state", columns="year", values="income")


def us_neighbours():
    borders = datasets.load("state_neighbours").query("country == 'United States'")
    return borders[["state", "neighbour"]]


US, NEAR = us_incomes(), us_neighbours()


def panel(rows, years=range(2000, 2100)):
    rows = {name: list(values) for name, values in rows.items()}
    return pd.DataFrame(rows, list(years)[: len(rows[next(iter(rows))])]).T


# Four regions, three years. Classes of two: A 1 1 2, B 1 2 1, C 2 1 1, D 2 2 2.
FOUR = panel({"A": [1, 1, 3], "B": [2, 3, 2], "C": [3, 2, 1], "D": [4, 4, 4]})
PAIRS = {"A": ["B"], "B": ["A"], "C": ["D"], "D": ["C"]}


# ---------------------------------------------------------------- one chain


def test_by_hand():
    found = markov(FOUR, classes=2)
    # from 1: A stays, A rises, B rises, C stays; from 2: B falls, C falls, D stays twice
    assert found.estimate.counts.to_numpy().tolist() == [[2, 2], [2, 2]]
    share = found.ways["share"]
    assert share.loc[1].to_dict() == {"falls": 0, "stays": 0.5, "rises": 0.5}
    assert share.loc[2].to_dict() == {"falls": 0.5, "stays": 0.5, "rises": 0}
    assert found.long_run["share"].tolist() == [0.5, 0.5]
    assert found.first_passage["years"].to_dict() == {(1, 1): 0, (1, 2): 2, (2, 1): 2, (2, 2): 0}
    assert found.given == {"classes": 2, "pooled": False}
    assert "4 places, 8 steps (one per year), 4 changes" in repr(found.estimate)


@pytest.mark.parametrize("pooled", [False, True])
def test_counts_are_those_of_estimate(pooled):
    found = markov(US, pooled=pooled, replicates=300, seed=4)
    same = transitions.estimate(
        quantile_classes(US, pooled=pooled), interval="bootstrap", replicates=300, seed=4
    )
    pd.testing.assert_frame_equal(found.estimate.counts, same.counts, check_index_type=False)
    for end in ("low", "high"):  # the same draws: only names of places are ordered there too
        np.testing.assert_allclose(getattr(found.estimate, end), getattr(same, end), atol=1e-12)
    moves = [["place", "period"], ["from", "to"]]
    one, other = (
        each.transitions.set_index(moves[0])[moves[1]].astype(int).sort_index()
        for each in (found.estimate, same)
    )
    pd.testing.assert_frame_equal(one, other, check_index_type=False)
    assert found.estimate.places == 48
    assert found.estimate.per == "year"
    assert found.estimate.interval == "bootstrap"


def test_first_passage_is_in_years_whatever_the_step():
    ten = US.iloc[:, ::10]
    found = markov(ten, replicates=50)
    assert found.estimate.per == "10 years"
    periods = found.estimate.first_passage(5)["mean periods"]
    years = found.first_passage["years"].xs(5, level="to")
    np.testing.assert_allclose(years, 10 * periods)
    inside = found.first_passage.loc[(1, 5)]
    assert inside["low"] < inside["years"] < inside["high"]
    assert inside["low"] > 100  # also the limits are years


def test_what_follows_from_one_stack_is_what_transitions_computes():
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 30, (20, 4, 4)).astype(float)
    counts[:, 0, 2] = 0
    shares, times = chains._implied(counts)
    for one, share, time in zip(counts, shares, times, strict=True):
        matrix = pd.DataFrame(one / one.sum(axis=1, keepdims=True))
        np.testing.assert_allclose(share[0], transitions.long_run(matrix).iloc[0], rtol=1e-9)
        for goal in range(4):
            wait = transitions.first_passage(matrix, goal)["mean time"]
            np.testing.assert_allclose(time[:, goal], wait, atol=1e-8)


def test_the_long_run_of_quantiles_of_each_year_has_no_interval_and_that_of_bands_has():
    assert list(markov(US, replicates=20).long_run) == ["share"]
    found = markov(US, pooled=True, replicates=400).long_run
    assert (found["low"] < found["share"]).all()
    assert (found["share"] < found["high"]).all()
    assert found["share"].sum() == pytest.approx(1)


def test_ways_add_up_and_their_limits_hold_them():
    for found in (markov(US), markov(FOUR, classes=2)):
        ways = found.ways
        np.testing.assert_allclose(ways["share"].groupby(level=0).sum(), 1)
        assert (ways["low"] <= ways["share"] + 1e-9).all()
        assert (ways["share"] <= ways["high"] + 1e-9).all()
        last = ways.index.get_level_values(0).max()
        assert ways.loc[(1, "falls")].tolist() == [0, 0, 0]
        assert ways.loc[(last, "rises")].tolist() == [0, 0, 0]
    counts = found.estimate.counts
    assert counts.loc[1, 1] / counts.loc[1].sum() == found.ways.share[1, "stays"]


def test_a_way_never_seen_may_still_be():
    # two regions that never change their rank beside two that do
    rows = {"A": [1, 2] * 4, "B": [2, 1] * 4, "C": [3, 4] * 4, "D": [4, 3] * 4}
    found = markov(panel(rows), classes=2)
    assert found.ways.share[1, "rises"] == 0
    assert 0 < found.ways.high[1, "rises"] < 0.5


def test_intervals_are_wider_where_regions_differ():
    # half of the pairs change places every year and half never do
    calm = {f"calm {i}": [i] * 12 for i in range(10)}
    wild = {f"wild {i}": [20 + i, 40 + i] * 6 if i < 5 else [40 + i, 20 + i] * 6 for i in range(10)}
    incomes = panel(calm | {f"rich {i}": [60 + i] * 12 for i in range(10)} | wild)
    found = markov(incomes, classes=2).estimate
    n, total = found.counts.loc[1, 2], found.counts.loc[1].sum()
    alone = beta.ppf([0.025, 0.975], n + 0.5, total - n + 0.5)
    assert n
    assert found.high.loc[1, 2] - found.low.loc[1, 2] > 1.5 * np.diff(alone)[0]


def test_a_higher_level_is_wider_and_a_seed_is_kept():
    wide, usual = (markov(US, level=level, replicates=200) for level in (0.99, 0.9))
    for table in ("ways", "first_passage"):
        one, other = getattr(wide, table), getattr(usual, table)
        assert (one["high"] >= other["high"]).all()
        assert one["high"].sum() > other["high"].sum()
    again = markov(US, level=0.9, replicates=200)
    pd.testing.assert_frame_equal(again.ways, usual.ways)
    new = markov(US, level=0.9, replicates=200, seed=1)
    assert not new.ways.equals(usual.ways)


def test_planted_shares_lie_in_their_intervals():
    """Over panels drawn from a planted chain the intervals of stay, rise and fall hold it."""
    names = [1, 2, 3]
    planted = pd.DataFrame([[0.8, 0.2, 0], [0.1, 0.7, 0.2], [0, 0.3, 0.7]], names, names)
    inside = []
    for seed in range(60):
        drawn = transitions.simulate_panel(planted, places=40, periods=8, seed=seed)
        codes = drawn.pivot_table("type", "place", "period")
        table, codes = codes * 1.0, codes.to_numpy().astype(int) - 1
        rng = np.random.default_rng(seed)
        _, counts, weighted = chains._counted(table, codes, 0 * codes, 3, 300, rng)
        ways = chains._ways(counts, weighted, 0.95, rng).loc[1]
        truth = [0, 0.8, 0.2, 0.1, 0.7, 0.2, 0.3, 0.7, 0]
        inside.append((ways["low"] <= truth) & (truth <= ways["high"]))
    assert 0.9 < np.mean(inside) <= 1


# ---------------------------------------------------------------- no long run


def estimate_of(matrix):
    """Return an estimate whose counts are those given."""
    names = list(range(1, len(matrix) + 1))
    rows = [
        (f"{i}-{j}-{n}", year, names[end])
        for i, row in enumerate(matrix)
        for j, count in enumerate(row)
        for n in range(count)
        for year, end in ((0, i), (1, j))
    ]
    table = pd.DataFrame(rows, columns=["place", "period", "type"])
    return transitions.estimate(table, types=names)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[3, 1], [1, 3]], "^$"),
        ([[0, 1], [1, 1]], "^$"),
        ([[0, 1, 1], [1, 0, 1], [1, 1, 0]], "^$"),
        ([[0, 2], [2, 0]], "fixed round"),
        ([[0, 2, 0], [0, 0, 2], [2, 0, 0]], "fixed round"),
        ([[3, 0], [1, 3]], "^No move out of class 1 was seen in 3 steps"),
        ([[3, 1], [0, 5]], "^No move out of class 2 was seen in 5 steps"),
        ([[2, 1, 0], [1, 2, 0], [1, 0, 4]], "^No move out of class 1, 2 was seen in 6 steps"),
        ([[3, 0], [0, 3]], r"between the parts \(1\) and \(2\) of the classes"),
        ([[2, 1, 0], [1, 2, 0], [0, 0, 3]], r"between the parts \(1, 2\) and \(3\)"),
        ([[2, 0, 0], [1, 2, 1], [0, 0, 3]], r"between the parts \(1\) and \(3\)"),
        ([[2, 1], [0, 0]], "^No region was seen in class 2 before another year"),
    ],
)
def test_why_there_is_no_long_run(matrix, words):
    found = estimate_of(matrix)
    assert found.counts.to_numpy().tolist() == matrix
    said = chains.explained(found)
    assert pd.Series([said]).str.contains(words).all(), said
    if not found.never_left:
        graph = nx.from_numpy_array(np.array(matrix), create_using=nx.DiGraph)
        ergodic = nx.is_strongly_connected(graph) and nx.is_aperiodic(graph)
        assert (said == "") == ergodic


def test_a_chain_that_is_not_ergodic_has_words_and_no_number():
    table = datasets.load("mexican_state_income").query("year >= 1980")
    mexico = table.pivot_table(index="state", columns="year", values="income")
    found = markov(mexico, pooled=True)
    assert found.explained.startswith("No move out of class 1 was seen in 11 steps")
    assert found.long_run is None
    assert found.first_passage is None
    assert found.ways.loc[(1, "stays"), "share"] == 1
    assert 0.5 < found.ways.loc[(1, "stays"), "low"] < 0.9


# ---------------------------------------------------------------- chains by neighbours


def test_neighbours_by_hand():
    # means of neighbours: A 2 3 2, B 1 1 3, C 4 4 4, D 3 2 1; below the middle: B A, then B D, ...
    found = spatial_markov(FOUR, PAIRS, classes=2)
    moves = found.overall.transitions.set_index(["place", "period"])
    assert moves["neighbours"].unstack().to_numpy().tolist() == [[1, 2], [1, 1], [2, 2], [2, 1]]
    assert found.by_neighbours[1].counts.to_numpy().tolist() == [[1, 1], [1, 1]]
    assert found.by_neighbours[2].counts.to_numpy().tolist() == [[1, 1], [1, 1]]
    assert found.note == ""
    assert found.tests["G²"].tolist() == [0, 0, 0]
    assert found.tests["p"].tolist() == [1, 1, 1]
    assert found.to_frame().loc[(1, 1, 2), "moves"] == 1
    assert found.ways.loc[(1, 1, "rises"), "share"] == 0.5


def test_overall_is_the_chain_of_all_and_the_parts_add_up_to_it():
    found, whole = spatial_markov(US, NEAR, replicates=50), markov(US, replicates=50)
    parts = sum(each.counts for each in found.by_neighbours.values())
    pd.testing.assert_frame_equal(parts, whole.estimate.counts)
    pd.testing.assert_frame_equal(found.overall.counts, whole.estimate.counts)
    rows = sum(len(each.transitions) for each in found.by_neighbours.values())
    assert rows == len(found.overall.transitions) == 3840
    for lag, each in found.by_neighbours.items():
        assert (each.transitions["neighbours"] == lag).all()
        assert each.counts.to_numpy().sum() == len(each.transitions)


def test_the_intervals_of_a_part_are_its_own():
    found = spatial_markov(US, NEAR, pooled=True, replicates=2000)
    for lag, each in found.by_neighbours.items():
        for own in range(1, 6):
            row = found.ways.loc[(lag, own, "stays")]  # the same chance, drawn another time
            ends = each.low.loc[own, own], each.high.loc[own, own]
            assert ends == pytest.approx((row["low"], row["high"]), abs=0.05)
        assert (each.low <= each.matrix + 1e-9).to_numpy().all()
        assert (each.matrix <= each.high + 1e-9).to_numpy().all()


def test_g_squared_is_that_of_a_second_implementation():
    found = spatial_markov(US, NEAR, pooled=True, replicates=9)
    moves = found.overall.transitions
    moves = moves.assign(to=np.sign(moves["to"] - moves["from"]))
    for own, rows in moves.groupby("from"):
        seen = pd.crosstab(rows["neighbours"], rows["to"]).to_numpy()
        expected = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
        told = seen > 0
        ratio = 2 * (seen[told] * np.log(seen[told] / expected[told])).sum()
        assert found.tests.loc[own, "G²"] == pytest.approx(ratio)
    assert found.tests.loc["all", "G²"] == pytest.approx(found.tests["G²"].iloc[:-1].sum())


def planted(effect, seed, n=36, years=16):
    """Draw codes on a ring; a region rises more often where its neighbours are rich."""
    rng = np.random.default_rng(seed)
    codes = np.empty((n, years), int)
    codes[:, 0] = rng.permutation(n) % 2
    steady = rng.uniform(0, 0.3, n)  # regions differ, and so their steps go together
    for t in range(1, years):
        lag = (np.roll(codes[:, t - 1], 1) + np.roll(codes[:, t - 1], -1)) / 2
        rises = np.clip(steady + effect * (lag - 0.5), 0, 1)
        up = rng.random(n) < rises
        down = rng.random(n) < np.clip(steady - effect * (lag - 0.5), 0, 1)
        codes[:, t] = np.where(codes[:, t - 1] == 0, up, 1 - down.astype(int))
    means = (np.roll(codes, 1, axis=0) + np.roll(codes, -1, axis=0)) / 2
    return codes, (means > 0.5).astype(int)


def p_values(effect, count):
    found = []
    for seed in range(count):
        codes, lags = planted(effect, seed)
        rng = np.random.default_rng(seed)
        found.append(chains._tests(codes, lags, 2, 99, rng).loc["all", "p"])
    return np.array(found)


def test_neighbours_dealt_anew_find_what_was_planted_and_seldom_more():
    nothing, much = p_values(0, 150), p_values(0.6, 20)
    assert (nothing <= 0.05).mean() < 0.12
    assert 0.35 < nothing.mean() < 0.65
    assert (much <= 0.05).mean() > 0.9


def test_p_counts_the_deals():
    codes, lags = planted(0.2, 0)
    tests = chains._tests(codes, lags, 2, 19, np.random.default_rng(0))
    assert ((tests["p"] * 20).round(9) % 1 == 0).all()
    assert (tests["p"] >= 1 / 20).all()


# ---------------------------------------------------------------- who is next to whom


def lists():
    return NEAR.groupby("state")["neighbour"].agg(list).to_dict()


class Weights:
    """What libpysal's weights look like."""

    def __init__(self, order=None, turn=None):
        near = lists()
        self.id_order = list(order if order is not None else near)
        self.neighbors = {place: near[place] for place in self.id_order}
        self.weights = {place: [1 / len(each)] * len(each) for place, each in near.items()}
        self.weights.update(turn or {})


@pytest.mark.parametrize(
    "near",
    [
        lambda: NEAR.sample(frac=1, random_state=1),
        lists,
        lambda: {place: tuple(each) for place, each in reversed(lists().items())},
        Weights,
        lambda: Weights(order=sorted(lists(), reverse=True)),
    ],
)
def test_neighbours_are_matched_by_name(near):
    expected = spatial_markov(US, NEAR, replicates=20)
    mixed = US.sample(frac=1, random_state=3).sample(frac=1, axis=1, random_state=4)
    found = spatial_markov(mixed, near(), replicates=20)
    pd.testing.assert_frame_equal(found.to_frame(), expected.to_frame())
    pd.testing.assert_frame_equal(found.tests, expected.tests)
    pd.testing.assert_frame_equal(found.ways, expected.ways)


def test_weights_weigh():
    near = SimpleNamespace(
        neighbors={"A": ["B", "C"], "B": ["A", "D"], "C": ["A", "D"], "D": ["B", "C"]},
        weights={"A": [1, 3], "B": [1, 1], "C": [2, 0], "D": [5, 5]},
    )
    found, note = chains._links(near, FOUR.index)
    means = (found @ FOUR.to_numpy()) / found.sum(axis=1)[:, None]
    assert means[:, 0].tolist() == [(2 + 3 * 3) / 4, 2.5, 1, 2.5]
    assert note == ""


def test_means_that_are_equal_stay_equal():
    # a sixth of each of six is not exactly the mean; the class must not hang on that
    names = [f"r{i}" for i in range(7)]
    near = SimpleNamespace(
        neighbors={"r0": names[1:], "r1": ["r0"]}, weights={"r0": [1 / 6] * 6, "r1": [1 / 3]}
    )
    near.neighbors |= {name: ["r0"] for name in names[2:]}
    near.weights |= {name: [1 / 7] for name in names[2:]}
    table, _ = chains._links(near, pd.Index(names))
    assert (table.toarray()[0, 1:] == 1).all()
    assert table.sum(axis=1).tolist() == [6, 1, 1, 1, 1, 1, 1]


def test_lists_from_one_side_are_told():
    found = spatial_markov(FOUR, PAIRS | {"A": ["B", "C"]}, classes=2, replicates=9)
    assert found.note == "1 of 5 pairs are listed from one side only: A → C"


def links(**changed):
    return lambda: spatial_markov(FOUR, PAIRS | changed, classes=2)


def framed(table, **options):
    return lambda: spatial_markov(FOUR, table, classes=2, **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (links(D=[]), "neighbours: region 'D' without a neighbour"),
        (links(C=[], D=[]), r"neighbours: 2 regions \('C', 'D'\) without a neighbour"),
        (framed({"A": ["B"], "B": ["A"]}), r"2 regions \('C', 'D'\) without"),
        (links(D=["C", "E"]), "neighbours: 'E' is not a region of the panel"),
        (links(Alaska=[]), "neighbours: 'Alaska' is not a region of the panel"),
        (links(D=["c"]), "'c' is not a region of the panel; did you mean 'C'"),
        (links(D=["D"]), "'D' is listed as its own neighbour"),
        (links(D=["C", "A", "A"]), "'A' is listed twice for 'D'"),
        (links(D="C"), "neighbours is .*must be a frame of two columns, a mapping"),
        (framed([("A", "B")]), "neighbours is .*must be a frame of two columns"),
        (framed(None), "neighbours is None"),
        (framed(pd.DataFrame({"a": ["A"]})), "neighbours has column 'a'; give the two"),
        (
            framed(datasets.load("state_neighbours")),
            r"neighbours has 3 columns \('country', 'state', 'neighbour'\); give the two",
        ),
        (
            framed(pd.DataFrame({"a": ["A", "B"], "b": ["B", None]})),
            "neighbours: row 2 has an empty 'neighbour'",
        ),
        (
            framed(SimpleNamespace(neighbors=PAIRS, weights={key: [-1] for key in "ABCD"})),
            "a weight of 'A' is -1",
        ),
        (
            framed(SimpleNamespace(neighbors=PAIRS, weights={key: [0] for key in "ABCD"})),
            r"4 regions \('A', 'B', 'C', 'D'\) without a neighbour",
        ),
        (
            framed(SimpleNamespace(neighbors={0: [1], 1: [0]}, weights={0: [1], 1: [1]})),
            "0 is not a region of the panel",
        ),
        (
            lambda: spatial_markov(US.rename({"Texas": "Tejas"}), NEAR),
            "'Texas' is not a region of the panel; did you mean 'Tejas'",
        ),
        (
            lambda: spatial_markov(FOUR, {key: ["D"] for key in "ABC"} | {"D": ["A"]}, classes=2),
            "year 2000: 4 means of neighbours, 2 of them different, do not fill 2 classes",
        ),
    ],
)
def test_neighbours_that_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("call", [markov, lambda *a, **o: spatial_markov(*a, PAIRS, **o)])
@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (FOUR[[2000]], {}, r"the panel has one year \(2000\); a move needs two"),
        (
            FOUR.assign(**{"2004": [1, 2, 3, 4]}),
            {},
            "goes from 2002 to 2004, but from 2000 to 2001 before: years must be equally far apart",
        ),
        (FOUR.drop(columns=2001).assign(**{"2003": 1.0}), {}, "2003"),
        (FOUR * 0 + 3, {}, "do not fill 2 classes"),
        (FOUR, {"classes": 1}, "classes is 1"),
        (FOUR, {"classes": 9}, "do not fill 9 classes"),
        (FOUR, {"replicates": 0}, "replicates is 0"),
        (FOUR, {"level": 95}, "level is 95"),
        (FOUR, {"seed": "x"}, "seed is 'x'"),
        (FOUR.replace(3, np.nan), {}, "cells are unknown"),
    ],
)
def test_panels_that_are_refused(call, table, options, message):
    with pytest.raises(ValueError, match=message):
        call(table, **{"classes": 2, **options})


# ---------------------------------------------------------------- steps grouped by a column


def test_homogeneity_takes_a_column_of_the_steps():
    found = spatial_markov(US, NEAR, pooled=True, replicates=9).overall
    test = transitions.homogeneity(found, by="neighbours", replicates=50)
    assert (test.by, round(test.statistic, 3), test.freedom) == ("neighbours", 170.659, 60)
    for other in ("place", "from", "to", "neighbors"):
        with pytest.raises(ValueError, match="give 'period' or a Series"):
            transitions.homogeneity(found, by=other)


def test_counts_of_a_large_panel_are_those_of_a_loop():
    rng = np.random.default_rng(1)
    codes, lags = rng.integers(0, 4, (50, 6)), rng.integers(0, 4, (50, 6))
    expected = np.zeros((4, 4, 4), int)
    for i in range(50):
        for t in range(5):
            expected[lags[i, t], codes[i, t], codes[i, t + 1]] += 1
    assert (chains.count(codes, lags, 4) == expected).all()


def test_the_last_class_of_neighbours_may_be_seen_in_the_last_year_only():
    codes, lags = np.zeros((3, 3), int), np.zeros((3, 3), int)
    lags[0, -1] = 1
    assert chains.count(codes, lags, 2).shape == (2, 2, 2)


def test_classes_go_by_the_values_and_not_the_table():
    means = FOUR.to_numpy()[::-1]
    found = classified(FOUR, means, 2, False, "means")
    assert found[:, 0].tolist() == [1, 1, 0, 0]
