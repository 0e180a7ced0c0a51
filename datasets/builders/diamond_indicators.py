"""Build the constructed table of diamond indicators and the table of its planted truth.

Nothing here is observed. Forty places are rated on twenty indicators from 1 to 7, five for each
facet of the diamond, so that scores and their uncertainty can be tried where the answer is known.

The places
    ordinary    30 places. All four facets follow one level, drawn from a normal distribution with
                mean 4 and standard deviation 0.9, each facet off by a draw with standard deviation
                0.25. Among these places four facets are nearly one number.
    lopsided    8 places, two for each facet: levels as above, but one facet lies 2 points lower
                and the other three 2/3 higher, so that the mean facet is the level.
    even twin, peaked twin
                2 places of the same level, 4.2. The even twin has all facets there; the peaked
                twin has two facets 1.8 above and two 1.8 below. An arithmetic mean cannot tell
                them apart, any other mean can.

The indicators
    Rating = facet + noise with standard deviation 0.4, to one decimal, kept within 1 and 7. The
    last indicator of rivalry, the burden of entry rules, runs the other way: it is 8 minus that.

The seed
    One plain number, 1990 (the year of The Competitive Advantage of Nations), the only one tried.

Run ``python datasets/builders/diamond_indicators.py``: both tables are written next to the folder
of this file. The same numpy gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 1990
FOLDER = Path(__file__).resolve().parents[1]
FACETS = {
    "factor conditions": [
        "transport infrastructure",
        "trained specialists",
        "local research",
        "access to capital",
        "economic information",
    ],
    "demand conditions": [
        "buyer sophistication",
        "demanding business customers",
        "early adoption",
        "product standards",
        "advanced public purchasing",
    ],
    "related and supporting industries": [
        "number of local suppliers",
        "quality of local suppliers",
        "related industries",
        "specialised services",
        "links with universities",
    ],
    "strategy and rivalry": [
        "intensity of rivalry",
        "variety of strategies",
        "incentives to invest",
        "protection of ideas",
        "burden of entry rules",
    ],
}
TURNED = "burden of entry rules"
KINDS = ["ordinary"] * 30 + ["lopsided"] * 8 + ["even twin", "peaked twin"]


def build() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ratings (long) and the planted truth."""
    rng = np.random.default_rng(SEED)
    names = list(FACETS)
    levels = rng.normal(4, 0.9, len(KINDS))
    levels[-2:] = 4.2
    facets = levels[:, None] + rng.normal(0, 0.25, (len(KINDS), 4))
    weak = np.full(len(KINDS), "", dtype=object)
    for number, place in enumerate(range(30, 38)):
        facet = number % 4
        facets[place] = levels[place] + 2 / 3
        facets[place, facet] = levels[place] - 2
        weak[place] = names[facet]
    facets[38] = 4.2
    facets[39] = 4.2 + np.array([1.8, -1.8, -1.8, 1.8])
    order = rng.permutation(len(KINDS))

    rows, truth = [], []
    for number, place in enumerate(order, start=1):
        label = f"Place {number:02d}"
        truth.append(
            {
                "place": label,
                "kind": KINDS[place],
                "level": round(float(levels[place]), 3),
                "weak_facet": weak[place],
            }
        )
        for column, (facet, indicators) in enumerate(FACETS.items()):
            for indicator in indicators:
                rating = facets[place, column] + rng.normal(0, 0.4)
                rating = float(np.clip(rating, 1, 7))
                rating = 8 - rating if indicator == TURNED else rating
                rows.append(
                    {
                        "place": label,
                        "facet": facet,
                        "indicator": indicator,
                        "rating": round(rating, 1),
                    }
                )
    return pd.DataFrame(rows), pd.DataFrame(truth)


def main() -> None:
    """Write both tables."""
    ratings, planted = build()
    ratings.to_csv(FOLDER / "diamond_indicators.csv", index=False, lineterminator="\n")
    planted.to_csv(FOLDER / "diamond_indicators_truth.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
