"""Awkward arguments of the location models: sizes that would not fit, seeds, starts."""

import numpy as np
import pytest
from awkward import judge

from clusterlab import agglomeration, location

MANY = 10**9
REFUSED = [
    ("new", "dartboard plants", lambda: agglomeration.dartboard(plants=MANY), "x plants is"),
    ("new", "dartboard regions", lambda: agglomeration.dartboard(regions=MANY), "x regions is"),
    ("new", "spin-offs", lambda: location.spin_offs(firms=MANY), "firms x replicates is"),
    ("new", "spin-offs regions", lambda: location.spin_offs(regions=MANY), "x replicates is"),
    ("new", "urn", lambda: location.urn(firms=MANY), "firms x replicates is"),
    ("new", "urn regions", lambda: location.urn(regions=MANY), "regions x replicates is"),
    ("new", "choice", lambda: location.location_choice(replicates=MANY), "x replicates is"),
    ("new", "pooling", lambda: location.labour_pooling(firms=MANY), "x firms is"),
    ("new", "circle", lambda: location.circle(regions=MANY), "regions x"),
    ("new", "rates", lambda: location.growth_rates(regions=MANY), "growth_rates: regions x"),
    ("new", "tomahawk", lambda: location.tomahawk(points=MANY), "points is 1,000,000,000"),
    ("new", "seed", lambda: location.urn(seed=-1), "seed"),
    ("new", "seed text", lambda: location.circle(seed="x"), "seed"),
    ("new", "starts", lambda: location.migration(starts=(0, 0.5)), "starts is 0"),
    ("new", "starts text", lambda: location.migration(starts="ab"), "starts"),
    ("new", "starts NaN", lambda: location.migration(starts=(np.nan,)), "starts"),
    ("new", "black hole", lambda: location.circle(manufacturing_share=0.8), "manufacturing_share"),
    ("new", "share above 1", lambda: location.short_run(share=1.2), "share is 1.2"),
    ("new", "decay text", lambda: location.location_paradox(decay="fast"), "decay is 'fast'"),
    ("new", "firms half", lambda: location.urn(firms=2.5), "firms is 2.5"),
]
DOCUMENTED = [
    (
        "new",
        "nothing lost",
        lambda: location.location_paradox(knowledge_intensity=1, tacitness=1, reach=1, decay=0),
        lambda at: at.limit_share == 0,
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3] + "|must be at most")  # of each, or together


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
