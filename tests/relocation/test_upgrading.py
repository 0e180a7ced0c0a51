"""The value ladder against its closed form and against an exact chain."""

from collections import defaultdict
from fractions import Fraction as F

import numpy as np
import pytest

from clusterlab.relocation import climb

BOTH = ("with partners", "alone")


def exact(capital, cost, pressure, margin, success, rungs, years):
    """Return {(rung, gone): chance} after each year, by the chain on (rung, money), in fractions."""
    now, after = {(0, F(capital), False): F(1)}, []
    for _ in range(years):
        then = defaultdict(F)
        for (rung, money, gone), chance in now.items():
            if gone:
                then[rung, money, gone] += chance
                continue
            money += margin * rung if rung else -F(pressure)
            if money < 0:
                then[rung, money, True] += chance
            elif rung < rungs and money >= cost:
                then[rung + 1, money - cost, False] += chance * success
                then[rung, money - cost, False] += chance * (1 - success)
            else:
                then[rung, money, False] += chance
        now = then
        told = defaultdict(F)
        for (rung, _, gone), chance in now.items():
            told[rung, gone] += chance
        after.append(dict(told))
    return after


@pytest.mark.parametrize(
    ("tenths", "rungs"),
    [
        ({"partners": 5, "pressure": 2, "capital": 30, "margin": 3, "success": 2}, 3),
        ({"partners": 0, "pressure": 0, "capital": 35, "margin": 5, "success": 3}, 2),
        ({"partners": 9, "pressure": 4, "capital": 20, "margin": 0, "success": 1}, 4),
        ({"partners": 10, "pressure": 3, "capital": 15, "margin": 10, "success": 5}, 5),
        ({"partners": 3, "pressure": 10, "capital": 5, "margin": 1, "success": 9}, 1),
    ],
)
def test_against_an_exact_chain(tenths, rungs):
    numbers = {name: value / 10 for name, value in tenths.items()}
    ties = {"new_links": 0.75, "cut_links": 0.4}
    found = climb(**numbers, **ties, rungs=rungs, spread=0, years=12, firms=20_000)
    part = {name: F(value, 10) for name, value in tenths.items()}
    for name, borne in ((BOTH[0], part["partners"]), (BOTH[1], F(0))):
        chain = exact(
            part["capital"], 1 - borne, part["pressure"], part["margin"], part["success"], rungs, 12
        )
        for year, chances in enumerate(chain, 1):
            row = found.path.loc[year, name]
            told = {
                "climbed": sum(p for (h, _), p in chances.items() if h),
                "gone": sum(p for (_, gone), p in chances.items() if gone),
                "rung": sum(h * p for (h, _), p in chances.items()),
                "links": sum(
                    p * (1 - F("0.4") * (h > 0) + F("0.75") * borne * h)
                    for (h, gone), p in chances.items()
                    if not gone
                ),
            }
            for what, chance in told.items():
                most = rungs if what == "rung" else 1 + 0.75 * rungs if what == "links" else 1
                assert row[what] == pytest.approx(float(chance), abs=5 * most / 2 / 20_000**0.5)
        last = {what: float(value) for what, value in told.items()}
        doubt = found.errors[name]
        assert (abs(row - [last[what] for what in row.index]) <= 5 * doubt + 1e-12).all()


def test_the_closed_form_on_a_thousand_settings():
    rng = np.random.default_rng(5)
    beyond = []
    for seed in range(1000):
        tenths = {
            "partners": rng.integers(11),
            "pressure": rng.integers(11),
            "capital": rng.integers(51),
        }
        k, s, p = (int(tenths[name]) for name in ("capital", "partners", "pressure"))
        q, years = rng.random(), int(rng.integers(5, 40))
        numbers = {name: int(value) / 10 for name, value in tenths.items()}
        numbers |= {"success": q, "years": years}
        found = climb(**numbers, spread=0, firms=500, seed=seed)
        for name, borne in zip(BOTH, (s, 0), strict=True):
            each = p + 10 - borne
            tries = years if each == 0 else min(years, k // each)
            chance = 1 - (1 - q) ** tries
            assert found.expected[name] == pytest.approx(chance)
            spread = (chance * (1 - chance) / 500) ** 0.5
            off = abs(found.path[name, "climbed"].iloc[-1] - chance)
            assert off <= 6 * spread + 1 / 500
            beyond.append(off > 2 * spread + 1e-9)
            # who has not climbed is gone as soon as pressure has taken what the attempts left
            left = k - tries * (10 - borne)
            stuck = 1 - found.path[name, "climbed"].iloc[-1]
            gone = found.path[name, "gone"].iloc[-1]
            assert gone == pytest.approx(stuck if p * years > left else 0)
    assert np.mean(beyond) < 0.1


def test_partners_never_hurt_and_the_luck_is_the_same():
    for partners in (0, 0.3, 0.7, 1):
        found = climb(partners=partners, firms=2000)
        with_them, alone = (found.path[name, "climbed"] for name in BOTH)
        assert (with_them >= alone).all()
        assert found.expected[BOTH[0]] >= found.expected[BOTH[1]]
    assert climb(partners=0).path["with partners"].equals(climb(partners=0).path["alone"])


def test_firms_differ_in_capital():
    found = climb(spread=0.5, firms=20_000, success=0.3, pressure=0.1, capital=3)
    capital = np.linspace(1.5, 4.5, 200_001)
    wanted = (1 - 0.7 ** np.floor(capital / 1.1 + 1e-12)).mean()
    assert found.expected["alone"] == pytest.approx(wanted, abs=0.003)
    assert found.path["alone", "climbed"].iloc[-1] == pytest.approx(wanted, abs=0.017)


def test_links_can_end_either_way():
    ends = {
        new: climb(new_links=new).path["with partners", "links"].iloc[-1] for new in (0.25, 1.5, 3)
    }
    assert ends[0.25] < 0.8
    assert ends[3] > 1.5
    last = climb().path["with partners"].iloc[-1]
    assert last["links"] == pytest.approx(
        1 - last["gone"] - 0.3 * last["climbed"] + 1.5 * 0.5 * last["rung"]
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"partners": 1.5}, "cost that partners bear"),
        ({"success": -0.1}, "chance that an attempt succeeds"),
        ({"capital": float("nan")}, "capital"),
        ({"rungs": 0}, "at least 1"),
        ({"firms": 1}, "above 1"),
        ({"firms": 10**6, "years": 1000}, "50,000,000"),
        ({"seed": -1}, "seed"),
    ],
)
def test_bad_values_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        climb(**given)
