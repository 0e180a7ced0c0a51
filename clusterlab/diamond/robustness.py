"""How much of a ranking is the place and how much is the choice of method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterlab.diamond import scoring
from clusterlab.diamond.indicators import MissingPolicy, prepare
from clusterlab.diamond.scoring import Aggregation, Normalisation, normalise_table
from clusterlab.parameters import Seed, chosen, generator, number, whole
from clusterlab.results import Result

#: Share of the facets' variance on one axis from which we call them "nearly one number".
ONE_NUMBER = 0.8


@dataclass(frozen=True, repr=False)
class Coherence(Result):
    """What `coherence` returns.

    Attributes
    ----------
    facets : pandas.DataFrame
        A row a facet: number of indicators, Cronbach's alpha (missing for a single indicator),
        share of variance on the first principal component, components with eigenvalue above one.
    between : pandas.DataFrame
        The same for the four facet scores taken together, as one row.
    correlation : pandas.DataFrame
        Correlation of the facets across places.
    components : pandas.Series
        Share of the facets' variance on each principal component, largest first.
    """

    facets: pd.DataFrame
    between: pd.DataFrame
    correlation: pd.DataFrame
    components: pd.Series

    @property
    def nearly_one_number(self) -> bool:
        """Whether the first component holds at least 80 % of the facets' variance."""
        return bool(self.components.iloc[0] >= ONE_NUMBER)

    def to_frame(self) -> pd.DataFrame:
        """Return the rows of the facets and of all facets together."""
        return pd.concat([self.facets, self.between])

    def __repr__(self) -> str:
        verdict = "nearly one number" if self.nearly_one_number else "more than one number"
        alphas = self.facets["alpha"].dropna()
        inside = (
            f"alpha within facets {alphas.min():.2f} to {alphas.max():.2f}; " if len(alphas) else ""
        )
        return (
            f"Coherence: {inside}{self.components.iloc[0]:.0%} of the facets' variance lies on one "
            f"axis, so the facets are {verdict}"
        )


@dataclass(frozen=True, repr=False)
class Uncertainty(Result):
    """What `uncertainty` returns.

    Attributes
    ----------
    ranks : pandas.DataFrame
        A row a place: reference rank, median rank, low and high end of the interval, mean shift
        (mean of the absolute difference from the reference rank).
    pairs : pandas.DataFrame
        Share of draws in which the place of the row scores above the place of the column.
    shift : numpy.ndarray
        Mean rank shift of each draw.
    drivers : pandas.Series
        Share of the variance of ``shift`` that each choice explains alone.
    level : float
        Level of the intervals and of "robust".
    coherence : Coherence
        Computed first: what the indicators are before any of them is weighted.
    """

    ranks: pd.DataFrame
    pairs: pd.DataFrame
    shift: np.ndarray
    drivers: pd.Series
    level: float
    coherence: Coherence

    @property
    def mean_rank_shift(self) -> float:
        """Mean over draws and places of the absolute difference from the reference rank."""
        return float(self.shift.mean())

    @property
    def robust_pairs(self) -> float:
        """Share of pairs of places whose reference order holds in at least ``level`` of draws.

        Two places of the same reference rank have no order, so such a pair never counts.
        """
        order = self.ranks["reference"].to_numpy()
        ahead = order[:, None] < order[None, :]
        count = len(order) * (len(order) - 1) / 2
        return float((self.pairs.to_numpy()[ahead] >= self.level).sum() / count)

    def to_frame(self) -> pd.DataFrame:
        """Return the ranks, best reference rank first."""
        return self.ranks.sort_values("reference", kind="stable")

    def __repr__(self) -> str:
        width = (self.ranks["high"] - self.ranks["low"]).median()
        return (
            f"Uncertainty of {len(self.ranks)} places over {len(self.shift):,} draws: median "
            f"{self.level:.0%} rank interval {width:.0f} ranks wide, mean rank shift "
            f"{self.mean_rank_shift:.1f}, order of {self.robust_pairs:.0%} of pairs robust"
        )


def coherence(
    indicators: pd.DataFrame,
    *,
    facets: Mapping[str, Sequence[str]] | None = None,
    reverse: Sequence[str] | None = None,
    missing: MissingPolicy = "refuse",
) -> Coherence:
    r"""Ask whether the indicators of a facet belong together, and whether the facets differ.

    With standardised indicators :math:`z_1 \dots z_k` of a facet, Cronbach's alpha is

    .. math:: \alpha = \frac{k}{k-1}\Bigl(1 - \frac{k}{\operatorname{Var}(\sum_i z_i)}\Bigr)

    and the principal components are the eigenvectors of their correlation matrix: the share of
    the largest eigenvalue says how much of all differences between places runs along one axis.

    Parameters
    ----------
    indicators : pandas.DataFrame
        Index places, columns (facet, indicator), or indicators with ``facets=``.
    facets : mapping, optional
        Facet → names of its indicators, where the columns do not carry the facets.
    reverse : sequence of str, optional
        Indicators of which a high value is bad, as for `score`.
    missing : {"refuse", "drop", "impute"}
        What to do about missing indicators, as for `score`.

    Returns
    -------
    Coherence

    Raises
    ------
    ValueError
        An indicator that is the same for every place, or a facet whose indicators cancel each
        other in every place (neither has a correlation), and everything `score` refuses.

    See Also
    --------
    uncertainty : How much of a ranking survives other choices.

    Notes
    -----
    A high alpha within facets is wanted. A high share between facets is a warning: the four
    facets then tell nearly one number, and weights between them hardly matter. We draw that line
    at 80 %; it is a convention of this course.

    References
    ----------
    OECD and European Commission Joint Research Centre (2008), Handbook on Constructing Composite
    Indicators, step 4 (multivariate analysis).

    Examples
    --------
    >>> a = [1.0, 2.0, 3.0, 4.0]
    >>> table = pd.DataFrame({("f", "a"): a, ("f", "b"): a, ("g", "c"): [1.0, -1.0, -1.0, 1.0]})
    >>> result = coherence(table)
    >>> round(float(result.facets.loc["f", "alpha"]), 6)
    1.0
    >>> result.components.round(2).tolist(), result.nearly_one_number
    ([0.5, 0.5], False)
    """
    ready = prepare("coherence", indicators, facets, None, reverse, missing)
    return _coherence(ready.values, ready.facets, "coherence")


def _coherence(values: pd.DataFrame, groups: dict[str, list[str]], caller: str) -> Coherence:
    for name in values.columns[scoring.is_flat(values)]:
        raise ValueError(
            f"{caller}: indicator {name!r} is the same for every place, so it has no "
            "correlation; leave it out."
        )
    z = normalise_table(values, "z", None)
    scores = pd.DataFrame({facet: z[names].mean(axis=1) for facet, names in groups.items()})
    for facet in scores.columns[scores.std() < 1e-9]:  # z-scores have a spread of 10
        raise ValueError(
            f"{caller}: the facet {facet!r} has no variance: its indicators "
            f"{', '.join(map(repr, groups[facet]))} cancel each other in every place. Is a high "
            "value of one of them bad? Then say so with reverse=; if not, leave one out."
        )
    rows = {facet: _summary(z[names]) for facet, names in groups.items()}
    order = np.linalg.eigvalsh(np.atleast_2d(scores.corr().to_numpy()))[::-1]
    return Coherence(
        facets=pd.DataFrame.from_dict(rows, orient="index").rename_axis("facet"),
        between=pd.DataFrame.from_dict({"all facets": _summary(scores)}, orient="index"),
        correlation=scores.corr(),
        components=pd.Series(
            order / order.sum(), index=range(1, len(order) + 1), name="share of variance"
        ).rename_axis("component"),
    )


def _summary(columns: pd.DataFrame) -> dict[str, float]:
    correlation = np.atleast_2d(np.corrcoef(columns.to_numpy(), rowvar=False))
    k = len(correlation)
    roots = np.linalg.eigvalsh(correlation)[::-1]
    # for standardised columns the variance of their sum is the sum of all correlations
    alpha = k / (k - 1) * (1 - k / correlation.sum()) if k > 1 else np.nan
    return {
        "indicators": k,
        "alpha": float(alpha),
        "first component": float(roots[0] / k),
        "eigenvalues above 1": int((roots > 1 + 1e-12).sum()),
    }


def uncertainty(
    indicators: pd.DataFrame,
    *,
    facets: Mapping[str, Sequence[str]] | None = None,
    normalisations: Sequence[Normalisation] = ("min-max", "z", "rank"),
    aggregations: Sequence[Aggregation] = ("arithmetic", "geometric", "minimum"),
    weights: Mapping[str, float] | None = None,
    concentration: float = 12.0,
    remove: bool = True,
    replicates: int = 10_000,
    level: float = 0.9,
    scale: tuple[float, float] | None = None,
    reverse: Sequence[str] | None = None,
    missing: MissingPolicy = "refuse",
    seed: Seed = 0,
) -> Uncertainty:
    r"""Rank every place under thousands of equally defensible ways to build the index.

    Each draw picks a normalisation, an aggregation, facet weights from a Dirichlet distribution
    with parameters :math:`c\,w_j` (so their mean is :math:`w_j`), and at most one indicator to
    leave out, each independently; places are then ranked. The reference is `score` with the first
    normalisation and the first aggregation, the weights as given, and all indicators.

    Parameters
    ----------
    indicators : pandas.DataFrame
        Index places, columns (facet, indicator), or indicators with ``facets=``.
    facets : mapping, optional
        Facet → names of its indicators, where the columns do not carry the facets.
    normalisations : sequence of str
        Normalisations to choose from with equal chance.
    aggregations : sequence of str or float
        Aggregations to choose from with equal chance.
    weights : mapping, optional
        Mean weight of each facet, equal by default. A facet of weight zero stays out.
    concentration : float
        :math:`c`, how firmly the weights are held: 4 with four equal weights makes every set of
        weights equally likely, 12 gives each a standard deviation of 0.12, large values fix them.
    remove : bool
        Leave out one indicator in some draws: none or any one with equal chance, but never the
        only one of its facet.
    replicates : int
        Number of draws, at most a million.
    level : float
        Level of rank intervals, and the share of draws from which an order counts as robust.
    scale : (float, float), optional
        Lowest and highest possible value of every indicator, as for `score`.
    reverse : sequence of str, optional
        Indicators of which a high value is bad, as for `score`.
    missing : {"refuse", "drop", "impute"}
        What to do about missing indicators, as for `score`.
    seed : int or numpy.random.Generator
        Same seed, same result.

    Returns
    -------
    Uncertainty

    Raises
    ------
    ValueError
        What `score` and `coherence` refuse; replicates that are no whole number from 1 to a
        million, a level outside (0, 1), a concentration that is not positive, or z-scores so low
        that a geometric mean does not exist.

    See Also
    --------
    score : One way to build the index.
    coherence : What the indicators are before any of them is weighted.

    Notes
    -----
    Rank of a place is one plus the number of places above it. ``drivers`` are first-order indices
    Var(E[shift | choice]) / Var(shift), estimated by group means; what they leave of one is the
    weights and the interplay of choices.

    References
    ----------
    OECD and European Commission Joint Research Centre (2008), Handbook on Constructing Composite
    Indicators, step 7 (uncertainty and sensitivity analysis), which also defines the mean rank
    shift.

    Examples
    --------
    >>> table = pd.DataFrame({("f", "a"): [1.0, 2, 3], ("g", "b"): [1.0, 2, 3]}, index=list("ABC"))
    >>> sure = uncertainty(table, replicates=200)
    >>> sure.ranks["low"].tolist() == sure.ranks["high"].tolist() == [3, 2, 1]
    True
    >>> sure.robust_pairs, sure.mean_rank_shift
    (1.0, 0.0)
    """
    replicates = whole("replicates", replicates, 1, 1_000_000)
    level = number("level", level, 0, 1, ends=False)
    concentration = number("concentration", concentration, 0, ends=False)
    chosen("remove", remove, (True, False))
    rng = generator(seed)
    for what, choices in (("normalisations", normalisations), ("aggregations", aggregations)):
        if isinstance(choices, str) or not isinstance(choices, Sequence) or not len(choices):
            raise ValueError(f"uncertainty: {what} is {choices!r}, but must list at least one.")
    ready = prepare("uncertainty", indicators, facets, scale, reverse, missing)
    together = _coherence(ready.values, ready.facets, "uncertainty")
    share = scoring.checked_weights(weights, list(ready.facets))
    share = share[share > 0]
    groups = {facet: ready.facets[facet] for facet in share.index}
    exponents = [scoring.exponent_of(choice) for choice in aggregations]
    removable = [name for names in groups.values() if len(names) > 1 for name in names]
    left_out = [None, *(removable if remove else [])]

    tables = [normalise_table(ready.values, name, scale) for name in normalisations]
    scores = np.array([[_facet_scores(table, groups, out) for out in left_out] for table in tables])
    if any(np.isfinite(r) and r != 1 for r in exponents) and (scores <= 0).any():
        h, _, p, _ = np.argwhere(scores <= 0)[0]
        raise ValueError(
            f"uncertainty: {ready.values.index[p]!r} has a facet at or below zero under "
            f"{normalisations[h]!r}, and a geometric mean needs positive ones; leave out that "
            "normalisation or that aggregation."
        )

    sizes = (len(tables), len(left_out), len(exponents))
    which = [rng.integers(size, size=replicates) for size in sizes]
    drawn = rng.dirichlet(concentration * share.to_numpy(), size=replicates)
    totals = np.empty((replicates, len(ready.values)), dtype=np.float64)
    # All draws with the same three choices differ in their weights only, and are made at once.
    code = np.ravel_multi_index(which, sizes)
    for one in np.unique(code):
        mine, (h, out, r) = np.flatnonzero(code == one), np.unravel_index(one, sizes)
        totals[mine] = scoring.power_mean(scores[h, out], drawn[mine], exponents[r])

    places = ready.values.index
    mean = (share / share.sum()).to_numpy()
    reference = scoring.rank(
        pd.Series(scoring.power_mean(scores[0, 0], mean, exponents[0]), index=places)
    )
    ranks, pairs = _ranks_and_pairs(totals)
    away = np.abs(ranks - reference.to_numpy()[:, None])
    shift = away.mean(axis=0)
    levels = [0.5, (1 - level) / 2, (1 + level) / 2]
    ends = np.quantile(ranks, levels, axis=1, method="inverted_cdf").astype(int)
    table = pd.DataFrame(ends.T, index=places, columns=["median", "low", "high"])
    table.insert(0, "reference", reference)
    names = ("normalisation", "indicator left out", "aggregation")
    drivers = {n: _explained(shift, each) for n, each in zip(names, which, strict=True)}
    return Uncertainty(
        ranks=table.assign(shift=away.mean(axis=1)),
        pairs=pd.DataFrame(pairs, index=places, columns=places),
        shift=shift,
        drivers=pd.Series(drivers, name="share of variance").iloc[[0, 2, 1]],
        level=level,
        coherence=together,
    )


def _facet_scores(table: pd.DataFrame, groups: dict[str, list[str]], out: str | None) -> np.ndarray:
    return np.column_stack(
        [table[[name for name in names if name != out]].mean(axis=1) for names in groups.values()]
    )


def _ranks_and_pairs(totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranks (places x draws) and the share of draws in which row beats column."""
    by_place = np.ascontiguousarray(totals.T)
    ranks = np.ones(by_place.shape, dtype=np.int32)
    pairs = np.empty((len(by_place), len(by_place)))
    for place, own in enumerate(by_place):
        above = own > by_place
        pairs[place] = np.count_nonzero(above, axis=1) / by_place.shape[1]
        ranks += above
    return ranks, pairs


def _explained(shift: np.ndarray, choice: np.ndarray) -> float:
    """Share of the variance of ``shift`` between the groups that ``choice`` makes."""
    # Var(E[shift | choice]) / Var(shift): by the means of the groups, since choices are few
    if shift.var() == 0:
        return 0.0
    choice = choice.astype(np.intp, copy=False)
    count = np.bincount(choice)
    sums = np.bincount(choice, weights=shift)
    used = count > 0
    means = sums[used] / count[used]
    return float((count[used] * (means - shift.mean()) ** 2).sum() / len(shift) / shift.var())
