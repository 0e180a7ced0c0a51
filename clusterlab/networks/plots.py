"""Pictures of networks, shocks, search and stretch."""

from collections.abc import Collection, Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from clusterlab import style
from clusterlab.networks.graphs import validate
from clusterlab.networks.profile import Profile
from clusterlab.networks.search import Search
from clusterlab.networks.shocks import DemandShift, Removal, Survival
from clusterlab.networks.stretching import Stretch
from clusterlab.views.graph import draw_graph

__all__ = [
    "plot_change_of_reach",
    "plot_demand_shift",
    "plot_heights",
    "plot_network",
    "plot_optima",
    "plot_profile",
    "plot_removal",
    "plot_search",
    "plot_survival",
    "plot_ties",
]

_LINES = ("main", "second", "third", "orange")
_QUARTERS, _HALVES = (0, 0.25, 0.5, 0.75, 1), (0, 0.5, 1)  # few ticks: text is slow to draw
_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.2)), (0, (6, 2, 1, 2)))


@style.plot
def plot_network(
    graph: nx.Graph,
    *,
    positions: Mapping | None = None,
    labels: Collection | None = None,
    ax: Any = None,
) -> Any:
    """Draw a network: colour by role, shape by owner, line style by kind of tie.

    Parameters
    ----------
    graph : networkx.Graph
        In the vocabulary; all attributes are optional.
    positions : mapping, optional
        A place for each node; by default `clusterlab.views.graph.layout`.
    labels : collection, optional
        Nodes to name; by default the lead firms.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    if labels is None:
        roles = validate(graph).nodes(data="role")
        labels = [node for node, role in roles if role == "lead firm"]
    return draw_graph(graph, positions=positions, labels=labels, ax=ax)


@style.plot
def plot_profile(profile: Profile, *, ax: Any = None) -> Any:
    """Draw how near a network is to each type, with 90 % intervals; returns the axes."""
    ax = style.axes(ax)
    table = profile.types.iloc[::-1]
    for at, (name, row) in enumerate(table.iterrows()):
        hue = style.colour(str(name))
        ax.plot([row["low"], row["high"]], [at, at], color=hue)
        ax.plot(row["similarity"], at, "o", color=hue, markersize=9)
        ax.annotate(
            f"nearest in {row['first']:.0%}",
            (row["high"], at),
            (8, 0),
            textcoords="offset points",
            va="center",
        )
    ax.set(yticks=range(len(table)), yticklabels=table.index, xlabel="similarity (1 = alike)")
    ax.set_xlim(max(0, table["low"].min() - 0.05), min(1.25, table["high"].max() + 0.25))
    ax.set_xticks([tick for tick in ax.get_xticks() if tick <= 1])
    return ax


@style.plot
def plot_removal(result: Removal, *, prediction: float | None = None, ax: Any = None) -> Any:
    """Draw what stays connected as nodes go; a prediction is what is left of a fifth removed."""
    ax = style.axes(ax)
    removed = result.random.index
    ax.plot(removed, result.random, color=style.colour("main"))
    ax.plot(removed, result.targeted, color=style.colour("second"), linestyle=_DASHES[1])
    low, high = result.random - 2 * result.error, result.random + 2 * result.error
    ax.fill_between(removed, low, high, color=style.colour("main"), alpha=0.2, linewidth=0)
    if result.threshold is not None:
        ax.axvline(result.threshold, 0, 0.72, color=style.colour("reference"), linestyle=":")
    entries = [("removed at random", "main"), ("best connected first (dashed)", "second")]
    if result.threshold is not None:
        entries.append(("Molloy–Reed threshold (dotted)", "reference"))
    style.key(ax, entries)
    if prediction is not None:
        ax.plot(0.2, prediction, "D", color=style.colour("prediction"), markersize=10)
        ax.annotate("your guess", (0.2, prediction), (9, 3), textcoords="offset points")
    ax.set(
        xlabel="share of nodes removed",
        ylabel="largest connected part, share of all nodes",
        xlim=(0, 1),
        ylim=(0, 1.02),
        xticks=_QUARTERS,
        yticks=_HALVES,
    )
    return ax


@style.plot
def plot_survival(result: Survival, *, prediction: float | None = None, ax: Any = None) -> Any:
    """Draw a buyer's chance to survive by failure rate, with the simulation at the present one."""
    ax = style.axes(ax)
    curves = result.by_failure
    ax.plot(curves.index, curves.iloc[:, 0], color=style.colour("main"))
    ax.plot(curves.index, curves.iloc[:, 1], color=style.colour("reference"), linestyle="--")
    ax.errorbar(
        result.failure,
        result.simulated,
        2 * result.error,
        fmt="o",
        markersize=9,
        color=style.colour("second"),
        capsize=5,
    )
    entries = [
        ("as set, exact", "main"),
        ("simulated here", "second"),
        ("one supplier per input (dashed)", "reference"),
    ]
    style.key(ax, entries)
    if prediction is not None:
        ax.axhline(prediction, color=style.colour("prediction"), linestyle=":")
        ax.annotate("your guess", (0.02, prediction), (0, 4), textcoords="offset points")
    ax.set(
        xlabel="chance that a supplier fails",
        ylabel="chance that the buyer goes on",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.05),
        xticks=_QUARTERS,
        yticks=_HALVES,
    )
    return ax


@style.plot
def plot_demand_shift(result: DemandShift, *, prediction: Any = None, ax: Any = None) -> Any:
    """Draw the share of orders met by how novel demand is, for tight and open networks."""
    ax = style.axes(ax)
    looks = (("tight", "second", 1), ("open", "third", 2), ("this network", "main", 0))
    for name, hue, dash in looks:
        ax.plot(
            result.met.index, result.met[name], color=style.colour(hue), linestyle=_DASHES[dash]
        )
    ax.plot([0, result.novelty], [result.before, result.after], "o", color=style.colour("main"))
    entries = [
        ("this network, dots before and after", "main"),
        ("wholly tight (dashed)", "second"),
        ("open (dotted)", "third"),
    ]
    if prediction is not None:
        entries.append((f"your guess: {prediction}", "prediction"))
    style.key(ax, entries)
    ax.set(
        xlabel="novelty: share of demand from other trades",
        ylabel="share of orders met",
        xlim=(-0.02, 1.02),
        ylim=(0, 1.08),
        xticks=_QUARTERS,
        yticks=_HALVES,
    )
    return ax


@style.plot
def plot_optima(table: pd.DataFrame, *, ax: Any = None) -> Any:
    """Draw the mean number of local optima by K, with the exact ends (Kauffman) as rings."""
    ax = style.axes(ax)
    n = len(table)
    ax.errorbar(
        table.index,
        table["optima"],
        2 * table["optima error"],
        color=style.colour("main"),
        marker="o",
    )
    ends = [0, n - 1], [1, 2**n / (n + 1)]
    ax.plot(*ends, "o", markersize=15, fillstyle="none", color=style.colour("second"))
    ax.annotate(
        "exact",
        (n - 1, ends[1][1]),
        (-14, -4),
        textcoords="offset points",
        ha="right",
        color=style.colour("second"),
    )
    ax.set(xlabel="K, others each element depends on", ylabel="local optima", yscale="log")
    return ax


@style.plot
def plot_heights(table: pd.DataFrame, *, ax: Any = None) -> Any:
    """Draw by K how high local optima are on average, and the best of each landscape."""
    ax = style.axes(ax)
    middle = table.index[len(table) // 2]
    looks = (("best", "best", "third", "^", -16), ("height", "mean optimum", "main", "o", 16))
    for name, label, hue, mark, off in looks:
        error = 2 * table[f"{name} error"]
        ax.errorbar(table.index, table[name], error, color=style.colour(hue), marker=mark)
        ax.annotate(
            label,
            (middle, table.loc[middle, name]),
            (0, off),
            textcoords="offset points",
            ha="left",
            va="center",
            color=style.colour(hue),
        )
    ax.set(xlabel="K, others each element depends on", ylabel="fitness (0 to 1)")
    return ax


@style.plot
def plot_search(result: Search, *, prediction: Any = None, ax: Any = None) -> Any:
    """Draw how far search came by module size; a predicted module size is drawn thick."""
    ax = style.axes(ax)
    last = result.path.index[-1]
    ends = result.path.iloc[-1].sort_values()
    heights = dict(zip(ends.index, _apart(ends.to_numpy(), 0.022), strict=True))
    for i, size in enumerate(result.path.columns):
        guessed = str(size) == str(prediction).split(" ")[0]
        hue = style.colour(_LINES[i % len(_LINES)])
        ax.plot(
            result.path.index,
            result.path[size],
            color=hue,
            linestyle=_DASHES[i % len(_DASHES)],
            linewidth=4 if guessed else 2.2,
        )
        name = f"modules of {size}" if size < 12 else "integral"
        ax.annotate(
            name + (", your guess" if guessed else ""),
            (last, heights[size]),
            (5, 0),
            textcoords="offset points",
            va="center",
            color=hue,
            annotation_clip=False,
        )
    if result.change is not None:
        ax.axvline(result.change, color=style.colour("reference"), linestyle=":")
        what = "architecture changes" if result.moved > 1 else "only performance changes"
        ax.annotate(what, (result.change, 0.61), (5, 0), textcoords="offset points")
    ax.set(xlabel="trials", ylabel="level, share of the best", ylim=(0.6, 1.02))
    ax.set_xlim(0, last * (1.3 if prediction is None else 1.6))  # room for the words at the right
    ticks = np.linspace(0, last, 3)
    ax.set(xticks=ticks, xticklabels=[f"{tick:,.0f}" for tick in ticks])
    ax.set(yticks=[0.6, 0.7, 0.8, 0.9, 1])
    return ax


@style.plot
def plot_ties(result: Stretch, *, prediction: float | None = None, ax: Any = None) -> Any:
    """Draw which ties stay and which leave, by the codified share of what they hand over.

    A prediction is the share that leaves; it stands among the words.
    """
    ax = style.axes(ax)
    edges = np.linspace(0, 1, 21)
    ties = result.ties
    groups = (
        ("stay in the district", "reference", ~ties["away"]),
        ("away, over a bridge", "prediction", ties["away"] & ties["bridged"]),
        ("away", "main", ties["away"] & ~ties["bridged"]),
    )
    base = np.zeros(21)
    for _, hue, which in groups:
        shares = np.histogram(ties["codified"][which], edges)[0] / len(ties)
        top = base + np.append(shares, shares[-1])
        ax.fill_between(edges, base, top, step="post", color=style.colour(hue), lw=0)
        base = top
    entries = [(name, hue) for name, hue, _ in groups]
    if prediction is not None:
        entries.append((f"your guess: {prediction:.0%} leave", ""))
    style.key(ax, entries)
    ax.set(
        xlabel="codified share of a tie",
        ylabel="share of all ties",
        xlim=(0, 1),
        ylim=(0, 1.35 * base.max()),
        xticks=_QUARTERS,
    )
    ax.locator_params(axis="y", nbins=3)
    return ax


@style.plot
def plot_change_of_reach(result: Stretch, *, ax: Any = None) -> Any:
    """Draw the share of ties at a distance as coordination cost falls, and as it rises again."""
    ax = style.axes(ax)
    falling, rising = result.falling["all"], result.rising["all"]
    ax.plot(falling.index, falling, color=style.colour("main"))
    ax.plot(rising.index, rising, color=style.colour("second"), linestyle=_DASHES[1])
    ax.plot(result.cost, result.away, "o", color=style.colour("main"), markersize=10)
    style.key(ax, [("cost falls", "main"), ("cost rises again (dashed)", "second")], low=True)
    ax.set(xlabel="coordination cost (× saving)", ylabel="share of ties away", ylim=(-0.3, 1.03))
    ax.set_yticks(_HALVES)
    ax.spines["left"].set_bounds(0, 1)  # below stand only words
    ax.invert_xaxis()
    return ax


def _apart(values: np.ndarray, gap: float) -> np.ndarray:
    """Return sorted heights moved up until they are a gap apart, then back under the top."""
    spread = np.array(values)
    for i in range(1, len(spread)):
        spread[i] = max(spread[i], spread[i - 1] + gap)
    return spread - max(0, spread[-1] - 1.01)
