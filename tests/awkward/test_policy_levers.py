"""Awkward calls of levers, comparisons, and the two models of policy."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab import linkages, policy, relocation

PIPES, NAMES = linkages.pipelines, ["offices abroad"]


def town(*, push=0.0, seed):
    return push + 0 * seed


def compared(levers=None, model=town, **given):
    mine = {"push": {"push": 1}} if levers is None else levers
    return lambda: policy.compare(mine, model, **given)


REFUSED = [
    ("new", "near", compared(["Offices"], PIPES), "did you mean 'offices abroad'"),
    ("new", "of another model", compared(["stability"], PIPES), "it moves diamond.dynamics"),
    ("new", "table", compared(policy.levers(), PIPES), "levers is a DataFrame"),
    ("new", "set", compared({"offices abroad"}, PIPES), "a list of names or a mapping"),
    ("new", "None", lambda: policy.compare(None, PIPES), "levers is None"),
    ("new", "a list of a list", compared([NAMES], PIPES), "a lever is"),
    ("new", "nothing kept", compared(NAMES, PIPES), "measure= must keep numbers, got a Pipelines"),
    ("new", "a table kept", compared(NAMES, PIPES, measure=lambda r: r.roles), "shape"),
    ("new", "budget below 0", compared(budget=-0.1), "budget is -0.1"),
    ("new", "budget text", compared(budget="1"), "budget is '1'"),
    ("new", "budget inf", compared(budget=np.inf), "budget is inf"),
    ("new", "no years", compared(years=0, after=3), "years is 0"),
    ("new", "half a year", compared(years=2.5, after=3), "years is 2.5"),
    ("new", "nan after", compared(years=2, after=np.nan), "after is nan"),
    ("new", "one replicate", compared(replicates=True), "replicates is True"),
    (
        "new",
        "static",
        compared(NAMES, PIPES, years=2, after=2),
        "takes its parameters for its whole",
    ),
    ("new", "static result", compared(years=2, after=2, measure=lambda r: 1), "not 4"),
    ("new", "too far", compared(NAMES, PIPES, budget=10, measure=lambda r: r.gain), "keep"),
    ("new", "seed", compared(seed=-1), "seed is -1"),
    ("new", "fixed", compared(fixed=["push"]), "fixed is"),
    ("new", "fixed unknown", compared(NAMES, PIPES, fixed={"kep": 1}, measure=len), "'kep'"),
    ("new", "amount", compared({"a": {"push": None}}), "push is None"),
    ("new", "series", compared({"a": pd.Series({"push": 1})}), "a mapping"),
    ("new", "position", lambda: policy.targeting(0.5), "by name"),
    ("new", "text", lambda: policy.targeting(picking="half"), "picking is 'half'"),
    ("new", "unknown", lambda: policy.portfolio(tresholds=1), "did you mean 'threshold'"),
    ("new", "half an industry", lambda: policy.targeting(industries=2.5), "industries"),
]
DOCUMENTED = [
    (
        "new",
        "a tuple",
        compared(tuple(NAMES), PIPES, measure=lambda r: r.gain, replicates=2),
        lambda found: found.pairs == 2,
    ),
    ("new", "numpy budget", compared(budget=np.float64(2)), lambda f: f.table["low"].iloc[0] == 2),
    ("new", "no budget", compared(budget=0), lambda f: (f.table["high"] == 0).all()),
    (
        "new",
        "a model without chance",
        compared(
            ["innovation with presence"], relocation.strategy_mix, measure=lambda r: r.performance
        ),
        lambda found: found.pairs == 1,
    ),
    ("new", "a copy", policy.levers, lambda table: table is not policy.levers()),
]


@pytest.mark.parametrize(("case", "what", "call", "culprit"), REFUSED)
def test_is_refused(case, what, call, culprit):
    judge.is_refused_clearly(call, culprit)


@pytest.mark.parametrize(("case", "what", "call", "holds"), DOCUMENTED)
def test_is_as_documented(case, what, call, holds):
    judge.is_as_documented(call, holds)
