"""Awkward arguments of declared models and of the checks for plain functions."""

import numpy as np
import pytest
from awkward import judge

from clusterlab import parameters

REFUSED = [
    ("397", "declared(3)", lambda: parameters.declared(3), "3"),
    ("409", "parameters.model(3)", lambda: parameters.model(3), "3"),
    ("new", "seed -1", lambda: parameters.generator(-1), "seed is -1"),
    ("new", "seed 1.5", lambda: parameters.generator(1.5), "seed is 1.5"),
    ("new", "seed text", lambda: parameters.generator("x"), "seed is 'x'"),
    ("new", "seed True", lambda: parameters.generator(True), "seed is True"),
    ("new", "draws text", lambda: parameters.whole("draws", "2"), "draws is '2'"),
    ("new", "draws NaN", lambda: parameters.whole("draws", np.nan), "draws is nan"),
    ("new", "level NaN", lambda: parameters.number("level", np.nan, 0, 1), "level is nan"),
    ("new", "level array", lambda: parameters.number("level", np.ones(99), 0, 1), "a ndarray"),
    ("new", "no choice", lambda: parameters.chosen("by", 3, ["rows"]), "by is 3.*'rows'"),
]
DOCUMENTED = []


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])
