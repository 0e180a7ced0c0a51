"""The same inputs through packages from PyPI; every difference has a name.

Run where the peers are installed (``pip install ecomplexity economic-complexity pointpats``);
each test is skipped where its peer is missing.
"""

import numpy as np
import pytest

from clusterlab.agglomeration.distance import k_density
from clusterlab.agglomeration.planted import planted_economy
from clusterlab.agglomeration.related import complexity, presence, relatedness, relatedness_density

pytestmark = pytest.mark.filterwarnings("ignore")  # the peers' own warnings

TABLE, _ = planted_economy(regions=50, seed=2)


def by_ecomplexity(table, **options):
    package = pytest.importorskip("ecomplexity")
    long = table.rename_axis("region").rename_axis("industry", axis=1).stack().rename("value")
    long = long.reset_index().assign(year=2020)
    names = {"time": "year", "loc": "region", "prod": "industry", "val": "value"}
    return package.ecomplexity(
        long, names, verbose=False, check_logsupermodularity=False, **options
    ).set_index(["region", "industry"])


def test_complexity_is_that_of_py_ecomplexity():
    peer = by_ecomplexity(TABLE)
    own = complexity(TABLE)
    eci = peer["eci"].groupby("region").first()
    pci = peer["pci"].groupby("industry").first()
    np.testing.assert_allclose(own.regions[eci.index], eci, atol=1e-9)
    np.testing.assert_allclose(own.industries[pci.index], pci, atol=1e-9)
    np.testing.assert_array_equal(
        own.diversity[eci.index], peer["diversity"].groupby("region").first()
    )
    there = peer["mcp"].unstack().loc[TABLE.index, TABLE.columns]
    np.testing.assert_array_equal(there, presence(TABLE))


def test_density_is_that_of_py_ecomplexity_with_the_industry_itself_counted():
    # convention: the peer counts the industry among those related to it
    peer = by_ecomplexity(TABLE)["density"].unstack().loc[TABLE.index, TABLE.columns]
    own = relatedness_density(TABLE, itself=True)
    np.testing.assert_allclose(own, peer, atol=1e-12)


def test_fault_of_py_ecomplexity_density_with_neighbours_is_a_count():
    # with knn= the peer computes the weighted mean and then sums presence instead: whole numbers
    pytest.importorskip("sklearn")
    peer = by_ecomplexity(TABLE, knn=5)["density"]
    assert (peer == peer.round()).all()
    assert peer.max() > 1, "a density is a share; this is a count"


def test_fault_of_py_ecomplexity_an_absent_industry_is_nan_and_sorts_first():
    # convention here: refuse, and say which industry
    peer = by_ecomplexity(TABLE.assign(ghost=0.0))
    pci = peer["pci"].groupby("industry").first()
    assert pci.isna().any() or "ghost" not in pci.dropna().index
    with pytest.raises(ValueError, match="ghost"):
        complexity(TABLE.assign(ghost=0.0))


def test_proximity_is_that_of_economic_complexity():
    package = pytest.importorskip("economic_complexity")
    quotient = TABLE.div(TABLE.sum(axis=1), axis=0) / (TABLE.sum() / TABLE.to_numpy().sum())
    try:
        peer = package.proximity(quotient)
    except ValueError as fault:  # economic-complexity 0.3.0 writes into a view, pandas 3 refuses
        pytest.skip(f"the peer fails on this pandas: {fault}")
    own = relatedness(TABLE).loc[peer.index, peer.columns].to_numpy()
    # convention: the peer sets the diagonal to zero
    np.testing.assert_allclose(own * (1 - np.eye(len(own))), peer, atol=1e-12)


def test_complexity_of_economic_complexity_is_an_unfinished_iteration():
    # it stops the method of reflections after 20 rounds and divides by the sample deviation
    # (n − 1): the order agrees closely, the values do not
    package = pytest.importorskip("economic_complexity")
    quotient = TABLE.div(TABLE.sum(axis=1), axis=0) / (TABLE.sum() / TABLE.to_numpy().sum())
    peer, _ = package.complexity(quotient)
    own = complexity(TABLE).regions
    assert peer.std() == pytest.approx(1)
    assert own.std(ddof=0) == pytest.approx(1)
    agreement = abs(own.corr(peer[own.index], method="spearman"))
    assert agreement > 0.5
    assert not np.allclose(own, peer[own.index], atol=1e-3)


def test_density_cumulates_to_the_k_function_of_pointpats():
    # pointpats counts ordered pairs within d; our density integrates to the same count
    pointpats = pytest.importorskip("pointpats")
    places = np.random.default_rng(1).random((300, 2)) * 100
    support = np.array([10.0, 20.0, 30.0])
    peer = pointpats.k(places, support=support)
    peer = peer.statistic if hasattr(peer, "statistic") else peer[1]
    area = np.prod(np.ptp(places, axis=0))
    fine = k_density(places, bandwidth=0.05, maximum=31, steps=6201, method="exact")
    reached = np.interp(
        support,
        fine.distance,
        np.concatenate(
            [[0], np.cumsum((fine.density[1:] + fine.density[:-1]) / 2 * np.diff(fine.distance))]
        ),
    )
    # its K is area × pairs / n² up to the window it takes for the area
    ratio = np.asarray(peer, dtype=float) / reached
    assert ratio.std() / ratio.mean() < 0.02
    assert 0.5 * area < ratio.mean() < 2 * area
