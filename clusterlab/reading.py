"""Text files as frames of text: one reader for tables, networks, indicators and panels.

A cell is text without the blanks around it, and each row keeps the number of its line. What is no
text is named as what it is, with the call that reads it. `Numerals` turns text into numbers, or
asks where a point may be a decimal mark as well as a mark of thousands.
"""

from __future__ import annotations

import codecs
import csv
import functools
import importlib
import io
import itertools
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from clusterlab.names import did_you_mean
from clusterlab.parameters import chosen

__all__ = [
    "Numerals",
    "TextFile",
    "choose_rows",
    "located",
    "need_columns",
    "plain",
    "read_text",
    "shown",
]

_ROWS_AT_ONCE = 25_000
_SEPARATORS = ",;\t|"
_LONGEST_LINE = 8_000_000
_LINE_END = re.compile(r"\r\n|\r|\n")
#: An archive may swell by this much before it is taken for one that was built to fill memory.
_SWELLS_TO, _SWELLS_BY = 100_000_000, 200

_ARCHIVES = (
    (b"\x1f\x8b", "gzip", "gzip", ".gz"),
    (b"BZh", "bz2", "bzip2", ".bz2"),
    (b"\xfd7zXZ\0", "lzma", "xz", ".xz"),
)
# first bytes, what the file is, the call that reads it
_OTHER_KINDS = (
    (b"PAR1", "a Parquet file", "pd.read_parquet"),
    (b"ARROW1", "a Feather file", "pd.read_feather"),
    (b"<stata_dta>", "a Stata file", "pd.read_stata"),
    (b"$FL", "an SPSS file", "pd.read_spss"),
    (b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60", "a SAS file", "pd.read_sas"),
    (b"HEADER RECORD", "a SAS file", "pd.read_sas"),
    (b"\x89HDF", "an HDF5 file", "pd.read_hdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook", "pd.read_excel"),
    (b"SQLite format 3", "a SQLite database", "pd.read_sql_table"),
    (b"%PDF", "a PDF document", None),
    (b"{\\rtf", "a text document (RTF)", None),
    (b"\x89PNG", "a picture", None),
    (b"\xff\xd8\xff", "a picture", None),
    (b"7z\xbc\xaf", "a 7-Zip archive", None),
    (b"Rar!", "a RAR archive", None),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", None),
    (b"X\n\0\0\0", "an R data file", None),
    (b"RDX", "an R data file", None),
    (b"RDA", "an R data file", None),
)
_INSTEAD = {
    "an R data file": "write it in R with write.csv(…, row.names = FALSE)",
    "a picture": "it holds no text",
}


def read_text(
    path: str | Path,
    *,
    likely: Sequence[str] = (),
    separator: str | None = None,
    encoding: str | None = None,
    skip_rows: int | Sequence[int] = 0,
) -> pd.DataFrame:
    r"""Read a text file into a frame of text, each row named by its line in the file.

    Parameters
    ----------
    path : str or Path
        A text file with one header line, plain or compressed (gzip, bzip2, xz).
    likely : sequence of str
        Names of columns by which the separator is found; they need not be there.
    separator, encoding, skip_rows
        As in `clusterlab.tables.read`.

    Returns
    -------
    pandas.DataFrame
        Every cell as text without the blanks around it; an empty cell is ``""``. The index holds
        the line numbers.

    Raises
    ------
    ValueError
        No text, no such column, a column twice, a row with more or fewer fields than the header.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "ties.csv"
    >>> _ = file.write_text("source;target\n01; NA\n")
    >>> read_text(file).loc[2].tolist()
    ['01', 'NA']
    """
    file = TextFile(
        path, likely=likely, separator=separator, encoding=encoding, skip_rows=skip_rows
    )
    need_columns(file.names, file.names, file.name)
    return pd.concat(list(file.pieces(file.names))).rename_axis(index="line")


class TextFile:
    """A text file whose header has been read.

    Parameters
    ----------
    path, separator, encoding, skip_rows
        As in `clusterlab.tables.read`.
    needed, likely : sequence of str
        Columns that must be there, and columns that may be; they tell the separator.
    instead : str
        What to do with the frame that another reader makes of a file that is not text.

    Attributes
    ----------
    name : str
        The file's name.
    names : list of str
        The columns of its header.
    """

    def __init__(
        self,
        path: str | Path,
        needed: Sequence[str] = (),
        *,
        likely: Sequence[str] = (),
        separator: str | None = None,
        encoding: str | None = None,
        skip_rows: int | Sequence[int] = 0,
        instead: str = "pass the frame in place of the path",
    ) -> None:
        if separator is not None and (
            not isinstance(separator, str) or len(separator) != 1 or separator in '"\r\n'
        ):
            raise ValueError(f"separator is {separator!r}, but it must be one character.")
        self.path = located(path)
        self.name = self.path.name
        self._above, self._left_out = _skipped(skip_rows)
        start = self._start(instead)
        self._encoding = self._checked_encoding(encoding, start)
        self._separator, self.names = self._header(list(needed), set(likely or needed), separator)

    def pieces(
        self, wanted: Sequence[str], where: Mapping[str, Any] | None = None
    ) -> Iterator[pd.DataFrame]:
        """Yield some columns as text, piece by piece; the index holds the line numbers.

        Lines without any content are left out, and those that ``where`` does not choose.
        """
        choice = {self.names.index(name): _texts(value) for name, value in (where or {}).items()}
        found: dict[int, dict[str, None]] = {place: {} for place in choice}
        places = [self.names.index(name) for name in wanted]
        if wanted is self.names:
            places = list(range(len(self.names)))
        width, last = len(self.names), max([*places, *choice])
        at_once = max(1, min(_ROWS_AT_ONCE, 1_000_000 // width))
        started = False
        for lines, rows in self._chunks(at_once):
            if set(map(len, rows)) != {width}:
                for line, row in zip(lines, rows, strict=True):
                    if len(row) <= last or any(map(str.strip, row[width:])):
                        raise ValueError(self._of_another_width(line, row))
            for place, texts in choice.items():
                found[place].update(dict.fromkeys(row[place].strip() for row in rows[:50]))
                kept = [k for k, row in enumerate(rows) if row[place].strip() in texts]
                lines, rows = [lines[k] for k in kept], [rows[k] for k in kept]
            if rows:
                started = True
                cells = [[row[place].strip() for row in rows] for place in places]
                yield _frame(lines, cells, wanted)
        if not started:
            _refuse_choice(where or {}, {self.names[k]: list(v) for k, v in found.items()})
            yield _frame([], [[] for _ in places], wanted)

    def _chunks(self, at_once: int) -> Iterator[tuple[list[int], list[list[str]]]]:
        """Yield rows with content below the header, so many at once, and their lines' numbers."""
        reader = self._reader(self._separator, self._lines())
        header = True
        while True:
            line = reader.line_num + 1
            try:
                rows = list(itertools.islice(reader, at_once))
            except csv.Error:
                for _ in self._records():  # once more row by row, which finds the line
                    pass
                raise
            if not rows:
                return
            lines = list(range(line, line + len(rows)))
            if reader.line_num + 1 - line != len(rows):  # line ends inside cells
                ends = [sum(len(_LINE_END.findall(cell)) for cell in row) for row in rows]
                lines = [at + more for at, more in zip(lines, _sums_before(ends), strict=True)]
            kept = [
                k
                for k, row in enumerate(rows)
                if row
                and (row[0].strip() or any(map(str.strip, row)))
                and lines[k] not in self._left_out
            ]
            if kept and header:
                header = False
                del kept[0]
            if len(kept) < len(rows):
                lines, rows = [lines[k] for k in kept], [rows[k] for k in kept]
            if rows:
                yield lines, rows

    def row(self, line: int) -> dict[str, str]:
        """Return all cells of one line, by column, for a message."""
        row = next(row for at, row in self._records() if at == line)
        return {name: cell.strip() for name, cell in zip(self.names, row, strict=False)}

    def _start(self, instead: str) -> bytes:
        """Return the first bytes, unpacked, unless they show that the file is not text."""
        with self._open() as file:
            start = file.read(4096)
        kind, call = _kind(self.path, start)
        if kind:
            how = _INSTEAD.get(kind, "save its table as a CSV file")
            if call:
                how = f"read it with frame = {call} and {instead}"
            raise ValueError(f"{self.name} is {kind}, not a text file; {how}.")
        return start

    def _checked_encoding(self, encoding: str | None, start: bytes) -> str:
        if encoding is not None:
            try:
                "a".encode(encoding)
            except (LookupError, TypeError, ValueError):
                raise ValueError(
                    f"encoding is {encoding!r}, which is not the name of an encoding; for instance "
                    "'utf-8', 'cp1252' or 'utf-16'."
                ) from None
            return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return "utf-32"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in start:
            side = "le" if start[1:2] == b"\0" else "be"
            wide = start.count(b"\0") * 3 > len(start)
            raise ValueError(
                f"{self.name} holds NUL bytes, so it is not text in UTF-8"
                + (f"; it may be UTF-16: pass encoding='utf-16-{side}'." if wide else ".")
            )
        return "utf-8-sig"

    def _open(self) -> Any:
        with self.path.open("rb") as file:
            start = file.read(10)
        for mark, module, kind, end in _ARCHIVES:
            if start.startswith(mark) and (kind != "bzip2" or start[4:] == b"1AY&SY"):
                packed = importlib.import_module(module).open(self.path, "rb")
                return io.BufferedReader(_Unpacked(packed, self.path, kind), 1 << 18)
            if self.path.suffix.lower() == end and start:
                raise ValueError(
                    f"{self.name} is not a {kind} archive, or a broken one, though its name ends "
                    f"in {end}; if it is plain text, take {end} off its name."
                )
        return self.path.open("rb")

    def _lines(self) -> Iterator[str]:
        number = 0
        with self._open() as raw, io.TextIOWrapper(raw, self._encoding, newline="") as file:
            line = iter(functools.partial(file.readline, _LONGEST_LINE), "")
            try:
                # by the batch, since a loop over lines costs more than all the rest
                while batch := list(itertools.islice(line, 500)):
                    if max(map(len, batch)) >= _LONGEST_LINE or "\0" in "".join(batch):
                        self._refuse_line(number, batch)
                    above = max(0, min(self._above - number, len(batch)))
                    batch[:above] = [""] * above
                    number += len(batch)
                    yield from batch
            except UnicodeError as error:
                found = ""
                if isinstance(error, UnicodeDecodeError):
                    found = f" (byte {error.object[error.start]:#x})"
                named = self._encoding.removesuffix("-sig")
                raise ValueError(
                    f"{self.name} is not text in {named}{found}; say what it is, for "
                    "instance encoding='cp1252' for a file saved by Windows in the West."
                ) from None

    def _refuse_line(self, number: int, batch: list[str]) -> None:
        for line, text in enumerate(batch, start=number + 1):
            if len(text) >= _LONGEST_LINE:
                raise ValueError(
                    f"line {line} of {self.name} is longer than {_LONGEST_LINE:,} characters; "
                    "this is no table with a row a line."
                )
            if "\0" in text:
                raise ValueError(f"line {line} of {self.name} holds a NUL character.")

    @staticmethod
    def _reader(separator: str, lines: Iterable[str]) -> Any:
        blanks = separator == " "
        return csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=blanks)

    def _records(
        self,
        separator: str | None = None,
        lines: Iterable[str] | None = None,
        *,
        header: bool = False,
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows with content, each with its first line's number, from the header on."""
        reader = self._reader(
            separator or self._separator, self._lines() if lines is None else lines
        )
        line = 1
        try:
            for row in reader:
                if (row and any(map(str.strip, row))) and line not in self._left_out:
                    if header:
                        yield line, row
                    header = True
                line = reader.line_num + 1
        except csv.Error as error:
            long = "field limit" in str(error)
            raise ValueError(
                f"line {line} of {self.name} has "
                + (
                    f"a cell of more than {csv.field_size_limit():,} characters"
                    if long
                    else 'a quotation mark (") that does not close, or one inside a quoted cell'
                )
                + "; is this the right file?" * long
                + "; write it twice or take it out." * (not long)
            ) from None

    def _header(
        self, needed: list[str], likely: set[str], separator: str | None
    ) -> tuple[str, list[str]]:
        """Return the separator, found from the first lines unless given, and the columns."""
        lines = []
        for line in self._lines():
            lines.append(line)
            if len(lines) == 40 + self._above:
                break
        if not any(map(str.strip, lines)):
            raise ValueError(f"{self.name} is empty: its first line must name the columns.")
        heads: dict[str, list[tuple[int, list[str]]]] = {}
        problem: Exception | None = None
        for mark in [separator] if separator else _SEPARATORS:
            heads[mark] = []
            try:
                for number, row in self._records(mark, lines, header=True):
                    heads[mark].append((number, [cell.strip() for cell in row]))
            except ValueError as error:  # the rows before it may do
                problem = error
            if not heads[mark]:
                del heads[mark]
        if not heads:
            raise problem or ValueError(f"{self.name} is empty: no line names the columns.")
        best = max(
            heads, key=lambda mark: (len(likely & set(heads[mark][0][1])), len(heads[mark][0][1]))
        )
        names = heads[best][0][1]
        while names and not names[-1]:  # separators at the end of every line, as Excel writes them
            names.pop()
        if not set(needed) <= set(names):
            for rows in heads.values():
                for number, row in rows[1:]:
                    if set(needed) <= set(row) and needed:
                        raise ValueError(
                            f"{self.name} names its columns in line {number}; pass "
                            f"skip_rows={number - 1}."
                        )
            if len(names) == 1 and len(names[0].split()) >= max(2, len(needed)) and not separator:
                raise ValueError(
                    f"{self.name} has no comma, semicolon, tab or bar in its first line; if blanks "
                    "separate its columns, pass separator=' '."
                )
        need_columns(names, needed, self.name)
        return best, names

    def _of_another_width(self, line: int, row: list[str]) -> str:
        width = len(self.names)
        if len(row) > width:
            return (
                f"line {line} of {self.name} has more fields than the header's {width}; is a "
                "separator or a decimal comma inside a value?"
            )
        begins = shown(row[0].strip())
        return (
            f"line {line} of {self.name} has {len(row)} of the header's {width} fields (it begins "
            f"{begins}); if it is no row of the table, leave it out with skip_rows=[{line}]."
        )


class _Unpacked(io.RawIOBase):
    """What an archive holds, with the file's name where it is broken or swells without end."""

    def __init__(self, packed: Any, path: Path, kind: str) -> None:
        self._packed, self._path, self._kind, self._size = packed, path, kind, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            content = self._packed.read(len(buffer))
        except Exception:  # gzip, zlib, bz2 and lzma each have their own
            raise ValueError(
                f"{self._path.name} is a broken {self._kind} archive: it ends early or was damaged "
                "on the way; fetch it again."
            ) from None
        self._size += len(content)
        if self._size > max(_SWELLS_TO, _SWELLS_BY * self._path.stat().st_size):
            raise ValueError(
                f"{self._path.name} unpacks to more than {_SWELLS_BY} times its size; if it is "
                "what you expect, unpack it yourself and read that file."
            )
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._packed.close()
        super().close()


def located(path: Any) -> Path:
    """Return the path of a file that is there, with ``~`` as the home folder, or say what it is."""
    if not isinstance(path, str | os.PathLike):
        raise ValueError(
            f"the file must be given as a path, got a {type(path).__name__}"
            + (
                "; a frame goes to tables.from_long or tables.from_wide."
                * (isinstance(path, pd.DataFrame))
                or "."
            )
        )
    text = os.fsdecode(path)
    if "\0" in text or not text.strip():
        raise ValueError(f"the path {shown(text)} is no path of a file.")
    if re.match(r"[a-z]+://", text):
        raise ValueError(f"{shown(text)} is a web address; download the file and give its path.")
    place = Path(os.path.expanduser(text))  # Path fails on an unknown user
    if place.is_dir():
        raise ValueError(f"{shown(str(place))} is a folder, not a file.")
    if not place.is_file():
        beside = [entry.name for entry in place.parent.glob("*")] if place.parent.is_dir() else []
        raise FileNotFoundError(
            f"there is no file {shown(str(place))}{did_you_mean(place.name, beside)}"
        )
    return place


def _skipped(skip_rows: Any) -> tuple[int, frozenset[int]]:
    """Return the number of lines above the header, and the numbers of the lines to leave out."""
    one = isinstance(skip_rows, int | np.integer)
    numbers = [skip_rows] if one else skip_rows
    if not isinstance(numbers, list | tuple | range) or not all(
        isinstance(n, int | np.integer) and not isinstance(n, bool) and n >= 0 for n in numbers
    ):
        raise ValueError(
            f"skip_rows is {shown(skip_rows)}, but it must be the number of lines above the "
            "header, or a list of the numbers of lines to leave out, the first being 1."
        )
    return (int(numbers[0]), frozenset()) if one else (0, frozenset(map(int, numbers)))


def _kind(path: Path, start: bytes) -> tuple[str, str | None]:
    """Return what a file is that is not text, and the call that reads it."""
    name = repr(path.name)
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        try:
            with zipfile.ZipFile(path) as bundle:
                inside = bundle.namelist()
        except (zipfile.BadZipFile, OSError, ValueError):
            return "a broken zip archive or workbook", None
        if any(entry.startswith("xl/") for entry in inside):
            return "an Excel workbook", f"pd.read_excel({name}, dtype=str)"
        if "content.xml" in inside:
            return "an OpenDocument file", f"pd.read_excel({name}, engine='odf', dtype=str)"
        if any(entry.startswith("word/") for entry in inside):
            return "a Word document", None
        return "a zip archive", f"pd.read_csv({name}, compression='zip', dtype=str)"
    for mark, kind, call in _OTHER_KINDS:
        if start.startswith(mark):
            more = ", dtype=str" if call == "pd.read_excel" else ""
            return kind, call and f"{call}({name}{more})"
    if start[257:262] == b"ustar":
        return "a tar archive", None
    if path.suffix.lower() == ".dta" and start[:1] and 102 < start[0] < 120:
        return "a Stata file", f"pd.read_stata({name})"
    begins = start.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if begins.startswith((b"<!doctype", b"<html", b"<head", b"<table")):
        return "a web page (HTML)", f"pd.read_html({name})[0]"
    if begins.startswith(b"<?xml"):
        return "an XML file", f"pd.read_xml({name})"
    if re.match(rb"[\[{]\s*[\[{\"]", begins) and (begins[:1] == b"{" or path.suffix == ".json"):
        return "a JSON file", f"pd.read_json({name})"
    return "", None


def _sums_before(numbers: list[int]) -> list[int]:
    return list(itertools.accumulate([0, *numbers[:-1]]))


def _frame(lines: list[int], cells: list[list[str]], names: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(dict(enumerate(cells)), index=lines, dtype=object)
    frame.columns = pd.Index(list(names), dtype=object)
    return frame


def _texts(value: Any) -> set[str]:
    several = isinstance(value, list | tuple | set | range | np.ndarray | pd.Series)
    return {plain(entry) for entry in (value if several else [value])}


def plain(value: Any) -> str:
    """Return a cell as the text a file would hold: a year read as a float is a whole number."""
    whole = isinstance(value, Real) and not isinstance(value, bool) and float(value).is_integer()
    return str(int(value)) if whole else str(value).strip()


def choose_rows(frame: pd.DataFrame, where: Mapping[str, Any] | None, what: str) -> pd.DataFrame:
    """Return the rows that have the wanted values, or say which values there are.

    Examples
    --------
    >>> jobs = pd.DataFrame({"year": [2018, 2019], "jobs": [3, 4]})
    >>> choose_rows(jobs, {"year": "2019"}, "the table")["jobs"].tolist()
    [4]
    """
    check_where(where)
    need_columns(frame.columns, where or {}, what)
    for column, value in (where or {}).items():
        texts = frame[column].map(plain, na_action="ignore")
        kept = texts.isin(_texts(value))
        if not kept.any():
            _refuse_choice({column: value}, {column: list(texts.dropna().unique())})
        frame = frame[kept]
    return frame


def check_where(where: Any) -> None:
    """Raise ValueError unless ``where`` maps columns to the values their rows must have."""
    if where is not None and not isinstance(where, Mapping):
        raise ValueError(
            f"where is {shown(where)}, but it must name columns and the value wanted in each, for "
            "instance where={'year': 2019}."
        )


def _refuse_choice(where: Mapping[str, Any], found: Mapping[str, list]) -> None:
    for column, values in found.items():
        if len(found) > 1 or not (_texts(where[column]) & set(values)):
            some = ", ".join(value[:40] for value in values[:6]) + (
                ", …" if len(values) > 6 else ""
            )
            raise ValueError(
                f"no row has {' and '.join(f'{c} = {shown(v)}' for c, v in where.items())}; "
                f"found {some or 'no rows'} in column {column!r}."
            )


def need_columns(columns: Iterable, wanted: Iterable[Any], where: str) -> None:
    """Raise ValueError with the nearest name unless each wanted column is there exactly once.

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
            raise ValueError(
                f"a column of {where} is asked for by a {type(name).__name__}, no name."
            )
        if count[name] > 1:
            raise ValueError(f"{where} has {count[name]} columns named {shown(name)}.")
        if not count[name]:
            hint = did_you_mean(name, there)
            listed = ", ".join(str(c)[:60] for c in there[:12]) + (", …" if len(there) > 12 else "")
            raise ValueError(f"{where} has no column {shown(name)}{hint} Its columns: {listed}.")


def shown(value: Any) -> str:
    """Return a value as a message shows it: numbers as people write them, long text cut."""
    if isinstance(value, float | np.number) and not isinstance(value, complex):
        return f"{value:g}"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 60 else f"{text[:50]}… ({len(text):,} characters)"


# --- numbers in text -----------------------------------------------------------------------------

_BLANKS = " \u00a0\u2009\u202f\u2007"
_GROUPS = {",": ",", ".": r"\.", " ": f"[{_BLANKS}]", "'": "['\u2019]"}


class Numerals:
    """How numbers are written, what stands for "not published", and the doubt that remains.

    A number like 1.234 is one and a bit, or more than a thousand. Where every number with such a
    mark has three digits after it, the source alone cannot say which it is, and `settle` asks.

    Parameters
    ----------
    decimal, thousands, unknown
        As in `clusterlab.tables.read`.
    """

    def __init__(self, decimal: Any = None, thousands: Any = None, unknown: Any = ()) -> None:
        chosen("decimal", decimal, (None, ".", ","))
        chosen("thousands", thousands, (None, *_GROUPS))
        if thousands is not None and decimal is None:
            decimal = "," if thousands == "." else "."
        if thousands is not None and thousands == decimal:
            raise ValueError(f"decimal and thousands are both {decimal!r}; they must differ.")
        if isinstance(unknown, str) or not isinstance(unknown, Iterable):
            one = f": unknown=({unknown!r},)" if isinstance(unknown, str) else ""
            raise ValueError(f"unknown is {shown(unknown)}, but it must be a list of marks{one}.")
        # a mark of blanks, None or NaN stands for whatever is missing
        gone = [mark for mark in unknown if _is_missing(mark)]
        self._gaps = bool(gone)
        self._marks = [mark for mark in unknown if not _is_missing(mark)]
        self._texts = {plain(mark) for mark in self._marks}
        self._decimal = decimal or "."
        self._plain = self._decimal == "." and thousands is None
        group = _GROUPS[thousands or ("." if decimal == "," else " ")]
        mark = re.escape(self._decimal)
        self._whole = rf"[+-]?(?:\d+|\d{{1,3}}(?:{group}\d{{3}})+)?(?:{mark}\d*)?(?:[eE][+-]?\d+)?"
        self._group = group
        # said is said: a decimal point, or the mark of thousands beside a decimal comma
        self._sure = thousands is not None or decimal == "."
        self._doubt: tuple[str, Any, Any, str] | None = None

    def read(self, cells: pd.Series, place: Any, column: Any) -> np.ndarray:
        """Return cells as floats, NaN for the unknown; the first that is no number is an error.

        ``place`` turns the position of a cell into the words for its row.
        """
        kind = OTHER_KINDS.get(getattr(cells.dtype, "kind", ""))
        if kind:
            raise ValueError(f"column {column!r} holds {kind}, but numbers are needed.")
        values, bad = self.numbers(cells)
        gone = np.isnan(values)
        negative = np.flatnonzero(~gone & (values < 0))
        if len(negative) and (not len(bad) or negative[0] < bad[0]):
            row = negative[0]
            raise ValueError(
                f"{place(row)}: column {column!r} has {values[row]:g}, which is negative."
            )
        if len(bad):
            say = self.advice(cells.iloc[bad[0]], cells)
            raise ValueError(f"{place(bad[0])}: column {column!r} {say}.")
        self.wonder(cells, place, column)
        return values

    def numbers(self, cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
        """Return cells as floats, NaN for the unknown, and the places of those that are none."""
        gone = cells.isna().to_numpy(copy=True) if self._gaps else np.zeros(len(cells), bool)
        if self._marks:
            gone = gone | cells.isin(self._marks).to_numpy()
        if cells.dtype.kind in "iuf":
            values = cells.to_numpy(dtype=float, na_value=np.nan, copy=True)
        else:
            entries = cells.to_numpy(dtype=object, na_value=None)
            text = np.array([isinstance(entry, str) for entry in entries], bool)
            trimmed = pd.Series([entry.strip() for entry in entries[text]], dtype=object)
            gone[text] |= trimmed.isin(self._texts).to_numpy()
            if self._gaps:
                gone[text] |= trimmed.eq("").to_numpy(dtype=bool)
            values = np.full(len(entries), np.nan)
            for row in np.flatnonzero(~text):
                entry = entries[row]
                if isinstance(entry, Real | Decimal) and not isinstance(entry, bool | np.bool_):
                    values[row] = entry
            values[text] = self._read(trimmed)
        values[gone] = np.nan
        return values, np.flatnonzero(~gone & ~np.isfinite(values))

    def _read(self, texts: pd.Series) -> np.ndarray:
        if not self._plain:
            texts = texts.where(texts.str.fullmatch(self._whole, na=False).astype(bool))
            texts = texts.str.replace(self._group, "", regex=True)
            texts = texts.str.replace(self._decimal, ".", regex=False)
        return pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float, na_value=np.nan)

    def wonder(self, cells: pd.Series, place: Any, column: Any) -> None:
        """Remember the first number that may be a thousand times as large."""
        if self._sure or cells.dtype.kind in "iufb":
            return
        mark = self._decimal
        pointed = [(row, c) for row, c in enumerate(cells) if isinstance(c, str) and mark in c]
        for row, cell in pointed:
            if not re.fullmatch(rf"\s*[+-]?[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})\s*", cell):
                self._sure, self._doubt = True, None
                return
            self._doubt = self._doubt or (cell.strip(), place(row), column, mark)

    def settle(self) -> None:
        """Raise ValueError where a mark of every number read may be decimal or of thousands."""
        if self._doubt is None:
            return
        cell, where, column, mark = self._doubt
        fraction = "decimal='.'" if mark == "." else "decimal=',' and thousands='.'"
        name = "point" if mark == "." else "comma"
        raise ValueError(
            f"{where}: column {column!r} has {cell!r}, and every number with a {name} has three "
            f"digits after it; if the {name} groups thousands, pass thousands={mark!r} "
            f"{'alone ' if mark == ',' else ''}({cell.replace(mark, '')}), and if it is the "
            f"decimal mark, pass {fraction} ({float(cell.replace(mark, '.')):g})."
        )

    def advice(self, found: Any, cells: pd.Series) -> str:
        """Return what is wrong with a cell, and what makes it right."""
        if _is_missing(found):
            return "is empty; if that means not published, say so with unknown=('',)"
        say = f"has {shown(found)}, which is not a number"
        text = found.strip() if isinstance(found, str) else ""
        number = rf"[+-]?\d[\d.,'\u2019{_BLANKS}]*"
        if re.fullmatch(number, text):
            return say + self._other_marks(text, cells)
        if re.fullmatch(rf"{number}\s*%", text):
            return say + "; take the % off first, or compute the numbers of which it is a share"
        if re.fullmatch(rf"(?:{number}\s*[-\u2013]|[<>\u2264\u2265~])\s*{number}|{number}\+", text):
            return (
                f"{say} but a range; if that means not published, pass unknown=({text!r},), and if "
                "you know better, put a number in its place"
            )
        if re.fullmatch(rf"{number}\s*\(?[A-Za-z]{{1,3}}\)?", text):
            return (
                f"{say} alone; a flag stands beside it: take it off first (a TSV file of Eurostat "
                "is read by official.fetch('eurostat', path=…))"
            )
        if text and not any(sign.isdigit() for sign in text) and len(text) < 30:
            return f"{say}; if it means not published, pass unknown=({text!r},)"
        return say

    def _other_marks(self, text: str, cells: pd.Series) -> str:
        """Return the arguments with which a column of numbers like this one can be read."""
        texts = [cell.strip() for cell in cells if isinstance(cell, str)]
        if re.search(f"[{_BLANKS}]", text):
            return "; if blanks group thousands, pass thousands=' '" + (
                " and decimal=','" if any("," in cell for cell in texts) else ""
            )
        if re.search("['\u2019]", text):
            return '; if apostrophes group thousands, pass thousands="\'"'
        comma = [cell for cell in texts if "," in cell and re.fullmatch(r"[+-]?[\d.,]+", cell)]
        grouped = all(re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", cell) for cell in comma)
        fraction = all(re.fullmatch(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d*", cell) for cell in comma)
        if comma and grouped and fraction and self._decimal == ".":
            return (
                "; if the comma groups thousands, pass thousands=',', and if it is the decimal "
                "mark, pass decimal=',' and thousands='.'"
            )
        if comma and grouped:
            return "; if the comma groups thousands, pass thousands=','"
        if comma and fraction and self._decimal == ".":
            return "; if the comma is the decimal mark, pass decimal=','"
        if self._decimal == "." and re.fullmatch(r"[+-]?\d{1,3}(\.\d{3}){2,}", text):
            return "; if the point groups thousands, pass thousands='.'"
        return f" with {self._decimal!r} as its decimal mark"


#: What a column may hold by its dtype's kind that is no number of anything.
OTHER_KINDS = {"b": "True and False", "M": "dates", "m": "durations", "c": "complex numbers"}


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))
