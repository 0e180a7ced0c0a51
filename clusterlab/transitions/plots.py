"""Pictures of regimes, the transition graph, outlooks and estimated transitions."""

from typing import Any

import numpy as np
import pandas as pd

from clusterlab import style
from clusterlab.transitions.chain import TYPES, Chain, Outlook
from clusterlab.transitions.emergence import Emergence
from clusterlab.transitions.estimation import Estimate
from clusterlab.transitions.regimes import Innovators, size_distribution
from clusterlab.views.graph import draw_graph

__all__ = [
    "STYLES",
    "plot_arrows",
    "plot_outlook",
    "plot_shares",
    "plot_sizes",
    "plot_transition_graph",
    "positions",
]

#: Line style of an arrow by where it comes from.
STYLES = {"named as possible": "solid", "added": "dashed", "not named": "dashed"}

_WORDS = dict(zip(TYPES, ("", " (dashed)", " (dotted)", " (dash-dotted)"), strict=True))
_SHAPES = dict(zip(TYPES, ("circle", "hexagon", "triangle", "diamond"), strict=True))
_CORNERS = dict(zip(TYPES, ((0.14, 0.8), (0.86, 0.8), (0.4, 0.28), (0.88, 0.1)), strict=True))


def positions(graph: Any) -> dict | None:
    """Return the places of the four types, the same in every picture; None for other types."""
    return {name: _CORNERS[name] for name in graph} if set(graph) <= set(_CORNERS) else None


def marked(graph: Any) -> Any:
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
def plot_transition_graph(result: Chain | Estimate | Outlook, *, ax: Any = None) -> Any:
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
    """
    graph = marked(result.chain.graph if isinstance(result, Outlook) else result.graph)
    ax = draw_graph(graph, positions=positions(graph), ties="origin", styles=STYLES, ax=ax)
    ax.set(xlim=(-0.1, 1.1), ylim=(-0.02, 1))
    ax.text(-0.08, 0.02, graph.graph["unit"])
    return ax


@style.plot
def plot_outlook(result: Outlook, *, prediction: str | None = None, ax: Any = None) -> Any:
    """Draw shares of types over time, long-run shares at the right, and one history below."""
    from matplotlib.collections import LineCollection

    ax = style.axes(ax)
    end = result.shares.index[-1]
    there = [name for name in result.shares if result.shares[name].max() > 0]
    for name in there:
        share = result.shares[name]
        ax.plot(share.index, share, color=style.colour(name), linestyle=style.TYPE_DASHES[name])
    stays = result.path
    begins, ends = stays["year"].to_numpy(), np.append(stays["year"].to_numpy()[1:], end)
    level = [result.long_run[name] for name in there]
    for bars, names, thick in (
        ([[(1.01 * end, y), (1.06 * end, y)] for y in level], there, 5),
        ([[(x, -0.1), (y, -0.1)] for x, y in zip(begins, ends, strict=True)], stays["type"], 13),
    ):
        hues = [style.colour(name) for name in names]
        ax.add_collection(
            LineCollection(bars, colors=hues, linewidths=thick, capstyle="butt"), autolim=False
        )
    for begin, until, name in zip(begins, ends, stays["type"], strict=True):
        if until - begin > 0.06 * end:
            ax.text(
                (begin + until) / 2,
                -0.105,
                name[0].upper(),
                color="white",
                ha="center",
                va="center",
                fontsize=10,
            )
    _key(ax, there, prediction)
    ax.set(
        xlabel="years (bars at the right: long run)",
        ylabel="chance of each type",
        xlim=(0, 1.06 * end),
        ylim=(-0.17, 1.03),
        xticks=(0, end / 2, end),
        yticks=(-0.1, 0, 0.5, 1),
        yticklabels=("one history", "0", "0.5", "1"),
    )
    return ax


@style.plot
def plot_shares(result: pd.DataFrame | Emergence, *, ax: Any = None) -> Any:
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
    """
    ax = style.axes(ax)
    table = result.shares if isinstance(result, Emergence) else result
    there = [name for name in table if table[name].max() > 0]
    for name in there:
        ax.plot(
            table.index, table[name], color=style.colour(name), linestyle=style.TYPE_DASHES[name]
        )
    _key(ax, there)
    ax.set(
        xlabel=str(table.index.name or "year"),
        ylabel="share of districts",
        ylim=(-0.02, 1.03),
        yticks=(0, 0.5, 1),
        xticks=np.unique(np.linspace(table.index[0], table.index[-1], 6).round().astype(int)),
    )
    return ax


@style.plot
def plot_sizes(result: Innovators, *, prediction: str | None = None, ax: Any = None) -> Any:
    """Draw how many firms have at least so many innovations, with the exact long-run curve.

    Parameters
    ----------
    result : Innovators
        From `innovators` or `regime`.
    prediction : str, optional
        The mark that the reader expected.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    sizes = result.sizes
    firms, share = np.log10(sizes.index.to_numpy()), np.log10(sizes.to_numpy())
    ax.plot(firms, share, "o", color=style.colour("main"), markersize=5, markeredgewidth=0)
    largest = int(sizes.index[-1])
    if result.entry < 1:
        exact = size_distribution(result.entry, largest)
        at = np.unique(np.geomspace(1, largest, 60).astype(int))
        ax.plot(np.log10(at), np.log10(exact[at]), color=style.colour("reference"), linestyle="--")
    # ticks by hand: those of logarithmic axes take most of the time of a picture
    ax.set(
        xlabel="innovations of a firm (at least)",
        ylabel="share of firms",
        xlim=(-0.1, 3.7),
        ylim=(-5, 0.2),
        xticks=range(4),
        yticks=(-4, -2, 0),
        xticklabels=("1", "10", "100", "1,000"),
        yticklabels=("0.0001", "0.01", "1"),
    )
    means = result.measures.mean()
    told = [
        ("simulated firms", "main"),
        ("exact in the long run (dashed)", "reference"),
        (f"four largest: {means['C4']:.0%} of the second half", ""),
        (f"new in that half: {means['new innovators']:.0%}", ""),
        (result.mark, ""),
    ]
    if prediction is not None:
        told.append((f"your guess: {prediction}", ""))
    style.key(ax, told)
    return ax


@style.plot
def plot_arrows(result: Estimate, *, ax: Any = None) -> Any:
    """Draw each arrow's share with its interval; filled where the document names it."""
    ax = style.axes(ax)
    table = result.compare().iloc[::-1]
    table = table[table["share"].notna()]
    for at, row in enumerate(table.itertuples()):
        known = row.document != "not named"
        hue = style.colour("main" if known else "second")
        ax.plot([row.low, row.high], [at, at], color=hue, linestyle="-" if known else "--")
        ax.plot(
            row.share,
            at,
            "o" if known else "D",
            color=hue,
            markersize=8,
            markerfacecolor=hue if known else "none",
        )
    names = [f"{one} → {other}" for one, other in table.index]
    ax.set(
        yticks=range(len(names)), yticklabels=names, xlabel=f"share that moves, per {result.per}"
    )
    ax.set_xlim(left=0)
    ax.set_ylim(-0.6, len(names) - 0.4)
    style.key(ax, [("named as possible", "main"), ("not named (dashed)", "second")])
    return ax


def _key(ax: Any, names: list, prediction: str | None = None) -> None:
    """Write above the axes which line is which type; a legend would take twice as long."""
    lines = dict(enumerate((f"{name}{_WORDS[name]}", style.colour(name)) for name in names))
    if prediction is not None:  # never beside the one name there is: two long ones meet
        lines[max(len(names), 2)] = f"your guess: {prediction}", style.colour("prediction")
    for at, (text, hue) in lines.items():
        ax.text(
            0.02 + 0.5 * (at % 2),
            1.1 - 0.08 * (at // 2),
            text,
            color=hue,
            va="bottom",
            transform=ax.transAxes,
        )
