"""Many regions around a circle: how many of them keep industry.

The racetrack economy of Fujita, Krugman and Venables (1999, ch. 6): the core–periphery model with
any number of equal regions, evenly spaced on a circle, so that none is central.
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab.location import two_regions
from clusterlab.parameters import Parameter, Seed, generator, model, refuse_too_many
from clusterlab.results import Result

_TRADE_COST = two_regions.iceberg("trade cost to the far side", 1.2, 8, 0.1)
_REGIONS = Parameter(
    "regions on the circle",
    4,
    16,
    2,
    admissible=(Ge(2),),
    reason="Industry needs at least two places to choose between; with none or one there is "
    "nothing to choose.",
)

_ALIVE, _SETTLED, _STEPS = 1e-6, 1e-9, 1000


def _freeness(regions: int, elasticity: float, trade_cost: float) -> np.ndarray:
    """Return T_rs^(1−σ) with T_rs = T^(d/d_max), d the steps between r and s on the circle."""
    steps = np.arange(regions)
    apart = np.abs(steps[:, None] - steps)
    apart = np.minimum(apart, regions - apart)
    return np.exp((1 - elasticity) * np.log(trade_cost) * apart / (regions // 2))


@model
def growth_rates(
    *,
    regions: Annotated[int, _REGIONS] = 12,
    elasticity: two_regions.Elasticity = 5,
    manufacturing_share: two_regions.Manufacturing = 0.4,
    trade_cost: Annotated[float, _TRADE_COST] = 3,
) -> pd.Series:
    r"""Find how fast a small ripple of each frequency grows when industry is spread evenly.

    Parameters
    ----------
    regions : int
        R, number of regions, evenly spaced on a circle.
    elasticity, manufacturing_share : float
        σ and μ, as in `core_periphery`.
    trade_cost : float
        T, units sent for one to arrive on the opposite side of the circle.

    Returns
    -------
    pandas.Series
        Growth per unit of migration speed, by frequency k = 1, …, R/2 (number of peaks). Where all
        are negative the even spread is stable.

    Raises
    ------
    ValueError
        Fewer than two regions, a value without economic meaning, or a black hole.

    See Also
    --------
    circle : What such ripples grow into.
    break_point : Where the sign changes with two regions.

    Notes
    -----
    With :math:`Z_k = \sum_d T_d^{1-\sigma}\cos(2\pi kd/R) / \sum_d T_d^{1-\sigma}`,

    .. math::

        \frac{d\log\omega}{d\varepsilon} = \frac{1-\rho}{\rho} Z_k\,
        \frac{\mu(1+\rho) - Z_k(\mu^2+\rho)}{1-\mu Z_k(1-\rho)-\rho Z_k^2}

    is the rise in real wage where a ripple of relative height ε has its peak, which is also the
    rate at which it grows. With two regions Z₁ = (1−T^{1−σ})/(1+T^{1−σ}) and the sign changes at
    the break point.

    References
    ----------
    Fujita, Krugman and Venables (1999), The Spatial Economy, MIT Press, ch. 5 and 6.

    Examples
    --------
    >>> growth_rates(regions=4, trade_cost=3).round(3).to_dict()
    {1: -0.023, 2: 0.027}
    """
    refuse_too_many("growth_rates", regions=regions, with_regions=regions)
    two_regions.refuse_black_hole("growth_rates", elasticity, manufacturing_share)
    freeness = _freeness(regions, elasticity, trade_cost)
    return _ripples(freeness, elasticity, manufacturing_share)


def _ripples(freeness: np.ndarray, s: float, mu: float) -> pd.Series:
    """Return the growth rate of a ripple by its frequency.

    The circle looks the same from every region, so that ripples do not mix: each frequency has a
    rate of its own, and the Fourier transform of one row of freeness is all there is to know.
    """
    ring = np.fft.fft(freeness[0]).real[: len(freeness) // 2 + 1]
    rates = two_regions.slope_where_even(s, mu, ring[1:] / ring[0])
    frequencies = pd.RangeIndex(1, len(ring), name="frequency")
    return pd.Series(rates, index=frequencies, name="growth rate")


def _short_run(share, wage, freeness, s, mu):
    """Solve the wage equation by Newton steps; return log w, log ω and d log ω/d log λ.

    All by history. ``spent`` (Q) has where a region's spending on manufactures goes, ``sold`` (S)
    where a region's sales come from, ``own`` (y) the weight of manufacturing in a region's income.
    """
    regions = share.shape[1]
    for _ in range(50):
        offer = share * np.exp((1 - s) * wage)
        price = offer @ freeness
        income = mu * share * np.exp(wage) + (1 - mu) / regions
        sales = (income / price) @ freeness
        spent = offer[:, :, None] * freeness / price[:, None, :]
        sold = (income / price)[:, None, :] * freeness / sales[:, :, None]
        own = mu * share * np.exp(wage) / income
        swap = sold @ spent.swapaxes(1, 2)
        left = s * np.eye(regions) - sold * own[:, None, :] + (1 - s) * swap
        # d/d log w of σ log w − log(sales): incomes move with wages, price indices with offers
        step = np.linalg.solve(left, (np.log(sales) - s * wage)[:, :, None])[:, :, 0]
        wage = wage + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-12:
            break
    else:
        raise RuntimeError("circle: wages did not settle.")
    # The same linear system says how wages answer to shares (implicit function theorem).
    raised = np.linalg.solve(left, sold * own[:, None, :] - swap)
    access = spent.swapaxes(1, 2)
    slope = raised + mu / (s - 1) * (access + (1 - s) * access @ raised)
    return wage, wage + mu / (s - 1) * np.log(price), slope


def _move(share, gap, slope):
    """Move shares along the linearised path, as far as it can be trusted.

    For ż = f + Jz the step over a time h is v(h) with v(2h) = v(h) + e^(hJ) v(h): time is doubled
    until the step would change a region by more than a factor of about 2. Growing ripples and
    dying ones are both followed exactly, however different their speeds, and near a stable rest
    the step becomes Newton's.
    """
    regions = share.shape[1]
    # only relative shares count: raising all alike changes nothing
    jacobian = slope - slope.sum(axis=2, keepdims=True) * share[:, None, :]
    # so short that three terms of the series of e^(hJ) do; doubling makes it as long as wanted
    time = 0.02 / np.abs(jacobian).sum(axis=2).max(axis=1)[:, None, None]
    small = time * jacobian
    square = small @ small / 2
    grow = np.eye(regions) + small + square + square @ small / 3
    v = (time * (gap[:, :, None] + (small + 2 * square / 3) @ gap[:, :, None] / 2))[:, :, 0]
    # a dying region may shrink by any factor: only a loss of what counts limits the step
    weight = np.minimum(1, regions * share)
    on = np.ones(len(share), bool)
    for _ in range(40):
        longer = v[on] + (grow[on] @ v[on][:, :, None])[:, :, 0]
        longer -= (share[on] * longer).sum(axis=1, keepdims=True)
        reach = np.maximum(longer, np.abs(longer) * weight[on]).max(axis=1)
        fine = reach < 0.7
        on[on] = fine
        if not on.any():
            break
        v[on] = longer[fine]
        grow[on] = grow[on] @ grow[on]
    moved = np.maximum(share * np.exp(np.maximum(v, -60)), 1e-30)
    return moved / moved.sum(axis=1, keepdims=True)


_REPLICATES = Parameter("histories", admissible=(Ge(1),), reason="One history is the least.")


@dataclass(frozen=True, repr=False)
class Circle(Result):
    """Where industry ends up on the circle, in many histories.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    mean_locations : float
        Mean number of regions that keep industry.
    preferred : int
        Number of peaks of the ripple that grows fastest from an even spread; the number of regions
        where every ripple fades.
    shares, real_wages : pandas.DataFrame
        One row a history, one column a region.
    """

    given: dict[str, float]
    mean_locations: float
    preferred: int
    shares: pd.DataFrame
    real_wages: pd.DataFrame

    @property
    def locations(self) -> pd.Series:
        """Number of regions that keep industry, by history."""
        return (self.shares > _ALIVE).sum(axis=1).rename("locations")

    def to_frame(self) -> pd.DataFrame:
        """Return the shares, one row a history."""
        return self.shares.copy()


@model
def circle(
    *,
    regions: Annotated[int, _REGIONS] = 12,
    elasticity: two_regions.Elasticity = 5,
    manufacturing_share: two_regions.Manufacturing = 0.4,
    trade_cost: Annotated[float, _TRADE_COST] = 3,
    replicates: Annotated[int, _REPLICATES] = 20,
    seed: Seed = 0,
) -> Circle:
    r"""Let industry settle on a circle of equal regions and count the places that keep it.

    Parameters
    ----------
    regions : int
        R, number of regions, evenly spaced on a circle.
    elasticity, manufacturing_share : float
        σ and μ, as in `core_periphery`.
    trade_cost : float
        T, units sent for one to arrive on the opposite side; in between the cost is T to the power
        of the distance. With two regions this is `core_periphery`.
    replicates : int
        Number of histories.
    seed : int or numpy.random.Generator
        For the small uneven start (relative deviations of about one per cent).

    Returns
    -------
    Circle
        Shares and real wages at rest, by history, and how many regions keep industry.

    Raises
    ------
    ValueError
        Fewer than two regions, a value without economic meaning, or a black hole.
    RuntimeError
        A history did not come to rest.

    See Also
    --------
    core_periphery : Two regions, solved for every equilibrium.
    clusterlab.location.many_regions.growth_rates : How the uneven start grows.

    Notes
    -----
    Wages solve :math:`w_r^\sigma = \sum_s Y_s G_s^{\sigma-1} T_{rs}^{1-\sigma}` and workers move by
    :math:`\dot\lambda_r = \lambda_r\log(\omega_r/\bar\omega)`, with the mean of log ω weighted by
    λ. The steps in time are as long as the path allows, since only where it ends is asked: at rest,
    regions with industry have the same real wage and the others a lower one. A region counts as
    keeping industry above one millionth of it.

    References
    ----------
    Fujita, Krugman and Venables (1999), The Spatial Economy, MIT Press, ch. 6.

    Examples
    --------
    >>> circle(regions=8, trade_cost=1.5, replicates=5).locations.tolist()
    [1, 1, 1, 1, 1]
    """
    s, mu = elasticity, manufacturing_share
    refuse_too_many("circle", replicates=replicates, regions=regions, with_regions=regions)
    two_regions.refuse_black_hole("circle", s, mu)
    freeness = _freeness(regions, s, trade_cost)
    rng = generator(seed)
    share = rng.dirichlet(np.full(regions, 1e4), size=replicates)
    wage, real, slope = _short_run(share, np.zeros_like(share), freeness, s, mu)
    for _ in range(_STEPS):
        gap = real - (share * real).sum(axis=1, keepdims=True)  # the pull of each region
        strongest = np.where(share > _ALIVE, np.abs(gap), gap).max(axis=1)
        on = strongest > _SETTLED  # the histories that still move
        if not on.any():
            break
        share[on] = _move(share[on], gap[on], slope[on])
        wage[on], real[on], slope[on] = _short_run(share[on], wage[on], freeness, s, mu)
    else:
        raise RuntimeError(
            f"circle: a history did not come to rest in {_STEPS} steps at trade_cost "
            f"{trade_cost:g}, elasticity {s:g}, manufacturing_share {mu:g}."
        )
    rates = _ripples(freeness, s, mu)
    columns = pd.RangeIndex(1, regions + 1, name="region")
    rows = pd.RangeIndex(replicates, name="history")
    return Circle(
        given={"elasticity": s, "manufacturing_share": mu, "trade_cost": trade_cost},
        mean_locations=float((share > _ALIVE).sum(axis=1).mean()),
        preferred=int(rates.idxmax()) if rates.max() > 0 else regions,
        shares=pd.DataFrame(share, rows, columns),
        real_wages=pd.DataFrame(np.exp(real), rows, columns),
    )
