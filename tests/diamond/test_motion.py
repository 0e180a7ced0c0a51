"""The diamond in motion: what must hold for any parameters, and what is stated in the lesson."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve
from scipy.stats import qmc

from clusterlab.diamond import FACETS, dynamics, hysteresis, stable_states, tipping_values
from clusterlab.diamond.motion import _INFLUENCE
from clusterlab.diamond.motion import place as _system
from clusterlab.parameters import declared

NAMES = list(_system().__dataclass_fields__)


@st.composite
def systems(draw):
    values = {}
    for name in NAMES:
        parameter = declared(dynamics)[name].parameter
        values[name] = draw(st.floats(parameter.low, parameter.high))
    return _system(**values)


states = st.tuples(*[st.floats(0.01, 0.99)] * 4, st.floats(0.01, 5)).map(np.array)


def rate_by_hand(y, *, p, v, kappa, b, size, sigma, theta, m):
    """The equations of the docstring, written out a second time, term by term."""
    weights = [[0, 1, 2, 2], [1, 0, 2, 1], [2, 1, 0, 2], [2, 2, 2, 0]]
    x, n = y[:4], y[4]
    rates = []
    for j in range(4):
        around = sum(weights[j][k] * x[k] for k in range(4)) / sum(weights[j])
        u = b[j] + p * n / (1 + n) * around
        h = u**m / (theta**m + u**m)
        q = 1 - (1 - v) * p / (1 + p)
        rates.append(0.4 * q * h * (1 - x[j]) - 0.1 * x[j])
    mean = sum(x) / 4
    rates.append(mean * (0.1 * size + sigma * n) - 0.1 * n - kappa * n * n)
    return rates


def test_the_equations_are_those_of_the_docstring():
    y = np.array([0.2, 0.5, 0.4, 0.7, 1.3])
    ours = _system(
        proximity=1.7,
        diversity=0.4,
        congestion=0.08,
        factor_conditions=0.2,
        demand_quality=0.4,
        demand_size=1.5,
        related_industries=0.35,
        rivalry=0.25,
        spin_off=0.22,
        threshold=0.65,
        steepness=3.5,
    ).rate(y)
    by_hand = rate_by_hand(
        y,
        p=1.7,
        v=0.4,
        kappa=0.08,
        b=[0.2, 0.4, 0.35, 0.25],
        size=1.5,
        sigma=0.22,
        theta=0.65,
        m=3.5,
    )
    assert ours == pytest.approx(by_hand, rel=1e-12)


def test_outputs_and_stages_are_those_of_the_docstring():
    path = dynamics(demand_quality=0.45, rivalry=0.2, congestion=0.1, diversity=0.5, years=20.0)
    x, n = path.facets.iloc[-1].to_numpy(), path.depth.iloc[-1]
    _, demand, related, _ = x
    out = path.outputs.iloc[-1]
    held = n / (1 + n)
    assert out["productivity"] == pytest.approx(x.prod() ** 0.25 * (1 + 1.2 * held) / (1 + 0.1 * n))
    weights = np.array([[0, 1, 2, 2], [1, 0, 2, 1], [2, 1, 0, 2], [2, 2, 2, 0]])
    u = [0.3, 0.45, 0.3, 0.2] + 1.2 * held * (weights @ x) / weights.sum(axis=1)
    q = 1 - 0.5 * 1.2 / 2.2
    assert out["innovation"] == pytest.approx(q * np.mean(u**4 / (0.7**4 + u**4)))
    assert out["new firms"] == pytest.approx(x.mean() * (0.1 + 0.3 * n))
    pay = np.array([0.5 * (1 - x.mean()), 0.8 * (x[0] * related) ** 0.5, 1.4 * x.prod() ** 0.5])
    shares = np.exp(12 * pay) / np.exp(12 * pay).sum()
    assert path.stages.iloc[-1].tolist() == pytest.approx(shares)
    assert demand > related  # the case is uneven, so that no two facets can stand for each other


def test_the_path_against_another_integrator():
    path = dynamics(start_facets={"demand conditions": 0.6}, years=60.0)
    b = [0.3] * 4
    solved = solve_ivp(
        lambda _, y: rate_by_hand(
            y, p=1.2, v=0.7, kappa=0.05, b=b, size=1, sigma=0.3, theta=0.7, m=4
        ),
        (0, 60),
        [0.3, 0.6, 0.3, 0.3, path.depth.iloc[0]],
        method="Radau",
        rtol=1e-10,
        atol=1e-12,
    )
    end = np.append(path.facets.iloc[-1], path.depth.iloc[-1])
    assert end == pytest.approx(solved.y[:, -1], abs=2e-5)


@settings(max_examples=60, deadline=None)
@given(systems(), states)
def test_jacobian_equals_finite_differences_and_nothing_harms_anything_else(system, y):
    step = 1e-6
    numeric = np.column_stack(
        [(system.rate(y + step * e) - system.rate(y - step * e)) / (2 * step) for e in np.eye(5)]
    )
    exact = system.jacobian(y)
    assert np.allclose(exact, numeric, atol=1e-5)
    assert (exact - np.diag(np.diag(exact)) >= 0).all()  # cooperative


@settings(max_examples=40, deadline=None)
@given(systems(), st.floats(0, 1), st.floats(0, 6))
def test_paths_stay_in_bounds(system, start, depth):
    values = {name: getattr(system, name) for name in NAMES}
    path = dynamics(start=start, start_depth=depth, **values)
    assert path.facets.to_numpy().min() >= 0
    assert path.facets.to_numpy().max() <= 1
    assert path.depth.min() >= 0
    assert np.isfinite(path.to_frame().to_numpy()).all()
    assert path.stages.sum(axis=1).to_numpy() == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(systems())
def test_without_proximity_there_is_one_state_and_it_is_stable(system):
    values = {name: getattr(system, name) for name in NAMES} | {"proximity": 0.0}
    found = stable_states(starts=0, **values).states
    assert len(found) == 1
    assert found["stable"].all()
    # closed form: with p = 0 each facet answers only to its own pressure
    own = [
        values[n] for n in ("factor_conditions", "demand_quality", "related_industries", "rivalry")
    ]
    h = [
        b ** values["steepness"]
        / (values["threshold"] ** values["steepness"] + b ** values["steepness"])
        for b in own
    ]
    assert found.loc[0, list(FACETS)].tolist() == pytest.approx(
        [0.4 * g / (0.4 * g + 0.1) for g in h]
    )


@settings(max_examples=25, deadline=None)
@given(systems())
def test_states_are_at_rest_and_alternate(system):
    values = {name: getattr(system, name) for name in NAMES}
    states = stable_states(starts=0, **values).states
    for y in states[[*FACETS, "depth"]].to_numpy():
        assert np.abs(system.rate(y)).max() < 1e-9
    assert states["stable"].iloc[[0, -1]].all()
    assert states["stable"].sum() >= 1


@pytest.mark.parametrize("proximity", [0.5, 0.9, 1.2, 1.5, 2.0])
def test_no_state_is_missed_by_the_boxes(proximity):
    """Newton from a dense grid of starts finds nothing that the boxes did not."""
    unequal = {"proximity": proximity, "demand_quality": 0.35, "rivalry": 0.27}
    system = _system(**unequal)
    found = stable_states(starts=0, **unequal).states[[*FACETS, "depth"]].to_numpy()
    grid = np.stack(np.meshgrid(*[[0.05, 0.3, 0.6, 0.9]] * 4), -1).reshape(-1, 4)[::3]
    for x in grid:
        y, _, flag, _ = fsolve(
            system.rate,
            np.append(x, system.depth_at_rest(x)),
            fprime=system.jacobian,
            full_output=True,
        )
        if flag == 1 and (y >= 0).all() and (y[:4] <= 1).all():
            assert np.abs(found - y).max(axis=1).min() < 1e-6


def test_above_a_stated_proximity_there_are_two_stable_states():
    low, high = tipping_values("proximity")
    assert (low, high) == pytest.approx((0.8375, 1.5414), abs=2e-4)
    for proximity, count in ((low - 0.01, 1), (low + 0.01, 2), (high - 0.01, 2), (high + 0.01, 1)):
        assert len(stable_states(proximity=proximity, starts=0).stable) == count


def test_hysteresis_when_proximity_is_lowered_again():
    loop = hysteresis("proximity", points=31)
    assert loop.loop == pytest.approx((0.9, 1.5))
    inside = (loop.up.index > 0.85) & (loop.up.index < 1.54)
    assert (loop.down[inside] - loop.up[inside] > 0.4).all()
    assert (loop.down[~inside] - loop.up[~inside]).abs().max() < 1e-3
    # the way up and down runs on stable states
    for way in (loop.up, loop.down):
        for value, total in way.items():
            at = loop.states[(loop.states["proximity"] == value) & loop.states["stable"]]
            assert (at["total"] - total).abs().min() < 1e-4
    assert repr(loop) == "Hysteresis in proximity between 0.9 and 1.5"


EVEN = {
    "proximity": 1.2,
    "diversity": 0.7,
    "congestion": 0.05,
    "own": 0.3,
    "demand_size": 1.0,
    "spin_off": 0.3,
    "threshold": 0.7,
    "steepness": 4.0,
}


def even_rate(_, y, place):
    """The equations where all four facets are one number x: two lines, written out again."""
    x, n = y
    q = EVEN | place
    u = q["own"] + q["proximity"] * n / (1 + n) * x
    h = 1 / (1 + (q["threshold"] / u) ** q["steepness"])
    adopted = 1 - (1 - q["diversity"]) * q["proximity"] / (1 + q["proximity"])
    births = x * (0.1 * q["demand_size"] + q["spin_off"] * n)
    return [0.4 * adopted * h * (1 - x) - 0.1 * x, births - 0.1 * n - q["congestion"] * n**2]


def even_states(**place):
    """How many states of rest the two equations have, by changes of sign on a fine grid."""
    q = EVEN | place
    x = np.linspace(1e-9, 1, 20001)
    b = 0.1 - q["spin_off"] * x
    depth = (np.sqrt(b**2 + 0.4 * q["congestion"] * q["demand_size"] * x) - b) / (
        2 * q["congestion"]
    )
    sign = np.sign(even_rate(0, (x, depth), place)[0])
    return int((sign[1:] != sign[:-1]).sum())


@pytest.mark.parametrize("name", ["threshold"])
def test_tipping_values_are_where_states_of_two_equations_appear_and_vanish(name):
    found = tipping_values(name)
    assert len(found) == 2
    for value in found:
        around = [even_states(**{name: value + step}) for step in (-2e-4, 2e-4)]
        assert sorted(around) == [1, 3], (name, value)
    parameter = declared(dynamics)[name].parameter
    between = np.linspace(parameter.low, parameter.high, 200)
    counts = np.array([even_states(**{name: value}) for value in between])
    assert ((counts == 3) == ((between > found[0]) & (between < found[1]))).all()


@pytest.mark.parametrize("name", ["threshold"])
def test_hysteresis_against_two_equations_followed_by_another_integrator(name):
    loop = hysteresis(name, points=7)
    start = stable_states(starts=0, **{name: float(loop.up.index[0])}).states.iloc[0]
    y = np.array([start["total"], start["depth"]])
    for way, push in ((loop.up, 1.001), (loop.down[::-1], 0.999)):
        for value, total in way.items():
            y = solve_ivp(
                even_rate,
                (0, 2e4),
                y * push,
                args=({name: value},),
                method="Radau",
                rtol=1e-8,
                atol=1e-10,
            ).y[:, -1]
            assert total == pytest.approx(y[0], abs=1e-5), (name, value)
    assert loop.loop is not None


def test_basins_are_the_shares_of_starts_followed_one_by_one():
    result = stable_states(starts=32, proximity=0.9, seed=5)
    starts = qmc.Sobol(4, seed=np.random.default_rng(5)).random_base2(5)
    totals = result.stable["total"]
    ends = []
    for start in starts:
        facets = dict(zip(FACETS, start, strict=True))
        path = dynamics(proximity=0.9, start_facets=facets, years=3000.0)
        ends.append((totals - path.total.iloc[-1]).abs().idxmin())
    assert len(set(ends)) == 2
    for state in totals.index:
        assert result.basins[state] == ends.count(state) / 32


def test_a_weak_threshold_leaves_no_loop():
    smooth = hysteresis("proximity", points=7, steepness=1.0)
    assert smooth.loop is None
    assert "none" in repr(smooth)
    assert tipping_values("proximity", steepness=1.0) == []


def test_basins_follow_the_saddle():
    result = stable_states(starts=256)
    assert result.basins.sum() == pytest.approx(1)
    saddle = result.states[~result.states["stable"]].iloc[0]
    for step, best in ((-0.03, 0), (0.03, 2)):
        start = {facet: saddle[facet] + step for facet in FACETS}
        end = dynamics(start_facets=start, start_depth=saddle["depth"], years=200.0)
        assert end.total.iloc[-1] == pytest.approx(result.states.loc[best, "total"], abs=0.01)
    assert 0.01 < result.basins[0] < 0.15
    assert result.to_frame().loc[1, "basin"] == 0
    assert repr(result).startswith("StableStates: 2 stable of 3 at rest: total 0.13 (basin")


def test_proximity_amplifies():
    outputs = [stable_states(proximity=p, starts=0).stable.iloc[-1] for p in (0.0, 1.0, 1.4)]
    for column in ("productivity", "innovation", "new firms"):
        assert outputs[0][column] < outputs[1][column] < outputs[2][column]


def test_uniform_approaches_retard_innovation():
    """P12: at full diversity more proximity helps innovation, at none it comes to harm it."""

    def innovation(diversity, proximity):
        states = stable_states(diversity=diversity, proximity=proximity, starts=0).stable
        return states["innovation"].iloc[-1]

    assert innovation(1.0, 3.0) > innovation(1.0, 1.5)
    assert innovation(0.0, 3.0) < innovation(0.0, 1.8) < 0.5 * innovation(1.0, 1.8)


def test_quality_of_demand_beats_size_percent_for_percent():
    now = stable_states(starts=0).stable["total"]
    quality = stable_states(starts=0, demand_quality=0.303).stable["total"]
    size = stable_states(starts=0, demand_size=1.01).stable["total"]
    assert (quality - now > size - now).all()
    assert (size > now).all()


def test_stages_follow_from_the_path():
    path = dynamics(start=0.3)
    assert list(path.passages.index) == ["wages", "total cost", "differentiation"]
    assert path.passages.is_monotonic_increasing
    stuck = dynamics(start=0.1)
    assert set(stuck.stage) == {"wages"}
    # strong factors and suppliers with poor demand and rivalry stop at cost
    uneven = dynamics(
        proximity=0.2,
        factor_conditions=0.8,
        related_industries=0.8,
        demand_quality=0.2,
        rivalry=0.2,
        start=0.3,
    )
    assert uneven.stage.iloc[-1] == "total cost"


def test_entry_and_exit_are_both_higher_in_a_deep_cluster():
    states = stable_states(starts=0).stable
    births = states["new firms"]
    assert births.iloc[-1] > 10 * births.iloc[0]
    # at rest exits equal births, so both are higher; per firm as well
    assert births.iloc[-1] / states["depth"].iloc[-1] > births.iloc[0] / states["depth"].iloc[0]


def test_influence_rows_sum_to_one_and_no_facet_presses_on_itself():
    assert _INFLUENCE.sum(axis=1) == pytest.approx(1)
    assert (np.diag(_INFLUENCE) == 0).all()


def test_repr_and_frame():
    path = dynamics(years=10.0)
    assert list(path.to_frame().columns[:4]) == list(FACETS)
    assert repr(path).startswith("Path over 10 years: mean facet 0.30 to")
    assert isinstance(stable_states(starts=0).to_frame(), pd.DataFrame)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: dynamics(proximity=-1), ValueError, "proximity is -1, but proximity must be at"),
        (lambda: dynamics(diversity=2), ValueError, "diversity of approaches must be"),
        (lambda: dynamics(congestion=0), ValueError, "at least 0.001"),
        (
            lambda: dynamics(start_facets={"demand condition": 0.5}),
            ValueError,
            "did you mean 'demand cond",
        ),
        (
            lambda: dynamics(start_facets={FACETS[0]: 2}),
            ValueError,
            r"is 2(\.0)?, but it must be a number at least 0",
        ),
        (lambda: dynamics(start_depth=-1), ValueError, "start_depth is -1"),
        (lambda: stable_states(proximity=-1), ValueError, "proximity is -1"),
        (lambda: stable_states(proximty=1), TypeError, "did you mean 'proximity'"),
        (lambda: hysteresis("proximty"), TypeError, "did you mean 'proximity'"),
        (lambda: hysteresis("proximity", proximity=1), TypeError, "cannot be fixed as well"),
        (lambda: hysteresis(points=1), ValueError, "points is 1"),
        (lambda: hysteresis(low=-1.0), ValueError, "proximity is -1"),
        (lambda: tipping_values("years"), TypeError, "no parameter 'years'"),
    ],
)
def test_bad_input(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
