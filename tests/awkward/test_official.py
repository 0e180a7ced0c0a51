"""Awkward answers of offices and awkward options."""

import gzip
import zipfile

import pytest
from awkward import judge
from awkward.files import file

from clusterlab import official


def cbp(content=b"", **options):
    return official.fetch("us-cbp", path=file("cbp", content), **{"year": 2019, **options})


def qcew(content, **options):
    path = file("qcew", content)
    return official.fetch("us-qcew", path=path, **{"year": 2019, "industry": "3121", **options})


def eurostat(content, dataset="lfst"):
    return official.fetch("eurostat", path=file("eurostat", content), dataset=dataset)


def gone(name, **options):
    return official.fetch(name, path=file("any", b"{}"), **options)


def empty_zip():
    path = file("empty.zip", b"")
    zipfile.ZipFile(path, "w").close()
    return path.read_bytes()


REFUSED = [
    ("002", "wb", lambda: gone("world-bank", indicator="x"), "wbgapi is its kept client"),
    ("050", "wb", lambda: gone("world-bank", indicator="x"), "wbgapi is its kept client"),
    ("051", "wb", lambda: gone("world-bank", indicator="x"), "wbgapi is its kept client"),
    ("307", "cbp empty", lambda: cbp(b""), "us-cbp cbp19co.zip: cbp is empty"),
    (
        "309",
        "cbp empty zip",
        lambda: cbp(empty_zip()),
        "us-cbp cbp19co.zip: cbp: the archive is empty",
    ),
    ("310", "year text", lambda: cbp(year="last"), "year is 'last'"),
    ("311", "year None", lambda: cbp(year=None), "year is None"),
    ("312", "qcew empty", lambda: qcew(b""), "us-qcew 3121.csv: qcew is empty"),
    ("314", "qcew latin", lambda: qcew("ä,b\n".encode("cp1252")), "us-qcew 3121.csv.*0xe4"),
    ("315", "bea list", lambda: gone("bea-io", year=2019, table=1), "beaapi is its kept client"),
    ("316", "bea null", lambda: gone("bea-io", year=2019, table=1), "beaapi is its kept client"),
    ("317", "bea table", lambda: gone("bea-io", year=2019, table="use"), "beaapi is its kept"),
    ("319", "eurostat empty", lambda: eurostat(b""), "eurostat lfst: eurostat is empty"),
    (
        "320",
        "cut gzip",
        lambda: eurostat(gzip.compress(b"a" * 999)[:-9]),
        "eurostat lfst: eurostat is a broken gzip archive",
    ),
    ("321", "wb years", lambda: gone("world-bank", indicator="x", years=[]), "wbgapi is its kept"),
    ("322", "wb quarters", lambda: gone("world-bank", indicator="x"), "wbgapi is its kept client"),
    ("new", "source 3", lambda: official.fetch(3), "no source 3"),
    ("new", "digits text", lambda: cbp(digits="2"), "digits is '2'"),
    ("new", "digits 9", lambda: cbp(digits=9), "digits is 9"),
    ("new", "level 3", lambda: cbp(level=3), "level is 3"),
    ("new", "no industry", lambda: qcew(b"a,b\n1,2\n", industry=[]), "industry is empty"),
    ("new", "industry text", lambda: qcew(b"", industry="wine"), "industry is 'wine'"),
    ("new", "path 3", lambda: official.fetch("us-cbp", year=2019, path=3), "path, got a int"),
    ("new", "dataset", lambda: eurostat(b"", "../evil"), "dataset is '../evil'"),
    ("new", "a page", lambda: eurostat(b"\n<html>"), "a web page"),
    ("new", "ragged", lambda: cbp(b"a,b\n1,2,3\n1,2,3,4\n"), "not the table expected"),
]
DOCUMENTED = []


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])
