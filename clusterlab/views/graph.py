"""A network to look at: fixed layout, draggable nodes, a spoken name for each of them.

`graph_view` shows any networkx graph in the browser, `draw_graph` draws the same on matplotlib
axes; both take colour from the node's role, shape from its owner and line style from the kind of
tie, so that nothing is told by colour alone. Node attributes ``colour``, ``shape``, ``label`` and
``spoken`` and tie attributes ``label``, ``colour`` and ``width`` say otherwise where needed.
"""

import io
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import networkx as nx
import numpy as np
import pandas as pd
import traitlets

from clusterlab import style
from clusterlab.parameters import generator, number

__all__ = ["SHAPES", "STYLES", "GraphView", "draw_graph", "graph_view", "layout"]

_VIEWS = Path(__file__).parent
_WIDTH, _HEIGHT = 760, 480

#: Shape of a node by who decides over it (`clusterlab.networks.ownership`).
SHAPES = {
    "independent": "circle",
    "local group": "square",
    "external parent": "triangle",
    "state": "diamond",
}
#: Line style of a tie by what passes along it.
STYLES = {"supply": "solid", "knowledge": "dashed", "social": "dotted", "ownership": "solid"}

_ROLES = {
    "lead firm": "vermilion",
    "supplier": "blue",
    "component supplier": "sky blue",
    "person": "purple",
    "state": "green",
    "institution": "green",
}
_MORE_HUES = ("orange", "yellow", "grey", "blue", "vermilion", "green", "purple", "sky blue")
_MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "hexagon": "h"}
_LINES: dict[str, Any] = {"solid": "-", "dashed": (0, (4, 2.5)), "dotted": (0, (1, 2))}


def layout(graph: nx.Graph, *, seed: int = 0) -> dict[Any, tuple[float, float]]:
    """Return a place for each node between 0 and 1, once and for all.

    Up to six nodes stand on a circle, in the order of the graph; more are laid out by springs, with
    the parts of a disconnected network held together by an unseen node. Then the order of nodes and
    ties does not matter.
    """
    from clusterlab.networks.graphs import in_order

    _validate(graph)
    generator(seed)  # networkx takes what this takes, but does not name what it refuses
    if len(graph) <= 6:
        n = len(graph)
        angles = np.pi * (0.5 if n % 2 else 0.75) - 2 * np.pi * np.arange(n) / n
        found = dict(zip(graph, np.column_stack([np.cos(angles), np.sin(angles)]), strict=True))
    else:
        ordered = in_order(graph)
        flat = nx.Graph()
        flat.add_nodes_from(ordered)
        flat.add_edges_from(ordered.edges)
        unseen = object()
        parts = list(nx.connected_components(flat))
        if len(parts) > 1:
            for part in parts:
                middle = max((node for node in ordered if node in part), key=flat.degree)
                flat.add_edge(unseen, middle, weight=0.3)
        found = nx.spring_layout(flat, seed=seed, iterations=80 if len(flat) < 120 else 40)
        found.pop(unseen, None)
    spots = np.array([found[node] for node in graph], dtype=float)
    low, spread = spots.min(axis=0), np.ptp(spots, axis=0)
    edge = 0.18 if len(spots) <= 6 else 0.08  # room for bent arrows between few nodes
    spots = edge + (1 - 2 * edge) * (spots - low) / np.where(spread > 0, spread, 1)
    spots[:, spread == 0] = 0.5
    return {node: (float(x), float(y)) for node, (x, y) in zip(graph, spots, strict=True)}


def graph_view(
    graph: nx.Graph,
    *,
    positions: Mapping[Any, tuple[float, float]] | None = None,
    labels: Collection | None = None,
    ties: str = "kind",
    styles: Mapping[Any, str] = STYLES,
    sentence: str = "",
) -> "GraphView":
    """Show a network in the browser.

    Parameters
    ----------
    graph : networkx.Graph
        Attributes as in `clusterlab.networks.vocabulary`, all optional. A directed graph gets
        arrow heads.
    positions : mapping, optional
        A place for each node, x and y from 0 to 1 with y upwards; by default `layout`.
    labels : collection, optional
        Nodes whose names are written; by default all of up to 15 nodes, none of more. The node
        attribute ``label`` is always written.
    ties : str
        Tie attribute that decides the line style: ``"kind"``, or for a transition graph one that
        says where an arrow comes from.
    styles : mapping
        Its values → ``"solid"``, ``"dashed"`` or ``"dotted"``.
    sentence : str
        What the picture shows, in words; by default the numbers of nodes and ties.

    Returns
    -------
    GraphView

    Raises
    ------
    ValueError
        A graph that `clusterlab.networks.validate` refuses, a node without a place, or a line
        style that does not exist.

    Examples
    --------
    >>> arrows = nx.DiGraph()
    >>> arrows.add_edge("satellite", "hub", label=".02 a year", origin="named")
    >>> arrows.add_edge("hub", "state", origin="added")
    >>> view = graph_view(arrows, ties="origin",
    ...                   styles={"named": "solid", "added": "dashed"})
    >>> view.sentence
    'A network of 3 nodes and 2 ties.'
    """
    return GraphView(graph, positions, labels, ties, styles, sentence)


class GraphView(anywidget.AnyWidget):
    """The widget `graph_view` returns.

    ``update`` shows a changed graph in the same places; ``places`` reads where nodes were dragged.
    """

    _esm = _VIEWS / "graph.js"
    _css = _VIEWS / "graph.css"

    nodes: Any = traitlets.List().tag(sync=True)
    edges: Any = traitlets.List().tag(sync=True)
    legend: Any = traitlets.List().tag(sync=True)
    positions = traitlets.CBytes(b"").tag(sync=True)
    width = traitlets.Int(_WIDTH).tag(sync=True)
    height = traitlets.Int(_HEIGHT).tag(sync=True)
    sentence = traitlets.Unicode("").tag(sync=True)
    hint = traitlets.Unicode(
        "Point at a node, or use the arrow keys, to read what it is; drag it, or hold Shift, to "
        "move it."
    ).tag(sync=True)

    def __init__(
        self,
        graph: nx.Graph,
        positions: Mapping | None,
        labels: Collection | None,
        ties: str,
        styles: Mapping,
        sentence: str,
    ) -> None:
        super().__init__()
        _validate(graph)
        self._ties, self._styles = ties, dict(styles)
        self._names = list(graph)
        places = _places(graph, positions)
        self.positions = np.array(
            [(x, 1 - y) for x, y in places.values()], dtype=np.float32
        ).tobytes()
        self.update(graph, labels=labels, sentence=sentence)

    def update(
        self, graph: nx.Graph, *, labels: Collection | None = None, sentence: str = ""
    ) -> "GraphView":
        """Show a changed graph of the same nodes without moving them; returns the widget."""
        _validate(graph)
        if set(graph) != set(self._names):
            strange = set(graph) ^ set(self._names)
            raise ValueError(
                f"the view shows {len(self._names)} nodes; {next(iter(strange))!r} is not in both "
                "graphs. Make a new view for other nodes."
            )
        ordered = graph.__class__()
        ordered.add_nodes_from((name, graph.nodes[name]) for name in self._names)
        ordered.add_edges_from(graph.edges(data=True))
        nodes, edges, legend = _marks(ordered, labels, self._ties, self._styles)
        said = f"A network of {len(nodes)} nodes and {len(edges)} ties."
        with self.hold_sync():
            self.nodes, self.edges, self.legend = nodes, edges, legend
            self.sentence = sentence or said
        self._graph, self._labels = ordered, labels
        return self

    @property
    def places(self) -> pd.DataFrame:
        """Where the nodes are now: ``x`` and ``y`` from 0 to 1, y upwards."""
        spots = np.frombuffer(self.positions, dtype=np.float32).reshape(-1, 2)
        index = pd.Index(self._names, name="node")
        return pd.DataFrame({"x": spots[:, 0], "y": 1 - spots[:, 1]}, index)

    def picture(self) -> bytes:
        """Return the network as it stands now, as PNG."""
        made, axes = style.figure()
        with style.context():
            draw_graph(
                self._graph,
                positions=dict(zip(self._names, self.places.to_numpy(), strict=True)),
                labels=self._labels,
                ties=self._ties,
                styles=self._styles,
                ax=axes[0],
            )
            made.set_layout_engine("constrained")
            stream = io.BytesIO()
            made.savefig(stream, format="png", dpi=120)
        return stream.getvalue()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add the picture and the sentence, for print and for readers without a kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        still = {"image/png": self.picture(), "text/plain": self.sentence}
        return {**(data or {}), **still}, metadata


def draw_graph(
    graph: nx.Graph,
    *,
    positions: Mapping[Any, tuple[float, float]] | None = None,
    labels: Collection | None = None,
    ties: str = "kind",
    styles: Mapping[Any, str] = STYLES,
    ax: Any = None,
) -> Any:
    """Draw a network on matplotlib axes in the way `graph_view` shows it; returns the axes."""
    from matplotlib.colors import to_rgb
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyArrowPatch

    _validate(graph)
    ax = style.axes(ax)
    places = np.array(list(_places(graph, positions).values()))
    nodes, edges, legend = _marks(graph, labels, ties, styles)
    ink = ax.yaxis.label.get_color()
    few = len(edges) <= 40
    dark = sum(to_rgb(ink)) > 1.5
    behind = {
        "facecolor": "#111111" if dark else "white",
        "edgecolor": "none",
        "pad": 1.2,
        "alpha": 0.8,
    }
    for line in dict.fromkeys(edge["style"] for edge in edges):
        drawn = [edge for edge in edges if edge["style"] == line]
        if few:
            for edge in drawn:
                ax.add_artist(  # not add_patch, which would look for limits that are set below
                    FancyArrowPatch(
                        places[edge["from"]],
                        places[edge["to"]],
                        arrowstyle="-|>" if edge["arrow"] else "-",
                        connectionstyle=f"arc3,rad={-0.14 * edge['bend']}",
                        mutation_scale=9 + 3 * edge["width"],
                        shrinkB=nodes[edge["to"]]["radius"] + 3,
                        color=edge["colour"] or ink,
                        alpha=edge["alpha"],
                        linewidth=edge["width"],
                        linestyle=_LINES[line],
                    )
                )
        else:
            for look in dict.fromkeys((edge["colour"], edge["width"]) for edge in drawn):
                hue, width = look
                alike = [e for e in drawn if (e["colour"], e["width"]) == look]
                # one path with gaps, not a path for each tie: a fifth of the time
                spots = [[*places[[e["from"], e["to"]]], (np.nan, np.nan)] for e in alike]
                ax.plot(
                    *np.concatenate(spots).T,
                    color=hue or ink,
                    linewidth=0.7 * width,
                    alpha=0.4,
                    linestyle=_LINES[line],
                    zorder=1,
                )
    for shape in dict.fromkeys(node["shape"] for node in nodes):
        these = [i for i, node in enumerate(nodes) if node["shape"] == shape]
        ax.scatter(
            *places[these].T,
            s=[(1.55 * nodes[i]["radius"]) ** 2 for i in these],
            c=[nodes[i]["colour"] for i in these],
            marker=_MARKERS[shape],
            edgecolors=ink,
            linewidths=0.7,
            zorder=3,
        )
    for i, node in enumerate(nodes):
        if node["label"]:
            up = 1 if places[i][1] > 0.5 else -1  # outwards, away from the ties
            ax.annotate(
                node["label"],
                places[i],
                (0, up * (node["radius"] + 3)),
                textcoords="offset points",
                ha="center",
                va="bottom" if up > 0 else "top",
                bbox=behind,
                zorder=4,
            )
    for edge in edges:
        if edge["label"]:
            one, other = places[edge["from"]], places[edge["to"]]
            side = np.array([other[1] - one[1], one[0] - other[0]]) * -0.07 * edge["bend"]
            spot = 0.6 * one + 0.4 * other + side
            ax.annotate(edge["label"], spot, ha="center", va="center", bbox=behind, zorder=5)
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.06, 1.06), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    if len(legend) > 1:
        handles = [
            Line2D(
                [],
                [],
                color=entry["colour"] or ink,
                linestyle=_LINES[entry["style"]],
                label=entry["text"],
            )
            if "style" in entry
            else Line2D(
                [],
                [],
                marker=_MARKERS[entry["shape"]],
                color="none",
                markeredgecolor=ink,
                markerfacecolor=entry["colour"] or "none",
                markersize=9,
                label=entry["text"],
            )
            for entry in legend
        ]
        ax.legend(
            handles=handles,
            loc="upper center",
            bbox_to_anchor=(0.5, 0.0),
            ncols=4,
            handletextpad=0.4,
            columnspacing=1.2,
        )
    return ax


def _validate(graph: nx.Graph) -> None:
    from clusterlab.networks.graphs import validate

    validate(graph)


def _places(graph: nx.Graph, positions: Mapping | None) -> dict:
    if positions is None:
        return layout(graph)
    if not isinstance(positions, Mapping):
        raise ValueError(
            f"positions must be a mapping of nodes to x and y, found {type(positions).__name__}."
        )
    places = {}
    for node in graph:
        if node not in positions:
            raise ValueError(f"positions: node {node!r} has no place.")
        try:
            x, y = (float(part) for part in positions[node])
        except (TypeError, ValueError):
            x = y = np.nan
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ValueError(
                f"positions: {node!r} is at {positions[node]!r}, outside 0 to 1; x and y are two "
                "numbers."
            )
        places[node] = (x, y)
    return places


def _marks(graph: nx.Graph, labels: Collection | None, ties: str, styles: Mapping) -> tuple:
    """Return how each node and tie is drawn, and the legend."""
    if isinstance(labels, str):
        raise ValueError(f"labels is {labels!r}, but it must be a list of nodes.")
    wrong = [line for line in styles.values() if line not in _LINES]
    if wrong:
        raise ValueError(f"styles: {wrong[0]!r} is no line style; use {', '.join(_LINES)}.")
    n = graph.number_of_nodes()
    written = set(graph if n <= 15 else ()) if labels is None else set(labels)
    stray = [name for name in written if name not in graph]
    if stray:
        raise ValueError(f"labels: {stray[0]!r} is not a node of the graph.")
    hues = _hues(role for _, role in graph.nodes(data="role"))
    owners = _owners(graph)
    sizes = {node: data["size"] for node, data in graph.nodes(data=True) if "size" in data}
    largest = max(sizes.values(), default=1)
    base = 15 if n <= 15 else 7 if n <= 120 else 4
    index, nodes = {}, []
    for i, (node, data) in enumerate(graph.nodes(data=True)):
        index[node] = i
        share = (sizes[node] / largest) ** 0.5 if node in sizes else 0.5
        hue = data.get("colour", hues.get(data.get("role"), "blue"))
        nodes.append(
            {
                "name": str(node),
                "label": str(data.get("label", node if node in written else "")),
                "spoken": str(data.get("spoken", _spoken(graph, node, owners.get(node)))),
                "colour": style.colour(hue),
                "shape": data.get("shape", SHAPES.get(owners.get(node, ""), "circle")),
                "radius": round(base * (0.7 + 0.8 * share), 2),
            }
        )
        if nodes[-1]["shape"] not in _MARKERS:
            raise ValueError(
                f"node {node!r} has shape {nodes[-1]['shape']!r}, not one of {', '.join(_MARKERS)}."
            )
    many = graph.number_of_edges() > 150
    edges = [
        {
            "from": index[u],
            "to": index[v],
            "style": styles.get(data.get(ties), "solid"),
            "label": str(data.get("label", "")),
            "colour": style.colour(data["colour"]) if "colour" in data else "",
            "width": round(
                number(f"tie {u!r} → {v!r}: width", data.get("width", 0.8 if many else 1.4)), 2
            ),
            "alpha": 0.45 if many else 0.75,
            "arrow": graph.is_directed(),
            "bend": int(graph.is_directed() and graph.has_edge(v, u)),
        }
        for u, v, data in graph.edges(data=True)
    ]
    return nodes, edges, _legend(graph, hues, owners, ties, styles)


def _hues(roles: Iterable) -> dict:
    seen = [role for role in dict.fromkeys(roles) if role is not None]
    spare = iter(hue for hue in _MORE_HUES if hue not in {_ROLES.get(r) for r in seen})
    return {role: _ROLES.get(role) or next(spare, "grey") for role in seen}


def _owners(graph: nx.Graph) -> dict:
    """Return who decides over each node, for those where it can be told."""
    from clusterlab.networks.graphs import decides

    told = {node: decides(graph, node) for node, data in graph.nodes(data=True) if "owner" in data}
    return {node: who for node, who in told.items() if who is not None}


def _spoken(graph: nx.Graph, node: Any, owner: str | None) -> str:
    data = graph.nodes[node]
    parts = [str(data["role"])] if "role" in data else []
    if "place" in data:
        parts.append(f"in {data['place']}")
    if owner:
        parts.append(owner if owner != "external parent" else f"owned by {data['owner']} elsewhere")
    if "size" in data:
        parts.append(f"size {data['size']:g}")
    if "product" in data:
        parts.append(f"makes {data['product']}")
    if graph.is_directed():
        parts.append(f"{graph.out_degree(node)} ties out, {graph.in_degree(node)} in")
    else:
        parts.append(f"{graph.degree(node)} ties")
    return f"{node}: {', '.join(parts)}."


def _legend(graph, hues, owners, ties, styles) -> list[dict]:
    entries = [
        {"text": str(role), "shape": "circle", "colour": style.colour(hue)}
        for role, hue in hues.items()
    ]
    shapes = dict.fromkeys(owners.values())
    if len(shapes) > 1:
        entries += [{"text": who, "shape": SHAPES[who], "colour": ""} for who in shapes]
    used = dict.fromkeys(value for *_, value in graph.edges(data=ties) if value in styles)
    if len(used) > 1:
        entries += [{"text": str(value), "style": styles[value], "colour": ""} for value in used]
    return entries
