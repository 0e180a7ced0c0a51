"""The measures on real tables that lie beside the checkout; skipped where they are absent."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clusterlab import tables
from clusterlab.agglomeration.change import shift_share
from clusterlab.agglomeration.colocation import coagglomeration, coagglomeration_group
from clusterlab.agglomeration.distance import k_density
from clusterlab.agglomeration.related import (
    complexity,
    fitness,
    relatedness,
    relatedness_density,
    variety,
)

HERE = Path(__file__).parents[2]
DATA = Path(os.environ.get("CLUSTERLAB_REALDATA", HERE / ".." / "shared" / "data"))
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not (DATA / "us_cbp_cbsa").is_dir(), reason="the real tables are not here"),
]


def metros(year):
    frame = pd.read_csv(
        DATA / "us_cbp_cbsa" / f"cbp{year}_cbsa_naics4.csv.gz",
        dtype={"cbsa_code": str, "naics_code": str},
    )
    # under three establishments a cell is not published: taken as zero, and said so
    return tables.from_long(
        frame, region="cbsa_code", industry="naics_code", value="emp", absent="zero"
    )


@pytest.fixture(scope="module")
def table():
    found = metros(2019)
    return found.loc[:, found.sum() > 0]


def test_all_naics4_industries_over_all_metro_areas(table):
    assert len(table) == 933
    pairs = coagglomeration(table)
    assert np.isfinite(pairs.to_numpy()).all()
    for a, b in [("3121", "7211"), ("3344", "5415"), ("3361", "3363")]:
        assert coagglomeration_group(table, [a, b]) == pytest.approx(pairs.loc[a, b], abs=1e-13)
    # by hand for one pair
    share = table / table.sum()
    x = table.sum(axis=1) / table.to_numpy().sum()
    by_hand = ((share["3361"] - x) * (share["3363"] - x)).sum() / (1 - (x**2).sum())
    assert pairs.loc["3361", "3363"] == pytest.approx(by_hand, rel=1e-10)
    # cars and car parts choose the same places more than most pairs do
    upper = pairs.to_numpy()[np.triu_indices(len(pairs), 1)]
    assert pairs.loc["3361", "3363"] > np.quantile(upper, 0.95)
    link = relatedness(table)
    assert np.isfinite(link.to_numpy()).all()
    assert relatedness_density(table, link).to_numpy().max() <= 1


def test_complexity_of_metro_areas(table):
    found = complexity(table)
    assert np.isfinite(found.regions).all()
    assert found.regions.std(ddof=0) == pytest.approx(1)


def test_variety_nests_in_the_industry_codes(table):
    groups = pd.DataFrame(
        {"sector": table.columns.str[:2], "subsector": table.columns.str[:3]}, table.columns
    )
    found = variety(table, groups)
    np.testing.assert_allclose(found.levels.sum(axis=1), found.total, atol=1e-10)


def test_two_years_need_the_same_lists_and_add_up():
    before, after = metros(2018), metros(2019)
    both = before.columns.intersection(after.columns)
    if not before.columns.equals(after.columns):
        with pytest.raises(ValueError, match="different industries"):
            shift_share(before, after)
    places = before.index.intersection(after.index)
    found = shift_share(before.loc[places, both], after.loc[places, both])
    gap = sum(found.parts.values()) - found.change
    assert np.abs(gap.to_numpy()).max() < 1e-6


def test_german_states_by_hand():
    frame = pd.read_csv(DATA / "reat" / "G.regions.industries.csv")
    table = tables.from_long(frame, region="region_code", industry="ind_code", value="emp_all")
    share = table / table.sum()
    x = table.sum(axis=1) / table.to_numpy().sum()
    pair = share[["WZ08-J", "WZ08-M"]].sub(x, axis=0).prod(axis=1).sum() / (1 - (x**2).sum())
    assert coagglomeration(table).loc["WZ08-J", "WZ08-M"] == pytest.approx(pair, rel=1e-10)
    quotient = share.div(x, axis=0)
    there = (quotient >= 1).to_numpy(float)
    together = there.T @ there
    least = together / np.maximum.outer(np.diag(together), np.diag(together))
    np.testing.assert_allclose(relatedness(table), least)


def test_trees_of_paracou():
    trees = pd.read_csv(DATA / "points" / "paracou16.csv")
    own = trees.loc[trees["type"] == "V. Americana", ["x", "y"]]
    found = k_density(own, among=trees[["x", "y"]], simulations=99, maximum=60, progress=False)
    # the pattern on which the R packages show that this species is concentrated at short range
    assert found.density[0] > 0
    assert found.envelope.complete


def test_exact_and_grid_agree_on_real_points():
    calls = pd.read_csv(DATA / "points" / "toulouse_fire_emergencies.csv").iloc[:4000]
    exact = k_density(calls[["X", "Y"]], method="exact", steps=64)
    grid = k_density(calls[["X", "Y"]], method="grid", steps=64)
    assert grid.bandwidth == pytest.approx(exact.bandwidth, rel=1e-3)
    np.testing.assert_allclose(grid.density, exact.density, rtol=2e-3)


def test_complexity_of_large_exporters():
    trade = DATA / "trade"
    frame = pd.read_csv(trade / "BACI_HS96_2d_2024_v202601.csv", dtype={"hs2": str})
    table = tables.from_long(frame, region="i", industry="hs2", value="v", absent="zero")
    codes = pd.read_csv(trade / "country_codes_V202601.csv").set_index("country_name")
    all_of_them = complexity(table)
    large = complexity(table, minimum=10**6)  # thousand USD
    germany, italy = codes.loc[["Germany", "Italy"], "country_code"]
    assert large.regions[germany] == pytest.approx(1.578022, abs=5e-7)
    assert large.regions[italy] == pytest.approx(1.135795, abs=5e-7)
    assert len(large.smaller) + len(large.regions) == len(all_of_them.regions)
    names = pd.read_csv(trade / "country_codes_V202601.csv", keep_default_na=False)
    iso = names.set_index("country_code")["country_iso3"]
    first = [iso[code] for code in large.regions.nlargest(5).index]
    assert first == ["S19", "JPN", "DEU", "CZE", "SVN"]
    assert large.note.startswith(f"{len(large.smaller)} regions (")
    assert " below the minimum of 1e+06 left out" in large.note
    by_fitness = fitness(table, minimum=10**6)
    assert [iso[code] for code in by_fitness.regions.nlargest(3).index] == ["CHN", "ITA", "PRT"]
    assert by_fitness.smaller == large.smaller
    # among all, places that export 4 million USD (Cocos Islands) come out near the top
    assert [iso[code] for code in all_of_them.regions.nlargest(4).index][1::2] == ["CCK", "AND"]
    assert set(all_of_them.regions.nlargest(5).index) & set(large.smaller)
