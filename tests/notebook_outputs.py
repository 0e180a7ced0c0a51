"""What the cells of a notebook put out, kept from the run by nbval.

As a plugin (``pytest -p notebook_outputs --nbval-lax …``) it stores what nbval collects under
``build/outputs``; `of` reads it, and has nbval run a notebook whose outputs are not there yet. The
key is the code of the notebook, of the library and of the tables, so that a change of words alone
runs nothing again.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "outputs"

# Run in the kernel after the last cell: the sentence and the controls of every widget.
_WIDGETS = """
import json as _json
from ipywidgets.widgets.widget import _instances
print(_json.dumps({key: {name: getattr(one, name) for name in ("sentence", "controls")
                         if name in one.traits()} for key, one in _instances.items()}))
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
    digest = hashlib.sha256()
    for cell in code_cells(path):
        digest.update("".join(cell["source"]).encode() + b"\0")
    for folder, pattern in (("clusterlab", "*.py"), ("datasets", "*.csv")):
        for file in sorted((ROOT / folder).rglob(pattern)):
            digest.update(file.name.encode() + file.read_bytes())
    return KEPT / f"{_kept(path)}-{digest.hexdigest()[:16]}.json"


def _kept(path: Path) -> str:
    return name(path).replace("/", "+")


def of(path: Path) -> list[dict]:
    """Return, for each code cell, its ``text`` (a list) and its widget's ``controls``."""
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


def _widgets(kernel) -> dict:
    message = kernel.execute_cell_input(_WIDGETS, allow_stdin=False)
    text, end = "", time.monotonic() + 20
    while time.monotonic() < end:
        answer = kernel.get_message("iopub", timeout=20)
        if answer["parent_header"].get("msg_id") != message:
            continue
        if answer["msg_type"] == "stream":
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
    widgets, kept = _widgets(notebook.kernel), []
    for one in cells:
        data = [dict(out.get("data", {})) for out in one.test_outputs]
        texts = [
            out.get("text") or out.get("data", {}).get("text/plain", "") for out in one.test_outputs
        ]
        views = [each.get("application/vnd.jupyter.widget-view+json") for each in data]
        states = [widgets.get(view["model_id"], {}) for view in views if view]
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
    _file(path).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
