"""Awkward calls of K-density, M and m, and of the constructed examples."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab.agglomeration import k_density, marcon_puech, planted

RNG = np.random.default_rng(1)
XY = RNG.random((40, 2)) * 100
POINTS = pd.DataFrame(XY, columns=["x_km", "y_km"])
SIZES = RNG.lognormal(0, 1, 40)
CASES = np.arange(40) < 10
TABLE, _ = planted.planted_economy(regions=8)
EARLIER = k_density(XY, among=XY, simulations=3, steps=8)


def k(points=POINTS, **options):
    return lambda: k_density(points, **options)


def m(cases=CASES, points=POINTS, **options):
    return lambda: marcon_puech(points, cases, **options)


def spoilt(value, column="x_km"):
    return POINTS.astype(object).assign(**{column: [value, *POINTS[column][1:]]})


NULL = {"among": POINTS, "simulations": 3, "steps": 8}

REFUSED = [
    ("057", "complex coordinates", k(POINTS + 0j), "column 'x_km', row 0.*must be a finite num"),
    ("335", "text coordinates", k(spoilt("a")), "column 'x_km', row 0 is 'a'"),
    ("336", "huge coordinates", k(spoilt(1e300)), "row 0 lies at 1e\\+300"),
    ("337", "M, text coordinates", m(points=spoilt("a")), "column 'x_km', row 0 is 'a'"),
    ("339", "maximum text", k(maximum="far"), "maximum is 'far'"),
    ("340", "maximum 1e9", k(maximum=1e9), "maximum is 1e\\+09.*at most 100,000 bandwidths"),
    ("341", "bandwidth text", k(bandwidth="a"), "bandwidth is 'a'"),
    ("342", "resume a number", k(**NULL, resume=3), "resume must be an earlier result.*found 3"),
    ("344", "M, bandwidth text", m(bandwidth="a"), "bandwidth is 'a'"),
    ("345", "M, resume a number", m(simulations=3, resume=3), "resume must be.*found 3"),
    # other calls of these kinds
    ("new", "no points", k(None), "points: a frame, or an array.*NoneType"),
    ("new", "a list of text", k([["a", "b"], ["c", "d"]]), "points: row 0 is 'a'"),
    ("new", "ragged rows", k([[1, 2], [3]]), "points: .*rows of different length"),
    ("new", "a Series", k(POINTS["x_km"]), "points: .*found \\(40,\\) in a Series"),
    ("new", "a dict", k({"x": 1}), "points: .*in a dict"),
    ("new", "no rows", k(POINTS[:0]), "points: 0 given"),
    ("new", "a date", k(spoilt(pd.Timestamp("2020-01-01"))), "column 'x_km', row 0"),
    ("new", "dates", k(POINTS.assign(x_km=pd.Timestamp("2020"))), "column 'x_km', row 0"),
    ("new", "a duration", k(spoilt(timedelta(1))), "column 'x_km', row 0"),
    ("new", "booleans", k(POINTS > 50), "column 'x_km', row 0 is .*False|True"),
    ("new", "infinite", k(spoilt(np.inf)), "row 0 is inf"),
    ("new", "missing", k(spoilt(pd.NA)), "row 0 has no coordinates"),
    ("new", "a column twice", k(POINTS.set_axis(["x", "x"], axis=1)), "needs one column x"),
    ("new", "among None in simulations", k(simulations=9), "give among="),
    ("new", "among text", k(among="sites", simulations=3), "among: .*in a str"),
    ("new", "among missing", k(among=spoilt(np.nan), simulations=3), "among: row 0"),
    ("new", "coordinates 3", k(XY, coordinates=3), "coordinates is 3"),
    ("new", "degrees named km", k(coordinates="degrees"), "'x_km' and 'y_km' do not go with"),
    ("new", "latitude -95", k([[0, -95.0], [1, 1]], coordinates="degrees"), "latitude -95"),
    (
        "new",
        "latitude south of all",
        k([[-120, -95.0], [1, 1]], coordinates="degrees"),
        "latitude -95, but it must lie between −90 and 90\\.$",
    ),
    (
        "new",
        "metres south of the equator",
        k([[-10.0, -5e6], [1, 1]], coordinates="degrees"),
        "latitude -5e\\+06.*do not mix coordinate systems",
    ),
    ("new", "longitude -190", k([[-190.0, 5], [1, 1]], coordinates="degrees"), "longitude -190"),
    ("new", "weights text", k(weights=["a"] * 40), "weights: row 0 is 'a'"),
    ("new", "weights dates", k(weights=[pd.Timestamp("2020")] * 40), "weights: row 0"),
    ("new", "weights complex", k(weights=SIZES + 1j), "weights: row 0"),
    ("new", "weights True", k(weights=[True] * 40), "weights: row 0 is .*True"),
    ("new", "weights NaN", k(weights=[np.nan, *SIZES[1:]]), "weights: value nan at position 0"),
    ("new", "weights zero", k(weights=[0, *SIZES[1:]]), "weights: value 0 at position 0"),
    ("new", "weights a frame", k(weights=POINTS[["x_km"]]), "weights: 40 values.*\\(40, 1\\)"),
    ("new", "weights one number", k(weights=2), "weights: 40 values"),
    ("new", "weights a dict", k(weights={0: 1}), "weights: 40 values.*dict"),
    ("new", "weights ragged", k(weights=[[1], [2, 3]]), "weights: 40 values.*list of shape"),
    ("new", "cases ragged", m([[True], [True, False]]), "cases: 40 values.*list of shape"),
    ("new", "cases a set", m({1, 2}), "cases: 40 values.*set"),
    ("new", "weights of text 40", k(weights="a" * 40), "no column"),
    ("new", "M, weights negative", m(weights=-SIZES), "weights: value -.* at position 0"),
    ("new", "M, weights too many", m(weights=[1.0] * 41), "weights: 40 values.*\\(41,\\)"),
    ("new", "M, maximum a list", m(maximum=[1, 2]), "maximum is \\[1, 2\\]"),
    ("new", "M, steps NaN", m(steps=np.nan), "steps is nan"),
    ("new", "M, simulations 10^400", m(simulations=10**400), "simulations is a int"),
    ("new", "M, level negative", m(level=-1), "level is -1"),
    ("new", "M, coordinates a list", m(coordinates=[1]), "coordinates is \\[1\\]"),
    ("new", "M, seed a list", m(seed=[1]), "seed is \\[1\\]"),
    ("new", "bandwidth 10^400", k(bandwidth=10**400), "bandwidth is a int"),
    ("new", "maximum complex", k(maximum=1j), "maximum is 1j"),
    ("new", "method a list", k(method=["grid"]), "method is \\['grid'\\]"),
    (
        "new",
        "a grid round half the earth",
        k([[0.0, 0], [60, 0], [120, 0]], coordinates="degrees", method="grid"),
        "no farther than 25°",
    ),
    ("new", "weights no column", k(weights="jobs"), "no column 'jobs'"),
    ("new", "weights tiny", k(weights=[1e-14, *np.ones(39)]), "weights: the largest"),
    (
        "new",
        "weights labelled otherwise",
        k(weights=pd.Series(SIZES, POINTS.index + 1)),
        "weights: the labels",
    ),
    ("new", "weights of a part", k(weights=pd.Series(SIZES)[:30]), "weights: the labels"),
    ("new", "maximum True", k(maximum=True), "maximum is True"),
    ("new", "maximum inf", k(maximum=np.inf), "maximum is inf"),
    ("new", "maximum 0", k(maximum=0), "maximum is 0"),
    ("new", "bandwidth NaN", k(bandwidth=np.nan), "bandwidth is nan"),
    ("new", "bandwidth tiny", k(bandwidth=1e-12), "bandwidth 1e-12.*at most 100,000"),
    ("new", "bandwidth an array", k(bandwidth=np.ones(3)), "bandwidth is a"),
    ("new", "steps 10^9", k(steps=10**9), "steps is 1000000000"),
    ("new", "steps 8.5", k(steps=8.5), "steps is 8.5"),
    ("new", "steps True", k(steps=True), "steps is True"),
    ("new", "simulations 10^9", k(among=POINTS, simulations=10**9), "simulations is 1000000000"),
    ("new", "simulations -1", k(among=POINTS, simulations=-1), "simulations is -1"),
    ("new", "one simulation", k(among=POINTS, simulations=1), "simulations is 1"),
    ("new", "simulations text", k(among=POINTS, simulations="many"), "simulations is 'many'"),
    ("new", "level 95", k(level=95), "level is 95"),
    ("new", "level 1", k(level=1), "level is 1"),
    ("new", "level text", k(level="high"), "level is 'high'"),
    ("new", "method 2", k(method=2), "method is 2"),
    ("new", "seed -1", k(seed=-1), "seed is -1"),
    ("new", "seed 1.5", k(seed=1.5), "seed is 1.5"),
    (
        "new",
        "resume of other sites",
        k(XY, among=XY * 1.1, simulations=4, steps=8, resume=EARLIER, maximum=EARLIER.distance[-1]),
        "resume: the earlier result is of other points",
    ),
    (
        "new",
        "resume of other points",
        k(
            XY[::-1] * 1.0001,
            among=XY,
            simulations=4,
            steps=8,
            maximum=EARLIER.distance[-1],
            bandwidth=EARLIER.bandwidth,
            resume=EARLIER,
        ),
        "resume: the earlier result is of other points",
    ),
    ("new", "resume without simulations", k(**NULL, resume=k_density(XY, steps=8)), "no simula"),
    ("new", "M resumed as K", m(simulations=3, resume=EARLIER), "a RelativeConcentration"),
    (
        "new",
        "a grid too fine",
        k(np.vstack([XY, [[1e9, 1e9]]]), method="grid", bandwidth=1, maximum=50),
        "finer than the cells",
    ),
    ("new", "kind k", m(kind="k"), "kind is 'k'"),
    ("new", "kind 3", m(kind=3), "kind is 3"),
    ("new", "cases numbers", m(CASES * 1), "cases must be 40 values True or False"),
    ("new", "cases a name", m("wine"), "cases: 40 values"),
    ("new", "cases None", m(None), "cases: 40 values"),
    ("new", "cases with a gap", m(pd.Series([None, *CASES[1:]])), "cases must be 40 values"),
    ("new", "cases positions", m(np.arange(10)), "cases: 40 values.*\\(10,\\)"),
    ("new", "cases labelled otherwise", m(pd.Series(CASES, POINTS.index + 1)), "cases: the labels"),
    ("new", "m too fine", m(kind="m", bandwidth=1e-3, maximum=50, steps=10_000), "steps is 10,000"),
    ("new", "M too many", m(steps=10**6), "steps is 1000000"),
    ("new", "growth, seed -1", lambda: planted.variety_and_growth(seed=-1), "seed is -1"),
    ("new", "dispersal, no years", lambda: planted.dispersal(years=0), "years is 0"),
    ("new", "dispersal, 10^9 years", lambda: planted.dispersal(years=10**9), "years is 1000000000"),
    ("new", "economy, regions 1", lambda: planted.planted_economy(regions=1), "regions is 1"),
    ("new", "economy, regions 2.5", lambda: planted.planted_economy(regions=2.5), "regions is 2.5"),
    ("new", "economy, focus 0", lambda: planted.planted_economy(focus=0), "focus is 0"),
    ("new", "economy, focus text", lambda: planted.planted_economy(focus="a"), "focus is 'a'"),
    ("new", "economy, seed text", lambda: planted.planted_economy(seed="a"), "seed is 'a'"),
    (
        "new",
        "next, no such region",
        lambda: planted.next_industries(region="region 99", quotients=TABLE),
        "'region 99'",
    ),
    (
        "new",
        "next, a list",
        lambda: planted.next_industries(region="a", quotients=[[1]]),
        "quotients",
    ),
]


def mixed(result):
    expected = k_density(POINTS, weights=SIZES)
    return np.array_equal(result.density, expected.density)


DOCUMENTED = [
    # the notes say that points may be on none of the sites, and the result says how many are
    (
        "059",
        "among without the points",
        k(**(NULL | {"among": POINTS + 200})),
        lambda result: result.note == "40 of 40 points are on none of the sites of among",
    ),
    (
        "060",
        "cases in another order",
        m(pd.Series(CASES).sample(frac=1, random_state=1)),
        lambda result: np.array_equal(result.ratio, m()().ratio, equal_nan=True),
    ),
    ("new", "weights in another order", k(weights=pd.Series(SIZES).sample(frac=1)), mixed),
    ("new", "weights of Decimal", k(weights=[Decimal(w) for w in SIZES]), mixed),
    ("new", "weights a list", k(weights=list(SIZES)), mixed),
    ("new", "nullable numbers", k(POINTS.astype("Float64"), weights=SIZES), mixed),
    (
        "new",
        "degrees in x and y",
        k(XY / 2, coordinates="degrees"),
        lambda result: result.unit == "km" and not result.note,
    ),
    (
        "new",
        "degrees in columns x and y",
        k(pd.DataFrame(XY / 2, columns=["x", "y"]), coordinates="degrees"),
        lambda result: result.unit == "km",
    ),
    (
        "new",
        "a plane that could be degrees",
        k(pd.DataFrame(XY / 2, columns=["x", "y"])),
        lambda result: "if they are degrees" in repr(result),
    ),
    (
        "new",
        "no case has a neighbour",
        m(maximum=1e-6),
        lambda result: "no case has a neighbour" in repr(result),
    ),
    (
        "new",
        "no pair near enough",
        k(bandwidth=1e-3, maximum=1e-3, steps=4),
        lambda result: "KDensity" in repr(result) and result.error_bound >= 0,
    ),
    (
        "new",
        "cases nullable",
        m(pd.Series(CASES, dtype="boolean")),
        lambda result: result.cases == 10,
    ),
    (
        "new",
        "equal weights",
        k(weights=np.full(40, 1e300)),
        lambda result: np.allclose(result.density, k()().density, rtol=1e-12),
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
