"""Compare counts of moves between classes of income with giddy, in one run, on the same classes.

20,000 places x 20 periods. What is compared is the way from classes to counts: giddy has no other
results than through its objects, which also divide counts by their sums. Then the whole calls, from
incomes to matrices with intervals, of which giddy has none.
"""

import giddy
import libpysal
import numpy as np
import pandas as pd
from timing import median

from clusterlab import regions
from clusterlab.regions.chains import count

PLACES, PERIODS, CLASSES = 20_000, 20, 5


def main():
    rng = np.random.default_rng(0)
    incomes = rng.lognormal(size=(PLACES, 1)) * rng.lognormal(0, 0.2, (PLACES, PERIODS))
    table = pd.DataFrame(incomes, [f"place {i}" for i in range(PLACES)], range(PERIODS))
    codes = table.rank(pct=True).mul(CLASSES).apply(np.ceil).to_numpy().astype(np.intp) - 1
    grid = libpysal.weights.lat2W(100, PLACES // 100)
    grid.transform = "r"
    lags = rng.integers(0, CLASSES, codes.shape)
    alone = np.broadcast_to(np.intp(0), codes.shape)
    seconds = {
        "counts, giddy.Markov": median(lambda: giddy.markov.Markov(codes, summary=False), 5),
        "counts, clusterlab": median(lambda: count(codes, alone, CLASSES), 25),
        "counts by neighbours, giddy.Spatial_Markov._calc": _spatial(codes, grid),
        "counts by neighbours, clusterlab": median(lambda: count(codes, lags, CLASSES), 25),
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
    took = list(seconds.values())
    print(f"giddy takes {took[0] / took[1]:.0f} times as long to count,", end=" ")
    print(f"{took[2] / took[3]:.0f} times by neighbours")


def _spatial(codes, grid):
    """Time giddy's counts by class of neighbours; classes of classes need no classifying."""
    cuts = np.arange(CLASSES - 1) + 0.5
    peer = giddy.markov.Spatial_Markov(codes[:, :2], grid, cutoffs=cuts, lag_cutoffs=cuts)
    peer.class_ids = codes
    peer._maybe_classify = lambda *given: (codes, cuts, CLASSES)
    return median(lambda: peer._calc(codes, grid), 3)


def _lists(grid, table):
    return {
        place: [table.index[j] for j in grid.neighbors[i]] for i, place in enumerate(table.index)
    }


if __name__ == "__main__":
    main()
