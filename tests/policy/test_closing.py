"""One district through the course: the facts, what each step needs, the page, and the notebook."""

import itertools
import re
import warnings

import matplotlib.pyplot as plt
import notebook_outputs
import pandas as pd
import pytest

from clusterlab import datasets, districts, networks
from clusterlab.diamond.indicators import FACETS
from clusterlab.policy import case, findings
from tests.conftest import ROOT

UNIT = ROOT / "notebooks" / "12_case" / "1_one_district_through_the_course.ipynb"
PREPARED = ("Napa", "San Jose", "Montebelluna", "Medellín")
STEPS = ("measured", "typed", "sketched", "balanced", "scored", "compared")
FACTS = datasets.load("district_cases")
TIES = datasets.load("district_case_ties")
COUNTS = {"here": 900, "all here": 20_000, "everywhere": 5_000, "all everywhere": 4_000_000}
#: What a reader may know: each part, and the steps that it makes possible.
PARTS = {
    "jobs": (COUNTS, {"measured"}),
    "features": ({"leadership": "hub"}, {"typed"}),
    "ties": (
        [("weavers", "dyers", "supply"), ("dyers", "buyers", "supply")],
        {"sketched", "balanced"},
    ),
    "ratings": (dict.fromkeys(FACETS, 3), {"scored", "compared"}),
}


# --- the facts ------------------------------------------------------------------------------------


def test_every_fact_and_every_tie_has_a_source():
    documents = {source.key for source in datasets.provenance("district_cases").source} - {None}
    sources = documents | {*datasets.catalogue().index}
    assert {*FACTS["source"]} <= sources
    assert {*TIES["document"]} <= documents
    assert FACTS["where"].str.strip().astype(bool).all()
    assert TIES["where"].notna().all()
    assert not FACTS.duplicated(["district", "step", "item"]).any()
    assert tuple(FACTS["district"].unique()) == PREPARED


def test_what_is_not_told_is_empty_and_says_what_is_missing():
    unknown = FACTS[FACTS["value"].isna()]
    assert {*unknown.loc[unknown["item"] == "leadership", "district"]} == {*PREPARED} - {"San Jose"}
    assert unknown[["said", "caveat"]].notna().all(axis=None)


def test_what_is_our_reading_says_so():
    typed = FACTS[(FACTS["step"] == "typed") & FACTS["value"].notna()]
    assert typed["caveat"].str.contains("our reading|California|own plants").all()


@pytest.mark.parametrize("fact", [*FACTS[FACTS["step"] == "typed"].itertuples()])
def test_a_feature_is_a_row_of_the_table_and_its_levels_are_levels(fact):
    assert fact.item in districts.levels().index
    if not pd.isna(fact.value):
        districts.membership({fact.item: fact.value.split("; ")}, replicates=1)


def test_the_numbers_are_those_of_the_data_sets():
    value = FACTS.set_index(["district", "item"])["value"]
    growth = datasets.load("growth_figures").set_index("id")["value"]
    italian = datasets.load("italian_district_figures").set_index("id")["value"]
    for row in (
        FACTS[FACTS["source"] == "italian_district_figures"].dropna(subset="value").itertuples()
    ):
        assert float(row.value) == italian[row.where]
    medellin, fall = value["Medellín"], value["Montebelluna", "fall in the local labour force (%)"]
    told = ("jobs in fashion", "suppliers", "share of employment (%)")
    assert [float(medellin[item]) for item in told] == growth[["B02", "B03", "B04"]].tolist()
    assert float(fall) == growth["W08"]
    assert float(value["Napa", "wineries"]) == growth["P01"]
    assert float(value["San Jose", "rank in military spending"]) == growth["G01"]
    firms = datasets.load("linkage_figures").set_index(["place", "year"])["value"]
    assert (
        float(medellin["firms in textiles and fashion, 2016"]) in firms["Medellín", 2016].tolist()
    )
    states = datasets.load("linkage_cases").set_index(["case", "level"])["state"]
    for level in ("local", "regional", "global"):
        found, state = medellin[f"{level} links"], states["Medellín fashion", level]
        assert found == state or (pd.isna(found) and state == "not said")


@pytest.mark.parametrize(("district", "naics"), [("Napa", "312130"), ("San Jose", "334413")])
def test_counts_are_those_of_the_tables(district, naics):
    areas = datasets.load("us_metro_areas")
    cells = datasets.load("us_metro_industry").merge(areas[["area", "place"]])
    cells = cells[(cells["year"] == 2019) & (cells["naics"] == naics)]
    one, all_of_it = (
        cells[cells["place"] == district].iloc[0],
        areas[areas["place"] == district].iloc[0],
    )
    assert case(district).jobs == {
        "here": one["employment"],
        "all here": all_of_it["employment_2019"],
        "everywhere": cells["employment"].sum(),
        "all everywhere": areas["employment_2019"].sum(),
        "establishments": one["establishments"],
        "all establishments": all_of_it["establishments_2019"],
    }
    facts = FACTS[(FACTS["district"] == district) & FACTS["source"].str.startswith("us_")]
    for count in (one["employment"], one["establishments"]):
        assert facts["said"].str.contains(f"{count:,} ").any()
    for each in re.findall(
        r"(\d+) wineries have (\d+) jobs each", " ".join(facts["said"].dropna())
    ):
        assert [int(n) for n in each] == [392, round(8744 / 392)]


@pytest.mark.parametrize("district", PREPARED)
def test_a_sketch_has_the_ties_of_the_table_and_everybody_in_a_place(district):
    found = case(district)
    rows = TIES[TIES["district"] == district]
    told = FACTS[(FACTS["district"] == district) & (FACTS["step"] == "sketched")]
    far = dict(zip(told["item"], told["value"], strict=True))
    assert {*found.graph.edges} == {*zip(rows["source"], rows["target"], strict=True)}
    assert {*far} <= {*found.graph}
    for node, data in found.graph.nodes(data=True):
        assert (data["place"] == district) == (node not in far)
        assert (data["region"] == district) == (far.get(node) != "global")
    for source, target, tie in found.graph.edges(data=True):
        ends = {far.get(source, "local"), far.get(target, "local")}
        assert tie["reach"] == next(
            each for each in reversed(networks.graphs.REACHES) if each in ends
        )


# --- what each step needs -------------------------------------------------------------------------


@pytest.mark.parametrize("known", [*itertools.product((False, True), repeat=len(PARTS))])
def test_a_step_without_data_says_what_it_needs_and_the_others_do_not(known):
    parts = dict(itertools.compress(PARTS.items(), known))
    found = case("own", {"name": "Northport"} | {part: given for part, (given, _) in parts.items()})
    able = set().union(*(steps for _, steps in parts.values()))
    assert [*found.needs] == [step for step in STEPS if step not in able]
    assert found.name == "Northport"
    assert found.facts.empty
    page = findings(found, {step: f"found by {step}" for step in able}).text
    for step in STEPS:
        unable = f"- {step}: not done; it needs {found.needs.get(step)}"
        assert (f"found by {step}" in page, unable in page) == (step in able, step not in able)


@pytest.mark.parametrize(
    ("own", "step"),
    [
        ({"jobs": {**COUNTS, "everywhere": None}}, "measured"),
        ({"jobs": {"here": 80_000}}, "measured"),
        ({"features": {"leadership": None}}, "typed"),
        ({"ties": []}, "sketched"),
        ({"ties": [("a", "b")], "elsewhere": {"a": "global", "b": "regional"}}, "balanced"),
        ({"ratings": {**dict.fromkeys(FACETS, 3), FACETS[2]: None}}, "scored"),
    ],
)
def test_what_is_half_known_is_not_enough(own, step):
    assert step in case("own", own).needs


def test_measured_in_medellin_needs_the_country():
    assert (
        case("Medellín")
        .needs["measured"]
        .startswith("jobs: the numbers here, all here, everywhere")
    )
    assert [*case("Montebelluna").needs] == ["measured", "scored", "compared"]
    assert [*case("Napa").needs] == [*case("San Jose").needs] == ["scored", "compared"]


def test_what_the_reader_knows_takes_the_place_of_what_is_prepared():
    features = {"leadership": "parent elsewhere"}
    own = {"features": features, "ties": [("growers", "wineries")], "jobs": None, "elsewhere": None}
    kept = {part: dict(given) if isinstance(given, dict) else given for part, given in own.items()}
    found = case("Napa", own)
    assert own == kept, "what the reader gave was changed"
    assert found.features == features
    assert [*found.graph.edges] == [("growers", "wineries")]
    assert {*dict(found.graph.nodes(data="place")).values()} == {"Napa"}
    assert found.jobs == case("Napa").jobs
    assert found.name == "Napa"
    assert case("Napa", {"ties": None}).graph.number_of_edges() == 9
    assert (
        case("Napa", {"elsewhere": {"wine tourism": "global"}}).graph.nodes["wine tourism"]["place"]
        != "Napa"
    )


def test_silicon_valley_has_all_leaders_at_once():
    assert case("San Jose").features["leadership"] == [*districts.LEADERS]


# --- the page -------------------------------------------------------------------------------------


def test_the_page_has_every_step_every_fact_and_the_sentences_in_their_places():
    found = case("Montebelluna")
    said = {"typed": "I would ask\n\nwho leads.", "scored": "  ", "balanced": None}
    page = findings(found, {"typed": "Four features."}, said)
    parts = re.split(r"(?m)^## ", page.text)
    assert parts[0] == "# Montebelluna: findings\n\n"
    assert [part.split("\n")[0] for part in parts[1:]] == [
        *map(str.title, STEPS),
        "What is not known",
    ]
    typed, unknown = parts[2], parts[-1]
    assert typed.startswith("Typed\n\nFour features.\n- ")
    assert "\n\n> I would ask who leads.\n" in typed
    assert page.text.count("> (your sentence is missing)") == len(STEPS) - 1
    for fact in found.facts.fillna("").itertuples():
        cited = f"- {fact.said} ({fact.source}, {fact.where})"
        assert (cited in page.text) == bool(fact.value and fact.said)
        assert not fact.caveat or fact.caveat in unknown
        assert fact.value or f"{fact.item}: {fact.caveat}" not in unknown, "told twice"
        assert fact.value or f"- {fact.step}, {fact.item}: {fact.said}; {fact.caveat}" in unknown
    assert "- sketched: not run yet" in unknown
    assert "- typed:" not in unknown
    assert "- scored: not done; it needs ratings" in unknown
    assert page._repr_markdown_() == page.text
    assert findings(case("own"), {}).text.startswith("# your district: findings")


def test_a_page_goes_to_a_file_only_where_one_is_named_and_never_over_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = case("Napa")
    page = findings(found, {})
    assert not [*tmp_path.iterdir()]
    assert findings(found, {}, file="page.md").text == page.text
    file = tmp_path / "page.md"
    assert file.read_text(encoding="utf-8") == page.text + "\n"
    file.write_text("mine", encoding="utf-8")
    for name in ("page.md", file):
        with pytest.raises(ValueError, match=r"'.*page\.md' is there already; name another file\."):
            findings(found, {}, file=name)
    assert file.read_text(encoding="utf-8") == "mine"


# --- the notebook ---------------------------------------------------------------------------------

OWN = {
    "nothing known": {},
    "a few counts": {"name": "Northport", "jobs": COUNTS, "features": {"leadership": "hub"}},
    "a sketch and ratings": {
        "ties": [("weavers", "dyers")],
        "elsewhere": {"dyers": "regional"},
        "ratings": dict.fromkeys(FACETS, 7),
    },
    "all": {part: given for part, (given, _) in PARTS.items()}
    | {"jobs": {**COUNTS, "establishments": 30, "all establishments": 1_500}},
}
CHOICES = [(name, None) for name in PREPARED] + [("own", own) for own in OWN.values()]


def run(monkeypatch, district, own, file=None):
    """Run the unit with another first cell; return its names, and what it printed and showed."""
    first, *others = ["".join(cell["source"]) for cell in notebook_outputs.code_cells(UNIT)]
    choice = first.replace('district = "Napa"', f'district = "{district}"')
    choice = choice.replace("file = None", f"file = {file!r}")
    if own is not None:
        choice = choice.replace("\nrated_by", f"\nown = {own!r}\nrated_by")
    assert (choice == first) == (district == "Napa" and own is None and file is None)
    shown: list = []
    names: dict = {
        "display": lambda *each: shown.extend(each),
        "print": lambda *each: shown.extend(each),
    }
    monkeypatch.chdir(UNIT.parent)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for source in (choice, *others):
            exec(compile(source, UNIT.name, "exec"), names)
    plt.close("all")
    return names, " ".join(each for each in shown if isinstance(each, str))


@pytest.mark.parametrize(("district", "own"), CHOICES, ids=[*PREPARED, *OWN])
def test_the_unit_runs_for_every_choice(district, own, monkeypatch):
    names, told = run(monkeypatch, district, own)
    here, found, page = names["here"], names["found"], names["page"].text
    assert {*found} == {*STEPS} - {*here.needs}
    for step in STEPS:
        assert (f"Not {step}: it needs {here.needs.get(step)}" in told) == (step in here.needs)
        assert found.get(step, f"- {step}: not done") in page
    assert "nan" not in " ".join(found.values())
    assert "-0.00" not in page
    assert names["rated_by"] in found.get("scored", names["rated_by"])


def test_only_the_first_cell_chooses():
    _, *others = ["".join(cell["source"]) for cell in notebook_outputs.code_cells(UNIT)]
    for name in ("district", "own", "levers", "rated_by", "file", "here", "found", "said"):
        assert not any(re.search(rf"(?m)^\s*{name} = ", source) for source in others), name


def test_the_unit_writes_where_the_reader_says(monkeypatch, tmp_path):
    file = str(tmp_path / "page.md")
    names, _ = run(monkeypatch, "Medellín", None, file)
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == names["page"].text + "\n"
    with pytest.raises(ValueError, match="is there already"):
        run(monkeypatch, "Medellín", None, file)
