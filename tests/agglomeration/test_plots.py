"""Pictures show the numbers of the result, label their axes and take what they are given."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from clusterlab import datasets, style
from clusterlab.agglomeration import (
    dartboard,
    ellison_glaeser,
    industry_profile,
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
    assert {"plot_" + name for name in PICTURES} | there | {"plot_places"} == set(plots.__all__)


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
    plt.close("all")


@pytest.mark.parametrize("name", PICTURES)
def test_axes_are_made_where_none_are_given(name):
    before = plt.get_fignums()
    ax = PICTURES[name](None)
    assert len(plt.get_fignums()) == len(before) + 1
    assert ax.figure.get_size_inches() == pytest.approx(style.FIGURE_SIZE)
    plt.close("all")


@pytest.fixture
def ax():
    yield plt.figure().add_subplot()
    plt.close("all")


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
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["wine", "shops"]


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
    plt.close("all")


def test_raw_against_plants_shows_every_industry(ax):
    plots.plot_raw_against_plants(INDEX, named=["wine"], ax=ax)
    _, others, chosen = ax.lines[:3]
    assert chosen.get_ydata().tolist() == [INDEX.raw["wine"]]
    assert sorted(others.get_ydata()) == sorted(INDEX.raw[["shoes", "shops"]])
    assert "wine" in words(ax)
