"""All measures for all industries in one call, and one industry in detail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pandas as pd

from clusterlab import tables
from clusterlab.agglomeration.concentration import (
    gini,
    herfindahl,
    hoover,
    locational_gini,
    refuse_other_places,
)
from clusterlab.agglomeration.plants import PlantSizes, ellison_glaeser, maurel_sedillot
from clusterlab.agglomeration.quotient import QuotientBootstrap, location_quotient
from clusterlab.parameters import Parameter, model

__all__ = ["IndustryProfile", "Specialised", "industry_profile", "measure_all", "specialised_in"]


def measure_all(
    table: pd.DataFrame, *, totals: pd.Series | None = None, plants: PlantSizes | None = None
) -> pd.DataFrame:
    """Return every measure of concentration for every industry.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries.
    totals : pandas.Series, optional
        Each region's total over all industries; by default the table's own row sums.
    plants : PlantSizes, optional
        With it the Ellison-Glaeser and Maurel-Sédillot columns are added; industries with a single
        plant, for which they are not defined, are left empty there, and the note says how many.

    Returns
    -------
    pandas.DataFrame
        One row an industry: its total, the number of regions that have it, the region with the
        highest location quotient (of several that tie, the first in the table) and that quotient,
        Herfindahl with equivalent number, Gini, locational Gini (equal and size weights), Hoover,
        and with plant sizes γ, G, H, z, p and the Maurel-Sédillot γ. ``attrs["note"]`` says which
        totals were used.

    Raises
    ------
    ValueError
        As the measures themselves.

    Examples
    --------
    >>> table = pd.DataFrame({"wine": [9, 1], "shops": [5, 5]}, index=["Napa", "Modesto"])
    >>> measure_all(table).loc["wine", ["highest_quotient_in", "equivalent_number"]].to_dict()
    {'highest_quotient_in': 'Napa', 'equivalent_number': 1.2195121951219512}
    """
    if not (plants is None or isinstance(plants, PlantSizes)):
        raise ValueError(
            f"plants is {plants!r:.40}, but it must come from plant_sizes or "
            "plant_sizes_from_classes."
        )
    counts = tables.check(table, minimum_regions=2, empty_regions=totals is not None)
    quotients = location_quotient(counts, totals=totals)
    refuse_other_places(totals, counts.index, "totals")
    concentration = herfindahl(counts)
    sizes, _ = tables.region_totals(counts, totals)
    parts = {
        "total": counts.sum(),
        "regions_present": (counts > 0).sum(),
        "highest_quotient_in": quotients.value.idxmax(),
        "highest_quotient": quotients.value.max(),
        "herfindahl": concentration.value,
        "equivalent_number": concentration.equivalent_number,
        "gini": gini(counts),
        "locational_gini": locational_gini(counts, sizes),
        "locational_gini_size_weighted": locational_gini(counts, sizes, weights="size"),
        "hoover": hoover(counts, sizes),
    }
    note = quotients.base
    if plants is not None:
        known = tables.align(plants.herfindahl, counts.columns, what="plant Herfindahl")
        several = known.index[known < 1 - 1e-12]
        if several.empty:
            parts |= dict.fromkeys(["gamma", "raw", "maurel_sedillot"], float("nan"))
        else:
            index = ellison_glaeser(counts[several], plants, totals=sizes)
            parts |= dict(index.to_frame().items())
            parts["maurel_sedillot"] = maurel_sedillot(counts[several], plants, totals=sizes).gamma
        note += f"; plant Herfindahl: {plants.source}"
        if len(several) < len(known):
            note += f"; no γ for {len(known) - len(several)} industries with a single plant"
    result = pd.DataFrame(parts)
    result.attrs["note"] = note + "."
    return result


@dataclass(frozen=True)
class IndustryProfile:
    """One industry's quotients by region beside one measure for all industries.

    Attributes
    ----------
    industry : label
        The column chosen.
    measure : str
        The measure chosen.
    quotients : pandas.Series
        Location quotients of the industry, by region.
    values : pandas.Series
        The measure for every industry, ascending.
    """

    industry: Any
    measure: str
    quotients: pd.Series
    values: pd.Series


_MEASURES: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "Hoover index": hoover,
    "locational Gini, equal weights": locational_gini,
    "locational Gini, size weights": lambda table: locational_gini(table, weights="size"),
    "Herfindahl index": lambda table: herfindahl(table).value,
}


@model
def industry_profile(
    *,
    table: pd.DataFrame,
    industry: Annotated[Any, Parameter("industry")] = "",
    measure: Annotated[
        Literal[
            "Hoover index",
            "locational Gini, equal weights",
            "locational Gini, size weights",
            "Herfindahl index",
        ],
        Parameter("measure"),
    ] = "Hoover index",
) -> IndustryProfile:
    """Return where one industry is and how it ranks among all by one measure.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries.
    industry : label
        One of the table's columns.
    measure : str
        Which measure ranks the industries.

    Returns
    -------
    IndustryProfile

    Raises
    ------
    ValueError
        An industry that the table does not have.

    Examples
    --------
    >>> table = pd.DataFrame({"wine": [9, 1], "shops": [5, 5]}, index=["Napa", "Modesto"])
    >>> industry_profile(table=table, industry="wine").values.round(3).to_dict()
    {'shops': 0.2, 'wine': 0.2}
    """
    tables.need_columns(table.columns, [industry], "the table")
    quotients = location_quotient(table).value[industry]
    return IndustryProfile(
        industry, measure, quotients, _MEASURES[measure](table).sort_values(kind="stable")
    )


@dataclass(frozen=True)
class Specialised:
    """Which regions count as specialised in an industry, by the quotient and by its lower limit.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a region, by falling quotient: quotient, low, high, above (the quotient is above the
        threshold), surely (its lower limit is).
    industry : label
        The industry.
    threshold, level : float
        The rule.
    """

    frame: pd.DataFrame
    industry: Any
    threshold: float
    level: float


@model
def specialised_in(
    *,
    table: pd.DataFrame,
    units: pd.Series | None = None,
    bootstrap: QuotientBootstrap | None = None,
    industry: Annotated[Any, Parameter("industry")] = "",
    threshold: Annotated[float, Parameter("threshold for specialised", 0.5, 4, 0.05)] = 1.25,
    level: Annotated[float, Parameter("confidence level", 0.5, 0.99, 0.01)] = 0.95,
    draw: Annotated[
        Literal["a worker", "an establishment", "an establishment with its size"],
        Parameter("one independent draw is"),
    ] = "a worker",
) -> Specialised:
    """Return which regions count as specialised in an industry, with and without doubt.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries.
    units : pandas.Series, optional
        Establishments behind each region's total, see `LocationQuotient.interval`.
    bootstrap : QuotientBootstrap, optional
        From `bootstrap_location_quotient`, for the same regions.
    industry : label
        One of the table's columns.
    threshold : float
        Location quotient above which a region counts.
    level : float
        Confidence level of the limits.
    draw : str
        What the limits take for one independent draw. For "an establishment" ``units`` is needed,
        for "an establishment with its size" ``bootstrap``.

    Returns
    -------
    Specialised

    Raises
    ------
    ValueError
        An industry that the table does not have, a draw without what it needs, or a bootstrap of
        other regions.

    Examples
    --------
    >>> table = pd.DataFrame({"wine": [9, 1], "shops": [5, 5]}, index=["Napa", "Modesto"])
    >>> specialised_in(table=table, industry="wine").frame[["above", "surely"]].loc["Napa"].tolist()
    [True, False]
    """
    tables.need_columns(table.columns, [industry], "the table")
    table = tables.check(table, minimum_regions=2)
    quotient = location_quotient(table[[industry]], totals=table.sum(axis=1))
    if draw == "an establishment with its size":
        if bootstrap is None:
            raise ValueError(f"draw {draw!r} needs bootstrap=, from bootstrap_location_quotient.")
        drawn = bootstrap.value
        tables.need_columns(drawn.columns, [industry], "bootstrap")
        other = table.index.symmetric_difference(drawn.index)
        if len(other):
            raise ValueError(f"bootstrap: region {other[0]!r} is not in both it and the table.")
        low, high = bootstrap.interval(level=level)
    else:
        if draw == "an establishment" and units is None:
            raise ValueError(f"draw {draw!r} needs units=, the establishments of each region.")
        low, high = quotient.interval(level=level, units=None if draw == "a worker" else units)
    frame = pd.DataFrame(
        {"quotient": quotient.value[industry], "low": low[industry], "high": high[industry]}
    )
    frame["above"], frame["surely"] = frame["quotient"] > threshold, frame["low"] > threshold
    return Specialised(
        frame.sort_values("quotient", ascending=False, kind="stable"), industry, threshold, level
    )
