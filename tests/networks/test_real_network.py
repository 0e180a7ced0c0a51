"""Trade in electrical automotive parts (ties above 1 % of imports), and what US industries buy."""

import pandas as pd
import pytest

from clusterlab import datasets, networks

NAMES = {"val_kusd": "strength"}


@pytest.fixture(scope="module")
def folder(real_data):
    return real_data / "networks"


@pytest.fixture(scope="module")
def trade(folder):
    return pd.read_csv(folder / "ELEnet_2006_2016_edges.csv", keep_default_na=False)


def network(trade, year):
    rows = trade[(trade["year"] == year) & (trade["source"] != trade["target"])]
    return networks.read(rows, columns=NAMES)


@pytest.mark.realdata
def test_a_country_that_trades_with_itself_is_found(trade):
    with pytest.raises(ValueError, match="ties 'FRA' to itself"):
        networks.read(trade[trade["year"] == 2006], columns=NAMES)


@pytest.mark.realdata
def test_ten_years_make_the_network_denser_at_the_centre(trade):
    before, after = (network(trade, year) for year in (2006, 2016))
    assert (len(before), len(after)) == (90, 99)
    one, other = (networks.structure(g)["value"].round(2) for g in (before, after))
    assert (one["centralisation"], other["centralisation"]) == (0.57, 0.69)
    assert (one["path length"], other["path length"]) == (2.25, 2.13)
    assert (one["reciprocity"], other["reciprocity"]) == (0.40, 0.42)
    assert pd.isna(one["switching"])  # the file says nothing on kinds of tie, and is told so
    first, last = (networks.influence(g).sort_values(ascending=False) for g in (before, after))
    assert list(first.index[:3]) == ["CHN", "JPN", "KOR"]
    assert list(last.index[:3]) == ["CHN", "KOR", "JPN"]
    assert first["CHN"].round(3) == 0.125
    assert last["CHN"].round(3) == 0.123
    assert networks.volatility(after) > 1.7 * len(after) ** -0.5


@pytest.mark.realdata
def test_the_file_is_read_as_it_stands_on_disk(folder, tmp_path):
    nodes = folder / "ELEnet16_nodes.csv"
    names = {"VAL": "strength", "name": "node", "regionNAME": "region", "id": "place"}
    edges = pd.read_csv(folder / "ELEnet16_edges.csv", keep_default_na=False)
    edges[edges["source"] != edges["target"]].to_csv(tmp_path / "edges.csv", index=False)
    listed = pd.read_csv(nodes, keep_default_na=False).drop(columns="region")
    listed.to_csv(tmp_path / "nodes.csv", index=False)
    graph = networks.read(tmp_path / "edges.csv", tmp_path / "nodes.csv", columns=names)
    assert len(graph) == 99
    reaches = pd.Series([reach for *_, reach in graph.edges(data="reach")])
    assert set(reaches) == {"regional", "global"}
    pairs = {frozenset(tie) for tie in graph.edges}
    leaving = sum(graph.nodes[u]["region"] != graph.nodes[v]["region"] for u, v in pairs)
    expected = 2 * leaving / len(pairs) - 1
    assert networks.ei_index(graph, by="region") == pytest.approx(expected)


def test_us_industries_as_the_sidecar_says_them():
    ties = datasets.load("us_industry_ties")
    assert (len(ties), ties["strength"].sum()) == (3756, 15_908_020)
    assert (ties["imported"] <= ties["strength"]).all()
    assert (ties["imported"] < 0).sum() == 1
    us = networks.read(ties.query("source != target"))
    assert len(us) == 71
    assert networks.influence(us).sum() == pytest.approx(1)
    assert networks.volatility(us) > 71**-0.5
