"""Widgets of the lesson on networks: thin calls of `clusterlab.explore.explore`."""

from typing import Any

from clusterlab.explore import Explorer, explore
from clusterlab.networks import plots
from clusterlab.networks.governance import TYPES, generate
from clusterlab.networks.graphs import validate
from clusterlab.networks.measures import customers_per_supplier, reciprocity, switching
from clusterlab.networks.search import modular_search
from clusterlab.networks.shocks import demand_shift, removal_by_type, supplier_failure
from clusterlab.networks.stretching import stretch
from clusterlab.views.graph import GraphView, graph_view

__all__ = [
    "demand",
    "failing_suppliers",
    "network",
    "relations",
    "removing",
    "search",
    "stretching",
    "types",
]


def network(graph: Any) -> GraphView:
    """Show a network in the browser: nodes can be dragged, and read with the arrow keys."""
    network = validate(graph)
    leads = [node for node, role in network.nodes(data="role") if role in ("lead firm", "person")]
    return graph_view(graph, labels=leads)


def types() -> Explorer:
    """Choose a type of governance and look at a network of it."""

    def say(graph):
        return (
            f"{graph.graph['governance'].capitalize()}: a buyer has {switching(graph):.1f} other "
            f"suppliers to turn to for what a tie brings, a supplier has "
            f"{customers_per_supplier(graph):.1f} customers on average, "
            f"{_part(reciprocity(graph))} of ties run back."
        )

    def plot(graph, *, ax):
        return plots.plot_network(graph, labels=(), ax=ax)

    return explore(generate, plot, say=say, controls=["governance", "leads"])


def removing(*, prediction: Any = None) -> Explorer:
    """Take nodes out of a network of a chosen type, at random and the best connected first.

    A hierarchy is left out: its ties are those of the captive network, only the owners differ.
    """

    def say(result):
        nodes = len(result.random) - 1
        gone = int(abs(result.random.index - 0.2).argmin())
        left = f"{_part(result.random.iloc[gone])} of all nodes are still connected with each other"
        return (
            f"With {gone} of {nodes} nodes gone, about a fifth, {left} when they went at random "
            f"(on average), {_part(result.targeted.iloc[gone])} when the best connected went first."
        )

    return explore(
        removal_by_type,
        plots.plot_removal,
        say=say,
        controls=["governance", "leads", "suppliers"],
        choices={"governance": [name for name in TYPES if name != "hierarchy"]},
        prediction=prediction,
    )


def failing_suppliers(*, prediction: Any = None) -> Explorer:
    """Let suppliers fail: substitutes, repair by partners, and a platform all of them share."""

    def say(result):
        exact = f"{result.exact:.3f}"
        if 0 < result.exact < 0.0005 or 0.9995 <= result.exact < 1:
            exact = "above 0.999" if result.exact > 0.5 else "below 0.001"
        return (
            f"A buyer of five inputs goes on with probability {exact}; of 4,000 simulated buyers "
            f"{result.simulated:.3f} did."
        )

    return explore(
        supplier_failure,
        plots.plot_survival,
        say=say,
        controls=["failure", "substitutes", "repair", "platform"],
        fixed={"inputs": 5, "replicates": 4000},
        prediction=prediction,
    )


def demand(*, prediction: Any = None) -> Explorer:
    """Shift demand to other trades and compare this network with a tight and an open one."""

    def say(result):
        at = result.met.loc[round(result.novelty, 2)]
        others = (
            f"a wholly tight network meets {_part(at['tight'])}, an open one {_part(at['open'])}. "
            f"Of ties here {_part(result.redundancy)} are redundant."
        )
        if not result.novelty:
            return f"Demand does not shift. {_part(result.before)} of orders are met; {others}"
        return (
            f"Before the shift {_part(result.before)} of orders are met, after it "
            f"{_part(result.after)}; after it {others}"
        )

    return explore(
        demand_shift,
        plots.plot_demand_shift,
        say=say,
        controls=["closure", "novelty", "trust"],
        prediction=prediction,
    )


def search(*, prediction: Any = None) -> Explorer:
    """Search with four module sizes, before and after the architecture changes."""

    def say(result):
        before, after = result.path.loc[result.change], result.path.iloc[-1]
        then, now = result.error.loc[result.change] ** 2, result.error.iloc[-1] ** 2
        # Means over so many landscapes, and a dozen of them compared: a difference within three
        # standard errors is none.
        noise = (3 * (then + now) ** 0.5).clip(lower=0.0005)
        loss, best = before - after, after.idxmax()
        changed = [
            f"{_search(size)} {abs(loss[size]):.3f} {'lower' if loss[size] > 0 else 'higher'}"
            for size in loss.index[loss.abs() > noise]
        ]
        same = [_search(size) for size in loss.index[loss.abs() <= noise]]
        apart = (3 * (now + now[best]) ** 0.5).clip(lower=0.0005)
        top = [_search(size) for size in after.index[after[best] - after <= apart]]
        what = "the architecture changes" if result.moved > 1 else "only performance changes"
        said = (
            f"True blocks of {result.block} elements; after {result.change:,} trials {what}, and "
            f"{result.path.index[-1] - result.change:,} more follow. "
        )
        if changed:
            said += f"In the end, against before the change: {_listed(changed)}. "
        if same:
            said += f"Back where they were, within what chance explains: {_listed(same)}. "
        clear = "" if len(top) == 1 else ", with no clear difference"
        return f"{said}Highest in the end: {_listed(top)}{clear}."

    return explore(
        modular_search,
        plots.plot_search,
        say=say,
        controls=["moved", "acceptance", "block"],
        choices={"block": [2, 4, 6]},
        fixed={"change": True, "steps": 2000},
        prediction=prediction,
    )


def stretching(*, prediction: Any = None) -> Explorer:
    """Let coordination get cheaper and work codified, and see which ties leave the district."""

    def say(result):
        if not result.away:
            return "No tie is at a distance: none saves more than its coordination would cost."
        thick = result.thick_away
        return (
            f"Of all ties {_part(result.away)} are at a distance; of those, "
            f"{_part(thick) if thick else 'none'} are thick: less than half of what they hand over "
            "is codified."
        )

    return explore(
        stretch,
        plots.plot_ties,
        say=say,
        controls=["cost", "codifiability", "bridged", "bridging"],
        prediction=prediction,
    )


def relations() -> Explorer:
    """Switch on contextuality, path dependence and contingency, one by one."""

    def say(result):
        ties = len(result.ties)
        down, back = round(result.away * ties), round(result.kept_open * ties)
        at = f"At cost {result.cost:g}, {_part(down / ties)} of ties ({down:,} of {ties:,})"
        if down == back:
            return f"{at} are at a distance, on the way down and on the way back alike."
        return (
            f"{at} are at a distance on the way down and {_part(back / ties)} ({back:,}) on the "
            f"way back: for {abs(back - down):,} it hangs on where the district comes from."
        )

    return explore(
        stretch,
        plots.plot_change_of_reach,
        say=say,
        controls=["cost", "contextuality", "path_dependence", "contingency"],
    )


def _part(share: float) -> str:
    """Return a share in whole per cent; none and all are said only where they are exact."""
    if 0 < share < 0.005:
        return "less than 1%"
    return "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def _search(size: int) -> str:
    return "integral search" if size == 12 else f"modules of {size}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
