"""Declare a parameter of a model once.

A model is a pure function whose parameters carry their whole declaration in the annotation::

    @model
    def dartboard(*, plants: Annotated[int, Parameter("number of plants", 2, 500)] = 100):
        ...

From that one place come the check with a clear error, the slider, the axis of a sweep, the
property test (hypothesis reads the same limits), the table of parameters in a notebook, and the
entries of the docstring's Parameters section, which are not written by hand.
"""

import functools
import inspect
import math
import numbers
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, is_dataclass
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd
from annotated_types import BaseMetadata, Ge, GroupedMetadata, Le, Lt, MaxLen
from pydantic import ConfigDict, ValidationError, create_model

from clusterlab.names import did_you_mean

__all__ = [
    "Parameter",
    "Seed",
    "chosen",
    "declared",
    "describe",
    "generator",
    "model",
    "need",
    "number",
    "refuse_too_many",
    "whole",
]

#: What a stochastic function takes as ``seed``.
Seed = int | np.random.Generator


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
    details : str
        Further sentences for the docstring: what its ends stand for, how it is measured.
    """

    meaning: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    source: str = ""
    admissible: tuple[BaseMetadata, ...] | None = None
    reason: str = ""
    details: str = ""

    def __iter__(self) -> Iterator[BaseMetadata]:
        """Go through the limits a value has to keep, as annotated-types constraints."""
        if self.admissible is not None:
            yield from self.admissible
            return
        if self.low is not None:
            yield Ge(self.low)
        if self.high is not None:
            yield Le(self.high)


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

    Parameters without a `Parameter` in their annotation (a seed, a table) are left out. A model
    with many declares them as fields of a dataclass and takes them as
    ``**setting: Annotated[float, Setting]``; a dataclass is read like a function.

    Parameters
    ----------
    function : callable
        A model, or a dataclass whose fields are declared.

    Returns
    -------
    dict of str to Declared
        Name, type, default and declaration of each.

    See Also
    --------
    describe : the same as a table to show.
    model : the check against the declarations.

    Examples
    --------
    >>> from typing import Annotated
    >>> def cost(*, distance: Annotated[float, Parameter("distance", 0, 100, unit="km")] = 10):
    ...     return 2 * distance
    >>> declared(cost)["distance"].parameter.unit
    'km'
    """
    if not callable(function):
        raise ValueError(f"a model must be a function, but this is {_brief(function)}.")
    function = inspect.unwrap(function)
    hints = get_type_hints(function, include_extras=True)
    result = {}
    for name, argument in inspect.signature(function).parameters.items():
        hint = hints.get(name)
        own = [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Parameter)]
        if own:
            result[name] = Declared(name, get_args(hint)[0], argument.default, own[0], hint)
        elif argument.kind is argument.VAR_KEYWORD:
            for kind in getattr(hint, "__metadata__", ()):
                result = declared(kind) | result if is_dataclass(kind) else result  # type: ignore[arg-type]
    return result


def describe(function: Callable) -> pd.DataFrame:
    """Return the table of a model's parameters: meaning, default, range, unit and source.

    Parameters
    ----------
    function : callable
        A model.

    Returns
    -------
    pandas.DataFrame
        One row a parameter.

    See Also
    --------
    declared : the declarations themselves.
    clusterlab.explore.explore : a slider for each.
    """
    entries = declared(function)
    told = [vars(entry.parameter) for entry in entries.values()]
    columns = ["meaning", "default", "range", "unit", "source"]
    table = pd.DataFrame(told, pd.Index([*entries], name="parameter"), columns)
    table["default"] = [entry.default for entry in entries.values()]
    table["range"] = [_range(entry) for entry in entries.values()]
    return table


def model(function: Callable) -> Callable:
    """Check a model's arguments against their declarations before it runs, and document them.

    Its docstring gets an entry under Parameters for each declared parameter that has none.

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

    See Also
    --------
    declared : what is read.
    describe : the table of parameters.
    clusterlab.explore.explore : the widget.
    clusterlab.sweep.sweep : many runs.

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
    entries, told = declared(function), inspect.signature(function)
    open_ended, named = inspect.Parameter.VAR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    arguments = {n: each for n, each in told.parameters.items() if each.kind is not open_ended}
    for name, entry in entries.items():
        if name not in arguments:  # the fields of a dataclass, taken as **setting
            arguments[name] = inspect.Parameter(name, named, default=entry.default)
    names, label = list(arguments), function.__name__
    signature = told.replace(parameters=list(arguments.values()))
    hints: Any = get_type_hints(function, include_extras=True) | {"seed": Any}
    hints |= {name: entry.annotation for name, entry in entries.items()}
    config = ConfigDict(arbitrary_types_allowed=True, allow_inf_nan=False)
    fields: Any = {name: (hints.get(name, Any), None) for name in names}
    types = create_model(label, __config__=config, **fields)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        unknown = [name for name in kwargs if name not in names]
        if unknown:
            hint = did_you_mean(unknown[0], names, "it has")
            raise TypeError(f"{label} has no parameter {unknown[0]!r}{hint}")
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            by_name = f"{label} takes its parameters by name, as {names[0]}=…"
            raise TypeError(f"{by_name}: {error}.") from None
        for name, value in given.items():
            if name in entries:
                _refuse_unfit(label, entries[name], value)
        try:
            if "seed" in given:
                generator(given["seed"])
            checked = types.model_validate(given)
        except ValidationError as error:
            raise _explained(label, entries, error.errors()[0]) from None
        except ValueError as error:
            raise ValueError(f"{label}: {error}") from None
        return function(**{name: getattr(checked, name) for name in given})

    if function.__doc__:
        wrapper.__doc__ = _documented(function.__doc__, names, entries)
    if names != [*told.parameters]:  # help and completion name the fields, as a call does
        setattr(wrapper, "__signature__", signature)  # noqa: B010
    return wrapper


def _documented(doc: str, names: list[str], entries: dict[str, Declared]) -> str:
    """Return a docstring with an entry for each declared parameter, in the signature's order."""
    summary, *sections = re.split(r"\n+(?=\S.*\n---+\n)", inspect.cleandoc(doc))
    there = [section for section in sections if section.startswith("Parameters\n")]
    title, rule, *blocks = re.split(r"\n+(?=\S)", (there or ["Parameters\n----------"])[0])

    def told_in(block: str) -> list[str]:  # one name, or a few together
        return re.findall(r"\w+", re.split(r" :|\n", block)[0])

    by_hand = {name for block in blocks for name in told_in(block)}
    blocks += [_entry(entry) for name, entry in entries.items() if name not in by_hand]
    blocks.sort(key=lambda block: [*names, *told_in(block)].index(told_in(block)[0]))
    told = ["\n".join([title, rule, *blocks])] if blocks else []
    return "\n\n".join([summary, *told, *(each for each in sections if each not in there)])


def _entry(entry: Declared) -> str:
    """Return what a docstring tells of a parameter."""
    parameter, kind = entry.parameter, getattr(entry.type, "__name__", "object")
    if get_origin(entry.type) is Literal:
        kind = "{" + ", ".join(map(repr, entry.choices or ())) + "}"
    unit = f"[{parameter.unit}]" if parameter.unit else ""
    ends = f"{_range(entry) if [*parameter] else ''} {unit}".strip()
    default = "" if entry.default is inspect.Parameter.empty else f"default {entry.default!r}"
    source = f"Source: {parameter.source}" if parameter.source else ""
    told = [parameter.meaning, parameter.reason, parameter.details, source]
    sentences = " ".join(f"{part.rstrip('.')}." for part in told if part)
    body = textwrap.fill(sentences[0].upper() + sentences[1:], 88)
    head = ", ".join(part for part in (kind, ends, default) if part)
    return f"{entry.name} : {head}\n{textwrap.indent(body, '    ')}"


#: How many times its slider's end a whole number may be where the model itself names no end.
_FAR = 1_000


def _refuse_unfit(label: str, entry: Declared, value: Any) -> None:
    """Refuse what pydantic would turn into a number, and sizes no machine computes with."""
    if entry.type not in (int, float) or value is None:
        return
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise _unfit(label, entry, value)
    parameter = entry.parameter
    count: Any = value  # may be larger than any float
    ends = any(isinstance(limit, Le | Lt) for limit in parameter)
    # a count without an end of its own would fill memory before anything is computed
    most = _FAR * (parameter.high if parameter.high is not None else _FAR)
    if entry.type is int and not ends and count > most:
        raise ValueError(
            f"{label}: {entry.name} is {_brief(value)}, but {parameter.meaning} must be at most "
            f"{most:g}."
        )


def _explained(label: str, entries: dict[str, Declared], problem: Any) -> ValueError:
    """Return a refusal of pydantic in our words."""
    name, value = str(problem["loc"][0]), problem["input"]
    if name in entries:
        return _unfit(label, entries[name], value)
    if problem["type"] == "is_instance_of":
        wanted, found = problem["ctx"]["class"], type(value).__name__
        return ValueError(f"{label}: {name} must be a {wanted}, got a {found}.")
    return ValueError(f"{label}: {name}: {problem['msg']} (found {_brief(value)}).")


def _unfit(label: str, entry: Declared, value: Any) -> ValueError:
    parameter = entry.parameter
    unit = f" [{parameter.unit}]" if parameter.unit else ""
    kind = "a whole number, " if entry.type is int else ""
    return ValueError(
        f"{label}: {entry.name} is {_brief(value)}, but {parameter.meaning}{unit} must be "
        f"{kind}{_range(entry)}. {parameter.reason}".strip()
    )


def _range(entry: Declared) -> str:
    if entry.choices is not None:
        return "one of " + ", ".join(repr(choice) for choice in entry.choices)
    for limit in entry.parameter:
        if isinstance(limit, MaxLen):
            return f"at most {limit.max_length} pairs of numbers"
    words = {"Gt": "above", "Ge": "at least", "Lt": "below", "Le": "at most"}
    kinds = [(type(limit).__name__, limit) for limit in entry.parameter]
    parts = [f"{words[kind]} {getattr(limit, kind.lower()):g}" for kind, limit in kinds]
    return " and ".join(parts) or ("text" if entry.type is str else "a number")


def need(fits: bool, name: str, wanted: str, value: Any) -> None:
    """Raise ValueError with the sentence of all refusals where an argument does not fit.

    Parameters
    ----------
    fits : bool
        Whether it does.
    name, wanted : str
        The argument's name, and what it must be.
    value : object
        What was given.

    Raises
    ------
    ValueError
        It does not fit.

    See Also
    --------
    chosen, number, whole : The same for choices, numbers and counts.

    Examples
    --------
    >>> need(isinstance("wine", list), "names", "a list of names", "wine")
    Traceback (most recent call last):
    ValueError: names is 'wine', but it must be a list of names.
    """
    if not fits:
        end = "" if wanted.endswith("?") else "."
        raise ValueError(f"{name} is {_brief(value)}, but it must be {wanted}{end}")


def whole(name: str, value: Any, low: int = 0, high: int | None = None) -> int:
    """Return an argument as a whole number within its limits, for functions that are no `model`.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : object
        What was given.
    low, high : int, optional
        The least and the greatest number allowed.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        No whole number, or one outside the limits.

    See Also
    --------
    number : for measures.
    refuse_too_many : for several sizes together.

    Examples
    --------
    >>> whole("replicates", 0, 1)
    Traceback (most recent call last):
    ValueError: replicates is 0, but it must be a whole number, at least 1.
    """
    limits = f"at least {low}" + ("" if high is None else f" and at most {high}")
    counts = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    fits = counts and low <= value and (high is None or value <= high)
    need(fits, name, f"a whole number, {limits}", value)
    return int(value)


def number(
    name: str, value: Any, low: float = 0.0, high: float = np.inf, *, ends: bool = True
) -> float:
    """Return an argument as a finite number within its limits, for functions that are no `model`.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : object
        What was given.
    low, high : float
        The limits; infinite where there is none.
    ends : bool
        Whether the limits themselves are allowed.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        No finite number, or one outside the limits.

    See Also
    --------
    whole : for counts.
    chosen : for names.

    Examples
    --------
    >>> number("level", 95, 0, 1, ends=False)
    Traceback (most recent call last):
    ValueError: level is 95, but it must be a number above 0 and below 1.
    """
    least, most = ("at least", "at most") if ends else ("above", "below")
    limits = [f"{word} {limit:g}" for word, limit in ((least, low), (most, high))]
    limits = [part for part, limit in zip(limits, (low, high), strict=True) if np.isfinite(limit)]
    fits = isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))
    if fits:
        inside = low <= value <= high if ends else low < value < high
        fits = bool(inside and abs(value) <= sys.float_info.max)  # whole numbers may be larger
    need(fits, name, f"a number {' and '.join(limits) or 'that is finite'}", value)
    return float(value)


def refuse_too_many(label: str, **sizes: int) -> None:
    """Raise ValueError where a product of sizes would not fit in memory, before it is made.

    Parameters
    ----------
    label : str
        What would be made, for the message.
    **sizes : int
        How many of each kind; their product is what counts.

    See Also
    --------
    whole : the limits of one number.

    Examples
    --------
    >>> refuse_too_many("dartboard", plants=10**6, replicates=500)
    Traceback (most recent call last):
    ValueError: dartboard: plants x replicates is 500,000,000, but 50,000,000 is the ...
    """
    cells, most = math.prod(sizes.values()), 50_000_000
    if cells > most:
        raise ValueError(
            f"{label}: {' x '.join(sizes)} is {cells:,}, but {most:,} is the most that fits in "
            "memory; lower one of them."
        )


def chosen(name: str, value: Any, choices: Iterable) -> Any:
    """Return an argument that is one of its choices, or say which there are and which is nearest.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : object
        What was given.
    choices : iterable
        What it may be.

    Returns
    -------
    object
        The value, as it was given.

    See Also
    --------
    whole, number : the same for numbers.
    clusterlab.names.did_you_mean : the nearest name.

    Examples
    --------
    >>> chosen("measure", "hover", ["gini", "hoover"])
    Traceback (most recent call last):
    ValueError: measure is 'hover', but it must be one of 'gini', 'hoover'; did you mean 'hoover'?
    """
    known = list(choices)
    fits = any(value is each or (type(value) is type(each) and value == each) for each in known)
    near = did_you_mean(value, known).rstrip(".") if isinstance(value, str) else ""
    need(fits, name, f"one of {', '.join(map(repr, known))}{near}", value)
    return value


def generator(seed: Any) -> np.random.Generator:
    """Return the random numbers of a seed, or of a Generator, which goes on from where it is.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        The same whole number gives the same random numbers on the same versions.

    Returns
    -------
    numpy.random.Generator

    Raises
    ------
    ValueError
        Neither a whole number from 0 up nor a numpy Generator.

    See Also
    --------
    model : checks the other arguments.

    Examples
    --------
    >>> generator(-1)
    Traceback (most recent call last):
    ValueError: seed is -1, but it must be a whole number from 0 up or a numpy Generator.
    """
    if isinstance(seed, np.random.Generator):
        return seed
    fits = isinstance(seed, int | np.integer) and not isinstance(seed, bool) and seed >= 0
    need(bool(fits), "seed", "a whole number from 0 up or a numpy Generator", seed)
    return np.random.default_rng(int(seed))


def _brief(value: Any) -> str:
    """Return a value for a message; what is long or many lines only by its kind."""
    shown = repr(value)
    return shown if len(shown) <= 60 and "\n" not in shown else f"a {type(value).__name__}"
