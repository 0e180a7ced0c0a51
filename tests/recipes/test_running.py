"""Every recipe runs as it is stored, and a reader's change to its first cell is one."""

import pytest

from tests.recipes import running

NAMES = sorted(path.stem for path in running.FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_as_it_stands(name, tmp_path):
    running.run(name, tmp_path)
    assert not list(tmp_path.iterdir()), "a recipe writes no file unasked"


def test_what_the_first_cell_does_not_set_cannot_be_changed():
    with pytest.raises(running.Stopped, match="sets no nothing"):
        running.run("score_your_diamond", nothing="1")
