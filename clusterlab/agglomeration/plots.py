"""Pictures of concentration. Each takes a result or a Series, draws it, and returns the axes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from clusterlab import style, tables
from clusterlab.labels import spread

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from clusterlab.agglomeration import change, distance, envelope, planted, plants, summary
    from clusterlab.agglomeration.quotient import LocationQuotient

__all__ = [
    "plot_k_density",
    "plot_lorenz",
    "plot_m",
    "plot_map",
    "plot_next_industries",
    "plot_partners",
    "plot_quotients",
    "plot_raw_against_plants",
    "plot_relatedness",
    "plot_shift_share",
]


def dots(
    ax: Axes,
    values: pd.Series,
    special: np.ndarray,
    looks: tuple[str, str] = ("so", "main second"),
    *,
    base: float = 0,
) -> None:
    """Draw one dot a row at the end of a line from the base; special ones differ in shape and hue.

    ``looks`` are the markers and the hues of the others and of the special rows.
    """
    rows = np.arange(len(values))
    ax.hlines(rows, base, values, color=style.colour("reference"), linewidth=1.5)
    for these, marker, hue in zip((~special, special), looks[0], looks[1].split(), strict=True):
        ax.plot(values[these], rows[these], marker, color=style.colour(hue), markersize=8)
    ax.set_yticks(rows, [str(label) for label in values.index])
    ax.set_ylim(-0.6, len(values) - 0.4)


def note(ax: Axes, words: str, spot: tuple, away: tuple[float, float], **look: Any) -> None:
    """Write words beside a spot, so many points away."""
    ax.annotate(words, spot, xytext=away, textcoords="offset points", **look)


@style.plot
def plot_quotients(profile: summary.IndustryProfile, *, ax: Axes | None = None) -> Axes:
    """Draw the twelve highest location quotients of an industry, one line a region.

    Parameters
    ----------
    profile : IndustryProfile
        From `industry_profile`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.agglomeration.widgets.concentration : choose the industry with a control.
    clusterlab.agglomeration.location_quotient : the quotients with their limits.
    """
    ax = style.axes(ax)
    top = profile.quotients.nlargest(12)[::-1]
    dots(ax, top, np.zeros(len(top), bool), ("oo", "main main"), base=1)
    ax.axvline(1, color=style.colour("reference"), linewidth=1)
    ax.set_xlim(0, max(1.2, float(top.max()) * 1.05))
    ax.set_xlabel(f"location quotient of {profile.industry}")
    return ax


@style.plot
def plot_lorenz(curves: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw Lorenz curves against the diagonal, each with its largest gap: the Hoover index.

    Parameters
    ----------
    curves : mapping of str to pandas.DataFrame
        Name of an industry → its curve from `lorenz_curve`; up to four.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.agglomeration.lorenz_curve : the points of a curve.
    clusterlab.agglomeration.gini : the area between curve and diagonal.
    """
    ax = style.axes(ax)
    ends = []
    for (name, curve), line in zip(curves.items(), ["-", "--", "-.", ":"], strict=False):
        (drawn,) = ax.plot(curve["reference"], curve["values"], line)
        gap = curve["reference"] - curve["values"]
        x, low = curve.loc[gap.idxmax(), ["reference", "values"]]
        ax.vlines(x, low, x, color=drawn.get_color(), linewidth=1)
        ends.append((low, f"{name}, gap {gap.max():.2f}", drawn.get_color()))
    heights = spread([low for low, _, _ in ends], 0.07, 0, 1)  # lines of text, off each other
    for (_, words, hue), height in zip(ends, heights, strict=True):
        note(ax, words, (1.03, height), (0, 0), va="center", color=hue, annotation_clip=False)
    grey = style.colour("reference")
    ax.plot([0, 1], [0, 1], color=grey, linewidth=1)
    turned = {"rotation": 45, "rotation_mode": "anchor", "transform_rotates_text": True}
    note(ax, "spread like all activity", (0.5, 0.5), (0, 4), ha="center", color=grey, **turned)
    ax.set(aspect="equal", xlim=(0, 1), ylim=(0, 1))
    ax.set_xlabel("share of all activity (cumulated)")
    ax.set_ylabel("share of the industry (cumulated)")
    return ax


@style.plot
def plot_raw_against_plants(
    result: plants.EllisonGlaeser, *, named: list[str], ax: Axes | None = None
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

    See Also
    --------
    clusterlab.agglomeration.ellison_glaeser : both indices and γ.
    clusterlab.agglomeration.dartboard : the raw index that chance alone makes.
    """
    ax = style.axes(ax)
    x, y = result.plant_herfindahl, result.raw
    chance, grey = result.expected[x.sort_values().index], style.colour("reference")
    ax.plot(x[chance.index], chance, color=grey, linewidth=1.5)
    chosen = x.index.isin(named)
    ax.plot(x[~chosen], y[~chosen], "o", color=style.colour("main"), markersize=7)
    ax.plot(x[chosen], y[chosen], "D", color=style.colour("second"), markersize=8)
    for name in named:
        note(ax, str(name), (x[name], y[name]), (8, -4))
    note(ax, "expected by chance", (x.max(), chance.iloc[-1]), (0, 8), ha="right", color=grey)
    ax.set(xscale="log", yscale="log", xlabel="plant Herfindahl H", ylabel="raw index G")
    ax.set_xlim(x.min() / 1.5, x.max() * 2.5)
    return ax


@style.plot
def plot_map(
    result: LocationQuotient,
    industry: str,
    places: pd.DataFrame,
    *,
    named: Mapping[str, str],
    threshold: float = 1.25,
    ax: Axes | None = None,
) -> Axes:
    """Draw where an industry is in the contiguous United States: a dot an area, as large as jobs.

    All areas are faint dots, which together have the country's shape: nothing is downloaded. Areas
    with the industry have a dot whose surface grows with what is counted there, filled where the
    quotient is above the threshold and a ring elsewhere. The projection is Albers', in which equal
    surfaces of the land are equal on the picture. Alaska, Hawaii, Puerto Rico and areas whose place
    is unknown are left out; below stands how many of the areas that have the industry are drawn.

    Parameters
    ----------
    result : LocationQuotient
        From `location_quotient`; cells may be unknown.
    industry : str
        One of its industries.
    places : pandas.DataFrame
        Columns ``longitude`` and ``latitude`` in degrees (west is negative), by area; areas that
        the result does not have are drawn as well.
    named : mapping of str to str
        Area → the words beside its dot.
    threshold : float
        The quotient above which a dot is filled.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        A column or an industry that is not there; no area with the industry on the map; an area to
        be named that is not on it.

    See Also
    --------
    plot_quotients : the same as a ranking.

    Notes
    -----
    Data set ``us_metro_areas`` has the places of US metro areas.
    """
    from matplotlib.patheffects import withStroke

    tables.need_columns(places.columns, ["longitude", "latitude"], "the table of places")
    tables.need_columns(result.counts.columns, [industry], "the result")
    ax = style.axes(ax)
    every = places[places["longitude"].between(-125, -66) & places["latitude"].between(24, 50)]
    ax.plot(*_albers(every), "o", color="#BBBBBB", markersize=2.5, markeredgewidth=0)
    # in this order small dots lie on large ones
    counts = result.counts[industry].loc[lambda known: known > 0].sort_values(ascending=False)
    there = counts[counts.index.isin(every.index)]
    if there.empty:
        raise ValueError(f"no area with industry {industry!r} is among the places on the map.")
    x, y = _albers(every.loc[there.index])
    surface = 12 + 700 * there.to_numpy() / there.max()
    high = (result.value.loc[there.index, industry] > threshold).to_numpy()
    fills = np.where(high, style.colour("second"), "none")
    edges = np.where(high, "white", style.colour("main"))
    ax.scatter(x, y, surface, fills, edgecolors=edges.tolist(), linewidths=1, zorder=3)
    for area, words in named.items():
        if area not in there.index:
            raise ValueError(f"named: {area!r} has no place on the map, or none of {industry!r}.")
        [at] = np.flatnonzero(there.index == area)
        aside = (np.sqrt(surface[at] / np.pi) + 3, 0)
        text = ax.annotate(words, (x[at], y[at]), aside, textcoords="offset points", va="center")
        # a rim in the colour of the ground keeps the letters clear of dots
        text.set(path_effects=[withStroke(linewidth=3, foreground=ax.get_facecolor())], zorder=4)
    ax.set(aspect="equal", xticks=[], yticks=[], frame_on=False)
    on_it = f"on the map: {len(there)} of {len(counts)} areas"
    ax.set_xlabel(f"largest dot: {there.max():,.0f} in {industry}; {on_it}")
    style.key(ax, [(f"● quotient above {threshold:g}", "second"), ("○ not above", "main")])
    return ax


def _albers(places: pd.DataFrame) -> np.ndarray:
    """Return x and y, in radii of the earth, of Albers' projection for the contiguous states.

    Snyder (1987), Map projections: a working manual, section 14, for a sphere, with the usual
    standard parallels for these states, 29.5 and 45.5 degrees, about 96 degrees west. y is counted
    from the point where the meridians meet.
    """
    first, second = np.radians([29.5, 45.5])
    latitude = np.radians(places["latitude"].to_numpy())
    cone = (np.sin(first) + np.sin(second)) / 2
    from_pole = np.sqrt(np.cos(first) ** 2 + 2 * cone * (np.sin(first) - np.sin(latitude))) / cone
    angle = cone * np.radians(places["longitude"].to_numpy() + 96)
    return np.array([from_pole * np.sin(angle), -from_pole * np.cos(angle)])


@style.plot
def plot_k_density(result: distance.KDensity, *, ax: Axes | None = None) -> Axes:
    """Draw the K-density with its local and global bands, where there are any.

    Parameters
    ----------
    result : KDensity
        From `k_density`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    plot_m : the same for M and m.
    """
    ax = style.axes(ax)
    _draw_curve(ax, result)
    ax.set_ylim(0, highest(result) * 1.15)
    ax.set_xlabel(f"distance between two establishments{_in(result.unit)}")
    ax.set_ylabel(f"density of distances{_in(result.unit and f'per {result.unit}')}")
    return ax


@style.plot
def plot_m(result: distance.RelativeConcentration, *, ax: Axes | None = None) -> Axes:
    """Draw M or m with its bands; one is the industry's share in the whole.

    Parameters
    ----------
    result : RelativeConcentration
        From `marcon_puech`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    plot_k_density : the same for the K-density.
    """
    ax = style.axes(ax)
    ax.axhline(1, color=style.colour("reference"), linewidth=1)
    _draw_curve(ax, result)
    ax.set_ylim(0, max(highest(result), 1.0) * 1.1)
    ax.set_xlabel(f"distance from an establishment of the industry{_in(result.unit)}")
    ax.set_ylabel(f"{result.kind}: share nearby over share overall")
    return ax


def _in(unit: str) -> str:
    return f" ({unit})" if unit else ""


def highest(result: envelope.Curve) -> float:
    """Return the highest value of a curve and its bands."""
    bands = result.envelope
    curves = [result.values] if bands is None else [result.values, bands.high, bands.global_high]
    return float(np.nanmax(np.concatenate(curves), initial=0.0)) or 1.0


def _draw_curve(ax: Axes, result: envelope.Curve) -> None:
    """Draw a curve over its bands and name what is drawn."""
    told, bands = draw_bands(ax, result), result.envelope
    if bands is None:
        return
    percent = f"{100 * bands.level:.6g} % a side"
    whole = f"chance, whole curve, {percent} (dashed)"
    if bands.simulations < bands.needed:
        whole = f"no band for the whole curve: {bands.needed:,} simulations or more needed"
    chance = [(f"chance at each distance, {percent} (band)", "reference"), (whole, "reference")]
    style.key(ax, [*chance, ("the industry", "main"), *told])


def draw_bands(ax: Axes, result: envelope.Curve) -> list[tuple[str, str]]:
    """Draw a curve over its bands, thick where it leaves them; return what its key says of that."""
    at, values, bands = result.distance, result.values, result.envelope
    ax.set_xlim(0, at[-1])
    told = []
    if bands is not None:
        ax.fill_between(at, bands.low, bands.high, color=style.colour("reference"), alpha=0.3, lw=0)
        for side in (bands.global_high, bands.global_low):
            ax.plot(at, side, "--", color=style.colour("reference"), linewidth=1.6)
    ax.plot(at, values, color=style.colour("main"))
    for word, role in (("localised", "second"), ("dispersed", "third")) if bands else ():
        gap = getattr(result, word)
        if gap.any():
            marked = np.where(gap > 0, values, np.nan)
            ax.plot(at, marked, color=style.colour(role), linewidth=4.5)
            told += [(f"{word} (thick)", role)]
    return told


@style.plot
def plot_partners(
    values: pd.Series, groups: pd.Series | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw the eight industries with which one is found most, and the four it avoids most.

    Parameters
    ----------
    values : pandas.Series
        The industry's column of `coagglomeration`; its own name is left out.
    groups : pandas.Series, optional
        Group of each industry: those of the industry's own group differ in shape and colour.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    plot_relatedness : all pairs at once.
    """
    ax = style.axes(ax)
    ordered = values.drop(index=values.name, errors="ignore").sort_values()
    if len(ordered) > 12:
        ordered = ordered.iloc[np.r_[:4, len(ordered) - 8 : len(ordered)]]
    own = np.zeros(len(ordered), bool)
    if groups is not None:
        own = (groups[ordered.index] == groups[values.name]).to_numpy()
        told = [(f"◆ {groups[values.name]}, as {values.name}", "second"), ("■ another", "main")]
        style.key(ax, told, low=True)
    dots(ax, ordered, own, ("sD", "main second"))
    ax.axvline(0, color=style.colour("reference"), linewidth=1)
    ax.set_xlabel(f"coagglomeration with {values.name}")
    return ax


@style.plot
def plot_relatedness(
    matrix: pd.DataFrame,
    groups: pd.Series | None = None,
    *,
    label: str = "relatedness",
    ax: Axes | None = None,
) -> Axes:
    """Draw a matrix of industries as a heat map, related ones side by side.

    Parameters
    ----------
    matrix : pandas.DataFrame
        Industries by industries, from `relatedness` or `coagglomeration`; the diagonal is left out.
    groups : pandas.Series, optional
        Group of each industry: industries stand in the order of their groups. Without it they stand
        in the order of a cluster map: the leaves of a tree of average linkage.
    label : str
        What the numbers are.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    plot_partners : one row of the matrix.
    clusterlab.agglomeration.relatedness, clusterlab.agglomeration.coagglomeration
    """
    import seaborn

    ax = style.axes(ax)
    if groups is None:
        order = _tree_order(matrix)
        names = order.to_series().astype(str)
    else:
        order = groups.loc[matrix.index].sort_values(kind="stable").index
        names = groups.loc[order].astype(str)
    values = matrix.loc[order, order].to_numpy(float).copy()
    np.fill_diagonal(values, np.nan)
    colours = {"cmap": "cividis", "vmin": 0, "vmax": np.nanmax(values)}
    if (values < 0).any():  # the middle colour is for zero
        most = np.nanmax(np.abs(values))
        colours = {"cmap": "RdBu_r", "vmin": -most, "vmax": most}
    bar = {"label": label, "fraction": 0.046}
    seaborn.heatmap(values, **colours, cbar_kws=bar, xticklabels=False, square=True, ax=ax)
    starts = np.flatnonzero(np.r_[True, names.to_numpy()[1:] != names.to_numpy()[:-1]])
    ends = np.r_[starts[1:], len(names)]
    ax.set_yticks((starts + ends) / 2, names.iloc[starts].tolist(), rotation=0)
    if groups is not None:
        ax.hlines(starts[1:], 0, len(names), color="white", linewidth=1)
        ax.vlines(starts[1:], 0, len(names), color="white", linewidth=1)
    ax.set_xlabel("industries, in the same order")
    return ax


def _tree_order(matrix: pd.DataFrame) -> pd.Index:
    """Return the industries in the order of a tree whose branches join what is most related."""
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(matrix) < 3:
        return matrix.index
    apart = matrix.to_numpy(float).max() - matrix.to_numpy(float)
    np.fill_diagonal(apart, 0)
    near = squareform((apart + apart.T) / 2, checks=False)
    return matrix.index[leaves_list(linkage(near, "average", optimal_ordering=True))]


@style.plot
def plot_next_industries(
    result: planted.NextIndustries, *, ax: Axes | None = None, prediction: float | None = None
) -> Axes:
    """Draw the twelve industries a region lacks that are nearest to what it has.

    Parameters
    ----------
    result : NextIndustries
        From `clusterlab.agglomeration.planted.next_industries`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : float, optional
        The density of the nearest that a reader predicts.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.agglomeration.widgets.next_industries : choose the region with a control.
    clusterlab.agglomeration.relatedness_density : how near an industry is.
    """
    ax = style.axes(ax)
    nearest = result.candidates.head(12)[::-1]
    figure: Any = ax.figure.figure
    narrow = figure.get_figwidth() < 5  # inches, as on a phone
    if narrow:  # names of industries would leave no room for the dots
        short = [textwrap.shorten(str(name), 20, placeholder="…") for name in nearest.index]
        nearest = nearest.set_axis(short)
    unknown = nearest["quotient"].isna().to_numpy()
    dots(ax, nearest["density"], unknown, ("oD", "main second"))
    ax.set_ylim(-0.6, 15 if narrow else 13.6)  # above, room for the key
    ax.set_xlim(0, max(0.1, 1.15 * float(result.frame["density"].max()), 1.5 * (prediction or 0)))
    ax.set_xlabel(f"share of related industries {result.region} has")
    if prediction is not None:
        style.mark(ax, prediction, "your prediction", along=0.99)
    told = [(f"● quotient below {result.threshold:g}", "main")]
    style.key(ax, told + [("◆ not published", "second")] * bool(unknown.any()))
    return ax


_PARTS = {"mix": "mix of industries", "regional": "the region's own", "allocation": "allocation"}


@style.plot
def plot_shift_share(
    result: change.ShiftShare, *, by: str = "region", only: Sequence = (), ax: Axes | None = None
) -> Axes:
    """Draw parts of the change as bars.

    Parameters
    ----------
    result : ShiftShare
        From `shift_share` or `dynamic_shift_share`.
    by : {"region", "industry"}
        What a group of bars is.
    only : sequence
        What to draw; where empty, the ten that differ most from national growth.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.agglomeration.shift_share, clusterlab.agglomeration.dynamic_shift_share
    """
    ax = style.axes(ax)
    frame = result.to_frame(by)
    beyond = frame["change"] - frame["national"]  # what the bars add up to
    tables.need_columns(beyond.index, only, "the result")
    order = beyond.loc[only or beyond.abs().nlargest(10).index].sort_values()
    parts = frame.loc[order.index, [name for name in result.parts if name != "national"]]
    hues = [style.colour(role) for role in ("main", "second", "third")]
    parts.rename(columns=_PARTS).plot.barh(ax=ax, color=hues, width=0.75, legend=False)
    for bars, hatch in zip(ax.containers, ("", "///", "..."), strict=False):
        for bar in bars:
            bar.set(hatch=hatch, edgecolor="white", linewidth=0)
    rows, words = range(len(order)), "sum: beyond national growth"
    ax.plot(order, rows, "D", color="black", markersize=5, label=words)
    ax.axvline(0, color=style.colour("reference"), linewidth=1)
    ax.set_yticks(rows, [str(name) for name in order.index])
    ax.set_ylim(-0.6, 1.4 * len(order))  # above, room for the legend
    ax.set(xlabel="jobs gained or lost beyond national growth", ylabel="")
    ax.legend(loc="upper left")
    return ax
