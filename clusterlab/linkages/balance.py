"""How far the links of a place reach, and which are missing."""

import math
from dataclasses import dataclass

import networkx as nx
import pandas as pd
from scipy.stats import entropy

from clusterlab.names import listed
from clusterlab.networks.graphs import KINDS, REACHES, on_network, place_or_largest, reach_between
from clusterlab.results import Result


@dataclass(frozen=True, repr=False)
class LinkageBalance(Result):
    """How the ties of a place divide over local, regional and global ones.

    Attributes
    ----------
    place : str
        The place.
    ties : pandas.DataFrame
        Indexed by level (local, regional, global): ``ties``, how many; ``share`` of all;
        ``strength``, its share of what passes (NaN where a tie has no strength); ``firms``, the
        share of the place's nodes that have such a tie.
    kinds : pandas.DataFrame
        Ties by kind and level; no rows where ties have no kind.
    evenness : float
        0 where all ties are of one level, 1 where each level has a third.
    missing : tuple
        The levels without a tie.
    """

    place: str
    ties: pd.DataFrame
    kinds: pd.DataFrame
    evenness: float
    missing: tuple

    def to_frame(self) -> pd.DataFrame:
        """Return the levels, one row each."""
        return self.ties.copy()

    def __repr__(self) -> str:
        shares = listed([f"{share:.0%} {level}" for level, share in self.ties["share"].items()])
        lacks = f", no {listed(self.missing)} tie" if self.missing else ""
        return f"LinkageBalance({self.place}: {shares}; evenness {self.evenness:.2f}{lacks})"


@on_network
def linkage_balance(graph: nx.DiGraph, *, place: str | None = None) -> LinkageBalance:
    r"""Count the local, regional and global ties of a place, and say which level is missing.

    Parameters
    ----------
    graph : networkx.Graph
        Needs ``place`` on nodes, and ``region`` on nodes or ``reach`` on ties. ``strength`` and
        ``kind`` of ties are used where they are there.
    place : str, optional
        The place whose ties are counted; by default the one with most nodes.

    Returns
    -------
    LinkageBalance

    Raises
    ------
    ValueError
        Nodes without a place, a place that no node has, ties whose reach is neither given nor to
        be derived, or contradicts the places of its ends, or a place without ties.

    See Also
    --------
    clusterlab.networks.ei_index : Ties that leave their place against those that stay.
    three_levels : What a division of ties does to growth.

    Notes
    -----
    A tie belongs to the place if one of its ends lies there: it is local if both do, regional if
    the other end lies elsewhere in the same region, else global. A tie that runs both ways counts
    as two. With shares :math:`p_l` of the three levels evenness is Shannon's entropy over its
    largest value,

    .. math:: E = -\frac{1}{\ln 3} \sum_l p_l \ln p_l .

    An even division is a description and no ideal: the document asks for a balance and gives no
    numbers.

    References
    ----------
    bathelt-2019, sections 2 and 5 (three levels of links); the measure is ours.

    Examples
    --------
    >>> graph = nx.Graph([("a", "b"), ("a", "farm"), ("b", "abroad")])
    >>> towns = {"a": "Fermo", "b": "Fermo", "farm": "Amandola", "abroad": "Lyon"}
    >>> regions = {"a": "Marche", "b": "Marche", "farm": "Marche", "abroad": "Rhône"}
    >>> nx.set_node_attributes(graph, towns, "place")
    >>> nx.set_node_attributes(graph, regions, "region")
    >>> linkage_balance(graph)
    LinkageBalance(Fermo: 33% local, 33% regional and 33% global; evenness 1.00)
    """
    place, inside = place_or_largest(graph, "linkage_balance", place)
    rows = []
    for one, other, data in graph.edges(data=True):
        if one in inside or other in inside:
            level = _reach(graph, one, other, data)
            rows.append((one, other, level, data.get("strength"), data.get("kind")))
    if not rows:
        raise ValueError(f"linkage_balance: no tie touches {place!r}, so that there is no balance.")
    found = pd.DataFrame(rows, columns=["one", "other", "level", "strength", "kind"])
    count = found["level"].value_counts().reindex(REACHES, fill_value=0)
    strength = found["strength"].astype(float)
    passed = strength.groupby(found["level"]).sum().reindex(REACHES, fill_value=0)
    ends = pd.concat(
        [
            found[["one", "level"]].set_axis(["node", "level"], axis=1),
            found[["other", "level"]].set_axis(["node", "level"], axis=1),
        ]
    )
    reached = ends[ends["node"].isin(inside)].drop_duplicates().groupby("level").size()
    share = count / count.sum()
    ties = pd.DataFrame(
        {
            "ties": count,
            "share": share,
            "strength": passed / strength.sum() if strength.notna().all() else math.nan,
            "firms": reached.reindex(REACHES, fill_value=0) / len(inside),
        }
    ).rename_axis("level")
    by_kind = pd.crosstab(found["kind"], found["level"])
    kinds = [kind for kind in KINDS if kind in by_kind.index]
    return LinkageBalance(
        place=place,
        ties=ties,
        kinds=by_kind.reindex(index=kinds, columns=REACHES, fill_value=0).rename_axis("kind"),
        evenness=evenness(count),
        missing=tuple(level for level in REACHES if not count[level]),
    )


def evenness(ties: pd.Series) -> float:
    """Return Shannon's entropy of three levels' shares of ties over its largest value, ln 3."""
    return float(entropy(ties, base=3))


def _reach(graph, one, other, data):
    """Return how far a tie goes: by its ends, which must not contradict what it says itself."""
    ends = graph.nodes[one], graph.nodes[other]
    told = data.get("reach")
    if ends[0]["place"] == ends[1]["place"] or all("region" in end for end in ends):
        derived = reach_between(*({"region": None} | end for end in ends))
        if told not in (None, derived):
            where = f"{ends[0]['place']!r} and {ends[1]['place']!r}"
            raise ValueError(
                f"linkage_balance: tie {one!r} → {other!r} says {told}, but its ends lie in "
                f"{where}, which makes it {derived}; correct the reach or the places."
            )
        return derived
    if told is None:
        lacks = one if "region" not in ends[0] else other
        raise ValueError(
            f"linkage_balance: tie {one!r} → {other!r} has no reach, and {lacks!r} no region from "
            "which it follows; add one of the two."
        )
    return told
