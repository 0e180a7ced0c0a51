"""The widgets of groups and boundaries: what they say and draw, against figures of their own."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from corners import settings_of
from widget_checks import moves_to_both_ends

from clusterlab import clusters, datasets, style
from clusterlab.clusters import metro, widgets
from clusterlab.exercises import predict
from clusterlab.names import percent

NAMES = ["groups", "boundary"]
ALIKE, QUOTIENTS, SIZES = metro.national()


@cache
def definition(name):
    if name == "sectors":
        wide = {"32": "31", "33": "31", "45": "44", "49": "48"}
        return pd.Series([wide.get(i[:2], i[:2]) for i in ALIKE], ALIKE.index)
    return clusters.define(ALIKE, groups=name)


@cache
def scores(name):
    """Return the shares of groups that pass, of strongest pairs kept and of pairs inside."""
    of = definition(name)
    pairs = ALIKE.stack().dropna().rename_axis(["i", "j"]).rename("tie").reset_index()
    pairs["one"], pairs["other"] = pairs["i"].map(of), pairs["j"].map(of)
    means = pairs.groupby(["one", "other"])["tie"].mean().unstack()
    passed = [
        means.loc[g, g] > np.percentile(means.loc[g].drop(g), 95) for g in means.index
    ]  # NaN, of a group of one, is not above anything
    same = pairs["one"] == pairs["other"]
    strong = pairs["tie"].rank(ascending=False) <= 2 * round(0.01 * len(pairs) / 2)
    return np.mean(passed), same[strong].mean(), same.mean(), of.nunique()


def some(labels):
    names = [*labels]
    if len(names) > 3:
        names = [*names[:3], f"{len(names) - 3} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def groups(result, words, setting):
    count, core = setting["groups"], setting["core"]
    hold, kept, inside, _ = scores(count)
    wide_hold, wide_kept, wide_inside, sectors = scores("sectors")
    group = definition(count)
    others = SIZES[group.index[group == group[core]]].drop(core)
    others = others.sort_values(ascending=False).index
    company = f"with {some(others)}" if len(others) else "alone"
    assert words == (
        f"Of {count} groups {percent(hold)} hold together, and {percent(kept)} of the strongest "
        f"pairs are kept (of all pairs {percent(inside)}); of {sectors} sectors "
        f"{percent(wide_hold)}, and {percent(wide_kept)} ({percent(wide_inside)}). "
        f"{core} is {company}."
    )
    assert {core, *others} == {*result.group.index}


def boundary(result, words, setting):
    core, threshold = setting["core"], setting["threshold"]
    digits = int(setting["level"][0])
    alike, quotients, _ = metro.national(digits)
    start = next(name for name in alike if name.split()[0] == core[:digits])
    ties = alike[start].drop(start).sort_values(ascending=False)
    tied = [*ties.index[ties >= threshold]]
    told = f"At {threshold:.1f}, {len(tied)} of {len(alike) - 1} others are tied to {start}"
    told += f": {some(tied)}." if tied else "."
    if setting["place"] != "all areas" and tied:
        here = [i for i in tied if quotients.loc[setting["place"], i] > 1]
        told += f" {len(here)} of them {'is' if len(here) == 1 else 'are'} strong in "
        told += setting["place"] + (f": {some(here)}." if here else ".")
    assert words == told
    assert result.core == start


CHECKS = {"groups": groups, "boundary": boundary}


@pytest.mark.parametrize("name", NAMES)
def test_the_sentence_is_true_at_every_corner(name):
    widget = getattr(widgets, name)()
    for setting in settings_of(widget, random=40):
        result = widget._model(**widget._fixed, **setting)
        words = widget._say(result)
        try:
            CHECKS[name](result, words, setting)
        except AssertionError as error:
            raise AssertionError(f"{name} at {setting}: {words!r}: {error}") from None


@pytest.mark.parametrize("name", NAMES)
def test_both_ends_of_every_control_show_something(name):
    moves_to_both_ends(getattr(widgets, name)())


@pytest.mark.parametrize("name", NAMES)
def test_the_prediction_is_drawn_once_given(name):
    asked = predict("?", [0.4, 0.8])
    widget = getattr(widgets, name)(prediction=asked)
    before = widget.picture
    asked.submit(0.4)
    assert widget.picture != before
    texts = [text.get_text() for ax in widget.axes for text in ax.texts]
    assert "your prediction: 0.4" in texts


def drawn(plot, result):
    ax = style.figure()[1][0]
    plot(result, ax=ax)
    assert ax.get_xlabel()
    return ax


def marks(ax, marker):
    return [line for line in ax.lines if line.get_marker() == marker]


def rows_of(ax, names):
    """Return the names that the rows stand for: each label, if cut, begins one name only."""
    found = []
    for label in ax.get_yticklabels():
        start = label.get_text().removesuffix("…").rstrip(" ,")
        (whole,) = [name for name in names if name.startswith(start)]
        found.append(whole)
    assert len({*found}) == len(names)
    return found


def test_scores_are_drawn_as_computed():
    result = metro.us_groups(groups=40)
    ax = drawn(widgets._plot_scores, result)
    for k, name in enumerate(("clusters_95", "kept")):
        line = ax.lines[4 * k]
        assert line.get_xdata().tolist() == [*range(2, 61)]
        assert line.get_ydata().tolist() == result.scores[name].tolist()[:59]
        for marker, row in (("o", 40), ("D", "sectors"), ("X", "single industries")):
            want = result.scores.loc[row, ["groups", name]].tolist()
            assert marks(ax, marker)[k].get_xydata().tolist() == [want]


@pytest.mark.parametrize("core", metro.CORES)
def test_the_tree_is_a_part_of_wards_tree(core):
    """At every height the leaves of the part fall apart as they do in the whole."""
    whole = clusters.define(ALIKE, groups=range(2, 289))
    leaves = metro.us_groups(core=core).leaves
    assert core in leaves
    assert 2 <= len(leaves) <= 12
    part = [n for n in whole if {*leaves} == {*whole.index[whole[n] == whole.loc[core, n]]}]
    assert part, "the leaves are no group at any height"
    bigger = whole[min(part) - 1]
    assert (bigger == bigger[core]).sum() > 12
    for count in (2, 15, 30, 45, 60):
        result = metro.us_groups(core=core, groups=count)
        ax = drawn(widgets._plot_tree, result)
        names = rows_of(ax, leaves)
        inside = [names[int(y)] for y in marks(ax, "o")[0].get_ydata()]
        column = whole[count]
        assert {*inside} == {*leaves} & {*column.index[column == column[core]]}
        # cut at the line, the part falls into as many pieces as groups share its leaves
        pieces = 1 + (result.tree[:, 2] > result.cut).sum()
        assert pieces == column[leaves].nunique()
        lines = [line for line in ax.lines if line.get_linestyle() == ":"]
        assert len(lines) == (result.cut < ax.get_xlim()[1])


def test_the_cut_leaves_as_many_groups_as_asked_for():
    heights = metro._grown()[2][:, 2]
    for count in range(2, 61):
        assert (heights > metro.us_groups(groups=count).cut).sum() == count - 1


def test_ties_are_drawn_with_what_belongs():
    result = metro.us_boundary(core=metro.CORES[2], place="San Jose", threshold=1.3)
    ax = drawn(widgets._plot_ties, result)
    nearest = result.ties.head(10)
    names = rows_of(ax, nearest.index)
    assert names == [*nearest.index[::-1]]
    for marker, wanted in (
        ("o", nearest["belongs"]),
        ("D", nearest["present"].eq(False) & (nearest["tie"] >= 1.3)),
        ("s", nearest["tie"] < 1.3),
    ):
        (line,) = marks(ax, marker)
        told = {names[int(y)]: x for x, y in line.get_xydata()}
        assert told == nearest.loc[wanted, "tie"].to_dict()


def test_counts_are_drawn_as_computed():
    result = metro.us_boundary(place="Boston", threshold=0.5)
    ax = drawn(widgets._plot_count, result)
    ties = result.ties
    for line, rows in ((ax.lines[0], ties), (ax.lines[1], ties[ties["present"]])):
        want = [(rows["tie"] >= x).sum() for x in line.get_xdata()]
        assert line.get_ydata().tolist() == want
    assert marks(ax, "o")[0].get_xydata().tolist() == [[0.5, len(result.members)]]


def test_three_digits_add_up_four_and_take_the_account_of_the_largest():
    alike, quotients, sizes = metro.national(3)
    codes = pd.Series([name[:4] for name in SIZES.index], SIZES.index)
    want = SIZES.groupby(codes.str[:3]).sum()
    assert sizes.set_axis([name[:3] for name in sizes.index]).to_dict() == want.to_dict()
    accounts = datasets.load("us_naics_accounts").set_index("naics")["account"]
    by = accounts.groupby(accounts.index.str[:3]).nunique()
    assert by.index[by > 1].tolist() == ["336", "541"]
    assert len(alike) == 86
    areas = datasets.load("us_metro_areas").set_index("place")["employment_2019"]
    cells = datasets.load("us_metro_industry").query("digits == 4 and year == 2019")
    napa = datasets.load("us_metro_areas").set_index("place").loc["Napa", "area"]
    drinks = cells[cells["naics"].str.startswith("312")]
    here = drinks.loc[drinks["area"] == napa, "employment"].sum() / areas["Napa"]
    share = drinks["employment"].sum() / areas.sum()
    assert quotients.loc["Napa", "312 Beverage"] == pytest.approx(here / share)
    assert QUOTIENTS.loc["Napa", "3121 Beverage"] == pytest.approx(75.95, abs=0.01)


def test_names_of_industries_differ_and_say_where_there_is_no_title():
    assert ALIKE.index.is_unique
    assert {"4523 (no title)", *metro.CORES} <= {*ALIKE.index}
    assert max(map(len, ALIKE.index)) <= 27
