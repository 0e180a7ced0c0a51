"""Widgets of the units on linkages: each with its picture and its sentence above it."""

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse.csgraph import shortest_path

from clusterlab import datasets, style
from clusterlab.explore import Explorer, explore
from clusterlab.linkages import levels, piping
from clusterlab.linkages.bartering import Experts
from clusterlab.names import listed, percent
from clusterlab.parameters import Parameter, model
from clusterlab.results import Result
from clusterlab.views.graph import GraphView, graph_view

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction

__all__ = ["barter", "pipelines", "small_world", "three_levels", "trade_fair"]


# --- barter ---


@functools.cache
def _runs() -> pd.DataFrame:
    return datasets.load("barter_runs").query("absorption == 0.1 and schedule == 'one at a time'")


@model
def _levels(
    *,
    experts: Annotated[Experts, Parameter("experts")] = "one in each category",
    near_equal: Annotated[bool, Parameter("levels within 1 % count as equal")] = False,
) -> pd.DataFrame:
    """Return where bartering ends, by share of rewired ties: runs made beforehand."""
    runs = _runs()
    mine = (runs["experts"] == experts) & (runs["tolerance"] == 0.01 * near_equal)
    return runs[mine].set_index("rewiring")[["level", "level_error"]]


def _plot_levels(
    result: pd.DataFrame, *, ax: "Axes", prediction: float | str | None = None
) -> None:
    """Draw the mean level against the share of rewired ties, with two standard errors."""
    at, level = np.arange(len(result)), result["level"].to_numpy()
    error, hue = 2 * result["level_error"].to_numpy(), style.colour("main")
    ax.axhline(5, color=style.colour("reference"), linewidth=1, linestyle=":")
    ax.text(8.4, 5.2, "before: about 5", ha="right", va="bottom")
    ax.fill_between(at, level - error, level + error, facecolor=(hue, 0.3), edgecolor="none")
    ax.plot(at, level, "o-", color=hue)
    ax.set(ylim=(4, 23), ylabel="mean level at the end", xlim=(-0.4, 8.4), xticks=at)
    ax.set_xticklabels([f"{share:g}" for share in result.index])
    ax.set_xlabel("rewired ties (share; not to scale)")
    if prediction is not None:
        place = float(np.interp(float(prediction), result.index, at))
        style.mark(ax, place, "your prediction", along=0.95)


def _say_levels(result: pd.DataFrame) -> str:
    level, error = result["level"], result["level_error"]
    best = level.idxmax()
    # how many standard errors the highest stands above the two ends
    apart = [(level[best] - level[end]) / np.hypot(error[best], error[end]) for end in (0, 1)]
    sure = [best not in (0, 1) and each > 3 for each in apart]
    numbers = f"{level[0]:.1f} on the ring, {level[1]:.1f} with all ties rewired"
    if all(sure):
        return (
            f"A hump: the level is highest, {level[best]:.1f}, with {best:.0%} of the ties rewired "
            f"({numbers}), at least {int(min(apart))} standard errors above either end."
        )
    rise = (level[1] - level[0]) / np.hypot(error[0], error[1])
    word = "rises" if rise > 3 else "falls" if rise < -3 else "stays level"
    return (
        f"No hump: from ring to random the level {word}, {numbers}; highest is {level[best]:.1f}."
    )


def barter(*, prediction: "Prediction | None" = None) -> Explorer:
    """Show where bartering ends for many shares of rewired ties; the prediction is a share.

    The picture is read from runs made beforehand (data set ``barter_runs``, constructed): one takes
    seconds to minutes.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The share of rewired ties at which the level is highest.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.linkages.barter : The model.
    small_world : What rewiring does to the ring.
    """
    return explore(_levels, _plot_levels, say=_say_levels, prediction=prediction)


@dataclass(frozen=True, repr=False)
class _Ring(Result):
    """A ring with some ties rewired, and its measures along the share of rewired ties."""

    graph: nx.Graph
    rewiring: float
    curve: pd.DataFrame


_FIRMS, _NEAR = 60, 4


@functools.lru_cache(maxsize=32)
def _rewired(rewiring: float, number: int) -> nx.Graph:
    return nx.connected_watts_strogatz_graph(_FIRMS, _NEAR, rewiring, tries=500, seed=number)


@functools.cache
def _measures(rewiring: float, number: int) -> tuple[float, float]:
    """Return how many ties lie between two firms, and how many of a firm's partners are tied."""
    ring = _rewired(rewiring, number)
    between = shortest_path(nx.to_numpy_array(ring), unweighted=True)
    return float(between.sum() / (_FIRMS * (_FIRMS - 1))), nx.average_clustering(ring)


@functools.cache
def _curve() -> pd.DataFrame:
    """Return mean distance and clustering as shares of the ring's, means of 10 rings."""
    shares = np.linspace(0, 1, 21).round(2)
    means = [
        np.mean([_measures(share, number) for number in range(10)], axis=0) for share in shares
    ]
    table = pd.DataFrame(means, shares, ["distance", "closed triangles"])
    return table / table.loc[0]


@model
def _ring(
    *, rewiring: Annotated[float, Parameter("rewired ties", 0, 1, 0.05, unit="share")] = 0.1
) -> _Ring:
    """Return one ring of sixty firms with so many ties rewired."""
    return _Ring(graph=_rewired(rewiring, 1), rewiring=rewiring, curve=_curve())


def _plot_ring(result: _Ring, *, ax: "Axes") -> None:
    """Draw the firms on a circle with their ties; those that have been rewired stand out."""
    turn = 2 * np.pi * np.arange(_FIRMS) / _FIRMS
    x, y = np.sin(turn), np.cos(turn)
    for far, hue, width in ((False, "reference", 1.2), (True, "second", 1.8)):
        ties = [tie for tie in result.graph.edges if _far(*tie) == far]
        # one line with gaps: many lines would take as long as all the rest
        path = np.array([p for i, j in ties for p in ((x[i], y[i]), (x[j], y[j]), (np.nan,) * 2)])
        if len(path):
            ax.plot(*path.T, color=style.colour(hue), linewidth=width, zorder=1)
    ax.plot(x, y, "o", color=style.colour("main"), markersize=6, zorder=2)
    ax.set(xlim=(-1.15, 1.15), ylim=(-1.15, 1.15), aspect="equal")
    ax.set_axis_off()


def _far(one: int, other: int) -> bool:
    """Return whether two firms are no neighbours on the ring."""
    return min((one - other) % _FIRMS, (other - one) % _FIRMS) > _NEAR / 2


def _plot_ring_measures(
    result: _Ring, *, ax: "Axes", prediction: float | str | None = None
) -> None:
    """Draw distance and closed triangles against the share of rewired ties."""
    for name, hue in (("distance", "main"), ("closed triangles", "third")):
        line = result.curve[name]
        ax.plot(line.index, line, color=style.colour(hue), label=name)
        ax.plot(result.rewiring, line[result.rewiring], "o", color=style.colour(hue))
    ax.set(xlim=(0, 1), ylim=(0, 1.05), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
    ax.set(xlabel="rewired ties (share)", ylabel="share of the ring's, mean of 10")
    style.label_lines(ax)
    if prediction is not None:
        style.mark(ax, float(prediction), "your prediction", along=0.96)


def _say_ring(result: _Ring) -> str:
    far = sum(_far(*tie) for tie in result.graph.edges)
    (steps, closed), (ring, before) = _measures(result.rewiring, 1), _measures(0.0, 1)
    return (
        f"{far} of {result.graph.number_of_edges()} ties {'is a' if far == 1 else 'are'} short "
        f"cut{'' if far == 1 else 's'} here: two firms are {steps:.1f} steps apart on average (on "
        f"the ring {ring:.1f}), and {closed:.0%} of a firm's partners are tied to each other (on "
        f"the ring {before:.0%})."
    )


def small_world(*, prediction: "Prediction | None" = None) -> Explorer:
    """Rewire a ring of sixty firms; the prediction is the share that halves the distance.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The share of rewired ties at which two firms are half as far apart as on the ring.

    Returns
    -------
    Explorer

    See Also
    --------
    barter : What that does to knowledge.
    """
    plots = [_plot_ring, _plot_ring_measures]
    return explore(_ring, plots, say=_say_ring, prediction=prediction)


# --- pipelines ---

_HUES = {"gatekeepers": "global", "external stars": "second", "others": "local"}


def _plot_gain(result: piping.Pipelines, *, ax: "Axes", prediction: Any = None) -> None:
    """Draw the gain from links by period, with its interval, and where it is even again."""
    gain, doubt = result.path["gain"].to_numpy(), 2 * result.path["error"].to_numpy()
    last, even, blue = len(gain) - 1, result.even, style.colour("global")
    low, high = float((gain - doubt).min()), float((gain + doubt).max())
    room = max(high - low, 0.2)
    bottom = low - 0.25 * room  # a strip below the curve and one above it, for words
    ax.plot([0, last], [0, 0], color=style.colour("reference"), linewidth=1.2)
    ax.fill_between(result.path.index, gain - doubt, gain + doubt, color=blue, alpha=0.25)
    ax.plot(result.path.index, gain, color=blue)
    beside: dict[str, Any] = {"textcoords": "offset points"}
    ax.annotate(f"{gain[-1]:+.2f}", (last, gain[-1]), (4, 0), va="center", **beside)
    if even:
        ax.plot([even, even], [bottom, 0], color=style.colour("reference"), linestyle=":")
        late = even > 0.5 * last
        beside |= {"ha": "right" if late else "left", "va": "bottom"}
        ax.annotate(f"even in period {even}", (even, bottom), (-5 if late else 5, 3), **beside)
    ax.set(xlim=(0, 1.25 * last), ylim=(bottom, high + 0.2 * room))
    ax.set(xlabel="period since the links began", ylabel="gain from links (level)")
    if isinstance(prediction, int | float):
        style.mark(ax, prediction, f"your prediction: {prediction:g}", along=0.99)


def _plot_roles(result: piping.Pipelines, *, ax: "Axes") -> None:
    """Draw what gatekeepers, external stars and others gain, with intervals."""
    ax.axvline(0, color=style.colour("reference"), linewidth=1.2)
    names, ends = [], [0.0]
    for row, role in enumerate(result.roles.itertuples()):
        hue, side = style.colour(_HUES[role.Index]), 1 if role.gain >= 0 else -1
        low, high = role.gain - 2 * role.error, role.gain + 2 * role.error
        ax.plot([low, high], [-row, -row], "|-", color=hue, markersize=9)
        ax.plot(role.gain, -row, "o", color=hue)
        end = high if side > 0 else low  # words stand on the side away from 0
        look: dict[str, Any] = {"textcoords": "offset points", "va": "center", "color": hue}
        look["ha"] = "left" if side > 0 else "right"
        ax.annotate(f"{role.gain:+.2f}", (end, -row), (8 * side, 0), **look)
        names.append(f"{role.Index}\n{role.firms} firms")
        ends += [low, high]
    room = max(0.55 * (max(ends) - min(ends)), 0.3)
    ax.set_yticks([-row for row in range(len(names))], names)
    ax.set(xlim=(min(ends) - room, max(ends) + room), ylim=(0.5 - len(names), 0.5))
    ax.set(xlabel=f"gain after {result.given['periods']} periods")


def _say_pipelines(result: piping.Pipelines) -> str:
    end, share, even = result.given["periods"], result.given["linked"], result.even
    roles = [*result.roles.itertuples()]
    if [role.Index for role in roles] == ["others"]:
        level = result.path["without"].iloc[-1]
        return f"Without links the clusters know {level:.2f} after {end} periods."
    # three standard errors, because a reader looks at many settings
    clear = abs(result.gain) > 3 * result.error
    verb = "lose" if result.gain < 0 else "gain"
    what = (
        f"{verb} {abs(result.gain):.2f}"
        if clear
        else f"gain nothing beyond chance, {result.gain:+.2f}"
    )
    when = f"on average they are behind until period {(even or 0) - 1}"
    if not even:
        when = "on average they are " + ("behind at the end" if even is None else "never behind")
    gains = listed([f"{role.Index} {role.gain:+.2f} (±{2 * role.error:.2f})" for role in roles])
    return (
        f"With {share:.0%} of firms linked, clusters {what} (±{2 * result.error:.2f}) in {end} "
        f"periods; {when}. By role: {gains}."
    )


def pipelines(*, prediction: "Prediction | None" = None) -> Explorer:
    """Show what links to the world bring, when, and to whom; the prediction is a period.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The period in which the cluster is even with itself without links.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.linkages.pipelines : The model.
    """
    return explore(
        piping.pipelines,
        [_plot_gain, _plot_roles],
        say=_say_pipelines,
        controls=["linked", "keep", "absorption", "gatekeepers"],
        prediction=prediction,
    )


# --- trade fair ---

_TOWNS = {"A": (0.17, 0.24), "B": (0.83, 0.24), "C": (0.5, 0.82)}
#: Ties inside each cluster: the first firm is a hub, the fifth hangs on the fourth.
_INSIDE = [(1, 2), (1, 3), (1, 4), (2, 3), (4, 5)]
_TOWN_HUES = {"A": "main", "B": "third", "C": "purple"}
_HOME = [(f"{town}{i}", f"{town}{j}") for town in _TOWNS for i, j in _INSIDE]
_GUESTS = [f"{town}{i}" for town in _TOWNS for i in range(1, 6)]
#: Pairs of firms of two clusters, and for each a number that decides whether its meeting lasts.
_PAIRS = [(u, v) for u, v in itertools.combinations(_GUESTS, 2) if u[0] != v[0]]
_LUCK = dict(zip(_PAIRS, np.random.default_rng(4).random(len(_PAIRS)), strict=True))


def _near(ties: list) -> float:
    """Return the share of pairs of firms of two clusters that are at most three steps apart."""
    reach = nx.Graph(ties)
    reach.add_nodes_from(_GUESTS)
    steps = dict(nx.all_pairs_shortest_path_length(reach, cutoff=3))
    return float(np.mean([v in steps[u] for u, v in _PAIRS]))


@model
def _who_goes(
    ties: list,
    *,
    phase: Annotated[Literal["before", "during", "after"], Parameter("fair")] = "after",
    lasting: Annotated[
        float, Parameter("chance that a meeting leaves a link", 0, 1, 0.1, unit="share")
    ] = 0.3,
) -> tuple[nx.Graph, str]:
    """Return three clusters before, during or after a fair to which some firms go."""
    going = {name for tie in ties if "fair" in tie for name in tie if name != "fair"}
    known = _HOME + [tie for tie in ties if "fair" not in tie]
    met = [pair for pair in _PAIRS if {*pair} <= going]
    new = [pair for pair in met if pair not in known and pair[::-1] not in known]
    kept = [pair for pair in new if _LUCK[pair] < lasting]
    graph = nx.Graph()
    for name in [*_GUESTS, "fair"]:
        town = name[0] if name != "fair" else ""
        where = "travels" if name in going else "stays at home"
        said = f"{name} of cluster {town} {where}; ties at home: {sum(name in t for t in _HOME)}."
        look = {"shape": "diamond" if name in going else "circle", "spoken": said}
        graph.add_node(name, colour=_TOWN_HUES[town] if town else "reference", **look)
    graph.nodes["fair"].update(shape="square", spoken=f"The trade fair: {len(going)} firms go.")
    graph.add_edges_from(known)
    if phase == "during":
        graph.add_edges_from(new, colour="second", width=2)
    elif phase == "after":
        graph.add_edges_from(kept, colour="second", width=3)
    graph.add_edges_from([(name, "fair") for name in going], style="dotted", colour="reference")
    graph.graph["legend"] = [
        *(
            {"text": f"cluster {town}", "colour": hue, "shape": "circle"}
            for town, hue in _TOWN_HUES.items()
        ),
        {"text": "travels", "colour": "", "shape": "diamond"},
        {"text": "meeting or link between clusters", "colour": "second", "style": "solid"},
    ]
    near = {"before": _near(known), "during": _near(known + new), "after": _near(known + kept)}
    return graph, _say_fair(going, new, kept, lasting, near)


def _say_fair(going: set, new: list, kept: list, lasting: float, near: dict[str, float]) -> str:
    towns = {name[0] for name in going}
    if not going:
        who = "Nobody travels, so nobody meets"
    elif len(towns) == 1:
        who = f"All {len(going)} who travel" if len(going) > 1 else "The one who travels"
        who += f" {'come' if len(going) > 1 else 'comes'} from one cluster: nobody meets a stranger"
    else:
        pairs = "pair of strangers meets" if len(new) == 1 else "pairs of strangers meet"
        who = f"{len(going)} firms from {len(towns)} clusters travel; {len(new)} {pairs}"
    told = "no link can last"
    if new and lasting:
        mean = lasting * len(new)
        told = (
            f"{mean:.1f} {'link lasts' if f'{mean:.1f}' == '1.0' else 'links last'} on average, "
            f"{len(going) / mean:.1f} journeys for each; here {len(kept)}"
        )
    shares = ", ".join(f"{name} {percent(share)}" for name, share in near.items())
    return f"{who}; {told}. Pairs of two clusters at most three steps apart: {shares}."


def trade_fair() -> GraphView:
    """Choose who goes to a trade fair: draw ties from firms to the fair, and see what lasts.

    Three constructed clusters of five firms. Ties drawn between firms count as known before.

    Returns
    -------
    GraphView

    See Also
    --------
    clusterlab.linkages.trade_fair : A row of fairs, with the formula of what lasts.
    """
    turn = 2 * np.pi * np.arange(5) / 5
    places = {
        f"{town}{i + 1}": (x + 0.13 * np.sin(turn[i]), y + 0.15 * np.cos(turn[i]))
        for town, (x, y) in _TOWNS.items()
        for i in range(5)
    }
    start = nx.Graph()
    start.add_nodes_from([*_GUESTS, "fair"])
    start.add_edges_from((f"{town}5", "fair") for town in _TOWNS)
    view = graph_view(
        start, positions=places | {"fair": (0.5, 0.53)}, labels=[*start], making=_who_goes
    )
    view.height = 370  # the sentence is on the screen with the picture
    return view


# --- levels ---


def _plot_arrival(result: levels.ThreeLevels, *, ax: "Axes") -> None:
    """Draw the share that knows by period, with all ties and after the loss that costs most."""
    dearest = result.growth["costs"].idxmax() if result.worst else None
    for part, hue in (("cluster", "local"), ("other towns", "second")):
        colour = style.colour(hue)
        ax.plot(result.path["none", part], label=part, color=colour)
        if dearest:
            ax.plot(result.path[dearest, part], linestyle=(0, (4, 2)), color=colour)
    ax.set(xlim=(0, result.given["periods"]), ylim=(-0.02, 1.02), ylabel="share of firms that know")
    ax.set_xlabel("period" + (f" (dashed: {dearest} ties lost)" if dearest else ""))
    style.label_lines(ax)


def _plot_losses(result: levels.ThreeLevels, *, ax: "Axes", prediction: str | None = None) -> None:
    """Draw what the region knows at the end, with all ties and after a loss at each level."""
    names, ink = [], ax.xaxis.label.get_color()
    for row, (loss, at) in enumerate(result.growth.iterrows()):
        hue = style.colour("reference" if loss == "none" else loss)
        ax.barh(-row, at["region"], height=0.6, color=hue)
        low, high = at["region"] - 2 * at["error"], at["region"] + 2 * at["error"]
        ax.plot([low, high], [-row, -row], "|-", color=ink, markersize=7, linewidth=1.4)
        verb = "costs most" if len(result.worst) == 1 else "may cost most"
        words = percent(at["region"]) + (f", {verb}" if loss in result.worst else "")
        beside: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
        mine = loss == prediction
        ax.annotate(words, (high, -row), (6, 7 if mine else 0), **beside)
        if mine:
            beside["color"] = style.colour("prediction")
            ax.annotate("your prediction", (high, -row), (6, -8), **beside)
        have = result.ties.get(loss, 0)
        gone = have - round((1 - result.given["lost"]) * have)
        names.append("all ties" if loss == "none" else f"{loss}\n{gone} lost")
    ax.set_yticks([-row for row in range(len(names))], names)
    ax.set(xlim=(0, 1.85), xticks=(0, 0.5, 1), ylim=(0.6 - len(names), 0.6))
    ax.set_xlabel(f"share of region that knows, period {result.given['periods']}")


def _say_three_levels(result: levels.ThreeLevels) -> str:
    growth, given = result.growth, result.given
    split = listed([f"{number} {level}" for level, number in result.ties.items()])
    if not result.ties["global"]:
        return (
            f"With {split} ties nothing arrives, as novelty begins abroad: nobody in the region "
            "knows, and no loss costs anything."
        )
    start = growth.loc["none"]
    told = (
        f"With {split} ties (evenness {result.evenness:.2f}), {percent(start['region'])} "
        f"(±{200 * start['error']:.1f} points) of the region's firms know after {given['periods']} "
        f"periods: {percent(start['cluster'])} in the cluster, {percent(start['other towns'])} in "
        "the other towns. "
    )
    if not result.worst:
        return told + (
            "No tie is lost." if given["lost"] == 0 else "What is lost costs nothing here."
        )
    costs = [
        f"{level} {100 * growth.loc[level, 'costs']:.1f} "
        f"(±{200 * growth.loc[level, 'costs error']:.1f})"
        for level in levels.LEVELS
    ]
    share, among = percent(given["lost"]), " or ".join(result.worst)
    doubt = " (chance may have set them apart)" if len(result.worst) > 1 else ""
    return f"{told}Losing {share} of the {among} ties costs most{doubt}; in points {listed(costs)}."


def three_levels(*, prediction: "Prediction | None" = None) -> Explorer:
    """Divide the ties of a region over three levels; the prediction is the level missed most.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The level whose loss costs most: "local", "regional" or "global".

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.linkages.three_levels : The model.
    """
    controls = ["local", "regional_of_rest", "lost", "rate"]
    shown = levels.three_levels, [_plot_arrival, _plot_losses]
    return explore(*shown, say=_say_three_levels, controls=controls, prediction=prediction)
