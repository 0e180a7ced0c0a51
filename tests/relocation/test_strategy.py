"""Presence and innovation: borders and best mixes against a search, on a thousand settings."""

import numpy as np
import pytest

from clusterlab.relocation import strategy_mix


def performance(x, y, a, b, k):
    return a * x * y + b * y - k * x**2


def settings():
    rng = np.random.default_rng(11)
    for _ in range(1000):
        yield (
            rng.random(),
            rng.random(),
            4 * rng.random(),
            2 * rng.random(),
            0.1 + 1.9 * rng.random(),
        )


def test_the_borders_and_the_best_mixes_are_those_a_search_finds():
    grid = np.linspace(0, 1, 2001)
    seen = set()
    for x, y, a, b, k in settings():
        found = strategy_mix(presence=x, innovation=y, together=a, alone=b, cost=k)
        here, none = performance(x, y, a, b, k), performance(0, y, a, b, k)
        assert found.performance == pytest.approx(here)
        assert found.without_presence == pytest.approx(none)
        assert (here > none) == (y > found.pays_from)
        step = 1e-7
        assert (performance(x + step, y, a, b, k) > here) == (y > found.more_pays_from)
        assert performance(x, 0, a, b, k) < 0
        best = grid[performance(grid, y, a, b, k).argmax()]
        assert found.best_presence == pytest.approx(best, abs=1e-3)
        shared = grid[performance(grid, 1 - grid, a, b, k).argmax()]
        assert found.best_share == pytest.approx(shared, abs=1e-3)
        assert 0 <= found.best_share <= 0.5
        assert (found.best_share > 0) == (a > b)
        seen |= {(here > none, a > b)}
    assert len(seen) == 4


def test_the_surface_is_the_formula():
    found = strategy_mix(together=3, alone=0.7, cost=0.4)
    for y in found.surface.index[::10]:
        for x in found.surface.columns[::10]:
            assert found.surface.loc[y, x] == pytest.approx(performance(x, y, 3, 0.7, 0.4))
    assert found.surface.index.name == "innovation"
    assert found.to_frame().shape == (51, 51)


def test_without_a_gain_of_both_together_presence_never_pays():
    found = strategy_mix(together=0, presence=0.5)
    assert found.pays_from == found.more_pays_from == np.inf
    assert strategy_mix(together=0, presence=0).more_pays_from == np.inf
    assert strategy_mix(presence=0).more_pays_from == 0
    assert found.best_presence == found.best_share == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"presence": 1.2}, "presence abroad"),
        ({"innovation": -0.1}, "innovation at home"),
        ({"cost": 0}, "above 0"),
        ({"together": float("nan")}, "together"),
        ({"alone": -1}, "at least 0"),
    ],
)
def test_bad_values_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        strategy_mix(**given)


def test_the_budget_and_the_border_are_those_of_the_formula():
    rng = np.random.default_rng(3)
    for a, b, k in rng.uniform(0.05, 3, (50, 3)):
        found = strategy_mix(together=a, alone=b, cost=k)
        x = found.budget.index.to_numpy()
        assert found.budget.to_numpy() == pytest.approx(performance(x, 1 - x, a, b, k))
        assert found.budget.idxmax() == pytest.approx(found.best_share, abs=1e-9)
        assert found.slope == pytest.approx(k / a)
        assert found.pays_from == pytest.approx(found.slope * 0.6)
    assert strategy_mix(together=0).slope == np.inf
