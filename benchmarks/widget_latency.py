"""Time from key to new picture for every control of a lesson's widgets, in a real browser.

Run ``python benchmarks/widget_latency.py [notebook …]``; without names, every lesson. The clock
runs in the page: from the key event to the frame after the new picture has been decoded.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from lab import browser_page, jupyter_lab, run_all  # noqa: E402

PRESSES = 40
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
        picture, { childList: true });
}"""


def measure(page, notebook: str) -> None:
    for number in range(page.locator(".clusterlab-explorer").count()):
        box = page.locator(".clusterlab-explorer").nth(number)
        if not box.is_visible():
            print(f"{notebook:28} {number} not in view, left out")
            continue
        box.scroll_into_view_if_needed()
        box.evaluate(WATCH)
        for control in box.locator("[data-name]").all():
            name = control.get_attribute("data-name")
            box.get_by_role("button", name="Reset").click()
            page.evaluate("window.latencies.length = 0")
            control.focus()
            page.keyboard.press("Home")
            time.sleep(0.5)
            page.evaluate("window.latencies.length = 0")
            check = control.get_attribute("type") == "checkbox"
            for press in range(PRESSES):
                forth = (press // 10) % 2 == 0
                page.keyboard.press("Space" if check else "ArrowDown" if not forth else "ArrowUp")
                page.wait_for_timeout(140)
            took = sorted(page.evaluate("window.latencies"))
            if len(took) < 5:
                print(f"{notebook:28} {number} {name:24} too few pictures: {len(took)}")
                continue
            late = took[min(len(took) - 1, round(0.95 * len(took)))]
            print(
                f"{notebook:28} {number} {name:24} median {statistics.median(took):5.0f} ms, "
                f"95th percentile {late:5.0f} ms, {len(took)} pictures"
            )


def main(notebooks: list[str]) -> None:
    names = notebooks or sorted(path.name for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
    with tempfile.TemporaryDirectory() as folder, jupyter_lab(Path(folder)) as address:
        for name in names:
            with browser_page(1280, 800) as (page, _):  # a laptop
                run_all(page, address, name)
                measure(page, name)


if __name__ == "__main__":
    main(sys.argv[1:])
