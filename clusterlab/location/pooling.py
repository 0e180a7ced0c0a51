"""Labour pooling: what firms gain by drawing on the same workers when their luck differs."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Le

from clusterlab.parameters import Parameter, Seed, generator, model, refuse_too_many
from clusterlab.results import Result

_FIRMS = Parameter(
    "firms that share the workers",
    1,
    40,
    1,
    source="Krugman 1991, ch. 2",
    admissible=(Ge(1),),
    reason="A labour market needs somebody who hires.",
)
_WORKERS = Parameter(
    "workers per firm",
    5,
    20,
    1,
    unit="workers",
    admissible=(Ge(1e-9), Le(1e9)),
    reason="There is nothing to pool without workers.",
)
_CURVATURE = Parameter(
    "slope of labour demand γ",
    0.5,
    2,
    0.1,
    unit="per worker",
    admissible=(Ge(1e-9), Le(1e9)),
    reason="It is the slope γ of a firm's demand for labour; without it one "
    "lucky firm would hire everybody.",
)
_SHOCK = Parameter(
    "shocks of a firm",
    0,
    2.5,
    0.1,
    unit="standard deviation",
    admissible=(Ge(0), Le(1e9)),
    reason="It is a standard deviation.",
)
_REPLICATES = Parameter(
    "simulated markets", admissible=(Ge(2),), reason="A standard error needs at least two."
)


@dataclass(frozen=True, repr=False)
class LabourPooling(Result):
    """Expected profit of a firm in a shared labour market, by formula and by simulation.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    expected_profit : float
        Of one firm, by formula: ``from_workers`` plus ``from_pooling``.
    from_workers : float
        What the firm would earn without any shocks.
    from_pooling : float
        What it gains because it hires when others do not.
    full_pooling : float
        What pooling would bring among very many firms.
    simulated_profit, standard_error : float
        Mean over the simulated markets, and its standard error.
    unfilled : float
        Share of simulated firms that would want fewer than no workers: where it is not near zero,
        shocks are too large for the formula.
    by_firms : pandas.Series
        Gain from pooling by number of firms.
    profits : numpy.ndarray
        Profit of a firm in each simulated market, as the mean over its firms.
    """

    given: dict[str, float]
    expected_profit: float
    from_workers: float
    from_pooling: float
    full_pooling: float
    simulated_profit: float
    standard_error: float
    unfilled: float
    by_firms: pd.Series
    profits: np.ndarray

    def to_frame(self) -> pd.DataFrame:
        """Return the gain from pooling by number of firms."""
        return self.by_firms.to_frame()


@model
def labour_pooling(
    *,
    firms: Annotated[int, _FIRMS] = 5,
    workers_per_firm: Annotated[float, _WORKERS] = 10,
    curvature: Annotated[float, _CURVATURE] = 1,
    shock: Annotated[float, _SHOCK] = 2,
    replicates: Annotated[int, _REPLICATES] = 2000,
    seed: Seed = 0,
) -> LabourPooling:
    r"""Find what firms with uneven luck gain from one common labour market.

    Parameters
    ----------
    firms : int
        n, number of firms in the market.
    workers_per_firm : float
        L/n; the market grows with the firms, so that no one gains by scarcity.
    curvature : float
        γ > 0, fall of a worker's marginal product with each worker more.
    shock : float
        s ≥ 0, standard deviation of a firm's own shock to its workers' product.
    replicates : int
        Number of simulated markets.
    seed : int or numpy.random.Generator
        Source of the shocks.

    Returns
    -------
    LabourPooling
        Expected profit of one firm and its two parts; the same by simulation.

    Raises
    ------
    ValueError
        No firm, no workers, or another value without economic meaning.

    See Also
    --------
    city_size : What gains from size are weighed against.

    Notes
    -----
    Firm i earns :math:`(\beta+\varepsilon_i)l_i - \tfrac{\gamma}{2}l_i^2 - w l_i`. It hires until a
    worker's product equals the wage, and the wage clears the market of L workers, so that
    :math:`l_i = L/n + (\varepsilon_i-\bar\varepsilon)/\gamma` and

    .. math:: E[\pi] = \frac{\gamma}{2}\Big(\frac Ln\Big)^2
                       + \Big(1-\frac1n\Big)\frac{s^2}{2\gamma}.

    The second term is the gain from pooling: none for a firm alone, and close to s²/2γ among many.
    It is the same for any level β. Shocks are normal and independent; the formula allows negative
    workforces, and ``unfilled`` says how often they occur.

    References
    ----------
    Krugman (1991), Geography and Trade, MIT Press, lecture 2 and appendix C: recalled, not reread.
    Duranton and Puga (2004), Handbook of Regional and Urban Economics 4, ch. 48: recalled.

    Examples
    --------
    >>> market = labour_pooling(firms=5, workers_per_firm=10, curvature=1, shock=2)
    >>> market.expected_profit, market.from_pooling
    (51.6, 1.6)
    """
    refuse_too_many("labour_pooling", replicates=replicates, firms=firms)
    rng = generator(seed)
    full = shock**2 / (2 * curvature)
    base, pooling = curvature / 2 * workers_per_firm**2, (1 - 1 / firms) * full
    luck = shock * rng.standard_normal((replicates, firms))
    workforce = workers_per_firm + (luck - luck.mean(axis=1, keepdims=True)) / curvature
    profits = curvature / 2 * (workforce**2).mean(axis=1)
    number = np.arange(1, 41)
    by_firms = pd.Series((1 - 1 / number) * full, pd.Index(number, name="firms"), name="gain")
    given = {"firms": firms, "workers_per_firm": workers_per_firm, "curvature": curvature}
    return LabourPooling(
        given={**given, "shock": shock},
        expected_profit=base + pooling,
        from_workers=base,
        from_pooling=pooling,
        full_pooling=full,
        simulated_profit=float(profits.mean()),
        standard_error=float(profits.std(ddof=1) / np.sqrt(replicates)),
        unfilled=float((workforce < 0).mean()),
        by_firms=by_firms,
        profits=profits,
    )
