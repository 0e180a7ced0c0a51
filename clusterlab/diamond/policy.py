"""Levers: what governments and firms can do to the diamond, what it costs, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Annotated, Any

import numpy as np
import pandas as pd

from clusterlab import datasets
from clusterlab.diamond import motion
from clusterlab.diamond.motion import Path, Setting, first_state, place
from clusterlab.names import did_you_mean
from clusterlab.parameters import number
from clusterlab.results import Result

#: Facets that are parameters of a place, as in FACETS.
OWN = ("factor_conditions", "demand_quality", "related_industries", "rivalry")
#: Where levers stop, however hard one pulls.
_MOST_DIVERSITY, _LEAST = 1.0, {"congestion": 0.02, "threshold": 0.3}
#: Two states of rest whose mean facets lie closer than this are told as one.
_APART = 0.01


def levers() -> pd.DataFrame:
    """Return the levers as a table: role, facet, what they move, cost, phase and source.

    Returns
    -------
    pandas.DataFrame
        A row a lever. Roles and directions follow porter-2000 at the place named in ``where``,
        unless that says "ours"; phases are our reading of "Government Influences on Cluster
        Upgrading", last paragraph; the sizes of the moves and the costs are illustrative, one unit
        of effort each.

    See Also
    --------
    compare_levers : Pull them, for the same budget.
    clusterlab.datasets.provenance : Where ``"diamond_levers"`` comes from.

    Notes
    -----
    Figure 3 of the document, on roles of government, is missing in the text used here; the levers
    by facet rest on sentences of the text.

    Examples
    --------
    >>> levers().loc["demanding buyers", "moves"]
    'demand_quality +0.1'
    """
    return _table().copy()


@cache
def _table() -> pd.DataFrame:
    return datasets.load("diamond_levers").set_index("lever")


@cache
def _moves() -> dict[str, dict[str, float]]:
    """Lever → parameter → what full effort adds to it, read from the table's words."""
    return {str(name): moves_of(words) for name, words in _table()["moves"].items()}


def moves_of(words: str) -> dict[str, float]:
    """Return parameter → what a unit of effort adds, from the words of a table of levers."""
    parts = [each.rpartition(" ") for each in words.split(", ")]
    return {parameter: float(by) for parameter, _, by in parts}


def pull(efforts: Mapping[str, float], **setting: Annotated[float, Setting]) -> dict[str, float]:
    """Return the parameters of `dynamics` after levers are pulled.

    Parameters
    ----------
    efforts : mapping
        Lever → effort, 0 (not pulled) and up; 1 is full effort and costs the lever's cost.
    **setting : float
        The place before, as for `dynamics`.

    Returns
    -------
    dict
        All parameters of the place. Diversity stops at 1, congestion at 0.02 and the threshold at
        0.3, however hard one pulls.

    Raises
    ------
    ValueError
        An unknown lever, with the nearest name; an effort that is negative, no number, or so large
        that the equations cannot be computed.

    See Also
    --------
    levers : What there is to pull.
    spend : The path of a place while levers are pulled, and afterwards.

    Examples
    --------
    >>> round(pull({"demanding buyers": 0.5}, demand_quality=0.3)["demand_quality"], 2)
    0.35
    """
    return asdict(_pulled(efforts, place(**setting)))


def compare_levers(
    names: Sequence[str] | None = None,
    *,
    budget: float = 2.0,
    years: float = 60.0,
    switch: float = 0.5,
    start: float = 0.15,
    **setting: Annotated[float, Setting],
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
    start : float
        Strength of every facet at the start.
    **setting : float
        The place, as for `dynamics`.

    Returns
    -------
    pandas.DataFrame
        A row for doing nothing, for each lever alone ("alone: …"), for "together", "in the
        document's order" (early and undated levers first, then later and undated ones), and
        "in the opposite order" (later and undated levers first, then early and undated ones). All
        but the first kind spend on the same levers. Columns: cost in force; years; mean facet,
        productivity, innovation and new firms per year after those years; the gain in the mean
        facet over doing nothing; "at rest", the mean facet at which the
        place rests once the levers are let go; and "stays", whether that is a stronger state than
        the one it rests in if nothing is ever done. Sequences are left out when ``names`` holds no
        early or no later lever.

    Raises
    ------
    ValueError
        A lever that is unknown or named twice; a budget, a switch, years or a start out of range.

    See Also
    --------
    levers : What there is to pull.
    spend : The path of one programme, and what is left of it.

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
    years = number("years", years, 0.001, motion.MOST_YEARS)
    switch = number("switch", switch, 0.001, 0.999)
    if isinstance(names, str) or not (names is None or isinstance(names, Sequence)):
        raise ValueError(f"names is {names!r}, but it must be a list of levers, [{names!r}].")
    chosen = [_known(name) for name in (_moves() if names is None else names)]
    if not chosen:
        raise ValueError("compare_levers: name at least one lever.")
    for name in chosen:
        if chosen.count(name) > 1:
            raise ValueError(f"compare_levers: the lever {name!r} is named twice.")
    here = place(**setting)
    table = _table().loc[chosen]
    runs: dict[str, list[tuple[float, list[str]]]] = {"nothing": [(0.0, [])]}
    runs |= {f"alone: {name}": [(0.0, [name])] for name in chosen}
    runs["together"] = [(0.0, chosen)]
    early, later = (table.index[table["phase"] != other].tolist() for other in ("later", "early"))
    if {*table["phase"]} >= {"early", "later"}:
        runs["in the document's order"] = [(0.0, early), (switch * years, later)]
        runs["in the opposite order"] = [(0.0, later), (switch * years, early)]
    first = first_state(here, start, None, None)
    rows: dict[str, dict[str, Any]] = {}
    for run, programme in runs.items():
        spent = [
            (since, {name: budget / len(group) / table["cost"][name] for name in group})
            for since, group in programme
        ]
        path, rest = _followed(here, first, spent, years)
        end, cost = float(path.total.iloc[-1]), 0.0 if run == "nothing" else budget
        rows[run] = {"cost": cost, "years": years, "mean facet": end}
        rows[run] |= path.outputs.iloc[-1].to_dict()
        gain = end - rows["nothing"]["mean facet"]
        rows[run] |= {"gain": gain, "at rest": rest}
        rows[run]["stays"] = rest > rows["nothing"]["at rest"] + _APART
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("policy")


@dataclass(frozen=True, repr=False)
class Spent(Result):
    """What `spend` returns: a place while a budget is spent on levers, and afterwards.

    Attributes
    ----------
    path : Path
        The place over the years of the programme and those after it.
    years : float
        Years of the programme; from then on no lever is pulled.
    cost : float
        What the levers cost at any time.
    let_go : float
        Mean facet at which the place comes to rest after the programme.
    untouched : float
        Mean facet at which it rests if no lever is ever pulled.
    """

    path: Path
    years: float
    cost: float
    let_go: float
    untouched: float

    @property
    def stays(self) -> bool:
        """Whether the place rests in a stronger state than it would without the programme."""
        return self.let_go > self.untouched + _APART

    def __repr__(self) -> str:
        told = f"Spent {self.cost:g} for {self.years:g} years: at rest {self.let_go:.2f} afterwards"
        return f"{told}, the effect {'stays' if self.stays else 'fades'}"


def spend(
    efforts: Mapping[str, float],
    *,
    budget: float = 2.0,
    years: float = 60.0,
    after: float = 60.0,
    start: float = 0.15,
    **setting: Annotated[float, Setting],
) -> Spent:
    """Divide a budget over levers for some years, then end it and look on.

    Parameters
    ----------
    efforts : mapping
        Lever → effort, as for `pull`.
    budget : float
        What all levers together may cost at any time.
    years, after : float
        Years for which the levers are pulled, and years of the path after them.
    start : float
        Strength of every facet at the start.
    **setting : float
        The place, as for `dynamics`.

    Returns
    -------
    Spent

    Raises
    ------
    ValueError
        Levers that cost more than the budget, with the sum; an unknown lever, a wrong number.

    See Also
    --------
    compare_levers : Each lever alone, all together, and in two orders.

    Examples
    --------
    >>> spend({"attract suppliers": 1}).stays, spend({"general inputs": 1}).stays
    (True, False)
    >>> spend({"attract suppliers": 1.5, "general inputs": 1})
    Traceback (most recent call last):
    ValueError: the levers cost 1.5 + 1 = 2.5, but the budget is 2: take 0.5 back.
    """
    budget = number("budget", budget)
    years, after = (
        number(name, value, 0.001, motion.MOST_YEARS)
        for name, value in (("years", years), ("after", after))
    )
    here = place(**setting)
    first = first_state(here, start, None, None)
    _pulled(efforts, here)
    parts = [float(by * _table()["cost"][name]) for name, by in efforts.items() if by]
    cost = sum(parts)
    if cost > budget * (1 + 1e-9):
        told = f"{' + '.join(f'{part:g}' for part in parts)} = " if len(parts) > 1 else ""
        raise ValueError(
            f"the levers cost {told}{cost:g}, but the budget is {budget:g}: take "
            f"{cost - budget:g} back."
        )
    path, let_go = _followed(here, first, [(0.0, efforts), (years, {})], years + after)
    _, untouched = _followed(here, first, [(0.0, {})], years)
    return Spent(path=path, years=years, cost=cost, let_go=let_go, untouched=untouched)


def _followed(
    here: Setting,
    first: np.ndarray,
    programme: Sequence[tuple[float, Mapping[str, float]]],
    years: float,
) -> tuple[Path, float]:
    """Follow a place while a programme [(from year, efforts), …] is in force, and then without it.

    Returns the path, and the mean facet at which the place rests when the levers are let go.
    """
    times = np.linspace(0, years, 201)
    settings = [_pulled(efforts, here) for _, efforts in programme]
    edges = [*(since for since, _ in programme), years]
    y, track = first, []
    for setting, left, right in zip(settings, edges, edges[1:], strict=False):
        inside = times[(times >= left) & (times < right)] if right < years else times[times >= left]
        steps = np.unique([left, *inside, right])  # a change may fall between two times
        solved = motion.integrate(setting, y, steps)
        track.append(solved[:, np.isin(steps, inside)])
        y = solved[:, -1]
    return motion.path_of(settings[-1], times, np.hstack(track)), float(
        motion.settle(here, y)[:4].mean()
    )


def _pulled(efforts: Mapping[str, float], here: Setting) -> Setting:
    if not isinstance(efforts, Mapping):
        raise ValueError(
            f"efforts is a {type(efforts).__name__}, but it must map levers to efforts, such as "
            "{'stability': 1}."
        )
    before, moved = asdict(here), asdict(here)
    for name, effort in efforts.items():
        moves = _moves()[_known(name)]
        effort = number(f"the effort of {name!r}", effort)
        for parameter, amount in moves.items():
            weakest = parameter == "the weakest facet"
            moved[min(OWN, key=before.__getitem__) if weakest else parameter] += effort * amount
    moved["diversity"] = min(moved["diversity"], _MOST_DIVERSITY)
    for parameter, least in _LEAST.items():
        moved[parameter] = max(moved[parameter], min(least, before[parameter]))
    return place(**moved)


def _known(name: Any) -> str:
    if name not in list(_moves()):
        raise ValueError(f"there is no lever {name!r}{did_you_mean(name, _moves(), 'there are')}")
    return name
