"""Every notebook of the course in a browser's Python: how long it takes, and that no cell fails.

Run ``CLUSTERLAB_PYODIDE=folder python benchmarks/browser_kernel.py [notebook …]``; without names,
all of them. The folder is a whole Pyodide of the version that ``site/lite.py`` names. A request to
another address and a cell that fails end it with the list of them.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from lab import browser_page  # noqa: E402
from lite_course import GIVEN, built, opened, run_all, served  # noqa: E402


def main(names: list[str]) -> None:
    if GIVEN is None:
        raise SystemExit("CLUSTERLAB_PYODIDE must name a folder with a whole Pyodide.")
    folder = ROOT / "notebooks"
    files = [file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*.ipynb"))]
    faults = []
    with (
        tempfile.TemporaryDirectory() as place,
        served(built(Path(place))) as address,
        browser_page() as (page, outside),
    ):
        print(f"{'notebook':58} {'Python':>7} {'cells':>7} s")
        for name in names or files:
            start = time.perf_counter()
            opened(page, address, name)
            ready = time.perf_counter()
            failed = run_all(page)
            took = time.perf_counter() - ready
            print(f"{name:58} {ready - start:7.1f} {took:7.1f}", *failed[:1], flush=True)
            faults += [f"{name}: {text}" for text in failed]
        faults += outside
    if faults:
        raise SystemExit("\n".join(faults))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*")
    main(parser.parse_args().notebooks)
