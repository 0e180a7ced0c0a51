"""Awkward files and frames for tables."""

import bz2
import gzip
import io
import lzma
import zipfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from awkward import judge
from awkward.files import file

from clusterlab import tables

NAMES = {"region": "county", "industry": "naics", "value": "jobs"}
LONG = "county,naics,jobs\n01,0111,5\n02,0111,1\n02,0112,4\n"
FRAME = pd.DataFrame({"city": ["A", "B"], "trade": ["w", "w"], "jobs": [3, 5]})
OWN = {"region": "city", "industry": "trade", "value": "jobs"}


def read(path, **options):
    return tables.read(path, **{**NAMES, "absent": "zero", **options})


def rows(*lines, head="county,naics,jobs", name="rows.csv", **options):
    return read(file(name, "\n".join([head, *lines]) + "\n"), **options)


def small(column):
    return pd.DataFrame(
        {"wine": [5.0, 1], "shoes": column, "glass": [2.0, 4]}, index=["Napa", "Modesto"]
    )


def packed(pack, spoil):
    return spoil(pack(LONG.encode() * 9))


def zipped(**entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in entries.items():
            bundle.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


DATES = pd.to_datetime(["2020-01-01", "2020-01-02"])
TIMES = pd.to_timedelta(["30D", "3D"])
WITH_NUL = "county,naics,jobs\n01\x0012,0111,5\n02,0111,7\n"

REFUSED = [
    ("011", "decimal ';'", lambda: rows("1,1,5", decimal=";"), "decimal is ';'.*','"),
    ("012", "NUL byte", lambda: read(file("nul.csv", WITH_NUL)), "nul.csv holds NUL bytes"),
    ("129", "dates", lambda: tables.check(small(DATES)), "'shoes' holds dates.*2020-01-01"),
    ("130", "durations", lambda: tables.check(small(TIMES)), "'shoes' holds durations"),
    ("131", "complex", lambda: tables.check_values(small([1j, 2])), "'shoes' holds complex"),
    ("132", "dates", lambda: tables.check_values(small(DATES)), "'shoes' holds dates"),
    ("134", "complex", lambda: tables._wide(small([1j, 2])), "'shoes' holds complex"),
    ("135", "dates", lambda: tables._wide(small(DATES)), "'shoes' holds dates"),
    ("136", "durations", lambda: tables._wide(small(TIMES)), "'shoes' holds durations"),
    ("150", "no encoding", lambda: rows("1,1,5", encoding="latin-99"), "encoding is 'latin-99'"),
    ("151", "separator 5", lambda: rows("1,1,5", separator=5), "separator is 5"),
    (
        "152",
        "line after a quoted line end",
        lambda: rows('"A\nB",x,1', "C,x,few"),
        "^line 4 of rows.csv: column 'jobs' has 'few'",
    ),
    (
        "154",
        "header of 10^6 signs",
        lambda: read(file("h.csv", "a" * 10**6 + ",b\n")),
        "line 1 of h",
    ),
    ("155", "cell of 200k", lambda: rows(f'"{"x" * 200_000}",1,5'), "line 2 of rows.csv.*131,072"),
    ("156", "unknown None", lambda: rows("1,1,5", unknown=None), "unknown is None"),
    ("157", "unknown 5", lambda: rows("1,1,5", unknown=5), "unknown is 5"),
    (
        "160",
        "wrong sum",
        lambda: read(file("crc.csv.gz", packed(gzip.compress, lambda b: b[:-8] + bytes(8)))),
        "crc.csv.gz is a broken gzip archive",
    ),
    (
        "161",
        "cut bz2",
        lambda: read(file("cut.csv.bz2", packed(bz2.compress, lambda b: b[:-9]))),
        "cut.csv.bz2 is a broken bzip2 archive",
    ),
    (
        "162",
        "cut xz",
        lambda: read(file("cut.csv.xz", packed(lzma.compress, lambda b: b[:-9]))),
        "cut.csv.xz is a broken xz archive",
    ),
    ("164", "no path", lambda: read(None), "path, got a NoneType"),
    ("165", "path 3", lambda: read(3), "path, got a int"),
    ("166", "list of paths", lambda: read(["a.csv"]), "path, got a list"),
    ("167", "NUL in the path", lambda: read("a\0b.csv"), r"path 'a\\x00b.csv'"),
    ("169", "StringIO", lambda: read(io.StringIO(LONG)), "path, got a StringIO"),
    ("170", "region None", lambda: read(file("a.csv", LONG), region=None), "region is None"),
    ("171", "one column twice", lambda: read(file("a.csv", LONG), industry="county"), "'county'"),
    (
        "194",
        "one column twice",
        lambda: tables.from_long(FRAME, region="city", industry="city", value="jobs"),
        "'city', 'city', 'jobs', but they must be different",
    ),
    (
        "195",
        "value is region",
        lambda: tables.from_long(FRAME, region="city", industry="trade", value="city"),
        "'city', 'trade', 'city', but they must be different",
    ),
    ("196", "a dict", lambda: tables.from_long({"city": []}, **OWN), "DataFrame.*got a dict"),
    ("197", "a path", lambda: tables.from_long("a.csv", **OWN), "DataFrame.*str; read the file"),
    ("199", "a list", lambda: tables.from_long([{"city": 1}], **OWN), "DataFrame.*got a list"),
    ("new", "a Series", lambda: tables.check(pd.Series([1])), "got a Series; .*to_frame"),
    ("new", "an array", lambda: tables.check(np.ones((2, 2))), "got a ndarray; give it labels"),
    ("new", "True and False", lambda: tables.check(small([True, False])), "holds True and False"),
    ("new", "numbers as text", lambda: tables.check(small(["3", "4"])), "'3' is text"),
    ("new", "a list in a cell", lambda: tables.check(small([[3], 4])), r"\[3\] is not a finite"),
    ("new", "a date as value", lambda: tables.from_long(FRAME.assign(jobs=DATES), **OWN), "dates"),
    ("new", "True as value", lambda: tables.from_long(FRAME.assign(jobs=True), **OWN), "True and"),
    ("new", "unknown text", lambda: rows("1,1,5", unknown="ND"), r"unknown is 'ND'.*\('ND',\)"),
    ("new", "separator ';;'", lambda: rows("1,1,5", separator=";;"), "separator is ';;'"),
    ("new", "encoding 5", lambda: rows("1,1,5", encoding=5), "encoding is 5"),
    ("new", "encoding base64", lambda: rows("1,1,5", encoding="base64"), "encoding is 'base64'"),
    ("new", "thousands 'x'", lambda: rows("1,1,5", thousands="x"), "thousands is 'x'"),
    (
        "new",
        "both marks one",
        lambda: rows("1,1,5", decimal=",", thousands=","),
        "decimal and thousands are both ','",
    ),
    ("new", "skip_rows -1", lambda: rows("1,1,5", skip_rows=-1), "skip_rows is -1"),
    ("new", "skip_rows text", lambda: rows("1,1,5", skip_rows="1"), "skip_rows is '1'"),
    ("new", "where a list", lambda: rows("1,1,5", where=["x"]), r"where is \['x'\]"),
    ("new", "where: no column", lambda: rows("1,1,5", where={"yr": 1}), "no column 'yr'"),
    ("new", "where: no row", lambda: rows("1,1,5", where={"naics": 2}), "naics = 2; found 1"),
    ("new", "a folder", lambda: read(Path(file("a.csv", LONG)).parent), "is a folder"),
    ("new", "an address", lambda: read("https://example.org/a.csv"), "web address; download"),
    ("new", "a frame", lambda: read(FRAME), "a frame goes to tables.from_long"),
    ("new", "a quote left open", lambda: rows('"A,x,1', "B,x,2"), "line 2 of rows.csv.*quotation"),
    ("new", "10^6 signs in a number", lambda: rows("A,x," + "y" * 10**5), "100,002 characters"),
    ("new", "a note below", lambda: rows("1,1,5", "Source: BLS"), r"skip_rows=\[3\]"),
    (
        "new",
        "a title above",
        lambda: read(file("t.csv", "Jobs by county\n\n" + LONG)),
        "names its columns in line 3; pass skip_rows=2",
    ),
    ("new", "blanks between", lambda: read(file("b.txt", LONG.replace(",", " "))), "separator=' '"),
    ("new", "a flag", lambda: rows("A,x,12 e"), "flag stands beside it: take it off first"),
    ("new", "(D)", lambda: rows("A,x,(D)"), r"unknown=\('\(D\)',\)"),
    ("new", "a range", lambda: rows("A,x,10-19"), "'10-19'.*but a range"),
    ("new", "less than", lambda: rows("A,x,<5"), "'<5'.*but a range"),
    ("new", "a share", lambda: rows("A,x,12%"), "'12%'.*take the % off"),
    ("new", "NFC and NFD", lambda: rows("é,x,1", "e\u0301,x,2"), "differ only by blanks"),
    ("new", "a no-break space", lambda: rows("A B,x,1", "A\xa0B,x,2"), "differ only by blanks"),
    ("new", "capitals", lambda: rows("Napa,x,1", "NAPA,x,2"), "'Napa' and 'NAPA' differ only"),
    (
        "new",
        "31 and '31'",
        lambda: tables.from_long(FRAME.assign(city=pd.Series([31, "31"], dtype=object)), **OWN),
        "31 and '31' differ only in that one is text",
    ),
    (
        "new",
        "a year as industry",
        lambda: tables.read(file("y.csv", "land,year,wine\nA,2019,3\nB,2019,4\n"), region="land"),
        "column 'year' holds years",
    ),
    *(
        (
            "new",
            kind,
            lambda name=name, content=content: read(file(name, content)),
            f"{name} is {kind}.*{call}",
        )
        for name, content, kind, call in [
            ("a.sav", b"$FL2@(#)", "an SPSS file", "pd.read_spss"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or locked Excel", "as .xlsx"),
            ("a.ods", zipped(content_xml="<x/>"), "an OpenDocument file", "as .xlsx"),
            ("a.docx", zipped(word__document_xml="<x/>"), "a Word or PowerPoint document", "CSV"),
            ("c.zip", zipped(jobs_parquet="PAR1"), "a Parquet file", "take it out"),
            ("b.zip", b"PK\x03\x04....", "a broken zip archive", "CSV"),
            ("a.rds", gzip.compress(b"X\n\0\0\0\x03"), "an R data file", "write.csv"),
            ("a.pdf", b"%PDF-1.7", "a PDF document", "CSV"),
            ("a.csv", b"<!DOCTYPE html>", "a web page", "pd.read_html"),
            ("a.json", b'[{"county": 1}]', "a JSON file", "pd.read_json"),
        ]
    ),
    *(
        ("new", f"broken {kind}", lambda content=content: read(file("a.csv", content)), kind)
        for content, kind in [
            (b"PAR1....", "a.csv cannot be read as a Parquet file"),
            (b"\x76\x02\x01\x00" + bytes(9), "a.csv cannot be read as a Stata file"),
            (zipped(xl__workbook_xml="<x/>"), "a.csv cannot be read as an Excel workbook"),
        ]
    ),
    (
        "new",
        "two files in a zip",
        lambda: read(file("two.zip", zipped(a_csv=LONG, b_csv=LONG))),
        "two.zip holds 2 files .*'a.csv', 'b.csv'.*take out the one you mean",
    ),
    ("new", "an empty zip", lambda: read(file("e.zip", zipped())), "the archive is empty"),
    ("new", "level 13", lambda: rows("1,1,5", level=13), "level is 13.*at most 12"),
    ("new", "level '2'", lambda: rows("1,1,5", level="2"), "level is '2'"),
    ("new", "totals out", lambda: rows("1,1,5", totals="out"), "totals is 'out'.*'drop'"),
    ("new", "sheet of text", lambda: rows("1,1,5", sheet=1), "sheet is 1.*rows.csv is no workbook"),
]
DOCUMENTED = [
    ("new", "Decimal", lambda: tables.check(small([Decimal(2), 1])), lambda t: t.iloc[0, 1] == 2),
    ("new", "trailing separators", lambda: rows("A,x,1,", head="county,naics,jobs,"), len),
    ("159", "text called .gz", lambda: read(file("no.csv.gz", LONG)), len),
    ("new", "text called .xlsx", lambda: read(file("no.xlsx", LONG)), len),
    ("new", "a zip", lambda: read(file("a.zip", zipped(data_csv=LONG, read_me="!"))), len),
    ("new", "no suffix", lambda: read(file("plain", gzip.compress(LONG.encode()))), len),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
