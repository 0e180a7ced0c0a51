"""Read official statistics from the offices that publish them.

`fetch` downloads a file once, keeps it with its hash, and returns a long frame: US County Business
Patterns with size classes, the US Quarterly Census of Employment and Wages, US input–output
tables, Eurostat and the World Bank.

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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from clusterlab.names import did_you_mean

__all__ = ["CBP_SIZE_CLASSES", "fetch"]

SERVERS = {
    "us-cbp": "https://www2.census.gov/programs-surveys/cbp/datasets",
    "us-qcew": "https://data.bls.gov/cew/data/api",
    "bea-io": "https://apps.bea.gov/api/data",
    "eurostat": "https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1/data",
    "world-bank": "https://api.worldbank.org/v2",
}

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

_CBP_NAMES = ["n5_9", "n10_19", "n20_49", "n50_99", "n100_249", "n250_499", "n500_999",
              "n1000_1", "n1000_2", "n1000_3", "n1000_4"]  # fmt: skip


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
        ``digits`` of the industry code), ``"us-qcew"`` (``year``, ``industry``, one code or
        several, ``ownership``), ``"bea-io"`` (``year``, ``table``, ``key``, your own from the
        Bureau), ``"eurostat"`` (``dataset``) or ``"world-bank"`` (``indicator``, ``years``).
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
        A long frame; what the office withholds is missing, never zero. ``attrs["source"]`` says
        where each file came from, when, and its sha256. For "bea-io" the matrix itself.

    Raises
    ------
    ValueError
        No such source, a missing or unknown option, a file that is not in the expected layout,
        or one that is no longer the file first fetched.
    ConnectionError
        The office cannot be reached and the file is not in the cache.
    ImportError
        ``pooch`` is not installed.

    Notes
    -----
    Files are kept in the folder named by ``CLUSTERLAB_CACHE``, by default the user's cache
    folder. A download that breaks off is continued where the server allows it. Not run against
    the live services, see the module.

    Examples
    --------
    >>> fetch("us-cpb")
    Traceback (most recent call last):
    ValueError: there is no source 'us-cpb'; did you mean 'us-cbp'?
    """
    if name not in _SOURCES:
        raise ValueError(f"there is no source {name!r}{did_you_mean(name, _SOURCES, 'there are')}")
    source = _SOURCES[name]
    known = list(inspect.signature(source).parameters)[1:]
    for option in options:
        if option not in known:
            raise ValueError(f"{name} has no option {option!r}; it takes {', '.join(known)}.")
    for option, entry in list(inspect.signature(source).parameters.items())[1:]:
        if entry.default is inspect.Parameter.empty and option not in options:
            raise ValueError(f"{name} needs {option}=.")
    opened: list[dict] = []

    def get(url: str, file: str) -> bytes:
        if path is not None:
            given = Path(path)
            opened.append({"path": str(given)})
            return given.read_bytes()
        content, record = _cached(url, f"{name}/{file}", refresh, progress)
        opened.append(record)
        return content

    result = source(get, **options)
    result.attrs["source"] = opened
    return result


# --- the five sources --------------------------------------------------------------------------

_Get = Callable[[str, str], bytes]


def _cbp(get: _Get, year: int, level: str = "county", digits: int | None = None) -> pd.DataFrame:
    keys = {"us": [], "state": ["fipstate"], "metro": ["msa"], "county": ["fipstate", "fipscty"]}
    if level not in keys:
        raise ValueError(f"us-cbp: level is {level!r}, but must be one of {', '.join(keys)}.")
    short = {"us": "us", "state": "st", "metro": "msa", "county": "co"}[level]
    file = f"cbp{int(year) % 100:02d}{short}.zip"
    content = get(f"{SERVERS['us-cbp']}/{year}/{file}", file)
    frame = pd.read_csv(io.BytesIO(_unzip(content)), dtype=str, keep_default_na=False)
    frame.columns = [str(column).lower().strip('"') for column in frame.columns]
    small = next((c for c in ("n<5", "n1_4") if c in frame.columns), "n<5")
    _need(frame, [*keys[level], "naics", "emp", "est", small, *_CBP_NAMES], f"us-cbp {file}")
    if "lfo" in frame.columns:  # legal forms are parts of the same establishments
        frame = frame[frame["lfo"] == "-"]
    code = frame["naics"].str.strip("-/").replace("", "00")
    if digits is not None:
        kept = code.str.replace("-", "").str.len() == digits
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
    columns = {"region": region, "industry": code, "employment": employment,
               "establishments": _numbers(frame["est"], "us-cbp: est"), **sizes}  # fmt: skip
    return pd.DataFrame(columns).reset_index(drop=True)


def _qcew(
    get: _Get, year: int, industry: str | Sequence[str], ownership: str = "5"
) -> pd.DataFrame:
    codes = [industry] if isinstance(industry, str) else list(industry)
    parts = []
    for code in codes:
        file = f"{str(code).replace('-', '_')}.csv"
        content = get(f"{SERVERS['us-qcew']}/{year}/a/industry/{file}", f"{year}-{file}")
        frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        need = ["area_fips", "own_code", "industry_code", "disclosure_code", "size_code",
                "annual_avg_estabs", "annual_avg_emplvl", "total_annual_wages"]  # fmt: skip
        _need(frame, need, f"us-qcew {file}")
        frame = frame[(frame["own_code"] == str(ownership)) & (frame["size_code"] == "0")]
        hidden = frame["disclosure_code"].str.strip() == "N"
        parts.append(pd.DataFrame({
            "region": frame["area_fips"],
            "industry": frame["industry_code"],
            "employment": _numbers(frame["annual_avg_emplvl"], "us-qcew").mask(hidden),
            "establishments": _numbers(frame["annual_avg_estabs"], "us-qcew"),
            "wages_usd": _numbers(frame["total_annual_wages"], "us-qcew").mask(hidden),
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _bea(get: _Get, year: int, table: int, key: str = "") -> pd.DataFrame:
    asked = (f"?UserID={key}&method=GetData&datasetname=InputOutput&TableID={int(table)}"
             f"&Year={int(year)}&ResultFormat=json")  # fmt: skip
    content = get(SERVERS["bea-io"] + asked, f"table{int(table)}-{int(year)}.json")
    reply = _json(content, "bea-io").get("BEAAPI", {})
    problem = reply.get("Error") or _first(reply.get("Results", {})).get("Error")
    if problem:
        said = problem.get("APIErrorDescription", problem)
        raise ValueError(f"bea-io: the Bureau answers: {said}")
    frame = pd.DataFrame(_first(reply.get("Results", {})).get("Data", []))
    _need(frame, ["RowCode", "ColCode", "DataValue"], "bea-io")
    value = _numbers(frame["DataValue"].astype(str).str.replace(",", ""), "bea-io")
    twice = frame.duplicated(["RowCode", "ColCode"])
    if twice.any():
        row = frame[twice].iloc[0]
        raise ValueError(f"bea-io: row {row['RowCode']}, column {row['ColCode']} comes twice.")
    return frame.assign(value=value).set_index(["RowCode", "ColCode"])["value"].unstack()  # noqa: PD010


def _eurostat(get: _Get, dataset: str) -> pd.DataFrame:
    url = f"{SERVERS['eurostat']}/{dataset}?format=TSV&compressed=true"
    content = get(url, f"{dataset}.tsv.gz")
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    frame = pd.read_csv(io.BytesIO(content), sep="\t", dtype=str, keep_default_na=False)
    head = str(frame.columns[0])
    if not re.search(r"\\TIME_PERIOD\s*$", head):
        raise ValueError(
            f"eurostat {dataset}: the first column should end in \\TIME_PERIOD, found {head!r}."
        )
    names = head.rpartition("\\")[0].split(",")
    keys = frame.iloc[:, 0].str.split(",", expand=True)
    if keys.shape[1] != len(names):
        raise ValueError(f"eurostat {dataset}: {len(names)} dimensions are named, "
                         f"{keys.shape[1]} found.")  # fmt: skip
    keys.columns = names
    frame.columns = ["", *(str(column).strip() for column in frame.columns[1:])]
    long = pd.concat([keys, frame.iloc[:, 1:]], axis=1).melt(
        id_vars=names, var_name="period", value_name="cell"
    )
    parts = long.pop("cell").str.strip().str.partition(" ")
    long["value"] = _numbers(parts[0].replace(":", ""), f"eurostat {dataset}")
    long["flag"] = parts[2]
    return long


def _world_bank(get: _Get, indicator: str, years: Sequence[int] | None = None) -> pd.DataFrame:
    span = "" if years is None else f"&date={min(years)}:{max(years)}"
    stamp = "" if years is None else f"-{min(years)}-{max(years)}"
    rows: list[dict] = []
    page, pages = 1, 1
    while page <= pages:
        url = (f"{SERVERS['world-bank']}/country/all/indicator/{indicator}"
               f"?format=json&per_page=5000&page={page}{span}")  # fmt: skip
        reply = _json(get(url, f"{indicator}{stamp}-{page}.json"), "world-bank")
        if not isinstance(reply, list) or len(reply) < 2 or reply[1] is None:
            said = "nothing"
            if isinstance(reply, list) and reply and "message" in reply[0]:
                said = _first(reply[0]["message"]).get("value", "an error")
            raise ValueError(f"world-bank {indicator}: the Bank answers: {said}")
        pages = int(reply[0]["pages"])
        rows += reply[1]
        page += 1
    frame = pd.DataFrame({
        "region": [row["countryiso3code"] for row in rows],
        "name": [row["country"]["value"] for row in rows],
        "year": [int(row["date"]) for row in rows],
        "value": [np.nan if row["value"] is None else float(row["value"]) for row in rows],
    })  # fmt: skip
    return frame.sort_values(["region", "name", "year"], ignore_index=True)


_SOURCES: dict[str, Callable[..., pd.DataFrame]] = {
    "us-cbp": _cbp,
    "us-qcew": _qcew,
    "bea-io": _bea,
    "eurostat": _eurostat,
    "world-bank": _world_bank,
}


# --- reading and keeping files -----------------------------------------------------------------


def _need(frame: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(
            f"{where}: no column {missing[0]!r}; this is not the layout expected (found "
            f"{', '.join(map(str, list(frame.columns)[:8]))})."
        )


def _numbers(column: pd.Series, where: str) -> pd.Series:
    """Return numbers; an empty cell is missing, anything else that is no number an error."""
    text = column.astype(str).str.strip()
    numbers = pd.to_numeric(text.mask(text == ""), errors="coerce")
    odd = numbers.isna() & (text != "")
    if odd.any():
        raise ValueError(f"{where}: {text[odd].iloc[0]!r} is not a number.")
    return numbers.astype(float)


def _unzip(content: bytes) -> bytes:
    if content[:2] != b"PK":
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return bundle.read(bundle.namelist()[0])


def _json(content: bytes, where: str) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        start = content[:60].decode("utf-8", "replace")
        raise ValueError(f"{where}: the answer is not JSON; it begins {start!r}.") from None


def _first(value: Any) -> dict:
    found = value[0] if isinstance(value, list) and value else value
    return found if isinstance(found, dict) else {}


def _cached(url: str, file: str, refresh: bool, progress: bool) -> tuple[bytes, dict]:
    """Return a file's content, from the cache or from the net, and where it came from."""
    try:
        import pooch
    except ImportError:
        raise ImportError(
            "fetching needs two more packages: pip install clusterlab[fetch]"
        ) from None
    folder = Path(os.environ.get("CLUSTERLAB_CACHE") or pooch.os_cache("clusterlab"))
    place = folder / file
    card = place.with_name(place.name + ".json")
    record = json.loads(card.read_text()) if card.is_file() and not refresh else None
    if refresh:
        place.unlink(missing_ok=True)
    log = pooch.get_logger()
    before = log.level
    log.setLevel("ERROR")  # its messages would write a key in the address to the notebook
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
    if record is None:
        record = {
            "url": re.sub(r"UserID=[^&]*", "UserID=…", url),
            "sha256": hashlib.sha256(content).hexdigest(),
            "fetched": datetime.date.today().isoformat(),
        }
        card.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
    return content, record


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
                if reply.status_code not in (200, 206):
                    raise ValueError(
                        f"{host} answers {reply.status_code} for {urlsplit(url).path}: no such "
                        "file there; check the year and the other options."
                    )
                have = have if reply.status_code == 206 else 0
                mark.parent.mkdir(parents=True, exist_ok=True)
                if reply.headers.get("ETag"):
                    mark.write_text(reply.headers["ETag"])
                size = int(reply.headers.get("Content-Length") or 0) + have
                with (
                    open(self.part, "ab" if have else "wb") as file,
                    tqdm(total=size or None, initial=have, unit="B", unit_scale=True, leave=False,
                         desc=self.part.stem, disable=not self.progress, delay=1) as bar,
                ):  # fmt: skip
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
