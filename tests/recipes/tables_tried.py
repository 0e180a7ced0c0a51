"""Recipes on tables that readers might have: what has to be changed for each, and where it stops.

A case is a recipe, a table and what a reader types into the first cell. Most of it is what the
table is like (facts): those edits the first cell tells, and no other may be needed. The rest is what
the reader would like (`WISHES`); a recipe has to run without it.

``python -m tests.recipes [recipe …]`` prints recipes by tables: edits told and needed, seconds,
stops, and what a recipe says where one edit is left out and it does not stop.
"""

import ast
import difflib
import itertools
import json
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.recipes import running

#: Settings that say what the reader would like, not what the table is like: of any recipe …
WISHES = {"chosen", "threshold", "minimum", "saved", "page", "title", "map_file", "numbers_file"}
WISHES |= {"simulations", "maximum", "bandwidth", "replicates", "seed", "across", "up", "values"}
WISHES |= {"fixed", "start", "end", "target", "weights", "missing", "core", "groups", "years"}
WISHES |= {"travellers", "lasting", "fading", "index"}

#: … and of one.
ITS_WISHES = {
    "balance_of_your_linkages": {"place"},
    "classify_your_district": {"place"},
    "define_your_clusters": {"letters"},
    "inequality_of_your_regions": {"classes"},
    "score_your_diamond": {"scale"},  # it guards against values that cannot be, and changes none
}

#: How many code cells read the table and show the first that is computed from it.
READING = {
    "audit_your_initiative": 4,
    "balance_of_your_linkages": 5,
    "classify_your_district": 5,
    "compare_two_years": 3,
    "define_your_clusters": 3,
    "draw_your_map": 3,
    "estimate_transitions": 5,
    "inequality_of_your_regions": 5,
    "map_industry_distance": 4,
    "measure_concentration": 4,
    "measure_official_files": 8,
    "profile_your_network": 4,
    "score_your_diamond": 4,
    "sweep_a_model": 4,
    "what_could_my_region_do_next": 3,
}

#: Settings of which more cells have to be run before they are seen.
LATER = {("estimate_transitions", "group"): 7}

#: Recipes for which no real table is there, or not as the office publishes it, and why.
LACKING = {
    "audit_your_initiative": "nobody's answers to its questions are among the real tables; "
    "constructed forms are in test_constructed_panels",
    "measure_official_files": "no real file has the office's size classes: employment and "
    "establishments are real, the size of each plant is constructed",
}

#: Words of the examples that must not stand in what is shown of a reader's table.
FOREIGN = {
    "measure_concentration": ("manufacturing", "sector"),
    "compare_two_years": ("jobs", "design", "assembly"),
    "map_industry_distance": ("machine tools", "x_km"),
    "what_could_my_region_do_next": ("region 12", "jobs"),
    "define_your_clusters": ("jobs", "wine"),
    "inequality_of_your_regions": ("west", "east"),
    "balance_of_your_linkages": ("Fermo", "maker 1"),
    "estimate_transitions": ("Marshallian",),
    "draw_your_map": ("manufacturing", "sector"),
}


@dataclass(frozen=True)
class Case:
    """A recipe on a table: what a reader types into the first cell, and words that must be shown.

    ``{data}`` in a setting stands for the folder of real tables, ``{here}`` for that of the test.
    """

    recipe: str
    table: str
    settings: dict[str, str]
    says: tuple[str, ...] = ()
    writes: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return f"{self.recipe}: {self.table}"

    def placed(self, **folders: Path) -> "Case":
        """Return the case with the paths of its files."""
        settings = dict(self.settings)
        for name, (of, folder) in itertools.product(settings, folders.items()):
            settings[name] = settings[name].replace("{" + of + "}", str(folder))
        return Case(self.recipe, self.table, settings, self.says, self.writes)

    def facts(self) -> dict[str, str]:
        """Return the edits that the table asks for: a column called as in the example needs none."""
        had, wishes = stored(self.recipe), WISHES | ITS_WISHES.get(self.recipe, set())
        codes = {
            name: ast.unparse(ast.parse(code, mode="eval")) for name, code in self.settings.items()
        }
        return {
            name: code
            for name, code in codes.items()
            if name not in wishes and code != had.get(name)
        }


def told(recipe: str) -> dict[str, str]:
    """Return the names the first cell sets, each *yours* (at least one of them) or *if*."""
    cells = json.loads((running.FOLDER / f"{recipe}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "".join(cells[0]["source"])
    sentence = re.search(r"\*\*Change\*\*(.+?) in the next cell", text)
    always = re.findall(r"`(\w+)`", sentence[1]) if sentence else []
    found = dict.fromkeys(always, "yours")
    for line in running.cells(recipe)[0].splitlines():
        if line.endswith("leave it") or not (match := re.fullmatch(r"(\w+) = .*?  # (.+)", line)):
            continue
        mark = re.match(r"(?:or |only )?(yours|if|with)\b", match[2])
        if mark:
            found.setdefault(match[1], "yours" if mark[1] == "yours" else "if")
    return found


def stored(recipe: str) -> dict[str, str]:
    """Return the settings of a recipe's first cell as they are stored."""
    cells = ast.parse(running.cells(recipe)[0]).body
    assigned = [each for each in cells if isinstance(each, ast.Assign)]
    return {each.targets[0].id: ast.unparse(each.value) for each in assigned}


def is_example(names: dict) -> bool:
    """Return whether a recipe takes its table, or one of two, for its example's."""
    example = names["example"]
    return all(example.values()) if isinstance(example, dict) else example


def judged(case: Case, folder: Path) -> str:
    """Assert that a case is as told, runs to its end and speaks of the reader's table."""
    marks = told(case.recipe)
    assert {*case.settings} <= {*marks}, "an edit that the first cell does not tell"
    assert {*marks} <= {*stored(case.recipe)}, "an edit that is told and not there"
    assert "yours" in {marks[name] for name in case.settings}, "the recipe ran on its example"
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    shown = running.run(case.recipe, folder, **case.settings)
    after = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert {path.name for path in after.keys() - before.keys()} == case.writes
    assert {path: after[path] for path in before} == before, "a reader's file was changed"
    assert not is_example(shown.names), "the example's numbers were asserted of another table"
    said = " ".join(shown.words.split())
    for words in case.says:
        assert words in said, words
    for words in FOREIGN.get(case.recipe, ()):
        assert not re.search(rf"\b{words}\b", shown.words), words
    return shown.words


def _said(case: Case, settings: dict[str, str], folder: Path) -> str | None:
    """Return what the first cells say, or None where they stop or stay with the example."""
    later = [LATER.get((case.recipe, name), 0) for name in case.facts()]
    try:
        shown = running.run(
            case.recipe, folder, first=max([READING[case.recipe], *later]), **settings
        )
    except running.Stopped:
        return None
    words = None if is_example(shown.names) else re.sub(r"0x[0-9a-f]+", "", shown.words)
    for made in shown.names.values():
        if isinstance(made, tempfile.TemporaryDirectory):
            made.cleanup()
    shown.names.clear()  # shells are kept to the end of the program
    return words


def without(case: Case, folder: Path) -> dict[str, str]:
    """Return each edit that the table asks for, with what is said where it is left out.

    ``"stops"``, the first line that is said instead and so is not true of the table, or ``"says
    less"``; an edit without which nothing differs was not needed and has no entry.
    """
    facts, found = case.facts(), {}
    whole = _said(case, facts, folder)
    assert whole is not None, f"{case} needs more than its facts"
    for name in facts:
        less = {other: code for other, code in facts.items() if other != name}
        words = _said(case, less, folder) if less else None
        if words is None:
            found[name] = "stops"
        elif words != whole:
            lines = [*difflib.ndiff(whole.splitlines(), words.splitlines())]
            said = [line[2:] for line in lines if line.startswith("+ ")]
            found[name] = said[0] if said else "says less"
    return found


def fewest(case: Case, folder: Path) -> int:
    """Return how many edits the smallest change has with which a recipe says the same.

    Two edits are left out together, where leaving out one of them is seen to matter already: one
    may undo the other. More than two would have to undo each other in a ring.
    """
    facts = case.facts()
    whole = _said(case, facts, folder)
    for left in itertools.combinations(facts, 2):
        less = {name: code for name, code in facts.items() if name not in left}
        if less and _said(case, less, folder) == whole:
            return len(less)
    return len(without(case, folder))


def rows(cases: list[Case], folder: Path) -> Iterator[list[str]]:
    """Yield for each case: edits told and needed, seconds, stops, and what is said without."""
    for case in cases:
        start, stop, least, said = time.perf_counter(), "none", "-", ""
        try:
            judged(case, folder)
        except (running.Stopped, AssertionError) as error:
            stop = str(error)[:160]
        seconds = f"{time.perf_counter() - start:.1f}"
        if stop == "none":
            least = str(fewest(case, folder))
            left = without(case, folder)
            said = "; ".join(f"{k}: {v.strip()[:60]}" for k, v in left.items() if v != "stops")
        facts = len(case.facts())
        yield [case.recipe, case.table, str(facts), least, seconds, stop, said]


def main(cases: list[Case], folder: Path) -> None:
    """Print the table of recipes by tables."""
    head = ["recipe", "table", "edits told", "needed", "seconds", "stops", "said without"]
    print(f"| {' | '.join(head)} |\n|" + " --- |" * len(head))
    for row in rows(sorted(cases, key=str), folder):
        print(f"| {' | '.join(row)} |", flush=True)
