"""Ties inside a cluster, in its region and to the world: what they bring, and which are missed.

The model is ours: bathelt-2019 says that three levels of linkages are needed and in balance, but
gives no equation.
"""

import functools
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt, Le, Lt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from clusterlab.linkages.balance import evenness
from clusterlab.parameters import Parameter, Seed, generator, model, refuse_too_many
from clusterlab.results import Result

_FIRMS, _TOWNS, _ABROAD = 40, 4, 40
LEVELS = ["local", "regional", "global"]
_share = functools.partial(Parameter, low=0, high=1, step=0.05)
_MOST = "There are 780 pairs of firms in the cluster, and each can have one tie."


@dataclass(frozen=True, repr=False)
class ThreeLevels(Result):
    """What a region comes to know, with all its ties and after a loss at each level.

    Attributes
    ----------
    given : dict
        The setting it was computed for.
    ties : pandas.Series
        Number of ``local``, ``regional`` and ``global`` ties before any loss.
    evenness : float
        Shannon entropy of their shares over ln 3: 0 with one level only, 1 with thirds.
    path : pandas.DataFrame
        By period from 0: mean share of firms that know, with columns (loss, part); a loss is
        ``none`` or the level that loses ties, a part ``cluster`` or ``other towns``.
    growth : pandas.DataFrame
        By loss, at the end: mean share that knows in the ``region`` and its standard ``error``, in
        the ``cluster`` and in the ``other towns``; what the loss ``costs`` the region, and the
        ``costs error``.
    runs : pandas.DataFrame
        By replicate, a column a loss: share of the region that knows at the end.
    worst : list of str
        The level whose loss costs most and those not clearly apart from it: within three standard
        errors of the difference, replicate by replicate. Empty where no loss costs anything.
    """

    given: dict[str, Any]
    ties: pd.Series
    evenness: float
    path: pd.DataFrame
    growth: pd.DataFrame
    runs: pd.DataFrame
    worst: list[str]

    def to_frame(self) -> pd.DataFrame:
        """Return growth by loss."""
        return self.growth.copy()


@model
def three_levels(
    *,
    local: Annotated[float, _share("share of all ties that are local")] = 0.35,
    regional_of_rest: Annotated[float, _share("share of the others that are regional")] = 0.5,
    lost: Annotated[float, _share("share of a level's ties that is lost")] = 0.5,
    rate: Annotated[
        float, Parameter("chance per tie and period", 0.02, 0.3, 0.02, admissible=(Gt(0), Lt(1)))
    ] = 0.1,
    periods: Annotated[int, Parameter("periods", 2, 60, 2, admissible=(Ge(1),))] = 20,
    ties: Annotated[
        int, Parameter("ties", 40, 320, 20, admissible=(Ge(1), Le(780)), reason=_MOST)
    ] = 160,
    replicates: Annotated[int, Parameter("regions", 2, 400, admissible=(Ge(2),))] = 40,
    seed: Seed = 0,
) -> ThreeLevels:
    r"""Divide a number of ties over three levels; see what arrives, and what each loss costs.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        The same seed gives the same regions and chances at every setting, so that two settings
        differ by nothing but the setting.

    Returns
    -------
    ThreeLevels

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    linkage_balance : evenness of the ties of a network of your own.
    clusterlab.networks.spread : knowledge that spreads along the ties of any network.

    Notes
    -----
    A cluster of 40 firms lies in one town of a region. 40 more firms lie in 4 other towns, 10 in
    each. 40 firms abroad know something that nobody in the region knows: that novelty begins
    abroad, and only there, is an input. Of all ties the share ``local`` joins two firms of the
    cluster; of the rest the share ``regional_of_rest`` joins two firms in different towns of the
    region; what remains is global and joins a firm of the cluster and one abroad. Which
    pairs have a tie is drawn at random, each pair at most once.

    In each period a firm that does not know learns along each tie to a partner that knew before
    with probability ρ, so that with k such partners it learns with probability

    .. math:: 1 - (1 - \rho)^k.

    Nobody forgets. Each tie passes the thing on at most once, so the number of periods it takes can
    be drawn beforehand: it is geometric, :math:`D = 1 + \lfloor E / -\ln(1-\rho) \rfloor` with E
    exponential. With D as the length of a tie, a firm therefore knows from the period on that is
    its shortest distance from abroad. *Growth* is the share of the region's 80 firms that know
    after the last period.

    A loss takes, before the first period, a share of the ties of one level, drawn at random; the
    other levels and all D stay as they are. Hence, with the same draws, no loss can ever add, and
    a higher ρ, more periods or a smaller loss never take anything away. Without global ties nothing
    arrives; without regional ties the other towns never know. With g global ties the share of the
    cluster that knows after one period is, on average,
    :math:`1 - \sum_k h(k) (1-\rho)^k`, where h is hypergeometric: g pairs of 1600, of which a firm
    has 40.

    References
    ----------
    bathelt-2019, section 5, slides on three levels: nucleus or cluster, regional network,
    international linkages; section 4: balance as a condition of sustained growth.

    Examples
    --------
    >>> closed = three_levels(local=0.5, regional_of_rest=1)
    >>> closed.ties.to_dict(), float(closed.growth.loc["none", "region"])
    ({'local': 80, 'regional': 80, 'global': 0}, 0.0)
    >>> float(three_levels(regional_of_rest=0).growth.loc["none", "other towns"])
    0.0
    """
    refuse_too_many("three_levels", replicates=replicates, periods=periods, firms=4 * 2 * _FIRMS)
    ends = [0, round(local * ties), round((local + (1 - local) * regional_of_rest) * ties), ties]
    number = dict(zip(LEVELS, np.diff(ends).tolist(), strict=True))
    drawn = _drawn(replicates, ties, -np.log1p(-rate), generator(seed))
    known = {}  # (replicates, periods, firms): who knows when
    for loss in ("none", *LEVELS):
        kept = number | ({} if loss == "none" else {loss: round((1 - lost) * number[loss])})
        first = _arrivals([drawn[level][..., :have] for level, have in kept.items()])
        known[loss] = first[:, None, :] <= np.arange(periods + 1)[:, None]
    parts = {"cluster": slice(_FIRMS), "other towns": slice(_FIRMS, None)}
    path = pd.DataFrame(
        {(s, p): known[s][:, :, at].mean(axis=(0, 2)) for s in known for p, at in parts.items()}
    )
    runs = pd.DataFrame({loss: known[loss][:, -1].mean(axis=1) for loss in known})
    costs = runs.rsub(runs["none"], axis=0)
    growth = pd.DataFrame({"region": runs.mean(), "error": runs.sem()})
    growth[[*parts]] = path.to_numpy()[-1].reshape(4, 2)
    growth["costs"], growth["costs error"] = costs.mean(), costs.sem()
    behind = costs.rsub(costs[costs.mean().idxmax()], axis=0)
    near = (costs.mean() > 0) & (behind.mean() <= 3 * behind.sem())
    have = pd.Series(number, name="ties").rename_axis("level")
    return ThreeLevels(
        given={"lost": lost, "rate": rate, "periods": periods, "ties": ties},
        ties=have,
        evenness=evenness(have),
        path=path.rename_axis("period"),
        growth=growth.rename_axis("loss"),
        runs=runs.rename_axis("replicate"),
        worst=[level for level in LEVELS if near[level]],
    )


@functools.cache
def _pairs() -> dict[str, np.ndarray]:
    """Return the pairs of firms that a tie of each level can join, as two rows."""
    town = np.repeat(np.arange(_TOWNS + 2), [_FIRMS, *[_FIRMS // _TOWNS] * _TOWNS, _ABROAD])
    one, other = np.triu_indices(len(town), 1)
    abroad, first = town[other] > _TOWNS, town[one] == 0
    fits = [first & (town[other] == 0), ~abroad & (town[one] != town[other]), first & abroad]
    return {level: np.stack([one, other])[:, fit] for level, fit in zip(LEVELS, fits, strict=True)}


def _drawn(
    replicates: int, ties: int, hazard: float, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return pairs of each level in random order: (one, other, periods) x replicates x ties."""
    drawn = {}
    for level, pairs in _pairs().items():
        keys = rng.random((replicates, pairs.shape[1]))
        wait = 1 + np.floor(rng.exponential(size=keys.shape) / hazard)
        # the first in the order of the keys, whatever their number, so that more add to fewer
        few = keys.argpartition(ties - 1, axis=1)[:, :ties]
        order = np.take_along_axis(few, np.take_along_axis(keys, few, 1).argsort(axis=1), 1)
        drawn[level] = np.stack([*pairs[:, order], np.take_along_axis(wait, order, axis=1)])
    return drawn


def _arrivals(drawn: list[np.ndarray]) -> np.ndarray:
    """Return the period from which on each firm of the region knows: replicates x firms."""
    one, other, wait = np.concatenate(drawn, axis=2)
    size = 2 * _FIRMS + _ABROAD
    start = size * np.arange(len(wait))[:, None]
    rows, columns = ((ends + start).astype(np.int32).ravel() for ends in (one, other))
    # the replicates are islands of one graph, so that one search does for all
    graph = coo_array((wait.ravel(), (rows, columns)), shape=(size * len(wait),) * 2).tocsr()
    abroad = (start + np.arange(2 * _FIRMS, size)).ravel()
    first = dijkstra(graph, directed=False, indices=abroad, min_only=True)
    return first.reshape(len(wait), size)[:, : 2 * _FIRMS]
