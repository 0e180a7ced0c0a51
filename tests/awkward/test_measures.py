"""Awkward tables, lists and arguments for the measures of agglomeration, all but the distances."""

import csv
import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab import agglomeration as ag
from clusterlab.agglomeration import summary

TABLE = pd.DataFrame(
    {"wine": [5, 1, 2, 8], "shoes": [1, 4, 3, 6], "glass": [2, 2, 9, 1]}, index=list("ABCD")
)
AFTER = TABLE * [2, 1, 3]
HERFINDAHL = pd.Series({"wine": 0.2, "shoes": 0.3, "glass": 0.1})
GROUPS = {"wine": "drink", "shoes": "wear", "glass": "drink"}
NEAR = ag.relatedness(TABLE, method="cosine")
BOOTSTRAP = ag.bootstrap_location_quotient(
    pd.DataFrame(
        {"place": ["A", "B"] * 40, "trade": ["x", "x", "y", "y"] * 20, "jobs": [1, 2] * 40}
    ),
    region="place",
    industry="trade",
    size="jobs",
    replicates=3,
)

FUNCTIONS = {
    "coagglomeration": ag.coagglomeration,
    "coagglomeration_group": ag.coagglomeration_group,
    "complexity": ag.complexity,
    "complexity with a minimum": lambda t: ag.complexity(t, minimum=8),
    "dynamic_shift_share": lambda t: ag.dynamic_shift_share({2000: TABLE, 2001: t, 2002: AFTER}),
    "ellison_glaeser": lambda t: ag.ellison_glaeser(t, HERFINDAHL),
    "fitness": ag.fitness,
    "gini": ag.gini,
    "herfindahl": ag.herfindahl,
    "hoover": ag.hoover,
    "industry_profile": lambda t: ag.industry_profile(table=t, industry="shoes"),
    "krugman": ag.krugman_specialisation,
    "location_quotient": ag.location_quotient,
    "location_quotient with totals": lambda t: ag.location_quotient(
        t, totals=AFTER.sum(axis=1) * 9, reference=TABLE.sum() * 9
    ),
    "locational_gini": ag.locational_gini,
    "maurel_sedillot": lambda t: ag.maurel_sedillot(t, HERFINDAHL),
    "measure_all": ag.measure_all,
    "presence": ag.presence,
    "relatedness": ag.relatedness,
    "relatedness_density": ag.relatedness_density,
    "shift_share": lambda t: ag.shift_share(TABLE, t),
    "shift_share before": lambda t: ag.shift_share(t, AFTER),
    "specialised_in": lambda t: summary.specialised_in(table=t, industry="shoes"),
    "variety": lambda t: ag.variety(t, GROUPS),
}
PRESENCE = {
    "complexity",
    "complexity with a minimum",
    "fitness",
    "relatedness",
    "relatedness_density",
}
LISTS = {"gini", "herfindahl", "hoover"}


def _with(column: list) -> pd.DataFrame:
    return TABLE.assign(shoes=pd.Series(column, TABLE.index))


DAYS = list(pd.date_range("2020-01-01", periods=4))
SPOILT = {
    "complex": (_with([1 + 2j, 3, 4, 5]), "shoes.*complex"),
    "datetime": (_with(DAYS), "shoes.*dates"),
    "timedelta": (_with([day - DAYS[0] for day in DAYS]), "shoes.*durations"),
    "dates as objects": (
        TABLE.astype(object).assign(shoes=[datetime.date(2020, 1, k) for k in range(1, 5)]),
        "region 'A', industry 'shoes'",
    ),
    "text": (_with(list("x123")), "'A'.*'shoes'.*'x'"),
    "thousands": (_with(["1,000", "2", "3", "4"]), "'A'.*'shoes'.*'1,000'"),
    "numbers as text": (_with(list("1234")), "'A'.*'shoes'.*text"),
    "categorical": (TABLE.assign(shoes=pd.Categorical(list("xyxy"))), "'A'.*'shoes'"),
    "infinite": (_with([np.inf, 1, 2, 3]), "'A'.*'shoes'.*inf"),
    "negative": (_with([1, -2, 2, 3]), "'B'.*'shoes'.*-2"),
    "one True": (TABLE.astype(object).replace(8, True), "'D'.*'wine'.*True"),
    "NaN label": (TABLE.rename(index={"B": np.nan}), "label.*2 is empty|'B'|rows lack"),
    "blank label": (TABLE.rename(columns={"shoes": " "}), "label.*2 is empty|shoes"),
    "label twice": (TABLE.rename(columns={"wine": "glass"}), "'glass'|glass|'wine'"),
    "two spellings": (TABLE.assign(Wine=[1, 2, 3, 4]), "'wine' and 'Wine'|'Wine'"),
    "only zeros": (TABLE * 0, "no number above zero|label"),
    "empty": (pd.DataFrame(), "no region|no row|lack|shoes"),
    "list of lists": (TABLE.to_numpy().tolist(), "list"),
    "ndarray": (TABLE.to_numpy(), "ndarray"),
    "dict": (TABLE.to_dict(), "dict"),
    "None object": (None, "None"),
    "string": ("jobs.csv", "str|jobs.csv"),
    "Series": (TABLE["wine"], "Series"),
    "number": (7, "int|7"),
}
ALREADY_MEANS_SOMETHING = {("Series", name) for name in LISTS}

with (Path(__file__).parent / "calls.csv").open(encoding="utf-8", newline="") as file:
    CASES = {(row["function"], row["input"]): row["case"] for row in csv.DictReader(file)}

REFUSED = [
    (CASES.get((name, what), "new"), f"{name}: {what}", lambda f=call, t=bad: f(t), culprit)
    for name, call in FUNCTIONS.items()
    for what, (bad, culprit) in SPOILT.items()
    if (what, name) not in ALREADY_MEANS_SOMETHING
]
REFUSED += [
    ("new", "1e308 jobs", lambda: ag.coagglomeration(TABLE * 1e306), "too large"),
    ("new", "threshold 10**400", lambda: ag.presence(TABLE, threshold=10**400), "threshold"),
    (
        "new",
        "industry a list",
        lambda: ag.plant_sizes(TABLE, industry=["wine"], size="shoes"),
        "column of .* by a list",
    ),
    (
        "new",
        "group a list",
        lambda: ag.variety(TABLE, {**GROUPS, "wine": ["drink"]}),
        "'wine' is a list",
    ),
    (
        "new",
        "two spellings of a group",
        lambda: ag.variety(TABLE, {**GROUPS, "wine": "Drink "}),
        "'Drink ' and 'drink'",
    ),
    (
        "new",
        "zero-width blank",
        lambda: ag.herfindahl(TABLE.set_axis(["wine", "wi\u200bne", "glass"], axis=1)),
        "differ only",
    ),
]
REFUSED += [
    ("new", f"{name}: True and False", lambda f=call: f(TABLE > 2), "True and False")
    for name, call in FUNCTIONS.items()
    if name not in PRESENCE
]
REFUSED += [
    (
        "new",
        f"{name}: unknown cell",
        lambda f=call: f(TABLE.astype(float).replace(5, np.nan)),
        "unknown.*'A'.*'wine'",
    )
    for name, call in FUNCTIONS.items()
    if name != "location_quotient with totals"
]
ONE_LIST = {
    "complex": ([1 + 1j, 2], "number 1 is \\(1\\+1j\\)"),
    "datetime": (pd.Series(DAYS), "number 1 is 2020"),
    "timedelta as list": ([DAYS[1] - DAYS[0], 2], "number 1 is 1 day"),
    "text": (["x", 2], "number 1 is x"),
    "numbers as text": (["1", "2"], "number 1 is 1"),
    "dict": ({"a": 1, "b": 2}, "dict"),
    "string": ("jobs.csv", "str"),
    "True": ([True, 2], "number 1 is True"),
    "flags": (np.array([True, False]), "number 1 is True"),
    "missing": ([1, None, 2], "number 2 is None|number 2 is nan"),
    "lists in it": ([[1], [2, 3]], "number 1 is"),
    "set": ({1, 2}, "set"),
    "empty list": ([], "above zero|0 numbers"),
    "three dimensions": (np.ones((2, 2, 2)), "shape"),
}
REFUSED += [
    (
        CASES.get((name, what), "new"),
        f"{name} of a list: {what}",
        lambda f=call, v=bad: f(v),
        culprit,
    )
    for name, call in (
        ("gini", ag.gini),
        ("herfindahl", ag.herfindahl),
        ("hoover", ag.hoover),
        ("lorenz_curve", ag.lorenz_curve),
    )
    for what, (bad, culprit) in ONE_LIST.items()
]
REFUSED += [
    (
        "new",
        f"{call.__name__} reference: {what}",
        lambda f=call, r=bad: f([1, 2, 3], r),
        "reference",
    )
    for call in (ag.gini, ag.hoover, ag.lorenz_curve)
    for what, (bad, _) in ONE_LIST.items()
]
COUNTS, JOBS = pd.DataFrame({"1-4": [2], "5-9": [1]}, index=["wine"]), pd.Series({"wine": 12})
REGISTER = pd.DataFrame({"trade": ["wine", "wine", "shoes"], "jobs": [30, 10, 5]})
LARGE = pd.DataFrame({"place": ["A", "B"] * 20, "trade": "wine", "jobs": 3})


def _classes(bounds, counts=COUNTS, jobs=JOBS):
    return ag.plant_sizes_from_classes(counts, bounds, jobs)


def _bootstrap(**options):
    options = {"region": "place", "industry": "trade", "size": "jobs", "replicates": 20} | options
    return ag.bootstrap_location_quotient(options.pop("register", LARGE), **options)


def _sizes(register, industry="trade", size="jobs"):
    return ag.plant_sizes(register, industry=industry, size=size)


def _specialised(**options):
    return summary.specialised_in(**({"table": TABLE, "industry": "wine"} | options))


REFUSED += [
    ("new", "industry a list", lambda: _specialised(industry=["wine"]), "list"),
    ("new", "industry NaN", lambda: _specialised(industry=np.nan), "nan"),
    ("new", "threshold text", lambda: _specialised(threshold="a"), "threshold is 'a'"),
    ("new", "threshold NaN", lambda: _specialised(threshold=np.nan), "threshold is nan"),
    ("new", "threshold 10**400", lambda: _specialised(threshold=10**400), "threshold is"),
    ("new", "level 95", lambda: _specialised(level=95), "level is 95"),
    ("new", "level list", lambda: _specialised(level=[0.9]), "level is \\[0.9\\]"),
    ("new", "draw 3", lambda: _specialised(draw=3), "draw is 3"),
    ("new", "units list", lambda: _specialised(units=[1] * 4), "units must be a Series"),
    (
        "new",
        "units of others",
        lambda: _specialised(units=pd.Series({"A": 3}), draw="an establishment"),
        "units: no number for 3 labels",
    ),
    (
        "new",
        "units negative",
        lambda: _specialised(units=-TABLE["wine"], draw="an establishment"),
        "units: 'A' has -5",
    ),
    ("new", "bootstrap dict", lambda: _specialised(bootstrap={"a": 1}), "bootstrap.*dict"),
    ("new", "bootstrap frame", lambda: _specialised(bootstrap=TABLE), "bootstrap.*DataFrame"),
    ("004", "bounds text", lambda: _classes([("a", "b"), (5, 9)]), "class '1-4' is 'a'"),
    ("004", "bounds numbers as text", lambda: _classes([("1", "4"), (5, 9)]), "class '1-4' is '1'"),
    ("new", "bounds None", lambda: _classes(None), "bounds has None"),
    ("new", "bounds text", lambda: _classes("1-4"), "bounds has '1-4'"),
    ("new", "bounds single", lambda: _classes([1, 5]), "class '1-4' is 1"),
    ("new", "bounds turned", lambda: _classes([(4, 1), (5, 9)]), "class '1-4' is 1"),
    ("new", "bounds NaN", lambda: _classes([(1, np.nan), (5, 9)]), "class '1-4' is nan"),
    ("new", "bounds too few", lambda: _classes([(1, 4)]), "1 classes"),
    ("new", "employment list", lambda: _classes([(1, 4), (5, 9)], jobs=[12]), "employment.*list"),
    (
        "new",
        "employment dates",
        lambda: _classes([(1, 4), (5, 9)], jobs=pd.Series({"wine": DAYS[0]})),
        "employment.*2020",
    ),
    ("new", "counts None", lambda: _classes([(1, 4)], counts=None), "NoneType"),
    ("061", "replicates 0", lambda: _bootstrap(replicates=0), "replicates is 0"),
    ("346", "replicates -3", lambda: _bootstrap(replicates=-3), "replicates is -3"),
    ("347", "replicates 2.5", lambda: _bootstrap(replicates=2.5), "replicates is 2.5"),
    ("349", "seed x", lambda: _bootstrap(seed="x"), "seed is 'x'"),
    ("350", "seed -1", lambda: _bootstrap(seed=-1), "seed is -1"),
    ("351", "seed 1.5", lambda: _bootstrap(seed=1.5), "seed is 1.5"),
    ("new", "replicates 10**9", lambda: _bootstrap(replicates=10**9), "memory"),
    ("new", "replicates NaN", lambda: _bootstrap(replicates=np.nan), "replicates is nan"),
    ("new", "replicates list", lambda: _bootstrap(replicates=[9]), "replicates is \\[9\\]"),
    ("new", "replicates 10**400", lambda: _bootstrap(replicates=10**400), "replicates is a int"),
    ("new", "register list", lambda: _bootstrap(register=[[1, 2]]), "list"),
    ("new", "region a list", lambda: _bootstrap(region=["place"]), "region is \\['place'\\]"),
    ("new", "size no column", lambda: _bootstrap(size="job"), "no column 'job'"),
    ("new", "sizes negative", lambda: _bootstrap(register=LARGE.assign(jobs=-3)), "negative"),
    ("new", "sizes text", lambda: _bootstrap(register=LARGE.assign(jobs="x")), "'x'"),
    ("new", "few establishments", lambda: _bootstrap(register=LARGE[:30]), "15 establishments"),
    ("new", "no register", lambda: _bootstrap(register=None), "NoneType"),
    ("new", "sizes dates", lambda: _bootstrap(register=LARGE.assign(jobs=DAYS[0])), "'jobs'|jobs"),
    ("new", "level of the bootstrap", lambda: BOOTSTRAP.interval(level="a"), "level is 'a'"),
    ("062", "no rows", lambda: _sizes(REGISTER.iloc[:0]), "no rows"),
    ("352", "not a frame", lambda: _sizes({"trade": ["wine"], "jobs": [1]}), "register.*dict"),
    ("new", "path", lambda: _sizes("firms.csv"), "register.*str"),
    ("new", "sizes True", lambda: _sizes(REGISTER.assign(jobs=True)), "'jobs' has True"),
    ("new", "sizes dates", lambda: _sizes(REGISTER.assign(jobs=DAYS[0])), "'jobs' has.*2020"),
    ("new", "sizes complex", lambda: _sizes(REGISTER.assign(jobs=1 + 1j)), "'jobs' has"),
    ("new", "sizes text", lambda: _sizes(REGISTER.assign(jobs="12")), "'jobs' has '12'"),
    ("new", "spellings", lambda: _sizes(REGISTER.assign(trade=["wine", "Wine", "x"])), "'Wine'"),
    ("354", "dartboard seed", lambda: ag.dartboard(seed=-1), "seed"),
    (
        "391",
        "complexity threshold",
        lambda: ag.complexity(TABLE, threshold="a"),
        "threshold is 'a'",
    ),
    ("new", "complexity minimum", lambda: ag.complexity(TABLE, minimum="a"), "minimum is 'a'"),
    (
        "new",
        "nobody is large",
        lambda: ag.complexity(TABLE, minimum=99),
        "minimum is 99.*4 regions",
    ),
    ("140", "fitness tolerance", lambda: ag.fitness(TABLE, tolerance=np.nan), "tolerance is nan"),
    ("140", "fitness iterations", lambda: ag.fitness(TABLE, iterations=2.5), "iterations is 2.5"),
    ("140", "fitness threshold", lambda: ag.fitness(TABLE > 2, threshold=-1), "threshold is -1"),
    ("new", "presence threshold", lambda: ag.presence(TABLE, threshold=np.nan), "threshold is nan"),
    ("new", "presence threshold 0", lambda: ag.presence(TABLE, threshold=0), "threshold is 0"),
    (
        "392",
        "years: method",
        lambda: ag.dynamic_shift_share({1: TABLE, 2: AFTER}, method=TABLE),
        "method is a DataFrame",
    ),
    ("392", "years a table", lambda: ag.dynamic_shift_share(TABLE), "years.*DataFrame"),
    ("new", "years a list", lambda: ag.dynamic_shift_share([TABLE, AFTER]), "years.*list"),
    (
        "new",
        "years words",
        lambda: ag.dynamic_shift_share({"before": TABLE, "after": AFTER}),
        "'before'",
    ),
    ("new", "years NaN", lambda: ag.dynamic_shift_share({np.nan: TABLE, 2: AFTER}), "nan"),
    ("new", "method 3", lambda: ag.shift_share(TABLE, AFTER, method=3), "method is 3"),
    (
        "new",
        "industry that begins",
        lambda: ag.shift_share(TABLE, AFTER.assign(new=1)),
        "'new'.*before.columns.intersection\\(after.columns\\)",
    ),
    (
        "new",
        "region that begins",
        lambda: ag.shift_share(TABLE.drop("A"), AFTER),
        "'A'.*before.index.intersection\\(after.index\\)",
    ),
    (
        "394",
        "reference_total",
        lambda: ag.location_quotient(TABLE, reference_total="many"),
        "reference_total is 'many'",
    ),
    (
        "new",
        "reference_total NaN",
        lambda: ag.location_quotient(TABLE, reference_total=np.nan),
        "reference_total is nan",
    ),
    ("new", "totals list", lambda: ag.location_quotient(TABLE, totals=[9] * 4), "totals.*list"),
    (
        "new",
        "totals dates",
        lambda: ag.location_quotient(TABLE, totals=pd.Series(DAYS, list("ABCD"))),
        "totals: 'A' has",
    ),
    (
        "new",
        "totals True",
        lambda: ag.location_quotient(TABLE, totals=pd.Series(True, list("ABCD"))),
        "totals: 'A' has True",
    ),
    (
        "new",
        "threshold text",
        lambda: ag.location_quotient(TABLE).specialised(threshold="1"),
        "threshold is '1'",
    ),
    (
        "new",
        "minimum None",
        lambda: ag.location_quotient(TABLE).specialised(minimum=None),
        "minimum is None",
    ),
    (
        "new",
        "level None",
        lambda: ag.location_quotient(TABLE).interval(level=None),
        "level is None",
    ),
    (
        "new",
        "units list",
        lambda: ag.location_quotient(TABLE).interval(units=[1] * 4),
        "units.*list",
    ),
    ("395", "plants 3", lambda: ag.measure_all(TABLE, plants=3), "plants is 3"),
    (
        "new",
        "plants Series",
        lambda: ag.measure_all(TABLE, plants=HERFINDAHL),
        "^plants is a Series, but it must come from plant_sizes or plant_sizes_from_classes.$",
    ),
    ("new", "plants frame", lambda: ag.measure_all(TABLE, plants=TABLE), "plants is a DataFrame"),
    ("new", "EG plants None", lambda: ag.ellison_glaeser(TABLE, None), "Herfindahl.*NoneType"),
    (
        "new",
        "EG plants above 1",
        lambda: ag.ellison_glaeser(TABLE, HERFINDAHL * 9),
        "'wine' has 1.8",
    ),
    (
        "396",
        "relatedness threshold",
        lambda: ag.relatedness(TABLE, threshold=None),
        "threshold is None",
    ),
    ("new", "relatedness method", lambda: ag.relatedness(TABLE, method="cosin"), "'cosine'\\?"),
    ("new", "itself", lambda: ag.relatedness_density(TABLE, itself="yes"), "itself is 'yes'"),
    ("new", "between path", lambda: ag.relatedness_density(TABLE, "near.csv"), "between.*str"),
    (
        "new",
        "between dates",
        lambda: ag.relatedness_density(TABLE, NEAR.assign(shoes=DAYS[:3])),
        "between: column 'shoes' holds dates",
    ),
    ("new", "between complex", lambda: ag.relatedness_density(TABLE, NEAR * 1j), "complex"),
    (
        "new",
        "between text",
        lambda: ag.relatedness_density(TABLE, NEAR.astype(str)),
        "between: row 'wine', column 'wine'",
    ),
    ("new", "between negative", lambda: ag.relatedness_density(TABLE, -NEAR), "is negative"),
    (
        "new",
        "between NaN",
        lambda: ag.relatedness_density(TABLE, NEAR.mask(NEAR < 0.9)),
        "between.*unknown",
    ),
    (
        "new",
        "between twice",
        lambda: ag.relatedness_density(TABLE, pd.concat([NEAR, NEAR])),
        "between.*'wine'",
    ),
    (
        "new",
        "between others",
        lambda: ag.relatedness_density(TABLE[["wine", "shoes"]], NEAR),
        "between: industry 'glass'",
    ),
    ("new", "corrected", lambda: ag.gini(TABLE, corrected="yes"), "corrected is 'yes'"),
    ("new", "groups list", lambda: ag.variety(TABLE, ["a", "b", "c"]), "groups.*list"),
    ("new", "groups None", lambda: ag.variety(TABLE, None), "groups.*NoneType"),
    ("new", "group None", lambda: ag.variety(TABLE, GROUPS | {"wine": None}), "industry 'wine'"),
    ("new", "groups empty", lambda: ag.variety(TABLE, TABLE.T[[]]), "no column"),
    (
        "new",
        "industries text",
        lambda: ag.coagglomeration_group(TABLE, "wine"),
        "industries is 'wine'",
    ),
    ("new", "industries 3", lambda: ag.coagglomeration_group(TABLE, 3), "industries is 3"),
    (
        "new",
        "industries unknown",
        lambda: ag.coagglomeration_group(TABLE, ["wine", "whine"]),
        "'whine'; did you mean 'wine'",
    ),
    ("new", "reference 3", lambda: ag.coagglomeration(TABLE, reference=3), "reference is 3"),
    ("new", "reference frame", lambda: ag.coagglomeration(TABLE, reference=TABLE), "reference is"),
    (
        "new",
        "reference zero",
        lambda: ag.coagglomeration(TABLE, reference=TABLE["wine"] * 0),
        "reference.*zero",
    ),
    (
        "new",
        "bootstrap elsewhere",
        lambda: summary.specialised_in(
            table=TABLE.rename(columns={"wine": "x"}),
            industry="x",
            bootstrap=BOOTSTRAP,
            draw="an establishment with its size",
        ),
        "bootstrap: region 'C'",
    ),
]


def _known_cells(result):
    return result.value.isna().to_numpy().sum() == 1 and "1 unknown" in repr(result)


DOCUMENTED = [
    (
        "new",
        "groups of more industries than the table has",
        lambda: ag.variety(TABLE, GROUPS | {"tin": "metal", "zinc": "metal"}),
        lambda result: (
            result.unused == ("tin", "zinc")
            and "2 of the groups' industries are not in the table" in repr(result)
            and result.to_frame().equals(ag.variety(TABLE, GROUPS).to_frame())
        ),
    ),
    (
        "new",
        "one job in the reference economy",
        lambda: ag.location_quotient(
            pd.DataFrame({"wine": [1.0]}),
            totals=pd.Series([10.0]),
            reference=pd.Series({"wine": 1.0, "all else": 99.0}),
        ),
        lambda result: abs(result.value.iloc[0, 0] - 10) < 1e-12,
    ),
    (
        "new",
        "categorical reference",
        lambda: ag.location_quotient(TABLE, reference=TABLE.sum().astype("category")),
        lambda q: np.isfinite(q.value.to_numpy()).all(),
    ),
    (
        "new",
        "known cells",
        lambda: FUNCTIONS["location_quotient with totals"](TABLE.astype(float).replace(5, np.nan)),
        _known_cells,
    ),
    (
        "new",
        "a year in any order",
        lambda: ag.dynamic_shift_share({2: AFTER, 1: TABLE}).periods,
        lambda periods: periods == (1, 2),
    ),
    (
        "new",
        "nullable numbers",
        lambda: ag.gini(pd.array([1, 2, 3], dtype="Int64")),
        lambda value: abs(value - 2 / 9) < 1e-12,
    ),
    (
        "new",
        "Gini of equals",
        lambda: [ag.gini([x] * n) for x in (0.1, 3) for n in range(2, 60)],
        lambda values: min(values) >= 0 and max(values) < 1e-12,
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
