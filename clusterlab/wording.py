"""Words that sentences under pictures share: lists and shares."""

from collections.abc import Sequence

__all__ = ["listed", "percent"]


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
