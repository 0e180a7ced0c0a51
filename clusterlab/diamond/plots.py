"""Pictures of the diamond. Each takes a result, draws it, and returns the axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clusterlab import style
from clusterlab.diamond.indicators import FACETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from clusterlab.diamond.gap import ProductivityGap
    from clusterlab.diamond.motion import Hysteresis, Path
    from clusterlab.diamond.robustness import Uncertainty

__all__ = [
    "plot_diamond",
    "plot_gap",
    "plot_hysteresis",
    "plot_levers",
    "plot_rank_intervals",
    "plot_stages",
]

#: The corners of the diamond, clockwise from the top (Porter's Figure 2 is missing in the text).
CORNERS = (FACETS[3], FACETS[1], FACETS[2], FACETS[0])


def write(ax: Axes, words: str, at: tuple, offset: tuple, hue: str, **sides: Any) -> None:
    """Write words so many points beside a point."""
    ax.annotate(words, at, xytext=offset, textcoords="offset points", color=hue, **sides)


@style.plot
def plot_diamond(
    facets: pd.Series, *, start: pd.Series | None = None, ax: Axes | None = None
) -> Axes:
    """Draw one place's facets as a diamond, with another beneath it for comparison.

    Parameters
    ----------
    facets : pandas.Series
        Points (1 to 100) by facet.
    start : pandas.Series, optional
        Points of a second place, or of the same one before; drawn in grey. Series that have names
        are named on the picture.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.diamond.score : Where the points come from.
    clusterlab.diamond.widgets.radar : The same to drag.
    """
    ax = style.axes(ax)
    names = [name for name in CORNERS if name in facets.index]
    names += [name for name in facets.index if name not in names]
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(names)) / len(names)
    spokes = np.column_stack([np.cos(angles), np.sin(angles)])

    def ring(values):
        corners = spokes * ((np.asarray(values, dtype=float) - 1) / 99)[:, None]
        return np.vstack([corners, corners[:1]])

    rings = [ring(np.full(len(names), points)) for points in (25, 50, 75, 100)]
    for line in (*rings, *(np.vstack([(0, 0), spoke]) for spoke in spokes)):
        ax.plot(*line.T, color="0.8", linewidth=1, zorder=0)
    for points in (50, 100):
        ax.text(0.02, (points - 1) / 99 - 0.02, str(points), color="0.45", fontsize=10, va="top")
    if start is not None:
        ax.plot(*ring(start[names]).T, color=style.colour("reference"), linestyle="--")
        looks = zip((facets.name, start.name), ("main", "reference"), (1.2, 1.0), strict=True)
        for name, role, height in looks:
            ax.text(-1.9, height, str(name or ""), color=style.colour(role), va="top")
    outline = ring(facets[names])
    ax.fill(*outline.T, color=style.colour("main"), alpha=0.2)
    ax.plot(*outline.T, color=style.colour("main"), linewidth=2.5)
    weak = np.isclose(facets[names].to_numpy(dtype=float), float(facets.min()), rtol=1e-9)
    for (x, y), name, low, corner in zip(spokes, names, weak, outline[:-1], strict=True):
        mark, role = ("s", "second") if low and not weak.all() else ("o", "main")
        ax.plot(*corner, mark, markersize=9, color=style.colour(role))
        words = name.split()
        lines = [name]
        if abs(x) >= 0.3 and len(words) > 1:  # at a side there is less room than above and below
            half = (len(words) + 1) // 2
            lines = [" ".join(words[:half]), " ".join(words[half:])]
        ax.text(
            1.08 * x,
            1.08 * y,
            "\n".join([*lines, f"{facets[name]:.0f}"]),
            ha="center" if abs(x) < 0.3 else "left" if x > 0 else "right",
            va="center" if abs(y) < 0.3 else "bottom" if y > 0 else "top",
        )
    ax.set(xlim=(-1.9, 1.9), ylim=(-1.4, 1.4), aspect="equal")
    ax.set_axis_off()
    return ax


@style.plot
def plot_rank_intervals(
    result: Uncertainty, *, highlight: Sequence[str] = (), ax: Axes | None = None
) -> Axes:
    """Draw each place's rank interval against its reference rank.

    Parameters
    ----------
    result : Uncertainty
        From `uncertainty`.
    highlight : sequence of str
        Places to name, at most four or so.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.diamond.uncertainty : The numbers.
    """
    ax = style.axes(ax)
    ranks = result.to_frame()
    here = np.arange(1, len(ranks) + 1)
    low, high = ranks["low"].to_numpy(), ranks["high"].to_numpy()
    chosen = ranks.index.isin(highlight)
    colours = [style.colour("second" if each else "main") for each in chosen]
    ax.vlines(here, low, high, colors=colours, linewidths=np.where(chosen, 5, 3))
    ax.plot(here, ranks["median"], "o", color="white", markeredgecolor="0.2", markersize=4)
    ax.plot(here, ranks["reference"], color=style.colour("reference"), linewidth=1, zorder=0)
    for x, place in zip(here[chosen], ranks.index[chosen], strict=True):
        below = high[x - 1] - x > x - low[x - 1]  # where the interval is longer there is more room
        # a name is about five places wide: it stands clear of the intervals beside its own
        end = max(high[max(x - 4, 0) : x + 3]) if below else min(low[x - 1 : x + 5])
        # at the left edge a name in the middle would cross the axis
        across = "center" if below and x > 5 else "left"
        sides = {"ha": across, "va": "top" if below else "bottom"}
        write(ax, str(place), (x, end), (0, -4 if below else 4), style.colour("second"), **sides)
    ax.set(xlim=(0, len(ranks) + 1), ylim=(len(ranks) + 3.5, 0))
    ax.set(xlabel="place, by reference rank", ylabel=f"rank, {result.level:.0%} interval")
    return ax


@style.plot
def plot_gap(
    result: ProductivityGap, *, regions: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw each region's gap as composition and within, with the gap itself as a mark.

    Parameters
    ----------
    result : ProductivityGap
        From `productivity_gap`.
    regions : sequence of str, optional
        The regions to draw; all by default.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.diamond.productivity_gap : The numbers.
    """
    ax = style.axes(ax)
    drawn = result.regions if regions is None else result.regions.loc[list(regions)]
    drawn = drawn.sort_values("gap")
    here = np.arange(len(drawn))
    striped: Any = {"color": style.colour("orange"), "hatch": "//", "edgecolor": "white"}
    plain: Any = {"color": style.colour("main")}
    ax.barh(here + 0.19, drawn["composition"], 0.38, label="which industries", **striped)
    ax.barh(here - 0.19, drawn["within"], 0.38, label="how they compete", **plain)
    ax.plot(drawn["gap"], here, "D", color="black", markersize=5, label="gap")
    ax.axvline(0, color=style.colour("reference"), linewidth=1)
    ax.set_yticks(here, [str(region) for region in drawn.index])
    ax.set_xlabel("productivity above or below the reference (unit of the table)")
    ax.legend(loc="lower right", frameon=False)
    return ax


@style.plot
def plot_stages(path: Path, *, ax: Axes | None = None) -> Axes:
    """Draw the share of firms that compete on wages, on total cost and on differentiation.

    Parameters
    ----------
    path : Path
        From `dynamics`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.diamond.dynamics : The numbers.
    """
    ax = style.axes(ax)
    years, shares = path.stages.index, 100 * path.stages
    looks = (("orange", "-"), ("blue", "--"), ("green", "-."))
    for (stage, share), (hue, dash) in zip(shares.items(), looks, strict=True):
        ax.plot(years, share, dash, color=style.colour(hue), linewidth=2.5)
        inside = min(max(int(share.to_numpy().argmax()), 12), len(years) - 30)  # near its peak
        side = "right" if stage == "total cost" else "left"
        at = (years[inside], share.iloc[inside])
        write(ax, str(stage), at, (0, 6), style.colour(hue), ha=side)
    ax.set(xlim=(0, years[-1]), ylim=(0, 112), yticks=range(0, 101, 25))
    ax.set(xlabel="years", ylabel="share of firms (%)")
    return ax


@style.plot
def plot_hysteresis(result: Hysteresis, *, ax: Axes | None = None) -> Axes:
    """Draw every equilibrium by the parameter, and the ways up and down.

    Parameters
    ----------
    result : Hysteresis
        From `hysteresis`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.diamond.hysteresis : The numbers.
    """
    ax = style.axes(ax)
    stable = result.states["stable"].to_numpy()
    x, y = result.states[result.parameter].to_numpy(), result.states["total"].to_numpy()
    ax.plot(x[stable], y[stable], "o", color="0.75", markersize=7, zorder=1)
    ax.plot(x[~stable], y[~stable], "x", color="0.45", markersize=5, zorder=1)
    ax.plot(result.up.index, result.up, color=style.colour("main"), linewidth=2)
    ax.plot(result.down.index, result.down, "--", color=style.colour("second"), linewidth=2)
    words = []
    if result.loop is not None:
        middle = 0.5 * sum(result.loop)
        at = int(np.abs(result.up.index.to_numpy() - middle).argmin())
        words.append(("raised", (middle, result.up.iloc[at]), (0, 8), style.colour("main")))
        words.append(("lowered", (middle, result.down.iloc[at]), (-8, 10), style.colour("second")))
    if (~stable).any():
        words.append(("unstable", (x[~stable][-1], y[~stable][-1]), (30, -4), "0.45"))
    for text, point, offset, hue in words:
        ax.annotate(text, point, xytext=offset, textcoords="offset points", ha="center", color=hue)
    ax.set(ylim=(0, 1), xlabel=result.parameter.replace("_", " "), ylabel="mean facet at rest")
    return ax


@style.plot
def plot_levers(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the mean facet after each policy of the same budget, and which of them stay.

    Parameters
    ----------
    table : pandas.DataFrame
        From `compare_levers`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
        A filled mark is a policy after which the place rests in a stronger state when the levers
        are let go; an open one fades. The line is doing nothing.

    See Also
    --------
    clusterlab.diamond.compare_levers : The numbers.
    """
    ax = style.axes(ax)
    rows = table.drop(index="nothing").sort_values("mean facet")
    nothing = float(table.loc["nothing", "mean facet"])
    here = np.arange(len(rows))
    ax.axvline(nothing, color=style.colour("reference"), linestyle="--")
    ax.hlines(here, nothing, rows["mean facet"], color="0.8", linewidth=2, zorder=0)
    for y, (name, end, stays) in enumerate(rows[["mean facet", "stays"]].itertuples()):
        mark, role = ("o", "main") if name.startswith("alone: ") else ("D", "second")
        hue = style.colour(role)
        inside = hue if stays else "white"
        ax.plot(end, y, mark, color=hue, markersize=8, markerfacecolor=inside)
    ax.text(0.99, 1, "filled: stays when levers are let go", ha="right", va="center")
    ax.text(0.99, 0, "open: fades", ha="right", va="center")
    ax.set_yticks(here, [name.removeprefix("alone: ") for name in rows.index], fontsize=10)
    ax.set(xlabel=f"mean facet after {table['years'].iloc[0]:g} years", xlim=(0, 1))
    return ax
