"""Awkward files for the readers of networks and of indicators."""

import gzip

import pandas as pd
import pytest
from awkward import judge
from awkward.files import file

from clusterlab import diamond, networks, tables
from clusterlab.diamond import indicators

TIES = "source,target,strength\na,b,1\nb,c,2\n"
FACETS = {"factor conditions": ["roads"], "demand conditions": ["buyers"]}
PLACES = "place,roads,buyers\nHere,3,4\nThere,5,6\n"


def ties(*lines, head="source,target,strength", **options):
    return networks.read(file("ties.csv", "\n".join([head, *lines]) + "\n"), **options)


def network(content, nodes=None, **options):
    return networks.read(file("ties.csv", content), nodes, **options)


def places(content, name="places.csv", **options):
    return diamond.read_indicators(file(name, content), **{"facets": FACETS, **options})


def has(*edges):
    return lambda graph: list(graph.edges) == list(edges)


REFUSED = [
    ("014", "a place twice", lambda: places(PLACES + "Here,1,2\n"), "place 'Here' listed more"),
    ("015", "header only", lambda: places("place,roads,buyers\n"), "no rows"),
    ("016", "a place without a name", lambda: places(PLACES + ",1,2\n"), "place number 3"),
    ("017", "infinite", lambda: places(PLACES + "Far,inf,2\n"), "'roads' of 'Far' is 'inf'"),
    (
        "029",
        "a column twice",
        lambda: ties("a,b,1,2", head="source,target,strength,strength"),
        "2 columns named 'strength'",
    ),
    (
        "172",
        "latin-1",
        lambda: places(PLACES.replace("Here", "Zürich").encode("cp1252")),
        "places.csv is not text in utf-8.*0xfc.*encoding='cp1252'",
    ),
    ("174", "empty", lambda: places(""), "places.csv is empty"),
    ("175", "ragged", lambda: places(PLACES + "Far,1,2,3,4\n"), "line 4 of places.csv has more"),
    ("176", "layout", lambda: places(PLACES, layout="long"), "no column 'indicator'"),
    ("177", "skip_rows text", lambda: places(PLACES, skip_rows="3"), "skip_rows is '3'"),
    ("179", "broken workbook", lambda: places(b"PK\x03\x04x", "a.xlsx"), "a.xlsx is a broken zip"),
    ("181", "binary", lambda: places(bytes(range(256))), "places.csv holds NUL bytes"),
    ("182", "no table", lambda: places(b"xx", "a.csv.gz"), "no rows"),
    ("184", "path 3", lambda: diamond.read_indicators(3, facets=FACETS), "path, got a int"),
    ("185", "facets a list", lambda: places(PLACES, facets=["roads"]), r"facets is \['roads'\]"),
    ("213", "text", lambda: ties("a,b,1", "b,c,2", "c,d,x"), r"row 3 \(line 4 of ties.csv\).*'x'"),
    ("214", "comma", lambda: ties('a,b,"1,2"', 'b,c,"2,5"'), r"row 1 .*'1,2'.*decimal=','"),
    ("215", "empty", lambda: network(""), "ties.csv is empty"),
    ("216", "latin-1", lambda: network("source,target\nä,b\n".encode("cp1252")), "0xe4.*cp1252"),
    ("219", "ragged", lambda: ties("a,b,1", "b,c,2,3,4"), "line 3 of ties.csv has more fields"),
    ("220", "binary", lambda: network(bytes(range(256))), "ties.csv holds NUL bytes"),
    (
        "221",
        "a share",
        lambda: ties("a,b,1", "b,c,50%", head="source,target,codified"),
        r"row 2 \(line 3 of ties.csv\): column 'codified' has '50%', .* number; take the % off",
    ),
    (
        "222",
        "columns a list",
        lambda: network(TIES, columns=["source"]),
        r"columns is \['source'\]",
    ),
    ("227", "text in row 3", lambda: ties("a,b,1", "b,c,2", "c,d,x"), "row 3 .*'x'"),
    (
        "229",
        "a list as name",
        lambda: networks.read(pd.DataFrame({"source": [["a"]], "target": ["b"]})),
        r"\['a'\] as source, which is no name",
    ),
    ("new", "1,200", lambda: ties('a,b,"1,200"', "b,c,3"), "row 1 .*thousands=','"),
    ("new", "1.200", lambda: ties("a,b,1.200", "b,c,3"), "'1.200'.*three digits.*thousands='.'"),
    ("new", "no option", lambda: network(TIES, page=1), "argument of read is 'page'"),
    ("new", "sheet", lambda: network(TIES, sheet=1), "sheet is 1.*ties.csv is no workbook"),
    ("new", "SPSS", lambda: network(b"$FL2@(#)"), "ties.csv is an SPSS file.*in place of the path"),
    (
        "new",
        "True",
        lambda: networks.read(pd.DataFrame({"source": ["a"], "target": ["b"], "strength": [True]})),
        "'strength' holds True and False",
    ),
    ("new", "capitals", lambda: ties("Prato,b,1", "b,PRATO,2"), "'Prato' and 'PRATO' differ only"),
    (
        "new",
        "1 and '1'",
        lambda: networks.read(pd.DataFrame({"source": [1, 2], "target": [2, "1"]}, dtype=object)),
        "1 and '1' differ only in that one is text",
    ),
    ("new", "an empty end", lambda: ties("a,b,1", "b, ,2"), r"row 2 \(line 3 .* empty 'target'"),
    ("new", "layout", lambda: places(PLACES, layout="wide"), "layout is 'wide'.*'places'"),
    ("new", "marks text", lambda: places(PLACES, missing_marks="x"), "missing_marks is 'x'"),
    (
        "new",
        "two spellings",
        lambda: places(PLACES + "HERE,1,2\n"),
        "'Here' and 'HERE' differ only",
    ),
    ("new", "a comma", lambda: places('place;roads;buyers\nK;"3,5";3\n'), "decimal=','"),
    ("new", "1.234", lambda: places("place,roads,buyers\nK,1.234,3\n"), "'1.234'.*thousands='.'"),
    ("new", "no frame", lambda: indicators.arrange([1], FACETS), "DataFrame.*got a list"),
]
DOCUMENTED = [
    ("180", "text called .xlsx", lambda: places(PLACES, "b.xlsx"), lambda table: len(table) == 2),
    ("217", "UTF-16", lambda: network(TIES.encode("utf-16")), has(("a", "b"), ("b", "c"))),
    ("218", "BOM", lambda: network(TIES.encode("utf-8-sig")), has(("a", "b"), ("b", "c"))),
    (
        "223",
        "one column",
        lambda: network(
            "source,target\nPrato,Como\n", file("nodes.csv", "node\nPrato\nComo\nBiella\n")
        ),
        lambda graph: list(graph) == ["Prato", "Como", "Biella"],
    ),
    (
        "224",
        "one column of letters",
        lambda: network("source,target\na,b\n", file("nodes.csv", "node\na\nb\nz\n")),
        lambda graph: list(graph) == ["a", "b", "z"],
    ),
    ("225", "BOM", lambda: network("\ufeffsource,target\na,b\n"), has(("a", "b"))),
    ("226", "CRLF", lambda: network("\ufeffsource;target\r\na;b\r\n"), has(("a", "b"))),
    ("new", "bars", lambda: network("source|target\na|b\n"), has(("a", "b"))),
    (
        "new",
        "marks of thousands",
        lambda: ties('a,b,"1,200"', thousands=","),
        lambda graph: graph.edges["a", "b"]["strength"] == 1200,
    ),
    (
        "new",
        "codes stay text, numbers are numbers",
        lambda: ties("01,NA,1,3.5,007", head="source,target,strength,km,code"),
        lambda graph: graph.edges["01", "NA"] == {"strength": 1.0, "km": 3.5, "code": "007"},
    ),
    (
        "new",
        "decimal comma",
        lambda: places("place;roads;buyers\nK;3,5;3\nB;5;6,1\n", decimal=","),
        lambda table: table.loc["K"].tolist() == [3.5, 3],
    ),
    (
        "new",
        "packed and marked",
        lambda: places(gzip.compress(PLACES.encode("utf-16")), "places.csv.gz"),
        lambda table: table.index.tolist() == ["Here", "There"],
    ),
    (
        "new",
        "a panel's path",
        lambda: tables.read_text(file("panel.csv", "place;type\n01;NA\n")),
        lambda frame: frame.loc[2].tolist() == ["01", "NA"],
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
