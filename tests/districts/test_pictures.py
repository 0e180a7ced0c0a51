"""Plots and widgets: what is drawn, at both ends of every control."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from corners import settings_of, shown
from matplotlib.colors import to_hex
from widget_checks import moves_to_both_ends

from clusterlab import districts, exercises, style
from clusterlab.districts import plots, widgets
from clusterlab.districts.network import _measured


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


def test_curves_of_the_growing_hub():
    result = districts.circle_to_star(share=1.0, owner="state")
    ax = style.figure()[1][0]
    widgets._plot_growth(result, ax=ax, prediction=0.4)
    lines = [line for line in ax.lines if len(line.get_xdata()) == 24]
    drawn = {line.get_color(): line.get_ydata() for line in lines}
    assert drawn[style.colour("state")] == pytest.approx(result.memberships["state-anchored"])
    assert drawn[style.colour("marshallian")] == pytest.approx(result.memberships["Marshallian"])
    assert drawn[style.colour("reference")] == pytest.approx(
        result.measures["degree_centralisation"]
    )
    assert "your prediction" in {text.get_text() for text in ax.texts}


def test_every_unit_and_tie_of_a_district_is_drawn():
    for kind in districts.TYPES:
        graph = districts.generate(kind, firms=20, seed=1)
        ax = plots.plot_network(graph)
        ties, marks = ax.collections[:3], ax.collections[3:]
        assert sum(len(mark.get_offsets()) for mark in marks) == len(graph)
        helped = [e for e in graph.edges if "trade association" in e]
        drawn = sum(len(tie.get_segments()) for tie in ties)
        assert drawn == graph.number_of_edges() - len(helped)
        inside = dict(graph.nodes(data="place"))
        far = [np.hypot(*spot) for mark in marks for spot in mark.get_offsets()]
        within = [node for node, place in inside.items() if place == "district"]
        assert sum(d < 1.25 for d in far) == len(within), "the boundary parts inside from outside"


def test_each_branch_has_a_thick_line_to_its_parent():
    graph = districts.generate("satellite", firms=20, seed=1)
    ax = plots.plot_network(graph)
    branches = [n for n, role in graph.nodes(data="role") if role == "branch plant"]
    assert len(ax.collections[2].get_segments()) == len(branches) == 6
    told = [text.get_text() for text in ax.texts]
    assert {"▲ branches", "■ their parents", "■ others outside"} <= set(told)


def test_star_has_its_hub_in_the_middle():
    looks = {"itself": "● hub", "state": "◆ state anchor", "parent elsewhere": "▲ hub, bought"}
    for owner, words in looks.items():
        result = districts.circle_to_star(share=1.0, owner=owner, rays=3)
        ax = style.figure()[1][0]
        widgets._plot_star(result, ax=ax)
        ties, knowledge, _, firms, hub, partners = ax.collections
        assert (len(firms.get_offsets()), len(partners.get_offsets())) == (23, 3)
        assert hub.get_offsets().tolist() == [[0, 0]]
        assert words in {text.get_text() for text in ax.texts}
        drawn = len(ties.get_segments()) + len(knowledge.get_segments())
        assert drawn == result.graph.number_of_edges()


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
    assert "your prediction" in asked.drawing


def test_growing_hub_says_who_leads():
    widget = widgets.growing_hub()
    assert "nobody leads" in widget.set(share=0.0).sentence
    assert "centralisation 1.00, a local firm leads; nearest is hub-and-spoke" in (
        widget.set(share=1.0).sentence
    )
    assert "the state leads; nearest is state-anchored" in widget.set(owner="state").sentence
    said = widget.set(owner="parent elsewhere").sentence
    assert "a parent elsewhere leads; nearest are hub-and-spoke and state-anchored" in said
    assert "By its owner alone it would be satellite (0.17)" in said
    guess = exercises.predict("?")
    asked = widgets.growing_hub(prediction=guess)
    guess.submit(0.3)
    assert "your prediction" in asked.drawing


# ---------------------------------------------------------------- sentences, at many settings


def _first(shares):
    """Return the shares shown with two decimals, and the names that share the largest."""
    shown = {name: f"{share:.2f}" for name, share in shares.items()}
    most = max(shown.values())
    return most, [name for name in districts.TYPES if shown[name] == most]


def test_profile_is_true_everywhere(monkeypatch):
    monkeypatch.setattr(plots, "plot_membership", lambda result, *, ax, prediction=None: ax)
    widget, tried = widgets.profile(), 0
    for setting in settings_of(widget, random=20, most=200):
        found, said, _ = shown(widget, setting)
        most, level = _first(found.shares)
        named = {name for name in districts.TYPES if name in said.split(";")[0]}
        if len(level) == 4:
            assert said.startswith("All four types are level at 0.25"), (setting, said)
        elif len(level) > 1:
            assert said.startswith(f"Level at {most}: "), (setting, said)
            assert named == set(level), (setting, said)
        else:
            rest = {n: s for n, s in found.shares.items() if n != level[0]}
            second = {n for n, s in rest.items() if f"{s:.2f}" == f"{max(rest.values()):.2f}"}
            assert said.startswith(f"Nearest is {level[0]} with {most} ("), (setting, said)
            assert named == {*level, *second}, (setting, said)
        known = 2 + (setting["leader"] != "not known") + (setting["contracts"] != "not known")
        assert f"{known} features known, {20 - known} missing" in said, (setting, said)
        tried += 1
    assert tried > 40


def test_growing_hub_is_true_everywhere(monkeypatch):
    for name in ("_plot_star", "_plot_growth"):  # only what is said is looked at
        monkeypatch.setattr(widgets, name, lambda result, *, ax, prediction=None: ax)
    widget, tried = widgets.growing_hub(), 0
    who = {"itself": "a local firm", "parent elsewhere": "a parent elsewhere", "state": "the state"}
    owners = {"itself": "hub-and-spoke", "parent elsewhere": "satellite", "state": "state-anchored"}
    for setting in settings_of(widget, random=10, most=12):
        result, said, _ = shown(widget, setting)
        hub = [
            u for u, v, kind in result.graph.edges(data="kind") if v == "hub" and kind == "supply"
        ]
        number = round(setting["share"] * 23)
        assert said.startswith(f"{number} of the 23 other firms ({number / 23:.0%}"), (
            setting,
            said,
        )
        # in a circle the last firm delivers to the first, the hub, as well
        assert len(hub) - number in (0, 1)
        assert ("rounded" in said) == (0 < number < 23)
        jobs = _measured(result.graph, None)[0]
        leads = who[setting["owner"]] if jobs["anchor_owner"] != "none" else "nobody"
        assert f"{leads} leads" in said, (setting, said)
        most, level = _first(result.membership.shares)
        told = said.split("nearest ")[1].split(" By its owner")[0]
        assert {name for name in districts.TYPES if name in told} == set(level), (setting, said)
        assert f"with {most}" in told
        assert ("each" in told) == (len(level) > 1)
        by_owner = owners[setting["owner"]]
        apart = leads != "nobody" and by_owner not in level
        assert (f"By its owner alone it would be {by_owner}" in said) == apart, (setting, said)
        tried += 1
    assert tried > 25


def test_a_star_owned_elsewhere_is_nearest_to_two_types_that_do_not_own_it():
    """Ties outvote the owner: the lesson says so; here are its figures."""
    star = districts.circle_to_star(share=1.0, owner="parent elsewhere")
    ax = style.figure()[1][0]
    widgets._plot_growth(star, ax=ax)
    words = [text.get_text() for text in ax.texts]
    assert "hub and state-anchored (dashed)" in words
    assert "satellite (dotted)" in words
    assert star.membership.level == ["hub-and-spoke", "state-anchored"]
    assert star.membership.shares.round(2).tolist() == [0.10, 0.36, 0.17, 0.36]
    gower = star.membership.types["similarity"]
    sums = (1 - gower) * len(star.membership.known)
    # leadership tells the two apart fully: how often would it have to count?
    assert 1 + sums["satellite"] - sums["hub-and-spoke"] == pytest.approx(2.48, abs=0.01)
