import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab import transitions
from clusterlab.transitions.regimes import Innovators, entry_share, regime


def test_regime_table_is_reproduced():
    # models.md, "Regimes": 2,000 events, second half, mean of 40 runs. Tolerance: three standard
    # errors of a difference of two means of 40 runs, plus half a unit of the last digit shown.
    shown = {
        0.05: (0.83, 0.50, 0.70, 0.07),
        0.2: (0.36, 0.06, 0.61, 0.26),
        0.6: (0.03, 0.002, 0.36, 0.68),
    }
    for entry, figures in shown.items():
        table = transitions.innovators(entry=entry).to_frame()
        slack = 3 * np.sqrt(2) * table["error"] + 0.005
        assert (np.abs(table["mean"] - np.array(figures)) < slack).all(), (entry, table)


def test_share_of_firms_with_one_innovation_is_exact():
    # E[singletons] and E[firms] after T innovations, from the recursion of the process itself
    for entry in (0.1, 0.5):
        made = transitions.innovators(entry=entry, events=1000, replicates=400, seed=1)
        ones, ones_expected = [], 1.0
        for t in range(1, 1000):
            ones_expected += entry - (1 - entry) * ones_expected / t
        for firms in made.firms:
            ones.append((np.bincount(firms) == 1).sum())
        error = np.std(ones) / 20
        assert abs(np.mean(ones) - ones_expected) < 4 * error
        firms = 1 + entry * 999
        assert abs(np.mean([np.unique(f).size for f in made.firms]) - firms) < 5
        # and in the long run that is 1 / (2 − a)
        assert ones_expected / firms == pytest.approx(1 / (2 - entry), rel=0.02)


def test_concentration_follows_its_exact_recursion():
    # S = Σ n²: E[S'] = S + 1 + 2 (1 − a) S / t
    entry, squares = 0.1, 1.0
    for t in range(1, 500):
        squares += 1 + 2 * (1 - entry) * squares / t
    made = transitions.innovators(entry=entry, events=500, replicates=600, seed=2)
    found = [(np.bincount(f).astype(float) ** 2).sum() for f in made.firms]
    assert abs(np.mean(found) - squares) < 4 * np.std(found) / np.sqrt(600)


def test_newcomers_share_is_two_minus_two_to_the_one_minus_a():
    for entry in (0.05, 0.3, 0.8):
        table = transitions.innovators(entry=entry, replicates=100, seed=3).to_frame()
        mean, error = table.loc["new innovators"]
        assert abs(mean - 2 * (1 - 2**-entry)) < 4 * error + 0.002


def test_sizes_follow_the_yule_simon_distribution():
    for entry in (0.2, 0.6):
        exact = transitions.size_distribution(entry, 50)
        assert exact[1] == 1
        assert 1 - exact[2] == pytest.approx(1 / (2 - entry))
        # tail exponent of the density: 1 + 1/(1 − a)
        far = transitions.size_distribution(entry, 20_000)
        slope = np.log((far[20_000] - 0) / far[10_000]) / np.log(2)
        assert slope == pytest.approx(-1 / (1 - entry), rel=1e-3)
        found = transitions.innovators(entry=entry, events=4000, replicates=100, seed=4).sizes
        for k in (2, 3, 5):
            assert found[k] == pytest.approx(exact[k], rel=0.02)


def test_sizes_by_hand():
    made = Innovators(entry=0.5, firms=np.array([[0, 0, 0, 3, 0, 5, 5, 3]]))
    assert made.sizes.to_dict() == {2: 1.0, 4: pytest.approx(1 / 3)}
    assert made.measures.loc[0, "C4"] == 1
    assert made.measures.loc[0, "HHI"] == pytest.approx((1 + 4 + 1) / 16)
    assert made.measures.loc[0, "new innovators"] == 0.5
    assert made.measures.loc[0, "rank correlation"] != made.measures.loc[0, "rank correlation"]


@settings(max_examples=30, deadline=None)
@given(entry=st.floats(0.02, 0.95), events=st.integers(8, 300), seed=st.integers(0, 99))
def test_every_author_is_a_founder(entry, events, seed):
    firms = transitions.innovators(entry=entry, events=events, replicates=3, seed=seed).firms
    assert (np.take_along_axis(firms, firms, axis=1) == firms).all()
    assert (firms <= np.arange(events)).all()
    again = transitions.innovators(entry=entry, events=events, replicates=3, seed=seed).firms
    assert np.array_equal(firms, again)


def test_dimensions_move_the_entry_share_as_described():
    share = entry_share
    assert share(cumulativeness=0.9, appropriability=1) == pytest.approx(0.1)
    assert share(cumulativeness=0.9, appropriability=0, tacitness=0) == 1
    assert share(cumulativeness=0.8, appropriability=0.5, tacitness=0.5) == pytest.approx(0.4)
    for name in ("cumulativeness", "appropriability", "tacitness"):
        assert share(**{name: 0.9}) < share(**{name: 0.2})


def test_marks():
    assert regime(cumulativeness=0.95, appropriability=1).mark == "Mark II"
    assert regime(cumulativeness=0.3).mark == "Mark I"
    # nobody builds on anybody: every innovation is a newcomer's
    assert regime(appropriability=0, tacitness=0).mark == "Mark I"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: transitions.innovators(entry=0), "entry is 0.*above 0 and at most 1"),
        (lambda: transitions.innovators(entrance=0.2), "did you mean 'entry'"),
        (lambda: transitions.innovators(events=2), "events is 2.*at least 8"),
        (lambda: transitions.size_distribution(1, 5), "entry is 1.*above 0 and below 1"),
        (lambda: transitions.size_distribution(0.5, 0), "largest is 0"),
        (lambda: entry_share(tacitness=2), "tacitness is 2"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
