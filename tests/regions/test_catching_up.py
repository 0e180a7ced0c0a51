"""β and σ: by hand, against a second least squares, and Galton's closed form."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from clusterlab import datasets
from clusterlab.regions import convergence


def us():
    table = datasets.load("us_state_income")
    return table.pivot_table(index="state", columns="year", values="income")


def test_against_least_squares_by_matrices():
    panel = us()
    found = convergence(panel, start=1940, end=1980, level=0.9)
    x, y = np.log(panel[1940]), np.log(panel[1980] / panel[1940]) / 40
    design = np.column_stack([np.ones(48), x])
    (_, slope), rest, *_ = np.linalg.lstsq(design, y, rcond=None)
    error = np.sqrt(rest[0] / 46 * np.linalg.inv(design.T @ design)[1, 1])
    assert found.beta == pytest.approx(slope)
    assert found.error == pytest.approx(error)
    half = stats.t(46).ppf(0.95) * error
    assert [found.low, found.high] == pytest.approx([slope - half, slope + half])
    assert found.r_squared == pytest.approx(1 - rest[0] / ((y - y.mean()) ** 2).sum())
    np.testing.assert_allclose(found.points["initial"], x)
    np.testing.assert_allclose(found.points["growth"], y)
    assert [found.start, found.end, found.level] == [1940, 1980, 0.9]
    row = found.to_frame().loc[(1940, 1980)]
    assert row["beta"] == found.beta
    assert row["sigma_start"] == np.log(panel[1940]).std(ddof=0)
    assert row["sigma_end"] == np.log(panel[1980]).std(ddof=0)
    assert [row["low"], row["high"], row["r_squared"]] == [found.low, found.high, found.r_squared]
    assert [row["speed"], row["half_life"]] == [found.speed, found.half_life]
    assert row["sigma_p"] == found.sigma_p
    assert [found.poorer_grew, found.sigma_change] == ["faster", "fell"]


def test_the_speed_solves_its_equation_and_halves_a_gap():
    found = convergence(us(), start=1929, end=1979)
    solved = optimize.brentq(lambda s: (1 - np.exp(-s * 50)) / 50 + found.beta, 1e-6, 1)
    assert found.speed == pytest.approx(solved)
    assert np.exp(-found.speed * found.half_life) == pytest.approx(0.5)


def grown(initial, gap_left, years=10):
    """Return a panel in which each gap of log incomes becomes so many times what it was."""
    initial = pd.Series(initial, [f"r{k}" for k in range(len(initial))])
    return np.exp(pd.DataFrame({2000: initial, 2000 + years: gap_left * initial + 0.5}))


def test_where_speed_and_half_life_are_not_defined():
    wider, kept, closed, crossed = (grown([0, 1, 2, 4], left) for left in (1.5, 1, 0, -0.5))
    assert convergence(wider).speed == pytest.approx(-np.log(1.5) / 10)
    assert convergence(wider).half_life is None
    assert [convergence(wider).poorer_grew, convergence(wider).sigma_change] == ["slower", "rose"]
    same = convergence(kept)
    assert [same.beta, same.low, same.high, same.speed] == [0, 0, 0, 0]
    assert [same.half_life, same.sigma_p, same.poorer_grew] == [None, 1, "no clear difference"]
    assert same.sigma_change == "no clear change"
    base = pd.Series([1, 2.1, 3.7, 5.3, 0.7], list("abcde"))
    alike = convergence(pd.DataFrame({2000: base, 2010: base * 1.1, 2013: base * 1.7}), end=2013)
    # what differs in growth is rounding
    assert [alike.beta, alike.error, alike.r_squared, alike.speed] == [0, 0, 0, 0]
    over = convergence(crossed)
    assert over.beta == pytest.approx(-0.15)
    assert over.speed is None
    assert over.half_life is None
    assert np.isnan(over.to_frame()["speed"].iloc[0])
    assert convergence(closed).beta == pytest.approx(-0.1)
    swapped = convergence(grown([0, 1, 2, 4], -1))
    assert swapped.sigma_p == 1
    assert swapped.sigma_change == "no clear change"


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=4, max_size=30))
def test_beta_is_correlation_and_spreads(pairs):
    logs = pd.DataFrame(pairs, columns=[2000, 2020]).rename(index="r{}".format)
    if min(np.ptp(logs[2000]), np.ptp(logs[2020]), np.ptp(logs[2020] - logs[2000])) < 1e-3:
        return
    found = convergence(np.exp(logs))
    rho = np.corrcoef(logs[2000], logs[2020])[0, 1]
    first, last = found.spread["sigma"]
    assert 1 + 20 * found.beta == pytest.approx(rho * last / first, abs=1e-8)
    assert last >= first or found.beta < 0  # no σ without β
    shifted = convergence(np.exp(logs) * 1000)
    assert shifted.beta == pytest.approx(found.beta, abs=1e-9)
    assert shifted.sigma_p == pytest.approx(found.sigma_p, abs=1e-6)
    np.testing.assert_allclose(shifted.spread, found.spread, rtol=1e-8)


@pytest.mark.parametrize(("rho", "years"), [(0.5, 10), (0.8, 20), (0.0, 5)])
def test_galton_beta_below_zero_where_inequality_never_changes(rho, years):
    rng, replicates = np.random.default_rng(1), 400
    betas, interval, changes, sigmas = [], [], [], []
    yearly = rho ** (1 / years)
    for _ in range(replicates):
        logs = [rng.normal(size=50)]
        for _ in range(years):
            logs.append(yearly * logs[-1] + np.sqrt(1 - yearly**2) * rng.normal(size=50))
        panel = pd.DataFrame(np.exp(np.array(logs).T), [f"r{k}" for k in range(50)])
        found = convergence(panel, start=0, end=years)
        betas.append(found.beta)
        interval.append(found.low <= -(1 - rho) / years <= found.high)
        changes.append(found.sigma_change != "no clear change")
        sigmas.append(found.spread["sigma"].iloc[[0, -1]].tolist())
    error = np.std(betas) / np.sqrt(replicates)
    assert abs(np.mean(betas) + (1 - rho) / years) < 4 * error
    assert error < 0.03 / years
    # the interval covers β, and σ is called changed, as often as the level says
    assert abs(np.mean(interval) - 0.95) < 4 * np.sqrt(0.95 * 0.05 / replicates)
    assert abs(np.mean(changes) - 0.05) < 4 * np.sqrt(0.95 * 0.05 / replicates)
    first, last = np.mean(sigmas, axis=0)
    assert first == pytest.approx(last, abs=0.02)


def test_the_test_of_sigma_is_pitmans_and_morgans():
    panel = us()
    found = convergence(panel, start=1976, end=1988)
    x, y = np.log(panel[1976]), np.log(panel[1988])
    f, r = y.var() / x.var(), np.corrcoef(x, y)[0, 1]
    t = (f - 1) * np.sqrt(46) / (2 * np.sqrt(f * (1 - r**2)))  # Morgan's form of the statistic
    assert found.sigma_p == pytest.approx(2 * stats.t(46).sf(abs(t)))
    assert found.sigma_change == "rose"
    assert convergence(panel, start=1976, end=1988, level=0.999).sigma_change == "no clear change"


def test_spread_by_year():
    panel = us()
    found = convergence(panel)
    assert found.spread.index.tolist() == [*range(1929, 2010)]
    np.testing.assert_allclose(found.spread["sigma"], np.log(panel).std(ddof=0))
    np.testing.assert_allclose(found.spread["variation"], panel.std(ddof=0) / panel.mean())
    assert [found.start, found.end] == [1929, 2009]


def test_years_in_any_order_or_as_text_and_the_input_stays():
    panel = us()
    wanted = convergence(panel, start=1950, end=1990)
    mixed = panel.sample(frac=1, axis=1, random_state=1).rename(columns=str)
    before = mixed.copy()
    found = convergence(mixed, start=1950, end=np.int64(1990))
    pd.testing.assert_frame_equal(mixed, before)
    pd.testing.assert_frame_equal(found.to_frame(), wanted.to_frame())
    pd.testing.assert_frame_equal(found.spread, wanted.spread)
    pd.testing.assert_frame_equal(found.points, wanted.points)
    decades = convergence(panel[[1990, 1950, 1973]])
    assert decades.beta == wanted.beta
    assert decades.spread.index.tolist() == [1950, 1973, 1990]


def test_three_regions_do():
    found = convergence(pd.DataFrame({2000: [1, 2, 4.0], 2010: [2, 3, 5.0]}, list("abc")))
    assert found.beta < 0
    assert found.low < found.beta < found.high
