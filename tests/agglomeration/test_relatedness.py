import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab.agglomeration.related import (
    complexity,
    fitness,
    presence,
    relatedness,
    relatedness_density,
    variety,
)

HAS = pd.DataFrame(
    [[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 1], [1, 0, 0, 0]],
    index=list("abcde"),
    columns=["bread", "tools", "cars", "chips"],
    dtype=bool,
)


def random_presence(seed, regions, industries, share=0.4):
    has = np.random.default_rng(seed).random((regions, industries)) < share
    has[0] = True
    has[:, 0] = True
    return pd.DataFrame(has)


def test_variety_by_hand():
    jobs = pd.DataFrame({"wine": [4, 1], "beer": [4, 1], "steel": [8, 2]}, index=["a", "b"])
    found = variety(jobs, {"wine": "drinks", "beer": "drinks", "steel": "metal"})
    # groups half and half: 1 bit; inside drinks 1 bit with weight one half
    assert found.unrelated.tolist() == [1.0, 1.0]
    assert found.related.tolist() == [0.5, 0.5]
    assert found.total.name == "total"
    assert "mean 1.500" in repr(found)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(2, 12))
def test_variety_adds_up_at_every_level(seed, regions, industries):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.poisson(3, (regions, industries)) + (np.arange(industries) == 0))
    table = table.loc[:, table.sum() > 0]
    fine = rng.integers(0, 4, table.shape[1])
    groups = pd.DataFrame({"sector": fine // 2, "branch": fine}, index=table.columns)
    found = variety(table, groups)
    np.testing.assert_allclose(found.levels.sum(axis=1), found.total, atol=1e-12)
    np.testing.assert_allclose(found.unrelated + found.related, found.total, atol=1e-12)
    assert (found.levels > -1e-12).all(axis=None)


def test_groups_that_do_not_nest_are_named():
    table = pd.DataFrame([[1, 2, 3]], columns=["x", "y", "z"])
    groups = pd.DataFrame({"sector": ["A", "B", "A"], "branch": ["q", "q", "p"]}, list("xyz"))
    with pytest.raises(ValueError, match="do not nest: branch 'q' lies in sector 'A' and 'B'"):
        variety(table, groups)
    with pytest.raises(ValueError, match="'z' has no group"):
        variety(table, {"x": 1, "y": 2})
    with pytest.raises(ValueError, match="'x' is listed more than once"):
        variety(table, pd.Series([1, 2, 3, 4], index=["x", "x", "y", "z"]))
    with pytest.raises(ValueError, match="group of industry 'y' is empty"):
        variety(table, {"x": 1, "y": None, "z": 2})


def test_presence_counts_a_quotient_of_exactly_one():
    even = pd.DataFrame(np.full((3, 3), 0.1))
    assert presence(even).all(axis=None)
    assert not presence(even, threshold=1.01).any(axis=None)
    with pytest.raises(ValueError, match="above 0"):
        presence(even, threshold=0)


def test_relatedness_formulas_by_hand():
    # bread in 5 regions, tools in 3, both in 3
    assert relatedness(HAS).loc["bread", "tools"] == pytest.approx(3 / 5)
    assert relatedness(HAS, method="cosine").loc["cars", "tools"] == pytest.approx(2 / np.sqrt(6))
    assert relatedness(HAS, method="association").loc["cars", "chips"] == pytest.approx(5 / 4)
    rest = HAS.drop(columns="bread")
    found = relatedness(rest, method="correlation")
    np.testing.assert_allclose(found, np.corrcoef(rest.to_numpy(float).T), atol=1e-12)


def test_relatedness_refuses_what_is_undefined():
    with pytest.raises(ValueError, match="'bread' is present in every region"):
        relatedness(HAS, method="correlation")
    with pytest.raises(ValueError, match="no value above zero"):
        relatedness(HAS.assign(ghost=False))
    with pytest.raises(ValueError, match="method is 'phi'"):
        relatedness(HAS, method="phi")
    jobs = pd.DataFrame({"a": [5, 5], "b": [1, 9]})
    with pytest.raises(ValueError, match="'b' is present in no region"):
        relatedness(jobs, threshold=1.4)


def test_density_is_a_share_and_leaves_the_industry_out():
    found = relatedness_density(HAS)
    assert ((found >= 0) & (found <= 1)).all(axis=None)
    assert (found.loc["a"] == 1).all()
    link = relatedness(HAS).to_numpy()
    by_hand = sum(link[i, 2] * HAS.iloc[1, i] for i in (0, 1, 3)) / sum(
        link[i, 2] for i in (0, 1, 3)
    )
    assert found.loc["b", "cars"] == pytest.approx(by_hand)
    with_itself = relatedness_density(HAS, itself=True)
    whole = HAS.to_numpy(float) @ link / link.sum(axis=0)
    np.testing.assert_allclose(with_itself, whole)


def test_density_bad_input():
    link = relatedness(HAS)
    with pytest.raises(ValueError, match="lack industry 'chips'"):
        relatedness_density(HAS, link.drop(columns="chips"))
    with pytest.raises(ValueError, match="value -1 is negative"):
        relatedness_density(HAS, -link)
    lonely = pd.DataFrame(np.eye(4), HAS.columns, HAS.columns)
    with pytest.raises(ValueError, match="related to no other"):
        relatedness_density(HAS, lonely)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 14), st.integers(5, 14))
def test_complexity_is_the_second_eigenvector_of_the_reflections_matrix(seed, rows, columns):
    has = random_presence(seed, rows, columns)
    m = has.to_numpy(float)
    k, u = m.sum(1), m.sum(0)
    reflections = (m / k[:, None]) @ (m / u).T
    values, vectors = np.linalg.eig(reflections)
    order = np.argsort(values.real)
    if values.real[order[-2]] - values.real[order[-3]] < 1e-6 or values.real[order[-2]] < 1e-6:
        return
    second = vectors[:, order[-2]].real
    if abs(np.corrcoef(second, k)[0, 1]) < 1e-6:
        return
    second = second * np.sign(np.corrcoef(second, k)[0, 1])
    found = complexity(has)
    np.testing.assert_allclose(found.regions, (second - second.mean()) / second.std(), atol=1e-8)
    assert found.eigenvalue == pytest.approx(values.real[order[-2]], abs=1e-10)
    # the scale: a region's complexity is the mean of its industries'
    np.testing.assert_allclose(m @ found.industries / k, found.regions, atol=1e-9)


def test_complexity_does_not_depend_on_order_or_side():
    has = random_presence(4, 30, 12)
    found = complexity(has)
    mixed = has.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=1)
    again = complexity(mixed)
    pd.testing.assert_series_equal(again.regions[has.index], found.regions, atol=1e-9)
    pd.testing.assert_series_equal(again.industries[has.columns], found.industries, atol=1e-9)
    turned = complexity(has.T)
    scale = np.corrcoef(turned.industries, found.regions)[0, 1]
    assert abs(scale) == pytest.approx(1)


def test_complexity_says_why_it_is_undefined():
    with pytest.raises(ValueError, match="region 'e' has nothing present"):
        complexity(HAS.assign(bread=[True] * 4 + [False]))
    with pytest.raises(ValueError, match="'ghost' with no value above zero"):
        complexity(HAS.assign(ghost=False))
    blocks = pd.DataFrame(np.kron(np.eye(2), np.ones((3, 2))).astype(bool), index=list("abcdef"))
    with pytest.raises(ValueError, match=r"fall into 2 parts .* \['a', 'b', 'c'\]"):
        complexity(blocks)
    with pytest.raises(ValueError, match="all regions have the same"):
        complexity(pd.DataFrame(np.ones((3, 3), bool)))
    ring = pd.DataFrame(np.eye(6, dtype=bool) | np.roll(np.eye(6, dtype=bool), 1, axis=1))
    with pytest.raises(ValueError, match="second and third eigenvalues are equal"):
        complexity(ring)


def test_complexity_ranks_a_nested_world():
    found = complexity(HAS.drop(columns="chips"))
    assert found.regions.is_monotonic_decreasing
    assert found.industries["cars"] > found.industries["tools"] > found.industries["bread"]
    assert found.diversity.tolist() == [3, 3, 2, 1, 1]
    assert found.to_frame().columns.tolist() == ["complexity", "diversity"]
    assert "highest 'a'" in repr(found)


def test_fitness_first_steps_by_hand():
    one = fitness(HAS, iterations=1)
    diversity = HAS.sum(axis=1)
    np.testing.assert_allclose(one.regions, diversity / diversity.mean())
    inverse = 1 / HAS.sum()
    np.testing.assert_allclose(one.industries, inverse / inverse.mean())
    two = fitness(HAS, iterations=2)
    raw = HAS.to_numpy(float) @ one.industries.to_numpy()
    np.testing.assert_allclose(two.regions, raw / raw.mean())
    assert not two.converged
    assert "not converged after 2" in repr(two)


def test_fitness_converges_where_it_can_and_says_so():
    full = fitness(pd.DataFrame(np.ones((3, 2), bool)))
    assert full.converged
    assert full.regions.tolist() == [1, 1, 1]
    long = fitness(random_presence(1, 40, 20), iterations=2000)
    assert np.isfinite(long.regions).all()
    with pytest.raises(ValueError, match="at least 1"):
        fitness(HAS, iterations=0)


def test_small_regions_are_left_out_of_complexity_before_presence_is_decided():
    rng = np.random.default_rng(5)
    table = pd.DataFrame(rng.integers(0, 90, (12, 9)) + 1, index=[f"r{k}" for k in range(12)])
    table.loc["tiny"] = [0, 0, 0, 0, 0, 0, 0, 0, 3]
    table[9] = [0] * 12 + [2]  # an industry that only the small one has
    large = complexity(table, minimum=100)
    assert large.smaller == ("tiny",)
    assert 9 not in large.industries
    expected = complexity(table.drop(index="tiny", columns=9))
    pd.testing.assert_series_equal(large.regions, expected.regions)
    assert large.regions.std(ddof=0) == pytest.approx(1)
    told = (
        "region 'tiny' below the minimum of 100 left out, and industry 9 that no other region has"
    )
    assert large.note == told
    assert repr(large).endswith(f"; {told}")
    strength = fitness(table, minimum=100)
    assert (strength.note, strength.smaller) == (told, ("tiny",))
    assert repr(strength).endswith(f"; {told}")
    whole = fitness(table.drop(index="tiny", columns=9))
    pd.testing.assert_series_equal(strength.regions, whole.regions)
    assert whole.note == complexity(table).note == ""
    with pytest.raises(ValueError, match="minimum is 1e.09, but of 13 regions 0 have as much"):
        fitness(table, minimum=1e9)


def test_presence_tables_of_bool_are_taken_as_they_stand():
    # py-ecomplexity #21: the same ones and zeros as employment would give another index
    has = pd.DataFrame(np.triu(np.ones((5, 6), bool)), index=list("ABCDE"))
    found = complexity(has)
    assert found.diversity.tolist() == [6, 5, 4, 3, 2]
    assert found.regions["A"] == pytest.approx(1.511, abs=5e-4)
    assert found.regions["E"] == pytest.approx(-1.282, abs=5e-4)


def test_a_region_of_exactly_the_minimum_is_ranked():
    has = pd.DataFrame([[1, 1, 1], [1, 1, 0], [1, 0, 0]], dtype=bool, index=["c", "t", "v"])
    assert complexity(has, minimum=1).smaller == ()
    assert complexity(has, minimum=2).smaller == ("v",)


def test_the_sign_of_complexity_does_not_hang_on_the_order_of_rows():
    # a chain: each region has two industries, so diversity cannot give the sign
    chain = pd.DataFrame(
        [[k in (row, row + 1) for k in range(5)] for row in range(4)], index=list("badc")
    )
    found = complexity(chain).regions
    for order in ("badc", "cdab", "acdb"):
        again = complexity(chain.loc[list(order)]).regions
        pd.testing.assert_series_equal(again.sort_index(), found.sort_index())
    assert found["a"] > 0
