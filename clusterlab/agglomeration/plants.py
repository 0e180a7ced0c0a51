"""Is it clustering, or just few big plants? Ellison-Glaeser, Maurel-Sédillot, and the dartboard."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import numpy as np
import pandas as pd
from annotated_types import Ge, Le
from scipy import stats

from clusterlab import tables
from clusterlab.agglomeration.concentration import ByLabel, checked, with_unknown
from clusterlab.parameters import Parameter, Seed, generator, model, number, refuse_too_many
from clusterlab.results import Result

SINGLE = 1e-12  # below one, within which H says that an industry has a single plant


@dataclass(frozen=True, repr=False)
class PlantSizes(ByLabel, Result):
    r"""What the null distribution needs to know of an industry's plants.

    Attributes
    ----------
    plants : pandas.Series or None
        Number of plants.
    herfindahl : pandas.Series
        :math:`H = \sum_k z_k^2` by industry, with :math:`z_k` a plant's share of the industry.
    fourth_powers : pandas.Series or None
        :math:`\sum_k z_k^4`, needed for the variance of the raw index.
    source : str
        How the sizes were known.
    """

    plants: pd.Series | None
    herfindahl: pd.Series
    fourth_powers: pd.Series | None
    source: str


@dataclass(frozen=True, repr=False)
class EllisonGlaeser(ByLabel, Result):
    r"""Ellison-Glaeser index by industry, with the raw index and its null distribution.

    Attributes
    ----------
    gamma : pandas.Series
        The index: 0 for the dartboard, above it for clustering beyond it.
    raw : pandas.Series
        :math:`G`, the raw concentration.
    plant_herfindahl : pandas.Series
        :math:`H`.
    expected : pandas.Series
        :math:`E[G]` without clustering.
    variance, z, p : pandas.Series or None
        Variance of G without clustering, the distance of G from its expectation in standard
        deviations, and the chance of a larger one by the normal approximation (rough for few
        plants: simulate with `dartboard`). None when only H is known.
    base : str
        Where regional shares and plant sizes come from.
    """

    gamma: pd.Series
    raw: pd.Series
    plant_herfindahl: pd.Series
    expected: pd.Series
    base: str
    variance: pd.Series | None = None
    z: pd.Series | None = None
    p: pd.Series | None = None

    def __repr__(self) -> str:
        top = self.gamma.idxmax()
        return (
            f"EllisonGlaeser: {len(self.gamma)} industries; highest gamma "
            f"{self.gamma[top]:.4g} ({top!r}). Base: {self.base}."
        )


@dataclass(frozen=True, repr=False)
class MaurelSedillot(ByLabel, Result):
    """Maurel-Sédillot index by industry.

    Attributes
    ----------
    gamma : pandas.Series
        The index: 0 for the dartboard.
    raw : pandas.Series
        The raw probability-based concentration it is computed from.
    plant_herfindahl : pandas.Series
        H.
    base : str
        Where regional shares and plant sizes come from.
    """

    gamma: pd.Series
    raw: pd.Series
    plant_herfindahl: pd.Series
    base: str


def plant_sizes(register: pd.DataFrame, *, industry: str, size: str) -> PlantSizes:
    """Return the plant Herfindahl of each industry from a register, one row an establishment.

    Parameters
    ----------
    register : pandas.DataFrame
        One row an establishment.
    industry, size : str
        Names of the columns with the industry and the number of employees (or sales).

    Returns
    -------
    PlantSizes

    Raises
    ------
    ValueError
        No register, or one without rows; a column that is not there, an empty industry, two
        spellings of one, a size that is not a number above zero.

    See Also
    --------
    plant_sizes_from_classes : where only numbers by size class are published.
    ellison_glaeser : what needs them.

    Examples
    --------
    >>> register = pd.DataFrame({"trade": ["wine", "wine", "shoes"], "jobs": [30, 10, 5]})
    >>> plant_sizes(register, industry="trade", size="jobs").herfindahl.to_dict()
    {'shoes': 1.0, 'wine': 0.625}
    """
    tables.need_frame(register, "the register", "one row an establishment")
    tables.need_columns(register.columns, [industry, size], "the register")
    if register.empty:
        raise ValueError("the register has no rows.")
    sizes, bad = tables.numbers(register[size])
    wrong = np.flatnonzero(~(np.isfinite(sizes) & (sizes > 0))) if bad is None else [bad]
    if len(wrong):
        found = register[size].iloc[wrong[:1]].tolist()[0]
        raise ValueError(
            f"row {register.index[wrong[0]]!r} of the register: column {size!r} has {found!r:.40}, "
            "but an establishment's size is a number above zero."
        )
    codes, labels = pd.factorize(register[industry], sort=True)
    empty = (codes < 0) | register[industry].eq("").to_numpy(dtype=bool, na_value=True)
    if empty.any():
        row = register.index[np.flatnonzero(empty)[0]]
        raise ValueError(f"row {row!r} of the register: column {industry!r} is empty.")
    labels = pd.Index(labels, name=industry)
    tables.check_labels(labels, "industry")
    codes = codes.astype(np.intp)
    shares = sizes / np.bincount(codes, weights=sizes)[codes]
    plants, square, fourth = (np.bincount(codes, shares**power) for power in (0, 2, 4))
    source = f"sizes of {len(register):,} establishments"
    return _sizes(labels, plants.astype(int), square, fourth, source)


def _sizes(
    labels: pd.Index, plants: np.ndarray, square: np.ndarray, fourth: np.ndarray, source: str
) -> PlantSizes:
    numbers = {"plants": plants, "herfindahl": square, "fourth_powers": fourth}
    return PlantSizes(**_by_industry(numbers, labels), source=source)


def plant_sizes_from_classes(
    counts: pd.DataFrame, bounds: Sequence[tuple[float, float | None]], employment: pd.Series
) -> PlantSizes:
    r"""Return the plant Herfindahl of each industry from numbers of plants by size class.

    Parameters
    ----------
    counts : pandas.DataFrame
        Industries x size classes: numbers of establishments.
    bounds : sequence of (low, high)
        Smallest and largest size of each class, in the order of the columns; the last may be open
        (``None``).
    employment : pandas.Series
        Each industry's total employment.

    Returns
    -------
    PlantSizes

    Raises
    ------
    ValueError
        Bounds that do not fit the columns, a bad count, or employment outside what the classes
        allow (below the sum of the smallest sizes, or above that of the largest).

    See Also
    --------
    plant_sizes : from a register, exactly.
    clusterlab.official : files with size classes.

    Notes
    -----
    Within a class all plants are taken for equal. Every class starts at its midpoint, an open class
    at twice its lower bound; then all class means of an industry move by the same fraction of the
    way towards their lower or upper bounds until they add up to its employment (an open class takes
    what is left above). The rule is ours, no source is followed: on the constructed register H
    comes out between 0.74 and 1.22 times the exact one, farthest off where plants are few or one
    class holds most of them.

    Examples
    --------
    >>> counts = pd.DataFrame({"1-4": [2], "5-9": [1]}, index=["wine"])
    >>> jobs = pd.Series({"wine": 12})
    >>> float(plant_sizes_from_classes(counts, [(1, 4), (5, 9)], jobs).herfindahl["wine"].round(4))
    0.4271
    """
    counts = tables.check_values(counts, rows="industry", columns="size class")
    low, high = class_bounds(bounds, counts.columns)
    number = counts.to_numpy()
    total = tables.align(employment, counts.index, what="employment").to_numpy()
    none = counts.index[number.sum(axis=1) == 0]
    if len(none):
        raise ValueError(f"counts: industry {none[0]!r} has no establishments; leave it out.")
    least, most = class_sums(number, low, high)
    outside = np.flatnonzero((total < least * (1 - 1e-12)) | (total > most * (1 + 1e-12)))
    if len(outside):
        row = outside[0]
        raise ValueError(
            f"employment: industry {counts.index[row]!r} has {total[row]:g}, but its size classes "
            f"allow {least[row]:g} to {most[row]:g}."
        )
    shares = class_means(number, low, high, total) / total[:, None]
    square, fourth = ((number * shares**power).sum(axis=1) for power in (2, 4))
    source = f"numbers of plants in {len(bounds)} size classes"
    return _sizes(counts.index, number.sum(axis=1), square, fourth, source)


def class_sums(
    number: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return how many employees classes hold at least and at most; an open one has no most."""
    top = np.where(number > 0, high, 0)  # an open class without plants adds nothing
    return (number * low).sum(axis=1), (number * top).sum(axis=1)


def class_means(
    number: np.ndarray, low: np.ndarray, high: np.ndarray, total: np.ndarray
) -> np.ndarray:
    """Return the mean size of each class of each row by the rule of `plant_sizes_from_classes`."""
    no_end = np.isinf(high)
    top = np.where(no_end, 0, high)
    unbounded = ((number > 0) & no_end).any(axis=1)
    start = np.where(no_end, 2 * low, (low + top) / 2)
    middle = (number * start).sum(axis=1)
    # How far the mean of a class may go: down to its lower bound where there are fewer jobs than at
    # the midpoints, else up to its upper one; an open class then takes all, as nothing ends it.
    up = np.where(unbounded[:, None], start * no_end, top - start)
    away = np.where((total <= middle)[:, None], start - low, up)
    room = (number * away).sum(axis=1)
    step = np.divide(total - middle, room, out=np.zeros_like(room), where=room != 0)
    return start + step[:, None] * away


def class_bounds(bounds: Any, columns: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest and largest size of each class, infinite where it is open."""
    listed = isinstance(bounds, (list, tuple))
    if not listed or len(bounds) != len(columns):
        found = f"{len(bounds)} classes" if listed else " ".join(repr(bounds).split())
        raise ValueError(
            f"bounds has {found:.60}, counts has {len(columns)} columns; give a pair (smallest, "
            "largest size) for each."
        )
    for name, pair in zip(columns, bounds, strict=True):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise ValueError(
                f"bounds: class {name!r} is {pair!r:.60}; a pair (smallest, largest) is needed."
            )
        least = number(f"bounds: smallest size of class {name!r}", pair[0], ends=False)
        if pair[1] is not None:
            number(f"bounds: largest size of class {name!r}", pair[1], least)
    low, high = np.array([(a, np.inf if b is None else b) for a, b in bounds], dtype=float).T
    return low, high


def ellison_glaeser(
    table: pd.DataFrame, plants: PlantSizes | pd.Series, *, totals: pd.Series | None = None
) -> EllisonGlaeser:
    r"""Return the Ellison-Glaeser index of every industry, with expectation and variance under H0.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries: employment (in the unit in which plant sizes are measured).
    plants : PlantSizes or pandas.Series
        From `plant_sizes` or `plant_sizes_from_classes`; or a Series with the plant Herfindahl by
        industry, and then without variance, z and p. Taken by label; other industries may be in it.
    totals : pandas.Series, optional
        Each region's total employment, from which its share x of all activity is taken, by label
        and for the table's regions only, since a region without the industry counts too. By default
        the sums of the table's own industries; packages differ here, and the result says which was
        used. With totals given, industries that have unknown cells stay without a value, and
        ``base`` counts them; `ellison_glaeser_bounds` says where their index lies.

    Returns
    -------
    EllisonGlaeser

    Raises
    ------
    ValueError
        A bad table, one region only, an industry without plant sizes, or with a single plant
        (H = 1), for which the index is not defined.

    See Also
    --------
    maurel_sedillot : the same with a probability as raw index.
    plant_sizes : where H comes from.
    dartboard : the null distribution by simulation.

    Notes
    -----
    With :math:`s_m` the industry's share in region m, :math:`x_m` the region's share of all
    activity and :math:`z_k` plant k's share of the industry,

    .. math::
        G = \sum_m (s_m - x_m)^2, \qquad H = \sum_k z_k^2, \qquad
        \gamma = \frac{G - (1 - \sum_m x_m^2) H}{(1 - \sum_m x_m^2)(1 - H)} .

    With spillovers or natural advantages of strength :math:`\gamma`,
    :math:`E[G] = (1 - \sum_m x_m^2)(\gamma + (1 - \gamma) H)`; without (the dartboard),

    .. math::
        \mathrm{Var}[G] = 2 \Big\{ H^2 \big[\textstyle\sum x^2 - 2 \sum x^3 + (\sum x^2)^2\big]
        - \sum_k z_k^4 \big[\sum x^2 - 4 \sum x^3 + 3 (\sum x^2)^2\big] \Big\} .

    References
    ----------
    G. Ellison and E. L. Glaeser (1997), Geographic concentration in U.S. manufacturing industries:
    a dartboard approach, Journal of Political Economy 105(5), 889-927. The example is that of
    REAT's ellison.a, after Farhauer and Kröll (2014); expectation and variance are also tested
    here against simulation.

    Examples
    --------
    >>> firms = pd.DataFrame({"city": ["Wien"] * 5 + ["Linz"] * 4 + ["Graz"], "industry": "I",
    ...     "jobs": [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000]})
    >>> table = tables.from_long(firms, region="city", industry="industry", value="jobs",
    ...                          duplicates="sum")
    >>> totals = pd.Series({"Wien": 500000, "Linz": 400000, "Graz": 100000})
    >>> sizes = plant_sizes(firms, industry="industry", size="jobs")
    >>> ellison_glaeser(table, sizes, totals=totals).to_frame().loc["I", ["gamma", "raw", "z"]]
    gamma    0.059906
    raw      0.168163
    z        0.195900
    Name: I, dtype: float64
    """
    found = ellison_glaeser_of(*checked(table, totals, empty_regions=True), plants)
    return _of_all(found, table.columns)


def ellison_glaeser_of(
    counts: pd.DataFrame, sizes: pd.Series, base: str, plants: PlantSizes | pd.Series
) -> EllisonGlaeser:
    """Return the index of a checked table."""
    shares, x, herfindahl, base = _shares(counts, sizes, base, plants)
    h, labels = herfindahl.to_numpy(), herfindahl.index
    # 1 − Σx² is the chance that two places drawn by size differ. Plants of shares z thrown there
    # raise (s − x)² by z² each, so chance alone expects (1 − Σx²)H; γ is the rest of G over the
    # most that the rest can be.
    spread = 1 - (x**2).sum()
    raw = ((shares - x[:, None]) ** 2).sum(axis=0)
    expected = spread * h
    gamma = (raw - expected) / (spread * (1 - h))
    numbers = {"gamma": gamma, "raw": raw, "plant_herfindahl": h, "expected": expected}
    if isinstance(plants, PlantSizes) and plants.fourth_powers is not None:
        fourth = tables.align(plants.fourth_powers, labels, what="fourth powers").to_numpy()
        # G is a sum over pairs of plants, weighted by z_k z_l. The pairs of two different plants
        # are uncorrelated: together they bring 2(H² − Σz⁴)(Σx² − 2Σx³ + (Σx²)²). A plant with
        # itself brings 4z⁴(Σx³ − (Σx²)²), as some regions are larger. Both together:
        second, third = (x**2).sum(), (x**3).sum()
        ordinary = h**2 * (second - 2 * third + second**2)
        variance = 2 * (ordinary - fourth * (second - 4 * third + 3 * second**2))
        z = (raw - expected) / np.sqrt(variance)
        numbers |= {"variance": variance, "z": z, "p": stats.norm.sf(z)}
    return EllisonGlaeser(**_by_industry(numbers, labels), base=base)


def _of_all(found: Any, industries: pd.Index) -> Any:
    """Return a result with NaN for the industries that have unknown cells."""
    parts = {name: part for name, part in vars(found).items() if isinstance(part, pd.Series)}
    return replace(found, **{name: with_unknown(part, industries) for name, part in parts.items()})


def _by_industry(numbers: dict[str, np.ndarray], labels: pd.Index) -> dict[str, Any]:
    return {name: pd.Series(values, labels, name=name) for name, values in numbers.items()}


def maurel_sedillot(
    table: pd.DataFrame, plants: PlantSizes | pd.Series, *, totals: pd.Series | None = None
) -> MaurelSedillot:
    r"""Return the Maurel-Sédillot index of every industry.

    Parameters
    ----------
    table, plants, totals
        As in `ellison_glaeser`.

    Returns
    -------
    MaurelSedillot

    Raises
    ------
    ValueError
        As in `ellison_glaeser`.

    See Also
    --------
    ellison_glaeser : the more usual index.

    Notes
    -----
    The probability that two plants of an industry lie in the same region is estimated with plants
    weighted by size. With the symbols of `ellison_glaeser`,

    .. math::
        \gamma = \frac{P - H}{1 - H}, \qquad
        P = \frac{\sum_m s_m^2 - \sum_m x_m^2}{1 - \sum_m x_m^2} .

    It has the same expectation as Ellison and Glaeser's and differs by
    :math:`2 \sum_m x_m (s_m - x_m)`: it is the larger one where the industry sits in large regions.

    References
    ----------
    F. Maurel and B. Sédillot (1999), A measure of the geographic concentration in French
    manufacturing industries, Regional Science and Urban Economics 29(5), 575-604. The formula is
    given from general knowledge; its expectation is tested here by simulation.

    Examples
    --------
    >>> table = pd.DataFrame({"I": [60, 40], "all others": [40, 60]}, index=["A", "B"])
    >>> result = maurel_sedillot(table, pd.Series({"I": 0.2, "all others": 0.1}))
    >>> result.gamma.round(4).to_dict()
    {'I': -0.2, 'all others': -0.0667}
    """
    found = maurel_sedillot_of(*checked(table, totals, empty_regions=True), plants)
    return _of_all(found, table.columns)


def maurel_sedillot_of(
    counts: pd.DataFrame, sizes: pd.Series, base: str, plants: PlantSizes | pd.Series
) -> MaurelSedillot:
    """Return the index of a checked table."""
    shares, x, herfindahl, base = _shares(counts, sizes, base, plants)
    h = herfindahl.to_numpy()
    raw = ((shares**2).sum(axis=0) - (x**2).sum()) / (1 - (x**2).sum())
    numbers = {"gamma": (raw - h) / (1 - h), "raw": raw, "plant_herfindahl": h}
    return MaurelSedillot(**_by_industry(numbers, herfindahl.index), base=base)


def _shares(
    counts: pd.DataFrame, sizes: pd.Series, base: str, plants: PlantSizes | pd.Series
) -> tuple[np.ndarray, np.ndarray, pd.Series, str]:
    """Return shares of industries and of all activity by region, H, and where both come from."""
    known = isinstance(plants, PlantSizes)
    given = plants.herfindahl if known else plants
    herfindahl = tables.align(given, counts.columns, what="plant Herfindahl")
    outside = herfindahl.index[(herfindahl <= 0) | (herfindahl > 1)]
    if len(outside):
        raise ValueError(
            f"plant Herfindahl: industry {outside[0]!r} has {herfindahl[outside[0]]:g}; it lies "
            "above 0 and is at most 1."
        )
    single = herfindahl.index[herfindahl > 1 - SINGLE]
    if len(single):
        raise ValueError(
            f"{len(single)} of {len(herfindahl)} industries have a single plant (first "
            f"{single[0]!r}): the index is not defined there; leave them out with "
            "table[herfindahl.index[herfindahl < 1]]."
        )
    base += f"; plant Herfindahl: {plants.source if known else 'given by the caller'}"
    x = (sizes / sizes.sum()).to_numpy()
    if x.max() == 1:
        raise ValueError(f"totals: region {sizes.idxmax()!r} holds everything; nothing to compare.")
    values = counts.to_numpy()
    return values / values.sum(axis=0), x, herfindahl, base


_ours = partial(Parameter, source="ours")
_CLUSTERING = _ours("planted clustering γ", 0, 1, 0.01, details="0 is the dartboard")
_of_sizes = partial(_ours, unit="sd of log size", admissible=(Ge(0), Le(5)))


@dataclass(frozen=True, repr=False)
class Dartboard(Result):
    """Many throws of the same plants at the same regions.

    Attributes
    ----------
    raw, gamma : numpy.ndarray
        Raw index G and Ellison-Glaeser index of each throw, shape (replicates,).
    plant_herfindahl : float
        H of the plants.
    expected : float
        Expectation of G over all throws.
    """

    raw: np.ndarray
    gamma: np.ndarray
    plant_herfindahl: float
    expected: float

    def to_frame(self) -> pd.DataFrame:
        """Return one row a throw."""
        return pd.DataFrame({"raw": self.raw, "gamma": self.gamma})


@model
def dartboard(
    *,
    plants: Annotated[int, _ours("number of plants", 2, 300, admissible=(Ge(2),))] = 100,
    regions: Annotated[int, _ours("number of equal regions", 2, 50, admissible=(Ge(2),))] = 10,
    inequality: Annotated[float, _of_sizes("inequality of plant sizes", 0, 3, 0.1)] = 0.0,
    clustering: Annotated[float, _CLUSTERING] = 0.0,
    replicates: Annotated[int, Parameter("throws", 100, 2000, admissible=(Ge(1),))] = 500,
    seed: Seed = 0,
) -> Dartboard:
    r"""Throw plants at regions many times and measure raw concentration and γ each time.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        Source of randomness.

    Returns
    -------
    Dartboard

    See Also
    --------
    ellison_glaeser : both indices of a table.
    clusterlab.agglomeration.widgets.dartboard : with controls.

    Notes
    -----
    Sizes are the evenly spaced quantiles of a lognormal distribution, the same in every throw; with
    an inequality of 0 all plants are equal.

    In each throw one region is the industry's site. Each plant joins the site with probability
    :math:`\sqrt\gamma`, independently, and lands in a random region otherwise. Two plants then sit
    together because of the site with probability γ, which is the spillover reading of Ellison and
    Glaeser (1997), and :math:`E[G] = (1 - \sum x^2)(\gamma + (1 - \gamma) H)` holds exactly.

    Examples
    --------
    >>> few, many = dartboard(plants=10), dartboard(plants=100)
    >>> round(few.expected, 3), round(many.expected, 3)
    (0.09, 0.009)
    """
    refuse_too_many("dartboard", replicates=replicates, plants=plants)
    refuse_too_many("dartboard", replicates=replicates, regions=regions)
    rng = generator(seed)
    quantiles = (np.arange(plants) + 0.5) / plants
    sizes = np.exp(inequality * stats.norm.ppf(quantiles))
    shares = sizes / sizes.sum()
    herfindahl = float((shares**2).sum())
    where = rng.integers(regions, size=(replicates, plants))
    if clustering > 0:
        site = rng.integers(regions, size=(replicates, 1))
        where = np.where(rng.random((replicates, plants)) < np.sqrt(clustering), site, where)
    cells = (np.arange(replicates)[:, None] * regions + where).ravel().astype(np.intp)
    weights = np.broadcast_to(shares, (replicates, plants)).ravel()
    landed = np.bincount(cells, weights, minlength=replicates * regions)
    raw = ((landed.reshape(replicates, regions) - 1 / regions) ** 2).sum(axis=1)
    spread = 1 - 1 / regions
    gamma = (raw - spread * herfindahl) / (spread * (1 - herfindahl))
    expected = spread * (clustering + (1 - clustering) * herfindahl)
    return Dartboard(raw=raw, gamma=gamma, plant_herfindahl=herfindahl, expected=expected)
