"""Technological regimes: whether newcomers or earlier innovators innovate next.

Each innovation comes from a new firm with probability a and otherwise from an old one in
proportion to its past innovations (Simon 1955). A high a is Schumpeter's Mark I, creative
destruction by newcomers; a low one Mark II, creative accumulation by the incumbents (terms of that
literature, from general knowledge).
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt, Le
from scipy.special import betaln
from scipy.stats import rankdata

from clusterlab.parameters import Parameter, Seed, generator, model, number, refuse_too_many, whole
from clusterlab.results import Result

#: Sizes that `size_distribution` tabulates at most.
_MOST_SIZES = 50_000_000

_SOURCE = "our assumption"
_SIMON = "models.md after Simon (1955)"
OURS = "our formalisation of guerrieri-pietrobelli-2001, sections 2 and 3"
#: The share of innovations by newcomers as chains and simulated districts take it.
NEWCOMERS = Parameter("innovations by newcomers", 0.02, 0.95, 0.01, unit="share", source=OURS)
Cumulativeness = Annotated[
    float, Parameter("cumulativeness", 0.05, 0.98, 0.01, unit="share", source=_SOURCE)
]
Appropriability = Annotated[
    float, Parameter("appropriability", 0, 1, 0.01, unit="share", source=_SOURCE)
]
Tacitness = Annotated[
    float, Parameter("tacit part of the knowledge", 0, 1, 0.01, unit="share", source=_SOURCE)
]
Replicates = Annotated[int, Parameter("replicates", 1, 200, admissible=(Ge(1),))]


@dataclass(frozen=True, repr=False)
class Innovators(Result):
    """Simulated innovators; see `innovators`.

    Attributes
    ----------
    entry : float
        The probability that an innovation comes from a new firm.
    firms : numpy.ndarray
        The firm that made each innovation, replicates x innovations; a firm bears the number of
        its first.
    """

    entry: float
    firms: np.ndarray

    @property
    def events(self) -> int:
        """Number of innovations in each replicate."""
        return self.firms.shape[1]

    @cached_property
    def halves(self) -> tuple[np.ndarray, np.ndarray]:
        """The innovations of each firm in the first and in the second half: replicates x firms."""
        parts = np.split(self.firms, [self.events // 2], axis=1)
        return _counts(parts[0], self.events), _counts(parts[1], self.events)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """C4, HHI, rank correlation and share of new innovators, one row a replicate.

        Concentration and newcomers are those of the second half. The rank correlation compares
        both halves over the firms that innovated in the first (not a number where all of them
        innovated equally often, which no rank can tell apart).
        """
        first, second = self.halves
        shares = second / second.sum(axis=1, keepdims=True)
        return pd.DataFrame(
            {
                "C4": np.sort(shares, axis=1)[:, -4:].sum(axis=1),
                "HHI": (shares**2).sum(axis=1),
                "rank correlation": [_spearman(a, b) for a, b in zip(first, second, strict=True)],
                "new innovators": (shares * (first == 0)).sum(axis=1),
            }
        ).rename_axis("replicate")

    @property
    def mark(self) -> str:
        """Mark I where firms new in the second half make more than half of its innovations.

        Mark II where they make less; between both where half is within two standard errors.
        """
        new = self.measures["new innovators"]
        if len(new) > 1 and abs(new.mean() - 0.5) <= 2 * new.sem():
            return "between Mark I and Mark II"
        return "Mark I" if new.mean() > 0.5 else "Mark II"

    @cached_property
    def sizes(self) -> pd.Series:
        """Share of firms with at least k innovations in all, by k, over all replicates."""
        counts = np.add(*self.halves)
        tally = np.bincount(counts[counts > 0])[1:]
        at_least = tally[::-1].cumsum()[::-1] / tally.sum()
        kept = np.flatnonzero(tally)
        index = pd.Index(kept + 1, name="innovations")
        return pd.Series(at_least[kept], index, name="share of firms")

    def to_frame(self) -> pd.DataFrame:
        """Return mean and standard error of each measure."""
        table = self.measures
        return pd.DataFrame({"mean": table.mean(), "error": table.sem()}).rename_axis("measure")

    def __repr__(self) -> str:
        mean = self.measures.mean().round(3)
        told = ", ".join(f"{name} {value:g}" for name, value in mean.items())
        runs, events = self.firms.shape
        return f"Innovators(entry {self.entry:g}, {runs} x {events:,}: {told}; {self.mark})"


@model
def innovators(
    *,
    entry: Annotated[float, replace(NEWCOMERS, source=_SIMON, admissible=(Gt(0), Le(1)))] = 0.2,
    events: Annotated[int, Parameter("innovations", 200, 4000, 200, admissible=(Ge(8),))] = 2000,
    replicates: Replicates = 40,
    seed: Seed = 0,
) -> Innovators:
    r"""Simulate who innovates under a technological regime.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    Innovators
        With ``measures`` (C4, HHI, rank correlation of halves, share of new innovators),
        ``sizes`` and ``mark``.

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    size_distribution : The exact shares in the long run.
    regime : The same by the dimensions of a regime.

    Notes
    -----
    ``entry`` is a, the probability that an innovation comes from a firm that never innovated
    before; of the ``events`` the first always founds a firm; replicates are independent histories.
    An old firm innovates in proportion to its past innovations: it repeats the author of a past
    innovation drawn at random. With :math:`\rho = 1/(1-a)` the share of firms with k innovations
    tends to :math:`\rho B(k, \rho+1)` (B the beta function), so that :math:`P(1) = 1/(2-a)` and
    the tail falls as :math:`k^{-(1+\rho)}`. Of the second half's innovations newcomers to it make
    :math:`2(1 - 2^{-a})` in expectation when there are many.

    References
    ----------
    Simon (1955), On a class of skew distribution functions, Biometrika 42. The measures are those
    of Malerba and Orsenigo (1996), as guerrieri-pietrobelli-2001, section 2, sums them up.

    Examples
    --------
    >>> innovators(entry=0.6).mark
    'Mark I'
    >>> round(float(innovators(entry=0.05).to_frame().loc["new innovators", "mean"]), 2)
    0.07
    """
    refuse_too_many("innovators", replicates=replicates, events=events)
    rng = generator(seed)
    places = np.arange(events)
    # a new firm points at its own event, an old one at a past event; follow until all are founders
    author = (rng.random((replicates, events)) * places).astype(np.intp)
    founded = rng.random((replicates, events)) < entry
    founded[:, 0] = True
    author = np.where(founded, places, author)
    while True:
        earlier = np.take_along_axis(author, author, axis=1)
        if np.array_equal(earlier, author):
            return Innovators(entry=entry, firms=author)
        author = earlier


def size_distribution(entry: float, largest: int) -> pd.Series:
    r"""Return the long-run share of firms with at least k innovations, for k = 1, …, largest.

    Parameters
    ----------
    entry : float
        a, the probability that an innovation comes from a new firm, between 0 and 1.
    largest : int
        The largest k.

    Returns
    -------
    pandas.Series
        Shares by k, from 1 downwards.

    Raises
    ------
    ValueError
        An entry share that is not between 0 and 1, or no k.

    See Also
    --------
    innovators : The simulation that tends to it.

    Notes
    -----
    Yule–Simon distribution: :math:`P(K \ge k) = (k-1) B(k-1, \rho+1)` for k ≥ 2, with
    :math:`\rho = 1/(1-a)`.

    References
    ----------
    Simon (1955), Biometrika 42, equation 1.5.

    Examples
    --------
    >>> table = size_distribution(0.2, 3)
    >>> round(float(1 - table[2]), 4) == round(1 / (2 - 0.2), 4)
    True
    """
    number("entry", entry, 0, 1, ends=False)
    whole("largest", largest, 1, _MOST_SIZES)
    k, rho = np.arange(1, largest + 1), 1 / (1 - entry)
    below = np.maximum(k - 1, 1)
    shares = np.where(k == 1, 1.0, np.exp(np.log(below) + betaln(below, rho + 1)))
    return pd.Series(shares, pd.Index(k, name="innovations"), name="share of firms")


@model
def entry_share(
    *,
    cumulativeness: Cumulativeness = 0.8,
    appropriability: Appropriability = 0.5,
    tacitness: Tacitness = 0.5,
) -> float:
    r"""Return the share of innovations by newcomers that follows from a regime.

    Returns
    -------
    float
        a, the ``entry`` of `innovators`.

    Raises
    ------
    ValueError
        A parameter out of its range.

    Notes
    -----
    Our formalisation; the document gives no formula. Cumulativeness c is the share of innovations
    that build on an earlier one, appropriability p the share of earlier ones that are protected
    from use by others, tacitness τ the share of what is not protected that nobody else can use,
    since it is not codified. An innovation that builds on nothing
    (1 − c) is anybody's and made by a newcomer; one that builds on an earlier innovation stays
    with that one's author unless it is neither protected nor tacit:
    :math:`a = 1 - c\,[1 - (1-p)(1-\tau)]`. Opportunity is the number of
    innovations (``events``).

    References
    ----------
    guerrieri-pietrobelli-2001, section 2, names these dimensions, among others, after Malerba
    and Orsenigo.

    Examples
    --------
    >>> round(entry_share(cumulativeness=0.9, appropriability=0.5, tacitness=0.5), 3)
    0.325
    """
    return 1 - cumulativeness * (1 - (1 - appropriability) * (1 - tacitness))


@model
def regime(
    *,
    opportunity: Annotated[
        int, Parameter("opportunity", 200, 4000, 200, unit="innovations", source=_SOURCE)
    ] = 2000,
    appropriability: Appropriability = 0.5,
    cumulativeness: Cumulativeness = 0.8,
    tacitness: Tacitness = 0.5,
    replicates: Replicates = 10,
    seed: Seed = 0,
) -> Innovators:
    """Simulate the innovators of a regime given by its four dimensions.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    Innovators

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    entry_share : What the dimensions mean, and the formula.
    innovators : The same by the entry share.

    References
    ----------
    guerrieri-pietrobelli-2001, section 2; the formula of `entry_share` is ours.

    Examples
    --------
    >>> regime(cumulativeness=0.95, appropriability=1).mark
    'Mark II'
    """
    entry = entry_share(
        cumulativeness=cumulativeness, appropriability=appropriability, tacitness=tacitness
    )
    return innovators(entry=entry, events=opportunity, replicates=replicates, seed=seed)


def _counts(firms: np.ndarray, width: int) -> np.ndarray:
    rows = np.arange(len(firms), dtype=np.intp)[:, None] * width
    return np.bincount((firms + rows).ravel(), minlength=len(firms) * width).reshape(-1, width)


def _spearman(first: np.ndarray, second: np.ndarray) -> float:
    there = first > 0
    one, other = rankdata(first[there]), rankdata(second[there])
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return math.nan
    return float(np.corrcoef(one, other)[0, 1])
