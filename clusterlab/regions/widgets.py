"""The measures of regions with their controls; each call returns one widget.

Of each widget stand together what it draws, what it says below the picture, and the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clusterlab import style
from clusterlab.explore import Explorer, explore
from clusterlab.names import percent
from clusterlab.regions import state_chains, states

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction
    from clusterlab.regions.catching_up import Convergence
    from clusterlab.regions.chains import Mobility, SpatialMobility

__all__ = ["convergence", "inequality", "mobility", "neighbours"]

_DASHED = (0, (4, 3))
_POINT: dict[str, Any] = {"linestyle": "none", "markersize": 9, "clip_on": False}


def _predicted(ax: Axes, value: Any, along: float, axis: str = "x") -> None:
    """Mark the reader's number, if there is one."""
    if isinstance(value, (int, float)):
        style.mark(ax, value, f"your prediction: {value:g}", axis=axis, along=along)


def _plot_parts(result: states.States, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the index over the years, and below it what lies between regions."""
    parts = result.found.parts
    years, top = parts.index.to_numpy(), 1.4 * float(parts["total"].max())
    for name, hue, dash in (("total", "main", "-"), ("between", "second", _DASHED)):
        colour = style.colour(hue)
        ax.plot(years, parts[name].to_numpy(), color=colour, linestyle=dash)
        ax.plot([result.year], [parts.loc[result.year, name]], "o", color=colour, **_POINT)
    style.key(ax, [("— all", "main"), ("- - of it between regions", "second")])
    ax.set(xlabel="year", xlim=(years[0], years[-1] + 4), ylim=(0, top))
    ax.set_ylabel(f"Theil's {result.found.index} of states' incomes")
    _predicted(ax, prediction, along=0.3, axis="y")


def _plot_states(result: states.States, *, ax: Axes) -> None:
    """Draw states by region, and each region's mean."""
    table = result.incomes
    means = table.groupby("region")["income"].mean().sort_values()
    row = {region: k for k, region in enumerate(means.index)}
    look: dict[str, Any] = {"linestyle": "none", "clip_on": False}
    rows = table["region"].map(row).to_numpy()
    ax.plot([1, 1], [-0.5, len(row) - 0.5], color=style.colour("reference"), linestyle=":")
    ax.plot(table["income"].to_numpy(), rows, "o", color=style.colour("main"), alpha=0.5, **look)
    sizes: dict[str, Any] = {
        "markersize": 22,
        "markeredgewidth": 3,
        "color": style.colour("second"),
    }
    ax.plot(means.to_numpy(), [*row.values()], "|", **sizes, **look)
    style.key(ax, [("● a state", "main"), ("❙ mean of the region", "second")])
    ax.set(xlabel=f"income in {result.year} (mean = 1)", ylim=(-0.6, len(row) + 0.9))
    ax.set(xlim=(0, max(2.5, 1.05 * float(table["income"].max()))))
    ax.set_yticks([*row.values()], [*row])


def _say_inequality(result: states.States) -> str:
    parts, index = result.found.to_frame(), result.found.index
    now, then, first = parts.loc[result.year], parts.iloc[0], parts.index[0]
    words = (
        f"{result.country}, {len(result.incomes)} states in {result.incomes['region'].nunique()} "
        f"regions, {result.year}: Theil's {index} is {now['total']:.4f}; "
        f"{percent(now['share between'])} of it lies between regions and "
        f"{percent(1 - now['share between'])} within them."
    )
    if result.year == first:
        return words + " It is the first year of the table."
    return (
        f"{words} In {first} it was {then['total']:.4f}, of which {percent(then['share between'])} "
        "lay between regions."
    )


def inequality(*, prediction: Prediction | None = None) -> Explorer:
    """Show the inequality of states between and within regions; the prediction is T at the start.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        Theil's T of the US states in 2009.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.regions.theil : The measure.
    convergence : Whether poorer states grew faster.
    """
    return explore(
        states.state_inequality,
        [_plot_parts, _plot_states],
        say=_say_inequality,
        prediction=prediction,
    )


def _plot_growth(result: Convergence, *, ax: Axes) -> None:
    """Draw growth over initial income, and the line through it."""
    x = (result.points["initial"] - result.points["initial"].mean()).to_numpy()
    y = 100 * result.points["growth"].to_numpy()
    ends = [float(x.min()), float(x.max())]
    line = [float(y.mean()) + 100 * result.beta * end for end in ends]
    look: dict[str, Any] = {"color": style.colour("main"), "linestyle": "none", "alpha": 0.5}
    ax.plot(x, y, "o", clip_on=False, **look)
    ax.plot(ends, line, color=style.colour("second"))
    style.key(ax, [("● a state", "main"), ("— slope: β", "second")])
    low, high = float(y.min()), float(y.max())
    ax.set(xlabel=f"log income in {result.start} (mean = 0)")
    room = 0.07 * (high - low)
    ax.set(ylabel="growth (% a year)", ylim=(low - room, high + 6 * room))


def _plot_sigma(result: Convergence, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the spread of log incomes over the years."""
    sigma = result.spread["sigma"]
    years, ends = sigma.index.to_numpy(), [result.start, result.end]
    ax.plot(years, sigma.to_numpy(), color=style.colour("third"))
    ax.plot(ends, sigma[ends].to_numpy(), "D", color=style.colour("third"), **_POINT)
    style.key(ax, [("◆ first and last year", "third")])
    ax.set(xlabel="year", xlim=(years[0], years[-1] + 4))
    ax.set(ylabel="σ of log incomes", ylim=(0, 1.35 * float(sigma.max())))
    _predicted(ax, prediction, along=0.3, axis="y")


def _say_convergence(result: Convergence) -> str:
    sigma = result.spread["sigma"]
    speed = {
        "faster": "poorer states grew faster",
        "slower": "poorer states grew slower",
        "no clear difference": "poor and rich states cannot be told apart by growth",
    }[result.poorer_grew]
    if result.poorer_grew == "faster" and result.half_life is not None:
        speed += f", at half of a gap in {result.half_life:.0f} years"
    change = result.sigma_change if "no" in result.sigma_change else f"it {result.sigma_change}"
    words = (
        f"{len(result.points)} states, {result.start} to {result.end}: β is {result.beta:.4f} a "
        f"year ({result.level:.0%} interval {result.low:.4f} to {result.high:.4f}): {speed}. "
        f"σ went from {sigma[result.start]:.3f} to {sigma[result.end]:.3f}: {change}."
    )
    return words.replace("-", "−")


def convergence(*, prediction: Prediction | None = None) -> Explorer:
    """Show growth against initial income, and the spread; the prediction is σ in the last year.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The standard deviation of log incomes of the US states in 2009.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.regions.convergence : The measure.
    inequality : What lies between regions and within them.
    """
    return explore(
        states.state_convergence,
        [_plot_growth, _plot_sigma],
        say=_say_convergence,
        prediction=prediction,
    )


#: The ways a region can go: mark, colour, and where in its row it is drawn.
_LOOKS = {"falls": ("v", "second", -0.2), "stays": ("o", "main", 0), "rises": ("^", "third", 0.2)}


def _class_names(classes: int) -> list[str]:
    """Return what classes are called on an axis, the ends in words."""
    names = [str(one) for one in range(1, classes + 1)]
    return [f"poorest {names[0]}", *names[1:-1], f"richest {names[-1]}"]


def _draw_ways(ax: Axes, ways: pd.DataFrame, per: str) -> None:
    """Draw for each row the chances to fall, stay and rise with their intervals."""
    rows = ways.index.get_level_values(0)
    for way, (marker, hue, up) in _LOOKS.items():
        own = ways.xs(way, level="way")
        own = own[own["high"].gt(0) & own["share"].notna()]  # not where there is no such way
        heights = own.index.to_numpy() + up
        ax.hlines(heights, own["low"], own["high"], color=style.colour(hue), linewidth=1.6)
        look: dict[str, Any] = {"color": style.colour(hue), "linestyle": "none", "clip_on": False}
        ax.plot(own["share"].to_numpy(), heights, marker, markersize=7, **look)
    style.key(ax, [("▲ rises", "third"), ("● stays", "main"), ("▼ falls", "second")])
    ax.set(xlabel=f"chance within {_within(per)}", xlim=(0, 1), xticks=(0, 0.5, 1))
    ax.set_ylim(0.5, float(rows.max()) + 0.5 + 0.4 * float(rows.max()))


def _within(per: str) -> str:
    return f"a {per}" if per == "year" else per


def _plot_moves(result: Mobility, *, ax: Axes) -> None:
    """Draw the chances of each class."""
    _draw_ways(ax, result.ways, result.estimate.per)
    classes = result.given["classes"]
    ax.set_yticks(range(1, classes + 1), _class_names(classes))
    ax.set_ylabel("class")


def _plot_passage(result: Mobility, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the mean years until the richest class is first reached, from each of the others."""
    classes = result.given["classes"]
    ax.set(xlabel="mean years until first in the richest class", ylabel="class at the start")
    ax.set_ylim(0.5, classes + 0.5)
    ax.set_yticks(range(1, classes), _class_names(classes)[:-1])
    if result.first_passage is None:
        ax.set_xlim(0, 110)
        words = "no number: see the sentence"
        ax.annotate(words, (0.5, 0.5), xycoords="axes fraction", ha="center")
        return
    own = result.first_passage.xs(classes, level="to").loc[: classes - 1]
    rows = own.index.to_numpy()
    ax.hlines(rows, own["low"], own["high"], color=style.colour("main"), linewidth=1.6)
    ax.plot(own["years"].to_numpy(), rows, "o", color=style.colour("main"), markersize=8)
    ax.set_xlim(0, 1.1 * float(own["high"].max()))
    _predicted(ax, prediction, along=0.97)


def _told(row: pd.Series) -> str:
    return f"{percent(row['share'])} (95% interval {percent(row['low'])} to {percent(row['high'])})"


def _say_mobility(result: Mobility) -> str:
    given, classes = result.given, result.given["classes"]
    years = result.estimate.transitions["period"]
    bounds = "with the same bounds in all years" if given["pooled"] else "of each year"
    ways = result.ways.loc[1]
    said = (
        f"{given['country']} from {years.min()} on, {classes} classes {bounds}: of states in the "
        f"poorest, {_told(ways.loc['stays'])} are there {_within(result.estimate.per)} later, and "
        f"{_told(ways.loc['rises'])} higher."
    )
    if result.first_passage is None or result.long_run is None:
        return f"{said} {result.explained}"
    first = result.first_passage.loc[(1, classes)]
    said += (
        f" If nothing changed, they would first be in the richest after {first['years']:.0f} years "
        f"on average ({first['low']:.0f} to {first['high']:.0f})"
    )
    if not given["pooled"]:
        return f"{said}."
    return f"{said}; in the long run {_told(result.long_run.loc[1])} of states would be poorest."


def mobility(*, prediction: Prediction | None = None) -> Explorer:
    """Show who stays, rises and falls; the prediction is years from the poorest to the richest.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        Mean years until a state of the poorest class is first in the richest, at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.regions.markov : What is computed.
    neighbours : Whether it matters who is next door.
    """
    return explore(
        state_chains.mobility,
        [_plot_moves, _plot_passage],
        say=_say_mobility,
        controls=["country", "classes", "since", "pooled"],
        prediction=prediction,
    )


def _plot_neighbours(result: SpatialMobility, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the chances of one class by the class of the neighbours."""
    classes, own = result.given["classes"], result.given["own"]
    _draw_ways(ax, result.ways.xs(own, level="from"), result.overall.per)
    steps = [int(each.counts.loc[own].sum()) for each in result.by_neighbours.values()]
    names = [f"{name}\n{n} steps" for name, n in zip(_class_names(classes), steps, strict=True)]
    ax.set_yticks(range(1, classes + 1), names)
    ax.set_ylabel("class of the neighbours")
    _predicted(ax, prediction, along=0.97)


def _say_neighbours(result: SpatialMobility) -> str:
    classes, own, per = result.given["classes"], result.given["own"], result.overall.per
    way = "fall" if own == classes else "rise"
    ends = []
    for lag in (1, classes):
        row = result.ways.loc[(lag, own, f"{way}s")]
        none = "no step was seen"
        chance = none if np.isnan(row["share"]) else f"{_told(row)} {way} within {_within(per)}"
        ends.append(f"{chance} where the neighbours are {'rich' if lag > 1 else 'poor'}est")
    p = float(result.tests.loc[own, "p"])
    found = "no difference was found" if p > 0.05 else "the chances differ"
    return (
        f"{result.given['country']}, states in class {own} of {classes}: {ends[0]}, {ends[1]}. "
        f"Between the classes of neighbours {found} (p {p:.3f}, neighbours dealt anew at random)."
    )


def neighbours(*, prediction: Prediction | None = None) -> Explorer:
    """Show whether it matters who is next door; the prediction is a chance to rise.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The chance to rise within a year, beside the poorest neighbours, at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.regions.spatial_markov : What is computed.
    mobility : One chain for all.
    """
    return explore(
        state_chains.neighbours,
        _plot_neighbours,
        say=_say_neighbours,
        controls=["country", "classes", "own", "pooled"],
        prediction=prediction,
    )
