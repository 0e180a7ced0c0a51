"""The transition graph of district types as a chain in continuous time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab.districts import TYPES, network_membership
from clusterlab.districts.construct import District
from clusterlab.parameters import Parameter, Seed, generator, model, number, refuse_too_many, whole
from clusterlab.results import Result
from clusterlab.transitions import markov
from clusterlab.transitions.markov import Estimate
from clusterlab.transitions.regimes import NEWCOMERS, OURS


class Arrow(NamedTuple):
    """A transition the document names as possible, with our rate and effects on it.

    ``base`` is a rate a year; ``entry`` and ``openness`` are effects on its logarithm, and why they
    have their sign stands beside. Sizes are our assumptions.
    """

    number: int
    origin: str
    target: str
    trigger: str
    base: float
    entry: float
    openness: float
    why_entry: str
    why_openness: str


#: The four arrows that the document names as possible: instances, not a complete list. The
#: picture of them ("Graph 3" in the body, "Graphic 1" in the caption) is missing in the text we
#: have. Base rates and sizes of effects are our assumptions.
NAMED_AS_POSSIBLE = (
    Arrow(
        number=1,
        origin="Marshallian",
        target="hub-and-spoke",
        trigger="larger oligopolistic firms emerge, or (in principle) a hub is recruited or "
        "incubated",
        base=0.02,
        entry=-3.0,
        openness=2.0,
        why_entry="Mark II concentrates (general knowledge)",
        why_openness="globalisation would make circles stars (section 3, Censis)",
    ),
    Arrow(
        number=2,
        origin="hub-and-spoke",
        target="Marshallian",
        trigger="in principle: the anchor firm or institution fails or loses influence and power",
        base=0.02,
        entry=3.0,
        openness=1.0,
        why_entry="Mark I goes with discontinuities (section 3)",
        why_openness="our assumption, suppliers can sell past the hub",
    ),
    Arrow(
        number=3,
        origin="satellite",
        target="Marshallian",
        trigger="may: linkages among small firms, suppliers and competitors, grow stronger",
        base=0.01,
        entry=2.0,
        openness=-1.0,
        why_entry="our assumption, newcomers are the small firms that link",
        why_openness="our assumption, branches buy abroad instead",
    ),
    Arrow(
        number=4,
        origin="satellite",
        target="hub-and-spoke",
        trigger="might: larger firms prevail, or competition and economies of scale and of "
        "organisation let small ones grow and lead",
        base=0.01,
        entry=-2.0,
        openness=1.0,
        why_entry="our reading of economies of scale (section 2)",
        why_openness="our reading of more competition (section 2)",
    ),
)

EntryShare = Annotated[float, NEWCOMERS]
Openness = Annotated[
    float, Parameter("openness", 0, 1, 0.01, unit="0 closed, 1 global", source=OURS)
]
Begin = Annotated[District, Parameter("the district begins as")]


@dataclass(frozen=True, repr=False)
class Chain(Result):
    """A chain in continuous time over types of district.

    Attributes
    ----------
    generator : pandas.DataFrame
        Rates per year from the row's type to the column's; rows sum to zero.
    note : str
        Where the rates come from.
    """

    generator: pd.DataFrame
    note: str = "illustrative: the sizes of all rates are assumptions"

    def __post_init__(self) -> None:
        values = markov.square(self.generator, "generator")
        markov.check_rates(values, self.generator.index, "generator")

    @property
    def types(self) -> list[str]:
        """The types, in the order of the generator."""
        return list(self.generator.index)

    @property
    def graph(self) -> nx.DiGraph:
        """The arrows with ``rate``, ``origin`` ("named as possible" or "added") and a label."""
        return named(markov.moves_graph(self.generator, "rates a year"), "added")

    def distribution(self, years: Any, *, start: str | Mapping[str, float]) -> pd.DataFrame:
        """Return the shares of types after each of the years, from one type or from shares.

        Parameters
        ----------
        years : float or list of float
            After how long.
        start : str or mapping
            One type, or a share for each type.

        Returns
        -------
        pandas.DataFrame
            Years x types.
        """
        first = markov.start_shares(start, self.types)
        given = markov.listed(np.atleast_1d(years).tolist(), "years", "a number or numbers")
        times = np.array([number("years", one) for one in given])
        rows = first @ _exponential(self._rates() * times[:, None, None])
        return pd.DataFrame(rows, pd.Index(times, name="years"), self.generator.columns)

    def long_run(self, *, start: str | Mapping[str, float]) -> pd.Series:
        """Return the shares of types in the end; see `clusterlab.transitions.long_run`.

        Parameters
        ----------
        start : str or mapping
            One type, or a share for each type.

        Returns
        -------
        pandas.Series
        """
        return markov.shares_in_the_end(self._rates(), self.generator.columns, start)

    def first_passage(self, target: str) -> pd.DataFrame:
        """Return chance and mean years until a type is first reached.

        Parameters
        ----------
        target : str
            The type to be reached.

        Returns
        -------
        pandas.DataFrame
            As of `clusterlab.transitions.first_passage`.
        """
        return markov.passage_table(self._rates(), self.generator.index, target, "mean years")

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
        markov.known_type(start, self.types, "paths: start")
        years, replicates = number("years", years, ends=False), whole("replicates", replicates, 1)
        rng = generator(seed)
        rates = self._rates()
        np.fill_diagonal(rates, 0)
        onward = np.cumsum(rates, axis=1)
        leaving = onward[:, -1].copy()
        refuse_too_many("paths", replicates=replicates, moves=1 + int(years * leaving.max()))
        onward /= np.where(leaving > 0, leaving, 1)[:, None]  # its last entry is exactly 1
        path, clock = np.arange(replicates), np.zeros(replicates)
        state = np.full(replicates, self.types.index(start))
        stays = [(path, clock, state)]
        while path.size:
            moving = leaving[state] > 0  # in a type without a way out nothing more happens
            path, state, clock = path[moving], state[moving], clock[moving]
            clock = clock + rng.exponential(1 / leaving[state])
            within = clock < years
            path, state, clock = path[within], state[within], clock[within]
            state = (rng.random(path.size)[:, None] >= onward[state]).sum(axis=1)
            stays.append((path, clock, state))
        path, clock, state = map(np.concatenate, zip(*stays, strict=True))
        names = np.array(self.types, dtype=object)[state]
        table = pd.DataFrame({"path": path, "year": clock, "type": names})
        return table.sort_values(["path", "year"], ignore_index=True)

    def _rates(self) -> np.ndarray:
        return self.generator.to_numpy(dtype=float, copy=True)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an arrow: from, to, rate a year, named as possible or added."""
        rows = [(u, v, data["rate"], data["origin"]) for u, v, data in self.graph.edges(data=True)]
        return pd.DataFrame(rows, columns=["from", "to", "rate", "origin"])

    def __repr__(self) -> str:
        arrows = ", ".join(f"{u} → {v} {rate:.3f}" for u, v, rate in self.graph.edges(data="rate"))
        return f"Chain({arrows or 'no arrows'} a year; {self.note})"


def arrows_table() -> pd.DataFrame:
    """Return the four arrows named as possible: from, to, what sets them off, where it is said.

    The document gives them as instances ("some possible transitions"), not as a complete list.

    Returns
    -------
    pandas.DataFrame
        One row an arrow, by its number.

    See Also
    --------
    rate_terms : The rates that we assume for them.

    Examples
    --------
    >>> "state-anchored" in arrows_table()[["from", "to"]].to_numpy()
    False
    """
    rows = [(a.origin, a.target, a.trigger, f"section 2 ({a.number})") for a in NAMED_AS_POSSIBLE]
    index = pd.Index([arrow.number for arrow in NAMED_AS_POSSIBLE], name="arrow")
    return pd.DataFrame(rows, index, columns=["from", "to", "trigger", "source"])


def rate_terms() -> pd.DataFrame:
    """Return every term of the rates, its size, and its source or "our assumption".

    Returns
    -------
    pandas.DataFrame
        ``size`` and ``source`` by arrow and term.

    See Also
    --------
    transition_graph : The chain with these rates, and the formula.

    Examples
    --------
    >>> float(rate_terms().loc[(1, "entry"), "size"])
    -3.0
    """
    rows = {}
    say = "sign: {}; size: our assumption".format
    for arrow in NAMED_AS_POSSIBLE:
        rows[arrow.number, "base rate a year"] = arrow.base, "our assumption"
        rows[arrow.number, "entry"] = arrow.entry, say(arrow.why_entry)
        rows[arrow.number, "openness"] = arrow.openness, say(arrow.why_openness)
    index = pd.MultiIndex.from_tuples(rows, names=["arrow", "term"])
    return pd.DataFrame([*rows.values()], index, columns=["size", "source"])


def named(graph: nx.DiGraph, others: str) -> nx.DiGraph:
    """Return moves with an ``origin``, "named as possible" or ``others``, and a label."""
    numbers = {(arrow.origin, arrow.target): f"({arrow.number}) " for arrow in NAMED_AS_POSSIBLE}
    for *pair, data in graph.edges(data=True):
        number = numbers.get(tuple(pair), "")
        data["origin"] = "named as possible" if number else others
        data["label"] = f"{number}{data['rate']:.2g}"
    return graph


def compare_arrows(result: Estimate) -> pd.DataFrame:
    """Return one row an arrow that was seen in a panel, or that the document names as possible.

    Parameters
    ----------
    result : Estimate
        From `estimate`, with types of district.

    Returns
    -------
    pandas.DataFrame
        By ``from`` and ``to``: ``document`` ("named as possible" with the arrow's number, or "not
        named"), ``moves``, ``share`` and its limits ``low`` and ``high``.

    See Also
    --------
    estimate : Counts and shares of moves from a panel.
    arrows_table : The arrows that the document names.

    Examples
    --------
    >>> panel = pd.DataFrame({"place": ["Prato"] * 3, "period": [1, 2, 3],
    ...                       "type": ["Marshallian", "Marshallian", "hub-and-spoke"]})
    >>> compare_arrows(markov.estimate(panel)).loc[("Marshallian", "hub-and-spoke"), "document"]
    'named as possible (1)'
    """
    markov.need_estimate(result)
    numbers = {(arrow.origin, arrow.target): arrow.number for arrow in NAMED_AS_POSSIBLE}
    table = result.to_frame()
    said = [
        f"named as possible ({numbers[pair]})" if pair in numbers else "not named"
        for pair in table.index
    ]
    table.insert(0, "document", said)
    moved = np.array([one != other for one, other in table.index])
    return table[moved & (table["moves"].gt(0) | table["document"].ne("not named"))]


def nearest_types(features: pd.DataFrame) -> pd.Series:
    """Return the type that each row of features is nearest to, for a panel without types.

    Parameters
    ----------
    features : pandas.DataFrame
        One row a district, columns with features of Table 1 or measures of networks, as in
        `clusterlab.districts.network_membership`.

    Returns
    -------
    pandas.Series
        One type a row, by the index of the frame.

    Raises
    ------
    ValueError
        As in `clusterlab.districts.network_membership`; a row that is as near to two types.

    See Also
    --------
    estimate : What to do with a panel of types.

    Examples
    --------
    >>> nearest_types(pd.DataFrame({"leadership": ["none", "hub"]})).tolist()
    ['Marshallian', 'hub-and-spoke']
    """
    shares = network_membership(features)
    near = np.isclose(shares, shares.max(axis=1).to_numpy()[:, None], rtol=1e-9, atol=0)
    level = np.flatnonzero(near.sum(axis=1) > 1)
    if level.size:
        both = " as to ".join(shares.columns[near[level[0]]])
        raise ValueError(
            f"features: row {level[0] + 1} is as near to {both} ({level.size} such rows); add a "
            "feature that tells them apart, or give a column of types."
        )
    return shares.idxmax(axis=1).rename("type")


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

    See Also
    --------
    rate_terms : Every term of the rates.
    long_run : Where a chain ends, for any rates or probabilities.

    Notes
    -----
    Proportional hazards: arrow k has the rate
    :math:`q_k = b_k \exp[\beta_k (a - 1/2) + \gamma_k (o - 1/2)]`, with base rate b, entry share
    a (low is Mark II, high Mark I: see `innovators`), openness o of markets and knowledge. No
    published rates exist: b and the sizes of β and γ are our assumptions; `rate_terms` says for
    each sign whether the document speaks for it.

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
    rates = pd.DataFrame(0.0, pd.Index(TYPES, name="from"), pd.Index(TYPES, name="to"))
    known = {(arrow.origin, arrow.target): arrow for arrow in NAMED_AS_POSSIBLE}
    for pair, arrow in known.items():
        effect = arrow.entry * (entry - 0.5) + arrow.openness * (openness - 0.5)
        rates.loc[pair] = arrow.base * np.exp(effect)
    for what, given, hint in (
        ("base", base, "the document has no such arrow; pass it as added="),
        ("added", added, "the document has this arrow; change its rate with base="),
    ):
        for pair, rate in (given or {}).items():
            _check_pair(pair, rate, what)
            if (pair in known) != (what == "base"):
                raise ValueError(f"transition_graph: {what} {pair[0]!r} → {pair[1]!r}: {hint}.")
            # the regime and openness act on the reader's base rate as on ours, not on an added one
            scale = rates.loc[pair] / known[pair].base if what == "base" else 1
            rates.loc[pair] = scale * rate
    return Chain(rates - np.diag(rates.sum(axis=1)))


@dataclass(frozen=True, repr=False)
class Outlook(Result):
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
    start: Begin = "satellite",
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
    return Outlook(
        start=start,
        chain=chain,
        shares=chain.distribution(np.linspace(0, years, 41), start=start),
        long_run=chain.long_run(start=start),
        path=chain.paths(start=start, years=years, replicates=1, seed=seed),
    )


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


def _check_pair(pair: Any, rate: float, what: str) -> None:
    if not (isinstance(pair, tuple) and len(pair) == 2):
        raise ValueError(f"transition_graph: {what}: give (from, to) → rate, found {pair!r}.")
    for name in pair:
        markov.known_type(name, list(TYPES), f"transition_graph: {what}")
    if pair[0] == pair[1]:
        raise ValueError(f"transition_graph: {what}: {pair[0]!r} → itself is no transition.")
    number(f"transition_graph: {what} {pair[0]!r} → {pair[1]!r}", rate)
