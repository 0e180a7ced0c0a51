"""Reading and checking indicator tables: every layout, and everything that can be wrong."""

import numpy as np
import pandas as pd
import pytest

from clusterlab.diamond import read_indicators, score
from clusterlab.diamond.indicators import arrange

MAPPING = {"factor conditions": ["roads", "skills"], "demand conditions": ["buyers"]}
WIDE = pd.DataFrame(
    {"place": ["A", "B", "C"], "roads": [3, 5, 4], "skills": [2, 6, 4], "buyers": [4, 1, 7]}
)


def long_table():
    long = WIDE.melt(id_vars="place", var_name="indicator")
    long["facet"] = long["indicator"].map(
        {"roads": "factor conditions", "skills": "factor conditions", "buyers": "demand conditions"}
    )
    return long


def series_table():
    """As the 2019 workbook of the Global Competitiveness Index is laid out; figures made up."""
    values = WIDE.set_index("place").T
    rows = []
    for attribute, shift in (("SCORE", 0), ("RANK", 10)):
        for name in values.index:
            row = {
                "Index": "Made up",
                "Edition": 2019,
                "Series name": name,
                "Series order": 1,
                "Attribute": attribute,
            }
            rows.append(row | {place: values.loc[name, place] + shift for place in values})
    return pd.DataFrame(rows)


def test_three_layouts_give_the_same_table(tmp_path):
    wide = read_indicators(WIDE, facets=MAPPING)
    long = read_indicators(long_table(), layout="long", facet="facet")
    heading = "Made up workbook\n,\n,\n"
    path = tmp_path / "own.csv"
    path.write_text(heading + series_table().to_csv(index=False))
    series = read_indicators(
        path,
        layout="series",
        indicator="Series name",
        where={"Edition": 2019, "Attribute": "SCORE"},
        facets=MAPPING,
        skip_rows=3,
    )
    pd.testing.assert_frame_equal(wide, long)
    pd.testing.assert_frame_equal(wide, series)


def test_a_workbook(tmp_path):
    pytest.importorskip("openpyxl")
    path = tmp_path / "own.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"made": ["up"]}).to_excel(book, sheet_name="About")
        series_table().to_excel(book, sheet_name="Data", startrow=3, index=False)
    table = read_indicators(
        path,
        layout="series",
        indicator="Series name",
        sheet="Data",
        skip_rows=3,
        facets=MAPPING,
        where={"Edition": 2019, "Attribute": "SCORE"},
    )
    pd.testing.assert_frame_equal(table, read_indicators(WIDE, facets=MAPPING))


def test_an_edition_read_as_a_decimal_number_is_found():
    series = series_table().astype({"Edition": float})
    where = {"Edition": 2019, "Attribute": "SCORE"}
    table = read_indicators(
        series, layout="series", indicator="Series name", where=where, facets=MAPPING
    )
    assert len(table) == 3


def test_marks_of_ones_own_mean_not_known():
    table = WIDE.astype(object)
    table.iloc[1, 1] = "k.A."
    read = read_indicators(table, facets=MAPPING, missing_marks=["k.A."])
    assert read.isna().sum().sum() == 1


def test_a_file_of_places_takes_its_first_column_as_the_place(tmp_path):
    path = tmp_path / "own.tsv"
    WIDE.rename(columns={"place": "economy"}).to_csv(path, sep="\t", index=False)
    assert read_indicators(path, facets=MAPPING).index.tolist() == ["A", "B", "C"]


def test_marks_of_missing_values_become_missing_and_are_reported():
    own = WIDE.astype(object)
    own.loc[1, "skills"] = "N/Appl."
    table = read_indicators(own, facets=MAPPING)
    assert np.isnan(table.loc["B", ("factor conditions", "skills")])
    with pytest.raises(ValueError, match=r"1 of 3 places lack indicators: B \(skills\)"):
        score(table)


def test_the_input_is_not_changed():
    before = WIDE.copy()
    table = read_indicators(WIDE, facets=MAPPING)
    kept = table.copy()
    score(table, reverse=["roads"])
    pd.testing.assert_frame_equal(WIDE, before)
    pd.testing.assert_frame_equal(table, kept)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"facets": {"f": ["road"]}}, ValueError, "'road'.*did you mean 'roads'"),
        ({"facets": {"f": []}}, ValueError, "facet 'f' needs a list of indicators"),
        ({"facets": {"f": "roads"}}, ValueError, "facet 'f' needs a list of indicators"),
        ({"facets": {}}, ValueError, "facets is empty"),
        ({"facets": {"f": ["roads"], "g": ["roads"]}}, ValueError, "more than once"),
        ({"facets": MAPPING, "facet": "facet"}, ValueError, "facets= .* or facet= .* not both"),
        ({"facet": "facet"}, ValueError, "long layout"),
        ({"facets": MAPPING, "where": {"x": 1}}, ValueError, "no column 'x'"),
        (
            {"facets": MAPPING, "layout": "long", "value": "rating"},
            ValueError,
            "no column 'indicator'",
        ),
    ],
)
def test_what_is_wrong_is_said(options, kind, message):
    with pytest.raises(kind, match=message):
        read_indicators(WIDE, **options)


def test_the_layout_is_found_from_the_columns():
    wide = read_indicators(WIDE, facets=MAPPING)
    pd.testing.assert_frame_equal(read_indicators(long_table(), facet="facet"), wide)
    series = read_indicators(
        series_table(),
        indicator="Series name",
        where={"Edition": 2019, "Attribute": "SCORE"},
        facets=MAPPING,
    )
    pd.testing.assert_frame_equal(series, wide)


def test_without_facets_each_indicator_stands_for_itself():
    alone = read_indicators(WIDE)
    assert all(facet == indicator for facet, indicator in alone.columns)
    assert alone.shape[1] == WIDE.shape[1] - ("place" in WIDE.columns)


def test_years_stacked_in_a_wide_table_are_told_apart_by_where():
    stacked = pd.concat([WIDE.assign(year=2010), WIDE.assign(year=2011)])
    found = read_indicators(stacked, where={"year": 2010})
    assert "year" not in found.columns.get_level_values(1)
    pd.testing.assert_frame_equal(found, read_indicators(WIDE))
    with pytest.raises(ValueError, match="more than once"):
        read_indicators(stacked, facets=MAPPING)


def test_where_without_rows_names_what_there_is():
    with pytest.raises(ValueError, match="no row has Edition = 2018; found 2019"):
        read_indicators(
            series_table(),
            layout="series",
            indicator="Series name",
            where={"Edition": 2018},
            facets=MAPPING,
        )


def test_two_values_for_one_series_are_refused():
    with pytest.raises(ValueError, match=r"more than one value for Series name 'roads'"):
        read_indicators(series_table(), layout="series", indicator="Series name", facets=MAPPING)
    long = pd.concat([long_table(), long_table().iloc[[0]]])
    with pytest.raises(ValueError, match="more than one value for place 'A', indicator 'roads'"):
        read_indicators(long, layout="long", facet="facet")


def test_text_where_a_number_belongs_is_named_with_its_place():
    own = WIDE.astype(object)
    own.loc[2, "buyers"] = "high"
    with pytest.raises(ValueError, match="'buyers' of 'C' is 'high', expected a number"):
        read_indicators(own, facets=MAPPING)


def test_no_file():
    with pytest.raises(FileNotFoundError, match="there is no file"):
        read_indicators("nowhere.csv", facets=MAPPING)


def test_indicator_under_two_facets():
    long = long_table()
    long.loc[0, "facet"] = "demand conditions"
    with pytest.raises(ValueError, match="'roads' stands under more than one facet"):
        read_indicators(long, layout="long", facet="facet")
    long.loc[4, "facet"] = "demand conditions"  # of two the first is named
    with pytest.raises(ValueError, match="'roads' stands under more than one facet"):
        read_indicators(long, layout="long", facet="facet")


def test_arrange_keeps_the_order_of_the_facets():
    table = arrange(WIDE.set_index("place"), {"demand conditions": ["buyers"], **MAPPING})
    assert list(dict.fromkeys(table.columns.get_level_values(0))) == [
        "demand conditions",
        "factor conditions",
    ]
