"""The one data shape: a region x industry table of employment or establishments.

`read`, `from_long` and `from_wide` turn a user's file or frame into a `pandas.DataFrame` with
regions as rows and industries as columns; `check` is what every measure does with a table before
it computes. Labels stay as they were given: a code read from a file is text, so a leading zero
stays. What was decided on the way stands in ``table.attrs["note"]``.

The checks of every reader stand here once, each a `ValueError` of one sentence in the user's own
column names: `need_frame`, `need_columns`, `refuse_gaps`, `refuse_repeats`, `numbers`, `labels`,
`check_labels`, `refuse_spellings` and, to choose rows, `choose_rows`.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from clusterlab.names import did_you_mean
from clusterlab.parameters import chosen
from clusterlab.reading import (
    OTHER_KINDS,
    Numerals,
    TextFile,
    check_where,
    choose_rows,
    need_columns,
    plain,
    read_text,
    shown,
)
from clusterlab.totals import totals_inside, unit_of

__all__ = [
    "AbsentPairs",
    "Doubtful",
    "align",
    "as_numbers",
    "check",
    "check_labels",
    "check_values",
    "choose_rows",
    "from_long",
    "from_wide",
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
    separator: str | None = None,
    encoding: str | None = None,
    decimal: Literal[".", ","] | None = None,
    thousands: Literal[",", ".", " ", "'"] | None = None,
    skip_rows: int | Sequence[int] = 0,
) -> pd.DataFrame:
    r"""Read a long or wide text file into a region x industry table.

    The file is read in pieces and never held whole: memory stays well below three times its size.

    Parameters
    ----------
    path : str or Path
        A text file with one header line, plain or compressed (gzip, bzip2, xz).
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
        from 1, such as a title and a note below the table.

    Returns
    -------
    pandas.DataFrame
        Regions x industries, values as floats in the file's own unit; of a long file both are
        sorted. ``attrs["note"]`` says what was decided, and names a total among the labels, which
        measures will refuse.

    Raises
    ------
    ValueError
        A file that is not text (with the call that reads it); a column that is not there (with the
        nearest name); an empty label; two labels that are two spellings of one; a value that is
        missing, not a number or negative (with its line); a pair listed twice.

    Warns
    -----
    AbsentPairs
        Pairs were taken as zero by default.

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
    numerals = Numerals(decimal, thousands, unknown)
    check_where(where)
    if (industry is None) != (value is None):
        raise ValueError(
            "give both industry= and value= for a long file, or neither for a wide one."
        )
    names = (region,) if industry is None else (region, industry, value)
    _check_names(names)
    file = TextFile(
        path,
        [*names, *(where or {})],
        separator=separator,
        encoding=encoding,
        skip_rows=skip_rows,
        instead="give it to tables.from_long (or tables.from_wide)",
    )

    def place(line: int) -> str:
        return f"line {line} of {file.name}"

    if industry is None:
        need_columns(file.names, file.names, file.name)
        wanted = [name for name in file.names if name not in (where or {})]
        frames = [
            _numbers_of_wide(piece, region, numerals, place) for piece in file.pieces(wanted, where)
        ]
        numerals.settle()
        return _wide(pd.concat(frames), region)
    period = _period_among(file.names, names, where)
    wanted = [*names, *([period] if period else [])]
    return _gather(
        file.pieces(wanted, where), wanted, absent, duplicates, numerals, place, file.row
    )


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
    decimal: Literal[".", ","] | None = None,
    thousands: Literal[",", ".", " ", "'"] | None = None,
) -> pd.DataFrame:
    """Turn a long frame (one row a pair, or one row an establishment) into a table.

    Parameters
    ----------
    frame : pandas.DataFrame or dask.dataframe.DataFrame
        The long table. With a Dask frame and ``duplicates="sum"`` the sums are taken by Dask and
        only one row a pair comes into memory.
    region, industry, value : str
        The names of its columns.
    absent, duplicates, unknown, where
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
    numerals = Numerals(decimal, thousands, unknown)
    names = (region, industry, value)
    _check_names(names)
    lazy = hasattr(frame, "dask") and hasattr(frame, "columns")
    if not lazy:
        need_frame(frame, "the table", "one row per region and industry")
    need_columns(frame.columns, names, "the table")
    if lazy:
        if duplicates != "sum" or where is not None:
            raise ValueError(
                "a Dask frame is aggregated with duplicates='sum' and without where=; pass it, and "
                "choose rows before."
            )
        low = frame[value].min().compute()
        if low < 0:
            raise ValueError(f"column {value!r} has a negative value ({low:g}).")
        frame = frame.groupby([region, industry])[value].sum().compute().reset_index()
    frame = choose_rows(frame, where, "the table")
    period = _period_among(frame.columns, names, where)
    wanted = [*names, *([period] if period else [])]
    labels = frame.index
    return _gather(
        [frame[wanted].reset_index(drop=True)],
        wanted,
        absent,
        duplicates,
        numerals,
        lambda row: f"row {shown(labels[row])}",
        lambda row: frame.iloc[row].to_dict(),
    )


def from_wide(frame: pd.DataFrame, *, region: str | None = None) -> pd.DataFrame:
    """Turn a wide frame (one row a region, one column an industry) into a checked table.

    Parameters
    ----------
    frame : pandas.DataFrame
        The wide table.
    region : str, optional
        The column with the regions; by default the index holds them.

    Returns
    -------
    pandas.DataFrame
        Regions x industries as floats, in the order of the frame.

    Raises
    ------
    ValueError
        As in `check_values`; cells may be unknown, and regions and industries empty.

    Examples
    --------
    >>> from_wide(pd.DataFrame({"city": ["A", "B"], "wine": [1, 2]}), region="city")
          wine
    city
    A      1.0
    B      2.0
    """
    need_frame(frame, "the table", "one row per region and one column per industry")
    return _wide(frame, region)


def _are_years(numbers: np.ndarray) -> bool:
    return bool(((numbers >= 1800) & (numbers <= 2100) & (numbers % 1 == 0)).all())


def _wide(frame: pd.DataFrame, region: Any) -> pd.DataFrame:
    if region is not None:
        need_columns(frame.columns, [region], "the table")
        frame = frame.set_index(region)
    for name in frame.columns:
        years = frame[name].to_numpy() if isinstance(name, str) and _PERIODS.search(name) else None
        if years is not None and years.dtype.kind in "iuf" and years.size and _are_years(years):
            raise ValueError(
                f"column {name!r} holds years ({years.flat[0]:g}) and is no industry; leave it "
                f"out, or read the rows of one with where={{{name!r}: {years.flat[0]:g}}}."
            )
    table = check_values(frame, allow_unknown=True)
    table.attrs.setdefault(
        "note",
        f"{len(table):,} regions x {len(table.columns):,} industries from {len(table):,} rows.",
    )
    return _note_totals(table)


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
    industries = result.columns[result.to_numpy().sum(axis=0) == 0]
    if len(industries):
        raise ValueError(
            f"{_some(industries, 'industry', 'industries')} with no value above zero in any region:"
            " the measure is not defined there; leave them out with table.loc[:, table.sum() > 0]."
        )
    regions = result.index[result.to_numpy().sum(axis=1) == 0]
    if len(regions) and not empty_regions:
        raise ValueError(
            f"{_some(regions, 'region', 'regions')} with no value above zero in any industry: "
            "the measure is not defined there; leave them out with table[table.sum(axis=1) > 0]."
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

    Examples
    --------
    >>> check_values(pd.DataFrame({"1-4": ["x"]}, index=["wine"]), rows="trade", columns="class")
    Traceback (most recent call last):
    ValueError: trade 'wine', class '1-4': 'x' is not a finite number; is this a long table? ...
    """
    need_frame(table, "the table", f"one row per {rows} and one column per {columns}")
    check_labels(table.index, rows)
    check_labels(table.columns, columns)
    values = np.empty(table.shape)
    if all(isinstance(kind, np.dtype) and kind.kind in "iuf" for kind in table.dtypes):
        values[:] = table.to_numpy(dtype=float)
        unsure = np.flatnonzero(np.isinf(values).any(axis=0))
    else:
        unsure = np.arange(table.shape[1])
    for j in unsure:
        column, name = table.iloc[:, j], table.columns[j]
        kind = OTHER_KINDS.get(getattr(column.dtype, "kind", ""))
        if kind:
            raise ValueError(
                f"{columns} {name!r} holds {kind} ({rows} {table.index[0]!r}: "
                f"{column.iloc[0]}), but numbers are needed; turn it into numbers, or leave it out."
            )
        values[:, j], bad = numbers(column)
        if bad is not None:
            found = column.iloc[bad]
            text = isinstance(found, str) and found.strip().isdecimal()
            raise ValueError(
                f"{rows} {table.index[bad]!r}, {columns} {name!r}: {shown(found)} is "
                + (
                    "text, not a number; turn it into numbers with pd.to_numeric."
                    if text
                    else "not a finite number; is this a long table? Then use tables.from_long."
                )
            )
    if not allow_unknown and np.isnan(values).any():
        row, column = np.argwhere(np.isnan(values))[0]
        raise ValueError(
            f"{int(np.isnan(values).sum())} cells are unknown, the first at {rows} "
            f"{table.index[row]!r}, {columns} {table.columns[column]!r}; this measure needs every "
            "cell: fill them if you know them, or leave those labels out."
        )
    if (values < 0).any():
        row, column = np.argwhere(values < 0)[0]
        raise ValueError(
            f"{rows} {table.index[row]!r}, {columns} {table.columns[column]!r}: value "
            f"{values[row, column]:g} is negative."
        )
    if (values > _MOST).any():
        row, column = np.argwhere(values > _MOST)[0]
        raise ValueError(
            f"{rows} {table.index[row]!r}, {columns} {table.columns[column]!r}: value "
            f"{values[row, column]:g} is too large to be computed with."
        )
    if not np.nansum(values) > 0:
        raise ValueError("the table holds no number above zero.")
    result = pd.DataFrame(values, index=table.index, columns=table.columns)
    result.attrs = dict(table.attrs)
    return result


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

    Examples
    --------
    >>> need_frame("jobs.csv", "the register")
    Traceback (most recent call last):
    ValueError: the register must be a pandas DataFrame with named columns, got a str; read the ...
    """
    if isinstance(frame, pd.DataFrame):
        return
    advice = ""
    if isinstance(frame, str | Path):
        advice = "; read the file first, with tables.read or with pd.read_csv(path, dtype=str)"
    elif isinstance(frame, pd.Series):
        advice = "; series.to_frame() makes a frame of one column"
    elif isinstance(frame, np.ndarray):
        advice = "; give it labels: pd.DataFrame(array, index=rows, columns=columns)"
    elif isinstance(frame, list | tuple | dict):
        advice = "; pd.DataFrame(…) makes one of it"
    raise ValueError(
        f"{what} must be a pandas DataFrame with {shape}, got a {type(frame).__name__}{advice}."
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
        empty = np.array([_is_blank(cell) for cell in frame[column]], bool)
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

    Examples
    --------
    >>> check_labels(pd.Index(["Napa", "Napa "]), "region")
    Traceback (most recent call last):
    ValueError: regions 'Napa' and 'Napa ' differ only by blanks, capitals, ...
    """
    if len(labels) == 0:
        raise ValueError(f"the table has no {one}.")
    for place, label in enumerate(labels, start=1):
        if _is_blank(label):
            raise ValueError(f"the label of {one} number {place} is empty.")
    if labels.has_duplicates:
        again = labels[labels.duplicated()].unique()
        raise ValueError(f"{_some(again, one, f'{one} labels')} listed more than once.")
    refuse_spellings(labels, f"{one} labels")


def refuse_spellings(labels: Iterable, what: str) -> None:
    """Raise ValueError where two labels are two spellings of one."""
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


def align(given: pd.Series, labels: pd.Index, *, what: str) -> pd.Series:
    """Return a Series of non-negative numbers in the order of the labels, or say what is wrong.

    Parameters
    ----------
    given : pandas.Series
        One number a label, at least for those asked for.
    labels : pandas.Index
        The labels needed.
    what : str
        What the numbers are, for the message ("totals", "plant Herfindahl").

    Returns
    -------
    pandas.Series
        Floats, indexed by ``labels``.

    Raises
    ------
    TypeError, ValueError
        No Series; labels missing or repeated; a number missing, infinite or negative.

    Examples
    --------
    >>> align(pd.Series({"B": 2, "A": 1}), pd.Index(["A", "B"]), what="totals").tolist()
    [1.0, 2.0]
    """
    if not isinstance(given, pd.Series):
        raise TypeError(
            f"{what} must be a Series with one number a label, got a {type(given).__name__}; "
            "from a table, pick the column: totals=table['00']."
        )
    if given.index.has_duplicates:
        again = given.index[given.index.duplicated()]
        raise ValueError(f"{what}: {_some(again.unique(), 'label', 'labels')} listed twice.")
    missing = labels.difference(given.index, sort=False)
    if len(missing):
        hint = did_you_mean(missing[0], given.index)
        twin = next((e for e in given.index if plain(e) == plain(missing[0])), None)
        kinds = ["text" if isinstance(e, str) else "numbers" for e in (twin, missing[0])]
        if twin is not None and kinds[0] != kinds[1]:
            hint = f"; its labels are {kinds[0]} ({twin!r}), but those of the table are {kinds[1]}."
        raise ValueError(f"{what}: no number for {_some(missing, 'label', 'labels')}{hint}")
    values, bad = numbers(given.reindex(labels))
    wrong = np.flatnonzero(~np.isfinite(values) | (values < 0)) if bad is None else [bad]
    if len(wrong):
        label = labels[wrong[0]]
        raise ValueError(
            f"{what}: {label!r} has {shown(given[label])}, but a number from zero up is needed."
        )
    return pd.Series(values, index=labels, name=given.name)


_AS_IS = "if the table is meant as it stands, say so with table.attrs['as_is'] = True"


def refuse_totals(table: pd.DataFrame) -> None:
    """Raise ValueError where a label counts others once more, see `totals.totals_inside`.

    Examples
    --------
    >>> refuse_totals(pd.DataFrame({"11": [3, 1], "Total": [5, 9], "12": [2, 8]}))
    Traceback (most recent call last):
    ValueError: industry 'Total' is the total of the others and would be counted once more; ...
    """
    inside = "" if table.attrs.get("as_is") else totals_inside(table)
    if inside:
        raise ValueError(f"{inside}; {_AS_IS}.")


def _note_totals(table: pd.DataFrame) -> pd.DataFrame:
    """Note that a table just read holds totals, which may be wanted: measures will refuse them."""
    if inside := totals_inside(table):
        table.attrs["note"] = f"{table.attrs['note'].rstrip('.')}; {inside}."
    return table


def _ask_about_presence(table: pd.DataFrame) -> None:
    """Warn where a table of employment holds nothing but 0 and 1."""
    values = table.to_numpy()
    if min(values.shape) > 2 and ((values == 0) | (values == 1)).all() and not values.all():
        warnings.warn(
            "every value of the table is 0 or 1; if that says where an industry is present, give "
            f"table.astype(bool) to measures of presence, and {_AS_IS}.",
            Doubtful,
            stacklevel=4,
        )


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

    Examples
    --------
    >>> table = pd.DataFrame({"wine": [1, 2], "shoes": [3, 0]}, index=["A", "B"])
    >>> region_totals(table, None)[1]
    "regional totals: sums over the table's own 2 industries"
    """
    if totals is None:
        count = len(table.columns)
        noun = "industry" if count == 1 else "industries"
        return table.sum(axis=1), f"regional totals: sums over the table's own {count} {noun}"
    given = align(totals, table.index, what="totals")
    over = table.gt(given, axis=0)
    if over.to_numpy().any():
        row, column = np.argwhere(over.to_numpy())[0]
        raise ValueError(
            f"totals: region {table.index[row]!r} has {given.iloc[row]:g} in all, less than its "
            f"{table.iloc[row, column]:g} in industry {table.columns[column]!r}."
        )
    sums = table.sum(axis=1)
    # published totals are rounded once, and the sum of rounded parts once a part
    slack = 1e-9 * given + 0.5 * unit_of(table.to_numpy()) * (len(table.columns) + 1)
    below = np.flatnonzero((sums > given + slack).to_numpy())
    if len(below):
        row = below[0]
        raise ValueError(
            f"totals: region {table.index[row]!r} has {given.iloc[row]:g} in all, less than the "
            f"sum of its industries ({sums.iloc[row]:g}); is something counted twice in the table?"
        )
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
        The position of the first cell that is no number; what comes after it is not read.

    See Also
    --------
    clusterlab.reading.Numerals : numbers written as text, with their marks.

    Examples
    --------
    >>> numbers(pd.Series([1, None, "x"], dtype=object))[1]
    2
    """
    if column.dtype.kind in "iuf":
        found = column.to_numpy(dtype=float, na_value=np.nan)
        bad = np.flatnonzero(np.isinf(found))
        return found, int(bad[0]) if len(bad) else None
    found = np.empty(len(column))
    for place, value in enumerate(column):
        if isinstance(value, Real | Decimal) and not isinstance(value, bool | np.bool_):
            found[place] = value
            if np.isinf(found[place]):
                return found, place
        elif pd.api.types.is_scalar(value) and pd.isna(value):
            found[place] = np.nan
        else:
            return found, place
    return found, None


#: Its former name.
as_numbers = numbers


def _is_blank(label: Any) -> bool:
    return not label.strip() if isinstance(label, str) else bool(pd.isna(label))


def _some(labels: Iterable, one: str, many: str) -> str:
    labels = list(labels)
    if len(labels) == 1:
        return f"{one} {labels[0]!r}"
    shown = ", ".join(repr(label) for label in labels[:5])
    return f"{len(labels)} {many} ({shown}{', …' if len(labels) > 5 else ''})"


def _check_names(names: Sequence[Any]) -> None:
    for argument, name in zip(("region", "industry", "value"), names, strict=False):
        if name is None or not pd.api.types.is_hashable(name):
            raise ValueError(f"{argument} is {shown(name)}, but it must be the name of a column.")
    if len(set(names)) < len(names):
        raise ValueError(
            f"region, industry and value are {', '.join(map(repr, names))}, but they must be "
            "different columns."
        )


def _period_among(columns: Iterable, names: Sequence, where: Mapping | None) -> Any:
    """Return the column by whose name the rows may be of several years, if there is one."""
    for name in columns:
        if isinstance(name, str) and _PERIODS.search(name) and name not in (*names, *(where or {})):
            return name
    return None


def _numbers_of_wide(
    piece: pd.DataFrame, region: str, numerals: Numerals, say_row: Any
) -> pd.DataFrame:
    def place(row: int) -> str:
        return say_row(piece.index[row])

    for row in np.flatnonzero([_is_blank(label) for label in piece[region]]):
        raise ValueError(
            f"{place(int(row))}: column {region!r} is empty; if it is no row of the table, leave "
            "it out."
        )
    return pd.DataFrame(
        {
            name: piece[name] if name == region else numerals.read(piece[name], place, name)
            for name in piece.columns
        }
    )


def _gather(
    pieces: Iterable[pd.DataFrame],
    names: Sequence,
    absent: Absent | None,
    duplicates: Duplicates,
    numerals: Numerals,
    say_row: Any,
    whole_row: Any,
) -> pd.DataFrame:
    """Add up pieces of a long table.

    ``names`` are the columns of region, industry and value and, if there is one, of the period;
    ``say_row`` turns a row's number into words, and ``whole_row`` into all its cells.
    """
    chosen("absent", absent, (None, *get_args(Absent)))
    chosen("duplicates", duplicates, get_args(Duplicates))
    labelled = [names[0], names[1], *names[3:]]
    seen: list[dict] = [{} for _ in labelled]
    codes: list[list[np.ndarray]] = [[] for _ in labelled]
    values: list[np.ndarray] = []
    rows: list[np.ndarray] = []
    for piece in pieces:
        rows.append(piece.index.to_numpy())

        def place(row: int, here: np.ndarray = rows[-1]) -> str:
            return say_row(here[row])

        for known, own, name in zip(seen, codes, labelled, strict=True):
            local, labels = pd.factorize(piece[name], use_na_sentinel=name in names[:2])
            blank = [n for n, label in enumerate(labels) if name in names[:2] and _is_blank(label)]
            lost = np.flatnonzero((local < 0) | np.isin(local, blank))
            if len(lost):
                raise ValueError(
                    f"{place(lost[0])}: column {name!r} is empty; if it is no row of the table, "
                    "leave it out."
                )
            kept = [label.strip() if isinstance(label, str) else label for label in labels]
            to_all = np.array([known.setdefault(label, len(known)) for label in kept], np.int32)
            own.append(to_all[local])
        values.append(numerals.read(piece[names[2]], place, names[2]))
    numerals.settle()
    start = sum(map(len, values))
    if start == 0:
        raise ValueError("the table has no rows.")
    for known, name in zip(seen[:2], names[:2], strict=True):
        refuse_spellings(known, f"column {name!r}: labels")
    shape = (len(seen[0]), len(seen[1]))
    cells = shape[0] * shape[1]
    rows_in_cell, total = np.zeros(cells, np.int64), np.zeros(cells)
    keys = [row * np.intp(shape[1]) + column for row, column in zip(*codes[:2], strict=True)]
    for key, value in zip(keys, values, strict=True):
        rows_in_cell += np.bincount(key, minlength=cells)
        total += np.bincount(key, weights=value, minlength=cells)
    more = start - int((rows_in_cell > 0).sum())
    if more and duplicates != "mean" and len(seen) > 2:
        _refuse_periods(names[3], list(seen[2]), keys, codes[2])
    if more and duplicates == "refuse":
        _refuse_duplicates(
            np.concatenate(keys), rows_in_cell, seen, rows, say_row, whole_row, names
        )
    if duplicates == "mean":
        total /= np.maximum(rows_in_cell, 1)
    missing = int((rows_in_cell == 0).sum())
    note = f"{shape[0]:,} regions x {shape[1]:,} industries from {start:,} rows"
    if more:
        note += f"; the rows of a pair were {'averaged' if duplicates == 'mean' else 'added up'}"
    if missing:
        note += _settle_absent(missing, cells, absent)
        if absent == "unknown":
            total[rows_in_cell == 0] = np.nan
    table = pd.DataFrame(
        total.reshape(shape),
        index=pd.Index(list(seen[0]), name=names[0]),
        columns=pd.Index(list(seen[1]), name=names[1]),
    )
    for axis in (0, 1):
        try:
            table = table.sort_index(axis=axis)
        except TypeError:  # labels of several kinds keep the order in which they came
            continue
    table.attrs["note"] = note + "."
    return _note_totals(table)


def _refuse_periods(name: Any, periods: list, keys: list, codes: list) -> None:
    """Refuse rows that are the years of one table: each pair at most once in each."""
    if len(periods) < 2:
        return
    both = np.concatenate(keys).astype(np.int64) * len(periods) + np.concatenate(codes)
    both.sort()
    if (np.diff(both) > 0).all():
        some = ", ".join(map(shown, sorted(periods, key=str)[:6]))
        one = sorted(periods, key=str)[-1]
        raise ValueError(
            f"column {name!r} has {len(periods)} values ({some}{', …' * (len(periods) > 6)}), "
            "and a pair is listed once in each: they are several tables in one; pick one with "
            f"where={{{name!r}: {shown(one)}}}, or list those to be put together."
        )


def _refuse_duplicates(
    keys: np.ndarray,
    rows_in_cell: np.ndarray,
    seen: Any,
    rows: list,
    say_row: Any,
    whole_row: Any,
    names: Sequence,
) -> None:
    regions, industries = list(seen[0]), list(seen[1])
    width = len(industries)
    again = np.flatnonzero(rows_in_cell > 1)
    named = [(regions[cell // width], industries[cell % width]) for cell in again[:5]]
    first, second = np.concatenate(rows)[keys == again[0]][:2]
    one, other = whole_row(first), whole_row(second)
    differ = [
        f"{name!r} ({shown(one[name])}, {shown(other[name])})"
        for name in one
        if name not in names[:3] and name in other and one[name] != other[name]
    ]
    column = differ[0].split(" (")[0] if differ else ""
    raise ValueError(
        f"{_some([*named, *again[5:]], 'the pair', 'region-industry pairs')} listed more than "
        f"once, the first in {say_row(first)} and {say_row(second)}"
        + (
            f", which differ in column {', '.join(differ[:3])}; if one value there is meant, pick "
            f"it with where={{{column}: …}}, and if the rows are parts of the pair, "
            if differ
            else "; "
        )
        + "combine them with duplicates='sum' or duplicates='mean'."
    )


def _settle_absent(missing: int, cells: int, absent: Absent | None) -> str:
    what = f"{missing:,} of {cells:,} region-industry pairs are not listed"
    if absent == "refuse":
        raise ValueError(f"{what}; say what that means: absent='zero' or absent='unknown'.")
    if absent is None:
        warnings.warn(
            f"{what} and are taken as zero; say absent='zero' if that is right, or "
            "absent='unknown' if they were not published.",
            AbsentPairs,
            stacklevel=4,
        )
    return f"; {what} and were taken as {absent or 'zero'}"
