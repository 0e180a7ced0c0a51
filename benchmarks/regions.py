"""Time chains of incomes from incomes to matrices with intervals, of which giddy has none.

20,000 places x 20 periods. Counting alone, beside giddy, is in speed.py.
"""

import giddy
import libpysal
import numpy as np
import pandas as pd
from timing import median

from clusterlab import regions

PLACES, PERIODS, CLASSES = 20_000, 20, 5


def main():
    rng = np.random.default_rng(0)
    incomes = rng.lognormal(size=(PLACES, 1)) * rng.lognormal(0, 0.2, (PLACES, PERIODS))
    table = pd.DataFrame(incomes, [f"place {i}" for i in range(PLACES)], range(PERIODS))
    grid = libpysal.weights.lat2W(100, PLACES // 100)
    grid.transform = "r"
    seconds = {
        "incomes to Spatial_Markov, giddy, without intervals": median(
            lambda: giddy.markov.Spatial_Markov(incomes, grid, k=CLASSES, m=CLASSES), 1
        ),
        "incomes to spatial_markov, 20 replicates": median(
            lambda: regions.spatial_markov(table, _lists(grid, table), pooled=True, replicates=20),
            1,
        ),
        "incomes to markov, 200 replicates": median(
            lambda: regions.markov(table, replicates=200), 1
        ),
    }
    for name, took in seconds.items():
        print(f"{name:<54} {took:8.4f} s")


def _lists(grid, table):
    return {
        place: [table.index[j] for j in grid.neighbors[i]] for i, place in enumerate(table.index)
    }


if __name__ == "__main__":
    main()
