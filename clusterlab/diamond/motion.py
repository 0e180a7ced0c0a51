"""The diamond in motion: facets that reinforce each other, and the states they settle in."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.stats import qmc

from clusterlab.diamond.indicators import FACETS
from clusterlab.names import did_you_mean
from clusterlab.parameters import Parameter, Seed, chosen, declared, generator, model, number, whole

__all__ = [
    "Hysteresis",
    "Path",
    "StableStates",
    "dynamics",
    "hysteresis",
    "long_run_effects",
    "stable_states",
    "tipping_values",
]

# Who presses on whom: row = the facet that is improved, column = the facet that presses. A pair
# that a sentence of porter-2000 names counts double; the others stand for "interrelated".
_INFLUENCE = np.array(
    [
        [0, 1, 2, 2],  # factors: suppliers and rivals raise the supply of special skills and inputs
        [1, 0, 2, 1],  # demand: clusters of linked industries give rise to demand-side advantages
        [2, 1, 0, 2],  # related industries: rivalry spills over to supplier development; inputs
        [2, 2, 2, 0],  # rivalry: shaped by factors and by demand; related industries breed rivals
    ],
    dtype=float,
)
_INFLUENCE /= _INFLUENCE.sum(axis=1, keepdims=True)

_UPGRADING, _EROSION = 0.4, 0.1  # per year
_EXIT = 0.1  # per year
_STAGES = ("wages", "total cost", "differentiation")
_CHOICE_SHARPNESS = 12.0
_MOST_POINTS = 2001  # of a sweep, each of which is followed until it rests


@dataclass(frozen=True)
class _Setting:
    """The parameters of one system of equations, as numbers."""

    proximity: float
    diversity: float
    congestion: float
    factor_conditions: float
    demand_quality: float
    demand_size: float
    related_industries: float
    rivalry: float
    spin_off: float
    threshold: float
    steepness: float

    @cached_property
    def own(self):
        """Pressure on each facet that the place has without a cluster."""
        return np.array(
            [self.factor_conditions, self.demand_quality, self.related_industries, self.rivalry]
        )

    def pressure(self, x, n):
        """Pressure on each facet; ``x`` is (4, …), ``n`` is (…)."""
        own = self.own if x.ndim == 1 else self.own[:, None]
        return own + self.proximity * n / (1 + n) * (_INFLUENCE @ x)

    def response(self, u):
        """Share of the possible improvements that firms under pressure ``u`` undertake."""
        powered = (u / self.threshold) ** self.steepness
        return powered / (1 + powered)

    @property
    def openness(self):
        """Share of improvements that is adopted: groupthink takes the rest."""
        return 1 - (1 - self.diversity) * self.proximity / (1 + self.proximity)

    def births(self, x, n):
        """Return the new firms per year."""
        return x.mean(axis=0) * (0.1 * self.demand_size + self.spin_off * n)

    def rate(self, y):
        """Time derivative of (facets, depth); ``y`` is (5, …)."""
        x, n = y[:4], y[4]
        upgrading = _UPGRADING * self.openness * self.response(self.pressure(x, n))
        facets = upgrading * (1 - x) - _EROSION * x
        depth = self.births(x, n) - _EXIT * n - self.congestion * n**2
        return np.concatenate([facets, depth[None]])

    def jacobian(self, y):
        """Return the derivatives of `rate` at one state."""
        x, n = y[:4], y[4]
        u = self.pressure(x, n)
        h = self.response(u)
        slope = self.steepness * h * (1 - h) / u
        lift = _UPGRADING * self.openness
        result = np.zeros((5, 5))
        result[:4, :4] = (
            (lift * slope * (1 - x))[:, None] * self.proximity * n / (1 + n) * _INFLUENCE
        )
        result[:4, :4] -= np.diag(lift * h + _EROSION)
        result[:4, 4] = lift * slope * (1 - x) * self.proximity / (1 + n) ** 2 * (_INFLUENCE @ x)
        result[4, :4] = (0.1 * self.demand_size + self.spin_off * n) / 4
        result[4, 4] = self.spin_off * x.mean() - _EXIT - 2 * self.congestion * n
        return result

    def depth_at_rest(self, x):
        """Return the depth at which entry equals exit; it grows with every facet."""
        mean = x.mean(axis=0)
        drift, inflow = self.spin_off * mean - _EXIT, 0.1 * self.demand_size * mean
        root = np.sqrt(drift**2 + 4 * self.congestion * inflow)
        return np.where(
            drift > 0,
            (drift + root) / (2 * self.congestion),
            2 * inflow / np.where(drift > 0, 1, root - drift),
        )

    def answer(self, x):
        """Where the facets come to rest if the pressure stays what ``x`` makes it; monotone in x.

        The states at rest of the system are the fixed points of this map.
        """
        upgrading = (
            _UPGRADING * self.openness * self.response(self.pressure(x, self.depth_at_rest(x)))
        )
        return upgrading / (upgrading + _EROSION)

    def outputs(self, y):
        """Productivity, innovation and new firms, each (…)."""
        x, n = y[:4], y[4]
        held = n / (1 + n)
        geometric = np.exp(np.log(np.maximum(x, 1e-12)).mean(axis=0))
        return {
            "productivity": geometric * (1 + self.proximity * held) / (1 + self.congestion * n),
            "innovation": self.openness * self.response(self.pressure(x, n)).mean(axis=0),
            "new firms": self.births(x, n),
        }


def _stages(x):
    """Share of firms competing on wages, total cost and differentiation, each (…)."""
    factors, _, related, _ = x
    pay = np.stack(
        [
            0.5 * (1 - x.mean(axis=0)),
            0.8 * np.sqrt(factors * related),
            1.4 * np.sqrt(x.prod(axis=0)),
        ]
    )
    weight = np.exp(_CHOICE_SHARPNESS * (pay - pay.max(axis=0)))
    return weight / weight.sum(axis=0)


@dataclass(frozen=True)
class Path:
    """What `dynamics` returns: a path through time.

    Attributes
    ----------
    facets : pandas.DataFrame
        Strength of each facet, 0 to 1, by year.
    depth : pandas.Series
        Firms in the cluster, relative to the number at which proximity has half its effect.
    outputs : pandas.DataFrame
        Productivity (1 = best facets without a cluster), innovation (share of possible
        improvements adopted), new firms per year.
    stages : pandas.DataFrame
        Share of firms that compete on wages, on total cost, on differentiation.
    parameters : dict
        The values the path was computed with.
    """

    facets: pd.DataFrame
    depth: pd.Series
    outputs: pd.DataFrame
    stages: pd.DataFrame
    parameters: dict

    @property
    def total(self) -> pd.Series:
        """Mean of the four facets by year."""
        return self.facets.mean(axis=1).rename("total")

    @property
    def stage(self) -> pd.Series:
        """What more firms compete on than on anything else, by year."""
        return self.stages.idxmax(axis=1).rename("stage")

    @property
    def passages(self) -> pd.Series:
        """Year in which each stage first has more firms than any other, in order of time."""
        stage = self.stage
        return pd.Series(stage.index, index=stage.to_numpy()).groupby(level=0).min().sort_values()

    def to_frame(self) -> pd.DataFrame:
        """Return everything in one table, a row a year."""
        return pd.concat([self.facets, self.depth, self.outputs, self.stages], axis=1)

    def __repr__(self) -> str:
        end = self.facets.index[-1]
        return (
            f"Path over {end:g} years: mean facet {self.total.iloc[0]:.2f} to "
            f"{self.total.iloc[-1]:.2f}, depth {self.depth.iloc[0]:.2f} to "
            f"{self.depth.iloc[-1]:.2f}; at the end {in_stages(self.stages.iloc[-1])}"
        )


def in_stages(shares: pd.Series) -> str:
    """Say on what most firms compete, or the largest group of them, to a whole per cent."""
    percent = (100 * shares).round().astype(int)
    first = list(percent.index[percent == percent.max()])
    if len(first) > 1:
        return f"{percent.max()} % of firms each compete on {' and on '.join(first)}"
    more = "" if percent.max() > 50 else ", more than on anything else"
    return f"{percent.max()} % of firms compete on {first[0]}{more}"


@dataclass(frozen=True)
class StableStates:
    """What `stable_states` returns.

    Attributes
    ----------
    states : pandas.DataFrame
        A row a state of rest, weakest first: the four facets, depth, total (mean facet), whether
        it is stable, the leading eigenvalue per year, the three outputs, and the stage: what more
        firms compete on than on anything else.
    basins : pandas.Series
        Share of starting points that end in each stable state; missing where they were left out
        and there is more than one stable state.
    parameters : dict
        The values the states belong to.
    """

    states: pd.DataFrame
    basins: pd.Series
    parameters: dict

    @property
    def stable(self) -> pd.DataFrame:
        """The stable states only."""
        return self.states[self.states["stable"]]

    def to_frame(self) -> pd.DataFrame:
        """Return the states with their basins; that of an unstable state is 0."""
        basin = self.basins.reindex(self.states.index)
        return self.states.assign(basin=basin.where(self.states["stable"], 0.0))

    def __repr__(self) -> str:
        seen = ", ".join(
            f"total {total:.2f}"
            + ("" if np.isnan(self.basins[index]) else f" (basin {self.basins[index]:.0%})")
            for index, total in self.stable["total"].items()
        )
        return f"StableStates: {len(self.stable)} stable of {len(self.states)} at rest: {seen}"


@dataclass(frozen=True)
class Hysteresis:
    """What `hysteresis` returns.

    Attributes
    ----------
    parameter : str
        The parameter that was moved.
    up, down : pandas.Series
        Total (mean facet) where the system comes to rest, by value of the parameter, when the
        parameter is raised from its lowest value and when it is lowered again.
    states : pandas.DataFrame
        Every state of rest at every value: the value, total, stable.
    """

    parameter: str
    up: pd.Series
    down: pd.Series
    states: pd.DataFrame

    @property
    def loop(self) -> tuple[float, float] | None:
        """Lowest and highest value tried at which the two ways differ; None where none does."""
        apart = self.up.index[(self.down - self.up).abs() > 0.01]
        return (float(apart[0]), float(apart[-1])) if len(apart) else None

    def to_frame(self) -> pd.DataFrame:
        """Return the two ways side by side."""
        return pd.DataFrame({"raised": self.up, "lowered": self.down})

    def __repr__(self) -> str:
        if self.loop is None:
            return (
                f"Hysteresis in {self.parameter}: none at the {len(self.up)} values tried, the way "
                "back is the way there"
            )
        return f"Hysteresis in {self.parameter} between {self.loop[0]:g} and {self.loop[1]:g}"


@model
def dynamics(
    *,
    proximity: Annotated[
        float, Parameter("proximity", 0, 3, 0.05, source="porter-2000", admissible=(Ge(0),))
    ] = 1.2,
    diversity: Annotated[
        float, Parameter("diversity of approaches", 0, 1, 0.05, source="porter-2000")
    ] = 0.7,
    congestion: Annotated[
        float, Parameter("congestion", 0.02, 0.3, 0.01, unit="per year", admissible=(Gt(0),))
    ] = 0.05,
    factor_conditions: Annotated[
        float, Parameter("factor conditions of its own", 0.1, 0.8, 0.05, admissible=(Gt(0),))
    ] = 0.3,
    demand_quality: Annotated[
        float, Parameter("quality of local demand", 0.1, 0.8, 0.05, admissible=(Gt(0),))
    ] = 0.3,
    demand_size: Annotated[
        float, Parameter("size of local demand", 0.2, 4, 0.1, admissible=(Gt(0),))
    ] = 1.0,
    related_industries: Annotated[
        float, Parameter("related industries of its own", 0.1, 0.8, 0.05, admissible=(Gt(0),))
    ] = 0.3,
    rivalry: Annotated[
        float, Parameter("rivalry of its own", 0.1, 0.8, 0.05, admissible=(Gt(0),))
    ] = 0.3,
    spin_off: Annotated[
        float, Parameter("spin-offs per firm", 0, 0.6, 0.02, unit="per year", admissible=(Ge(0),))
    ] = 0.3,
    threshold: Annotated[
        float, Parameter("pressure at which half act", 0.4, 1.2, 0.05, admissible=(Gt(0),))
    ] = 0.7,
    steepness: Annotated[
        float, Parameter("steepness of the threshold", 1, 8, 0.5, admissible=(Ge(1),))
    ] = 4.0,
    start: Annotated[float, Parameter("strength of all facets at the start", 0, 1, 0.01)] = 0.3,
    years: Annotated[
        float, Parameter("years", 10, 200, 10, unit="years", admissible=(Gt(0),))
    ] = 100.0,
    start_facets: Mapping[str, float] | None = None,
    start_depth: float | None = None,
) -> Path:
    r"""Let the four facets of a place reinforce each other over time.

    Facets :math:`x_1 \dots x_4 \in [0,1]` (factor conditions, demand, related industries,
    rivalry) and the depth of the cluster :math:`n \ge 0` (its firms) follow

    .. math::

       u_j &= b_j + p\,\frac{n}{1+n} \sum_k a_{jk} x_k, \qquad
       h(u) = \frac{u^m}{\theta^m + u^m}, \qquad
       q = 1 - (1-v)\,\frac{p}{1+p},

       \dot x_j &= \rho\, q\, h(u_j)\,(1 - x_j) - \delta\, x_j,

       \dot n &= \bar x\,(\varepsilon S + \sigma n) - \chi n - \kappa n^2,

    where :math:`\bar x` is the mean facet. **This is our formalisation**: porter-2000 has no
    equations. What each term stands for is told under Notes.

    Parameters
    ----------
    proximity : float
        :math:`p`: how strongly being near makes the facets press on each other.
    diversity : float
        :math:`v`: 0 when all firms compete in one uniform way, 1 when approaches differ fully.
    congestion : float
        :math:`\kappa`: how fast crowding drives firms out, and raises costs.
    factor_conditions, demand_quality, related_industries, rivalry : float
        :math:`b_j`: pressure on each facet that the place has without any cluster, in the unit of
        ``threshold``.
    demand_size : float
        :math:`S`: size of local demand, which draws in firms; 1 is a reference place.
    spin_off : float
        :math:`\sigma`: new firms per firm and year where all facets are at their best.
    threshold, steepness : float
        :math:`\theta` and :math:`m`.
    start : float
        Strength of every facet at the start.
    years : float
        Length of the path.
    start_facets : mapping, optional
        Facet → strength at the start, for those that differ from ``start``.
    start_depth : float, optional
        Depth at the start; by default the depth at which entry and exit balance there.

    Returns
    -------
    Path
        201 points in time.

    Raises
    ------
    ValueError
        A parameter out of range, a start outside 0 to 1, a negative depth, a facet in
        ``start_facets`` that there is none of.

    Notes
    -----
    Sentences of porter-2000 behind the terms, in our words:

    - :math:`p` times the influence of the other facets: proximity amplifies the pressures to
      upgrade and to innovate (last part before "Clusters and Productivity"), and clusters amplify
      the facets and the feedbacks among them ("Clusters and Competition"). The weights
      :math:`a_{jk}` (rows sum to 1) count a link twice where a sentence names it: demanding
      customers press firms, factors and demand shape rivalry, linked industries give rise to
      demand advantages (paragraphs on the diamond); rivalry spills over to suppliers and related
      industries breed rivals ("Clusters and Competition"); a cluster raises the supply of special
      inputs and skills ("Clusters and Productivity", on inputs).
    - :math:`n/(1+n)`: a cluster is a critical mass (introduction); half of the effect at depth 1.
    - :math:`h`: little rivalry and minimal investment in weak economies, upgrading where pressure
      is high (paragraph on strategy and rivalry). That the change is a threshold is our reading
      of "critical mass" and of the stages; the document does not say so.
    - :math:`q`: a uniform approach turns into groupthink that suppresses new ideas ("Clusters and
      Innovation", last paragraph). That proximity makes it bite is our reading.
    - :math:`-\delta x_j`: what can be sourced elsewhere stops being an advantage (conclusion, the
      location paradox). That a facet which is not renewed wears off is our reading.
    - :math:`\varepsilon S + \sigma n`: lower barriers to entry, a local market, spin-offs
      ("Clusters and New Business Formation").
    - :math:`\chi n + \kappa n^2`: exit, and crowding that bids up scarce inputs ("Clusters and
      Productivity", on inputs; "Clusters and New Business Formation", on exit).

    Outputs are the three ways in which clusters affect competition (before "Clusters and
    Productivity"): productivity :math:`(\prod_j x_j)^{1/4}\,(1 + p\,n/(1+n))/(1+\kappa n)`,
    innovation :math:`q\,\overline{h(u)}`, new firms :math:`\bar x(\varepsilon S + \sigma n)`.

    Stages (paragraph on the shift of rivalry from wages to total cost to differentiation) are not
    set: each firm takes the way of competing that pays best given the facets around it, with a
    logit choice of sharpness 12 among wages :math:`0.5(1-\bar x)`, total cost
    :math:`0.8\sqrt{x_1 x_3}` and differentiation :math:`1.4\sqrt{x_1 x_2 x_3 x_4}`.

    Fixed rates, per year, all illustrative: :math:`\rho=0.4`, :math:`\delta=0.1`,
    :math:`\varepsilon=0.1`, :math:`\chi=0.1`. No parameter is estimated from data. The system is
    cooperative (no facet harms another, nor the depth), so no path cycles for ever (Hirsch 1982,
    for almost all starts). Integrated with LSODA, relative tolerance 1e-6.

    References
    ----------
    porter-2000, sections named above.
    Hirsch, M. W. (1982). Systems of differential equations which are competitive or cooperative I.
    SIAM Journal on Mathematical Analysis 13(2), 167–179.

    Examples
    --------
    >>> weak, strong = dynamics(start=0.1), dynamics(start=0.6)
    >>> round(float(weak.total.iloc[-1]), 2), round(float(strong.total.iloc[-1]), 2)
    (0.13, 0.72)
    >>> strong.stage.iloc[-1]
    'differentiation'
    """
    given = locals()
    setting = _Setting(**{name: given[name] for name in _Setting.__dataclass_fields__})
    first = _first_state(setting, start, start_facets, start_depth)
    times = np.linspace(0, years, 201)
    track = _integrate(setting, first, times)
    return _path(setting, times, track)


def _path(setting: _Setting, times: np.ndarray, track: np.ndarray) -> Path:
    index = pd.Index(times, name="year")
    return Path(
        facets=pd.DataFrame(track[:4].T, index=index, columns=list(FACETS)),
        depth=pd.Series(track[4], index=index, name="depth"),
        outputs=pd.DataFrame(setting.outputs(track), index=index),
        stages=pd.DataFrame(_stages(track[:4]).T, index=index, columns=list(_STAGES)),
        parameters=asdict(setting),
    )


def stable_states(*, starts: int = 256, seed: Seed = 0, **parameters: float) -> StableStates:
    r"""Find every state in which the diamond can rest, which are stable, and how wide their basins.

    A state at rest satisfies :math:`x = G(x)`, where :math:`G_j = \rho q h(u_j) / (\rho q h(u_j) +
    \delta)` and the depth in :math:`u_j` is the one at which entry equals exit. :math:`G` grows
    with every facet, so a box :math:`[l, r]` can only hold a state at rest inside
    :math:`[G(l), G(r)]`: boxes are narrowed to that, dropped when nothing is left, and halved.
    No state can be missed, up to two that are closer than 1e-3 to each other.

    Parameters
    ----------
    starts : int
        Starting points from which the basins are measured: facets from a Sobol sequence over 0 to
        1, depth where entry and exit balance; at most 65,536; 0 leaves the basins out.
    seed : int or numpy.random.Generator
        Scrambles the Sobol sequence.
    **parameters
        Parameters of `dynamics`, without start and years.

    Returns
    -------
    StableStates

    Raises
    ------
    TypeError
        A parameter that `dynamics` does not have.
    ValueError
        A value out of range, starts that are no whole number.

    Notes
    -----
    A state is stable when every eigenvalue of the Jacobian has a negative real part. A basin is the
    share of starting points, so it depends on the region they are drawn from.

    Examples
    --------
    >>> len(stable_states(proximity=0, starts=0).states)
    1
    >>> stable_states(proximity=1.2, starts=0).states["stable"].tolist()
    [True, False, True]
    """
    setting = _system(**parameters)
    starts, rng = whole("starts", starts, 0, 2**16), generator(seed)
    points = _rest_points(setting)
    rows = []
    for y in points:
        leading = float(np.linalg.eigvals(setting.jacobian(y)).real.max())
        stage = _STAGES[int(_stages(y[:4]).argmax())]
        rows.append(
            dict(zip(FACETS, y[:4], strict=True))
            | {"depth": y[4], "total": y[:4].mean(), "stable": leading < 0, "leading": leading}
            | {name: float(value) for name, value in setting.outputs(y).items()}
            | {"stage": stage}
        )
    states = pd.DataFrame(rows).rename(columns={"leading": "leading eigenvalue"})
    stable = np.flatnonzero(states["stable"])
    basins = pd.Series(_basins(setting, points, stable, starts, rng), name="basin", dtype=float)
    return StableStates(states, basins, asdict(setting))


def hysteresis(
    parameter: str = "proximity",
    *,
    low: float | None = None,
    high: float | None = None,
    points: int = 61,
    **others: float,
) -> Hysteresis:
    """Raise a parameter step by step and lower it again, each time until the system rests.

    Parameters
    ----------
    parameter : str
        A parameter of `dynamics`.
    low, high : float, optional
        Ends of the way, low below high; the ends of its slider by default.
    points : int
        Values on the way, from 2 to 2,001.
    **others
        The other parameters.

    Returns
    -------
    Hysteresis
        The way up, the way down, and every state of rest at every step.

    Raises
    ------
    TypeError, ValueError
        As for `stable_states`; ends in the wrong order, fewer than two values or too many.

    Notes
    -----
    The way up starts from the weakest state of rest at the lowest value. Each step integrates the
    equations from the last state of rest, pushed by one part in a thousand, until the rate of
    change is below 1e-9 per year, however many years that takes. A loop narrower than the distance
    between two values is not seen; `tipping_values` finds its ends more closely.

    Examples
    --------
    >>> hysteresis(points=31)
    Hysteresis in proximity between 0.9 and 1.5
    """
    ends = _ends(parameter, low, high, others)
    points = whole("points", points, 2, _MOST_POINTS)
    values = np.linspace(ends[0], ends[1], points)
    settings = [_system(**others, **{parameter: float(value)}) for value in values]
    rest = [_rest_points(setting) for setting in settings]
    up, down = [], []
    y = rest[0][0]
    for setting in settings:
        y = _settle(setting, y * 1.001)
        up.append(y[:4].mean())
    for setting in reversed(settings):
        y = _settle(setting, y * 0.999)
        down.append(y[:4].mean())
    index = pd.Index(values, name=parameter)
    states = [
        {parameter: value, "total": y[:4].mean(), "stable": _is_stable(setting, y)}
        for value, setting, found in zip(values, settings, rest, strict=True)
        for y in found
    ]
    return Hysteresis(
        parameter,
        pd.Series(up, index=index, name="raised"),
        pd.Series(down[::-1], index=index, name="lowered"),
        pd.DataFrame(states),
    )


def tipping_values(
    parameter: str = "proximity",
    *,
    low: float | None = None,
    high: float | None = None,
    **others: float,
) -> list[float]:
    """Return the values of a parameter at which the number of states at rest changes.

    Parameters
    ----------
    parameter, low, high, **others
        As for `hysteresis`.

    Returns
    -------
    list of float
        In rising order, each within 2e-4 of the true one (nearer to it two states lie too close to
        be told apart): found on 61 evenly spaced values, then by halving. Two changes inside one
        step of that grid cancel and are not seen.

    Examples
    --------
    >>> tipping_values()
    [0.8375, 1.5414]
    """
    ends = _ends(parameter, low, high, others)

    def count(value: float) -> int:
        return len(_rest_points(_system(**others, **{parameter: float(value)})))

    grid = np.linspace(ends[0], ends[1], 61)
    counts = [count(value) for value in grid]
    found = []
    for left, right, before, after in zip(grid, grid[1:], counts, counts[1:], strict=False):
        if before != after:
            where = brentq(
                lambda v, before=before: 0.5 if count(v) == before else -0.5, left, right, xtol=1e-5
            )
            found.append(round(float(where), 4))
    return found


def long_run_effects(
    parameters: Sequence[str] | None = None, *, state: str = "strongest", **setting: float
) -> pd.DataFrame:
    r"""Return what a parameter does to a stable state: at once, and when all facets have answered.

    With the system :math:`\dot y = f(y, \pi)` at rest in :math:`y^*`, the total derivative is

    .. math:: \frac{dy^*}{d\pi} = -J^{-1}\,\frac{\partial f}{\partial \pi},
              \qquad J = \frac{\partial f}{\partial y}\Big|_{y^*}

    and the direct effect keeps only the diagonal of :math:`J`: each facet answers, none presses on
    another.

    Parameters
    ----------
    parameters : sequence of str, optional
        Parameters of `dynamics`; all of the system by default.
    state : {"strongest", "weakest"}
        Which stable state.
    **setting
        Values of the parameters, as for `stable_states`.

    Returns
    -------
    pandas.DataFrame
        A row a parameter: direct and total effect on the mean facet per unit of the parameter, the
        multiplier total / direct (missing where the parameter does not act on facets directly),
        and the total effect on each facet and on depth.

    Examples
    --------
    >>> effect = long_run_effects(["demand_quality", "rivalry"])
    >>> bool((effect["total"] > effect["direct"]).all())
    True
    """
    chosen("state", state, ("strongest", "weakest"))
    if isinstance(parameters, str):
        raise ValueError(f"parameters is {parameters!r}, but it must be a list of names.")
    at = _system(**setting)
    names = list(asdict(at)) if parameters is None else list(parameters)
    for name in names:
        _swept(name, {})
    points = [y for y in _rest_points(at) if _is_stable(at, y)]
    y = points[-1 if state == "strongest" else 0]
    jacobian = at.jacobian(y)
    rows = {}
    for name in names:
        push = _push(at, y, name)
        total = -np.linalg.solve(jacobian, push)
        direct = float((-push / np.diag(jacobian))[:4].mean())
        whole = float(total[:4].mean())
        rows[name] = {
            "direct": direct,
            "total": whole,
            "multiplier": whole / direct if abs(direct) > 1e-9 else np.nan,
        } | dict(zip([*FACETS, "depth"], total, strict=True))
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("parameter")


def _push(at: _Setting, y: np.ndarray, name: str) -> np.ndarray:
    """∂f/∂parameter by a complex step, exact to rounding (f is analytic in every parameter)."""
    values = asdict(at)
    step = 1e-30
    moved = _Setting(**values | {name: values[name] + 1j * step})
    return np.imag(moved.rate(y.astype(complex))) / step


def _checking() -> Callable[..., _Setting]:
    """Return a model with the parameters of `dynamics` that only checks them."""

    def system(**values):
        return _Setting(**values)

    known = inspect.signature(dynamics).parameters
    kept = [known[name] for name in _Setting.__dataclass_fields__]
    system.__name__ = system.__qualname__ = "dynamics"
    system.__signature__ = inspect.Signature(kept)  # type: ignore[attr-defined]
    system.__annotations__ = {entry.name: entry.annotation for entry in kept}
    return model(system)


_system = _checking()


def _ends(
    name: str, low: float | None, high: float | None, others: Mapping[str, float]
) -> tuple[float, float]:
    """Return the ends given, or those of the parameter's slider."""
    entry = _swept(name, others)
    least = number("low", entry.low if low is None else low, -np.inf)
    most = number("high", entry.high if high is None else high, -np.inf)
    if not least < most:
        raise ValueError(f"low is {least:g} and high is {most:g}, but low must be below high.")
    return least, most


def _swept(name: str, others: Mapping[str, float]) -> Parameter:
    known = list(_Setting.__dataclass_fields__)
    if name not in known:
        hint = did_you_mean(str(name), known, "there are")
        raise TypeError(f"the dynamics have no parameter {name!r}{hint}")
    if name in others:
        raise TypeError(f"{name!r} is the parameter that moves and cannot be fixed as well.")
    return declared(dynamics)[name].parameter


def _first_state(setting, start, start_facets, start_depth) -> np.ndarray:
    x = np.full(4, number("start", start, 0, 1))
    if start_facets is not None and not isinstance(start_facets, Mapping):
        raise ValueError(
            f"start_facets is a {type(start_facets).__name__}, but it must map facets to strengths."
        )
    for facet, value in (start_facets or {}).items():
        if facet not in FACETS:
            raise ValueError(
                f"start_facets names {facet!r}; the facets are {', '.join(FACETS)}"
                f"{did_you_mean(str(facet), FACETS)}"
            )
        x[FACETS.index(facet)] = number(f"start_facets: {facet!r}", value, 0, 1)
    if start_depth is None:
        return np.append(x, float(setting.depth_at_rest(x)))
    return np.append(x, number("start_depth", start_depth))


def _integrate(setting: _Setting, first: np.ndarray, times: np.ndarray) -> np.ndarray:
    solution = solve_ivp(
        lambda _, y: setting.rate(y),
        (times[0], times[-1]),
        first,
        method="LSODA",
        t_eval=times,
        jac=lambda _, y: setting.jacobian(y),
        rtol=1e-6,
        atol=1e-8,
    )
    if not solution.success:  # pragma: no cover - the system is bounded and smooth
        raise RuntimeError(f"dynamics: the integration stopped: {solution.message}")
    return np.vstack([np.clip(solution.y[:4], 0, 1), np.maximum(solution.y[4:], 0)])


def _is_stable(setting: _Setting, y: np.ndarray) -> bool:
    return bool(np.linalg.eigvals(setting.jacobian(y)).real.max() < 0)


def _settle(setting: _Setting, y: np.ndarray) -> np.ndarray:
    """Follow the equations until nothing moves."""
    for _ in range(50):
        y = _integrate(setting, y, np.array([0.0, 500.0]))[:, -1]
        if np.abs(setting.rate(y)).max() < 1e-9:
            break
    return y


def _rest_points(setting: _Setting) -> list[np.ndarray]:
    """All states at rest, weakest first, by narrowing and halving boxes of facets."""
    low, high = np.zeros((4, 1)), np.ones((4, 1))
    candidates = []
    while low.shape[1]:
        for _ in range(3):
            low = np.maximum(low, setting.answer(low) - 1e-12)
            high = np.minimum(high, setting.answer(high) + 1e-12)
            alive = (low <= high).all(axis=0)
            low, high = low[:, alive], high[:, alive]
        width = high - low
        small = (width < 1e-3).all(axis=0)
        candidates.append((low[:, small] + high[:, small]) / 2)
        low, high, width = low[:, ~small], high[:, ~small], width[:, ~small]
        widest, column = width.argmax(axis=0), np.arange(width.shape[1])
        middle = (low[widest, column] + high[widest, column]) / 2
        upper_low, lower_high = low.copy(), high.copy()
        upper_low[widest, column], lower_high[widest, column] = middle, middle
        low, high = np.hstack([low, upper_low]), np.hstack([lower_high, high])
    points: list[np.ndarray] = []
    for x in np.hstack(candidates).T:
        y = _polished(setting, np.append(x, setting.depth_at_rest(x)))
        if y is not None and all(np.abs(y[:4] - other[:4]).max() > 1e-5 for other in points):
            points.append(y)
    return sorted(points, key=lambda y: y[:4].sum())


def _polished(setting: _Setting, y: np.ndarray) -> np.ndarray | None:
    """Newton's method from a small box; None where the box holds no state at rest after all."""
    first = y
    for _ in range(20):
        step = np.linalg.solve(setting.jacobian(y), setting.rate(y))
        y = y - step
        if np.abs(y - first).max() > 0.05 or (y < 0).any():
            return None
        if np.abs(step).max() < 1e-12:
            return y
    return y if np.abs(setting.rate(y)).max() < 1e-10 else None


def _basins(setting, points, stable, starts, rng) -> dict[int, float]:
    if len(stable) == 1 or starts < 1:
        return {int(i): 1.0 if len(stable) == 1 else np.nan for i in stable}
    ends = np.array([points[i] for i in stable])
    x = qmc.Sobol(4, seed=rng).random_base2(int(np.ceil(np.log2(starts))))[:starts].T
    y = np.vstack([x, setting.depth_at_rest(x)])
    for _ in range(20):
        solution = solve_ivp(
            lambda _, flat: setting.rate(flat.reshape(5, -1)).ravel(),
            (0, 100),
            y.ravel(),
            method="RK45",
            t_eval=[100],
            rtol=1e-4,
            atol=1e-6,
        )
        y = np.maximum(solution.y[:, -1].reshape(5, -1), 0)
        away = np.abs(y.T[:, None, :4] - ends[None, :, :4]).max(axis=2)
        if (away.min(axis=1) < 0.02).all():
            break
    nearest = away.argmin(axis=1)
    return {int(i): float((nearest == k).mean()) for k, i in enumerate(stable)}
