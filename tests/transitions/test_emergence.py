import numpy as np
import pandas as pd
import pytest

from clusterlab import transitions
from clusterlab.districts.network import _measured
from clusterlab.transitions import TYPES, chain, emerge, emergence

M, H, S, A = TYPES


@pytest.fixture(scope="module")
def small():
    return {start: emerge(start=start, years=10, replicates=12, seed=1) for start in TYPES}


def test_every_district_begins_as_what_it_is_said_to_be():
    for start in TYPES:
        for openness in (0, 0.5, 1):
            begun = emerge(start=start, openness=openness, years=1, replicates=50, seed=2)
            assert begun.shares.loc[0, start] >= 0.95, (start, openness)


def test_jobs_in_and_out_of_work_stay_the_same():
    for start in TYPES:
        world = emergence._World(start, 0.3, 0.5, 150, 5, np.random.default_rng(3))
        for _ in range(80):
            world.step()
            assert np.allclose(world.size.sum(axis=1) + world.free, 150 * 5)
        assert (world.size >= 0).all()
        assert world.ties.max() < 150
        alive = world.size > 0
        partner = world.ties[alive]
        row = np.broadcast_to(np.nonzero(alive)[0][:, None], partner.shape)
        assert alive[row[partner >= 0], partner[partner >= 0]].all(), "a tie to a closed firm"
        own = np.broadcast_to(np.nonzero(alive)[1][:, None], partner.shape)
        assert not (partner == own).any(), "a firm tied to itself"


def test_measures_are_those_of_districts(small):
    for start in TYPES:
        for replicate in range(3):
            ours = small[start].measures.loc[(replicate, 10)]
            theirs = _measured(small[start].graph(replicate), "district")[0]
            for name in (
                "degree_centralisation",
                "size_concentration",
                "external_ties",
                "external_ownership",
            ):
                assert ours[name] == pytest.approx(theirs[name], abs=1e-9), (start, name)
            assert ours["anchor_owner"] == theirs["anchor_owner"]
            # the core is that of the firms with most partners: a lower bound, and a near one
            assert ours["core_periphery_fit"] <= theirs["core_periphery_fit"] + 1e-9
            assert ours["core_periphery_fit"] > theirs["core_periphery_fit"] - 0.1


def test_clustering_is_estimated_without_bias():
    made = emerge(years=5, replicates=1, firms=400, openness=0, seed=4)
    exact = _measured(made.graph(0), "district")[0]["local_clustering"]
    world = emergence._World("Marshallian", 0.3, 0, 400, 1, np.random.default_rng(5))
    world.size, world.owner, world.ties = made.size, made.owner, made.ties
    drawn = [world.measure()["local_clustering"].iloc[0] for _ in range(300)]
    assert abs(np.mean(drawn) - exact) < 4 * np.std(drawn) / np.sqrt(300)


def test_a_quarter_in_expectation():
    # the hub keeps (1 − δ) of its jobs and wins (1 − a) of what is won in proportion to its jobs
    entry, runs = 0.4, 20_000
    world = emergence._World(H, entry, 0.0, 80, runs, np.random.default_rng(6))
    hub, jobs = world.size[0, 0], 400.0
    world._win_jobs()
    kept, won = hub * 0.95, 0.25 * 0.05 * jobs
    expected = kept + (1 - entry) * won * kept / (0.95 * jobs)
    found = world.size[:, 0]
    assert abs(found.mean() - expected) < 4 * found.std() / np.sqrt(runs)
    newcomers = (world.size[:, 20:].sum(axis=1)).mean()
    assert newcomers == pytest.approx(entry * won, rel=0.05)


def test_regime_drives_concentration_and_types():
    two = {a: emerge(entry=a, replicates=60, seed=7) for a in (0.1, 0.7)}
    last = {a: e.measures.xs(40, level="year") for a, e in two.items()}
    assert (
        last[0.1]["degree_centralisation"].mean() > 1.5 * last[0.7]["degree_centralisation"].mean()
    )
    assert two[0.1].shares.loc[40, H] > 0.4 > 0.1 > two[0.7].shares.loc[40, H]
    assert two[0.7].shares.loc[40, M] > 0.9


def test_openness_drives_outside_ties_and_owners():
    low, high = (
        emerge(openness=o, replicates=30, seed=8).measures.xs(40, level="year") for o in (0, 0.9)
    )
    assert low["external_ties"].max() < -0.4
    assert high["external_ties"].mean() > 0.3
    assert low["external_ownership"].max() == 0
    assert high["external_ownership"].mean() > 0.1


def test_without_outsiders_openness_is_ties_alone():
    closed = emerge(openness=0.9, outsiders=0, replicates=30, seed=8)
    assert closed.measures["external_ownership"].max() == 0
    assert closed.measures.xs(40, level="year")["external_ties"].mean() > 0.3
    assert closed.shares.loc[40, S] == 0


def test_the_four_arrows_emerge_and_others_too():
    counts = sum(
        emerge(start=start, entry=0.2, openness=0.4, replicates=60, seed=9).estimate().counts
        for start in (M, H, S)
    )
    for arrow in chain.NAMED_AS_POSSIBLE:
        assert counts.loc[arrow.origin, arrow.target] >= 3, arrow.number
    assert counts.loc[M, S] + counts.loc[H, S] > 0, "bought from outside: not in the document"
    assert counts[A].sum() == 0


def test_state_anchor_stays(small):
    stays = emerge(start=A, entry=0.3, openness=0.3, replicates=40, seed=10)
    assert stays.shares.loc[40, A] == 1
    assert (small[A].measures["anchor_owner"] == "state").all()


def test_panel_goes_into_the_same_estimator(small):
    panel = small[M].panel
    assert len(panel) == 12 * 11
    found = small[M].estimate(interval="bootstrap", replicates=100)
    assert found.counts.to_numpy().sum() == 12 * 10
    every_five = panel[panel["period"] % 5 == 0]
    assert transitions.estimate(every_five).counts.to_numpy().sum() == 12 * 2
    assert np.allclose(small[M].shares.sum(axis=1), 1)
    assert small[M].to_frame().shape == (132, 12)
    assert "simulated" in repr(small[M])


def test_seeds():
    one, same, other = (emerge(years=5, replicates=4, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one.to_frame(), same.to_frame())
    assert not one.to_frame().equals(other.to_frame())
    rng = np.random.default_rng(1)
    pd.testing.assert_frame_equal(
        emerge(years=5, replicates=4, seed=rng).to_frame(), one.to_frame()
    )


@pytest.mark.parametrize("entry", [0.02, 0.95])
@pytest.mark.parametrize("openness", [0, 1])
def test_ends_of_the_parameters(entry, openness):
    for start in TYPES:
        made = emerge(
            start=start, entry=entry, openness=openness, firms=80, years=50, replicates=10
        )
        assert made.memberships.notna().all(axis=None)
        assert np.allclose(made.memberships.sum(axis=1), 1)
        assert (made.measures["firms"] >= 3).all()


def test_every_assumption_has_a_reason():
    table = transitions.assumptions_table()
    assert table["reason"].str.contains("our assumption|size ours|ours").all()


def test_every_assumption_can_be_moved_to_both_ends():
    begins = {"branch moved away": S, "leader at the start": H, "leaders' share": H}
    for name, (ours, _) in emergence.ASSUMPTIONS.items():
        world = {"start": begins.get(name, M), "openness": 0.7, "firms": 80, "entry": 0.1}
        world |= {"years": 12, "replicates": 12}
        given = emerge(**world).to_frame()
        ends = (ours / 2, min(2 * ours, 1) if ours < 1 else 2 * ours)
        made = [emerge(**world, assumed={name: end}).to_frame() for end in ends]
        assert all(table.notna().all(axis=None) for table in made), name
        assert not made[0].equals(given), name
        assert not made[1].equals(given), name


def test_a_moved_assumption_acts_as_it_says():
    def end(of, factor, **world):
        value = factor * emergence.ASSUMPTIONS[of][0]
        return emerge(replicates=60, seed=4, years=30, assumed={of: value}, **world)

    bought = [
        end("bought from outside", x, entry=0.5, openness=0.9)
        .measures.xs(30, level="year")["external_ownership"]
        .mean()
        for x in (0.5, 1, 1.5)
    ]
    assert bought[0] < bought[1] < bought[2]
    for of in ("leader's mark", "leaders' share"):
        hubs = [end(of, x, entry=0.2, openness=0.2).shares.loc[30, H] for x in (0.5, 1, 1.5)]
        assert hubs[0] > hubs[1] > hubs[2], of
    ours = {name: value for name, (value, _) in emergence.ASSUMPTIONS.items()}
    same, own = (emerge(years=5, replicates=4, assumed=a).to_frame() for a in (ours, None))
    pd.testing.assert_frame_equal(same, own)


def test_the_mark_moves_the_classification_alone():
    # the same jobs and ties whatever the mark: it is read, not lived
    low, high = (
        emerge(years=10, replicates=10, entry=0.1, assumed={"leader's mark": m}) for m in (5, 15)
    )
    assert (low.size == high.size).all()
    assert (low.measures["anchor_owner"] == "local").sum() > 0
    kinds = [(m.measures["anchor_owner"] == "local").sum() for m in (low, high)]
    assert kinds[0] > kinds[1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: emerge(assumed={"bought": 1}), "did you mean 'bought from outside'"),
        (lambda: emerge(assumed={"failure": 0}), "'failure' is 0.*at least 0.00125 and at most"),
        (lambda: emerge(assumed={"ties outside": 1.2}), "at least 0.4 and at most 1"),
        (lambda: emerge(start="hub"), "start is 'hub'.*one of 'Marshallian'"),
        (lambda: emerge(open=0.1), "did you mean 'openness'"),
        (lambda: emerge(firms=10), "firms is 10.*at least 80"),
        (lambda: emerge(years=1, replicates=2).graph(2), "replicate is 2.*at most 1"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
