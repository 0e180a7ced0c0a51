"""Awkward answers to the audit of a cluster initiative."""

import numpy as np
import pandas as pd
import pytest
from awkward import judge

from clusterlab import policy

FOUND = policy.audit({"own body": 1})


def table(people=("Ana", "Ben"), **columns):
    return pd.DataFrame({"respondent": [*people], **(columns or {"own body": [1, 2]})})


def audit(**changed):
    return lambda: policy.audit(table(**changed))


REFUSED = [
    (
        "new",
        "unknown",
        lambda: policy.audit({"own bodies": 1}),
        "'own bodies'; did you mean 'own b",
    ),
    ("new", "a stamp", audit(Timestamp=[1, 2]), "no question 'Timestamp'"),
    ("new", "number as name", lambda: policy.audit({3: 1}), "no question 3"),
    ("new", "above", audit(**{"own body": [1, 5]}), "'Ben' answers 5 to 'own body'.*from 0 to 4"),
    ("new", "below", audit(**{"own body": [-1, 5]}), "'Ana' answers -1 to 'own body'"),
    ("new", "half", audit(**{"own body": [1, 2.5]}), "'Ben' answers 2.5 to"),
    ("new", "inf", audit(**{"own body": [1, np.inf]}), "'Ben' answers inf to"),
    ("new", "text", audit(**{"own body": ["mostly", "yes"]}), "'Ben' answers 'yes' to.*or fully"),
    ("new", "dash", audit(**{"own body": ["-", None]}), "'Ana' answers '-' to.*empty cell"),
    ("new", "True", audit(**{"own body": [True, False]}), "'Ana' answers True to"),
    ("new", "a list", lambda: policy.audit({"own body": [1, 2]}), r"answers \[1, 2\] to"),
    ("new", "a date", audit(**{"own body": pd.to_datetime(["2001-01-01"] * 2)}), "Timestamp"),
    ("new", "twice", audit(people=["Ana", "Ana"]), "respondent 'Ana' listed more than once"),
    ("new", "spelt twice", audit(people=["Ana", "ana "]), "'Ana' and 'ana ' differ only"),
    ("new", "no name", audit(people=["Ana", None]), "label of respondent number 2 is empty"),
    ("new", "no rows", audit(people=[], **{"own body": []}), "has no respondent"),
    ("new", "nothing", lambda: policy.audit(pd.DataFrame()), "has no respondent"),
    (
        "new",
        "a column twice",
        lambda: policy.audit(pd.DataFrame([[1, 2]], columns=["own body"] * 2)),
        "2 columns named 'own body'",
    ),
    (
        "new",
        "names twice",
        lambda: policy.audit(
            pd.DataFrame([["a", "b", 2]], columns=["respondent"] * 2 + ["own body"])
        ),
        "2 columns named 'respondent'",
    ),
    ("new", "a path", lambda: policy.audit("answers.csv"), "must be a pandas DataFrame.*a str"),
    ("new", "None", lambda: policy.audit(None), "must be a pandas DataFrame.*NoneType"),
    ("new", "a list", lambda: policy.audit([1, 2]), "must be a pandas DataFrame.*list"),
    ("new", "level 1", lambda: policy.audit({"own body": 1}, level=1), "level is 1"),
    ("new", "level 90", lambda: policy.audit({"own body": 1}, level=90), "level is 90"),
    ("new", "level nan", lambda: policy.audit({"own body": 1}, level=np.nan), "level is nan"),
    ("new", "page 3", lambda: FOUND.write_page(3), "path is 3"),
    ("new", "page a folder", lambda: FOUND.write_page("tests"), "'tests'"),
    ("new", "page nowhere", lambda: FOUND.write_page("no/such/folder/a.html"), "'no/such/folder"),
]
DOCUMENTED = [
    ("new", "empty", lambda: policy.audit({}), lambda found: found.weakest == ()),
    (
        "new",
        "capitals and blanks",
        lambda: policy.audit({"own body": " Fully "}),
        lambda found: found.scores["score"].iloc[0] == 4,
    ),
    (
        "new",
        "a decimal of a file",
        lambda: policy.audit({"own body": "3.0"}),
        lambda found: found.scores["score"].iloc[0] == 3,
    ),
    (
        "new",
        "no names",
        lambda: policy.audit(table().drop(columns="respondent")),
        lambda found: found.scores["people"].max() == 2,
    ),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_refused(row):
    judge.is_refused_clearly(row[2], row[3])


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_is_as_documented(row):
    judge.is_as_documented(row[2], row[3])
