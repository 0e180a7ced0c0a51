"""Widgets of the agglomeration lesson: thin calls of `explore`, no model of their own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from clusterlab import datasets, tables
from clusterlab.agglomeration import plots
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

__all__ = ["concentration", "dartboard", "specialisation"]


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
