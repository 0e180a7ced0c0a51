"""Build the tables of US metro and micro areas from County Business Patterns 2018 and 2019.

Nothing is drawn at random and nothing is filled in: rows are chosen, columns renamed, codes of
places and industries given their names. The tables read stand beside the checkout (see
``tests/conftest.py``); what each is and where it comes from stands in the sidecars of the three
files. Run ``python datasets/builders/us_metro.py``.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[1]
SOURCE = Path(os.environ.get("CLUSTERLAB_REALDATA", FOLDER.parents[1] / "shared" / "data"))
CBP = SOURCE / "us_cbp_cbsa"
YEARS = (2018, 2019)

#: Industries of six digits that lessons name: wineries, carpets, cars, motor homes, travel
#: trailers, semiconductors, surgical instruments.
PRODUCTS = ["312130", "314110", "336111", "336213", "336214", "334413", "339112"]

#: First cities whose own name has a hyphen; elsewhere it stands between two cities.
HYPHENATED = ("Winston-Salem",)


def read(name: str) -> pd.DataFrame:
    """Return a table; codes are text."""
    codes = dict.fromkeys(["cbsa_code", "naics_code", "industry_code"], str)
    return pd.read_csv(CBP / name, dtype=codes)


def industries() -> pd.DataFrame:
    """Return employment and establishments by area, industry and year (long)."""
    parts = []
    for year in YEARS:
        products = read(f"cbp{year}_cbsa_naics6.csv.gz")
        products = products[products["naics_code"].isin(PRODUCTS)]
        for digits, part in ((4, read(f"cbp{year}_cbsa_naics4.csv.gz")), (6, products)):
            parts.append(part.assign(digits=digits, year=year))
    names = {
        "cbsa_code": "area",
        "naics_code": "naics",
        "digits": "digits",
        "year": "year",
        "emp": "employment",
        "estab": "establishments",
    }
    rows = pd.concat(parts)[[*names]].rename(columns=names)
    return rows.sort_values(["area", "naics", "year"])


def short(names: pd.Series) -> pd.Series:
    """Return the first city of each name, with its first state where two areas share it."""
    cities, _, states = (names.str.partition(", ")[column] for column in range(3))
    first = cities.str.split("[-/]").str[0]
    for name in HYPHENATED:
        first = first.mask(cities.str.startswith(name), name)
    return first.mask(first.duplicated(keep=False), first + ", " + states.str.split("-").str[0])


def areas() -> pd.DataFrame:
    """Return one row an area: names, place, population and totals of both years.

    The list of names also has areas without figures; a name shared with one of those is not unique.
    An area that is not in the list goes by its code.
    """
    totals = []
    for year in YEARS:
        table = read(f"cbp{year}_cbsa_naics2.csv").query("naics_code == '00'")
        table = table.set_index("cbsa_code")[["emp", "estab"]]
        totals.append(table.set_axis([f"employment_{year}", f"establishments_{year}"], axis=1))
    listed = read("cbsa.csv").set_index("cbsa_code")
    listed["short"] = short(listed["cbsa_name"])
    listed["postal"] = listed["cbsa_name"].str.partition(", ")[2]
    known = listed.reindex(totals[0].index.sort_values()).rename_axis("area")
    frame = pd.DataFrame(
        {
            "name": known["cbsa_name"],
            "place": known["short"].fillna(known.index.to_series()),
            "type": known["cbsa_type"],
            "states": known["postal"],
            "population": known["cbsa_pop"].astype("Int64"),
            "longitude": known["lon"].round(4),
            "latitude": known["lat"].round(4),
        }
    )
    return frame.join(totals).reset_index()


def titles(codes: pd.Series) -> pd.DataFrame:
    """Return the title of each industry, without the code that the list repeats in it.

    A title of an edition before that of the figures ("NAICS02 5173 …") is another industry's; an
    industry without a title goes by its code.
    """
    listed = read("naics_titles_bls.csv").set_index("industry_code")["industry_title"]
    words = listed.reindex(codes.drop_duplicates().sort_values())
    names = words.str.extract(r"^NAICS \d+ (.+)$", expand=False).fillna(words.index.to_series())
    return names.rename("industry").rename_axis("naics").reset_index()


def main() -> None:
    """Write the three tables."""
    rows = industries()
    for name, frame in (("us_metro_areas", areas()), ("us_naics_titles", titles(rows["naics"]))):
        frame.to_csv(FOLDER / f"{name}.csv", index=False, lineterminator="\n")
    text = rows.to_csv(index=False, lineterminator="\n")
    # without the time, so that the same table makes the same file
    packed = gzip.compress(text.encode(), 9, mtime=0)
    (FOLDER / "us_metro_industry.csv.gz").write_bytes(packed)


if __name__ == "__main__":
    main()
