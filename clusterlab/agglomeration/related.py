"""Variety, relatedness and complexity: what a region's mix of industries says about its future.

Related and unrelated variety (Frenken, van Oort and Verburg 2007), relatedness of industries and
its density around each of them (Hidalgo, Klinger, Barabási and Hausmann 2007), the economic
complexity indices (Hidalgo and Hausmann 2009) and fitness (Tacchella and others 2012).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.linalg
import scipy.sparse
import scipy.special
from scipy.sparse.csgraph import connected_components
from threadpoolctl import threadpool_limits

from clusterlab import tables
from clusterlab.agglomeration.concentration import ByLabel
from clusterlab.agglomeration.quotient import refuse_unknown
from clusterlab.names import named
from clusterlab.parameters import chosen, number, whole
from clusterlab.results import Result


@dataclass(frozen=True, repr=False)
class Variety(ByLabel, Result):
    """Variety of each region in bits, and the levels it is made of; the parts add up to total.

    Attributes
    ----------
    total, unrelated, related : pandas.Series
        Entropy of the industry shares, of the shares of the (coarsest) groups, and what is left
        inside the groups; one value a region.
    levels : pandas.DataFrame
        Regions by levels of the classification, coarsest first: what each level adds. With one
        level of groups its two columns are unrelated and related.
    unused : tuple
        Industries that have a group and are not in the table.
    """

    total: pd.Series
    unrelated: pd.Series
    related: pd.Series
    levels: pd.DataFrame
    unused: tuple = ()

    def __repr__(self) -> str:
        more = f"; {len(self.unused)} of the groups' industries are not in the table"
        return (
            f"Variety of {len(self.total)} regions in bits, mean {self.total.mean():.3f} = "
            f"unrelated {self.unrelated.mean():.3f} + related {self.related.mean():.3f}"
            f"{more if self.unused else ''}"
        )


def variety(table: pd.DataFrame, groups: Mapping | pd.Series | pd.DataFrame) -> Variety:
    r"""Split the variety of each region's industries into unrelated and related variety.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions (index) by industries (columns), employment.
    groups : mapping, pandas.Series or pandas.DataFrame
        The group of each industry: industry → group; or a frame with the industries as index
        and several levels of groups as columns, coarsest first, each nested in the one before.
        Taken by label; a classification may list more industries than the table has, and
        ``unused`` of the result names them.

    Returns
    -------
    Variety

    Raises
    ------
    ValueError
        An industry without a group or with two, levels that do not nest, or a region with no
        employment.

    See Also
    --------
    complexity : which industries, not how many kinds.
    clusterlab.agglomeration.herfindahl : how few industries hold most jobs.

    Notes
    -----
    With :math:`p_i` the share of industry i in a region and :math:`P_g` the share of group g,

    .. math:: UV = \sum_g P_g \log_2 \frac{1}{P_g}, \qquad
        RV = \sum_g P_g \sum_{i \in g} \frac{p_i}{P_g} \log_2 \frac{P_g}{p_i}, \qquad
        UV + RV = \sum_i p_i \log_2 \frac{1}{p_i}.

    The last is exact. With several levels the entropy of each level exceeds that of the level
    above by what it adds, and these also sum to the total.

    References
    ----------
    Frenken, K., van Oort, F. and Verburg, T. (2007). Related variety, unrelated variety and
    regional economic growth. *Regional Studies* 41(5), 685–697, eqs. (1)–(4).

    Examples
    --------
    >>> jobs = pd.DataFrame({"wine": [50, 25], "beer": [50, 25], "steel": [0, 50]},
    ...                     index=["valley", "mix"])
    >>> variety(jobs, {"wine": "drinks", "beer": "drinks", "steel": "metal"}).to_frame()
            total  unrelated  related
    valley    1.0        0.0      1.0
    mix       1.5        1.0      0.5
    """
    refuse_unknown(
        table, "entropy needs every cell; table.dropna() keeps the regions that are wholly known"
    )
    table = tables.check(table)
    levels, unused = _levels(table.columns, groups)
    shares = table.to_numpy().T / table.sum(axis=1).to_numpy()
    entropies, ones, places = {}, np.ones(len(shares)), np.arange(len(shares))
    for name, labels in levels.items():
        member = scipy.sparse.csr_array((ones, (pd.factorize(labels)[0], places)))
        entropies[name] = _entropy(member @ shares)
    entropies["industry"] = _entropy(shares)
    frame = pd.DataFrame(entropies, index=table.index)
    return Variety(
        total=frame["industry"].rename("total"),
        unrelated=frame.iloc[:, 0].rename("unrelated"),
        related=(frame["industry"] - frame.iloc[:, 0]).rename("related"),
        levels=pd.DataFrame(np.diff(frame, axis=1, prepend=0), *frame.axes),
        unused=unused,
    )


def _entropy(shares: np.ndarray) -> np.ndarray:
    return np.abs(scipy.special.entr(shares).sum(axis=0)) / np.log(2)


def _levels(
    industries: pd.Index, groups: Mapping | pd.Series | pd.DataFrame
) -> tuple[pd.DataFrame, tuple]:
    """Return the groups of the table's industries, and which others have one."""
    if not isinstance(groups, (Mapping, pd.Series, pd.DataFrame)):
        raise ValueError(
            f"groups must be a mapping or a Series from industries to groups, or a DataFrame of "
            f"several levels, got a {type(groups).__name__}."
        )
    if isinstance(groups, pd.DataFrame):
        frame = groups
    else:
        frame = pd.Series(groups, dtype=object).to_frame("group")
    if not frame.shape[1]:
        raise ValueError("groups has no column: a level of groups is needed.")
    if frame.index.has_duplicates:
        twice = frame.index[frame.index.duplicated()][0]
        given = frame.loc[[twice]].iloc[:, -1].unique().tolist()
        raise ValueError(f"groups: industry {twice!r} is listed more than once, in {given}.")
    missing = industries.difference(frame.index, sort=False)
    if len(missing):
        raise ValueError(
            f"groups: industry {missing[0]!r} has no group ({len(missing)} without one)."
        )
    unused = tuple(frame.index.difference(industries, sort=False))
    frame = frame.loc[industries]
    if frame.isna().any(axis=None):
        name = frame.index[frame.isna().any(axis=1)][0]
        raise ValueError(f"groups: the group of industry {name!r} is empty.")
    for level in frame.columns:
        for name, group in frame[level].items():
            if not pd.api.types.is_hashable(group):
                raise ValueError(
                    f"groups: the group of industry {name!r} is a {type(group).__name__}, no label."
                )
        tables.refuse_spellings(frame[level], "groups")
    for coarse, fine in zip(frame.columns, frame.columns[1:], strict=False):
        parents = frame.groupby(fine)[coarse].nunique()
        if (parents > 1).any():
            split = parents.index[parents > 1][0]
            found = frame.loc[frame[fine] == split, coarse].unique().tolist()
            raise ValueError(
                f"groups do not nest: {fine} {split!r} lies in {coarse} {found[0]!r} and "
                f"{found[1]!r}, but each may lie in one only."
            )
    return frame, unused


def presence(table: pd.DataFrame, *, threshold: float = 1.0) -> pd.DataFrame:
    r"""Say where each industry is present: location quotient at or above a threshold.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions (index) by industries (columns).
    threshold : float
        Least location quotient (Balassa's revealed comparative advantage) that counts.

    Returns
    -------
    pandas.DataFrame
        True where :math:`(e_{ij}/e_i)/(e_j/e) \ge` threshold.

    Raises
    ------
    ValueError
        A region or an industry without any employment, or a threshold that is not positive.

    See Also
    --------
    clusterlab.agglomeration.location_quotient : the quotients themselves.
    relatedness : what presence in the same regions says.

    Examples
    --------
    >>> jobs = pd.DataFrame({"wine": [8, 2], "steel": [2, 8]}, index=["valley", "mill"])
    >>> presence(jobs)
             wine  steel
    valley   True  False
    mill    False   True
    """
    threshold = number("threshold", threshold, ends=False)
    refuse_unknown(
        table,
        "what is surely present is known all the same, from published totals: "
        "agglomeration.location_quotient(table, totals=…, reference=…).bounds()[0] >= 1, and "
        "measures of presence take that as it is",
    )
    table = tables.check(table, minimum_regions=2)
    values = table.to_numpy()
    rows, columns = values.sum(axis=1), values.sum(axis=0)
    # the allowance is for rounding: a quotient of exactly one counts
    usual = np.multiply.outer(rows, columns) / values.sum()
    there = values >= (threshold * (1 - 1e-12)) * usual
    return pd.DataFrame(there, index=table.index, columns=table.columns)


def relatedness(
    table: pd.DataFrame, *, method: str = "proximity", threshold: float = 1.0
) -> pd.DataFrame:
    r"""Measure how related industries are by how often the same regions have them.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions (index) by industries (columns): employment; or True and False, taken as presence
        as it stands.
    method : {"proximity", "cosine", "association", "correlation"}
        How co-presence is normalised, see Notes.
    threshold : float
        Least location quotient that counts as present.

    Returns
    -------
    pandas.DataFrame
        Industries by industries, symmetric. The diagonal is the formula at i = j.

    Raises
    ------
    ValueError
        An unknown method, or an industry that is present nowhere or (for the correlation)
        everywhere.

    See Also
    --------
    relatedness_density : how much of it a region has.
    clusterlab.agglomeration.coagglomeration : by jobs instead of presence.
    clusterlab.agglomeration.plots.plot_relatedness : the matrix as a heat map.

    Notes
    -----
    With :math:`c_{ij}` the number of regions that have both and :math:`c_i` those that have i,
    of n regions:

    ==============  ==========================================================================
    proximity       :math:`c_{ij}/\max(c_i, c_j)`, the smaller of the two conditional
                    probabilities (Hidalgo and others 2007)
    cosine          :math:`c_{ij}/\sqrt{c_i c_j}`
    association     :math:`n\,c_{ij}/(c_i c_j)`, one where presence is independent (van Eck and
                    Waltman 2009)
    correlation     Pearson correlation of the two columns of presence
    ==============  ==========================================================================

    References
    ----------
    Hidalgo, C. A., Klinger, B., Barabási, A.-L. and Hausmann, R. (2007). The product space
    conditions the development of nations. *Science* 317, 482–487.
    van Eck, N. J. and Waltman, L. (2009). How to normalize cooccurrence data? *Journal of the
    American Society for Information Science and Technology* 60(8), 1635–1651.

    Examples
    --------
    >>> has = pd.DataFrame({"wine": [True, True, False], "corks": [True, True, True]})
    >>> round(float(relatedness(has).loc["wine", "corks"]), 4)
    0.6667
    """
    chosen("method", method, ("proximity", "cosine", "association", "correlation"))
    there = _presence(table, threshold)
    return pd.DataFrame(_related(there, method), index=there.columns, columns=there.columns)


def _related(there: pd.DataFrame, method: str) -> np.ndarray:
    has = there.to_numpy(float)
    both, count = has.T @ has, has.sum(axis=0)
    _refuse_empty(there, np.ones(len(has), bool), count > 0, "is present in no region")
    chance = np.multiply.outer(count, count)
    if method == "proximity":
        return both / np.maximum.outer(count, count)
    if method == "cosine":
        return both / np.sqrt(chance)
    if method == "association":
        return both * len(has) / chance
    everywhere = "is present in every region, so it has no correlation"
    _refuse_empty(there, np.ones(len(has), bool), count < len(has), everywhere)
    spread = np.sqrt(count * (len(has) - count))
    return (len(has) * both - chance) / np.outer(spread, spread)


def relatedness_density(
    table: pd.DataFrame,
    between: pd.DataFrame | None = None,
    *,
    threshold: float = 1.0,
    itself: bool = False,
) -> pd.DataFrame:
    r"""Measure how much of what is related to an industry a region already has.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions (index) by industries (columns): employment, or presence as True and False.
    between : pandas.DataFrame, optional
        Relatedness of the table's industries, not negative, taken by label; `relatedness` of the
        table by default.
    threshold : float
        Least location quotient that counts as present.
    itself : bool
        Count the industry among those related to it. By default not: whether a region has the
        industry already should not decide how close it is to it. Hidalgo and others (2007) and
        py-ecomplexity count it.

    Returns
    -------
    pandas.DataFrame
        Regions by industries, shares from 0 to 1.

    Raises
    ------
    ValueError
        Relatedness of other industries than the table's, negative, or zero to all others.

    See Also
    --------
    relatedness : the links it sums.
    clusterlab.agglomeration.plots.plot_next_industries : density beside complexity.

    Notes
    -----
    .. math:: \omega_{rj} = \frac{\sum_i M_{ri}\,\varphi_{ij}}{\sum_i \varphi_{ij}},

    M the presence of industry i in region r, φ relatedness, sums over i ≠ j unless ``itself``.

    References
    ----------
    Hidalgo, C. A., Klinger, B., Barabási, A.-L. and Hausmann, R. (2007). The product space
    conditions the development of nations. *Science* 317, 482–487, supporting material.

    Examples
    --------
    >>> has = pd.DataFrame({"wine": [True, True, False], "corks": [True, False, True],
    ...                     "steel": [False, False, True]}, index=["a", "b", "c"])
    >>> relatedness_density(has).loc["b"].tolist()
    [0.0, 0.5, 0.0]
    """
    chosen("itself", itself, (False, True))
    there = _presence(table, threshold)
    if between is None:
        link = _related(there, "proximity")
    else:
        link = _between(between, there.columns).to_numpy(copy=True)
    if not itself:
        np.fill_diagonal(link, 0)
    reach = link.sum(axis=0)
    alone = "is related to no other industry, so its density is undefined"
    _refuse_empty(there, np.ones(len(there), bool), reach > 0, alone)
    density = there.to_numpy(float) @ link / reach
    return pd.DataFrame(density, index=there.index, columns=there.columns)


def _between(between: pd.DataFrame, industries: pd.Index) -> pd.DataFrame:
    """Return given relatedness of the industries, in their order, or say what is wrong."""
    tables.need_frame(between, "between", "the industries as rows and as columns")
    for labels, where in ((between.index, "rows"), (between.columns, "columns")):
        missing = industries.difference(labels, sort=False)
        if len(missing):
            raise ValueError(
                f"between: its {where} lack industry {missing[0]!r} ({len(missing)} of "
                f"{len(industries)})."
            )
        more = labels.difference(industries, sort=False)
        if len(more):
            raise ValueError(
                f"between: industry {more[0]!r} of its {where} is not in the table ({len(more)} "
                "such), but it would count among what is related; give both the same industries."
            )
    try:
        checked = tables.check_values(between, rows="row", columns="column")
    except ValueError as error:
        raise ValueError(f"between: {error}") from None
    return checked.loc[industries, industries]


@dataclass(frozen=True, repr=False)
class Complexity(Result):
    """Economic complexity of regions and industries.

    Attributes
    ----------
    regions : pandas.Series
        Economic complexity index (ECI), mean 0 and standard deviation 1 over the regions.
    industries : pandas.Series
        Product complexity index (PCI) on the same scale: a region's ECI is the mean PCI of the
        industries it has.
    diversity, ubiquity : pandas.Series
        Number of industries a region has, and of regions that have an industry.
    eigenvalue : float
        Second largest eigenvalue; near one the regions almost fall apart into two worlds.
    smaller : tuple
        Regions left out because their total is below the minimum.
    note : str
        How many regions and industries were left out, and which; empty where none was.
    """

    regions: pd.Series
    industries: pd.Series
    diversity: pd.Series
    ubiquity: pd.Series
    eigenvalue: float
    smaller: tuple = ()
    note: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return regions by complexity and diversity."""
        return pd.concat([self.regions, self.diversity], axis=1)

    def __repr__(self) -> str:
        return (
            f"Complexity of {len(self.regions)} regions and {len(self.industries)} industries: "
            f"highest {self.regions.idxmax()!r}, lowest {self.regions.idxmin()!r}"
            f"{f'; {self.note}' if self.note else ''}"
        )


def complexity(table: pd.DataFrame, *, threshold: float = 1.0, minimum: float = 0) -> Complexity:
    r"""Rank regions and industries by economic complexity.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions (index) by industries (columns): employment, or presence as True and False.
    threshold : float
        Least location quotient that counts as present.
    minimum : float
        Least total of a region that is ranked, in the table's unit (for presence, the number of its
        industries). Small economies have few industries, some of them by chance rare ones, and come
        out near the top: give a size below which a rank means nothing. The smaller regions are left
        out before presence is decided, and industries that only they have go with them;
        ``smaller`` and ``note`` name them.

    Returns
    -------
    Complexity

    Raises
    ------
    ValueError
        Fewer than two regions of the minimum size. The index is undefined: a region without
        industries or an industry without regions, a presence matrix that falls into unconnected
        parts, all regions alike, or no single second eigenvector. The sentence says which and
        where.

    See Also
    --------
    fitness : the non-linear alternative.
    relatedness_density : how near an industry is to a region.

    Notes
    -----
    With presence M, diversity :math:`k_r = \sum_j M_{rj}` and ubiquity
    :math:`u_j = \sum_r M_{rj}`, ECI is the eigenvector to the second largest eigenvalue of
    :math:`\tilde M_{rs} = \sum_j M_{rj}M_{sj}/(k_r u_j)`. That matrix is similar to the symmetric
    :math:`D_k^{-1/2} M D_u^{-1} M^\top D_k^{-1/2}`; the symmetric problem is solved, on whichever
    side is smaller, after taking off its known first eigenvector :math:`\sqrt{k}`. The sign makes
    ECI correlate positively with diversity; where that correlation is zero to rounding, the first
    region by its label gets the positive sign. Population standard deviation, and PCI on the scale
    of ECI, as in the Harvard Growth Lab's py-ecomplexity.

    References
    ----------
    Hidalgo, C. A. and Hausmann, R. (2009). The building blocks of economic complexity. *PNAS*
    106(26), 10570–10575.
    Mealy, P., Farmer, J. D. and Teytelboym, A. (2019). Interpreting economic complexity.
    *Science Advances* 5(1), eaau1705.

    Examples
    --------
    >>> nested = pd.DataFrame([[1, 1, 1], [1, 1, 0], [1, 0, 0]], dtype=bool,
    ...                       index=["city", "town", "village"])
    >>> complexity(nested).regions.round(3).tolist()
    [1.225, 0.0, -1.225]
    """
    table, smaller, note = _large_enough(table, number("minimum", minimum))
    there = _presence(table, threshold)
    has = there.to_numpy(float)
    diversity, ubiquity = has.sum(axis=1), has.sum(axis=0)
    nothing = "has nothing present, so its complexity is undefined; leave it out"
    _refuse_empty(there, diversity > 0, ubiquity > 0, nothing)
    # M̃ is not symmetric, but D^½ M̃ D^−½ is, with the same eigenvalues: solved on whichever side
    # is smaller, as M Mᵀ and MᵀM share them.
    scaled = has * (1 / np.sqrt(diversity))[:, None]
    scaled *= 1 / np.sqrt(ubiquity)
    few_industries = has.shape[1] < has.shape[0]
    # the eigenvector to eigenvalue 1 is known and says nothing: taken off, the next one is largest
    first = np.sqrt(ubiquity if few_industries else diversity)
    first /= np.linalg.norm(first)
    size = len(first)
    # One thread: where another process is busy, several wait for each other at every small step
    # and the whole takes ten times as long.
    with threadpool_limits(1):
        side = scaled.T @ scaled if few_industries else scaled @ scaled.T
        side -= np.multiply.outer(first, first)
        values, vectors = scipy.linalg.eigh(
            side, subset_by_index=[max(size - 2, 0), size - 1], overwrite_a=True, check_finite=False
        )
    second = float(values[-1])
    if second > 1 - 1e-6:  # it is one exactly where there are several parts
        _refuse_parts(there)
    if second < 1e-12:
        raise ValueError("complexity is undefined: all regions have the same industries.")
    if size > 2 and second - values[0] < 1e-10 * second:
        raise ValueError(
            "complexity is undefined: the second and third eigenvalues are equal, so there is no "
            "one order of the regions (the presence matrix has a symmetry)."
        )
    if few_industries:
        products = vectors[:, -1] / np.sqrt(ubiquity)
    else:
        products = (has.T @ (vectors[:, -1] / np.sqrt(diversity))) / ubiquity
    places = has @ products / diversity
    mean, spread = places.mean(), places.std()
    if spread < 1e-12 * max(1.0, float(np.abs(places).max())):
        raise ValueError("complexity is undefined: it is the same in every region.")
    lean = np.mean((places - mean) * (diversity - diversity.mean()))
    if abs(lean) <= 1e-10 * spread * diversity.std() or diversity.std() == 0:
        # no order by diversity: the first region by its label decides, whatever the order of rows
        told = np.flatnonzero(np.abs(places - mean) > 1e-9 * spread)
        lean = places[min(told, key=lambda row: str(there.index[row]))] - mean
    sign = 1.0 if lean >= 0 else -1.0
    return Complexity(
        regions=pd.Series(sign * (places - mean) / spread, there.index, name="complexity"),
        industries=pd.Series(sign * (products - mean) / spread, there.columns, name="complexity"),
        diversity=pd.Series(diversity.astype(int), there.index, name="diversity"),
        ubiquity=pd.Series(ubiquity.astype(int), there.columns, name="ubiquity"),
        eigenvalue=second,
        smaller=smaller,
        note=note,
    )


def _large_enough(table: pd.DataFrame, minimum: float) -> tuple[pd.DataFrame, tuple, str]:
    """Return a table without regions below a total, those regions, and what went with them."""
    if minimum == 0 or not isinstance(table, pd.DataFrame):
        return table, (), ""
    size = tables.check_values(table.astype(float) if _is_presence(table) else table).sum(axis=1)
    large = size >= minimum
    if large.sum() < 2:
        raise ValueError(
            f"minimum is {minimum:g}, but of {len(size)} regions {int(large.sum())} have as much; "
            "two or more are needed."
        )
    smaller = tuple(size.index[~large])
    kept = table[large.to_numpy()]
    there = (kept > 0).any().to_numpy()
    note = ""
    if smaller:
        note = f"{named(smaller, 'region', 'regions')} below the minimum of {minimum:g} left out"
    if not there.all():
        only = named(table.columns[~there], "industry", "industries")
        note += f", and {only} that no other region has"
    return kept.loc[:, there], smaller, note


@dataclass(frozen=True, repr=False)
class Fitness(Result):
    """Fitness of regions and complexity of industries by the non-linear iteration.

    Attributes
    ----------
    regions, industries : pandas.Series
        Fitness of regions, complexity of industries; both have mean 1.
    iterations : int
        Iterations done.
    converged : bool
        Whether the largest relative change fell below the tolerance. In many tables some values
        go to zero for ever (Pugliese and others 2016); the order of the rest is then what counts.
    smaller : tuple
        Regions left out because their total is below the minimum.
    note : str
        How many regions and industries were left out, and which; empty where none was.
    """

    regions: pd.Series
    industries: pd.Series
    iterations: int
    converged: bool
    smaller: tuple = ()
    note: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return regions by fitness."""
        return self.regions.to_frame()

    def __repr__(self) -> str:
        end = "converged" if self.converged else "not converged"
        return (
            f"Fitness of {len(self.regions)} regions, {end} after {self.iterations} iterations: "
            f"highest {self.regions.idxmax()!r}, lowest {self.regions.idxmin()!r}"
            f"{f'; {self.note}' if self.note else ''}"
        )


def fitness(
    table: pd.DataFrame,
    *,
    threshold: float = 1.0,
    minimum: float = 0,
    iterations: int = 200,
    tolerance: float = 1e-9,
) -> Fitness:
    r"""Rank regions by fitness; the least fit region that has an industry bounds its complexity.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions (index) by industries (columns): employment, or presence as True and False.
    threshold : float
        Least location quotient that counts as present.
    minimum : float
        Least total of a region that is ranked, as in `complexity`.
    iterations : int
        Most iterations, at least 1.
    tolerance : float
        Stop when no value changes by more than this share of itself.

    Returns
    -------
    Fitness

    Raises
    ------
    ValueError
        A region without industries or an industry without regions, or fewer than two regions of the
        minimum size.

    See Also
    --------
    complexity : the linear index, without iteration.

    Notes
    -----
    .. math:: \tilde F_r = \sum_j M_{rj} Q_j, \qquad
        \tilde Q_j = 1 \Big/ \sum_r M_{rj}/F_r,

    both divided by their mean after each step, from ones. A value that falls below 1e-280 is
    held there, so that nothing divides by zero.

    References
    ----------
    Tacchella, A., Cristelli, M., Caldarelli, G., Gabrielli, A. and Pietronero, L. (2012). A new
    metrics for countries' fitness and products' complexity. *Scientific Reports* 2, 723.
    Pugliese, E., Zaccaria, A. and Pietronero, L. (2016). On the convergence of the
    fitness-complexity algorithm. *European Physical Journal Special Topics* 225, 1893–1911.

    Examples
    --------
    >>> same = pd.DataFrame([[1, 1], [1, 1]], dtype=bool, index=["a", "b"])
    >>> fitness(same).regions.tolist()
    [1.0, 1.0]
    """
    iterations = whole("iterations", iterations, 1)
    tolerance = number("tolerance", tolerance)
    table, smaller, note = _large_enough(table, number("minimum", minimum))
    there = _presence(table, threshold)
    has = there.to_numpy(float)
    _refuse_empty(there, has.any(axis=1), has.any(axis=0), "has nothing present; leave it out")
    places, products = np.ones(has.shape[0]), np.ones(has.shape[1])
    for done in range(1, iterations + 1):  # noqa: B007
        new_places = has @ products
        new_products = 1 / (has.T @ (1 / places))
        new_places = np.maximum(new_places / new_places.mean(), 1e-280)
        new_products = np.maximum(new_products / new_products.mean(), 1e-280)
        moved = (new_places / places - 1, new_products / products - 1)
        converged = bool(max(np.abs(each).max() for each in moved) < tolerance)
        places, products = new_places, new_products
        if converged:
            break
    return Fitness(
        regions=pd.Series(places, there.index, name="fitness"),
        industries=pd.Series(products, there.columns, name="complexity"),
        iterations=done,
        converged=converged,
        smaller=smaller,
        note=note,
    )


def _presence(table: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return presence: the table itself where it holds True and False, else by its quotients."""
    if _is_presence(table):
        number("threshold", threshold, ends=False)
        tables.check(table.astype(float), minimum_regions=2, empty_regions=True, as_is=True)
        return table
    return presence(table, threshold=threshold)


def _is_presence(table: pd.DataFrame) -> bool:
    there = isinstance(table, pd.DataFrame) and len(table.columns) > 0
    return there and all(kind == np.dtype(bool) for kind in table.dtypes)


def _refuse_empty(table: pd.DataFrame, rows: np.ndarray, columns: np.ndarray, why: str) -> None:
    for kind, labels, fine in (("region", table.index, rows), ("industry", table.columns, columns)):
        if not fine.all():
            wrong = labels[~fine]
            more = f" ({len(wrong)} such)" if len(wrong) > 1 else ""
            raise ValueError(f"{kind} {wrong[0]!r} {why}{more}.")


def _refuse_parts(there: pd.DataFrame) -> None:
    """Refuse presence in which some regions share nothing, even indirectly, with others."""
    links = scipy.sparse.csr_array(there.to_numpy())
    graph = scipy.sparse.block_array([[None, links], [links.T, None]])
    parts, label = connected_components(graph, directed=False)
    if parts > 1:
        regions = label[: len(there)]
        smallest = np.bincount(regions.astype(np.intp), minlength=parts).argmin()
        names = there.index[regions == smallest][:3].tolist()
        raise ValueError(
            f"complexity is undefined: the regions fall into {parts} parts that share no industry "
            f"with each other; one of them holds {names}. Rank the parts one by one."
        )
