"""Types of governance, and constructed networks that follow each of them."""

import itertools
from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple, get_args

import networkx as nx
import numpy as np
from annotated_types import Ge

from clusterlab.networks.graphs import reach_between
from clusterlab.parameters import Parameter, Seed, generator, model

Level = Literal["low", "high"]
Governance = Literal[
    "market", "modular", "relational", "captive", "hierarchy", "transnational community"
]

#: The types that `generate` knows: five of Gereffi and others, and the transnational community.
GOVERNANCE_TYPES: tuple[str, ...] = get_args(Governance)

_BY_LEVELS = {
    ("low", "high", "high"): "market",
    ("high", "high", "high"): "modular",
    ("high", "low", "high"): "relational",
    ("high", "high", "low"): "captive",
    ("high", "low", "low"): "hierarchy",
}


class _Habit(NamedTuple):
    """How a type ties its firms; constructed, so that the ordering in the literature holds."""

    codified: float  # mean codified share of a hand-off
    strength: float  # mean orders a year
    returned: float  # chance that knowledge comes back along a supply tie
    sizes: tuple[int, int, int]  # median employees of lead firms, suppliers, component suppliers
    places: tuple[float, float, float]  # share of suppliers in the cluster, its hinterland, abroad


_HABITS = {
    "market": _Habit(0.95, 1, 0.02, (60, 30, 20), (0.3, 0.2, 0.5)),
    "modular": _Habit(0.85, 4, 0.10, (2000, 1500, 60), (0.4, 0.1, 0.5)),
    "relational": _Habit(0.25, 8, 0.95, (80, 40, 20), (0.85, 0.15, 0.0)),
    "captive": _Habit(0.80, 10, 0.20, (3000, 25, 10), (0.5, 0.3, 0.2)),
    "hierarchy": _Habit(0.30, 12, 0.50, (1500, 200, 80), (0.4, 0.2, 0.4)),
    "transnational community": _Habit(0.35, 7, 0.70, (60, 30, 15), (0.5, 0.0, 0.5)),
}
_REGIONS = {"cluster": "home", "hinterland": "home", "abroad": "abroad"}


@model
def governance_type(
    complexity: Annotated[Level, Parameter("complexity of what is handed over")] = "high",
    codifiability: Annotated[Level, Parameter("how far it can be codified")] = "high",
    capability: Annotated[Level, Parameter("capability of the suppliers")] = "high",
) -> str | None:
    """Return the type of governance that three properties of a transaction lead to.

    Parameters
    ----------
    complexity : {"low", "high"}
        Complexity of the information and knowledge that a transaction needs.
    codifiability : {"low", "high"}
        How far that information can be codified and passed on without specific investment.
    capability : {"low", "high"}
        What actual and potential suppliers are capable of, given the requirements.

    Returns
    -------
    str or None
        ``"market"``, ``"modular"``, ``"relational"``, ``"captive"`` or ``"hierarchy"``; None for
        the three combinations that form no type (low complexity with low codifiability, twice,
        and simple codified work that suppliers still cannot do, which leaves them outside).

    See Also
    --------
    generate : a network of each type.

    References
    ----------
    Gereffi, Humphrey and Sturgeon (2005), The governance of global value chains, Review of
    International Political Economy 12(1), table 1. The table is stated from the literature; the
    paper itself was not at hand when this was written.

    Examples
    --------
    >>> governance_type("high", "high", "high")
    'modular'
    >>> governance_type("low", "low", "high") is None
    True
    """
    return _BY_LEVELS.get((complexity, codifiability, capability))


@model
def generate(
    governance: Annotated[Governance, Parameter("type of governance")] = "modular",
    *,
    leads: Annotated[int, Parameter("lead firms", 2, 10, admissible=(Ge(2),))] = 4,
    suppliers: Annotated[int, Parameter("suppliers", 10, 40, admissible=(Ge(2),))] = 12,
    components: Annotated[int, Parameter("component suppliers", 0, 80, admissible=(Ge(0),))] = 24,
    inputs: Annotated[int, Parameter("types of input", 1, 6, admissible=(Ge(1),))] = 3,
    seed: Seed = 0,
) -> nx.DiGraph:
    """Construct a production network of one type of governance.

    Parameters
    ----------
    governance : str
        One of `GOVERNANCE_TYPES`.
    leads, suppliers, components : int
        Lead firms, their suppliers, and suppliers of those; the tiers are the same for all types,
        so that types are compared like with like. There are at least as many suppliers as leads.
    inputs : int
        Types of input, at each of the two tiers.
    seed : int or numpy.random.Generator
        The same seed gives the same network.

    Returns
    -------
    networkx.DiGraph
        With every attribute of `clusterlab.networks.vocabulary`; ``strength`` in orders a year.

    Raises
    ------
    ValueError
        More lead firms than suppliers, or a number out of range.

    See Also
    --------
    closest_types : which of these types a network resembles.
    structure : measures of what was constructed.

    Notes
    -----
    Constructed: tiers, shares and sizes follow the descriptions in the literature in kind, not
    from data. *Market*: each buyer buys each input from two sellers, anyone's. *Modular*: turn-key
    suppliers with generic capacity, each serving at least two thirds of the lead firms.
    *Relational*: suppliers serve one or two neighbouring lead firms, knowledge comes back,
    suppliers of one customer know each other. *Captive*: every supplier has one customer and a
    product made for it. *Hierarchy*: the same inside one owner. *Transnational community*:
    relational networks in two places, tied by people who are known in both; firms trade across
    the distance only where such a person knows both.

    References
    ----------
    Gereffi, Humphrey and Sturgeon (2005); whitford-potter-2007, sections 5.1 and 5.2.

    Examples
    --------
    >>> graph = generate("captive", seed=1)
    >>> {graph.out_degree(node) for node in graph if node.startswith("component")}
    {1}
    """
    if suppliers < leads:
        raise ValueError(
            f"generate: {suppliers} suppliers for {leads} lead firms; each lead firm needs one."
        )
    rng = generator(seed)
    habit = _HABITS[governance]
    tiers = [
        [f"lead {i + 1}" for i in range(leads)],
        [f"supplier {i + 1}" for i in range(suppliers)],
        [f"component {i + 1}" for i in range(components)],
    ]
    graph = nx.DiGraph(governance=governance, constructed=True)
    _add_firms(graph, tiers, governance, inputs, rng)
    for source, target in _supply(tiers, governance, inputs, rng):
        graph.add_edge(source, target, kind="supply")
    _add_knowledge(graph, tiers, governance, habit.returned, rng)
    if governance in ("captive", "hierarchy"):
        _dedicate(graph, tiers, governance)
    if governance == "transnational community":
        _add_people(graph, tiers, rng)
    _measure_ties(graph, habit, rng)
    return graph


def _add_firms(graph, tiers, governance, inputs, rng):
    habit = _HABITS[governance]
    roles = ("lead firm", "supplier", "component supplier")
    products = ("final product", "input", "component")
    for tier, (role, names) in enumerate(zip(roles, tiers, strict=True)):
        sizes = np.ceil(habit.sizes[tier] * np.exp(0.5 * rng.standard_normal(len(names))))
        for i, (name, size) in enumerate(zip(names, sizes, strict=True)):
            if governance == "transnational community":
                place = "cluster" if _half(i, len(names)) == 0 else "abroad"
            elif tier == 0:
                place = "cluster"
            else:
                place = str(rng.choice(list(_REGIONS), p=habit.places))
            kind = f" {i % inputs + 1}" if tier else ""
            _add(graph, name, role, place, size, products[tier] + kind)


def _add(graph, name, role, place, size, product):
    where = {"place": place, "region": _REGIONS[place]}
    graph.add_node(name, role=role, **where, size=float(size), owner=name, product=product)


def _half(i: int, n: int) -> int:
    return int(2 * i >= n)


def _supply(tiers, governance, inputs, rng) -> Iterator[tuple[str, str]]:
    """Yield who delivers to whom."""
    for upper, lower in itertools.pairwise(tiers):
        if governance == "market":
            for buyer in upper:
                for kind in range(inputs):
                    sellers = lower[kind::inputs]
                    for seller in rng.permutation(sellers)[:2]:
                        yield str(seller), buyer
        elif governance == "modular":
            shared = np.zeros((len(lower), len(upper)), dtype=bool)
            for row in shared:
                turn_key = upper is tiers[0]
                few = max(2, -(-2 * len(upper) // 3)) if turn_key else min(3, len(upper))
                many = len(upper) if turn_key else min(6, len(upper))
                row[rng.permutation(len(upper))[: rng.integers(few, many + 1)]] = True
            for kind in range(min(inputs, len(lower))):
                for buyer in np.flatnonzero(~shared[kind::inputs].any(axis=0)):
                    shared[rng.choice(np.arange(kind, len(lower), inputs)), buyer] = True
            for seller, buyer in np.argwhere(shared):
                yield lower[seller], upper[buyer]
        elif governance in ("captive", "hierarchy"):
            for i, seller in enumerate(lower):
                yield seller, upper[i % len(upper)]
        else:
            halves = 2 if governance == "transnational community" else 1
            for half in range(halves):
                below = [
                    x for i, x in enumerate(lower) if halves == 1 or _half(i, len(lower)) == half
                ]
                above = [
                    x for i, x in enumerate(upper) if halves == 1 or _half(i, len(upper)) == half
                ]
                for i, seller in enumerate(below):
                    near = i * len(above) // len(below)
                    yield seller, above[near]
                    if rng.random() < 0.5 and len(above) > 1:
                        yield seller, above[(near + 1) % len(above)]


def _add_knowledge(graph, tiers, governance, returned, rng):
    for seller, buyer in list(graph.edges):
        if rng.random() < returned:
            graph.add_edge(buyer, seller, kind="knowledge")
    if governance not in ("relational", "transnational community"):
        return
    for tier in tiers:
        for one, other in itertools.pairwise(tier):
            together = graph.nodes[one]["place"] == graph.nodes[other]["place"]
            if together or governance == "relational":
                graph.add_edge(one, other, kind="knowledge")
                if rng.random() < returned:
                    graph.add_edge(other, one, kind="knowledge")


def _dedicate(graph, tiers, governance):
    """Make each supplier's product its customer's own and, in a hierarchy, the firm too."""
    for tier in tiers[1:]:
        for name in tier:
            customer = next(
                v for _, v, kind in graph.out_edges(name, data="kind") if kind == "supply"
            )
            graph.nodes[name]["product"] += f" of {customer}"
            if governance == "hierarchy":
                graph.nodes[name]["owner"] = graph.nodes[customer]["owner"]


def _add_people(graph, tiers, rng):
    """Add people known in both places; the firms they know begin to trade across."""
    by_place = {
        place: [n for tier in tiers[:2] for n in tier if graph.nodes[n]["place"] == place]
        for place in ("cluster", "abroad")
    }
    for i in range(max(2, len(tiers[0]) // 2)):
        person, place = f"person {i + 1}", ("cluster", "abroad")[i % 2]
        known = {p: list(map(str, rng.permutation(firms)[:2])) for p, firms in by_place.items()}
        _add(graph, person, "person", place, 1, "contacts")
        for firm in known["cluster"] + known["abroad"]:
            graph.add_edge(person, firm, kind="social")
            graph.add_edge(firm, person, kind="social")
        for one, other in zip(known["cluster"], known["abroad"], strict=True):
            lower, upper = sorted((one, other), key=lambda n: graph.nodes[n]["role"] == "lead firm")
            graph.add_edge(lower, upper, kind="supply")
            graph.add_edge(upper, lower, kind="knowledge")


def _measure_ties(graph, habit, rng):
    """Give every tie its codified share, strength and reach."""
    for source, target, data in graph.edges(data=True):
        mean = 0.1 if data["kind"] == "social" else habit.codified
        data["codified"] = float(rng.beta(40 * mean, 40 * (1 - mean)))
        data["strength"] = float(rng.gamma(4, habit.strength / 4))
        data["reach"] = reach_between(graph.nodes[source], graph.nodes[target])
