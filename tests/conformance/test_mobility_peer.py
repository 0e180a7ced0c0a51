"""Chains of income classes against PySAL's giddy and mapclassify.

giddy's own example of `Markov` takes the quintiles of each year: that is `markov(panel)`. Its example
of `Spatial_Markov(fixed=True, k=5, m=5)` takes the quintiles over all years of income relative to the
mean of the year, for incomes and for the means of neighbours: that is ``pooled=True``; `fixed=False`
is ``pooled=False``. What differs, with names: `giddy.ergodic.mfpt` has the mean time of return on its
diagonal, ours has 0; giddy gives a chain that is not ergodic a number, ours a sentence; where equal
incomes make bounds fall together, mapclassify returns fewer classes, ours refuses; mapclassify's
bounds are rounded, so that a value on a bound may lie above it, ours are compared in whole numbers.
"""

import re

import numpy as np
import pandas as pd
import pytest

from clusterlab import datasets, transitions
from clusterlab.regions import markov, quantile_classes, spatial_markov

pytestmark = pytest.mark.filterwarnings("ignore")  # the peers' own warnings


# giddy compiles for seconds when it is imported: not in each worker that only collects tests
def giddy():
    return pytest.importorskip("giddy")


def mapclassify():
    return pytest.importorskip("mapclassify")


def libpysal():
    return pytest.importorskip("libpysal")


def incomes(name):
    table = datasets.load(name)
    return table.pivot_table(index="state", columns="year", values="income")


def near(country):
    borders = datasets.load("state_neighbours")
    return borders.loc[borders["country"] == country, ["state", "neighbour"]]


def weights(country, order):
    lists = near(country).groupby("state")["neighbour"].agg(list).to_dict()
    made = libpysal().weights.W({place: lists[place] for place in order}, id_order=list(order))
    made.transform = "r"
    return made


CASES = [("us_state_income", "United States"), ("mexican_state_income", "Mexico")]


def yearly(values, k):
    return np.array([mapclassify().Quantiles(year, k=k).yb for year in values.T]).T


def test_the_published_example_of_us_states():
    found = markov(incomes("us_state_income"))
    assert found.estimate.counts.loc[1].tolist() == [729, 71, 1, 0, 0]
    published = [0.20774716, 0.18725774, 0.20740537, 0.18821787, 0.20937187]
    np.testing.assert_allclose(found.long_run["share"], published, atol=5e-9)


@pytest.mark.parametrize(("name", "country"), CASES)
@pytest.mark.parametrize("k", [2, 3, 4, 5, 7])
def test_markov(name, country, k):
    panel = incomes(name)
    values = panel.to_numpy()
    relative = values / values.mean(axis=0)
    pooled = mapclassify().Quantiles(relative.ravel(), k=k).yb.reshape(values.shape)
    for codes, option in ((yearly(values, k), False), (pooled, True)):
        mine = markov(panel, classes=k, pooled=option, replicates=20)
        peer = giddy().markov.Markov(codes, summary=False)
        assert (mine.estimate.counts.to_numpy() == peer.transitions).all()
        np.testing.assert_allclose(mine.long_run["share"], peer.steady_state, rtol=1e-9)
        times = mine.first_passage["years"].unstack("to").to_numpy()
        step = panel.columns[1] - panel.columns[0]
        returns = np.diag(1 / mine.long_run["share"])  # giddy's diagonal
        np.testing.assert_allclose(times / step + returns, giddy().ergodic.mfpt(peer.p), rtol=1e-8)


@pytest.mark.parametrize(("name", "country"), CASES)
@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_spatial_markov(name, country, fixed, k):
    panel = incomes(name)
    values = panel.to_numpy()
    peer = giddy().markov.Spatial_Markov(
        values / values.mean(axis=0) if fixed else values,
        weights(country, panel.index),
        fixed=fixed,
        k=k,
        m=k,
    )
    mixed = weights(country, panel.index[::-1])  # another order of the weights
    mine = spatial_markov(panel, mixed, classes=k, pooled=fixed, replicates=20)
    moved = mine.overall.transitions.pivot_table("neighbours", "place", "period") - 1
    other = np.argwhere(moved.to_numpy() != peer.lclass_ids[:, :-1])
    if other.size:
        assert (country, fixed, k) == ("United States", False, 3)
        assert [(panel.index[i], panel.columns[t]) for i, t in other] == [("Virginia", 1999)]
        return
    for lag, found in mine.by_neighbours.items():
        assert (found.counts.to_numpy() == peer.T[lag - 1]).all()
    test = transitions.homogeneity(mine.overall, by="neighbours", replicates=500)
    assert test.statistic == pytest.approx(peer.LR, rel=1e-9)
    assert test.freedom == peer.dof_hom
    # Pearson's Q of the same tables, another statistic: both tell of a difference, or neither does
    if max(peer.Q_p_value, peer.LR_p_value) < 1e-4:
        assert test.p_value < 0.01


def test_the_published_spatial_example():
    panel = incomes("us_state_income")
    mine = spatial_markov(panel, near("United States"), pooled=True, replicates=20)
    poorest, richest = mine.by_neighbours[1], mine.by_neighbours[5]
    assert round(poorest.matrix.loc[1, 1], 3) == 0.963
    assert round(richest.matrix.loc[5, 5], 3) == 0.976
    printed = [0.43509425, 0.2635327, 0.20363044, 0.06841983, 0.02932278]
    np.testing.assert_allclose(poorest.long_run(start=1), printed, atol=5e-9)
    times = [poorest.first_passage(to).loc[1, "mean periods"] for to in (4, 5)]
    assert times == pytest.approx([80.80952381, 279.42857143])
    test = transitions.homogeneity(mine.overall, by="neighbours", replicates=10)
    assert (round(test.statistic, 3), test.freedom) == (170.659, 60)


def test_steps_counted_as_separate_make_the_published_test_too_sure():
    """The random tables agree with giddy's χ²; neighbours dealt anew as whole paths do not."""
    panel = incomes("us_state_income")
    mine = spatial_markov(panel, near("United States"), pooled=True, replicates=499)
    peer = giddy().markov.Spatial_Markov(
        (panel / panel.mean()).to_numpy(), weights("United States", panel.index), k=5, m=5
    )
    assert peer.LR_p_value < 1e-9
    assert transitions.homogeneity(mine.overall, by="neighbours").p_value < 0.001
    assert 0.005 < mine.tests.loc["all", "p"] < 0.05


def test_quantiles_of_random_incomes():
    rng = np.random.default_rng(0)
    for n, k in ((20, 3), (31, 5), (48, 5), (61, 10), (100, 7)):
        values = rng.integers(1, 10**6, (n, 6))
        panel = pd.DataFrame(values, [f"r{i:03}" for i in range(n)], range(6))
        mine = quantile_classes(panel, classes=k).pivot_table("type", "place", "period")
        assert (mine.to_numpy() - 1 == yearly(values, k)).all()


def test_where_bounds_fall_together_mapclassify_has_fewer_classes():
    ties = np.array([1, 1, 1, 1, 1, 3])
    assert len(mapclassify().Quantiles(ties, k=4).bins) == 2
    panel = pd.DataFrame({1: ties, 2: range(6)}, list("abcdef"))
    with pytest.raises(ValueError, match=re.escape("year 1: 6 incomes, 2 of them different")):
        quantile_classes(panel, classes=4)


def test_graphs_of_libpysal_serve_as_its_weights_do():
    panel = incomes("mexican_state_income")
    made = weights("Mexico", panel.index)
    graph = libpysal().graph.Graph.from_W(made)
    one, other = (spatial_markov(panel, each, classes=3, replicates=20) for each in (made, graph))
    pd.testing.assert_frame_equal(one.to_frame(), other.to_frame())


def test_weights_of_libpysal_weigh():
    panel = incomes("mexican_state_income")
    lists = near("Mexico").groupby("state")["neighbour"].agg(list).to_dict()
    rng = np.random.default_rng(3)
    values = {place: rng.uniform(0.1, 9, len(each)).tolist() for place, each in lists.items()}
    made = libpysal().weights.W(lists, values, id_order=list(panel.index))
    mine = spatial_markov(panel, made, classes=3, pooled=True, replicates=20)
    made.transform = "r"
    peer = giddy().markov.Spatial_Markov((panel / panel.mean()).to_numpy(), made, k=3, m=3)
    counts = np.array([each.counts.to_numpy() for each in mine.by_neighbours.values()])
    assert (counts == peer.T).all()
