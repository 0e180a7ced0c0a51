"""Every widget at both ends of every control; every plot against what it should show."""

import numpy as np
import pandas as pd
import pytest
from widget_checks import moves_to_both_ends

from clusterlab.diamond import (
    FACETS,
    aggregate,
    coherence,
    compare_levers,
    compensation,
    dynamics,
    hysteresis,
    one_lever,
    plots,
    productivity_gap,
    score,
    uncertainty,
    widgets,
)
from clusterlab.exercises import predict

TURNED = ["burden of entry rules"]


@pytest.fixture(scope="module")
def scores(ratings):
    return score(ratings, reverse=TURNED, scale=(1, 7), normalise="scale")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.mark.parametrize("name", ["motion", "lever", "compensation"])
def test_both_ends_of_every_control(name, scores):
    build = getattr(widgets, name)
    widget = build(scores.facets) if name == "compensation" else build()
    assert len(widget.controls) <= 4
    moves_to_both_ends(widget)


def test_predictions_are_drawn(scores):
    guess = predict("How strong?", [0.1, 0.5])
    widget = widgets.motion(prediction=guess)
    before = widget.drawing
    guess.submit(0.5)
    assert widget.drawing != before
    ranks = predict("How many ranks?", [0, 10])
    widget = widgets.compensation(scores.facets, prediction=ranks)
    before = widget.drawing
    ranks.submit(10)
    assert widget.drawing != before


def test_the_radar_without_a_browser(scores):
    radar = widgets.radar("Place 40", scores=scores)
    assert radar.names == list(plots.CORNERS)
    assert sorted(radar.names) == sorted(FACETS)
    assert radar.by_name["demand conditions"] == round(scores.facets.loc["Place 40", FACETS[1]])
    first, path = radar.sentence, radar.path
    radar.set({"demand conditions": 1, "strategy and rivalry": 1, "factor conditions": 1})
    assert radar.sentence != first
    assert "to 0.13 in 100 years" in radar.sentence
    assert radar.path["y"][-1] < 0.2 < path["y"][-1]
    assert radar.path["levels"][0]["label"] == "weak state"
    assert radar.reset().path == path


def test_the_radar_answers_a_request(scores):
    radar = widgets.radar(points={"demand conditions": 20.0})
    radar.set_trait("values", [90.0, 90.0, 90.0, 90.0])
    radar.request = 1
    assert radar.answered == 1
    assert radar.path["y"][0] == pytest.approx(0.9)


def test_the_radar_has_a_still_picture():
    radar = widgets.radar()
    data, _ = radar._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == radar.sentence
    radar.set({"demand conditions": 90})
    assert radar.picture != data["image/png"]


@pytest.mark.parametrize("corners", [1.0, 100.0])
def test_the_radar_at_its_ends(corners):
    radar = widgets.radar().set(dict.fromkeys(FACETS, corners))
    assert radar.path["y"][0] == pytest.approx(corners / 100)
    assert len(radar.sentence) > 40
    assert radar.picture.startswith(b"\x89PNG")


def test_the_radar_where_there_is_one_state():
    low, high = widgets.radar(proximity=0.2), widgets.radar(proximity=2.5)
    assert [level["label"] for level in low.path["levels"]] == ["only state"]
    assert [level["label"] for level in high.path["levels"]] == ["only state"]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda s: widgets.radar("Place 40"), ValueError, "give a place together with the scores"),
        (lambda s: widgets.radar("Nowhere", scores=s), ValueError, "'Nowhere' is not among the 40"),
        (lambda s: widgets.radar(points={"demand": 5.0}), ValueError, "'demand' is missing or no"),
        (
            lambda s: widgets.radar(points={FACETS[0]: 0.0}),
            ValueError,
            "is 0.0, but it must be a number at least 1 and at most 100",
        ),
        (lambda s: widgets.radar().set({"demand": 5}), ValueError, "has no corner 'demand'"),
        (lambda s: widgets.radar().set({FACETS[0]: 500}), ValueError, "at least 1 and at most 100"),
        (lambda s: widgets.radar(proximty=1), TypeError, "did you mean 'proximity'"),
    ],
)
def test_bad_radars(call, kind, message, scores):
    with pytest.raises(kind, match=message):
        call(scores)


def lines(ax):
    return {line.get_label(): line for line in ax.lines}


def test_plot_diamond_marks_the_weakest():
    points = pd.Series([80.0, 20.0, 60.0, 60.0], index=FACETS)
    ax = plots.plot_diamond(points, start=points + 5)
    squares = [line for line in ax.lines if line.get_marker() == "s"]
    assert len(squares) == 1
    x, y = squares[0].get_xdata()[0], squares[0].get_ydata()[0]
    assert (x, y) == pytest.approx(((20 - 1) / 99, 0), abs=1e-9)  # demand stands to the right
    even = plots.plot_diamond(pd.Series(50.0, index=FACETS))
    assert not [line for line in even.lines if line.get_marker() == "s"]
    assert any("demand" in text.get_text() for text in even.texts)


def test_plots_draw_the_numbers_of_the_result(ratings, productivity):
    doubt = uncertainty(ratings, reverse=TURNED, draws=200)
    ax = plots.plot_rank_intervals(doubt, highlight=["Place 40"])
    assert len(ax.collections[0].get_segments()) == 40
    assert "Place 40" in [text.get_text() for text in ax.texts]
    together = coherence(ratings, reverse=TURNED)
    bars = plots.plot_coherence(together).patches
    assert [bar.get_height() for bar in bars] == pytest.approx(100 * together.components.to_numpy())

    output, jobs, _ = productivity
    gap = productivity_gap(output, jobs)
    ax = plots.plot_gap(gap)
    widths = [bar.get_width() for bar in ax.patches]
    assert sum(widths) == pytest.approx(gap.regions["gap"].sum())

    path = dynamics()
    ax = plots.plot_path(path, prediction=0.5)
    for line, facet in zip(ax.lines, path.facets, strict=False):
        assert np.array_equal(line.get_ydata(), path.facets[facet])
    assert "your prediction" in [text.get_text() for text in ax.texts]
    assert len(plots.plot_outputs(path).lines) == 3
    assert sum(line.get_ydata()[50] for line in plots.plot_stages(path).lines) == pytest.approx(100)

    loop = hysteresis(points=13)
    ax = plots.plot_hysteresis(loop)
    assert {"raised", "lowered", "unstable"} <= {text.get_text() for text in ax.texts}
    calm = plots.plot_hysteresis(hysteresis(points=5, steepness=1.0))
    assert not calm.texts

    table = compare_levers(["stability", "relieve congestion"], budget=1.0)
    ax = plots.plot_levers(table)
    assert "in the document's order" in [label.get_text() for label in ax.get_yticklabels()]
    both = one_lever()
    ends = [line.get_ydata()[-1] for line in plots.plot_with_and_without(both).lines]
    assert ends == [both.with_lever.total.iloc[-1], both.without.total.iloc[-1]]


def test_every_plot_draws_where_it_is_told_and_names_its_axes():
    ax = plots.plot_path(dynamics())
    assert plots.plot_outputs(dynamics(), ax=ax) is ax
    assert ax.get_xlabel() == "years"
    assert ax.get_title() == ""


def test_compensation_ranks_by_the_power_mean(scores):
    result = compensation(facets=scores.facets, exponent=-2.0)
    by_hand = aggregate(scores.facets, aggregation=-2).rank(ascending=False)
    assert (result.places["rank"] == by_hand).all()
    assert "change rank" in repr(result)
    with pytest.raises(ValueError, match="exponent of the mean must be"):
        compensation(facets=scores.facets, exponent=2)


def test_labels_at_line_ends_stay_apart():
    import matplotlib.pyplot as plt

    for ends in ([0.5, 0.52, 0.54, 0.1], [0.5, 0.5, 0.5, 0.5], [0.0, 0.02, 0.9, 0.905]):
        _, ax = plt.subplots()
        plots._label_ends(ax, np.array(ends), ["a", "b", "c", "d"], ["blue"] * 3 + [""])
        heights = sorted(text.xy[1] for text in ax.texts)
        assert all(np.diff(heights) > 0.06)
        assert heights[0] > 0 and heights[-1] < 1  # noqa: PT018 - inside the picture
        by_height = [text.get_text() for text in sorted(ax.texts, key=lambda text: text.xy[1])]
        assert by_height == [word for _, word in sorted(zip(ends, "abcd", strict=True))]
