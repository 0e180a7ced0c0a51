"""Classes of income: by hand, against mapclassify, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterlab import datasets
from clusterlab.regions import quantile_classes


def panel(values):
    rows = [f"r{k:02}" for k in range(len(values))]
    return pd.DataFrame(np.asarray(values, float), rows, range(2000, 2000 + len(values[0])))


def table_of(classes):
    return classes.pivot_table(index="place", columns="period", values="type").to_numpy()


def test_by_hand():
    # five regions, bounds of halves at the middle one, which belongs to the class below it
    found = table_of(quantile_classes(panel([[1], [2], [3], [4], [5]]), classes=2))
    assert found.ravel().tolist() == [1, 1, 1, 2, 2]
    # quarters of five: every bound is an income
    found = table_of(quantile_classes(panel([[1], [2], [3], [4], [5]]), classes=4))
    assert found.ravel().tolist() == [1, 1, 2, 3, 4]
    # equal incomes share the lower class
    found = table_of(quantile_classes(panel([[1], [2], [2], [2], [9]]), classes=2))
    assert found.ravel().tolist() == [1, 1, 1, 1, 2]


def test_each_year_or_all_years():
    incomes = panel([[1, 10], [2, 30], [3, 80]])
    assert table_of(quantile_classes(incomes, classes=3)).tolist() == [[1, 1], [2, 2], [3, 3]]
    # relative to the means 2 and 40: .5 .25, 1 .75, 1.5 2; ranks 1 0, 3 2, 4 5
    found = table_of(quantile_classes(incomes, classes=3, pooled=True))
    assert found.tolist() == [[1, 1], [2, 2], [3, 3]]
    found = table_of(quantile_classes(incomes, classes=6, pooled=True))
    assert found.tolist() == [[2, 1], [4, 3], [5, 6]]


def test_the_quantiles_that_numpy_interpolates():
    incomes = panel(np.random.default_rng(1).lognormal(size=(37, 4)))
    for k in (2, 3, 5, 9, 37):
        found = table_of(quantile_classes(incomes, classes=k))
        bounds = np.quantile(incomes, np.arange(1, k) / k, axis=0)
        assert (found - 1 == (incomes.to_numpy()[None] > bounds[:, None] + 1e-12).sum(0)).all()


def test_us_states_have_10_9_10_9_10_in_each_fifth_in_most_years():
    table = datasets.load("us_state_income")
    incomes = table.pivot_table(index="state", columns="year", values="income")
    found = quantile_classes(incomes)
    sizes = pd.crosstab(found["period"], found["type"])
    assert sizes.mode().iloc[0].tolist() == [10, 9, 10, 9, 10]
    assert list(found.columns) == ["place", "period", "type"]
    assert len(found) == 48 * 81


@settings(deadline=None, max_examples=40)
@given(arrays(int, (9, 3), elements=st.integers(1, 10**6), unique=True), st.integers(2, 9))
def test_classes_follow_the_order_of_incomes_and_all_are_filled(values, k):
    found = table_of(quantile_classes(panel(values), classes=k))
    for year in range(3):
        order = np.argsort(values[:, year])
        assert (np.diff(found[order, year]) >= 0).all()
        assert {*found[:, year]} == {*range(1, k + 1)}
    scaled = table_of(quantile_classes(panel(7.0 * values), classes=k))
    assert (found == scaled).all()


def test_order_of_rows_and_columns_does_not_matter_and_the_input_stays():
    incomes = panel(np.random.default_rng(2).lognormal(size=(12, 5)))
    mixed = incomes.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2)
    before = mixed.copy()
    for pooled in (False, True):
        one = quantile_classes(incomes, pooled=pooled)
        pd.testing.assert_frame_equal(one, quantile_classes(mixed, pooled=pooled))
    pd.testing.assert_frame_equal(mixed, before)


def test_years_may_be_text_as_a_wide_file_has_them():
    incomes = panel([[1, 2], [2, 1], [3, 3]])
    told = quantile_classes(incomes.rename(columns=str), classes=3)
    pd.testing.assert_frame_equal(told, quantile_classes(incomes, classes=3))


GOOD = panel([[1, 2], [2, 1], [3, 3], [4, 4]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: quantile_classes(GOOD, classes=1), "classes is 1, but it must be a whole number"),
        (
            lambda: quantile_classes(GOOD, classes=5),
            r"year 2000: 4 incomes, 4 of them different, do not fill 5 classes \(class 3 is empty\)",
        ),
        (
            lambda: quantile_classes(GOOD.assign(**{"2001": 7}).drop(columns=2001)),
            "do not fill 5 classes",
        ),
        (
            lambda: quantile_classes(GOOD * 0 + 5, classes=2),
            "year 2000: 4 incomes, 1 of them different, do not fill 2 classes",
        ),
        (
            lambda: quantile_classes(GOOD * 0 + 5, classes=2, pooled=True),
            "all years together: 8 incomes, 1 of them different",
        ),
        (lambda: quantile_classes(GOOD.iloc[:1], classes=2), "1 incomes, 1 of them different"),
        (lambda: quantile_classes(GOOD, pooled="yes"), "pooled is 'yes'"),
        (lambda: quantile_classes(GOOD.replace(3, np.nan)), "2 cells are unknown.*year 2000"),
        (lambda: quantile_classes(GOOD.replace(3, -3)), "region 'r02', year 2000: value -3"),
        (lambda: quantile_classes(GOOD.rename({"r01": "r00"})), "'r00' listed more than once"),
        (
            lambda: quantile_classes(GOOD.set_axis(["x", "y", *GOOD.columns[2:]], axis=1)),
            "column 'x', which is no year",
        ),
        (
            lambda: quantile_classes(GOOD.rename(columns={2000: 1.5})),
            "column 1.5, which is no year",
        ),
        (
            lambda: quantile_classes(GOOD * [0, 1], classes=2),
            "no region has an income above zero in 2000",
        ),
        (lambda: quantile_classes(datasets.load("us_state_income")), "'Alabama' is not a finite"),
        (lambda: quantile_classes([1, 2]), "must be a pandas DataFrame"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
