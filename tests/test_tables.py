"""The one data shape: what is read, what is refused, and in which words."""

import bz2
import gc
import gzip
import lzma
import re
import subprocess
import sys
import textwrap
import warnings
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab import reading, tables
from clusterlab.agglomeration import location_quotient

LONG = "county,naics,jobs\n01,0111,5\n02,0111,1\n02,0112,4\n"
NAMES = {"region": "county", "industry": "naics", "value": "jobs"}


@pytest.fixture
def file(tmp_path):
    """Return a function that writes text or bytes to a file and gives its path."""

    def write(content, name="jobs.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def long(*rows, head="county,naics,jobs"):
    return "\n".join([head, *rows]) + "\n"


def fails(message, path, error=ValueError, **options):
    names = options.pop("names", NAMES)
    with pytest.raises(error, match=message) as caught:
        tables.read(path, **{**names, "absent": "zero", **options})
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- reading -------------------------------------------------------------------------------------


def test_long_file_becomes_regions_by_industries(file):
    table = tables.read(file(LONG), **NAMES, absent="zero")
    expected = pd.DataFrame(
        [[5.0, 0.0], [1.0, 4.0]],
        index=pd.Index(["01", "02"], name="county"),
        columns=pd.Index(["0111", "0112"], name="naics"),
    )
    pd.testing.assert_frame_equal(table, expected, check_column_type=False, check_index_type=False)
    assert table.attrs["note"] == (
        "2 regions x 2 industries from 3 rows; 1 of 4 region-industry pairs are not listed and "
        "were taken as zero."
    )


def test_codes_stay_text(file):
    rows = ["NA,007,1", "nan,007,2", "null,1e3,3", "None,TRUE,4", "0010,10,5"]
    table = tables.read(file(long(*rows)), **NAMES, absent="zero")
    assert set(table.index) == {"NA", "nan", "null", "None", "0010"}
    assert set(table.columns) == {"007", "1e3", "TRUE", "10"}
    assert table.loc["NA", "007"] == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_order_of_rows_does_not_matter(file, order):
    head, *rows = LONG.splitlines()
    table = tables.read(file(long(*[rows[k] for k in order], head=head)), **NAMES, absent="zero")
    pd.testing.assert_frame_equal(table, tables.read(file(LONG), **NAMES, absent="zero"))


def test_order_of_columns_and_other_columns_do_not_matter(file):
    rows = ["x,4,0112,02", "y,5,0111,01", "z,1,0111,02"]
    table = tables.read(file(long(*rows, head="other,jobs,naics,county")), **NAMES, absent="zero")
    pd.testing.assert_frame_equal(table, tables.read(file(LONG), **NAMES, absent="zero"))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_separator_is_found(file, mark):
    table = tables.read(file(LONG.replace(",", mark)), **NAMES, absent="zero")
    assert table.loc["02", "0112"] == 4


def test_separator_of_a_header_with_other_marks_in_it(file):
    text = 'county;naics;jobs;"a, b, c, d, e"\n01;0111;5;1\n'
    assert tables.read(file(text), **NAMES).loc["01", "0111"] == 5


def test_separator_can_be_said(file):
    assert tables.read(file("county:naics:jobs\n01:a:5\n"), **NAMES, separator=":").iloc[0, 0] == 5


def test_windows_line_ends_and_no_last_line_end(file):
    text = LONG.replace("\n", "\r\n").rstrip()
    pd.testing.assert_frame_equal(
        tables.read(file(text), **NAMES, absent="zero"),
        tables.read(file(LONG, "b.csv"), **NAMES, absent="zero"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encoding_is_found(file, encoding):
    text = long("Zürich,Käse,5", "Łódź,Käse,1")
    table = tables.read(file(text, encoding=encoding), **NAMES)
    assert table["Käse"].to_dict() == {"Zürich": 5, "Łódź": 1}
    assert table.index.name == "county"


def test_mark_of_encoding_does_not_stick_to_the_first_column(file):
    table = tables.read(file("jobs,county,naics\n5,A,x\n", encoding="utf-8-sig"), **NAMES)
    assert table.loc["A", "x"] == 5


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(long("Zürich,Käse,5"), id="in the first 8 kB"),
        pytest.param(long(*(f"R{k},Wine,1" for k in range(3000)), "Zürich,Wine,5"), id="far down"),
    ],
)
def test_text_of_windows_is_refused_with_a_hint_and_then_read(file, text):
    path = file(text, encoding="cp1252")
    assert "encoding='cp1252'" in fails(r"jobs.csv is not text in utf-8.*0xfc", path)
    table = tables.read(path, **NAMES, encoding="cp1252")
    assert table.loc["Zürich"].sum() == 5


def test_header_of_windows_is_refused_with_a_hint(file):
    path = file("county,naics,größe\nA,x,5\n", encoding="cp1252")
    fails("encoding='cp1252'", path, names={**NAMES, "value": "größe"})


@pytest.mark.parametrize(
    ("end", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)]
)
def test_compressed_files(file, end, pack):
    table = tables.read(file(pack(LONG.encode()), "jobs.csv" + end), **NAMES, absent="zero")
    pd.testing.assert_frame_equal(table, tables.read(file(LONG), **NAMES, absent="zero"))


def test_compressed_text_of_windows(file):
    path = file(gzip.compress("county;naics;jobs\nZürich;x;5\n".encode("cp1252")), "jobs.csv.gz")
    assert tables.read(path, **NAMES, encoding="cp1252").loc["Zürich", "x"] == 5


def test_values_with_a_fraction(file):
    table = tables.read(file(long("A,x,1.5", "B,x,2", "C,x,1e2")), **NAMES)
    assert table["x"].tolist() == [1.5, 2, 100]


def test_decimal_comma(file):
    path = file("county;naics;jobs\nA;x;1,5\nB;x;1.234,25\nC;x;7\n")
    assert tables.read(path, **NAMES, decimal=",")["x"].tolist() == [1.5, 1234.25, 7]


def test_decimal_comma_is_offered(file):
    path = file("county;naics;jobs\nA;x;1,5\n")
    assert "decimal=','" in fails("line 2 of jobs.csv: column 'jobs' has '1,5'", path)


def test_a_point_that_groups_no_thousands_is_refused_beside_a_decimal_comma(file):
    fails("line 2 of jobs.csv.*'1.5'", file("county;naics;jobs\nA;x;1.5\n"), decimal=",")


def test_reading_closes_its_files(file):
    path = file(LONG)
    with warnings.catch_warnings(record=True) as given_warnings:
        warnings.simplefilter("always")
        tables.read(path, **NAMES, absent="zero")
        gc.collect()
    assert [str(w.message) for w in given_warnings] == []


# --- wide files ----------------------------------------------------------------------------------

WIDE = "county,0111,0112\n02,1,4\n01,5,0\n"


def test_wide_file(file):
    table = tables.read(file(WIDE), region="county")
    assert table.index.tolist() == ["02", "01"]
    assert table.columns.tolist() == ["0111", "0112"]
    assert table.to_numpy().tolist() == [[1, 4], [5, 0]]


def test_wide_file_with_marks_and_comma(file):
    path = file("county;a;b\nA;(D);1.000\nB;3;4\n")
    table = tables.read(path, region="county", unknown=["(D)"], decimal=",")
    assert np.isnan(table.loc["A", "a"])
    assert table.loc["A", "b"] == 1000


def test_wide_file_misspelt_region(file):
    fails("no column 'cuonty'; did you mean 'county'", file(WIDE), names={"region": "cuonty"})


def test_wide_file_negative_and_text(file):
    names = {"region": "county", "absent": None}
    fails(
        "line 3 of jobs.csv: column 'a' has -2, which is negative",
        file("county,a\nA,1\nB,-2\n"),
        names=names,
    )
    fails(
        "line 3 of jobs.csv: column 'a' has 'few', which is not a number; if it means not published, pass"
        r" unknown=\('few',\)",
        file("county,a\nA,1\nB,few\n"),
        names=names,
    )


def test_wide_file_region_twice(file):
    path = file("county,a\nA,1\nB,2\nA,3\n")
    fails("region 'A' listed more than once", path, names={"region": "county"})


def test_wide_file_empty_region(file):
    fails("county.* empty", file("county,a\nA,1\n,2\n"), names={"region": "county"})


def test_wide_file_industry_twice(file):
    fails(
        "2 columns named 'a'|'a'.*more than once",
        file("county,a,a\nA,1,2\nB,2,3\n"),
        names={"region": "county"},
    )


def test_wide_file_without_industries_or_regions(file):
    fails("no industry", file("county\nA\n"), names={"region": "county"})
    fails("no region", file("county,a\n"), names={"region": "county"})


def test_wide_file_values_with_a_fraction(file):
    assert tables.read(file("r,a\nA,1.5\nB,2\n"), region="r")["a"].tolist() == [1.5, 2]


def test_half_a_long_file_is_refused(file):
    for names in ({"industry": "naics"}, {"value": "jobs"}):
        fails("give both industry= and value=", file(LONG), names={"region": "county", **names})


# --- pieces --------------------------------------------------------------------------------------


@pytest.mark.parametrize("at_once", [1, 2, 3, 7])
def test_pieces_make_the_same_table(file, monkeypatch, at_once):
    rng = np.random.default_rng(1)
    rows = [f"R{r},I{i},{rng.integers(1, 99)}" for r in range(6) for i in range(4)]
    path = file(long(*rng.permutation(rows)))
    whole = tables.read(path, **NAMES)
    monkeypatch.setattr(reading, "_ROWS_AT_ONCE", at_once)
    in_pieces = tables.read(path, **NAMES)
    pd.testing.assert_frame_equal(in_pieces, whole)
    assert in_pieces.attrs == whole.attrs


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("E,x,-1", "column 'jobs' has -1, which is negative"),
        ("E,x,many", "column 'jobs' has 'many', which is not a number"),
        ("E,x,", "column 'jobs' is empty; if that means not published"),
        (",x,5", "column 'county' is empty"),
        ("E,,5", "column 'naics' is empty"),
    ],
)
def test_line_numbers_stay_right_across_pieces(file, monkeypatch, at_once, row, words):
    monkeypatch.setattr(reading, "_ROWS_AT_ONCE", at_once)
    path = file(long("A,x,1", "B,x,1", "C,x,1", "D,x,1", row, "F,x,-9"))
    fails(f"^line 6 of jobs.csv: {words}", path)


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_first_of_two_bad_values_is_named(file, monkeypatch, at_once):
    monkeypatch.setattr(reading, "_ROWS_AT_ONCE", at_once)
    fails("^line 3.*-4", file(long("A,x,1", "B,x,-4", "C,x,many")))
    fails("^line 3.*many", file(long("A,x,1", "B,x,many", "C,x,-4")))


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_duplicates_across_pieces_are_named_with_their_lines(file, monkeypatch, at_once):
    monkeypatch.setattr(reading, "_ROWS_AT_ONCE", at_once)
    path = file(long("A,x,1", "B,x,2", "B,y,5", "C,x,7", "B,x,3", "B,x,4"))
    message = fails(r"the pair \('B', 'x'\) listed more than once", path)
    assert "line 3 of jobs.csv and line 6 of jobs.csv" in message
    assert "duplicates='sum'" in message
    assert "duplicates='mean'" in message
    total = tables.read(path, **NAMES, absent="zero", duplicates="sum")
    mean = tables.read(path, **NAMES, absent="zero", duplicates="mean")
    assert total.loc["B", "x"] == 9
    assert mean.loc["B", "x"] == 3
    assert mean.loc["A", "x"] == total.loc["A", "x"] == 1
    assert total.loc["A", "y"] == mean.loc["A", "y"] == 0


def test_many_duplicates_are_counted(file):
    rows = [f"A,I{k},1" for k in range(9)]
    fails("9 region-industry pairs .*'I4'.*, … ?.* listed more than once", file(long(*rows, *rows)))


def test_blank_lines_count_as_lines(file):
    fails("^line 5 of jobs.csv", file(long("A,x,1", "", "", "B,x,-1")))


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_wide_file_in_pieces(file, monkeypatch, at_once):
    monkeypatch.setattr(reading, "_ROWS_AT_ONCE", at_once)
    table = tables.read(file("c,a,b\nA,1,2\nB,3,4\nC,5,6\n"), region="c")
    assert table.to_numpy().tolist() == [[1, 2], [3, 4], [5, 6]]


MEMORY = """
    import resource, sys
    from clusterlab import reading, tables
    path, megabytes = sys.argv[1], float(sys.argv[2])
    tables.read(path.replace("big", "small"), region="region", industry="industry", value="value")
    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    before = peak()
    table = tables.read(path, region="region", industry="industry", value="value",
                        duplicates="sum", absent="zero")
    assert table.shape == (1000, 500), table.shape
    assert table.to_numpy().sum() == int(sys.argv[3]), table.to_numpy().sum()
    growth = peak() - before
    print(f"{growth:.0f} MB for a file of {megabytes:.0f} MB")
    assert growth < 3 * megabytes + 60, growth
"""


def test_memory_stays_within_three_times_the_file(tmp_path):
    path = tmp_path / "big.csv"
    tail = "," + "x" * 30
    with path.open("w") as out:
        out.write("region,industry,value,other\n")
        for r in range(1000):
            start = f"Metropolitan region number {r:04d},Industry "
            out.write("".join(f"{start}{i:04d},{(r + i) % 1000}{tail}\n" for i in range(500)))
    total = sum((r + i) % 1000 for r in range(1000) for i in range(500))
    (tmp_path / "small.csv").write_text("region,industry,value\nA,x,1\nB,x,2\n")
    size = path.stat().st_size / 1024**2
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEMORY), str(path), str(size), str(total)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-600:]


# --- absent and unknown --------------------------------------------------------------------------


def test_absent_pairs_are_zero_with_a_warning_by_default(file):
    with pytest.warns(tables.AbsentPairs, match="1 of 4 region-industry pairs") as told:
        table = tables.read(file(LONG), **NAMES)
    assert table.loc["01", "0112"] == 0
    [message] = [str(w.message) for w in told if w.category is tables.AbsentPairs]
    assert "absent='zero'" in message
    assert "absent='unknown'" in message


def test_the_warning_points_at_the_caller(file):
    with pytest.warns(tables.AbsentPairs) as told:
        tables.read(file(LONG), **NAMES)
    with pytest.warns(tables.AbsentPairs) as told_of_frame:
        tables.from_long(pd.read_csv(file(LONG), dtype={"county": str}), **NAMES)
    for both in (told, told_of_frame):
        assert [w.filename for w in both if w.category is tables.AbsentPairs] == [__file__]


def test_absent_pairs_unknown(file):
    table = tables.read(file(LONG), **NAMES, absent="unknown")
    assert np.isnan(table.loc["01", "0112"])
    assert int(table.isna().to_numpy().sum()) == 1
    assert table.attrs["note"].endswith("were taken as unknown.")
    with pytest.raises(ValueError, match="1 cells are unknown, the first at region '01', industry"):
        location_quotient(table)


def test_absent_pairs_refused(file):
    fails(
        "1 of 4 region-industry pairs are not listed; say what that means: absent='zero' or "
        "absent='unknown'",
        file(LONG),
        absent="refuse",
    )


def test_no_pair_absent_no_warning(file):
    table = tables.read(file(long("A,x,1", "B,x,0")), **NAMES, absent="refuse")
    assert table.attrs["note"] == "2 regions x 1 industries from 2 rows."


@pytest.mark.parametrize("option", ["absent", "duplicates"])
def test_unknown_options_name_the_known_ones(file, option):
    fails(f"{option} is 'zeros', but it must be one of .*'refuse'", file(LONG), **{option: "zeros"})


def test_marks_of_not_published(file):
    path = file(long("A,x,D", "B,x,2", "A,y,S", "B,y,"))
    fails(
        r"line 2 .* 'D', which is not a number; if it means not published, pass unknown=\('D',\)",
        path,
    )
    table = tables.read(path, **NAMES, unknown=("D", "S", ""))
    assert table.isna().to_numpy().tolist() == [[True, True], [False, True]]


def test_a_negative_number_can_be_a_mark(file):
    table = tables.read(file(long("A,x,-999", "B,x,2")), **NAMES, unknown=["-999"])
    assert np.isnan(table.loc["A", "x"])


def test_unknown_stays_unknown_when_rows_are_added(file):
    path = file(long("A,x,D", "A,x,2", "B,x,1"))
    for how in ("sum", "mean"):
        table = tables.read(path, **NAMES, unknown=["D"], duplicates=how)
        assert np.isnan(table.loc["A", "x"])
        assert table.loc["B", "x"] == 1


# --- files that are not tables -------------------------------------------------------------------


@pytest.mark.parametrize(("name", "near"), [("county", "county"), ("naics", "naics")])
def test_misspelt_columns_get_the_near_one(file, name, near):
    key = "region" if name == "county" else "industry"
    message = fails(
        f"jobs.csv has no column {name[:-1] + 'q'!r}; did you mean {near!r}",
        file(LONG),
        names={**NAMES, key: name[:-1] + "q"},
    )
    assert message.endswith("Its columns: county, naics, jobs.")


@pytest.mark.parametrize("name", ["COUNTY", "County", " county", "county "])
def test_case_and_blanks_are_no_other_name_but_a_near_one(file, name):
    fails("did you mean 'county'", file(LONG), names={**NAMES, "region": name})


def test_missing_column_without_a_near_one(file):
    fails(
        r"no column 'zzzzzz'\. Its columns: county, naics, jobs\.",
        file(LONG),
        names={**NAMES, "value": "zzzzzz"},
    )


def test_empty_files(file):
    fails("jobs.csv is empty: its first line must name the columns", file(""))
    fails("no rows", file("county,naics,jobs\n"))
    with pytest.raises(FileNotFoundError):
        tables.read("there/is/none.csv", **NAMES)


def test_short_row(file):
    fails(
        r"line 3 of jobs.csv has 2 of the header's 3 fields \(it begins 'B'\).*skip_rows=\[3\]",
        file(long("A,x,1", "B,x")),
    )


def test_a_row_with_too_many_fields_is_refused(file):
    fails("line 3 of jobs.csv|3 fields in line 3", file(long("A,x,1", "B,x,2,345", "C,x,3")))


def test_a_column_twice_in_the_file(file):
    path = file(long("A,x,1,9", "B,x,2,9", head="county,naics,jobs,jobs"))
    fails("2 columns named 'jobs'", path)


def test_a_label_of_blanks_is_empty(file):
    fails("line 2 of jobs.csv: column 'county' is empty", file(long(" ,x,1", "B,x,2")))


@pytest.mark.parametrize("text", ["inf", "-inf", "nan", "1,5,", "5 jobs", "0x1F", "--"])
def test_what_is_not_a_number(file, text):
    fails("line 2 of jobs.csv: column 'jobs' has ", file(long(f'A,x,"{text}"')))


# --- frames --------------------------------------------------------------------------------------


def frame(**changes):
    columns = {"city": ["A", "A", "B"], "trade": ["w", "s", "w"], "jobs": [3, 4, 5]}
    return pd.DataFrame(columns | changes, index=["one", "two", "three"])


FRAME = {"region": "city", "industry": "trade", "value": "jobs"}


def test_frame_becomes_a_table_and_stays_as_it_was():
    given_frame = frame()
    copy = given_frame.copy(deep=True)
    table = tables.from_long(given_frame, **FRAME, absent="zero")
    assert table.loc["A"].to_dict() == {"s": 4, "w": 3}
    pd.testing.assert_frame_equal(given_frame, copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"jobs": [3, -4, 5]}, "^row 'two': column 'jobs' has -4, which is negative"),
        ({"jobs": [3, "four", 5]}, "^row 'two': column 'jobs' has 'four', which is not a number"),
        ({"jobs": [3, None, 5]}, "^row 'two': column 'jobs' is empty"),
        ({"jobs": [3, np.inf, 5]}, "^row 'two': column 'jobs' has .*inf.*, which is not a number"),
        ({"city": ["A", None, "B"]}, "^row 'two': column 'city' is empty"),
        ({"city": ["A", "", "B"]}, "^row 'two': column 'city' is empty"),
        ({"trade": ["w", np.nan, "w"]}, "^row 'two': column 'trade' is empty"),
        ({"trade": ["w", "w", "w"]}, "the pair .*'A', 'w'.* in row 'one' and row 'two'"),
    ],
)
def test_bad_frames_are_named_by_their_own_rows(change, message):
    with pytest.raises(ValueError, match=message):
        tables.from_long(frame(**change), **FRAME, absent="zero")


def test_frame_with_misspelt_column():
    with pytest.raises(ValueError, match="the table has no column 'ctiy'; did you mean 'city'"):
        tables.from_long(frame(), **{**FRAME, "region": "ctiy"})


def test_frame_without_rows():
    with pytest.raises(ValueError, match="no rows"):
        tables.from_long(frame().iloc[:0], **FRAME)


def test_frame_with_a_column_twice():
    twice = pd.concat([frame(), frame()[["jobs"]]], axis=1)
    with pytest.raises(ValueError, match="2 columns named 'jobs'"):
        tables.from_long(twice, **FRAME)


def test_frame_values_with_a_fraction():
    table = tables.from_long(frame(jobs=[0.5, 1.25, 3.0]), **FRAME, absent="zero")
    assert table.loc["A"].to_dict() == {"s": 1.25, "w": 0.5}


@pytest.mark.parametrize("value", [np.inf, np.float64("-inf")])
def test_messages_show_numbers_as_people_write_them(value):
    with pytest.raises(ValueError, match=r"^(?!.*np\.)") as caught:
        tables.from_long(frame(jobs=[3, value, 5]), **FRAME, absent="zero")
    assert "inf" in str(caught.value)
    with pytest.raises(ValueError, match=r"^(?!.*np\.)"):
        tables.check(small(wine=[3, value]))
    with pytest.raises(ValueError, match=r"^(?!.*np\.)"):
        tables.align(pd.Series({"A": value}), pd.Index(["A"]), what="totals")


@pytest.mark.parametrize("kind", ["category", "string", "object"])
def test_kinds_of_labels(kind):
    given_frame = frame().astype({"city": kind, "trade": kind})
    table = tables.from_long(given_frame, **FRAME, absent="zero")
    assert table.loc["B", "w"] == 5
    assert table.shape == (2, 2)


def test_labels_that_are_numbers_stay_numbers():
    table = tables.from_long(frame(city=[3, 3, 1], trade=[10, 2, 10]), **FRAME, absent="zero")
    assert table.index.tolist() == [1, 3]
    assert table.columns.tolist() == [2, 10]


def test_labels_of_several_kinds_keep_their_order():
    table = tables.from_long(frame(city=["x", "x", 1]), **FRAME, absent="zero")
    assert table.index.tolist() == ["x", 1]


def test_columns_named_by_numbers():
    by_year = frame().rename(columns={"jobs": 2019})
    assert tables.from_long(by_year, **{**FRAME, "value": 2019}, absent="zero").loc["B", "w"] == 5


def test_dask_frame_is_summed():
    dask_frame = pytest.importorskip("dask.dataframe")
    register = frame(trade=["w", "w", "w"])
    lazy = dask_frame.from_pandas(register, npartitions=2)
    pd.testing.assert_frame_equal(
        tables.from_long(lazy, **FRAME, duplicates="sum"),
        tables.from_long(register, **FRAME, duplicates="sum"),
        check_index_type=False,
        check_column_type=False,
    )
    with pytest.raises(ValueError, match="duplicates='sum'"):
        tables.from_long(lazy, **FRAME)
    gaps = dask_frame.from_pandas(register.assign(jobs=[3, None, 5]), npartitions=2)
    with pytest.raises(ValueError, match="column 'jobs' is empty"):
        tables.from_long(gaps, **FRAME, duplicates="sum")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABCDE"), st.sampled_from("vwxyz")),
        st.integers(0, 10**9),
        min_size=1,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_every_row_is_found_again_whatever_the_order(pairs, random):
    rows = [(r, i, v) for (r, i), v in pairs.items()]
    random.shuffle(rows)
    table = tables.from_long(
        pd.DataFrame(rows, columns=["r", "i", "v"]),
        region="r",
        industry="i",
        value="v",
        absent="unknown",
    )
    assert table.index.is_monotonic_increasing
    assert table.columns.is_monotonic_increasing
    found = {(r, i): v for (r, i), v in table.stack().items() if not np.isnan(v)}
    assert found == pairs


# --- checks every measure makes ------------------------------------------------------------------


def small(**changes):
    return pd.DataFrame({"wine": [3, 1], "shoes": [2, 4]} | changes, index=["Napa", "Modesto"])


def refused(message, table, error=ValueError, **options):
    with pytest.raises(error, match=message):
        tables.check(table, **options)


def test_check_copies_and_keeps_labels_and_note():
    table = small()
    table.attrs["note"] = "from somewhere"
    result = tables.check(table)
    result.iloc[0, 0] = 99
    assert table.loc["Napa", "wine"] == 3
    assert result.attrs == {"note": "from somewhere"}
    assert result.dtypes.unique().tolist() == [np.dtype(float)]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (small(wine=[3, -1]), "region 'Modesto', industry 'wine': value -1 is negative"),
        (small(wine=[3, "x"]), "region 'Modesto', industry 'wine': 'x' is not a finite number"),
        (
            small(wine=[3, np.inf]),
            "region 'Modesto', industry 'wine': .*inf.* is not a finite number",
        ),
        (
            small(wine=[3, None]),
            "1 cells are unknown, the first at region 'Modesto', industry 'wine",
        ),
        (small(wine=[0, 0]), r"industry 'wine' with no value above zero.*table.loc\[:, table.sum"),
        (small(wine=[0, 1], shoes=[0, 1]), "region 'Napa' with no value above zero"),
        (small(wine=[0, 0], shoes=[0, 0]), "no number above zero"),
        (pd.DataFrame(), "the table has no region"),
        (pd.DataFrame(index=["A"]), "the table has no industry"),
        (small().rename(index={"Napa": "Modesto"}), "region 'Modesto' listed more than once"),
        (small().rename(columns={"wine": "shoes"}), "industry 'shoes' listed more than once"),
    ],
)
def test_bad_tables(table, message):
    refused(message, table)


def test_the_advice_for_empty_industries_works():
    table = small(wine=[0, 0])
    assert tables.check(table.loc[:, table.sum() > 0]).columns.tolist() == ["shoes"]
    table = small(wine=[0, 1], shoes=[0, 1])
    assert tables.check(table[table.sum(axis=1) > 0]).index.tolist() == ["Modesto"]
    assert len(tables.check(table, empty_regions=True)) == 2


def test_one_region_only():
    refused(r"the table has 1 region \('Napa'\).*at least 2", small().iloc[:1], minimum_regions=2)


@pytest.mark.parametrize("thing", [[[1, 2]], np.ones((2, 2)), pd.Series([1, 2]), None, "table"])
def test_things_that_are_no_table(thing):
    refused(
        "must be a pandas DataFrame with one row per region and one column per industry, got a "
        f"{type(thing).__name__}",
        thing,
    )


def test_a_long_table_given_as_a_wide_one_gets_the_advice():
    refused("is this a long table\\? Then use tables.from_long", frame())


@pytest.mark.parametrize("kind", ["Int64", "Float64", "float32", "uint8", "object"])
def test_kinds_of_numbers(kind):
    result = tables.check(small(wine=[1, 0]).astype({"wine": kind}))
    assert result["wine"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pd.to_datetime(["2020-01-01", "2020-01-02"]), "holds dates .*2020-01-01"),
        (pd.to_timedelta(["1D", "2D"]), "holds durations"),
        (np.array([3 + 1j, 2]), "holds complex numbers"),
        ([True, False], "holds True and False"),
        (pd.array([True, None], dtype="boolean"), "holds True and False"),
        (pd.Series([3, True], dtype=object).array, "'Modesto', industry 'wine': True is not"),
        (pd.Series([3, 2j], dtype=object).array, "'Modesto', industry 'wine': 2j is not"),
        (pd.Series([3, pd.Timestamp(0)], dtype=object).array, "'Modesto', .*Timestamp.* is not"),
        (pd.Series([3, [4]], dtype=object).array, r"'Modesto', .*\[4\] is not"),
        (pd.period_range("2020", periods=2), "'Napa', industry 'wine': Period.* is not"),
        (["3", "4"], "'Napa', industry 'wine': '3' is text, not a number"),
        (pd.Categorical(["3", "4"]), "'Napa', industry 'wine': '3' is text, not a number"),
    ],
)
def test_what_is_not_employment(column, words):
    refused(words, small().assign(wine=column))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Napa", "Napa "),
        ("Napa", " NAPA"),
        ("Los Gatos", "Los\xa0Gatos"),
        ("é", "e\u0301"),
        (31, "31"),
        ("31", 31),
        ("Straße", "STRAßE"),
        ("A  B", "A B"),
    ],
)
def test_two_spellings_of_one_label_are_named(one, other):
    table = pd.DataFrame(
        {"wine": [1, 2], "shoes": [3, 1]}, index=pd.Index([one, other], dtype=object)
    )
    with pytest.raises(ValueError, match="differ only") as caught:
        tables.check(table)
    assert repr(one) in str(caught.value)
    assert repr(other) in str(caught.value)
    with pytest.raises(ValueError, match="industry labels.*differ only"):
        tables.check(table.T)


def test_a_missing_label_is_an_empty_region():
    refused("region.*(empty|missing|no name)", small().rename(index={"Napa": np.nan}))


# --- Series beside a table -----------------------------------------------------------------------


def test_align_orders_and_says_what_is_wrong():
    labels = pd.Index(["A", "B"])
    assert tables.align(pd.Series({"C": 9, "B": 2, "A": 1}), labels, what="x").tolist() == [1, 2]
    for numbers, error, message in (
        ({"A": 1, "B": 2}, ValueError, "totals must be a Series .* got a dict"),
        (pd.Series({"A": 1}), ValueError, "totals: no number for label 'B'"),
        (pd.Series([1, 2, 3], ["A", "B", "A"]), ValueError, "totals: label 'A' listed twice"),
        (pd.Series({"A": 1, "B": -2}), ValueError, "totals: 'B' has .*-2.* from zero up"),
        (pd.Series({"A": 1, "B": np.nan}), ValueError, "totals: 'B' has .*nan.* from zero up"),
        (pd.Series({"A": 1, "B": "x"}), ValueError, "totals: 'B' has 'x'"),
        (pd.Series({"A": 1, "Berlin": 2}), ValueError, "no number for label 'B'"),
    ):
        with pytest.raises(error, match=message):
            tables.align(numbers, labels, what="totals")


def test_align_offers_the_near_label():
    with pytest.raises(ValueError, match="no number for label 'Zürich'; did you mean 'Zuerich'"):
        tables.align(pd.Series({"Zuerich": 1.0}), pd.Index(["Zürich"]), what="totals")


@pytest.mark.parametrize(
    ("index", "label", "words"),
    [
        ([1, 2], "1", r"its labels are numbers \(1\), but those of the table are text"),
        (["1", "2"], 1, r"its labels are text \('1'\), but those of the table are numbers"),
    ],
)
def test_align_says_when_labels_are_text_on_one_side_and_numbers_on_the_other(index, label, words):
    with pytest.raises(ValueError, match=words):
        tables.align(pd.Series([3, 4], index=index), pd.Index([label]), what="totals")


def test_region_totals():
    table = tables.check(small())
    own, base = tables.region_totals(table, None)
    assert own.to_dict() == {"Napa": 5, "Modesto": 5}
    assert "own 2 industries" in base
    given_totals, base = tables.region_totals(table, pd.Series({"Modesto": 50, "Napa": 10}))
    assert given_totals.to_dict() == {"Napa": 10, "Modesto": 50}
    assert "given by the caller" in base
    with pytest.raises(
        ValueError, match="region 'Modesto' has 3 in all, less than its 4 in .*shoes"
    ):
        tables.region_totals(table, pd.Series({"Modesto": 3, "Napa": 10}))


def test_no_message_shows_the_name_of_a_function_of_ours(file):
    message = fails("negative", file(long("A,x,-1")))
    assert not re.search(r"\b_\w+", message)
