"""The shipped tables say that they are constructed and hold what their builders planted."""

import pytest

from clusterlab import datasets


@pytest.mark.parametrize(
    "name", ["diamond_indicators", "diamond_indicators_truth", "diamond_productivity"]
)
def test_each_table_says_that_it_is_constructed(name):
    about = datasets.provenance(name)
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
