"""Declare a parameter of a model once.

A model is a pure function whose parameters carry their whole declaration in the annotation::

    @model
    def dartboard(*, plants: Annotated[int, Parameter("number of plants", 2, 500)] = 100):
        ...

From that one place come the check with a clear error, the slider, the axis of a sweep, the
property test (hypothesis reads the same limits) and the table of parameters in a notebook.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import pandas as pd
from annotated_types import BaseMetadata, Ge, GroupedMetadata, Gt, Le, Lt
from pydantic import ConfigDict, ValidationError, validate_call

from clusterlab.names import did_you_mean

__all__ = ["Declared", "Parameter", "declared", "describe", "model"]


@dataclass(frozen=True)
class Parameter(GroupedMetadata):
    """What a model's parameter means and how far it goes.

    Parameters
    ----------
    meaning : str
        The parameter in the field's words; it appears in errors, sliders and tables.
    low, high : float, optional
        Ends of the slider and of a sweep. Left out for choices and switches.
    step : float, optional
        Step of the slider; 1 for whole numbers.
    unit : str
        Unit in words or symbols, empty for pure numbers.
    source : str
        Document key or reference of the default or the range.
    admissible : tuple of annotated_types limits, optional
        What the model accepts, where that is wider than the slider, for instance
        ``(Gt(1),)`` for any value above one. By default the slider's own ends.
    reason : str
        Why the limits are where they are: a sentence with which a refusal ends.
    """

    meaning: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    source: str = ""
    admissible: tuple[BaseMetadata, ...] | None = None
    reason: str = ""

    def limits(self) -> tuple[BaseMetadata, ...]:
        """Return the limits a value has to keep, as annotated-types constraints."""
        if self.admissible is not None:
            return self.admissible
        low = () if self.low is None else (Ge(self.low),)
        high = () if self.high is None else (Le(self.high),)
        return (*low, *high)

    def __iter__(self) -> Iterator[BaseMetadata]:
        return iter(self.limits())


class Declared(NamedTuple):
    """One parameter of a model as `declared` reports it."""

    name: str
    type: Any
    default: Any
    parameter: Parameter
    annotation: Any

    @property
    def choices(self) -> tuple | None:
        """The values to choose from, or None for a number."""
        if self.type is bool:
            return (False, True)
        return get_args(self.type) if get_origin(self.type) is Literal else None


def declared(function: Callable) -> dict[str, Declared]:
    """Return the declared parameters of a model, by name, in the order of its signature.

    Parameters without a `Parameter` in their annotation (a seed, a table) are left out.

    Examples
    --------
    >>> from typing import Annotated
    >>> def cost(*, distance: Annotated[float, Parameter("distance", 0, 100, unit="km")] = 10):
    ...     return 2 * distance
    >>> declared(cost)["distance"].parameter.unit
    'km'
    """
    function = inspect.unwrap(function)
    hints = get_type_hints(function, include_extras=True)
    result = {}
    for name, argument in inspect.signature(function).parameters.items():
        hint = hints.get(name)
        own = [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Parameter)]
        if own:
            result[name] = Declared(name, get_args(hint)[0], argument.default, own[0], hint)
    return result


def describe(function: Callable) -> pd.DataFrame:
    """Return the table of a model's parameters: meaning, default, range, unit and source."""
    rows = {
        name: {
            "meaning": entry.parameter.meaning,
            "default": entry.default,
            "range": _range(entry),
            "unit": entry.parameter.unit,
            "source": entry.parameter.source,
        }
        for name, entry in declared(function).items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("parameter")


def model(function: Callable) -> Callable:
    """Check a model's arguments against their declarations before it runs.

    Parameters
    ----------
    function : callable
        A function with keyword parameters annotated as ``Annotated[type, Parameter(...)]``.

    Returns
    -------
    callable
        The same function. A value out of range raises ``ValueError`` with one sentence that
        names the parameter, what it means, its range and the value; a name the function does
        not know raises ``TypeError`` with the nearest one.

    Examples
    --------
    >>> from typing import Annotated
    >>> @model
    ... def cost(*, distance: Annotated[float, Parameter("distance", 0, 100, unit="km")] = 10):
    ...     return 2 * distance
    >>> cost(distance=4)
    8.0
    >>> cost(distance=-1)
    Traceback (most recent call last):
    ValueError: cost: distance is -1, but distance [km] must be at least 0 and at most 100.
    """
    config = ConfigDict(arbitrary_types_allowed=True, allow_inf_nan=False)
    checked = validate_call(config=config)(function)
    names = list(inspect.signature(function).parameters)
    entries = declared(function)
    label = function.__name__

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        unknown = [name for name in kwargs if name not in names]
        if unknown:
            hint = did_you_mean(unknown[0], names, "it has")
            raise TypeError(f"{label} has no parameter {unknown[0]!r}{hint}")
        try:
            return checked(*args, **kwargs)
        except ValidationError as error:
            if error.title not in (label, function.__qualname__):  # raised inside, by another
                raise
            problem = error.errors()[0]
        raise _explained(label, names, entries, problem)

    return wrapper


def _explained(
    label: str, names: list[str], entries: dict[str, Declared], problem: Any
) -> Exception:
    place = problem["loc"][0] if problem["loc"] else ""
    name = names[place] if isinstance(place, int) and place < len(names) else str(place)
    if problem["type"].startswith("missing"):
        return TypeError(f"{label} needs {name}=….")
    if problem["type"] == "unexpected_positional_argument":
        return TypeError(f"{label} takes its parameters by name: {label}({names[0]}=…).")
    entry = entries.get(name)
    if entry is None:
        found = f"found {problem['input']!r}"
        return ValueError(f"{label}: {name}: {problem['msg']} ({found}).")
    unit = f" [{entry.parameter.unit}]" if entry.parameter.unit else ""
    kind = "a whole number, " if entry.type is int else ""
    return ValueError(
        f"{label}: {name} is {problem['input']!r}, but {entry.parameter.meaning}{unit} "
        f"must be {kind}{_range(entry)}. {entry.parameter.reason}".strip()
    )


def _range(entry: Declared) -> str:
    if entry.choices is not None:
        return "one of " + ", ".join(repr(choice) for choice in entry.choices)
    words: dict[type, tuple[str, str]] = {
        Gt: ("above", "gt"),
        Ge: ("at least", "ge"),
        Lt: ("below", "lt"),
        Le: ("at most", "le"),
    }
    parts = []
    for limit in entry.parameter.limits():
        word, field = words[type(limit)]
        parts.append(f"{word} {getattr(limit, field):g}")
    return " and ".join(parts) or ("text" if entry.type is str else "a number")
