"""Scores: hand-computed, invariants of the handbook, and every kind of bad input."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterlab.diamond import FACETS, aggregate, score

TURNED = ["burden of entry rules"]
COLUMNS = pd.MultiIndex.from_product([FACETS, ["one", "two"]]).map(
    lambda c: (c[0], f"{c[1]} {c[0]}")
)


def table_of(numbers):
    index = [f"P{i}" for i in range(len(numbers))]
    return pd.DataFrame(numbers, index=index, columns=pd.MultiIndex.from_tuples(COLUMNS))


tables = (
    st.integers(2, 12)
    .flatmap(lambda n: arrays(float, (n, 8), elements=st.floats(1, 7).map(lambda v: round(v, 2))))
    .map(table_of)
)
NORMALISATIONS = ["min-max", "z", "rank", "scale"]


def test_by_hand():
    # factor: 7 and 4 on 1..7 are 100 and 50.5 points; the rest sit in the middle, 50.5
    table = table_of([[7, 4, 4, 4, 4, 4, 4, 4], [1, 1, 7, 7, 4, 4, 1, 4]])
    result = score(table, normalise="scale", scale=(1, 7))
    assert result.facets.loc["P0"].tolist() == [75.25, 50.5, 50.5, 50.5]
    assert result.facets.loc["P1"].tolist() == [1, 100, 50.5, 25.75]
    assert result.total.tolist() == pytest.approx([56.6875, 44.3125])
    assert result.rank.tolist() == [1, 2]
    assert result.bottleneck["P1"] == "factor conditions"
    assert result.bottleneck["P0"] == " and ".join(FACETS[1:])
    assert result.gain.to_numpy() == pytest.approx(0.25)


def test_gain_by_hand():
    table = table_of([[4] * 8, [1, 1, 7, 7, 7, 7, 7, 7]])
    least = score(table, normalise="scale", scale=(1, 7), aggregation="minimum")
    assert least.gain.loc["P0"].tolist() == [0, 0, 0, 0]  # all equal: no one point alone helps
    assert least.gain.loc["P1"].tolist() == [1, 0, 0, 0]
    mean = score(table, normalise="scale", scale=(1, 7), aggregation="geometric")
    before = (1 * 100**3) ** 0.25
    assert mean.gain.loc["P1", FACETS[0]] == pytest.approx((2 * 100**3) ** 0.25 - before)
    assert mean.gain.loc["P1", FACETS[1]] == pytest.approx((101 * 100**2) ** 0.25 - before)
    assert mean.bottleneck["P0"] == "none"


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(["min-max", "rank", "scale"]))
def test_less_compensation_never_raises_a_total(table, normalise):
    facets = score(table, normalise=normalise, scale=(1, 7), reverse=[]).facets
    order = [1, 0.5, "geometric", -1, -10, -80, -500, "minimum"]
    totals = [aggregate(facets, aggregation=exponent) for exponent in order]
    for more, less in itertools.pairwise(totals):
        assert (more >= less - 1e-9).all()
    assert (totals[-2] - facets.min(axis=1) < 0.6).all()
    named = score(table, normalise=normalise, scale=(1, 7), reverse=[], aggregation="geometric")
    assert np.allclose(named.total, totals[2])


@settings(max_examples=40, deadline=None)
@given(tables, st.sampled_from(NORMALISATIONS))
def test_equal_indicators_give_equal_facets(table, normalise):
    same = table.copy()
    for column in same.columns:
        same[column] = table[table.columns[0]]
    result = score(same, normalise=normalise, scale=(1, 7), reverse=[])
    spread = result.facets.max(axis=1) - result.facets.min(axis=1)
    assert spread.max() == pytest.approx(0, abs=1e-9)
    assert (result.bottleneck == "none").all()
    assert (result.total - result.facets.iloc[:, 0]).abs().max() < 1e-9


@settings(max_examples=60, deadline=None)
@given(
    tables,
    st.sampled_from(["arithmetic", "geometric"]),
    st.sampled_from(["min-max", "rank"]),
    st.floats(1, 7),
)
def test_a_facet_that_is_the_same_everywhere_changes_no_ranking(
    table, aggregation, normalise, same
):
    flat = table.copy()
    for column in flat[[FACETS[0]]]:
        flat[column] = same
    with_flat = score(flat, normalise=normalise, aggregation=aggregation, reverse=[])
    without = score(
        table.drop(columns=FACETS[0], level=0),
        normalise=normalise,
        aggregation=aggregation,
        reverse=[],
    )
    a, b = with_flat.total.to_numpy(), without.total.to_numpy()
    apart = np.abs(np.subtract.outer(b, b)) > 1e-6
    assert (np.sign(np.subtract.outer(a, a)) == np.sign(np.subtract.outer(b, b)))[apart].all()


@settings(max_examples=30, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_order_of_places_and_unit_of_indicators_do_not_matter(table, random):
    order = list(table.index)
    random.shuffle(order)
    one = score(table, reverse=[]).total
    other = score(100 * table.loc[order] - 3, reverse=[]).total
    assert np.allclose(one.loc[order], other)


def test_z_and_rank_by_hand():
    table = pd.DataFrame({("f", "a"): [1.0, 2.0, 3.0, 3.0]}, index=list("ABCD"))
    z = score(table, normalise="z").total
    assert z["A"] == pytest.approx(50 + 10 * (1 - 2.25) / np.sqrt(0.6875))
    ranks = score(table, normalise="rank").total
    assert ranks.tolist() == pytest.approx([1, 34, 1 + 99 * 2.5 / 3, 1 + 99 * 2.5 / 3])
    assert score(table, normalise="rank").rank.tolist() == [4, 3, 1, 1]


def test_ces_against_its_closed_form():
    facets = pd.DataFrame({"a": [8.0], "b": [2.0]})
    weights = {"a": 0.3, "b": 0.7}
    for r in (0.5, -0.5, -3):
        direct = (0.3 * 8**r + 0.7 * 2**r) ** (1 / r)
        assert aggregate(facets, weights=weights, aggregation=r)[0] == pytest.approx(direct)
    assert aggregate(facets, weights=weights, aggregation=0)[0] == pytest.approx(8**0.3 * 2**0.7)
    assert aggregate(facets, aggregation=-1000)[0] == pytest.approx(2, rel=1e-3)


def test_a_facet_of_weight_zero_plays_no_part_in_the_minimum():
    facets = pd.DataFrame({"a": [8.0], "b": [2.0]})
    assert aggregate(facets, weights={"a": 1, "b": 0}, aggregation="minimum")[0] == 8


def test_planted_bottlenecks_are_found(ratings, truth):
    result = score(ratings, reverse=TURNED, scale=(1, 7), normalise="scale")
    lopsided = truth[truth["kind"] == "lopsided"]
    assert len(lopsided) == 8
    assert (result.bottleneck[lopsided.index] == lopsided["weak_facet"]).all()
    assert result.total.corr(truth["level"]) > 0.98


def test_the_twins_part_when_facets_compensate_less(ratings, truth):
    even, peaked = (truth.index[truth["kind"] == f"{k} twin"][0] for k in ("even", "peaked"))

    def lead(aggregation):
        total = score(
            ratings, reverse=TURNED, scale=(1, 7), normalise="scale", aggregation=aggregation
        ).total
        return total[even] - total[peaked]

    assert abs(lead("arithmetic")) < 3
    assert lead("geometric") > 5
    assert lead("minimum") > 20


def gapped():
    numbers = np.arange(32, dtype=float).reshape(4, 8)
    table = table_of(numbers)
    table.iloc[1, 0] = np.nan
    return table


def test_missing_is_refused_dropped_or_filled_and_flagged():
    with pytest.raises(ValueError, match=r"1 of 4 places lack indicators: P1 \(one factor cond"):
        score(gapped())
    dropped = score(gapped(), missing="drop")
    assert dropped.dropped == ["P1"]
    assert "P1" not in dropped.total.index
    assert dropped.missing["P1"] == 1
    assert "1 dropped" in repr(dropped)
    filled = score(gapped(), missing="impute", reverse=[])
    assert filled.imputed.loc["P1"].sum() == 1
    assert filled.imputed.to_numpy().sum() == 1
    assert filled.to_frame().loc["P1", "imputed"] == 1
    whole = gapped()
    whole.iloc[1, 0] = whole.iloc[[0, 2, 3], 0].median()
    pd.testing.assert_series_equal(filled.total, score(whole, reverse=[]).total)


def test_no_data_at_all_and_a_facet_without_data():
    table = gapped()
    table.iloc[2] = np.nan
    with pytest.raises(ValueError, match=r"P2 \(no data at all\)"):
        score(table)
    with pytest.raises(ValueError, match="'P2' has no data at all, and a whole facet is not made"):
        score(table, missing="impute")
    assert score(table, missing="drop").dropped == ["P1", "P2"]
    table = gapped()
    table.iloc[1, :2] = np.nan
    with pytest.raises(ValueError, match="no data for the facet 'factor conditions'"):
        score(table, missing="impute")
    table.iloc[:, 3] = np.nan
    with pytest.raises(ValueError, match="has no value for any place"):
        score(table, missing="drop")


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"weights": dict.fromkeys(FACETS, 0.3)}, ValueError, "weights sum to 1.2, expected 1"),
        (
            {"weights": dict(zip(FACETS, [-0.5, 0.5, 0.5, 0.5], strict=True))},
            ValueError,
            "weight of 'factor conditions' is -0.5, but it must be a number at least 0",
        ),
        ({"weights": {FACETS[0]: 1}}, ValueError, "weights lacks the facet 'demand conditions'"),
        (
            {"weights": dict.fromkeys([*FACETS[:3], "strategy and rivalri"], 0.25)},
            ValueError,
            "did you mean 'strategy and rivalry'",
        ),
        ({"aggregation": "geometrc"}, ValueError, "did you mean 'geometric'"),
        ({"aggregation": 2}, ValueError, "aggregation is .* at most 1"),
        ({"aggregation": float("nan")}, ValueError, "aggregation is .* at most 1"),
        ({"normalise": "percent"}, ValueError, "one of 'min-max', 'z', 'rank', 'scale'"),
        ({"normalise": "scale"}, ValueError, "needs scale="),
        ({"scale": (1, 20)}, ValueError, "outside the scale 1 to 20"),
        ({"scale": (7, 1)}, ValueError, r"expected \(lowest, highest\)"),
        ({"missing": "ignore"}, ValueError, "expected 'refuse', 'drop' or 'impute'"),
        ({"reverse": ["one factor"]}, ValueError, "no indicator; did you mean 'one factor cond"),
        ({"facets": {"factors": ["nothing"]}}, ValueError, "names the indicator 'nothing'"),
    ],
)
def test_bad_choices(options, kind, message):
    table = table_of(np.arange(32, dtype=float).reshape(4, 8))
    with pytest.raises(kind, match=message):
        score(table, **options)


def test_bad_tables():
    table = table_of(np.arange(32, dtype=float).reshape(4, 8))
    with pytest.raises(ValueError, match="two levels"):
        score(table.droplevel(0, axis=1))
    with pytest.raises(ValueError, match="place 'P0' listed more than once"):
        score(table.iloc[[0, 0, 1]])
    with pytest.raises(ValueError, match="at least two"):
        score(table.iloc[[0]])
    with pytest.raises(ValueError, match="infinite"):
        score(table.replace(3.0, np.inf))
    with pytest.raises(ValueError, match="expected numbers"):
        score(table.astype(object))


def test_a_scale_that_runs_the_wrong_way_is_refused_until_spoken_of(ratings):
    with pytest.raises(ValueError, match=r"'burden of entry rules' runs against .*reverse="):
        score(ratings)
    turned = score(ratings, reverse=TURNED, scale=(1, 7))
    assert turned.given["turned"] == TURNED
    by_hand = ratings.copy()
    column = ("strategy and rivalry", TURNED[0])
    by_hand[column] = 8 - by_hand[column]
    pd.testing.assert_series_equal(turned.total, score(by_hand).total)
    assert not np.allclose(turned.total, score(ratings, reverse=[]).total)


def test_indicators_without_spread_are_not_mistaken_for_turned_ones():
    table = table_of(np.tile(np.arange(9.0)[:, None], 8))
    table.iloc[:, 1] = 4.0
    assert score(table).given["turned"] == []
    with pytest.raises(ValueError, match="reverse is 'one', expected a list"):
        score(table, reverse="one")
    two = table_of(np.tile(np.arange(9.0)[:, None], 8) * [1, -1, 1, 1, 1, 1, 1, 1])
    with pytest.raises(ValueError, match=r"runs against the rest of 'factor .*or of the others"):
        score(two)


def test_a_geometric_mean_of_very_low_z_scores_is_refused():
    table = table_of(np.vstack([np.full(8, -40.0), np.tile(np.arange(40.0)[:, None] / 40, 8)]))
    with pytest.raises(ValueError, match="'P0' has one at or below zero"):
        score(table, normalise="z", aggregation="geometric", reverse=[])


def test_repr_says_best_and_last(ratings):
    text = repr(score(ratings, reverse=TURNED))
    assert text.startswith("DiamondScore of 40 places (min-max, arithmetic): Place 02 87.1 points")
