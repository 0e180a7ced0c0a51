"""Files as Gephi, Pajek and others write them, built here with the constructs of public files.

Names of tests say the construct. What networkx makes of those Pajek files without a word: an edge
read as an arc, a list of neighbours as a weight, the heading of a second relation as a tie.
"""

import networkx as nx
import pytest

from clusterlab import networks, saving

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{0}" xmlns:viz="{0}/viz" version="{1}">'
)
META = '<meta lastmodifieddate="2014-01-30"><creator>Gephi</creator><description/></meta>'
SORT = '<attribute id="modularity_class" title="Modularity Class" type="integer"/>'
NODES = """<nodes><node id="0" label="Müller &amp; Co"><attvalues><attvalue for="modularity_class"
value="3"/></attvalues><viz:size value="15"/><viz:position x="-2" y="2" z="0.0"/>
<viz:color r="235" g="81" b="72"/></node><node id="1" label="01"/><node id="2" label="C"/></nodes>"""
TIES = """<edges><edge id="7" source="0" target="1" weight="8.0"><attvalues/>
<viz:color r="0" g="238" b="0"/></edge><edge id="8" source="1" target="2"/></edges>"""


@pytest.fixture
def gexf(tmp_path):
    """Return a function that writes a file as Gephi does, with some text replaced, and loads it."""

    def loaded(*changes, space="http://gexf.net/1.3", version="1.3"):
        graph = f'<graph defaultedgetype="directed" mode="static"><attributes class="node">{SORT}'
        text = (
            f"{HEAD.format(space, version)}{META}{graph}</attributes>{NODES}{TIES}</graph></gexf>"
        )
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "a.gexf").write_text(text, encoding="utf-8")
        return networks.load(tmp_path / "a.gexf")

    return loaded


@pytest.mark.parametrize(
    ("space", "version"),
    [
        ("http://www.gexf.net/1.1draft", "1.1"),  # Gephi 0.7
        ("http://www.gexf.net/1.2draft", "1.2"),  # Gephi 0.8, most files there are
        ("http://www.gexf.net/1.3", "1.3"),  # Gephi 0.9, rgexf
        ("http://gexf.net/1.3", "1.3"),  # Gephi 0.10
    ],
)
def test_versions_of_gexf(gexf, space, version):
    graph = gexf(space=space, version=version)
    assert {*graph.edges} == {("Müller & Co", "01"), ("01", "C")}
    assert graph.edges["Müller & Co", "01"] == {"strength": 8}
    assert graph.nodes["Müller & Co"] == {"Modularity Class": 3}, "how it is drawn is left out"


def test_labels_that_are_the_same_or_not_there_leave_nodes_their_ids(gexf):
    same = gexf(('label="C"', 'label="01"'))
    assert {*same.edges} == {("0", "1"), ("1", "2")}
    assert same.nodes["2"]["label"] == "01"
    assert {*gexf((' label="C"', ""))} == {"0", "1", "2"}
    assert {*gexf(('label="C"', 'label=""'))} == {"0", "1", "2"}


def test_ties_of_both_sorts_in_one_gexf_graph(gexf):
    for sort in ("undirected", "mutual"):
        graph = gexf(('target="2"/>', f'target="2" type="{sort}"/>'))
        assert {*graph.edges} == {("Müller & Co", "01"), ("01", "C"), ("C", "01")}
    both_ways = gexf(('"directed" mode', '"undirected" mode'))
    assert both_ways.number_of_edges() == 4


def test_kinds_of_values_that_only_gephi_has(gexf):
    for kind in ("bigdecimal", "short", "listinteger"):
        graph = gexf(('type="integer"', f'type="{kind}"'))
        assert graph.nodes["Müller & Co"] == {"Modularity Class": "3"}
    sized = gexf(('title="Modularity Class" type="integer"', 'title="size" type="bigdecimal"'))
    assert sized.nodes["Müller & Co"] == {"size": 3}


def test_several_ties_between_two_nodes_are_named(gexf):
    again = '<edge id="9" source="0" target="1" kind="old"/></edges>'
    with pytest.raises(ValueError, match="a.gexf: 'Müller & Co' and '01' have several ties"):
        gexf(("</edges>", again))


@pytest.fixture
def pajek(tmp_path):
    """Return a function that writes lines into a file as Pajek has them and loads it."""

    def loaded(*lines, encoding="utf-8", end="\r\n", to=None):
        names = ['1 "a"', '2 "b b"', '3 "c"', '4 "d"']
        lines = [*(() if lines[0].lower().startswith("*v") else ["*Vertices 4", *names]), *lines]
        (tmp_path / "a.net").write_bytes((end.join(lines) + end).encode(encoding))
        return networks.load(tmp_path / "a.net")

    return loaded


def ties(graph):
    return {(u, v): data.get("strength") for u, v, data in graph.edges(data=True)}


def test_arcs_and_edges_in_one_file_in_either_order(pajek):
    arcs, edges = ("*Arcs", "1 2 2.5"), ("*Edges", "3 4 1")
    wanted = {("a", "b b"): 2.5, ("c", "d"): 1, ("d", "c"): 1}
    assert ties(pajek(*arcs, *edges)) == ties(pajek(*edges, *arcs)) == wanted


def test_lists_of_neighbours(pajek):
    assert {*pajek("*Arcslist", "1 2 3", "4 1").edges} == {("a", "b b"), ("a", "c"), ("d", "a")}
    both = pajek("*Edgeslist", "1 2 3")
    assert ties(both) == dict.fromkeys([("a", "b b"), ("b b", "a"), ("a", "c"), ("c", "a")])


def test_several_relations(pajek):
    graph = pajek('*Arcs :1 "supply"', "1 2 1", '*Arcs :2 "gives advice"', "2 3 1", "*Edges", "3 4")
    assert {*graph} == {"a", "b b", "c", "d"}
    assert graph.edges["b b", "c"]["relation"] == "gives advice"
    assert "relation" not in graph.edges["c", "d"]
    with pytest.raises(ValueError, match="'a' and 'b b' have several ties"):
        pajek('*Arcs :1 "supply"', "1 2 1", '*Arcs :2 "advice"', "1 2 1")


def test_a_matrix_and_one_of_two_sorts_of_vertices(pajek):
    square = pajek("*Vertices 2", "1 a", "2 b", "*Matrix", "0 2.5", "-1 0".replace("-1", "1e-3"))
    assert ties(square) == {("a", "b"): 2.5, ("b", "a"): 1e-3}
    two = pajek(
        "*Vertices 4 2", '1 "Ann"', '2 "Bo"', '3 "club"', '4 "union"', "*Matrix", "1 0", "1 1"
    )
    assert ties(two) == {("Ann", "club"): 1, ("Bo", "club"): 1, ("Bo", "union"): 1}
    edges = pajek("*Vertices 4 2", '1 "Ann"', '2 "Bo"', '3 "club"', '4 "union"', "*Edges", "1 3")
    assert {*edges.edges} == {("Ann", "club"), ("club", "Ann")}


def test_places_shapes_and_colours_of_vertices(pajek):
    graph = pajek(
        "*vertices 3", '1 "O\'Neill" 0.1 0.2 0.5 ic Red bc Black', "2 Ann 0.1 .2 ellipse x_fact 2",
        "3 c", "*arcs", "1 2 1 c Blue w 3", "2 3",
    )  # fmt: skip
    assert graph.nodes["O'Neill"] == {"ic": "Red", "bc": "Black"}
    assert graph.nodes["Ann"] == {"x_fact": "2"}
    assert graph.edges["O'Neill", "Ann"] == {"strength": 1, "c": "Blue", "w": "3"}


def test_comments_empty_lines_old_letters_and_vertices_without_labels(pajek):
    assert {*pajek("*Vertices 2", "% by hand", "1 Köln", "", "2 b", encoding="cp1252")} == {
        "Köln",
        "b",
    }
    bare = pajek("*Vertices 3", "*Edges", "1 2", end="\n")
    assert {*bare} == {"1", "2", "3"}
    same = pajek("*Vertices 3", "1 x", "2 x", "3 y", "*Arcs", "1 3", "2 3")
    assert {*same.edges} == {("1", "3"), ("2", "3")}, "two of one name stay two"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            ["*Vertices 1", "1 a", "*Partition x", "1"],
            "line 3 begins \\*Partition, which is not read",
        ),
        (["*Vertices 1", "1 a", "*Vertices 1", "1 b"], "line 3 begins a second network"),
        (["*Vertices 1", "1 a", "*Arcs", "1 2 1"], "a tie goes to vertex 2, of 1"),
        (["*Vertices many", "1 a"], "invalid literal for int.*'many'"),
        (["*Vertices 1", "1 a", "*Arcs", "1"], "not enough values"),
    ],
)
def test_what_is_no_network_is_refused(pajek, lines, sentence):
    with pytest.raises(ValueError, match=f"a.net cannot be read as a network: {sentence}"):
        pajek(*lines)


@pytest.mark.parametrize("end", ["graphml", "gexf", "net"])
@pytest.mark.parametrize("directed", [True, False])
def test_what_we_write_others_read(tmp_path, end, directed):
    graph = (nx.DiGraph if directed else nx.Graph)()
    graph.add_edge("Müller & Co", "01", strength=2.5, kind="supply")
    graph.add_edge("01", "b c", strength=1.0, kind="social")
    graph.nodes["01"]["size"] = 20.5
    saving.save(graph, tmp_path / f"a.{end}")
    read = {"graphml": nx.read_graphml, "gexf": nx.read_gexf, "net": nx.read_pajek}[end]
    theirs = read(tmp_path / f"a.{end}")
    assert theirs.is_directed() == directed
    assert {*theirs} == {*graph}
    assert nx.utils.graphs_equal(
        nx.Graph(graph.edges), nx.Graph([each[:2] for each in theirs.edges])
    )
    strength = "weight" if end == "net" else "strength"
    assert sum(data[strength] for *_, data in theirs.edges(data=True)) == 3.5
    assert float(theirs.nodes["01"]["size"]) == 20.5
    ours = networks.load(tmp_path / f"a.{end}")
    assert ours.number_of_edges() == (2 if directed else 4)
