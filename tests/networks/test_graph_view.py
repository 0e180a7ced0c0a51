import networkx as nx
import numpy as np
import pytest

from clusterlab.networks import dressed, generate
from clusterlab.views.graph import draw_graph, graph_view, layout


def arrows():
    graph = nx.DiGraph()
    for name, hue in (("Marshallian", "marshallian"), ("hub", "hub"), ("state", "state")):
        graph.add_node(name, colour=hue)
    graph.add_edge("Marshallian", "hub", label="1", origin="documented")
    graph.add_edge("hub", "Marshallian", label="2", origin="documented")
    graph.add_edge("state", "hub", label=".01 a year", origin="added")
    return graph


def test_colour_says_role_and_shape_says_owner():
    graph = generate("hierarchy", seed=1)
    view = graph_view(dressed(graph))
    by_name = {node["name"]: node for node in view.nodes}
    colours = {graph.nodes[n]["role"]: by_name[n]["colour"] for n in graph}
    assert len(set(colours.values())) == 3
    assert {node["shape"] for node in view.nodes} == {"circle", "square", "triangle"}
    told = " ".join(entry["text"] for entry in view.legend)
    for word in ("lead firm", "external parent", "local group", "knowledge"):
        assert word in told


def test_every_node_has_a_spoken_name_with_its_attributes():
    graph = generate("modular", seed=1)
    for node, data in zip(graph_view(dressed(graph)).nodes, graph.nodes.values(), strict=True):
        assert node["spoken"].startswith(f"{node['name']}: {data['role']}, in {data['place']}")
        assert "ties: " in node["spoken"]


def test_transition_graph_tells_documented_from_added():
    view = graph_view(arrows(), ties="origin", styles={"documented": "solid", "added": "dashed"})
    assert [edge["style"] for edge in view.edges] == ["solid", "solid", "dashed"]
    assert [edge["label"] for edge in view.edges] == ["1", "2", ".01 a year"]
    assert [edge["bend"] for edge in view.edges] == [1, 1, 0]
    assert all(edge["arrow"] for edge in view.edges)
    assert {entry["text"] for entry in view.legend} == {"documented", "added"}


def test_an_update_keeps_places_and_order():
    view = graph_view(arrows())
    before = view.places
    changed = nx.DiGraph()
    for name in ("state", "hub", "Marshallian"):
        changed.add_node(name, size={"hub": 9}.get(name, 1), label=f"{name} now")
    changed.add_edge("state", "hub")
    view.update(changed, sentence="The hub grows.")
    assert view.places.equals(before)
    assert [node["name"] for node in view.nodes] == ["Marshallian", "hub", "state"]
    assert view.nodes[1]["radius"] > view.nodes[0]["radius"]
    assert view.sentence == "The hub grows."
    with pytest.raises(ValueError, match="not in both"):
        view.update(nx.path_graph(2))


def test_layout_is_computed_once_and_stays_inside():
    for graph in (generate("captive"), arrows(), nx.empty_graph(9), nx.path_graph(1)):
        one, other = layout(graph), layout(graph)
        assert one == other
        spots = np.array(list(one.values()))
        assert (spots >= 0).all()
        assert (spots <= 1).all()
    spots = np.array(list(layout(generate("captive")).values()))
    assert len(np.unique(spots.round(6), axis=0)) == len(spots)


def test_the_browser_moves_nodes_and_python_reads_where():
    view = graph_view(arrows())
    moved = np.frombuffer(view.positions, dtype=np.float32).copy()
    moved[:2] = 0.25, 0.75
    view.positions = memoryview(moved.tobytes())
    assert view.places.loc["Marshallian"].tolist() == [0.25, 0.25]


def test_picture_and_words_without_a_browser():
    view = graph_view(arrows())
    data, _ = view._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == "A network of 3 nodes and 3 ties."


def test_drawn_on_axes():
    ax = draw_graph(dressed(generate("transnational community")), labels=["lead 1"])
    assert "lead 1" in {text.get_text() for text in ax.texts}
    assert sum(len(c.get_offsets()) for c in ax.collections if c.get_offsets().size > 2) == 42
    ax.figure.canvas.draw()


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="is empty"):
        graph_view(nx.Graph())
    with pytest.raises(ValueError, match="'hub' has no place"):
        graph_view(arrows(), positions={"Marshallian": (0, 0)})
    with pytest.raises(ValueError, match="outside 0 to 1"):
        graph_view(arrows(), positions=dict.fromkeys(arrows(), (0, 2)))
    with pytest.raises(ValueError, match="'wavy' is no line style"):
        graph_view(arrows(), styles={"added": "wavy"})
    with pytest.raises(ValueError, match="'nobody' is not a node"):
        graph_view(arrows(), labels=["nobody"])
    graph = arrows()
    graph.nodes["hub"]["shape"] = "star"
    with pytest.raises(ValueError, match="node 'hub': shape is 'star'"):
        graph_view(graph)
