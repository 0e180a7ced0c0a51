"""Concentration measured in kilometres: no region borders, every pair of establishments counts.

K-density (Duranton and Overman 2005), and M with its density m (Marcon and Puech 2010; Lang,
Marcon and Puech 2020), each with local and global envelopes from simulations.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import scipy.fft
from scipy.ndimage import maximum_filter1d
from scipy.spatial.distance import cdist, pdist
from scipy.stats import rankdata
from tqdm.auto import tqdm

from clusterlab import parameters, tables
from clusterlab.parameters import Seed

__all__ = ["Envelope", "KDensity", "RelativeConcentration", "k_density", "marcon_puech"]

EARTH_RADIUS_KM = 6371.0088  # mean radius (IUGG)

_EXACT_UP_TO = 3000  # points; above it pairs in the plane are counted on a grid
_EXACT_SIMULATED = 500  # the same where the count is repeated a thousand times
_REACH = 7.0  # bandwidths after which a Gaussian is nothing (1e-11 of its peak)
_NODES = 20  # nodes of the distance axis in one bandwidth
_GRID_CELLS = 25_000_000  # most cells of the padded grid: three arrays of 200 MB
_BLOCK = 1024  # points in a block of exact distances
_WIDEST = 0.6  # radians from the centre up to which great circles are counted on a grid
_LONGEST = 100_000  # most bandwidths in a curve
_MOST = 10_000_000  # most values of simulated curves, or of neighbours by distance: 80 MB
_TIE = 1e-10  # of the highest value: curves nearer than this differ by rounding only
_AT = 1e-9  # of a distance: neighbours at exactly r are counted whatever the unit rounds to
_LON = {"lon", "lng", "long", "longitude"}
_LAT = {"lat", "latitude"}


@dataclass(frozen=True)
class Envelope:
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
    curves: np.ndarray = field(repr=False)

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


@dataclass(frozen=True)
class _Curve:
    """A measure at each distance, with the envelope where one was simulated."""

    distance: np.ndarray
    unit: str
    points: int
    bandwidth: float
    envelope: Envelope | None
    note: str

    @property
    def values(self) -> np.ndarray:
        raise NotImplementedError  # pragma: no cover

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

    def _columns(self) -> dict[str, np.ndarray]:
        if self.envelope is None:
            return {}
        bands = self.envelope
        names = ("low", "high", "global_low", "global_high")
        return {name: getattr(bands, name) for name in names}

    def _index(self) -> pd.Index:
        return pd.Index(self.distance, name=f"distance_{self.unit}" if self.unit else "distance")

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
                said = [
                    f"{first:.3g}" if first == last else f"{first:.3g}–{last:.3g}"
                    for first, last in spans
                ]
                more = " and more" if len(said) > 3 else ""
                at = f"{', '.join(said[:3])}{more} {self.unit}".rstrip()
                return f"{word} at {at} ({percent} a side)"
        return f"not told apart from chance ({percent} a side)"

    def _said(self) -> str:
        note = f"; {self.note}" if self.note else ""
        if self.envelope is None:
            return note
        return f"; {self.verdict()}; {self.envelope!r}{note}"


@dataclass(frozen=True, repr=False)
class KDensity(_Curve):
    """K-density of a set of establishments.

    Attributes
    ----------
    distance, density : numpy.ndarray
        Distances and the density of pairs at each, per unit of distance.
    bandwidth : float
        Standard deviation of the Gaussian kernel, in the unit of distance.
    method : str
        "exact": every distance computed; "grid": pairs counted on a grid.
    error : numpy.ndarray
        Bound on the numerical error of the density at each distance, same unit as the density.
    points : int
        Establishments.
    unit : str
        Unit of distance, where it is known.
    envelope : Envelope or None
        Bands of the null hypothesis, where simulations were asked for.
    note : str
        What to know about the coordinates or the sites; empty where there is nothing.
    """

    density: np.ndarray
    error: np.ndarray
    method: str
    seed: int

    @property
    def values(self) -> np.ndarray:
        """The density, under the name all curves share."""
        return self.density

    @property
    def error_bound(self) -> float:
        """Largest possible numerical error as a share of the highest density."""
        peak = float(self.density.max())
        return float(self.error.max()) / peak if peak > 0 else 0.0

    def to_frame(self) -> pd.DataFrame:
        """Return distances by density, error bound and bands."""
        columns = {"density": self.density, "error": self.error, **self._columns()}
        return pd.DataFrame(columns, index=self._index())

    def __repr__(self) -> str:
        width = f"{self.bandwidth:.4g} {self.unit}".rstrip()
        return (
            f"KDensity of {self.points:,} points, bandwidth {width} ({self.method}, error at most "
            f"{self.error_bound:.1g} of the peak){self._said()}"
        )


@dataclass(frozen=True, repr=False)
class RelativeConcentration(_Curve):
    """M (cumulative) or m (density) of Marcon, Puech and Lang: 1 is the whole's own average.

    Attributes
    ----------
    distance, ratio : numpy.ndarray
        Distances and the measure at each; NaN where no case has any neighbour yet.
    cases_used : numpy.ndarray
        Cases with at least one neighbour, at each distance; only they enter the ratio.
    kind : str
        "M" or "m".
    points, cases : int
        All establishments, and those of the industry.
    bandwidth : float
        Of the kernel for m; 0 for M.
    unit : str
        Unit of distance, where it is known.
    envelope : Envelope or None
        Bands of the null hypothesis, where simulations were asked for.
    note : str
        What to know about the coordinates or the sites; empty where there is nothing.
    """

    ratio: np.ndarray
    cases_used: np.ndarray
    cases: int
    kind: str
    seed: int

    @property
    def values(self) -> np.ndarray:
        """The ratio, under the name all curves share."""
        return self.ratio

    def to_frame(self) -> pd.DataFrame:
        """Return distances by ratio, cases used and bands."""
        columns = {self.kind: self.ratio, "cases_used": self.cases_used, **self._columns()}
        return pd.DataFrame(columns, index=self._index())

    def __repr__(self) -> str:
        what = f"no case has a neighbour up to {self.distance[-1]:.4g}"
        if self.cases_used.any():
            peak = np.nanargmax(self.ratio)
            what = f"highest {self.ratio[peak]:.3g} at {self.distance[peak]:.4g}"
        return (
            f"{self.kind} of {self.cases:,} cases among {self.points:,} points, "
            f"{what} {self.unit}".rstrip()
            + self._said()
        )


def k_density(
    points: pd.DataFrame | np.ndarray,
    *,
    weights: str | np.ndarray | pd.Series | None = None,
    among: pd.DataFrame | np.ndarray | None = None,
    simulations: int = 0,
    level: float = 0.95,
    maximum: float | None = None,
    steps: int = 512,
    bandwidth: float | None = None,
    coordinates: str | None = None,
    method: str = "auto",
    seed: Seed = 0,
    resume: KDensity | None = None,
    progress: bool = True,
) -> KDensity:
    r"""Estimate the density of distances between establishments, and compare it with chance.

    Parameters
    ----------
    points : pandas.DataFrame or array of shape (n, 2)
        Places of n ≥ 2 establishments. A frame needs columns x and y (or x_km and y_km, east and
        north, …) or longitude and latitude; an array holds x, y. For longitude and latitude in an
        array, or in columns x and y, say ``coordinates="degrees"``. Coincident points are allowed.
        The order of the rows does not matter, nor that of ``among``.
    weights : str, array or Series, optional
        Sizes of the establishments, positive: a column of ``points`` or n values. A pair counts
        with the product of its sizes; by default every pair counts alike. A Series is aligned with
        ``points`` by its labels (those of an array are 0, 1, …).
    among : pandas.DataFrame or array, optional
        All sites an establishment could have chosen, the industry's own included; one that holds
        several establishments is listed as often. Needed for simulations. Points that are on none
        of the sites are allowed, but chance never draws their places: ``note`` says how many.
    simulations : int
        Curves to simulate for the envelope; 999 is usual. For a verdict at 95 % at least 19.
    level : float
        Confidence level of each side of the bands, above 0.5 and below 1.
    maximum : float, optional
        Largest distance looked at, up to 100,000 bandwidths; by default the median distance
        between all sites (of ``among`` where given, else of ``points``), as Duranton and Overman
        choose it.
    steps : int
        Number of distances from 0 to ``maximum``.
    bandwidth : float, optional
        Bandwidth of the kernel; by default Silverman's rule, see Notes.
    coordinates : {"plane", "degrees"}, optional
        For arrays and for columns x and y; "plane" by default. Distances are planar, or great
        circles in kilometres. A plane without a unit whose numbers could be degrees is computed as
        a plane, and ``note`` says so.
    method : {"auto", "exact", "grid"}
        How pairs are counted. "auto" counts on a grid where that is faster, above 3,000 points
        or, where the count is repeated in simulations, above 500; otherwise, and for points
        spread over more than a third of a hemisphere, exactly. The bandwidth rule is the same on
        both.
    seed : int or numpy.random.Generator
        Of the simulations. Simulation s depends on the seed and s only.
    resume : KDensity, optional
        An earlier result of the same call, whose simulations are kept and continued.
    progress : bool
        Show a progress bar on runs of more than two seconds.

    Returns
    -------
    KDensity

    Raises
    ------
    ValueError
        Fewer than two points, all points in one place, missing coordinates or coordinates out of
        range, mixed coordinate systems, weights that do not fit or carry other labels than the
        points, simulations without ``among``, a bandwidth the grid cannot resolve, more distances
        or simulations than memory holds, or an earlier result of another call to resume.

    Notes
    -----
    With :math:`d_{ij}` the distance of a pair, e the weights, φ the standard normal density and h
    the bandwidth,

    .. math:: \hat K(d) = \frac{1}{h \sum_{i<j} e_i e_j} \sum_{i<j} e_i e_j
        \left[\varphi\!\left(\tfrac{d - d_{ij}}{h}\right)
            + \varphi\!\left(\tfrac{d + d_{ij}}{h}\right)\right],\quad d \ge 0,

    where the second term reflects at zero, so that nothing falls on negative distances and the
    integral over all distances is one.

    *Bandwidth.* Silverman's (1986) rule of thumb, eq. (3.31), on the N = n(n − 1)/2 unweighted
    distances: :math:`h = 0.9 \min(\sigma, IQR/1.34) N^{-1/5}` (σ alone where the interquartile
    range is zero). Duranton and Overman refer to the same section 3.4 of Silverman. It is used on
    both paths; the R package dbmss changes its rule at 10,000 points. Quartiles and median are
    those of the distances themselves, as numpy counts them; above 3,000 points they are read off
    a grid of 20 cells or more between the quartiles (to a few thousandths; off 131,072 classes
    of distance for points spread too far over the globe for a grid).

    *Grid.* Every point is spread over 4 × 4 grid nodes with the weights of cubic interpolation;
    the autocorrelation of the grid by fast Fourier transform counts the pairs at every lag; each
    point's pair with itself is taken off exactly. For a cell of width c this is cubic
    interpolation of the kernel in the four coordinates of a pair, so the error is at most
    :math:`\frac{9}{384}(1 + \Lambda + \Lambda^2 + \Lambda^3)\,c^4 \max|\partial^4|` with Λ = 1.25;
    the maximum is taken for each pair over all the places its nodes can have. ``error`` is
    this bound summed over the pairs (counted on the grid itself), plus that of the distance axis,
    which has 20 nodes a bandwidth with cubic interpolation and applies to "exact" too, where it
    is below 10⁻⁶. Actual errors are usually smaller by orders of magnitude.

    *Great circles on the grid.* On a stereographic map around the centre of the points the chord
    between two of them is their distance on the map times :math:`e^{-\sigma-\sigma'}`, with
    :math:`\sigma = \frac12\log(1+|p|^2)`. Points are shared, again by cubic interpolation, among
    layers of evenly spaced σ, at most c divided by the range of distances apart; each sum of two
    layers has one autocorrelation and one factor. The bound counts the two further
    interpolations and a fifth more for the bend of the arc; this last allowance is judged, not
    derived.

    *Null hypothesis.* n sites are drawn from ``among`` without replacement, and the industry's
    sizes are handed out on them at random. *Local band*: quantiles at each distance.

    *Global bands.* Upper: a curve has at each distance a rank from the top, the observed one
    ranked with the simulated. Curves are ordered by their smallest rank, then the next smallest,
    and so on (extreme rank length). Taken off are the most extreme ones, at most 1 − level of all
    S + 1; the band is the highest value of the others at each distance. An observed curve like
    the simulated ones is equally likely to have any place in this order, so it leaves the band
    with chance 1 − level (at most: curves that tie are taken off together or not at all). With
    S + 1 < 1/(1 − level) none may be taken off, and there is no band. The lower one likewise from
    below. Duranton and Overman choose the same kind of band, one local level at every distance,
    from the simulated curves alone; a new curve of chance leaves that one more often than 5 %,
    at 99 simulations one time in ten on a side. As in their paper each side is tested by itself:
    both together leave chance with up to 2 (1 − level). An industry is *localised* where it lies
    above the upper global band, *dispersed* where it lies below the lower and is localised
    nowhere. Values closer than 10⁻¹⁰ of the highest count as equal.

    References
    ----------
    Duranton, G. and Overman, H. G. (2005). Testing for localization using micro-geographic data.
    *Review of Economic Studies* 72(4), 1077–1106, section 3.
    Silverman, B. W. (1986). *Density Estimation for Statistics and Data Analysis*. Chapman and
    Hall, sections 2.10 and 3.4.
    Myllymäki, M. and others (2017). Global envelope tests for spatial processes. *Journal of the
    Royal Statistical Society B* 79(2), 381–404.
    Mrkvička, T. and others (2020). A one-way ANOVA test for functional data with graphical
    interpretation. *Kybernetika* 56(3), 432–458.

    Examples
    --------
    >>> two = np.array([[0.0, 0.0], [3.0, 4.0]])
    >>> found = k_density(two, bandwidth=1.0, maximum=10, steps=11)
    >>> round(float(found.density[5]), 4)
    0.3989
    """
    here = _places(points, coordinates, "points")
    if len(here.xy) < 2:
        raise ValueError(f"points: {len(here.xy)} given, but a distance needs at least 2 points.")
    size = _weights(weights, points, len(here.xy))
    sites = None if among is None else _places(among, coordinates, "among")
    note = here.doubt
    if sites is not None:
        _same_system(here, sites)
    _check_numbers(simulations, level, maximum, steps, bandwidth)
    if simulations and (sites is None or len(sites.xy) < len(here.xy)):
        found = "none" if sites is None else f"{len(sites.xy):,}"
        raise ValueError(
            "simulations draw from the sites an establishment could have chosen: give among= with "
            f"at least {len(here.xy):,} sites (found {found})."
        )
    # one order of rows, whatever the caller's, so that a seed draws the same places
    order = np.lexsort((size, here.xy[:, 1], here.xy[:, 0]))
    here, size = replace(here, xy=here.xy[order]), size[order]
    if sites is not None:
        sites = replace(sites, xy=sites.xy[np.lexsort(sites.xy.T[::-1])])
        note = "; ".join(filter(None, [note, _off_site(here, sites) if simulations else ""]))
    exact = _choose(method, here, _EXACT_SIMULATED if simulations else _EXACT_UP_TO)
    if bandwidth is None or (maximum is None and sites is None):
        summary = _summary(here, progress)
        bandwidth = bandwidth or _silverman(summary)
        maximum = maximum or (summary.median if sites is None else None)
    if maximum is None and sites is not None:
        maximum = _summary(sites, progress).median
    maximum = maximum or bandwidth  # the median is zero where most points coincide
    _check_length(maximum, bandwidth)
    distance = np.linspace(0.0, maximum, steps)
    kernel = _Kernel(distance, bandwidth)
    ground = here if sites is None or not simulations else sites
    count = _Counter(ground, kernel, exact=exact)
    masses = count(here.xy, size, progress=progress)
    density, error = kernel.curve(masses), count.error(masses)
    pairs = (size.sum() ** 2 - size @ size) / 2
    start = _root_seed(seed)

    def simulate(rng: np.random.Generator) -> np.ndarray:
        chosen = rng.choice(len(sites.xy), len(here.xy), replace=False)  # type: ignore[union-attr]
        given = size if weights is None else rng.permutation(size)
        return kernel.curve(count(sites.xy[chosen], given)) / pairs  # type: ignore[union-attr]

    result = KDensity(
        distance=distance,
        unit=here.unit,
        points=len(here.xy),
        bandwidth=float(bandwidth),
        envelope=None,
        note=note,
        density=density / pairs,
        error=error / pairs,
        method="exact" if exact else "grid",
        seed=start,
    )
    return _with_envelope(result, simulate, simulations, level, resume, progress)


def marcon_puech(
    points: pd.DataFrame | np.ndarray,
    cases: pd.Series | np.ndarray,
    *,
    kind: str = "M",
    weights: str | np.ndarray | pd.Series | None = None,
    simulations: int = 0,
    level: float = 0.95,
    maximum: float | None = None,
    steps: int = 64,
    bandwidth: float | None = None,
    coordinates: str | None = None,
    seed: Seed = 0,
    resume: RelativeConcentration | None = None,
    progress: bool = True,
) -> RelativeConcentration:
    r"""Compare the share of an industry around its own establishments with its share in the whole.

    Parameters
    ----------
    points : pandas.DataFrame or array of shape (n, 2)
        Places of all establishments, as in `k_density`.
    cases : boolean array or Series
        Which of them belong to the industry, n values; at least two do, at least one does not. A
        Series is aligned with ``points`` by its labels (those of an array are 0, 1, …).
    kind : {"M", "m"}
        Cumulative, all neighbours within r (Marcon and Puech 2010); or the density, neighbours
        near distance r weighted by a Gaussian kernel (Lang, Marcon and Puech 2020).
    weights : str, array or Series, optional
        Sizes, positive, as in `k_density`.
    simulations : int
        Curves to simulate for the envelope.
    level : float
        Confidence level of each side of the bands, as in `k_density`.
    maximum : float, optional
        Largest distance; by default the median distance between the cases.
    steps : int
        Number of evenly spaced distances up to ``maximum``; the first is maximum/steps.
    bandwidth : float, optional
        For m: Silverman's rule on the distances between the cases by default, as in `k_density`.
    coordinates : {"plane", "degrees"}, optional
        As in `k_density`.
    seed : int or numpy.random.Generator
        Of the simulations.
    resume : RelativeConcentration, optional
        An earlier result of the same call, whose simulations are kept and continued.
    progress : bool
        Show a progress bar on runs of more than two seconds.

    Returns
    -------
    RelativeConcentration

    Raises
    ------
    ValueError
        As in `k_density`, and cases that are fewer than two or all of the points.

    Notes
    -----
    With C the cases, w the sizes, :math:`W_C`, W their sums, and
    :math:`k(d, r) = 1` if d ≤ r, else 0 (M; a neighbour at r itself counts, with an allowance of
    10⁻⁹ of r for what rounding adds), or the Gaussian kernel reflected at zero (m):

    .. math:: M(r) = \sum_{i \in C}
        \frac{\sum_{j \in C, j \ne i} w_j\,k(d_{ij}, r)}{\sum_{j \ne i} w_j\,k(d_{ij}, r)}
        \Big/ \sum_{i \in C} \frac{W_C - w_i}{W - w_i}.

    A case without any neighbour at a distance is left out of both sums there, as in dbmss;
    ``cases_used`` says how many remain. Distances are computed for every case and every point,
    so the time grows with their product (1,000 cases among 50,000 points: about a second); m is
    read off an axis of 8 nodes a bandwidth with cubic interpolation (error below 10⁻⁴ of the
    kernel's peak).

    *Null hypothesis.* The establishments, with their sizes, are handed out at random on all the
    places. Bands and p-values are those of `k_density`. Without sizes, the neighbours of every
    place are counted once, and a simulation costs the distances among the cases only.

    References
    ----------
    Marcon, E. and Puech, F. (2010). Measures of the geographic concentration of industries:
    improving distance-based methods. *Journal of Economic Geography* 10(5), 745–762.
    Lang, G., Marcon, E. and Puech, F. (2020). Distance-based measures of spatial concentration:
    introducing a relative density function. *Annals of Regional Science* 64, 243–265.

    Examples
    --------
    >>> row = np.array([[0.0, 0], [1, 0], [10, 0], [11, 0]])
    >>> found = marcon_puech(row, np.array([True, True, False, False]), maximum=12, steps=12)
    >>> found.ratio[[0, 11]].tolist()
    [3.0, 1.0]
    """
    parameters.chosen("kind", kind, ("M", "m"))
    all_of = _places(points, coordinates, "points")
    n = len(all_of.xy)
    size = _weights(weights, points, n)
    chosen = np.asarray(_one_each(cases, points, n, "cases"))
    if chosen.dtype != bool:
        raise ValueError(f"cases must be {n:,} values True or False, one for each point.")
    if chosen.sum() < 2 or chosen.all():
        raise ValueError(
            f"cases: {int(chosen.sum()):,} of {n:,} points are cases, but at least 2 must be and "
            "at least one must not."
        )
    _check_numbers(simulations, level, maximum, steps, bandwidth)
    # one order of rows, whatever the caller's, so that a seed draws the same places
    order = np.lexsort((size, chosen, all_of.xy[:, 1], all_of.xy[:, 0]))
    all_of, size, chosen = replace(all_of, xy=all_of.xy[order]), size[order], chosen[order]
    own = replace(all_of, xy=all_of.xy[chosen])
    if maximum is None or (kind == "m" and bandwidth is None):
        summary = _summary(own, progress)
        maximum = maximum or summary.median or _silverman(summary)
        bandwidth = bandwidth or (_silverman(summary) if kind == "m" else None)
    amount = int(chosen.sum())
    near = _Neighbours(all_of, amount, maximum, steps, bandwidth if kind == "m" else None)
    observed, used = near.ratio(np.flatnonzero(chosen), size, None, progress)
    known = None
    if weights is None and simulations * amount > n and n * steps <= _MOST:
        known = near.of_all(progress)

    def simulate(rng: np.random.Generator) -> np.ndarray:
        # the first places of a permutation get the cases, the others the rest
        order = rng.permutation(n)
        moved = np.empty(n)
        moved[order[:amount]] = size[chosen]
        moved[order[amount:]] = size[~chosen]
        return near.ratio(order[:amount], moved, known, False)[0]

    result = RelativeConcentration(
        distance=near.distance,
        unit=all_of.unit,
        points=n,
        bandwidth=near.bandwidth,
        envelope=None,
        note=all_of.doubt,
        ratio=observed,
        cases_used=used,
        cases=amount,
        kind=kind,
        seed=_root_seed(seed),
    )
    return _with_envelope(result, simulate, simulations, level, resume, progress)


# --- places ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Places:
    xy: np.ndarray
    sphere: bool
    unit: str
    doubt: str = ""


def _places(points: pd.DataFrame | np.ndarray, coordinates: str | None, name: str) -> _Places:
    """Read coordinates, and refuse what is missing, out of range or mixed."""
    if coordinates is not None:
        parameters.chosen("coordinates", coordinates, ("plane", "degrees"))
    labels: pd.Index
    if isinstance(points, pd.DataFrame):
        pair, sphere, unit = _columns(points.columns, name)
        if coordinates == "degrees" and not unit:  # x and y may hold degrees; x_km may not
            sphere, unit = True, "km"
        if coordinates is not None and sphere != (coordinates == "degrees"):
            raise ValueError(
                f"{name}: columns {pair[0]!r} and {pair[1]!r} do not go with "
                f"coordinates={coordinates!r}."
            )
        labels = points.index
        read = [_reals(points[c], f"{name}: column {c!r}, row ", labels) for c in pair]
        xy = np.column_stack(read)
    else:
        shape = f"{name}: a frame, or an array of shape (n, 2), is needed"
        try:
            given = np.asarray(points)
        except ValueError:
            raise ValueError(f"{shape}, found rows of different length.") from None
        if given.ndim != 2 or given.shape[1] != 2:
            raise ValueError(f"{shape}, found {given.shape} in a {type(points).__name__}.")
        labels = pd.RangeIndex(len(given))
        xy = np.column_stack([_reals(part, f"{name}: row ", labels) for part in given.T])
        sphere = coordinates == "degrees"
        unit = "km" if sphere else ""
    bad = ~np.isfinite(xy).all(axis=1)
    if bad.any():
        raise ValueError(
            f"{name}: row {_row(labels, bad)} has no coordinates ({int(bad.sum())} such rows); "
            "leave them out yourself and say so."
        )
    doubt = ""
    if sphere:
        _check_degrees(xy, labels, name)
    else:
        _check_plane(xy, labels, name)
        far = np.abs(xy).max(axis=0, initial=0)
        if coordinates is None and not unit and far[0] <= 180 and far[1] <= 90:
            doubt = "x and y are taken as a plane; if they are degrees, say coordinates='degrees'"
    return _Places(np.ascontiguousarray(xy), sphere, unit, doubt)


def _reals(given: pd.Series | np.ndarray, where: str, labels: pd.Index) -> np.ndarray:
    """Return numbers as floats, unknown ones as NaN; text, dates and the like are refused."""
    column = pd.Series(given).reset_index(drop=True)
    numbers, bad = tables.as_numbers(column)
    if bad is not None:
        label, value = labels[[bad]].tolist()[0], column[[bad]].tolist()[0]
        raise ValueError(f"{where}{label!r} is {value!r:.60}, but must be a finite number.")
    return numbers


def _off_site(here: _Places, sites: _Places) -> str:
    """Say how many points are on none of the sites, each site taken once; sites are sorted."""
    both = pd.concat(
        [pd.DataFrame(here.xy).value_counts(), pd.DataFrame(sites.xy).value_counts()], axis=1
    ).fillna(0)
    lost = int((both.iloc[:, 0] - both.iloc[:, 1]).clip(lower=0).sum())
    if not lost:
        return ""
    return f"{lost:,} of {len(here.xy):,} points are on none of the sites of among"


def _columns(columns: pd.Index, name: str) -> tuple[tuple, bool, str]:
    words = [(column, str(column).lower()) for column in columns]
    lon = [c for c, word in words if word in _LON]
    lat = [c for c, word in words if word in _LAT]
    x = [c for c, word in words if word in ("x", "east", "easting") or word[:2] == "x_"]
    y = [c for c, word in words if word in ("y", "north", "northing") or word[:2] == "y_"]
    counts = tuple(len(found) for found in (lon, lat, x, y))
    if counts == (1, 1, 0, 0):
        return (lon[0], lat[0]), True, "km"
    if counts == (0, 0, 1, 1):
        units = [str(c).lower().partition("_")[2] for c in (x[0], y[0])]
        if units[0] != units[1]:
            raise ValueError(f"{name}: {x[0]!r} and {y[0]!r} have different units.")
        return (x[0], y[0]), False, units[0]
    if any(counts[:2]) and any(counts[2:]):
        mixed = ", ".join(repr(c) for c in [*lon, *lat, *x, *y])
        raise ValueError(
            f"{name}: columns {mixed} mix two coordinate systems, degrees and a plane; pass the "
            "two columns that belong together."
        )
    raise ValueError(
        f"{name}: needs one column x and one y (or x_km and y_km, …), or longitude and latitude; "
        f"found {', '.join(map(repr, columns))}."
    )


def _check_degrees(xy: np.ndarray, labels: pd.Index, name: str) -> None:
    for column, limit, word in ((1, 90, "latitude"), (0, 180, "longitude")):
        out = np.abs(xy[:, column]) > limit
        if out.any():
            row = int(np.argmax(out))
            hint = ""
            if np.abs(xy[row]).max() > 1000:
                hint = "; this looks like metres or kilometres: do not mix coordinate systems"
            elif column == 1 and np.abs(xy[row, 0]) <= 90:
                hint = "; are longitude and latitude swapped?"
            raise ValueError(
                f"{name}: row {_row(labels, out)} has {word} {xy[row, column]:g}, but it must lie "
                f"between −{limit} and {limit}{hint}."
            )


def _check_plane(xy: np.ndarray, labels: pd.Index, name: str) -> None:
    """Refuse a plane in which some rows look like degrees and the others like metres."""
    far = np.abs(xy).max(axis=1)
    if (far > 1e100).any():
        raise ValueError(
            f"{name}: row {_row(labels, far > 1e100)} lies at {far.max():g}, too far to measure."
        )
    degrees = (far <= 180) & (np.abs(xy[:, 1]) <= 90)
    if degrees.all() or not degrees.any():
        return
    nearest = far[~degrees].min()
    alone = nearest > 100 * max(far[degrees].max(), 100.0)
    if not xy[degrees].any():  # the origin may be a place of its own, as the corner of a raster is
        alone &= nearest > np.hypot(*np.ptp(xy[~degrees], axis=0))
    if alone:
        raise ValueError(
            f"{name}: mixed coordinate systems: row {_row(labels, degrees)} looks like degrees (or "
            f"is missing), row {_row(labels, ~degrees)} like metres; bring all into one system."
        )


def _row(labels: pd.Index, where: np.ndarray) -> str:
    """Return the label of the first row marked, as it is written."""
    return repr(labels[[int(np.argmax(where))]].tolist()[0])


def _same_system(here: _Places, sites: _Places) -> None:
    if here.sphere != sites.sphere or here.unit != sites.unit:
        words = [
            ("degrees" if p.sphere else f"a plane in {p.unit or 'no stated unit'}")
            for p in (here, sites)
        ]
        raise ValueError(
            f"mixed coordinate systems: points are in {words[0]}, among in {words[1]}."
        )


def _one_each(given, points: object, n: int, what: str) -> np.ndarray:
    """Return one value for each point: by label where they carry labels, else by place."""
    if isinstance(given, pd.Series):
        labels = points.index if isinstance(points, pd.DataFrame) else pd.RangeIndex(n)
        if not given.index.equals(labels):
            twice = given.index.has_duplicates or labels.has_duplicates
            other = given.index.symmetric_difference(labels, sort=False)
            if twice or len(other):
                found = f" (first {other[0]!r})" if len(other) else ""
                raise ValueError(
                    f"{what}: the labels of the Series are not those of the points{found}"
                    f"{', and some occur twice' if twice else ''}; take both from one table, or "
                    f"pass {what}.to_numpy() if they are in the order of the points."
                )
            given = given.reindex(labels)
        return given.to_numpy()
    values = np.asarray(given)
    if values.shape != (n,):
        raise ValueError(
            f"{what}: {n:,} values are needed, one for each point; found "
            f"{type(given).__name__} of shape {values.shape}."
        )
    return values


def _weights(weights: str | np.ndarray | pd.Series | None, points: object, n: int) -> np.ndarray:
    if weights is None:
        return np.ones(n)
    if isinstance(weights, str):
        if not isinstance(points, pd.DataFrame) or weights not in points.columns:
            raise ValueError(f"weights: there is no column {weights!r} in points.")
        weights = points[weights]
    labels = points.index if isinstance(points, pd.DataFrame) else pd.RangeIndex(n)
    size = _reals(_one_each(weights, points, n, "weights"), "weights: row ", labels)
    bad = ~(np.isfinite(size) & (size > 0))
    if bad.any():
        raise ValueError(
            f"weights: value {size[bad][0]:g} at position {int(np.argmax(bad))}, row "
            f"{_row(labels, bad)}, is not a positive number."
        )
    if size.min() < 1e-12 * size.max():
        raise ValueError(
            f"weights: the largest, {size.max():g}, is more than 10¹² times the smallest, "
            f"{size.min():g}; beside it the smallest counts for nothing."
        )
    return size / size.max()


def _check_numbers(simulations, level, maximum, steps, bandwidth) -> None:
    parameters.whole("steps", steps, 2, 10_000)
    parameters.whole("simulations", simulations, 0, _MOST // steps)
    parameters.number("level", level, 0.5, 1, ends=False)
    for name, value in (("maximum", maximum), ("bandwidth", bandwidth)):
        if value is not None:
            parameters.number(name, value, 0, ends=False)


def _check_length(maximum: float, bandwidth: float) -> None:
    if maximum > _LONGEST * bandwidth:
        raise ValueError(
            f"maximum is {maximum:g} and bandwidth {bandwidth:.3g}, but a curve can be at most "
            f"{_LONGEST:,} bandwidths long: choose a smaller maximum or a larger bandwidth."
        )


def _choose(method: str, here: _Places, limit: int = _EXACT_UP_TO) -> bool:
    parameters.chosen("method", method, ("auto", "exact", "grid"))
    if method == "exact" or (method == "auto" and len(here.xy) <= limit):
        return True
    wide = here.sphere and _from_centre(here.xy) > _WIDEST
    if method == "grid" and wide:
        raise ValueError(
            "method 'grid' reaches no farther than a third of a hemisphere from the centre of the "
            "points; use 'exact' for points all over the globe."
        )
    return wide


# --- distances ---------------------------------------------------------------------------------


def _from_centre(lonlat: np.ndarray) -> float:
    """Return the largest angle between a point and the centre of all, in radians."""
    space = _on_sphere(lonlat)
    centre = space.mean(axis=0)
    return float(np.arccos(np.clip((space @ centre).min() / np.linalg.norm(centre), -1, 1)))


def _on_sphere(lonlat: np.ndarray) -> np.ndarray:
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _arc(chord: np.ndarray) -> np.ndarray:
    np.multiply(chord, 0.5, out=chord)
    np.minimum(chord, 1.0, out=chord)
    np.arcsin(chord, out=chord)
    return np.multiply(chord, 2 * EARTH_RADIUS_KM, out=chord)


def _pairs(xy: np.ndarray, size: np.ndarray | None, sphere: bool, progress: bool = False):
    """Yield distances of all pairs i < j block by block, with the products of their sizes."""
    space = _on_sphere(xy) if sphere else xy
    starts = range(0, len(xy), _BLOCK)
    blocks = len(starts) * (len(starts) + 1) // 2
    with tqdm(total=blocks, disable=not progress, delay=2, leave=False, desc="distances") as bar:
        for a in starts:
            for b in range(a, len(xy), _BLOCK):
                one, two = slice(a, a + _BLOCK), slice(b, b + _BLOCK)
                if a == b:
                    found = pdist(space[one])
                    product = None
                    if size is not None:
                        i, j = np.triu_indices(len(space[one]), 1)
                        product = size[one][i] * size[one][j]
                else:
                    found = cdist(space[one], space[two]).ravel()
                    product = None
                    if size is not None:
                        product = np.multiply.outer(size[one], size[two]).ravel()
                yield (_arc(found) if sphere else found), product
                bar.update()


@dataclass(frozen=True)
class _Summary:
    """Spread of the distances of all pairs."""

    pairs: float
    sd: float
    quartiles: tuple[float, float]
    median: float


def _summary(here: _Places, progress: bool) -> _Summary:
    """Measure the distances: themselves where they are few, else counted in classes."""
    xy, n = here.xy, len(here.xy)
    pairs = n * (n - 1) / 2
    span = float(np.hypot(*np.ptp(xy, axis=0)))
    if span == 0:
        raise ValueError("all points are in one place: there is no distance to look at.")
    if n <= _EXACT_UP_TO:
        found = np.concatenate([part for part, _ in _pairs(xy, None, here.sphere, progress)])
        low, middle, high = np.quantile(found, [0.25, 0.5, 0.75]).tolist()
        sd = float(found.std(ddof=1)) if n > 2 else 0.0
        return _Summary(pairs, sd, (low, high), middle)
    if here.sphere and _from_centre(xy) > _WIDEST:
        edges = (np.arange(1 << 17) + 0.5) * (20_016.0 / (1 << 17))  # half the earth around
        counts = np.zeros(len(edges))
        for part, _ in _pairs(xy, None, True, progress):
            index = (part * (len(edges) / 20_016.0)).astype(np.intp)
            counts += np.bincount(index, minlength=len(edges))
        cell = edges[1] - edges[0]
        squares = float(counts @ edges**2)
    else:
        cells = 192
        while True:
            if here.sphere:
                span = 2 * _from_centre(xy) * EARTH_RADIUS_KM
                cell = span / cells
            else:
                cell = max(np.ptp(xy, axis=0).max(), span / 64) / cells
            grid = _measured(here)(cell, span)
            edges = np.arange(int(span / cell) + 6) * cell
            counts = grid.masses(xy, np.ones(n), cell, len(edges) - 3)
            counts = np.concatenate([counts, np.zeros(3)])[: len(edges)]
            quarter = np.interp([0.25 * pairs, 0.75 * pairs], _below(counts), edges)
            if quarter[1] - quarter[0] > 20 * cell or cells >= 3072:
                break
            cells *= 4
        centred = xy - xy.mean(axis=0)
        squares = float(counts @ edges**2 if here.sphere else n * np.sum(centred**2))
    variance = max(squares / pairs - (float(counts @ edges) / pairs) ** 2, 0.0)
    low, middle, high = np.interp(np.array([0.25, 0.5, 0.75]) * pairs, _below(counts), edges)
    if high - low < 3 * cell:  # quartiles in one place, spread by the classes only
        high = low
    return _Summary(
        pairs,
        float(np.sqrt(variance * pairs / (pairs - 1))),
        (float(low), float(high)),
        float(middle),
    )


def _below(counts: np.ndarray) -> np.ndarray:
    # what is counted at a place lies around it: half of it is below
    return np.cumsum(counts) - counts / 2


def _silverman(summary: _Summary) -> float:
    spread = (summary.quartiles[1] - summary.quartiles[0]) / 1.34
    nothing = _AT * summary.median  # what rounding leaves of distances that are all the same
    scale = min(summary.sd, spread) if spread > nothing else summary.sd
    if not scale > nothing:  # a single distance, as between two points
        scale = summary.median
    return 0.9 * scale * summary.pairs ** (-0.2)


def _moments(distance: np.ndarray, weight: np.ndarray | None, spacing: float, nodes: int):
    """Add up distances on evenly spaced nodes with the weights of cubic interpolation.

    A distance between nodes a and a + 1 is shared among a − 1 … a + 2; what would fall on node −1
    goes to node 1, because every kernel used is even in distance. Farther ones are dropped.
    """
    scaled = np.minimum(distance * (1 / spacing), nodes)
    index = scaled.astype(np.intp)
    t = scaled - index
    powers = []
    for _ in range(4):
        found = np.bincount(index, weight, minlength=nodes + 1)[:nodes]
        powers.append(found.astype(float))
        weight = t.copy() if weight is None else weight * t
    m0, m1, m2, m3 = powers
    masses = np.zeros(nodes + 3)
    masses[0:nodes] += (-m3 + 3 * m2 - 2 * m1) / 6
    masses[1 : nodes + 1] += (m3 - 2 * m2 - m1 + 2 * m0) / 2
    masses[2 : nodes + 2] += (-m3 + m2 + 2 * m1) / 2
    masses[3 : nodes + 3] += (m3 - m1) / 6
    masses[2] += masses[0]
    return masses[1:]


class _Kernel:
    """A Gaussian reflected at zero, from nodes on the distance axis to the distances asked for."""

    def __init__(self, distance: np.ndarray, bandwidth: float) -> None:
        self.distance, self.bandwidth = distance, bandwidth
        self.spacing = bandwidth / _NODES
        self.nodes = int(distance[-1] / self.spacing + _REACH * _NODES) + 2
        half = int(_REACH * _NODES)
        centre = np.rint(distance / self.spacing).astype(np.intp)[:, None]
        window = centre + np.arange(-half, half + 1)
        self.inside = (window >= 0) & (window < self.nodes)
        self.window = np.where(self.inside, window, 0)
        at = self.window * self.spacing
        z, mirror = (at - distance[:, None]) / bandwidth, (at + distance[:, None]) / bandwidth
        value = _gauss(z)
        near = distance < _REACH * bandwidth
        value[near] += _gauss(mirror[near])
        value /= bandwidth
        self.value = np.where(self.inside, value, 0.0)
        self._z, self._mirror, self._at = z, mirror, at

    def curve(self, masses: np.ndarray) -> np.ndarray:
        return np.einsum("dw,dw->d", masses[self.window], self.value)

    def roughness(self) -> np.ndarray:
        """Bound the fourth derivative, in any direction, of the kernel at each node."""
        h = self.bandwidth
        derivatives = []
        for z in (self._z, self._mirror):
            p, y = _gauss(z), z * z
            derivatives.append((-z * p, (y - 1) * p, (3 - y) * z * p, ((y - 6) * y + 3) * p))
        k1, k2, k3, k4 = (a + b for a, b in zip(*derivatives, strict=True))
        r = np.maximum(self._at / h, 1e-9)
        across = 3 * (k2 / r**2 - k1 / r**3)
        slope = 6 * (k3 / r - 3 * k2 / r**2 + 3 * k1 / r**3)
        bend = k4 - slope - across
        with np.errstate(divide="ignore", invalid="ignore"):
            u = np.clip(np.nan_to_num(-slope / (2 * bend)), 0, 1)
        most = np.maximum.reduce(
            [np.abs(k4), np.abs(across), np.abs(bend * u**2 + slope * u + across)]
        )
        # close to zero the formula cancels; 2.4 bounds it everywhere (it is 6 φ(0) at r = d = 0)
        return np.where(r < 3, 2.4, most) / h**5

    def around(self, roughness: np.ndarray, reach: float) -> np.ndarray:
        """Return the largest roughness within reach of each node."""
        steps = 2 * int(np.ceil(reach / self.spacing)) + 1
        return maximum_filter1d(roughness, steps, axis=1, mode="nearest")


def _gauss(z: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * z * z) * (1 / np.sqrt(2 * np.pi))


class _Counter:
    """Count pairs by distance, exactly or on a grid laid once over all sites."""

    def __init__(self, ground: _Places, kernel: _Kernel, *, exact: bool) -> None:
        self.kernel, self.exact, self.sphere = kernel, exact, ground.sphere
        if not exact:
            reach = kernel.spacing * kernel.nodes
            span = np.ptp(ground.xy, axis=0) * (112.0 if ground.sphere else 1.0)  # km in a degree
            coarsest = float(np.sqrt(np.prod(span + kernel.bandwidth) / _GRID_CELLS))
            if coarsest > kernel.bandwidth:
                raise _too_fine(kernel.bandwidth, coarsest)
            # keeps the bound below a thousandth of the peak, where memory allows
            cell = kernel.bandwidth / (6.7 if ground.sphere else 5.4)
            lay = _measured(ground)
            grid = lay(cell, reach)
            while np.prod(grid.padded, dtype=float) * grid.layers > _GRID_CELLS * (
                1 if grid.layers == 1 else 2
            ):
                cell *= 1.02
                grid = lay(cell, reach)
            if cell > kernel.bandwidth:
                raise _too_fine(kernel.bandwidth, cell)
            self.grid = grid

    def __call__(self, xy: np.ndarray, size: np.ndarray, *, progress: bool = False) -> np.ndarray:
        spacing, nodes = self.kernel.spacing, self.kernel.nodes
        if not self.exact:
            return self.grid.masses(xy, size, spacing, nodes)
        alike = bool((size == size[0]).all())
        masses = np.zeros(nodes + 2)
        for found, product in _pairs(xy, None if alike else size, self.sphere, progress):
            masses += _moments(found, product, spacing, nodes)
        return masses * size[0] ** 2 if alike else masses

    def error(self, masses: np.ndarray) -> np.ndarray:
        # at distances up to half a bandwidth apart, and between them by the larger neighbour
        asked = self.kernel.distance
        every = max(1, int(0.5 * self.kernel.bandwidth / asked[1]))
        some = np.array([*range(0, len(asked) - 1, every), len(asked) - 1])
        kernel, amount = _Kernel(asked[some], self.kernel.bandwidth), np.abs(masses)
        rough = kernel.roughness()
        # 9/384: largest value of |(t+1) t (t−1) (t−2)|/4! for cubic interpolation
        axis = 9 / 384 * kernel.spacing**4 * kernel.around(rough, 2 * kernel.spacing)
        if not self.exact:
            # four coordinates of a pair; on the globe two stretches more, and the bend of the arc
            growth = (
                1.2 * np.sum(1.25 ** np.arange(6))
                if self.sphere
                else 1 + 1.25 + 1.25**2 + (1.25**3)
            )
            cell = self.grid.cell
            axis = axis + 9 / 384 * growth * cell**4 * kernel.around(rough, 4 * np.sqrt(2) * cell)
        error = np.einsum("dw,dw->d", amount[kernel.window] * kernel.inside, axis)
        after = np.searchsorted(some, np.arange(len(asked)))
        return np.maximum(error[after], error[np.maximum(after - 1, 0)])


def _too_fine(bandwidth: float, cell: float) -> ValueError:
    return ValueError(
        f"the bandwidth {bandwidth:.3g} is finer than the cells a grid over these points can have "
        f"({cell:.3g}); pass a larger bandwidth=, or method='exact'."
    )


def _measured(ground: _Places) -> Callable[[float, float], "_Grid"]:
    """Return what lays a grid of a given cell and reach over the ground, measured once."""
    if ground.sphere:
        part = _Map(ground.xy)
        return lambda cell, reach: _Globe(part, cell, reach)
    low, extent = ground.xy.min(axis=0), np.ptp(ground.xy, axis=0)
    return lambda cell, reach: _Grid(low, extent, cell, reach)


class _Grid:
    """Pairs of points in a plane by lag, through the autocorrelation of a grid."""

    layers = 1

    def __init__(self, low: np.ndarray, extent: np.ndarray, cell: float, reach: float) -> None:
        self.cell, self.low = cell, low - 1.5 * cell
        self.shape = np.ceil(extent / cell).astype(np.intp) + 5
        self.lags = np.minimum(int(reach / cell) + 5, self.shape)
        self.padded = tuple(
            scipy.fft.next_fast_len(int(n + lag), real=True)
            for n, lag in zip(self.shape, self.lags, strict=True)
        )

    def masses(self, xy: np.ndarray, size: np.ndarray, spacing: float, nodes: int) -> np.ndarray:
        """Return unordered pairs, by the product of their sizes, on nodes of the distance axis."""
        field_, itself = self._spread(xy, size)
        wave = self._wave(field_)
        del field_
        parts = wave.view(float)  # |wave|², in place
        np.multiply(parts, parts, out=parts)
        parts[:, ::2] += parts[:, 1::2]
        parts[:, 1::2] = 0
        lagged = self._back(wave)
        del wave, parts
        return self._by_distance(lagged, itself, spacing, nodes)

    @property
    def _threads(self) -> int:
        return 1 if np.prod(self.padded) < 2_000_000 else -1

    def _wave(self, field_: np.ndarray) -> np.ndarray:
        # a two-dimensional transform in two steps, to leave out rows known zero or not needed
        wave = scipy.fft.rfft(field_, n=self.padded[1], axis=1, workers=self._threads)
        return scipy.fft.fft(
            wave, n=self.padded[0], axis=0, workers=self._threads, overwrite_x=True
        )

    def _back(self, power: np.ndarray) -> np.ndarray:
        power = scipy.fft.ifft(power, axis=0, workers=self._threads, overwrite_x=True)
        return scipy.fft.irfft(
            power[: self.lags[0]], n=self.padded[1], axis=1, workers=self._threads
        )

    def _by_distance(self, lagged, itself, spacing, nodes, bend=None) -> np.ndarray:
        """Add up pairs by distance; bend turns a lag's length into a distance."""
        across, up = self.lags
        masses = np.zeros(nodes + 2)
        farthest = nodes * spacing
        columns = np.arange(up) * self.cell
        for start in range(0, across, 512):
            rows = slice(start, min(start + 512, across))
            pairs = lagged[rows, :up].copy()
            # lags (k, l) and (k, −l) are different pairs; (k, l) and (−k, −l) the same ones
            pairs[:, 1:] += lagged[rows, :-up:-1]
            if start == 0:
                pairs[0, 1:] *= 0.5
                pairs[0, 0] *= 0.5
                pairs[:4, :4] -= itself
            away = np.hypot((np.arange(rows.start, rows.stop) * self.cell)[:, None], columns)
            if bend is not None:
                away = bend(away)
            kept = away < farthest
            masses += _moments(away[kept], pairs[kept], spacing, nodes)
        return masses

    def _spread(self, xy: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Share every point among 4 × 4 nodes; return the grid, and each point's own pairs."""
        grid, itself = np.zeros(self.shape), np.zeros((4, 4))
        nodes, width = grid.reshape(-1), self.shape[1]
        scaled = (xy - self.low) / self.cell
        base = scaled.astype(np.intp)
        flat = (base[:, 0] - 1) * width + base[:, 1] - 1
        scaled -= base
        if len(xy) > 100_000:  # neighbours in memory first
            order = np.argsort(flat)
            flat, size, scaled = flat[order], size[order], scaled[order]
        for start in range(0, len(xy), 1 << 15):
            part = slice(start, start + (1 << 15))
            at, heavy = flat[part], size[part]
            across, up = _cubic(scaled[part, 0]), _cubic(scaled[part, 1])
            for i in range(4):
                weight = heavy * across[i]
                for j in range(4):
                    np.add.at(nodes, at + (i * width + j), weight * up[j])
            itself += (_own_lags(across) * heavy**2) @ _own_lags(up).T
        # ordered lags (±k, ±l) folded on one, and each unordered pair once
        twice = np.array([1.0, 2.0, 2.0, 2.0])
        return grid, itself * np.multiply.outer(twice, twice) / 2


class _Map:
    """A stereographic map around the centre of some points, and how far they reach on it."""

    def __init__(self, lonlat: np.ndarray) -> None:
        space = _on_sphere(lonlat)
        up = space.mean(axis=0)
        up /= np.linalg.norm(up)
        east = np.cross(up, np.eye(3)[np.argmin(np.abs(up))])
        east /= np.linalg.norm(east)
        self.frame = np.column_stack([east, np.cross(up, east), up])
        places, stretch = self.of(lonlat)
        self.low, self.extent = places.min(axis=0), np.ptp(places, axis=0)
        self.lowest, self.highest = float(stretch.min()), float(stretch.max())

    def of(self, lonlat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return places on the map in km, and the stretch σ of the map there."""
        turned = _on_sphere(lonlat) @ self.frame
        flat = turned[:, :2] / (1 + turned[:, 2:])
        return flat * (2 * EARTH_RADIUS_KM), 0.5 * np.log1p(np.sum(flat**2, axis=1))


class _Globe(_Grid):
    """Pairs of points on a part of the globe by lag, on a stereographic map around its centre.

    On that map a chord of the globe is the distance on the map times exp(−σ − σ′), σ the map's
    stretch at either end. Points are shared among layers of evenly spaced σ as they are among
    cells, so that the pairs of two layers differ from a plane by one factor only.
    """

    def __init__(self, part: "_Map", cell: float, reach: float) -> None:
        self.part, self.step = part, cell / reach
        self.layers = int((part.highest - part.lowest) / self.step) + 4
        # distances on the map are up to exp(2σ) longer than on the globe
        longer = reach * 1.05 * np.exp(2 * part.highest)
        super().__init__(part.low, part.extent, cell, longer)

    def masses(self, xy: np.ndarray, size: np.ndarray, spacing: float, nodes: int) -> np.ndarray:
        """Return unordered pairs, by the product of their sizes, on nodes of the distance axis."""
        places, stretch = self.part.of(xy)
        level = (stretch - self.part.lowest) / self.step + 1
        base = np.clip(level.astype(np.intp), 1, self.layers - 3)
        shares = _cubic(level - base)
        waves = []
        for layer in range(self.layers):
            place = layer - base + 1
            here = np.flatnonzero((place >= 0) & (place < 4))
            field_ = self._spread(places[here], size[here] * shares[place[here], here])[0]
            waves.append(self._wave(field_))
        itself = self._own(places, size, base, shares)
        masses = np.zeros(nodes + 2)
        for total in range(2 * self.layers - 1):
            power = np.zeros_like(waves[0])
            for a in range(max(0, total - self.layers + 1), total // 2 + 1):
                one, two = waves[a], waves[total - a]
                part = one.real * two.real + one.imag * two.imag
                power.real += part if 2 * a == total else 2 * part
            shrink = np.exp(-(2 * self.part.lowest + (total - 2) * self.step))

            def bend(away: np.ndarray, shrink: float = shrink) -> np.ndarray:
                return _arc(away * (shrink / EARTH_RADIUS_KM))

            masses += self._by_distance(self._back(power), itself[total], spacing, nodes, bend)
        return masses

    def _own(self, places, size, base, shares) -> np.ndarray:
        """Return each point's pairs with itself, by sum of layers and lag."""
        scaled = (places - self.low) / self.cell
        scaled -= scaled.astype(np.intp)
        across, up = _own_lags(_cubic(scaled[:, 0])), _own_lags(_cubic(scaled[:, 1]))
        itself = np.zeros((2 * self.layers - 1, 4, 4))
        twice = np.array([1.0, 2.0, 2.0, 2.0])
        for lowest in np.unique(base):
            those = base == lowest
            left, right = across[:, those] * size[those] ** 2, up[:, those]
            for i in range(4):
                for j in range(4):
                    both = shares[i, those] * shares[j, those]
                    itself[2 * (lowest - 1) + i + j] += (left * both) @ right.T
        return itself * np.multiply.outer(twice, twice) / 2


def _own_lags(shares: np.ndarray) -> np.ndarray:
    """Return how much of a point's pair with itself falls on lags 0 to 3 of one axis."""
    a, b, c, d = shares
    return np.stack([a * a + b * b + c * c + d * d, a * b + b * c + c * d, a * c + b * d, a * d])


def _cubic(t: np.ndarray) -> np.ndarray:
    """Return the weights of nodes −1, 0, 1 and 2 for a place t between nodes 0 and 1."""
    return np.stack(
        [
            -t * (t - 1) * (t - 2) / 6,
            (t + 1) * (t - 1) * (t - 2) / 2,
            -(t + 1) * t * (t - 2) / 2,
            (t + 1) * t * (t - 1) / 6,
        ]
    )


class _Neighbours:
    """Weight of the neighbours around places, at evenly spaced distances."""

    def __init__(
        self, ground: _Places, cases: int, maximum: float, steps: int, bandwidth: float | None
    ) -> None:
        self.space = _on_sphere(ground.xy) if ground.sphere else ground.xy
        self.sphere = ground.sphere
        self.distance = np.linspace(maximum / steps, maximum, steps)
        self.bandwidth = float(bandwidth or 0.0)
        self.nodes = steps
        held = cases * steps
        if bandwidth:
            _check_length(maximum, bandwidth)
            held += int(8 * (maximum / bandwidth + _REACH)) * steps
        if held > 5 * _MOST:
            raise ValueError(
                f"steps is {steps:,}: {cases:,} cases at so many distances do not fit in memory; "
                "ask for fewer steps, or a smaller maximum or a larger bandwidth."
            )
        if bandwidth:
            self.spacing = bandwidth / 8
            self.nodes = int(maximum / self.spacing + _REACH * 8) + 2
            at = np.arange(self.nodes + 2)[:, None] * self.spacing
            self.kernel = _gauss((at - self.distance) / bandwidth)
            self.kernel += _gauss((at + self.distance) / bandwidth)

    def around(
        self, places: np.ndarray, others: np.ndarray, weight: np.ndarray | None, progress: bool
    ) -> np.ndarray:
        """Return places by distances: weight of the others, the place's own included."""
        rows = max(1, min(len(places), 2_000_000 // max(len(others), self.nodes)))
        result = np.empty((len(places), len(self.distance)))
        starts = range(0, len(places), rows)
        for start in tqdm(starts, disable=not progress, delay=2, leave=False, desc="neighbours"):
            part = places[start : start + rows]
            found = cdist(self.space[part], self.space[others])
            if self.sphere:
                found = _arc(found)
            heavy = None if weight is None else np.tile(weight[others], len(part))
            result[start : start + rows] = self._rows(found, heavy)
        return result

    def _rows(self, found: np.ndarray, heavy: np.ndarray | None) -> np.ndarray:
        amount = len(found)
        if not self.bandwidth:
            nearest = np.ceil(found * ((1 - _AT) / self.distance[0]))
            index = np.clip(nearest, 1, self.nodes + 1).astype(np.intp)
            index += (np.arange(amount) * (self.nodes + 2))[:, None]
            counted = np.bincount(index.ravel(), heavy, minlength=amount * (self.nodes + 2))
            return counted.reshape(amount, -1)[:, 1:-1].cumsum(axis=1)
        scaled = np.minimum(found * (1 / self.spacing), self.nodes)
        index = scaled.astype(np.intp)
        t = (scaled - index).ravel()
        index += (np.arange(amount) * (self.nodes + 1))[:, None]
        flat, weight, powers = index.ravel(), heavy, []
        for _ in range(4):
            counted = np.bincount(flat, weight, minlength=amount * (self.nodes + 1))
            powers.append(counted.reshape(amount, -1)[:, : self.nodes].astype(float))
            weight = t.copy() if weight is None else weight * t
        m0, m1, m2, m3 = powers
        masses = np.zeros((amount, self.nodes + 3))
        masses[:, 0 : self.nodes] += (-m3 + 3 * m2 - 2 * m1) / 6
        masses[:, 1 : self.nodes + 1] += (m3 - 2 * m2 - m1 + 2 * m0) / 2
        masses[:, 2 : self.nodes + 2] += (-m3 + m2 + 2 * m1) / 2
        masses[:, 3 : self.nodes + 3] += (m3 - m1) / 6
        masses[:, 2] += masses[:, 0]
        return masses[:, 1:] @ self.kernel

    def own(self) -> np.ndarray:
        """Return what a place counts of itself, at distance zero."""
        return self.kernel[0] if self.bandwidth else np.ones(len(self.distance))

    def of_all(self, progress: bool) -> np.ndarray:
        everyone = np.arange(len(self.space))
        return self.around(everyone, everyone, None, progress)

    def ratio(
        self, cases: np.ndarray, size: np.ndarray, known: np.ndarray | None, progress: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the measure and the number of cases with neighbours, at each distance."""
        alike = bool((size == 1).all())
        weight = None if alike else size
        own = size[cases, None] * self.own()
        everyone = np.arange(len(size))
        all_ = known[cases] if known is not None else self.around(cases, everyone, weight, progress)
        all_ = all_ - own
        same = self.around(cases, cases, weight, False) - own
        least = 1e-9 * (self.kernel.max() if self.bandwidth else 1.0) * size.min()
        has = all_ > least
        share = np.divide(same, all_, out=np.zeros_like(same), where=has).sum(axis=0)
        of_cases, total = size[cases].sum(), size.sum()
        usual = has.T @ ((of_cases - size[cases]) / (total - size[cases]))
        used = has.sum(axis=0)
        ratio = np.divide(share, usual, out=np.full(len(used), np.nan), where=used > 0)
        return ratio, used


# --- envelopes ---------------------------------------------------------------------------------


def _root_seed(seed: Seed) -> int:
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**32))
    parameters.generator(seed)
    return int(seed)


def _with_envelope(result, simulate, simulations: int, level: float, resume, progress: bool):
    """Return a result with its envelope: simulated, or what an earlier result has, continued."""
    if resume is None:
        if not simulations:
            return result
        done = np.empty((0, len(result.distance)))
    else:
        done = _resumed(resume, result, simulate)
    bands = _envelope(result.values, simulate, simulations, level, result.seed, done, progress)
    return replace(result, envelope=bands)


def _resumed(resume, result, simulate) -> np.ndarray:
    """Return the simulations of an earlier result after checking that it is one of this call."""
    if type(resume) is not type(result):
        raise ValueError(
            f"resume must be an earlier result, a {type(result).__name__}; found {resume!r:.60}."
        )
    if resume.envelope is None:
        raise ValueError("resume: the earlier result has no simulations to continue.")
    if (
        not np.array_equal(resume.distance, result.distance)
        or resume.bandwidth != result.bandwidth
        or resume.seed != result.seed
    ):
        raise ValueError(
            "resume: the earlier result has other distances, another bandwidth or another seed."
        )
    first = resume.envelope.curves[0]
    pairs = [(resume.values, result.values), (first, simulate(_numbers_of(result.seed, 0)))]
    if not all(np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True) for a, b in pairs):
        raise ValueError("resume: the earlier result is of other points, sizes or sites.")
    return resume.envelope.curves


def _numbers_of(seed: int, simulation: int) -> np.random.Generator:
    return np.random.default_rng([seed, simulation])


def _envelope(observed, simulate, simulations, level, seed, done, progress) -> Envelope:
    """Simulate, keep what is done when interrupted, and put the bands around it."""
    curves = np.empty((simulations, len(observed)))
    first = min(len(done), simulations)
    curves[:first] = done[:first]
    finished = first
    try:
        for s in tqdm(
            range(first, simulations),
            disable=not progress,
            delay=2,
            leave=False,
            initial=first,
            total=simulations,
            desc="simulations",
        ):
            curves[s] = simulate(_numbers_of(seed, s))
            finished = s + 1
    except KeyboardInterrupt:
        if finished < 2:
            raise
    curves = curves[:finished]
    if finished < 2:
        raise ValueError(f"simulations is {simulations}, but bands need at least 2.")
    outside = 1 - level
    known = ~np.isnan(curves).any(axis=0)
    low, high = np.full((2, curves.shape[1]), np.nan)
    low[known], high[known] = np.quantile(curves[:, known], [outside, level], axis=0)
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
        simulations=finished,
        requested=simulations,
        level=level,
        curves=curves,
    )


def _global_band(curves: np.ndarray, observed: np.ndarray, outside: float):
    """Return the upper band of extreme rank length, and the p-value that agrees with it.

    The observed curve leaves the band exactly when p ≤ ``outside``. NaN where there is no band.
    """
    every = np.vstack([observed, curves])
    known, tie, amount = ~np.isnan(every).any(axis=0), _tie(every), len(every)
    every = every[:, known]
    # many curves share their smallest rank, so compare it, then the next, and so on
    ranks = np.sort(_ranks(np.round(every / tie)), axis=1)
    order = np.lexsort(ranks.T[::-1]) if known.any() else np.arange(amount)
    apart = (ranks[order[1:]] != ranks[order[:-1]]).any(axis=1)
    # what may be taken off: 0, 1, … curves, but never some of those that tie
    taken = np.concatenate([[0], 1 + np.flatnonzero(apart)])
    # the highest of those left, once so many are taken off
    highest = np.maximum.accumulate(every[order][::-1], axis=0)[::-1][taken]
    leaves = (every[0] > highest + tie).any(axis=1)
    p = taken[np.argmax(leaves)] / amount if leaves.any() else 1.0
    allowed = int(outside * amount + 1e-6)
    band = np.full(curves.shape[1], np.nan)
    if allowed:
        band[known] = highest[np.searchsorted(taken, allowed, side="right") - 1]
    return band, float(p)


def _tie(curves: np.ndarray) -> float:
    """Return the difference up to which values differ by the order of sums only."""
    return _TIE * float(np.nanmax(np.abs(curves), initial=0)) or 1.0


def _ranks(curves: np.ndarray) -> np.ndarray:
    """Return each curve's rank from the top at each distance.

    The rank is the number of curves at least as high, so that ties are no one's extreme.
    """
    return rankdata(-curves, method="max", axis=0)
