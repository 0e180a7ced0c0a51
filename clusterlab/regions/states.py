"""Incomes of the states of two countries, as the widgets ask for them."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

import numpy as np
import pandas as pd

from clusterlab import datasets
from clusterlab.parameters import Parameter, model
from clusterlab.regions.catching_up import Convergence, convergence
from clusterlab.regions.inequality import Index, Inequality, theil
from clusterlab.results import Result

Country = Literal["United States", "Mexico"]

_TABLES = {"United States": "us_state_income", "Mexico": "mexican_state_income"}
_country = Parameter("country")


@cache
def states(country: Country) -> tuple[pd.DataFrame, pd.Series]:
    """Return incomes, states x years, and the region of each state; not to be changed."""
    table = datasets.load(_TABLES[country])
    regions = table.drop_duplicates("state").set_index("state")["region"]
    return table.pivot_table(index="state", columns="year", values="income"), regions


@dataclass(frozen=True, repr=False)
class States(Result):
    """Inequality of a country's states, and one year of it.

    Attributes
    ----------
    country : str
        Which country.
    year : int
        The year of the table nearest to the one asked for, the earlier of two.
    found : Inequality
        The index in all years.
    incomes : pandas.DataFrame
        By state: its ``region`` and its ``income`` that year as a multiple of the mean of states.
    """

    country: str
    year: int
    found: Inequality
    incomes: pd.DataFrame


@cache
def _parts(country: Country, index: Index) -> Inequality:
    panel, regions = states(country)
    return theil(panel, groups=regions, index=index)


@model
def state_inequality(
    *,
    country: Annotated[Country, _country] = "United States",
    index: Annotated[Index, Parameter("Theil's index")] = "T",
    year: Annotated[int, Parameter("year", 1929, 2009)] = 2009,
) -> States:
    """Return the inequality of a country's states, every state counting the same.

    Returns
    -------
    States

    See Also
    --------
    clusterlab.regions.theil : The measure.

    Examples
    --------
    >>> state_inequality(country="Mexico", year=1947).year
    1950
    """
    panel, regions = states(country)
    years = panel.columns.to_numpy()
    nearest = int(years[np.abs(years - year).argmin()])
    relative = panel[nearest] / panel[nearest].mean()
    incomes = pd.DataFrame({"region": regions, "income": relative})
    return States(country=country, year=nearest, found=_parts(country, index), incomes=incomes)


@model
def state_convergence(
    *,
    country: Annotated[Country, _country] = "United States",
    start: Annotated[int, Parameter("from year", 1929, 1980)] = 1980,
    end: Annotated[int, Parameter("to year", 1981, 2009)] = 2009,
) -> Convergence:
    """Return whether a country's states converged, from a year of its table to another.

    Returns
    -------
    Convergence
        From the last year of the table up to ``start`` (or its first), to the first from ``end`` on
        (or its last).

    See Also
    --------
    clusterlab.regions.convergence : The measure.

    Examples
    --------
    >>> found = state_convergence(country="Mexico", start=1965, end=1984)
    >>> found.start, found.end
    (1960, 1990)
    """
    panel, _ = states(country)
    years = panel.columns.to_numpy()
    first = years[years <= max(start, years[0])][-1]
    last = years[years >= min(end, years[-1])][0]
    return convergence(panel, start=int(first), end=int(last))
