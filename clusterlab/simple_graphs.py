"""What every function of a graph asks first: a simple graph whose nodes have names.

Networks (`clusterlab.networks`) and views (`clusterlab.views.graph`) share it; neither imports the
other.
"""

from collections.abc import Hashable, Iterable
from typing import Any

import networkx as nx
import pandas as pd


def refuse_odd_graph(graph: Any, what: str = "") -> None:
    """Raise unless something is a networkx graph with named nodes and at most one tie a pair.

    Parameters
    ----------
    graph : object
        What was given.
    what : str
        Who asks; the sentence begins with it.

    Raises
    ------
    TypeError
        No networkx graph.
    ValueError
        No nodes, parallel ties, a node tied to itself, a node without a name.

    Examples
    --------
    >>> refuse_odd_graph(nx.Graph([("a", "a")]), "layout")
    Traceback (most recent call last):
    ValueError: layout: node 'a' is tied to itself; take that tie out.
    """
    who = f"{what}: " if what else ""
    if not isinstance(graph, nx.Graph):
        raise TypeError(f"{who}the graph must be a networkx graph, found {type(graph).__name__}.")
    if graph.number_of_nodes() == 0:
        raise ValueError(f"{who}the graph is empty: it has no nodes.")
    if graph.is_multigraph():
        raise ValueError(f"{who}the graph is a multigraph; add parallel ties up into one first.")
    loop = next(nx.selfloop_edges(graph), None)
    if loop is not None:
        raise ValueError(f"{who}node {loop[0]!r} is tied to itself; take that tie out.")
    nameless = next(filter(is_unset, graph), 0)
    if is_unset(nameless):
        raise ValueError(f"{who}a node is named {nameless!r}; each node needs a name.")


def is_unset(value: Any) -> bool:
    """Tell whether a value is None, NaN or NA; a list, which cannot be compared, is not."""
    return value is None or value is pd.NA or (isinstance(value, Hashable) and value != value)


def in_order(names: Iterable) -> list:
    """Return names sorted, those of several kinds by kind.

    Results that hang on the names alone do not hang on the order of rows in a file.

    Examples
    --------
    >>> in_order(["b", 10, "a", 9])
    [10, 9, 'a', 'b']
    """
    listed = list(names)
    try:
        return sorted(listed)
    except TypeError:  # names of several kinds
        return sorted(listed, key=lambda name: (type(name).__name__, str(name)))
