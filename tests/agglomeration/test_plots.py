"""Pictures show the numbers of the result, label their axes and take what they are given."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from clusterlab import datasets, style, tables
from clusterlab.agglomeration import (
    dartboard,
    ellison_glaeser,
    hoover,
    industry_profile,
    location_quotient,
    lorenz_curve,
    plots,
    widgets,
)
from clusterlab.agglomeration.plants import PlantSizes
from clusterlab.agglomeration.summary import specialised_in

TABLE = pd.DataFrame(
    {"wine": [90, 10, 0], "shoes": [40, 50, 60], "shops": [70, 70, 70]},
    index=["Napa", "Modesto", "Fresno"],
)
PLACES = pd.DataFrame({"row": [0, 1, 1], "column": [0, 0, 1]}, index=TABLE.index)
HERE = pd.DataFrame(
    {"longitude": [-122.3, -121.0, -119.6], "latitude": [38.5, 37.6, 36.8]}, index=TABLE.index
)
QUOTIENTS = location_quotient(TABLE)
PROFILE = industry_profile(table=TABLE, industry="wine")
SPECIALISED = specialised_in(table=TABLE, industry="wine")
DARTBOARD = dartboard(plants=20, replicates=200)
PLANTS = PlantSizes(
    herfindahl=pd.Series({"wine": 0.2, "shoes": 0.1, "shops": 0.02}),
    fourth_powers=pd.Series({"wine": 0.01, "shoes": 0.005, "shops": 0.0001}),
    plants=None,
    source="the test",
)
INDEX = ellison_glaeser(TABLE, PLANTS)
CURVES = {"wine": lorenz_curve(TABLE["wine"], TABLE.sum(axis=1)), "shops": lorenz_curve([1, 2, 3])}

PICTURES = {
    "quotients": lambda ax: plots.plot_quotients(PROFILE, ax=ax),
    "lorenz": lambda ax: plots.plot_lorenz(CURVES, ax=ax),
    "raw_against_plants": lambda ax: plots.plot_raw_against_plants(INDEX, named=["wine"], ax=ax),
    "map": lambda ax: plots.plot_map(QUOTIENTS, "wine", HERE, named={"Napa": "Napa"}, ax=ax),
}
IN_WIDGETS = {
    "tile_map": lambda ax: widgets._plot_tile_map(PROFILE, places=PLACES, ax=ax),
    "ranking": lambda ax: widgets._plot_ranking(PROFILE, ax=ax),
    "specialised": lambda ax: widgets._plot_specialised(SPECIALISED, ax=ax),
    "dartboard_raw": lambda ax: widgets._plot_raw(DARTBOARD, ax=ax),
    "dartboard_gamma": lambda ax: widgets._plot_gamma(DARTBOARD, ax=ax),
}


def test_every_plot_is_tried_here():
    # the second part of the lesson has its pictures in a file of its own, one only inside a widget
    elsewhere = (Path(__file__).parent / "test_pictures_more.py").read_text(encoding="utf-8")
    there = {name for name in plots.__all__ if name in elsewhere}
    assert {"plot_" + name for name in PICTURES} | there == set(plots.__all__)


@pytest.mark.parametrize("name", [*PICTURES, *IN_WIDGETS])
def test_axes_are_used_and_labelled(name):
    _, (ax, other) = plt.subplots(1, 2)
    result = (PICTURES | IN_WIDGETS)[name](ax)
    assert result is (ax if name in PICTURES else None)
    assert not other.has_data()
    assert ax.get_xlabel() or ax.get_ylabel()
    assert not ax.get_title()
    for label in (ax.get_xlabel(), ax.get_ylabel()):
        assert label[:1] == label[:1].lower() or label.startswith("Hoover"), label
    ax.figure.canvas.draw()


@pytest.mark.parametrize("name", PICTURES)
def test_axes_are_made_where_none_are_given(name):
    before = plt.get_fignums()
    ax = PICTURES[name](None)
    assert len(plt.get_fignums()) == len(before) + 1
    assert ax.figure.get_size_inches() == pytest.approx(style.FIGURE_SIZE)


@pytest.fixture
def ax():
    return plt.figure().add_subplot()


def sum_of_heights(ax):
    """Return the sum of the heights of the 60 bins of the one histogram on the axes."""
    [steps] = ax.collections
    x, y = steps.get_paths()[0].vertices.T
    return np.trapezoid(y, x) / (np.ptp(x) / 60)


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_dartboard_shows_the_throws_the_expectation_and_the_prediction(ax):
    widgets._plot_raw(DARTBOARD, ax=ax, prediction=0.11)
    assert sum_of_heights(ax) == pytest.approx(100)
    marks = [line.get_xdata()[0] for line in ax.lines]
    assert marks == pytest.approx([DARTBOARD.expected, 0.11])
    assert words(ax) == [f"expected {DARTBOARD.expected:.3f}", "your prediction"]


@pytest.mark.parametrize("prediction", [0.0, 0.5, 1.0])
def test_a_prediction_is_always_inside_the_picture(ax, prediction):
    widgets._plot_raw(DARTBOARD, ax=ax, prediction=prediction)
    low, high = ax.get_xlim()
    assert low <= prediction <= high


def test_a_prediction_far_out_is_drawn_too(ax):
    widgets._plot_raw(DARTBOARD, ax=ax, prediction=5.0)
    assert ax.get_xlim()[1] >= 5


def test_gamma_picture_is_centred_and_shows_the_mean(ax):
    widgets._plot_gamma(DARTBOARD, ax=ax)
    assert ax.get_xlim()[0] == -ax.get_xlim()[1]
    assert [line.get_xdata()[0] for line in ax.lines] == pytest.approx([DARTBOARD.gamma.mean()])
    assert sum_of_heights(ax) == pytest.approx(100)


def test_lorenz_shows_the_curve(ax):
    plots.plot_lorenz(CURVES, ax=ax)
    assert np.allclose(ax.lines[0].get_ydata(), CURVES["wine"]["values"])
    gap = hoover(TABLE)["wine"]
    assert [t.get_text() for t in ax.texts][:2] == [f"wine, gap {gap:.2f}", "shops, gap 0.17"]


def test_specialised_shows_each_region_once_and_the_threshold(ax):
    widgets._plot_specialised(SPECIALISED, ax=ax)
    limits, *kinds, threshold = ax.lines
    points = np.concatenate([line.get_ydata() for line in kinds])
    assert sorted(points) == pytest.approx(sorted(SPECIALISED.frame["quotient"].clip(lower=0.1)))
    assert threshold.get_ydata()[0] == SPECIALISED.threshold
    spans = limits.get_ydata().reshape(-1, 3)
    assert np.allclose(spans[:, :2], SPECIALISED.frame[["low", "high"]].clip(lower=0.1))
    assert np.isnan(spans[:, 2]).all(), "no line leads from one region to the next"
    assert words(ax)[-4:] == [
        "● surely above",
        "○ above, could be chance",
        "■ not above",
        "threshold 1.25 (dashed)",
    ]


def test_ranking_marks_the_chosen_industry(ax):
    widgets._plot_ranking(PROFILE, ax=ax)
    chosen = ax.lines[1]
    assert chosen.get_xdata().tolist() == pytest.approx([PROFILE.values["wine"]])
    label = ax.get_yticklabels()[int(chosen.get_ydata()[0])].get_text()
    assert label == "wine"


def test_ranking_of_many_industries_shows_fifteen_round_the_chosen(ax):
    rng = np.random.default_rng(6)
    table = pd.DataFrame(rng.integers(1, 99, (5, 40)), columns=[f"I{k:02d}" for k in range(40)])
    for place in (0, 20, 39):
        ax.clear()
        name = industry_profile(table=table, industry="I00").values.index[place]
        widgets._plot_ranking(industry_profile(table=table, industry=name), ax=ax)
        shown = [label.get_text() for label in ax.get_yticklabels()]
        assert len(shown) == 15
        assert name in shown


def test_quotients_shows_the_highest_at_the_top(ax):
    plots.plot_quotients(PROFILE, ax=ax)
    assert ax.get_yticklabels()[-1].get_text() == "Napa"
    assert ax.lines[0].get_xdata()[-1] == pytest.approx(PROFILE.quotients.max())


def test_tile_map_of_the_states():
    jobs = datasets.load("us_state_employment").pivot_table(
        index="state", columns="sector", values="employment"
    )
    tiles = datasets.load("us_state_tiles").set_index("state")
    ax = style.figure()[1][0]
    profile = industry_profile(table=jobs, industry="finance_real_estate")
    widgets._plot_tile_map(profile, places=tiles, ax=ax)
    ax.figure.canvas.draw()


def test_raw_against_plants_shows_every_industry(ax):
    plots.plot_raw_against_plants(INDEX, named=["wine"], ax=ax)
    _, others, chosen = ax.lines[:3]
    assert chosen.get_ydata().tolist() == [INDEX.raw["wine"]]
    assert sorted(others.get_ydata()) == sorted(INDEX.raw[["shoes", "shops"]])
    assert "wine" in words(ax)


METRO = {
    "areas": datasets.load("us_metro_areas").set_index("area"),
    "rows": datasets.load("us_metro_industry"),
}
NAMED = {
    "312130": {"34900": "Napa", "42220": "Santa Rosa", "33700": "Modesto", "40380": "Rochester"},
    "336214": {"21140": "Elkhart", "31080": "Los Angeles", "36420": "Oklahoma City"},
    "314110": {"19140": "Dalton", "15660": "Calhoun", "29300": "LaGrange", "14460": "Boston"},
}


@pytest.fixture(scope="module")
def quotients():
    """Return quotients of the industries of six digits, with the areas' published totals."""
    jobs = tables.from_long(
        METRO["rows"],
        region="area",
        industry="naics",
        value="employment",
        where={"year": 2019, "digits": 6},
        absent="unknown",
    )
    totals = METRO["areas"]["employment_2019"]
    return location_quotient(
        jobs, totals=totals, reference=jobs.sum(), reference_total=totals.sum()
    )


def drawn(quotients, industry, **options):
    named = NAMED[industry]
    return plots.plot_map(quotients, industry, METRO["areas"], named=named, **options)


def test_map_projection_is_snyders():
    """Example on page 291 of Snyder (1987): 35 north, 75 west, from 23 north, 96 west."""
    two = pd.DataFrame({"longitude": [-75.0, -96.0], "latitude": [35.0, 23.0]})
    there, origin = plots._albers(two).T
    assert there - origin == pytest.approx([0.2952720, 0.2416774], abs=1e-7)


def test_map_projection_keeps_surfaces():
    def surface(west, south):
        corners = np.array([[west, south], [west + 0.1, south], [west + 0.1, south + 0.1]])
        x, y = plots._albers(pd.DataFrame(corners, columns=["longitude", "latitude"]))
        half = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
        return half / np.cos(np.radians(south + 0.05))  # what a field of 0.1 degrees loses up north

    assert surface(-120, 48) == pytest.approx(surface(-81, 26), rel=1e-3)


@pytest.mark.parametrize("industry", NAMED)
def test_map_names_places_inside_the_picture_and_off_each_other(quotients, industry):
    ax = drawn(quotients, industry)
    figure = ax.figure
    style.settled(figure)
    beyond = 0.3 * figure.dpi  # `style.show` saves that much around a figure where it is needed
    texts = [text for text in ax.texts if text.get_text() in NAMED[industry].values()]
    assert [text.get_text() for text in texts] == [*NAMED[industry].values()]
    boxes = [plt.Text.get_window_extent(text) for text in (*ax.texts, ax.xaxis.label)]
    for k, box in enumerate(boxes):
        assert box.x0 >= figure.bbox.x0 - beyond
        assert box.x1 <= figure.bbox.x1 + beyond
        for other in boxes[k + 1 :]:  # boxes are as high as letters can be, so may meet a little
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 0 or up <= 0.15 * box.height


def test_map_shows_each_area_once_where_it_is(quotients):
    ax = drawn(quotients, "312130", threshold=2)
    [every], [spots] = ax.lines, ax.collections
    at = {text.get_text(): text.xy for text in ax.texts if text.get_text() in ("Napa", "Rochester")}
    assert at["Napa"][0] < at["Rochester"][0]  # California lies west of New York
    assert at["Napa"][1] < at["Rochester"][1]  # and south
    areas = METRO["areas"]
    shown = areas[areas["longitude"].notna() & ~areas["states"].isin(["AK", "HI"])]
    assert len(every.get_xdata()) == len(shown)
    counts = quotients.counts["312130"].dropna()
    there = counts[counts.index.isin(shown.index)].sort_values(ascending=False)
    assert len(spots.get_offsets()) == len(there)
    assert np.asarray(spots.get_offsets())[0] == pytest.approx(
        at["Napa"]
    )  # the largest lies lowest
    sizes = spots.get_sizes() - 12
    assert sizes / sizes[0] == pytest.approx(there / there.max())
    filled = spots.get_facecolors()[:, 3] == 1
    assert filled.sum() == (quotients.value.loc[there.index, "312130"] > 2).sum()
    assert ax.get_xlabel().endswith(f"on the map: {len(there)} of {len(counts)} areas")
    assert "● quotient above 2" in words(ax)


def test_elkhart_lies_east_of_napa_and_of_los_angeles(quotients):
    ax = drawn(quotients, "336214")
    at = {text.get_text(): text.xy for text in ax.texts}
    napa = plots._albers(METRO["areas"].loc[["34900"]]).ravel()
    assert napa[0] < at["Elkhart"][0]
    assert at["Los Angeles"][0] < at["Oklahoma City"][0] < at["Elkhart"][0]


@pytest.mark.parametrize(
    ("named", "culprit"),
    [
        ({"47900": "Washington"}, "'47900' has no place on the map"),  # no coordinates
        ({"19380": "Dayton"}, "'19380' has no place on the map"),  # no name, no place
        ({"46520": "Honolulu"}, "'46520' has no place on the map"),
        ({"10100": "Aberdeen"}, "or none of '336214'"),  # a place, but none of the industry
    ],
)
def test_map_refuses_to_name_what_it_does_not_show(ax, quotients, named, culprit):
    with pytest.raises(ValueError, match=culprit):
        plots.plot_map(quotients, "336214", METRO["areas"], named=named, ax=ax)


def test_map_refuses_what_it_cannot_draw(ax):
    def ask(industry="wine", places=HERE):
        return plots.plot_map(QUOTIENTS, industry, places, named={}, ax=ax)

    with pytest.raises(ValueError, match="the result has no column 'vine'; did you mean 'wine'"):
        ask("vine")
    with pytest.raises(ValueError, match="the table of places has no column 'latitude'"):
        ask(places=HERE.drop(columns="latitude"))
    with pytest.raises(ValueError, match="no area with industry 'wine' is among the places"):
        ask(places=HERE.assign(longitude=7.0))
