"""Networks from the files of other programs, and from and to the weights of PySAL."""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx

from clusterlab.networks.graphs import NUMBERS, on_network, validate
from clusterlab.reading import extra, located


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
        Names of nodes are text in a file: its labels, or, in GraphML and where two are the same,
        what it calls nodes itself. A tie's ``weight`` becomes its ``strength``, where it has none.
        A tie without direction is there in both. Of Pajek's ``*Arcs :1 "name"`` the name is the
        tie's ``relation``.

    Raises
    ------
    ValueError
        No such file, one of another kind or a broken one, two ties between the same nodes, or a
        network that `validate` refuses.

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
        return _ours(ties, "load")
    path = located(source)
    if path.suffix.lower() not in _KINDS:
        raise ValueError(
            f"{path.name} is no .graphml, .gexf or .net file; tables of ties go to networks.read."
        )
    try:
        graph = _KINDS[path.suffix.lower()](path)
    except (ParseError, nx.NetworkXError, ValueError, LookupError, StopIteration) as fault:
        raise ValueError(f"{path.name} cannot be read as a network: {fault}.") from None
    return _ours(graph, path.name)


def _ours(graph: nx.Graph, what: str) -> nx.DiGraph:
    """Return a network in our words: strength for weight, numbers for Pajek's text."""
    for u, v in graph.edges() if graph.is_multigraph() else ():
        if graph.number_of_edges(u, v) > 1:
            raise ValueError(f"{what}: {u!r} and {v!r} have several ties; make them one first.")
    graph = (nx.DiGraph if graph.is_directed() else nx.Graph)(graph)
    for *_, data in [*graph.nodes(data=True), *graph.edges(data=True)]:
        for name in {*NUMBERS} & {*data}:
            with contextlib.suppress(ValueError):
                data[name] = float(data[name])
    for *_, data in graph.edges(data=True):
        if "weight" in data:
            data.setdefault("strength", data.pop("weight"))
    return validate(graph, what=what)


def _by_labels(graph: nx.Graph, labels: dict[Any, Any]) -> nx.Graph:
    """Return a graph whose nodes are called by their labels, if these tell all of them apart."""
    if all(labels.values()) and len({*labels.values()}) == len(graph):
        return nx.relabel_nodes(graph, labels)
    nx.set_node_attributes(graph, {node: label for node, label in labels.items() if label}, "label")
    return graph


def _gexf(path: Path) -> nx.Graph:
    """Return what networkx reads, also of versions and kinds of values that it does not know."""
    known_space = b"http://www.gexf.net/1.2draft"  # the newest that every networkx reads
    text = re.sub(rb"http://(www\.)?gexf\.net/1\.3(draft)?", known_space, path.read_bytes())
    known = rb"integer|long|float|double|boolean|string"
    text = re.sub(rb'(<attribute\b[^>]*\btype=")(?!(%s)")\w+' % known, rb"\1string", text)
    if re.search(
        rb'<graph\b[^>]*"directed"', text
    ):  # as Gephi writes a graph with ties of both sorts
        text = re.sub(rb'(<edge\b[^>]*\btype=")undirected', rb"\1mutual", text)
    graph = nx.read_gexf(io.BytesIO(text))
    for *_, data in [*graph.nodes(data=True), *graph.edges(data=True)]:
        for name in ("id", "viz"):  # numbers of ties and how things are drawn
            data.pop(name, None)
    labels = {node: data.pop("label", None) for node, data in graph.nodes(data=True)}
    return _by_labels(graph, labels)


def _pajek(path: Path) -> nx.Graph:
    """Return a Pajek file by its own rules.

    networkx takes arcs for edges where a file has both, lists of neighbours for weights, and the
    heading of a second relation for a tie, all without a word.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")  # as Pajek wrote before it knew Unicode
    graph, labels, relation = nx.MultiDiGraph(), dict[str, str](), dict[str, str]()
    section, row, two = "", 0, 0

    def tie(u: str, v: str, **data: Any) -> None:
        for node in (u, v):
            if node not in labels:
                raise ValueError(f"a tie goes to vertex {node}, of {len(labels)}")
        graph.add_edge(u, v, **relation, **data)
        if section.startswith("*edges") and u != v:
            graph.add_edge(v, u, **relation, **data)

    for at, line in enumerate(text.splitlines(), start=1):
        words = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', line)]
        if not words or line.lstrip()[0] in "%/":
            continue
        if line.startswith("*"):
            section, row = words[0].lower(), 0
            relation = (
                {"relation": words[2]} if words[1:] and words[2:] and words[1][0] == ":" else {}
            )
            if section == "*vertices":
                if labels:
                    raise ValueError(f"line {at} begins a second network; keep one in a file")
                labels = {str(k): str(k) for k in range(1, int(words[1]) + 1)}
                two = int(words[2]) if words[2:] else 0
                graph.add_nodes_from(labels)
            elif section not in _SECTIONS:
                raise ValueError(f"line {at} begins {words[0]}, which is not read; take it out")
        elif section == "*vertices":
            node, label, *more = [*words, words[0]][: max(len(words), 2)]
            labels[node] = label
            graph.add_node(node, **_pairs(more))
        elif section in ("*arcs", "*edges"):
            u, v, *more = words
            weighs = {"weight": float(more[0])} if more and _NUMBER.fullmatch(more[0]) else {}
            tie(u, v, **weighs, **_pairs(more))
        elif section in ("*arcslist", "*edgeslist"):
            for v in words[1:]:
                tie(words[0], v)
        elif section == "*matrix":
            row += 1
            for column, weight in enumerate(words, start=two + 1):
                if float(weight):
                    tie(str(row), str(column), weight=float(weight))
    return _by_labels(graph, labels)


_SECTIONS = ("*network", "*arcs", "*edges", "*arcslist", "*edgeslist", "*matrix")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)


def _pairs(words: list[str]) -> dict[str, str]:
    """Return names and values after the numbers (a place, a weight) and the shape of a line."""
    left = [
        word
        for k, word in enumerate(words)
        if any(not _NUMBER.fullmatch(w) for w in words[: k + 1])
    ]
    left = left[len(left) % 2 :]
    return dict(zip(left[::2], left[1::2], strict=True))


_KINDS = {".graphml": nx.read_graphml, ".gexf": _gexf, ".net": _pajek}


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
    with extra("libpysal", "networks.weights", "maps"):
        import libpysal.weights as pysal
    neighbours = {node: list(graph.successors(node)) for node in graph}
    strengths = {
        node: [float(graph.edges[node, other].get("strength", 1)) for other in others]
        for node, others in neighbours.items()
    }
    return pysal.W(neighbours, strengths, id_order=[*graph], silence_warnings=True)
