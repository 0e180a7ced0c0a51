"""Measure how a network holds together: from switching possibilities to small worlds."""

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csgraph

from clusterlab import agglomeration
from clusterlab.networks.graphs import groups, in_order, on_network, require, validate
from clusterlab.parameters import Seed, generator, whole


@on_network
def centralisation(graph: nx.DiGraph) -> float:
    r"""Return Freeman's degree centralisation: 1 for a star, 0 for a ring.

    Parameters
    ----------
    graph : networkx.Graph
        At least 3 nodes; direction is left aside.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        A graph that `validate` refuses, or fewer than 3 nodes.

    See Also
    --------
    core_periphery_fit : how well a whole core, not one node, describes a network.
    structure : this and other measures at once.

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
    return _centralisation(_Context(graph))


@on_network
def ei_index(graph: nx.DiGraph, by: str = "place") -> float:
    """Return Krackhardt and Stern's E–I index: −1 where all ties stay within, +1 where all leave.

    Parameters
    ----------
    graph : networkx.Graph
        Needs the node attribute ``by``.
    by : str
        The attribute that says what is within.

    Returns
    -------
    float
        External less internal pairs of partners, as a share of all.

    Raises
    ------
    ValueError
        A graph that `validate` refuses, a missing attribute, or no ties.

    See Also
    --------
    structure : this and other measures at once.

    References
    ----------
    Krackhardt and Stern (1988), Informal networks and organizational crises, Social Psychology
    Quarterly 51(2).

    Examples
    --------
    >>> graph = nx.Graph([("a", "b"), ("b", "c"), ("c", "d")])
    >>> nx.set_node_attributes(graph, {"a": "p", "b": "p", "c": "q", "d": "q"}, "place")
    >>> round(ei_index(graph), 4)  # one of three ties leaves its place
    -0.3333
    """
    return _ei_index(_Context(graph), by)


class CoreFit(NamedTuple):
    """How well a core and a periphery describe a network, and who is in the core.

    Attributes
    ----------
    fit : float
        Correlation between the ties and the pattern.
    core : tuple
        The members of the core.
    """

    fit: float
    core: tuple


@on_network
def core_periphery_fit(graph: nx.DiGraph) -> CoreFit:
    """Fit Borgatti and Everett's discrete core–periphery pattern; a star fits exactly.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is left aside.

    Returns
    -------
    CoreFit
        ``fit``, the correlation between the ties and the pattern in which every pair that has
        at least one member in the core is tied, and ``core``, its members.

    Raises
    ------
    ValueError
        Fewer than 3 nodes, no ties, or all pairs tied: a pattern needs both ties and gaps.

    See Also
    --------
    centralisation : how far one node alone is the core.

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
    >>> core_periphery_fit(nx.star_graph(5))
    CoreFit(fit=1.0, core=(0,))
    """
    return _fitted_core(_Context(in_order(graph)).flat)


def _fitted_core(flat: nx.Graph) -> CoreFit:
    names = list(flat)
    n, m = len(names), flat.number_of_edges()
    pairs = n * (n - 1) / 2
    if n < 3 or m in (0, pairs):
        raise ValueError(
            f"a core–periphery fit needs 3 nodes and both ties and gaps; found {n} nodes and "
            f"{m} of {pairs:.0f} possible ties."
        )
    ties = nx.to_scipy_sparse_array(flat, nodelist=names, format="csr", weight=None)
    left = np.array([d for _, d in flat.degree], dtype=float)
    joined, covered = np.full(n, n), 0.0  # with which size each node enters the core
    found = []
    for size in range(1, n - 1):  # greedy: next, the node that covers most ties not covered yet
        node = int(left.argmax())
        covered += left[node]
        joined[node], left[node] = size, -1
        around = ties.indices[ties.indptr[node] : ties.indptr[node + 1]]
        left[around] -= joined[around] == n
        found.append((_pattern_fit(covered, size, n, m), size))
    fit, size = max(found, key=lambda start: start[0])
    best = fit, joined <= size
    if n <= 2000:
        draw = np.random.default_rng(0)
        starts = [best]
        if n <= 100:
            starts = [(fit, joined <= size) for fit, size in found]
            starts += [(-np.inf, draw.permutation(n) < draw.integers(1, n - 1)) for _ in range(20)]
        best = max((_exchange(ties, m, start) for start in starts), key=lambda end: end[0])
    return CoreFit(fit=float(best[0]), core=tuple(names[i] for i in np.flatnonzero(best[1])))


def _pattern_fit(covered: float, size: int, n: int, m: int) -> float:
    # Pearson's correlation of two 0/1 lists over all pairs: who is tied, and who the pattern wants
    # tied (all but the pairs outside the core); both means are shares, "covered" is their overlap.
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
        # swapped: the new member covers its ties to outsiders, the other uncovers its own, and a
        # tie between the two, taken off with these, stays covered
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

    See Also
    --------
    closest_types : compares these measures with those of each type of governance.
    centralisation, ei_index, core_periphery_fit : single measures.

    Notes
    -----
    The measures, and the attributes they need:

    *switching* (``product`` on nodes, ``kind`` and ``codified`` on ties)
        How many other suppliers a buyer could turn to for what one tie brings: the mean over buyers
        of the mean over their supply ties of :math:`z_{sb} (n_s - 1)`, with :math:`z_{sb}` the
        codified share of what supplier s hands to buyer b and :math:`n_s` the number of nodes with
        the same product, in use or not. What is not written down has to be learned again with a new
        partner, so it does not count. The operationalisation is ours; the argument is Sturgeon's
        (whitford-potter-2007, section 5.1).
    *asset specificity* (the same, and ``strength`` on ties)
        The share of capacity that a lost customer strands, a mean over suppliers between 0
        (everything redeployed) and 1 (all capacity in one tie that nobody else could use). For
        supplier s, :math:`\sum_b q_{sb}^2 (1 - z_{sb} a_{sb})`: a tie is lost with probability
        equal to its share :math:`q_{sb}` of the supplier's sales and strands that share, except for
        the codified part where somebody else buys the same product (:math:`a_{sb} = 1`, else 0).
        Ours, after the same argument.
    *customers per supplier* (``kind``)
        Over the nodes that deliver to at least one; 1 in a captive network.
    *reciprocity*
        The share of ties that run back as well; ownership is left aside where it is marked.
    *centralisation*
        Freeman's, see `centralisation`.
    *modularity*
        Newman's Q of the modules Louvain finds.
    *E–I index* (``place``)
        See `ei_index`.
    *clustering*
        Mean clustering coefficient.
    *redundancy*
        Burt's effective size of a node with n partners and t ties among them is :math:`n - 2t/n`;
        its redundancy is the rest as a share of n, :math:`2t/n^2`; the mean over nodes with
        partners.
    *core–periphery fit*
        See `core_periphery_fit`.
    *path length*
        Mean number of steps between two nodes of the largest connected part.
    *small world*
        :math:`(C/C_0)/(L/L_0)`, clustering and mean path length against a random network of equal
        size and density, :math:`C_0 = \langle k \rangle/(n-1)` and
        :math:`L_0 = (\ln n - 0.5772)/\ln \langle k \rangle + 1/2` (Fronczak and others 2004).
    *internal ties* (``owner``)
        The share of ties that stay inside one owner.
    *size inequality* (``size``)
        The Gini coefficient of sizes: 0 for equal sizes.
    *global reach* (``reach``)
        The share of ties that leave the region.

    Clustering, triangles and modules are networkx functions: a faster backend, where one is
    installed and named in ``networkx.config.backend_priority``, is used by them.

    References
    ----------
    Burt (1992), Structural Holes; Borgatti (1997) for the simplified formula of redundancy.

    Examples
    --------
    >>> structure(nx.star_graph(9), ["centralisation", "clustering"])["value"].tolist()
    [1.0, 0.0]
    """
    network = in_order(validate(graph, what="structure"))
    if isinstance(measures, str) or not isinstance(measures, Iterable | None):
        raise ValueError(f"structure: measures is {measures!r}, but it must be a list of names.")
    asked = list(MEASURES) if measures is None else list(measures)
    unknown = [name for name in asked if not isinstance(name, str) or name not in MEASURES]
    if unknown:
        raise ValueError(f"structure knows no {unknown[0]!r}; it has {', '.join(MEASURES)}.")
    around = _Context(network, whole("sample", sample, 2), generator(seed))
    rows = []
    for name in asked:
        measure, words = MEASURES[name]
        try:
            found = measure(around)
        except ValueError as problem:
            if measures is not None:
                raise
            rows.append((math.nan, math.nan, f"Not measured: {problem}"))
            continue
        value, error, more = found if isinstance(found, tuple) else (found, 0.0, {})
        rows.append((float(value), float(error), words.format(value, **more)))
    index = pd.Index(asked, name="measure", dtype=object)
    return pd.DataFrame(rows, index, ["value", "error", "sentence"])


class _Context:
    """A network with what several measures share, computed once."""

    def __init__(self, network: nx.DiGraph, sample: int = 2, rng: Any = None) -> None:
        self.network, self.sample, self.rng = network, sample, rng
        self.flat = nx.Graph()  # who is tied to whom, whatever the direction
        self.flat.add_nodes_from(network)
        self.flat.add_edges_from(network.edges)

    def some_ties(self, what: str) -> int:
        """Return the number of pairs that are tied, or say that a measure needs some."""
        if not self.flat.number_of_edges():
            raise ValueError(f"{what} not defined for a network without ties.")
        return self.flat.number_of_edges()

    @functools.cached_property
    def clustering(self) -> float:
        return float(np.mean(list(nx.clustering(self.flat).values())))

    @functools.cached_property
    def paths(self) -> tuple[float, float, int, int]:
        """Return the mean path length in the largest part, its error, that part's size, sources."""
        part = max(nx.connected_components(self.flat), key=len)
        n = len(part)
        if n < 2:
            raise ValueError("paths are not defined for a network without ties.")
        inside = [v for v in self.flat if v in part]
        ties = nx.to_scipy_sparse_array(self.flat, nodelist=inside, weight=None)
        # SciPy 1.14 searches along 32 bits only
        ties.indices, ties.indptr = ties.indices.astype(np.int32), ties.indptr.astype(np.int32)
        few = min(self.sample, n)
        start = np.sort(self.rng.choice(n, few, replace=False))
        means = csgraph.shortest_path(ties, unweighted=True, indices=start).sum(axis=1) / (n - 1)
        # of a sample without putting back: nothing is uncertain when all are drawn
        error = 0.0 if few == n else means.std(ddof=1) * math.sqrt((1 - few / n) / few)
        return float(means.mean()), float(error), n, few

    def supply(
        self, measure: str, *, nodes: Sequence[str] = (), ties: Sequence[str] = ()
    ) -> list[tuple]:
        """Return the supply ties, once the attributes a measure needs are there."""
        require(self.network, measure, ties=["kind"])
        found = [tie for tie in self.network.edges(data=True) if tie[2]["kind"] == "supply"]
        if not found:
            raise ValueError(f"{measure} needs supply ties; the network has none.")
        require(self.network.subgraph({u for u, _, _ in found}), measure, nodes=nodes)
        require(self.network.edge_subgraph((u, v) for u, v, _ in found), measure, ties=ties)
        return found


#: What computes a measure, and how its value is said.
MEASURES: dict[str, tuple[Callable[[_Context], Any], str]] = {}


def _row(name: str, words: str) -> Callable[[Callable], Callable]:
    """Make a kernel a row of `structure`; one that returns a tuple brings error and words."""

    def listed(kernel: Callable) -> Callable:
        MEASURES[name] = kernel, words
        return kernel

    return listed


@_row("switching", "For a supply tie a buyer has {:.1f} other suppliers to turn to.")
def _switching(around: _Context) -> float:
    product = around.network.nodes(data="product")
    makers = Counter(made for _, made in product)
    options: dict = defaultdict(list)
    for seller, buyer, data in around.supply("switching", nodes=["product"], ties=["codified"]):
        options[buyer].append(data["codified"] * (makers[product[seller]] - 1))
    return float(np.mean([np.mean(each) for each in options.values()]))


@_row("asset specificity", "Losing a customer strands {:.0%} of a supplier.")
def _specificity(around: _Context) -> float:
    product = around.network.nodes(data="product")
    ties = around.supply("asset specificity", nodes=["product"], ties=["codified", "strength"])
    buyers: dict = defaultdict(set)
    sales: dict = defaultdict(float)
    for seller, buyer, data in ties:
        buyers[product[seller]].add(buyer)
        sales[seller] += data["strength"]
    stranded: dict = dict.fromkeys(sales, 0.0)
    for seller, _, data in ties:
        elsewhere = len(buyers[product[seller]]) > 1
        share = data["strength"] / sales[seller]
        # lost with chance "share", and then "share" of capacity: hence the square
        stranded[seller] += share**2 * (1 - data["codified"] * elsewhere)
    return float(np.mean(list(stranded.values())))


@_row("customers per supplier", "A supplier has {:.1f} customers.")
def _customers(around: _Context) -> float:
    ties = around.supply("customers per supplier")
    return len(ties) / len({seller for seller, _, _ in ties})


@_row("reciprocity", "{:.0%} of ties run back as well.")
def _reciprocity(around: _Context) -> float:
    ties = {(u, v) for u, v, kind in around.network.edges(data="kind") if kind != "ownership"}
    if not ties:
        raise ValueError("reciprocity is not defined for a network without ties.")
    return sum((v, u) in ties for u, v in ties) / len(ties)


@_row("centralisation", "Centralisation is {:.2f}: 1 is a star, 0 a ring.")
def _centralisation(around: _Context) -> float:
    n = len(around.flat)
    if n < 3:
        raise ValueError(f"centralisation needs at least 3 nodes, found {n}.")
    degrees = np.array([d for _, d in around.flat.degree])
    return float((degrees.max() - degrees).sum() / ((n - 1) * (n - 2)))


@_row("modularity", "It falls into {parts} modules; Q, ties within beyond chance, is {:.2f}.")
def _modularity(around: _Context) -> tuple:
    around.some_ties("modularity is")
    seed = int(around.rng.integers(2**31))
    parts = nx.community.louvain_communities(around.flat, weight=None, seed=seed)
    value = nx.community.modularity(around.flat, parts, weight=None)
    return value, 0.0, {"parts": len(parts)}


@_row("E–I index", "E–I is {:+.2f}: −1 all ties stay in a place, +1 all leave it.")
def _ei_index(around: _Context, by: str = "place") -> float:
    group = groups(around.network, "E–I index", by)
    pairs = around.some_ties("the E–I index is")
    external = sum(group[u] != group[v] for u, v in around.flat.edges)
    return (2 * external - pairs) / pairs


@_row("clustering", "Two partners of a node are tied to each other in {:.0%} of cases.")
def _clustering(around: _Context) -> float:
    return around.clustering


def _redundancy(around: _Context) -> pd.Series:
    """Return for each node with partners the share of its ties that lead where others lead."""
    around.some_ties("redundancy is")
    closed = nx.triangles(around.flat)
    return pd.Series({node: 2 * closed[node] / d**2 for node, d in around.flat.degree if d})


@_row("redundancy", "{:.0%} of a node's ties lead where another tie leads anyway.")
def _mean_redundancy(around: _Context) -> float:
    return _redundancy(around).mean()


@_row("core–periphery fit", "A core of {core} and a periphery describe it with correlation {:.2f}.")
def _core_fit(around: _Context) -> tuple:
    fit, core = _fitted_core(around.flat)
    return fit, 0.0, {"core": len(core)}


@_row("path length", "Two nodes are {:.2f} steps apart on average{how}.")
def _path_length(around: _Context) -> tuple:
    value, error, n, few = around.paths
    total = len(around.flat)
    within = "" if n == total else f" (within the largest part, {n} of {total} nodes)"
    how = "" if few == n else f", ± {error:.3f} from {few} starting nodes"
    return value, error, {"how": how + within}


@_row("small world", "Clustering over path length is {:.1f} times that of a random network.")
def _small_world(around: _Context) -> tuple:
    n, mean_degree = len(around.flat), 2 * around.flat.number_of_edges() / len(around.flat)
    if mean_degree <= 1:
        raise ValueError(
            f"the small-world measure needs more than one tie per node on average, found "
            f"{mean_degree:.2f}."
        )
    length, error, _, _ = around.paths
    random_length = (math.log(n) - np.euler_gamma) / math.log(mean_degree) + 0.5
    value = around.clustering / (mean_degree / (n - 1)) * random_length / length
    return value, value * error / length, {}


@_row("internal ties", "{:.0%} of ties stay inside one owner.")
def _internal_ties(around: _Context) -> float:
    owner = groups(around.network, "internal ties", "owner")
    around.some_ties("internal ties are")
    return float(np.mean([owner[u] == owner[v] for u, v in around.network.edges]))


@_row("size inequality", "The Gini coefficient of sizes is {:.2f}.")
def _size_inequality(around: _Context) -> float:
    require(around.network, "size inequality", nodes=["size"])
    return agglomeration.gini([size for _, size in around.network.nodes(data="size")])


@_row("global reach", "{:.0%} of ties leave the region.")
def _global_reach(around: _Context) -> float:
    require(around.network, "global reach", ties=["reach"])
    around.some_ties("global reach is")
    reaches = [reach for *_, reach in around.network.edges(data="reach")]
    return reaches.count("global") / len(reaches)
