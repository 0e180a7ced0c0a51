"""The types of district, what distinguishes them, and how they produce collective goods."""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

import pandas as pd

from clusterlab import datasets
from clusterlab.names import did_you_mean
from clusterlab.parameters import chosen

District = Literal["Marshallian", "hub-and-spoke", "satellite", "state-anchored"]
#: The four types, in the order in which every table and membership lists them.
TYPES: tuple[str, ...] = get_args(District)
#: Who leads → the type that this one question points to.
LEADERS = {
    "none": "Marshallian",
    "hub": "hub-and-spoke",
    "parent elsewhere": "satellite",
    "state": "state-anchored",
}


def types_table(show: str = "level") -> pd.DataFrame:
    """Return the document's table of features: 19 features by 4 types.

    Parameters
    ----------
    show : {"level", "code", "condition"}
        Words; places on an ordered scale (none 0 … high 3, missing where the levels have no
        order); or the qualifications noted at a cell (empty where there is none).

    Returns
    -------
    pandas.DataFrame
        Indexed by feature, one column a type. Leadership, which the text names beside the
        table, is in `LEADERS`.

    Raises
    ------
    ValueError
        An unknown ``show``.

    See Also
    --------
    distinct : which pairs of types each feature tells apart.
    levels : the levels as `membership` takes them.

    References
    ----------
    guerrieri-pietrobelli-2001, Table 1. Words and codes are ours; ``datasets.provenance(
    "district_types")`` says how cells were read.

    Examples
    --------
    >>> types_table().shape
    (19, 4)
    >>> types_table().loc["contract length"].tolist()
    ['long', 'long', 'short', 'short']
    """
    chosen("types_table: show", show, ("level", "code", "condition"))
    cells = datasets.load("district_types")
    table = _by_type(cells[cells["where"] == "Table 1"], show)
    return table.fillna("") if show == "condition" else table


def distinct() -> pd.DataFrame:
    """Return which pairs of types each feature tells apart.

    Leadership comes first: the document suggests that, to simplify, one may look at it as the one
    key. It tells all six pairs apart; so do eight rows of the table.

    Returns
    -------
    pandas.DataFrame
        One row a feature, one column a pair of types: True where their levels differ.

    See Also
    --------
    types_table : the levels themselves.

    Examples
    --------
    >>> distinct().loc["contract length"].tolist()
    [False, True, True, True, True, False]
    """
    levels = _by_type(datasets.load("district_types"), "level")
    levels = levels.loc[["leadership", *levels.index.drop("leadership")]]
    pairs = [(one, other) for i, one in enumerate(TYPES) for other in TYPES[i + 1 :]]
    apart = {f"{one} / {other}": levels[one] != levels[other] for one, other in pairs}
    return pd.DataFrame(apart)


def modes_table() -> pd.DataFrame:
    """Return the three modes of producing local collective competition goods.

    Returns
    -------
    pandas.DataFrame
        Indexed by mode.

    See Also
    --------
    collective_goods : how the goods of a place divide among them.

    References
    ----------
    whitford-potter-2007, section 3, on Crouch and others (2001).

    Examples
    --------
    >>> modes_table()["governance"].tolist()
    ['community', 'hierarchy', 'market']
    """
    return datasets.load("collective_goods_modes").fillna("").set_index("mode")


def collective_goods(providers: Mapping[str, str | Iterable[str]]) -> pd.Series:
    """Return the share of a place's collective goods that each mode produces.

    Parameters
    ----------
    providers : mapping
        Good (training, export marketing, a testing laboratory) → who takes the lead in providing
        it: ``"community"``, ``"hierarchy"`` or ``"market"``, or several, each once, where the lead
        is shared.

    Returns
    -------
    pandas.Series
        Indexed by mode, adding up to 1; the first is the leading mode.

    Raises
    ------
    ValueError
        No goods, a provider that is not one of the three, or one named twice for a good.

    See Also
    --------
    modes_table : the three modes.

    Notes
    -----
    Each good counts once, and equally for each of those who share its lead. The three modes are
    the document's; counting goods is ours.

    References
    ----------
    whitford-potter-2007, section 3.

    Examples
    --------
    >>> collective_goods({"training": "community", "tests": ["community", "market"]})
    mode
    industrial district    0.75
    empirical cluster      0.25
    networked firm         0.00
    Name: share, dtype: float64
    """
    if not isinstance(providers, Mapping):
        raise ValueError(
            f"collective_goods: providers is {providers!r}, but it must be a mapping of goods, "
            "for instance {'training': 'community'}."
        )
    if not providers:
        raise ValueError("collective_goods: no goods are named.")
    modes = {row.governance: mode for mode, row in modes_table().iterrows()}
    shares = dict.fromkeys(modes.values(), 0.0)
    for good, named in providers.items():
        several = isinstance(named, Iterable) and not isinstance(named, str)
        lead = list(named) if several else [named]
        if len(set(map(str, lead))) < len(lead):
            raise ValueError(f"collective_goods: {good!r} names a provider twice: {lead}.")
        if not lead:
            raise ValueError(f"collective_goods: nobody is named for {good!r}.")
        for who in lead:
            if not isinstance(who, str) or who not in modes:
                raise ValueError(
                    f"collective_goods: {good!r} is provided by {who!r}, expected "
                    f"{', '.join(modes)}{did_you_mean(who, modes)}"
                )
            shares[modes[who]] += 1 / len(lead) / len(providers)
    result = pd.Series(shares, name="share").rename_axis("mode")
    return result.sort_values(ascending=False, kind="stable")


def _by_type(cells: pd.DataFrame, column: str) -> pd.DataFrame:
    order = list(dict.fromkeys(cells["feature"]))
    table = cells.pivot(index="feature", columns="type", values=column)  # noqa: PD010
    return table.loc[order, list(TYPES)].rename_axis(columns=None)
