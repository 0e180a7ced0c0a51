"""Build the table of income and direct investment of countries, 2005 to 2013.

Nothing is drawn at random and nothing is filled in: countries with every year of all three series
are kept. The tables read stand beside the checkout (see ``tests/conftest.py``). Run
``python datasets/builders/country_investment.py``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[1]
SHIPPED = FOLDER
SOURCE = Path(os.environ.get("CLUSTERLAB_REALDATA", FOLDER.parents[1] / "shared" / "data"))
SERIES = {
    "income": "gdppercapita_us_inflation_adjusted",
    "inward": "foreign_direct_investment_net_inflows_percent_of_gdp",
    "outward": "foreign_direct_investment_net_outflows_percent_of_gdp",
}
YEARS = range(2005, 2014)


def main() -> None:
    """Write the table."""
    names = pd.read_csv(SHIPPED / "country_income.csv").drop_duplicates("code")
    parts = []
    for name, series in SERIES.items():
        table = pd.read_csv(SOURCE / "fdi_trade_gapminder" / f"{series}.csv")
        parts.append(table.set_index(["geo", "time"])[series].rename(name))
    rows = pd.concat(parts, axis=1).rename_axis(["code", "year"]).reset_index()
    rows = rows[rows["year"].isin(YEARS)].dropna()
    rows["code"] = rows["code"].str.upper()
    rows = rows[rows.groupby("code")["year"].transform("size") == len(YEARS)]
    rows.insert(1, "name", rows["code"].map(names.set_index("code")["name"]))
    rows = rows.dropna().sort_values(["code", "year"])
    rows["income"] = rows["income"].round().astype(int)
    rows.round(3).to_csv(FOLDER / "country_investment.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
