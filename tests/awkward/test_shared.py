"""Awkward calls of what every topic shares: sweeps and exercises."""

import itertools
from typing import Annotated

import numpy as np
import pytest
from awkward import judge

from clusterlab import exercises
from clusterlab.parameters import Parameter, model
from clusterlab.sweep import sweep as run_sweep


@model
def line(*, slope: Annotated[float, Parameter("slope", 0, 2)] = 1, seed: object = 0):
    return slope


def sweep(*args, **options):
    return run_sweep(*args, **{"progress": False, **options})


def _check(answer=3, **options):
    return exercises.check("q", answer, **{"otherwise": "x", **options})


SLOPE = {"slope": 3}
REFUSED = [
    (
        "003",
        "10**9 points",
        lambda: sweep(line, {"slope": 10**9}),
        "'slope'.*1,000,000.*1000000000",
    ),
    ("new", "10**9 values", lambda: sweep(line, {"slope": range(10**9)}), "1,000,001 runs"),
    ("new", "endless values", lambda: sweep(line, {"slope": itertools.count()}), "1,000,001 runs"),
    ("new", "10**9 replicates", lambda: sweep(line, SLOPE, replicates=10**9), "3,000,000,000 runs"),
    ("410", "values 2.5", lambda: sweep(line, {"slope": 2.5}), "'slope' has 2.5"),
    ("411", "values None", lambda: sweep(line, {"slope": None}), "'slope' has None"),
    ("new", "values True", lambda: sweep(line, {"slope": True}), "'slope'.*True"),
    ("new", "values text", lambda: sweep(line, {"slope": "12"}), "'slope'.*'12'"),
    ("new", "values a mapping", lambda: sweep(line, {"slope": {1: 2}}), "'slope'.*1: 2"),
    ("412", "over a list", lambda: sweep(line, ["slope"]), "over.*list"),
    ("new", "over None", lambda: sweep(line, None), "over.*NoneType"),
    ("new", "fixed a list", lambda: sweep(line, SLOPE, fixed=[1]), "fixed.*list"),
    ("new", "unknown", lambda: sweep(line, {"slop": 3}), "'slop'; did you mean 'slope'"),
    (
        "414",
        "measure fails",
        lambda: sweep(line, SLOPE, measure=lambda r: 1 / 0),
        "measure fails at slope=0.0: ZeroDivisionError",
    ),
    (
        "new",
        "measure fails late",
        lambda: sweep(line, SLOPE, measure=lambda r: 1 / (r - 2)),
        "measure fails at slope=2.0",
    ),
    ("new", "measure is text", lambda: sweep(line, SLOPE, measure="mean"), "measure.*'mean'"),
    (
        "new",
        "value outside",
        lambda: sweep(line, {"slope": [1, 9]}),
        "line fails at slope=9: .*slope",
    ),
    ("415", "seed text", lambda: sweep(line, SLOPE, seed="x"), "seed is 'x'"),
    ("new", "seed -1", lambda: sweep(line, SLOPE, seed=-1), "seed is -1"),
    ("new", "replicates 1.5", lambda: sweep(line, SLOPE, replicates=1.5), "replicates is 1.5"),
    ("416", "model 3", lambda: sweep(3, SLOPE), "function.*3"),
    ("417", "model None", lambda: sweep(None, SLOPE), "function.*None"),
    ("141", "within NaN", lambda: _check(within=np.nan), "within is nan"),
    ("new", "within text", lambda: _check(within="1"), "within is '1'"),
    ("142", "answer text", lambda: _check("a", within=1), "answer is 'a'"),
    ("new", "answer NaN", lambda: _check(np.nan, within=1), "answer is nan"),
    ("new", "hint for text", lambda: _check(within=1, hints={"4": "no"}), "hints is '4'"),
    ("new", "hints a list", lambda: _check(within=1, hints=["no"]), "hints.*no"),
    ("new", "choices text", lambda: _check("a", choices="abc"), "choices.*'abc'"),
    ("new", "question None", lambda: exercises.check(None, 3, within=1), "question.*None"),
    ("399", "choices 5", lambda: exercises.predict("q", 5), "choices.*5"),
    ("new", "no choices", lambda: exercises.predict("q", []), "choices is an empty list"),
    ("400", "question None", lambda: exercises.predict(None), "question.*None"),
    ("401", "unit None", lambda: exercises.predict("q", unit=None), "unit.*None"),
]
DOCUMENTED = [
    (
        "new",
        "whole numbers of numpy",
        lambda: sweep(line, {"slope": np.int64(3)}),
        lambda table: table["value"].tolist() == [0, 1, 2],
    ),
    (
        "new",
        "values from an iterator",
        lambda: sweep(line, {"slope": iter([0, 2])}),
        lambda table: table["value"].tolist() == [0, 2],
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
