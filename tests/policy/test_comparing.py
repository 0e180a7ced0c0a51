"""Comparisons of levers: right verdicts in planted worlds, and figures of a second computation."""

import numpy as np
import pytest
from scipy import stats

from clusterlab import diamond, linkages, networks, policy, relocation
from clusterlab.policy.comparing import Comparison, _verdict

YEARS, AFTER, SEEDS = 6, 6, 200


def planted(lasting=0.0, passing=0.0, spread=1.0):
    """Return a world: what a year of push adds for good, what it adds in its own year.

    The effect differs from place to place: its mean is planted, its spread is given. Luck of the
    place is ten times as large and the same with and without the push.
    """

    def world(*, push, seed):
        rng = np.random.default_rng(seed)
        luck = 10 * rng.normal(size=len(push)).cumsum()
        stays, passes = rng.normal([lasting, passing], spread)
        before = np.concatenate([[0], push[:-1]]).cumsum()
        return luck + (stays * (before > 0)) + passes * push

    return world


WORLDS = {
    "works": planted(lasting=1.0, passing=1.0),
    "works only while paid": planted(lasting=0.0, passing=1.5, spread=0.5),
    "no difference found": planted(),
    "harms": planted(lasting=-1.0),
}


def told(world, seed, **more):
    given = {"years": YEARS, "after": AFTER, "fixed": {"push": 0.0}, "replicates": 20} | more
    return policy.compare({"push": {"push": 1.0}}, world, seed=seed, **given)


def at_most(count, share, of=SEEDS):
    """Whether a count is within the binomial error of a share."""
    return stats.binom.sf(count - 1, of, share) > 0.001


@pytest.mark.parametrize("truth", WORLDS)
def test_the_verdict_is_right_in_a_planted_world(truth):
    found = [told(WORLDS[truth], seed).table.loc["push", "verdict"] for seed in range(SEEDS)]
    said = {verdict: found.count(verdict) for verdict in {*found}}
    assert said[truth] >= 0.85 * SEEDS, said  # power (and, without an effect, 1 − size)
    if truth != "works":
        assert at_most(said.get("works", 0), 0.025), said  # size
    if truth == "no difference found":
        assert at_most(SEEDS - said[truth], 0.05), said


def test_power_grows_with_replicates_and_with_the_effect():
    def power(effect, replicates):
        world = planted(lasting=effect)
        found = [told(world, s, replicates=replicates).table["verdict"].iloc[0] for s in range(100)]
        return found.count("works")

    few, more, strong = power(0.4, 10), power(0.4, 60), power(1.2, 10)
    assert few + 20 < more
    assert few + 20 < strong


def test_all_intervals_hold_together():
    """Of six levers that do nothing on average, one looks good in 5 % of comparisons, not in 14."""

    def world(*, seed, **pushes):
        effects = np.random.default_rng(seed).normal(size=6)
        return sum(e * p for e, p in zip(effects, pushes.values(), strict=True))

    world.__signature__ = __import__("inspect").signature(
        lambda *, a=0, b=0, c=0, d=0, e=0, f=0, seed: None
    )
    levers = {name: {name: 1} for name in "abcdef"}
    wrong = 0
    for seed in range(SEEDS):
        table = policy.compare(levers, world, replicates=10, seed=seed).table
        wrong += (table["verdict"] != "no difference found").any()
    assert at_most(wrong, 0.05)
    assert wrong >= 2, "the level is used up"


def test_intervals_against_a_paired_t_test():
    world, pairs = WORLDS["works"], 25
    found = told(world, 5, replicates=pairs, level=0.9)
    assert isinstance(found, Comparison)
    seeds = np.random.default_rng(5).integers(2**31, size=pairs).tolist()
    with_it = [world(push=np.repeat([1.0, 0], [YEARS, AFTER]), seed=s) for s in seeds]
    without = [world(push=np.zeros(YEARS + AFTER), seed=s) for s in seeds]
    for at, names in (
        (YEARS - 1, ["while paid", "low", "high"]),
        (-1, ["after", "after low", "after high"]),
    ):
        test = stats.ttest_rel([each[at] for each in with_it], [each[at] for each in without])
        ends = test.confidence_interval(1 - 0.1 / 2)  # two intervals share the level
        wanted = [np.mean(with_it, axis=0)[at] - np.mean(without, axis=0)[at], ends.low, ends.high]
        assert found.table.loc["push", names].tolist() == pytest.approx(wanted)
    assert (found.pairs, found.level, found.years, found.after) == (25, 0.9, YEARS, AFTER)


def test_common_random_numbers_see_what_luck_hides():
    """Luck is 30 times the effect, and the same with and without: it cancels."""
    world = planted(lasting=1.0, spread=0.1)
    found = told(world, 1, replicates=5).table.loc["push"]
    assert found["after high"] - found["after low"] < 0.6
    alone = [world(push=np.zeros(YEARS + AFTER), seed=s)[-1] for s in range(50)]
    assert np.std(alone) > 20


def seen(*, a, b, seed=0, record):
    record.append((np.array(a), np.array(b)))
    return np.zeros(np.shape(a) or ())


def test_parameters_change_back_and_budgets_are_equal():
    record = []
    levers = {"one": {"a": 2.0}, "two": {"a": 1.0, "b": -4.0}}
    given = {"fixed": {"a": 1.0, "b": 5.0, "record": record}, "replicates": 2}
    policy.compare(levers, seen, budget=3, years=2, after=1, **given)
    paths = {tuple(np.concatenate(each)): None for each in record}
    assert [*paths] == [
        (1, 1, 1, 5, 5, 5),
        (7, 7, 1, 5, 5, 5),
        (4, 4, 1, -7, -7, 5),
        (1 + 1.5 * 3, 1 + 1.5 * 3, 1, 5 - 6, 5 - 6, 5),
    ]
    record.clear()
    policy.compare(levers, seen, budget=3, **given)
    assert {(float(a), float(b)) for a, b in record} == {(1, 5), (7, 5), (4, -7), (5.5, -1)}


def test_runs_share_their_seeds():
    record = []

    def world(*, push=0, seed):
        record.append(seed)
        return 0.0

    policy.compare({"push": {"push": 1}}, world, replicates=4, seed=3)
    assert record[:4] == record[4:]
    assert len({*record[:4]}) == 4
    again = np.random.default_rng(3)
    policy.compare({"push": {"push": 1}}, world, replicates=4, seed=again)
    assert record[8:12] == record[:4]


@pytest.mark.parametrize(
    ("paid", "after", "verdict"),
    [
        ((0.1, 0.3), (0.1, 0.3), "works"),
        ((-0.3, -0.1), (0.1, 0.3), "works"),
        ((-0.1, 0.1), (0.1, 0.3), "works"),
        ((0.1, 0.3), (-0.1, 0.1), "works only while paid"),
        ((0.1, 0.3), (0.0, 0.0), "works only while paid"),
        ((0.1, 0.3), (-0.3, -0.1), "harms"),
        ((-0.1, 0.1), (-0.3, -0.1), "harms"),
        ((-0.3, -0.1), (-0.1, 0.1), "harms"),
        ((-0.1, 0.1), (-0.1, 0.1), "no difference found"),
        ((0.0, 0.0), (0.0, 0.0), "no difference found"),
        ((0.1, 0.3), None, "works"),
        ((-0.3, -0.1), None, "harms"),
        ((-0.1, 0.1), None, "no difference found"),
    ],
)
def test_every_verdict(paid, after, verdict):
    row = dict(zip(("low", "high"), paid, strict=True))
    row |= (
        dict(zip(("after low", "after high"), after, strict=True)) | {"after": 0} if after else {}
    )
    assert _verdict(row, 0.0) == verdict
    if after is None or after[0] != after[1]:
        assert _verdict(row, 0.5) == "no difference found"


def test_a_static_model_says_what_is_not_defined():
    found = policy.compare(
        ["innovation with presence"], relocation.strategy_mix, measure=_performance
    )
    assert list(found.table.columns) == ["while paid", "low", "high", "verdict"]
    assert "not defined" in found.horizon
    row = found.table.iloc[0]
    # a x y + b y with x = 0.6, a = 2, b = 0.5: 0.1 of y adds 0.17, exactly
    assert row["while paid"] == row["low"] == row["high"] == pytest.approx(0.17)
    assert row["verdict"] == "works"
    assert found.pairs == 1
    assert found.to_frame().equals(found.table)
    assert found.to_frame() is not found.table
    with pytest.raises(ValueError, match="strategy_mix takes its parameters for its whole run"):
        policy.compare(
            ["innovation with presence"],
            relocation.strategy_mix,
            years=5,
            after=5,
            measure=_performance,
        )


def _performance(result):
    return result.performance


def test_the_diamond_agrees_with_its_own_comparison():
    names = ["attract suppliers", "general inputs", "remove disadvantages", "open to newcomers"]
    theirs = diamond.compare_levers(names, budget=2, years=40)
    mine = policy.compare(
        names, diamond.dynamics, budget=2, years=40, after=400, fixed={"start": 0.15}, smallest=0.01
    ).table
    for name in [f"alone: {name}" for name in names] + ["together"]:
        row, other = mine.loc[name.removeprefix("alone: ")], theirs.loc[name]
        assert row["while paid"] == pytest.approx(other["gain"], abs=1e-3)
        assert row["after"] == pytest.approx(
            other["at rest"] - theirs.loc["nothing", "at rest"], abs=3e-3
        )
        assert (row["verdict"] == "works") == other["stays"]
    assert {*mine["verdict"]} == {"works", "works only while paid"}
    weak = policy.compare(
        ["remove disadvantages"], diamond.dynamics, fixed={"rivalry": 0.2, "years": 40}
    ).table["while paid"]
    wanted = diamond.dynamics(rivalry=0.3, years=40).total.iloc[-1]
    assert weak.iloc[0] == pytest.approx(
        wanted - diamond.dynamics(rivalry=0.2, years=40).total.iloc[-1]
    )


def test_trans_local_public_goods_on_pipelines():
    """More links take time when a fifth of firms has one already; offices save it (two seeds)."""
    names = ["interface people", "rules of reciprocity", "offices abroad"]
    for seed in (0, 1):
        table = policy.compare(
            names,
            linkages.pipelines,
            measure=lambda result: result.clusters["with links"],
            fixed={"replicates": 40},
            replicates=2,
            seed=seed,
        ).table
        assert table.loc["offices abroad", "verdict"] == "works"
        assert table.loc["rules of reciprocity", "verdict"] == "works"
        assert table.loc["interface people", "verdict"] != "works"


def test_measures_that_keep_replicates():
    given = {"fixed": {"replicates": 7}, "replicates": 3}
    found = policy.compare(
        ["offices abroad"], linkages.pipelines, measure=lambda r: r.clusters["gain"], **given
    )
    assert found.pairs == 21


def test_all_models_of_the_table_can_be_compared():
    measures = {
        "linkages.trade_fair": (linkages.trade_fair, lambda r: r.to_frame().iloc[-1, 0]),
        "networks.stretch": (networks.stretch, lambda r: r.away),
        "networks.supplier_failure": (networks.supplier_failure, lambda r: r.exact),
    }
    table = policy.levers()
    for label, (function, measure) in measures.items():
        names = table.index[table["model"] == label].tolist()
        found = policy.compare(names, function, measure=measure, replicates=3)
        assert len(found.table) == len(names) + (len(names) > 1)


def test_nothing_is_found_where_there_is_nothing():
    found = policy.compare({"push": {"push": 1}}, lambda *, push=0.0: 1.0 + 0 * push)
    row = found.table.loc["push"]
    assert row[["while paid", "low", "high"]].tolist() == [0, 0, 0]
    assert row["verdict"] == "no difference found"
    tiny = policy.compare({"push": {"push": 1}}, lambda *, push=0.0: 0.3 - 1e-17 + push * 1e-17)
    assert tiny.table.loc["push", "verdict"] == "no difference found"
    rounded = policy.compare({"push": {"push": 1}}, lambda *, push=0: 0.3 if push else 0.1 + 0.2)
    assert rounded.table.loc["push", "verdict"] == "no difference found"
    idle = policy.compare({"push": {"push": 1}}, lambda *, push=0.0: push, budget=0)
    assert idle.table.loc["push", "verdict"] == "no difference found"


def town(*, push=0.0, seed):
    return push


PIPES = linkages.pipelines


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            (["ofices abroad"], PIPES),
            "linkages.pipelines has no lever 'ofices abroad'; did you mean",
        ),
        ((["stability"], PIPES), "has no lever 'stability'; it moves diamond.dynamics."),
        ((["offices abroad"] * 2, PIPES), "named twice"),
        (([], PIPES), "not empty"),
        (("offices abroad", PIPES), "a list of names"),
        (([3], PIPES), "a lever is 3"),
        ((["stability"], town), "town has no lever 'stability'"),
        (({"a": {"posh": 1}}, town), "town has no parameter 'posh'; did you mean 'push'"),
        (({"a": 3}, town), "lever 'a' is 3"),
        (({"a": {"push": "much"}}, town), "'a': push is 'much'"),
        (({"a": {"push": 1}}, 3), "model is 3"),
    ],
)
def test_bad_levers_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        policy.compare(*call)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"budget": -1}, "budget is -1"),
        ({"budget": np.nan}, "budget is nan"),
        ({"years": 0, "after": 5}, "years is 0"),
        ({"years": np.nan, "after": 5}, "years is nan"),
        ({"years": 5, "after": 0}, "after is 0"),
        ({"years": 5, "after": np.nan}, "after is nan"),
        ({"years": 5}, "years and after"),
        ({"after": 5}, "years and after"),
        ({"level": 95}, "level is 95"),
        ({"smallest": -0.1}, "smallest is -0.1"),
        ({"replicates": 1}, "replicates is 1"),
        ({"measure": 3}, "measure is 3"),
        ({"measure": lambda r: "much"}, "measure= must keep numbers, got a str"),
        ({"measure": lambda r: np.inf}, "not a finite number"),
        ({"years": 5, "after": 5, "measure": lambda r: r[:3]}, r"shape \(3,\), not 10"),
        ({"years": 5, "after": 5, "measure": lambda r: 1.0}, r"shape \(\), not 10"),
        ({"fixed": {"seed": 1}}, "fixed seed"),
        ({"fixed": 3}, "fixed is 3"),
        ({"fixed": {"push": None}}, "push without a lever is None"),
    ],
)
def test_bad_arguments_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        policy.compare({"a": {"push": 1}}, town, **given)


def test_a_parameter_without_a_default_is_asked_for():
    with pytest.raises(ValueError, match="say in fixed= what 'push' is without a lever"):
        policy.compare({"a": {"push": 1}}, lambda *, push, seed: push)
