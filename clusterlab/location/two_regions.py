"""The core–periphery model: two equal regions, and when industry gathers in one of them.

Krugman (1991) in the form of Fujita, Krugman and Venables (1999, ch. 4 and 5). Farmers stay where
they are, half in each region; workers move to the higher real wage. Manufactures are varieties
made under increasing returns and shipped at an iceberg cost.
"""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt, Le, Lt
from scipy.optimize import brentq

from clusterlab.parameters import Parameter, model
from clusterlab.results import Result

_SOURCE = "Fujita, Krugman and Venables 1999, ch. 5"

_ELASTICITY = Parameter(
    "elasticity of substitution",
    4,
    10,
    0.25,
    source=_SOURCE,
    admissible=(Gt(1), Le(1000)),
    reason="It says how readily buyers swap one variety for another; at 1 or below, a firm "
    "could raise its price without end, and no markup covers fixed cost at a finite price; "
    "far above, varieties are one good and powers overflow.",
)
_MANUFACTURING_SHARE = Parameter(
    "manufacturing share",
    0.1,
    0.5,
    0.02,
    unit="of spending",
    source=_SOURCE,
    admissible=(Ge(1e-6), Lt(1)),
    reason="It is the part of every income spent on manufactures; the rest goes to farm goods, "
    "whose makers cannot move, and the model needs both.",
)
iceberg = partial(
    Parameter,
    unit="sent per unit arriving",
    admissible=(Ge(1),),
    reason="It counts the units that leave for one to arrive: 1 is free trade, and below 1 goods "
    "would multiply on the way.",
)
_TRADE_COST = iceberg("trade cost", 1, 3, 0.02, source=_SOURCE)
_SHARE = Parameter(
    "share of industry in region 1",
    0,
    1,
    0.01,
    reason="It is the part of mobile workers that lives in region 1; region 2 has the rest.",
)
Elasticity = Annotated[float, _ELASTICITY]
Manufacturing = Annotated[float, _MANUFACTURING_SHARE]

_REGIONS = pd.Index(["region 1", "region 2"], name="region")


def refuse_black_hole(label: str, elasticity: float, manufacturing_share: float) -> None:
    """Raise where increasing returns are so strong that industry gathers at any trade cost."""
    limit = (elasticity - 1) / elasticity
    if manufacturing_share >= limit:
        raise ValueError(
            f"{label}: at an elasticity of {elasticity:g}, manufacturing_share must stay below "
            f"ρ = (σ−1)/σ = {limit:.4g}, but it is {manufacturing_share:g}. From there on "
            "increasing returns are so strong that industry gathers in one region at any trade "
            "cost (the black hole), and there is neither a break nor a sustain point."
        )


class _Market(NamedTuple):
    """The short-run equilibrium, a row a region; all but income are logarithms."""

    income: np.ndarray
    price: np.ndarray
    wage: np.ndarray
    real_wage: np.ndarray

    def gap(self) -> np.ndarray:
        return np.exp(self.real_wage[0]) - np.exp(self.real_wage[1])

    def levels(self) -> dict[str, np.ndarray]:
        names = {"price index": self.price, "wage": self.wage, "real wage": self.real_wage}
        return {name: np.exp(logarithm) for name, logarithm in names.items()}


def _market(share, elasticity, manufacturing_share, log_trade_cost) -> _Market:
    """Solve for the relative wage by Newton steps kept inside a bracket that always holds the root.

    With φ = T^(1−σ) the ratio of the two right-hand sides of the wage equation lies in [φ, 1/φ]
    for any wages, so log(w₁/w₂) lies within ±(σ−1)/σ·log T. Farm and factory incomes add up to 1.
    """
    s, mu = elasticity, manufacturing_share
    drop = (s - 1) * np.asarray(log_trade_cost, float)  # −log φ
    lam, drop = np.broadcast_arrays(np.asarray(share, float), drop)
    # In logarithms throughout: φ = T^(1−σ) underflows long before its logarithm loses a digit. An
    # empty region has −inf here, and logaddexp leaves it out.
    with np.errstate(divide="ignore"):
        log1, log2 = np.log(lam), np.log1p(-lam)
    high = drop / s
    low = -high
    x = np.zeros(lam.shape)  # log(w₁/w₂): one unknown, because incomes add up to 1
    close = 2e-14 * s * (1 + high.max(initial=0))
    for _ in range(100):
        here = lam * np.exp(x)
        total = here + (1 - lam)
        part = here / total  # of manufacturing income, in region 1
        # Workers, μ of all people, earn μ of all income: λw₁ + (1−λ)w₂ = 1 sets the level.
        w2 = -np.log(total)
        w1 = x + w2
        # v: what a region's goods weigh in a price index; g: log G^(σ−1); y: incomes; h: log w^σ by
        # the wage equation, at home plus abroad. The root is where σx is the difference of the two.
        v1, v2 = log1 + (1 - s) * w1, log2 + (1 - s) * w2
        g1, g2 = -np.logaddexp(v1, v2 - drop), -np.logaddexp(v1 - drop, v2)
        y1 = mu * part + (1 - mu) / 2
        y2 = 1 - y1
        d1, d2 = np.log(y1) + g1, np.log(y2) + g2
        h1, h2 = np.logaddexp(d1, d2 - drop), np.logaddexp(d1 - drop, d2)
        excess = s * x - (h1 - h2)
        # derivatives of incomes and of market access with respect to x = log(w₁/w₂)
        move = mu * part * (1 - part)
        e1 = move / y1 + (s - 1) * (np.exp(v1 + g1) - part)
        e2 = -move / y2 + (s - 1) * (np.exp(v1 - drop + g2) - part)
        slope = s - (np.exp(d1 - h1) - np.exp(d1 - drop - h2)) * (e1 - e2)
        # excess is negative below the only root and positive above it
        low, high = np.where(excess <= 0, x, low), np.where(excess >= 0, x, high)
        new = x - excess / slope
        new = np.where((new >= low) & (new <= high), new, (low + high) / 2)
        step = np.abs(new - x).max(initial=0)
        x = new
        if step <= close:
            break
    wage, price = np.array([w1, w2]), np.array([g1, g2]) / (s - 1)
    return _Market(np.array([y1, y2]), price, wage, wage - mu * price)


@dataclass(frozen=True, repr=False)
class ShortRun(Result):
    """Wages and prices in both regions while workers stay where they are.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    gap : float
        ω₁ − ω₂, real wage of region 1 less that of region 2.
    regions : pandas.DataFrame
        One row a region: income, price index, nominal and real wage.
    """

    given: dict[str, float]
    gap: float
    regions: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return one row a region: income, price index, nominal and real wage."""
        return self.regions.copy()


@model
def short_run(
    *,
    share: Annotated[float, _SHARE] = 0.6,
    elasticity: Elasticity = 5,
    manufacturing_share: Manufacturing = 0.4,
    trade_cost: Annotated[float, _TRADE_COST] = 1.7,
) -> ShortRun:
    r"""Find wages and prices for a given division of industry between two regions.

    Parameters
    ----------
    share : float
        λ, share of mobile workers in region 1.
    elasticity : float
        σ > 1, elasticity of substitution between varieties.
    manufacturing_share : float
        μ, share of income spent on manufactures, below ρ = (σ−1)/σ.
    trade_cost : float
        T ≥ 1, units sent for one to arrive.

    Returns
    -------
    ShortRun
        Incomes Y, price indices G, wages w and real wages ω of both regions (units: the farm good,
        all incomes together are 1), and the gap ω₁ − ω₂. The wage of a region without industry is
        what the first firm there could pay.

    Raises
    ------
    ValueError
        A value without economic meaning, or a black hole (μ ≥ ρ).

    See Also
    --------
    core_periphery : Which divisions are equilibria.

    Notes
    -----
    .. math::

        Y_1 = \mu\lambda w_1 + \tfrac{1-\mu}{2}, \qquad
        G_1 = [\lambda w_1^{1-\sigma} + (1-\lambda)(T w_2)^{1-\sigma}]^{1/(1-\sigma)}, \\
        w_1 = [Y_1 G_1^{\sigma-1} + Y_2 G_2^{\sigma-1} T^{1-\sigma}]^{1/\sigma}, \qquad
        \omega_1 = w_1 G_1^{-\mu}

    and the same for region 2 with the indices exchanged. The solution is unique (Mossay 2006)
    and is found as one root in log(w₁/w₂).

    References
    ----------
    Fujita, Krugman and Venables (1999), The Spatial Economy, MIT Press, ch. 5.
    Mossay (2006), Journal of Urban Economics 59(3): recalled, not reread.

    Examples
    --------
    >>> round(short_run(share=0.6, trade_cost=1.5).gap, 5)
    0.00849
    >>> round(short_run(share=0.6, trade_cost=2.1).gap, 5)
    -0.04073
    """
    refuse_black_hole("short_run", elasticity, manufacturing_share)
    s, mu = elasticity, manufacturing_share
    market = _market(share, s, mu, np.log(trade_cost))
    given = {"elasticity": s, "manufacturing_share": mu, "trade_cost": trade_cost}
    return ShortRun(
        given={"share": share, **given},
        gap=float(market.gap()),
        regions=pd.DataFrame({"income": market.income, **market.levels()}, index=_REGIONS),
    )


def _log_break(s: float, mu: float) -> float:
    """Return log T_B, where `_slope_at_half` changes its sign."""
    rho = (s - 1) / s
    return float(np.log((rho + mu) * (1 + mu) / ((rho - mu) * (1 - mu))) / (s - 1))


def _log_sustain(s: float, mu: float) -> float:
    """Return log T_S, where a worker who leaves the only industrial region loses nothing."""

    def advantage_of_leaving(tau: float) -> float:
        # log(ω₂/ω₁)·σ at λ = 1: dearer living on leaving, against sales to either region's buyers
        stay, leave = np.log((1 + mu) / 2) - (s - 1) * tau, np.log((1 - mu) / 2) + (s - 1) * tau
        return float(-mu * s * tau + np.logaddexp(stay, leave))

    # Convex in τ = log T, zero with negative slope at τ = 0, lowest at half the break point.
    lowest = _log_break(s, mu) / 2
    beyond = np.log(2 / (1 - mu)) / (s - 1 - mu * s)
    return float(brentq(advantage_of_leaving, lowest, beyond * (1 + 1e-9), xtol=1e-15, rtol=1e-15))


def _power(logarithm: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.exp(logarithm))


@model
def break_point(*, elasticity: Elasticity = 5, manufacturing_share: Manufacturing = 0.4) -> float:
    r"""Find the trade cost below which two equal regions come apart.

    Parameters
    ----------
    elasticity, manufacturing_share : float
        σ and μ, as in `core_periphery`.

    Returns
    -------
    float
        T_B, in units sent per unit arriving; infinite where it exceeds the largest float.

    Raises
    ------
    ValueError
        A value without economic meaning, or a black hole (μ ≥ ρ).

    See Also
    --------
    sustain_point : Up to where gathered industry stays.
    core_periphery : The equilibria at one trade cost.

    Notes
    -----
    With ρ = (σ−1)/σ,

    .. math:: T_B^{\sigma-1} = \frac{(\rho+\mu)(1+\mu)}{(\rho-\mu)(1-\mu)}

    References
    ----------
    Fujita, Krugman and Venables (1999), The Spatial Economy, MIT Press, ch. 5.

    Examples
    --------
    >>> round(break_point(elasticity=5, manufacturing_share=0.4) ** 4, 9)
    7.0
    """
    refuse_black_hole("break_point", elasticity, manufacturing_share)
    return _power(_log_break(elasticity, manufacturing_share))


@model
def sustain_point(*, elasticity: Elasticity = 5, manufacturing_share: Manufacturing = 0.4) -> float:
    r"""Find the trade cost up to which industry gathered in one region stays there.

    Parameters
    ----------
    elasticity, manufacturing_share : float
        σ and μ, as in `core_periphery`.

    Returns
    -------
    float
        T_S > T_B, in units sent per unit arriving; infinite where it exceeds the largest float.

    Raises
    ------
    ValueError
        A value without economic meaning, or a black hole (μ ≥ ρ).

    See Also
    --------
    break_point : Down to where an even division lasts.
    core_periphery : The equilibria at one trade cost.

    Notes
    -----
    The root above 1 of

    .. math::

        T^{-\mu\sigma}\left[\tfrac{1+\mu}{2}T^{1-\sigma} + \tfrac{1-\mu}{2}T^{\sigma-1}\right] = 1

    In τ = log T the logarithm s(τ) of the left side is convex (a linear term plus a log of a sum of
    exponentials), with s(0) = 0 and s′(0) = −μ(2σ−1) < 0: there is one root above zero. The lowest
    point solves s′ = 0, which gives exactly τ = ½ log T_B, and s is at least
    log((1−μ)/2) + (σ−1−μσ)τ, which is zero at τ = log(2/(1−μ))/(σ−1−μσ). Between these two the
    sign changes once, so the trivial root T = 1 cannot be returned.

    References
    ----------
    Fujita, Krugman and Venables (1999), The Spatial Economy, MIT Press, ch. 5.

    Examples
    --------
    >>> round(sustain_point(elasticity=5, manufacturing_share=0.4), 5)
    1.80731
    """
    refuse_black_hole("sustain_point", elasticity, manufacturing_share)
    return _power(_log_sustain(elasticity, manufacturing_share))


def slope_where_even(s: float, mu: float, z: np.ndarray) -> np.ndarray:
    """Return d log ω/d log λ where industry is spread evenly, by the trade cost index z.

    (Fujita, Krugman and Venables 1999, ch. 5 and 6.)
    """
    rho = (s - 1) / s
    # The denominator is positive, so that the sign is that of μ(1+ρ) − z(μ²+ρ), which
    # changes at z = μ(1+ρ)/(μ²+ρ).
    push = z * (1 - rho) / rho * (mu * (1 + rho) - z * (mu**2 + rho))
    return push / (1 - mu * z * (1 - rho) - rho * z**2)


def _slope_at_half(s: float, mu: float, tau: np.ndarray) -> np.ndarray:
    """Return d log(ω₁/ω₂)/dλ at equal regions, where z = (1−φ)/(1+φ)."""
    return 4 * slope_where_even(s, mu, np.tanh((s - 1) * tau / 2))


def _between(s: float, mu: float, tau: np.ndarray) -> np.ndarray:
    """Return the unequal division λ > ½ for log trade costs strictly between break and sustain.

    log(ω₁/ω₂)/(λ−½) is negative at ½ (there it is the slope: equal regions are stable) and positive
    at 1 (the core holds). It changes sign once between (Robert-Nicoud 2005), so a false-position
    search that keeps the bracket (Illinois) cannot miss the root.
    """
    at_half = _slope_at_half(s, mu, tau)

    def tilt(share: np.ndarray) -> np.ndarray:
        real, off = _market(share, s, mu, tau).real_wage, share - 0.5
        return np.where(off > 1e-9, (real[0] - real[1]) / np.maximum(off, 1e-9), at_half)

    a, b = np.full(tau.shape, 0.5), np.ones(tau.shape)
    at_a, at_b = at_half, tilt(b)
    for _ in range(60):
        c = (a * at_b - b * at_a) / (at_b - at_a)
        c = np.where((c > 0.5) & (c < 1), c, (a + b) / 2)
        at_c = tilt(c)
        # Illinois: an end that stays twice counts half, or false position would creep towards it
        crossed = at_c * at_b < 0
        a, at_a = np.where(crossed, b, a), np.where(crossed, at_b, at_a / 2)
        moved = np.abs(c - b).max(initial=0)
        b, at_b = c, at_c
        if moved < 1e-14 or not at_c.any():
            break
    last = np.full(tau.shape, 1 - 1e-13)  # a root closer to 1 than this is given as this
    return np.where(tilt(last) < 0, last, b)


@dataclass(frozen=True, repr=False)
class CorePeriphery(Result):
    """What the core–periphery model says at one trade cost.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    break_point, sustain_point : float
        T_B and T_S: below the first an even division, above the second industry gathered in one
        region does not last.
    stable_divisions : int
        How many of the equilibria are stable.
    equilibria : pandas.DataFrame
        One row for each division at rest: ``share`` (λ), ``kind`` ("even", "one region",
        "in between"), ``stable``, ``nobody gains by moving``, and wages, price indices and real
        wages of both regions. Where trade is free every division is at rest and none is stable;
        the table then lists the two ends and the middle.
    wiggle : pandas.Series
        Real-wage gap ω₁ − ω₂ by share of industry in region 1.
    """

    given: dict[str, float]
    break_point: float
    sustain_point: float
    stable_divisions: int
    equilibria: pd.DataFrame
    wiggle: pd.Series

    @property
    def stable_shares(self) -> tuple[float, ...]:
        """The stable divisions, as shares of region 1."""
        return tuple(self.equilibria.loc[self.equilibria["stable"], "share"])

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each equilibrium."""
        return self.equilibria.copy()


@model
def core_periphery(
    *,
    elasticity: Elasticity = 5,
    manufacturing_share: Manufacturing = 0.4,
    trade_cost: Annotated[float, _TRADE_COST] = 1.7,
) -> CorePeriphery:
    r"""Find every equilibrium of the core–periphery model and say which are stable.

    Parameters
    ----------
    elasticity : float
        σ > 1, elasticity of substitution between varieties.
    manufacturing_share : float
        μ, share of income spent on manufactures, below ρ = (σ−1)/σ.
    trade_cost : float
        T ≥ 1, units sent for one to arrive.

    Returns
    -------
    CorePeriphery
        All divisions at rest, their stability, break and sustain points, and the gap in real wages
        over all divisions.

    Raises
    ------
    ValueError
        A value without economic meaning, or a black hole (μ ≥ ρ).

    See Also
    --------
    tomahawk : The equilibria along the trade cost.
    circle : Any number of regions.

    Notes
    -----
    Workers move by :math:`\dot\lambda \propto (\omega_1-\omega_2)\lambda(1-\lambda)`, with the real
    wages of `short_run`. At rest are λ = ½, both ends, and, for trade costs between break and
    sustain point, one pair of divisions in between. λ = ½ is stable above the break point; an end
    is stable below the sustain point; the pair is unstable. That there are no others was proved by
    Robert-Nicoud (2005) and is checked here on fine grids in the tests. Above the sustain
    point an end is at rest only because a region without industry sends no word of its higher real
    wage: ``nobody gains by moving`` is then False. Next to the black hole the pair can come closer
    to the ends than 1e-13; it is then given at that distance.

    References
    ----------
    Krugman (1991), Journal of Political Economy 99(3), 483–499.
    Fujita, Krugman and Venables (1999), The Spatial Economy, MIT Press, ch. 5.
    Robert-Nicoud (2005), Journal of Economic Geography 5(2), 201–234: recalled, not reread.

    Examples
    --------
    >>> core_periphery(trade_cost=1.7).equilibria[["share", "kind", "stable"]].round(3)
           share        kind  stable
    0      0.000  one region    True
    1      0.165  in between   False
    2      0.500        even    True
    3      0.835  in between   False
    4      1.000  one region    True
    """
    refuse_black_hole("core_periphery", elasticity, manufacturing_share)
    s, mu, tau = elasticity, manufacturing_share, np.log(trade_cost)
    equilibria = _at_rest(s, mu, tau)
    grid = pd.Index(np.linspace(0, 1, 101), name="share of industry in region 1")
    return CorePeriphery(
        given={"elasticity": s, "manufacturing_share": mu, "trade_cost": trade_cost},
        break_point=_power(_log_break(s, mu)),
        sustain_point=_power(_log_sustain(s, mu)),
        stable_divisions=int(equilibria["stable"].sum()),
        equilibria=equilibria,
        wiggle=pd.Series(_market(grid, s, mu, tau).gap(), index=grid, name="real wage gap"),
    )


def _at_rest(s: float, mu: float, tau: float) -> pd.DataFrame:
    """Return every division at rest, whether it is stable, and its wages and prices."""
    first, last = _log_break(s, mu), _log_sustain(s, mu)
    # With free trade (tau = 0) nothing draws workers back after a push, so that nothing is stable.
    rows = [(end, "one region", 0 < tau < last) for end in (0.0, 1.0)]
    rows += [(0.5, "even", tau > first)]
    if first < tau < last:
        unequal = float(_between(s, mu, np.array([tau]))[0])
        rows += [(1 - unequal, "in between", False), (unequal, "in between", False)]
    found = pd.DataFrame(sorted(rows), columns=["share", "kind", "stable"])
    found["nobody gains by moving"] = (found["kind"] != "one region") | (tau <= last)
    levels = _market(found["share"].to_numpy(), s, mu, tau).levels()
    for name in ("wage", "price index", "real wage"):
        found[f"{name} 1"], found[f"{name} 2"] = levels[name]
    return found


@dataclass(frozen=True, repr=False)
class Tomahawk(Result):
    """Equilibria of the core–periphery model along the trade cost.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    break_point, sustain_point : float
        T_B and T_S: below the first an even division, above the second industry gathered in one
        region does not last.
    branches : pandas.DataFrame
        One row a point: ``branch`` (1 to 8, each a line to draw), ``trade cost``, ``share`` and
        ``stable``.
    """

    given: dict[str, float]
    break_point: float
    sustain_point: float
    branches: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each point of the diagram."""
        return self.branches.copy()


@model
def tomahawk(*, elasticity: Elasticity = 5, manufacturing_share: Manufacturing = 0.4) -> Tomahawk:
    """Trace all equilibria of the core–periphery model from free trade to beyond the sustain point.

    Parameters
    ----------
    elasticity, manufacturing_share : float
        σ and μ, as in `core_periphery`.

    Returns
    -------
    Tomahawk
        Break and sustain points, and the branches with their stability.

    Raises
    ------
    ValueError
        A value without economic meaning, or a black hole (μ ≥ ρ).

    See Also
    --------
    core_periphery : The equilibria at one trade cost.
    break_point, sustain_point : Where the curves meet.

    References
    ----------
    Fujita, Krugman and Venables (1999), The Spatial Economy, MIT Press, ch. 5.

    Examples
    --------
    >>> tomahawk()
    Tomahawk(given: 2, break_point=1.627, sustain_point=1.807, branches: 94 x 4)
    """
    s, mu = elasticity, manufacturing_share
    refuse_black_hole("tomahawk", s, mu)
    first, last = _log_break(s, mu), _log_sustain(s, mu)
    # evenly spaced in the square root, because the curve leaves the middle vertically
    tau = first + (last - first) * np.linspace(0, 1, 41) ** 2
    upper = np.concatenate([[0.5], _between(s, mu, tau[1:-1]), [1.0]])
    turn, hold, end = _power(first), _power(last), 1 + 1.25 * (_power(last) - 1)
    curve = np.exp(tau)
    lines: list[tuple] = [([turn, end], 0.5, True), ([1.0, turn], 0.5, False)]
    for share in (1.0, 0.0):
        lines += [([1.0, hold], share, True), ([hold, end], share, False)]
    lines += [(curve, upper, False), (curve, 1 - upper, False)]
    parts = [
        pd.DataFrame({"branch": n, "trade cost": cost, "share": share, "stable": stable})
        for n, (cost, share, stable) in enumerate(lines, 1)
    ]
    return Tomahawk(
        given={"elasticity": s, "manufacturing_share": mu},
        break_point=turn,
        sustain_point=hold,
        branches=pd.concat(parts, ignore_index=True),
    )
