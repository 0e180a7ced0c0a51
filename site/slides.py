"""Make a deck of slides from each unit: ``make slides``, or ``python site/slides.py UNIT ...``.

A unit is run, and its cells become slides as their metadata say; notes for instructors are shown by
the key S. Its widgets move without a kernel, from the pictures in ``stores``, and are still ones on
paper. reveal.js and MathJax come from npm once, in the versions named here, and stand beside the
decks in ``build/slides``: a deck asks nothing of the network and opens from a folder.
"""

import argparse
import html
import re
import shutil
import sys
from itertools import groupby
from pathlib import Path

import execute
import live
import nbformat
import npm
from nbconvert.exporters import SlidesExporter

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).parent
DECKS = ROOT / "build" / "slides"
sys.path.append(str(ROOT / "binder"))

import readme  # noqa: E402

#: What a deck loads: the package, its version, and which of its files.
PACKAGES = {
    "reveal.js": ("5.2.1", ("dist/reveal.css", "dist/reveal.js", "plugin/notes/")),
    **npm.MATHJAX,
}
#: Code of more lines is left out of a slide that has something to show.
LINES = 3
#: Prose of more words is for the notes; its heading stays.
WORDS = 40
#: What a slide shows whole, by how it begins.
WHOLE = ("# ", "## Limits", "## References")
#: How high what a slide holds may be, by estimate, and how high a widget is.
ROOM, WIDGET = 700, 620
#: A wider picture has two panels and takes the whole slide.
ONE_PANEL = 800


def slide_type(cell: nbformat.NotebookNode) -> str:
    """Return what a cell is in a deck, "-" where it goes on with the slide before it."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


def parted(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return a cell; of long prose the slide keeps heading, lists, tables and formulas.

    Its paragraphs are for the notes. Limits and references are kept whole, in small letters.
    """
    long = cell.cell_type == "markdown" and len(cell.source.split()) > WORDS
    if not long or slide_type(cell) in ("skip", "notes") or cell.source.startswith(WHOLE):
        return [cell]
    blocks = re.split(r"\n\s*\n", cell.source)
    kept = [block for block in blocks if re.match(r"#|- |\d+\. |\||\$\$", block)]
    rest = "\n\n".join(block for block in blocks if block not in kept)
    made = nbformat.v4.new_markdown_cell
    notes = [made(rest, metadata={"slideshow": {"slide_type": "notes"}})] if rest else []
    shown = [made("\n\n".join(kept), metadata=cell.metadata)] if kept else []
    return shown + notes


def views(output: nbformat.NotebookNode) -> list[str]:
    """Return what kinds of living widgets an output has."""
    made = live.LIVE.finditer(output.get("data", {}).get("text/html", ""))
    return [live.state(start)["view"] for start in made]


def moves(output: nbformat.NotebookNode) -> bool:
    """Whether an output has something to move, which fills a slide."""
    return bool({"explorer", "radar", "graph"} & {*views(output)})


def joined(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return the cells of slides of which none is a heading alone: what follows stands under it."""
    bare = False
    for cell in cells:
        if bare and slide_type(cell) == "subslide":
            cell.metadata["slideshow"] = {"slide_type": "-"}
        if slide_type(cell) not in ("skip", "notes"):
            bare = bool(re.fullmatch(r"##? [^\n]+", cell.source.strip()))
    return cells


def height(output: nbformat.NotebookNode) -> int:
    """Return about how high an output is on a slide of 720; the line that answers fits always."""
    data = output.get("data", {})
    page, kinds = data.get("text/html", ""), views(output)
    if moves(output):
        return WIDGET
    if kinds:
        return 0 if kinds == ["line"] else 150 + 40 * page.count("( )")
    if "image/png" in data:
        return 520
    if "<tr" in page:
        return 36 * page.count("<tr")
    return 27 * (str(output.get("text", "")) + data.get("text/plain", "")).count("\n") + 40


def words(cell: nbformat.NotebookNode) -> int:
    """Return about how high the text or the code of a cell is on a slide of 720."""
    if cell.cell_type == "code":
        hidden = cell.metadata.get("transient", {}).get("remove_source")
        return 0 if hidden or not cell.source else 27 * cell.source.count("\n") + 50
    heading, _, text = cell.source.partition("\n")
    return (56 if heading.startswith("#") else 36) + 36 * (len(text) // 75)


def spread(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return the cells of slides, what would not fit on one on a slide of its own."""
    done: list[nbformat.NotebookNode] = []
    used = 0
    for cell in cells:
        if slide_type(cell) in ("skip", "notes"):
            done.append(cell)
            continue
        used = 0 if slide_type(cell) in ("slide", "subslide") else used
        before, used = used, used + words(cell)
        for output in cell.get("outputs", [])[:]:
            needed = height(output)
            if before and needed and used + needed > ROOM:
                place = [each is output for each in cell.outputs].index(True)
                if place:
                    rest = nbformat.v4.new_code_cell(outputs=cell.outputs[place:])
                    rest.metadata["transient"] = {"remove_source": True}
                    cell.outputs = cell.outputs[:place]
                    done.append(cell)
                    cell = rest
                cell.metadata["slideshow"] = {"slide_type": "subslide"}
                used = words(cell)
            used += needed
            before = used
        done.append(cell)
    return done


def on_a_slide(made: re.Match) -> str:
    """Return the start of a living widget: a swipe on it is no swipe of the deck."""
    wide = " wide" if live.state(made).get("width", 0) > ONE_PANEL else ""
    return f'<div data-prevent-swipe class="clusterlab-live{wide}" data-live="{made[1]}"'


def prepared(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook as a deck shows it: long code is left out, long prose is for the notes.

    Of a cell that shows a widget the code is left out too: the widget needs the room.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":  # the notebooks are not beside the deck
            cell.source = re.sub(r"\[([^\]]+)\]\([^)\s]+\.ipynb[^)]*\)", r"\1", cell.source)
        long = cell.get("outputs") and cell.source.count("\n") >= LINES
        folded = cell.metadata.get("jupyter", {}).get("source_hidden")
        if folded or long or any(map(moves, cell.get("outputs", []))):
            cell.metadata["transient"] = {"remove_source": True}
        if cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            cell.outputs = []
    notebook.cells = spread(joined([part for cell in notebook.cells for part in parted(cell)]))
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = live.LIVE.sub(on_a_slide, data["text/html"])
    return notebook


def deck(notebook: nbformat.NotebookNode) -> str:
    """Return the deck of a notebook that has been run."""
    exporter = SlidesExporter(
        template_file=str(HERE / "deck.html.j2"),
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    title = notebook.cells[0].source.partition("\n")[0].lstrip("# ")
    return exporter.from_notebook_node(prepared(notebook), {"metadata": {"name": title}})[0]


def index() -> str:
    """Return the page that lists the decks."""
    parts = []
    for topic, units in groupby(readme.units(), readme.topic):
        rows = "".join(
            f'<li><a href="{unit["unit"].replace("/", "-")}.html">{html.escape(unit["title"])}</a>'
            f" {html.escape(unit['question'])} {unit['minutes']} minutes.</li>\n"
            for unit in units
        )
        parts.append(f"<h2>{html.escape(topic)}</h2>\n<ul>\n{rows}</ul>\n")
    text = (HERE / "decks.html").read_text(encoding="utf-8")
    return text.replace("DECKS", "".join(parts))


def beside(folder: Path) -> None:
    """Put what every deck loads into the folder of the decks."""
    npm.fetch(PACKAGES, folder)
    for name in ("deck.css", "deck.js"):
        shutil.copyfile(HERE / name, folder / name)
    (folder / "clusterlab.js").write_text(live.script(), encoding="utf-8")
    (folder / "clusterlab.css").write_text(live.style(), encoding="utf-8")
    (folder / "index.html").write_text(index(), encoding="utf-8")
    (folder / "stores").mkdir(exist_ok=True)


def main() -> None:
    """Make the decks of the units that are named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", nargs="*", type=Path)
    units = parser.parse_args().units or sorted((ROOT / "notebooks").glob("[0-9]*/*.ipynb"))
    beside(DECKS)
    for path in units:
        notebook, stores = execute.executed(path)
        made = DECKS / f"{execute.unit_name(path)}.html"
        made.write_text(deck(notebook), encoding="utf-8")
        for store in stores.glob("*.js"):
            shutil.copyfile(store, DECKS / "stores" / store.name)
        print(made.relative_to(ROOT))


if __name__ == "__main__":
    main()
