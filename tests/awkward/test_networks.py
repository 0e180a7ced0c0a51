"""Awkward graphs and arguments of the topic networks and of what shows a network."""

import inspect
import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab import networks, style
from clusterlab.districts.network import _anchor
from clusterlab.networks import dressed, widgets
from clusterlab.views.graph import draw_graph, graph_view, layout

#: Every public function of a graph, called as a reader would.
MEASURES = {
    name: function
    for name in networks.__all__
    if callable(function := getattr(networks, name))
    and next(iter(inspect.signature(function).parameters), "") == "graph"
    and name != "require"
}
#: Measures of `structure` that were functions of their own when they were tried.
ROWS = {
    "customers_per_supplier": "customers per supplier",
    "internal_ties": "internal ties",
    "reciprocity": "reciprocity",
    "redundancy": "redundancy",
    "size_inequality": "size inequality",
    "specificity": "asset specificity",
    "switching": "switching",
}
CALLS = {name: (lambda g, f=function: f(g)) for name, function in MEASURES.items()} | {
    **{name: lambda g, row=row: networks.structure(g, [row]) for name, row in ROWS.items()},
    "spread": lambda g: networks.spread(g, ["a"], replicates=3, periods=2),
    "closest_types": lambda g: networks.closest_types(g, per_type=2, replicates=5),
    "who_stops": lambda g: networks.who_stops(g, []).map(len),
    "require": lambda g: networks.require(g, "size inequality", nodes=["size"]),
    "anchor_owner": lambda g: _anchor(networks.validate(g)),
}
#: What shows a network: it reads sizes, roles, owners and kinds, and gets by without them.
SHOWN = {
    "graph_view": lambda g: graph_view(dressed(g)),
    "plot_network": lambda g: widgets._plot_network(g, ax=style.figure()[1][0]),
    "draw_graph": lambda g: draw_graph(dressed(g)),
    "layout": layout,
    "network": widgets.network,
}


def whole():
    """Return a small network with every attribute."""
    graph = nx.DiGraph()
    for node, size in zip("abcde", (900, 30, 20, 10, 5), strict=True):
        graph.add_node(
            node,
            role="supplier",
            place="p" if node < "d" else "q",
            region="r",
            size=size,
            owner=node,
            product="x" if node in "bc" else node,
        )
    for pair in ("ba", "ca", "db", "ec", "ad", "ab"):
        kind = "knowledge" if pair == "ab" else "supply"
        graph.add_edge(*pair, kind=kind, codified=0.5, strength=2.0, reach="local")
    return graph


def with_node(**attributes):
    graph = whole()
    graph.nodes["c"].update(attributes)
    return graph


def with_tie(**attributes):
    graph = whole()
    graph.edges["b", "a"].update(attributes)
    return graph


def with_loop():
    graph = whole()
    graph.add_edge("b", "b", kind="supply", codified=0.5, strength=1.0, reach="local")
    return graph


#: Graphs that no function of a network may take: each with what the sentence must name.
NO_NETWORK = {
    "None": (None, "NoneType"),
    "list": ([("a", "b")], "list"),
    "DataFrame": (pd.DataFrame({"source": ["a"], "target": ["b"]}), "DataFrame"),
    "array": (np.eye(3), "ndarray"),
    "text": ("ties.csv", "str"),
    "empty": (nx.DiGraph(), "empty"),
    "empty undirected": (nx.Graph(), "empty"),
    "multigraph": (nx.MultiDiGraph([("a", "b"), ("a", "b")]), "multigraph"),
    "undirected multigraph": (nx.MultiGraph([("a", "b")]), "multigraph"),
    "self loop": (with_loop(), "'b' is tied to itself"),
    "nameless": (nx.DiGraph([("a", float("nan"))]), "named nan"),
}
#: Values outside the vocabulary, on a node or a tie that is named.
SPOILT = {
    **{
        f"size {value!r}": (with_node(size=value), rf"node 'c' has size {shown}")
        for value, shown in (
            ("12", "'12'"),
            (None, "None"),
            (float("nan"), "nan"),
            (float("inf"), "inf"),
            (0, "0"),
            (-3, "-3"),
            (True, "True"),
            (1 + 2j, r"\(1\+2j\)"),
            ([3], r"\[3\]"),
            (pd.Timestamp("2019"), "Timestamp"),
        )
    },
    "huge size": (with_node(size=10**400), "node 'c' has size 1000"),
    **{
        f"{name} {value!r}": (with_node(**{name: value}), f"node 'c' has {name}")
        for name in ("owner", "place", "region", "product", "role", "seat")
        for value in (None, float("nan"), ["a"])
    },
    "kind typo": (with_tie(kind="suply"), r"tie 'b' → 'a' has kind 'suply'.*'supply'"),
    "kind None": (with_tie(kind=None), r"tie 'b' → 'a' has kind None"),
    "reach list": (with_tie(reach=["local"]), r"tie 'b' → 'a' has reach \['local'\]"),
    "codified percent": (with_tie(codified=50), r"tie 'b' → 'a' has codified 50"),
    "codified NaN": (with_tie(codified=float("nan")), r"tie 'b' → 'a' has codified nan"),
    "strength 0": (with_tie(strength=0), r"tie 'b' → 'a' has strength 0"),
    "strength text": (with_tie(strength="2,5"), r"tie 'b' → 'a' has strength '2,5'"),
}
CASES = {
    ("None", "centralisation"): "236",
    ("list", "centralisation"): "237",
    ("multigraph", "centralisation"): "239",
    ("None", "core_periphery_fit"): "240",
    ("list", "core_periphery_fit"): "241",
    ("DataFrame", "core_periphery_fit"): "242",
    ("None", "customers_per_supplier"): "244",
    ("list", "customers_per_supplier"): "245",
    ("DataFrame", "customers_per_supplier"): "246",
    ("multigraph", "customers_per_supplier"): "247",
    ("self loop", "customers_per_supplier"): "030",
    ("list", "ei_index"): "249",
    ("DataFrame", "ei_index"): "250",
    ("multigraph", "ei_index"): "251",
    ("None", "graph_view"): "252",
    ("DataFrame", "graph_view"): "254",
    ("multigraph", "graph_view"): "255",
    ("self loop", "graph_view"): "031",
    ("size '12'", "graph_view"): "256",
    ("size None", "graph_view"): "257",
    ("size 0", "graph_view"): "032",
    ("None", "internal_ties"): "259",
    ("list", "internal_ties"): "260",
    ("DataFrame", "internal_ties"): "261",
    ("multigraph", "internal_ties"): "262",
    ("self loop", "internal_ties"): "034",
    ("list", "ownership"): "264",
    ("DataFrame", "ownership"): "265",
    ("empty", "ownership"): "035",
    ("None", "plot_network"): "266",
    ("list", "plot_network"): "267",
    ("multigraph", "plot_network"): "269",
    ("size '12'", "plot_network"): "270",
    ("size None", "plot_network"): "271",
    ("None", "reciprocity"): "272",
    ("DataFrame", "reciprocity"): "274",
    ("self loop", "reciprocity"): "036",
    ("None", "redundancy"): "275",
    ("list", "redundancy"): "276",
    ("DataFrame", "redundancy"): "277",
    ("empty", "redundancy"): "037",
    ("None", "size_inequality"): "279",
    ("list", "size_inequality"): "280",
    ("DataFrame", "size_inequality"): "281",
    ("size '12'", "size_inequality"): "282",
    ("size 0", "size_inequality"): "039",
    ("size nan", "size_inequality"): "040",
    ("None", "specificity"): "284",
    ("list", "specificity"): "285",
    ("DataFrame", "specificity"): "286",
    ("multigraph", "specificity"): "287",
    ("list", "switching"): "289",
    ("DataFrame", "switching"): "290",
    ("multigraph", "switching"): "291",
    ("None", "anchor_owner"): "230",
    ("list", "anchor_owner"): "231",
    ("DataFrame", "anchor_owner"): "232",
    ("size '12'", "anchor_owner"): "234",
    ("size None", "anchor_owner"): "235",
}


def _graphs():
    """Yield every awkward graph with every function of a graph: a refusal each."""
    for (what, (graph, culprit)), (name, call) in itertools.product(
        {**NO_NETWORK, **SPOILT}.items(), {**CALLS, **SHOWN}.items()
    ):
        if name == "require" and not (graph is None or isinstance(graph, list)):
            continue  # it speaks of what is lacking; `validate` has gone before
        if name == "layout" and what in SPOILT:
            continue  # it looks at who is tied to whom alone
        case = CASES.get((what, name), "new")
        yield (case, f"{name}: {what}", lambda g=graph, f=call: f(g), culprit)


def g(kind="modular"):
    return networks.generate(kind, seed=1)


EDGES = pd.DataFrame({"source": ["a"], "target": ["b"]})
PLACES = pd.DataFrame({"node": ["a", "b"], "place": [["p"], "q"]})
DAY = pd.Timestamp("2019-01-01")
GRAPHS = list(_graphs())
ARGUMENTS = [
    ("045", "no start", lambda: networks.spread(g(), []), r"start is \[\]"),
    ("new", "start text", lambda: networks.spread(g(), "lead 1"), "start is 'lead 1'"),
    ("new", "start None", lambda: networks.spread(g(), None), "start is None"),
    ("new", "start unknown", lambda: networks.spread(g(), ["lead 9"]), "'lead 9' is not a node"),
    ("046", "periods 0", lambda: networks.spread(g(), ["lead 1"], periods=0), "periods is 0"),
    ("305", "periods 2.5", lambda: networks.spread(g(), ["lead 1"], periods=2.5), "periods is 2.5"),
    ("047", "no runs", lambda: networks.spread(g(), ["lead 1"], replicates=0), "replicates is 0"),
    ("new", "rate inf", lambda: networks.spread(g(), ["lead 1"], rate=np.inf), "rate is inf"),
    ("new", "rate text", lambda: networks.spread(g(), ["lead 1"], rate="x"), "rate is 'x'"),
    ("new", "by list", lambda: networks.spread(g(), ["lead 1"], by=["place"]), "by is"),
    ("new", "by None", lambda: networks.ei_index(g(), None), "by is None"),
    ("new", "by unknown", lambda: networks.ei_index(g(), "town"), "'town', which 40 of 40"),
    ("049", "sigma inf", lambda: networks.volatility(g(), sigma=np.inf), "sigma is inf"),
    ("new", "sigma NaN", lambda: networks.volatility(g(), sigma=np.nan), "sigma is nan"),
    ("new", "labour 0", lambda: networks.influence(g(), labour_share=0), "labour_share is 0"),
    ("new", "labour 2", lambda: networks.influence(g(), labour_share=2), "labour_share is 2"),
    ("new", "labour x", lambda: networks.volatility(g(), labour_share="x"), "labour_share is 'x'"),
    ("294", "per_type 0", lambda: networks.closest_types(g(), per_type=0), "per_type is 0"),
    ("295", "replicates 0", lambda: networks.closest_types(g(), replicates=0), "replicates is 0"),
    ("296", "per_type text", lambda: networks.closest_types(g(), per_type="2"), "per_type is '2'"),
    ("new", "seed text", lambda: networks.closest_types(g(), seed="x"), "seed is 'x'"),
    ("299", "layout seed", lambda: layout(g(), seed="x"), "seed is 'x'"),
    ("new", "layout seed -1", lambda: layout(g(), seed=-1), "seed is -1"),
    ("301", "replicates 1.5", lambda: networks.removal(g(), replicates=1.5), "replicates is 1.5"),
    ("302", "seed -1", lambda: networks.removal(g(), seed=-1), "seed is -1"),
    ("new", "removed 2", lambda: networks.removal(g(), replicates=2).at(2), "removed is 2"),
    ("306", "sample 0", lambda: networks.structure(g(), sample=0), "sample is 0"),
    ("new", "sample -5", lambda: networks.structure(g(), sample=-5), "sample is -5"),
    ("new", "a name alone", lambda: networks.structure(g(), "clustering"), "must be a list"),
    ("new", "no measure so", lambda: networks.structure(g(), ["x"]), "knows no 'x'"),
    ("new", "no buyers", lambda: networks.supplier_failure(replicates=0), "replicates is 0"),
    ("new", "no networks", lambda: networks.demand_shift(replicates=0), "replicates is 0"),
    ("new", "no firms", lambda: networks.demand_shift(firms=0), "firms is 0"),
    ("new", "one trade", lambda: networks.demand_shift(trades=1), "trades is 1"),
    ("new", "no competence", lambda: networks.demand_shift(competences=0), "competences is 0"),
    ("new", "positions list", lambda: graph_view(whole(), positions=[1]), "positions"),
    (
        "new",
        "positions text",
        lambda: graph_view(whole(), positions=dict.fromkeys("abcde", "xy")),
        "positions: 'a' is at 'xy'",
    ),
    (
        "new",
        "positions NaN",
        lambda: draw_graph(whole(), positions=dict.fromkeys("abcde", (0, np.nan))),
        "positions: 'a' is at",
    ),
    ("new", "labels text", lambda: graph_view(whole(), labels="a"), "labels is 'a'"),
    ("new", "labels stray", lambda: graph_view(whole(), labels=["z"]), "'z' is not a node"),
    ("new", "width text", lambda: graph_view(with_tie(width="wide")), "width is .wide."),
    ("new", "width NaN", lambda: draw_graph(with_tie(width=np.nan)), "width is nan"),
    ("new", "labels 3", lambda: graph_view(whole(), labels=3), "labels is 3"),
    ("new", "sentence 3", lambda: graph_view(whole(), sentence=3), "sentence is 3"),
    (
        "new",
        "sentence of an update",
        lambda: graph_view(whole()).update(whole(), sentence=["a"]),
        r"sentence is \['a'\]",
    ),
    ("new", "update None", lambda: graph_view(whole()).update(None), "found NoneType"),
    ("new", "ties 3", lambda: graph_view(whole(), ties=["kind"]), r"ties is \['kind'\]"),
    ("new", "styles text", lambda: graph_view(whole(), styles="solid"), "styles is 'solid'"),
    ("new", "a style", lambda: graph_view(with_tie(style="wavy")), "style is 'wavy'.*'solid'"),
    ("new", "a style 3", lambda: graph_view(with_tie(style=[3])), r"style is \[3\]"),
    ("new", "a shape", lambda: graph_view(with_node(shape=["star"])), r"shape is \['star'\]"),
    ("new", "a colour", lambda: graph_view(with_node(colour="pink")), "colour 'pink'"),
    ("new", "a colour 3", lambda: graph_view(with_node(colour=[3])), r"colour '\[3\]'"),
    ("new", "bare size", lambda: graph_view(with_node(size="9")), "node 'c': size is '9'"),
    ("new", "by Series", lambda: networks.ei_index(g(), pd.Series([1])), "by is a Series.*'place'"),
    ("new", "by True", lambda: networks.ei_index(g(), by=True), "by is True.*'place'"),
    (
        "new",
        "groups of lists",
        lambda: networks.ei_index(with_node(team=["x"]), by="team"),
        "'team', which 4 of 5",
    ),
    ("new", "measures 5", lambda: networks.structure(g(), 5), "measures is 5"),
    ("new", "no name", lambda: networks.structure(g(), [["switching"]]), "knows no .'switching'"),
    ("new", "seed", lambda: networks.structure(g(), seed=1.5), "seed is 1.5"),
    ("new", "knowledge", lambda: networks.spread(g(), ["lead 1"], knowledge=1), "knowledge is 1"),
    ("new", "start of lists", lambda: networks.spread(g(), [["lead 1"]]), r"\['lead 1'\] is not"),
    ("new", "governance", lambda: networks.generate("module"), "governance is 'module'"),
    ("new", "level", lambda: networks.governance_type("medium"), "complexity is 'medium'"),
    ("new", "modules text", lambda: networks.modular_search(modules="4"), "modules"),
    ("new", "change text", lambda: networks.modular_search(change="perhaps"), "change"),
    ("new", "require text", lambda: networks.require(g(), "it", nodes="size"), "nodes is 'size'"),
    ("new", "read 3", lambda: networks.read(3), "edges must be .*got a int"),
    ("new", "nodes list", lambda: networks.read(EDGES, ["a"]), "nodes must be .*got a list"),
    ("new", "directed", lambda: networks.read(EDGES, directed="no"), "directed is 'no'"),
    (
        "new",
        "columns of 3",
        lambda: networks.read(EDGES, columns={"source": 3}),
        "the name for 'source' is 3",
    ),
    (
        "new",
        "columns to list",
        lambda: networks.read(EDGES, columns={"source": ["a"]}),
        r"columns.*'source'.*\['a'\]",
    ),
    ("new", "days", lambda: networks.read(EDGES.assign(strength=DAY)), "'strength' holds dates"),
    ("new", "kind 3", lambda: networks.read(EDGES.assign(kind=3)), "row 1 has kind 3"),
    ("new", "a list as place", lambda: networks.read(EDGES, PLACES), "row 1 has place .'p'."),
]
REFUSED = GRAPHS + ARGUMENTS
DOCUMENTED = [
    # nothing in the library needed it: `fragile_points` follows failures through a network
    ("292", "cascade is gone", lambda: networks, lambda n: not hasattr(n, "cascade")),
    (
        "new",
        "an undirected tie runs both ways",
        lambda: networks.structure(nx.path_graph(3), ["reciprocity"]),
        lambda frame: frame["value"].item() == 1,
    ),
    (
        "new",
        "a plain list of ties",
        lambda: networks.closest_types(nx.path_graph(6), per_type=2),
        lambda found: len(found.features) >= 3,
    ),
    (
        "new",
        "views do without attributes",
        lambda: graph_view(nx.path_graph(3)).sentence,
        lambda said: said == "A network of 3 nodes and 2 ties.",
    ),
    (
        "new",
        "a seed of numpy",
        lambda: layout(g(), seed=np.int64(1)) == layout(g(), seed=1),
        lambda same: same,
    ),
    (
        "new",
        "a generator",
        lambda: layout(g(), seed=np.random.default_rng(1)),
        lambda found: len(found) == 40,
    ),
    (
        "new",
        "no measures asked for",
        lambda: networks.structure(g(), []),
        lambda frame: frame.empty and list(frame) == ["value", "error", "sentence"],
    ),
    (
        "new",
        "measures as an index",
        lambda: networks.structure(g(), pd.Index(["clustering"])),
        lambda frame: list(frame.index) == ["clustering"],
    ),
    (
        "new",
        "an empty tie attribute is no style",
        lambda: graph_view(with_tie(style="dashed")).edges,
        lambda edges: sorted(edge["style"] for edge in edges) == ["dashed"] + ["solid"] * 5,
    ),
    (
        "new",
        "what is dressed already stays",
        lambda: dressed(with_node(colour="orange", spoken="C.", shape="hexagon")).nodes["c"],
        lambda node: (
            [node[k] for k in ("colour", "spoken", "shape")] == ["orange", "C.", "hexagon"]
        ),
    ),
    (
        "new",
        "an undirected network stays so",
        lambda: dressed(nx.path_graph(3)),
        lambda graph: not graph.is_directed() and graph.nodes[0]["spoken"] == "0: ties: 1.",
    ),
]


@pytest.mark.parametrize("name", [*CALLS, *SHOWN])
def test_no_function_takes_an_awkward_graph(name):
    for _, what, call, culprit in GRAPHS:
        if what.startswith(f"{name}: "):
            try:
                judge.is_refused_clearly(call, culprit)
            except AssertionError as error:
                raise AssertionError(what) from error


@pytest.mark.parametrize("row", ARGUMENTS, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_documented(row):
    judge.is_as_documented(row[2], row[3])


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"anchor_owner", "require"}))
def test_the_sentence_begins_with_the_function_called(name):
    asks = {"validate": "", **dict.fromkeys(ROWS, "structure: ")}.get(name, f"{name}: ")
    with pytest.raises(TypeError, match=f"^{asks}the graph"):
        CALLS[name](None)


def numbers_of(result):
    """Return a result as labels and numbers, whatever its class and the order of its rows."""
    if isinstance(result, nx.Graph):
        return dict.fromkeys(result.edges, 1)
    if isinstance(result, networks.measures.CoreFit):
        return {"fit": result.fit, **dict.fromkeys(sorted(map(str, result.core)), 1)}
    if hasattr(result, "to_adjlist"):  # weights of PySAL
        result = result.to_adjlist().set_index(["focal", "neighbor"])["weight"].sort_index()
    if hasattr(result, "to_frame") and not isinstance(result, pd.Series):
        result = result.to_frame()
    if isinstance(result, pd.DataFrame):
        result = result.drop(columns="sentence", errors="ignore").stack()
    if isinstance(result, pd.Series):
        return {str(label): value for label, value in result.items()}
    return {"": result}


@pytest.mark.parametrize("kind", ["modular", "transnational community"])
@pytest.mark.parametrize("name", sorted(CALLS))
def test_results_do_not_depend_on_the_order_of_nodes_and_ties(name, kind):
    graph = networks.generate(kind, leads=3, suppliers=6, components=6, seed=2)
    graph = nx.relabel_nodes(graph, {"lead 1": "a"})
    nx.set_node_attributes(graph, {node: node for node in graph}, "owner")
    nodes, ties = list(graph.nodes(data=True)), list(graph.edges(data=True))
    shown = numbers_of(CALLS[name](graph))
    for seed in range(3):
        rng = np.random.default_rng(seed)
        mixed = nx.DiGraph()
        mixed.add_nodes_from(nodes[i] for i in rng.permutation(len(nodes)))
        mixed.add_edges_from(ties[i] for i in rng.permutation(len(ties)))
        assert numbers_of(CALLS[name](mixed)) == pytest.approx(shown, nan_ok=True)


def test_places_do_not_depend_on_the_order_of_nodes_and_ties():
    graph = networks.generate("transnational community", seed=2)
    mixed = nx.DiGraph()
    mixed.add_nodes_from(reversed(list(graph)))
    mixed.add_edges_from(reversed(list(graph.edges)))
    found, again = layout(graph), layout(mixed)
    assert all(again[node] == pytest.approx(found[node]) for node in graph)


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"validate", "require"}))
def test_the_graph_is_left_as_it_was(name):
    graph = whole()
    before = list(graph.nodes(data=True)), list(graph.edges(data=True))
    CALLS[name](graph)
    assert (list(graph.nodes(data=True)), list(graph.edges(data=True))) == before
