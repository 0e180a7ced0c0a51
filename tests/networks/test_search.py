import numpy as np
import pytest

from clusterlab.networks import modular_search


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
    with pytest.raises(ValueError, match="20 of 12 elements cannot move"):
        modular_search(moved=20)
    calm = modular_search(steps=100, replicates=2)
    with pytest.raises(ValueError, match="did not change"):
        _ = calm.loss
