"""Increasing returns and history: which region gets the industry, and how often.

Three processes after Arthur (1989, 1990): firms spin off from firms, firms choose a region for what
it offers and for who is there, and an urn with any strength of feedback. Each is run for many
histories at once, because one history proves nothing.
"""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Le

from clusterlab.parameters import Parameter, Seed, generator, model, refuse_too_many
from clusterlab.results import Result

_declared = partial(Parameter, source="Arthur 1990")
_of_taste = partial(_declared, unit="of taste spread", admissible=(Ge(0), Le(1e9)))

_REGIONS = Parameter(
    "regions",
    2,
    10,
    1,
    admissible=(Ge(2),),
    reason="History can only select a place where there are at least two to select from.",
)
_FIRMS = Parameter(
    "firms that enter",
    20,
    400,
    20,
    admissible=(Ge(1),),
    reason="Each firm that enters is one step of history.",
)
_REPLICATES = Parameter(
    "histories",
    admissible=(Ge(1),),
    reason="A statement about chance needs at least one history, better thousands.",
)

_FEEDBACK = _declared(
    "feedback γ",
    0,
    2,
    0.05,
    admissible=(Ge(0), Le(50)),
    reason="At 0 the place of earlier firms does not matter, at 1 it matters in proportion; below "
    "0 crowds would repel, which is another model; far above, powers overflow.",
)
_BENEFIT = _of_taste(
    "benefit of a neighbour",
    0,
    0.1,
    0.005,
    reason="It is what a firm gains from one more neighbour; below 0 "
    "neighbours would be a nuisance, which is congestion, not agglomeration.",
)
_CEILING = _declared(
    "ceiling of benefits",
    0,
    400,
    10,
    unit="firms",
    admissible=(Ge(0),),
    reason="At 0 neighbours bring nothing; at the number of firms or more, "
    "benefits grow without end.",
)
_HEAD_START = _of_taste(
    "head start of region A",
    0,
    1,
    0.05,
    reason="It is what region A offers every firm more than the others do.",
)


@dataclass(frozen=True, repr=False)
class Histories(Result):
    """Where firms ended up, in many histories of one process.

    Attributes
    ----------
    counts : pandas.DataFrame
        Firms by history (rows) and region (columns).
    mean_largest, mean_herfindahl : float
        Means over histories of the largest region's share and of the Herfindahl index.
    limit_largest, limit_herfindahl : float or None
        What the two tend to with ever more firms, where a formula is known.
    one_region : float
        Share of histories in which one region holds at least nine firms in ten.
    locked_in : float or None
        Share of histories whose winner can no longer change, where that can be decided.
    """

    counts: pd.DataFrame
    mean_largest: float
    mean_herfindahl: float
    limit_largest: float | None
    limit_herfindahl: float | None
    one_region: float
    locked_in: float | None

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Divide the counts by their sum, by history."""
        return self.counts.div(self.counts.sum(axis=1), axis=0)

    @cached_property
    def largest(self) -> pd.Series:
        """Share of the largest region, by history."""
        return self.shares.max(axis=1).rename("largest share")

    @cached_property
    def leads(self) -> pd.Series:
        """Share of histories in which each region has most firms; a tie is split."""
        counts = self.counts.to_numpy()
        front = counts == counts.max(axis=1, keepdims=True)
        split = front / front.sum(axis=1, keepdims=True)
        return pd.Series(split.mean(axis=0), self.counts.columns, name="share of histories")

    def to_frame(self) -> pd.DataFrame:
        """Return the counts, one row a history."""
        return self.counts.copy()


def _histories(
    counts: np.ndarray, limits: tuple = (None, None), locked_in: float | None = None
) -> Histories:
    """Sum up counts given as regions × histories."""
    shares = counts / counts.sum(axis=0)
    largest = shares.max(axis=0)
    letters = [chr(65 + j) if j < 26 else f"region {j + 1}" for j in range(len(counts))]
    regions = pd.Index(letters, name="region")
    return Histories(
        counts=pd.DataFrame(counts.T, columns=regions).rename_axis("history"),
        mean_largest=float(largest.mean()),
        mean_herfindahl=float((shares**2).sum(axis=0).mean()),
        limit_largest=limits[0],
        limit_herfindahl=limits[1],
        one_region=float((largest >= 0.9).mean()),
        locked_in=locked_in,
    )


def _limits_of_polya(regions: int) -> tuple[float, float]:
    """Return the limits of the mean largest share and of the mean Herfindahl index."""
    return float((1 / np.arange(1, regions + 1)).mean()), 2 / (regions + 1)


def _refuse_too_many(label: str, regions: int, firms: int, replicates: int) -> None:
    """Raise where neither the steps of all histories nor their regions would fit in memory."""
    refuse_too_many(label, firms=firms, replicates=replicates)
    refuse_too_many(label, regions=regions, replicates=replicates)


@model
def spin_offs(
    *,
    regions: Annotated[int, _REGIONS] = 5,
    firms: Annotated[int, _FIRMS] = 200,
    replicates: Annotated[int, _REPLICATES] = 1000,
    seed: Seed = 0,
) -> Histories:
    r"""Let each new firm leave an existing one and stay in its parent's region.

    Parameters
    ----------
    regions : int
        K, number of regions; each starts with one firm.
    firms : int
        Firms that enter after these.
    replicates : int
        Number of histories.
    seed : int or numpy.random.Generator
        Source of chance.

    Returns
    -------
    Histories
        Firms by history and region, with the limits below.

    Raises
    ------
    ValueError
        Fewer than two regions, no firm, or no history.

    See Also
    --------
    urn : Any strength of feedback; the same at feedback 1.
    location_choice : Firms that weigh what a region offers.

    Notes
    -----
    Every existing firm is equally likely to be the parent, so region j gets the next firm with
    probability :math:`n_j/N` (Pólya's urn). The shares tend to a random limit with the Dirichlet
    distribution (1, …, 1), every division of the industry being equally likely, so that

    .. math:: E[\max_j s_j] \to \frac1K\sum_{k=1}^K\frac1k, \qquad
              E\Big[\sum_j s_j^2\Big] \to \frac{2}{K+1}.

    References
    ----------
    Arthur (1990), Mathematical Social Sciences 19(3), 235–251.

    Examples
    --------
    >>> history = spin_offs(regions=2, firms=500, replicates=4000)
    >>> history.limit_largest, round(history.mean_largest, 2)
    (0.75, 0.75)
    """
    _refuse_too_many("spin_offs", regions, regions + firms, replicates)
    rng = generator(seed)
    place = np.empty((regions + firms, replicates), dtype=np.int16)
    place[:regions] = np.arange(regions)[:, None]
    history = np.arange(replicates)
    # A child lives where its parent does: one draw of a parent a step, no weights to keep.
    for alive in range(regions, regions + firms):
        place[alive] = place[rng.integers(alive, size=replicates), history]
    counts = np.stack([(place == j).sum(axis=0) for j in range(regions)])
    return _histories(counts, _limits_of_polya(regions))


@model
def urn(
    *,
    regions: Annotated[int, _REGIONS] = 5,
    firms: Annotated[int, _FIRMS] = 200,
    feedback: Annotated[float, _FEEDBACK] = 1,
    replicates: Annotated[int, _REPLICATES] = 1000,
    seed: Seed = 0,
) -> Histories:
    r"""Let regions attract new firms by their present number, raised to a power.

    Parameters
    ----------
    regions : int
        K, number of regions; each starts with one firm.
    firms : int
        Firms that enter after these.
    feedback : float
        γ ≥ 0: below 1 attraction grows slower than a region does, above 1 faster.
    replicates : int
        Number of histories.
    seed : int or numpy.random.Generator
        Source of chance.

    Returns
    -------
    Histories
        Firms by history and region. Limits are given for γ < 1 (equal shares), γ = 1 (as in
        `spin_offs`) and γ > 1 (one region).

    Raises
    ------
    ValueError
        Fewer than two regions, no firm, no history, or a negative feedback.

    See Also
    --------
    spin_offs : Feedback 1, faster.
    location_choice : Firms that weigh what a region offers.

    Notes
    -----
    Region j gets the next firm with probability :math:`n_j^\gamma/\sum_k n_k^\gamma`. For γ > 1 one
    region gets all firms but finitely many; for γ < 1 all shares tend to 1/K. Both limits are
    approached slowly when γ is near 1.

    References
    ----------
    Arthur (1990), Mathematical Social Sciences 19(3), 235–251.

    Examples
    --------
    >>> round(urn(feedback=2, firms=3000, replicates=500).mean_largest, 2)
    0.99
    """
    _refuse_too_many("urn", regions, firms, replicates)
    rng = generator(seed)
    power = np.arange(1, firms + 2, dtype=float) ** feedback
    counts = np.ones((regions, replicates), dtype=np.intp)
    weight = np.ones((regions, replicates))
    history = np.arange(replicates)
    for _ in range(firms):
        # the number of edges passed by one uniform draw is the region it falls in
        edges = weight.cumsum(axis=0)
        drawn = (edges[:-1] <= rng.random(replicates) * edges[-1]).sum(axis=0)
        counts[drawn, history] += 1
        weight[drawn, history] = power[counts[drawn, history] - 1]
    if feedback == 1:
        return _histories(counts, _limits_of_polya(regions))
    largest = 1 / regions if feedback < 1 else 1.0  # shares even out, or one region takes all
    return _histories(counts, (largest, largest))


@model
def location_choice(
    *,
    regions: Annotated[int, _REGIONS] = 5,
    firms: Annotated[int, _FIRMS] = 200,
    benefit: Annotated[float, _BENEFIT] = 0.02,
    ceiling: Annotated[int, _CEILING] = 400,
    head_start: Annotated[float, _HEAD_START] = 0,
    replicates: Annotated[int, _REPLICATES] = 1000,
    seed: Seed = 0,
) -> Histories:
    r"""Let each firm choose the region that suits it best, the firms already there included.

    Parameters
    ----------
    regions : int
        K, number of regions; all start empty.
    firms : int
        Firms that choose, one after the other.
    benefit : float
        b, gain from one more firm in a region, as a share of the spread of tastes.
    ceiling : int
        c, number of firms beyond which a region's benefits no longer grow.
    head_start : float
        Natural advantage of region A, as a share of the spread of tastes.
    replicates : int
        Number of histories.
    seed : int or numpy.random.Generator
        Source of chance.

    Returns
    -------
    Histories
        Firms by history and region; ``locked_in`` is the share of histories in which one region's
        lead exceeds every possible taste, so that all later firms go there.

    Raises
    ------
    ValueError
        Fewer than two regions, no firm, no history, or a negative benefit or ceiling.

    See Also
    --------
    urn : Regions that attract by their number of firms alone.
    spin_offs : Firms that stay where their founders are.

    Notes
    -----
    Firm i takes :math:`\arg\max_j\, q_{ij} + a_j + b\min(n_j, c)`, with tastes q independent and
    uniform on (0, 1), a the natural advantage, n the firms already there. Two tastes differ by less
    than 1. With benefits that grow without end, one region sooner or later leads by more than that
    and takes all later firms with certainty. With a ceiling a lead is safe only where it can reach
    1: for region A where a + b·c ≥ 1, for another where b·c ≥ 1 + a. With a + b·c < 1 no lead
    is ever safe and regions share. Where b·c is above 1 both happen: one region runs away, or two
    reach the ceiling before either does and share from then on.

    References
    ----------
    Arthur (1990), Mathematical Social Sciences 19(3), 235–251; the uniform tastes are ours.

    Examples
    --------
    >>> location_choice(benefit=0.1, firms=400).locked_in
    1.0
    >>> location_choice(benefit=0.1, ceiling=5, firms=400).locked_in
    0.0
    """
    _refuse_too_many("location_choice", regions, firms, replicates)
    rng = generator(seed)
    gain = benefit * np.minimum(np.arange(firms + 1), ceiling)
    offer = np.zeros((regions, replicates))
    offer[0] = head_start
    counts = np.zeros((regions, replicates), dtype=np.intp)
    natural, history = offer.copy(), np.arange(replicates)
    for _ in range(firms):
        # tastes are continuous, so that ties, which argmax would give to A, do not occur
        chosen = (rng.random((regions, replicates)) + offer).argmax(axis=0)
        counts[chosen, history] += 1
        offer[chosen, history] = natural[chosen, history] + gain[counts[chosen, history]]
    # two tastes differ by less than 1: a lead of 1 outweighs every one that is still to come
    best = np.sort(offer, axis=0)
    return _histories(counts, locked_in=float((best[-1] - best[-2] >= 1).mean()))
