"""Widgets of the lesson on clusters: each with its picture and its sentence above it."""

import textwrap
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import networkx as nx
import numpy as np
import pandas as pd

from clusterlab import datasets, style
from clusterlab.clusters import delineation, detection, metro
from clusterlab.clusters.groups import Boundary
from clusterlab.explore import Explorer, explore
from clusterlab.names import listed, percent
from clusterlab.networks import graphs
from clusterlab.parameters import Parameter, model, need
from clusterlab.tables import need_frame
from clusterlab.views.graph import GraphView, graph_view

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction

__all__ = ["boundary", "definitions", "groups", "hidden", "wine"]


def _predicted(ax: "Axes", value: Any, along: float) -> None:
    """Mark the reader's number on the upright axis, if there is one."""
    if isinstance(value, int | float):
        style.mark(ax, value, f"your prediction: {value:g}", axis="y", along=along)


# --- definitions ---------------------------------------------------------------------------------

# Bits say who counts a pair: 1 Porter, 2 Becattini, 4 Maskell and Lorenzen. No other sets exist:
# what Porter and Becattini both count, Maskell and Lorenzen count too, and so on (see `delineate`).
_SETS = {7: "all three", 5: "Porter and\nMaskell–Lorenzen", 1: "Porter only"}
_SETS |= {2: "Becattini only", 4: "Maskell–\nLorenzen only"}
_LETTERS = ["none", "P", "B", "P B", "M", "P M", "B M", "P B M"]


def _who(members: pd.DataFrame) -> np.ndarray:
    """Return in bits which definitions count each pair."""
    return members.to_numpy() @ [1, 2, 4]


def _plot_sets(
    result: delineation.Delineation, *, ax: "Axes", prediction: float | None = None
) -> None:
    """Draw how many pairs each set of definitions counts, as shares of those that any counts."""
    counts = pd.Series(_who(result.members)).value_counts().reindex([*_SETS], fill_value=0)
    hues = [style.colour("main"), *[style.colour("reference")] * 4]
    bars = ax.barh(-np.arange(5), counts / max(counts.sum(), 1), color=hues)
    ax.bar_label(bars, [f"{count:,}" for count in counts], padding=4)
    ax.set_yticks(-np.arange(5), [*_SETS.values()])
    ax.set(xlim=(0, 1.25), xticks=(0, 0.5, 1), ylim=(-4.6, 1.2), xlabel="share of pairs counted")
    if prediction is not None:
        style.mark(ax, float(prediction), "your prediction", along=0.96)


def _plot_named(result: delineation.Delineation, *, named: Mapping[str, tuple], ax: "Axes") -> None:
    """Draw which criteria the named pairs meet, and which definitions count them."""
    pairs = [*named.values()]
    meets = result.meets.loc[pairs].to_numpy()
    for here, marker, hue in ((meets, "o", "main"), (~meets, "x", "second")):
        row, column = np.nonzero(here)
        look: dict[str, Any] = {"color": style.colour(hue), "markersize": 8, "linestyle": "none"}
        ax.plot(column, -row, marker, markeredgewidth=2, **look)
    for place, bits in enumerate(_who(result.members.loc[pairs])):
        ax.annotate(_LETTERS[bits], (4.6, -place), va="center")
    ax.set_yticks(-np.arange(len(pairs)), [*named])
    ax.set_xticks([0, 2, 4], ["quotient", "number", "area"])
    ax.set_xticks([1, 3], ["related", "size"], minor=True)  # a line below: five do not fit
    ax.tick_params(axis="x", which="minor", pad=20)
    ax.set(xlim=(-0.5, 6.4), ylim=(0.5 - len(pairs), 0.6))
    ax.set_xlabel("● met  × not;  P, B, M: counted by")


def _say_definitions(result: delineation.Delineation, *, named: Mapping[str, tuple]) -> str:
    members, bits = result.members, _who(result.members)
    some, all_ = int((bits > 0).sum()), int((bits == 7).sum())
    if not some:
        return f"None of {len(bits):,} pairs counts under any definition."
    counts = listed([f"{name} {count:,}" for name, count in result.counts.items()])
    votes = members.loc[[*named.values()]].sum(axis=1).to_numpy()
    told = [
        f"{who} {listed([name for name, vote in zip(named, votes, strict=True) if vote in those])}"
        for who, those in (("all three", [3]), ("some", [1, 2]), ("none", [0]))
        if np.isin(votes, those).any()
    ]
    return (
        f"Of {len(bits):,} pairs {some:,} count under a definition, {all_:,} of them "
        f"({percent(all_ / some)}) under all three. By definition: {counts}. Counted by: "
        f"{'; '.join(told)}."
    )


def definitions(
    criteria: pd.DataFrame, named: Mapping[str, tuple], *, prediction: "Prediction | None" = None
) -> Explorer:
    """Move the thresholds of three definitions; see how many pairs each counts, and which.

    Parameters
    ----------
    criteria : pandas.DataFrame
        From `clusterlab.clusters.criteria`.
    named : mapping
        A short name → the pair (region, industry) it stands for, for up to six pairs to look at.
    prediction : clusterlab.exercises.Prediction, optional
        Of the pairs that any definition counts, the share that all three count at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    Raises
    ------
    ValueError
        A pair that the criteria do not have.

    See Also
    --------
    clusterlab.clusters.delineate : The model.
    """
    need_frame(criteria, "the criteria", "the table that clusters.criteria returns")
    need(isinstance(named, Mapping), "named", "a mapping from short names to pairs", named)
    for name, pair in named.items():
        if pair not in criteria.index:
            raise ValueError(f"named: {name!r} is {pair!r}, a pair that the criteria do not have.")
    return explore(
        delineation.delineate,
        [_plot_sets, partial(_plot_named, named=named)],
        say=partial(_say_definitions, named=named),
        controls=["quotient", "related", "establishments", "size"],
        fixed={"criteria": criteria},
        prediction=prediction,
    )


# --- the wine cluster ----------------------------------------------------------------------------

_SHAPES = ("circle", "square", "diamond", "triangle", "hexagon")
_HUES = ("main", "second", "orange", "third", "purple")


def wine(actors: pd.DataFrame | None = None, ties: pd.DataFrame | None = None) -> GraphView:
    """Choose how strong a tie must be to count, draw ties and cut them; see who is in the cluster.

    In the cluster is who is reached from the core through ties that count, whichever way they run.

    Parameters
    ----------
    actors : pandas.DataFrame, optional
        Columns ``actor``, ``role`` (up to five) and, from 0 to 1, ``x`` and ``y``; the first actor
        is the core. By default ``wine_cluster_actors``.
    ties : pandas.DataFrame, optional
        Columns ``from``, ``to`` and ``strength``. By default ``wine_cluster_ties``.

    Returns
    -------
    GraphView

    Raises
    ------
    ValueError
        A tie to no actor, listed twice, or without a strength; an actor without a role.

    See Also
    --------
    definitions : What counts as a cluster in a table of jobs.
    """
    actors = datasets.load("wine_cluster_actors") if actors is None else actors
    ties = datasets.load("wine_cluster_ties") if ties is None else ties
    graph = graphs.read(ties, actors, columns={"actor": "node", "from": "source", "to": "target"})
    graphs.require(graph, "wine", nodes=["role", "x", "y"], ties=["strength"])
    roles = dict.fromkeys(role for _, role in graph.nodes(data="role"))
    if len(roles) > len(_SHAPES):
        raise ValueError(
            f"wine: the actors have {len(roles)} roles, at most five can be told apart."
        )
    looks = dict(zip(roles, zip(_SHAPES, _HUES, strict=True), strict=False))
    legend = [{"text": role, "shape": look[0], "colour": look[1]} for role, look in looks.items()]
    legend += [{"text": "outside, or too weak", "style": "dotted", "colour": "reference"}]

    @model
    def bounded(
        ties: list,
        *,
        strength: Annotated[int, Parameter("least strength of a tie that counts", 1, 4, 1)] = 2,
        drawn: Annotated[int, Parameter("strength of ties you draw", 1, 3, 1)] = 3,
    ) -> tuple[nx.DiGraph, str]:
        now, strong = nx.DiGraph(legend=legend), nx.Graph()
        strong.add_nodes_from(graph)
        now.add_nodes_from(graph)
        for tie in ties:
            has = graph.edges[tie]["strength"] if tie in graph.edges else drawn
            strong.add_edges_from([tie] if has >= strength else [])
            weak = {"style": "dotted", "colour": "reference"}
            now.add_edge(*tie, **({"width": has} if has >= strength else weak))
        inside = nx.node_connected_component(strong, next(iter(graph)))
        for name, role in graph.nodes(data="role"):
            where, hue = "outside", "reference"
            if name in inside:
                where, hue = "in the cluster", looks[role][1]
            spoken = f"{name}: {role}, {where}."
            now.nodes[name].update(shape=looks[role][0], colour=hue, spoken=spoken)
        return now, _say_wine(now, strength, inside, {*graph.edges})

    start = nx.DiGraph(graph.edges)
    places = {name: (data["x"], data["y"]) for name, data in graph.nodes(data=True)}
    view = graph_view(start, positions=places, labels=[*graph], making=bounded)
    view.height = 370  # the sentence is on the screen with the picture
    return view


def _say_wine(now: nx.DiGraph, strength: int, inside: set, before: set) -> str:
    outside, ties = [name for name in now if name not in inside], {*now.edges}
    who = f"{len(inside)} of {len(now)} actors {'is' if len(inside) == 1 else 'are'} in the cluster"
    told = f"outside: {listed(outside)}" if outside else "nobody is outside"
    made = f" Ties drawn: {len(ties - before)}, cut: {len(before - ties)}." if ties ^ before else ""
    return f"Ties of strength {strength} or more count: {who}; {told}.{made}"


# --- a hidden cluster -----------------------------------------------------------------------------


def _plot_quotients(result: detection.HiddenCluster, *, ax: "Axes") -> None:
    """Draw the quotient of each class with its interval, those above 1 apart."""
    table = result.classes
    ax.axhline(1, color=style.colour("reference"), linewidth=1.5, linestyle=":")
    for rows, marker, hue in ((~table["named"], "o", "main"), (table["named"], "D", "second")):
        at, there = np.flatnonzero(rows) + 1, table[rows]
        ax.vlines(at, there["low"], there["high"], color=style.colour(hue), linewidth=2)
        look: dict[str, Any] = {"color": style.colour(hue), "markersize": 7, "linestyle": "none"}
        ax.plot(at, there["quotient"].to_numpy(), marker, **look)
    style.key(ax, [("● not told from 1", "main"), ("◆ above 1", "second")])
    ax.set(xlabel="class", xlim=(0.3, 12.7), xticks=(1, 4, 8, 12))
    ax.set(ylabel="quotient, 95% for all twelve", ylim=(0, 8.5), yticks=(0, 1, 2, 4, 6))


def _plot_found(result: detection.HiddenCluster, *, ax: "Axes", prediction: Any = None) -> None:
    """Draw which share of the cluster's firms either way finds, in the classes where they are."""
    table = result.classes[result.classes["members"] > 0]
    at = table.index.to_numpy()
    heights = (table["found"] / table["members"]).to_numpy()
    ax.bar(at, heights, width=0.6, color=style.colour("third"))
    look: dict[str, Any] = {"color": style.colour("second"), "markersize": 8, "clip_on": False}
    ax.plot(at, table["named"].to_numpy(dtype=float), "D", linestyle="none", **look)
    style.key(ax, [("▮ by purchases", "third"), ("◆ by quotients", "second")])
    ax.set(xlabel="class with firms of the cluster", xlim=(0.3, 12.7), xticks=(1, 4, 8, 12))
    ax.set(ylabel="share of them found", ylim=(-0.08, 1.45), yticks=(0, 0.5, 1))
    _predicted(ax, prediction, along=0.02)


def _say_hidden(result: detection.HiddenCluster) -> str:
    table, given = result.classes, result.outcomes
    raised = table["expected"][table["members"] > 0]
    ends = sorted({f"{end:.2f}" for end in (raised.min(), raised.max())})
    names = [str(name) for name in table.index[table["named"]]]
    where = f"name class{'es' * (len(names) > 1)} {listed(names)}" if names else "name no class"
    firms, members = (int(given["purchases", what].iloc[0]) for what in ("named", "members"))
    group = f"name {firms} firms, {members} of them members" if firms else "name no firm"
    found, places = result.found, len(given)
    apart = given["purchases", "score"] - given["quotients", "score"]
    verdict = f"{'purchases' if apart.mean() > 0 else 'quotients'} come nearer to it"
    if abs(apart.mean()) <= 2 * apart.sem():
        verdict = "no difference beyond chance" if found.any() else "both miss it"
    return (
        f"Where it has firms, the cluster puts the expected quotient at {' to '.join(ends)}. Here "
        f"quotients {where}; purchases {group}. Over {places} such places quotients find "
        f"{percent(found['quotients'])} of its firms, purchases {percent(found['purchases'])}: "
        f"{verdict}. Ties show it only if over about {percent(result.threshold)} are kept inside."
    )


def hidden(*, prediction: "Prediction | None" = None) -> Explorer:
    """Show a cluster that quotients miss and purchases find; the prediction is the share found.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The share of the cluster's firms that purchases find at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.clusters.hidden_cluster : The model.
    """
    return explore(
        detection.hidden_cluster,
        [_plot_quotients, _plot_found],
        say=_say_hidden,
        controls=["classes", "members", "kept", "ties"],
        prediction=prediction,
    )


# --- groups and boundaries -----------------------------------------------------------------------

_DASHED = (0, (4, 3))
_LINES = (("clusters_95", "main", "-"), ("kept", "second", _DASHED))


def _name_rows(ax: "Axes", names: pd.Index) -> None:
    """Name the rows of a picture, on a phone in fewer letters, with room for the key above."""
    figure: Any = ax.figure.figure
    letters, room = (20, 4) if figure.get_figwidth() < 5 else (26, 2.4)  # inches
    short = [textwrap.shorten(name, letters, placeholder=" …") for name in names]
    ax.set_yticks(range(len(names)), short)
    ax.set_ylim(-0.6, len(names) + room)


# --- groups --------------------------------------------------------------------------------------


def _plot_scores(result: metro.Groups, *, ax: "Axes", prediction: Any = None) -> None:
    """Draw two scores by number of groups, with sectors and single industries beside them."""
    counts = result.scores["groups"].to_numpy()
    for name, hue, dash in _LINES:
        values, at = result.scores[name].to_numpy(), result.count - 2
        look: dict[str, Any] = {"color": style.colour(hue), "clip_on": False}
        ax.plot(counts[:-2], values[:-2], linestyle=dash, **look)
        ax.plot(counts[at], values[at], "o", markersize=9, **look)
        ax.plot(counts[-2], values[-2], "D", markersize=8, markerfacecolor="none", **look)
        ax.plot(counts[-1], values[-1], "X", markersize=9, **look)
    ax.set(xscale="log", xlim=(1.9, 300), ylim=(0, 1.62), yticks=(0, 0.5, 1))
    ax.set_xticks([2, 5, 19, 60, 288], ["2", "5", "19", "60", "288"])
    ax.minorticks_off()
    ax.set(xlabel="number of groups", ylabel="share")
    words = [("— groups that hold together", "main"), ("- - strongest pairs kept", "second")]
    style.key(ax, [*words, ("◇ sectors  × single industries", "")])
    _predicted(ax, prediction, along=0.02)


def _plot_tree(result: metro.Groups, *, ax: "Axes") -> None:
    """Draw the tree round the core, with the members of its group and the cut."""
    from scipy.cluster.hierarchy import dendrogram

    drawn = dendrogram(result.tree, no_plot=True)
    names = result.leaves[drawn["leaves"]]
    rows = (np.array(drawn["icoord"]) - 5) / 10  # scipy puts leaves at 5, 15, 25 and so on
    gap = np.full((len(rows), 1), np.nan)  # one line with gaps is drawn faster than many
    path = [np.hstack([part, gap]).ravel() for part in (np.array(drawn["dcoord"]), rows)]
    ax.plot(*path, color=style.colour("reference"), linewidth=1.5)
    inside = names.isin(result.group.index)
    for these, marker, hue in ((inside, "o", "main"), (~inside, "s", "reference")):
        spots = np.flatnonzero(these)
        ax.plot(0 * spots, spots, marker, color=style.colour(hue))
    top = 1.08 * float(result.tree[-1, 2])
    if result.cut < top:
        ax.plot([result.cut] * 2, [-0.5, len(names) - 0.4], color=style.colour("second"), ls=":")
    _name_rows(ax, names)
    ax.set(xlim=(-0.03 * top, top), xlabel="distance at which groups join")
    told = [("● in the same group", "main"), (f"┆ cut into {result.count}", "second")]
    style.key(ax, told[: 1 + (result.cut < top)])


def _some(labels: Any) -> str:
    """Name up to three labels, and say how many more there are."""
    names = [*map(str, labels)]
    more = [f"{len(names) - 3} more"] if len(names) > 3 else []
    return listed([*names[:3], *more])


def _say_groups(result: metro.Groups) -> str:
    scores = result.scores
    sectors, own = scores.loc["sectors"], scores.loc[result.count]
    others = result.group.index.drop(result.core)
    company = f"with {_some(others)}" if len(others) else "alone"
    return (
        f"Of {result.count} groups {percent(own['clusters_95'])} hold together, and "
        f"{percent(own['kept'])} of the strongest pairs are kept (of all pairs "
        f"{percent(own['inside'])}); of {sectors['groups']:.0f} sectors "
        f"{percent(sectors['clusters_95'])}, and {percent(sectors['kept'])} "
        f"({percent(sectors['inside'])}). {result.core} is {company}."
    )


def groups(*, prediction: "Prediction | None" = None) -> Explorer:
    """Cut US industries into groups; the prediction is the share of groups that hold together.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The share of groups, from 0 to 1, that hold together at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.clusters.define : Groups of your own industries.
    boundary : What belongs to one industry.
    """
    return explore(
        metro.us_groups,
        [_plot_scores, _plot_tree],
        say=_say_groups,
        choices={"core": metro.CORES},
        prediction=prediction,
    )


# --- boundary ------------------------------------------------------------------------------------


def _plot_ties(result: Boundary, *, ax: "Axes") -> None:
    """Draw the ten most strongly tied industries, and the threshold."""
    nearest = result.ties.head(10)[::-1]
    rows, tie = np.arange(len(nearest)), nearest["tie"].to_numpy()
    ax.hlines(rows, 0, tie, color=style.colour("reference"), linewidth=1.2)
    above = tie >= result.threshold
    belongs = nearest["belongs"].to_numpy()
    for these, marker, hue in (
        (belongs, "o", "main"),
        (above & ~belongs, "D", "second"),
        (~above, "s", "reference"),
    ):
        ax.plot(tie[these], rows[these], marker, color=style.colour(hue))
    ax.plot([result.threshold] * 2, [-0.5, len(rows) - 0.4], color=style.colour("third"), ls=":")
    _name_rows(ax, nearest.index)
    ax.set(
        xlim=(0, max(2.6, 1.05 * tie.max())),
        xlabel=f"similarity to {result.core[:4]} (┆ threshold)",
    )
    told = [("● belongs", "main"), (f"◆ but not strong in {result.place}", "second")]
    style.key(ax, told[: 1 + bool(result.place)])


def _plot_count(result: Boundary, *, ax: "Axes", prediction: Any = None) -> None:
    """Draw how many belong, by threshold, in all areas and in the place."""
    at = np.linspace(0, 2.5, 101)
    above = result.ties["tie"].to_numpy()[:, None] >= at
    tied, here = above.sum(axis=0), above[result.ties["present"].to_numpy()].sum(axis=0)
    ax.plot(at, tied, color=style.colour("reference"), linestyle=_DASHED)
    ax.plot(at, here, color=style.colour("main"))
    ax.plot([result.threshold], [len(result.members)], "o", color=style.colour("main"), ms=9)
    ax.set(xlabel="threshold", xlim=(0, 2.5), ylabel="other industries that belong")
    ax.set_ylim(-0.03 * tied[0], 1.3 * max(tied[0], 10))
    where = result.place or "all areas"
    key = [(f"— {where}", "main")] + [("- - all areas", "reference")] * bool(result.place)
    style.key(ax, key)
    _predicted(ax, prediction, along=0.3)


def _say_boundary(result: Boundary) -> str:
    tied: pd.DataFrame = result.ties[result.ties["tie"] >= result.threshold]
    told = f"At {result.threshold:.1f}, {len(tied)} of {len(result.ties)} others are tied to "
    told += f"{result.core}" + (f": {_some(tied.index)}." if len(tied) else ".")
    if result.place and len(tied):
        mine = result.members
        told += f" {len(mine)} of them {'is' if len(mine) == 1 else 'are'} strong in {result.place}"
        told += f": {_some(mine)}." if mine else "."
    return told


def boundary(*, prediction: "Prediction | None" = None) -> Explorer:
    """Draw a boundary round an industry; the prediction is how many others belong at the start.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        How many of 287 other industries belong at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.clusters.boundary : For a table of your own.
    groups : All groups at once.
    """
    metro.national(3)  # computed before a reader asks for it
    return explore(
        metro.us_boundary,
        [_plot_ties, _plot_count],
        say=_say_boundary,
        choices={"core": metro.CORES, "place": metro.PLACES},
        prediction=prediction,
    )
