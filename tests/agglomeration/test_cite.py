"""A methods paragraph: true for the arguments used, over the conventions."""

import numpy as np
import pandas as pd
import pytest

import clusterlab
from clusterlab import agglomeration, tables

JOBS = pd.DataFrame({"wine": [9, 1, 2], "shops": [5, 5, 8]}, index=["Napa", "Modesto", "Reno"])
LATER = JOBS.assign(wine=[10, 4, 2], shops=[7, 6, 12])
TOTALS = pd.Series({"Napa": 100, "Modesto": 90, "Reno": 80})
PLANTS = pd.DataFrame({"trade": ["wine"] * 3 + ["shops"] * 3, "jobs": [6.0, 3, 3, 9, 5, 4]})
EG, DUNN, ESTEBAN = "Ellison and E. L. Glaeser (1997)", "Dunn, E. S. (1960)", "Esteban-Marquillas"
BARFF = "Barff, R. A. and Knight, P. L. (1988)"


def told(result):
    words = agglomeration.cite(result)
    assert words.startswith(f"Computed by clusterlab {clusterlab.__version__}, function")
    assert f"version {clusterlab.__version__} [computer software]." in words.splitlines()[-1]
    assert ":math:" not in words
    assert ".. math" not in words
    assert words.count("$$") % 2 == 0
    return words


@pytest.mark.parametrize("totals", [None, TOTALS])
@pytest.mark.parametrize("reference", [None, pd.Series({"wine": 50, "shops": 900})])
def test_quotients_say_their_base(totals, reference):
    words = told(agglomeration.location_quotient(JOBS, totals=totals, reference=reference))
    assert r"LQ_{ij} = \frac{e_{ij}/e_i}{e_j/e}" in words
    assert ("given by the caller" in words) == (totals is not None or reference is not None)
    assert ("sums over the table's own" in words) == (totals is None)
    assert ("the table's 3 regions together" in words) == (reference is None)


@pytest.mark.parametrize("totals", [None, TOTALS])
@pytest.mark.parametrize("plants", [None, "register"])
def test_all_measures_tell_the_columns_that_are_there(totals, plants):
    sizes = agglomeration.plant_sizes(PLANTS, industry="trade", size="jobs") if plants else None
    measures = agglomeration.measure_all(JOBS, totals=totals, plants=sizes)
    words = told(measures)
    assert measures.attrs["note"].rstrip(".")[1:] in words
    assert (EG in words) == (plants is not None)
    assert ("maurel_sedillot" in words) == (plants is not None)
    some = told(measures[["hoover"]])
    assert "`agglomeration.hoover`" in some
    assert "gini" not in some
    assert measures.attrs["note"].rstrip(".")[1:] in some


def test_conventions_of_all_measures_are_those_they_are_computed_by():
    measures = agglomeration.measure_all(JOBS)
    words = told(measures)
    for column, again, said in (
        ("gini", agglomeration.gini(JOBS), "Column gini: every region with the same reference"),
        ("locational_gini", agglomeration.locational_gini(JOBS), "equal weights, not corrected"),
        (
            "locational_gini_size_weighted",
            agglomeration.locational_gini(JOBS, weights="size"),
            "size weights, not corrected",
        ),
        ("hoover", agglomeration.hoover(JOBS), "Column hoover: p by the regions' totals"),
    ):
        np.testing.assert_allclose(measures[column], again)
        assert said in words


@pytest.mark.parametrize("known", ["register", "herfindahl"])
def test_ellison_glaeser_has_a_variance_only_where_it_was_computed(known):
    sizes = agglomeration.plant_sizes(PLANTS, industry="trade", size="jobs")
    result = agglomeration.ellison_glaeser(JOBS, sizes if known == "register" else sizes.herfindahl)
    words = told(result)
    assert EG in words
    assert (r"\mathrm{Var}[G]" in words) == (known == "register") == (result.variance is not None)
    assert ("plant Herfindahl: given by the caller" in words) == (known == "herfindahl")
    other = told(agglomeration.maurel_sedillot(JOBS, sizes))
    assert "Sédillot (1999)" in other
    assert r"\gamma = \frac{P - H}{1 - H}" in other


@pytest.mark.parametrize("method", ["dunn", "esteban"])
@pytest.mark.parametrize("years", [0, 3])
def test_shift_share_names_the_form_and_the_years(method, years):
    if years:
        tables_ = {2000: JOBS, 2001: LATER, 2002: LATER + 1}
        words = told(agglomeration.dynamic_shift_share(tables_, method=method))
    else:
        words = told(agglomeration.shift_share(JOBS, LATER, method=method))
    assert DUNN in words
    assert (ESTEBAN in words) == (method == "esteban")
    assert ("Esteban replaces" in words) == (method == "esteban")
    assert (BARFF in words) == bool(years)
    assert ("Year by year over 3 years, 2000 to 2002" in words) == bool(years)
    assert ("Year by year" in words) == bool(years)
    assert (", functions `" in words) == bool(years), "two functions, or one"


@pytest.mark.parametrize("simulations", [0, 19])
@pytest.mark.parametrize("bandwidth", [None, 3.0])
def test_distances_say_bandwidth_and_simulations(simulations, bandwidth):
    rng = np.random.default_rng(1)
    sites = pd.DataFrame(rng.uniform(0, 50, (60, 2)), columns=["x_km", "y_km"])
    result = agglomeration.k_density(
        sites[:20],
        among=sites,
        simulations=simulations,
        bandwidth=bandwidth,
        maximum=20,
        steps=21,
        progress=False,
    )
    words = told(result)
    assert f"20 points, h = {result.bandwidth:.4g} km" in words
    assert ("19 simulations" in words) == bool(simulations)
    assert "Duranton, G. and Overman" in words
    assert "Silverman" not in words, "the result does not know whether its rule was used"


def test_complexity_asks_for_what_it_does_not_know():
    there = pd.DataFrame(
        [[1, 1, 1], [1, 1, 0], [1, 0, 0]], dtype=bool, index=["city", "town", "village"]
    )
    words = told(agglomeration.complexity(there))
    assert "Hidalgo, C. A. and Hausmann, R. (2009)" in words
    assert "M is 1 where [" in words
    assert "3 regions and 3 industries." in words
    small = told(agglomeration.complexity(there, minimum=2))
    assert "2 regions and 3 industries, 1 smaller regions left out." in small


def test_what_it_does_not_know_is_refused():
    for result in (JOBS, 3, tables, agglomeration.presence(JOBS)):
        with pytest.raises(ValueError, match="cite knows no method of a"):
            agglomeration.cite(result)
