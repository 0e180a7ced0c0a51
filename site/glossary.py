"""The glossary of the site: its page, and the links to it from the units.

The terms stand in ``glossary.csv``. A word that is an everyday word elsewhere, and a symbol, is
linked only in the topics or units that its column ``only`` names.
"""

import csv
import re
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import references
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

SOURCE = Path(__file__).with_name("glossary.csv")
REFERENCES = re.compile(r"(?m)^#+ References$")
#: What names a section of a document is left as it is: in brackets, a key or a title in quotes.
TITLES = re.compile(r'\([^()]*(?:-20\d\d|globalization-ties|"[A-Z][^"]*")[^()]*\)')


class Term(NamedTuple):
    """A row of the glossary."""

    term: str
    also: tuple[str, ...]
    sentence: str
    source: str
    page: str
    heading: str
    only: tuple[str, ...]


@cache
def terms() -> tuple[Term, ...]:
    """Return the terms in the order of the file."""
    found = []
    with SOURCE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            also, only = (tuple(filter(None, row[name].split(";"))) for name in ("also", "only"))
            page, _, heading = row["unit"].partition("#")
            found.append(
                Term(row["term"], also, row["sentence"], row["source"], page, heading, only)
            )
    return tuple(found)


def anchor(term: Term) -> str:
    """Return the name of an entry on the page, as Sphinx makes it."""
    return "term-" + re.sub(
        r"[^a-zA-Z0-9]+", "-", references.plain(term.term).replace("–", "")
    ).strip("-")


def order(term: str) -> str:
    """Return the text by which terms are ordered."""
    return references.plain(term.replace("–", "-")).casefold()


def spelling(words: str) -> str:
    """Return the pattern of a spelling: a blank may be a hyphen, the last word a plural."""
    stem, ending = (words[:-1], "(?:y|ies)") if words.endswith("y") else (words, "(?:s|es)?")
    parts = re.split(r"[ –-]", stem)
    said = r"[\s–-]".join(map(re.escape, parts)).replace("'", "['’]")
    return said + (ending if len(parts[-1]) > 1 else "")


@cache
def occurrences() -> tuple[re.Pattern, tuple[Term, ...]]:
    """Return the pattern of all spellings, longest first, and the term of each."""
    spelled = [(words, term) for term in terms() for words in (term.term, *term.also)]
    # by first letter, of which one look tells that none of its words stands here; the longest first
    spelled.sort(key=lambda each: (each[0][0].casefold(), -len(each[0])))
    by_letter = groupby(spelled, key=lambda each: each[0][0].casefold())
    either = "|".join(
        f"(?={letter})(?:{'|'.join(f'({spelling(words)})' for words, _ in group)})"
        for letter, group in by_letter
    )
    pattern = re.compile(rf"(?i)(?<![\w–-])(?:{either})(?![\w–-])")
    return pattern, tuple(term for _, term in spelled)


@cache
def parser() -> MarkdownIt:
    """Return a parser that reads what the site's reads."""
    read = MarkdownIt("commonmark").enable("table")
    return read.use(dollarmath_plugin, allow_labels=True, double_inline=True)


def in_prose(html: str, marked: str, tag: str) -> bool:
    """Say whether a tag set into a text is read as one, in running prose, and changes nothing.

    ``html`` is what the text itself becomes.
    """
    environment: dict = {}
    blocks = parser().parse(marked, environment)
    shown = parser().renderer.render(blocks, parser().options, environment)
    if re.sub(r"</?x-\d+>", "", shown) != html:
        return False
    outside = 0  # headings, links, heads of tables and the writer's own tags around us
    for block in blocks:
        for token in [block, *(block.children or [])]:
            if token.content == f"<{tag}>" and token.type == "html_inline":
                return outside == 0
            if token.type in ("heading_open", "th_open", "link_open"):
                outside += 1
            elif token.type in ("heading_close", "th_close", "link_close"):
                outside -= 1
            elif token.type == "html_inline" and not re.match(r"<(?:br|img|hr)\b", token.content):
                outside += -1 if token.content.startswith("</") else 1
    return False


def linked(cells: list[str], page: str) -> list[str]:
    """Return the cells of text of a page with the first occurrence of every term linked.

    Only running prose is linked, and nothing from the heading References on. What the page says
    stays the same. ``page`` is its address from the top of the site, without an ending, such as
    ``03_agglomeration/1_what_is_a_share_worth``.
    """
    pattern, meant = occurrences()
    place = "../" * page.count("/") + "glossary.html"
    made, done = [], {}
    for text in cells:
        last = REFERENCES.search(text)
        titles = [title.span() for title in TITLES.finditer(text)]
        html, marked, shift = parser().render(text), text, 0
        for match in pattern.finditer(text, 0, last.start() if last else len(text)):
            term = meant[match.lastindex - 1]
            if term in done or not page.startswith(term.only or ""):
                continue
            if any(first <= match.start() < behind for first, behind in titles):
                continue
            tag = f"x-{len(done)}"
            start, end = match.start() + shift, match.end() + shift
            trial = f"{marked[:start]}<{tag}>{marked[start:end]}</{tag}>{marked[end:]}"
            if in_prose(html, trial, tag):
                shift += len(trial) - len(marked)
                marked, done[term] = trial, tag
        made.append(marked)
        if last:
            break
    for term, tag in done.items():
        opened = f'<a class="term" href="{place}#{anchor(term)}" title="{escape(term.sentence)}">'
        made = [text.replace(f"<{tag}>", opened).replace(f"</{tag}>", "</a>") for text in made]
    return made + cells[len(made) :]


def source(term: Term) -> str:
    """Return where a term comes from, with links to the works."""
    parts = []
    for part in term.source.split("; "):
        key, comma, where = part.partition(", ")
        known = key in references.works()
        parts.append(f"[{references.short(key)}](#{key})" + comma + where if known else part)
    return "; ".join(parts)


def entry(term: Term) -> str:
    """Return a term as the page shows it, for Sphinx's list of terms."""
    also = f"Also written: {', '.join(term.also)}. " if term.also else ""
    unit = references.link(term.page, term.heading)
    return f"{term.term}\n  {term.sentence}\n\n  {also}Source: {source(term)}. Explained in: {unit}"


def page() -> str:
    """Return the glossary, in MyST markdown."""
    letters = [
        (letter, list(group))
        for letter, group in groupby(terms(), key=lambda term: order(term.term)[0].upper())
    ]
    said = [
        "# Glossary",
        "The terms of the course in a sentence each. In a unit a term leads here from the first "
        "place where it stands. What is called our own was coined or chosen for this course.",
        " · ".join(f"[{letter}](#glossary-{letter.lower()})" for letter, _ in letters),
    ]
    for letter, group in letters:
        entries = "\n\n".join(map(entry, group))
        said.append(f"(glossary-{letter.lower()})=\n## {letter}\n\n```{{glossary}}\n{entries}\n```")
    return "\n\n".join(said) + "\n"
