"""What a widget of policy says, at all corners and other settings, against figures of its own."""

import dataclasses
import math
import re

import numpy as np
import pytest
from corners import settings_of, without_picture

from clusterlab import policy
from clusterlab.policy import widgets

RULES = ["no policy", "all there are", "the strongest", "the weakest", "a new one"]


def near(said, value, half=0.005):
    return abs(float(said) - value) <= half * (1 + 1e-9) + 1e-6


def outcomes(log_made):
    """Return productivity and jobs, from logarithms of productivity, with demand of 2."""
    made = np.exp(log_made)  # jobs are made to the power of 2 − 1
    return (made**2).sum(-1) / made.sum(-1), made.mean(-1)


def policies(picking, linkages, scale, spread):
    """Return what both policies give in 200 regions of ten industries: cluster, random, best."""
    z = np.random.default_rng(0).normal(size=(200, 10))
    g = 0.3 * np.exp(spread * z - spread**2 / 2) / (1 - scale)
    cluster = outcomes(g * np.log(1 + 0.2 * (1 + 9 * linkages)))
    picks = []
    for k in range(10):
        x = np.full(10, 0.25 * linkages * 2.0)
        x[k] = 2.0
        picks.append(outcomes(g * np.log(1 + x)))
    picks = np.array(picks)  # picks x outcomes x regions
    best = np.array([picks[k, :, r] for r, k in enumerate(g.argmax(axis=1))]).T
    return np.array(cluster), picks.mean(axis=0), best


def leads(difference):
    mean, error = difference.mean(), difference.std(ddof=1) / math.sqrt(200)
    if abs(mean) <= 2 * error + 1e-9:
        return "no difference found"
    return f"{'cluster' if mean > 0 else 'industrial'} policy leads"


def two_policies(_, words, setting):
    h = setting["picking"]
    cluster, blind, best = policies(**setting)
    target = (1 - h) * blind + h * best
    for k, outcome in enumerate(("productivity", "jobs")):
        found = re.search(
            rf"{outcome} (?:is|are) ([\d.]+) and ([\d.]+) times before \(([^)]+)\)", words
        )
        assert near(found[1], cluster[k].mean())
        assert near(found[2], target[k].mean())
        assert found[3] == leads(cluster[k] - target[k])
    parts = re.search(
        r"In productivity (.+); with half the linkages (.+); with one and a half times as strong "
        r"ones \(at most 1\) (.+)\.$",
        words,
    )
    for words_of, part in zip(parts.groups(), (1, 0.5, 1.5), strict=True):
        moved = setting | {"linkages": min(1, part * setting["linkages"])}
        ours, random, sure = (each[0].mean() for each in policies(**moved))
        if ours > max(random, sure):
            assert words_of == "cluster policy leads at any chance"
        elif ours < min(random, sure):
            assert words_of == "industrial policy leads at any chance"
        else:
            assert near(words_of.rpartition(" ")[2], (ours - random) / (sure - random))


def portfolio(result, words, setting):
    rng = np.random.default_rng(0)
    drawn = 0.2 * rng.uniform(-1, 1, size=(100, 1, 4))
    means = np.array([[p * setting["threshold"]] * 4 for p in (0.5, 1, 1.5)])
    means[:, 2] = 0.75
    a = np.minimum(means[:, None, None] * (1 + drawn), 0.95)
    m, years = setting["budget"], setting["years"]
    money = m * np.array(
        [[0, 0, 0, 0], [1 / 3, 1 / 3, 1 / 3, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]]
    )
    size = np.full((3, 100, 5, 4), [0.9, setting["base"], 0.6, 0.0])
    for year in np.arange(0, years + 40, 0.2):  # by Heun's method
        paid = money if year < years - 0.1 else 0
        slope = 0.1 * size * (size / a - 1) * (1 - size) + paid
        ahead = size + 0.2 * slope
        size = size + 0.1 * (slope + 0.1 * ahead * (ahead / a - 1) * (1 - ahead) + paid)
    ends = size.sum(axis=-1)  # thresholds x regions x rules
    assert words.startswith(f"After {years} years with money and 40 without, clusters are ")
    assert near(re.search(r"clusters are ([\d.]+) in all", words)[1], ends[1].mean(axis=0)[0], 0.01)
    parts = re.search(
        r"Largest: (.+)\. With half the threshold: (.+)\. With one and a half times: (.+)\.$", words
    )
    for told, row in zip(parts.groups(), (1, 0, 2), strict=True):
        mean = ends[row].mean(axis=0)
        said = re.fullmatch(r"(.+) \(([\d., ]+)\)(, not told apart)?", told)
        named = re.split(r", | and ", said[1])
        assert (said[3] is not None) == (len(named) > 1)
        numbers = [float(each) for each in said[2].split(", ")]
        assert numbers == sorted(numbers, reverse=True)
        for name, number in zip(named, numbers, strict=True):
            assert near(number, mean[RULES.index(name)], 0.01)
        best = mean.argmax()
        for k, rule in enumerate(RULES):
            gap = ends[row][:, best] - ends[row][:, k]
            within = 2 * gap.std(ddof=1) / 10
            if gap.mean() > max(1.1 * within, 0.008):
                assert rule not in named
            if gap.mean() < max(0.9 * within, 0.003) - 0.001:
                assert rule in named
    assert result.years == years


def test_what_is_within_two_standard_errors_is_not_called_a_lead():
    result = policy.targeting()
    apart = result.to_frame()["productivity"].diff().abs().iloc[-1]
    for errors, told in ((1.95, "no difference found"), (2.05, "cluster policy leads")):
        found = dataclasses.replace(result, errors=result.errors * 0 + apart / errors)
        words = widgets._say_policies(found)
        assert re.search(r"before \(([^)]+)\) and", words)[1] == told


CHECKS = {f.__name__: f for f in (two_policies, portfolio)}


@pytest.mark.parametrize("name", widgets.__all__)
def test_the_sentence_is_true_at_every_corner(name):
    if name not in CHECKS:
        pytest.skip("checked elsewhere")
    widget = getattr(widgets, name)()
    for setting in settings_of(widget, random=30):
        result, words = without_picture(widget, setting)
        try:
            assert "nan" not in words
            assert "inf" not in words
            CHECKS[name](result, words, setting)
        except AssertionError as error:
            raise AssertionError(f"{name} at {setting}: {words!r}: {error}") from None
