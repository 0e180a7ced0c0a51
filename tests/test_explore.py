"""A model and a plot become a widget; everything the browser does is done here without one."""

import asyncio
import contextlib
from typing import Annotated, Literal

import ipywidgets
import pytest
import traitlets

from clusterlab.exercises import predict
from clusterlab.explore import explore
from clusterlab.parameters import Parameter, model
from clusterlab.views.ahead import one_step_on
from tests.widget_checks import moves_to_both_ends


@model
def line(
    *,
    slope: Annotated[float, Parameter("slope", 0, 2, 0.5, unit="per km")] = 1,
    points: Annotated[int, Parameter("points", 2, 9)] = 3,
    kind: Annotated[Literal["up", "down"], Parameter("direction")] = "up",
    high: Annotated[bool, Parameter("raised")] = False,
    shift: Annotated[float, Parameter("shift", 0, 1)] = 0,
    name: Annotated[str, Parameter("name")] = "a",
    seed: int = 0,
):
    if slope == 1.5:
        raise ValueError("a slope of 1.5 cannot be drawn.")
    if slope == 0.5:
        raise ZeroDivisionError("inside the model")
    sign = 1 if kind == "up" else -1
    return [sign * slope * k + shift + 5 * high for k in range(points)], name


def draw(result, *, ax, prediction=None):
    ax.plot(result[0], marker="o")
    ax.set_ylim(-20, 25)
    if prediction is not None:
        ax.axhline(prediction, label="guess")
        ax.annotate("your prediction", (0, prediction))


def say(result):
    return f"{result[1]}: the line ends at {result[0][-1]:g}."


NUMBERS = ["slope", "points", "kind", "high"]


@pytest.fixture
def widget():
    return explore(line, draw, say=say, controls=NUMBERS)


def ask(widget, **values):
    """Move a control as the browser does."""
    widget.set_state({"values": {**widget.values, **values}, "request": widget.request + 1})


def test_controls_come_from_the_declaration(widget):
    slope, points, kind, high = widget.controls
    assert slope == {
        "name": "slope",
        "label": "slope (per km)",
        "start": 1,
        "kind": "number",
        "low": 0,
        "high": 2,
        "step": 0.5,
        "whole": False,
    }
    assert points["step"] == 1
    assert points["whole"] is True
    assert kind["choices"] == ["up", "down"]
    assert high["kind"] == "switch"
    assert widget.values == {"slope": 1, "points": 3, "kind": "up", "high": False}


def test_both_ends(widget):
    moves_to_both_ends(widget)


def test_set_and_reset(widget):
    start = widget.drawing
    assert widget.set(slope=2) is widget
    assert widget.sentence == "a: the line ends at 4."
    assert widget.result[0] == [0, 2, 4]
    assert widget.drawing != start
    assert widget.reset() is widget
    assert widget.drawing == start
    assert widget.values["slope"] == 1


def test_set_names_an_unknown_control(widget):
    with pytest.raises(TypeError, match="no control 'slop'; there are slope, points, kind, high"):
        widget.set(slop=2)
    assert widget.values["slope"] == 1


def test_a_request_of_the_browser_is_answered(widget):
    before = widget.drawing
    ask(widget, slope=2, points=5)
    assert widget.answered == widget.request == 1
    assert widget.sentence == "a: the line ends at 8."
    assert widget.drawing != before


def test_a_problem_is_shown_and_goes_away(widget):
    before = widget.drawing
    ask(widget, slope=1.5)
    assert widget.problem == "a slope of 1.5 cannot be drawn."
    assert widget.answered == widget.request
    assert widget.drawing == before
    ask(widget, slope=99)
    assert widget.problem == (
        "line: slope is 99, but slope [per km] must be at least 0 and at most 2."
    )
    ask(widget, slope=2)
    assert widget.problem == ""
    assert widget.answered == widget.request == 3


def test_other_errors_are_shown_and_raised(widget):
    with pytest.raises(ZeroDivisionError):
        ask(widget, slope=0.5)
    assert widget.problem == "This setting cannot be computed (ZeroDivisionError)."
    assert widget.answered == widget.request


FAILURES = [
    ValueError("not here."),
    ValueError(),
    AssertionError(),
    MemoryError(),
    KeyError("wine"),
    RuntimeError("inside"),
    RecursionError(),
    KeyboardInterrupt(),
]


@pytest.mark.parametrize("error", FAILURES, ids=repr)
@pytest.mark.parametrize("part", ["model", "plot", "say"])
def test_whatever_fails_no_picture_looks_valid(error, part):
    """Nothing of before stands there as if it were of now: the reader is told, in words."""

    def fail_in(here, points):
        if here == part and points == 5:
            raise error

    @model
    def made(*, points: Annotated[int, Parameter("points", 2, 6)] = 3):
        fail_in("model", points)
        return points

    def plot(points, *, ax, prediction=None):
        fail_in("plot", points)
        ax.plot(range(points))

    def told(points):
        fail_in("say", points)
        return f"{points} points."

    question = predict("?", [1, 2])
    widget = explore(made, plot, say=told, prediction=question)
    drawing = widget.drawing
    for _ in range(2):
        with contextlib.suppress(type(error)):
            ask(widget, points=5)
        assert widget.answered == widget.request
        assert widget.problem == (
            "not here."
            if str(error) == "not here."
            else f"This setting cannot be computed ({type(error).__name__})."
        )
        assert widget.sentence == ""
        data, _ = widget._repr_mimebundle_()
        assert data["text/plain"] == widget.problem
        assert "image/png" not in data
        with contextlib.suppress(type(error)):
            question.submit(question.choices[0])
        assert widget.problem != "", "an answer does not bring the old picture back"
        ask(widget, points=4)
        assert (widget.problem, widget.sentence) == ("", "4 points.")
    assert widget.drawing != drawing


def test_what_fails_one_step_on_is_told_only_there_whatever_it_raises():
    @model
    def made(*, points: Annotated[int, Parameter("points", 2, 6)] = 3):
        assert points < 5
        return points

    async def reader():
        widget = explore(made, lambda points, ax: ax.plot(range(points)), say=str)
        ask(widget, points=4)
        await asyncio.sleep(0.2)
        assert (widget.ahead, widget.problem, widget.sentence) == ({}, "", "4")
        with pytest.raises(AssertionError):
            ask(widget, points=5)
        assert widget.problem.endswith("(AssertionError).")

    asyncio.run(reader())


def test_a_picture_that_fails_with_the_answer_says_so():
    def plot(result, *, ax, prediction=None):
        if prediction == 5:
            raise RuntimeError

    question = predict("?", [2, 5])
    widget = explore(line, plot, say=say, controls=["slope"], prediction=question)
    with pytest.raises(RuntimeError):
        question.submit(5)
    assert widget.problem.endswith("(RuntimeError).")
    question.submit(2)
    assert (widget.problem, widget.sentence) == ("", "a: the line ends at 2.")


def test_an_error_of_set_reaches_the_caller(widget):
    with pytest.raises(ValueError, match="cannot be drawn"):
        widget.set(slope=1.5)
    assert widget.set(slope=2).sentence == "a: the line ends at 4."


def test_a_refused_value_leaves_the_controls(widget):
    with pytest.raises(ValueError, match="at most 2"):
        widget.set(slope=99)
    assert widget.values["slope"] == 1


def test_a_cell_run_twice_makes_widgets_that_know_nothing_of_each_other():
    drawn = []

    def counted(result, *, ax):
        drawn.append(1)
        draw(result, ax=ax)

    one, two = (explore(line, counted, say=say, controls=NUMBERS) for _ in range(2))
    assert len(drawn) == 2
    before = two.drawing
    ask(one, slope=2)
    assert len(drawn) == 3
    assert two.drawing == before
    assert two.answered == 0
    assert two.values["slope"] == 1


def test_at_most_four_controls():
    with pytest.raises(ValueError, match="at most four controls, got 5"):
        explore(line, draw, say=say, controls=[*NUMBERS, "shift"])
    with pytest.raises(ValueError, match="at most four controls, got 6"):
        explore(line, draw, say=say, choices={"name": ["a"]})


def test_all_declared_parameters_that_are_not_fixed_are_shown():
    widget = explore(line, draw, say=say, fixed={"name": "b", "shift": 1.0})
    assert list(widget.values) == NUMBERS
    assert widget.sentence == "b: the line ends at 3."
    assert widget.set(slope=0).sentence == "b: the line ends at 1."


def test_unknown_parameter():
    with pytest.raises(ValueError, match="line declares no parameter 'seed'"):
        explore(line, draw, say=say, controls=["slope", "seed"])


def test_no_ends():
    with pytest.raises(
        ValueError, match="parameter 'name' has no ends; give its choices or its ran"
    ):
        explore(line, draw, say=say, controls=["name"])


def test_choices():
    widget = explore(line, draw, say=say, controls=["name"], choices={"name": ["x", "y"]})
    assert widget.values == {"name": "x"}  # the default is not among them
    assert widget.sentence.startswith("x: ")
    kept = explore(line, draw, say=say, controls=["name"], choices={"name": ["x", "a"]})
    assert kept.values == {"name": "a"}
    of_number = explore(line, draw, say=say, controls=["points"], choices={"points": [2, 3, 5]})
    assert of_number.controls[0]["kind"] == "choice"
    moves_to_both_ends(of_number)


def test_choices_for_no_control():
    with pytest.raises(ValueError, match="nmae"):
        explore(line, draw, say=say, controls=["slope"], choices={"nmae": ["x"]})


def test_a_control_that_is_fixed_too():
    with pytest.raises(ValueError, match="slope.*fixed"):
        explore(line, draw, say=say, controls=["slope"], fixed={"slope": 1})


def test_two_plots_side_by_side():
    widget = explore(line, [draw, draw], say=say, controls=["slope"])
    assert len(widget.axes) == 2
    assert widget.width > explore(line, draw, say=say, controls=["slope"]).width
    assert all(len(ax.lines) == 1 for ax in widget.set(slope=2).axes)


def test_what_was_drawn_does_not_pile_up(widget):
    for slope in (0, 2, 0, 2):
        ask(widget, slope=slope)
    assert [len(ax.lines) for ax in widget.axes] == [1]


def test_prediction_is_drawn_once_given():
    question = predict("Where does it end?", [2, 5])
    widget = explore(line, draw, say=say, controls=["slope"], prediction=question)
    assert "your prediction" not in widget.drawing
    question.submit(5)
    assert "your prediction" in widget.drawing
    assert widget.axes[0].lines[1].get_ydata()[0] == 5
    ask(widget, slope=2)
    assert "your prediction" in widget.drawing
    question.submit(2)
    assert widget.axes[0].lines[1].get_ydata()[0] == 2


def test_two_widgets_of_one_kind_are_both_drawn_with_the_answer():
    question = predict("Where does it end?", [2, 5])
    two = [explore(line, draw, say=say, controls=["slope"], prediction=question) for _ in range(2)]
    question.submit(5)
    assert all("your prediction" in widget.drawing for widget in two)


def test_an_answer_given_before_the_widget_is_drawn_at_once():
    question = predict("Where does it end?", [2, 5])
    question.submit(2)
    widget = explore(line, draw, say=say, controls=["slope"], prediction=question)
    assert "your prediction" in widget.drawing


def test_static_picture_for_readers_without_a_kernel(widget):
    drawing = widget.drawing
    data, _ = widget._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == widget.sentence
    assert "application/vnd.jupyter.widget-view+json" in data
    assert widget.set().drawing == drawing, "making the PNG changed the picture"


def test_dark_ground(widget):
    light = widget.drawing
    widget.dark = True
    assert widget.drawing != light
    assert "#e8e8e8" in widget.drawing.lower()
    assert widget.set(slope=2).sentence == "a: the line ends at 4."
    widget.dark = False
    assert widget.reset().drawing == light


def test_text_stays_text(widget):
    widget.axes[0].set_xlabel("distance in km")
    assert "distance in km" in widget.set(slope=2).drawing


def test_the_next_step_is_made_ahead():
    called = []

    @model
    def counted(*, points: Annotated[int, Parameter("points", 2, 6)] = 3):
        called.append(points)
        return points

    async def reader():
        widget = explore(counted, lambda points, ax: ax.plot(range(points)), say=str)
        ask(widget, points=4)
        await asyncio.sleep(0.2)
        assert widget.ahead["values"] == {"points": 5}
        assert widget.ahead["sentence"] == "5"
        assert widget.ahead["drawing"] != widget.drawing
        assert (widget.result, widget.sentence) == (4, "4"), "the reader is not there yet"
        ask(widget, points=5)
        assert called == [3, 4, 5], "what was made ahead is not made again"
        assert (widget.result, widget.drawing) == (5, widget.ahead["drawing"])
        await asyncio.sleep(0.2)
        ask(widget, points=6)
        await asyncio.sleep(0.2)
        assert widget.ahead["values"] == {"points": 6}, "beyond the end there is nothing"
        assert called == [3, 4, 5, 6]
        png = widget.picture
        ask(widget, points=3)
        await asyncio.sleep(0.2)
        assert widget.ahead["values"] == {"points": 2}
        assert widget.set(points=6).picture == png

    asyncio.run(reader())


def test_an_answer_makes_what_was_made_ahead_out_of_date():
    async def reader():
        question = predict("Where does it end?", [2, 5])
        widget = explore(line, draw, say=say, controls=["points"], prediction=question)
        ask(widget, points=4)
        await asyncio.sleep(0.2)
        before = widget.edition
        question.submit(5)
        assert widget.edition == before + 1
        ask(widget, points=5)
        assert "your prediction" in widget.drawing

    asyncio.run(reader())


def test_a_problem_one_step_on_is_told_only_there():
    async def reader():
        widget = explore(line, draw, say=say, controls=NUMBERS)
        ask(widget, slope=0)
        ask(widget, slope=1)
        await asyncio.sleep(0.2)
        assert widget.ahead == {}
        assert widget.problem == ""
        ask(widget, slope=1.5)
        assert widget.problem == "a slope of 1.5 cannot be drawn."

    asyncio.run(reader())


@pytest.mark.parametrize(
    ("before", "now", "ahead"),
    [
        ({"slope": 0.0}, {"slope": 0.5}, {"slope": 1.0}),
        ({"slope": 2.0}, {"slope": 0.5}, {"slope": 0.0}),
        ({"slope": 0.5}, {"slope": 0.0}, None),
        ({"points": 3}, {"points": 5}, {"points": 6}),
        ({"kind": "up"}, {"kind": "down"}, None),
        ({"kind": "down"}, {"kind": "up"}, None),
        ({"kind": "sideways"}, {"kind": "up"}, None),
        ({"high": False}, {"high": True}, None),
        ({"points": 3, "slope": 0.0}, {"points": 4, "slope": 0.5}, None),
        ({}, {}, None),
    ],
)
def testone_step_on(widget, before, now, ahead):
    start = widget.values
    step = one_step_on(widget.controls, {**start, **before}, {**start, **now})
    assert step == (None if ahead is None else {**start, **now, **ahead})
    if ahead:
        assert all(type(step[name]) is type(value) for name, value in ahead.items())


def test_one_step_on_says_the_number_the_browser_says():
    control = {"name": "x", "kind": "number", "low": 0, "high": 1, "step": 0.1, "whole": False}
    assert 0.2 + 0.1 != 0.3
    assert one_step_on([control], {"x": 0.1}, {"x": 0.2}) == {"x": 0.3}
    control |= {"low": 0.05, "step": 0.5}
    assert one_step_on([control], {"x": 0.0}, {"x": 0.05}) == {"x": 0.55}


def both_ends(result, *, ax):
    ax.plot(result[0][::-1])


@pytest.fixture
def pair():
    return [explore(line, plot, say=say, controls=NUMBERS) for plot in (draw, both_ends)]


def test_values_set_from_python_move_the_controls_and_redraw(widget):
    before, seen = widget.drawing, []
    widget.observe(seen.append, "values")
    widget.values = {"slope": 2}
    assert widget.values == {"slope": 2, "points": 3, "kind": "up", "high": False}
    assert widget.sentence == "a: the line ends at 4."
    assert widget.drawing != before
    assert [change["new"] for change in seen] == [widget.values]
    widget.values = {"slope": 1.5}
    assert widget.problem == "a slope of 1.5 cannot be drawn."
    with pytest.raises(TypeError, match="no control 'slop'; there are slope, points"):
        widget.values = {"slop": 2}
    assert widget.values["slope"] == 1.5
    assert widget.reset().values["slope"] == 1


def test_two_linked_explorers_move_together(pair):
    left, right = pair
    link = traitlets.link((left, "values"), (right, "values"))
    ask(left, slope=2, points=5)
    assert right.values == left.values
    assert right.sentence == left.sentence == "a: the line ends at 8."
    assert right.drawing != left.drawing
    right.set(slope=0)
    assert left.sentence == "a: the line ends at 0."
    right.values = {"kind": "down", "slope": 2}
    assert left.sentence == "a: the line ends at -8."
    link.unlink()
    right.reset()
    assert left.sentence == "a: the line ends at -8."


def test_explorers_of_different_models_share_what_they_have_in_common():
    both = explore(line, draw, say=say, controls=["slope", "points"])
    one = explore(line, draw, say=say, controls=["slope", "high"])
    both.observe(lambda change: one.set(slope=change["new"]["slope"]), "values")
    ask(both, slope=2, points=5)
    assert one.values == {"slope": 2, "high": False}
    assert one.sentence == "a: the line ends at 4."


@pytest.mark.parametrize("box", [ipywidgets.HBox, ipywidgets.VBox, ipywidgets.Tab])
def test_explorers_stand_in_boxes(pair, box):
    placed = box(pair)
    assert placed.children == tuple(pair)
    placed.children[0].set(slope=2)
    assert pair[0].sentence == "a: the line ends at 4."
    assert ipywidgets.jslink((pair[0], "values"), (pair[1], "values")).source[0] is pair[0]


def test_more_can_be_told_of_the_present_setting(widget):
    told = []
    ipywidgets.interactive_output(lambda at: told.append(line(**at)[0][-1]), {"at": widget})
    widget.set(slope=2)
    widget.values = {"points": 5}
    assert told == [2, 4, 8]
    assert widget.sentence == "a: the line ends at 8."


def test_a_control_of_ipywidgets_moves_two_explorers(pair):
    slider = ipywidgets.FloatSlider(1, max=2, step=0.5)
    for each in pair:
        traitlets.dlink((slider, "value"), (each, "values"), lambda slope: {"slope": slope})
    slider.value = 2
    assert [each.sentence for each in pair] == ["a: the line ends at 4."] * 2


def test_reset_leads_to_where_it_was_shown(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    widget = explore(line, draw, say=say, controls=["slope", "kind"]).set(slope=2, kind="down")
    widget._ipython_display_()
    assert {each["name"]: each["start"] for each in widget.controls} == widget.values
    live, still = shown
    assert live["text/plain"] == ""
    assert "application/vnd.jupyter.widget-view+json" in live
    assert "image/png" not in live
    assert widget.mark in still["text/html"]
    assert 'alt="" src="data:image/png;base64,iVBOR' in still["text/html"]
    assert still["text/plain"] == widget.sentence
    widget.set(slope=0)
    assert widget.reset().values["slope"] == 2
    assert widget.values["kind"] == "down"
