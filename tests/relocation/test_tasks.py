"""Relocation of tasks: by hand, the three theorems on hundreds of random tables, and where they fail."""

import numpy as np
import pandas as pd
import pytest

from clusterlab.relocation import relocate

DRAWS = 160


def by_loop(table, s, c, c0, r, rule):
    """Compute jobs, demand, knowledge and what is reinvested one task after another."""
    jobs = sum(table["jobs"])
    mean = sum(w * v for w, v in zip(table["jobs"], table["value"], strict=True)) / jobs
    share = min(1, s / c0)
    kept = demand = tacit = all_tacit = net = 0.0
    for w, v, z in table[["jobs", "value", "codifiability"]].to_numpy():
        gone = share if rule == "replicative" else float(s > c * (1 - z))
        kept += w * (1 - gone)
        demand += w * v / mean * (1 - gone)
        tacit += w * (1 - z) * (1 - gone)
        all_tacit += w * (1 - z)
        net += w * gone * (s - c * (1 - z)) if rule == "selective" else 0
    back = r * net if kept > 0 else 0
    return kept / jobs, (demand + back) / jobs, tacit / all_tacit, back / jobs


def random_tables(aligned):
    """Yield random tables with random numbers of the stated domain."""
    rng = np.random.default_rng(20261129)
    for _ in range(DRAWS):
        size = rng.integers(2, 30)
        z = rng.random(size).round(rng.integers(1, 4))
        z[0] = min(z[0], 0.9)
        v = rng.random(size) + 1e-6
        if aligned:  # any values that do not increase in z
            v = np.sort(v)[np.argsort(np.argsort(-z, kind="stable"))]
            _, part = np.unique(z, return_inverse=True)
            v = np.array([v[part == k].mean() for k in part])
        table = pd.DataFrame({"value": v, "codifiability": z, "jobs": rng.integers(1, 50, size)})
        s, c, r = rng.random(), 2 * rng.random(), rng.random() * rng.integers(2)
        yield table, {"saving": s, "coordination": c, "reinvested": r, "fixed_cost": 2 * s + 0.01}


def one(table, rule="selective", **given):
    found = relocate(tasks=table, rule=rule, **given)
    return found, found.to_frame().iloc[0]


@pytest.mark.parametrize("rule", ["selective", "replicative"])
def test_against_a_computation_task_by_task(rule):
    for table, given in random_tables(aligned=False):
        found, after = one(table, rule, **given)
        s, c, r, c0 = given.values()
        wanted = by_loop(table, s, c, c0, r, rule)
        names = ["jobs", "suppliers", "knowledge", "reinvested"]
        assert after[names].tolist() == pytest.approx(wanted, abs=1e-12)
        at = round(s, 2) // 0.02 * 0.02  # a point of the path, and the call with that saving
        again = relocate(tasks=table, rule=rule, **{**given, "saving": at})
        row = found.paths[rule].iloc[round(at / 0.02)]
        assert row.tolist() == pytest.approx(again.outcomes.iloc[0].tolist(), abs=1e-9)


def test_replicative_leaves_value_per_job_as_it_is():
    for table, given in random_tables(aligned=False):
        found, after = one(table, "replicative", **given)
        assert after["jobs"] == pytest.approx(1 - given["saving"] / given["fixed_cost"])
        assert after["value per job"] == pytest.approx(1, abs=1e-12)
        assert after["knowledge"] == pytest.approx(after["jobs"])
        assert found.tasks["moved"].nunique() == 1


def test_selective_raises_value_per_job_exactly_where_the_docstring_says():
    rose = fell = 0
    for table, given in random_tables(aligned=False):
        _, after = one(table, **given)
        if after["jobs"] == 0:
            assert np.isnan(after["value per job"])
            continue
        z, w = table["codifiability"], table["jobs"] / table["jobs"].sum()
        v = table["value"] / (table["value"] * w).sum()
        s, c, r, _ = given.values()
        gone = s > c * (1 - z)
        net = (w * (s - c * (1 - z)))[gone].sum()
        margin = r * net - (w * (v - 1))[gone].sum()
        assert (after["value per job"] - 1) * after["jobs"] == pytest.approx(margin, abs=1e-12)
        rose += margin > 1e-12
        fell += margin < -1e-12
    assert rose > 0.1 * DRAWS
    assert fell > 0.1 * DRAWS, "values that do not hang on codifiability"


def test_where_valuable_tasks_are_the_unwritten_ones_value_per_job_never_falls():
    strict = 0
    for table, given in random_tables(aligned=True):
        _, after = one(table, **given)
        if after["jobs"] == 0:
            continue
        assert after["value per job"] >= 1 - 1e-12
        assert after["suppliers"] >= after["jobs"] - 1e-12
        stay = table["codifiability"] <= 1 - given["saving"] / (given["coordination"] or 1e-12)
        differs = table["value"].nunique() > 1
        if 0 < after["jobs"] < 1 and (differs or given["reinvested"] > 0):
            assert after["value per job"] > 1
            assert 0 < stay.sum() < len(stay)
            strict += 1
    assert strict > 0.3 * DRAWS


def test_at_equal_jobs_selective_keeps_at_least_as_much_knowledge_whatever_the_values():
    more = 0
    for table, given in random_tables(aligned=False):
        found, after = one(table, **given)
        assert after["knowledge"] >= after["jobs"] - 1e-12
        path = found.paths["selective"]
        assert (path["knowledge"] >= path["jobs"] - 1e-12).all()
        more += after["knowledge"] > after["jobs"] + 1e-12
    assert more > 0.3 * DRAWS


def test_knowledge_can_fall_faster_where_savings_differ():
    table = pd.DataFrame({"value": [1, 1], "codifiability": [0, 0.9], "saving": [5, 0.1]})
    _, after = one(table, saving=0.3)
    assert after["jobs"] == 0.5
    assert after["knowledge"] == pytest.approx(0.1 / 1.1)


def test_drawn_tasks_are_as_told():
    found = relocate(alignment=1, replicates=50, drawn=40)
    table = found.tasks
    assert table["value"].mean() == pytest.approx(1)
    ratio = table["value"] / (1 - table["codifiability"])
    assert ratio.max() == pytest.approx(ratio.min())
    assert np.floor(40 * table["codifiability"]).tolist() == list(range(40))
    assert len(found.outcomes) == 50
    assert found.outcomes["knowledge"].nunique() == 50
    apart = relocate(alignment=0, drawn=200, seed=3).tasks
    assert abs(apart["value"].corr(apart["codifiability"])) < 0.2
    half = relocate(alignment=0.5, drawn=200, seed=3).tasks
    mixed = 0.5 * (1 - half["codifiability"]) + 0.5 * apart["value"] * 0.5  # mean of u is about 0.5
    assert half["value"].corr(mixed) > 0.999
    assert relocate(seed=4).tasks.equals(relocate(seed=4).tasks)
    assert not relocate(seed=4).tasks.equals(relocate(seed=5).tasks)


def test_how_often_value_per_job_falls_without_alignment():
    # 1,000 draws of 20 tasks, nothing reinvested: near one half, as which tasks go says nothing
    found = relocate(alignment=0, reinvested=0, drawn=20, replicates=DRAWS)
    assert (found.value_per_job < 1).mean() == pytest.approx(0.5, abs=5 * 0.5 / DRAWS**0.5)
    assert (relocate(alignment=1, reinvested=0, drawn=20, replicates=DRAWS).value_per_job > 1).all()


@pytest.mark.parametrize("rule", ["selective", "replicative"])
def test_nothing_and_everything(rule):
    none = relocate(rule=rule, saving=0)
    assert none.outcomes.iloc[0].tolist() == [1, 1, 1, 0]
    assert none.value_per_job.tolist() == [1]
    everything = relocate(rule=rule, saving=1, coordination=0.5, fixed_cost=0.5, reinvested=1)
    assert everything.outcomes.iloc[0].tolist() == [0, 0, 0, 0]
    assert everything.value_per_job.isna().all()
    assert relocate(saving=0, coordination=0).outcomes["jobs"].tolist() == [1]


def test_a_table_of_ones_own():
    mine = pd.DataFrame(
        {"value": [6, 2, 1], "codifiability": [0.1, 0.5, 0.9], "jobs": [1, 3, 4]},
        ["design", "moulds", "assembly"],
    )
    kept = mine.copy()
    found, after = one(mine, saving=0.3, reinvested=0.5)
    assert mine.equals(kept)
    assert found.tasks.index.tolist() == ["design", "moulds", "assembly"]
    assert found.tasks["moved"].tolist() == [0, 0, 1]
    # mean value 2; what stays is worth 12 of 16; net saving 4 · (0.3 − 0.1) of 8 jobs
    assert after["jobs"] == 0.5
    assert after["reinvested"] == pytest.approx(0.5 * 0.1)
    assert after["suppliers"] == pytest.approx(0.75 + 0.05)
    assert after["value per job"] == pytest.approx(1.6)
    assert after["knowledge"] == pytest.approx(2.4 / 2.8)
    dearer, _ = one(mine.assign(saving=[4, 1, 1]), saving=0.3)
    assert dearer.tasks["moved"].tolist() == [1, 0, 1]
    # replicative: the firm weighs the saving of its whole set, 0.3 · (4 + 3 + 4) / 8
    assert one(mine.assign(saving=[4, 1, 1]), "replicative")[1]["jobs"] == pytest.approx(1 - 0.4125)


GOOD = pd.DataFrame({"value": [1.0, 2], "codifiability": [0.2, 0.8]}, ["a", "b"])


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ([1, 2], "the tasks must be a pandas DataFrame with columns value and codifiability"),
        (GOOD.rename(columns={"codifiability": "codifiabilty"}), "did you mean 'codifiabilty'"),
        (GOOD.drop(columns="value"), "has no column 'value'"),
        (GOOD.assign(job=1), "column 'job' that is not read; did you mean 'jobs'"),
        (GOOD.assign(wage=1), "column 'wage' that is not read; these are read: value, codif"),
        (GOOD.assign(value=[1, np.nan]), "task 'b' has an empty 'value'"),
        (GOOD.assign(value=[1, -1]), "task 'b' has value -1; it must be a number, 0 or more"),
        (GOOD.assign(value=["x", 1]), "task 'a' has value 'x'; it must be a number"),
        (
            GOOD.assign(codifiability=[0, 1.5]),
            "task 'b' has codifiability 1.5; it must be .* from 0 to 1",
        ),
        (GOOD.assign(codifiability=1), "no unwritten knowledge"),
        (GOOD.assign(value=0), "has no value"),
        (GOOD.assign(jobs=0), "has no jobs"),
        (GOOD.iloc[:0], "has no task"),
        (pd.concat([GOOD, GOOD[["value"]]], axis=1), "2 columns named 'value'"),
    ],
)
def test_tables_that_are_not_right_are_refused_by_name(tasks, message):
    with pytest.raises(ValueError, match=message):
        relocate(tasks=tasks)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rule": "replicativ"}, "must be one of 'replicative', 'selective'"),
        ({"saving": -0.1}, "saving of a job abroad"),
        ({"saving": float("nan")}, "saving"),
        ({"fixed_cost": 0}, "must be above 0"),
        ({"reinvested": 1.5}, "share of the net saving reinvested"),
        ({"alignment": -1}, "alignment"),
        ({"drawn": 1}, "at least 2"),
        ({"drawn": 10**5, "replicates": 10**5}, "50,000,000"),
    ],
)
def test_parameters_out_of_range_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        relocate(**given)
