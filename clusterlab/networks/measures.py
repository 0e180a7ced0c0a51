"""Measure how a network holds together: from switching possibilities to small worlds."""

import inspect
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csgraph

from clusterlab.networks.graphs import groups, in_order, on_network, require, validate
from clusterlab.parameters import Seed, generator, whole

__all__ = [
    "centralisation",
    "core_periphery",
    "customers_per_supplier",
    "ei_index",
    "internal_ties",
    "reciprocity",
    "redundancy",
    "size_inequality",
    "specificity",
    "structure",
    "switching",
]


@on_network
def switching(graph: nx.DiGraph) -> float:
    """Return how many other suppliers a buyer could turn to for what one tie brings.

    Parameters
    ----------
    graph : networkx.DiGraph
        Needs ``product`` on nodes, ``kind`` and ``codified`` on ties.

    Returns
    -------
    float
        Alternative suppliers per tie of an average buyer; 0 where each product has one maker.

    Raises
    ------
    ValueError
        An attribute is missing, or the network has no supply ties.

    Notes
    -----
    Mean over buyers of the mean over their supply ties of :math:`z_{sb} (n_s - 1)`, with
    :math:`z_{sb}` the codified share of what supplier s hands to buyer b and :math:`n_s` the number
    of nodes with the same product, in use or not. What is not written down has to be learned again
    with a new partner, so it does not count. The operationalisation is ours; the argument is
    Sturgeon's (whitford-potter-2007, section 5.1).

    Examples
    --------
    >>> graph = nx.DiGraph()
    >>> graph.add_nodes_from("sS", product="nuts")
    >>> graph.add_node("b", product="cars")
    >>> graph.add_edge("s", "b", kind="supply", codified=0.5)
    >>> graph.add_edge("S", "b", kind="supply", codified=0.9)
    >>> switching(graph)
    0.7
    """
    ties = _supply(graph, "switching", nodes=["product"], ties=["codified"])
    makers = Counter(product for _, product in graph.nodes(data="product"))
    options: dict = defaultdict(list)
    for seller, buyer, data in ties:
        others = makers[graph.nodes[seller]["product"]] - 1
        options[buyer].append(data["codified"] * others)
    return float(np.mean([np.mean(each) for each in options.values()]))


@on_network
def specificity(graph: nx.DiGraph) -> float:
    r"""Return the asset specificity of suppliers: the share of capacity a lost customer strands.

    Parameters
    ----------
    graph : networkx.DiGraph
        Needs ``product`` on nodes, ``kind``, ``codified`` and ``strength`` on ties.

    Returns
    -------
    float
        Mean over suppliers, between 0 (everything redeployed) and 1 (all capacity in one tie that
        nobody else could use).

    Raises
    ------
    ValueError
        An attribute is missing, or the network has no supply ties.

    Notes
    -----
    For supplier s, :math:`\sum_b q_{sb}^2 (1 - z_{sb} a_{sb})`: a tie is lost with probability
    equal to its share :math:`q_{sb}` of the supplier's sales and strands that share, except for
    the codified part :math:`z_{sb}` where somebody else buys the same product
    (:math:`a_{sb} = 1`, else 0). Ours, after Sturgeon's argument (whitford-potter-2007,
    section 5.1).
    """
    ties = _supply(graph, "asset specificity", nodes=["product"], ties=["codified", "strength"])
    buyers: dict = defaultdict(set)
    sales: dict = defaultdict(float)
    for seller, buyer, data in ties:
        buyers[graph.nodes[seller]["product"]].add(buyer)
        sales[seller] += data["strength"]
    stranded: dict = dict.fromkeys(sales, 0.0)
    for seller, _, data in ties:
        elsewhere = len(buyers[graph.nodes[seller]["product"]]) > 1
        share = data["strength"] / sales[seller]
        stranded[seller] += share**2 * (1 - data["codified"] * elsewhere)
    return float(np.mean(list(stranded.values())))


@on_network
def customers_per_supplier(graph: nx.DiGraph) -> float:
    """Return how many customers a supplier has on average; 1 in a captive network.

    Needs ``kind`` on ties; counts the nodes that deliver to at least one.
    """
    ties = _supply(graph, "customers per supplier")
    return len(ties) / len({seller for seller, _, _ in ties})


@on_network
def reciprocity(graph: nx.DiGraph) -> float:
    """Return the share of ties that run back as well (ownership left aside where it is marked).

    Parameters
    ----------
    graph : networkx.Graph
        In an undirected graph each tie counts in both directions, so that all run back.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        A network without ties.

    Examples
    --------
    >>> reciprocity(nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")]))
    0.6666666666666666
    """
    ties = {(u, v) for u, v, kind in graph.edges(data="kind") if kind != "ownership"}
    if not ties:
        raise ValueError("reciprocity is not defined for a network without ties.")
    return sum((v, u) in ties for u, v in ties) / len(ties)


@on_network
def centralisation(graph: nx.DiGraph) -> float:
    r"""Return Freeman's degree centralisation: 1 for a star, 0 for a ring.

    Notes
    -----
    :math:`\sum_i (d_{max} - d_i) / [(n-1)(n-2)]` with :math:`d_i` the number of partners.

    References
    ----------
    Freeman (1978), Centrality in social networks, Social Networks 1(3).

    Examples
    --------
    >>> centralisation(nx.star_graph(9)), centralisation(nx.cycle_graph(9))
    (1.0, 0.0)
    """
    n = graph.number_of_nodes()
    if n < 3:
        raise ValueError(f"centralisation needs at least 3 nodes, found {n}.")
    degrees = np.array([d for _, d in _partners(graph).degree])
    return float((degrees.max() - degrees).sum() / ((n - 1) * (n - 2)))


@on_network
def ei_index(graph: nx.DiGraph, by: str = "place") -> float:
    """Return Krackhardt and Stern's E–I index: −1 where all ties stay within, +1 where all leave.

    Parameters
    ----------
    graph : networkx.Graph
        Needs the node attribute ``by``.
    by : str
        The attribute that says what is within.

    References
    ----------
    Krackhardt and Stern (1988), Informal networks and organizational crises, Social Psychology
    Quarterly 51(2).
    """
    group = groups(graph, f"E–I index by {by}", by)
    pairs = list(_partners(graph).edges)
    if not pairs:
        raise ValueError("the E–I index is not defined for a network without ties.")
    external = sum(group[u] != group[v] for u, v in pairs)
    return (2 * external - len(pairs)) / len(pairs)


@on_network
def redundancy(graph: nx.DiGraph) -> pd.Series:
    """Return for each node the share of its ties that lead to people who know each other anyway.

    Notes
    -----
    Burt's effective size of a node with n partners and t ties among them is :math:`n - 2t/n`;
    its redundancy is the rest as a share of n, :math:`2t/n^2`. Nodes without partners have none.

    References
    ----------
    Burt (1992), Structural Holes; Borgatti (1997) for the simplified formula.

    Examples
    --------
    >>> redundancy(nx.complete_graph(3)).tolist()
    [0.5, 0.5, 0.5]
    """
    flat = _partners(graph)
    closed = nx.triangles(flat)
    return pd.Series(
        {node: 2 * closed[node] / d**2 for node, d in flat.degree if d},
        name="redundancy",
        dtype=float,
    ).rename_axis("node")


@on_network
def size_inequality(graph: nx.DiGraph) -> float:
    """Return the Gini coefficient of node sizes: 0 for equal sizes; needs ``size`` on nodes."""
    require(graph, "size inequality", nodes=["size"])
    sizes = np.sort([size for _, size in graph.nodes(data="size")])
    n = len(sizes)
    return float((2 * np.arange(1, n + 1) - n - 1) @ sizes / (n * sizes.sum()))


@on_network
def internal_ties(graph: nx.DiGraph) -> float:
    """Return the share of ties that stay inside one owner; needs ``owner`` on nodes."""
    require(graph, "internal ties", nodes=["owner"])
    ends = [graph.nodes[u]["owner"] == graph.nodes[v]["owner"] for u, v in graph.edges]
    if not ends:
        raise ValueError("internal ties are not defined for a network without ties.")
    return sum(ends) / len(ends)


class CorePeriphery(NamedTuple):
    """How well a core and a periphery describe a network, and who is in the core."""

    fit: float
    core: tuple


@on_network
def core_periphery(graph: nx.DiGraph) -> CorePeriphery:
    """Fit Borgatti and Everett's discrete core–periphery pattern; a star fits exactly.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is left aside.

    Returns
    -------
    CorePeriphery
        ``fit``, the correlation between the ties and the pattern in which every pair that has
        at least one member in the core is tied, and ``core``, its members.

    Raises
    ------
    ValueError
        Fewer than 3 nodes, no ties, or all pairs tied: a pattern needs both ties and gaps.

    Notes
    -----
    The best core is searched greedily (the node that covers most ties left, next), then by
    exchanging members with outsiders while that raises the fit (up to 100 nodes
    from every core size and 20 random cores, up to 2,000 from the best one). The fit found is a
    lower bound; in the tests it equals full enumeration of 50 random networks with 8 nodes.

    References
    ----------
    Borgatti and Everett (1999), Models of core/periphery structures, Social Networks 21(4).

    Examples
    --------
    >>> core_periphery(nx.star_graph(5))
    CorePeriphery(fit=1.0, core=(0,))
    """
    flat = _partners(in_order(graph))
    names = list(flat)
    n, m = len(names), flat.number_of_edges()
    pairs = n * (n - 1) / 2
    if n < 3 or m in (0, pairs):
        raise ValueError(
            f"a core–periphery fit needs 3 nodes and both ties and gaps; found {n} nodes and "
            f"{m} of {pairs:.0f} possible ties."
        )
    ties = nx.to_scipy_sparse_array(flat, nodelist=names, format="csr", weight=None)
    covers = np.array([d for _, d in flat.degree])
    inside, covered = np.zeros(n, dtype=bool), 0.0
    found = []
    left = covers.astype(float)
    for size in range(1, n - 1):
        node = int(left.argmax())
        covered += left[node]
        inside[node], left[node] = True, -1
        around = ties.indices[ties.indptr[node] : ties.indptr[node + 1]]
        left[around] -= ~inside[around]
        found.append((_pattern_fit(covered, size, n, m), inside.copy()))
    best = max(found, key=lambda start: start[0])
    if n <= 2000:
        draw = np.random.default_rng(0)
        starts = [best]
        if n <= 100:
            random = [draw.permutation(n) < draw.integers(1, n - 1) for _ in range(20)]
            starts = found + [(-np.inf, start) for start in random]
        best = max((_exchange(ties, m, start) for start in starts), key=lambda end: end[0])
    return CorePeriphery(float(best[0]), tuple(names[i] for i in np.flatnonzero(best[1])))


def _pattern_fit(covered: float, size: int, n: int, m: int) -> float:
    pairs = n * (n - 1) / 2
    tied, wanted = m / pairs, 1 - (n - size) * (n - size - 1) / 2 / pairs
    spread = tied * (1 - tied) * wanted * (1 - wanted)
    return round((covered / pairs - tied * wanted) / math.sqrt(spread), 12)


def _exchange(ties, m, best):
    """Move one node, or swap two, while that raises the fit."""
    n = ties.shape[0]
    dense = ties.toarray().astype(bool)
    while True:
        fit, inside = best
        size = int(inside.sum())
        to_outside = dense[:, ~inside].sum(axis=1)  # ties to outsiders
        covered = to_outside[inside].sum() + dense[np.ix_(inside, inside)].sum() / 2
        core, rest = np.flatnonzero(inside), np.flatnonzero(~inside)
        moves = []
        if size > 1:
            out = core[to_outside[core].argmin()]
            moves.append((_pattern_fit(covered - to_outside[out], size - 1, n, m), [out]))
        if size < n - 2:
            new = rest[to_outside[rest].argmax()]
            moves.append((_pattern_fit(covered + to_outside[new], size + 1, n, m), [new]))
        gains = to_outside[rest][None, :] - to_outside[core][:, None] + dense[np.ix_(core, rest)]
        i, j = np.unravel_index(gains.argmax(), gains.shape)
        moves.append((_pattern_fit(covered + gains[i, j], size, n, m), [core[i], rest[j]]))
        found, flips = max(moves, key=lambda move: move[0])
        if found <= fit:
            return best
        changed = inside.copy()
        changed[flips] = ~changed[flips]
        best = found, changed


def structure(
    graph: nx.Graph, measures: Sequence[str] | None = None, *, sample: int = 2000, seed: Seed = 0
) -> pd.DataFrame:
    r"""Measure a network: one row a measure, with its value, its error and a sentence.

    Parameters
    ----------
    graph : networkx.Graph
        A network in the vocabulary of `clusterlab.networks.vocabulary`.
    measures : sequence of str, optional
        Names of the measures wanted; by default all. A measure asked for by name raises where the
        network lacks what it needs; otherwise its row says what is lacking.
    sample : int
        Mean path length starts from at most this many nodes, drawn at random; then ``error`` is
        its standard error. Everything else is exact.
    seed : int or numpy.random.Generator
        For that draw and for the search for modules.

    Returns
    -------
    pandas.DataFrame
        Indexed by measure: ``value``, ``error`` (0 where exact) and ``sentence``. A value that is
        not defined for this network is NaN, and the sentence says why.

    Raises
    ------
    ValueError
        A graph that `validate` refuses, an unknown measure, or one whose attributes are missing.

    Notes
    -----
    *Modularity* is Newman's Q of the modules Louvain finds. *Small world* is
    :math:`(C/C_0)/(L/L_0)`, clustering and mean path length against a random network of equal
    size and density, :math:`C_0 = \langle k \rangle/(n-1)` and
    :math:`L_0 = (\ln n - 0.5772)/\ln \langle k \rangle + 1/2` (Fronczak and others 2004). Paths
    are taken within the largest connected part. Clustering, triangles and modules are networkx
    functions: a faster backend, where one is installed and named in
    ``networkx.config.backend_priority``, is used by them.

    Examples
    --------
    >>> structure(nx.star_graph(9), ["centralisation", "clustering"])["value"].tolist()
    [1.0, 0.0]
    """
    network = in_order(validate(graph, what="structure"))
    if isinstance(measures, str):
        raise ValueError(f"structure: measures is {measures!r}, but it must be a list of names.")
    asked = list(_MEASURES) if measures is None else list(measures)
    unknown = [name for name in asked if name not in _MEASURES]
    if unknown:
        raise ValueError(f"structure knows no {unknown[0]!r}; it has {', '.join(_MEASURES)}.")
    around = _Context(network, whole("sample", sample, 2), generator(seed))
    rows = {}
    for name in asked:
        try:
            value, error, sentence = _MEASURES[name](around)
        except ValueError as problem:
            if measures is not None:
                raise
            value, error, sentence = math.nan, math.nan, f"Not measured: {problem}"
        rows[name] = {"value": value, "error": error, "sentence": sentence}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


class _Context:
    """A network with what several measures share, computed once."""

    def __init__(self, network: nx.DiGraph, sample: int, rng: np.random.Generator) -> None:
        self.network, self.flat = network, _partners(network)
        self.sample, self.rng = sample, rng
        self._clustering: float | None = None

    def clustering(self) -> float:
        if self._clustering is None:
            self._clustering = float(np.mean(list(nx.clustering(self.flat).values())))
        return self._clustering

    def paths(self) -> tuple[float, float, int, int]:
        """Return the mean path length in the largest part, its error, that part's size, sources."""
        part = max(nx.connected_components(self.flat), key=len)
        n = len(part)
        if n < 2:
            raise ValueError("paths are not defined for a network without ties.")
        ties = nx.to_scipy_sparse_array(
            self.flat, nodelist=[v for v in self.flat if v in part], format="csr", weight=None
        )
        few = min(self.sample, n)
        start = np.sort(self.rng.choice(n, few, replace=False))
        means = csgraph.shortest_path(ties, unweighted=True, indices=start).sum(axis=1) / (n - 1)
        error = 0.0 if few == n else means.std(ddof=1) * math.sqrt((1 - few / n) / few)
        return float(means.mean()), float(error), n, few


def _say(words: str, compute: Callable[[nx.DiGraph], float]) -> Callable:
    measure = inspect.unwrap(compute)  # the network has been validated

    def row(around: _Context) -> tuple[float, float, str]:
        value = float(measure(around.network))
        return value, 0.0, words.format(value, abs(value))

    return row


def _clustering_row(around: _Context) -> tuple[float, float, str]:
    value = around.clustering()
    return value, 0.0, f"Two partners of a node are tied to each other in {value:.0%} of cases."


def _modularity_row(around: _Context) -> tuple[float, float, str]:
    if not around.flat.number_of_edges():
        raise ValueError("modularity is not defined for a network without ties.")
    parts = nx.community.louvain_communities(around.flat, weight=None, seed=_seed(around.rng))
    value = float(nx.community.modularity(around.flat, parts, weight=None))
    return (
        value,
        0.0,
        f"It falls into {len(parts)} modules; Q, ties within beyond chance, is {value:.2f}.",
    )


def _path_row(around: _Context) -> tuple[float, float, str]:
    value, error, n, few = around.paths()
    total = len(around.flat)
    within = "" if n == total else f" (within the largest part, {n} of {total} nodes)"
    how = "" if few == n else f", ± {error:.3f} from {few} starting nodes"
    return value, error, f"Two nodes are {value:.2f} steps apart on average{how}{within}."


def _small_world_row(around: _Context) -> tuple[float, float, str]:
    n, m = len(around.flat), around.flat.number_of_edges()
    mean_degree = 2 * m / n
    if mean_degree <= 1:
        raise ValueError(
            f"the small-world measure needs more than one tie per node on average, found "
            f"{mean_degree:.2f}."
        )
    length, error, _, _ = around.paths()
    random_length = (math.log(n) - np.euler_gamma) / math.log(mean_degree) + 0.5
    value = around.clustering() / (mean_degree / (n - 1)) * random_length / length
    words = f"Clustering over path length is {value:.1f} times that of a random network."
    return float(value), float(value * error / length), words


def _core_row(around: _Context) -> tuple[float, float, str]:
    fit, core = inspect.unwrap(core_periphery)(around.network)
    words = f"A core of {len(core)} and a periphery describe it with correlation {fit:.2f}."
    return fit, 0.0, words


def _reach_row(around: _Context) -> tuple[float, float, str]:
    require(around.network, "global reach", ties=["reach"])
    reaches = [reach for _, _, reach in around.network.edges(data="reach")]
    if not reaches:
        raise ValueError("global reach is not defined for a network without ties.")
    value = reaches.count("global") / len(reaches)
    return value, 0.0, f"{value:.0%} of ties leave the region."


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))


_MEASURES: dict[str, Callable] = {
    "switching": _say("For a supply tie a buyer has {:.1f} other suppliers to turn to.", switching),
    "asset specificity": _say("Losing a customer strands {:.0%} of a supplier.", specificity),
    "customers per supplier": _say("A supplier has {:.1f} customers.", customers_per_supplier),
    "reciprocity": _say("{:.0%} of ties run back as well.", reciprocity),
    "centralisation": _say("Centralisation is {:.2f}: 1 is a star, 0 a ring.", centralisation),
    "modularity": _modularity_row,
    "E–I index": _say("E–I is {:+.2f}: −1 all ties stay in a place, +1 all leave it.", ei_index),
    "clustering": _clustering_row,
    "redundancy": _say(
        "{:.0%} of a node's ties lead where another tie leads anyway.",
        lambda graph: (
            inspect.unwrap(redundancy)(graph).mean() if graph.number_of_edges() else _no_ties()
        ),
    ),
    "core–periphery fit": _core_row,
    "path length": _path_row,
    "small world": _small_world_row,
    "internal ties": _say("{:.0%} of ties stay inside one owner.", internal_ties),
    "size inequality": _say("The Gini coefficient of sizes is {:.2f}.", size_inequality),
    "global reach": _reach_row,
}


def _no_ties() -> float:
    raise ValueError("redundancy is not defined for a network without ties.")


def _partners(graph: nx.Graph) -> nx.Graph:
    """Return who is tied to whom, whatever the direction."""
    flat = nx.Graph()
    flat.add_nodes_from(graph)
    flat.add_edges_from((u, v) for u, v in graph.edges if u != v)
    return flat


def _supply(
    graph: nx.DiGraph, measure: str, *, nodes: Sequence[str] = (), ties: Sequence[str] = ()
) -> list[tuple]:
    """Return the supply ties, once the attributes a measure needs are there."""
    require(graph, measure, ties=["kind"])
    found = [(u, v, data) for u, v, data in graph.edges(data=True) if data["kind"] == "supply"]
    if not found:
        raise ValueError(f"{measure} needs supply ties; the network has none.")
    delivered = graph.edge_subgraph((u, v) for u, v, _ in found)
    sellers = graph.subgraph({u for u, _, _ in found})
    require(sellers, measure, nodes=nodes)
    require(delivered, measure, ties=ties)
    return found
