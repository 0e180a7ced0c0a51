"""Widgets of the agglomeration lesson: each with its picture and its sentence above it."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from clusterlab import datasets, style, tables
from clusterlab.agglomeration import placed, planted, plants, plots, summary
from clusterlab.agglomeration import shares as region
from clusterlab.agglomeration.quotient import bootstrap_location_quotient
from clusterlab.explore import Explorer, explore
from clusterlab.names import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.path import Path

    from clusterlab.agglomeration.quotient import LocationQuotient

__all__ = [
    "concentration",
    "dartboard",
    "dispersal",
    "next_industries",
    "placed_plants",
    "shares",
    "specialisation",
    "variety_and_growth",
]


def _those(values: pd.Series, best: float) -> str:
    """Name all that have a value, or count them where they are many."""
    found = [str(label) for label in values.index[np.isclose(values, best, rtol=1e-9, atol=1e-12)]]
    if len(found) > 6:
        return f"{len(found)} of {len(values)}"
    return listed(found)


# --- concentration -------------------------------------------------------------------------------

# From which quotient, in words, colour of the tile and of its letters, both on any ground.
_CLASSES = [
    (0.0, "< ½", "#0069A3", "white"),  # our blue is lighter on a dark page, too light for white
    (0.5, "½–0.8", style.colour("sky blue"), "black"),
    (0.8, "0.8–1.25", "#DDDDDD", "black"),
    (1.25, "1.25–2", style.colour("orange"), "black"),
    (2.0, "> 2", style.colour("vermilion"), "black"),
]


def _plot_tile_map(result: summary.IndustryProfile, *, places: pd.DataFrame, ax: Axes) -> None:
    """Draw an industry's location quotients as a map of equal tiles, one a region."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    values = result.quotients
    spots = places.loc[values.index, ["column", "row"]].to_numpy(dtype=float)
    kinds = np.searchsorted([c[0] for c in _CLASSES], values.to_numpy(), side="right") - 1
    (left, top), (right, bottom) = spots.min(axis=0), spots.max(axis=0)
    letters = np.cumsum([0, *(len(words) + 2 for _, words, *_ in _CLASSES)])
    keys = left - 0.4 + (right - left + 1) * letters / letters[-1]
    for number, (_, words, face, ink) in enumerate(_CLASSES):
        box = {"boxstyle": "square,pad=0.25", "facecolor": face, "edgecolor": "none"}
        key = (keys[number], bottom + 1.1)
        ax.text(*key, words, va="center", fontsize=11, color=ink, bbox=box)
        here = np.flatnonzero(kinds == number)
        if not len(here):
            continue
        edge = "black" if number >= 3 else "none"
        square = 0.94 * (np.asarray(Path.unit_rectangle().vertices, float) - 0.5)
        tiles = Path.make_compound_path(*(Path(square + spots[k]) for k in here))
        names = [_letters(str(values.index[k])) for k in here]
        moved = [Path(n.vertices + spots[k], n.codes) for n, k in zip(names, here, strict=True)]
        ax.add_artist(PathPatch(tiles, facecolor=face, edgecolor=edge, linewidth=1.2))
        ax.add_artist(PathPatch(Path.make_compound_path(*moved), facecolor=ink, linewidth=0))
    ax.set(xlim=(left - 0.6, right + 0.6), ylim=(bottom + 1.7, top - 0.6), aspect="equal")
    ax.set(xticks=[], yticks=[], xlabel=f"location quotient of {result.industry}")
    ax.spines[:].set_visible(False)


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


def _plot_ranking(result: summary.IndustryProfile, *, ax: Axes) -> None:
    """Draw one measure for the industries, the chosen one marked, with up to 14 neighbours."""
    values = result.values
    start = np.clip(values.index.get_loc(result.industry) - 7, 0, max(0, len(values) - 15))
    shown = values.iloc[start : start + 15]
    plots.dots(ax, shown, shown.index == result.industry, ("oD", "reference second"))
    ax.set_xlim(0, max(0.05, float(values.max()) * 1.1))
    ax.set_xlabel(f"{result.measure} (0 to 1)")


def _say_profile(profile: summary.IndustryProfile) -> str:
    quotients, values = profile.quotients, profile.values
    own = values[profile.industry]
    level = np.isclose(values, own, rtol=1e-9, atol=1e-12)
    rank = 1 + int(((values > own) & ~level).sum())
    others = [str(label) for label in values.index[level] if label != profile.industry]
    beside = f", level with {', '.join(others)}" if others else ""
    highest, lowest = quotients.max(), quotients.min()
    return (
        f"{profile.industry}: highest location quotient {highest:.2f} in "
        f"{_those(quotients, highest)}, lowest {lowest:.2f} in {_those(quotients, lowest)}; "
        f"{profile.measure} {own:.3f}, number {rank} of {len(values)} industries from the most "
        f"concentrated{beside}."
    )


def concentration(
    table: pd.DataFrame | None = None, *, places: pd.DataFrame | None = None
) -> Explorer:
    """Choose an industry and a measure; see where the industry is and how it ranks.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        Regions x industries; by default US states by industry (``us_state_employment``).
    places : pandas.DataFrame, optional
        ``row`` and ``column`` of a tile for each region, to draw a map; without it the regions with
        the highest quotients are drawn. The default table has its own.

    Returns
    -------
    Explorer

    See Also
    --------
    specialisation : how sure it is that a region has more than its share.
    clusterlab.agglomeration.industry_profile : the model.
    """
    if table is None:
        jobs = datasets.load("us_state_employment").replace({"sector": {"_": " "}}, regex=True)
        table = tables.from_long(jobs, region="state", industry="sector", value="employment")
        places = datasets.load("us_state_tiles").set_index("state")
    left = plots.plot_quotients if places is None else partial(_plot_tile_map, places=places)
    pictures = [left, _plot_ranking]
    choices = {"industry": sorted(table.columns)}
    return explore(
        summary.industry_profile,
        pictures,
        say=_say_profile,
        choices=choices,
        fixed={"table": table},
    )


# --- shares --------------------------------------------------------------------------------------


def _plot_shares(result: region.RegionShares, *, ax: Axes) -> None:
    """Draw shares here against shares everywhere; lines of equal quotient end at the ceiling."""
    floor, frame = 1e-3, 100 * result.frame[["economy", "here"]]
    ax.set(xscale="log", yscale="log", xlim=(5e-5, 15), ylim=(floor, 100))
    for quotient in (1, 10, 100, 1000, 10_000):
        line = ([floor / quotient, 100 / quotient], [floor, 100])
        ax.plot(*line, color=style.colour("reference"), linewidth=1 + (quotient == 1))
        if quotient > 1:  # the line of one leaves at the right
            plots.note(ax, f"{quotient:,}", (100 / quotient, 100), (0, 4), ha="center")
    spots = frame["economy"].to_numpy(), frame["here"].clip(lower=floor).to_numpy()
    ax.plot(*spots, "o", color=style.colour("main"), markersize=5, alpha=0.6, clip_on=False)
    told = [("lines: equal quotient (thick: 1)", "reference")]
    if len(frame):
        ax.plot(spots[0][0], spots[1][0], "D", color=style.colour("second"), markersize=8)
        told.insert(0, (f"◆ {frame.index[0]}", "second"))
    style.key(ax, told, low=True)
    ticks = [0.001, 0.01, 0.1, 1, 10, 100]
    ax.set_yticks(ticks, ["0.001 or less", *(f"{tick:g}" for tick in ticks[1:])])
    ax.set_xticks([0.0001, 0.01, 1], ["0.0001", "0.01", "1"])  # no more fit on a phone
    ax.minorticks_off()
    ax.set(xlabel="share everywhere (%)", ylabel=f"share in {result.region} (%)")


def _say_shares(result: region.RegionShares) -> str:
    if result.frame.empty:
        return f"{result.region} has no industry with {result.least:,} jobs."
    top = result.frame.iloc[0]
    return (
        f"{result.region}: of {len(result.frame)} industries shown the highest quotient is "
        f"{top['quotient']:,.1f}, in {result.frame.index[0]}: {top['count']:,.0f} jobs, "
        f"{top['here']:.2%} of those here against {top['economy']:.4%} everywhere. If every job "
        f"here were in it, the quotient would be {1 / top['economy']:,.0f}."
    )


def shares(quotients: LocationQuotient, *, regions: Sequence | None = None) -> Explorer:
    """Choose a region and see its quotients as what they are: one share over another.

    Parameters
    ----------
    quotients : LocationQuotient
        From `clusterlab.agglomeration.location_quotient`.
    regions : sequence of labels, optional
        The regions to choose from; by default all.

    Returns
    -------
    Explorer

    See Also
    --------
    concentration : one industry in all regions.
    clusterlab.agglomeration.location_quotient : the quotients.
    """
    return explore(
        region.region_shares,
        _plot_shares,
        say=_say_shares,
        choices={"region": list(quotients.counts.index if regions is None else regions)},
        fixed={"quotients": quotients},
    )


# --- specialisation ------------------------------------------------------------------------------


def _plot_specialised(result: summary.Specialised, *, ax: Axes) -> None:
    """Draw quotients with their limits by region, and the threshold they are held against."""
    floor = 0.1
    frame = result.frame[["quotient", "low", "high"]].clip(lower=floor)
    ranks = np.arange(1, len(frame) + 1)
    surely, above = result.frame["surely"], result.frame["above"]
    nowhere = np.full(len(frame), np.nan)  # one path with gaps draws faster than many
    spans = np.stack([frame["low"], frame["high"], nowhere], axis=1).ravel()
    ax.plot(np.repeat(ranks, 3), spans, color=style.colour("reference"), linewidth=1.3)
    kinds = [(surely, "o", "second", None), (above & ~surely, "o", "second", "white")]
    for here, marker, hue, face in [*kinds, (~above, "s", "reference", None)]:
        look: dict[str, Any] = {
            "color": style.colour(hue),
            "markerfacecolor": face,
            "markersize": 7,
        }
        ax.plot(ranks[here], frame["quotient"][here], marker, **look)
    ax.axhline(result.threshold, color=style.colour("main"), linewidth=1.5, linestyle="--")
    if surely.iloc[0]:
        plots.note(ax, str(frame.index[0]), (1, frame["quotient"].iloc[0]), (7, 2))
    ticks = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32]
    ax.set_yscale("log")
    ax.set_yticks(ticks, ["0.1 or less", *(f"{tick:g}" for tick in ticks[1:])])
    ax.minorticks_off()
    # room for the key above the threshold, which is 4 at most
    ax.set_ylim(floor * 0.9, max(28, float(frame["high"].max()) * 1.1))
    ax.set_xlim(0, len(frame) + 1)
    ax.set(xlabel="regions, by falling quotient", ylabel=f"location quotient of {result.industry}")
    told = [("● surely above", "second"), ("○ above, could be chance", "second")]
    told += [("■ not above", "reference"), (f"threshold {result.threshold:g} (dashed)", "main")]
    style.key(ax, told)


def _say_specialised(result: summary.Specialised) -> str:
    above, surely = int(result.frame["above"].sum()), int(result.frame["surely"].sum())
    limit = f"the lower {result.level:.0%} limit"
    if not above:
        rest = ""
    elif surely == above:
        rest = f"; {limit} is above it too" if above == 1 else f"; in all of them {limit} is too"
    elif surely:
        other = above - surely
        rest = f"; in {surely} of them {limit} is too, in the other {other} it could be chance"
    elif above == 1:
        rest = f"; {limit} is not, so it could be chance"
    else:
        rest = f"; in none of them {limit} is, so each could be chance"
    return (
        f"{result.industry}: {above or 'none'} of {len(result.frame)} regions "
        f"{'has' if above == 1 else 'have'} a quotient above {result.threshold:g}{rest}."
    )


def specialisation(
    register: pd.DataFrame,
    *,
    region: str = "region",
    industry: str = "industry",
    size: str = "size",
) -> Explorer:
    """Move the threshold for "specialised" and see which regions pass it by more than chance.

    Parameters
    ----------
    register : pandas.DataFrame
        One row an establishment.
    region, industry, size : str
        Names of its columns.

    Returns
    -------
    Explorer

    See Also
    --------
    concentration : where an industry is and how it ranks.
    clusterlab.agglomeration.bootstrap_location_quotient : the limits by establishments.
    """
    labels: dict[str, Any] = {"region": region, "industry": industry}
    table = tables.from_long(register, **labels, value=size, absent="zero", duplicates="sum")
    resampled = bootstrap_location_quotient(register, **labels, size=size)
    units = register.groupby(region).size()
    choices = {"industry": list(table.columns)}
    fixed = {"table": table, "units": units, "bootstrap": resampled}
    return explore(
        summary.specialised_in,
        _plot_specialised,
        say=_say_specialised,
        choices=choices,
        fixed=fixed,
    )


# --- dartboard -----------------------------------------------------------------------------------


def _plot_throws(values: np.ndarray, ends: tuple[float, float], *, ax: Axes) -> None:
    """Draw a histogram of throws; one polygon, which draws faster than sixty bars."""
    edges = np.linspace(*ends, 61)
    counts = np.histogram(np.clip(values, *ends), edges)[0] / len(values) * 100
    steps, hue = [*counts, counts[-1]], style.colour("main")
    ax.fill_between(edges, steps, step="post", color=hue, alpha=0.75, lw=0)
    ax.set(xlim=ends, ylim=(0, max(1.0, counts.max() * 1.25)), ylabel="throws (%)")


def _round_end(reach: float) -> float:
    """Return the first of a few ends beyond a value: an axis that does not move at every step."""
    return next((end for end in (0.15, 0.3, 0.6, 1.2, 2.5, 5) if end >= reach), reach)


def _plot_raw(result: plants.Dartboard, *, ax: Axes, prediction: float | None = None) -> None:
    """Draw the raw index of many throws, its expectation, and what the reader predicted."""
    reach = max(float(np.quantile(result.raw, 0.995)), prediction or 0) * 1.1
    _plot_throws(result.raw, (0, _round_end(reach)), ax=ax)
    style.mark(ax, result.expected, f"expected {result.expected:.3f}", "second", along=0.99)
    if prediction is not None:
        style.mark(ax, prediction, "your prediction", along=0.88)
    ax.set_xlabel("raw index G")


def _plot_gamma(result: plants.Dartboard, *, ax: Axes) -> None:
    """Draw γ of the same throws, and its mean."""
    end = _round_end(1.1 * float(np.abs(np.quantile(result.gamma, [0.005, 0.995])).max()))
    _plot_throws(result.gamma, (-end, end), ax=ax)
    mean = float(result.gamma.mean())
    style.mark(ax, mean, f"mean {round(mean, 3) + 0:.3f}", "second", along=0.99)
    ax.set_xlabel("γ of Ellison and Glaeser")


def _say_dartboard(result: plants.Dartboard) -> str:
    return (
        f"Plant Herfindahl H = {result.plant_herfindahl:.3f}. Over {len(result.raw)} throws the "
        f"raw index averages {result.raw.mean():.3f} (expected {result.expected:.3f}); "
        f"γ averages {round(float(result.gamma.mean()), 3) + 0:.3f}."
    )


def dartboard(*, prediction: Any = None) -> Explorer:
    """Throw plants at equal regions and see the raw index and γ that chance makes.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The raw index that the reader predicts, drawn on the picture.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.agglomeration.dartboard : the model.
    clusterlab.agglomeration.ellison_glaeser : γ of a table.
    """
    pictures = [_plot_raw, _plot_gamma]
    fixed = {"replicates": 500}
    return explore(
        plants.dartboard, pictures, say=_say_dartboard, fixed=fixed, prediction=prediction
    )


# --- plants placed by the reader -----------------------------------------------------------------


def _plot_placed(result: placed.PlacedPlants, *, ax: Axes) -> None:
    """Draw the map: its borders and the plants, the first as large as its size says."""
    grey, frame, ends = style.colour("reference"), result.plants, (0, placed.SIDE)
    ax.vlines(result.borders, *ends, color=grey, linewidth=1.5)
    ax.hlines(result.borders, *ends, color=grey, linewidth=1.5)
    look: dict[str, Any] = {"color": style.colour("second"), "alpha": 0.8, "zorder": 3}
    ax.scatter(frame["x_km"], frame["y_km"], 45 * frame["size"], clip_on=False, **look)
    ax.set(xlim=ends, ylim=ends, aspect="equal", xticks=[])
    ax.set_yticks([], [])  # no room is kept for numbers
    ax.set_xlabel(f"map, {placed.SIDE:g} km each way")
    ax.spines[:].set_visible(True)


def _plot_gamma_by_borders(
    result: placed.PlacedPlants, *, ax: Axes, prediction: float | None = None
) -> None:
    """Draw γ of the same plants wherever the borders lie, and what the reader predicted."""
    gamma, reach = result.index["gamma"], placed.MOVES[-1]
    ax.axhline(0, color=style.colour("reference"), linewidth=1)
    ax.plot(gamma.index, gamma, "o-", color=style.colour("main"), markersize=5, linewidth=1.5)
    here = gamma[gamma.index == result.moved]
    ax.plot(here.index, here, "D", color=style.colour("second"), markersize=9)
    low, high = min(-0.4, gamma.min() - 0.1), max(1.1, gamma.max() + 0.1)
    ax.set(xlim=(-reach - 2, reach + 2), xticks=[-reach, 0, reach], ylim=(low, high))
    ax.set(xlabel="borders moved (km)", ylabel="γ (Ellison–Glaeser)")
    if prediction is not None:
        style.mark(ax, prediction, "your prediction", axis="y", along=0.2)


def _plot_placed_curve(result: placed.PlacedPlants, *, ax: Axes) -> None:
    """Draw the K-density of the plants over what as many plants thrown anywhere give."""
    ax.set(xlim=(0, placed.FAR), ylim=(0, 0.06), xticks=range(0, placed.FAR + 1, 20))
    ax.set(xlabel="distance of two plants (km)", ylabel="density of distances (per km)")
    if result.curve is None:
        return
    told = plots.draw_bands(ax, result.curve)
    top = 1.4 * plots.highest(result.curve)
    ax.set_ylim(0, next(end for end in (0.06, 0.1, 0.2, 0.4) if end >= top))
    style.key(ax, [("dashed: chance", "reference"), ("K-density", "main"), *told])


def _say_placed(result: placed.PlacedPlants) -> str:
    amount = len(result.plants)
    if result.curve is None:
        many = "One plant has" if amount else "No plant has"
        return f"{many} no distance to another, and γ is not defined for it: place two or more."
    here, gamma = result.index.loc[result.moved], result.index["gamma"]
    return (
        f"{amount} plants: raw index G {here['raw']:.3f}, plant Herfindahl H "
        f"{here['plant_herfindahl']:.3f}, γ {_two(here['gamma'])}; as the borders move, γ goes "
        f"from {_two(gamma.min())} to {_two(gamma.max())}. Distances know no border: the plants "
        f"are {result.curve.verdict()}."
    )


def _two(value: float) -> str:
    return f"{round(value, 2) + 0:.2f}"


def placed_plants(*, prediction: Any = None) -> Explorer:
    """Place plants on a map, move its borders, and see what γ and the K-density make of it.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The γ that the reader predicts, drawn on the picture.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.agglomeration.placed.placed_plants : the model.
    dartboard : what chance makes of γ.
    """
    pictures = [_plot_placed, _plot_gamma_by_borders, _plot_placed_curve]
    return explore(placed.placed_plants, pictures, say=_say_placed, prediction=prediction)


# --- next industries -----------------------------------------------------------------------------


def _say_next(result: planted.NextIndustries) -> str:
    has, lacks = int(result.frame["present"].sum()), result.candidates["density"]
    told = f"{result.region} has {has} of {len(result.frame)} industries"
    if lacks.empty:
        return f"{told}, so it lacks none."
    several = int(np.isclose(lacks, lacks.max(), rtol=1e-9).sum()) > 1
    return (
        f"{told}; the nearest it lacks {'are' if several else 'is'} "
        f"{_those(lacks, lacks.max())}, of whose related industries it has "
        f"{100 * lacks.max():.0f} %{' each' if several else ''}."
    )


def next_industries(
    quotients: pd.DataFrame, *, regions: list | None = None, prediction: Any = None
) -> Explorer:
    """Choose a region and see which industries are near to what it has.

    Parameters
    ----------
    quotients : pandas.DataFrame
        Regions x industries, location quotients; NaN where one is not known.
    regions : list, optional
        The regions to choose from; all by default. What is related is measured on all of them.
    prediction : clusterlab.exercises.Prediction, optional
        The density of the nearest industry that the reader predicts, drawn on the picture.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.agglomeration.planted.next_industries : the model.
    clusterlab.agglomeration.relatedness_density : how near an industry is.
    """
    choices = {"region": list(quotients.index if regions is None else regions)}
    plot, given = plots.plot_next_industries, {"quotients": quotients}
    asked: dict[str, Any] = {"choices": choices, "fixed": given, "prediction": prediction}
    return explore(planted.next_industries, plot, say=_say_next, **asked)


# --- variety and growth --------------------------------------------------------------------------


def _plot_growth_paths(result: planted.VarietyGrowth, *, ax: Axes) -> None:
    """Draw forty constructed regions over twenty years, and their median."""
    from matplotlib.collections import LineCollection

    years = np.arange(result.paths.shape[1])
    lines = [np.column_stack([years, path]) for path in result.paths]
    ax.add_collection(LineCollection(lines, colors=style.colour("reference"), linewidths=0.7))
    ax.plot(years, np.median(result.paths, axis=0), color=style.colour("main"))
    ax.set(yscale="log", ylim=(20, 800), xlim=(0, years[-1]), xticks=range(0, len(years), 5))
    ax.set_yticks([25, 50, 100, 200, 400], ["25", "50", "100", "200", "400"])
    ax.minorticks_off()
    ax.set(xlabel="years", ylabel="employment (start = 100)")


def _plot_variety_frontier(
    result: planted.VarietyGrowth, *, ax: Axes, prediction: int | None = None
) -> None:
    """Draw expected growth against volatility by number of sectors, the chosen one marked."""
    frame = result.frontier[["volatility", "growth"]]
    spots = frame.to_numpy()
    ax.plot(*spots.T, "o-", color=style.colour("reference"), linewidth=1.2)
    # what lies in one place is named together
    apart = (np.abs(np.diff(spots, axis=0)) >= (0.6, 0.3)).any(axis=1)
    for rows in np.split(np.arange(len(spots)), 1 + np.flatnonzero(apart)):
        words, spot = ", ".join(map(str, frame.index[rows])), tuple(spots[rows[0]])
        if spot[0] > 0.3 * len(words) + 0.3:  # below and to the left, where there is room
            plots.note(ax, words, spot, (-6, -13), ha="right")
        else:
            plots.note(ax, words, spot, (4, 7))
    ax.plot(*frame.loc[result.sectors], "D", color=style.colour("second"), markersize=9)
    if prediction in frame.index:
        ring: dict[str, Any] = {"markersize": 17, "markerfacecolor": "none", "markeredgewidth": 2}
        ax.plot(*frame.loc[prediction], "o", color=style.colour("prediction"), **ring)
        style.key(ax, [("your prediction", "prediction")])
    ax.set(xlim=(0, 13), ylim=(0.5, 6))
    ax.set(xlabel="volatility of growth (%)", ylabel="expected growth (% a year)")


def _say_variety(result: planted.VarietyGrowth) -> str:
    expected = result.frontier.loc[result.sectors]
    replicates, years = result.paths.shape[0], result.paths.shape[1] - 1
    return (
        f"{result.sectors} sector{'s' if result.sectors > 1 else ''}: related variety "
        f"{result.related:.2f} bits, unrelated {result.unrelated:.2f}; expected growth "
        f"{expected['growth']:.1f} % a year with a standard deviation of "
        f"{expected['volatility']:.1f}; in the {replicates} regions drawn, over {years} years, "
        f"{result.growth:.1f} and {result.volatility:.1f}."
    )


def variety_and_growth(*, prediction: Any = None) -> Explorer:
    """Spread twelve industries over few or many sectors; see growth and its ups and downs.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The number of sectors the reader would choose, marked on the picture.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.agglomeration.planted.variety_and_growth : the model.
    clusterlab.agglomeration.variety : the measure.
    """
    pictures = [_plot_growth_paths, _plot_variety_frontier]
    return explore(planted.variety_and_growth, pictures, say=_say_variety, prediction=prediction)


# --- dispersal -----------------------------------------------------------------------------------


def _plot_two_industries(frame: pd.DataFrame, *, top: float, ax: Axes) -> None:
    """Draw a line for each of the two constructed industries over time, named at its end."""
    for name, role, line in (("design", "main", "-"), ("assembly", "second", "--")):
        ax.plot(frame.index, frame[name], line, color=style.colour(role), label=name)
    ax.set(xlim=(0, frame.index[-1]), ylim=(0, top), xticks=range(0, len(frame), 5))
    ax.set_xlabel("years")
    style.label_lines(ax)


def _plot_concentration(
    result: planted.Dispersal, *, ax: Axes, prediction: float | None = None
) -> None:
    """Draw how concentrated the two industries are, wherever they are."""
    frame = result.concentration
    top = max(0.25, float(frame.to_numpy().max()) * 1.1)
    _plot_two_industries(frame, top=top, ax=ax)
    ax.set_ylabel("concentration (raw index)")
    if prediction is not None:
        style.mark(ax, prediction, "your prediction", axis="y", along=0.6)


def _plot_stayed(result: planted.Dispersal, *, ax: Axes) -> None:
    """Draw which part of the two industries is still in the places where both began."""
    _plot_two_industries(100 * result.stayed, top=105, ax=ax)
    ax.set_ylabel("still in the three old places (%)")


def _say_dispersal(result: planted.Dispersal) -> str:
    last, old = result.concentration.iloc[-1], 100 * result.stayed.iloc[-1]
    return (
        f"After {len(result.tables) - 1} years concentration is {last['design']:.3f} in design, "
        f"{last['assembly']:.3f} in assembly; the old places keep {old['design']:.0f} % of design "
        f"and {old['assembly']:.0f} % of assembly (70 % at the start)."
    )


def dispersal(*, prediction: Any = None) -> Explorer:
    """Open far-away regions; see which industry leaves its old places.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The concentration of design after 20 years that the reader predicts, drawn on the picture.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.agglomeration.planted.dispersal : the model.
    clusterlab.agglomeration.dynamic_shift_share : what of the change is the regions' own.
    """
    return explore(
        planted.dispersal,
        [_plot_concentration, _plot_stayed],
        say=_say_dispersal,
        prediction=prediction,
    )
