import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab.agglomeration.change import dynamic_shift_share, shift_share

BEFORE = pd.DataFrame({"wine": [100, 100], "steel": [100, 300]}, index=["a", "b"])
AFTER = pd.DataFrame({"wine": [150, 110], "steel": [90, 310]}, index=["a", "b"])


def tables_(seed, regions=4, industries=5, years=2):
    rng = np.random.default_rng(seed)
    return [pd.DataFrame(rng.integers(1, 500, (regions, industries))) for _ in range(years)]


def test_dunn_by_hand():
    # nation 600 → 660 (10 %); wine 200 → 260 (30 %), steel 400 → 400 (0 %)
    found = shift_share(BEFORE, AFTER)
    assert found.parts["national"].loc["a"].tolist() == pytest.approx([10, 10])
    assert found.parts["mix"].loc["a"].tolist() == pytest.approx([20, -10])
    assert found.parts["regional"].loc["a"].tolist() == pytest.approx([20, -10])
    assert "2 regions, 2 industries" in repr(found)


def test_esteban_by_hand():
    # region a has 200 jobs; with the national mix (1/3, 2/3) 66.67 in wine; wine is 20 points ahead
    found = shift_share(BEFORE, AFTER, method="esteban")
    assert found.parts["regional"].loc["a", "wine"] == pytest.approx(200 / 3 * 0.2)
    assert found.parts["allocation"].loc["a", "wine"] == pytest.approx((100 - 200 / 3) * 0.2)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["dunn", "esteban"]))
def test_parts_add_up_exactly(seed, method):
    before, after = tables_(seed)
    found = shift_share(before, after, method=method)
    pd.testing.assert_frame_equal(sum(found.parts.values()), found.change, atol=1e-9)
    frame = found.to_frame("industry")
    np.testing.assert_allclose(frame.drop(columns="change").sum(axis=1), frame["change"], atol=1e-9)
    # over the whole nation neither mix nor the regions' own advantage is left
    assert found.parts["mix"].to_numpy().sum() == pytest.approx(0, abs=1e-8)
    if method == "dunn":
        np.testing.assert_allclose(found.parts["regional"].sum(), 0, atol=1e-8)


def test_dynamic_is_the_sum_of_steps():
    years = dict(zip((2001, 2003, 2002), tables_(7, years=3), strict=True))
    found = dynamic_shift_share(years)
    steps = [shift_share(years[2001], years[2002]), shift_share(years[2002], years[2003])]
    for name in ("national", "mix", "regional"):
        expected = steps[0].parts[name] + steps[1].parts[name]
        pd.testing.assert_frame_equal(found.parts[name], expected)
    pd.testing.assert_frame_equal(found.change, (years[2003] - years[2001]).astype(float))
    assert found.periods == (2001, 2002, 2003)
    assert "2001–2003" in repr(found)


def test_order_of_regions_and_industries_does_not_matter():
    found = shift_share(BEFORE, AFTER.iloc[::-1, ::-1])
    pd.testing.assert_frame_equal(found.to_frame(), shift_share(BEFORE, AFTER).to_frame())


def test_an_industry_may_vanish():
    gone = shift_share(BEFORE, AFTER.assign(steel=0))
    assert gone.to_frame("industry").loc["steel", "change"] == -400


def test_different_lists_are_named_not_intersected():
    with pytest.raises(ValueError, match=r"1 only in the first \('steel'\) and 1 only in the sec"):
        shift_share(BEFORE, AFTER.rename(columns={"steel": "iron"}))
    with pytest.raises(ValueError, match=r"different regions: 1 only in the first \('b'\)"):
        shift_share(BEFORE, AFTER.drop(index="b"))
    with pytest.raises(ValueError, match="2000 to 2001: the two years have different industries"):
        dynamic_shift_share({2000: BEFORE, 2001: AFTER.assign(beer=1)})


def test_bad_input():
    with pytest.raises(ValueError, match=r"'wine' has no job in the first year.*\(1 such\)"):
        shift_share(BEFORE.assign(wine=0), AFTER)
    empty_cell = BEFORE.copy()
    empty_cell.loc["a", "wine"] = 0
    shift_share(empty_cell, AFTER)
    with pytest.raises(ValueError, match="region 'a' has no job in 'wine'"):
        shift_share(empty_cell, AFTER, method="esteban")
    with pytest.raises(ValueError, match="method is 'rosenfeld'"):
        shift_share(BEFORE, AFTER, method="rosenfeld")
    with pytest.raises(ValueError, match="two or more"):
        dynamic_shift_share({2000: BEFORE})
    with pytest.raises(ValueError, match="by is 'year'"):
        shift_share(BEFORE, AFTER).to_frame("year")


def test_the_first_year_gives_the_order_of_labels():
    years = dict(zip((1, 2, 3), tables_(3, years=3), strict=True))
    years = {year: table.set_axis(list("dacb")) for year, table in years.items()}
    mixed = {year: table.iloc[::-1, ::-1] if year > 1 else table for year, table in years.items()}
    found = dynamic_shift_share(mixed)
    for part in (found.change, *found.parts.values()):
        assert part.index.equals(years[1].index)
        assert part.columns.equals(years[1].columns)
    pd.testing.assert_frame_equal(found.change, dynamic_shift_share(years).change)


# --- industries that change their codes -----------------------------------------------------------

OLD = pd.DataFrame({"10": [5, 1], "20": [3, 4], "30": [2, 2], "40": [7, 9]}, ["r", "s"])


def codes(*pairs):
    return pd.DataFrame(pairs, columns=["old", "new"])


def test_a_split_and_a_merge_are_compared_as_a_whole():
    # 10 was split into 11 and 12; 20 and 30 were merged into 25; 40 kept its code
    new = pd.DataFrame({"11": [4, 1], "25": [6, 7], "12": [3, 2], "40": [7, 8]}, ["r", "s"])
    pairs = codes(("10", "11"), ("10", "12"), ("20", "25"), ("30", "25"))
    found = shift_share(OLD, new, concordance=pairs)
    by_hand = shift_share(
        pd.DataFrame({"11 + 12": [5, 1], "25": [5, 6], "40": [7, 9]}, ["r", "s"]),
        pd.DataFrame({"11 + 12": [7, 3], "25": [6, 7], "40": [7, 8]}, ["r", "s"]),
    )
    pd.testing.assert_frame_equal(found.change[by_hand.change.columns], by_hand.change)
    pd.testing.assert_frame_equal(found.to_frame(), by_hand.to_frame())
    # nothing is lost: the sums of both years are in the change
    assert found.change.to_numpy().sum() == new.to_numpy().sum() - OLD.to_numpy().sum()


def test_what_was_split_and_merged_at_once_is_one_group():
    new = pd.DataFrame({"21": [4, 3], "22": [6, 4], "40": [7, 9]}, ["r", "s"])
    pairs = codes(("10", "21"), ("20", "21"), ("20", "22"), ("30", "22"))
    assert [*shift_share(OLD, new, concordance=pairs).change.columns] == ["21 + 22", "40"]


def test_a_code_that_means_something_else_now_is_not_taken_for_itself():
    # 20 became 10, and 10 became 15
    new = pd.DataFrame({"10": [3, 4], "15": [5, 1], "30": [2, 2], "40": [7, 9]}, ["r", "s"])
    found = shift_share(OLD, new, concordance=codes(("10", "15"), ("20", "10")))
    assert (found.change == 0).all(axis=None)
    assert (shift_share(OLD[["10", "40"]], new[["10", "40"]]).change != 0).any(axis=None)


def test_a_concordance_may_list_codes_that_the_tables_lack():
    new = OLD.rename(columns={"10": "11"})
    pairs = codes(("10", "11"), ("99", "98"))
    assert [*shift_share(OLD, new, concordance=pairs).change.columns] == ["11", "20", "30", "40"]
    joined = codes(("10", "11"), ("10", "98"), ("20", "98"), ("20", "20"))  # through one not there
    assert "11 + 20 + 98" in shift_share(OLD, new, concordance=joined).change


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (codes(("10", "11")).assign(weight=1.0), "has 3 columns.*Weights are not used"),
        (codes(("10", None)), "row 1"),
        (codes(("20", "11")), "industry '10' of the first year"),
        (codes(("10", "12")), "industry '11' of the second year"),
        (codes(("10", "11"), ("20", "40"), ("40", "40")), "industry '20' of the second year"),
        ({"10": "11"}, "the concordance"),
    ],
)
def test_a_concordance_that_does_not_fit(pairs, message):
    with pytest.raises(ValueError, match=message):
        shift_share(OLD, OLD.rename(columns={"10": "11"}), concordance=pairs)
