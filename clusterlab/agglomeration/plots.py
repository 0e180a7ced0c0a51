"""Pictures of concentration. Each takes a result or a Series, draws it, and returns the axes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from clusterlab import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.path import Path

    from clusterlab.agglomeration.ellison_glaeser import Dartboard, EllisonGlaeser
    from clusterlab.agglomeration.summary import IndustryProfile, Specialised

__all__ = [
    "plot_dartboard_gamma",
    "plot_dartboard_raw",
    "plot_lorenz",
    "plot_quotients",
    "plot_ranking",
    "plot_raw_against_plants",
    "plot_specialised",
    "plot_tile_map",
]

_CLASSES = [
    (0.0, 0.5, "< ½", style.colour("blue"), "white"),
    (0.5, 0.8, "½–0.8", style.colour("sky blue"), "black"),
    (0.8, 1.25, "0.8–1.25", "#DDDDDD", "black"),
    (1.25, 2.0, "1.25–2", style.colour("orange"), "black"),
    (2.0, np.inf, "> 2", style.colour("vermilion"), "white"),
]


_SQUARE = 0.47 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])


@style.plot
def plot_tile_map(
    profile: IndustryProfile, *, places: pd.DataFrame, ax: Axes | None = None
) -> Axes:
    """Draw an industry's location quotients as a map of equal tiles, one a region.

    Parameters
    ----------
    profile : IndustryProfile
        From `industry_profile`.
    places : pandas.DataFrame
        Columns ``row`` and ``column`` of each tile, indexed by region.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    ax = style.axes(ax)
    values = profile.quotients
    where = places.loc[values.index]
    kinds = np.searchsorted([c[0] for c in _CLASSES], values.to_numpy(), side="right") - 1
    spots = where[["column", "row"]].to_numpy(dtype=float)
    for number, (_, _, _, face, ink) in enumerate(_CLASSES):
        here = np.flatnonzero(kinds == number)
        if not len(here):
            continue
        edge = "black" if number >= 3 else "none"
        tiles = Path.make_compound_path(*(Path(_SQUARE + spots[k]) for k in here))
        names = [_letters(str(values.index[k])) for k in here]
        moved = [Path(n.vertices + spots[k], n.codes) for n, k in zip(names, here, strict=True)]
        ax.add_artist(PathPatch(tiles, facecolor=face, edgecolor=edge, linewidth=1.2))
        ax.add_artist(PathPatch(Path.make_compound_path(*moved), facecolor=ink, linewidth=0))
    left, bottom = where["column"].min(), where["row"].max() + 1.1
    width = (where["column"].max() - left + 1) / len(_CLASSES)
    for number, (_, _, words, face, ink) in enumerate(_CLASSES):
        box = {"boxstyle": "square,pad=0.25", "facecolor": face, "edgecolor": "none"}
        ax.text(
            left - 0.4 + number * width,
            bottom,
            words,
            va="center",
            fontsize=11,
            color=ink,
            bbox=box,
        )
    ax.set_xlim(left - 0.6, where["column"].max() + 0.6)
    ax.set_ylim(bottom + 0.6, where["row"].min() - 0.6)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.set_xlabel(f"location quotient of {profile.industry}")
    return ax


@cache
def _letters(text: str) -> Path:
    """Return a short name as a centred outline for axes that run downwards.

    Made once and moved, outlines cost a fraction of written text.
    """
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    outline = TextPath((0, 0), text, size=0.5)
    low, high = outline.vertices.min(axis=0), outline.vertices.max(axis=0)
    return Path((outline.vertices - (low + high) / 2) * (1, -1), outline.codes)


@style.plot
def plot_quotients(profile: IndustryProfile, *, ax: Axes | None = None) -> Axes:
    """Draw the twelve highest location quotients of an industry, one line a region."""
    ax = style.axes(ax)
    top = profile.quotients.nlargest(12)[::-1]
    rows = np.arange(len(top))
    ax.hlines(rows, 1, top, color=style.colour("reference"), linewidth=1.5)
    ax.plot(top, rows, "o", color=style.colour("main"), markersize=8)
    ax.axvline(1, color=style.colour("reference"), linewidth=1)
    ax.set_yticks(rows, [str(label) for label in top.index])
    ax.set_xlim(0, max(1.2, float(top.max()) * 1.05))
    ax.set_xlabel(f"location quotient of {profile.industry}")
    return ax


@style.plot
def plot_ranking(profile: IndustryProfile, *, ax: Axes | None = None) -> Axes:
    """Draw one measure for the industries, the chosen one marked; at most 15 round it."""
    ax = style.axes(ax)
    values = profile.values
    here = values.index.get_loc(profile.industry)
    start = int(np.clip(here - 7, 0, max(0, len(values) - 15)))
    shown = values.iloc[start : start + 15]
    rows = np.arange(len(shown))
    chosen = shown.index == profile.industry
    ax.hlines(rows, 0, shown, color=style.colour("reference"), linewidth=1.5)
    ax.plot(shown[~chosen], rows[~chosen], "o", color=style.colour("reference"), markersize=7)
    ax.plot(shown[chosen], rows[chosen], "D", color=style.colour("second"), markersize=9)
    ax.set_yticks(rows, [str(label) for label in shown.index])
    ax.set_xlim(0, max(0.05, float(values.max()) * 1.1))
    ax.set_ylim(-0.6, len(shown) - 0.4)
    ax.set_xlabel(f"{profile.measure} (0 to 1)")
    return ax


@style.plot
def plot_lorenz(curves: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw Lorenz curves by name, each from `lorenz_curve`, against the diagonal."""
    ax = style.axes(ax)
    styles = ["-", "--", "-.", ":"]
    for (name, curve), line in zip(curves.items(), styles, strict=False):
        ax.plot(curve["reference"], curve["values"], line, label=name)
    ax.plot([0, 1], [0, 1], color=style.colour("reference"), linewidth=1)
    ax.annotate(
        "spread like all activity", (0.5, 0.5), rotation=45, rotation_mode="anchor", ha="center",
        xytext=(0, 4), textcoords="offset points", transform_rotates_text=True,
        color=style.colour("reference"),
    )  # fmt: skip
    ax.set_aspect("equal")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.set_xlabel("share of all activity (cumulated)")
    ax.set_ylabel("share of the industry (cumulated)")
    ax.legend(loc="upper left")
    return ax


@style.plot
def plot_specialised(result: Specialised, *, ax: Axes | None = None) -> Axes:
    """Draw quotients with their limits by region, and the threshold they are held against."""
    from matplotlib.collections import LineCollection

    ax = style.axes(ax)
    floor = 0.1
    frame = result.frame[["quotient", "low", "high"]].clip(lower=floor)
    ranks = np.arange(1, len(frame) + 1)
    kinds = [
        ("surely above", result.frame["surely"], "o", style.colour("second"), None),
        (
            "above, could be chance",
            result.frame["above"] & ~result.frame["surely"],
            "o",
            style.colour("second"),
            "white",
        ),
        ("not above", ~result.frame["above"], "s", style.colour("reference"), None),
    ]
    limits = [
        [(x, low), (x, high)]
        for x, low, high in zip(ranks, frame["low"], frame["high"], strict=True)
    ]
    ax.add_collection(LineCollection(limits, colors=style.colour("reference"), linewidths=1.3))
    for words, here, marker, edge, face in kinds:
        ax.plot(
            ranks[here], frame["quotient"][here], marker, color=edge, markersize=7, label=words,
            markerfacecolor=face or edge, linestyle="none",
        )  # fmt: skip
    ax.axhline(
        result.threshold, color=style.colour("main"), linewidth=1.5, linestyle="--",
        label=f"threshold {result.threshold:g}",
    )  # fmt: skip
    if result.frame["surely"].iloc[0]:
        first = (ranks[0], frame["quotient"].iloc[0])
        ax.annotate(str(frame.index[0]), first, xytext=(7, 2), textcoords="offset points")
    ax.set_yscale("log")
    ticks = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32]
    ax.set_yticks(ticks, ["0.1 or less", *(f"{tick:g}" for tick in ticks[1:])])
    ax.minorticks_off()
    ax.set_ylim(floor * 0.9, max(8, float(frame["high"].max()) * 1.1))
    ax.set_xlim(0, len(frame) + 1)
    ax.set_xlabel("regions, by falling quotient")
    ax.set_ylabel(f"location quotient of {result.industry}")
    ax.legend(loc="upper right")
    return ax


def _plot_throws(values: np.ndarray, ends: tuple[float, float], ax: Axes) -> None:
    edges = np.linspace(*ends, 61)
    counts = np.histogram(np.clip(values, *ends), edges)[0] / len(values) * 100
    ax.stairs(counts, edges, fill=True, color=style.colour("main"), alpha=0.75)
    ax.set_xlim(*ends)
    ax.set_ylim(0, max(1.0, counts.max() * 1.25))
    ax.set_ylabel("throws (%)")


def _round_end(reach: float) -> float:
    """Return the first of a few ends beyond a value: an axis that does not move at every step."""
    return next((end for end in (0.15, 0.3, 0.6, 1.2, 2.5, 5) if end >= reach), reach)


def _mark(ax: Axes, x: float, words: str, colour: str, line: str, height: float) -> None:
    ax.axvline(x, color=style.colour(colour), linestyle=line)
    ax.annotate(
        words, (x, height), xycoords=("data", "axes fraction"), xytext=(5, 0), va="top",
        textcoords="offset points", color=style.colour(colour),
    )  # fmt: skip


@style.plot
def plot_dartboard_raw(
    result: Dartboard, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw the raw index of many throws, its expectation, and what the reader predicted."""
    ax = style.axes(ax)
    reach = max(float(np.quantile(result.raw, 0.995)), prediction or 0) * 1.1
    _plot_throws(result.raw, (0, _round_end(reach)), ax)
    _mark(ax, result.expected, f"expected {result.expected:.3f}", "second", "-", 0.99)
    if prediction is not None:
        _mark(ax, prediction, "your prediction", "prediction", "--", 0.88)
    ax.set_xlabel("raw index G")
    return ax


@style.plot
def plot_dartboard_gamma(
    result: Dartboard, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw γ of the same throws; the prediction, which is about G, is not drawn here."""
    ax = style.axes(ax)
    low, high = np.quantile(result.gamma, [0.005, 0.995])
    reach = max(abs(float(low)), abs(float(high))) * 1.1
    end = _round_end(reach)
    _plot_throws(result.gamma, (-end, end), ax)
    mean = float(result.gamma.mean())
    _mark(ax, mean, f"mean {round(mean, 3) + 0:.3f}", "second", "-", 0.99)
    ax.set_xlabel("γ of Ellison and Glaeser")
    return ax


@style.plot
def plot_raw_against_plants(
    result: EllisonGlaeser, *, named: list[str], ax: Axes | None = None
) -> Axes:
    """Draw the raw index against the plant Herfindahl, with the line expected by chance.

    Parameters
    ----------
    result : EllisonGlaeser
        From `ellison_glaeser`.
    named : list of str
        Industries to write beside their points.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = style.axes(ax)
    x, y = result.plant_herfindahl, result.raw
    order = np.argsort(x.to_numpy())
    ax.plot(
        x.iloc[order], result.expected.iloc[order], color=style.colour("reference"), linewidth=1.5
    )
    chosen = x.index.isin(named)
    ax.plot(x[~chosen], y[~chosen], "o", color=style.colour("main"), markersize=7)
    ax.plot(x[chosen], y[chosen], "D", color=style.colour("second"), markersize=8)
    for name in named:
        ax.annotate(str(name), (x[name], y[name]), xytext=(8, -4), textcoords="offset points")
    last = order[-1]
    ax.annotate(
        "expected by chance", (x.iloc[last], result.expected.iloc[last]), ha="right",
        xytext=(0, 8), textcoords="offset points", color=style.colour("reference"),
    )  # fmt: skip
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(x.min() / 1.5, x.max() * 2.5)
    ax.set_xlabel("plant Herfindahl H")
    ax.set_ylabel("raw index G")
    return ax
