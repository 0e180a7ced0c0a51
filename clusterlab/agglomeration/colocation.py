"""Coagglomeration: do two industries, or a group of them, choose the same regions.

The index of Ellison and Glaeser (1997) for a group and the pairwise form of Ellison, Glaeser and
Kerr (2010). Plant sizes cancel out of both, so the table of regions and industries is enough.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.agglomeration.concentration import refuse_other_places


def coagglomeration(table: pd.DataFrame, *, reference: str | pd.Series = "total") -> pd.DataFrame:
    r"""Measure how far each pair of industries is found in the same regions.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions (index) by industries (columns), employment.
    reference : {"total", "mean"} or pandas.Series
        What an industry is compared with, :math:`x_m`: ``"total"``, the region's share of all
        jobs in the table (Ellison and Glaeser 1997); ``"mean"``, the mean over industries of
        their shares in the region (Ellison, Glaeser and Kerr 2010); or a series of your own, one
        non-negative value for each region of the table, by label, for instance total employment
        where the table holds manufacturing only.

    Returns
    -------
    pandas.DataFrame
        Industries by industries, symmetric. Zero where the two choose regions independently,
        positive where they are found together, negative where they avoid each other. The
        diagonal is the same sum for an industry with itself, its raw concentration
        :math:`G/(1-\sum x^2)`; it is not a γ, because plant size does not cancel there.

    Raises
    ------
    ValueError
        An industry is present nowhere, all activity of the reference is in one region, or the
        reference does not fit the table.

    See Also
    --------
    coagglomeration_group : one number for a group.
    clusterlab.agglomeration.relatedness : by presence instead of jobs.
    clusterlab.agglomeration.plots.plot_partners : one industry with all others.

    Notes
    -----
    With :math:`s_{mi}` the share of industry i's jobs found in region m,

    .. math:: \gamma^c_{ij} =
        \frac{\sum_m (s_{mi} - x_m)(s_{mj} - x_m)}{1 - \sum_m x_m^2}.

    All pairs at once are one matrix product.

    References
    ----------
    Ellison, G., Glaeser, E. L. and Kerr, W. R. (2010). What causes industry agglomeration?
    Evidence from coagglomeration patterns. *American Economic Review* 100(3), 1195–1213, eq. (1).

    Examples
    --------
    >>> jobs = pd.DataFrame({"boats": [60, 40, 0], "sails": [50, 50, 0], "bread": [10, 20, 70]},
    ...                     index=["coast", "port", "inland"])
    >>> round(float(coagglomeration(jobs).loc["boats", "sails"]), 4)
    0.1212
    """
    table = tables.check(table, minimum_regions=2, empty_regions=True)
    away, room = _departures(table, reference)
    return pd.DataFrame((away.T @ away) / room, index=table.columns, columns=table.columns)


def coagglomeration_group(
    table: pd.DataFrame, industries: Sequence | None = None, *, reference: str | pd.Series = "total"
) -> float:
    r"""Measure how far a group of industries is found in the same regions.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions (index) by industries (columns), employment. Give the whole table: the reference
        is taken from all of it.
    industries : sequence, optional
        The group, two or more columns of the table; all columns by default.
    reference : {"total", "mean"} or pandas.Series
        As in `coagglomeration`.

    Returns
    -------
    float
        γᶜ: zero where the group's industries are no closer to each other than chance, one where
        the whole group follows the same spillover.

    Raises
    ------
    ValueError
        Fewer than two industries, one listed twice or not in the table, or what `coagglomeration`
        refuses.

    See Also
    --------
    coagglomeration : every pair.
    clusterlab.agglomeration.ellison_glaeser : γ of each industry by itself.

    Notes
    -----
    With :math:`w_j` industry j's share of the group's jobs, G and H the raw concentration and the
    plant Herfindahl index of the group as a whole, and :math:`\gamma_j`, :math:`H_j` those of its
    industries,

    .. math:: \gamma^c = \frac{G/(1-\sum_m x_m^2) - H - \sum_j \gamma_j w_j^2 (1-H_j)}
                              {1 - \sum_j w_j^2}.

    Because :math:`\gamma_j(1-H_j) = G_j/(1-\sum x^2) - H_j` and :math:`H=\sum_j w_j^2 H_j`, all
    plant sizes cancel and what is computed is

    .. math:: \gamma^c = \frac{G - \sum_j w_j^2 G_j}{(1-\sum_m x_m^2)(1-\sum_j w_j^2)},

    which for a pair is `coagglomeration` exactly.

    References
    ----------
    Ellison, G. and Glaeser, E. L. (1997). Geographic concentration in U.S. manufacturing
    industries: a dartboard approach. *Journal of Political Economy* 105(5), 889–927, section V.

    Examples
    --------
    >>> jobs = pd.DataFrame({"boats": [60, 40, 0], "sails": [50, 50, 0], "bread": [10, 20, 70]},
    ...                     index=["coast", "port", "inland"])
    >>> pair = coagglomeration_group(jobs, ["boats", "sails"])
    >>> bool(np.isclose(pair, coagglomeration(jobs).loc["boats", "sails"]))
    True
    """
    table = tables.check(table, minimum_regions=2, empty_regions=True)
    if isinstance(industries, str) or not (industries is None or np.iterable(industries)):
        raise ValueError(
            f"industries is {industries!r}, but a list of two or more columns is needed."
        )
    group = list(table.columns) if industries is None else list(industries)
    tables.need_columns(table.columns, group, "the table")
    if len(group) < 2 or len(set(group)) < len(group):
        raise ValueError(
            f"industries: a group is two or more different industries, found {group!r}."
        )
    away, room = _departures(table, reference)
    away = away[:, table.columns.get_indexer(group)]
    weight = table[group].sum().to_numpy()
    weight = weight / weight.sum()
    between = np.sum((away @ weight) ** 2) - weight**2 @ np.sum(away**2, axis=0)
    return float(between / (room * (1 - weight @ weight)))


def _departures(table: pd.DataFrame, reference: str | pd.Series) -> tuple[np.ndarray, float]:
    """Return s − x (regions by industries) and 1 − Σx²."""
    jobs = table.to_numpy()
    share = jobs / jobs.sum(axis=0)
    if isinstance(reference, pd.Series):
        x = tables.align(reference, table.index, what="reference").to_numpy()
        refuse_other_places(reference, table.index, "reference")
        if not x.sum() > 0:
            raise ValueError("reference: all its values are zero; a region above zero is needed.")
    elif not isinstance(reference, str) or reference not in ("total", "mean"):
        raise ValueError(
            f"reference is {reference!r:.60}, but it must be 'total', 'mean' or a Series with one "
            "number a region."
        )
    else:
        x = jobs.sum(axis=1) if reference == "total" else share.mean(axis=1)
    x = x / x.sum()
    room = 1 - x @ x
    if room <= 1e-15:
        region = table.index[int(np.argmax(x))]
        raise ValueError(f"all activity of the reference is in region {region!r}; compare several.")
    share -= x[:, None]
    return share, float(room)
