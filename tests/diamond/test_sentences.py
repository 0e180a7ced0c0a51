"""Sentences under the widgets of the diamond, held against what is computed a second time."""

import re

import numpy as np
import pandas as pd
import pytest
from corners import axes_texts_are_in_place, settings_of, texts_are_in_place
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab.diamond import (
    FACETS,
    aggregate,
    compare_levers,
    compensation,
    dynamics,
    hysteresis,
    plots,
    pull,
    score,
    stable_states,
    widgets,
)
from clusterlab.diamond.motion import _STAGES, Path, _stages, in_stages

NUMBER = r"(\d+(?:\.\d+)?)"


@pytest.fixture(scope="module")
def facets(ratings):
    turned = ["burden of entry rules"]
    return score(ratings, reverse=turned, scale=(1, 7), normalise="scale").facets


def pays_best(x):
    """Shares of the three ways of competing, by the docstring of `dynamics`, in whole per cent."""
    a, b, c, d = x
    pay = np.array([0.5 * (1 - np.mean(x)), 0.8 * (a * c) ** 0.5, 1.4 * (a * b * c * d) ** 0.5])
    return np.round(100 * np.exp(12 * pay) / np.exp(12 * pay).sum())


def says_the_stage(words, x):
    """Assert that words name what the largest share of firms competes on, with all that tie."""
    percent = pays_best(x)
    told = int(re.match(r"(\d+) % of firms", words).group(1))
    assert told == percent.max(), words
    named = [stage for stage in _STAGES if f"on {stage}" in words]
    assert named == [s for s, p in zip(_STAGES, percent, strict=True) if p == told], words
    assert ("more than on anything else" in words) == (told <= 50 and len(named) == 1), words


@settings(max_examples=150, deadline=None)
@given(st.tuples(*[st.floats(0, 1)] * 4))
def test_words_of_a_stage_follow_from_its_numbers(x):
    x = np.array(x)
    says_the_stage(in_stages(pd.Series(_stages(x), index=_STAGES)), x)


def test_what_ties_is_named_in_full():
    even = pd.Series([0.4, 0.4, 0.2], index=_STAGES)
    assert in_stages(even) == "40 % of firms each compete on wages and on total cost"
    assert in_stages(even[::-1]).endswith("on total cost and on wages")


@settings(max_examples=12, deadline=None)
@given(st.floats(0, 3), st.floats(0, 1), st.tuples(*[st.sampled_from([0.1, 0.3, 0.5, 0.8])] * 4))
def test_the_stage_of_a_stable_state_is_what_pays_best_there(proximity, diversity, own):
    names = ("factor_conditions", "demand_quality", "related_industries", "rivalry")
    place = dict(zip(names, own, strict=True))
    states = stable_states(starts=0, proximity=proximity, diversity=diversity, **place).states
    for _, row in states.iterrows():
        x = row[list(FACETS)].to_numpy(dtype=float)
        pay = [0.5 * (1 - x.mean()), 0.8 * (x[0] * x[2]) ** 0.5, 1.4 * x.prod() ** 0.5]
        assert pay[_STAGES.index(row["stage"])] == pytest.approx(max(pay), abs=1e-12)


def test_the_weak_state_competes_on_wages_and_the_strong_one_on_differentiation():
    assert stable_states(starts=0).stable["stage"].tolist() == ["wages", "differentiation"]


def check_motion(path, sentence):
    said = re.fullmatch(
        rf"The mean facet (?:(rises|falls) from {NUMBER} to {NUMBER} in|is {NUMBER} at the start and "
        rf"after) {NUMBER} years(?: and is still (rising|falling))?; productivity ends at {NUMBER}, "
        rf"innovation at {NUMBER}, new firms at {NUMBER} a year\. At the end (.*)\.",
        sentence,
    )
    assert said, sentence
    way, first, end, same, years, still, *outputs, stage = said.groups()
    totals = path.facets.to_numpy().mean(axis=1)
    assert float(first or same) == pytest.approx(totals[0], abs=0.00501)
    assert float(end or same) == pytest.approx(totals[-1], abs=0.00501)
    assert float(years) == path.facets.index[-1]
    if way:
        assert first != end
        assert (way == "rises") == (totals[-1] > totals[0])
    values = path.outputs.iloc[-1].tolist()
    assert [float(v) for v in outputs] == pytest.approx(values, abs=0.00501)
    says_the_stage(stage, path.facets.iloc[-1].to_numpy())
    lately = totals[-1] - np.interp(0.9 * float(years), path.facets.index, totals)
    assert {None: 0, "rising": 1, "falling": -1}[still] == (
        0 if abs(lately) <= 0.005 else np.sign(lately)
    )


def test_motion_says_what_is_true_at_every_setting():
    widget = widgets.motion()
    for setting in settings_of(widget):
        path = dynamics(**setting)
        check_motion(path, widgets._say_path(path))


@settings(max_examples=20, deadline=None)
@given(st.tuples(*[st.integers(1, 100)] * 4), st.sampled_from([0.2, 0.9, 1.2, 2.5]))
def test_the_radar_says_what_is_true_at_every_corner(points, proximity):
    corners = dict(zip(FACETS, map(float, points), strict=True))
    radar = widgets.radar(points=corners, proximity=proximity, years=80.0)
    start = {facet: value / 100 for facet, value in corners.items()}
    check_motion(dynamics(start_facets=start, proximity=proximity, years=80.0), radar.sentence)
    at_rest = stable_states(starts=0, proximity=proximity).stable["total"]
    assert list(radar.result.levels.values()) == at_rest.tolist()


def at_rest(path, **place):
    """Where the place goes from the end of a path in 4,000 years without a lever."""
    later = dynamics(
        start_facets=path.facets.iloc[-1].to_dict(),
        start_depth=path.depth.iloc[-1],
        years=4000.0,
        **place,
    )
    return later.facets.iloc[-1].mean()


def test_the_budget_says_what_is_true_at_every_setting():
    names = ["demanding buyers", "bigger local market", "attract suppliers"]
    widget = widgets.budget(names)
    for setting in settings_of(widget, ends=False, random=12, most=4):
        if sum(setting.values()) > 2:
            with pytest.raises(ValueError, match="but the budget is 2"):
                widget.set(**setting)
            continue
        sentence = widget.set(**setting).sentence
        said = re.fullmatch(
            rf"The levers cost {NUMBER}\. After 60 years the mean facet is {NUMBER}\. Then the money "
            rf"ends, and the place comes to rest at {NUMBER}(?: instead of {NUMBER}: it has crossed, "
            r"and stays|, as it would without any money)\.",
            sentence,
        )
        assert said, sentence
        cost, end, rest, other = said.groups()
        assert float(cost) == pytest.approx(sum(setting.values()))
        first = dynamics(start=0.15, years=1.0).depth.iloc[0]
        paths = [
            dynamics(start=0.15, start_depth=first, years=60.0, **pull(efforts))
            for efforts in (setting, {})
        ]
        assert float(end) == pytest.approx(paths[0].total.iloc[-1], abs=0.00502), sentence
        rests = [at_rest(path) for path in paths]
        assert float(rest) == pytest.approx(rests[0], abs=0.00502), sentence
        assert (other is not None) == (rests[0] > rests[1] + 0.01), sentence


def check_compensation(result, sentence):
    places = result.places
    moved = int((places["rank"] != places["arithmetic rank"]).sum())
    assert f"exponent {result.exponent:g}, " in sentence
    assert f"{moved} of {len(places)} places" in sentence or (moved == 0 and "none of" in sentence)
    top = places[places["unevenness"] > places["unevenness"].max() - 1e-9]
    told = re.findall(r"(P\w* ?\d*) (stays|loses|gains)[^;]*?rank (\d+)(?: to (\d+))?", sentence)
    if places["unevenness"].max() < 1e-9:
        assert "every place is even" in sentence
        return
    assert [name for name, *_ in told] == [str(name) for name in top.index], sentence
    for (_, way, before, after), (was, now) in zip(
        told, top[["arithmetic rank", "rank"]].to_numpy(), strict=True
    ):
        assert (int(before), int(after or before)) == (was, now)
        assert way == ("stays" if was == now else "loses" if now > was else "gains")


def test_compensation_says_what_is_true_at_every_setting(facets):
    widget = widgets.compensation(facets)
    for setting in settings_of(widget):
        result = compensation(facets=facets, **setting)
        check_compensation(result, widgets._say_compensation(result))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.sampled_from([1.0, 40.0, 60.0, 100.0])] * 4), min_size=2, max_size=6),
    st.sampled_from([1, 0.5, 0, -2, -8]),
)
def test_compensation_names_all_that_are_most_uneven(rows, exponent):
    table = pd.DataFrame(rows, index=[f"P{i}" for i in range(len(rows))], columns=list(FACETS))
    result = compensation(facets=table, exponent=exponent)
    check_compensation(result, widgets._say_compensation(result))
    moved = result.places["rank"] != result.places["arithmetic rank"]
    assert ("most, by" in repr(result)) == moved.any()


def test_places_that_are_alike_draw_without_a_warning():
    alike = pd.DataFrame(50.0, index=["A", "B"], columns=list(FACETS))
    texts_are_in_place(widgets.compensation(alike))


def test_every_text_of_the_static_figures_is_in_its_place(facets):
    pytest.importorskip("matplotlib").use("agg")
    for ax in (
        plots.plot_levers(compare_levers(budget=2.0)),
        plots.plot_levers(compare_levers(["stability"], budget=0.5)),
        plots.plot_hysteresis(hysteresis(points=31)),
        plots.plot_stages(dynamics()),
        plots.plot_diamond(facets.loc["Place 40"], start=facets.loc["Place 21"]),
    ):
        axes_texts_are_in_place(ax)


def test_the_horizon_stands_on_the_axis():
    table = compare_levers(["stability", "attract suppliers"], budget=1.0, years=40.0)
    ax = plots.plot_levers(table)
    assert ax.get_xlabel() == "mean facet after 40 years"
    drawn = {y: line for line in ax.lines for y in line.get_ydata() if line.get_marker() in "oD"}
    names = [text.get_text() for text in ax.get_yticklabels()]
    for name, row in table.drop(index="nothing").iterrows():
        line = drawn[names.index(name.removeprefix("alone: "))]
        assert row["mean facet"] in line.get_xdata()
        assert (line.get_markerfacecolor() != "white") == row["stays"]


def test_the_print_of_the_radar_shows_the_chosen_mean(facets):
    radar = widgets.radar(points={FACETS[0]: 90.0, FACETS[1]: 20.0})
    corners = pd.DataFrame([radar.values])[list(FACETS)]
    import matplotlib.axes

    written = []
    plain = matplotlib.axes.Axes.text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            matplotlib.axes.Axes,
            "text",
            lambda ax, x, y, words, **how: written.append(words) or plain(ax, x, y, words, **how),
        )
        for mean in ("arithmetic", "geometric", "harmonic", "minimum"):
            radar.set(mean=mean)
            assert radar.picture.startswith(b"\x89PNG")
            total = aggregate(corners, aggregation=mean).iloc[0]
            assert any(mean in text and f"{total:.2f} points" in text for text in written)
            written.clear()


def test_a_radar_that_cannot_compute_says_so_and_shows_nothing_of_before(monkeypatch):
    radar = widgets.radar()
    before = radar.drawing, radar.sentence
    follow, here = radar._model, dict(radar.values)
    corner = next(iter(here))

    def drag(by):
        values = {**here, corner: here[corner] + by}
        radar.set_state({"values": values, "request": radar.request + 1})

    for error, told in (
        (ValueError("the start is missing."), "the start is missing."),
        (ZeroDivisionError("division by zero"), "cannot be computed (ZeroDivisionError)."),
        (AssertionError(), "cannot be computed (AssertionError)."),
        (ValueError(), "cannot be computed (ValueError)."),
    ):

        def fails(error=error, **values):
            raise error

        radar._model = fails
        if isinstance(error, ValueError):
            drag(1)
        else:
            with pytest.raises(type(error)):  # for the log
                drag(1)
        assert radar.answered == radar.request
        assert told in radar.problem
        assert radar.sentence == ""
        data, _ = radar._repr_mimebundle_()
        assert "image/png" not in data
        radar._model = follow
        drag(0)
        assert radar.problem == ""
        assert (radar.drawing, radar.sentence) == before


def test_a_path_says_its_horizon():
    assert repr(dynamics(years=40.0)).startswith("Path over 40 years")
    assert isinstance(dynamics(), Path)
