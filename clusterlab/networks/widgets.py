"""Widgets of the lesson on networks: thin calls of `clusterlab.explore.explore`."""

from typing import Any

from clusterlab.explore import Explorer, explore
from clusterlab.networks import plots
from clusterlab.networks.governance import TYPES, generate
from clusterlab.networks.measures import customers_per_supplier, reciprocity, switching
from clusterlab.networks.search import modular_search
from clusterlab.networks.shocks import demand_shift, removal_by_type, supplier_failure
from clusterlab.networks.stretching import stretch
from clusterlab.networks.vocabulary import validate
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
            f"suppliers to turn to, a supplier {customers_per_supplier(graph):.1f} customers, "
            f"{reciprocity(graph):.0%} of ties run back."
        )

    def plot(graph, *, ax):
        return plots.plot_network(graph, labels=(), ax=ax)

    return explore(generate, plot, say=say, controls=["governance", "leads"])


def removing(*, prediction: Any = None) -> Explorer:
    """Take nodes out of a network of a chosen type, at random and the best connected first.

    A hierarchy is left out: its ties are those of the captive network, only the owners differ.
    """

    def say(result):
        at_random, targeted = result.at(0.2)
        return (
            f"With a fifth of the nodes gone, {at_random:.0%} still hang together when they went "
            f"at random, {targeted:.0%} when the best connected went first."
        )

    return explore(
        removal_by_type, plots.plot_removal, say=say, controls=["governance", "leads", "suppliers"],
        choices={"governance": [name for name in TYPES if name != "hierarchy"]},
        prediction=prediction,
    )  # fmt: skip


def failing_suppliers(*, prediction: Any = None) -> Explorer:
    """Let suppliers fail: substitutes, repair by partners, and a platform all of them share."""

    def say(result):
        return (
            f"A buyer goes on with probability {result.exact:.3f}; of the simulated buyers "
            f"{result.simulated:.3f} did."
        )

    return explore(
        supplier_failure, plots.plot_survival, say=say,
        controls=["failure", "substitutes", "repair", "platform"], prediction=prediction,
    )  # fmt: skip


def demand(*, prediction: Any = None) -> Explorer:
    """Shift demand to other trades and compare this network with a tight and an open one."""

    def say(result):
        return (
            f"Before the shift {result.before:.0%} of orders are met, after it {result.after:.0%}; "
            f"{result.redundancy:.0%} of ties are redundant."
        )

    return explore(
        demand_shift, plots.plot_demand_shift, say=say,
        controls=["closure", "novelty", "trust"], fixed={"replicates": 10},
        prediction=prediction,
    )  # fmt: skip


def search(*, prediction: Any = None) -> Explorer:
    """Search with four module sizes, before and after the architecture changes."""

    def say(result):
        loss = result.loss
        if loss.max() < 0.01:
            return "After the change every module size gets back to where it was."
        right = f"modules of {result.block} {loss[result.block]:.3f}, "
        return (
            f"The true blocks had {result.block} elements. After the change modules of "
            f"{loss.idxmax()} end {loss.max():.3f} lower than before, "
            f"{right if loss.idxmax() != result.block else ''}integral search {loss[12]:.3f}."
        )

    return explore(
        modular_search, plots.plot_search, say=say, controls=["moved", "acceptance", "block"],
        choices={"block": [2, 4, 6]}, fixed={"change": True, "steps": 250, "replicates": 40},
        prediction=prediction,
    )  # fmt: skip


def stretching() -> Explorer:
    """Let coordination get cheaper and work codified, and see which ties leave the district."""

    def say(result):
        return (
            f"{result.away:.0%} of ties are at a distance; of those, {result.thick_away:.0%} are "
            "thick: less than half of what they hand over is codified."
        )

    return explore(
        stretch, plots.plot_ties, say=say, controls=["cost", "codifiability", "bridged", "bridging"]
    )


def relations() -> Explorer:
    """Switch on contextuality, path dependence and contingency, one by one."""

    def say(result):
        gap = result.kept_open - result.away
        return (
            f"At cost {result.cost:g}, {result.away:.0%} of ties are at a distance on the way down "
            f"and {result.kept_open:.0%} on the way back: {abs(gap):.0%} depend on the path."
        )

    return explore(
        stretch, plots.plot_change_of_reach, say=say,
        controls=["cost", "contextuality", "path_dependence", "contingency"],
    )  # fmt: skip
