"""The shipped tables, read once."""

from pathlib import Path

import pandas as pd
import pytest

from clusterlab.diamond import read_indicators

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


@pytest.fixture(scope="session")
def ratings():
    long = pd.read_csv(DATASETS / "diamond_indicators.csv")
    return read_indicators(long, layout="long", facet="facet", value="rating")


@pytest.fixture(scope="session")
def truth():
    path = DATASETS / "diamond_indicators_truth.csv"
    return pd.read_csv(path, keep_default_na=False).set_index("place")


@pytest.fixture(scope="session")
def productivity():
    long = pd.read_csv(DATASETS / "diamond_productivity.csv")
    wide = long.set_index(["region", "industry"])[["output", "employment"]].unstack()
    kinds = long.groupby("region")["kind"].first()
    return wide["output"], wide["employment"], kinds
