"""What a widget of relocation says, at all corners and other settings, against figures of its own."""

import re

import numpy as np
import pytest
from corners import settings_of, without_picture

from clusterlab.relocation import widgets


def numbers(text):
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)]


def near(said, value, half=0.005):
    return abs(said - value) <= half * (1 + 1e-9) + 1e-9


def relocate(result, words, setting):
    table = result.tasks
    v, z = table["value"].to_numpy(), table["codifiability"].to_numpy()
    gone = setting["saving"] > setting["coordination"] * (1 - z)
    assert near(numbers(words)[0] / 100, gone.mean())
    if not gone.any():
        assert words.startswith("Nothing leaves")
        return
    if gone.all():
        assert "no value per job" in words
        return
    net = (setting["saving"] - setting["coordination"] * (1 - z))[gone].sum()
    worth = v[~gone].sum() / v.sum() + setting["reinvested"] * net / len(v)
    kept = (1 - gone).mean()
    knowledge = (1 - z)[~gone].sum() / (1 - z).sum()
    wanted = [worth / kept, worth, knowledge, 1, kept, kept]
    for said, value in zip(numbers(words)[1:], wanted, strict=True):
        assert near(said, value)


def machine_makers(result, words, setting):
    left = (1 - setting["wary"]) * (1 - setting["loss"] * setting["moved"])
    theta, jump = setting["imitation"] * setting["moved"], 1 + setting["moved"]
    rest = 0.1 * (left - 0.3) / (0.1 + theta)
    t = np.arange(31)
    lead = rest + (0.7 - rest) * (0.9 - theta) ** t
    exports = jump * np.maximum(lead, 0) / 0.7
    if jump == 1 and left == 1:
        assert "nothing has changed" in words
        return
    assert near(numbers(words)[0] / 100, left)
    assert ("jump to" in words) == (jump > 1)
    assert jump == 1 or near(float(re.search(r"jump to ([\d.]+)", words)[1]), jump)
    low = np.flatnonzero(exports < 1 - 1e-12)
    assert ("never fall below" in words) == (len(low) == 0)
    if len(low):
        assert int(re.search(r"from year (\d+)", words)[1]) == low[0]
    assert near(float(re.search(r"come to ([\d.]+)", words)[1]), exports[-1])
    assert ("end for good" in words) == (left <= 0.3)
    tends = re.search(r"tend to ([\d.]+)\)", words)
    assert (tends is None) == (left <= 0.3)
    assert tends is None or near(float(tends[1]), jump * rest / 0.7)


def strategy_mix(result, words, setting):
    x, y, a, k = setting.values()
    gain = a * x * y - k * x**2
    said = re.search(r"presence (adds|takes away) ([\d.]+)", words)
    assert (said is None) == (abs(gain) < 1e-9)
    assert ("neither adds nor takes" in words) == (abs(gain) < 1e-9)
    if said:
        assert near(float(said[2]), abs(gain))
        assert (said[1] == "adds") == (gain > 0)
    assert ("never pays" in words) == (a == 0)
    assert ("first step pays with any" in words) == (a > 0 and x == 0)
    border = re.search(
        r"it pays above an innovation of (\S+), and more of it above (\d\.?\d*)", words
    )
    assert (border is not None) == (a > 0 and x > 0)
    if border:
        assert near(float(border[1]), k * x / a)
        assert near(float(border[2]), 2 * k * x / a)
        assert ("beyond the scale" in words) == (2 * k * x / a > 1 + 1e-12)
    grid = np.linspace(0, 1, 1001)
    best = grid[(a * grid * (1 - grid) + 0.5 * (1 - grid) - k * grid**2).argmax()]
    assert near(numbers(words)[-1], best, 0.0055)


def climb(result, words, setting):
    last, errors = result.path.iloc[-1], result.errors
    capital, together = 3.0, {}
    for name, borne in (("with partners", setting["partners"]), ("alone", 0)):
        shares = np.linspace(capital / 2, 1.5 * capital, 100_001)
        each = setting["pressure"] + 1 - borne
        tries = np.minimum(20, np.floor(shares / each + 1e-12)) if each > 1e-12 else 20
        together[name] = np.mean(1 - (1 - setting["success"]) ** tries)
    climbed, gone = (
        float(n) / 100 for n in re.findall(r"(\d+)% (?:of firms have|are gone)", words)
    )
    doubt = errors.loc["climbed", "with partners"]
    assert abs(climbed - together["with partners"]) <= 5 * doubt + 0.02
    assert near(gone, last["with partners", "gone"], 0.01)
    alone = re.search(r"against (?:over |under )?(\d+)% alone", words)
    same = last["with partners", "climbed"] == last["alone", "climbed"]
    assert ("as alone" in words) == same
    if alone:
        assert (
            abs(float(alone[1]) / 100 - together["alone"])
            <= 0.03 + 5 * errors.loc["climbed", "alone"]
        )
    there = 1 - last["with partners", "gone"] - 0.3 * last["with partners", "climbed"]
    links = there + setting["new_links"] * setting["partners"] * last["with partners", "rung"]
    assert near(float(re.search(r"links are at ([\d.]+)", words)[1]), links)
    unclear = abs(links - 1) <= 2 * errors.loc["links", "with partners"] + 1e-12
    assert ("not to be told" in words) == unclear
    assert ("weaker" in words) == (links < 1 and not unclear)
    assert ("stronger" in words) == (links > 1 and not unclear)


CHECKS = {f.__name__: f for f in (relocate, machine_makers, strategy_mix, climb)}


@pytest.mark.parametrize("name", widgets.__all__)
def test_the_sentence_is_true_at_every_corner(name):
    widget = getattr(widgets, name)()
    for setting in settings_of(widget, random=40):
        result, words = without_picture(widget, setting)
        try:
            assert "nan" not in words
            assert "-0.00" not in words
            assert words.endswith(".")
            CHECKS[name](result, words, setting)
        except AssertionError as error:
            raise AssertionError(f"{name} at {setting}: {words!r}: {error}") from None
