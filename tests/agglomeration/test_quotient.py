"""Location quotients against hand computation, and their limits against scipy's exact test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from clusterlab.agglomeration import bootstrap_location_quotient, location_quotient


@pytest.fixture
def jobs():
    return pd.DataFrame(
        [[9, 5, 6], [1, 5, 14], [0, 10, 50]],
        index=pd.Index(["Napa", "Modesto", "Fresno"], name="city"),
        columns=pd.Index(["wine", "shops", "rest"], name="trade"),
    )


positive_tables = arrays(
    np.int64, st.tuples(st.integers(2, 6), st.integers(1, 5)), elements=st.integers(1, 10_000)
).map(pd.DataFrame)


def test_published_figure():
    # Manual of the R package REAT, locq(): e_ij 1714, e_i 79006, e_j 879213, e 15593224.
    quotient = location_quotient(
        pd.DataFrame({"J": [1714]}, index=["here"]),
        totals=pd.Series({"here": 79006}),
        reference=pd.Series({"J": 879213}),
        reference_total=15593224,
    )
    assert quotient.value.loc["here", "J"] == pytest.approx(0.3847623, abs=5e-8)
    assert quotient.base == (
        "regional totals: given by the caller; reference economy: given by the caller"
    )


def test_by_hand(jobs):
    # wine in Napa: (9/20) / (10/100)
    value = location_quotient(jobs).value
    assert value.loc["Napa", "wine"] == pytest.approx(4.5)
    assert value.loc["Modesto", "rest"] == pytest.approx((14 / 20) / (70 / 100))
    assert value.loc["Fresno", "wine"] == 0


def test_labels_and_names_are_kept_and_input_unchanged(jobs):
    copy = jobs.copy(deep=True)
    result = location_quotient(jobs)
    assert result.value.index.equals(jobs.index)
    assert result.value.columns.equals(jobs.columns)
    low, high = result.interval()
    for part in (low, high, result.specialised()):
        assert part.index.equals(jobs.index)
        assert part.columns.equals(jobs.columns)
    pd.testing.assert_frame_equal(jobs, copy)
    frame = result.to_frame()
    assert frame.columns.tolist() == ["city", "trade", "count", "location_quotient"]
    assert frame.set_index(["city", "trade"]).loc[("Modesto", "wine"), "count"] == 1
    assert "3 regions x 3 industries" in repr(result)
    assert "highest 4.5 at 'Napa', 'wine'" in repr(result)


def test_totals_change_the_base_and_say_so(jobs):
    totals = pd.Series({"Fresno": 100, "Modesto": 50, "Napa": 50})
    result = location_quotient(jobs, totals=totals)
    assert result.value.loc["Napa", "wine"] == pytest.approx((9 / 50) / (10 / 200))
    assert result.base == (
        "regional totals: given by the caller; reference economy: the table's 3 regions together"
    )
    assert "own 3 industries" in location_quotient(jobs).base


def test_reference_and_its_total(jobs):
    reference = pd.Series({"rest": 600, "shops": 300, "wine": 100, "mines": 1000})
    value = location_quotient(jobs, reference=reference).value
    assert value.loc["Napa", "wine"] == pytest.approx((9 / 20) / (100 / 2000))
    value = location_quotient(jobs, reference=reference, reference_total=4000).value
    assert value.loc["Napa", "wine"] == pytest.approx((9 / 20) / (100 / 4000))


def test_a_region_without_an_industry_may_be_empty_where_totals_are_given(jobs):
    value = location_quotient(jobs[["wine"]], totals=jobs.sum(axis=1)).value
    assert value["wine"].round(12).tolist() == [4.5, 0.5, 0]


@given(positive_tables)
@settings(max_examples=30, deadline=None)
def test_weighted_mean_is_one_and_scale_and_order_do_not_matter(table):
    value = location_quotient(table).value
    weights = table.sum(axis=1) / table.to_numpy().sum()
    assert np.allclose(value.mul(weights, axis=0).sum(), 1)
    assert np.allclose(location_quotient(table * 1000).value, value)
    turned = location_quotient(table.iloc[::-1, ::-1]).value
    pd.testing.assert_frame_equal(turned.iloc[::-1, ::-1], value)


# --- limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_limits_are_those_of_the_exact_binomial_test(jobs, level):
    low, high = location_quotient(jobs).interval(level=level)
    totals, share = jobs.sum(axis=1), jobs.sum() / 100
    for city in jobs.index:
        for trade in jobs.columns:
            test = stats.binomtest(int(jobs.loc[city, trade]), int(totals[city]))
            exact = test.proportion_ci(level, method="exact")
            assert low.loc[city, trade] == pytest.approx(exact.low / share[trade], abs=1e-10)
            assert high.loc[city, trade] == pytest.approx(exact.high / share[trade], abs=1e-10)


def test_limits_at_nothing_and_at_everything():
    table = pd.DataFrame({"a": [0, 5], "b": [7, 0]})
    low, high = location_quotient(table).interval(level=0.95)
    share = 5 / 12
    assert low.loc[0, "a"] == 0
    assert high.loc[0, "a"] * share == pytest.approx(1 - 0.025 ** (1 / 7))
    assert low.loc[1, "a"] * share == pytest.approx(0.025 ** (1 / 5))
    assert high.loc[1, "a"] * share == pytest.approx(1)


def test_units_stand_in_for_workers(jobs):
    quotient = location_quotient(jobs)
    units = pd.Series({"Fresno": 6, "Napa": 2, "Modesto": 4})
    low, high = quotient.interval(units=units)
    exact = stats.beta.ppf(0.025, 0.9, 2 - 0.9 + 1), stats.beta.ppf(0.975, 1.9, 2 - 0.9)
    assert low.loc["Napa", "wine"] * 0.1 == pytest.approx(exact[0])
    assert high.loc["Napa", "wine"] * 0.1 == pytest.approx(exact[1])
    closer = quotient.interval()
    assert (low <= closer[0]).all(axis=None)
    assert (high >= closer[1]).all(axis=None)


def test_limits_cover_at_least_their_level():
    # Clopper-Pearson limits hold at least their level whatever the share.
    rng = np.random.default_rng(2)
    hits = rng.binomial(60, 0.07, size=2000)
    table = pd.DataFrame({"a": hits, "b": 60 - hits})
    reference = pd.Series({"a": 7.0, "b": 93.0})
    low, high = location_quotient(table.loc[:, ["a", "b"]], reference=reference).interval(level=0.9)
    covered = ((low["a"] <= 1) & (high["a"] >= 1)).mean()
    assert 0.9 <= covered < 0.975


@given(positive_tables, st.floats(0.5, 0.99))
@settings(max_examples=25, deadline=None)
def test_limits_hold_the_quotient_and_widen_with_the_level(table, level):
    quotient = location_quotient(table)
    low, high = quotient.interval(level=level)
    wider_low, wider_high = quotient.interval(level=level + 0.005)
    assert (low <= quotient.value + 1e-9).all(axis=None)
    assert (high >= quotient.value - 1e-9).all(axis=None)
    assert (wider_low <= low + 1e-12).all(axis=None)
    assert (wider_high >= high - 1e-12).all(axis=None)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95])
def test_level_out_of_range(jobs, level):
    with pytest.raises(
        ValueError, match=f"level is {level}, but it must be a number above 0 and below 1"
    ):
        location_quotient(jobs).interval(level=level)


def test_units_missing_or_zero(jobs):
    quotient = location_quotient(jobs)
    with pytest.raises(ValueError, match="units: region 'Modesto' has none"):
        quotient.interval(units=pd.Series({"Fresno": 6, "Napa": 2, "Modesto": 0}))
    with pytest.raises(ValueError, match="units: no number for label 'Modesto'"):
        quotient.interval(units=pd.Series({"Fresno": 6, "Napa": 2}))


def test_specialised(jobs):
    quotient = location_quotient(jobs)
    assert quotient.specialised()["wine"].tolist() == [True, False, False]
    assert quotient.specialised(threshold=4.5)["wine"].tolist() == [False] * 3  # above, not at
    assert quotient.specialised(minimum=9)["wine"].tolist() == [True, False, False]
    assert not quotient.specialised(minimum=9.5)["wine"].any()
    low = quotient.interval(level=0.95)[0].loc["Napa", "wine"]
    assert quotient.specialised(threshold=low - 0.01, level=0.95).loc["Napa", "wine"]
    assert not quotient.specialised(threshold=low + 0.01, level=0.95).loc["Napa", "wine"]
    few = pd.Series({"Fresno": 6, "Napa": 2, "Modesto": 4})
    assert not quotient.specialised(level=0.95, units=few).any(axis=None)


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"totals": pd.Series({"Napa": 20, "Modesto": 20})},
            "totals: no number for label 'Fresno'",
        ),
        (
            {"totals": pd.Series({"Napa": 8, "Modesto": 20, "Fresno": 60})},
            "region 'Napa' has 8 in al",
        ),
        (
            {"totals": pd.Series({"Napa": -8, "Modesto": 20, "Fresno": 60})},
            "totals: 'Napa' has .*-8",
        ),
        (
            {"reference": pd.Series({"wine": 1, "shops": 2})},
            "reference: no number for label 'rest'",
        ),
        (
            {"reference": pd.Series({"wine": 0, "shops": 2, "rest": 1})},
            "industry 'wine' has none the",
        ),
        (
            {"reference_total": 50},
            r"reference_total is 50, less than industry 'rest' alone has \(70\)",
        ),
        ({"reference_total": 0}, "reference_total is 0"),
        pytest.param({"reference_total": float("nan")}, "reference_total is nan"),
        pytest.param(
            {"reference": pd.Series({"wine": 10, "shops": 20, "rest": 70, "mines": np.nan})},
            "reference.*'mines'",
        ),
        pytest.param(
            {"reference": pd.Series({"wine": 10, "shops": 20, "rest": 70, "mines": -5})},
            "reference.*'mines'",
        ),
    ],
)
def test_bad_options(jobs, options, message):
    with pytest.raises(ValueError, match=message):
        location_quotient(jobs, **options)


def test_totals_that_are_no_series(jobs):
    with pytest.raises(ValueError, match=r"totals must be a Series.*totals=table\['00'\]"):
        location_quotient(jobs, totals=jobs[["rest"]])


def test_bad_tables(jobs):
    with pytest.raises(ValueError, match="1 region .'Napa'.*or a reference to compare with"):
        location_quotient(jobs.iloc[:1])
    with pytest.raises(ValueError, match="region 'Fresno' with no value above zero"):
        location_quotient(jobs * np.array([[1], [1], [0]]))
    with pytest.raises(ValueError, match="industry 'wine' with no value above zero"):
        location_quotient(jobs * [0, 1, 1])
    with pytest.raises(ValueError, match="no number above zero"):
        location_quotient(jobs * 0)
    with pytest.raises(ValueError, match="region 'Napa' has a total of zero"):
        location_quotient(
            jobs * np.array([[0], [1], [1]]),
            totals=pd.Series({"Napa": 0, "Modesto": 20, "Fresno": 60}),
        )


# --- resampling ----------------------------------------------------------------------------------


@pytest.fixture
def register():
    rng = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "city": rng.choice(["A", "B", "C"], 3000, p=[0.5, 0.3, 0.2]),
            "trade": rng.choice(["wine", "shops"], 3000, p=[0.2, 0.8]),
            "jobs": 4,
        }
    )


BOOTSTRAP = {"region": "city", "industry": "trade", "size": "jobs"}


def test_resampling_equal_plants_comes_near_the_delta_method(register):
    result = bootstrap_location_quotient(register, **BOOTSTRAP, replicates=2000)
    counts = register.pivot_table("jobs", "city", "trade", "count")
    k, n, m, whole = counts.loc["C", "wine"], counts.loc["C"].sum(), counts["wine"].sum(), 3000
    # Poisson weights of the four cells; log LQ = log k - log n - log m + log N
    cells = [
        (k, 1 / k - 1 / n - 1 / m + 1 / whole),
        (n - k, -1 / n + 1 / whole),
        (m - k, -1 / m + 1 / whole),
        (whole - n - m + k, 1 / whole),
    ]
    error = np.sqrt(sum(size * slope**2 for size, slope in cells))
    low, high = result.interval(level=0.95)
    value = result.value.loc["C", "wine"]
    assert value == pytest.approx((k / n) / (m / whole))
    place, trade = (
        axis.get_loc(label) for axis, label in zip(low.axes, ("C", "wine"), strict=True)
    )
    assert np.log(result.resampled[:, place, trade]).std() == pytest.approx(error, rel=0.05)
    # the logarithm of a count is skewed: its limits lie a little lower than those of a normal one
    assert np.log(low.loc["C", "wine"] / value) == pytest.approx(-1.96 * error, rel=0.15)
    assert np.log(high.loc["C", "wine"] / value) == pytest.approx(1.96 * error, rel=0.15)


def test_resampling_is_reproducible_and_widens_with_large_plants(register):
    one, two = (bootstrap_location_quotient(register, **BOOTSTRAP, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.interval()[0], two.interval()[0])
    uneven = register.assign(jobs=np.random.default_rng(9).lognormal(1, 2, 3000).round() + 1)
    uneven["jobs"] = uneven["jobs"].astype(int)
    wide = bootstrap_location_quotient(uneven, **BOOTSTRAP).interval()
    assert (wide[1] - wide[0]).loc["C", "wine"] > (one.interval()[1] - one.interval()[0]).loc[
        "C", "wine"
    ]


def test_resampling_bad_input(register):
    with pytest.raises(ValueError, match="no column 'job'; did you mean 'jobs'"):
        bootstrap_location_quotient(register, **{**BOOTSTRAP, "size": "job"})
    few = pd.concat([register, pd.DataFrame({"city": ["D"] * 9, "trade": "wine", "jobs": 1})])
    with pytest.raises(
        ValueError, match="city 'D' has 9 establishments; fewer than 20 are too few"
    ):
        bootstrap_location_quotient(few, **BOOTSTRAP)
    with pytest.raises(ValueError, match="level is 95"):
        bootstrap_location_quotient(register, **BOOTSTRAP, replicates=10).interval(level=95)


def test_resampling_regions_of_twenty_establishments():
    cities = np.repeat([f"C{k:03d}" for k in range(150)], 20)
    few = pd.DataFrame({"city": cities, "trade": ["wine", "shops"] * 1500, "jobs": 1})
    low, high = bootstrap_location_quotient(few, **BOOTSTRAP).interval()
    assert low.notna().all(axis=None)
    assert high.notna().all(axis=None)


def test_known_cells_have_exact_quotients_where_totals_and_reference_are_published():
    # DOI-ONRR #1870, datacommonsorg #608: suppressed cells are the rule in official tables
    table = pd.DataFrame(
        {"31-33": [np.nan, 300.0, 50], "44-45": [120.0, 80, np.nan]}, index=["01", "02", "03"]
    )
    totals = pd.Series({"03": 200.0, "01": 400.0, "02": 400.0})
    reference = pd.Series({"44-45": 350.0, "31-33": 600.0})
    known = {"totals": totals, "reference": reference, "reference_total": 1000.0}
    result = location_quotient(table, **known)
    assert result.value.loc["01", "44-45"] == pytest.approx(120 / 400 / (350 / 1000))
    assert result.value.loc["02", "31-33"] == 1.25
    assert result.value.isna().equals(table.isna())
    assert "2 unknown; highest 1.25 at '02', '31-33'" in repr(result)
    low, high = result.interval()
    assert low.isna().equals(table.isna())
    assert high.isna().equals(table.isna())
    assert low.loc["02", "31-33"] < 1.25 < high.loc["02", "31-33"]
    assert not result.specialised(threshold=0.1).loc["01", "31-33"]  # not known is not specialised
    assert result.to_frame()["location_quotient"].isna().sum() == 2
    for missing in known:
        given = {name: value for name, value in known.items() if name != missing}
        if missing == "reference_total":
            location_quotient(table, **given)
            continue
        with pytest.raises(ValueError, match=r"2 cells are unknown.*'01'.*'31-33'.*totals=.*refer"):
            location_quotient(table, **given)


def test_a_reference_given_as_shares_is_as_good_as_one_in_jobs(jobs):
    totals = jobs.sum(axis=1)
    in_jobs = location_quotient(jobs, totals=totals, reference=jobs.sum())
    as_shares = location_quotient(jobs, totals=totals, reference=jobs.sum() / jobs.to_numpy().sum())
    pd.testing.assert_frame_equal(as_shares.value, in_jobs.value)


def test_limits_are_said_to_hold_with_at_least_the_level(jobs):
    text = type(location_quotient(jobs)).interval.__doc__
    assert "at least the\n" in text or "at least the level" in text
    assert "exact" not in text
