"""A deck has its slides, leaves long code out, keeps widgets alive and asks for nothing outside."""

import html
import json
import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site"))

import slides  # noqa: E402


def living(width):
    told = html.escape(json.dumps({"name": "1", "view": "explorer", "width": width}))
    return f'<div class="clusterlab-live" data-live="{told}"><p>One &lt; two.</p></div>'


def unit():
    made = nbformat.v4
    notes = {"slideshow": {"slide_type": "notes"}}
    slide = {"slideshow": {"slide_type": "slide"}}
    one, two = (
        made.new_output("display_data", {"text/html": living(width), "text/plain": "One < two."})
        for width in (720, 1044)
    )
    table = made.new_output("display_data", {"text/html": "<table></table>"})
    return made.new_notebook(
        cells=[
            made.new_markdown_cell("# A place", metadata=slide),
            made.new_markdown_cell("Ask the room about $x$.", metadata=notes),
            made.new_code_cell("a = 1\nb = 2\nc = 3\nd = 4", metadata=slide, outputs=[one]),
            made.new_code_cell("wide()", metadata=slide, outputs=[two]),
            made.new_code_cell("short()", metadata=slide, outputs=[table]),
            made.new_markdown_cell("Not shown.", metadata={"slideshow": {"slide_type": "skip"}}),
        ]
    )


def test_a_deck_holds_what_slides_should():
    deck = slides.deck(unit())
    assert deck.count("<section>") == 2 * 4, "four slides, each in a column of its own"
    assert re.search(r'<aside class="notes">.*?Ask the room', deck, re.DOTALL)
    assert "Not shown" not in deck
    assert "short" in deck
    assert "wide()" not in deck, "a widget needs the room of its code"
    assert 'class="n">d<' not in deck, "long code beside a picture is left out"
    assert "<title>A place</title>" in deck


def test_a_widget_lives_in_a_deck_and_is_still_without_its_script():
    deck = slides.deck(unit())
    places = re.findall(r'<div class="(clusterlab-live[^"]*)" ([^>]*)>', deck)
    assert [kind for kind, _ in places] == ["clusterlab-live", "clusterlab-live wide"]
    for (_, rest), width in zip(places, (720, 1044), strict=True):
        told = json.loads(html.unescape(re.search(r"""data-live=(["'])(.*?)\1""", rest)[2]))
        assert told["width"] == width
        assert "data-prevent-swipe" in rest, "a finger on a control would turn the slide"
    assert deck.count("<p>One &lt; two.</p>") == 2


def test_what_does_not_fit_on_a_slide_has_one_of_its_own():
    def shown(kind, *names):
        told = [html.escape(json.dumps({"view": name})) for name in names]
        parts = [f'<div class="clusterlab-live" data-live="{each}"></div>' for each in told]
        outputs = [
            nbformat.v4.new_output("display_data", {"text/html": part if name else "<tr>" * 4})
            for part, name in zip(parts, names, strict=True)
        ]
        kind = {"slideshow": {"slide_type": kind}}
        return nbformat.v4.new_code_cell("x", outputs=outputs, metadata=kind)

    cells = [
        shown("slide", "question"),
        shown("-", "explorer", "line", "explorer", ""),
        shown("fragment", "question"),
        shown("skip", "explorer"),
        shown("slide", "graph"),
    ]
    spread = slides.spread(cells)
    assert [(slides.slide_type(cell), len(cell.outputs)) for cell in spread] == [
        ("slide", 1),
        ("subslide", 2),
        ("subslide", 1),
        ("subslide", 1),
        ("fragment", 1),
        ("skip", 1),
        ("slide", 1),
    ]


def test_no_slide_is_a_heading_alone():
    def made(source, kind):
        return nbformat.v4.new_markdown_cell(source, metadata={"slideshow": {"slide_type": kind}})

    cells = [made("## Alone", "slide"), made("how", "notes"), made("x", "subslide")]
    cells += [made("## With words\n\nsome", "slide"), made("y", "subslide")]
    kinds = [slides.slide_type(cell) for cell in slides.joined(cells)]
    assert kinds == ["slide", "notes", "-", "slide", "subslide"]


def test_a_deck_asks_for_nothing_outside(tmp_path, monkeypatch):
    deck = slides.deck(unit())
    monkeypatch.setattr(slides.npm, "fetch", lambda packages, folder: None)
    slides.beside(tmp_path)
    asked = re.findall(r'<(?:script|link|img|iframe)[^>]*?(?:src|href)="([^"]+)"', deck)
    assert {name.partition("/")[0] for name in asked} == {
        *slides.PACKAGES,
        "clusterlab.css",
        "deck.css",
        "deck.js",
    }
    for name in asked:
        package, _, file = name.partition("/")
        wanted = slides.PACKAGES[package][1] if file else ()
        assert (tmp_path / name).exists() or file.startswith(wanted), name
    for page in (deck, *(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.*"))):
        loaded = re.findall(
            r"""(?:src=|<link[^>]*href=|import |url\()["'(]?(https?:[^"')]+)""", page
        )
        assert not loaded


def test_the_list_of_decks_has_every_unit(tmp_path):
    page = slides.index()
    for unit in slides.readme.units():
        assert f'href="{unit["unit"].replace("/", "-")}.html"' in page


def test_of_long_prose_a_slide_has_the_heading_and_the_notes_the_text():
    made, slide = nbformat.v4.new_markdown_cell, {"slideshow": {"slide_type": "slide"}}
    long = " ".join(["long"] * slides.WORDS)
    cells = [made(f"## Two regions\n\n{long}", metadata=slide), made(f"also {long}"), made("short")]
    shown = slides.prepared(nbformat.v4.new_notebook(cells=cells)).cells
    assert [slides.slide_type(cell) for cell in shown] == ["slide", "notes", "notes", "-"]
    assert [cell.source.split()[0] for cell in shown] == ["##", "long", "also", "short"]
    assert shown[0].source == "## Two regions"


def test_a_slide_keeps_what_can_be_read_at_a_glance():
    made, slide = nbformat.v4.new_markdown_cell, {"slideshow": {"slide_type": "slide"}}
    long = " ".join(["long"] * slides.WORDS)
    glance = ["## Three", "- one\n- two", "| a | b |\n| --- | --- |\n| 1 | 2 |", "$$x = 1$$"]
    cells = [made("\n\n".join([*glance, long]), metadata=slide)]
    cells.append(made(f"## Limits\n\n{long}", metadata=slide))
    shown = slides.prepared(nbformat.v4.new_notebook(cells=cells)).cells
    assert [cell.source for cell in shown] == ["\n\n".join(glance), long, f"## Limits\n\n{long}"]
