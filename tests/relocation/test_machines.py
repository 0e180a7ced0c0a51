"""Makers of machines: the closed forms of the docstring, on a thousand random settings."""

import numpy as np
import pytest

from clusterlab.relocation import machine_makers


def settings():
    rng = np.random.default_rng(7)
    for _ in range(1000):
        yield {
            "moved": rng.random(),
            "loss": rng.random(),
            "wary": rng.random(),
            "imitation": 0.25 * rng.random() * rng.integers(2),
            "machines": 2 * rng.random(),
            "ageing": 0.02 + 0.48 * rng.random(),
            "behind": 0.9 * rng.random(),
            "years": int(rng.integers(5, 60)),
        }


def test_the_paths_are_the_closed_forms():
    ended = above = 0
    for given in settings():
        found = machine_makers(**given)
        left = (1 - given["wary"]) * (1 - given["loss"] * given["moved"])
        d, i0, t = given["ageing"], given["behind"], np.arange(given["years"] + 1)
        grown = given["machines"] * given["moved"]
        theta = given["imitation"] * grown
        assert found.interaction == pytest.approx(left)
        assert found.path["knowledge"].to_numpy() == pytest.approx(left + (1 - left) * (1 - d) ** t)
        rest = d * (left - i0) / (d + theta)
        lead = rest + (1 - i0 - rest) * (1 - d - theta) ** t
        ahead = lead > 0
        assert found.path["advantage"].to_numpy()[ahead] == pytest.approx(lead[ahead])
        exports = found.path["exports"].to_numpy()
        assert exports[0] == pytest.approx(1 + grown)
        assert (np.diff(exports) <= 1e-12).all()
        assert (exports[~ahead] == 0).all()
        assert found.limit == pytest.approx((1 + grown) * max(rest, 0) / (1 - i0))
        low = np.flatnonzero(exports < 1 - 1e-12)
        assert found.below == (low[0] if len(low) else None)
        ended += left < i0
        above += found.limit > 1
    assert min(ended, above) > 20, "both come out"


def test_by_hand_for_one_year():
    found = machine_makers(
        moved=0.5, loss=0.4, wary=0.25, imitation=0.2, machines=2, ageing=0.1, behind=0.4, years=5
    )
    # 0.75 · 0.8 = 0.6 of the exchange is left; θ = 0.2 · 2 · 0.5 = 0.2
    year = found.path.loc[1]
    assert year["knowledge"] == pytest.approx(0.96)
    assert year["imitators"] == pytest.approx(0.4 + 0.2 * 0.6)
    assert year["exports"] == pytest.approx(2 * (0.96 - 0.52) / 0.6)


def test_nobody_learns_from_a_worse_machine():
    found = machine_makers(moved=1, loss=1, wary=0, imitation=0.25, behind=0.5, years=60)
    assert found.path["advantage"].iloc[-1] < 0
    assert found.limit == 0 == found.path["exports"].iloc[-1]
    assert found.path["imitators"].iloc[-1] == pytest.approx(0.5, abs=0.01)


def test_without_a_move_and_without_the_wary_nothing_changes():
    found = machine_makers(moved=0, wary=0)
    assert (found.path["exports"] == 1).all()
    assert found.below is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"moved": 1.1}, "jobs moved"),
        ({"ageing": 0}, "ages"),
        ({"imitation": float("nan")}, "imitation"),
        ({"behind": 1}, "imitators"),
        ({"years": 0}, "at least 1"),
    ],
)
def test_bad_values_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        machine_makers(**given)
