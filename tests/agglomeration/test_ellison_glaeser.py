"""Ellison-Glaeser and Maurel-Sédillot: published example, simulation, planted truth, bad input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from clusterlab import datasets, tables
from clusterlab.agglomeration import (
    dartboard,
    ellison_glaeser,
    maurel_sedillot,
    plant_sizes,
    plant_sizes_from_classes,
)
from clusterlab.agglomeration.plants import PlantSizes

# Farhauer and Kröll (2014), as in the manual of REAT, ellison.a().
FIRMS = pd.DataFrame(
    {
        "city": ["Wien"] * 5 + ["Linz"] * 4 + ["Graz"],
        "industry": "I",
        "jobs": [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000],
    }
)
TOTALS = pd.Series({"Wien": 500000, "Linz": 400000, "Graz": 100000})
NAMES = {"region": "city", "industry": "industry", "value": "jobs"}


@pytest.fixture(scope="module")
def example():
    return (
        tables.from_long(FIRMS, **NAMES, duplicates="sum"),
        plant_sizes(FIRMS, industry="industry", size="jobs"),
    )


def test_published_example(example):
    result = ellison_glaeser(*example, totals=TOTALS).to_frame().loc["I"]
    assert result["gamma"] == pytest.approx(0.05990628, abs=5e-9)
    assert result["raw"] == pytest.approx(0.16816327, abs=5e-9)
    assert result["z"] == pytest.approx(0.19590020, abs=5e-9)
    assert result["plant_herfindahl"] == pytest.approx(0.24468878, abs=5e-9)
    assert result["expected"] == pytest.approx((1 - 0.42) * 0.24468878, abs=5e-9)
    assert result["p"] == pytest.approx(stats.norm.sf(result["z"]))
    assert result["z"] == pytest.approx(
        (result["raw"] - result["expected"]) / np.sqrt(result["variance"])
    )


def test_the_result_says_its_base(example):
    result = ellison_glaeser(*example, totals=TOTALS)
    assert result.base == (
        "regional totals: given by the caller; plant Herfindahl: sizes of 10 establishments"
    )
    assert "0.05991 ('I')" in repr(result)
    table = pd.DataFrame({"a": [3, 1], "b": [2, 2]}, index=["A", "B"])
    own = ellison_glaeser(table, pd.Series({"a": 0.5, "b": 0.5}))
    assert "own 2 industries" in own.base
    assert "plant Herfindahl: given by the caller" in own.base
    assert own.variance is None
    assert own.z is None
    assert own.p is None
    assert own.to_frame().columns.tolist() == ["gamma", "raw", "plant_herfindahl", "expected"]


def test_by_hand_with_own_totals():
    # x = (5/8, 3/8), s of a = (3/4, 1/4): G = 2 * (1/8)^2, 1 - sum x^2 = 30/64
    table = pd.DataFrame({"a": [3, 1], "b": [2, 2]}, index=["A", "B"])
    h = 0.3
    result = ellison_glaeser(table, pd.Series({"b": 0.5, "a": h}))
    assert result.raw["a"] == pytest.approx(2 / 64)
    assert result.gamma["a"] == pytest.approx((2 / 64 - 30 / 64 * h) / (30 / 64 * (1 - h)))
    assert result.plant_herfindahl.to_dict() == {"a": h, "b": 0.5}


def test_maurel_sedillot_by_hand_and_its_distance():
    table = pd.DataFrame({"a": [3, 1], "b": [2, 2]}, index=["A", "B"])
    plants = pd.Series({"a": 0.3, "b": 0.2})
    result = maurel_sedillot(table, plants)
    p = (10 / 16 - 34 / 64) / (30 / 64)
    assert result.raw["a"] == pytest.approx(p)
    assert result.gamma["a"] == pytest.approx((p - 0.3) / 0.7)
    assert result.to_frame().columns.tolist() == ["gamma", "raw", "plant_herfindahl"]
    # sum s^2 - sum x^2 = G + 2 sum x (s - x)
    other = ellison_glaeser(table, plants)
    apart = (result.gamma - other.gamma) * (30 / 64) * (1 - plants)
    x = np.array([5, 3]) / 8
    shares = (table / table.sum()).to_numpy()
    assert apart.to_numpy() == pytest.approx(2 * (x @ (shares - x[:, None])))


# --- simulation ----------------------------------------------------------------------------------


def thrown(x, z, gamma, throws, seed):
    """Throw plants of shares z at regions of shares x; spillover of strength gamma; share table.

    All plants that follow go to one site drawn from x: pairs share it with probability gamma.
    """
    rng = np.random.default_rng(seed)
    where = rng.choice(len(x), size=(throws, len(z)), p=x)
    site = rng.choice(len(x), size=(throws, 1), p=x)
    where = np.where(rng.random(where.shape) < np.sqrt(gamma), site, where)
    shares = np.zeros((throws, len(x)))
    for k, weight in enumerate(z):
        shares[np.arange(throws), where[:, k]] += weight
    return shares


def measured(shares, x, z):
    """Return G, γ, Var, E and the Maurel-Sédillot γ of each throw, as the library computes them."""
    table = pd.DataFrame(shares.T * 1000)
    h = pd.Series((z**2).sum(), index=table.columns)
    plants = PlantSizes(
        plants=None,
        herfindahl=h,
        fourth_powers=pd.Series((z**4).sum(), index=table.columns),
        source="the test",
    )
    totals = pd.Series(np.asarray(x) * 1e9)
    return ellison_glaeser(table, plants, totals=totals), maurel_sedillot(
        table, plants, totals=totals
    )


UNEQUAL = {
    "few uneven plants": ([0.5, 0.3, 0.15, 0.05], [0.6, 0.2, 0.1, 0.06, 0.04]),
    "many plants": ([0.4, 0.25, 0.2, 0.1, 0.05], list(np.arange(1, 31) / 465)),
    "one dominant region": ([0.85, 0.1, 0.05], [0.3, 0.25, 0.2, 0.15, 0.1]),
}


@pytest.mark.parametrize("name", UNEQUAL)
def test_expectation_and_variance_of_the_raw_index_without_clustering(name):
    x, z = map(np.array, UNEQUAL[name])
    index, other = measured(thrown(x, z, 0, 40_000, seed=11), x, z)
    n = len(index.raw)
    expected, variance = index.expected.iloc[0], index.variance.iloc[0]
    error = index.raw.std() / np.sqrt(n)
    assert abs(index.raw.mean() - expected) < 4 * error
    squares = (index.raw - index.raw.mean()) ** 2
    assert abs(squares.mean() - variance) < 4 * squares.std() / np.sqrt(n)
    assert abs(index.gamma.mean()) < 4 * index.gamma.std() / np.sqrt(n)
    assert abs(other.gamma.mean()) < 4 * other.gamma.std() / np.sqrt(n)


@pytest.mark.parametrize("gamma", [0.1, 0.5])
@pytest.mark.parametrize("name", UNEQUAL)
def test_both_indices_recover_planted_clustering_on_average(name, gamma):
    x, z = map(np.array, UNEQUAL[name])
    index, other = measured(thrown(x, z, gamma, 20_000, seed=12), x, z)
    h, spread, n = (z**2).sum(), 1 - (x**2).sum(), len(index.raw)
    expected = spread * (gamma + (1 - gamma) * h)
    assert abs(index.raw.mean() - expected) < 4 * index.raw.std() / np.sqrt(n)
    for estimate in (index.gamma, other.gamma):
        assert abs(estimate.mean() - gamma) < 4 * estimate.std() / np.sqrt(n)


@pytest.mark.parametrize("clustering", [0.0, 0.05, 0.4, 1.0])
@pytest.mark.parametrize("inequality", [0.0, 1.5])
def test_dartboard_keeps_its_expectation(clustering, inequality):
    result = dartboard(
        plants=30,
        regions=7,
        clustering=clustering,
        inequality=inequality,
        replicates=20_000,
        seed=13,
    )
    h = result.plant_herfindahl
    assert result.expected == pytest.approx((1 - 1 / 7) * (clustering + (1 - clustering) * h))
    error = max(result.raw.std() / np.sqrt(len(result.raw)), 1e-12)
    assert abs(result.raw.mean() - result.expected) < 4 * error
    assert abs(result.gamma.mean() - clustering) < 4 * error * 2 / (1 - h)


def test_dartboard_has_the_variance_of_the_formula():
    result = dartboard(plants=40, regions=8, inequality=1.0, replicates=40_000, seed=14)
    quantiles = (np.arange(40) + 0.5) / 40
    z = np.exp(stats.norm.ppf(quantiles))
    z /= z.sum()
    assert result.plant_herfindahl == pytest.approx((z**2).sum())
    x = np.full(8, 1 / 8)
    index, _ = measured(np.eye(8)[:1], x, z)
    squares = (result.raw - result.raw.mean()) ** 2
    variance = index.variance.iloc[0]
    assert abs(squares.mean() - variance) < 4 * squares.std() / np.sqrt(len(squares))


def test_dartboard_seeds():
    first, again, other = (dartboard(plants=9, replicates=50, seed=s) for s in (5, 5, 6))
    assert np.array_equal(first.raw, again.raw)
    assert not np.array_equal(first.raw, other.raw)
    generator = dartboard(plants=9, replicates=50, seed=np.random.default_rng(5))
    assert np.array_equal(first.raw, generator.raw)
    assert first.to_frame().shape == (50, 2)


def test_dartboard_equal_plants():
    result = dartboard(plants=25, regions=2)
    assert result.plant_herfindahl == pytest.approx(1 / 25)
    assert (result.raw >= 0).all()
    together = dartboard(plants=25, regions=5, clustering=1)
    assert np.allclose(together.raw, 0.8)
    assert np.allclose(together.gamma, 1)


# --- invariants ----------------------------------------------------------------------------------


@st.composite
def industries(draw):
    """Return a table of two industries and the plant Herfindahl of each."""
    n = draw(st.integers(2, 6))
    cells = st.lists(st.integers(1, 1000), min_size=n, max_size=n)
    table = pd.DataFrame({"a": draw(cells), "b": draw(cells)})
    return table, pd.Series({"a": draw(st.floats(0.01, 0.9)), "b": draw(st.floats(0.01, 0.9))})


@given(industries(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_scale_order_and_input(both, random):
    table, plants = both
    copy = table.copy(deep=True)
    rows = list(table.index)
    random.shuffle(rows)
    for measure in (ellison_glaeser, maurel_sedillot):
        result = measure(table, plants).to_frame()
        assert result.index.tolist() == ["a", "b"]
        pd.testing.assert_frame_equal(measure(table * 13, plants).to_frame(), result)
        turned = measure(table.loc[rows, ["b", "a"]], plants[["b", "a"]]).to_frame()
        pd.testing.assert_frame_equal(turned.loc[["a", "b"]], result)
    pd.testing.assert_frame_equal(table, copy)


def test_one_plant_a_region_and_equal_regions():
    # n equal plants, one in each of n equal regions: G = 0, so gamma = -H/(1-H) = -1/(n-1)
    table = pd.DataFrame({"a": [5.0] * 4})
    result = ellison_glaeser(table, pd.Series({"a": 0.25}), totals=pd.Series([9.0] * 4))
    assert result.raw["a"] == pytest.approx(0)
    assert result.gamma["a"] == pytest.approx(-1 / 3)


def test_everything_in_one_place_is_one():
    table = pd.DataFrame({"a": [50, 0, 0]})
    totals = pd.Series([10**9] * 3)
    for measure in (ellison_glaeser, maurel_sedillot):
        result = measure(table, pd.Series({"a": 0.2}), totals=totals)
        assert result.gamma["a"] == pytest.approx(1)


# --- plant sizes ---------------------------------------------------------------------------------


def test_plant_sizes_by_hand():
    register = pd.DataFrame({"t": ["w", "s", "w"], "jobs": [30, 5, 10]})
    copy = register.copy(deep=True)
    result = plant_sizes(register, industry="t", size="jobs")
    assert result.herfindahl.to_dict() == pytest.approx({"s": 1, "w": 0.75**2 + 0.25**2})
    assert result.fourth_powers.to_dict() == pytest.approx({"s": 1, "w": 0.75**4 + 0.25**4})
    assert result.plants.to_dict() == {"s": 1, "w": 2}
    assert result.source == "sizes of 3 establishments"
    assert result.to_frame().columns.tolist() == ["plants", "herfindahl", "fourth_powers"]
    pd.testing.assert_frame_equal(register, copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"jobs": [1, 0]},
            "row 'q' of the register: column 'jobs' has .*0.*, but an establishment",
        ),
        ({"jobs": [1, -3]}, "row 'q' of the register: column 'jobs' has .*-3"),
        ({"jobs": [1, "few"]}, "row 'q' of the register: column 'jobs' has 'few'"),
        ({"jobs": [1, None]}, "row 'q' of the register: column 'jobs' has .*nan"),
        ({"t": ["w", None]}, "row 'q' of the register: column 't' is empty"),
        pytest.param({"t": ["w", ""]}, "row 'q' of the register: column 't' is empty"),
    ],
)
def test_bad_registers(change, message):
    register = pd.DataFrame({"t": ["w", "w"], "jobs": [3, 4]} | change, index=["p", "q"])
    with pytest.raises(ValueError, match=message):
        plant_sizes(register, industry="t", size="jobs")


def test_register_with_a_misspelt_column():
    with pytest.raises(ValueError, match="the register has no column 'job'; did you mean 'jobs'"):
        plant_sizes(pd.DataFrame({"t": ["w"], "jobs": [3]}), industry="t", size="job")


BOUNDS = [
    (1, 4),
    (5, 9),
    (10, 19),
    (20, 49),
    (50, 99),
    (100, 249),
    (250, 499),
    (500, 999),
    (1000, None),
]


def test_classes_by_hand():
    counts = pd.DataFrame({"1-4": [2], "5-9": [1]}, index=["wine"])
    middle = plant_sizes_from_classes(counts, BOUNDS[:2], pd.Series({"wine": 12}))
    assert middle.herfindahl["wine"] == pytest.approx((2 * 2.5**2 + 7**2) / 144)
    # at the largest sizes 4, 4, 9 and at the smallest 1, 1, 5
    for jobs, sizes in ((17, [4, 4, 9]), (7, [1, 1, 5]), (9.5, [1.75, 1.75, 6])):
        result = plant_sizes_from_classes(counts, BOUNDS[:2], pd.Series({"wine": jobs}))
        shares = np.array(sizes) / jobs
        assert result.herfindahl["wine"] == pytest.approx((shares**2).sum())
        assert result.fourth_powers["wine"] == pytest.approx((shares**4).sum())
        assert result.plants["wine"] == 3


def test_open_class_takes_what_is_left():
    counts = pd.DataFrame({"1-4": [4], "5 and more": [2]}, index=["wine"])
    result = plant_sizes_from_classes(counts, [(1, 4), (5, None)], pd.Series({"wine": 110}))
    shares = np.array([2.5] * 4 + [50] * 2) / 110
    assert result.herfindahl["wine"] == pytest.approx((shares**2).sum())


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=40))
@settings(max_examples=50, deadline=None)
def test_classes_of_any_register_give_an_admissible_herfindahl(sizes):
    sizes = np.array(sizes)
    low = np.array([b[0] for b in BOUNDS])
    classes = np.searchsorted(low, sizes, side="right") - 1
    counts = pd.DataFrame([np.bincount(classes, minlength=9)], index=["I"])
    result = plant_sizes_from_classes(counts, BOUNDS, pd.Series({"I": sizes.sum()}))
    h = result.herfindahl["I"]
    assert 1 / len(sizes) - 1e-12 <= h <= 1 + 1e-12
    assert h**2 / len(sizes) <= result.fourth_powers["I"] + 1e-12
    assert result.fourth_powers["I"] <= h**2 + 1e-12


@pytest.fixture(scope="module")
def register():
    return datasets.load("establishment_register")


def test_classes_are_near_the_register(register):
    exact = plant_sizes(register, industry="industry", size="size")
    low = np.array([b[0] for b in BOUNDS])
    classes = pd.Series(np.searchsorted(low, register["size"], side="right") - 1, register.index)
    counts = pd.crosstab(register["industry"], classes).reindex(columns=range(9), fill_value=0)
    jobs = register.groupby("industry")["size"].sum()
    near = plant_sizes_from_classes(counts, BOUNDS, jobs)
    assert near.plants.to_dict() == exact.plants.to_dict()
    ratio = near.herfindahl / exact.herfindahl
    # found here: from 0.74 (steel works, few plants in the open class) to 1.22 (sports shoes)
    assert ratio.between(0.7, 1.25).all(), ratio
    assert 0.9 < ratio.median() < 1.1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bounds": [(1, 4)]}, "bounds has 1 classes, counts has 2 columns"),
        (
            {"bounds": [(1, 4), (9, 5)]},
            "largest size of class '5-9' is 5, but it must be a number at least 9",
        ),
        (
            {"bounds": [(0, 4), (5, 9)]},
            "smallest size of class '1-4' is 0, but it must be a number above 0",
        ),
        pytest.param({"bounds": [(1, 4), (9, 5)]}, "must|needed|from"),
        ({"employment": {"wine": 6}}, "industry 'wine' has 6, but its size classes allow 7 to 17"),
        (
            {"employment": {"wine": 18}},
            "industry 'wine' has 18, but its size classes allow 7 to 17",
        ),
        (
            {"employment": {"wein": 12}},
            "employment: no number for label 'wine'; did you mean 'wein",
        ),
        ({"counts": [-1, 3]}, "industry 'wine', size class '1-4': value -1 is negative"),
        ({"counts": [0, 0]}, "no number above zero"),
    ],
)
def test_bad_classes(change, message):
    counts = pd.DataFrame([change.get("counts", [2, 1])], index=["wine"], columns=["1-4", "5-9"])
    employment = pd.Series(change.get("employment", {"wine": 12}))
    with pytest.raises(ValueError, match=message):
        plant_sizes_from_classes(counts, change.get("bounds", BOUNDS[:2]), employment)


def test_an_industry_without_establishments():
    counts = pd.DataFrame({"1-4": [2, 0]}, index=["wine", "shoes"])
    with pytest.raises(ValueError, match="industry 'shoes' has no establishments; leave it out"):
        plant_sizes_from_classes(counts, [(1, 4)], pd.Series({"wine": 5, "shoes": 0}))


# --- planted truth -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def planted(register):
    table = tables.from_long(
        register,
        region="region",
        industry="industry",
        value="size",
        absent="zero",
        duplicates="sum",
    )
    sizes = plant_sizes(register, industry="industry", size="size")
    truth = datasets.load("register_truth").set_index("industry")
    return table, sizes, truth, ellison_glaeser(table, sizes)


def test_register_planted_clusters_are_recovered(planted):
    _, _, truth, index = planted
    # Stated with the data: estimates and the planted values lie within two standard errors.
    stated = {"wine": 0.016, "machine tools": 0.058, "sports shoes": 0.131, "ceramic tiles": 0.316}
    for industry, value in stated.items():
        assert index.gamma[industry] == pytest.approx(value, abs=0.0006)
        gap = abs(index.gamma[industry] - truth.loc[industry, "planted_gamma"])
        assert gap < 0.01 + 0.25 * truth.loc[industry, "planted_gamma"]
    clusters = truth.index[truth["kind"] == "cluster"]
    assert (index.p[clusters] < 1e-6).all()
    assert index.gamma[clusters].idxmax() == truth["planted_gamma"].idxmax() == "ceramic tiles"
    background = truth.index[truth["kind"] == "background"]
    assert (index.gamma[background].abs() < 0.01).all()
    assert (index.p[background] < 0.05).sum() <= 2


def test_register_steel_works_fool_the_raw_index_but_not_gamma(planted):
    _, _, truth, index = planted
    others = truth.index[truth["kind"] == "background"]
    assert index.raw["steel works"] == pytest.approx(0.131, abs=0.0006)
    assert index.plant_herfindahl["steel works"] == pytest.approx(0.1680, abs=0.0001)
    assert index.raw["steel works"] > 5 * index.raw[others].max()
    assert index.raw["steel works"] >= index.raw["sports shoes"]
    assert index.gamma["steel works"] == pytest.approx(-0.038, abs=0.0006)
    assert index.z["steel works"] == pytest.approx(-1.0, abs=0.06)
    assert index.p["steel works"] > 0.5


def test_maurel_sedillot_of_the_register_agrees(planted):
    table, sizes, truth, index = planted
    other = maurel_sedillot(table, sizes)
    clusters = truth.index[truth["kind"] == "cluster"]
    assert np.allclose(other.gamma[clusters], index.gamma[clusters], atol=0.06)


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", [ellison_glaeser, maurel_sedillot])
def test_bad_input(measure):
    table = pd.DataFrame({"a": [3, 1], "b": [2, 2]}, index=["A", "B"])
    plants = pd.Series({"a": 0.5, "b": 0.5})
    for bad_table, bad_plants, totals, message in (
        (table, pd.Series({"a": 0.5}), None, "plant Herfindahl: no number for label 'b'"),
        (table, plants * [1, 3], None, "plant Herfindahl: industry 'b' has 1.5; it lies above 0"),
        (table, plants * [0, 1], None, "plant Herfindahl: industry 'a' has 0"),
        (table, plants * [2, 1], None, "1 of 2 industries have a single plant .first 'a'"),
        (table.iloc[:1], plants, None, "1 region"),
        (table * [0, 1], plants, None, "industry 'a' with no value above zero"),
        (table * [-1, 1], plants, None, "region 'A', industry 'a': value -3 is negative"),
        (table, plants, pd.Series({"A": 9}), "totals: no number for label 'B'"),
        (table, plants, pd.Series({"A": 9, "B": 1}), "region 'B' has 1 in all, less than its 2"),
    ):
        with pytest.raises(ValueError, match=message):
            measure(bad_table, bad_plants, totals=totals)
    one = pd.DataFrame({"a": [3, 0]}, index=["A", "B"])
    with pytest.raises(ValueError, match="region 'A' holds everything; nothing to compare"):
        measure(one, plants)


def test_the_advice_for_single_plants_works():
    register = pd.DataFrame(
        {"r": ["A", "B", "A", "B"], "i": ["a", "a", "b", "a"], "n": [1, 2, 3, 4]}
    )
    table = tables.from_long(
        register, region="r", industry="i", value="n", absent="zero", duplicates="sum"
    )
    plants = plant_sizes(register, industry="i", size="n")
    with pytest.raises(ValueError, match="single plant"):
        ellison_glaeser(table, plants)
    several = table[plants.herfindahl.index[plants.herfindahl < 1]]
    assert ellison_glaeser(several, plants, totals=table.sum(axis=1)).gamma.index.tolist() == ["a"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"plants": 1},
            "dartboard: plants is 1, but number of plants must be a whole number, at l",
        ),
        ({"plants": 2.5}, "dartboard: plants is 2.5, but number of plants must be a whole number"),
        (
            {"regions": 1},
            "regions is 1, but number of equal regions must be a whole number, at lea",
        ),
        (
            {"inequality": 5.1},
            r"inequality is 5.1, but inequality of plant sizes \[sd of log size\] "
            "must be at least 0 and at most 5",
        ),
        (
            {"clustering": 1.2},
            "clustering is 1.2, but planted clustering γ must be at least 0 and at",
        ),
        ({"clustering": float("nan")}, "clustering is nan"),
        ({"replicates": 0}, "replicates is 0, but throws must be a whole number, at least 1"),
    ],
)
def test_dartboard_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        dartboard(**options)


def test_dartboard_unknown_parameter():
    with pytest.raises(
        TypeError, match="dartboard has no parameter 'plant'; did you mean 'plants'"
    ):
        dartboard(plant=5)
