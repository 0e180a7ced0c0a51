"""Read the type of a district off its network of firms, owners and places."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from clusterlab import agglomeration, networks
from clusterlab.districts.memberships import MEASURES, Membership, as_profile, membership
from clusterlab.networks.graphs import place_or_largest
from clusterlab.parameters import Seed, whole
from clusterlab.results import Result

#: A local owner leads with at least so many times the jobs of the median unit …
LARGE = 10.0
#: … and an owner, or the parents elsewhere together, with at least this share of all jobs.
LEADING = 0.25
#: Roles that are no firms: an association tied to all would make any district a star.
_COMMON = ("institution", "association")


@dataclass(frozen=True, repr=False)
class NetworkProfile(Result):
    """What a network shows of a district, and how far it belongs to each type.

    Attributes
    ----------
    measures : pandas.Series
        The measures of `measures_table` and ``anchor_owner``; NaN where the network lacks what a
        measure needs. The anchor's owner is who has the largest share of jobs, if that is at least
        a quarter: the ``state``, parents elsewhere together (``external``), or owners in the place
        who each employ at least ten times as many as the median unit (``local``); ``none``
        otherwise. Of equal shares the state's comes first, then that of parents elsewhere. The
        thresholds are ours.
    membership : Membership
        From all measures.
    topology : Membership
        From who is tied to whom alone: centralisation, clustering and core–periphery fit.
    note : str
        What was not measured and why, and what topology alone leaves open.
    """

    measures: pd.Series
    membership: Membership
    topology: Membership
    note: str

    def to_frame(self) -> pd.DataFrame:
        """Return memberships with and without sizes, places and owners."""
        return pd.DataFrame(
            {"all measures": self.membership.shares, "topology alone": self.topology.shares}
        )

    def __repr__(self) -> str:
        return f"NetworkProfile: {self.membership}. {self.note}"


def network_profile(
    graph: nx.Graph, *, place: str | None = None, replicates: int = 1000, seed: Seed = 0
) -> NetworkProfile:
    """Measure a network and return how far its district belongs to each type.

    Parameters
    ----------
    graph : networkx.Graph
        In the vocabulary of `clusterlab.networks`; uses ``place``, ``size``, ``owner`` and
        ``seat`` of nodes where they are there.
    place : str, optional
        The district; by default the place with most nodes, if there is one. Nodes elsewhere count
        as outside.
        Nodes whose ``role`` is ``"association"`` are left out: they serve all and lead nobody.
    replicates, seed
        As in `membership`.

    Returns
    -------
    NetworkProfile

    Raises
    ------
    ValueError
        A place that no node has, fewer than three nodes in it, or an attribute that some nodes
        have and others lack.

    See Also
    --------
    measures_table : what a pure network of each type shows.
    dimensions : a place on five dimensions of a cluster.

    References
    ----------
    The measures and what they stand for are ours (`measures_table`); the types are those of
    guerrieri-pietrobelli-2001, Table 1.

    Examples
    --------
    >>> found = network_profile(nx.star_graph(9))
    >>> shares = found.membership.shares
    >>> bool(shares["hub-and-spoke"] == shares["state-anchored"])
    True
    """
    whole("replicates", replicates, 1)
    found, why = _measured(graph, place)
    known = found.dropna()
    if not len(known):
        raise ValueError(f"network_profile: nothing could be measured. {' '.join(why)}")
    profile = as_profile(known.to_frame().T).iloc[0]
    shape = ["degree_centralisation", "local_clustering", "core_periphery_fit"]
    topology = membership(known.reindex(shape).dropna(), replicates=replicates, seed=seed)
    full = membership(profile, replicates=replicates, seed=seed)
    open_ = "Topology alone would not tell hub-and-spoke from state-anchored."
    note = " ".join([*why, full.note or open_])
    return NetworkProfile(measures=found, membership=full, topology=topology, note=note)


def _anchor(graph: nx.Graph) -> str:
    networks.require(graph, "anchor_owner", nodes=["size", "owner"])
    who, jobs = networks.ownership(graph), dict(graph.nodes(data="size"))
    by_kind: Counter = Counter()
    by_local_owner: Counter = Counter()
    for (unit, kind), size in zip(who.items(), jobs.values(), strict=True):
        by_kind[kind] += size
        if kind in ("independent", "local group"):
            by_local_owner[graph.nodes[unit]["owner"]] += size
    large = LARGE * float(np.median(list(jobs.values())))
    total = sum(jobs.values())
    shares = {
        "state": by_kind["state"] / total,
        "external": by_kind["external parent"] / total,
        "local": sum(size for size in by_local_owner.values() if size >= large) / total,
    }
    first = max(shares, key=lambda name: shares[name])
    return first if shares[first] >= LEADING else "none"


def dimensions(graph: nx.Graph, *, place: str | None = None) -> pd.Series:
    """Return a place's profile on five dimensions of a cluster, each from 0 to 1.

    Parameters
    ----------
    graph : networkx.Graph
        Needs ``place``, ``product`` and ``role`` on nodes, and ``kind`` on ties.
    place : str, optional
        The cluster; by default the place with most nodes.

    Returns
    -------
    pandas.Series
        - ``horizontal``: firms in the place that share their product with another one there;
        - ``vertical``: firms in the place with a supply tie to another product's maker there;
        - ``institutional``: firms in the place tied to an institution there, a node whose role is
          ``institution`` or ``association``;
        - ``external``: firms in the place with a tie out of it;
        - ``power``: degree centralisation of ties among the firms in the place.

        The first four are shares of firms.

    Raises
    ------
    ValueError
        A missing attribute, an unknown place, or fewer than three firms in it.

    See Also
    --------
    network_profile : how far a place belongs to each type.

    Notes
    -----
    The slide shows dimensions and trade-offs only by citation of Bathelt and Boggs (2005): the
    five names come from that literature, not from the text, and how they are measured is ours.

    References
    ----------
    bathelt-2019, part 4.

    Examples
    --------
    >>> star = nx.DiGraph()
    >>> star.add_nodes_from("abcd", place="here", role="firm", product="parts")
    >>> star.add_edges_from([("b", "a"), ("c", "a"), ("d", "a")], kind="supply")
    >>> dimensions(star).tolist()  # all make the same, none deals with another place
    [1.0, 0.0, 0.0, 0.0, 1.0]
    """
    network = networks.validate(graph)
    need = ["place", "product", "role"]
    networks.require(network, "the profile on five dimensions", nodes=need, ties=["kind"])
    inside = _inside(network, place)
    firms = [n for n, role in network.nodes(data="role") if role not in _COMMON and n in inside]
    if len(firms) < 3:
        raise ValueError(f"dimensions: the place needs at least 3 firms, found {len(firms)}.")
    role, product = dict(network.nodes(data="role")), dict(network.nodes(data="product"))
    made = Counter(product[firm] for firm in firms)
    kinds = network.edges(data="kind")
    supply = nx.Graph([(u, v) for u, v, kind in kinds if kind == "supply"])
    supply.add_nodes_from(firms)
    partners = nx.Graph(network)

    near = {firm: [other for other in partners[firm] if other in inside] for firm in firms}
    chain = {firm: [o for o in supply[firm] if o in inside] for firm in firms}
    held = {
        "horizontal": [made[product[firm]] > 1 for firm in firms],
        "vertical": [any(product[o] != product[firm] for o in chain[firm]) for firm in firms],
        "institutional": [any(role[other] in _COMMON for other in near[firm]) for firm in firms],
        "external": [len(near[firm]) < len(partners[firm]) for firm in firms],
    }
    shares = {name: sum(firms_) / len(firms) for name, firms_ in held.items()}
    shares["power"] = networks.centralisation(network.subgraph(firms))
    return pd.Series(shares, name="share").rename_axis("dimension")


def _inside(graph: nx.Graph, place: str | None) -> set:
    places = dict(graph.nodes(data="place"))
    if all(value is None for value in places.values()):
        if place is not None:
            raise ValueError(f"place is {place!r}, but no node of the graph has a place.")
        inside = set(graph)
    else:
        _, inside = place_or_largest(graph, "a district's network", place)
    if len(inside) < 3:
        raise ValueError(
            f"a district's network needs at least 3 nodes inside, found {len(inside)}."
        )
    return inside


def _measured(graph: nx.Graph, place: str | None) -> tuple[pd.Series, list[str]]:
    """Return the measures of a network's district, and what could not be measured and why."""
    network = networks.validate(graph)
    clubs = [node for node, role in network.nodes(data="role") if role == "association"]
    network = network.subgraph(set(network).difference(clubs)) if clubs else network
    inside = _inside(network, place)
    local = network.subgraph(inside).copy()
    for _, data in local.nodes(data=True):  # an owner outside decides where it is itself
        owner = data.get("owner")
        if owner not in local and "seat" not in data and "place" in network.nodes.get(owner, {}):
            data["seat"] = network.nodes[owner]["place"]
    touching = nx.Graph((u, v) for u, v in network.edges if u in inside or v in inside)
    touching.add_nodes_from((node, network.nodes[node]) for node in list(touching))
    flat, size = nx.Graph(local), pd.Series(dict(local.nodes(data="size")), dtype=float)
    said = {name for data in network.nodes.values() for name in data}
    found: dict[str, Any] = dict.fromkeys(MEASURES, math.nan) | {"anchor_owner": None}
    found["degree_centralisation"] = networks.centralisation(local)
    found["local_clustering"] = float(nx.average_clustering(flat))
    if "size" in said:
        networks.require(local, "size inequality", nodes=["size"])
        found["size_concentration"] = agglomeration.gini(size.tolist())
    if "place" in said and len(touching):
        found["external_ties"] = networks.ei_index(touching)
    if {"owner", "size"} <= said:
        elsewhere = networks.ownership(local) == "external parent"
        found["external_ownership"] = float(size[elsewhere].sum() / size.sum())
        found["anchor_owner"] = _anchor(local)
    lacking = [name for name in ("place", "size", "owner") if name not in said]
    why = [f"The network has no {' and no '.join(lacking)} on its nodes."] if lacking else []
    if 0 < flat.number_of_edges() < len(flat) * (len(flat) - 1) / 2:
        found["core_periphery_fit"] = max(0.0, networks.core_periphery_fit(local).fit)
    else:
        why.append("Core and periphery need both ties and gaps inside the place.")
    return pd.Series(found, dtype=object, name="value").rename_axis("measure"), why
