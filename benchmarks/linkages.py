"""Time the linkages topic: bartering, pipelines, the balance of ties.

The first lines are the hump as the literature has it: 500 agents, 20 replicates, three shares of
rewired ties, on two processes. Bartering beside a loop over meetings is in speed.py.
"""

import time

import networkx as nx
import numpy as np
from joblib import Parallel, delayed
from timing import median

from clusterlab import linkages


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
