"""What can be said where figures are withheld: measures between two numbers.

An unknown cell lies between zero, or what its size classes allow, and what published totals leave.
A measure then lies between its smallest and its largest value over all such tables. The measures
here are sums of one convex term a cell, for which both ends are found without trying tables out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.agglomeration.concentration import Of, refuse_other_places
from clusterlab.agglomeration.plants import class_bounds, class_means, class_sums
from clusterlab.names import shown
from clusterlab.parameters import chosen
from clusterlab.totals import unit_of

#: So near to each other lie the totals of industries for which each step computes bounds.
_STEP = 1.005


_Ends: TypeAlias = tuple[np.ndarray, np.ndarray]


def _smallest(
    low: np.ndarray, high: np.ndarray, total: np.ndarray, target: np.ndarray, power: int
) -> np.ndarray:
    r"""Return the least :math:`\sum |u - m|^p` with low ≤ u ≤ high and the given sums of rows."""
    high = np.minimum(high, low + total - low.sum(axis=1, keepdims=True))
    near = np.clip(target, low, high)
    here = near.sum(axis=1, keepdims=True)
    if power == 1:  # each unit away from the nearest point costs one unit, wherever it is put
        return np.abs(near - target).sum(axis=1) + np.abs(total - here)[:, 0]
    # of squares all that can move lie equally far from their targets
    below, above = (low - target).min(axis=1, initial=0), (high - target).max(axis=1, initial=0)
    for _ in range(100):
        step = (below + above)[:, None] / 2
        short = (np.clip(target + step, low, high).sum(axis=1, keepdims=True) < total)[:, 0]
        below, above = np.where(short, step[:, 0], below), np.where(short, above, step[:, 0])
    return ((np.clip(target + above[:, None], low, high) - target) ** 2).sum(axis=1)


def _largest(
    low: np.ndarray, high: np.ndarray, total: np.ndarray, target: np.ndarray, power: int
) -> _Ends:
    """Return what the largest such sum cannot exceed, and a value that it does reach.

    A convex term lies below the chord between its ends, and a sum of chords is largest where the
    steepest are used first. All cells but one are then at an end, where the chord is the term.
    """
    free = total - low.sum(axis=1, keepdims=True)
    high = np.minimum(high, low + np.maximum(free, 0))  # more than what is free no cell can take
    width = high - low
    ends = [np.abs(end - target) ** power for end in (low, high)]
    slope = np.divide(ends[1] - ends[0], width, out=np.zeros_like(width), where=width > 0)
    order = np.argsort(-slope, axis=1, kind="stable")
    width, slope = (np.take_along_axis(each, order, axis=1) for each in (width, slope))
    before = np.cumsum(width, axis=1) - width
    filled = np.clip(free - before, 0, width)
    back = np.empty_like(filled)
    np.put_along_axis(back, order, filled, axis=1)
    reached = (np.abs(low + back - target) ** power).sum(axis=1)
    return ends[0].sum(axis=1) + (slope * filled).sum(axis=1), reached


def measure_bounds(
    table: pd.DataFrame, *, totals: pd.Series, industry_totals: pd.Series, of: Of = "industry"
) -> pd.DataFrame:
    r"""Return between which two numbers measures lie where cells are unknown and totals published.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries; NaN where a figure is withheld.
    totals : pandas.Series
        Each region's published total, for the table's regions.
    industry_totals : pandas.Series
        Each industry's published total over the table's regions together.
    of : {"industry", "region"}
        Herfindahl and Hoover index of each industry over regions, for which ``totals`` may count
        industries that the table does not have; or Herfindahl and Krugman index (against the rest)
        of each region over industries, for which the table must have them all.

    Returns
    -------
    pandas.DataFrame
        One row an industry or region: the number of unknown cells and the low and high end of each
        measure, equal where nothing is unknown. ``attrs["note"]`` counts the unknown cells and says
        for how many rows a high end may not be reached.

    Raises
    ------
    ValueError
        A bad table, totals that are missing, zero, below the known cells or not those of this
        table.

    See Also
    --------
    ellison_glaeser_bounds : from numbers of plants by size class.
    clusterlab.agglomeration.measure_all : all measures of the industries that are wholly known.
    clusterlab.agglomeration.quotient.LocationQuotient.bounds : for quotients.

    Notes
    -----
    The unknown cells :math:`u` of one industry add up to its total T less the known cells, and none
    holds more than what its region's total leaves. Over all such u

    .. math:: H = \frac{1}{T^2}\Big(\sum_{known} e^2 + \sum u^2\Big), \qquad
        \text{Hoover} = \frac{1}{2T} \sum |e - T p|

    are convex, with p the region's share of the totals. They are smallest where the u are as equal
    (as near to Tp) as they may be, which is found exactly, and largest at a corner, where all u but
    one are at an end. For H that is the corner which fills the largest first: exact. For the other
    index each term is replaced by the chord between its ends, which nothing exceeds; the corner
    found reaches it unless its one cell between the ends falls short, and the note counts those.
    Krugman's index against the rest is the same sum of gaps, divided by :math:`T (1 - T/E)` in
    place of 2T, with T the region's total and E that of all.

    Each row stands alone: that the unknown cells of one industry also have to fit those of the
    others may narrow its bounds further. Figures need not be whole: with few jobs the low end of H
    may lie just below what whole numbers reach.

    Examples
    --------
    >>> jobs = pd.DataFrame({"wine": [60, np.nan, np.nan], "shops": [40, 80, 90]}, list("ABC"))
    >>> bounds = measure_bounds(jobs, totals=pd.Series({"A": 100, "B": 100, "C": 100}),
    ...                         industry_totals=pd.Series({"wine": 80, "shops": 210}))
    >>> bounds.loc["wine", ["herfindahl_low", "herfindahl_high"]].tolist()
    [0.59375, 0.625]
    """
    chosen("of", of, ("industry", "region"))
    counts = tables.check_values(table, allow_unknown=True)
    tables.refuse_totals(counts)
    sizes = tables.region_totals(counts, totals)[0]
    refuse_other_places(totals, counts.index, "totals")
    columns = tables.align(industry_totals, counts.columns, what="industry_totals")
    name, what = "hoover", ("industry_totals: industry", "region")
    own, across, values = columns, sizes, counts.to_numpy()
    if of == "region":
        name, what = "krugman_specialisation", ("totals: region", "industry")
        own, across, values = sizes, columns, values.T
        refuse_other_places(industry_totals, counts.columns, "industry_totals")
    unit = 0.5 * unit_of(values)
    left = _left(values, own, unit, what[0])
    beside = np.maximum(across.to_numpy() - np.nansum(values, axis=1), 0)
    everything = across.sum()
    if of == "region" and abs(everything - own.sum()) > unit * sum(values.shape) + 1e-9 * own.sum():
        raise ValueError(
            f"totals add up to {own.sum():g} and industry_totals to {everything:g}, but both must "
            "be the total of this table: all its regions and all their industries."
        )
    if own.max() >= everything and of == "region":
        raise ValueError(f"totals: region {own.idxmax()!r} holds everything; nothing to compare.")
    share = across.to_numpy() / everything
    rows, loose = [], 0
    for place, total in enumerate(own.to_numpy()):
        cells = values[:, place]
        gone = np.isnan(cells)
        room, target = np.minimum(beside[gone], left[place])[None], total * share
        if room.sum() < left[place] - unit * (len(cells) + 1) - 1e-9 * total:
            raise ValueError(
                f"{what[0]} {own.index[place]!r} has {total:g}, which leaves {left[place]:g} for "
                f"its unknown cells, but the other totals leave only {room.sum():g} there."
            )
        rest = np.full((1, 1), min(left[place], room.sum()))
        none, near = np.zeros_like(room), target[gone][None]
        squares, gaps = (cells[~gone] ** 2).sum(), np.abs(cells - target)[~gone].sum()
        most, reached = _largest(none, room, rest, near, 1)
        loose += int((most > reached + 1e-9 * total)[0])
        scale = 1 / (2 * total) if of == "industry" else everything / total / (everything - total)
        rows.append(
            {
                "unknown": int(gone.sum()),
                "herfindahl_low": squares + _smallest(none, room, rest, none, 2)[0],
                "herfindahl_high": squares + _largest(none, room, rest, none, 2)[1][0],
                f"{name}_low": scale * (gaps + _smallest(none, room, rest, near, 1)[0]),
                f"{name}_high": scale * (gaps + most[0]),
            }
        )
        for end in ("low", "high"):
            rows[-1][f"herfindahl_{end}"] /= total**2
    result = pd.DataFrame(rows, index=own.index)
    unknown = int(np.isnan(values).sum())
    result.attrs["note"] = (
        f"{unknown:,} of {values.size:,} cells are unknown; every end is reached by some table "
        f"that fits, but the high end of {name} perhaps not in {loose} of {len(result)} rows."
    )
    return result


def _left(values: np.ndarray, own: pd.Series, unit: float, what: str) -> np.ndarray:
    """Return what totals leave for unknown cells, or say which cannot be a total of its column."""
    known = np.nansum(values, axis=0)
    left, slack = own.to_numpy() - known, unit * (len(values) + 1) + 1e-9 * own.to_numpy()
    whole = ~np.isnan(values).any(axis=0)
    for place in np.flatnonzero((left < -slack) | (whole & (left > slack)) | (own <= 0)):
        its = "all known" if whole[place] else "known"
        raise ValueError(
            f"{what} {own.index[place]!r} has {own.iloc[place]:g}, but its cells in the table, "
            f"{its}, add up to {known[place]:g}; give the total of this table's cells."
        )
    return np.maximum(left, 0)


def ellison_glaeser_bounds(
    cells: pd.DataFrame,
    *,
    classes: Mapping[str, tuple[float, float | None]],
    totals: pd.Series,
    industry_totals: pd.Series | None = None,
    absent: Literal["zero", "unknown"] = "zero",
    region: str = "region",
    industry: str = "industry",
    employment: str = "employment",
    establishments: str = "establishments",
) -> pd.DataFrame:
    r"""Return between which two numbers the Ellison-Glaeser index lies, from plants by size class.

    Statistical offices that withhold the employment of a cell still publish its number of
    establishments by size class. The classes bound its employment, and in every cell the sizes of
    its plants.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row a region and industry, as `clusterlab.official.fetch` returns it for
        ``"us-cbp"``: employment (NaN where withheld), establishments, and one column a size class
        with numbers of establishments (NaN where withheld).
    classes : mapping
        Column of each size class → its smallest and largest size; None where it is open.
    totals : pandas.Series
        Each region's total employment, over all its industries. A region that is in it and has no
        row of an industry counts too.
    industry_totals : pandas.Series, optional
        Each industry's published employment over all these regions. By default the sum of its cells
        where all are known; else it lies between what they allow, which makes the bounds wider.
    absent : {"zero", "unknown"}
        What it means that an industry has no row in a region: no plants, or figures not published,
        which needs ``industry_totals``.
    region, industry, employment, establishments : str
        Names of the other columns.

    Returns
    -------
    pandas.DataFrame
        One row an industry: ``unknown`` (cells without employment, the absent ones counted where
        they are unknown), ``gamma`` (NaN where there are any), and the low and high end of gamma,
        raw index and plant Herfindahl. ``attrs["note"]`` counts what is unknown and what has no
        bounds, and why.

    Raises
    ------
    ValueError
        A column or label that is missing, a pair listed twice, classes that do not add up to the
        establishments, a region without a total.

    See Also
    --------
    ellison_glaeser : the index itself, with its formula.
    plant_sizes_from_classes : the rule by which the sizes behind ``gamma`` are set.
    measure_bounds : measures that need no plants.
    clusterlab.official.fetch : County Business Patterns with size classes.

    Notes
    -----
    With :math:`u_c` the employment of cell c, between :math:`\sum_k n_{ck} a_k` and
    :math:`\sum_k n_{ck} b_k` where it is withheld (n plants in class k of sizes a to b), both
    :math:`G = \sum_c (u_c/T - x_c)^2` and :math:`H = \sum_{plants} z^2` are convex. Their smallest
    values are exact for a known T; the largest H is exact too, G's replaces each term by a
    chord as in `measure_bounds`. Plants of a known cell add up to its employment; those of all
    unknown cells together to the rest of T. γ grows with G, and is taken at both ends of H. Where
    employment is known everywhere both its ends are reached; else they may not be, as the cells
    that make G large need not make H small. Where T itself is not known it is gone through in steps
    of half a percent, which adds at most about one percent to G and H.

    Offices that add noise to employment publish cells a little outside what their classes allow;
    their plants are taken at the nearest sizes, in proportion, and the note counts them.
    ``gamma`` itself sets plants of a class and cell equal, by the rule of
    `plant_sizes_from_classes`.

    References
    ----------
    G. Ellison and E. L. Glaeser (1997), Geographic concentration in U.S. manufacturing industries:
    a dartboard approach, Journal of Political Economy 105(5), 889-927.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["A", "B"], "industry": "wine", "employment": [12, None],
    ...                       "establishments": [3, 1], "1-4": [2, 0], "5-9": [1, 1]})
    >>> found = ellison_glaeser_bounds(cells, classes={"1-4": (1, 4), "5-9": (5, 9)},
    ...     totals=pd.Series({"A": 50, "B": 50}), industry_totals=pd.Series({"wine": 20}))
    >>> found.loc["wine", ["unknown", "raw_low", "raw_high"]].round(4).tolist()
    [1.0, 0.02, 0.02]
    """
    chosen("absent", absent, ("zero", "unknown"))
    if absent == "unknown" and industry_totals is None:
        raise ValueError("absent='unknown' needs industry_totals=, else nothing bounds such cells.")
    cells, plants = _read_cells(
        cells, [region, industry, employment, establishments], classes, totals
    )
    sizes = tables.align(totals, totals.index, what="totals")
    if not sizes.sum() > sizes.max():
        raise ValueError("totals: one region holds everything; nothing to compare.")
    share, codes = sizes / sizes.sum(), cells[industry]
    rows, why = {}, {"open": 0, "outside": 0, "single": 0}
    for name, own in cells.groupby(codes, sort=True):
        known = industry_totals
        if known is not None:
            known = float(tables.align(known, [name], what="industry_totals").iloc[0])
        rows[name], reason = _bounds_of(
            own[employment].to_numpy(dtype=float),
            tuple(part[own.index] for part in plants),
            share[own[region]].to_numpy(),
            share.drop(own[region]).to_numpy(),
            known,
            absent == "unknown",
        )
        if reason:
            why[reason] += 1
    result = pd.DataFrame.from_dict(rows, orient="index").rename_axis(industry)
    number, low, high = plants[:3]
    least, most = class_sums(number, low, high)
    jobs = cells[employment].to_numpy(dtype=float)
    noisy = int(((jobs < least * (1 - 1e-9)) | (jobs > most * (1 + 1e-9))).sum())
    said = [
        f"employment is unknown in {int(result['unknown'].sum()):,} cells",
        f"{noisy:,} known cells lie outside their size classes" if noisy else "",
        f"no bounds for {why['open']} industries whose total is not known and whose largest class "
        "is open: give industry_totals="
        if why["open"]
        else "",
        f"no bounds for {why['outside']} industries whose published total lies outside what their "
        "cells allow (absent='unknown' if some have no row)"
        if why["outside"]
        else "",
        f"no index for {why['single']} industries with a single plant" if why["single"] else "",
    ]
    result.attrs["note"] = "; ".join(filter(None, said)) + "."
    return result


_Plants: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray]


def _read_cells(
    frame: pd.DataFrame, names: list[str], classes: Any, totals: pd.Series
) -> tuple[pd.DataFrame, _Plants]:
    """Return checked rows, and of each the numbers of plants with the ends of their sizes.

    Plants whose class is withheld are a class of their own, from the smallest to the largest size
    of the classes they may be in.
    """
    tables.need_frame(frame, "cells", "one row a region and industry")
    if not isinstance(classes, Mapping) or not classes:
        raise ValueError("classes must be a mapping of columns to (smallest, largest) sizes.")
    tables.need_columns(frame.columns, [*names, *classes], "cells")
    if frame.empty:
        raise ValueError("cells has no row, so there is no industry to measure.")
    frame = frame.reset_index(drop=True)
    place = "row {} of cells".format
    tables.refuse_gaps(frame, names[:2], lambda row: place(row + 1))
    tables.refuse_repeats(
        frame, names[:2], lambda row: f"{place(row + 1)} lists a region and industry once more."
    )
    tables.align(totals, frame[names[0]].unique(), what="totals")
    numbers = {}
    for column in [*names[2:], *classes]:
        numbers[column], bad = tables.numbers(frame[column])
        wrong = np.flatnonzero(numbers[column] < 0) if bad is None else [bad]
        if len(wrong):
            found = shown(frame[column].iloc[wrong[0]])
            raise ValueError(f"{place(wrong[0] + 1)}: column {column!r} has {found}, no count.")
    number = np.column_stack([numbers[column] for column in classes])
    low, high = class_bounds([*classes.values()], pd.Index([*classes]))
    hidden, plants = np.isnan(number), numbers[names[3]]
    rest = plants - np.nansum(number, axis=1)
    odd = np.isnan(rest) | (rest < -1e-9) | ((rest > 1e-9) & ~hidden.any(axis=1)) | (plants <= 0)
    for row in np.flatnonzero(odd):
        raise ValueError(
            f"{place(row + 1)}: {names[3]} is {plants[row]:g}, but its classes hold "
            f"{np.nansum(number[row]):g}; leave the row out, or look at its classes."
        )
    shape = number.shape
    low, high = np.broadcast_to(low, shape), np.broadcast_to(high, shape)
    widest = [
        np.where(hidden, low, np.inf).min(axis=1, where=hidden, initial=np.inf),
        np.where(hidden, high, 0).max(axis=1),
    ]
    widest[0] = np.where(np.isinf(widest[0]), 0, widest[0])
    number = np.column_stack([np.nan_to_num(number), np.maximum(rest, 0)])
    low, high = np.column_stack([low, widest[0]]), np.column_stack([high, widest[1]])
    return frame.assign(**{names[2]: numbers[names[2]]}), (number, low, high)


def _bounds_of(
    jobs: np.ndarray,
    plants: _Plants,
    share: np.ndarray,
    elsewhere: np.ndarray,
    total: float | None,
    absent: bool,
) -> tuple[dict[str, float], str]:
    """Return the row of one industry, and why it has no bounds if it has none."""
    number, low, high = plants
    least, most = class_sums(number, low, high)
    gone = np.isnan(jobs)
    hidden = len(elsewhere) if absent else 0
    row: dict[str, float] = {"unknown": int(gone.sum()) + hidden, "gamma": np.nan}
    row |= {
        f"{name}_{end}": np.nan
        for name in ("gamma", "raw", "plant_herfindahl")
        for end in ("low", "high")
    }
    known = float(jobs[~gone].sum())
    ends = [known + least[gone].sum(), known + most[gone].sum()]
    if hidden and total is not None:
        ends[1] = max(ends[1], total)
    if total is not None:
        slack = 1e-9 * total
        if not ends[0] - slack <= total <= ends[1] + slack:
            return row, "outside"
        ends = [total, total]
    if np.isinf(ends[1]):
        return row, "open"
    if number.sum() == 1 and not hidden:
        return row, "single"
    # plants of a cell with noise are moved to where they add up to its employment
    with np.errstate(invalid="ignore"):
        fit = np.where(jobs < least, jobs / least, np.where(jobs > most, jobs / most, 1.0))
    low, high = (end * np.where(gone, 1.0, fit)[:, None] for end in (low, high))
    inside = _squares(number[~gone], low[~gone], high[~gone], jobs[~gone])
    steps = 1 + int(np.log(ends[1] / ends[0]) / np.log(_STEP))
    edges = np.geomspace(ends[0], ends[1], steps + 1) if ends[1] > ends[0] else np.array(ends)
    first, last = edges[:-1, None], edges[1:, None]
    # G, in shares of the total
    cell_low, cell_high = (np.where(gone, end, jobs) for end in (least, most))
    if hidden:
        cell_low = np.concatenate([cell_low, np.zeros(hidden)])
        cell_high = np.concatenate([cell_high, np.full(hidden, np.inf)])
        share, elsewhere = np.concatenate([share, elsewhere]), elsewhere[:0]
    bounds, one, here = (cell_low / last, cell_high / first), np.ones_like(first), share[None]
    others = (elsewhere**2).sum()
    raw = [_smallest(*bounds, one, here, 2) + others, _largest(*bounds, one, here, 2)[0] + others]
    # H: plants of known cells, and those of all unknown ones together
    many = number[gone].sum(axis=0)
    inner = np.where(number[gone] > 0, low[gone], np.inf).min(axis=0, initial=np.inf)
    outer = np.where(number[gone] > 0, high[gone], 0).max(axis=0, initial=0)
    inner = np.where(many > 0, inner, 0)
    if hidden:
        many, inner, outer = np.append(many, hidden), np.append(inner, 0), np.append(outer, np.inf)
    shape = (len(first), len(many))
    pool = [np.broadcast_to(part, shape) for part in (many, inner, outer)]
    free = [np.maximum(edge[:, 0] - known, 0) for edge in (first, last)]
    # into how many plants the absent cells fall is not known, so they may add next to nothing
    least_pool = _squares(pool[0], pool[1], pool[2], free[0])[0]
    fewest = (many * inner**2).sum() if hidden else least_pool
    herfindahl = [
        (inside[0].sum() + fewest) / last[:, 0] ** 2,
        (inside[1].sum() + _squares(pool[0], pool[1], pool[2], free[1])[1]) / first[:, 0] ** 2,
    ]
    herfindahl[1] = np.minimum(herfindahl[1], 1 - 1e-9)
    spread = 1 - (share**2).sum() - others

    def gamma(raw: Any, herfindahl: Any) -> Any:
        return (raw / spread - herfindahl) / (1 - herfindahl)

    row |= {"raw_low": raw[0].min(), "raw_high": raw[1].max()}
    row |= {
        "plant_herfindahl_low": herfindahl[0].min(),
        "plant_herfindahl_high": herfindahl[1].max(),
        "gamma_low": np.minimum(*(gamma(raw[0], h) for h in herfindahl)).min(),
        "gamma_high": np.maximum(*(gamma(raw[1], h) for h in herfindahl)).max(),
    }
    if not row["unknown"]:
        means = class_means(number, low, high, jobs)
        row["gamma"] = float(gamma(raw[0][0], (number * means**2).sum() / known**2))
    return row, ""


def _squares(
    number: np.ndarray, low: np.ndarray, high: np.ndarray, total: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the largest sum of squared plant sizes that add up to a total, by row.

    Smallest with all plants as equal as their classes let them be. Largest with the large classes
    filled first, at most one plant between the ends of its class: no other sizes have larger sums
    of their first k, for any k, as long as classes do not overlap. Where they do (the plants whose
    class is withheld) chords bound it.
    """
    low = np.where(number > 0, low, 0)
    bottom = (number * low).sum(axis=1)
    free = np.maximum(total - bottom, 0)[:, None]
    high = np.where(number > 0, np.minimum(high, low + free), low)
    below, above = np.zeros(len(low)), high.max(axis=1, initial=0)
    for _ in range(100):
        middle = (below + above) / 2
        short = (number * np.clip(middle[:, None], low, high)).sum(axis=1) < total
        below, above = np.where(short, middle, below), np.where(short, above, middle)
    least = (number * np.clip(above[:, None], low, high) ** 2).sum(axis=1)
    order = np.argsort(-(low + high), axis=1, kind="stable")
    overlap = (number[:, -1:] > 0) & (np.count_nonzero(number, axis=1, keepdims=True) > 1)
    number, low, high = (np.take_along_axis(each, order, axis=1) for each in (number, low, high))
    width = high - low
    room = number * width
    filled = np.clip(free - (np.cumsum(room, axis=1) - room), 0, room)
    whole = np.floor(np.divide(filled, width, out=np.zeros_like(width), where=width > 0) + 1e-9)
    over = np.maximum(filled - whole * width, 0)
    at_end = number * low**2 + whole * (high**2 - low**2)
    chord = over * (low + high)
    corner = (low + over) ** 2 - low**2
    return least, (at_end + np.where(overlap, chord, corner)).sum(axis=1)
