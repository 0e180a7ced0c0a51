"""From indicators to four facets and one number, and what that number hides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from clusterlab import tables
from clusterlab.diamond.indicators import MissingPolicy, by_facet, prepare, refuse_other_kinds
from clusterlab.parameters import Parameter, chosen, model, number
from clusterlab.results import Result

Normalisation = Literal["min-max", "z", "rank", "scale"]
Aggregation = Literal["arithmetic", "geometric", "harmonic", "minimum"] | float

EXPONENTS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0, "minimum": -np.inf}


@dataclass(frozen=True, repr=False)
class DiamondScore(Result):
    """What `score` returns; every table has the places as its index.

    Attributes
    ----------
    facets : pandas.DataFrame
        Score of each facet in points, 1 (worst) to 100 (best) except with z-scores.
    total : pandas.Series
        The diamond's total in points.
    rank : pandas.Series
        1 for the highest total; equal totals share the better rank.
    bottleneck : pandas.Series
        The weakest facet; names joined by " and " where several are equally weak, "none" where all
        facets are equal.
    gain : pandas.DataFrame
        What one more point of each facet would add to the total.
    missing : pandas.Series
        Indicators missing per place, before anything was done about it.
    dropped : list of str
        Places left out because of missing indicators.
    imputed : pandas.DataFrame
        True where a value was filled with the median of its indicator.
    weights : pandas.Series
        Weight of each facet.
    given : dict
        The choices made: normalise, aggregation, turned indicators.
    """

    facets: pd.DataFrame
    total: pd.Series
    rank: pd.Series
    bottleneck: pd.Series
    gain: pd.DataFrame
    missing: pd.Series
    dropped: list[str]
    imputed: pd.DataFrame
    weights: pd.Series
    given: dict

    def to_frame(self) -> pd.DataFrame:
        """Return facets, total, rank, bottleneck and the count of imputed values, best first."""
        frame = self.facets.assign(total=self.total, rank=self.rank, bottleneck=self.bottleneck)
        frame["imputed"] = self.imputed.sum(axis=1)
        return frame.sort_values(["rank", "total"], ascending=[True, False], kind="stable")

    def __repr__(self) -> str:
        lost = f"; {len(self.dropped)} dropped" if self.dropped else ""
        filled = int(self.imputed.to_numpy().sum())
        lost += f"; {filled} values imputed" if filled else ""
        best = _all_that_have(self.total, self.total.max())
        last = _all_that_have(self.total, self.total.min())
        return (
            f"DiamondScore of {len(self.total)} places ({self.given['normalise']}, "
            f"{self.given['aggregation']}): {best} points to {last}{lost}"
        )


def score(
    indicators: pd.DataFrame,
    *,
    facets: Mapping[str, Sequence[str]] | None = None,
    normalise: Normalisation = "min-max",
    weights: Mapping[str, float] | None = None,
    aggregation: Aggregation = "arithmetic",
    scale: tuple[float, float] | None = None,
    reverse: Sequence[str] | None = None,
    missing: MissingPolicy = "refuse",
) -> DiamondScore:
    r"""Score the diamond of each place: facets, total, bottleneck, and what a point would bring.

    Each indicator is brought to points, a facet is the mean of its indicators, and the total of
    place :math:`p` is the power mean of its facets

    .. math:: T_p = \Bigl(\sum_j w_j F_{pj}^{\,r}\Bigr)^{1/r}

    with weights :math:`w_j` (:math:`\sum_j w_j = 1`) and exponent :math:`r \le 1`: 1 is the
    arithmetic mean (a strong facet makes up for a weak one in full), 0 the geometric mean, and
    :math:`-\infty` the minimum (nothing makes up for the weakest).

    Parameters
    ----------
    indicators : pandas.DataFrame
        Index places, columns (facet, indicator), or indicators with ``facets=``.
    facets : mapping, optional
        Facet → names of its indicators, where the columns do not carry the facets.
    normalise : {"min-max", "z", "rank", "scale"}
        How an indicator becomes points. "min-max": 1 for the lowest place, 100 for the highest,
        linear between. "z": 50 plus 10 times the distance from the mean in standard deviations.
        "rank": 1 to 100 by rank, ties share their mean. "scale": like min-max with the ends of
        ``scale`` in place of the lowest and highest found. An indicator that is the same
        everywhere gets the middle under the first three.
    weights : mapping, optional
        Facet → weight, not negative, summing to one; equal by default.
    aggregation : {"arithmetic", "geometric", "harmonic", "minimum"} or float
        The exponent r by name or by value. The elasticity of substitution of the corresponding
        CES function is 1/(1−r).
    scale : (float, float), optional
        Lowest and highest possible value of every indicator, such as (1, 7); values outside are
        refused. Needed for ``normalise="scale"``.
    reverse : sequence of str, optional
        Indicators of which a high value is bad. Left out, an indicator that clearly runs against
        the rest of its facet is refused; an empty list says that the table is right as it is.
    missing : {"refuse", "drop", "impute"}
        What to do about missing indicators: refuse and say where, leave the place out, or fill
        with the indicator's median and flag it.

    Returns
    -------
    DiamondScore

    Raises
    ------
    ValueError
        Weights negative, for no facet or not summing to one, values outside the scale, missing
        indicators, a place with no data or no name, an indicator that the table does not have or
        that seems to run the wrong way, fewer than two places.

    See Also
    --------
    read_indicators : A checked table from a file.
    uncertainty : How much of the ranking survives other choices.
    aggregate : The mean alone.

    Notes
    -----
    For positive facets the total never rises as r falls, so arithmetic ≥ geometric ≥ minimum for
    every place. The floor of 1 point (not 0) keeps the geometric mean from being zero whenever one
    indicator is lowest; the ranking under the geometric mean depends on that floor.

    References
    ----------
    OECD and European Commission Joint Research Centre (2008), Handbook on Constructing Composite
    Indicators, steps 5 (normalisation) and 6 (weighting and aggregation). The four facets:
    porter-2000, paragraphs on the diamond before "Clusters and Productivity".

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {("factors", "roads"): [7.0, 4.0], ("demand", "buyers"): [1.0, 4.0]},
    ...     index=["Lopsided", "Even"])
    >>> mean = score(table, normalise="scale", scale=(1, 7))
    >>> mean.total.tolist()
    [50.5, 50.5]
    >>> less = score(table, normalise="scale", scale=(1, 7), aggregation="geometric")
    >>> less.total.round(1).tolist()
    [10.0, 50.5]
    >>> mean.bottleneck["Lopsided"]
    'demand'
    """
    ready = prepare("score", indicators, facets, scale, reverse, missing)
    shares = checked_weights(weights, list(ready.facets))
    points = normalise_table(ready.values, normalise, scale)
    scores = pd.DataFrame(
        {facet: points[names].mean(axis=1) for facet, names in ready.facets.items()}
    )
    read = weighed(scores, shares, aggregation)
    return DiamondScore(
        **read,
        facets=scores,
        rank=rank(read["total"]),
        missing=ready.missing,
        dropped=ready.dropped,
        imputed=ready.imputed,
        weights=shares,
        given={"normalise": normalise, "aggregation": aggregation, "turned": ready.turned},
    )


def aggregate(
    facets: pd.DataFrame,
    *,
    weights: Mapping[str, float] | pd.Series | None = None,
    aggregation: Aggregation = "arithmetic",
) -> pd.Series:
    """Return the weighted power mean of the facets of each place; see `score`.

    Parameters
    ----------
    facets : pandas.DataFrame
        Places x facets, in points; positive unless the mean is arithmetic or the minimum. Not a
        table of indicators: for that there is `score`.
    weights : mapping, optional
        Facet → weight; equal by default. A facet of weight zero plays no part, nor in the minimum.
    aggregation : {"arithmetic", "geometric", "harmonic", "minimum"} or float
        The exponent, at most 1.

    Returns
    -------
    pandas.Series
        Total by place, in the unit of the facets.

    Raises
    ------
    ValueError
        Indicators in place of facets, something missing or no number, an exponent above 1, or
        facets that are not positive where the exponent needs them to be.

    See Also
    --------
    score : Facets and totals from indicators.
    compensation : What the exponent does to the ranks.

    Examples
    --------
    >>> facets = pd.DataFrame({"a": [1.0], "b": [4.0]}, index=["Here"])
    >>> [round(float(aggregate(facets, aggregation=r)["Here"]), 6) for r in (1, 0, -1)]
    [2.5, 2.0, 1.6]
    >>> float(aggregate(facets, aggregation="minimum")["Here"])
    1.0
    """
    _refuse_what_is_no_facets(facets)
    shares = checked_weights(weights, list(facets.columns))
    exponent = exponent_of(aggregation)
    used, share = facets.loc[:, (shares > 0).to_numpy()].to_numpy(float), shares[shares > 0]
    low = (used <= 0).any(axis=1)
    if np.isfinite(exponent) and exponent != 1 and low.any():
        raise ValueError(
            f"aggregation {aggregation!r} needs positive facets, but {facets.index[low][0]!r} has "
            "one at or below zero; use another normalisation."
        )
    means = np.array(power_mean(used, share.to_numpy(), exponent))
    return pd.Series(means, index=facets.index, name="total")


@dataclass(frozen=True, repr=False)
class Compensation(Result):
    """What `compensation` returns.

    Attributes
    ----------
    exponent : float
        The exponent of the mean.
    places : pandas.DataFrame
        Unevenness (standard deviation of the four facets, in points), rank under the arithmetic
        mean, rank under this mean, total under this mean.
    """

    exponent: float
    places: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return the table of places."""
        return self.places

    def __repr__(self) -> str:
        moved = (self.places["rank"] - self.places["arithmetic rank"]).abs()
        most = ""
        if moved.max() > 0:
            places = " and ".join(map(str, moved.index[moved == moved.max()]))
            most = f", {places} most, by {int(moved.max())}"
        return (
            f"Compensation with exponent {self.exponent:g}: {int((moved > 0).sum())} of "
            f"{len(moved)} places change rank{most}"
        )


@model
def compensation(
    *,
    facets: pd.DataFrame,
    exponent: Annotated[float, Parameter("exponent of the mean", -8, 1, 0.25)] = 0.0,
) -> Compensation:
    """Rank places again with less compensation between their facets.

    Parameters
    ----------
    facets : pandas.DataFrame
        Places x facets in points, as `score` returns them.
    exponent : float
        Of the power mean: 1 arithmetic, 0 geometric, -1 harmonic; the lower, the less a strong
        facet makes up for a weak one.

    Returns
    -------
    Compensation

    Raises
    ------
    ValueError
        What `aggregate` refuses, an exponent out of range.

    See Also
    --------
    aggregate : The total by one mean.

    Examples
    --------
    >>> facets = pd.DataFrame({"a": [90.0, 50.0], "b": [20.0, 50.0]}, index=["Peaked", "Even"])
    >>> compensation(facets=facets, exponent=0).places["rank"].tolist()
    [2, 1]
    """
    total = aggregate(facets, aggregation=exponent)
    plain = aggregate(facets, aggregation="arithmetic")
    columns = {
        "unevenness": facets.std(axis=1, ddof=0),
        "arithmetic rank": rank(plain),
        "rank": rank(total),
        "total": total,
    }
    return Compensation(exponent=exponent, places=pd.DataFrame(columns))


def _all_that_have(total: pd.Series, value: float) -> str:
    """Name the places with a total, all of them, and the total to a tenth."""
    names = list(map(str, total.index[np.isclose(total, value, rtol=1e-9, atol=1e-9)]))
    who = " and ".join(names) if len(names) < 4 else f"{len(names)} places"
    return f"{who} {value:.1f}"


def rank(total: pd.Series) -> pd.Series:
    """Return 1 for the highest total; totals that are equal but for rounding share a rank."""
    return total.round(9).rank(method="min", ascending=False).astype(int).rename("rank")


def power_mean(values: np.ndarray, share: np.ndarray, exponent: float) -> np.ndarray:
    """Return the mean of each row of values; with several rows of weights, a row of means each."""
    if exponent == -np.inf:
        return np.broadcast_to(values.min(axis=1), (*share.shape[:-1], len(values)))
    if exponent == 1:
        return share @ values.T
    logs = np.log(values)
    if abs(exponent) < 1e-6:  # the limit at 0 is the geometric mean
        return np.exp(share @ logs.T)
    # Σ w x^r from logarithms: far below zero x^r itself leaves the range of numbers
    return np.exp(logsumexp(np.log(share)[..., None, :] + exponent * logs, axis=-1) / exponent)


def exponent_of(aggregation: Aggregation) -> float:
    """Return the exponent of an aggregation given by name or by value."""
    if isinstance(aggregation, str):
        return EXPONENTS[chosen("aggregation", aggregation, EXPONENTS)]
    if isinstance(aggregation, float) and aggregation == -np.inf:
        return -np.inf
    return number("aggregation", aggregation, -np.inf, 1)


def normalise_table(
    values: pd.DataFrame, normalise: str, scale: tuple[float, float] | None
) -> pd.DataFrame:
    """Bring every indicator to points; the rules are told in `score`."""
    chosen("normalise", normalise, get_args(Normalisation))
    if normalise == "scale":
        if scale is None:
            raise ValueError("normalise='scale' needs scale=(lowest, highest), such as (1, 7).")
        return 1 + 99 * (values - scale[0]) / (scale[1] - scale[0])
    if normalise == "rank":
        return 1 + 99 * (values.rank(method="average") - 1) / (len(values) - 1)
    # In units of a power of two near the largest value nothing overflows, and no digit is lost.
    values = values / np.exp2(np.frexp(values.abs().max())[1].to_numpy() - 1.0)
    flat = is_flat(values)
    if normalise == "z":
        return 50 + 10 * (values - values.mean()) / values.std(ddof=0).mask(flat, np.inf)
    share = (values - values.min()) / (values.max() - values.min()).mask(flat, 1.0)
    share.loc[:, flat] = 0.5
    return 1 + 99 * share


def is_flat(values: pd.DataFrame) -> pd.Series:
    """Return which columns hold the same value in every row, but for rounding."""
    return values.max() / 2 - values.min() / 2 <= 1e-14 * values.abs().max()


def checked_weights(
    weights: Mapping[str, float] | pd.Series | None, facets: list[str]
) -> pd.Series:
    """Return the weights in the order of the facets, or say what is wrong with them."""
    if weights is None:
        return pd.Series(1 / len(facets), index=facets, name="weight")
    given = pd.Series(by_facet("weights", "weight", weights, facets), dtype=float)
    for name in facets:
        if name not in given:
            raise ValueError(f"weights lacks the facet {name!r}; give every facet a weight.")
    if not np.isclose(given.sum(), 1, atol=1e-6):
        raise ValueError(f"the weights sum to {given.sum():g}, expected 1.")
    return given.rename("weight")


def _refuse_what_is_no_facets(facets: pd.DataFrame) -> None:
    tables.need_frame(facets, "aggregate: facets", "one row per place and one column per facet")
    if facets.columns.nlevels > 1:
        raise ValueError(
            "aggregate: the columns have two levels, so this is a table of indicators; `score` "
            "makes facets of it."
        )
    tables.check_labels(facets.index, "place")
    tables.check_labels(facets.columns, "facet")
    refuse_other_kinds(facets, "aggregate: the facet")
    for row, column in np.argwhere(~np.isfinite(facets.to_numpy(dtype=float, na_value=np.nan))):
        raise ValueError(
            f"aggregate: {facets.columns[column]!r} of {facets.index[row]!r} is "
            f"{facets.iloc[row, column]}, expected a number."
        )


def weighed(
    facets: pd.DataFrame, weights: Mapping[str, float] | pd.Series | None, aggregation: Aggregation
) -> dict[str, Any]:
    """Return total and bottleneck of each place, and the gain from one more point of each facet."""
    more = {name: facets.assign(**{name: facets[name] + 1}) for name in facets}
    total, *gained = (
        aggregate(each, weights=weights, aggregation=aggregation)
        for each in (facets, *more.values())
    )
    gain = {name: each - total for name, each in zip(facets, gained, strict=True)}
    return {"total": total, "bottleneck": _bottleneck(facets), "gain": pd.DataFrame(gain)}


def _bottleneck(facets: pd.DataFrame) -> pd.Series:
    """Return the weakest facet of each place, all that tie, or "none" where all are equal."""
    lowest = np.isclose(facets, facets.min(axis=1).to_numpy()[:, None], rtol=1e-9, atol=1e-9)
    names = ["none" if row.all() else " and ".join(facets.columns[row]) for row in lowest]
    return pd.Series(names, index=facets.index, name="bottleneck")
