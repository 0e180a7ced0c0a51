"""What recipes read, take out and say before they run."""

import numpy as np
import pandas as pd
import pytest

from clusterlab import recipes

JOBS = pd.DataFrame(
    {
        "city": ["A", "B", "C"],
        "crops": [30, 10, 5],
        "making": [4000, 1300, 2510],
        "all goods": [4210, 1900, 3000],
        "none": [0, 0, 0],
    }
)


def test_a_total_becomes_the_regions_totals_and_what_another_holds_is_found_by_it():
    whole = JOBS.assign(Total=JOBS["crops"] + JOBS["all goods"] + [1, 0, 0])  # noise of one
    table, totals, notes = recipes.read_table(whole, region="city")
    assert table.columns.tolist() == ["crops", "all goods"]
    assert totals.tolist() == [4241, 1910, 3005]
    assert any("'making' is counted once more" in note for note in notes)
    assert "The regions' totals are the numbers of 'Total'." in notes
    assert any("'none'" in note for note in notes), "an industry without any number is said"


def test_what_looks_like_a_total_is_kept_if_it_is_none():
    whole = JOBS.assign(Total=1000).drop(columns="none")
    table, totals, _ = recipes.read_table(whole, region="city", sums="keep")
    assert "Total" in table
    assert totals is None


def test_unknown_cells_are_counted_and_totals_said_to_be_too_small():
    long = JOBS.melt("city", var_name="trade", value_name="n").astype({"n": object})
    long.loc[4, "n"] = "D"
    names = {"region": "city", "industry": "trade", "value": "n"}
    table, totals, notes = recipes.read_table(long, **names, unknown=("D",))
    assert np.isnan(table.loc["B", "making"])
    assert totals["B"] == 1910
    assert "too small" in notes[-1]


def test_marks_of_unknown_cells_do_not_go_with_a_wide_frame():
    with pytest.raises(ValueError, match="wide frame"):
        recipes.read_table(JOBS, region="city", unknown=("D",))


def test_years_keep_what_all_have_and_join_what_was_renamed():
    tables = {2000: JOBS.rename(columns={"crops": "farms"}), 2010: JOBS}
    found, notes = recipes.read_years(tables, region="city")
    assert [*found] == [2000, 2010]
    assert found[2010].columns.tolist() == ["making", "all goods"]
    assert any("'farms', 'crops'" in note and "join" in note for note in notes)
    found, _ = recipes.read_years(tables, region="city", join={"farms": "crops"})
    assert (found[2000].sum() == found[2010].sum()).all()
    assert "crops" in found[2000]
    with pytest.raises(ValueError, match="'farm'.*'farms'"):
        recipes.read_years(tables, region="city", join={"farm": "crops"})


def test_a_cell_unknown_in_one_year_is_out_of_all():
    later = JOBS.astype({"making": float})
    later.loc[0, "making"] = np.nan
    found, notes = recipes.read_years({1: JOBS, 2: later}, region="city")
    assert found[1].loc["A", "making"] == found[2].loc["A", "making"] == 0
    assert any(note.startswith("1 cells are not known") for note in notes)


def test_a_list_names_the_row_that_holds_no_number(tmp_path):
    file = tmp_path / "plants.csv"
    file.write_text("x;y\n1,5;2\n;-3\nx;1\n")
    with pytest.raises(ValueError, match="line 4: column 'x' has 'x'"):
        recipes.read_rows(file, ["x", "y"], decimal=",")
    file.write_text("x;y\n1,5;2\n;-3\n")
    rows = recipes.read_rows(file, ["x", "y"], decimal=",")
    assert rows["y"].tolist() == [2, -3]
    assert np.isnan(rows["x"].iloc[1])


def test_a_panel_needs_years():
    with pytest.raises(ValueError, match="'gdp' and a year"):
        recipes.read_panel(JOBS, region="city", year=None, value="gdp")
    quarters = pd.DataFrame({"city": ["A"], "t": ["2001Q1"], "gdp": [3]})
    with pytest.raises(ValueError, match="'2001Q1'"):
        recipes.read_panel(quarters, region="city", year="t", value="gdp")
