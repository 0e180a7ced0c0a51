"""Read official statistics from the offices that publish them.

`fetch` downloads a file once, keeps it with its hash, and returns a long frame: US County Business
Patterns with size classes, the US Quarterly Census of Employment and Wages, and Eurostat. Other
offices have kept clients of their own, such as ``wbgapi`` and ``beaapi``.

The parsers are tested on small constructed files in the official layouts, served from this
machine. They have **not** been run against the live services, which may have changed: compare a
few figures with the office's own page before you rely on them.
"""

import datetime
import inspect
import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from clusterlab.formats import eurostat_long
from clusterlab.names import did_you_mean, shown
from clusterlab.parameters import chosen, need, whole
from clusterlab.reading import Numerals, TextFile, extra, located
from clusterlab.tables import need_columns

__all__ = ["fetch"]

SERVERS = {
    "us-cbp": "https://www2.census.gov/programs-surveys/cbp/datasets",
    "us-qcew": "https://data.bls.gov/cew/data/api",
    "eurostat": "https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1/data",
}
#: Services that have a kept client of their own.
_ELSEWHERE = {"world-bank": "wbgapi", "bea-io": "beaapi"}

_FROM = (1, 5, 10, 20, 50, 100, 250, 500, 1000, 1500, 2500, 5000)
#: Size classes of County Business Patterns: column, smallest and largest number of employees.
CBP_SIZE_CLASSES: list[tuple[str, int, int | None]] = [
    (f"size_{low}_{high or 'up'}", low, high)
    for low, high in zip(_FROM, [*(low - 1 for low in _FROM[1:]), None], strict=True)
]
#: The same classes in the office's own words; the first was n1_4 before 2017.
_CBP_NAMES = ["n<5", *(f"n{low}_{high}" for _, low, high in CBP_SIZE_CLASSES[1:8])]
_CBP_NAMES += ["n1000_1", "n1000_2", "n1000_3", "n1000_4"]
_CBP_PLACES = {"us": ("us", []), "state": ("st", ["fipstate"]), "metro": ("msa", ["msa"])}
_CBP_PLACES |= {"county": ("co", ["fipstate", "fipscty"])}
_QCEW_NAMES = {"area_fips": "region", "industry_code": "industry"}
_QCEW_NAMES |= {"annual_avg_emplvl": "employment", "annual_avg_estabs": "establishments"}
_QCEW_NAMES |= {"total_annual_wages": "wages_usd"}

# fetches a file of a URL under a name of its own, and says where it is
_Get = Callable[[str, str], Path]


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
        its sha256, ``attrs["note"]`` how many figures are withheld; for ``"us-cbp"``
        ``attrs["size_classes"]`` has the smallest and largest size of each class column.

    Raises
    ------
    ValueError
        No such source, a missing or unknown option, a file that is not in the expected layout,
        or one that is no longer the file first fetched; ``pooch`` is not installed.
    ConnectionError
        The office cannot be reached, or is busy, and the file is not in the cache.

    See Also
    --------
    clusterlab.tables.from_long : turns the frame into a region x industry table.
    clusterlab.agglomeration.ellison_glaeser_bounds : clustering from size classes.
    clusterlab.datasets.load : the data sets that come with the course.

    Notes
    -----
    Files are fetched with pooch and kept in the folder named by ``CLUSTERLAB_CACHE``, by default
    the user's cache folder, once they have been read without an error. Nothing is written
    elsewhere. Not run against the live services, see the module.

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
        hint = did_you_mean(name, _SOURCES, "there are")
        raise ValueError(f"there is no source {shown(name)}{hint}")
    source = _SOURCES[name]
    _, *known = inspect.signature(source).parameters.values()
    names = [entry.name for entry in known]
    for option in options:
        if option not in names:
            raise ValueError(f"{name} has no option {option!r}; it takes {', '.join(names)}.")
    for entry in known:
        if entry.default is entry.empty and entry.name not in options:
            raise ValueError(f"{name} needs {entry.name}=.")
    own = None if path is None else located(path)
    records: dict[Path, dict] = {}

    def get(url: str, file: str) -> Path:
        if own is not None:
            return own
        place, record = _retrieved(url, f"{name}/{file}", refresh, progress)
        records[place] = record
        return place

    try:
        result = source(get, **options)
    except BaseException:
        # an answer that cannot be read (a log-in page, nothing) is no file to keep
        for place in [place for place in records if _card(place) != records[place]]:
            place.unlink(missing_ok=True)
        raise
    for place, record in records.items():
        text = json.dumps(record, indent=1, ensure_ascii=False)
        place.with_name(place.name + ".json").write_text(text, encoding="utf-8")
    result.attrs["source"] = [{"path": str(own)}] if own else [*records.values()]
    withheld = int(result.get("employment", result.get("value")).isna().sum())
    result.attrs["note"] = f"{len(result):,} rows; {withheld:,} figures are withheld or missing" + (
        ": tables.from_long(…, unknown=('',)) reads them as unknown." if withheld else "."
    )
    return result


# --- the three sources -------------------------------------------------------------------------


def _cbp(get: _Get, year: int, level: str = "county", digits: int | None = None) -> pd.DataFrame:
    short, keys = _CBP_PLACES[chosen("level", level, _CBP_PLACES)]
    year = whole("year", year, 1000, 9999)
    if digits is not None:
        digits = whole("digits", digits, 2, 6)
    file = f"cbp{year % 100:02d}{short}.zip"
    where = f"us-cbp {file}"
    frame = _text(
        get(f"{SERVERS['us-cbp']}/{year}/{file}", file),
        where,
        [*keys, "naics", "emp", "est", *_CBP_NAMES],
        optional=["lfo", "emp_nf", "empflag"],
    )
    frame = frame[frame["lfo"].isin(["-", ""])]  # legal forms are parts of the same establishments
    code = frame["naics"].str.strip("-/").replace("", "00")
    if digits is not None:
        # "------" is the total over all industries, whatever the length of its own code; a range
        # such as 31-33 is a code of two digits
        kept = (code != "00") & (code.str.split("-").str[0].str.len() == digits)
        frame, code = frame[kept], code[kept]
    # D and S in the flag, and any class letter in empflag, mean the count is withheld
    withheld = frame["emp_nf"].isin(["D", "S"]) | (frame["empflag"] != "")
    sizes = zip(CBP_SIZE_CLASSES, _CBP_NAMES, strict=True)
    columns = {
        "region": frame[keys].agg("".join, axis=1) if keys else "US",
        "industry": code,
        "employment": _numbers(frame["emp"], where).mask(withheld),
        "establishments": _numbers(frame["est"], where),
        **{named: _numbers(frame[column], where, "N") for (named, _, _), column in sizes},
    }
    result = pd.DataFrame(columns).reset_index(drop=True)
    result.attrs["size_classes"] = {named: (low, high) for named, low, high in CBP_SIZE_CLASSES}
    return result


def _qcew(
    get: _Get, year: int, industry: str | Sequence[str], ownership: str = "5"
) -> pd.DataFrame:
    year = whole("year", year, 1000, 9999)
    parts = []
    for code in map(str, [industry] if isinstance(industry, str | int) else industry):
        fits = re.fullmatch(r"\d{2,6}(-\d{2})?", code) is not None
        need(fits, "us-qcew: industry", "a code of digits", code)
        file = f"{code.replace('-', '_')}.csv"
        where = f"us-qcew {file}"
        frame = _text(
            get(f"{SERVERS['us-qcew']}/{year}/a/industry/{file}", f"{year}-{file}"),
            where,
            [*_QCEW_NAMES, "own_code", "size_code", "disclosure_code"],
        )
        there = frame["industry_code"].unique()
        if code not in there:
            raise ValueError(f"{where} has no industry {code!r}; it has {', '.join(there[:8])}.")
        wanted = {"industry_code": code, "own_code": str(ownership), "size_code": "0"}
        frame = frame[(frame[list(wanted)] == pd.Series(wanted)).all(axis=1)]
        part = frame[[*_QCEW_NAMES]].rename(columns=_QCEW_NAMES)
        for name in part.columns[2:]:
            part[name] = _numbers(part[name], where)
        part.loc[frame["disclosure_code"] == "N", ["employment", "wages_usd"]] = np.nan
        parts.append(part)
    if not parts:
        raise ValueError("us-qcew: industry is empty; give one code or several.")
    return pd.concat(parts, ignore_index=True)


def _eurostat(get: _Get, dataset: str) -> pd.DataFrame:
    fits = isinstance(dataset, str) and re.fullmatch(r"\w+", dataset, re.ASCII) is not None
    need(fits, "eurostat: dataset", "a code of letters, digits and underscores", dataset)
    where = f"eurostat {dataset}"
    url = f"{SERVERS['eurostat']}/{dataset}?format=TSV&compressed=true"
    frame = _text(get(url, f"{dataset}.tsv.gz"), where, separator="\t")
    long = eurostat_long(frame, where).reset_index(drop=True)
    return long.assign(value=_numbers(long["value"], where, ":"))


_SOURCES: dict[str, Callable] = {"us-cbp": _cbp, "us-qcew": _qcew, "eurostat": _eurostat}


# --- reading and keeping files -----------------------------------------------------------------


def _text(
    path: Path,
    where: str,
    columns: Sequence[str] = (),
    *,
    optional: Sequence[str] = (),
    separator: str = ",",
) -> pd.DataFrame:
    """Return columns of a file as text, by default all; an optional one that lacks is empty."""
    try:
        file = TextFile(path, separator=separator)
        if columns:  # names are in capitals in some years
            file.names = [{"n1_4": "n<5"}.get(name, name) for name in map(str.lower, file.names)]
        wanted = [*(columns or file.names), *(name for name in optional if name in file.names)]
        need_columns(file.names, wanted, where)
        frame = pd.concat([piece.map(str.strip) for piece in file.pieces(wanted)])
    except ValueError as error:
        raise ValueError(
            f"{where}: {error} This is not the table expected, or not the layout expected: look at "
            "the office's page; what came in place of the table is not kept."
        ) from None
    return frame.reindex(columns=[*dict.fromkeys([*wanted, *optional])], fill_value="")


def _numbers(column: pd.Series, where: str, *marks: str) -> pd.Series:
    """Return numbers, missing where a cell is empty or holds a mark; others are an error."""
    values, bad = Numerals(".", unknown=("", *marks)).numbers(column)
    if len(bad):
        found = shown(column.iloc[bad[0]])
        raise ValueError(f"{where}: column {column.name!r}: {found} is not a number.")
    return pd.Series(values, column.index)


def _card(place: Path) -> dict | None:
    """Return what is known of a cached file; one without a whole card counts as not there."""
    try:
        record = json.loads(place.with_name(place.name + ".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = isinstance(record, dict) and {*record} >= {"url", "sha256", "fetched"}
    return record if known else None


def _retrieved(url: str, file: str, refresh: bool, progress: bool) -> tuple[Path, dict]:
    """Bring a file into the cache unless it is there; return its place and where it came from."""
    with extra("pooch", "fetching (a file on disk is read with path=)", "fetch"):
        import pooch
        import requests
    pooch.get_logger().setLevel("ERROR")
    place = Path(os.environ.get("CLUSTERLAB_CACHE") or pooch.os_cache("clusterlab")) / file
    record = None if refresh else _card(place)
    if record is None:
        place.unlink(missing_ok=True)
    host = urlsplit(url).hostname
    try:
        pooch.retrieve(
            url,
            known_hash=record and record["sha256"],
            fname=place.name,
            path=place.parent,
            progressbar=progress,
        )
    except requests.HTTPError as error:
        status = getattr(error.response, "status_code", 0)
        answer = f"{host} answers {status}"
        if status == 429 or status >= 500:
            busy = f"{answer}: it is busy or out of order; try again later."
            raise ConnectionError(busy) from None
        lost = "no such file there; check the year and the other options"
        raise ValueError(f"{answer} for {place.name}: {lost}.") from None
    except requests.RequestException:
        raise ConnectionError(
            f"cannot get {place.name} from {host}: there is no connection, or it broke off; try "
            "again, or download the file elsewhere and pass path=."
        ) from None
    except ValueError as error:
        if record is None or "hash" not in str(error):
            raise
        raise ValueError(
            f"{place.name} is not the file fetched on {record['fetched']} any more: the source has "
            "changed it. Pass refresh=True to take the new one."
        ) from None
    today = datetime.date.today().isoformat()
    return place, record or {"url": url, "sha256": pooch.file_hash(str(place)), "fetched": today}
