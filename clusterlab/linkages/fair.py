"""Trade fairs: clusters apart, together for some days, and what is left of it afterwards."""

import itertools
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab.parameters import Parameter, Seed, generator, model, need, refuse_too_many
from clusterlab.results import Result

_share = partial(Parameter, low=0, high=1, step=0.05, source="constructed")
_CLUSTERS = "A fair brings clusters together; with one there is nobody else to meet."


@dataclass(frozen=True, repr=False)
class TradeFair(Result):
    """Links between clusters over a row of trade fairs.

    Attributes
    ----------
    given : dict
        The arguments it was computed from.
    path : pandas.DataFrame
        Indexed by fair from 0, which is before the first: links between clusters ``after`` it by
        the formula, their ``simulated`` mean and its standard ``error``, and what is ``left`` of
        them, by the formula, when the next one begins.
    reach : pandas.Series
        Share of pairs of firms of different clusters that are at most three steps apart, ``before``
        the last fair, ``during`` it and ``after``; mean over replicates.
    limit : float
        Links right after a fair that the row of fairs tends to.
    journeys_per_link : float
        Journeys made so far for each link that is left when the next fair begins; infinite where
        none is.
    """

    given: dict[str, Any]
    path: pd.DataFrame
    reach: pd.Series
    limit: float
    journeys_per_link: float

    def to_frame(self) -> pd.DataFrame:
        """Return the path, one row a fair."""
        return self.path.copy()


@model
def trade_fair(
    *,
    clusters: Annotated[
        int, Parameter("clusters", 2, 5, admissible=(Ge(2),), reason=_CLUSTERS)
    ] = 3,
    firms: Annotated[int, Parameter("firms of a cluster", 6, 30, 2, admissible=(Ge(5),))] = 12,
    travellers: Annotated[
        int, Parameter("travellers from each cluster", 0, 12, admissible=(Ge(0),))
    ] = 3,
    lasting: Annotated[float, _share("chance that a meeting leaves a link")] = 0.2,
    fading: Annotated[float, _share("links that fade until the next fair")] = 0.3,
    fairs: Annotated[int, Parameter("fairs", 1, 12, admissible=(Ge(1),))] = 5,
    who: Annotated[Literal["drawn anew", "the same"], Parameter("who travels")] = "drawn anew",
    replicates: Annotated[int, Parameter("replicates", 20, 500, 20, admissible=(Ge(2),))] = 200,
    seed: Seed = 0,
) -> TradeFair:
    r"""Let some firms of each cluster meet at fairs, and count the links that last.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        The same seed gives the same journeys, links and local ties.

    Returns
    -------
    TradeFair

    Raises
    ------
    ValueError
        Fewer than two clusters, more travellers than firms, another parameter out of its range, or
        more than fits in memory.

    See Also
    --------
    pipelines : What links to elsewhere bring, and what keeping them costs.
    linkage_balance : Which links a place has.

    Notes
    -----
    C clusters of N firms each have ties inside (small worlds of four neighbours) and none between
    them. From each g firms travel, *drawn anew* for every fair or *the same* each time. At the fair
    every traveller meets all from other clusters, and a pair that meets and is not linked becomes
    linked with probability q. Until the next fair a link fades with probability d.

    Of the :math:`P = \binom C2 N^2` pairs of firms of two clusters one is at a fair with
    probability :math:`a = (g/N)^2`. If :math:`x_f` is the chance that it is linked right after fair
    f, then with :math:`x_0 = 0`

    .. math:: x_{f+1} = (1-d)\,x_f + a q\,[1 - (1-d)\,x_f], \qquad
              x_f = x_\infty\,[1 - \rho^f], \quad \rho = (1-d)(1-aq), \quad
              x_\infty = \frac{aq}{1-\rho} .

    :math:`P x_f` links are expected right after fair f and :math:`(1-d) P x_f` when the next one
    begins. With the same travellers only :math:`\binom C2 g^2` pairs ever meet, each at every fair:
    put a = 1 for those. The first fair brings :math:`q\binom C2 g^2` links under both rules: with
    the square of the travellers, while the journeys, C g, rise in proportion. Drawing anew never
    leaves fewer links than the same travellers do: :math:`1 - x_f` is a sum of powers of
    :math:`1-aq`, so that :math:`x_f` is concave in a, and :math:`x_f(a) \ge a\,x_f(1)`. That
    people who meet again trust each other more is not in the model.

    References
    ----------
    bathelt-2019, last slides (before, during and after a fair; the graphics are missing in the text
    used). The model is ours.

    Examples
    --------
    >>> once = trade_fair(fairs=1, fading=0)
    >>> once.path["after"].round(3).tolist()  # 3 pairs of clusters, 9 meetings each, one in five
    [0.0, 5.4]
    """
    need(travellers <= firms, "trade_fair: travellers", f"at most the {firms} firms", travellers)
    pairs_of = [*itertools.combinations(range(clusters), 2)]
    refuse_too_many("trade_fair", pairs=len(pairs_of) * firms**2, replicates=replicates)
    refuse_too_many("trade_fair", steps=(clusters * firms) ** 2, replicates=replicates)
    rng = generator(seed)
    local = _local_ties(clusters, firms, rng)
    numbers = np.arange(clusters * firms).reshape(clusters, firms)
    one, other = np.concatenate(
        [np.array([*itertools.product(numbers[c], numbers[d])]) for c, d in pairs_of]
    ).T
    linked = np.zeros((replicates, len(one)), dtype=bool)
    going = np.zeros((replicates, clusters * firms), dtype=bool)
    counts = [np.zeros(replicates)]
    for fair in range(fairs):
        if fair == 0 or who == "drawn anew":
            order = rng.random((replicates, clusters, firms)).argsort(axis=2).argsort(axis=2)
            going = (order < travellers).reshape(replicates, -1)
        linked &= rng.random(linked.shape) >= fading
        before, met = linked, going[:, one] & going[:, other]
        linked = linked | (met & (rng.random(linked.shape) < lasting))
        counts.append(linked.sum(axis=1))
    pairs = len(pairs_of) * (firms if who == "drawn anew" else travellers) ** 2
    meets = (travellers / firms) ** 2 if who == "drawn anew" else 1.0
    new, stays = meets * lasting, (1 - fading) * (1 - meets * lasting)
    number = np.arange(fairs + 1)
    # where nothing fades and nothing comes both are 0, and the limit is what there is: nothing
    limit = pairs * new / (1 - stays) if new else 0.0
    after = limit * (1 - stays**number)
    simulated = np.array(counts, dtype=float)
    path = pd.DataFrame(
        {
            "after": after,
            "simulated": simulated.mean(axis=1),
            "error": simulated.std(axis=1, ddof=1) / replicates**0.5,
            "left": (1 - fading) * after,
        },
        pd.Index(number, name="fair"),
    )
    reach = {
        name: _within_three(local, one, other, links)
        for name, links in (("before", before), ("during", before | met), ("after", linked))
    }
    left, made = path["left"].iloc[-1], fairs * clusters * travellers
    names = ("clusters", "firms", "travellers", "lasting", "fading", "fairs", "who", "replicates")
    values = (clusters, firms, travellers, lasting, fading, fairs, who, replicates)
    return TradeFair(
        given=dict(zip(names, values, strict=True)),
        path=path,
        reach=pd.Series(reach, name="share of pairs within three steps"),
        limit=float(limit),
        journeys_per_link=float(made / left) if left > 0 else np.inf,
    )


def _local_ties(clusters: int, firms: int, rng: np.random.Generator) -> np.ndarray:
    """Return the ties inside clusters, a square table of firms with ones also on its diagonal."""
    worlds = [nx.watts_strogatz_graph(firms, 4, 0.1, int(rng.integers(2**31)))] * clusters
    return nx.to_numpy_array(nx.disjoint_union_all(worlds)) + np.eye(clusters * firms)


def _within_three(
    local: np.ndarray, one: np.ndarray, other: np.ndarray, linked: np.ndarray
) -> float:
    """Return the share of pairs of two clusters at most three steps apart, mean over replicates."""
    near = np.repeat(local[None].astype(np.float32), len(linked), axis=0)
    near[:, one, other] += linked
    near[:, other, one] += linked
    within = near @ near @ near  # counts of walks of three steps, one of which may be to stay
    return float((within[:, one, other] > 0).mean())
