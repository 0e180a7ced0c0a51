"""A JupyterLab or a Notebook 7 on loopback, and a headless Chromium that looks at it."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    (c for c in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if c), None
)
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_SETTINGS = {
    # every cell is in the page, whether in view or not; nobody asks about news
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@contextlib.contextmanager
def jupyter_lab(folder: Path, front_end: str = "jupyterlab", python: str | Path = sys.executable):
    """Serve a copy of the notebooks from a temporary folder; yields the address.

    The front end is "jupyterlab" or "notebook". JupyterLite, and Binder's own view, treat keys as
    the second does: they look at the control in focus before the page sees the key.
    """
    notebooks = folder / "course" / "notebooks"
    shutil.copytree(ROOT / "notebooks", notebooks)
    shutil.copytree(ROOT / "datasets", folder / "course" / "datasets")
    for name, setting in _SETTINGS.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(setting))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    options = ["--no-browser", "--allow-root", "--IdentityProvider.token=", "--LabApp.news_url="]
    options += ["--ip=127.0.0.1", f"--port={port}", f"--ServerApp.root_dir={folder / 'course'}"]
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [python, "-m", front_end, *options], env=environment, stdout=log, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(120):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/api", timeout=1).close()
                    break
                time.sleep(0.5)
            else:
                raise RuntimeError((folder / "lab.log").read_text())
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextlib.contextmanager
def browser_page(width: int = 1500, height: int = 1000, **look):
    """Open a page, which may look as Playwright can let it; yields it and the list of requests that would have left the machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        page = browser.new_page(viewport={"width": width, "height": height}, **look)
        outside: list[str] = []

        def local(url: str) -> bool:
            here = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:", "file:")
            return url.startswith(here)

        page.on("request", lambda r: None if local(r.url) else outside.append(r.url))
        page.on("websocket", lambda w: None if local(w.url) else outside.append(w.url))
        try:
            yield page, outside
        finally:
            browser.close()


def write_notebook(folder: Path, name: str, sources: list[str]) -> None:
    """Put a notebook with these code cells beside those served from a folder."""
    cells = [
        nbformat.v4.new_code_cell(source, id=f"cell{number}")
        for number, source in enumerate(sources)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(book, folder / "course" / "notebooks" / name)


def run_all(page, address: str, notebook: str, front_end: str = "jupyterlab") -> None:
    """Open a notebook, wait for its kernel, run all cells and wait until the last is done."""
    if front_end == "notebook":
        page.goto(f"{address}/notebooks/notebooks/{notebook}")
        for _ in range(180):  # its page says idle before there is a kernel
            kernels = []
            with (
                contextlib.suppress(OSError),  # a kernel that is only starting may answer 500
                urllib.request.urlopen(f"{address}/api/kernels", timeout=5) as answer,
            ):
                kernels = json.load(answer)
            if any(k["connections"] and k["execution_state"] == "idle" for k in kernels):
                break
            page.wait_for_timeout(500)
        idle = "[data-status=idle].jp-Notebook-ExecutionIndicator"
        page.locator(idle).wait_for(state="attached", timeout=180_000)
    else:
        page.goto(f"{address}/lab/tree/notebooks/{notebook}?reset")  # not what was open before
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=180_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(
        """() => {
            const all = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
            const shown = all.map((prompt) => prompt.textContent).filter((text) => text !== '');
            return shown.length && shown.every((text) => /\\[\\d+\\]/.test(text));
        }""",
        timeout=240_000,
    )


def restart(page) -> None:
    """Restart the kernel of the notebook that is open, and wait until it is idle."""
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator("li[data-command='kernelmenu:restart']").click()
    page.locator(".jp-Dialog .jp-mod-warn").click()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
