"""A graph to look at: fixed layout, draggable nodes, a spoken name for each of them.

`graph_view` shows any networkx graph in the browser, `draw_graph` draws the same on matplotlib
axes. The graph arrives dressed (for networks by `clusterlab.networks.dressed`):

- nodes may have ``colour`` (a name that `clusterlab.style.colour` knows), ``shape`` (circle,
  square, triangle, diamond or hexagon), ``size`` (a number above 0: areas are in proportion),
  ``label`` and ``spoken``, the sentence that says what the node is;
- ties may have ``style`` (solid, dashed or dotted), ``colour``, ``width`` and ``label``;
- the graph may have a ``legend``: a list of mappings with ``text``, ``colour`` (``""`` for none)
  and either ``shape`` or ``style``.
"""

import functools
import io
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import traitlets

from clusterlab import style
from clusterlab.parameters import Seed, chosen, declared, generator, need, number
from clusterlab.simple_graphs import in_order, refuse_odd_graph
from clusterlab.views.controls import control
from clusterlab.views.still import VIEWS, Answering, script

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_graph", "graph_view", "layout"]

_MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "hexagon": "h"}
_MAKING = (
    "Pull from a node to another to draw a tie; click a tie to cut it; hold Shift to move a node. "
    "By keys: arrows go to a node, T starts a tie there and T ends it at another, N goes to the "
    "next tie, Delete cuts it."
)
_LINES: dict[str, Any] = {"solid": "-", "dashed": (0, (4, 2.5)), "dotted": (0, (1, 2))}


def layout(graph: nx.Graph, *, seed: Seed = 0) -> dict[Any, tuple[float, float]]:
    """Return fixed node positions, x and y from 0 to 1.

    Up to six nodes stand on a circle, in the order of the graph; more are laid out by springs, with
    the parts of a disconnected graph held together by an unseen node. Then the order of nodes and
    ties does not matter.

    Parameters
    ----------
    graph : networkx.Graph
        Who is tied to whom; attributes are left aside.
    seed : int or numpy.random.Generator
        Where the springs start.

    Returns
    -------
    dict
        Node → (x, y).

    See Also
    --------
    graph_view, draw_graph : take these positions unless told others.

    Examples
    --------
    >>> layout(nx.path_graph(1))
    {0: (0.5, 0.5)}
    """
    refuse_odd_graph(graph)
    rng = generator(seed)
    if len(graph) <= 6:
        n = len(graph)
        angles = np.pi * (0.5 if n % 2 else 0.75) - 2 * np.pi * np.arange(n) / n
        found = dict(zip(graph, np.column_stack([np.cos(angles), np.sin(angles)]), strict=True))
    else:
        flat = nx.Graph()
        flat.add_nodes_from(in_order(graph))
        flat.add_edges_from(graph.edges)
        unseen = object()
        parts = list(nx.connected_components(flat))
        for part in parts if len(parts) > 1 else ():
            middle = max((node for node in flat if node in part), key=flat.degree)
            flat.add_edge(unseen, middle, weight=0.3)
        # networkx takes no generator, and no whole number of numpy
        start = int(rng.integers(2**31)) if isinstance(seed, np.random.Generator) else int(seed)
        found = nx.spring_layout(flat, seed=start, iterations=80 if len(flat) < 120 else 40)
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
    ties: str = "style",
    styles: Mapping[Any, str] | None = None,
    sentence: str = "",
    making: Callable | None = None,
) -> "GraphView":
    """Show a graph in the browser, to look at or to draw ties in and cut them.

    Parameters
    ----------
    graph : networkx.Graph
        Dressed as the head of this module says, or bare. A directed graph gets arrow heads.
    positions : mapping, optional
        A place for each node, x and y from 0 to 1 with y upwards; by default `layout`.
    labels : collection, optional
        Nodes whose names are written; by default all of up to 15 nodes, none of more. The node
        attribute ``label`` is always written.
    ties : str
        Tie attribute that decides the line style.
    styles : mapping, optional
        Its values → ``"solid"``, ``"dashed"`` or ``"dotted"``; those used are named in the legend.
        By default the values are such words themselves.
    sentence : str
        What the picture shows, in words; by default the numbers of nodes and ties.
    making : callable, optional
        Lets the reader draw ties and cut them: by mouse (pull from node to node, click a tie), by
        touch (*Tie from here*, then the other node) and by keys (T at both ends, N for the next
        tie, Delete). ``making(ties, **values)`` is given the ties there now, a list of (from, to),
        and returns the graph to show and a sentence; its declared parameters
        (`clusterlab.parameters`) become controls.

    Returns
    -------
    GraphView
        The widget; ``update`` shows a changed graph, ``places`` reads where nodes were dragged,
        ``made`` holds the ties by the names of their nodes; it can be set and observed.

    Raises
    ------
    TypeError
        No networkx graph.
    ValueError
        No simple graph, a node without a place, or a colour, shape, size or line style that does
        not exist.

    See Also
    --------
    draw_graph : the same on matplotlib axes.
    layout : where nodes stand.

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
    return GraphView(graph, positions, labels, sentence, making, ties=ties, styles=styles)


class GraphView(Answering):
    """The widget `graph_view` returns.

    ``update`` shows a changed graph in the same places, ``graph`` is the one shown; ``places``
    reads where nodes were dragged. Where something is made, ``made`` holds the ties there are; it
    can be set and observed.
    """

    _esm = script("graph")
    _css = "".join((VIEWS / f"{each}.css").read_text("utf-8") for each in ("explore", "graph"))

    nodes: Any = traitlets.List().tag(sync=True)
    edges: Any = traitlets.List().tag(sync=True)
    legend: Any = traitlets.List().tag(sync=True)
    positions = traitlets.CBytes(b"").tag(sync=True)
    width = traitlets.Int(760).tag(sync=True)
    height = traitlets.Int(480).tag(sync=True)
    hint = traitlets.Unicode(
        "Point at a node, or use the arrow keys, to read what it is; drag it, or hold Shift, to "
        "move it."
    ).tag(sync=True)
    making = traitlets.Bool(False).tag(sync=True)
    directed = traitlets.Bool(False).tag(sync=True)
    made: Any = traitlets.List().tag(sync=True, echo_update=False)
    first: Any = traitlets.List().tag(sync=True)

    def __init__(
        self, graph: nx.Graph, positions: Any, labels: Any, sentence: str, making: Any, **look: Any
    ) -> None:
        super().__init__()
        fits = making is None or callable(making)
        need(fits, "making", "a function of ties that returns a graph and a sentence", making)
        places = _places(graph, positions)
        self._names, self._look = list(graph), look
        spots = np.array([(x, 1 - y) for x, y in places.values()], dtype=np.float32)
        self.positions = spots.tobytes()
        self.update(graph, labels=labels, sentence=sentence)
        if making is not None:
            self._let_make(making)

    def _let_make(self, answer: Callable) -> None:
        self.making, self.directed, self.hint = True, self.graph.is_directed(), _MAKING
        self.made = self.first = [[str(u), str(v)] for u, v in self.graph.edges]
        self.controls = [control(entry) for entry in declared(answer).values()]
        self.values = {each["name"]: each["start"] for each in self.controls}
        self._make = answer
        self._answer()
        self.observe(self._follow, ["made", "values", "request"])

    @traitlets.validate("made")
    def _known_ties(self, proposal: Any) -> list[list[str]]:
        known = {*map(str, self._names)}
        for tie in proposal["value"]:
            if len({*tie}) != 2 or len(tie) != 2 or not {*tie} <= known:
                raise ValueError(f"made: {tie!r} is no tie; give the names of two nodes.")
        return [[*tie] for tie in proposal["value"]]

    @property
    def _asked(self) -> Any:
        return self.made, self.values

    def _answer(self) -> None:
        self._at, names = self._asked, {str(name): name for name in self._names}
        graph, said = self._make([(names[u], names[v]) for u, v in self.made], **self.values)
        self.update(graph, labels=self._labels, sentence=said)
        self.problem = ""

    def _still(self) -> dict[str, str]:
        """Return what is still; *Reset* leads to these ties as well."""
        self.first = self.made
        return super()._still()

    def update(
        self, graph: nx.Graph, *, labels: Collection | None = None, sentence: str = ""
    ) -> "GraphView":
        """Show a changed graph of the same nodes without moving them; returns the widget."""
        refuse_odd_graph(graph)
        need(isinstance(sentence, str), "sentence", "text", sentence)
        if set(graph) != set(self._names):
            strange = next(iter(set(graph) ^ set(self._names)))
            shown = f"the view shows {len(self._names)} nodes; {strange!r} is not in both graphs"
            raise ValueError(f"{shown}. Make a new view for other nodes.")
        ordered = graph.__class__(**graph.graph)
        ordered.add_nodes_from((name, graph.nodes[name]) for name in self._names)
        ordered.add_edges_from(graph.edges(data=True))
        nodes, edges, legend = _marks(ordered, labels, **self._look)
        sentence = sentence or f"A network of {len(nodes)} nodes and {len(edges)} ties."
        with self.hold_sync():
            self.nodes, self.edges, self.legend, self.sentence = nodes, edges, legend, sentence
        self.graph, self._labels = ordered, labels
        return self

    @property
    def places(self) -> pd.DataFrame:
        """Where the nodes are now: ``x`` and ``y`` from 0 to 1, y upwards."""
        spots = np.frombuffer(self.positions, dtype=np.float32).reshape(-1, 2)
        index = pd.Index(self._names, name="node")
        return pd.DataFrame({"x": spots[:, 0], "y": 1 - spots[:, 1]}, index)

    @property
    def picture(self) -> bytes:
        """The graph as it stands now, as PNG bytes."""
        made, axes = style.figure()
        places = dict(zip(self._names, self.places.to_numpy(), strict=True))
        with style.context():
            draw_graph(self.graph, positions=places, labels=self._labels, ax=axes[0], **self._look)
            made.set_layout_engine("constrained")
            stream = io.BytesIO()
            made.savefig(stream, format="png", dpi=120)
        return stream.getvalue()


def draw_graph(
    graph: nx.Graph,
    *,
    positions: Mapping[Any, tuple[float, float]] | None = None,
    labels: Collection | None = None,
    ties: str = "style",
    styles: Mapping[Any, str] | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a graph on matplotlib axes in the way `graph_view` shows it.

    Parameters
    ----------
    graph, positions, labels, ties, styles
        As in `graph_view`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    graph_view : the same in the browser, where nodes can be dragged.
    """
    places = np.array(list(_places(graph, positions).values()))
    nodes, edges, legend = _marks(graph, labels, ties, styles)
    ax = style.axes(ax)
    ink = str(ax.yaxis.label.get_color())
    if len(edges) <= 40:
        _draw_arrows(ax, places, nodes, edges, ink)
    else:
        _draw_lines(ax, places, edges, ink)
    marks = pd.DataFrame(nodes).assign(x=places[:, 0], y=places[:, 1])
    marks["area"] = (1.55 * marks["radius"]) ** 2
    for shape, its in marks.groupby("shape", sort=False):
        look: Any = {"marker": _MARKERS[shape], "edgecolors": ink, "linewidths": 0.7, "zorder": 3}
        ax.scatter(its["x"], its["y"], its["area"], its["colour"], **look)
    _write_labels(ax, places, nodes, edges, ink)
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.06, 1.06), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    if len(legend) > 1:
        _draw_legend(ax, legend, ink)
    return ax


def _draw_arrows(ax: "Axes", places: np.ndarray, nodes: list, edges: list, ink: str) -> None:
    """Draw few ties one by one: bent where another runs back, with heads where directed."""
    from matplotlib.patches import FancyArrowPatch

    for edge in edges:
        look = {"alpha": edge["alpha"], "lw": edge["width"], "ls": _LINES[edge["style"]]}
        arrow = FancyArrowPatch(
            places[edge["from"]],
            places[edge["to"]],
            arrowstyle="-|>" if edge["arrow"] else "-",
            connectionstyle=f"arc3,rad={-0.14 * edge['bend']}",
            mutation_scale=9 + 3 * edge["width"],
            shrinkB=edge["arrow"] * (nodes[edge["to"]]["radius"] + 3),
            color=edge["colour"] or ink,
            **look,
        )
        ax.add_artist(arrow)  # not add_patch, which would look for limits that are set later


def _draw_lines(ax: "Axes", places: np.ndarray, edges: list, ink: str) -> None:
    """Draw many ties, those of one look as one path with gaps: a fifth of the time."""
    looks = ["style", "colour", "width"]
    for (line, hue, width), its in pd.DataFrame(edges).groupby(looks, sort=False):
        ends = places[its[["from", "to"]].to_numpy()]
        spots = np.insert(ends, 2, np.nan, axis=1).reshape(-1, 2)
        look = {"linestyle": _LINES[line], "linewidth": 0.7 * width, "alpha": 0.4}
        ax.plot(*spots.T, color=hue or ink, zorder=1, **look)


def _write_labels(ax: "Axes", places: np.ndarray, nodes: list, edges: list, ink: str) -> None:
    from matplotlib.colors import to_rgb

    ground = "#111111" if sum(to_rgb(ink)) > 1.5 else "white"
    behind = {"facecolor": ground, "edgecolor": "none", "pad": 1.2, "alpha": 0.8}
    for spot, node in zip(places, nodes, strict=True):
        if node["label"]:
            up = 1 if spot[1] > 0.5 else -1  # outwards, away from the ties
            look: Any = {"va": "bottom" if up > 0 else "top", "textcoords": "offset points"}
            away = (0, up * (node["radius"] + 3))
            ax.annotate(node["label"], spot, away, ha="center", bbox=behind, zorder=4, **look)
    for edge in edges:
        if edge["label"]:
            ends = places[[edge["from"], edge["to"]]]
            x, y = ends[1] - ends[0]
            beside = np.array([-y, x]) / np.hypot(x, y)  # left of its way, to where it bends
            gap, (ha, va) = 4 + edge["width"] / 2, np.sign(np.round(4 * beside)).astype(int) + 1
            look = {"ha": ("right", "center", "left")[ha], "va": ("top", "center", "bottom")[va]}
            at: Any = functools.partial(_on_tie, ax, ends, edge["bend"])
            look |= {"bbox": behind, "zorder": 5}
            ax.annotate(edge["label"], (0, 0), gap * beside, at, "offset points", **look)


def _on_tie(ax: "Axes", ends: np.ndarray, bend: int, _: Any) -> Any:
    """Return a point of a tie as it is drawn, bent by what it measures on the page."""
    from matplotlib.transforms import Affine2D

    one, other = ax.transData.transform(ends)
    bulge = 0.0672 * bend * np.array([one[1] - other[1], other[0] - one[0]])
    return Affine2D().translate(*(0.6 * one + 0.4 * other + bulge))  # before ties in a cross meet


def _draw_legend(ax: "Axes", legend: list, ink: str) -> None:
    from matplotlib.lines import Line2D

    handles = []
    for entry in legend:
        look = {"color": entry["colour"] or ink, "linestyle": _LINES.get(entry.get("style"), "")}
        if "shape" in entry:
            look |= {"marker": _MARKERS[entry["shape"]], "markersize": 9, "markeredgecolor": ink}
            look |= {"markerfacecolor": entry["colour"] or "none"}
        handles.append(Line2D([], [], label=entry["text"], **look))
    below: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0)}
    columns = int(min(4, ax.figure.bbox.width / ax.figure.dpi // 1.6))
    ax.legend(handles=handles, ncols=columns, handletextpad=0.4, columnspacing=1.2, **below)


def _places(graph: nx.Graph, positions: Any) -> dict:
    if positions is None:
        return layout(graph)
    refuse_odd_graph(graph)
    need(isinstance(positions, Mapping), "positions", "a mapping of nodes to x and y", positions)
    places = {}
    for node in graph:
        if node not in positions:
            raise ValueError(f"positions: node {node!r} has no place.")
        try:
            x, y = (float(part) for part in positions[node])
        except (TypeError, ValueError):
            x = y = np.nan
        if not (0 <= x <= 1 and 0 <= y <= 1):
            where = f"at {positions[node]!r}, outside 0 to 1"
            raise ValueError(f"positions: {node!r} is {where}; x and y are two numbers.")
        places[node] = (x, y)
    return places


def _marks(graph: nx.Graph, labels: Any, ties: str, styles: Mapping | None) -> tuple:
    """Return how each node and tie is drawn, and the legend."""
    need(isinstance(ties, str), "ties", "the name of an attribute", ties)
    fits = isinstance(styles, Mapping | None)
    need(fits, "styles", "a mapping of values of the attribute to line styles", styles)
    words = {line: line for line in _LINES} if styles is None else dict(styles)
    for line in words.values():
        if line not in _LINES:
            raise ValueError(f"styles: {line!r} is no line style; use {', '.join(_LINES)}.")
    nodes = _node_marks(graph, _written(graph, labels))
    index = {node: i for i, node in enumerate(graph)}
    many = graph.number_of_edges() > 150
    alike = {"alpha": 0.45 if many else 0.75, "arrow": graph.is_directed()}
    edges: list[dict] = []
    used: dict[str, str] = {}
    for u, v, data in graph.edges(data=True):
        line = data.get(ties)
        if styles is None and line is not None:
            chosen(f"tie {u!r} → {v!r}: {ties}", line, _LINES)
        used |= {line: words[line]} if line in words else {}
        width = number(f"tie {u!r} → {v!r}: width", data.get("width", 0.8 if many else 1.4))
        colour = style.colour(str(data["colour"])) if "colour" in data else ""
        bend = int(graph.is_directed() and graph.has_edge(v, u))
        place = {"from": index[u], "to": index[v], "bend": bend}
        look = {"style": words.get(line, "solid"), "colour": colour, "width": round(width, 2)}
        edges.append({**place, **look, **alike, "label": str(data.get("label", ""))})
    legend = [
        {**entry, "colour": style.colour(entry["colour"]) if entry["colour"] else ""}
        for entry in graph.graph.get("legend", ())
    ]
    if styles is not None and len(used) > 1:
        legend += [{"text": str(k), "style": line, "colour": ""} for k, line in used.items()]
    return nodes, edges, legend


def _written(graph: nx.Graph, labels: Any) -> set:
    """Return the nodes whose names are written."""
    if labels is None:
        return set(graph if len(graph) <= 15 else ())
    fits = isinstance(labels, Collection) and not isinstance(labels, str)
    need(fits, "labels", "a list of nodes", labels)
    for name in labels:
        if name not in graph:
            raise ValueError(f"labels: {name!r} is not a node of the graph.")
    return set(labels)


def _node_marks(graph: nx.Graph, written: set) -> list[dict]:
    known = [(node, size) for node, size in graph.nodes(data="size") if size is not None]
    sizes = {node: number(f"node {node!r}: size", size, ends=False) for node, size in known}
    largest = max(sizes.values(), default=1)
    base = 15 if len(graph) <= 15 else 7 if len(graph) <= 120 else 4
    marks = []
    for node, data in graph.nodes(data=True):
        share = (sizes[node] / largest) ** 0.5 if node in sizes else 0.5
        shape = chosen(f"node {node!r}: shape", data.get("shape", "circle"), _MARKERS)
        tied = f"ties: {graph.degree(node)}"
        if graph.is_directed():
            tied = f"ties: {graph.out_degree(node)} out, {graph.in_degree(node)} in"
        label = data.get("label", node if node in written else "")
        words = {"label": str(label), "spoken": str(data.get("spoken", f"{node}; {tied}."))}
        colour = style.colour(str(data.get("colour", "blue")))
        look = {"colour": colour, "shape": shape, "radius": round(base * (0.7 + 0.8 * share), 2)}
        marks.append({"name": str(node), **words, **look})
    return marks
