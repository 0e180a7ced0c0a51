"""Constructed networks of districts: each type, a circle becoming a star."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab import networks
from clusterlab.districts.memberships import Membership, as_profile, membership, network_membership
from clusterlab.districts.network import _anchor, _measured
from clusterlab.districts.typology import District
from clusterlab.networks.graphs import derive_reach
from clusterlab.parameters import Parameter, Seed, generator, model
from clusterlab.results import Result

Owner = Literal["itself", "parent elsewhere", "state"]
#: Firms and partners outside of the district whose ties a reader draws.
FIRMS, PARTNERS = "ABCDEFGHI", "XYZ"
_INSIDE = {"place": "district", "region": "home"}


@model
def generate(
    kind: Annotated[District, Parameter("type of district")] = "Marshallian",
    *,
    firms: Annotated[int, Parameter("units in the district", 20, 100, admissible=(Ge(12),))] = 40,
    rewired: Annotated[float, Parameter("ties rewired at random", 0, 1, 0.05, unit="share")] = 0.1,
    seed: Seed = 0,
) -> nx.DiGraph:
    """Construct the network of a district of one type.

    Parameters
    ----------
    kind : str
        One of `clusterlab.districts.TYPES`.
    firms : int
        Units in the district, institutions and branches included.
    rewired : float
        Share of the ties inside the district that go to a random unit there instead.
    seed : int or numpy.random.Generator
        The same seed gives the same network.

    Returns
    -------
    networkx.DiGraph
        With ``role``, ``place``, ``region``, ``size``, ``owner`` and ``product`` on nodes, ``kind``
        and ``reach`` on ties. The place is ``"district"``; each unit outside has a place of its
        own.

    Raises
    ------
    ValueError
        A number out of range or an unknown type.

    See Also
    --------
    circle_to_star : from one type to another.
    network_profile : how far a network belongs to each type.

    Notes
    -----
    Constructed: what the table says in words is made here in kind, with sizes and shares of our
    own. *Marshallian*: small independent firms of three products on a circle, tied to two
    neighbours on either side, four in five to a trade association; one in six trades outside.
    *Hub-and-spoke*: one to three large local firms to which most small ones deliver, and which
    deal with partners outside. *Satellite*: a third of the units are branches, each with a parent
    elsewhere with which it trades, most of them buying a service or two from small local firms.
    *State-anchored*: one or two large units that the state owns, with suppliers, and public
    partners outside.

    References
    ----------
    guerrieri-pietrobelli-2001, Table 1 and section 2.

    Examples
    --------
    >>> graph = generate("satellite", seed=1)
    >>> {data["owner"] == name for name, data in graph.nodes(data=True)
    ...  if data["role"] == "branch plant"}
    {False}
    """
    rng = generator(seed)
    graph = nx.DiGraph(kind=kind, constructed=True)
    _BUILDERS[kind](graph, firms, rng)
    _rewire(graph, rewired, rng)
    derive_reach(graph)
    return graph


@dataclass(frozen=True, repr=False)
class CircleToStar(Result):
    """A circle of firms of which one grows into the centre of a star.

    Attributes
    ----------
    graph : networkx.DiGraph
        The district at the present size of the hub.
    measures : pandas.DataFrame
        Indexed by the share of firms that deliver to the hub, 0 to 1: the measures of
        `network_profile` and ``hub_jobs``, the hub's share of jobs.
    memberships : pandas.DataFrame
        Memberships over the same index.
    share : float
        The present share, a value of the index.
    membership : Membership
        The present membership, with its uncertainty.
    """

    graph: nx.DiGraph
    measures: pd.DataFrame
    memberships: pd.DataFrame
    share: float
    membership: Membership

    def to_frame(self) -> pd.DataFrame:
        """Return measures and memberships side by side."""
        return self.measures.join(self.memberships)

    def __repr__(self) -> str:
        central = self.measures["degree_centralisation"][self.share]
        told = f"{self.share:.0%} deliver to the hub, centralisation {central:.2f}"
        return f"CircleToStar({told}, nearest {self.membership.nearest})"


@model
def circle_to_star(
    *,
    share: Annotated[float, Parameter("firms that deliver to the hub", 0, 1, 0.05)] = 0.5,
    rays: Annotated[int, Parameter("the hub's partners outside", 0, 20)] = 6,
    owner: Annotated[Owner, Parameter("who owns the hub")] = "itself",
    firms: Annotated[int, Parameter("firms", 12, 60, admissible=(Ge(8),))] = 24,
) -> CircleToStar:
    r"""Let one firm of a circle grow into the centre of a star.

    Parameters
    ----------
    share : float
        Share of the other firms that deliver to the hub and have given up the ties to their
        neighbours.
    rays : int
        The hub's partners outside once all deliver to it; before that, in proportion.
    owner : {"itself", "parent elsewhere", "state"}
        Who owns the hub. It changes no tie.
    firms : int
        Firms in the district, all equal at first.

    Returns
    -------
    CircleToStar

    Raises
    ------
    ValueError
        A number out of range or an unknown owner.

    See Also
    --------
    generate : districts of each type.

    Notes
    -----
    On the circle each firm has a supply tie to the next and a knowledge tie to the next but one:
    centralisation 0. With n firms of which k deliver to the hub (:math:`k \le n-3`), the hub has
    :math:`h = \max(4, k+2)` partners and there are :math:`m = h + 2(n-2-k)` ties, so that
    centralisation is :math:`(nh - 2m)/[(n-1)(n-2)]`; the last two firms complete the star, 1. The
    hub gains the jobs of one firm for each that delivers to it. By the document,
    which reports informants' answers, Italian districts would be shifting from circle to star; how
    that runs here is ours.

    References
    ----------
    guerrieri-pietrobelli-2001, section 3, on Censis (1997).

    Examples
    --------
    >>> circle_to_star(share=1.0)
    CircleToStar(100% deliver to the hub, centralisation 1.00, nearest hub-and-spoke)
    """
    curve, at = _curve(firms, rays, owner), round(share * (firms - 1))
    known = curve.drop(columns="hub_jobs")
    return CircleToStar(
        graph=_between(firms, at, rays, owner),
        measures=curve,
        memberships=network_membership(known),
        share=float(curve.index[at]),
        membership=membership(as_profile(known.iloc[[at]]).iloc[0], replicates=200),
    )


def _between(firms: int, delivering: int, rays: int, owner: str) -> nx.DiGraph:
    """Return the district in which so many firms, the first ones, deliver to the hub."""
    graph = nx.DiGraph(constructed=True)
    names = ["hub", *(f"firm {i}" for i in range(1, firms))]
    for name in names:
        graph.add_node(name, role="firm", size=20.0, owner=name, **_INSIDE)
    graph.nodes["hub"].update(role="hub", size=20.0 * (1 + delivering), **_OWNED[owner])
    for i, name in enumerate(names):
        if 1 <= i <= delivering:
            graph.add_edge(name, "hub", kind="supply")
        else:
            graph.add_edge(name, names[(i + 1) % firms], kind="supply")
            graph.add_edge(name, names[(i + 2) % firms], kind="knowledge")
    for i in range(round(rays * delivering / (firms - 1))):
        own = {"owner": f"partner {i + 1}", "place": f"elsewhere {i + 1}"}
        graph.add_node(f"partner {i + 1}", role="partner outside", **own)
        graph.add_edge("hub", f"partner {i + 1}", kind="supply")
    return graph


_OWNED: dict[str, dict] = {"itself": {}, "state": {"owner": "state"}}
_OWNED["parent elsewhere"] = {"owner": "parent", "seat": "elsewhere"}


def tied(ties: list, owner: str) -> tuple[nx.Graph, list[str]]:
    """Return nine firms with ties drawn by hand, and its centres: who has more jobs than others.

    As the hub of `circle_to_star` gains the jobs of one firm with each partner, so does any firm
    here: it has 20 jobs, and 20 more for each partner beyond two, inside or outside. The owner has
    all firms that share the most jobs; where all firms have as many there is nothing to own.
    """
    graph = nx.Graph(constructed=True)
    for name in (*FIRMS, *PARTNERS):
        where = _INSIDE if name in FIRMS else {"place": f"elsewhere {name}"}
        graph.add_node(name, role="firm", owner=name, **where)
    graph.add_edges_from(ties)
    jobs = {name: 20.0 * max(1, graph.degree(name) - 1) for name in FIRMS}
    nx.set_node_attributes(graph, jobs, "size")
    centres = [name for name in FIRMS if min(jobs.values()) < jobs[name] == max(jobs.values())]
    nx.set_node_attributes(graph, dict.fromkeys(centres, _OWNED[owner]))
    return graph, centres


@functools.lru_cache(maxsize=16)
def _shapes(firms: int) -> pd.DataFrame:
    """Return the measures without partners or owners outside, by number that deliver: slow."""
    graphs = (_between(firms, k, 0, "itself") for k in range(firms))
    found = pd.DataFrame(_measured(graph, None)[0] for graph in graphs).infer_objects()
    return found.rename_axis(columns=None)


@functools.lru_cache(maxsize=64)
def _curve(firms: int, rays: int, owner: str) -> pd.DataFrame:
    count, table = np.arange(firms), _shapes(firms).copy()
    outside = [networks.ei_index(_between(firms, k, rays, owner)) for k in range(firms)]
    jobs = (1 + count) / (firms + count)
    # the owner changes no tie: only who leads, and to whom the hub's jobs belong
    table["anchor_owner"] = [_anchor(_between(firms, k, 0, owner)) for k in range(firms)]
    table.index = pd.Index(count / (firms - 1), name="share that delivers to the hub")
    theirs = jobs * (owner == "parent elsewhere")
    return table.assign(external_ownership=theirs, external_ties=outside, hub_jobs=jobs)


def _marshallian(graph: nx.DiGraph, units: int, rng: np.random.Generator) -> None:
    names = [f"firm {i + 1}" for i in range(units - 1)]
    products = ("yarn", "cloth", "garments")
    for i, firm in enumerate(names):
        _add(graph, firm, "small firm", _size(rng, 12, 0.6), product=products[i % 3])
    for i, firm in enumerate(names):
        for step in (1, 2):
            graph.add_edge(firm, names[(i + step) % len(names)], kind="supply")
        if rng.random() < 1 / 6:
            _partner(graph, f"{firm}'s customer", firm)
    association = "trade association"
    _add(graph, association, "association", _size(rng, 8, 0.2), product="services")
    for firm in names:
        if rng.random() < 0.8:
            graph.add_edge(association, firm, kind="knowledge")


def _around(
    graph: nx.DiGraph, units: int, rng: np.random.Generator, centre: str, **of: Any
) -> None:
    """Add large units in the middle, small suppliers around them, and partners outside."""
    centres = [f"{centre} {i + 1}" for i in range(rng.integers(1, of.pop("most") + 1))]
    role, size = of.pop("role"), of.pop("size")
    for each in centres:
        _add(graph, each, role, _size(rng, size, 0.4), **of)
    for i in range(units - len(centres)):
        firm = f"supplier {i + 1}"
        _add(graph, firm, "supplier", _size(rng, 20, 0.6), product=f"part {i % 6 + 1}")
        first = rng.permutation(centres)
        graph.add_edge(firm, str(first[0]), kind="supply")
        if len(first) > 1 and rng.random() < 0.4:
            graph.add_edge(firm, str(first[1]), kind="supply")
    for each in centres:
        for i in range(units // (2 * len(centres))):
            _partner(graph, f"{each}'s partner {i + 1}", each)


def _satellite(graph: nx.DiGraph, units: int, rng: np.random.Generator) -> None:
    branches = [f"branch {i + 1}" for i in range(units // 3)]
    services = [f"service {i + 1}" for i in range(units - len(branches))]
    for i, branch in enumerate(branches):
        parent = f"{branch}'s parent"
        _partner(graph, parent, branch)
        of = {"owner": parent, "product": f"assembly {i + 1}"}
        _add(graph, branch, "branch plant", _size(rng, 400, 0.5), **of)
        for j in range(rng.integers(1, 4)):
            _partner(graph, f"{branch}'s supplier {j + 1}", branch)
    for i, service in enumerate(services):
        _add(graph, service, "service firm", _size(rng, 10, 0.6), product=f"service {i % 4 + 1}")
    for branch in branches:
        for service in rng.permutation(services)[: rng.integers(0, 3)]:
            graph.add_edge(str(service), branch, kind="supply")


_HUB: dict[str, Any] = {"centre": "hub", "most": 3, "role": "hub", "size": 1500}
_HUB |= {"product": "systems"}
_STATE: dict[str, Any] = {"centre": "institution", "most": 2, "role": "state anchor", "size": 3000}
_STATE |= {"owner": "state", "product": "public services"}
_BUILDERS: dict[str, Callable] = {
    "Marshallian": _marshallian,
    "hub-and-spoke": functools.partial(_around, **_HUB),
    "satellite": _satellite,
    "state-anchored": functools.partial(_around, **_STATE),
}


def _add(graph: nx.DiGraph, node: str, role: str, size: float, **more: str) -> None:
    graph.add_node(node, **{"role": role, "size": size, "owner": node, **_INSIDE, **more})


def _partner(graph: nx.DiGraph, node: str, of: str) -> None:
    """Add a unit outside that trades with one inside."""
    where = {"place": f"elsewhere {len(graph)}", "region": "abroad"}
    _add(graph, node, "partner outside", 500.0, product="trade", **where)
    graph.add_edge(of, node, kind="supply")


def _size(rng: np.random.Generator, median: float, spread: float) -> float:
    return float(np.ceil(median * np.exp(spread * rng.standard_normal())))


def _rewire(graph: nx.DiGraph, share: float, rng: np.random.Generator) -> None:
    """Send a share of the ties inside to another unit inside."""
    inside = [node for node, where in graph.nodes(data="place") if where == "district"]
    local = [(u, v) for u, v in graph.edges if graph.nodes[v]["place"] == "district"]
    for u, v in local:
        if rng.random() < share:
            w = str(rng.choice(inside))
            if w != u and not graph.has_edge(u, w):
                graph.add_edge(u, w, **graph.edges[u, v])
                graph.remove_edge(u, v)
