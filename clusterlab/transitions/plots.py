"""Pictures of the transition graph, of shares over time and of estimated transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clusterlab import style
from clusterlab.transitions.chain import TYPES, Outlook, compare_arrows, named
from clusterlab.transitions.emergence import Emergence
from clusterlab.transitions.markov import Estimate
from clusterlab.views.graph import draw_graph

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from matplotlib.axes import Axes

    from clusterlab.transitions.chain import Chain

__all__ = ["plot_arrows", "plot_shares", "plot_transition_graph"]

#: Line style of an arrow by where it comes from.
STYLES = {"named as possible": "solid", "added": "dashed", "not named": "dashed"}

_WORDS = dict(zip(TYPES, ("", " (dashed)", " (dotted)", " (dash-dotted)"), strict=True))
_SHAPES = dict(zip(TYPES, ("circle", "hexagon", "triangle", "diamond"), strict=True))
_CORNERS = dict(zip(TYPES, ((0.14, 0.8), (0.86, 0.8), (0.42, 0.28), (0.9, 0.12)), strict=True))


def positions(graph: nx.DiGraph) -> dict | None:
    """Return the places of the four types, the same in every picture; None for other types."""
    return {name: _CORNERS[name] for name in graph} if set(graph) <= set(_CORNERS) else None


def marked(graph: nx.DiGraph) -> nx.DiGraph:
    """Return a transition graph with the colours, shapes and widths in which it is drawn."""
    drawn = graph.copy()
    for name, data in drawn.nodes(data=True):
        data["colour"] = name if name in TYPES else "grey"
        data["shape"] = _SHAPES.get(name, "circle")
    largest = max((rate for *_, rate in drawn.edges(data="rate")), default=1)
    for *_, data in drawn.edges(data=True):
        data["width"] = 0.8 + 4 * data["rate"] / largest
    return drawn


@style.plot
def plot_transition_graph(result: Chain | Estimate | Outlook, *, ax: Axes | None = None) -> Axes:
    """Draw the arrows between types, wider where the rate is higher; dashed if not in the document.

    Parameters
    ----------
    result : Chain, Estimate or Outlook
        From `transition_graph`, `estimate` or `outlook`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    plot_arrows : Shares of an estimate with their intervals.
    """
    graph = result.chain.graph if isinstance(result, Outlook) else result.graph
    graph = marked(named(graph, "not named") if isinstance(result, Estimate) else graph)
    ax = draw_graph(graph, positions=positions(graph), ties="origin", styles=STYLES, ax=ax)
    ax.set(xlim=(-0.1, 1.1), ylim=(-0.02, 1))
    ax.text(-0.08, 0.02, graph.graph["unit"])
    return ax


@style.plot
def plot_shares(result: pd.DataFrame | Emergence, *, ax: Axes | None = None) -> Axes:
    """Draw the share of districts that are of each type, by year.

    Parameters
    ----------
    result : pandas.DataFrame or Emergence
        Years x types, for instance from `trends`, or the simulation of `emerge`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    plot_transition_graph : The arrows between types.
    """
    ax = style.axes(ax)
    table = result.shares if isinstance(result, Emergence) else result
    draw_shares(ax, table)
    ax.set(
        xlabel=str(table.index.name or "year"),
        ylabel="share of districts",
        ylim=(-0.02, 1.03),
        yticks=(0, 0.5, 1),
        xticks=np.unique(np.linspace(table.index[0], table.index[-1], 6).round().astype(int)),
    )
    return ax


@style.plot
def plot_arrows(result: Estimate, *, ax: Axes | None = None) -> Axes:
    """Draw each arrow's share with its interval; filled where the document names it.

    Of types that are not the document's, such as classes of income, all arrows look alike.

    Parameters
    ----------
    result : Estimate
        From `estimate`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    compare_arrows : The numbers.
    """
    ax = style.axes(ax)
    table = compare_arrows(result).dropna(subset="share").iloc[::-1]
    foreign = not set(result.matrix.index) & set(TYPES)  # types of which the document says nothing
    known = table["document"].ne("not named").to_numpy() | foreign
    looks: list[Any] = [(known, "main", "-", "o", "full"), (~known, "second", "--", "D", "none")]
    for drawn, hue, dash, marker, fill in looks:
        at, part, ink = np.flatnonzero(drawn), table[drawn], style.colour(hue)
        ax.hlines(at, part["low"], part["high"], colors=ink, linestyles=dash)
        ax.plot(part["share"], at, marker, color=ink, markersize=8, fillstyle=fill)
    names = [f"{one} → {other}" for one, other in table.index]
    above = 0.4 if foreign else 0.4 - 0.15 * len(names)  # the key stands above the intervals
    ax.set(yticks=range(len(names)), yticklabels=names, ylim=(-0.6, len(names) - above))
    ax.set(xlabel=f"share that moves, per {result.per}")
    ax.set_xlim(left=0)
    if not foreign:
        style.key(ax, [("named as possible", "main"), ("not named (dashed)", "second")])
    return ax


def draw_shares(ax: Axes, table: pd.DataFrame, prediction: str | None = None) -> list[str]:
    """Draw shares of types, with a key above the axes; return the types that occur.

    A legend would take twice as long.
    """
    there = [name for name in table if table[name].max() > 0]
    for name in there:
        dashes = style.TYPE_DASHES[name]
        ax.plot(table.index, table[name], color=style.colour(name), linestyle=dashes)
    phone = ax.figure.bbox.width < 5 * ax.figure.dpi  # room for three rows of names alone
    words = [name if phone else f"{name}{_WORDS[name]}" for name in there]
    lines = {at: (text, style.colour(there[at])) for at, text in enumerate(words)}
    if prediction is not None:  # never beside the one name there is: two long ones meet
        row = 4 if phone else max(len(there), 2)
        lines[row] = f"your prediction: {prediction}", style.colour("prediction")
    top, step = (1.28, 0.13) if phone else (1.1, 0.08)
    for at, (text, hue) in lines.items():
        x, y = 0.02 + 0.5 * (at % 2), top - step * (at // 2)
        ax.text(x, y, text, color=hue, va="bottom", transform=ax.transAxes)
    return there
