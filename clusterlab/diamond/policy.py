"""Levers: what governments and firms can do to the diamond, what it costs, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd

from clusterlab.diamond.indicators import FACETS
from clusterlab.diamond.motion import Path, _first_state, _integrate, _path, _Setting, _system
from clusterlab.names import did_you_mean
from clusterlab.parameters import Parameter, model

__all__ = ["LEVERS", "Lever", "WithAndWithout", "compare_levers", "levers", "one_lever", "pull"]

_OF_FACET = dict(
    zip(FACETS, ("factor_conditions", "demand_quality", "related_industries", "rivalry"),
        strict=True)
)  # fmt: skip
_CEILING = {"diversity": 1.0}
_FLOOR = {"congestion": 0.02, "threshold": 0.3}


@dataclass(frozen=True)
class Lever:
    """One lever: who pulls it, what it moves by how much at full effort, and what that costs.

    ``moves`` adds to parameters of `clusterlab.diamond.dynamics`. ``weakest`` adds to the facet
    that is weakest at the start. ``phase`` is "early", "later", or "any" where the document gives
    no time.
    """

    name: str
    role: str
    facet: str
    moves: Mapping[str, float]
    cost: float
    phase: str
    where: str
    weakest: float = 0.0


_UPGRADING = "Government Influences on Cluster Upgrading"
_ROLES = "paragraph on the roles of government, before " + _UPGRADING

#: The levers. Directions and roles are the document's; sizes and costs are illustrative.
LEVERS = (
    Lever("stability", "government 1: macroeconomic and political stability", "all",
          {"threshold": -0.04}, 1.0, "early", _ROLES),
    Lever("general inputs", "government 2: general microeconomic capacity", "factor conditions",
          {"factor_conditions": 0.10}, 1.0, "early", _ROLES),
    Lever("rules of competition", "government 3: rules and incentives", "strategy and rivalry",
          {"rivalry": 0.10}, 1.0, "any", _ROLES),
    Lever("action programme", "government 4: long-term programme of change", "all",
          {"threshold": -0.02, "proximity": 0.10}, 1.0, "any", _ROLES),
    Lever("cluster facilitation", "government 5: facilitating cluster development", "all",
          {"proximity": 0.30}, 1.0, "any", _ROLES),
    Lever("remove disadvantages", "government, in the cluster", "the weakest",
          {}, 1.0, "early", _UPGRADING, weakest=0.10),
    Lever("special skills and research", "firms and government, by facet", "factor conditions",
          {"factor_conditions": 0.08, "spin_off": 0.02}, 1.0, "any",
          "Clusters and Overall Economic Policy, on private roles"),
    Lever("demanding buyers", "government, by facet", "demand conditions",
          {"demand_quality": 0.10}, 1.0, "any",
          "Clusters Versus Industrial Policy, on opening the local market"),
    Lever("bigger local market", "government, by facet", "demand conditions",
          {"demand_size": 1.0}, 1.0, "any",
          "paragraph on demand conditions, before Clusters and Productivity"),
    Lever("attract suppliers", "firms and government, by facet",
          "related and supporting industries", {"related_industries": 0.10}, 1.0, "any",
          "Clusters and Productivity, on inputs"),
    Lever("open to newcomers", "government, by facet", "strategy and rivalry",
          {"diversity": 0.15, "spin_off": 0.04}, 1.0, "later",
          _UPGRADING + ", last paragraph; Clusters Versus Industrial Policy, on foreign firms"),
    Lever("relieve congestion", "government, in the cluster", "factor conditions",
          {"congestion": -0.015}, 1.0, "later", _UPGRADING),
)  # fmt: skip


def levers() -> pd.DataFrame:
    """Return the levers as a table: role, facet, what they move, cost, phase and source.

    Returns
    -------
    pandas.DataFrame
        A row a lever. Roles, directions and phases follow porter-2000 at the place named in
        ``where``; the sizes of the moves and the costs are illustrative, one unit of effort each.

    Notes
    -----
    The document's own table of roles by facet is a figure that is not in the text used here; the
    levers by facet rest on sentences of the text.

    Examples
    --------
    >>> levers().loc["demanding buyers", "moves"]
    'demand_quality +0.1'
    """
    rows = [asdict(lever) | {"moves": _in_words(lever)} for lever in LEVERS]
    return pd.DataFrame(rows).set_index("name").drop(columns="weakest").rename_axis("lever")


def pull(efforts: Mapping[str, float], **parameters: float) -> dict[str, float]:
    """Return the parameters of `dynamics` after levers are pulled.

    Parameters
    ----------
    efforts : mapping
        Lever → effort, 0 (not pulled) and up; 1 is full effort and costs the lever's cost.
    **parameters
        Parameters of the place before.

    Returns
    -------
    dict
        All parameters of the system. Diversity stops at 1, congestion at 0.02 and the threshold at
        0.3, however hard one pulls.

    Raises
    ------
    KeyError
        A lever there is none of, with the nearest name.
    ValueError
        A negative effort.

    Examples
    --------
    >>> round(pull({"demanding buyers": 0.5}, demand_quality=0.3)["demand_quality"], 2)
    0.35
    """
    return _pulled(efforts, asdict(_system(**parameters)))


def compare_levers(
    names: Sequence[str] | None = None,
    *,
    budget: float = 2.0,
    years: float = 60.0,
    switch: float = 0.5,
    start: float = 0.15,
    start_facets: Mapping[str, float] | None = None,
    **parameters: float,
) -> pd.DataFrame:
    """Spend the same budget on each lever alone, on all together, and in two orders over time.

    Parameters
    ----------
    names : sequence of str, optional
        Levers to compare; all by default.
    budget : float
        What may be spent. Alone, one lever gets all of it; together, each gets an equal part of
        it. In sequence half the levers get it for the first part of the years and the other half
        afterwards, so at no time is more in force than the budget buys.
    years : float
        Length of the run.
    switch : float
        When a sequence changes over, as a share of ``years``.
    start, start_facets, **parameters
        The place, as for `dynamics`.

    Returns
    -------
    pandas.DataFrame
        A row for doing nothing, for each lever alone ("alone: …"), for "together", "in the
        document's order" (early and undated levers first, then later and undated ones), and
        "in the opposite order". Columns: cost in force, mean facet, productivity, innovation and
        new firms per year at the end, and the gain in the mean facet over doing nothing, also per
        unit of cost. Sequences are left out when ``names`` holds no early or no later lever.

    Raises
    ------
    KeyError, ValueError
        An unknown lever, a budget or a switch out of range.

    Notes
    -----
    The order is that of porter-2000 ("Government Influences on Cluster Upgrading", last
    paragraph): first infrastructure and diamond disadvantages, later what impedes innovation.

    Examples
    --------
    >>> table = compare_levers(["remove disadvantages", "open to newcomers"])
    >>> list(table.index)[-2:]
    ["in the document's order", 'in the opposite order']
    """
    if not budget > 0:
        raise ValueError(f"compare_levers: budget is {budget:g}, expected above zero.")
    if not 0 < switch < 1:
        raise ValueError(f"compare_levers: switch is {switch:g}, expected between 0 and 1.")
    chosen = [_lever(name) for name in (names if names is not None else [v.name for v in LEVERS])]
    if not chosen:
        raise ValueError("compare_levers: name at least one lever.")
    base = asdict(_system(**parameters))

    def spend(group: Sequence[Lever]) -> dict[str, float]:
        return {lever.name: budget / len(group) / lever.cost for lever in group}

    def run(*programme: tuple[float, Mapping[str, float]]) -> Path:
        return _run(programme, base, years, start, start_facets)

    runs = {"nothing": run((0, {}))}
    runs |= {f"alone: {lever.name}": run((0, spend([lever]))) for lever in chosen}
    runs["together"] = run((0, spend(chosen)))
    early = [lever for lever in chosen if lever.phase == "early"]
    later = [lever for lever in chosen if lever.phase == "later"]
    if early and later:
        then = switch * years
        runs["in the document's order"] = run((0, spend(early)), (then, spend(later)))
        runs["in the opposite order"] = run((0, spend(later)), (then, spend(early)))
    nothing = float(runs["nothing"].total.iloc[-1])
    rows = {}
    for name, path in runs.items():
        end = float(path.total.iloc[-1])
        rows[name] = {
            "cost": 0.0 if name == "nothing" else budget,
            "mean facet": end,
            **path.outputs.iloc[-1].to_dict(),
            "gain": end - nothing,
            "gain per cost": np.nan if name == "nothing" else (end - nothing) / budget,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("policy")


class WithAndWithout(NamedTuple):
    """A place with a lever pulled and without, as `one_lever` returns them."""

    lever: str
    effort: float
    with_lever: Path
    without: Path


LeverName = Literal[
    "stability",
    "general inputs",
    "rules of competition",
    "action programme",
    "cluster facilitation",
    "remove disadvantages",
    "special skills and research",
    "demanding buyers",
    "bigger local market",
    "attract suppliers",
    "open to newcomers",
    "relieve congestion",
]


@model
def one_lever(
    *,
    lever: Annotated[LeverName, Parameter("lever")] = "demanding buyers",
    effort: Annotated[float, Parameter("effort", 0, 4, 0.1)] = 1.5,
    proximity: Annotated[float, Parameter("proximity", 0, 3, 0.05)] = 1.2,
    start: Annotated[float, Parameter("strength of all facets at the start", 0, 1, 0.01)] = 0.15,
    years: Annotated[float, Parameter("years", 10, 200, 10, unit="years")] = 60.0,
) -> WithAndWithout:
    """Follow a place with one lever pulled and without it.

    Parameters
    ----------
    lever : str
        A name from `levers`.
    effort : float
        Effort spent on it; 1 is full effort at the lever's cost.
    proximity, start, years : float
        As for `dynamics`.

    Returns
    -------
    WithAndWithout

    Examples
    --------
    >>> result = one_lever(lever="attract suppliers", effort=2)
    >>> bool(result.with_lever.total.iloc[-1] > 3 * result.without.total.iloc[-1])
    True
    """
    base = asdict(_system(proximity=proximity))
    runs = [_run(((0, efforts),), base, years, start, None) for efforts in ({lever: effort}, {})]
    return WithAndWithout(lever, effort, *runs)


def _run(programme, base, years, start, start_facets) -> Path:
    """Follow the equations while a programme [(from year, efforts), …] is in force."""
    times = np.linspace(0, years, 201)
    settings = [_Setting(**_pulled(efforts, base)) for _, efforts in programme]
    y = _first_state(_Setting(**base), start, start_facets, None)
    edges = [*(year for year, _ in programme), years]
    track = []
    for setting, left, right in zip(settings, edges, edges[1:], strict=False):
        inside = times[(times >= left) & (times < right)] if right < years else times[times >= left]
        steps = np.unique([left, *inside, right])
        solved = _integrate(setting, y, steps)
        track.append(solved[:, np.isin(steps, inside)])
        y = solved[:, -1]
    return _path(settings[-1], times, np.hstack(track))


def _pulled(efforts: Mapping[str, float], base: Mapping[str, float]) -> dict[str, float]:
    moved = dict(base)
    for name, effort in efforts.items():
        lever = _lever(name)
        if not effort >= 0:
            raise ValueError(f"the effort of {name!r} is {effort:g}, expected zero or more.")
        for parameter, amount in lever.moves.items():
            moved[parameter] += effort * amount
        if lever.weakest:
            weakest = min(_OF_FACET.values(), key=lambda facet: base[facet])
            moved[weakest] += effort * lever.weakest
    for parameter, end in _CEILING.items():
        moved[parameter] = min(moved[parameter], end)
    for parameter, end in _FLOOR.items():
        moved[parameter] = max(moved[parameter], min(end, base[parameter]))
    return moved


def _lever(name: str) -> Lever:
    for lever in LEVERS:
        if lever.name == name:
            return lever
    names = [lever.name for lever in LEVERS]
    raise KeyError(f"there is no lever {name!r}{did_you_mean(name, names, 'there are')}")


def _in_words(lever: Lever) -> str:
    said = [f"{parameter} {amount:+g}" for parameter, amount in lever.moves.items()]
    if lever.weakest:
        said.append(f"the weakest facet {lever.weakest:+g}")
    return ", ".join(said)
