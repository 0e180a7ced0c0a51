"""Every exercise of the course answers its reader (`answering`), in the kernel that ran its unit."""

import re
from pathlib import Path

import notebook_outputs
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(path for path in FOLDER.rglob("*.ipynb") if path.parent.name != "recipes")
ASKS = re.compile(r"^[^#\n]*\bexercises\.(?:check|predict|judge)\(", re.MULTILINE)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=notebook_outputs.name)
def test_every_exercise_answers_its_reader(path):
    asked, faults = notebook_outputs.answered(path)
    assert faults == []
    cells = ["".join(cell["source"]) for cell in notebook_outputs.code_cells(path)]
    assert asked >= len(ASKS.findall("\n".join(cells)))
