"""The table of levers: each moves parameters that there are, and stays in their range."""

import importlib

import pytest

from clusterlab import datasets, diamond, policy
from clusterlab.diamond.policy import moves_of
from clusterlab.parameters import declared

TABLE = policy.levers()
ROWS = list(TABLE.reset_index().itertuples(index=False))


def model_of(name):
    topic, model = name.split(".")
    module = importlib.import_module(f"clusterlab.{topic}")
    assert model in module.__all__, f"{name} is not public"
    return getattr(module, model)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.lever}-{row.model}")
def test_a_lever_moves_parameters_that_there_are_and_stays_in_range(row):
    entries = declared(model_of(row.model))
    assert row.cost > 0
    for name, by in moves_of(row.moves).items():
        # of the diamond: any of the four facets, as far as the lever is concerned
        facets = ["factor_conditions", "demand_quality", "related_industries", "rivalry"]
        for each in facets if name == "the weakest facet" else [name]:
            entry, after = entries[each], entries[each].default + by / row.cost
            assert by != 0
            assert entry.parameter.low <= after <= entry.parameter.high, each
            model_of(row.model)(**{each: after})


def test_those_of_the_diamond_are_imported():
    mine = TABLE[TABLE["model"] == "diamond.dynamics"]
    theirs = diamond.levers()
    for column in ("role", "facet", "phase", "moves", "cost", "where"):
        assert mine[column].to_dict() == theirs[column].to_dict()
    assert not {*datasets.load("policy_levers")["lever"]} & {*theirs.index}


def test_every_lever_has_its_source():
    known = {"porter-2000", "whitford-potter-2007", "bathelt-2019", "globalization-ties"}
    assert {*TABLE["document"]} == known
    assert TABLE.notna().all(axis=None)
    assert (TABLE["where"].str.len() > 10).all()
    assert {*TABLE["phase"]} == {"early", "later", "any"}
    assert not TABLE.reset_index().duplicated(["lever", "model"]).any()


def test_topics_and_trans_local_public_goods():
    topics = {model.split(".")[0] for model in TABLE["model"]}
    assert topics == {"diamond", "location", "transitions", "networks", "linkages", "relocation"}
    for goods in ("interface people", "rules of reciprocity", "offices abroad"):
        there = TABLE.loc[goods]
        assert {*there["model"]} == {"linkages.pipelines", "networks.stretch"}
        assert {*there["facet"]} == {"links abroad"}
        assert there["where"].str.startswith("5.3").all()


def test_the_table_is_a_copy():
    mine = policy.levers()
    mine["moves"] = "nothing"
    assert policy.levers().equals(TABLE)


def test_words_of_moves():
    assert moves_of("a_b +0.5, the weakest facet -2") == {"a_b": 0.5, "the weakest facet": -2.0}
