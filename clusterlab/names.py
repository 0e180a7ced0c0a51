"""How messages and sentences show names and values: suggestions, lists, shares, cut values."""

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np


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

    See Also
    --------
    clusterlab.parameters.chosen : an argument that must be one of its choices.

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


def shown(value: Any) -> str:
    """Return a value as a message shows it: numbers as people write them, long text cut.

    Parameters
    ----------
    value : object
        A cell, a label or an argument.

    Returns
    -------
    str

    See Also
    --------
    named : several labels.

    Examples
    --------
    >>> shown(np.float64(2.50)), shown("Napa")
    ('2.5', "'Napa'")
    """
    if isinstance(value, float | np.number) and not isinstance(value, complex):
        return f"{value:g}"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 60 else f"{text[:50]}… ({len(text):,} characters)"


def named(labels: Iterable, one: str, many: str) -> str:
    """Return labels as a message lists them: the first five, and how many there are.

    Parameters
    ----------
    labels : iterable
        The labels, at least one.
    one, many : str
        What one of them and several of them are.

    Returns
    -------
    str

    See Also
    --------
    shown : one value.

    Examples
    --------
    >>> named(["Napa"], "region", "regions"), named([1, 2], "region", "regions")
    ("region 'Napa'", '2 regions (1, 2)')
    """
    labels = list(labels)
    if len(labels) == 1:
        return f"{one} {shown(labels[0])}"
    some = ", ".join(map(shown, labels[:5]))
    return f"{len(labels)} {many} ({some}{', …' if len(labels) > 5 else ''})"


def listed(parts: Sequence[str]) -> str:
    """Return parts of a sentence as a list in words.

    Parameters
    ----------
    parts : sequence of str
        At least one.

    Returns
    -------
    str

    See Also
    --------
    percent : A share in words.

    Examples
    --------
    >>> listed(["wine", "shoes", "glass"])
    'wine, shoes and glass'
    """
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def percent(share: float) -> str:
    """Return a share in whole per cent; none and all are said only where they are exact.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Returns
    -------
    str

    See Also
    --------
    listed : Several in one sentence.

    Examples
    --------
    >>> percent(0.004), percent(0.42), percent(1)
    ('under 1%', '42%', '100%')
    """
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else f"{share:.0%}"
