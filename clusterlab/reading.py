"""Text files as frames of text, and the numbers that stand in them.

`TextFile` finds out how a file is written and hands its parsing to pandas, piece by piece; what is
neither text nor read by `formats` is named as what it is, with the call that reads it. `Numerals`
turns text into numbers, or asks where a point may be a decimal mark as well as a mark of thousands.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import importlib
import io
import itertools
import os
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from clusterlab.names import did_you_mean, named, shown
from clusterlab.parameters import chosen, need

_ROWS_AT_ONCE = 100_000
_SEPARATORS = ",;\t|"
_LONGEST_LINE = 8_000_000  # characters
#: An archive may swell by this much before it is taken for one that was built to fill memory.
_SWELLS_TO, _SWELLS_BY = 100_000_000, 200

#: How a packed file begins, the module that unpacks it, and what it is called.
_ARCHIVES = (
    (rb"\x1f\x8b", "gzip", "gzip"),
    (rb"BZh\d1AY&SY", "bz2", "bzip2"),
    (rb"\xfd7zXZ\0", "lzma", "xz"),
    (rb"PK[\x03\x05]", "zipfile", "zip"),
)
PARQUET, STATA, WORKBOOK = "a Parquet file", "a Stata file", "an Excel workbook"
#: How a file begins that is no text, what it is, and what to do with it (a call, or words).
_OTHER_KINDS = (
    (rb"PAR1", PARQUET, ""),
    (rb"ARROW1", "a Feather file", "pd.read_feather({})"),
    (rb"<stata_dta>|[h-w][\x01\x02]\x01\x00", STATA, ""),
    (rb"\$FL", "an SPSS file", "pd.read_spss({})"),
    (rb"\x00{12}\xc2\xea\x81\x60|HEADER RECORD", "a SAS file", "pd.read_sas({})"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1", "an old or locked Excel workbook", "save it as .xlsx"),
    (rb"X\n\x00{3}|RD[AX]\d", "an R data file", "write it with write.csv(…, row.names = FALSE)"),
    (rb"%PDF", "a PDF document", "save its table as a CSV file"),
    (rb"\s*<(?i:!doctype|html|head|table)", "a web page (HTML)", "pd.read_html({})[0]"),
    (rb"\s*<\?xml", "an XML file", "pd.read_xml({})"),
    (rb"\s*(\{|\[)\s*[\[{\"]", "a JSON file", "pd.read_json({})"),
)
#: What a zip archive holds that is something else, likewise.
_ZIPPED = (
    (r"xl/", WORKBOOK, ""),
    (r"content\.xml", "an OpenDocument file", "save it as .xlsx"),
    (r"(word|ppt)/", "a Word or PowerPoint document", "save its table as a CSV file"),
)


class Source:
    """What every reader asks of a file: columns by name, in pieces, and words for a place in it.

    Attributes
    ----------
    name : str
        The file's name.
    names : list of str
        Its columns.
    letters : mapping
        Column → the letter above it, in a workbook.
    numbered : set of str
        Columns whose cells are numbers, which keep no zero in front.
    """

    name: str
    names: list[str]

    def __init__(self) -> None:
        self.letters: dict[str, str] = {}
        self.numbered: set[str] = set()

    def pieces(self, wanted: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield some columns piece by piece; the index holds the places of the rows."""
        raise NotImplementedError

    def place(self, place: int) -> str:
        """Return the words for a row."""
        return f"row {place} of {self.name}"

    def cell(self, place: int, column: str) -> str:
        """Return the words for a cell: its own name where it has one, else its row."""
        letter = self.letters.get(column)
        return f"cell {letter}{place} of {self.name}" if letter else self.place(place)

    def row(self, place: int) -> dict[str, Any]:
        """Return all cells of a row, by column, for a message."""
        found = (piece.loc[place] for piece in self.pieces(self.names) if place in piece.index)
        return next(found).to_dict()

    def lines(self, places: Iterable[int]) -> list[int]:
        """Return the numbers by which people find rows."""
        return list(places)


class TextFile(Source):
    """A text file whose header has been read.

    Parameters
    ----------
    path, separator, encoding, skip_rows
        As in `clusterlab.tables.read`.
    needed, likely : sequence of str
        Columns that must be there, and columns that may be; they tell the separator.
    instead : str
        What to do with the frame that another reader makes of a file that is not text.
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
        super().__init__()
        one = isinstance(separator, str) and re.fullmatch(r'(?!["\r\n])[\0-\x7f]', separator)
        need(separator is None or bool(one), "separator", "one ASCII character", separator)
        self.path = located(path)
        self.name = self.path.name
        self._above, self._left_out = skipped(skip_rows)
        start = beginning(self.path)
        kind, how = kind_of(self.path, start)
        if kind:
            if how.startswith("pd."):
                how = f"read it with frame = {how.format(repr(self.name))} and {instead}"
            how = how or "take it out of its archive and give the path of that file"
            raise ValueError(f"{self.name} is {kind}, not a text file; {how}.")
        self._encoding = self._found_encoding(encoding, start)
        self._separator = separator or ","
        self._read_header(set(needed), set(likely or needed), separator)

    def pieces(self, wanted: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield some columns as text, piece by piece; the index holds the places of the rows.

        A place is counted from 0 over all rows of the file, also those without any content, which
        are left out here; `place`, `row` and `lines` take it.
        """
        places, names = [*map(self.names.index, wanted)], pd.Index([*wanted], dtype=object)
        self._last, rows = max(places), 0
        try:
            with (
                contextlib.closing(self._texts()) as texts,
                warnings.catch_warnings(action="error", category=pd.errors.ParserWarning),
                pd.read_csv(
                    _Stream(texts),
                    sep=self._separator,
                    skipinitialspace=self._separator == " ",
                    header=None,
                    names=range(self._width),
                    index_col=False,
                    dtype=object,
                    na_filter=False,
                    skip_blank_lines=False,
                    chunksize=max(1, min(_ROWS_AT_ONCE, 1_000_000 // self._width)),
                ) as reader,
            ):
                for piece in reader:
                    first = piece[places[0]]
                    if empty := [cell for cell in first.unique() if not cell.strip()]:
                        some = piece[first.isin(empty)]
                        blank = some.index[(some.map(str.strip) == "").all(axis=1)]
                        self._odd |= bool((blank >= self._above).any())  # it may hold separators
                        piece = piece.drop(index=blank)
                    rows += len(piece)
                    yield piece[places].set_axis(names, axis=1)
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            self._scan()
            raise ValueError(f"{self.name} cannot be read: {str(error).strip()}.") from None
        # pandas fills up a row that is too short; fewer separators than columns give it away
        wide = self._width > len(self.names)  # then a longer row may make up for a short one
        if self._odd or wide or self._marks != rows * (self._width - 1):
            self._scan()

    def place(self, place: int) -> str:
        """Return the words for a row; a ragged row before it is an error of its own."""
        return f"line {self._scan(place)[0]} of {self.name}"

    def row(self, place: int) -> dict[str, str]:
        """Return all cells of a row, by column, for a message."""
        cells = map(str.strip, self._scan(place)[1])
        return dict(zip(self.names, cells, strict=False))

    def lines(self, places: Iterable[int]) -> list[int]:
        """Return the numbers of the lines in which rows begin."""
        first = [line for line, _ in self._records(self._separator)]
        return [first[place] for place in places]

    def _scan(self, until: int = -1) -> tuple[int, list[str]]:
        """Read rows up to a place, by default all, strictly; return the last and its line.

        pandas says no line where a cell holds line ends, and fills up or forgives what is ragged,
        so this is done again in Python where an error has to name a line.
        """
        found: tuple[int, list[str]] = (0, [])
        for place, found in enumerate(self._records(self._separator)):
            line, row = found
            if any(map(str.strip, row)):
                if len(row) > self._width or any(map(str.strip, row[len(self.names) :])):
                    raise ValueError(
                        f"line {line} of {self.name} has more fields than the header's "
                        f"{len(self.names)}; is a separator or a decimal comma inside a value?"
                    )
                if len(row) <= self._last:
                    raise ValueError(
                        f"line {line} of {self.name} has {len(row)} of the header's "
                        f"{len(self.names)} fields (it begins {shown(row[0].strip())}); if it is "
                        f"no row of the table, leave it out with skip_rows=[{line}]."
                    )
            if place == until:
                break
        return found

    def _found_encoding(self, encoding: str | None, start: bytes) -> str:
        if encoding is not None:
            try:
                "a".encode(encoding)
            except (LookupError, TypeError, ValueError):
                raise ValueError(
                    f"encoding is {encoding!r}, which is not the name of an encoding; for instance "
                    "'utf-8', 'cp1252' or 'utf-16'."
                ) from None
            return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        for found in ("utf-32", "utf-16"):  # the mark of the second is the first half of the first
            if start.startswith(tuple("\ufeff".encode(f"{found}-{end}") for end in ("le", "be"))):
                return found
        if b"\0" in start:
            side = "le" if start[1:2] == b"\0" else "be"
            wide = start.count(b"\0") * 3 > len(start)
            raise ValueError(
                f"{self.name} holds NUL bytes, so it is not text in UTF-8"
                + (f"; it may be UTF-16: pass encoding='utf-16-{side}'." if wide else ".")
            )
        return "utf-8-sig"

    def _texts(self) -> Generator[str]:
        """Yield the text some lines at a time, those above the header and to leave out emptied."""
        number, self._odd, self._marks = 1, self._separator == " ", 0
        beside = f"[^{re.escape(self._separator)}\n]"
        short = f"{{0,{csv.field_size_limit()}}}"
        quoted = re.compile(f'(?<!{beside})"[^"]{short}(?:""[^"]{short})*"(?!{beside})')
        with _opened(self.path) as raw, io.TextIOWrapper(raw, self._encoding) as file:
            try:
                while text := file.read(_LONGEST_LINE // 8):
                    text += file.readline(_LONGEST_LINE)  # the rest of its last line
                    after = number + text.count("\n")
                    if not text.endswith("\n") and file.read(1):
                        raise ValueError(
                            f"line {after} of {self.name} is longer than {_LONGEST_LINE:,} "
                            "characters; this is no table with a row a line."
                        )
                    if out := self._left_out.union(range(number, min(after, self._above) + 1)):
                        lines = enumerate(text.split("\n"), number)
                        text = "\n".join("" if k in out else line for k, line in lines)
                    if "\0" in text:
                        at = number + text[: text.index("\0")].count("\n")
                        raise ValueError(f"line {at} of {self.name} holds a NUL character.")
                    refuse_swelling(self.path, raw.tell())
                    # what `pieces` needs to know when all has been read: separators outside quoted
                    # cells, and whether there is something odd, such as other quotation marks
                    bare = quoted.sub("", text) if '"' in text else text
                    self._odd |= '"' in bare
                    self._marks += bare.count(self._separator)
                    yield text
                    number = after
            except UnicodeError as error:
                byte = getattr(error, "object", b"")[getattr(error, "start", 0) :][:1]
                found = f" (byte {byte[0]:#x})" if isinstance(byte, bytes) and byte else ""
                raise ValueError(
                    f"{self.name} is not text in {self._encoding.removesuffix('-sig')}{found}; say "
                    "what it is, for instance encoding='cp1252' for a file saved by Excel on a "
                    "Western-European Windows."
                ) from None

    def _records(self, separator: str, most: int | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows of so many lines, read strictly, with the number of their first line."""
        lines = itertools.chain.from_iterable(map(io.StringIO, self._texts()))
        blanks = separator == " "
        reader = csv.reader(
            itertools.islice(lines, most), delimiter=separator, strict=True, skipinitialspace=blanks
        )
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            what = (
                f"a cell of more than {csv.field_size_limit():,} characters; is this the "
                "right file?"
                if "field limit" in str(error)
                else 'a quotation mark (") that does not close, or one inside a quoted cell; write '
                "it twice or take it out."
            )
            raise ValueError(f"line {line} of {self.name} has {what}") from None

    def _read_header(self, needed: set[str], likely: set[str], separator: str | None) -> None:
        """Find columns, width and, from the first lines unless given, the separator."""
        heads: dict[str, list[tuple[int, list[str]]]] = {}
        problem: Exception | None = None
        for mark in separator or _SEPARATORS:
            found = []
            try:
                for line, row in self._records(mark, 40 + self._above):
                    if any(map(str.strip, row)):
                        found.append((line, row))
            except ValueError as error:  # the rows before it may do
                problem = error
            if found:
                heads[mark] = found
        if not heads:
            raise problem or ValueError(
                f"{self.name} is empty: its first line must name the columns."
            )

        def fits(mark: str) -> tuple[int, int]:
            names = heads[mark][0][1]
            return len(likely & set(map(str.strip, names))), len(names)

        best = max(heads, key=fits)
        line, header = heads[best][0]
        names = [name.strip() for name in header]
        while names and not names[-1]:  # separators at the end of every line, as Excel writes them
            names.pop()
        if not needed <= set(names):
            for rows in heads.values():
                for at, row in rows[1:]:
                    if needed <= set(map(str.strip, row)):
                        raise ValueError(
                            f"{self.name} names its columns in line {at}; pass skip_rows={at - 1}."
                        )
            if len(names) == 1 and len(names[0].split()) >= max(2, len(needed)) and not separator:
                raise ValueError(
                    f"{self.name} has no comma, semicolon, tab or bar in its first line; if blanks "
                    "separate its columns, pass separator=' '."
                )
        # from here on the header's own lines are above the table
        self._above = line + "".join(header).count("\n")
        self._separator, self.names, self._last = best, names, len(names) - 1
        self._width: int = max(len(row) for _, row in heads[best])


class _Stream(io.RawIOBase):
    """What pandas reads from: a file of which each piece has been looked at."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts

    def readable(self) -> bool:  # pandas 2 asks, as it wraps what it reads from; pandas 3 does not
        return True

    def read(self, size: int | None = -1) -> bytes:
        return next(self._texts, "").encode()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a file for reading its bytes, unpacked where it is an archive of one table."""
    with path.open("rb") as file:
        start = file.read(10)
    name, kind = next((each[1:3] for each in _ARCHIVES if re.match(each[0], start)), ("", ""))
    module = importlib.import_module(name) if kind else None  # a browser's kernel lacks some
    lzma_error = getattr(module, "LZMAError", OSError)
    try:
        if module is not zipfile:
            with module.open(path, "rb") if module else path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(path) as bundle:
            if entry := _entry(path.name, bundle.namelist()):
                with bundle.open(entry) as file:
                    yield file
                return
        with path.open("rb") as file:
            yield file
    # what the four of them raise; a zip may also be locked or packed in an unknown way
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, lzma_error):
        if not kind:
            raise
        raise ValueError(
            f"{path.name} is a broken {kind} archive{' or workbook' * (kind == 'zip')}: it ends "
            "early or was damaged on the way; fetch it again, or save its table as a CSV file."
        ) from None


def refuse_swelling(path: Path, size: int) -> None:
    """Refuse a file that unpacks to so much that it may be built to fill memory."""
    if size > max(_SWELLS_TO, _SWELLS_BY * path.stat().st_size):
        raise ValueError(
            f"{path.name} unpacks to more than {_SWELLS_BY} times its size; if it is what you "
            "expect, unpack it yourself and read that file."
        )


def _entry(name: str, entries: list[str]) -> str:
    """Return the one table in a zip archive, or nothing where the archive is a document."""
    if any(re.match(mark, entry) for entry in entries for mark, *_ in _ZIPPED):
        return ""
    files = [e for e in entries if not e.endswith("/") and "__MACOSX" not in e]
    texts = [e for e in files if e.lower().endswith((".csv", ".tsv", ".txt", ".tab"))]
    if len(texts or files) != 1:
        what = f"holds {named(texts or files, 'file', 'files')}; take out the one you mean"
        raise ValueError(f"{name} {what}." if files else f"{name}: the archive is empty.")
    return (texts or files)[0]


def beginning(path: Path) -> bytes:
    """Return the first bytes of a file, unpacked where it is an archive."""
    with _opened(path) as file:
        return file.read(4096).removeprefix(codecs.BOM_UTF8)


@contextlib.contextmanager
def extra(package: str, who: str, extras: str = "files") -> Iterator[None]:
    """Say in one sentence which package is needed where an import in the block fails."""
    try:
        yield
    except ImportError:
        raise ValueError(
            f"{who} needs the package {package}: pip install 'clusterlab[{extras}]'."
        ) from None


def located(path: Any) -> Path:
    """Return the path of a file that is there, with ``~`` as the home folder, or say what it is."""
    if not isinstance(path, str | os.PathLike):
        frame = "; a frame goes to tables.from_long" * isinstance(path, pd.DataFrame)
        raise ValueError(f"the file must be given as a path, got a {type(path).__name__}{frame}.")
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
        hint = did_you_mean(place.name, beside)
        raise FileNotFoundError(f"there is no file {shown(str(place))}{hint}")
    return place


def skipped(skip_rows: Any) -> tuple[int, set[int]]:
    """Return the number of lines above the header, and the numbers of the lines to leave out."""
    one = isinstance(skip_rows, int | np.integer)
    numbers = [skip_rows] if one else skip_rows
    fits = isinstance(numbers, list | tuple | range) and all(
        isinstance(n, int | np.integer) and not isinstance(n, bool) and n >= 0 for n in numbers
    )
    wanted = "the number of lines above the header, or a list of those to leave out, from 1 on"
    need(fits, "skip_rows", wanted, skip_rows)
    return (int(numbers[0]), set()) if one else (0, set(map(int, numbers)))


def kind_of(path: Path, start: bytes) -> tuple[str, str]:
    """Return what a file is that is not text and what to do with it, or nothing twice."""
    found = [(kind, how) for mark, kind, how in _OTHER_KINDS if re.match(mark, start)]
    if re.match(rb"PK[\x03\x05]", start):
        found = [("a packed archive or workbook", "")]  # inside another one
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as bundle:
            inside = bundle.namelist()
            kinds = [each[1:] for each in _ZIPPED if any(re.match(each[0], e) for e in inside)]
            found = kinds or found
    return found[0] if found else ("", "")


def plain(value: Any) -> str:
    """Return a cell as the text a file would hold: a year read as a float is a whole number.

    Parameters
    ----------
    value : object
        A cell of a frame.

    Returns
    -------
    str

    See Also
    --------
    clusterlab.names.shown : a value as a message shows it.

    Examples
    --------
    >>> plain(2019.0), plain(" 01 ")
    ('2019', '01')
    """
    whole = isinstance(value, Real) and not isinstance(value, bool) and float(value).is_integer()
    return str(int(value)) if whole else str(value).strip()


# --- numbers in text -----------------------------------------------------------------------------

_BLANKS = " \u00a0\u2009\u202f\u2007"
_GROUPS = {",": ",", ".": r"\.", " ": f"[{_BLANKS}]", "'": "['\u2019]"}
_NUMBER = rf"[+-]?\d[\d.,'\u2019{_BLANKS}]*"
#: What a cell that is no number may be, and what to do about it.
_ADVICE = (
    (rf"{_NUMBER}\s*%", "; take the % off first, or compute the numbers of which it is a share"),
    (
        rf"(?:{_NUMBER}\s*[-\u2013]|[<>\u2264\u2265~])\s*{_NUMBER}|{_NUMBER}\+",
        " but a range; if that means not published, pass unknown=({!r},), and if you know better, "
        "put a number in its place",
    ),
    (rf"{_NUMBER}\s*\(?[A-Za-z]{{1,3}}\)?", " alone; a flag stands beside it: take it off first"),
    (r"\D{1,29}|#\S+", "; if it means not published, pass unknown=({!r},)"),
)
#: What a column may hold by its dtype's kind that is no number of anything.
OTHER_KINDS = {"b": "True and False", "M": "dates", "m": "durations", "c": "complex numbers"}


def real_numbers(cells: pd.Series) -> np.ndarray:
    """Return cells as floats, NaN for whatever is no number: text, dates, True and False."""
    if cells.dtype.kind in "iuf":
        return cells.to_numpy(dtype=float, na_value=np.nan, copy=True)
    real = [isinstance(c, Real | Decimal) and not isinstance(c, bool | np.bool_) for c in cells]
    return np.array([c if fits else np.nan for c, fits in zip(cells, real, strict=True)], float)


class Numerals:
    """How numbers are written, what stands for "not published", and the doubt that remains.

    A number like 1.234 is one and a bit, or more than a thousand. Where every number with such a
    mark has three digits after it, the source alone cannot say which it is, and `settle` asks.

    Parameters
    ----------
    decimal, thousands, unknown
        As in `clusterlab.tables.read`.

    See Also
    --------
    clusterlab.tables.numbers : the cells of a frame that hold numbers already.
    """

    def __init__(self, decimal: Any = None, thousands: Any = None, unknown: Any = ()) -> None:
        chosen("decimal", decimal, (None, ".", ","))
        chosen("thousands", thousands, (None, *_GROUPS))
        if thousands is not None and decimal is None:
            decimal = "," if thousands == "." else "."
        if thousands is not None and thousands == decimal:
            raise ValueError(f"decimal and thousands are both {decimal!r}; they must differ.")
        one = f": unknown=({unknown!r},)" if isinstance(unknown, str) else ""
        need(pd.api.types.is_list_like(unknown), "unknown", f"a list of marks{one}", unknown)
        # a mark of blanks, None or NaN stands for whatever is missing
        marks = list(unknown)
        self._marks = [mark for mark in marks if not is_missing(mark)]
        self._gaps = len(self._marks) < len(marks)
        self._texts = {*map(plain, self._marks), *([""] if self._gaps else [])}
        self._decimal = decimal or "."
        self._plain = self._decimal == "." and thousands is None
        self._group = _GROUPS[thousands or ("." if decimal == "," else " ")]
        self._whole = (
            rf"[+-]?(?:\d+|\d{{1,3}}(?:{self._group}\d{{3}})+)?(?:{re.escape(self._decimal)}\d*)?"
            r"(?:[eE][+-]?\d+)?"
        )
        # said is said: a decimal point, or the mark of thousands beside a decimal comma
        self._sure = thousands is not None or decimal == "."
        self._doubt: tuple[str, Callable[[int], str], int, Any] | None = None

    def read(self, cells: pd.Series, place: Callable[[int], str], column: Any) -> np.ndarray:
        """Return cells as floats, NaN for the unknown; the first that is no number is an error.

        ``place`` turns the position of a cell into the words for its row.
        """
        kind = OTHER_KINDS.get(getattr(cells.dtype, "kind", ""))
        if kind:
            raise ValueError(f"column {column!r} holds {kind}, but numbers are needed.")
        values, bad = self.numbers(cells)
        wrong = np.union1d(np.flatnonzero(values < 0), bad)
        if len(wrong):
            first = int(wrong[0])
            say = f"has {values[first]:g}, which is negative"
            if first in bad:
                say = self.advice(cells.iloc[first], cells)
            raise ValueError(f"{place(first)}: column {column!r} {say}.")
        self.wonder(cells, place, column)
        return values

    def numbers(self, cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
        """Return cells as floats, NaN for the unknown, and the places of those that are none."""
        gone = cells.isna().to_numpy(copy=True) if self._gaps else np.zeros(len(cells), bool)
        if self._marks:
            gone = gone | cells.isin(self._marks).to_numpy()
        text = np.zeros(len(cells), bool)
        if cells.dtype.kind not in "iuf":
            cells = cells.astype(object)
            text[:] = [isinstance(cell, str) for cell in cells]
        values = np.full(len(cells), np.nan)
        values[~text] = real_numbers(cells[~text])
        if text.any():  # each way of writing a number is read once, as most stand there often
            codes, found = pd.factorize(cells[text])
            trimmed = pd.Series([entry.strip() for entry in found], dtype=object)
            values[text] = self._read(trimmed)[codes]
            gone[text] |= trimmed.isin(self._texts).to_numpy()[codes]
        values[gone] = np.nan
        return values, np.flatnonzero(~gone & ~np.isfinite(values))

    def _read(self, texts: pd.Series) -> np.ndarray:
        if not self._plain:
            texts = texts.where(texts.str.fullmatch(self._whole, na=False).astype(bool))
            texts = texts.str.replace(self._group, "", regex=True)
            texts = texts.str.replace(self._decimal, ".", regex=False)
        return pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float, na_value=np.nan)

    def wonder(self, cells: pd.Series, place: Callable[[int], str], column: Any) -> None:
        """Remember the first number that may be a thousand times as large."""
        if self._sure or cells.dtype.kind in "iufb":
            return
        mark = self._decimal
        unsure = rf"[+-]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}"
        for cell in pd.unique(cells.astype(object)):
            if isinstance(cell, str) and mark in cell:
                if not re.fullmatch(unsure, cell.strip()):
                    self._sure, self._doubt = True, None
                    return
                if self._doubt is None:
                    row = int(np.argmax([other is cell or other == cell for other in cells]))
                    self._doubt = (cell.strip(), place, row, column)

    def settle(self) -> None:
        """Raise ValueError where a mark of every number read may be decimal or of thousands."""
        if self._doubt is None:
            return
        (cell, place, row, column), mark = self._doubt, self._decimal
        name, alone, fraction = "point", "", "decimal='.'"
        if mark == ",":
            name, alone, fraction = "comma", "alone ", "decimal=',' and thousands='.'"
        raise ValueError(
            f"{place(row)}: column {column!r} has {cell!r}, and every number with a {name} has "
            f"three digits after it; if the {name} groups thousands, pass thousands={mark!r} "
            f"{alone}({cell.replace(mark, '')}), and if it is the decimal mark, pass {fraction} "
            f"({float(cell.replace(mark, '.')):g})."
        )

    def advice(self, found: Any, cells: pd.Series) -> str:
        """Return what is wrong with a cell, and what makes it right."""
        if is_missing(found):
            return "is empty; if that means not published, say so with unknown=('',)"
        say = f"has {shown(found)}, which is not a number"
        text = found.strip() if isinstance(found, str) else ""
        if re.fullmatch(_NUMBER, text):
            return say + self._other_marks(text, [c for c in cells if isinstance(c, str)])
        how = (advice for pattern, advice in _ADVICE if re.fullmatch(pattern, text))
        return say + next(how, "").format(text)

    def _other_marks(self, text: str, texts: list[str]) -> str:
        """Return the arguments with which a column of numbers like this one can be read."""
        point, blanks = self._decimal == ".", re.search(f"[{_BLANKS}]", text)
        points = point and re.fullmatch(r"[+-]?\d{1,3}(\.\d{3}){2,}", text)
        comma = [*filter(re.compile(r"[+-]?[\d.]*,[\d.,]*").fullmatch, map(str.strip, texts))]

        def all_are(pattern: str) -> bool:
            return bool(comma) and all(re.fullmatch(pattern, cell) for cell in comma)

        commas = any("," in cell for cell in texts)
        groups = all_are(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
        fraction = point and all_are(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d*")
        ways = (
            (blanks and commas, "blanks group thousands, pass thousands=' ' and decimal=','"),
            (blanks, "blanks group thousands, pass thousands=' '"),
            (re.search("['\u2019]", text), """apostrophes group thousands, pass thousands="'\""""),
            (
                groups and fraction,
                "the comma groups thousands, pass thousands=',', and if it is the decimal mark, "
                "pass decimal=',' and thousands='.'",
            ),
            (groups, "the comma groups thousands, pass thousands=','"),
            (fraction, "the comma is the decimal mark, pass decimal=','"),
            (points, "the point groups thousands, pass thousands='.'"),
        )
        first = (f"; if {say}" for holds, say in ways if holds)
        return next(first, f" with {self._decimal!r} as its decimal mark")


def is_missing(value: Any) -> bool:
    """Say whether a cell or a label is missing or blank."""
    if isinstance(value, str):
        return not value.strip()
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))
