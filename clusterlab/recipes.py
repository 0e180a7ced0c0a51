"""What the recipes for tables do first: read what an analyst has, and say what it is and lacks.

A recipe runs to its end on any table, so what a measure would refuse is settled here, once and
aloud: labels that are sums of others, labels without any number, cells that are not known.
"""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.names import named, percent, shown
from clusterlab.parameters import chosen
from clusterlab.reading import Numerals, plain
from clusterlab.totals import first_inside, totals_inside

__all__ = ["read_panel", "read_rows", "read_table", "read_years"]


def read_table(
    source: Any,
    *,
    region: str,
    industry: str | None = None,
    value: str | None = None,
    sums: Literal["out", "keep"] = "out",
    **reading: Any,
) -> tuple[pd.DataFrame, pd.Series | None, list[str]]:
    """Read a table for measures, without what they would refuse, and say what was decided.

    Parameters
    ----------
    source : str, Path or frame
        A file, as `clusterlab.tables.read` takes it, or a frame.
    region, industry, value : str
        Columns of a long table; without ``industry`` every column but the region's is an industry.
    sums : {"out", "keep"}
        What becomes of a label that counts others once more, such as a total or a code that
        contains other codes: it is taken out, or kept because it is none.
    **reading
        What else `clusterlab.tables.read` takes, such as ``where`` and ``decimal``.

    Returns
    -------
    table : pandas.DataFrame
        Regions x industries, each with some number above zero; labels are text, and cells not
        known NaN.
    totals : pandas.Series or None
        The regions' totals where a column of the table held them; sums of the known cells where
        others are unknown.
    notes : list of str
        What was read, taken out and left unknown, a sentence each.

    Raises
    ------
    ValueError
        As `clusterlab.tables.read`.

    See Also
    --------
    read_rows : a list of establishments or of places.
    clusterlab.tables.read : the table as it stands.

    Examples
    --------
    >>> jobs = pd.DataFrame({"city": ["A", "B"], "wine": [3, 1], "shoes": [2, 4], "Total": [5, 5]})
    >>> table, totals, notes = read_table(jobs, region="city")
    >>> table.columns.tolist(), totals.tolist(), len(notes)
    (['wine', 'shoes'], [5.0, 5.0], 3)
    """
    chosen("sums", sums, ("out", "keep"))
    table = _read(source, region, industry, value, reading)
    told, inside = str(table.attrs.pop("note")), totals_inside(table)
    told = told.replace(f"; {inside}", "") if inside else told
    # also of a frame with numbers for labels: as they would be read from a file
    table = table.rename(index=plain, columns=plain)
    totals, notes = None, [f"{told.rstrip('.')}."]
    if sums == "keep":
        table.attrs["as_is"] = True
    while sums == "out" and (found := first_inside(table)):
        axis, label, parts = found
        one, many = (("region", "regions"), ("industry", "industries"))[axis]
        why = f"contains {named(parts, one, many)}" if parts else "is the total of the others"
        if axis and not parts and totals is None:
            totals, whole = table[label], label
        table = table.drop(columns=label) if axis else table.drop(index=label)
        notes.append(f"{one.capitalize()} {shown(label)} {why} and is taken out.")
    if totals is not None and (twice := _twice(table, totals[table.index])) is not None:
        table = table.drop(columns=twice)
        notes.append(
            f"Industry {shown(twice)} is counted once more in another one: only without it do the "
            f"industries add up to {shown(whole)}, and it is taken out."
        )
    for axis, one, many in ((0, "industry", "industries"), (1, "region", "regions")):
        empty = table.axes[1 - axis][table.sum(axis=axis).to_numpy() == 0]
        if len(empty):
            table = table.drop(**{("columns", "index")[axis]: empty})
            notes.append(f"Left out without any number: {named(empty, one, many)}.")
    if totals is not None:
        try:
            totals, _ = tables.region_totals(table.fillna(0), totals)
            notes.append(f"The regions' totals are the numbers of {shown(whole)}.")
        except ValueError as error:
            totals = None
            notes.append(f"The numbers of {shown(whole)} are no totals of regions: {error}")
    unknown = int(table.isna().to_numpy().sum())
    if unknown:
        notes.append(
            f"{unknown:,} of {table.size:,} cells are not known: "
            f"{int(table.notna().all().sum())} of {table.shape[1]} industries have all theirs."
        )
        if totals is None:
            totals = table.sum(axis=1)
            notes.append("The regions' totals are sums of the known cells, so they are too small.")
    return table, totals, _broken(notes)


def _broken(notes: list[str]) -> list[str]:
    """Return sentences in lines that fit a notebook, which else breaks them within words."""
    return [textwrap.fill(" ".join(note.split()), 88) for note in notes]


def _twice(table: pd.DataFrame, totals: pd.Series) -> Any:
    """Return the industry that makes sums of rows exceed their totals, if one does."""
    beyond = table.sum(axis=1) - totals
    if not beyond.sum() > 0.01 * totals.sum():
        return None
    apart = table.sub(beyond, axis=0).abs().sum() / beyond.sum()
    # totals are rounded, and cells have noise put in; another industry is never so near everywhere
    return apart.idxmin() if apart.min() < 0.001 else None


def _read(
    source: Any, region: str, industry: str | None, value: str | None, reading: dict
) -> pd.DataFrame:
    """Return the table as it stands, from a file or from a long or wide frame."""
    columns: dict[str, Any] = {"region": region, "industry": industry, "value": value}
    if isinstance(source, str | Path):
        return tables.read(source, **columns, **reading)
    if isinstance(source, pd.DataFrame) and region == source.index.name:
        source = source.reset_index()
    if industry is not None or value is not None:
        return tables.from_long(source, **columns, **reading)
    tables.need_frame(source, "the table", "one row a region, and a column for each industry")
    for name in reading:
        chosen("of a wide frame, what is said of its reading", name, ("where", "absent"))
    where = reading.get("where")
    rows = tables.choose_rows(source, where, "the table").drop(columns=[*(where or {})])
    tables.need_columns(rows.columns, [region], "the table")
    table = tables.check_values(rows.set_index(region), allow_unknown=True)
    table.attrs["note"] = f"{table.shape[0]:,} regions x {table.shape[1]:,} industries."
    return table


def read_rows(source: Any, numbers: Sequence[str] = (), **reading: Any) -> pd.DataFrame:
    r"""Read a list with one row an establishment, a firm or a place; some columns hold numbers.

    Parameters
    ----------
    source : str, Path or pandas.DataFrame
        A text file, or a frame.
    numbers : sequence of str
        The columns of numbers; an empty cell is NaN. In a file all others are text.
    **reading
        ``separator``, ``encoding``, ``skip_rows``, ``where``, ``decimal``, ``thousands`` and
        ``unknown``, as in `clusterlab.tables.read`.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    ValueError
        A column that is not there, or a cell of its numbers that holds none.

    See Also
    --------
    read_table : regions x industries.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "plants.csv"
    >>> _ = file.write_text("trade;lon\nwine;-122,3\n")
    >>> read_rows(file, ["lon"], decimal=",")["lon"].tolist()
    [-122.3]
    """
    marks = {name: reading.pop(name, None) for name in ("decimal", "thousands")}
    numerals = Numerals(**marks, unknown=("", *reading.pop("unknown", ())))
    where = reading.pop("where", None)
    if isinstance(source, str | Path):
        frame, what = tables.read_text(source, likely=numbers, **reading), Path(source).name
    else:
        tables.need_frame(source, "the table")
        frame, what = source.copy(), "the table"
    tables.need_columns(frame.columns, numbers, what)
    frame = tables.choose_rows(frame, where, what)

    def place(row: int) -> str:
        return f"{frame.index.name or 'row'} {frame.index[row]}"

    for name in numbers:
        cells = frame[name]
        values, bad = numerals.numbers(cells)
        if len(bad):
            row = int(bad[0])
            raise ValueError(
                f"{place(row)}: column {name!r} {numerals.advice(cells.iloc[row], cells)}."
            )
        numerals.wonder(cells, place, name)
        frame[name] = values
    numerals.settle()
    return frame


def read_years(
    source: Any,
    *,
    region: str,
    industry: str | None = None,
    value: str | None = None,
    year: str | None = None,
    years: Sequence | None = None,
    join: Mapping | None = None,
    **how: Any,
) -> tuple[dict[Any, pd.DataFrame], list[str]]:
    """Read the tables of several years, cut to what can be compared, and say what that leaves out.

    Parameters
    ----------
    source : str, Path, frame or mapping
        One table with a column of years, or year → a table of its own.
    region, industry, value : str
        As in `read_table`.
    year : str, optional
        The column of years of one table.
    years : sequence, optional
        Which of its years; by default all.
    join : mapping, optional
        Industry → the industry it is counted with, for names and codes that have changed.
    **how
        ``sums`` and all else that `read_table` takes.

    Returns
    -------
    tables : dict
        Year → regions x industries, the same in all, by year; each industry has a number above zero
        in each. A cell that is unknown in one year is 0 in all.
    notes : list of str
        What was read and left out, a sentence each.

    Raises
    ------
    ValueError
        As `read_table`; a single year; an industry to be joined that no year has; no region or no
        industry that all years have.

    See Also
    --------
    clusterlab.agglomeration.shift_share : what the tables are compared by.

    Examples
    --------
    >>> jobs = pd.DataFrame({"t": [1, 1, 2, 2], "city": list("ABAB"),
    ...                      "wine": 1, "tea": [2, 3, 4, 5]})
    >>> read_years(jobs, region="city", year="t")[0][2].loc["A"].tolist()
    [1.0, 4.0]
    """
    if isinstance(source, Mapping):
        asked = {each: (table, how) for each, table in source.items()}
    else:
        if years is None:
            years = _years(source, year, industry, value, how)
        where = how.get("where") or {}
        asked = {each: (source, how | {"where": {**where, year: each}}) for each in years}
    found, said = {}, {}
    for each, (table, its) in asked.items():
        name = int(plain(each)) if plain(each).lstrip("-").isdecimal() else each
        columns: dict[str, Any] = {"region": region, "industry": industry, "value": value}
        found[name], _, said[name] = read_table(table, **columns, **its)
    join = {plain(old): plain(new) for old, new in (join or {}).items()}
    for old in join:
        known = pd.concat([table.columns.to_series() for table in found.values()]).unique()
        tables.need_columns(known, [old], "the tables' industries, by join,")
    if join:
        names = {
            name: table.columns.map(lambda own: join.get(own, own)) for name, table in found.items()
        }
        found = {
            name: table.T.groupby(names[name]).agg(lambda own: own.sum(skipna=False)).T
            for name, table in found.items()
        }
    order = sorted(found) if all(isinstance(name, int) for name in found) else list(found)
    if len(order) < 2:
        raise ValueError(
            f"two years or more are compared, but there is {', '.join(map(str, order))}."
        )
    first, last = order[0], order[-1]
    notes = [f"{name}: {line}" for name in (first, last) for line in said[name]]
    for axis, one, many in ((0, "region", "regions"), (1, "industry", "industries")):
        labels = [found[name].axes[axis] for name in order]
        if axis:  # the regions left out may have been the only ones with an industry
            labels = [
                own[found[name].sum().to_numpy() > 0]
                for own, name in zip(labels, order, strict=True)
            ]
        both = functools.reduce(lambda a, b: a.intersection(b, sort=False), labels)
        every = functools.reduce(lambda a, b: a.union(b, sort=False), labels)
        if both.empty:
            raise ValueError(
                f"no {one} has a number in every year; are its labels the same in all?"
            )
        gone = every.difference(both, sort=False)
        if len(gone):
            lost = 1 - found[last].reindex(both, axis=axis).sum().sum() / found[last].sum().sum()
            way = "; if it has another name in the other years, say so in join" if axis else ""
            notes.append(
                f"Left out as not in every year: {named(gone, one, many)}, {percent(lost)} of all "
                f"in {last}{way}."
            )
        found = {name: table.reindex(both, axis=axis) for name, table in found.items()}
    unknown = functools.reduce(np.logical_or, [table.isna() for table in found.values()])
    if count := int(unknown.to_numpy().sum()):
        notes.append(f"{count:,} cells are not known in some year and left out of every year.")
        found = {name: table.mask(unknown, 0.0) for name, table in found.items()}
    started = ((found[first] == 0) != (found[last] == 0)).to_numpy().sum()
    if started:
        notes.append(
            f"{started:,} cells are zero in one of {first} and {last}: where that means not "
            "listed, what looks like change of the region itself is a change of the list."
        )
    return {name: found[name] for name in order}, _broken(notes)


def _years(source: Any, year: Any, industry: Any, value: Any, how: Mapping) -> list:
    """Return the years that a column of one table holds."""
    if industry is None:
        rows = {name: how[name] for name in ("separator", "encoding", "skip_rows") if name in how}
        frame = read_rows(source, **rows)
        tables.need_columns(frame.columns, [year], "the table")
        return [*frame[year].unique()]
    # the years as if they were regions: so every kind of table can be asked for them
    columns: dict[str, Any] = {"region": year, "industry": industry, "value": value}
    said = {name: how[name] for name in how if name not in ("sums", "absent", "duplicates")}
    return [
        *_read(source, **columns, reading={**said, "absent": "zero", "duplicates": "mean"}).index
    ]


def read_panel(
    source: Any, *, region: str, year: str | None, value: str, **reading: Any
) -> pd.DataFrame:
    """Read regions x years, from a row a region and year or from a column a year.

    Parameters
    ----------
    source : str, Path or pandas.DataFrame
        A text file, or a frame.
    region : str
        The column of regions.
    year : str or None
        The column of years; None where each year has its own column.
    value : str
        The column of values; of columns a year, how their names begin before the year.
    **reading
        As in `read_rows`.

    Returns
    -------
    pandas.DataFrame
        Regions x years, years as whole numbers in their order; NaN where nothing is listed.

    Raises
    ------
    ValueError
        A column that is not there, a pair listed twice, a value that is none or negative, a year
        that is no whole number.

    See Also
    --------
    clusterlab.regions.theil, clusterlab.regions.convergence : what it is read for.

    Examples
    --------
    >>> wide = pd.DataFrame({"state": ["A", "B"], "income2001": [3, 5], "income2000": [2, 4]})
    >>> read_panel(wide, region="state", year=None, value="income").loc["A"].to_dict()
    {2000: 2.0, 2001: 3.0}
    """
    if year is not None:
        rows = read_rows(source, [value], **reading)
        columns: dict[str, Any] = {"region": region, "industry": year, "value": value}
        panel = tables.from_long(rows, **columns, absent="unknown", unknown=("",))
        names = [*panel.columns]
    else:
        found = read_rows(source, **reading).columns
        names = [name for name in found if re.fullmatch(re.escape(value) + r"\d{4}", plain(name))]
        if not names:
            raise ValueError(
                f"no column is called {value!r} and a year, as in {value + '2020'!r}; there are "
                f"{', '.join(map(str, found[:8]))}."
            )
        rows = read_rows(source, names, **reading)
        tables.need_columns(rows.columns, [region], "the table")
        panel = rows.set_index(region)[names]
    years = [plain(name).removeprefix("" if year else value) for name in names]
    for name in years:
        if not name.isdecimal():
            raise ValueError(f"column {year!r} has {shown(name)}, but years are whole numbers.")
    panel = panel.set_axis([*map(int, years)], axis=1).sort_index(axis=1)
    return tables.check_values(panel, rows="region", columns="year", allow_unknown=True)
