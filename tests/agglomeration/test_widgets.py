"""Every widget of the lesson at both ends of every control."""

import pandas as pd
import pytest

from clusterlab import datasets, tables
from clusterlab.agglomeration import location_quotient, widgets
from clusterlab.exercises import predict
from tests.widget_checks import moves_to_both_ends


@pytest.fixture(scope="module")
def register_table():
    return tables.from_long(
        datasets.load("establishment_register"),
        region="region",
        industry="industry",
        value="size",
        duplicates="sum",
        absent="zero",
    )


def test_concentration():
    widget = widgets.concentration()
    moves_to_both_ends(widget)
    widget.set(industry="finance real estate", measure="Herfindahl index")
    assert widget.sentence.startswith("finance real estate: highest location quotient ")
    value = widget.result.values["finance real estate"]
    assert f"Herfindahl index {value:.3f}" in widget.sentence


def test_concentration_of_ones_own_table(register_table):
    moves_to_both_ends(widgets.concentration(register_table))


def test_concentration_of_a_table_with_codes_that_are_numbers():
    table = pd.DataFrame({311: [1, 2], 312: [3, 1]}, index=["A", "B"])
    moves_to_both_ends(widgets.concentration(table))


def test_rank_in_the_sentence_counts_from_the_most_concentrated():
    widget = widgets.concentration()
    last = widget.result.values.index[-1]
    assert "number 1 of 14 industries" in widget.set(industry=last).sentence


def test_shares_leave_out_what_is_unknown_and_end_at_the_ceiling(register_table):
    moves_to_both_ends(widgets.shares(location_quotient(register_table), regions=["R01", "R02"]))
    part = register_table.copy()
    part.loc["R01", "glass"] = float("nan")
    given = {"totals": register_table.sum(axis=1), "reference": register_table.sum()}
    widget = widgets.shares(location_quotient(part, **given))
    shown = widget.set(region="R01").result.frame
    assert "glass" not in shown.index
    assert len(shown) == 19
    assert (shown["quotient"] <= 1 / shown["economy"]).all()
    with pytest.raises(ValueError, match="R99"):
        widget.set(region="R99")


def test_specialisation():
    register = datasets.load("establishment_register")
    widget = widgets.specialisation(register)
    moves_to_both_ends(widget)
    frame = widget.set(industry="ceramic tiles", threshold=2).result.frame
    assert f"ceramic tiles: {frame['above'].sum()} of 40 regions" in widget.sentence
    assert f"in {frame['surely'].sum()} of them" in widget.sentence
    low = [
        widget.set(draw=draw).result.frame["low"].sort_index()
        for draw in ("a worker", "an establishment")
    ]
    assert (low[1] <= low[0] + 1e-12).all()


def test_dartboard():
    widget = widgets.dartboard()
    moves_to_both_ends(widget)
    assert [control["name"] for control in widget.controls] == [
        "plants",
        "regions",
        "inequality",
        "clustering",
    ]
    assert "H = 0.010" in widget.sentence
    assert "expected 0.009" in widget.sentence


@pytest.mark.parametrize("guess", [0, 0.05, 1])
def test_dartboard_draws_the_prediction(guess):
    question = predict("What do you expect?", [0, 0.05, 1])
    widget = widgets.dartboard(prediction=question)
    assert "your prediction" not in widget.drawing
    question.submit(guess)
    assert "your prediction" in widget.drawing
    moves_to_both_ends(widget)
