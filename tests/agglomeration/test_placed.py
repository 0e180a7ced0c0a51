import numpy as np
import pytest

from clusterlab.agglomeration import placed
from clusterlab.agglomeration.placed import placed_plants


def test_borders_move_gamma_and_leave_distances_alone():
    runs = [placed_plants(moved=by, side=side) for side in (2, 3, 4) for by in placed.MOVES]
    for run in runs:
        np.testing.assert_array_equal(run.curve.density, runs[0].curve.density)
        assert run.curve.verdict() == runs[0].curve.verdict()
        assert run.index["gamma"].max() > 0.3 > 0.1 > run.index["gamma"].min()
    assert runs[0].borders.tolist() == [34]


def test_a_giant_moves_gamma_and_leaves_distances_alone():
    equal, unequal = placed_plants(), placed_plants(giant=20)
    np.testing.assert_array_equal(equal.curve.density, unequal.curve.density)
    assert unequal.index["plant_herfindahl"][0] == pytest.approx((400 + 11) / 31**2)
    assert unequal.index["gamma"][-16] > equal.index["gamma"][-16] + 0.2


def test_fewer_than_two_have_no_distance():
    for few in ([], [(50, 50)]):
        found = placed_plants(plants=few)
        assert found.curve is None
        assert found.index.empty
        assert len(found.plants) == len(few)


def test_a_plant_on_a_border_lies_east_and_north_of_it():
    on_it = placed_plants(plants=[(50, 50)] * 2, side=2)
    inside = placed_plants(plants=[(60, 60)] * 2, side=2)
    assert on_it.index.loc[0, "raw"] == inside.index.loc[0, "raw"]
    last = placed_plants(plants=[(100, 100), (0, 0)], side=4, moved=16)
    assert last.index["raw"].notna().all()


def test_chance_is_made_once_for_each_number_of_plants():
    placed._thrown.cache_clear()
    for x in range(0, 40, 10):
        placed_plants(plants=[(x, 0), (50, 50), (80, 20)])
    assert placed._thrown.cache_info().misses == 1
    assert placed._thrown(3).shape == (59, 61)


def test_chance_leaves_its_band_in_up_to_a_case_of_ten():
    rng, outside = np.random.default_rng(5), 0
    for _ in range(100):
        spots = [tuple(map(float, spot)) for spot in rng.integers(0, 51, (6, 2)) * 2]
        outside += not placed_plants(plants=spots).curve.verdict().startswith("not told")
    assert outside < 20


def test_what_lies_beyond_the_map_is_refused():
    with pytest.raises(ValueError, match="kilometres east and north from 0 to 100"):
        placed_plants(plants=[(50, 101)])
    with pytest.raises(ValueError, match="at most 20 pairs of numbers"):
        placed_plants(plants=[(1, 1)] * 21)
    with pytest.raises(ValueError, match="at most 20 pairs of numbers"):
        placed_plants(plants=["here"])
