"""The widgets of relocation: controls, predictions, and that pictures show the results' numbers."""

import numpy as np
import pytest
from widget_checks import moves_to_both_ends

from clusterlab import relocation, style
from clusterlab.exercises import predict
from clusterlab.relocation import widgets
from clusterlab.sweep import sweep


@pytest.mark.parametrize("name", widgets.__all__)
def test_both_ends_of_every_control_show_something(name):
    widget = getattr(widgets, name)()
    assert len(widget.controls) == 4
    moves_to_both_ends(widget)


@pytest.mark.parametrize("name", widgets.__all__)
def test_the_prediction_is_drawn_once_given(name):
    asked = predict("?", [0.4, 0.8])
    widget = getattr(widgets, name)(prediction=asked)
    before = widget.picture
    asked.submit(0.4)
    assert widget.picture != before
    texts = [text.get_text() for ax in widget.axes for text in ax.texts]
    assert "your prediction: 0.4" in texts


def drawn(plot, result):
    ax = style.figure()[1][0]
    plot(result, ax=ax)
    assert ax.get_xlabel()
    return {line.get_marker(): line for line in ax.lines}, ax


def test_tasks_that_leave_are_those_beyond_the_border():
    lines, _ = drawn(widgets._plot_tasks, relocation.relocate(saving=0.25, coordination=1))
    assert min(lines["x"].get_xdata()) > 0.75 > max(lines["o"].get_xdata())
    assert len(lines["x"].get_xdata()) == 25


def test_both_rules_are_shown_at_as_many_jobs():
    result = relocation.relocate()
    lines, _ = drawn(widgets._plot_kept, result)
    after = result.outcomes.iloc[0]
    tail = [after["jobs"], result.value_per_job[0], after["suppliers"], after["knowledge"]]
    assert lines["o"].get_xdata().tolist() == tail
    assert lines["D"].get_xdata().tolist() == [after["jobs"], 1, after["jobs"], after["jobs"]]


def test_a_value_per_job_beyond_the_picture_is_written():
    result = relocation.relocate(saving=0.99, coordination=1, reinvested=1)
    assert result.value_per_job[0] > 2
    lines, ax = drawn(widgets._plot_kept, result)
    assert np.isnan(lines["o"].get_xdata()[1])
    assert f"{result.value_per_job[0]:.1f} →" in [text.get_text() for text in ax.texts]


def test_the_borders_are_those_of_the_result():
    result = relocation.strategy_mix(presence=0.5, together=2, cost=0.5)
    _, ax = drawn(widgets._plot_mix, result)
    once, twice = ax.lines[0], ax.lines[1]
    assert np.interp(0.5, *once.get_data()) == pytest.approx(result.pays_from)
    assert np.interp(0.5, *twice.get_data()) == pytest.approx(result.more_pays_from)
    steep = relocation.strategy_mix(together=0.5, cost=2)
    _, ax = drawn(widgets._plot_mix, steep)
    assert ax.lines[0].get_xydata()[-1].tolist() == [0.25, 1]
    _, ax = drawn(widgets._plot_mix, relocation.strategy_mix(together=0))
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [0, 1]]
    _, ax = drawn(widgets._plot_budget, result)
    best = ax.lines[1].get_xydata()[0]
    assert best[0] == result.best_share
    assert best[1] == pytest.approx(np.max(ax.lines[0].get_ydata()), abs=1e-3)


def test_paths_are_drawn_as_computed():
    made = relocation.machine_makers()
    _, ax = drawn(widgets._plot_exports, made)
    assert ax.lines[1].get_ydata().tolist() == made.path["exports"].tolist()
    _, ax = drawn(widgets._plot_know, made)
    assert ax.lines[1].get_ydata().tolist() == made.path["imitators"].tolist()
    found = relocation.climb(firms=500)
    _, ax = drawn(widgets._plot_ladder, found)
    assert ax.lines[3].get_ydata().tolist() == found.path["alone", "gone"].tolist()
    _, ax = drawn(widgets._plot_links, found)
    assert ax.lines[1].get_ydata().tolist() == found.path["with partners", "links"].tolist()


@pytest.mark.parametrize(
    ("model", "over", "measure"),
    [
        (relocation.relocate, {"saving": 3}, lambda found: found.value_per_job.mean()),
        (relocation.machine_makers, {"moved": 3}, None),
        (relocation.strategy_mix, {"presence": 3}, None),
        (relocation.climb, {"partners": 2}, lambda found: found.path["alone", "gone"].iloc[-1]),
    ],
)
def test_every_model_can_be_swept(model, over, measure):
    table = sweep(model, over, measure=measure, progress=False)
    assert list(table.columns[: len(over)]) == list(over)
