"""The widgets of mobility: controls, predictions, pictures, and sentences true at every setting."""

import re

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from corners import settings_of, without_picture
from widget_checks import moves_to_both_ends

from clusterlab import datasets, style
from clusterlab.exercises import predict
from clusterlab.regions import markov, spatial_markov, widgets
from clusterlab.regions.state_chains import mobility, neighbours

BOTH = ["mobility", "neighbours"]


@pytest.mark.parametrize("name", BOTH)
def test_both_ends_of_every_control_show_something(name):
    widget = getattr(widgets, name)()
    assert len(widget.controls) == 4
    moves_to_both_ends(widget)


@pytest.mark.parametrize(("name", "answer"), [("mobility", 50), ("neighbours", 0.2)])
def test_the_prediction_is_drawn_once_given(name, answer):
    asked = predict("?", [answer, 2 * answer])
    widget = getattr(widgets, name)(prediction=asked)
    before = widget.picture
    asked.submit(answer)
    assert widget.picture != before
    texts = [text.get_text() for ax in widget.axes for text in ax.texts]
    assert f"your prediction: {answer:g}" in texts


# ---------------------------------------------------------------- what is drawn


def drawn(plot, result):
    ax = style.figure()[1][0]
    plot(result, ax=ax)
    return ax, {line.get_marker(): line.get_xydata() for line in ax.lines}


def test_chances_are_drawn_in_their_rows_with_their_intervals():
    result = mobility()
    ax, lines = drawn(widgets._plot_moves, result)
    share = result.ways["share"].unstack()
    assert lines["o"][:, 0].tolist() == share["stays"].tolist()
    assert lines["o"][:, 1].tolist() == [1, 2, 3, 4, 5]
    assert lines["^"][:, 0].tolist() == share["rises"].tolist()[:-1]
    assert lines["v"][:, 0].tolist() == share["falls"].tolist()[1:]
    ends = np.concatenate([bars.get_segments() for bars in ax.collections])[:, :, 0]
    there = result.ways[result.ways["high"] > 0]
    assert sorted(map(tuple, ends)) == sorted(zip(there["low"], there["high"], strict=True))
    names = [text.get_text() for text in ax.get_yticklabels()]
    assert names == ["poorest 1", "2", "3", "4", "richest 5"]
    assert ax.get_xlabel() == "chance within a year"


def test_waits_are_drawn_for_all_but_the_richest():
    result = mobility(country="Mexico", classes=3)
    ax, lines = drawn(widgets._plot_passage, result)
    waits = result.first_passage["years"]
    assert lines["o"].tolist() == [[waits[1, 3], 1], [waits[2, 3], 2]]
    bars = ax.collections[0].get_segments()
    low, high = result.first_passage.loc[(1, 3), ["low", "high"]]
    assert [bars[0][0, 0], bars[0][1, 0]] == [low, high]
    assert ax.get_xlim()[1] > high


def test_no_number_is_drawn_where_there_is_none():
    ax, lines = drawn(
        widgets._plot_passage, mobility(country="Mexico", since=1979, pooled=True, classes=5)
    )
    assert not lines
    assert [text.get_text() for text in ax.texts] == ["no number: see the sentence"]


def test_the_steps_behind_each_row_are_told():
    result = neighbours()
    ax, lines = drawn(widgets._plot_neighbours, result)
    names = [text.get_text() for text in ax.get_yticklabels()]
    assert names[0] == "poorest 1\n492 steps"
    assert names[-1] == "richest 5\n3 steps"
    own = result.ways.xs((1, "rises"), level=("from", "way"))["share"]
    assert lines["^"][:, 0].tolist() == own.tolist()
    assert not len(lines["v"])


# ---------------------------------------------------------------- what is said


def table_of(country):
    name = "us_state_income" if country == "United States" else "mexican_state_income"
    return datasets.load(name).pivot_table(index="state", columns="year", values="income")


def shares(text):
    """Return (share, low, high) of each share with an interval in a sentence."""
    found = re.findall(r"(\S+%) \(95% interval (\S+%|over \d+%|under \d+%) to ([^)]*%)\)", text)
    return [[part.removeprefix("under ").removeprefix("over ") for part in each] for each in found]


def says(told, values):
    for said, value in zip(told, values, strict=True):
        assert abs(float(said.strip("%")) / 100 - value) <= 0.00501, (told, values)


def classes_of(incomes, k, pooled):
    """Return classes by ranks, in a way of their own."""
    if pooled:
        ranks = (incomes / incomes.mean()).stack().rank(method="min").unstack() - 1
        return np.ceil((k * ranks / (incomes.size - 1)).clip(lower=1)).astype(int)
    ranks = incomes.rank(method="min") - 1
    return np.ceil((k * ranks / (len(incomes) - 1)).clip(lower=1)).astype(int)


def counted(codes, k):
    counts = np.zeros((k, k))
    np.add.at(counts, (codes.to_numpy()[:, :-1] - 1, codes.to_numpy()[:, 1:] - 1), 1)
    return counts


def test_what_mobility_says():
    widget = widgets.mobility()
    for setting in settings_of(widget, random=15):
        result, words = without_picture(widget, setting)
        k = setting["classes"]
        incomes = table_of(setting["country"]).loc[:, setting["since"] :]
        codes = classes_of(incomes, k, setting["pooled"])
        counts = counted(codes, k)
        matrix = counts / counts.sum(axis=1, keepdims=True)
        place = (setting, words)
        assert words.startswith(f"{setting['country']} from {incomes.columns[0]} on, {k} classes")
        assert ("same bounds in all years" in words) == setting["pooled"], place
        step = "a year" if setting["country"] == "United States" else "10 years"
        assert f"are there {step} later" in words, place
        stays, rises = shares(words)[:2]
        says(stays[:1], [matrix[0, 0]])
        says(rises[:1], [matrix[0, 1:].sum()])
        limits = result.ways.loc[1, ["low", "high"]]
        says(stays[1:], limits.loc["stays"])
        says(rises[1:], limits.loc["rises"])
        graph = nx.from_numpy_array(counts, create_using=nx.DiGraph)
        ergodic = nx.is_strongly_connected(graph) and nx.is_aperiodic(graph)
        assert ("If nothing changed" in words) == ergodic, place
        if not ergodic:
            assert "No move" in words, place
            continue
        without = matrix[:-1, :-1]
        years = np.linalg.solve(np.eye(k - 1) - without, np.ones(k - 1))[0]
        years *= int(incomes.columns[1] - incomes.columns[0])
        told = re.search(r"after (\d+) years on average \((\d+) to (\d+)\)", words)
        assert abs(int(told[1]) - years) <= 0.501, place
        assert int(told[2]) <= years <= int(told[3]), place
        assert ("in the long run" in words) == setting["pooled"], place
        if setting["pooled"]:
            values, vectors = np.linalg.eig(matrix.T)
            end = np.real(vectors[:, np.argmax(np.real(values))])
            says(shares(words)[2][:1], [end[0] / end.sum()])


def test_what_neighbours_says():
    widget = widgets.neighbours()
    borders = datasets.load("state_neighbours")
    for setting in settings_of(widget, random=15):
        result, words = without_picture(widget, setting)
        k, own = setting["classes"], {"poorest": 1, "richest": setting["classes"]}
        own = own.get(setting["own"], (k + 1) // 2)
        incomes = table_of(setting["country"])
        near = borders[borders["country"] == setting["country"]]
        near = near.groupby("state")["neighbour"].agg(list)
        means = pd.DataFrame({place: incomes.loc[near[place]].mean() for place in incomes.index}).T
        codes = classes_of(incomes, k, setting["pooled"])
        relative = means / incomes.mean() if setting["pooled"] else means
        ranks = relative.round(9).stack().rank(method="min").unstack() - 1
        if not setting["pooled"]:
            ranks = relative.round(9).rank(method="min") - 1
        most = incomes.size - 1 if setting["pooled"] else len(incomes) - 1
        lags = np.ceil((k * ranks / most).clip(lower=1)).astype(int)
        place = (setting, words)
        assert words.startswith(f"{setting['country']}, states in class {own} of {k}: "), place
        falls = own == k
        for lag, name in ((1, "poorest"), (k, "richest")):
            here = (codes.iloc[:, :-1] == own) & (lags.iloc[:, :-1] == lag)
            change = codes.diff(axis=1).iloc[:, 1:].set_axis(here.columns, axis=1)
            went = (change < 0 if falls else change > 0)[here].sum().sum()
            part = re.search(rf"([^:,]*) where the neighbours are {name}", words)[1].strip()
            if not here.sum().sum():
                assert part == "no step was seen", place
                continue
            assert ("fall" if falls else "rise") in part, place
            said = shares(part)[0]
            # the classes of neighbours whose means tie are cut by a rounding here
            says(said[:1], [went / here.sum().sum()])
            row = result.ways.loc[(lag, own, "falls" if falls else "rises")]
            says(said[1:], row[["low", "high"]])
        p = float(re.search(r"\(p ([\d.]+),", words)[1])
        assert abs(p - result.tests.loc[own, "p"]) <= 0.00051, place
        assert ("no difference was found" in words) == (p > 0.05), place
        assert ("chances differ" in words) == (p <= 0.05), place


def test_models_are_those_of_the_library():
    table = table_of("Mexico")
    one = mobility(country="Mexico", classes=3, since=1950, pooled=True)
    other = markov(table.loc[:, 1950:], classes=3, pooled=True)
    pd.testing.assert_frame_equal(one.first_passage, other.first_passage)
    assert one.given == {"country": "Mexico", "classes": 3, "since": 1950, "pooled": True}
    borders = datasets.load("state_neighbours").query("country == 'Mexico'")
    found = spatial_markov(table, borders[["state", "neighbour"]], classes=4, replicates=199)
    same = neighbours(country="Mexico", classes=4, own="middle", pooled=False)
    pd.testing.assert_frame_equal(found.ways, same.ways)
    assert same.given["own"] == 2
