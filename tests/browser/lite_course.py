"""The course with a Python in the browser, built for a test, served on loopback."""

import contextlib
import functools
import http.server
import json
import os
import re
import shutil
import sys
import threading
import zipfile
from pathlib import Path

import yaml
from lab import ROOT
from playwright.sync_api import TimeoutError

sys.path.insert(0, str(ROOT / "site"))
import lite

#: A folder with a whole Pyodide, of the version that `lite.PYODIDE` names.
GIVEN = os.environ.get("CLUSTERLAB_PYODIDE")
#: What the published release has and such a folder may lack: name → the files of a stand-in.
STAND_INS = {
    "pydantic": {"pydantic.py": Path(__file__).with_name("stand_in_pydantic.py")},
    "pyyaml": {f"yaml/{file.name}": file for file in Path(yaml.__file__).parent.glob("*.py")},
}


def completed(given: Path, folder: Path) -> Path:
    """Copy a Pyodide, with stand-ins for packages that it lacks (as links, it is large)."""
    shutil.copytree(
        given, folder, copy_function=os.link if _same_disk(given, folder) else shutil.copy
    )
    file = folder / "pyodide-lock.json"
    lock = json.loads(file.read_text())
    for name, files in STAND_INS.items():
        if name in lock["packages"]:
            continue
        wheel = folder / f"{name}-0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as packed:
            for inside, source in files.items():
                packed.write(source, inside)
            packed.writestr(f"{name}-0.dist-info/METADATA", f"Name: {name}\nVersion: 0\n")
            packed.writestr(f"{name}-0.dist-info/WHEEL", "Root-Is-Purelib: true\n")
        lock["packages"][name] = lite.entry(wheel, wheel.name, {})
    file.unlink()
    file.write_text(json.dumps(lock))
    return folder


def _same_disk(given: Path, folder: Path) -> bool:
    return given.stat().st_dev == folder.parent.stat().st_dev


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def end_headers(self):
        # another address, as Pyodide's own is, lets every page read its files
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


@contextlib.contextmanager
def served(folder: Path):
    """Serve a folder of static files on loopback; yields the address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.handle_error = lambda *_: None  # a page is left before all of it has come
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def built(folder: Path, pyodide: str | None = None) -> Path:
    """Build the course into a folder, with a copied Pyodide or with one from an address."""
    lite.main(pyodide or str(completed(Path(GIVEN), folder / "pyodide")), folder / "course")
    return folder / "course"


def opened(page, address: str, notebook: str, view: str = "notebooks") -> None:
    """Open a notebook of the course and wait until its Python is ready."""
    page.goto(f"{address}/{view}/index.html?path={notebook}")
    page.get_by_text("Python is ready").wait_for(timeout=180_000)


#: What a cell writes that failed. The page has no view of its own for errors, and shows a traceback
#: as it shows a warning, which is none.
FAILED = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'


def run_all(page, seconds: float = 300) -> list[str]:
    """Run all cells to the last; return what failed, or that they did not come to their end."""
    # a folded cell has no number that says it ran
    for menu, entry in (("View", "Expand All Code"), ("Run", "Run All Cells")):
        page.get_by_role("menuitem", name=menu, exact=True).click()
        page.get_by_role("menuitem", name=entry, exact=True).click()
    with contextlib.suppress(TimeoutError):
        page.wait_for_function(
            """(failed) => {
                const all = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
                const done = all.length && all.every((prompt) => /\\[\\d+\\]/.test(prompt.textContent));
                const told = [...document.querySelectorAll(failed)].map((each) => each.textContent);
                return done || told.some((text) => /Error|Traceback/.test(text));
            }""",
            arg=FAILED,
            timeout=seconds * 1000,
        )
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    told = page.locator(FAILED).filter(has_text=re.compile("Error|Traceback")).all_inner_texts()
    left = [text for text in prompts if not re.search(r"\[\d+\]", text)]
    return told or [f"{len(left)} cells had not run after {seconds:.0f} s"] * bool(left)
