"""Time the networks topic: search, structure. Prints medians of five runs."""

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
        "structure of 2,000 nodes, exact (at most 5)": lambda: networks.structure(large),
        "the same, paths from 200 nodes": lambda: networks.structure(large, sample=200),
        "closest types of 40 nodes": lambda: networks.closest_types(small),
        "view of 500 nodes": lambda: graph_view(part),
    }
    for name, call in seconds.items():
        print(f"{name:<50} {median(call, 3):8.2f} s")
    ours = median(lambda: networks.structure(large, ["redundancy"]))
    theirs = median(lambda: nx.effective_size(large), 1)
    print(f"{'redundancy against networkx.effective_size':<50} {theirs / ours:8.1f} x as fast")


if __name__ == "__main__":
    main()
