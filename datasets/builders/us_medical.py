"""Build what US makers of medical devices buy and sell, and who of that is in Massachusetts.

Nothing is drawn at random and nothing is filled in: flows between industries are computed from the
published make and use tables of 2017 (market shares times purchases), and rows of County Business
Patterns 2019 are chosen. The tables read stand beside the checkout (see ``tests/conftest.py``). Run
``python datasets/builders/us_medical.py``.
"""

from __future__ import annotations

import pandas as pd
from us_metro import FOLDER, SOURCE, read

SHIPPED = FOLDER

#: Industries that make medical devices, in the codes of the accounts, which are those of NAICS.
DEVICES = ["334510", "334517", "339112", "339113", "339114", "339115", "339116"]

#: Products that no industry makes as its own: scrap, used goods, imports like nothing made at home,
#: an adjustment.
OUTSIDE = ["S00401", "S00402", "S00300", "S00900"]

#: A class is shipped if its industry sells this many times what chance gives, and this much.
TIMES, LEAST = 5, 100

#: Industries without a title of their own in the list of NAICS, under ours.
TITLES = {
    "3252A0": "Synthetic rubber and fibers",
    "33211A": "Other forging and stamping",
    "33441A": "Other electronic components",
    "33712N": "Other household furniture",
    "4200ID": "Customs duties",
    "4B0000": "Other retail",
    "48A000": "Other transportation and support",
    "52A000": "Monetary authorities and banks",
    "S00500": "Federal government, defense",
    "S00600": "Federal government, nondefense",
    "S00101": "Federal electric utilities",
    "S00102": "Other federal enterprises",
    "GSLGE": "State and local government, education",
    "GSLGH": "State and local government, hospitals and health",
    "GSLGO": "State and local government, other",
    "S00201": "State and local passenger transit",
    "S00202": "State and local electric utilities",
    "S00203": "Other state and local enterprises",
}


def titles() -> pd.Series:
    """Return the title of each NAICS code, without the code that the list repeats in it."""
    listed = read("naics_titles_bls.csv").set_index("industry_code")["industry_title"]
    return listed.str.replace(r"^NAICS\d* \d+ ", "", regex=True)


def flows() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return sales from industry to industry in 2017 (shares times purchases), and what is made."""
    folder = SOURCE / "bea_io"
    made = pd.read_csv(folder / "Detail_Make_2017_BeforeRedef_17sch.csv.gz", index_col=0)
    used = pd.read_csv(folder / "Detail_Use_2017_PRO_BeforeRedef_17sch.csv.gz", index_col=0)
    industries = made.index.intersection(used.columns, sort=False)
    products = made.columns.intersection(used.index, sort=False).drop([*OUTSIDE, "T008"])
    made = made.loc[industries]
    shares = made[products] / made[products].sum()
    return shares.fillna(0) @ used.loc[products, industries].fillna(0), made.drop(columns="T008")


def trade() -> pd.DataFrame:
    """Return what each industry sells to makers of devices, and to all industries."""
    sold, made = flows()
    listed = titles()
    rows = []
    for code in sold.index:
        stem = next((code[:n] for n in range(6, 2, -1) if code[:n] in listed.index), "")
        title = TITLES.get(code) or (listed[stem] if stem else "Construction")
        own = stem == code.rstrip("0") or stem == code
        rows.append((code, title if own or code in TITLES else f"Part of: {title}"))
    frame = pd.DataFrame(rows, columns=["industry", "title"])
    frame["sold_to_devices"] = sold[DEVICES].sum(axis=1).to_numpy()
    frame["sold"] = sold.sum(axis=1).to_numpy()
    frame["bought_of_devices"] = sold.loc[DEVICES].sum().to_numpy()
    frame["bought"] = sold.sum().to_numpy()
    frame["output"] = made.sum(axis=1).to_numpy()
    return frame.round(1)


def classes(sold: pd.DataFrame) -> pd.DataFrame:
    """Return jobs and establishments of the areas with a part in Massachusetts, by class."""
    share = sold["sold_to_devices"] / sold["sold"]
    beyond = share / (sold["sold_to_devices"].sum() / sold["sold"].sum())
    linked = (beyond >= TIMES) & (sold["sold_to_devices"] >= LEAST)
    wanted = sold["industry"][linked | sold["industry"].isin(DEVICES)]
    # a class belongs to the industry whose code, without letters and zeros at its end, it begins
    # with; where several do, to the longest: 334510 is its own, 334512 is one of 33451A
    codes = sorted(sold["industry"], key=lambda code: not code.isdecimal())
    stems = {code.rstrip("0ABNX"): code for code in codes}
    stems |= {code: code for code in codes}
    cells = read("cbp2019_cbsa_naics6.csv.gz")
    there = cells["naics_code"].drop_duplicates()
    longest = {
        naics: next((stems[naics[:n]] for n in range(6, 2, -1) if naics[:n] in stems), None)
        for naics in there
    }
    cells["industry"] = cells["naics_code"].map(longest)
    cells = cells[cells["industry"].isin(wanted)]
    areas = pd.read_csv(SHIPPED / "us_metro_areas.csv", dtype={"area": str}).set_index("area")
    states = areas["states"].fillna("").str.split("-")
    here = areas.index[states.map(lambda names: "MA" in names)]
    total = cells.groupby("naics_code")[["emp", "estab"]].sum()
    rows = cells[cells["cbsa_code"].isin(here)]
    frame = pd.DataFrame(
        {
            "area": rows["cbsa_code"],
            "place": rows["cbsa_code"].map(areas["place"]),
            "naics": rows["naics_code"],
            "title": rows["naics_code"].map(titles()),
            "industry": rows["industry"],
            "employment": rows["emp"],
            "establishments": rows["estab"],
            "employment_all": rows["naics_code"].map(total["emp"]),
            "establishments_all": rows["naics_code"].map(total["estab"]),
        }
    )
    return frame.sort_values(["naics", "area"])


def main() -> None:
    """Write both tables."""
    sold = trade()
    for name, table in (("us_medical_trade", sold), ("us_medical_classes", classes(sold))):
        table.to_csv(FOLDER / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
