"""All measures for all industries in one call, and one industry in detail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import InstanceOf

from clusterlab import tables
from clusterlab.agglomeration.concentration import checked, gini_of, herfindahl_of, hoover_of
from clusterlab.agglomeration.plants import (
    SINGLE,
    PlantSizes,
    ellison_glaeser_of,
    maurel_sedillot_of,
)
from clusterlab.agglomeration.quotient import (
    LocationQuotient,
    QuotientBootstrap,
    quotients,
    refuse_unknown,
)
from clusterlab.parameters import Parameter, model
from clusterlab.results import Result


def measure_all(
    table: pd.DataFrame, *, totals: pd.Series | None = None, plants: PlantSizes | None = None
) -> pd.DataFrame:
    """Return every measure of concentration for every industry.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries.
    totals : pandas.Series, optional
        Each region's total over all industries; by default the table's own row sums. With totals
        given, industries that have unknown cells stay without values, and the note counts them.
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

    See Also
    --------
    industry_profile : one industry in detail.
    clusterlab.agglomeration.ellison_glaeser : γ with its null distribution.
    clusterlab.agglomeration.measure_bounds : where measures lie if cells are unknown.

    Examples
    --------
    >>> table = pd.DataFrame({"wine": [9, 1], "shops": [5, 5]}, index=["Napa", "Modesto"])
    >>> measure_all(table).loc["wine", ["highest_quotient_in", "equivalent_number"]].to_dict()
    {'highest_quotient_in': 'Napa', 'equivalent_number': 1.2195121951219512}
    """
    if not (plants is None or isinstance(plants, PlantSizes)):
        found = f"a {type(plants).__name__}" if hasattr(plants, "__len__") else plants
        raise ValueError(
            f"plants is {found}, but it must come from plant_sizes or plant_sizes_from_classes."
        )
    counts, sizes, base = checked(table, totals)
    values, size, shares = counts.to_numpy(), sizes.to_numpy(), quotients(counts, sizes)
    parts = {
        "total": counts.sum(),
        "regions_present": (counts > 0).sum(),
        "highest_quotient_in": shares.idxmax(),
        "highest_quotient": shares.max(),
        "herfindahl": herfindahl_of(values),
        "equivalent_number": 1 / herfindahl_of(values),
        "gini": gini_of(values),
        "locational_gini": gini_of(shares.to_numpy()),
        "locational_gini_size_weighted": gini_of(values, size),
        "hoover": hoover_of(values, size),
    }
    note = f"{base}; reference economy: the table's {len(counts)} regions together"
    if plants is not None:
        known = tables.align(plants.herfindahl, counts.columns, what="plant Herfindahl")
        several = known.index[known < 1 - SINGLE]
        if several.empty:
            parts |= dict.fromkeys(["gamma", "raw", "maurel_sedillot"], float("nan"))
        else:
            given = (counts[several], sizes, base, plants)
            parts |= dict(ellison_glaeser_of(*given).to_frame().items())
            parts["maurel_sedillot"] = maurel_sedillot_of(*given).gamma
        note += f"; plant Herfindahl: {plants.source}"
        if len(several) < len(known):
            note += f"; no γ for {len(known) - len(several)} industries with a single plant"
    result = pd.DataFrame(parts, index=counts.columns).reindex(table.columns)
    result.attrs["note"] = note + "."
    return result


@dataclass(frozen=True, repr=False)
class IndustryProfile(Result):
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


#: What can be had of a table with unknown cells, by functions that take published totals.
_PUBLISHED = (
    "here every cell is needed; agglomeration.location_quotient(table, totals=…, reference=…) and "
    "agglomeration.measure_all(table, totals=…) go on with published totals"
)
#: Each of checked counts, the sizes of their regions, and their quotients.
_MEASURES: dict[str, Callable[..., np.ndarray]] = {
    "Hoover index": lambda counts, sizes, _: hoover_of(counts, sizes),
    "locational Gini, equal weights": lambda counts, sizes, quotients: gini_of(quotients),
    "locational Gini, size weights": lambda counts, sizes, _: gini_of(counts, sizes),
    "Herfindahl index": lambda counts, sizes, _: herfindahl_of(counts),
}


@model
def industry_profile(
    *,
    table: pd.DataFrame,
    industry: Annotated[Any, Parameter("industry")] = "",
    measure: Annotated[Literal[tuple(_MEASURES)], Parameter("measure")] = "Hoover index",  # type: ignore[valid-type]
) -> IndustryProfile:
    """Return where one industry is and how it ranks among all by one measure.

    Parameters
    ----------
    table : pandas.DataFrame
        Regions x industries.
    industry : label
        One of the table's columns.

    Returns
    -------
    IndustryProfile

    Raises
    ------
    ValueError
        An industry that the table does not have.

    See Also
    --------
    measure_all : all measures of all industries.
    clusterlab.agglomeration.plots.plot_quotients : its quotients drawn.

    Examples
    --------
    >>> table = pd.DataFrame({"wine": [9, 1], "shops": [5, 5]}, index=["Napa", "Modesto"])
    >>> industry_profile(table=table, industry="wine").values.round(3).to_dict()
    {'shops': 0.2, 'wine': 0.2}
    """
    tables.need_columns(table.columns, [industry], "the table")
    refuse_unknown(table, _PUBLISHED)
    counts, sizes, _ = checked(table, None)
    shares = quotients(counts, sizes)
    index = _MEASURES[measure](counts.to_numpy(), sizes.to_numpy(), shares.to_numpy())
    return IndustryProfile(
        industry=industry,
        measure=measure,
        quotients=shares[industry],
        values=pd.Series(index, counts.columns).sort_values(kind="stable"),
    )


Draw = Literal["a worker", "an establishment", "an establishment with its size"]


@dataclass(frozen=True, repr=False)
class Specialised(Result):
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
    bootstrap: InstanceOf[QuotientBootstrap] | None = None,
    industry: Annotated[Any, Parameter("industry")] = "",
    threshold: Annotated[float, Parameter("threshold for specialised", 0.5, 4, 0.05)] = 1.25,
    level: Annotated[float, Parameter("confidence level", 0.5, 0.99, 0.01)] = 0.95,
    draw: Annotated[Draw, Parameter("one independent draw is")] = "a worker",
) -> Specialised:
    """Return which regions count as specialised in an industry, with and without doubt.

    The limits take workers or establishments for independent draws. For "an establishment"
    ``units`` is needed, for "an establishment with its size" ``bootstrap``.

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

    Returns
    -------
    Specialised

    Raises
    ------
    ValueError
        An industry that the table does not have, a draw without what it needs, or a bootstrap of
        other regions.

    See Also
    --------
    clusterlab.agglomeration.location_quotient : all industries at once.
    clusterlab.agglomeration.widgets.specialisation : with controls.

    Examples
    --------
    >>> table = pd.DataFrame({"wine": [9, 1], "shops": [5, 5]}, index=["Napa", "Modesto"])
    >>> specialised_in(table=table, industry="wine").frame[["above", "surely"]].loc["Napa"].tolist()
    [True, False]
    """
    tables.need_columns(table.columns, [industry], "the table")
    refuse_unknown(table, _PUBLISHED)
    counts, sizes, base = checked(table, None)
    one = counts[[industry]]
    quotient = LocationQuotient(
        value=quotients(counts, sizes)[[industry]],
        base=base,
        counts=one,
        totals=sizes,
        reference=one.sum() / sizes.sum(),
        economy=float(sizes.sum()),
        given=(),
    )
    if draw == "an establishment with its size":
        if bootstrap is None:
            raise ValueError(f"draw {draw!r} needs bootstrap=, from bootstrap_location_quotient.")
        drawn = bootstrap.value
        tables.need_columns(drawn.columns, [industry], "bootstrap")
        other = counts.index.symmetric_difference(drawn.index)
        if len(other):
            raise ValueError(f"bootstrap: region {other[0]!r} is not in both it and the table.")
        low, high = bootstrap.interval(level=level)
    else:
        if draw == "an establishment" and units is None:
            raise ValueError(f"draw {draw!r} needs units=, the establishments of each region.")
        low, high = quotient.interval(level=level, units=None if draw == "a worker" else units)
    columns = {"quotient": quotient.value, "low": low, "high": high}
    frame = pd.DataFrame({name: each[industry] for name, each in columns.items()})
    frame["above"], frame["surely"] = frame["quotient"] > threshold, frame["low"] > threshold
    return Specialised(
        frame=frame.sort_values("quotient", ascending=False, kind="stable"),
        industry=industry,
        threshold=threshold,
        level=level,
    )
