from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, chi2, chi2_contingency

from clusterlab import transitions
from clusterlab.transitions import TYPES, compare_arrows, homogeneity, markov, simulate_panel

M, H, S, A = TYPES
estimate = partial(transitions.estimate, types=TYPES)  # also types that a panel lacks
PLANTED = pd.DataFrame(
    [[0.85, 0.12, 0.0, 0.03], [0.1, 0.9, 0.0, 0.0], [0.1, 0.15, 0.75, 0.0], [0.05, 0.0, 0.05, 0.9]],
    list(TYPES),
    list(TYPES),
)


def panel(rows):
    return pd.DataFrame(rows, columns=["place", "period", "type"])


TOY = panel(
    [
        ("a", 1, M),
        ("a", 2, H),
        ("a", 3, H),
        ("b", 1, M),
        ("b", 2, M),
        ("b", 3, M),
        ("c", 1, S),
        ("c", 2, M),
    ]
)


def test_counts_by_hand():
    found = estimate(TOY)
    assert found.counts.to_numpy().tolist() == [
        [2, 1, 0, 0],
        [0, 1, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 0],
    ]
    assert found.matrix.loc[M, H] == pytest.approx(1 / 3)
    assert found.never_left == [A]
    assert found.matrix.loc[A].isna().all()
    assert "never seen before another period: state-anchored" in repr(found)
    assert (found.low.loc[A].eq(0) & found.high.loc[A].eq(1)).all()
    assert found.places == 3
    arrows = compare_arrows(found)
    assert arrows.loc[(M, H), "document"] == "named as possible (1)"
    assert arrows.loc[(S, H), "moves"] == 0
    assert found.to_frame().loc[(M, H), "moves"] == 1


def test_order_of_rows_and_names_of_columns_do_not_matter():
    own = TOY.sample(frac=1, random_state=1).set_axis(["town", "year", "kind"], axis=1)
    again = estimate(own, place="town", period="year", type="kind")
    pd.testing.assert_frame_equal(again.counts, estimate(TOY).counts)


def test_planted_matrix_is_covered_in_500_panels():
    covered, inside = np.zeros((4, 4)), PLANTED.to_numpy()
    for seed in range(500):
        found = estimate(simulate_panel(PLANTED, places=60, periods=8, seed=seed))
        covered += (found.low.to_numpy() <= inside) & (inside <= found.high.to_numpy())
    rates = covered / 500
    free = (inside > 0) & (inside < 1)
    # 95 % on average over the shares that are neither 0 nor 1, and near it for every one of them
    assert abs(rates[free].mean() - 0.95) < 0.015, rates
    assert rates[free].min() > 0.91, rates
    assert (rates[~free] == 1).all()


def test_coverage_of_the_interval_against_its_exact_value():
    # one row with n steps: coverage is a sum of binomial probabilities
    n, p = 40, 0.3
    matrix = pd.DataFrame([[1 - p, p], [1 - p, p]], list("xy"), list("xy"))
    seen = estimate(simulate_panel(matrix, places=1, periods=2000, seed=1), types=["x", "y"])
    k = np.arange(n + 1)
    counts = np.column_stack([k, n - k])
    low, high = (ends[:, 0] for ends in markov.limits(counts, 0.95, None, None))
    exact = binom.pmf(k, n, p)[(low <= p) & (p <= high)].sum()
    assert 0.93 < exact < 0.97
    assert seen.low.loc["x", "y"] < p < seen.high.loc["x", "y"]


def test_bootstrap_is_wider_where_places_differ():
    calm = pd.DataFrame([[0.98, 0.02], [0.5, 0.5]], [M, H], [M, H])
    wild = pd.DataFrame([[0.5, 0.5], [0.5, 0.5]], [M, H], [M, H])
    both = pd.concat(
        [
            simulate_panel(calm, places=40, periods=20, seed=1),
            simulate_panel(wild, places=10, periods=20, seed=2).assign(
                place=lambda t: "wild " + t["place"]
            ),
        ]
    )
    usual, resampled = (
        estimate(both, types=[M, H], interval=i, seed=3) for i in ("jeffreys", "bootstrap")
    )
    width = [float((e.high - e.low).loc[M, H]) for e in (usual, resampled)]
    assert width[1] > 1.5 * width[0]
    again = estimate(both, types=[M, H], interval="bootstrap", seed=3)
    pd.testing.assert_frame_equal(resampled.low, again.low)


def test_long_run_and_first_passage_of_a_matrix():
    matrix = pd.DataFrame([[0.9, 0.1], [0.3, 0.7]], [M, H], [M, H])
    found = estimate(simulate_panel(matrix, places=400, periods=50, seed=4), types=[M, H])
    p, q = found.matrix.loc[M, H], found.matrix.loc[H, M]
    assert found.long_run(start=M)[H] == pytest.approx(p / (p + q))
    assert found.first_passage(H).loc[M, "mean periods"] == pytest.approx(1 / p)
    power = np.linalg.matrix_power(found.matrix.to_numpy(), 500)[0, 1]
    assert power == pytest.approx(p / (p + q))
    assert set(found.graph.edges) == {(M, H), (H, M)}


def test_homogeneity_has_its_level_and_sees_a_break():
    calm = [
        homogeneity(
            estimate(simulate_panel(PLANTED, places=40, periods=5, seed=s)), replicates=200, seed=s
        )
        for s in range(100)
    ]
    p = np.array([t.p_value for t in calm])
    assert (p < 0.05).mean() < 0.12
    assert 0.35 < p.mean() < 0.65
    moved = PLANTED.copy()
    moved.loc[M] = [0.4, 0.6, 0, 0]
    early = simulate_panel(PLANTED, places=100, periods=5, seed=1)
    late = simulate_panel(moved, places=100, periods=5, seed=2)
    by = pd.Series(
        {**dict.fromkeys(early["place"], "early"), **{f"l{x}": "late" for x in late["place"]}},
        name="wave",
    )
    both = estimate(pd.concat([early, late.assign(place="l" + late["place"])]))
    test = homogeneity(both, by=by)
    assert test.p_value < 0.01
    assert test.by == "wave"
    assert test.to_frame().loc["wave", "p"] == test.p_value


def test_homogeneity_by_hand():
    # 2 groups, from M: (8 stay, 2 go) and (3 stay, 7 go): G² = 2 Σ n ln(n/e), e = 5.5, 4.5
    rows = []
    for group, go in (("g", 2), ("h", 7)):
        for i in range(10):
            rows += [(f"{group}{i}", 1, M), (f"{group}{i}", 2, H if i < go else M)]
    by = pd.Series({row[0]: row[0][0] for row in rows})
    test = homogeneity(estimate(panel(rows)), by=by)
    n, e = np.array([8, 2, 3, 7]), np.array([5.5, 4.5, 5.5, 4.5])
    assert test.statistic == pytest.approx(2 * (n * np.log(n / e)).sum())
    assert test.freedom == 1
    # Fisher's exact test, two sides: .0698
    assert test.p_value == pytest.approx(0.0698, abs=0.02)


def test_gaps():
    gappy = panel(
        [
            ("a", 2000, M),
            ("a", 2005, H),
            ("a", 2015, H),
            ("b", 2000, M),
            ("b", 2005, M),
            ("b", 2010, M),
            ("c", 2000, S),
        ]
    )
    with pytest.raises(ValueError, match="'a' goes from period 2005 to 2015, but a step is 5"):
        estimate(gappy)
    found = estimate(gappy, gaps="leave out")
    assert found.counts.to_numpy().sum() == 3
    assert found.left_out == 2  # the gap of a, and c which has one period only
    assert "2 places or steps left out" in repr(found)


def test_a_panel_of_features():
    rows = [
        ("a", 1, "none", 0.1),
        ("a", 2, "hub", 0.8),
        ("b", 1, "parent elsewhere", 0.1),
        ("b", 2, "none", 0.2),
    ]
    own = pd.DataFrame(rows, columns=["town", "wave", "leadership", "degree_centralisation"])
    columns = ["leadership", "degree_centralisation"]
    typed = own.assign(type=transitions.nearest_types(own[columns]))
    found = estimate(typed, place="town", period="wave")
    assert found.counts.loc[M, H] == found.counts.loc[S, M] == 1
    with pytest.raises(ValueError, match="did you mean 'leadership'"):
        transitions.nearest_types(own.rename(columns={"leadership": "leadershp"})[["leadershp"]])
    with pytest.raises(ValueError, match="hubb"):
        transitions.nearest_types(own.replace("hub", "hubb")[["leadership"]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: estimate(TOY.replace(H, "hub")),
            r"row 2: column 'type': 'hub' is not one of.*did you mean 'hub-and-spoke'",
        ),
        (lambda: estimate(TOY.drop_duplicates("place")), "one period for each place"),
        (lambda: estimate(TOY.iloc[:0]), "no rows"),
        (lambda: estimate(TOY, place="town"), "no column 'town'"),
        (lambda: estimate(pd.concat([TOY, TOY.iloc[[1]]])), "lists 'a' in period 2 more than once"),
        (lambda: estimate(TOY.assign(type=None)), "row 1 has an empty 'type'"),
        (lambda: estimate(TOY.assign(period="x")), "row 1 has period 'x'"),
        (lambda: estimate(TOY.assign(period=1.5)), "whole numbers"),
        (lambda: estimate(TOY, gaps="fill"), "gaps is 'fill'"),
        (lambda: estimate(TOY, interval="wald"), "interval is 'wald'"),
        (lambda: estimate(TOY, level=95), "level is 95"),
        (lambda: estimate([1]), "got a list"),
        (
            lambda: estimate(TOY).long_run(start=M),
            "no place was seen after a period as 'satellite'|'state-anchored'",
        ),
        (lambda: homogeneity(estimate(TOY), by="place"), "give 'period' or a Series"),
        (lambda: homogeneity(estimate(TOY), by=pd.Series({"a": 1})), "place 'b' has no group"),
        (lambda: homogeneity(estimate(TOY), by=pd.Series({"a": 1, "b": 1, "c": 1})), "one group"),
        (lambda: simulate_panel(PLANTED * 2), "sum to 1"),
        (lambda: simulate_panel(PLANTED, start=["hub"]), "did you mean 'hub-and-spoke'"),
        (lambda: simulate_panel(PLANTED[[H, M, S, A]]), "same order"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


# ---------------------------------------------------------------- the bootstrap over places


def test_bootstrap_of_places_with_one_step_each_is_jeffreys_interval():
    rows = []
    for i in range(60):
        rows += [(i, 1, M if i < 40 else H), (i, 2, H if i < 12 or i >= 45 else M)]
    usual, drawn = (
        estimate(panel(rows), types=[M, H], interval=i, replicates=40_000)
        for i in ("jeffreys", "bootstrap")
    )
    assert usual.counts.loc[M].tolist() == [28, 12]
    for end in ("low", "high"):
        assert np.allclose(getattr(drawn, end), getattr(usual, end), atol=0.01)


def test_a_move_never_seen_is_not_known_to_be_impossible():
    matrix = pd.DataFrame(
        [[0.9, 0.08, 0.02], [0.05, 0.9, 0.05], [0.01, 0.09, 0.90]], list("abc"), list("abc")
    )
    never = 0
    for seed in range(20):
        drawn = simulate_panel(matrix, places=15, periods=5, seed=seed)
        found = estimate(drawn, types=list("abc"), interval="bootstrap", replicates=200)
        seen = found.counts.to_numpy()
        total = seen.sum(axis=1, keepdims=True) + 0 * seen
        never += (seen == 0).sum()
        assert (found.low.to_numpy()[seen == 0] == 0).all()
        assert (found.high.to_numpy()[(seen == 0) & (total > 0)] > 0.01).all()
        assert (found.low.to_numpy()[(seen == total) & (total > 0)] < 0.99).all()
        assert (found.low <= found.matrix.fillna(0)).all(axis=None)
        assert (found.high >= found.matrix.fillna(1)).all(axis=None)
    assert never > 10
    nothing = estimate(TOY, interval="bootstrap", replicates=50)
    assert (nothing.low.loc[A].eq(0) & nothing.high.loc[A].eq(1)).all()


@pytest.mark.parametrize(("places", "periods"), [(15, 5), (40, 6)])
def test_bootstrap_covers_rare_moves(places, periods):
    matrix = pd.DataFrame(
        [[0.9, 0.08, 0.02], [0.05, 0.9, 0.05], [0.01, 0.09, 0.90]], list("abc"), list("abc")
    )
    held = np.zeros((3, 3))
    for seed in range(100):
        drawn = simulate_panel(matrix, places=places, periods=periods, seed=seed)
        found = estimate(drawn, types=list("abc"), interval="bootstrap", replicates=200, seed=seed)
        held += (found.low <= matrix) & (matrix <= found.high)
    # 95 % is aimed at; with 100 panels its binomial error is 2 points
    assert (held / 100).to_numpy().min() >= 0.88, held / 100
    assert abs((held / 100).to_numpy().mean() - 0.95) < 0.025, held / 100


@pytest.mark.parametrize("interval", ["jeffreys", "bootstrap"])
def test_order_of_rows_does_not_matter_for_intervals(interval):
    drawn = simulate_panel(PLANTED, places=40, periods=6, seed=3)
    first, again = (
        estimate(rows, interval=interval, seed=1) for rows in (drawn, drawn.sample(frac=1.0))
    )
    pd.testing.assert_frame_equal(first.low, again.low)
    pd.testing.assert_frame_equal(first.high, again.high)
    pd.testing.assert_frame_equal(first.transitions, again.transitions)
    group = pd.Series("north", drawn["place"].unique())
    group.iloc[::2] = "south"
    assert homogeneity(first, by=group, replicates=99) == homogeneity(
        again, by=group.iloc[::-1], replicates=99
    )


# ---------------------------------------------------------------- tables that are not square


def test_homogeneity_of_three_groups_and_two_targets():
    # from M to (M, H): g (9, 1), h (6, 4), i (2, 8); from H to (M, H, S): three groups as well
    rows = []
    cells = {"g": ((9, 1, 0), (2, 5, 3)), "h": ((6, 4, 0), (4, 4, 2)), "i": ((2, 8, 0), (1, 8, 1))}
    for group, table in cells.items():
        for origin, line in zip((M, H), table, strict=True):
            for target, count in zip((M, H, S), line, strict=True):
                for i in range(count):
                    name = f"{group}{origin}{target}{i}"
                    rows += [(name, 1, origin), (name, 2, target)]
    by = pd.Series({row[0]: row[0][0] for row in rows})
    test = homogeneity(estimate(panel(rows)), by=by, replicates=4000)
    assert test.freedom == 2 * 1 + 2 * 2
    expected = 0.0
    for which in (0, 1):
        table = np.array([cells[g][which] for g in "ghi"])
        table = table[:, table.sum(axis=0) > 0]
        expected += chi2_contingency(table, lambda_="log-likelihood").statistic
    assert test.statistic == pytest.approx(expected)
    # cells of about five: near the chi-square distribution with these degrees of freedom
    assert test.p_value == pytest.approx(chi2.sf(expected, 6), abs=0.02)


def test_homogeneity_with_nothing_to_compare():
    still = panel([(place, period, M) for place in "abcd" for period in (1, 2, 3)])
    test = homogeneity(estimate(still), replicates=10)
    assert (test.statistic, test.freedom, test.p_value) == (0, 0, 1)


# ---------------------------------------------------------------- labels and periods


def test_types_may_be_numbers():
    own = panel([("a", 1, 0), ("a", 2, 10), ("b", 1, 10), ("b", 2, 2), ("c", 1, 2), ("c", 2, 2)])
    found = estimate(own, types=None)
    assert list(found.counts.index) == [0, 2, 10]
    assert found.counts.loc[0, 10] == found.counts.loc[10, 2] == 1
    assert list(estimate(own, types=[10, 2, 0]).counts) == [10, 2, 0]
    assert compare_arrows(found).index.tolist() == [(0, 10), (10, 2)]
    assert "never seen before another period: 3" in repr(estimate(own, types=[0, 2, 3, 10]))
    assert found.first_passage(2).loc[0].tolist() == [1, 2]
    assert found.long_run(start=0)[2] == 1


def test_blanks_around_labels_are_no_other_place():
    own = panel([("a", 1, M), ("a ", 2, H + " "), ("b", 1, M), ("b", 2, M)])
    found = estimate(own)
    assert found.places == 2
    assert found.counts.loc[M, H] == 1
    group = pd.Series({"a ": "x", "b": "y"})
    assert homogeneity(found, by=group, replicates=10).freedom == 1
    assert list(own["place"]) == ["a", "a ", "b", "b"], "the panel is the user's"


def test_periods_as_text_or_floats_are_the_same_periods():
    for kind in (str, float, "Int64", "category"):
        again = estimate(TOY.assign(period=TOY["period"].astype(kind)))
        pd.testing.assert_frame_equal(again.counts, estimate(TOY).counts)


def test_the_step_is_said():
    assert estimate(TOY).per == "period"
    every_five = TOY.assign(year=2000 + 5 * TOY["period"])
    found = estimate(every_five, period="year")
    assert found.per == "5 years"
    assert "5 steps (one per 5 years)" in repr(found)
    assert found.graph.graph["unit"] == "share that moves, per 5 years"


def test_a_panel_in_which_all_miss_the_same_period():
    # nobody was seen in 3: the two moves from 2 to 4 are not taken as steps
    rows = [(place, period, M) for place in "ab" for period in (1, 2, 4, 5)]
    with pytest.raises(ValueError, match="'a' goes from period 2 to 4, but a step is 1 .2 such"):
        estimate(panel(rows))
    found = estimate(panel(rows), gaps="leave out")
    assert found.left_out == 2
    assert found.counts.loc[M, M] == 4


def test_one_start_for_all_places():
    for start in (H, [H]):
        drawn = simulate_panel(PLANTED, places=20, periods=2, start=start)
        assert set(drawn[drawn["period"] == 1]["type"]) == {H}


# ---------------------------------------------------------------- against a given matrix


def moves(counts):
    """Return a panel of one step a place with the given counts from row to column."""
    rows = []
    for origin, line in counts.items():
        for target, count in line.items():
            rows += [
                (f"{origin}{target}{i}", t, [origin, target][t])
                for i in range(count)
                for t in (0, 1)
            ]
    return panel(rows)


SEEN = {"low": {"low": 8, "high": 2}, "high": {"low": 3, "high": 7}}


def test_against_a_given_matrix_by_hand():
    given = pd.DataFrame([[0.9, 0.1], [0.5, 0.5]], ["low", "high"], ["low", "high"])
    found = transitions.estimate(moves(SEEN))
    test = homogeneity(found, against=given, replicates=20_000)
    n, e = np.array([8, 2, 3, 7]), np.array([9, 1, 5, 5])
    assert test.statistic == pytest.approx(2 * (n * np.log(n / e)).sum())
    assert (test.freedom, test.by) == (2, "given matrix")
    # exactly: of all pairs of binomial counts those whose G² is at least as large
    size = np.arange(11)

    def ratio(p):
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = [
                size * np.log(size / (10 * p)),
                (10 - size) * np.log((10 - size) / (10 - 10 * p)),
            ]
        return 2 * np.nan_to_num(parts).sum(axis=0)

    both = ratio(0.1)[:, None] + ratio(0.5)
    chance = binom.pmf(size, 10, 0.1)[:, None] * binom.pmf(size, 10, 0.5)
    assert test.p_value == pytest.approx(chance[both >= test.statistic - 1e-9].sum(), abs=0.01)


def test_a_given_matrix_is_matched_by_its_labels():
    found = transitions.estimate(moves(SEEN))
    order = ["high", "middle", "low"]  # "middle" was not seen
    given = pd.DataFrame([[0.5, 0.0, 0.5], [0.3, 0.4, 0.3], [0.1, 0.0, 0.9]], order, order)
    shorter = given.loc[["low", "high"], ["low", "high"]]
    one, other = (homogeneity(found, against=matrix).statistic for matrix in (given, shorter))
    assert one == pytest.approx(other)
    with pytest.raises(ValueError, match="against: 'high' is not one of the types hihg, low"):
        homogeneity(
            found,
            against=shorter.rename(index={"high": "hihg"}, columns={"high": "hihg"}).loc[
                ["hihg", "low"], ["hihg", "low"]
            ],
        )


def test_a_move_that_the_given_matrix_excludes():
    never = pd.DataFrame([[1, 0], [0.3, 0.7]], ["low", "high"], ["low", "high"])
    test = homogeneity(transitions.estimate(moves(SEEN)), against=never, replicates=99)
    assert (test.statistic, test.p_value) == (np.inf, 0.01)


def test_against_the_matrix_it_was_drawn_from_has_its_level():
    p = np.array(
        [
            homogeneity(
                estimate(simulate_panel(PLANTED, places=40, periods=5, seed=s)),
                against=PLANTED,
                replicates=200,
                seed=s,
            ).p_value
            for s in range(100)
        ]
    )
    assert (p < 0.05).mean() < 0.12
    assert 0.35 < p.mean() < 0.65
    moved = PLANTED.copy()
    moved.loc[M] = [0.75, 0.22, 0, 0.03]
    other = estimate(simulate_panel(moved, places=100, periods=10, seed=1))
    assert homogeneity(other, against=PLANTED).p_value < 0.01


# ---------------------------------------------------------------- other than districts


def test_types_are_those_of_the_panel_unless_told():
    classes = pd.DataFrame([[0.9, 0.1, 0], [0.1, 0.8, 0.1], [0, 0.2, 0.8]], [1, 2, 3], [1, 2, 3])
    found = transitions.estimate(simulate_panel(classes, places=300, periods=20, seed=2))
    assert list(found.counts) == [1, 2, 3]
    assert np.allclose(found.matrix, classes, atol=0.03)
    # πP = π by hand: π = (2, 2, 1)/5
    assert transitions.long_run(classes).loc[1].tolist() == pytest.approx([0.4, 0.4, 0.2])
    assert found.long_run(start=1).tolist() == pytest.approx([0.4, 0.4, 0.2], abs=0.05)


def test_classes_cut_from_numbers_are_types():
    income = pd.cut(pd.Series([1.0, 5, 9, 2, 6, 7]), [0, 3, 6, 10])
    found = transitions.estimate(
        panel([("a", 1, 0), ("a", 2, 0), ("a", 3, 0), *[("b", t, 0) for t in (1, 2, 3)]]).assign(
            type=income
        )
    )
    assert list(found.counts) == list(income.cat.categories)
    assert found.counts.to_numpy().tolist() == [[0, 2, 0], [0, 0, 2], [0, 0, 0]]


# ---------------------------------------------------------------- the weights of the bootstrap


def test_bootstrap_weights_are_exponential_for_whole_places():
    # a makes 6 steps that all stay, b 6 that all leave: a share is w_b / (w_a + w_b), uniform
    # between 0 and 1 with exponential weights, but for half a pseudo-step on each side
    rows = []
    for i in range(3):
        rows += [(f"a{i}", t, "x") for t in range(7)]
        rows += [(f"b{i}", t, "xy"[t % 2]) for t in range(7)]
    found = transitions.estimate(panel(rows), interval="bootstrap", replicates=40_000, level=0.5)
    assert found.counts.loc["x"].tolist() == [18, 9]
    rng = np.random.default_rng(1)
    weights = rng.dirichlet(np.ones(6), 400_000)
    stay, leave = 6 * weights[:, :3].sum(axis=1), 3 * weights[:, 3:].sum(axis=1)
    total = rng.gamma(6, size=400_000)  # of six exponential weights, which shares do not change
    seen, others = (part * total + rng.gamma(0.5, size=400_000) for part in (leave, stay))
    exact = np.quantile(seen / (seen + others), [0.25, 0.75])
    assert [found.low.loc["x", "y"], found.high.loc["x", "y"]] == pytest.approx(exact, abs=0.004)
