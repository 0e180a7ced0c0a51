"""Labels that count others once more: found where they are, and not where they are not."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab import agglomeration, tables
from clusterlab.totals import totals_inside

RNG = np.random.default_rng(11)


def random_table(rows=8, columns=6, low=0, high=900, seed=1):
    values = np.random.default_rng(seed).integers(low, high, (rows, columns))
    return pd.DataFrame(
        values,
        [f"region {r}" for r in "abcdefghijklmnopqrst"[:rows]],
        [f"trade {c}" for c in "abcdefghijklmnopqrst"[:columns]],
    )


def with_total(table, label, axis):
    if axis:
        return table.assign(**{label: table.sum(axis=1)})
    return pd.concat([table, table.sum().to_frame(label).T])


JOBS = pd.DataFrame(
    {"wine": [30.0, 10, 40], "shop": [10.0, 50, 60], "Total": [40.0, 60, 100]},
    index=["A", "B", "Total"],
)


def test_total_rows_and_columns_are_refused_and_the_advice_gives_the_right_numbers():
    with pytest.raises(ValueError, match=r"table.drop\(columns=\['Total'\]\)"):
        agglomeration.hoover(JOBS)
    table = JOBS.drop(columns=["Total"])
    with pytest.raises(ValueError, match=r"region 'Total'.*table.drop\(index=\['Total'\]\)"):
        agglomeration.hoover(table)
    table = table.drop(index=["Total"])
    np.testing.assert_allclose(agglomeration.hoover(table), [0.35, 7 / 30])
    np.testing.assert_allclose(agglomeration.krugman_specialisation(table), [7 / 6, 7 / 6])


def test_a_table_meant_as_it_stands_is_taken():
    table = JOBS.copy()
    table.attrs["as_is"] = True
    np.testing.assert_allclose(agglomeration.hoover(table)["wine"], 0.175)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(
    "label",
    [
        "Total",
        "TOTAL",
        "Total, all industries",
        "Insgesamt",
        "_T",
        "00",
        "------",
        "Ogółem",
        "合計",
        "All industries",
        "Grand total",
        "Germany",
    ],
)
def test_totals_of_every_name_are_found(label, axis):
    table = with_total(random_table(), label, axis)
    assert f"{label!r} is the total of the others" in totals_inside(table)
    assert totals_inside(table.drop(**{("index", "columns")[axis]: [label]})) == ""


@pytest.mark.parametrize("axis", [0, 1])
def test_a_total_of_rounded_parts_and_one_over_two_levels_are_found(axis):
    parts = pd.DataFrame(RNG.random((12, 9)) * 90, list("abcdefghijkl"), list("mnopqrstu"))
    rounded = with_total(parts, "Germany", axis).round(1)
    assert "'Germany' is the total" in totals_inside(rounded)
    halves = random_table(8, 8).T if axis else random_table(8, 8)
    whole = halves.sum()
    table = pd.concat(
        [
            halves,
            halves[:4].sum().to_frame("west").T,
            halves[4:].sum().to_frame("east").T,
            whole.to_frame("Germany").T,
        ]
    )
    assert "'Germany' is the total" in totals_inside(table.T if axis else table)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(
    ("codes", "inner"),
    [
        (["31-33", "311", "3111", "44", "52"], [0, 1, 2]),
        (["31", "311", "312", "44", "52"], [0, 1]),
        (["C", "C10", "C11", "F", "G"], [0, 1]),
        (["B-E", "C", "D", "F", "G"], [0, 1]),
        (["C10-C12", "C11", "C20", "F", "G"], [0, 1]),
        (["01", "01001", "01003", "02", "04"], [0, 1]),
        ([31, 311, 3111, 44, 52], [0, 1, 2]),
        (["31----", "311///", "44----", "52----", "61----"], [0, 1]),
        (["31 Manufacturing", "311 Food", "44 Trade", "52 Finance", "61 Schools"], [0, 1]),
        (["DE1", "DE11", "DE12", "DE2", "DE3"], [0, 1]),
    ],
)
def test_codes_that_contain_others_are_found(codes, inner, axis):
    values = RNG.integers(20, 900, (7, len(codes))).astype(float)
    for outer, part in pairwise(inner):
        values[:, part] = values[:, outer] // 3  # a part of what the code above holds
    if codes[2] in ("C11", "312", "01003", "DE12", "D"):
        values[:, 2] = values[:, 0] // 4
    table = pd.DataFrame(values, list("klmnopq"), codes)
    found = totals_inside(table if axis else table.T)
    assert f"{codes[0]!r} contains" in found
    assert repr(codes[inner[1]]) in found


@pytest.mark.parametrize(
    "codes",
    [
        [str(k) for k in range(1, 13)],
        [f"R{k}" for k in range(1, 13)],
        list(range(12)),
        ["A", "AL", "B", "BG", "D", "DK", "E", "EST", "F", "FIN", "I", "IRL"],
        ["York", "Yorkshire", "Ham", "Hamburg", "Essex", "Es", "a", "b", "c", "d", "e", "f"],
        ["1-4", "5-9", "10-19", "20-49", "50-99", "100-249", "250-499", "a", "b", "c", "d", "e"],
        ["Total S", "11", "21", "22", "23", "31-33", "42", "44-45", "48-49", "51", "52", "53"],
    ],
)
def test_mere_names_and_numbers_are_no_codes(codes):
    # the first is the largest everywhere, as a capital is
    values = np.outer(1 / np.arange(1, 13), RNG.integers(500, 9000, 15)).round()
    values *= RNG.random(values.shape) * 0.2 + 0.9
    values = values.round()
    if codes[0] == "Total S":
        values[0] = values[1:].max(axis=0) - 1
    assert totals_inside(pd.DataFrame(values, codes)) == ""
    assert totals_inside(pd.DataFrame(values, codes).T) == ""


@given(st.integers(0, 10**6), st.integers(2, 7), st.integers(2, 7), st.integers(1, 40))
@settings(max_examples=200, deadline=None)
def test_random_tables_hold_no_totals(seed, rows, columns, high):
    assert totals_inside(random_table(rows, columns, 0, high + 1, seed)) == ""


@pytest.mark.parametrize(
    "values",
    [
        [[2, 4, 6, 8], [1, 2, 3, 4], [1, 2, 3, 4]],
        [[300, 600, 900], [100, 200, 300], [100, 200, 300], [100, 200, 300]],
        [[5, 5], [5, 5]],
        [[9000, 1], [1, 9000]],
        [[6], [1], [2], [3]],
        np.eye(5),
        np.ones((4, 4)),
        [[0, 0, 0], [0, 0, 0], [0, 0, 1], [0, 0, 1]],
    ],
)
def test_small_even_and_proportional_tables_hold_no_totals(values):
    assert totals_inside(pd.DataFrame(values).astype(float)) == ""


def test_unknown_cells_are_left_aside():
    table = with_total(random_table().astype(float), "Total", 1)
    table.iloc[2, 1] = table.iloc[4, -1] = np.nan
    assert "'Total' is the total" in totals_inside(table)


def test_totals_in_either_year_of_shift_share_are_refused():
    before, after = random_table(low=1), random_table(low=1, seed=2)
    agglomeration.shift_share(before, after)
    with pytest.raises(ValueError, match="before: region 'Insgesamt' is the total"):
        agglomeration.shift_share(
            with_total(before, "Insgesamt", 0), with_total(after, "Insgesamt", 0)
        )


def test_totals_below_the_sum_of_a_row_are_refused():
    table = random_table(low=5)
    sums = table.sum(axis=1)
    tables.region_totals(tables.check(table), sums)
    short = sums.copy()
    short.iloc[3] -= table.iloc[3].min()
    with pytest.raises(ValueError, match="region 'region d' has .* less than the sum of its"):
        tables.region_totals(tables.check(table), short)


def test_a_table_of_zeros_and_ones_is_asked_about():
    there = pd.DataFrame(np.triu(np.ones((5, 6))), index=list("ABCDE"))
    with pytest.warns(tables.Doubtful, match=r"table.astype\(bool\)"):
        agglomeration.presence(there)
    complexity = agglomeration.complexity(there.astype(bool))
    assert complexity.diversity.tolist() == [6, 5, 4, 3, 2]
    np.testing.assert_allclose(complexity.regions.iloc[[0, -1]], [1.511, -1.282], atol=5e-4)
    there.attrs["as_is"] = True
    assert agglomeration.presence(there).sum(axis=1).tolist() == [3, 3, 4, 3, 2]
