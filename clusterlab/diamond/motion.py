"""The diamond in motion: facets that reinforce each other, and the states they settle in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Annotated, Any

import numpy as np
import pandas as pd
from annotated_types import Ge, Le
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.stats import qmc

from clusterlab.diamond.indicators import FACETS, by_facet
from clusterlab.names import did_you_mean
from clusterlab.parameters import Parameter, Seed, declared, generator, model, number, whole
from clusterlab.results import Result

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
MOST_YEARS, _MOST_DEPTH = 10_000, 1e7


def _par(*slider: Any, least: float = 1e-3, most: float = 1e3, **more: Any) -> Parameter:
    """Declare a parameter; least and most lie far beyond its slider, and short of any overflow."""
    return Parameter(*slider, admissible=(Ge(least), Le(most)), **more)  # type: ignore[misc]


_PRESSURE = (0.1, 0.8, 0.05)


@dataclass(frozen=True)
class Setting:
    """A place, and the equations with its numbers: the parameters of all models of the diamond.

    What they mean is told in `dynamics`. ``x`` are the four facets, (4, …), and ``n`` is the depth
    of the cluster, (…); a state ``y`` is the five of them, (5, …).
    """

    proximity: Annotated[float, _par("proximity", 0, 3, 0.05, least=0, source="porter-2000")] = 1.2
    diversity: Annotated[
        float, _par("diversity of approaches", 0, 1, 0.05, least=0, most=1, source="porter-2000")
    ] = 0.7
    congestion: Annotated[float, _par("congestion", 0.02, 0.3, 0.01, unit="per year")] = 0.05
    factor_conditions: Annotated[float, _par("factor conditions of its own", *_PRESSURE)] = 0.3
    demand_quality: Annotated[float, _par("quality of local demand", *_PRESSURE)] = 0.3
    demand_size: Annotated[float, _par("size of local demand", 0.2, 4, 0.1)] = 1.0
    related_industries: Annotated[float, _par("related industries of its own", *_PRESSURE)] = 0.3
    rivalry: Annotated[float, _par("rivalry of its own", *_PRESSURE)] = 0.3
    spin_off: Annotated[float, _par("spin-offs a firm", 0, 0.6, 0.02, least=0, unit="per year")] = (
        0.3
    )
    threshold: Annotated[float, _par("pressure at which half act", 0.4, 1.2, 0.05)] = 0.7
    steepness: Annotated[float, _par("steepness of the threshold", 1, 8, 0.5, least=1, most=40)] = (
        4.0
    )

    @cached_property
    def own(self):
        """Pressure on each facet that the place has without a cluster."""
        return np.array(
            [self.factor_conditions, self.demand_quality, self.related_industries, self.rivalry]
        )

    def pressure(self, x, n):
        """Pressure on each facet."""
        # n / (1 + n): the first firms bring most of the effect, half of it at depth 1
        own = self.own if x.ndim == 1 else self.own[:, None]
        return own + self.proximity * n / (1 + n) * (_INFLUENCE @ x)

    def response(self, u):
        """Share of the possible improvements that firms under pressure ``u`` undertake."""
        # a Hill curve: half at the threshold, steep round it, so that weak pressure does nothing
        powered = (u / self.threshold) ** self.steepness
        return powered / (1 + powered)

    @property
    def openness(self):
        """Share of improvements that is adopted: groupthink takes the rest."""
        return 1 - (1 - self.diversity) * self.proximity / (1 + self.proximity)

    def births(self, x, n):
        """Return the new firms per year."""
        # local demand draws firms in from outside, and each firm there is sends out others
        return x.mean(axis=0) * (0.1 * self.demand_size + self.spin_off * n)

    def rate(self, y):
        """Time derivative of (facets, depth)."""
        x, n = y[:4], y[4]
        # 1 - x: only what is not good yet can be improved, so a facet stays between 0 and 1
        upgrading = _UPGRADING * self.openness * self.response(self.pressure(x, n))
        facets = upgrading * (1 - x) - _EROSION * x
        depth = self.births(x, n) - _EXIT * n - self.congestion * n**2
        return np.concatenate([facets, depth[None]])

    def linear(self, y):
        """Return `rate` at one state, and its derivatives there."""
        # By a complex step in each direction at once, exact to rounding because `rate` is analytic.
        # Off the diagonal nothing is negative: the system is cooperative, so it never cycles.
        moved = self.rate(y[:, None] + 1e-30j * np.eye(5))
        return moved.real[:, 0], moved.imag / 1e-30

    def jacobian(self, y):
        """Return the derivatives of `rate` at one state."""
        return self.linear(y)[1]

    def depth_at_rest(self, x):
        """Return the depth at which entry equals exit; it grows with every facet."""
        # The positive root of congestion n² - drift n - inflow = 0. Where the drift is negative the
        # usual form subtracts two numbers that are nearly equal; then its conjugate is taken.
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
        # gain (1 - x) = erosion x, solved for x
        upgrading = (
            _UPGRADING * self.openness * self.response(self.pressure(x, self.depth_at_rest(x)))
        )
        return upgrading / (upgrading + _EROSION)

    def outputs(self, y):
        """Productivity, innovation and new firms, each (…)."""
        # geometric: a place without one of the facets produces nothing, however good the others
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
    # Low pay is worth most where all else is poor; low total cost asks for inputs and suppliers
    # only, and differentiation for all four facets.
    factors, _, related, _ = x
    pay = np.stack(
        [
            0.5 * (1 - x.mean(axis=0)),
            0.8 * np.sqrt(factors * related),
            1.4 * np.sqrt(x.prod(axis=0)),
        ]
    )
    weight = np.exp(_CHOICE_SHARPNESS * (pay - pay.max(axis=0)))  # less the best: no overflow
    return weight / weight.sum(axis=0)


@model
def place(**setting: Annotated[float, Setting]) -> Setting:
    """Return a place whose parameters have been checked."""
    return Setting(**setting)


@dataclass(frozen=True, repr=False)
class Path(Result):
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
    given : dict
        The parameters of the place.
    """

    facets: pd.DataFrame
    depth: pd.Series
    outputs: pd.DataFrame
    stages: pd.DataFrame
    given: dict

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


@dataclass(frozen=True, repr=False)
class StableStates(Result):
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
    given : dict
        The parameters of the place.
    """

    states: pd.DataFrame
    basins: pd.Series
    given: dict

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


@dataclass(frozen=True, repr=False)
class Hysteresis(Result):
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
    start: Annotated[float, Parameter("strength of all facets at the start", 0, 1, 0.01)] = 0.3,
    years: Annotated[float, _par("years", 10, 200, 10, most=MOST_YEARS, unit="years")] = 100.0,
    start_facets: Mapping[str, float] | None = None,
    start_depth: float | None = None,
    **setting: Annotated[float, Setting],
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

    where :math:`\bar x` is the mean facet. The place is told by the parameters: proximity
    :math:`p`, how strongly being near makes the facets press on each other; diversity :math:`v`, 0
    when all firms compete in one uniform way, 1 when approaches differ fully; congestion
    :math:`\kappa`, how fast crowding drives firms out, and raises costs; :math:`b_j`, the pressure
    on each facet that the place has without any cluster, in the unit of the threshold
    :math:`\theta`; the size of local demand :math:`S`, which draws in firms, 1 in a reference
    place; spin-offs :math:`\sigma`, new firms per firm and year where all facets are at their
    best; and the steepness :math:`m` of the threshold. **This is our formalisation**: porter-2000
    has no equations. What each term stands for is told under Notes.

    Parameters
    ----------
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
        A parameter out of range, a start outside 0 to 1, a negative depth, an unknown facet in
        ``start_facets``.

    See Also
    --------
    stable_states : Where paths end.
    compare_levers : What moves a place from one state to another.

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
    here, times = Setting(**setting), np.linspace(0, years, 201)
    first = first_state(here, start, start_facets, start_depth)
    return path_of(here, times, integrate(here, first, times))


def path_of(here: Setting, times: np.ndarray, track: np.ndarray) -> Path:
    """Return states over time as a path."""
    index = pd.Index(times, name="year")
    return Path(
        facets=pd.DataFrame(track[:4].T, index=index, columns=list(FACETS)),
        depth=pd.Series(track[4], index=index, name="depth"),
        outputs=pd.DataFrame(here.outputs(track), index=index),
        stages=pd.DataFrame(_stages(track[:4]).T, index=index, columns=list(_STAGES)),
        given=asdict(here),
    )


def stable_states(
    *, starts: int = 256, seed: Seed = 0, **setting: Annotated[float, Setting]
) -> StableStates:
    r"""Find all equilibria of the diamond, which of them are stable, and how wide their basins.

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
    **setting : float
        The place, as for `dynamics`.

    Returns
    -------
    StableStates

    Raises
    ------
    TypeError
        An unknown parameter.
    ValueError
        A value out of range, starts that are no whole number.

    See Also
    --------
    tipping_values : Where the number of equilibria changes.

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
    here = place(**setting)
    starts, rng = whole("starts", starts, 0, 2**16), generator(seed)
    points = _rest_points(here)
    rows = []
    for y in points:
        leading = _leading(here, y)
        rows.append(
            dict(zip(FACETS, y[:4], strict=True))
            | {"depth": y[4], "total": y[:4].mean()}
            | {"stable": leading < 0, "leading eigenvalue": leading}
            | {name: float(value) for name, value in here.outputs(y).items()}
            | {"stage": _STAGES[int(_stages(y[:4]).argmax())]}
        )
    states = pd.DataFrame(rows)
    stable = np.flatnonzero(states["stable"])
    basins = pd.Series(_basins(here, points, stable, starts, rng), name="basin", dtype=float)
    return StableStates(states=states, basins=basins, given=asdict(here))


def hysteresis(
    parameter: str = "proximity",
    *,
    low: float | None = None,
    high: float | None = None,
    points: int = 61,
    **others: Annotated[float, Setting],
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
    **others : float
        The other parameters of the place.

    Returns
    -------
    Hysteresis
        The way up, the way down, and every equilibrium at every step.

    Raises
    ------
    TypeError, ValueError
        As for `stable_states`; ends in the wrong order, fewer than two values or too many.

    See Also
    --------
    tipping_values : The ends of the loop more closely.
    stable_states : The equilibria at one value.

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
    here, values = _along(parameter, low, high, whole("points", points, 2, _MOST_POINTS), others)
    settings = [replace(here, **{parameter: value}) for value in values.tolist()]
    rest = [_rest_points(each) for each in settings]
    y = rest[0][0]
    up, down = list[float](), list[float]()
    # The push takes the place off a state that has just become unstable, in the direction it goes:
    # there the equations alone would stand still for ever.
    for way, push, steps in ((up, 1.001, settings), (down, 0.999, settings[::-1])):
        for each in steps:
            y = settle(each, y * push)
            way.append(y[:4].mean())
    index = pd.Index(values, name=parameter)
    states = [
        {parameter: value, "total": y[:4].mean(), "stable": _leading(each, y) < 0}
        for value, each, found in zip(values, settings, rest, strict=True)
        for y in found
    ]
    return Hysteresis(
        parameter=parameter,
        up=pd.Series(up, index=index, name="raised"),
        down=pd.Series(down[::-1], index=index, name="lowered"),
        states=pd.DataFrame(states),
    )


def tipping_values(
    parameter: str = "proximity",
    *,
    low: float | None = None,
    high: float | None = None,
    **others: Annotated[float, Setting],
) -> list[float]:
    """Return the values of a parameter at which the number of equilibria changes.

    Parameters
    ----------
    parameter : str
        A parameter of `dynamics`.
    low, high : float, optional
        Where to look, low below high; the ends of its slider by default.
    **others : float
        The other parameters of the place.

    Returns
    -------
    list of float
        In rising order, each within 2e-4 of the true one (nearer to it two states lie too close to
        be told apart): found on 61 evenly spaced values, then by halving. Two changes inside one
        step of that grid cancel and are not seen.

    Raises
    ------
    TypeError, ValueError
        As for `hysteresis`.

    See Also
    --------
    hysteresis : What happens on the way across these values and back.

    Examples
    --------
    >>> tipping_values()
    [0.8375, 1.5414]
    """
    here, grid = _along(parameter, low, high, 61, others)

    def count(value: float) -> int:
        return len(_rest_points(replace(here, **{parameter: float(value)})))

    # Equilibria appear and vanish in pairs (a fold), so their number jumps where one does: between
    # two values that differ in it the jump is found by halving.
    counts = [count(value) for value in grid]
    found = [
        brentq(lambda v, k=k: 0.5 if count(v) == counts[k] else -0.5, *grid[k : k + 2], xtol=1e-5)
        for k in np.flatnonzero(np.diff(counts))
    ]
    return [round(float(value), 4) for value in found]


def _along(
    name: str, low: float | None, high: float | None, points: int, others: Mapping[str, float]
) -> tuple[Setting, np.ndarray]:
    """Check, and return the place and the values of one parameter from low to high."""
    _refuse_unknown(name)
    if name in others:
        raise TypeError(f"{name!r} is the parameter that moves and cannot be fixed as well.")
    slider = declared(Setting)[name].parameter
    least = number("low", slider.low if low is None else low, -np.inf)
    most = number("high", slider.high if high is None else high, -np.inf)
    if not least < most:
        raise ValueError(f"low is {least:g} and high is {most:g}, but low must be below high.")
    for end in (least, most):
        here = place(**others, **{name: end})
    return here, np.linspace(least, most, points)


def _refuse_unknown(name: Any) -> None:
    known = list(declared(Setting))
    if name not in known:
        hint = did_you_mean(str(name), known, "there are")
        raise TypeError(f"the dynamics have no parameter {name!r}{hint}")


def first_state(
    here: Setting, start: float, start_facets: Mapping[str, float] | None, depth: float | None
) -> np.ndarray:
    """Return the facets and the depth a path starts from, which are checked here."""
    x = np.full(4, number("start", start, 0, 1))
    if start_facets is not None:
        given = by_facet("start_facets", "start", start_facets, FACETS, 0, 1)
        x = np.array([given.get(facet, start) for facet in FACETS])
    if depth is None:
        return np.append(x, float(here.depth_at_rest(x)))
    return np.append(x, number("start_depth", depth, 0, _MOST_DEPTH))


def integrate(here: Setting, first: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Follow the equations from a first state; (5, times)."""
    # LSODA changes to an implicit method where the equations are stiff, as in a deep, crowded place
    solution = solve_ivp(
        lambda _, y: here.rate(y),
        (times[0], times[-1]),
        first,
        method="LSODA",
        t_eval=times,
        jac=lambda _, y: here.jacobian(y),
        rtol=1e-6,
        atol=1e-8,
    )
    if not solution.success:  # pragma: no cover - the system is bounded and smooth
        raise RuntimeError(f"dynamics: the integration stopped: {solution.message}")
    # rounding may take a facet a little beyond its ends
    return np.vstack([np.clip(solution.y[:4], 0, 1), np.maximum(solution.y[4:], 0)])


def _leading(here: Setting, y: np.ndarray) -> float:
    """Return the largest real part of the eigenvalues: below zero the state is stable."""
    return float(np.linalg.eigvals(here.jacobian(y)).real.max())


def settle(here: Setting, y: np.ndarray) -> np.ndarray:
    """Follow the equations until nothing moves."""
    for _ in range(50):
        y = integrate(here, y, np.array([0.0, 500.0]))[:, -1]
        if np.abs(here.rate(y)).max() < 1e-9:
            break
    return y


def _rest_points(here: Setting) -> list[np.ndarray]:
    """All states at rest, weakest first, by narrowing and halving boxes of facets.

    `Setting.answer` never falls when a facet rises, so what it makes of a box lies between what it
    makes of the lowest and of the highest corner. A box outside that range holds no fixed point.
    """
    low, high = np.zeros((4, 1)), np.ones((4, 1))
    candidates = []
    while low.shape[1]:
        for _ in range(3):
            low = np.maximum(low, here.answer(low) - 1e-12)
            high = np.minimum(high, here.answer(high) + 1e-12)
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
        y = _polished(here, np.append(x, here.depth_at_rest(x)))
        # neighbouring boxes lead to the same state
        if y is not None and all(np.abs(y[:4] - other[:4]).max() > 1e-5 for other in points):
            points.append(y)
    return sorted(points, key=lambda y: y[:4].sum())


def _polished(here: Setting, y: np.ndarray) -> np.ndarray | None:
    """Newton's method from a small box; None where the box holds no equilibrium."""
    first, unit = y, np.array([1, 1, 1, 1, max(1, y[4])])  # a deep cluster in its own depth
    for _ in range(20):
        rate, jacobian = here.linear(y)
        step = np.linalg.solve(jacobian, rate)
        y = y - step
        if (np.abs(y - first) > 0.05 * unit).any() or (y < -1e-9).any():
            return None
        if (np.abs(step) < 1e-12 * unit).all():
            return np.maximum(y, 0)
    return np.maximum(y, 0) if (np.abs(here.rate(y)) < 1e-10 * unit).all() else None


def _basins(
    here: Setting, points: list[np.ndarray], stable: np.ndarray, starts: int, rng: Any
) -> dict[int, float]:
    """Share of starting points that end in each stable state."""
    if len(stable) == 1 or starts < 1:
        return {int(i): 1.0 if len(stable) == 1 else np.nan for i in stable}
    ends = np.array([points[i] for i in stable])
    x = qmc.Sobol(4, seed=rng).random_base2(int(np.ceil(np.log2(starts))))[:starts].T
    y = np.vstack([x, here.depth_at_rest(x)])
    # all starts as one system, a century at a time, until each is at one of the states
    for _ in range(20):
        solution = solve_ivp(
            lambda _, flat: here.rate(flat.reshape(5, -1)).ravel(),
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
