"""Theil's indices: by hand, against other formulas, and that the parts add up whatever the data."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from clusterlab import datasets
from clusterlab.regions import theil

FOUR = pd.Series({"a": 1.0, "b": 3.0, "c": 4.0, "d": 8.0})
SIDES = {"a": "west", "b": "west", "c": "east", "d": "east"}


def panel(name="us_state_income"):
    table = datasets.load(name)
    regions = table.drop_duplicates("state").set_index("state")["region"]
    return table.pivot_table(index="state", columns="year", values="income"), regions


def plain(values, people, index):
    """Return T or L as the books write it, 0 ln 0 being 0."""
    share = people / people.sum()
    ratio = values / (share * values).sum()
    terms = (ratio if index == "T" else -1) * np.log(np.where(ratio > 0, ratio, 1))
    return float((share * terms).sum())


def test_by_hand():
    found = theil(FOUR, groups=SIDES)
    r = FOUR / 4
    assert found.parts["total"].iloc[0] == pytest.approx((r * np.log(r)).mean())
    # means 2 and 6 of 4: half of the regions each, a quarter and three quarters of income
    assert found.parts["between"].iloc[0] == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5))
    west = 0.5 * (0.5 * np.log(0.5) + 1.5 * np.log(1.5))
    east = 0.5 * (2 / 3 * np.log(2 / 3) + 4 / 3 * np.log(4 / 3))
    groups = found.groups.loc["income"]
    assert groups["index"].tolist() == pytest.approx([west, east])
    assert groups["people"].tolist() == [0.5, 0.5]
    assert groups["income"].tolist() == [0.25, 0.75]
    assert groups["part"].tolist() == pytest.approx([0.25 * west, 0.75 * east])
    total = found.parts["total"].iloc[0]
    assert groups["share"].tolist() == pytest.approx([0.25 * west / total, 0.75 * east / total])
    low = theil(FOUR, groups=SIDES, index="L")
    assert low.parts["total"].iloc[0] == pytest.approx(np.log(4) - np.log(FOUR).mean())
    assert low.parts["between"].iloc[0] == pytest.approx(np.log(4) - np.log([2, 6]).mean())
    west, east = np.log(2) - np.log([1, 3]).mean(), np.log(6) - np.log([4, 8]).mean()
    assert low.groups["index"].tolist() == pytest.approx([west, east])
    assert low.groups["part"].tolist() == pytest.approx([west / 2, east / 2])


def test_weights_count_as_so_many_regions():
    people = pd.Series({"d": 1, "c": 2, "b": 3, "a": 1})
    many = pd.Series([1, 3, 3, 3, 4, 4, 8], list("abBßcCd")).astype(float)
    sides = {**SIDES, "B": "west", "ß": "west", "C": "east"}
    many.index = ["a", "b", "b2", "b3", "c", "c2", "d"]
    sides = {name: SIDES[name[0]] for name in many.index}
    for index in "TL":
        weighted = theil(FOUR, groups=SIDES, weights=people, index=index)
        repeated = theil(many, groups=sides, index=index)
        pd.testing.assert_frame_equal(weighted.parts, repeated.parts)
        pd.testing.assert_frame_equal(weighted.groups, repeated.groups)


def test_weights_of_each_year():
    table = pd.DataFrame({1990: FOUR, 2000: FOUR})
    people = pd.DataFrame({2000: [1, 1, 1, 5], 1990: [2, 1, 1, 1], 1980: [0, 1, 1, 1]}, FOUR.index)
    found = theil(table, weights=people, groups=SIDES)
    for year in table:
        alone = theil(FOUR.rename(year), weights=people[year], groups=SIDES)
        pd.testing.assert_frame_equal(found.parts.loc[[year]], alone.parts)
    assert found.groups.loc[1990, "people"].tolist() == pytest.approx([3 / 5, 2 / 5])
    assert found.groups.loc[2000, "people"].tolist() == pytest.approx([2 / 8, 6 / 8])


incomes = st.floats(0.01, 1e6)


@given(
    st.lists(st.tuples(incomes, incomes, st.floats(0.1, 1e4), st.sampled_from("uvw")), min_size=2),
    st.sampled_from("TL"),
    st.booleans(),
)
def test_the_parts_add_up(rows, index, weighted):
    frame = pd.DataFrame(rows, columns=[1990, 2000, "people", "group"]).rename(index="r{}".format)
    table, people = frame[[1990, 2000]], frame["people"]
    weights = people if weighted else None
    found = theil(table, groups=frame["group"], weights=weights, index=index)
    parts, groups = found.parts, found.groups
    tell = np.testing.assert_allclose
    tell(parts["total"], parts["between"] + parts["within"], rtol=1e-9, atol=1e-12)
    tell(parts["within"], groups["part"].groupby("year").sum(), rtol=1e-9, atol=1e-12)
    sums = groups[["people", "income"]].groupby("year").sum()
    tell(sums, 1, rtol=1e-12)
    assert (found.to_frame().fillna(0) >= 0).all(axis=None)
    for year in table:
        each = plain(table[year], people if weighted else people * 0 + 1, index)
        assert parts.loc[year, "total"] == pytest.approx(each, rel=1e-9, abs=1e-11)
        for name, rows in frame.groupby("group"):
            own = plain(rows[year], rows["people"] if weighted else rows["people"] * 0 + 1, index)
            assert groups.loc[(year, name), "index"] == pytest.approx(own, rel=1e-9, abs=1e-11)
    # no unit: dollars or thousands of them
    for unit in (1e3, 1e-9):
        scaled = theil(table * unit, groups=frame["group"], weights=weights, index=index)
        tell(scaled.parts, parts, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("index", ["T", "L"])
@pytest.mark.parametrize("name", ["us_state_income", "mexican_state_income"])
def test_real_tables_add_up_to_a_trillionth(name, index):
    table, regions = panel(name)
    people = pd.Series(np.random.default_rng(1).integers(1, 90, len(table)), table.index)
    for weights in (None, people):
        found = theil(table, groups=regions, weights=weights, index=index)
        gap = found.parts["total"] - found.parts["between"] - found.parts["within"]
        assert gap.abs().max() < 1e-12
        assert (
            found.groups["part"].groupby("year").sum() - found.parts["within"]
        ).abs().max() < 1e-12


def test_the_known_values_of_lognormal_and_pareto_incomes():
    # both indices of a lognormal are half the variance of its logs, by quantiles of equal weight
    quantile = (np.arange(200_000) + 0.5) / 200_000
    values = pd.Series(np.exp(0.4 * stats.norm.ppf(quantile)))
    for index in "TL":
        assert theil(values, index=index).parts.iloc[0, 0] == pytest.approx(0.08, abs=2e-5)
    # Pareto of shape a: T is 1/(a − 1) − ln(a/(a − 1)), L is ln(a/(a − 1)) − 1/a
    pareto = pd.Series(stats.pareto(5).ppf(quantile))
    assert theil(pareto).parts.iloc[0, 0] == pytest.approx(1 / 4 - np.log(5 / 4), rel=2e-3)
    found = theil(pareto, index="L").parts.iloc[0, 0]
    assert found == pytest.approx(np.log(5 / 4) - 1 / 5, rel=2e-3)


def test_what_lies_at_the_edges():
    equal = pd.DataFrame({1990: [0.1] * 7, 2000: [1.0] * 7}, list("abcdefg"))
    sides = pd.Series(list("xxxyyyz"), equal.index)
    for index in "TL":
        found = theil(equal, groups=sides, index=index)
        assert found.parts.abs().max(axis=None) < 1e-15
        assert found.to_frame()["share between"].isna().all()
        assert found.groups["share"].isna().all()
        assert found.groups["index"].abs().max() < 1e-15
        one = theil(FOUR, groups=dict.fromkeys("abcd", "all"), index=index)
        assert one.parts["between"].iloc[0] == pytest.approx(0, abs=1e-15)
        assert one.to_frame()["share between"].iloc[0] == pytest.approx(0, abs=1e-15)
        each = theil(FOUR, groups={name: name for name in FOUR.index}, index=index)
        assert each.parts["within"].iloc[0] == pytest.approx(0, abs=1e-15)
    nearly = theil(1 + pd.Series([1, 2, 3, 5]) * 1e-8, groups=pd.Series(list("xxyy")))
    assert 0 < nearly.parts["total"].iloc[0] < 1e-12  # rounding: no share of it means anything
    assert nearly.to_frame()["share between"].isna().all()
    assert nearly.groups["share"].isna().all()
    # all in one place: T is ln n, zero incomes add nothing, and a group without any is equal within
    lone = theil(pd.Series({"a": 0, "b": 0, "c": 0, "d": 5}), groups=SIDES)
    assert lone.parts["total"].iloc[0] == pytest.approx(np.log(4))
    assert lone.parts["between"].iloc[0] == pytest.approx(np.log(2))
    assert lone.groups["index"].tolist() == pytest.approx([0, np.log(2)])


def test_the_result_keeps_labels_and_leaves_the_input():
    table, regions = panel()
    before = table.copy(), regions.copy()
    found = theil(table, groups=regions, index="L")
    pd.testing.assert_frame_equal(table, before[0])
    pd.testing.assert_series_equal(regions, before[1])
    assert found.parts.index.equals(table.columns)
    assert [*found.groups.index.names] == ["year", "group"]
    assert {*found.groups.loc[2009].index} == {*regions}
    assert repr(found) == "Inequality(index=L, parts: 81 x 3, groups: 324 x 5)"
    assert theil(table).groups is None
    alone = theil(table)
    frame = alone.to_frame()
    assert [*frame] == ["total"]
    frame["total"] = 0  # a frame of one's own
    assert (alone.parts["total"] > 0).all()
    assert theil(FOUR.rename(1999)).parts.index.tolist() == [1999]
    assert theil(FOUR).parts.index.tolist() == ["income"]
