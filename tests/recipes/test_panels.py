"""Six recipes on real tables of other shapes, the first cell alone being changed."""

from pathlib import Path

import pytest

from tests.recipes import running
from tests.recipes.tables_tried import Case, judged, without

DATASETS = Path(__file__).parents[2] / "datasets"

GAPMINDER = (
    "pd.concat([pd.read_csv(file, keep_default_na=False).query('time == 2010')"
    ".set_index('geo').iloc[:, 1] for file in sorted(__import__('pathlib')"
    ".Path('{data}/fdi_trade_gapminder').glob('*.csv'))], axis=1).reset_index()"
)
GROUPS = (
    "{'openness': ['exports_percent_of_gdp', 'merchandise_trade_percent_of_gdp'], 'investment': "
    "['foreign_direct_investment_net_inflows_percent_of_gdp', "
    "'foreign_direct_investment_net_outflows_percent_of_gdp']}"
)
LAENDER = (
    "pd.read_csv('{data}/reat/G.regions.industries.csv').assign(per=lambda t: t.firms / t['pop'])"
)


def network(name, **settings):
    return {"ties": f"'{{data}}/networks/{name}_edges.csv'"} | settings


def nodes(name):
    return f"'{{data}}/networks/{name}_nodes.csv'"


CASES = [
    Case(
        "score_your_diamond",
        "Gapminder 2010",
        {"source": GAPMINDER, "place": "'geo'"},
        ("Places that lack an indicator (drop): 90", "Interval of ranks by geo"),
    ),
    Case(
        "score_your_diamond",
        "Gapminder 2010, facets with weights",
        {"source": GAPMINDER, "place": "'geo'", "facets": GROUPS}
        | {"weights": "{'openness': 0.7, 'investment': 0.3}"},
    ),
    Case(
        "score_your_diamond",
        "German states, long",
        {"source": LAENDER, "place": "'region'", "indicator": "'ind_name'", "value": "'per'"},
        ("Places: 16; indicators: 17",),
    ),
    Case(
        "score_your_diamond",
        "Göttingen districts",
        {
            "source": "'{data}/reat/GoettingenHealth2.csv'",
            "place": "'district'",
            "facets": "{'doctors': ['phys_gen', 'psych'], 'pharmacies': ['pharm']}",
            "saved": "'scores.csv'",
        },
        ("Places: 420; indicators: 3; facets: 2",),
        {"scores.csv"},
    ),
    Case(
        "score_your_diamond",
        "commuting zones 1990",
        {
            "source": "'{data}/cz_industry_shares/BAR_cz_outcomes.csv'",
            "place": "'czone'",
            "facets": "{'growth': ['wage_ch', 'emp_ch']}",
            "reading": "{'where': {'year': '1990.0'}}",
        },
        ("Places: 722", "Interval of ranks by czone"),
    ),
    *(
        Case(
            "sweep_a_model",
            name,
            {"model": f"clusterlab.{name}"} | settings,
            writes={"urn.csv"} if "saved" in settings else set(),
        )
        for name, settings in {
            "networks.demand_shift": {},
            "networks.modular_search": {
                "values": "{'block': [1, 2, 3, 4]}",
                "measure": "lambda result: result.path.iloc[-1].mean()",
            },
            "location.core_periphery": {"values": "{'trade_cost': 5}"},
            "location.urn": {"replicates": "4", "saved": "'urn.csv'"},
            "policy.portfolio": {},
            "diamond.relative_performance": {},
            "relocation.strategy_mix": {},
        }.items()
    ),
    Case(
        "profile_your_network",
        "Florentine business",
        network("flo_business", nodes=nodes("flo_business"), directed="False"),
        ("Taken as node: name", "Who stops is not known", "Reciprocity is 1 by that alone"),
    ),
    Case("profile_your_network", "Florentine marriages", network("flo_marriage", directed="False")),
    Case(
        "profile_your_network",
        "ELEnet 2016",
        network("ELEnet16", nodes=nodes("ELEnet16"), columns="{'VAL': 'strength'}"),
        ("Nodes: 99, ties: 725",),
    ),
    Case(
        "profile_your_network",
        "Brunson, two sorts of nodes",
        network("brunson_corporate_leadership", directed="False"),
        ("tied only across",),
    ),
    Case(
        "profile_your_network",
        "aircraft trade",
        network("aircraft_trade_2019", columns="{'weight': 'strength'}", kind="'supply'"),
    ),
    Case(
        "profile_your_network",
        "law firm, advice",
        network("law_advice", nodes=nodes("law_advice"), columns="{'office': 'place'}"),
        ("Taken as node: name", "E–I index"),
    ),
    Case("classify_your_district", "Florentine business", network("flo_business")),
    Case(
        "classify_your_district",
        "law firm, largest office",
        network("law_advice", units=nodes("law_advice"))
        | {"columns": "{'name': 'node', 'office': 'place'}"},
    ),
    Case(
        "classify_your_district",
        "ELEnet 2016, Europe",
        network("ELEnet16", units=nodes("ELEnet16"))
        | {"columns": "{'name': 'node', 'regionNAME': 'place'}"},
    ),
    Case("classify_your_district", "Brunson", network("brunson_corporate_leadership")),
    Case(
        "classify_your_district",
        "French elite, and what is known",
        network("ffe_friends", profile="{'leadership': 'none', 'contract length': 'long'}"),
    ),
    Case(
        "estimate_transitions",
        "German counties, quintiles, wide",
        {
            "panel": "'{data}/reat/G.counties.gdp.csv'",
            "place": "'region_code'",
            "period": "'year'",
            "state": "'gdppc'",
            "classes": "5",
        },
        ("Places: 402", "one per year"),
    ),
    Case(
        "estimate_transitions",
        "commuting zones, wages",
        {
            "panel": "'{data}/cz_industry_shares/BAR_cz_outcomes.csv'",
            "place": "'czone'",
            "period": "'year'",
            "state": "'wage_ch'",
            "classes": "4",
        },
        ("10 years",),
    ),
    Case(
        "estimate_transitions",
        "US states, incomes",
        {
            "panel": f"'{DATASETS}/us_state_income.csv'",
            "place": "'state'",
            "period": "'year'",
            "state": "'income'",
            "classes": "5",
            "group": "'region'",
        },
        ("Places that change their region, of which the first is taken: 0",),
    ),
    Case(
        "estimate_transitions",
        "Gapminder, incomes",
        {
            "panel": "'{data}/fdi_trade_gapminder/gdppercapita_us_inflation_adjusted.csv'",
            "place": "'geo'",
            "period": "'time'",
            "state": "'gdppercapita_us_inflation_adjusted'",
            "classes": "4",
        },
    ),
]


@pytest.mark.realdata
@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_runs_to_its_end(case, real_data, tmp_path):
    judged(case.placed(data=real_data, here=tmp_path), tmp_path)


@pytest.mark.realdata
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_edit_told_is_needed(case, real_data, tmp_path):
    case = case.placed(data=real_data, here=tmp_path)
    assert without(case, tmp_path).keys() == case.facts().keys()


@pytest.mark.parametrize(
    ("recipe", "settings", "message"),
    [
        (
            "audit_your_initiative",
            {"answers": "'{data}/case_facts/case_facts.csv'"},
            "No column is a question of the audit",
        ),
        (
            "classify_your_district",
            {"places": "'{data}/district_figures/district_figures.csv'"},
            "no feature 'sector'",
        ),
        (
            "classify_your_district",
            {"places": "'{data}/reat/G.regions.industries.csv'"},
            "no feature 'region'",
        ),
    ],
)
def test_a_table_that_holds_none_of_it_is_refused(recipe, settings, message, real_data, tmp_path):
    with pytest.raises(running.Stopped, match=message):
        judged(Case(recipe, "", settings).placed(data=real_data), tmp_path)
