"""Location quotient: how over-represented an industry is in a region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import special

from clusterlab import tables
from clusterlab.parameters import Seed, generator, need, number, refuse_too_many, whole
from clusterlab.results import Result

_FEWEST = 20


@dataclass(frozen=True, repr=False)
class LocationQuotient(Result):
    """Location quotients of a table, with what they were computed from.

    Attributes
    ----------
    value : pandas.DataFrame
        Location quotients, regions x industries; NaN where the cell is unknown.
    base : str
        Which totals and which reference economy were used, in one sentence.
    counts : pandas.DataFrame
        The table the quotients were computed from.
    totals : pandas.Series
        Total of each region over all industries.
    reference : pandas.Series
        Share of each industry in the reference economy.
    economy : float
        The reference economy's total over all industries.
    given : tuple of str
        Which of ``"totals"``, ``"reference"`` and ``"reference_total"`` the caller gave.
    """

    value: pd.DataFrame
    base: str
    counts: pd.DataFrame
    totals: pd.Series
    reference: pd.Series
    economy: float
    given: tuple[str, ...]

    def interval(
        self, *, level: float = 0.95, units: pd.Series | None = None
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        r"""Return confidence limits of every quotient that hold with at least the level asked for.

        Parameters
        ----------
        level : float
            Confidence level, between 0 and 1.
        units : pandas.Series, optional
            Number of independent units behind each region's total, for instance its
            establishments. By default every unit counted in the table (a worker, a plant) is one.
            Workers of one plant come together, so with few large plants limits from workers are far
            too narrow: give the number of establishments.

        Returns
        -------
        low, high : pandas.DataFrame
            Regions x industries; NaN where the cell is unknown.

        Raises
        ------
        ValueError
            A level outside (0, 1), or regions without units.

        Notes
        -----
        These are the limits of Clopper and Pearson. They cover the quotient with at least the
        level: more often where units are few, and where the region itself is part of the reference,
        as it is by default.

        The region's share :math:`p` of the industry is taken for a binomial proportion with
        :math:`k = n\,e_{ij}/e_i` successes in :math:`n` draws, :math:`n` being the units; its
        limits are the :math:`\alpha/2` quantile of Beta(k, n−k+1) and the :math:`1-\alpha/2`
        quantile of Beta(k+1, n−k). Dividing by the reference share, taken as known, gives those of
        the quotient. With ``units`` k need not be a whole number; the same quantiles continue
        between whole numbers.
        Values in thousands must be turned into counts first.
        """
        level = number("level", level, 0, 1, ends=False)
        draws = totals = self.totals.to_numpy()[:, None]
        if units is not None:
            draws = tables.align(units, self.value.index, what="units").to_numpy()[:, None]
            if (draws <= 0).any():
                empty = self.value.index[draws[:, 0] <= 0][0]
                raise ValueError(f"units: region {empty!r} has none, so it has no interval.")
        hits = np.minimum(self.counts.to_numpy() / totals, 1.0) * draws
        tail = (1 - level) / 2
        # counts repeat within a region, above all small ones: the limits of each are sought once
        codes, values = pd.factorize(hits.ravel(), use_na_sentinel=False)
        back, pairs = pd.factorize(codes * len(hits) + np.repeat(range(len(hits)), hits.shape[1]))
        k, n = values[pairs // len(hits)], draws[pairs % len(hits), 0]
        low = np.where(k == 0, 0.0, special.betaincinv(k, n - k + 1, tail))[back]
        high = np.where(k == n, 1.0, special.betaincinv(k + 1, n - k, 1 - tail))[back]
        share = self.reference.to_numpy()
        low, high = (end.reshape(hits.shape) / share for end in (low, high))
        return pd.DataFrame(low, *self.value.axes), pd.DataFrame(high, *self.value.axes)

    def bounds(
        self, *, rounded: float = 0, inside_reference: bool = False
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        r"""Return between which numbers each quotient lies where figures are withheld or rounded.

        Nothing is estimated: every table that fits what is published has its quotients between
        these two.

        Parameters
        ----------
        rounded : float
            To what the office rounds: 5 where 7 is published as 5 and 8 as 10. Each count and each
            given total then lies up to half of it away; a given reference is taken as exact, since
            so little moves an economy's shares by next to nothing.
        inside_reference : bool
            Whether the table's regions are parts of the reference economy that was given. An
            unknown cell then also holds at most what the industry's total leaves.

        Returns
        -------
        low, high : pandas.DataFrame
            Regions x industries, without gaps.

        Raises
        ------
        ValueError
            A negative ``rounded``; ``inside_reference`` without a given reference, or where a
            region alone or the known cells of an industry exceed it.

        See Also
        --------
        interval : limits from the chance in small numbers.
        clusterlab.agglomeration.measure_bounds : the same for measures of whole industries.

        Notes
        -----
        An unknown cell lies between 0 and the region's total less its known cells. Both ends are
        reached, each alone, where the total covers more industries than the table has; where the
        table has them all, several unknown cells of a region add up to what is left, which may
        narrow them further.

        Rounded counts of a table that is its own reference move the totals too. With the true cell
        x, the rest of its row r, of its column c, and all others d,

        .. math:: LQ = \frac{x\,(x + r + c + d)}{(x + r)(x + c)},

        which falls with r and c, rises with d, and rises with x up to
        :math:`x^* = (rc + \sqrt{rc\,(rc + d\,(c + r + d))})/d` and falls beyond: the ends follow,
        and are reached. With given totals the ends of both are combined, and the bounds may be a
        little wider than needed where the cell is nearly all of its total.

        Examples
        --------
        >>> jobs = pd.DataFrame({"wine": [10, np.nan]}, index=["Napa", "Lodi"])
        >>> quotient = location_quotient(jobs, totals=pd.Series({"Napa": 40, "Lodi": 20}),
        ...                              reference=pd.Series({"wine": 25}), reference_total=100)
        >>> low, high = quotient.bounds()
        >>> low["wine"].tolist(), high["wine"].tolist()
        ([1.0, 0.0], [1.0, 4.0])
        """
        half = number("rounded", rounded) / 2
        counts, unknown = self.counts.to_numpy(), self.counts.isna().to_numpy()
        least, most = np.maximum(counts - half, 0), counts + half
        totals, in_economy = self.totals.to_numpy()[:, None], self.reference.to_numpy()
        if inside_reference:
            self._refuse_outside(half)
        if unknown.any():
            left = totals + half - np.nansum(least, axis=1, keepdims=True)
            if inside_reference:
                left = np.minimum(left, in_economy * self.economy - np.nansum(least, axis=0))
            least, most = np.where(unknown, 0, least), np.where(unknown, np.maximum(left, 0), most)
        if not {"totals", "reference"} & {*self.given}:
            ends = _own_bounds(least, most)
        else:
            ends = self._end(least, most, half), self._end(most, least, -half)
        low, high = (pd.DataFrame(end, self.value.index, self.value.columns) for end in ends)
        return low, high

    def _end(self, cell: np.ndarray, rest: np.ndarray, half: float) -> np.ndarray:
        """Return one end of all quotients: of the cells, of what stands beside them, of totals."""
        totals = self.totals.to_numpy()[:, None]
        of_total = cell / np.maximum(np.maximum(totals + half, cell), 1e-300)
        if "totals" not in self.given:
            return _part(cell, rest.sum(axis=1, keepdims=True) - rest) / self.reference.to_numpy()
        if "reference" in self.given:
            return of_total / self.reference.to_numpy()
        # e / eᵢ, the given totals together over the region's own, which is one of them
        others = np.maximum(totals.sum() - totals - half * (len(totals) - 1), 0)
        beside = others / np.maximum(np.maximum(totals + half, cell), 1e-300)
        return _part(cell, rest.sum(axis=0) - rest) * (1 + beside)

    def _refuse_outside(self, half: float) -> None:
        """Refuse a reference of which the table's regions cannot be parts."""
        in_economy = self.reference.to_numpy() * self.economy
        need("reference" in self.given, "inside_reference", "used with a given reference", True)
        known = self.counts.sum().to_numpy()
        slack = half * (len(self.counts) + 1) + 1e-9 * known
        for column in np.flatnonzero(known > in_economy + slack):
            raise ValueError(
                f"inside_reference: the regions have {known[column]:g} in industry "
                f"{self.counts.columns[column]!r}, the reference {in_economy[column]:g}, so they "
                "are no parts of it; leave inside_reference out."
            )

    def specialised(
        self,
        *,
        threshold: float = 1.25,
        minimum: float = 0,
        level: float | None = None,
        units: pd.Series | None = None,
    ) -> pd.DataFrame:
        """Return where a region counts as specialised in an industry.

        Parameters
        ----------
        threshold : float
            The quotient above which it counts; 1.25 is a common choice, not a law.
        minimum : float
            Smallest value in the table that can count, in the table's unit, so that a handful of
            jobs in a small region does not.
        level : float, optional
            If given, the lower confidence limit at this level has to be above the threshold.
        units : pandas.Series, optional
            As in `interval`.

        Returns
        -------
        pandas.DataFrame
            True or False, regions x industries; False where the cell is unknown.
        """
        threshold, minimum = number("threshold", threshold), number("minimum", minimum)
        value = self.value
        if level is not None:
            value = self.interval(level=level, units=units)[0]
        return (value > threshold) & (self.counts >= minimum)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a region-industry pair: region, industry, count and quotient."""
        names = [self.value.index.name or "region", self.value.columns.name or "industry"]
        numbers = {"count": self.counts, "location_quotient": self.value}
        cells = {name: frame.stack(future_stack=True) for name, frame in numbers.items()}  # noqa: PD013
        return pd.DataFrame(cells).rename_axis(names).reset_index()

    def __repr__(self) -> str:
        rows, columns = self.value.shape
        unknown = int(self.value.isna().to_numpy().sum())
        row, column = divmod(int(np.nanargmax(self.value.to_numpy())), columns)
        return (
            f"LocationQuotient: {rows} regions x {columns} industries"
            f"{f', {unknown} unknown' if unknown else ''}; highest "
            f"{self.value.iloc[row, column]:.4g} at {self.value.index[row]!r}, "
            f"{self.value.columns[column]!r}. Base: {self.base}."
        )


def location_quotient(
    table: pd.DataFrame,
    *,
    totals: pd.Series | None = None,
    reference: pd.Series | None = None,
    reference_total: float | None = None,
) -> LocationQuotient:
    r"""Return how over-represented each industry is in each region.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries: employment or establishments. Cells may be unknown (NaN) where both
        ``totals`` and ``reference`` are given: the other cells' quotients do not need them, and
        `LocationQuotient.bounds` says between which two numbers those of the unknown ones lie.
    totals : pandas.Series, optional
        Each region's total over all industries, by label; regions that the table does not have are
        not needed. By default the table's own row sums, which are too small where cells are not
        published; the result's ``base`` says which was used.
    reference : pandas.Series, optional
        Each industry's total in the reference economy, by label; its other industries count in the
        economy's total. By default the sum over the table's regions. Needed when the table holds
        one region only.
    reference_total : float, optional
        The reference economy's total over all industries. By default the sum of ``totals``, or of
        ``reference`` where that is given.

    Returns
    -------
    LocationQuotient
        The quotients, their base, and on request their confidence limits.

    Raises
    ------
    ValueError
        A bad table (see `clusterlab.tables.check`), one region without a reference, an unknown cell
        without totals and a reference, totals smaller than a cell, an industry missing or zero in
        the reference.

    See Also
    --------
    bootstrap_location_quotient : limits where a few plants are large.
    clusterlab.agglomeration.industry_profile : one industry in detail.
    clusterlab.agglomeration.presence : a quotient above a threshold.

    Notes
    -----
    .. math:: LQ_{ij} = \frac{e_{ij}/e_i}{e_j/e}

    with :math:`e_{ij}` the value of industry j in region i, :math:`e_i` the region's total,
    :math:`e_j` the industry's total in the reference economy and :math:`e` that economy's total.
    1 means the same share as the reference economy.

    References
    ----------
    porter-2000 lists specialised local inputs, labour and knowledge among what a cluster offers;
    the quotient is the usual first look for them. The example is the one in the manual of the R
    package REAT (function locq).

    Examples
    --------
    >>> jobs = pd.DataFrame({"industry J": [1714]}, index=["Göttingen"])
    >>> quotient = location_quotient(jobs, totals=pd.Series({"Göttingen": 79006}),
    ...     reference=pd.Series({"industry J": 879213}), reference_total=15593224)
    >>> round(float(quotient.value.iloc[0, 0]), 7)
    0.3847623
    """
    if totals is not None and reference is not None:
        counts = tables.check_values(table, allow_unknown=True)
    else:
        refuse_unknown(
            table,
            "give totals= (each region's published total) and reference= (each industry's in the "
            "reference economy), and the known cells have their exact quotients",
        )
        fewest = 2 if reference is None else 1
        counts = tables.check(table, minimum_regions=fewest, empty_regions=totals is not None)
    sizes, base = tables.region_totals(counts, totals)
    refuse_zero(sizes)
    if reference is None:
        in_economy = counts.sum()
        economy = float(sizes.sum())
        base += f"; reference economy: the table's {len(counts)} regions together"
    else:
        in_economy = tables.align(reference, counts.columns, what="reference")
        # its other industries count too
        economy = float(tables.align(reference, reference.index, what="reference").sum())
        base += "; reference economy: given by the caller"
    if (in_economy <= 0).any():
        raise ValueError(
            f"reference: industry {in_economy.index[in_economy <= 0][0]!r} has none there, so its "
            "quotient is not defined."
        )
    if reference_total is not None:
        economy = number("reference_total", reference_total, ends=False)
    if not in_economy.max() <= economy:
        raise ValueError(
            f"reference_total is {economy:g}, less than industry {in_economy.idxmax()!r} alone has "
            f"({in_economy.max():g})."
        )
    share = in_economy / economy
    value = counts.div(sizes, axis=0) / share
    if unknown := int(counts.isna().to_numpy().sum()):
        base += f"; {unknown:,} of {counts.size:,} cells are unknown"
    options = {"totals": totals, "reference": reference, "reference_total": reference_total}
    return LocationQuotient(
        value=value,
        base=base,
        counts=counts,
        totals=sizes,
        reference=share,
        economy=economy,
        given=tuple(name for name, option in options.items() if option is not None),
    )


def _part(one: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Return one as a share of itself and a rest, 0 where both are nothing."""
    return np.divide(one, one + rest, out=np.zeros_like(one), where=one + rest > 0)


def _own_bounds(least: np.ndarray, most: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return bounds of the quotients of a table that is its own reference, see Notes there."""

    def around(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows, columns = values.sum(axis=1, keepdims=True), values.sum(axis=0)
        return rows - values, columns - values, values.sum() - rows - columns + values

    def quotient(x: np.ndarray, r: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
        return _part(x, r) * (1 + (r + d) / np.maximum(x + c, 1e-300))

    (r, c, d), (rest, column, others) = around(least), around(most)
    low = [quotient(x, rest, column, d) for x in (least, most)]
    turn = np.full_like(least, np.inf)
    top = r * c + np.sqrt(r * c * (r * c + others * (c + r + others)))
    np.divide(top, others, out=turn, where=others > 0)
    return np.minimum(*low), quotient(np.clip(turn, least, most), r, c, others)


def refuse_zero(sizes: pd.Series) -> None:
    """Refuse a region whose shares are undefined."""
    if (sizes <= 0).any():
        raise ValueError(f"totals: region {sizes.index[sizes <= 0][0]!r} has a total of zero.")


def quotients(counts: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """Return the quotients of a checked table against all its regions together."""
    return counts.div(sizes, axis=0) / (counts.sum() / sizes.sum())


def refuse_unknown(table: Any, instead: str) -> None:
    """Refuse a table with unknown cells, and say what can be had all the same."""
    unknown = table.isna().to_numpy() if isinstance(table, pd.DataFrame) else np.zeros((1, 1))
    if unknown.any():
        row, column = np.argwhere(unknown)[0]
        raise ValueError(
            f"{int(unknown.sum()):,} cells are unknown, the first at region {table.index[row]!r}, "
            f"industry {table.columns[column]!r}; {instead}."
        )


@dataclass(frozen=True, repr=False)
class QuotientBootstrap(Result):
    """Location quotients of resampled establishments.

    Attributes
    ----------
    value : pandas.DataFrame
        Location quotients of the register itself, regions x industries.
    replicates : int
        Number of resampled registers.
    resampled : numpy.ndarray
        Quotients of each, replicates x regions x industries.
    """

    value: pd.DataFrame
    replicates: int
    resampled: np.ndarray

    def interval(self, *, level: float = 0.95) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the percentile limits of every quotient.

        Parameters
        ----------
        level : float
            Confidence level, between 0 and 1.

        Returns
        -------
        low, high : pandas.DataFrame
            Regions x industries. Where an industry has no establishment both are zero, since there
            is nothing to resample: read the exact limits of `LocationQuotient.interval` there.

        Raises
        ------
        ValueError
            A level outside (0, 1).
        """
        level = number("level", level, 0, 1, ends=False)
        ends = np.quantile(self.resampled, [(1 - level) / 2, (1 + level) / 2], axis=0)
        low, high = (pd.DataFrame(e, self.value.index, self.value.columns) for e in ends)
        return low, high


def bootstrap_location_quotient(
    register: pd.DataFrame,
    *,
    region: str,
    industry: str,
    size: str,
    replicates: int = 400,
    seed: Seed = 0,
) -> QuotientBootstrap:
    r"""Resample the establishments of a register to see how far quotients rest on a few large ones.

    Parameters
    ----------
    register : pandas.DataFrame
        One row an establishment.
    region, industry, size : str
        Names of its columns.
    replicates : int
        Number of resampled registers.
    seed : int or numpy.random.Generator
        Source of randomness. The order of the register's rows does not matter.

    Returns
    -------
    QuotientBootstrap
        Quotients of the register and limits from the resampled ones.

    Raises
    ------
    ValueError
        A missing column, a bad size, a region or industry with fewer than twenty establishments
        (too few to resample), or more draws than fit in memory.

    See Also
    --------
    location_quotient : quotients with exact limits.

    Notes
    -----
    The Poisson bootstrap: in each replicate every establishment enters
    :math:`w_k \sim \mathrm{Poisson}(1)` times, independently, and the quotients are computed from
    the weighted sizes :math:`w_k z_k`. A whole plant comes or goes with all its workers, which the
    exact limits from numbers of workers, or of establishments of equal size, leave out.

    Examples
    --------
    >>> register = pd.DataFrame({"region": ["A"] * 40 + ["B"] * 40,
    ...     "industry": (["wine"] * 20 + ["shops"] * 20) * 2, "jobs": [9] * 20 + [1] * 60})
    >>> result = bootstrap_location_quotient(register, region="region", industry="industry",
    ...                                      size="jobs")
    >>> low, high = result.interval()
    >>> bool(low.loc["A", "wine"] < result.value.loc["A", "wine"] < high.loc["A", "wine"])
    True
    """
    replicates, rng = whole("replicates", replicates, 1, 10**12), generator(seed)
    table = tables.from_long(
        register, region=region, industry=industry, value=size, absent="zero", duplicates="sum"
    )
    for column in (region, industry):
        counts = register[column].value_counts()
        if counts.min() < _FEWEST:
            raise ValueError(
                f"{column} {counts.idxmin()!r} has {counts.min()} establishments; fewer than "
                f"{_FEWEST} are too few to resample: leave it out."
            )
    shape = {"regions": table.shape[0], "industries": table.shape[1]}
    refuse_too_many("bootstrap_location_quotient", replicates=replicates, **shape)
    rows = table.index.get_indexer(register[region])
    columns = table.columns.get_indexer(register[industry])
    cells = (rows * table.shape[1] + columns).astype(np.intp)
    sizes = register[size].to_numpy(dtype=float)
    order = np.lexsort((sizes, cells))  # the same draws whatever the order of the rows
    cells, sizes = cells[order], sizes[order]
    cell_count = table.size

    def drawn(own: np.random.Generator) -> np.ndarray:
        return np.bincount(cells, sizes * own.poisson(1.0, len(sizes)), minlength=cell_count)

    resampled = np.empty((replicates, *table.shape))
    # each with random numbers of its own, wherever it is drawn
    tasks = (delayed(drawn)(own) for own in rng.spawn(replicates))
    for one, found in zip(resampled, Parallel(return_as="generator")(tasks), strict=True):
        one[:] = found.reshape(table.shape)
    economy = resampled.sum(axis=1, keepdims=True)
    resampled /= resampled.sum(axis=2, keepdims=True)
    resampled /= economy / economy.sum(axis=2, keepdims=True)
    value = quotients(table, table.sum(axis=1))
    return QuotientBootstrap(value=value, replicates=replicates, resampled=resampled)
