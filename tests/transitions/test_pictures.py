import pandas as pd
import pytest
from widget_checks import moves_to_both_ends

from clusterlab import exercises, transitions
from clusterlab.transitions import plots, widgets

TYPES = transitions.TYPES


@pytest.mark.parametrize("name", ["regimes", "future", "italian_trends"])
def test_both_ends(name):
    moves_to_both_ends(getattr(widgets, name)())


def test_future_says_what_it_shows():
    widget = widgets.future()
    widget.set(start="state-anchored")
    assert widget.sentence.startswith("In the long run 100% state-anchored. The sizes")
    widget.set(start="Marshallian", entry=0.5, openness=0.5)
    assert "50% Marshallian, 50% hub-and-spoke" in widget.sentence
    assert "A hub comes after 50 years" in widget.sentence


def test_predictions_are_drawn():
    guess = exercises.predict("Which?", ["Mark I", "Mark II"])
    widget = widgets.regimes(prediction=guess)
    assert "your guess" not in widget.drawing
    guess.submit("Mark II")
    assert "your guess: Mark II" in widget.drawing
    other = exercises.predict("Which?", list(TYPES))
    shown = widgets.future(prediction=other)
    other.submit("satellite")
    assert "your guess: satellite" in shown.drawing


def test_arrows_in_the_browser():
    view = widgets.arrows(
        transitions.transition_graph(added={("state-anchored", "Marshallian"): 0.01})
    )
    assert view.sentence == (
        "5 arrows between types: 4 named as possible by the document, 1 added."
    )
    assert {edge["style"] for edge in view.edges} == {"solid", "dashed"}
    assert [edge["style"] for edge in view.edges].count("dashed") == 1
    spoken = {node["name"]: node["spoken"] for node in view.nodes}
    assert "to hub-and-spoke 0.020 a year" in spoken["Marshallian"]
    assert (
        "no arrow leads away" in widgets.arrows(transitions.transition_graph()).nodes[3]["spoken"]
    )


def test_plots_of_estimates():
    made = transitions.emerge(years=20, replicates=30, entry=0.1)
    found = made.estimate()
    ax = plots.plot_arrows(found)
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    assert "Marshallian → hub-and-spoke" in labels
    assert len(labels) == found.compare()["share"].notna().sum()
    lines = plots.plot_shares(made).get_lines()
    assert lines[0].get_ydata()[0] == 1
    assert plots.plot_transition_graph(found) is not None
    own = pd.DataFrame([[0.5, 0.5], [0.1, 0.9]], list("xy"), list("xy"))
    panel = transitions.simulate_panel(own, places=20)
    assert plots.plot_transition_graph(transitions.estimate(panel, types=None)) is not None


def test_plot_of_a_regime_without_incumbents():
    everyone_new = transitions.innovators(entry=1, events=50, replicates=2)
    ax = plots.plot_sizes(everyone_new)
    assert len(ax.get_lines()) == 1
