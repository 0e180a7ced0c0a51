"""The constructed register: clusters are found at their distance, the non-cluster is not."""

import numpy as np
import pytest

from clusterlab import datasets
from clusterlab.agglomeration.distance import k_density

REGISTER = datasets.load("establishment_register")
SITES = REGISTER[["x_km", "y_km"]]
TRUTH = datasets.load("register_truth").set_index("industry")


def curve(industry, **options):
    own = SITES[REGISTER["industry"] == industry]
    return k_density(own, among=SITES, simulations=99, seed=2, progress=False, **options)


@pytest.mark.parametrize("industry", TRUTH.index[TRUTH["kind"] == "cluster"])
def test_planted_clusters_are_found_at_their_distance(industry):
    radius = TRUTH.loc[industry, "cluster_radius_km"]
    found = curve(industry, bandwidth=radius / 5, maximum=4 * radius, steps=161)
    assert found.localised[0] > 0
    # the excess peaks at the usual distance of two points in a disc, 0.84 of its radius at the
    # mode; its first stretch ends beyond the diameter by the kernel and by the region around it
    peak = found.distance[np.argmax(found.localised)]
    assert 0.5 * radius < peak < 1.3 * radius
    stretch = np.argmin(found.localised > 0)
    assert radius < found.distance[stretch] < 3 * radius
    assert found.envelope.p_above <= 0.05


@pytest.mark.parametrize("options", [{}, {"bandwidth": 4.0, "maximum": 100.0}])
def test_large_plants_are_not_a_cluster(options):
    found = curve("steel works", steps=161, **options)
    assert not found.localised.any()
    assert found.envelope.p_above > 0.05


@pytest.mark.parametrize("industry", ["glass", "paper", "dairies"])
def test_background_is_not_localised(industry):
    assert not curve(industry, steps=161).localised.any()
