import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from clusterlab.location import city_size, labour_pooling


def test_optimum_of_the_reference_city():
    # models.md, Location: ε = 0.05, τ = 0.001.
    assert city_size(scale_economies=0.05, commuting_cost=0.001).optimum == pytest.approx(
        45.454545, abs=1e-6
    )


@settings(max_examples=50, deadline=None)
@given(e=st.floats(0.01, 1), t=st.floats(1e-4, 1e-2), founders=st.floats(0.01, 50))
def test_optimum_and_far_root(e, t, founders):
    found = city_size(scale_economies=e, commuting_cost=t, founders=founders)

    def consumption(size):
        return size**e * (1 - t * size) ** (1 + e)

    for near in (0.99, 1.01):
        assert consumption(near * found.optimum) < found.best
    assert consumption(found.largest) == pytest.approx(found.alone, rel=1e-8)
    assert found.optimum <= found.largest < 1 / t
    assert found.alone == pytest.approx(consumption(min(founders, found.optimum)))
    assert found.loss == pytest.approx(1 - found.alone / found.best, abs=1e-12)


def test_the_best_size_by_placing_workers_on_a_line():
    # Foundations of the formula (Duranton and Puga 2004): each worker lives one plot further out
    # and loses 4τ of its time per unit of distance; the city makes L^(1+ε) of what is left.
    e, t, plots_per_person = 0.1, 0.002, 20
    size = np.arange(1, 200)
    consumption = []
    for people in size:
        plots = people * plots_per_person
        distance = np.abs((np.arange(plots) + 0.5) / plots_per_person - people / 2)
        hours = (1 - 4 * t * distance).sum() / plots_per_person
        consumption.append(hours ** (1 + e) / people)
    found = city_size(scale_economies=e, commuting_cost=t)
    assert size[np.argmax(consumption)] == round(found.optimum)
    assert max(consumption) == pytest.approx(found.best, rel=1e-4)


def test_people_who_move_one_by_one_overshoot_the_best_size():
    # One city, a growing population, and a founder who compares: the first to leave does so at
    # the far root, long after the best size.
    found = city_size(scale_economies=0.1, commuting_cost=0.005)
    e, t = 0.1, 0.005
    people = 1
    while people**e * (1 - t * people) ** (1 + e) >= found.alone or people < found.optimum:
        people += 1
    assert people - 1 == int(found.largest)
    assert people > 3 * found.optimum


def test_cities_above_the_best_size_equalise_and_below_it_run_apart():
    e, t = 0.1, 0.002
    found = city_size(scale_economies=e, commuting_cost=t)
    for total, alike in ((3 * found.optimum, True), (1.2 * found.optimum, False)):
        city = np.array([0.51, 0.49]) * total
        for _ in range(20_000):
            pay = city**e * (1 - t * city) ** (1 + e)
            city = city * (1 + 0.5 * (pay - pay.mean()))
            city *= total / city.sum()
        assert (abs(city[0] - city[1]) < 1e-3 * total) == alike


def test_enough_founders_end_the_coordination_failure():
    alone = city_size(founders=1)
    together = city_size(founders=20)
    enough = city_size(founders=46)
    assert alone.largest > together.largest > enough.largest == enough.optimum
    assert enough.loss == 0


def test_pooling_by_formula_and_by_hand():
    found = labour_pooling(firms=4, workers_per_firm=10, curvature=2, shock=3)
    assert found.expected_profit == pytest.approx(2 / 2 * 100 + 0.75 * 9 / 4)
    assert found.from_pooling == pytest.approx(1.6875)
    assert labour_pooling(firms=1).from_pooling == 0
    assert found.by_firms[4] == pytest.approx(found.from_pooling)


@pytest.mark.parametrize("firms", [1, 2, 5, 20])
@pytest.mark.parametrize("shock", [0.5, 2.0])
def test_pooling_by_simulation(firms, shock):
    found = labour_pooling(firms=firms, shock=shock, replicates=40_000, seed=1)
    assert found.simulated_profit == pytest.approx(
        found.expected_profit, abs=4 * found.standard_error + 1e-9
    )
    assert found.standard_error == pytest.approx(stats.sem(found.profits), rel=1e-9, abs=1e-12)


def test_pooling_with_every_market_cleared_by_search():
    # The market is cleared by halving the wage, not by the formula for the workforce.
    rng = np.random.default_rng(2)
    firms, workers, gamma, shock, level, runs = 4, 10.0, 1.5, 2.0, 50.0, 20_000
    product = level + shock * rng.standard_normal((runs, firms))
    low, high = np.zeros((runs, 1)), np.full((runs, 1), 100.0)
    for _ in range(60):
        wage = (low + high) / 2
        hired = np.clip((product - wage) / gamma, 0, None)
        too_many = hired.sum(axis=1, keepdims=True) > firms * workers
        low, high = np.where(too_many, wage, low), np.where(too_many, high, wage)
    profit = (product * hired - gamma / 2 * hired**2 - wage * hired)[:, 0]
    found = labour_pooling(firms=4, workers_per_firm=10, curvature=1.5, shock=2)
    error = profit.std() / np.sqrt(runs)
    assert found.standard_error < error  # the mean over a market's firms is steadier than one firm
    assert found.unfilled == 0
    assert profit.mean() == pytest.approx(found.expected_profit, abs=4 * error)


def test_shocks_too_large_for_the_formula_are_reported():
    assert labour_pooling(workers_per_firm=1, shock=2).unfilled > 0.1


@pytest.mark.parametrize(
    ("function", "values", "message"),
    [
        (city_size, {"scale_economies": 0}, "without gains from size there is no city"),
        (city_size, {"commuting_cost": 0}, "a city grows for ever"),
        (city_size, {"founders": 0}, "Somebody has to found"),
        (labour_pooling, {"firms": 0}, "somebody who hires"),
        (labour_pooling, {"curvature": 0}, "one lucky firm would hire everybody"),
        (labour_pooling, {"shock": -1}, "standard deviation"),
        (labour_pooling, {"workers_per_firm": 0}, "nothing to pool"),
    ],
)
def test_bad_values_are_refused_with_their_meaning(function, values, message):
    with pytest.raises(ValueError, match=message):
        function(**values)
