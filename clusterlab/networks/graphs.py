"""One vocabulary for networks of firms, people and institutions, and a reader into it.

A network is a ``networkx.DiGraph``. A tie from u to v says that u delivers to v: goods or services
(``kind="supply"``), knowledge, people's trust (``social``) or, from owner to owned, ownership. A
tie that runs both ways is two ties. Nodes and ties carry the attributes listed by `vocabulary`;
all are optional, and a measure that needs one names it (`require`).
"""

import functools
import numbers
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import networkx as nx
import pandas as pd

from clusterlab import simple_graphs
from clusterlab.names import did_you_mean, shown
from clusterlab.parameters import chosen
from clusterlab.reading import Numerals, plain
from clusterlab.simple_graphs import is_unset
from clusterlab.tables import (
    need_columns,
    need_frame,
    read_text,
    refuse_gaps,
    refuse_repeats,
    refuse_spellings,
)

#: What passes along a tie.
KINDS = ("supply", "knowledge", "social", "ownership")
#: How far a tie goes: within one place, within one region, beyond.
REACHES = ("local", "regional", "global")
#: Who decides over a node, as `ownership` derives it, and the shape it is drawn in.
OWNERSHIP = {
    "independent": "circle",
    "local group": "square",
    "external parent": "triangle",
    "state": "diamond",
}


class Attribute(NamedTuple):
    """One attribute of a node or a tie: what it means and which values it takes."""

    on: str
    name: str
    meaning: str
    values: str
    unit: str = ""


#: The whole vocabulary, in the order in which `vocabulary` lists it.
ATTRIBUTES = (
    Attribute("node", "role", "part played in the network", "text, for instance 'lead firm'"),
    Attribute("node", "place", "where it is: a town, a metropolitan area", "text"),
    Attribute("node", "region", "the wider area its place lies in", "text"),
    Attribute("node", "size", "how many work there", "number above 0", "employees"),
    Attribute("node", "owner", "who owns it", "its own name, 'state', or a parent's"),
    Attribute(
        "node", "seat", "place where its owner decides", "text; needed if the owner is no node"
    ),
    Attribute("node", "product", "what it delivers; equals are substitutes", "text"),
    Attribute("tie", "kind", "what passes along the tie", ", ".join(KINDS)),
    Attribute("tie", "codified", "share of the hand-off that is written down", "0 to 1", "share"),
    Attribute("tie", "strength", "how much passes, or how often", "number above 0", "own unit"),
    Attribute("tie", "reach", "how far the tie goes", ", ".join(REACHES)),
)

_CLOSED = {"kind": KINDS, "reach": REACHES}
NUMBERS = ("size", "codified", "strength")
_TEXTS = tuple(a.name for a in ATTRIBUTES if a.on == "node" and a.name != "size")
_HUES = {
    "lead firm": "vermilion",
    "supplier": "blue",
    "component supplier": "sky blue",
    "person": "purple",
    "state": "green",
    "institution": "green",
}
_MORE_HUES = ("orange", "yellow", "grey", "blue", "vermilion", "green", "purple", "sky blue")
_STYLES = {"supply": "solid", "knowledge": "dashed", "social": "dotted", "ownership": "solid"}
_TIE_HUES = {"knowledge": "green", "social": "purple"}
#: The columns that name what a row is about.
_ENDS = {"edges": ("source", "target"), "nodes": ("node",)}
_MEANT = (*(a.name for a in ATTRIBUTES), *_ENDS["edges"], *_ENDS["nodes"])

P = ParamSpec("P")
R = TypeVar("R")


def vocabulary() -> pd.DataFrame:
    """Return the attributes of nodes and ties: what each means and which values it takes.

    Returns
    -------
    pandas.DataFrame
        Indexed by what an attribute is ``on`` (node or tie) and its ``name``.

    See Also
    --------
    read : a network from tables with these columns.
    validate : refuses values outside the vocabulary.

    Examples
    --------
    >>> vocabulary().loc[("tie", "reach"), "values"]
    'local, regional, global'
    """
    return pd.DataFrame(ATTRIBUTES).set_index(["on", "name"])


def read(
    edges: pd.DataFrame | str | Path,
    nodes: pd.DataFrame | str | Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    directed: bool = True,
    **reading: Any,
) -> nx.DiGraph:
    """Read a network from an edge list and, if there is one, a node list.

    Parameters
    ----------
    edges : pandas.DataFrame or path of a file
        One row a tie, with columns ``source`` (who delivers) and ``target`` (to whom), and any of
        the attributes of ties in `vocabulary`.
    nodes : pandas.DataFrame or path of a file, optional
        One row a node, with a column ``node`` and any attributes. Without it the nodes are those
        that the ties name.
    columns : mapping, optional
        The file's own column names → the names used here, for instance
        ``{"from": "source", "to": "target", "VAL": "strength"}``.
    directed : bool
        False where a row says that two nodes are tied without saying who delivers: each row then
        becomes two ties.
    **reading
        How files and numbers are written, as in `clusterlab.tables.read`: ``separator``,
        ``encoding``, ``skip_rows``, ``sheet``, ``decimal`` and ``thousands``.

    Returns
    -------
    networkx.DiGraph
        In a file the names of nodes are text: ``01`` stays ``01`` and ``NA`` is a name.
        Columns outside the vocabulary are kept as further attributes, as numbers where every cell
        is one and none begins with a zero too many. An empty cell leaves the
        attribute unset, and measures that need it say so. Where ties have no ``reach`` but both
        their ends have ``place`` and ``region``, it is derived: same place local, same region
        regional, else global.

    Raises
    ------
    ValueError
        No ties, a tie to a node that is not listed, from a node to itself or listed twice, a value
        outside the vocabulary, two spellings of one name; the message names the row (counted from
        1, without the header) and, in a file, the line.

    See Also
    --------
    vocabulary : the attributes and their values.
    structure : measures of what was read.

    Examples
    --------
    >>> ties = pd.DataFrame({"from": ["a", "b"], "to": ["b", "c"], "strength": [2, 1]})
    >>> graph = read(ties, columns={"from": "source", "to": "target"})
    >>> graph.edges["a", "b"]
    {'strength': 2.0}
    """
    if columns is not None and not isinstance(columns, Mapping):
        raise ValueError(
            f"columns is {shown(columns)}, but it must map names of your columns to those used "
            "here: columns={'from': 'source'}."
        )
    chosen("directed", directed, (True, False))
    numerals = Numerals(reading.pop("decimal", None), reading.pop("thousands", None), ("",))
    for name in reading:
        chosen("an argument of read", name, ("separator", "encoding", "skip_rows", "sheet"))
    given = {"nodes": nodes, "edges": edges} if nodes is not None else {"edges": edges}
    columns = dict(columns or {})
    for own, meant in columns.items():
        chosen(f"columns: the name for {own!r}", meant, _MEANT)
    tables = {what: _table(given[what], what, columns, numerals, reading) for what in given}
    numerals.settle()
    for own, meant in columns.items():
        if not any(meant in table for table in tables.values()):
            raise ValueError(f"columns: neither table has a column {own!r}.")
    graph = nx.DiGraph()
    for _, node, data in _rows(tables.get("nodes"), "nodes"):
        graph.add_node(node[0], **data)
    listed = set(graph) if nodes is not None else None
    seen: dict[Any, str] = {}
    for place, ends, data in _rows(tables["edges"], "edges"):
        _check_ends(place, ends, listed)
        first = seen.setdefault(ends if directed else frozenset(ends), place)
        if first is not place:
            rows = " and ".join(words.partition("row ")[2] for words in (first, place))
            both = ", or say directed=True if each tie stands in both directions"
            raise ValueError(
                f"edges: rows {rows} both tie {ends[0]!r} and {ends[1]!r}; add them up into one "
                f"row{'' if directed else both}."
            )
        for tie in (ends,) if directed else (ends, ends[::-1]):
            graph.add_edge(*tie, **data)
    if not seen:
        raise ValueError("edges: the table has no rows; a network needs at least one tie.")
    refuse_spellings(graph, "the names of nodes")
    if "reach" not in tables["edges"]:
        derive_reach(graph)
    return graph


def validate(graph: nx.Graph, *, what: str = "") -> nx.DiGraph:
    """Return a graph as a simple directed network, or say in one sentence what is wrong with it.

    Every function of `clusterlab.networks` that takes a graph begins with this.

    Parameters
    ----------
    graph : networkx.Graph
        Directed or not; attributes as in `vocabulary`, others as you like.
    what : str
        Who asks; the sentence begins with it.

    Returns
    -------
    networkx.DiGraph
        The graph itself, or, where it is undirected, a copy with each tie in both directions.

    Raises
    ------
    TypeError
        No networkx graph.
    ValueError
        No nodes, parallel ties, a node tied to itself, a node without a name, or a value outside
        the vocabulary: a size that is no number above 0, an owner that is ``None``. What is not
        known is left out, not set to nothing.

    See Also
    --------
    require : raises where attributes that a measure needs are lacking.
    vocabulary : the attributes and their values.

    Examples
    --------
    >>> validate(nx.path_graph(2)).number_of_edges()
    2
    >>> validate(nx.DiGraph([("a", "a")]), what="reciprocity")
    Traceback (most recent call last):
    ValueError: reciprocity: node 'a' is tied to itself; take that tie out.
    """
    simple_graphs.refuse_odd_graph(graph, what)
    who = f"{what}: " if what else ""
    for node, data in graph.nodes(data=True):
        _check_entry(data, f"{who}node {node!r}")
    for source, target, data in graph.edges(data=True):
        _check_entry(data, f"{who}tie {source!r} → {target!r}")
    return graph if graph.is_directed() else graph.to_directed()


def on_network(
    measure: Callable[Concatenate[nx.DiGraph, P], R],
) -> Callable[Concatenate[nx.Graph, P], R]:
    """Let a function of a graph begin with `validate`, under the function's own name.

    The function without that check, for those who have made it, is ``inspect.unwrap`` of it.
    """

    @functools.wraps(measure)
    def checked(graph: nx.Graph, *args: P.args, **kwargs: P.kwargs) -> R:
        return measure(validate(graph, what=measure.__name__), *args, **kwargs)

    return checked


def in_order(graph: nx.Graph) -> nx.DiGraph:
    """Return a network with nodes and ties in an order that hangs on their names alone.

    Draws go to nodes by their place in the network, and so do equals in a ranking; without this
    the order of rows in a file would decide.
    """
    names = simple_graphs.in_order(graph)
    at = {node: i for i, node in enumerate(names)}
    network = nx.DiGraph(**graph.graph)
    network.add_nodes_from((node, graph.nodes[node]) for node in names)
    ties = graph.edges(data=True)
    network.add_edges_from(sorted(ties, key=lambda tie: (at[tie[0]], at[tie[1]])))
    return network


def require(
    graph: nx.Graph, measure: str, *, nodes: Sequence[str] = (), ties: Sequence[str] = ()
) -> None:
    """Raise ``ValueError`` naming the attributes that a measure needs and the graph lacks.

    Parameters
    ----------
    graph : networkx.Graph
        A network, as `validate` returns it.
    measure : str
        Who asks; the sentence begins with it.
    nodes, ties : sequence of str
        Names of attributes. A value that is ``None`` or NaN counts as lacking.

    Raises
    ------
    TypeError
        No networkx graph.
    ValueError
        An attribute that nodes or ties lack: how many, and the first.

    See Also
    --------
    validate : refuses values outside the vocabulary.

    Examples
    --------
    >>> require(nx.path_graph(3, create_using=nx.DiGraph), "E–I index", nodes=["place"])
    Traceback (most recent call last):
    ValueError: E–I index needs the node attribute 'place', which 3 of 3 nodes lack (first: 0).
    """
    if not isinstance(graph, nx.Graph):
        raise TypeError(f"{measure} needs a networkx graph, found {type(graph).__name__}.")
    for what, names, view in (("node", nodes, graph.nodes), ("tie", ties, graph.edges)):
        if isinstance(names, str):
            raise ValueError(f"{measure}: {what}s is {names!r}, but it must be a list of names.")
        for name in names:
            lacking = [entry[:-1] for entry in view(data=name) if is_unset(entry[-1])]
            if lacking:
                raise ValueError(
                    f"{measure} needs the {what} attribute {name!r}, which {len(lacking)} of "
                    f"{len(view)} {what}s lack (first: {' → '.join(map(repr, lacking[0]))})."
                )


def groups(graph: nx.Graph, measure: str, by: str) -> dict[Any, Any]:
    """Return the group of each node: the node attribute ``by``, which all must have."""
    if not isinstance(by, str):
        chosen(
            f"{measure}: by", by, dict.fromkeys(n for data in graph.nodes.values() for n in data)
        )
    require(graph, measure, nodes=[by])
    for node, group in graph.nodes(data=by):
        if not isinstance(group, Hashable):
            raise ValueError(f"{measure}: node {node!r} has {by} {group!r}, expected one value.")
    return dict(graph.nodes(data=by))


def place_or_largest(graph: nx.Graph, measure: str, place: str | None) -> tuple[str, set]:
    """Return a place, by default the one with most nodes, and the nodes that lie in it."""
    where = groups(graph, measure, "place")
    counted = Counter(where.values())
    if place is None:
        (place, most), *others = counted.most_common(2)
        if others and others[0][1] == most:
            raise ValueError(
                f"{measure}: places {place!r} and {others[0][0]!r} have {most} nodes each; say "
                "with place= which one is meant."
            )
    if not isinstance(place, str) or place not in counted:
        raise ValueError(
            f"{measure}: place is {place!r}, which no node has; there are "
            f"{', '.join(map(str, counted))}."
        )
    return place, {node for node, its in where.items() if its == place}


@on_network
def ownership(graph: nx.DiGraph) -> pd.Series:
    """Return who decides over each node: independent, local group, external parent or state.

    A node that names itself as owner is independent; the owner ``"state"`` is the state; any other
    owner is a local group where it sits in the node's own place, and an external parent elsewhere.
    The owner's place is the node's ``seat`` or, where the owner is itself a node, its ``place``.

    Parameters
    ----------
    graph : networkx.Graph
        Needs ``owner`` on nodes, and ``place`` and ``seat`` where owners are others.

    Returns
    -------
    pandas.Series
        Indexed by node.

    Raises
    ------
    ValueError
        A node without ``owner``, or with an owner whose place is not known.

    See Also
    --------
    dressed : draws it as the shape of a node.

    Examples
    --------
    >>> graph = nx.DiGraph()
    >>> graph.add_node("plant", owner="parent", place="Penang", seat="San Jose")
    >>> graph.add_node("shop", owner="shop", place="Prato")
    >>> ownership(graph).to_dict()
    {'plant': 'external parent', 'shop': 'independent'}
    """
    require(graph, "ownership", nodes=["owner"])
    result = {node: _decides(graph, node) for node in graph}
    for node, who in result.items():
        if who is None:
            raise ValueError(
                f"ownership: {node!r} belongs to {graph.nodes[node]['owner']!r}; whether that is "
                "local needs the node's 'place' and the owner's 'seat'."
            )
    return pd.Series(result, name="ownership", dtype=object).rename_axis("node")


def _decides(graph: nx.Graph, node: Any) -> str | None:
    """Return who decides over a node with an owner, or None where its place is not known."""
    data = graph.nodes[node]
    owner = data["owner"]
    if owner == node:
        return "independent"
    if owner == "state":
        return "state"
    seat = data.get("seat", graph.nodes[owner].get("place") if owner in graph else None)
    if seat is None or "place" not in data:
        return None
    return "local group" if seat == data["place"] else "external parent"


def dressed(graph: nx.Graph) -> nx.Graph:
    """Return a copy of a network as it is shown: colour by role, shape by owner, style by kind.

    Parameters
    ----------
    graph : networkx.Graph
        In the vocabulary; all attributes are optional. A ``colour``, ``shape``, ``spoken``,
        ``style`` or ``width`` that is there already stays.

    Returns
    -------
    networkx.Graph
        With ``shape`` and a ``spoken`` sentence on nodes, ``colour`` on those with a role,
        ``style`` on ties and, where they have a codified share, ``width`` (the less of it, the
        thicker); the ``legend`` is an attribute of the graph, so that nothing is told by colour
        alone. For `clusterlab.views.graph`.

    Raises
    ------
    ValueError
        A graph that `validate` refuses.

    See Also
    --------
    ownership : who decides over each node.

    Examples
    --------
    >>> graph = nx.DiGraph()
    >>> graph.add_node("San Jose", role="lead firm", owner="San Jose", size=900)
    >>> dressed(graph).nodes["San Jose"]["spoken"]
    'San Jose: lead firm, independent, size 900, ties: 0 out, 0 in.'
    """
    validate(graph, what="dressed")
    drawn = graph.copy()
    roles = [role for role in dict.fromkeys(dict(graph.nodes(data="role")).values()) if role]
    spare = iter(hue for hue in _MORE_HUES if hue not in {_HUES.get(role) for role in roles})
    hues = {role: _HUES.get(role) or next(spare, "grey") for role in roles}
    owners = {node: _decides(graph, node) for node, owner in graph.nodes(data="owner") if owner}
    for node, data in drawn.nodes(data=True):
        who = owners.get(node)
        data.setdefault("shape", OWNERSHIP.get(who or "", "circle"))
        data.setdefault("spoken", _spoken(graph, node, who))
        if data.get("role") in hues:
            data.setdefault("colour", hues[data["role"]])
    for *_, data in drawn.edges(data=True):
        kind = data.get("kind")
        data.setdefault("style", _STYLES.get(kind, "solid"))
        if kind in _TIE_HUES:
            data.setdefault("colour", _TIE_HUES[kind])
        if "codified" in data:  # three widths, so that many ties are drawn as few lines
            data.setdefault("width", 0.7 + 1.2 * round(2 * (1 - data["codified"])))
    legend = [{"text": str(role), "shape": "circle", "colour": hue} for role, hue in hues.items()]
    kinds = {kind: None for *_, kind in graph.edges(data="kind") if kind}
    for what, named, looks in (
        ("shape", dict.fromkeys(filter(None, owners.values())), OWNERSHIP),
        ("style", kinds, _STYLES),
    ):
        if len(named) > 1:
            legend += [
                {"text": name, what: looks[name], "colour": _TIE_HUES.get(name, "")}
                for name in named
            ]
    drawn.graph["legend"] = legend
    return drawn


def _spoken(graph: nx.Graph, node: Any, owner: str | None) -> str:
    data = graph.nodes[node]
    whose = owner if owner != "external parent" else f"owned by {data['owner']} elsewhere"
    parts = [
        data.get("role"),
        "place" in data and f"in {data['place']}",
        whose,
        "size" in data and f"size {data['size']:g}",
        "product" in data and f"makes {data['product']}",
        f"ties: {graph.out_degree(node)} out, {graph.in_degree(node)} in"
        if graph.is_directed()
        else f"ties: {graph.degree(node)}",
    ]
    return f"{node}: {', '.join(str(part) for part in parts if part)}."


def _table(
    table: Any, what: str, columns: Mapping, numerals: Numerals, reading: Mapping
) -> pd.DataFrame:
    """Return a list of ties or nodes with the names used here; the index says which row it is."""
    where, file = "", isinstance(table, str | Path)
    if file:
        where = f" of {Path(table).name})"
        own = {meant: name for name, meant in columns.items()}
        table = read_text(table, likely=[own.get(name, name) for name in _ENDS[what]], **reading)
    need_frame(table, what, "one row a tie or a node, or the path of a file")
    need_columns(table.columns, table.columns, what)
    clash = [c for c in columns if c in table.columns and columns[c] in table.columns]
    if clash:
        raise ValueError(f"{what}: columns {clash[0]!r} and {columns[clash[0]]!r} both exist.")
    lines = [f" (line {line}{where}" for line in table.index] if file else [""] * len(table)
    table = table.rename(columns=columns)
    table.index = pd.Index([f"{what}: row {k}{line}" for k, line in enumerate(lines, start=1)])
    for name in table.columns:
        cells = table[name]
        if cells.dtype.kind == "O":
            cells = cells.map(_trimmed, na_action="ignore").astype(object)
        if file and name in _ENDS[what]:  # in a workbook a name may be a number
            cells = cells.map(plain, na_action="ignore")
        if name in NUMBERS:
            cells = numerals.read(cells, table.index.__getitem__, name)
        elif file and name not in _MEANT:
            filled = cells.dropna().map(plain)
            if filled.str.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?").all():
                cells = pd.to_numeric(cells)
        table[name] = cells
    return table


def _trimmed(cell: Any) -> Any:
    return (cell.strip() or None) if isinstance(cell, str) else cell


def _rows(table: pd.DataFrame | None, what: str) -> Iterator[tuple[str, tuple, dict]]:
    """Yield which row it is, whom it names, and what it says of them, all checked."""
    if table is None:
        return
    need_columns(table.columns, _ENDS[what], f"{what} (columns= gives names)")
    refuse_gaps(table, _ENDS[what], table.index.__getitem__)
    for place, row in zip(table.index, table.to_dict("records"), strict=True):
        data = {str(name): value for name, value in row.items() if not is_unset(value)}
        for end in _ENDS[what]:
            if not isinstance(data[end], Hashable):
                raise ValueError(f"{place} has {shown(data[end])} as {end}, which is no name.")
        _check_entry(data, place)
        yield place, tuple(data.pop(end) for end in _ENDS[what]), data
    if what == "nodes":
        say = "{} names {!r} again; each node needs one row.".format
        refuse_repeats(table, ["node"], lambda row: say(table.index[row], table["node"].iloc[row]))


def _check_ends(place: str, ends: tuple, listed: set | None) -> None:
    if ends[0] == ends[1]:
        raise ValueError(f"{place} ties {ends[0]!r} to itself; take it out.")
    for end, name in zip(_ENDS["edges"], ends, strict=True):
        if listed is not None and name not in listed:
            raise ValueError(
                f"{place} names {name!r} as {end}, which is not among the {len(listed)} nodes"
                f"{did_you_mean(name, listed)}"
            )


def _check_entry(data: Mapping[str, Any], where: str) -> None:
    for name in _TEXTS:
        if name in data and (is_unset(data[name]) or not isinstance(data[name], Hashable)):
            raise ValueError(
                f"{where} has {name} {data[name]!r}, expected text; leave {name} out where it is "
                "not known."
            )
    for name, values in _CLOSED.items():
        if name in data and not (isinstance(data[name], str) and data[name] in values):
            raise ValueError(
                f"{where} has {name} {data[name]!r}, expected one of {', '.join(values)}"
                f"{did_you_mean(data[name], values)}"
            )
    for name in NUMBERS:
        if name not in data:
            continue
        value = data[name]
        real = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not real or not abs(value) <= sys.float_info.max:
            raise ValueError(f"{where} has {name} {value!r}, expected a number.")
        value = float(value)
        if name == "codified" and not 0 <= value <= 1:
            raise ValueError(f"{where} has codified {value:g}, expected a share from 0 to 1.")
        if name != "codified" and value <= 0:
            raise ValueError(f"{where} has {name} {value:g}, expected a number above 0.")


def derive_reach(graph: nx.DiGraph) -> None:
    """Say how far each tie goes whose ends have both place and region."""
    for source, target, data in graph.edges(data=True):
        ends = graph.nodes[source], graph.nodes[target]
        if all("place" in end and "region" in end for end in ends):
            data["reach"] = reach_between(*ends)


def reach_between(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return how far a tie between two nodes' attributes goes: local, regional or global."""
    if one["place"] == other["place"]:
        return "local"
    return "regional" if one["region"] == other["region"] else "global"
