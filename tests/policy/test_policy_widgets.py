"""The widgets of policy: controls, predictions, and that pictures show the results' numbers."""

import numpy as np
import pytest
from widget_checks import moves_to_both_ends

from clusterlab import policy, style
from clusterlab.exercises import predict
from clusterlab.policy import widgets
from clusterlab.sweep import sweep

BOTH = ["portfolio", "two_policies"]


@pytest.mark.parametrize("name", BOTH)
def test_both_ends_of_every_control_show_something(name):
    widget = getattr(widgets, name)()
    assert len(widget.controls) == 4
    moves_to_both_ends(widget)


@pytest.mark.parametrize(("name", "answer"), [("two_policies", 0.4), ("portfolio", 2.5)])
def test_the_prediction_is_drawn_once_given(name, answer):
    asked = predict("?", [answer, 3.0])
    widget = getattr(widgets, name)(prediction=asked)
    before = widget.picture
    asked.submit(answer)
    assert widget.picture != before
    texts = [text.get_text() for ax in widget.axes for text in ax.texts]
    assert f"your prediction: {answer:g}" in texts


def drawn(plot, result):
    ax = style.figure()[1][0]
    plot(result, ax=ax)
    assert ax.get_xlabel()
    return ax


def test_the_lead_and_where_the_government_stands_on_it():
    result = policy.targeting(picking=0.7)
    ax = drawn(widgets._plot_lead, result)
    for line, part in zip(ax.lines[1:4], (0.5, 1.0, 1.5), strict=True):
        assert line.get_ydata().tolist() == result.lead[part].tolist()
    (x,), (y,) = ax.lines[4].get_data()
    assert x == 0.7
    assert y == pytest.approx(result.lead.loc[0.7, 1.0])
    low, high = ax.get_ylim()
    assert low < result.lead.min(axis=None) < result.lead.max(axis=None) < high


def test_outcomes_are_drawn_relative_to_before():
    result = policy.targeting()
    ax = drawn(widgets._plot_outcomes, result)
    table = result.to_frame()
    for line, name in zip(ax.lines[-2:], table.index, strict=True):
        wanted = table.loc[name].to_numpy() * [1, 1, 10]
        assert line.get_xdata().tolist() == wanted.tolist()
    assert [text.get_text() for text in ax.get_yticklabels()] == ["productivity", "jobs", "HHI"]


def test_sizes_are_drawn_as_computed():
    result = policy.portfolio()
    ax = drawn(widgets._plot_sizes, result)
    for line, rule in zip(ax.lines, result.paths, strict=True):
        assert line.get_ydata().tolist() == result.paths[rule].tolist()
    assert ax.patches[0].get_extents().width > 0
    ax = drawn(widgets._plot_ends, result)
    for line, part in zip(ax.lines, (0.5, 1.0, 1.5), strict=True):
        assert line.get_xdata().tolist() == result.ends[part].tolist()
    assert [text.get_text() for text in ax.get_yticklabels()] == result.ends.index.tolist()
    assert np.diff(ax.lines[0].get_ydata()).tolist() == [-1] * 4


@pytest.mark.parametrize(
    ("model", "over", "measure"),
    [
        (policy.targeting, {"picking": 3}, lambda found: found.border[1.0]),
        (policy.portfolio, {"threshold": 2}, lambda found: found.ends.loc["a new one", 1.0]),
    ],
)
def test_every_model_can_be_swept(model, over, measure):
    table = sweep(model, over, measure=measure, progress=False)
    assert list(table.columns[:1]) == list(over)
