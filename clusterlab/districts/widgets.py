"""Widgets of the lesson on districts: each with its picture and its sentence above it."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import networkx as nx
import numpy as np

from clusterlab import style
from clusterlab.districts import construct, plots
from clusterlab.districts.construct import FIRMS, PARTNERS, CircleToStar
from clusterlab.districts.memberships import ANCHORS, Membership, membership
from clusterlab.districts.network import network_profile
from clusterlab.districts.typology import LEADERS, TYPES
from clusterlab.explore import Explorer, explore
from clusterlab.names import listed
from clusterlab.parameters import Parameter, model
from clusterlab.views.graph import GraphView, graph_view

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction

__all__ = ["draw_ties", "growing_hub", "profile"]


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
        replicates=400,
    )


def _say_membership(found: Membership) -> str:
    shown, level = found.shares.round(2), found.level
    most = shown.max()
    if len(level) == len(shown):
        lead = f"All four types are level at {most:.2f}: nothing tells them apart"
    elif len(level) > 1:
        lead = f"Level at {most:.2f}: {listed(level)}"
    else:
        low, high = found.types.loc[level[0], ["low", "high"]]
        rest = shown.drop(level)
        second = list(rest.index[rest == rest.max()])
        lead = (
            f"Nearest is {level[0]} with {most:.2f} ({low:.2f} to {high:.2f}), then "
            f"{listed(second)} with {rest.max():.2f}"
        )
    helpful = list(found.deciding.index[found.deciding == found.deciding.max()])
    more = f" and {len(helpful) - 1} more" if len(helpful) > 1 else ""
    return (
        f"{lead}; {len(found.known)} features known, {len(found.missing)} missing; "
        f"{helpful[0]}{more} would tell {found.deciding.name.replace(' or ', ' from ')} best."
    )


def profile(*, prediction: "Prediction | None" = None) -> Explorer:
    """Describe a district by four features and read off its memberships.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The type that comes first.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.districts.membership : takes any features.
    """
    return explore(_from_answers, plots.plot_membership, say=_say_membership, prediction=prediction)


def _plot_star(result: CircleToStar, *, ax: "Axes") -> None:
    plots.plot_network(result.graph, ax=ax)


def _plot_growth(result: CircleToStar, *, ax: "Axes", prediction: float | None = None) -> None:
    """Draw memberships and centralisation as the hub grows; a prediction is a share of firms."""
    shares, drawn = result.memberships, _drawn(result)
    grey, central = style.colour("reference"), result.measures["degree_centralisation"]
    for name in drawn:
        ax.plot(shares.index, shares[name], color=style.colour(name), ls=style.TYPE_DASHES[name])
        ax.plot(result.share, shares.loc[result.share, name], "o", c=style.colour(name), zorder=3)
    ax.plot(central.index, central, color=grey, linewidth=1.4)
    ax.axvline(result.share, color=grey, linestyle=":", linewidth=1.4)
    ax.set(xlabel="share of firms that deliver to the hub", xlim=(-0.02, 1.02))
    ax.set(ylabel="membership, centralisation", ylim=(-0.02, 1.04), yticks=(0, 0.5, 1))
    ax.set_xticks((0, 0.25, 0.5, 0.75, 1))
    above: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": 11, "annotation_clip": False}
    key = drawn | {"reference": "centralisation (thin)"}
    for i, (hue, text) in enumerate(key.items()):
        ax.annotate(text, (0.02, 1.17 - 0.075 * i), color=style.colour(hue), **above)
    if prediction is not None:
        style.mark(ax, prediction, "your prediction", along=0.07)


def _drawn(result: CircleToStar) -> dict[str, str]:
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


_LEADS = {"none": "nobody leads", "local": "a local firm leads", "state": "the state leads"}
_LEADS["external"] = "a parent elsewhere leads"


def _say_growth(result: CircleToStar) -> str:
    here = result.measures.loc[result.share]
    others = len(result.measures) - 1
    number = round(result.share * others)
    whole = "" if number in (0, others) else ", rounded to whole firms"
    return (
        f"{number} of the {others} other firms ({result.share:.0%}{whole}) "
        f"{'delivers' if number == 1 else 'deliver'} to the hub, which has "
        f"{here['hub_jobs']:.0%} of the jobs: centralisation "
        f"{here['degree_centralisation']:.2f}, {_LEADS[here['anchor_owner']]}; "
        f"{_say_nearest(result.membership, here['anchor_owner'])}"
    )


def _say_nearest(found: Membership, leader: str) -> str:
    """Return the nearest types, and the one that the leader alone points to where it is another."""
    shares, level, owned = found.shares, found.level, LEADERS[ANCHORS[leader]]
    many = len(level) > 1
    told = f"nearest {'are' if many else 'is'} {listed(level)} with {shares.max():.2f}"
    told += " each." if many else "."
    if leader == "none" or owned in level:
        return told
    alone = f"By its owner alone it would be {owned} ({shares[owned]:.2f})"
    return f"{told} {alone}; the ties say otherwise."


def growing_hub(*, prediction: "Prediction | None" = None) -> Explorer:
    """Let a hub grow until the circle is a star, and change its owner.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        Share of firms at which the type changes.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.districts.circle_to_star : the model.
    """
    return explore(
        construct.circle_to_star,
        [_plot_star, _plot_growth],
        say=_say_growth,
        controls=["share", "owner", "rays"],
        prediction=prediction,
    )


_MARKS = dict(zip(TYPES, ("circle", "circle", "triangle", "diamond"), strict=True))


@model
def _from_ties(
    ties: list, *, owner: Annotated[construct.Owner, Parameter("who owns the centre")] = "itself"
) -> tuple[nx.Graph, str]:
    """Return the district of these ties, with memberships in its legend, and a sentence."""
    graph, centres = construct.tied(ties, owner)
    found = network_profile(graph, place="district", replicates=1)
    kind, leader = LEADERS["hub" if owner == "itself" else owner], found.measures["anchor_owner"]
    jobs = {name: graph.nodes[name]["size"] for name in FIRMS}
    for name, size in jobs.items():
        mine = kind if name in centres else "Marshallian"
        said = f"{name}: {size:.0f} jobs, {graph.degree(name)} partners."
        graph.nodes[name].update(colour=mine, shape=_MARKS[mine], spoken=said)
    outside: Any = {"colour": "reference", "shape": "square"}
    nx.set_node_attributes(graph, dict.fromkeys(PARTNERS, outside))
    shares = found.membership.shares.items()
    key = [{"text": f"{n} {u:.2f}", "colour": n, "shape": _MARKS[n]} for n, u in shares]
    graph.graph["legend"] = [*key, {"text": "outside", **outside}]
    inner = graph.subgraph(FIRMS).number_of_edges()
    outer = sum((u in FIRMS) != (v in FIRMS) for u, v in graph.edges)
    who, leads = "All firms have as many jobs: there is no centre", _LEADS[leader]
    most = f"the most jobs, {max(jobs.values()) / sum(jobs.values()):.0%}"
    if len(centres) == 1:
        who = f"{centres[0]} has {most} of them"
    elif centres:
        who = f"{listed(centres)} have {most} each"
        leads = leads.replace("a local firm leads", "local firms lead")
    lost = [name.replace("_", " ") for name in found.measures.index[found.measures.isna()]]
    without = f" Not to be measured here: {listed(lost)}." if lost else ""
    return graph, (
        f"Ties inside: {inner}, to partners outside: {outer}. {who}; {leads}; "
        f"{_say_nearest(found.membership, leader)}{without}"
    )


def draw_ties() -> GraphView:
    """Draw and cut ties between firms on a circle, choose who owns the centre, see the type.

    Returns
    -------
    GraphView

    See Also
    --------
    growing_hub : One way from circle to star.
    clusterlab.districts.network_profile : The measures, of any network.
    """
    circle = [(name, FIRMS[i - 1]) for i, name in enumerate(FIRMS)]
    turns = plots._angles([*FIRMS]).items()
    places = {n: (0.42 + 0.32 * np.cos(turn), 0.5 + 0.38 * np.sin(turn)) for n, turn in turns}
    places |= {name: (0.93, 0.2 + 0.3 * i) for i, name in enumerate(reversed(PARTNERS))}
    view = graph_view(_from_ties(circle)[0], positions=places, making=_from_ties)
    view.height = 400  # the sentence is on the screen with the picture
    return view
