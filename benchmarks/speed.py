"""One table of speed: ours beside peers and beside what the machine can do at all.

    python benchmarks/speed.py [--quick] [name …]    (make bench; --quick takes about a minute)

Each row is measured in a process of its own, on one thread of BLAS: the least of several runs, in
turn with the peers and the limit, in seconds of the processor, so that other work on the machine
slows all of them and never one. Read the ratios. A *limit* is what cannot be avoided, done by
numpy or scipy and nothing else: bytes copied, a matrix product, a Fourier transform. *Growth* is
the exponent of the size, fitted over the sizes of a row; beside it that of the limit. A peer that
is not installed is named and left out. The whole table is also written to
benchmarks/results/speed.csv.
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import scipy.fft
from scipy import special, stats
from scipy.spatial.distance import pdist
from timing import grown, side_by_side

from clusterlab import agglomeration, linkages, networks, transitions
from clusterlab.agglomeration import pairs, places
from clusterlab.agglomeration.distance import KDensity
from clusterlab.regions.chains import count

RESULTS = Path(__file__).parent / "results" / "speed.csv"
Call = Callable[[], object]


@dataclass
class Task:
    """What is measured at one size: our call, the limit, and peers by name."""

    ours: Call
    limit: Call
    #: Makes the call, so that a peer that is not installed fails before anything is measured; the
    #: number is by how much its time is multiplied where it does only a part.
    peers: dict[str, tuple[Callable[[], Call], float]] = field(default_factory=dict)


@dataclass
class Row:
    """A line of the table: how a task of a size is made, which sizes, and what is to be known."""

    what: str
    of: str  # what the size counts
    make: Callable[[int], Task]
    sizes: tuple[int, ...]
    quick: tuple[int, ...]
    limit: str
    note: str = ""


def copies(array: np.ndarray, times: float = 1) -> Call:
    """Return a call that moves the bytes of an array so many times."""
    there = np.empty_like(array)

    def copy() -> None:
        for _ in range(int(np.ceil(times))):
            np.copyto(there, array)

    return copy


def jobs(regions: int, industries: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    nested = rng.gamma(2, 1, (regions, 1)) * rng.gamma(2, 1, (1, industries))
    table = pd.DataFrame(rng.poisson(nested * rng.gamma(0.3, 3, (regions, industries))) + 0.0)
    return table.loc[table.sum(axis=1) > 0, table.sum() > 0]


def quotients(size: int) -> Task:
    rng, industries = np.random.default_rng(0), size // 900
    # whole numbers, as counts are, and no zeros, whose limits are quick
    values = np.ceil(
        rng.poisson(3, (900, industries)) * rng.lognormal(size=(900, industries)) + 0.5
    )
    table = pd.DataFrame(values)
    rest = values.sum(axis=1, keepdims=True) - values
    low, high = (
        special.betaincinv(values, rest + 1, 0.025),
        special.betaincinv(values + 1, rest, 0.975),
    )

    def ppf() -> None:
        stats.beta.ppf(0.025, values, rest + 1)
        stats.beta.ppf(0.975, values + 1, rest)

    def look() -> None:
        special.betainc(values, rest + 1, low)
        special.betainc(values + 1, rest, high)

    return Task(
        lambda: agglomeration.location_quotient(table).interval(),
        look,
        {"scipy.stats.beta.ppf, limits only": (lambda: ppf, 1)},
    )


def transforms(points: np.ndarray, degrees: bool, result: KDensity, times: int = 1):
    """Return a call of the Fourier transforms there and back of the grid of a K-density."""
    ground, stretch = places.read_places(points, "degrees" if degrees else "plane", "points"), 1.0
    if degrees:
        (ground,), stretch = places.mapped(ground)
    kernel = pairs.Kernel(result.distance, result.bandwidth, stretch)
    field = np.zeros(pairs.Counter(ground, kernel, exact=False).grid.padded)

    def transform() -> None:
        for _ in range(times):
            scipy.fft.irfft2(scipy.fft.rfft2(field), s=field.shape)

    return transform


def density(size: int, degrees: bool = False) -> Task:
    rng = np.random.default_rng(1)
    points = rng.uniform([6, 47], [15, 55], (size, 2)) if degrees else rng.random((size, 2)) * 1000
    how = {"coordinates": "degrees" if degrees else "plane", "progress": False}
    result = agglomeration.k_density(points, **how)

    def ripley() -> Call:
        from pointpats import k

        return lambda: k(points, support=np.linspace(0, 500, 512))

    plain = {"pdist and a histogram": (lambda: lambda: np.histogram(pdist(points), 512), 1)}
    few = size <= 10_000 and not degrees
    return Task(
        lambda: agglomeration.k_density(points, **how),
        transforms(points, degrees, result),
        {**plain, "pointpats.k": (ripley, 1)} if few else {},
    )


def sphere(size: int) -> Task:
    return density(size, degrees=True)


def envelopes(size: int) -> Task:
    rng, simulations = np.random.default_rng(1), 99
    sites = rng.random((50_000, 2)) * 1000
    own = sites[:size]
    how = {"among": sites, "coordinates": "plane", "progress": False}

    def ripley() -> Call:
        from pointpats import k_test

        some = np.linspace(0, 500, 512)
        return lambda: k_test(own, support=some, n_simulations=simulations // 9, n_jobs=1)

    return Task(
        lambda: agglomeration.k_density(own, simulations=simulations, **how),
        transforms(sites, False, agglomeration.k_density(own, method="grid", **how), simulations),
        {"pointpats.k_test": (ripley, 9)} if size <= 1000 else {},
    )


def complexity(size: int) -> Task:
    table = jobs(3 * size, size)
    values = table.to_numpy()
    share = values / values.sum(axis=1, keepdims=True)
    quotient = pd.DataFrame(share / (values.sum(axis=0) / values.sum()), *table.axes)

    def atlas() -> Call:
        from ecomplexity import ecomplexity

        long = table.rename_axis("loc").rename_axis("prod", axis=1).stack()  # noqa: PD013
        long = long.rename("val").reset_index().assign(time=2020)
        names = {"time": "time", "loc": "loc", "prod": "prod", "val": "val"}
        return lambda: ecomplexity(long, names, verbose=False, check_logsupermodularity=False)

    def datawheel() -> Call:
        import economic_complexity

        return lambda: economic_complexity.complexity(quotient)

    return Task(
        lambda: agglomeration.complexity(table),
        lambda: values.T @ values,
        {
            "ecomplexity (with proximity and density)": (atlas, 1),
            "economic-complexity (20 rounds, not to the end)": (datawheel, 1),
        },
    )


def coagglomeration(size: int) -> Task:
    table = pd.DataFrame(np.random.default_rng(2).gamma(0.3, 100, (3000, size)))
    values = table.to_numpy()
    peers = {"numpy.corrcoef, of columns": (lambda: lambda: np.corrcoef(values, rowvar=False), 1)}
    return Task(lambda: agglomeration.coagglomeration(table), lambda: values.T @ values, peers)


def structure(size: int) -> Task:
    graph = nx.barabasi_albert_graph(size, 5, seed=1)
    ends = np.zeros(2 * graph.number_of_edges(), np.int32)

    def two() -> None:
        nx.average_shortest_path_length(graph)
        nx.effective_size(graph)

    few = {"networkx, path length and effective size only": (lambda: two, 1)}
    return Task(
        lambda: networks.structure(graph),
        copies(ends, min(size, 2000)),
        few if size <= 2000 else {},
    )


def moves(size: int) -> Task:
    rng, classes = np.random.default_rng(0), 5
    codes, lags = rng.integers(0, classes, (2, size, 20))

    def alone() -> Call:
        from giddy.markov import Markov

        return lambda: Markov(codes, summary=False)

    def neighbours() -> Call:
        import libpysal
        from giddy.markov import Spatial_Markov

        # classes of classes need no classifying: what is timed is the way from classes to counts
        cuts = np.arange(classes - 1) + 0.5
        grid = libpysal.weights.lat2W(100, size // 100)
        peer = Spatial_Markov(codes[:, :2], grid, cutoffs=cuts, lag_cutoffs=cuts)
        peer.class_ids = codes
        peer._maybe_classify = lambda *given: (codes, cuts, classes)
        return lambda: peer._calc(codes, grid)

    peers = {"giddy.Markov, without neighbours": (alone, 1)}
    if size <= 20_000:
        peers["giddy.Spatial_Markov"] = neighbours, 1
    return Task(lambda: count(codes, lags, classes), copies(np.stack([codes, lags])), peers)


def barter(size: int) -> Task:
    ties, meetings, replicates = size * 5, 100, 20

    def loop() -> None:
        """Take one meeting after the other, of one replicate, a tenth of them."""
        rng = random.Random(0)
        world = [*nx.watts_strogatz_graph(size, 10, 0.09, seed=0).edges]
        know = [[rng.uniform(0, 10) for _ in range(10)] for _ in range(size)]
        for _ in range(ties * meetings // 10):
            i, j = rng.choice(world)
            mine = [k for k in range(10) if know[i][k] > know[j][k]]
            yours = [k for k in range(10) if know[j][k] > know[i][k]]
            many = min(len(mine), len(yours))
            for k in rng.sample(mine, many):
                know[j][k] += 0.1 * (know[i][k] - know[j][k])
            for k in rng.sample(yours, many):
                know[i][k] += 0.1 * (know[j][k] - know[i][k])

    met = np.zeros(2 * 10 * ties * meetings)  # what two agents know, read and written
    return Task(
        lambda: linkages.barter(agents=size, meetings=meetings),
        copies(met, 2 * replicates),
        {"a loop over meetings": (lambda: loop, 10 * replicates)},
    )


def emerge(size: int) -> Task:
    years, replicates = 20, 20
    firms = np.zeros((replicates, size))
    return Task(
        lambda: transitions.emerge(firms=size, years=years, replicates=replicates),
        copies(firms, 4 * years),
    )


ROWS = [
    Row(
        "quotients with exact limits",
        "pairs",
        quotients,
        (90_000, 300_000, 900_000, 2_700_000),
        (90_000, 900_000),
        "the distribution function once at each limit, as if the limits were known",
    ),
    Row(
        "K-density in the plane",
        "points",
        density,
        (10_000, 100_000, 1_000_000),
        (10_000, 100_000),
        "Fourier transform of the grid, there and back",
    ),
    Row(
        "K-density on the sphere",
        "points",
        sphere,
        (10_000, 100_000, 1_000_000),
        (10_000, 100_000),
        "Fourier transform of the grid, there and back",
    ),
    Row(
        "envelope of 99 simulations, 50,000 sites",
        "points",
        envelopes,
        (1000, 3000, 10_000, 30_000),
        (1000, 10_000),
        "99 Fourier transforms of the grid, there and back",
    ),
    Row(
        "complexity, three regions an industry",
        "industries",
        complexity,
        (125, 250, 500, 1000),
        (125, 500),
        "one product of the table with itself",
        "economic-complexity stops after 20 rounds, where its values are not settled yet.",
    ),
    Row(
        "coagglomeration of all pairs, 3,000 regions",
        "industries",
        coagglomeration,
        (250, 500, 1000, 2000),
        (250, 1000),
        "one product of the table with itself",
        "A correlation is another measure and one product too. What ours takes more is the check "
        "of the table, which looks at every cell and label and so grows less than the product.",
    ),
    Row(
        "structure of a network, all measures",
        "nodes",
        structure,
        (500, 2000, 6000, 20_000),
        (500, 2000),
        "ends of all ties copied once for each node that paths start from",
        "Paths start from 2,000 nodes at most. Beyond, the search for modules, networkx's Louvain, "
        "takes most, longest where there are none, as here; a backend of networkx does it faster.",
    ),
    Row(
        "transition counts by neighbours, 20 periods",
        "places",
        moves,
        (2000, 20_000, 200_000),
        (2000, 20_000),
        "classes copied",
        "Growth above that of the limit: eight bytes a step, written between, leave the cache.",
    ),
    Row(
        "barter, 20 replicates, 100 meetings a tie",
        "agents",
        barter,
        (60, 120, 250, 500),
        (60, 120),
        "what the two of each meeting know, read and written: bytes copied",
    ),
    Row(
        "emerge, 20 districts, 20 years",
        "firms",
        emerge,
        (100, 200, 500, 1000),
        (100, 200),
        "one number a firm copied each quarter",
    ),
]


# --- one row, in a process of its own ------------------------------------------------------------


def measure(what: str, size: int, enough: float) -> dict:
    """Return seconds and megabytes of a row at one size."""
    task = next(row for row in ROWS if row.what == what).make(size)
    calls, factors, absent = {"ours": task.ours, "limit": task.limit}, {}, {}
    for name, (make, factor) in task.peers.items():
        try:
            calls[name], factors[name] = make(), factor
        except ImportError as missing:
            absent[name] = f"{missing.name} is not installed"
    once: dict[str, float] = {}

    def first() -> None:
        once.update(side_by_side({"ours": task.ours}, runs=1))

    memory = grown(first)
    if once["ours"] < enough:  # without what was loaded or compiled at the first call
        memory = grown(first)
    for name in [*factors]:
        try:
            once |= side_by_side({name: calls[name]}, runs=1)
        except Exception as fault:  # a peer that fails on our versions of pandas or numpy
            absent[name] = f"fails: {type(fault).__name__}: {fault}"
            del factors[name]
    quick = {n: c for n, c in calls.items() if n not in absent and once.get(n, 0) < enough}
    took = once | side_by_side(quick, enough=enough)
    peers = {name: took[name] * factor for name, factor in factors.items()}
    found = {"ours": took["ours"], "limit": took["limit"], "MB": memory}
    return {**found, "peers": peers, "absent": absent}


def apart(row: Row, size: int, enough: float) -> dict:
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    run = subprocess.run(
        [sys.executable, __file__, "--measure", row.what, str(size), str(enough)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | alone,
    )
    return json.loads(run.stdout.splitlines()[-1])


def growth(sizes: list[int], seconds: list[float]) -> float:
    """Return the exponent of the size with which seconds grow."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


# --- the table -----------------------------------------------------------------------------------


def lines(row: Row, sizes: tuple[int, ...], enough: float) -> list[dict]:
    """Return the lines of a row: one a size and peer."""
    found = {size: apart(row, size, enough) for size in sizes}
    exponents = {
        name: growth([*found], [each[name] for each in found.values()])
        for name in ("ours", "limit")
    }
    result = []
    for size, each in found.items():
        line = {"what": row.what, "size": size, "of": row.of, "seconds": each["ours"]}
        line |= {"MB": each["MB"], "growth": exponents["ours"]}
        line |= {"limit": row.limit, "limit seconds": each["limit"]}
        line |= {"times the limit": each["ours"] / each["limit"], "its growth": exponents["limit"]}
        peers = {**each["peers"], **each["absent"]} or {"": ""}
        for name, took in peers.items():
            said = {"peer": name, "peer seconds": took, "times ours": ""}
            if isinstance(took, float):
                said["times ours"] = took / each["ours"]
            result.append(line | said)
    return result


SHOWN = "{:>11} {:<10} {:>9} {:>7} {:>7} {:>9} {:>7}  "


def show(row: Row, rows: list[dict]) -> None:
    print(f"\n{row.what}\n  limit: {row.limit}")
    before = None
    for line in rows:
        peer = line["peer"]
        if isinstance(line["times ours"], float):
            peer += f": {line['times ours']:.3g} times as long as ours"
        elif peer:
            peer += f": {line['peer seconds']}"
        cells = [f"{line['size']:,}", line["of"], f"{line['seconds']:.4f}", f"{line['MB']:.0f}"]
        cells += [f"{line['growth']:.2f}", f"{line['times the limit']:.1f}"]
        cells += [f"{line['its growth']:.2f}"]
        if line["size"] == before:
            cells = [""] * len(cells)
        print(SHOWN.format(*cells) + peer)
        before = line["size"]
    if row.note:
        print(f"  {row.note}")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="parts of the names of rows; by default all")
    parser.add_argument("--quick", action="store_true", help="fewer and smaller sizes")
    asked = parser.parse_args()
    chosen = [r for r in ROWS if not asked.names or any(name in r.what for name in asked.names)]
    if not chosen:
        parser.error(f"no row has such a name; there are: {', '.join(row.what for row in ROWS)}")
    heads = ("size", "", "seconds", "MB", "growth", "x limit", "its")
    print(SHOWN.format(*heads) + "peer", flush=True)
    every = []
    for row in chosen:
        found = lines(row, row.quick if asked.quick else row.sizes, 1.0 if asked.quick else 3.0)
        show(row, found)
        every += found
    if not asked.quick and len(chosen) == len(ROWS):
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("w", newline="") as out:
            table = csv.DictWriter(out, [*every[0]])
            table.writeheader()
            for line in every:
                table.writerow(
                    {k: f"{v:.4g}" if isinstance(v, float) else v for k, v in line.items()}
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        warnings.simplefilter("ignore")  # the peers' own
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))))
    else:
        main()
