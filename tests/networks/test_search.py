import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import comb

from clusterlab.networks import modular_search
from clusterlab.networks.search import landscape


def mean_of_uniforms_below(x, n):
    """Irwin–Hall: chance that the mean of n uniform numbers is at most x."""
    total = x * n
    return sum((-1) ** k * comb(n, k) * (total - k) ** n for k in range(int(total) + 1)) / (
        math.factorial(n)
    )


def test_one_optimum_of_two_thirds_without_dependence():
    found = landscape(elements=10, others=0, replicates=300)
    assert (found.optima == 1).all()
    assert found.peak_height == pytest.approx(2 / 3, abs=0.008)


@pytest.mark.parametrize(("elements", "height"), [(8, 0.6503), (10, 0.6447), (12, 0.6391)])
def test_fully_dependent_landscapes(elements, height):
    # Kauffman (1993), ch. 2: 2^N/(N+1) optima; an optimum is the best of N + 1 means of N numbers,
    # .6512, .6444, .6385 exactly. models.md gives the parametrised figures, which were simulated.
    exact = quad(lambda x: 1 - mean_of_uniforms_below(x, elements) ** (elements + 1), 0, 1)[0]
    assert exact == pytest.approx(height, abs=1e-3)
    found = landscape(elements=elements, others=elements - 1, replicates=300)
    expected = 2**elements / (elements + 1)
    error = found.optima.std() / np.sqrt(300)
    assert abs(found.optima.mean() - expected) < 4 * error
    assert found.peak_height == pytest.approx(exact, abs=0.001)


def test_fitness_by_hand():
    found = landscape(elements=3, others=1, replicates=2, seed=5)
    rng = np.random.default_rng(5)
    rng.random((3, 3))
    expected = np.zeros((2, 8))
    for row in found.depends:
        table = rng.random((2, 4))
        one, other = np.flatnonzero(row)
        for x in range(8):
            state = ((x >> one) & 1) + 2 * ((x >> other) & 1)
            expected[:, x] += table[:, state] / 3
    np.testing.assert_allclose(found.fitness, expected)
    for x in range(8):
        is_peak = all(expected[0, x] > expected[0, x ^ (1 << bit)] for bit in range(3))
        if is_peak:
            assert found.optima[0] >= 1


def test_who_depends_on_whom():
    found = landscape(elements=9, others=4, replicates=1)
    assert found.depends.sum(axis=1).tolist() == [5] * 9
    assert found.depends.diagonal().all()
    blocks = landscape(elements=9, block=3, replicates=1).depends
    assert (blocks == np.kron(np.eye(3), np.ones((3, 3)))).all()


def test_more_dependence_makes_more_optima():
    counts = [landscape(others=k, elements=8, replicates=50).optima.mean() for k in (0, 2, 4, 7)]
    assert counts == sorted(counts)


def test_true_blocks_of_four():
    # models.md, computed once with throw-away code: F/F_max after 100, 1,000 and 10,000 trials
    expected = {
        2: (0.939, 0.943, 0.943),
        4: (0.992, 1.000, 1.000),
        6: (0.959, 0.987, 0.987),
        12: (0.927, 0.979, 0.999),
    }
    found = modular_search(steps=10_000, replicates=400)
    for size, levels in expected.items():
        for step, level in zip((100, 1000, 10_000), levels, strict=True):
            error = found.error.loc[step, size]
            assert abs(found.path.loc[step, size] - level) < 4 * max(error, 0.001)


def test_modules_that_match_reach_the_best_exactly():
    found = modular_search(block=3, modules=(3,), steps=2000, replicates=50)
    assert found.path.iloc[-1].item() == pytest.approx(1)


def test_integral_search_is_the_best_of_so_many_random_draws():
    # with one module of all elements each trial is a fresh combination: a maximum of t draws
    found = modular_search(modules=(8,), elements=8, block=8, steps=20, replicates=2000)
    rng = np.random.default_rng(9)
    parts = rng.random((500, 256, 8)).mean(axis=2)
    seen = np.take_along_axis(parts, rng.integers(0, 256, (500, 21)), axis=1).max(axis=1)
    expected = (seen / parts.max(axis=1)).mean()
    assert found.path.loc[20, 8] == pytest.approx(expected, abs=0.01)


def test_the_once_right_module_size_loses_most():
    found = modular_search(steps=1000, change=True, moved=12, replicates=200)
    assert found.loss.idxmax() == 4
    assert found.loss[4] > 0.03
    assert abs(found.loss[12]) < 0.01
    assert found.path.loc[2000].idxmax() == 12  # at last integral search is ahead


def test_new_performance_alone_does_no_harm_to_modules():
    found = modular_search(steps=1000, change=True, moved=0, replicates=200)
    assert found.loss.abs().max() < 0.01


def test_acceptance_reverses_the_conclusion():
    by_system = modular_search(steps=100, replicates=200).path.loc[100]
    by_module = modular_search(steps=100, replicates=200, acceptance="module").path.loc[100]
    assert by_system[2] > by_system[12]
    assert by_module[2] < by_module[12]
    assert by_module[4] == pytest.approx(by_system[4], abs=0.005)  # matched: the same criterion


def test_module_acceptance_by_hand():
    # every module is a true block: what is better for it is better for all, so levels never fall
    found = modular_search(modules=(4,), acceptance="module", steps=300, replicates=30)
    assert (found.path[4].diff().dropna() >= -1e-6).all()
    churn = modular_search(modules=(2,), acceptance="module", steps=300, replicates=1, block=12)
    assert (churn.path[2].diff().dropna() < 0).any()


def test_same_seed_same_search_and_common_landscapes():
    one, other = (modular_search(steps=200, replicates=20, seed=3) for _ in range(2))
    assert one.path.equals(other.path)
    alone = modular_search(steps=200, replicates=20, seed=3, modules=(4,))
    assert alone.path.loc[0, 4] == pytest.approx(one.path.loc[0, 4])
    assert one.path.loc[0].nunique() == 1  # all start from the same products


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="blocks of 5 do not divide 12"):
        modular_search(block=5)
    with pytest.raises(ValueError, match="must be sizes from 1 to 12"):
        modular_search(modules=(4, 13))
    with pytest.raises(ValueError, match="must be sizes from 1 to 12"):
        modular_search(modules=())
    with pytest.raises(ValueError, match="'everyone'"):
        modular_search(acceptance="everyone")
    with pytest.raises(ValueError, match="8 others for 8 elements"):
        landscape(elements=8, others=8)
    with pytest.raises(ValueError, match="at most 16"):
        landscape(elements=20)
    with pytest.raises(ValueError, match="blocks of 5 do not divide"):
        landscape(block=5)
    with pytest.raises(ValueError, match="20 of 12 elements cannot move"):
        modular_search(moved=20)
    calm = modular_search(steps=100, replicates=2)
    with pytest.raises(ValueError, match="did not change"):
        _ = calm.loss
