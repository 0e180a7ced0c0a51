"""What is said about a name that is not known."""

import difflib
from collections.abc import Iterable
from typing import Any

__all__ = ["did_you_mean"]


def did_you_mean(name: Any, known: Iterable, otherwise: str = "") -> str:
    """Return the end of a sentence about an unknown name: the nearest known one, if any is near.

    Near is a known name that begins with the given one, or one of which at least half the letters
    agree; capitals and spaces around do not count.

    Parameters
    ----------
    name : object
        The name that was not found.
    known : iterable
        Names there are.
    otherwise : str
        Words before the list of what there is (up to twelve) where nothing is near, for instance
        ``"there are"``; without them the sentence just ends.

    Returns
    -------
    str

    Examples
    --------
    >>> f"there is no measure 'hover'{did_you_mean('hover', ['gini', 'hoover'])}"
    "there is no measure 'hover'; did you mean 'hoover'?"
    >>> did_you_mean("hub", ["satellite", "hub-and-spoke"])
    "; did you mean 'hub-and-spoke'?"
    >>> did_you_mean("x", ["gini", "hoover"], "there are")
    '; there are gini, hoover.'
    """
    names = list(dict.fromkeys(map(str, known)))
    folded = {entry.casefold().strip(): entry for entry in names}
    given = str(name).casefold().strip()
    begun = [entry for entry in folded if given and entry.startswith(given)]
    near = begun or difflib.get_close_matches(given, folded, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {folded[near[0]]!r}?"
    if not otherwise:
        return "."
    return f"; {otherwise} {', '.join(names[:12])}{', …' if len(names) > 12 else ''}."
