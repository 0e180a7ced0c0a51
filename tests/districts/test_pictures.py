"""Plots and widgets: what is drawn, at both ends of every control."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from widget_checks import moves_to_both_ends

from clusterlab import districts, exercises, style
from clusterlab.districts import plots, widgets


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_bars_are_the_memberships_in_the_colours_of_the_types():
    found = districts.membership({"leadership": "state", "contract length": "short"})
    ax = plots.plot_membership(found, prediction="satellite")
    bars = ax.patches
    assert [bar.get_width() for bar in bars] == pytest.approx(list(found.shares))
    hues = [style.colour(name) for name in ("marshallian", "hub", "satellite", "state")]
    assert [to_hex(bar.get_facecolor()).upper() for bar in bars] == hues
    assert [label.get_text() for label in ax.get_yticklabels()] == list(districts.TYPES)
    ends = np.array([path.vertices[:, 0] for path in ax.collections[0].get_paths()])
    assert ends == pytest.approx(found.types[["low", "high"]].to_numpy())
    guess = [line for line in ax.lines if line.get_marker() == "D"]
    assert guess[0].get_ydata()[0] == 2


def test_filled_cells_are_pairs_told_apart():
    table = districts.distinct()
    ax = plots.plot_types(table)
    filled, empty = ax.collections
    assert len(filled.get_offsets()) == int(table.to_numpy().sum())
    assert len(filled.get_offsets()) + len(empty.get_offsets()) == table.size
    assert (0, 0) in {tuple(at) for at in filled.get_offsets()}


def test_curves_of_the_growing_hub():
    result = districts.circle_to_star(share=1.0, owner="state")
    ax = plots.plot_circle_to_star(result, prediction=0.4)
    lines = [line for line in ax.lines if len(line.get_xdata()) == 24]
    drawn = {line.get_color(): line.get_ydata() for line in lines}
    assert drawn[style.colour("state")] == pytest.approx(result.memberships["state-anchored"])
    assert drawn[style.colour("marshallian")] == pytest.approx(result.memberships["Marshallian"])
    assert drawn[style.colour("reference")] == pytest.approx(
        result.measures["degree_centralisation"]
    )
    assert "your guess" in {text.get_text() for text in ax.texts}


def test_star_has_a_marker_for_each_unit():
    for owner in ("itself", "state", "parent elsewhere"):
        result = districts.circle_to_star(share=1.0, owner=owner, rays=3)
        ax = plots.plot_star(result)
        ties, knowledge, firms, partners, hub = ax.collections
        assert len(firms.get_offsets()) == 23
        assert len(partners.get_offsets()) == 3
        assert hub.get_offsets().tolist() == [[0, 0]]
        assert len(ties.get_segments()) + len(knowledge.get_segments()) == (
            result.graph.number_of_edges()
        )


@pytest.mark.parametrize("make", [widgets.profile, widgets.growing_hub], ids=lambda f: f.__name__)
def test_widgets_move_to_both_ends(make):
    moves_to_both_ends(make())


def test_profile_says_what_is_seen():
    widget = widgets.profile()
    assert widget.sentence.startswith("Level at 0.35: Marshallian and hub-and-spoke")
    widget.set(leader="parent elsewhere", scale=3.0, outside=3.0, contracts="short")
    assert widget.sentence.startswith("Nearest is satellite with 0.")
    assert "4 features known, 16 missing" in widget.sentence
    guess = exercises.predict("?", list(districts.TYPES))
    asked = widgets.profile(prediction=guess)
    before = asked.drawing
    guess.submit("satellite")
    assert asked.drawing != before
    assert "your guess" in asked.drawing


def test_growing_hub_says_who_leads():
    widget = widgets.growing_hub()
    assert "nobody leads" in widget.set(share=0.0).sentence
    assert "centralisation 1.00, a local firm leads; nearest is hub-and-spoke" in (
        widget.set(share=1.0).sentence
    )
    assert "the state leads; nearest is state-anchored" in widget.set(owner="state").sentence
    assert "a parent elsewhere leads" in widget.set(owner="parent elsewhere").sentence
    guess = exercises.predict("?")
    asked = widgets.growing_hub(prediction=guess)
    guess.submit(0.3)
    assert "your guess" in asked.drawing


def test_network_shows_every_unit():
    graph = districts.generate("satellite", firms=20, seed=1)
    view = widgets.network(graph)
    assert len(view.nodes) == len(graph)
    assert all(node["label"] == "" for node in view.nodes)
