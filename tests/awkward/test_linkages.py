"""Awkward graphs and tables of the topics linkages and relocation.

Awkward values of declared parameters are tried for every model by ``tests/test_parameters.py``.
"""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab.linkages import barter, linkage_balance
from clusterlab.relocation import relocate


def graph(node=None, tie=None):
    """Return three firms in two places and their two ties; one node or one tie may be spoilt."""
    made = nx.DiGraph()
    made.add_nodes_from([("a", {"place": "x"}), ("b", {"place": "x"}), ("c", {"place": "y"})])
    made.add_edge("a", "b", reach="local")
    made.add_edge("a", "c", reach="global")
    made.nodes["c"].update(node or {})
    made.edges["a", "c"].update(tie or {})
    return made


def tasks(**columns):
    """Return two tasks, with some columns in place of theirs."""
    made = pd.DataFrame({"value": [3, 1], "codifiability": [0, 1]}, ["design", "assembly"])
    return made.assign(**columns)


def balance(*args, **options):
    return lambda: linkage_balance(graph(*args), **options)


def moved(table):
    return lambda: relocate(tasks=table)


REFUSED = [
    ("new", "no graph", lambda: linkage_balance(None), "NoneType"),
    ("new", "an empty graph", lambda: linkage_balance(nx.DiGraph()), "empty"),
    ("new", "no places", lambda: linkage_balance(nx.path_graph(3, nx.DiGraph)), "'place'"),
    ("new", "parallel ties", lambda: linkage_balance(nx.MultiDiGraph(graph())), "multigraph"),
    ("new", "another place", balance(place="X"), "'X'.*x, y"),
    ("new", "a list of places", balance(place=["x"]), r"\['x'\].*x, y"),
    ("new", "a number for a place", balance(place=3), "3.*x, y"),
    ("new", "a node without a place", balance({"place": np.nan}), "'c'"),
    ("new", "a reach in capitals", balance(None, {"reach": "Global "}), "'global'"),
    ("new", "a reach of 3", balance(None, {"reach": 3}), "'c'.*3"),
    ("new", "a strength below zero", balance(None, {"strength": -1}), "-1"),
    ("new", "a strength in words", balance(None, {"strength": "x"}), "'x'"),
    ("new", "text for a graph", lambda: barter("x", replicates=1), "graph.*str"),
    ("new", "a table for a graph", lambda: barter(pd.DataFrame(), replicates=1), "DataFrame"),
    ("new", "nobody tied", lambda: barter(nx.empty_graph(20), replicates=1), "no ties"),
    ("new", "too few agents", lambda: barter(nx.path_graph(3), replicates=1), "3 agents"),
    ("new", "a list of tasks", moved([1]), "list"),
    ("new", "a column of tasks", moved(tasks()["value"]), "Series"),
    ("new", "no tasks", moved(tasks().iloc[:0]), "no task"),
    ("new", "a task twice", moved(pd.concat([tasks(), tasks()])), "'design'"),
    ("new", "a column twice", moved(pd.concat([tasks(), tasks()], axis=1)), "'value'"),
    ("new", "a value below zero", moved(tasks(value=[-1, 2])), "'design'.*-1"),
    ("new", "an empty cell", moved(tasks(value=[np.nan, 2])), "'design'"),
    ("new", "a decimal comma", moved(tasks(value=["3,0", 2])), "'3,0'"),
    ("new", "codified by half again", moved(tasks(codifiability=[0, 1.5])), "1.5.*0 to 1"),
    ("new", "a column more", moved(tasks(colour=1)), "'colour'"),
    ("new", "yes and no for values", moved(tasks(value=[True, False])), "True"),
    ("new", "endless value", moved(tasks(value=[np.inf, 1])), "inf"),
    ("new", "complex numbers", moved(tasks().astype(complex)), "0j"),
    ("new", "nobody works", moved(tasks(jobs=[0, 0])), "no jobs"),
]
DOCUMENTED = [
    (
        "new",
        "ties without direction",
        lambda: linkage_balance(graph().to_undirected()),
        lambda found: found.place == "x",
    ),
    ("new", "whole numbers of pandas", moved(tasks().astype("Int64")), lambda found: True),
    ("new", "numbers as objects", moved(tasks().astype(object)), lambda found: True),
    ("new", "one task", moved(tasks().iloc[:1]), lambda found: len(found.tasks) == 1),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
