"""Speed of the diamond: uncertainty, dynamics, widgets, and the radar in a real browser.

``python benchmarks/diamond.py`` prints the kernel's figures; with ``--browser`` it also starts
JupyterLab and Chromium, drags a facet of the radar, and prints how long a number takes to follow.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from clusterlab import diamond

WATCH = """() => {
  const numbers = document.querySelector(".clusterlab-radar dl");
  const box = document.querySelector(".clusterlab-radar").parentElement;
  window.numbers = [];
  window.paths = [];
  const heard = (event) => {
    const began = event.timeStamp;
    const once = (node, times, options) => {
      const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => times.push(performance.now() - began));
      });
      watch.observe(node, options);
    };
    once(numbers, window.numbers, { childList: true });
    once(box, window.paths, { attributeFilter: ["aria-label"], subtree: true });
  };
  window.addEventListener("input", heard, true);
}"""


def seconds(call: Callable, *args, **kwargs) -> float:
    began = time.perf_counter()
    call(*args, **kwargs)
    return time.perf_counter() - began


def median_seconds(call: Callable, repeats: int = 7) -> float:
    return float(np.median([seconds(call) for _ in range(repeats)]))


def table(places: int, indicators: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    columns = [(diamond.FACETS[i % 4], f"indicator {i}") for i in range(indicators)]
    columns.sort(key=lambda column: diamond.FACETS.index(column[0]))
    numbers = rng.normal(4, 1, (places, 1)) + rng.normal(0, 0.7, (places, indicators))
    return pd.DataFrame(numbers, columns=pd.MultiIndex.from_tuples(columns))


def kernel() -> None:
    large = table(140, 40)
    took = median_seconds(lambda: diamond.uncertainty(large, replicates=10_000), 5)
    print(f"uncertainty, 10,000 draws, 140 places x 40 indicators: {took:.2f} s (limit 2)")
    for name, call in {
        "score, 140 x 40": lambda: diamond.score(large),
        "dynamics, 100 years": diamond.dynamics,
        "stable_states without basins": lambda: diamond.stable_states(starts=0),
        "stable_states, 256 starts": diamond.stable_states,
    }.items():
        print(f"{name}: {1000 * median_seconds(call):.1f} ms")
    scores = diamond.score(large)
    for name, widget, control, values in [
        ("motion", diamond.widgets.motion(), "proximity", np.linspace(0, 3, 31)),
        (
            "budget",
            diamond.widgets.budget(["demanding buyers"]),
            "demanding buyers",
            np.linspace(0, 2, 31),
        ),
        (
            "compensation",
            diamond.widgets.compensation(scores.facets),
            "exponent",
            np.linspace(-8, 1, 31),
        ),
    ]:
        times = [seconds(widget.set, **{control: float(value)}) for value in values]
        print(
            f"widget {name}: median {1000 * np.median(times):.0f} ms, "
            f"P95 {1000 * np.quantile(times, 0.95):.0f} ms"
        )
    radar = diamond.widgets.radar()
    times = [seconds(radar.set, **{diamond.FACETS[1]: v}) for v in range(1, 101)]
    print(
        f"radar, numbers, path and picture: median {1000 * np.median(times):.1f} ms, "
        f"P95 {1000 * np.quantile(times, 0.95):.0f} ms"
    )


def browser(port: int = 8899) -> None:
    import nbformat
    from playwright.sync_api import sync_playwright

    source = "from clusterlab import diamond\ndiamond.widgets.radar()"
    with tempfile.TemporaryDirectory() as folder:
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
        nbformat.write(book, Path(folder) / "radar.ipynb")
        options = [
            "--no-browser",
            f"--port={port}",
            "--IdentityProvider.token=",
            "--allow-root",
            "--LabApp.news_url=",
            f"--ServerApp.root_dir={folder}",
        ]
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with sync_playwright() as started:
                chromium = started.chromium.launch(
                    executable_path=shutil.which("chromium"),
                    args=["--no-sandbox", "--disable-gpu", "--disable-quic"],
                )
                page = chromium.new_page(viewport={"width": 1500, "height": 900})
                drag(page, f"http://localhost:{port}/lab/tree/radar.ipynb")
                chromium.close()
        finally:
            server.terminate()
            server.wait()


def drag(page, address: str) -> None:
    for _ in range(60):
        try:
            page.goto(address)
            break
        except Exception:  # the server is not up yet
            time.sleep(1)
    page.wait_for_selector(".jp-Notebook", timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".clusterlab-radar .now", timeout=60_000)
    page.evaluate(WATCH)
    handle = page.get_by_role("slider", name="demand conditions")
    box = page.locator("[data-corner='demand conditions'] circle").nth(1).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(240):
        page.mouse.move(x + 60 * np.sin(step / 12) ** 2, y)
        page.wait_for_timeout(16)
    page.mouse.up()
    report(page, "mouse", "window.numbers", "a number follows")
    report(page, "mouse", "window.paths", "the path follows")
    page.evaluate("() => { window.numbers = []; window.paths = []; }")
    handle.focus()
    for step in range(120):
        page.keyboard.press("ArrowUp" if step % 40 < 20 else "ArrowDown")
        page.wait_for_timeout(40)
    report(page, "keys", "window.numbers", "a number follows")
    report(page, "keys", "window.paths", "the path follows")


def report(page, how: str, name: str, what: str) -> None:
    times = np.array(page.evaluate(name))
    print(
        f"radar, {how}: {what} after {np.median(times):.0f} ms (P95 "
        f"{np.quantile(times, 0.95):.0f} ms, {len(times)} moves)"
    )


if __name__ == "__main__":
    kernel()
    if "--browser" in sys.argv[1:]:
        browser()
