"""A cluster scattered over classes: what quotients by class see of it, and what purchases see.

The model is ours. That a cluster can be buried in broad classes is what a document tells of medical
devices in Massachusetts.
"""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Le
from scipy.special import betaincinv

from clusterlab.parameters import Parameter, Seed, generator, model
from clusterlab.results import Result

#: Classes of the economy, all equally large in the country.
CLASSES = 12
#: Firms of the place that are not in the cluster.
OTHERS = 120
#: A group is told from chance above this many times √(2 firms): among ties at random the best group
#: exceeds it in under 5 % of networks, whatever the firms and ties (tested over both sliders).
_BEYOND = 0.48
_ROUNDS = 80


@dataclass(frozen=True, repr=False)
class HiddenCluster(Result):
    r"""What quotients and what purchases find of a planted cluster.

    Attributes
    ----------
    classes : pandas.DataFrame
        The first place by class: ``firms``, ``members`` (of the cluster), ``expected`` quotient,
        ``quotient``, its interval ``low`` to ``high``, ``named`` by it, and ``found``, the members
        that purchases find.
    outcomes : pandas.DataFrame
        By replicate and method (quotients, purchases): how many firms are ``named``, how many of
        them are ``members``, and ``score``, F1: 1 if exactly the members are named, 0 if none is.
    size : int
        Members of the cluster.
    threshold : float
        The share of ties kept inside from which on ties can tell anything: :math:`1/\sqrt t`.
    """

    classes: pd.DataFrame
    outcomes: pd.DataFrame
    size: int
    threshold: float

    @property
    def found(self) -> pd.Series:
        """Share of the cluster's firms that are named, by method, over all replicates."""
        return (self.outcomes.xs("members", axis=1, level=1).mean() / self.size).rename("found")

    @property
    def right(self) -> pd.Series:
        """Share of the firms named that are members, by method; NaN if none is named."""
        named = self.outcomes.xs("named", axis=1, level=1).sum()
        members = self.outcomes.xs("members", axis=1, level=1).sum()
        return (members / named.where(named > 0)).rename("right")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a method: share found, share right, mean score and its standard error."""
        score = self.outcomes.xs("score", axis=1, level=1)
        columns = {"found": self.found, "right": self.right, "score": score.mean()}
        return pd.DataFrame(columns | {"error": score.sem()}).loc[[*score.columns]]


_planted = partial(Parameter, source="constructed")


@model
def hidden_cluster(
    *,
    classes: Annotated[int, _planted("classes it is scattered over", 1, CLASSES, 1)] = 6,
    members: Annotated[
        int, _planted("firms in the cluster", 15, 40, 5, admissible=(Ge(5), Le(OTHERS // 2)))
    ] = 30,
    kept: Annotated[
        float, _planted("share of ties that members keep among them", 0, 0.8, 0.05)
    ] = 0.6,
    ties: Annotated[int, _planted("ties of each firm", 4, 12, 1, admissible=(Ge(2), Le(50)))] = 9,
    replicates: Annotated[int, Parameter("places drawn", 2, 200, 1)] = 20,
    seed: Seed = 0,
) -> HiddenCluster:
    r"""Plant a cluster scattered over classes, and look for it by quotients and by purchases.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        The same seed draws the same places.

    Returns
    -------
    HiddenCluster

    Raises
    ------
    ValueError
        A parameter out of its range; more ties than there are firms to have them with.

    See Also
    --------
    linkages : Who buys from whom, industry by industry.

    Notes
    -----
    A place has n members of a cluster and m = 120 other firms, N in all. Others are in any of
    K = 12 classes, all equally large in the country; members are spread over s of them, as evenly
    as possible. So class k with :math:`n_k` members has the expected quotient
    :math:`(m/K+n_k)K/N`; with :math:`n_k=n/s` and the cluster's share :math:`a=n/N`,

    .. math:: \mathrm{LQ} = 1 + a\,(K/s - 1).

    It is 1 at s = K, whatever the size. A **quotient** names a class, with all firms in it, if its
    interval lies above 1: Clopper-Pearson, 95 % for the twelve together.

    Every firm has t ties on average, so their number tells nothing. A member keeps the share w of
    its ties for members; the rest are with any firm. Two members have a tie (one buys of the other)
    with probability :math:`t[w+(1-w)a]/(n-1)`, a member and another with :math:`t(1-w)/N`, two
    others with :math:`t[1-a(1-w)]/(m-1)`. The matrix of expected ties has the second eigenvalue tw;
    chance alone gives some up to about :math:`2\sqrt t`. Below :math:`w=1/\sqrt t` the leading
    eigenvector of a large network tells nothing of who is a member (for two groups of one size no
    other use of ties does either: Decelle and others).

    **Purchases** name a group by ties alone: the leading eigenvector of the modularity matrix
    (ties less :math:`k_ik_j/2M`, with k a firm's ties and M all of them) orders firms; the
    first j of them are taken for which ties inside exceed the expected number e by the most times
    :math:`\sqrt e`. If that is not more than :math:`0.48\sqrt{2N}`, which the best group among ties
    at random exceeds in under 5 % of networks, nobody is named. Neither method knows s, n or w.

    References
    ----------
    porter-2000, "What is a cluster?", for Massachusetts. Newman (2006), PNAS 103; Decelle,
    Krzakala, Moore and Zdeborova (2011), Physical Review E 84: from general knowledge.

    Examples
    --------
    >>> hidden_cluster(classes=12, members=24).classes["expected"].unique().tolist()
    [1.0]
    >>> hidden_cluster().to_frame()["found"].round(1).to_dict()
    {'quotients': 0.0, 'purchases': 0.9}
    """
    firms, rng = members + OTHERS, generator(seed)
    share = members / firms
    chances = np.full((firms, firms), ties * (1 - share * (1 - kept)) / (OTHERS - 1))
    chances[:members] = chances[:, :members] = ties * (1 - kept) / firms
    chances[:members, :members] = ties * (kept + (1 - kept) * share) / (members - 1)
    if chances.max() > 1:
        raise ValueError(
            f"hidden_cluster: ties is {ties}, but a member keeping {kept:g} of them has only "
            f"{members - 1} other members to have them with; take fewer ties or more members."
        )
    home = np.arange(members) % classes  # the class of each member
    each = np.arange(CLASSES)
    planted = (home[:, None] == each).sum(axis=0)
    where = rng.integers(CLASSES, size=(replicates, OTHERS))
    counts = planted + (where[:, :, None] == each).sum(axis=1)
    low, high = _interval(counts, firms)
    seen = low * CLASSES > 1
    found = _groups(rng.random((replicates, firms, firms)) < chances, rng)
    methods = {
        "quotients": ((counts * seen).sum(axis=1), (planted * seen).sum(axis=1)),
        "purchases": (found.sum(axis=1), found[:, :members].sum(axis=1)),
    }
    outcomes = {
        (name, what): values
        for name, (named, hits) in methods.items()
        for what, values in (
            ("named", named),
            ("members", hits),
            ("score", 2 * hits / (named + members)),
        )
    }
    table = {
        "firms": counts[0],
        "members": planted,
        "expected": (OTHERS / CLASSES + planted) * CLASSES / firms,
        "quotient": counts[0] * CLASSES / firms,
        "low": low[0] * CLASSES,
        "high": high[0] * CLASSES,
        "named": seen[0],
        "found": (home[found[0, :members], None] == each).sum(axis=0),
    }
    return HiddenCluster(
        classes=pd.DataFrame(table, pd.RangeIndex(1, CLASSES + 1, name="class")),
        outcomes=pd.DataFrame(outcomes).rename_axis("replicate"),
        size=members,
        threshold=float(ties**-0.5),
    )


def _interval(counts: np.ndarray, firms: int) -> tuple[np.ndarray, np.ndarray]:
    """Return Clopper-Pearson limits of shares, 95 % for all classes together."""
    tail, missing = 0.025 / CLASSES, firms - counts
    low = betaincinv(np.maximum(counts, 1), missing + 1, tail)
    high = betaincinv(counts + 1, np.maximum(missing, 1), 1 - tail)
    return np.where(counts > 0, low, 0), np.where(missing > 0, high, 1)


def _groups(drawn: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return for each network which firms are named; see `hidden_cluster`."""
    upper = np.triu(drawn, 1)
    ties = (upper | upper.transpose(0, 2, 1)).astype(float)
    networks, firms, _ = ties.shape
    degree = ties.sum(axis=2, keepdims=True)
    ends = degree.sum(axis=1, keepdims=True)
    # power iteration; the shift puts the most positive eigenvalue first, not the largest in size
    shift = 1.5 * np.sqrt(ends / firms)
    v = rng.standard_normal((networks, firms, 1))
    for _ in range(_ROUNDS):
        v = ties @ v + shift * v - degree * ((degree * v).sum(axis=1, keepdims=True) / ends)
        v /= np.linalg.norm(v, axis=1, keepdims=True)
    # the smaller group, which has the larger entries, first
    order = np.argsort(-v[:, :, 0] * np.sign((v**3).sum(axis=1)), axis=1)
    inside = np.take_along_axis(ties, order[:, :, None], axis=1)
    inside = np.take_along_axis(inside, order[:, None, :], axis=2)
    own = np.cumsum(np.tril(inside, -1).sum(axis=2), axis=1)  # ties inside the first 1, 2, …
    expected = np.cumsum(inside.sum(axis=2), axis=1) ** 2 / (2 * ends[:, :, 0])
    expected = np.maximum(expected, 1e-9)  # the first firms may have no tie at all
    excess = (own - expected)[:, : firms // 2] / np.sqrt(expected[:, : firms // 2])
    best = excess.argmax(axis=1)
    taken = np.arange(firms) <= best[:, None]
    taken &= excess.max(axis=1, keepdims=True) > _BEYOND * np.sqrt(2 * firms)
    named = np.zeros_like(taken)
    np.put_along_axis(named, order, taken, axis=1)
    return named
