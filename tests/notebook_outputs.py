"""What the cells of a notebook put out, kept from the run by nbval.

As a plugin (``pytest -p notebook_outputs --nbval-lax …``) it stores what nbval collects under
``build/outputs``, and what came of answering the exercises afterwards; `of` and `answered` read it,
and have nbval run a notebook whose outputs are not there yet. The key is the code of the notebook,
of the library, of the tables and of the answering, so that a change of words alone runs nothing
again.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "outputs"

# Run in the kernel after the last cell: the sentence and the controls of every widget, and then the
# answers to what was asked, which change both.
_AFTERWARDS = """
import json as _json
import answering as _answering
from ipywidgets.widgets.widget import _instances
_widgets = _json.dumps({key: {name: getattr(one, name) for name in ("sentence", "controls")
                              if name in one.traits()} for key, one in _instances.items()})
_faults = _answering.faults()
print(f'{{"widgets": {_widgets}, "asked": {len(_answering.ASKED)}, '
      f'"faults": {_json.dumps(_faults)}}}')
"""
_AT_START = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
import answering
answering.remember()
"""


def code_cells(path: Path) -> list[dict]:
    """Return the code cells of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def name(path: Path) -> str:
    """Return a notebook's name, with its folder: 03_agglomeration/1_what_is_a_share_worth."""
    folder = ROOT / "notebooks"
    inside = path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)
    return inside.with_suffix("").as_posix()


def _file(path: Path) -> Path:
    digest = _digest().copy()
    for cell in code_cells(path):
        digest.update("".join(cell["source"]).encode() + b"\0")
    return KEPT / f"{_kept(path)}-{digest.hexdigest()[:16]}.json"


@functools.cache
def _digest():
    digest = hashlib.sha256((ROOT / "tests" / "answering.py").read_bytes())
    for folder, pattern in (("clusterlab", "*.py"), ("datasets", "*.csv")):
        for file in sorted((ROOT / folder).rglob(pattern)):
            digest.update(file.name.encode() + file.read_bytes())
    return digest


def _kept(path: Path) -> str:
    return name(path).replace("/", "+")


def of(path: Path) -> list[dict]:
    """Return, for each code cell, its ``text`` (a list) and its widget's ``controls``."""
    return _kept_of(path)["cells"]


def answered(path: Path) -> tuple[int, list[str]]:
    """Return how much a notebook asks, and what is wrong with the answers to it."""
    kept = _kept_of(path)
    return kept["asked"], kept["faults"]


def _kept_of(path: Path) -> dict:
    path = path.resolve()
    file = _file(path)
    if not file.exists():
        command = ["-p", "notebook_outputs", "-p", "no:xdist", "--nbval-lax", "-W", "default"]
        command += ["--nbval-current-env", "--nbval-cell-timeout=120", "--rootdir", str(ROOT)]
        command += ["-c", str(ROOT / "pyproject.toml"), str(path)]
        here = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *command],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": here},
        )
        if not file.exists():
            raise RuntimeError(f"{path.name} does not run:\n{run.stdout[-3000:]}")
    return json.loads(file.read_text(encoding="utf-8"))


#: Where kernels look for what to run first; gone with the run.
_FOLDER = tempfile.TemporaryDirectory(prefix="ipython", ignore_cleanup_errors=True)


@functools.cache
def _startup() -> Path:
    folder = Path(_FOLDER.name)
    os.environ["IPYTHONDIR"] = str(folder)
    (folder / "profile_default" / "startup").mkdir(parents=True)
    return folder / "profile_default" / "startup"


def at_start(name: str, code: str) -> None:
    """Let every kernel run some code before a notebook's first cell."""
    (_startup() / f"{name}.py").write_text(code, encoding="utf-8")


def pytest_configure(config):
    """Let the kernels remember what is asked."""
    at_start("answering", _AT_START)


def _afterwards(kernel) -> dict:
    message = kernel.execute_cell_input(_AFTERWARDS, allow_stdin=False)
    text, end = "", time.monotonic() + 120
    while time.monotonic() < end:
        answer = kernel.get_message("iopub", timeout=120)
        if answer["parent_header"].get("msg_id") != message:
            continue
        if answer["msg_type"] == "stream" and answer["content"]["name"] == "stdout":
            text += answer["content"]["text"]
        if answer["content"].get("execution_state") == "idle":
            break
    return json.loads(text)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item, nextitem):
    """Keep what the cells put out when nbval leaves a notebook."""
    notebook = item.parent
    if not hasattr(notebook, "nb") or (nextitem is not None and nextitem.parent is notebook):
        return
    cells = [one for one in item.session.items if one.parent is notebook]
    if any(getattr(one, "test_outputs", None) is None for one in cells):
        return  # not all of the notebook was run
    if any(out["output_type"] == "error" for one in cells for out in one.test_outputs):
        return
    afterwards, kept = _afterwards(notebook.kernel), []
    for one in cells:
        data = [dict(out.get("data", {})) for out in one.test_outputs]
        texts = [
            out.get("text") or out.get("data", {}).get("text/plain", "") for out in one.test_outputs
        ]
        views = [each.get("application/vnd.jupyter.widget-view+json") for each in data]
        states = [afterwards["widgets"].get(view["model_id"], {}) for view in views if view]
        kept.append(
            {
                "text": [text for text in texts if text],
                "controls": [control for state in states for control in state.get("controls", [])],
                "sentences": [state["sentence"] for state in states if "sentence" in state],
            }
        )
    path = Path(str(notebook.path))
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob(f"{_kept(path)}-*.json"):
        if old.stem.rpartition("-")[0] == _kept(path):
            old.unlink()
    told = {"cells": kept, "asked": afterwards["asked"], "faults": afterwards["faults"]}
    _file(path).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
