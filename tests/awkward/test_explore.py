"""Awkward arguments of `clusterlab.explore.explore`."""

import pytest
from awkward import judge

from clusterlab.explore import explore
from tests.test_explore import draw, line, say


def made(plot=draw, told=say, model=line, **options):
    return explore(model, plot, say=told, **({"controls": ["slope"]} | options))


REFUSED = [
    ("402", "no choices", lambda: made(controls=["name"], choices={"name": []}), "choices.*name"),
    ("404", "say None", lambda: made(told=None), "say.*None"),
    ("405", "a plot that fails", lambda: made(lambda r, ax: 1 / 0), "line.*division by zero"),
    ("406", "say a number", lambda: made(told=lambda r: 3), "say.*3"),
    ("407", "prediction text", lambda: made(prediction="x"), "prediction.*'x'"),
    ("new", "prediction 0.5", lambda: made(prediction=0.5), "prediction.*0.5"),
    ("new", "a say that fails", lambda: made(told=lambda r: r["x"]), "line.*TypeError"),
    ("new", "a say that asserts", lambda: made(told=lambda r: [][0]), "line.*IndexError"),
    ("new", "plot None", lambda: made(None), "plot.*None"),
    ("new", "plot text", lambda: made("line"), "plot.*'line'"),
    ("new", "no plots", lambda: made([]), r"plot.*\[\]"),
    ("new", "plots of 3", lambda: made([draw, 3]), "plot.*3"),
    ("new", "controls text", lambda: made(controls="slope"), "controls.*'slope'"),
    ("new", "controls 3", lambda: made(controls=3), "controls.*3"),
    ("new", "controls of 3", lambda: made(controls=[3]), "line.*3"),
    ("new", "choices list", lambda: made(choices=["a"]), r"choices.*\['a'\]"),
    ("new", "choices text", lambda: made(controls=["name"], choices={"name": "ab"}), "name.*'ab'"),
    ("new", "choices 3", lambda: made(controls=["name"], choices={"name": 3}), "name.*3"),
    ("new", "fixed list", lambda: made(fixed=["a"]), r"fixed.*\['a'\]"),
    ("new", "fixed unknown", lambda: made(fixed={"slop": 1}), "line.*slop"),
    ("new", "fixed out of range", lambda: made(controls=["points"], fixed={"slope": 9}), "slope"),
    ("new", "model None", lambda: made(model=None), "None"),
    ("new", "model 3", lambda: made(model=3), "3"),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])
