"""Speed and memory of reading and measuring a whole table; figures are medians of five runs.

The bare numpy pass beside each figure is the time to divide and sum an array of the same size once:
it says how far the measure is from the cost of touching the data.
"""

import resource

import numpy as np
import pandas as pd
from timing import median

from clusterlab import agglomeration
from clusterlab.agglomeration.plants import PlantSizes


def main() -> None:
    rng = np.random.default_rng(0)
    values = rng.poisson(3, (900, 1000)) * rng.lognormal(size=(900, 1000)) + 0.01
    table = pd.DataFrame(values)
    sizes = PlantSizes(
        plants=None,
        herfindahl=pd.Series(0.1, table.columns),
        fourth_powers=pd.Series(0.01, table.columns),
        source="constructed",
    )
    bare = median(lambda: (values / values.sum(axis=0)).sum(axis=1))
    print(f"900 regions x 1,000 industries; one bare numpy pass {bare * 1000:.1f} ms")
    calls = {
        "location_quotient": lambda: agglomeration.location_quotient(table),
        "herfindahl": lambda: agglomeration.herfindahl(table),
        "gini": lambda: agglomeration.gini(table),
        "locational_gini": lambda: agglomeration.locational_gini(table),
        "hoover": lambda: agglomeration.hoover(table),
        "krugman, mean of shares": lambda: agglomeration.krugman_specialisation(table),
        "krugman, mean of index": lambda: agglomeration.krugman_specialisation(
            table, against="mean_of_index"
        ),
        "measure_all": lambda: agglomeration.measure_all(table, plants=sizes),
        "ellison_glaeser": lambda: agglomeration.ellison_glaeser(table, sizes),
        "maurel_sedillot": lambda: agglomeration.maurel_sedillot(table, sizes),
    }
    for name, call in calls.items():
        seconds = median(call)
        print(f"{name:26} {seconds * 1000:8.0f} ms {seconds / bare:8.1f} bare passes")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
