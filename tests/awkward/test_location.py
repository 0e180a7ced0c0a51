"""Awkward arguments of the location models: sizes that would not fit, seeds, starts."""

import numpy as np
import pytest
from awkward import judge

from clusterlab import agglomeration, location
from clusterlab.location.many_regions import growth_rates

MANY = 10**9  # beyond the end of one size, or of sizes together
REFUSED = [
    (
        "new",
        "dartboard plants",
        lambda: agglomeration.dartboard(plants=MANY),
        r"x plants is|plants is 1000000000, but",
    ),
    (
        "new",
        "dartboard regions",
        lambda: agglomeration.dartboard(regions=MANY),
        r"x regions is|regions is 1000000000, but",
    ),
    (
        "new",
        "spin-offs",
        lambda: location.spin_offs(firms=MANY),
        r"firms x replicates is|firms is 1000000000, but",
    ),
    (
        "new",
        "spin-offs regions",
        lambda: location.spin_offs(regions=MANY),
        r"x replicates is|regions is 1000000000, but",
    ),
    (
        "new",
        "urn",
        lambda: location.urn(firms=MANY),
        r"firms x replicates is|firms is 1000000000, but",
    ),
    (
        "new",
        "urn regions",
        lambda: location.urn(regions=MANY),
        r"regions x replicates is|regions is 1000000000, but",
    ),
    (
        "new",
        "choice",
        lambda: location.location_choice(replicates=MANY),
        r"x replicates is|replicates is 1000000000, but",
    ),
    (
        "new",
        "pooling",
        lambda: location.labour_pooling(firms=MANY),
        r"x firms is|firms is 1000000000, but",
    ),
    (
        "new",
        "circle",
        lambda: location.circle(regions=MANY),
        r"regions x|regions is 1000000000, but",
    ),
    (
        "new",
        "rates",
        lambda: growth_rates(regions=MANY),
        r"growth_rates: regions x|regions is 1000000000, but",
    ),
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
    )
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
