"""A model and a plot become a widget.

``explore(model, plot)`` reads the model's declared parameters (`clusterlab.parameters`), makes one
control for each, and redraws the plot when a control moves. The controls are the browser's own, so
each has a spoken name and works from the keyboard; the picture is drawn as a whole (see
`clusterlab.views.picture`), with a sentence that says what it shows.
"""

import asyncio
import contextlib
import functools
import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import traitlets

from clusterlab.parameters import Declared, declared
from clusterlab.views import problem_of
from clusterlab.views.picture import Picture
from clusterlab.views.still import VIEWS, Still, script

__all__ = ["Explorer", "explore"]

_PAUSE = 0.015  # seconds without a question after which the next picture is made ahead
_QUICK = 0.2  # seconds beyond which making a picture ahead would stand in the reader's way


class Explorer(Still):
    """The widget `explore` returns; ``set``, ``reset`` and ``result`` work without a browser.

    The browser keeps the pictures it has shown. When a control has moved one step, the picture one
    step further is made in a quiet moment and sent ahead, so a reader who goes on sees it at once,
    however far away the kernel is. A new ``edition`` tells the browser that what it kept is out of
    date.
    """

    _esm = script("explore")
    _css = VIEWS / "explore.css"

    controls: traitlets.List = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True, echo_update=False)
    request = traitlets.Int(0).tag(sync=True, echo_update=False)
    answered = traitlets.Int(0).tag(sync=True)
    drawing = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    ahead = traitlets.Dict().tag(sync=True)
    edition = traitlets.Int(0).tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True, echo_update=False)

    def __init__(
        self,
        model: Callable,
        plots: Sequence[Callable],
        controls: Sequence[dict],
        say: Callable[[Any], str],
        fixed: Mapping[str, Any],
        prediction: Any,
    ) -> None:
        start = {control["name"]: control["start"] for control in controls}
        super().__init__(controls=list(controls), values=start)
        self._model, self._plots, self._say, self._fixed = model, plots, say, dict(fixed)
        self._prediction = prediction
        self._picture = Picture(len(plots), dark=self.dark)
        self._foreseen: _View | None = None
        self._later: Any = None
        self._show(self._view(start))
        self.observe(self._answer, "request")
        self.observe(lambda _: self._change_ground(), "dark")
        if prediction is not None:
            prediction.draw_on(self._renew)

    @property
    def axes(self) -> list[Any]:
        """The matplotlib axes that are drawn on."""
        return self._picture.axes

    @property
    def result(self) -> Any:
        """What the model returned at the values shown."""
        return self._shown.result

    def set(self, **values: Any) -> "Explorer":
        """Move controls by name, as a reader would, and redraw; returns the widget."""
        unknown = set(values) - set(self.values)
        if unknown:
            raise TypeError(
                f"no control {sorted(unknown)[0]!r}; there are {', '.join(self.values)}."
            )
        view = self._view({**self.values, **values})
        self.values = view.values
        self._show(view)
        return self

    def reset(self) -> "Explorer":
        """Put every control back to where it started."""
        return self.set(**{control["name"]: control["start"] for control in self.controls})

    def _answer(self, change: Any) -> None:
        if self._later is not None:
            self._later.cancel()
        before, began = self._shown.values, time.monotonic()
        with self.hold_sync():  # picture, sentence and answer travel in one message
            self.answered = change["new"]
            view = self._foreseen
            if view is None or view.values != self.values:
                view = None
            if not self._attempt(lambda: view or self._view(self.values)):
                return
        if time.monotonic() - began < _QUICK:
            self._look_ahead_soon(_one_step_on(self.controls, before, self.values))

    def _attempt(self, make: Callable[[], "_View"]) -> bool:
        """Show what ``make`` returns, or what went wrong in place of picture and sentence.

        A ValueError is for the reader; anything else is raised as well, for the log.
        """
        try:
            self._show(make())
        except BaseException as error:
            self.problem, self.sentence = problem_of(error), ""
            if not isinstance(error, ValueError):
                raise
            return False
        return True

    def _look_ahead_soon(self, values: dict[str, Any] | None) -> None:
        if values is None:
            return
        with contextlib.suppress(RuntimeError):  # no kernel: nobody waits for the next picture
            loop = asyncio.get_running_loop()
            self._later = loop.call_later(_PAUSE, self._look_ahead, values)

    def _look_ahead(self, values: dict[str, Any]) -> None:
        with contextlib.suppress(Exception):  # the reader will be told on getting there
            view = self._view(values)
            self._foreseen = view
            seen = {"drawing": view.drawing, "sentence": view.sentence, "problem": ""}
            self.ahead = {"values": values, **seen}

    def _renew(self) -> None:
        """Draw the same result anew: the reader has answered, or the ground has changed."""
        with self.hold_sync():
            self._forget()
            if self.problem:  # the result is that of another setting
                self._attempt(lambda: self._view(self.values))
            else:
                self._attempt(lambda: self._draw(self._shown.values, self.result))

    def _forget(self) -> None:
        """Give up the pictures made so far, here and in the browser."""
        self._foreseen = None
        self.edition += 1

    def _change_ground(self) -> None:
        self._picture = Picture(len(self._plots), dark=self.dark)
        self._renew()

    def _view(self, values: dict[str, Any]) -> "_View":
        return self._draw(values, self._model(**self._fixed, **values))

    def _draw(self, values: dict[str, Any], result: Any) -> "_View":
        layouts = self._picture.layouts
        drawing = self._picture.draw(functools.partial(self._plot, result))
        if self._picture.layouts > layouts:  # what was drawn before stands elsewhere
            self._forget()
        return _View(values, result, drawing, self._sentence(result))

    def _sentence(self, result: Any) -> str:
        sentence = self._say(result)
        if not isinstance(sentence, str):
            raise ValueError(f"say must return a sentence, got {sentence!r:.60}.")
        return sentence

    def _plot(self, result: Any, axes: list[Any]) -> None:
        guess = getattr(self._prediction, "answer", None)
        for ax, plot in zip(axes, self._plots, strict=True):
            told = guess is not None and "prediction" in inspect.signature(plot).parameters
            plot(result, ax=ax, **({"prediction": guess} if told else {}))

    def _show(self, view: "_View") -> None:
        self._shown = view
        with self.hold_sync():
            self.width = self._picture.width
            self.drawing, self.sentence, self.problem = view.drawing, view.sentence, ""

    @property
    def picture(self) -> bytes:
        """The present picture as PNG bytes, for print and for readers without a kernel."""
        return self._picture.png(functools.partial(self._plot, self.result))


class _View(NamedTuple):
    """What there is to see at some values."""

    values: dict[str, Any]
    result: Any
    drawing: str
    sentence: str


def _one_step_on(controls: list[dict], before: dict, now: dict) -> dict | None:
    """Return the values one step further in the direction of the last move, if there are any."""
    moved = [control for control in controls if before[control["name"]] != now[control["name"]]]
    if len(moved) != 1 or moved[0]["kind"] == "switch":
        return None
    control = moved[0]
    name = control["name"]
    if control["kind"] == "choice":
        choices = control["choices"]
        if before[name] not in choices or now[name] not in choices:
            return None
        here = choices.index(now[name])
        there = here + (1 if here > choices.index(before[name]) else -1)
        return {**now, name: choices[there]} if 0 <= there < len(choices) else None
    step, low, high = control["step"], control["low"], control["high"]
    digits = max(len(f"{part:.10f}".rstrip("0").partition(".")[2]) for part in (step, low))
    there = round(now[name] + (step if now[name] > before[name] else -step), digits)
    if not low <= there <= high:
        return None
    return {**now, name: int(there) if control["whole"] else there}


def explore(
    model: Callable,
    plot: Callable | Sequence[Callable],
    *,
    say: Callable[[Any], str],
    controls: Sequence[str] | None = None,
    choices: Mapping[str, Sequence] | None = None,
    fixed: Mapping[str, Any] | None = None,
    prediction: Any = None,
) -> Explorer:
    """Return a widget that redraws ``plot(model(...))`` when a parameter moves.

    Parameters
    ----------
    model : callable
        A function with declared parameters (`clusterlab.parameters.model`).
    plot : callable or sequence of callables
        ``plot(result, *, ax)``; several are drawn side by side. Once the reader has answered, those
        that have a parameter ``prediction`` are given the answer.
    say : callable
        ``say(result)`` puts what is seen into one sentence with its numbers; it is shown under the
        picture and is the picture's text for readers who cannot see it.
    controls : sequence of str, optional
        Names of the parameters to show, at most four; all declared ones by default.
    choices : mapping, optional
        Values to choose from for a parameter whose declaration leaves them open.
    fixed : mapping, optional
        Arguments passed to every call: a table, a seed, a parameter not shown.
    prediction : clusterlab.exercises.Prediction, optional
        The reader's answer, drawn on the picture.

    Returns
    -------
    Explorer

    Raises
    ------
    ValueError
        More than four controls, a name the model does not declare, a number without ends, an
        argument of the wrong kind, or a model, plot or sentence that fails at the start.

    Examples
    --------
    >>> from typing import Annotated
    >>> from clusterlab.parameters import Parameter, model
    >>> @model
    ... def line(*, slope: Annotated[float, Parameter("slope", 0, 2, 0.5)] = 1):
    ...     return slope
    >>> widget = explore(line, lambda slope, ax: ax.plot([0, 1], [0, slope]),
    ...                  say=lambda slope: f"The line rises by {slope:g}.")
    >>> widget.set(slope=2).sentence
    'The line rises by 2.'
    """
    entries = declared(model)
    several = isinstance(plot, Sequence) and not isinstance(plot, str) and len(plot) > 0
    plots: list[Any] = [*plot] if several else [plot]  # type: ignore[misc]
    _refuse_wrong_kinds(plots, say, controls, choices, fixed, prediction)
    fixed, choices = dict(fixed or {}), dict(choices or {})
    names = list(controls) if controls is not None else [n for n in entries if n not in fixed]
    unknown = [name for name in names if name not in entries]
    if unknown:
        raise ValueError(f"{model.__name__} declares no parameter {unknown[0]!r}.")
    if len(names) > 4:
        raise ValueError(f"a widget has at most four controls, got {len(names)}: {names}.")
    for name in {*names} & {*fixed}:
        raise ValueError(f"{name!r} is fixed and cannot be a control too.")
    for name in choices:
        if name not in names:
            raise ValueError(f"choices are given for {name!r}, which is not a control: {names}.")
    specs = [_control(entries[name], choices.get(name)) for name in names]
    try:
        return Explorer(model, plots, specs, say, fixed, prediction)
    except ValueError:
        raise
    except Exception as error:
        start = ", ".join(f"{spec['name']}={spec['start']!r:.30}" for spec in specs)
        raise ValueError(
            f"explore: {model.__name__} cannot be shown at its start ({start}): "
            f"{type(error).__name__}: {str(error).rstrip('.')}."
        ) from error


def _refuse_wrong_kinds(
    plots: Sequence, say: Any, controls: Any, choices: Any, fixed: Any, prediction: Any
) -> None:
    for name, function in (*(("plot", each) for each in plots), ("say", say)):
        if not callable(function):
            raise ValueError(
                f"explore: {name} must be a function of a result, got {function!r:.60}."
            )
    if controls is not None and (isinstance(controls, str) or not isinstance(controls, Sequence)):
        raise ValueError(f"explore: controls must be a list of names, got {controls!r:.60}.")
    for name, mapping in (("choices", choices), ("fixed", fixed)):
        if mapping is not None and not isinstance(mapping, Mapping):
            raise ValueError(
                f"explore: {name} must be a mapping from parameters, got {mapping!r:.60}."
            )
    for name, values in (choices or {}).items():
        if isinstance(values, str) or not isinstance(values, Sequence) or not len(values):
            raise ValueError(
                f"explore: choices of {name!r} must be a list of values, got {values!r:.60}."
            )
    if prediction is not None and not hasattr(prediction, "draw_on"):
        raise ValueError(
            f"explore: prediction must be what exercises.predict returns, got {prediction!r:.60}."
        )


def _control(entry: Declared, choices: Sequence | None) -> dict:
    parameter = entry.parameter
    unit = f" ({parameter.unit})" if parameter.unit else ""
    spec = {"name": entry.name, "label": parameter.meaning + unit, "start": entry.default}
    if entry.type is bool:
        return spec | {"kind": "switch"}
    options = list(choices) if choices is not None else entry.choices
    if options is not None:
        start = entry.default if entry.default in options else options[0]
        return spec | {"kind": "choice", "choices": list(options), "start": start}
    if parameter.low is None or parameter.high is None:
        raise ValueError(f"parameter {entry.name!r} has no ends; give its choices or its range.")
    step = parameter.step or (1 if entry.type is int else (parameter.high - parameter.low) / 100)
    ends = {"low": parameter.low, "high": parameter.high, "step": step}
    return spec | {"kind": "number", **ends, "whole": entry.type is int}
