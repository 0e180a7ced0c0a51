"""Every recipe runs as it is stored, and a reader's change to its first cell is one."""

import re
from collections import Counter

import pytest

from tests.recipes import running, test_official_files, test_panels, test_tables
from tests.recipes.tables_tried import LACKING, stored, told

NAMES = sorted(path.stem for path in running.FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_as_it_stands(name, tmp_path):
    running.run(name, tmp_path)
    assert not list(tmp_path.iterdir()), "a recipe writes no file unasked"


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_says_when_to_change_it(name):
    marks = told(name)
    assert "yours" in marks.values()
    assert {*stored(name)} - {*marks} <= {"example"}
    assert {*marks} <= {*stored(name)}


def test_each_recipe_is_tried_on_four_real_tables_or_says_why_not():
    cases = test_tables.CASES + test_panels.CASES
    tried = Counter(case.recipe for case in cases)
    tried[test_official_files.NAME] = len(test_official_files.REAL)
    assert {name for name in NAMES if tried[name] < 4} <= {*LACKING}
    named = [str(case.settings) for case in cases]
    files = {file for text in named for file in re.findall(r"{data}/([\w/.]+)", text)}
    assert len(files) >= 12


def test_what_the_first_cell_does_not_set_cannot_be_changed():
    with pytest.raises(running.Stopped, match="sets no nothing"):
        running.run("score_your_diamond", nothing="1")
