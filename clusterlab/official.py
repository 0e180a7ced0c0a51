"""Read official statistics from the offices that publish them.

`fetch` downloads a file once, keeps it with its hash, and returns a long frame: US County Business
Patterns with size classes, the US Quarterly Census of Employment and Wages, and Eurostat.

The parsers are tested on small constructed files in the official layouts, served from this
machine. They have **not** been run against the live services, which may have changed: compare a
few figures with the office's own page before you rely on them.
"""

import datetime
import gzip
import hashlib
import inspect
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from clusterlab.names import did_you_mean, shown
from clusterlab.parameters import chosen, whole
from clusterlab.reading import located
from clusterlab.tables import need_columns

__all__ = ["CBP_SIZE_CLASSES", "fetch"]

SERVERS = {
    "us-cbp": "https://www2.census.gov/programs-surveys/cbp/datasets",
    "us-qcew": "https://data.bls.gov/cew/data/api",
    "eurostat": "https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1/data",
}
#: Services that have a kept client of their own.
_ELSEWHERE = {"world-bank": "wbgapi", "bea-io": "beaapi"}
#: An archive may not unpack to more than this, since a file in it is held whole.
_MOST = 1_500_000_000

#: Size classes of County Business Patterns: column, smallest and largest number of employees.
CBP_SIZE_CLASSES: list[tuple[str, int, int | None]] = [
    ("size_1_4", 1, 4),
    ("size_5_9", 5, 9),
    ("size_10_19", 10, 19),
    ("size_20_49", 20, 49),
    ("size_50_99", 50, 99),
    ("size_100_249", 100, 249),
    ("size_250_499", 250, 499),
    ("size_500_999", 500, 999),
    ("size_1000_1499", 1000, 1499),
    ("size_1500_2499", 1500, 2499),
    ("size_2500_4999", 2500, 4999),
    ("size_5000_up", 5000, None),
]

_CBP_NAMES = [
    *("n5_9", "n10_19", "n20_49", "n50_99", "n100_249", "n250_499", "n500_999"),
    *("n1000_1", "n1000_2", "n1000_3", "n1000_4"),
]


def fetch(
    name: str,
    *,
    path: str | Path | None = None,
    refresh: bool = False,
    progress: bool = True,
    **options: Any,
) -> pd.DataFrame:
    """Fetch a table of official statistics, from the cache where it is there.

    Parameters
    ----------
    name : str
        ``"us-cbp"`` (options ``year``, ``level`` "us", "state", "metro" or "county", and
        ``digits`` of the industry code; with digits the total over all industries is left out),
        ``"us-qcew"`` (``year``, ``industry``, one code or several, ``ownership``) or ``"eurostat"``
        (``dataset``).
    path : str or pathlib.Path, optional
        A file you downloaded yourself, in the same layout; nothing is fetched then.
    refresh : bool
        Fetch again although the file is in the cache.
    progress : bool
        Show a progress bar while a file comes in.
    **options
        What the source needs to know, see ``name``.

    Returns
    -------
    pandas.DataFrame
        A long frame; what the office withholds is missing, never zero: ``tables.from_long`` reads
        it on with ``unknown=("",)``. ``attrs["source"]`` says where each file came from, when, and
        its sha256, ``attrs["note"]`` how many figures are withheld.

    Raises
    ------
    ValueError
        No such source, a missing or unknown option, a file that is not in the expected layout,
        or one that is no longer the file first fetched.
    ConnectionError
        The office cannot be reached, or is busy, and the file is not in the cache.
    ImportError
        ``pooch`` is not installed.

    Notes
    -----
    Files are kept in the folder named by ``CLUSTERLAB_CACHE``, by default the user's cache
    folder, once they have been read without an error. A download that breaks off is continued
    where the server allows it. Not run against the live services, see the module.

    Examples
    --------
    >>> fetch("us-cpb")
    Traceback (most recent call last):
    ValueError: there is no source 'us-cpb'; did you mean 'us-cbp'?
    """
    if isinstance(name, str) and name in _ELSEWHERE:
        client = _ELSEWHERE[name]
        raise ValueError(
            f"{name} is not read here; the package {client} is its kept client (pip install "
            f"{client}), and tables.from_long takes the frame it returns."
        )
    if not isinstance(name, str) or name not in _SOURCES:
        raise ValueError(
            f"there is no source {shown(name)}{did_you_mean(name, _SOURCES, 'there are')}"
        )
    source = _SOURCES[name]
    known = list(inspect.signature(source).parameters)[1:]
    for option in options:
        if option not in known:
            raise ValueError(f"{name} has no option {option!r}; it takes {', '.join(known)}.")
    for option, entry in list(inspect.signature(source).parameters.items())[1:]:
        if entry.default is inspect.Parameter.empty and option not in options:
            raise ValueError(f"{name} needs {option}=.")
    own = None if path is None else located(path)
    opened: list[dict] = []
    fresh: list[tuple[Path, dict]] = []

    def get(url: str, file: str) -> bytes:
        if own is not None:
            if not opened:
                opened.append({"path": str(own)})
            return own.read_bytes()
        content, record, place = _cached(url, f"{name}/{file}", refresh, progress)
        if place is not None:
            fresh.append((place, record))
        opened.append(record)
        return content

    try:
        result = source(get, **options)
    except BaseException:
        # an answer that cannot be read (a log-in page, nothing) is no file to keep
        for place, _ in fresh:
            place.unlink(missing_ok=True)
        raise
    for place, record in fresh:
        _card(place).write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
    result.attrs["source"] = opened
    withheld = int(result.get("employment", result.get("value")).isna().sum())
    result.attrs["note"] = f"{len(result):,} rows; {withheld:,} figures are withheld or missing" + (
        ": tables.from_long(…, unknown=('',)) reads them as unknown." if withheld else "."
    )
    return result


# --- the three sources -------------------------------------------------------------------------

_Get = Callable[[str, str], bytes]


def _cbp(get: _Get, year: int, level: str = "county", digits: int | None = None) -> pd.DataFrame:
    keys = {"us": [], "state": ["fipstate"], "metro": ["msa"], "county": ["fipstate", "fipscty"]}
    chosen("level", level, keys)
    year = whole("year", year, 1000, 9999)
    if digits is not None:
        digits = whole("digits", digits, 2, 6)
    short = {"us": "us", "state": "st", "metro": "msa", "county": "co"}[level]
    file = f"cbp{year % 100:02d}{short}.zip"
    where = f"us-cbp {file}"
    frame = _frame(get(f"{SERVERS['us-cbp']}/{year}/{file}", file), where)
    frame.columns = [str(column).lower().strip('"') for column in frame.columns]
    small = next((c for c in ("n<5", "n1_4") if c in frame.columns), "n<5")
    _need(frame, [*keys[level], "naics", "emp", "est", small, *_CBP_NAMES], where)
    if "lfo" in frame.columns:  # legal forms are parts of the same establishments
        frame = frame[frame["lfo"] == "-"]
    code = frame["naics"].str.strip("-/").replace("", "00")
    if digits is not None:
        # "------" is the total over all industries, whatever the length of its own code; a range
        # such as 31-33 is a code of two digits
        first = code.str.split("-").str[0]
        kept = (code != "00") & (first.str.len() == digits)
        frame, code = frame[kept], code[kept]
    region = pd.Series("US", frame.index)
    if keys[level]:
        region = frame[keys[level]].agg("".join, axis=1)
    # D and S in the flag, and any class letter in empflag, mean the count is withheld
    withheld = frame.get("emp_nf", pd.Series("", frame.index)).isin(["D", "S"])
    withheld |= frame.get("empflag", pd.Series("", frame.index)).str.strip() != ""
    employment = _numbers(frame["emp"], "us-cbp: emp").mask(withheld)
    sizes = {
        named: _numbers(frame[column].replace("N", ""), f"us-cbp: {column}")
        for (named, _, _), column in zip(CBP_SIZE_CLASSES, [small, *_CBP_NAMES], strict=True)
    }
    columns = {
        "region": region,
        "industry": code,
        "employment": employment,
        "establishments": _numbers(frame["est"], "us-cbp: est"),
    }
    return pd.DataFrame(columns | sizes).reset_index(drop=True)


def _qcew(
    get: _Get, year: int, industry: str | Sequence[str], ownership: str = "5"
) -> pd.DataFrame:
    year = whole("year", year, 1000, 9999)
    codes = [industry] if isinstance(industry, str | int) else list(industry)
    parts = []
    for code in map(str, codes):
        if not re.fullmatch(r"\d{2,6}(-\d{2})?", code):
            raise ValueError(
                f"us-qcew: industry is {shown(code)}, but it must be a code of digits."
            )
        file = f"{code.replace('-', '_')}.csv"
        where = f"us-qcew {file}"
        frame = _frame(
            get(f"{SERVERS['us-qcew']}/{year}/a/industry/{file}", f"{year}-{file}"), where
        )
        need = [
            "area_fips",
            "own_code",
            "industry_code",
            "disclosure_code",
            "size_code",
            "annual_avg_estabs",
            "annual_avg_emplvl",
            "total_annual_wages",
        ]
        _need(frame, need, where)
        there = frame["industry_code"].unique()
        if code not in there:
            raise ValueError(
                f"{where}: the file has no industry {code!r}; it has {', '.join(there[:8])}."
            )
        frame = frame[
            (frame["industry_code"] == code)
            & (frame["own_code"] == str(ownership))
            & (frame["size_code"] == "0")
        ]
        hidden = frame["disclosure_code"].str.strip() == "N"
        columns = {
            "region": frame["area_fips"],
            "industry": frame["industry_code"],
            "employment": _numbers(frame["annual_avg_emplvl"], "us-qcew").mask(hidden),
            "establishments": _numbers(frame["annual_avg_estabs"], "us-qcew"),
            "wages_usd": _numbers(frame["total_annual_wages"], "us-qcew").mask(hidden),
        }
        parts.append(pd.DataFrame(columns))
    if not parts:
        raise ValueError("us-qcew: industry is empty; give one code or several.")
    return pd.concat(parts, ignore_index=True)


def _eurostat(get: _Get, dataset: str) -> pd.DataFrame:
    if not isinstance(dataset, str) or not re.fullmatch(r"\w+", dataset, re.ASCII):
        raise ValueError(
            f"eurostat: dataset is {shown(dataset)}, but it must be a code of letters, digits and "
            "underscores, such as 'nama_10r_3empers'."
        )
    where = f"eurostat {dataset}"
    url = f"{SERVERS['eurostat']}/{dataset}?format=TSV&compressed=true"
    frame = _frame(get(url, f"{dataset}.tsv.gz"), where, separator="\t")
    head = str(frame.columns[0])
    if not re.search(r"\\TIME_PERIOD\s*$", head):
        raise ValueError(
            f"{where}: the first column should end in \\TIME_PERIOD, found {shown(head)}."
        )
    names = head.rpartition("\\")[0].split(",")
    keys = frame.iloc[:, 0].str.split(",", expand=True)
    if keys.shape[1] != len(names):
        raise ValueError(f"{where}: {len(names)} dimensions are named, {keys.shape[1]} found.")
    keys.columns = names
    frame.columns = ["", *(str(column).strip() for column in frame.columns[1:])]
    long = pd.concat([keys, frame.iloc[:, 1:]], axis=1).melt(
        id_vars=names, var_name="period", value_name="cell"
    )
    parts = long.pop("cell").str.strip().str.partition(" ")
    long["value"] = _numbers(parts[0].replace(":", ""), where)
    long["flag"] = parts[2]
    return long


_SOURCES: dict[str, Callable[..., pd.DataFrame]] = {
    "us-cbp": _cbp,
    "us-qcew": _qcew,
    "eurostat": _eurostat,
}


# --- reading and keeping files -----------------------------------------------------------------


def _need(frame: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    try:
        need_columns(frame.columns, columns, where)
    except ValueError as error:
        raise ValueError(f"{error} This is not the layout expected.") from None


def _numbers(column: pd.Series, where: str) -> pd.Series:
    """Return numbers; an empty cell is missing, anything else that is no number an error."""
    text = column.astype(str).str.strip()
    numbers = pd.to_numeric(text.mask(text == ""), errors="coerce")
    odd = numbers.isna() & (text != "")
    if odd.any():
        raise ValueError(f"{where}: {shown(text[odd].iloc[0])} is not a number.")
    return numbers.astype(float)


def _frame(content: bytes, where: str, separator: str = ",") -> pd.DataFrame:
    """Return the table in an answer as text, or say what came in its place."""
    content = _unpacked(content, where)
    begins = content[:200].lstrip().lower()
    if begins.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise ValueError(
            f"{where}: a web page came in place of the table (a log-in, or a notice of the "
            "office's); nothing of it is kept: look at the office's page, and try again later."
        )
    if not begins:
        raise ValueError(f"{where}: the file is empty; nothing of it is kept.")
    try:
        return pd.read_csv(io.BytesIO(content), sep=separator, dtype=str, keep_default_na=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        why = str(error).splitlines()[0][:150].rstrip(".")
        raise ValueError(f"{where}: this is not the table expected ({why}).") from None


def _unpacked(content: bytes, where: str) -> bytes:
    """Return what a zip or gzip archive holds, unless it is broken or would fill the memory."""
    try:
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as bundle:
                inside = bundle.infolist()
                if not inside:
                    raise ValueError(f"{where}: the archive is empty.")
                size, packed = inside[0].file_size, bundle.open(inside[0])
                with packed:
                    content = _guarded(packed, len(content), where, size)
        elif content[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed_text:
                content = _guarded(packed_text, len(content), where)
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError):
        raise ValueError(f"{where}: the archive is broken; fetch it again.") from None
    return content


def _guarded(packed: Any, size: int, where: str, known: int = 0) -> bytes:
    most = min(_MOST, max(100_000_000, 200 * size))
    content = b"" if known > most else packed.read(most + 1)
    if max(known, len(content)) > most:
        raise ValueError(
            f"{where}: the archive unpacks to more than {most / 1e6:,.0f} MB, too much to be what "
            "it should be."
        )
    return content


def _card(place: Path) -> Path:
    return place.with_name(place.name + ".json")


def _read_card(place: Path) -> dict | None:
    """Return the card of a cached file; a file without a whole card counts as not there."""
    try:
        record = json.loads(_card(place).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole_card = isinstance(record, dict) and {"url", "sha256", "fetched"} <= set(record)
    return record if whole_card else None


def _cached(url: str, file: str, refresh: bool, progress: bool) -> tuple[bytes, dict, Path | None]:
    """Return a file's content and where it came from, and its place if it came from the net."""
    try:
        import pooch
    except ImportError:
        raise ImportError(
            "fetching needs two more packages: pip install clusterlab[fetch]"
        ) from None
    folder = Path(os.environ.get("CLUSTERLAB_CACHE") or pooch.os_cache("clusterlab"))
    place = folder / file
    record = None if refresh else _read_card(place)
    if record is None:
        place.unlink(missing_ok=True)
    log = pooch.get_logger()
    before = log.level
    log.setLevel("ERROR")
    try:
        found = pooch.retrieve(
            url,
            known_hash=record["sha256"] if record else None,
            fname=place.name,
            path=place.parent,
            downloader=_Resuming(place.with_name(place.name + ".part"), progress),
        )
    except ValueError as error:
        if record is None or "hash" not in str(error):
            raise
        raise ValueError(
            f"{place.name} is not the file fetched on {record['fetched']} any more: the source has "
            "changed it. Pass refresh=True to take the new one."
        ) from None
    finally:
        log.setLevel(before)
    content = Path(found).read_bytes()
    if record is not None:
        return content, record, None
    record = {
        "url": url,
        "sha256": hashlib.sha256(content).hexdigest(),
        "fetched": datetime.date.today().isoformat(),
    }
    return content, record, place


class _Resuming:
    """Download to a part file and continue it where an earlier attempt broke off."""

    def __init__(self, part: Path, progress: bool) -> None:
        self.part, self.progress = part, progress

    def __call__(self, url: str, output_file: str, _: Any) -> None:
        import requests
        from tqdm.auto import tqdm

        host = urlsplit(url).hostname
        mark = self.part.with_name(self.part.name + ".etag")
        have = self.part.stat().st_size if self.part.is_file() and mark.is_file() else 0
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": mark.read_text()}
        try:
            with requests.get(url, headers=headers, stream=True, timeout=60) as reply:
                if urlsplit(reply.url).hostname != host:
                    raise ValueError(
                        f"{host} sends on to {urlsplit(reply.url).hostname}, which is another "
                        "house; download the file yourself and pass path=."
                    )
                if reply.status_code == 429 or reply.status_code >= 500:
                    raise ConnectionError(
                        f"{host} answers {reply.status_code}: it is busy or out of order; try "
                        "again later."
                    )
                if reply.status_code not in (200, 206):
                    raise ValueError(
                        f"{host} answers {reply.status_code} for {urlsplit(url).path}: no such "
                        "file there; check the year and the other options."
                    )
                if reply.status_code == 206 and not str(
                    reply.headers.get("Content-Range", f"bytes {have}-")
                ).startswith(f"bytes {have}-"):
                    self.part.unlink(missing_ok=True)
                    raise ConnectionError(f"{host} sent another piece of the file; call again.")
                have = have if reply.status_code == 206 else 0
                mark.parent.mkdir(parents=True, exist_ok=True)
                if reply.headers.get("ETag"):
                    mark.write_text(reply.headers["ETag"])
                size = int(reply.headers.get("Content-Length") or 0) + have
                with (
                    open(self.part, "ab" if have else "wb") as file,
                    tqdm(
                        total=size or None,
                        initial=have,
                        unit="B",
                        unit_scale=True,
                        leave=False,
                        desc=self.part.stem,
                        disable=not self.progress,
                        delay=1,
                    ) as bar,
                ):
                    for piece in reply.iter_content(1 << 14):
                        file.write(piece)
                        bar.update(len(piece))
                if size and self.part.stat().st_size != size:
                    raise requests.ConnectionError("the file broke off")
        except requests.RequestException:
            kept = " What has come is kept; call again to continue." if mark.is_file() else ""
            raise ConnectionError(
                f"cannot get {self.part.stem} from {host}: there is no connection, or it broke "
                f"off.{kept} Without one, download the file elsewhere and pass path=."
            ) from None
        Path(output_file).write_bytes(self.part.read_bytes())
        self.part.unlink()
        mark.unlink(missing_ok=True)
