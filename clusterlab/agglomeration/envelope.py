"""Curves by distance and what chance gives: bands from simulated curves, and p-values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy.stats import rankdata
from tqdm.auto import tqdm

from clusterlab.parameters import Seed, generator
from clusterlab.results import Result

_TIE = 1e-10  # of the highest value: curves nearer than this differ by rounding only


@dataclass(frozen=True, repr=False)
class Envelope(Result):
    """What chance gives: bands from simulated curves, and how extreme the observed one is.

    Each side is a test of its own at ``level``: at 95 % a side, chance alone leaves the global
    bands on one side or the other in up to 10 % of cases.

    Attributes
    ----------
    low, high : numpy.ndarray
        Local band: at each distance taken by itself, the quantiles that leave (1 − level) of the
        simulated values outside on that side. A curve of chance leaves a local band at some
        distance far more often than that, so it is no test of the whole curve.
    global_low, global_high : numpy.ndarray
        Global bands of the whole curve: of all curves, the observed one among them, those whose
        p-value is above 1 − level lie inside. The observed curve leaves the band on a side
        exactly when its p-value there is at most 1 − level. NaN where there is none: everywhere
        with fewer than 1/(1 − level) − 1 simulations, and at distances where some curve is
        undefined.
    above, below : numpy.ndarray
        Where the observed curve lies outside the global band on that side.
    p_above, p_below : float
        Monte Carlo p-values of the whole curve: the share of curves, the observed one among
        them, whose ranks over all distances, smallest first, come before or equal the observed
        one's (extreme rank length, Myllymäki and others 2017).
    simulations, requested : int
        Simulations done and asked for; fewer done means the run was interrupted.
    level : float
        Confidence level of each side: one minus the chance that a curve of chance leaves the
        global band on that side.
    curves : numpy.ndarray
        The simulated curves, simulations by distances.
    """

    low: np.ndarray
    high: np.ndarray
    global_low: np.ndarray
    global_high: np.ndarray
    above: np.ndarray
    below: np.ndarray
    p_above: float
    p_below: float
    simulations: int
    requested: int
    level: float
    curves: np.ndarray

    @property
    def complete(self) -> bool:
        """Whether all simulations asked for were done."""
        return self.simulations >= self.requested

    @property
    def needed(self) -> int:
        """Simulations from which a global band of this level exists."""
        return int(np.ceil(1 / (1 - self.level) - 1e-6)) - 1

    def __repr__(self) -> str:
        cut = "" if self.complete else f", interrupted: {self.requested:,} were asked for"
        return (
            f"Envelope of {self.simulations:,} simulations{cut}; whole curve above chance "
            f"p = {self.p_above:.3g}, below p = {self.p_below:.3g}"
        )


@dataclass(frozen=True, repr=False)
class Curve(Result):
    """A measure at each distance, with the envelope where one was simulated."""

    _measure = ""

    distance: np.ndarray
    unit: str
    points: int
    bandwidth: float
    envelope: Envelope | None
    note: str
    seed: Seed

    @property
    def values(self) -> np.ndarray:
        """The measure, under the name all curves share."""
        return getattr(self, self._measure)

    @property
    def localised(self) -> np.ndarray:
        """How far the curve lies above the upper global band, zero where it does not."""
        bands = self._needs_envelope()
        return np.where(bands.above, self.values - bands.global_high, 0.0)

    @property
    def dispersed(self) -> np.ndarray:
        """How far the curve lies below the lower global band; zero everywhere if localised."""
        bands = self._needs_envelope()
        here = bands.below & ~bands.above.any()
        return np.where(here, bands.global_low - self.values, 0.0)

    def _needs_envelope(self) -> Envelope:
        if self.envelope is None:
            raise ValueError("there is no envelope: ask for simulations= to compare with chance.")
        return self.envelope

    def _framed(self, **columns: np.ndarray) -> pd.DataFrame:
        """Return columns of numbers by distance, and the bands beside them."""
        names = ("low", "high", "global_low", "global_high") if self.envelope else ()
        bands = {name: getattr(self.envelope, name) for name in names}
        index = pd.Index(self.distance, name=f"distance_{self.unit}".rstrip("_"))
        return pd.DataFrame(columns | bands, index=index)

    def verdict(self) -> str:
        """Say in words at which distances the curve leaves the global bands.

        Each side is tested by itself at the envelope's level, so chance alone is called
        localised or dispersed in up to twice 1 − level of cases.
        """
        bands = self._needs_envelope()
        percent = f"{100 * bands.level:.6g} %"
        if bands.simulations < bands.needed:
            return (
                f"no verdict: a band of {percent} needs at least {bands.needed:,} simulations, "
                f"and {bands.simulations:,} were done"
            )
        if np.isnan(bands.global_high).all():
            return "no verdict: at every distance some simulated curve is undefined"
        for word, gap in (("localised", self.localised), ("dispersed", self.dispersed)):
            if gap.any():
                edges = np.flatnonzero(np.diff(np.r_[False, gap > 0, False]))
                spans = zip(self.distance[edges[::2]], self.distance[edges[1::2] - 1], strict=True)
                said = [f"{a:.3g}" if a == b else f"{a:.3g}–{b:.3g}" for a, b in spans]
                more = " and more" if len(said) > 3 else ""
                at = f"{', '.join(said[:3])}{more} {self.unit}".rstrip()
                return f"{word} at {at} ({percent} a side)"
        return f"not told apart from chance ({percent} a side)"

    def _said(self) -> str:
        note = f"; {self.note}" if self.note else ""
        if self.envelope is None:
            return note
        return f"; {self.verdict()}; {self.envelope!r}{note}"


def root_seed(seed: Seed) -> int:
    """Return the number from which every simulation derives its own, whatever is asked first."""
    rng = generator(seed)
    return int(rng.integers(2**32)) if rng is seed else int(seed)  # type: ignore[arg-type]


def with_envelope(
    result: Any, simulate: Callable, simulations: int, level: float, resume: Any, progress: bool
) -> Any:
    """Return a result with the envelope of its simulations, those of an earlier one continued.

    What was simulated when a reader interrupts counts.
    """
    if resume is None and not simulations:
        return result
    curves, finished = np.empty((simulations, len(result.distance))), 0
    if resume is not None:
        done = _continued(resume, result, simulate)[:simulations]
        finished = len(done)
        curves[:finished] = done
    numbers = (_numbers_of(result, s) for s in range(finished, simulations))
    found = Parallel(return_as="generator")(map(delayed(simulate), numbers))
    bar = tqdm(found, total=simulations - finished, disable=not progress, delay=2, leave=False)
    try:
        for finished, curve in enumerate(bar, finished + 1):  # noqa: B020
            curves[finished - 1] = curve
    except KeyboardInterrupt:
        if finished < 2:
            raise
    if finished < 2:
        raise ValueError(f"simulations is {simulations}, but bands need at least 2.")
    bands = bands_around(result.values, curves[:finished], level, simulations)
    return replace(result, envelope=bands)


def _numbers_of(result: Any, simulation: int) -> np.random.Generator:
    """Return random numbers of its own, so that a curve is the same however many there are."""
    return np.random.default_rng([result.seed, simulation])


def _continued(resume: Any, result: Any, simulate: Callable) -> np.ndarray:
    """Return the simulations of an earlier result after checking that it is one of this call."""
    if type(resume) is not type(result):
        raise ValueError(
            f"resume must be an earlier result, a {type(result).__name__}; found {resume!r:.60}."
        )
    if resume.envelope is None:
        raise ValueError("resume: the earlier result has no simulations to continue.")
    same = resume.bandwidth == result.bandwidth and resume.seed == result.seed
    if not (same and np.array_equal(resume.distance, result.distance)):
        raise ValueError(
            "resume: the earlier result has other distances, another bandwidth or another seed."
        )
    curves = resume.envelope.curves
    pairs = [(resume.values, result.values), (curves[0], simulate(_numbers_of(result, 0)))]
    if not all(np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True) for a, b in pairs):
        raise ValueError("resume: the earlier result is of other points, sizes or sites.")
    return curves


def bands_around(
    observed: np.ndarray, curves: np.ndarray, level: float, requested: int
) -> Envelope:
    """Return the envelope of simulated curves, and where the observed one leaves it."""
    outside = 1 - level
    # a distance at which some curve is undefined has no quantile: the curve could lie anywhere
    low, high = np.quantile(curves, [outside, level], axis=0)
    # the lower side is the upper side of the curves turned over
    global_high, p_above = _global_band(curves, observed, outside)
    global_low, p_below = _global_band(-curves, -observed, outside)
    tie = _tie(np.vstack([observed, curves]))
    return Envelope(
        low=low,
        high=high,
        global_low=-global_low,
        global_high=global_high,
        above=observed > global_high + tie,
        below=-observed > global_low + tie,
        p_above=p_above,
        p_below=p_below,
        simulations=len(curves),
        requested=requested,
        level=level,
        curves=curves,
    )


def _global_band(
    curves: np.ndarray, observed: np.ndarray, outside: float
) -> tuple[np.ndarray, float]:
    """Return the upper band of extreme rank length, and the p-value that agrees with it.

    The observed curve leaves the band exactly when p ≤ ``outside``. NaN where there is no band.
    """
    # The observed curve is ranked with the simulated ones: under chance all are exchangeable, so
    # each place in the order is equally likely for it, and the level holds for any number of them.
    every = np.vstack([observed, curves])
    known, tie, amount = ~np.isnan(every).any(axis=0), _tie(every), len(every)
    every = every[:, known]
    # A curve is as extreme as its best ranks: the smallest over all distances, then the next
    # smallest, and so on. The smallest alone would leave most curves tied.
    # A rank counts the curves at least as high, so that ties are no one's extreme.
    ranks = np.sort(rankdata(-np.round(every / tie), method="max", axis=0), axis=1)
    order = np.lexsort(ranks.T[::-1]) if known.any() else np.arange(amount)
    apart = (ranks[order[1:]] != ranks[order[:-1]]).any(axis=1)
    # what may be taken off: 0, 1, … curves, but never some of those that tie
    taken = np.concatenate([[0], 1 + np.flatnonzero(apart)])
    # the band once so many are taken off is the highest of those left: a maximum from the end
    highest = np.maximum.accumulate(every[order][::-1], axis=0)[::-1][taken]
    # p is the fewest to take off before the observed curve leaves the band, so band and p agree
    leaves = (every[0] > highest + tie).any(axis=1)
    p = taken[np.argmax(leaves)] / amount if leaves.any() else 1.0
    allowed = int(outside * amount + 1e-6)  # at most 1 − level of all S + 1 curves
    band = np.full(curves.shape[1], np.nan)
    if allowed:
        band[known] = highest[np.searchsorted(taken, allowed, side="right") - 1]
    return band, float(p)


def _tie(curves: np.ndarray) -> float:
    """Return the difference up to which values differ by the order of sums only."""
    return _TIE * float(np.nanmax(np.abs(curves), initial=0)) or 1.0
