"""The location models with their controls; each call returns one widget.

Of each widget stand together what it draws, what it says below the picture, and the call.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from clusterlab import style
from clusterlab.explore import Explorer, explore
from clusterlab.location import city, lock_in, many_regions, paradox, pooling, two_regions
from clusterlab.names import listed, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction

__all__ = [
    "circle",
    "city_size",
    "core_periphery",
    "labour_pooling",
    "location_choice",
    "location_paradox",
    "spin_offs",
    "tomahawk",
    "urn",
]

_DASHED = (0, (4, 3))
_DIVISION = "share of industry in region 1"
_DISTANCE = ("distance cost left (share of the start)", 1, 0, (1, 0.5, 0))


def _along(ax: Axes, axis: str, label: str, low: float, high: float, ticks: Any) -> None:
    """Set label, ends and ticks of an axis; of ticks their places, or how many at most."""
    if isinstance(ticks, int):
        ax.locator_params(axis=axis, nbins=ticks)  # type: ignore[arg-type]
    else:
        ax.set(**{f"{axis}ticks": ticks})
    ax.set(**{f"{axis}label": label, f"{axis}lim": (low, high)})


def _note(
    ax: Axes, words: str, x: float, y: float, hue: str = "", side: int = 1, up: float = 0
) -> None:
    """Write words to the right of a point (side 1), centred on it (0), or to its left (-1)."""
    look: dict[str, Any] = {"color": style.colour(hue) if hue else None}
    look["ha"] = ("center", "left", "right")[side]
    look["va"] = "center" if up == 0 else "bottom" if up > 0 else "top"
    ax.annotate(words, (x, y), (8 * side, up), textcoords="offset points", **look)


def _predicted(ax: Axes, value: Any, along: float, axis: str = "x", unit: str = "") -> None:
    """Mark the reader's number, if there is one."""
    if isinstance(value, (int, float)):
        style.mark(ax, value, f"your prediction: {value:g}{unit}", axis=axis, along=along)


def _at_rest(stable: bool, hue: str = "main") -> dict[str, Any]:
    """Return the look of a line of equilibria."""
    if stable:
        return {"color": style.colour(hue)}
    return {"color": style.colour("second"), "linestyle": _DASHED, "linewidth": 1.8}


def _apart(low: float, high: float, places: int) -> tuple[str, str]:
    """Write two different numbers with so many places that they look different."""
    while f"{low:.{places}f}" == f"{high:.{places}f}" and places < 9:
        places += 1
    return f"{low:.{places}f}", f"{high:.{places}f}"


def _plot_tomahawk(result: two_regions.Tomahawk, *, ax: Axes, prediction: Any = None) -> None:
    """Draw all equilibria against the trade cost: stable ones solid, unstable ones dashed."""
    end = float(result.branches["trade cost"].max())
    for _, branch in result.branches.groupby("branch", sort=False):
        cost, share = branch["trade cost"].to_numpy(), branch["share"].to_numpy()
        ax.plot(cost, share, **_at_rest(branch["stable"].iloc[0]))
    # Names stand where no line passes at any setting: below the upper line at the left, above the
    # axes, and for the reader's number, whose line may stand anywhere, in a strip below.
    for at, name, side in ((result.break_point, "break", -1), (result.sustain_point, "sustain", 1)):
        ax.vlines(at, 0, 1.05, color=style.colour("reference"), linewidth=1, linestyle=":")
        _note(ax, f"{name} point\n{at:.3f}", at, 1.05, side=side, up=3)
    _note(ax, "stable", 1, 1, "main", up=-5)
    _note(ax, "unstable", 1, 0.5, "second", up=4)
    _along(ax, "x", "trade cost (units sent per unit arriving)", 1, end, 6)
    _along(ax, "y", _DIVISION, -0.22, 1.05, (0, 0.5, 1))
    _predicted(ax, prediction, along=0.12)


def _say_tomahawk(result: two_regions.Tomahawk) -> str:
    first, last = _apart(result.break_point, result.sustain_point, 3)
    return (
        f"Two equal regions hold together down to a trade cost of {first}; industry gathered in "
        f"one region stays there up to {last}. In between, history decides."
    )


def tomahawk(*, prediction: Prediction | None = None) -> Explorer:
    """Show all equilibria against trade cost; the prediction is a break point.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        Where two equal regions come apart, in the reader's opinion.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.location.tomahawk : The model.
    core_periphery : One trade cost in detail.
    """
    return explore(two_regions.tomahawk, _plot_tomahawk, say=_say_tomahawk, prediction=prediction)


def _plot_wiggle(result: two_regions.CorePeriphery, *, ax: Axes) -> None:
    """Draw the gap in real wages against the division of industry, with the equilibria."""
    gap, rest = result.wiggle, result.equilibria
    ax.axhline(0, color=style.colour("reference"), linewidth=1)
    ax.plot(gap.index.to_numpy(), gap.to_numpy(), color=style.colour("main"))
    at_rest = (rest["real wage 1"] - rest["real wage 2"]).set_axis(rest["share"])
    look: dict[str, Any] = {"markersize": 10, "markeredgewidth": 2, "clip_on": False, "zorder": 5}
    for stable, marker, hue, face in ((True, "o", "main", None), (False, "s", "second", "none")):
        here = at_rest[(rest["stable"] == stable).to_numpy()]
        ax.plot(here, marker, color=style.colour(hue), markerfacecolor=face, **look)
    top = max(0.02, 1.7 * float(abs(gap).max()))  # a strip above and below that no curve reaches
    ax.text(0.02, 0.99, "↑ workers move to region 1", va="top", transform=ax.transAxes)
    ax.text(0.98, 0.02, "● stable   □ not stable", ha="right", transform=ax.transAxes)
    _along(ax, "x", _DIVISION, -0.02, 1.02, (0, 0.25, 0.5, 0.75, 1))
    _along(ax, "y", "real wage in region 1 less region 2", -top, top, 5)


def _say_core_periphery(result: two_regions.CorePeriphery) -> str:
    cost = result.given["trade_cost"]
    if cost == 1:
        return (
            "At a trade cost of 1 trade is free: real wages are equal for every division of "
            "industry, and nothing pulls workers either way."
        )
    shares = [f"{share:.2f}" for share in result.stable_shares]
    stable = f"stable shares of region 1 are {listed(shares)}"
    if len(shares) == 1:
        stable = f"only stable share of region 1 is {shares[0]}"
    between = result.equilibria.query("kind == 'in between'")["share"]
    tipping = ""
    if len(between):
        # told apart from the division at rest that is nearest, 0 or one half
        low, _ = _apart(between.iloc[0], round(2 * between.iloc[0]) / 2, 2)
        tipping = f"; it tips at {low} and {1 - float(low):.{len(low) - 2}f}"
    first, last = _apart(result.break_point, result.sustain_point, 3)
    return (
        f"At a trade cost of {cost:.2f} the {stable}{tipping} (break point {first}, sustain point "
        f"{last})."
    )


def core_periphery() -> Explorer:
    """Show the gap in real wages against the division of industry (the wiggle diagram).

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.location.core_periphery : The model.
    tomahawk : All trade costs at once.
    """
    return explore(two_regions.core_periphery, _plot_wiggle, say=_say_core_periphery)


def _plot_circle(result: many_regions.Circle, *, ax: Axes) -> None:
    """Draw the first history's regions around the circle, their areas by share of industry."""
    shares, grey = result.shares.iloc[0].to_numpy(), style.colour("reference")
    angle, turn = (np.linspace(0, 2 * np.pi, n + 1) for n in (len(shares), 120))
    x, y = np.sin(angle[:-1]), np.cos(angle[:-1])
    ax.plot(np.sin(turn), np.cos(turn), color=grey, linewidth=1)
    ax.scatter(x, y, s=12, color=grey, zorder=2)
    look: dict[str, Any] = {"color": style.colour("main"), "alpha": 0.85, "linewidths": 0}
    ax.scatter(x, y, s=3000 * shares, zorder=3, **look)
    words = f"one history:\nindustry in\n{result.locations.iloc[0]} of {len(shares)} regions"
    ax.text(0, 0, words, ha="center", va="center")
    ax.set(xlim=(-1.35, 1.35), ylim=(-1.35, 1.35), aspect="equal")
    ax.set_axis_off()


def _plot_locations(result: many_regions.Circle, *, ax: Axes, prediction: Any = None) -> None:
    """Draw in how many histories how many regions keep industry."""
    regions, first = result.shares.shape[1], result.preferred
    counts = result.locations.value_counts(normalize=True)
    ax.vlines(counts.index, 0, counts.to_numpy(), color=style.colour("main"), linewidth=14)
    ax.plot([first], [-0.04], "^", color=style.colour("second"), clip_on=False, markersize=10)
    _note(ax, "grows first", first, -0.04, "second", side=-1 if first > regions / 2 else 1)
    places = range(1, regions + 1, regions // 6)
    _along(ax, "x", "regions that keep industry", 0.3, regions + 0.7, places)
    _along(ax, "y", "share of histories", -0.1, 1.15, (0, 0.5, 1))
    _predicted(ax, prediction, along=0.97)


def _say_circle(result: many_regions.Circle) -> str:
    number, regions = result.locations, result.shares.shape[1]
    if number.nunique() == 1:
        span, mean = f"{number.min()}", f"in each of {len(number)} histories"
    else:
        span = f"{number.min()} to {number.max()}"
        mean = f"mean of {len(number)} histories {result.mean_locations:.1f}"
    first = f"{result.preferred} {'peak grows' if result.preferred == 1 else 'peaks grow'} first"
    if result.preferred == regions:
        first = "an even spread holds"
    return (
        f"At a trade cost of {result.given['trade_cost']:.1f}, {span} of {regions} regions "
        f"{'keeps' if span == '1' else 'keep'} industry ({mean}); from an even start {first}."
    )


def circle(*, prediction: Prediction | None = None) -> Explorer:
    """Show how many of twelve regions keep industry; the prediction is that number.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The reader's number of regions.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.location.circle : The model.
    clusterlab.location.plots.plot_locations_by_cost : The same for many trade costs.
    """
    return explore(
        many_regions.circle,
        [_plot_circle, _plot_locations],
        say=_say_circle,
        controls=["trade_cost", "manufacturing_share"],
        fixed={"replicates": 6},
        prediction=prediction,
    )


def _plot_largest_share(result: lock_in.Histories, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the distribution, over histories, of the largest region's share."""
    edges, hue = np.linspace(0, 1, 26), style.colour("main")
    height = np.histogram(result.largest, edges)[0] / len(result.counts)
    top = 1.45 * float(height.max())
    ax.fill_between(edges, [*height, height[-1]], step="post", facecolor=(hue, 0.35), edgecolor=hue)
    lines: list[tuple] = [(result.mean_largest, "mean", "main", "-")]
    if result.limit_largest is not None:
        lines.append((result.limit_largest, "in the limit", "second", (0, (2, 2))))
    # The words of the higher line pass over the lower one: where words go right, that is the left.
    lines.sort(key=lambda line: line[0], reverse=lines[-1][0] <= 0.6)
    for (at, name, hue, dash), level in zip(lines, (0.77, 0.87), strict=False):
        ax.plot([at, at], [0, level * top], color=style.colour(hue), linestyle=dash)
        _note(ax, f"{name} {at:.2f}", at, level * top, hue, side=-1 if at > 0.6 else 1)
    ax.yaxis.set_major_formatter("{x:.2f}")  # as wide at every setting
    _along(ax, "x", "share of the largest region", 0, 1.01, (0, 0.25, 0.5, 0.75, 1))
    _along(ax, "y", "share of histories", 0, top, 4)
    _predicted(ax, prediction, along=0.99)


def _plot_leads(result: lock_in.Histories, *, ax: Axes, prediction: Any = None) -> None:
    """Draw in how many histories each region ends with most firms."""
    letters, heights = list(result.leads.index), result.leads.to_numpy()
    number = len(letters)
    chosen = letters.index(prediction) if prediction in letters else None
    hues = [style.colour("prediction" if j == chosen else "main") for j in range(number)]
    ax.vlines(range(number), 0, heights, color=hues, linewidth=min(30, 160 / number))
    ax.axhline(1 / number, color=style.colour("reference"), linestyle=_DASHED, linewidth=1.5)
    _note(ax, f"1/{number}", number - 0.4, 1 / number)
    if chosen is not None:
        side = {0: 1, number - 1: -1}.get(chosen, 0)
        words = f"your prediction: {heights[chosen]:.0%}"
        _note(ax, words, chosen - 0.3 * side, heights.max(), "prediction", side, up=5)
    _along(ax, "x", "region", -0.6, number - 0.4, range(number))
    top = max(0.3, 1.35 * float(heights.max()))
    _along(ax, "y", "share of histories it leads in", 0, top, 4)
    ax.set_xticklabels(letters)


def _say_histories(result: lock_in.Histories) -> str:
    leads, largest = result.leads, result.largest
    number, fair = len(largest), 1 / len(leads)
    # Five standard errors, because a reader looks at many settings: among equal regions one of them
    # would be beyond two in every other picture.
    chance = 5 * (fair * (1 - fair) / number) ** 0.5
    top = float(leads.max())
    if top <= fair + chance:
        low, high = percent(float(leads.min())), percent(top)
        span = low if low == high else f"{low} to {high}"
        who = f"no region leads more often than chance lets it (each in {span})"
    else:
        doubt = 2 * (top * (1 - top) / number) ** 0.5
        who = f"region {leads.idxmax()} leads most often, in {percent(top)}"
        who += f" (±{math.ceil(100 * doubt)} points)" if doubt > 0.01 else ""
    sentence = (
        f"In {number:,} histories the largest region holds {percent(result.mean_largest)} of firms "
        f"on average (from {percent(largest.min())} to {percent(largest.max())}); {who}."
    )
    if result.locked_in is None:
        return sentence
    if result.locked_in == 0:
        return sentence + " In none of them is the winner locked in for good."
    return sentence + f" The winner is locked in for good in {percent(result.locked_in)}."


def spin_offs(*, prediction: Prediction | None = None) -> Explorer:
    """Show which regions end in front when firms spin off; the prediction is a region's letter.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The region that will lead.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.location.spin_offs : The model.
    urn : Any strength of feedback.
    """
    pictures = [_plot_leads, _plot_largest_share]
    fixed = {"replicates": 1000}
    return explore(
        lock_in.spin_offs, pictures, say=_say_histories, fixed=fixed, prediction=prediction
    )


def urn(*, prediction: Prediction | None = None) -> Explorer:
    """Show the largest region's share for any feedback; the prediction is its mean.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The mean share of the largest region.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.location.urn : The model.
    location_choice : Firms that weigh what a region offers.
    """
    fixed = {"replicates": 500}
    return explore(
        lock_in.urn, _plot_largest_share, say=_say_histories, fixed=fixed, prediction=prediction
    )


def location_choice(*, prediction: Prediction | None = None) -> Explorer:
    """Show who wins when firms choose among three regions; the prediction is a region's letter.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The region that will lead.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.location.location_choice : The model.
    spin_offs : Firms that stay where their founders are.
    """
    return explore(
        lock_in.location_choice,
        [_plot_leads, _plot_largest_share],
        say=_say_histories,
        controls=["firms", "benefit", "ceiling", "head_start"],
        fixed={"regions": 3, "replicates": 300},
        prediction=prediction,
    )


def _plot_city_size(result: city.CitySize, *, ax: Axes, prediction: Any = None) -> None:
    """Draw consumption per head against city size, with the optimum and the sizes that persist."""
    curve, second = result.curve["consumption per head"], style.colour("second")
    ax.axvspan(result.optimum, result.largest, color=second, alpha=0.06, linewidth=0)
    ax.plot(curve.index.to_numpy(), curve.to_numpy(), color=style.colour("main"))
    ax.axhline(result.alone, color=style.colour("reference"), linewidth=1.2, linestyle=_DASHED)
    ax.plot([result.optimum], [result.best], "o", color=style.colour("main"), markersize=9)
    ax.plot([result.largest], [result.alone], "s", color=second, markersize=9)
    _note(ax, f"best size {result.optimum:.1f}", result.optimum, result.best, "main", 0, up=9)
    # The curve starts at about 1 and falls only beyond the last size: below, at the left, is room.
    _note(ax, f"stuck up to {result.largest:.0f}", result.largest, 0.6, "second", side=-1)
    _note(ax, "– – what founders get", 1, 0.05 * result.best, up=1)
    if ax.get_xscale() != "log":  # setting it anew would rebuild all ticks
        ax.set_xscale("log")
        ax.minorticks_off()
    _along(ax, "x", "population of the city (thousand, log scale)", 1, 2000, (1, 10, 100, 1000))
    _along(ax, "y", "consumption per head", 0, 1.4 * result.best, 4)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    _predicted(ax, prediction, along=0.99)


def _say_city_size(result: city.CitySize) -> str:
    best, most = _apart(result.optimum, result.largest, 1)
    if result.largest == result.optimum:
        return (
            f"The best size is {result.optimum:.1f} thousand; enough people can leave together to "
            "found such a city, so none grows beyond it."
        )
    most = f"{result.largest:,.0f}" if result.largest >= 100 else most
    loss = f"{result.loss:.1%}" if result.loss >= 0.0005 else "less than 0.1%"
    founders = result.given["founders"]
    return (
        f"The best size is {best} thousand, but {founders:g} thousand people do not gain by "
        f"leaving together until the city has {most} thousand; there {loss} of consumption is lost."
    )


def city_size(*, prediction: Prediction | None = None) -> Explorer:
    """Show the best size of a city and how far beyond it people stay; predict the best size.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The best size, in thousand people.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.location.city_size : The model.
    labour_pooling : One of the gains from size.
    """
    return explore(city.city_size, _plot_city_size, say=_say_city_size, prediction=prediction)


def _plot_labour_pooling(
    result: pooling.LabourPooling, *, ax: Axes, prediction: Any = None
) -> None:
    """Draw the gain from pooling against the number of firms, with the simulated value."""
    gain, many, firms = result.by_firms, result.full_pooling, result.given["firms"]
    simulated, doubt = result.simulated_profit - result.from_workers, 2 * result.standard_error
    top = max(1.0, 1.3 * many, 1.1 * (prediction or 0))
    ax.axhline(many, color=style.colour("reference"), linewidth=1.2, linestyle=_DASHED)
    _note(ax, f"very many firms: {many:.2f}", 41, many, side=-1, up=3)
    ax.plot(gain.index.to_numpy(), gain.to_numpy(), color=style.colour("main"))
    hue = style.colour("second")
    ax.errorbar([firms], [simulated], doubt, fmt="D", capsize=4, color=hue, markersize=8)
    right = firms < 22  # where the label of the simulated value has room
    words = f"simulated with {firms}: {simulated:.2f}"
    _note(ax, words, firms, simulated, "second", side=1 if right else -1, up=-11)
    ax.yaxis.set_major_formatter("{x:.2f}")
    _along(ax, "x", "firms that share the workers", 0, 41, 5)
    _along(ax, "y", "gain in profit per firm", -0.12 * top, top, 5)
    _predicted(ax, prediction, along=0.55 if right else 0.02, axis="y")


def _say_labour_pooling(result: pooling.LabourPooling) -> str:
    firms = result.given["firms"]
    if result.full_pooling == 0:
        return "Without shocks there is nothing to pool: the gain is 0 among any number of firms."
    many = f"among very many firms it would be {result.full_pooling:.2f}."
    if firms == 1:
        return f"A firm alone has nobody to pool with and gains 0; {many}"
    simulated = result.simulated_profit - result.from_workers
    sentence = (
        f"Each of {firms} firms gains {result.from_pooling:.2f} from pooling by the formula "
        f"and {simulated:.2f} (±{2 * result.standard_error:.2f}) in simulated markets; {many}"
    )
    if result.unfilled >= 0.001:
        sentence += (
            f" In {result.unfilled:.1%} of cases a firm would want fewer than no workers, which "
            "formula and markets allow here."
        )
    return sentence


def labour_pooling(*, prediction: Prediction | None = None) -> Explorer:
    """Show what firms gain from one labour market, by formula and by simulation.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The gain of a firm at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.location.labour_pooling : The model.
    city_size : What gains from size are weighed against.
    """
    return explore(
        pooling.labour_pooling,
        _plot_labour_pooling,
        say=_say_labour_pooling,
        controls=["firms", "curvature", "shock"],
        prediction=prediction,
    )


def _plot_advantage(result: paradox.LocationAdvantage, *, ax: Axes) -> None:
    """Draw the two parts of the cluster's advantage as distance cost falls, one on the other."""
    cost = result.path.index.to_numpy()
    local, total = result.path[["local", "total"]].to_numpy().T
    near, far = style.colour("local"), style.colour("global")
    top = 1.2 * max(float(total.max()), 0.05)
    ax.fill_between(cost, 0, local, color=near, alpha=0.35, linewidth=0)
    ax.fill_between(cost, local, total, color=far, alpha=0.35, linewidth=0)
    ax.plot(cost, total, color=far)
    here = result.given["distance_cost"]
    ax.axvline(here, color=style.colour("reference"), linewidth=1.5)
    start = 0.97 if here < 0.6 else here - 0.03  # beside the line, not across it
    low, high = (float(np.interp(start - 0.15, cost[::-1], y[::-1])) for y in (local, total))
    for name, below, above in (("tacit, local", 0, low), ("from afar", low, high)):
        if above - below > 0.1 * top:
            ax.text(start, (below + above) / 2, name, va="center")
    ax.yaxis.set_major_formatter("{x:.2f}")
    _along(ax, "x", *_DISTANCE)
    _along(ax, "y", "advantage of the cluster (log points)", 0, top, 4)


def _plot_local_share(
    result: paradox.LocationAdvantage, *, ax: Axes, prediction: Any = None
) -> None:
    """Draw the local share of the advantage as distance cost falls, with its limit."""
    share, cost = result.path["local share"], result.given["distance_cost"]
    here = result.local_share
    ax.plot(share.index.to_numpy(), 100 * share.to_numpy(), color=style.colour("local"))
    ax.axvline(cost, color=style.colour("reference"), linewidth=1.5)
    spots = ((0, result.limit_share, "o", "local"), (cost, here, "D", "second"))
    for at, level, marker, hue in spots:
        ax.plot([at], [100 * level], marker, color=style.colour(hue), markersize=9, clip_on=False)
    early = cost > 0.5
    below = early and here > 0.12  # the curve rises to the right
    words = f"{here:.0%} local"
    _note(ax, words, cost, 100 * here, "second", side=1 if early else -1, up=-9 if below else 9)
    _along(ax, "x", *_DISTANCE)
    _along(ax, "y", "local share of the advantage (%)", -4, 116, (0, 50, 100))
    _predicted(ax, prediction, along=0.03, axis="y", unit=" %")


def _say_paradox(result: paradox.LocationAdvantage) -> str:
    start = float(result.path["total"].iloc[0])
    tends = f"the local share tends to {percent(result.limit_share)}"
    if result.total == 0:
        return f"Nothing of the advantage of {start:.2f} is left at distance cost 0; {tends}."
    return (
        f"At {result.given['distance_cost']:.0%} of the distance cost the cluster's advantage is "
        f"{result.total:.2f} log points (at the start {start:.2f}), "
        f"{percent(result.local_share)} of it local; as distance cost goes to zero, {tends}."
    )


def location_paradox(*, prediction: Prediction | None = None) -> Explorer:
    """Show what is left of a cluster's advantage; the prediction is the local share in per cent.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The local share at the start, in per cent.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.location.location_paradox : The model.
    """
    controls = ["distance_cost", "knowledge_intensity", "tacitness", "reach"]
    return explore(
        paradox.location_paradox,
        [_plot_advantage, _plot_local_share],
        say=_say_paradox,
        controls=controls,
        prediction=prediction,
    )
