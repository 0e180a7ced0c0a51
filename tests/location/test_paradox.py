import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clusterlab.location import location_paradox

some = st.floats(0.01, 1)
share = st.floats(0, 1)


def test_by_hand():
    found = location_paradox(distance_cost=0.5, knowledge_intensity=0.4, tacitness=0.5, decay=2)
    # m = 0.2: 0.8·0.5 from afar, 0.2·2 local
    assert (found.from_afar, found.local) == pytest.approx((0.4, 0.4))
    assert (found.total, found.local_share) == pytest.approx((0.8, 0.5))


def test_the_two_parts_are_the_log_ratio_of_two_cobb_douglas_firms():
    weight, cost, loss = 0.5 * 0.4, 0.3, 1.0
    inputs = {
        "inputs": (0.6, np.exp(-cost)),
        "codified": (0.2, np.exp(-cost)),
        "tacit": (weight, np.exp(-loss)),
    }
    isolated = np.prod([quality**w for w, quality in inputs.values()])
    found = location_paradox(distance_cost=cost, knowledge_intensity=0.4, tacitness=0.5, decay=1)
    assert found.total == pytest.approx(-np.log(isolated))


@settings(max_examples=200, deadline=None)
@given(k=some, theta=some, r=st.floats(0, 0.95), decay=st.floats(0.05, 3))
def test_the_local_share_goes_to_one_where_something_does_not_travel(k, theta, r, decay):
    values = {"knowledge_intensity": k, "tacitness": theta, "reach": r, "decay": decay}
    near = location_paradox(distance_cost=1e-9, **values)
    assert near.holds
    assert near.limit_share == 1
    assert near.from_afar <= 1e-9
    assert 1 - near.local_share <= 1e-9 / near.limit_level + 1e-12
    assert near.total == pytest.approx(near.limit_level, abs=1e-7)
    assert near.limit_level > 0
    path = near.path["local share"]
    assert path.iloc[-1] == 1
    assert (path.diff().dropna() >= -1e-12).all()


@settings(max_examples=100, deadline=None)
@given(k=some, theta=some, decay=st.floats(0.05, 3))
def test_it_fails_where_media_carry_tacit_knowledge_as_well(k, theta, decay):
    values = {"knowledge_intensity": k, "tacitness": theta, "decay": decay}
    near = location_paradox(distance_cost=1e-9, reach=1, **values)
    m = theta * k
    assert not near.holds
    assert near.limit_level == 0
    assert near.total < 1e-8
    assert near.limit_share == pytest.approx(m * decay / (m * decay + 1 - m))
    assert near.local_share == pytest.approx(near.limit_share, abs=1e-6)


@pytest.mark.parametrize("nothing", [{"tacitness": 0}, {"knowledge_intensity": 0}, {"decay": 0}])
def test_it_fails_where_nothing_is_tacit(nothing):
    found = location_paradox(distance_cost=0, **nothing)
    assert (found.total, found.local_share, found.limit_share) == (0, 0, 0)
    assert not found.holds
    assert np.isfinite(found.path).all(axis=None)


def test_the_level_falls_with_distance_cost_and_rises_with_knowledge():
    falling = location_paradox(decay=2).path["total"]
    assert (falling.diff().dropna() < 0).all()  # the path runs from distance cost 1 to 0
    some_knowledge, more = (location_paradox(knowledge_intensity=k).total for k in (0.4, 0.8))
    assert more > some_knowledge


@settings(max_examples=100, deadline=None)
@given(t=st.floats(0.01, 0.99), k=share, theta=share, r=share, decay=st.floats(0, 3))
def test_the_slope_of_the_level_is_as_in_the_docstring(t, k, theta, r, decay):
    def level(cost):
        return location_paradox(
            distance_cost=cost, knowledge_intensity=k, tacitness=theta, reach=r, decay=decay
        ).total

    m = theta * k
    slope = 1 - m + m * decay * r
    step = 1e-4
    assert (level(t + step) - level(t - step)) / (2 * step) == pytest.approx(slope, abs=1e-7)


@given(t=share, k=share, theta=share, r=share)
@settings(max_examples=100, deadline=None)
def test_the_parts_add_up_and_the_share_is_a_share(t, k, theta, r):
    found = location_paradox(distance_cost=t, knowledge_intensity=k, tacitness=theta, reach=r)
    assert found.total == found.from_afar + found.local
    assert 0 <= found.local_share <= 1
    assume(found.total > 0)
    assert found.local_share == pytest.approx(found.local / found.total)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"distance_cost": -0.1}, "1 is the start, 0 is none"),
        ({"distance_cost": 1.5}, "1 is the start, 0 is none"),
        ({"tacitness": 2}, "cannot be written down"),
        ({"decay": -1}, "improve with distance"),
    ],
)
def test_bad_values_are_refused_with_their_meaning(values, message):
    with pytest.raises(ValueError, match=message):
        location_paradox(**values)


def test_where_nothing_is_lost_with_distance_nothing_is_local():
    # all four inside the declared ranges: m(0) = 1 and δ = 0, so both parts are zero at t = 0
    at = location_paradox(knowledge_intensity=1, tacitness=1, reach=1, decay=0)
    assert at.limit_share == at.local_share == at.total == 0
    assert (at.path["local share"] == 0).all()
    for loss in (0.1, 2):  # with any loss the local part is all there is
        assert (
            location_paradox(tacitness=1, knowledge_intensity=1, reach=1, decay=loss).limit_share
            == 1
        )
