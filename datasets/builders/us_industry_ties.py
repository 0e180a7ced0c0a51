"""Build the table of who buys what from whom among 71 US industries in 2019.

Nothing is drawn at random and nothing is filled in: two published matrices become one long list and
the codes of industries get short names. The tables read stand beside the checkout (see
``tests/conftest.py``). Run ``python datasets/builders/us_industry_ties.py``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[1]
SOURCE = Path(os.environ.get("CLUSTERLAB_REALDATA", FOLDER.parents[1] / "shared" / "data"))

#: Codes of the Bureau of Economic Analysis and short names of ours, in the bureau's order.
NAMES = {
    "111CA": "farms",
    "113FF": "forestry and fishing",
    "211": "oil and gas",
    "212": "mining",
    "213": "mining support",
    "22": "utilities",
    "23": "construction",
    "321": "wood products",
    "327": "glass, stone and cement",
    "331": "primary metals",
    "332": "metal products",
    "333": "machinery",
    "334": "computers and electronics",
    "335": "electrical equipment",
    "3361MV": "motor vehicles and parts",
    "3364OT": "aircraft, ships and trains",
    "337": "furniture",
    "339": "other manufacturing",
    "311FT": "food, drink and tobacco",
    "313TT": "textiles",
    "315AL": "apparel and leather",
    "322": "paper",
    "323": "printing",
    "324": "petroleum products",
    "325": "chemicals",
    "326": "plastics and rubber",
    "42": "wholesale trade",
    "441": "car dealers",
    "445": "food stores",
    "452": "department stores",
    "4A0": "other retail",
    "481": "air transport",
    "482": "rail transport",
    "483": "water transport",
    "484": "truck transport",
    "485": "passenger transport",
    "486": "pipelines",
    "487OS": "transport services",
    "493": "warehousing",
    "511": "publishing and software",
    "512": "film and music",
    "513": "broadcasting and telecoms",
    "514": "data processing",
    "521CI": "banks",
    "523": "securities",
    "524": "insurance",
    "525": "funds and trusts",
    "HS": "housing",
    "ORE": "other real estate",
    "532RL": "rental and leasing",
    "5411": "legal services",
    "5415": "computer services",
    "5412OP": "other professional services",
    "55": "management of companies",
    "561": "administrative services",
    "562": "waste management",
    "61": "education",
    "621": "outpatient care",
    "622": "hospitals",
    "623": "nursing homes",
    "624": "social assistance",
    "711AS": "arts and sports",
    "713": "amusements",
    "721": "hotels",
    "722": "restaurants",
    "81": "other services",
    "GFGD": "federal government, defense",
    "GFGN": "federal government, other",
    "GFE": "federal enterprises",
    "GSLG": "state and local government",
    "GSLE": "state and local enterprises",
}


def matrix(name: str) -> pd.Series:
    """Return what each industry buys of each product, in million US dollars."""
    table = pd.read_csv(SOURCE / "bea_io" / name, index_col=0).loc[[*NAMES], [*NAMES]]
    table = table.rename(index=NAMES, columns=NAMES).rename_axis("source")
    long = table.melt(ignore_index=False, var_name="target")
    return long.set_index("target", append=True)["value"]


def main() -> None:
    """Write the table, in the order of the codes."""
    bought = matrix("Summary_Use_2019_PRO_BeforeRedef_17sch.csv")
    imported = matrix("Summary_Import_2019_BeforeRedef_17sch.csv")
    ties = pd.DataFrame({"strength": bought, "imported": imported}).astype(int)
    ties = ties[ties["strength"] > 0]
    order = {name: place for place, name in enumerate(NAMES.values())}
    ties = ties.sort_index(key=lambda names: names.map(order))
    ties.to_csv(FOLDER / "us_industry_ties.csv", lineterminator="\n")


if __name__ == "__main__":
    main()
