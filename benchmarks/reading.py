"""Memory of reading large files: each call runs in a process of its own, which tells its peak.

    python benchmarks/reading.py [millions of rows of the Parquet file, by default 10]

Constructed files: a text file of 200 MB, and a Parquet file of establishments that are added up by
region and industry. "Peak" is all the process ever held; "grew" is what it held more than before
the call, with every module loaded.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from clusterlab import tables

NAMES = {"region": "county", "industry": "naics", "value": "jobs"}
SUM = {"duplicates": "sum", "absent": "zero"}
ROWS_AT_ONCE = 1_000_000


def write_text(path: Path, megabytes: int) -> int:
    """Write so many megabytes of a long text file; return the number of rows."""
    rows, rest = 0, "x" * 20
    with path.open("w") as out:
        out.write("county,naics,jobs,other\n")
        while out.tell() < megabytes * 1e6:
            start = f"County number {rows // 1000:05d}"
            for industry in range(1000):
                out.write(f"{start},Industry {industry:04d},{industry % 97},{rest}\n")
            rows += 1000
    return rows


def write_parquet(path: Path, rows: int) -> None:
    """Write establishments in 3,000 counties and 1,000 industries, in random order."""
    rng = np.random.default_rng(0)
    counties = pa.array([f"{county:05d}" for county in range(3000)])
    industries = pa.array([f"{industry:04d}" for industry in range(1000)])
    kinds = pa.schema([("county", pa.string()), ("naics", pa.string()), ("jobs", pa.int32())])
    with parquet.ParquetWriter(path, kinds) as out:
        for start in range(0, rows, ROWS_AT_ONCE):
            size = min(ROWS_AT_ONCE, rows - start)
            columns = [
                counties.take(pa.array(rng.integers(0, 3000, size))),
                industries.take(pa.array(rng.integers(0, 1000, size))),
                pa.array(rng.integers(1, 50, size), pa.int32()),
            ]
            out.write_table(pa.Table.from_arrays(columns, schema=kinds))


def measure(how: str, path: str) -> None:
    """Make one call and print seconds, peak and growth in MB, and the sum of the table."""

    def peak() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    calls = {"read": lambda: tables.read(path, **NAMES, **SUM)}
    if how == "duckdb":
        import duckdb

        calls["duckdb"] = lambda: tables.from_long(duckdb.read_parquet(path), **NAMES, **SUM)
    if how == "polars":
        import polars

        calls["polars"] = lambda: tables.from_long(polars.scan_parquet(path), **NAMES, **SUM)
    if how == "dask":
        on_cluster(path, peak)
        return
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / f"small{Path(path).suffix}"
        if small.suffix == ".parquet":
            write_parquet(small, 10)
        else:
            small.write_text("county,naics,jobs\n01,11,1\n")
        tables.read(small, **NAMES, **SUM)  # what a reader loads, once
    before, start = peak(), time.perf_counter()
    table = calls[how]()
    took = time.perf_counter() - start
    print(took, peak(), peak() - before, table.to_numpy().sum())


def on_cluster(path: str, peak: Callable[[], float]) -> None:
    """Print the same of two workers, which are killed above 2 GB: of the larger one."""
    from dask import dataframe
    from distributed import Client, LocalCluster

    options = {"n_workers": 2, "threads_per_worker": 1, "memory_limit": "2GB"}
    with LocalCluster(**options, dashboard_address=":0") as cluster, Client(cluster) as client:
        before, start = client.run(peak), time.perf_counter()
        frame = dataframe.read_parquet(path, split_row_groups=True)
        table = tables.from_long(frame, **NAMES, **SUM)
        took, after = time.perf_counter() - start, client.run(peak)
    # a worker that was killed and started again is not among those of before
    grew = max(after[each] - before[each] for each in after)
    print(took, max(after.values()), grew, table.to_numpy().sum())


def main() -> None:
    rows = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 10_000_000
    heads = ("rows", "file MB", "seconds", "peak MB", "grew MB", "ratio")
    print(f"{'call':34}" + "".join(f"{head:>11}" for head in heads))
    with tempfile.TemporaryDirectory() as folder:
        text, packed = Path(folder) / "jobs.csv", Path(folder) / "jobs.parquet"
        lines = write_text(text, 200)
        write_parquet(packed, rows)
        sums = set()
        for call, how, path, size in (
            ("tables.read, text", "read", text, lines),
            ("tables.read, Parquet in batches", "read", packed, rows),
            ("tables.from_long, DuckDB relation", "duckdb", packed, rows),
            ("tables.from_long, lazy Polars", "polars", packed, rows),
            ("… a frame of Dask, larger worker", "dask", packed, rows),
        ):
            run = subprocess.run(
                [sys.executable, __file__, "measure", how, str(path)],
                capture_output=True,
                text=True,
                check=True,
            )
            took, peak, grew, total = map(float, run.stdout.split())
            megabytes = path.stat().st_size / 1e6
            ratio = f"{grew / megabytes:.1f}" if path is text else ""
            cells = (f"{size:,}", *(f"{x:.0f}" for x in (megabytes, took, peak, grew)), ratio)
            print(f"{call:34}" + "".join(f"{cell:>11}" for cell in cells), flush=True)
            if path is text:
                assert grew < 3 * megabytes
            else:
                # Polars holds the whole file unless it is asked to stream
                assert how == "polars" or peak < 2000
                sums.add(total)
        assert len(sums) == 1, "the ways to add up differ"


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(*sys.argv[2:])
    else:
        main()
