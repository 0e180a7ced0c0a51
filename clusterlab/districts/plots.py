"""Pictures of districts and of memberships that lessons and recipes draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from clusterlab import networks, style
from clusterlab.districts.network import _inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.districts.memberships import Membership

__all__ = ["plot_membership", "plot_network"]


@style.plot
def plot_membership(
    result: Membership, *, ax: Axes | None = None, prediction: str | None = None
) -> Axes:
    """Draw memberships with their 90 % intervals.

    Parameters
    ----------
    result : Membership
        From `clusterlab.districts.membership`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : str, optional
        The type that the reader expects first.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.districts.membership : the memberships.
    """
    ax = style.axes(ax)
    table, ink = result.types, ax.xaxis.label.get_color()
    at = range(len(table))
    hues = [style.colour(str(name)) for name in table.index]
    ax.barh(at, table["membership"], color=hues, height=0.62, alpha=0.85)
    ax.hlines(at, table["low"], table["high"], color=ink, linewidth=1.6)
    for edge in ("low", "high"):
        ax.plot(table[edge], at, "|", color=ink, markersize=9)
    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
    for i, (share, high) in enumerate(zip(table["membership"], table["high"], strict=True)):
        ax.annotate(f"{share:.2f}", (max(share, high), i), (7, 0), **beside)
    if prediction in table.index:
        row = table.index.get_loc(prediction)
        ax.plot(-0.03, row, "D", color=style.colour("prediction"), markersize=9, clip_on=False)
        style.key(ax, [("your prediction", "prediction")], low=True)
    ax.set_yticks(at, table.index)
    ax.set(ylim=(len(table) - 0.5, -0.5), xlim=(-0.06, 1.1), xticks=(0, 0.25, 0.5, 0.75, 1))
    ax.set_xlabel("membership (adds up to 1; lines: 90 % interval)")
    return ax


@style.plot
def plot_network(graph: nx.Graph, *, ax: Axes | None = None) -> Axes:
    """Draw a district as it lies: its leaders in the middle, its firms round them, a boundary.

    Areas grow with the root of jobs; a branch has a thick line to its parent, ties of knowledge are
    broken. The ties of an association are left out: it serves all and leads nobody.

    Parameters
    ----------
    graph : networkx.Graph
        In the vocabulary of `clusterlab.networks`, with ``place`` and ``owner``; uses ``role`` and
        ``size``.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.districts.generate : districts of each type.
    """
    from matplotlib.collections import LineCollection

    ax = style.axes(ax)
    kinds = _kinds(graph)
    spots, ink = _spots(graph, kinds), ax.xaxis.label.get_color()
    boundary = np.transpose([_at(angle, 1.25) for angle in np.linspace(0, 2 * np.pi, 90)])
    ax.plot(*boundary, ":", color=ink, linewidth=1.6)
    ties: dict[str, list] = {"supply": [], "knowledge": [], "parent": []}
    for u, v, kind in graph.edges(data="kind"):
        if "association" not in (kinds[u], kinds[v]):
            own = "their parents" in (kinds[u], kinds[v])
            ties["parent" if own else kind or "supply"].append((spots[u], spots[v]))
    look: dict[str, Any] = {"colors": ink, "linewidths": 1.1, "alpha": 0.55}
    ax.add_collection(LineCollection(ties["supply"], **look))
    ax.add_collection(LineCollection(ties["knowledge"], linestyles=[(0, (4, 2))], **look))
    thick = LineCollection(ties["parent"], colors=style.colour("satellite"), linewidths=3.2)
    ax.add_collection(thick)
    jobs = dict(graph.nodes(data="size", default=1))
    middle = np.median([jobs[node] for node in graph if kinds[node] == "local firms"] or [1])
    told = [("┄ boundary", "")]
    for kind, (hue, marker, sign) in _LOOKS.items():
        these = [node for node in graph if kinds[node] == kind]
        if these:
            most = 1 if kind in _ELSEWHERE else 60
            size = [45 * np.clip(jobs[node] / middle, 0.4, most) ** 0.5 for node in these]
            x, y = np.array([spots[node] for node in these]).T
            ax.scatter(x, y, s=size, color=style.colour(hue), marker=marker, zorder=3)
            told.append((f"{sign} {kind}", hue))
    for i, (words, hue) in enumerate(told):
        inked = style.colour(hue) if hue not in ("", "reference") else ink
        ax.text(-2.1 + 2.3 * (i % 2), -2.0 - 0.32 * (i // 2), words, color=inked)
    ax.set(xlim=(-2.2, 2.2), ylim=(-2.75, 1.75), xticks=[], yticks=[], aspect="equal")
    ax.spines[:].set_visible(False)
    return ax


_ELSEWHERE = ("their parents", "others outside")
_MIDDLE = ("hub", "hub, bought", "state anchor", "association")
_LOOKS = {  # kind of unit → colour, marker, the marker as a sign
    "local firms": ("marshallian", "o", "●"),
    "hub": ("hub", "o", "●"),
    "hub, bought": ("satellite", "^", "▲"),
    "state anchor": ("state", "D", "◆"),
    "branches": ("satellite", "^", "▲"),
    "association": ("reference", "h", "⬢"),
    "their parents": ("satellite", "s", "■"),
    "others outside": ("reference", "s", "■"),
}


def _kinds(graph: nx.Graph) -> dict:
    """Return what each unit is, a key of `_LOOKS`."""
    inside, who = _inside(graph, None), networks.ownership(graph)
    kinds = {}
    for node, role in graph.nodes(data="role"):
        kind = {"hub": "hub", "association": "association"}.get(role, "local firms")
        if node not in inside:
            owns = any(graph.nodes[other].get("owner") == node for other in inside)
            kind = "their parents" if owns else "others outside"
        elif who.get(node) == "state":
            kind = "state anchor"
        elif who.get(node) == "external parent":
            kind = "hub, bought" if role == "hub" else "branches"
        kinds[node] = kind
    return kinds


def _spots(graph: nx.Graph, kinds: dict) -> dict:
    """Return where units lie: leaders in the middle, firms on a ring, others at their partners."""
    leaders = [node for node in graph if kinds[node] in _MIDDLE]
    firms = [node for node in graph if kinds[node] == "local firms"]
    branches = [node for node in graph if kinds[node] == "branches"]
    outer = branches or firms
    angles = _angles(outer)
    near = nx.Graph(graph).adj
    if branches:  # small firms inside their ring, each near a branch it serves
        wanted = {n: min((angles[b] for b in near[n] if b in angles), default=9.0) for n in firms}
        angles |= _angles(sorted(firms, key=wanted.__getitem__))
    spots = {node: _at(angle, 0.6 if node not in outer else 1.0) for node, angle in angles.items()}
    spots |= {n: _at(angle, 0.3 * (len(leaders) > 1)) for n, angle in _angles(leaders).items()}
    guests: dict[Any, list] = {}
    for node in graph:
        if kinds[node] in _ELSEWHERE:
            host = next((other for other in near[node] if other in angles), None)
            guests.setdefault(host, []).append(node)
    sector = 2 * np.pi / max(len(outer), 1)
    for host, these in guests.items():
        around = _angles(these)
        for i, node in enumerate(these):
            beside = 0.0 if host is None else angles[host] + sector * ((i + 0.5) / len(these) - 0.5)
            spots[node] = _at(around[node] if host is None else beside, 1.6)
    return spots


def _angles(nodes: list) -> dict:
    return {node: 2 * np.pi * (i + 0.5) / len(nodes) for i, node in enumerate(nodes)}


def _at(angle: float, radius: float) -> tuple[float, float]:
    return float(radius * np.sin(angle)), float(radius * np.cos(angle))
