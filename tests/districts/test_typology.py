"""The document's table, read a second time by hand, and the two typologies beside it."""

import pytest

from clusterlab import datasets, districts
from clusterlab.districts import TYPES

# Table 1 of guerrieri-pietrobelli-2001 typed a second time from the text, each cell shortened to
# a code of this test: initials of the words, in the table's order of types.
H, M, MH, LM, L, LN, N = 3, 2, 2.5, 1.5, 1, 0.5, 0
ORDERED = {
    "economies of scale": (L, H, H, H),
    "local firms' activity": (H, L, LM, LN),
    "buyer-producer cooperation": (H, L, LN, L),
    "contract length": (1, 1, 0, 0),
    "cooperation outside the district": (L, H, H, H),
    "personnel exchanges": (H, M, H, MH),
    "local cultural identity": (H, H, LN, H),
    "patient capital": (H, L, N, N),
    "local trade associations": (H, LN, N, L),
}
EQUAL = {  # which cells of a row say the same, in the rows without order
    "prevailing market structure": "abcd",
    "intra-district trade": "abcd",
    "key investments": "abcd",
    "labour market": "abcd",
    "workers' commitment": "abbc",
    "labour immigration": "aaba",
    "labour out-migration": "abca",
    "finance and technical assistance": "abcd",
    "role of local government": "aaab",
    "long-term growth outlook": "abcd",
}
WORDS = {  # words of our codes that a cell cannot do without
    ("prevailing market structure", "Marshallian"): "small",
    ("prevailing market structure", "satellite"): "outside",
    ("prevailing market structure", "state-anchored"): "government",
    ("intra-district trade", "satellite"): "minimal",
    ("key investments", "Marshallian"): "local",
    ("key investments", "hub-and-spoke"): "worldwide",
    ("key investments", "satellite"): "external",
    ("labour market", "Marshallian"): "highly flexible",
    ("labour market", "state-anchored"): "national",
    ("workers' commitment", "satellite"): "large firm",
    ("workers' commitment", "state-anchored"): "institution",
    ("labour immigration", "satellite"): "skilled",
    ("labour out-migration", "hub-and-spoke"): "moderate",
    ("labour out-migration", "state-anchored"): "low",
    ("finance and technical assistance", "hub-and-spoke"): "large firm",
    ("finance and technical assistance", "state-anchored"): "public",
    ("role of local government", "state-anchored"): "infrastructure",
    ("long-term growth outlook", "satellite"): "relocation",
    ("long-term growth outlook", "Marshallian"): "good",
}
ITALIAN = {
    "buyer-producer cooperation",
    "personnel exchanges",
    "local trade associations",
    "role of local government",
}


def test_nineteen_features_of_four_types():
    table = districts.types_table()
    assert table.shape == (19, 4)
    assert tuple(table.columns) == TYPES
    assert set(table.index) == {*ORDERED, *EQUAL}
    assert "leadership" not in table.index
    assert not table.isna().any(axis=None)


def test_ordered_cells():
    codes = districts.types_table("code")
    for feature, expected in ORDERED.items():
        assert tuple(codes.loc[feature]) == expected, feature
    assert codes.drop(list(ORDERED)).isna().all(axis=None)


def test_cells_without_order():
    table = districts.types_table()
    for feature, pattern in EQUAL.items():
        cells = list(table.loc[feature])
        for i in range(4):
            for j in range(4):
                assert (cells[i] == cells[j]) == (pattern[i] == pattern[j]), feature
    for (feature, kind), word in WORDS.items():
        assert word in table.loc[feature, kind], (feature, kind)


def test_conditions_are_noted():
    notes = districts.types_table("condition")
    italian = notes.index[notes["Marshallian"].str.contains("Italian")]
    assert set(italian) == ITALIAN
    assert "institution leaves" in notes.loc["labour out-migration", "state-anchored"]
    assert "services" in notes.loc["local firms' activity", "hub-and-spoke"]
    assert "parent company" in notes.loc["cooperation outside the district", "satellite"]
    assert not notes.isna().any(axis=None)


def test_same_word_same_code():
    cells = datasets.load("district_types").dropna(subset=["code"])
    assert (cells.groupby("level")["code"].nunique() == 1).all()


def test_unknown_show():
    with pytest.raises(ValueError, match="show is 'words', .* one of 'level', 'code', 'condition'"):
        districts.types_table("words")


def test_leadership_tells_all_pairs_apart_and_eight_rows_of_the_table_do_too():
    apart = districts.distinct()
    assert apart.index[0] == "leadership"
    assert apart.loc["leadership"].all()
    assert apart.shape == (20, 6)
    # counted by hand from EQUAL: nine features separate every pair …
    assert set(apart.index[apart.all(axis=1)]) == {
        "leadership",
        *(name for name, pattern in EQUAL.items() if pattern == "abcd"),
        "local firms' activity",
        "local trade associations",
    }
    # … and contracts only the long from the short
    assert apart.loc["contract length"].tolist() == [False, True, True, True, True, False]
    assert list(districts.LEADERS.values()) == list(TYPES)


def test_modes():
    table = districts.modes_table()
    assert table["governance"].to_dict() == {
        "industrial district": "community",
        "networked firm": "hierarchy",
        "empirical cluster": "market",
    }
    assert "residual" in table.loc["empirical cluster", "standing"]
    assert "state" in table.loc["networked firm", "together_with"]
    assert (table.drop("networked firm")["together_with"] == "").all()


def test_collective_goods_counts_each_good_once():
    shares = districts.collective_goods(
        {"training": "hierarchy", "tests": ["community", "hierarchy"], "fairs": "market"}
    )
    assert shares.index[0] == "networked firm"
    assert shares["networked firm"] == pytest.approx(0.5)
    assert shares["industrial district"] == pytest.approx(1 / 6)
    assert shares.sum() == pytest.approx(1)


def test_collective_goods_refuses():
    with pytest.raises(ValueError, match="'training' is provided by 'comunity', .*'community'"):
        districts.collective_goods({"training": "comunity"})
    with pytest.raises(ValueError, match="no goods"):
        districts.collective_goods({})
    with pytest.raises(ValueError, match="nobody is named for 'training'"):
        districts.collective_goods({"training": []})
