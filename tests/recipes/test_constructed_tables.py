"""Recipes on constructed tables of four shapes: wide, a register, labels that are numbers, gaps."""

import numpy as np
import pandas as pd
import pytest

from tests.recipes.tables_tried import Case, fewest, judged

TRADES = ["Weinbau", "Werften", "Glas", "Möbel", "Schuhe", "Handel"]
PLACES = [f"Kreis {letter}" for letter in "ABCDEFGHIJ"]


def write(folder):
    """Write the constructed files into a folder."""
    rng = np.random.default_rng(1)
    jobs = rng.integers(5, 900, (10, 6)) * rng.integers(1, 6, (10, 1)) + 0.5
    for year, factor in ((2010, 1), (2020, rng.uniform(0.7, 1.5, (10, 6)))):
        wide = pd.DataFrame(np.round(jobs * factor, 1), pd.Index(PLACES, name="Kreis"), TRADES)
        wide.to_csv(folder / f"wide{year}.csv", sep=";", decimal=",")
    plants = pd.DataFrame(
        {
            "gemeinde": rng.choice(PLACES, 600),
            "branche": rng.choice(TRADES, 600),
            "jahr": rng.choice([2010, 2020], 600),
            "köpfe": rng.integers(1, 200, 600),
            "rechts": rng.uniform(3_400_000, 3_450_000, 600).round(1),
            "hoch": rng.uniform(5_500_000, 5_540_000, 600).round(1),
        }
    )
    plants.to_csv(folder / "register.csv", index=False)
    codes = rng.integers(0, 90, (12, 8)) + (np.arange(8) == 0)
    numbers = pd.DataFrame(codes, pd.Index(range(101, 113), name="county"), range(1011, 1019))
    long = numbers.reset_index().melt("county", var_name="nace", value_name="persons")
    both = pd.concat([long.assign(t=1999), long.assign(t=2004, persons=long["persons"] * 2 + 1)])
    both.to_pickle(folder / "numbers.pkl")
    long.to_pickle(folder / "one_year.pkl")
    gaps = long.astype({"persons": str}).assign(area=long["county"].map("{:05d}".format))
    gaps.loc[rng.permutation(len(gaps))[:9], "persons"] = "D"
    gaps["total"] = "x"
    later = gaps.assign(t="2004")[gaps["nace"] != 1018]  # an industry that ends
    pd.concat([gaps.assign(t="1999"), later]).to_csv(folder / "gaps.csv", index=False)
    gaps.to_csv(folder / "gaps_one_year.csv", index=False)
    _places(folder, rng)
    _incomes(folder, rng)
    _networks(folder, rng)


def _places(folder, rng):
    spots = pd.DataFrame({"länge": rng.uniform(8, 10, 300), "breite": rng.uniform(50, 51, 300)})
    spots["zweig"] = rng.choice(["Glas", "Holz", "Leder"], 300)
    spots["umsatz"] = rng.uniform(0, 9, 300).round(2)
    spots.loc[3, "umsatz"] = 0
    spots.round(5).to_csv(folder / "spots.csv", sep=";", decimal=",", index=False)
    spots.loc[:40, ["länge", "breite"]].to_csv(folder / "alone.csv", index=False)
    spots.assign(zweig=rng.choice([15, 16], 300)).to_pickle(folder / "spots.pkl")
    spots.loc[:5, "breite"] = np.nan
    spots.to_csv(folder / "lost.csv", index=False)


def _incomes(folder, rng):
    level = (
        rng.uniform(10, 40, 12)[:, None] * 1.02 ** np.arange(9) * rng.uniform(0.95, 1.05, (12, 9))
    )
    wide = pd.DataFrame(level.round(2), [f"Land {k}" for k in "ABCDEFGHIJKL"], range(2001, 2010))
    head = pd.Series(rng.integers(100, 900, 12), wide.index)
    side = pd.Series(["Nord", "Süd"] * 6, wide.index)
    named = wide.add_prefix("y").assign(Seite=side).rename_axis("Land")
    named = pd.concat([named, pd.DataFrame({f"n{t}": head for t in wide})], axis=1).rename_axis(
        "Land"
    )
    named.to_csv(folder / "lands.csv", sep=";", decimal=",")
    long = wide.rename_axis("Land").reset_index().melt("Land", var_name="t", value_name="pro_kopf")
    long.drop(index=[5, 6]).to_csv(folder / "gappy.csv", index=False)
    long.assign(pro_kopf=long["pro_kopf"].where(long.index != 4, 0)).to_pickle(folder / "zero.pkl")
    wide.set_axis(range(12)).rename_axis("id").reset_index().to_pickle(folder / "ids.pkl")


def _networks(folder, rng):
    names = [f"Firma {k}" for k in range(20)]
    pairs = sorted({tuple(sorted(rng.choice(20, 2, replace=False))) for _ in range(60)})
    ties = pd.DataFrame([(names[a], names[b]) for a, b in pairs], columns=["von", "an"])
    ties["euro"], ties["art"] = rng.uniform(1, 50, len(ties)).round(1), "supply"
    firms = pd.DataFrame({"firma": names, "ort": rng.choice(["Ulm", "Jena", "Gera"], 20)})
    firms["land"] = firms["ort"].map({"Ulm": "BW"}).fillna("TH")
    ties.to_csv(folder / "ties.csv", sep=";", decimal=",", index=False)
    firms.to_csv(folder / "firms.csv", sep=";", index=False)
    numbered = pd.DataFrame(pairs, columns=["a", "b"])
    numbered.to_pickle(folder / "pairs.pkl")
    pd.DataFrame({"id": range(20), "plz": rng.choice([89073, 7743], 20)}).to_pickle(
        folder / "ids_of.pkl"
    )
    firms.assign(ort=firms["ort"].where(firms.index > 1, "")).to_csv(
        folder / "some.csv", index=False
    )
    pd.concat([ties, ties.iloc[[0]].assign(an=ties["von"][0])]).to_csv(
        folder / "loop.csv", index=False
    )


FRAME = '__import__("pandas").read_pickle("{}")'.format
WIDE = {"source": '"wide2010.csv"', "region": '"Kreis"', "industry": "None", "value": "None"}
WIDE |= {"reading": '{"decimal": ","}'}
REGISTER = {"source": '"register.csv"', "region": '"gemeinde"', "industry": '"branche"'}
REGISTER |= {"value": '"köpfe"'}
SUMMED = REGISTER | {"reading": '{"where": {"jahr": 2020}, "duplicates": "sum"}'}
NUMBERS = {"source": FRAME("one_year.pkl"), "region": '"county"'}
NUMBERS |= {"industry": '"nace"', "value": '"persons"'}
GAPS = {"source": '"gaps_one_year.csv"', "region": '"area"', "industry": '"nace"'}
GAPS |= {"value": '"persons"', "reading": '{"unknown": ("D",)}'}
SHAPES = {"wide": WIDE, "register": SUMMED, "numbers": NUMBERS, "gaps": GAPS}
YEARS = {
    "wide": WIDE | {"source": '{2010: "wide2010.csv", 2020: "wide2020.csv"}'},
    "register": REGISTER | {"year": '"jahr"', "reading": '{"duplicates": "sum"}'},
    "numbers": NUMBERS
    | {"source": NUMBERS["source"].replace("one_year", "numbers"), "year": '"t"'},
    "gaps": GAPS | {"source": '"gaps.csv"', "year": '"t"'},
}
SPOTS = {"source": '"spots.csv"', "east": '"länge"', "north": '"breite"', "unit": '"degrees"'}
SPOTS |= {"industry": '"zweig"', "simulations": "39"}
PLACED = {
    "wide": SPOTS | {"reading": '{"decimal": ","}'},
    "register": {
        "source": '"register.csv"',
        "east": '"rechts"',
        "north": '"hoch"',
        "unit": '"m"',
        "industry": '"branche"',
        "size": '"köpfe"',
        "chosen": '"Glas"',
        "simulations": "39",
    },
    "numbers": SPOTS | {"source": FRAME("spots.pkl"), "chosen": "15"},
    "gaps": SPOTS | {"source": '"lost.csv"', "size": '"umsatz"'},
    "alone": SPOTS | {"source": '"alone.csv"', "industry": "None"},
}
PANELS = {
    "wide": {
        "source": '"lands.csv"',
        "region": '"Land"',
        "year": "None",
        "income": '"y"',
        "people": '"n"',
        "group": '"Seite"',
        "reading": '{"decimal": ","}',
    },
    "gaps": {"source": '"gappy.csv"', "region": '"Land"', "year": '"t"', "income": '"pro_kopf"'},
    "zero": {
        "source": FRAME("zero.pkl"),
        "region": '"Land"',
        "year": '"t"',
        "income": '"pro_kopf"',
    },
    "numbers": {"source": FRAME("ids.pkl"), "region": '"id"', "year": "None", "income": '""'},
}
TIED = {
    "ties": '"ties.csv"',
    "giver": '"von"',
    "taker": '"an"',
    "firms": '"firms.csv"',
    "firm": '"firma"',
    "town": '"ort"',
    "area": '"land"',
}
LINKED = {
    "wide": TIED | {"kind": '"art"', "strength": '"euro"', "reading": '{"decimal": ","}'},
    "undirected": TIED | {"directed": "False", "place": '"Jena"'},
    "numbers": {
        "ties": FRAME("pairs.pkl"),
        "giver": '"a"',
        "taker": '"b"',
        "firms": FRAME("ids_of.pkl"),
        "firm": '"id"',
        "town": '"plz"',
        "area": "None",
    },
    "gaps": TIED | {"ties": '"loop.csv"', "firms": '"some.csv"', "area": "None"},
}
CASES = [
    *(Case("measure_concentration", name, how) for name, how in SHAPES.items()),
    Case(
        "measure_concentration",
        "plants",
        REGISTER | {"establishments": "True", "reading": '{"where": {"jahr": 2020}}'},
        ("maurel_sedillot",),
    ),
    *(Case("what_could_my_region_do_next", name, how) for name, how in SHAPES.items()),
    *(Case("define_your_clusters", name, how) for name, how in SHAPES.items()),
    *(Case("compare_two_years", name, how) for name, how in YEARS.items()),
    *(Case("map_industry_distance", name, how) for name, how in PLACED.items()),
    *(Case("inequality_of_your_regions", name, how) for name, how in PANELS.items()),
    *(Case("balance_of_your_linkages", name, how) for name, how in LINKED.items()),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("constructed")
    write(where)
    return where


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_recipe_runs_on_it(case, folder):
    judged(case, folder)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_edit_told_is_needed_and_fewer_do_not_do(case, folder):
    assert fewest(case, folder) == len(case.facts())
