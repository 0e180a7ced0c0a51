"""Plants that a reader places on a map: what borders make of them, and what their distances say.

The map is constructed: a square of 100 km on which all other activity is spread evenly, so that a
region's share of all activity is its share of the ground.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import MaxLen

from clusterlab.agglomeration.distance import KDensity, k_density
from clusterlab.agglomeration.envelope import bands_around
from clusterlab.agglomeration.plants import ellison_glaeser, plant_sizes
from clusterlab.parameters import Parameter, generator, model, need
from clusterlab.results import Result

SIDE = 100  # km
FAR = 60  # km, the longest distance looked at
MOVES = range(-16, 17, 4)  # km by which borders can be moved
_JOBS = 1e6  # of all other industries, far more than a plant has
_SIMULATIONS = 59  # of sixty curves with the observed one, three may lie outside a band of 95 %
_AT_FIRST: list[tuple[float, float]] = [
    *[(28, 26), (38, 28), (30, 40), (40, 36), (26, 34), (34, 34), (38, 42), (30, 30)],
    *[(78, 22), (14, 86), (88, 72), (58, 80)],
]

_PLANTS = Parameter("plants on the map", 0, SIDE, 2, admissible=(MaxLen(20),))
_MOVED = Parameter("borders moved north-east", MOVES[0], MOVES[-1], MOVES.step, unit="km")


@dataclass(frozen=True, repr=False)
class PlacedPlants(Result):
    """Plants on a map with borders, their Ellison-Glaeser index and their K-density.

    Attributes
    ----------
    plants : pandas.DataFrame
        ``x_km``, ``y_km`` and ``size`` of each plant.
    borders : numpy.ndarray
        Where the borders run, in km: the same to the east and to the north.
    moved : int
        By how many km they have been moved.
    index : pandas.DataFrame
        Borders moved by so many km → ``gamma``, ``raw`` and ``plant_herfindahl`` of these plants;
        without rows where there are fewer than two.
    curve : KDensity or None
        With bands of as many plants thrown anywhere on the map; None with fewer than two.
    """

    plants: pd.DataFrame
    borders: np.ndarray
    moved: int
    index: pd.DataFrame
    curve: KDensity | None


@model
def placed_plants(
    *,
    plants: Annotated[list[tuple[float, float]], _PLANTS] = _AT_FIRST,
    side: Annotated[int, Parameter("regions on a side of the map", 2, 4)] = 3,
    moved: Annotated[int, _MOVED] = 0,
    giant: Annotated[int, Parameter("size of plant 1 (each other plant: 1)", 1, 20)] = 1,
) -> PlacedPlants:
    """Measure plants on a map twice: over regions with borders, and by their distances.

    Parameters
    ----------
    plants : list of (east, north), at most 20
        Where each plant stands, in km from the south-western corner, 0 to 100.

    Returns
    -------
    PlacedPlants

    See Also
    --------
    clusterlab.agglomeration.ellison_glaeser : over regions.
    clusterlab.agglomeration.k_density : by distance, each plant counted once whatever its size.

    Examples
    --------
    >>> placed_plants().index["gamma"].loc[[-16, 0]].round(2).tolist()
    [0.37, -0.04]
    """
    spots = np.array(plants, dtype=float).reshape(-1, 2)
    inside = bool(((spots >= 0) & (spots <= SIDE)).all())
    need(inside, "plants", f"kilometres east and north from 0 to {SIDE}", plants)
    frame = pd.DataFrame(spots, columns=["x_km", "y_km"]).assign(size=1.0)
    frame.loc[:0, "size"] = giant
    lines = np.arange(1, side) * SIDE / side
    found: dict[int, pd.Series] = {}
    curve = None
    if len(frame) > 1:
        sizes = plant_sizes(frame.assign(industry="placed"), industry="industry", size="size")
        for by in sorted({*MOVES, moved}):
            jobs, ground = _by_region(frame, lines + by)
            index = ellison_glaeser(jobs, sizes, totals=_JOBS * ground)
            found[by] = index.to_frame().loc["placed"]
        curve = _curve(spots)
        bands = bands_around(curve.values, _thrown(len(spots)), 0.95, _SIMULATIONS)
        curve = replace(curve, envelope=bands)
    return PlacedPlants(
        plants=frame,
        borders=lines + moved,
        index=pd.DataFrame(found, ["gamma", "raw", "plant_herfindahl"], dtype=float).T,
        moved=moved,
        curve=curve,
    )


def _by_region(frame: pd.DataFrame, borders: np.ndarray) -> tuple[pd.DataFrame, pd.Series]:
    """Return jobs in the plants of each region, and its share of the ground.

    A plant on a border belongs to the region east or north of it.
    """
    edges = np.array([0, *borders, SIDE])
    jobs = np.histogram2d(frame["x_km"], frame["y_km"], [edges, edges], weights=frame["size"])[0]
    widths = np.diff(edges) / SIDE
    ground = pd.Series(np.multiply.outer(widths, widths).ravel())
    return pd.DataFrame({"placed": jobs.ravel()}), ground


def _curve(spots: np.ndarray) -> KDensity:
    """Return the K-density, with one bandwidth whatever the plants: only the pattern changes it."""
    own = pd.DataFrame(spots, columns=["x_km", "y_km"])
    return k_density(own, maximum=FAR, bandwidth=4, steps=61, progress=False)


@cache
def _thrown(plants: int) -> np.ndarray:
    """Return curves of so many plants thrown anywhere on the map, made once for each number."""
    rng = generator(plants)
    thrown = rng.random((_SIMULATIONS, plants, 2)) * SIDE
    return np.array([_curve(spots).values for spots in thrown])
