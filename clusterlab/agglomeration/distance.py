"""Concentration measured in kilometres: no region borders, every pair of establishments counts.

K-density (Duranton and Overman 2005), and M with its density m (Marcon and Puech 2010; Lang,
Marcon and Puech 2020), each with local and global envelopes from simulations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterlab.agglomeration import pairs, places
from clusterlab.agglomeration.envelope import Curve, root_seed, with_envelope
from clusterlab.agglomeration.pairs import Counter, Kernel, Neighbours, spread_of
from clusterlab.parameters import Seed, chosen, number, whole


@dataclass(frozen=True, repr=False)
class KDensity(Curve):
    r"""K-density of a set of establishments.

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
    distance_error : float
        By which share a distance can be measured too long: :math:`c/\sin c - 1` for great circles
        on a grid, c the angle of the farthest point from the centre; 0 otherwise. ``error`` counts
        it in.
    points : int
        Establishments.
    unit : str
        Unit of distance, where it is known.
    envelope : Envelope or None
        Bands of the null hypothesis, where simulations were asked for.
    note : str
        What to know about the coordinates or the sites; empty where there is nothing.
    seed : int
        From which every simulation derives its own random numbers.
    """

    _measure = "density"

    density: np.ndarray
    error: np.ndarray
    distance_error: float
    method: str

    @property
    def error_bound(self) -> float:
        """Largest possible numerical error as a share of the highest density."""
        peak = float(self.density.max())
        return float(self.error.max()) / peak if peak > 0 else 0.0

    def to_frame(self) -> pd.DataFrame:
        """Return distances by density, error bound and bands."""
        return self._framed(density=self.density, error=self.error)

    def __repr__(self) -> str:
        width = f"{self.bandwidth:.4g} {self.unit}".rstrip()
        long = self.distance_error
        told = f", distances up to {100 * long:.1g} % too long" if long else ""
        return (
            f"KDensity of {self.points:,} points, bandwidth {width} ({self.method}, error at most "
            f"{self.error_bound:.1g} of the peak{told}){self._said()}"
        )


@dataclass(frozen=True, repr=False)
class RelativeConcentration(Curve):
    """M (cumulative) or m (density): the share of an industry nearby, over its share overall.

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
    seed : int
        From which every simulation derives its own random numbers.
    """

    _measure = "ratio"

    ratio: np.ndarray
    cases_used: np.ndarray
    cases: int
    kind: str

    def to_frame(self) -> pd.DataFrame:
        """Return distances by ratio, cases used and bands."""
        return self._framed(**{self.kind: self.ratio}, cases_used=self.cases_used)

    def __repr__(self) -> str:
        what = f"no case has a neighbour up to {self.distance[-1]:.4g}"
        if self.cases_used.any():
            peak = np.nanargmax(self.ratio)
            what = f"highest {self.ratio[peak]:.3g} at {self.distance[peak]:.4g}"
        told = f"{self.kind} of {self.cases:,} cases among {self.points:,} points, {what}"
        return f"{told} {self.unit}".rstrip() + self._said()


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
        more than 25° from their centre, exactly. The bandwidth rule is the same on both.
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
        points, simulations without ``among``, a bandwidth the grid cannot resolve, more
        distances or simulations than memory holds, or an earlier result of another call to resume.

    See Also
    --------
    marcon_puech : relative to all establishments nearby.
    clusterlab.agglomeration.ellison_glaeser : concentration over regions with borders.
    clusterlab.agglomeration.plots.plot_k_density : the curve with its bands.

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
    a grid of 20 cells or more between the quartiles (to a few thousandths, and on the globe to
    what the map adds; off 131,072 classes of distance for points spread too far for a map).

    *Grid.* Every point is spread over 4 × 4 grid nodes with the weights of cubic interpolation;
    the autocorrelation of the grid by fast Fourier transform counts the pairs at every lag; each
    point's pair with itself is taken off exactly. For a cell of width c this is cubic
    interpolation of the kernel in the four coordinates of a pair, so the error is at most
    :math:`\frac{9}{384}(1 + \Lambda + \Lambda^2 + \Lambda^3)\,c^4 \max|\partial^4|` with Λ = 1.25;
    the maximum is taken for each pair over all the places its nodes can have. ``error`` is
    this bound summed over the pairs (counted on the grid itself), plus that of the distance axis,
    which has 20 nodes a bandwidth with cubic interpolation and applies to "exact" too, where it
    is below 10⁻⁶. Actual errors are usually smaller by orders of magnitude.

    *Great circles on the grid.* The points are laid on one azimuthal equidistant map around their
    centre, of all maps the one that distorts distances least (Milnor 1969). Away from the centre
    it is true; across, it is too long by :math:`c/\sin c` for a point c radians away. A distance
    is thus never too short, and too long by at most :math:`c/\sin c - 1` at the farthest point:
    0.1 % within 5° of the centre, 0.5 % within 10°, 2.1 % within 20° and 3.3 % within 25°, beyond
    which a grid is refused. ``error`` takes every pair for as wrong as it can be. What is left
    when pairs too long above and below a distance make up for each other is far less: of random
    points within 4°, 10° and 20° of their centre 0.01, 0.1 and 0.3 % of the peak. Bands of chance
    are measured on the same map.

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
    Milnor, J. (1969). A problem in cartography. *American Mathematical Monthly* 76(10),
    1101–1112.
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
    here = places.read_places(points, coordinates, "points")
    n = len(here)
    if n < 2:
        raise ValueError(f"points: {n} given, but a distance needs at least 2 points.")
    size = places.read_sizes(weights, points, n)
    sites = here if among is None else places.read_places(among, coordinates, "among")
    places.refuse_two_systems(here, sites)
    _check_numbers(simulations, level, maximum, steps, bandwidth)
    chosen("method", method, ("auto", "exact", "grid"))
    if simulations and (among is None or len(sites) < n):
        found = "none" if among is None else f"{len(sites):,}"
        raise ValueError(
            "simulations draw from the sites an establishment could have chosen: give among= with "
            f"at least {n:,} sites (found {found})."
        )
    # one order of rows, whatever the caller's, so that a seed draws the same places
    order = np.lexsort((size, here.xy[:, 1], here.xy[:, 0]))
    here, size = here.taken(order), size[order]
    sites = here if among is None else sites.taken(np.lexsort(sites.xy.T[::-1]))
    lost = places.off_site(here, sites) if simulations else ""
    note = "; ".join(filter(None, [here.doubt, lost]))
    if bandwidth is None or (maximum is None and among is None):
        usual, median = spread_of(here, progress)
        bandwidth = bandwidth or usual
    if maximum is None and among is not None:
        median = spread_of(sites, progress)[1]
    maximum = maximum or median or bandwidth  # the median is zero where most points coincide
    pairs.refuse_long(maximum, bandwidth)
    ground = sites if simulations else here
    exact, stretch = _is_exact(method, ground, here, simulations), 1.0
    if here.sphere and not exact:
        (ground, here), stretch = places.mapped(ground, here)
    kernel = Kernel(np.linspace(0.0, maximum, steps), bandwidth, stretch)
    count = Counter(ground, kernel, exact=exact)
    masses = count(here.xy, size, progress=progress)
    products = (size.sum() ** 2 - size @ size) / 2

    def simulate(rng: np.random.Generator) -> np.ndarray:
        drawn = rng.choice(len(ground), n, replace=False)
        given = size if weights is None else rng.permutation(size)
        return kernel.curve(count(ground.xy[drawn], given)) / products

    result = KDensity(
        distance=kernel.distance,
        unit=here.unit,
        points=n,
        bandwidth=float(bandwidth),
        envelope=None,
        note=note,
        density=kernel.curve(masses) / products,
        error=count.error(masses) / products,
        distance_error=stretch - 1,
        method="exact" if exact else "grid",
        seed=root_seed(seed),
    )
    return with_envelope(result, simulate, simulations, level, resume, progress)


def _check_numbers(
    simulations: int, level: float, maximum: float | None, steps: int, bandwidth: float | None
) -> None:
    whole("steps", steps, 2, 10_000)
    whole("simulations", simulations, 0, pairs.MOST // steps)
    number("level", level, 0.5, 1, ends=False)
    for name, value in (("maximum", maximum), ("bandwidth", bandwidth)):
        if value is not None:
            number(name, value, 0, ends=False)


def _is_exact(method: str, ground: places.Places, here: places.Places, simulations: int) -> bool:
    """Choose how pairs are counted."""
    few = pairs.EXACT_SIMULATED if simulations else pairs.EXACT_UP_TO
    if method == "exact" or (method == "auto" and len(here) <= few):
        return True
    wide = here.sphere and places.reach(ground, here) > places.WIDEST
    if method == "grid" and wide:
        raise ValueError(
            f"method 'grid' reaches no farther than {np.degrees(places.WIDEST):.0f}° from the "
            "centre of the points: distances on its map are too long beyond; use 'exact' for "
            "points all over the globe."
        )
    return wide


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

    See Also
    --------
    k_density : the density of distances itself.
    clusterlab.agglomeration.location_quotient : the same comparison by region.
    clusterlab.agglomeration.plots.plot_m : the curve with its bands.

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
    chosen("kind", kind, ("M", "m"))
    all_of = places.read_places(points, coordinates, "points")
    n = len(all_of)
    size = places.read_sizes(weights, points, n)
    own = places.one_each(cases, points, n, "cases")
    if own.dtype != bool:
        raise ValueError(f"cases must be {n:,} values True or False, one for each point.")
    amount = int(own.sum())
    if amount < 2 or amount == n:
        raise ValueError(
            f"cases: {amount:,} of {n:,} points are cases, but at least 2 must be and at least one "
            "must not."
        )
    _check_numbers(simulations, level, maximum, steps, bandwidth)
    # one order of rows, whatever the caller's, so that a seed draws the same places
    order = np.lexsort((size, own, all_of.xy[:, 1], all_of.xy[:, 0]))
    all_of, size, own = all_of.taken(order), size[order], own[order]
    if maximum is None or (kind == "m" and bandwidth is None):
        usual, median = spread_of(all_of.taken(own), progress)
        maximum = maximum or median or usual
        bandwidth = bandwidth or usual
    near = Neighbours(all_of, amount, maximum, steps, bandwidth if kind == "m" else None)
    observed, used = near.ratio(np.flatnonzero(own), size, None, progress)
    known = None
    if weights is None and simulations * amount > n and n * steps <= pairs.MOST:
        known = near.of_all(progress)

    def simulate(rng: np.random.Generator) -> np.ndarray:
        # the first places of a permutation get the cases, the others the rest
        order = rng.permutation(n)
        moved = np.empty(n)
        moved[order[:amount]] = size[own]
        moved[order[amount:]] = size[~own]
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
        seed=root_seed(seed),
    )
    return with_envelope(result, simulate, simulations, level, resume, progress)
