"""City size: what people gain by being many in one place, and what congestion takes from it.

Henderson (1974) with the foundations of Duranton and Puga (2004).
"""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt, Le
from scipy.optimize import brentq

from clusterlab.parameters import Parameter, model
from clusterlab.results import Result

_declared = partial(Parameter, source="Duranton and Puga 2004")


_GAINS = _declared(
    "gains from size ε",
    0.02,
    0.2,
    0.01,
    admissible=(Gt(0), Le(10)),
    reason="It is the elasticity of output per hour with respect to the city's work; "
    "without gains from size there is no city, and far above, powers overflow.",
)
_COMMUTING = _declared(
    "commuting cost τ",
    0.0005,
    0.005,
    0.0005,
    unit="of time per thousand",
    admissible=(Ge(1e-12), Le(1e12)),
    reason="It is the share of time that each thousand people more cost the "
    "average worker on the road; without congestion a city grows for ever.",
)
_FOUNDERS = Parameter(
    "founders of a new city",
    1,
    20,
    1,
    unit="thousand",
    source="after Henderson 1974",
    admissible=(Ge(1e-12),),
    reason="Somebody has to found a city.",
)


@dataclass(frozen=True, repr=False)
class CitySize(Result):
    """How consumption per head depends on the size of a city.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    optimum : float
        N*, the size at which consumption per head is highest.
    best, alone : float
        Consumption per head at the optimum and of the founders of a new city.
    largest : float
        Size at which people do as badly as founders do: no city grows beyond it.
    loss : float
        Share of the best consumption that is lost in a city of the largest size.
    commuting_share : float
        Share of working time spent commuting at the optimum.
    curve : pandas.DataFrame
        By population: consumption per head, output per hour worked, share of time left for work.
    """

    given: dict[str, float]
    optimum: float
    best: float
    alone: float
    largest: float
    loss: float
    commuting_share: float
    curve: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return the curve, one row a population."""
        return self.curve.copy()


@model
def city_size(
    *,
    scale_economies: Annotated[float, _GAINS] = 0.05,
    commuting_cost: Annotated[float, _COMMUTING] = 0.001,
    founders: Annotated[float, _FOUNDERS] = 1,
) -> CitySize:
    r"""Find the best size of a city and the size at which it gets stuck.

    Parameters
    ----------
    scale_economies : float
        ε > 0: output of a city is L^(1+ε) with L hours of work.
    commuting_cost : float
        τ > 0: share of working time lost per unit of population.
    founders : float
        Population that can leave together for a new city, in the unit of 1/τ; of more than the
        best size, only as many as that go.

    Returns
    -------
    CitySize
        Optimum, the far root, and consumption per head by population up to 1/τ.

    Raises
    ------
    ValueError
        A value without economic meaning.

    See Also
    --------
    labour_pooling : One of the gains from size.
    circle : How many places keep industry.

    Notes
    -----
    Workers live along a line; commuting leaves L = N(1−τN) of their time, so that consumption per
    head, rents being shared, is

    .. math:: c(N) = N^\varepsilon (1-\tau N)^{1+\varepsilon}, \qquad
              N^* = \frac{\varepsilon}{(1+2\varepsilon)\tau}.

    People move one by one to the city where they consume more. Below N* a city that grows does
    better, so it goes on growing; above N* sizes equalise and stay. A new city starts with few
    people and pays them c(founders): nobody leaves for one until c(N) has fallen that low. Between
    N* and this far root every size can persist, although all would gain if enough people moved
    together. That is the coordination failure; with N* founders it is gone.

    References
    ----------
    Henderson (1974), American Economic Review 64(4), 640–656.
    Duranton and Puga (2004), Handbook of Regional and Urban Economics 4, ch. 48, section 2.

    Examples
    --------
    >>> city = city_size(scale_economies=0.05, commuting_cost=0.001)
    >>> round(city.optimum, 4), round(city.largest, 4)
    (45.4545, 228.7081)
    """
    e, t = scale_economies, commuting_cost
    optimum = e / ((1 + 2 * e) * t)
    together = min(founders, optimum)

    def log_consumption(size):
        return e * np.log(size) + (1 + e) * np.log1p(-t * size)

    def short_of_founders(size: float) -> float:
        return float(log_consumption(size) - log_consumption(together))

    # Where ε log(1/τ) + (1+ε) log(1−τN) has fallen to log c(founders), c(N) is below it already.
    # That can be so near 1/τ, where no time is left for work, that it cannot be told from it.
    end = 1 / t
    used = -np.expm1((log_consumption(together) - e * np.log(end)) / (1 + e))
    beyond = min(used, 1 - 1e-15) / t
    if together == optimum or short_of_founders(beyond) >= 0:
        largest = optimum if together == optimum else beyond
    else:
        largest = float(brentq(short_of_founders, optimum, beyond, xtol=1e-12, rtol=1e-14))
    best, alone = (float(np.exp(log_consumption(n))) for n in (optimum, together))
    size = np.geomspace(end / 2000, end, 201)
    hours = np.clip(1 - t * size, 0, None)
    curve = {
        "consumption per head": size**e * hours ** (1 + e),
        "output per hour": (size * hours) ** e,
        "time left for work": hours,
    }
    return CitySize(
        given={"scale_economies": e, "commuting_cost": t, "founders": founders},
        optimum=optimum,
        best=best,
        alone=alone,
        largest=largest,
        loss=1 - alone / best,
        commuting_share=t * optimum,
        curve=pd.DataFrame(curve, index=pd.Index(size, name="population")),
    )
