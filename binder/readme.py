"""Write into README.md what stands elsewhere: the project's address and the table of units.

The address stands in pyproject.toml, from where CITATION.cff has it too; the units stand in
notebooks/units.csv.
"""

import csv
import re
import tomllib
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def with_address(text: str, address: str) -> str:
    """Return a text with every address of the project (and of its Binder) brought up to date."""
    owner_and_name = address.removeprefix("https://github.com/")
    text = re.sub(r"(mybinder\.org/v2/gh/)[^/\s]+/[^/\s]+(?=/)", rf"\g<1>{owner_and_name}", text)
    return re.sub(r"https://github\.com/[^/\s]+/clusterlab", address, text)


def address() -> str:
    """Return the address."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]


def units() -> list[dict[str, str]]:
    """Return the units of the course in their order, a row each of notebooks/units.csv."""
    with (ROOT / "notebooks" / "units.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def topic(unit: dict[str, str]) -> str:
    """Return the topic of a unit, such as "03 agglomeration"."""
    return unit["unit"].partition("/")[0].replace("_", " ")


def with_units(text: str) -> str:
    """Return the README with its table of units brought up to date."""
    rows = ["| topic | unit | question | minutes |", "| --- | --- | --- | --- |"]
    for name, of_topic in groupby(units(), topic):
        for number, unit in enumerate(of_topic):
            link = f"[{unit['title']}](notebooks/{unit['unit']}.ipynb)"
            first = "" if number else name
            rows.append(f"| {first} | {link} | {unit['question']} | {unit['minutes']} |")
    begin, end = "<!-- units: make readme -->\n", "<!-- end of units -->"
    table = begin + "\n".join(rows) + "\n" + end
    return re.sub(f"{begin}.*?{end}", lambda _: table, text, flags=re.DOTALL)


if __name__ == "__main__":
    for name in ("README.md", "CITATION.cff"):
        file = ROOT / name
        text = with_units(with_address(file.read_text(encoding="utf-8"), address()))
        file.write_text(text, encoding="utf-8")
