"""Write what stands elsewhere: the project's address, units, questions, a page for each document.

The address stands in pyproject.toml, from where README.md and CITATION.cff have it; the units stand
in notebooks/units.csv. A page in notebooks/reading follows a document section by section, by
datasets/document_sections.csv and the column ``read_in`` of datasets/claims.csv. What the units ask
is listed in notebooks/questions.csv, from which the start page knows what is done.
"""

import csv
import io
import json
import re
import sys
import tomllib
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "site"))

import asked  # noqa: E402


def with_address(text: str, address: str) -> str:
    """Return a text with every address of the project (and of its Binder) brought up to date."""
    owner_and_name = address.removeprefix("https://github.com/")
    text = re.sub(r"(mybinder\.org/v2/gh/)[^/\s]+/[^/\s]+(?=/)", rf"\g<1>{owner_and_name}", text)
    return re.sub(r"https://github\.com/[^/\s]+/clusterlab", address, text)


def address() -> str:
    """Return the address."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the project."""
    with (ROOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def units() -> list[dict[str, str]]:
    """Return the units of the course in their order, a row each of notebooks/units.csv."""
    return rows("notebooks/units.csv")


def topic(unit: dict[str, str]) -> str:
    """Return the topic of a unit, such as "03 agglomeration"."""
    return unit["unit"].partition("/")[0].replace("_", " ")


def with_units(text: str) -> str:
    """Return the README with its table of units brought up to date."""
    lines = ["| topic | unit | question | minutes |", "| --- | --- | --- | --- |"]
    for name, of_topic in groupby(units(), topic):
        for number, unit in enumerate(of_topic):
            link = f"[{unit['title']}](notebooks/{unit['unit']}.ipynb)"
            first = "" if number else name
            lines.append(f"| {first} | {link} | {unit['question']} | {unit['minutes']} |")
    begin, end = "<!-- units: make readme -->\n", "<!-- end of units -->"
    table = begin + "\n".join(lines) + "\n" + end
    return re.sub(f"{begin}.*?{end}", lambda _: table, text, flags=re.DOTALL)


def questions() -> str:
    """Return the table of what the course asks, as CSV."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["unit", "number", "kind", "question"])
    for question in asked.in_course():
        rows.writerow([question.unit, question.number, question.kind, question.text])
    return table.getvalue()


def sections() -> list[dict[str, str]]:
    """Return the sections of the documents in their order."""
    return rows("datasets/document_sections.csv")


def claims_in(document: str, section: str = "") -> list[dict[str, str]]:
    """Return the claims of a document, or of one of its sections."""
    found = []
    for claim in rows("datasets/claims.csv"):
        places = [place.partition(": ") for place in claim["read_in"].split("; ")]
        if any(key == document and section in ("", where) for key, _, where in places):
            found.append(claim)
    return found


def reading(document: str) -> str:
    """Return the page that follows a document, as a notebook."""
    titles = {unit["unit"]: unit["title"] for unit in units()}
    table = ["| section | about | what runs |", "| --- | --- | --- |"]
    for section in sections():
        if section["document"] != document:
            continue
        links = []
        for claim in claims_in(document, section["section"]):
            title = titles[claim["notebook"].removesuffix(".ipynb")]
            place = f"../{claim['notebook']}#{claim['section']}"
            links.append(f"{claim['id']} in [{title}]({place})")
        name = ". ".join(filter(None, (section["section"], section["heading"])))
        table.append(f"| {name} | {section['about']} | {'<br>'.join(links) or section['reason']} |")
    number = len(claims_in(document))
    cells = [
        ("markdown", f"# Reading {document}"),
        (
            "markdown",
            "Section by section, in the order of the text: what each is about, in our words, and "
            "the units in which its claims run. Letters and numbers are those of the claims, "
            "below. Names of sections without a heading are ours. Back to "
            "[the start](../00_start_here.ipynb).",
        ),
        ("markdown", "\n".join(table)),
        (
            "code",
            "from clusterlab import datasets\n\n"
            f'sections = datasets.load("document_sections").query("document == \'{document}\'")\n'
            'claims = datasets.load("claims").set_index("id")\n'
            f'here = claims[claims["read_in"].fillna("").str.contains("{document}")]\n'
            f"assert (len(sections), len(here)) == ({len(table) - 2}, {number})\n"
            "for section in sections.fillna('').itertuples():\n"
            '    print(f"{section.section}: {section.about}. {section.reason}")\n'
            'for name, claim in here["claim"].items():\n    print(f"{name}: {claim}.")',
        ),
    ]
    book = {
        "cells": [
            {"cell_type": kind, "id": f"r{place}", "metadata": {}, "source": text}
            | ({"execution_count": None, "outputs": []} if kind == "code" else {})
            for place, (kind, text) in enumerate(cells)
        ],
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for key in dict.fromkeys(section["document"] for section in sections()):
        page = ROOT / "notebooks" / "reading" / f"{key}.ipynb"
        page.parent.mkdir(exist_ok=True)
        page.write_text(reading(key), encoding="utf-8")
    (ROOT / "notebooks" / "questions.csv").write_text(questions(), encoding="utf-8")
    for name in ("README.md", "CITATION.cff"):
        file = ROOT / name
        text = with_units(with_address(file.read_text(encoding="utf-8"), address()))
        file.write_text(text, encoding="utf-8")
