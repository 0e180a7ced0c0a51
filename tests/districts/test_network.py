"""Networks: measures by hand, types told apart, what topology leaves open, circle to star."""

import os
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from clusterlab import datasets, districts, networks
from clusterlab.districts import TYPES, generate, network_membership
from clusterlab.districts.network import _measured
from tests.conftest import ROOT


def network_measures(graph, *, place=None):
    return _measured(graph, place)[0]


SEEDS = range(50)  # the thresholds and ideals were set before, looking at seeds 1000 to 1029


@pytest.fixture(scope="module")
def drawn():
    """Return the measures of 50 networks of each type, with 20 to 27 units each."""
    return {
        kind: pd.DataFrame(
            [network_measures(generate(kind, firms=20 + seed % 8, seed=seed)) for seed in SEEDS]
        ).infer_objects()
        for kind in TYPES
    }


@pytest.mark.parametrize("kind", TYPES)
def test_generated_networks_are_told_apart(drawn, kind):
    shares = network_membership(drawn[kind])
    right = shares[kind] > shares.drop(columns=kind).max(axis=1)
    assert right.mean() >= 0.95
    assert shares[kind].mean() > 0.5


def test_topology_alone_does_not_tell_a_hub_from_a_state_anchor(drawn):
    shape = ["degree_centralisation", "local_clustering", "core_periphery_fit"]
    for kind in ("hub-and-spoke", "state-anchored"):
        bare = network_membership(drawn[kind][shape])
        assert bare["hub-and-spoke"].to_numpy() == pytest.approx(bare["state-anchored"].to_numpy())
        assert (bare["hub-and-spoke"] > bare["Marshallian"]).mean() > 0.9
    # nor do sizes, places and outside ownership
    everything_but = network_membership(drawn["state-anchored"].drop(columns="anchor_owner"))
    assert everything_but["hub-and-spoke"].equals(everything_but["state-anchored"])


def test_the_result_says_what_topology_leaves_open():
    full = districts.network_profile(generate("state-anchored", firms=20, seed=1), replicates=50)
    assert full.membership.nearest == "state-anchored"
    assert "Topology alone would not tell hub-and-spoke from state-anchored" in full.note
    shares = full.to_frame()["topology alone"]
    assert shares["hub-and-spoke"] == shares["state-anchored"]
    bare = nx.DiGraph(generate("state-anchored", firms=20, seed=1).edges)
    found = districts.network_profile(bare, replicates=50)
    assert "no place and no size and no owner" in found.note
    assert "not told apart" in found.note
    assert "not told apart" in repr(found)
    assert pd.isna(found.measures["anchor_owner"])
    assert pd.isna(found.measures["external_ownership"])


def small():
    """Return four units in a place, one of them a branch, and two outside."""
    graph = nx.DiGraph()
    for name, size, owner in (("a", 10, "a"), ("b", 20, "b"), ("c", 30, "c"), ("d", 40, "p")):
        graph.add_node(name, place="here", size=size, owner=owner)
    graph.add_node("p", place="far", size=1000, owner="p")
    graph.add_node("q", place="off", size=5, owner="q")
    graph.add_edges_from(
        [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("d", "p"), ("q", "d"), ("q", "p")]
    )
    return graph


def test_measures_by_hand():
    graph = small()
    before = {node: dict(data) for node, data in graph.nodes(data=True)}
    found = network_measures(graph)
    # partners inside: a has b, c, d; b and c two; d one: (0+1+1+2)/(3 x 2)
    assert found["degree_centralisation"] == pytest.approx(4 / 6)
    assert found["size_concentration"] == pytest.approx(0.25)  # 10, 20, 30, 40
    # q → p touches nobody here; of six ties two leave
    assert found["external_ties"] == pytest.approx((2 - 4) / 6)
    assert found["external_ownership"] == pytest.approx(0.4)
    assert found["local_clustering"] == pytest.approx((1 / 3 + 1 + 1 + 0) / 4)
    assert found["anchor_owner"] == "external"
    pattern = networks.core_periphery_fit(graph.subgraph("abcd")).fit
    assert found["core_periphery_fit"] == pytest.approx(pattern)
    assert {node: dict(data) for node, data in graph.nodes(data=True)} == before
    assert network_measures(graph, place="here").equals(found)


@pytest.mark.parametrize(
    ("owners", "sizes", "expected"),
    [
        ({"a": "state"}, [25, 25, 25, 25], "state"),  # exactly a quarter leads
        ({"a": "state"}, [24, 25, 25, 26], "none"),
        ({}, [9, 10, 10, 100], "local"),  # ten times the median
        ({}, [9, 10, 10, 99], "none"),
        ({"a": "d"}, [1, 10, 10, 99], "local"),  # what an owner has adds up
        ({"a": "p"}, [30, 25, 25, 20], "external"),
        ({"a": "state", "b": "p"}, [30, 40, 20, 10], "external"),
    ],
)
def test_who_owns_the_anchor(owners, sizes, expected):
    graph = small()
    for name, size in zip("abcd", sizes, strict=True):
        graph.nodes[name].update(size=size, owner=owners.get(name, name))
    assert network_measures(graph)["anchor_owner"] == expected


def test_ideals_are_those_of_a_circle_and_a_star():
    shape = ["degree_centralisation", "local_clustering"]
    ideal = districts.measures_table()
    circle = network_measures(nx.watts_strogatz_graph(40, 4, 0))
    assert circle[shape].tolist() == ideal.loc[shape, "Marshallian"].tolist() == [0, 0.5]
    star = network_measures(nx.star_graph(12))[[*shape, "core_periphery_fit"]]
    for kind in ("hub-and-spoke", "state-anchored"):
        assert star.tolist() == ideal.loc[star.index, kind].tolist() == [1, 0, 1]


def test_an_association_is_no_leader():
    graph = small()
    found = network_measures(graph)
    graph.add_node("club", place="here", role="association", size=500, owner="club")
    graph.add_edges_from(("club", name) for name in "abcdq")
    assert network_measures(graph).equals(found)
    graph.nodes["club"]["role"] = "university"
    assert network_measures(graph)["anchor_owner"] == "local"


def test_a_place_without_ties_inside():
    graph = small()
    graph.remove_edges_from([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])
    found = districts.network_profile(graph, replicates=20)
    assert pd.isna(found.measures["core_periphery_fit"])
    assert "Core and periphery need both ties and gaps" in found.note
    assert found.measures["external_ties"] == 1
    assert found.membership.nearest == "satellite"


def test_bad_graphs():
    graph = small()
    with pytest.raises(ValueError, match="place is 'nowhere', which no node has; there are here"):
        network_measures(graph, place="nowhere")
    with pytest.raises(ValueError, match="needs at least 3 nodes inside, found 1"):
        network_measures(graph, place="far")
    with pytest.raises(ValueError, match="no node of the graph has a place"):
        network_measures(nx.star_graph(4), place="here")
    del graph.nodes["b"]["owner"]
    with pytest.raises(ValueError, match="needs the node attribute 'owner', which 1 of 4 .*'b'"):
        districts.network_profile(graph)
    del graph.nodes["c"]["place"]
    with pytest.raises(ValueError, match="needs the node attribute 'place', which 1 of 6"):
        network_measures(graph)
    with pytest.raises(ValueError, match="is empty"):
        network_measures(nx.DiGraph())


# ---------------------------------------------------------------- constructed networks


def test_generated_networks_keep_what_they_promise():
    for kind in TYPES:
        graph = generate(kind, firms=30, rewired=0.0, seed=4)
        networks.validate(graph)
        inside = [n for n, place in graph.nodes(data="place") if place == "district"]
        assert len(inside) == 30
        assert all(
            {"role", "place", "size", "owner", "product"} <= set(graph.nodes[n]) for n in graph
        )
        who = networks.ownership(graph)[inside]
        assert ("state" in set(who)) == (kind == "state-anchored")
        assert (who == "external parent").sum() == (10 if kind == "satellite" else 0)
        local = sum(reach == "local" for *_, reach in graph.edges(data="reach"))
        crossing = sum((u in inside) != (v in inside) for u, v in graph.edges)
        assert local + crossing == graph.number_of_edges()
    assert nx.utils.graphs_equal(generate(seed=2), generate(seed=2))
    assert not nx.utils.graphs_equal(generate(seed=2), generate(seed=3))


@pytest.mark.parametrize(
    ("kind", "centres", "sizes"),
    [
        ("Marshallian", None, {"small firm": (12, 0.6), "association": (8, 0.2)}),
        ("hub-and-spoke", ("hub", 3), {"hub": (1500, 0.4), "supplier": (20, 0.6)}),
        ("satellite", None, {"branch plant": (400, 0.5), "service firm": (10, 0.6)}),
        ("state-anchored", ("state anchor", 2), {"state anchor": (3000, 0.4)}),
    ],
)
def test_units_are_drawn_by_their_laws(kind, centres, sizes):
    """A size rounded up is at most k as often as the log-normal one, for whole k."""
    graphs = [generate(kind, firms=60, rewired=0.0, seed=seed) for seed in range(150)]
    roles = [pd.DataFrame.from_dict(dict(g.nodes(data=True)), orient="index") for g in graphs]
    found = pd.concat(roles)
    for role, (median, spread) in sizes.items():
        drawn = found.loc[found["role"] == role, "size"]
        for k in (median, round(median * np.exp(spread)), round(median * np.exp(-spread))):
            share = stats.norm.cdf(np.log(k / median) / spread)
            error = np.sqrt(share * (1 - share) / len(drawn))
            assert (drawn <= k).mean() == pytest.approx(share, abs=4 * error), (role, k)
    if centres is not None:
        role, most = centres
        assert {(each["role"] == role).sum() for each in roles} == set(range(1, most + 1))
    told = pd.Series(list(graphs[0])).str.extract(r"^(.*) (-?\d+)$").dropna().astype({1: int})
    for name, numbers in told.groupby(0)[1]:
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), name
    if kind == "satellite":
        for graph in graphs[:10]:
            branches = [n for n, role in graph.nodes(data="role") if role == "branch plant"]
            served = [[graph.nodes[u]["role"] for u in graph.predecessors(b)] for b in branches]
            assert {each.count("service firm") for each in served} == {0, 1, 2}


def test_rewiring_dissolves_the_star_and_keeps_the_number_of_ties():
    straight, half = (generate("hub-and-spoke", rewired=r, seed=1) for r in (0.0, 0.6))
    assert straight.number_of_edges() == half.number_of_edges()
    inside = [n for n, place in straight.nodes(data="place") if place == "district"]
    before, after = (networks.centralisation(g.subgraph(inside)) for g in (straight, half))
    assert after < 0.7 * before


def test_unknown_type_to_generate():
    with pytest.raises(ValueError, match="kind is 'satelite'.*'satellite'"):
        generate("satelite")
    with pytest.raises(ValueError, match="at least 12"):
        generate("satellite", firms=5)


# ---------------------------------------------------------------- circle to star


def by_hand(n, k):
    """Return the centralisation that the docstring's formula gives."""
    h = max(4, k + 2)
    m = h + 2 * (n - 2 - k)
    return (n * h - 2 * m) / ((n - 1) * (n - 2))


@pytest.mark.parametrize("n", [12, 24])
def test_from_circle_to_star(n):
    found = districts.circle_to_star(firms=n)
    curve = found.measures["degree_centralisation"].to_numpy()
    assert curve[0] == 0
    assert curve[-1] == 1
    assert curve[-2] == pytest.approx((n * (n - 1) - 2 * n) / ((n - 1) * (n - 2)))
    assert curve[:-2] == pytest.approx([by_hand(n, k) for k in range(n - 2)])
    assert (np.diff(curve) >= 0).all()
    ends = found.measures.iloc[[0, -1]]
    assert ends["core_periphery_fit"].iloc[1] == 1
    assert ends["external_ties"].iloc[0] == -1
    assert ends["hub_jobs"].to_numpy() == pytest.approx([1 / n, n / (2 * n - 1)])
    assert found.memberships.iloc[0].idxmax() == "Marshallian"
    assert found.memberships.iloc[-1].idxmax() == "hub-and-spoke"


def test_the_curve_is_that_of_the_networks():
    for owner, leads in (("itself", "local"), ("parent elsewhere", "external"), ("state", "state")):
        found = districts.circle_to_star(share=0.7, firms=16, rays=5, owner=owner)
        again = network_measures(found.graph)
        here = found.measures.loc[found.share].drop("hub_jobs")
        assert here["anchor_owner"] == again["anchor_owner"] == leads
        numbers = here.drop("anchor_owner").index
        assert here[numbers].astype(float).to_numpy() == pytest.approx(
            again[numbers].astype(float).to_numpy()
        )
        assert found.membership.shares.to_numpy() == pytest.approx(
            found.memberships.loc[found.share].to_numpy()
        )
        assert found.to_frame().shape == (16, 12)


def test_the_owner_changes_the_type_and_no_tie():
    stars = {o: districts.circle_to_star(share=1.0, owner=o) for o in ("itself", "state")}
    assert stars["itself"].membership.nearest == "hub-and-spoke"
    assert stars["state"].membership.nearest == "state-anchored"
    assert set(stars["itself"].graph.edges) == set(stars["state"].graph.edges)
    assert "nearest state-anchored" in repr(stars["state"])


# ---------------------------------------------------------------- five dimensions


def test_dimensions_by_hand():
    graph = small()
    for name, product in zip("abcdpq", ("x", "x", "y", "z", "w", "w"), strict=True):
        graph.nodes[name].update(product=product, role="firm")
    nx.set_edge_attributes(graph, "supply", "kind")
    graph.edges["d", "a"]["kind"] = graph.edges["c", "a"]["kind"] = "knowledge"
    graph.add_node("school", place="here", product="training", role="institution")
    graph.add_edge("school", "b", kind="knowledge")
    found = districts.dimensions(graph)
    assert found["horizontal"] == pytest.approx(2 / 4)  # a and b make x
    assert found["vertical"] == pytest.approx(2 / 4)  # b and c; a delivers x to a maker of x
    assert found["institutional"] == pytest.approx(1 / 4)
    assert found["external"] == pytest.approx(1 / 4)
    assert found["power"] == pytest.approx(4 / 6)  # as above: the school is no firm
    assert list(found.index) == ["horizontal", "vertical", "institutional", "external", "power"]


def test_dimensions_of_the_types():
    table = pd.DataFrame({k: districts.dimensions(generate(k, seed=1)) for k in TYPES})
    assert table.loc["horizontal", "Marshallian"] > table.loc["horizontal", "satellite"]
    assert table.loc["power"].idxmax() in ("hub-and-spoke", "state-anchored")
    assert table.loc["external"].idxmax() == "satellite"
    assert table.loc["institutional"].idxmax() == "Marshallian"
    assert table.ge(0).all(axis=None)
    assert table.le(1).all(axis=None)


def test_dimensions_need_products():
    with pytest.raises(ValueError, match="five dimensions needs the node attribute 'product'"):
        districts.dimensions(small())
    graph = nx.path_graph(3, create_using=nx.DiGraph)
    nx.set_node_attributes(
        graph, {n: {"place": "x", "product": "p", "role": "institution"} for n in graph}
    )
    nx.set_edge_attributes(graph, "supply", "kind")
    with pytest.raises(ValueError, match="needs at least 3 firms, found 0"):
        districts.dimensions(graph)


@pytest.mark.realdata
def test_figures_of_the_lesson_are_those_of_the_census():
    """Six figures of County Business Patterns 2019 that lesson 05 quotes."""
    folder = Path(os.environ.get("CLUSTERLAB_REALDATA", ROOT.parent / "shared" / "data"))
    file = folder / "us_cbp_cbsa" / "cbp2019_cbsa_naics6.csv.gz"
    if not file.exists():
        pytest.skip("the tables beside the checkout are absent")
    rows = pd.read_csv(file).set_index(["naics_code", "cbsa_code"])[["estab", "emp"]]
    quoted = {
        (312130, 34900): (392, 8744),
        (312130, 33700): (6, 3921),
        (334413, 41940): (106, 6472),
        (334413, 14260): (5, 6110),
        (339112, 14460): (49, 4134),
        (339112, 14020): (6, 4997),
    }
    assert {key: tuple(map(int, rows.loc[key])) for key in quoted} == quoted
    shipped = datasets.load("us_metro_industry").query("year == 2019").set_index(["naics", "area"])
    for (naics, area), figures in quoted.items():
        row = shipped.loc[(str(naics), str(area))]
        assert (row["establishments"], row["employment"]) == figures
