import numpy as np
import pytest

from clusterlab import exercises, networks, style
from clusterlab.networks import plots, widgets
from tests.widget_checks import moves_to_both_ends

WIDGETS = ("types", "failing_suppliers", "demand", "search", "stretching", "relations")


@pytest.mark.parametrize("name", WIDGETS)
def test_widgets_show_something_true_at_both_ends_of_every_control(name):
    moves_to_both_ends(getattr(widgets, name)())


@pytest.mark.parametrize("name", ["failing_suppliers", "stretching", "demand", "search"])
def test_the_prediction_is_drawn_on_the_answer(name):
    choices = {"search": ["4 elements", "12 elements"], "demand": ["tight", "open"]}.get(name)
    guess = exercises.predict("?", choices)
    widget = getattr(widgets, name)(prediction=guess)
    before = widget.drawing
    guess.submit("4 elements" if name == "search" else "open" if choices else 0.4)
    assert widget.drawing != before


def test_the_network_widget_names_leads_and_bridges():
    view = widgets.network(networks.generate("transnational community"))
    named = {node["label"] for node in view.nodes} - {""}
    assert named == {"lead 1", "lead 2", "lead 3", "lead 4", "person 1", "person 2"}


def drawn(plot, result):
    ax = style.figure()[1][0]
    plot(result, ax=ax)
    return ax


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_plots_show_the_results_numbers():
    survival = networks.supplier_failure(failure=0.3)
    ax = drawn(widgets._plot_survival, survival)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), survival.by_failure["as set"])
    left = networks.removal(networks.generate("captive"), replicates=5)
    ax = plots.plot_removal(left)
    np.testing.assert_allclose(ax.lines[1].get_ydata(), left.targeted)
    assert "removed at random" in texts(ax)
    found = networks.modular_search(steps=50, replicates=5, modules=(3, 12))
    assert {"modules of 3", "integral"} <= set(texts(drawn(widgets._plot_search, found)))
    profile = networks.closest_types(networks.generate("captive"), per_type=3, replicates=50)
    ax = plots.plot_profile(profile)
    assert [label.get_text() for label in ax.get_yticklabels()] == list(profile.types.index[::-1])
    assert not any(ax.get_title() for ax in (ax,))


def test_labels_of_lines_do_not_lie_on_each_other():
    found = networks.modular_search(steps=250, replicates=20, change=True, moved=12)
    ax = drawn(widgets._plot_search, found)
    heights = sorted(t.xy[1] for t in ax.texts if t.get_text().startswith(("modules", "integral")))
    assert np.diff(heights).min() > 0.02


def test_concepts_do_without_matplotlib():
    import subprocess
    import sys

    code = (
        "import sys, clusterlab.networks as n; n.structure(n.generate()); "
        "assert 'matplotlib' not in sys.modules and 'ipywidgets' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_places_are_frames_beside_each_other_and_nodes_stand_in_theirs():
    for name in networks.GOVERNANCE_TYPES:
        graph = networks.generate(name)
        spots, reaches = widgets._stand(graph)
        assert set(spots) == set(graph)
        ends = [end for reach in reaches.values() for end in reach]
        assert ends == sorted(ends)
        for node, data in graph.nodes(data=True):
            if data["role"] == "person":
                assert reaches["cluster"][1] < spots[node][0] < reaches["abroad"][0]
            else:
                left, right = reaches[data["place"]]
                assert left < spots[node][0] < right


def test_the_less_is_written_down_the_thicker_is_a_tie():
    widths = {}
    for name in ("modular", "relational"):
        ties = networks.dressed(networks.generate(name)).edges(data=True)
        widths[name] = np.mean([data["width"] for *_, data in ties])
        knowledge = [data for *_, data in ties if data["kind"] == "knowledge"]
        assert {(data["style"], data["colour"]) for data in knowledge} == {("dashed", "green")}
    assert widths["relational"] > 2 * widths["modular"]
