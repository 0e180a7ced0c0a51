"""Pictures of the diamond. Each takes a result, draws it, and returns the axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clusterlab import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from clusterlab.diamond.gap import ProductivityGap
    from clusterlab.diamond.motion import Hysteresis, Path
    from clusterlab.diamond.policy import WithAndWithout
    from clusterlab.diamond.robustness import Coherence, Uncertainty
    from clusterlab.diamond.scoring import Compensation

__all__ = [
    "plot_coherence",
    "plot_compensation",
    "plot_diamond",
    "plot_gap",
    "plot_hysteresis",
    "plot_levers",
    "plot_outputs",
    "plot_path",
    "plot_rank_intervals",
    "plot_stages",
    "plot_with_and_without",
]

_HUES = ("blue", "vermilion", "green", "orange")
_SHORT = ["factors", "demand", "related", "rivalry"]
_STYLES = ("-", "--", "-.", ":")
#: The corners of the diamond, clockwise from the top (Porter's Figure 2 is missing in the text).
CORNERS = (
    "strategy and rivalry",
    "demand conditions",
    "related and supporting industries",
    "factor conditions",
)


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
        Points of a second place, or of the same one before; drawn in grey.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    names = [name for name in CORNERS if name in facets.index]
    names += [name for name in facets.index if name not in names]
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(names)) / len(names)
    spokes = np.column_stack([np.cos(angles), np.sin(angles)])

    def ring(values):
        corners = spokes * ((np.asarray(values, dtype=float) - 1) / 99)[:, None]
        return np.vstack([corners, corners[:1]])

    for points in (25, 50, 75, 100):
        ax.plot(*ring(np.full(len(names), points)).T, color="0.8", linewidth=1, zorder=0)
    for x, y in spokes:
        ax.plot([0, x], [0, y], color="0.8", linewidth=1, zorder=0)
    if start is not None:
        ax.plot(*ring(start[names]).T, color=style.colour("reference"), linestyle="--")
    outline = ring(facets[names])
    ax.fill(*outline.T, color=style.colour("main"), alpha=0.2)
    ax.plot(*outline.T, color=style.colour("main"), linewidth=2.5)
    weak = np.isclose(facets[names].to_numpy(dtype=float), float(facets.min()), rtol=1e-9)
    for (x, y), name, low, corner in zip(spokes, names, weak, outline[:-1], strict=True):
        alone = low and not weak.all()
        ax.plot(
            *corner,
            "s" if alone else "o",
            markersize=9,
            color=style.colour("second" if alone else "main"),
        )
        words = name.split()
        half = (len(words) + 1) // 2
        lines = name if abs(x) < 0.3 else " ".join(words[:half]) + "\n" + " ".join(words[half:])
        ax.text(
            1.08 * x,
            1.08 * y,
            f"{lines.strip()}\n{facets[name]:.0f}",
            ha="center" if abs(x) < 0.3 else "left" if x > 0 else "right",
            va="center" if abs(y) < 0.3 else "bottom" if y > 0 else "top",
        )
    ax.set(xlim=(-1.9, 1.9), ylim=(-1.4, 1.4), aspect="equal")
    ax.set_axis_off()
    return ax


@style.plot
def plot_coherence(result: Coherence, *, ax: Axes | None = None) -> Axes:
    """Draw the share of the facets' variance on each principal component.

    Parameters
    ----------
    result : Coherence
        From `coherence`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    share = 100 * result.components
    even = 100 / len(share)
    ax.bar(share.index, share, color=style.colour("main"), width=0.6)
    for component, value in share.items():
        inside = value > 8
        ax.text(
            component,
            value + (-1 if inside else 1),
            f"{value:.0f} %",
            ha="center",
            va="top" if inside else "bottom",
            color="white" if inside else "black",
        )
    ax.axhline(even, color=style.colour("reference"), linestyle="--")
    ax.text(len(share) + 0.35, even + 1, "four unrelated facets", ha="right", va="bottom")
    ax.set(xticks=list(share.index), xlabel="principal component of the facets")
    ax.set(ylabel="share of variance (%)", ylim=(0, 105))
    return ax


@style.plot
def plot_compensation(
    result: Compensation, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw how many ranks each place gains or loses by its unevenness.

    Parameters
    ----------
    result : Compensation
        From `compensation`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : float, optional
        Ranks the reader expected the most uneven place to lose.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    places = result.places
    lost = (places["rank"] - places["arithmetic rank"]).to_numpy()
    uneven = places["unevenness"].round(9).to_numpy()
    most = (uneven == uneven.max()) & (uneven > 0)
    ax.axhline(0, color=style.colour("reference"), linewidth=1)
    ax.plot(uneven[~most], -lost[~most], "o", color=style.colour("main"), alpha=0.7)
    ax.plot(uneven[most], -lost[most], "D", color=style.colour("second"), markersize=9)
    if most.sum() == 1:
        top = int(uneven.argmax())
        ax.annotate(
            str(places.index[top]),
            (uneven[top], -lost[top]),
            xytext=(-8, 8),
            textcoords="offset points",
            ha="right",
            color=style.colour("second"),
            parse_math=False,
        )
    if prediction is not None:
        ax.axhline(-prediction, color=style.colour("prediction"), linestyle=":")
        ax.annotate(
            "your prediction",
            (0, -prediction),
            xytext=(4, 4),
            textcoords="offset points",
            color=style.colour("prediction"),
        )
    span = len(places) / 2
    ax.set(xlim=(0, 1.12 * uneven.max() or 1), ylim=(-span, span / 2))
    ax.set(xlabel="unevenness of the four facets (points)", ylabel="ranks gained")
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
    """
    from matplotlib.collections import LineCollection

    ax = style.axes(ax)
    ranks = result.to_frame()
    here = np.arange(1, len(ranks) + 1)
    low, high = ranks["low"].to_numpy(), ranks["high"].to_numpy()
    chosen = ranks.index.isin(highlight)
    colours = [style.colour("second" if c else "main") for c in chosen]
    bars = np.stack([np.column_stack([here, low]), np.column_stack([here, high])], axis=1)
    ax.add_collection(LineCollection(list(bars), colors=colours, linewidths=np.where(chosen, 5, 3)))
    ax.plot(here, ranks["median"], "o", color="white", markeredgecolor="0.2", markersize=4)
    ax.plot(here, ranks["reference"], color=style.colour("reference"), linewidth=1, zorder=0)
    for x, place in zip(here[chosen], ranks.index[chosen], strict=True):
        below = high[x - 1] - x > x - low[x - 1]
        ax.annotate(
            str(place),
            (x, (high if below else low)[x - 1]),
            xytext=(0, -4 if below else 4),
            textcoords="offset points",
            ha="center" if below else "left",
            va="top" if below else "bottom",
            color=style.colour("second"),
        )
    ax.set(xlim=(0, len(ranks) + 1), ylim=(len(ranks) + 3.5, 0))
    ax.set(xlabel="place, by reference rank", ylabel=f"rank, {result.level:.0%} interval")
    return ax


@style.plot
def plot_gap(result: ProductivityGap, *, ax: Axes | None = None) -> Axes:
    """Draw each region's gap as composition and within, with the gap itself as a mark.

    Parameters
    ----------
    result : ProductivityGap
        From `productivity_gap`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    regions = result.regions.sort_values("gap")
    here = np.arange(len(regions))
    ax.barh(
        here + 0.19,
        regions["composition"],
        height=0.38,
        color=style.colour("orange"),
        hatch="//",
        edgecolor="white",
        label="which industries",
    )
    ax.barh(
        here - 0.19,
        regions["within"],
        height=0.38,
        color=style.colour("main"),
        label="how they compete",
    )
    ax.plot(regions["gap"], here, "D", color="black", markersize=5, label="gap")
    ax.axvline(0, color=style.colour("reference"), linewidth=1)
    ax.set_yticks(here, [str(region) for region in regions.index])
    ax.set_xlabel("productivity above or below the reference (unit of the table)")
    ax.legend(loc="lower right", frameon=False)
    return ax


@style.plot
def plot_path(path: Path, *, ax: Axes | None = None, prediction: float | None = None) -> Axes:
    """Draw the four facets over time.

    Parameters
    ----------
    path : Path
        From `dynamics`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : float, optional
        Mean facet at the end that the reader expected.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    for facet, hue, dash in zip(path.facets, _HUES, _STYLES, strict=True):
        ax.plot(path.facets.index, path.facets[facet], dash, color=style.colour(hue), linewidth=2)
    _label_ends(ax, path.facets.iloc[-1].to_numpy(), _SHORT, _HUES)
    if prediction is not None:
        ax.axhline(prediction, color=style.colour("prediction"), linestyle=":")
        ax.annotate(
            "your prediction",
            (0, prediction),
            xytext=(4, 4),
            textcoords="offset points",
            color=style.colour("prediction"),
        )
    ax.set(xlim=(0, path.facets.index[-1]), ylim=(0, 1))
    ax.set(xlabel="years", ylabel="strength of facet (0 to 1)")
    ax.locator_params(nbins=4)  # ticks are what takes longest to draw
    return ax


@style.plot
def plot_outputs(path: Path, *, ax: Axes | None = None) -> Axes:
    """Draw productivity, innovation and new firms over time.

    Parameters
    ----------
    path : Path
        From `dynamics`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    for name, hue, dash in zip(path.outputs, _HUES, _STYLES, strict=False):
        ax.plot(path.outputs.index, path.outputs[name], dash, color=style.colour(hue), linewidth=2)
    ends = path.outputs.iloc[-1]
    top = max(1.5, 1.1 * float(path.outputs.to_numpy().max()))
    _label_ends(ax, ends.to_numpy(), list(ends.index), _HUES, span=top)
    ax.set(xlim=(0, path.outputs.index[-1]), ylim=(0, top))
    ax.set(xlabel="years", ylabel="output (index)")
    ax.locator_params(nbins=4)
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
    """
    ax = style.axes(ax)
    years, shares = path.stages.index, 100 * path.stages
    for stage, hue, dash in zip(shares, ("orange", "blue", "green"), _STYLES, strict=False):
        ax.plot(years, shares[stage], dash, color=style.colour(hue), linewidth=2.5)
        peak = int(shares[stage].to_numpy().argmax())
        inside = min(max(peak, 12), len(years) - 30)
        side = "right" if stage == "total cost" else "left"
        ax.annotate(
            stage,
            (years[inside], shares[stage].iloc[inside]),
            xytext=(0, 6),
            ha=side,
            textcoords="offset points",
            color=style.colour(hue),
        )
    ax.set(xlim=(0, years[-1]), ylim=(0, 112), yticks=range(0, 101, 25))
    ax.set(xlabel="years", ylabel="share of firms (%)")
    return ax


@style.plot
def plot_hysteresis(result: Hysteresis, *, ax: Axes | None = None) -> Axes:
    """Draw every state of rest by the parameter, and the ways up and down.

    Parameters
    ----------
    result : Hysteresis
        From `hysteresis`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    stable = result.states["stable"].to_numpy()
    x, y = result.states[result.parameter].to_numpy(), result.states["total"].to_numpy()
    ax.plot(x[stable], y[stable], "o", color="0.75", markersize=7, zorder=1)
    ax.plot(x[~stable], y[~stable], "x", color="0.45", markersize=5, zorder=1)
    ax.plot(result.up.index, result.up, color=style.colour("main"), linewidth=2)
    ax.plot(result.down.index, result.down, "--", color=style.colour("second"), linewidth=2)
    if result.loop is not None:
        low, high = result.loop
        middle = 0.5 * (low + high)
        at = int(np.abs(result.up.index.to_numpy() - middle).argmin())
        ax.annotate(
            "raised",
            (middle, result.up.iloc[at]),
            xytext=(0, 8),
            ha="center",
            textcoords="offset points",
            color=style.colour("main"),
        )
        ax.annotate(
            "lowered",
            (middle, result.down.iloc[at]),
            xytext=(-8, 10),
            ha="center",
            textcoords="offset points",
            color=style.colour("second"),
        )
    if (~stable).any():
        ax.annotate(
            "unstable",
            (x[~stable][-1], y[~stable][-1]),
            xytext=(10, -4),
            color="0.45",
            textcoords="offset points",
        )
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
    """
    ax = style.axes(ax)
    rows = table.drop(index="nothing").sort_values("mean facet")
    nothing = float(table.loc["nothing", "mean facet"])
    here = np.arange(len(rows))
    alone = rows.index.str.startswith("alone: ")
    stays = rows["stays"].to_numpy(dtype=bool)
    ax.axvline(nothing, color=style.colour("reference"), linestyle="--")
    ax.hlines(here, nothing, rows["mean facet"], color="0.8", linewidth=2, zorder=0)
    for kind, mark, role in ((alone, "o", "main"), (~alone, "D", "second")):
        for chosen, filled in ((kind & stays, True), (kind & ~stays, False)):
            hue = style.colour(role)
            ax.plot(
                rows["mean facet"][chosen],
                here[chosen],
                mark,
                color=hue,
                markersize=8,
                markerfacecolor=hue if filled else "white",
            )
    ax.text(0.99, 1, "filled: stays when levers are let go", ha="right", va="center")
    ax.text(0.99, 0, "open: fades", ha="right", va="center")
    ax.set_yticks(here, [name.removeprefix("alone: ") for name in rows.index], fontsize=10)
    ax.set(xlabel=f"mean facet after {table['years'].iloc[0]:g} years", xlim=(0, 1))
    return ax


@style.plot
def plot_with_and_without(result: WithAndWithout, *, ax: Axes | None = None) -> Axes:
    """Draw the mean facet of a place with a lever pulled and without.

    Parameters
    ----------
    result : WithAndWithout
        From `one_lever`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    ways = (
        ("with", result.with_lever, "main", "-"),
        ("without", result.without, "reference", "--"),
    )
    for _, path, role, dash in ways:
        ax.plot(path.total.index, path.total, dash, color=style.colour(role), linewidth=2.5)
    ends = np.array([path.total.iloc[-1] for _, path, _, _ in ways])
    _label_ends(ax, ends, ["with", "without"], ["blue", ""])
    ax.text(
        0.02, 0.97, f"{result.lever}, effort {result.effort:g}", transform=ax.transAxes, va="top"
    )
    ax.set(xlim=(0, result.without.total.index[-1]), ylim=(0, 1))
    ax.set(xlabel="years", ylabel="mean facet (0 to 1)")
    ax.locator_params(nbins=4)
    return ax


def _label_ends(
    ax: Axes, ends: np.ndarray, labels: Sequence[str], hues: Sequence[str], span: float = 1.0
) -> None:
    """Write each label at the right of its line, in its colour, as near its end as there is room.

    Where lines meet the labels stand one above the other, in the order of the lines. An empty hue
    is the ink of the axes.
    """
    room = 0.065 * span
    order, ranks = np.argsort(ends, kind="stable"), np.arange(len(ends))
    # Less the room for those below it, each label may stand no lower than the one before: those
    # that would are moved to their common mean (isotonic regression).
    groups: list[list[float]] = []
    for height in ends[order] - room * ranks:
        groups.append([height])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    moved = np.concatenate([np.full(len(group), np.mean(group)) for group in groups])
    heights = np.clip(moved, room / 2, span - room / 2 - room * ranks[-1]) + room * ranks
    for i, height in zip(order, heights, strict=True):
        ink = style.colour(hues[i]) if hues[i] else ax.yaxis.label.get_color()
        ax.annotate(
            labels[i],
            (1, height / span),
            xycoords="axes fraction",
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=ink,
            annotation_clip=False,
        )
