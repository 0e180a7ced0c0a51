"""Time the linkages topic: bartering, pipelines, the balance of ties.

The first lines are the hump as the literature has it: 500 agents, 20 replicates, three shares of
rewired ties, on two processes; the ratio is to a loop that takes one meeting after the other.
"""

import random
import time

import networkx as nx
import numpy as np
from joblib import Parallel, delayed
from timing import median

from clusterlab import linkages


def loop(meetings: int) -> float:
    """Return the seconds that so many meetings of one replicate take one after the other."""
    rng = random.Random(0)
    ties = [*nx.watts_strogatz_graph(500, 10, 0.09, seed=0).edges]
    know = [[rng.uniform(0, 10) for _ in range(10)] for _ in range(500)]
    start = time.perf_counter()
    for _ in range(meetings):
        i, j = rng.choice(ties)
        mine = [k for k in range(10) if know[i][k] > know[j][k]]
        yours = [k for k in range(10) if know[j][k] > know[i][k]]
        many = min(len(mine), len(yours))
        for k in rng.sample(mine, many):
            know[j][k] += 0.1 * (know[i][k] - know[j][k])
        for k in rng.sample(yours, many):
            know[i][k] += 0.1 * (know[j][k] - know[i][k])
    return time.perf_counter() - start


def main():
    start = time.perf_counter()
    shares = (0, 0.09, 1)
    ring, some, far = Parallel(2)(delayed(linkages.barter)(rewiring=p) for p in shares)
    took = time.perf_counter() - start
    apart = [
        (some.level - end.level) / np.hypot(some.standard_error, end.standard_error)
        for end in (ring, far)
    ]
    print(f"hump: {ring.level:.2f}, {some.level:.2f}, {far.level:.2f}; standard errors above the")
    print(f"ends {apart[0]:.1f} and {apart[1]:.1f}; {took:.1f} s on two processes")
    meetings = 3 * 20 * 600 * 2500
    slow = loop(100_000) * meetings / 100_000
    print(f"one meeting after the other would take {slow:.0f} s, {slow / took:.0f} times as long")
    graph = nx.gnp_random_graph(2000, 0.005, seed=0, directed=True)
    for node in graph:
        graph.nodes[node].update(place=f"town {node % 20}", region=f"area {node % 4}")
    seconds = {
        "barter, 100 agents x 20 replicates": lambda: linkages.barter(agents=100),
        "pipelines, 60 firms x 60 periods x 20 clusters": linkages.pipelines,
        "the same, 200 clusters": lambda: linkages.pipelines(replicates=200),
        f"balance of {graph.number_of_edges():,} ties": lambda: linkages.linkage_balance(
            graph, place="town 0"
        ),
    }
    for name, call in seconds.items():
        print(f"{name:<58} {median(call, 3):8.2f} s")


if __name__ == "__main__":
    main()
