"""Places of establishments: coordinates and sizes read and checked, and a map of the globe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.parameters import chosen
from clusterlab.results import Result

EARTH_RADIUS_KM = 6371.0088  # mean radius (IUGG)

#: Radians from the centre up to which great circles are taken from a map; there they are 3.3 % too
#: long across. The contiguous United States reach 22° from their centre.
WIDEST = np.radians(25)

_LON = {"lon", "lng", "long", "longitude"}
_LAT = {"lat", "latitude"}


@dataclass(frozen=True, repr=False)
class Places(Result):
    """Checked coordinates: longitude and latitude on a sphere, or east and north on a plane."""

    xy: np.ndarray
    sphere: bool
    unit: str
    doubt: str = ""

    def __len__(self) -> int:
        return len(self.xy)

    def taken(self, rows: np.ndarray) -> Places:
        """Return some of the places, or all in another order."""
        return replace(self, xy=self.xy[rows])


def read_places(points: Any, coordinates: str | None, name: str) -> Places:
    """Read coordinates, and refuse what is missing, out of range or mixed."""
    if coordinates is not None:
        chosen("coordinates", coordinates, ("plane", "degrees"))
    labels: pd.Index
    if isinstance(points, pd.DataFrame):
        pair, sphere, unit = _columns(points.columns, name)
        if coordinates == "degrees" and not unit:  # x and y may hold degrees; x_km may not
            sphere, unit = True, "km"
        if coordinates is not None and sphere != (coordinates == "degrees"):
            raise ValueError(
                f"{name}: columns {pair[0]!r} and {pair[1]!r} do not go with "
                f"coordinates={coordinates!r}."
            )
        labels = points.index
        read = [_reals(points[c], f"{name}: column {c!r}, row ", labels) for c in pair]
        xy = np.column_stack(read)
    else:
        shape = f"{name}: a frame, or an array of shape (n, 2), is needed"
        try:
            given = np.asarray(points)
        except ValueError:
            raise ValueError(f"{shape}, found rows of different length.") from None
        if given.ndim != 2 or given.shape[1] != 2:
            raise ValueError(f"{shape}, found {given.shape} in a {type(points).__name__}.")
        labels = pd.RangeIndex(len(given))
        xy = np.column_stack([_reals(part, f"{name}: row ", labels) for part in given.T])
        sphere = coordinates == "degrees"
        unit = "km" if sphere else ""
    bad = ~np.isfinite(xy).all(axis=1)
    if bad.any():
        raise ValueError(
            f"{name}: row {_row(labels, bad)} has no coordinates ({int(bad.sum())} such rows); "
            "leave them out yourself and say so."
        )
    doubt = ""
    if sphere:
        _check_degrees(xy, labels, name)
    else:
        _check_plane(xy, labels, name)
        far = np.abs(xy).max(axis=0, initial=0)
        if coordinates is None and not unit and far[0] <= 180 and far[1] <= 90:
            doubt = "x and y are taken as a plane; if they are degrees, say coordinates='degrees'"
    return Places(xy=np.ascontiguousarray(xy), sphere=sphere, unit=unit, doubt=doubt)


def _reals(given: pd.Series | np.ndarray, where: str, labels: pd.Index) -> np.ndarray:
    """Return numbers as floats, unknown ones as NaN; text, dates and the like are refused."""
    column = pd.Series(given).reset_index(drop=True)
    numbers, bad = tables.numbers(column)
    if bad is not None:
        label, value = labels[[bad]].tolist()[0], column[[bad]].tolist()[0]
        raise ValueError(f"{where}{label!r} is {value!r:.60}, but must be a finite number.")
    return numbers


def _columns(columns: pd.Index, name: str) -> tuple[tuple, bool, str]:
    """Return which two columns hold coordinates, whether they are degrees, and their unit."""
    words = [(column, str(column).lower()) for column in columns]
    lon = [c for c, word in words if word in _LON]
    lat = [c for c, word in words if word in _LAT]
    x = [c for c, word in words if word in ("x", "east", "easting") or word[:2] == "x_"]
    y = [c for c, word in words if word in ("y", "north", "northing") or word[:2] == "y_"]
    counts = tuple(len(found) for found in (lon, lat, x, y))
    if counts == (1, 1, 0, 0):
        return (lon[0], lat[0]), True, "km"
    if counts == (0, 0, 1, 1):
        units = [str(c).lower().partition("_")[2] for c in (x[0], y[0])]
        if units[0] != units[1]:
            raise ValueError(f"{name}: {x[0]!r} and {y[0]!r} have different units.")
        return (x[0], y[0]), False, units[0]
    if any(counts[:2]) and any(counts[2:]):
        mixed = ", ".join(repr(c) for c in [*lon, *lat, *x, *y])
        raise ValueError(
            f"{name}: columns {mixed} mix two coordinate systems, degrees and a plane; pass the "
            "two columns that belong together."
        )
    raise ValueError(
        f"{name}: needs one column x and one y (or x_km and y_km, …), or longitude and latitude; "
        f"found {', '.join(map(repr, columns))}."
    )


def _check_degrees(xy: np.ndarray, labels: pd.Index, name: str) -> None:
    for column, limit, word in ((1, 90, "latitude"), (0, 180, "longitude")):
        out = np.abs(xy[:, column]) > limit
        if out.any():
            row = int(np.argmax(out))
            hint = ""
            if np.abs(xy[row]).max() > 1000:
                hint = "; this looks like metres or kilometres: do not mix coordinate systems"
            elif column == 1 and np.abs(xy[row, 0]) <= 90:
                hint = "; are longitude and latitude swapped?"
            raise ValueError(
                f"{name}: row {_row(labels, out)} has {word} {xy[row, column]:g}, but it must lie "
                f"between −{limit} and {limit}{hint}."
            )


def _check_plane(xy: np.ndarray, labels: pd.Index, name: str) -> None:
    """Refuse a plane in which some rows look like degrees and the others like metres."""
    far = np.abs(xy).max(axis=1)
    if (far > 1e100).any():
        raise ValueError(
            f"{name}: row {_row(labels, far > 1e100)} lies at {far.max():g}, too far to measure."
        )
    degrees = (far <= 180) & (np.abs(xy[:, 1]) <= 90)
    if degrees.all() or not degrees.any():
        return
    nearest = far[~degrees].min()
    alone = nearest > 100 * max(far[degrees].max(), 100.0)
    if not xy[degrees].any():  # the origin may be a place of its own, as the corner of a raster is
        alone &= nearest > np.hypot(*np.ptp(xy[~degrees], axis=0))
    if alone:
        raise ValueError(
            f"{name}: mixed coordinate systems: row {_row(labels, degrees)} looks like degrees (or "
            f"is missing), row {_row(labels, ~degrees)} like metres; bring all into one system."
        )


def _row(labels: pd.Index, where: np.ndarray) -> str:
    """Return the label of the first row marked, as it is written."""
    return repr(labels[[int(np.argmax(where))]].tolist()[0])


def refuse_two_systems(here: Places, sites: Places) -> None:
    """Refuse points and sites whose distances cannot be taken from each other."""
    if here.sphere != sites.sphere or here.unit != sites.unit:
        words = [
            ("degrees" if p.sphere else f"a plane in {p.unit or 'no stated unit'}")
            for p in (here, sites)
        ]
        raise ValueError(
            f"mixed coordinate systems: points are in {words[0]}, among in {words[1]}."
        )


def off_site(here: Places, sites: Places) -> str:
    """Say how many points are on none of the sites, each site taken once."""
    own, there = (pd.DataFrame(each.xy).value_counts() for each in (here, sites))
    lost = int(own.sub(there, fill_value=0).clip(lower=0).sum())
    return f"{lost:,} of {len(here):,} points are on none of the sites of among" if lost else ""


def one_each(given: Any, points: Any, n: int, what: str) -> np.ndarray:
    """Return one value for each point: by label where they carry labels, else by place."""
    if isinstance(given, pd.Series):
        labels = points.index if isinstance(points, pd.DataFrame) else pd.RangeIndex(n)
        if not given.index.equals(labels):
            twice = given.index.has_duplicates or labels.has_duplicates
            other = given.index.symmetric_difference(labels, sort=False)
            if twice or len(other):
                found = f" (first {other[0]!r})" if len(other) else ""
                raise ValueError(
                    f"{what}: the labels of the Series are not those of the points{found}"
                    f"{', and some occur twice' if twice else ''}; take both from one table, or "
                    f"pass {what}.to_numpy() if they are in the order of the points."
                )
            given = given.reindex(labels)
        return given.to_numpy()
    try:
        values = np.asarray(given)
    except ValueError:  # rows of different length
        values = np.empty(0)
    if values.shape != (n,):
        raise ValueError(
            f"{what}: {n:,} values are needed, one for each point; found "
            f"{type(given).__name__} of shape {values.shape}."
        )
    return values


def read_sizes(weights: Any, points: Any, n: int) -> np.ndarray:
    """Return the sizes of the points as shares of the largest, all one where none are given."""
    if weights is None:
        return np.ones(n)
    if isinstance(weights, str):
        if not isinstance(points, pd.DataFrame) or weights not in points.columns:
            raise ValueError(f"weights: there is no column {weights!r} in points.")
        weights = points[weights]
    labels = points.index if isinstance(points, pd.DataFrame) else pd.RangeIndex(n)
    size = _reals(one_each(weights, points, n, "weights"), "weights: row ", labels)
    bad = ~(np.isfinite(size) & (size > 0))
    if bad.any():
        raise ValueError(
            f"weights: value {size[bad][0]:g} at position {int(np.argmax(bad))}, row "
            f"{_row(labels, bad)}, is not a positive number."
        )
    if size.min() < 1e-12 * size.max():
        raise ValueError(
            f"weights: the largest, {size.max():g}, is more than 10¹² times the smallest, "
            f"{size.min():g}; beside it the smallest counts for nothing."
        )
    return size / size.max()


def on_sphere(lonlat: np.ndarray) -> np.ndarray:
    """Return points of the unit sphere, whose chords are cheaper to compute than arcs."""
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def arc(chord: np.ndarray) -> np.ndarray:
    """Turn chords of the unit sphere into kilometres along great circles, in place."""
    np.multiply(chord, 0.5, out=chord)
    np.minimum(chord, 1.0, out=chord)
    np.arcsin(chord, out=chord)
    return np.multiply(chord, 2 * EARTH_RADIUS_KM, out=chord)


def reach(*places: Places) -> float:
    """Return the largest angle between a point and the centre of all, in radians."""
    space = on_sphere(np.vstack([each.xy for each in places]))
    centre = space.mean(axis=0)
    length = np.linalg.norm(centre)
    if length < 1e-9:  # all round the globe there is no centre
        return np.pi
    return float(np.arccos(np.clip((space @ centre).min() / length, -1, 1)))


def mapped(*places: Places) -> tuple[list[Places], float]:
    """Lay points of the globe on one azimuthal equidistant map around their centre.

    Returns
    -------
    list of Places
        The same points on a plane, in km.
    float
        How many times too long a distance on the map can be; it is never too short.
    """
    space = on_sphere(np.vstack([each.xy for each in places]))
    up = space.mean(axis=0)
    up /= np.linalg.norm(up)
    east = np.cross(up, np.eye(3)[np.argmin(np.abs(up))])
    east /= np.linalg.norm(east)
    ahead, aside, height = (space @ np.column_stack([east, np.cross(up, east), up])).T
    # Away from the centre the map is true; across, a circle c radians from it, which is sin c
    # long on the globe, is drawn c long. So the image of any way is at least as long as the way
    # and at most c/sin c times. The straight line on the map is the image of some way, so it is
    # at least the great circle; it is at most the image of the great circle, which stays inside
    # the circle around the points because that is smaller than a hemisphere.
    angle = np.arctan2(np.hypot(ahead, aside), height)
    longer = angle / np.maximum(np.sin(angle), 1e-300)
    longer[angle == 0] = 1
    flat = np.column_stack([ahead, aside]) * (longer * EARTH_RADIUS_KM)[:, None]
    parts = np.split(flat, np.cumsum([len(each) for each in places])[:-1])
    made = [replace(p, xy=xy, sphere=False) for p, xy in zip(places, parts, strict=True)]
    return made, float(longer.max())
