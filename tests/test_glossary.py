"""The glossary holds the terms of the course, and links to it change nothing that a unit says."""

import csv
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site"))

import glossary  # noqa: E402
import references  # noqa: E402

WORDS = 35
PAGE = "03_agglomeration/1_what_is_a_share_worth"
UNITS = [page for page in references.titles() if page[0].isdigit()]

# --- the entries ---------------------------------------------------------------------------------


def test_terms_stand_in_order_and_once():
    names = [term.term for term in glossary.terms()]
    assert names == sorted(names, key=glossary.order)
    spellings = [words.casefold() for t in glossary.terms() for words in (t.term, *t.also)]
    assert len(spellings) == len(set(spellings))
    assert len({glossary.anchor(term) for term in glossary.terms()}) == len(names)


@pytest.mark.parametrize("term", glossary.terms(), ids=lambda term: term.term)
def test_an_entry_is_one_plain_sentence_with_a_source(term):
    sentence = term.sentence
    assert re.fullmatch(r"[A-Z][^.!?—|$*_`<>\"{}\[\]]*\.", sentence)
    assert len(sentence.split()) <= WORDS
    own = re.compile(rf"(?i)\b{glossary.spelling(term.term)}\b")
    assert not own.search(sentence), "a term is not told by itself"
    for part in term.source.split("; "):
        assert part.partition(", ")[0] in {*references.works(), "our own"}
    assert term.page in references.titles()
    headings = re.findall(r"(?m)^#+ (.+)$", "\n".join(references.prose(term.page)))
    assert not term.heading or term.heading in headings
    for place in term.only:
        assert any(page.startswith(place) for page in [*references.titles(), "recipes/"])


@cache
def course():
    """Return what every page and help says, by its place, without emphasis."""
    said = {page: "\n".join(references.prose(page)) for page in references.titles()}
    return {place: text.replace("*", "") for place, text in (said | references.helps()).items()}


@pytest.mark.parametrize("term", glossary.terms(), ids=lambda term: term.term)
def test_a_term_is_used_in_the_course(term):
    spelled = "|".join(map(glossary.spelling, (term.term, *term.also)))
    used = re.compile(rf"(?i)(?<![\w–-])(?:{spelled})(?![\w–-])")
    assert any(
        used.search(text) for page, text in course().items() if page.startswith(term.only or "")
    )


# --- what a unit sets in bold is a term ----------------------------------------------------------

#: Words in bold that say what the reader does next or what a paragraph is about.
LABELS = {
    "By hand", "Choose", "Know first",
    "Not shown", "Predict", "The rule", "Time", "Try", "Wages", "Why", "choose who goes", "try",
}  # fmt: skip
#: Words in bold that are stressed and no terms.
STRESS = {
    "The model", "The state", "A parent elsewhere", "all", "and external", "appear", "assumptions",
    "both", "device makers", "direction", "falls", "if", "instances", "level", "may explore",
    "ours", "performs", "share", "spread across borders", "The equations are ours",
    "Satellites are entered",
}  # fmt: skip
#: Names of people whose definitions are compared.
NAMES = {"Porter", "Becattini", "Maskell and Lorenzen"}
#: Words in bold that the glossary has as a part of a term.
PARTS = {
    "Arithmetic": "arithmetic mean", "Geometric": "geometric mean", "dimensions":
    "dimensions of a cluster", "international": "global link", "local": "local link",
    "overlap": "Jaccard overlap", "regional": "regional link", "related": "relatedness",
    "unrelated": "unrelated variety",
}  # fmt: skip
#: Everyday words that one unit uses in a sense of its own and explains on the spot.
HERE = {
    "Industries", "Minimum", "Within", "area", "ceiling", "flicker", "holds together", "kept",
    "link", "plain difference", "sites", "size", "spread of tastes", "too broad", "too narrow",
}  # fmt: skip


def bold(cells):
    """Return the words in bold of a unit's cells that may be terms.

    Left out are sentences, numbers, what ends a paragraph's label, limits and what is for
    instructors.
    """
    found = set()
    for cell in cells:
        start = cell.source.partition("\n")[0]
        if "instructor" in cell.metadata.get("tags", []) or re.match(
            r"#+ (Limits|References)", start
        ):
            continue
        for words in re.findall(r"(?<!\*)\*\*([^*\n]+)\*\*", cell.source):
            if not re.search(r"[\d.:,;?!=]", words) and len(words.split()) <= 4:
                found.add(words)
    return found


@cache
def in_bold():
    found = {}
    for page in UNITS:
        cells = nbformat.read(ROOT / "notebooks" / f"{page}.ipynb", as_version=4).cells
        for words in bold(cell for cell in cells if cell.cell_type == "markdown"):
            found.setdefault(words, page)
    return found


def test_every_term_in_bold_is_in_the_glossary():
    known = glossary.occurrences()[0]
    excepted = LABELS | STRESS | NAMES | HERE | set(PARTS)
    assert {
        words: page
        for words, page in in_bold().items()
        if words not in excepted and not known.fullmatch(words)
    } == {}


def test_every_exception_is_needed():
    known = glossary.occurrences()[0]
    excepted = LABELS | STRESS | NAMES | HERE | set(PARTS)
    assert excepted - set(in_bold()) == set()
    assert not {words for words in excepted if known.fullmatch(words)}
    assert set(PARTS.values()) <= {term.term for term in glossary.terms()}


# --- links ---------------------------------------------------------------------------------------

LINK = re.compile(r'<a class="term" href="[^"]*" title="[^"]*">(.*?)</a>', re.DOTALL)


def bare(text):
    """Return a text without the links that were put in."""
    return LINK.sub(r"\1", text)


def links(cells, page=PAGE):
    """Return what is linked in cells."""
    return [match[1] for text in glossary.linked(cells, page) for match in LINK.finditer(text)]


def test_a_link_leads_to_the_entry_and_says_it():
    (text,) = glossary.linked(["What **location quotients** hide."], PAGE)
    sentence = next(t.sentence for t in glossary.terms() if t.term == "location quotient")
    assert text == (
        'What **<a class="term" href="../glossary.html#term-location-quotient" '
        f'title="{sentence}">location quotients</a>** hide.'
    )
    assert 'href="glossary.html#' in glossary.linked(["a location quotient"], "00_start_here")[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A quotient, then another quotient.", ["quotient"]),
        ("The Hoover index and the Hoover index of a cluster.", ["Hoover index", "cluster"]),
        ("# A cluster\n\nclusters", ["clusters"]),
        ("A cluster\n===\n\n`cluster` $cluster$ a cluster", ["cluster"]),
        ("```\ncluster\n```\n\n    cluster\n\n$$\ncluster\n$$", []),
        ("[a cluster](cluster.md) ![cluster](cluster.png)", []),
        ("| cluster |\n| --- |\n| a cluster |", ["cluster"]),
        ('<b title="cluster">cluster</b><br>', []),
        ("<div>\ncluster\n</div>", []),
        ("subclusters, cluster-based, Ellison–Glaeser–cluster", []),
        ("un**cluster**ed", []),
        ('Porter says so (porter-2000, "Clusters and Productivity").', []),
        ("## References\n\nNorris (1997), Markov chains", []),
        ("The way back is not the way\nthere: path\ndependence.", ["path\ndependence"]),
        ("Mark is here; *Ward’s tree*", ["Ward’s tree"]),
        ("> a tie\n\n- a star", []),
    ],
)
def test_what_is_linked(text, found):
    assert links([text]) == found


def test_everyday_words_are_linked_where_they_are_terms():
    assert links(["Circles, and γ."], "05_districts/2_circle_or_star") == ["Circles"]
    assert links(["Circles, and γ."], PAGE) == ["γ"]


def test_a_term_is_linked_once_a_page_and_not_behind_references():
    cells = ["A cluster.", "## References\n\nA location quotient", "Clusters; a location quotient."]
    assert links(cells) == ["cluster"]


class Shown(HTMLParser):
    """What a page shows, and the tags round the links to terms."""

    def __init__(self, html):
        super().__init__()
        self.text, self.open, self.around, self.terms = "", [], set(), []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if attributes.get("class") == "term":
            self.around.update(self.open)
            self.terms.append(attributes["href"])
        elif tag not in ("br", "img", "hr"):
            self.open.append(tag)
            return
        if tag == "a":
            self.open.append("term")

    def handle_endtag(self, tag):
        if self.open and tag not in ("br", "img", "hr"):
            self.open.pop()

    def handle_data(self, data):
        self.text += data


PIECES = [
    "a location quotient", "Clusters", "**location quotient**", "*the **Gini coefficient** of*",
    "_cluster_", "un**cluster**ed", "cluster*s*", "`cluster`", "$cluster_i$", "$$\ncluster\n$$",
    "[cluster](x.md)", "[*cluster*](x.md 'cluster')", "![cluster](x.png)", "<b>cluster</b>",
    "<img alt='cluster'>", "<a href='x'>a cluster</a>", "\\*cluster\\*", "a < cluster > b",
    "| cluster | b |\n| --- | --- |\n| cluster | *Hoover index* |", "# cluster", "cluster\n===",
    "```\ncluster\n```", "    cluster", "> cluster\nclusters", "- cluster\n  - Hoover index",
    "<div>\ncluster\n\ncluster\n</div>", "[cluster]: x.md", "[cluster]", "cluster**", "*", "**",
    "_", "`", "$", "<", "|", "&amp; cluster", "cluster’s", "γ", "x-0", "<x-0>", "</a>",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", "\n", "\n\n"]))))
def test_links_change_nothing_that_is_said(pieces):
    text = "".join(piece + between for piece, between in pieces)
    made = "".join(glossary.linked([text], PAGE))
    assert bare(made) == text
    before, after = (Shown(glossary.parser().render(each)) for each in (text, made))
    assert after.text == before.text
    assert len(after.terms) == len(set(after.terms)) == len(LINK.findall(made))
    if not re.search(r"</?[abd]", text):  # the writer's own tags need not be closed
        assert not after.around & {"a", "code", "h1", "th", "pre", "term"}


@pytest.mark.parametrize("page", UNITS)
def test_a_unit_says_what_it_said(page):
    cells = references.prose(page)
    made = glossary.linked(cells, page)
    assert [bare(text) for text in made] == cells
    assert sum(len(LINK.findall(text)) for text in made) >= 3
    render = glossary.parser().render
    assert bare(render("\n\n".join(made))) == render("\n\n".join(cells))


# --- the pages -----------------------------------------------------------------------------------


@pytest.mark.skipif(
    find_spec("sphinx") is None or find_spec("myst_parser") is None, reason="no Sphinx"
)
def test_both_pages_stand_in_a_site(tmp_path):
    source = tmp_path / "source"
    for page in references.titles():
        headings = re.findall(r"(?m)^#+ .+$", "\n".join(references.prose(page)))
        (source / page).parent.mkdir(parents=True, exist_ok=True)
        (source / f"{page}.md").write_text("\n\n".join(headings), encoding="utf-8")
    pages = {"glossary": glossary.page(), "references": references.page()}
    for name, text in pages.items():
        (source / f"{name}.md").write_text(text.replace(".ipynb", ".md"), encoding="utf-8")
    (source / "index.md").write_text("# Site\n\n{ref}`genindex`\n", encoding="utf-8")
    (source / "conf.py").write_text(
        "import sys; sys.path.insert(0, '.')\n"
        "extensions = ['myst_parser']\n"
        "myst_heading_anchors = 4\n"
        "myst_heading_slug_func = 'jupyter.slug'\n"
        "suppress_warnings = ['toc.not_included', 'myst.header']\n",
        encoding="utf-8",
    )
    (source / "jupyter.py").write_text(
        "def slug(heading): return heading.strip().replace(' ', '-')"
    )
    made = tmp_path / "made"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", ".", made]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=source)
    assert run.returncode == 0, run.stderr
    html = (made / "glossary.html").read_text(encoding="utf-8")
    for term in glossary.terms():
        assert f'<dt id="{glossary.anchor(term)}">' in html
    works = (made / "references.html").read_text(encoding="utf-8")
    cited = set(re.findall(r'href="references.html#([\w-]+)"', html))
    assert len(cited) > 50
    assert all(f'id="{key}"' in works for key in cited)


def test_the_table_has_no_column_that_nobody_reads():
    with glossary.SOURCE.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == ["term", "also", "sentence", "source", "unit", "only"]
