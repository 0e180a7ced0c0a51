"""Awkward entries of a reader's own district, and awkward pages."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab.policy import case, findings


def own(**parts):
    return lambda: case("own", parts)


TIES = [("weavers", "dyers")]
REFUSED = [
    ("new", "a misspelt district", lambda: case("Montebeluna"), "did you mean 'Montebelluna'"),
    ("new", "a district in small letters", lambda: case("napa"), "did you mean 'Napa'"),
    ("new", "a number for a district", lambda: case(3), "district is 3.*'San Jose'"),
    ("new", "a list of districts", lambda: case(["Napa"]), r"\['Napa'\]"),
    ("new", "own as a list", lambda: case("own", ["hub"]), "own is.*mapping"),
    ("new", "a part that there is not", own(feature={}), "did you mean 'features'"),
    ("new", "a number for a name", own(name=3), "name is 3"),
    ("new", "blanks for a name", own(name="  "), "name is '  '"),
    ("new", "a list of counts", own(jobs=[1, 2, 3, 4]), "jobs is"),
    ("new", "a misspelt count", own(jobs={"every where": 3}), "did you mean 'everywhere'"),
    ("new", "a count in words", own(jobs={"here": "900"}), "jobs: 'here' is '900'"),
    ("new", "a count of zero", own(jobs={"here": 0}), "jobs: 'here' is 0.*above 0"),
    ("new", "a count that is NaN", own(jobs={"here": np.nan}), "jobs: 'here' is nan"),
    ("new", "a misspelt feature", own(features={"leader": "hub"}), "'leadership'"),
    ("new", "a misspelt level", own(features={"leadership": "hubb"}), "'hub'"),
    ("new", "a text for ties", own(ties="weavers"), "a tie is 'weavers'"),
    ("new", "a table for ties", own(ties=pd.DataFrame(TIES)), "a tie is a DataFrame"),
    ("new", "a tie of one", own(ties=[("weavers",)]), r"\('weavers',\)"),
    ("new", "a tie of four", own(ties=[("a", "b", "supply", "x")]), "'supply', 'x'"),
    ("new", "a kind for some", own(ties=[("a", "b"), ("b", "c", "supply")]), "all with a kind"),
    ("new", "a tie to nobody", own(ties=[("weavers", None)]), "None"),
    ("new", "a tie to itself", own(ties=[("a", "a")]), "'a' to itself"),
    ("new", "a tie twice", own(ties=TIES * 2), "'weavers' and 'dyers'"),
    ("new", "a kind that there is not", own(ties=[("a", "b", "suply")]), "did you mean 'supply'"),
    ("new", "a stranger elsewhere", own(ties=TIES, elsewhere={"dyer": "global"}), "mean 'dyers'"),
    ("new", "a misspelt reach", own(ties=TIES, elsewhere={"dyers": "globl"}), "mean 'global'"),
    ("new", "a reach of 3", own(ties=TIES, elsewhere={"dyers": 3}), "'dyers' is 3"),
    ("new", "a misspelt facet", own(ratings={"demand": 3}), "did you mean 'demand conditions'"),
    ("new", "a rating of 8", own(ratings={"demand conditions": 8}), "8.*at most 7"),
    ("new", "a rating of 0", own(ratings={"demand conditions": 0}), "0.*at least 1"),
    ("new", "a rating in words", own(ratings={"demand conditions": "3"}), "'3'"),
    ("new", "a misspelt step", lambda: findings(case("Napa"), {"type": "x"}), "mean 'typed'"),
    (
        "new",
        "a sentence for no step",
        lambda: findings(case("Napa"), {}, {"scores": "x"}),
        "did you mean 'scored'",
    ),
]
DOCUMENTED = [
    ("new", "nothing of one's own", lambda: case("own"), lambda found: len(found.needs) == 6),
    ("new", "parts that are None", own(jobs=None, ties=None), lambda found: len(found.needs) == 6),
    ("new", "a whole number of numpy", own(jobs={"here": np.int64(3)}), lambda found: found.jobs),
    ("new", "ties as lists", own(ties=[["a", "b"]]), lambda found: len(found.graph) == 2),
]


@pytest.mark.parametrize(("case_", "what", "call", "culprit"), REFUSED)
def test_refused(case_, what, call, culprit):
    judge.is_refused_clearly(call, culprit)


@pytest.mark.parametrize(("case_", "what", "call", "holds"), DOCUMENTED)
def test_as_documented(case_, what, call, holds):
    judge.is_as_documented(call, holds)
