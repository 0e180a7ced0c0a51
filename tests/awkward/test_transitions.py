"""Awkward calls of chains, panels, regimes and the simulation of districts."""

import datetime

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab import transitions
from clusterlab.transitions import (
    chain,
    estimate,
    first_passage,
    homogeneity,
    long_run,
    regimes,
    simulate_panel,
)
from clusterlab.transitions.chain import Chain


def table(values, names=("a", "b")):
    return pd.DataFrame(values, list(names), list(names))


def panel(**columns):
    return pd.DataFrame(
        {"place": list("aabbcc"), "period": [1, 2] * 3, "type": list("xyxxyx"), **columns}
    )


P = table([[0.9, 0.1], [0.3, 0.7]])
Q = table([[-0.1, 0.1], [0.3, -0.3]])
TWICE = table([[-0.1, 0.1], [0.3, -0.3]], "aa")
TEXT = table([["-1", "1"], ["1", "-1"]])
EMPTY = pd.DataFrame()
MIXED = table([[1, 2], [3, 4]], [1, "1"])
FOUND = estimate(panel(), types=None)
CHAIN = transitions.transition_graph()


def est(frame=None, **options):
    return lambda: estimate(panel() if frame is None else frame, **{"types": None, **options})


REFUSED = [
    # tables of rates
    ("024", "labels twice", lambda: first_passage(TWICE, "a"), "'a' listed more than once"),
    ("025", "labels twice", lambda: long_run(TWICE), "'a' listed more than once"),
    ("204", "text", lambda: first_passage(TEXT, "a"), "'a' → 'a' is '-1'"),
    ("205", "empty", lambda: first_passage(EMPTY, "a"), "matrix has no types"),
    ("206", "text", lambda: long_run(TEXT), "'a' → 'a' is '-1'"),
    ("207", "empty", lambda: long_run(EMPTY), "matrix has no types"),
    ("new", "array", lambda: long_run(np.zeros((2, 2))), "matrix must be .* ndarray"),
    ("new", "None", lambda: first_passage(None, "a"), "matrix must be .* NoneType"),
    ("new", "None", lambda: transitions.chain_facts(None), "matrix must be .* NoneType"),
    ("new", "list", lambda: Chain([[0]]), "generator must be .* list"),
    ("new", "probabilities", lambda: Chain(P), "row 'a' sums to 1, .* probabilities"),
    ("new", "nearly", lambda: long_run(P + table([[0, 0.1], [0, 0]])), "row 'a' sums to 1.1"),
    ("new", "both kinds", lambda: long_run(table([[-1, 1], [0, 1]])), "row 'b' sums to 1"),
    ("new", "True and False", lambda: long_run(Q.astype(bool)), "'a' → 'a' is (np.)?True"),
    ("new", "infinite", lambda: long_run(Q.replace(0.1, np.inf)), "'a' → 'b' is inf"),
    ("new", "missing", lambda: long_run(Q.replace(0.1, pd.NA)), "'a' → 'b' is <NA>"),
    ("new", "complex", lambda: long_run(Q * 1j), "'a' → 'a' is"),
    ("new", "dates", lambda: long_run(Q.map(lambda _: pd.Timestamp(0))), "'a' → 'a' is"),
    ("new", "rows only", lambda: long_run(pd.DataFrame({"a": [0.0]}, ["b"])), "same types"),
    ("new", "not square", lambda: long_run(Q[["a"]]), "same types"),
    ("new", "blank label", lambda: long_run(table(Q.to_numpy(), ["a", " "])), "number 2 is empty"),
    ("new", "two spellings", lambda: long_run(table(Q.to_numpy(), ["a", "A"])), "'a' and 'A'"),
    ("new", "text and number", lambda: long_run(MIXED), "1 and '1'"),
    ("new", "target None", lambda: first_passage(Q, None), "None is not one of the types a, b"),
    ("new", "target list", lambda: first_passage(Q, ["a"]), r"\['a'\] is not one of"),
    # a chain
    ("new", "years text", lambda: CHAIN.distribution("ten", start="satellite"), "years is 'ten'"),
    (
        "new",
        "years NaN",
        lambda: CHAIN.distribution([1, np.nan], start="satellite"),
        "years is nan",
    ),
    ("new", "years text", lambda: CHAIN.distribution(["x"], start="satellite"), "years is 'x'"),
    ("new", "start None", lambda: CHAIN.long_run(start=None), "None is not one of the types"),
    ("new", "start list", lambda: CHAIN.long_run(start=["satellite"]), r"start: .*\['satellite'\]"),
    ("new", "start empty", lambda: CHAIN.long_run(start={}), r"start: .*\{\}"),
    ("new", "share text", lambda: CHAIN.long_run(start={"satellite": "1"}), "'satellite' is '1'"),
    (
        "new",
        "share twice",
        lambda: CHAIN.long_run(start=pd.Series([0.5, 0.5], ["satellite"] * 2)),
        "'satellite' listed",
    ),
    ("new", "paths: share", lambda: CHAIN.paths(start={"satellite": 1}), "start: .*satellite"),
    ("new", "paths: half", lambda: CHAIN.paths(start="satellite", replicates=2.5), "replicates is"),
    (
        "new",
        "paths: too many",
        lambda: CHAIN.paths(start="Marshallian", replicates=10**9),
        "replicates x moves",
    ),
    ("new", "paths: seed", lambda: CHAIN.paths(start="satellite", seed="x"), "seed is 'x'"),
    (
        "new",
        "rate text",
        lambda: transitions.transition_graph(added={("satellite", "state-anchored"): np.nan}),
        "added: .*nan",
    ),
    # simulated panels
    ("026", "labels twice", lambda: simulate_panel(table(P.to_numpy(), "aa")), "'a' listed more"),
    ("027", "text", lambda: simulate_panel(table([["1", "0"], ["0", "1"]])), "'a' → 'a' is '1'"),
    ("054", "places 0", lambda: simulate_panel(P, places=0), "places is 0"),
    ("209", "negative", lambda: simulate_panel(table([[1.1, -0.1], [0, 1]])), "'a' → 'b' is -0.1"),
    ("210", "array", lambda: simulate_panel(P.to_numpy()), "matrix must be .* ndarray"),
    ("211", "None", lambda: simulate_panel(None), "matrix must be .* NoneType"),
    ("212", "empty", lambda: simulate_panel(EMPTY), "matrix has no types"),
    ("330", "periods 1.5", lambda: simulate_panel(P, periods=1.5), "periods is 1.5"),
    ("331", "periods 0", lambda: simulate_panel(P, periods=0), "periods is 0"),
    ("332", "places text", lambda: simulate_panel(P, places="3"), "places is '3'"),
    ("new", "rates", lambda: simulate_panel(Q), "'a' → 'a' is -0.1"),
    ("new", "rows above 1", lambda: simulate_panel(P * 100), "row 'a' sums to 100"),
    ("new", "start empty", lambda: simulate_panel(P, start=[]), r"start is \[\]"),
    ("new", "start set", lambda: simulate_panel(P, start={"a", "b"}), "start is {"),
    ("new", "start 3", lambda: simulate_panel(P, start=3), "start is 3"),
    ("new", "start unknown", lambda: simulate_panel(P, start="c"), "'c' is not one of"),
    ("new", "seed -1", lambda: simulate_panel(P, seed=-1), "seed is -1"),
    # panels
    ("052", "type twice", est(types=["x", "x", "y"]), "'x' listed more than once"),
    ("324", "level text", est(level="a"), "level is 'a'"),
    ("325", "draws 0", est(replicates=0, interval="bootstrap"), "replicates is 0"),
    ("326", "draws -1", est(replicates=-1, interval="bootstrap"), "replicates is -1"),
    ("327", "seed text", est(seed="x", interval="bootstrap"), "seed is 'x'"),
    ("new", "seed text, no draw", est(seed="x"), "seed is 'x'"),
    ("new", "level NaN", est(level=np.nan), "level is nan"),
    ("new", "level 1", est(level=1), "level is 1"),
    ("new", "interval None", est(interval=None), "interval is None"),
    ("new", "types one text", est(types="x"), "types is 'x'"),
    ("new", "types a set", est(types={"x", "y"}), "types is {"),
    ("new", "types empty", est(types=[]), r"types is \[\]"),
    ("new", "types a number", est(types=3), "types is 3"),
    ("new", "types with a gap", est(types=["x", "y", None]), "number 3 is empty"),
    ("new", "types unlike", est(types=["x", "z"]), "row 2: column 'type': 'y' is not one of"),
    ("new", "types as text", est(panel(type=[0, 1, 0, 0, 1, 0]), types=["0", "1"]), "0 is not one"),
    ("new", "no panel", est(panel().to_dict()), "panel must be .* dict"),
    ("new", "a file name", est("panel.csv"), "panel must be .* str"),
    ("new", "a Series", est(panel()["type"]), "panel must be .* Series"),
    ("new", "an array", est(panel().to_numpy()), "panel must be .* ndarray"),
    (
        "new",
        "column twice",
        est(pd.concat([panel(), panel()[["type"]]], axis=1)),
        "2 columns named",
    ),
    ("new", "one column", est(place="type", type="type"), "three columns"),
    ("new", "no column", est(period="year"), "no column 'year'"),
    ("new", "dates", est(panel(period=pd.to_datetime(["2020", "2021"] * 3))), "row 1 has period"),
    ("new", "day", est(panel(period=[datetime.date(2020, 1, 1)] * 6)), "row 1 has period"),
    ("new", "quarters", est(panel(period=pd.period_range("2020", periods=6))), "row 1 has period"),
    ("new", "half years", est(panel(period=[1, 1.5] * 3)), "row 2 has period 1.5"),
    ("new", "infinite", est(panel(period=[1, np.inf] * 3)), "row 2 has period inf"),
    ("new", "True", est(panel(period=[False, True] * 3)), "row 1 has period False"),
    ("new", "complex", est(panel(period=[1, 2j] * 3)), "row 1 has period"),
    ("new", "text period", est(panel(period=["1", "2 e"] * 3)), "row 2 has period '2 e'"),
    ("new", "very long", est(panel(period=[1, 10**30] * 3)), "row 2 has period"),
    ("new", "gap in period", est(panel(period=[1, None] * 3)), "row 2 has an empty 'period'"),
    ("new", "blank place", est(panel(place=["a", " ", *"bbcc"])), "row 2 has an empty 'place'"),
    ("new", "blank type", est(panel(type=["x", "", *"xxyx"])), "row 2 has an empty 'type'"),
    ("new", "place spelt twice", est(panel(place=[*"aabb", "C", "c"])), "'C' and 'c' differ only"),
    ("new", "type spelt twice", est(panel(type=[*"xyxx", "Y", "x"])), "'y' and 'Y' differ only"),
    ("new", "1 and '1'", est(panel(type=[1, "1", 1, 1, 1, 1])), "1 and '1' differ only"),
    ("new", "lists", est(panel(type=[["x"]] * 6)), "column 'type'.* must be text or numbers"),
    ("new", "twice by blanks", est(panel(place=["a", "a", "a ", *"bcc"])), "'a' in period 1 more"),
    ("new", "features text", lambda: transitions.nearest_types("leadership"), "measures must be"),
    (
        "new",
        "features none",
        lambda: transitions.nearest_types(panel()[[]]),
        "6 rows and 0 columns",
    ),
    (
        "new",
        "features level",
        lambda: transitions.nearest_types(pd.DataFrame({"degree_centralisation": [0.9, 0.1]})),
        "row 1 is as near to hub-and-spoke as to state-anchored",
    ),
    ("new", "long run of a number", lambda: FOUND.long_run(start=1), "1 is not one of the types"),
    ("new", "long run of NA", lambda: FOUND.long_run(start=pd.NA), "<NA> is not one of"),
    ("new", "places a list", est(panel(place=[["a"], *"abbcc"])), "column 'place'.* must be text"),
    ("new", "periods a list", est(panel(period=[[1], 2, 1, 2, 1, 2])), "column 'period'.* must be"),
    ("new", "a dict", est(panel(type=[{"x": 1}, *"yxxyx"])), "column 'type'.* must be text"),
    ("new", "an array", est(panel(type=[np.array([1, 2]), *"yxxyx"])), "column 'type'.* must be"),
    ("new", "types a frame", est(types=pd.DataFrame()), "types is a DataFrame"),
    (
        "new",
        "no estimate",
        lambda: transitions.compare_arrows(panel()),
        "result must come from est",
    ),
    # homogeneity
    ("329", "by None", lambda: homogeneity(FOUND, by=None), "by is None"),
    ("new", "by list", lambda: homogeneity(FOUND, by=list("abc")), r"by is \['a'"),
    ("new", "draws 0", lambda: homogeneity(FOUND, replicates=0), "replicates is 0"),
    ("new", "no estimate", lambda: homogeneity(panel()), "result must come from estimate"),
    (
        "new",
        "place twice",
        lambda: homogeneity(FOUND, by=pd.Series(list("uvuv"), list("abca"))),
        "'a' more than once",
    ),
    (
        "new",
        "groups spelt twice",
        lambda: homogeneity(FOUND, by=pd.Series(["u", "U ", "v"], list("abc"))),
        "'u' and 'U'",
    ),
    (
        "new",
        "by position",
        lambda: homogeneity(FOUND, by=pd.Series(list("uuv"))),
        "'a' has no group",
    ),
    (
        "new",
        "group missing",
        lambda: homogeneity(FOUND, by=pd.Series(["u", None, "v"], list("abc"))),
        "'b' has no group",
    ),
    (
        "new",
        "a list as a group",
        lambda: homogeneity(FOUND, by=pd.Series([["u"], "v", "v"], list("abc"))),
        "by: groups must be text or numbers",
    ),
    (
        "new",
        "a group by a list",
        lambda: homogeneity(FOUND, by=pd.Series(list("uv"), pd.Index([["a"], "b"], dtype=object))),
        "by: place must be text or numbers",
    ),
    ("new", "by a frame", lambda: homogeneity(FOUND, by=panel()), "by is a DataFrame"),
    ("new", "against rates", lambda: homogeneity(FOUND, against=Q), "against: the probability"),
    ("new", "against an array", lambda: homogeneity(FOUND, against=np.eye(2)), "against must be"),
    (
        "new",
        "against others",
        lambda: homogeneity(FOUND, against=P),
        "'x' is not one of the types a",
    ),
    (
        "new",
        "by and against",
        lambda: homogeneity(FOUND, by=pd.Series(list("uuv"), list("abc")), against=P),
        "by= or against=, not both",
    ),
    # the chain and its rates
    ("new", "target NA", lambda: first_passage(P, pd.NA), "<NA> is not one of"),
    ("new", "target a Series", lambda: first_passage(P, pd.Series([1, 2])), "a Series is not one"),
    ("new", "target a frame", lambda: CHAIN.first_passage(EMPTY), "a DataFrame is not one of"),
    ("new", "facts of text", lambda: transitions.chain_facts(TEXT), "'a' → 'a' is '-1'"),
    ("new", "years none", lambda: CHAIN.distribution([], start="satellite"), r"years is \[\]"),
    ("new", "years a set", lambda: CHAIN.distribution({1}, start="satellite"), r"years is \{1\}"),
    ("new", "years None", lambda: CHAIN.distribution(None, start="satellite"), "years is None"),
    ("new", "start NA", lambda: CHAIN.distribution(1, start=pd.NA), "<NA> is not one of"),
    ("new", "start NA", lambda: CHAIN.paths(start=pd.NA), "<NA> is not one of"),
    ("new", "start array", lambda: CHAIN.long_run(start=np.eye(2)), "found a ndarray"),
    ("new", "share above 1", lambda: CHAIN.long_run(start={"satellite": 2}), "'satellite' is 2"),
    ("new", "added list", lambda: transitions.transition_graph(added=[1]), "added"),
    (
        "new",
        "added one name",
        lambda: transitions.transition_graph(added={"satellite": 1}),
        "added",
    ),
    (
        "new",
        "added three",
        lambda: transitions.transition_graph(base={("satellite", "Marshallian", "x"): 1}),
        "base.*'satellite', 'Marshallian', 'x'",
    ),
    ("new", "entry NaN", lambda: transitions.transition_graph(entry=np.nan), "entry is nan"),
    ("new", "openness text", lambda: transitions.transition_graph(openness="1"), "openness is '1'"),
    ("new", "entry None", lambda: transitions.transition_graph(entry=None), "entry is None"),
    ("new", "arguments", lambda: transitions.transition_graph(2), "takes its parameters by name"),
    # what `emerge` takes for granted
    (
        "new",
        "assumed text",
        lambda: transitions.emerge(assumed={"failure": "0.002"}),
        "'failure' is '0.002'",
    ),
    (
        "new",
        "assumed True",
        lambda: transitions.emerge(assumed={"smallest firm": True}),
        "firm' is True",
    ),
    (
        "new",
        "assumed NaN",
        lambda: transitions.emerge(assumed={"failure": np.nan}),
        "'failure' is nan",
    ),
    (
        "new",
        "assumed None",
        lambda: transitions.emerge(assumed={"failure": None}),
        "'failure' is None",
    ),
    ("new", "assumed list", lambda: transitions.emerge(assumed=["failure"]), "assumed"),
    (
        "new",
        "assumed odd name",
        lambda: transitions.emerge(assumed={None: 1}),
        "assumed: Input should be a valid string",
    ),
    ("new", "outlook 0", lambda: chain.outlook(years=0), "years is 0"),
    ("new", "outlook start", lambda: chain.outlook(start="hub"), "start is 'hub'"),
    ("new", "outlook seed", lambda: chain.outlook(seed="x"), "seed is 'x'"),
    # sizes of simulations
    ("new", "places 10**9", lambda: simulate_panel(P, places=10**9), "places x periods is 10,000"),
    ("new", "periods 10**30", lambda: simulate_panel(P, periods=10**30), "places x periods is 1"),
    (
        "new",
        "districts x firms",
        lambda: transitions.emerge(firms=80_000, replicates=1000),
        "replicates x firms .*lower one",
    ),
    (
        "new",
        "histories x innovations",
        lambda: transitions.innovators(events=100_000, replicates=1000),
        "replicates x events is 100,000,000",
    ),
    ("new", "entry True", lambda: transitions.innovators(entry=True), "entry is True"),
    ("new", "events 20.5", lambda: transitions.innovators(events=20.5), "events is 20.5"),
    ("new", "replicates 0", lambda: transitions.innovators(replicates=0), "replicates is 0"),
    ("new", "start None", lambda: transitions.emerge(start=None), "start is None"),
    ("new", "years 0", lambda: transitions.emerge(years=0), "years is 0"),
    ("new", "outsiders -1", lambda: transitions.emerge(outsiders=-1), "outsiders is -1"),
    ("new", "half a district", lambda: transitions.emerge(replicates=1.5), "replicates is 1.5"),
    (
        "new",
        "estimate of odd types",
        lambda: transitions.emerge(years=1, replicates=2).estimate(types=["hub"]),
        "'Marshallian' is not one of the types hub",
    ),
    ("new", "tacit 2", lambda: regimes.entry_share(tacitness=2), "tacitness is 2"),
    ("new", "opportunity text", lambda: regimes.regime(opportunity="x"), "opportunity is 'x'"),
    ("new", "entry None", lambda: transitions.size_distribution(None, 3), "entry is None"),
    ("new", "largest True", lambda: transitions.size_distribution(0.2, True), "largest is True"),
    # regimes and simulated districts
    ("056", "largest 2.5", lambda: transitions.size_distribution(0.2, 2.5), "largest is 2.5"),
    ("334", "entry text", lambda: transitions.size_distribution("a", 10), "entry is 'a'"),
    ("new", "largest text", lambda: transitions.size_distribution(0.2, "10"), "largest is '10'"),
    ("new", "entry NaN", lambda: transitions.size_distribution(np.nan, 3), "entry is nan"),
    ("new", "too large", lambda: transitions.size_distribution(0.2, 10**12), "largest is 1000000"),
    ("new", "too many", lambda: transitions.innovators(events=10**9), "events is 10+"),
    ("new", "too many", lambda: transitions.emerge(firms=10**9), "firms is 10+"),
    ("new", "seed", lambda: transitions.innovators(seed=-1), "seed is -1"),
    ("new", "seed", lambda: transitions.emerge(seed=-1, years=1, replicates=1), "seed is -1"),
    (
        "new",
        "graph 1.5",
        lambda: transitions.emerge(years=1, replicates=2).graph(1.5),
        "replicate is 1.5",
    ),
]

DOCUMENTED = [
    # documented in simulate_panel: the types that first types are drawn from, whatever `places`
    (
        "055",
        "one start for three places",
        lambda: simulate_panel(P, places=3, start=["a"]),
        lambda found: set(found[found["period"] == 1]["type"]) == {"a"} and len(found) == 30,
    ),
    (
        "new",
        "probabilities as told",
        lambda: long_run(P - np.eye(2)),
        lambda found: np.allclose(found, [[0.75, 0.25]] * 2),
    ),
    (
        "new",
        "probabilities as they are",
        lambda: long_run(P),
        lambda found: np.allclose(found, [[0.75, 0.25]] * 2),
    ),
    (
        "new",
        "one type",
        lambda: long_run(table([[1.0]], "a")),
        lambda found: found.to_numpy().tolist() == [[1]],
    ),
    (
        "new",
        "labels that are pairs",
        est(panel(type=pd.Series([(1, 2), (1, 3), (1, 2), (1, 2), (1, 3), (1, 2)]))),
        lambda found: list(found.counts) == [(1, 2), (1, 3)],
    ),
    (
        "new",
        "a year as a number",
        lambda: CHAIN.distribution(5, start={"satellite": 0.5, "state-anchored": 0.5}),
        lambda found: np.isclose(found.loc[5].sum(), 1) and found.loc[5, "state-anchored"] == 0.5,
    ),
    (
        "new",
        "no added arrows",
        lambda: transitions.transition_graph(added={}, base={}),
        lambda found: found.generator.equals(CHAIN.generator),
    ),
    (
        "new",
        "no arrows at all",
        lambda: long_run(Q * 0),
        lambda found: np.array_equal(found, np.eye(2)),
    ),
    (
        "new",
        "a number beside text",
        est(panel(type=[1, "z", 1, 1, "z", 1])),
        lambda found: list(found.counts) == [1, "z"],
    ),
    (
        "new",
        "a place that is a number",
        est(panel(place=[1, 1, 10, 10, 2, 2])),
        lambda found: found.places == 3,
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
