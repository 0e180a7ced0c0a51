"""Recipes on real tables of other shapes than their examples; skipped where there are none."""

import pytest

from tests.recipes.tables_tried import Case, judged, without


def _long(source, region, industry, value, **more):
    names = {"region": region, "industry": industry, "value": value}
    return {
        "source": f'"{{data}}/{source}"',
        **{key: repr(name) for key, name in names.items()},
        **more,
    }


CBSA = ("cbsa_code", "naics_code", "emp")
METRO2 = _long("us_cbp_cbsa/cbp2019_cbsa_naics2.csv", *CBSA)
METRO3 = _long("us_cbp_cbsa/cbp2019_cbsa_naics3.csv", *CBSA)
METRO4 = _long("us_cbp_cbsa/cbp2019_cbsa_naics4.csv.gz", *CBSA)
STATES = _long("us_cbp_state/cbp_avg2012_2016_state_naics3.csv", "state", "naics3", "emp")
LANDS = _long("reat/G.regions.industries.csv", "region", "ind_name", "emp_all")
YEARLY = _long("reat/G.regions.emp.csv", "region", "industry", "emp")
FIRMS = _long("reat/FK2014_EGC.csv", "region", "industry", "emp_firm", establishments="True")
EUROPE = _long("reat/EU28.emp.csv", "geo", "nace_r2", "emp1000")
AUSTRALIA = _long(
    "australia/aus_state_anzsic_subdivision_nov_1984_2024.csv.gz",
    "state",
    "anzsic_subdivision",
    "value",
)
WORLD = _long("trade/BACI_HS96_2d_2024_v202601.csv", "i", "hs2", "v")
GOODS = _long("trade/world_trade_avg_1998_2000_sitc4.csv.gz", "country", "product", "value")
ZONES = _long(
    "cz_industry_shares/BAR_cz_ind_shares_1980_1990_2000.csv.gz", "czone", "ind", "sh_ind_"
)


def _in(year, value):
    return {"reading": repr({"where": {year: value}})}


def _points(source, east, north, unit, industry, **more):
    given = {"east": east, "north": north, "unit": unit, "industry": industry}
    return {
        "source": f'"{{data}}/{source}"',
        **{key: repr(name) for key, name in given.items()},
        **more,
    }


def _panel(source, region, year, income, **more):
    given = {"region": region, "year": year, "income": income}
    return {
        "source": f'"{{data}}/{source}"',
        **{key: repr(name) for key, name in given.items()},
        **more,
    }


def _network(ties, nodes, town, **more):
    given = {"giver": "source", "taker": "target", "firm": "name", "town": town, "area": None}
    files = {
        "ties": f'"{{data}}/networks/{ties}_edges.csv"',
        "firms": f'"{{data}}/networks/{nodes}_nodes.csv"',
    }
    return files | {key: repr(name) for key, name in given.items()} | more


GDP = "fdi_trade_gapminder/gdppercapita_us_inflation_adjusted.csv"
EXPORTS = "fdi_trade_gapminder/exports_percent_of_gdp.csv"
TABLES = {
    "measure_concentration": {
        "metro areas, NAICS 2": (METRO2, "'00' is the total of the others and is taken out"),
        "metro areas, NAICS 4": (METRO4,),
        "states, NAICS 3": (STATES,),
        "German Länder 2015": (LANDS,),
        "German Länder 2014": (
            YEARLY | _in("year", 2014),
            "'Insgesamt' is the total",
            "Industry 'Verarbeitendes Gewerbe (C)' is counted once more",
            "totals are the numbers of 'Insgesamt'",
        ),
        "constructed firms": (FIRMS, "maurel_sedillot"),
        "exports 2024": (WORLD,),
        "commuting zones 2000": (ZONES | _in("year", 2000),),
    },
    "compare_two_years": {
        "metro areas, NAICS 2": (
            METRO2
            | {
                "source": '{2018: "{data}/us_cbp_cbsa/cbp2018_cbsa_naics2.csv", '
                '2019: "{data}/us_cbp_cbsa/cbp2019_cbsa_naics2.csv"}'
            },
        ),
        "metro areas, NAICS 4": (
            METRO4
            | {
                "source": '{2018: "{data}/us_cbp_cbsa/cbp2018_cbsa_naics4.csv.gz", '
                '2019: "{data}/us_cbp_cbsa/cbp2019_cbsa_naics4.csv.gz"}'
            },
            "Esteban's form is left out",
        ),
        "German Länder 2008–14": (YEARLY, "2008 and 2014"),
        "Australia 1984 and 2024": (AUSTRALIA | {"years": "[1984, 2024]"}, "say so in join"),
        "Australia, all years": (AUSTRALIA,),
        "commuting zones": (ZONES,),
    },
    "map_industry_distance": {
        "Göttingen": (_points("reat/GoettingenHealth1.csv", "lon", "lat", "degrees", "type"),),
        "Paracou": (
            _points(
                "points/paracou16.csv",
                "x",
                "y",
                "m",
                "type",
                chosen='"V. Americana"',
                size='"weight"',
            ),
            "m (95 % a side)",
        ),
        "Toulouse": (
            _points(
                "points/toulouse_fire_emergencies.csv",
                "X",
                "Y",
                "m",
                "Month",
                size='"M"',
                simulations="39",
            ),
        ),
        "counties of Texas": (
            _points(
                "us_cbp_county/county_centroids.csv",
                "longitude",
                "latitude",
                "degrees",
                "state",
                simulations="99",
            ),
            "km",
        ),
    },
    "what_could_my_region_do_next": {
        "metro areas, NAICS 2": (METRO2, "take finer ones"),
        "metro areas, NAICS 4": (METRO4,),
        "states, NAICS 3": (STATES,),
        "exports 2024": (WORLD | {"minimum": "1_000_000"},),
        "exports, 785 goods": (GOODS,),
    },
    "define_your_clusters": {
        "metro areas, NAICS 2": (METRO2,),
        "metro areas, NAICS 4": (METRO4 | {"establishments": '"estab"', "letters": "2"},),
        "states, NAICS 3": (STATES,),
        "Australia 2024": (AUSTRALIA | _in("year", 2024),),
        "exports 2024": (WORLD,),
    },
    "draw_your_map": {
        "metro areas, NAICS 2": (METRO2 | {"chosen": '"72"'}, "Map of location quotient of 72;"),
        "states, NAICS 3": (STATES | {"chosen": '"311"'}, "Map of location quotient of 311;"),
        "exports 2024": (WORLD, "Map of location quotient of"),
        "Australia 2024": (
            AUSTRALIA | _in("year", 2024) | {"chosen": '"Accommodation"'},
            "Map of location quotient of Accommodation;",
        ),
        "German Länder 2015": (LANDS, "Map of location quotient of"),
    },
    "inequality_of_your_regions": {
        "incomes of countries": (_panel(GDP, "geo", "time", "gdppercapita_us_inflation_adjusted"),),
        "exports of countries": (_panel(EXPORTS, "geo", "time", "exports_percent_of_gdp"),),
        "German counties": (
            _panel("reat/G.counties.gdp.csv", "region_code_EU", None, "gdppc", people='"pop"')
            | {"reading": '{"unknown": ("NA",)}'},
            "Weighted by people",
        ),
        "Penn World Table": (
            _panel(
                "trade/pwt110_subset.csv.gz",
                "countrycode",
                "year",
                "rgdpe",
                people='"pop"',
                start="1990",
            ),
        ),
    },
    "balance_of_your_linkages": {
        "advice of lawyers": (_network("law_advice", "law_advice", "office"),),
        "advice of managers": (_network("ht_advice", "ht_advice", "dept"),),
        "car components": (_network("ELEnet16", "ELEnet16", "regionNAME", strength='"VAL"'),),
        "friends in finance": (_network("ffe_friends", "ffe_friends", "birthplace"),),
    },
}
CASES = [
    Case(recipe, table, settings, tuple(words))
    for recipe, found in TABLES.items()
    for table, (settings, *words) in found.items()
]


@pytest.mark.realdata
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_recipe_runs_on_a_real_table(case, real_data, tmp_path):
    judged(case.placed(data=real_data), tmp_path)


@pytest.mark.realdata
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_edit_told_is_needed(case, real_data, tmp_path):
    case = case.placed(data=real_data)
    assert without(case, tmp_path).keys() == case.facts().keys()
