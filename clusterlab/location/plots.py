"""Pictures of the location models; each draws one result and computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterlab import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from clusterlab.location.city import CitySize
    from clusterlab.location.lock_in import Histories
    from clusterlab.location.many_regions import Circle
    from clusterlab.location.paradox import LocationAdvantage
    from clusterlab.location.pooling import LabourPooling
    from clusterlab.location.two_regions import CorePeriphery, Migration, Tomahawk

__all__ = [
    "plot_advantage",
    "plot_circle",
    "plot_city_size",
    "plot_labour_pooling",
    "plot_largest_share",
    "plot_leads",
    "plot_local_share",
    "plot_locations",
    "plot_locations_by_cost",
    "plot_migration",
    "plot_tomahawk",
    "plot_wiggle",
]


def _guess(
    ax: Axes, value: float, low: float, high: float, height: float = 0.97, left: bool | None = None
) -> None:
    """Draw the reader's number as a vertical line, at the edge where it lies outside."""
    at = min(max(value, low), high)
    right = at > (low + high) / 2 if left is None else left
    ax.axvline(at, color=style.colour("prediction"), linestyle=(0, (4, 2)), linewidth=2)
    ax.annotate(
        f"your answer: {value:g}",
        (at, height),
        xycoords=("data", "axes fraction"),
        xytext=(-5 if right else 5, 0),
        textcoords="offset points",
        va="top",
        ha="right" if right else "left",
        color=style.colour("prediction"),
    )


@style.plot
def plot_tomahawk(
    result: Tomahawk, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw all divisions at rest against the trade cost: stable ones solid, unstable ones dashed.

    Parameters
    ----------
    result : Tomahawk
        From `clusterlab.location.tomahawk`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : float, optional
        The reader's break point.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    end = float(result.branches["trade cost"].max())
    for _, branch in result.branches.groupby("branch", sort=False):
        stable = bool(branch["stable"].iloc[0])
        ax.plot(
            branch["trade cost"].to_numpy(),
            branch["share"].to_numpy(),
            color=style.colour("main" if stable else "second"),
            linestyle="-" if stable else (0, (5, 3)),
            linewidth=3 if stable else 1.8,
        )
    marks = (
        (result.break_point, "break", "right", -5),
        (result.sustain_point, "sustain", "left", 5),
    )
    for at, name, side, offset in marks:
        ax.axvline(at, color=style.colour("reference"), linewidth=1, linestyle=":")
        ax.annotate(
            f"{name} point\n{at:.3f}",
            (at, 0.25),
            xytext=(offset, 0),
            ha=side,
            textcoords="offset points",
            va="center",
        )
    ax.text(end, 0.53, "stable", color=style.colour("main"), ha="right", va="bottom")
    ax.text(1 + 0.02 * (end - 1), 0.53, "unstable", color=style.colour("second"), va="bottom")
    if prediction is not None:
        _guess(ax, prediction, 1, end, height=0.9)
    ax.set(
        xlabel="trade cost (units sent per unit arriving)",
        ylabel="share of industry in region 1",
        xlim=(1, end),
        ylim=(-0.04, 1.04),
        yticks=(0, 0.5, 1),
    )
    ax.locator_params(axis="x", nbins=6)
    return ax


@style.plot
def plot_wiggle(result: CorePeriphery, *, ax: Axes | None = None) -> Axes:
    """Draw the gap in real wages against the division of industry, with the divisions at rest.

    Parameters
    ----------
    result : CorePeriphery
        From `clusterlab.location.core_periphery`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    share, gap = result.wiggle.index.to_numpy(), result.wiggle.to_numpy()
    ax.axhline(0, color=style.colour("reference"), linewidth=1)
    ax.plot(share, gap, color=style.colour("main"))
    at_rest = result.equilibria
    wage_gap = (at_rest["real wage 1"] - at_rest["real wage 2"]).to_numpy()
    stable = at_rest["stable"].to_numpy()
    points = at_rest["share"].to_numpy()
    ax.plot(
        points[stable],
        wage_gap[stable],
        "o",
        markersize=11,
        clip_on=False,
        zorder=5,
        color=style.colour("main"),
    )
    ax.plot(
        points[~stable],
        wage_gap[~stable],
        "s",
        markersize=9,
        clip_on=False,
        zorder=5,
        markerfacecolor="none",
        markeredgecolor=style.colour("second"),
        markeredgewidth=2,
    )
    top = max(0.02, 1.25 * float(abs(gap).max()))
    ax.text(0.02, 0.97, "above zero: workers move to region 1", va="top", transform=ax.transAxes)
    ax.text(0.98, 0.03, "● stable   □ not stable", ha="right", transform=ax.transAxes)
    ax.set(
        xlabel="share of industry in region 1",
        xlim=(-0.02, 1.02),
        ylim=(-top, top),
        xticks=(0, 0.25, 0.5, 0.75, 1),
        ylabel="real wage in region 1 less region 2",
    )
    ax.locator_params(axis="y", nbins=5)
    return ax


@style.plot
def plot_migration(result: Migration, *, ax: Axes | None = None) -> Axes:
    """Draw how the division of industry moves from several starts, with the divisions at rest.

    Parameters
    ----------
    result : Migration
        From `clusterlab.location.migration`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    when = result.paths.index.to_numpy()
    ax.plot(when, result.paths.to_numpy(), color=style.colour("main"), linewidth=1.8)
    for row in result.equilibria.itertuples():
        ax.axhline(
            row.share,
            color=style.colour("third" if row.stable else "second"),
            zorder=1,
            linewidth=1.5,
            linestyle="-" if row.stable else (0, (4, 3)),
        )
        if row.kind != "one region" or row.share == 1:
            ax.annotate(
                "stable" if row.stable else "not stable",
                (1, row.share),
                va="center",
                xycoords=("axes fraction", "data"),
                xytext=(5, 0),
                textcoords="offset points",
                annotation_clip=False,
                color=style.colour("third" if row.stable else "second"),
            )
    ax.set(
        xlabel="period",
        ylabel="share of industry in region 1",
        xlim=(0, when[-1]),
        ylim=(-0.04, 1.04),
        yticks=(0, 0.5, 1),
    )
    ax.locator_params(axis="x", nbins=5)
    return ax


@style.plot
def plot_circle(result: Circle, *, ax: Axes | None = None, prediction: object = None) -> Axes:
    """Draw the first history's regions around the circle, their areas by share of industry.

    Parameters
    ----------
    result : Circle
        From `clusterlab.location.circle`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : optional
        Not drawn here; `plot_locations` shows it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    import numpy as np

    ax = style.axes(ax)
    shares = result.shares.iloc[0].to_numpy()
    angle = 2 * np.pi * np.arange(len(shares)) / len(shares)
    round_ = np.linspace(0, 2 * np.pi, 121)
    ax.plot(np.sin(round_), np.cos(round_), color=style.colour("reference"), linewidth=1)
    ax.scatter(np.sin(angle), np.cos(angle), s=12, color=style.colour("reference"), zorder=2)
    ax.scatter(
        np.sin(angle),
        np.cos(angle),
        s=3000 * shares,
        color=style.colour("main"),
        zorder=3,
        alpha=0.85,
        linewidths=0,
    )
    number = int(result.locations.iloc[0])
    ax.text(
        0,
        0,
        f"one history:\nindustry in\n{number} of {len(shares)} regions",
        ha="center",
        va="center",
    )
    ax.set(xlim=(-1.35, 1.35), ylim=(-1.35, 1.35), aspect="equal")
    ax.set_axis_off()
    return ax


@style.plot
def plot_locations(
    result: Circle, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw in how many histories how many regions keep industry.

    Parameters
    ----------
    result : Circle
        From `clusterlab.location.circle`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : float, optional
        The reader's number of regions.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    regions = result.shares.shape[1]
    counts = result.locations.value_counts(normalize=True)
    ax.vlines(counts.index, 0, counts.to_numpy(), color=style.colour("main"), linewidth=14)
    ax.plot(
        [result.preferred], [-0.04], "^", color=style.colour("second"), clip_on=False, markersize=10
    )
    right = result.preferred > regions / 2
    ax.annotate(
        "grows first",
        (result.preferred, -0.04),
        xytext=(-9 if right else 9, 0),
        textcoords="offset points",
        va="center",
        ha="right" if right else "left",
        color=style.colour("second"),
    )
    if prediction is not None:
        _guess(ax, prediction, 0.5, regions + 0.5)
    ax.set(
        xlabel="regions that keep industry",
        ylabel="share of histories",
        xlim=(0.3, regions + 0.7),
        ylim=(-0.1, 1.15),
        yticks=(0, 0.5, 1),
        xticks=range(1, regions + 1, max(1, regions // 6)),
    )
    return ax


@style.plot
def plot_locations_by_cost(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the mean number of locations against trade cost, a line for each manufacturing share.

    Parameters
    ----------
    table : pandas.DataFrame
        From ``sweep(circle, {"trade_cost": …, "manufacturing_share": …})``.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    looks = zip(("main", "second", "third", "orange"), ("o", "s", "^", "D"), strict=True)
    lines = table.groupby("manufacturing_share", sort=True)
    for (share, line), (hue, marker) in zip(lines, looks, strict=False):
        ax.plot(
            line["trade_cost"].to_numpy(),
            line["mean_locations"].to_numpy(),
            color=style.colour(hue),
            marker=marker,
            label=f"μ = {share:g}",
        )
    style.label_lines(ax)
    ax.set(
        xlabel="trade cost to the far side (units sent per unit arriving)",
        ylabel="regions that keep industry, mean",
    )
    ax.set_ylim(0, None)
    return ax


@style.plot
def plot_largest_share(
    result: Histories, *, ax: Axes | None = None, prediction: float | str | None = None
) -> Axes:
    """Draw the distribution, over histories, of the largest region's share.

    Parameters
    ----------
    result : Histories
        From `clusterlab.location.spin_offs`, `urn` or `location_choice`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : float or str, optional
        The reader's mean share; a bet on a region is shown by `plot_leads`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    import numpy as np

    ax = style.axes(ax)
    edges = np.linspace(0, 1, 26)
    height = np.histogram(result.largest, edges)[0] / len(result.counts)
    steps, hue = [*height, height[-1]], style.colour("main")
    ax.fill_between(edges, steps, step="post", facecolor=(hue, 0.35), edgecolor=hue)
    top = 1.45 * float(height.max())
    lines: list[tuple] = [(result.mean_largest, "mean", "main", "-", 0.82)]
    if result.limit_largest is not None:
        lines.append((result.limit_largest, "in the limit", "second", (0, (2, 2)), 0.93))
    for at, name, hue, dash, level in lines:
        left = at > 0.6
        ax.plot([at, at], [0, level * top], color=style.colour(hue), linestyle=dash)
        ax.annotate(
            f"{name} {at:.2f}",
            (at, level * top),
            xytext=(-6 if left else 6, 0),
            textcoords="offset points",
            va="top",
            ha="right" if left else "left",
            color=style.colour(hue),
        )
    if isinstance(prediction, (int, float)):
        _guess(ax, prediction, 0, 1, height=0.99, left=prediction < result.mean_largest)
    ax.set(
        xlabel="share of the largest region",
        ylabel="share of histories",
        xlim=(0, 1.01),
        ylim=(0, top),
        xticks=(0, 0.25, 0.5, 0.75, 1),
    )
    ax.yaxis.set_major_formatter("{x:.2f}")  # as wide at every setting
    ax.locator_params(axis="y", nbins=4)
    return ax


@style.plot
def plot_leads(
    result: Histories, *, ax: Axes | None = None, prediction: float | str | None = None
) -> Axes:
    """Draw in how many histories each region ends with most firms.

    Parameters
    ----------
    result : Histories
        From `clusterlab.location.spin_offs`, `urn` or `location_choice`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : str or float, optional
        The region the reader bet on; a number is shown by `plot_largest_share`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    leads = result.leads
    letters, heights = list(leads.index), leads.to_numpy()
    bet = letters.index(prediction) if prediction in letters else None
    hues = [style.colour("prediction" if j == bet else "main") for j in range(len(letters))]
    ax.vlines(range(len(letters)), 0, heights, color=hues, linewidth=min(30, 160 / len(letters)))
    fair = 1 / len(letters)
    ax.axhline(fair, color=style.colour("reference"), linestyle=(0, (4, 3)), linewidth=1.5)
    top = max(0.3, 1.35 * float(heights.max()))
    ax.text(len(letters) - 0.45, fair + 0.02 * top, f"1/{len(letters)}", ha="right", va="bottom")
    if bet is not None:
        edge = {0: "left", len(letters) - 1: "right"}.get(bet, "center")
        ax.text(
            bet,
            float(heights.max()) + 0.04 * top,
            f"your bet: {heights[bet]:.0%}",
            ha=edge,
            va="bottom",
            color=style.colour("prediction"),
        )
    ax.set_xticks(range(len(letters)), letters)
    ax.set(
        xlabel="region",
        ylabel="share of histories it leads in",
        ylim=(0, top),
        xlim=(-0.6, len(letters) - 0.4),
    )
    ax.locator_params(axis="y", nbins=4)
    return ax


@style.plot
def plot_city_size(
    result: CitySize, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw consumption per head against city size, with the optimum and the sizes that persist.

    Parameters
    ----------
    result : CitySize
        From `clusterlab.location.city_size`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : float, optional
        The reader's best size.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    curve = result.curve["consumption per head"]
    top = 1.25 * result.best
    ax.axvspan(
        result.optimum, result.largest, color=style.colour("second"), alpha=0.15, linewidth=0
    )
    ax.plot(curve.index.to_numpy(), curve.to_numpy(), color=style.colour("main"))
    ax.plot(
        [1, 2000],
        [result.alone] * 2,
        color=style.colour("reference"),
        linewidth=1.2,
        linestyle=(0, (4, 3)),
    )
    ax.plot([result.optimum], [result.best], "o", color=style.colour("main"), markersize=9)
    ax.plot([result.largest], [result.alone], "s", color=style.colour("second"), markersize=9)
    ax.annotate(
        f"best size {result.optimum:.1f}",
        (result.optimum, result.best),
        xytext=(0, 9),
        textcoords="offset points",
        ha="center",
        color=style.colour("main"),
    )
    ax.annotate(
        f"stuck up to {result.largest:.0f}",
        (result.largest, result.alone),
        xytext=(-9, -6),
        textcoords="offset points",
        ha="right",
        va="top",
        color=style.colour("second"),
    )
    ax.annotate(
        "what founders get",
        (1900, result.alone),
        xytext=(0, 4),
        ha="right",
        textcoords="offset points",
    )
    if prediction is not None:
        _guess(ax, prediction, 1, 2000, height=0.2)
    if ax.get_xscale() != "log":  # setting it anew would rebuild all ticks
        ax.set_xscale("log")
        ax.minorticks_off()
    ax.set(
        xlim=(1, 2000),
        ylim=(0, top),
        ylabel="consumption per head",
        xlabel="population of the city (thousand, log scale)",
    )
    ax.locator_params(axis="y", nbins=4)
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    return ax


@style.plot
def plot_labour_pooling(
    result: LabourPooling, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw the gain from pooling against the number of firms, with the simulated value.

    Parameters
    ----------
    result : LabourPooling
        From `clusterlab.location.labour_pooling`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : float, optional
        The reader's gain at the default, drawn as a level.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    gain = result.by_firms
    top = max(1.0, 1.3 * result.full_pooling, 1.1 * (prediction or 0))
    ax.axhline(
        result.full_pooling, color=style.colour("reference"), linewidth=1.2, linestyle=(0, (4, 3))
    )
    ax.text(
        40,
        result.full_pooling + 0.02 * top,
        f"very many firms: {result.full_pooling:.2f}",
        ha="right",
        va="bottom",
    )
    ax.plot(gain.index.to_numpy(), gain.to_numpy(), color=style.colour("main"))
    simulated = result.simulated_profit - result.from_workers
    ax.errorbar(
        [result.firms],
        [simulated],
        yerr=[2 * result.standard_error],
        fmt="D",
        capsize=4,
        color=style.colour("second"),
        markersize=8,
    )
    ax.annotate(
        f"simulated with {result.firms}: {simulated:.2f}",
        (result.firms, simulated),
        xytext=(8, -10) if result.firms < 22 else (-8, -12),
        va="top",
        ha="left" if result.firms < 22 else "right",
        textcoords="offset points",
        color=style.colour("second"),
    )
    if prediction is not None:
        ax.axhline(prediction, color=style.colour("prediction"), linestyle=(0, (4, 2)))
        left = result.firms >= 22  # where the label of the simulated value is not
        ax.text(
            1 if left else 40,
            prediction - 0.02 * top,
            f"your answer: {prediction:g}",
            ha="left" if left else "right",
            va="top",
            color=style.colour("prediction"),
        )
    ax.set(
        xlabel="firms that share the workers",
        ylabel="gain in profit per firm",
        xlim=(0, 41),
        ylim=(-0.12 * top, top),
    )
    ax.yaxis.set_major_formatter("{x:.2f}")
    ax.locator_params(nbins=5)
    return ax


@style.plot
def plot_advantage(
    result: LocationAdvantage, *, ax: Axes | None = None, prediction: object = None
) -> Axes:
    """Draw the two parts of the cluster's advantage as distance cost falls, one on the other.

    Parameters
    ----------
    result : LocationAdvantage
        From `clusterlab.location.location_paradox`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : optional
        Not drawn here; `plot_local_share` shows it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    path = result.path
    cost, local, total = (path.index.to_numpy(), path["local"].to_numpy(), path["total"].to_numpy())
    ax.fill_between(cost, 0, local, color=style.colour("local"), alpha=0.55, linewidth=0)
    ax.fill_between(cost, local, total, color=style.colour("global"), alpha=0.35, linewidth=0)
    ax.plot(cost, total, color=style.colour("global"))
    top = 1.2 * max(float(total.max()), result.total - result.net, 0.05)
    names = (
        ("tacit, local", local[4] / 2, local[4], "local"),
        ("sourced from afar", (local[4] + total[4]) / 2, total[4] - local[4], "global"),
    )
    for name, level, height, hue in names:
        if height > 0.07 * top:
            ax.text(0.97, level, name, va="center", color="black" if hue == "local" else None)
    if result.total > result.net:
        cost = result.total - result.net
        ax.axhline(cost, color=style.colour("second"), linestyle=(0, (4, 3)))
        ax.annotate(
            "cost of congestion",
            (0.02, cost),
            xytext=(0, 3),
            ha="right",
            textcoords="offset points",
            color=style.colour("second"),
        )
    ax.axvline(result.distance_cost, color=style.colour("reference"), linewidth=1.5)
    ax.set(
        xlabel="distance cost left (share of the start)",
        xlim=(1, 0),
        ylim=(0, top),
        ylabel="advantage of the cluster (log points)",
        xticks=(1, 0.5, 0),
    )
    ax.yaxis.set_major_formatter("{x:.2f}")
    ax.locator_params(axis="y", nbins=4)
    return ax


@style.plot
def plot_local_share(
    result: LocationAdvantage, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw the local share of the advantage as distance cost falls, with its limit.

    Parameters
    ----------
    result : LocationAdvantage
        From `clusterlab.location.location_paradox`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : float, optional
        The reader's local share, in per cent.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    share = 100 * result.path["local share"]
    ax.plot(share.index.to_numpy(), share.to_numpy(), color=style.colour("local"))
    ax.plot(
        [0],
        [100 * result.limit_share],
        "o",
        color=style.colour("local"),
        markersize=10,
        clip_on=False,
    )
    ax.axvline(result.distance_cost, color=style.colour("reference"), linewidth=1.5)
    ax.plot(
        [result.distance_cost],
        [100 * result.local_share],
        "D",
        markersize=8,
        color=style.colour("second"),
        clip_on=False,
    )
    early = result.distance_cost > 0.5
    below = early and result.local_share > 0.12  # the curve rises to the right
    ax.annotate(
        f"{result.local_share:.0%} local",
        (result.distance_cost, 100 * result.local_share),
        xytext=(9 if early else -9, -9 if below else 9),
        textcoords="offset points",
        ha="left" if early else "right",
        va="top" if below else "bottom",
        color=style.colour("second"),
    )
    if prediction is not None:
        ax.axhline(prediction, color=style.colour("prediction"), linestyle=(0, (4, 2)))
        low = prediction < 90
        ax.text(
            0.97,
            prediction + (2 if low else -2),
            f"your answer: {prediction:g} %",
            va="bottom" if low else "top",
            color=style.colour("prediction"),
        )
    ax.set(
        xlabel="distance cost left (share of the start)",
        xlim=(1, 0),
        ylim=(-4, 116),
        ylabel="local share of the advantage (%)",
        xticks=(1, 0.5, 0),
        yticks=(0, 50, 100),
    )
    return ax
