"""A radar whose corners the reader drags: the Python side of ``radar.js``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from clusterlab.parameters import number
from clusterlab.views import problem_of

__all__ = ["Radar"]

_VIEWS = Path(__file__).parent


class Radar(anywidget.AnyWidget):
    """A polygon whose corners are sliders, for the mouse and for the keyboard.

    Total, bottleneck and what one more unit brings are computed in the browser, from the weights
    and exponents sent once, so that they follow the hand. What takes a model is asked of
    ``follow`` in the kernel.

    Parameters
    ----------
    values : mapping
        Corner → value at the start, clockwise from the top.
    weights : mapping
        Corner → weight; they sum to one.
    aggregations : mapping
        Name → exponent of the power mean (minus infinity for the minimum); the first is chosen.
    scale : (float, float, float)
        Lowest value, highest value, step.
    unit, title : str
        Unit of the values and what the polygon shows.
    follow : callable
        ``follow(values)`` returns ``(path, sentence)``: the path as a mapping with ``x``, ``y``
        (0 to 1), ``x_label``, ``y_label`` and ``levels``, and a sentence that says it. What it
        raises is told in place of both.
    draw : callable
        ``draw(values, aggregation)`` returns the same picture as PNG bytes, for print and for
        readers without a kernel; called only when such a picture is asked for.
    """

    _esm = _VIEWS / "radar.js"
    _css = _VIEWS / "radar.css"

    names: Any = traitlets.List().tag(sync=True)
    start: Any = traitlets.List().tag(sync=True)
    values: Any = traitlets.List().tag(sync=True)
    weights: Any = traitlets.List().tag(sync=True)
    aggregations: Any = traitlets.List().tag(sync=True)
    aggregation = traitlets.Unicode().tag(sync=True)
    scale = traitlets.Dict().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    path = traitlets.Dict().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    request = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        values: Mapping[str, float],
        *,
        weights: Mapping[str, float],
        aggregations: Mapping[str, float],
        scale: tuple[float, float, float],
        unit: str,
        title: str,
        follow: Callable[[dict[str, float]], tuple[dict, str]],
        draw: Callable[[dict[str, float], str], bytes],
    ) -> None:
        names = list(values)
        self._follow, self._draw = follow, draw
        super().__init__(
            names=names,
            start=[float(values[name]) for name in names],
            values=[float(values[name]) for name in names],
            weights=[float(weights[name]) for name in names],
            aggregations=[
                {"name": name, "exponent": None if exponent == -np.inf else float(exponent)}
                for name, exponent in aggregations.items()
            ],
            aggregation=next(iter(aggregations)),
            scale=dict(zip(("low", "high", "step"), map(float, scale), strict=True)),
            unit=unit,
            title=title,
        )
        self._compute()
        self.observe(self._answer, "request")

    def set(self, values: Mapping[str, float]) -> Radar:
        """Move corners by name, as a reader would; returns the widget.

        Raises
        ------
        ValueError
            A corner there is none of, a value outside the scale or no number.
        """
        moved = self.by_name
        for name, value in values.items():
            if name not in moved:
                raise ValueError(
                    f"the radar has no corner {name!r}; it has {', '.join(self.names)}."
                )
            moved[name] = number(name, value, self.scale["low"], self.scale["high"])
        self.values = list(moved.values())
        self._compute()
        return self

    def reset(self) -> Radar:
        """Put every corner back to where it started."""
        return self.set(dict(zip(self.names, self.start, strict=True)))

    @property
    def by_name(self) -> dict[str, float]:
        """The present values by corner."""
        return dict(zip(self.names, self.values, strict=True))

    @property
    def picture(self) -> bytes:
        """The present state as a PNG."""
        return self._draw(self.by_name, self.aggregation)

    def _answer(self, change: Any) -> None:
        try:
            self._compute()
        except ValueError:
            pass  # the reader has been told
        finally:
            self.answered = change["new"]

    def _compute(self) -> None:
        try:
            path, sentence = self._follow(self.by_name)
        except Exception as error:  # nothing of before must stand there as if it were of now
            with self.hold_sync():
                self.path, self.sentence, self.problem = {}, "", problem_of(error)
            raise
        with self.hold_sync():
            self.path, self.sentence, self.problem = path, sentence, ""

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add the present picture and sentence, for print and for readers without a kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**(data or {}), "image/png": self.picture, "text/plain": self.sentence}, metadata
