"""The contents of a course: its units, what leads to what, and how far the reader has come."""

import csv
import html
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import traitlets

from clusterlab import __version__
from clusterlab.views.still import VIEWS, Still, script

__all__ = ["contents"]


class Contents(Still):
    """The widget `contents` returns.

    What is still is the list of units itself, whose links work in every page; the live view stands
    above it, and marks in it what is done.
    """

    _esm = script("answers", "course")
    _css = (VIEWS / "course.css").read_text(encoding="utf-8")

    units: Any = traitlets.List().tag(sync=True)
    version = traitlets.Unicode(__version__).tag(sync=True)

    def _still(self) -> dict[str, str]:
        units = {unit["unit"]: unit for unit in self.units}
        parts = []
        for topic, names in groupby(units, _topic):
            parts.append(f"<section><h3>{topic}</h3>{_listed([*names], units)}</section>")
        listed = f'<div class="clusterlab-contents">{"".join(parts)}</div>'
        return {
            "text/html": f'<style>{self._css}</style><div class="{self.mark}">{listed}</div>',
            "text/plain": "\n".join(f"{_topic(name)}: {units[name]['title']}" for name in units),
        }


def _topic(name: str) -> str:
    return name.partition("/")[0].replace("_", " ")


def _link(unit: dict) -> str:
    return f'<a href="{unit["unit"]}.ipynb">{html.escape(unit["title"])}</a>'


def _listed(names: Sequence[str], units: Mapping[str, dict], after: str = "") -> str:
    """Return the units of a topic that build on one of them, or on none, and what follows each."""
    lines = []
    for name in names:
        unit = units[name]
        # of several, the last stands nearest before it: the others lead there
        if next((each for each in reversed(unit["needs"]) if each in names), "") != after:
            continue
        first = ", ".join(_link(units[each]) for each in unit["needs"])
        lines.append(
            f'<li><div data-unit="{name}">{_link(unit)}'
            f"<p>{html.escape(unit['question'])}</p><small>{unit['minutes']} minutes. "
            f"Know first: {first or html.escape(unit['know_first'])}.</small></div>"
            f"{_listed(names, units, name)}</li>"
        )
    # a list without marks is none to some readers, unless it is called one
    return f'<ul role="list">{"".join(lines)}</ul>' if lines else ""


def contents(folder: str | Path = ".") -> Contents:
    """List the units of the course, and mark those whose questions are answered.

    Answers are kept by the reader's browser and nowhere else. Two buttons save them as a file, to
    be handed in, and forget them.

    Parameters
    ----------
    folder : str or Path
        Where ``units.csv`` and ``questions.csv`` stand, and the units below it.

    Returns
    -------
    Contents
        The list, and what is done.

    See Also
    --------
    clusterlab.exercises.check : a question whose answer is kept.
    """
    tables = []
    for name in ("units", "questions"):
        with (Path(folder) / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables.append([*csv.DictReader(file)])
    units, asked = tables
    return Contents(
        units=[
            unit
            | {
                "needs": [name for name in unit["needs"].split("; ") if name],
                "questions": [each["question"] for each in asked if each["unit"] == unit["unit"]],
            }
            for unit in units
        ]
    )
