"""How hard the course reads: ``python site/reading_level.py [UNIT.ipynb ...]``.

Prints the Flesch–Kincaid grade of each unit, with the mean over the course, and the hardest
sentences. The grade is ``0.39 * words per sentence + 11.8 * syllables per word - 15.59``, years of
school in the United States, as in J. P. Kincaid et al., Derivation of New Readability Formulas
(Naval Technical Training Command, Research Branch Report 8-75, 1975). It knows nothing of meaning:
an everyday word of four syllables counts as hard, a strange one of one syllable as easy.

Prose is what a reader reads in paragraphs and lists. Headings, code, formulas, tables, references
and what is for instructors are left out; a number, a name in code and a formula within a sentence
count as one word of one syllable.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import glossary
import nbformat

ROOT = Path(__file__).resolve().parents[1]
#: A point here ends no sentence.
_SHORT = re.compile(r"\b(e\.g|i\.e|et al|cf|vs|pp?|eds?|St|U\.S)\.")
_WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")


#: A sentence of fewer words is not hard for having a long one among them.
LONG = 10


def sentences(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Yield the sentences of a notebook's prose."""
    heading, reader = "", glossary.parser()
    for cell in notebook.cells:
        if cell.cell_type != "markdown" or "instructor" in cell.metadata.get("tags", []):
            continue
        within = []
        for token in reader.parse(cell.source):
            if token.type.endswith(("_open", "_close")):
                within.append(token.type) if token.nesting > 0 else within.pop()
            elif token.type == "inline" and within[-1] == "heading_open":
                heading = token.content
            elif token.type == "inline" and "table_open" not in within and heading != "References":
                told = "".join(map(_plain, token.children or []))
                told = _SHORT.sub(lambda found: found[0].replace(".", ""), told)
                parts = re.split(r"(?<=[.?!])[)\"”’]*\s+(?=[\"“(]?[A-Z0-9])", told)
                yield from (part.strip() for part in parts if len(words(part)) > 2)


def _plain(token) -> str:
    """Return the words of a part of a paragraph."""
    if token.type in ("code_inline", "math_inline"):
        return "x"
    return " " if token.type.endswith("break") else token.content * (token.type == "text")


def words(text: str) -> list[str]:
    """Return the words of a text; parts of one with a hyphen are words."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Return how many syllables a word has, by its groups of vowels.

    An e at the end is silent, but not in "-le" after a consonant, as are those of "-es" and "-ed"
    that are not spoken; neighbours that are mostly two syllables are two.
    """
    word = re.sub(r"['’]s?$", "", word.lower())
    if not word.isalpha():
        return 1
    spoken = re.sub(r"(?<=[^aeiouyl])e$|(?<=[aeiouy])le$|(?<=[aeiouy]l)e$", "", word)
    spoken = re.sub(r"(?<=[^aeiouydt])ed$|(?<=[^aeiouysxzcgh])es$", "", spoken)
    spoken = re.sub(r"(?<=[^aeiouy])e(?=(ment|ly|ful|less|ness)(s|ly)?$)", "", spoken)
    two = len(re.findall(r"i(?=a(?!ge)|o(?!us|n)|um|e[tn])|u(?=al|ou)|e(?=o[^u])|y(?=i)", spoken))
    two -= len(re.findall(r"[tsc]ia|[tsc]ien", spoken))
    return max(1, len(re.findall("[aeiouy]+", spoken)) + two)


def grade(prose: Iterable[str]) -> float:
    """Return the Flesch–Kincaid grade of sentences."""
    told = [words(each) for each in prose]
    count = sum(map(len, told))
    spoken = sum(syllables(word) for each in told for word in each)
    return 0.39 * count / len(told) + 11.8 * spoken / count - 15.59


def units() -> list[Path]:
    """Return the notebooks of the units."""
    with (ROOT / "notebooks" / "units.csv").open(encoding="utf-8", newline="") as file:
        return [ROOT / "notebooks" / f"{row['unit']}.ipynb" for row in csv.DictReader(file)]


def main() -> None:
    """Print the grades of units and the hardest sentences."""
    paths = [Path(each) for each in sys.argv[1:]]
    paths = paths or units()
    prose = {path: [*sentences(nbformat.read(path, as_version=4))] for path in paths}
    for path, told in prose.items():
        print(f"{grade(told):5.1f}  {len(told):4} sentences  {path.parent.name}/{path.stem}")
    print(f"{sum(grade(told) for told in prose.values()) / len(prose):5.1f}  mean of the units")
    every = [
        (grade([each]), path.parent.name, each) for path, told in prose.items() for each in told
    ]
    print("\nThe hardest sentences:")
    for level, unit, each in sorted(every, reverse=True)[:10]:
        print(f"{level:5.1f}  {unit}: {each}")


if __name__ == "__main__":
    main()
