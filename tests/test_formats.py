"""Files of every format that people have: the same table, or a refusal whose way on works."""

import builtins
import datetime
import gzip
import re
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clusterlab import agglomeration, diamond, formats, networks, reading, tables
from clusterlab.totals import level_of, without_totals

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("pyarrow")

ROOT = Path(__file__).parents[1]
NAMES = {"region": "county", "industry": "naics", "value": "emp"}
HEAD = [*NAMES.values()]
ROWS = [["01", "11", 3], ["01", "12", 4.5], ["02", "11", 5]]
RIGHT = {"11": {"01": 3, "02": 5}, "12": {"01": 4.5, "02": 0}}
LONG = pd.DataFrame(ROWS, columns=HEAD)


@pytest.fixture
def book(tmp_path):
    """Return a function that writes rows to a workbook and gives its path."""

    def write(*rows, merge=(), formats=(), sheets=(), title="Jobs"):
        made = openpyxl.Workbook()
        made.active.title = title
        for name, content in [(title, rows), *sheets]:
            page = made[name] if name in made.sheetnames else made.create_sheet(name)
            for row in content:
                page.append(row)
        for area in merge:
            made.active.merge_cells(area)
        for cell, form in formats:
            made.active[cell].number_format = form
        made.save(tmp_path / "jobs.xlsx")
        return tmp_path / "jobs.xlsx"

    return write


def read(path, **options):
    return tables.read(path, **{**NAMES, "absent": "zero", **options})


def refused(words, path, **options):
    with pytest.raises(ValueError, match=words) as caught:
        read(path, **options)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    return str(caught.value)


def offered(message, *names):
    """Return the arguments that a message offers."""
    found = {
        n: re.search(rf"\b{n}=(\[[^]]*\]|\([^)]*\)|'[^']*'|\{{[^}}]*\}}|\w+)", message)
        for n in names
    }
    return {name: eval(hit[1]) for name, hit in found.items() if hit}


# --- formats --------------------------------------------------------------------------------------


def as_eurostat(frame, dimensions, period, value):
    wide = frame.pivot(index=dimensions, columns=period, values=value)
    head = "\t".join([",".join(dimensions) + "\\TIME_PERIOD", *(f"{p} " for p in wide.columns)])
    lines = [
        "\t".join([",".join(key), *(": " if np.isnan(v) else f"{v:g} " for v in row)])
        for key, row in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    return "\n".join([head, *lines]) + "\n"


def write(frame, path):
    """Write a frame in the format that the end of the name tells."""
    if path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".dta":
        frame.to_stata(path, write_index=False)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as bundle:
            bundle.writestr("table/data.csv", frame.to_csv(index=False))
            bundle.writestr("table/read_me.md", "notes")
    else:
        frame.to_csv(path, index=False, sep={".csv": ";", ".tsv": "\t", ".txt": "|"}[path.suffix])
    return path


@pytest.mark.parametrize("end", [".xlsx", ".parquet", ".dta", ".zip", ".csv", ".tsv", ".txt"])
@pytest.mark.parametrize("other", ["", ".dat"])
def test_every_format_gives_the_same_table_whatever_its_name(tmp_path, end, other):
    path = write(LONG, tmp_path / f"jobs{end}")
    path = path.rename(path.with_suffix(other or end))
    table = read(path)
    assert table.to_dict() == RIGHT
    assert table.attrs["note"].startswith("2 regions x 2 industries from 3 rows; 1 of 4")
    assert networks.read(path, columns={"county": "source", "naics": "target"}).has_edge("02", "11")
    places = diamond.read_indicators(
        path, layout="long", place="county", indicator="naics", value="emp", facets={"f": ["11"]}
    )
    assert places["f", "11"].to_dict() == {"01": 3, "02": 5}


@pytest.mark.parametrize("end", [".xlsx", ".parquet", ".dta", ".zip"])
def test_wide_files_of_every_format(tmp_path, end):
    wide = pd.DataFrame({"land": ["BY", "BE"], "C": [1.5, 3], "D": [2, 1]})
    table = tables.read(write(wide, tmp_path / f"wide{end}"), region="land")
    assert table.to_dict() == {"C": {"BY": 1.5, "BE": 3}, "D": {"BY": 2, "BE": 1}}


@pytest.mark.parametrize("end", [".xlsx", ".parquet", ".dta"])
def test_gaps_are_refused_by_row_and_then_read_as_unknown(tmp_path, end):
    path = write(LONG.assign(emp=[3, np.nan, 5]), tmp_path / f"jobs{end}")
    message = refused(
        r"(cell C3|row 2) of jobs\.\w+: column 'emp' is empty; .*unknown=\('',\)", path
    )
    assert np.isnan(read(path, **offered(message, "unknown")).loc["01", "12"])


@pytest.mark.parametrize("end", [".xlsx", ".parquet", ".dta"])
def test_a_row_is_counted_over_all_pieces_of_a_file(tmp_path, monkeypatch, end):
    monkeypatch.setattr(formats, "_ROWS_AT_ONCE", 2)
    many = [f"{k:02}" for k in range(7)]
    frame = pd.DataFrame({"county": many, "naics": "11", "emp": [1.0, 2, 3, 4, 5, np.nan, 7]})
    refused(
        r"(cell C7|row 6) of jobs\.\w+: column 'emp' is empty",
        write(frame, tmp_path / f"jobs{end}"),
    )


def test_an_index_that_pandas_wrote_into_a_parquet_file_is_a_column(tmp_path):
    LONG.set_index("county").to_parquet(tmp_path / "jobs.parquet")
    assert read(tmp_path / "jobs.parquet").to_dict() == RIGHT


def test_labels_of_stata_are_read_and_not_their_numbers(tmp_path):
    frame = LONG.assign(
        county=LONG["county"].map({"01": "Napa", "02": "Modesto"}).astype("category")
    )
    frame.to_stata(tmp_path / "jobs.dta", write_index=False)
    assert read(tmp_path / "jobs.dta").loc["Napa"].tolist() == [3, 4.5]


@pytest.mark.parametrize("option", ["separator", "encoding", "skip_rows"])
def test_how_text_is_written_says_nothing_of_a_parquet_file(tmp_path, option):
    path = write(LONG, tmp_path / "jobs.parquet")
    refused(f"{option}= is for text files, but jobs.parquet is a Parquet", path, **{option: "1"})


@pytest.mark.parametrize(
    ("end", "package"), [(".xlsx", "openpyxl"), (".parquet", "pyarrow"), ("frame", "narwhals")]
)
def test_a_package_that_is_not_there_is_asked_for(tmp_path, monkeypatch, end, package):
    path = None if end == "frame" else write(LONG, tmp_path / f"jobs{end}")
    arrow = None if path else pytest.importorskip("pyarrow").Table.from_pandas(LONG)
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == package:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(
        ValueError, match=rf"needs the package {package}: pip install 'clusterlab\[files\]'\.$"
    ):
        read(path) if path else tables.from_long(arrow, **NAMES)


# --- workbooks ------------------------------------------------------------------------------------


def test_numbers_kept_as_text_are_numbers(book):
    assert read(book(HEAD, ["01", "11", "3"], ["02", "11", "1234"])).to_dict() == {
        "11": {"01": 3, "02": 1234}
    }
    message = refused("cell C2 of jobs.xlsx.*'1.234'", book(HEAD, ["01", "11", "1.234"]))
    assert (
        read(book(HEAD, ["01", "11", "1.234"]), **offered(message, "thousands")).iloc[0, 0] == 1234
    )


def test_codes_that_are_numbers_are_told_and_a_format_of_zeros_is_kept(book):
    rows = [HEAD, [1001, 11, 3], [10001, 11, 4]]
    table = read(book(*rows))
    assert table.index.tolist() == ["10001", "1001"]
    assert "'county' are numbers in jobs.xlsx" in table.attrs["note"]
    assert "1001 may have been 01001." in table.attrs["note"]
    table = read(book(*rows, formats=[("A2", "00000"), ("A3", "00000")]))
    assert table.index.tolist() == ["01001", "10001"]
    assert "may have been" not in table.attrs["note"]


def test_a_formula_without_a_result_is_refused_by_its_cell(book):
    path = book(HEAD, ["01", "11", 3], ["02", "11", "=C2*2"])
    for unknown in ((), ("",)):
        message = refused(
            r"^cell C3 of jobs.xlsx holds a formula \('=C2\*2'\)", path, unknown=unknown
        )
    assert "save it there" in message
    assert read(book(HEAD, ["01", "11", 3], ["02", "11", 6])).loc["02", "11"] == 6  # as advised


def test_errors_of_formulas_and_dates_are_no_labels(book):
    refused("cell A2 .*'#N/A', the error of a formula", book(HEAD, ["#N/A", "11", 3]))
    date = datetime.datetime(2019, 12, 10)
    refused("cell B2 .* the date 2019-12-10, .*such as 10-12", book(HEAD, ["01", date, 3]))
    message = refused("cell C2 .*'#DIV/0!'", path := book(HEAD, ["01", "11", "#DIV/0!"], ROWS[2]))
    assert np.isnan(read(path, **offered(message, "unknown")).loc["01", "11"])


def test_a_title_above_and_notes_below_are_left_out_as_advised(book):
    path = book(["Jobs"], [], HEAD, *ROWS, [], ["Source: the office"], ["2019"], merge=["A1:C1"])
    message = refused("names its columns in row 3; pass skip_rows=2", path)
    message = refused(
        r"row 8 .*'Source: the office'.*skip_rows=\[8, 9\]", path, **offered(message, "skip_rows")
    )
    lines = offered(message, "skip_rows")["skip_rows"]
    assert read(path, skip_rows=[1, 2, *lines]).to_dict() == RIGHT
    path = book(HEAD, *ROWS, ["Source: the office"])
    assert read(path, **offered(refused("row 5 ", path), "skip_rows")).to_dict() == RIGHT


def test_a_region_of_which_nothing_is_known_is_kept_as_advised(book):
    rows = [["land", "C", "D"], ["BY", 1, 2], ["BE", None, None]]
    with pytest.raises(ValueError, match="row 3 of .*'BE'.*write a mark"):
        tables.read(book(*rows), region="land", unknown=("",))
    rows[2] = ["BE", ":", ":"]
    table = tables.read(book(*rows), region="land", unknown=(":",))
    assert table.loc["BE"].isna().all()


def test_columns_named_over_two_rows_are_refused_with_the_merged_cells(book):
    top = ["county", "Industry", None]
    path = book(top, [None, "naics", "emp"], *ROWS, merge=["B1:C1"])
    refused(r"over merged cells \(B1:C1\); write the name of each column into one row", path)
    path = book(top, HEAD, *ROWS, merge=["B1:C1"])
    assert read(path, **offered(refused("row 2", path), "skip_rows")).to_dict() == RIGHT
    wide = book(["land", "Jobs", None], [None, "C", "D"], ["BY", 1, 2], merge=["B1:C1"])
    with pytest.raises(
        ValueError, match=r"cell C2 .*'D'.*row 1 .*B1:C1 are merged.*write one there"
    ):
        tables.read(wide, region="land")


def test_a_merged_label_is_named_with_its_cells(book):
    path = book(HEAD, ["BY", "11", 3], [None, "12", 4], ["BE", "11", 5], merge=["A2:A3"])
    refused(
        "cell A3 of jobs.xlsx .*merged cells A2:A3; part them and fill each.*'county' is empty",
        path,
    )


def test_what_stands_beside_the_table_is_refused(book):
    path = book(HEAD, ["01", "11", 3, None, "see below"])
    refused("cell E2 of jobs.xlsx is filled .*'see below'.*gives its column no name", path)
    assert read(book([*HEAD, None, "notes"], ["01", "11", 3, None, "see below"])).iloc[0, 0] == 3


def test_the_sheet_that_has_the_columns_is_offered(book):
    path = book(["About"], title="About", sheets=[("Data", [HEAD, *ROWS])])
    message = refused("not in 'About'; pass sheet='Data'", path)
    for sheet in (offered(message, "sheet")["sheet"], 1):
        assert read(path, sheet=sheet).to_dict() == RIGHT
    assert networks.read(path, columns={"county": "source", "naics": "target"}, sheet=1).size() == 3
    assert tables.read_text(path, sheet="Data").loc[2].tolist() == ROWS[0]
    refused("no sheet 'Dat'; did you mean 'Data'", path, sheet="Dat")
    refused("no sheet 7; it has About, Data", path, sheet=7)


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_workbooks_in_pieces(book, monkeypatch, at_once):
    monkeypatch.setattr("clusterlab.formats._ROWS_AT_ONCE", at_once)
    assert read(book(HEAD, *ROWS)).to_dict() == RIGHT
    refused(r"row 5 .*skip_rows=\[5\]|cell B5 .*is empty", book(HEAD, *ROWS, ["Source"]))
    refused("cell C4 .*negative", book(HEAD, *ROWS[:2], ["02", "11", -5]))


def test_a_sheet_whose_size_is_written_wrongly_is_read_whole(book, tmp_path):
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(book(HEAD, *ROWS)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, re.sub(rb'dimension ref="[^"]*"', b'dimension ref="A1:B2"', text))
    assert read(path).to_dict() == RIGHT


def test_a_workbook_that_swells_without_end_is_refused(book, monkeypatch):
    path = book(HEAD, *ROWS * 99)
    monkeypatch.setattr(reading, "_SWELLS_TO", 1000)
    monkeypatch.setattr(reading, "_SWELLS_BY", 1)
    refused("jobs.xlsx unpacks to more than 1 times its size", path)


def test_bad_columns_of_a_workbook(book):
    refused("no column 'county'; did you mean 'country'", book(["country", "naics", "emp"], *ROWS))
    refused("2 columns named 'emp'", book([*HEAD, "emp"], ["01", "11", 3, 4]))
    refused("jobs.xlsx is empty", book())
    refused("no rows", book(HEAD))


# --- the same trouble in every format --------------------------------------------------------------

YEARS = pd.DataFrame(
    {
        "county": ["01", "02", "Total"] * 2,
        "naics": "11",
        "year": [2018] * 3 + [2019] * 3,
        "emp": [3, 4, 7, 5, 6, 11],
    }
)
YEARS = pd.concat([YEARS, YEARS.assign(naics="52", emp=[30, 1, 31, 2, 90, 92])])


@pytest.mark.parametrize("end", [".xlsx", ".parquet", ".dta", ".csv"])
def test_years_and_totals_are_taken_apart_as_advised(tmp_path, end):
    path = write(YEARS, tmp_path / f"jobs{end}")
    message = refused("'year' has 2 values .*several tables in one", path)
    where = offered(message, "where")
    table = read(path, **where)
    assert "region 'Total' is the total of the others" in table.attrs["note"]
    assert table.loc["Total"].tolist() == [11, 92]
    table = read(path, **where, totals="drop")
    assert table.to_dict() == {"11": {"01": 5, "02": 6}, "52": {"01": 2, "02": 90}}
    assert table.attrs["note"].endswith("the total 'Total' left out.")
    refused("years|several tables", path, duplicates="sum")


@pytest.mark.parametrize("end", [".xlsx", ".parquet", ".dta", ".csv"])
def test_a_column_that_is_not_there_is_named(tmp_path, end):
    path = write(LONG, tmp_path / f"jobs{end}")
    message = refused("has no column 'empl'; did you mean 'emp'", path, value="empl")
    assert message.endswith("Its columns: county, naics, emp.")


# --- levels and totals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "level"),
    [
        *[
            ("11", 2),
            ("31-33", 2),
            ("311", 3),
            ("311///", 3),
            ("31----", 2),
            ("31 Manufacturing", 2),
        ],
        *[
            ("C", 1),
            ("C10", 2),
            ("C10-C12", 2),
            ("C10.1", 3),
            ("10.11", 4),
            ("B-E", 1),
            ("0111", 4),
        ],
        *[("00", 0), ("------", 0), ("TOTAL", 0), ("Total", 0), ("Wine", 0), (31, 2), (311.0, 3)],
    ],
)
def test_levels_of_codes(code, level):
    assert level_of(code) == level


CODES = "county,naics,emp\n" + "".join(
    f"{county},{code},{jobs}\n"
    for county, scale in (("01", 1), ("02", 3))
    for code, jobs in [
        ("00", 90),
        ("31-33", 50),
        ("311", 30),
        ("312", 20),
        ("44-45", 40),
        ("441", 40),
    ]
    for jobs in [jobs * scale + (code == "00") * 0]
)


def test_one_level_is_read_and_the_rest_is_told(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(CODES + "03,00,7\n")
    table = read(path, level=3)
    assert table.columns.tolist() == ["311", "312", "441"]
    assert table.attrs["note"] == (
        "2 regions x 3 industries from 6 rows; industries of level 3; left out: 1 without a level, such "
        "as a total ('00') and 2 of level 2 ('31-33', '44-45'); region '03' with none of that level left out."
    )
    assert read(path, level=2).columns.tolist() == ["31-33", "44-45"]
    message = refused(
        "no industry has a code of level 5.* 3 of level 3 .'311', '312', '441'", path, level=5
    )
    assert "('00')" in message
    frame = pd.read_csv(path, dtype={"county": str})
    pd.testing.assert_frame_equal(
        tables.from_long(frame, **NAMES, level=3),
        table,
        check_index_type=False,
        check_column_type=False,
    )


def test_levels_that_are_mixed_are_told_with_the_way_to_one(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("\n".join(line for line in CODES.splitlines() if ",00," not in line) + "\n")
    table = read(path)
    assert "industry '31-33' contains '311', '312'" in table.attrs["note"]
    with pytest.raises(ValueError, match="contains"):
        agglomeration.hoover(table)
    way = offered(table.attrs["note"], "level")
    assert way == {"level": 2}
    assert agglomeration.hoover(read(path, **way)).index.tolist() == ["31-33", "44-45"]


def test_one_level_of_a_wide_file(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("county,00,31-33,311,312\n01,90,50,30,20\n02,27,15,9,6\n")
    assert tables.read(path, region="county", level=3).columns.tolist() == ["311", "312"]
    with pytest.raises(ValueError, match="no industry has a code of level 4"):
        tables.read(path, region="county", level=4)


def test_rows_of_other_levels_need_no_numbers(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("county,naics,emp\n01,31,D\n01,311,5\n02,311,6\n")
    assert read(path, level=3).to_dict() == {"311": {"01": 5, "02": 6}}
    path.write_text("county,naics,emp\n01,,4\n01,311,5\n")
    refused("line 2 of jobs.csv: column 'naics' is empty", path, level=3)


def test_totals_are_dropped_only_where_the_numbers_agree():
    table = pd.DataFrame({"Total": [1.0, 2], "wine": [30.0, 10]}, index=["A", "B"])
    assert without_totals(table)[1] == []
    table["all"] = [31.0, 12]
    left, gone = without_totals(table)
    assert gone == ["all"]
    assert left.columns.tolist() == ["Total", "wine"]


# --- Eurostat ---------------------------------------------------------------------------------------

TSV = (
    "freq,unit,nace_r2,geo\\TIME_PERIOD\t2018 \t2019 \n"
    "A,THS,C,DE11\t12.5 \t13 b\nA,THS,D,DE11\t: \t4 \nA,THS,C,DE12\t2 e\t: c\nA,THS,D,DE12\t7 \t8 \n"
)
EUROSTAT = {"region": "geo", "industry": "nace_r2", "value": "value"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("time", ["TIME_PERIOD", "time"])
def test_a_table_of_eurostat_is_read_as_advised(tmp_path, pack, time):
    path = tmp_path / "nama.tsv.gz"
    path.write_bytes(pack(TSV.replace("TIME_PERIOD", time).encode()))
    message = refused(r"line 3 of nama.tsv.gz, period 2018: .*':'", path, **EUROSTAT)
    way = offered(message, "unknown")
    message = refused("'period' has 2 values .*where=", path, **EUROSTAT, **way)
    way |= offered(message, "where")
    table = tables.read(path, **EUROSTAT, **way)
    assert table.fillna(-1).to_dict() == {
        "C": {"DE11": 13, "DE12": -1},
        "D": {"DE11": 4, "DE12": 8},
    }
    flagged = tables.read_text(path)
    assert flagged[flagged["period"] == "2018"]["flag"].tolist() == ["", "", "e", ""]
    refused(
        "did you mean 'period'.*period, value, flag", path, **EUROSTAT, where={time.upper(): 2019}
    ) if time != "time" else None


# --- frames of others -------------------------------------------------------------------------------


def frames():
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    arrow = pytest.importorskip("pyarrow")
    return {
        "polars": polars.from_pandas,
        "lazy": lambda frame: polars.from_pandas(frame).lazy(),
        "arrow": lambda frame: arrow.Table.from_pandas(frame, preserve_index=False),
        "duckdb": lambda frame: duckdb.from_df(frame),
    }


@pytest.mark.parametrize("kind", ["polars", "lazy", "arrow", "duckdb"])
def test_frames_of_others_give_the_same_table(kind):
    make = frames()[kind]
    for frame, options in [
        (LONG, {}),
        (pd.concat([LONG, LONG]), {"duplicates": "sum"}),
        (pd.concat([LONG, LONG]), {"duplicates": "mean"}),
        (YEARS, {"where": {"year": 2019}}),
        (YEARS, {"where": {"year": "2019"}, "duplicates": "sum"}),
        (YEARS, {"where": {"year": [2018, 2019]}, "duplicates": "sum", "totals": "drop"}),
        (LONG.assign(emp=["1,5", "2", "3"]), {"decimal": ",", "duplicates": "sum"}),
        (LONG.assign(emp=[3, None, 5]), {"unknown": ("",), "duplicates": "sum"}),
        (pd.concat([LONG, LONG.assign(emp=[3, None, 5])]), {"unknown": ("",), "duplicates": "sum"}),
    ]:
        table = tables.from_long(make(frame), **NAMES, absent="zero", **options)
        own = tables.from_long(frame, **NAMES, absent="zero", **options)
        pd.testing.assert_frame_equal(table, own, check_index_type=False, check_column_type=False)


@pytest.mark.parametrize("kind", ["polars", "lazy", "arrow", "duckdb"])
@pytest.mark.parametrize("duplicates", ["refuse", "sum"])
def test_frames_of_others_are_refused_in_the_same_words(kind, duplicates):
    make = frames()[kind]
    for frame, words in [
        (LONG.assign(emp=[3, -1, 5]), "column 'emp' has .*-1|column 'emp' has a negative"),
        (LONG.assign(emp=[3, None, 5]), "column 'emp' is empty.*unknown"),
        (LONG.assign(county=["01", None, "02"]), "column 'county' is empty"),
        (
            LONG.rename(columns={"emp": "empl"}),
            "the table has no column 'emp'; did you mean 'empl'",
        ),
        (YEARS, "column 'year' has 2 values"),
    ]:
        with pytest.raises(ValueError, match=words):
            tables.from_long(make(frame), **NAMES, absent="zero", duplicates=duplicates)


@pytest.mark.parametrize("kind", ["lazy", "duckdb"])
def test_a_negative_number_is_found_within_a_sum_and_beside_a_gap(kind):
    frame = pd.DataFrame({"county": ["a", "b", "b"], "naics": "11", "emp": [None, -2, 5]})
    with pytest.raises(ValueError, match=r"column 'emp' has a negative value \(-2\)"):
        tables.from_long(frames()[kind](frame), **NAMES, duplicates="sum", unknown=("",))


def test_a_register_with_years_of_founding_is_summed_by_the_database():
    duckdb = pytest.importorskip("duckdb")
    founded = pd.DataFrame(
        {"county": "01", "naics": "11", "year": [1990, 1990, 2001], "emp": [3, 4, 5]}
    )
    table = tables.from_long(duckdb.from_df(founded), **NAMES, duplicates="sum")
    assert table.iloc[0, 0] == 12


@pytest.mark.parametrize("how", ["sum", "mean"])
def test_rows_put_together_on_the_way_change_nothing(tmp_path, monkeypatch, how):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "county": rng.integers(10, 30, 3000).astype(str),
            "naics": rng.integers(10, 20, 3000).astype(str),
            "emp": rng.integers(0, 99, 3000).astype(float),
        }
    )
    path = write(frame, tmp_path / "jobs.parquet")
    whole = read(path, duplicates=how)
    monkeypatch.setattr("clusterlab.formats._ROWS_AT_ONCE", 100)
    monkeypatch.setattr(tables, "_ROWS_HELD", 250)
    in_pieces = read(path, duplicates=how)
    pd.testing.assert_frame_equal(in_pieces, whole)
    assert in_pieces.attrs == whole.attrs
    expected = frame.groupby(["county", "naics"])["emp"].agg(how).unstack(fill_value=0)
    np.testing.assert_allclose(whole, expected)


@pytest.mark.parametrize("year", [[2018, 2019], [1990, 1990]])
def test_rows_put_together_are_years_of_a_table_or_of_its_rows(tmp_path, monkeypatch, year):
    pairs = pd.DataFrame({"county": [f"{k:02d}" for k in range(50)], "naics": "11", "emp": 1})
    frame = pd.concat([pairs.assign(year=each) for each in year])
    monkeypatch.setattr("clusterlab.formats._ROWS_AT_ONCE", 10)
    monkeypatch.setattr(tables, "_ROWS_HELD", 15)
    path = write(frame, tmp_path / "jobs.parquet")
    if len(set(year)) == 2:
        refused("'year' has 2 values", path, duplicates="sum")
    else:
        frame["year"] = np.arange(100) % 7
        write(pd.concat([frame, frame]), path)
        assert (read(path, duplicates="sum") == 4).all(axis=None)


# --- the README's ten lines -------------------------------------------------------------------------


def lines_of_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]


def edited(code, **changes):
    """Return the code with the lines changed that set these names, and how many those are."""
    for name, value in changes.items():
        code, count = re.subn(
            rf"^{name} = .*$", lambda _, n=name, v=value: f"{n} = {v!r}", code, flags=re.M
        )
        assert count == 1
    return code, len(changes)


def metro(data, digits):
    end = ".csv.gz" if digits > 3 else ".csv"
    path = data / f"us_cbp_cbsa/cbp2019_cbsa_naics{digits}{end}"
    return pd.read_csv(path, dtype={"cbsa_code": str, "naics_code": str})


def real_files(data, folder):
    """Yield a real table in each format: path, names, options, and the frame it must come to."""
    CBSA = {"region": "cbsa_code", "industry": "naics_code", "value": "emp"}
    frame = pd.read_csv(data / "reat/G.regions.industries.csv")
    path = folder / "laender.xlsx"
    frame.to_excel(path, index=False, startrow=2, sheet_name="Data")
    names = {"region": "region", "industry": "ind_code", "value": "emp_all"}
    yield path, names, {"skip_rows": 2}, frame

    frame = metro(data, 4)
    yield write(frame, folder / "metro.parquet"), CBSA, {"absent": "zero"}, frame

    frame = pd.read_csv(
        data / "us_cbp_state/cbp_avg2012_2016_state_naics3.csv", dtype={"naics3": str}
    )
    names = {"region": "state", "industry": "naics3", "value": "emp"}
    yield write(frame, folder / "states.dta"), names, {"absent": "zero"}, frame

    frame = pd.read_csv(data / "reat/EU28.emp.csv", dtype={"time": str})
    path = folder / "eu.tsv"
    path.write_text(
        as_eurostat(frame, ["unit", "nace_r2", "s_adj", "na_item", "geo"], "time", "emp1000")
    )
    options = {"where": {"period": 2016}}
    yield (
        path,
        EUROSTAT,
        options,
        frame[frame["time"] == "2016"].rename(columns={"emp1000": "value"}),
    )

    frame = pd.read_csv(data / "australia/aus_state_anzsic_subdivision_nov_1984_2024.csv.gz")
    names = {"region": "state", "industry": "anzsic_subdivision", "value": "value"}
    options = {"absent": "zero", "where": {"year": 2024}}
    yield write(frame, folder / "australia.zip"), names, options, frame[frame["year"] == 2024]

    frame = metro(data, 2)
    path = folder / "metro.csv"
    frame.assign(emp=frame["emp"].map("{:,}".format).str.replace(",", ".")).to_csv(
        path, sep=";", index=False
    )
    options = {"absent": "zero", "level": 2, "thousands": "."}
    yield path, CBSA, options, frame[frame["naics_code"] != "00"]


@pytest.mark.realdata
def test_the_ten_lines_work_on_six_real_files_with_three_edits(real_data, tmp_path, capsys):
    for path, names, options, frame in real_files(real_data, tmp_path):
        code, edits = edited(lines_of_readme(), file=str(path), names=names, options=options)
        assert edits <= 3
        space = {}
        exec(code, space)
        keys = [names["region"], names["industry"]]
        own = frame.rename(columns={"value": names["value"]}).pivot(
            index=keys[0], columns=keys[1], values=names["value"]
        )
        table = space["jobs"]
        pd.testing.assert_frame_equal(
            table,
            own.fillna(0).sort_index().loc[table.index, table.columns].astype(float),
            check_index_type=False,
            check_column_type=False,
            check_names=False,
        )
        assert table.shape == own.shape, path.name
        assert len(capsys.readouterr().out) > 100
