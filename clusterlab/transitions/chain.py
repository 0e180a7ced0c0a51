"""The transition graph of district types as a chain in continuous time."""

import itertools
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab import tables
from clusterlab.districts import TYPES
from clusterlab.names import did_you_mean
from clusterlab.parameters import Parameter, Seed, generator, model, number, whole

__all__ = [
    "DOCUMENTED",
    "TYPES",
    "Arrow",
    "Chain",
    "Outlook",
    "arrows_table",
    "chain_facts",
    "first_passage",
    "long_run",
    "outlook",
    "rate_terms",
    "transition_graph",
    "trends",
]

#: Moves that `Chain.paths` simulates at most: more take minutes and gigabytes.
_MOST_MOVES = 20_000_000


class Arrow(NamedTuple):
    """A transition the document names as possible, with what our rates make of it."""

    number: int
    origin: str
    target: str
    trigger: str
    section: str
    base: float
    entry: float
    openness: float
    why_entry: str
    why_openness: str


#: The four arrows that the document names as possible: instances, not a complete list. The
#: picture of them ("Graph 3" in the body, "Graphic 1" in the caption) is missing in the text we
#: have. Base rates and sizes of effects are our assumptions.
DOCUMENTED = (
    Arrow(
        1,
        "Marshallian",
        "hub-and-spoke",
        "larger oligopolistic firms emerge, or (in principle) a hub is recruited or incubated",
        "section 2 (1)",
        0.02,
        -3.0,
        2.0,
        "sign: Mark II concentrates (general knowledge); size: our assumption",
        "sign: globalisation would make circles stars (section 3, Censis); size: our assumption",
    ),
    Arrow(
        2,
        "hub-and-spoke",
        "Marshallian",
        "in principle: the anchor firm or institution fails or loses influence and power",
        "section 2 (2)",
        0.02,
        3.0,
        1.0,
        "sign: Mark I goes with discontinuities (section 3); size: our assumption",
        "sign: our assumption, suppliers can sell past the hub; size: our assumption",
    ),
    Arrow(
        3,
        "satellite",
        "Marshallian",
        "may: linkages among small firms, suppliers and competitors, grow stronger",
        "section 2 (3)",
        0.01,
        2.0,
        -1.0,
        "sign: our assumption, newcomers are the small firms that link; size: our assumption",
        "sign: our assumption, branches buy abroad instead; size: our assumption",
    ),
    Arrow(
        4,
        "satellite",
        "hub-and-spoke",
        "might: larger firms prevail, or competition and economies of scale and of organisation "
        "let small ones grow and lead",
        "section 2 (4)",
        0.01,
        -2.0,
        1.0,
        "sign: our reading of economies of scale (section 2); size: our assumption",
        "sign: our reading of more competition (section 2); size: our assumption",
    ),
)

EntryShare = Annotated[
    float,
    Parameter(
        "innovations by newcomers",
        0.02,
        0.95,
        0.01,
        unit="share",
        source="our formalisation of guerrieri-pietrobelli-2001, section 2",
    ),
]
Openness = Annotated[
    float,
    Parameter(
        "openness",
        0,
        1,
        0.01,
        unit="0 closed, 1 global",
        source="our formalisation of guerrieri-pietrobelli-2001, sections 2 and 3",
    ),
]


@dataclass(frozen=True)
class Chain:
    """A chain in continuous time over types of district.

    Parameters
    ----------
    generator : pandas.DataFrame
        Rates per year from the row's type to the column's; rows sum to zero.
    note : str
        Where the rates come from.
    """

    generator: pd.DataFrame
    note: str = "illustrative: the sizes of all rates are assumptions"

    def __post_init__(self) -> None:
        _check_generator(self.generator)

    @property
    def types(self) -> list[str]:
        """The types, in the order of the generator."""
        return list(self.generator.index)

    @property
    def graph(self) -> nx.DiGraph:
        """The arrows with ``rate``, ``origin`` ("named as possible" or "added") and a label."""
        return arrow_graph(self.generator, "rates a year", "added")

    def probabilities(self, years: float) -> pd.DataFrame:
        """Return the probability of being in the column's type after some years, by start."""
        flows = self.generator.to_numpy(dtype=float) * number("years", years)
        matrix = _exponential(flows)
        return pd.DataFrame(matrix, self.generator.index, self.generator.columns)

    def distribution(self, years: Any, *, start: str | Mapping[str, float]) -> pd.DataFrame:
        """Return the shares of types after each of the years, from one type or from shares."""
        first = start_shares(start, self.types)
        times = np.array([number("years", one) for one in np.atleast_1d(years).tolist()])
        rows = first @ _exponential(self.generator.to_numpy(dtype=float) * times[:, None, None])
        return pd.DataFrame(rows, pd.Index(times, name="years"), self.generator.columns)

    def long_run(self, *, start: str | Mapping[str, float]) -> pd.Series:
        """Return the shares of types in the end; see `long_run`."""
        limit = long_run(self.generator)
        return pd.Series(
            start_shares(start, self.types) @ limit.to_numpy(), limit.columns, name="long-run share"
        )

    def first_passage(self, target: str) -> pd.DataFrame:
        """Return chance and mean years until a type is first reached; see `first_passage`."""
        return first_passage(self.generator, target).rename(columns={"mean time": "mean years"})

    def paths(
        self, *, start: str, years: float = 100, replicates: int = 1000, seed: Seed = 0
    ) -> pd.DataFrame:
        """Simulate histories by Gillespie's method.

        Parameters
        ----------
        start : str
            The type all begin with.
        years : float
            How long to simulate.
        replicates : int
            Number of histories.
        seed : int or numpy.random.Generator
            Where the randomness comes from.

        Returns
        -------
        pandas.DataFrame
            One row a stay: ``path``, the ``year`` in which it begins, and the ``type``.
        """
        types = self.types
        known_type(start, types, "paths: start")
        years, replicates = number("years", years, ends=False), whole("replicates", replicates, 1)
        rng = generator(seed)
        rates = self.generator.to_numpy(dtype=float, copy=True)
        np.fill_diagonal(rates, 0)
        onward = np.cumsum(rates, axis=1)
        leaving = onward[:, -1].copy()
        moves = replicates * years * leaving.max()
        if moves > _MOST_MOVES:
            raise ValueError(
                f"paths: {replicates} histories of {years:g} years with rates of up to "
                f"{leaving.max():g} a year are about {moves:.1g} moves, more than {_MOST_MOVES:,}; "
                "ask for fewer years or replicates."
            )
        onward /= np.where(leaving > 0, leaving, 1)[:, None]  # its last entry is exactly 1
        path = np.arange(replicates)
        state, clock = np.full(replicates, types.index(start)), np.zeros(replicates)
        stays = [(path, clock, state)]
        while True:
            moving = leaving[state] > 0  # in a type without a way out nothing more happens
            path, state, clock = path[moving], state[moving], clock[moving]
            clock = clock + rng.exponential(1 / leaving[state])
            within = clock < years
            path, state, clock = path[within], state[within], clock[within]
            if not path.size:
                break
            state = (rng.random(path.size)[:, None] >= onward[state]).sum(axis=1)
            stays.append((path, clock, state))
        table = pd.DataFrame(
            {
                "path": np.concatenate([stay[0] for stay in stays]),
                "year": np.concatenate([stay[1] for stay in stays]),
                "type": np.array(types, dtype=object)[np.concatenate([stay[2] for stay in stays])],
            }
        )
        return table.sort_values(["path", "year"], ignore_index=True)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an arrow: from, to, rate a year, named as possible or added."""
        rows = [(u, v, data["rate"], data["origin"]) for u, v, data in self.graph.edges(data=True)]
        return pd.DataFrame(rows, columns=["from", "to", "rate", "origin"])

    def __repr__(self) -> str:
        arrows = ", ".join(
            f"{u} → {v} {data['rate']:.3f}" for u, v, data in self.graph.edges(data=True)
        )
        return f"Chain({arrows or 'no arrows'} a year; {self.note})"


def arrows_table() -> pd.DataFrame:
    """Return the four arrows named as possible: from, to, what sets them off, where it is said.

    The document gives them as instances ("some possible transitions"), not as a complete list.

    Examples
    --------
    >>> "state-anchored" in arrows_table()[["from", "to"]].to_numpy()
    False
    """
    rows = [(a.number, a.origin, a.target, a.trigger, a.section) for a in DOCUMENTED]
    return pd.DataFrame(rows, columns=["arrow", "from", "to", "trigger", "source"]).set_index(
        "arrow"
    )


def rate_terms() -> pd.DataFrame:
    """Return every term of the rates, its size, and its source or "our assumption".

    Examples
    --------
    >>> float(rate_terms().loc[(1, "entry"), "size"])
    -3.0
    """
    rows = {}
    for arrow in DOCUMENTED:
        rows[arrow.number, "base rate a year"] = (arrow.base, "our assumption")
        rows[arrow.number, "entry"] = (arrow.entry, arrow.why_entry)
        rows[arrow.number, "openness"] = (arrow.openness, arrow.why_openness)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["size", "source"])
    table.index = pd.MultiIndex.from_tuples(table.index, names=["arrow", "term"])
    return table


@model
def transition_graph(
    *,
    entry: EntryShare = 0.5,
    openness: Openness = 0.5,
    added: Mapping[tuple[str, str], float] | None = None,
    base: Mapping[tuple[str, str], float] | None = None,
) -> Chain:
    r"""Return the chain of district types under a technological regime and openness.

    Parameters
    ----------
    entry : float
        Share of innovations by newcomers: low is Mark II, high Mark I (`innovators`).
    openness : float
        How open markets and knowledge are, 0 to 1.
    added : mapping, optional
        Arrows the document does not have: (from, to) → rate a year. They are marked "added".
    base : mapping, optional
        Your own base rates for arrows of the document: (from, to) → rate a year.

    Returns
    -------
    Chain

    Raises
    ------
    ValueError
        An unknown type, a negative rate, an added arrow that the document has, or the other way.

    Notes
    -----
    Proportional hazards: arrow k has the rate
    :math:`q_k = b_k \exp[\beta_k (a - 1/2) + \gamma_k (o - 1/2)]`, with base rate b, entry share
    a, openness o. No published rates exist: b and the sizes of β and γ are our assumptions;
    `rate_terms` says for each sign whether the document speaks for it.

    References
    ----------
    guerrieri-pietrobelli-2001, section 2 (four possible transitions) and section 3.

    Examples
    --------
    >>> chain = transition_graph()
    >>> chain.long_run(start="satellite").round(2).to_dict()["hub-and-spoke"]
    0.5
    >>> float(chain.long_run(start="state-anchored")["state-anchored"])
    1.0
    """
    pairs = {(arrow.origin, arrow.target): arrow for arrow in DOCUMENTED}
    base, added = dict(base or {}), dict(added or {})
    for what, given in (("base", base), ("added", added)):
        for pair, rate in given.items():
            _check_pair(pair, rate, what)
            if (pair in pairs) != (what == "base"):
                hint = (
                    "the document has no such arrow; pass it as added="
                    if what == "base"
                    else "the document has this arrow; change its rate with base="
                )
                raise ValueError(f"transition_graph: {what} {pair[0]!r} → {pair[1]!r}: {hint}.")
    rates = _rates(entry, openness)
    for pair, rate in [*base.items(), *added.items()]:
        where = TYPES.index(pair[0]), TYPES.index(pair[1])
        rates[where] = rates[where] / pairs[pair].base * rate if pair in base else rate
    return Chain(
        pd.DataFrame(
            _with_diagonal(rates), pd.Index(TYPES, name="from"), pd.Index(TYPES, name="to")
        )
    )


@dataclass(frozen=True, repr=False)
class Outlook:
    """What a regime and openness make of a district that starts as some type; see `outlook`."""

    start: str
    chain: Chain
    shares: pd.DataFrame
    long_run: pd.Series
    path: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return the shares of types by year."""
        return self.shares

    def __repr__(self) -> str:
        end = ", ".join(f"{name} {share:.2f}" for name, share in self.long_run.items() if share)
        return f"Outlook(from {self.start}, in the long run {end}; {self.chain.note})"


@model
def outlook(
    *,
    start: Annotated[
        Literal["Marshallian", "hub-and-spoke", "satellite", "state-anchored"],
        Parameter("the district begins as"),
    ] = "satellite",
    entry: EntryShare = 0.5,
    openness: Openness = 0.5,
    years: Annotated[
        int, Parameter("years looked ahead", 20, 200, 10, unit="years", admissible=(Ge(1),))
    ] = 100,
    seed: Seed = 0,
) -> Outlook:
    """Return shares of types over time, in the long run, and one history drawn at random.

    Parameters
    ----------
    start : str
        The type the district begins as.
    entry, openness : float
        As in `transition_graph`.
    years : int
        How far to look.
    seed : int or numpy.random.Generator
        Where the randomness of the one history comes from.

    Returns
    -------
    Outlook
        ``chain``, ``shares`` (by year), ``long_run``, ``path``.

    Raises
    ------
    ValueError
        A parameter out of its range.

    References
    ----------
    As `transition_graph`; the rates are illustrative.

    Examples
    --------
    >>> float(outlook(start="state-anchored").long_run["state-anchored"])
    1.0
    """
    chain = transition_graph(entry=entry, openness=openness)
    step = chain.probabilities(years / 40).to_numpy()  # one exponential instead of 40
    rows = itertools.accumulate([step] * 40, np.matmul, initial=start_shares(start, chain.types))
    index = pd.Index(np.linspace(0, years, 41), name="years")
    return Outlook(
        start,
        chain,
        pd.DataFrame(rows, index, chain.generator.columns),
        chain.long_run(start=start),
        chain.paths(start=start, years=years, replicates=1, seed=seed),
    )


def chain_facts(generator: pd.DataFrame) -> pd.DataFrame:
    """Return for each type whether it is transient, and its closed class if it is in one.

    Parameters
    ----------
    generator : pandas.DataFrame
        Rates from row to column; rows sum to zero.

    Returns
    -------
    pandas.DataFrame
        ``transient`` and ``closed class`` (its members, joined by a comma; empty if transient).

    Examples
    --------
    >>> chain_facts(transition_graph().generator)["transient"].to_dict()["satellite"]
    True
    """
    names = list(generator.index) if isinstance(generator, pd.DataFrame) else []
    closed = _closed_classes(_check_generator(generator))
    where = {i: ", ".join(str(names[j]) for j in sorted(g)) for g in closed for i in g}
    rows = [(i not in where, where.get(i, "")) for i in range(len(names))]
    return pd.DataFrame(rows, generator.index, columns=["transient", "closed class"])


def long_run(generator: pd.DataFrame) -> pd.DataFrame:
    r"""Return the limit of the shares for every start, also where several ends are possible.

    Parameters
    ----------
    generator : pandas.DataFrame
        Rates from row to column; rows sum to zero. For a matrix P of probabilities per period,
        P − I has the same stationary shares and the same chances of absorption.

    Returns
    -------
    pandas.DataFrame
        Row: start; column: type; rows sum to one.

    Raises
    ------
    ValueError
        Not a generator; for a table of probabilities the message says how it becomes one.

    Notes
    -----
    Each closed class has the stationary shares π with :math:`\pi Q = 0`; from a transient type
    the chance h to end in a class solves :math:`Q_{TT} h = -Q_{TC} 1`. Both are solved by
    eliminating one type after the other without any subtraction (Grassmann, Taksar and Heyman
    1985), so that shares are right to many digits whatever the unit of the rates and however
    unlike they are; a rate of 0 is the only one that counts as none.

    References
    ----------
    Norris (1997), Markov Chains, chapters 1 and 3. Grassmann, Taksar and Heyman (1985),
    Regenerative analysis and steady state distributions, Operations Research 33(5).

    Examples
    --------
    >>> long_run(transition_graph().generator).loc["satellite"].round(3).tolist()
    [0.5, 0.5, 0.0, 0.0]
    """
    rates = _check_generator(generator)
    n = len(rates)
    limit = np.zeros((n, n))
    closed = _closed_classes(rates)
    settled = sorted(i for group in closed for i in group)
    transient = [i for i in range(n) if i not in settled]
    into = [rates[np.ix_(transient, sorted(group))].sum(axis=1) for group in closed]
    chances = _balance(rates[np.ix_(transient, transient)], sum(into), np.array(into).T)
    for group, chance in zip(closed, chances.T, strict=True):
        inside = sorted(group)
        reach = np.zeros(n)
        reach[inside], reach[transient] = 1, chance
        limit[:, inside] = np.outer(reach, _stationary(rates[np.ix_(inside, inside)]))
    return pd.DataFrame(limit.clip(0, 1), generator.index, generator.columns)


def first_passage(generator: pd.DataFrame, target: str) -> pd.DataFrame:
    r"""Return for every start the chance ever to reach a type and the mean time until then.

    Parameters
    ----------
    generator : pandas.DataFrame
        Rates from row to column; rows sum to zero. For a matrix P of probabilities per period,
        P − I gives the mean number of periods.
    target : str
        The type to be reached.

    Returns
    -------
    pandas.DataFrame
        ``chance`` and ``mean time``, infinite where the chance is below one.

    Raises
    ------
    ValueError
        Not a generator, or an unknown type.

    Notes
    -----
    Over the types A from which the target is reached surely, the mean times m solve
    :math:`Q_{AA} m = -1`, by elimination without subtraction as in `long_run`.

    References
    ----------
    Norris (1997), Markov Chains, theorem 3.3.3.

    Examples
    --------
    >>> float(first_passage(transition_graph().generator, "hub-and-spoke").loc["Marshallian",
    ...                                                                     "mean time"])
    50.0
    """
    rates = _check_generator(generator)
    names = list(generator.index)
    known_type(target, names, "first_passage: target")
    goal = names.index(target)
    graph = nx.from_numpy_array(rates > 0, create_using=nx.DiGraph)
    leads = nx.ancestors(graph, goal) - {goal}
    chance, mean = np.zeros(len(names)), np.full(len(names), np.inf)
    chance[goal], mean[goal] = 1, 0
    some = sorted(leads)
    dead = sorted(set(range(len(names))) - leads - {goal})  # the target cannot be reached from them
    away = rates[np.ix_(some, dead)].sum(axis=1) + rates[some, goal]
    chance[some] = _balance(rates[np.ix_(some, some)], away, rates[some, goal])
    without_goal = graph.subgraph(set(graph) - {goal})
    sure = [i for i in some if not (nx.descendants(without_goal, i) & set(dead))]
    chance[sure] = 1
    mean[sure] = _balance(rates[np.ix_(sure, sure)], rates[sure, goal], np.ones(len(sure)))
    table = pd.DataFrame({"chance": chance.clip(0, 1), "mean time": mean}, generator.index)
    return table.rename_axis("from")


@model
def trends(
    *,
    reinternalisation: Annotated[
        float,
        Parameter(
            "stages taken back inside",
            0,
            1,
            0.05,
            unit="strength",
            source="guerrieri-pietrobelli-2001, section 3 (i); size our assumption",
        ),
    ] = 0.5,
    decentralisation: Annotated[
        float,
        Parameter(
            "production moved out of the district",
            0,
            1,
            0.05,
            unit="strength",
            source="guerrieri-pietrobelli-2001, section 3 (ii); size our assumption",
        ),
    ] = 0.5,
    hierarchisation: Annotated[
        float,
        Parameter(
            "leaders among firms",
            0,
            1,
            0.05,
            unit="strength",
            source="guerrieri-pietrobelli-2001, section 3 (iii); size our assumption",
        ),
    ] = 0.5,
    entry: EntryShare = 0.6,
) -> pd.DataFrame:
    r"""Follow Marshallian districts from 1985 to 2005 under the three trends of Italian ones.

    Parameters
    ----------
    reinternalisation, decentralisation, hierarchisation : float
        Strength of each trend once it is fully there, 0 to 1.
    entry : float
        Share of innovations by newcomers; innovation in small Italian firms seems to be
        mostly of the Mark I kind, the document says.

    Returns
    -------
    pandas.DataFrame
        Shares of types by year, among districts that are Marshallian in 1985.

    Raises
    ------
    ValueError
        A parameter out of its range.

    Notes
    -----
    An illustration: the document names the trends, not their speed. They grow linearly from 1985
    to 1995 and stay. At strength s(t) openness is :math:`0.3 + 0.7 s_d(t)`; the rate of arrow (1)
    is multiplied and that of arrow (2) divided by :math:`\exp[s_r(t) + s_h(t)]`, since stages
    inside larger firms and leaders both work for a hub. The chain is stepped by half
    years with the rates of their middle.

    References
    ----------
    guerrieri-pietrobelli-2001, section 3.

    Examples
    --------
    >>> calm = trends(reinternalisation=0, decentralisation=0, hierarchisation=0)
    >>> bool(calm.loc[2005, "hub-and-spoke"] < trends().loc[2005, "hub-and-spoke"])
    True
    """
    steps = np.arange(1985, 2005.25, 0.5)
    there = np.minimum((steps[:-1] + 0.25 - 1985) / 10, 1)
    rates = _rates(entry, 0.3 + 0.7 * there * decentralisation)
    push = np.exp(there * (reinternalisation + hierarchisation))
    rates[:, 0, 1] *= push
    rates[:, 1, 0] /= push
    onward = _exponential(0.5 * _with_diagonal(rates))
    shares = list(itertools.accumulate(onward, np.matmul, initial=np.eye(len(TYPES))[0]))
    return pd.DataFrame(shares, pd.Index(steps, name="year"), pd.Index(TYPES, name="type"))


def _rates(entry: Any, openness: Any) -> np.ndarray:
    """Return the rates of the document's arrows, a matrix for each entry share and openness."""
    entry, openness = np.broadcast_arrays(entry, openness)
    rates = np.zeros((*entry.shape, len(TYPES), len(TYPES)))
    for arrow in DOCUMENTED:
        effect = np.exp(arrow.entry * (entry - 0.5) + arrow.openness * (openness - 0.5))
        where = TYPES.index(arrow.origin), TYPES.index(arrow.target)
        rates[(..., *where)] = arrow.base * effect
    return rates


def _with_diagonal(rates: np.ndarray) -> np.ndarray:
    places = np.arange(rates.shape[-1])
    filled = rates.copy()
    filled[..., places, places] = 0
    filled[..., places, places] = -filled.sum(axis=-1)
    return filled


def arrow_graph(rates: pd.DataFrame, unit: str, others: str) -> nx.DiGraph:
    """Return the arrows of a table of rates, each ``origin`` "named as possible" or ``others``."""
    numbers = {(arrow.origin, arrow.target): f"({arrow.number}) " for arrow in DOCUMENTED}
    graph = nx.DiGraph(unit=unit)
    graph.add_nodes_from(rates.index)
    for pair in itertools.permutations(rates.index, 2):
        rate = float(rates.loc[pair])
        if rate > 0:
            graph.add_edge(
                *pair,
                rate=rate,
                origin="named as possible" if pair in numbers else others,
                label=f"{numbers.get(pair, '')}{rate:.2g}",
            )
    return graph


def square(table: Any, what: str) -> np.ndarray:
    """Return the numbers of a table of types by types after checking labels and numbers."""
    tables.need_frame(table, what, "the same types as rows and as columns")
    if not len(table):
        raise ValueError(f"{what} has no types.")
    tables.check_labels(table.index, "type")
    if list(table.index) != list(table.columns):
        raise ValueError(f"{what}: rows and columns must be the same types in the same order.")
    pairs = itertools.product(table.index, repeat=2)
    cells = [
        number(f"{what}: {one!r} → {other!r}", cell, -np.inf)
        for (one, other), cell in zip(pairs, table.to_numpy(dtype=object).flat, strict=True)
    ]
    return np.reshape(cells, table.shape)


def _check_generator(generator: Any) -> np.ndarray:
    values = square(generator, "generator")
    off = values - np.diag(values.diagonal())
    sums, largest = values.sum(axis=1), np.abs(values).max(axis=1)
    if (off >= 0).all() and np.allclose(sums, 1) and (values.diagonal() >= 0).all():
        raise ValueError(
            f"generator: every row sums to 1, so these are probabilities, not rates; for the long "
            f"run and for first passages in periods pass table - numpy.eye({len(values)})."
        )
    if (off < 0).any():
        i, j = np.argwhere(off < 0)[0]
        raise ValueError(
            f"generator: the rate {generator.index[i]!r} → {generator.index[j]!r} is "
            f"{values[i, j]:g}, but a rate must be at least 0."
        )
    # relative to the row's own rates, whatever their unit; P - I loses digits where little moves
    wrong = np.abs(sums) > 1e-6 * largest
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"generator: row {generator.index[i]!r} sums to {sums[i]:g}, but rows of a "
            "generator sum to 0: its diagonal is minus the sum of the row's rates."
        )
    return values


def _exponential(flows: np.ndarray) -> np.ndarray:
    """Return the probabilities that rates times a time lead to, for one such matrix or a stack.

    The time is halved until at most one move is expected, the series of powers of I + Q/λ added up
    there, and the result squared again. Nothing is subtracted and rows are kept at 1, so that slow
    moves stay right beside fast ones however long the time is, which a plain exponential loses.
    """
    size = flows.shape[-1]
    fastest = -np.diagonal(flows, axis1=-2, axis2=-1).min()
    halvings = max(0, int(np.ceil(np.log2(fastest)))) if fastest > 0 else 0
    moves = flows / 2.0**halvings + np.eye(size) * fastest / 2.0**halvings
    total = term = np.broadcast_to(np.eye(size), flows.shape)
    for n in range(1, 20):
        term = term @ moves / n
        total = total + term
    total = total / total.sum(axis=-1, keepdims=True)
    for _ in range(halvings):
        total = total @ total
        total = total / total.sum(axis=-1, keepdims=True)
    return total


def _stationary(rates: np.ndarray) -> np.ndarray:
    """Return the stationary shares of types that all lead to one another, by GTH elimination."""
    flows = rates.copy()
    n = len(flows)
    for k in range(n - 1, 0, -1):  # leave out type k: its visits are short cuts among the others
        flows[:k, k] /= flows[k, :k].sum()
        flows[:k, :k] += np.outer(flows[:k, k], flows[k, :k])
    shares = np.ones(n)
    for k in range(1, n):
        shares[k] = shares[:k] @ flows[:k, k]
        shares[: k + 1] /= shares[: k + 1].sum()  # so that no intermediate number gets too large
    return shares


def _balance(inside: np.ndarray, away: Any, gain: np.ndarray) -> np.ndarray:
    """Solve (Σ_j q_ij + away_i) x_i = gain_i + Σ_j q_ij x_j over types i, without subtraction.

    With the rates to a target as gain x is the chance to get there, with ones the mean time until
    one is away. Types are eliminated one after the other; the diagonal of ``inside`` is not used.
    """
    rates, n = inside.copy(), len(inside)
    away, gain = np.array(np.broadcast_to(away, n), dtype=float), np.array(gain, dtype=float)
    for k in range(n - 1, 0, -1):
        share = rates[:k, k] / (rates[k, :k].sum() + away[k])
        rates[:k, :k] += np.outer(share, rates[k, :k])
        away[:k] += share * away[k]
        gain[:k] += np.multiply.outer(share, gain[k])
    solved = np.zeros_like(gain)
    for k in range(n):
        solved[k] = (gain[k] + rates[k, :k] @ solved[:k]) / (rates[k, :k].sum() + away[k])
    return solved


def _closed_classes(rates: np.ndarray) -> list[set[int]]:
    graph = nx.from_numpy_array(rates > 0, create_using=nx.DiGraph)
    return list(nx.attracting_components(graph))


def _check_pair(pair: Any, rate: float, what: str) -> None:
    if not (isinstance(pair, tuple) and len(pair) == 2):
        raise ValueError(f"transition_graph: {what}: give (from, to) → rate, found {pair!r}.")
    for name in pair:
        known_type(name, list(TYPES), f"transition_graph: {what}")
    if pair[0] == pair[1]:
        raise ValueError(f"transition_graph: {what}: {pair[0]!r} → itself is no transition.")
    number(f"transition_graph: {what} {pair[0]!r} → {pair[1]!r}", rate)


def known_type(name: Any, names: list, where: str) -> None:
    """Raise ``ValueError`` with the nearest name unless a type is one of those there are."""
    if not isinstance(name, Hashable) or name not in names:
        raise ValueError(
            f"{where}: {name!r} is not one of the types {', '.join(map(str, names))}"
            f"{did_you_mean(name, names)}"
        )


def start_shares(start: Any, types: list) -> np.ndarray:
    """Return a start, one type or shares of types, as one share a type."""
    if isinstance(start, pd.Series):
        tables.check_labels(start.index, "type")
        start = start.to_dict()
    if isinstance(start, Mapping):
        given = dict(start)
    else:
        given = {start: 1.0} if isinstance(start, Hashable) else {}
    if not given:
        raise ValueError(f"start: give a type, or a share for each type, found {start!r}.")
    for name, share in given.items():
        known_type(name, types, "start")
        number(f"start: the share of {name!r}", share, 0, 1)
    shares = np.array([float(given.get(name, 0)) for name in types])
    if not np.isclose(shares.sum(), 1):
        raise ValueError(f"start: shares must sum to 1, found {given}.")
    return shares
