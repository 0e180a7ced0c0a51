"""Levers: every one acts as it says, alone, together and in order."""

import numpy as np
import pytest

from clusterlab.diamond import compare_levers, dynamics, levers, pull
from clusterlab.diamond.policy import LEVERS


def test_the_five_roles_and_every_facet_are_there():
    table = levers()
    roles = table["role"]
    for number in range(1, 6):
        assert roles.str.startswith(f"government {number}:").sum() == 1
    for facet in ("factor conditions", "demand conditions", "related and supporting industries",
                  "strategy and rivalry"):  # fmt: skip
        assert (table["facet"] == facet).any()
    assert (table["cost"] > 0).all()
    assert table["where"].str.len().min() > 10
    assert set(table["phase"]) == {"early", "later", "any"}


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_a_lever_moves_what_it_names_and_nothing_else(lever):
    base = pull({})
    moved = pull({lever.name: 1.0}, rivalry=0.25)
    changed = {name for name in base if name != "rivalry" and moved[name] != base[name]}
    changed |= {"rivalry"} if moved["rivalry"] != 0.25 else set()
    expected = set(lever.moves) | ({"rivalry"} if lever.weakest else set())
    assert changed == expected
    for name, amount in lever.moves.items():
        before = 0.25 if name == "rivalry" else base[name]
        assert moved[name] == pytest.approx(before + amount)


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_no_lever_harms_the_facets(lever):
    table = compare_levers([lever.name], budget=1.0)
    assert table.loc[f"alone: {lever.name}", "gain"] > 0


def test_limits_hold_however_hard_one_pulls():
    hard = pull({"open to newcomers": 50, "relieve congestion": 50, "stability": 50})
    assert (hard["diversity"], hard["congestion"], hard["threshold"]) == (1.0, 0.02, 0.3)
    dynamics(**hard)


def test_the_order_of_the_document_carries_a_weak_place_over():
    table = compare_levers(budget=2.0)
    first, other = table.loc[["in the document's order", "in the opposite order"], "mean facet"]
    assert first > 0.7
    assert other < 0.5
    assert table.loc["nothing", "gain"] == 0


def test_the_order_does_not_always_matter():
    """With too small a budget neither order crosses the threshold; with a large one both do."""
    small = compare_levers(budget=0.5)["mean facet"]
    assert small.filter(like="order").max() < 0.2
    large = compare_levers(budget=4.0)["mean facet"]
    assert large.filter(like="order").min() > 0.65


def test_a_run_in_two_halves_of_the_same_levers_is_the_run_in_one():
    from clusterlab.diamond.policy import _run

    base = pull({})
    one = _run(((0, {"stability": 2.0}),), base, 60.0, 0.15, None)
    two = _run(((0, {"stability": 2.0}), (30.0, {"stability": 2.0})), base, 60.0, 0.15, None)
    assert len(two.total) == len(one.total)
    assert np.abs(one.facets - two.facets).to_numpy().max() < 1e-5
    assert one.total.index.tolist() == pytest.approx(two.total.index.tolist())


def test_together_spends_the_same_budget():
    table = compare_levers(["stability", "demanding buyers"], budget=2.0)
    assert table["cost"].tolist() == [0, 2, 2, 2]
    assert "in the document's order" not in table.index


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: pull({"stabilty": 1}), KeyError, "did you mean 'stability'"),
        (lambda: pull({"stability": -1}), ValueError, "effort of 'stability' is -1"),
        (lambda: compare_levers(budget=0), ValueError, "budget is 0"),
        (lambda: compare_levers(switch=1), ValueError, "switch is 1"),
        (lambda: compare_levers([]), ValueError, "at least one lever"),
        (lambda: compare_levers(["zzz"]), KeyError, "there are stability"),
        (lambda: compare_levers(proximity=-1), ValueError, "proximity is -1"),
    ],
)
def test_bad_input(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
