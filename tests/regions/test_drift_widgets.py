"""The widgets of inequality and convergence: pictures and sentences against figures of their own."""

import re

import numpy as np
import pytest
from corners import settings_of, without_picture
from scipy import stats
from widget_checks import moves_to_both_ends

from clusterlab import datasets, style
from clusterlab.exercises import predict
from clusterlab.regions import widgets

MINE = ["inequality", "convergence"]
TABLES = {"United States": "us_state_income", "Mexico": "mexican_state_income"}
PANELS = {
    country: datasets.load(name).pivot_table(index="state", columns="year", values="income")
    for country, name in TABLES.items()
}
REGIONS = {
    country: datasets.load(name).groupby("state")["region"].first()
    for country, name in TABLES.items()
}


def numbers(text):
    return [float(found) for found in re.findall(r"−?-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def near(said, value, half):
    return abs(said - value) <= half * (1 + 1e-9) + 1e-12


def parts(country, year, index):
    """Return the index and what lies between regions, by its other definition."""
    income = PANELS[country][year]
    means = income.groupby(REGIONS[country]).transform("mean")
    ratios = (each / income.mean() for each in (income, means))
    return [(r * np.log(r)).mean() if index == "T" else -np.log(r).mean() for r in ratios]


def inequality(result, words, setting):
    country, index, asked = setting.values()
    years = PANELS[country].columns
    year = min(years, key=lambda y: (abs(y - asked), y))
    assert words.startswith(f"{country}, {len(PANELS[country])} states in ")
    assert f"Theil's {index} is" in words
    said = numbers(words)
    total, between = parts(country, year, index)
    assert said[1] == REGIONS[country].nunique()
    assert said[2] == year
    assert near(said[3], total, 0.00005)
    assert near(said[4] / 100, between / total, 0.005)
    assert said[4] + said[5] == 100
    assert ("first year of the table" in words) == (year == years[0])
    if year != years[0]:
        total, between = parts(country, years[0], index)
        assert said[6] == years[0]
        assert near(said[7], total, 0.00005)
        assert near(said[8] / 100, between / total, 0.005)


def convergence(result, words, setting):
    country, start, end = setting.values()
    panel = PANELS[country]
    start = max([y for y in panel if y <= start], default=panel.columns[0])
    end = min([y for y in panel if y >= end], default=panel.columns[-1])
    said = numbers(words)
    assert said[:3] == [len(panel), start, end]
    x, y = np.log(panel[start]), np.log(panel[end])
    line = stats.linregress(x, (y - x) / (end - start))
    half = stats.t(len(panel) - 2).ppf(0.975) * line.stderr
    low, high = line.slope - half, line.slope + half
    for number, value in zip([said[3], *said[5:7]], [line.slope, low, high], strict=True):
        assert near(number, value, 0.00005)
    assert ("poorer states grew faster" in words) == (high < 0)
    assert ("poorer states grew slower" in words) == (low > 0)
    assert ("cannot be told apart by growth" in words) == (low <= 0 <= high)
    rest = 1 + line.slope * (end - start)
    assert ("half of a gap in" in words) == (high < 0 and rest > 0)
    if "half of a gap in" in words:
        years = np.log(2) * (end - start) / -np.log(rest)
        assert near(float(re.search(r"gap in (\d+) years", words)[1]), years, 0.5)
    f, r = y.var() / x.var(), np.corrcoef(x, y)[0, 1]
    t = (f - 1) * np.sqrt(len(x) - 2) / (2 * np.sqrt(f * (1 - r**2)))
    clear = 2 * stats.t(len(x) - 2).sf(abs(t)) < 0.05
    assert near(said[-2], x.std(ddof=0), 0.0005)
    assert near(said[-1], y.std(ddof=0), 0.0005)
    change = re.search(r": (it fell|it rose|no clear change)\.$", words)[1]
    assert change == ("no clear change" if not clear else "it rose" if f > 1 else "it fell")


CHECKS = {f.__name__: f for f in (inequality, convergence)}


@pytest.mark.parametrize("name", MINE)
def test_the_sentence_is_true_at_every_corner(name):
    widget = getattr(widgets, name)()
    for setting in settings_of(widget, random=60):
        result, words = without_picture(widget, setting)
        try:
            assert "nan" not in words
            assert "-" not in words
            CHECKS[name](result, words, setting)
        except AssertionError as error:
            raise AssertionError(f"{name} at {setting}: {words!r}: {error}") from None


@pytest.mark.parametrize("name", MINE)
def test_both_ends_of_every_control_show_something(name):
    widget = getattr(widgets, name)()
    assert len(widget.controls) == 3
    moves_to_both_ends(widget)


@pytest.mark.parametrize("name", MINE)
def test_the_prediction_is_drawn_once_given(name):
    asked = predict("?", [0.04, 0.08])
    widget = getattr(widgets, name)(prediction=asked)
    before = widget.picture
    asked.submit(0.04)
    assert widget.picture != before
    assert "your prediction: 0.04" in [t.get_text() for ax in widget.axes for t in ax.texts]


def drawn(plot, result):
    ax = style.figure()[1][0]
    plot(result, ax=ax)
    assert ax.get_xlabel()
    return ax.lines


def test_parts_and_states_are_drawn_as_computed():
    result = widgets.inequality().set(country="Mexico", year=1970, index="L").result
    total, total_at, between, between_at = drawn(widgets._plot_parts, result)
    assert total.get_xdata().tolist() == between.get_xdata().tolist() == [*range(1940, 2001, 10)]
    for line, at, k in ((total, total_at, 0), (between, between_at, 1)):
        wanted = [parts("Mexico", year, "L")[k] for year in range(1940, 2001, 10)]
        np.testing.assert_allclose(line.get_ydata(), wanted)
        assert at.get_xydata().tolist() == [[1970, pytest.approx(wanted[3])]]
    _, dots, means = drawn(widgets._plot_states, result)
    income = PANELS["Mexico"][1970] / PANELS["Mexico"][1970].mean()
    assert sorted(dots.get_xdata()) == pytest.approx(sorted(income))
    by_region = income.groupby(REGIONS["Mexico"]).mean().sort_values()
    assert means.get_xdata().tolist() == pytest.approx(by_region.tolist())
    rows = dict(zip(by_region.index, range(6), strict=True))
    for state, row, x in zip(result.incomes.index, dots.get_ydata(), dots.get_xdata(), strict=True):
        assert row == rows[REGIONS["Mexico"][state]]
        assert x == pytest.approx(income[state])


def test_the_line_is_that_of_beta():
    result = widgets.convergence().set(start=1929, end=1990).result
    dots, line = drawn(widgets._plot_growth, result)
    panel = PANELS["United States"]
    logs, growth = np.log(panel[1929]), 100 * np.log(panel[1990] / panel[1929]) / 61
    np.testing.assert_allclose(dots.get_xdata(), logs - logs.mean(), atol=1e-12)
    np.testing.assert_allclose(dots.get_ydata(), growth)
    fit = stats.linregress(logs - logs.mean(), growth)
    np.testing.assert_allclose(line.get_ydata(), fit.intercept + fit.slope * line.get_xdata())
    assert line.get_xdata().tolist() == [min(dots.get_xdata()), max(dots.get_xdata())]
    sigma, ends = drawn(widgets._plot_sigma, result)
    np.testing.assert_allclose(sigma.get_ydata(), np.log(panel).std(ddof=0))
    assert ends.get_xdata().tolist() == [1929, 1990]
    np.testing.assert_allclose(ends.get_ydata(), np.log(panel[[1929, 1990]]).std(ddof=0))
