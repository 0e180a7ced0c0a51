"""The course with a Python in the browser: what can be said of it without one."""

import json
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site"))

import lite  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BOUNDS = {r.name: r.specifier for r in map(Requirement, PROJECT["dependencies"])}
GIVEN = os.environ.get("CLUSTERLAB_PYODIDE")


@pytest.mark.parametrize("name", sorted(lite.BROUGHT.keys() & BOUNDS))
def test_our_bounds_let_in_what_pyodide_brings(name):
    assert lite.BROUGHT[name] in BOUNDS[name]


@pytest.mark.skipif(GIVEN is None, reason="CLUSTERLAB_PYODIDE names no folder with a Pyodide")
def test_pyodide_brings_what_we_say():
    lock = json.loads((Path(GIVEN) / "pyodide-lock.json").read_text())
    assert f"v{lock['info']['version']}/" in lite.PYODIDE
    assert lock["info"]["python"] == lite.BROWSER["python_full_version"]
    there = {name: each["version"] for name, each in lock["packages"].items()}
    assert {n: v for n, v in lite.BROUGHT.items() if n in there} == {
        n: v for n, v in there.items() if n in lite.BROUGHT
    }


def test_what_pyodide_lacks_is_served_in_the_pinned_version():
    names = lite.needed("clusterlab").keys()
    assert {"anywidget", "ipywidgets", "joblib", "networkx", "seaborn"} <= names
    assert not names & (lite.BROUGHT.keys() | lite.OF_THE_PAGE)
    pins = re.findall(r"^([a-z0-9-]+)==", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert names - {"clusterlab"} <= {*pins}


def test_the_address_of_pyodide_stands_once():
    host = re.match(r"https://[^/]+", lite.PYODIDE)[0]
    files = [*(ROOT / "site").rglob("*"), ROOT / "Makefile", *(ROOT / "notebooks").rglob("*.ipynb")]
    files = [file for file in files if file.is_file() and file.suffix != ".pyc"]
    found = [file for file in files if host in file.read_text(errors="ignore")]
    assert found == [ROOT / "site" / "lite.py"]


def test_a_folder_without_pyodide_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=r"no Pyodide in .*pyodide-lock\.json"):
        lite.main(str(tmp_path), tmp_path / "made")
