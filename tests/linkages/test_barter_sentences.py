"""What the widgets of bartering say, at every setting, against computations of their own."""

import re

import networkx as nx
import numpy as np
import pytest
from corners import settings_of, without_picture
from widget_checks import moves_to_both_ends

from clusterlab import datasets
from clusterlab.linkages import widgets


def test_the_hump_is_told_where_there_is_one():
    runs = datasets.load("barter_runs").query("absorption == .1 and schedule == 'one at a time'")
    seen = set()
    widget = widgets.barter()
    for setting in settings_of(widget):
        _, sentence = without_picture(widget, setting)
        at = runs.query(
            f"experts == '{setting['experts']}' and tolerance == {0.01 * setting['near_equal']}"
        ).set_index("rewiring")
        level, error = at["level"], at["level_error"]
        sure = min(
            (level.max() - level[end]) / np.hypot(error[level.idxmax()], error[end])
            for end in (0, 1)
        )
        assert sentence.startswith("A hump" if sure > 3 else "No hump"), (setting, sentence)
        numbers = f"{level[0]:.1f} on the ring, {level[1]:.1f} with all ties rewired"
        assert numbers in sentence
        assert f"{level.max():.1f}" in sentence
        if sure > 3:
            assert f"{level.idxmax():.0%} of the ties" in sentence
            assert f"at least {int(sure)} standard errors above either end" in sentence
        else:
            gap = (level[1] - level[0]) / np.hypot(error[0], error[1])
            assert ("the level rises" in sentence) == (gap > 3)
            assert ("the level stays level" in sentence) == (abs(gap) <= 3)
        seen.add(sentence[:4])
    assert seen == {"A hu", "No h"}


def test_the_ring_is_told_as_it_is():
    widget = widgets.small_world()
    for setting in settings_of(widget):
        result, sentence = without_picture(widget, setting)
        ring = nx.connected_watts_strogatz_graph(60, 4, setting["rewiring"], 500, seed=1)
        assert {*ring.edges} == {*result.graph.edges}
        near = {frozenset((i, (i + d) % 60)) for i in range(60) for d in (1, 2)}
        far = sum(frozenset(tie) not in near for tie in ring.edges)
        steps, closed = nx.average_shortest_path_length(ring), nx.average_clustering(ring)
        found = re.match(
            r"(\d+) of 120 ties (?:is a short cut|are short cuts) here: two firms are ([\d.]+) "
            r"steps .*ring 7\.9\), and (\d+)% .*ring 50%\)\.",
            sentence,
        )
        assert found, sentence
        assert [*found.groups()] == [str(far), f"{steps:.1f}", f"{100 * closed:.0f}"]
    curve = widget.result.curve
    rings = [nx.connected_watts_strogatz_graph(60, 4, 0.15, 500, seed=s) for s in range(10)]
    mean = np.mean([nx.average_shortest_path_length(ring) for ring in rings])
    assert curve.loc[0.15, "distance"] == pytest.approx(mean / (60 / 8 + 0.4322), abs=0.01)
    assert curve.loc[0].tolist() == [1, 1]


@pytest.mark.parametrize("make", [widgets.barter, widgets.small_world])
def test_widgets_work(make):
    moves_to_both_ends(make())
