import numpy as np
import pytest
from scipy import stats

from clusterlab.networks import stretch


@pytest.mark.parametrize("cost", [0.5, 1.5, 2, 4])
@pytest.mark.parametrize("codifiability", [0.2, 0.5, 0.8])
def test_share_away_is_the_tail_of_the_codified_shares(cost, codifiability):
    found = stretch(cost=cost, codifiability=codifiability, bridged=0.3, bridging=0.7, buyers=500)
    tail = stats.beta(4 * codifiability, 4 * (1 - codifiability)).sf
    exact = 0.3 * tail(1 - 1 / (cost * 0.3)) + 0.7 * tail(1 - 1 / cost)
    assert found.away == pytest.approx(exact, abs=0.03)


def test_each_tie_follows_its_own_sum():
    ties = stretch(cost=2.5, bridging=0.6).ties
    gain = 1 - 2.5 * (1 - ties["codified"]) * (1 - 0.6 * ties["bridged"])
    assert (ties["away"] == (gain > 0)).all()


def test_cheaper_coordination_and_codified_work_stretch_ties():
    by_cost = [stretch(cost=c).away for c in (5, 3, 2, 1)]
    by_code = [stretch(codifiability=z).away for z in (0.1, 0.4, 0.7, 0.95)]
    assert by_cost == sorted(by_cost)
    assert by_code == sorted(by_code)
    assert stretch(cost=0).away == 1


def test_thick_ties_go_far_only_over_bridges():
    assert stretch(cost=3, bridged=0).thick_away == 0
    over = stretch(cost=3, bridged=0.4)
    assert over.thick_away > 0.1
    gone = over.ties[over.ties["away"] & (over.ties["codified"] < 0.5)]
    assert gone["bridged"].all()


def test_without_path_dependence_the_way_back_is_the_way_there():
    found = stretch(contingency=0.3)
    back = found.rising.reindex(found.falling.index)
    np.testing.assert_array_equal(back["all"], found.falling["all"])
    bound = stretch(path_dependence=0.4)
    assert bound.kept_open > bound.away + 0.2
    same = bound.rising["all"].reindex(bound.falling.index) - bound.falling["all"]
    assert (same >= 0).all()


def test_partners_that_stay_hold_back_and_then_pull_along():
    free, bound = (stretch(contextuality=c) for c in (0, 0.8))
    assert bound.away < free.away
    steps = lambda found: -np.diff(found.falling["all"].to_numpy()[::-1]).min()  # noqa: E731
    assert steps(bound) > steps(free)  # they leave together


def test_contingency_lets_some_go_early_and_some_stay():
    certain, loose = (stretch(contingency=c, cost=0.5, bridged=0) for c in (0, 0.8))
    assert certain.away == 1 > loose.away
    early = [stretch(contingency=c, cost=5, bridged=0, codifiability=0.2).away for c in (0, 0.8)]
    assert early[0] < early[1]


def test_seeds_and_bad_input():
    assert stretch(seed=4).ties.equals(stretch(seed=4).ties)
    assert len(stretch(buyers=20, ties_each=5).ties) == 100
    assert not stretch(seed=4).ties.equals(stretch(seed=5).ties)
    with pytest.raises(ValueError, match="cost is 6"):
        stretch(cost=6)
    with pytest.raises(ValueError, match=r"codifiability is 1\.2"):
        stretch(codifiability=1.2)
