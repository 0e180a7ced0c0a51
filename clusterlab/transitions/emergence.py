"""Districts of firms that enter, spin off, grow, tie, are bought and leave; types that emerge."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab import districts
from clusterlab.districts.network import LARGE, LEADING
from clusterlab.names import did_you_mean
from clusterlab.parameters import Parameter, Seed, generator, model, number, refuse_too_many, whole
from clusterlab.results import Result
from clusterlab.transitions.chain import TYPES, Begin, EntryShare, Openness
from clusterlab.transitions.markov import Estimate, estimate

_INDEPENDENT, _BRANCH, _STATE = 0, 1, 2
_OUTSIDE, _FEW = -1, 5

#: What `emerge` takes for granted, per quarter where it is a rate: value and reason.
ASSUMPTIONS: dict[str, tuple[float, str]] = {
    "jobs for each slot": (5, "scale of the district; our assumption"),
    "market contested": (0.05, "share of jobs every firm loses and must win again; our assumption"),
    "freed jobs refilled": (0.25, "share of jobs free that are won in a quarter; our assumption"),
    "slots for each innovation": (40, "how many innovations share what is won; our assumption"),
    "tail of an innovation's worth": (1.3, "Pareto; very unequal (Scherer 1998), value ours"),
    "smallest firm": (1, "jobs below which a firm closes; our assumption"),
    "failure": (0.0025, "chance that a firm of any size fails, trigger of (2); size ours"),
    "bought from outside": (0.003, "times openness, outsiders; section 3 on Censis; size ours"),
    "branches among newcomers": (0.2, "times openness and outsiders; our assumption"),
    "branch moved away": (0.005, "times openness; relocation threatens (Table 1); size ours"),
    "ties of a firm": (3, "ties a firm starts, rounded; our assumption"),
    "ties renewed": (0.1, "share of ties looked for anew; our assumption"),
    "partner of a partner": (0.4, "share of local ties made by acquaintance; our assumption"),
    "ties outside": (0.8, "times openness, of independent firms and anchors; our assumption"),
    "ties of a branch outside": (0.9, "minimal trade inside, parent's ties (Table 1); size ours"),
    "leader at the start": (0.4, "share of jobs of a hub or state anchor; our assumption"),
    "leader's mark": (LARGE, "times the jobs of the median firm, to be a leader; our assumption"),
    "leaders' share": (LEADING, "of all jobs, for anyone to be said to lead; our assumption"),
}
Outsiders = Annotated[
    float,
    Parameter("outsiders who buy and settle", 0, 1, 0.1, unit="strength", source="our scenario"),
]


def assumptions_table() -> pd.DataFrame:
    """Return what `emerge` takes for granted: value and reason, one row an assumption.

    Returns
    -------
    pandas.DataFrame

    See Also
    --------
    emerge : The simulation.

    Examples
    --------
    >>> float(assumptions_table().loc["failure", "value"])
    0.0025
    """
    return pd.DataFrame.from_dict(ASSUMPTIONS, orient="index", columns=["value", "reason"])


@dataclass(frozen=True, repr=False)
class Emergence(Result):
    """Simulated districts, classified as they change; see `emerge`.

    Attributes
    ----------
    start : str
        The type they began as.
    measures : pandas.DataFrame
        What was measured, indexed by replicate and year, as in
        `clusterlab.districts.network_profile`, with the number of ``firms``.
    memberships : pandas.DataFrame
        Shares over the four types, same index.
    size : numpy.ndarray
        Jobs of each firm at the end, replicates x room for firms; 0 where there is none.
    owner : numpy.ndarray
        0 for an independent firm, 1 for a branch of a parent elsewhere, 2 for the state.
    ties : numpy.ndarray
        The firms to which each is tied, by their places; -1 for one outside the district.
    """

    start: str
    measures: pd.DataFrame
    memberships: pd.DataFrame
    size: np.ndarray
    owner: np.ndarray
    ties: np.ndarray

    @cached_property
    def panel(self) -> pd.DataFrame:
        """The nearest type of each district in each year: place, period, type."""
        nearest = np.array(TYPES, dtype=object)[self.memberships.to_numpy().argmax(axis=1)]
        index = self.memberships.index.to_frame(index=False)
        return index.set_axis(["place", "period"], axis=1).assign(type=nearest)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of districts that are nearest to each type, by year."""
        year, kind = self.panel["period"].rename("year"), self.panel["type"]
        table = pd.crosstab(year, kind, normalize="index")
        return table.reindex(columns=pd.Index(TYPES, name="type"), fill_value=0.0)

    def estimate(self, **options: Any) -> Estimate:
        """Estimate the yearly matrix of transitions from the districts; see `estimate`."""
        return estimate(self.panel, **{"types": TYPES, **options})

    def graph(self, replicate: int = 0) -> nx.DiGraph:
        """Return one district as it ends, in the vocabulary of `clusterlab.networks`."""
        replicate = whole("replicate", replicate, 0, len(self.size) - 1)
        size, owner, ties = self.size[replicate], self.owner[replicate], self.ties[replicate]
        graph = nx.DiGraph()
        for i in np.flatnonzero(size > 0):
            who = {_INDEPENDENT: f"firm {i}", _BRANCH: f"parent of {i}", _STATE: "state"}[owner[i]]
            graph.add_node(f"firm {i}", place="district", size=float(size[i]), owner=who)
            if owner[i] == _BRANCH:
                graph.nodes[f"firm {i}"]["seat"] = "elsewhere"
            for slot, j in enumerate(ties[i]):
                other = f"outsider {slot + 1} of firm {i}" if j == _OUTSIDE else f"firm {j}"
                if j == _OUTSIDE:
                    graph.add_node(other, place="elsewhere", size=1.0, owner=other)
                graph.add_edge(f"firm {i}", other, kind="supply")
        return graph

    def to_frame(self) -> pd.DataFrame:
        """Return measures and memberships side by side."""
        return pd.concat([self.measures, self.memberships], axis=1)

    def __repr__(self) -> str:
        end = self.shares.iloc[-1]
        told = ", ".join(f"{name} {share:.2f}" for name, share in end.items())
        begun = f"{len(self.size)} districts from {self.start}"
        return f"Emergence({begun}, after {end.name} years: {told}; simulated)"


@model
def emerge(
    *,
    start: Begin = "Marshallian",
    entry: EntryShare = 0.3,
    openness: Openness = 0.3,
    outsiders: Outsiders = 1.0,
    firms: Annotated[int, Parameter("room for firms", 100, 1000, 100, admissible=(Ge(80),))] = 200,
    years: Annotated[int, Parameter("years", 10, 50, 5, admissible=(Ge(1),))] = 40,
    replicates: Annotated[int, Parameter("districts", 10, 200, 10, admissible=(Ge(1),))] = 50,
    assumed: Mapping[str, Any] | None = None,
    seed: Seed = 0,
) -> Emergence:
    r"""Simulate districts firm by firm and classify what emerges.

    Parameters
    ----------
    assumed : mapping, optional
        Other values for numbers of `assumptions_table`, by name, each from half to twice ours and
        no share above 1: to see what hangs on them.
    seed : int or numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    Emergence
        With ``panel``, ``shares``, ``estimate()`` and ``graph()``.

    Raises
    ------
    ValueError
        A parameter out of its range, an assumption that there is not, or a value for it out of
        its range.

    See Also
    --------
    assumptions_table : Every number of the model.
    estimate : The matrix of transitions of the districts' panel.

    Notes
    -----
    Our formalisation; the document gives no model. At first there are many equal small firms; or a
    hub among them; or branches of parents elsewhere; or an anchor owned by the state. There are
    five times as many jobs as there is room for firms. A year has four quarters, and districts are
    classified at its end. With openness grow the share of a firm's new ties that leave the
    district, takeovers by outsiders, new branches and their relocation; ``outsiders`` = 0 keeps it
    to ties alone. Each quarter (1) every firm except a state
    anchor loses a share of its jobs, which join those freed by closures; (2) a part of the free
    jobs goes to innovations of very unequal worth, each made by a newcomer with probability
    ``entry``, else by a firm in proportion to its size; (3) newcomers are spin-offs of local
    people, or branches; (4) independent firms are bought from outside, branches are moved away,
    firms fail or close when too small; (5) firms renew ties: outside the district, to a partner's
    partner, or to a firm in proportion to its size. Where fewer than five firms are left, only
    newcomers win jobs. Jobs in and out of work stay the same in sum. `assumptions_table` has
    every number. Measures are those of `clusterlab.districts.network_profile`, except that
    clustering is estimated from one pair of partners a firm and the core consists of the firms
    with most partners; memberships come from `clusterlab.districts.network_membership`.

    Jobs of the state anchor are outside the market, so it stays by construction.

    References
    ----------
    guerrieri-pietrobelli-2001, sections 2 and 3, for what can happen; Simon (1955) for growth.

    Examples
    --------
    >>> emerge(years=2, replicates=5).shares.loc[0].to_dict()["Marshallian"]
    1.0
    >>> emerge(assumed={"bought": 0.002})
    Traceback (most recent call last):
    ValueError: emerge: assumed 'bought' is no assumption; did you mean 'bought from outside'?
    """
    refuse_too_many("emerge", replicates=replicates, firms=firms, numbers_a_firm=10)
    for name, value in (assumed or {}).items():
        if name not in ASSUMPTIONS:
            near = did_you_mean(name, ASSUMPTIONS)
            raise ValueError(f"emerge: assumed {name!r} is no assumption{near}")
        ours = ASSUMPTIONS[name][0]
        most = 2 * ours if ours >= 1 else min(2 * ours, 1)
        number(f"emerge: assumed {name!r}", value, ours / 2, most)
    world = _World(start, entry, openness, firms, replicates, generator(seed), outsiders, assumed)
    rows = [world.measure()]
    for _ in range(years):
        for _ in range(4):
            world.step()
        rows.append(world.measure())
    by_year = pd.concat(rows, keys=range(len(rows)), names=["year", "replicate"])
    table = by_year.swaplevel().sort_index()
    return Emergence(
        start=start,
        measures=table,
        memberships=districts.network_membership(table.drop(columns="firms")),
        size=world.size,
        owner=world.owner,
        ties=world.ties,
    )


@model
def sensitivity(
    *,
    of: Annotated[
        Literal["bought from outside", "leader's mark"],
        Parameter("our number that is moved", source="our assumption"),
    ] = "bought from outside",
    entry: EntryShare = 0.3,
    openness: Openness = 0.6,
    replicates: int = 50,
) -> dict[float, Emergence]:
    """Simulate Marshallian districts with half of a number of ours, with it, and with half more.

    Parameters
    ----------
    replicates : int
        Districts with each value, for fifty years.

    Returns
    -------
    dict
        Value of the number → what emerges with it.

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    emerge : The simulation, with any of its numbers moved by ``assumed``.

    References
    ----------
    As `emerge`.

    Examples
    --------
    >>> list(sensitivity(of="leader's mark", replicates=1))
    [5.0, 10.0, 15.0]
    """
    world = {"entry": entry, "openness": openness, "years": 50, "replicates": replicates}
    ours = ASSUMPTIONS[of][0]
    return {value: emerge(**world, assumed={of: value}) for value in (ours / 2, ours, 1.5 * ours)}


class _World:
    """All districts at once: sizes, owners and ties of replicates x slots."""

    def __init__(
        self, start, entry, openness, firms, replicates, rng, outsiders=1.0, assumed=None
    ) -> None:
        self.a = {name: value for name, (value, _) in ASSUMPTIONS.items()} | (assumed or {})
        self.each = round(self.a["ties of a firm"])
        self.entry, self.openness, self.rng = entry, openness, rng
        self.coming = openness * outsiders
        self.shape = replicates, firms
        self.row = np.arange(replicates)
        self.size = np.zeros(self.shape)
        self.owner = np.zeros(self.shape, dtype=np.int8)
        self.ties = np.full((*self.shape, self.each), _OUTSIDE, dtype=np.intp)
        self.jobs = self.a["jobs for each slot"] * firms
        few, leader = start == "satellite", start in ("hub-and-spoke", "state-anchored")
        first, count = int(leader), firms // 20 if few else firms // 4
        self.size[:, :count] = rng.lognormal(0, 0.1 if few else 0.3, (replicates, count))
        lead = self.a["leader at the start"] * self.jobs * leader
        rest = self.size[:, first:].sum(axis=1, keepdims=True)
        self.size[:, first:] *= (self.jobs - lead) / rest
        if few:
            self.owner[:, :count] = _BRANCH
        if start == "state-anchored":
            self.owner[:, 0] = _STATE
        # small firms know their neighbours on a circle, and first of all the leader
        ahead = np.arange(count - first)[:, None] + np.arange(1, self.each + 1)
        self.ties[:, first:count] = first + ahead % (count - first)
        if leader:
            self.size[:, 0] = lead
            self.ties[:, 1:count, 0] = 0
            self.ties[:, 0] = rng.integers(1, count, (replicates, self.each))
        outwards = self._away(self.owner[:, :count])[..., None]
        away = rng.random((replicates, count, self.each)) < outwards
        away[:, 1:, 0] &= not leader
        self.ties[:, :count][away] = _OUTSIDE
        self.free = np.zeros(replicates)

    def _away(self, owner: np.ndarray) -> np.ndarray:
        own = self.a["ties outside"] * self.openness
        return np.where(owner == _BRANCH, self.a["ties of a branch outside"], own)

    def step(self) -> None:
        """Let a quarter pass."""
        newborn = self._win_jobs()
        self._change_owners_and_close()
        self._renew_ties(newborn)

    def _win_jobs(self) -> np.ndarray:
        """Contest a part of the market; return the flat places of newcomers."""
        rng, size, (runs, firms) = self.rng, self.size, self.shape
        market = self.owner != _STATE
        lost = size * (self.a["market contested"] * market)
        size -= lost
        self.free += lost.sum(axis=1)
        number = max(int(firms / self.a["slots for each innovation"]), 1)
        worth = 1 + rng.pareto(self.a["tail of an innovation's worth"], (runs, number))
        won = self.free * self.a["freed jobs refilled"]
        self.free -= won
        worth *= (won / worth.sum(axis=1))[:, None]
        new = rng.random((runs, number)) < self.entry
        few = (size > 0).sum(axis=1) < _FEW
        new[few] = True
        # newcomers take free slots, in order; without a free slot an old firm wins instead
        empty = np.flatnonzero(size.ravel() == 0)
        room = np.bincount(empty // firms, minlength=runs)
        before = np.cumsum(room) - room
        order = np.cumsum(new, axis=1) - 1
        new &= order < room[:, None]
        born = empty[(before[:, None] + order)[new]]
        weight = np.cumsum(size * market, axis=1)
        old_row, _ = np.nonzero(~new)
        old = self._in_proportion(weight, old_row)
        flat = size.reshape(-1)
        flat += np.bincount(old, worth[~new], minlength=flat.size)
        flat[born] = worth[new]
        branch = rng.random(born.size) < self.a["branches among newcomers"] * self.coming
        self.owner.reshape(-1)[born] = np.where(branch, _BRANCH, _INDEPENDENT)
        return born

    def _in_proportion(self, weight: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Draw a flat place for each row, in proportion to what ``weight`` cumulates."""
        firms = self.shape[1]
        total = weight[:, -1]
        shifted = (weight / np.where(total > 0, total, 1)[:, None] + self.row[:, None]).ravel()
        drawn = np.searchsorted(shifted, rows + self.rng.random(rows.size), side="right")
        return np.clip(drawn, rows * firms, rows * firms + firms - 1)

    def _change_owners_and_close(self) -> None:
        rng, size, owner = self.rng, self.size, self.owner
        luck = rng.random(self.shape)
        alive = size > 0
        branch = alive & (owner == _BRANCH)
        taken = self.a["bought from outside"] * self.coming
        bought = alive & (owner == _INDEPENDENT) & (luck > 1 - taken)
        chance = self.a["failure"] + self.a["branch moved away"] * self.openness * branch
        gone = alive & (owner != _STATE) & ((luck < chance) | (size < self.a["smallest firm"]))
        owner[bought] = _BRANCH
        self.free += (size * gone).sum(axis=1)
        size[gone] = 0

    def _renew_ties(self, newborn: np.ndarray) -> None:
        rng, firms = self.rng, self.shape[1]
        size, ties = self.size.reshape(-1), self.ties.reshape(-1, self.each)
        alive = np.flatnonzero(size > 0)
        base = alive // firms * firms
        partner = ties[alive]
        lost = (partner != _OUTSIDE) & (size[base[:, None] + np.maximum(partner, 0)] == 0)
        again = rng.random(partner.shape) < self.a["ties renewed"]
        fresh = np.zeros(size.size, dtype=bool)
        fresh[newborn] = True
        which, slot = np.nonzero(lost | again | fresh[alive][:, None])
        who, offset = alive[which], base[which]
        away = rng.random(who.size) < self._away(self.owner.reshape(-1)[who])
        weight = np.cumsum(self.size, axis=1)
        chosen = self._in_proportion(weight, who // firms) - offset
        # a partner's partner, where there is one
        first = ties[who, rng.integers(0, self.each, who.size)]
        second = ties[offset + np.maximum(first, 0), rng.integers(0, self.each, who.size)]
        met = rng.random(who.size) < self.a["partner of a partner"]
        known = (first >= 0) & (second >= 0) & met
        known &= (size[offset + np.maximum(first, 0)] > 0) & ~fresh[who]
        known &= size[offset + np.maximum(second, 0)] > 0
        chosen = np.where(known, second, chosen)
        chosen = np.where(away | (chosen == who - offset), _OUTSIDE, chosen)
        ties[who, slot] = chosen

    def measure(self) -> pd.DataFrame:
        """Measure all districts; one row a replicate."""
        runs, firms = self.shape
        size, alive = self.size, self.size > 0
        count = alive.sum(axis=1)
        flat = np.flatnonzero(alive.ravel())
        partner = self.ties.reshape(-1, self.each)[flat]
        row = flat // firms
        outside = np.bincount(row, (partner == _OUTSIDE).sum(axis=1), minlength=runs)
        one, other = np.repeat(flat, self.each), (row * firms)[:, None] + partner
        one, other = one[partner.ravel() != _OUTSIDE], other.ravel()[partner.ravel() != _OUTSIDE]
        # np.unique hashes, which takes much longer
        codes = np.sort(self._codes(np.minimum(one, other), np.maximum(one, other)))
        codes = codes[np.diff(codes, prepend=-1) > 0]
        low, high = (part.astype(np.intp) for part in np.divmod(codes, (firms + 1) * runs))
        degree = np.bincount(np.concatenate([low, high]), minlength=runs * firms)
        ties = np.bincount(low // firms, minlength=runs)
        most = degree.reshape(self.shape).max(axis=1)
        spread = most * count - 2 * ties
        ordered = np.sort(size, axis=1)
        rank = np.arange(1, firms + 1) - (firms - count)[:, None]
        jobs = ordered.sum(axis=1)
        gini = ((2 * rank - count[:, None] - 1) * ordered).sum(axis=1) / (count * jobs)
        return pd.DataFrame(
            {
                "firms": count,
                "degree_centralisation": np.divide(
                    spread, (count - 1) * (count - 2), where=count > 2, out=np.full(runs, np.nan)
                ),
                "size_concentration": gini,
                "external_ties": (outside - ties) / np.maximum(outside + ties, 1),
                "external_ownership": (size * (self.owner == _BRANCH)).sum(axis=1) / jobs,
                "local_clustering": self._clustering(low, high, degree, count),
                "core_periphery_fit": self._core(low, high, degree, count, ties),
                "anchor_owner": self._anchor(ordered, count, jobs),
            }
        )

    def _codes(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Return one number a pair of firms, in 64 bits also where indices have 32."""
        runs, firms = self.shape
        return low.astype(np.int64) * ((firms + 1) * runs) + high

    def _clustering(self, low, high, degree, count) -> np.ndarray:
        """Estimate mean clustering: of each firm draw two partners and see if they are tied."""
        runs, firms = self.shape
        ends = np.concatenate([low, high])
        order = np.argsort(ends, kind="stable")
        partners = np.concatenate([high, low])[order]
        begin = np.cumsum(degree) - degree
        asked = np.flatnonzero(degree > 1)
        n = degree[asked]
        first = (self.rng.random(asked.size) * n).astype(np.intp)
        second = (first + 1 + (self.rng.random(asked.size) * (n - 1)).astype(np.intp)) % n
        a, b = partners[begin[asked] + first], partners[begin[asked] + second]
        codes, wanted = self._codes(low, high), self._codes(np.minimum(a, b), np.maximum(a, b))
        place = np.minimum(np.searchsorted(codes, wanted), max(codes.size - 1, 0))
        tied = codes[place] == wanted if codes.size else np.zeros(wanted.size, dtype=bool)
        return np.bincount(asked // firms, tied, minlength=runs) / count

    def _core(self, low, high, degree, count, ties) -> np.ndarray:
        """Fit a core of the firms with most partners, of the size that fits best."""
        runs, firms = self.shape
        place = np.empty(self.shape, dtype=np.intp)
        by_degree = np.argsort(-degree.reshape(self.shape), axis=1, kind="stable")
        np.put_along_axis(place, by_degree, np.arange(firms)[None, :], axis=1)
        place = place.ravel()
        # a tie is covered by every core that holds the better placed of its ends
        earlier = low // firms * firms + np.minimum(place[low], place[high])
        covered = np.bincount(earlier, minlength=runs * firms).reshape(self.shape).cumsum(axis=1)
        n, m = count[:, None].astype(float), ties[:, None].astype(float)
        core = np.arange(1, firms + 1)[None, :]
        pairs = n * (n - 1) / 2
        pattern = core * (n - core) + core * (core - 1) / 2
        top = covered * pairs - m * pattern
        bottom = np.sqrt(np.maximum(m * (pairs - m) * pattern * (pairs - pattern), 0))
        fit = np.where((core < n - 1) & (bottom > 0), top / np.where(bottom > 0, bottom, 1), 0)
        return np.maximum(fit.max(axis=1), 0)

    def _anchor(self, ordered, count, jobs) -> np.ndarray:
        firms = self.shape[1]
        low = ordered[self.row, firms - count + (count - 1) // 2]
        high = ordered[self.row, firms - count + count // 2]
        mark = self.a["leader's mark"] * ((low + high) / 2)[:, None]
        large = (self.owner == _INDEPENDENT) & (self.size >= mark)
        who = np.stack([self.owner == _STATE, self.owner == _BRANCH, large])
        shares = (self.size * who).sum(axis=2) / jobs
        names = np.array(["state", "external", "local"], dtype=object)[shares.argmax(axis=0)]
        return np.where(shares.max(axis=0) >= self.a["leaders' share"], names, "none")
