"""What a network does under shocks: volatility, failing suppliers, removal, a shift of demand."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import networkx as nx
import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab.networks.graphs import in_order, on_network, require
from clusterlab.parameters import Parameter, Seed, chosen, generator, model, number, whole
from clusterlab.results import Result


@on_network
def influence(graph: nx.DiGraph, *, labour_share: float = 0.5) -> pd.Series:
    r"""Return how much of aggregate output a shock to each node moves.

    Parameters
    ----------
    graph : networkx.DiGraph
        A tie from u to v says that v uses what u delivers; ``strength``, where ties have it, is
        how much. Ties marked as another ``kind`` than supply are left aside.
    labour_share : float
        α, the share of labour in production, above 0 and at most 1.

    Returns
    -------
    pandas.Series
        One number a node; they sum to 1.

    Raises
    ------
    ValueError
        A graph that `validate` refuses, a ``kind`` or ``strength`` that some ties have and others
        lack, or a labour share out of range.

    See Also
    --------
    volatility : how much of independent shocks is left in the aggregate.
    fragile_points : what stops when a node fails.

    Notes
    -----
    :math:`v = \frac{\alpha}{n} [I - (1-\alpha) W']^{-1} \mathbf{1}`, with :math:`w_{ij}` the share
    of j's product in the inputs of i; rows of W sum to one. A node without suppliers uses its own
    product, as the hub of the star does in the source.

    References
    ----------
    Acemoglu, Carvalho, Ozdaglar and Tahbaz-Salehi (2012), The network origins of aggregate
    fluctuations, Econometrica 80(5), section 2.

    Examples
    --------
    >>> star = nx.DiGraph([("hub", name) for name in "abcdefghi"])
    >>> round(float(influence(star)["hub"]), 4)
    0.55
    """
    return _influence(graph, labour_share)


def _influence(graph: nx.DiGraph, labour_share: float) -> pd.Series:
    if number("labour_share", labour_share, 0, 1) == 0:
        raise ValueError("labour_share is 0, but it must be a number above 0 and at most 1.")
    nodes, n = list(graph), graph.number_of_nodes()
    for name in ("kind", "strength"):  # all ties say it, or none
        if any(name in data for *_, data in graph.edges(data=True)):
            require(graph, "influence", ties=[name])
    at = {node: i for i, node in enumerate(nodes)}
    uses = np.zeros((n, n))
    for seller, buyer, data in graph.edges(data=True):
        if data.get("kind", "supply") == "supply":
            uses[at[buyer], at[seller]] = data.get("strength", 1.0)
    without = uses.sum(axis=1) == 0
    uses[without, without] = 1  # who buys from nobody uses its own product
    uses /= uses.sum(axis=1, keepdims=True)
    # a shock to j passes to those who use j, to those who use them, … : a geometric series in W',
    # summed as one linear system
    vector = np.linalg.solve(np.eye(n) - (1 - labour_share) * uses.T, np.full(n, labour_share / n))
    return pd.Series(vector, pd.Index(nodes, name="node"), name="influence")


@on_network
def volatility(graph: nx.DiGraph, *, labour_share: float = 0.5, sigma: float = 1.0) -> float:
    r"""Return the standard deviation of aggregate output when every node is shocked by itself.

    Parameters
    ----------
    graph, labour_share
        As in `influence`.
    sigma : float
        Standard deviation of the shock to one node.

    Returns
    -------
    float
        In units of ``sigma``: at least :math:`\sigma/\sqrt n`, which the ring and the complete
        network both reach.

    Raises
    ------
    ValueError
        As `influence`, or a ``sigma`` that is no finite number from 0 up.

    See Also
    --------
    influence : how much a shock to each node moves.

    Notes
    -----
    :math:`\sigma \lVert v \rVert_2`, with v from `influence`.

    References
    ----------
    Acemoglu and others (2012), section 2.

    Examples
    --------
    >>> round(volatility(nx.DiGraph([("hub", name) for name in "abcdefghi"])), 4)
    0.5701
    """
    return float(number("sigma", sigma) * np.linalg.norm(_influence(graph, labour_share)))


@dataclass(frozen=True, repr=False)
class Survival(Result):
    """Chance that a buyer can go on: exact, simulated, and the simulation's standard error.

    Attributes
    ----------
    failure : float
        The chance that a supplier fails.
    exact : float
        The chance that the buyer goes on.
    simulated : float
        Share of simulated buyers that go on.
    error : float
        Standard error of that share.
    by_failure : pandas.DataFrame
        The exact chance by failure rate from 0 to 1, ``as set`` and for ``one supplier, no
        repair``.
    """

    failure: float
    exact: float
    simulated: float
    error: float
    by_failure: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return the exact chance for every failure rate from 0 to 1."""
        return self.by_failure


@model
def supplier_failure(
    *,
    failure: Annotated[float, Parameter("chance that a supplier fails", 0, 1, 0.01)] = 0.1,
    substitutes: Annotated[int, Parameter("suppliers per input", 1, 8, admissible=(Ge(1),))] = 2,
    inputs: Annotated[int, Parameter("inputs a buyer needs", 1, 20, admissible=(Ge(1),))] = 5,
    repair: Annotated[float, Parameter("chance that partners repair it", 0, 1, 0.01)] = 0.0,
    platform: Annotated[float, Parameter("chance that the shared platform fails", 0, 1, 0.01)] = 0,
    replicates: Annotated[int, Parameter("buyers simulated", admissible=(Ge(1),))] = 4000,
    seed: Seed = 0,
) -> Survival:
    r"""Return the chance that a buyer survives failing suppliers: exactly and by simulation.

    Parameters
    ----------
    failure : float
        f, the chance that a supplier fails.
    substitutes, inputs : int
        m interchangeable suppliers for each of k inputs.
    repair : float
        r, the chance that its partners repair a failed supplier in time.
    platform : float
        g, the chance that what all suppliers share fails.
    replicates : int
        Buyers simulated, at least 1.
    seed : int or numpy.random.Generator
        For the simulation.

    Returns
    -------
    Survival
        With the exact chance for every failure rate in ``by_failure``, as set and for one
        supplier per input without repair or platform.

    See Also
    --------
    fragile_points : what one failure stops in a network of one's own.

    Notes
    -----
    A buyer fails when an input it needs has no live supplier. A supplier fails with f and its
    partners repair it with r before it is missed; all suppliers rest on one platform (a standard,
    a shared turn-key firm) that fails with g. Then

    .. math:: S = (1 - g) \, \bigl(1 - [f(1-r)]^m\bigr)^k ,

    which is :math:`(1-f^m)^k` for thin, substitutable ties (r = g = 0) and :math:`[1-f(1-r)]^k`
    for one thick tie per input (m = 1). Failures are independent; `fragile_points` follows a single
    one through a network.

    Examples
    --------
    >>> supplier_failure(failure=0.1, substitutes=2, inputs=5).exact  # 0.99 ** 5
    0.9509900498999999
    """
    rates = np.linspace(0, 1, 101)
    dead = (np.append(rates, failure) * (1 - repair)) ** substitutes  # no supplier of an input left
    *curve, exact = (1 - platform) * (1 - dead) ** inputs
    rng = generator(seed)
    fails = rng.random((replicates, inputs, substitutes)) < failure
    repaired = rng.random(fails.shape) < repair
    stands = rng.random(replicates) >= platform
    lives = stands & ~np.any(np.all(fails & ~repaired, axis=2), axis=1)
    return Survival(
        failure=failure,
        exact=float(exact),
        simulated=float(lives.mean()),
        error=float(np.sqrt(exact * (1 - exact) / replicates)),
        by_failure=pd.DataFrame(
            {"as set": np.array(curve), "one supplier, no repair": (1 - rates) ** inputs},
            pd.Index(rates, name="failure"),
        ),
    )


@on_network
def fragile_points(graph: nx.DiGraph) -> pd.DataFrame:
    """Rank nodes by what stops when each fails alone.

    Parameters
    ----------
    graph : networkx.Graph
        A list of ties is enough for ``cut`` and ``influence``. ``stopped`` needs ``kind`` on ties
        and ``product`` on nodes that deliver.

    Returns
    -------
    pandas.DataFrame
        Indexed by node, the most critical first, equals by name: ``stopped``, how many others can
        no longer produce (NaN in a network that has no ``kind`` or no ``product`` at all);
        ``cut``, whether the network falls into more parts without it; `influence`.

    Raises
    ------
    ValueError
        A graph that `validate` refuses, or an attribute that some have and others lack.

    See Also
    --------
    who_stops : who can no longer produce with other ties than these.
    removal : what stays connected as more and more nodes go.
    influence : how much of aggregate output a shock to a node moves.

    Notes
    -----
    A node needs every product that it is delivered. It stops when of one of them no supplier is
    left among its own; those who stop may stop others, until nothing changes.

    Examples
    --------
    >>> graph = nx.DiGraph()
    >>> graph.add_nodes_from(["s", "t"], product="nuts")
    >>> graph.add_edges_from([("s", "a"), ("s", "b"), ("t", "b")], kind="supply")
    >>> fragile_points(graph)["stopped"].to_dict()
    {'s': 1, 't': 0, 'a': 0, 'b': 0}
    """
    network = in_order(graph)
    needs = _needs(network, "fragile_points")
    stopped = {
        node: math.nan if needs is None else len(_stopped(needs, {node})) - 1 for node in network
    }
    cuts = set(nx.articulation_points(nx.Graph(network)))
    frame = pd.DataFrame(
        {
            "stopped": pd.Series(stopped, dtype=float if needs is None else int),
            "cut": pd.Series({node: node in cuts for node in network}),
            "influence": _influence(network, 0.5),
        }
    ).rename_axis("node")
    frame["rounded"] = frame["influence"].round(12)  # equals may differ in the last digit
    order = ["stopped", "rounded"]
    return frame.sort_values(order, ascending=False, kind="stable").drop(columns="rounded")


@on_network
def who_stops(graph: nx.DiGraph, ties: Iterable[tuple[Any, Any]]) -> pd.Series:
    """Return who can no longer produce when only these ties are there, and what each lacks.

    Parameters
    ----------
    graph : networkx.Graph
        What everybody needs: each product that it is delivered here. Needs ``kind`` on ties and
        ``product`` on nodes that deliver.
    ties : iterable of pairs
        Who delivers to whom now. A tie that is not in the network counts as well, where it brings a
        product that is needed.

    Returns
    -------
    pandas.Series
        Indexed by those who stop, in the order of the network: the products that nobody who still
        works delivers to each, a tuple in the order of their names. Empty where all go on.

    Raises
    ------
    ValueError
        A graph that `validate` refuses or that lacks these attributes, or a tie to a node that is
        not in it.

    See Also
    --------
    fragile_points : what stops when a node fails and all of its ties with it.

    Notes
    -----
    The rule of `fragile_points`: who lacks a product stops, and may stop others, until nothing
    changes. Nobody stops for want of customers.

    Examples
    --------
    >>> graph = nx.DiGraph()
    >>> graph.add_nodes_from(["s", "t"], product="nuts")
    >>> graph.add_edges_from([("s", "a"), ("s", "b"), ("t", "b")], kind="supply")
    >>> who_stops(graph, [("t", "b")]).to_dict()
    {'a': ('nuts',)}
    """
    needs = _needs(graph, "who_stops")
    if needs is None:
        raise ValueError(
            "who_stops needs the tie attribute 'kind' and the node attribute 'product'."
        )
    left: dict = {buyer: {product: set() for product in of} for buyer, of in needs.items()}
    for seller, buyer in ties:
        for end in (seller, buyer):
            chosen("who_stops: an end of a tie", end, graph)
        left.get(buyer, {}).get(graph.nodes[seller].get("product"), set()).add(seller)
    dead = _stopped(left, set())
    lacks = {
        buyer: tuple(
            sorted((p for p, suppliers in left[buyer].items() if suppliers <= dead), key=str)
        )
        for buyer in graph
        if buyer in dead
    }
    return pd.Series(lacks, name="lacks", dtype=object).rename_axis("node")


def _stopped(needs: dict, failed: set) -> set:
    """Return who has failed and, with them, who can no longer produce."""
    dead = {*failed}
    while more := {
        buyer
        for buyer, products in needs.items()
        if buyer not in dead and any(suppliers <= dead for suppliers in products.values())
    }:
        dead |= more
    return dead


def _needs(network: nx.DiGraph, who: str) -> dict | None:
    """Return for each buyer the suppliers of each product, or None where nobody says what it is."""
    if not any("kind" in data for *_, data in network.edges(data=True)):
        return None
    require(network, who, ties=["kind"])
    supply = [(u, v) for u, v, kind in network.edges(data="kind") if kind == "supply"]
    sellers = network.subgraph({u for u, _ in supply})
    if not any("product" in data for _, data in sellers.nodes(data=True)):
        return None
    require(sellers, who, nodes=["product"])
    needs: dict = {}
    for seller, buyer in supply:
        products = needs.setdefault(buyer, {})
        products.setdefault(network.nodes[seller]["product"], set()).add(seller)
    return needs


@dataclass(frozen=True, repr=False)
class Removal(Result):
    """What is left of a network as nodes go, and where theory says it falls apart.

    Attributes
    ----------
    random, targeted : pandas.Series
        Share of nodes in the largest connected part, by the share removed: at random (a mean), and
        the best connected first.
    error : pandas.Series
        Standard error of ``random``.
    threshold : float or None
        Share removed at random beyond which a random network with these degrees has no giant part;
        None where it has none to begin with.
    """

    random: pd.Series
    error: pd.Series
    targeted: pd.Series
    threshold: float | None

    def to_frame(self) -> pd.DataFrame:
        """Return the share of nodes still connected, by the share removed."""
        return pd.DataFrame({"random": self.random, "error": self.error, "targeted": self.targeted})

    def at(self, removed: float) -> tuple[float, float]:
        """Return what is left at random and under targeted removal of a share of nodes."""
        share = number("removed", removed, 0, 1)
        nearest = int(np.abs(self.random.index.to_numpy() - share).argmin())
        return float(self.random.iloc[nearest]), float(self.targeted.iloc[nearest])

    def __repr__(self) -> str:
        at_random, targeted = self.at(0.2)
        return f"Removal(a fifth removed: {at_random:.2f} at random, {targeted:.2f} targeted)"


@on_network
def removal(graph: nx.DiGraph, *, replicates: int = 30, seed: Seed = 0) -> Removal:
    r"""Take nodes out of a network, at random and the best connected first.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is left aside.
    replicates : int
        Random orders drawn.
    seed : int or numpy.random.Generator
        Draws them.

    Returns
    -------
    Removal
        The size of the largest connected part as a share of all nodes, for 0, 1, …, n nodes
        removed, and the Molloy–Reed threshold for random removal (None where the network has no
        giant part to begin with).

    Raises
    ------
    ValueError
        A graph that `validate` refuses, or no replicates.

    See Also
    --------
    fragile_points : what stops when each node fails alone.

    Notes
    -----
    Targeted removal takes nodes by their degree in the whole network, equals by name. A random
    network with degrees :math:`k` loses its giant part when the share removed exceeds
    :math:`1 - 1/(\kappa - 1)`, :math:`\kappa = \langle k^2 \rangle / \langle k \rangle`; in small
    or clustered networks that is a guide, not a law.

    References
    ----------
    Molloy and Reed (1995), Random Structures and Algorithms 6; Cohen and others (2000), Physical
    Review Letters 85; Newman and Ziff (2000) for the way of computing it.

    Examples
    --------
    >>> float(removal(nx.star_graph(9)).targeted.iloc[1])  # without its centre
    0.1
    """
    replicates = whole("replicates", replicates, 1)
    flat = nx.Graph(in_order(graph))
    names, n = list(flat), len(flat)
    at = {name: i for i, name in enumerate(names)}
    around = [[at[other] for other in flat[name]] for name in names]
    degrees = np.array([len(others) for others in around])
    rng = generator(seed)
    runs = np.array([_largest_left(around, rng.permutation(n)) for _ in range(replicates)])
    share = pd.Index(np.arange(n + 1) / n, name="removed")
    error = runs.std(axis=0, ddof=1) / np.sqrt(replicates) if replicates > 1 else np.zeros(n + 1)
    # Molloy and Reed: a part goes on growing while a neighbour has more than one other neighbour
    kappa = (degrees**2).mean() / degrees.mean() if degrees.any() else 0.0
    targeted = np.array(_largest_left(around, np.argsort(-degrees, kind="stable")))
    return Removal(
        random=pd.Series(runs.mean(axis=0) / n, share, name="random"),
        error=pd.Series(error / n, share, name="error"),
        targeted=pd.Series(targeted / n, share, name="targeted"),
        threshold=float(1 - 1 / (kappa - 1)) if kappa > 2 else None,
    )


def _largest_left(around: list[list[int]], order: np.ndarray) -> list[int]:
    """Return the largest part with 0, 1, …, n nodes of ``order`` removed, adding them backwards.

    Parts that grow are merged in a forest (union–find), so that all n + 1 sizes cost little more
    than one (Newman and Ziff).
    """
    n = len(around)
    parent, size, there = list(range(n)), [1] * n, [False] * n
    largest, left = 0, [0] * (n + 1)

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for removed in range(n - 1, -1, -1):
        node = int(order[removed])
        there[node] = True
        for other in around[node]:
            if there[other]:
                one, two = root(node), root(other)
                if one != two:
                    if size[one] < size[two]:
                        one, two = two, one
                    parent[two] = one
                    size[one] += size[two]
        largest = max(largest, size[root(node)])
        left[removed] = largest
    return left


@dataclass(frozen=True, repr=False)
class DemandShift(Result):
    """Share of orders met by how novel demand is, and how redundant ties are.

    Attributes
    ----------
    met : pandas.DataFrame
        Share of orders met by novelty (0 to 1), for ``this network`` and for a wholly ``tight`` and
        an ``open`` one.
    novelty : float
        The share of demand from other trades after the shift.
    redundancy : float
        Mean redundancy of ties in this network.
    before, after : float
        Share of orders met before and after the shift.
    """

    met: pd.DataFrame
    novelty: float
    redundancy: float
    before: float
    after: float

    def to_frame(self) -> pd.DataFrame:
        """Return the share of firms, by novelty, for this network and two to compare with."""
        return self.met


@model
def demand_shift(
    *,
    closure: Annotated[float, Parameter("closure: ties kept in the own trade", 0, 1, 0.05)] = 0.8,
    novelty: Annotated[float, Parameter("share of demand from other trades", 0, 1, 0.05)] = 0.6,
    trust: Annotated[float, Parameter("trust a stranger gets", 0, 1, 0.05)] = 0.5,
    ties: Annotated[int, Parameter("partners of a firm", 2, 16, admissible=(Ge(1),))] = 12,
    combined: Annotated[
        int, Parameter("competences demand combines", 1, 5, admissible=(Ge(1),))
    ] = 2,
    firms: Annotated[int, Parameter("firms", admissible=(Ge(2),))] = 60,
    trades: Annotated[int, Parameter("trades", admissible=(Ge(2),))] = 3,
    competences: Annotated[int, Parameter("competences a trade", admissible=(Ge(1),))] = 4,
    replicates: Annotated[int, Parameter("networks drawn", admissible=(Ge(1),))] = 20,
    seed: Seed = 0,
) -> DemandShift:
    r"""Shift demand to competences of other trades, and see whether tight or open networks follow.

    Parameters
    ----------
    closure : float
        Share of each firm's ties that are kept inside its own trade; the rest are drawn among all
        firms, so that 0 is an open network and not one without its own trade.
    novelty : float
        ν, the chance that a competence drawn comes from another trade, after the shift.
    trust : float
        Chance that a partner without common acquaintances takes part.
    ties, combined : int
        Partners per firm, d; competences that one order combines.
    firms, trades, competences : int
        Size of the network, number of trades, distinct competences per trade.
    replicates : int
        Networks drawn.
    seed : int or numpy.random.Generator
        The same seed gives the same networks whatever the other parameters.

    Returns
    -------
    DemandShift
        ``met``: share of orders met by novelty (0 to 1), for this closure, a wholly tight and a
        wholly open network; ``before`` and ``after`` the shift for this closure; and the mean
        `redundancy` of ties.

    Raises
    ------
    ValueError
        Firms that do not divide into trades, more ties than a trade has other firms, or more
        competences combined than there are besides a firm's own.

    See Also
    --------
    structure : redundancy of a network of one's own.

    Notes
    -----
    Each firm has one competence of its trade and asks for ``combined`` distinct others, one after
    the other: with chance ν one of another trade, else one of its own; its own competence, and what
    it asks for already, are drawn again (where that leaves none of the kind drawn, one of the other
    kind is asked for). So the first one comes from another trade with chance

    .. math:: \frac{\nu}{\nu + (1 - \nu)(C - 1)/C} ,

    C being the competences of a trade. A partner takes part with probability
    :math:`q = \tau + (1-\tau) c`, τ being the trust a stranger gets and c the share of the firm's
    partners that the two have in common. A competence is found, with probability
    :math:`f = 1 - \prod (1 - q)` over the partners who hold it, and an order is met when all are.
    Each partner holds one competence, so they are found independently; the mean over all orders
    with k competences of the own trade is therefore

    .. math::

        \frac{e_k(f_{own})}{\binom{C-1}{k}} \,
        \frac{e_{m-k}(f_{other})}{\binom{(T-1)C}{m-k}} ,

    with m competences combined, T trades and :math:`e_k` the sum of the products of all choices of
    k of them. Nothing of the order is drawn at random, only who knows whom.
    Tight ties so make existing combinations dependable and
    put new ones out of reach. A construction of ours for the argument on the Ruhr in
    whitford-potter-2007, section 2, after Grabher (1993); it is not estimated.

    Examples
    --------
    >>> shift = demand_shift(closure=1, novelty=1)  # only what no partner can do is asked for
    >>> shift.before > 0.9, shift.after
    (True, 0.0)
    """
    if firms % trades:
        raise ValueError(f"demand_shift: {firms} firms do not divide into {trades} equal trades.")
    per_trade = firms // trades
    if ties > min(per_trade - 1, firms - per_trade):
        raise ValueError(
            f"demand_shift: {ties} partners each need more than the {per_trade} firms of a trade."
        )
    if combined > trades * competences - 1:
        raise ValueError(
            f"demand_shift: combined is {combined}, but there are {trades * competences - 1} "
            "competences besides a firm's own."
        )
    trade = np.repeat(np.arange(trades), per_trade)
    skill = np.tile(np.arange(per_trade) % competences, trades)
    same = trade[:, None] == trade[None, :]
    grid = np.linspace(0, 1, 21).round(2)
    at = np.append(grid, [0, novelty])
    from_own = _from_own(at, combined, competences, trades)
    drawn = {
        name: _partners_drawn(generator(seed), same, share, ties, replicates)
        for name, share in (("this network", closure), ("tight", 1.0), ("open", 0.0))
    }
    curves = {}
    for name, partners in drawn.items():
        own, other = _found(partners, trade, skill, competences, trust, ties)
        curves[name] = from_own @ _all_found(own, other, combined)
    *_, before, after = curves["this network"]
    return DemandShift(
        met=pd.DataFrame(curves).iloc[:-2].set_index(pd.Index(grid, name="novelty")),
        novelty=novelty,
        redundancy=_redundancy(drawn["this network"]),
        before=float(before),
        after=float(after),
    )


def _from_own(novelty, combined, competences, trades):
    """Return the chance that 0, 1, … of the competences asked for are of the own trade.

    They are drawn one after the other without putting back; where one kind is used up, or asked for
    with no chance, the other is drawn.
    """
    here, elsewhere = competences - 1, (trades - 1) * competences
    chance = np.zeros((len(novelty), combined + 1))
    chance[:, 0] = 1
    for drawn in range(combined):
        own = np.arange(combined + 1)
        left, others = np.maximum(here - own, 0), elsewhere - (drawn - own)
        one = (1 - novelty[:, None]) * left / competences
        other = novelty[:, None] * np.maximum(others, 0) / elsewhere
        total = one + other
        # no chance for what is left: nothing novel is asked for, or nothing else, but all is used
        taken = np.where(total > 0, one / np.where(total > 0, total, 1), left > 0)
        nxt = chance * (1 - taken)
        nxt[:, 1:] += (chance * taken)[:, :-1]
        chance = nxt
    return chance


def _found(partners, trade, skill, competences, trust, ties):
    """Return the chance that a firm finds each other competence of its trade, and of others.

    Two arrays, replicates x firms x competences; the firm's own competence has chance 0.
    """
    listed = partners.astype(np.float32)
    # Who shares acquaintances with a firm takes part surely in proportion; a stranger to them all
    # only with the trust a stranger gets. A competence is missed when each holder refuses: the
    # product of these chances, as the exponential of a sum of logarithms over the holders.
    common = listed @ listed.transpose(0, 2, 1) / ties  # share of partners in common
    refuses = np.where(partners, (1 - trust) * (1 - common), 1.0)
    held = trade * competences + skill
    holds = np.eye((trade[-1] + 1) * competences)[held]
    fails = np.exp(np.log(np.maximum(refuses, 1e-12)) @ holds)
    found = 1 - fails
    found[:, np.arange(len(held)), held] = 0
    of = np.arange(holds.shape[1]) // competences == trade[:, None]  # firms x competences
    shape = (*partners.shape[:2], -1)
    return found[:, of].reshape(shape), found[:, ~of].reshape(shape)


def _all_found(own, other, combined):
    """Return the chance that all are found, by how many of ``combined`` are of the own trade.

    Given k, each choice of k own and m − k other competences is as likely, and they are found
    independently: the mean of products over all choices is an elementary symmetric polynomial over
    the number of choices.
    """
    here, there = _sums_of_products(own, combined), _sums_of_products(other, combined)
    result = []
    for k in range(combined + 1):
        ways = math.comb(own.shape[2] - 1, k) * math.comb(other.shape[2], combined - k)
        result.append((here[k] * there[combined - k]).mean() / ways if ways else 0.0)
    return np.array(result)


def _sums_of_products(values, most):
    """Return the sums of products of all choices of 0, 1, …, ``most`` along the last axis.

    One value more either takes part in a product of k or not: e_k = e_k + value · e_(k−1), from the
    highest k down, so that each value is used once.
    """
    sums = [np.ones(values.shape[:2]), *(np.zeros(values.shape[:2]) for _ in range(most))]
    for one in np.moveaxis(values, 2, 0):
        for k in range(most, 0, -1):
            sums[k] = sums[k] + sums[k - 1] * one
    return sums


def _partners_drawn(rng, same, closure, ties, replicates):
    """Return who lists whom: replicates x firms x firms."""
    n = len(same)
    alone = np.eye(n, dtype=bool)
    open_share = (same.sum(axis=1)[0] - 1) / (n - 1)
    inside = round((closure + (1 - closure) * open_share) * ties)
    keys = rng.random((replicates, n, n), dtype=np.float32)
    chosen = np.zeros((replicates, n, n), dtype=bool)
    for where, count in ((same & ~alone, inside), (~same, ties - inside)):
        if count:
            ranked = np.argpartition(np.where(where, keys, 2), count - 1, axis=2)
            np.put_along_axis(chosen, ranked[:, :, :count], True, axis=2)
    return chosen


def _redundancy(partners):
    """Return the mean share of a firm's listed partners who list each other, over 2 (Burt)."""
    listed = (partners | partners.transpose(0, 2, 1)).astype(np.float32)
    degree = listed.sum(axis=2)
    closed = ((listed @ listed) * listed).sum(axis=2)  # twice the ties among partners
    return float((closed / degree**2).mean())
