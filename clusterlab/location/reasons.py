"""Why a limit of a parameter is where it is, said with the refusal.

A refusal that only quotes a range teaches nothing. A parameter declared as `Economic` carries the
reason for its limits, and `explained` adds it to the sentence the reader gets.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from clusterlab.parameters import Parameter, declared

__all__ = ["Economic", "explained"]


@dataclass(frozen=True)
class Economic(Parameter):
    """A parameter with the economic reason for its limits.

    Parameters
    ----------
    reason : str
        One sentence; the other fields are those of `clusterlab.parameters.Parameter`.
    """

    reason: str = ""


def explained(model: Callable) -> Callable:
    """Add to a model's refusal of a value the reason for the limit; goes above ``@model``.

    Examples
    --------
    >>> from typing import Annotated
    >>> from clusterlab.parameters import model
    >>> @explained
    ... @model
    ... def rent(*, distance: Annotated[float, Economic("distance", 0, 9, reason="No less.")] = 1):
    ...     return -distance
    >>> rent(distance=-1)
    Traceback (most recent call last):
    ValueError: rent: distance is -1, but distance must be at least 0 and at most 9. No less.
    """
    entries = declared(model)

    @functools.wraps(model)
    def wrapper(*args, **kwargs):
        try:
            return model(*args, **kwargs)
        except ValueError as error:
            sentence = str(error)
        for name, entry in entries.items():
            if sentence.startswith(f"{model.__name__}: {name} is "):
                sentence = f"{sentence} {getattr(entry.parameter, 'reason', '')}".strip()
        raise ValueError(sentence)

    return wrapper
