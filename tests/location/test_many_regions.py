import numpy as np
import pytest

from clusterlab.location import break_point, circle, core_periphery, sustain_point
from clusterlab.location.many_regions import _freeness, _short_run, growth_rates


def _log_real_wages(share, elasticity, mu, cost):
    freeness = _freeness(share.shape[1], elasticity, cost)
    return _short_run(share, np.zeros_like(share), freeness, elasticity, mu)[1]


@pytest.mark.parametrize("regions", [2, 5, 12])
def test_growth_of_a_small_ripple_agrees_with_the_closed_form(regions):
    place, height = np.arange(regions), 1e-5
    for cost in (1.5, 3.0, 6.0):
        rates = growth_rates(regions=regions, trade_cost=cost)
        for frequency, rate in rates.items():
            wave = np.cos(2 * np.pi * frequency * place / regions)
            share = ((1 + height * wave) / regions)[None]
            real = _log_real_wages(share, 5, 0.4, cost)[0]
            numerical = (real @ wave) / (wave @ wave) / height
            assert numerical == pytest.approx(rate, rel=1e-4, abs=1e-8)


def test_two_regions_on_the_circle_are_the_core_periphery_model():
    below, above = 0.95 * break_point(), 1.05 * sustain_point()
    assert (circle(regions=2, trade_cost=below).locations == 1).all()
    assert (circle(regions=2, trade_cost=above).locations == 2).all()
    signs = [growth_rates(regions=2, trade_cost=break_point() * f)[1] for f in (0.999, 1.001)]
    assert signs[0] > 0 > signs[1]
    core = core_periphery(trade_cost=below).equilibria.iloc[-1]
    one = circle(regions=2, trade_cost=below, replicates=1).real_wages.iloc[0].sort_values()
    assert one.tolist() == pytest.approx([core["real wage 2"], core["real wage 1"]])


def test_at_rest_nobody_gains_by_moving():
    for cost in (1.5, 3.0, 5.0):
        found = circle(trade_cost=cost, replicates=10)
        alive = found.shares > 1e-6
        assert found.shares.sum(axis=1).to_numpy() == pytest.approx(1)
        top = found.real_wages.where(alive).max(axis=1)
        bottom = found.real_wages.where(alive).min(axis=1)
        assert (top - bottom).max() < 1e-6
        assert (found.real_wages.max(axis=1) - top).max() < 1e-6


def test_lower_trade_cost_and_stronger_returns_leave_fewer_locations():
    by_cost = [circle(trade_cost=cost).mean_locations for cost in (1.5, 3, 5, 8)]
    assert by_cost == sorted(by_cost)
    assert by_cost[0] == 1 < by_cost[-1]
    by_share = [
        circle(trade_cost=4, manufacturing_share=mu).mean_locations for mu in (0.1, 0.3, 0.5)
    ]
    assert by_share == sorted(by_share, reverse=True)
    assert by_share[0] > by_share[-1]


def test_the_even_spread_persists_where_every_ripple_fades():
    assert (growth_rates(manufacturing_share=0.1, trade_cost=8) < 0).all()
    found = circle(manufacturing_share=0.1, trade_cost=8, replicates=3)
    assert found.preferred == found.mean_locations == 12
    assert found.shares.to_numpy() == pytest.approx(1 / 12, abs=1e-5)


def test_two_centres_face_each_other():
    # Fujita, Krugman and Venables (1999), ch. 6: with twelve regions, two centres six apart.
    shares = circle(trade_cost=3, manufacturing_share=0.3, replicates=40).shares.to_numpy()
    two = [np.flatnonzero(row > 1e-6) for row in shares if (row > 1e-6).sum() == 2]
    apart = [min(b - a, 12 - (b - a)) for a, b in two]
    assert len(two) >= 30
    assert np.mean(np.array(apart) >= 5) > 0.9


def test_the_seed_decides_and_only_the_seed():
    one, same, other = (circle(replicates=4, seed=seed) for seed in (1, 1, 2))
    assert one.shares.equals(same.shares)
    assert not one.shares.equals(other.shares)
    assert circle(replicates=4, seed=np.random.default_rng(1)).shares.equals(one.shares)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("cost", [1, 1.2, 2.5, 8])
@pytest.mark.parametrize("regions", [3, 4, 16])
def test_every_corner_of_the_sliders_comes_to_rest(regions, share, cost):
    found = circle(
        regions=regions, manufacturing_share=share, trade_cost=cost, replicates=2, elasticity=10
    )
    assert 1 <= found.mean_locations <= regions


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"regions": 0}, "at least two places to choose between"),
        ({"regions": 1}, "nothing to choose"),
        ({"trade_cost": 0.5}, "multiply on the way"),
        ({"manufacturing_share": 0.9}, "black hole"),
        ({"elasticity": 1}, "raise its price without end"),
        ({"replicates": 0}, "One history"),
    ],
)
def test_bad_values_are_refused_with_their_meaning(values, message):
    with pytest.raises(ValueError, match=message):
        circle(**values)
