"""A portfolio of clusters: rules for one budget on emerging, established and other ones."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Le

from clusterlab.parameters import Parameter, Seed, generator, model, refuse_too_many
from clusterlab.results import Result

_ours = partial(Parameter, source="constructed")
_CLUSTERS = ["established", "emerging", "declining", "new"]
#: Which part of the money each rule gives to each of those.
_RULES = {
    "no policy": [0, 0, 0, 0],
    "all there are": [1 / 3, 1 / 3, 1 / 3, 0],
    "the strongest": [1, 0, 0, 0],
    "the weakest": [0, 1, 0, 0],
    "a new one": [0, 0, 0, 1],
}
#: Sizes of the established and the declining cluster at the start, and the latter's threshold.
_ESTABLISHED, _DECLINING, _LOST = 0.9, 0.6, 0.75
_RATE, _STEP, _PARTS = 0.1, 0.5, (0.5, 1.0, 1.5)


@dataclass(frozen=True, repr=False)
class Portfolio(Result):
    """Clusters of a region under each rule for spending; a size of 1 fills a cluster's market.

    Attributes
    ----------
    paths : pandas.DataFrame
        Size of all clusters together by year, a column a rule, mean over regions.
    clusters : pandas.DataFrame
        Size of each cluster in the last year, a row a rule, mean over regions.
    ends : pandas.DataFrame
        Size of all clusters in the last year, a row a rule, mean over regions, with half the
        threshold, the one given, and one and a half times as high a one.
    errors : pandas.DataFrame
        Standard error of the difference in that size between two rules, over regions.
    push : float
        Money a year below which a new cluster never gets over the threshold, however long it is
        paid.
    years, after : int
        Years with money, and years that follow.
    """

    paths: pd.DataFrame
    clusters: pd.DataFrame
    ends: pd.DataFrame
    errors: pd.DataFrame
    push: float
    years: int
    after: int

    def alike(self, rule: str, part: float = 1.0) -> list[str]:
        """Return the rules whose clusters cannot be told from those of one in size at the end.

        Parameters
        ----------
        rule : str
            A row of ``ends``.
        part : float
            A column of ``ends``.

        Returns
        -------
        list of str
            Those within two standard errors, or within 0.005.
        """
        apart = (self.ends[part] - self.ends[part][rule]).abs()
        return apart.index[apart <= (2 * self.errors[part][rule]).clip(lower=0.005)].tolist()

    def to_frame(self) -> pd.DataFrame:
        """Return the size of each cluster in the last year, by rule."""
        return self.clusters.copy()


@model
def portfolio(
    *,
    budget: Annotated[
        float, _ours("money a year", 0, 0.05, 0.0025, admissible=(Ge(0), Le(0.2)))
    ] = 0.02,
    years: Annotated[int, _ours("years with money", 5, 40, 5, admissible=(Ge(1), Le(1000)))] = 20,
    threshold: Annotated[
        float, _ours("threshold: market test", 0.1, 0.4, 0.025, admissible=(Ge(0.1), Le(0.5)))
    ] = 0.25,
    base: Annotated[float, _ours("size of the emerging cluster", 0, 0.5, 0.025)] = 0.2,
    spread: Annotated[float, _ours("spread of thresholds", 0, 0.5, 0.05)] = 0.2,
    after: Annotated[int, _ours("years after", 5, 100, 5, admissible=(Ge(1), Le(1000)))] = 40,
    replicates: Annotated[int, Parameter("regions", 2, 500, admissible=(Ge(2),))] = 100,
    seed: Seed = 0,
) -> Portfolio:
    r"""Spend one budget by five rules on clusters that emerge, stand, decline, or are not there.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        The same seed draws the same thresholds, relative to their mean, at every setting.

    Returns
    -------
    Portfolio

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    targeting : One industry or what all share.
    clusterlab.diamond.dynamics : A place with two stable states.

    Notes
    -----
    Cluster i has size x, as a part of what its market can hold, and grows by

    .. math:: \dot x = r\,x\,(x/A_i - 1)(1 - x) + m_i(t),

    logistic growth with a threshold A (a strong Allee effect): without money a cluster below A
    shrinks to nothing, one above it grows to 1. That is how we read the seeds that have passed a
    market test. r = 0.1 a year. The money :math:`m_i` adds to size; it is M a year in all, for the
    years with money, and then 0. The **established** cluster starts at 0.9, the **emerging** one at
    its base, the **new** one at 0, all with threshold A; the **declining** one starts at 0.6 with a
    threshold of 0.75: its market has moved on. Each threshold of each region is drawn evenly from
    within ± the spread, as a share of it, and is below 0.95.

    Rules: *all there are* get a third each; *the strongest* is the established one; *the weakest*
    the emerging one; *a new one* gets everything where nothing is; *no policy* spends nothing.

    **What can be proved**, for one cluster. (a) Resting points without money are 0, A and 1; 0 and
    1 are stable. (b) Steady money m carries a new cluster over A if and only if it exceeds the push

    .. math:: m^* = \max_{0<x<A} r\,x\,(1 - x/A)(1 - x)

    which is reached at :math:`x^* = [(1+A) - \sqrt{1 - A + A^2}\,]/3`; a base helps to have it
    smaller only if it is above x*, but it always saves time. (c) It takes
    :math:`\int_{x_0}^{A} dx/\dot x` years. (d) More money never makes a cluster smaller, and a
    lower threshold never makes smaller what of it fits its market, min(x, 1). (e) An established
    cluster with money ends above 1 and falls back: that part of the effect lasts while it is paid.
    Which rule ends largest hangs on numbers, all of them
    ours. Sizes add up: what a cluster takes from another is left out.

    Integrated by Runge and Kutta's method of fourth order, two steps a year.

    References
    ----------
    porter-2000, "Government Influences on Cluster Upgrading" (all clusters; build on established
    and emerging ones; seeds that have passed a market test) and the nine marks (a structure that
    embraces all clusters). The document has no equations.

    Examples
    --------
    >>> found = portfolio(spread=0)
    >>> found.clusters.loc["a new one"].round(2).tolist(), round(found.push, 4)
    ([1.0, 0.0, 0.05, 1.0], 0.0055)
    >>> found.ends[1.0].idxmax(), found.ends[0.5].idxmax(), found.ends[1.5].idxmax()
    ('all there are', 'a new one', 'the weakest')
    """
    refuse_too_many("portfolio", replicates=replicates, years=years + after, sizes=60)
    drawn = spread * generator(seed).uniform(-1, 1, size=(replicates, 1, 4))
    means = np.array([[part * threshold] * 4 for part in _PARTS])
    means[:, 2] = _LOST
    border = np.minimum(means[:, None, None] * (1 + drawn), 0.95)
    start = [_ESTABLISHED, base, _DECLINING, 0.0]
    size = np.full((len(_PARTS), replicates, len(_RULES), 4), start)
    shares = budget * np.array([*_RULES.values()])

    def growth(x: np.ndarray, money: np.ndarray) -> np.ndarray:
        return _RATE * x * (x / border - 1) * (1 - x) + money

    paths = [size[1].sum(axis=-1).mean(axis=0)]
    for year in range(years + after):
        money = shares if year < years else 0 * shares
        for _ in range(round(1 / _STEP)):
            one = growth(size, money)
            two = growth(size + _STEP / 2 * one, money)
            three = growth(size + _STEP / 2 * two, money)
            four = growth(size + _STEP * three, money)
            size = size + _STEP / 6 * (one + 2 * two + 2 * three + four)
        paths.append(size[1].sum(axis=-1).mean(axis=0))
    rules, ends = pd.Index(_RULES, name="rule"), size.sum(axis=-1)
    between = ends[..., :, None] - ends[..., None, :]
    errors = between.std(axis=1, ddof=1) / replicates**0.5
    pairs = {
        part: pd.DataFrame(each, rules, rules) for part, each in zip(_PARTS, errors, strict=True)
    }
    least = ((1 + threshold) - np.sqrt(1 - threshold + threshold**2)) / 3
    return Portfolio(
        paths=pd.DataFrame(paths, columns=rules).rename_axis("year"),
        clusters=pd.DataFrame(size[1].mean(axis=0), rules, _CLUSTERS),
        ends=pd.DataFrame(ends.mean(axis=1).T, rules, [*_PARTS]),
        errors=pd.concat(pairs, axis=1),
        push=float(_RATE * least * (1 - least / threshold) * (1 - least)),
        years=years,
        after=after,
    )
