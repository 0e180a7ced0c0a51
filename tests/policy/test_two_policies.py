"""Cluster and industrial policy: by loops, the closed forms of the docstring, and the border."""

import numpy as np
import pandas as pd
import pytest

from clusterlab.policy import targeting

C, INDUSTRIAL = "cluster policy", "industrial policy"


def settings(number=40):
    rng = np.random.default_rng(41)
    for _ in range(number):
        yield {
            "picking": rng.random(),
            "linkages": rng.random(),
            "scale": 0.4 * rng.random(),
            "spread": 0.75 * rng.random(),
            "budget": rng.random(),
            "gain": 0.5 * rng.random(),
            "spill": rng.random(),
            "demand": 0.5 + 2 * rng.random(),
            "industries": int(rng.integers(2, 8)),
        }


def region(prospects, money, scale, demand):
    """Solve each industry's two equations by going round them, then add up."""
    made, jobs = np.ones(len(prospects)), np.ones(len(prospects))
    for _ in range(300):
        made = (1 + money) ** prospects * jobs**scale
        jobs = made ** (demand - 1)
    share = jobs / jobs.sum()
    return np.array([(made * jobs).sum() / jobs.sum(), jobs.mean(), (share**2).sum()])


def test_against_a_computation_industry_by_industry():
    for given in settings():
        found = targeting(**given, replicates=3, seed=9)
        b, lam, s, n, h = (
            given[k] for k in ("budget", "linkages", "spill", "industries", "picking")
        )
        z = np.random.default_rng(9).normal(size=(3, n))
        prospects = given["gain"] * np.exp(given["spread"] * z - given["spread"] ** 2 / 2)
        rest = (given["scale"], given["demand"])
        for r in range(3):
            shared = region(prospects[r], np.full(n, b * (1 + lam * (n - 1))), *rest)
            picks = []
            for k in range(n):
                money = np.full(n, s * lam * n * b)
                money[k] = n * b
                picks.append(region(prospects[r], money, *rest))
            target = h * picks[prospects[r].argmax()] + (1 - h) * np.mean(picks, axis=0)
            row = found.outcomes.loc[r]
            assert row[C].to_numpy() == pytest.approx(shared, rel=1e-6)
            assert row[INDUSTRIAL].to_numpy() == pytest.approx(target, rel=1e-6)


def test_lead_border_and_errors_are_those_of_single_runs():
    seen = set()
    for given in settings(30):
        found = targeting(**given, replicates=20)
        table, outcomes = found.to_frame(), found.outcomes
        assert (table.loc[C] == outcomes[C].mean()).all()
        assert (table.loc[INDUSTRIAL] == outcomes[INDUSTRIAL].mean()).all()
        wanted = (outcomes[C] - outcomes[INDUSTRIAL]).sem()
        assert found.errors.to_dict() == pytest.approx(wanted.to_dict(), abs=1e-12)
        for part in (0.5, 1.0, 1.5):
            moved = given | {"linkages": min(1, part * given["linkages"])}
            for h in (0, 0.35, 1):
                mean = targeting(**moved | {"picking": h}, replicates=20).to_frame()["productivity"]
                assert found.lead[part][h] == pytest.approx(mean[C] - mean[INDUSTRIAL], abs=1e-12)
            border = found.border[part]
            if np.isinf(border):
                assert np.sign(border) == np.sign(found.lead[part][0])
                assert (np.sign(found.lead[part]) == np.sign(border)).all()
            else:
                at = targeting(**moved | {"picking": border}, replicates=20).to_frame()
                assert at.loc[C, "productivity"] == pytest.approx(
                    at.loc[INDUSTRIAL, "productivity"]
                )
            seen |= {np.sign(border) if np.isinf(border) else 0}
        assert (found.picking, found.industries) == (given["picking"], given["industries"])
    assert seen == {-1, 0, 1}


def test_the_policies_are_the_same_where_the_docstring_says():
    for same in ({"budget": 0}, {"gain": 0}, {"linkages": 1, "spill": 1}):
        table = targeting(**same, spread=0.7, replicates=10).to_frame()
        assert table.loc[C].tolist() == pytest.approx(table.loc[INDUSTRIAL].tolist())
    nothing = targeting(budget=0, industries=4).to_frame()
    assert nothing.loc[C].tolist() == pytest.approx([1, 1, 0.25])


def test_equal_prospects():
    for given in settings(20):
        given |= {"spread": 0}
        found = targeting(**given, replicates=2)
        assert np.ptp(found.lead[1.0]) == pytest.approx(0, abs=1e-12), "picking is of no use"
        n, b, lam = given["industries"], given["budget"], given["linkages"]
        m = 1 / (1 - given["scale"] * (given["demand"] - 1))
        productivity, jobs, hhi = found.to_frame().loc[C]
        assert productivity == pytest.approx((1 + b * (1 + lam * (n - 1))) ** (m * given["gain"]))
        assert jobs == pytest.approx(productivity ** (given["demand"] - 1))
        assert hhi == pytest.approx(1 / n)


def test_more_linkages_never_lower_cluster_policy_and_demand_sets_the_sign_of_jobs():
    for given in settings(20):
        means = [
            targeting(**given | {"linkages": each}, replicates=5).to_frame().loc[C, "productivity"]
            for each in np.linspace(0, 1, 6)
        ]
        assert (np.diff(means) >= -1e-9).all()
        jobs = targeting(**given, replicates=5).to_frame()["jobs"]
        assert (jobs >= 1).all() == (given["demand"] > 1)


def test_half_and_one_and_a_half_times_the_numbers_of_the_lesson():
    """Where both are level hangs on linkages, prospects and scale: each can turn the answer."""
    assert targeting().border.round(2).tolist() == [0.28, 0.66, np.inf]
    assert np.isinf(targeting(spread=0.25).border[1.0])
    assert targeting(spread=0.75).border[1.0] < 0.2
    assert targeting(scale=0.3).border[1.0] < targeting(scale=0.1).border[1.0] - 0.2
    assert (targeting(spill=1).border == -np.inf).all()


def test_seeds_and_shape():
    assert targeting(seed=3).outcomes.equals(targeting(seed=3).outcomes)
    assert not targeting(seed=3).outcomes.equals(targeting(seed=4).outcomes)
    found = targeting(replicates=7)
    assert found.outcomes.shape == (7, 6)
    assert found.outcomes.columns.names == ["policy", "outcome"]
    assert isinstance(found.lead, pd.DataFrame)
    assert list(found.lead.columns) == [0.5, 1.0, 1.5]
    # one stream of prospects: the same regions at any setting
    one, other = (targeting(picking=p, replicates=5).outcomes[C] for p in (0, 1))
    assert one.equals(other)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"picking": 1.1}, "picking the best"),
        ({"linkages": -0.1}, "linkages"),
        ({"budget": -0.1}, "money per job"),
        ({"scale": float("nan")}, "scale economies"),
        ({"industries": 1}, "industries"),
        ({"spread": 3}, "spread of prospects"),
        ({"demand": 3}, "price elasticity"),
        ({"replicates": 1}, "regions"),
        ({"replicates": 1000, "industries": 2000}, "industries|fits in memory"),
    ],
)
def test_bad_values_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        targeting(**given)
