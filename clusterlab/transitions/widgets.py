"""Widgets of the lesson on transitions: thin calls of `clusterlab.explore.explore`."""

from typing import Any

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
        return (
            f"{result.mark}: {means['new innovators']:.0%} of the second half's innovations come "
            f"from new innovators, {means['C4']:.0%} from the four largest; newcomers make "
            f"{result.entry:.0%} of all innovations."
        )

    return explore(
        regime, plots.plot_sizes, say=say, fixed={"replicates": 10}, prediction=prediction,
        controls=["opportunity", "appropriability", "cumulativeness", "tacitness"],
    )  # fmt: skip


def future(*, prediction: Any = None) -> Explorer:
    """Set regime and openness: rates of the four arrows, shares over time and in the long run."""

    def say(result):
        end = ", ".join(
            f"{share:.0%} {name}" for name, share in result.long_run.items() if share > 0
        )
        first = result.chain.first_passage("hub-and-spoke")["mean years"][result.start]
        wait = (
            "" if first == 0 or first > 1e9 else f" A hub comes after {first:.0f} years on average."
        )
        return f"In the long run {end}.{wait} The sizes of all rates are assumptions."

    return explore(
        outlook, [plots.plot_transition_graph, plots.plot_outlook], say=say, prediction=prediction,
        controls=["start", "entry", "openness", "years"],
    )  # fmt: skip


def italian_trends() -> Explorer:
    """Switch on the three trends of Italian districts, one by one."""

    def say(result):
        end = result.iloc[-1]
        return (
            f"Of 100 districts that were Marshallian in 1985, {100 * end['Marshallian']:.0f} are "
            f"so in 2005 and {100 * end['hub-and-spoke']:.0f} have a hub; an illustration."
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
        graph, positions=plots.positions(graph), ties="origin", styles=plots.STYLES,
        sentence=f"{_arrows(number)} between types: {known} named as possible by the document, "
        f"{number - known} added.",
    )  # fmt: skip


def _arrows(number: int) -> str:
    return "1 arrow" if number == 1 else f"{number} arrows"
