"""Pictures of types, memberships and the way from circle to star."""

from typing import Any

import numpy as np
import pandas as pd

from clusterlab import style
from clusterlab.districts.construct import CircleToStar
from clusterlab.districts.memberships import Membership
from clusterlab.districts.typology import TYPES

__all__ = ["plot_circle_to_star", "plot_membership", "plot_star", "plot_types"]

_QUARTERS = (0, 0.25, 0.5, 0.75, 1)


@style.plot
def plot_types(table: pd.DataFrame, *, ax: Any = None) -> Any:
    """Draw which features tell which pairs of types apart; returns the axes.

    Parameters
    ----------
    table : pandas.DataFrame
        From `distinct`: a filled cell where the two types differ.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    """
    ax = style.axes(ax)
    filled, empty = style.colour("main"), style.colour("reference")
    for apart, look in ((True, {"color": filled}), (False, {"edgecolor": empty, "color": "none"})):
        row, column = np.nonzero(table.to_numpy() == apart)
        ax.scatter(column, row, s=52, marker="s", linewidths=0.8, **look)
    short = [name.replace("-and-spoke", "").replace("-anchored", "") for name in table.columns]
    ax.set_xticks(range(table.shape[1]), [name.replace(" / ", "\n") for name in short])
    ax.set_yticks(range(table.shape[0]), table.index)
    ax.tick_params(axis="both", length=0, labelsize=9)
    ax.set(ylim=(table.shape[0] - 0.4, -0.6), xlim=(-0.5, table.shape[1] - 0.5))
    ax.xaxis.tick_top()
    ax.spines[:].set_visible(False)
    return ax


@style.plot
def plot_membership(result: Membership, *, prediction: str | None = None, ax: Any = None) -> Any:
    """Draw memberships with their 90 % intervals; a prediction is the name of a type.

    Parameters
    ----------
    result : Membership
        What to draw.
    prediction : str, optional
        The type that the reader expected first.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    table = result.types
    at = range(len(table))
    ax.barh(
        at,
        table["membership"],
        color=[style.colour(str(n)) for n in table.index],
        height=0.62,
        alpha=0.85,
    )
    ink = ax.xaxis.label.get_color()
    ax.hlines(at, table["low"], table["high"], color=ink, linewidth=1.6)
    for edge in ("low", "high"):
        ax.plot(table[edge], at, "|", color=ink, markersize=9)
    for i, (share, high) in enumerate(zip(table["membership"], table["high"], strict=True)):
        ax.annotate(
            f"{share:.2f}", (max(share, high), i), (7, 0), textcoords="offset points", va="center"
        )
    if prediction in table.index:
        row = table.index.get_loc(prediction)
        ax.plot(-0.03, row, "D", color=style.colour("prediction"), markersize=9, clip_on=False)
        ax.annotate(
            "your guess",
            (0.99, 0.03),
            xycoords="axes fraction",
            ha="right",
            color=style.colour("prediction"),
        )
    ax.set(
        yticks=at,
        yticklabels=table.index,
        ylim=(len(table) - 0.5, -0.5),
        xlim=(-0.06, 1.1),
        xticks=_QUARTERS,
        xlabel="membership (adds up to 1; lines: 90 % interval)",
    )
    return ax


@style.plot
def plot_circle_to_star(
    result: CircleToStar, *, prediction: float | None = None, ax: Any = None
) -> Any:
    """Draw memberships and centralisation as the hub grows; a prediction is a share of firms.

    Parameters
    ----------
    result : CircleToStar
        What to draw.
    prediction : float, optional
        Share of firms at which the reader expects the type to change.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    shares = result.memberships
    shown = _shown(result)
    for name in shown:
        ax.plot(shares.index, shares[name], color=style.colour(name), ls=style.TYPE_DASHES[name])
    ink = style.colour("reference")
    central = result.measures["degree_centralisation"]
    ax.plot(central.index, central, color=ink, linewidth=1.4)
    ax.axvline(result.share, color=ink, linestyle=":", linewidth=1.4)
    for name in shown:
        ax.plot(result.share, shares.loc[result.share, name], "o", color=style.colour(name))
    keys = [
        *((words, name) for name, words in shown.items()),
        ("centralisation (thin)", "reference"),
    ]
    for i, (text, hue) in enumerate(keys):
        ax.annotate(
            text,
            (0.02, 1.17 - 0.075 * i),
            xycoords=("axes fraction", "axes fraction"),
            color=style.colour(hue),
            fontsize=11,
            annotation_clip=False,
        )
    if prediction is not None:
        ax.axvline(prediction, color=style.colour("prediction"), linestyle="--", linewidth=1.6)
        ax.annotate(
            "your guess",
            (prediction, 0.02),
            (4, 0),
            textcoords="offset points",
            color=style.colour("prediction"),
        )
    ax.set(
        xlabel="share of firms that deliver to the hub",
        ylabel="membership, centralisation",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.04),
        xticks=_QUARTERS,
        yticks=(0, 0.5, 1),
    )
    return ax


@style.plot
def plot_star(result: CircleToStar, *, ax: Any = None) -> Any:
    """Draw the district as it stands: firms on a ring, the hub inside, its partners outside.

    Parameters
    ----------
    result : CircleToStar
        What to draw. Broken lines are knowledge ties; the hub is a circle where it owns itself, a
        diamond where the state does, a triangle where a parent elsewhere does.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.collections import LineCollection

    ax = style.axes(ax)
    graph = result.graph
    role = dict(graph.nodes(data="role"))
    firms = [node for node in graph if role[node] == "firm"]
    partners = [node for node in graph if role[node] == "partner outside"]
    spots = {"hub": (0.0, 0.0), **_ring(firms, 1.0), **_ring(partners, 1.45)}
    ink = ax.xaxis.label.get_color()
    for kind, dash in (("supply", "-"), ("knowledge", (0, (4, 2)))):
        ends = [(spots[u], spots[v]) for u, v, k in graph.edges(data="kind") if k == kind]
        ax.add_collection(
            LineCollection(ends, colors=ink, linewidths=1.1, linestyles=[dash], alpha=0.6)
        )
    owner = graph.nodes["hub"]["owner"]
    marker, hue = {"hub": ("o", "hub"), "state": ("D", "state")}.get(owner, ("^", "satellite"))
    ax.scatter(*_xy(spots, firms), s=60, color=style.colour("marshallian"), zorder=3)
    grey = style.colour("reference")
    if partners:
        ax.scatter(*_xy(spots, partners), s=60, marker="s", color=grey, zorder=3)
    jobs = graph.nodes["hub"]["size"] / 20
    ax.scatter(0, 0, s=60 * (1 + jobs / 3), marker=marker, color=style.colour(hue), zorder=4)
    for text, colour, at in (
        ("firms", style.colour("marshallian"), 0.0),
        ("hub", style.colour(hue), 0.24),
        ("partners outside", grey, 0.4),
    ):
        if partners or colour != grey:
            ax.annotate(text, (at, -0.04), xycoords="axes fraction", color=colour)
    ax.set(xlim=(-1.6, 1.6), ylim=(-1.75, 1.6), xticks=[], yticks=[], aspect="equal")
    ax.spines[:].set_visible(False)
    return ax


def _ring(nodes: list, radius: float) -> dict:
    angles = 2 * np.pi * (np.arange(len(nodes)) + 0.5) / max(len(nodes), 1)
    places = zip(radius * np.sin(angles), radius * np.cos(angles), strict=True)
    return dict(zip(nodes, places, strict=True))


def _xy(spots: dict, nodes: list) -> np.ndarray:
    return np.array([spots[node] for node in nodes]).T


def _shown(result: CircleToStar) -> dict[str, str]:
    """Return the types whose curves are drawn, with their words in the key.

    The circle's type, the star's (where two are level all the way, one curve for both) and that of
    a parent elsewhere, to which the owner points.
    """
    lines = dict(zip(TYPES, ("line", "dashed", "dotted", "dash-dotted"), strict=True))
    end = result.memberships.iloc[-1].round(2)
    level = list(end.index[end == end.max()])
    drawn = {"Marshallian": "Marshallian", level[0]: " and ".join(level)}
    if len(level) > 1:  # two whole names are too long for the key
        drawn[level[0]] = drawn[level[0]].replace("-and-spoke", "")
    if result.graph.nodes["hub"].get("seat") == "elsewhere":
        drawn["satellite"] = "satellite"
    return {name: f"{words} ({lines[name]})" for name, words in drawn.items()}
