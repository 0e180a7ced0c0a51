"""Widgets of the agglomeration lesson: thin calls of `explore`, no model of their own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from clusterlab import datasets, tables
from clusterlab.agglomeration import planted, plots
from clusterlab.agglomeration.ellison_glaeser import Dartboard
from clusterlab.agglomeration.ellison_glaeser import dartboard as dartboard_model
from clusterlab.agglomeration.quotient import bootstrap_location_quotient
from clusterlab.agglomeration.summary import (
    IndustryProfile,
    Specialised,
    industry_profile,
    specialised_in,
)
from clusterlab.explore import Explorer, explore

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "concentration",
    "dartboard",
    "dispersal",
    "next_industries",
    "planted_cluster",
    "specialisation",
    "variety_and_growth",
]


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
    """
    if table is None:
        table = tables.from_long(
            datasets.load("us_state_employment").replace({"sector": {"_": " "}}, regex=True),
            region="state",
            industry="sector",
            value="employment",
        )
        places = datasets.load("us_state_tiles").set_index("state")
    left = plots.plot_quotients
    if places is not None:
        left = partial(plots.plot_tile_map, places=places)
    return explore(
        industry_profile,
        [left, plots.plot_ranking],
        say=_say_profile,
        choices={"industry": sorted(table.columns)},
        fixed={"table": table},
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
    """
    table = tables.from_long(
        register, region=region, industry=industry, value=size, absent="zero", duplicates="sum"
    )
    return explore(
        specialised_in,
        plots.plot_specialised,
        say=_say_specialised,
        choices={"industry": list(table.columns)},
        fixed={
            "table": table,
            "units": register.groupby(region).size(),
            "bootstrap": bootstrap_location_quotient(
                register, region=region, industry=industry, size=size
            ),
        },
    )


def dartboard(prediction: Any = None) -> Explorer:
    """Throw plants at equal regions and see the raw index and γ that chance makes.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The reader's guess of the raw index, drawn on the picture.

    Returns
    -------
    Explorer
    """
    return explore(
        dartboard_model,
        [plots.plot_dartboard_raw, plots.plot_dartboard_gamma],
        say=_say_dartboard,
        controls=["plants", "regions", "inequality", "clustering"],
        prediction=prediction,
    )


def planted_cluster(*, prediction: Any = None) -> Explorer:
    """Plant a cluster, see it on the map, and see at which distances the K-density finds it."""
    return explore(
        planted.planted_cluster,
        [plots.plot_planted_places, plots.plot_planted_curve],
        say=_say_cluster,
        prediction=prediction,
    )


def next_industries(table: pd.DataFrame) -> Explorer:
    """Choose a region and see which industries are near to what it has."""
    regions = [str(region) for region in table.index]
    return explore(
        planted.next_industries,
        plots.plot_next_industries,
        say=_say_next,
        choices={"region": regions},
        fixed={"table": table},
    )


def variety_and_growth(*, prediction: Any = None) -> Explorer:
    """Spread twelve industries over few or many sectors; see growth and its ups and downs."""
    return explore(
        planted.variety_and_growth,
        [plots.plot_growth_paths, plots.plot_variety_frontier],
        say=_say_variety,
        prediction=prediction,
    )


def dispersal(*, prediction: Any = None) -> Explorer:
    """Open far-away regions; see which industry leaves its old places."""
    return explore(
        planted.dispersal, plots.plot_dispersal, say=_say_dispersal, prediction=prediction
    )


def _say_profile(profile: IndustryProfile) -> str:
    quotients = profile.quotients
    rank = len(profile.values) - profile.values.index.get_loc(profile.industry)
    return (
        f"{profile.industry}: highest location quotient {quotients.max():.2f} in "
        f"{quotients.idxmax()}, lowest {quotients.min():.2f} in {quotients.idxmin()}; "
        f"{profile.measure} {profile.values[profile.industry]:.3f}, number {rank} of "
        f"{len(profile.values)} industries."
    )


def _say_specialised(result: Specialised) -> str:
    above, surely = int(result.frame["above"].sum()), int(result.frame["surely"].sum())
    return (
        f"{result.industry}: {above} of {len(result.frame)} regions have a quotient above "
        f"{result.threshold:g}; in {surely} of them the lower {result.level:.0%} limit is above it "
        "too, in the others it could be chance."
    )


def _say_dartboard(result: Dartboard) -> str:
    return (
        f"Plant Herfindahl H = {result.plant_herfindahl:.3f}. Over {len(result.raw)} throws the "
        f"raw index averages {result.raw.mean():.3f} (expected {result.expected:.3f}); "
        f"γ averages {round(float(result.gamma.mean()), 3) + 0:.3f}."
    )


def _say_cluster(result: planted.PlantedCluster) -> str:
    return (
        f"The industry is {result.curve.verdict()}; the cluster is {result.diameter:.0f} km "
        f"across, and {len(result.plants)} plants were drawn."
    )


def _say_next(result: planted.NextIndustries) -> str:
    has = int(result.frame["present"].sum())
    nearest = result.candidates.iloc[0]
    return (
        f"{result.region} has {has} of {len(result.frame)} industries; the nearest it lacks is "
        f"{nearest.name}, of whose related industries it has {100 * nearest['density']:.0f} %."
    )


def _say_variety(result: planted.VarietyGrowth) -> str:
    return (
        f"{result.sectors} sector{'s' if result.sectors > 1 else ''}: related variety "
        f"{result.related:.2f} bits, unrelated {result.unrelated:.2f}; growth {result.growth:.1f} "
        f"% a year, give or take {result.volatility:.1f}."
    )


def _say_dispersal(result: planted.Dispersal) -> str:
    last, old = result.concentration.iloc[-1], 100 * result.stayed.iloc[-1]
    return (
        f"After {len(result.tables) - 1} years concentration is {last['design']:.3f} in design, "
        f"{last['assembly']:.3f} in assembly; the old places keep {old['design']:.0f} % of design "
        f"and {old['assembly']:.0f} % of assembly (70 % at the start)."
    )
