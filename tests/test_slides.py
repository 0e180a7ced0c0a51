"""A deck has its slides, leaves long code out, shows widgets as pictures and asks for nothing outside."""

import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site"))

import slides  # noqa: E402


def unit():
    made = nbformat.v4
    notes = {"slideshow": {"slide_type": "notes"}}
    slide = {"slideshow": {"slide_type": "slide"}}
    data = {
        slides.WIDGET: {"model_id": "1"},
        "text/plain": "One < two.",
        "image/png": "iVBORw0KGgo=",
    }
    shown = made.new_output("display_data", data)
    return made.new_notebook(
        cells=[
            made.new_markdown_cell("# A place", metadata=slide),
            made.new_markdown_cell("Ask the room.", metadata=notes),
            made.new_code_cell("a = 1\nb = 2\nc = 3\nd = 4", metadata=slide, outputs=[shown]),
            made.new_code_cell("short()", metadata=slide, outputs=[shown]),
            made.new_markdown_cell("Not shown.", metadata={"slideshow": {"slide_type": "skip"}}),
        ]
    )


def test_a_deck_holds_what_slides_should():
    deck = slides.deck(unit())
    assert deck.count("<section>") == 2 * 3, "three slides, each in a column of its own"
    assert re.search(r'<aside class="notes">.*?Ask the room', deck, re.DOTALL)
    assert "Not shown" not in deck
    assert "short" in deck
    assert 'class="n">d<' not in deck, "long code beside a picture is left out"
    assert "<p>One &lt; two.</p>" in deck
    assert "data:image/png;base64,iVBORw0KGgo=" in deck


def test_a_deck_asks_for_nothing_outside():
    deck = slides.deck(unit())
    asked = re.findall(r"""(?:src|href)=["'](https?:[^"']+)|import\([^)]*(https?:[^)]+)""", deck)
    assert not asked
    for name in ("unpkg", "cdnjs", "jsdelivr", "googleapis"):
        assert name not in deck
    for name in slides.PACKAGES:
        assert f"{name}/" in deck


def test_of_long_prose_a_slide_has_the_heading_and_the_notes_the_text():
    made, slide = nbformat.v4.new_markdown_cell, {"slideshow": {"slide_type": "slide"}}
    long = " ".join(["long"] * slides.WORDS)
    cells = [made(f"## Two regions\n\n{long}", metadata=slide), made(f"also {long}"), made("short")]
    shown = slides.prepared(nbformat.v4.new_notebook(cells=cells)).cells
    assert [slides.slide_type(cell) for cell in shown] == ["slide", "notes", "notes", "-"]
    assert [cell.source.split()[0] for cell in shown] == ["##", "long", "also", "short"]
    assert shown[0].source == "## Two regions"
