"""What the widgets of definitions and of the wine cluster show and say, by counts of their own."""

import re

import numpy as np
import pandas as pd
import pytest
from corners import settings_of, texts_are_in_place
from test_corners import _delineated
from widget_checks import moves_to_both_ends

from clusterlab import datasets
from clusterlab.clusters import delineate, widgets
from clusterlab.exercises import predict
from clusterlab.views.graph import draw_graph

PAIRS, NAMED = _delineated()
LIMITS = ("quotient", "related", "establishments", "size")


def counted(setting):
    """Return the members of each definition as sets, from the table itself."""
    high = {n: {*PAIRS.index[PAIRS[n] >= setting[n]]} for n in LIMITS[:3]}
    small = {*PAIRS.index[PAIRS["size"] <= setting["size"]]}
    near = {*PAIRS.index[PAIRS["area"] <= 500_000]}
    return {
        "Porter": high["quotient"] & high["related"],
        "Becattini": high["quotient"] & high["establishments"] & small & near,
        "Maskell–Lorenzen": high["establishments"] & high["related"],
    }


def test_the_sentence_is_true_at_every_corner():
    widget, several = widgets.definitions(PAIRS, NAMED), set()
    for setting in settings_of(widget, random=40):
        words = widget._say(widget._model(**widget._fixed, **setting))
        sets = counted(setting)
        any_, all_ = set.union(*sets.values()), set.intersection(*sets.values())
        if not any_:
            assert words == f"None of {len(PAIRS):,} pairs counts under any definition."
            continue
        share = len(all_) / len(any_)
        told = "under 1%" if 0 < share < 0.005 else f"{share:.0%}"
        told = "over 99%" if 0.995 <= share < 1 else told
        by = [f"{name} {len(its):,}" for name, its in sets.items()]
        start = (
            f"Of {len(PAIRS):,} pairs {len(any_):,} count under a definition, {len(all_):,} of "
            f"them ({told}) under all three. By definition: {by[0]}, {by[1]} and {by[2]}. "
        )
        assert words.startswith(start), (setting, words)
        votes = {name: sum(pair in its for its in sets.values()) for name, pair in NAMED.items()}
        groups = {"all three": [3], "some": [1, 2], "none": [0]}
        wanted = []
        for who, those in groups.items():
            names = [name for name in NAMED if votes[name] in those]
            several.add((who, len(names)))
            if names:
                wanted.append(
                    f"{who} {', '.join(names[:-1])}{' and ' * (len(names) > 1)}{names[-1]}"
                )
        assert words == f"{start}Counted by: {'; '.join(wanted)}."
    assert len(several) > 6, "the corners have not tried the ways of naming"


def test_both_ends_of_every_control_show_something():
    widget = widgets.definitions(PAIRS, NAMED)
    assert [control["name"] for control in widget.controls] == [*LIMITS]
    moves_to_both_ends(widget)


def test_bars_and_marks_are_those_of_the_result():
    widget = widgets.definitions(PAIRS, NAMED)
    widget.set(establishments=12)
    sets, seen = counted(widget.values), []
    for who in ("PBM", "PM", "P", "B", "M"):
        its = {p for p in PAIRS.index if all((p in s) == (n[0] in who) for n, s in sets.items())}
        seen.append(len(its))
    left, right = widget.axes
    total = len(set.union(*sets.values()))
    assert sum(seen) == total, "there are no other sets"
    assert [bar.get_width() for bar in left.patches] == pytest.approx([n / total for n in seen])
    assert [text.get_text() for text in left.texts] == [f"{n:,}" for n in seen]
    met = {(int(x), int(-y)) for x, y in right.lines[0].get_xydata()}
    not_met = {(int(x), int(-y)) for x, y in right.lines[1].get_xydata()}
    meets = widget.result.meets.loc[[*NAMED.values()]].to_numpy()
    assert met == {(c, r) for r, c in np.argwhere(meets)}
    assert not_met == {(c, r) for r, c in np.argwhere(~meets)}
    for text, pair in zip(right.texts, NAMED.values(), strict=True):
        wanted = " ".join(name[0] for name, its in sets.items() if pair in its) or "none"
        assert text.get_text() == wanted


def test_the_prediction_is_drawn_once_given():
    asked = predict("?", [0.1, 0.8])
    widget = widgets.definitions(PAIRS, NAMED, prediction=asked)
    asked.submit(0.8)
    left = widget.axes[0]
    assert "your prediction" in [text.get_text() for text in left.texts]
    assert left.lines[0].get_xdata()[0] == 0.8


def test_texts_at_the_corners():
    texts_are_in_place(widgets.definitions(PAIRS, NAMED), random=4, most=8)


def test_a_wrong_name_is_told():
    with pytest.raises(ValueError, match="Nowhere"):
        widgets.definitions(PAIRS, {"x": ("Nowhere", "at all")})


# --- the wine cluster ---


def inside(ties, core, least):
    """Return who is reached, by spreading from the core until nothing changes."""
    found = {core}
    while True:
        more = {v for u, v, s in ties if s >= least and u in found}
        more |= {u for u, v, s in ties if s >= least and v in found}
        if more <= found:
            return found
        found |= more


def told_ties():
    table = datasets.load("wine_cluster_ties")
    return [*table[["from", "to", "strength"]].itertuples(index=False, name=None)]


@pytest.mark.parametrize("made", [0, 1, 2, 3])
def test_who_is_in_the_cluster_and_what_is_said(made):
    view, ties = widgets.wine(), told_ties()
    kept = ties[made:] if made < 3 else ties
    own = [("wine tourism", "UC Davis"), ("labels", "barrels")][: made // 2]
    view.made = [[u, v] for u, v, _ in kept] + [[*tie] for tie in own]
    for least in (1, 2, 3, 4):
        for drawn in (1, 2, 3):
            view.values = {"strength": least, "drawn": drawn}
            reached = inside(kept + [(*tie, drawn) for tie in own], "wineries", least)
            spoken = {node["name"]: node["spoken"] for node in view.nodes}
            assert {n for n, words in spoken.items() if "in the cluster" in words} == reached
            grey = {n["name"] for n in view.nodes if n["colour"] == "#999999"}
            assert grey == {*spoken} - reached
            dotted = sum(edge["style"] == "dotted" for edge in view.edges)
            assert dotted == sum(s < least for *_, s in kept) + len(own) * (drawn < least)
            number = len(reached)
            start = f"Ties of strength {least} or more count: {number} of 15 actors "
            start += f"{'is' if number == 1 else 'are'} in the cluster; "
            assert view.sentence.startswith(start)
            rest = view.sentence.removeprefix(start)
            names, _, changed = rest.partition(".")
            outside = re.split(", | and ", names.removeprefix("outside: "))
            assert {*outside} == ({*spoken} - reached or {"nobody is outside"})
            cut = len(ties) - len(kept)
            assert changed == (f" Ties drawn: {len(own)}, cut: {cut}." if own or cut else "")


def test_the_boundaries_of_the_document_and_ours():
    assert [len(inside(told_ties(), "wineries", least)) for least in (1, 2, 3, 4)] == [15, 12, 7, 1]
    ties = datasets.load("wine_cluster_ties")
    assert ((ties["told"] == "weaker") == (ties["strength"] == 1)).all()
    actors = datasets.load("wine_cluster_actors")
    weak = ties[ties["strength"] == 1]
    others = {*actors.loc[actors["role"] == "other cluster", "actor"]}
    assert {*weak["from"]} | {*weak["to"]} >= others
    assert {*ties["from"]} | {*ties["to"]} == {*actors["actor"]}
    assert actors["actor"].iloc[0] == "wineries"


def test_a_cluster_of_your_own():
    actors = pd.DataFrame(
        {"actor": ["carpets", "yarn", "dyes"], "role": ["mill", "supplier", "supplier"]}
    ).assign(x=[0.5, 0.2, 0.8], y=[0.5, 0.2, 0.8])
    ties = pd.DataFrame({"from": ["yarn", "dyes"], "to": ["carpets", "yarn"], "strength": [1, 3]})
    view = widgets.wine(actors, ties)
    assert view.sentence == (
        "Ties of strength 2 or more count: 1 of 3 actors is in the cluster; outside: yarn and dyes."
    )
    assert [entry["text"] for entry in view.legend][:2] == ["mill", "supplier"]
    assert view.places.loc["dyes"].tolist() == pytest.approx([0.8, 0.8])
    for change, words in (
        ({"ties": ties.drop(columns="strength")}, "strength"),
        ({"ties": ties.replace("dyes", "dye")}, "'dye'.*did you mean 'dyes'"),
        ({"ties": ties.assign(strength=0)}, "strength"),
        ({"actors": actors.drop(columns="role")}, "role"),
        ({"actors": actors.drop(columns="x")}, "'x'"),
    ):
        with pytest.raises(ValueError, match=words):
            widgets.wine(**{"actors": actors, "ties": ties} | change)


def test_more_than_five_roles_are_refused():
    actors = pd.DataFrame({"actor": list("abcdef"), "role": list("uvwxyz")}).assign(x=0.5, y=0.5)
    ties = pd.DataFrame({"from": list("bcdef"), "to": ["a"] * 5, "strength": 1})
    with pytest.raises(ValueError, match="6 roles"):
        widgets.wine(actors, ties)


def test_labels_of_the_wine_cluster_are_apart():
    from corners import axes_texts_are_in_place

    view = widgets.wine()
    spots = dict(zip(view.places.index, view.places.to_numpy(), strict=True))
    axes_texts_are_in_place(draw_graph(view.graph, positions=spots, labels=[*view.graph]))


def test_the_model_is_the_public_one():
    widget = widgets.definitions(PAIRS, NAMED)
    pd.testing.assert_frame_equal(widget.result.members, delineate(PAIRS).members)
