"""The one data shape: a region x industry table of employment or establishments.

`read`, `from_long` and `from_wide` turn a user's file or frame into a `pandas.DataFrame` with
regions as rows and industries as columns; `check` is what every measure does with a table before
it computes. Labels stay as they were given: a code read from a file is text, so a leading zero
stays. What was decided on the way stands in ``table.attrs["note"]``.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from clusterlab.names import did_you_mean

__all__ = [
    "AbsentPairs",
    "align",
    "as_numbers",
    "check",
    "check_labels",
    "check_values",
    "from_long",
    "from_wide",
    "need_columns",
    "need_frame",
    "read",
    "region_totals",
]

Absent = Literal["zero", "unknown", "refuse"]
Duplicates = Literal["refuse", "sum", "mean"]

_ROWS_AT_ONCE = 100_000
_SEPARATORS = ",;\t|"
_COMMA_NUMBER = r"\s*-?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?\s*"
_OPEN: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


class AbsentPairs(UserWarning):
    """Region-industry pairs are absent from a long table and were taken as zero by default."""


def read(
    path: str | Path,
    *,
    region: str,
    industry: str | None = None,
    value: str | None = None,
    absent: Absent | None = None,
    duplicates: Duplicates = "refuse",
    unknown: Sequence[str] = (),
    separator: str | None = None,
    encoding: str | None = None,
    decimal: Literal[".", ","] = ".",
) -> pd.DataFrame:
    r"""Read a long or wide text file into a region x industry table.

    The file is read in pieces and never held whole: memory stays well below three times its size.

    Parameters
    ----------
    path : str or Path
        A text file with one header line, plain or compressed (``.gz``, ``.bz2``, ``.xz``).
    region, industry, value : str
        The names of the columns of a long file: one row a pair. Codes are read as text. Without
        ``industry`` and ``value`` the file is wide: one row a region, every other column an
        industry.
    absent : {"zero", "unknown", "refuse"}, optional
        What a pair means that a long file does not list: no employment, a value not published
        (the cell becomes NaN, which measures refuse unless they can do without), or an error. The
        default is "zero" with a warning that says how many pairs it concerns.
    duplicates : {"refuse", "sum", "mean"}
        What to do with a pair listed more than once. "sum" also aggregates a list of
        establishments.
    unknown : sequence of str
        Marks in the value column that mean "not published", such as ``"D"``; these cells become
        NaN, whatever ``absent`` says.
    separator, encoding : str, optional
        By default the separator is found from the header (comma, semicolon, tab or bar), and the
        encoding is UTF-8, or UTF-16 where the file says so.
    decimal : {".", ","}
        The decimal mark of the values.

    Returns
    -------
    pandas.DataFrame
        Regions x industries, both sorted, values as floats in the file's own unit.

    Raises
    ------
    ValueError
        A column that is not there (with the nearest name), an empty label, a value that is missing,
        not a number or negative (with its line), a pair listed twice, or text in another encoding.

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
    path = Path(path)
    if (industry is None) != (value is None):
        raise ValueError(
            "give both industry= and value= for a long file, or neither for a wide one."
        )
    encoding = encoding or _encoding(path)
    wanted = [name for name in (region, industry, value) if name is not None]
    try:
        separator, names = _header(path, encoding, separator, wanted)
        if industry is None:
            pieces = _pieces(path, encoding, separator, names, names)
            frames = [_numbers_of_wide(piece, region, unknown, decimal, path) for piece in pieces]
            return from_wide(pd.concat(frames), region=region)
        return _gather(
            _pieces(path, encoding, separator, names, wanted),
            (region, str(industry), str(value)),
            absent,
            duplicates,
            unknown,
            decimal,
            lambda row: f"line {row + 2} of {path.name}",
        )
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path.name} is not text in {encoding} (byte {error.object[error.start]:#x}); say"
            " what it is, for instance encoding='cp1252' for a file saved by Windows in the West."
        ) from None


def from_long(
    frame: Any,
    *,
    region: str,
    industry: str,
    value: str,
    absent: Absent | None = None,
    duplicates: Duplicates = "refuse",
    unknown: Sequence = (),
) -> pd.DataFrame:
    """Turn a long frame (one row a pair, or one row an establishment) into a table.

    Parameters
    ----------
    frame : pandas.DataFrame or dask.dataframe.DataFrame
        The long table. With a Dask frame and ``duplicates="sum"`` the sums are taken by Dask and
        only one row a pair comes into memory.
    region, industry, value : str
        The names of its columns.
    absent, duplicates, unknown
        As in `read`.

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
    names = (region, industry, value)
    need_columns(frame.columns, names, "the table")
    if not isinstance(frame, pd.DataFrame):
        if duplicates != "sum":
            raise ValueError("a Dask frame is aggregated with duplicates='sum'; pass it.")
        low = frame[value].min().compute()
        if low < 0:
            raise ValueError(f"column {value!r} has a negative value ({low:g}).")
        frame = frame.groupby([region, industry])[value].sum().compute().reset_index()
    labels = frame.index
    return _gather(
        [frame[list(names)].reset_index(drop=True)],
        names,
        absent,
        duplicates,
        unknown,
        ".",
        lambda row: f"row {labels[row]!r}",
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
        As in `check`; empty industries and regions are allowed here.

    Examples
    --------
    >>> from_wide(pd.DataFrame({"city": ["A", "B"], "wine": [1, 2]}), region="city")
          wine
    city
    A      1.0
    B      2.0
    """
    if region is not None:
        need_columns(frame.columns, [region], "the table")
        frame = frame.set_index(region)
    return check_values(frame, allow_unknown=True)


def check(
    table: pd.DataFrame, *, minimum_regions: int = 1, empty_regions: bool = False
) -> pd.DataFrame:
    """Check a region x industry table before a measure uses it.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries, numbers from zero up.
    minimum_regions : int
        The number of regions below which the measure says nothing.
    empty_regions : bool
        Whether a region without any employment makes sense for the measure.

    Returns
    -------
    pandas.DataFrame
        A copy with float values.

    Raises
    ------
    ValueError
        Something other than a DataFrame; labels or values that are none (see `check_values`; the
        first is named); a table without numbers above zero; an empty industry or region; too few
        regions.

    Examples
    --------
    >>> check(pd.DataFrame({"wine": [3, -1]}, index=["Napa", "Modesto"]))
    Traceback (most recent call last):
    ValueError: region 'Modesto', industry 'wine': value -1 is negative.
    """
    result = check_values(table)
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
        kind = _OTHER_KINDS.get(getattr(column.dtype, "kind", ""))
        if kind:
            raise ValueError(
                f"{columns} {name!r} holds {kind} ({rows} {table.index[0]!r}: "
                f"{column.iloc[0]}), but numbers are needed; turn it into numbers, or leave it out."
            )
        numbers, bad = as_numbers(column)
        if bad is not None:
            found = column.iloc[bad]
            text = isinstance(found, str) and found.strip().isdecimal()
            raise ValueError(
                f"{rows} {table.index[bad]!r}, {columns} {name!r}: {_shown(found)} is "
                + (
                    "text, not a number; turn it into numbers with pd.to_numeric."
                    if text
                    else "not a finite number; is this a long table? Then use tables.from_long."
                )
            )
        values[:, j] = numbers
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
    return " ".join(unicodedata.normalize("NFKC", str(label)).lower().split())


def align(numbers: pd.Series, labels: pd.Index, *, what: str) -> pd.Series:
    """Return a Series of non-negative numbers in the order of the labels, or say what is wrong.

    Parameters
    ----------
    numbers : pandas.Series
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
    if not isinstance(numbers, pd.Series):
        raise TypeError(
            f"{what} must be a Series with one number a label, got a {type(numbers).__name__}; "
            "from a table, pick the column: totals=table['00']."
        )
    if numbers.index.has_duplicates:
        again = numbers.index[numbers.index.duplicated()]
        raise ValueError(f"{what}: {_some(again.unique(), 'label', 'labels')} listed twice.")
    missing = labels.difference(numbers.index, sort=False)
    if len(missing):
        hint = did_you_mean(missing[0], numbers.index)
        raise ValueError(f"{what}: no number for {_some(missing, 'label', 'labels')}{hint}")
    values, bad = as_numbers(numbers.reindex(labels))
    wrong = np.flatnonzero(~np.isfinite(values) | (values < 0)) if bad is None else [bad]
    if len(wrong):
        label = labels[wrong[0]]
        raise ValueError(
            f"{what}: {label!r} has {_shown(numbers[label])}, but a number from zero up is needed."
        )
    return pd.Series(values, index=labels, name=numbers.name)


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
        A region without a total, or a cell larger than its region's total.

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
    return given, "regional totals: given by the caller"


def need_columns(columns: Iterable, wanted: Iterable[str], where: str) -> None:
    """Raise ValueError with the nearest name unless each wanted column is there exactly once.

    Examples
    --------
    >>> need_columns(["region", "jobs"], ["regoin"], "the table")
    Traceback (most recent call last):
    ValueError: the table has no column 'regoin'; did you mean 'region'? Its columns: region, jobs.
    """
    there = list(columns)
    for name in wanted:
        if there.count(name) > 1:
            raise ValueError(f"{where} has {there.count(name)} columns named {name!r}.")
        if name not in there:
            hint = did_you_mean(name, there)
            shown = ", ".join(map(str, there[:12])) + (", …" if len(there) > 12 else "")
            raise ValueError(f"{where} has no column {name!r}{hint} Its columns: {shown}.")


#: What a column may hold by its dtype's kind that is no number of anything.
_OTHER_KINDS = {
    "b": "True and False",
    "M": "dates",
    "m": "durations",
    "c": "complex numbers",
}


def as_numbers(column: pd.Series) -> tuple[np.ndarray, int | None]:
    """Return a column as floats, NaN where it is empty, and the place of the first other entry.

    Dates, durations, complex numbers, True and False, text and infinity are no numbers here.

    Examples
    --------
    >>> as_numbers(pd.Series([1, None, "x"], dtype=object))[1]
    2
    """
    if column.dtype.kind in "iuf":
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        bad = np.flatnonzero(np.isinf(numbers))
        return numbers, int(bad[0]) if len(bad) else None
    numbers = np.empty(len(column))
    for place, value in enumerate(column):
        if isinstance(value, Real | Decimal) and not isinstance(value, bool | np.bool_):
            numbers[place] = value
            if np.isinf(numbers[place]):
                return numbers, place
        elif pd.api.types.is_scalar(value) and pd.isna(value):
            numbers[place] = np.nan
        else:
            return numbers, place
    return numbers, None


def _shown(value: Any) -> str:
    if isinstance(value, float | np.number) and not isinstance(value, complex):
        return f"{value:g}"
    value = value.item() if isinstance(value, np.generic) else value
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:50]}… ({len(shown):,} characters)"


def _is_blank(label: Any) -> bool:
    return not label.strip() if isinstance(label, str) else bool(pd.isna(label))


def _some(labels: Iterable, one: str, many: str) -> str:
    labels = list(labels)
    if len(labels) == 1:
        return f"{one} {labels[0]!r}"
    shown = ", ".join(repr(label) for label in labels[:5])
    return f"{len(labels)} {many} ({shown}{', …' if len(labels) > 5 else ''})"


def _open(path: Path) -> Any:
    return _OPEN.get(path.suffix.lower(), open)(path, "rb")


def _encoding(path: Path) -> str:
    with _open(path) as file:
        start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig"


def _header(
    path: Path, encoding: str, separator: str | None, wanted: Sequence[str]
) -> tuple[str, list[str]]:
    """Return the separator, found from the first line unless given, and the columns' names."""
    with _open(path) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as file:
        line = file.readline()
    if not line.strip():
        raise ValueError(f"{path.name} is empty: its first line must name the columns.")
    fields = {
        mark: next(csv.reader([line], delimiter=mark))
        for mark in ([separator] if separator else _SEPARATORS)
    }
    best = max(fields, key=lambda mark: (set(wanted) <= set(fields[mark]), len(fields[mark])))
    need_columns(fields[best], wanted, path.name)
    return best, fields[best]


def _pieces(
    path: Path, encoding: str, separator: str, names: list[str], wanted: Sequence[str]
) -> Iterator[pd.DataFrame]:
    """Yield the wanted columns as text, piece by piece, each row with its number in the file.

    All columns are parsed, since pandas looks for superfluous fields only then. Lines
    without any content are left out and still counted.
    """
    places = [names.index(name) for name in wanted] if wanted is not names else range(len(names))
    try:
        with (
            warnings.catch_warnings(action="error", category=pd.errors.ParserWarning),
            pd.read_csv(
                path,
                sep=separator,
                encoding=encoding,
                header=0,
                names=range(len(names)),
                index_col=False,
                dtype=str,
                keep_default_na=False,
                skip_blank_lines=False,
                chunksize=_ROWS_AT_ONCE,
            ) as reader,
        ):
            for piece in reader:
                blank = (piece.isna() | piece.eq("")).all(axis=1)
                kept = piece.loc[~blank, list(places)]
                kept.columns = pd.Index(wanted)
                yield kept
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        line = re.search(r"line (\d+), saw", str(error))
        raise ValueError(
            f"{f'line {line[1]}' if line else 'a line'} of {path.name} has more fields than the "
            f"header's {len(names)}; is a separator or a decimal comma inside a value?"
        ) from None


def _numbers(
    texts: pd.Series, unknown: Sequence, decimal: str, place: Any, column: str
) -> np.ndarray:
    """Return the values as floats, NaN for the marks of unknown; the first bad one is an error."""
    marked = texts.isin(list(unknown)).to_numpy() if len(unknown) else np.zeros(len(texts), bool)
    plain = texts
    if decimal == ",":
        plain = texts.where(texts.str.fullmatch(_COMMA_NUMBER, na=False))
        plain = plain.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    values = pd.to_numeric(plain, errors="coerce")
    values = values.to_numpy(dtype=float, na_value=np.nan, copy=True)
    bad = np.flatnonzero(~marked & ~np.isfinite(values))
    negative = np.flatnonzero(~marked & (values < 0))
    if len(negative) and (not len(bad) or negative[0] < bad[0]):
        row = negative[0]
        raise ValueError(f"{place(row)}: column {column!r} has {values[row]:g}, which is negative.")
    if len(bad):
        found = texts.iloc[bad[0]]
        if pd.isna(found) or str(found).strip() == "":
            say = "is empty; if that means not published, say so with unknown=('',)"
        else:
            say = f"has {_shown(found)}, which is not a number"
            if "," in str(found) and decimal != ",":
                say += "; if the comma is the decimal mark, pass decimal=','"
            elif not any(sign.isdigit() for sign in str(found)):
                say += f"; if it means not published, pass unknown=({str(found)!r},)"
        raise ValueError(f"{place(bad[0])}: column {column!r} {say}.")
    values[marked] = np.nan
    return values


def _numbers_of_wide(
    piece: pd.DataFrame, region: str, unknown: Sequence, decimal: str, path: Path
) -> pd.DataFrame:
    def place(row: int) -> str:
        return f"line {piece.index[row] + 2} of {path.name}"

    for row in np.flatnonzero([_is_blank(label) for label in piece[region]]):
        raise ValueError(f"{place(int(row))}: column {region!r} is empty.")
    columns = []
    for number, name in enumerate(piece.columns):
        column = piece.iloc[:, number]
        if name != region:
            numbers = _numbers(column, unknown, decimal, place, name)
            column = pd.Series(numbers, index=piece.index, name=name)
        columns.append(column)
    return pd.concat(columns, axis=1)


def _gather(
    pieces: Iterable[pd.DataFrame] | Iterator[pd.DataFrame],
    names: tuple[str, str, str],
    absent: Absent | None,
    duplicates: Duplicates,
    unknown: Sequence,
    decimal: str,
    say_row: Any,
) -> pd.DataFrame:
    """Add up pieces of a long table; ``say_row`` turns a row's number into words."""
    for option, choice, allowed in (
        ("absent", absent, (None, *get_args(Absent))),
        ("duplicates", duplicates, get_args(Duplicates)),
    ):
        if choice not in allowed:
            raise ValueError(f"{option} is {choice!r}; it must be one of {allowed}.")
    seen: tuple[dict, dict] = ({}, {})
    codes: tuple[list, list] = ([], [])
    values: list[np.ndarray] = []
    rows: list[np.ndarray] = []
    for piece in pieces:
        rows.append(piece.index.to_numpy())

        def place(row: int, here: np.ndarray = rows[-1]) -> str:
            return say_row(here[row])

        for k in (0, 1):
            local, labels = pd.factorize(piece[names[k]])
            blank = [n for n, label in enumerate(labels) if _is_blank(label)]
            lost = np.flatnonzero((local < 0) | np.isin(local, blank))
            if len(lost):
                raise ValueError(f"{place(lost[0])}: column {names[k]!r} is empty.")
            known = seen[k]
            to_all = np.array([known.setdefault(label, len(known)) for label in labels], np.int32)
            codes[k].append(to_all[local])
        values.append(_numbers(piece[names[2]], unknown, decimal, place, names[2]))
    start = sum(map(len, values))
    if start == 0:
        raise ValueError("the table has no rows.")
    shape = (len(seen[0]), len(seen[1]))
    cells = shape[0] * shape[1]
    rows_in_cell, total = np.zeros(cells, np.int64), np.zeros(cells)
    keys = (row * np.int64(shape[1]) + column for row, column in zip(*codes, strict=True))
    for key, value in zip(keys, values, strict=True):
        rows_in_cell += np.bincount(key, minlength=cells)
        total += np.bincount(key, weights=value, minlength=cells)
    if duplicates == "refuse" and rows_in_cell.max() > 1:
        _refuse_duplicates(codes, rows_in_cell, seen, rows, say_row)
    if duplicates == "mean":
        total /= np.maximum(rows_in_cell, 1)
    missing = int((rows_in_cell == 0).sum())
    note = f"{shape[0]:,} regions x {shape[1]:,} industries from {start:,} rows"
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
    return table


def _refuse_duplicates(
    codes: Any, rows_in_cell: np.ndarray, seen: Any, rows: list, say_row: Any
) -> None:
    regions, industries = list(seen[0]), list(seen[1])
    width = len(industries)
    again = np.flatnonzero(rows_in_cell > 1)
    named = [(regions[cell // width], industries[cell % width]) for cell in again[:5]]
    first, second = divmod(again[0], width)
    here = (np.concatenate(codes[0]) == first) & (np.concatenate(codes[1]) == second)
    found = np.concatenate(rows)[here]
    raise ValueError(
        f"{_some([*named, *again[5:]], 'the pair', 'region-industry pairs')} listed more than "
        f"once, the first in {say_row(found[0])} and {say_row(found[1])}; "
        "combine them with duplicates='sum' or duplicates='mean'."
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
