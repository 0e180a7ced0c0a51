"""A model and a plot become a widget.

``explore(model, plot)`` reads the model's declared parameters (`clusterlab.parameters`), makes one
control for each, and redraws the plot when a control moves. The controls are the browser's own, so
each has a spoken name and works from the keyboard; the picture is one image that is replaced, with
a text that says what it shows.
"""

import io
import operator
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from clusterlab import style
from clusterlab.parameters import Declared, declared
from clusterlab.views import svg

__all__ = ["Explorer", "explore"]

_VIEWS = Path(__file__).parent / "views"
_DOTS_PER_INCH = 144


class Explorer(anywidget.AnyWidget):
    """The widget `explore` returns; ``set``, ``reset`` and ``result`` work without a browser."""

    _esm = _VIEWS / "explore.js"
    _css = _VIEWS / "explore.css"

    controls: traitlets.List = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True, echo_update=False)
    request = traitlets.Int(0).tag(sync=True, echo_update=False)
    answered = traitlets.Int(0).tag(sync=True)
    drawing = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    sentence = traitlets.Unicode("").tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
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
        self._place = (getattr(model, "__qualname__", ""), *sorted(start))
        self._figure: Any = None
        self._laid_out: list[int] | None = None
        self.result: Any = None
        self._compute()
        self.observe(self._answer, "request")
        self.observe(lambda _: self._change_ground(), "dark")
        if prediction is not None:
            prediction.draw_on(self._place, self._show)

    def set(self, **values: Any) -> "Explorer":
        """Move controls by name, as a reader would, and redraw; returns the widget."""
        unknown = set(values) - set(self.values)
        if unknown:
            raise TypeError(
                f"no control {sorted(unknown)[0]!r}; there are {', '.join(self.values)}."
            )
        moved = {**self.values, **values}
        result = self._model(**self._fixed, **moved)
        self.values, self.result = moved, result
        self._show()
        return self

    def reset(self) -> "Explorer":
        """Put every control back to where it started."""
        return self.set(**{control["name"]: control["start"] for control in self.controls})

    def _answer(self, change: Any) -> None:
        with self.hold_sync():  # picture, sentence and answer travel in one message
            self.answered = change["new"]
            try:
                self._compute()
            except Exception as error:  # shown to the reader, then raised for the log
                self.problem = str(error)
                if not isinstance(error, ValueError):
                    raise

    def _compute(self) -> None:
        self.result = self._model(**self._fixed, **self.values)
        self._show()

    def _change_ground(self) -> None:
        self._figure = None
        self._show()

    def _show(self) -> None:
        with style.context(dark=self.dark):
            self._draw()
            longest = [_longest_label(ax) for ax in self.axes]
            if self._laid_out is None or any(map(operator.gt, longest, self._laid_out)):
                self._lay_out(longest)
            drawing = svg.drawing(self._figure)
        with self.hold_sync():
            self.width = int(self._figure.get_figwidth() * 100)
            self.drawing = drawing  # its text is text: sharp at any size
            self.sentence = self._say(self.result)
            self.problem = ""

    def _draw(self) -> None:
        if self._figure is None:
            self._figure, self.axes = style.figure(panels=len(self._plots), dark=self.dark)
            svg.prepare(self._figure)
            self._laid_out = None
        guess = getattr(self._prediction, "answer", None)
        for ax, plot in zip(self.axes, self._plots, strict=True):
            _empty(ax)
            plot(self.result, ax=ax, **({} if guess is None else {"prediction": guess}))

    def _lay_out(self, longest: list[int]) -> None:
        """Set the margins and the places of the axis labels.

        That costs as much as drawing, so it is done at first and when a written label at an axis
        has become longer; in between both stay, with some room to spare.
        """
        if self._laid_out is not None:  # places once set can only be found anew on a new figure
            self._figure = None
            self._draw()
        self._figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.08)
        self._figure.draw_without_rendering()
        self._figure.set_layout_engine("none")
        for ax in self.axes:
            for axis in (ax.xaxis, ax.yaxis):
                place = axis.label.get_transform().transform(axis.label.get_position())
                axis.set_label_coords(*ax.transAxes.inverted().transform(place))
        self._laid_out = longest

    @property
    def picture(self) -> bytes:
        """The present picture as PNG bytes, for print and for readers without a kernel."""
        stream = io.BytesIO()
        with style.context(dark=self.dark):
            self._figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH)
        return stream.getvalue()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        still = {"image/png": self.picture, "text/plain": self.sentence}
        return {**(data or {}), **still}, metadata


def _longest_label(ax: Any) -> int:
    """Return the length of the longest label written (not computed) at the vertical axis."""
    labels = getattr(ax.yaxis.get_major_formatter(), "seq", ())
    return max(map(len, labels), default=0)


def _empty(ax: Any) -> None:
    """Take what was drawn off the axes; ticks and spines, which are slow to make, stay."""
    for artist in [
        *ax.lines,
        *ax.patches,
        *ax.collections,
        *ax.texts,
        *ax.images,
        *ax.artists,
        *ax.child_axes,
    ]:
        artist.remove()
    ax.containers.clear()
    if ax.get_legend() is not None:
        ax.get_legend().remove()
    ax.set_prop_cycle(None)
    ax.relim()
    ax.autoscale()


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
        ``plot(result, *, ax)``; several are drawn side by side. With a prediction given, each is
        also called with ``prediction=`` once the reader has answered.
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
        More than four controls, a name the model does not declare, or a number without ends.

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
    entries, fixed, choices = declared(model), dict(fixed or {}), dict(choices or {})
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
    plots = [plot] if callable(plot) else list(plot)
    specs = [_control(entries[name], choices.get(name)) for name in names]
    return Explorer(model, plots, specs, say, fixed, prediction)


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
