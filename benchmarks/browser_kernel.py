"""Every notebook of the course in a browser's Python: how long it takes, and that no cell fails.

Run ``CLUSTERLAB_PYODIDE=folder python benchmarks/browser_kernel.py [notebook …]``; without names,
all of them. The folder is a whole Pyodide of the version that ``site/lite.py`` names. First it says
how long the parts of a beginning take, as a reader waits for them in the page, and a redraw of a
widget in the kernel. A request to another address and a cell that fails end it with a list.
"""

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from lab import browser_page  # noqa: E402
from lite_course import GIVEN, built, opened, run_all, served  # noqa: E402

#: What a beginning is made of: what is waited for, and the cell.
STEPS = {
    "packages": "import matplotlib.pyplot, networkx, pandas, scipy.stats, seaborn",
    "clusterlab": "from clusterlab.location import widgets",
    "first widget": "made = widgets.tomahawk(); made",
}
REDRAW = (
    "import statistics, time; took = []\n"
    "for k in range(40):\n"
    "    start = time.perf_counter(); made.set(elasticity=4 + 0.15 * k)\n"
    "    took.append(1000 * (time.perf_counter() - start))\n"
    "print('redraw:', round(statistics.median(took)), 'ms in the middle,', "
    "round(statistics.quantiles(took, n=20)[-1]), 'ms at 95 %')"
)


def beginning(page, address: str) -> None:
    """Print what a reader waits for before a widget stands, and how long a redraw takes."""
    start = time.perf_counter()
    opened(page, address, "00_start_here.ipynb")
    print(f"Python is ready: {time.perf_counter() - start:.1f} s")
    page.locator(".jp-Cell").last.click()
    for what, code in {**STEPS, "redraw": REDRAW}.items():
        page.keyboard.press("Escape")
        page.keyboard.press("b")
        page.keyboard.press("Enter")
        page.keyboard.insert_text(code)
        before = time.perf_counter()
        page.keyboard.press("Control+Enter")
        cell = page.locator(".jp-CodeCell.jp-mod-active")
        prompt = cell.locator(".jp-InputArea-prompt")
        prompt.filter(has_text=re.compile(r"\[\d+\]")).wait_for(timeout=180_000)
        if what == "redraw":
            print(cell.locator(".jp-OutputArea-output").first.inner_text())
        else:
            print(f"{what}: {time.perf_counter() - before:.1f} s", flush=True)


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
        beginning(page, address)
        print(f"{'notebook':58} {'Python':>7} {'cells':>7} s")
        for name in names or files:
            start = time.perf_counter()
            opened(page, address, name)
            ready = time.perf_counter()
            failed = [*run_all(page), *outside]
            outside.clear()
            took = time.perf_counter() - ready
            last = [text.strip().splitlines()[-1] for text in failed[:1]]
            print(f"{name:58} {ready - start:7.1f} {took:7.1f}", *last, flush=True)
            faults += [f"{name}: {text}" for text in failed]
    if faults:
        raise SystemExit("\n".join(faults))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*")
    main(parser.parse_args().notebooks)
