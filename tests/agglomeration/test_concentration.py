"""Concentration: published figures, hand-computed tables, conventions, invariants, bad input."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterlab.agglomeration import (
    gini,
    herfindahl,
    hoover,
    krugman_specialisation,
    locational_gini,
    lorenz_curve,
)

MEASURES = [
    lambda table: herfindahl(table).value,
    lambda table: herfindahl(table).normalised,
    lambda table: herfindahl(table).equivalent_number,
    gini,
    hoover,
    locational_gini,
    lambda table: locational_gini(table, weights="size"),
]

lists = arrays(np.int64, st.integers(2, 12), elements=st.integers(0, 10_000)).filter(np.any)
positive_tables = arrays(
    np.int64, st.tuples(st.integers(2, 6), st.integers(2, 5)), elements=st.integers(1, 10_000)
).map(pd.DataFrame)


def pairwise_gini(values):
    """Gini as half the relative mean difference, by the double loop."""
    n = len(values)
    gaps = sum(abs(a - b) for a, b in itertools.product(values, repeat=2))
    return gaps / (2 * n * sum(values))


# --- published and hand-computed -----------------------------------------------------------------


def test_herfindahl_published():
    # Manual of REAT, herf(): [20, 50, 20, 10].
    result = herfindahl([20, 50, 20, 10])
    assert result.value == pytest.approx(0.34)
    assert result.normalised == pytest.approx(0.12)
    assert result.equivalent_number == pytest.approx(2.94, abs=0.005)
    assert result.to_frame().shape == (1, 3)


def test_locational_gini_published():
    # Manual of REAT, gini.conc().
    jobs = pd.DataFrame({"J": [500, 500, 1000, 7000, 1000]})
    totals = pd.Series([20000, 15000, 20000, 40000, 5000])
    assert locational_gini(jobs, totals)["J"] == pytest.approx(0.4068966, abs=5e-8)


def test_hoover_and_gini_published():
    # EconGeo, Hoover.Gini: industry against population.
    industry, people = [0, 10, 10, 30, 50], [10, 15, 20, 25, 30]
    assert hoover(industry, people) == pytest.approx(0.25)
    assert gini(industry, people) == pytest.approx(0.31)


def test_gini_by_hand():
    assert gini([1, 3]) == pytest.approx(0.25)
    assert gini([1, 3], corrected=True) == pytest.approx(0.5)
    assert gini([1, 3], scale="area") == pytest.approx(0.125)
    assert gini([0, 0, 0, 7]) == pytest.approx(0.75)
    assert gini([0, 0, 0, 7], corrected=True) == pytest.approx(1)
    assert gini([4, 4, 4]) == pytest.approx(0, abs=1e-15)


def test_hoover_by_hand():
    assert hoover([1, 3]) == pytest.approx(0.25)
    assert hoover([1, 0], [0, 5]) == pytest.approx(1)
    table = pd.DataFrame([[8, 2], [2, 8]], index=["A", "B"], columns=["x", "y"])
    assert hoover(table).to_dict() == pytest.approx({"x": 0.3, "y": 0.3})
    assert hoover(table, pd.Series({"B": 4, "A": 1}))["x"] == pytest.approx(0.6)
    assert hoover(table, of="region").to_dict() == pytest.approx({"A": 0.3, "B": 0.3})


def test_lorenz_by_hand():
    curve = lorenz_curve([6, 1, 3], [1, 1, 2])
    assert curve["reference"].tolist() == pytest.approx([0, 0.25, 0.75, 1])
    assert curve["values"].tolist() == pytest.approx([0, 0.1, 0.4, 1])
    by_name = lorenz_curve(
        pd.Series([6, 1, 3], ["a", "b", "c"]), pd.Series([2, 1, 1], ["c", "b", "a"])
    )
    pd.testing.assert_frame_equal(by_name, curve)


def test_locational_gini_by_hand():
    # quotients of x: (8/10)/.5 and (2/10)/.5: 1.6 and .4; their Gini (1.6 - .4)/(2 * 2) = .3
    table = pd.DataFrame([[8, 2], [2, 8]], columns=["x", "y"])
    assert locational_gini(table)["x"] == pytest.approx(0.3)
    assert locational_gini(table, corrected=True)["x"] == pytest.approx(0.6)
    assert locational_gini(table, scale="area")["x"] == pytest.approx(0.15)
    assert locational_gini(table, weights="size")["x"] == pytest.approx(0.3)
    # with unequal regions the two part: x is spread .25 and .75 over regions of .4 and .6
    table = pd.DataFrame([[10, 30], [30, 30]], columns=["x", "y"])
    assert locational_gini(table, weights="size")["x"] == pytest.approx(0.4 * 0.75 - 0.6 * 0.25)
    assert locational_gini(table)["x"] == pytest.approx((0.5 - 0.25) / (2 * 0.75))


def test_krugman_conventions_by_hand():
    # A is all x, B all y, C ten times as large and half and half.
    table = pd.DataFrame([[10, 0], [0, 10], [50, 50]], index=list("ABC"), columns=["x", "y"])
    assert krugman_specialisation(table).to_dict() == pytest.approx({"A": 1.5, "B": 1.5, "C": 0})
    by_pair = krugman_specialisation(table, against="mean_of_index")
    assert by_pair.to_dict() == pytest.approx({"A": 1.5, "B": 1.5, "C": 1})
    rest = krugman_specialisation(table, against="rest")
    # the others of A together: 50 of 110 in x, 60 in y
    assert rest["A"] == pytest.approx((1 - 50 / 110) + 60 / 110)
    assert rest["C"] == pytest.approx(0)


def test_krugman_of_two_regions_is_the_same_by_every_convention():
    table = pd.DataFrame([[1, 2, 3], [4, 4, 1]])
    results = [
        krugman_specialisation(table, against=against)
        for against in ("mean_of_shares", "mean_of_index", "rest")
    ]
    expected = abs(1 / 6 - 4 / 9) + abs(2 / 6 - 4 / 9) + abs(3 / 6 - 1 / 9)
    for result in results:
        assert result.tolist() == pytest.approx([expected, expected])


def test_krugman_mean_of_index_against_the_double_loop():
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.integers(0, 50, size=(23, 7)) * rng.integers(0, 2, size=(23, 7)))
    table += 1 * (table.sum(axis=1) == 0).to_numpy()[:, None]
    shares = table.div(table.sum(axis=1), axis=0).to_numpy()
    expected = [
        np.mean([np.abs(shares[i] - shares[k]).sum() for k in range(23) if k != i])
        for i in range(23)
    ]
    result = krugman_specialisation(table, against="mean_of_index")
    assert np.allclose(result, expected)


# --- invariants ----------------------------------------------------------------------------------


@given(lists)
@settings(max_examples=60, deadline=None)
def test_gini_is_half_the_relative_mean_difference(values):
    assert gini(values) == pytest.approx(pairwise_gini(values.tolist()), abs=1e-10)


@given(lists, st.randoms(use_true_random=False), st.floats(0.001, 1000))
@settings(max_examples=40, deadline=None)
def test_lists_bounds_scale_and_order(values, random, factor):
    n, shuffled = len(values), list(values)
    random.shuffle(shuffled)
    parts = herfindahl(values)
    assert 1 / n - 1e-12 <= parts.value <= 1 + 1e-12
    assert -1e-12 <= parts.normalised <= 1 + 1e-12
    assert 1 - 1e-12 <= parts.equivalent_number <= n + 1e-9
    assert -1e-12 <= gini(values) <= 1 - 1 / n + 1e-12
    assert gini(values, corrected=True) == pytest.approx(gini(values) * n / (n - 1), abs=1e-12)
    assert -1e-12 <= hoover(values) <= gini(values) + 1e-12  # the largest gap, twice the triangle
    for measure in (gini, hoover, lambda v: herfindahl(v).value):
        assert measure(shuffled) == pytest.approx(measure(values), abs=1e-12)
        assert measure(values * factor) == pytest.approx(measure(values), abs=1e-9)


@given(st.integers(2, 50), st.integers(1, 10**6))
@settings(max_examples=30, deadline=None)
def test_equal_places(n, value):
    parts = herfindahl([value] * n)
    assert parts.value == pytest.approx(1 / n)
    assert parts.normalised == pytest.approx(0, abs=1e-12)
    assert parts.equivalent_number == pytest.approx(n)
    assert gini([value] * n) == pytest.approx(0, abs=1e-12)
    assert hoover([value] * n) == pytest.approx(0, abs=1e-12)


@given(st.integers(2, 50), st.data())
@settings(max_examples=30, deadline=None)
def test_all_in_one_place(n, data):
    values = np.zeros(n)
    values[data.draw(st.integers(0, n - 1))] = 17
    assert herfindahl(values).normalised == pytest.approx(1)
    assert herfindahl(values).equivalent_number == pytest.approx(1)
    assert gini(values) == pytest.approx(1 - 1 / n)
    assert gini(values, corrected=True) == pytest.approx(1)
    assert hoover(values) == pytest.approx(1 - 1 / n)


@given(positive_tables, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_tables_answer_for_all_industries_whatever_the_order(table, random):
    rows, columns = list(table.index), list(table.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    for measure in MEASURES:
        result = measure(table)
        assert result.index.equals(table.columns)
        turned = measure(table.loc[rows, columns])
        pd.testing.assert_series_equal(turned[table.columns], result, check_index_type=False)
        pd.testing.assert_series_equal(measure(table * 7), result)
    for against in ("mean_of_shares", "mean_of_index", "rest"):
        index = krugman_specialisation(table, against=against)
        assert index.index.equals(table.index)
        assert index.between(-1e-12, 2 + 1e-12).all()
        turned = krugman_specialisation(table.loc[rows, columns], against=against)
        assert np.allclose(turned[table.index], index)
    shares = krugman_specialisation(table)
    assert (krugman_specialisation(table, against="mean_of_index") >= shares - 1e-12).all()


@given(positive_tables, st.data())
@settings(max_examples=25, deadline=None)
def test_cutting_a_region_into_equal_halves(table, data):
    here = data.draw(st.integers(0, len(table) - 1))
    halves = table.astype(float)
    halves.loc[here] /= 2
    halves.loc["other half"] = halves.loc[here]
    for measure in (hoover, lambda t: locational_gini(t, weights="size")):
        pd.testing.assert_series_equal(measure(halves), measure(table))
    sizes = table.sum(axis=1)
    assert gini(halves[0], halves.sum(axis=1)) == pytest.approx(gini(table[0], sizes), abs=1e-12)


@given(positive_tables)
@settings(max_examples=25, deadline=None)
def test_lorenz_curve_fits_gini_and_hoover(table):
    industry, sizes = table[0], table.sum(axis=1)
    curve = lorenz_curve(industry, sizes)
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].tolist() == pytest.approx([1, 1])
    slope = curve["values"].diff()[1:] / curve["reference"].diff()[1:]
    assert (slope.diff().dropna() >= -1e-9).all(), "a Lorenz curve is convex"
    area = np.trapezoid(curve["values"], curve["reference"])
    assert gini(industry, sizes) == pytest.approx(1 - 2 * area, abs=1e-10)
    assert gini(industry, sizes, scale="area") == pytest.approx(0.5 - area, abs=1e-10)
    gap = (curve["reference"] - curve["values"]).max()
    assert hoover(industry, sizes) == pytest.approx(gap, abs=1e-10)


@given(positive_tables)
@settings(max_examples=15, deadline=None)
def test_of_region_is_the_turned_table(table):
    for measure in (gini, hoover):
        pd.testing.assert_series_equal(measure(table, of="region"), measure(table.T))
    pd.testing.assert_series_equal(herfindahl(table, of="region").value, herfindahl(table.T).value)
    assert herfindahl(table).value[0] == pytest.approx(herfindahl(table[0]).value)


def test_where_every_region_has_the_same_mix_nothing_is_localised():
    table = pd.DataFrame(np.outer([1, 5, 20], [2, 3, 4]))
    for measure in (hoover, locational_gini, lambda t: locational_gini(t, weights="size")):
        assert np.allclose(measure(table), 0)
    assert np.allclose(krugman_specialisation(table), 0)


@pytest.mark.parametrize("measure", MEASURES)
def test_input_is_not_changed(measure):
    table = pd.DataFrame({"x": [5, 0, 1], "y": [1, 2, 3]}, index=list("abc"))
    table.attrs["note"] = "mine"
    copy = table.copy(deep=True)
    measure(table)
    pd.testing.assert_frame_equal(table, copy)
    assert table.attrs == {"note": "mine"}


def test_lists_series_and_arrays_are_the_same():
    values = [5, 0, 1]
    assert gini(values) == gini(np.array(values)) == gini(pd.Series(values, list("abc")))
    assert isinstance(gini(values), float)
    assert isinstance(hoover(values), float)
    assert isinstance(herfindahl(values).value, float)


def test_reference_is_taken_by_label():
    values = pd.Series({"a": 5.0, "b": 1.0})
    assert gini(values, pd.Series({"b": 9.0, "a": 1.0})) == gini([5, 1], [1, 9])
    assert hoover(values, pd.Series({"b": 9.0, "a": 1.0})) == hoover([5, 1], [1, 9])


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gini([1]), "list has 1 numbers, and at least two"),
        (lambda: gini(np.ones((2, 2))), r"one list of numbers, got ndarray of shape \(2, 2\)"),
        (lambda: gini([1, -1]), "list: number 2 is -1, but numbers from zero up"),
        (lambda: gini([1, 2, np.nan]), "number 3 is nan"),
        (lambda: herfindahl([0, 0]), "no number above zero"),
        (
            lambda: gini([1, 2], of="city"),
            "of is 'city', but it must be one of 'industry', 'region'",
        ),
        (
            lambda: gini([1, 2], scale="half"),
            "scale is 'half', but it must be one of 'ratio', 'area'",
        ),
        (lambda: gini([1, 2], [1, 2, 3]), "reference has 3 numbers for 2 places"),
        (lambda: gini([1, 2], [0, 3]), "reference: place 1 of 2 has size zero"),
        (lambda: gini([1, 2], [0, 0]), "reference holds no number above zero"),
        (lambda: gini([1, 2], [1, -3]), "reference: number 2 is -3, but numbers from zero up"),
        (lambda: gini([1, 2], [1, 3], corrected=True), "corrected=True is for equal weights"),
        (lambda: lorenz_curve(pd.DataFrame({"a": [1, 2]})), "drawn of one industry"),
    ],
)
def test_bad_lists(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("measure", [*MEASURES, krugman_specialisation])
def test_bad_tables(measure):
    table = pd.DataFrame({"x": [5, 2, 1], "y": [1, 2, 3]}, index=list("abc"))
    for bad, message in (
        (table.replace(5, -5), "region 'a', industry 'x': value -5 is negative"),
        (table.astype(object).replace(5, "?"), "region 'a', industry 'x': '.' is not a finite num"),
        (table.astype(float).replace(5, np.nan), "1 cells are unknown"),
        (table * [0, 1], "industry 'x' with no value above zero"),
        (table * 0, "no number above zero"),
        (table.iloc[:1], "1 region|too few regions: 1"),
        (table.rename(index={"b": "a"}), "region 'a' listed more than once"),
    ):
        with pytest.raises(ValueError, match=message):
            measure(bad)


@pytest.mark.parametrize("measure", [locational_gini, krugman_specialisation])
def test_an_empty_region_is_refused_where_it_makes_no_sense(measure):
    table = pd.DataFrame({"x": [5, 2, 0], "y": [1, 2, 0]}, index=list("abc"))
    with pytest.raises(ValueError, match="region 'c' with no value above zero"):
        measure(table)


def test_a_region_without_the_industry_is_not_empty_where_totals_are_given():
    # quotients (5/10, 0, 1/10) over 6/30: 2.5, 0 and 0.5
    jobs, totals = pd.DataFrame({"J": [5, 0, 1]}), pd.Series([10, 10, 10])
    expected = pairwise_gini([2.5, 0, 0.5])
    assert locational_gini(jobs, totals)["J"] == pytest.approx(expected)


def test_unknown_conventions():
    table = pd.DataFrame({"x": [5, 2], "y": [1, 2]})
    with pytest.raises(
        ValueError, match="weights is 'both', but it must be one of 'equal', 'size'"
    ):
        locational_gini(table, weights="both")
    with pytest.raises(
        ValueError, match="against is 'all', but it must be one of 'mean_of_shares'"
    ):
        krugman_specialisation(table, against="all")
    with pytest.raises(ValueError, match="corrected=True is for equal weights"):
        locational_gini(table, weights="size", corrected=True)


def test_a_wrong_label_in_the_reference():
    values = pd.Series({"a": 5.0, "b": 1.0})
    with pytest.raises(ValueError, match="reference: no number for label 'b'"):
        gini(values, pd.Series({"a": 1.0, "c": 2.0}))
