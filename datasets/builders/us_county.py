"""Build the table of four industries by US county from County Business Patterns 2012 to 2016.

Nothing is drawn at random and nothing is filled in. The intermediary's estimates of suppressed jobs
are left out, and so are its published jobs, a mean in which a suppressed year counts as zero. The
tables read stand beside the checkout (see ``tests/conftest.py``). Run
``python datasets/builders/us_county.py``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[1]
SOURCE = Path(os.environ.get("CLUSTERLAB_REALDATA", FOLDER.parents[1] / "shared" / "data"))
CBP = SOURCE / "us_cbp_county"

#: Beverages (wineries among them), footwear, semiconductors and other components, medical goods.
INDUSTRIES = ["3121", "3162", "3344", "3391"]


def build() -> pd.DataFrame:
    """Return establishments by county and industry, with the county's place (long)."""
    codes = dict.fromkeys(["fips", "naics", "GEOID"], str)
    rows = pd.read_csv(CBP / "cbp_avg2012_2016_county_naics4_selected.csv", dtype=codes)
    rows = rows[rows["naics"].isin(INDUSTRIES)].sort_values(["naics", "fips"])
    centres = pd.read_csv(CBP / "county_centroids.csv", dtype=codes).set_index("GEOID")
    place = centres[["longitude", "latitude"]].round(4).reindex(rows["fips"])
    return pd.DataFrame(
        {
            "county": rows["fips"],
            "county_name": rows["county"].str.partition(",")[0],
            "state": rows["state"],
            "naics": rows["naics"],
            "establishments": rows["estab"].round(2),
            "longitude": place["longitude"].to_numpy(),
            "latitude": place["latitude"].to_numpy(),
        }
    )


def main() -> None:
    """Write the table."""
    build().to_csv(FOLDER / "us_county_industries.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
