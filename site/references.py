"""The page of references of the site: every work of references.bib, with the places that cite it.

A work is cited by its key, by its authors and year, or by the words in its field ``cited``.
"""

import ast
import csv
import re
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

import nbformat
import yaml
from pybtex.database import Entry, Person, parse_file

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
#: Modules of a topic whose names are called with the module before them.
SURFACE = ("plots", "widgets", "planted")


@cache
def works() -> dict[str, Entry]:
    """Return the works of references.bib by key."""
    return dict(parse_file(ROOT / "site" / "references.bib").entries)


@cache
def plain(text: str) -> str:
    """Return a text on one line without emphasis and without accents."""
    parts = unicodedata.normalize("NFKD", " ".join(text.replace("*", "").split()))
    return "".join(part for part in parts if not unicodedata.combining(part))


def surname(person: Person) -> str:
    """Return the name under which a person, or an office, is cited."""
    return " ".join(person.prelast_names + person.last_names).strip("{}")


def initials(person: Person) -> str:
    """Return the first letters of a person's given names."""
    return " ".join(f"{name[0]}." for name in person.first_names + person.middle_names)


def listed(names: list[str]) -> str:
    """Return names as a sentence has them."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def short(key: str) -> str:
    """Return how a work is cited in running text."""
    work = works()[key]
    names = [surname(person) for person in work.persons.get("author", [])]
    if not names:
        return work.fields["title"].replace("--", "–")
    if len(names) > 3:
        names = [names[0], "others"]
    year = work.fields.get("year")
    return f"{listed(names)} ({year})" if year else f"{listed(names)}, {work.fields['title']}"


@cache
def authors(key: str) -> re.Pattern | None:
    """Return what cites a work by its authors and year, if it has both."""
    work = works()[key]
    names = [plain(surname(person)) for person in work.persons.get("author", [])]
    if not names or "year" not in work.fields:
        return None
    gap, given = r"\b[^\d;()]*?\b", r"(?:'s)?(?:,(?: [A-Z]\.)+)?"
    rest = rf"(?:{gap}others|{gap}{gap.join(names[1:])})" if names[1:] else ""
    return re.compile(rf"\b{names[0]}{rest}{given},? \(?{work.fields['year']}(?!\d)")


def cites(text: str, key: str) -> bool:
    """Say whether a plain text cites a work."""
    fields = works()[key].fields
    if any(plain(words) in text for words in [key, *fields.get("cited", key).split("; ")]):
        return True
    if fields.get("year", key) not in text or fields.get("told", "") not in text:
        return False
    return bool(authors(key) and authors(key).search(text))


@cache
def titles() -> dict[str, str]:
    """Return the title of every unit, reading page and recipe, by its page."""
    with (NOTEBOOKS / "units.csv").open(encoding="utf-8", newline="") as file:
        found = {row["unit"]: row["title"] for row in csv.DictReader(file)}
    for folder in ("reading", "recipes"):
        for path in sorted((NOTEBOOKS / folder).glob("*.ipynb")):
            found[f"{folder}/{path.stem}"] = (
                prose(f"{folder}/{path.stem}")[0].partition("\n")[0].lstrip("# ")
            )
    return found


def prose(page: str) -> list[str]:
    """Return the cells of text of a page, a notebook."""
    notebook = nbformat.read(NOTEBOOKS / f"{page}.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def link(page: str, heading: str = "") -> str:
    """Return a link from the top of the site to the page of a notebook, or to a heading in it."""
    place = f"{page}.ipynb" + (f"#{heading.replace(' ', '-')}" if heading else "")
    return f"[{titles()[page]}](<{place}>)"


@cache
def helps() -> dict[str, str]:
    """Return the help of every public name of the library that has some."""
    found = {}
    for path in sorted((ROOT / "clusterlab").rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        parts = path.relative_to(ROOT / "clusterlab").with_suffix("").parts
        place = ".".join(
            part for part in parts if len(parts) == 1 or part in SURFACE or part == parts[0]
        )
        for node in module.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                found[f"{place}.{node.name}"] = ast.get_docstring(node) or ""
    return found


@cache
def sources() -> dict[str, list[str]]:
    """Return the sources of every data set, as its sidecar cites them."""
    found = {}
    for path in sorted((ROOT / "datasets").glob("*.yml")):
        sidecar = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[path.name.partition(".")[0]] = [
            f"{source['key'] or ''} {source['citation']}" for source in sidecar["source"]
        ]
    return found


@cache
def places() -> dict[str, dict[str, list[str]]]:
    """Return for every work where it is cited, by kind of place."""
    said = [("", link(page), "\n".join(prose(page))) for page in titles()]
    said += [("help of ", f"`{name}`", text) for name, text in helps().items()]
    said += [("data: ", f"`{name}`", "\n".join(all_)) for name, all_ in sources().items()]
    said += [("", "the glossary", (ROOT / "site" / "glossary.csv").read_text(encoding="utf-8"))]
    found: dict[str, dict[str, list[str]]] = {key: {} for key in works()}
    for kind, place, text in said:
        text = plain(text)
        for key in works():
            if cites(text, key):
                found[key].setdefault(kind, []).append(place)
    return found


def entry(key: str) -> str:
    """Return a work as the page shows it."""
    work = works()[key]
    fields = {name: text.replace("--", "–") for name, text in work.fields.items()}
    names = [
        ", ".join(part for part in (surname(person), initials(person)) if part)
        for person in work.persons.get("author", [])
    ]
    year = f" ({fields['year']})" if "year" in fields else ""
    title = fields.get("title", "")
    if work.type == "book":
        title = f"*{title}*"
    numbers = "".join(
        (
            f" {fields['volume']}" if "volume" in fields else "",
            f"({fields['number']})" if "number" in fields else "",
        )
    )
    journal = f"*{fields['journal']}*{numbers}" if "journal" in fields else ""
    inside = f"in *{fields['booktitle']}*" if "booktitle" in fields else ""
    rest = [fields.get(name, "") for name in ("publisher", "school", "howpublished", "pages")]
    parts = [listed(names) + year if names else "", title, journal, inside, *rest]
    said = ", ".join(part for part in parts if part).replace("?,", "?") + "."
    if "url" in fields:
        said += f" <{fields['url']}>."
    if "note" in fields:
        said += f" {fields['note']}."
    cited = "; ".join(kind + ", ".join(there) for kind, there in places()[key].items())
    return f"({key})=\n{said}\n\nCited in: {cited}"


def order(key: str) -> str:
    """Return the text by which works are ordered: authors and year, or the title."""
    return plain(f"{short(key)} {key}").casefold()


def page() -> str:
    """Return the page of references, in MyST markdown."""
    said = [
        "# References",
        "Every work that the course cites, and where. What was not checked is said of each: much "
        "is cited from general knowledge, and the five documents were read.",
    ]
    for letter, keys in groupby(sorted(works(), key=order), key=lambda key: order(key)[0].upper()):
        said += [f"## {letter}", *map(entry, keys)]
    return "\n\n".join(said) + "\n"
