"""Every number the lessons state in words is held by a cell; what is not is listed with its source."""

import json
import re
from functools import cache

import notebook_outputs
import prose
import pytest

NOTEBOOKS = [*sorted((prose.ROOT / "notebooks").rglob("*.ipynb")), prose.ROOT / "README.md"]

read = cache(prose.Notebook)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=notebook_outputs.name)
def test_every_number_in_words_is_held_by_a_cell(path):
    orphans = prose.orphans(read(path))
    told = [f"[{n.piece.cell}] {n.said}: … {n.words} …" for n in orphans]
    assert not told, "nothing holds\n" + "\n".join(told)


def test_no_exception_is_left_over():
    names = {notebook_outputs.name(path): path for path in NOTEBOOKS}
    used = []
    for name, path in names.items():
        unheld = [number for number in read(path).numbers() if not number.held]
        used += [prose.excepted(name, number) for number in unheld]
    for entry in prose.exceptions():
        assert set(entry) == {"notebook", "number", "words", "source"}, entry
        assert entry["source"], entry
        assert entry["notebook"] in {*names, "*"}, entry
        assert entry in used, f"no longer needed: {entry}"


def test_the_source_of_an_exception_has_the_number():
    for entry in prose.exceptions():
        files = re.findall(r"(?:datasets|tests|benchmarks|clusterlab)/[\w/.]+", entry["source"])
        for name in files:
            text = (prose.ROOT / name).read_text(encoding="utf-8").replace("_", "")
            plain = re.sub(r"[^\d.]", "", entry["number"])
            shares = {plain} | ({f"{float(plain) / 100:g}"} if "%" in entry["number"] else set())
            assert any(share in text for share in shares), entry


# --- the guard itself ------------------------------------------------------------------------


def synthetic(tmp_path, *cells):
    """Return the orphans of a notebook made of (kind, source, output) cells."""
    made = [{"cell_type": kind, "source": source} for kind, source, *_ in cells]
    path = tmp_path / "synthetic.ipynb"
    path.write_text(json.dumps({"cells": made}), encoding="utf-8")
    outputs = [
        {"text": list(output), "controls": [], "sentences": []}
        for kind, _, *output in cells
        if kind == "code"
    ]
    return [number.said for number in prose.orphans(prose.Notebook(path, outputs))]


TITLE = ("markdown", "# A lesson")


@pytest.mark.parametrize(
    ("words", "code", "output"),
    [
        ("It is 0.38.", "assert round(q, 2) == 0.38", ""),
        ("It is 38 % of all.", "print(q)", "0.3848"),
        ("It is 38.5 % of all.", "assert q == approx(0.3848)", ""),
        ("A distance of 6,114 was found.", "print(d)", "6114.2"),
        ("It fell by 293.", "print(d)", "-293.4"),
        ("The sum is −0.038.", "print(d)", "-0.0379"),
        ("Five of them are planted.", "assert found == 5", ""),
        ("About a third is undone.", "print(f'{share:.0%}')", "33%"),
        ("It is one in four.", "assert round(share, 2) == 0.25", ""),
        ("It is four times as large.", "assert round(a / b) == 4", ""),
        ("About 60 points are needed.", "assert needed == 58.7", ""),
        ("2.1 million jobs.", "print(jobs)", "2134000"),
        ("With 400 draws it is so.", "look(draws=400)", ""),
        ("By Hoover, steel has 0.627.", "table", "        hoover    raw\nsteel    0.627  0.131"),
        ("See section 4 and Region 11, `f(0.3)`, $x^2 = 16$ (Hoover, 1936).", "look()", ""),
    ],
)
def test_what_is_held(tmp_path, words, code, output):
    assert synthetic(tmp_path, TITLE, ("markdown", words), ("code", code, output)) == []


@pytest.mark.parametrize(
    ("words", "code", "output", "orphan"),
    [
        ("It is 0.39.", "assert round(q, 2) == 0.38", "", "0.39"),
        ("It is 39 % of all.", "print(q)", "0.3848", "39 %"),
        ("It is 0.385.", "print(q)", "0.38", "0.385"),
        ("It rose to +293.", "print(d)", "-293", "+293"),
        ("Six of them are planted.", "assert found == 5", "", "Six"),
        ("A fifth is undone.", "assert round(share, 2) == 0.33", "", "A fifth"),
        ("It is three times as large.", "assert round(a / b) == 4", "", "three"),
        ("About 6,400 were found.", "assert found == 6114", "", "6,400"),
        (
            "By Gini, glass has 0.627.",
            "table",
            "        hoover    raw\nsteel    0.627  0.131",
            "0.627",
        ),
        ("The lesson says 14.", "print('The lesson says 14.')", "The lesson says 14.", "14"),
        ("It is 8.", "exercises.check('How many?', 8)", "", "8"),
    ],
)
def test_what_is_not_held(tmp_path, words, code, output, orphan):
    assert orphan in synthetic(tmp_path, TITLE, ("markdown", words), ("code", code, output))


def test_a_number_right_only_in_another_section_is_not_held(tmp_path):
    far = [
        ("markdown", "## Another"),
        ("code", "look()", ""),
        ("code", "look()", ""),
        ("code", "look()", ""),
        ("markdown", "It is 38 %."),
    ]
    asserted = ("code", "assert round(q, 2) == 0.38", "")
    assert synthetic(tmp_path, TITLE, asserted, *far) == ["38 %"]
    assert synthetic(tmp_path, TITLE, *far, asserted) == []


def test_texts_of_figures_and_questions_are_read(tmp_path):
    figure = "style.show(ax, f'It is {q:.2f}, not 0.71, for {n} of 12.')"
    assert synthetic(tmp_path, TITLE, ("code", figure, "It is 0.38, not 0.71, for 3 of 12.")) == [
        "0.71",
        "12",
    ]
    question = (
        "exercises.check('Of 37?', 0.46, choices=[0.1], hints={0.9: 'Not 15.'}, why='17 of 37.')"
    )
    found = synthetic(tmp_path, TITLE, ("code", question, "Of 37?"))
    assert found == ["37", "0.46", "17", "37", "15"]


def test_a_wrong_number_in_a_real_lesson_is_found(tmp_path):
    path = prose.ROOT / "notebooks" / "03_agglomeration" / "2_which_one_number.ipynb"
    text = path.read_text(encoding="utf-8")
    wrong = tmp_path / path.name
    wrong.write_text(text.replace("information 0.116", "information 0.161"), encoding="utf-8")
    outputs = notebook_outputs.of(path)
    assert "0.161" in [n.said for n in prose.orphans(prose.Notebook(wrong, outputs))]
    assert "0.116" not in [n.said for n in prose.orphans(prose.Notebook(path, outputs))]
