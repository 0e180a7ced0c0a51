import itertools
import re
from collections import Counter
from functools import cache

import numpy as np
import pandas as pd
import pytest
from corners import settings_of, without_picture
from matplotlib.patches import FancyArrowPatch
from scipy.linalg import expm
from widget_checks import moves_to_both_ends

from clusterlab import exercises, style, transitions
from clusterlab.names import listed
from clusterlab.transitions import emergence, plots, widgets
from clusterlab.transitions.chain import NAMED_AS_POSSIBLE

TYPES = transitions.TYPES
NAMED = {(arrow.origin, arrow.target) for arrow in NAMED_AS_POSSIBLE}


@cache
def _sensitivity(**setting):
    """Three simulations of fifty years take seconds: each setting is run once for all tests."""
    return emergence.sensitivity(**setting)


@pytest.mark.parametrize("name", ["regimes", "future", "our_numbers"])
def test_both_ends(name):
    widget = getattr(widgets, name)()
    if name == "our_numbers":
        widget._model = _sensitivity
    moves_to_both_ends(widget)


def test_future_says_what_it_shows():
    widget = widgets.future()
    widget.set(start="state-anchored")
    assert "in the long run: 100% state-anchored. No arrow leads to a hub. The" in widget.sentence
    widget.set(start="Marshallian", entry=0.5, openness=0.5)
    assert "50% Marshallian, 50% hub-and-spoke" in widget.sentence
    assert "The first hub comes after 50 years" in widget.sentence


def test_predictions_are_drawn():
    guess = exercises.predict("Which?", ["Mark I", "Mark II"])
    widget = widgets.regimes(prediction=guess)
    assert "your prediction" not in widget.drawing
    guess.submit("Mark II")
    assert "your prediction: Mark II" in widget.drawing
    other = exercises.predict("Which?", list(TYPES))
    shown = widgets.future(prediction=other)
    other.submit("satellite")
    assert "your prediction: satellite" in shown.drawing


def test_arrows_are_drawn_in_the_browser():
    view = widgets.draw_arrows()
    assert [edge["style"] for edge in view.edges] == ["solid"] * 4
    view.made = [*view.made, ["state-anchored", "Marshallian"]]
    assert [edge["style"] for edge in view.edges].count("dashed") == 1
    assert "4 of the 4 arrows named as possible and 1 of yours" in view.sentence
    spoken = {node["name"]: node["spoken"] for node in view.nodes}
    assert spoken["satellite"] == "satellite 0% in the long run; arrows out: 2."
    assert view.nodes[0]["radius"] > view.nodes[2]["radius"]
    with pytest.raises(ValueError, match="is no tie"):
        view.made = [["Marshallian", "circle"]]


def test_the_long_run_of_drawn_arrows_is_true_whatever_is_drawn():
    view, rng = widgets.draw_arrows(), np.random.default_rng(5)
    types = list(transitions.TYPES)
    pairs = [[one, other] for one in types for other in types if one != other]
    base = {(a.origin, a.target): a.base for a in NAMED_AS_POSSIBLE}
    for _ in range(150):
        made = [pair for pair in pairs if rng.random() < rng.choice([0.05, 0.3, 0.8])]
        start, rate = str(rng.choice(types)), float(rng.choice([0.005, 0.02, 0.1]))
        view.made, view.values = made, {"start": start, "rate": rate}
        rates = np.zeros((4, 4))
        for one, other in made:
            rates[types.index(one), types.index(other)] = base.get((one, other), rate)
        rates -= np.diag(rates.sum(axis=1))
        end = expm(rates * 1e5)[types.index(start)]
        said, out = view.sentence, {one for one, _ in made}
        assert f"begins as {start} stays so: no arrow leaves it." in said or start in out
        if start in out:
            for name, share in zip(types, end, strict=True):
                told = re.search(rf"(\d+)% {name}", said.split("in the long run")[1])
                assert bool(told) == (share > 1e-9), (made, start, said)
                if told and 0.01 < share < 0.99:
                    assert abs(float(told[1]) - 100 * share) < 0.5 + 1e-6, (made, start, said)
            kept = [name for name in types if name not in out]
            words = f"No arrow leaves {listed(kept)}: who" if kept else "No arrow"
            assert (words in said) == bool(kept), said
        number = sum(tuple(pair) in base for pair in made)
        assert f"{number} of the 4 arrows named as possible" in said
        assert f"and {len(made) - number} of yours" in said
        assert not view.problem


def crossed(ax):
    """Return the labels of arrows with an arrow through them, as the page shows both."""
    figure = ax.get_figure()
    with style.context():
        style.settled(figure)
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    arrows = [patch for patch in ax.get_children() if isinstance(patch, FancyArrowPatch)]
    curves = [arrow._get_path_in_displaycoord()[0][0].vertices for arrow in arrows]
    t = np.linspace(0, 1, 400)[:, None]
    paths = [(1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c for a, b, c in curves]
    labels = [text for text in ax.texts if re.search(r"[.\d]+$", text.get_text())]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in labels]
    assert len(boxes) == len(arrows)
    return [words for words, box in boxes if any(box.count_contains(path) for path in paths)]


TAKEOVERS = {(TYPES[0], TYPES[2]): 0.03, (TYPES[1], TYPES[2]): 0.01}


@pytest.mark.parametrize(
    "added",
    [{}, TAKEOVERS, {**TAKEOVERS, (TYPES[3], TYPES[1]): 0.02}]
    + [{pair: 0.04} for pair in itertools.permutations(TYPES, 2) if pair not in NAMED],
)
def test_no_arrow_goes_through_the_number_of_an_arrow(added):
    assert crossed(plots.plot_transition_graph(transitions.transition_graph(added=added))) == []


def test_plots_of_estimates():
    made = transitions.emerge(years=20, replicates=30, entry=0.1)
    found = made.estimate()
    ax = plots.plot_arrows(found)
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    assert "Marshallian → hub-and-spoke" in labels
    assert len(labels) == transitions.compare_arrows(found)["share"].notna().sum()
    lines = plots.plot_shares(made).get_lines()
    assert lines[0].get_ydata()[0] == 1
    assert plots.plot_transition_graph(found) is not None
    own = pd.DataFrame([[0.5, 0.5], [0.1, 0.9]], list("xy"), list("xy"))
    panel = transitions.simulate_panel(own, places=20)
    assert plots.plot_transition_graph(transitions.estimate(panel, types=None)) is not None


def test_plot_of_a_regime_without_incumbents():
    everyone_new = transitions.innovators(entry=1, events=50, replicates=2)
    ax = style.figure()[1][0]
    widgets._plot_sizes(everyone_new, ax=ax)
    assert len(ax.get_lines()) == 1


# ---------------------------------------------------------------- sentences, at many settings


def test_regimes_is_true_everywhere():
    widget, tried = widgets.regimes(), 0
    for setting in settings_of(widget, random=20, most=16):
        result, said = without_picture(widget, setting)
        half = setting["opportunity"] // 2
        new, top = [], []
        for history in result.firms:
            early, late = set(history[:half]), Counter(history[half:].tolist())
            new.append(sum(n for firm, n in late.items() if firm not in early) / half)
            top.append(sum(n for _, n in late.most_common(4)) / half)
        assert f"of the last {half:,} innovations" in said, (setting, said)
        told = [int(word[:-1]) / 100 for word in re.findall(r"\d+%", said)]
        free = (1 - setting["appropriability"]) * (1 - setting["tacitness"])
        chance = 1 - setting["cumulativeness"] * (1 - free)
        right = [np.mean(new), 0.5, np.mean(top), chance]
        assert told == pytest.approx(right, abs=0.005 + 1e-9), (setting, said)
        error = 2 * np.std(new, ddof=1) / np.sqrt(len(new))
        if abs(np.mean(new) - 0.5) <= error:
            mark = "Between Mark I and Mark II:"
        else:
            mark = "Mark I:" if np.mean(new) > 0.5 else "Mark II:"
        assert said.startswith(mark), (setting, said)
        tried += 1
    assert tried > 25


def test_future_is_true_everywhere():
    widget, tried = widgets.future(), 0
    for setting in settings_of(widget, random=20, most=32):
        result, said = without_picture(widget, setting)
        rates = result.chain.generator.to_numpy()
        at = list(TYPES).index(setting["start"])
        after = expm(rates * setting["years"])[at]
        end = expm(rates * 1e7)[at]
        for words, shares in (
            (f"after {setting['years']} years: ", after),
            ("in the long run: ", end),
        ):
            told = said.split(words)[1].split(";")[0].split(".")[0]
            parts = dict(part.rsplit(" ", 1)[::-1] for part in told.split(", "))
            assert set(parts) == {t for t, s in zip(TYPES, shares, strict=True) if s > 1e-12}, said
            for name, share in zip(TYPES, shares, strict=True):
                text = parts.get(name, "0%")
                if "%" in text and text[0].isdigit():
                    assert abs(float(text[:-1]) / 100 - share) <= 0.005 + 1e-9, (setting, said)
                    assert (share == pytest.approx(1)) >= (text == "100%")
                else:
                    assert share < 0.005 if text.startswith("under") else share > 0.995, said
        leads = rates[at, 1] > 0 or (rates[at, 0] > 0 and rates[0, 1] > 0)
        if setting["start"] == "hub-and-spoke":
            assert "hub comes" not in said
        elif leads:
            other = rates[at, 0] / -rates[at, at] if setting["start"] == "satellite" else 0
            wait = 1 / -rates[at, at] + other / rates[0, 1]
            assert f"after {wait:.0f} years on average" in said, (setting, said)
        else:
            assert "No arrow leads to a hub." in said
        tried += 1
    assert tried > 40


def test_our_numbers_is_true_everywhere():
    widget = widgets.our_numbers()
    widget._model = _sensitivity
    for setting in settings_of(widget, random=1, most=4):
        runs, said = without_picture(widget, setting)
        ours = emergence.ASSUMPTIONS[setting["of"]][0]
        told = said.removeprefix("After 50 years: with ").split(". All began")[0].split("; with ")
        for part, factor in zip(told, (0.5, 1, 1.5), strict=True):
            value, kinds = part.removeprefix("our ").split(", ", 1)
            assert part.startswith("our ") == (factor == 1)
            assert float(value) == pytest.approx(factor * ours)
            run = runs[factor * ours]
            nearest = run.memberships.xs(50, level="year").idxmax(axis=1).value_counts()
            words = dict(kind.rsplit(" ", 1)[::-1] for kind in kinds.split(", "))
            assert {n: f"{k / 50:.0%}" for n, k in nearest.items()} == words, (setting, said)
            assert (run.memberships.xs(0, level="year").idxmax(axis=1) == TYPES[0]).all()
        assert "uncertain by up to 14 points" in said
        assert round(200 * np.sqrt(0.25 / 50)) == 14
