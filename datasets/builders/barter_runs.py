"""Build the constructed table of where bartering ends, for many shares of rewired ties.

Nothing here is observed: every row sums up twenty runs of ``clusterlab.linkages.barter`` with
seed 0, the only one tried; what a row does not name is the model's default (500 agents, 10
neighbours, 10 categories, 600 meetings a tie). All of it takes half an hour on one core; a test
makes the rows of SAMPLE anew.

Run ``python datasets/builders/barter_runs.py``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from clusterlab.linkages import barter

FOLDER = Path(__file__).resolve().parents[1]
ONE, SERIAL = "one in each category", "one at a time"
KINDS = [
    *(
        (who, equal, 0.1, SERIAL)
        for who in (ONE, "in random categories", "in every category", "none")
        for equal in (0.0, 0.01)
    ),
    (ONE, 0.0, 0.1, "in rounds"),
    (ONE, 0.0, 0.05, SERIAL),
    (ONE, 0.0, 0.2, SERIAL),
]
ROWS = [(*kind, p) for kind in KINDS for p in (0, 0.01, 0.03, 0.06, 0.09, 0.15, 0.3, 0.6, 1)]
SAMPLE = [("none", 0.01, 0.1, SERIAL, 1), ("in every category", 0.01, 0.1, SERIAL, 0)]
NAMES = ["experts", "tolerance", "absorption", "schedule", "rewiring"]


def build(settings: list[tuple]) -> pd.DataFrame:
    """Return a row for each setting."""
    rows = []
    for setting in settings:
        found = barter(**dict(zip(NAMES, setting, strict=True)))
        spread = found.runs["spread"]
        numbers = (found.level, found.standard_error, spread.mean(), spread.sem())
        rows.append([*setting, *(f"{number:.4f}" for number in numbers)])
    columns = [*NAMES, "level", "level_error", "spread", "spread_error"]
    return pd.DataFrame(rows, columns=columns)


def main(settings: list[tuple] = ROWS) -> None:
    """Write the table."""
    build(settings).to_csv(FOLDER / "barter_runs.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
