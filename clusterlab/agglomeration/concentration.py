"""The classical measures of how unevenly an industry is spread or a region is divided.

Each takes one list of numbers or a whole region x industry table, and says
in its docstring which convention it follows where packages disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.agglomeration.quotient import quotients, refuse_unknown, refuse_zero
from clusterlab.parameters import chosen
from clusterlab.results import Result

Numbers: TypeAlias = pd.DataFrame | pd.Series | np.ndarray | Sequence[float]
Of: TypeAlias = Literal["industry", "region"]


class ByLabel:
    """What a result has whose fields are one Series each, with the same labels."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row a label, one column a field; what is not known is left out."""
        parts = {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]
        return pd.DataFrame({n: part for n, part in parts.items() if isinstance(part, pd.Series)})


@dataclass(frozen=True, repr=False)
class Herfindahl(Result):
    """Herfindahl index with its two usual transforms; floats, or one Series each.

    Attributes
    ----------
    value : float or pandas.Series
        Sum of squared shares.
    normalised : float or pandas.Series
        0 for equal shares, 1 for all in one place.
    equivalent_number : float or pandas.Series
        How many places of equal size would give the same index.
    """

    value: Any
    normalised: Any
    equivalent_number: Any

    def to_frame(self) -> pd.DataFrame:
        """Return one row an industry (or region), or a single row."""
        one = None if isinstance(self.value, pd.Series) else [0]
        return pd.DataFrame(vars(self), index=one)


def herfindahl(values: Numbers, *, of: Of = "industry") -> Herfindahl:
    r"""Return the Herfindahl index, its normalised form and the equivalent number.

    Parameters
    ----------
    values : table or list of numbers
        A regions x industries table, or one list (at least two numbers, zeros included).
    of : {"industry", "region"}
        For a table: the concentration of each industry over regions, or of each region over
        industries.

    Returns
    -------
    Herfindahl

    Raises
    ------
    ValueError
        A bad table, fewer than two numbers, or only zeros.

    See Also
    --------
    gini : inequality of shares instead of their size.
    clusterlab.agglomeration.plant_sizes : the same index over plants.

    Notes
    -----
    :math:`H = \sum_i s_i^2` with shares :math:`s_i`; normalised :math:`(H - 1/n)/(1 - 1/n)` with n
    the number of places listed, empty ones included; equivalent number :math:`1/H`.

    References
    ----------
    O. C. Herfindahl (1950); the equivalent number is due to M. A. Adelman (1969). Author and year
    are given from general knowledge.

    Examples
    --------
    >>> result = herfindahl([20, 50, 20, 10])
    >>> round(result.value, 2), round(result.normalised, 2), round(result.equivalent_number, 2)
    (0.34, 0.12, 2.94)
    """
    columns, labels, _ = _columns(values, of)
    index, n = herfindahl_of(columns), len(columns)
    return Herfindahl(
        value=_labelled(index, labels, "herfindahl"),
        normalised=_labelled((index - 1 / n) / (1 - 1 / n), labels, "normalised"),
        equivalent_number=_labelled(1 / index, labels, "equivalent_number"),
    )


def herfindahl_of(columns: np.ndarray) -> np.ndarray:
    """Return the Herfindahl index of each column of checked numbers."""
    shares = columns / columns.sum(axis=0)
    return (shares**2).sum(axis=0)


def gini(
    values: Numbers,
    reference: Any = None,
    *,
    of: Of = "industry",
    corrected: bool = False,
    scale: Literal["ratio", "area"] = "ratio",
) -> Any:
    r"""Return the Gini coefficient, against equal shares or against a reference distribution.

    Parameters
    ----------
    values : table or list of numbers
        A regions x industries table, or one list. With a reference, what has unknown cells (NaN)
        stays without a value, and the result's note counts it.
    reference : pandas.Series or list of numbers, optional
        Sizes to compare with: a Series with the labels of ``values``, in any order, or a list with
        one number for each place. By default all places count the same.
    of : {"industry", "region"}
        For a table: one coefficient for each industry, or for each region.
    corrected : bool
        Multiply by n/(n−1), so that all in one place gives 1. Only without a reference.
    scale : {"ratio", "area"}
        "ratio": the area between the Lorenz curve and the diagonal as a share of the triangle, 0 to
        1. "area": the area itself, half as large.

    Returns
    -------
    float or pandas.Series

    Raises
    ------
    ValueError
        A bad table, only zeros, a reference of another length, with other labels or with zeros, or
        ``corrected`` with a reference, for which no such factor is meant.

    See Also
    --------
    lorenz_curve : the curve it measures.
    locational_gini : of location quotients.
    hoover : the largest gap of the same curve.

    Notes
    -----
    Places are ordered by their ratio of value share :math:`s` to reference share :math:`p`. With
    :math:`S_k` the cumulated value shares,

    .. math:: G = 1 - \sum_k p_k\,(S_k + S_{k-1}).

    Conventions: most packages report the ratio without correction (the default here); others
    multiply by n/(n−1), or report the area.

    Examples
    --------
    >>> round(gini([0, 10, 10, 30, 50], [10, 15, 20, 25, 30]), 2)
    0.31
    >>> round(gini([0, 0, 0, 1], corrected=True), 12)
    1.0
    """
    columns, labels, places = _columns(values, of, reference)
    weights = _reference(reference, places, len(columns), positive=True)
    return _of_all(_in_convention(columns, weights, corrected, scale), labels, "gini", values, of)


def gini_of(columns: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return the Gini coefficient of each column of checked numbers, weights equal by default."""
    shares, widths = _ordered_shares(columns, weights)
    heights = np.cumsum(shares, axis=0)
    # One minus twice the area under the curve, a row of trapezoids of these widths. Never below
    # zero, where equal shares may end by rounding.
    return np.maximum(1 - (widths * (2 * heights - shares)).sum(axis=0), 0)


def _in_convention(
    columns: np.ndarray, weights: np.ndarray | None, corrected: bool, scale: str
) -> np.ndarray:
    chosen("corrected", corrected, (False, True))
    chosen("scale", scale, ("ratio", "area"))
    if weights is not None and corrected:
        raise ValueError("corrected=True is for equal weights; leave out reference or corrected.")
    n = len(columns)
    coefficient = gini_of(columns, weights) * (n / (n - 1) if corrected else 1)
    return coefficient / 2 if scale == "area" else coefficient


def lorenz_curve(values: Sequence[float] | pd.Series, reference: Any = None) -> pd.DataFrame:
    """Return the points of a Lorenz curve, whose area against the diagonal `gini` measures.

    Parameters
    ----------
    values : list of numbers
        One number a place.
    reference : pandas.Series or list of numbers, optional
        Sizes to compare with; by default all places count the same.

    Returns
    -------
    pandas.DataFrame
        Columns ``reference`` and ``values``: cumulated shares from 0 to 1, places in ascending
        order of their ratio.

    Raises
    ------
    ValueError
        As in `gini`.

    See Also
    --------
    gini : the area against the diagonal.
    clusterlab.agglomeration.plots.plot_lorenz : curves of several industries.

    Examples
    --------
    >>> lorenz_curve([3, 1])["values"].tolist()
    [0.0, 0.25, 1.0]
    """
    columns, labels, places = _columns(values, "industry")
    if labels is not None:
        raise ValueError("a Lorenz curve is drawn of one industry; give one column of the table.")
    weights = _reference(reference, places, len(columns), positive=True)
    shares, widths = _ordered_shares(columns, weights)
    points = [np.concatenate([[0.0], np.cumsum(part[:, 0])]) for part in (widths, shares)]
    return pd.DataFrame({"reference": points[0], "values": points[1]})


def locational_gini(
    table: pd.DataFrame,
    totals: pd.Series | None = None,
    *,
    weights: Literal["equal", "size"] = "equal",
    corrected: bool = False,
    scale: Literal["ratio", "area"] = "ratio",
) -> pd.Series:
    r"""Return for each industry how unevenly its location quotients are spread over regions.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries.
    totals : pandas.Series, optional
        Each region's total over all industries; by default the table's own row sums. With totals
        given, industries that have unknown cells stay without a value, counted in the note.
    weights : {"equal", "size"}
        "equal": every region counts the same, the Gini coefficient of the quotients. "size":
        regions count by their total, the Lorenz curve of the industry against all activity, which
        does not change when a region is cut into parts of equal structure.
    corrected : bool
        Multiply by n/(n−1); only with equal weights.
    scale : {"ratio", "area"}
        As in `gini`; "area" is half the ratio.

    Returns
    -------
    pandas.Series
        One number an industry; 0 where every region has the industry's national share.

    Raises
    ------
    ValueError
        A bad table, one region only, or an unknown convention.

    See Also
    --------
    gini : the coefficient itself.
    clusterlab.agglomeration.location_quotient : the quotients.

    Notes
    -----
    With equal weights and quotients :math:`C_{(1)} \le \dots \le C_{(n)}` of mean :math:`\bar C`,

    .. math:: G = \frac{2}{n^2 \bar C} \sum_k k\,(C_{(k)} - \bar C),

    the formula of REAT's gini.conc (the value below is its manual's). With size weights it is
    ``gini(industry, totals)``, the curve drawn by P. Krugman (1991), Geography and Trade.

    Examples
    --------
    >>> jobs = pd.DataFrame({"J": [500, 500, 1000, 7000, 1000]})
    >>> totals = pd.Series([20000, 15000, 20000, 40000, 5000])
    >>> round(float(locational_gini(jobs, totals)["J"]), 7)
    0.4068966
    """
    chosen("weights", weights, ("equal", "size"))
    counts, sizes, _ = checked(table, totals)
    columns = counts if weights == "size" else quotients(counts, sizes)
    widths = sizes.to_numpy() if weights == "size" else None
    index = _in_convention(columns.to_numpy(), widths, corrected, scale)
    return with_unknown(pd.Series(index, counts.columns, name="locational_gini"), table.columns)


def checked(
    table: pd.DataFrame, totals: pd.Series | None, *, empty_regions: bool = False
) -> tuple[pd.DataFrame, pd.Series, str]:
    """Return a checked table, the size of each of its regions, and where the sizes come from.

    With given totals the industries that have unknown cells are left out of it: the others do not
    need them. `with_unknown` brings them back into what was measured.
    """
    given = totals is not None
    whole = None
    if given and isinstance(table, pd.DataFrame) and table.isna().to_numpy().any():
        whole = tables.check_values(table, allow_unknown=True)
        table = whole.loc[:, _known(whole)]
    instead = "give totals= (each region's published total), and each industry that is known in "
    refuse_unknown(table, f"{instead}every region has its exact value")
    counts = tables.check(table, minimum_regions=2, empty_regions=empty_regions or given)
    sizes, base = tables.region_totals(counts if whole is None else whole, totals)
    if whole is not None:
        left = whole.shape[1] - counts.shape[1]
        base += f"; {left} of {whole.shape[1]} industries have unknown cells and no value"
    refuse_other_places(totals, counts.index, "totals")
    if not empty_regions:
        refuse_zero(sizes)
    return counts, sizes, base


def _known(table: pd.DataFrame) -> np.ndarray:
    """Say which columns have no unknown cell, or what can be had where there is none."""
    known = ~table.isna().to_numpy().any(axis=0)
    if not known.any():
        refuse_unknown(
            table,
            "there are some in every column, so no value is exact; give both published totals to "
            "agglomeration.measure_bounds for what lies between two numbers",
        )
    return known


def with_unknown(values: pd.Series, labels: pd.Index) -> pd.Series:
    """Return values with NaN for labels that have unknown cells, and a note that counts them."""
    result = values.reindex(labels)
    if left := len(labels) - len(values):
        result.attrs["note"] = f"{left} of {len(labels)} have unknown cells and no value."
    return result


def hoover(values: Numbers, reference: Any = None, *, of: Of = "industry") -> Any:
    r"""Return the share that would have to move to match the reference distribution.

    Parameters
    ----------
    values : table or list of numbers
        A regions x industries table, or one list; unknown cells as in `gini`.
    reference : pandas.Series or list of numbers, optional
        Sizes to compare with, as in `gini`. By default the table's own totals; for a list, equal
        shares.
    of : {"industry", "region"}
        For a table: each industry against all activity by region, or each region against all
        activity by industry.

    Returns
    -------
    float or pandas.Series
        Between 0 and 1, as a share (some packages print percent).

    Raises
    ------
    ValueError
        A bad table, only zeros, or a reference that does not fit.

    See Also
    --------
    gini : the area under the same curve.
    krugman_specialisation : the same gap between regions, not halved.

    Notes
    -----
    :math:`\tfrac12 \sum_i |s_i - p_i|` with value shares s and reference shares p: the largest gap
    between the Lorenz curve and the diagonal.

    References
    ----------
    E. M. Hoover (1936), The measurement of industrial localization, Review of Economic Statistics
    18, 162-171 (given from general knowledge). The example is that of the R package EconGeo.

    Examples
    --------
    >>> round(hoover([0, 10, 10, 30, 50], [10, 15, 20, 25, 30]), 12)
    0.25
    """
    columns, labels, places = _columns(values, of, reference)
    weights = _reference(reference, places, len(columns))
    if weights is None:
        weights = columns.sum(axis=1) if labels is not None else np.ones(len(columns))
    return _of_all(hoover_of(columns, weights), labels, "hoover", values, of)


def hoover_of(columns: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the Hoover index of each column of checked numbers against weights of the rows."""
    gaps = columns / columns.sum(axis=0) - (weights / weights.sum())[:, None]
    return np.abs(gaps).sum(axis=0) / 2


def krugman_specialisation(
    table: pd.DataFrame,
    *,
    against: Literal["mean_of_shares", "mean_of_index", "rest"] = "mean_of_shares",
) -> pd.Series:
    r"""Return for each region how far its mix of industries is from that of the others.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries.
    against : {"mean_of_shares", "mean_of_index", "rest"}
        "mean_of_shares": one comparison with the plain mean of the other regions' shares.
        "mean_of_index": the mean of the comparisons with each other region, never smaller.
        "rest": one comparison with the other regions taken together, so that large ones weigh more.

    Returns
    -------
    pandas.Series
        One number a region, 0 (the same mix) to 2 (no industry in common).

    Raises
    ------
    ValueError
        A bad table, one region only, or an unknown convention.

    See Also
    --------
    hoover : gaps between an industry and all activity.
    clusterlab.agglomeration.variety : how many kinds of industry a region has.

    Notes
    -----
    For two regions :math:`K_{il} = \sum_j |s_{ij} - s_{lj}|`, with :math:`s_{ij}` the share of
    industry j in region i. With more regions packages differ in what takes the place of
    :math:`s_{lj}`; REAT's krugman.spec2 uses the mean of shares.

    References
    ----------
    P. Krugman (1991), Geography and Trade, MIT Press, compares regions two by two (given from
    general knowledge).

    Examples
    --------
    >>> jobs = pd.DataFrame([[8, 2], [2, 8], [5, 5]], index=["A", "B", "C"])
    >>> krugman_specialisation(jobs).round(12).tolist()
    [0.9, 0.9, 0.0]
    >>> krugman_specialisation(jobs, against="mean_of_index").round(12).tolist()
    [0.9, 0.9, 0.6]
    """
    chosen("against", against, ("mean_of_shares", "mean_of_index", "rest"))
    refuse_unknown(
        table,
        "each region is compared with all others, so every cell is needed; with published totals "
        "agglomeration.measure_bounds(…, of='region') says between which two numbers the index "
        "against the rest lies",
    )
    counts = tables.check(table, minimum_regions=2)
    values = counts.to_numpy()
    shares = values / values.sum(axis=1, keepdims=True)
    n = len(shares)
    if against == "mean_of_shares":
        others = (shares.sum(axis=0) - shares) / (n - 1)
        index = np.abs(shares - others).sum(axis=1)
    elif against == "rest":
        rest = values.sum(axis=0) - values
        index = np.abs(shares - rest / rest.sum(axis=1, keepdims=True)).sum(axis=1)
    else:
        index = _sums_of_gaps(shares).sum(axis=1) / (n - 1)
    return pd.Series(index, index=counts.index, name="krugman_specialisation")


def _sums_of_gaps(columns: np.ndarray) -> np.ndarray:
    """Return for each entry the sum of its distances to the others in its column, by sorting."""
    # Of n sorted numbers the k-th lies above k and below n − k others, so the sum of its distances
    # needs only the sum of those below it: n log n steps instead of n².
    n = len(columns)
    order = np.argsort(columns, axis=0)
    ranked = np.take_along_axis(columns, order, axis=0)
    below = np.cumsum(ranked, axis=0)
    rank = np.arange(1, n + 1)[:, None]
    gaps = ranked * (2 * rank - n) + below[-1] - 2 * below
    result = np.empty_like(gaps)
    np.put_along_axis(result, order, gaps, axis=0)
    return result


def _columns(
    values: Numbers, of: Of, reference: Any = None
) -> tuple[np.ndarray, pd.Index | None, pd.Index | None]:
    """Return a places x things array with the labels of things (None for one list) and places.

    With a reference, things that have unknown cells are left out: the others do not need them.
    """
    chosen("of", of, ("industry", "region"))
    if isinstance(values, pd.DataFrame):
        if reference is None:
            refuse_unknown(
                values,
                "this measure needs every cell; table.dropna(axis=1) keeps the industries without "
                "them, and agglomeration.measure_bounds takes published totals and says between "
                "which two numbers the others lie",
            )
        else:
            whole = tables.check_values(values, allow_unknown=True)
            known = _known(whole if of == "industry" else whole.T)
            values = whole.loc[:, known] if of == "industry" else whole[known]
        table = tables.check(values, empty_regions=of == "industry")
        if of == "region":
            table = table.T
        if len(table) < 2:
            places = "regions" if of == "industry" else "industries"
            raise ValueError(
                f"the table has too few {places}: {len(table)}, and at least two are needed."
            )
        return table.to_numpy(), table.columns, table.index
    found = _list("the list", values)
    if len(found) < 2:
        raise ValueError(f"the list has {len(found)} numbers, and at least two are needed.")
    return found[:, None], None, values.index if isinstance(values, pd.Series) else None


def _list(what: str, values: Any) -> np.ndarray:
    """Return a Series or one list as floats from zero up, not all zero, or say what is wrong."""
    kinds = (pd.Series, pd.Index, np.ndarray, pd.api.extensions.ExtensionArray, list, tuple, range)
    if not isinstance(values, kinds) or getattr(values, "ndim", 1) != 1:
        shape = f" of shape {values.shape}" if isinstance(values, np.ndarray) else ""
        raise ValueError(
            f"{what} must be a Series or one list of numbers, got {type(values).__name__}{shape}."
        )
    column = pd.Series(values)
    found, bad = tables.numbers(column)
    wrong = np.flatnonzero(~np.isfinite(found) | (found < 0)) if bad is None else [bad]
    if len(wrong):
        raise ValueError(
            f"{what}: number {wrong[0] + 1} is {column.iloc[wrong[0]]!s:.40}, but numbers from "
            "zero up are needed."
        )
    if not found.sum() > 0:
        raise ValueError(f"{what} holds no number above zero.")
    return found


def refuse_other_places(given: Any, places: pd.Index, what: str) -> None:
    """Refuse labels that the table does not have, for measures in which empty places count."""
    more = [] if given is None else given.index.difference(places, sort=False)
    if len(more):
        raise ValueError(
            f"{what}: {more[0]!r} is not in the table ({len(more)} such); an empty place counts "
            "here: add it to the table with zeros, or leave it out of both."
        )


def _reference(
    reference: Any, places: pd.Index | None, n: int, *, positive: bool = False
) -> np.ndarray | None:
    if reference is None:
        return None
    weights = _list("reference", reference)
    if isinstance(reference, pd.Series) and places is not None:
        weights = tables.align(reference, places, what="reference").to_numpy()
        refuse_other_places(reference, places, "reference")
        if places.has_duplicates:
            twice = places[places.duplicated()][0]
            raise ValueError(f"label {twice!r} is listed twice, so no reference can be matched.")
    if len(weights) != n:
        raise ValueError(f"reference has {len(weights)} numbers for {n} places.")
    if positive and (weights == 0).any():
        raise ValueError(
            f"reference: place {int(np.flatnonzero(weights == 0)[0]) + 1} of {n} has size zero, so "
            "its ratio is not defined; leave it out."
        )
    return weights


def _ordered_shares(
    columns: np.ndarray, weights: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return shares and weights of each column's places, in the order of their ratio."""
    weights = np.ones((len(columns), 1)) if weights is None else weights[:, None]
    order = np.argsort(columns / weights, axis=0, kind="stable")
    shares = np.take_along_axis(columns / columns.sum(axis=0), order, axis=0)
    widths = np.broadcast_to(weights / weights.sum(), columns.shape)
    return shares, np.take_along_axis(widths, order, axis=0)


def _labelled(numbers: np.ndarray, labels: pd.Index | None, name: str) -> Any:
    return float(numbers[0]) if labels is None else pd.Series(numbers, index=labels, name=name)


def _of_all(
    numbers: np.ndarray, labels: pd.Index | None, name: str, values: Numbers, of: Of
) -> Any:
    """Return labelled numbers, NaN for what was left out as not wholly known."""
    found = _labelled(numbers, labels, name)
    if not isinstance(values, pd.DataFrame):
        return found
    return with_unknown(found, values.columns if of == "industry" else values.index)
