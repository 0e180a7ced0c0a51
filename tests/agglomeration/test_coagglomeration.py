import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab.agglomeration.colocation import coagglomeration, coagglomeration_group

JOBS = pd.DataFrame(
    {"boats": [60, 40, 0], "sails": [50, 50, 0], "bread": [10, 20, 70]},
    index=["coast", "port", "inland"],
)


def test_pair_by_hand():
    # x = (120, 110, 70)/300; s of boats (.6, .4, 0), of sails (.5, .5, 0)
    x = np.array([120, 110, 70]) / 300
    departures = (np.array([0.6, 0.4, 0]) - x) @ (np.array([0.5, 0.5, 0]) - x)
    expected = departures / (1 - x @ x)
    assert coagglomeration(JOBS).loc["boats", "sails"] == pytest.approx(expected, abs=1e-15)


def test_reference_mean_of_shares_and_own():
    shares = JOBS / JOBS.sum()
    mean = shares.mean(axis=1)
    expected = ((shares["boats"] - mean) * (shares["bread"] - mean)).sum() / (1 - mean @ mean)
    assert coagglomeration(JOBS, reference="mean").loc["boats", "bread"] == pytest.approx(expected)
    own = coagglomeration(JOBS, reference=pd.Series({"port": 11, "inland": 7, "coast": 12}))
    pd.testing.assert_frame_equal(own, coagglomeration(JOBS))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 12), st.integers(2, 6))
def test_group_of_two_is_the_pair_and_group_is_the_weighted_mean(seed, regions, industries):
    values = np.random.default_rng(seed).gamma(0.5, 100, (regions, industries)) + 1e-3
    table = pd.DataFrame(values)
    pairs = coagglomeration(table)
    assert coagglomeration_group(table, [0, 1]) == pytest.approx(pairs.loc[0, 1], abs=1e-12)
    w = values.sum(axis=0) / values.sum()
    off = np.multiply.outer(w, w) * (1 - np.eye(industries))
    expected = (off * pairs.to_numpy()).sum() / off.sum()
    assert coagglomeration_group(table) == pytest.approx(expected, abs=1e-12)


def test_plant_sizes_cancel_from_the_published_formula():
    # the EG97 formula with plant Herfindahl indices made up: they must not matter
    rng = np.random.default_rng(1)
    values = rng.gamma(1, 50, (6, 3))
    table = pd.DataFrame(values)
    x = values.sum(1) / values.sum()
    room = 1 - x @ x
    for plant_h in (np.array([0.01, 0.2, 0.05]), np.array([0.4, 0.1, 0.3])):
        w = values.sum(0) / values.sum()
        concentration = ((values / values.sum(0) - x[:, None]) ** 2).sum(0)
        gamma = (concentration / room - plant_h) / (1 - plant_h)
        whole = ((values / values.sum(0) @ w - x) ** 2).sum()
        h = (w**2 * plant_h).sum()
        top = whole / room - h - (gamma * w**2 * (1 - plant_h)).sum()
        published = top / (1 - (w**2).sum())
        assert coagglomeration_group(table) == pytest.approx(published, abs=1e-12)


def test_independent_industries_score_zero_on_average():
    rng = np.random.default_rng(3)
    x = rng.dirichlet(np.ones(20))
    places = rng.multinomial(500, x, size=400).T
    pairs = coagglomeration(pd.DataFrame(places), reference=pd.Series(x)).to_numpy()
    off = pairs[~np.eye(400, dtype=bool)]
    assert abs(off.mean()) < 4 * off.std() / np.sqrt(400)


def test_input_is_unchanged_and_symmetric():
    before = JOBS.copy()
    found = coagglomeration(JOBS)
    pd.testing.assert_frame_equal(JOBS, before)
    pd.testing.assert_frame_equal(found, found.T)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.assign(ghost=0), "ghost"),
        (lambda t: t.iloc[:1], "at least 2"),
        (lambda t: t.assign(boats=[1, -1, 3]), "negative"),
    ],
)
def test_bad_tables(change, message):
    with pytest.raises(ValueError, match=message):
        coagglomeration(change(JOBS))


def test_bad_arguments():
    with pytest.raises(ValueError, match="reference is 'sum'"):
        coagglomeration(JOBS, reference="sum")
    with pytest.raises(ValueError, match="no number for label 'port'"):
        coagglomeration(JOBS, reference=pd.Series({"coast": 1, "inland": 2}))
    with pytest.raises(ValueError, match="reference: 'coast' has -1"):
        coagglomeration(JOBS, reference=pd.Series(-1, JOBS.index))
    with pytest.raises(ValueError, match="no column 'beer'"):
        coagglomeration_group(JOBS, ["boats", "beer"])
    with pytest.raises(ValueError, match="two or more different"):
        coagglomeration_group(JOBS, ["boats", "boats"])
    one = pd.DataFrame({"a": [1, 0], "b": [2, 0]}, index=["here", "there"])
    with pytest.raises(ValueError, match="in region 'here'"):
        coagglomeration(one)


def test_a_region_may_have_nothing_of_the_reference():
    reference = pd.Series({"coast": 3, "port": 1, "inland": 0})
    shares = (JOBS / JOBS.sum()).loc[reference.index]
    x = reference / 4
    away = shares.sub(x, axis=0)
    expected = away.T @ away / (1 - (x**2).sum())
    found = coagglomeration(JOBS, reference=reference)
    pd.testing.assert_frame_equal(found, expected, check_names=False)
    with pytest.raises(ValueError, match="reference: all its values are zero"):
        coagglomeration(JOBS, reference=reference * 0)
