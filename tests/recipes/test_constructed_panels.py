"""Six recipes on constructed tables, each awkward in one way; what they lack is said, not a stop."""

import numpy as np
import pandas as pd
import pytest

from clusterlab import datasets
from tests.recipes import running
from tests.recipes.tables_tried import Case, judged, without

PLACES = "NA;3,5;3;1\n01001;5;6,1;2\nKöln;2;4;7\nBari;4;1,5;3\nLyon;6;5;2\nGent;1;2;4\n".encode()
WIDE = b"place;roads;buyers;rivals\n" + PLACES
TIES = "buyer,maker\n01,NA\nNA,c\nc,d\nc,e\n"
ANSWERS = datasets.load("initiative_answers").query("initiative == 'Northport'")
SHORT = dict(datasets.load("initiative_questions")[["question", "statement"]].to_numpy())


def _long():
    wide = pd.DataFrame(
        {"land": list("abcdef"), "roads": range(6), "skills": [3, 1, 4, 1, 5, 9], "laws": range(6)}
    )
    long = wide.melt("land", var_name="what", value_name="how much")
    return long.assign(
        group=long["what"].map({"roads": "means", "skills": "means", "laws": "rules"})
    )


def _panel(rng, *, types, places=30, periods=6):
    """Return a long panel in which each place draws a type in each period."""
    index = pd.MultiIndex.from_product([[f"{k:02}" for k in range(places)], range(1, periods + 1)])
    frame = index.to_frame(index=False, name=["town", "wave"])
    return frame.assign(kind=rng.choice(types, len(frame)))


def _files(folder):
    """Write the tables that cases name."""
    rng = np.random.default_rng(3)
    (folder / "wide.csv").write_bytes(WIDE)
    (folder / "gaps.csv").write_bytes(WIDE.replace(b"Bari;4", b"Bari;"))
    _long().to_csv(folder / "long.csv", index=False)
    _long().pivot(index="what", columns="land", values="how much").reset_index().to_csv(
        folder / "series.csv", index=False
    )
    (folder / "ties.csv").write_text(TIES, encoding="utf-8")
    (folder / "firms.csv").write_text(
        "firm,product,size\n01,nuts,5\nNA,nuts,9\nc,bolts,1\nd,,2\ne,,3\n", encoding="utf-8"
    )
    (folder / "kinds.csv").write_text(
        "from;to;kind\na;b;supply\nb;c;supply\nc;d;knowledge\nd;a;\n", encoding="utf-8"
    )
    (folder / "friends.csv").write_text("a,b\n1,2\n2,3\n3,1\n3,4\n", encoding="utf-8")
    _panel(rng, types=["10", "9"]).to_csv(folder / "codes.csv", index=False)
    frame = _panel(rng, types=[1.0]).assign(kind=rng.normal(size=180))
    wide = frame.pivot(index="town", columns="wave", values="kind").add_prefix("pay_")
    wide.iloc[0, 0] = np.nan
    wide.to_csv(folder / "pay.csv", sep=";")
    wide.to_csv(folder / "commas.csv", sep=";", decimal=",")
    named = ANSWERS.pivot(index="respondent", columns="question", values="answer").rename(
        columns=SHORT
    )
    named.rename_axis("Your name").reset_index().assign(Timestamp="noon").to_csv(
        folder / "form.csv", index=False
    )
    ANSWERS.to_csv(folder / "answers.csv", index=False)
    (folder / "districts.csv").write_text(
        "town,leadership,economies of scale,contract length\nA,hub,3,long\nB,none,,\nC,,1.5,short\n",
        encoding="utf-8",
    )


DIAMOND, SWEEP, NETWORK = "score_your_diamond", "sweep_a_model", "profile_your_network"
DISTRICT, PANEL, AUDIT = "classify_your_district", "estimate_transitions", "audit_your_initiative"
RISING = "pd.DataFrame({'place': list('aabbccdd'), 'period': [1, 2] * 4, 'type': [0, 1, 1, 2, 0, 0, 1, 1]})"
CASES = [
    Case(
        DIAMOND,
        "semicolons and commas",
        {"source": "'wide.csv'", "reading": "{'decimal': ','}"},
        ("Places: 6; indicators: 3; facets: 3", "NA", "01001", "Köln"),
    ),
    Case(
        DIAMOND,
        "long, other names",
        {
            "source": "'long.csv'",
            "place": "'land'",
            "facet": "'group'",
            "indicator": "'what'",
            "value": "'how much'",
        },
        ("Places: 6; indicators: 3; facets: 2", "Interval of ranks by land"),
    ),
    Case(
        DIAMOND,
        "a row an indicator",
        {
            "source": "'series.csv'",
            "indicator": "'what'",
            "facets": "{'means': ['roads', 'skills']}",
        },
        ("Places: 6; indicators: 2; facets: 1",),
    ),
    Case(
        DIAMOND,
        "a gap, named facets, a scale",
        {
            "source": "'gaps.csv'",
            "facets": "{'factor conditions': ['roads', 'buyers'], 'rivalry': ['rivals']}",
            "reading": "{'decimal': ','}",
            "scale": "(1, 7)",
            "reverse": "['rivals']",
        },
        ("Places that lack an indicator (drop): 1; most gaps: roads, 1", "Left out for gaps: Bari"),
    ),
    Case(
        SWEEP,
        "a whole number of values",
        {"model": "clusterlab.location.break_point", "values": "{'elasticity': 4}"},
        ("break_point: elasticity from left to right",),
    ),
    Case(
        SWEEP,
        "one run a history, own measure",
        {
            "model": "clusterlab.location.urn",
            "values": "{'feedback': [0.5, 2.0]}",
            "replicates": "3",
            "measure": "lambda result: {'own': 1.5}",
        },
        ("own, mean of 3",),
    ),
    Case(
        SWEEP,
        "settings that are refused",
        {
            "model": "clusterlab.networks.modular_search",
            "measure": "lambda result: result.path.iloc[-1].mean()",
            "saved": "'runs.csv'",
        },
        ("the model refuses: modular_search: blocks of",),
        writes={"runs.csv"},
    ),
    Case(
        SWEEP,
        "many values, words to choose from",
        {
            "model": "clusterlab.networks.modular_search",
            "across": "'acceptance'",
            "values": "{'block': [1, 2, 3, 4, 6, 12]}",
            "fixed": "{'elements': 12}",
            "measure": "lambda result: {'end': result.path.iloc[-1].mean()}",
        },
    ),
    Case(
        NETWORK,
        "ties alone, other names",
        {"ties": "'ties.csv'", "saved": "'points.csv'"},
        ("Taken as source and target: buyer, maker", "Who stops is not known", "01", "NA"),
        writes={"points.csv"},
    ),
    Case(
        NETWORK,
        "products of some",
        {"ties": "'ties.csv'", "nodes": "'firms.csv'", "kind": "'supply'"},
        ("Taken as node: firm",),
    ),
    Case(
        NETWORK,
        "kinds of some",
        {"ties": "'kinds.csv'"},
        ("No comparison with types: closest_types needs the tie attribute 'kind'", "Without them"),
    ),
    Case(
        NETWORK,
        "undirected frames",
        {"ties": "pd.read_csv('friends.csv')", "directed": "False"},
        ("Nodes: 4, ties: 8 (each row is two), parts: 1.", "Reciprocity is 1 by that alone"),
    ),
    Case(
        DISTRICT,
        "a profile alone",
        {"profile": "{'leadership': 'hub', 'contract length': 'long'}"},
        ("2 features known", "No table of places", "No network"),
    ),
    Case(
        DISTRICT,
        "a table of places",
        {"places": "'districts.csv'", "saved": "'shares.csv'"},
        ("No profile", "No network", "nearest"),
        writes={"shares.csv"},
    ),
    Case(
        DISTRICT,
        "ties alone",
        {"ties": "'friends.csv'", "columns": "{'a': 'source', 'b': 'target'}"},
    ),
    Case(
        DISTRICT,
        "profile and network",
        {
            "profile": "{'leadership': 'hub'}",
            "ties": "pd.DataFrame({'source': list('abcd'), 'target': list('eeee')})",
        },
        ("No table of places",),
    ),
    Case(PANEL, "types as numbers", {"panel": RISING}, ("most from 0 to 1",)),
    Case(
        PANEL,
        "codes kept as text",
        {"panel": "'codes.csv'", "place": "'town'", "period": "'wave'", "state": "'kind'"},
        ("Places: 30; periods: 6", "per wave"),
    ),
    Case(
        PANEL,
        "wide, with a gap, below zero",
        {
            "panel": "'pay.csv'",
            "place": "'town'",
            "period": "'wave'",
            "state": "'pay'",
            "classes": "3",
        },
        ("for lack of a number in some period: 1.", "Long run from"),
    ),
    Case(
        PANEL,
        "decimal commas in classes",
        {
            "panel": "'commas.csv'",
            "place": "'town'",
            "period": "'wave'",
            "state": "'pay'",
            "classes": "3",
            "reading": "{'decimal': ','}",
        },
        ("for lack of a number in some period: 1.",),
    ),
    Case(
        PANEL,
        "two periods, groups, a type never left",
        {
            "panel": RISING + ".assign(side=list('wwwwxxxx'))",
            "group": "'side'",
            "start": "0",
            "target": "1",
        },
        ("One step of period", "No long run: nobody was seen after a period as 2"),
    ),
    Case(
        AUDIT,
        "as a form exports it",
        {"answers": "'form.csv'", "respondent": "'Your name'", "saved": "'marks.csv'"},
        ("left out: Timestamp",),
        writes={"marks.csv"},
    ),
    Case(
        AUDIT,
        "one row an answer",
        {"answers": "'answers.csv'", "page": "'audit.html'"},
        writes={"audit.html"},
    ),
    Case(
        AUDIT,
        "other words, no names",
        {
            "answers": "pd.DataFrame({'own body': ['yes', 'no'], 'concrete steps': ['no', None]})",
            "words": "{'yes': 'fully', 'no': 'not at all'}",
        },
        ("There is no column 'respondent'", "People: 2; questions asked: 2 of"),
    ),
    Case(
        AUDIT,
        "one person",
        {"answers": "pd.DataFrame({'respondent': ['Ann'], 'own body': [2], 'age': [50]})"},
        ("People: 1; questions asked: 1 of", "left out: age"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_runs_to_its_end(case, tmp_path):
    _files(tmp_path)
    judged(case, tmp_path)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_edit_told_is_needed(case, tmp_path):
    _files(tmp_path)
    assert without(case, tmp_path).keys() == case.facts().keys()


@pytest.mark.parametrize(
    ("recipe", "settings", "message"),
    [
        (DIAMOND, {"source": "'wide.csv'"}, "3,5.*decimal="),
        (
            DIAMOND,
            {"source": "'wide.csv'", "facets": "{'f': ['road']}"},
            "'road'.*did you mean 'roads'",
        ),
        (
            SWEEP,
            {"model": "clusterlab.location.urn", "across": "'feedbak'"},
            "'feedbak', but it must be one of .*'feedback'",
        ),
        (
            SWEEP,
            {"model": "clusterlab.location.urn", "values": "{'years': 3}"},
            "a parameter in values is 'years'.*'regions', 'firms'",
        ),
        (SWEEP, {"model": "clusterlab.diamond.dynamics"}, "say with measure=.*a function of it"),
        (NETWORK, {"ties": "pd.DataFrame({'source': ['a'], 'target': ['a']})"}, "itself"),
        (
            NETWORK,
            {
                "ties": "pd.DataFrame({'source': list('ab'), 'target': list('ba')})",
                "directed": "False",
            },
            "directed=True if each tie stands in both",
        ),
        (DISTRICT, {"profile": "{'leadershp': 'hub'}"}, "did you mean 'leadership'"),
        (
            DISTRICT,
            {"places": "pd.DataFrame({'town': ['A'], 'leadershp': ['hub']})"},
            "did you mean 'leadership'",
        ),
        (
            PANEL,
            {"panel": "'pay.csv'", "place": "'town'", "state": "'pay'"},
            "pay has 179 different values, too many for types; .*classes",
        ),
        (
            PANEL,
            {"panel": "'commas.csv'", "place": "'town'", "state": "'pay'", "classes": "3"},
            "column 'pay' has '.*,.*'.*decimal=','",
        ),
        (PANEL, {"panel": "'pay.csv'", "place": "'towns'"}, "'towns'.*did you mean 'town'"),
        (
            PANEL,
            {"panel": RISING + ".replace({'place': {'b': 'a'}})"},
            "lists 'a' in period 1 more than once",
        ),
        (
            PANEL,
            {"panel": RISING + ".replace({'place': {'b': 'a'}})", "classes": "2"},
            "lists 'a' in period 1 more than once",
        ),
        (AUDIT, {"answers": "pd.DataFrame({'own bdy': [1]})"}, "No column is a question"),
        (
            AUDIT,
            {"answers": "pd.DataFrame({'own body': [1], 'concrete stepps': [2]})"},
            "did you mean 'concrete steps'",
        ),
    ],
)
def test_what_cannot_be_used_is_said_with_a_way_on(recipe, settings, message, tmp_path):
    _files(tmp_path)
    with pytest.raises(running.Stopped, match=message):
        judged(Case(recipe, "", settings), tmp_path)


def test_a_file_that_is_there_is_never_overwritten(tmp_path):
    _files(tmp_path)
    case = next(case for case in CASES if case.recipe == AUDIT and "saved" in case.settings)
    (tmp_path / "marks.csv").write_text("mine")
    with pytest.raises(running.Stopped, match="FileExistsError"):
        judged(case, tmp_path)
    assert (tmp_path / "marks.csv").read_text() == "mine"
