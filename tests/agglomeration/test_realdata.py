"""The recipe on the real table of US metro areas (County Business Patterns 2019)."""

import numpy as np
import pytest

from clusterlab import tables
from clusterlab.agglomeration import location_quotient, measure_all

pytestmark = pytest.mark.realdata

NAMES = {"region": "cbsa_code", "industry": "naics_code", "value": "emp"}


@pytest.fixture(scope="module")
def metros(real_data):
    path = real_data / "us_cbp_cbsa" / "cbp2019_cbsa_naics6.csv.gz"
    if not path.is_file():
        pytest.skip(f"no {path}")
    return tables.read(path, **NAMES, absent="zero")


@pytest.fixture(scope="module")
def totals(real_data):
    path = real_data / "us_cbp_cbsa" / "cbp2019_cbsa_naics2.csv"
    return tables.read(path, **NAMES, absent="zero")["00"]


def test_wineries_in_napa(metros, totals):
    given = location_quotient(metros, totals=totals)
    assert given.value.loc["34900", "312130"] == pytest.approx(313.15, abs=0.005)
    assert "regional totals: given by the caller" in given.base
    own = location_quotient(metros)
    assert abs(own.value.loc["34900", "312130"] - 313.15) > 1
    assert "sums over the table's own" in own.base
    low, high = given.interval()
    assert low.loc["34900", "312130"] < 313.15 < high.loc["34900", "312130"]


def test_all_measures_for_all_industries(metros, totals):
    result = measure_all(metros, totals=totals)
    assert len(result) == metros.shape[1] > 900
    assert result.notna().all(axis=None)
    assert result.loc["312130", "highest_quotient_in"] in metros.index
    for column in ("herfindahl", "gini", "locational_gini", "hoover"):
        assert result[column].between(0, 1).all()
    assert np.isclose(result["total"].sum(), metros.to_numpy().sum())
    assert "given by the caller" in result.attrs["note"]


def test_absent_pairs_are_told(real_data):
    path = real_data / "us_cbp_cbsa" / "cbp2019_cbsa_naics6.csv.gz"
    with pytest.warns(tables.AbsentPairs, match="region-industry pairs are not listed"):
        tables.read(path, **NAMES)
