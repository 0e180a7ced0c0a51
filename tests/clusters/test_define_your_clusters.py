"""The recipe runs on a reader's own tables, and never overwrites a file."""

import json
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from clusterlab import datasets, tables

RECIPE = Path(__file__).parents[2] / "notebooks" / "recipes" / "define_your_clusters.ipynb"
CELLS = [
    "".join(cell["source"])
    for cell in json.loads(RECIPE.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code"
]


def run(**settings):
    """Run the cells, with a reader's settings in place of those of the first."""
    mpl.use("Agg")
    names = {}
    for number, cell in enumerate(CELLS):
        exec(compile(cell, f"cell {number}", "exec"), names)
        if number == 0:
            assert {*settings} <= {*names}
            names |= settings
    return names


def metro(**how):
    cells = datasets.load("us_metro_industry").query("digits == 4 and year == 2019")
    made = tables.from_long(
        cells, region="area", industry="naics", absent="zero", **{"value": "employment", **how}
    )
    common = made.columns[(made > 0).sum() > 300]
    return made[common]


def test_a_readers_tables(tmp_path):
    table = metro()
    plants = metro(value="establishments")[table.columns]
    sales = datasets.load("us_industry_ties").pivot_table("strength", "source", "target")
    mine = {
        "table": table,
        "establishments": plants,
        "flows": sales.reindex(sales.columns).fillna(0),
        "concordance": datasets.load("us_naics_accounts").set_index("naics")["account"],
        "compare": pd.Series(table.columns.str[:2], table.columns),
        "counts": range(10, 31, 10),
        "groups": 15,
        "core": "7211",
        "file": tmp_path / "mine.csv",
        "example": False,
    }
    found = run(**mine)
    assert found["judged"].scores.index.tolist() == [10, 15, 20, 30, "compare"]
    saved = pd.read_csv(tmp_path / "mine.csv", dtype={"naics": str}, index_col="naics")
    assert saved["group"].to_dict() == found["found"][15].to_dict()
    assert saved["jobs"].to_dict() == table.sum().to_dict()
    with pytest.raises(FileExistsError):
        run(**mine)


def test_a_small_table_without_anything_else():
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.integers(0, 40, (12, 6)), [f"r{k}" for k in range(12)], list("uvwxyz"))
    found = run(table=table, compare=None, counts=range(2, 5), groups=3, core="x", example=False)
    assert found["judged"].scores.index.tolist() == [2, 3, 4]
    assert len(found["listing"]) == 6


def test_the_example():
    assert run()["drawn"].members
