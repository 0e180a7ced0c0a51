"""The shipped tables are what their builders make, and hold the structure that was planted."""

import importlib.util
from pathlib import Path

import pytest

from clusterlab import datasets

BUILDERS = Path(__file__).resolve().parents[2] / "datasets" / "builders"


def builder(name):
    spec = importlib.util.spec_from_file_location(name, BUILDERS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_bytes(frame):
    return frame.to_csv(index=False, lineterminator="\n").encode()


def test_the_builders_give_the_same_bytes():
    ratings, truth = builder("diamond_indicators").build()
    folder = BUILDERS.parent
    assert as_bytes(ratings) == (folder / "diamond_indicators.csv").read_bytes()
    assert as_bytes(truth) == (folder / "diamond_indicators_truth.csv").read_bytes()
    made = builder("diamond_productivity").build()
    assert as_bytes(made) == (folder / "diamond_productivity.csv").read_bytes()


@pytest.mark.parametrize(
    "name", ["diamond_indicators", "diamond_indicators_truth", "diamond_productivity"]
)
def test_each_table_says_that_it_is_constructed(name):
    about = datasets.describe(name)
    assert about.kind == "constructed"
    assert "onstructed" in about.title
    assert list(datasets.load(name).columns) == list(about.columns)


def test_forty_places_four_facets_twenty_indicators():
    ratings = datasets.load("diamond_indicators")
    assert ratings["place"].nunique() == 40
    assert (ratings.groupby("facet")["indicator"].nunique() == 5).all()
    assert ratings["rating"].between(1, 7).all()
    kinds = datasets.load("diamond_indicators_truth")["kind"].value_counts()
    assert kinds.to_dict() == {"ordinary": 30, "lopsided": 8, "even twin": 1, "peaked twin": 1}
