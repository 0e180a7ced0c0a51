"""Build the constructed answers of three made-up cluster initiatives to the questions of an audit.

Nothing here is observed, and each initiative has a planted truth. In Northport one mark is weak.
In Eastvale two are, equally; it is the initiative of a single cluster, and nobody answers what is
asked about all clusters. In Southbay all nine marks are the same. Of each there are 24 respondents,
more or less severe, and four in a hundred answers are missing.

Run ``python datasets/builders/initiative_answers.py``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from clusterlab import datasets

FOLDER = Path(__file__).resolve().parents[1]
RESPONDENTS, SEVERITY, NOISE, MISSING, SEED = 24, 0.4, 0.8, 0.04, 11
#: Planted opinion of an initiative, from 0 to 4, and of the marks in which it differs.
PLANTED = {
    "Northport": (2.8, {"lasting institutions": 1.6}),
    "Eastvale": (2.6, {"private lead": 1.8, "fitting boundaries": 1.8}),
    "Southbay": (2.4, {}),
}
NOT_ASKED = {"Eastvale": "room for all clusters"}


def build() -> pd.DataFrame:
    """Return a row for each initiative, respondent and question."""
    rng = np.random.default_rng(SEED)
    questions = datasets.load("initiative_questions")
    rows = []
    for initiative, (usual, others) in PLANTED.items():
        opinion = questions["mark"].map(others).fillna(usual).to_numpy()
        severity = rng.normal(0, SEVERITY, RESPONDENTS)[:, None]
        noise = rng.normal(0, NOISE, (RESPONDENTS, len(questions)))
        answers = np.clip(np.rint(opinion + severity + noise), 0, 4) + 0.0  # no -0
        answers[rng.random(answers.shape) < MISSING] = np.nan
        answers[:, questions["mark"] == NOT_ASKED.get(initiative)] = np.nan
        for number, given in enumerate(answers, start=1):
            rows += [
                (initiative, f"person {number:02d}", *each)
                for each in zip(questions["question"], given, opinion, strict=True)
            ]
    return pd.DataFrame(rows, columns=["initiative", "respondent", "question", "answer", "planted"])


def main() -> None:
    """Write the table."""
    path = FOLDER / "initiative_answers.csv"
    build().to_csv(path, index=False, lineterminator="\n", float_format="%g")


if __name__ == "__main__":
    main()
