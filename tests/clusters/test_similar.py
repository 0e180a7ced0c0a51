"""Similarity of industries: each part by another way, by label, and what is refused."""

import itertools
import math
import statistics

import numpy as np
import pandas as pd
import pytest

from clusterlab import agglomeration, clusters
from clusterlab.clusters.similar import square

REGIONS, INDUSTRIES = list("rstuvw"), ["wine", "glass", "boats", "sails", "chips"]
RANDOM = np.random.default_rng(5)
JOBS = pd.DataFrame(RANDOM.integers(1, 90, (6, 5)), REGIONS, INDUSTRIES).astype(float)
PLANTS = pd.DataFrame(RANDOM.integers(1, 20, (6, 5)), REGIONS, INDUSTRIES)
ACCOUNTS = pd.Series(["food", "stone", "ships", "ships", "light"], INDUSTRIES)
NAMES = ["food", "stone", "ships", "light", "nobody's"]
FLOWS = pd.DataFrame(RANDOM.integers(0, 9, (5, 5)), NAMES, NAMES)
TRADES = pd.DataFrame(RANDOM.integers(1, 50, (6, 4)), [*INDUSTRIES, "steel"], list("abcd"))
ALL = {"establishments": PLANTS, "flows": FLOWS, "concordance": ACCOUNTS, "occupations": TRADES}
PAIRS = [*itertools.combinations(INDUSTRIES, 2)]


def plain(part):
    """Return the pairs of a part, standardised, with nothing but sums."""
    values = [part(*pair) for pair in PAIRS]
    mean, spread = statistics.fmean(values), statistics.pstdev(values)
    return [(value - mean) / spread for value in values]


def share(part, total):
    return part / total if total else 0.0


def link(one, other):
    a, b = ACCOUNTS[one], ACCOUNTS[other]
    return max(
        share(FLOWS.loc[a, b], FLOWS[b].sum()),
        share(FLOWS.loc[b, a], FLOWS[a].sum()),
        share(FLOWS.loc[a, b], FLOWS.loc[a].sum()),
        share(FLOWS.loc[b, a], FLOWS.loc[b].sum()),
    )


def coagglomeration(one, other):
    total = JOBS.to_numpy().sum()
    x = {r: JOBS.loc[r].sum() / total for r in REGIONS}
    away = {i: {r: JOBS.loc[r, i] / JOBS[i].sum() - x[r] for r in REGIONS} for i in (one, other)}
    return sum(away[one][r] * away[other][r] for r in REGIONS) / (1 - sum(v**2 for v in x.values()))


BY_HAND = {
    "employment": lambda i, j: statistics.correlation(JOBS[i].tolist(), JOBS[j].tolist()),
    "establishments": lambda i, j: statistics.correlation(PLANTS[i].tolist(), PLANTS[j].tolist()),
    "coagglomeration": coagglomeration,
    "input–output": link,
    "occupations": lambda i, j: statistics.correlation(
        *[[float(v) / TRADES.loc[k].sum() for v in TRADES.loc[k]] for k in (i, j)]
    ),
}


def test_each_part_is_what_its_formula_says():
    found = clusters.similarity(JOBS, **ALL)
    assert list(found.parts) == list(BY_HAND)
    for name, part in found.parts.items():
        mine = [part.loc[pair] for pair in PAIRS]
        assert mine == pytest.approx(plain(BY_HAND[name])), name
        assert [part.loc[pair[::-1]] for pair in PAIRS] == pytest.approx(mine)
        assert np.isnan(np.diag(part)).all()
    told = [statistics.fmean(part.loc[pair] for part in found.parts.values()) for pair in PAIRS]
    assert [found.mean.loc[pair] for pair in PAIRS] == pytest.approx(told)
    assert repr(found).startswith("Similarity(5 industries; mean of employment, establishments")


def test_industries_of_one_account_get_its_sales_to_itself():
    flows = pd.DataFrame(0, list("ab"), list("ab"))
    flows.loc["a", "a"], flows.loc["a", "b"], flows.loc["b", "b"] = 3, 1, 3
    table = JOBS[["wine", "glass", "boats"]]
    whose = pd.Series({"wine": "a", "glass": "a", "boats": "b"})
    part = clusters.similarity(table, flows=flows, concordance=whose).parts["input–output"]
    # inside a: all that a buys is from a, so 1; a to b: a quarter of what each buys or sells
    assert part.loc["wine", "boats"] == pytest.approx(part.loc["glass", "boats"])
    assert part.loc["wine", "glass"] == pytest.approx(math.sqrt(2))


def test_a_part_is_there_only_where_it_was_given():
    assert list(clusters.similarity(JOBS).parts) == ["employment", "coagglomeration"]
    own = FLOWS.iloc[:3, :3].set_axis(INDUSTRIES[:3]).set_axis(INDUSTRIES[:3], axis=1)
    found = clusters.similarity(JOBS[INDUSTRIES[:3]], flows=own)
    assert list(found.parts) == ["employment", "coagglomeration", "input–output"]


def test_nobody_bought_or_sold_is_a_share_of_nothing():
    flows = FLOWS.copy()
    flows.loc["food"] = flows["food"] = 0
    part = clusters.similarity(JOBS, flows=flows, concordance=ACCOUNTS).parts["input–output"]
    assert np.isfinite(part.to_numpy()[~np.eye(5, dtype=bool)]).all()
    lowest = part["wine"].drop("wine")
    assert lowest.nunique() == 1
    assert lowest.iloc[0] == pytest.approx(np.nanmin(part.to_numpy()))


def test_sizes_of_industries_and_the_unit_do_not_matter():
    found = clusters.similarity(JOBS).parts["employment"]
    other = clusters.similarity(JOBS * [1, 20, 300, 4, 5]).parts["employment"]
    pd.testing.assert_frame_equal(found, other)
    small = {**ALL, "flows": FLOWS / 1000}
    pd.testing.assert_frame_equal(
        clusters.similarity(JOBS, **ALL).mean, clusters.similarity(JOBS / 1000, **small).mean
    )


@pytest.mark.parametrize("name", ["table", *ALL])
def test_everything_goes_by_label_and_nothing_is_changed(name):
    given = {"table": JOBS, **ALL}
    mixed = given[name].sample(frac=1, random_state=1)
    mixed = mixed if mixed.ndim == 1 else mixed.sample(frac=1, axis=1, random_state=2)
    before = mixed.copy()
    found = clusters.similarity(**{**given, name: mixed}).mean.loc[INDUSTRIES, INDUSTRIES]
    pd.testing.assert_frame_equal(found, clusters.similarity(**given).mean, check_names=False)
    (pd.testing.assert_series_equal if mixed.ndim == 1 else pd.testing.assert_frame_equal)(
        mixed, before
    )


def test_regions_without_jobs_count():
    empty = pd.concat([JOBS, pd.DataFrame(0.0, ["x"], INDUSTRIES)])
    want = np.corrcoef(empty.T)[np.triu_indices(5, 1)]
    got = clusters.similarity(empty).parts["employment"].to_numpy()[np.triu_indices(5, 1)]
    assert got == pytest.approx((want - want.mean()) / want.std())
    pd.testing.assert_frame_equal(
        clusters.similarity(empty).parts["coagglomeration"],
        clusters.similarity(JOBS).parts["coagglomeration"],
    )


def test_coagglomeration_is_that_of_its_topic():
    part = clusters.similarity(JOBS).parts["coagglomeration"]
    mine = agglomeration.coagglomeration(JOBS).to_numpy()[np.triu_indices(5, 1)]
    assert np.corrcoef(part.to_numpy()[np.triu_indices(5, 1)], mine)[0, 1] == pytest.approx(1)


def test_a_square_table_loses_its_diagonal_and_takes_the_order_of_its_rows():
    ties = pd.DataFrame([[1.0, 2, 3], [2, 5, 4], [3, 4, np.nan]], list("abc"), list("abc"))
    found = square(ties[["c", "a", "b"]], "ties")
    assert list(found.columns) == list("abc")
    assert found.fillna(0).to_numpy().tolist() == [[0, 2, 3], [2, 0, 4], [3, 4, 0]]
    assert ties.loc["a", "a"] == 1
    small = ties.fillna(0) * 1e-12
    small.loc["a", "b"] = 0
    with pytest.raises(ValueError, match="not that of the pair"):
        square(small, "ties")


@pytest.mark.parametrize(
    ("measure", "fewest"),
    [
        (clusters.similarity, 3),
        (agglomeration.coagglomeration, 2),
        (agglomeration.relatedness, 2),
        (agglomeration.krugman_specialisation, 2),
    ],
)
def test_how_few_regions_are_enough(measure, fewest):
    """With one region every industry is alike; with two every correlation is one or minus one."""
    table = pd.DataFrame([[9, 4, 2], [3, 8, 5], [1, 2, 9]], list("rst"), INDUSTRIES[:3])
    measure(table.iloc[:fewest])
    with pytest.raises(ValueError, match=f"needs at least {fewest}"):
        measure(table.iloc[: fewest - 1])
