"""Awkward panels and neighbours for classes of income and their chains."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab.regions import markov, quantile_classes, spatial_markov

GOOD = pd.DataFrame(
    {2000: [1, 2, 3, 4], 2001: [1, 3, 2, 4], 2002: [3, 2, 1, 4]}, ["A", "B", "C", "D"]
)
PAIRS = pd.DataFrame({"place": list("ABCD"), "neighbour": list("BADC")})


def chain(table, **options):
    return lambda: markov(table, **{"classes": 2, **options})


def beside(near, table=GOOD):
    return lambda: spatial_markov(table, near, classes=2, replicates=9)


REFUSED = [
    ("new", "a series", chain(GOOD[2000]), "Series"),
    ("new", "an array", chain(GOOD.to_numpy()), "ndarray"),
    ("new", "a path", chain("incomes.csv"), "str; read the file first"),
    ("new", "no rows", chain(GOOD.iloc[:0]), "no region"),
    ("new", "no columns", chain(GOOD[[]]), "no year"),
    ("new", "a long table", chain(GOOD.stack().reset_index()), "long table"),
    ("new", "a column of names", chain(GOOD.assign(region="x")), "'region'.*'x'"),
    ("new", "dates", chain(GOOD.set_axis(pd.date_range("2000", periods=3), axis=1)), "no year"),
    ("new", "a year missing", chain(GOOD.rename(columns={2002: 2003})), "2001 to 2003"),
    ("new", "a year twice", chain(pd.concat([GOOD, GOOD[[2002]]], axis=1)), "2002.*more than once"),
    ("new", "a year as text too", chain(GOOD.assign(**{"2000": 1})), "2000 and '2000' differ"),
    ("new", "decimal commas", chain(GOOD.astype(object).replace(3, "3,5")), "'3,5'"),
    ("new", "endless income", chain(GOOD.replace(3, np.inf)), "'B'.*2001|'C'.*2000|inf"),
    ("new", "yes and no", chain(GOOD > 1), "True and False"),
    ("new", "half a class", chain(GOOD, classes=2.5), "classes is 2.5"),
    ("new", "classes as text", chain(GOOD, classes="5"), "classes is '5'"),
    ("new", "a million classes", chain(GOOD, classes=10**6), "classes is 1000000"),
    ("new", "pooled 1", chain(GOOD, pooled=1), "pooled is 1"),
    ("new", "no replicates", chain(GOOD, replicates=0), "replicates is 0"),
    ("new", "a level of 1", chain(GOOD, level=1), "level is 1"),
    ("new", "an empty frame of neighbours", beside(PAIRS.iloc[:0]), "4 regions.*without"),
    ("new", "an empty mapping", beside({}), "4 regions"),
    ("new", "lists of lists", beside({"A": [["B"]]}), r"\['B'\] is not a region"),
    ("new", "a number for a list", beside({"A": 1}), "a mapping from region to list"),
    ("new", "a pair twice", beside(pd.concat([PAIRS, PAIRS])), "'B' is listed twice for 'A'"),
    ("new", "a frame of numbers", beside(pd.DataFrame({"a": [0], "b": [1]})), "0 is not a region"),
    ("new", "an adjacency matrix", beside(pd.DataFrame(np.eye(4))), "4 columns.*give the two"),
    ("new", "classes of a long table", lambda: quantile_classes(PAIRS), "'A' is not a finite"),
]
DOCUMENTED = [
    ("new", "whole numbers of pandas", chain(GOOD.astype("Int64")), lambda found: True),
    ("new", "numbers as objects", chain(GOOD.astype(object)), lambda found: True),
    ("new", "years as text", chain(GOOD.rename(columns=str)), lambda found: found.ways.size == 18),
    (
        "new",
        "years counted down",
        chain(GOOD[[2002, 2001, 2000]]),
        lambda found: found.estimate.counts.to_numpy().tolist() == [[2, 2], [2, 2]],
    ),
    (
        "new",
        "regions that are numbers",
        chain(GOOD.set_axis([10, 9, 8, 7])),
        lambda found: {*found.estimate.transitions["place"]} == {7, 8, 9, 10},
    ),
    (
        "new",
        "columns of another name",
        chain(GOOD.rename_axis(columns="wave")),
        lambda found: found.estimate.per == "wave",
    ),
    (
        "new",
        "arrays of neighbours",
        beside({name: np.array([other]) for name, other in PAIRS.to_numpy()}),
        lambda found: found.note == "",
    ),
    (
        "new",
        "a class never left",
        lambda: spatial_markov(GOOD.assign(**{"2003": [1, 2, 3, 4]}), PAIRS, classes=2),
        lambda found: len(found.by_neighbours) == 2,
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
