"""Memberships: closed forms, prototypes, half a profile, planted mixtures, bad input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab import districts
from clusterlab.districts import LEADERS, TYPES, membership, network_membership

TABLE = districts.types_table()
LEADER = {kind: leader for leader, kind in LEADERS.items()}
# Computed by hand from Table 1: sum over the 19 rows and leadership of the distance of the
# Marshallian profile from the satellite's: scale 1, activity 1.5/2.5, cooperation 1, contracts 1,
# outside 1, exchanges 0, identity 1, capital 1, associations 1, nine of the ten unordered rows
# (local government is important in both) and leadership.
MARSHALLIAN_TO_SATELLITE = 7.6 + 9 + 1


def whole(kind):
    return {**TABLE[kind].to_dict(), "leadership": LEADER[kind]}


@pytest.mark.parametrize("kind", TYPES)
def test_a_prototype_belongs_to_its_type(kind):
    for profile in (whole(kind), TABLE[kind]):
        found = membership(profile)
        assert found.nearest == kind
        assert found.shares[kind] >= 0.95
        assert found.types.loc[kind, "low"] >= 0.95
        assert found.types.loc[kind, "similarity"] == 1
        assert found.types.loc[kind, "first"] == 1
    assert found.missing == ("leadership",)


def test_similarity_is_gowers():
    found = membership(whole("Marshallian"))
    assert found.types.loc["satellite", "similarity"] == pytest.approx(
        1 - MARSHALLIAN_TO_SATELLITE / 20
    )
    own, other = 1 / 21, (MARSHALLIAN_TO_SATELLITE + 1) / 21
    ratio = found.shares["Marshallian"] / found.shares["satellite"]
    assert ratio == pytest.approx((other / own) ** 2)


def test_two_features_by_hand():
    # hub: 0 of 2 apart, Marshallian 1, the others 2; with the added one 1/3, 2/3, 1, 1.
    found = membership({"leadership": "hub", "contract length": "long"})
    weights = np.array([9 / 4, 9, 1, 1])
    assert found.shares.to_numpy() == pytest.approx(weights / weights.sum())
    assert found.to_frame() is found.types
    # Features drawn anew: both leadership in a quarter, both contracts in a quarter, where the
    # Marshallian ties with the hub. First in 1/4 + 1/2 + 1/8.
    found = membership({"leadership": "hub", "contract length": "long"}, replicates=40_000)
    assert found.types.loc["hub-and-spoke", "first"] == pytest.approx(7 / 8, abs=0.01)
    assert found.types.loc["Marshallian", "first"] == pytest.approx(1 / 8, abs=0.01)
    assert found.types["low"].to_numpy() == pytest.approx([1 / 12, 0.45, 1 / 20, 1 / 20])
    assert found.types["high"].to_numpy() == pytest.approx([0.45, 9 / 12, 1 / 12, 1 / 12])


def test_intervals_are_those_of_nine_tenths():
    # Two features say hub, two Marshallian; how many of four drawn say hub is binomial with 1/2:
    # none in 1/16, between 5 and 10 %. Then the hub's distance is 1, the Marshallian 1/5.
    found = membership(
        {
            "leadership": "hub",
            "long-term growth outlook": "depends on the hub",
            "key investments": "local",
            "labour market": "internal, highly flexible",
        },
        replicates=20_000,
    )
    for kind in ("hub-and-spoke", "Marshallian"):
        assert found.types.loc[kind, "low"] == pytest.approx(1 / 28)
        assert found.types.loc[kind, "high"] == pytest.approx(25 / 28)


def test_words_and_numbers_agree():
    words = membership({"economies of scale": "low", "personnel exchanges": "moderate to high"})
    numbers = membership({"economies of scale": 1, "personnel exchanges": np.float64(2.5)})
    pd.testing.assert_frame_equal(words.types, numbers.types)
    # Half way between low and high is as far from one as from the other.
    half = membership({"economies of scale": 2.0}).types["similarity"]
    assert half.to_numpy() == pytest.approx([0.5] * 4)
    # Below all types is no further than the whole range.
    assert membership({"economies of scale": "none"}).types.loc["satellite", "similarity"] == 0


@pytest.mark.parametrize("kind", TYPES)
def test_half_of_the_features_suffice(kind):
    rng = np.random.default_rng(7)
    rows = np.argsort(rng.random((500, 19)), axis=1)[:, :9]
    kept = np.zeros((500, 19), dtype=bool)
    np.put_along_axis(kept, rows, True, axis=1)
    profiles = pd.DataFrame(
        {
            name: np.where(kept[:, i], TABLE.loc[name, kind], None)
            for i, name in enumerate(TABLE.index)
        }
    )
    shares = membership(profiles)
    assert ((shares.drop(columns=kind).max(axis=1) < shares[kind]).mean()) >= 0.9


def test_many_rows_equal_one_by_one():
    rng = np.random.default_rng(3)
    rows = [
        {
            name: rng.choice(TABLE.loc[name])
            for name in rng.choice(TABLE.index[1:], 8, replace=False)
        }
        for _ in range(20)
    ]
    many = membership(pd.DataFrame(rows, index=list("abcdefghijklmnopqrst")))
    assert tuple(many.columns) == TYPES
    assert many.index[3] == "d"
    for row, shares in zip(rows, many.to_numpy(), strict=True):
        assert membership(row).shares.to_numpy() == pytest.approx(shares)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_shares_add_up_and_input_stays(data):
    names = data.draw(st.lists(st.sampled_from(list(TABLE.index[1:])), min_size=1, unique=True))
    profile = {name: data.draw(st.sampled_from(sorted(set(TABLE.loc[name])))) for name in names}
    before = dict(profile)
    found = membership(profile, replicates=20)
    assert found.shares.sum() == pytest.approx(1)
    assert found.shares.between(0, 1).all()
    assert (found.types["low"] <= found.types["high"]).all()
    assert found.types["first"].sum() == pytest.approx(1)
    assert profile == before
    assert set(found.known) | set(found.missing) == {*TABLE.index, "leadership"}
    assert not set(found.known) & set(found.missing)


def test_a_planted_mixture_lies_between_its_two_types():
    names = list(TABLE.index)
    odd = {
        n: TABLE.loc[n, "Marshallian" if i % 2 else "hub-and-spoke"] for i, n in enumerate(names)
    }
    found = membership(odd)
    assert set(found.shares.nlargest(2).index) == {"Marshallian", "hub-and-spoke"}
    assert found.shares.nlargest(2).min() > 1.5 * found.shares.nsmallest(2).max()
    assert found.deciding.name in ("Marshallian or hub-and-spoke", "hub-and-spoke or Marshallian")


def test_all_four_at_once_is_a_quarter_each():
    silicon_valley = {
        "leadership": list(LEADERS),
        "prevailing market structure": list(TABLE.loc["prevailing market structure"]),
    }
    found = membership(silicon_valley)
    assert found.shares.to_numpy() == pytest.approx([0.25] * 4)
    assert found.types["first"].to_numpy() == pytest.approx([0.25] * 4)


def test_what_would_decide():
    found = membership({"economies of scale": "high", "contract length": "short"})
    assert found.deciding.name == "satellite or state-anchored"
    assert found.deciding.index[0] == "leadership"
    assert found.deciding["leadership"] == 1
    assert found.deciding["labour immigration"] == 1
    assert found.deciding["cooperation outside the district"] == 0
    assert found.deciding["personnel exchanges"] == pytest.approx(0.5)
    assert found.deciding["buyer-producer cooperation"] == pytest.approx(0.5 / 2.5)
    assert found.deciding.is_monotonic_decreasing
    assert "2 known, 18 missing" in repr(found)


def test_one_feature_says_that_resampling_is_empty():
    assert "Only one feature" in membership({"leadership": "hub"}).note
    assert membership(whole("satellite")).note == ""


def test_same_seed_same_intervals():
    profile = {"leadership": "hub", "contract length": "short", "economies of scale": 2.2}
    one, same, other = (membership(profile, seed=s, replicates=99).types for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert not one["first"].equals(other["first"])


# ---------------------------------------------------------------- measures of networks


def test_measures_of_pure_networks():
    table = districts.measures_table()
    pure = table[list(TYPES)].T.assign(anchor_owner=["none", "local", "external", "state"])
    shares = network_membership(pure)
    assert np.diag(shares) == pytest.approx(shares.max(axis=1))
    assert (np.diag(shares) > 0.75).all()
    assert set(table["stands for"]) <= set(TABLE.index)
    # Without the owner, hub and state anchor differ in nothing.
    bare = network_membership(pure.drop(columns="anchor_owner"))
    assert bare["hub-and-spoke"].to_numpy() == pytest.approx(bare["state-anchored"].to_numpy())


def test_network_membership_by_hand():
    table = pd.DataFrame(
        {
            "external_ties": [0.5, np.nan],
            "size_concentration": [0.25, 0.25],
            "anchor_owner": ["external", None],
        }
    )
    # first row: E–I range 2: .75, .25, .25, .25; Gini .25, .75, .75, .75; owner 1, 1, 0, 1
    weights = np.array([3.0, 3.0, 2.0, 3.0]) ** -2
    weights2 = np.array([1.25, 1.75, 1.75, 1.75]) ** -2
    found = network_membership(table)
    assert found.loc[0].to_numpy() == pytest.approx(weights / weights.sum())
    assert found.loc[1].to_numpy() == pytest.approx(weights2 / weights2.sum())
    assert "anchor_owner" in table


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ({"leadershp": "hub"}, "no feature 'leadershp'; did you mean 'leadership'"),
        ({"leadership": "hubs"}, "leadership is 'hubs', .*did you mean 'hub'"),
        ({"economies of scale": "hihg"}, "economies of scale is 'hihg', .*did you mean 'high'"),
        ({"economies of scale": 4}, "economies of scale is 4, expected 0 to 3"),
        ({"contract length": 1.5}, "contract length is 1.5, expected 0 to 1"),
        ({"contract length": True}, "contract length is True, expected short, long or a number"),
        ({"external_ties": "high"}, "external_ties is 'high', expected a number from -1 to 1"),
        ({"leadership": None}, "no feature of the profile is known"),
        ({"leadership": []}, "no feature of the profile is known"),
        ({}, "no feature of the profile is known"),
        (
            {"leadership": "state", "prevailing market structure": "local small firms"},
            "contradicts itself: leadership says state-anchored, .* says Marshallian",
        ),
    ],
)
def test_bad_profiles(profile, message):
    with pytest.raises(ValueError, match=message):
        membership(profile)


def test_a_district_with_both_is_no_contradiction():
    both = {
        "leadership": ["hub", "state"],
        "prevailing market structure": ["large firms with suppliers", "local small firms"],
    }
    assert membership(both).nearest == "hub-and-spoke"


def test_bad_tables():
    frame = pd.DataFrame({"leadership": ["hub", None]}, index=["a", "b"])
    with pytest.raises(ValueError, match="in row 'b' no feature is known"):
        membership(frame)
    with pytest.raises(ValueError, match="row 'b' has external_ties 1.2, expected -1 to 1"):
        membership(pd.DataFrame({"external_ties": [0, 1.2]}, index=["a", "b"]))
    with pytest.raises(ValueError, match="anchor_owner in row 'b' is 'stat'.*did you mean 'state'"):
        network_membership(pd.DataFrame({"anchor_owner": ["none", "stat"]}, index=["a", "b"]))
    twice = pd.DataFrame([["hub", "state"]], columns=["leadership", "leadership"])
    with pytest.raises(ValueError, match="'leadership' is given twice"):
        membership(twice)
    with pytest.raises(ValueError, match="'leadership' is given twice"):
        membership(twice.iloc[0])
    clash = pd.DataFrame(
        {
            "leadership": ["hub", "none"],
            "prevailing market structure": [
                "large firms with suppliers",
                "government institutions",
            ],
        },
        index=["a", "b"],
    )
    with pytest.raises(ValueError, match="contradicts itself in row 'b'"):
        membership(clash)
    with pytest.raises(ValueError, match="replicates is 0"):
        membership({"leadership": "hub"}, replicates=0)
    with pytest.raises(TypeError, match="found list"):
        membership(["hub"])


def test_levels_are_listed():
    listed = districts.levels()
    assert listed["leadership"] == "none, hub, parent elsewhere, state"
    assert listed["contract length"] == "short, long; or 0 to 1"
    assert listed["external_ties"] == "-1 to 1"
    assert len(listed) == 26
