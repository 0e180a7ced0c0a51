"""Awkward calls of linkages and of the hidden cluster."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab.clusters import hidden_cluster, linkages

MAKE = pd.DataFrame([[100.0, 0], [0, 50]], ["wine", "glass"], ["wine", "glass"])
USE = pd.DataFrame([[10.0, 0], [30, 5]], ["wine", "glass"], ["wine", "glass"])

REFUSED = [
    ("new", "a list", lambda: linkages([[1]], USE), "the table must be a pandas DataFrame"),
    (
        "new",
        "an array of purchases",
        lambda: linkages(MAKE, USE.to_numpy()),
        "use must be a pandas",
    ),
    ("new", "tables swapped", lambda: linkages(USE, MAKE), "'wine' buys products for 100"),
    (
        "new",
        "make with products as rows",
        lambda: linkages(MAKE.T.rename({"wine": "grapes"}), USE),
        "'grapes'",
    ),
    ("new", "capitals", lambda: linkages(MAKE.rename(str.title), USE), "'Wine', 'Glass'"),
    ("new", "final uses left in", lambda: linkages(MAKE, USE.assign(exports=1)), "'exports'"),
    ("new", "long table", lambda: linkages(MAKE, USE.stack().reset_index()), "number|text"),
    ("new", "a gap", lambda: linkages(MAKE, USE.where(USE > 0)), "cells are unknown"),
    ("new", "dates", lambda: linkages(MAKE, USE.assign(wine=pd.to_datetime("2019"))), "dates"),
    (
        "new",
        "yes and no",
        lambda: linkages(MAKE, USE > 0),
        "True and False|booleans|numbers are needed",
    ),
    ("new", "outside a number", lambda: linkages(MAKE, USE, outside=3), "outside is 3"),
    (
        "new",
        "outside a near name",
        lambda: linkages(MAKE, USE, outside=["Wine"]),
        "did you mean 'wine'",
    ),
    ("new", "excess is text", lambda: linkages(MAKE, USE, excess="5%"), "excess is '5%'"),
    ("new", "excess unknown", lambda: linkages(MAKE, USE, excess=np.nan), "excess"),
    ("new", "no industry", lambda: linkages(MAKE.iloc[:0], USE), "no industry"),
    ("new", "classes is text", lambda: hidden_cluster(classes="6"), "classes is '6'"),
    ("new", "kept in per cent", lambda: hidden_cluster(kept=60), "kept is 60"),
    ("new", "another name", lambda: hidden_cluster(share=0.6), "no parameter 'share'"),
]
DOCUMENTED = [
    (
        "new",
        "all from outside",
        lambda: linkages(MAKE, USE, outside=["wine", "glass"]).backward.tolist(),
        lambda found: found == [1, 1],
    ),
    (
        "new",
        "whole numbers and other orders",
        lambda: (
            linkages(MAKE.astype(int).iloc[::-1], USE.iloc[:, ::-1]).backward.round(2).to_dict()
        ),
        lambda found: found == {"glass": 1.11, "wine": 1.48},
    ),
    (
        "new",
        "a product listed twice as from outside",
        lambda: linkages(MAKE, USE, outside=["wine", "wine"]).outside.tolist(),
        lambda found: found == [10, 0],
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
