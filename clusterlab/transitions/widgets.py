"""Widgets of the lesson on transitions: picture, sentence and call of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import networkx as nx
import numpy as np

from clusterlab import style
from clusterlab.explore import Explorer, explore
from clusterlab.names import listed, percent
from clusterlab.parameters import Parameter, model
from clusterlab.transitions import chain, plots
from clusterlab.transitions.emergence import sensitivity
from clusterlab.transitions.regimes import Innovators, regime, size_distribution
from clusterlab.views.graph import GraphView, graph_view

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["draw_arrows", "future", "our_numbers", "regimes"]


def _plot_sizes(result: Innovators, *, ax: Axes, prediction: str | None = None) -> None:
    """Draw how many firms have at least so many innovations, with the exact long-run curve."""
    sizes = result.sizes
    firms, share = np.log10(sizes.index.to_numpy()), np.log10(sizes.to_numpy())
    ax.plot(firms, share, "o", color=style.colour("main"), markersize=5, markeredgewidth=0)
    largest = int(sizes.index[-1])
    if result.entry < 1:
        exact = size_distribution(result.entry, largest)
        at = np.unique(np.geomspace(1, largest, 60).astype(int))
        ax.plot(np.log10(at), np.log10(exact[at]), color=style.colour("reference"), linestyle="--")
    # ticks by hand: those of logarithmic axes take most of the time of a picture
    ax.set(xlabel="innovations of a firm (at least)", xlim=(-0.1, 3.7), xticks=range(4))
    ax.set(ylabel="share of firms", ylim=(-5, 0.2), yticks=(-4, -2, 0))
    ax.set(xticklabels=("1", "10", "100", "1,000"), yticklabels=("0.0001", "0.01", "1"))
    means = result.measures.mean()
    told = [
        ("simulated firms", "main"),
        ("exact in the long run (dashed)", "reference"),
        (f"four largest: {means['C4']:.0%}", ""),
        (f"new firms: {means['new innovators']:.0%}", ""),
        (result.mark, ""),
    ]
    if prediction is not None:
        told.append((f"your prediction: {prediction}", ""))
    style.key(ax, told)


def _say_sizes(result: Innovators) -> str:
    means = result.measures.mean()
    half = result.events - result.events // 2
    return (
        f"{result.mark[0].upper()}{result.mark[1:]}: of the last {half:,} innovations firms that "
        f"are new among them make {means['new innovators']:.0%} (our line is 50%), the four "
        f"largest {means['C4']:.0%}; each innovation founds a firm with chance {result.entry:.0%}. "
        f"Means of {len(result.firms)} histories."
    )


def regimes(*, prediction: Any = None) -> Explorer:
    """Set the four dimensions of a technological regime and see who innovates.

    Parameters
    ----------
    prediction : Prediction, optional
        The reader's own, from `clusterlab.exercises.predict`.

    Returns
    -------
    Explorer

    See Also
    --------
    future : What a regime makes of a type of district.
    """
    return explore(
        regime, _plot_sizes, say=_say_sizes, fixed={"replicates": 10}, prediction=prediction
    )


def _plot_outlook(result: chain.Outlook, *, ax: Axes, prediction: str | None = None) -> None:
    """Draw shares of types over time, long-run shares at the right, and one history below."""
    end = result.shares.index[-1]
    there = plots.draw_shares(ax, result.shares, prediction)
    stays = result.path
    begins, ends = stays["year"].to_numpy(), np.append(stays["year"].to_numpy()[1:], end)
    for level, left, right, names, thick in (
        (result.long_run[there], 1.01 * end, 1.06 * end, there, 5),
        (np.full(len(stays), -0.18), begins, ends, stays["type"], 9),
    ):
        ax.hlines(level, left, right, colors=[*map(style.colour, names)], linewidths=thick)
    # Letters stand above the bar: no ink can be read on all four colours.
    look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 11}
    for begin, until, name in zip(begins, ends, stays["type"], strict=True):
        if until - begin > 0.06 * end:
            ax.text((begin + until) / 2, -0.1, name[0].upper(), **look)
    ax.set(xlabel="years (bars at the right: long run)", ylabel="chance of each type")
    ax.set(xlim=(0, 1.06 * end), ylim=(-0.22, 1.03), xticks=(0, end / 2, end))
    ax.set(yticks=(-0.18, 0, 0.5, 1), yticklabels=("one history", "0", "0.5", "1"))


def _say_outlook(result: chain.Outlook) -> str:
    years = result.shares.index[-1]
    first = result.chain.first_passage("hub-and-spoke").loc[result.start]
    told = (
        f"Starting {result.start}, after {years:.0f} years: {_listed(result.shares.iloc[-1])}; "
        f"in the long run: {_listed(result.long_run)}."
    )
    if 0 < first["mean years"] < np.inf:
        told += f" The first hub comes after {first['mean years']:.0f} years on average."
    if first["chance"] == 0:
        told += " No arrow leads to a hub."
    return f"{told} The sizes of all rates are assumptions."


def _listed(shares: pd.Series) -> str:
    """Return shares of types in words, without those that are nothing."""
    return ", ".join(f"{percent(share)} {name}" for name, share in shares.items() if share > 0)


def future(*, prediction: Any = None) -> Explorer:
    """Set regime and openness: rates of the four arrows, shares over time and in the long run.

    Parameters
    ----------
    prediction : Prediction, optional
        The reader's own, from `clusterlab.exercises.predict`.

    Returns
    -------
    Explorer

    See Also
    --------
    draw_arrows : The arrows alone, also the reader's own.
    """
    return explore(
        chain.outlook,
        [plots.plot_transition_graph, _plot_outlook],
        say=_say_outlook,
        prediction=prediction,
    )


_Rate = Annotated[float, Parameter("rate of your arrows", 0.005, 0.1, 0.005, unit="a year")]


@model
def _from_arrows(
    ties: list, *, start: chain.Begin = "satellite", rate: _Rate = 0.02
) -> tuple[nx.DiGraph, str]:
    """Return the graph of these arrows, with the long run beside its types, and a sentence."""
    known = {(arrow.origin, arrow.target) for arrow in chain.NAMED_AS_POSSIBLE}
    drawn = dict.fromkeys({*ties} - known, rate)
    made = chain.transition_graph(added=drawn, base=dict.fromkeys(known - {*ties}, 0))
    graph, shares = plots.marked(made.graph), made.long_run(start=start)
    for name, data in graph.nodes(data=True):
        data["size"], data["label"] = shares[name] + 0.02, f"{name} {percent(shares[name])}"
        data["spoken"] = f"{data['label']} in the long run; arrows out: {graph.out_degree(name)}."
    kept = [name for name in graph if not graph.out_degree(name)]
    told = f"A district that begins as {start} is in the long run: {_listed(shares)}. "
    if start in kept:
        told = f"A district that begins as {start} stays so: no arrow leaves it. "
    elif kept:
        told += f"No arrow leaves {listed(kept)}: who gets there stays. "
    return graph, (
        f"{told}{len(ties) - len(drawn)} of the {len(known)} arrows named as possible and "
        f"{len(drawn)} of yours; the sizes of all rates are assumptions."
    )


def draw_arrows() -> GraphView:
    """Draw arrows between types of district, cut them, and see the long run beside each type.

    Returns
    -------
    GraphView

    See Also
    --------
    future : What regime and openness make of the arrows named as possible.
    """
    graph = chain.transition_graph().graph
    look: Any = {"positions": plots.positions(graph), "ties": "origin", "styles": plots.STYLES}
    view = graph_view(graph, **look, making=_from_arrows)
    view.height = 370  # controls, picture and sentence on one screen
    return view


def _plot_moved(runs: dict, *, ax: Axes, prediction: float | None = None) -> None:
    """Draw the share of Marshallian districts by year with half our number, with it, with more."""
    looks = (("--", ""), ("-", "ours: "), (":", ""))
    for (value, run), (dash, words) in zip(runs.items(), looks, strict=True):
        ax.plot(run.shares[plots.TYPES[0]].iloc[::5], dash, color=style.colour("main"))
        ax.get_lines()[-1].set_label(f"{words}{value:g}")
    ax.set(xlabel="year (every fifth)", ylabel="share that is Marshallian", ylim=(-0.02, 1.03))
    ax.set(xlim=(0, 50), xticks=(0, 25, 50), yticks=(0, 0.5, 1))
    if prediction is not None:
        style.mark(ax, prediction, f"your prediction: {prediction:g}", axis="y", along=0.5)
    style.label_lines(ax)


def _say_moved(runs: dict) -> str:
    told = [f"{value:g}, {_listed(run.shares.iloc[-1])}" for value, run in runs.items()]
    error = 100 * len(runs[min(runs)].size) ** -0.5  # two standard errors of a half
    return (
        f"After 50 years: with {told[0]}; with our {told[1]}; with {told[2]}. All began "
        f"Marshallian; a share is uncertain by up to {error:.0f} points, since few are simulated."
    )


def our_numbers(*, prediction: Any = None) -> Explorer:
    """Move a number that is ours by half, down and up, and see what becomes of the districts.

    Parameters
    ----------
    prediction : Prediction, optional
        The reader's own, from `clusterlab.exercises.predict`.

    Returns
    -------
    Explorer

    See Also
    --------
    future : A regime and openness in the chain of types.
    """
    return explore(sensitivity, _plot_moved, say=_say_moved, prediction=prediction)
