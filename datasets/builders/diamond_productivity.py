"""Build the constructed table of output and employment for the productivity gap.

Nothing here is observed. Twelve regions and eight industries, so that a gap can be split where the
answer is known. Productivity of industry i in region r is a_i e_r times a small disturbance (2 %):
a_i runs from 40 to 110 thousand a worker, e_r is how well the region's firms compete.

    ordinary    8 regions: shares of industries drawn round the country's (Dirichlet, 60), e_r
                lognormal with standard deviation 0.2.
    chosen well 2 regions: the two most productive industries have 2.5 times their usual share,
                e_r = 1.
    chosen ill  2 regions: the two least productive industries have 2.5 times their usual share,
                e_r = 1.25: they do well in the "wrong" industries.

One seed, 2000, the only one tried. Run ``python datasets/builders/diamond_productivity.py``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 2000
FOLDER = Path(__file__).resolve().parents[1]
INDUSTRIES = {
    "farming": 40,
    "shoes": 48,
    "tourism": 52,
    "furniture": 58,
    "machinery": 72,
    "business services": 80,
    "medical devices": 95,
    "semiconductors": 110,
}
KINDS = ["ordinary"] * 8 + ["chosen well"] * 2 + ["chosen ill"] * 2


def build() -> pd.DataFrame:
    """Return employment and output by region and industry (long)."""
    rng = np.random.default_rng(SEED)
    base = np.array(list(INDUSTRIES.values()), dtype=float)
    usual = np.array([0.10, 0.10, 0.15, 0.12, 0.15, 0.20, 0.10, 0.08])
    rows = []
    for number, kind in enumerate(KINDS, start=1):
        share, compete = usual.copy(), 1.0
        if kind == "ordinary":
            share, compete = rng.dirichlet(60 * usual), float(np.exp(rng.normal(0, 0.2)))
        elif kind == "chosen well":
            share[-2:] *= 2.5
        else:
            share[:2] *= 2.5
            compete = 1.25
        share = share / share.sum()
        workers = np.round(rng.uniform(20_000, 200_000) * share)
        output = workers * base * compete * np.exp(rng.normal(0, 0.02, len(base)))
        rows += [
            {
                "region": f"Region {number:02d}",
                "kind": kind,
                "industry": industry,
                "employment": int(jobs),
                "output": round(float(made)),
            }
            for industry, jobs, made in zip(INDUSTRIES, workers, output, strict=True)
        ]
    return pd.DataFrame(rows)


def main() -> None:
    """Write the table."""
    build().to_csv(FOLDER / "diamond_productivity.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
