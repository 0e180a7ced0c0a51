"""Awkward calls of memberships, networks of districts and who provides collective goods."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab import districts, networks
from clusterlab.districts import (
    circle_to_star,
    collective_goods,
    membership,
    network_membership,
    network_profile,
)
from clusterlab.districts.network import _anchor, _measured


def anchor_owner(made):
    return _anchor(networks.validate(made))


def network_measures(made, place=None):
    return _measured(made, place)[0]


def graph(**of_first):
    """Return five units in one place, and two elsewhere."""
    made = nx.DiGraph([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "p"), ("b", "q")])
    for name in made:
        place = "far" if name in "pq" else "here"
        made.add_node(name, place=place, size=1.0, owner=name, product="x", role="firm")
    made.nodes["a"].update(of_first)
    nx.set_edge_attributes(made, "supply", "kind")
    return made


def two_places():
    made = graph()
    made.add_nodes_from("rst", place="far", size=1.0, owner="state")
    return made


def without_jobs():
    made = graph()
    nx.set_node_attributes(made, 0.0, "size")
    return made


LOOP, MANY = graph(), nx.MultiDiGraph(graph())
LOOP.add_edge("a", "a", kind="supply")
HUB = {"leadership": "hub"}

REFUSED = [
    ("new", "seed", lambda: districts.generate(seed="x"), "seed is 'x'"),
    ("042", "no table", lambda: membership(pd.DataFrame()), "0 rows and 0 columns"),
    ("new", "no rows", lambda: membership(pd.DataFrame(columns=["leadership"])), "0 rows"),
    ("new", "no columns", lambda: membership(pd.DataFrame(index=["a"])), "0 columns"),
    ("new", "None", lambda: membership(None), "found NoneType"),
    ("new", "text", lambda: membership("hub"), "found str"),
    ("new", "array", lambda: membership(np.zeros(3)), "found ndarray"),
    ("new", "level of levels", lambda: membership({"leadership": {"hub": 1}}), "leadership is"),
    ("new", "list of lists", lambda: membership({"leadership": [["hub"]]}), "leadership is"),
    (
        "new",
        "a day",
        lambda: membership({"contract length": pd.Timestamp(0)}),
        "contract length is",
    ),
    ("new", "complex", lambda: membership({"contract length": 1j}), "contract length is 1j"),
    (
        "new",
        "lists in a column",
        lambda: membership(pd.DataFrame({"leadership": [["hub"], ["none"]]})),
        "column 'leadership'",
    ),
    ("new", "feature 3", lambda: membership({3: "hub"}), "no feature 3"),
    ("new", "all unknown", lambda: membership({"leadership": pd.NA}), "no feature of the profile"),
    ("new", "replicates 2.5", lambda: membership(HUB, replicates=2.5), "replicates is 2.5"),
    ("new", "replicates text", lambda: membership(HUB, replicates="9"), "replicates is '9'"),
    ("new", "seed", lambda: membership(HUB, seed=-1), "seed is -1"),
    ("300", "None", lambda: network_membership(None), "measures must be .* NoneType"),
    ("new", "list", lambda: network_membership([1]), "measures must be .* list"),
    ("new", "one network", lambda: network_membership(network_measures(graph())), "to_frame.*T"),
    ("new", "no rows", lambda: network_membership(pd.DataFrame()), "0 rows"),
    (
        "new",
        "owner 3",
        lambda: network_membership(pd.DataFrame({"anchor_owner": [3]})),
        "anchor_owner in row 0 is 3",
    ),
    (
        "new",
        "measure as text",
        lambda: network_membership(pd.DataFrame({"external_ties": ["0.5"]})),
        "external_ties is '0.5'",
    ),
    ("new", "no graph", lambda: network_measures(None), "must be a networkx graph, found NoneType"),
    ("new", "a frame", lambda: network_profile(pd.DataFrame()), "networkx graph, found DataFrame"),
    ("new", "no graph", lambda: anchor_owner(None), "must be a networkx graph, found NoneType"),
    ("new", "no graph", lambda: districts.dimensions([1]), "must be a networkx graph, found list"),
    ("new", "loop", lambda: network_profile(LOOP), "'a' is tied to itself"),
    ("new", "loop", lambda: anchor_owner(LOOP), "'a' is tied to itself"),
    ("new", "multigraph", lambda: network_measures(MANY), "multigraph"),
    ("new", "size NaN", lambda: network_measures(graph(size=np.nan)), "'a'.*size"),
    ("new", "size text", lambda: anchor_owner(graph(size="9")), "'a'.*size"),
    ("new", "size negative", lambda: anchor_owner(graph(size=-1)), "'a'.*size"),
    ("new", "no jobs", lambda: anchor_owner(without_jobs()), "size 0, expected a number above 0"),
    ("new", "two places of five", lambda: network_measures(two_places()), "5 nodes each.*place="),
    ("new", "place 3", lambda: network_measures(graph(), place=3), "place is 3"),
    ("new", "replicates", lambda: network_profile(graph(), replicates=0), "replicates is 0"),
    ("new", "share text", lambda: circle_to_star(share="half"), "share is 'half'"),
    ("297", "text", lambda: collective_goods("x"), "providers is 'x'"),
    ("new", "None", lambda: collective_goods(None), "providers is None"),
    ("new", "list", lambda: collective_goods(["community"]), "providers is"),
    ("new", "nobody", lambda: collective_goods({"training": []}), "nobody is named for 'training'"),
    ("new", "None", lambda: collective_goods({"training": None}), "'training' is provided by None"),
    ("new", "number", lambda: collective_goods({"training": 3}), "'training' is provided by 3"),
    ("new", "twice", lambda: collective_goods({"training": ["market", "market"]}), "twice"),
    ("new", "capital", lambda: collective_goods({"training": "Market"}), "did you mean 'market'"),
    ("new", "table of", lambda: districts.types_table("words"), "show is 'words'"),
]

DOCUMENTED = [
    (
        "new",
        "levels as an array",
        lambda: membership({"leadership": np.array(["hub", "none"])}),
        lambda found: found.level == ["Marshallian", "hub-and-spoke"],
    )
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
