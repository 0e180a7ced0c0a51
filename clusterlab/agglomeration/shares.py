"""What one region does more of than others: its quotients, and the shares they are made of."""

from dataclasses import dataclass
from typing import Annotated, Any

import pandas as pd
from pydantic import InstanceOf

from clusterlab import tables
from clusterlab.agglomeration.quotient import LocationQuotient
from clusterlab.parameters import Parameter, model
from clusterlab.results import Result


@dataclass(frozen=True, repr=False)
class RegionShares(Result):
    """A region's industries: their shares here and in the reference economy.

    Attributes
    ----------
    region : label
        The row chosen.
    least : int
        The smallest count that is shown.
    frame : pandas.DataFrame
        One row an industry, by falling quotient: count, here, economy (both shares), quotient.
    """

    region: Any
    least: int
    frame: pd.DataFrame


@model
def region_shares(
    *,
    quotients: InstanceOf[LocationQuotient],
    region: Annotated[Any, Parameter("place")] = "",
    least: Annotated[
        int, Parameter("leave out industries below", 0, 5000, 50, unit="jobs here", source="ours")
    ] = 0,
) -> RegionShares:
    """Return what stands behind a region's quotients: the two shares and the count.

    Parameters
    ----------
    quotients : LocationQuotient
        From `clusterlab.agglomeration.location_quotient`; unknown cells are left out.
    region : label
        One of its rows.

    Returns
    -------
    RegionShares

    Raises
    ------
    ValueError
        A region that the quotients do not have.

    See Also
    --------
    clusterlab.agglomeration.widgets.shares : with controls.
    clusterlab.agglomeration.industry_profile : one industry in all regions.

    Notes
    -----
    A quotient is at most one over the industry's share in the reference economy: then the region
    does nothing else.

    Examples
    --------
    >>> from clusterlab.agglomeration import location_quotient
    >>> table = pd.DataFrame({"wine": [9, 1], "shops": [5, 5]}, index=["Napa", "Modesto"])
    >>> shares = region_shares(quotients=location_quotient(table), region="Napa").frame
    >>> shares["economy"].tolist(), shares["quotient"].round(3).tolist()
    ([0.5, 0.5], [1.286, 0.714])
    """
    tables.need_columns(quotients.counts.index, [region], "the quotients")
    count = quotients.counts.loc[region]
    frame = pd.DataFrame(
        {
            "count": count,
            "here": count / quotients.totals[region],
            "economy": quotients.reference,
            "quotient": quotients.value.loc[region],
        }
    )
    shown = frame[frame["count"] >= least].sort_values("quotient", ascending=False, kind="stable")
    return RegionShares(region=region, least=least, frame=shown)
