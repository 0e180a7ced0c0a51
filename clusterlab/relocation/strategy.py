"""Presence abroad and innovation at home: apart, together, and on one budget."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt

from clusterlab.parameters import Parameter, model
from clusterlab.results import Result

_effort = partial(Parameter, low=0, high=1, step=0.02, source="constructed")
_worth = partial(Parameter, source="constructed", admissible=(Ge(0),))
_GRID = np.linspace(0, 1, 51)


@dataclass(frozen=True, repr=False)
class Mix(Result):
    """Performance over presence abroad and innovation; 0 is that of staying as one is.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    performance, without_presence : float
        At this mix, and with the same innovation but nobody abroad.
    pays_from, more_pays_from : float
        Innovation above which this presence, if there is any, pays at all, and above which more of
        it would pay; infinite where it never does.
    best_presence : float
        Presence that is best at this innovation.
    best_share : float
        Presence that is best where both together are 1.
    slope : float
        Innovation per unit of presence above which presence pays; infinite where it never does.
    surface : pandas.DataFrame
        Performance by innovation (rows) and presence (columns).
    budget : pandas.Series
        Performance by presence where innovation is the rest of 1; ``best_share`` is among them.
    """

    given: dict[str, float]
    performance: float
    without_presence: float
    pays_from: float
    more_pays_from: float
    best_presence: float
    best_share: float
    slope: float
    surface: pd.DataFrame
    budget: pd.Series

    def to_frame(self) -> pd.DataFrame:
        """Return performance by innovation and presence."""
        return self.surface.copy()


@model
def strategy_mix(
    *,
    presence: Annotated[float, _effort("presence abroad")] = 0.6,
    innovation: Annotated[float, _effort("innovation at home")] = 0.2,
    together: Annotated[float, _worth("gain of both together", 0, 4, 0.1)] = 2.0,
    alone: Annotated[float, _worth("gain of innovation alone", 0, 2, 0.1)] = 0.5,
    cost: Annotated[float, _worth("cost of presence", 0.1, 2, 0.1, admissible=(Gt(0),))] = 0.5,
) -> Mix:
    r"""Weigh presence abroad against innovation: what each does alone and both together.

    Returns
    -------
    Mix

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    relocate : what leaves when firms go abroad.

    Notes
    -----
    With presence x, innovation y (product, process and technology; local reaction) and weights a,
    b ≥ 0, k > 0, performance is

    .. math:: P(x,y) = a\,xy + b\,y - k\,x^2 .

    *Presence alone costs*: P(x, 0) = −kx² < 0 for x > 0. *It pays at all*, P(x, y) > P(0, y), iff
    axy > kx², that is y > kx/a. *More of it pays*, ∂P/∂x = ay − 2kx > 0, iff y > 2kx/a, so the best
    presence is min(1, ay/2k). *On a budget* x + y = 1,
    f(x) = ax(1−x) + b(1−x) − kx² is concave with its top at :math:`x^*=(a-b)/(2(a+k))`, which is at
    most one half; both together are best iff a > b, else innovation alone.

    The equation is ours: the smallest in which presence without innovation does not pay, which is
    put in. What follows from it are the two borders and the budget.

    References
    ----------
    whitford-potter-2007, section 5.3 (after Chiarvesio and others, and Bellandi and Caloffi).

    Examples
    --------
    >>> found = strategy_mix(presence=0.5, innovation=0.4, together=1, alone=0.5, cost=0.5)
    >>> found.pays_from, found.more_pays_from, round(found.performance, 3)
    (0.25, 0.5, 0.275)
    """

    def performance(x, y):
        return together * x * y + alone * y - cost * x**2

    slope = cost / together if together else np.inf
    border = cost * presence / together if together else np.inf
    best = max(0.0, (together - alone) / (2 * (together + cost)))
    line = np.unique([*_GRID, best])
    labels = [pd.Index(_GRID, name=name) for name in ("innovation", "presence")]
    names = ("presence", "innovation", "together", "alone", "cost")
    numbers = (presence, innovation, together, alone, cost)
    return Mix(
        given=dict(zip(names, numbers, strict=True)),
        performance=performance(presence, innovation),
        without_presence=performance(0, innovation),
        pays_from=border,
        more_pays_from=2 * border,
        best_presence=min(1.0, together * innovation / (2 * cost)),
        best_share=best,
        slope=slope,
        surface=pd.DataFrame(performance(_GRID, _GRID[:, None]), *labels),
        budget=pd.Series(performance(line, 1 - line), pd.Index(line, name="presence")),
    )
