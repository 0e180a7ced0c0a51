"""What the widget on a hidden cluster says and draws, at all corners, by figures of its own."""

import re

import numpy as np
from corners import settings_of
from widget_checks import moves_to_both_ends

from clusterlab import style
from clusterlab.clusters import hidden_cluster, widgets
from clusterlab.exercises import predict
from clusterlab.sweep import sweep


def test_both_ends_of_every_control_show_something():
    widget = widgets.hidden()
    assert len(widget.controls) == 4
    moves_to_both_ends(widget)


def test_the_sentence_is_true_at_every_corner():
    widget, seen = widgets.hidden(), set()
    for setting in settings_of(widget, random=40):
        result = widget._model(**setting)
        try:
            seen.add(_check(result, widget._say(result), setting))
        except AssertionError as error:
            raise AssertionError(f"at {setting}: {widget._say(result)!r}: {error}") from None
    assert seen == {"purchases", "quotients", "no difference", "both miss"}


def _check(result, words, setting):
    s, n, kept, ties = setting.values()
    counts = [n // s + (k < n % s) for k in range(s)]
    raised = [(10 + count) * 12 / (120 + n) for count in (max(counts), min(counts))]
    said = re.search(r"expected quotient at ([\d.]+)(?: to ([\d.]+))?\.", words)
    ends = [float(end) for end in said.groups() if end]
    assert ends == sorted({float(f"{each:.2f}") for each in raised})
    table = result.classes
    firms = table["quotient"] / 12 * (120 + n)
    np.testing.assert_allclose(firms, firms.round())
    names = re.search(r"quotients name class(?:es)? ([\d, and]+);", words)
    assert ("name no class" in words) == (names is None) == (not (table["low"] > 1).any())
    if names:
        told = [int(name) for name in re.findall(r"\d+", names[1])]
        assert told == [*table.index[table["low"] > 1]]
        assert ("classes" in names[0]) == (len(told) > 1)
    group = re.search(r"purchases name (\d+) firms, (\d+) of them members", words)
    first = result.outcomes.iloc[0]
    assert ("purchases name no firm" in words) == (group is None)
    if group:
        assert [int(g) for g in group.groups()] == [
            first["purchases", w] for w in ("named", "members")
        ]
        assert int(group[2]) == table["found"].sum() <= n
    shares = {}
    for method, before in (("quotients", "quotients find"), ("purchases", "its firms, purchases")):
        shares[method] = result.outcomes[method, "members"].sum() / 20 / n
        told = re.search(before + r" (under |over )?(\d+)%", words)
        assert abs(int(told[2]) / 100 - shares[method]) <= (0.005 if not told[1] else 0.01) + 1e-9
        assert (told[2] == "0" and not told[1]) == (shares[method] == 0)
        assert (told[2] == "100" and not told[1]) == (shares[method] == 1)
    assert f"about {round(100 * ties**-0.5)}% are kept" in words
    if kept < 0.95 * ties**-0.5:  # what the last sentence says
        assert shares["purchases"] <= 0.12
    f1 = [
        2 * result.outcomes[m, "members"] / (result.outcomes[m, "named"] + n)
        for m in ("purchases", "quotients")
    ]
    apart = (f1[0] - f1[1]).to_numpy()
    doubt = 2 * apart.std(ddof=1) / 20**0.5
    if not any(shares.values()):
        assert "both miss it" in words
        return "both miss"
    if abs(apart.mean()) <= doubt:
        assert "no difference beyond chance" in words
        return "no difference"
    better = "purchases" if apart.mean() > 0 else "quotients"
    assert f"{better} come nearer to it" in words
    return better


def drawn(plot, result, **more):
    ax = style.figure()[1][0]
    plot(result, ax=ax, **more)
    return ax


def test_the_picture_shows_the_results_numbers():
    result = hidden_cluster(classes=2, kept=0.5)
    table = result.classes
    ax = drawn(widgets._plot_quotients, result)
    dots, diamonds = ax.lines[1:3]
    assert diamonds.get_xdata().tolist() == table.index[table["named"]].tolist() != []
    assert dots.get_ydata().tolist() == table["quotient"][~table["named"]].tolist()
    tops = [segment[:, 1].tolist() for lines in ax.collections for segment in lines.get_segments()]
    assert sorted(tops) == sorted(table[["low", "high"]].to_numpy().tolist())
    ax = drawn(widgets._plot_found, result)
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == (table["found"] / table["members"])[:2].tolist()
    assert ax.lines[0].get_ydata().tolist() == table["named"][:2].astype(float).tolist()


def test_no_interval_leaves_the_picture():
    widget = widgets.hidden()
    for setting in settings_of(widget, random=0):
        result = widget._model(**setting)
        assert result.classes["high"].max() < 6.5, setting


def test_the_prediction_is_drawn_once_given():
    asked = predict("?", [0.3, 0.9])
    widget = widgets.hidden(prediction=asked)
    before = widget.picture
    asked.submit(0.3)
    assert widget.picture != before
    texts = [text.get_text() for ax in widget.axes for text in ax.texts]
    assert "your prediction: 0.3" in texts


def test_the_model_can_be_swept():
    table = sweep(
        hidden_cluster,
        {"classes": 3},
        measure=lambda found: found.found["quotients"],
        progress=False,
    )
    assert len(table) == 3
