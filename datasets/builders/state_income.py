"""Build the tables of incomes of US and Mexican states and of who borders on whom.

Nothing is drawn at random and nothing is filled in. The tables read come with the package libpysal,
as its examples ``us_income`` and ``mexico``. Run ``python datasets/builders/state_income.py`` where
libpysal is installed (``pip install libpysal``).
"""

from __future__ import annotations

from pathlib import Path

import libpysal
import pandas as pd

FOLDER = Path(__file__).resolve().parents[1]
SOURCE = Path(libpysal.__file__).parent / "examples"

#: Regions of the US Census Bureau.
REGIONS = {
    "Northeast": "Connecticut Maine Massachusetts New_Hampshire Rhode_Island Vermont New_Jersey "
    "New_York Pennsylvania",
    "Midwest": "Illinois Indiana Michigan Ohio Wisconsin Iowa Kansas Minnesota Missouri Nebraska "
    "North_Dakota South_Dakota",
    "South": "Delaware Florida Georgia Maryland North_Carolina South_Carolina Virginia "
    "West_Virginia Alabama Kentucky Mississippi Tennessee Arkansas Louisiana Oklahoma Texas",
    "West": "Arizona Colorado Idaho Montana Nevada New_Mexico Utah Wyoming California Oregon "
    "Washington",
}

#: What the codes of the column ``hanson03`` stand for, and a name that the file misspells.
HANSON = {1: "Border", 2: "North", 3: "Centre", 4: "Capital", 5: "South", 6: "Yucatan"}
SPELLING = {"Quertaro": "Queretaro"}


def neighbours(name: str, states: pd.Series) -> pd.DataFrame:
    """Return pairs of states that border on one another, from a list of weights."""
    lines = (
        (SOURCE / name).read_text().splitlines()[1:]
    )  # a state, and on the next line who is near
    pairs = [
        (states[int(one.split()[0])], states[int(other)])
        for one, near in zip(lines[::2], lines[1::2], strict=True)
        for other in near.split()
    ]
    return pd.DataFrame(pairs, columns=["state", "neighbour"]).sort_values(["state", "neighbour"])


def long(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a state and year."""
    rows = table.melt(["state", "region"], var_name="year", value_name="income").astype(
        {"year": int, "income": int}
    )
    return rows.sort_values(["state", "year"])


def main() -> None:
    """Write the three tables."""
    us = pd.read_csv(SOURCE / "us_income" / "usjoin.csv").drop(columns="STATE_FIPS")
    us = us.rename(columns={"Name": "state"})
    region = {
        name.replace("_", " "): each for each, names in REGIONS.items() for name in names.split()
    }
    us.insert(1, "region", us["state"].map(region))
    mexico = pd.read_csv(SOURCE / "mexico" / "mexico.csv").rename(columns={"State": "state"})
    mexico["state"] = mexico["state"].replace(SPELLING)
    mexico.insert(1, "region", mexico["hanson03"].astype(int).map(HANSON))
    mexico = mexico.set_index(["state", "region"]).filter(like="pcgdp").reset_index()
    mexico.columns = mexico.columns.str.removeprefix("pcgdp")
    near = {
        "United States": neighbours("us_income/states48.gal", us["state"]),
        "Mexico": neighbours("mexico/mexico.gal", mexico["state"]),
    }
    borders = pd.concat(near, names=["country"]).reset_index("country")
    tables = {"us_state_income": long(us), "mexican_state_income": long(mexico)}
    for name, table in (tables | {"state_neighbours": borders}).items():
        table.to_csv(FOLDER / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
