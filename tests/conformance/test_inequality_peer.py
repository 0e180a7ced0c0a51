"""Gini and Theil against PySAL's inequality, and what the unit says of neighbours against esda."""

import numpy as np
import pandas as pd
import pytest

from clusterlab import datasets
from clusterlab.agglomeration import gini
from clusterlab.regions import convergence, theil

pytestmark = pytest.mark.filterwarnings("ignore")  # the peer's own warnings


def test_gini_is_that_of_pysal_inequality():
    peer = pytest.importorskip("inequality.gini")
    for seed in range(5):
        values = np.random.default_rng(seed).lognormal(size=40)
        np.testing.assert_allclose(gini(values), peer.Gini(values).g, rtol=1e-12)


def states(name):
    table = datasets.load(name)
    regions = table.drop_duplicates("state").set_index("state")["region"]
    return table.pivot_table(index="state", columns="year", values="income"), regions


@pytest.mark.parametrize("name", ["us_state_income", "mexican_state_income"])
def test_theil_is_that_of_pysal_inequality(name):
    peer = pytest.importorskip("inequality.theil")
    panel, regions = states(name)
    theirs = peer.TheilD(panel.to_numpy(), regions[panel.index].to_numpy())
    parts = theil(panel, groups=regions).parts
    np.testing.assert_allclose(parts["total"], theirs.T, rtol=1e-12)
    np.testing.assert_allclose(parts["total"], peer.Theil(panel.to_numpy()).T, rtol=1e-12)
    np.testing.assert_allclose(parts["between"], theirs.bg, rtol=1e-9)
    np.testing.assert_allclose(parts["within"], theirs.wg, rtol=1e-9)


def test_the_example_that_pysal_prints():
    # docstring of inequality.theil.Theil, version 1.1
    printed = [0.20894344, 0.15222451, 0.10472941, 0.10194725, 0.09560113, 0.10511256, 0.10660832]
    panel, _ = states("mexican_state_income")
    np.testing.assert_allclose(theil(panel).parts["total"], printed, atol=5e-9)


def test_zero_incomes_differ_by_nothing_that_is_seen():
    # the peer puts the smallest float in place of 0; here 0 log 0 is 0, its limit
    peer = pytest.importorskip("inequality.theil")
    values = np.array([0, 1.0, 2, 5])
    ours = theil(pd.Series(values)).parts["total"].iloc[0]
    np.testing.assert_allclose(ours, float(peer.Theil(values).T), rtol=1e-12)
    # where a whole group is 0 as well
    ours = theil(pd.Series([0, 0, 2.0, 5]), groups=pd.Series(list("xxyy"))).parts.iloc[0]
    theirs = peer.TheilD(np.array([0, 0, 2.0, 5]), np.array(list("xxyy")))
    np.testing.assert_allclose(ours["between"], float(theirs.bg[0]), rtol=1e-12)
    np.testing.assert_allclose(ours["within"], float(theirs.wg[0]), rtol=1e-12)


def test_neighbours_have_unexplained_growth_in_common_as_esda_says():
    # the unit's formula: mean of the neighbours' deviations, each state's neighbours alike
    esda = pytest.importorskip("esda")
    libpysal = pytest.importorskip("libpysal")
    panel, _ = states("us_state_income")
    found = convergence(panel, start=1980, end=2009)
    borders = datasets.load("state_neighbours").query("country == 'United States'")
    slope = np.polyfit(found.points["initial"], found.points["growth"], 1)
    left = found.points["growth"] - np.polyval(slope, found.points["initial"])
    near = left[borders["neighbour"]].groupby(borders["state"].to_numpy()).mean()
    ours = (near * left).sum() / (left**2).sum()
    neighbours = borders.groupby("state")["neighbour"].agg(list).to_dict()
    weights = libpysal.weights.W(neighbours, silence_warnings=True)
    theirs = esda.Moran(left[weights.id_order].to_numpy(), weights, permutations=0)
    np.testing.assert_allclose(ours, theirs.I, rtol=1e-10)
