"""Widgets of the lesson on districts: thin calls of `clusterlab.explore.explore`."""

from collections import Counter
from typing import Annotated, Any, Literal

from clusterlab.districts import plots
from clusterlab.districts.construct import circle_to_star
from clusterlab.districts.memberships import ANCHORS, Membership, membership
from clusterlab.districts.typology import LEADERS
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
        shown, level = found.shares.round(2), found.level
        most = shown.max()
        if len(level) == len(shown):
            lead = f"All four types are level at {most:.2f}: nothing tells them apart"
        elif len(level) > 1:
            lead = f"Level at {most:.2f}: {_listed(level)}"
        else:
            low, high = found.types.loc[level[0], ["low", "high"]]
            rest = shown.drop(level)
            second = list(rest.index[rest == rest.max()])
            lead = (
                f"Nearest is {level[0]} with {most:.2f} ({low:.2f} to {high:.2f}), then "
                f"{_listed(second)} with {rest.max():.2f}"
            )
        helpful = list(found.deciding.index[found.deciding == found.deciding.max()])
        more = f" and {len(helpful) - 1} more" if len(helpful) > 1 else ""
        return (
            f"{lead}; {len(found.known)} features known, {len(found.missing)} missing; "
            f"{helpful[0]}{more} would tell {found.deciding.name.replace(' or ', ' from ')} best."
        )

    return explore(_from_answers, plots.plot_membership, say=say, prediction=prediction)


def growing_hub(*, prediction: Any = None) -> Explorer:
    """Let a hub grow until the circle is a star, and change its owner."""

    def say(result):
        here = result.measures.loc[result.share]
        shares, level = result.membership.shares, result.membership.level
        others = len(result.measures) - 1
        leads = {
            "none": "nobody leads",
            "local": "a local firm leads",
            "state": "the state leads",
            "external": "a parent elsewhere leads",
        }[here["anchor_owner"]]
        number = round(result.share * others)
        whole = "" if number in (0, others) else ", rounded to whole firms"
        told = (
            f"{number} of the {others} other firms ({result.share:.0%}{whole}) "
            f"{'delivers' if number == 1 else 'deliver'} to the hub, which has "
            f"{here['hub_jobs']:.0%} of the jobs: centralisation "
            f"{here['degree_centralisation']:.2f}, {leads}; nearest "
            f"{'is' if len(level) == 1 else 'are'} {_listed(level)} with {shares.max():.2f}"
            f"{'' if len(level) == 1 else ' each'}."
        )
        owned = LEADERS[ANCHORS[here["anchor_owner"]]]
        if here["anchor_owner"] != "none" and owned not in level:
            told += (
                f" By its owner alone it would be {owned} ({shares[owned]:.2f}); the ties say "
                "otherwise."
            )
        return told

    return explore(
        circle_to_star,
        [plots.plot_star, plots.plot_circle_to_star],
        say=say,
        controls=["share", "owner", "rays"],
        prediction=prediction,
    )


def network(graph: Any) -> GraphView:
    """Show a district in the browser: nodes can be dragged, and read with the arrow keys."""
    counted = Counter(role for _, role in graph.nodes(data="role") if role)
    crossing = sum(reach == "global" for *_, reach in graph.edges(data="reach"))
    units = ", ".join(f"{role}: {number}" for role, number in counted.items())
    sentence = (
        f"{len(graph)} units ({units}); {crossing} of {graph.number_of_edges()} ties leave the "
        "place."
    )
    return graph_view(graph, labels=(), sentence=sentence if units else "")


def _listed(names: list[str]) -> str:
    """Return names as a list in words."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
