"""The chains of the states that come with the course, as models with controls."""

import dataclasses
import functools
from typing import Annotated, Literal

from clusterlab import datasets
from clusterlab.parameters import Parameter, model
from clusterlab.regions.chains import Mobility, SpatialMobility, markov, spatial_markov
from clusterlab.regions.states import Country, states

Classes = Annotated[int, Parameter("number of classes", 2, 5, 1)]
Pooled = Annotated[
    bool,
    Parameter(
        "the same bounds in all years",
        details="Bounds are then shares of the mean of a year; otherwise quantiles of each year.",
    ),
]


@model
def mobility(
    *,
    country: Annotated[Country, Parameter("country")] = "United States",
    classes: Classes = 5,
    since: Annotated[int, Parameter("first year", 1929, 1979, 10)] = 1929,
    pooled: Pooled = False,
) -> Mobility:
    """Return the chain of the states of a country, see `clusterlab.regions.markov`.

    Returns
    -------
    Mobility
        With ``given`` as asked for.

    See Also
    --------
    neighbours : The chain by the income of the neighbours.

    Examples
    --------
    >>> mobility().estimate.counts.loc[1].tolist()
    [729, 71, 1, 0, 0]
    """
    table, _ = states(country)
    found = markov(table.loc[:, since:], classes=classes, pooled=pooled)
    given = {"country": country, "classes": classes, "since": since, "pooled": pooled}
    return dataclasses.replace(found, given=given)


@model
def neighbours(
    *,
    country: Annotated[Country, Parameter("country")] = "United States",
    classes: Classes = 5,
    own: Annotated[
        Literal["poorest", "middle", "richest"], Parameter("class of the state itself")
    ] = "poorest",
    pooled: Pooled = True,
) -> SpatialMobility:
    """Return the chains by class of neighbours, see `clusterlab.regions.spatial_markov`.

    Returns
    -------
    SpatialMobility
        With intervals and tests of 199 replicates; ``given`` has ``own`` as a number.

    See Also
    --------
    mobility : One chain for all states.

    Examples
    --------
    >>> neighbours().by_neighbours[1].counts.loc[1].tolist()
    [474, 15, 3, 0, 0]
    """
    given = {"country": country, "classes": classes, "pooled": pooled}
    number = {"poorest": 1, "middle": (classes + 1) // 2, "richest": classes}[own]
    return dataclasses.replace(_by_neighbours(**given), given={**given, "own": number})


@functools.cache
def _by_neighbours(country: Country, classes: int, pooled: bool) -> SpatialMobility:
    borders = datasets.load("state_neighbours").query("country == @country")
    return spatial_markov(
        states(country)[0],
        borders[["state", "neighbour"]],
        classes=classes,
        pooled=pooled,
        replicates=199,
    )
