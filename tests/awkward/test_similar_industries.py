"""Awkward tables for the similarity of industries, their groups and boundaries."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab.clusters import boundary, define, similarity, validate

REGIONS, NAMES = list("rstu"), ["wine", "glass", "boats", "sails"]
JOBS = pd.DataFrame(np.random.default_rng(1).integers(1, 50, (4, 4)), REGIONS, NAMES).astype(float)
FLOWS = pd.DataFrame([[4, 1.0], [2, 3]], ["food", "sea"], ["food", "sea"])
WHOSE = pd.Series(["food", "food", "sea", "sea"], NAMES)
TRADES = pd.DataFrame([[1, 2.0, 4], [3, 1, 1], [2, 2, 1], [5, 1, 1]], NAMES, list("abc"))
TIES = similarity(JOBS).mean
GROUPS = pd.Series([1, 1, 2, 2], NAMES, name="mine")
THERE = pd.Series(True, NAMES)


def spoilt(table, row, column, value):
    made = table.astype(object)
    made.loc[row, column] = value
    return made


def alike(table=JOBS, **options):
    return lambda: similarity(table, **options)


def linked(flows=FLOWS, whose=WHOSE, table=JOBS):
    return lambda: similarity(table, flows=flows, concordance=whose)


def defined(ties=TIES, **options):
    return lambda: define(ties, **{"groups": 2, **options})


def judged(groups=GROUPS, ties=TIES, **options):
    return lambda: validate(groups, ties, **options)


def bounded(core="wine", ties=TIES, **options):
    return lambda: boundary(core, ties, **options)


REFUSED = [
    ("new", "no table", alike(None), "NoneType"),
    ("new", "a series", alike(JOBS["wine"]), "Series"),
    (
        "new",
        "an unknown cell",
        alike(spoilt(JOBS, "r", "wine", None)),
        "1 cells? (is|are) unknown.*'wine'",
    ),
    ("new", "a negative cell", alike(spoilt(JOBS, "r", "wine", -1)), "'wine'.*-1"),
    ("new", "two regions", alike(JOBS.iloc[:2]), "2 region"),
    ("new", "two industries", alike(JOBS.iloc[:, :2]), "2 industries.*at least 3"),
    ("new", "an industry twice", alike(pd.concat([JOBS, JOBS[["wine"]]], axis=1)), "'wine'"),
    ("new", "an industry nowhere", alike(JOBS.assign(wine=0)), "'wine'"),
    ("new", "everywhere the same", alike(JOBS.assign(wine=7)), "'wine'"),
    (
        "new",
        "plants without an industry",
        alike(establishments=JOBS[NAMES[:3]]),
        "establishments.*column.*'sails'",
    ),
    (
        "new",
        "plants of one more",
        alike(establishments=JOBS.assign(tar=1)),
        "establishments.*'tar'",
    ),
    (
        "new",
        "plants in other regions",
        alike(establishments=JOBS.rename({"r": "x"})),
        "establishments.*row.*'r'",
    ),
    (
        "new",
        "plants in one more region",
        alike(establishments=pd.concat([JOBS, JOBS.rename(str.upper)])),
        "differ only|more.*R",
    ),
    ("new", "concordance alone", alike(concordance=WHOSE), "without flows"),
    ("new", "flows that are not square", linked(FLOWS[["food"]]), "flows.*column.*'sea'"),
    ("new", "flows with a column more", linked(FLOWS.assign(air=1)), "flows.*column more.*'air'"),
    ("new", "a negative flow", linked(FLOWS - 2), "'food'.*-1"),
    ("new", "an unknown flow", linked(FLOWS.replace(2, np.nan)), "unknown"),
    (
        "new",
        "industries are no accounts",
        linked(whose=None),
        r"4 labels \('wine', .*give concordance=",
    ),
    ("new", "an industry without account", linked(whose=WHOSE.drop("wine")), "concordance.*'wine'"),
    ("new", "two without account", linked(whose=WHOSE[:2]), r"2 labels \('boats', 'sails'\)"),
    (
        "new",
        "an account flows lacks",
        linked(whose=WHOSE.replace("sea", "air")),
        "'boats', 'sails'",
    ),
    ("new", "an empty account", linked(whose=WHOSE.replace("sea", None)), "'boats', 'sails'"),
    ("new", "an industry in two accounts", linked(whose=pd.concat([WHOSE, WHOSE[:1]])), "'wine'"),
    ("new", "a mapping", linked(whose=WHOSE.to_dict()), "concordance.*dict"),
    (
        "new",
        "one account for all",
        linked(whose=WHOSE.replace("sea", "food")),
        "input–output is the same",
    ),
    ("new", "occupations without one", alike(occupations=TRADES[:3]), "occupations.*'sails'"),
    (
        "new",
        "nobody employed",
        alike(occupations=spoilt(TRADES, "wine", ["a", "b", "c"], 0)),
        "occupations.*'wine'",
    ),
    (
        "new",
        "all occupations alike",
        alike(occupations=spoilt(TRADES, "wine", ["a", "b", "c"], 3)),
        "occupations.*'wine'",
    ),
    ("new", "a result for a table", defined(similarity(JOBS)), "Similarity"),
    ("new", "a table that is not square", defined(TIES.iloc[:, :3]), "column.*'sails'"),
    ("new", "a table with a row less", defined(TIES.iloc[:3]), "column more.*'sails'"),
    (
        "new",
        "not symmetric",
        defined(spoilt(TIES, "wine", "boats", 9.0)),
        "'wine'.*'boats'.*larger",
    ),
    (
        "new",
        "an empty cell",
        defined(spoilt(TIES, "wine", "boats", None)),
        "'wine'.*'boats'.*no finite",
    ),
    (
        "new",
        "endless",
        defined(spoilt(TIES, "wine", "boats", np.inf)),
        "'wine'.*'boats'.*no finite",
    ),
    ("new", "words", defined(spoilt(TIES, "wine", "boats", "x")), "'wine'.*'boats'.*'x'"),
    ("new", "a label twice", defined(pd.concat([TIES, TIES[:1]])), "'wine'"),
    ("new", "a single group", defined(groups=1), "groups is 1.*single group"),
    ("new", "no group", defined(groups=0), "groups is 0"),
    ("new", "more groups than industries", defined(groups=5), "groups is 5.*4 industries"),
    ("new", "a range that goes too far", defined(groups=range(2, 9)), "groups is 5"),
    ("new", "an empty range", defined(groups=range(0)), "no number of groups"),
    ("new", "half a group", defined(groups=2.5), "2.5"),
    ("new", "groups in words", defined(groups="two"), "'two'"),
    ("new", "groups as None", defined(groups=None), "None"),
    ("new", "groups that are tables", defined(groups=[[2], [3]]), "groups"),
    ("new", "another method", defined(method="wards"), "'ward'"),
    ("new", "a seed in words", defined(method="k-means", seed="x"), "seed"),
    ("new", "no groups", judged(None), "NoneType"),
    ("new", "groups as a mapping", judged(GROUPS.to_dict()), "dict"),
    ("new", "an industry without a group", judged(GROUPS[:3]), "'sails'"),
    ("new", "an empty group", judged(GROUPS.where(GROUPS != 2)), "'boats'"),
    ("new", "a group for one more", judged(pd.concat([GROUPS, pd.Series({"tar": 1})])), "'tar'"),
    ("new", "an industry in two groups", judged(pd.concat([GROUPS, GROUPS[:1]])), "'wine'"),
    ("new", "all in one", judged(GROUPS * 0), "'mine'.*single group"),
    ("new", "one of two all in one", judged(pd.DataFrame({"a": GROUPS, "b": 1})), "'b'.*single"),
    ("new", "all pairs are the strongest", judged(strongest=1), "strongest"),
    ("new", "no pair is", judged(strongest=0), "strongest"),
    ("new", "sizes that lack one", judged(sizes=WHOSE.map(len)[:3]), "sizes.*'sails'"),
    ("new", "another core", bounded("wines"), "'wines'.*'wine'"),
    ("new", "a list of cores", bounded(["wine"]), "list"),
    ("new", "a threshold in words", bounded(threshold="high"), "threshold"),
    ("new", "no threshold", bounded(threshold=np.nan), "threshold"),
    ("new", "presence as a list", bounded(present=["wine"]), "Series of True and False"),
    ("new", "presence as quotients", bounded(present=WHOSE.map(len)), "Series of True and False"),
    ("new", "presence of three", bounded(present=THERE[:3]), "'sails'"),
    ("new", "presence twice", bounded(present=pd.concat([THERE, THERE[:1]])), "'wine'"),
    ("new", "directed ties", bounded(ties=FLOWS, core="food"), "'food'.*'sea'.*other way"),
]
DOCUMENTED = [
    ("new", "whole numbers of pandas", alike(JOBS.astype("Int64")), lambda found: True),
    ("new", "numbers as objects", defined(TIES.astype(object)), lambda found: found.nunique() == 2),
    ("new", "as many groups as industries", defined(groups=4), lambda found: found.is_unique),
    ("new", "the same count twice", defined(groups=[2, 3]), lambda found: list(found) == [2, 3]),
    (
        "new",
        "a concordance of more",
        linked(whose=pd.concat([WHOSE, pd.Series({"tar": "oil"})])),
        lambda found: len(found.mean) == 4,
    ),
    (
        "new",
        "groups of text and numbers",
        judged(pd.Series([1, 1, "x", "x"], NAMES)),
        lambda found: found.scores["groups"].item() == 2,
    ),
    ("new", "a threshold below zero", bounded(threshold=-9), lambda found: len(found.members) == 3),
    (
        "new",
        "labels that are numbers",
        lambda: define(pd.DataFrame(TIES.to_numpy()), groups=2),
        lambda found: found.index.tolist() == [0, 1, 2, 3],
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
