"""Make the course with a Python in the browser: ``make lite``, or ``python site/lite.py``.

``build/lite`` is a folder of static files: JupyterLite with every notebook of the course, the wheel
of the library and the pinned packages that it needs beside what Pyodide brings. All are loaded
when a notebook opens, so that none has to install anything and none asks an index of packages.
Only Pyodide itself comes from its own address, `PYODIDE`, unless a folder with a whole Pyodide is
named: it is copied, and the course then needs no network at all, as in a lecture hall
(``make lite PYODIDE=folder``).
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LITE = ROOT / "build" / "lite"
SCRIPTS = Path(__file__).with_suffix("")  # the folder of the same name

#: Where Pyodide's own release is; the version is the one that the kernel was made for.
PYODIDE = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"
#: What a browser loads at the first visit, for the line that says how far it is.
MEGABYTES = 65
#: The Python of that Pyodide, for requirements that depend on it.
BROWSER = {
    "extra": "",
    "platform_system": "Emscripten",
    "python_full_version": "3.12.7",
    "python_version": "3.12",
    "sys_platform": "emscripten",
}
#: What comes from Pyodide, with all that it needs, since it is compiled or fits to what is; the
#: versions of that release, which the project's own bounds must let in.
BROUGHT = {
    "ipython": "8.23.0",
    "matplotlib": "3.8.4",
    "numpy": "2.0.2",
    "packaging": "24.2",
    "pandas": "2.2.3",
    "pydantic": "2.10.5",
    "pyyaml": "6.0.2",
    "scipy": "1.14.1",
    "traitlets": "5.14.3",
}
#: What is needed in the page only, where the extensions have it.
OF_THE_PAGE = {"jupyterlab-widgets", "widgetsnbextension"}
#: What the kernel would look for one by one when it starts.
KERNEL = ("comm", "ipykernel", "ipython", "jedi", "micropip", "piplite", "pyodide_kernel")
KERNEL += ("sqlite3", "ssl")
#: Extensions of the page, for widgets and for the kernel; their wheels are served where they are.
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension")
EXTENSIONS += ("anywidget",)
WHEELS = "extensions/@jupyterlite/pyodide-kernel-extension/static/pypi"


def needed(package: str) -> dict[str, set[str]]:
    """Return what a package needs that Pyodide does not bring: each name → what that one needs."""
    found: dict[str, set[str]] = {}
    waiting = [package]
    while waiting:
        name = waiting.pop()
        if name in found or name in BROUGHT:
            continue
        wanted = [Requirement(line) for line in requires(name) or ()]
        there = [each for each in wanted if not each.marker or each.marker.evaluate(BROWSER)]
        found[name] = {canonicalize_name(each.name) for each in there} - OF_THE_PAGE
        waiting += found[name]
    return found


def bring(names: set[str], folder: Path) -> None:
    """Put the wheel of the library and the pinned pure wheels of these packages into a folder."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    pure = [
        "--no-deps",
        "--only-binary=:all:",
        "--platform=any",
        "--abi=none",
        "--python-version=3.12",
    ]
    pins = f"--constraint={ROOT / 'constraints.txt'}"
    subprocess.run([*pip, "download", *pure, pins, "--dest", folder, *sorted(names)], check=True)


def entry(wheel: Path, address: str, needs: dict[str, set[str]]) -> dict:
    """Return what Pyodide has to know of a wheel: the entry of its lock file."""
    name, version = wheel.name.split("-")[:2]
    name = canonicalize_name(name)
    return {
        "name": name,
        "version": version,
        "file_name": address,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": [],  # nothing waits for its import: all is loaded when the kernel starts
        "depends": sorted(needs.get(name, ())),
    }


def lite(folder: Path) -> None:
    """Build JupyterLite with the notebooks into an empty folder."""
    shared = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    settings = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "clusterlab",
            "settingsOverrides": {
                # a page's own search finds every word; a unit has 30 cells at most
                "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
                "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 20},
            },
            "litePluginSettings": {
                "@jupyterlite/pyodide-kernel-extension:kernel": {
                    "pyodideUrl": "./python/start.js",
                    "disablePyPIFallback": True,
                    "loadPyodideOptions": {"packages": ["clusterlab", *KERNEL]},
                }
            },
        },
    }
    config = {
        "apps": ["lab", "notebooks"],
        "contents": [str(ROOT / "notebooks")],
        "federated_extensions": [str(shared / name) for name in EXTENSIONS],
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "output_dir": str(folder),
    }
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "jupyter-lite.json").write_text(json.dumps(settings))
        config_file = Path(place) / "jupyter_lite_config.json"
        config_file.write_text(json.dumps({"LiteBuildConfig": config}))
        build = [sys.executable, "-m", "jupyterlite_core", "build"]
        built = subprocess.run(build, cwd=place, capture_output=True, text=True)
        if built.returncode:
            raise SystemExit(built.stdout + built.stderr)


def main(pyodide: str, folder: Path = LITE) -> None:
    """Build the course into a folder, with Pyodide from an address or copied from a folder."""
    copied = None if re.match(r"https?://", pyodide) else Path(pyodide)
    if copied and not (copied / "pyodide-lock.json").exists():
        raise SystemExit(f"there is no Pyodide in {copied}: a whole one has a pyodide-lock.json.")
    shutil.rmtree(folder, ignore_errors=True)
    lite(folder)
    python = folder / "python"
    shutil.copytree(SCRIPTS, python)
    packages = needed("clusterlab")
    bring(packages.keys() - {"clusterlab"}, python)
    wheels = {wheel: wheel.name for wheel in python.glob("*.whl")}
    wheels |= {wheel: f"../{WHEELS}/{wheel.name}" for wheel in (folder / WHEELS).glob("*.whl")}
    entries = [entry(wheel, address, packages) for wheel, address in sorted(wheels.items())]
    if copied:
        shutil.copytree(copied, python / "pyodide")
    course = {
        "pyodide": "pyodide/" if copied else pyodide,
        "megabytes": MEGABYTES,
        "packages": {made["name"]: made for made in entries},
    }
    (python / "course.json").write_text(json.dumps(course, indent=1))
    script = '<script src="../python/progress.js"></script>\n    <script'
    for page in folder.glob("*/index.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("<script", script, 1), encoding="utf-8")
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    print(f"{size / 1e6:.0f} MB; look at it: python -m http.server --directory {folder}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pyodide", default=PYODIDE, help="an address, or a folder to copy")
    main(parser.parse_args().pyodide)
