"""Widgets of the lesson on networks: each with its picture and its sentence above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from clusterlab import style
from clusterlab.explore import Explorer, explore
from clusterlab.labels import spread
from clusterlab.names import listed, percent
from clusterlab.networks.governance import generate
from clusterlab.networks.graphs import dressed
from clusterlab.networks.measures import structure
from clusterlab.networks.search import modular_search
from clusterlab.networks.shocks import demand_shift, supplier_failure, who_stops
from clusterlab.networks.stretching import stretch
from clusterlab.views.graph import GraphView, draw_graph, graph_view

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction
    from clusterlab.networks.search import Search
    from clusterlab.networks.shocks import DemandShift, Survival
    from clusterlab.networks.stretching import Stretch

__all__ = [
    "cut_ties",
    "demand",
    "failing_suppliers",
    "network",
    "relations",
    "search",
    "stretching",
    "types",
]

_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.2)), (0, (6, 2, 1, 2)))
# few ticks: text is slow to draw
_TICKS = (0, 0.25, 0.5, 0.75, 1)
_SHARES: dict[str, Any] = {"xlim": (-0.02, 1.02), "xticks": _TICKS, "yticks": (0, 0.5, 1)}


def network(graph: nx.Graph) -> GraphView:
    """Show a network in the browser: nodes can be dragged, and read with the arrow keys.

    Parameters
    ----------
    graph : networkx.Graph
        In the vocabulary; lead firms and persons are named.

    Returns
    -------
    GraphView

    See Also
    --------
    clusterlab.networks.dressed : colours, shapes and the spoken sentences.
    """
    shown = dressed(graph)
    leads = [node for node, role in shown.nodes(data="role") if role in ("lead firm", "person")]
    return graph_view(shown, labels=leads, positions=_spots(shown))


def _spots(graph: nx.Graph) -> dict | None:
    """Return where nodes stand, or None where places or parts have other names than these."""
    places = {data.get("place") for data in graph.nodes.values()}
    tiers = {data.get("role") for data in graph.nodes.values()}
    stands = places < {*_PLACES, ""} and tiers <= {*_TIERS, "person"}
    # room for names above the first tier and below the last
    return {k: (x, 0.12 + 0.8 * y) for k, (x, y) in _stand(graph)[0].items()} if stands else None


#: Where places lie from left to right, and the parts in a network from top to bottom.
_PLACES = {"cluster": "in the district", "hinterland": "around it", "abroad": "abroad"}
_TIERS = {"lead firm": 0.9, "supplier": 0.52, "component supplier": 0.08}


def _stand(graph: nx.Graph) -> tuple[dict, dict]:
    """Return where nodes stand, place beside place and tier below tier, and how far places reach.

    A place is as wide as its fullest tier; neighbours in a tier stand a little higher and lower, so
    that ties pass between them. People who belong to two places stand between them.
    """
    rows: dict[str, dict[str, list]] = {place: {} for place in _PLACES}
    people = [node for node, role in graph.nodes(data="role") if role == "person"]
    for node, data in graph.nodes(data=True):
        if node not in people:
            rows[data["place"]].setdefault(data["role"], []).append(node)
    widths = {place: max(map(len, tiers.values())) for place, tiers in rows.items() if tiers}
    gap = 0.12 if people else 0.03
    share = (1 - gap * (len(widths) - 1)) / sum(max(3, width) for width in widths.values())
    spots, reaches, left = {}, {}, 0.0
    for place, width in widths.items():
        right = left + share * max(3, width)
        reaches[place] = left, right
        for role, nodes in rows[place].items():
            for i, node in enumerate(nodes):
                lift = 0.05 * (i % 2 * 2 - 1) if len(nodes) > 3 else 0.0
                x = left + (right - left) * (i + 0.5) / len(nodes)
                spots[node] = x, _TIERS[role] + lift
        left = right + gap
    first = next(iter(reaches.values()))[1] + gap / 2
    spots |= {node: (first, 0.75 - 0.5 * i / len(people)) for i, node in enumerate(people)}
    return spots, reaches


def cut_ties(graph: nx.DiGraph) -> GraphView:
    """Cut the supply ties of a network, draw others, and see at once who stops.

    Parameters
    ----------
    graph : networkx.DiGraph
        With ``kind`` on ties and ``product`` on those who deliver; firms that no supply tie
        touches are left out. Up to fifteen can be read well.

    Returns
    -------
    GraphView

    Raises
    ------
    ValueError
        A network that lacks these attributes.

    See Also
    --------
    clusterlab.networks.who_stops : the rule.
    network : a network to look at.
    """
    supply = [(u, v) for u, v, kind in graph.edges(data="kind") if kind == "supply"]
    who_stops(graph, supply)  # says what is lacking before anything is shown
    firms, tied = nx.DiGraph(), {end for tie in supply for end in tie}
    delivering = nx.subgraph_view(graph, filter_node=tied.__contains__)
    for name, data in delivering.nodes(data=True):  # no owners: a shape says here who has stopped
        firms.add_node(name, **{k: data[k] for k in ("role", "size", "product") if k in data})
    needed = {(graph.nodes[u]["product"], v) for u, v in supply}

    def made(ties: list) -> tuple[nx.DiGraph, str]:
        lacks = who_stops(graph, ties)
        now = firms.copy()
        for u, v in ties:
            idle = u in lacks.index or (firms.nodes[u].get("product"), v) not in needed
            now.add_edge(u, v, **({"style": "dotted", "colour": "grey"} if idle else {}))
        shown = dressed(now)
        for name, products in lacks.items():
            spoken = f"{name} has stopped: {_gets_none(products, 1)}. {shown.nodes[name]['spoken']}"
            shown.nodes[name].update(colour="grey", shape="square", spoken=spoken)
        shown.graph["legend"] += [
            {"text": "has stopped", "shape": "square", "colour": "grey"},
            {"text": "brings what is needed", "style": "solid", "colour": ""},
            {"text": "brings nothing", "style": "dotted", "colour": "grey"},
        ]
        return shown, _say_stops(lacks, len(firms), {*supply}, {*ties})

    start = firms.copy()
    start.add_edges_from(supply)
    return graph_view(start, labels=list(start), positions=_spots(delivering), making=made)


def _say_stops(lacks: pd.Series, firms: int, before: set, now: set) -> str:
    """Say how many firms work with these ties, and who stopped for want of what."""
    work = f"{firms - len(lacks)} of" if len(lacks) else "All"
    drawn = f", drawn: {len(now - before)}" if now - before else ""
    by_lack: dict[tuple, list[str]] = {}
    for name, products in lacks.items():
        by_lack.setdefault(products, []).append(str(name))
    told = [f"{listed(w)} stopped because {_gets_none(of, len(w))}" for of, w in by_lack.items()]
    ties = f"ties cut: {len(before - now)} of {len(before)}{drawn}."
    return " ".join(
        [f"{work} {firms} firms can still work; {ties}", *(f"{t[0].upper()}{t[1:]}." for t in told)]
    )


def _gets_none(products: tuple, firms: int) -> str:
    return ("it gets no " if firms == 1 else "they get no ") + " and no ".join(map(str, products))


def _plot_network(graph: nx.DiGraph, *, ax: Axes) -> None:
    """Draw a network without names, each place in a frame: ties that leave it cross the line."""
    shown = dressed(graph)
    spots, reaches = _stand(shown)
    draw_graph(shown, positions=spots, labels=(), ax=ax)
    grey = style.colour("reference")
    for place, (left, right) in reaches.items():
        ax.plot([left, right, right, left, left], [0, 0, 1, 1, 0], color=grey, lw=1, zorder=0)
        ax.annotate(_PLACES[place], ((left + right) / 2, 1.02), ha="center", va="bottom")
    ax.set_ylim(-0.04, 1.12)


def _say_network(graph: nx.DiGraph) -> str:
    asked = ["switching", "customers per supplier", "reciprocity"]
    others, customers, back = structure(graph, asked)["value"]
    return (
        f"{graph.graph['governance'].capitalize()}: a buyer has {others:.1f} other suppliers to "
        f"turn to for what a tie brings, a supplier has {customers:.1f} customers on average, "
        f"{percent(back)} of ties run back."
    )


def types() -> Explorer:
    """Choose a type of governance and look at a network of it.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.networks.generate : the model.
    """
    return explore(generate, _plot_network, say=_say_network, controls=["governance", "leads"])


def _plot_survival(result: Survival, *, ax: Axes, prediction: float | None = None) -> None:
    """Draw a buyer's chance to go on by failure rate, with the simulation at the present one."""
    curves = result.by_failure
    ax.plot(curves.index, curves.iloc[:, 0], color=style.colour("main"))
    ax.plot(curves.index, curves.iloc[:, 1], color=style.colour("reference"), linestyle="--")
    dot: dict[str, Any] = {
        "fmt": "o",
        "markersize": 9,
        "color": style.colour("second"),
        "capsize": 5,
    }
    ax.errorbar(result.failure, result.simulated, 2 * result.error, **dot)
    entries = [("as set, exact", "main"), ("simulated here", "second")]
    style.key(ax, [*entries, ("one supplier per input (dashed)", "reference")])
    ax.set(xlabel="chance that a supplier fails", ylabel="chance that the buyer goes on")
    ax.set(ylim=(-0.02, 1.45), **_SHARES)
    ax.spines["left"].set_bounds(0, 1)  # above stand only words
    if prediction is not None:
        style.mark(ax, prediction, "your prediction", axis="y", along=0.02)


def _say_survival(result: Survival) -> str:
    exact = f"{result.exact:.3f}"
    if 0 < result.exact < 0.0005 or 0.9995 <= result.exact < 1:
        exact = "above 0.999" if result.exact > 0.5 else "below 0.001"
    return (
        f"A buyer of five inputs goes on with probability {exact}; of 4,000 simulated buyers "
        f"{result.simulated:.3f} did."
    )


def failing_suppliers(*, prediction: Prediction | None = None) -> Explorer:
    """Let suppliers fail: substitutes, repair by partners, and a platform all of them share.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The chance that the buyer goes on.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.networks.supplier_failure : the model.
    """
    return explore(
        supplier_failure,
        _plot_survival,
        say=_say_survival,
        controls=["failure", "substitutes", "repair", "platform"],
        fixed={"inputs": 5, "replicates": 4000},
        prediction=prediction,
    )


def _plot_demand(result: DemandShift, *, ax: Axes, prediction: str | None = None) -> None:
    """Draw the share of orders met by how novel demand is, for tight and open networks."""
    for name, hue, dash in (
        ("tight", "second", 1),
        ("open", "third", 2),
        ("this network", "main", 0),
    ):
        line = {"color": style.colour(hue), "linestyle": _DASHES[dash]}
        ax.plot(result.met.index, result.met[name], **line)
    ax.plot([0, result.novelty], [result.before, result.after], "o", color=style.colour("main"))
    entries = [
        ("this network, dots before and after", "main"),
        ("wholly tight (dashed)", "second"),
        ("open (dotted)", "third"),
    ]
    if prediction is not None:
        entries.append((f"your prediction: {prediction}", "prediction"))
    style.key(ax, entries)
    ax.set(xlabel="novelty: share of demand from other trades", ylabel="share of orders met")
    ax.set(ylim=(0, 1.08), **_SHARES)


def _say_demand(result: DemandShift) -> str:
    at = result.met.loc[round(result.novelty, 2)]
    others = (
        f"a wholly tight network meets {percent(at['tight'])}, an open one {percent(at['open'])}. "
        f"Of ties here {percent(result.redundancy)} are redundant."
    )
    if not result.novelty:
        return f"Demand does not shift. {percent(result.before)} of orders are met; {others}"
    return (
        f"Before the shift {percent(result.before)} of orders are met, after it "
        f"{percent(result.after)}; after it {others}"
    )


def demand(*, prediction: Prediction | None = None) -> Explorer:
    """Shift demand to other trades and compare this network with a tight and an open one.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        Which network meets more orders after the shift.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.networks.demand_shift : the model.
    """
    return explore(
        demand_shift,
        _plot_demand,
        say=_say_demand,
        controls=["closure", "novelty", "trust"],
        prediction=prediction,
    )


def _plot_search(result: Search, *, ax: Axes, prediction: str | None = None) -> None:
    """Draw how far search came by module size; a predicted module size is drawn thick."""
    last = result.path.index[-1]
    heights = spread(list(result.path.iloc[-1]), 0.03, 0.6, 1.01)
    looks = zip(("main", "second", "third", "orange"), _DASHES, heights, strict=False)
    for size, (hue, dash, height) in zip(result.path.columns, looks, strict=False):
        theirs = str(size) == str(prediction).split(" ")[0]
        line = {"color": style.colour(hue), "linestyle": dash, "linewidth": 4 if theirs else 2.2}
        ax.plot(result.path.index, result.path[size], **line)
        ax.annotate(
            _search(size).removesuffix(" search") + (", your prediction" if theirs else ""),
            (last, height),
            (5, 0),
            textcoords="offset points",
            va="center",
            color=style.colour(hue),
            annotation_clip=False,
        )
    if result.change is not None:
        ax.axvline(result.change, color=style.colour("reference"), linestyle=":")
        what = "architecture changes" if result.moved > 1 else "only performance changes"
        ax.annotate(what, (result.change, 0.61), (5, 0), textcoords="offset points")
    ticks = np.linspace(0, last, 3)
    ax.set(xlabel="trials", ylabel="level, share of the best", ylim=(0.6, 1.02))
    ax.set_xlim(0, last * (1.3 if prediction is None else 1.6))  # room for the words at the right
    ax.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks])
    ax.set_yticks([0.6, 0.7, 0.8, 0.9, 1])


def _say_search(result: Search) -> str:
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
        said += f"In the end, against before the change: {listed(changed)}. "
    if same:
        said += f"Back where they were, within what chance explains: {listed(same)}. "
    clear = "" if len(top) == 1 else ", with no clear difference"
    return f"{said}Highest in the end: {listed(top)}{clear}."


def search(*, prediction: Prediction | None = None) -> Explorer:
    """Search with four module sizes, before and after the architecture changes.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The module size that ends furthest below; words that begin with the number of elements.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.networks.modular_search : the model.
    """
    return explore(
        modular_search,
        _plot_search,
        say=_say_search,
        controls=["moved", "acceptance", "block"],
        choices={"block": [2, 4, 6]},
        fixed={"change": True, "steps": 2000},
        prediction=prediction,
    )


def _plot_ties(result: Stretch, *, ax: Axes, prediction: float | None = None) -> None:
    """Draw which ties stay and which leave, by the codified share of what they hand over.

    A prediction is the share that leaves; it stands among the words.
    """
    edges, ties = np.linspace(0, 1, 21), result.ties
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
        entries.append((f"your prediction: {prediction:.0%} leave", ""))
    style.key(ax, entries)
    ax.set(xlabel="codified share of a tie", ylabel="share of all ties")
    ax.set(xlim=(0, 1), ylim=(0, 1.35 * base.max()), xticks=_SHARES["xticks"])
    ax.locator_params(axis="y", nbins=3)


def _say_ties(result: Stretch) -> str:
    if not result.away:
        return "No tie is at a distance: none saves more than its coordination would cost."
    thick = percent(result.thick_away) if result.thick_away else "none"
    return (
        f"Of all ties {percent(result.away)} are at a distance; of those, {thick} are thick: less "
        "than half of what they hand over is codified."
    )


def stretching(*, prediction: Prediction | None = None) -> Explorer:
    """Let coordination get cheaper and work codified, and see which ties leave the district.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The share of ties that leave.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.networks.stretch : the model.
    """
    return explore(
        stretch,
        _plot_ties,
        say=_say_ties,
        controls=["cost", "codifiability", "bridged", "bridging"],
        prediction=prediction,
    )


def _plot_reach(result: Stretch, *, ax: Axes) -> None:
    """Draw the share of ties at a distance as coordination cost falls, and as it rises again."""
    for path, hue, dash in ((result.falling, "main", 0), (result.rising, "second", 1)):
        line = {"color": style.colour(hue), "linestyle": _DASHES[dash]}
        ax.plot(path.index, path["all"], **line)
    ax.plot(result.cost, result.away, "o", color=style.colour("main"), markersize=10)
    style.key(ax, [("cost falls", "main"), ("cost rises again (dashed)", "second")])
    ax.set(xlabel="coordination cost (× saving)", ylabel="share of ties away", ylim=(-0.02, 1.35))
    ax.set_xlim(5.1, -0.1)  # the cost falls from left to right
    ax.set_yticks(_SHARES["yticks"])
    ax.spines["left"].set_bounds(0, 1)  # above stand only words


def _say_reach(result: Stretch) -> str:
    ties = len(result.ties)
    down, back = round(result.away * ties), round(result.kept_open * ties)
    at = f"At cost {result.cost:g}, {percent(down / ties)} of ties ({down:,} of {ties:,})"
    if down == back:
        return f"{at} are at a distance, on the way down and on the way back alike."
    return (
        f"{at} are at a distance on the way down and {percent(back / ties)} ({back:,}) on the "
        f"way back: for {abs(back - down):,} it hangs on where the district comes from."
    )


def relations() -> Explorer:
    """Switch on contextuality, path dependence and contingency, one by one.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.networks.stretch : the model.
    """
    controls = ["cost", "contextuality", "path_dependence", "contingency"]
    return explore(stretch, _plot_reach, say=_say_reach, controls=controls)


def _search(size: int) -> str:
    return "integral search" if size == 12 else f"modules of {size}"
