"""Every data set and its provenance."""

import gzip
import hashlib
import importlib.util
import shutil

import pandas as pd
import pytest
import yaml
from pydantic import ValidationError

from clusterlab import datasets, tables
from clusterlab.agglomeration import location_quotient
from tests.conftest import ROOT

FOLDER = ROOT / "datasets"
FILES = {file.name.split(".")[0]: file for file in FOLDER.glob("*.csv*") if file.suffix != ".yml"}
NAMES = sorted(FILES)
DOCUMENTS = {
    "porter-2000",
    "whitford-potter-2007",
    "guerrieri-pietrobelli-2001",
    "bathelt-2019",
    "globalization-ties",
}


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Return a copy of the folder of data sets, which `datasets` then reads."""
    folder = tmp_path / "datasets"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(datasets, "_FOLDER", folder)
    return folder


def content(path):
    """Return the text of a table, packed or not: another zlib packs the same text otherwise."""
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def test_there_are_data_sets_each_with_a_sidecar_and_no_sidecar_without_one():
    assert NAMES
    assert sorted(file.name.removesuffix(".csv.yml") for file in FOLDER.glob("*.yml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_sidecar(name):
    sidecar = datasets.provenance(name)
    assert sidecar.kind in ("document", "official", "constructed")
    assert sidecar.source
    for source in sidecar.source:
        assert source.key is None or source.key in DOCUMENTS
        assert source.where.strip()
        assert source.citation.strip()
    if sidecar.kind == "document":
        assert any(source.key for source in sidecar.source)
    if sidecar.kind == "constructed":
        assert "onstructed" in sidecar.title + sidecar.source[0].citation
    assert sidecar.licence.name or sidecar.licence.reason
    assert sidecar.verified.strip()
    assert sidecar.title in repr(sidecar)
    assert f"[{sidecar.kind}]" in repr(sidecar)
    assert all(gap in repr(sidecar) for gap in sidecar.gaps)


@pytest.mark.parametrize("name", NAMES)
def test_columns_and_hash(name):
    sidecar, raw = datasets.provenance(name), content(FILES[name])
    assert hashlib.sha256(FILES[name].read_bytes()).hexdigest() == sidecar.sha256
    assert raw.decode("utf-8")
    assert b"\r" not in raw
    header = raw.decode("utf-8").splitlines()[0].split(",")
    assert list(sidecar.columns) == header
    frame = datasets.load(name)
    assert list(frame) == header
    for column, entry in sidecar.columns.items():
        assert entry.meaning.strip()
        if entry.type == "number":
            assert frame[column].dtype == float
        elif entry.type == "integer":
            assert frame[column].dtype.kind == "i"
        else:
            assert not pd.api.types.is_numeric_dtype(frame[column].dtype)
        assert not (frame[column] == "").any(), f"{column}: an empty text is not missing"


@pytest.mark.parametrize("name", NAMES)
def test_builder_makes_the_same_bytes(name, tmp_path, monkeypatch):
    sidecar = datasets.provenance(name)
    if sidecar.builder is None:
        assert sidecar.kind != "constructed" or name == "us_state_tiles"
        return
    path = FOLDER / sidecar.builder
    spec = importlib.util.spec_from_file_location(f"builder_{path.stem}", path)
    builder = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, spec.name, builder)
    monkeypatch.syspath_prepend(path.parent)
    spec.loader.exec_module(builder)
    if sidecar.kind == "official" and not builder.SOURCE.is_dir():
        pytest.skip(f"no real tables in {builder.SOURCE}")
    monkeypatch.setattr(builder, "FOLDER", tmp_path)
    if hasattr(builder, "SAMPLE"):  # all of it takes too long here
        builder.main(builder.SAMPLE)
        made = content(tmp_path / FILES[name].name).splitlines()
        assert len(made) == len(builder.SAMPLE) + 1
        assert {*made} <= {*content(FILES[name]).splitlines()}
        assert len(content(FILES[name]).splitlines()) == len(builder.ROWS) + 1
        return
    builder.main()
    assert content(tmp_path / FILES[name].name) == content(FILES[name])


def test_data_sets_stay_small():
    assert sum(path.stat().st_size for path in FILES.values()) <= 6_000_000


def test_a_packed_table_carries_no_time():
    packed = [path for path in FILES.values() if path.suffix == ".gz"]
    assert packed
    assert all(path.read_bytes()[4:8] == b"\0\0\0\0" for path in packed)


def test_every_builder_builds_something():
    named = {datasets.provenance(name).builder for name in NAMES}
    there = {f"builders/{file.name}" for file in (FOLDER / "builders").glob("[!_]*.py")}
    assert there == named - {None}


def test_document_keys_of_the_rows_exist():
    for name in NAMES:
        frame = datasets.load(name)
        if "document" in frame:
            assert set(frame["document"].dropna()) <= DOCUMENTS, name


def test_catalogue():
    table = datasets.catalogue()
    assert table.index.tolist() == NAMES
    assert set(table["class"]) <= {"document", "official", "constructed"}


def test_unknown_name_suggests():
    for ask in (datasets.load, datasets.provenance):
        with pytest.raises(
            ValueError, match="no data set 'growth_figure'; did you mean 'growth_figu"
        ):
            ask("growth_figure")
        with pytest.raises(ValueError, match="no data set 'zzzz'; there are barter_runs, claims, "):
            ask("zzzz")


def test_a_changed_file_is_refused(copy):
    file = copy / "growth_figures.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("6.5", "6.6", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="growth_figures.csv was changed: it is not the file its"):
        datasets.load("growth_figures")


@pytest.mark.parametrize(
    "change",
    [
        {"class": "guessed"},
        {"licence": None},
        {"source": [{"key": None}]},
        {"extra": 1},
        {"columns": {"id": {"type": "date", "unit": None, "meaning": "x"}}},
        {"sha256": None},
    ],
)
def test_a_sidecar_that_says_too_little_or_too_much_is_refused(copy, change):
    file = copy / "growth_figures.csv.yml"
    entries = yaml.safe_load(file.read_text(encoding="utf-8")) | change
    file.write_text(yaml.safe_dump(entries), encoding="utf-8")
    with pytest.raises(ValidationError):
        datasets.provenance("growth_figures")


def test_loading_twice_gives_frames_of_ones_own():
    first = datasets.load("growth_figures")
    first.iloc[:, 0] = "changed"
    assert not (datasets.load("growth_figures").iloc[:, 0] == "changed").any()


def test_codes_that_look_like_missing_stay(copy):
    register = datasets.load("register_truth")
    assert register["site_regions"].isna().sum() == 16  # empty: no cluster
    tiles = datasets.load("us_state_tiles")
    assert len(tiles) == 51
    assert tiles["state"].notna().all()


def test_states_add_up():
    frame = datasets.load("us_state_employment")
    sums = frame.groupby("state")["employment"].sum()
    totals = frame.groupby("state")["state_total"].first()
    assert (sums == totals).all()
    assert totals.sum() == 154_517_655
    assert set(frame["state"]) == set(datasets.load("us_state_tiles")["state"])


def test_tiles_do_not_overlap():
    assert not datasets.load("us_state_tiles").duplicated(["row", "column"]).any()


def test_register_fits_its_truth():
    register = datasets.load("establishment_register")
    truth = datasets.load("register_truth").set_index("industry")
    counts = register["industry"].value_counts()
    assert counts.to_dict() == truth["plants"].to_dict()
    assert len(register) == 50_780
    assert register["size"].min() >= 1
    region = (register["y_km"] // 100 * 8 + register["x_km"] // 100 + 1).astype(int)
    assert (register["region"] == region.map("R{:02d}".format)).all()


AREAS = {
    "Napa": "34900",
    "Modesto": "33700",
    "San Jose": "41940",
    "Boise": "14260",
    "Boston": "14460",
    "Bloomington": "14020",
    "Elkhart": "21140",
    "Dalton": "19140",
    "Detroit": "19820",
}


@pytest.fixture(scope="module")
def metro():
    """Return rows of areas and industries, and the areas."""
    return datasets.load("us_metro_industry"), datasets.load("us_metro_areas").set_index("area")


def jobs_of(rows, **chosen):
    names = {"region": "area", "industry": "naics", "value": "employment"}
    return tables.from_long(rows, **names, where={"year": 2019} | chosen, absent="unknown")


@pytest.mark.parametrize(
    ("place", "industry", "establishments", "jobs"),
    [
        ("Napa", "312130", 392, 8_744),
        ("Modesto", "312130", 6, 3_921),
        ("San Jose", "334413", 106, 6_472),
        ("Boise", "334413", 5, 6_110),
        ("Boston", "339112", 49, 4_134),
        ("Bloomington", "339112", 6, 4_997),
    ],
)
def test_metro_counts(metro, place, industry, establishments, jobs):
    rows, areas = metro
    assert areas.loc[AREAS[place], "name"].startswith(place)
    here = (rows["area"] == AREAS[place]) & (rows["naics"] == industry) & (rows["year"] == 2019)
    found = rows.loc[here, ["establishments", "employment"]]
    assert found.to_numpy().tolist() == [[establishments, jobs]]


@pytest.mark.parametrize(
    ("place", "industry", "quotient"),
    [
        ("Napa", "312130", 313.15),
        ("Elkhart", "336214", 635.87),
        ("Dalton", "314110", 1330.47),
        ("Detroit", "3361", 16.41),
    ],
)
def test_metro_quotients(metro, place, industry, quotient):
    """Base: the published totals of areas, and their sum, and the published cells of the industry."""
    rows, areas = metro
    jobs = jobs_of(rows, digits=len(industry))
    totals = areas["employment_2019"]
    found = location_quotient(
        jobs, totals=totals, reference=jobs.sum(), reference_total=totals.sum()
    )
    assert found.value.loc[AREAS[place], industry] == pytest.approx(quotient, abs=0.005)


def test_metro_rows(metro):
    rows, areas = metro
    assert len(areas) == areas.index.nunique() == 933
    assert set(rows["area"]) == set(areas.index)
    assert not rows.duplicated(["area", "naics", "year"]).any()
    assert rows["establishments"].min() == 3
    assert (rows["naics"].str.len() == rows["digits"]).all()
    assert rows.groupby("digits")["naics"].nunique().to_dict() == {4: 288, 6: 7}
    sizes = rows.groupby(["digits", "year"]).size().to_dict()
    assert sizes == {(4, 2018): 118_566, (4, 2019): 118_467, (6, 2018): 408, (6, 2019): 420}
    assert ((rows["employment"] == 0) & (rows["digits"] == 4)).sum() == 53
    assert jobs_of(rows).shape == (933, 295)  # one call without a choice of digits reads all


def test_metro_industries_lie_within_the_totals(metro):
    rows, areas = metro
    for year in (2018, 2019):
        fine = rows[(rows["digits"] == 4) & (rows["year"] == year)]
        for value in ("employment", "establishments"):
            assert (fine.groupby("area")[value].sum() <= areas[f"{value}_{year}"]).all()
    known = fine.groupby("area")["employment"].sum() / areas["employment_2019"]
    assert known.median() == pytest.approx(0.856, abs=0.0005)
    assert known.min() == pytest.approx(0.358, abs=0.0005)
    covered = fine["employment"].sum() / areas["employment_2019"].sum()
    assert covered == pytest.approx(0.975, abs=0.0005)
    products = rows[rows["digits"] == 6].assign(naics=lambda frame: frame["naics"].str[:4])
    both = products.merge(rows, on=["area", "naics", "year"], suffixes=("", "_above"))
    assert len(both) == len(products)
    assert (both["employment"] <= both["employment_above"]).all()


def test_metro_areas(metro):
    areas = metro[1]
    assert areas["employment_2019"].sum() == 122_485_576
    assert areas["employment_2018"].sum() == 120_748_082
    unnamed = areas[areas["name"].isna()]
    assert len(unnamed) == 21
    assert unnamed["employment_2019"].sum() == 743_408
    gaps = " ".join(datasets.provenance("us_metro_areas").gaps)
    assert all(code in gaps for code in unnamed.index)
    nowhere = areas["name"].notna() & areas[["longitude", "latitude"]].isna().any(axis=1)
    assert nowhere[nowhere].index.tolist() == ["47900"]
    named = areas.drop(index=unnamed.index)
    assert areas["place"].is_unique
    assert (unnamed["place"] == unnamed.index).all()
    assert named.loc[["34900", "17900", "49180"], "place"].tolist() == [
        "Napa",
        "Columbia, SC",
        "Winston-Salem",
    ]
    assert set(named["type"]) == {"metro", "micro"}
    states = set(datasets.load("us_state_tiles")["state"])
    assert set(named["states"].str.split("-").explode()) <= states


def test_titles_of_metro_industries(metro):
    titles = datasets.load("us_naics_titles").set_index("naics")["industry"]
    assert set(titles.index) == set(metro[0]["naics"])
    assert titles["312130"] == "Wineries"
    assert titles[titles == titles.index].tolist() == ["4522", "4523", "5173"]
    assert titles.is_unique
    assert not titles.str.contains("NAICS").any()


def test_counties():
    frame = datasets.load("us_county_industries")
    assert not frame.duplicated(["county", "naics"]).any()
    counts = frame["naics"].value_counts().to_dict()
    assert counts == {"3121": 1540, "3391": 1349, "3344": 787, "3162": 188}
    assert frame["establishments"].min() == 1
    assert frame["state"].nunique() == 49
    assert not {"TX", "DC"} & set(frame["state"])
    most = frame.loc[frame["establishments"].idxmax()]
    assert (most["county_name"], most["naics"]) == ("Los Angeles County", "3391")
    napa = frame.set_index(["county", "naics"])["establishments"]["06055", "3121"]
    assert napa == pytest.approx(351.4)
    assert set(frame.loc[frame["longitude"].isna(), "county"]) == {"51515"}
