"""Transition probabilities from a panel of places: counts, intervals, homogeneity."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import networkx as nx
import numpy as np
import pandas as pd
from scipy.stats import beta, random_table

from clusterlab import districts, tables
from clusterlab.transitions import chain as chains

__all__ = ["Estimate", "Homogeneity", "estimate", "homogeneity", "simulate_panel"]

Seed = int | np.random.Generator
Interval = Literal["jeffreys", "bootstrap"]
Gaps = Literal["refuse", "leave out"]


@dataclass(frozen=True)
class Homogeneity:
    """A test whether groups of transitions share one matrix; see `homogeneity`."""

    by: str
    statistic: float
    freedom: int
    p_value: float

    def to_frame(self) -> pd.DataFrame:
        """Return the test in one row."""
        row = {"G²": self.statistic, "degrees of freedom": self.freedom, "p": self.p_value}
        return pd.DataFrame(row, index=pd.Index([self.by], name="by"))

    def __repr__(self) -> str:
        return (
            f"Homogeneity(by {self.by}: G² {self.statistic:.1f}, {self.freedom} degrees of "
            f"freedom, p {self.p_value:.3f})"
        )


@dataclass(frozen=True)
class Estimate:
    """An estimated matrix of transitions from one period to the next; see `estimate`."""

    counts: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    level: float
    interval: str
    transitions: pd.DataFrame
    places: int
    left_out: int

    @property
    def matrix(self) -> pd.DataFrame:
        """Share of moves from the row's type to the column's; NaN in rows of ``never_left``."""
        return self.counts.div(self.counts.sum(axis=1).where(lambda n: n > 0), axis=0)

    @property
    def never_left(self) -> list:
        """The types seen in no place before another period: nothing is known about leaving."""
        return list(self.counts.index[self.counts.sum(axis=1) == 0])

    def long_run(self, *, start: Any) -> pd.Series:
        """Return the shares of types in the end if the matrix stays as estimated."""
        limit = chains.long_run(self._generator())
        return pd.Series(
            chains.start_shares(start, list(limit)) @ limit.to_numpy(),
            limit.columns,
            name="long-run share",
        )

    def first_passage(self, target: str) -> pd.DataFrame:
        """Return chance and mean number of periods until a type is first reached."""
        return chains.first_passage(self._generator(), target).rename(
            columns={"mean time": "mean periods"}
        )

    @property
    def graph(self) -> nx.DiGraph:
        """The moves seen, with ``rate`` per period, ``origin`` and a label."""
        return chains.arrow_graph(self.matrix.fillna(0), "shares of moves a period")

    def compare(self) -> pd.DataFrame:
        """Return one row an arrow that was seen or is documented: count, share, limits."""
        described = {(a.origin, a.target): a.number for a in chains.DOCUMENTED}
        rows = []
        for i, origin in enumerate(self.counts.index):
            for j, target in enumerate(self.counts.columns):
                number = described.get((origin, target))
                if i != j and (number or self.counts.iloc[i, j]):
                    said = f"documented ({number})" if number else "not documented"
                    rows.append(
                        (
                            origin, target, said,
                            int(self.counts.iloc[i, j]), self.matrix.iloc[i, j],
                            self.low.iloc[i, j], self.high.iloc[i, j],
                        )
                    )  # fmt: skip
        columns = ["from", "to", "document", "moves", "share", "low", "high"]
        return pd.DataFrame(rows, columns=columns).set_index(["from", "to"])

    def to_frame(self) -> pd.DataFrame:
        """Return one row a pair of types: moves, share, lower and upper limit."""
        parts = {"moves": self.counts, "share": self.matrix, "low": self.low, "high": self.high}
        table = pd.DataFrame({name: part.to_numpy().ravel() for name, part in parts.items()})
        table.index = pd.MultiIndex.from_product([self.counts.index, self.counts.columns])
        return table.rename_axis(["from", "to"])

    def _generator(self) -> pd.DataFrame:
        if self.never_left:
            raise ValueError(
                f"no place was seen after a period as {self.never_left[0]!r}, so its row is not "
                "known and neither is the long run; estimate with types= the others, or add data."
            )
        matrix = self.matrix
        return matrix - np.eye(len(matrix))

    def __repr__(self) -> str:
        moves, stays = int(self.counts.to_numpy().sum()), int(np.diag(self.counts).sum())
        notes = f"; never seen before another period: {', '.join(self.never_left)}" * bool(
            self.never_left
        )
        if self.left_out:
            notes += f"; {self.left_out} places or steps left out"
        return (
            f"Estimate({self.places} places, {moves} steps, {moves - stays} changes of type"
            f"{notes})\n{self.matrix.round(3)}"
        )


def estimate(
    panel: pd.DataFrame,
    *,
    place: str = "place",
    period: str = "period",
    type: str = "type",
    features: Sequence[str] | None = None,
    types: Sequence[str] | None = chains.TYPES,
    gaps: Gaps = "refuse",
    level: float = 0.95,
    interval: Interval = "jeffreys",
    draws: int = 1000,
    seed: Seed = 0,
) -> Estimate:
    r"""Estimate the matrix of transitions from a panel of places.

    Parameters
    ----------
    panel : pandas.DataFrame
        One row a place and period, with the type the place had then.
    place, period, type : str
        Names of the columns. Periods are whole numbers (years, waves); two periods follow on one
        another if their distance is the most frequent one in the panel.
    features : sequence of str, optional
        Columns with features of Table 1 or measures of networks, instead of a type: each row then
        gets the nearest type by `clusterlab.districts.network_membership`.
    types : sequence of str, optional
        The types there are, in the order of the matrix; None for those found in the panel.
    gaps : {"refuse", "leave out"}
        What happens if a place misses a period between two others: an error that names it, or the
        step over the gap is left out and counted in ``left_out``.
    level : float
        Coverage of the intervals.
    interval : {"jeffreys", "bootstrap"}
        Jeffreys' interval for each share takes steps as independent; the bootstrap resamples
        whole places and so allows places that differ.
    draws : int
        Bootstrap samples.
    seed : int or numpy.random.Generator
        Where the bootstrap's randomness comes from.

    Returns
    -------
    Estimate
        ``matrix``, ``counts``, ``low``, ``high``, ``long_run``, ``first_passage``, ``compare``.

    Raises
    ------
    ValueError
        A missing column or value, an unknown type, a place listed twice in a period, a gap, no
        place with two periods. Places with one period only are counted in ``left_out``.

    Notes
    -----
    The share :math:`\hat p_{ij} = n_{ij} / n_i` is the maximum-likelihood estimate. Jeffreys'
    interval for it lies between quantiles of the beta distribution with parameters
    :math:`n_{ij} + 1/2` and :math:`n_i - n_{ij} + 1/2`, its lower end 0 if the move was never
    seen and its upper end 1 if no other was. Without any steps from i it is 0 to 1.

    References
    ----------
    Anderson and Goodman (1957), Annals of Mathematical Statistics 28. Brown, Cai and DasGupta
    (2001), Statistical Science 16, for the interval.

    Examples
    --------
    >>> panel = pd.DataFrame({"place": ["Prato"] * 3, "period": [1, 2, 3],
    ...                       "type": ["Marshallian", "Marshallian", "hub-and-spoke"]})
    >>> float(estimate(panel).matrix.loc["Marshallian", "hub-and-spoke"])
    0.5
    """
    if interval not in get_args(Interval):
        raise ValueError(f"estimate: interval is {interval!r}, not one of {get_args(Interval)}.")
    if not 0 < level < 1:
        raise ValueError(f"estimate: level is {level!r}, but it must be between 0 and 1.")
    if features is not None:
        panel, type = _classified(panel, [place, period], list(features)), "type"
    table, names = _checked(panel, place, period, type, types)
    steps, left_out = _steps(table, gaps)
    counts = _count(steps, names)
    total = counts.sum(axis=1, keepdims=True)
    if interval == "jeffreys":
        low, high = _jeffreys(counts, total, level)
    else:
        low, high = _bootstrap(steps, names, level, draws, np.random.default_rng(seed))
    index, columns = pd.Index(names, name="from"), pd.Index(names, name="to")
    frames = {
        name: pd.DataFrame(part, index, columns)
        for name, part in (("counts", counts), ("low", low), ("high", high))
    }
    told = steps.assign(
        **{end: np.array(names, dtype=object)[steps[end]] for end in ("from", "to")}
    )
    return Estimate(
        **frames, level=level, interval=interval, transitions=told,
        places=steps["place"].nunique(), left_out=left_out,
    )  # fmt: skip


def homogeneity(
    result: Estimate,
    *,
    by: str | pd.Series = "period",
    draws: int = 2000,
    seed: Seed = 0,
) -> Homogeneity:
    r"""Test whether periods, or groups of places, share one matrix of transitions.

    Parameters
    ----------
    result : Estimate
        From `estimate`.
    by : str or pandas.Series
        ``"period"``, or a Series that gives each place's group (index: places; its name is used).
    draws : int
        Random tables for the p-value.
    seed : int or numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    Homogeneity

    Raises
    ------
    ValueError
        Fewer than two groups, or a place without a group.

    Notes
    -----
    :math:`G^2 = 2 \sum_{ijg} n_{ijg} \ln (n_{ijg} n_{i} / (n_{ig} n_{ij}))`. Since cells are
    small, the p-value is not taken from the χ² distribution: for each origin tables with the same
    margins are drawn at random, and p is the share whose G² is at least as large. The degrees of
    freedom are given for comparison.

    References
    ----------
    Anderson and Goodman (1957), Annals of Mathematical Statistics 28, section 3.

    Examples
    --------
    >>> panel = simulate_panel(pd.DataFrame([[0.9, 0.1], [0.2, 0.8]], list("ab"), list("ab")),
    ...                        places=100, periods=5)
    >>> homogeneity(estimate(panel, types=None)).p_value > 0.05
    True
    """
    steps = result.transitions
    if isinstance(by, str):
        if by != "period":
            raise ValueError(f"homogeneity: by is {by!r}; give 'period' or a Series by place.")
        groups, name = steps["period"], "period"
    else:
        lost = [where for where in steps["place"].unique() if where not in by.index]
        if lost:
            raise ValueError(f"homogeneity: place {lost[0]!r} has no group.")
        groups, name = steps["place"].map(by), str(by.name or "group")
    if groups.isna().any():
        raise ValueError(
            f"homogeneity: place {steps['place'][groups.isna()].iloc[0]!r} has no group."
        )
    if groups.nunique() < 2:
        raise ValueError(f"homogeneity: by {name} there is one group; a test needs two or more.")
    rng = np.random.default_rng(seed)
    statistic, drawn, freedom = 0.0, np.zeros(draws), 0
    for _, rows in steps.groupby("from"):
        cells = pd.crosstab(groups[rows.index], rows["to"]).to_numpy()
        if min(cells.shape) < 2:
            continue
        freedom += (cells.shape[0] - 1) * (cells.shape[1] - 1)
        statistic += float(_likelihood_ratio(cells))
        tables_drawn = random_table(cells.sum(axis=1), cells.sum(axis=0)).rvs(
            draws, random_state=rng
        )
        drawn += _likelihood_ratio(tables_drawn)
    larger = (drawn >= statistic - 1e-9).sum()
    return Homogeneity(name, statistic, freedom, float((1 + larger) / (1 + draws)))


def simulate_panel(
    matrix: pd.DataFrame,
    *,
    places: int = 100,
    periods: int = 10,
    start: Sequence[str] | None = None,
    seed: Seed = 0,
) -> pd.DataFrame:
    """Draw a panel from a planted matrix of transitions: constructed data.

    Parameters
    ----------
    matrix : pandas.DataFrame
        Probabilities from row to column; rows sum to one.
    places, periods : int
        Size of the panel.
    start : sequence of str, optional
        First types to draw from, all equally likely; by default all.
    seed : int or numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    pandas.DataFrame
        ``place``, ``period`` and ``type``, one row a place and period.

    Raises
    ------
    ValueError
        A matrix whose rows do not sum to one, or a start that is no type of it.

    Examples
    --------
    >>> stay = pd.DataFrame([[1.0]], ["satellite"], ["satellite"])
    >>> simulate_panel(stay, places=1, periods=2)["type"].tolist()
    ['satellite', 'satellite']
    """
    values = matrix.to_numpy(dtype=float)
    if list(matrix.index) != list(matrix.columns):
        raise ValueError("simulate_panel: rows and columns must be the same types in one order.")
    if (values < 0).any() or not np.allclose(values.sum(axis=1), 1):
        raise ValueError("simulate_panel: every row must hold probabilities that sum to 1.")
    names = list(matrix.index)
    for name in start or ():
        chains.known_type(name, names, "simulate_panel: start")
    rng = np.random.default_rng(seed)
    first = [names.index(name) for name in (start or names)]
    states = np.empty((places, periods), dtype=int)
    states[:, 0] = rng.choice(first, places)
    onward = np.cumsum(values, axis=1)
    onward[:, -1] = 1
    for t in range(1, periods):
        states[:, t] = (rng.random(places)[:, None] >= onward[states[:, t - 1]]).sum(axis=1)
    labels = np.array(names, dtype=object)[states]
    where = [f"place {i + 1}" for i in range(places)]
    return pd.DataFrame(
        {
            "place": np.repeat(where, periods),
            "period": np.tile(np.arange(1, periods + 1), places),
            "type": labels.ravel(),
        }
    )


def _classified(panel: pd.DataFrame, keys: list[str], features: list[str]) -> pd.DataFrame:
    if not isinstance(panel, pd.DataFrame):
        raise TypeError(f"panel must be a table, found {panel.__class__.__name__}.")
    tables.need_columns(panel.columns, [*keys, *features], "the panel")
    shares = districts.network_membership(panel[features].reset_index(drop=True))
    return panel[keys].reset_index(drop=True).assign(type=shares.idxmax(axis=1))


def _checked(panel, place, period, type, types) -> tuple[pd.DataFrame, list]:
    if not isinstance(panel, pd.DataFrame):
        raise TypeError(f"panel must be a table, found {panel.__class__.__name__}.")
    tables.need_columns(panel.columns, [place, period, type], "the panel")
    if panel.empty:
        raise ValueError("the panel has no rows.")
    table = panel[[place, period, type]].set_axis(["place", "period", "type"], axis=1)
    table = table.reset_index(drop=True)
    for own, name in ((place, "place"), (period, "period"), (type, "type")):
        empty = table[name].isna()
        if empty.any():
            raise ValueError(f"the panel: row {int(empty.idxmax()) + 1} has an empty {own!r}.")
    numbers = pd.to_numeric(table["period"], errors="coerce")
    bad = numbers.isna() | (numbers % 1 != 0)
    if bad.any():
        found = table["period"][bad].iloc[0]
        raise ValueError(
            f"the panel: row {int(bad.idxmax()) + 1} has {period} {found!r}, but periods are whole "
            "numbers such as years."
        )
    table["period"] = numbers.astype(int)
    names = list(types) if types is not None else sorted(table["type"].unique(), key=str)
    for row, name in table["type"].drop_duplicates().items():
        chains.known_type(name, names, f"the panel: row {int(row) + 1}: column {type!r}")
    twice = table.duplicated(["place", "period"])
    if twice.any():
        first = table[twice].iloc[0]
        raise ValueError(
            f"the panel lists {first['place']!r} in {period} {first['period']} more than once."
        )
    return table.assign(type=table["type"].map(names.index)), names


def _steps(table: pd.DataFrame, gaps: Gaps) -> tuple[pd.DataFrame, int]:
    """Return one row a step from a period to the next, and how much was left out."""
    if gaps not in get_args(Gaps):
        raise ValueError(f"estimate: gaps is {gaps!r}, not one of {get_args(Gaps)}.")
    code, _ = pd.factorize(table["place"])
    table = table.iloc[np.lexsort((table["period"], code))].reset_index(drop=True)
    same = table["place"].eq(table["place"].shift(-1)).to_numpy()
    if not same.any():
        raise ValueError(
            "the panel has one period for each place; a transition needs two or more of a place."
        )
    apart = (table["period"].shift(-1) - table["period"]).to_numpy()
    step = pd.Series(apart[same]).mode().iloc[0]
    gap = same & (apart != step)
    if gap.any() and gaps == "refuse":
        row = table.iloc[int(np.flatnonzero(gap)[0])]
        after = table.iloc[int(np.flatnonzero(gap)[0]) + 1]
        raise ValueError(
            f"the panel: {row['place']!r} goes from period {row['period']} to {after['period']}, "
            f"but a step is {int(step)} ({gap.sum()} such gaps); fill them or say gaps='leave out'."
        )
    kept = same & ~gap
    steps = pd.DataFrame(
        {
            "place": table["place"][kept],
            "period": table["period"][kept],
            "from": table["type"][kept],
            "to": table["type"].shift(-1)[kept].astype(int),
        }
    ).reset_index(drop=True)
    alone = table["place"].nunique() - table["place"][same].nunique()
    return steps, int(gap.sum()) + alone


def _count(steps: pd.DataFrame, names: list) -> np.ndarray:
    k = len(names)
    return np.bincount(steps["from"] * k + steps["to"], minlength=k * k).reshape(k, k)


def _jeffreys(counts: np.ndarray, total: np.ndarray, level: float) -> tuple:
    tail = (1 - level) / 2
    low = beta.ppf(tail, counts + 0.5, total - counts + 0.5)
    high = beta.ppf(1 - tail, counts + 0.5, total - counts + 0.5)
    low[counts == 0] = 0
    high[counts == total] = 1
    return low, high


def _bootstrap(steps, names, level, draws, rng) -> tuple[np.ndarray, np.ndarray]:
    """Resample whole places; a type that a sample never left takes its possible range 0 to 1."""
    k = len(names)
    code, where = pd.factorize(steps["place"])
    cell = code * k * k + steps["from"].to_numpy() * k + steps["to"].to_numpy()
    each = np.bincount(cell, minlength=len(where) * k * k).reshape(len(where), k * k)
    weights = rng.multinomial(len(where), np.full(len(where), 1 / len(where)), size=draws)
    counts = (weights @ each).reshape(draws, k, k)
    total = counts.sum(axis=2, keepdims=True)
    shares = counts / np.maximum(total, 1)
    tail = (1 - level) / 2
    low = np.quantile(np.where(total > 0, shares, 0), tail, axis=0)
    high = np.quantile(np.where(total > 0, shares, 1), 1 - tail, axis=0)
    return low, high


def _likelihood_ratio(cells: np.ndarray) -> np.ndarray:
    """Return G² of one table or of each of a stack of tables."""
    rows, columns = cells.sum(axis=-1, keepdims=True), cells.sum(axis=-2, keepdims=True)
    expected = rows * columns / cells.sum(axis=(-2, -1), keepdims=True)
    ratio = np.where(cells > 0, cells / expected, 1)
    return 2 * (cells * np.log(ratio)).sum(axis=(-2, -1))
