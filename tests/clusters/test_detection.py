"""A planted cluster: closed forms, an own search for it, the share of false alarms, a threshold."""

import numpy as np
import pytest
from scipy.stats import binomtest

from clusterlab.clusters import detection, hidden_cluster

GRID = [(members, ties) for members in (15, 25, 40) for ties in (4, 8, 12)]


@pytest.mark.parametrize("classes", [1, 2, 3, 4, 6, 12])
@pytest.mark.parametrize("members", [24, 36])
def test_expected_quotients_are_those_of_the_closed_form(classes, members):
    found = hidden_cluster(classes=classes, members=members, replicates=200)
    table, share = found.classes, members / (members + 120)
    with_firms = table["members"] > 0
    assert with_firms.sum() == classes
    wanted = 1 + share * (12 / classes - 1)
    np.testing.assert_allclose(table["expected"][with_firms], wanted, rtol=1e-12)
    # all twelve add up to twelve, so those without lie below 1
    assert table["expected"].sum() == pytest.approx(12)
    assert (table["expected"][~with_firms] < 1).all()


def test_places_have_the_expected_quotients_on_average():
    tables = [hidden_cluster(classes=5, replicates=2, seed=seed).classes for seed in range(400)]
    mean = np.mean([table["quotient"] for table in tables], axis=0)
    error = np.std([table["quotient"] for table in tables], axis=0) / 20
    assert (np.abs(mean - tables[0]["expected"]) < 4.5 * error).all()
    assert tables[0]["members"].tolist() == [6] * 5 + [0] * 7
    assert all(table["firms"].sum() == 150 for table in tables)


def test_the_interval_is_the_exact_one():
    table = hidden_cluster(classes=2).classes
    for row in table.itertuples():
        exact = binomtest(int(row.firms), 150).proportion_ci(1 - 0.05 / 12, method="exact")
        assert row.low == pytest.approx(12 * exact.low)
        assert row.high == pytest.approx(12 * exact.high)
        assert row.quotient == pytest.approx(row.firms / 150 * 12)
        assert row.named == (row.low > 1)
    low, high = detection._interval(np.array([0, 150]), 150)
    assert low[0] == 0
    assert high[1] == 1
    assert 0 < high[0] < low[1] < 1


@pytest.mark.parametrize(("members", "ties"), GRID)
def test_ties_at_random_are_rarely_taken_for_a_cluster(members, ties):
    found = hidden_cluster(members=members, ties=ties, kept=0, replicates=200, seed=3)
    alarms = (found.outcomes["purchases", "named"] > 0).mean()
    assert alarms <= 0.05 + 2 * (0.05 * 0.95 / 200) ** 0.5


def test_quotients_are_rarely_above_one_by_chance():
    # over all twelve classes the cluster, if even, moves no quotient
    found = hidden_cluster(classes=12, members=24, replicates=200)
    assert (found.outcomes["quotients", "named"] > 0).mean() <= 0.05


@pytest.mark.parametrize(("members", "ties"), GRID)
def test_below_the_threshold_ties_tell_next_to_nothing_and_well_above_it_nearly_all(members, ties):
    below = hidden_cluster(members=members, ties=ties, kept=0.9 * ties**-0.5, replicates=100)
    assert below.threshold == pytest.approx(ties**-0.5)
    assert below.found["purchases"] < 0.12
    if ties >= 8:
        above = hidden_cluster(members=members, ties=ties, kept=0.8, replicates=100)
        assert above.found["purchases"] > 0.9
        assert above.right["purchases"] > 0.9


def test_every_firm_has_as_many_ties():
    rng = np.random.default_rng(0)
    seen = {}

    def spy(drawn, _):
        upper = np.triu(drawn, 1)
        ties = upper | upper.transpose(0, 2, 1)
        seen["degrees"] = ties.sum(axis=2).mean(axis=0)
        seen["inside"] = ties[:, :30, :30].sum(axis=2).mean()
        return rng.random((len(drawn), 150)) < 0

    keep, detection._groups = detection._groups, spy
    try:
        found = hidden_cluster(kept=0.6, ties=9, replicates=200)
    finally:
        detection._groups = keep
    assert seen["degrees"][:30].mean() == pytest.approx(9, abs=0.15)
    assert seen["degrees"][30:].mean() == pytest.approx(9, abs=0.1)
    # of 9 ties 0.6 are kept inside, and of the rest a fifth is inside by chance
    assert seen["inside"] == pytest.approx(9 * (0.6 + 0.4 / 5), abs=0.1)
    assert np.isnan(found.right["purchases"])


def _by_hand(drawn):
    """Search one network by a full eigenvalue problem and a plain loop over group sizes."""
    ties = np.triu(drawn, 1)
    ties = (ties | ties.T).astype(float)
    degree, n = ties.sum(axis=1), len(ties)
    _, vectors = np.linalg.eigh(ties - np.outer(degree, degree) / degree.sum())
    lead = vectors[:, -1] * np.sign((vectors[:, -1] ** 3).sum())
    order, best = np.argsort(-lead), (-np.inf, [])
    for size in range(1, n // 2 + 1):
        group = order[:size]
        inside = ties[np.ix_(group, group)].sum() / 2
        expected = degree[group].sum() ** 2 / (2 * degree.sum())
        best = max(best, ((inside - expected) / expected**0.5, list(group)))
    return {*best[1]} if best[0] > 0.48 * (2 * n) ** 0.5 else set()


def _chances(apart):
    """Return chances of ties with a cluster, and with two large groups that avoid their own."""
    chances = np.full((140, 140), 0.06)
    if apart:
        chances[20:] = chances[:, 20:] = 0.1
        chances[20:80, 20:80] = chances[80:, 80:] = 0
        chances[20:80, 80:] = chances[80:, 20:80] = 0.2
    chances[:20, :20] = 0.6
    return chances


@pytest.mark.parametrize("apart", [False, True])
def test_the_group_is_that_of_a_plain_search(apart):
    # groups apart have an eigenvalue that is larger in size than that of the cluster, but negative
    rng = np.random.default_rng(5)
    drawn = rng.random((12, 140, 140)) < _chances(apart)
    groups = detection._groups(drawn, rng)
    for found, network in zip(groups, drawn, strict=True):
        assert {*np.flatnonzero(found)} == _by_hand(network)
    assert groups[:, :20].mean() > 0.9


def test_outcomes_add_up():
    found = hidden_cluster(classes=2, members=40, kept=0.5)
    for method in ("quotients", "purchases"):
        each = found.outcomes[method]
        assert (each["members"] <= each["named"]).all()
        exact = each["members"] / 40, each["members"] / each["named"].where(each["named"] > 0, 1)
        harmonic = 2 * exact[0] * exact[1] / (exact[0] + exact[1]).where(each["members"] > 0, 1)
        np.testing.assert_allclose(each["score"], harmonic)
    table, first = found.classes, found.outcomes.iloc[0]
    named = table[table["named"]]
    assert first["quotients", "named"] == named["firms"].sum()
    assert first["quotients", "members"] == named["members"].sum()
    assert first["purchases", "members"] == table["found"].sum()
    frame = found.to_frame()
    assert frame.index.tolist() == ["quotients", "purchases"]
    assert frame.loc["purchases", "found"] == found.outcomes["purchases", "members"].mean() / 40
    sums = found.outcomes["quotients"].sum()
    assert frame.loc["quotients", "right"] == sums["members"] / sums["named"]
    score = found.outcomes["purchases", "score"]
    assert frame.loc["purchases", "error"] == pytest.approx(score.std() / 20**0.5)


def test_more_scattered_is_harder_for_quotients_and_alike_for_purchases():
    runs = {s: hidden_cluster(classes=s, replicates=100) for s in (1, 2, 4, 6, 12)}
    by_quotients = [runs[s].found["quotients"] for s in runs]
    assert by_quotients[0] == 1
    assert by_quotients == sorted(by_quotients, reverse=True)
    assert by_quotients[-1] < 0.02
    assert len({runs[s].found["purchases"] for s in runs}) == 1  # classes are not asked


def test_the_same_seed_draws_the_same_places():
    one, other = hidden_cluster(seed=4), hidden_cluster(seed=4)
    assert one.outcomes.equals(other.outcomes)
    assert not one.outcomes.equals(hidden_cluster(seed=5).outcomes)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"members": 5, "ties": 12, "kept": 0.8},
            "ties is 12, but a member keeping 0.8 .* 4 other",
        ),
        ({"classes": 13}, "classes is 13"),
        ({"classes": 0}, "classes is 0"),
        ({"classes": 2.5}, "classes is 2.5"),
        ({"members": 61}, "members is 61"),
        ({"kept": 1.1}, "kept is 1.1"),
        ({"ties": 1}, "ties is 1"),
        ({"replicates": 1}, "replicates is 1"),
        ({"seed": "x"}, "seed"),
    ],
)
def test_what_does_not_fit_is_named(given, words):
    with pytest.raises(ValueError, match=words):
        hidden_cluster(**given)
