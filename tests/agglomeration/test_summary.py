"""All measures in one call, one industry in detail, and who counts as specialised."""

import numpy as np
import pandas as pd
import pytest

from clusterlab import tables
from clusterlab.agglomeration import (
    ellison_glaeser,
    fitness,
    gini,
    herfindahl,
    hoover,
    industry_profile,
    location_quotient,
    locational_gini,
    maurel_sedillot,
    measure_all,
    plant_sizes,
    relatedness_density,
)
from clusterlab.agglomeration.summary import specialised_in


@pytest.fixture
def register():
    rng = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "place": rng.choice(list("ABCD"), 200),
            "trade": rng.choice(["wine", "shoes", "shops"], 200),
            "jobs": rng.integers(1, 100, 200),
        }
    )


@pytest.fixture
def table(register):
    return register.pivot_table("jobs", "place", "trade", "sum").astype(float)


@pytest.fixture
def plants(register):
    return plant_sizes(register, industry="trade", size="jobs")


def test_each_column_is_the_measure_itself(table, plants):
    totals = table.sum(axis=1) * [2, 3, 2, 1.5]
    result = measure_all(table, totals=totals, plants=plants)
    assert result.index.equals(table.columns)
    quotient = location_quotient(table, totals=totals)
    index = ellison_glaeser(table, plants, totals=totals)
    expected = {
        "total": table.sum(),
        "regions_present": (table > 0).sum(),
        "highest_quotient_in": quotient.value.idxmax(),
        "highest_quotient": quotient.value.max(),
        "herfindahl": herfindahl(table).value,
        "equivalent_number": herfindahl(table).equivalent_number,
        "gini": gini(table),
        "locational_gini": locational_gini(table, totals),
        "locational_gini_size_weighted": locational_gini(table, totals, weights="size"),
        "hoover": hoover(table, totals),
        "gamma": index.gamma,
        "raw": index.raw,
        "plant_herfindahl": index.plant_herfindahl,
        "expected": index.expected,
        "variance": index.variance,
        "z": index.z,
        "p": index.p,
        "maurel_sedillot": maurel_sedillot(table, plants, totals=totals).gamma,
    }
    assert list(result) == list(expected)
    for name, column in expected.items():
        pd.testing.assert_series_equal(result[name], column, check_names=False)


def test_the_note_says_which_totals(table, plants):
    assert "own 3 industries" in measure_all(table).attrs["note"]
    note = measure_all(table, totals=table.sum(axis=1), plants=plants).attrs["note"]
    assert "given by the caller" in note
    assert "sizes of 200 establishments" in note


def test_the_table_is_checked_once(table, plants, monkeypatch):
    counted, check = [], tables.check_values
    monkeypatch.setattr(tables, "check_values", lambda *a, **k: counted.append(1) or check(*a, **k))
    measure_all(table, totals=table.sum(axis=1), plants=plants)
    assert len(counted) == 1
    for call in (
        lambda: industry_profile(table=table, industry="wine"),
        lambda: specialised_in(table=table, industry="wine"),
        lambda: locational_gini(table),
        lambda: maurel_sedillot(table, plants),
        lambda: relatedness_density(table),
        lambda: fitness(table),
    ):
        counted.clear()
        call()
        assert len(counted) == 1, call


def test_without_plants_no_index(table):
    assert "gamma" not in measure_all(table)


def test_a_single_plant_is_left_empty_and_said(table, register):
    register.loc[200] = ["A", "mine", 30]
    table["mine"] = [30.0, 0, 0, 0]
    plants = plant_sizes(register, industry="trade", size="jobs")
    result = measure_all(table, plants=plants)
    assert np.isnan(result.loc["mine", "gamma"])
    assert np.isnan(result.loc["mine", "maurel_sedillot"])
    assert result.loc["mine", "total"] == 30
    assert "no γ for 1 industries with a single plant" in result.attrs["note"]
    # the shares of regions still hold the mine's jobs
    several = table.drop(columns="mine")
    direct = ellison_glaeser(several, plants, totals=table.sum(axis=1))
    assert np.allclose(result.loc[several.columns, "gamma"], direct.gamma)


def test_only_single_plants():
    register = pd.DataFrame({"i": ["a", "b"], "n": [3, 5]})
    table = pd.DataFrame({"a": [3, 0], "b": [0, 5]})
    result = measure_all(table, plants=plant_sizes(register, industry="i", size="n"))
    assert result["gamma"].isna().all()


def test_a_part_of_the_industries_with_totals():
    jobs, totals = pd.DataFrame({"J": [5, 0, 1]}), pd.Series([10, 10, 10])
    assert measure_all(jobs, totals=totals).loc["J", "regions_present"] == 2


def test_input_is_not_changed(table, plants):
    copy = table.copy(deep=True)
    measure_all(table, plants=plants)
    industry_profile(table=table, industry="wine")
    specialised_in(table=table, industry="wine")
    pd.testing.assert_frame_equal(table, copy)


def test_many_industries_are_quick_enough_to_be_vectorised():
    rng = np.random.default_rng(5)
    table = pd.DataFrame(rng.integers(1, 1000, (900, 1000)))
    result = measure_all(table)
    some = table[[0, 999]]
    one = locational_gini(some, table.sum(axis=1))
    assert np.allclose(result["locational_gini"].iloc[[0, 999]], one)


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("Hoover index", hoover),
        ("locational Gini, equal weights", locational_gini),
        ("locational Gini, size weights", lambda t: locational_gini(t, weights="size")),
        ("Herfindahl index", lambda t: herfindahl(t).value),
    ],
)
def test_profile(table, name, measure):
    profile = industry_profile(table=table, industry="wine", measure=name)
    assert profile.values.is_monotonic_increasing
    assert profile.values.to_dict() == pytest.approx(measure(table).to_dict())
    assert np.allclose(profile.quotients, location_quotient(table).value["wine"])
    assert profile.industry == "wine"
    assert profile.measure == name


def test_profile_bad_input(table):
    with pytest.raises(ValueError, match="no column 'vine'; did you mean 'wine'"):
        industry_profile(table=table, industry="vine")
    with pytest.raises(
        ValueError, match="measure is 'Gini', but measure must be one of 'Hoover ind"
    ):
        industry_profile(table=table, industry="wine", measure="Gini")


def test_industries_named_by_numbers(table):
    table.columns = [311, 312, 313]
    assert industry_profile(table=table, industry=312).industry == 312


def test_specialised_in(table):
    result = specialised_in(table=table, industry="wine", threshold=1.05, level=0.9)
    quotient = location_quotient(table)
    low, high = quotient.interval(level=0.9)
    frame = result.frame.loc[table.index]
    assert np.allclose(frame["quotient"], quotient.value["wine"])
    assert np.allclose(frame["low"], low["wine"])
    assert np.allclose(frame["high"], high["wine"])
    assert (frame["above"] == (frame["quotient"] > 1.05)).all()
    assert (frame["surely"] == (frame["low"] > 1.05)).all()
    assert result.frame["quotient"].is_monotonic_decreasing
    assert not (result.frame["surely"] & ~result.frame["above"]).any()
    units = pd.Series(5, index=table.index)
    wider = specialised_in(table=table, industry="wine", units=units, draw="an establishment").frame
    assert (wider["low"] < result.frame["low"]).all()


def test_specialised_in_bad_input(table):
    with pytest.raises(
        ValueError, match="threshold is 0.1, but threshold for specialised must be "
    ):
        specialised_in(table=table, industry="wine", threshold=0.1)
    with pytest.raises(ValueError, match="draw 'an establishment' needs units="):
        specialised_in(table=table, industry="wine", draw="an establishment")
    with pytest.raises(ValueError, match="draw 'an establishment with its size' needs bootstrap="):
        specialised_in(table=table, industry="wine", draw="an establishment with its size")
    with pytest.raises(ValueError, match="no column 'vine'"):
        specialised_in(table=table, industry="vine")


def test_specialised_in_with_unknown_cells_elsewhere(table):
    table.loc["A", "shops"] = np.nan
    with pytest.raises(ValueError, match="unknown"):
        specialised_in(table=table, industry="wine")
