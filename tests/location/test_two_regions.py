import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from clusterlab.location import break_point, core_periphery, short_run, sustain_point, tomahawk
from clusterlab.location.two_regions import _between, _market, _slope_at_half
from clusterlab.parameters import declared


def _pairs(number, seed=0):
    """Random admissible pairs: σ in (1.5, 12), μ below 0.98 of the black hole."""
    rng = np.random.default_rng(seed)
    for sigma, fraction in rng.uniform((1.5, 0.02), (12, 0.98), (number, 2)):
        yield float(sigma), float(fraction * (sigma - 1) / sigma)


def _plain_gap(share, sigma, mu, cost):
    """Real-wage gap by plain damped iteration on the equations as printed: independent of ours."""
    w1 = w2 = 1.0
    for _ in range(20_000):
        y1 = mu * share * w1 + (1 - mu) / 2
        y2 = mu * (1 - share) * w2 + (1 - mu) / 2
        g1 = (share * w1 ** (1 - sigma) + (1 - share) * (cost * w2) ** (1 - sigma)) ** (
            1 / (1 - sigma)
        )
        g2 = (share * (cost * w1) ** (1 - sigma) + (1 - share) * w2 ** (1 - sigma)) ** (
            1 / (1 - sigma)
        )
        far = cost ** (1 - sigma)
        n1 = (y1 * g1 ** (sigma - 1) + y2 * g2 ** (sigma - 1) * far) ** (1 / sigma)
        n2 = (y1 * g1 ** (sigma - 1) * far + y2 * g2 ** (sigma - 1)) ** (1 / sigma)
        if abs(n1 - w1) + abs(n2 - w2) < 1e-15:
            break
        w1, w2 = (w1 + n1) / 2, (w2 + n2) / 2
    return w1 * g1**-mu - w2 * g2**-mu


@pytest.mark.parametrize("cost", [1.0, 1.5, 1.7, 2.1])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.6, 1.0])
def test_the_short_run_agrees_with_plain_iteration_of_the_printed_equations(share, cost):
    ours = short_run(share=share, elasticity=5, manufacturing_share=0.4, trade_cost=cost)
    assert ours.gap == pytest.approx(_plain_gap(share, 5, 0.4, cost), abs=1e-12)


def test_short_run_by_hand_with_all_industry_in_one_region():
    # λ = 1, σ = 5, μ = 0.4, T = 1.7: w₁ = 1, G₁ = 1, G₂ = T, and w₂⁵ = 0.7·T⁻⁴ + 0.3·T⁴.
    frame = short_run(share=1, trade_cost=1.7).to_frame()
    assert frame.loc["region 1", ["wage", "price index", "real wage"]].tolist() == [1, 1, 1]
    assert frame.loc["region 2", "price index"] == pytest.approx(1.7, abs=1e-12)
    assert frame.loc["region 2", "wage"] == pytest.approx((0.7 / 1.7**4 + 0.3 * 1.7**4) ** 0.2)
    assert frame["income"].tolist() == pytest.approx([0.7, 0.3])


def test_published_and_computed_reference_figures():
    # models.md, Location, with σ = 5 and μ = 0.4.
    assert break_point() == pytest.approx(7**0.25, abs=1e-12)
    assert sustain_point() == pytest.approx(1.80731, abs=5e-6)
    assert short_run(share=0.6, trade_cost=1.5).gap == pytest.approx(0.00849, abs=5e-6)
    assert short_run(share=0.6, trade_cost=2.1).gap == pytest.approx(-0.04073, abs=5e-6)


def test_break_and_sustain_points_match_their_equations_for_100_pairs():
    for sigma, mu in _pairs(100):
        rho = (sigma - 1) / sigma
        at_break = break_point(elasticity=sigma, manufacturing_share=mu)
        at_sustain = sustain_point(elasticity=sigma, manufacturing_share=mu)
        closed = ((rho + mu) * (1 + mu) / ((rho - mu) * (1 - mu))) ** (1 / (sigma - 1))
        assert at_break == pytest.approx(closed, rel=1e-9)
        # the equation of the sustain point, bracketed from the break point upwards by doubling

        def equation(log_cost, sigma=sigma, mu=mu):
            stay = np.log((1 + mu) / 2) + (1 - sigma) * log_cost
            leave = np.log((1 - mu) / 2) + (sigma - 1) * log_cost
            return np.logaddexp(stay, leave) - mu * sigma * log_cost

        top = np.log(at_break) * 2
        while equation(top) < 0:
            top *= 2
        root = np.exp(brentq(equation, np.log(at_break), top, xtol=1e-15))
        assert at_sustain == pytest.approx(root, rel=1e-9)
        assert at_sustain > at_break > 1


def test_the_slope_at_equal_regions_changes_sign_at_the_break_point_for_100_pairs():
    step = 1e-4
    for sigma, mu in _pairs(100, seed=1):
        cost = break_point(elasticity=sigma, manufacturing_share=mu)
        for factor, sign in ((0.9, 1), (1.1, -1)):
            tau = factor * np.log(cost)
            up = _market(np.array(0.5 + step), sigma, mu, tau).real_wage
            numerical = (up[0] - up[1]) / step
            assert np.sign(numerical) == sign
            assert numerical == pytest.approx(_slope_at_half(sigma, mu, tau), rel=1e-3, abs=1e-9)


def test_the_core_stops_paying_at_the_sustain_point_for_100_pairs():
    for sigma, mu in _pairs(100, seed=2):
        tau = np.log(sustain_point(elasticity=sigma, manufacturing_share=mu))
        for factor, sign in ((0.99, 1), (1.01, -1)):
            real = _market(np.array(1.0), sigma, mu, factor * tau).real_wage
            assert np.sign(real[0] - real[1]) == sign


def test_all_equilibria_are_found_between_break_and_sustain():
    rng = np.random.default_rng(3)
    grid = np.linspace(0, 1, 2002)[1:-1]  # one half is not on it
    for sigma, mu in _pairs(60, seed=4):
        first = np.log(break_point(elasticity=sigma, manufacturing_share=mu))
        last = np.log(sustain_point(elasticity=sigma, manufacturing_share=mu))
        tau = rng.uniform(0.3 * first, 1.3 * last)
        gap = _market(grid, sigma, mu, tau).gap()
        crossings = int((np.diff(np.sign(gap)) != 0).sum())
        found = core_periphery(
            elasticity=sigma, manufacturing_share=mu, trade_cost=float(np.exp(tau))
        )
        inside = found.equilibria.query("0 < share < 1")
        near_an_end = (inside["share"] < grid[0]) | (inside["share"] > grid[-1])
        assert crossings == (~near_an_end).sum()
        assert np.allclose(inside["real wage 1"], inside["real wage 2"], rtol=1e-11)


def test_the_pair_in_between_is_found_close_to_both_ends_of_its_range():
    first, last = np.log(break_point()), np.log(sustain_point())
    tau = first + (last - first) * np.array([1e-8, 1e-5, 0.5, 1 - 1e-5, 1 - 1e-8])
    share = _between(5, 0.4, tau)
    assert (np.diff(share) > 0).all()
    assert share[0] - 0.5 < 1e-3
    assert 1 - share[-1] < 1e-6
    real = _market(share, 5, 0.4, tau).real_wage
    assert np.abs(real[0] - real[1]).max() < 1e-13


@pytest.mark.parametrize(
    ("cost", "kinds", "stable"),
    [
        (1.5, ["one region", "even", "one region"], [0.0, 1.0]),
        (1.7, ["one region", "in between", "even", "in between", "one region"], [0.0, 0.5, 1.0]),
        (2.1, ["one region", "even", "one region"], [0.5]),
    ],
)
def test_kinds_and_stability_in_the_three_ranges(cost, kinds, stable):
    found = core_periphery(trade_cost=cost)
    assert found.equilibria["kind"].tolist() == kinds
    assert list(found.stable_shares) == stable
    assert found.stable_divisions == len(stable)
    assert found.equilibria["nobody gains by moving"].tolist()[0] == (cost < found.sustain_point)
    assert found.equilibria["share"].tolist() == pytest.approx(
        (1 - found.equilibria["share"][::-1]).tolist()
    )


def test_stability_is_what_a_small_push_shows():
    for cost in (1.3, 1.7, 2.1):
        for row in core_periphery(trade_cost=cost).equilibria.to_dict("records"):
            for push in (-1e-4, 1e-4):
                if 0 < row["share"] + push < 1:
                    gap = short_run(share=row["share"] + push, trade_cost=cost).gap
                    assert (gap * push < 0) == row["stable"]


def test_free_trade_makes_every_division_an_equilibrium():
    found = core_periphery(trade_cost=1)
    assert (found.wiggle == 0).all()
    assert found.stable_divisions == 0
    assert found.equilibria["nobody gains by moving"].all()


@settings(max_examples=60, deadline=None)
@given(
    sigma=st.floats(1.05, 30),
    fraction=st.floats(0.01, 0.99),
    cost=st.floats(1, 30),
    share=st.floats(0, 1),
)
def test_the_iteration_converges_for_admissible_values(sigma, fraction, cost, share):
    mu = fraction * (sigma - 1) / sigma
    frame = short_run(
        share=share, elasticity=sigma, manufacturing_share=mu, trade_cost=cost
    ).to_frame()
    (y1, y2), (g1, g2), (w1, w2) = (frame[c] for c in ("income", "price index", "wage"))
    assert np.isfinite(frame.to_numpy()).all()
    assert y1 + y2 == pytest.approx(1)
    assert share * w1 + (1 - share) * w2 == pytest.approx(1)
    far = cost ** (1 - sigma)
    right = y1 * g1 ** (sigma - 1) + y2 * g2 ** (sigma - 1) * far
    assert np.log(w1) * sigma == pytest.approx(np.log(right), abs=1e-8)


def test_every_slider_position_has_equilibria():
    limits = {name: entry.parameter for name, entry in declared(core_periphery).items()}
    for sigma in np.linspace(limits["elasticity"].low, limits["elasticity"].high, 4):
        for mu in np.linspace(
            limits["manufacturing_share"].low, limits["manufacturing_share"].high, 4
        ):
            for cost in np.linspace(limits["trade_cost"].low, limits["trade_cost"].high, 6):
                found = core_periphery(elasticity=sigma, manufacturing_share=mu, trade_cost=cost)
                assert len(found.equilibria) in (3, 5)
                assert np.isfinite(found.wiggle).all()


def test_swapping_the_regions_swaps_everything():
    one, other = short_run(share=0.3).to_frame(), short_run(share=0.7).to_frame()
    assert one.to_numpy() == pytest.approx(other.to_numpy()[::-1], abs=1e-12)


def test_the_tomahawk_lies_on_the_equilibria():
    found = tomahawk()
    curve = found.branches.query("branch == 7")
    assert curve["trade cost"].iloc[[0, -1]].tolist() == pytest.approx(
        [found.break_point, found.sustain_point]
    )
    assert curve["share"].iloc[[0, -1]].tolist() == [0.5, 1]
    assert curve["share"].is_monotonic_increasing
    for cost, share in curve[["trade cost", "share"]].iloc[5:-5:10].to_numpy():
        assert abs(_plain_gap(share, 5, 0.4, cost)) < 1e-11
    assert found.to_frame() is not found.branches


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"manufacturing_share": 0.8}, r"below ρ = \(σ−1\)/σ = 0.8, but it is 0.8.*black hole"),
        ({"trade_cost": 0.9}, "goods would multiply on the way"),
        ({"elasticity": 1}, "raise its price without end"),
        ({"elasticity": 0.5}, "raise its price without end"),
        ({"manufacturing_share": 0}, "every income spent on manufactures"),
        ({"trade_cost": float("nan")}, "units that leave for one to arrive"),
    ],
)
def test_bad_values_are_refused_with_their_meaning(values, message):
    with pytest.raises(ValueError, match=message):
        core_periphery(**values)
    if "trade_cost" not in values:
        for function in (break_point, sustain_point, tomahawk):
            with pytest.raises(ValueError, match=message):
                function(**values)


def test_a_black_hole_does_not_hide_behind_rounding():
    assert np.isfinite(break_point(elasticity=5, manufacturing_share=0.79999))
    with pytest.raises(ValueError, match="black"):
        sustain_point(elasticity=5, manufacturing_share=0.80001)


@settings(max_examples=40, deadline=None)
@given(sigma=st.floats(1.5, 60), fraction=st.floats(0.01, 0.97), place=st.floats(1e-6, 1 - 1e-6))
def test_the_pair_in_between_is_found_for_any_admissible_pair(sigma, fraction, place):
    mu = fraction * (sigma - 1) / sigma
    first = np.log(break_point(elasticity=sigma, manufacturing_share=mu))
    last = np.log(sustain_point(elasticity=sigma, manufacturing_share=mu))
    tau = np.array([first + place * (last - first)])
    share = _between(sigma, mu, tau)
    real = _market(share, sigma, mu, tau).real_wage
    assert 0.5 < share[0] <= 1 - 1e-13
    assert real[0] == pytest.approx(real[1], abs=1e-9) or share[0] == 1 - 1e-13


def test_a_region_without_industry_has_a_wage_however_dear_trade_is():
    frame = short_run(share=1, elasticity=2.2, manufacturing_share=0.54, trade_cost=1e36).to_frame()
    assert np.isfinite(frame.to_numpy()).all()
    assert frame.loc["region 1", "wage"] == 1


def test_a_misspelt_parameter_gets_the_nearest_name():
    with pytest.raises(TypeError, match="did you mean 'trade_cost'"):
        core_periphery(trade_costs=2)
