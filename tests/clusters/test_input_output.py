"""Coefficients and inverses: published tables, identities, what is refused, the US in 2019."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterlab import datasets
from clusterlab.clusters import linkages

TWO = ["1", "2"]
Z = pd.DataFrame([[150.0, 500], [200, 100]], TWO, TWO)
V = pd.DataFrame(np.diag([1000.0, 2000]), TWO, TWO)


def us():
    make, use = (datasets.load(f"us_{name}") for name in ("make", "use"))
    make = make.pivot(index="industry", columns="product", values="value").fillna(0)
    use = use.pivot(index="product", columns="buyer", values="value").fillna(0)
    return make, use.loc[make.columns, make.index], use


OUTSIDE = ["scrap and used goods", "other imports and adjustments"]


def test_two_sectors_as_published():
    # Miller and Blair (2009), chapter 2
    found = linkages(V, Z)
    np.testing.assert_allclose(found.coefficients, [[0.15, 0.25], [0.20, 0.05]], atol=1e-12)
    np.testing.assert_allclose(found.inverse, [[1.2541, 0.3300], [0.2640, 1.1221]], atol=5e-5)
    np.testing.assert_allclose(found.flows, Z)
    # final demand of 600 and 1500 is delivered by outputs of about 1247.5 and 1841.6
    np.testing.assert_allclose(found.inverse @ [600, 1500], [1247.52, 1841.58], atol=5e-3)
    assert found.backward.round(4).tolist() == [1.5182, 1.4521]


def test_make_and_use_by_hand():
    # Two industries, three products; by-product: the second industry makes 10 of product a.
    make = pd.DataFrame([[90, 0, 0], [10, 80, 10.0]], ["A", "B"], list("abc"))
    use = pd.DataFrame([[9, 20], [27, 10], [0, 5.0]], list("abc"), ["A", "B"])
    found = linkages(make, use)
    # A makes 90 % of a, so it sells 0.9 of 9 and of 20; B sells the rest
    by_hand = [[8.1, 18], [0.9 + 27, 2 + 10 + 5]]
    np.testing.assert_allclose(found.flows, by_hand, atol=1e-12)
    np.testing.assert_allclose(found.coefficients, np.array(by_hand) / [90, 100], atol=1e-12)
    a, b, c, d = (np.array(by_hand) / [90, 100]).ravel()
    minor = (1 - a) * (1 - d) - b * c  # the inverse of a 2 x 2
    np.testing.assert_allclose(found.inverse, np.array([[1 - d, b], [c, 1 - a]]) / minor)
    np.testing.assert_allclose(found.backward, [(1 - d + c) / minor, (b + 1 - a) / minor])


def test_products_from_outside_make_no_flow_and_are_reported():
    make = pd.DataFrame([[90, 0, 4], [0, 80, 0.0]], ["A", "B"], list("abs"))
    use = pd.DataFrame([[9, 20], [27, 10], [3, 5.0]], list("abs"), ["A", "B"])
    found = linkages(make, use, outside=["s"])
    np.testing.assert_allclose(found.flows, use.iloc[:2], atol=1e-12)
    assert found.outside.to_dict() == {"A": 3, "B": 5}
    assert found.output.to_dict() == {"A": 94, "B": 80}  # what A makes of it is its output
    np.testing.assert_allclose(found.coefficients, use.iloc[:2] / [94, 80])
    assert found.to_frame()["from outside"].tolist() == [3, 5]
    # otherwise the only maker is taken for the seller of all
    assert linkages(make, use).flows.loc["A"].tolist() == [12, 25]


@settings(max_examples=40, deadline=None)
@given(
    arrays(float, (4, 4), elements=st.floats(0.01, 10)), arrays(float, 4, elements=st.floats(1, 9))
)
def test_identities(cells, rest):
    names = list("abcd")
    make = pd.DataFrame(cells.T + np.eye(4), names, list("wxyz"))
    output = make.sum(axis=1).to_numpy()
    # purchases of each industry are a share below 1 of its output
    use = cells / np.maximum(cells.sum(axis=0), 1e-9) * output * rest / 10
    found = linkages(make, pd.DataFrame(use, list("wxyz"), names))
    a, x = found.coefficients.to_numpy(), found.output.to_numpy()
    inverse, ghosh = found.inverse.to_numpy(), found.ghosh.to_numpy()
    np.testing.assert_allclose(inverse @ (np.eye(4) - a), np.eye(4), atol=1e-10)
    # Ghosh's from the output coefficients, on its own
    own = np.linalg.inv(np.eye(4) - found.flows.to_numpy() / x[:, None])
    np.testing.assert_allclose(ghosh, own, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(
        np.sort_complex(np.linalg.eigvals(ghosh)),
        np.sort_complex(np.linalg.eigvals(inverse)),
        rtol=1e-5,
    )
    np.testing.assert_allclose(found.flows.sum(), use.sum(axis=0), rtol=1e-9)  # purchases are kept
    np.testing.assert_allclose(inverse @ (x - found.flows.sum(axis=1)), x, rtol=1e-8)
    rounds = sum(np.linalg.matrix_power(a, k) for k in range(400))
    if a.sum(axis=0).max() < 0.91:
        np.testing.assert_allclose(inverse, rounds, rtol=1e-6)
    assert (found.backward >= 1).all()
    np.testing.assert_allclose(found.forward, ghosh.sum(axis=1))
    np.testing.assert_allclose(found.to_frame().filter(like="mean").mean(), 1)


def test_labels_decide_not_their_order():
    make, use, _ = us()
    found = linkages(make, use, outside=OUTSIDE)
    mixed = linkages(
        make.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2),
        use.sample(frac=1, random_state=3).sample(frac=1, axis=1, random_state=4),
        outside=OUTSIDE[::-1],
    )
    for name in ("flows", "inverse", "ghosh"):
        ordered = getattr(mixed, name).loc[make.index, make.index]
        pd.testing.assert_frame_equal(getattr(found, name), ordered, rtol=1e-9)
    pd.testing.assert_series_equal(found.outside, mixed.outside[make.index])


def test_the_input_is_not_changed():
    make, use = V.astype(int), Z.astype(int)
    before = make.copy(), use.copy()
    linkages(make, use)
    pd.testing.assert_frame_equal(make, before[0])
    pd.testing.assert_frame_equal(use, before[1])


def test_the_united_states_in_2019():
    make, use, all_uses = us()
    found = linkages(make, use, outside=OUTSIDE)
    a, inverse = found.coefficients.to_numpy(), found.inverse.to_numpy()
    assert a.shape == (71, 71)
    np.testing.assert_allclose(inverse @ (np.eye(71) - a), np.eye(71), atol=1e-12)
    # a second implementation: the product by product table of the same assumption
    inside = make.columns.difference(OUTSIDE, sort=False)
    shares = (make[inside] / make[inside].sum()).to_numpy()
    recipes = use.loc[inside].to_numpy() / make.sum(axis=1).to_numpy()
    # L = I + D (I - BD)^-1 B
    middle = np.linalg.inv(np.eye(71) - recipes @ shares)
    np.testing.assert_allclose(inverse, np.eye(71) + shares @ middle @ recipes, atol=1e-10)
    # outputs are what final demand needs, product by product, and scrap
    final = make.sum() - use.sum(axis=1)
    demand = shares @ final[inside].to_numpy() + make[OUTSIDE].sum(axis=1).to_numpy()
    np.testing.assert_allclose(inverse @ demand, found.output, rtol=1e-9)
    assert found.backward.idxmax() == "funds and trusts"
    assert found.forward.idxmax() == "primary metals"
    assert found.negative == -1021 + 0 == use.to_numpy()[use.to_numpy() < 0].sum()
    assert found.outside.sum() == use.loc[OUTSIDE].to_numpy().sum() == 210287
    assert "households" in all_uses


REALDATA = Path(
    os.environ.get("CLUSTERLAB_REALDATA", Path(__file__).parents[3] / "shared" / "data")
)


@pytest.mark.realdata
@pytest.mark.skipif(not (REALDATA / "bea_io").exists(), reason="tables beside the checkout")
def test_402_industries_and_what_is_shipped_of_them():
    folder = REALDATA / "bea_io"
    make = pd.read_csv(folder / "Detail_Make_2017_BeforeRedef_17sch.csv.gz", index_col=0)
    use = pd.read_csv(folder / "Detail_Use_2017_PRO_BeforeRedef_17sch.csv.gz", index_col=0)
    make = make.drop(index="T007", columns="T008")
    use = use.loc[make.columns, make.index].fillna(0)
    outside = ["S00401", "S00402", "S00300", "S00900"]
    with pytest.raises(ValueError, match="'S00201' buys products for"):
        linkages(make, use, outside=outside)
    found = linkages(make, use, outside=outside, excess=1)
    devices = ["334510", "334517", "339112", "339113", "339114", "339115", "339116"]
    shipped = datasets.load("us_medical_trade").set_index("industry")
    np.testing.assert_allclose(
        found.flows[devices].sum(axis=1), shipped["sold_to_devices"], atol=0.06
    )
    np.testing.assert_allclose(
        found.flows.loc[devices].sum(), shipped["bought_of_devices"], atol=0.06
    )
    np.testing.assert_allclose(found.flows.sum(axis=1), shipped["sold"], atol=0.06)
    np.testing.assert_allclose(found.flows.sum(), shipped["bought"], atol=0.06)


def cell(table, row, column, value):
    changed = table.astype(object)
    changed.loc[row, column] = value
    return changed


CLOSED = pd.DataFrame([[500.0, 1000], [500, 1000]], TWO, TWO)
REFUSED = {
    "purchases above output": (
        V,
        cell(Z, "2", "1", 900.0),
        {},
        r"'1' buys products for 1050 and makes 1000",
    ),
    "just beyond rounding": (V, cell(Z, "2", "1", 851.1), {}, r"excess=0\.001"),
    "all is used up": (V, CLOSED, {}, r"uses up all it makes.* is 1,"),
    "never made": (
        pd.DataFrame([[1000, 0, 0], [0, 2000, 0.0]], TWO, ["1", "2", "oil"]),
        pd.concat([Z, pd.DataFrame([[7.0, 0]], ["oil"], TWO)]),
        {},
        r"made by nobody, yet used: 'oil' 7; .*outside",
    ),
    "industry in one table": (
        V,
        Z.assign(households=3.0),
        {},
        "industry 'households' among the columns of use",
    ),
    "industry not in use": (V, Z[["1"]], {}, "industry '2' among the rows of make"),
    "pay among products": (
        V,
        pd.concat([Z, pd.DataFrame([[9.0, 9]], ["pay"], TWO)]),
        {},
        "product 'pay'",
    ),
    "product not used": (
        V.assign(silk=[1.0, 0]),
        Z,
        {},
        "product 'silk' among the columns of make",
    ),
    "no output": (
        cell(V, "2", "2", 0.0),
        cell(cell(Z, "1", "2", 0), "2", "2", 0),
        {},
        "'2' without output",
    ),
    "negative in make": (
        cell(V, "1", "2", -5.0),
        Z,
        {},
        "industry '1', product '2': value -5 is negative",
    ),
    "text in use": (V, cell(Z, "1", "2", "many"), {}, "'many' is not a finite number"),
    "negative text in use": (V, cell(Z, "1", "2", "-5"), {}, "'-5'"),
    "gap in use": (V, cell(Z, "1", "2", np.nan), {}, "unknown"),
    "gap in make": (cell(V, "1", "2", None), Z, {}, "unknown"),
    "infinite": (V, cell(Z, "1", "2", -np.inf), {}, "finite"),
    "outside is text": (V, Z, {"outside": "1"}, "outside is '1', but it must be a list"),
    "outside unknown": (V, Z, {"outside": ["3"]}, "make has no column '3'"),
    "excess negative": (V, Z, {"excess": -1}, "excess is -1"),
    "no frame": (V, Z.to_numpy(), {}, "use must be a pandas DataFrame"),
    "repeated industry": (
        V,
        Z.set_axis(["1", "1"], axis=1),
        {},
        "industry '1' listed more than once",
    ),
    "repeated product": (V, Z.set_axis(["1", "1"]), {}, "product '1' listed more than once"),
    "empty": (V, Z[[]], {}, "no industry"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_a_sentence(case):
    make, use, more, words = REFUSED[case]
    with pytest.raises(ValueError, match=words) as error:
        linkages(make, use, **more)
    assert str(error.value).endswith(".")


def test_what_is_taken():
    assert linkages(V, cell(Z, "2", "1", 850.9)).coefficients["1"].sum() == pytest.approx(1.0009)
    silk = pd.DataFrame([[1000, 0, 0], [0, 2000, 0.0]], TWO, ["1", "2", "silk"])
    spun = pd.concat([Z, pd.DataFrame([[0.0, 0]], ["silk"], TWO)])
    pd.testing.assert_frame_equal(
        linkages(silk, spun).inverse, linkages(V, Z).inverse
    )  # unused, unmade
    less = linkages(V, cell(cell(Z, "1", "2", -5.0), "2", "2", 0.5))
    assert less.negative == -5
    assert less.flows.loc["1", "2"] == -5
    assert linkages(V, Z).negative == 0
    # a closed pair within an open economy is closed; an industry that sells all is not
    with pytest.raises(ValueError, match="uses up"):
        linkages(V, pd.DataFrame(np.diag([1000.0, 100]), TWO, TWO))
    sells_all = linkages(V, pd.DataFrame([[0, 1000], [0, 0.0]], TWO, TWO))
    assert sells_all.inverse.loc["1", "2"] == 0.5
    one = linkages(V, pd.DataFrame([[0, 0], [1000, 0.0]], TWO, TWO))  # buys all, keeps nothing
    assert one.inverse.to_numpy().tolist() == [[1, 0], [1, 1]]
