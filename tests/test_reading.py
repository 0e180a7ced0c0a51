"""Files as people have them: read to the same table in every dialect, or refused, never otherwise."""

import bz2
import gzip
import io
import lzma
import re
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterlab import diamond, networks, reading, tables

NAMES = {"region": "county", "industry": "naics", "value": "emp"}


@pytest.fixture
def file(tmp_path):
    def write(content, name="jobs.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def numbers(path, **options):
    return tables.read(path, **NAMES, absent="zero", **options).to_numpy().ravel().tolist()


def column(file, *values, separator=","):
    """Write a file whose one column of numbers holds these texts."""
    quoted = [f'"{value}"' if separator in value else value for value in values]
    rows = [f"{k:02d}{separator}11{separator}{value}" for k, value in enumerate(quoted)]
    return file("\n".join([separator.join(NAMES.values()), *rows]) + "\n")


def offered(path, **options):
    """Return the arguments an error offers, one set for each way to read the file."""
    with pytest.raises(ValueError, match="pass ") as caught:
        numbers(path, **options)
    ways = []
    for way in str(caught.value).split("pass ")[1:]:
        pairs = re.findall(
            r"(decimal|thousands|unknown|skip_rows)=(\"'\"|'[^']*'|\('[^']*',\)|\[\d+\]|\d+)", way
        )
        ways.append({name: eval(text) for name, text in pairs})
    return ways


def test_what_pandas_reads_from_can_be_wrapped_as_pandas_2_does():
    wrapped = io.TextIOWrapper(reading._Stream(iter(["a,b\n1,", "é\n"])), "utf-8", newline="")
    assert "".join(iter(lambda: wrapped.read(4), "")) == "a,b\n1,é\n"


# --- marks of thousands --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "separator", "right"),
    [
        (["1,234", "400", "700", "2,500"], ",", [[1234, 400, 700, 2500], [1.234, 400, 700, 2.5]]),
        (["1,234,567", "400"], ",", [[1234567, 400]]),
        (["1,234.5", "400"], ",", [[1234.5, 400]]),
        (["1,5", "400"], ";", [[1.5, 400]]),
        (["1.234,5", "400"], ";", [[1234.5, 400]]),
        (["1.234", "400", "12.500"], ";", [[1234, 400, 12500], [1.234, 400, 12.5]]),
        (["1.234.567", "400"], ";", [[1234567, 400]]),
        (["1 234", "400"], ",", [[1234, 400]]),
        (["1\u00a0234", "400"], ",", [[1234, 400]]),
        (["1\u202f234\u202f567", "400"], ",", [[1234567, 400]]),
        (["1\u2009234,5", "400"], ";", [[1234.5, 400]]),
        (["1'234", "400"], ",", [[1234, 400]]),
        (["1\u2019234.5", "400"], ",", [[1234.5, 400]]),
    ],
)
def test_the_advice_about_marks_gives_the_right_numbers_when_followed(
    file, texts, separator, right
):
    path = column(file, *texts, separator=separator)
    ways = offered(path)
    assert [numbers(path, **way) for way in ways] == right


@pytest.mark.parametrize(
    ("texts", "options", "right"),
    [
        (["0.125", "0.250"], {}, [0.125, 0.25]),
        (["1.234", "5.5"], {}, [1.234, 5.5]),
        (["1234.567", "400"], {}, [1234.567, 400]),
        (["1.234", "400"], {"decimal": "."}, [1.234, 400]),
        (["1.234", "400"], {"thousands": "."}, [1234, 400]),
        (["1,234", "5,5"], {"decimal": ","}, [1.234, 5.5]),
        (["1.234", "4,5"], {"decimal": ","}, [1234, 4.5]),
        (["-0", "+5", "1e3", ".5", "5."], {}, [0, 5, 1000, 0.5, 5]),
        (["1,234", "1234"], {"thousands": ","}, [1234, 1234]),
    ],
)
def test_what_is_not_in_doubt_is_read(file, texts, options, right):
    assert numbers(column(file, *texts, separator=";"), **options) == right


@pytest.mark.parametrize(
    ("texts", "options"),
    [
        (["12,34"], {"thousands": ","}),
        (["1,2345"], {"thousands": ","}),
        (["1,23,456"], {"thousands": ","}),
        (["1.5"], {"decimal": ","}),
        (["1 23"], {"thousands": " "}),
        (["1,234"], {"decimal": ","}),
        (["1_000"], {}),
        (["0x10"], {}),
        (["1,234", "1.234"], {"decimal": ","}),
    ],
)
def test_what_is_written_otherwise_is_refused(file, texts, options):
    with pytest.raises(ValueError, match="^line 2 of jobs.csv: column 'emp' has"):
        numbers(column(file, *texts, separator=";"), **options)


@pytest.mark.parametrize("mark", ["(D)", "**", "-", ":", "n.a.", "10-19", "<5", "100+"])
def test_the_advice_about_marks_of_the_unknown_works(file, mark):
    path = column(file, mark, "400")
    (way,) = offered(path)
    assert np.isnan(numbers(path, **way)[0])


def test_the_advice_about_gaps_works_for_files_and_frames(file):
    (way,) = [{"unknown": ("",)}]
    with pytest.raises(ValueError, match=r"unknown=\('',\)"):
        numbers(column(file, "", "4"))
    assert np.isnan(numbers(column(file, "", "4"), **way)[0])
    for gap in (np.nan, None, pd.NA, "", " "):
        frame = pd.DataFrame(
            {"r": ["a", "b"], "i": ["x", "x"], "v": pd.Series([gap, 2], dtype=object)}
        )
        names = {"region": "r", "industry": "i", "value": "v"}
        with pytest.raises(ValueError, match=r"^row 0: column 'v' is empty.*unknown=\('',\)"):
            tables.from_long(frame, **names)
        assert np.isnan(tables.from_long(frame, **names, **way).loc["a", "x"])
    whole = pd.DataFrame(
        {"r": ["a", "b"], "i": ["x", "x"], "v": pd.array([None, 2], dtype="Int64")}
    )
    assert tables.from_long(whole, **names, **way)["x"].isna().tolist() == [True, False]


# --- labels, lines, titles, years ----------------------------------------------------------------


def test_blanks_around_labels_make_no_new_regions(file):
    path = file("county, naics ,emp\n01,11,3\n01 ,12,5\n\xa002,11,7\n02, 12,1\n")
    table = tables.read(path, **NAMES, absent="refuse")
    assert table.to_numpy().tolist() == [[3, 5], [7, 1]]
    frame = pd.DataFrame(
        {"r": ["01", "01 ", "02", "02"], "i": ["a", "b", "a", "b"], "v": [3, 5, 7, 1]}
    )
    table = tables.from_long(frame, region="r", industry="i", value="v", absent="refuse")
    assert table.to_numpy().tolist() == [[3, 5], [7, 1]]


@pytest.mark.parametrize(("skip", "name"), [(2, "title"), ([1, 2], "title"), ([1, 2, 7], "both")])
def test_titles_above_and_notes_below_are_left_out(file, skip, name):
    below = "Source: the office\n" if name == "both" else ""
    path = file("Jobs, by county\n\ncounty,naics,emp\n01,11,3\n01,12,5\n02,11,7\n" + below)
    assert numbers(path, skip_rows=skip) == [3, 5, 7, 0]


def test_the_advice_about_titles_and_notes_works(file):
    path = file("Jobs by county\ncounty,naics,emp\n01,11,3\n02,11,7\n")
    assert numbers(path, **offered(path)[0]) == [3, 7]
    path = file("county,naics,emp\n01,11,3\n02,11,7\nSource: BLS\n")
    with pytest.raises(ValueError, match=r"line 4 .*'Source: BLS'.*skip_rows=\[4\]"):
        numbers(path, unknown=("",))
    assert numbers(path, skip_rows=[4]) == [3, 7]


YEARS = "county,naics,year,emp\n01,11,2018,3\n02,11,2018,4\n01,11,2019,5\n02,11,2019,6\n"


@pytest.mark.parametrize("duplicates", ["refuse", "sum"])
def test_years_in_one_file_are_never_added_up(file, duplicates):
    path = file(YEARS)
    with pytest.raises(
        ValueError, match=r"column 'year' has 2 values \('2018', '2019'\)"
    ) as caught:
        numbers(path, duplicates=duplicates)
    assert "duplicates=" not in str(caught.value)
    assert "where={'year': '2019'}" in str(caught.value)
    assert numbers(path, where={"year": "2019"}) == numbers(path, where={"year": 2019}) == [5, 6]
    both = {"year": [2018, 2019]}
    assert numbers(path, where=both, duplicates="sum") == [8, 10]
    frame = pd.read_csv(path, dtype={"county": str})
    for where in ({"year": 2018}, {"year": "2018"}):
        table = tables.from_long(frame, **NAMES, where=where)
        assert table.to_numpy().ravel().tolist() == [3, 4]


def test_a_register_with_years_of_founding_is_added_up(file):
    path = file("county,naics,year,emp\n01,11,1990,3\n01,11,1990,4\n01,11,2001,5\n")
    assert numbers(path, duplicates="sum") == [12]


def test_pairs_listed_twice_say_in_which_column_they_differ(file):
    path = file("county,naics,owner,emp\n01,11,private,3\n01,11,state,4\n")
    with pytest.raises(ValueError, match=r"differ in column 'owner' \('private', 'state'\)"):
        numbers(path)
    assert numbers(path, where={"owner": "state"}) == [4]


def test_a_wide_file_of_one_year_is_read_without_the_year(file):
    path = file("land;year;C;D\nBY;2018;1,5;2\nBE;2018;3;1\nBY;2019;2,5;3\nBE;2019;4;2\n")
    table = tables.read(path, region="land", decimal=",", where={"year": 2019})
    assert table.to_numpy().tolist() == [[2.5, 3], [4, 2]]
    assert table.attrs["note"] == "2 regions x 2 industries from 2 rows."


def test_lines_are_right_after_quoted_line_ends(file):
    path = file('county,naics,emp\n"a\nb\r\nc",x,1\n\nd,x,few\n')
    with pytest.raises(ValueError, match="^line 6 of jobs.csv: column 'emp' has 'few'"):
        numbers(path)


def test_the_home_folder_is_found(file, monkeypatch):
    path = file("county,naics,emp\n01,11,3\n")
    monkeypatch.setenv("HOME", str(path.parent))
    assert numbers("~/jobs.csv") == [3]
    with pytest.raises(FileNotFoundError, match="did you mean 'jobs.csv'"):
        numbers("~/job.csv")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_an_archive_that_swells_without_end_is_refused(file, pack, monkeypatch):
    monkeypatch.setattr(reading, "_SWELLS_TO", 1_000_000)
    path = file(pack(b"county,naics,emp\n" + b"01,11,3\n" * 900_000), "jobs.csv.gz"[:-3])
    with pytest.raises(ValueError, match="jobs.csv unpacks to more than 200 times its size"):
        numbers(path, duplicates="sum")


def test_a_line_without_end_is_refused(file, monkeypatch):
    monkeypatch.setattr(reading, "_LONGEST_LINE", 1000)
    with pytest.raises(ValueError, match="line 2 of jobs.csv is longer than 1,000 characters"):
        numbers(file("county,naics,emp\n" + "1," * 900))


# --- every dialect -------------------------------------------------------------------------------

LABELS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"]),
        min_size=1,
        max_size=8,
    )
    .map(str.strip)
    .filter(bool)
)


def folded(label):
    return " ".join(unicodedata.normalize("NFKC", label).lower().split())


def written(value, decimal, thousands):
    text = f"{value:,.{2 if value % 1 else 0}f}"
    return text.translate({ord(","): thousands, ord("."): decimal})


@st.composite
def files(draw):
    """Return a table, the bytes of a file that holds it, and the arguments that say how."""
    regions = draw(st.lists(LABELS, min_size=1, max_size=4, unique_by=folded))
    trades = draw(st.lists(LABELS, min_size=1, max_size=4, unique_by=folded))
    cents = st.integers(0, 10**8).map(lambda n: n / 100)
    values = {(r, t): draw(cents) for r in regions for t in trades}
    separator = draw(st.sampled_from(",;\t|"))
    decimal = draw(st.sampled_from(".,"))
    thousands = draw(st.sampled_from([None, " ", "\u202f", "'", "." if decimal == "," else ","]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"]))
    pack = draw(st.sampled_from([bytes, gzip.compress, bz2.compress, lzma.compress]))
    quote_all = draw(st.booleans())
    wide = draw(st.booleans())

    def cell(text):
        if quote_all or any(sign in text for sign in (separator, '"', "\n", "\r")):
            text = '"' + text.replace('"', '""') + '"'
        return draw(st.sampled_from(["", " "])) + text if text[:1] != '"' else text

    def number(value):
        return cell(written(value, decimal, thousands or ""))

    if wide:
        rows = [["c", *map(cell, trades)]]
        rows += [[cell(r), *(number(values[r, t]) for t in trades)] for r in regions]
    else:
        rows = [[cell(r), cell(t), number(v)] for (r, t), v in values.items()]
        rows = [["c", "n", "v"], *draw(st.permutations(rows))]
    text = end.join(separator.join(row) for row in rows) + draw(st.sampled_from(["", end]))
    said = {"thousands": {"\u202f": " "}.get(thousands, thousands), "decimal": decimal}
    if encoding == "utf-16-le" or draw(st.booleans()):
        said["encoding"] = encoding.removesuffix("-sig")
    names = {"region": "c"} if wide else {"region": "c", "industry": "n", "value": "v"}
    return values, pack(text.encode(encoding)), names | said, wide


@given(files())
@settings(max_examples=150, deadline=None)
def test_a_file_in_any_dialect_is_read_to_the_same_table(tmp_path_factory, made):
    values, content, options, _ = made
    path = tmp_path_factory.getbasetemp() / "dialect.csv"
    path.write_bytes(content)
    if not any(values.values()):
        return
    table = tables.read(path, **options)
    assert {(r, t): table.loc[r, t] for r in table.index for t in table.columns} == values


@given(files())
@settings(max_examples=60, deadline=None)
def test_a_file_read_without_its_marks_is_right_or_refused(tmp_path_factory, made):
    values, content, options, _ = made
    path = tmp_path_factory.getbasetemp() / "unsaid.csv"
    path.write_bytes(content)
    del options["thousands"], options["decimal"]
    try:
        table = tables.read(path, **options)
    except ValueError:
        return
    found = {(r, t): table.loc[r, t] for r in table.index for t in table.columns}
    assert found == values


@given(files())
@settings(max_examples=40, deadline=None)
def test_networks_and_indicators_read_the_same_text(tmp_path_factory, made):
    values, content, options, wide = made
    path = tmp_path_factory.getbasetemp() / "same.csv"
    path.write_bytes(content)
    if wide or not any(values.values()):
        return
    marks = {
        name: options[name] for name in ("thousands", "decimal", "encoding") if name in options
    }
    (first, *_) = values
    place, trade = first
    table = diamond.read_indicators(
        path, layout="long", place="c", indicator="n", value="v", facets={"f": [trade]}, **marks
    )
    assert table.loc[place, ("f", trade)] == values[first]
    if len({*map(folded, (name for pair in values for name in pair))}) < len(
        {r for r, _ in values} | {t for _, t in values}
    ) or any(r == t for r, t in values):
        return
    graph = networks.read(path, columns={"c": "source", "n": "target"}, **marks)
    assert set(graph.edges) == set(values)


# --- files that were edited by hand ----------------------------------------------------------------


@st.composite
def edited_files(draw):
    """Return a table, the bytes of a file that people and programs have edited, and if it is clean.

    Line ends of several systems, empty lines, lines of separators, quotes here and there, line ends
    inside quotes, and a mark of the encoding leave it clean; comments, and separators at the end of
    some lines only, need not be understood, but must not be misread either.
    """
    values = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(["01", "NA", "Bad Homburg", "Łódź"]), st.sampled_from("xyz")),
            st.integers(1, 10**6).map(lambda n: n / 10),
            min_size=1,
        )
    )
    separator, decimal = draw(st.sampled_from([(",", "."), (";", ","), ("\t", ","), ("|", ".")]))
    tail = draw(st.sampled_from(["none", "all", "some", "header"]))
    comments = draw(st.booleans())

    def cell(text):
        if draw(st.integers(0, 3)) == 0:
            return '"' + text.replace('"', '""') + '"'
        return text

    def end(line):
        tailed = tail == "all" or (tail == "header" and line == 0)
        tailed = tailed or (tail == "some" and draw(st.booleans()))
        return separator * tailed + draw(st.sampled_from(["\n", "\r\n", "\r"]))

    notes = [f'"a ""note""{separator} {mark}b"' for mark in ("", "\n", "\r\n")]
    rows = [["place", "note", "trade", "jobs"]]
    rows += [
        [
            cell(r),
            draw(st.sampled_from(["", "n", *notes])),
            cell(t),
            cell(f"{v}".replace(".", decimal)),
        ]
        for (r, t), v in values.items()
    ]
    text = ""
    for number, row in enumerate(rows):
        line = separator.join(row) + end(number)
        nothing = draw(st.sampled_from(["", "", "\n", "  \r\n", separator * 3 + "\n"]))
        if comments and draw(st.integers(0, 2)) == 0:
            nothing += draw(st.sampled_from(["# a comment\n", f"Source: office{separator}2019\n"]))
        text += nothing + line
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
    return values, text.encode(encoding), decimal, tail in ("none", "all") and not comments


@given(edited_files(), st.sampled_from([1, 2, 25_000]))
@settings(max_examples=200, deadline=None)
def test_a_file_edited_by_hand_is_read_right_or_refused(tmp_path_factory, made, at_once):
    values, content, decimal, clean = made
    path = tmp_path_factory.getbasetemp() / "edited.csv"
    path.write_bytes(content)
    names = {"region": "place", "industry": "trade", "value": "jobs"}
    table, problem = None, ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_ROWS_AT_ONCE", at_once)
        try:
            table = tables.read(path, **names, decimal=decimal, absent="unknown")
        except ValueError as error:
            problem = str(error)
    if table is None:
        assert "\n" not in problem
        assert not clean or "every number with a" in problem, problem
        return
    found = {(r, t): v for (r, t), v in table.stack().items() if not np.isnan(v)}
    assert found == values


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("county,naics,emp\n01,11,3\n# a comment\n", r"line 3 .* 1 of the header's 3 fields"),
        (
            "# a comment\ncounty,naics,emp\n01,11,3\n",
            "names its columns in line 2; pass skip_rows=1",
        ),
        ('county,naics,emp\n01,"11"1,3\n', "line 2 .*quotation mark"),
        ("county,naics,emp\n01,11,3\n01,12,3,\n01,13,3,,x\n", "line 4 .* more fields than"),
        ("county,naics,emp\n01,11,3\n" * 60 + "01,12,3,9\n", "more fields|not a number"),
    ],
)
def test_what_was_edited_wrongly_is_named_with_its_line(file, content, words):
    with pytest.raises(ValueError, match=words):
        numbers(file(content), duplicates="sum")


@pytest.mark.parametrize(
    ("labels", "words"),
    [("AB", "the labels are 'AB', but they must be a list"), (None, "the labels are None")],
)
def test_align_says_what_labels_are(labels, words):
    given_numbers = pd.Series({"A": 1.0, "B": 2.0})
    assert tables.align(given_numbers, ["B", "A"], what="totals").tolist() == [2, 1]
    assert tables.align(given_numbers, given_numbers.index[::-1], what="totals").tolist() == [2, 1]
    with pytest.raises(ValueError, match=words):
        tables.align(given_numbers, labels, what="totals")


def test_a_separator_that_is_said_is_taken(file):
    """Text with as many commas as bars: only the reader knows which part the cells."""
    path = file("a,b|c,d\n1,2|3,4\n")
    assert tables.read_text(path, separator="|").loc[2].tolist() == ["1,2", "3,4"]
