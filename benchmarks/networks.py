"""Time the networks topic: landscapes, search, structure, pictures. Prints medians of five runs."""

import statistics
import time

import networkx as nx

from clusterlab import networks
from clusterlab.networks import widgets
from clusterlab.views.graph import graph_view


def median(call, runs=5):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    large = nx.barabasi_albert_graph(2000, 5, seed=1)
    small, part = networks.generate(), large.subgraph(range(500))
    seconds = {
        "400 landscapes, N = 12, every K (at most 10)": networks.ruggedness,
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
    ours = median(lambda: networks.redundancy(large))
    theirs = median(lambda: nx.effective_size(large), 1)
    print(f"{'redundancy against networkx.effective_size':<50} {theirs / ours:8.1f} x as fast")
    moves = {
        "types": ("leads", 3, 5),
        "removing": ("leads", 3, 5),
        "failing_suppliers": ("failure", 0.1, 0.3),
        "demand": ("closure", 0.2, 0.8),
        "search": ("moved", 0, 12),
        "stretching": ("cost", 1, 3),
        "relations": ("path_dependence", 0, 0.4),
    }
    for name, (control, one, other) in moves.items():
        widget = getattr(widgets, name)()
        widget.set(**{control: one})

        def move(widget=widget, control=control, one=one, other=other):
            widget.set(**{control: other}).set(**{control: one})

        print(f"{f'redraw of {name} (at most 55)':<50} {500 * median(move):8.0f} ms")


if __name__ == "__main__":
    main()
