"""Calls of `clusters.criteria`, `clusters.delineate` and their widgets that are nearly right."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab import clusters
from clusterlab.clusters import widgets

PLANTS = pd.DataFrame(
    {"wine": [9, 1, 2, 6], "casks": [4, 4, 1, 3], "shops": [5, 9, 8, 7]}, list("abcd")
)
JOBS = PLANTS * [5, 9, 4]
TOTALS = JOBS.sum(axis=1) + 10
PAIRS = clusters.criteria(JOBS, PLANTS, totals=TOTALS)


def measured(jobs=JOBS, plants=PLANTS, totals=TOTALS):
    return lambda: clusters.criteria(jobs, plants, totals=totals)


def counted(table=PAIRS, **how):
    return lambda: clusters.delineate(table, **how)


REFUSED = [
    ("new", "criteria of a list", measured(jobs=[1, 2]), "list"),
    ("new", "criteria without establishments", measured(plants=None), "None"),
    ("new", "jobs in words", measured(jobs=JOBS.astype(object).replace(45, "many")), "'many'"),
    ("new", "a table on its side", measured(plants=PLANTS.T), "region '[a-dw-]|'wine'"),
    ("new", "totals as a list", measured(totals=[1, 2]), "totals"),
    ("new", "totals without a region", measured(totals=TOTALS.drop("c")), "'c'"),
    ("new", "two regions of one name", measured(jobs=JOBS.rename({"b": "a"})), "'a'"),
    ("new", "nothing at all", measured(jobs=JOBS * 0, plants=PLANTS * 0), "zero"),
    ("new", "a gap in one table", measured(jobs=JOBS.where(JOBS != 45)), "'wine' in 'a'"),
    ("new", "delineate jobs", counted(JOBS), "'quotient'"),
    ("new", "no frame", counted(None), "the criteria"),
    ("new", "True for a number", counted(PAIRS.assign(area=True)), "area True"),
    ("new", "a column twice", counted(pd.concat([PAIRS, PAIRS[["size"]]], axis=1)), "'size'"),
    ("new", "a criterion by a near name", counted(definitions={"mine": ["sizes"]}), "'size'"),
    ("new", "a number for a criterion", counted(definitions={"mine": [3]}), "3"),
    ("new", "a list of definitions", counted(definitions=["quotient"]), "definitions"),
    ("new", "a set of criteria", counted(definitions={"mine": {"size"}}), "'mine'"),
    ("new", "threshold as text", counted(quotient="2"), "quotient"),
    ("new", "threshold not a number", counted(size=float("nan")), "size"),
    ("new", "pairs without a place", lambda: widgets.definitions(PAIRS, {"x": ("z", "y")}), "z"),
    ("new", "names as a list", lambda: widgets.definitions(PAIRS, ["a"]), "named"),
    ("new", "jobs in place of criteria", lambda: widgets.definitions(JOBS, {}), "'quotient'"),
    ("new", "no criteria", lambda: widgets.definitions(None, {}), "the criteria"),
    ("new", "wine of a list", lambda: widgets.wine([1]), "list"),
    (
        "new",
        "wine with ties only",
        lambda: widgets.wine(ties=pd.DataFrame({"from": ["a"], "to": ["b"], "strength": [1]})),
        "'a'",
    ),
]

DOCUMENTED = [
    (
        "new",
        "regions more than the table has",
        lambda: clusters.criteria(JOBS, PLANTS, totals=pd.concat([TOTALS, pd.Series({"z": 9})])),
        lambda found: found.equals(PAIRS),
    ),
    (
        "new",
        "whole numbers and floats",
        lambda: clusters.criteria(JOBS.astype(float), PLANTS, totals=TOTALS.astype(float)),
        lambda found: found.equals(PAIRS),
    ),
    (
        "new",
        "a table of one pair",
        lambda: clusters.delineate(PAIRS.iloc[:1]),
        lambda found: found.members.shape == (1, 3),
    ),
    (
        "new",
        "a table with no rows",
        lambda: clusters.delineate(PAIRS.iloc[:0]),
        lambda found: np.isnan(found.contested) and found.counts.tolist() == [0, 0, 0],
    ),
    (
        "new",
        "more columns than needed",
        lambda: clusters.delineate(PAIRS.assign(note="x")),
        lambda found: found.members.equals(clusters.delineate(PAIRS).members),
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row[1])
def test_it_is_refused_clearly(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: row[1])
def test_it_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
