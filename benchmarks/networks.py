"""Time the networks topic beside structure, which is in speed.py. Prints medians of three runs."""

import networkx as nx
from timing import median

from clusterlab import networks
from clusterlab.views.graph import graph_view


def main():
    large = nx.barabasi_albert_graph(2000, 5, seed=1)
    small, part = networks.generate(), large.subgraph(range(500))
    seconds = {
        "10,000 trials, 400 landscapes x 4 module sizes": lambda: networks.modular_search(
            steps=10_000, replicates=400
        ),
        "structure of 2,000 nodes, paths from 200": lambda: networks.structure(large, sample=200),
        "closest types of 40 nodes": lambda: networks.closest_types(small),
        "view of 500 nodes": lambda: graph_view(part),
    }
    for name, call in seconds.items():
        print(f"{name:<50} {median(call, 3):8.2f} s")


if __name__ == "__main__":
    main()
