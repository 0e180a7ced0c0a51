"""Maps by shapes and tiles: which colour a region has, what the legend says, who is left out."""

import sys

import geopandas
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from clusterlab import datasets, maps, style

QUOTIENTS = pd.Series(
    {"01": 0.0, "02": 0.5, "03": 0.79, "04": 1.0, "05": 1.25, "06": 2.0, "07": np.nan},
    name="quotient of wine",
)
SHAPES = geopandas.GeoDataFrame(
    {"code": [*QUOTIENTS.index]}, geometry=geopandas.points_from_xy(range(7), [0] * 7).buffer(0.5)
)
BELOW, LOW, MIDDLE, HIGH, ABOVE = "#0072b2", "#7fb8db", "#d9d9d9", "#e69f00", "#b34700"
HUES = [BELOW, LOW, LOW, MIDDLE, HIGH, ABOVE, "#ffffff"]


def hues_of_shapes(ax):
    [drawn] = ax.collections
    return [to_hex(hue) for hue in drawn.get_facecolor()]


def hues_of_tiles(ax):
    tiles = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return {patch.get_gid(): to_hex(patch.get_facecolor()) for patch in tiles}


def words(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()][::-1]


def test_quotients_diverge_round_one_and_the_legend_counts_them():
    ax = maps.plot_shapes(QUOTIENTS, SHAPES, key="code", scale="quotient")
    assert hues_of_shapes(ax) == HUES
    assert words(ax) == [
        "below ½ (1)",
        "½ to 0.8 (2)",
        "0.8 to 1.25: as everywhere (1)",
        "1.25 to 2 (1)",
        "2 and above (1)",
        "not known (1)",
    ]
    assert ax.get_xlabel() == "quotient of wine"
    limits = np.log([low for low, *_ in maps._QUOTIENTS if low])
    np.testing.assert_allclose(limits + limits[::-1], 0, atol=1e-12)


def test_tiles_have_the_same_colours():
    ax = maps.plot_tiles(QUOTIENTS, scale="quotient")
    assert hues_of_tiles(ax) == dict(zip(QUOTIENTS.index, HUES, strict=True))
    assert "tiles in the order of the table" in ax.get_xlabel()
    assert [text.get_text() for text in ax.texts] == [*QUOTIENTS.index]


def test_shapes_go_by_label_whatever_their_order():
    mixed = SHAPES.iloc[::-1]
    ax = maps.plot_shapes(QUOTIENTS, mixed, key="code", scale="quotient")
    assert hues_of_shapes(ax) == HUES[::-1]
    ax = maps.plot_shapes(
        QUOTIENTS.sample(frac=1, random_state=1), SHAPES, key="code", scale="quotient"
    )
    assert hues_of_shapes(ax) == HUES


def test_a_region_without_geometry_moves_no_colour():
    holes = SHAPES.copy()
    holes.loc[1, "geometry"] = None
    holes.loc[3, "geometry"] = holes.loc[3, "geometry"].buffer(-1)
    ax = maps.plot_shapes(QUOTIENTS, holes, key="code", scale="quotient")
    assert hues_of_shapes(ax) == [hue for k, hue in enumerate(HUES) if k not in (1, 3)]


def test_blanks_round_a_label_are_no_other_region():
    padded = QUOTIENTS.rename(lambda label: f" {label} ")
    ax = maps.plot_shapes(padded, SHAPES, key="code", scale="quotient")
    assert hues_of_shapes(ax) == HUES


def test_tiles_lie_where_their_rows_and_columns_say_with_row_0_on_top():
    spots = pd.DataFrame({"row": [0, 2], "column": [3, 1]}, ["01", "06"])
    ax = maps.plot_tiles(QUOTIENTS[["01", "06"]], spots, scale="quotient")
    tiles = {patch.get_gid(): patch for patch in ax.patches if isinstance(patch, Rectangle)}
    for text in ax.texts:
        tile = tiles[text.get_text()]
        assert text.get_position() == tuple(spots.loc[text.get_text(), ["column", "row"]])
        centre = np.add(tile.get_xy(), [tile.get_width() / 2, tile.get_height() / 2])
        np.testing.assert_allclose(centre, text.get_position())
    lower, upper = ax.get_ylim()
    assert lower > 2 > 0 > upper


def test_several_shapes_of_a_region_have_its_colour():
    island = pd.concat(
        [SHAPES, SHAPES.iloc[[5]].translate(9, 9).to_frame("geometry").assign(code="06")]
    )
    ax = maps.plot_shapes(QUOTIENTS, island, key="code", scale="quotient")
    assert hues_of_shapes(ax) == [*HUES, ABOVE]
    assert "2 and above (1)" in words(ax), "one region, whatever its islands"


def test_who_is_not_on_the_map_is_said():
    ax = maps.plot_shapes(QUOTIENTS.drop("02"), SHAPES.iloc[1:], key="code", scale="quotient")
    assert ax.get_xlabel().splitlines()[1:] == [
        "region '01' has no shape",
        "shape '02' has no value",
    ]
    assert hues_of_shapes(ax)[0] == "#ffffff"
    tiles = pd.DataFrame({"row": [0, 0], "column": [0, 1]}, index=["01", "99"])
    ax = maps.plot_tiles(QUOTIENTS, tiles, scale="quotient")
    assert "6 regions ('02', '03', '04', '05', '06'" in ax.get_xlabel()
    assert "tile '99' has no value" in ax.get_xlabel()


def test_labels_are_compared_as_text():
    numbers = QUOTIENTS.set_axis(range(1, 8))
    with pytest.raises(ValueError, match=r"no region has a shape: .*'1'.*'01'.*written alike"):
        maps.plot_shapes(numbers, SHAPES, key="code", scale="quotient")
    shapes = SHAPES.assign(code=range(1, 8))
    ax = maps.plot_shapes(numbers.rename(str), shapes, key="code", scale="quotient")
    assert hues_of_shapes(ax) == HUES


def test_amounts_have_round_steps_that_hold_every_value():
    values = pd.Series(np.linspace(0.03, 0.97, 40), [f"r{i}" for i in range(40)], name="density")
    ax = maps.plot_tiles(values, scale="amount")
    assert words(ax) == [
        "below 0.2 (8)",
        "0.2 to 0.4 (8)",
        "0.4 to 0.6 (8)",
        "0.6 to 0.8 (8)",
        "0.8 and above (8)",
    ]
    assert len(set(hues_of_tiles(ax).values())) == 5
    one = maps.plot_tiles(pd.Series({"a": 3.0, "b": 3.0}), scale="amount")
    assert words(one)[0] == "all 3 (2)"


def test_groups_have_a_colour_each_and_no_more_than_can_be_told_apart():
    groups = pd.Series({"a": "north", "b": "south", "c": "north", "d": None})
    ax = maps.plot_tiles(groups, scale="group")
    hues = hues_of_tiles(ax)
    assert hues["a"] == hues["c"] != hues["b"]
    assert hues["d"] == "#ffffff"
    assert words(ax) == ["north (2)", "south (1)", "not known (1)"]
    with pytest.raises(ValueError, match="values has 8 groups"):
        maps.plot_tiles(pd.Series(list("abcdefgh")), scale="group")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"values": QUOTIENTS.to_frame()}, "values is 'DataFrame', but it must be a Series"),
        ({"values": QUOTIENTS - 1}, "region '01' has a negative quotient"),
        ({"values": QUOTIENTS * np.nan}, "no region has a known value"),
        ({"values": pd.Series({"01": "many"})}, "region '01' has no number"),
        ({"values": pd.concat([QUOTIENTS, QUOTIENTS])}, "region '01' stands twice in the values"),
        ({"key": "cod"}, "did you mean 'code'"),
        ({"shapes": "none.geojson"}, "none.geojson"),
        ({"shapes": pd.DataFrame({"code": ["01"]})}, "shapes is 'DataFrame', but it must be a Geo"),
        ({"scale": "quotients"}, "did you mean 'quotient'"),
    ],
)
def test_a_refusal_names_what_is_wrong(change, sentence):
    call = {"values": QUOTIENTS, "shapes": SHAPES, "key": "code", "scale": "quotient"} | change
    values, shapes = call.pop("values"), call.pop("shapes")
    with pytest.raises((ValueError, FileNotFoundError), match=sentence):
        maps.plot_shapes(values, shapes, **call)


def test_tiles_that_lie_on_each_other_are_refused():
    tiles = pd.DataFrame({"row": [0, 0], "column": [1, 1]}, index=["01", "02"])
    with pytest.raises(ValueError, match="tile '02' lies on another one"):
        maps.plot_tiles(QUOTIENTS, tiles, scale="quotient")
    with pytest.raises(ValueError, match="'column'"):
        maps.plot_tiles(QUOTIENTS, tiles[["row"]], scale="quotient")


def test_a_file_of_shapes_is_read(tmp_path):
    file = tmp_path / "counties.geojson"
    SHAPES.set_crs("EPSG:4326").to_file(file)
    ax = maps.plot_shapes(QUOTIENTS, file, key="code", scale="quotient")
    assert hues_of_shapes(ax) == HUES
    (tmp_path / "odd.geojson").write_text("no shapes")
    with pytest.raises(ValueError, match="odd.geojson cannot be read as shapes"):
        maps.plot_shapes(QUOTIENTS, tmp_path / "odd.geojson", key="code", scale="quotient")


def test_without_geopandas_tiles_are_still_drawn(monkeypatch):
    monkeypatch.setitem(sys.modules, "geopandas", None)
    with pytest.raises(ValueError, match=r"plot_tiles needs no shapes.*'clusterlab\[maps\]'"):
        maps.plot_shapes(QUOTIENTS, SHAPES, key="code", scale="quotient")
    assert hues_of_tiles(maps.plot_tiles(QUOTIENTS, scale="quotient"))


@pytest.mark.parametrize("dark", [False, True])
def test_letters_on_tiles_can_be_read_and_the_middle_recedes(dark):
    places = datasets.load("us_state_tiles").set_index("state")
    values = pd.Series(np.geomspace(0.2, 5, len(places)), places.index)
    _, [ax] = style.figure(dark=dark)
    with style.context(dark=dark):
        maps.plot_tiles(values, places, scale="quotient", ax=ax)
    hues = hues_of_tiles(ax)
    for text in ax.texts:
        face = hues[text.get_text()]
        assert contrast(text.get_color(), face) > 4, (text.get_text(), face)
    middle = hues[values.sub(1).abs().idxmin()]
    page = "#111111" if dark else "#ffffff"
    assert contrast(middle, page) < min(
        contrast(hues[e], page) for e in (values.idxmin(), values.idxmax())
    )
    assert contrast(middle, page) > 1.2


def contrast(one, other):
    from matplotlib.colors import to_rgb

    def light(hue):
        parts = np.array(to_rgb(hue))
        parts = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return parts @ [0.2126, 0.7152, 0.0722]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
