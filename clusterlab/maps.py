"""Regions in colours: by shapes of the reader's own, or as equal tiles where there are none.

Shapes need the package geopandas; tiles need nothing. Either way the colours are classes with words
beside them, and what is not on the map is said below it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from clusterlab import style, tables
from clusterlab.names import named
from clusterlab.parameters import chosen, need
from clusterlab.reading import extra, located

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_shapes", "plot_tiles"]

Scale = Literal["quotient", "amount", "group"]

# Quotients: steps of equal width on a log scale on both sides of 1, blue below and orange above,
# which colour-blind readers tell apart, with the ground between them.
_QUOTIENTS = (
    (0.0, "below ½", "#0072B2"),
    (0.5, "½ to 0.8", "#7FB8DB"),
    (0.8, "0.8 to 1.25: as everywhere", ""),
    (1.25, "1.25 to 2", "#E69F00"),
    (2.0, "2 and above", "#B34700"),
)
_AMOUNTS = ("#DCEBF5", "#A3CBE5", "#56A3D0", "#0072B2", "#003F66")
_GROUPS = ("blue", "orange", "green", "vermilion", "sky blue", "purple", "yellow")
_MOST_LETTERS = 5


@style.plot
def plot_shapes(
    values: pd.Series, shapes: Any, *, key: str, scale: Scale, ax: Axes | None = None
) -> Axes:
    """Draw values of regions on the reader's own map.

    Parameters
    ----------
    values : pandas.Series
        One value a region, by label: location quotients of an industry, relatedness density, the
        name of a group of regions. NaN is drawn as not known. The Series' name goes below the map.
    shapes : geopandas.GeoDataFrame or path
        The geometry; a file is read by geopandas (GeoJSON, GeoPackage, a shapefile).
    key : str
        The column of ``shapes`` that has the regions' labels; compared as text, so that ``1`` is
        not ``01``.
    scale : {"quotient", "amount", "group"}
        What the values are. Quotients have classes of equal width on a log scale on both sides of
        1; amounts have five steps of equal width; groups have a colour each, at most seven.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
        Below it stands which regions have no shape, and which shapes no value; those are empty.

    Raises
    ------
    ValueError
        geopandas is not installed; no such column or file; no region that has a shape; a region
        twice; a value that the scale does not have.

    See Also
    --------
    plot_tiles : without geometry.
    clusterlab.agglomeration.plots.plot_map : dots on the contiguous United States.

    Examples
    --------
    >>> import geopandas
    >>> discs = geopandas.points_from_xy([0, 1], [0, 0]).buffer(0.5)
    >>> quotients = pd.Series({"A": 2.4, "C": 0.3}, name="quotient of wine")
    >>> areas = geopandas.GeoDataFrame({"code": ["A", "B"]}, geometry=discs)
    >>> ax = plot_shapes(quotients, areas, key="code", scale="quotient")
    >>> print(ax.get_xlabel())
    quotient of wine
    region 'C' has no shape
    shape 'B' has no value
    """
    classes, kinds = _classed(values, scale)
    areas, lacking, over = matched(values.index, shapes, key)
    ax = style.axes(ax)
    found = pd.Series(kinds, values.index.map(text_of)).reindex(areas[key]).to_numpy()
    ground, unknown = _grounds()
    faces = [unknown if np.isnan(kind) else classes[int(kind)][1] or ground for kind in found]
    areas.plot(ax=ax, color=faces, edgecolor=_ink(), linewidth=0.4)
    _finished(
        ax, values, classes, kinds[values.index.map(text_of).isin(areas[key])], [lacking, over]
    )
    return ax


@style.plot
def plot_tiles(
    values: pd.Series, tiles: pd.DataFrame | None = None, *, scale: Scale, ax: Axes | None = None
) -> Axes:
    """Draw values of regions as equal tiles, each with its label: a map without geometry.

    Parameters
    ----------
    values : pandas.Series
        As in `plot_shapes`.
    tiles : pandas.DataFrame, optional
        Columns ``row`` and ``column`` by region, row 0 at the top (``us_state_tiles`` has those of
        US states). Without it tiles stand in rows in the order of the values, and say nothing of
        where a region lies.
    scale : {"quotient", "amount", "group"}
        As in `plot_shapes`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
        Below it stands which regions have no tile, and which tiles no value; those are empty.

    Raises
    ------
    ValueError
        No such column; no region that has a tile; a region or a tile twice; a value that the scale
        does not have.

    See Also
    --------
    plot_shapes : with geometry.

    Examples
    --------
    >>> ax = plot_tiles(pd.Series({"A": 2.4, "B": 0.3}, name="quotient of wine"), scale="quotient")
    >>> [text.get_text() for text in ax.texts]
    ['A', 'B']
    """
    from matplotlib.patches import Rectangle

    classes, kinds = _classed(values, scale)
    labels = values.index.map(text_of)
    if tiles is None:
        across = int(np.ceil(np.sqrt(1.5 * len(labels))))
        spots = np.divmod(np.arange(len(labels)), across)
        tiles = pd.DataFrame({"row": spots[0], "column": spots[1]}, index=labels)
        order = f"tiles in the order of the table, {across} in a row"
    else:
        tables.need_columns(tiles.columns, ["row", "column"], "the table of tiles")
        tiles, order = tiles.set_axis(tiles.index.map(text_of)), ""
        _refuse_twice(tiles.index, "the table of tiles")
        taken = tiles.duplicated(["row", "column"])
        if taken.any():
            raise ValueError(f"tile {tiles.index[taken][0]!r} lies on another one.")
    lacking, over = _unmatched(labels, tiles.index, "tile")
    ax = style.axes(ax)
    ground, unknown = _grounds()
    found = pd.Series(kinds, labels).reindex(tiles.index)
    for label, row, column, kind in zip(
        tiles.index, tiles["row"], tiles["column"], found, strict=True
    ):
        face = unknown if np.isnan(kind) else classes[int(kind)][1] or ground
        corner = (column - 0.47, row - 0.47)
        edge = _ink() if np.isnan(kind) else "none"
        ax.add_patch(
            Rectangle(corner, 0.94, 0.94, facecolor=face, edgecolor=edge, linewidth=0.4, gid=label)
        )
        if len(tiles) <= 150 and len(label) <= _MOST_LETTERS:
            ink = "white" if _is_dark(face) else "black"
            ax.text(column, row, label, ha="center", va="center", color=ink, fontsize=9)
    rows, columns = tiles["row"], tiles["column"]
    ax.set_xlim(columns.min() - 0.6, columns.max() + 0.6)
    ax.set_ylim(rows.max() + 0.6, rows.min() - 0.6)
    ax.set_aspect("equal")
    _finished(ax, values, classes, found[found.index.isin(labels)], [lacking, over, order])
    return ax


# --- regions and shapes ---------------------------------------------------------------------------


def matched(regions: pd.Index, shapes: Any, key: str) -> tuple[Any, str, str]:
    """Return shapes with their labels as text, which regions have none, and which have no region.

    Parameters
    ----------
    regions : pandas.Index
        Labels.
    shapes, key
        As in `plot_shapes`.

    Returns
    -------
    areas : geopandas.GeoDataFrame
    lacking, over : str
        A sentence each, empty where there is nothing to say.

    See Also
    --------
    plot_shapes : what needs them.
    """
    with extra("geopandas", "a map by shapes (maps.plot_tiles needs no shapes)", "maps"):
        import geopandas
    if isinstance(shapes, str | os.PathLike):
        path = located(shapes)
        try:
            shapes = geopandas.read_file(path)
        except Exception as fault:  # each driver has errors of its own
            raise ValueError(f"{path.name} cannot be read as shapes: {fault}") from None
    kind = "a GeoDataFrame of geopandas or the path of a file with shapes"
    need(isinstance(shapes, geopandas.GeoDataFrame), "shapes", kind, type(shapes).__name__)
    tables.need_columns(shapes.columns, [key], "the table of shapes")
    areas = shapes[shapes[key].notna()]
    areas = areas.assign(**{key: areas[key].map(text_of)})
    return areas, *_unmatched(regions.map(text_of), pd.Index(areas[key].unique()), "shape")


def _unmatched(regions: pd.Index, places: pd.Index, what: str) -> tuple[str, str]:
    """Return which regions have no place, and which places no region; no match is refused."""
    _refuse_twice(regions, "the values")
    lacking, over = regions[~regions.isin(places)], places[~places.isin(regions)]
    if len(lacking) == len(regions):
        raise ValueError(
            f"no region has a {what}: the values have {named(regions[:3], 'label', 'labels')}, the "
            f"{what}s {named(places[:3], 'label', 'labels')}; they must be written alike."
        )
    have = "has" if len(lacking) == 1 else "have"
    some = f"{named(lacking, 'region', 'regions')} {have} no {what}" if len(lacking) else ""
    have = "has" if len(over) == 1 else "have"
    others = f"{named(over, what, f'{what}s')} {have} no value" if len(over) else ""
    return some, others


def text_of(label: Any) -> str:
    """Return a label as it is compared."""
    return str(label).strip()


def _refuse_twice(labels: pd.Index, what: str) -> None:
    if labels.has_duplicates:
        raise ValueError(f"region {labels[labels.duplicated()][0]!r} stands twice in {what}.")


# --- classes and colours --------------------------------------------------------------------------


def _classed(values: pd.Series, scale: Scale) -> tuple[list[tuple[str, str]], np.ndarray]:
    """Return the classes (words, colour) and the number of each value's class, NaN if unknown."""
    need(isinstance(values, pd.Series), "values", "a Series by region", type(values).__name__)
    chosen("scale", scale, ("quotient", "amount", "group"))
    if values.empty or values.isna().all():
        raise ValueError("values: no region has a known value.")
    if scale == "group":
        groups = [*pd.unique(values.dropna())]
        if len(groups) > len(_GROUPS):
            raise ValueError(
                f"values has {len(groups)} groups, more than colours that can be told apart "
                f"({len(_GROUPS)}); join small ones."
            )
        kinds = pd.Categorical(values, categories=groups).codes.astype(float)
        kinds[kinds < 0] = np.nan
        hues = map(style.colour, _GROUPS)
        return [(str(group), hue) for group, hue in zip(groups, hues, strict=False)], kinds
    numbers, odd = tables.numbers(values)
    if odd is not None:
        raise ValueError(
            f"values: region {values.index[odd]!r} has no number, for scale={scale!r}."
        )
    if scale == "quotient":
        if (numbers < 0).any():
            raise ValueError(
                f"values: region {values.index[numbers < 0][0]!r} has a negative quotient; use "
                "scale='amount'."
            )
        edges = np.array([low for low, *_ in _QUOTIENTS])
        classes = [(words, hue) for _, words, hue in _QUOTIENTS]
    else:
        edges, classes = _steps(np.nanmin(numbers), np.nanmax(numbers))
    kinds = np.searchsorted(edges, numbers, side="right") - 1.0
    return classes, np.where(np.isnan(numbers), np.nan, kinds)


def _steps(low: float, high: float) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """Return round limits of at most five classes of equal width, and the classes."""
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(len(_AMOUNTS)).tick_values(low, high)
    inner = [float(f"{tick:.10g}") for tick in ticks if low < tick < high]
    if not inner:
        return np.array([-np.inf]), [(f"all {low:g}", _AMOUNTS[2])]
    between = [f"{a:,g} to {b:,g}" for a, b in pairwise(inner)]
    words = [f"below {inner[0]:,g}", *between, f"{inner[-1]:,g} and above"]
    hues = [_AMOUNTS[i] for i in np.linspace(0, len(_AMOUNTS) - 1, len(words)).round().astype(int)]
    return np.array([-np.inf, *inner]), [*zip(words, hues, strict=True)]


def _is_dark(hue: Any) -> bool:
    """Return whether white letters are read better on a colour than black ones."""
    from matplotlib.colors import to_rgb

    light = np.array(to_rgb(hue))
    light = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    luminance = light @ [0.2126, 0.7152, 0.0722]
    return bool(1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05)


def _ink() -> str:
    import matplotlib as mpl

    return mpl.rcParams["text.color"]


def _grounds() -> tuple[str, str]:
    """Return the colours of the middle class and of what is not known, on this ground."""
    return ("#D9D9D9", "#FFFFFF") if _is_dark(_ink()) else ("#5A5A5A", "#1A1A1A")


def _finished(
    ax: Axes,
    values: pd.Series,
    classes: list[tuple[str, str]],
    there: Iterable[float],
    sentences: list[str],
) -> None:
    """Put a legend in words beside the map, and what is not on it below."""
    from matplotlib.patches import Patch

    ground, unknown = _grounds()
    kinds = np.asarray(there, float)
    entries = [
        (f"{words} ({(kinds == number).sum()})", hue or ground)
        for number, (words, hue) in enumerate(classes)
    ]
    if np.isnan(kinds).any():
        entries.append((f"not known ({np.isnan(kinds).sum()})", unknown))
    handles = [Patch(facecolor=hue, edgecolor=_ink(), linewidth=0.4, label=w) for w, hue in entries]
    ax.legend(handles=handles[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    ax.set(xticks=[], yticks=[], ylabel="", frame_on=False)
    ax.set_xlabel("\n".join(filter(None, [str(values.name or ""), *sentences])))
