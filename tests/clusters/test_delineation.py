"""Criteria and definitions: loops of their own, closed forms, the real table, odd tables."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab import agglomeration, clusters, datasets, tables
from clusterlab.clusters.delineation import CRITERIA, DEFINITIONS

REGIONS, INDUSTRIES = list("dacbefghij"), ["wine", "casks", "shops", "boats"]
START = {"quotient": 2.0, "related": 1.2, "establishments": 10, "size": 50.0, "area": 500_000.0}


def economy(seed=0, unknown=3):
    rng = np.random.default_rng(seed)
    plants = pd.DataFrame(rng.integers(1, 30, (10, 4)), REGIONS, INDUSTRIES).astype(float)
    jobs = (plants * rng.uniform(1, 90, (10, 4))).round()
    for cell in rng.choice(40, unknown, replace=False):
        jobs.iloc[divmod(int(cell), 4)] = plants.iloc[divmod(int(cell), 4)] = np.nan
    totals = jobs.sum(axis=1) + rng.integers(100, 900, 10)
    return jobs, plants, totals


def by_loops(jobs, plants, totals):
    """The criteria from their definitions, cell by cell."""
    quotient = {
        (r, j): jobs.loc[r, j] / totals[r] / (jobs[j].sum() / totals.sum())
        for r in jobs.index
        for j in jobs
    }
    here = {pair for pair, value in quotient.items() if value >= 1}
    count = {j: sum((r, j) in here for r in jobs.index) for j in jobs}
    rows = {}
    for r, j in quotient:
        if np.isnan(jobs.loc[r, j]):
            continue
        near = {
            i: sum((s, i) in here and (s, j) in here for s in jobs.index) / max(count[i], count[j])
            for i in jobs
            if i != j
        }
        density = sum(w for i, w in near.items() if (r, i) in here) / sum(near.values())
        usual = sum((r, i) in here for i in near) / len(near)
        rows[r, j] = [
            quotient[r, j],
            density / usual if usual else 0,
            plants.loc[r, j],
            jobs.loc[r, j] / plants.loc[r, j],
            totals[r],
        ]
    return rows


@pytest.mark.parametrize("seed", range(12))
def test_criteria_are_those_of_loops(seed):
    jobs, plants, totals = economy(seed, unknown=seed % 4)
    wanted = by_loops(jobs, plants, totals)
    found = clusters.criteria(jobs, plants, totals=totals)
    assert list(found.columns) == list(CRITERIA)
    assert found.index.names == ["region", "industry"]
    assert {*found.index} == {*wanted}
    for pair, values in wanted.items():
        assert found.loc[pair].tolist() == pytest.approx(values, abs=1e-12), pair


def test_unknown_pairs_have_no_row_and_the_rest_keeps_the_order():
    jobs, plants, totals = economy(1)
    found = clusters.criteria(jobs, plants, totals=totals)
    known = [(r, j) for r in jobs.index for j in jobs if not np.isnan(jobs.loc[r, j])]
    assert [*found.index] == known
    assert len(known) == 37


def test_everything_is_taken_by_label_and_nothing_is_changed():
    jobs, plants, totals = economy(2)
    before = jobs.copy(), plants.copy(), totals.copy()
    found = clusters.criteria(jobs, plants, totals=totals)
    shuffled = clusters.criteria(
        jobs, plants.iloc[::-1, [2, 0, 3, 1]], totals=totals.sample(frac=1, random_state=1)
    )
    pd.testing.assert_frame_equal(found, shuffled)
    turned = clusters.criteria(jobs.iloc[::-1, ::-1], plants, totals=totals)
    pd.testing.assert_frame_equal(turned.loc[found.index], found)
    for now, was in zip((jobs, plants), before, strict=False):
        pd.testing.assert_frame_equal(now, was)
    pd.testing.assert_series_equal(totals, before[2])


def test_related_at_its_ends():
    """0 where no other industry is above its share, 1 where all others are."""
    above = pd.DataFrame(
        {
            "wine": [1, 0, 1, 1, 0, 0],
            "casks": [1, 0, 0, 1, 0, 0],
            "shops": [1, 0, 0, 1, 0, 0],
            "boats": [0, 1, 1, 1, 0, 0],
        },
        list("abcdef"),
    )
    jobs = 100 * above + 1
    found = clusters.criteria(jobs, jobs, totals=pd.Series(600, list("abcdef")))
    assert ((found["quotient"] >= 1).unstack()[[*above]] == (above == 1)).all(axis=None)
    related = found["related"].unstack()
    assert related.loc["d"].tolist() == pytest.approx([1, 1, 1, 1])
    assert related.loc["b", "boats"] == 0
    assert related.loc["f"].tolist() == [0, 0, 0, 0]
    # wine: φ to casks and shops 2/3 each, to boats 2/3; in a two of three others: as usual
    assert related.loc["a", "wine"] == pytest.approx(1)
    # casks: φ to wine 2/3, to shops 1, to boats 1/3; in c wine and boats are there, two of three
    assert related.loc["c", "casks"] == pytest.approx((1 / 2) / (2 / 3))


def test_size_is_zero_where_nothing_is():
    jobs, plants, totals = economy(4, unknown=0)
    jobs.loc["a", "wine"] = plants.loc["a", "wine"] = 0
    found = clusters.criteria(jobs, plants, totals=totals)
    assert found.loc[("a", "wine"), ["quotient", "establishments", "size"]].tolist() == [0, 0, 0]
    assert not clusters.delineate(found, establishments=1).members.loc[("a", "wine")].any()


def table(values):
    return pd.DataFrame(dict(zip(CRITERIA, np.transpose(values).astype(float), strict=True)))


PAIRS = table(
    [
        [2, 1.2, 10, 50, 500_000],  # at every threshold: counts
        [1.99, 1.2, 10, 50, 500_000],
        [2, 1.19, 10, 50, 500_000],
        [2, 1.2, 9, 50, 500_000],
        [2, 1.2, 10, 51, 500_000],
        [2, 1.2, 10, 50, 500_001],
    ]
)


def test_each_threshold_counts_on_its_own_side():
    found = clusters.delineate(PAIRS)
    assert found.meets.to_numpy().sum(axis=1).tolist() == [5, 4, 4, 4, 4, 4]
    assert [*found.meets.columns[~found.meets.iloc[1:].to_numpy().any(axis=0)]] == []
    failing = [[*found.meets.columns[~row]] for row in found.meets.to_numpy()]
    assert failing == [[], *([name] for name in CRITERIA)]
    assert found.members.to_numpy().astype(int).tolist() == [
        [1, 1, 1],
        [0, 0, 1],
        [0, 1, 0],
        [1, 0, 0],
        [1, 0, 1],
        [1, 0, 1],
    ]
    assert found.counts.to_dict() == {"Porter": 4, "Becattini": 2, "Maskell–Lorenzen": 4}
    assert found.contested == pytest.approx(5 / 6)
    assert found.overlap.loc["Porter", "Becattini"] == pytest.approx(1 / 5)
    assert found.overlap.loc["Porter", "Maskell–Lorenzen"] == pytest.approx(3 / 5)
    assert found.overlap.loc["Becattini", "Maskell–Lorenzen"] == pytest.approx(1 / 5)
    assert found.to_frame() is found.members


def test_a_value_off_by_rounding_is_at_the_threshold():
    off = PAIRS.iloc[[0]] * (1 + 1e-15 * np.array([-1, -1, -1, 1, 1]))
    assert clusters.delineate(off).members.to_numpy().all()


@pytest.mark.parametrize("name", CRITERIA)
def test_a_threshold_moves_its_own_criterion(name):
    high = {"quotient": 3, "related": 2, "establishments": 11, "size": 49, "area": 499_999}
    meets = clusters.delineate(PAIRS.iloc[[0]], **{name: high[name]}).meets.iloc[0]
    assert [*meets.index[~meets]] == [name]


@given(
    st.integers(0, 999),
    st.tuples(
        st.floats(0.5, 4),
        st.floats(0.2, 2.4),
        st.integers(1, 40),
        st.floats(5, 300),
        st.floats(5e4, 1e6),
    ),
)
@settings(max_examples=60, deadline=None)
def test_what_two_of_the_definitions_count(seed, limits):
    """By sets of pairs; what Porter and Becattini both count, the third counts; and so on."""
    rng = np.random.default_rng(seed)
    pairs = table(rng.lognormal(np.log([2, 1.2, 10, 50, 5e5]), 1, (60, 5)))
    asked = dict(zip(CRITERIA, limits, strict=True))
    found = clusters.delineate(pairs, **asked)
    above = {n: {*pairs.index[pairs[n] >= asked[n]]} for n in CRITERIA[:3]}
    below = {n: {*pairs.index[pairs[n] <= asked[n]]} for n in CRITERIA[3:]}
    sets = {
        "Porter": above["quotient"] & above["related"],
        "Becattini": above["quotient"] & above["establishments"] & below["size"] & below["area"],
        "Maskell–Lorenzen": above["establishments"] & above["related"],
    }
    for name, counted in sets.items():
        assert {*found.members.index[found.members[name]]} == counted
    for one, other in itertools.product(sets, repeat=2):
        any_ = sets[one] | sets[other]
        wanted = len(sets[one] & sets[other]) / len(any_) if any_ else np.nan
        assert found.overlap.loc[one, other] == pytest.approx(wanted, nan_ok=True)
    any_, all_ = set.union(*sets.values()), set.intersection(*sets.values())
    assert found.contested == pytest.approx(
        1 - len(all_) / len(any_) if any_ else np.nan, nan_ok=True
    )
    assert sets["Porter"] & sets["Becattini"] <= sets["Maskell–Lorenzen"]
    assert sets["Becattini"] & sets["Maskell–Lorenzen"] <= sets["Porter"]
    stricter = clusters.delineate(pairs, **asked | {"quotient": asked["quotient"] * 1.3})
    assert (stricter.members <= found.members).all(axis=None)


def test_where_nothing_counts_there_is_nothing_to_compare():
    found = clusters.delineate(PAIRS, quotient=9, establishments=99)
    assert not found.members.any(axis=None)
    assert np.isnan(found.contested)
    assert found.overlap.isna().all(axis=None)


def test_definitions_of_your_own():
    own = {"quotient alone": ["quotient"], "size": ("size", "area")}
    found = clusters.delineate(PAIRS, definitions=own)
    assert found.counts.to_dict() == {"quotient alone": 5, "size": 4}
    assert found.contested == pytest.approx(1 - 3 / 6)


def test_the_data_set_asks_for_the_same_criteria():
    told = datasets.load("cluster_definitions")
    measures = told.dropna(subset="measure").groupby("definition")["measure"].agg(set)
    assert {name: {*asked} for name, asked in DEFINITIONS.items()} == {
        name: measures[name] for name in DEFINITIONS
    }
    assert {*told["measure"].dropna()} == {*CRITERIA}
    assert told["unseen"].notna().all()


@pytest.fixture(scope="module")
def real():
    areas = datasets.load("us_metro_areas")
    cells = datasets.load("us_metro_industry").query("year == 2019 and digits == 4")
    cells = cells.merge(areas).merge(datasets.load("us_naics_titles"))
    names = {"region": "place", "industry": "industry", "absent": "unknown"}
    jobs, plants = (
        tables.from_long(cells, value=each, **names) for each in ("employment", "establishments")
    )
    return jobs, plants, areas.set_index("place")["employment_2019"]


def test_the_real_table(real):
    jobs, plants, totals = real
    found = clusters.criteria(jobs, plants, totals=totals)
    assert len(found) == 118_467
    quotient = agglomeration.location_quotient(
        jobs, totals=totals, reference=jobs.sum(), reference_total=totals.sum()
    ).value
    napa = found.loc[("Napa", "Beverage manufacturing")]
    assert napa["quotient"] == quotient.loc["Napa", "Beverage manufacturing"]
    assert napa.round(2).tolist() == [75.95, 1.42, 401, 22.64, 64170]
    judged = clusters.delineate(found)
    assert judged.counts.tolist() == [13697, 6003, 40459]
    assert round(judged.contested, 4) == 0.8877


JOBS, PLANTS, TOTALS = economy(3, unknown=2)
FULLEST = JOBS.eq(JOBS.max().max())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: clusters.criteria(JOBS, PLANTS.drop("a"), totals=TOTALS),
            "'a' is in the table of jobs only",
        ),
        (
            lambda: clusters.criteria(JOBS, PLANTS.rename(columns={"wine": "Wein"}), totals=TOTALS),
            "industry '(wine|Wein)' is in the table of",
        ),
        (lambda: clusters.criteria(JOBS, PLANTS.fillna(1), totals=TOTALS), "both must be known"),
        (
            lambda: clusters.criteria(JOBS, PLANTS.where(PLANTS > 9, PLANTS * 0), totals=TOTALS),
            "has 0 of them and .* jobs",
        ),
        (
            lambda: clusters.criteria(
                JOBS.mask(FULLEST, 1), PLANTS.mask(FULLEST, 0), totals=TOTALS
            ),
            "has 0 of them and 1 jobs",
        ),
        (lambda: clusters.criteria(JOBS, PLANTS, totals=TOTALS.drop("a")), "'a'"),
        (lambda: clusters.criteria(JOBS, PLANTS, totals=TOTALS / 100), "totals: region"),
        (lambda: clusters.criteria(-JOBS, PLANTS, totals=TOTALS), "negative"),
        (
            lambda: clusters.criteria(
                *(t.fillna(1).assign(Total=lambda t: t.sum(axis=1)) for t in (JOBS, PLANTS)),
                totals=TOTALS * 3,
            ),
            "industry 'Total' is the total",
        ),
        (lambda: clusters.delineate(JOBS), "the criteria"),
        (lambda: clusters.delineate(pd.concat([PAIRS, PAIRS])), "several rows"),
        (lambda: clusters.delineate(PAIRS.assign(size=np.nan)), "pair 0 has size nan"),
        (lambda: clusters.delineate(PAIRS.assign(area=-1)), "pair 0 has area -1"),
        (lambda: clusters.delineate(PAIRS.assign(related="x")), "pair 0 has related 'x'"),
        (lambda: clusters.delineate(PAIRS.assign(quotient=np.inf)), "pair 0 has quotient inf"),
        (lambda: clusters.delineate(PAIRS, definitions={}), "definitions must map"),
        (lambda: clusters.delineate(PAIRS, definitions={"mine": "size"}), "'mine' needs a list"),
        (lambda: clusters.delineate(PAIRS, definitions={"mine": []}), "'mine' needs a list"),
        (lambda: clusters.delineate(PAIRS, definitions={"mine": ["sise"]}), "did you mean 'size'"),
        (lambda: clusters.delineate(PAIRS, quotient=0), "least quotient"),
        (lambda: clusters.delineate(PAIRS, establishments=2.5), "least establishments"),
        (lambda: clusters.delineate(PAIRS, plant_size=9), "plant_size"),
    ],
)
def test_what_is_wrong_is_told(call, words):
    with pytest.raises((ValueError, TypeError), match=words) as told:
        call()
    assert str(told.value).count("\n") == 0


def test_what_needs_no_text_is_not_changed():
    before = PAIRS.copy()
    clusters.delineate(PAIRS)
    pd.testing.assert_frame_equal(PAIRS, before)
    assert [*START] == list(CRITERIA)
