"""Run a recipe on a reader's table: change its first cell, and nothing else.

``run(name, file='"my.csv"')`` is what a reader does who opens ``notebooks/recipes/name.ipynb``,
replaces the value of ``file`` in the first code cell, and chooses *Run All*. The number of settings
given is the number of edits that reader makes.
"""

import ast
import contextlib
import json
import os
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

FOLDER = Path(__file__).parents[2] / "notebooks" / "recipes"


class Stopped(Exception):
    """A cell of a recipe did not run to its end; says which, and why."""


def cells(name: str) -> list[str]:
    """Return the code cells of a recipe."""
    cells = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def changed(cell: str, settings: dict[str, str]) -> str:
    """Return the first cell with the values of some names replaced by other code."""
    tree, left = ast.parse(cell), dict(settings)
    for each in tree.body:
        target = each.targets[0] if isinstance(each, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id in left:
            each.value = ast.parse(left.pop(target.id), mode="eval").body
    if left:
        raise Stopped(f"the first cell sets no {', '.join(left)}")
    return ast.unparse(ast.fix_missing_locations(tree))


def run(
    name: str, folder: Path | None = None, *, first: int | None = None, **settings: str
) -> SimpleNamespace:
    """Run the cells of a recipe, its first one changed, in a folder; return names, words, shown.

    A value among the settings is the code a reader types. What is shown is kept: the last
    expression of each cell, what it displays or prints, and the words on its axes. With ``first``
    only so many cells are run.
    """
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config

    codes = cells(name)[:first]
    codes[0] = changed(codes[0], settings) if settings else codes[0]
    alone = Config(HistoryManager={"enabled": False})  # else each writes on in a thread of its own
    shell = InteractiveShell(config=alone)  # so that nothing is left for the next recipe
    shell.colors = "nocolor"
    shown, drawn = [], []
    with (
        contextlib.chdir(folder or FOLDER),
        mock.patch.dict(os.environ, {"MPLBACKEND": "agg"}),
        capture_output() as captured,
    ):
        for number, code in enumerate(codes):
            result = shell.run_cell(code)
            fault = result.error_before_exec or result.error_in_exec
            if fault is not None:
                raise Stopped(
                    f"{name}, code cell {number}: {type(fault).__name__}: {fault}"
                ) from fault
            shown.append(result.result)
            if (ax := shell.user_ns.get("ax")) is not None:
                drawn += [ax.get_title(), ax.get_xlabel(), ax.get_ylabel()]
    plt.close("all")
    words = captured.stdout + "\n".join([*map(repr, [*captured.outputs, *shown]), *drawn])
    return SimpleNamespace(names=shell.user_ns, words=words, shown=shown)
