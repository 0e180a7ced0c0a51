"""No unit is harder to read than the hardest one was when this was measured."""

import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site"))

import reading_level  # noqa: E402

#: Grades: a unit, and the mean of the units.
HARDEST, MEAN = 8, 6.5


def cell(text, *tags):
    return nbformat.v4.new_markdown_cell(text, metadata={"tags": list(tags)})


def test_prose_is_what_a_reader_reads_in_sentences():
    text = (
        '# A long title of a unit\n\nIt is `lq(x)`, e.g. $\\frac{a}{b}$. "Is it so?" It [is so](x).'
    )
    table = "| a b c d | e |\n| --- | --- |\n| f g h i | j |\n\n- An item of the list\n- Another one here"
    code = nbformat.v4.new_code_cell("a = 'A sentence in code.'")
    last = cell("## References\n\nA. Author (2001). A title of three words.")
    notebook = nbformat.v4.new_notebook(
        cells=[cell(text), cell(table), code, cell("Ask the room first.", "instructor"), last]
    )
    assert [*reading_level.sentences(notebook)] == [
        "It is x, eg x.",
        '"Is it so?',
        "It is so.",
        "An item of the list",
        "Another one here",
    ]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("table", 2),
        ("whole", 1),
        ("makes", 1),
        ("counted", 2),
        ("reached", 1),
        ("region", 2),
        ("industrial", 4),
        ("agglomeration", 5),
        ("specialise", 3),
        ("employment", 3),
        ("firm's", 1),
        ("0.25", 1),
    ],
)
def test_syllables_are_counted_by_groups_of_vowels(word, count):
    assert reading_level.syllables(word) == count


def test_the_grade_is_the_published_formula():
    """Ten words of ten syllables in one sentence."""
    assert reading_level.grade(["The cat sat on the mat with its red hat."]) == pytest.approx(0.11)


def test_no_unit_has_become_hard_to_read():
    grades = {
        path.stem: reading_level.grade(reading_level.sentences(nbformat.read(path, as_version=4)))
        for path in reading_level.units()
    }
    assert {name: level for name, level in grades.items() if level > HARDEST} == {}
    assert sum(grades.values()) / len(grades) < MEAN
