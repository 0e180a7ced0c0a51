"""Networks from the files of other programs, and from and to the weights of PySAL."""

from __future__ import annotations

import contextlib
import importlib
import os
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx

from clusterlab.names import missing
from clusterlab.networks.graphs import NUMBERS, on_network, validate
from clusterlab.reading import located

#: Endings of files, and what a writer adds to nodes and ties that nobody gave it.
_KINDS = {
    ".graphml": (nx.read_graphml, ()),
    ".gexf": (lambda path: nx.read_gexf(path, relabel=True), ("id",)),
    ".net": (nx.read_pajek, ("id", "x", "y", "shape")),
}


def load(source: str | os.PathLike | Any) -> nx.DiGraph:
    """Return a network from a GraphML, GEXF or Pajek file, or from weights of PySAL.

    Parameters
    ----------
    source : path or libpysal.weights.W
        A file that ends in ``.graphml``, ``.gexf`` or ``.net``, from `clusterlab.saving.save`,
        Gephi, Pajek or another program; or weights, of which each becomes a tie.

    Returns
    -------
    networkx.DiGraph
        Names of nodes are text in a file. A tie's ``weight`` becomes its ``strength``, where it has
        none. A network without directions has each tie in both.

    Raises
    ------
    ValueError
        No such file, one of another kind or a broken one, or a network that `validate` refuses.

    See Also
    --------
    read : a network from tables.
    weights : the other way.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from clusterlab import saving
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "ties.graphml"
    >>> saving.save(nx.DiGraph([("01", "02")]), file)
    >>> load(file).edges
    OutEdgeView([('01', '02')])
    """
    if not isinstance(source, str | os.PathLike) and hasattr(source, "neighbors"):
        ties = nx.DiGraph()
        ties.add_nodes_from(source.id_order)
        for node, others in source.neighbors.items():
            pairs = zip(others, source.weights[node], strict=True)
            ties.add_weighted_edges_from((node, other, float(w)) for other, w in pairs)
        return _ours(ties, "load", ())
    path = located(source)
    if path.suffix.lower() not in _KINDS:
        raise ValueError(
            f"{path.name} is no .graphml, .gexf or .net file; tables of ties go to networks.read."
        )
    read, added = _KINDS[path.suffix.lower()]
    try:
        graph = read(path)
    except (ParseError, nx.NetworkXError, ValueError, LookupError, StopIteration) as fault:
        raise ValueError(f"{path.name} cannot be read as a network: {fault}.") from None
    return _ours(graph, path.name, added)


def _ours(graph: nx.Graph, what: str, added: tuple[str, ...]) -> nx.DiGraph:
    """Return a network in our words: strength for weight, nothing that a writer added."""
    simple = (nx.DiGraph if graph.is_directed() else nx.Graph)(graph)
    if simple.number_of_edges() == graph.number_of_edges():
        graph = simple  # Pajek's reader always makes a graph that allows parallel ties
    for *_, data in [*graph.nodes(data=True), *graph.edges(data=True)]:
        for name in added:
            data.pop(name, None)
        for name in {*NUMBERS} & {*data}:
            with contextlib.suppress(ValueError):  # Pajek holds them as text
                data[name] = float(data[name])
    for *_, data in graph.edges(data=True):
        if "weight" in data:
            data.setdefault("strength", data.pop("weight"))
    return validate(graph, what=what)


@on_network
def weights(graph: nx.DiGraph) -> Any:
    """Return a network as weights of PySAL, for its measures of spatial autocorrelation.

    Parameters
    ----------
    graph : networkx.Graph
        A network as in `read`; a tie without ``strength`` weighs 1.

    Returns
    -------
    libpysal.weights.W
        Neighbours are those whom a node delivers to, under the nodes' own names (networkx and
        libpysal by themselves number them). Rows are not standardised; ``weights(graph)`` with
        ``.transform = "r"`` set is.

    Raises
    ------
    ValueError
        No network, or libpysal is not installed.

    See Also
    --------
    load : the other way.

    Examples
    --------
    >>> weights(nx.DiGraph([("a", "b")])).neighbors
    {'a': ['b'], 'b': []}
    """
    try:
        pysal = importlib.import_module("libpysal.weights")
    except ImportError:
        raise missing("libpysal", "maps", "networks.weights") from None
    neighbours = {node: list(graph.successors(node)) for node in graph}
    strengths = {
        node: [float(graph.edges[node, other].get("strength", 1)) for other in others]
        for node, others in neighbours.items()
    }
    return pysal.W(neighbours, strengths, id_order=[*graph], silence_warnings=True)
