"""Pictures of distance, co-location, relatedness and change; see also `plots`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clusterlab import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from clusterlab.agglomeration.change import ShiftShare
    from clusterlab.agglomeration.distance import KDensity, RelativeConcentration
    from clusterlab.agglomeration.planted import (
        Dispersal,
        NextIndustries,
        PlantedCluster,
        VarietyGrowth,
    )

__all__ = [
    "plot_dispersal",
    "plot_growth_paths",
    "plot_k_density",
    "plot_m",
    "plot_next_industries",
    "plot_partners",
    "plot_places",
    "plot_planted_curve",
    "plot_planted_places",
    "plot_relatedness",
    "plot_shift_share",
    "plot_variety_frontier",
]


_SQUARE = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])


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
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    ax = style.axes(ax)
    own = np.asarray(points, dtype=float)
    names = [str(c) for c in points.columns] if hasattr(points, "columns") else ["x", "y"]
    if among is not None:
        every = np.asarray(among, dtype=float)
        if len(every) > 3000:
            ax.plot(*every.T, ",", color="#BBBBBB", rasterized=True)
        else:  # one path for all, which draws faster than so many markers
            corners = 0.004 * np.ptp(every, axis=0).max() * _SQUARE
            outline = (every[:, None, :] + corners).reshape(-1, 2)
            codes = np.tile([Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY], len(every))
            ax.add_patch(PathPatch(Path(outline, codes), facecolor="#BBBBBB", linewidth=0))
    ax.plot(*own.T, "D", color=style.colour("second"), markersize=4, markeredgewidth=0)
    ax.set_aspect("equal")
    ax.set_xlabel(_distance_label(names[0]))
    ax.set_ylabel(_distance_label(names[1]))
    return ax


def _distance_label(name: str) -> str:
    base, _, unit = name.partition("_")
    word = {"x": "east", "y": "north"}.get(base, name if not unit else base)
    return f"{word} ({unit})" if unit else word


def plot_k_density(result: KDensity, *, ax: Axes | None = None) -> Axes:
    """Draw the K-density with its local and global bands, where there are any."""
    ax = style.axes(ax)
    unit = f" ({result.unit})" if result.unit else ""
    _curve(
        ax, result, result.density, f"density of distances{f' (per {result.unit})' if unit else ''}"
    )
    ax.set_ylim(0, max(result.density.max(), _top(result)) * 1.15)
    ax.set_xlabel(f"distance between two establishments{unit}")
    return ax


def plot_m(result: RelativeConcentration, *, ax: Axes | None = None) -> Axes:
    """Draw M or m with its bands; one is the industry's share in the whole."""
    ax = style.axes(ax)
    unit = f" ({result.unit})" if result.unit else ""
    ax.axhline(1, color=style.colour("reference"), linewidth=1)
    _curve(ax, result, result.ratio, f"{result.kind}: share nearby over share overall")
    ax.set_ylim(0, max(float(np.nanmax(result.ratio)), _top(result)) * 1.1)
    ax.set_xlabel(f"distance from an establishment of the industry{unit}")
    return ax


def _top(result: KDensity | RelativeConcentration) -> float:
    bands = result.envelope
    return 0.0 if bands is None else float(np.nanmax(bands.global_high))


def _curve(ax: Axes, result, values: np.ndarray, label: str) -> None:
    at, bands = result.distance, result.envelope
    if bands is not None:
        percent = f"{100 * bands.level:.0f} %"
        grey = style.colour("reference")
        ax.fill_between(at, bands.low, bands.high, color="#DDDDDD", linewidth=0,
                        label=f"chance, at each distance ({percent} a side)")  # fmt: skip
        ax.plot(at, bands.global_high, "--", color=grey, linewidth=1.6,
                label=f"chance, whole curve ({percent} a side)")  # fmt: skip
        ax.plot(at, bands.global_low, "--", color=grey, linewidth=1.6)
    ax.plot(at, values, color=style.colour("main"), label="the industry")
    if bands is not None:
        above = result.localised > 0
        if above.any():
            marked = np.where(above, values, np.nan)
            ax.plot(at, marked, color=style.colour("second"), linewidth=4.5,
                    label="localised")  # fmt: skip
        ax.legend(loc="upper right")
    ax.set_xlim(0, at[-1])
    ax.set_ylabel(label)


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


def plot_planted_curve(
    result: PlantedCluster, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw the K-density of the constructed industry, and how far the reader said it reaches."""
    ax = plot_k_density(result.curve, ax=ax)
    ax.set_xlabel("distance between two plants (km)")
    ax.set_ylabel("density of distances (per km)")
    top = max(0.03, ax.get_ylim()[1] * 1.25)
    ax.set_ylim(0, next(end for end in (0.03, 0.05, 0.08, 0.12, 0.2, 0.5) if end >= top))
    ax.axvline(result.diameter, ymax=0.68, color=style.colour("third"), linestyle=":", linewidth=2)
    ax.annotate("cluster's diameter", (result.diameter, 0.04), xycoords=("data", "axes fraction"),
                xytext=(5, 0), textcoords="offset points", color=style.colour("third"))  # fmt: skip
    if prediction is not None:
        ax.axvline(prediction, ymax=0.68, color=style.colour("prediction"), linestyle="--")
        ax.annotate("your prediction", (prediction, 0.11), xycoords=("data", "axes fraction"),
                    xytext=(5, 0), textcoords="offset points",
                    color=style.colour("prediction"))  # fmt: skip
    return ax


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


def plot_next_industries(result: NextIndustries, *, ax: Axes | None = None) -> Axes:
    """Draw industries by how near they are to the region and how complex; name the nearest."""
    ax = style.axes(ax)
    frame, has = result.frame, result.frame["present"]
    ax.plot(frame["density"][has], frame["complexity"][has], "s", color=style.colour("reference"),
            markersize=6, label="has it")  # fmt: skip
    ax.plot(frame["density"][~has], frame["complexity"][~has], "o", color=style.colour("main"),
            markersize=7, label="does not have it")  # fmt: skip
    spots: list[tuple[float, float]] = []
    for name, row in result.candidates.head(6).iterrows():
        x, y = float(row["density"]), float(row["complexity"])
        close = any(abs(x - a) < 0.25 and abs(y - b) < 0.22 for a, b in spots)
        if not close and len(spots) < 4:
            spots.append((x, y))
            ax.annotate(str(name), (x, y), xytext=(7, 4), textcoords="offset points")
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-3, 3)
    ax.set_xlabel(f"share of related industries {result.region} has")
    ax.set_ylabel("complexity of the industry")
    ax.legend(loc="lower right")
    return ax


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


def plot_variety_frontier(
    result: VarietyGrowth, *, ax: Axes | None = None, prediction: int | None = None
) -> Axes:
    """Draw expected growth against volatility by number of sectors, the chosen one marked."""
    ax = style.axes(ax)
    frame = result.frontier
    ax.plot(frame["volatility"], frame["growth"], "o-", color=style.colour("reference"),
            linewidth=1.2)  # fmt: skip
    last = None
    for number, row in frame.iterrows():
        spot = (row["volatility"], row["growth"])
        if last is None or abs(spot[0] - last[0]) > 0.5 or abs(spot[1] - last[1]) > 0.25:
            ax.annotate(f"{number}", spot, xytext=(6, -12), textcoords="offset points")
            last = spot
    chosen = frame.loc[result.sectors]
    ax.plot(chosen["volatility"], chosen["growth"], "D", color=style.colour("second"), markersize=9)
    if prediction in frame.index:
        guess = frame.loc[prediction]
        ax.plot(guess["volatility"], guess["growth"], "o", color=style.colour("prediction"),
                markersize=17, markerfacecolor="none", markeredgewidth=2)  # fmt: skip
        ax.annotate("your prediction", (0.98, 0.03), xycoords="axes fraction", ha="right",
                    color=style.colour("prediction"))  # fmt: skip
    ax.set_xlim(0, 13)
    ax.set_ylim(0.5, 5.5)
    ax.set_xlabel("volatility of growth (%)")
    ax.set_ylabel("expected growth (% a year)")
    return ax


def plot_dispersal(
    result: Dispersal, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw the concentration of the two constructed industries over time."""
    ax = style.axes(ax)
    frame = result.concentration
    for name, role, line in (("design", "main", "-"), ("assembly", "second", "--")):
        ax.plot(frame.index, frame[name], line, color=style.colour(role), label=name)
    ends = frame.iloc[-1]
    apart = 0.03 if abs(ends["design"] - ends["assembly"]) < 0.03 else 0.0
    for name, role in (("design", "main"), ("assembly", "second")):
        lift = apart / 2 if name == "design" else -apart / 2
        ax.annotate(name, (frame.index[-1], ends[name] + lift), xytext=(5, 0), va="center",
                    textcoords="offset points", color=style.colour(role),
                    annotation_clip=False)  # fmt: skip
    if prediction is not None:
        ax.plot(frame.index[-1], prediction, "D", color=style.colour("prediction"), markersize=9,
                clip_on=False)  # fmt: skip
        ax.annotate("your prediction", (frame.index[-1], prediction), xytext=(-10, 8), ha="right",
                    textcoords="offset points", color=style.colour("prediction"))  # fmt: skip
    ax.set_xlim(0, frame.index[-1])
    ax.set_xticks(range(0, len(frame), 5))
    ax.set_ylim(0, max(0.25, float(frame.to_numpy().max()) * 1.1))
    ax.set_xlabel("years")
    ax.set_ylabel("concentration (raw index)")
    return ax


def plot_shift_share(
    result: ShiftShare, *, by: str = "region", top: int = 10, ax: Axes | None = None
) -> Axes:
    """Draw the parts of the change as bars, for the regions or industries that moved most."""
    ax = style.axes(ax)
    frame = result.to_frame(by)
    shown = frame.loc[frame["change"].abs().nlargest(top).index].sort_values("change")
    parts = [name for name in result.parts if name != "national"]
    rows = np.arange(len(shown))
    height = 0.75 / len(parts)
    looks = [("main", ""), ("second", "///"), ("third", "...")]
    for number, (name, (role, hatch)) in enumerate(zip(parts, looks, strict=False)):
        ax.barh(rows + (number - (len(parts) - 1) / 2) * height, shown[name], height,
                color=style.colour(role), hatch=hatch, edgecolor="white", linewidth=0,
                label=_PARTS[name])  # fmt: skip
    ax.plot(shown["change"] - shown["national"], rows, "D", color="black", markersize=5,
            label="sum: beyond national growth")  # fmt: skip
    ax.axvline(0, color=style.colour("reference"), linewidth=1)
    ax.set_yticks(rows, [str(name) for name in shown.index])
    ax.set_xlabel("jobs gained or lost beyond national growth")
    ax.legend(loc="lower right")
    return ax


_PARTS = {"mix": "mix of industries", "regional": "the region's own", "allocation": "allocation"}
