"""The widget of the audit: its picture shows the scores, its sentence is true at every setting."""

import re
from collections import defaultdict

import numpy as np
import pytest
from corners import settings_of
from widget_checks import moves_to_both_ends

from clusterlab import datasets, policy, style
from clusterlab.policy import widgets

ROWS = datasets.load("initiative_answers").merge(datasets.load("initiative_questions"))
MARKS = datasets.load("initiative_marks")["mark"].tolist()


def test_both_ends_of_every_control_show_something():
    moves_to_both_ends(widgets.audit())


def scored(setting):
    """Return each mark's mean over people of their own means, and who was asked, by a loop."""
    mine = ROWS[ROWS["initiative"] == setting["initiative"]]
    names = mine[["respondent"]].drop_duplicates().sort_values("respondent")
    asked = {*names.sample(setting["people"], random_state=setting["group"])["respondent"]}
    said = defaultdict(lambda: defaultdict(list))
    for row in mine[mine["respondent"].isin(asked)].itertuples():
        if setting["zero"] or not np.isnan(row.answer):
            said[row.mark][row.respondent].append(0 if np.isnan(row.answer) else row.answer)
    return {m: np.mean([np.mean(given) for given in people.values()]) for m, people in said.items()}


def test_the_sentence_is_true_at_every_corner():
    widget = widgets.audit()
    for setting in settings_of(widget, random=60):
        result = widget._model(**setting)
        words = widget._say(result)
        score = scored(setting)
        lowest = min(score.values())
        who = "1 person" if setting["people"] == 1 else f"{setting['people']} people"
        assert words.startswith(f"{who} of {setting['initiative']}"), words
        assert (", no answer counted as 0. " in words) == setting["zero"]
        weakest = {m for m, value in score.items() if value < lowest + 1e-9}
        assert "(constructed)" in words
        named = re.search(r"Weakest (?:is|are) (.*?), with ([\d.]+) of 4; clearly", words)
        assert {*re.split(", | and ", named[1])} == weakest, words
        assert abs(float(named[2]) - lowest) <= 0.005 + 1e-9
        missing = re.search(r"Not answered: (.*)\.$", words)
        assert {*(re.split(", | and ", missing[1]) if missing else [])} == {*MARKS} - {*score}
        above = {*result.scores.index[result.scores["above"]]}
        clear = re.search(r"clearly above (it|them): (.*?)\.", words)
        assert (clear[1] == "it") == (len(weakest) == 1)
        told = {*re.split(", | and ", clear[2].removeprefix("all but "))}
        if clear[2].startswith("all but "):
            told = {*score} - weakest - told
        elif clear[2] == "all others":
            told = {*score} - weakest
        elif clear[2] == "nothing":
            told = set()
        assert told == above, words
        if setting["people"] < 3:
            assert clear[2] == "nothing"


@pytest.mark.parametrize("initiative", ["Northport", "Eastvale", "Southbay"])
def test_the_picture_shows_the_scores(initiative):
    result = widgets._asked(initiative=initiative, people=6, group=2)
    ax = style.figure()[1][0]
    widgets._plot_scores(result, ax=ax)
    drawn = {}
    for line in ax.lines:
        drawn |= dict(zip(line.get_ydata(), line.get_xdata(), strict=True))
    scores = result.scores["score"]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == MARKS
    assert [drawn[k] for k in range(9)] == pytest.approx(scores[MARKS].tolist(), nan_ok=True)
    diamonds = next(line for line in ax.lines if line.get_marker() == "D")
    assert [MARKS[k] for k in diamonds.get_ydata()] == [m for m in MARKS if m in result.weakest]
    for k, segment in enumerate(ax.collections[0].get_segments()):
        if not np.isnan(scores[MARKS[k]]):
            low, high = segment[:, 0]
            spread = result.scores.loc[MARKS[k], "spread"]
            assert low == pytest.approx(max(0, scores[MARKS[k]] - spread))
            assert high == pytest.approx(min(4, scores[MARKS[k]] + spread))


def test_other_groups_are_other_people():
    notes = {widgets._asked(people=4, group=group).note for group in range(1, 21)}
    assert len(notes) > 10
    assert len({policy.widgets._asked(people=24, group=g).note for g in (1, 2, 3)}) == 1
