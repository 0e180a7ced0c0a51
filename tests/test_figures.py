"""The numbers that a unit puts out are those kept in ``tests/figures``, line by line.

A change of the library or of a table that moves a number of a unit shows as a difference of these
files, also where no cell of the unit asserts it. They are written anew with
``python tests/test_figures.py``; a number may differ by 1 in 1,000, as between platforms.
"""

import re
from pathlib import Path

import notebook_outputs
import pytest

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(__file__).parent / "figures"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*/*.ipynb"))
NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")
WITHIN = 1e-3


def figures(path):
    """Return the lines with numbers that a unit's cells put out, less what questions ask."""
    found = {}
    for number, cell in enumerate(notebook_outputs.of(path)):
        for line in "\n".join(cell["text"]).splitlines():
            told = " ".join(line.split())
            if NUMBER.search(told) and not told.startswith("( )") and not told.endswith("?"):
                found[f"{number}: {told}"] = None  # a widget's sentence is put out once
    return list(found)


def file_of(path):
    """Return where the figures of a unit are kept: 03_agglomeration-1.txt."""
    return KEPT / f"{path.parent.name}-{path.stem.partition('_')[0]}.txt"


def differences(kept, now):
    """Return each line that is another, or whose numbers differ by more than `WITHIN`."""
    if len(kept) != len(now):
        gone, new = sorted({*kept} - {*now}), sorted({*now} - {*kept})
        return [f"- {line}" for line in gone] + [f"+ {line}" for line in new]
    return [
        line
        for before, after in zip(kept, now, strict=True)
        if not _same(before, after)
        for line in (f"- {before}", f"+ {after}")
    ]


def _same(before, after):
    if NUMBER.sub("#", before) != NUMBER.sub("#", after):
        return False
    pairs = zip(_numbers(before), _numbers(after), strict=True)
    return all(abs(a - b) <= WITHIN * max(abs(a), abs(b)) for a, b in pairs)


def _numbers(line):
    return [float(n.replace(",", "").replace("−", "-")) for n in NUMBER.findall(line)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=notebook_outputs.name)
def test_the_figures_of_a_unit_are_those_kept(path):
    kept = file_of(path).read_text(encoding="utf-8").splitlines()
    found = differences(kept, figures(path))
    assert not found, "\n".join([*found, "if it is meant: python tests/test_figures.py"])


def test_no_file_is_left_over():
    assert {*KEPT.iterdir()} == {file_of(path) for path in NOTEBOOKS}


@pytest.mark.parametrize(
    ("now", "differ"),
    [
        ("3: Gini 0.3321, of 1,200 jobs", 0),
        ("3: Gini 0.3322, of 1,200 jobs", 0),
        ("3: Gini 0.34, of 1,200 jobs", 2),
        ("3: Gini 0.332, of 1,210 jobs", 2),
        ("3: Gini −0.332, of 1,200 jobs", 2),
        ("3: Hoover 0.332, of 1,200 jobs", 2),
    ],
)
def test_what_differs_is_told(now, differ):
    assert len(differences(["3: Gini 0.332, of 1,200 jobs"], [now])) == differ
    assert differences(["1: a 1"], ["1: a 1", "2: b 2"]) == ["+ 2: b 2"]


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for old in KEPT.iterdir():
        old.unlink()
    for path in NOTEBOOKS:
        file_of(path).write_text("\n".join(figures(path)) + "\n", encoding="utf-8")
