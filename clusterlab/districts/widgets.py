"""Widgets of the lesson on districts: thin calls of `clusterlab.explore.explore`."""

from typing import Annotated, Any, Literal

from clusterlab.districts import plots
from clusterlab.districts.construct import circle_to_star
from clusterlab.districts.membership import Membership, membership
from clusterlab.explore import Explorer, explore
from clusterlab.parameters import Parameter, model
from clusterlab.views.graph import GraphView, graph_view

__all__ = ["growing_hub", "network", "profile"]


@model
def _from_answers(
    *,
    leader: Annotated[
        Literal["not known", "none", "hub", "parent elsewhere", "state"], Parameter("who leads")
    ] = "not known",
    scale: Annotated[float, Parameter("economies of scale", 1, 3, 0.5, unit="1 low, 3 high")] = 2.0,
    outside: Annotated[
        float, Parameter("cooperation outside", 1, 3, 0.5, unit="1 low, 3 high")
    ] = 2.0,
    contracts: Annotated[Literal["not known", "short", "long"], Parameter("contracts")] = "long",
) -> Membership:
    """Return the memberships that four answers about a district lead to."""
    answers = {"leadership": leader, "contract length": contracts}
    known = {name: value for name, value in answers.items() if value != "not known"}
    return membership(
        {**known, "economies of scale": scale, "cooperation outside the district": outside},
        resamples=400,
    )


def profile(*, prediction: Any = None) -> Explorer:
    """Describe a district by four features and read off its memberships."""

    def say(found):
        top = found.types.sort_values("membership", ascending=False, kind="stable")
        first, second = top.iloc[0], top.iloc[1]
        if first["membership"] - second["membership"] < 0.01:
            lead = f"Level at {first['membership']:.2f}: {top.index[0]} and {top.index[1]}"
        else:
            lead = (
                f"Nearest is {top.index[0]} with {first['membership']:.2f} "
                f"({first['low']:.2f} to {first['high']:.2f}), then {top.index[1]} with "
                f"{second['membership']:.2f}"
            )
        return (
            f"{lead}; {len(found.known)} features known, {len(found.missing)} missing; "
            f"{found.deciding.index[0]} would help most."
        )

    return explore(_from_answers, plots.plot_membership, say=say, prediction=prediction)


def growing_hub(*, prediction: Any = None) -> Explorer:
    """Let a hub grow until the circle is a star, and change its owner."""

    def say(result):
        here = result.measures.loc[result.share]
        found = result.membership
        leads = {"none": "nobody leads", "local": "a local firm leads", "state": "the state leads",
                 "external": "a parent elsewhere leads"}[here["anchor_owner"]]  # fmt: skip
        return (
            f"{result.share:.0%} of firms deliver to the hub, which has "
            f"{here['hub_jobs']:.0%} of the jobs: centralisation "
            f"{here['degree_centralisation']:.2f}, {leads}; nearest is {found.nearest} with "
            f"{found.shares.max():.2f}."
        )

    return explore(
        circle_to_star, [plots.plot_star, plots.plot_circle_to_star], say=say,
        controls=["share", "owner", "rays"], prediction=prediction,
    )  # fmt: skip


def network(graph: Any) -> GraphView:
    """Show a district in the browser: nodes can be dragged, and read with the arrow keys."""
    return graph_view(graph, labels=())
