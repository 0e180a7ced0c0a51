"""One vocabulary for networks of firms, people and institutions, and a reader into it.

A network is a ``networkx.DiGraph``. A tie from u to v says that u delivers to v: goods or services
(``kind="supply"``), knowledge, people's trust (``social``) or, from owner to owned, ownership. A
tie that runs both ways is two ties. Nodes and ties carry the attributes listed by `vocabulary`;
all are optional, and a measure that needs one names it (`require`).
"""

import functools
import numbers
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import networkx as nx
import numpy as np
import pandas as pd

from clusterlab.names import did_you_mean, shown
from clusterlab.parameters import chosen
from clusterlab.reading import Numerals
from clusterlab.tables import need_columns, read_text, refuse_spellings

__all__ = [
    "ATTRIBUTES",
    "KINDS",
    "OWNERSHIP",
    "REACHES",
    "Attribute",
    "ownership",
    "read",
    "require",
    "validate",
    "vocabulary",
]

#: What passes along a tie.
KINDS = ("supply", "knowledge", "social", "ownership")
#: How far a tie goes: within one place, within one region, beyond.
REACHES = ("local", "regional", "global")
#: Who decides over a node, as `ownership` derives it.
OWNERSHIP = ("independent", "local group", "external parent", "state")


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

_ON_NODES = tuple(a.name for a in ATTRIBUTES if a.on == "node")
_ON_TIES = tuple(a.name for a in ATTRIBUTES if a.on == "tie")
_CLOSED = {"kind": KINDS, "reach": REACHES}
_NUMBERS = ("size", "codified", "strength")
_TEXTS = tuple(name for name in _ON_NODES if name != "size")

P = ParamSpec("P")
R = TypeVar("R")


def vocabulary() -> pd.DataFrame:
    """Return the attributes of nodes and ties: what each means and which values it takes.

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
    """Read a network from a list of ties and, if there is one, a list of nodes.

    Parameters
    ----------
    edges : pandas.DataFrame or path of a text file
        One row a tie, with columns ``source`` (who delivers) and ``target`` (to whom), and any of
        the attributes of ties in `vocabulary`.
    nodes : pandas.DataFrame or path of a text file, optional
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
        ``encoding``, ``skip_rows``, ``decimal`` and ``thousands``.

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
    columns = dict(columns or {})
    numerals = Numerals(reading.pop("decimal", None), reading.pop("thousands", None), ("",))
    for name in reading:
        chosen("an argument of read", name, ("separator", "encoding", "skip_rows"))
    ties = _table(edges, "edges", columns, ("source", "target"), numerals, reading)
    things = None
    if nodes is not None:
        things = _table(nodes, "nodes", columns, ("node",), numerals, reading)
    numerals.settle()
    found = set(ties.columns) | (set() if things is None else set(things.columns))
    _known(columns, found)
    _needs_columns(ties, "edges", ("source", "target"))
    if ties.empty:
        raise ValueError("edges: the table has no rows; a network needs at least one tie.")
    graph = nx.DiGraph()
    _no_gaps(ties, "edges", ("source", "target"))
    if things is not None:
        _needs_columns(things, "nodes", ("node",))
        _no_gaps(things, "nodes", ("node",))
        twice = things["node"].duplicated()
        if twice.any():
            raise ValueError(
                f"nodes: {_row(things, _first(twice))} names {things['node'][twice].iloc[0]!r} "
                "again; each node needs one row."
            )
        _check_values(things, "nodes", _ON_NODES)
        for row in _records(things):
            graph.add_node(row.pop("node"), **row)
    names = pd.unique(pd.concat([ties["source"], ties["target"], pd.Series(list(graph))]))
    refuse_spellings(names, "the names of nodes")
    _check_ends(ties, None if things is None else list(graph), directed)
    _check_values(ties, "edges", _ON_TIES)
    for row in _records(ties):
        source, target = row.pop("source"), row.pop("target")
        graph.add_edge(source, target, **row)
        if not directed:
            graph.add_edge(target, source, **row)
    if "reach" not in ties.columns:
        _derive_reach(graph)
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

    Examples
    --------
    >>> validate(nx.path_graph(2)).number_of_edges()
    2
    >>> validate(nx.DiGraph([("a", "a")]), what="reciprocity")
    Traceback (most recent call last):
    ValueError: reciprocity: node 'a' is tied to itself; take that tie out.
    """
    who = f"{what}: " if what else ""
    if not isinstance(graph, nx.Graph):
        raise TypeError(f"{who}the graph must be a networkx graph, found {type(graph).__name__}.")
    if graph.number_of_nodes() == 0:
        raise ValueError(f"{who}the graph is empty: it has no nodes.")
    if graph.is_multigraph():
        raise ValueError(
            f"{who}the graph is a multigraph; add parallel ties up into one tie first."
        )
    loop = next(nx.selfloop_edges(graph), None)
    if loop is not None:
        raise ValueError(f"{who}node {loop[0]!r} is tied to itself; take that tie out.")
    for node, data in graph.nodes(data=True):
        if _missing(node):
            raise ValueError(f"{who}a node is named {node!r}; each node needs a name.")
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
    try:
        names = sorted(graph)
    except TypeError:  # names of several kinds
        names = sorted(graph, key=lambda node: (type(node).__name__, str(node)))
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

    Examples
    --------
    >>> require(nx.path_graph(3, create_using=nx.DiGraph), "E–I index", nodes=["place"])
    Traceback (most recent call last):
    ValueError: E–I index needs the node attribute 'place', which 3 of 3 nodes lack (first: 0).
    """
    if not isinstance(graph, nx.Graph):
        raise TypeError(f"{measure} needs a networkx graph, found {type(graph).__name__}.")
    for name in nodes:
        lacking = [node for node, data in graph.nodes(data=True) if _missing(data.get(name))]
        if lacking:
            raise ValueError(
                f"{measure} needs the node attribute {name!r}, which {len(lacking)} of "
                f"{graph.number_of_nodes()} nodes lack (first: {lacking[0]!r})."
            )
    for name in ties:
        missing = [(u, v) for u, v, data in graph.edges(data=True) if _missing(data.get(name))]
        if missing:
            raise ValueError(
                f"{measure} needs the tie attribute {name!r}, which {len(missing)} of "
                f"{graph.number_of_edges()} ties lack (first: {missing[0][0]!r} → "
                f"{missing[0][1]!r})."
            )


def groups(graph: nx.Graph, measure: str, by: str) -> dict[Any, Any]:
    """Return the group of each node: the node attribute ``by``, which all must have."""
    if not isinstance(by, str):
        raise ValueError(f"{measure}: by is {by!r}, but it must be the name of a node attribute.")
    require(graph, measure, nodes=[by])
    for node, group in graph.nodes(data=by):
        if not isinstance(group, Hashable):
            raise ValueError(f"{measure}: node {node!r} has {by} {group!r}, expected one value.")
    return dict(graph.nodes(data=by))


@on_network
def ownership(graph: nx.DiGraph) -> pd.Series:
    """Return who decides over each node: one of `OWNERSHIP`.

    A node that names itself as owner is independent; the owner ``"state"`` is the state; any other
    owner is a local group where it sits in the node's own place, and an external parent elsewhere.
    The owner's place is the node's ``seat`` or, where the owner is itself a node, its ``place``.

    Raises
    ------
    ValueError
        A node without ``owner``, or with an owner whose place is not known.

    Examples
    --------
    >>> graph = nx.DiGraph()
    >>> graph.add_node("plant", owner="parent", place="Penang", seat="San Jose")
    >>> graph.add_node("shop", owner="shop", place="Prato")
    >>> ownership(graph).to_dict()
    {'plant': 'external parent', 'shop': 'independent'}
    """
    require(graph, "ownership", nodes=["owner"])
    result = {node: decides(graph, node) for node in graph}
    for node, who in result.items():
        if who is None:
            raise ValueError(
                f"ownership: {node!r} belongs to {graph.nodes[node]['owner']!r}; whether that is "
                "local needs the node's 'place' and the owner's 'seat'."
            )
    return pd.Series(result, name="ownership", dtype=object).rename_axis("node")


def decides(graph: nx.Graph, node: Any) -> str | None:
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


def _table(
    table: Any,
    what: str,
    columns: Mapping[str, str],
    needed: Sequence[str],
    numerals: Numerals,
    reading: Mapping[str, Any],
) -> pd.DataFrame:
    """Return a list of ties or nodes with the names used here, its texts trimmed, empty as None."""
    own = {meant: name for name, meant in columns.items()}
    file = None
    if isinstance(table, str | Path):
        file = Path(table).name
        # a column that is not there is named below, in words of networks
        table = read_text(table, likely=[own.get(name, name) for name in needed], **reading)
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{what} must be a table or the path of one, found {type(table).__name__}.")
    need_columns(table.columns, table.columns, what)
    clash = [c for c in columns if c in table.columns and columns[c] in table.columns]
    if clash:
        raise ValueError(f"{what}: columns {clash[0]!r} and {columns[clash[0]]!r} both exist.")
    table = table.rename(columns=columns)
    lines = table.index
    table = table.reset_index(drop=True)
    table.attrs = {} if file is None else {"file": file, "lines": list(lines)}
    for name in table.columns:
        if table[name].dtype.kind in "iuf":
            continue
        table[name] = table[name].map(_trimmed, na_action="ignore").astype(object)
        if name in _NUMBERS:
            table[name] = _numbers(table, name, what, numerals)
        elif file and name not in (*_ON_NODES, *_ON_TIES, "source", "target", "node"):
            filled = table[name].dropna()
            if filled.str.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?").all():
                table[name] = pd.to_numeric(table[name])
    return table


def _trimmed(cell: Any) -> Any:
    return (cell.strip() or None) if isinstance(cell, str) else cell


def _numbers(table: pd.DataFrame, name: str, what: str, numerals: Numerals) -> np.ndarray:
    values, bad = numerals.numbers(table[name])
    if len(bad):
        found = table[name].iloc[bad[0]]
        hint = numerals.advice(found, table[name]).partition(";")[2]
        raise ValueError(
            f"{what}: {_row(table, bad[0] + 1)} has {name} {shown(found)}, expected a number"
            f"{';' if hint else ''}{hint}."
        )
    numerals.wonder(table[name], lambda row: f"{what}: {_row(table, row + 1)}", name)
    return values


def _row(table: pd.DataFrame, row: int) -> str:
    """Return the words for a row, counted from 1: in a file with its line."""
    line = (
        f" (line {table.attrs['lines'][row - 1]} of {table.attrs['file']})" if table.attrs else ""
    )
    return f"row {row}{line}"


def _known(columns: Mapping[str, str], found: set) -> None:
    for own, name in columns.items():
        if name not in found:
            raise ValueError(f"columns: neither table has a column {own!r}.")
        if name not in (*_ON_NODES, *_ON_TIES, "source", "target", "node"):
            hint = did_you_mean(name, [*_ON_NODES, *_ON_TIES, "source", "target"])
            raise ValueError(f"columns: {name!r} is not a name of the vocabulary{hint}")


def _needs_columns(table: pd.DataFrame, what: str, names: Sequence[str]) -> None:
    for name in names:
        if name not in table.columns:
            raise ValueError(
                f"{what}: no column {name!r} among {', '.join(map(str, table.columns))}"
                f"{did_you_mean(name, table.columns)} A column of another name is given with "
                "columns=."
            )


def _no_gaps(table: pd.DataFrame, what: str, names: Sequence[str]) -> None:
    for name in names:
        gaps = table[name].isna()
        if gaps.any():
            raise ValueError(f"{what}: {_row(table, _first(gaps))} has an empty {name!r}.")
        odd = ~table[name].map(pd.api.types.is_hashable)
        if odd.any():
            row = _first(odd)
            raise ValueError(
                f"{what}: {_row(table, row)} has {shown(table[name].iloc[row - 1])} as {name}, "
                "which is no name."
            )


def _first(mask: pd.Series) -> int:
    return int(np.flatnonzero(mask.to_numpy())[0]) + 1


def _check_ends(ties: pd.DataFrame, listed: list | None, directed: bool) -> None:
    loops = ties["source"] == ties["target"]
    if loops.any():
        raise ValueError(
            f"edges: {_row(ties, _first(loops))} ties {ties['source'][loops].iloc[0]!r} to itself; "
            "take it out."
        )
    if listed is not None:
        for end in ("source", "target"):
            unknown = ~ties[end].isin(listed)
            if unknown.any():
                name = ties[end][unknown].iloc[0]
                raise ValueError(
                    f"edges: {_row(ties, _first(unknown))} names {name!r} as {end}, which is not "
                    f"among the {len(listed)} nodes{did_you_mean(name, listed)}"
                )
    ends = ties[["source", "target"]]
    if not directed:
        key = ends.apply(lambda row: tuple(sorted(row, key=str)), axis=1)
        ends = pd.DataFrame(key.tolist(), columns=["source", "target"])
    twice = ends.duplicated()
    if twice.any():
        second = _first(twice)
        same = (ends == ends.iloc[second - 1]).all(axis=1)
        source, target = ties.loc[second - 1, "source"], ties.loc[second - 1, "target"]
        raise ValueError(
            f"edges: rows {_first(same)} and {second} both tie {source!r} and {target!r}; "
            "add them up into one row."
        )


def _check_values(table: pd.DataFrame, what: str, names: Sequence[str]) -> None:
    for name in [n for n in names if n in table.columns]:
        for row, value in enumerate(table[name], start=1):
            if not pd.isna(value):
                _check_entry({name: value}, f"{what}: {_row(table, row)}")


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, Hashable) and value != value)


def _check_entry(data: Mapping[str, Any], where: str) -> None:
    for name in _TEXTS:
        if name in data and (_missing(data[name]) or not isinstance(data[name], Hashable)):
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
    for name in _NUMBERS:
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


def _records(table: pd.DataFrame) -> list[dict]:
    records = []
    for row in table.to_dict("records"):
        kept = {str(k): v for k, v in row.items() if not pd.isna(v)}
        records.append({k: float(v) if k in _NUMBERS else v for k, v in kept.items()})
    return records


def _derive_reach(graph: nx.DiGraph) -> None:
    for source, target, data in graph.edges(data=True):
        ends = graph.nodes[source], graph.nodes[target]
        if all("place" in end and "region" in end for end in ends):
            data["reach"] = reach_between(*ends)


def reach_between(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return how far a tie between two nodes' attributes goes: local, regional or global."""
    if one["place"] == other["place"]:
        return "local"
    return "regional" if one["region"] == other["region"] else "global"
