"""Awkward tables, groups, weights and years for inequality and convergence of regions."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab.regions import convergence, theil

TABLE = pd.DataFrame(
    {1990: [5.0, 1, 2, 8], 2000: [4.0, 2, 3, 9], 2010: [5.0, 2, 2, 9]}, index=list("ABCD")
)
SIDES = pd.Series({"A": "west", "B": "west", "C": "east", "D": "east"})
PEOPLE = pd.Series({"D": 1, "C": 2, "B": 3, "A": 4})


def cell(value, row="B", year=2000):
    table = TABLE.astype(object)
    table.loc[row, year] = value
    return table


def series(**changed):
    return pd.Series({**SIDES.to_dict(), **changed})


BOTH = {"theil": theil, "convergence": convergence}
REFUSED = [
    ("new", f"{name} {what}", lambda f=f, table=table: f(table), culprit)
    for name, f in BOTH.items()
    for what, table, culprit in (
        ("negative", cell(-1), "region 'B', year 2000: value -1 is negative"),
        ("missing", cell(None), "1 cells are unknown, the first at region 'B', year 2000"),
        ("text", cell("x"), "region 'B', year 2000: 'x' is not a finite number"),
        ("infinite", cell(np.inf), "region 'B', year 2000"),
        ("a list", [1, 2], "must be a pandas DataFrame with one row per region"),
        ("no region", TABLE.iloc[:0], "no region"),
        ("no year", TABLE.iloc[:, :0], "no year"),
        ("region twice", TABLE.rename({"B": "A"}), "region 'A'|'A' listed more than once"),
        ("year twice", TABLE.rename(columns={2010: 1990}), "1990 listed more than once"),
        ("year twice, once as text", TABLE.rename(columns={2010: "1990"}), "1990.*'1990'"),
        ("two spellings", TABLE.rename({"B": "a"}), "'A' and 'a' differ only by"),
        ("all zero", TABLE * 0, "no number above zero"),
    )
]
REFUSED += [
    ("new", what, call, culprit)
    for what, call, culprit in (
        ("L of zero", lambda: theil(cell(0), index="L"), "region 'B', year 2000: income is 0.*L"),
        ("no income in a year", lambda: theil(TABLE.assign(**{"2020": 0.0})), "year '2020'"),
        ("a year of zeros", lambda: theil(TABLE * [1, 0, 0]), r"2 years \(2000, 2010\) without"),
        (
            "negative Series",
            lambda: theil(pd.Series({"A": 1, "B": -2})),
            "region 'B', year 'income'",
        ),
        (
            "index in small letters",
            lambda: theil(TABLE, index="t"),
            "index is 't'.*did you mean 'T'",
        ),
        ("index Gini", lambda: theil(TABLE, index="Gini"), "one of 'T', 'L'"),
        ("no group", lambda: theil(TABLE, groups=SIDES.drop("C")), "groups: region 'C' is missing"),
        (
            "no groups",
            lambda: theil(TABLE, groups=SIDES.drop(["C", "D"])),
            "2 regions .* are missing",
        ),
        (
            "empty group",
            lambda: theil(TABLE, groups=series(C=" ")),
            "groups: region 'C' has no group",
        ),
        ("missing group", lambda: theil(TABLE, groups=series(C=None)), "region 'C' has no group"),
        (
            "groups of others",
            lambda: theil(TABLE, groups=series(E="east")),
            "'E' is not in the table",
        ),
        (
            "group twice",
            lambda: theil(TABLE, groups=pd.concat([SIDES, SIDES[["A"]]])),
            "groups: region 'A' is listed more than once",
        ),
        (
            "two spellings",
            lambda: theil(TABLE, groups=series(C="West")),
            "'west' and 'West' differ",
        ),
        (
            "a list of groups",
            lambda: theil(TABLE, groups=["w", "w", "e", "e"]),
            "groups is .* Series",
        ),
        (
            "groups as a frame",
            lambda: theil(TABLE, groups=SIDES.to_frame()),
            "groups is a DataFrame",
        ),
        (
            "lists as groups",
            lambda: theil(TABLE, groups=series(C=["east"])),
            "groups: names must be",
        ),
        (
            "a list of weights",
            lambda: theil(TABLE, weights=[1, 2, 3, 4]),
            "weights must be a Series",
        ),
        (
            "weight zero",
            lambda: theil(TABLE, weights=PEOPLE * [1, 0, 1, 1]),
            "weights: region 'C' has 0",
        ),
        ("weight below", lambda: theil(TABLE, weights=-PEOPLE), "weights: 'A' has -4"),
        (
            "weight lacks",
            lambda: theil(TABLE, weights=PEOPLE.drop("C")),
            "weights: no number for label 'C'",
        ),
        (
            "weight of others",
            lambda: theil(TABLE, weights=pd.concat([PEOPLE, pd.Series({"E": 1})])),
            "weights: region 'E' is not in the table",
        ),
        (
            "weight twice",
            lambda: theil(TABLE, weights=PEOPLE[["A", *PEOPLE.index]]),
            "'A' listed twice",
        ),
        (
            "no weights of a year",
            lambda: theil(TABLE, weights=pd.DataFrame({1990: PEOPLE, 2000: PEOPLE})),
            "the table of weights has no column 2010",
        ),
        (
            "start between",
            lambda: convergence(TABLE, start=1995),
            "start is 1995, but .*1990 to 2010",
        ),
        (
            "end not there",
            lambda: convergence(TABLE, end=2011),
            "end is 2011, but the panel has no such",
        ),
        (
            "start as text",
            lambda: convergence(TABLE, start="1990"),
            "start is '1990', but it must be",
        ),
        (
            "end first",
            lambda: convergence(TABLE, start=2000, end=1990),
            "end is 1990, .*after start, 2000",
        ),
        ("no time", lambda: convergence(TABLE, start=2000, end=2000), "end is 2000"),
        ("one year", lambda: convergence(TABLE[[1990]]), "has 1 year, of 2 needed"),
        ("two regions", lambda: convergence(TABLE.iloc[:2]), "has 2 regions, of 3 needed"),
        (
            "names of years",
            lambda: convergence(TABLE.rename(columns={2000: "wine"})),
            "'wine', .*no year",
        ),
        (
            "half years",
            lambda: convergence(TABLE.rename(columns={2000: 1995.5})),
            "1995.5, .*no year",
        ),
        (
            "dates",
            lambda: convergence(TABLE.set_axis(pd.date_range("2000", periods=3), axis=1)),
            "Timestamp.*no year",
        ),
        ("zero income", lambda: convergence(cell(0)), "region 'B', year 2000: income is 0"),
        (
            "all alike at first",
            lambda: convergence(TABLE.assign(**{"1980": 3.0}).rename(columns=str)),
            "all regions have the same income in 1980",
        ),
        ("level", lambda: convergence(TABLE, level=95), "level is 95"),
    )
]
DOCUMENTED = [
    (
        "new",
        "constant incomes",
        lambda: theil(TABLE * 0 + 3),
        lambda r: r.parts.max(axis=None) == 0,
    ),
    (
        "new",
        "one region",
        lambda: theil(TABLE.iloc[:1], groups=SIDES[:1]),
        lambda r: (r.parts == 0).all(axis=None) and r.to_frame()["share between"].isna().all(),
    ),
    (
        "new",
        "zero income",
        lambda: theil(cell(0).astype(float)),
        lambda r: (r.parts > 0).all(axis=None),
    ),
    (
        "new",
        "numbers as groups",
        lambda: theil(TABLE, groups=pd.Series([1, 2, 2, 1], TABLE.index)),
        lambda r: [*r.groups.loc[1990].index] == [1, 2],
    ),
    (
        "new",
        "huge incomes",
        lambda: theil(TABLE * 1e49),
        lambda r: np.isfinite(r.parts).all(axis=None),
    ),
    (
        "new",
        "tiny incomes",
        lambda: theil(TABLE * 1e-300, index="L"),
        lambda r: np.allclose(r.parts, theil(TABLE, index="L").parts),
    ),
    ("new", "years far apart", lambda: convergence(TABLE[[1990, 2010]]), lambda r: r.end == 2010),
    (
        "new",
        "years as floats",
        lambda: convergence(TABLE.rename(columns=float)),
        lambda r: r.spread.index.tolist() == [1990, 2000, 2010],
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
