"""Widgets of the lesson on transitions: thin calls of `clusterlab.explore.explore`."""

from typing import Any

import numpy as np
import pandas as pd

from clusterlab.explore import Explorer, explore
from clusterlab.transitions import plots
from clusterlab.transitions.chain import Chain, outlook, trends
from clusterlab.transitions.regimes import regime
from clusterlab.views.graph import GraphView, graph_view

__all__ = ["arrows", "future", "italian_trends", "regimes"]


def regimes(*, prediction: Any = None) -> Explorer:
    """Set the four dimensions of a technological regime and see who innovates."""

    def say(result):
        means = result.measures.mean()
        half = result.events - result.events // 2
        return (
            f"{result.mark[0].upper()}{result.mark[1:]}: of the last {half:,} innovations firms "
            f"that are new among them make {means['new innovators']:.0%} (our line is 50%), the "
            f"four largest {means['C4']:.0%}; each innovation founds a firm with "
            f"chance {result.entry:.0%}. Means of {len(result.firms)} histories."
        )

    return explore(
        regime,
        plots.plot_sizes,
        say=say,
        fixed={"replicates": 10},
        prediction=prediction,
        controls=["opportunity", "appropriability", "cumulativeness", "tacitness"],
    )


def future(*, prediction: Any = None) -> Explorer:
    """Set regime and openness: rates of the four arrows, shares over time and in the long run."""

    def say(result):
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

    return explore(
        outlook,
        [plots.plot_transition_graph, plots.plot_outlook],
        say=say,
        prediction=prediction,
        controls=["start", "entry", "openness", "years"],
    )


def italian_trends() -> Explorer:
    """Switch on the three trends of Italian districts, one by one."""

    def say(result):
        left = round(100 * result["Marshallian"].iloc[-1])
        first, last = result.index[[0, -1]]
        return (
            f"Of 100 districts that were Marshallian in {first:.0f}, {left} are so in {last:.0f} "
            f"and {100 - left} have a hub; the sizes of all rates and effects are assumptions."
        )

    return explore(trends, plots.plot_shares, say=say)


def arrows(chain: Chain) -> GraphView:
    """Show a transition graph in the browser: arrows of the document solid, added ones dashed."""
    graph = plots.marked(chain.graph)
    for name, data in graph.nodes(data=True):
        out = [f"to {v} {d['rate']:.3f} a year" for _, v, d in graph.out_edges(name, data=True)]
        data["spoken"] = f"{name}: {', '.join(out) or 'no arrow leads away'}."
    number = graph.number_of_edges()
    known = sum(origin == "named as possible" for *_, origin in graph.edges(data="origin"))
    return graph_view(
        graph,
        positions=plots.positions(graph),
        ties="origin",
        styles=plots.STYLES,
        sentence=f"{_arrows(number)} between types: {known} named as possible by the document, "
        f"{number - known} added.",
    )


def _arrows(number: int) -> str:
    return "1 arrow" if number == 1 else f"{number} arrows"


def _listed(shares: pd.Series) -> str:
    """Return shares of types in words, without those that are nothing."""
    told = []
    for name, share in shares.items():
        if share > 0:
            some = "under 1%" if share < 0.005 else f"{share:.0%}"
            told.append(f"{'over 99%' if 0.995 < share < 1 else some} {name}")
    return ", ".join(told)
