"""How alike industries are: in the same places, dealing with each other, with the same trades.

In the way of Delgado, Porter and Stern (2016): several tables of industries by industries, each
standardised, and their mean. `square` is what every reader of such a table checks.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.agglomeration import coagglomeration
from clusterlab.names import named, shown
from clusterlab.results import Result


@dataclass(frozen=True, repr=False)
class Similarity(Result):
    """How alike each pair of industries is; see `similarity`.

    Attributes
    ----------
    mean : pandas.DataFrame
        Industries by industries: the mean of the parts. NaN on the diagonal, since an industry is
        no pair.
    parts : dict of str to pandas.DataFrame
        Each part, standardised: over all pairs its mean is 0 and its standard deviation 1.
    """

    mean: pd.DataFrame
    parts: dict[str, pd.DataFrame]

    def __repr__(self) -> str:
        return f"Similarity({len(self.mean)} industries; mean of {', '.join(self.parts)})"


def similarity(
    table: pd.DataFrame,
    *,
    establishments: pd.DataFrame | None = None,
    flows: pd.DataFrame | None = None,
    concordance: pd.Series | None = None,
    occupations: pd.DataFrame | None = None,
) -> Similarity:
    r"""Say how alike industries are, from where they are, what they deal in and whom they employ.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions (index) by industries (columns), employment; every cell known. A table with
        ``absent="zero"`` holds 0 where nothing was published: what is alike is then the published
        part, and two industries that are often left out in the same small regions look alike
        for that reason too.
    establishments : pandas.DataFrame, optional
        The same regions and industries, number of establishments.
    flows : pandas.DataFrame, optional
        Accounts by accounts: what the row sells to the column, from 0 up.
    concordance : pandas.Series, optional
        Account of each industry; it may hold more industries than the table. By default the
        industries are the accounts.
    occupations : pandas.DataFrame, optional
        Industries by occupations, employment; it may hold more industries than the table.

    Returns
    -------
    Similarity

    Raises
    ------
    ValueError
        An unknown or negative cell; fewer than three regions or industries; labels that differ
        between the tables; industries without an account, or accounts that ``flows`` lacks (all are
        counted, the first named); an industry of the same size in every region; a part that is the
        same for every pair.

    See Also
    --------
    define : groups of industries that are alike.
    boundary : what belongs to one of them.
    clusterlab.agglomeration.coagglomeration : one of the parts.
    clusterlab.agglomeration.relatedness : by presence instead of jobs.

    Notes
    -----
    Employment and establishments: the **locational correlation** of a pair is Pearson's correlation
    of its two columns over regions. Large regions have much of everything, so most pairs correlate;
    standardising takes off their mean. Coagglomeration: :math:`\gamma^c` of Ellison, Glaeser and
    Kerr (2010), which compares with the regions' shares of all jobs.

    Input–output: with :math:`F_{ab}` the sales of account a to b,

    .. math:: L_{ab} = \max\Big(\frac{F_{ab}}{F_{\cdot b}}, \frac{F_{ba}}{F_{\cdot a}},
        \frac{F_{ab}}{F_{a\cdot}}, \frac{F_{ba}}{F_{b\cdot}}\Big),

    the largest of two shares of inputs and two of sales; a share of nothing is 0. The base are
    the purchases and sales within ``flows``. A pair of industries gets the link of its accounts.
    That is also so inside one account, which gets its sales to itself, :math:`L_{aa}`: who deals
    with whom in there is not known, and neither nothing nor the strongest link could be argued for.

    Occupations: correlation of the shares of occupations in two industries' employment.

    Each part is standardised over the pairs i < j, and the parts weigh alike in the mean.

    Where the paper takes the largest and where the mean of the four shares was not looked up; the
    largest is what Ellison, Glaeser and Kerr (2010) do. The paper leaves industries that serve
    their own region out beforehand; here that is for the user to do.

    References
    ----------
    Delgado, M., Porter, M. E. and Stern, S. (2016). Defining clusters of related industries.
    *Journal of Economic Geography* 16(1), 1–38; cited from general knowledge and its abstract.
    Ellison, G., Glaeser, E. L. and Kerr, W. R. (2010). What causes industry agglomeration?
    *American Economic Review* 100(3), 1195–1213. For the question: porter-2000, "What is a
    cluster".

    Examples
    --------
    >>> jobs = pd.DataFrame({"boats": [60, 40, 5], "sails": [50, 50, 0], "bread": [10, 20, 70]},
    ...                     index=["coast", "port", "inland"])
    >>> found = similarity(jobs)
    >>> found
    Similarity(3 industries; mean of employment, coagglomeration)
    >>> found.mean.loc["boats"].idxmax()
    'sails'
    """
    table = tables.check(table, minimum_regions=3, empty_regions=True)
    industries = table.columns
    if len(industries) < 3:
        raise ValueError(
            f"the table has {len(industries)} industries, but pairs are compared with other pairs, "
            "for which at least 3 are needed."
        )
    parts = {"employment": _correlated(table, "the table")}
    if establishments is not None:
        counts = tables.check(establishments, empty_regions=True)
        counts = _same(counts, table.index, industries, "establishments")
        parts["establishments"] = _correlated(counts, "establishments")
    parts["coagglomeration"] = coagglomeration(table).to_numpy()
    if flows is not None:
        parts["input–output"] = _linked(flows, industries, concordance)
    elif concordance is not None:
        raise ValueError("concordance is given without flows: it says whose flows are whose.")
    if occupations is not None:
        shares = tables.check_values(occupations, rows="industry", columns="occupation")
        refuse_absent(industries, shares.index, "occupations has no row for")
        shares = shares.loc[industries]
        # a correlation of shares is that of the numbers: the total of a row only changes the unit
        parts["occupations"] = _correlated(shares.T, "occupations")
    told = {
        name: pd.DataFrame(_standard(part, name), industries, industries)
        for name, part in parts.items()
    }
    return Similarity(mean=sum(told.values()) / len(told), parts=told)  # type: ignore[arg-type]


def _correlated(table: pd.DataFrame, what: str) -> np.ndarray:
    """Return the correlation of each pair of columns."""
    values = table.to_numpy()
    varied = np.ptp(values, axis=0) > 1e-12 * np.abs(values).max(axis=0)
    words = f"{what}: there is no correlation where all values are the same, as in"
    refuse_absent(table.columns, table.columns[varied], words)
    return np.corrcoef(values, rowvar=False)


def _linked(flows: Any, industries: pd.Index, concordance: Any) -> np.ndarray:
    """Return the strongest of the four shares of each pair of industries."""
    found = tables.check_values(flows, rows="account", columns="account")
    found = _same(found, found.index, found.index, "flows")
    if concordance is None:
        concordance = pd.Series(industries, industries)
    elif not isinstance(concordance, pd.Series):
        kind = type(concordance).__name__
        raise ValueError(f"concordance must be a Series from industry to account, got a {kind}.")
    tables.check_labels(concordance.index, "industry of concordance")
    refuse_absent(industries, concordance.index, "concordance has no account for")
    account = concordance[industries]
    known = industries[account.isin(found.index)]
    advice = "; give concordance=, a Series with the account of each industry as flows calls it."
    refuse_absent(industries, known, "flows has no account for", advice)
    sales = found.to_numpy()
    shares = [_shares(sales, axis) for axis in (0, 1)]
    link = np.maximum.reduce([*shares, *(share.T for share in shares)])
    where = found.index.get_indexer(account)
    return link[np.ix_(where, where)]


def _shares(sales: np.ndarray, axis: int) -> np.ndarray:
    total = sales.sum(axis=axis, keepdims=True)
    return np.divide(sales, total, out=np.zeros_like(sales), where=total > 0)


def _standard(part: np.ndarray, name: str) -> np.ndarray:
    """Return a part with mean 0 and standard deviation 1 over its pairs, each counted once."""
    pairs = part[np.triu_indices(len(part), 1)]
    if not pairs.std() > 1e-12 * np.abs(pairs).max():
        raise ValueError(f"{name} is the same for every pair of industries: leave it out.")
    result = (part - pairs.mean()) / pairs.std()
    np.fill_diagonal(result, np.nan)
    return result


def square(ties: Any, what: str) -> pd.DataFrame:
    """Return a symmetric table of ties, columns in the order of the rows, with an empty diagonal.

    Parameters
    ----------
    ties : pandas.DataFrame
        The same labels as index and as columns, in any order; finite numbers off the diagonal.
    what : str
        What the table is called, for the message.

    Returns
    -------
    pandas.DataFrame
        A copy as floats with NaN on the diagonal.

    Raises
    ------
    ValueError
        No frame; labels on one side only, repeated or empty; a cell that is no finite number; a
        pair whose two cells differ.

    See Also
    --------
    similarity : makes such a table.
    """
    tables.need_frame(ties, what, "the same labels as rows and as columns")
    ties = _same(ties, ties.index, ties.index, what)
    if all(getattr(kind, "kind", "") == "f" for kind in ties.dtypes):  # ten times as fast
        values = ties.to_numpy(float, copy=True)
    else:
        values = np.column_stack([tables.numbers(ties[name])[0] for name in ties])
    np.fill_diagonal(values, 0)
    for wrong, how in (
        (~np.isfinite(values), "is no finite number"),
        (
            np.abs(values - values.T) > 1e-9 * np.nanmax(np.abs(values), initial=0),
            "is not that of the pair the other way round; take the larger or the mean of both",
        ),
    ):
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            cell = f"row {ties.index[row]!r}, column {ties.index[column]!r}"
            raise ValueError(f"{what}: {cell} {how} (it is {shown(ties.iloc[row, column])}).")
    np.fill_diagonal(values, np.nan)
    return pd.DataFrame(values, ties.index, ties.index)


def _same(table: pd.DataFrame, index: pd.Index, columns: pd.Index, what: str) -> pd.DataFrame:
    """Return a table in the order of other labels, which must be the very same."""
    for own, wanted, side in ((table.index, index, "row"), (table.columns, columns, "column")):
        tables.check_labels(own, f"{side} of {what}")
        refuse_absent(wanted, own, f"{what} has no {side} for")
        refuse_absent(own, wanted, f"{what} has one {side} more, for")
    return table.loc[index, columns]


def refuse_absent(wanted: pd.Index, there: pd.Index, words: str, end: str = ".") -> None:
    """Raise ValueError that names the labels which are not there."""
    if len(lost := wanted.difference(there, sort=False)):
        raise ValueError(f"{words} {named(lost, 'the label', 'labels')}{end}")
