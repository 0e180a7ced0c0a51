"""Widgets of the second part of the lesson: distance, relatedness, variety, dispersal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clusterlab.agglomeration import planted
from clusterlab.agglomeration import plots_more as plots
from clusterlab.explore import Explorer, explore

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["dispersal", "next_industries", "planted_cluster", "variety_and_growth"]


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
