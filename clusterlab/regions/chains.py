"""Markov chains of classes of income: who moves up, who waits how long, whose neighbours help.

What follows from a matrix comes from `clusterlab.transitions`; intervals draw whole regions anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import rel_entr

from clusterlab import tables
from clusterlab.names import did_you_mean, listed, named, shown
from clusterlab.parameters import Seed, generator, need, number, whole
from clusterlab.regions.classes import classified, incomes
from clusterlab.results import Result
from clusterlab.transitions.markov import Estimate, chain_facts, limits, weighted_counts


@dataclass(frozen=True, repr=False)
class Mobility(Result):
    """The chain of classes of one panel; see `markov`.

    Attributes
    ----------
    estimate : clusterlab.transitions.markov.Estimate
        Counts, shares and intervals of every move.
    ways : pandas.DataFrame
        For each class and each of ``falls``, ``stays``, ``rises``: share, lower and upper limit.
    explained : str
        Why there is no long run; empty where there is one.
    long_run : pandas.DataFrame or None
        Share of regions in each class in the end if the matrix stays as it is; with limits where
        the classes are pooled.
    first_passage : pandas.DataFrame or None
        For each pair of classes the mean number of years until the second is first reached, with
        limits.
    given : dict
        The arguments.
    """

    estimate: Estimate
    ways: pd.DataFrame
    explained: str
    long_run: pd.DataFrame | None
    first_passage: pd.DataFrame | None
    given: dict


@dataclass(frozen=True, repr=False)
class SpatialMobility(Result):
    """One chain for each class of the neighbours' income; see `spatial_markov`.

    Attributes
    ----------
    overall : clusterlab.transitions.markov.Estimate
        All moves; in its ``transitions`` the column ``neighbours`` holds the class of the
        neighbours' mean income at the beginning of the step.
    by_neighbours : dict
        The estimate of each class of neighbours.
    ways : pandas.DataFrame
        For each class of neighbours, each class and each of ``falls``, ``stays``, ``rises``: share,
        lower and upper limit.
    tests : pd.DataFrame
        For each class, and for ``all``, whether its chances to fall, stay and rise differ by the
        class of neighbours: ``G²`` and ``p``.
    note : str
        What is odd about the neighbours; empty if nothing is.
    given : dict
        The arguments.
    """

    overall: Estimate
    by_neighbours: dict
    ways: pd.DataFrame
    tests: pd.DataFrame
    note: str
    given: dict

    def to_frame(self) -> pd.DataFrame:
        """Return the moves, one row a class of neighbours and pair of classes."""
        parts = {lag: found.to_frame() for lag, found in self.by_neighbours.items()}
        return pd.concat(parts, names=["neighbours"])


def markov(
    panel: pd.DataFrame,
    *,
    classes: int = 5,
    pooled: bool = False,
    replicates: int = 1000,
    level: float = 0.95,
    seed: Seed = 0,
) -> Mobility:
    r"""Estimate how regions move between classes of income from one year to the next.

    Parameters
    ----------
    panel : pandas.DataFrame
        Incomes, one row a region and one column a year, years equally far apart.
    classes, pooled
        As in `quantile_classes`.
    replicates : int
        How often regions are drawn anew for the intervals.
    level : float
        Coverage of the intervals.
    seed : int or numpy.random.Generator
        Where their randomness comes from.

    Returns
    -------
    Mobility
        ``estimate``, ``ways``, ``long_run``, ``first_passage``, and ``explained`` instead of the
        last two where the chain is not ergodic.

    Raises
    ------
    ValueError
        As in `quantile_classes`; one year only, or years that are not equally far apart.

    See Also
    --------
    spatial_markov : The same by the income of the neighbours.
    clusterlab.transitions.estimate : A chain of any types, also where periods are missing.

    Notes
    -----
    A share is the number of moves over the number of steps from its class. Intervals are those of
    `clusterlab.transitions.estimate` with ``interval="bootstrap"``: whole regions are weighted at
    random, since the steps of a region go together. That regions move together in a year they do
    not see. Long run and first passage take the moves that were seen and no others: their intervals
    come from the weighted counts alone. With quantiles of each year the long run is no finding:
    the classes hold the same number of regions every year, and the long run gives that back.

    Mean first passage times m and long-run shares π follow from
    :math:`Z = (I - P + \mathbf{1}\pi)^{-1}` by :math:`m_{ij} = (z_{jj} - z_{ij}) / \pi_j`, with P
    the matrix and I the identity (Kemeny and Snell 1960).

    References
    ----------
    Rey (2001), Spatial empirics for economic growth and convergence, Geographical Analysis 33(3).
    Kemeny and Snell (1960), Finite Markov Chains, chapter 4.

    Examples
    --------
    >>> incomes = pd.DataFrame({2000: [1, 2, 3, 4], 2001: [1, 3, 2, 4], 2002: [3, 2, 1, 4]},
    ...                        ["A", "B", "C", "D"])
    >>> markov(incomes, classes=2).estimate.counts.loc[1].tolist()
    [2, 2]
    """
    table = incomes(panel)
    years = table.columns
    codes = classified(table, table.to_numpy(), classes, pooled, "incomes")
    rng = _checked(replicates, level, seed)
    alone = np.broadcast_to(np.intp(0), codes.shape)  # all have neighbours of one class
    steps, counts, drawn = _counted(table, codes, alone, classes, replicates, rng)
    found = _estimate(counts[0], drawn[:, 0], steps.drop(columns="neighbours"), years, level, rng)
    why, long_run, passage = explained(found), None, None
    if not why:
        types, step = found.counts.index, int(years[1] - years[0])
        shares, times = _implied(drawn[:, 0])
        long_run = found.long_run(start=types[0]).to_frame("share").rename_axis("class")
        means = {to: found.first_passage(to)["mean periods"] for to in types}
        passage = step * pd.concat(means, names=["to"]).swaplevel().sort_index().to_frame("years")
        # quantiles of each year fix how many regions a class holds: its share is not uncertain
        for frame, many in [(passage, step * times), (long_run, shares)][: 1 + pooled]:
            tails = [(1 - level) / 2, (1 + level) / 2]
            frame[["low", "high"]] = np.quantile(many.reshape(replicates, -1), tails, axis=0).T
    return Mobility(
        estimate=found,
        ways=_ways(counts, drawn, level, rng).loc[1],
        explained=why,
        long_run=long_run,
        first_passage=passage,
        given={"classes": classes, "pooled": pooled},
    )


def spatial_markov(
    panel: pd.DataFrame,
    neighbours: Any,
    *,
    classes: int = 5,
    pooled: bool = False,
    replicates: int = 1000,
    level: float = 0.95,
    seed: Seed = 0,
) -> SpatialMobility:
    r"""Estimate one chain of classes for each class of the neighbours' mean income.

    Parameters
    ----------
    panel : pandas.DataFrame
        As in `markov`.
    neighbours : pandas.DataFrame, mapping or libpysal weights
        A frame of two columns, region and neighbour, one row a pair; a mapping from each region to
        the list of its neighbours; or weights of libpysal, with the regions' names as ids. They are
        matched by name, whatever their order. Each region's own list counts: lists that are not
        mutual are allowed, and ``note`` of the result says so.
    classes, pooled
        As in `quantile_classes`, for incomes and for the means of neighbours alike.
    replicates, level, seed
        As in `markov`.

    Returns
    -------
    SpatialMobility
        ``overall``, ``by_neighbours``, ``ways``.

    Raises
    ------
    ValueError
        As in `markov`; a region without neighbours, a name that the panel does not have, a pair
        listed twice, a region that is its own neighbour, a weight below zero.

    See Also
    --------
    markov : One chain for all.
    clusterlab.transitions.homogeneity : A test whether the chains are one, of ``overall`` with
        ``by="neighbours"``.

    Notes
    -----
    The mean of neighbours is :math:`\sum_j w_{ij} y_{jt} / \sum_j w_{ij}`, with y the incomes of a
    year and w the weights, 1 for each neighbour in a list. A step belongs to the class of that mean
    in the year in which it begins. With ``pooled`` the classes are those of giddy's
    ``Spatial_Markov(fixed=True)``, without it those of ``fixed=False``.

    That regions beside rich ones rise more often is no proof that neighbours help: they may share
    what makes both rich.

    References
    ----------
    Rey (2001), Spatial empirics for economic growth and convergence, Geographical Analysis 33(3).

    Examples
    --------
    >>> incomes = pd.DataFrame({2000: [1, 2, 3, 4], 2001: [1, 3, 2, 4], 2002: [3, 2, 1, 4]},
    ...                        ["A", "B", "C", "D"])
    >>> found = spatial_markov(incomes, {"A": ["B"], "B": ["A"], "C": ["D"], "D": ["C"]}, classes=2)
    >>> {lag: int(each.counts.to_numpy().sum()) for lag, each in found.by_neighbours.items()}
    {1: 4, 2: 4}
    """
    table = incomes(panel)
    values = table.to_numpy()
    weights, note = _links(neighbours, table.index)
    # summed before it is divided, so that equal means stay equal
    means = (weights @ values) / weights.sum(axis=1)[:, None]
    codes = classified(table, values, classes, pooled, "incomes")
    lags = classified(table, means, classes, pooled, "means of neighbours")
    rng = _checked(replicates, level, seed)
    steps, counts, drawn = _counted(table, codes, lags, classes, replicates, rng)
    parts = {}
    for lag in range(classes):
        own = steps[steps["neighbours"] == lag + 1]
        parts[lag + 1] = _estimate(counts[lag], drawn[:, lag], own, table.columns, level, rng)
    all_counts, all_drawn = counts.sum(axis=0), drawn.sum(axis=1)
    return SpatialMobility(
        overall=_estimate(all_counts, all_drawn, steps, table.columns, level, rng),
        by_neighbours=parts,
        ways=_ways(counts, drawn, level, rng),
        tests=_tests(codes, lags, classes, replicates, rng),
        note=note,
        given={"classes": classes, "pooled": pooled},
    )


def explained(found: Estimate) -> str:
    """Return why a chain has no long run of its own, in a sentence; empty where it has one."""
    if found.never_left:
        return (
            f"No region was seen in class {found.never_left[0]} before another year: nothing is "
            "known about leaving it, and so nothing about the long run."
        )
    facts = chain_facts(found.matrix)
    closed = [part for part in dict.fromkeys(facts["closed class"]) if part]
    if len(closed) > 1:
        parts = listed([f"({part})" for part in closed])
        return (
            f"No move was seen between the parts {parts} of the classes: where a region ends hangs "
            "on where it starts, and there is no long run of its own."
        )
    if facts["transient"].any():
        steps = int(found.counts[~facts["transient"]].to_numpy().sum())
        return (
            f"No move out of class {closed[0]} was seen in {steps} steps, so with these shares "
            "every region ends there; to have seen none is not to know that there is none."
        )
    if not nx.is_aperiodic(found.graph) and not np.diag(found.counts).any():
        return "The classes are passed in a fixed round: shares swing for ever and have no limit."
    return ""


def count(codes: np.ndarray, lags: np.ndarray, k: int) -> np.ndarray:
    """Count steps by class of neighbours, class before and class after, all from 0."""
    return np.bincount(_cells(codes, lags, k), minlength=(lags.max() + 1) * k * k).reshape(-1, k, k)


def _cells(codes: np.ndarray, lags: np.ndarray, k: int) -> np.ndarray:
    """Return a number for each step, which holds its three classes."""
    cells = (lags[:, :-1] * k + codes[:, :-1]) * k + codes[:, 1:]
    return cells.ravel().astype(np.intp, copy=False)


def _checked(replicates: Any, level: Any, seed: Any) -> np.random.Generator:
    whole("replicates", replicates, 1, 1_000_000)
    number("level", level, 0, 1, ends=False)
    return generator(seed)


def _counted(table: pd.DataFrame, codes, lags, k: int, replicates: int, rng) -> tuple:
    """Return the steps, their counts, and the counts with regions weighted at random."""
    years = table.columns
    apart = np.diff(years)
    if not len(apart):
        raise ValueError(f"the panel has one year ({years[0]}); a move needs two or more.")
    if (apart != apart[0]).any():
        odd = int((apart != apart[0]).argmax())
        raise ValueError(
            f"the panel goes from {years[odd]} to {years[odd + 1]}, but from {years[0]} to "
            f"{years[1]} before: years must be equally far apart; choose such columns, or give "
            "quantile_classes(panel) to transitions.estimate with gaps='leave out'."
        )
    ends = {"from": codes[:, :-1], "to": codes[:, 1:], "neighbours": lags[:, :-1]}
    steps = pd.DataFrame(
        {"place": np.repeat(table.index, len(apart)), "period": np.tile(years[:-1], len(table))}
        | {name: each.ravel() + 1 for name, each in ends.items()}
    )
    counts = count(codes, lags, k)
    shape = (len(counts) * k, k)
    drawn = weighted_counts(steps["place"], _cells(codes, lags, k), shape, replicates, rng)
    return steps, counts, drawn.reshape(-1, *counts.shape)


def _estimate(counts, drawn, steps: pd.DataFrame, years: pd.Index, level: float, rng) -> Estimate:
    """Return counts with their intervals as `transitions.estimate` does."""
    axes = [pd.RangeIndex(1, len(counts) + 1, name=end) for end in ("from", "to")]
    low, high = limits(counts, level, drawn, rng)
    step = years[1] - years[0]
    return Estimate(
        counts=pd.DataFrame(counts, *axes),
        low=pd.DataFrame(low, *axes),
        high=pd.DataFrame(high, *axes),
        level=level,
        interval="bootstrap",
        transitions=steps.reset_index(drop=True),
        places=steps["place"].nunique(),
        left_out=0,
        per=str(years.name) if step == 1 else f"{step} {years.name}s",
    )


def _ways(counts: np.ndarray, drawn: np.ndarray, level: float, rng) -> pd.DataFrame:
    """Return the chances to fall, stay and rise, by class of neighbours and class."""
    order = np.arange(counts.shape[1])
    way = np.eye(3)[np.sign(order - order[:, None]) + 1]  # 1 where a move from i to j goes that way
    summed, many = (np.einsum("...ij,ijw->...iw", each, way) for each in (counts, drawn))
    low, high = limits(summed.reshape(-1, 3), level, many.reshape(len(drawn), -1, 3), rng)
    high *= np.tile(way.any(axis=1), (len(counts), 1))  # the poorest cannot fall
    index = pd.MultiIndex.from_product(
        [range(1, len(counts) + 1), order + 1, ["falls", "stays", "rises"]],
        names=["neighbours", "from", "way"],
    )
    steps = pd.Series(summed.ravel(), index)
    share = steps / steps.groupby(level=[0, 1]).transform("sum")  # NaN where there is no step
    return pd.DataFrame({"share": share, "low": low.ravel(), "high": high.ravel()})


def _tests(codes: np.ndarray, lags: np.ndarray, k: int, replicates: int, rng) -> pd.DataFrame:
    """Compare the chances by class of neighbours with those of neighbours dealt anew."""
    own = 3 * codes[:, :-1] + np.sign(np.diff(codes)) + 1

    def likelihood_ratios(lags: np.ndarray) -> np.ndarray:
        cells = (3 * k * lags[:, :-1] + own).ravel().astype(np.intp)
        seen = np.bincount(cells, minlength=3 * k * k).reshape(k, k, 3)
        steps = seen.sum(axis=2, keepdims=True)
        shares = seen.sum(axis=0) / np.maximum(steps.sum(axis=0), 1)
        ratios = 2 * rel_entr(seen, steps * shares).sum(axis=(0, 2))
        return np.append(ratios, ratios.sum())

    here = likelihood_ratios(lags)
    # a region's own path and the path of a region's neighbours stay whole: only who has which
    # neighbours is drawn, so that steps of a region that go together do not count as many
    drawn = [likelihood_ratios(lags[rng.permutation(len(lags))]) for _ in range(replicates)]
    larger = (np.array(drawn) >= here - 1e-9).sum(axis=0)
    index = pd.Index([*range(1, k + 1), "all"], name="class")
    return pd.DataFrame({"G²": here, "p": (1 + larger) / (1 + replicates)}, index)


def _implied(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return long-run shares and mean first passages in steps, of each of a stack of counts."""
    matrix = counts / counts.sum(axis=2, keepdims=True)
    away = np.eye(matrix.shape[1]) - matrix
    # π (I - P + 1) = 1: the shares are stationary and add up to 1
    ones = np.ones((matrix.shape[1], 1))
    shares = np.linalg.solve(np.swapaxes(away + 1, 1, 2), ones)[:, None, :, 0]
    z = np.linalg.inv(away + shares)
    return shares, (np.diagonal(z, axis1=1, axis2=2)[:, None, :] - z) / shares


def _links(neighbours: Any, places: pd.Index) -> tuple[csr_array, str]:
    """Return the weights of neighbours and what is odd about them."""
    near, weights = _lists(neighbours)
    at = {place: i for i, place in enumerate(places)}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for place, beside in near.items():
        for name in (place, *beside):
            if not pd.api.types.is_hashable(name) or name not in at:
                hint = did_you_mean(name, places)
                raise ValueError(f"neighbours: {shown(name)} is not a region of the panel{hint}")
        if place in beside:
            raise ValueError(f"neighbours: {place!r} is listed as its own neighbour.")
        if len({*beside}) < len(beside):
            twice = max(beside, key=beside.count)
            raise ValueError(f"neighbours: {twice!r} is listed twice for {place!r}.")
        rows += [at[place]] * len(beside)
        columns += [at[name] for name in beside]
        given = [1.0] * len(beside)
        if weights:
            given = [number(f"neighbours: a weight of {place!r}", one) for one in weights[place]]
            most = max(given, default=0) or 1  # weights of a sixth each are again 1 each
            given = [one / most for one in given]
        values += given
    table = csr_array((values, (rows, columns)), shape=(len(at), len(at)), dtype=float)
    total = table.sum(axis=1)
    if not total.all():
        raise ValueError(
            f"neighbours: {named(places[total == 0], 'region', 'regions')} without a neighbour, so "
            "there is no mean to go by; leave such regions out of the panel, or say who is near."
        )
    pairs = list(zip(rows, columns, strict=True))
    both = set(pairs)
    lone = [f"{places[i]} → {places[j]}" for i, j in pairs if (j, i) not in both]
    told = f"{len(lone)} of {len(pairs)} pairs are listed from one side only: {', '.join(lone[:3])}"
    return table, told if lone else ""


def _lists(neighbours: Any) -> tuple[dict, Mapping]:
    """Return the list of neighbours of each region, and their weights where they have some."""
    if isinstance(neighbours, pd.DataFrame):
        if neighbours.shape[1] != 2:
            raise ValueError(
                f"neighbours has {named(neighbours.columns, 'column', 'columns')}; give the two "
                "that hold region and neighbour: table[['state', 'neighbour']]."
            )
        pairs = neighbours.set_axis(["place", "neighbour"], axis=1)
        tables.refuse_gaps(pairs, pairs, lambda row: f"neighbours: row {row + 1}")
        return pairs.groupby("place")["neighbour"].agg(list).to_dict(), {}
    if hasattr(neighbours, "neighbors"):  # libpysal's W and Graph
        near, weights = neighbours.neighbors, neighbours.weights
    else:
        lists = isinstance(neighbours, Mapping)
        lists = lists and all(map(pd.api.types.is_list_like, neighbours.values()))
        wanted = "a frame of two columns, a mapping from region to list, or weights of libpysal"
        need(lists, "neighbours", wanted, neighbours)
        near, weights = neighbours, {}
    return {place: list(beside) for place, beside in near.items()}, weights
