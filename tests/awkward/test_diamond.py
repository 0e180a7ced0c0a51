"""Awkward calls of the diamond: scores, their coherence, the gap, states and levers."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab import diamond
from clusterlab.diamond import FACETS

PLACES = list("ABCD")
NUMBERS = np.array(
    [
        [1, 2, 1, 1, 2, 1, 2, 1],
        [3, 3, 2, 4, 3, 3, 3, 3],
        [4, 3, 5, 4, 3, 4, 4, 4],
        [6, 7, 5, 6, 7, 6, 6, 6.0],
    ]
)
COLUMNS = pd.MultiIndex.from_tuples(
    [(facet, f"{facet} {k}") for facet in FACETS for k in (1, 2)], names=["facet", "indicator"]
)


def table(**changed):
    """Return four places x eight indicators; ``index``, ``columns`` or ``values`` changed."""
    return pd.DataFrame(
        changed.get("values", NUMBERS),
        index=changed.get("index", PLACES),
        columns=changed.get("columns", COLUMNS),
    )


def opposite():
    numbers = NUMBERS.copy()
    numbers[:, 1] = 10 - numbers[:, 0]
    return table(values=numbers)


OUTPUT = pd.DataFrame({"shoes": [60.0, 20, 30], "chips": [40.0, 240, 90]}, index=list("ABC"))
JOBS = pd.DataFrame({"shoes": [8.0, 2, 3], "chips": [2.0, 8, 3]}, index=list("ABC"))


def gap(**changed):
    output, jobs = changed.get("output", OUTPUT), changed.get("jobs", JOBS)
    return lambda: diamond.productivity_gap(output, jobs)


def with_column(values):
    return OUTPUT.assign(shoes=values)


def read(**how):
    rows = pd.DataFrame({"place": ["A", "B"], "roads": [1.0, 2.0]})
    return diamond.read_indicators(rows, facets={"factor conditions": ["roads"]}, **how)


DAYS = pd.to_datetime(["2001-01-01"] * 4)
DATES = pd.to_datetime(["2001-01-01"] * 3)
SCORED = pd.DataFrame(NUMBERS[:, :4] * 10, index=PLACES, columns=list(FACETS))
WEIGHTS = dict.fromkeys(FACETS, 0.25)
LEVER = ["stability"]

REFUSED = [
    (
        "new",
        "a facet with no list",
        lambda: diamond.score(table(), facets={"factor conditions": 3}),
        "'factor conditions' needs a list.*3",
    ),
    (
        "new",
        "aggregation a Series",
        lambda: diamond.score(table(), aggregation=pd.Series([1, 2])),
        "aggregation is a Series",
    ),
    # levers
    ("001", "years nan", lambda: diamond.compare_levers(LEVER, years=np.nan), "years is nan"),
    ("145", "years 0", lambda: diamond.compare_levers(LEVER, years=0), "years is 0"),
    ("new", "years -1", lambda: diamond.compare_levers(LEVER, years=-1), "years is -1"),
    ("new", "years inf", lambda: diamond.compare_levers(LEVER, years=np.inf), "years is inf"),
    ("new", "years 1e300", lambda: diamond.compare_levers(LEVER, years=1e300), "years is 1e.300"),
    ("new", "years text", lambda: diamond.compare_levers(LEVER, years="60"), "years is '60'"),
    ("new", "budget nan", lambda: diamond.compare_levers(LEVER, budget=np.nan), "budget is nan"),
    ("new", "budget text", lambda: diamond.compare_levers(LEVER, budget="2"), "budget is '2'"),
    ("new", "budget inf", lambda: diamond.compare_levers(LEVER, budget=np.inf), "budget is inf"),
    ("new", "switch nan", lambda: diamond.compare_levers(LEVER, switch=np.nan), "switch is nan"),
    ("new", "start 5", lambda: diamond.compare_levers(LEVER, start=5), "start is 5"),
    ("new", "names text", lambda: diamond.compare_levers("stability"), "names is 'stability'"),
    ("new", "twice", lambda: diamond.compare_levers(LEVER * 2), "'stability' is named twice"),
    ("new", "no lever", lambda: diamond.compare_levers([3]), "no lever 3"),
    ("new", "budget", lambda: diamond.spend({"stability": 1}, budget="2"), "budget is '2'"),
    ("new", "after", lambda: diamond.spend({"stability": 1}, after=0), "after is 0"),
    ("new", "a list", lambda: diamond.spend(LEVER), "efforts is a list"),
    ("new", "common", lambda: diamond.relative_performance(common=2), "common is 2"),
    ("new", "rivals", lambda: diamond.relative_performance(rivals=1.5), "rivals is 1.5"),
    ("new", "trust", lambda: diamond.compare_forms(cooperation=-1), "cooperation is -1"),
    ("146", "efforts list", lambda: diamond.pull(LEVER), "efforts is a list"),
    ("new", "efforts None", lambda: diamond.pull(None), "efforts is a NoneType"),
    ("new", "effort nan", lambda: diamond.pull({"stability": np.nan}), "'stability' is nan"),
    ("new", "effort text", lambda: diamond.pull({"stability": "1"}), "'stability' is '1'"),
    ("new", "unknown", lambda: diamond.pull({"stabilty": 1}), "did you mean 'stability'"),
    # states and paths
    ("009", "low above high", lambda: diamond.hysteresis(low=2, high=1), "low is 2 and high is 1"),
    ("new", "low = high", lambda: diamond.hysteresis(low=1, high=1), "low must be below high"),
    ("new", "tipping", lambda: diamond.tipping_values(low=2, high=1), "low is 2 and high is 1"),
    ("new", "low nan", lambda: diamond.tipping_values(low=np.nan), "low is nan"),
    ("new", "low text", lambda: diamond.hysteresis(low="0"), "low is '0'"),
    ("new", "points 2.5", lambda: diamond.hysteresis(points=2.5), "points is 2.5"),
    ("new", "points 1e9", lambda: diamond.hysteresis(points=10**9), "points is 1000000000"),
    ("147", "starts 2.5", lambda: diamond.stable_states(starts=2.5), "starts is 2.5"),
    ("new", "starts -1", lambda: diamond.stable_states(starts=-1), "starts is -1"),
    ("new", "starts 10^9", lambda: diamond.stable_states(starts=10**9), "starts is 1000000000"),
    ("new", "seed -1", lambda: diamond.stable_states(seed=-1), "seed is -1"),
    ("new", "seed text", lambda: diamond.stable_states(seed="x"), "seed is 'x'"),
    ("new", "depth", lambda: diamond.dynamics(start_depth=-1), "start_depth is -1"),
    ("new", "facet", lambda: diamond.dynamics(start_facets={"x": 0.5}), "start_facets names 'x'"),
    ("new", "years", lambda: diamond.dynamics(years=0), "years is 0"),
    ("new", "threshold 1e-300", lambda: diamond.dynamics(threshold=1e-300), "threshold is 1e-300"),
    ("new", "congestion tiny", lambda: diamond.dynamics(congestion=1e-300), "congestion is 1e-300"),
    ("new", "demand tiny", lambda: diamond.stable_states(demand_size=1e-300), "demand_size is 1e"),
    ("new", "steep", lambda: diamond.dynamics(steepness=1e300), "steepness is 1e.300"),
    ("new", "deep", lambda: diamond.dynamics(start_depth=1e300), "start_depth is 1e.300"),
    ("new", "years", lambda: diamond.dynamics(years=1e300), "years is 1e.300"),
    ("new", "years", lambda: diamond.dynamics(years=1e-300), "years is 1e-300"),
    ("new", "start list", lambda: diamond.dynamics(start=[0.3]), "start is .0.3"),
    ("new", "facets list", lambda: diamond.dynamics(start_facets=[0.3]), "start_facets"),
    (
        "new",
        "facets twice",
        lambda: diamond.dynamics(start_facets=pd.Series([0.1, 0.2], [FACETS[0]] * 2)),
        "start_facets",
    ),
    ("new", "low huge", lambda: diamond.hysteresis(high=1e300, points=3), "proximity is 1e.300"),
    ("new", "low list", lambda: diamond.hysteresis(low=[0], points=3), "low is .0"),
    ("new", "high text", lambda: diamond.tipping_values(high="2"), "high is '2'"),
    ("new", "other", lambda: diamond.tipping_values(rivalry=-1), "rivalry is -1"),
    ("new", "names 3", lambda: diamond.compare_levers(3), "names is 3"),
    ("new", "switch tiny", lambda: diamond.compare_levers(LEVER, switch=1e-300), "switch is 1e"),
    ("new", "years tiny", lambda: diamond.compare_levers(LEVER, years=1e-300), "years is 1e-300"),
    (
        "new",
        "budget huge",
        lambda: diamond.compare_levers(["attract suppliers"], budget=1e300),
        "related_industries is 1e.299",
    ),
    ("new", "place", lambda: diamond.pull({"stability": 1}, rivalry="0.3"), "rivalry is '0.3'"),
    ("new", "a list", lambda: diamond.pull({"stability": [1]}), "'stability' is .1"),
    # scores
    ("new", "frame None", lambda: diamond.compensation(facets=None), "facets"),
    ("new", "frame of text", lambda: diamond.compensation(facets=SCORED.astype(str)), "factor c"),
    ("new", "exponent", lambda: diamond.compensation(facets=SCORED, exponent="0"), "exponent is"),
    ("new", "remove", lambda: diamond.uncertainty(table(), remove="no"), "remove is 'no'"),
    ("new", "reverse", lambda: diamond.coherence(table(), reverse=[3]), "reverse names 3"),
    ("new", "missing", lambda: diamond.coherence(table(), missing=["drop"]), "missing is"),
    ("new", "no facets", lambda: diamond.uncertainty(table(), facets={}), "facets is empty"),
    ("007", "indicators", lambda: diamond.aggregate(table()), "two levels.*score"),
    ("144", "None", lambda: diamond.aggregate(None), "facets must be .* DataFrame.*NoneType"),
    ("new", "list", lambda: diamond.aggregate([[1.0]]), "facets must be .* DataFrame.*list"),
    (
        "new",
        "a missing facet",
        lambda: diamond.aggregate(SCORED.where(SCORED > 10)),
        "'factor conditions' of 'A' is nan",
    ),
    ("new", "text facets", lambda: diamond.aggregate(SCORED.astype(str)), "'factor conditions' ho"),
    ("new", "complex", lambda: diamond.aggregate(SCORED + 1j), "'factor conditions' holds complex"),
    (
        "new",
        "a place twice",
        lambda: diamond.aggregate(pd.concat([SCORED, SCORED])),
        "place labels .'A'",
    ),
    (
        "new",
        "exponent None",
        lambda: diamond.aggregate(SCORED, aggregation=None),
        "aggregation is N",
    ),
    ("new", "exponent 2", lambda: diamond.aggregate(SCORED, aggregation=2), "aggregation is 2"),
    (
        "020",
        "NaN place",
        lambda: diamond.score(table(index=["A", np.nan, "C", "D"])),
        "number 2 is",
    ),
    (
        "019",
        "NaN place",
        lambda: diamond.coherence(table(index=["A", None, "C", "D"])),
        "number 2 is",
    ),
    (
        "021",
        "NaN place",
        lambda: diamond.uncertainty(table(index=["A", np.nan, "C", "D"]), replicates=50),
        "number 2 is",
    ),
    ("new", "empty place", lambda: diamond.score(table(index=["A", " ", "C", "D"])), "number 2 is"),
    ("new", "two spellings", lambda: diamond.score(table(index=["A", "A ", "C", "D"])), "'A '"),
    ("new", "None", lambda: diamond.score(None), "score: the table must be .*NoneType"),
    ("new", "Series", lambda: diamond.coherence(table().iloc[0]), "coherence: the table must be"),
    ("new", "facets list", lambda: diamond.score(table(), facets=["roads"]), "facets is .'roads'"),
    ("new", "reverse 3", lambda: diamond.score(table(), reverse=3), "reverse is 3"),
    (
        "new",
        "dates",
        lambda: diamond.score(pd.DataFrame(dict.fromkeys(COLUMNS, DAYS))),
        "holds datetime",
    ),
    ("new", "complex", lambda: diamond.score(table() + 1j), "holds complex"),
    ("new", "yes and no", lambda: diamond.score(table() > 3), "holds bool"),
    ("190", "scale (1,)", lambda: diamond.score(table(), normalise="scale", scale=(1,)), r"\(1,\)"),
    ("191", "scale '17'", lambda: diamond.score(table(), normalise="scale", scale="17"), "'17'"),
    ("new", "scale 7", lambda: diamond.score(table(), normalise="scale", scale=7), "scale is 7"),
    ("new", "scale nan", lambda: diamond.score(table(), scale=(1, np.nan)), "scale is nan"),
    ("new", "scale text", lambda: diamond.score(table(), scale=("1", "7")), "scale is '1'"),
    ("new", "normalise", lambda: diamond.score(table(), normalise=3), "normalise is 3"),
    (
        "192",
        "weights text",
        lambda: diamond.score(table(), weights=dict.fromkeys(FACETS, "a")),
        "weight of 'factor conditions' is 'a'",
    ),
    (
        "new",
        "weights list",
        lambda: diamond.score(table(), weights=[0.25] * 4),
        "weights is a list",
    ),
    (
        "new",
        "weights nan",
        lambda: diamond.score(table(), weights=WEIGHTS | {FACETS[1]: np.nan}),
        "'demand conditions'",
    ),
    (
        "new",
        "a weight twice",
        lambda: diamond.score(table(), weights=pd.Series([0.2] * 5, [*FACETS, FACETS[0]])),
        "'factor conditions' more than once",
    ),
    # coherence and uncertainty
    (
        "186",
        "opposite",
        lambda: diamond.coherence(opposite()),
        "facet 'factor .*no variance.*rever",
    ),
    (
        "new",
        "opposite",
        lambda: diamond.uncertainty(opposite(), replicates=20),
        "facet 'factor .*no variance.*reverse",
    ),
    (
        "new",
        "the same everywhere",
        lambda: diamond.uncertainty(table(values=np.ones((4, 8))), replicates=20),
        "uncertainty: indicator 'factor conditions 1' is the same",
    ),
    ("149", "seed", lambda: diamond.uncertainty(table(), seed="x", replicates=20), "seed is 'x'"),
    (
        "new",
        "replicates 2.5",
        lambda: diamond.uncertainty(table(), replicates=2.5),
        "replicates is 2.5",
    ),
    (
        "new",
        "replicates 10^9",
        lambda: diamond.uncertainty(table(), replicates=10**9),
        "replicates is 1000000000",
    ),
    ("new", "level", lambda: diamond.uncertainty(table(), level="0.9"), "level is '0.9'"),
    ("new", "level 90", lambda: diamond.uncertainty(table(), level=90), "level is 90"),
    ("new", "hold", lambda: diamond.uncertainty(table(), concentration=np.nan), "concentration is"),
    (
        "new",
        "text",
        lambda: diamond.uncertainty(table(), normalisations="rank"),
        "normalisations is",
    ),
    ("new", "3", lambda: diamond.uncertainty(table(), aggregations=3), "aggregations is 3"),
    # the gap
    ("114", "NaN label", gap(output=OUTPUT.set_axis(["A", np.nan, "C"])), "output: .*number 2 is"),
    ("115", "blank label", gap(jobs=JOBS.set_axis(["A", " ", "C"])), "employment: .*number 2 is"),
    ("116", "complex", gap(output=OUTPUT + 1j), "output: .*'shoes' holds complex"),
    ("371", "text", gap(output=with_column(["60", "x", "30"])), "output: .*'x'|output: .*'60'"),
    ("372", "thousands", gap(output=with_column(["60", "1,000", "30"])), "output: .*text|'1,000'"),
    ("374", "datetime", gap(output=with_column(DATES)), "output: .*'shoes' holds dates"),
    ("375", "timedelta", gap(output=with_column(DATES - DATES)), "output: .*'shoes' holds"),
    (
        "376",
        "categorical",
        gap(output=with_column(pd.Categorical(["a", "b", "a"]))),
        "output: .*'a'",
    ),
    ("377", "list of lists", gap(output=[[1, 2], [3, 4]]), "output: the table must be .* list"),
    ("379", "dict", gap(output={"a": [1]}), "output: the table must be .* dict"),
    ("380", "None", gap(output=None), "output: the table must be .* NoneType"),
    ("381", "string", gap(jobs="jobs.csv"), "employment: the table must be .* str"),
    ("382", "Series", gap(jobs=JOBS["shoes"]), "employment: the table must be .* Series"),
    (
        "new",
        "reference",
        lambda: diamond.productivity_gap(OUTPUT, JOBS, reference=["A"]),
        r"reference \['A'\]",
    ),
    (
        "new",
        "reference 3",
        lambda: diamond.productivity_gap(OUTPUT, JOBS, reference=3),
        "ference 3",
    ),
    ("new", "negative", gap(output=-OUTPUT), "output: .*-60"),
    ("new", "infinite", gap(jobs=JOBS / 0), "employment: .*inf"),
    # readers
    ("new", "a list", lambda: read(place=["place"]), "each be the name of a column"),
    ("new", "marks", lambda: read(missing_marks=0), "missing_marks is 0"),
    ("new", "rows", lambda: read(skip_rows=1.5), "skip_rows is 1.5"),
    # the radar
    ("new", "points", lambda: diamond.widgets.radar(points=dict.fromkeys(FACETS, "x")), "'x'"),
    ("new", "points nan", lambda: diamond.widgets.radar(points={FACETS[0]: np.nan}), "is nan"),
]

BARE = table(columns=COLUMNS.get_level_values(1))
GROUPED = {facet: [f"{facet} 1", f"{facet} 2"] for facet in FACETS}

EQUAL = pd.DataFrame({"shoes": [6.0, 8], "chips": [3.0, 9]}, index=["A", "B"])

DOCUMENTED = [
    # where the numbers can be computed with, they are
    (
        "new",
        "far ends",
        lambda: [
            diamond.dynamics(years=10_000, start=start, **{name: value})
            for name in ("threshold", "congestion", "demand_size", "rivalry")
            for value in (0.001, 1000)
            for start in (0, 1)
        ],
        lambda r: all(np.isfinite(path.to_frame().to_numpy()).all() for path in r),
    ),
    (
        "new",
        "a deep cluster",
        lambda: diamond.stable_states(starts=0, spin_off=1000, diversity=0),
        lambda r: r.stable["depth"].iloc[-1] > 1000,
    ),
    # facets may be named beside the table
    (
        "new",
        "facets",
        lambda: diamond.score(BARE, facets=GROUPED),
        lambda r: r.total.equals(diamond.score(table()).total),
    ),
    (
        "new",
        "facets",
        lambda: diamond.coherence(BARE, facets=GROUPED),
        lambda r: r.facets.equals(diamond.coherence(table()).facets),
    ),
    (
        "new",
        "facets",
        lambda: diamond.uncertainty(BARE, facets=GROUPED, replicates=50, level=0.5),
        lambda r: r.level == 0.5 and r.ranks["low"].le(r.ranks["high"]).all(),
    ),
    # only between low and high
    (
        "new",
        "low and high",
        lambda: diamond.tipping_values(low=1.5, high=1.6),
        lambda r: r == [1.5414],
    ),
    (
        "new",
        "low and high",
        lambda: diamond.hysteresis(low=1.0, high=2.0, points=3),
        lambda r: r.up.index.tolist() == [1.0, 1.5, 2.0],
    ),
    # "0 leaves the basins out": they are missing, and the short form does not speak of them
    (
        "010",
        "starts 0",
        lambda: diamond.stable_states(starts=0),
        lambda r: r.basins.isna().all() and "basin" not in repr(r) and "nan" not in repr(r),
    ),
    # indicators are brought to points without overflow, whatever their size
    (
        "187",
        "huge",
        lambda: diamond.coherence(table(values=NUMBERS * 1e307)),
        lambda r: np.allclose(r.components, diamond.coherence(table()).components),
    ),
    (
        "189",
        "huge",
        lambda: diamond.uncertainty(table(values=NUMBERS * 1e307), replicates=50),
        lambda r: r.ranks.equals(diamond.uncertainty(table(), replicates=50).ranks),
    ),
    (
        "new",
        "tiny",
        lambda: diamond.score(table(values=NUMBERS * 1e-300), normalise="z"),
        lambda r: np.allclose(r.total, diamond.score(table(), normalise="z").total),
    ),
    # an indicator that differs by rounding only is the same everywhere: the middle
    (
        "new",
        "rounding",
        lambda: diamond.score(
            table(values=np.where([[1] + [0] * 7] * 4, [[0.3], [0.1 + 0.2], [0.3], [0.3]], NUMBERS))
        ),
        lambda r: np.allclose((r.facets.iloc[:, 0] * 2 - 50.5).iloc[[0, 3]], [1, 100]),
    ),
    # within_share: missing where no region lies above or below the reference
    (
        "new",
        "no spread",
        lambda: diamond.productivity_gap(EQUAL * 3, EQUAL),
        lambda r: np.isnan(r.within_share) and "no region lies above or below" in repr(r),
    ),
    (
        "new",
        "spread by rounding",
        lambda: diamond.productivity_gap(EQUAL * 0.1, EQUAL),
        lambda r: "no region lies above or below" in repr(r),
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
