"""What a model returns: named fields, shown in one line."""

from __future__ import annotations

import dataclasses
from numbers import Number
from typing import Any


class Result:
    """Base of result classes, which are frozen dataclasses with ``repr=False`` built by keyword.

    Shown are the numbers and words of a result; of a table or an array only its size.

    Examples
    --------
    >>> @dataclasses.dataclass(frozen=True, repr=False)
    ... class Line(Result):
    ...     slope: float
    ...     heights: list
    >>> Line(slope=2 / 3, heights=[0, 1, 2])
    Line(slope=0.6667, heights: 3)
    """

    def __repr__(self) -> str:
        fields = [(each.name, getattr(self, each.name)) for each in dataclasses.fields(self)]  # type: ignore[arg-type]
        told = [text for name, value in fields if (text := _told(name, value))]
        return f"{type(self).__name__}({', '.join(told)})"


def _told(name: str, value: Any) -> str:
    if value is None or isinstance(value, (str, bool)):
        return f"{name}={value}"
    if isinstance(value, Number):
        return f"{name}={value:.4g}"
    shape = getattr(value, "shape", None) or ((len(value),) if hasattr(value, "__len__") else ())
    return f"{name}: {' x '.join(map(str, shape))}" if shape else ""
