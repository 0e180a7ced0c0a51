import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from scipy.stats import binom

from clusterlab.agglomeration import envelope, k_density, marcon_puech, pairs
from clusterlab.agglomeration.places import EARTH_RADIUS_KM, Places, mapped, on_sphere

RNG = np.random.default_rng(11)
PLACES = RNG.random((400, 2)) * [100, 60]
SIZES = RNG.lognormal(2, 1, 400)


def direct(distances, at, bandwidth, weights=None):
    """The definition, summed pair by pair."""
    weights = np.ones(len(distances)) if weights is None else weights
    values = [
        np.sum(
            weights
            * (
                np.exp(-0.5 * ((d - distances) / bandwidth) ** 2)
                + np.exp(-0.5 * ((d + distances) / bandwidth) ** 2)
            )
        )
        for d in at
    ]
    return np.array(values) / (np.sqrt(2 * np.pi) * bandwidth * weights.sum())


def silverman(distances):
    spread = np.subtract(*np.percentile(distances, [75, 25])) / 1.34
    return 0.9 * min(distances.std(ddof=1), spread) * len(distances) ** -0.2


@pytest.mark.parametrize("method", ["exact", "grid"])
@pytest.mark.parametrize("weights", [None, SIZES])
def test_density_is_the_sum_over_pairs(method, weights):
    found = k_density(PLACES, weights=weights, method=method, steps=97)
    product = None
    if weights is not None:
        i, j = np.triu_indices(len(PLACES), 1)
        product = weights[i] * weights[j]
    expected = direct(pdist(PLACES), found.distance, found.bandwidth, product)
    worst = np.abs(found.density - expected)
    assert found.method == method
    assert (worst <= found.error + 1e-12).all()
    assert worst.max() / expected.max() < (1e-7 if method == "exact" else 1e-4)
    assert found.error_bound < (1e-6 if method == "exact" else 2e-3)


def test_one_bandwidth_rule_on_both_paths():
    distances = pdist(PLACES)
    exact, grid = (k_density(PLACES, method=method) for method in ("exact", "grid"))
    assert exact.bandwidth == pytest.approx(silverman(distances), rel=1e-4)
    assert grid.bandwidth == pytest.approx(exact.bandwidth, rel=1e-3)
    assert exact.distance[-1] == pytest.approx(np.median(distances), rel=1e-4)


def test_no_jump_where_the_path_changes():
    places = np.random.default_rng(5).random((pairs.EXACT_UP_TO + 1, 2)) * 100
    before, after = k_density(places[:-1]), k_density(places, maximum=None)
    assert (before.method, after.method) == ("exact", "grid")
    np.testing.assert_allclose(after.density, before.density, rtol=5e-3)
    assert after.bandwidth == pytest.approx(before.bandwidth, rel=2e-3)


@pytest.mark.parametrize("method", ["exact", "grid"])
def test_density_sums_to_one_over_its_support(method):
    reach = pdist(PLACES).max() + 40
    found = k_density(PLACES, method=method, maximum=reach, steps=2001)
    assert np.trapezoid(found.density, found.distance) == pytest.approx(1, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 60), st.floats(0.3, 20))
def test_grid_error_stays_in_its_bound(seed, n, bandwidth):
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(n, 2)) * rng.uniform(1, 40, 2) + rng.uniform(-1e3, 1e3, 2)
    weights = rng.gamma(1.0, 1.0, n) + 1e-3
    options = {"weights": weights, "bandwidth": bandwidth, "maximum": 50.0, "steps": 33}
    grid = k_density(places, method="grid", **options)
    i, j = np.triu_indices(n, 1)
    expected = direct(pdist(places), grid.distance, bandwidth, weights[i] * weights[j])
    assert (np.abs(grid.density - expected) <= grid.error + 1e-12).all()


def test_moving_turning_and_scaling():
    base = k_density(PLACES, steps=40)
    turned = k_density(PLACES @ np.array([[0.6, -0.8], [0.8, 0.6]]) + [500, -30], steps=40)
    np.testing.assert_allclose(turned.density, base.density, rtol=1e-3)
    double = k_density(PLACES * 2, steps=40)
    np.testing.assert_allclose(double.density * 2, base.density, rtol=1e-6)
    assert double.bandwidth == pytest.approx(2 * base.bandwidth)


def test_coincident_points_reflect_at_zero():
    places = np.array([[0.0, 0], [0, 0], [30, 40]])
    for method in ("exact", "grid"):
        found = k_density(places, bandwidth=2.0, maximum=60, steps=61, method=method)
        # one pair at 0, doubled by reflection, two pairs at 50
        assert found.density[0] == pytest.approx(2 / 3 * 0.39894 / 2, rel=2e-3)
        assert found.density[50] == pytest.approx(2 / 3 * 0.39894 / 2, rel=2e-3)


def test_great_circles():
    degrees = pd.DataFrame({"lon": RNG.uniform(-120, 150, 60), "lat": RNG.uniform(-80, 80, 60)})
    found = k_density(degrees, steps=25)
    lon, lat = np.radians(degrees.to_numpy()).T
    i, j = np.triu_indices(60, 1)
    haversine = np.sin((lat[i] - lat[j]) / 2) ** 2
    haversine += np.cos(lat[i]) * np.cos(lat[j]) * np.sin((lon[i] - lon[j]) / 2) ** 2
    arcs = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(haversine))
    np.testing.assert_allclose(
        found.density, direct(arcs, found.distance, found.bandwidth), rtol=1e-6
    )
    assert found.unit == "km"
    swapped_names = degrees[["lat", "lon"]].rename(columns={"lat": "Latitude", "lon": "Longitude"})
    np.testing.assert_array_equal(k_density(swapped_names, steps=25).density, found.density)
    array = k_density(degrees.to_numpy(), coordinates="degrees", steps=25)
    np.testing.assert_array_equal(array.density, found.density)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.floats(1, 25), st.floats(-85, 85), st.floats(20, 200))
def test_great_circles_on_the_grid_stay_in_their_bound(seed, width, latitude, bandwidth):
    rng = np.random.default_rng(seed)
    places = rng.uniform(-width / 2, width / 2, (40, 2))
    places += np.array([rng.uniform(-150, 150), latitude])
    places[:, 1] = np.clip(places[:, 1], -90, 90)
    weights = rng.gamma(1.0, 1.0, 40) + 1e-3
    options = {
        "weights": weights,
        "bandwidth": bandwidth,
        "maximum": 900.0,
        "steps": 25,
        "coordinates": "degrees",
    }
    exact = k_density(places, method="exact", **options)
    grid = k_density(places, method="grid", **options)
    assert grid.method == "grid"
    assert (np.abs(grid.density - exact.density) <= grid.error + exact.error + 1e-12).all()


@pytest.mark.parametrize(("within", "most"), [(3, 2e-4), (8, 1.5e-3), (15, 5e-3)])
def test_a_map_is_as_good_as_it_says(within, most):
    rng = np.random.default_rng(3)
    places = rng.uniform(-within, within, (1000, 2)) * [1 / np.cos(np.radians(48)), 0.8] + [9, 48]
    exact, grid = (
        k_density(places, coordinates="degrees", method=method) for method in ("exact", "grid")
    )
    assert np.abs(grid.density - exact.density).max() < most * exact.density.max()
    space = on_sphere(places)
    centre = space.mean(axis=0) / np.linalg.norm(space.mean(axis=0))
    c = np.arccos((space @ centre).min())
    assert grid.distance_error == pytest.approx(c / np.sin(c) - 1, rel=1e-6)
    assert f"distances up to {100 * grid.distance_error:.1g} % too long" in repr(grid)
    assert exact.distance_error == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 24), st.floats(-90, 90))
def test_a_distance_on_the_map_is_never_too_short_and_at_most_as_long_as_told(seed, wide, latitude):
    rng = np.random.default_rng(seed)
    turn, away = rng.uniform(0, 2 * np.pi, 60), np.radians(wide) * rng.random(60) ** 0.5
    around = np.column_stack(
        [np.cos(away), np.sin(away) * np.cos(turn), np.sin(away) * np.sin(turn)]
    )
    lean = np.radians(latitude)
    x = around[:, 0] * np.cos(lean) - around[:, 2] * np.sin(lean)
    z = around[:, 0] * np.sin(lean) + around[:, 2] * np.cos(lean)
    lonlat = np.degrees(np.column_stack([np.arctan2(around[:, 1], x), np.arcsin(z.clip(-1, 1))]))
    (plane,), stretch = mapped(Places(lonlat, True, "km"))
    true = 2 * EARTH_RADIUS_KM * np.arcsin(pdist(on_sphere(lonlat)) / 2)
    found = pdist(plane.xy)
    assert (found >= true * (1 - 1e-9) - 1e-6).all()
    assert (found <= true * stretch * (1 + 1e-9) + 1e-6).all()


def test_great_circle_bandwidth_is_the_same_on_both_paths():
    places = np.random.default_rng(1).uniform([6, 47], [15, 55], (600, 2))
    exact, grid = (
        k_density(places, coordinates="degrees", method=method) for method in ("exact", "grid")
    )
    assert grid.bandwidth == pytest.approx(exact.bandwidth, rel=1e-4)
    np.testing.assert_allclose(grid.density, exact.density, rtol=2e-3)


def test_quarter_of_the_earth():
    found = k_density(
        np.array([[0, 0], [90, 0]]), coordinates="degrees", bandwidth=100, maximum=20000, steps=2001
    )
    assert found.distance[np.argmax(found.density)] == pytest.approx(10007.6, abs=10)


# --- envelopes ---------------------------------------------------------------------------------


def test_envelope_bands_by_definition():
    sites = np.random.default_rng(2).random((600, 2)) * 100
    found = k_density(sites[:60], among=sites, simulations=199, steps=40, level=0.9)
    bands = found.envelope
    np.testing.assert_allclose(bands.low, np.quantile(bands.curves, 0.1, axis=0))
    assert (bands.global_high >= bands.high - 1e-12).all()
    assert (bands.global_low <= bands.low + 1e-12).all()
    above = (bands.curves > bands.global_high + 1e-15).any(axis=1).mean()
    below = (bands.curves < bands.global_low - 1e-15).any(axis=1).mean()
    # the band lies between two ranks, which 10 % of the curves lie between
    assert above <= 0.16
    assert below <= 0.16
    assert above > 0.03
    assert bands.complete


def test_global_band_on_curves_that_never_cross():
    curves = np.arange(1.0, 101)[:, None] * np.ones(5)
    band, p = envelope._global_band(curves, np.full(5, 98.5), 0.05)
    # five of the 101 may lie above: 100, 99, 98.5 (the observed one), 98 and 97
    np.testing.assert_allclose(band, 96)
    assert p == pytest.approx(3 / 101)
    assert envelope._global_band(curves, np.full(5, 1000.0), 0.05)[1] == pytest.approx(1 / 101)


def test_ties_are_no_ones_extreme():
    curves = np.zeros((50, 4))
    assert envelope._global_band(curves, np.zeros(4), 0.05)[1] == 1


@pytest.fixture(scope="module")
def null_pools():
    """Curves of pure chance, which are exchangeable: each can be the observed one."""
    sites, cases = np.random.default_rng(8).random((150, 2)) * 100, np.arange(150) < 25
    call = {"simulations": 1100, "steps": 16, "seed": 1, "progress": False}
    k = k_density(sites[cases], among=sites, **call)
    return {
        "K-density": k.envelope.curves,
        "M": marcon_puech(sites, cases, **call).envelope.curves,
        "m": marcon_puech(sites, cases, kind="m", **call).envelope.curves,
    }


def bands_of(observed, curves, level=0.95):
    return envelope.bands_around(observed, curves, level, len(curves))


@pytest.mark.parametrize(("simulations", "draws"), [(39, 200), (99, 200), (999, 40)])
@pytest.mark.parametrize("measure", ["K-density", "M", "m"])
def test_chance_leaves_the_bands_as_often_as_the_level_says(
    null_pools, measure, simulations, draws
):
    pool, rng = null_pools[measure], np.random.default_rng(simulations)
    above, below = 0, 0
    for own in rng.choice(len(pool), draws, replace=False):
        others = np.delete(np.arange(len(pool)), own)
        bands = bands_of(pool[own], pool[rng.choice(others, simulations, replace=False)])
        above, below = above + bands.above.any(), below + bands.below.any()
    low, high = binom.interval(0.999, draws, 0.05)
    assert low <= above <= high, f"{above} of {draws} above"
    assert low <= below <= high, f"{below} of {draws} below"


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(2, 60),
    st.integers(1, 12),
    st.sampled_from([0.6, 0.8, 0.9, 0.95, 0.975, 0.99]),
    st.sampled_from([1, 2, 5, 1000]),
)
def test_a_curve_leaves_its_band_exactly_when_p_says_so(seed, simulations, steps, level, values):
    # few values make many ties, as M has them at short distances
    rng = np.random.default_rng(seed)
    every = rng.integers(0, values, (simulations + 1, steps)) / 7
    every[0] += rng.choice([-0.3, 0, 0, 0.3])
    if seed % 5 == 0:
        every[rng.integers(simulations + 1), rng.integers(steps)] = np.nan
    bands = bands_of(every[0], every[1:], level)
    small = np.floor((1 - level) * (simulations + 1) + 1e-9) / (simulations + 1) + 1e-12
    there = simulations >= bands.needed
    assert bands.above.any() == (there and bands.p_above <= small)
    assert bands.below.any() == (there and bands.p_below <= small)
    known = ~np.isnan(every).any(axis=0)
    assert np.isfinite(bands.global_high[known]).all() == (there or not known.any())
    assert (bands.above == (every[0] > bands.global_high + 1e-9)).all()
    assert (bands.below == (every[0] < bands.global_low - 1e-9)).all()
    if there:  # at most 1 − level of all curves lie outside on a side
        outside = (every[:, known] > bands.global_high[known] + 1e-9).any(axis=1)
        assert outside.mean() <= 1 - level + 1e-9


@pytest.mark.parametrize(("level", "needed"), [(0.95, 19), (0.99, 99), (0.9, 9), (0.8, 4)])
def test_no_verdict_where_no_band_of_the_level_exists(level, needed):
    sites = np.random.default_rng(2).random((300, 2))
    sites[:12] *= 0.05
    call = {"among": sites, "level": level, "steps": 12, "bandwidth": 0.01, "maximum": 0.05}
    few = k_density(sites[:12], simulations=needed - 1, **call)
    assert few.verdict() == (
        f"no verdict: a band of {100 * level:g} % needs at least {needed} simulations, and "
        f"{needed - 1} were done"
    )
    assert not few.localised.any()
    assert not few.dispersed.any()
    assert np.isnan(few.envelope.global_high).all()
    enough = k_density(sites[:12], simulations=needed, **call)
    assert enough.verdict() == f"localised at 0–0.05 ({100 * level:g} % a side)"


def test_a_verdict_never_contradicts_its_p():
    sites, rng = np.random.default_rng(5).uniform(0, 100, (200, 2)), np.random.default_rng(6)
    said = 0
    for draw in range(20):
        own = sites[rng.choice(200, 25, replace=False)]
        found = k_density(own, among=sites, simulations=39, seed=draw, steps=24)
        above, below = (found.envelope.p_above <= 0.05), (found.envelope.p_below <= 0.05)
        word = "localised" if above else "dispersed" if below else "not told apart"
        assert found.verdict().startswith(word)
        assert found.localised.any() == above
        assert found.dispersed.any() == (below and not above)
        said += above or below
    assert said <= 8  # 2 are expected; 1 in 4,000 sees more than 8


# --- rows, labels, units -----------------------------------------------------------------------


@pytest.mark.parametrize("sized", [None, "size"])
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(sized, seed):
    rng = np.random.default_rng(seed)
    register = pd.DataFrame(np.round(rng.random((80, 2)), 1) * 9, columns=["x_km", "y_km"])
    register["size"], register["own"] = rng.lognormal(0, 1, 80), np.arange(80) < 15
    mixed, others = register.sample(frac=1, random_state=seed), register.sample(frac=1)
    call = {"simulations": 39, "steps": 12, "weights": sized, "seed": 4}
    curves = [
        k_density(rows[rows["own"]], among=sites, **call)
        for rows, sites in ((register, register), (mixed, others))
    ]
    ratios = [marcon_puech(rows, register["own"], **call) for rows in (register, mixed)]
    for one, two in (curves, ratios):
        np.testing.assert_array_equal(one.values, two.values)
        np.testing.assert_array_equal(one.envelope.curves, two.envelope.curves)
        assert one.verdict() == two.verdict()


def test_cases_and_weights_are_aligned_by_their_labels():
    register = pd.DataFrame(
        PLACES[:60], columns=["x", "y"], index=[f"plant {i}" for i in range(60)]
    )
    register["size"], mine = SIZES[:60], pd.Series(np.arange(60) < 15, register.index)
    call = {"maximum": 30, "steps": 6}
    expected = marcon_puech(register, mine.to_numpy(), weights=SIZES[:60], **call).ratio
    mixed = mine.sample(frac=1, random_state=1)
    found = marcon_puech(register, mixed, weights=register["size"][::-1], **call).ratio
    np.testing.assert_array_equal(found, expected)
    found = marcon_puech(register[::-1], mixed, weights="size", **call).ratio
    np.testing.assert_array_equal(found, expected)
    density = k_density(register, weights=register["size"].sample(frac=1, random_state=2), **call)
    np.testing.assert_array_equal(
        density.density, k_density(register, weights="size", **call).density
    )
    # the labels of an array are 0, 1, …
    numbered = pd.Series(np.arange(60) < 15).sample(frac=1, random_state=3)
    found = marcon_puech(PLACES[:60], numbered, weights=SIZES[:60], **call).ratio
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "labels", [range(1, 61), [f"plant {i}" for i in range(59)] + ["another"], ["plant 0"] * 60]
)
def test_other_labels_are_refused(labels):
    register = pd.DataFrame(
        PLACES[:60], columns=["x", "y"], index=[f"plant {i}" for i in range(60)]
    )
    with pytest.raises(ValueError, match="cases: the labels of the Series are not those of the"):
        marcon_puech(register, pd.Series(np.arange(60) < 9, labels))
    with pytest.raises(ValueError, match="weights: the labels of the Series are not those of"):
        k_density(register, weights=pd.Series(SIZES[:60], labels))
    with pytest.raises(ValueError, match="cases: 60 values are needed, one for each point"):
        marcon_puech(register, np.arange(59) < 9)


def test_labels_that_repeat_are_taken_when_they_are_the_same():
    twice = pd.DataFrame(PLACES[:60], columns=["x", "y"], index=np.arange(60) % 30)
    mine = pd.Series(np.arange(60) < 9, twice.index)
    found = marcon_puech(twice, mine, steps=4)
    np.testing.assert_array_equal(
        found.ratio, marcon_puech(PLACES[:60], mine.to_numpy(), steps=4).ratio
    )
    with pytest.raises(ValueError, match="some occur twice"):
        marcon_puech(twice, mine[::-1])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(-9, 9), st.sampled_from([0.1, 0.3, 0.7, 1.0]))
def test_neighbours_at_exactly_r_count_whatever_the_unit(seed, power, step):
    rng = np.random.default_rng(seed)
    raster = rng.integers(0, 6, (30, 2)) * step
    cases = rng.permutation(np.arange(30) < 9)
    steps = int(rng.integers(2, 9))
    plain = marcon_puech(raster, cases, maximum=steps * step, steps=steps)
    scaled = marcon_puech(
        raster * 10.0**power, cases, maximum=steps * step * 10.0**power, steps=steps
    )
    np.testing.assert_allclose(scaled.ratio, plain.ratio, rtol=1e-9)
    gaps = np.rint(np.hypot(*((raster[:, None] - raster[None]) / step).T) * 1e6) / 1e6
    whole = np.array([m_of_gaps(gaps, cases, r) for r in range(1, steps + 1)])
    np.testing.assert_allclose(plain.ratio, whole, rtol=1e-9)
    for kind in ("k", "m"):
        call = {"maximum": 3 * step, "steps": 7, "bandwidth": step}
        other = {
            "maximum": call["maximum"] * 10.0**power,
            "steps": 7,
            "bandwidth": step * 10.0**power,
        }
        if kind == "k":
            one = k_density(raster, **call).density
            two = k_density(raster * 10.0**power, **other).density * 10.0**power
        else:
            one = marcon_puech(raster, cases, kind="m", **call).ratio
            two = marcon_puech(raster * 10.0**power, cases, kind="m", **other).ratio
        np.testing.assert_allclose(two, one, rtol=1e-6, atol=1e-12)


def m_of_gaps(gaps, cases, r):
    top, bottom = 0.0, 0.0
    for i in np.flatnonzero(cases):
        near = gaps[i] <= r
        near[i] = False
        if near.any():
            top += near[cases].sum() / near.sum()
            bottom += (cases.sum() - 1) / (len(cases) - 1)
    return top / bottom if bottom else np.nan


def test_one_raster_in_kilometres_and_in_metres():
    raster = np.array([[a, b] for a in range(6) for b in range(6)], float)
    cases = np.isin(np.arange(36), [0, 1, 6, 14, 20, 35])
    kilometres = marcon_puech(raster * 0.1, cases, maximum=0.3, steps=3).ratio
    metres = marcon_puech(raster * 100, cases, maximum=300, steps=3).ratio
    np.testing.assert_allclose(kilometres, [2.527778, 1.327778, 1.247436], atol=1e-6)
    np.testing.assert_array_equal(kilometres, metres)


# --- few points --------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["exact", "grid"])
@pytest.mark.parametrize("n", [3, 4, 5, 6, 8, 12, 20, 60])
def test_the_rule_for_few_points_is_the_one_stated(n, method):
    for seed in range(10):
        places = np.random.default_rng(seed).uniform(0, 100, (n, 2))
        found = k_density(places, steps=4, method=method)
        assert found.bandwidth == pytest.approx(silverman(pdist(places)), rel=1e-12)
        assert found.distance[-1] == pytest.approx(np.median(pdist(places)), rel=1e-12)
        cases = np.r_[np.ones(n, bool), False]
        ratio = marcon_puech(np.vstack([places, [[50, 50]]]), cases, kind="m", steps=4)
        assert ratio.bandwidth == pytest.approx(found.bandwidth, rel=1e-12)
        assert ratio.distance[-1] == pytest.approx(found.distance[-1], rel=1e-12)


def test_the_quartiles_decide_where_some_points_lie_far_off():
    places = np.vstack([np.random.default_rng(0).random((60, 2)), [[500, 0], [0, 500], [900, 900]]])
    distances = pdist(places)
    spread = np.subtract(*np.percentile(distances, [75, 25])) / 1.34
    assert spread < distances.std(ddof=1) / 100
    found = k_density(places, steps=4)
    assert found.bandwidth == pytest.approx(0.9 * spread * len(distances) ** -0.2, rel=1e-12)


@pytest.mark.parametrize("off", [8, 30])
def test_the_quartiles_of_many_are_found_where_some_lie_far_off(off):
    many = np.random.default_rng(0).random((pairs.EXACT_UP_TO, 2))
    places = np.vstack([many, [[off, 0], [0, off], [off, off]]])
    expected = silverman(pdist(places))
    assert k_density(places, steps=4).method == "grid"
    assert k_density(places, steps=4).bandwidth == pytest.approx(expected, rel=1e-3)


def test_points_equally_far_from_each_other_have_a_bandwidth():
    triangle = np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]]) * 30
    assert k_density(triangle, steps=4).bandwidth == pytest.approx(0.9 * 30 * 3**-0.2)
    assert k_density(triangle[:2], steps=4).bandwidth == pytest.approx(0.9 * 30)


def test_no_case_with_a_neighbour_is_said():
    places = np.array([[0.0, 0], [9, 0], [0, 9], [9, 9]])
    found = marcon_puech(places, np.arange(4) < 2, maximum=1, steps=3, coordinates="plane")
    assert np.isnan(found.ratio).all()
    assert repr(found) == "M of 2 cases among 4 points, no case has a neighbour up to 1"


def test_deterministic_resumable_and_interruptible(monkeypatch):
    sites = np.random.default_rng(2).random((300, 2)) * 100
    call = {"points": sites[:30], "among": sites, "steps": 20, "seed": 4}
    straight = k_density(**call, simulations=30)
    again = k_density(**call, simulations=30)
    np.testing.assert_array_equal(straight.envelope.curves, again.envelope.curves)

    original, count = pairs.Kernel.curve, {"left": 11}

    def interrupted(self, masses):
        count["left"] -= 1
        if count["left"] < 0:
            raise KeyboardInterrupt
        return original(self, masses)

    monkeypatch.setattr(pairs.Kernel, "curve", interrupted)
    part = k_density(**call, simulations=30)
    monkeypatch.setattr(pairs.Kernel, "curve", original)
    assert part.envelope.simulations == 10
    assert not part.envelope.complete
    assert "10 simulations, interrupted: 30 were asked for" in repr(part)
    np.testing.assert_array_equal(part.envelope.curves, straight.envelope.curves[:10])
    whole = k_density(**call, simulations=30, resume=part)
    np.testing.assert_array_equal(whole.envelope.curves, straight.envelope.curves)
    np.testing.assert_array_equal(whole.envelope.global_high, straight.envelope.global_high)
    with pytest.raises(ValueError, match="another seed"):
        k_density(**{**call, "seed": 5}, simulations=30, resume=part)


def test_simulations_of_m_are_continued():
    call = {"maximum": 40, "steps": 8, "bandwidth": 3.0}
    cases = np.arange(400) < 30
    part = marcon_puech(PLACES, cases, simulations=5, **call)
    whole = marcon_puech(PLACES, cases, simulations=12, resume=part, **call)
    straight = marcon_puech(PLACES, cases, simulations=12, **call)
    np.testing.assert_array_equal(whole.envelope.curves, straight.envelope.curves)
    fewer = marcon_puech(PLACES, cases, simulations=4, resume=straight, **call)
    np.testing.assert_array_equal(fewer.envelope.curves, straight.envelope.curves[:4])


def test_interrupted_before_anything_was_done(monkeypatch):
    sites = np.random.default_rng(2).random((50, 2))

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(np.random, "default_rng", stop)
    with pytest.raises(KeyboardInterrupt):
        k_density(sites[:10], among=sites, simulations=10)


def test_a_generator_as_seed():
    sites = np.random.default_rng(2).random((80, 2))
    runs = [
        k_density(sites[:9], among=sites, simulations=5, seed=np.random.default_rng(1), steps=9)
        for _ in range(2)
    ]
    np.testing.assert_array_equal(runs[0].envelope.curves, runs[1].envelope.curves)


def test_a_planted_cluster_is_found_at_its_distance_and_scatter_is_not():
    rng = np.random.default_rng(6)
    sites = rng.random((3000, 2)) * 200
    centre = np.array([120.0, 80.0])
    cluster = centre + 8 * np.sqrt(rng.random((60, 1))) * np.column_stack(
        [np.cos(a := rng.uniform(0, 6.28318, 60)), np.sin(a)]
    )
    sites[:60] = cluster
    planted = k_density(sites[:60], among=sites, simulations=99, steps=128)
    assert planted.localised[0] > 0
    # a disc of radius 8 has no pair farther than 16 apart
    assert planted.distance[planted.localised > 0].max() < 16 + 4 * planted.bandwidth
    assert planted.envelope.p_above == pytest.approx(0.01)
    scatter = k_density(sites[1000:1060], among=sites, simulations=99, steps=128)
    assert scatter.envelope.p_above > 0.05
    assert not planted.dispersed.any()


def test_dispersed_points_are_called_dispersed():
    rng = np.random.default_rng(6)
    sites = rng.random((2000, 2)) * 100
    lattice = np.array([[x, y] for x in range(5, 100, 10) for y in range(5, 100, 10)], float)
    sites[:100] = lattice
    found = k_density(sites[:100], among=sites, simulations=99, maximum=6, bandwidth=1.5, steps=64)
    assert found.dispersed.any()
    assert not found.localised.any()
    assert "; dispersed at 0" in repr(found)


# --- bad input ---------------------------------------------------------------------------------

TWO = np.array([[0.0, 0.0], [1.0, 1.0]])


@pytest.mark.parametrize(
    ("points", "options", "message"),
    [
        (np.zeros((1, 2)), {}, "at least 2 points"),
        (np.zeros((5, 2)), {}, "all points are in one place"),
        (np.zeros((4, 3)), {}, r"shape \(n, 2\), is needed, found \(4, 3\)"),
        (np.array([[0, 0], [np.nan, 1]]), {}, "row 1 has no coordinates"),
        (np.array([[0, 95.0], [1, 1]]), {"coordinates": "degrees"}, "latitude 95.*swapped"),
        (np.array([[200.0, 5], [1, 1]]), {"coordinates": "degrees"}, "longitude 200"),
        (np.array([[5e5, 5e6], [1, 1]]), {"coordinates": "degrees"}, "do not mix coordinate"),
        (
            np.array([[5e5, 5e6], [8.5, 49]]),
            {},
            "mixed coordinate systems: row 1 looks like deg.*row 0 l",
        ),
        (TWO, {"coordinates": "utm"}, "coordinates is 'utm'"),
        (TWO, {"bandwidth": 0}, "bandwidth is 0, but it must be a number above 0"),
        (TWO, {"maximum": -1}, "maximum is -1"),
        (TWO, {"steps": 1}, "steps is 1"),
        (TWO, {"level": 5}, "level is 5"),
        (TWO, {"method": "fft"}, "method is 'fft'"),
        (TWO, {"seed": "a"}, "seed is 'a'"),
        (TWO, {"weights": [1, -2]}, "value -2 at position 1, row 1, is not a positive"),
        (TWO, {"weights": [1, 2, 3]}, "2 values are needed"),
        (TWO, {"weights": "size"}, "no column 'size'"),
        (TWO, {"simulations": 10}, "give among="),
        (TWO, {"simulations": 10, "among": TWO[:1]}, "at least 2 sites"),
        (TWO * 170 - 80, {"coordinates": "degrees", "method": "grid"}, "no farther than 25°"),
    ],
)
def test_bad_input(points, options, message):
    with pytest.raises(ValueError, match=message):
        k_density(points, **options)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["lon", "y_km"], "mix two coordinate systems"),
        (["x", "y", "lon", "lat"], "mix two coordinate systems"),
        (["x_km", "y_m"], "different units"),
        (["a", "b"], "needs one column x and one y"),
    ],
)
def test_bad_columns(columns, message):
    with pytest.raises(ValueError, match=message):
        k_density(pd.DataFrame(np.eye(len(columns)), columns=columns))


def test_points_and_sites_must_agree():
    plane = pd.DataFrame({"x_km": [0, 1, 2], "y_km": [0, 1, 5]})
    degrees = pd.DataFrame({"lon": [0, 1, 2], "lat": [0, 1, 2]})
    with pytest.raises(ValueError, match="points are in degrees, among in a plane in km"):
        k_density(degrees, among=plane)
    with pytest.raises(ValueError, match="do not go with coordinates='degrees'"):
        k_density(plane, coordinates="degrees")


def test_a_bandwidth_the_grid_cannot_resolve_is_refused():
    far = np.vstack([np.random.default_rng(0).random((50, 2)), [[1e4, 1e4]]])
    with pytest.raises(ValueError, match="finer than the cells"):
        k_density(far, bandwidth=0.01, maximum=500, method="grid")


def test_input_is_not_changed():
    places, sizes = PLACES.copy(), SIZES.copy()
    k_density(places, weights=sizes, among=places, simulations=3, steps=8)
    marcon_puech(places, np.arange(400) < 20, weights=sizes, simulations=3, steps=8)
    np.testing.assert_array_equal(places, PLACES)
    np.testing.assert_array_equal(sizes, SIZES)


def test_frame_and_words():
    register = pd.DataFrame(PLACES, columns=["x_km", "y_km"]).assign(size=SIZES)
    found = k_density(register[:40], weights="size", among=register, simulations=9, steps=16)
    frame = found.to_frame()
    assert frame.index.name == "distance_km"
    assert frame.columns.tolist() == [
        "density",
        "error",
        "low",
        "high",
        "global_low",
        "global_high",
    ]
    assert repr(found).startswith("KDensity of 40 points, bandwidth")
    with pytest.raises(ValueError, match="ask for simulations="):
        _ = k_density(PLACES).localised


# --- M and m -----------------------------------------------------------------------------------


def m_by_hand(places, cases, weights, kernel):
    gaps = np.hypot(*(places[:, None] - places[None]).T)
    top, bottom = 0.0, 0.0
    for i in np.flatnonzero(cases):
        near = kernel(gaps[i]) * weights
        near[i] = 0
        if near.sum() > 1e-12 * kernel(np.zeros(1))[0]:
            top += near[cases].sum() / near.sum()
            bottom += (weights[cases].sum() - weights[i]) / (weights.sum() - weights[i])
    return top / bottom


@pytest.mark.parametrize("weights", [None, SIZES[:150]])
def test_m_by_hand(weights):
    places, cases = PLACES[:150], np.arange(150) % 7 == 0
    sizes = np.ones(150) if weights is None else weights
    found = marcon_puech(places, cases, weights=weights, maximum=50, steps=10)
    for r, value in zip(found.distance, found.ratio, strict=True):
        expected = m_by_hand(places, cases, sizes, lambda d, r=r: (d <= r).astype(float))
        assert value == pytest.approx(expected, rel=1e-10)
    h = 4.0
    found = marcon_puech(
        places, cases, kind="m", weights=weights, maximum=50, steps=10, bandwidth=h
    )
    for r, value in zip(found.distance, found.ratio, strict=True):

        def kernel(d, r=r):
            return np.exp(-0.5 * ((d - r) / h) ** 2) + np.exp(-0.5 * ((d + r) / h) ** 2)

        assert value == pytest.approx(m_by_hand(places, cases, sizes, kernel), rel=1e-3)


def test_m_is_one_over_the_whole_area():
    found = marcon_puech(PLACES, np.arange(400) < 30, maximum=150, steps=3)
    assert found.ratio[-1] == pytest.approx(1, abs=1e-12)


def test_cases_without_neighbours_are_left_out_and_counted():
    places = np.array([[0.0, 0], [1, 0], [50, 0], [51, 0], [200, 0], [300, 0]])
    cases = np.array([True, True, True, False, True, False])
    found = marcon_puech(places, cases, maximum=10, steps=20)
    assert np.isnan(found.ratio[0])  # nobody has a neighbour within half a kilometre
    assert found.cases_used[0] == 0
    assert found.cases_used[-1] == 3  # the case at 200 has none within 10
    assert found.ratio[-1] == pytest.approx((1 + 1 + 0) / (3 * 3 / 5))
    # where some simulated curve is undefined there is no band, and no warning either
    bands = marcon_puech(places, cases, maximum=10, steps=20, simulations=9).envelope
    assert np.isnan(bands.high[0])
    assert np.isnan(bands.global_high[0])


@pytest.mark.parametrize("kind", ["M", "m"])
def test_m_envelope_is_the_same_with_neighbours_counted_once(kind, monkeypatch):
    cases = np.arange(400) < 30
    call = {"kind": kind, "maximum": 40, "steps": 8, "simulations": 19, "bandwidth": 3.0}
    fast = marcon_puech(PLACES, cases, **call)
    monkeypatch.setattr(pairs.Neighbours, "of_all", lambda *_: None)
    slow = marcon_puech(PLACES, cases, **call)
    np.testing.assert_allclose(fast.envelope.curves, slow.envelope.curves, rtol=1e-9)
    weighted = marcon_puech(PLACES, cases, weights=SIZES, **call)
    assert abs(np.nanmean(weighted.envelope.curves[:, -1]) - 1) < 0.2


def test_m_on_a_sphere_is_the_plane_nearby():
    km = np.pi * EARTH_RADIUS_KM / 180
    plane = np.random.default_rng(1).random((200, 2)) * 20
    degrees = pd.DataFrame(plane / km, columns=["lon", "lat"])
    cases = np.arange(200) < 40
    flat = marcon_puech(plane, cases, maximum=10, steps=4).ratio
    np.testing.assert_allclose(
        marcon_puech(degrees, cases, maximum=10, steps=4).ratio, flat, rtol=1e-2
    )


@pytest.mark.parametrize(
    ("cases", "options", "message"),
    [
        (np.zeros(400, bool), {}, "0 of 400 points are cases"),
        (np.ones(400, bool), {}, "400 of 400"),
        (np.zeros(400), {}, "True or False"),
        (np.arange(400) < 9, {"kind": "K"}, "kind is 'K'"),
    ],
)
def test_m_bad_input(cases, options, message):
    with pytest.raises(ValueError, match=message):
        marcon_puech(PLACES, cases, **options)


def test_sizes_of_which_none_is_one_count():
    sizes = np.arange(2.0, 62)
    call = {"maximum": 20, "steps": 5}
    cases = np.arange(60) % 3 == 0
    weighed = marcon_puech(PLACES[:60], cases, weights=sizes, **call).ratio
    plain = marcon_puech(PLACES[:60], cases, **call).ratio
    assert not np.allclose(weighed, plain)
    twice = marcon_puech(PLACES[:60], cases, weights=np.full(60, 2.0), **call).ratio
    np.testing.assert_allclose(twice, plain, rtol=1e-12)
