"""Make a deck of slides from each unit: ``make slides``, or ``python site/slides.py UNIT ...``.

A unit is run, and its cells become slides as their metadata say; notes for instructors are shown by
the key S. reveal.js and what else a deck loads come from npm once, in the versions named here, and
stand beside the decks in ``build/slides``: a deck asks nothing of the network. In it a widget is
its picture with its sentence.
"""

import argparse
import html
from pathlib import Path

import nbformat
import npm
from nbconvert.exporters import SlidesExporter
from nbconvert.preprocessors import ExecutePreprocessor

ROOT = Path(__file__).resolve().parents[1]
DECKS = ROOT / "build" / "slides"

#: What a deck loads: the package, its version, and which of its files.
PACKAGES = {
    "reveal.js": ("5.2.1", ("dist/", "plugin/notes/")),
    "jquery": ("3.7.1", ("dist/jquery.min.js",)),
    "requirejs": ("2.3.7", ("require.js",)),
    "mathjax": (
        "2.7.9",
        (
            "MathJax.js",
            "config/TeX-AMS_CHTML-full.js",
            "config/Safe.js",
            "extensions/",
            "jax/element/",
            "jax/input/TeX/",
            "jax/output/CommonHTML/",
            "fonts/HTML-CSS/TeX/woff/",
        ),
    ),
}
#: Code of more lines is left out of a slide that has something to show.
LINES = 3
#: Prose of more words is for the notes; its heading stays.
WORDS = 40
WIDGET = "application/vnd.jupyter.widget-view+json"


def slide_type(cell: nbformat.NotebookNode) -> str:
    """Return what a cell is in a deck, "-" where it goes on with the slide before it."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


def parted(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return a cell; of long prose on a slide the heading, for the slide, and the text as notes."""
    long = cell.cell_type == "markdown" and len(cell.source.split()) > WORDS
    if not long or slide_type(cell) in ("skip", "notes"):
        return [cell]
    heading, _, text = cell.source.partition("\n")
    notes = nbformat.v4.new_markdown_cell(text, metadata={"slideshow": {"slide_type": "notes"}})
    if heading.startswith("#"):
        return [nbformat.v4.new_markdown_cell(heading, metadata=cell.metadata), notes]
    notes.source = cell.source
    return [notes]


def prepared(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook as a deck shows it.

    A widget is its picture; long code is left out, and long prose is for the notes.
    """
    notebook.cells = [part for cell in notebook.cells for part in parted(cell)]
    for cell in notebook.cells:
        folded = cell.metadata.get("jupyter", {}).get("source_hidden")
        if folded or (cell.get("outputs") and cell.source.count("\n") >= LINES):
            cell.metadata["transient"] = {"remove_source": True}
        if cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            cell.outputs = []
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if WIDGET in data:
                sentence = html.escape(data.get("text/plain", "")).replace("\n", "<br>")
                picture = data.get("image/png", "")
                shown = f'<img alt="" src="data:image/png;base64,{picture}">' if picture else ""
                output.data = {"text/html": f"{shown}<p>{sentence}</p>"}
    return notebook


def deck(notebook: nbformat.NotebookNode) -> str:
    """Return the deck of a notebook that has been run."""
    exporter = SlidesExporter(
        reveal_url_prefix="reveal.js",
        reveal_theme="white",
        jquery_url="jquery/dist/jquery.min.js",
        require_js_url="requirejs/require.js",
        mathjax_url="mathjax/MathJax.js?config=TeX-AMS_CHTML-full,Safe",
        mermaid_js_url="data:text/javascript,export default {initialize(){}}",
        widget_renderer_url="",
        reveal_number="c/t",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    return exporter.from_notebook_node(prepared(notebook))[0]


def main() -> None:
    """Make the decks of the units that are named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", nargs="*", type=Path)
    folder = ROOT / "notebooks"
    units = parser.parse_args().units or sorted(folder.glob("[0-9]*/*.ipynb"))
    npm.fetch(PACKAGES, DECKS)
    for path in units:
        notebook = nbformat.read(path, as_version=4)
        run = ExecutePreprocessor(timeout=120, kernel_name="python3", store_widget_state=False)
        run.preprocess(notebook, {"metadata": {"path": str(path.parent)}})
        made = DECKS / f"{path.parent.name}-{path.stem}.html"
        made.write_text(deck(notebook), encoding="utf-8")
        print(made.relative_to(ROOT))


if __name__ == "__main__":
    main()
