"""What a rival next door reveals: closed form against simulation and against the best weight."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from clusterlab.diamond import compare_forms, relative_performance

SHARES, COUNTS = st.floats(0.01, 0.99), st.integers(1, 20)


def test_a_simulation_of_costs_finds_weight_and_noise():
    rng = np.random.default_rng(1)
    for share, rivals in ((0.6, 1), (0.6, 5), (0.2, 2)):
        common = rng.normal(0, share**0.5, 200_000)
        costs = common + rng.normal(0, (1 - share) ** 0.5, (rivals + 1, 200_000))
        mean = costs[1:].mean(axis=0)
        told = relative_performance(common=share, rivals=rivals)
        assert told["weight"] == pytest.approx(np.cov(costs[0], mean)[0, 1] / mean.var(), abs=0.01)
        assert told["left"] == pytest.approx((costs[0] - told["weight"] * mean).var(), abs=0.01)
        assert told["plain difference"] == pytest.approx((costs[0] - mean).var(), abs=0.02)


@settings(max_examples=60, deadline=None)
@given(SHARES, COUNTS)
def test_the_weight_leaves_least(share, rivals):
    told = relative_performance(common=share, rivals=rivals)

    def left(w):  # of own cost, own part 1 - share, less w times a mean of n
        return (1 - w) ** 2 * share + (1 - share) * (1 + w**2 / rivals)

    best = minimize_scalar(left, bounds=(0, 1), method="bounded", options={"xatol": 1e-9})
    assert told["left"] == pytest.approx(best.fun, abs=1e-9)
    assert told["plain difference"] == pytest.approx(left(1))
    assert (told["plain difference"] < 1) == (share > (1 - share) / rivals)


@given(SHARES)
def test_one_rival_is_the_squared_correlation_and_many_leave_the_own_part(share):
    one, many = (relative_performance(common=share, rivals=n) for n in (1, 20))
    assert one["left"] == pytest.approx(1 - share**2)
    assert 1 - share <= many["left"] <= one["left"] + 1e-12


def test_ends():
    assert relative_performance(rivals=0).tolist() == [0, 1, 1]
    assert relative_performance(common=0.0, rivals=4)["left"] == 1
    assert relative_performance(common=1.0, rivals=1)["left"] == 0


@settings(max_examples=60, deadline=None)
@given(SHARES, SHARES, SHARES, SHARES, COUNTS)
def test_rivalry_and_cooperation_each_lift_the_cluster(common, distant, cost, trust, rivals):
    setting = {"common": common, "distant": distant, "cost": cost, "rivals": rivals}
    table = compare_forms(cooperation=trust, **setting)["left over"]
    assert table["one firm"] == 0.5
    more = compare_forms(cooperation=1.0, **setting)["left over"]
    assert more["cluster"] >= table["cluster"]
    nearer = compare_forms(cooperation=trust, **setting | {"common": 1.0})["left over"]
    assert nearer["cluster"] >= table["cluster"]
    if common >= distant:
        assert table["cluster"] >= table["arm's length"] - 1e-12


def test_each_form_wins_somewhere():
    assert compare_forms()["left over"].idxmax() == "cluster"
    assert compare_forms(cost=0.8)["left over"].idxmax() == "one firm"
    far = compare_forms(cost=0.05, distant=0.9, common=0.1)["left over"]
    assert far.idxmax() == "arm's length"


def test_forms_are_compared_within_what_is_declared():
    with pytest.raises(ValueError, match="compare_forms: common is 2"):
        compare_forms(common=2.0)
