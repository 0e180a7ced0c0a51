"""Time from key to new picture for every control of a unit's widgets, in a real browser.

Run ``python benchmarks/widget_latency.py [--far 150] [notebook …]``; without names, every
unit. A line for each control is printed, and a whole run is kept in ``benchmarks/results/``, near
and far apart. The clock runs in the page: from the key event until the frame with the new picture
has been handed over. ``--far`` puts the kernel so many milliseconds away, there and back.

Jumps (page up from the lower end, a tenth of the range each) go to places nobody has foreseen, so
each asks the kernel and waits. Steps (arrows, ten forth and ten back) are what a reader does most;
the widget makes the picture one step on beforehand and keeps those it has shown. What pictures that
are stored in a page take, and the browser's own Python, is measured by `site.py` and
`browser_kernel.py`.
"""

import argparse
import csv
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from lab import browser_page, jupyter_lab, run_all  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
COLUMNS = ["notebook", "widget", "control"] + [
    f"{move} {what}" for move in ("steps", "jumps") for what in ("median ms", "95 % ms", "moves")
]
STEPS = ["ArrowUp"] * 10 + ["ArrowDown"] * 10
JUMPS = ["PageUp"] * 9
WATCH = """(box) => {
    window.latencies = [];
    let pressed = null;
    box.addEventListener('keydown', (event) => { pressed = performance.now(); }, true);
    const picture = box.querySelector('.clusterlab-picture').shadowRoot;
    // the frame that shows the picture has been handed over when a task after it runs
    const painted = () => {
        if (pressed !== null) window.latencies.push(performance.now() - pressed);
        pressed = null;
    };
    const later = new MessageChannel();
    later.port1.onmessage = painted;
    new MutationObserver(() => requestAnimationFrame(() => later.port2.postMessage(0))).observe(
        picture, { childList: true, subtree: true });
}"""

FAR = """const Near = WebSocket;
window.WebSocket = class extends Near {
    send(data) { setTimeout(() => super.send(data), HALF); }
    set onmessage(read) { super.onmessage = (event) => setTimeout(() => read(event), HALF); }
};"""


def measure(page, notebook: str, most: int, pace: int) -> list[list]:
    rows = []
    for number in range(min(most, page.locator(".clusterlab-explorer").count())):
        box = page.locator(".clusterlab-explorer").nth(number)
        if not box.is_visible() or not box.locator(".clusterlab-picture").count():
            print(f"{notebook:28} {number} not in view or a graph to draw ties in, left out")
            continue
        box.scroll_into_view_if_needed()
        box.evaluate(WATCH)
        for control in box.locator("[data-name]").all():
            box.get_by_role("button", name="Reset").click()
            control.focus()
            page.keyboard.press("Home")
            time.sleep(0.5)
            kind = control.get_attribute("type")
            jumps = pressed(page, pace, JUMPS if kind == "range" else [])
            page.keyboard.press("Home")
            time.sleep(0.5)
            steps = pressed(page, pace, ["Space"] * len(STEPS) if kind == "checkbox" else STEPS)
            name = control.get_attribute("data-name")
            rows.append([notebook, number, name, *summary(steps), *summary(jumps)])
            print(*rows[-1], sep="\t", flush=True)
    return rows


def pressed(page, pace: int, keys: list[str]) -> list[float]:
    """Press keys a moment apart; return what each picture took, in milliseconds."""
    page.evaluate("window.latencies.length = 0")
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(pace)
    page.wait_for_timeout(800)
    return page.evaluate("window.latencies")


def summary(took: list[float]) -> tuple:
    """Return the median and the 95th percentile in milliseconds, and how many moves were seen."""
    if not took:
        return "", "", 0
    middle, late = np.percentile(took, [50, 95])
    return round(middle), round(late), len(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*")
    parser.add_argument("--far", type=int, default=0, help="milliseconds to the kernel and back")
    parser.add_argument("--widgets", type=int, default=99, help="the first so many of a notebook")
    parser.add_argument("--pace", type=int, default=140, help="milliseconds between keys")
    told = parser.parse_args()
    folder = ROOT / "notebooks"
    units = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("[0-9]*.ipynb"))
    rows = []
    print(*COLUMNS, sep="\t")
    with tempfile.TemporaryDirectory() as folder, jupyter_lab(Path(folder)) as address:
        for name in told.notebooks or units:
            with browser_page(1280, 800) as (page, _):  # a laptop
                if told.far:
                    page.add_init_script(FAR.replace("HALF", str(told.far / 2)))
                run_all(page, address, name)
                rows += measure(page, name, told.widgets, told.pace)
    if not told.notebooks:
        RESULTS.mkdir(exist_ok=True)
        place = RESULTS / f"widget_latency_{'far' if told.far else 'near'}.csv"
        with place.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
