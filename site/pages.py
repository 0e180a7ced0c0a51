"""Make the site of the course: ``make site``.

Every notebook is run and becomes a page, as its cells' tags and metadata say: what is for
instructors is left out, solutions and long code are folded, a question is shown without the code
that asks it. The reference is made from docstrings. What Sphinx reads is written to
``build/pages``, and only where it changed, so that a second build is short; the site is in
``build/site`` and asks nothing of the network.
"""

import base64
import csv
import hashlib
import html
import io
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import check
import embeds
import nbformat
import npm
import reference
from nbformat import NotebookNode
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

#: What opens a notebook in the browser's own kernel, seen from the root of the site.
LITE = "lite/notebooks/index.html?path="
#: What the theme brings and no page loads: half of the site's bytes.
UNUSED = (
    "**/*.map",
    "*macros.html",
    "scripts/fontawesome.js",
    "locales/**/*.[mp]o",
    "images/logo_*",
    "**/fa-brands*",
)
#: Code of more lines is folded where it has something to show.
LINES = 8
#: Run a notebook: what it put out, and the folder with the stores of its widgets.
Run = Callable[[Path], tuple[NotebookNode, Path]]

START = "00_start_here"


@dataclass(frozen=True)
class Course:
    """What a site is made from: a folder of notebooks, modules of the library, and an address.

    At the address notebooks can be edited; one whose owner is not known yet is none.
    """

    folder: Path
    modules: list[str]
    address: str
    #: Further pages by name, and what links the terms of a page's cells.
    texts: Mapping[str, str] = field(default_factory=dict)
    linked: Callable[[list[str], str], list[str]] = lambda cells, page: cells

    @property
    def units(self) -> list[dict[str, str]]:
        """The units in their order, a row each of units.csv."""
        with (self.folder / "units.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def notebooks(self) -> list[Path]:
        """Every notebook, the start page first."""
        return sorted(self.folder.rglob("*.ipynb"))

    def edit(self, path: Path) -> str:
        """Return where a notebook can be edited, nothing where nobody knows."""
        if "/OWNER/" in self.address:
            return ""
        return f"{self.address}/edit/main/notebooks/{path.relative_to(self.folder).as_posix()}"


# --- a notebook becomes a page ------------------------------------------------------------------


def doors(course: Course, path: Path) -> str:
    """Return what stands under the title of a page: what a unit takes, and what can be done."""
    name = path.relative_to(course.folder).as_posix()
    place, up = quote(name), "../" * name.count("/")
    told = [facts(course, unit) for unit in course.units if f"{unit['unit']}.ipynb" == name]
    word = "unit" if told else "notebook"
    links = [
        f'<a class="door run" href="{up}{LITE}{place}">Run this {word}</a>',
        f'<a class="door" href="{up}notebooks/{place}" download>Download the notebook</a>',
    ]
    if address := course.edit(path):
        links.append(f'<a class="door" href="{address}">Edit</a>')
    links.append('<button class="door print" type="button">Print</button>')
    return "\n".join(['<div class="doors">', *told, f"<p>{' '.join(links)}</p>", "</div>"])


def facts(course: Course, unit: dict[str, str]) -> str:
    """Return how long a unit takes and what to know first, in HTML."""
    titles = {each["unit"]: html.escape(each["title"]) for each in course.units}
    before = [name for name in unit["needs"].split("; ") if name]
    links = [f'<a href="../{name}.html">{titles[name]}</a>' for name in before]
    first = ", ".join(links) or html.escape(unit["know_first"])
    told = f"<strong>{unit['minutes']} minutes.</strong> <strong>Know first:</strong> {first}."
    return f'<p class="facts">{told}</p>'


#: What is said of time and of running cells: on a page the first stands under the title, and the
#: second is not so.
_TOLD = re.compile(
    r"\*\*Time\*\*: \d+ minutes\. \*\*Know first\*\*: [^.\n]*\. ?|Run a cell with Shift\+Enter\..*"
)

#: What the start page asks for in a notebook, and on a page.
_SAID = {
    "Run a cell with Shift+Enter, answer": "Answer",
    "Run the folded cell, answer, then run the next and move": "Answer, then move",
}


def still(text: str) -> str:
    """Return a text as a page says it, where nobody runs cells."""
    for said, meant in _SAID.items():
        text = text.replace(said, meant)
    return _TOLD.sub("", text).strip()


#: The page on clusters of computers.
MACHINES = "more_than_one_machine"
#: A link to a notebook in what a cell put out.
_NOTEBOOK = re.compile(r'(<a href="[^":]*)\.ipynb\b')


def page(
    course: Course, path: Path, notebook: NotebookNode, pictures: dict[str, bytes]
) -> NotebookNode:
    """Return a notebook that was run as its page shows it; its pictures are put aside by name."""
    place = path.relative_to(course.folder).as_posix()
    up = "../" * place.count("/")
    cells = [cell for cell in notebook.cells if "instructor" not in cell.metadata.get("tags", [])]
    words = [cell for cell in cells if cell.cell_type == "markdown"]
    shown = course.linked([still(cell.source) for cell in words], place[:-6])
    for cell, source in zip(words, shown, strict=True):
        cell.source = source.replace(f"{START}.ipynb", "index.ipynb")
        if cell.id == "door-teach" and "teach/index" in course.texts:
            cell.source += (
                "\n\nThe [guide](teach/index.md) has a page for each unit and plans of an "
            )
            cell.source += "hour, of ninety minutes and of a term."
        if cell.id == "door-analyse" and MACHINES in course.texts:
            cell.source += f" [More than one machine]({MACHINES}.md) says how to use several."
    words[0].source = under_title(words[0].source, doors(course, path))
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.metadata = NotebookNode()
            continue
        first = place == f"{START}.ipynb" and cell.outputs  # a door, not a lesson in code
        cell.metadata = NotebookNode({"tags": ["remove-input"]} if first else folding(cell))
        for data in (output.data for output in cell.outputs if "data" in output):
            if data.get("text/plain", "").startswith("Write your code in place of the three dots"):
                link = f'<a href="{up}{LITE}{quote(place)}">run this unit</a>'
                data["text/html"] = f"<p>Write your code in place of the three dots: {link}.</p>"
            if "text/html" in data:
                text = put_aside(data["text/html"], f"{up}_static/", pictures)
                data["text/html"] = tables(_NOTEBOOK.sub(r"\1.html", text))
            if "text/markdown" in data:
                data["text/markdown"] = data["text/markdown"].replace(START, "index")
    if place == f"{START}.ipynb":
        cells.append(nbformat.v4.new_markdown_cell(contents(course), id="contents"))
    cells = [cell for cell in cells if cell.source]
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


def under_title(text: str, more: str) -> str:
    """Return a text that begins with a title, with more under it."""
    title, _, rest = text.partition("\n")
    return f"{title}\n\n{more}\n{rest}"


def folding(cell: NotebookNode) -> dict[str, object]:
    """Return the tags and labels by which a code cell is folded on its page."""
    tags = cell.metadata.get("tags", [])
    hidden = cell.metadata.get("jupyter", {})
    if "solution" in tags:
        return folded("hide-cell", "a solution")
    if hidden.get("outputs_hidden"):
        return folded("hide-cell", "the checks")
    if hidden.get("source_hidden") and "exercise" in tags:  # a question, asked by its code
        return {"tags": ["remove-input"]}
    checks = re.search("^assert ", cell.source, re.MULTILINE)
    if checks and not cell.outputs:
        return folded("hide-input", "the checks")
    if hidden.get("source_hidden") or checks or (cell.outputs and cell.source.count("\n") >= LINES):
        return folded("hide-input", "the code")
    return {}


def folded(tag: str, what: str) -> dict[str, object]:
    """Return the metadata that fold a cell, with what it says when it is shut and open."""
    labels = {"code_prompt_show": f"Show {what}", "code_prompt_hide": f"Hide {what}"}
    return {"tags": [tag], "mystnb": labels}


def put_aside(text: str, static: str, pictures: dict[str, bytes]) -> str:
    """Return HTML whose pictures are files of their own, which are put aside by name."""

    def filed(found: re.Match) -> str:
        picture = base64.b64decode(found[1])
        name = f"{hashlib.sha256(picture).hexdigest()[:16]}.webp"
        pictures[name] = picture
        return f'src="{static}pictures/{name}"'

    return re.sub(r'src="data:image/png;base64,([^"]+)"', filed, text)


def tables(text: str) -> str:
    """Return HTML in which the tables of pandas name their headers and scroll in a box."""
    if '<table border="1" class="dataframe">' not in text:
        return text
    text = re.sub(r"<style scoped>.*?</style>\s*", "", text, flags=re.DOTALL)
    text = text.replace(' style="text-align: right;"', "").replace("<th></th>", "<td></td>")
    head, body, rest = text.partition("<tbody>")
    text = head.replace("<th>", '<th scope="col">') + body + rest.replace("<th", '<th scope="row"')
    box = '<div class="scrolls" tabindex="0" role="group" aria-label="Table">'
    text = text.replace('<table border="1" class="dataframe">', f'{box}<table class="dataframe">')
    return text.replace("</table>", "</table></div>")


def anchor(heading: str) -> str:
    """Return the anchor of a heading as Jupyter makes it."""
    return heading.strip().replace(" ", "-")


# --- pages that list others ---------------------------------------------------------------------


def topic_page(course: Course, folder: str, units: list[dict[str, str]]) -> str:
    """Return the page of a topic: its units with their questions."""
    number, _, name = folder.partition("_")
    rows = ["| unit | question | minutes | know first |", "| --- | --- | --- | --- |"]
    names = [unit["unit"].partition("/")[2] for unit in units]
    for file, unit in zip(names, units, strict=True):
        link = f"[{unit['title']}]({file}.ipynb)"
        rows.append(f"| {link} | {unit['question']} | {unit['minutes']} | {unit['know_first']} |")
    minutes = sum(int(unit["minutes"]) for unit in units)
    functions = f"Its functions: [{name}](../reference/{name}.rst).\n\n"
    functions = functions if name in course.modules else ""
    count = f"{len(units)} units" if len(units) > 1 else "One unit"
    listed = "\n".join(rows)
    return (
        f"# {int(number)} {name.capitalize()}\n\n{count}, {minutes} minutes together.\n\n"
        f"{listed}\n\n{functions}{reference.toctree(names)}\n"
    )


def list_page(title: str, words: str, titles: dict[str, str]) -> str:
    """Return a page that lists notebooks of a folder by their titles."""
    listed = "\n".join(f"- [{shown}]({name}.ipynb)" for name, shown in titles.items())
    return f"# {title}\n\n{words}\n\n{listed}\n\n{reference.toctree([*titles])}\n"


def title_of(path: Path) -> str:
    """Return the title of a notebook."""
    first = nbformat.read(path, as_version=4).cells[0].source
    return first.partition("\n")[0].lstrip("# ")


# --- all together -------------------------------------------------------------------------------


def write(path: Path, text: str) -> None:
    """Write a file unless it holds the same already: what did not change is not made again."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def sources(course: Course, ran: dict[Path, NotebookNode], pictures: dict[str, bytes]) -> dict:
    """Return what Sphinx reads, file by file, from notebooks that were run."""
    files = {}
    for path, notebook in ran.items():
        name = path.relative_to(course.folder).as_posix().replace(START, "index")
        files[name] = nbformat.writes(page(course, path, notebook, pictures))
    for folder, units in groupby(course.units, lambda unit: unit["unit"].partition("/")[0]):
        files[f"{folder}/index.md"] = topic_page(course, folder, list(units))
    for folder, (title, words) in LISTS.items():
        if there := sorted((course.folder / folder).glob("*.ipynb")):
            titles = {path.stem: title_of(path) for path in there}
            files[f"{folder}/index.md"] = list_page(title, words, titles)
    for name in course.modules:
        files[f"reference/{name}.rst"] = reference.page(name)
    files["reference/index.md"] = reference.index(course.modules)
    files["about.md"] = about(course)
    return files | {f"{name}.md": text for name, text in course.texts.items()}


#: Folders of notebooks that are not units: the title of their page, and what it says.
LISTS = {
    "recipes": ("Your own table", "A few cells, one task, and the first cell is yours to change."),
    "reading": (
        "Reading paths",
        "A page for each document follows it section by section to the units that make it run.",
    ),
}


def contents(course: Course) -> str:
    """Return the table of contents of the whole site."""
    of_units = dict.fromkeys(unit["unit"].partition("/")[0] for unit in course.units)
    lists = [name for name in LISTS if (course.folder / name).exists()]
    names = [f"{folder}/index" for folder in [*of_units, *lists]]
    further = [name for name in course.texts if "/" not in name or name.endswith("/index")]
    return reference.toctree([*names, *further, "reference/index", "about"])


def about(course: Course) -> str:
    """Return the page on the site itself."""
    text = (HERE / "about.md").read_text(encoding="utf-8")
    known = "/OWNER/" not in course.address
    text = text.replace("VERSION", import_module("clusterlab").__version__)
    return text.replace("ADDRESS", course.address if known else "address: not fixed yet")


def build(course: Course, run_notebook: Run, work: Path, site: Path) -> int:
    """Make a site; returns 0 if nothing was to be warned of."""
    made = {path: run_notebook(path) for path in course.notebooks}
    alone = {}
    for path, (notebook, stores) in made.items():
        place = path.relative_to(course.folder).with_suffix("").as_posix()
        run = f"../{LITE}{quote(place)}.ipynb"
        alone |= embeds.pages(place.replace(START, "index"), notebook, stores, run)
    if alone:
        listed = {title_of(path): notebook for path, (notebook, _) in made.items()}
        course = replace(course, texts={**course.texts, "widgets": embeds.listing(listed)})
    pictures: dict[str, bytes] = {}
    files = sources(course, {path: notebook for path, (notebook, _) in made.items()}, pictures)
    source = work / "source"
    gone = [
        path for path in source.rglob("*.*") if path.relative_to(source).as_posix() not in files
    ]
    if gone:  # what a page leaves behind is not worth looking for
        for folder in (source, work / "doctrees", *site.glob("*")):
            if folder.is_dir() and folder.name not in check.LATER:
                shutil.rmtree(folder)
            elif folder.is_file():
                folder.unlink()
    for name, text in files.items():
        write(source / name, text)
    aliases: dict[str, str] = {}
    for name in course.modules:
        aliases |= reference.results(import_module(f"clusterlab.{name}"))
    static = [HERE / "pages.css", HERE / "pages.js", work / "static"]
    settings = {"numpydoc_xref_aliases": aliases, "html_static_path": [*map(str, static)]}
    with docutils_namespace():
        sphinx = Sphinx(
            source,
            HERE,
            site,
            work / "doctrees",
            "html",
            confoverrides=settings,
            status=None,
            warningiserror=True,
            parallel=2,
        )
        sphinx.build()
    for pattern in UNUSED:
        for path in [*(site / "_static").glob(pattern)]:
            path.unlink()
    hang(site / "_static" / "pictures", pictures)
    fill(site / "embed", {f"{name}.html": text.encode() for name, text in alone.items()})
    found = [store for _, folder in made.values() for store in folder.glob("*.js")]
    fill(site / "_static" / "stores", {store.name: store.read_bytes() for store in found})
    for path in course.notebooks:
        place = site / "notebooks" / path.relative_to(course.folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return sphinx.statuscode


def hang(folder: Path, pictures: dict[str, bytes]) -> None:
    """Let a folder hold these pictures, in a form that takes a third of the bytes of PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in pictures:
            path.unlink()
    for name, picture in pictures.items():
        if not (folder / name).exists():
            Image.open(io.BytesIO(picture)).save(folder / name, lossless=True, quality=60)


def fill(folder: Path, files: dict[str, bytes]) -> None:
    """Let a folder hold these files and no others."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, content in files.items():
        if not (folder / name).exists() or (folder / name).read_bytes() != content:
            (folder / name).write_bytes(content)


def main() -> None:
    """Make the site and check it."""
    import execute
    import glossary
    import guide
    import references
    from live import script, style

    work, site = ROOT / "build" / "pages", ROOT / "build" / "site"
    npm.fetch(npm.MATHJAX, work / "npm")
    static = work / "static"
    shutil.copytree(work / "npm" / "mathjax" / "es5", static / "mathjax", dirs_exist_ok=True)
    write(static / "clusterlab.js", script())
    write(static / "clusterlab.css", style())
    modules = [*reference.topics(), *reference.shared()]
    course = Course(ROOT / "notebooks", modules, guide.readme.address(), {}, glossary.linked)
    with ThreadPoolExecutor(2) as pool:  # while a notebook runs there is time for the other pages
        running = {path: pool.submit(execute.executed, path) for path in course.notebooks}
        texts = {
            **guide.pages(),
            MACHINES: (HERE / f"{MACHINES}.md").read_text(encoding="utf-8"),
            "glossary": glossary.page(),
            "references": references.page(),
        }
        for name in modules:
            reference.page(name)  # kept
        warned = build(
            replace(course, texts=texts), lambda path: running[path].result(), work, site
        )
    take_in(site)
    sys.exit(warned or check.main(site))


def take_in(site: Path, built: Path = ROOT / "build") -> None:
    """Put what other commands have built beside the pages, and say what is not there yet."""
    for name in check.LATER:
        if (built / name / "index.html").exists():  # whole, not only what tests fetched
            shutil.copytree(built / name, site / name, dirs_exist_ok=True)
        else:
            print(f"links to {name}/ lead nowhere yet: make {name} site puts it in.")


if __name__ == "__main__":
    main()
