"""The one data shape: a region x industry table of employment or establishments.

`read` and `from_long` turn a user's file or frame into a `pandas.DataFrame` with
regions as rows and industries as columns; `check` is what every measure does with a table before
it computes. Labels stay as they were given: a code read from a file is text, so a leading zero
stays. What was decided on the way stands in ``table.attrs["note"]``.

The checks of every reader stand here once, each a `ValueError` of one sentence in the user's own
column names: `need_frame`, `need_columns`, `refuse_gaps`, `refuse_repeats`, `numbers`, `labels`,
`check_labels`, `refuse_spellings` and, to choose rows, `choose_rows`.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import re
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from clusterlab.formats import open_table
from clusterlab.names import did_you_mean, listed, named, shown
from clusterlab.parameters import chosen, need, whole
from clusterlab.reading import OTHER_KINDS, Numerals, Source, extra, is_missing, plain, real_numbers
from clusterlab.totals import level_of, totals_inside, unit_of, without_totals

__all__ = [
    "align",
    "check",
    "check_labels",
    "check_values",
    "choose_rows",
    "from_long",
    "labels",
    "need_columns",
    "need_frame",
    "numbers",
    "read",
    "read_text",
    "refuse_gaps",
    "refuse_repeats",
    "refuse_spellings",
    "refuse_totals",
    "region_totals",
]

Absent = Literal["zero", "unknown", "refuse"]
Duplicates = Literal["refuse", "sum", "mean"]
Totals = Literal["keep", "drop"]

_ROWS_HELD = 2_000_000  # rows of a long table after which those of a pair are put together
#: Above any count, and far below what overflows when powers of it are taken.
_MOST = 1e50
_PERIODS = re.compile(
    r"(^|[^a-z])(year|yr|years|time|time_period|period|date|quarter|qtr|month|jahr|annee|année|anno|año"
    r"|ano|jaar|rok)([^a-z]|$)",
    re.IGNORECASE,
)


class AbsentPairs(UserWarning):
    """Region-industry pairs are absent from a long table and were taken as zero by default."""


class Doubtful(UserWarning):
    """A table may not be what a measure takes it for, such as presence for employment."""


def read(
    path: str | Path,
    *,
    region: str,
    industry: str | None = None,
    value: str | None = None,
    absent: Absent | None = None,
    duplicates: Duplicates = "refuse",
    unknown: Iterable[str] = (),
    where: Mapping[str, Any] | None = None,
    level: int | None = None,
    totals: Totals = "keep",
    separator: str | None = None,
    encoding: str | None = None,
    decimal: Literal[".", ","] | None = None,
    thousands: Literal[",", ".", " ", "'"] | None = None,
    skip_rows: int | Sequence[int] = 0,
    sheet: str | int = 0,
) -> pd.DataFrame:
    r"""Read a long or wide file into a region x industry table.

    The file is read in pieces and never held whole: memory stays well below three times the size
    of a text file.

    Parameters
    ----------
    path : str or Path
        A text file with one header line, plain or compressed (gzip, bzip2, xz, zip); an Excel
        workbook (.xlsx); a Parquet or Stata file; or a TSV file of Eurostat, whose columns are its
        dimensions and ``period``, ``value`` and ``flag``. Its content tells which.
    region, industry, value : str
        The names of the columns of a long file: one row a pair. Labels are text, without the blanks
        around them. Without ``industry`` and ``value`` the file is wide: one row a region, every
        other column an industry.
    absent : {"zero", "unknown", "refuse"}, optional
        What a pair means that a long file does not list: no employment, a value not published
        (the cell becomes NaN, which measures refuse unless they can do without), or an error. The
        default is "zero" with a warning that says how many pairs it concerns.
    duplicates : {"refuse", "sum", "mean"}
        What to do with a pair listed more than once. "sum" also aggregates a list of
        establishments; it is refused where the rows of a pair are its years.
    unknown : iterable of str
        Marks in the value column that mean "not published", such as ``"D"``; these cells become
        NaN, whatever ``absent`` says. The mark ``""`` stands for empty cells.
    where : mapping, optional
        Column → the value (or a list of values) a row must have to be read, for instance
        ``{"year": 2019}``. In a wide file these columns are no industries.
    level : int, optional
        Read only the industries whose code has so many digits, as in NAICS, NACE and ISIC: 31-33
        has level 2, C10.1 has 3, a letter alone 1. Totals such as 00 have none. The note says what
        was left out.
    totals : {"keep", "drop"}
        Whether regions and industries that are the total of all others stay; the note names them.
    separator, encoding : str, optional
        By default the separator is found from the header (comma, semicolon, tab or bar), and the
        encoding is UTF-8, or UTF-16 where the file says so.
    decimal : {".", ","}, optional
        The decimal mark of the values; a point unless said.
    thousands : {",", ".", " ", "'"}, optional
        What groups the digits of large numbers; blanks of every width count as ``" "``. With
        ``"."`` the decimal mark is the comma. Beside a decimal comma points may group digits
        anyway. Where every number with a decimal mark has three digits after it, ``decimal`` or
        ``thousands`` must be said.
    skip_rows : int or sequence of int
        The number of lines above the header, or the numbers of the lines to leave out, counted
        from 1, such as a title and a note below the table; in a workbook rows are counted.
    sheet : str or int
        The sheet of a workbook, by name or by number from 0.

    Returns
    -------
    pandas.DataFrame
        Regions x industries, values as floats in the file's own unit; of a long file both are
        sorted. ``attrs["note"]`` says what was decided, and names a total among the labels, which
        measures will refuse, and codes that are numbers in the file, which keep no zero in front.

    Raises
    ------
    ValueError
        A file of another kind (with the call that reads it); a package that is not installed; a
        column that is not there (with the
        nearest name); an empty label; two labels that are two spellings of one; a value that is
        missing, not a number or negative (with its line or cell); a formula without a saved
        result; a pair listed twice.

    Warns
    -----
    AbsentPairs
        Pairs were taken as zero by default.

    See Also
    --------
    from_long : the same from a frame.
    read_text : any text file as a frame of text.
    check : what a measure does with the table.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "jobs.csv"
    >>> _ = file.write_text("county;naics;jobs\n01;0111;5\n02;0111;1\n02;0112;4\n")
    >>> read(file, region="county", industry="naics", value="jobs", absent="zero")
    naics   0111  0112
    county
    01       5.0   0.0
    02       1.0   4.0
    """
    numerals, choice = Numerals(decimal, thousands, unknown), _Choice(level, totals)
    _check_where(where)
    if (industry is None) != (value is None):
        raise ValueError(
            "give both industry= and value= for a long file, or neither for a wide one."
        )
    names = [region] if industry is None else [region, industry, value]
    _check_names(names)
    needed = [*dict.fromkeys([*names, *(where or {})])]
    how: dict[str, Any] = {"separator": separator, "encoding": encoding, "skip_rows": skip_rows}
    instead = "give it to tables.from_long"
    file = open_table(path, needed, sheet=sheet, instead=instead, **how)
    need_columns(file.names, needed, file.name)
    if industry is None:
        need_columns(file.names, file.names, file.name)
        industries = [name for name in file.names if name not in {region, *(where or {})}]
        industries = [*itertools.compress(industries, choice.of_level(industries))]
        choice.settle()
        frames = []
        for piece in _chosen(file.pieces([*needed, *industries]), where or {}):

            def say(row: int, column: str, at: pd.Index = piece.index) -> str:
                return file.cell(at[row], column)

            codes, labels = pd.factorize(piece[region], use_na_sentinel=False)
            _refuse_odd_labels(codes, labels, region, say)
            values = {
                name: numerals.read(piece[name], partial(say, column=name), name)
                for name in industries
            }
            frames.append(pd.DataFrame(values, piece[region].map(plain)))
        numerals.settle()
        table = _wide(pd.concat(frames))
    else:
        period = _period_among(file.names, needed)
        pieces = _chosen(file.pieces([*needed, *period]), where or {})
        pieces = choice.chosen(pieces, names)
        names += period
        table = _gather(pieces, names, absent, duplicates, numerals, file.cell, file.row, plain)
    return choice.noted(table, file)


def read_text(
    path: str | Path,
    *,
    likely: Sequence[str] = (),
    separator: str | None = None,
    encoding: str | None = None,
    skip_rows: int | Sequence[int] = 0,
    sheet: str | int = 0,
) -> pd.DataFrame:
    r"""Read a file into a frame of text, each row named by its line in the file.

    Parameters
    ----------
    path : str or Path
        A file of any kind that `read` takes.
    likely : sequence of str
        Names of columns by which the separator is found; they need not be there.
    separator, encoding, skip_rows, sheet
        As in `read`.

    Returns
    -------
    pandas.DataFrame
        Every cell as text without the blanks around it; an empty cell is ``""``. What is a number
        in the file, as in a workbook, stays one. The index holds the numbers of lines or rows.

    Raises
    ------
    ValueError
        A file of another kind, a column twice, a row with more or fewer fields than the header.

    See Also
    --------
    read : a region x industry table from a file.
    refuse_gaps, refuse_repeats, labels : checks of what was read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "ties.csv"
    >>> _ = file.write_text("source;target\n01; NA\n")
    >>> read_text(file).loc[2].tolist()
    ['01', 'NA']
    """
    how: dict[str, Any] = {"separator": separator, "encoding": encoding, "skip_rows": skip_rows}
    file = open_table(path, sheet=sheet, likely=likely, **how)
    need_columns(file.names, file.names, file.name)
    frame = pd.concat([piece.astype(object) for piece in file.pieces(file.names)]).map(_trimmed)
    return frame.set_axis(pd.Index(file.lines(frame.index), name="line"))


def from_long(
    frame: Any,
    *,
    region: str,
    industry: str,
    value: str,
    absent: Absent | None = None,
    duplicates: Duplicates = "refuse",
    unknown: Iterable = (),
    where: Mapping[str, Any] | None = None,
    level: int | None = None,
    totals: Totals = "keep",
    decimal: Literal[".", ","] | None = None,
    thousands: Literal[",", ".", " ", "'"] | None = None,
) -> pd.DataFrame:
    """Turn a long frame (one row a pair, or one row an establishment) into a table.

    Parameters
    ----------
    frame : pandas.DataFrame or any frame that narwhals knows
        The long table: of pandas, Polars, Arrow, DuckDB, Dask and others. Where it is not in
        memory (a relation of DuckDB, a lazy frame of Polars, a frame of Dask) only the columns
        needed come into it, and with ``duplicates="sum"`` only the sums.
    region, industry, value : str
        The names of its columns.
    absent, duplicates, unknown, where, level, totals
        As in `read`; the mark ``""`` also stands for NaN and None.
    decimal, thousands
        As in `read`, for values that are text.

    Returns
    -------
    pandas.DataFrame
        Regions x industries, both sorted where their labels can be.

    Raises
    ------
    ValueError
        As in `read`; rows are named by the frame's own index.

    See Also
    --------
    read : the same from a file, whatever its size.
    check : what a measure does with the table.

    Examples
    --------
    >>> jobs = pd.DataFrame({"city": ["A", "A", "B"], "trade": ["wine", "wine", "shoes"],
    ...                      "jobs": [3, 4, 5]})
    >>> from_long(jobs, region="city", industry="trade", value="jobs", absent="zero",
    ...           duplicates="sum")
    trade  shoes  wine
    city
    A        0.0   7.0
    B        5.0   0.0
    """
    numerals, choice = Numerals(decimal, thousands, unknown), _Choice(level, totals)
    names = [region, industry, value]
    _check_names(names)
    frame = _in_memory(frame, [*names, *(where or {})], duplicates)
    need_columns(frame.columns, names, "the table")
    frame = choose_rows(frame, where, "the table")
    names += _period_among(frame.columns, [*names, *(where or {})])
    rows = frame.index
    table = _gather(
        choice.chosen([frame[names].reset_index(drop=True)], names),
        names,
        absent,
        duplicates,
        numerals,
        lambda place, column: f"row {shown(rows[place])}",
        lambda place: frame.iloc[place].to_dict(),
        _trimmed,
    )
    return choice.noted(table)


def _in_memory(frame: Any, wanted: list, duplicates: Duplicates) -> pd.DataFrame:
    """Return a frame of any kind as one of pandas; where it can be summed first, the sums.

    ``wanted`` are region, industry, value and the columns by which rows are chosen.
    """
    if isinstance(frame, pd.DataFrame) or not hasattr(type(frame), "columns"):
        need_frame(frame, "the table", "one row per region and industry")
        return frame
    with extra("narwhals", f"a {type(frame).__name__} of {type(frame).__module__.split('.')[0]}"):
        import narwhals as nw
    with warnings.catch_warnings(action="ignore", category=FutureWarning):  # of Dask: narwhals-dask
        found = nw.from_native(frame, pass_through=True)
    if isinstance(found, nw.DataFrame):
        return found.to_pandas()
    if not isinstance(found, nw.LazyFrame):
        need_frame(frame, "the table", "one row per region and industry")
    schema = found.collect_schema()
    need_columns(schema.names(), wanted, "the table")
    value, period = wanted[2], _period_among(schema.names(), wanted)
    keys = [*dict.fromkeys([*wanted[:2], *wanted[3:], *period])]
    if duplicates != "sum" or value in keys or not schema[value].is_numeric():
        return found.select(*{*keys, value}).collect().to_pandas()
    low, gaps, rows = (f"{value} {what}" for what in ("low", "gaps", "rows"))
    # sums of whole numbers come as decimals from some databases, which are objects in memory
    own, gap = nw.col(value).cast(nw.Float64), nw.col(value).is_null().cast(nw.Float64).alias(gaps)
    found = found.select(*keys, own, own.alias(low), gap, nw.lit(1.0).alias(rows))
    how = {value: "sum", low: "min", gaps: "sum", rows: "sum"}

    def put_together(part: pd.DataFrame) -> pd.DataFrame:
        return part.groupby(keys, sort=False, dropna=False, observed=True).agg(how).reset_index()

    if found.implementation.is_dask():  # two and two: no worker holds many parts, or moves all rows
        steps = dict.fromkeys(("chunk", "combine", "aggregate"), put_together)
        result = found.to_native().reduction(**steps, split_every=2).compute()
    else:
        sums = [getattr(nw.col(name), what)() for name, what in how.items()]
        result = found.group_by(*keys).agg(*sums).collect().to_pandas()
    least = np.fmin.reduce(real_numbers(result[low]), initial=0)
    if least < 0:
        raise ValueError(f"column {value!r} has a negative value ({least:g}).")
    # sums leave out what is missing: they are not known either
    result[value] = np.where(real_numbers(result[gaps]) > 0, np.nan, real_numbers(result[value]))
    if (real_numbers(result[rows]) > 1).any():  # no years of one table, but years of its rows
        result = result.drop(columns=period)
    return result


class _Choice:
    """Which industries and totals are wanted, what there is, and a note on what was left out."""

    def __init__(self, level: Any, totals: Any) -> None:
        self._level = None if level is None else whole("level", level, 1, 12)
        self._totals = chosen("totals", totals, get_args(Totals))
        self._found: dict[int, dict[str, None]] = {}
        self._regions: set[str] = set()

    def of_level(self, labels: Iterable) -> np.ndarray:
        """Say of each industry whether it is wanted; an empty label is, to be refused."""
        levels = []
        for label in labels:
            levels.append(level_of(label))
            if not is_missing(label):
                self._found.setdefault(levels[-1], {})[plain(label)] = None
            else:
                levels[-1] = self._level or 0
        return np.array([self._level in (None, level) for level in levels], bool)

    def chosen(self, pieces: Iterable[pd.DataFrame], names: Sequence) -> Iterator[pd.DataFrame]:
        """Yield of each piece the rows of the level wanted."""
        for piece in pieces:
            if self._level is not None:
                codes, labels = pd.factorize(piece[names[1]], use_na_sentinel=False)
                kept = self.of_level(labels)[codes]
                self._regions |= {*map(plain, piece[names[0]][~kept].unique())}
                piece = piece[kept]
            yield piece
        self.settle()

    def settle(self) -> None:
        """Raise ValueError where no industry has the level wanted."""
        if self._level is not None and self._found and self._level not in self._found:
            raise ValueError(
                f"no industry has a code of level {self._level}, its number of digits (a letter "
                f"alone is level 1); the labels: {self._look(self._found)}."
            )

    def noted(self, table: pd.DataFrame, source: Source | None = None) -> pd.DataFrame:
        """Return the table without the totals that are not wanted; its note tells what there is."""
        parts = [table.attrs["note"].rstrip(".")]
        if self._level is not None:
            left = {level: found for level, found in self._found.items() if level != self._level}
            parts.append(f"industries of level {self._level}")
            if left:
                parts[-1] += f"; left out: {self._look(left)}"
            if gone := sorted(self._regions - {*map(plain, table.index)}):
                parts.append(f"{named(gone, 'region', 'regions')} with none of that level left out")
        if self._totals == "drop":
            table, totals = without_totals(table)
            if totals:
                parts.append(f"{named(totals, 'the total', 'totals')} left out")
        if inside := totals_inside(table):
            self.of_level(table.columns)
            levels = sorted({*self._found} - {0})
            if " contains " in inside and self._level is None and len(levels) > 1:
                inside += f"; codes: {self._look(self._found)}; level={levels[0]} reads one level"
            parts.append(inside)
        for labels in table.axes:
            digits = [label for label in labels if str(label).isdecimal()]
            if source and labels.name in source.numbered and len({*map(len, digits)}) > 1:
                short = min(digits, key=len)
                parts.append(
                    f"the codes in column {labels.name!r} are numbers in {source.name}, which keep "
                    f"no zero in front: {short} may have been 0{short}"
                )
        table.attrs["note"] = "; ".join(parts) + "."
        return table

    def _look(self, found: Mapping[int, Iterable]) -> str:
        parts = []
        for level, labels in sorted(found.items()):
            some = ", ".join(map(shown, [*labels][:3])) + ", …" * (len([*labels]) > 3)
            what = f"of level {level}" if level else "without a level, such as a total"
            parts.append(f"{len([*labels]):,} {what} ({some})")
        return listed(parts)


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    """Check a table read from a wide file: floats, regions as index."""
    for name in filter(_PERIODS.search, frame.columns):
        years = frame[name].to_numpy()
        if len(years) and ((years >= 1800) & (years <= 2100) & (years % 1 == 0)).all():
            raise ValueError(
                f"column {name!r} holds years ({years[0]:g}) and is no industry; leave it "
                f"out, or read the rows of one with where={{{name!r}: {years[0]:g}}}."
            )
    table = check_values(frame, allow_unknown=True)
    regions, industries = table.shape
    table.attrs["note"] = f"{regions:,} regions x {industries:,} industries from {regions:,} rows."
    return table


def check(
    table: pd.DataFrame,
    *,
    minimum_regions: int = 1,
    empty_regions: bool = False,
    as_is: bool = False,
) -> pd.DataFrame:
    """Check a region x industry table before a measure uses it.

    Labels that are totals of others, or codes that contain others, are refused, since every measure
    would count them twice: see `refuse_totals`. Where every value is 0 or 1 a warning asks whether
    this is presence. ``table.attrs["as_is"] = True`` says that a table is meant as it stands.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries, numbers from zero up.
    minimum_regions : int
        The number of regions below which the measure says nothing.
    empty_regions : bool
        Whether a region without any employment makes sense for the measure.
    as_is : bool
        Whether the table may hold what looks like totals, or nothing but 0 and 1.

    Returns
    -------
    pandas.DataFrame
        A copy with float values.

    Raises
    ------
    ValueError
        Something other than a DataFrame; labels or values that are none (see `check_values`; the
        first is named); a total among the labels; a table without numbers above zero; an empty
        industry or region; too few regions.

    See Also
    --------
    check_values : the checks without those of totals and of empty rows.
    refuse_totals : labels that count others once more.

    Examples
    --------
    >>> check(pd.DataFrame({"wine": [3, -1]}, index=["Napa", "Modesto"]))
    Traceback (most recent call last):
    ValueError: region 'Modesto', industry 'wine': value -1 is negative.
    """
    result = check_values(table)
    if not (as_is or table.attrs.get("as_is")):
        refuse_totals(result)
        _ask_about_presence(result)
    if len(result) < minimum_regions:
        raise ValueError(
            f"the table has {len(result)} region ({result.index[0]!r}); this measure compares "
            f"regions and needs at least {minimum_regions}, or a reference to compare with."
        )
    for axis, one, many, across, how in (
        (0, "industry", "industries", "region", "table.loc[:, table.sum() > 0]"),
        (1, "region", "regions", "industry", "table[table.sum(axis=1) > 0]"),
    ):
        empty = result.axes[1 - axis][result.to_numpy().sum(axis=axis) == 0]
        if len(empty) and not (axis and empty_regions):
            raise ValueError(
                f"{named(empty, one, many)} with no value above zero in any {across}: the measure "
                f"is not defined there; leave them out with {how}."
            )
    return result


def check_values(
    table: pd.DataFrame,
    *,
    rows: str = "region",
    columns: str = "industry",
    allow_unknown: bool = False,
) -> pd.DataFrame:
    """Return a copy of a table as floats after checking labels and values.

    Parameters
    ----------
    table : pandas.DataFrame
        Numbers from zero up.
    rows, columns : str
        What a row and a column are, for the messages.
    allow_unknown : bool
        Whether cells may be missing.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    ValueError
        Something other than a DataFrame; labels that are empty, repeated or two spellings of one; a
        column of dates, of True and False or of text; a value that is not a number, infinite,
        negative or missing; no number above zero.

    See Also
    --------
    check : for a region x industry table.
    numbers : for one column.

    Examples
    --------
    >>> check_values(pd.DataFrame({"1-4": ["x"]}, index=["wine"]), rows="trade", columns="class")
    Traceback (most recent call last):
    ValueError: trade 'wine', class '1-4': 'x' is not a finite number; is this a long table? ...
    """
    need_frame(table, "the table", f"one row per {rows} and one column per {columns}")
    check_labels(table.index, rows)
    check_labels(table.columns, columns)

    def cell(row: int, column: int) -> str:
        return f"{rows} {shown(table.index[row])}, {columns} {shown(table.columns[column])}"

    values = np.empty(table.shape)
    unsure = np.arange(table.shape[1])
    if all(isinstance(kind, np.dtype) and kind.kind in "iuf" for kind in table.dtypes):
        values[:] = table.to_numpy(dtype=float)
        unsure = np.flatnonzero(np.isinf(values).any(axis=0))
    for j in unsure:
        column = table.iloc[:, j]
        if kind := OTHER_KINDS.get(getattr(column.dtype, "kind", "")):
            raise ValueError(
                f"{columns} {table.columns[j]!r} holds {kind} ({rows} {table.index[0]!r}: "
                f"{column.iloc[0]}), but numbers are needed; turn it into numbers, or leave it out."
            )
        values[:, j], bad = numbers(column)
        if bad is not None:
            found = column.iloc[bad]
            how = "not a finite number; is this a long table? Then use tables.from_long."
            if isinstance(found, str) and found.strip().isdecimal():
                how = "text, not a number; turn it into numbers with pd.to_numeric."
            raise ValueError(f"{cell(bad, j)}: {shown(found)} is {how}")
    unknown = np.isnan(values)
    if unknown.any() and not allow_unknown:
        raise ValueError(
            f"{int(unknown.sum())} cells are unknown, the first at {cell(*np.argwhere(unknown)[0])}"
            "; this measure needs every cell: fill them if you know them, or leave those labels "
            "out, for instance with table.dropna(axis=1)."
        )
    for wrong, how in ((values < 0, "negative"), (values > _MOST, "too large to be computed with")):
        if wrong.any():
            place = tuple(np.argwhere(wrong)[0])
            raise ValueError(f"{cell(*place)}: value {values[place]:g} is {how}.")
    if not np.nansum(values) > 0:
        raise ValueError("the table holds no number above zero.")
    return pd.DataFrame(values, table.index, table.columns).__finalize__(table)


#: What may be given in place of a frame, and how one is made of it.
_INSTEAD_OF_A_FRAME: tuple[tuple[Any, str], ...] = (
    (str | Path, "; read the file first, with tables.read or with pd.read_csv(path, dtype=str)"),
    (pd.Series, "; series.to_frame() makes a frame of one column"),
    (np.ndarray, "; give it labels: pd.DataFrame(array, index=rows, columns=columns)"),
    (list | tuple | dict, "; pd.DataFrame(…) makes one of it"),
    (object, ""),
)


def need_frame(frame: Any, what: str, shape: str = "named columns") -> None:
    """Raise ValueError unless something is a DataFrame, with the way to make one of it.

    Parameters
    ----------
    frame : object
        What was given.
    what : str
        What it should be ("the register"), for the message.
    shape : str
        What the frame should look like, for the message.

    See Also
    --------
    need_columns : whether its columns are there.

    Examples
    --------
    >>> need_frame("jobs.csv", "the register")
    Traceback (most recent call last):
    ValueError: the register must be a pandas DataFrame with named columns, got a str; read the ...
    """
    if isinstance(frame, pd.DataFrame):
        return
    advice = next(advice for kind, advice in _INSTEAD_OF_A_FRAME if isinstance(frame, kind))
    raise ValueError(
        f"{what} must be a pandas DataFrame with {shape}, got a {type(frame).__name__}{advice}."
    )


def need_columns(columns: Iterable, wanted: Iterable[Any], where: str) -> None:
    """Raise ValueError with the nearest name unless each wanted column is there exactly once.

    Parameters
    ----------
    columns : iterable
        The columns that are there.
    wanted : iterable
        The names asked for.
    where : str
        What has the columns, for the message.

    See Also
    --------
    need_frame : whether it is a frame at all.
    refuse_gaps : whether the cells of a column are filled.

    Examples
    --------
    >>> need_columns(["region", "jobs"], ["regoin"], "the table")
    Traceback (most recent call last):
    ValueError: the table has no column 'regoin'; did you mean 'region'? Its columns: region, jobs.
    """
    there = list(columns)
    count = Counter(there)
    for name in wanted:
        if not pd.api.types.is_hashable(name):
            kind = type(name).__name__
            raise ValueError(f"a column of {where} is asked for by a {kind}, no name.")
        if count[name] > 1:
            raise ValueError(f"{where} has {count[name]} columns named {shown(name)}.")
        if not count[name]:
            hint = did_you_mean(name, there)
            some = ", ".join(str(c)[:60] for c in there[:12]) + (", …" if len(there) > 12 else "")
            raise ValueError(f"{where} has no column {shown(name)}{hint} Its columns: {some}.")


def choose_rows(frame: pd.DataFrame, where: Mapping[str, Any] | None, what: str) -> pd.DataFrame:
    """Return the rows that have the wanted values, or say which values there are.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame.
    where : mapping or None
        Column → the value, or the list of values, that a row must have; text and numbers that are
        written alike are the same.
    what : str
        What the frame is, for the message.

    Returns
    -------
    pandas.DataFrame

    See Also
    --------
    read : takes the same ``where``.

    Examples
    --------
    >>> jobs = pd.DataFrame({"year": [2018, 2019], "jobs": [3, 4]})
    >>> choose_rows(jobs, {"year": "2019"}, "the table")["jobs"].tolist()
    [4]
    """
    _check_where(where)
    need_columns(frame.columns, where or {}, what)
    return pd.concat(_chosen([frame], where)) if where else frame


def _check_where(where: Any) -> None:
    wanted = "a mapping of columns to the value wanted in each, for instance {'year': 2019}"
    need(where is None or isinstance(where, Mapping), "where", wanted, where)


def _chosen(pieces: Iterable[pd.DataFrame], where: Mapping[str, Any]) -> Iterator[pd.DataFrame]:
    """Yield of each piece the rows that have the wanted values; none in all is an error."""
    wanted = {
        column: {*map(plain, value if pd.api.types.is_list_like(value) else [value])}
        for column, value in where.items()
    }
    found: dict[Any, dict[str, None]] = {column: {} for column in where}
    empty = True
    for piece in pieces:
        for column, texts in wanted.items():
            codes, values = pd.factorize(piece[column])
            there = [plain(value) for value in values]
            found[column].update(dict.fromkeys(there))
            piece = piece[np.isin(codes, [k for k, text in enumerate(there) if text in texts])]
        empty = empty and piece.empty
        yield piece
    if empty and where:
        column = next((c for c in where if not wanted[c] & {*found[c]}), [*where][-1])
        some = ", ".join(value[:40] for value in [*found[column]][:6])
        raise ValueError(
            f"no row has {' and '.join(f'{c} = {shown(v)}' for c, v in where.items())}; found "
            f"{some or 'no rows'}{', …' * (len(found[column]) > 6)} in column {column!r}."
        )


def refuse_gaps(
    frame: pd.DataFrame,
    columns: Iterable,
    row: Callable[[int], str],
    say: str = "{row} has an empty {column!r}.",
) -> None:
    """Raise ValueError where a cell that must be filled is missing or blank.

    Parameters
    ----------
    frame : pandas.DataFrame
        What was read.
    columns : iterable
        The columns whose cells must be filled.
    row : callable
        Turns the position of a row, from 0, into its words, such as "row 2 (line 3 of ties.csv)".
    say : str
        The sentence, with places for ``row`` and ``column``.

    See Also
    --------
    need_columns : whether the columns are there at all.
    refuse_repeats : whether a row is listed twice.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": ["a", " "]})
    >>> refuse_gaps(ties, ["source"], lambda row: f"row {row + 1}")
    Traceback (most recent call last):
    ValueError: row 2 has an empty 'source'.
    """
    for column in columns:
        try:  # each different cell is looked at once
            codes, cells = pd.factorize(frame[column], use_na_sentinel=False)
        except TypeError:  # lists, which have no order and no hash
            codes, cells = np.arange(len(frame)), frame[column]
        empty = np.array([is_missing(cell) for cell in cells], bool)[codes]
        if empty.any():
            raise ValueError(say.format(row=row(int(empty.argmax())), column=column))


def refuse_repeats(frame: pd.DataFrame, columns: Sequence, say: Callable[[int], str]) -> None:
    """Raise ValueError at the first row that has the same cells as an earlier one.

    Parameters
    ----------
    frame : pandas.DataFrame
        What was read.
    columns : sequence
        The columns that together tell the rows apart.
    say : callable
        Turns the position of the second row, from 0, into the whole sentence.

    See Also
    --------
    refuse_gaps : whether a cell is empty.
    check_labels : the same for the labels of a table.

    Examples
    --------
    >>> panel = pd.DataFrame({"place": ["a", "a"], "year": [2019, 2019]})
    >>> refuse_repeats(panel, ["place", "year"], lambda row: f"row {row + 1} is there twice.")
    Traceback (most recent call last):
    ValueError: row 2 is there twice.
    """
    twice = frame.duplicated(list(columns)).to_numpy()
    if twice.any():
        raise ValueError(say(int(twice.argmax())))


def labels(column: pd.Series, what: str) -> pd.Series:
    """Return the labels in a column without blanks at their ends; two spellings are refused.

    Parameters
    ----------
    column : pandas.Series
        Text or numbers; a missing cell stays missing.
    what : str
        What the labels are, for the message.

    Returns
    -------
    pandas.Series
        The labels, as objects.

    See Also
    --------
    refuse_spellings : the check alone.
    refuse_gaps : whether a label is there.

    Examples
    --------
    >>> labels(pd.Series(["Prato", " Prato"]), "places").tolist()
    ['Prato', 'Prato']
    """
    try:
        codes, found = pd.factorize(column.astype(object), use_na_sentinel=False)
    except TypeError:
        raise ValueError(f"{what} must be text or numbers.") from None
    trimmed = [label.strip() if isinstance(label, str) else label for label in found]
    refuse_spellings([label for label in trimmed if not pd.isna(label)], what)
    return pd.Series(pd.Series(trimmed, dtype=object).to_numpy()[codes], column.index, dtype=object)


def check_labels(labels: pd.Index, one: str) -> None:
    """Raise ValueError unless labels are there, each once, and tell their things apart.

    Two labels that differ only by blanks, by capitals, by their Unicode form or by being text and
    number are two spellings of one thing, and are refused.

    Parameters
    ----------
    labels : pandas.Index
        The labels of rows or columns.
    one : str
        What a label stands for ("region").

    See Also
    --------
    refuse_spellings : two spellings of one label.
    labels : the labels in a column.

    Examples
    --------
    >>> check_labels(pd.Index(["Napa", "Napa "]), "region")
    Traceback (most recent call last):
    ValueError: regions 'Napa' and 'Napa ' differ only by blanks, capitals, ...
    """
    if len(labels) == 0:
        raise ValueError(f"the table has no {one}.")
    for place, label in enumerate(labels, start=1):
        if is_missing(label):
            raise ValueError(f"the label of {one} number {place} is empty.")
    if labels.has_duplicates:
        again = labels[labels.duplicated()].unique()
        raise ValueError(f"{named(again, one, f'{one} labels')} listed more than once.")
    refuse_spellings(labels, f"{one} labels")


def refuse_spellings(labels: Iterable, what: str) -> None:
    """Raise ValueError where two labels are two spellings of one.

    Parameters
    ----------
    labels : iterable
        Labels, none of them missing.
    what : str
        What they are, for the message.

    See Also
    --------
    check_labels : also empty and repeated labels.
    """
    seen: dict[str, Any] = {}
    for label in labels:
        first = seen.setdefault(_folded(label), label)
        if first is not label and (type(first) is not type(label) or first != label):
            how = "by blanks, capitals or the Unicode form of a letter"
            if isinstance(first, str) != isinstance(label, str):
                how = "in that one is text and the other is not"
            raise ValueError(
                f"{what} {first!r} and {label!r} differ only {how}; if they mean the same, give "
                "them one spelling, and if not, tell them apart."
            )


def _folded(label: Any) -> str:
    """Return a label without what the eye does not see: blanks at ends, capitals, Unicode form."""
    text = unicodedata.normalize("NFKC", str(label)).lower()
    if not text.isascii():  # marks without a width: zero-width blanks, joiners, soft hyphens
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(text.split())


def align(given: pd.Series, labels: Any, *, what: str) -> pd.Series:
    """Return a Series of non-negative numbers in the order of the labels, or say what is wrong.

    Parameters
    ----------
    given : pandas.Series
        One number a label, at least for those asked for.
    labels : pandas.Index or list
        The labels needed, each once.
    what : str
        What the numbers are, for the message ("totals", "plant Herfindahl").

    Returns
    -------
    pandas.Series
        Floats, indexed by ``labels``.

    Raises
    ------
    ValueError
        No Series; labels missing or repeated; a number missing, infinite or negative.

    See Also
    --------
    region_totals : the size of each region, given or summed.

    Examples
    --------
    >>> align(pd.Series({"B": 2, "A": 1}), pd.Index(["A", "B"]), what="totals").tolist()
    [1.0, 2.0]
    """
    if not isinstance(given, pd.Series):
        raise ValueError(
            f"{what} must be a Series with one number a label, got a {type(given).__name__}; "
            "from a table, pick the column: totals=table['00']."
        )
    if given.index.has_duplicates:
        again = given.index[given.index.duplicated()]
        raise ValueError(f"{what}: {named(again.unique(), 'label', 'labels')} listed twice.")
    if not pd.api.types.is_list_like(labels):
        raise ValueError(f"{what}: the labels are {shown(labels)}, but they must be a list.")
    labels = pd.Index(labels)
    missing = labels.difference(given.index, sort=False)
    if len(missing):
        hint = did_you_mean(missing[0], given.index)
        twin = next((e for e in given.index if plain(e) == plain(missing[0])), missing[0])
        kinds = ["text" if isinstance(e, str) else "numbers" for e in (twin, missing[0])]
        if kinds[0] != kinds[1]:
            hint = f"; its labels are {kinds[0]} ({twin!r}), but those of the table are {kinds[1]}."
        raise ValueError(f"{what}: no number for {named(missing, 'label', 'labels')}{hint}")
    values = real_numbers(given.reindex(labels))
    wrong = np.flatnonzero(~np.isfinite(values) | (values < 0))
    if len(wrong):
        label = labels[wrong[0]]
        its = f"{label!r} has {shown(given[label])}"
        raise ValueError(f"{what}: {its}, but a number from zero up is needed.")
    return pd.Series(values, index=labels, name=given.name)


_AS_IS = "if the table is meant as it stands, say so with table.attrs['as_is'] = True"


def refuse_totals(table: pd.DataFrame) -> None:
    """Raise ValueError where a label counts others once more, see `totals.totals_inside`.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries; ``attrs["as_is"]`` says that it is meant as it stands.

    See Also
    --------
    check : calls this for every measure.

    Examples
    --------
    >>> refuse_totals(pd.DataFrame({"11": [3, 1], "Total": [5, 9], "12": [2, 8]}))
    Traceback (most recent call last):
    ValueError: industry 'Total' is the total of the others and would be counted once more; ...
    """
    inside = "" if table.attrs.get("as_is") else totals_inside(table)
    if inside:
        raise ValueError(f"{inside}; {_AS_IS}.")


def _ask_about_presence(table: pd.DataFrame) -> None:
    """Warn where a table of employment holds nothing but 0 and 1."""
    values = table.to_numpy()
    if min(values.shape) > 2 and ((values == 0) | (values == 1)).all() and not values.all():
        say = "every value of the table is 0 or 1; if that says where an industry is present, give "
        say += f"table.astype(bool) to measures of presence, and {_AS_IS}."
        warnings.warn(say, Doubtful, stacklevel=4)


def region_totals(table: pd.DataFrame, totals: pd.Series | None) -> tuple[pd.Series, str]:
    """Return the size of each region and a sentence that says where it comes from.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries.
    totals : pandas.Series, optional
        Total of each region over all industries, known from elsewhere. By default the sums of the
        table's own rows, which miss what the table does not list.

    Returns
    -------
    totals : pandas.Series
    base : str

    Raises
    ------
    ValueError
        A region without a total, or one with less than its industries, or their sum.

    See Also
    --------
    align : any numbers in the order of a table's labels.

    Examples
    --------
    >>> table = pd.DataFrame({"wine": [1, 2], "shoes": [3, 0]}, index=["A", "B"])
    >>> region_totals(table, None)[1]
    "regional totals: sums over the table's own 2 industries"
    """
    if totals is None:
        own = f"{len(table.columns)} {'industry' if len(table.columns) == 1 else 'industries'}"
        return table.sum(axis=1), f"regional totals: sums over the table's own {own}"
    given = align(totals, table.index, what="totals")
    values, sums = table.to_numpy(), table.sum(axis=1)
    say = "totals: region {!r} has {:g} in all, less than {}"
    for row, column in np.argwhere(values > given.to_numpy()[:, None]):
        its = f"its {values[row, column]:g} in industry {table.columns[column]!r}."
        raise ValueError(say.format(table.index[row], given.iloc[row], its))
    # published totals are rounded once, and the sum of rounded parts once a part
    slack = 1e-9 * given + 0.5 * unit_of(values) * (len(table.columns) + 1)
    for row in np.flatnonzero(sums > given + slack):
        its = f"the sum of its industries ({sums.iloc[row]:g})"
        its += "; is something counted twice in the table?"
        raise ValueError(say.format(table.index[row], given.iloc[row], its))
    return given, "regional totals: given by the caller"


def numbers(column: pd.Series) -> tuple[np.ndarray, int | None]:
    """Return a column as floats, NaN where it is empty, and the place of the first other entry.

    Dates, durations, complex numbers, True and False, text and infinity are no numbers here.

    Parameters
    ----------
    column : pandas.Series
        Cells of a frame.

    Returns
    -------
    numbers : numpy.ndarray
    place : int or None
        The position of the first cell that is no number.

    See Also
    --------
    clusterlab.reading.Numerals : numbers written as text, with their marks.

    Examples
    --------
    >>> numbers(pd.Series([1, None, "x"], dtype=object))[1]
    2
    """
    found = real_numbers(column)
    bad = np.flatnonzero(~np.isfinite(found) & ~column.isna().to_numpy())
    return found, int(bad[0]) if len(bad) else None


def _check_names(names: Sequence[Any]) -> None:
    for argument, name in zip(("region", "industry", "value"), names, strict=False):
        fits = name is not None and pd.api.types.is_hashable(name)
        need(fits, argument, "the name of a column", name)
    if len(set(names)) < len(names):
        raise ValueError(
            f"region, industry and value are {', '.join(map(repr, names))}, but they must be "
            "different columns."
        )


def _period_among(columns: Iterable, names: Sequence) -> list:
    """Return the column by whose name the rows may be of several years, if there is one."""
    found = (c for c in columns if isinstance(c, str) and _PERIODS.search(c) and c not in names)
    return [*itertools.islice(found, 1)]


def _gather(
    pieces: Iterable[pd.DataFrame],
    names: Sequence,
    absent: Absent | None,
    duplicates: Duplicates,
    numerals: Numerals,
    place: Callable[[Any, Any], str],
    whole_row: Callable[[Any], Mapping],
    label: Callable[[Any], Any],
) -> pd.DataFrame:
    """Add up pieces of a long table, of which only codes and values are held.

    ``names`` are the columns of region, industry and value and, if there is one, of the period;
    ``place`` turns a row's index and a column into words, ``whole_row`` into all its cells, and
    ``label`` a cell into a label.
    """
    chosen("absent", absent, (None, *get_args(Absent)))
    chosen("duplicates", duplicates, get_args(Duplicates))
    seen: dict[Any, dict] = {name: {} for name in (*names[:2], *names[3:])}
    parts: list[list] = []
    for piece in pieces:

        def say(row: int, column: Any = names[2], at: pd.Index = piece.index) -> str:
            return place(at[row], column)

        codes = [_coded(piece, name, known, say, label) for name, known in seen.items()]
        values = numerals.read(piece[names[2]], say, names[2])
        parts.append([piece.index, values, np.ones(len(piece), np.float32), *codes])
        if duplicates != "refuse" and sum(len(part[0]) for part in parts[1:]) > _ROWS_HELD:
            parts = [_put_together(parts, [*map(len, seen.values())])]
    numerals.settle()
    rows, values, counts, *codes = map(np.concatenate, zip(*parts, strict=True))
    if len(rows) == 0:
        raise ValueError("the table has no rows.")
    for name in names[:2]:
        refuse_spellings(seen[name], f"column {name!r}: labels")
    regions, industries, *periods = map(list, seen.values())
    cells = len(regions) * len(industries)
    key = codes[0].astype(np.intp) * len(industries) + codes[1]
    count = np.bincount(key, weights=counts, minlength=cells)
    total = np.bincount(key, weights=values, minlength=cells).astype(float)
    note = f"{len(regions):,} regions x {len(industries):,} industries from "
    note += f"{counts.sum():,.0f} rows"
    if (count > 1).any():
        if duplicates != "mean" and periods and counts.max() == 1:
            _refuse_periods(names[3], periods[0], key * len(periods[0]) + codes[2])
        if duplicates == "refuse":
            again = [divmod(cell, len(industries)) for cell in np.flatnonzero(count > 1)]
            pairs = [(regions[row], industries[column]) for row, column in again]
            twice = rows[key == np.flatnonzero(count > 1)[0]][:2]
            at = [place(row, names[2]) for row in twice]
            _refuse_duplicates(pairs, names, [*map(whole_row, twice)], at)
        note += f"; the rows of a pair were {'averaged' if duplicates == 'mean' else 'added up'}"
    if duplicates == "mean":
        total /= np.maximum(count, 1)
    missing = int((count == 0).sum())
    if missing:
        note += _settle_absent(missing, cells, absent)
        total[count == 0] = np.nan if absent == "unknown" else 0
    labels = [pd.Index([*seen[name]], name=name) for name in names[:2]]
    table = pd.DataFrame(total.reshape(len(regions), -1), *labels)
    for axis in (0, 1):
        with contextlib.suppress(TypeError):  # labels of several kinds keep the order they came in
            table = table.sort_index(axis=axis)
    table.attrs["note"] = note + "."
    return table


def _put_together(parts: list[list], sizes: list[int]) -> list:
    """Return one part with a row for each combination of labels: sums, and counts of rows."""
    rows, values, counts, *codes = map(np.concatenate, zip(*parts, strict=True))
    key = codes[0].astype(np.int64)
    for code, size in zip(codes[1:], sizes[1:], strict=True):
        key = key * size + code
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    sums = [np.bincount(group.astype(np.intp), weights=each) for each in (values, counts)]
    return [rows[first], *sums, *(code[first] for code in codes)]


def _coded(
    piece: pd.DataFrame,
    name: Any,
    known: dict,
    say: Callable[[int, Any], str],
    label: Callable[[Any], Any],
) -> np.ndarray:
    """Return the code of each row's label; labels that are new join those known."""
    codes, labels = pd.factorize(piece[name], use_na_sentinel=False)
    if not _PERIODS.search(str(name)):
        _refuse_odd_labels(codes, labels, name, say)
    new = [known.setdefault(label(each), len(known)) for each in labels]
    return np.array(new, np.int32)[codes]


def _refuse_odd_labels(
    codes: np.ndarray, labels: Iterable, name: Any, say: Callable[[int, Any], str]
) -> None:
    """Refuse what is no label: nothing, the error of a formula, a date."""
    odd = {}
    for code, label in enumerate(labels):
        if is_missing(label):
            odd[code] = "is empty; if it is no row of the table, leave it out"
        elif isinstance(label, datetime.date):
            odd[code] = f"has the date {label:%Y-%m-%d}, which spreadsheets make of codes such as "
            odd[code] += "10-12; write the code there as text"
        elif isinstance(label, str) and re.fullmatch(r"\s*#([A-Z]+[!?]|DIV/0!|N/A)\s*", label):
            odd[code] = f"has {label.strip()!r}, the error of a formula; mend it in the spreadsheet"
    if odd:
        row = int(np.isin(codes, [*odd]).argmax())
        raise ValueError(f"{say(row, name)}: column {name!r} {odd[codes[row]]}.")


def _trimmed(label: Any) -> Any:
    return label.strip() if isinstance(label, str) else label


def _refuse_periods(name: Any, periods: list, keys: np.ndarray) -> None:
    """Refuse rows that are the years of one table: each pair at most once in each."""
    if len(periods) > 1 and len(np.unique(keys)) == len(keys):
        found = sorted(periods, key=str)
        some = ", ".join(map(shown, found[:6])) + ", …" * (len(found) > 6)
        raise ValueError(
            f"column {name!r} has {len(found)} values ({some}), and a pair is listed once in each: "
            "they are several tables in one; pick one with "
            f"where={{{name!r}: {shown(found[-1])}}}, or list those to be put together."
        )


def _refuse_duplicates(pairs: list, names: Sequence, twice: list[Mapping], places: list) -> None:
    one, other = twice
    differ = [name for name in one if name not in names[:3] and one[name] != other.get(name)]
    how, first = "; ", " and ".join(places)
    if differ:
        some = ", ".join(f"{n!r} ({shown(one[n])}, {shown(other.get(n))})" for n in differ[:3])
        how = f", which differ in column {some}; if one value there is meant, pick it with "
        how += f"where={{{differ[0]!r}: …}}, and if the rows are parts of the pair, "
    raise ValueError(
        f"{named(pairs, 'the pair', 'region-industry pairs')} listed more than once, the first in "
        f"{first}{how}combine them with duplicates='sum' or duplicates='mean'."
    )


def _settle_absent(missing: int, cells: int, absent: Absent | None) -> str:
    what = f"{missing:,} of {cells:,} region-industry pairs are not listed"
    if absent == "refuse":
        raise ValueError(f"{what}; say what that means: absent='zero' or absent='unknown'.")
    if absent is None:
        say = "say absent='zero' if that is right, or absent='unknown' if they were not published"
        warnings.warn(f"{what} and are taken as zero; {say}.", AbsentPairs, stacklevel=4)
    return f"; {what} and were taken as {absent or 'zero'}"
