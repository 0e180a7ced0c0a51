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
    ("new", "black hole", lambda: location.circle(manufacturing_share=0.8), "manufacturing_share"),
    ("new", "share above 1", lambda: location.short_run(share=1.2), "share is 1.2"),
    ("new", "decay text", lambda: location.location_paradox(decay="fast"), "decay is 'fast'"),
    ("new", "scale", lambda: location.city_size(scale_economies=1e300), "scale_economies is 1e"),
    ("new", "road", lambda: location.city_size(commuting_cost=1e-300), "commuting_cost is 1e-300"),
    ("new", "no founders", lambda: location.city_size(founders=1e-300), "founders is 1e-300"),
    ("new", "workers", lambda: location.labour_pooling(workers_per_firm=1e300), "workers_per_firm"),
    ("new", "curvature", lambda: location.labour_pooling(curvature=1e-300), "curvature is 1e-300"),
    ("new", "shock", lambda: location.labour_pooling(shock=1e300), r"shock is 1e\+300"),
    ("new", "feedback", lambda: location.urn(feedback=1e8), "feedback is 100000000.0"),
    ("new", "benefit", lambda: location.location_choice(benefit=1e300), r"benefit is 1e\+300"),
    ("new", "head start", lambda: location.location_choice(head_start=1e300), "head_start is 1e"),
    ("new", "no goods", lambda: location.tomahawk(manufacturing_share=1e-300), "manufacturing_"),
    ("new", "no trade", lambda: location.short_run(manufacturing_share=1e-300), "manufacturing_"),
    ("new", "firms half", lambda: location.urn(firms=2.5), "firms is 2.5"),
]
DOCUMENTED = [
    (
        "new",
        "no road at all",
        lambda: location.city_size(scale_economies=10, commuting_cost=1e-12, founders=1e-12),
        lambda at: at.optimum < at.largest <= 1e12,
    ),
    (
        "new",
        "dearest trade",
        lambda: location.circle(trade_cost=1e300, elasticity=1000, replicates=2),
        lambda at: (at.locations == 12).all(),
    ),
    (
        "new",
        "nothing traded",
        lambda: location.short_run(share=0.3, trade_cost=1e300, elasticity=1000),
        lambda at: np.isfinite(at.regions.to_numpy()).all(),
    ),
    (
        "new",
        "hardly any goods",
        lambda: location.tomahawk(manufacturing_share=1e-6, elasticity=1000),
        lambda at: 1 < at.break_point < at.sustain_point,
    ),
    (
        "new",
        "lost at once",
        lambda: location.location_paradox(decay=1e300),
        lambda at: at.local_share == 1,
    ),
    ("new", "equal pull", lambda: location.spin_offs(replicates=1), lambda at: at.counts.size == 5),
    (
        "new",
        "nothing lost",
        lambda: location.location_paradox(knowledge_intensity=1, tacitness=1, reach=1, decay=0),
        lambda at: at.limit_share == 0,
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
