"""A portfolio of clusters: against scipy's solver, the theorems of the docstring, and its limits."""

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import minimize_scalar

from clusterlab.policy import portfolio

R = 0.1
RULES = ["no policy", "all there are", "the strongest", "the weakest", "a new one"]


def growth(x, a, m):
    return R * x * (x / a - 1) * (1 - x) + m


def solved(x0, a, m, years, after):
    """Return the size at the end by scipy, with money for some years."""
    size = x0
    for money, span in ((m, years), (0, after)):
        path = solve_ivp(lambda t, x, k=money: growth(x, a, k), (0, span), [size], rtol=1e-9)
        size = path.y[0, -1]
    return size


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"threshold": 0.1, "budget": 0.05, "years": 40},
        {"threshold": 0.4, "base": 0.5, "budget": 0.03, "years": 5, "after": 5},
        {"threshold": 0.1, "budget": 0.2, "years": 10, "after": 10},
        {"threshold": 0.35, "base": 0.3, "budget": 0.011, "after": 100},
    ],
)
def test_against_another_solver(given):
    found = portfolio(spread=0, replicates=2, **given)
    a, m = given.get("threshold", 0.25), given.get("budget", 0.02)
    span = (given.get("years", 20), given.get("after", 40))
    base = given.get("base", 0.2)
    money = {
        "no policy": (0, 0, 0, 0),
        "all there are": (m / 3, m / 3, m / 3, 0),
        "the strongest": (m, 0, 0, 0),
        "the weakest": (0, m, 0, 0),
        "a new one": (0, 0, 0, m),
    }
    for part in (0.5, 1.0, 1.5):
        borders = [part * a, part * a, 0.75, part * a]
        for rule in RULES:
            sizes = [
                solved(x0, min(border, 0.95), each, *span)
                for x0, border, each in zip((0.9, base, 0.6, 0), borders, money[rule], strict=True)
            ]
            assert found.ends.loc[rule, part] == pytest.approx(sum(sizes), abs=2e-3)
            if part == 1:
                assert found.clusters.loc[rule].tolist() == pytest.approx(sizes, abs=2e-3)
                assert found.paths[rule].iloc[-1] == pytest.approx(sum(sizes), abs=2e-3)
    assert (found.years, found.after) == span
    assert found.paths.iloc[0].tolist() == pytest.approx([1.5 + base] * 5)
    assert len(found.paths) == sum(span) + 1


def test_the_most_awkward_corner_is_solved_as_well():
    """Thresholds as low, and money as high, as there can be: the steps are short enough."""
    found = portfolio(threshold=0.1, spread=0.5, budget=0.2, years=100, after=100)
    assert np.isfinite(found.paths.to_numpy()).all()
    assert found.ends.to_numpy().max() < 4.01
    assert (found.clusters["established"] - 1).abs().max() < 1e-6


@pytest.mark.parametrize("a", [0.1, 0.25, 0.4, 0.5])
def test_the_push_is_where_a_new_cluster_just_passes(a):
    least = minimize_scalar(lambda x: growth(x, a, 0), bounds=(0, a), method="bounded")
    push = portfolio(threshold=a, replicates=2).push
    assert push == pytest.approx(-least.fun, rel=1e-6)
    given = {"threshold": a, "spread": 0, "years": 1000, "after": 300, "replicates": 2}
    below = portfolio(budget=0.98 * push, **given).clusters.loc["a new one", "new"]
    above = portfolio(budget=1.02 * push, **given).clusters.loc["a new one", "new"]
    assert (round(below, 3), round(above, 3)) == (0, 1)


def test_the_years_it_takes_are_an_integral():
    a, m = 0.25, 0.02
    for x0, rule, cluster in ((0.0, "a new one", "new"), (0.12, "the weakest", "emerging")):
        years = quad(lambda x: 1 / growth(x, a, m), x0, a)[0]
        for more, size in ((-1, 0), (1, 1)):
            found = portfolio(
                threshold=a, budget=m, base=0.12, spread=0, after=200, years=round(years) + more
            )
            assert found.clusters.loc[rule, cluster] == pytest.approx(size, abs=0.01), x0


def test_resting_points_and_the_established_cluster():
    found = portfolio(spread=0, base=0.25, threshold=0.25, after=1000, replicates=2)
    assert found.clusters.loc["no policy", "emerging"] == pytest.approx(0.25), "on the threshold"
    paid = portfolio(spread=0, years=100, after=1, replicates=2).paths["the strongest"].iloc[100]
    later = portfolio(spread=0, years=100, after=100, replicates=2).clusters.loc["the strongest"]
    assert paid > 1.05
    assert later["established"] == pytest.approx(1, abs=1e-3)


def test_more_money_or_a_lower_threshold_never_makes_it_smaller():
    rng = np.random.default_rng(5)
    for _ in range(15):
        given = {
            "budget": 0.04 * rng.random(),
            "threshold": 0.1 + 0.25 * rng.random(),
            "base": 0.5 * rng.random(),
            "years": int(rng.integers(5, 40)),
            "replicates": 2,
            "spread": 0,
        }
        first = portfolio(**given)
        richer = portfolio(**given | {"budget": given["budget"] + 0.01})
        easier = portfolio(**given | {"threshold": given["threshold"] * 0.9 + 0.01})
        assert (richer.clusters >= first.clusters - 1e-9).all(axis=None)
        fits = first.clusters.clip(upper=1) - 1e-9
        assert given["threshold"] < 0.1 or (easier.clusters >= fits).all(axis=None)


def test_thresholds_are_drawn_within_their_spread():
    """Half of the emerging clusters stand above a threshold drawn round their base."""
    found = portfolio(base=0.25, threshold=0.25, spread=0.3, replicates=500, after=1000)
    share = found.clusters.loc["no policy", "emerging"]
    assert share == pytest.approx(0.5, abs=0.07)
    low = portfolio(base=0.19, threshold=0.25, spread=0.2, after=1000).clusters
    assert low.loc["no policy", "emerging"] < 1e-6, "no threshold is below 0.2"
    high = portfolio(base=0.31, threshold=0.25, spread=0.2, after=1000).clusters
    assert high.loc["no policy", "emerging"] > 0.999, "none is above 0.3"


def test_halves_are_runs_with_that_threshold_and_errors_are_paired():
    found = portfolio(threshold=0.2, replicates=30, seed=2)
    for part in (0.5, 1.5):
        other = portfolio(threshold=max(0.1, part * 0.2), replicates=30, seed=2)
        assert found.ends[part].tolist() == pytest.approx(other.ends[1.0].tolist())
        assert np.allclose(found.errors[part], other.errors[1.0])
    assert found.to_frame().equals(found.clusters)
    one = portfolio(replicates=400, seed=1)
    apart = one.errors[1.0].loc["all there are", "no policy"]
    means = [portfolio(replicates=100, seed=s).ends[1.0] for s in range(40)]
    told = np.std([m["all there are"] - m["no policy"] for m in means]) / 2  # of 400
    assert apart == pytest.approx(told, rel=0.4)


def test_alike():
    found = portfolio()
    best = found.ends[1.0].idxmax()
    assert best == "all there are"
    assert found.alike(best) == ["all there are", "the weakest", "a new one"]
    assert found.alike("no policy") == ["no policy", "the strongest"]
    assert found.alike("a new one", 0.5) == ["a new one"]
    sure = portfolio(spread=0)
    assert sure.alike("all there are") == ["all there are"]
    assert sure.alike("the weakest") == ["the weakest", "a new one"]  # 2.052 and 2.056


def test_without_money_all_rules_are_one():
    found = portfolio(budget=0)
    assert (found.ends.nunique() == 1).all()
    assert found.alike("no policy") == RULES


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"budget": -0.01}, "money a year"),
        ({"budget": float("nan")}, "money a year"),
        ({"years": 0}, "years with money"),
        ({"years": float("nan")}, "years with money"),
        ({"after": 0}, "years after"),
        ({"threshold": 0}, "market test"),
        ({"base": 0.6}, "emerging cluster"),
        ({"spread": 0.6}, "spread of thresholds"),
        ({"replicates": 1}, "regions"),
        ({"replicates": 500, "years": 1000, "after": 1000}, "fits in memory"),
    ],
)
def test_bad_values_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        portfolio(**given)
