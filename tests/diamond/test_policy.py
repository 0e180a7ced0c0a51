"""Levers: every one acts as it says, alone, together and in order."""

from types import SimpleNamespace

import numpy as np
import pytest

from clusterlab.diamond import FACETS, compare_levers, dynamics, levers, pull, spend

LEVERS = [  # the table's rows: name, phase, and what they move as numbers
    SimpleNamespace(
        name=name,
        phase=row["phase"],
        moves={
            part.rpartition(" ")[0]: float(part.rpartition(" ")[2])
            for part in row["moves"].split(", ")
            if not part.startswith("the weakest facet")
        },
        weakest="the weakest facet" in row["moves"],
    )
    for name, row in levers().iterrows()
]


def test_the_five_roles_and_every_facet_are_there():
    table = levers()
    roles = table["role"]
    for number in range(1, 6):
        assert roles.str.startswith(f"government {number}:").sum() == 1
    for facet in (
        "factor conditions",
        "demand conditions",
        "related and supporting industries",
        "strategy and rivalry",
    ):
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


ORDERS = ["in the document's order", "in the opposite order"]


def followed(*programme, years, start=0.15, **place):
    """Follow a programme [(efforts, share of the years), …] with `dynamics` alone, then without it.

    Returns the mean facet at the end of the years, and when the place has rested 3,000 years more.
    """
    facets = dict.fromkeys(FACETS, start)
    depth = dynamics(start=start, years=1.0, **place).depth.iloc[0]  # of the place as it is
    ends = []
    for efforts, share in (*programme, ({}, 3000 / years)):
        pulled = pull(efforts, **place)
        path = dynamics(start_facets=facets, start_depth=depth, years=share * years, **pulled)
        facets, depth = path.facets.iloc[-1].to_dict(), path.depth.iloc[-1]
        ends.append(path.total.iloc[-1])
    return ends[-2], ends[-1]


def shared(names, budget):
    return {name: budget / len(names) for name in names}


@pytest.mark.parametrize("budget", [1.5, 2.0])
def test_both_orders_and_together_spend_on_the_same_levers(budget):
    """Undated levers stand in both halves of both orders; each row by chained `dynamics`."""
    table = compare_levers(budget=budget, years=50.0, switch=0.4)
    first = shared([v.name for v in LEVERS if v.phase in ("early", "any")], budget)
    then = shared([v.name for v in LEVERS if v.phase in ("later", "any")], budget)
    assert len(first) == 10
    assert len(then) == 9
    for row, programme in (
        (ORDERS[0], [(first, 0.4), (then, 0.6)]),
        (ORDERS[1], [(then, 0.4), (first, 0.6)]),
        ("together", [(shared([v.name for v in LEVERS], budget), 1)]),
        ("nothing", [({}, 1)]),
    ):
        end, rest = followed(*programme, years=50.0)
        assert table.loc[row, "mean facet"] == pytest.approx(end, abs=2e-5), row
        assert table.loc[row, "at rest"] == pytest.approx(rest, abs=2e-5), row
        assert table.loc[row, "stays"] == (rest > 0.5), row
    # and the same five levers in every row where only those with a date are compared
    dated = [v.name for v in LEVERS if v.phase != "any"]
    few = compare_levers(dated, budget=2.0)["mean facet"].round(3)
    assert few[["together", *ORDERS]].tolist() == [0.582, 0.734, 0.377]


def test_the_order_decides_only_for_some_budgets_and_levers():
    """With all levers the order matters little; with the five dated ones, between two budgets."""
    every = compare_levers(budget=2.0)
    assert every.loc[ORDERS, "mean facet"].round(2).tolist() == [0.73, 0.70]
    dated = [v.name for v in LEVERS if v.phase != "any"]
    for budget, stays in ((1.0, [False, False]), (1.5, [True, False]), (2.0, [True, True])):
        assert compare_levers(dated, budget=budget).loc[ORDERS, "stays"].tolist() == stays


def test_what_stays_is_tried_by_letting_go():
    """A budget of 1 looks lost after 60 years under every lever, and two of them have crossed."""
    table = compare_levers(budget=1.0)
    assert table["mean facet"].max() < 0.31
    assert table.index[table["stays"]].tolist() == [
        "alone: rules of competition",
        "alone: attract suppliers",
    ]
    for name in ("attract suppliers", "rules of competition", "general inputs"):
        _, rest = followed(({name: 1.0}, 1), years=60.0)
        assert table.loc[f"alone: {name}", "at rest"] == pytest.approx(rest, abs=2e-5)
        assert table.loc[f"alone: {name}", "stays"] == (rest > 0.5)
    assert (table["years"] == 60).all()
    longer = compare_levers(["general inputs"], budget=1.0, years=80.0)
    assert longer.loc["alone: general inputs", ["years", "stays"]].tolist() == [80.0, True]


def test_where_there_is_one_state_nothing_stays():
    assert not compare_levers(["stability"], budget=4.0, proximity=0.5)["stays"].any()
    assert not compare_levers(["stability"], budget=4.0, start=0.9)["stays"].any()


@pytest.mark.parametrize(
    ("efforts", "place"),
    [
        ({"attract suppliers": 1.0}, {}),
        ({"general inputs": 0.5, "open to newcomers": 1.5}, {"proximity": 0.9}),
        ({}, {"proximity": 3.0}),
    ],
)
def test_spending_against_chained_dynamics(efforts, place):
    result = spend(efforts, years=60.0, start=0.2, **place)
    end, later = followed((efforts, 1), years=60.0, start=0.2, **place)
    assert np.interp(60.0, result.path.total.index, result.path.total) == pytest.approx(
        end, abs=2e-5
    )
    assert result.let_go == pytest.approx(later, abs=2e-5)
    assert result.untouched == pytest.approx(followed(({}, 1), years=60.0, start=0.2, **place)[1])
    assert result.path.total.index[-1] == 120
    assert result.cost == sum(efforts.values())


def test_who_spends_too_much_is_told_the_sum():
    exact = spend({"stability": 0.7, "general inputs": 1.3})
    assert exact.cost == pytest.approx(2)
    with pytest.raises(
        ValueError, match=r"cost 0.8 \+ 1.3 = 2.1, but the budget is 2: take 0.1 back"
    ):
        spend({"stability": 0.8, "demanding buyers": 0, "general inputs": 1.3})
    with pytest.raises(ValueError, match="the levers cost 3, but the budget is 2"):
        spend({"stability": 3})
    with pytest.raises(ValueError, match="did you mean 'stability'"):
        spend({"stabilty": 0})


def test_the_order_does_not_always_matter():
    """With too small a budget neither order crosses the threshold; with a large one both do."""
    small = compare_levers(budget=0.5)
    assert small["mean facet"].max() < 0.2
    assert not small["stays"].any()
    large = compare_levers(budget=4.0)
    assert large["mean facet"].filter(like="order").min() > 0.65
    assert large["stays"].drop("nothing").sum() == 14  # all but relieving congestion


def test_a_run_in_two_halves_of_the_same_levers_is_the_run_in_one():
    from clusterlab.diamond.motion import first_state, place
    from clusterlab.diamond.policy import _followed

    here, pulled = place(), {"stability": 2.0}
    first = first_state(here, 0.15, None, None)
    one, _ = _followed(here, first, [(0, pulled)], 60.0)
    two, _ = _followed(here, first, [(0, pulled), (30.0, pulled)], 60.0)
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
        (lambda: pull({"stabilty": 1}), ValueError, "did you mean 'stability'"),
        (lambda: pull({"stability": -1}), ValueError, "effort of 'stability' is -1"),
        (lambda: compare_levers(budget=0), ValueError, "budget is 0"),
        (lambda: compare_levers(switch=1), ValueError, "switch is 1"),
        (
            lambda: compare_levers(["stability", "stability"]),
            ValueError,
            "'stability' is named twic",
        ),
        (lambda: compare_levers([]), ValueError, "at least one lever"),
        (lambda: compare_levers(["zzz"]), ValueError, "there are stability"),
        (lambda: compare_levers(proximity=-1), ValueError, "proximity is -1"),
    ],
)
def test_bad_input(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
