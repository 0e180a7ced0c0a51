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

    from clusterlab.agglomeration.change import ShiftShare
    from clusterlab.agglomeration.distance import KDensity, RelativeConcentration
    from clusterlab.agglomeration.planted import (
        Dispersal,
        NextIndustries,
        PlantedCluster,
        VarietyGrowth,
    )
    from clusterlab.agglomeration.plants import Dartboard, EllisonGlaeser
    from clusterlab.agglomeration.summary import IndustryProfile, Specialised

__all__ = [
    "plot_dartboard_gamma",
    "plot_dartboard_raw",
    "plot_dispersal",
    "plot_growth_paths",
    "plot_k_density",
    "plot_lorenz",
    "plot_m",
    "plot_next_industries",
    "plot_partners",
    "plot_places",
    "plot_planted_curve",
    "plot_planted_places",
    "plot_quotients",
    "plot_ranking",
    "plot_raw_against_plants",
    "plot_relatedness",
    "plot_shift_share",
    "plot_specialised",
    "plot_tile_map",
    "plot_variety_frontier",
]

_CLASSES = [
    (0.0, 0.5, "< ½", style.colour("blue"), "white"),
    (0.5, 0.8, "½–0.8", style.colour("sky blue"), "black"),
    (0.8, 1.25, "0.8–1.25", "#DDDDDD", "black"),
    (1.25, 2.0, "1.25–2", style.colour("orange"), "black"),
    (2.0, np.inf, "> 2", style.colour("vermilion"), "white"),
]


_CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])


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
        tiles = Path.make_compound_path(*(Path(0.47 * _CORNERS + spots[k]) for k in here))
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
        "spread like all activity",
        (0.5, 0.5),
        rotation=45,
        rotation_mode="anchor",
        ha="center",
        xytext=(0, 4),
        textcoords="offset points",
        transform_rotates_text=True,
        color=style.colour("reference"),
    )
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
    ax = style.axes(ax)
    floor = 0.1
    frame = result.frame[["quotient", "low", "high"]].clip(lower=floor)
    ranks = np.arange(1, len(frame) + 1)
    surely, above = result.frame["surely"], result.frame["above"]
    kinds = [
        (surely, "o", "second", None),
        (above & ~surely, "o", "second", "white"),
        (~above, "s", "reference", None),
    ]
    nowhere = np.full(len(frame), np.nan)  # one path with gaps draws faster than many
    spans = np.stack([frame["low"], frame["high"], nowhere], axis=1).ravel()
    ax.plot(np.repeat(ranks, 3), spans, color=style.colour("reference"), linewidth=1.3)
    for here, marker, hue, face in kinds:
        ax.plot(
            ranks[here],
            frame["quotient"][here],
            marker,
            color=style.colour(hue),
            markersize=7,
            markerfacecolor=face or style.colour(hue),
            linestyle="none",
        )
    ax.axhline(result.threshold, color=style.colour("main"), linewidth=1.5, linestyle="--")
    if result.frame["surely"].iloc[0]:
        first = (ranks[0], frame["quotient"].iloc[0])
        ax.annotate(str(frame.index[0]), first, xytext=(7, 2), textcoords="offset points")
    ax.set_yscale("log")
    ticks = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32]
    ax.set_yticks(ticks, ["0.1 or less", *(f"{tick:g}" for tick in ticks[1:])])
    ax.minorticks_off()
    # room for the key above the threshold, which is 4 at most
    ax.set_ylim(floor * 0.9, max(28, float(frame["high"].max()) * 1.1))
    ax.set_xlim(0, len(frame) + 1)
    ax.set_xlabel("regions, by falling quotient")
    ax.set_ylabel(f"location quotient of {result.industry}")
    told = [("● surely above", "second"), ("○ above, could be chance", "second")]
    told += [("■ not above", "reference"), (f"threshold {result.threshold:g} (dashed)", "main")]
    style.key(ax, told)
    return ax


def _plot_throws(values: np.ndarray, ends: tuple[float, float], ax: Axes) -> None:
    edges = np.linspace(*ends, 61)
    counts = np.histogram(np.clip(values, *ends), edges)[0] / len(values) * 100
    ax.fill_between(
        edges, [*counts, counts[-1]], step="post", color=style.colour("main"), alpha=0.75, lw=0
    )
    ax.set_xlim(*ends)
    ax.set_ylim(0, max(1.0, counts.max() * 1.25))
    ax.set_ylabel("throws (%)")


def _round_end(reach: float) -> float:
    """Return the first of a few ends beyond a value: an axis that does not move at every step."""
    return next((end for end in (0.15, 0.3, 0.6, 1.2, 2.5, 5) if end >= reach), reach)


def _mark(ax: Axes, x: float, words: str, colour: str, line: str, height: float) -> None:
    ax.axvline(x, color=style.colour(colour), linestyle=line)
    low, high = ax.get_xlim()
    right = x > (low + high) / 2  # written towards the middle
    ax.annotate(
        words,
        (x, height),
        xycoords=("data", "axes fraction"),
        va="top",
        xytext=(-5 if right else 5, 0),
        ha="right" if right else "left",
        textcoords="offset points",
        color=style.colour(colour),
    )


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
        "expected by chance",
        (x.iloc[last], result.expected.iloc[last]),
        ha="right",
        xytext=(0, 8),
        textcoords="offset points",
        color=style.colour("reference"),
    )
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(x.min() / 1.5, x.max() * 2.5)
    ax.set_xlabel("plant Herfindahl H")
    ax.set_ylabel("raw index G")
    return ax


@style.plot
def plot_places(
    points: np.ndarray | pd.DataFrame,
    among: np.ndarray | pd.DataFrame | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw an industry's establishments as a map, over all the sites they could have chosen.

    Parameters
    ----------
    points, among : array or pandas.DataFrame of two columns
        Places of the industry, and of all establishments.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    ax = style.axes(ax)
    own = np.asarray(points, dtype=float)
    names = [str(c) for c in points.columns] if hasattr(points, "columns") else ["x", "y"]
    if among is not None:
        every = np.asarray(among, dtype=float)
        if len(every) > 3000:
            ax.plot(*every.T, ",", color="#BBBBBB", rasterized=True)
        else:  # one path for all, which draws faster than so many markers
            corners = 0.004 * np.ptp(every, axis=0).max() * _CORNERS
            outline = (every[:, None, :] + corners).reshape(-1, 2)
            codes = np.tile([Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY], len(every))
            sites = PathCollection([Path(outline, codes)], facecolors="#BBBBBB", linewidths=0)
            ax.add_collection(sites)
    ax.plot(*own.T, "D", color=style.colour("second"), markersize=4, markeredgewidth=0)
    ax.set_aspect("equal")
    ax.set_xlabel(_distance_label(names[0]))
    ax.set_ylabel(_distance_label(names[1]))
    return ax


def _distance_label(name: str) -> str:
    base, _, unit = name.partition("_")
    word = {"x": "east", "y": "north"}.get(base, name if not unit else base)
    return f"{word} ({unit})" if unit else word


@style.plot
def plot_k_density(result: KDensity, *, ax: Axes | None = None) -> Axes:
    """Draw the K-density with its local and global bands, where there are any."""
    ax = style.axes(ax)
    unit = f" ({result.unit})" if result.unit else ""
    _curve(
        ax, result, result.density, f"density of distances{f' (per {result.unit})' if unit else ''}"
    )
    ax.set_ylim(0, _top(result) * 1.15)
    ax.set_xlabel(f"distance between two establishments{unit}")
    return ax


@style.plot
def plot_m(result: RelativeConcentration, *, ax: Axes | None = None) -> Axes:
    """Draw M or m with its bands; one is the industry's share in the whole."""
    ax = style.axes(ax)
    unit = f" ({result.unit})" if result.unit else ""
    ax.axhline(1, color=style.colour("reference"), linewidth=1)
    _curve(ax, result, result.ratio, f"{result.kind}: share nearby over share overall")
    ax.set_ylim(0, max(_top(result), 1.0) * 1.1)
    ax.set_xlabel(f"distance from an establishment of the industry{unit}")
    return ax


def _top(result: KDensity | RelativeConcentration) -> float:
    bands = result.envelope
    curves = [result.values] if bands is None else [result.values, bands.high, bands.global_high]
    return float(np.nanmax(np.concatenate(curves), initial=0.0)) or 1.0


def _curve(ax: Axes, result, values: np.ndarray, label: str) -> None:
    at, bands = result.distance, result.envelope
    if bands is not None:
        grey = style.colour("reference")
        ax.fill_between(at, bands.low, bands.high, color="#DDDDDD", linewidth=0)
        ax.plot(at, bands.global_high, "--", color=grey, linewidth=1.6)
        ax.plot(at, bands.global_low, "--", color=grey, linewidth=1.6)
    ax.plot(at, values, color=style.colour("main"))
    if bands is not None:
        percent = f"{100 * bands.level:.6g} % a side"
        told = [(f"chance at each distance, {percent} (band)", "reference")]
        whole = f"chance, whole curve, {percent} (dashed)"
        if bands.simulations < bands.needed:
            whole = f"no band for the whole curve: {bands.needed:,} simulations or more needed"
        told += [(whole, "reference")]
        told += [("the industry", "main")]
        for gap, word, role in (
            (result.localised, "localised", "second"),
            (result.dispersed, "dispersed", "third"),
        ):
            if gap.any():
                marked = np.where(gap > 0, values, np.nan)
                ax.plot(at, marked, color=style.colour(role), linewidth=4.5)
                told += [(f"{word} (thick)", role)]
        style.key(ax, told)
    ax.set_xlim(0, at[-1])
    ax.set_ylabel(label)


@style.plot
def plot_planted_places(
    result: PlantedCluster, *, ax: Axes | None = None, prediction: object = None
) -> Axes:
    """Draw the constructed sites and the industry's plants; a prediction is not drawn here."""
    ax = plot_places(result.plants, result.sites, ax=ax)
    ax.set_xlim(0, 100)
    ax.set_ylim(0, 100)
    ax.set_xlabel("east (km)")
    ax.set_ylabel("north (km)")
    return ax


@style.plot
def plot_planted_curve(
    result: PlantedCluster, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw the K-density of the constructed industry, and how far the reader said it reaches."""
    ax = plot_k_density(result.curve, ax=ax)
    ax.set_xlabel("distance between two plants (km)")
    ax.set_ylabel("density of distances (per km)")
    # one axis for many settings, with a third of it free above for the key and the names of lines
    top = max(0.03, ax.get_ylim()[1] * 1.6)
    ax.set_ylim(0, next(end for end in (0.03, 0.05, 0.08, 0.12, 0.2, 0.5, 1.0) if end >= top))
    marks = [] if result.followers < 2 else [(result.diameter, "cluster's diameter", "third", ":")]
    if prediction is not None:
        marks.append((prediction, "your prediction", "prediction", "--"))
    for (x, words, hue, line), height in zip(marks, (0.6, 0.52), strict=False):
        right = x > 30  # written towards the middle of the 60 km
        ax.axvline(x, ymax=0.66, color=style.colour(hue), linestyle=line, linewidth=2)
        ax.annotate(
            words,
            (x, height),
            xycoords=("data", "axes fraction"),
            va="center",
            xytext=(-5 if right else 5, 0),
            ha="right" if right else "left",
            textcoords="offset points",
            color=style.colour(hue),
        )
    return ax


@style.plot
def plot_partners(values: pd.Series, *, top: int = 8, ax: Axes | None = None) -> Axes:
    """Draw with whom an industry is found most and least: its row of a coagglomeration table."""
    ax = style.axes(ax)
    ordered = values.drop(index=values.name, errors="ignore").sort_values()
    if len(ordered) > 2 * top:
        ordered = ordered.iloc[np.r_[:top, len(ordered) - top : len(ordered)]]
    rows, near = np.arange(len(ordered)), ordered.to_numpy() > 0
    ax.hlines(rows, 0, ordered, color=style.colour("reference"), linewidth=1.5)
    ax.plot(ordered[near], rows[near], "o", color=style.colour("second"), markersize=8)
    ax.plot(ordered[~near], rows[~near], "s", color=style.colour("main"), markersize=7)
    ax.axvline(0, color=style.colour("reference"), linewidth=1)
    ax.set_yticks(rows, [str(name) for name in ordered.index])
    ax.set_ylim(-0.6, len(ordered) - 0.4)
    ax.set_xlabel(f"coagglomeration with {values.name}")
    return ax


@style.plot
def plot_relatedness(
    matrix: pd.DataFrame, groups: pd.Series | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw relatedness as a picture of squares, industries in the order of their groups."""
    ax = style.axes(ax)
    order = matrix.index
    if groups is not None:
        order = groups.loc[matrix.index].sort_values(kind="stable").index
    values = matrix.loc[order, order].to_numpy(float).copy()
    np.fill_diagonal(values, np.nan)
    image = ax.imshow(values, cmap="cividis", vmin=0)
    ax.figure.colorbar(image, ax=ax, label="relatedness", fraction=0.046)
    if groups is not None:
        names = groups.loc[order]
        starts = np.flatnonzero(np.r_[True, names.to_numpy()[1:] != names.to_numpy()[:-1]])
        ends = np.r_[starts[1:], len(names)]
        ax.set_yticks((starts + ends - 1) / 2, names.iloc[starts].tolist())
        for edge in starts[1:]:
            ax.axhline(edge - 0.5, color="white", linewidth=1)
            ax.axvline(edge - 0.5, color="white", linewidth=1)
    else:
        ax.set_yticks(range(len(order)), [str(name) for name in order])
    ax.tick_params(length=0)
    ax.set_xticks([])
    ax.set_xlabel("industries, in the same order")
    return ax


@style.plot
def plot_next_industries(result: NextIndustries, *, ax: Axes | None = None) -> Axes:
    """Draw industries by how near they are to the region and how complex; name the nearest."""
    ax = style.axes(ax)
    frame, has = result.frame, result.frame["present"]
    ax.plot(
        frame["density"][has],
        frame["complexity"][has],
        "s",
        color=style.colour("reference"),
        markersize=6,
    )
    ax.plot(
        frame["density"][~has],
        frame["complexity"][~has],
        "o",
        color=style.colour("main"),
        markersize=7,
    )
    widest = float(frame["density"].max())
    end = next((reach for reach in (0.3, 0.5, 0.75) if widest <= 0.8 * reach), 1.02)
    tall = float(max(2.5, frame["complexity"].abs().max()))
    ax.set_xlim(-0.02 * end, end)
    ax.set_ylim(-1.5 * tall, 1.15 * tall)  # below, room for the key
    ax.locator_params(axis="y", nbins=5, integer=True)
    places = result.candidates.head(6)
    spots = zip(places["density"] / end, (places["complexity"] / tall + 1.5) / 2.65, strict=True)
    taken: list[tuple[float, float, float]] = []  # left and right end, and height, in axes
    for name, (x, y) in zip(places.index, spots, strict=True):
        long = 0.017 * len(str(name)) + 0.02
        left = x + long > 1
        here = (x - long, x, y) if left else (x, x + long, y)
        clear = all(here[1] < a or b < here[0] or abs(y - h) > 0.07 for a, b, h in taken)
        if clear and len(taken) < 4:
            taken.append(here)
            ax.annotate(
                str(name),
                places.loc[name, ["density", "complexity"]],
                xytext=(-7 if left else 7, 0),
                ha="right" if left else "left",
                va="center",
                textcoords="offset points",
            )
    ax.set_xlabel(f"share of related industries {result.region} has")
    ax.set_ylabel("complexity of the industry")
    style.key(ax, [("■ has it", "reference"), ("● does not have it", "main")], low=True)
    return ax


@style.plot
def plot_growth_paths(
    result: VarietyGrowth, *, ax: Axes | None = None, prediction: object = None
) -> Axes:
    """Draw forty constructed regions over twenty years, and their median."""
    from matplotlib.collections import LineCollection

    ax = style.axes(ax)
    years = np.arange(result.paths.shape[1])
    lines = [np.column_stack([years, path]) for path in result.paths]
    ax.add_collection(LineCollection(lines, colors=style.colour("reference"), linewidths=0.7))
    ax.plot(years, np.median(result.paths, axis=0), color=style.colour("main"))
    ax.set_yscale("log")
    ax.set_ylim(20, 800)
    ax.set_yticks([25, 50, 100, 200, 400], ["25", "50", "100", "200", "400"])
    ax.minorticks_off()
    ax.set_xlim(0, years[-1])
    ax.set_xticks(range(0, len(years), 5))
    ax.set_xlabel("years")
    ax.set_ylabel("employment (start = 100)")
    return ax


@style.plot
def plot_variety_frontier(
    result: VarietyGrowth, *, ax: Axes | None = None, prediction: int | None = None
) -> Axes:
    """Draw expected growth against volatility by number of sectors, the chosen one marked."""
    ax = style.axes(ax)
    frame = result.frontier
    ax.plot(
        frame["volatility"], frame["growth"], "o-", color=style.colour("reference"), linewidth=1.2
    )
    groups: list[tuple[list, list[str]]] = []
    for number, row in frame.iterrows():  # what lies in one place is named together
        spot = (row["volatility"], row["growth"])
        near = groups and np.abs(np.subtract(spot, groups[-1][0][-1])) < (0.6, 0.3)
        if not groups or not np.all(near):
            groups.append(([], []))
        groups[-1][0].append(spot)
        groups[-1][1].append(f"{number}")
    for spots, numbers in groups:
        words = ", ".join(numbers)
        left = spots[0][0] > 0.3 * len(words) + 0.3  # below and to the left, where there is room
        ax.annotate(
            words,
            spots[0],
            xytext=(-6, -13) if left else (4, 7),
            ha="right" if left else "left",
            textcoords="offset points",
        )
    chosen = frame.loc[result.sectors]
    ax.plot(chosen["volatility"], chosen["growth"], "D", color=style.colour("second"), markersize=9)
    if prediction in frame.index:
        guess = frame.loc[prediction]
        ax.plot(
            guess["volatility"],
            guess["growth"],
            "o",
            color=style.colour("prediction"),
            markersize=17,
            markerfacecolor="none",
            markeredgewidth=2,
        )
        ax.annotate(
            "your prediction",
            (0.98, 0.98),
            xycoords="axes fraction",
            ha="right",
            va="top",
            color=style.colour("prediction"),
        )
    ax.set_xlim(0, 13)
    ax.set_ylim(0.5, 6)
    ax.set_xlabel("volatility of growth (%)")
    ax.set_ylabel("expected growth (% a year)")
    return ax


@style.plot
def plot_dispersal(
    result: Dispersal, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw the concentration of the two constructed industries over time."""
    ax = style.axes(ax)
    frame = result.concentration
    for name, role, line in (("design", "main", "-"), ("assembly", "second", "--")):
        ax.plot(frame.index, frame[name], line, color=style.colour(role), label=name)
    ends, top = frame.iloc[-1], max(0.25, float(frame.to_numpy().max()) * 1.1)
    # a line of text is a sixteenth of the axis: lines that meet, or end on it, are named apart
    heights = {name: max(float(ends[name]), 0.03 * top) for name in ("design", "assembly")}
    lower, upper = sorted(heights, key=lambda name: (heights[name], name == "design"))
    heights[upper] = max(heights[upper], heights[lower] + 0.065 * top)
    for name, role in (("design", "main"), ("assembly", "second")):
        ax.annotate(
            name,
            (frame.index[-1], heights[name]),
            xytext=(5, 0),
            va="center",
            textcoords="offset points",
            color=style.colour(role),
            annotation_clip=False,
        )
    if prediction is not None:
        ax.plot(
            frame.index[-1],
            prediction,
            "D",
            color=style.colour("prediction"),
            markersize=9,
            clip_on=False,
        )
        ax.annotate(
            "your prediction",
            (frame.index[-1], prediction),
            xytext=(-10, 8),
            ha="right",
            textcoords="offset points",
            color=style.colour("prediction"),
        )
    ax.set_xlim(0, frame.index[-1])
    ax.set_xticks(range(0, len(frame), 5))
    ax.set_ylim(0, top)
    ax.set_xlabel("years")
    ax.set_ylabel("concentration (raw index)")
    return ax


@style.plot
def plot_shift_share(
    result: ShiftShare, *, by: str = "region", top: int = 10, ax: Axes | None = None
) -> Axes:
    """Draw parts of the change as bars, for those that differ most from national growth."""
    ax = style.axes(ax)
    frame = result.to_frame(by)
    beyond = frame["change"] - frame["national"]  # what the bars add up to
    shown = frame.loc[beyond.loc[beyond.abs().nlargest(top).index].sort_values().index]
    parts = [name for name in result.parts if name != "national"]
    rows = np.arange(len(shown))
    height = 0.75 / len(parts)
    looks = [("main", ""), ("second", "///"), ("third", "...")]
    for number, (name, (role, hatch)) in enumerate(zip(parts, looks, strict=False)):
        ax.barh(
            rows + (number - (len(parts) - 1) / 2) * height,
            shown[name],
            height,
            color=style.colour(role),
            hatch=hatch,
            edgecolor="white",
            linewidth=0,
            label=_PARTS[name],
        )
    ax.plot(
        shown["change"] - shown["national"],
        rows,
        "D",
        color="black",
        markersize=5,
        label="sum: beyond national growth",
    )
    ax.axvline(0, color=style.colour("reference"), linewidth=1)
    ax.set_yticks(rows, [str(name) for name in shown.index])
    ax.set_xlabel("jobs gained or lost beyond national growth")
    ax.legend(loc="lower right")
    return ax


_PARTS = {"mix": "mix of industries", "regional": "the region's own", "allocation": "allocation"}
