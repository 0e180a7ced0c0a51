import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import comb

from clusterlab.location import location_choice, lock_in, spin_offs, urn


def _largest_of_dirichlet(regions):
    """Distribution of the largest of K shares uniform on the simplex (broken-stick formula)."""

    def cumulative(x):
        x, j = np.asarray(x, float)[..., None], np.arange(regions + 1)
        terms = (-1.0) ** j * comb(regions, j) * np.clip(1 - j * x, 0, None) ** (regions - 1)
        return terms.sum(axis=-1)

    return cumulative


@pytest.mark.parametrize("process", [spin_offs, urn])
@pytest.mark.parametrize("regions", [2, 5])
def test_shares_tend_to_the_dirichlet_limit(process, regions):
    run = process(regions=regions, firms=2000, replicates=10_000, seed=11)
    one = stats.kstest(run.shares["A"], stats.beta(1, regions - 1).cdf)
    top = stats.kstest(run.largest, _largest_of_dirichlet(regions))
    # 1.63/√n is the 1 % point; regions/firms allows for shares that come in steps
    allowed = 1.63 / np.sqrt(10_000) + regions / 2000
    assert one.statistic < allowed
    assert top.statistic < allowed


def test_mean_largest_share_and_herfindahl_agree_with_their_limits():
    for regions in (2, 5, 10):
        run = spin_offs(regions=regions, firms=2000, replicates=10_000, seed=2)
        error = run.largest.std() / 100
        assert run.limit_largest == pytest.approx(
            sum(1 / k for k in range(1, regions + 1)) / regions
        )
        assert abs(run.mean_largest - run.limit_largest) < 4 * error + regions / 2000
        share = stats.beta(1, regions - 1)  # of one region, where all divisions are as likely
        assert run.limit_herfindahl == pytest.approx(regions * share.moment(2))
        assert abs(run.mean_herfindahl - 2 / (regions + 1)) < 4 * error + regions / 2000


def test_a_few_spin_offs_have_the_exact_distribution_of_polyas_urn():
    # 2 regions, 3 spin-offs from one firm each: 1, 2, 3 or 4 firms in A, each with probability 1/4.
    counts = spin_offs(regions=2, firms=3, replicates=20_000, seed=3).counts["A"].value_counts()
    assert stats.chisquare(counts).pvalue > 0.001
    assert sorted(counts.index) == [1, 2, 3, 4]


def test_a_few_steps_of_the_urn_have_the_probabilities_of_its_rule():
    feedback, exact = 1.5, {}
    for path in itertools.product((0, 1), repeat=4):  # every history of two regions, four firms
        n, probability = [1, 1], 1.0
        for chosen in path:
            weight = [count**feedback for count in n]
            probability *= weight[chosen] / sum(weight)
            n[chosen] += 1
        exact[n[0]] = exact.get(n[0], 0) + probability
    counts = urn(regions=2, firms=4, feedback=feedback, replicates=20_000).counts["A"]
    seen = counts.value_counts().sort_index()
    expected = [20_000 * exact[n] for n in seen.index]
    assert stats.chisquare(seen, expected).pvalue > 0.001


@pytest.mark.parametrize(
    ("feedback", "mean_largest"), [(0.5, 0.225), (1, 0.458), (1.5, 0.944), (2, 0.993)]
)
def test_published_means_of_the_urn(feedback, mean_largest):
    # models.md, Location: K = 5, 3,000 entrants, mean of the largest share, computed once.
    run = urn(feedback=feedback, firms=3000, replicates=2000, seed=5)
    error = run.largest.std() / np.sqrt(2000)
    assert abs(run.mean_largest - mean_largest) < 4 * error + 0.0005


def test_the_urn_agrees_with_rubins_exponential_clocks():
    # Independent of the step-by-step draw: region j's firm n + 1 comes an exponential time with
    # mean n^−γ after its firm n; the first N arrivals over all regions are the urn.
    regions, firms, feedback, runs = 3, 60, 1.3, 4000
    rng = np.random.default_rng(8)
    clocks = rng.exponential(np.arange(1, firms + 1.0) ** -feedback, (runs, regions, firms))
    arrivals = clocks.cumsum(axis=2)
    last = np.sort(arrivals.reshape(runs, -1), axis=1)[:, firms - 1, None, None]
    counts = 1 + (arrivals <= last).sum(axis=2)
    theirs = counts.max(axis=1) / counts.sum(axis=1)
    ours = urn(regions=3, firms=firms, feedback=feedback, replicates=runs).largest
    assert stats.ks_2samp(theirs, ours).pvalue > 0.001


def test_weak_feedback_evens_out_and_strong_feedback_leaves_one_region():
    weak, none = urn(feedback=0.5, firms=3000), urn(feedback=0, firms=3000)
    assert weak.limit_largest == none.limit_largest == 0.2
    assert none.mean_largest < weak.mean_largest < 0.25
    strong = urn(feedback=2, firms=3000)
    assert strong.limit_largest == 1
    assert strong.one_region > 0.97


def test_spin_offs_and_proportional_feedback_are_the_same_process():
    one = spin_offs(regions=4, firms=100, replicates=5000, seed=1).largest
    other = urn(regions=4, firms=100, feedback=1, replicates=5000, seed=2).largest
    assert stats.ks_2samp(one, other).pvalue > 0.001


def _expected_state(benefit, firms, head_start=0.0):
    """Distribution of the number of firms in A of two regions, by dynamic programming."""
    probability = np.zeros((firms + 1, firms + 1))
    probability[0, 0] = 1  # by firms so far and firms in A
    for n in range(firms):
        for a in range(n + 1):
            lead = head_start + benefit * (a - (n - a))
            # the difference of two uniform tastes has a triangular distribution on (−1, 1)
            x = np.clip(lead, -1, 1)
            to_a = 1 - (1 - x) ** 2 / 2 if x > 0 else (1 + x) ** 2 / 2
            probability[n + 1, a + 1] += probability[n, a] * to_a
            probability[n + 1, a] += probability[n, a] * (1 - to_a)
    return probability[firms]


@pytest.mark.parametrize("head_start", [0, 0.2])
def test_two_regions_choose_as_the_exact_chain_does(head_start):
    exact = _expected_state(0.05, 60, head_start)
    run = location_choice(
        regions=2, firms=60, benefit=0.05, ceiling=60, head_start=head_start, replicates=20_000
    )
    a = run.counts["A"]
    assert a.mean() == pytest.approx(exact @ np.arange(61), abs=4 * a.std() / np.sqrt(20_000))
    lead = head_start + 0.05 * (2 * np.arange(61) - 60)
    locked = exact[np.abs(lead) >= 1 - 1e-12].sum()
    assert run.locked_in == pytest.approx(locked, abs=0.015)


def test_a_ceiling_decides_whether_one_region_wins():
    below = location_choice(benefit=0.02, ceiling=40, firms=400)  # 0.8 of the spread: never safe
    between = location_choice(benefit=0.02, ceiling=70, firms=400)
    without = location_choice(benefit=0.02, ceiling=400, firms=400)
    assert below.locked_in == 0
    assert 0.05 < between.locked_in < 0.95
    assert without.locked_in > 0.99


def test_who_is_locked_in_stays_so():
    short = location_choice(benefit=0.05, firms=150, replicates=300, seed=4)
    longer = location_choice(benefit=0.05, firms=300, replicates=300, seed=4)  # same first draws
    assert short.locked_in > 0.9
    assert longer.locked_in >= short.locked_in
    assert np.mean(short.counts.idxmax(axis=1) == longer.counts.idxmax(axis=1)) > 0.9


def test_without_benefits_only_nature_decides():
    assert location_choice(benefit=0, firms=400).mean_largest < 0.25
    assert location_choice(benefit=0, head_start=1, firms=50).counts["A"].eq(50).all()


@settings(max_examples=25, deadline=None)
@given(
    regions=st.integers(2, 8),
    firms=st.integers(1, 60),
    replicates=st.integers(1, 20),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_firm_is_somewhere(regions, firms, replicates, seed):
    for process, start in ((spin_offs, regions), (urn, regions), (location_choice, 0)):
        run = process(regions=regions, firms=firms, replicates=replicates, seed=seed)
        assert run.counts.shape == (replicates, regions)
        assert (run.counts.sum(axis=1) == firms + start).all()
        assert run.leads.sum() == pytest.approx(1)
        assert 1 / regions <= run.mean_largest <= 1
        again = process(regions=regions, firms=firms, replicates=replicates, seed=seed)
        assert run.counts.equals(again.counts)


def test_no_region_is_favoured():
    for process in (spin_offs, urn, location_choice):
        leads = process(replicates=4000).leads
        assert abs(leads - 0.2).max() < 4 * np.sqrt(0.2 * 0.8 / 4000)


@pytest.mark.parametrize("process", [spin_offs, urn, location_choice])
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"regions": 0}, "at least two to select from"),
        ({"regions": 1}, "at least two to select from"),
        ({"firms": 0}, "one step of history"),
        ({"replicates": 0}, "statement about chance"),
        ({"regions": 2.5}, "whole number"),
    ],
)
def test_bad_values_are_refused_with_their_meaning(process, values, message):
    with pytest.raises(ValueError, match=message):
        process(**values)


def test_negative_feedback_and_benefit_are_refused_with_their_meaning():
    with pytest.raises(ValueError, match="crowds would repel"):
        urn(feedback=-1)
    with pytest.raises(ValueError, match="congestion, not agglomeration"):
        location_choice(benefit=-0.1)


def test_a_lead_is_safe_only_once_it_exceeds_every_taste():
    assert location_choice(regions=2, firms=1, benefit=0.95).locked_in == 0
    assert location_choice(regions=2, firms=1, benefit=1).locked_in == 1


@pytest.mark.parametrize(
    ("settings", "locked"),
    [
        ({"benefit": 0.01, "ceiling": 50, "head_start": 0.6}, 1),  # a + b·c = 1.1: A can be safe
        ({"benefit": 0, "head_start": 1}, 1),
        ({"benefit": 0.01, "ceiling": 50, "head_start": 0.45}, 0),  # 0.95: no lead is
        ({"benefit": 0.02, "ceiling": 49}, 0),
    ],
)
def test_a_lead_is_safe_where_head_start_and_ceiling_reach_the_spread_of_tastes(settings, locked):
    assert location_choice(**settings, firms=400, replicates=100).locked_in == locked
    assert "a + b·c < 1" in location_choice.__doc__


@pytest.mark.parametrize("feedback", [1.05, 1.5, 2])
def test_above_one_the_limit_is_one_region_whatever_the_strength(feedback):
    run = urn(feedback=feedback, regions=4, firms=20, replicates=5)
    assert (run.limit_largest, run.limit_herfindahl) == (1, 1)
    assert urn(feedback=0.95, regions=4, firms=20, replicates=5).limit_largest == 0.25
    at_one = urn(feedback=1, regions=4, firms=20, replicates=5)
    assert at_one.limit_largest == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4)


def test_regions_after_the_alphabet_are_counted_on():
    names = list(lock_in._histories(np.ones((28, 2))).counts.columns)
    assert names[:2] == ["A", "B"]
    assert names[25:] == ["Z", "region 27", "region 28"]
