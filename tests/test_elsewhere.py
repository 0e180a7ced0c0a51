"""The library where things are not as at home: no folder to write to, strange modules, strange paths."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: Modules of the library are often named as somebody's own files are.
OURS = [path.stem for path in (ROOT / "clusterlab").glob("*.py") if path.stem[0] != "_"]
USED = """
import sys
from clusterlab import agglomeration, command_line, datasets, diamond, networks, tables
assert command_line.main(["copy", "score_your_diamond", sys.argv[1]]) == 0
jobs = datasets.load("us_state_employment")
widget = diamond.widgets.motion()
assert widget.drawing and widget.sentence and not widget.problem
assert networks.widgets.network(networks.generate("captive")).picture
print("well", datasets.__file__)
"""


def well(folder: Path, **environment: str) -> None:
    """Use the library in a process of its own, in a folder, with another environment."""
    known = {k: v for k, v in os.environ.items() if k[:4] not in ("XDG_", "MPLC", "JUPY", "IPYT")}
    paths = [environment.pop("PYTHONPATH", ""), str(ROOT)]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    done = subprocess.run(
        [sys.executable, "-c", USED, "a copy"],
        cwd=folder,
        env=known | environment,
        text=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"well {ROOT / 'clusterlab' / 'datasets.py'}\n")
    assert (folder / "a copy" / "score_your_diamond.ipynb").exists()


def test_a_home_that_cannot_be_written_to(tmp_path):
    """The way of a home on a disk that is full, or of a user without one; root may write anywhere."""
    (tmp_path / "no folder").write_text("")
    well(tmp_path, HOME=str(tmp_path / "no folder" / "home"))


@pytest.mark.parametrize("where", ["PYTHONPATH", "folder"])
def test_modules_of_others_with_the_names_of_ours(tmp_path, where):
    folder = tmp_path / "Ordner für Übungen"
    folder.mkdir()
    for name in OURS:
        (folder / f"{name}.py").write_text(f"raise ImportError('this is not our {name}')")
    if where == "folder":
        well(folder)
    else:
        well(tmp_path, PYTHONPATH=str(folder))
