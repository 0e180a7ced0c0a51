"""Read the type of a district off its network of firms, owners and places."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from clusterlab import networks
from clusterlab.districts.memberships import Membership, as_profile, membership
from clusterlab.parameters import Seed, whole

__all__ = ["NetworkProfile", "anchor_owner", "dimensions", "network_measures", "network_profile"]

#: A local owner leads with at least so many times the jobs of the median unit …
LARGE = 10.0
#: … and an owner, or the parents elsewhere together, with at least this share of all jobs.
LEADING = 0.25
#: Roles that are no firms: an association tied to all would make any district a star.
_COMMON = ("institution", "association")


@dataclass(frozen=True, repr=False)
class NetworkProfile:
    """What a network shows of a district, and how far it belongs to each type.

    Attributes
    ----------
    measures : pandas.Series
        The measures of `measures_table` and ``anchor_owner``; NaN where the network lacks what a
        measure needs.
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
        said = ", ".join(f"{name} {share:.2f}" for name, share in self.membership.shares.items())
        return f"NetworkProfile({said}). {self.note}"


def network_profile(
    graph: nx.Graph, *, place: str | None = None, resamples: int = 1000, seed: Seed = 0
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
    resamples, seed
        As in `membership`.

    Returns
    -------
    NetworkProfile

    Raises
    ------
    ValueError
        A place that no node has, fewer than three nodes in it, or an attribute that some nodes
        have and others lack.

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
    whole("resamples", resamples, 1)
    found, why = _measure(graph, place)
    known = found.dropna()
    if not len(known):
        raise ValueError(f"network_profile: nothing could be measured. {' '.join(why)}")
    profile = as_profile(known.to_frame().T).iloc[0]
    shape = ["degree_centralisation", "local_clustering", "core_periphery_fit"]
    topology = membership(known.reindex(shape).dropna(), resamples=resamples, seed=seed)
    full = membership(profile, resamples=resamples, seed=seed)
    notes = [*why, full.note]
    if not full.note:
        notes.append("Topology alone would not tell hub-and-spoke from state-anchored.")
    return NetworkProfile(found, full, topology, " ".join(filter(None, notes)))


def network_measures(graph: nx.Graph, *, place: str | None = None) -> pd.Series:
    r"""Return the measures by which a network's district is compared with the types.

    Parameters
    ----------
    graph : networkx.Graph
        As in `network_profile`.
    place : str, optional
        The district; by default the place with most nodes.

    Returns
    -------
    pandas.Series
        In this order, NaN where the network lacks what a measure needs:

        - ``degree_centralisation``, Freeman's, of ties inside the place (0 ring, 1 star);
        - ``size_concentration``, the Gini coefficient of jobs over the units in the place;
        - ``external_ties``, the E–I index of ties with an end in the place (−1 all stay inside);
        - ``external_ownership``, the share of jobs that have their parent elsewhere;
        - ``local_clustering``, mean clustering of ties inside the place;
        - ``core_periphery_fit``, Borgatti and Everett's, of ties inside the place, not below 0;
        - ``anchor_owner``, as `anchor_owner` says.

    Examples
    --------
    >>> network_measures(nx.cycle_graph(6))["degree_centralisation"]
    0.0
    """
    return _measure(graph, place)[0]


def anchor_owner(graph: nx.Graph) -> str:
    """Return who owns what leads a district: none, local, external or state.

    Parameters
    ----------
    graph : networkx.Graph
        The units of one place, with ``size`` and ``owner`` (and ``seat`` where it is elsewhere).

    Returns
    -------
    str
        Whichever has the largest share of jobs, if that is at least a quarter: the state, parents
        elsewhere together, or local owners who each employ at least ten times as many as the
        median unit; ``"none"`` otherwise. Of equal shares the state's comes first, then that of
        parents elsewhere. The thresholds are ours.

    Raises
    ------
    ValueError
        A unit without size or owner.
    """
    return _anchor(networks.validate(graph, what="anchor_owner"))


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

    Notes
    -----
    The slide shows dimensions and trade-offs only by citation of Bathelt and Boggs (2005): the
    five names come from that literature, not from the text, and how they are measured is ours.

    References
    ----------
    bathelt-2019, part 4.
    """
    network = networks.validate(graph)
    need = ["place", "product", "role"]
    networks.require(network, "the profile on five dimensions", nodes=need, ties=["kind"])
    inside = _inside(network, place)
    firms = [n for n, role in network.nodes(data="role") if role not in _COMMON and n in inside]
    if len(firms) < 3:
        raise ValueError(f"dimensions: the place needs at least 3 firms, found {len(firms)}.")
    product = dict(network.nodes(data="product"))
    made = Counter(product[firm] for firm in firms)
    partners = {n: set(network.predecessors(n)) | set(network.successors(n)) for n in firms}
    supplies = {
        firm: {
            other
            for other in partners[firm]
            if "supply"
            in {
                network.get_edge_data(*tie, {}).get("kind")
                for tie in ((firm, other), (other, firm))
            }
        }
        for firm in firms
    }
    role = dict(network.nodes(data="role"))

    def share(holds: Callable[[Any], bool]) -> float:
        return sum(map(holds, firms)) / len(firms)

    return pd.Series(
        {
            "horizontal": share(lambda f: made[product[f]] > 1),
            "vertical": share(
                lambda f: any(o in inside and product[o] != product[f] for o in supplies[f])
            ),
            "institutional": share(
                lambda f: any(o in inside and role[o] in _COMMON for o in partners[f])
            ),
            "external": share(lambda f: any(o not in inside for o in partners[f])),
            "power": networks.centralisation(network.subgraph(firms)),
        },
        name="share",
    ).rename_axis("dimension")


def _inside(graph: nx.Graph, place: str | None) -> set:
    places = dict(graph.nodes(data="place"))
    if all(value is None for value in places.values()):
        if place is not None:
            raise ValueError(f"place is {place!r}, but no node of the graph has a place.")
        inside = set(graph)
    else:
        networks.require(graph, "a district's network", nodes=["place"])
        counted = Counter(places.values())
        if place is None:
            (place, most), *others = counted.most_common(2)
            if others and others[0][1] == most:
                raise ValueError(
                    f"places {place!r} and {others[0][0]!r} have {most} nodes each; say with "
                    "place= which one is the district."
                )
        if place not in counted:
            raise ValueError(
                f"place is {place!r}, which no node has; there are {', '.join(map(str, counted))}."
            )
        inside = {node for node, where in places.items() if where == place}
    if len(inside) < 3:
        raise ValueError(
            f"a district's network needs at least 3 nodes inside, found {len(inside)}."
        )
    return inside


def _measure(graph: nx.Graph, place: str | None) -> tuple[pd.Series, list[str]]:
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
    why = []
    has = {
        name: any(name in data for _, data in network.nodes(data=True))
        for name in ("place", "size", "owner")
    }
    found: dict[str, Any] = {"degree_centralisation": networks.centralisation(local)}
    found["size_concentration"] = networks.size_inequality(local) if has["size"] else math.nan
    found["external_ties"] = math.nan
    if has["place"] and touching.number_of_edges():
        touching.add_nodes_from((node, network.nodes[node]) for node in list(touching))
        found["external_ties"] = networks.ei_index(touching)
    found["external_ownership"] = math.nan
    if has["owner"] and has["size"]:
        who = networks.ownership(local)
        size = pd.Series(dict(local.nodes(data="size")), dtype=float)
        found["external_ownership"] = float(size[who == "external parent"].sum() / size.sum())
    found["local_clustering"] = float(nx.average_clustering(nx.Graph(local)))
    found["core_periphery_fit"] = math.nan
    pairs, ties = len(local) * (len(local) - 1) / 2, nx.Graph(local).number_of_edges()
    if 0 < ties < pairs:
        found["core_periphery_fit"] = max(0.0, networks.core_periphery(local).fit)
    found["anchor_owner"] = _anchor(local) if has["owner"] and has["size"] else None
    lacking = [name for name, there in has.items() if not there]
    if lacking:
        why.append(f"The network has no {' and no '.join(lacking)} on its nodes.")
    if ties in (0, pairs):
        why.append("Core and periphery need both ties and gaps inside the place.")
    return pd.Series(found, dtype=object, name="value").rename_axis("measure"), why
