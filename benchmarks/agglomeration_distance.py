"""Speed and memory of the measures of the second part of agglomeration, beside their peers.

``python benchmarks/agglomeration_distance.py`` prints medians and ratios. ecomplexity is measured
where it is installed.
"""

import resource
import sys
import time
import warnings

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist
from timing import median

from clusterlab.agglomeration import coagglomeration, complexity, k_density, marcon_puech


def memory_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def distances():
    rng = np.random.default_rng(1)
    plane = {}
    for n in (10_000, 100_000, 1_000_000):
        places = rng.random((n, 2)) * [1000, 800]
        seconds = median(lambda p=places: k_density(p, progress=False), 3)
        plane[n] = seconds
        bound = k_density(places, progress=False).error_bound
        print(
            f"k_density, n = {n:>9,}: {seconds:6.3f} s, error bound {bound:.1e} of the peak, "
            f"{memory_mb():.0f} MB so far"
        )
        if n == 10_000:
            usual = median(lambda p=places: np.histogram(pdist(p), 512), 3)
            print(f"    pdist and histogram: {usual:.3f} s, ratio {usual / seconds:.1f}")
            half = {"bandwidth": 6.0, "maximum": 400.0, "progress": False}
            exact = k_density(places, method="exact", **half)
            grid = k_density(places, method="grid", **half)
            gap = np.abs(grid.density / exact.density - 1).max()
            print(f"    grid against exact, largest relative difference: {gap:.1e}")
    lonlat = rng.uniform([6, 47], [15, 55], (100_000, 2))
    seconds = median(lambda: k_density(lonlat, coordinates="degrees", progress=False), 3)
    print(
        f"k_density on great circles, n = 100,000: {seconds:.3f} s, "
        f"{seconds / plane[100_000]:.2f} times the plane, {memory_mb():.0f} MB so far"
    )
    sites = rng.random((50_000, 2)) * [800, 500]
    own = sites[:1000]
    seconds = median(lambda: k_density(own, among=sites, simulations=1000, progress=False), 1)
    print(
        f"1,000 simulations of 1,000 points among 50,000: {seconds:.1f} s, "
        f"{memory_mb():.0f} MB so far"
    )
    cases = np.arange(50_000) < 1000
    seconds = median(lambda: marcon_puech(sites, cases, progress=False), 3)
    print(f"M, 1,000 cases among 50,000: {seconds:.2f} s")


def pairs():
    values = np.random.default_rng(2).gamma(0.3, 100, (3000, 1000))
    table = pd.DataFrame(values)
    bare = median(lambda: values.T @ values)
    whole = median(lambda: coagglomeration(table))
    print(
        f"all pairs of 1,000 industries in 3,000 regions: {whole:.3f} s, "
        f"{whole / bare:.1f} times the bare product"
    )


def complex_world():
    rng = np.random.default_rng(3)
    regions, industries = 3000, 1000
    nested = rng.gamma(2, 1, (regions, 1)) * rng.gamma(2, 1, (1, industries))
    table = pd.DataFrame(rng.poisson(nested * rng.gamma(0.3, 3, (regions, industries))) + 0.0)
    table = table.loc[table.sum(axis=1) > 0, table.sum() > 0]
    own = median(lambda: complexity(table), 3)
    print(f"complexity of {table.shape[0]} regions and {table.shape[1]} industries: {own:.3f} s")
    try:
        from ecomplexity import ecomplexity
    except ImportError:
        print("    ecomplexity is not installed here")
        return
    long = table.rename_axis("loc").rename_axis("prod", axis=1).stack()  # noqa: PD013
    long = long.rename("val").reset_index().assign(time=2020)
    names = {"time": "time", "loc": "loc", "prod": "prod", "val": "val"}
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = ecomplexity(long, names, verbose=False, check_logsupermodularity=False)
    seconds = time.perf_counter() - start
    gap = (peer.groupby("loc")["eci"].first() - complexity(table).regions).abs().max()
    print(
        f"    ecomplexity: {seconds:.1f} s, ratio {seconds / own:.0f}, largest difference of "
        f"ECI {gap:.1e}"
    )


if __name__ == "__main__":
    chosen = sys.argv[1:] or ["distances", "pairs", "complex_world"]
    for name in chosen:
        {"distances": distances, "pairs": pairs, "complex_world": complex_world}[name]()
