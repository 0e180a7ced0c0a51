"""Every widget at both ends of every control; every plot against what it should show."""

import numpy as np
import pandas as pd
import pytest
from widget_checks import moves_to_both_ends

from clusterlab import style
from clusterlab.diamond import (
    FACETS,
    aggregate,
    compare_levers,
    compensation,
    dynamics,
    hysteresis,
    plots,
    productivity_gap,
    score,
    spend,
    uncertainty,
    widgets,
)
from clusterlab.exercises import predict

TURNED = ["burden of entry rules"]


@pytest.fixture(scope="module")
def scores(ratings):
    return score(ratings, reverse=TURNED, scale=(1, 7), normalise="scale")


@pytest.mark.parametrize("name", ["motion", "compensation"])
def test_both_ends_of_every_control(name, scores):
    build = getattr(widgets, name)
    widget = build(scores.facets) if name == "compensation" else build()
    assert len(widget.controls) <= 4
    moves_to_both_ends(widget)


LEVERS = ["demanding buyers", "attract suppliers", "cluster facilitation"]


def test_a_budget_is_divided_and_no_more_than_that():
    guess = predict("Where?", [0.13, 0.72])
    widget = widgets.budget(LEVERS, budget=1.5, prediction=guess)
    assert [control["start"] for control in widget.controls] == [0.5] * 3
    assert "The levers cost 1.5." in widget.sentence
    before = widget.drawing
    guess.submit(0.72)
    assert widget.drawing != before
    widget.set_state({"values": {**widget.values, LEVERS[0]: 1.5}, "request": 1})
    assert widget.problem == (
        "the levers cost 1.5 + 0.5 + 0.5 = 2.5, but the budget is 1.5: take 1 back."
    )
    widget.set(**dict.fromkeys(LEVERS, 0))
    assert "as it would without any money" in widget.sentence
    with pytest.raises(ValueError, match="up to four levers"):
        widgets.budget([])


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


def corners(radar):
    return {name: radar.values[name] for name in radar.corners}


def test_the_radar_without_a_browser(scores):
    radar = widgets.radar(points=scores.facets.loc["Place 40"])
    assert radar.corners == list(plots.CORNERS)
    assert sorted(radar.corners) == sorted(FACETS)
    assert radar.values["demand conditions"] == round(scores.facets.loc["Place 40", FACETS[1]])
    first, path = radar.sentence, radar.result.path
    radar.set(**{"demand conditions": 1, "strategy and rivalry": 1, "factor conditions": 1})
    assert radar.sentence != first
    assert "to 0.13 in 100 years" in radar.sentence
    assert radar.result.path.total.iloc[-1] < 0.2 < path.total.iloc[-1]
    assert next(iter(radar.result.levels)) == "weak state"
    assert radar.reset().result.path.to_frame().equals(path.to_frame())


def test_the_radar_answers_a_request(scores):
    radar = widgets.radar(points={"demand conditions": 20.0})
    radar.set_trait("values", radar.values | dict.fromkeys(FACETS, 90.0))
    radar.request = 1
    assert radar.answered == 1
    assert radar.result.path.total.iloc[0] == pytest.approx(0.9)


def test_the_radar_has_a_still_picture():
    radar = widgets.radar()
    data, _ = radar._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == radar.sentence
    radar.set(**{"demand conditions": 90})
    assert radar.picture != data["image/png"]


@pytest.mark.parametrize("points", [1.0, 100.0])
def test_the_radar_at_its_ends(points):
    radar = widgets.radar().set(**dict.fromkeys(FACETS, points))
    assert radar.result.path.total.iloc[0] == pytest.approx(points / 100)
    assert len(radar.sentence) > 40
    assert radar.picture.startswith(b"\x89PNG")


def test_the_radar_where_there_is_one_state():
    low, high = widgets.radar(proximity=0.2), widgets.radar(proximity=2.5)
    assert list(low.result.levels) == ["only state"]
    assert list(high.result.levels) == ["only state"]


@pytest.mark.parametrize("mean", ["arithmetic", "geometric", "harmonic", "minimum"])
def test_numbers_of_the_radar_are_those_of_the_model(mean):
    rng = np.random.default_rng(0)
    radar = widgets.radar()
    for _ in range(3):
        drawn = dict(zip(radar.corners, rng.integers(1, 101, 4).tolist(), strict=True))
        radar.set(mean=mean, **drawn)
        told, facets = dict(radar.numbers), pd.DataFrame([drawn])
        assert told["total (points)"] == f"{aggregate(facets, aggregation=mean)[0]:.2f}"
        lowest = [name for name, value in drawn.items() if value == min(drawn.values())]
        assert told["bottleneck"] == " and ".join(lowest)
        assert radar.marked == lowest
        for name in radar.corners:
            more = facets.assign(**{name: facets[name] + 1})
            gain = aggregate(more, aggregation=mean) - aggregate(facets, aggregation=mean)
            shown = told[f"1 more of {name}"].removeprefix("total +")
            assert float(shown) == pytest.approx(gain[0], abs=0.006)
    radar.set(**dict.fromkeys(FACETS, 40.0))
    assert (dict(radar.numbers)["bottleneck"], radar.marked) == ("none", [])


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: widgets.radar(points={"demand": 5.0}), ValueError, "'demand', which is no facet"),
        (
            lambda: widgets.radar(points={FACETS[0]: 0.0}),
            ValueError,
            "is 0.0, but it must be a number at least 1 and at most 100",
        ),
        (lambda: widgets.radar().set(demand=5), TypeError, "no control 'demand'"),
        (lambda: widgets.radar().set(**{FACETS[0]: 500}), ValueError, "at least 1 and at most 100"),
        (lambda: widgets.radar(proximty=1), TypeError, "did you mean 'proximity'"),
    ],
)
def test_bad_radars(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def drawn(plot, result, **how):
    """Draw with a plot that only a widget uses, and return the axes."""
    ax = style.figure()[1][0]
    plot(result, ax=ax, **how)
    return ax


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
    doubt = uncertainty(ratings, reverse=TURNED, replicates=200)
    ax = plots.plot_rank_intervals(doubt, highlight=["Place 40"])
    assert len(ax.collections[0].get_segments()) == 40
    assert "Place 40" in [text.get_text() for text in ax.texts]

    output, jobs, _ = productivity
    gap = productivity_gap(output, jobs)
    ax = plots.plot_gap(gap)
    widths = [bar.get_width() for bar in ax.patches]
    assert sum(widths) == pytest.approx(gap.regions["gap"].sum())
    few = plots.plot_gap(gap, regions=["Region 11", "Region 09"])
    assert [label.get_text() for label in few.get_yticklabels()] == ["Region 09", "Region 11"]

    path = dynamics()
    ax = drawn(widgets._plot_path, path, prediction=0.5)
    for line, facet in zip(ax.lines, path.facets, strict=False):
        assert np.array_equal(line.get_ydata(), path.facets[facet])
    assert "your prediction" in [text.get_text() for text in ax.texts]
    assert len(drawn(widgets._plot_outputs, path).lines) == 3
    assert sum(line.get_ydata()[50] for line in plots.plot_stages(path).lines) == pytest.approx(100)

    loop = hysteresis(points=13)
    ax = plots.plot_hysteresis(loop)
    assert {"raised", "lowered", "unstable"} <= {text.get_text() for text in ax.texts}
    calm = plots.plot_hysteresis(hysteresis(points=5, steepness=1.0))
    assert not calm.texts

    table = compare_levers(["stability", "relieve congestion"], budget=1.0)
    ax = plots.plot_levers(table)
    assert "in the document's order" in [label.get_text() for label in ax.get_yticklabels()]
    spent = spend({"stability": 1})
    line = drawn(widgets._plot_spent, spent).lines[0]
    assert np.array_equal(line.get_ydata(), spent.path.total)


def test_every_plot_draws_where_it_is_told_and_names_its_axes():
    ax = plots.plot_stages(dynamics())
    assert plots.plot_stages(dynamics(), ax=ax) is ax
    assert ax.get_xlabel() == "years"
    assert ax.get_title() == ""


def test_compensation_ranks_by_the_power_mean(scores):
    result = compensation(facets=scores.facets, exponent=-2.0)
    by_hand = aggregate(scores.facets, aggregation=-2).rank(ascending=False)
    assert (result.places["rank"] == by_hand).all()
    assert "change rank" in repr(result)
    with pytest.raises(ValueError, match="exponent of the mean must be"):
        compensation(facets=scores.facets, exponent=2)


def test_all_numbers_of_the_radar_are_sent():
    """A list that grows in place is not: the page would show the total alone."""
    radar = widgets.radar()
    sent = []
    radar.observe(lambda change: sent.append(len(change["new"])), "numbers")
    radar.set(**{"demand conditions": 40})
    assert sent == [6]
