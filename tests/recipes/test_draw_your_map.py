"""The map of a reader's own table: by shapes, by tiles, and without either."""

import geopandas
import pandas as pd
import pytest

from tests.recipes import running

LONG = {"region": '"fips"', "industry": '"naics"', "value": '"jobs"'}


@pytest.fixture
def folder(tmp_path):
    """A long table with codes, a map that has them and one more, and tiles."""
    counties = [f"{i:02d}" for i in range(1, 7)]
    rows = [
        (c, k, 3 + 7 * i % 11 + 5 * j % 3)
        for i, c in enumerate(counties)
        for j, k in enumerate("abc")
    ]
    jobs = pd.DataFrame(rows, columns=["fips", "naics", "jobs"])
    jobs.to_csv(tmp_path / "jobs.csv", index=False)
    jobs.pivot(index="fips", columns="naics", values="jobs").to_csv(tmp_path / "wide.csv", sep=";")
    discs = geopandas.points_from_xy(range(6), [0] * 6).buffer(0.5)
    shapes = geopandas.GeoDataFrame({"code": [*counties[1:], "99"]}, geometry=discs)
    shapes.set_crs("EPSG:4326").to_file(tmp_path / "counties.geojson")
    tiles = pd.DataFrame({"fips": counties, "row": 0, "column": range(6)})
    tiles.to_csv(tmp_path / "tiles.csv", index=False)
    return tmp_path


def test_by_shapes_with_files_written(folder):
    own = LONG | {"source": '"jobs.csv"', "chosen": '"b"', "shapes": '"counties.geojson"'}
    own |= {"key": '"code"', "map_file": '"map.pdf"', "numbers_file": '"map.csv"'}
    run = running.run("draw_your_map", folder, **own)
    assert "Map of location quotient of b; highest in" in run.words
    label = run.names["ax"].get_xlabel()
    assert "region '01' has no shape" in label
    assert "shape '99' has no value" in label
    assert (folder / "map.pdf").read_bytes().startswith(b"%PDF")
    assert pd.read_csv(folder / "map.csv", dtype={"fips": str})["fips"].tolist() == [
        *run.names["numbers"].index
    ]
    assert "manufacturing" not in run.words
    with pytest.raises(running.Stopped, match="map.pdf exists and is not overwritten"):
        running.run("draw_your_map", folder, **own)


@pytest.mark.parametrize("tiles", ["None", '"tiles.csv"'])
def test_by_tiles_of_a_long_table(folder, tiles):
    own = LONG | {"source": '"jobs.csv"', "tiles": tiles}
    run = running.run("draw_your_map", folder, **own)
    assert ("in the order of the table" in run.names["ax"].get_xlabel()) == (tiles == "None")


def test_a_wide_table(folder):
    own = {"source": '"wide.csv"', "region": '"fips"', "industry": "None", "value": "None"}
    run = running.run("draw_your_map", folder, **own, chosen='"a"')
    assert run.names["table"].shape == (6, 3)


def test_an_industry_that_is_not_there_is_named(folder):
    with pytest.raises(running.Stopped, match="manufacturing"):
        running.run("draw_your_map", folder, **LONG, source='"jobs.csv"', chosen='"manufacturing"')
