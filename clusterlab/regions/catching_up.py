"""Whether poorer regions grow faster, and whether regions become less unequal: two questions."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from clusterlab import tables
from clusterlab.names import shown
from clusterlab.parameters import number, whole
from clusterlab.results import Result


@dataclass(frozen=True, repr=False)
class Convergence(Result):
    """What became of regions' incomes from one year to another.

    Attributes
    ----------
    start, end : int
        First and last year compared.
    beta, error, low, high : float
        Slope of yearly growth on initial log income, its standard error, and its interval.
    level : float
        Confidence of the interval.
    r_squared : float
        Share of the variance of growth that initial income accounts for.
    speed : float or None
        λ, the yearly rate at which gaps close; negative where they widen, None where gaps were
        more than closed (1 + βT is not above zero).
    half_life : float or None
        Years until half of a gap is closed at that speed; None where the speed is not above zero.
    sigma_p : float
        Pitman and Morgan's p-value: how surprising this change of σ would be without any.
    points : pandas.DataFrame
        By region: ``initial`` log income and yearly ``growth``.
    spread : pandas.DataFrame
        By year of the whole panel: ``sigma``, the standard deviation of log incomes, and
        ``variation``, the coefficient of variation of incomes.
    """

    start: int
    end: int
    beta: float
    error: float
    low: float
    high: float
    level: float
    r_squared: float
    speed: float | None
    half_life: float | None
    sigma_p: float
    points: pd.DataFrame
    spread: pd.DataFrame

    @property
    def poorer_grew(self) -> str:
        """Whether poorer regions grew "faster" or "slower", or "no clear difference"."""
        if self.low <= 0 <= self.high:
            return "no clear difference"
        return "faster" if self.beta < 0 else "slower"

    @property
    def sigma_change(self) -> str:
        """Whether σ "fell" or "rose" from start to end, or "no clear change"."""
        if self.sigma_p >= 1 - self.level:
            return "no clear change"
        sigma = self.spread["sigma"]
        return "fell" if sigma[self.end] < sigma[self.start] else "rose"

    def to_frame(self) -> pd.DataFrame:
        """Return all numbers of the comparison in one row."""
        row = {name: getattr(self, name) for name in ("beta", "low", "high", "r_squared", "speed")}
        sigma = self.spread["sigma"]
        row |= {"half_life": self.half_life, "sigma_start": sigma[self.start]}
        row |= {"sigma_end": sigma[self.end], "sigma_p": self.sigma_p}
        years = pd.MultiIndex.from_tuples([(self.start, self.end)], names=["start", "end"])
        return pd.DataFrame(row, years, dtype=float)


def convergence(
    panel: pd.DataFrame, *, start: int | None = None, end: int | None = None, level: float = 0.95
) -> Convergence:
    r"""Return whether poorer regions grew faster (β), and whether incomes drew together (σ).

    β without σ is possible (Galton's fallacy), σ without β is not.

    Parameters
    ----------
    panel : pandas.DataFrame
        Income per head, regions x years, every cell filled and above zero. Columns are years, as
        whole numbers or text, in any order; between them years may be missing, and none is filled.
    start, end : int, optional
        The years compared; by default the first and the last.
    level : float
        Confidence of the interval of β, and what counts as a clear change of σ.

    Returns
    -------
    Convergence

    Raises
    ------
    ValueError
        No table; fewer than three regions or two years; a column that is no year; a year that is
        not there, or an end that is not after the start; an income missing, zero or negative; all
        regions alike at the start.

    See Also
    --------
    theil : inequality and its parts.

    Notes
    -----
    Over T years from :math:`t_0`, with :math:`x_i` the log income of region i, ordinary least
    squares of :math:`(x_{i,t_0+T} - x_{i,t_0})/T` on :math:`x_{i,t_0}` give β; its interval is
    Student's with n − 2 degrees. The speed λ solves :math:`(1-e^{-\lambda T})/T = -\beta`, and the
    half life is :math:`\ln 2/\lambda`. :math:`\sigma_t` is the standard deviation of
    :math:`x_{i,t}`, with n below; none of them depends on the unit of income. Every region counts
    the same.

    With ρ the correlation of log incomes at start and end, least squares give exactly

    .. math:: 1 + \beta T = \rho\,\sigma_{t_0+T}/\sigma_{t_0}.

    So a fall of σ implies β < 0, as ρ is at most 1. The reverse does not hold: with σ unchanged
    :math:`\beta = -(1-\rho)/T`, below zero whenever ranks or luck change at all. In expectation
    that is β of any stationary process of autocorrelation ρ over T years, whose inequality never
    changes. Whoever is far from the mean by chance is nearer to it later: Galton's regression.

    The test of σ is Pitman and Morgan's for two variances of the same regions: the correlation of
    sum and difference of the two logs. Both inferences take regions for independent draws;
    neighbours are not, so that intervals are too narrow.

    References
    ----------
    Barro and Sala-i-Martin (1992), Journal of Political Economy 100(2); Quah (1993), Scandinavian
    Journal of Economics 95(4); Pitman (1939), Biometrika 31: from general knowledge.

    Examples
    --------
    >>> panel = pd.DataFrame({2000: [1, 2, 4, 8], 2010: [2, 3, 4, 6]}, list("abcd"))
    >>> found = convergence(panel)
    >>> round(found.beta, 4), round(found.half_life, 1), found.poorer_grew
    (-0.0483, 10.5, 'faster')
    """
    level = number("level", level, 0, 1, ends=False)
    table = tables.check_values(panel, rows="region", columns="year")
    table = table.set_axis(column_years(table.columns), axis=1).sort_index(axis=1)
    for count, least, what in ((len(table), 3, "region"), (table.shape[1], 2, "year")):
        if count < least:
            raise ValueError(f"the panel has {count} {what}{'s' * (count > 1)}, of {least} needed.")
    first = _chosen_year("start", start, table.columns, 0)
    last = _chosen_year("end", end, table.columns, -1)
    if last <= first:
        raise ValueError(f"end is {last}, but it must be after start, {first}.")
    if (table == 0).any(axis=None):
        row, column = np.argwhere(table.to_numpy() == 0)[0]
        say = (
            f"region {table.index[row]!r}, year {table.columns[column]}: income is 0, which has no"
        )
        raise ValueError(f"{say} logarithm; leave the region out.")
    logs = np.log(table)
    initial, span = logs[first], last - first
    if np.ptp(initial) < 1e-12:
        raise ValueError(f"all regions have the same income in {first}: there is no poorer one.")
    growth = (logs[last] - initial) / span
    if np.ptp(growth) < 1e-12:  # all alike: what differs is rounding
        growth[:] = growth.mean()
    line = stats.linregress(initial, growth)
    # where all grew alike there is no correlation, and no doubt about a slope of 0
    beta, error, fit = (float(x) for x in np.nan_to_num([line.slope, line.stderr, line.rvalue]))
    half = float(stats.t.ppf((1 + level) / 2, len(table) - 2)) * error
    rest = 1 + beta * span
    speed = float(0 - np.log(rest) / span) if rest > 0 else None
    return Convergence(
        start=first,
        end=last,
        beta=beta,
        error=error,
        low=beta - half,
        high=beta + half,
        level=level,
        r_squared=fit**2,
        speed=speed,
        half_life=float(np.log(2) / speed) if speed and speed > 0 else None,
        sigma_p=_same_spread(logs[first], logs[last]),
        points=pd.DataFrame({"initial": initial, "growth": growth}),
        spread=pd.DataFrame(
            {"sigma": logs.std(ddof=0), "variation": table.std(ddof=0) / table.mean()}
        ).rename_axis("year"),
    )


def _same_spread(before: pd.Series, after: pd.Series) -> float:
    """Return Pitman and Morgan's p-value: cov(a + b, a − b) is the difference of variances."""
    change, both = after - before, after + before
    if min(np.ptp(change), np.ptp(both)) < 1e-12:
        return 1.0  # all grew alike, or each took the other's place: σ is the same
    return float(stats.pearsonr(change, both).pvalue)


def column_years(columns: pd.Index) -> np.ndarray:
    """Return the labels of columns as years; a text file gives them as text."""
    told = [
        int(one) if isinstance(one, str) and one.strip().isdecimal() else one for one in columns
    ]
    years, _ = tables.numbers(pd.Series(told, dtype=object))
    wrong = np.flatnonzero(years % 1 != 0)  # true of NaN as well
    if len(wrong):
        raise ValueError(f"the panel has a column {shown(columns[wrong[0]])}, which is no year.")
    return years.astype(int)


def _chosen_year(name: str, value: Any, years: pd.Index, place: int) -> int:
    """Return the year asked for, or the one at a place, if it is in the panel."""
    year = int(years[place]) if value is None else whole(name, value)
    if year not in years:
        raise ValueError(
            f"{name} is {year}, but the panel has no such year; its {len(years)} years go from "
            f"{years[0]} to {years[-1]}."
        )
    return year
