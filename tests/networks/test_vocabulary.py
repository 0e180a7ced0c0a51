import networkx as nx
import numpy as np
import pandas as pd
import pytest

from clusterlab import networks


def ties(**columns):
    return pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], **columns})


def things(names="abc", **columns):
    return pd.DataFrame({"node": list(names), **columns})


def test_read_keeps_attributes_and_changes_nothing_given():
    edges, nodes = ties(strength=[1, 2], note=["x", "y"]), things(place=["p", "p", "q"])
    before = edges.copy(), nodes.copy()
    graph = networks.read(edges, nodes)
    assert graph.edges["b", "c"] == {"strength": 2.0, "note": "y"}
    assert graph.nodes["c"] == {"place": "q"}
    pd.testing.assert_frame_equal(edges, before[0])
    pd.testing.assert_frame_equal(nodes, before[1])


def test_read_takes_files_and_the_readers_own_column_names(tmp_path):
    edges, nodes = tmp_path / "e.csv", tmp_path / "n.csv"
    edges.write_text("from,to,VAL\na,b,3\n")
    nodes.write_text("name,town\na,Prato\nb,Biella\n")
    names = {"from": "source", "to": "target", "VAL": "strength", "name": "node", "town": "place"}
    graph = networks.read(edges, str(nodes), columns=names)
    assert graph.edges["a", "b"]["strength"] == 3
    assert graph.nodes["a"]["place"] == "Prato"


def test_codes_in_a_file_stay_text(tmp_path):
    edges = tmp_path / "e.csv"
    edges.write_text("from;target;strength\n01;NA;2\nNA;10;3\n")
    graph = networks.read(edges, columns={"from": "source"})
    assert list(graph.edges(data="strength")) == [("01", "NA", 2), ("NA", "10", 3)]


def test_undirected_rows_become_two_ties():
    graph = networks.read(ties(strength=[1, 2]), directed=False)
    assert graph.number_of_edges() == 4
    assert graph.edges["c", "b"]["strength"] == 2


def test_reach_is_derived_from_place_and_region():
    nodes = things("abcd", place=["p", "p", "q", "r"], region=["R", "R", "R", "S"])
    edges = pd.DataFrame({"source": list("aaa"), "target": list("bcd")})
    graph = networks.read(edges, nodes)
    assert [graph.edges["a", x]["reach"] for x in "bcd"] == ["local", "regional", "global"]


def test_an_empty_cell_leaves_the_attribute_unset_and_the_measure_names_it():
    graph = networks.read(ties(), things(place=["p", None, "q"]))
    assert "place" not in graph.nodes["b"]
    with pytest.raises(ValueError, match=r"needs the node attribute 'place', which 1 of 3.*'b'"):
        networks.require(graph, "E–I index", nodes=["place"])
    with pytest.raises(ValueError, match=r"needs the tie attribute 'kind', which 2 of 2"):
        networks.require(graph, "switching", ties=["kind"])


@pytest.mark.parametrize(
    ("edges", "nodes", "message"),
    [
        (ties(), things("ab"), r"row 2 names 'c' as target, which is not among the 2 nodes"),
        (ties(), things(["abel", "b", "c"]), r"row 1 names 'a' as source"),
        (ties(target=["b", "b"]), None, r"row 2 ties 'b' to itself"),
        (ties(source=["a", "a"], target=["b", "b"]), None, r"rows 1 and 2 both tie 'a' and 'b'"),
        (ties().iloc[:0], None, "no rows"),
        (ties(source=["a", None]), None, r"row 2 has an empty 'source'"),
        (ties(strength=[1, -2]), None, r"row 2: column 'strength' has -2, which is negative"),
        (
            ties(strength=[1, "much"]),
            None,
            r"row 2: column 'strength' has 'much', which is not a number",
        ),
        (
            ties(strength=[1, np.inf]),
            None,
            r"row 2: column 'strength' has inf, which is not a number",
        ),
        (ties(codified=[0.5, 1.5]), None, r"row 2 has codified 1.5, expected a share"),
        (ties(kind=["supply", "suply"]), None, r"kind 'suply'.*did you mean 'supply'"),
        (ties(reach=["local", "far"]), None, r"reach 'far', expected one of local, regional"),
        (ties().rename(columns={"source": "sourced"}), None, r"no column 'source'.*'sourced'"),
        (ties(), things("abb"), r"row 3 names 'b' again"),
        (ties(), things(size=[1, 0, 2]), r"row 2 has size 0, expected a number above 0"),
        (ties(), things().rename(columns={"node": "firm"}), r"nodes .* has no column 'node'"),
    ],
)
def test_bad_input_is_named(edges, nodes, message):
    with pytest.raises(ValueError, match=message):
        networks.read(edges, nodes)


def test_the_same_tie_told_twice_in_an_undirected_list():
    edges = ties(source=["a", "b"], target=["b", "a"])
    assert networks.read(edges).number_of_edges() == 2
    with pytest.raises(ValueError, match="rows 1 and 2 both tie"):
        networks.read(edges, directed=False)


def test_bad_columns_are_named():
    with pytest.raises(ValueError, match="neither table has a column 'frm'"):
        networks.read(ties(), columns={"frm": "kind"})
    with pytest.raises(ValueError, match="did you mean 'strength'"):
        networks.read(ties(VAL=[1, 2]), columns={"VAL": "strenght"})
    with pytest.raises(ValueError, match="'VAL' and 'strength' both exist"):
        networks.read(ties(VAL=[1, 2], strength=[1, 2]), columns={"VAL": "strength"})
    with pytest.raises(ValueError, match="got a list"):
        networks.read([("a", "b")])


def test_validate_refuses_what_is_no_simple_network():
    with pytest.raises(ValueError, match="is empty"):
        networks.validate(nx.DiGraph())
    with pytest.raises(ValueError, match="tied to itself"):
        networks.validate(nx.DiGraph([(1, 1)]))
    with pytest.raises(ValueError, match="multigraph"):
        networks.validate(nx.MultiDiGraph([(1, 2), (1, 2)]))
    with pytest.raises(TypeError, match="found dict"):
        networks.validate({})
    bad = nx.DiGraph()
    bad.add_edge("a", "b", strength="strong")
    with pytest.raises(ValueError, match=r"tie 'a' → 'b' has strength 'strong'"):
        networks.validate(bad)
    assert networks.validate(nx.path_graph(2)).number_of_edges() == 2


def test_ownership_tells_four_cases_apart():
    graph = nx.DiGraph()
    graph.add_node("self", owner="self", place="p")
    graph.add_node("lead", owner="lead", place="p")
    graph.add_node("member", owner="lead", place="p")
    graph.add_node("branch", owner="lead", place="q")
    graph.add_node("base", owner="state", place="p")
    graph.add_node("plant", owner="far away", place="p", seat="r")
    found = networks.ownership(graph)
    assert found.to_dict() == {
        "self": "independent",
        "lead": "independent",
        "member": "local group",
        "branch": "external parent",
        "base": "state",
        "plant": "external parent",
    }
    assert set(found) == set(networks.graphs.OWNERSHIP)
    graph.add_node("puzzle", owner="nobody known", place="p")
    with pytest.raises(ValueError, match=r"'puzzle' belongs to 'nobody known'.*'seat'"):
        networks.ownership(graph)


def test_vocabulary_lists_every_attribute_once():
    table = networks.vocabulary()
    assert table.index.is_unique
    assert set(table.loc["tie"].index) == {"kind", "codified", "strength", "reach"}
