"""Parsers on constructed files in the official layouts, served from this machine."""

import gzip
import io
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

pytest.importorskip("pooch")

from clusterlab import agglomeration, official, reading, tables
from clusterlab.official import CBP_SIZE_CLASSES, fetch

SIZES = '"n<5","n5_9","n10_19","n20_49","n50_99","n100_249","n250_499","n500_999","n1000"'
TAIL = '"n1000_1","n1000_2","n1000_3","n1000_4"'
COUNTY = f""""fipstate","fipscty","naics","emp_nf","emp","qp1_nf","qp1","ap_nf","ap","est",{SIZES},{TAIL}
"01","001","------","G",620,"G",97944,"G",424826,24,10,10,"N","N","N",4,"N","N","N","N","N","N","N"
"01","001","3121//","H",120,"G",1325,"G",5107,9,6,"N",3,"N","N","N","N","N","N","N","N","N","N"
"01","001","31213/","S",0,"S",0,"S",0,3,3,"N","N","N","N","N","N","N","N","N","N","N","N"
"01","003","3121//","D",0,"D",0,"D",0,4,4,"N","N","N","N","N","N","N","N","N","N","N","N"
"""
STATE = f""""fipstate","naics","lfo","emp_nf","emp","est",{SIZES},{TAIL}
"01","3121//","-","G",60,5,3,"N",1,1,"N","N","N","N","N","N","N","N","N"
"01","3121//","C","G",60,3,2,"N",1,"N","N","N","N","N","N","N","N","N","N"
"02","3121//","-","G",10,2,1,1,"N","N","N","N","N","N","N","N","N","N","N"
"01","3344//","-","G",50,1,"N","N","N","N",1,"N","N","N","N","N","N","N","N"
"02","3344//","-","G",350,4,"N","N","N","N",3,1,"N","N","N","N","N","N","N"
"""
OLD = f""""fipstate","naics","lfo","empflag","emp_nf","emp","est",{SIZES.replace("n<5", "n1_4")},{TAIL}
"01","3121//","-","A","D",0,5,3,0,1,1,0,0,0,0,0,0,0,0,0
"01","3344//","-","","G",50,1,0,0,0,0,1,0,0,0,0,0,0,0,0
"""
QCEW = """"area_fips","own_code","industry_code","agglvl_code","size_code","year","qtr","disclosure_code","annual_avg_estabs","annual_avg_emplvl","total_annual_wages"
"01000","5","3121","56","0","2019","A","",40,900,30000000
"01001","5","3121","76","0","2019","A","N",2,0,0
"01000","3","3121","56","0","2019","A","",1,10,1000
"""
_TOTAL_ROWS = [
    ("001", "------", 500),
    ("001", "31-33-", 300),
    ("001", "311///", 300),
    ("001", "44----", 200),
    ("003", "------", 500),
    ("003", "31-33-", 100),
    ("003", "311///", 100),
    ("003", "44----", 400),
]
TOTAL = (
    "\n".join(
        ["fipstate,fipscty,naics,emp_nf,emp,est," + (SIZES + "," + TAIL).replace('"', "")]
        + [f"01,{county},{code},G,{jobs},10,5" + ",N" * 12 for county, code, jobs in _TOTAL_ROWS]
    )
    + "\n"
)
TSV = (
    "freq,unit,nace_r2,geo\\TIME_PERIOD\t2018 \t2019 \n"
    "A,THS,C,DE11\t12.5 \t13 b\n"
    "A,THS,C,DE12\t: \t: c\n"
)


def zipped(text):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as bundle:
        bundle.writestr("data.txt", text)
    return stream.getvalue()


class Server:
    """Serves bytes by path, counts requests, and can break off or change."""

    def __init__(self):
        self.files, self.asked, self.break_after, self.status = {}, [], None, None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((self.path, self.headers.get("Range")))
                content = outer.files.get(self.path)
                if outer.status is not None:
                    self.send_error(outer.status)
                    return
                if content is None:
                    self.send_error(404)
                    return
                start = 0
                if self.headers.get("Range") and self.headers.get("If-Range") == '"v1"':
                    start = int(self.headers["Range"].split("=")[1].rstrip("-"))
                self.send_response(206 if start else 200)
                self.send_header("ETag", '"v1"')
                self.send_header("Content-Length", str(len(content) - start))
                self.end_headers()
                stop = len(content) if outer.break_after is None else outer.break_after
                self.wfile.write(content[start:stop])

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"


@pytest.fixture
def server(monkeypatch, tmp_path):
    found = Server()
    monkeypatch.setenv("CLUSTERLAB_CACHE", str(tmp_path))
    monkeypatch.setattr(official, "SERVERS", dict.fromkeys(official.SERVERS, found.address))
    yield found
    found.http.shutdown()
    found.http.server_close()


def test_county_business_patterns(server):
    server.files["/2019/cbp19co.zip"] = zipped(COUNTY)
    found = fetch("us-cbp", year=2019, level="county", progress=False)
    assert found["region"].tolist() == ["01001", "01001", "01001", "01003"]
    assert found["industry"].tolist() == ["00", "3121", "31213", "3121"]
    # S and D: withheld, so missing and not zero
    np.testing.assert_array_equal(found["employment"], [620, 120, np.nan, np.nan])
    np.testing.assert_array_equal(
        found.loc[0, ["size_1_4", "size_10_19", "size_100_249"]].to_numpy(float), [10, np.nan, 4]
    )
    only = fetch("us-cbp", year=2019, level="county", digits=4, progress=False)
    assert set(only["industry"]) == {"3121"}
    record = found.attrs["source"][0]
    assert record["url"].endswith("/2019/cbp19co.zip")
    assert len(record["sha256"]) == 64
    assert len(server.asked) == 1, "the second call must come from the cache"


def test_states_legal_forms_are_not_counted_twice_and_give_a_true_gamma(server):
    server.files["/2019/cbp19st.zip"] = zipped(STATE)
    found = fetch("us-cbp", year=2019, level="state", progress=False)
    jobs = tables.from_long(found, region="region", industry="industry", value="employment")
    assert jobs.loc["01", "3121"] == 60
    names = [name for name, _, _ in CBP_SIZE_CLASSES]
    counts = found.groupby("industry")[names].sum()
    bounds = [(low, high) for _, low, high in CBP_SIZE_CLASSES]
    plants = agglomeration.plant_sizes_from_classes(counts, bounds, jobs.sum())
    gamma = agglomeration.ellison_glaeser(jobs, plants)
    assert np.isfinite(gamma.to_frame().to_numpy(float)).all()


def test_layout_before_2017(server):
    server.files["/2012/cbp12st.zip"] = zipped(OLD)
    found = fetch("us-cbp", year=2012, level="state", progress=False)
    np.testing.assert_array_equal(found["employment"], [np.nan, 50])
    assert found["size_1_4"].tolist() == [3, 0]


def test_quarterly_census(server):
    server.files["/2019/a/industry/3121.csv"] = QCEW.encode()
    found = fetch("us-qcew", year=2019, industry="3121", progress=False)
    assert found["region"].tolist() == ["01000", "01001"]
    np.testing.assert_array_equal(found["employment"], [900, np.nan])
    both = fetch("us-qcew", year=2019, industry=["3121", "3121"], ownership="3", progress=False)
    assert both["employment"].tolist() == [10, 10]


def test_eurostat(server):
    server.files["/lfst?format=TSV&compressed=true"] = gzip.compress(TSV.encode())
    found = fetch("eurostat", dataset="lfst", progress=False)
    assert found.columns.tolist() == ["freq", "unit", "nace_r2", "geo", "period", "value", "flag"]
    cell = found.set_index(["geo", "period"])
    assert cell.loc[("DE11", "2019"), ["value", "flag"]].tolist() == [13.0, "b"]
    assert np.isnan(cell.loc[("DE12", "2018"), "value"])
    assert cell.loc[("DE12", "2019"), "flag"] == "c"


@pytest.mark.parametrize(("name", "client"), [("world-bank", "wbgapi"), ("bea-io", "beaapi")])
def test_other_services_have_their_own_clients(name, client):
    with pytest.raises(ValueError, match=f"pip install {client}"):
        fetch(name, indicator="GDP")


def test_the_total_is_left_out_where_digits_are_asked_for(tmp_path):
    file = tmp_path / "cbp19co.txt"
    file.write_text(TOTAL)
    found = fetch("us-cbp", path=file, year=2019, digits=2)
    assert set(found["industry"]) == {"31-33", "44"}
    table = tables.from_long(
        found, region="region", industry="industry", value="employment", absent="zero"
    )
    assert table.sum(axis=1).to_dict() == {"01001": 500, "01003": 500}
    np.testing.assert_allclose(agglomeration.krugman_specialisation(table), 0.8)


def test_withheld_figures_are_noted_and_the_advice_reads_on(server):
    server.files["/2019/cbp19co.zip"] = zipped(COUNTY)
    found = fetch("us-cbp", year=2019, progress=False)
    assert found.attrs["note"].startswith("4 rows; 2 figures are withheld or missing")
    assert "unknown=('',)" in found.attrs["note"]
    table = tables.from_long(
        found,
        region="region",
        industry="industry",
        value="employment",
        absent="zero",
        unknown=("",),
    )
    assert table.isna().to_numpy().sum() == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"<!DOCTYPE html><html>log in</html>", "a web page .* came in place of the table"),
        (b"", "cbp19co.zip is empty"),
        (b"PK\x05\x06" + bytes(18), "the archive is empty"),
        (b"PK\x03\x04broken", "a broken zip archive"),
        (b"a,b\n1,2\n", "no column 'fipstate'.*not the layout expected"),
        (b"\xe4,\xff\n", "not the table expected"),
    ],
)
def test_an_answer_that_cannot_be_read_is_not_kept(server, tmp_path, answer, words):
    server.files["/2019/cbp19co.zip"] = answer
    with pytest.raises(ValueError, match=words):
        fetch("us-cbp", year=2019, progress=False)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    server.files["/2019/cbp19co.zip"] = zipped(COUNTY)
    assert len(fetch("us-cbp", year=2019, progress=False)) == 4


@pytest.mark.parametrize("card", ["{}", "[]", "not json", None])
def test_a_cached_file_without_a_whole_card_is_not_believed(server, tmp_path, card):
    server.files["/2019/cbp19co.zip"] = zipped(COUNTY)
    folder = tmp_path / "us-cbp"
    folder.mkdir()
    (folder / "cbp19co.zip").write_bytes(zipped(COUNTY.replace("620", "999")))
    if card is not None:
        (folder / "cbp19co.zip.json").write_text(card)
    assert fetch("us-cbp", year=2019, progress=False).loc[0, "employment"] == 620


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_office_that_is_busy_is_to_be_tried_again(server, status):
    server.status = status
    with pytest.raises(ConnectionError, match=f"answers {status}.*try again later"):
        fetch("us-cbp", year=2019, progress=False)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("eurostat", {"dataset": "../../../evil"}),
        ("us-cbp", {"year": "../../../y"}),
        ("us-cbp", {"year": 2019.5}),
        ("us-qcew", {"year": 2019, "industry": "../3121"}),
    ],
)
def test_nothing_is_written_outside_the_cache(server, tmp_path, name, options):
    with pytest.raises(ValueError, match="but it must be"):
        fetch(name, progress=False, **options)
    assert list(tmp_path.rglob("*")) == []
    assert server.asked == []


def test_an_archive_that_fills_the_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_SWELLS_TO", 1_000_000)
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("data.txt", COUNTY + 50_000 * (COUNTY.splitlines()[-1] + "\n"))
    with pytest.raises(ValueError, match="unpacks to more than 200 times its size"):
        fetch("us-cbp", year=2019, path=file)


def test_a_file_of_another_industry_is_refused(tmp_path):
    file = tmp_path / "3121.csv"
    file.write_text(QCEW)
    assert len(fetch("us-qcew", path=file, year=2019, industry="3121")) == 2
    with pytest.raises(ValueError, match="no industry '3122'; it has 3121"):
        fetch("us-qcew", path=file, year=2019, industry=["3121", "3122"])


def test_a_broken_download_is_not_kept(server, tmp_path):
    row = COUNTY.splitlines()[-1] + "\n"
    server.files["/2019/cbp19co.zip"] = content = (COUNTY + 3000 * row).encode()
    server.break_after = len(content) // 2
    with pytest.raises(ConnectionError, match="there is no connection, or it broke off; try again"):
        fetch("us-cbp", year=2019, progress=False)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    server.break_after = None
    assert len(fetch("us-cbp", year=2019, progress=False)) == 3004


def test_hash_is_kept(server, tmp_path):
    server.files["/2019/cbp19co.zip"] = zipped(COUNTY)
    fetch("us-cbp", year=2019, progress=False)
    file = tmp_path / "us-cbp" / "cbp19co.zip"
    file.write_bytes(b"damaged")
    # a damaged copy is fetched again, and is the same file
    assert len(fetch("us-cbp", year=2019, progress=False)) == 4
    file.write_bytes(b"damaged")
    server.files["/2019/cbp19co.zip"] = zipped(COUNTY.replace("620", "621"))
    with pytest.raises(ValueError, match="Pass refresh=True to take the new one"):
        fetch("us-cbp", year=2019, progress=False)
    fresh = fetch("us-cbp", year=2019, refresh=True, progress=False)
    assert fresh.loc[0, "employment"] == 621


def test_offline_in_one_sentence(server, monkeypatch):
    monkeypatch.setattr(official, "SERVERS", {"us-cbp": "http://127.0.0.1:9"})
    with pytest.raises(ConnectionError, match=r"cannot get cbp19co.zip from 127.0.0.1: there is"):
        fetch("us-cbp", year=2019, progress=False)


def test_no_such_file(server):
    with pytest.raises(ValueError, match="answers 404"):
        fetch("us-cbp", year=1850, progress=False)


def test_own_file(tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text(COUNTY)
    found = fetch("us-cbp", year=2019, path=file)
    assert len(found) == 4
    assert found.attrs["source"] == [{"path": str(file)}]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("us-cpb", {}, "did you mean 'us-cbp'"),
        ("us-cbp", {}, "needs year="),
        ("us-cbp", {"year": 2019, "region": "x"}, "no option 'region'; it takes year, level"),
        ("us-cbp", {"year": 2019, "level": "city"}, "level is 'city'"),
    ],
)
def test_bad_options(name, options, message):
    with pytest.raises(ValueError, match=message):
        fetch(name, **options)


@pytest.mark.parametrize(
    ("name", "options", "text", "message"),
    [
        ("us-cbp", {"year": 2019}, "a,b\n1,2\n", "no column 'fipstate'.*not the layout"),
        ("us-cbp", {"year": 2019}, COUNTY.replace("620", "many"), "'many' is not a number"),
        ("eurostat", {"dataset": "x"}, "a\tb\n1\t2\n", r"should end in .TIME_PERIOD"),
        ("eurostat", {"dataset": "x"}, "<html>", "a web page"),
    ],
)
def test_bad_files(tmp_path, name, options, text, message):
    file = tmp_path / "file"
    file.write_text(text)
    with pytest.raises(ValueError, match=message):
        fetch(name, path=file, **options)
