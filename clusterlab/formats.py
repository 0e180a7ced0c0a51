"""Files that are no plain table of text, read as if they were: each is a `reading.Source`.

Excel workbooks (by openpyxl), Parquet (by pyarrow), Stata (by pandas) and the TSV files of
Eurostat. Cells keep what they are, text or number; a file is told by its content.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.errors import CategoricalConversionWarning

from clusterlab import reading
from clusterlab.names import did_you_mean, shown
from clusterlab.parameters import need
from clusterlab.reading import Source, TextFile, plain

#: How a TSV file of Eurostat begins, whose first column holds all dimensions but time.
_EUROSTAT = r"[^\t\r\n]*\\(TIME_PERIOD|time)"
_ROWS_AT_ONCE = 100_000
#: What the packages below raise where a file is broken or not what it seems.
_BROKEN: tuple[type[Exception], ...] = (ValueError, TypeError, KeyError, IndexError, OSError)
_BROKEN += (AttributeError, SyntaxError, zipfile.BadZipFile, zlib.error, struct.error)


def open_table(
    path: str | Path,
    needed: Sequence[str] = (),
    *,
    sheet: str | int = 0,
    instead: str = "pass the frame in place of the path",
    **how: Any,
) -> Source:
    """Open a file of any kind that is known, with its columns named.

    Parameters
    ----------
    path, sheet
        As in `clusterlab.tables.read`.
    needed : sequence of str
        Columns that must be there.
    instead : str
        What to do with the frame that another reader makes of a file.
    **how
        How a text file is written: ``likely``, ``separator``, ``encoding``, ``skip_rows``.

    Returns
    -------
    Source
    """
    place = reading.located(path)
    start = reading.beginning(place)
    with place.open("rb") as file:
        packed = file.read(len(start[:8])) not in start  # a mark of the encoding may be before it
    kind = "" if packed else reading.kind_of(place, start)[0]
    if kind != reading.WORKBOOK:
        need(sheet == 0, "sheet", f"left out, as {place.name} is no workbook", sheet)
    text = {reading.WORKBOOK: 2, reading.PARQUET: 3, reading.STATA: 3}.get(kind, 0)
    for option in ("separator", "encoding", "skip_rows")[:text]:
        if how.get(option) not in (None, 0):
            raise ValueError(f"{option}= is for text files, but {place.name} is {kind}.")
    if kind == reading.WORKBOOK:
        return _Sheet(place, needed, sheet, how.get("skip_rows", 0))
    if text:
        return _Columns(place, *(_parquet if kind == reading.PARQUET else _stata)(place))
    if re.match(_EUROSTAT.encode() + rb"\s*\t", start):
        return _Eurostat(TextFile(place, **how | {"separator": "\t"}))
    return TextFile(place, needed, instead=instead, **how)


def _broken(name: str, kind: str, error: Exception) -> ValueError:
    why = str(error).strip()[:200].rstrip(".")
    return ValueError(f"{name} cannot be read as {kind} ({why}); save it anew or fetch it again.")


# --- workbooks -----------------------------------------------------------------------------------


class _Sheet(Source):
    """One sheet of an Excel workbook; the place of a row is its number in the sheet."""

    def __init__(self, path: Path, needed: Sequence[str], sheet: Any, skip_rows: Any) -> None:
        super().__init__()
        self._path, self.name = path, path.name
        self._above, self._left_out = reading.skipped(skip_rows)
        with zipfile.ZipFile(path) as bundle:
            reading.refuse_swelling(path, sum(entry.file_size for entry in bundle.infolist()))
        with self._book(read_only=True) as book:
            titles = [page.title for page in book.worksheets]
        by_number = isinstance(sheet, int) and 0 <= sheet < len(titles)
        self._title = titles[sheet] if by_number else sheet
        if self._title not in titles:
            hint = did_you_mean(sheet, titles, "it has")
            raise ValueError(f"{self.name} has no sheet {shown(sheet)}{hint}")
        head = [*itertools.islice(self._rows(self._title), 1)]
        if not head:
            raise ValueError(f"{self.name} is empty: its first row must name the columns.")
        self._line, header = head[0]
        self.names = [*map(plain, header)]
        while not self.names[-1]:
            self.names.pop()
        self.letters = {name: _letter(k) for k, name in enumerate(self.names) if name}
        if not {*needed} <= {*self.names}:
            self._refuse_header({*needed}, titles)

    def pieces(self, wanted: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield some columns; a formula without a result is an error, as is a note below."""
        columns, width = [*map(self.names.index, wanted)], len(self.names)
        nameless = {k for k, name in enumerate(self.names) if not name}
        rows = (found for found in self._rows(self._title) if found[0] > self._line)
        formulas = enumerate(self._cells(self._title, results=False), start=1)
        notes: dict[int, Any] = {}
        some: list | None = None
        while some is None or len(some) == _ROWS_AT_ONCE:
            some, kept = [*itertools.islice(rows, _ROWS_AT_ONCE)], {}
            for at, row in some:
                filled = [k for k, value in enumerate(row) if value != ""]
                if odd := [k for k in filled if k >= width or k in nameless]:
                    self._refuse_nameless(at, odd[0], row[odd[0]])
                kept[at] = [row[k] if k < len(row) else "" for k in columns]
                if len(filled) > 1 or width == 1:
                    notes = {}
                else:
                    notes[at] = row[filled[0]]
                if gaps := [k for k, value in zip(columns, kept[at], strict=True) if value == ""]:
                    self._refuse_formulas(at, next(row for n, row in formulas if n == at), gaps)
                self.numbered |= {
                    name
                    for name, value in zip(wanted, kept[at], strict=True)
                    if not isinstance(value, str)
                }
            if notes and len(some) < _ROWS_AT_ONCE:
                first = next(iter(notes))
                raise ValueError(
                    f"row {first} of {self.name} has only one filled cell ({shown(notes[first])}); "
                    f"if it is a note, leave it out with skip_rows={[*notes]}, and if it is a row "
                    "of the table, write a mark that unknown= names into its empty cells."
                )
            names = pd.Index([*wanted], dtype=object)
            yield pd.DataFrame([*kept.values()], [*kept], names, dtype=object)

    def cell(self, place: int, column: str) -> str:
        """Return a cell's own name and, where it is merged with others, theirs."""
        k, how = self.names.index(column) + 1, "one of the merged cells {}; part them and fill each"
        areas = (a for a in self._merged() if a.min_row <= place <= a.max_row)
        inside = (how.format(a.coord) for a in areas if a.min_col <= k <= a.max_col)
        return super().cell(place, column) + "".join(f" ({words})" for words in inside)

    @contextlib.contextmanager
    def _book(self, **how: bool) -> Iterator[Any]:
        with reading.extra("openpyxl", f"{self.name} is an Excel workbook, and reading it"):
            import openpyxl
        with self._path.open("rb") as file:  # whatever its name ends in
            try:
                with warnings.catch_warnings(action="ignore"):  # of styles and other extensions
                    book = openpyxl.load_workbook(file, keep_links=False, **how)
            except _BROKEN as error:
                raise _broken(self.name, reading.WORKBOOK, error) from None
            with contextlib.closing(book):
                yield book

    def _cells(self, title: str, *, results: bool) -> Iterator[tuple]:
        """Yield the cells of each row, formulas as such or as their results."""
        with self._book(read_only=True, data_only=results) as book:
            try:
                book[title].reset_dimensions()  # some programs write wrong ones
                yield from book[title].iter_rows()
            except _BROKEN as error:
                raise _broken(self.name, reading.WORKBOOK, error) from None

    def _rows(self, title: str) -> Iterator[tuple[int, list]]:
        """Yield the numbers and values of the rows that hold something, from the header on."""
        for at, cells in enumerate(self._cells(title, results=True), start=1):
            if at > self._above and at not in self._left_out:
                row = [*map(_value, cells)]
                if any(value != "" for value in row):
                    yield at, row

    def _merged(self) -> list:
        """Return the areas of merged cells, which stand below the rows in the sheet's own file.

        openpyxl knows them only of a whole sheet in memory, twenty times as large as the file.
        """
        from openpyxl.worksheet.cell_range import CellRange

        with self._book(read_only=True) as book, zipfile.ZipFile(self._path) as bundle:
            text = bundle.read(book[self._title]._worksheet_path)
        return [*map(CellRange, re.findall(r'<mergeCell ref="([^"]+)"', text.decode("utf-8")))]

    def _refuse_header(self, needed: set[str], titles: list[str]) -> None:
        """Say where the columns are named, if not in the first row."""
        for title in sorted(titles, key=self._title.__ne__):
            for at, row in itertools.islice(self._rows(title), 40):
                if needed <= {*map(plain, row)}:
                    how = f"names its columns in row {at}; pass skip_rows={at - 1}"
                    if title != self._title:
                        how = f"has these columns in sheet {title!r}, not in {self._title!r}; pass "
                        how += f"sheet={title!r}"
                    raise ValueError(f"{self.name} {how}.")
        if areas := self._merged_header():
            raise ValueError(
                f"{self.name} names its columns over merged cells ({areas}); write the name of "
                "each column into one row, and if that is row 2, pass skip_rows=1."
            )

    def _merged_header(self) -> str:
        return ", ".join(a.coord for a in self._merged() if a.min_row <= self._line <= a.max_row)

    def _refuse_nameless(self, at: int, k: int, value: Any) -> None:
        merged = self._merged_header()
        raise ValueError(
            f"cell {_letter(k)}{at} of {self.name} is filled ({shown(value)}), but row "
            f"{self._line} gives its column no name{f' ({merged} are merged)' * bool(merged)}; "
            "write one there, or take out what stands beside the table."
        )

    def _refuse_formulas(self, at: int, cells: Sequence[Any], gaps: list[int]) -> None:
        for k in gaps:
            if k < len(cells) and cells[k].data_type == "f":
                formula = getattr(cells[k].value, "text", cells[k].value)
                raise ValueError(
                    f"cell {_letter(k)}{at} of {self.name} holds a formula ({shown(formula)}) "
                    "without a saved result; open the file in a spreadsheet and save it there, or "
                    "write the value in place of the formula."
                )


def _letter(k: int) -> str:
    """Return the letters of a column of a sheet, counted from 0."""
    return (_letter(k // 26 - 1) if k > 25 else "") + chr(65 + k % 26)


def _value(cell: Any) -> Any:
    """Return the text or number in a cell, with the zeros that its format puts in front."""
    value = "" if cell.value is None else cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if re.fullmatch("00+", cell.number_format) and float(value).is_integer():
            return f"{int(value):0{len(cell.number_format)}d}"
        return value
    return value.strip() if isinstance(value, str) else value


# --- Parquet and Stata ---------------------------------------------------------------------------

_Batches = Callable[[list[str]], Iterable[pd.DataFrame]]


class _Columns(Source):
    """A file whose columns have names and kinds; the place of a row is its number, from 1."""

    def __init__(self, path: Path, names: list[str], batches: _Batches) -> None:
        super().__init__()
        self.name, self.names, self._batches = path.name, names, batches

    def pieces(self, wanted: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield some columns, with their own kinds of cells."""
        first = 1
        empty = pd.DataFrame(columns=pd.Index([*wanted], dtype=object))
        for frame in itertools.chain([empty], self._batches([*wanted])):
            self.numbered |= {name for name in wanted if frame[name].dtype.kind in "iuf"}
            frame.index = pd.RangeIndex(first, first + len(frame))
            first += len(frame)
            yield frame[[*wanted]]


def _parquet(path: Path) -> tuple[list[str], _Batches]:
    with reading.extra("pyarrow", f"{path.name} is a Parquet file, and reading it"):
        from pyarrow import parquet
    try:
        with parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
    except _BROKEN as error:
        raise _broken(path.name, reading.PARQUET, error) from None

    def batches(wanted: list[str]) -> Iterator[pd.DataFrame]:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=wanted):
                # what pandas notes in a file would make an index of a column again
                yield batch.to_pandas(ignore_metadata=True)

    return names, batches


def _stata(path: Path) -> tuple[list[str], _Batches]:
    try:
        with pd.read_stata(path, iterator=True) as reader:
            names = [*reader.variable_labels()]
    except _BROKEN as error:
        raise _broken(path.name, reading.STATA, error) from None

    def batches(wanted: list[str]) -> Iterator[pd.DataFrame]:
        how = {"chunksize": _ROWS_AT_ONCE, "columns": wanted, "order_categoricals": False}
        with (
            warnings.catch_warnings(action="ignore", category=CategoricalConversionWarning),
            pd.read_stata(path, **how) as reader,
        ):
            yield from reader

    return names, batches


# --- Eurostat ------------------------------------------------------------------------------------


class _Eurostat(Source):
    """A TSV file of Eurostat as a long table: a row for each line and period."""

    def __init__(self, file: TextFile) -> None:
        super().__init__()
        self._file, self.name = file, file.name
        self.names = [*_dimensions(file.names[0], file.name), "period", "value", "flag"]

    def pieces(self, wanted: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield some columns as text; a place counts the cells of the file."""
        for piece in self._file.pieces(self._file.names):
            yield eurostat_long(piece, self.name)[[*wanted]]

    def place(self, place: int) -> str:
        """Return the words for the line in which a cell stands, and its period."""
        row, k = divmod(place, len(self._file.names) - 1)
        return f"{self._file.place(row)}, period {self._file.names[k + 1]}"


def _dimensions(head: str, where: str) -> list[str]:
    if not re.fullmatch(_EUROSTAT, head):
        raise ValueError(f"{where}: the first column, {shown(head)}, should end in \\TIME_PERIOD.")
    return [name.strip() for name in head.rpartition("\\")[0].split(",")]


def eurostat_long(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return a frame of text from a TSV file of Eurostat with a row for each cell.

    Parameters
    ----------
    frame : pandas.DataFrame
        The file's own columns: all dimensions but time in the first, then the periods.
    where : str
        What it is, for the message.

    Returns
    -------
    pandas.DataFrame
        The dimensions, ``period``, ``value`` (text: a number, or a colon where there is none) and
        ``flag``.
    """
    head, *periods = frame.columns
    names = _dimensions(head, where)
    keys = frame[head].str.split(",", expand=True)
    if keys.shape[1] != len(names):
        raise ValueError(f"{where}: {len(names)} dimensions are named, {keys.shape[1]} found.")
    keys = keys.set_axis(names, axis=1).apply(lambda column: column.str.strip())
    long = pd.concat([keys, frame[periods]], axis=1).melt(
        id_vars=names, var_name="period", value_name="cell"
    )
    # a cell is a number, or a colon where there is none, and after a blank its flags
    parts = long.pop("cell").str.strip().str.partition(" ")
    places = [place * len(periods) + k for k in range(len(periods)) for place in frame.index]
    return long.assign(value=parts[0], flag=parts[2]).set_axis(places)
