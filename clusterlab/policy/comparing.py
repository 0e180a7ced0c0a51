"""Compare levers on equal budgets: alone and together, while the money flows and after it ends."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from clusterlab import diamond
from clusterlab.diamond.motion import Path
from clusterlab.diamond.policy import OWN, moves_of
from clusterlab.names import did_you_mean, listed
from clusterlab.parameters import Seed, declared, generator, need, number, whole
from clusterlab.policy import instruments
from clusterlab.results import Result

_ROUNDING = 1e-12  # differences smaller than this part of the values are none


@dataclass(frozen=True, repr=False)
class Comparison(Result):
    """What each policy changes against doing nothing, with intervals and a verdict.

    Attributes
    ----------
    table : pandas.DataFrame
        A row a policy: ``while paid``, the mean paired difference to doing nothing, with ``low``
        and ``high``; where the money ends within the horizon, the same ``after``, ``after low``
        and ``after high``; and the ``verdict``.
    pairs : int
        Paired runs behind each difference.
    level : float
        Confidence with which all intervals of the table hold together.
    years, after : int or None
        Years with money, and years without it that follow; None where after is not defined.
    """

    table: pd.DataFrame
    pairs: int
    level: float
    years: int | None
    after: int | None

    @property
    def horizon(self) -> str:
        """What the verdicts are about, in words."""
        if self.years is None:
            return (
                "The policy is in force for the whole run of the model; what happens after the "
                "money ends is not defined for it."
            )
        return f"Money for {self.years} years, then none for {self.after}."

    def to_frame(self) -> pd.DataFrame:
        """Return the table of policies."""
        return self.table.copy()


def compare(
    levers: Sequence[str] | Mapping[str, Mapping[str, float]],
    model: Callable,
    *,
    measure: Callable[[Any], Any] | None = None,
    budget: float = 1.0,
    years: int | None = None,
    after: int | None = None,
    fixed: Mapping[str, Any] | None = None,
    replicates: int = 30,
    level: float = 0.95,
    smallest: float = 0.0,
    seed: Seed = 0,
) -> Comparison:
    r"""Spend one budget on each lever alone and on all together, and compare with doing nothing.

    Parameters
    ----------
    levers : sequence of str, or mapping
        Names from `levers` that move this model; or levers of your own for any function, as
        lever → {parameter: what a unit of effort, which costs 1, adds to it}.
    model : callable
        A model of this library, or any function that takes the parameters by name, and ``seed``
        where it is random. **With years** it must take each moved parameter as an array, a number a
        year, and return, after ``measure``, as many numbers: the outcome of each year. Of our
        models `clusterlab.diamond.dynamics` can be followed so, from where it stands when the money
        ends; the others take their parameters for a whole run.
    measure : callable, optional
        What to keep of a result: a number, or one for each of the model's own replicates if the
        same seed makes the same replicates under any policy. By default the result itself; of the
        diamond's path, the mean facet at its end.
    budget : float
        What is spent at any time. A policy of k levers spends a k-th part on each.
    years, after : int, optional
        Years for which a policy is in force, and years for which the model is followed after the
        parameters have changed back; both or neither.
    fixed : mapping, optional
        Arguments passed to every run.
    replicates : int
        Seeds; every policy runs on the same ones. A function without ``seed`` is run once.
    level : float
        Confidence of all intervals together.
    smallest : float
        The smallest difference that matters; a verdict asks for more. In a model without chance an
        effect that fades is never quite zero.
    seed : int or numpy.random.Generator
        The one seed from which those of the runs derive.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        A lever that is unknown, with the nearest one, named twice or of another model; a budget
        below zero; years or after that are zero, no whole numbers, or only one of them; a model
        that cannot be followed; a parameter it does not have; an outcome of another length or one
        that is not finite.

    See Also
    --------
    levers : What there is to pull.
    clusterlab.diamond.compare_levers : Orders of levers over time, for the diamond alone.
    clusterlab.sweep.sweep : One parameter at many values.

    Notes
    -----
    Run i has the same seed under every policy (common random numbers), so what differs is the
    policy. With :math:`d_i` the outcome with it less the outcome without, n pairs and k intervals
    in the table, each interval is

    .. math:: \bar d \pm t_{1-\alpha/2k,\,n-1}\; s_d/\sqrt n , \qquad \alpha = 1 - \text{level}:

    Bonferroni, so that all k hold together with at least the level if the mean of n differences is
    about normal. **While paid** compares the last year with money, **after** the last year of the
    horizon. Without years there is only the outcome of the whole run, under "while paid", and
    what comes after is not defined. The verdict:

    - *works*: the interval of the end of the horizon lies above 0, or above ``smallest`` (without
      years: that of the run);
    - *harms*: it lies below 0, or that of the years with money does and the end shows nothing;
    - *works only while paid*: that of the years with money lies above 0, and the end shows nothing;
    - *no difference found*: none of these. It does not say that there is none.

    A policy that does nothing is called working with a chance of at most (1 − level)/2. An outcome
    that should be small is passed with its sign turned. A function without a seed, or one whose
    pairs all differ alike, has intervals of no width: then the difference is exact.

    Examples
    --------
    >>> def town(*, training, seed):
    ...     luck = np.random.default_rng(seed).normal(size=len(training))
    ...     return 10 + training * (1 + luck)  # of use in the year itself, more or less
    >>> found = compare({"courses": {"training": 2}}, town, years=5, after=5, fixed={"training": 0})
    >>> found.table["verdict"].to_dict(), found.pairs
    ({'courses': 'works only while paid'}, 30)
    >>> found.horizon
    'Money for 5 years, then none for 5.'
    """
    fits = measure is None or callable(measure)
    need(callable(model), "model", "a function", model)
    need(fits, "measure", "a function of a result", measure)
    budget, level = number("budget", budget), number("level", level, 0, 1, ends=False)
    replicates, smallest = whole("replicates", replicates, 2), number("smallest", smallest)
    need(fixed is None or isinstance(fixed, Mapping), "fixed", "a mapping of arguments", fixed)
    fixed = dict(fixed or {})
    if "seed" in fixed:
        raise ValueError("compare: with a fixed seed all runs are alike; pass seed= to compare.")
    wired = _wired(levers, model, fixed)
    if (years is None) != (after is None):
        raise ValueError("compare: give years and after, or neither of them.")
    if years is not None:
        years, after = whole("years", years, 1, 10_000), whole("after", after, 1, 10_000)
        if declared(model) and model is not diamond.dynamics:
            raise ValueError(
                f"{_label(model)} takes its parameters for its whole run, so what happens after "
                "the money ends is not defined for it; leave years and after out."
            )
    if model is diamond.dynamics and measure is None:
        measure = _mean_facet
    has_seed = "seed" in inspect.signature(model).parameters
    random = generator(seed).integers(2**31, size=replicates).tolist() if has_seed else []
    seeds = [{"seed": each} for each in random] or [{}]
    span = (years or 0, after or 0)

    def outcomes(chosen: Sequence[str]) -> np.ndarray:
        efforts = {name: budget / len(chosen) for name in chosen}
        runs = [_run(model, measure, wired, efforts, span, fixed | each) for each in seeds]
        return np.concatenate(runs)

    nothing = outcomes([])
    policies = {name: [name] for name in wired}
    policies |= {"together": [*wired]} if len(wired) > 1 else {}
    moments = {"while paid": span[0] - 1} | ({"after": -1} if years else {})
    tail = (1 - level) / (2 * len(policies) * len(moments))
    rows = {}
    for policy, chosen in policies.items():
        with_it = outcomes(chosen)
        difference = with_it - nothing
        size = np.abs(with_it) + np.abs(nothing)
        difference[np.abs(difference) <= _ROUNDING * size] = 0.0
        row: dict[str, Any] = {}
        for moment, at in moments.items():
            mean, half = _interval(difference[:, at], tail)
            ends = ("after low", "after high") if moment == "after" else ("low", "high")
            row |= {moment: mean, ends[0]: mean - half, ends[1]: mean + half}
        rows[policy] = row | {"verdict": _verdict(row, smallest)}
    return Comparison(
        table=pd.DataFrame.from_dict(rows, orient="index").rename_axis("policy"),
        pairs=len(nothing),
        level=level,
        years=years,
        after=after,
    )


def _interval(differences: np.ndarray, tail: float) -> tuple[float, float]:
    """Return the mean of paired differences, and half of the width of its interval."""
    pairs, mean = len(differences), float(differences.mean())
    if pairs == 1:  # a model without chance
        return mean, 0.0
    return mean, float(stats.t.ppf(1 - tail, pairs - 1) * stats.sem(differences))


def _verdict(row: Mapping[str, float], smallest: float) -> str:
    paid = last = (row["low"] > smallest) - (row["high"] < -smallest)
    if "after" in row:
        last = (row["after low"] > smallest) - (row["after high"] < -smallest)
    if last > 0:
        return "works"
    if last < 0 or paid < 0:
        return "harms"
    return "works only while paid" if paid > 0 else "no difference found"


def _label(model: Callable) -> str:
    """Return topic.name of a model of ours, or the name of another function."""
    name = getattr(model, "__name__", repr(model))
    module = str(getattr(model, "__module__", "")).split(".")
    return f"{module[1]}.{name}" if module[0] == "clusterlab" and declared(model) else name


def _mean_facet(path: Path) -> float:
    return float(path.total.iloc[-1])


def _wired(levers: Any, model: Callable, fixed: Mapping) -> dict[str, dict[str, float]]:
    """Return lever → parameter → what a unit of the budget adds, and refuse what is unknown."""
    label, table = _label(model), instruments.table()
    own = isinstance(levers, Mapping)
    fits = own or (isinstance(levers, Sequence) and not isinstance(levers, str))
    need(fits and len(levers) > 0, "levers", "a list of names or a mapping, not empty", levers)
    known, here = inspect.signature(model).parameters, table[table["model"] == label]
    wired: dict[str, dict[str, float]] = {}
    for name in levers:
        need(own or isinstance(name, str), "a lever", "a name", name)
        if name in wired:
            raise ValueError(f"compare: the lever {name!r} is named twice.")
        if own:
            need(isinstance(levers[name], Mapping), f"lever {name!r}", "a mapping", levers[name])
            wired[name] = {
                p: number(f"{name!r}: {p}", by, -np.inf) for p, by in levers[name].items()
            }
        elif name in here.index:
            moves, cost = here.loc[name, ["moves", "cost"]]
            wired[name] = {p: by / cost for p, by in moves_of(moves).items()}
        else:
            elsewhere = table.loc[[name], "model"].tolist() if name in table.index else []
            hint = f"; it moves {listed(elsewhere)}." if elsewhere else ""
            hint = hint or did_you_mean(name, here.index, "it has")
            raise ValueError(f"{label} has no lever {name!r}{hint}")
        if "the weakest facet" in wired[name]:  # of the diamond: the first of the lowest it has
            own_facets = {f: fixed.get(f, known[f].default) for f in OWN}
            weakest = min(own_facets, key=own_facets.__getitem__)
            wired[name] = {weakest: wired[name]["the weakest facet"]}
        for parameter in set(wired[name]) - {*known}:
            hint = did_you_mean(parameter, known, "it has")
            raise ValueError(f"{label} has no parameter {parameter!r}{hint}")
    return wired


def _run(
    model: Callable,
    measure: Callable | None,
    wired: Mapping[str, Mapping[str, float]],
    efforts: Mapping[str, float],
    span: tuple[int, int],
    given: Mapping[str, Any],
) -> np.ndarray:
    """Return outcomes, replicates x years, of one run with these efforts."""
    defaults = inspect.signature(model).parameters
    changed = dict[str, Any]()
    for parameter in {parameter: None for moves in wired.values() for parameter in moves}:
        before = given.get(parameter, defaults[parameter].default)
        if before is inspect.Parameter.empty:
            raise ValueError(f"compare: say in fixed= what {parameter!r} is without a lever.")
        base = number(f"compare: {parameter} without a lever", before, -np.inf)
        added = sum(by * wired[name].get(parameter, 0.0) for name, by in efforts.items())
        changed[parameter] = base + np.repeat([added, 0.0], span) if span[0] else base + added
    if span[0] and model is diamond.dynamics:
        return _followed(changed, measure, span, given)
    result = model(**{**given, **changed})
    kept = measure(result) if measure else result
    try:
        value = np.asarray(kept, dtype=float)
    except (TypeError, ValueError):
        kind = type(kept).__name__
        raise ValueError(f"{_label(model)}: measure= must keep numbers, got a {kind}.") from None
    wanted = sum(span) or 1
    if value.ndim > 1 + (span[0] > 0) or (
        span[0] and (value.ndim == 0 or value.shape[-1] != wanted)
    ):
        raise ValueError(f"{_label(model)} gives outcomes of shape {value.shape}, not {wanted}.")
    if not np.isfinite(value).all():
        raise ValueError(f"{_label(model)} gives an outcome that is not a finite number.")
    return value.reshape(-1, wanted)


def _followed(changed, measure, span, given):
    """Return the diamond's outcome by year: a path with money, and one that goes on without."""
    paid, let_go = ({p: each[k] for p, each in changed.items()} for k in (0, -1))
    before = diamond.dynamics(**{**given, **let_go})  # its firms are there when the money comes
    given = {"start_depth": before.depth.iloc[0]} | given
    one = diamond.dynamics(**{**given, **paid, "years": span[0]})
    start = {"start_facets": one.facets.iloc[-1].to_dict(), "start_depth": one.depth.iloc[-1]}
    two = diamond.dynamics(**{**given, **let_go, **start, "years": span[1]})
    return np.repeat([[measure(one), measure(two)]], span, axis=1)
