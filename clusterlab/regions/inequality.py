"""How unequal regions are, and how much of that lies between groups of them: Theil's two indices.

The Gini coefficient of the same incomes is `clusterlab.agglomeration.gini`, which has no such
decomposition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import kl_div

from clusterlab import tables
from clusterlab.names import named, shown
from clusterlab.parameters import chosen, need
from clusterlab.results import Result

Index = Literal["T", "L"]

_NOISE = 1e-12  # an index below this is what rounding leaves of equal incomes


@dataclass(frozen=True, repr=False)
class Inequality(Result):
    """A Theil index of regions' incomes, year by year, and its parts.

    Attributes
    ----------
    index : str
        "T" or "L".
    parts : pandas.DataFrame
        By year: ``total`` and, with groups, ``between`` and ``within``, which add up to it.
    groups : pandas.DataFrame or None
        By year and group: its shares of all ``people`` (of regions, without weights) and of all
        ``income``, the ``index`` of its own regions, the ``part`` it gives to ``within``, and that
        as ``share`` of the total (NaN where incomes are all equal).
    """

    index: str
    parts: pd.DataFrame
    groups: pd.DataFrame | None

    def to_frame(self) -> pd.DataFrame:
        """Return the parts by year, with ``share between``; NaN where all incomes are equal."""
        if self.groups is None:
            return self.parts.copy()
        total = self.parts["total"]
        share = self.parts["between"] / total.where(total > _NOISE)
        return self.parts.assign(**{"share between": share})


def theil(
    values: pd.DataFrame | pd.Series,
    *,
    groups: pd.Series | Mapping | None = None,
    weights: pd.Series | pd.DataFrame | None = None,
    index: Index = "T",
) -> Inequality:
    r"""Return Theil's T or L of regions' incomes, and how much lies between groups of regions.

    Parameters
    ----------
    values : pandas.DataFrame or pandas.Series
        Income per head: regions x years, or one year.
    groups : pandas.Series or mapping, optional
        The group of each region, by label.
    weights : pandas.Series or pandas.DataFrame, optional
        People of each region, by label: one number for all years, or a column for each year (other
        years are not read). By default every region counts the same, however many live there.
    index : {"T", "L"}
        T weighs a group by its income, L (the mean log deviation) by its people.

    Returns
    -------
    Inequality

    Raises
    ------
    ValueError
        No table; an income missing or negative, or zero for L (with region and year); a year
        without income; weights or groups of other regions, a weight that is not above zero, a
        region without a group.

    See Also
    --------
    convergence : whether poorer regions grow faster.
    clusterlab.agglomeration.gini : a measure without parts.

    Notes
    -----
    With :math:`p_i` the share of region i in all people, :math:`y_i` its income per head,
    :math:`\mu = \sum_i p_i y_i` the mean and :math:`r_i = y_i/\mu`,

    .. math:: T = \sum_i p_i r_i \ln r_i, \qquad L = -\sum_i p_i \ln r_i.

    For groups g of people's share :math:`P_g` and mean :math:`\mu_g = m_g \mu`, exactly

    .. math:: T = \sum_g P_g m_g T_g + \sum_g P_g m_g \ln m_g, \qquad
              L = \sum_g P_g L_g - \sum_g P_g \ln m_g,

    within first, then between. :math:`0 \ln 0 = 0`, so T takes an income of zero and is at most
    ln n with equal weights; L would be infinite. A group in which nobody has income is equal
    within. With one group all lies within; with one region a group, between.

    Both are computed as sums of :math:`r\ln r - r + 1` and :math:`r - 1 - \ln r`, which are the
    same because the mean of r is 1: no term is below zero, so equal incomes give 0, not the
    rounding of a mean.

    Regions are not persons: what lies between the people of one region is in neither part.

    References
    ----------
    Theil (1967), Economics and Information Theory, chapter 4; Shorrocks (1980), Econometrica 48(3):
    from general knowledge.

    Examples
    --------
    >>> incomes = pd.Series({"a": 1, "b": 3, "c": 4, "d": 8})
    >>> found = theil(incomes, groups={"a": "west", "b": "west", "c": "east", "d": "east"})
    >>> found.to_frame().round(4).iloc[0].to_dict()
    {'total': 0.206, 'between': 0.1308, 'within': 0.0752, 'share between': 0.635}
    """
    chosen("index", index, get_args(Index))
    if isinstance(values, pd.Series):
        values = values.to_frame("income" if values.name is None else values.name)
    table = tables.check_values(values, rows="region", columns="year")
    years = table.columns[table.sum() == 0]
    if len(years):
        raise ValueError(f"{named(years, 'year', 'years')} without any income.")
    income = table.to_numpy()
    if index == "L" and (income == 0).any():
        row, column = np.argwhere(income == 0)[0]
        where = f"region {table.index[row]!r}, year {shown(table.columns[column])}"
        raise ValueError(f"{where}: income is 0, of which L has no logarithm; take index='T'.")
    share = _shares(weights, table)
    names = pd.Series("all", table.index) if groups is None else _groups(groups, table.index)
    codes, found = pd.factorize(names, sort=False)
    member = (codes == np.arange(len(found))[:, None]).astype(float)
    mean = (share * income).sum(axis=0)
    people = member @ share
    relative = member @ (share * income) / people / mean
    own = (relative * mean)[codes]
    from_own = np.divide(income, own, out=np.ones_like(income), where=own > 0)
    inside = member @ (share * _divergence(from_own, index)) / people
    part = inside * people * (relative if index == "T" else 1)
    total = (share * _divergence(income / mean, index)).sum(axis=0)
    parts = pd.DataFrame({"total": total}, table.columns)
    if groups is None:
        return Inequality(index=index, parts=parts, groups=None)
    parts["between"] = (people * _divergence(relative, index)).sum(axis=0)
    parts["within"] = part.sum(axis=0)
    each = {"people": people, "income": people * relative, "index": inside, "part": part}
    each["share"] = part / np.where(total > _NOISE, total, np.nan)
    axes = pd.MultiIndex.from_product([table.columns, found], names=["year", "group"])
    each = {name: np.broadcast_to(cells, part.shape).T.ravel() for name, cells in each.items()}
    return Inequality(index=index, parts=parts, groups=pd.DataFrame(each, axes))


def _divergence(ratio: np.ndarray, index: str) -> np.ndarray:
    """Return the terms of an index, none below zero: see the notes of `theil`."""
    return kl_div(ratio, 1) if index == "T" else kl_div(1, ratio)


def _shares(weights: Any, table: pd.DataFrame) -> np.ndarray:
    """Return each region's share of people: one column, or one for each year."""
    if weights is None:
        return np.full((len(table), 1), 1 / len(table))
    columns = [weights]
    if isinstance(weights, pd.DataFrame):
        tables.need_columns(weights.columns, table.columns, "the table of weights")
        columns = [weights[year] for year in table.columns]
    given = [tables.align(each, table.index, what="weights") for each in columns]
    _same_regions(weights.index, table.index, "weights")
    for each in given:
        if (each == 0).any():
            raise ValueError(f"weights: region {each.idxmin()!r} has 0; more than zero is needed.")
    people = np.column_stack(given)
    return people / people.sum(axis=0)


def _groups(groups: Any, regions: pd.Index) -> pd.Series:
    """Return the group of each region in the order of the table."""
    given = pd.Series(groups, dtype=object) if isinstance(groups, Mapping) else groups
    need(isinstance(given, pd.Series), "groups", "a Series of group names by region", groups)
    _same_regions(given.index, regions, "groups")
    found = tables.labels(given.reindex(regions), "groups: names")
    say = "groups: region {row} has no group."
    tables.refuse_gaps(found.to_frame("group"), ["group"], lambda row: shown(regions[row]), say)
    return found


def _same_regions(there: pd.Index, regions: pd.Index, what: str) -> None:
    """Refuse regions that are listed twice, missing, or not in the table."""
    for labels, how in (
        (there[there.duplicated()].unique(), "listed more than once"),
        (regions.difference(there, sort=False), "missing"),
        (there.difference(regions, sort=False), "not in the table"),
    ):
        if len(labels):
            verb = "is" if len(labels) == 1 else "are"
            raise ValueError(f"{what}: {named(labels, 'region', 'regions')} {verb} {how}.")
