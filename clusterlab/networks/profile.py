"""Which type of governance a network resembles, and how sure that is."""

from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd

from clusterlab.networks.governance import GOVERNANCE_TYPES, generate
from clusterlab.networks.graphs import in_order, on_network, require
from clusterlab.networks.measures import MEASURES, structure
from clusterlab.parameters import Seed, generator, whole
from clusterlab.results import Result

#: Measures that tell types apart; the others follow from these or hang on the size.
_FEATURES = [
    name for name in MEASURES if name not in ("core–periphery fit", "path length", "small world")
]


@dataclass(frozen=True, repr=False)
class Profile(Result):
    """How near a network is to each type of governance.

    Attributes
    ----------
    types : pandas.DataFrame
        Indexed by type, nearest first: ``similarity`` (1 is equal), its 90 % interval ``low`` and
        ``high``, and ``first``, the share of replicates in which the type is the nearest.
    features : pandas.DataFrame
        Indexed by measure: the network's ``value`` and the mean of each type's networks.
    """

    types: pd.DataFrame
    features: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return the table of types."""
        return self.types

    def __repr__(self) -> str:
        top = self.types.iloc[:2]
        shares = ", ".join(f"{name} {row['first']:.0%}" for name, row in top.iterrows())
        return f"Profile(nearest: {shares}; {len(self.features)} measures)"


@on_network
def closest_types(
    graph: nx.DiGraph, *, per_type: int = 20, replicates: int = 500, seed: Seed = 0
) -> Profile:
    r"""Compare a network with constructed networks of each type that are as large.

    Parameters
    ----------
    graph : networkx.Graph
        In the vocabulary. Measures whose attributes it lacks are left out, and the result lists
        those that were used. Where no tie has a ``kind``, all are taken as supply to tell tiers
        apart.
    per_type : int
        Constructed networks of each type.
    replicates : int
        Times the comparison is repeated with other constructed networks and measures.
    seed : int or numpy.random.Generator
        The same seed gives the same comparison.

    Returns
    -------
    Profile

    Raises
    ------
    ValueError
        A graph that `validate` refuses, one without supply ties, a ``kind`` that some ties have
        and others lack, or fewer than three measures to compare by.

    See Also
    --------
    structure : the measures compared.
    generate : the networks compared with.

    Notes
    -----
    Gower similarity: one minus the mean over measures of the distance to a type's network, divided
    by the range of that measure over all networks compared. Each replicate draws one network per
    type and as many measures as there are, with replacement. The types are constructed
    (`generate`), so a similarity says which description fits, not how a network came about.

    Examples
    --------
    >>> closest_types(generate("captive", seed=4), per_type=5).types.index[0]
    'captive'
    """
    network, rng = in_order(graph), generator(seed)
    per_type, replicates = whole("per_type", per_type, 1), whole("replicates", replicates, 1)
    tiers = _tiers(network)
    own = structure(network, seed=0)["value"].reindex(_FEATURES).dropna()
    if len(own) < 3:
        raise ValueError(
            f"closest_types: only {len(own)} measures can be taken ({', '.join(own.index)}); "
            "give more attributes."
        )
    names = list(own.index)
    seeds = rng.integers(2**31, size=(len(GOVERNANCE_TYPES), per_type))
    known = np.array(
        [
            [structure(generate(kind, **tiers, seed=int(s)), names, seed=0)["value"] for s in each]
            for kind, each in zip(GOVERNANCE_TYPES, seeds, strict=True)
        ]
    )  # types x networks x measures
    spread = np.ptp(np.concatenate([known.reshape(-1, len(names)), own.to_numpy()[None]]), axis=0)
    used = spread > 0
    gaps = np.abs(known - own.to_numpy())[..., used] / spread[used]
    # each replicate: one network a type, and measures drawn with replacement (a bootstrap)
    drawn = rng.integers(0, per_type, (replicates, len(GOVERNANCE_TYPES), 1))
    picked = rng.integers(0, used.sum(), (replicates, 1, used.sum()))
    similar = 1 - gaps[np.arange(len(GOVERNANCE_TYPES))[None, :, None], drawn, picked].mean(axis=2)
    low, high = np.quantile(similar, [0.05, 0.95], axis=0)
    nearest = similar.argmax(axis=1).astype(np.intp, copy=False)
    first = np.bincount(nearest, minlength=len(GOVERNANCE_TYPES)) / replicates
    types = pd.DataFrame(
        {"similarity": 1 - gaps.mean(axis=(1, 2)), "low": low, "high": high, "first": first},
        pd.Index(GOVERNANCE_TYPES, name="type"),
    ).sort_values(["first", "similarity"], ascending=False)
    features = pd.DataFrame(known.mean(axis=1).T, own.index, GOVERNANCE_TYPES)
    features.insert(0, "value", own)
    return Profile(types=types, features=features)


def _tiers(network: nx.DiGraph) -> dict:
    """Return the size of each tier, from who supplies whom."""
    said = any("kind" in data for *_, data in network.edges(data=True))
    if said:
        require(network, "closest_types", ties=["kind"])
    ties = network.edges(data="kind", default="supply")
    supply = nx.DiGraph([(u, v) for u, v, kind in ties if kind == "supply"])
    if not supply:
        raise ValueError("closest_types needs ties of kind 'supply'; the network has none.")
    leads = {node for node in supply if not supply.out_degree(node)} or {
        max(supply, key=supply.in_degree)
    }
    first = {seller for lead in leads for seller in supply.predecessors(lead)} - leads
    rest = len(supply) - len(leads) - len(first)
    suppliers = max(len(first), 2)
    products = {network.nodes[node].get("product") for node in first} - {None}
    return {
        "leads": min(max(len(leads), 2), suppliers),
        "suppliers": suppliers,
        "components": rest,
        "inputs": max(1, min(len(products) or 3, suppliers)),
    }
