"""Any widget alone: one small HTML file, for a frame of a learning platform or a stick.

Such a file holds all it needs and loads nothing. A link carries settings: ``name.html?slope=1.7``.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import live
from nbformat import NotebookNode


def found(notebook: NotebookNode) -> Iterator[tuple[str, str, str]]:
    """Yield name, HTML and heading of each widget that has pictures to move through."""
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (titles := re.findall("^#+ (.+)$", cell.source, re.M)):
            heading = titles[-1]
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/html", "")
            starts = list(live.LIVE.finditer(text))
            ends = [start.start() for start in starts[1:]] + [len(text)]
            for start, end in zip(starts, ends, strict=False):  # one end more where there is none
                told = live.state(start)
                if "edition" in told:
                    yield told["name"], text[start.start() : end], heading


def pages(place: str, notebook: NotebookNode, stores: Path, run: str) -> dict[str, str]:
    """Return the pages of a notebook's widgets by name.

    Parameters
    ----------
    place : str
        The notebook's place in the course, without ending, such as ``04_location/1_…``.
    notebook : NotebookNode
        As it ran, with its widgets ready for a page (`execute`).
    stores : Path
        The folder of their stores.
    run : str
        Address at which the notebook runs with a kernel, seen from the folder of these pages.
    """
    made = {}
    for name, part, heading in found(notebook):
        unit = f"../{quote(place)}.html#{quote(heading.replace(' ', '-'))}"
        store = (stores / f"{name}.js").read_text("ascii")
        made[name] = live.alone(part, store, title=heading, unit=unit, run=run)
    return made


def listing(notebooks: dict[str, NotebookNode]) -> str:
    """Return the page that lists them, as MyST, from notebooks that ran, by their titles."""
    lines = [
        "# Widgets to embed",
        "",
        "Each widget is also a file of its own, which loads nothing else: put it into a frame of "
        "your learning platform, or on a stick. A link under it carries its settings, so that a "
        "class begins where you want it. To show one in a page:",
        "",
        "```html",
        '<iframe src="…/embed/NAME.html?trade_cost=1.7" width="100%" height="640" '
        'title="Why industry gathers"></iframe>',
        "```",
        "",
        "A widget shows the pictures that were made for it: at each stop of one control with the "
        "others as they start, and a coarse grid beside; between them the nearest, which it says. "
        "A question that belongs to it stands in its unit only.",
    ]
    for title, notebook in notebooks.items():
        named = [(name, heading) for name, _, heading in found(notebook)]
        if named:
            lines += ["", f"## {title}", ""]
            lines += [f'- <a href="embed/{name}.html">{heading}</a>' for name, heading in named]
    return "\n".join(lines) + "\n"
