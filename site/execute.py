"""Run a notebook, and keep what its widgets show, for pages and decks without a kernel.

``executed(path)`` returns the notebook as it ran and the folder of its stores (`record`). Each
widget has become one HTML output: a ``<div class="clusterlab-live">`` that holds a still picture
with its sentence, for print and for a page without scripts, and in ``data-live`` what the page's
script (`live.js`) needs. What was made is kept under ``build/cache`` for as long as nothing has
changed that it hangs on: the notebook, the data, and the modules of the library that its kernel had
loaded.
"""

import functools
import hashlib
import html
import json
import re
import shutil
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

import warm_kernels  # noqa: E402

CACHE = ROOT / "build" / "cache"
HERE = Path(__file__).parent
WIDGET = "application/vnd.jupyter.widget-view+json"
#: Seconds a cell may take, the one that draws all pictures too.
PATIENCE = 900
#: What may stand as it is in the address of a picture, besides letters and digits.
_PLAIN = " /:;=,.()-*!~@$?+|[]{}"


@functools.cache
def checksum(path: Path) -> str:
    """Return what tells whether a file, or a file of a folder, has changed."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    told = hashlib.sha256()
    for file in files:
        if file.is_file():
            told.update(file.relative_to(path.parent).as_posix().encode() + file.read_bytes())
    return told.hexdigest()


def unit_name(path: Path) -> str:
    """Return the name of a notebook in one word: 04_location-1_why_does_industry_gather."""
    return "-".join(path.resolve().relative_to(ROOT / "notebooks").with_suffix("").parts)


def executed(path: Path) -> tuple[nbformat.NotebookNode, Path]:
    """Return a notebook as it ran, widgets made ready for a page, and the folder of its stores."""
    folder = CACHE / unit_name(path)
    if not _fresh(folder, path):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        ran = _run(path, folder)
        nbformat.write(ran, folder / "notebook.ipynb")
        needs = json.loads((folder / "needs.json").read_text(encoding="utf-8"))
        needs = {each: checksum(ROOT / each) for each in sorted({*needs, *_always(path)})}
        (folder / "needs.json").write_text(json.dumps(needs, indent=1), encoding="utf-8")
    return nbformat.read(folder / "notebook.ipynb", as_version=4), folder


def _always(path: Path) -> list[str]:
    """Return what every result hangs on besides the modules that were loaded."""
    own = [HERE / "record.py", HERE / "execute.py", ROOT / "datasets", ROOT / "notebooks/units.csv"]
    return [each.resolve().relative_to(ROOT).as_posix() for each in (path, *own)]


def _fresh(folder: Path, path: Path) -> bool:
    if not (folder / "notebook.ipynb").exists():
        return False
    needs = json.loads((folder / "needs.json").read_text(encoding="utf-8"))
    return all(
        (ROOT / each).exists() and checksum(ROOT / each) == told for each, told in needs.items()
    ) and {*_always(path)} <= {*needs}


_LAST = """
import sys
sys.path.insert(0, {here!r})
import json, pathlib, record
record.record({names!r}, {folder!r})
files = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
root = pathlib.Path({root!r})
loaded = [pathlib.Path(file) for file in files if file.startswith(str(root / "clusterlab"))]
pathlib.Path({folder!r}, "needs.json").write_text(
    json.dumps([file.relative_to(root).as_posix() for file in loaded]))
"""


def _run(path: Path, folder: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        kernel_name="python3",
        resources=resources,
        store_widget_state=False,
    )
    warm_kernels.begin()
    with client.setup_kernel():
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                client.execute_cell(cell, number)
        names = [view["model_id"] for output in _outputs(notebook) if (view := _view(output))]
        code = _LAST.format(here=str(HERE), names=names, folder=str(folder), root=str(ROOT))
        last = nbformat.v4.new_code_cell(code)
        notebook.cells.append(last)
        client.execute_cell(last, len(notebook.cells) - 1)
        notebook.cells.pop()
    return _with_live(notebook, folder, unit_name(path))


def _outputs(notebook: nbformat.NotebookNode) -> list:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def _view(output: nbformat.NotebookNode) -> dict:
    return output.get("data", {}).get(WIDGET, {})


def _with_live(notebook: nbformat.NotebookNode, folder: Path, unit: str) -> nbformat.NotebookNode:
    """Put one HTML output in the place of each widget, and name its store by unit and number."""
    shown = json.loads((folder / "widgets.json").read_text(encoding="utf-8"))
    names: dict[str, str] = {}

    def name(model: str) -> str:
        return names.setdefault(model, f"{unit}-{len(names) + 1}")

    stills = {state["mark"]: model for model, state in shown.items() if "mark" in state}
    for output in _outputs(notebook):  # what is still of a widget is an output of its own, till now
        told = output.get("data", {}).get("text/html", "")
        for mark in re.findall(r'class="(clusterlab-\w+)"', told):
            if mark in stills:
                shown[stills[mark]]["still"] = told
    for model, state in shown.items():
        stored = folder / f"{model}.store"
        if stored.exists():
            text = stored.read_text("ascii")
            state["edition"] = hashlib.sha256(text.encode()).hexdigest()[:12]
            told = f'clusterlabStore("{name(model)}", "{state["edition"]}", "{text}");\n'
            (folder / f"{name(model)}.js").write_text(told, encoding="ascii")
            stored.unlink()
    for cell in notebook.cells:
        kept = []
        for output in cell.get("outputs", []):
            model = _view(output).get("model_id")
            told = output.get("data", {}).get("text/html", "")
            if model in shown:
                made = live(model, shown, name)
                output.data = {"text/html": made, "text/plain": shown[model].get("sentence", "")}
                output.metadata = {}
            elif model or any(mark in told for mark in stills):
                continue  # a bar of progress, or what is still of a widget
            kept.append(output)
        if "outputs" in cell:
            cell.outputs = kept
    named = {name(model): state for model, state in shown.items()}
    text = json.dumps(named, ensure_ascii=False, indent=1)
    (folder / "widgets.json").write_text(text, encoding="utf-8")
    return notebook


def live(model: str, shown: dict, name: Callable[[str], str]) -> str:
    """Return the HTML of a widget: what a page's script needs, and within it what is still."""
    state = dict(shown[model])
    if state["view"] == "box":
        titles = [*state["titles"], *[""] * len(state["children"])]
        parts = []
        for title, child in zip(titles, state["children"], strict=False):
            heading = f"<p><strong>{html.escape(title)}</strong></p>" if title else ""
            parts.append(heading + live(child, shown, name))
        return f'<div class="clusterlab-box">{"".join(parts)}</div>'
    still, drawing = state.pop("still", ""), state.pop("drawing", "")
    sentence = html.escape(state.get("sentence", "")).replace("\n", "<br>")
    if state["view"] == "explorer":
        image = f"data:image/svg+xml,{urllib.parse.quote(drawing, safe=_PLAIN)}"
        image = f'<img alt="" width="{state["width"]}" src="{image}">'
        still = f'<div class="{state["mark"]}">{image}<p>{sentence}</p></div>'
    told = {"name": name(model), **state}
    told["followed"] = [name(each) for each in state.get("followed", ())]
    told["linked"] = {name(each): names for each, names in state.get("linked", {}).items()}
    told["asked"] = name(state["asked"]) if state.get("asked") in shown else None
    text = html.escape(json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=float))
    return f'<div class="clusterlab-live" data-live="{text}">{still}</div>'
