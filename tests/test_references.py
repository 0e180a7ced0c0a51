"""Every work that the course cites stands in references.bib, and every work there is cited."""

import re
import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site"))

import references

#: A year in brackets behind a name, or behind a name inside the brackets.
CITATION = re.compile(
    r"(?:[A-Z][\w'-]+|others|[A-Z]\.),? \(((?:18|19|20)\d\d)\b"
    r"|\([^()\d]*[A-Z][\w'-]+[^()\d]*?,? ((?:18|19|20)\d\d)[),;]"
)
#: What looks like a citation and is none, with the reason.
NO_WORKS = {"County Business Patterns": "a table of an office, cited by its name"}
#: How citations in sidecars begin that name no work, with the reason.
NO_SOURCES = {
    "Constructed for this project": "nobody else's",
    "Intermediary:": "a copy; the office that published the table is cited beside it",
    "press reports, one a row": "each is named in its row",
    "the data sets us_metro_industry": "data sets of the course",
}


def missing(text):
    """Return the citations in a text that no work of references.bib answers."""
    text = references.plain(text)
    known = {
        match.end()
        for key in references.works()
        if references.authors(key)
        for match in references.authors(key).finditer(text)
    }
    return [
        match[0]
        for match in CITATION.finditer(text)
        if match.end(match.lastindex) not in known
        and not any(words in match[0] for words in NO_WORKS)
    ]


@cache
def said():
    """Return what every page and every help says."""
    return {
        page: "\n".join(references.prose(page)) for page in references.titles()
    } | references.helps()


def test_what_the_course_cites_is_there():
    found = {place: missing(text) for place, text in said().items()}
    assert {place: citations for place, citations in found.items() if citations} == {}


def test_a_missing_work_is_seen():
    assert missing("Nobody (1999), on nothing.") == ["Nobody (1999"]
    assert missing("It is so (Nobody and others, 1999).") == ["(Nobody and others, 1999)"]
    assert not missing(
        "Theil (1967); (Watts and Strogatz, 1998); Barro, R. J. and Sala-i-Martin, X. (1992)"
    )
    assert missing("Ellison and Glaeser (2010)"), "a third author wrote that one too, a year apart"


@pytest.mark.parametrize("key", references.works())
def test_every_work_is_cited(key):
    assert references.places()[key]


def test_what_data_sets_cite_is_there():
    for name, sources in references.sources().items():
        for source in sources:
            known = any(
                references.cites(references.plain(source), key) for key in references.works()
            )
            assert known or source.strip().startswith(tuple(NO_SOURCES)), (name, source)


def test_every_exception_is_needed():
    everything = references.plain("\n".join(said().values()))
    for words in NO_WORKS:
        assert any(words in match[0] for match in CITATION.finditer(everything))
    cited = [source.strip() for sources in references.sources().values() for source in sources]
    for words in NO_SOURCES:
        assert any(source.startswith(words) for source in cited)


def test_works_of_one_author_and_year_are_told_apart():
    theirs = [key for key in references.works() if references.cites("Krugman (1991)", key)]
    assert theirs == []
    book = "Krugman (1991, *Geography and Trade*)"
    keys = ["krugman-1991-geography", "krugman-1991-returns"]
    assert [references.cites(references.plain(book), key) for key in keys] == [True, False]


def test_how_a_work_is_cited():
    assert references.short("porter-2000") == "Porter (2000)"
    assert references.short("ellison-glaeser-kerr-2010") == "Ellison, Glaeser and Kerr (2010)"
    assert references.short("hidalgo-2007") == "Hidalgo and others (2007)"
    assert references.short("cbp").startswith("US Census Bureau, County Business Patterns")
    assert references.short("globalization-ties") == "Is globalization fraying the ties that bind?"


def test_the_page_shows_a_work_whole():
    page = references.page()
    assert (
        "(ellison-glaeser-1997)=\n"
        "Ellison, G. and Glaeser, E. L. (1997), Geographic concentration in U.S. manufacturing "
        "industries: a dartboard approach, *Journal of Political Economy* 105(5), 889–927. "
        "Details from general knowledge.\n\nCited in: [Cluster, or a few big plants?]("
        "<03_agglomeration/3_cluster_or_few_big_plants.ipynb>), [How near"
    ) in page
    for key in references.works():
        assert page.count(f"({key})=\n") == 1
    letters = re.findall(r"^## (.)$", page, re.MULTILINE)
    assert letters == sorted(set(letters))
    assert not re.search(r"[{}]|--", page), "no LaTeX is left"
