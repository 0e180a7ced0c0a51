"""Levers: what governments and firms can do to the diamond, what it costs, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd

from clusterlab.diamond.indicators import FACETS
from clusterlab.diamond.motion import Path, Setting, first_state, integrate, path_of, place, settle
from clusterlab.names import did_you_mean
from clusterlab.parameters import Parameter, model, number

__all__ = ["LEVERS", "Lever", "WithAndWithout", "compare_levers", "levers", "one_lever", "pull"]

_OF_FACET = dict(
    zip(
        FACETS,
        ("factor_conditions", "demand_quality", "related_industries", "rivalry"),
        strict=True,
    )
)
_CEILING = {"diversity": 1.0}
_FLOOR = {"congestion": 0.02, "threshold": 0.3}
_MOST_YEARS = 10_000.0
#: Two states of rest whose mean facets lie closer than this are told as one.
_APART = 0.01


@dataclass(frozen=True)
class Lever:
    """One lever: who pulls it, what it moves by how much at full effort, and what that costs.

    ``moves`` adds to parameters of `clusterlab.diamond.dynamics`. ``weakest`` adds to the lowest of
    the four own pressures, the first of them where several are as low. ``phase`` is "early",
    "later", or "any"; it is our reading of the one passage that speaks of time.
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

#: The levers. ``where`` is the passage behind role and direction, or says that the lever is ours.
#: Early are infrastructure and disadvantages, later is what impedes innovation: which levers that
#: makes early or later is our reading (stability is called most basic, not early). Sizes and costs
#: are illustrative.
LEVERS = (
    Lever(
        "stability",
        "government 1: macroeconomic and political stability",
        "all",
        {"threshold": -0.04},
        1.0,
        "early",
        _ROLES,
    ),
    Lever(
        "general inputs",
        "government 2: general microeconomic capacity",
        "factor conditions",
        {"factor_conditions": 0.10},
        1.0,
        "early",
        _ROLES,
    ),
    Lever(
        "rules of competition",
        "government 3: rules and incentives",
        "strategy and rivalry",
        {"rivalry": 0.10},
        1.0,
        "any",
        _ROLES,
    ),
    Lever(
        "action programme",
        "government 4: long-term programme of change",
        "all",
        {"threshold": -0.02, "proximity": 0.10},
        1.0,
        "any",
        _ROLES,
    ),
    Lever(
        "cluster facilitation",
        "government 5: facilitating cluster development",
        "all",
        {"proximity": 0.30},
        1.0,
        "any",
        _ROLES,
    ),
    Lever(
        "remove disadvantages",
        "government, in the cluster",
        "the weakest",
        {},
        1.0,
        "early",
        _UPGRADING,
        weakest=0.10,
    ),
    Lever(
        "special skills and research",
        "firms and government, by facet",
        "factor conditions",
        {"factor_conditions": 0.08, "spin_off": 0.02},
        1.0,
        "any",
        "Clusters and Overall Economic Policy, on private roles",
    ),
    Lever(
        "demanding buyers",
        "government, by facet",
        "demand conditions",
        {"demand_quality": 0.10},
        1.0,
        "any",
        "Clusters Versus Industrial Policy, on opening the local market",
    ),
    Lever(
        "bigger local market",
        "government, by facet",
        "demand conditions",
        {"demand_size": 1.0},
        1.0,
        "any",
        "ours; the paragraph on demand conditions values size less than quality",
    ),
    Lever(
        "attract suppliers",
        "firms and government, by facet",
        "related and supporting industries",
        {"related_industries": 0.10},
        1.0,
        "any",
        "Clusters and Productivity, on inputs",
    ),
    Lever(
        "open to newcomers",
        "government, by facet",
        "strategy and rivalry",
        {"diversity": 0.15, "spin_off": 0.04},
        1.0,
        "later",
        _UPGRADING + ", last paragraph; Clusters Versus Industrial Policy, on foreign firms",
    ),
    Lever(
        "relieve congestion",
        "government, in the cluster",
        "factor conditions",
        {"congestion": -0.015},
        1.0,
        "later",
        "ours; Clusters and Productivity, on inputs, names costs bid up but no lever",
    ),
)


def levers() -> pd.DataFrame:
    """Return the levers as a table: role, facet, what they move, cost, phase and source.

    Returns
    -------
    pandas.DataFrame
        A row a lever. Roles and directions follow porter-2000 at the place named in ``where``,
        unless that says "ours"; phases are our reading of "Government Influences on Cluster
        Upgrading", last paragraph; the sizes of the moves and the costs are illustrative, one unit
        of effort each.

    Notes
    -----
    Figure 3 of the document, on roles of government, is missing in the text used here; the levers
    by facet rest on sentences of the text.

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
    ValueError
        A lever there is none of, with the nearest name; an effort that is negative or no number.

    Examples
    --------
    >>> round(pull({"demanding buyers": 0.5}, demand_quality=0.3)["demand_quality"], 2)
    0.35
    """
    return _pulled(efforts, asdict(place(**parameters)))


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

    Every policy is in force for ``years`` years. Then the levers are let go and the place is
    followed until it rests, because a policy that looks poor after ``years`` may have carried the
    place over the watershed, and one that looks good may fade when it ends.

    Parameters
    ----------
    names : sequence of str, optional
        Levers to compare, each once; all by default.
    budget : float
        What may be spent at any time. Alone, one lever gets all of it; otherwise each lever in
        force gets an equal part of it.
    years : float
        Years for which a policy is in force, at most 10,000; "mean facet" and the outputs are those
        at their end.
    switch : float
        When a sequence changes over, as a share of ``years``.
    start, start_facets, **parameters
        The place, as for `dynamics`.

    Returns
    -------
    pandas.DataFrame
        A row for doing nothing, for each lever alone ("alone: …"), for "together", "in the
        document's order" (early and undated levers first, then later and undated ones), and
        "in the opposite order" (later and undated levers first, then early and undated ones). All
        but the first kind spend on the same levers. Columns: cost in force; years; mean facet,
        productivity, innovation and new firms per year after those years; the gain in the mean
        facet over doing nothing, also per unit of cost; "at rest", the mean facet at which the
        place rests once the levers are let go; and "stays", whether that is a stronger state than
        the one it rests in if nothing is ever done. Sequences are left out when ``names`` holds no
        early or no later lever.

    Raises
    ------
    ValueError
        A lever that is unknown or named twice; a budget, a switch, years or a start out of range.

    Notes
    -----
    The order is that of porter-2000 ("Government Influences on Cluster Upgrading", last
    paragraph): first infrastructure and diamond disadvantages, later what impedes innovation.
    Which levers these are is our reading; the others are in force all along, in either order.

    Examples
    --------
    >>> table = compare_levers(["remove disadvantages", "open to newcomers"])
    >>> list(table.index)[-2:]
    ["in the document's order", 'in the opposite order']
    >>> table["stays"].tolist()
    [False, True, True, True, True, True]
    """
    budget = number("budget", budget, 0, ends=False)
    years = number("years", years, 0, _MOST_YEARS, ends=False)
    switch = number("switch", switch, 0, 1, ends=False)
    if isinstance(names, str):
        raise ValueError(f"names is {names!r}, but it must be a list of levers, [{names!r}].")
    chosen = [_lever(name) for name in (names if names is not None else [v.name for v in LEVERS])]
    if not chosen:
        raise ValueError("compare_levers: name at least one lever.")
    for lever in chosen:
        if chosen.count(lever) > 1:
            raise ValueError(f"compare_levers: the lever {lever.name!r} is named twice.")
    base = asdict(place(**parameters))

    def spend(group: Sequence[Lever]) -> dict[str, float]:
        return {lever.name: budget / len(group) / lever.cost for lever in group}

    def run(*programme: tuple[float, Mapping[str, float]]) -> Path:
        return _run(programme, base, years, start, start_facets)

    runs = {"nothing": run((0, {}))}
    runs |= {f"alone: {lever.name}": run((0, spend([lever]))) for lever in chosen}
    runs["together"] = run((0, spend(chosen)))
    early = [lever for lever in chosen if lever.phase != "later"]
    later = [lever for lever in chosen if lever.phase != "early"]
    if {lever.phase for lever in chosen} >= {"early", "later"}:
        then = switch * years
        runs["in the document's order"] = run((0, spend(early)), (then, spend(later)))
        runs["in the opposite order"] = run((0, spend(later)), (then, spend(early)))
    nothing = float(runs["nothing"].total.iloc[-1])
    untouched = _at_rest(runs["nothing"], base)
    rows = {}
    for name, path in runs.items():
        end, rest = float(path.total.iloc[-1]), _at_rest(path, base)
        rows[name] = {
            "cost": 0.0 if name == "nothing" else budget,
            "years": years,
            "mean facet": end,
            **path.outputs.iloc[-1].to_dict(),
            "gain": end - nothing,
            "gain per cost": np.nan if name == "nothing" else (end - nothing) / budget,
            "at rest": rest,
            "stays": rest > untouched + _APART,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("policy")


class WithAndWithout(NamedTuple):
    """A place with a lever pulled and without, as `one_lever` returns them.

    ``let_go`` and ``untouched`` are the mean facets at which the place rests once the lever is let
    go at the end of the years, and if it is never pulled.
    """

    lever: str
    effort: float
    with_lever: Path
    without: Path
    let_go: float
    untouched: float

    @property
    def stays(self) -> bool:
        """Whether the place rests in a stronger state than it would without the lever."""
        return self.let_go > self.untouched + _APART


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
    """Follow a place with one lever pulled and without it, and what is left when it is let go.

    Parameters
    ----------
    lever : str
        A name from `levers`.
    effort : float
        Effort spent on it; 1 is full effort at the lever's cost.
    proximity, start : float
        As for `dynamics`.
    years : float
        Years for which the lever is pulled; both paths end there.

    Returns
    -------
    WithAndWithout

    Examples
    --------
    >>> one_lever(lever="attract suppliers", effort=1).stays
    True
    >>> one_lever(lever="general inputs", effort=1).stays
    False
    """
    base = asdict(place(proximity=proximity))
    pulled = _run(((0, {lever: effort}),), base, years, start, None)
    without = _run(((0, {}),), base, years, start, None)
    rests = _at_rest(pulled, base), _at_rest(without, base)
    return WithAndWithout(lever, effort, pulled, without, *rests)


def _at_rest(path: Path, base: Mapping[str, float]) -> float:
    """Mean facet at which a place rests that goes on from the end of a path without levers."""
    end = np.append(path.facets.iloc[-1].to_numpy(), path.depth.iloc[-1])
    return float(settle(Setting(**base), end)[:4].mean())


def _run(programme, base, years, start, start_facets) -> Path:
    """Follow the equations while a programme [(from year, efforts), …] is in force."""
    times = np.linspace(0, years, 201)
    settings = [Setting(**_pulled(efforts, base)) for _, efforts in programme]
    y = first_state(Setting(**base), start, start_facets, None)
    edges = [*(year for year, _ in programme), years]
    track = []
    for setting, left, right in zip(settings, edges, edges[1:], strict=False):
        inside = times[(times >= left) & (times < right)] if right < years else times[times >= left]
        steps = np.unique([left, *inside, right])
        solved = integrate(setting, y, steps)
        track.append(solved[:, np.isin(steps, inside)])
        y = solved[:, -1]
    return path_of(settings[-1], times, np.hstack(track))


def _pulled(efforts: Mapping[str, float], base: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(efforts, Mapping):
        raise ValueError(
            f"efforts is a {type(efforts).__name__}, but it must map levers to efforts, such as "
            "{'stability': 1}."
        )
    moved = dict(base)
    for name, effort in efforts.items():
        lever = _lever(name)
        effort = number(f"the effort of {name!r}", effort)
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
    raise ValueError(f"there is no lever {name!r}{did_you_mean(name, names, 'there are')}")


def _in_words(lever: Lever) -> str:
    said = [f"{parameter} {amount:+g}" for parameter, amount in lever.moves.items()]
    if lever.weakest:
        said.append(f"the weakest facet {lever.weakest:+g}")
    return ", ".join(said)
