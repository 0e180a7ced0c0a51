"""A model and a plot become a widget.

``explore(model, plot)`` reads the model's declared parameters (`clusterlab.parameters`), makes one
control for each, and redraws the plot when a control moves. The controls are the browser's own, so
each has a spoken name and works from the keyboard; the picture is drawn as a whole (see
`clusterlab.views.picture`), with a sentence that says what it shows.
"""

import functools
import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import traitlets
from ipywidgets import ValueWidget

from clusterlab.parameters import declared, need
from clusterlab.views.ahead import Ahead, one_step_on
from clusterlab.views.controls import control, is_list
from clusterlab.views.picture import Picture
from clusterlab.views.still import VIEWS, Answering, script

__all__ = ["explore"]

_QUICK = 0.2  # seconds beyond which making a picture ahead would stand in the reader's way


class _View(NamedTuple):
    """What there is to see at some values."""

    values: dict[str, Any]
    result: Any
    drawing: str
    sentence: str


class Explorer(Answering, ValueWidget):
    """The widget `explore` returns; ``set``, ``reset`` and ``result`` work without a browser.

    It composes as any ipywidget does. Its controls stand in ``values``, a dict that can be set,
    observed and linked to that of another; `ipywidgets.interactive_output` reads the same dict.

    The browser keeps the pictures it has shown, and the picture one step on is sent ahead
    (`clusterlab.views.ahead`). A new ``edition`` tells it that what it kept is out of date. Points
    that a reader places lie on the first axes, ``ground``.
    """

    _esm = script("explore")
    _css = VIEWS / "explore.css"

    drawing = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    ahead = traitlets.Dict().tag(sync=True)
    edition = traitlets.Int(0).tag(sync=True)
    ground: traitlets.List = traitlets.List().tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True, echo_update=False)
    narrow = traitlets.Bool(False).tag(sync=True, echo_update=False)

    def __init__(
        self,
        model: Callable,
        plots: list,
        controls: list,
        say: Callable,
        fixed: Any,
        prediction: Any,
    ) -> None:
        self._at = {control["name"]: control["start"] for control in controls}
        super().__init__(controls=controls, values=self._at)
        self._model, self._plots, self._say, self._fixed = model, plots, say, dict(fixed)
        self._prediction = prediction
        self._picture = Picture(len(plots), dark=self.dark)
        self._ahead = Ahead(self._view, self._send_ahead)
        self._show(self._view(self._at))
        traitlets.link((self, "values"), (self, "value"))  # the name ipywidgets looks for
        self.observe(self._follow, ["values", "request"])
        self.observe(self._change_ground, ["dark", "narrow"])
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

    @property
    def picture(self) -> bytes:
        """The present picture as PNG bytes, for print and for readers without a kernel."""
        return self._picture.png(functools.partial(self._plot, self.result))

    def set(self, **values: Any) -> "Explorer":
        """Move controls by name, as a reader would, and redraw; returns the widget.

        What cannot be shown raises its error and leaves all as it was.
        """
        view = self._view(self._complete({"value": values}))
        with self.hold_sync():
            self._at = view.values
            self.values = view.values
            self._show(view)
        return self

    def reset(self) -> "Explorer":
        """Put every control back to where it stood when it was last shown, or else started."""
        return self.set(**{control["name"]: control["start"] for control in self.controls})

    @traitlets.validate("values")
    def _complete(self, proposal: Any) -> dict[str, Any]:
        """Return values with those of the controls that are not named."""
        unknown = sorted(map(str, {*proposal["value"]} - {*self._at}))
        if unknown:
            raise TypeError(f"no control {unknown[0]!r}; there are {', '.join(self._at)}.")
        return {**self._at, **proposal["value"]}

    def _answer(self) -> None:
        self._ahead.stop()
        before, self._at, began = self._at, self.values, time.monotonic()
        self._show(self._ahead.at(self._at) or self._view(self._at))
        if time.monotonic() - began < _QUICK:
            self._ahead.prepare(one_step_on(self.controls, before, self._at))

    def _renew(self) -> None:
        """Draw the same result anew: the reader has answered, or the ground has changed."""
        with self.hold_sync():
            self._forget()
            stale = bool(self.problem)  # the result is that of another setting
            make = self._view if stale else functools.partial(self._draw, result=self.result)
            self._attempt(lambda: self._show(make(self._at)))

    def _change_ground(self, _: Any) -> None:
        self._picture = Picture(len(self._plots), dark=self.dark, narrow=self.narrow)
        self._renew()

    def _forget(self) -> None:
        """Give up the pictures made so far, here and in the browser."""
        self._ahead.forget()
        self.edition += 1

    def _send_ahead(self, view: _View) -> None:
        seen = {"drawing": view.drawing, "sentence": view.sentence, "problem": ""}
        self.ahead = {"values": view.values, **seen}

    def _view(self, values: dict[str, Any]) -> _View:
        return self._draw(values, self._model(**self._fixed, **values))

    def _draw(self, values: dict[str, Any], result: Any) -> _View:
        layouts = self._picture.layouts
        drawing = self._picture.draw(functools.partial(self._plot, result))
        if self._picture.layouts > layouts:  # earlier pictures have other margins
            self._forget()
        sentence = self._say(result)
        need(isinstance(sentence, str), "what say returns", "a sentence", sentence)
        return _View(values, result, drawing, sentence)

    def _plot(self, result: Any, axes: list[Any]) -> None:
        answer = getattr(self._prediction, "answer", None)
        for ax, plot in zip(axes, self._plots, strict=True):
            told = answer is not None and "prediction" in inspect.signature(plot).parameters
            plot(result, ax=ax, **({"prediction": answer} if told else {}))

    def _show(self, view: _View) -> None:
        self._shown = view
        with self.hold_sync():
            self.width, self.ground = self._picture.width, self._picture.ground
            self.drawing, self.sentence, self.problem = view.drawing, view.sentence, ""


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

    See Also
    --------
    clusterlab.parameters.model : declares what becomes a control.
    clusterlab.sweep.sweep : many settings as a table.
    clusterlab.exercises.predict : asks before.

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
    plots: list[Any] = [*plot] if isinstance(plot, list | tuple) and plot else [plot]
    for name, given in (*(("plot", each) for each in plots), ("say", say)):
        need(callable(given), f"explore: {name}", "a function of a result", given)
    for name, given in (("choices", choices), ("fixed", fixed)):
        fits = given is None or isinstance(given, Mapping)
        need(fits, f"explore: {name}", "a mapping from parameters", given)
    fixed, choices = fixed or {}, choices or {}
    names = [n for n in entries if n not in fixed] if controls is None else controls
    need(is_list(names), "explore: controls", "a list of names", names)
    asked = prediction is None or hasattr(prediction, "draw_on")
    need(asked, "explore: prediction", "what exercises.predict returns", prediction)
    for name in names:
        if name not in entries:
            raise ValueError(f"{model.__name__} declares no parameter {name!r}.")
        if name in fixed:
            raise ValueError(f"{name!r} is fixed and cannot be a control too.")
    if len(names) > 4:
        raise ValueError(f"a widget has at most four controls, got {len(names)}: {names}.")
    for name in choices:
        if name not in names:
            raise ValueError(f"choices are given for {name!r}, which is not a control: {names}.")
    specs = [control(entries[name], choices.get(name)) for name in names]
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
