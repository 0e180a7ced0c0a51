"""Build the US make and use tables of 2019 and the industry of the accounts of each NAICS code.

Nothing is drawn at random and nothing is filled in: two published matrices become long lists, codes
get short names, and an industry of four digits gets the industry of the accounts whose code its own
begins with. The tables read stand beside the checkout (see ``tests/conftest.py``). Run
``python datasets/builders/us_input_output.py``.
"""

from __future__ import annotations

import pandas as pd
from us_industry_ties import FOLDER, NAMES, SOURCE

SHIPPED = FOLDER

#: What is no product of an industry, and what is no purchase of one, in the bureau's codes.
PRODUCTS = NAMES | {"Used": "scrap and used goods", "Other": "other imports and adjustments"}
PAID = {"V001": "pay", "V002": "taxes on production", "V003": "surplus"}
BUYERS = {"F010": "households", "F02": "investment", "F03": "stocks", "F04": "exports"}
BUYERS |= {"F05": "imports", "F06": "government", "F07": "government", "F10": "government"}

#: Where the code of the accounts is not itself the beginning of the codes of its industries.
BEGINNINGS = {
    "111CA": ("111", "112"),
    "113FF": ("113", "114", "115"),
    "3361MV": ("3361", "3362", "3363"),
    "3364OT": ("3364", "3365", "3366", "3369"),
    "311FT": ("311", "312"),
    "313TT": ("313", "314"),
    "315AL": ("315", "316"),
    "4A0": ("442", "443", "444", "446", "447", "448", "451", "453", "454"),
    "487OS": ("487", "488", "492"),
    "513": ("515", "517"),
    "514": ("518", "519"),
    "521CI": ("521", "522"),
    "ORE": ("531",),
    "532RL": ("532", "533"),
    "5412OP": ("5412", "5413", "5414", "5416", "5417", "5418", "5419"),
    "711AS": ("711", "712"),
}


def read(name: str) -> pd.DataFrame:
    """Return one matrix, in the bureau's codes."""
    return pd.read_csv(SOURCE / "bea_io" / name, index_col=0)


def long(table: pd.DataFrame, rows: str, columns: str) -> pd.DataFrame:
    """Return the cells that are not zero, a row each, in the order of the table."""
    cells = table.rename_axis(rows).reset_index().melt(rows, var_name=columns)
    order = {name: place for place, name in enumerate(table.index)}
    cells = cells[cells["value"] != 0].astype({"value": int})
    return cells.sort_values(rows, key=lambda names: names.map(order), kind="stable")


def make() -> pd.DataFrame:
    """Return which industry makes how much of which product."""
    table = read("Summary_Make_2019_BeforeRedef_17sch.csv").loc[[*NAMES], [*PRODUCTS]]
    return long(table.rename(index=NAMES, columns=PRODUCTS), "industry", "product")


def use() -> pd.DataFrame:
    """Return who buys how much of which product, and what industries pay besides."""
    table = read("Summary_Use_2019_PRO_BeforeRedef_17sch.csv")
    final = {code: name for code in table for start, name in BUYERS.items() if code[:4] == start}
    final |= {code: name for code in table for start, name in BUYERS.items() if code[:3] == start}
    table = table.loc[[*PRODUCTS, *PAID], [*NAMES, *final]].fillna(0)
    table = table.rename(index=PRODUCTS | PAID, columns=NAMES | final)
    return long(table.T.groupby(level=0, sort=False).sum().T, "product", "buyer")


def codes() -> pd.DataFrame:
    """Return the industry of the accounts of each NAICS code of four digits in the metro table."""
    begins = {start: code for code in NAMES for start in BEGINNINGS.get(code, (code,))}
    titles = pd.read_csv(SHIPPED / "us_naics_titles.csv", dtype=str)["naics"]
    rows = []
    for naics in titles[titles.str.len() == 4]:
        found = [code for start, code in begins.items() if naics.startswith(start)]
        if len(found) != 1:
            raise ValueError(f"{naics} has {len(found)} industries in the accounts: {found}")
        rows.append((naics, NAMES[found[0]]))
    return pd.DataFrame(rows, columns=["naics", "account"])


def main() -> None:
    """Write the three tables."""
    for name, table in (("us_make", make()), ("us_use", use()), ("us_naics_accounts", codes())):
        table.to_csv(FOLDER / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
