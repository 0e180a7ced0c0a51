"""The recipe of official files on files of other levels, years and dimensions."""

import numpy as np
import pandas as pd
import pytest

from clusterlab import agglomeration, official, tables
from tests.recipes.running import Stopped, run
from tests.recipes.tables_tried import Case, judged, stored, without

NAME = "measure_official_files"
CLASSES = ["n<5", "n5_9", "n10_19", "n20_49", "n50_99", "n100_249", "n250_499", "n500_999"]
CLASSES += ["n1000", "n1000_1", "n1000_2", "n1000_3", "n1000_4"]
EDGES = [1, 5, 10, 20, 50, 100, 250, 500, 1000, 1500, 2500, 5000, np.inf]


def written(path, keys, rows):
    """Write rows of (places, code, plants' sizes, withheld) in the layout of the Census Bureau."""
    lines = [",".join([*keys, "naics", "emp_nf", "emp", "est", *CLASSES])]
    for places, code, sizes, withheld in rows:
        counts = np.histogram(sizes, EDGES)[0]
        counts = [*counts[:8], counts[8:].sum(), *counts[8:]]  # n1000 holds its four parts
        jobs = ["D", "0"] if withheld else ["G", str(int(sum(sizes)))]
        lines.append(",".join([*places, code, *jobs, str(len(sizes)), *map(str, counts)]))
    path.write_text("\n".join(lines) + "\n")
    return repr(str(path))


def constructed(keys, seed, regions=6):
    rng = np.random.default_rng(seed)
    rows = []
    for region in range(regions):
        places = [f"{region + 1:02d}", "001"][: len(keys)]
        own = [
            (places, code, np.ceil(rng.lognormal(3, 1, rng.integers(2, 12))), rng.random() < 0.3)
            for code in ("3121//", "3344//", "4451//")
        ]
        total = np.concatenate([sizes for _, _, sizes, _ in own] + [np.full(30, 40.0)])
        rows += [(places, "------", total, False), *own]
    return rows


@pytest.mark.parametrize(
    ("level", "keys"),
    [("state", ["fipstate"]), ("county", ["fipstate", "fipscty"]), ("metro", ["msa"])],
)
def test_patterns_of_any_level_with_published_totals(level, keys, tmp_path):
    rows = constructed(keys, 4)
    file = written(tmp_path / "mine.txt", keys, rows)
    whole = {}
    for _, code, sizes, _ in rows:
        whole.setdefault(code, []).extend(sizes)
    country = written(
        tmp_path / "us.txt", [], [([], code, sizes, False) for code, sizes in whole.items()]
    )
    options = {"patterns": file, "national": country, "level": repr(level), "year": "2015"}
    listed = rows
    if level == "metro":  # since 2017 a cell with one or two plants has no row at all
        listed, options["absent"] = rows[:-1], "'unknown'"
        options["patterns"] = written(tmp_path / "fewer.txt", keys, listed)
    found = run(NAME, tmp_path, **options)
    gamma = found.names["gamma"]
    withheld = sum(gone for _, code, _, gone in listed if code != "------")
    withheld += len(rows) - len(listed)
    assert gamma["unknown"].sum() == withheld > 1
    assert gamma["gamma_low"].notna().all()
    # the index of the plants themselves, by its formula
    totals = pd.Series({"".join(p): sum(z) for p, code, z, _ in rows if code == "------"})
    share = totals / totals.sum()
    for name, code in (("3121", "3121//"), ("3344", "3344//"), ("4451", "4451//")):
        own = pd.Series({"".join(p): sum(z) for p, c, z, _ in rows if c == code})
        z = np.array(whole[code]) / own.sum()
        room, h = 1 - (share**2).sum(), (z**2).sum()
        true = (((own / own.sum() - share) ** 2).sum() - room * h) / (room * (1 - h))
        assert gamma.loc[name, "gamma_low"] <= true <= gamma.loc[name, "gamma_high"]
    assert f"employment is unknown in {withheld} cells" in found.words


#: The whole record of a county before 2017, as programs that read the office's files name it.
RECORD = "FIPSTATE,FIPSCTY,NAICS,EMPFLAG,EMP_NF,EMP,QP1_NF,QP1,AP_NF,AP,EST,N1_4,N5_9,N10_19,N20_49"
RECORD += ",N50_99,N100_249,N250_499,N500_999,N1000,N1000_1,N1000_2,N1000_3,N1000_4,CENSTATE,CENCTY"


def test_the_whole_record_of_a_county_before_2017_is_read_to_the_same_bounds(tmp_path):
    rows = constructed(["fipstate", "fipscty"], 4)
    written(tmp_path / "short.txt", ["fipstate", "fipscty"], rows)
    lines = [RECORD]
    for line in (tmp_path / "short.txt").read_text().splitlines()[1:]:
        state, county, code, flag, jobs, plants, *counts = line.split(",")
        held = ["C", "D", "0"] if flag == "D" else ["", flag, jobs]  # a letter for what it lies in
        lines.append(
            ",".join(
                [state, county, code, *held, "G", "9", "G", "40", plants, *counts, "63", "001"]
            )
        )
    (tmp_path / "cbp15co.txt").write_text("\r\n".join(lines) + "\r\n")
    found = []
    for name in ("short.txt", "cbp15co.txt"):
        frame = official.fetch("us-cbp", path=tmp_path / name, year=2015, level="county")
        everything = frame[frame["industry"] == "00"].set_index("region")["employment"]
        cells = frame[(frame["industry"] != "00") & (frame["establishments"] > 0)]
        classes = frame.attrs["size_classes"]
        found.append(
            agglomeration.ellison_glaeser_bounds(cells, classes=classes, totals=everything)
        )
    pd.testing.assert_frame_equal(*found)
    assert found[0]["unknown"].sum() > 0
    assert (found[0]["gamma_low"] <= found[0]["gamma_high"]).all()


def test_codes_of_another_length_are_offered(tmp_path):
    file = written(tmp_path / "st.txt", ["fipstate"], constructed(["fipstate"], 5))
    with pytest.raises(Stopped, match=r"No industry has a code of 3 digits.*one of \[4\]"):
        run(NAME, tmp_path, patterns=file, digits="3")


def test_a_region_whose_total_is_withheld_is_left_out_and_named_in_words(tmp_path):
    rows = constructed(["fipstate"], 5)
    rows[0] = (*rows[0][:3], True)
    found = run(NAME, tmp_path, patterns=written(tmp_path / "st.txt", ["fipstate"], rows))
    assert (
        "Left out, as their total is withheld or not in the file: 1 regions, 3 rows." in found.words
    )
    assert "01" not in found.names["totals"].index


TSV = (
    "freq,wstatus,nace_r2,unit,geo\\TIME_PERIOD\t2020 \t2021 \n"
    + "\n".join(
        f"A,{status},{code},PER,{place}\t{number} \t: c"
        for status in ("EMP", "SAL")
        for place, numbers in {
            "AT": (900, 500, 400),
            "AT11": (100, 70, ":"),
            "AT12": (200, ": u", "90 b"),
            "AT13": (":", 50, 60),
            "AT1": (300, 200, 100),
            "FR10": (500, 100, 100),
        }.items()
        for code, number in zip(("TOTAL", "C", "G"), numbers, strict=True)
    )
    + "\n"
)


def test_eurostat_with_other_dimensions(tmp_path):
    path = tmp_path / "nama_10r_3empers.tsv"
    path.write_text(TSV)
    options = {
        "eurostat": repr(str(path)),
        "rows": "{'wstatus': 'EMP', 'unit': 'PER', 'period': '2020'}",
        "economy": "'AT'",
    }
    found = run(NAME, tmp_path, **options, rounded="10")
    value = found.names["quotients"].value
    assert value.index.tolist() == ["AT11", "AT12"]
    assert value.loc["AT11", "C"] == pytest.approx(70 / 100 / (500 / 900))
    assert value.isna().to_numpy().sum() == 2
    assert "2 of 3 regions of AT have a published total" in found.words
    low, high = found.names["low"], found.names["high"]
    # 35 at most are left of 105, and 65 were counted at least: over the reference 400/900
    assert high.loc["AT11", "G"] == pytest.approx((105 - 65) / 95 / (400 / 900), rel=0.2)
    assert (low <= high).all(axis=None)
    only = run(NAME, tmp_path, **options, industries="['C']").names["quotients"]
    assert only.value.columns.tolist() == ["C"]
    pd.testing.assert_series_equal(only.value["C"], value["C"])
    with pytest.raises(Stopped, match="dimension geo of the file has no column 'DE'"):
        run(NAME, tmp_path, **{**options, "economy": "'DE'"})
    with pytest.raises(Stopped, match="'wstatus'|'period'|combine"):
        run(NAME, tmp_path, **{**options, "rows": "{'wstatus': 'EMP'}"})


def test_without_a_connection_one_sentence_says_so(tmp_path, monkeypatch):
    pytest.importorskip("pooch")
    monkeypatch.setenv("CLUSTERLAB_CACHE", str(tmp_path))
    closed = dict.fromkeys(official.SERVERS, "http://127.0.0.1:9")
    monkeypatch.setattr(official, "SERVERS", closed)
    with pytest.raises(Stopped, match=r"cannot get cbp16st.zip from 127.0.0.1.*pass path="):
        run(NAME, tmp_path, patterns="'fetch'")
    with pytest.raises(Stopped, match="nowhere.zip"):
        run(NAME, tmp_path, patterns="'nowhere.zip'")


#: Real employment and establishments; how large each plant is, is constructed, as no folder of
#: real tables has a file of the office with its size classes: file, columns, level, digits, year.
REAL = {
    "metro areas 2019, 4 digits": (
        *("us_cbp_cbsa/cbp2019_cbsa_naics4.csv.gz", ["cbsa_code", "naics_code"], "metro", 4, 2019),
    ),
    "metro areas 2018, 3 digits": (
        *("us_cbp_cbsa/cbp2018_cbsa_naics3.csv", ["cbsa_code", "naics_code"], "metro", 3, 2018),
    ),
    "metro areas 2018, 6 digits": (
        *("us_cbp_cbsa/cbp2018_cbsa_naics6.csv.gz", ["cbsa_code", "naics_code"], "metro", 6, 2018),
    ),
    "states 2012–16, 3 digits": (
        *("us_cbp_state/cbp_avg2012_2016_state_naics3.csv", ["fips", "naics3"], "state", 3, 2016),
    ),
}


def real(table, data, folder):
    """Write a real table in the layout of the office; return the case and the rows."""
    file, names, level, digits, year = REAL[table]
    cells = pd.read_csv(data / file, dtype=dict.fromkeys(names, str))
    cells = cells[cells[names[0]] < "14"] if level == "metro" else cells
    cells = cells[(cells["emp"] >= 1) & (cells["estab"] >= 1)].round()
    rows = []
    for place, code, jobs, plants in cells[[*names, "emp", "estab"]].itertuples(index=False):
        n = max(int(min(jobs, plants)), 1)
        size = max(jobs // n, 1)
        sizes = np.r_[np.full(n - 1, size), max(jobs - (n - 1) * size, 1)]
        rows.append(([place.zfill(2)], code.ljust(6, "/"), sizes, sizes.sum() < 60))
    totals: dict = {}
    for (place,), _, sizes, _ in rows:
        totals.setdefault(place, []).append(sizes)
    rows += [([place], "------", np.concatenate(each), False) for place, each in totals.items()]
    key = {"metro": "msa", "state": "fipstate"}[level]
    patterns = written(folder / f"{level}{year}{digits}.txt", [key], rows)
    settings = {"patterns": patterns, "level": repr(level), "digits": str(digits)}
    settings = {name: code for name, code in settings.items() if code != stored(NAME).get(name)}
    return Case(NAME, table, settings, ("employment is unknown in",)), rows


@pytest.mark.realdata
@pytest.mark.parametrize("table", [name for name in REAL if "6 digits" not in name])
def test_every_edit_told_is_needed_for_real_numbers(table, real_data, tmp_path):
    case, _ = real(table, real_data, tmp_path)
    judged(case, tmp_path)
    assert without(case, tmp_path).keys() == case.facts().keys()


@pytest.mark.realdata
def test_metro_areas_with_plants_constructed_from_their_numbers(real_data, tmp_path):
    case, rows = real("metro areas 2019, 4 digits", real_data, tmp_path)
    found = run(NAME, tmp_path, **case.settings)
    gamma = found.names["gamma"]
    assert len(gamma) > 250
    assert gamma["unknown"].sum() > 1000
    bounded = gamma.dropna(subset="gamma_low")
    assert (bounded["gamma_low"] <= bounded["gamma_high"]).all()
    frame = pd.DataFrame(
        {"place": [p for (p,), c, _, _ in rows], "code": [c.strip("/-") for _, c, _, _ in rows]}
    ).assign(jobs=[float(sum(z)) for _, _, z, _ in rows])
    frame = frame[frame["code"] != ""]
    table = tables.from_long(frame, region="place", industry="code", value="jobs", absent="zero")
    share = (table.sum(axis=1) / table.to_numpy().sum()).to_numpy()
    room = 1 - (share**2).sum()
    for name in bounded.index:
        jobs = table[name].to_numpy()
        z = np.concatenate([z for _, c, z, _ in rows if c == f"{name}//"]) / jobs.sum()
        g, h = ((jobs / jobs.sum() - share) ** 2).sum(), (z**2).sum()
        true = (g - room * h) / (room * (1 - h))
        low, high = bounded.loc[name, ["gamma_low", "gamma_high"]]
        assert low - 1e-9 <= true <= high + 1e-9, name
