"""What a declared parameter is as a control in the page."""

from collections.abc import Sequence
from typing import Any, get_origin

from annotated_types import MaxLen

from clusterlab.parameters import Declared, need


def is_list(given: Any) -> bool:
    """Return whether something is a list of values."""
    return isinstance(given, Sequence) and not isinstance(given, str)


def control(entry: Declared, choices: Sequence | None = None) -> dict:
    """Return what the page needs to know of one control."""
    parameter = entry.parameter
    fits = choices is None or (is_list(choices) and len(choices) > 0)
    need(fits, f"explore: choices of {entry.name!r}", "a list of values", choices)
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
    if get_origin(entry.type) is list:  # points that lie on the first panel of the picture
        start = [[*point] for point in entry.default]
        [most] = [limit.max_length for limit in parameter if isinstance(limit, MaxLen)]
        return spec | {"kind": "points", **ends, "start": start, "most": most}
    return spec | {"kind": "number", **ends, "whole": entry.type is int}
