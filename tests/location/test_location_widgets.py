"""Every widget at both ends of every control, and every plot on its own axes."""

import subprocess
import sys

import matplotlib as mpl
import pytest

from clusterlab import location, style
from clusterlab.exercises import predict
from clusterlab.location import plots, widgets
from clusterlab.sweep import sweep

GUESS = {
    "tomahawk": 2.0,
    "circle": 3,
    "spin_offs": "B",
    "urn": 0.3,
    "location_choice": "A",
    "city_size": 100.0,
    "labour_pooling": 1.0,
    "location_paradox": 30.0,
}


@pytest.fixture(autouse=True)
def _no_window():
    with mpl.rc_context({"backend": "agg"}):
        yield


@pytest.mark.parametrize("name", widgets.__all__)
def test_both_ends_of_every_control_show_something(name):
    widget = getattr(widgets, name)()
    assert 1 <= len(widget.controls) <= 4
    for control in widget.controls:
        ends = control.get("choices") or (control["low"], control["high"])
        seen = set()
        for value in (ends[0], ends[-1]):
            widget.reset().set(**{control["name"]: value})
            assert widget.sentence.endswith(".")
            assert any(digit in widget.sentence for digit in "0123456789")
            assert "nan" not in widget.sentence
            assert widget.problem == ""
            seen.add(widget.picture)
        assert len(seen) == 2, control["name"]


@pytest.mark.parametrize("name", ["tomahawk", "core_periphery", "circle"])
def test_every_corner_of_the_core_periphery_sliders_works(name):
    widget = getattr(widgets, name)()
    ends = {c["name"]: (c["low"], c["high"]) for c in widget.controls}
    for corner in range(2 ** len(ends)):
        values = {k: v[corner >> i & 1] for i, (k, v) in enumerate(ends.items())}
        assert widget.set(**values).sentence


@pytest.mark.parametrize(("name", "guess"), GUESS.items())
def test_the_prediction_is_drawn_once_given(name, guess):
    asked = predict("?", list("ABC") if isinstance(guess, str) else None)
    widget = getattr(widgets, name)(prediction=asked)
    before = widget.picture
    asked.submit(guess)
    assert widget.picture != before
    texts = [text.get_text() for ax in widget.axes for text in ax.texts]
    assert any(text.startswith("your prediction: ") for text in texts)


def test_a_bet_on_a_region_that_is_not_there_is_left_out():
    asked = predict("?", list("ABCDE"))
    widget = widgets.spin_offs(prediction=asked)
    asked.submit("E")
    assert widget.set(regions=2).sentence


def test_a_prediction_outside_the_picture_is_shown_at_its_edge():
    asked = predict("?")
    widget = widgets.tomahawk(prediction=asked)
    asked.submit(50)
    assert widget.axes[0].get_xlim()[1] < 3
    assert any(text.get_text() == "your prediction: 50" for text in widget.axes[0].texts)


@pytest.mark.parametrize(
    ("plot", "model"),
    [
        (widgets._plot_tomahawk, location.tomahawk),
        (widgets._plot_wiggle, location.core_periphery),
        (widgets._plot_locations, location.circle),
        (widgets._plot_circle, location.circle),
        (widgets._plot_largest_share, location.urn),
        (widgets._plot_leads, location.spin_offs),
        (widgets._plot_city_size, location.city_size),
        (widgets._plot_labour_pooling, location.labour_pooling),
        (widgets._plot_advantage, location.location_paradox),
        (widgets._plot_local_share, location.location_paradox),
    ],
)
def test_plots_draw_on_the_axes_they_get(plot, model):
    ax = drawn(plot, model())
    assert not ax.get_title()
    if plot is not widgets._plot_circle:
        assert ax.get_xlabel()
        assert ax.get_ylabel()


def drawn(plot, result):
    ax = style.figure()[1][0]
    assert not ax.has_data()
    plot(result, ax=ax)
    assert ax.has_data()
    return ax


def test_the_plots_show_the_numbers_of_their_results():
    wiggle = drawn(widgets._plot_wiggle, location.core_periphery(trade_cost=1.7))
    stable = next(line for line in wiggle.lines if line.get_marker() == "o")
    assert stable.get_xdata().tolist() == [0, 0.5, 1]
    pooled = location.labour_pooling(firms=5)
    gain = drawn(widgets._plot_labour_pooling, pooled).lines[1]
    assert gain.get_ydata()[4] == pooled.from_pooling
    share = drawn(widgets._plot_local_share, location.location_paradox(distance_cost=0.5))
    assert share.lines[0].get_ydata()[-1] == 100


def test_the_number_of_locations_is_drawn_from_a_sweep():
    table = sweep(
        location.circle,
        {"trade_cost": [2, 5], "manufacturing_share": [0.2, 0.4]},
        fixed={"replicates": 3},
        progress=False,
    )
    ax = plots.plot_locations_by_cost(table)
    assert [line.get_label() for line in ax.lines] == ["μ = 0.2", "μ = 0.4"]


def test_importing_the_concepts_loads_neither_matplotlib_nor_widgets():
    code = (
        "import sys, clusterlab.location as l; l.core_periphery();"
        "print([m for m in ('matplotlib', 'ipywidgets', 'anywidget') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="attribute plotz"):
        location.plotz  # noqa: B018


@pytest.mark.parametrize(
    ("model", "over"),
    [
        (location.core_periphery, {"trade_cost": 3, "elasticity": 2}),
        (location.short_run, {"share": 3}),
        (location.break_point, {"elasticity": 2}),
        (location.tomahawk, {"manufacturing_share": 2}),
        (location.circle, {"trade_cost": 2}),
        (location.spin_offs, {"regions": 2}),
        (location.urn, {"feedback": 2}),
        (location.location_choice, {"benefit": 2}),
        (location.city_size, {"founders": 2, "scale_economies": 2}),
        (location.labour_pooling, {"firms": 3}),
        (location.location_paradox, {"distance_cost": 3, "tacitness": 2}),
    ],
)
def test_every_model_can_be_swept_as_it_stands(model, over):
    table = sweep(model, over, progress=False)
    assert list(table.columns[: len(over)]) == list(over)
    assert table.shape[1] > len(over)
