"""Widgets of the agglomeration lesson: thin calls of `explore`, no model of their own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from clusterlab import datasets, tables
from clusterlab.agglomeration import planted, plots
from clusterlab.agglomeration.plants import Dartboard
from clusterlab.agglomeration.plants import dartboard as dartboard_model
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


def _those(values: pd.Series, best: float) -> str:
    """Name all that have a value, or count them where they are many."""
    found = [str(label) for label in values.index[np.isclose(values, best, rtol=1e-9, atol=1e-12)]]
    if len(found) > 6:
        return f"{len(found)} of {len(values)}"
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


def _say_profile(profile: IndustryProfile) -> str:
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


def _say_specialised(result: Specialised) -> str:
    above, surely = int(result.frame["above"].sum()), int(result.frame["surely"].sum())
    limit = f"the lower {result.level:.0%} limit"
    if not above:
        rest = ""
    elif surely == above:
        rest = f"; {limit} is above it too" if above == 1 else f"; in all of them {limit} is too"
    elif not surely:
        rest = f"; {limit} is not, so it could be chance"
        if above > 1:
            rest = f"; in none of them {limit} is, so each could be chance"
    else:
        other = above - surely
        rest = f"; in {surely} of them {limit} is too, in the other {other} it could be chance"
    return (
        f"{result.industry}: {above or 'none'} of {len(result.frame)} regions "
        f"{'has' if above == 1 else 'have'} a quotient above {result.threshold:g}{rest}."
    )


def _say_dartboard(result: Dartboard) -> str:
    return (
        f"Plant Herfindahl H = {result.plant_herfindahl:.3f}. Over {len(result.raw)} throws the "
        f"raw index averages {result.raw.mean():.3f} (expected {result.expected:.3f}); "
        f"γ averages {round(float(result.gamma.mean()), 3) + 0:.3f}."
    )


def _say_cluster(result: planted.PlantedCluster) -> str:
    plants, own = len(result.plants), result.followers
    told = f"{own} of {plants} plants lie in the cluster, {result.diameter:.0f} km across"
    if own < 2:  # one plant in a disc has no distance to another there
        told = f"There is no cluster: {plants if not own else plants - 1} of {plants} plants lie "
        told += "where chance put them"
    verdict = result.curve.verdict()
    by_chance = ""
    if own < 2 and not verdict.startswith("not told"):
        by_chance = " That is chance, which leaves a band in up to one case of ten."
    return f"{told}. The industry is {verdict}.{by_chance}"


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


def _say_dispersal(result: planted.Dispersal) -> str:
    last, old = result.concentration.iloc[-1], 100 * result.stayed.iloc[-1]
    return (
        f"After {len(result.tables) - 1} years concentration is {last['design']:.3f} in design, "
        f"{last['assembly']:.3f} in assembly; the old places keep {old['design']:.0f} % of design "
        f"and {old['assembly']:.0f} % of assembly (70 % at the start)."
    )
