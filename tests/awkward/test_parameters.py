"""Awkward arguments of declared models and of the checks for plain functions."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab import agglomeration, districts, location, networks, parameters
from clusterlab.transitions.chain import outlook

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
    ("new", "10**400", lambda: parameters.number("level", 10**400), "level is a int"),
    ("new", "model text", lambda: location.urn(firms="20"), "firms is '20'"),
    ("new", "model True", lambda: location.urn(replicates=True), "replicates is True"),
    ("new", "model Series", lambda: location.urn(feedback=pd.Series([1, 2])), "is a Series"),
    ("new", "model seed -1", lambda: location.urn(seed=-1), "urn: seed is -1"),
    ("new", "model seed True", lambda: location.urn(seed=True), "urn: seed is True"),
    ("new", "model seed None", lambda: networks.generate(seed=None), "generate: seed is None"),
    ("new", "10**9 plants", lambda: agglomeration.dartboard(plants=10**9), "at most 300000"),
    ("new", "10**9 histories", lambda: location.circle(replicates=10**9), "replicates.*at most"),
    ("new", "10**9 years", lambda: outlook(years=10**9), "years.*at most 200000"),
    ("new", "10**9 firms", lambda: districts.generate(firms=10**9), "firms.*at most"),
    ("new", "elasticity 10**9", lambda: location.circle(elasticity=10**9), "elasticity.*at most"),
    ("new", "no choice", lambda: parameters.chosen("by", 3, ["rows"]), "by is 3.*'rows'"),
]
DOCUMENTED = []


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])
