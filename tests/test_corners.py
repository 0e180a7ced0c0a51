"""Every text of every widget's picture stays inside and readable, at the corners too."""

import importlib
import itertools
import sys
from collections import Counter
from typing import Annotated, Literal

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from corners import (
    axes_texts_are_in_place,
    boxes_in,
    crossed_in,
    misplaced,
    settings_of,
    shown,
    texts_are_in_place,
    visible_texts,
)

import clusterlab
from clusterlab import agglomeration, datasets, diamond, style, tables
from clusterlab.agglomeration.planted import planted_economy
from clusterlab.exercises import predict
from clusterlab.explore import Explorer, explore
from clusterlab.labels import KEY
from clusterlab.parameters import Parameter, model

#: Widgets in whose picture a line crosses a label at some setting: take yours out when it does not.
CROSSED = {
    "agglomeration.shares",  # on a phone, the key
    "agglomeration.specialisation",  # names of regions near to each other
    "agglomeration.variety_and_growth",
    "districts.growing_hub",
    "districts.profile",  # on a phone
    "networks.types",  # on a phone
    "transitions.future",  # letters of types that meet
    "transitions.our_numbers",  # on a phone, where lines end together
    "transitions.regimes",  # on a phone
}


def _facets():
    table = diamond.read_indicators(
        datasets.load("diamond_indicators"), layout="long", facet="facet", value="rating"
    )
    turned = ["burden of entry rules"]
    return diamond.score(table, normalise="scale", scale=(1, 7), reverse=turned).facets


def _quotients():
    table = tables.from_long(
        datasets.load("establishment_register"),
        region="region",
        industry="industry",
        value="size",
        absent="zero",
        duplicates="sum",
    )
    return agglomeration.location_quotient(table)


def _delineated():
    """Return measured pairs near all thresholds, and names of six of them as a unit gives them."""
    named = {
        "Napa: drinks": ("Napa", "Beverage manufacturing"),
        "Napa: drinks trade": ("Napa", "Alcoholic beverage merchant wholesalers"),
        "Modesto: drinks": ("Modesto", "Beverage manufacturing"),
        "Elkhart: caravans": ("Elkhart", "Motor vehicle body and trailer manufacturing"),
        "Dalton: yarn": ("Dalton", "Fiber, yarn, and thread mills"),
        "Seattle: airlines": ("Seattle", "Scheduled air transportation"),
    }
    first = [
        [75.95, 1.42, 401, 22.64, 64170],
        [10.44, 1.18, 53, 19.17, 64170],
        [15.83, 1.3, 15, 286.53, 145805],
        [296.86, 1.39, 139, 263.54, 135841],
        [173.74, 1.83, 9, 111.78, 54905],
        [1.98, 1.21, 50, 260.66, 1806755],
    ]
    more = np.random.default_rng(0).lognormal(np.log([2, 1.2, 10, 50, 4e5]), 0.8, (1500, 5))
    pairs = [*named.values(), *((f"place {k}", "trade") for k in range(len(more)))]
    index = pd.MultiIndex.from_tuples(pairs, names=["region", "industry"])
    columns = ["quotient", "related", "establishments", "size", "area"]
    return pd.DataFrame(np.vstack([first, more]), index, columns), named


# What a widget is made with, where it needs something.
GIVEN = {
    "agglomeration.shares": lambda: [_quotients()],
    "agglomeration.specialisation": lambda: [datasets.load("establishment_register")],
    "agglomeration.next_industries": lambda: [
        agglomeration.location_quotient(planted_economy()[0]).value
    ],
    "clusters.definitions": lambda: [*_delineated()],
    "diamond.budget": lambda: [["attract suppliers"]],  # one lever cannot cost too much
    "diamond.compensation": lambda: [_facets()],
}

# The least and the greatest answer a reader can give, where the picture takes one.
ANSWERS = {
    "agglomeration.dartboard": [0, 0.5],
    "agglomeration.next_industries": [0.05, 0.6],
    "agglomeration.placed_plants": [-0.04, 0.8],
    "agglomeration.variety_and_growth": [1, 12],
    "agglomeration.dispersal": [0.0, 0.22],
    "clusters.boundary": [0, 150],
    "clusters.definitions": [0.1, 0.8],
    "clusters.groups": [0.2, 1.0],
    "clusters.hidden": [0.0, 0.9],
    "diamond.budget": [0.13, 0.72],
    "diamond.compensation": [0, 15],
    "diamond.motion": [0.05, 0.7],
    "districts.growing_hub": [0.0, 1.0],
    "districts.profile": ["Marshallian", "state-anchored"],
    "linkages.pipelines": [1, 60],
    "linkages.barter": [0, 0.15, 1],
    "linkages.small_world": [0.02, 0.9],
    "linkages.three_levels": ["local", "global"],
    "location.circle": [1, 12],
    "location.city_size": [1, 2000],
    "location.labour_pooling": [0.0, 1.0],
    "location.location_choice": ["A", "C"],
    "location.location_paradox": [10, 90],
    "location.spin_offs": ["A", "E"],
    "location.tomahawk": [1.1, 2.5],
    "location.urn": [0.2, 1.0],
    "networks.demand": ["tight", "open"],
    "networks.failing_suppliers": [0.59, 0.99],
    "networks.stretching": [0.1, 0.9],
    "networks.search": ["2 elements a module", "12 elements: integral search"],
    "regions.convergence": [0.06, 0.2],
    "regions.inequality": [0.003, 0.06],
    "regions.mobility": [25, 200],
    "regions.neighbours": [0.02, 0.2],
    "policy.portfolio": [1.1, 3.5],
    "policy.two_policies": [0.0, 1.0],
    "relocation.climb": [0.05, 1.0],
    "relocation.machine_makers": [0.0, 1.3],
    "relocation.relocate": [0.3, 1.0],
    "relocation.strategy_mix": [0.0, 1.0],
    "transitions.our_numbers": [0.0, 1.0],
    "transitions.future": ["Marshallian", "state-anchored"],
    "transitions.regimes": ["about 2%", "about 80%"],
}


def explorers():
    """Return topic.name of each function that makes a widget with sliders."""
    found = []
    for topic in clusterlab.__all__:
        try:
            widgets = importlib.import_module(f"clusterlab.{topic}.widgets")
        except ModuleNotFoundError:
            continue
        found += [
            f"{topic}.{name}"
            for name in widgets.__all__
            if getattr(widgets, name).__annotations__["return"] in (Explorer, "Explorer")
        ]
    return found


def made(name, question=None):
    topic, function = name.split(".")
    make = getattr(importlib.import_module(f"clusterlab.{topic}.widgets"), function)
    return make(*GIVEN.get(name, list)(), **({"prediction": question} if question else {}))


def looked_at(name):
    """Return what is wrong with the texts of a widget, wide and narrow, and with each answer."""
    wrong, tried = [], 0
    question = predict("What do you expect?", ANSWERS[name]) if name in ANSWERS else None
    widget = made(name, question)
    _each_setting_once(widget)
    for answer in (None, *ANSWERS.get(name, ())):
        if answer is None:
            how = {"random": 2, "most": 6}
        else:
            how = {"random": 1, "most": 3, "ends": False}
            question.submit(answer)
        for narrow in (False, True):
            widget.reset().narrow = narrow  # on an empty picture, as a new widget
            assert not narrow or widget.width < 420
            more, number = misplaced(widget, lines=name not in CROSSED, **how)
            for setting, problems in more:
                # a reader's own mark stands where it was set, whatever else is drawn there
                own = [p for p in problems if p.endswith("is crossed") and "your prediction" in p]
                if len(own) < len(problems):
                    wrong.append(({**setting, "answer": answer, "narrow": narrow}, problems))
            tried += number
            texts = visible_texts(widget.axes[0].figure.figure)
            small = min(text.get_fontsize() for text in texts)
            assert small >= 11, "a point is a pixel of an output 295 pixels wide"
    return wrong, tried


def _each_setting_once(widget):
    """Let the model run once for each setting: its result has no width and knows no answer."""
    model, names, kept = widget._model, [control["name"] for control in widget.controls], {}

    def run(**given):
        setting = repr([given[name] for name in names])
        if setting not in kept:
            kept[setting] = model(**given)
        return kept[setting]

    widget._model = run


@pytest.mark.parametrize("name", explorers())
def test_every_text_is_in_place(name):
    wrong, tried = looked_at(name)
    assert not wrong, f"{len(wrong)} of {tried}: {wrong[:4]}"


def test_all_widgets_that_take_an_answer_are_given_one():
    takes = {name for name in explorers() if "prediction" in _parameters(name)}
    assert takes == set(ANSWERS)


def _parameters(name):
    topic, function = name.split(".")
    return importlib.import_module(f"clusterlab.{topic}.widgets").__dict__[function].__annotations__


@model
def line(
    *,
    slope: Annotated[float, Parameter("slope", 0, 1, 0.25)] = 0.5,
    points: Annotated[int, Parameter("points", 2, 6, 2)] = 2,
    high: Annotated[bool, Parameter("raised")] = False,
    words: Annotated[Literal["a", "b", "c"], Parameter("words")] = "a",
):
    return slope, points, high, words


def draw(result, *, ax):
    slope, points, _, words = result
    ax.plot([0, points], [0, slope])
    ax.set(xlim=(0, 6), ylim=(0, 1))
    if slope == 1 and points == 6:
        ax.text(0, 0, "higher than any picture\n" * 30)
    ax.set_xticks([3, 3.1] if words == "b" else [3], ["one and", "the other"][: 1 + (words == "b")])
    ax.yaxis.label.set_parse_math(words == "c")  # which the house style forbids
    ax.set_ylabel("$50k-$99k")


def test_settings():
    widget = explore(line, draw, say=str)
    settings = list(settings_of(widget))
    assert settings[0] == widget.values
    assert len({repr(setting) for setting in settings}) == len(settings)
    corners = itertools.product([0, 1], [2, 6], [False, True], "abc")
    wanted = [dict(zip(widget.values, corner, strict=True)) for corner in corners]
    assert all(corner in settings for corner in wanted)
    for setting in settings:
        assert setting["slope"] in (0, 0.25, 0.5, 0.75, 1)
        assert setting["points"] in (2, 4, 6)
    few = list(settings_of(widget, most=3, random=0))
    assert wanted[0] in few
    assert wanted[-1] in few
    assert len(few) < len(settings)
    assert shown(widget, wanted[-1])[0] == (1, 6, True, "c")


def test_what_is_out_of_place_is_named():
    wrong, _ = misplaced(explore(line, draw, say=str))
    told = Counter(" ".join(problem.split()[-3:]) for _, problems in wrong for problem in problems)
    assert {"cover each other", "read as mathematics"} < set(told)
    assert any("leaves the picture by" in str(row) for row in wrong)
    with pytest.raises(AssertionError, match="'one and' and 'the other' cover each other"):
        texts_are_in_place(explore(line, draw, say=str, controls=["slope", "words"]))
    texts_are_in_place(explore(line, draw, say=str, controls=["slope", "high"]))


@pytest.fixture
def ax():
    return plt.figure(figsize=(4, 3)).add_subplot()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda ax: ax.annotate("far away", (3, 0), annotation_clip=False), "leaves the picture"),
        (lambda ax: ax.set_xticks([0.5, 0.51], ["first", "second"]), "cover each other"),
        (lambda ax: ax.set_xticks([0.4, 0.5], ["first", "second"], rotation=90), None),
        (lambda ax: ax.set_yticks([0, 0.5], ["one", "$two$"]), "read as mathematics"),
        (lambda ax: ax.annotate("gone", (3, 0)), None),
        (lambda ax: ax.set_xticks([0.5, 5], ["first", "out of view"]) and ax.set_xlim(0, 1), None),
        (lambda ax: ax.set_ylabel("two\nlines"), None),
        (lambda ax: ax.text(-0.1, 0.4, "is moved", va="center"), None),
        (lambda ax: ax.text(0.1, 0.4, "light", color="#D56000"), "a contrast of 3.8"),
        (lambda ax: ax.text(0.1, 0.4, "faint", alpha=0.4), "has a contrast of"),
        (lambda ax: ax.text(-0.1, 0.4, "on the numbers", va="center", gid=KEY), "cover each other"),
    ],
)
def test_plain_axes(ax, spoil, problem):
    spoil(ax)
    if problem is None:
        axes_texts_are_in_place(ax)
    else:
        with pytest.raises(AssertionError, match=problem):
            axes_texts_are_in_place(ax)


@pytest.mark.parametrize(
    ("draw", "crossed"),
    [
        (lambda ax: ax.plot([0, 1], [0, 1]), True),
        (lambda ax: ax.vlines(0.5, 0, 0.47), True),
        (lambda ax: ax.vlines(0.5, 0, 0.4), False),
        (lambda ax: ax.axhline(0.55), False),
        (lambda ax: ax.plot([0.5], [0.43], "o", markersize=20), True),
        (lambda ax: ax.plot([0.5], [0.3], "o"), False),
        (lambda ax: ax.axvline(0.5, color=style.colour("prediction")), False),
        (lambda ax: ax.plot([0.5, 0.5], [0, 1], linestyle="none"), False),
    ],
)
def test_a_line_across_a_label_is_seen(ax, draw, crossed):
    ax.text(0.5, 0.5, "a label", ha="center", va="top")
    draw(ax)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.figure.draw_without_rendering()
    assert crossed_in(ax.figure, boxes_in(ax.figure)) == (
        ["'a label' is crossed"] if crossed else []
    )


def test_texts_that_are_not_seen_are_not_looked_at(ax):
    ax.text(0.5, 0.5, "hidden").set_visible(False)
    ax.set_axis_off()
    ax.set_xlabel("hidden too")
    assert visible_texts(ax.figure) == []
    assert boxes_in(ax.figure) == []


if __name__ == "__main__":  # python tests/test_corners.py [topic.widget …]: all that is wrong
    for name in sys.argv[1:] or explorers():
        wrong, tried = looked_at(name)
        told = Counter(problem for _, problems in wrong for problem in problems)
        print(f"{name}: {len(wrong)} of {tried} settings", *told.most_common(5), sep="\n    ")
