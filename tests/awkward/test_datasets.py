"""Awkward names of data sets."""

import pytest
from awkward import judge

from clusterlab import datasets

REFUSED = [
    ("005", "a way out", lambda: datasets.provenance("../datasets/claims"), "'../datasets/claims'"),
    ("006", "a way out", lambda: datasets.load("../datasets/claims"), "'../datasets/claims'"),
    ("new", "a suffix", lambda: datasets.load("claims.csv"), "'claims.csv'; did you mean 'claims'"),
    ("new", "None", lambda: datasets.load(None), "no data set None"),
    ("new", "3", lambda: datasets.provenance(3), "no data set 3"),
    ("new", "nothing", lambda: datasets.load(""), "no data set ''"),
]
DOCUMENTED = []


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])
