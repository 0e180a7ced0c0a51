"""What a recipe's first cell tells a reader to change, and a table of recipes run on tables.

Each line of the first cell sets one name, and its comment begins with *yours* (to be changed for any
table; where there are several, at least one of them) or with *if* (to be changed where that is so).
"""

import re
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from tests.recipes import running


class Case(NamedTuple):
    """A recipe on a table: what a reader types into the first cell, and words that must be shown.

    ``{data}`` in a setting stands for the folder of real tables, ``{here}`` for that of the test.
    """

    recipe: str
    table: str
    settings: dict[str, str]
    says: tuple[str, ...] = ()


def told(recipe: str) -> dict[str, str]:
    """Return the names that the first cell sets, each with the first word of its comment."""
    found = {}
    for line in running.cells(recipe)[0].splitlines():
        if line and not line.startswith("import "):
            name, comment = re.fullmatch(r"(\w+) = .*?  # (.+)", line).groups()
            found[name] = comment.removeprefix("or ").split()[0].strip(":,")
    assert {*found.values()} <= {"yours", "if"}, found
    return found


def run(case: Case, **folders: Any) -> str:
    """Run a case to its end; return all that it shows, and the names of files it wrote."""
    settings = {name: _filled(code, folders) for name, code in case.settings.items()}
    marks = told(case.recipe)
    assert {*settings} <= {*marks}, "an edit that the first cell does not tell"
    assert "yours" in {marks[name] for name in settings}, "the recipe ran on its example"
    shown = running.run(case.recipe, folders["here"], **settings)
    assert not shown.names["example"], "the example's numbers were asserted of another table"
    for words in case.says:
        assert words in shown.words, words
    written = sorted(path.name for path in folders["here"].iterdir())
    return re.sub(r"0x[0-9a-f]+", "", shown.words) + " ".join(written)


def _filled(code: str, folders: dict[str, Any]) -> str:
    for name, folder in folders.items():
        code = code.replace("{" + name + "}", str(folder))
    return code


def needed(case: Case, shown: str, **folders: Any) -> int:
    """Return how many of a case's edits matter: without it a recipe stops or shows other things."""
    count = 0
    for name in case.settings:
        less = {other: code for other, code in case.settings.items() if other != name}
        try:
            with tempfile.TemporaryDirectory() as here:
                alone = folders | {"here": Path(here)}
                count += run(case._replace(settings=less, says=()), **alone) != shown
        except (running.Stopped, AssertionError):
            count += 1
    return count


def table(cases: list[Case], *, need: bool = False, **folders: Any) -> None:
    """Print recipes x tables: edits told, edits needed (if asked for), seconds, stops."""
    print("| recipe | table | edits told | edits needed | seconds | stops |\n|" + " --- |" * 6)
    for case in cases:
        start, stop, other = time.perf_counter(), "none", "not asked"
        try:
            with tempfile.TemporaryDirectory() as here:
                shown = run(case, **folders, here=Path(here))
        except (running.Stopped, AssertionError) as error:
            shown, stop = "", str(error)
        seconds = time.perf_counter() - start
        if need and shown:
            other = str(needed(case, shown, **folders))
        edits = f"{len(case.settings)} | {other}"
        print(f"| {case.recipe} | {case.table} | {edits} | {seconds:.1f} | {stop} |", flush=True)
