"""Recipes on tables that readers might have: what is changed, how long it takes, where it stops.

A trial is a recipe, a table and the settings a reader types. What the recipe tells its reader to
change is read from the recipe: the first cell of text says ``**Change** `a`, `b` ...``, and the
comment of a setting that most tables do not need begins with "only if".
"""

import ast
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

from tests.recipes import running


@dataclass(frozen=True)
class Trial:
    """A recipe on a table, the settings as code, and words that must stand in what is shown."""

    recipe: str
    table: str
    settings: dict[str, str]
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.recipe}-{self.table}"


def always(recipe: str) -> list[str]:
    """Return the settings that every reader is told to change."""
    cells = json.loads((running.FOLDER / f"{recipe}.ipynb").read_text(encoding="utf-8"))["cells"]
    sentence = re.search(r"\*\*Change\*\*(.+?) in the next cell", "".join(cells[0]["source"]))
    return re.findall(r"`(\w+)`", sentence[1])


def sometimes(recipe: str) -> list[str]:
    """Return the settings that are told to be changed only if something holds."""
    lines = running.cells(recipe)[0].splitlines()
    told = [line.partition(" = ")[0] for line in lines if re.search(r"# only (if|with) ", line)]
    return [name for names in told for name in names.split(", ")]


def stored(recipe: str) -> dict[str, str]:
    """Return the settings of a recipe's first cell as they are stored."""
    cells = ast.parse(running.cells(recipe)[0]).body
    return {each.targets[0].id: ast.unparse(each.value) for each in cells}


def edited(recipe: str, settings: dict[str, str]) -> dict[str, str]:
    """Return the settings that are an edit: a column called as in the example needs none."""
    had = stored(recipe)
    codes = {name: ast.unparse(ast.parse(code, mode="eval")) for name, code in settings.items()}
    return {name: code for name, code in codes.items() if code != had.get(name)}


def wrong_edits(trial: Trial) -> list[str]:
    """Return what a trial changes without being told, and what is told and not there."""
    told = {*always(trial.recipe), *sometimes(trial.recipe)}
    found = [f"{name} is changed, but nobody tells" for name in trial.settings if name not in told]
    return found + [f"no {name} to change" for name in told if name not in stored(trial.recipe)]


def tried(trial: Trial, folder: Path) -> tuple[float, object]:
    """Run a trial in a folder; return the seconds, and what was shown."""
    start = time.perf_counter()
    found = running.run(trial.recipe, folder, **trial.settings)
    return time.perf_counter() - start, found


def judged(trial: Trial, folder: Path) -> None:
    """Assert that a trial is as told, goes through to the end, and speaks of the reader's table."""
    assert wrong_edits(trial) == []
    _, found = tried(trial, folder)
    assert found.names["example"] is False
    for words in trial.words:
        assert words in found.words, words
    for words in FOREIGN.get(trial.recipe, ()):
        assert not re.search(rf"\b{words}\b", found.words), words


#: Words of the examples that must not stand in what is shown of a reader's table.
FOREIGN = {
    "measure_concentration": ("manufacturing", "sector"),
    "compare_two_years": ("jobs", "design", "assembly"),
    "map_industry_distance": ("machine tools", "x_km"),
    "what_could_my_region_do_next": ("region 12", "jobs"),
    "define_your_clusters": ("jobs", "wine"),
    "inequality_of_your_regions": ("west", "east"),
    "balance_of_your_linkages": ("Fermo", "maker 1"),
}


def main(trials: list[Trial], folder: Path) -> None:
    """Print each trial's edits told and made, its seconds, and where it stops."""
    print(f"{'recipe':30} {'table':34} {'edits':>5} {'seconds':>8}  stop")
    for trial in trials:
        edits, stop, seconds = len(trial.settings), "", 0.0
        try:
            seconds, _ = tried(trial, folder)
        except running.Stopped as error:
            stop = str(error)[:160]
        wrong = "; ".join(wrong_edits(trial))
        row = f"{trial.recipe:30} {trial.table:34} {edits:5} {seconds:8.1f}"
        print(f"{row}  {stop or wrong or '-'}", flush=True)
