"""Every data set and its provenance."""

import hashlib
import importlib.util
import shutil

import pandas as pd
import pytest
import yaml
from pydantic import ValidationError

from clusterlab import datasets
from tests.conftest import ROOT

FOLDER = ROOT / "datasets"
NAMES = sorted(file.stem for file in FOLDER.glob("*.csv"))
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
    sidecar, path = datasets.provenance(name), FOLDER / f"{name}.csv"
    raw = path.read_bytes()
    assert hashlib.sha256(raw).hexdigest() == sidecar.sha256
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
    spec.loader.exec_module(builder)
    monkeypatch.setattr(builder, "FOLDER", tmp_path)
    builder.main()
    assert (tmp_path / f"{name}.csv").read_bytes() == (FOLDER / f"{name}.csv").read_bytes()


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
        with pytest.raises(ValueError, match="no data set 'zzzz'; there are claims, "):
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
