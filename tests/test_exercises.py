"""Questions keep a prediction, judge an answer, and give the hint that fits the mistake."""

import re

import numpy as np
import pandas as pd
import pytest

from clusterlab import exercises
from clusterlab.exercises import check, judge, predict, read_number


@pytest.fixture
def floor():
    return check(
        "100 equal plants: what is H?",
        0.01,
        within=0.0005,
        unit="share",
        hints={0.1: "That is 1/10.", 1: "That is one plant."},
        otherwise="H of n equal plants is 1/n.",
        why="1/100.",
    )


@pytest.fixture
def pick():
    return check(
        "Which?",
        "gamma",
        choices=["G", "gamma", "H"],
        hints={"G": "G counts big plants.", "H": "H has no places."},
        why="It takes H out.",
    )


def test_the_hint_fits_the_mistake(floor, pick):
    assert floor.submit(0.1) == "Not yet. That is 1/10."
    assert floor.submit(1) == "Not yet. That is one plant."
    assert floor.submit(0.5) == "Not yet. H of n equal plants is 1/n."
    assert floor.right is False
    assert floor.submit(0.01) == "Right. 1/100."
    assert floor.right is True
    assert pick.submit("G") == "Not yet. G counts big plants."
    assert pick.submit("H") == "Not yet. H has no places."
    assert pick.submit("gamma") == "Right. It takes H out."


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (0.01049, True),
        (0.00951, True),
        (0.0106, False),
        (0.0094, False),
        ("0.01", True),
        pytest.param(0.0105, True),
    ],
)
def test_tolerance(floor, given, right):
    floor.submit(given)
    assert floor.right is right


def test_hints_have_the_same_tolerance(floor):
    assert floor.submit(0.1004) == "Not yet. That is 1/10."


def test_exact_numbers():
    exact = check("How many?", 7, within=0, otherwise="Count again.")
    assert exact.kind == "number"
    assert exact.submit(7) == "Right."
    assert exact.submit(7.0001) == "Not yet. Count again."


def test_the_same_answer_again_is_judged_again(floor):
    first = floor.submit(0.1)
    floor.feedback = ""
    assert floor.submit(0.1) == first
    assert floor.attempt["number"] == 2


def test_an_attempt_of_the_browser(floor):
    floor.attempt = {"given": 0.1, "number": 1}
    assert floor.feedback == "Not yet. That is 1/10."


def test_sentences_are_shown_for_comparison():
    words = check("Why?", "Because a few plants hold most jobs.")
    assert words.kind == "sentence"
    assert words.submit("I think so") == "Compare with: Because a few plants hold most jobs."
    assert words.right is None


@pytest.mark.parametrize(
    ("options", "given", "told"),
    [
        ({"choices": ["a", "b"]}, "b", "Kept; it is not judged here."),
        ({"within": 0.1}, "38,5 %", "Read as 0.385. Kept; it is not judged here."),
        ({}, "I think so", "Kept; it is not judged here."),
    ],
)
def test_an_answer_is_only_kept_where_the_right_one_is_not_told(options, given, told):
    asked = check("?", ..., **options)
    assert asked.submit(given) == told
    assert asked.right is None
    if options:
        with pytest.raises(ValueError, match=r"asked for|one of the choices"):
            asked.submit("c")
        assert asked.refused


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"answer": "x", "choices": ["a", "b"]}, "'x' is not one of the choices .*'a', 'b'"),
        ({"answer": "a", "choices": ["a", "b"], "hints": {"c": "h"}}, "'c' is not one of the choi"),
        (
            {"answer": "a", "choices": ["a", "b"]},
            "give a hint for every wrong choice, or otherwise=",
        ),
        ({"answer": "a", "choices": ["a", "b", "c"], "hints": {"b": "h"}}, "give a hint for every"),
        ({"answer": 3, "within": 0.1}, "give a hint"),
        ({"answer": 3, "within": 0.1, "hints": {4: "h"}}, "give a hint"),
        ({"answer": "a", "choices": []}, "'a' is not one of the choices|choices is an empty list"),
    ],
)
def test_exercises_that_would_leave_a_reader_alone(options, message):
    with pytest.raises(ValueError, match=message):
        check("?", **options)


def test_an_answer_that_is_no_choice(pick):
    with pytest.raises(ValueError, match="'E' is not one of the choices: G, gamma, H"):
        pick.submit("E")


@pytest.mark.parametrize("given", ["1/100", "a lot", ""])
def test_text_where_a_number_is_asked(floor, given):
    with pytest.raises(ValueError, match="number") as caught:
        floor.submit(given)
    assert "could not convert" not in str(caught.value)


def test_negative_tolerance():
    with pytest.raises(ValueError, match="within"):
        check("?", 3, within=-1, otherwise="h")


def test_predictions_are_kept_not_judged():
    guess = predict("How much?", [0, 0.5], unit="jobs")
    assert guess.answer is None
    assert guess.submit(0.5) == "Kept: 0.5 jobs. Now try it and compare."
    assert guess.answer == 0.5
    assert guess.right is None
    assert guess.submit(0) == "Kept: 0 jobs. Now try it and compare."
    with pytest.raises(ValueError, match="7 is not one of the choices"):
        guess.submit(7)
    assert guess.answer == 0


def test_a_number_is_asked_for_without_choices():
    guess = predict("How much?")
    assert guess.kind == "number"
    guess.submit(0.3)
    assert guess.answer == 0.3


def test_a_numeric_prediction_refuses_text():
    guess = predict("How much?")
    with pytest.raises(ValueError, match="number"):
        guess.submit("a lot")


def test_text_for_readers_without_a_kernel(pick):
    data, _ = pick._repr_mimebundle_()
    assert data["text/plain"] == "Which?\n  ( ) G\n  ( ) gamma\n  ( ) H"


def test_questions_know_nothing_of_each_other():
    one, two = (predict("?", [1, 2]) for _ in range(2))
    one.submit(2)
    assert two.answer is None
    assert two.attempt == {}


def test_a_reply_begins_with_the_answer_only_where_there_is_one():
    guess = predict("How many of 40?", [0, 1, 11], unit="regions")
    line = guess.reveal("It is 11.")
    assert line.sentence == "It is 11."
    guess.submit(0)
    assert line.sentence == "You said 0 regions. It is 11."


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("0.385", "", 0.385),
        ("0,385", "", 0.385),
        (" 0,39 ", "", 0.39),
        (",5", "", 0.5),
        ("2,5", "", 2.5),
        ("-8,8", "", -8.8),
        ("\N{MINUS SIGN}8.8", "", -8.8),
        ("+3", "", 3),
        ("38.5 %", "", 0.385),
        ("38,5%", "", 0.385),
        ("38,5 %", "%", 38.5),
        ("38.5", "%", 38.5),
        ("10 per cent", "per cent", 10),
        ("16 km", "km", 16),
        ("0.5km", "km", 0.5),
        ("200 thousand", "thousand people", 200),
        ("200 thousand people", "thousand people", 200),
        ("38.5 %", "km", 0.385),
        ("1.714", "", 1.714),
        ("1 714", "", 1714),
        ("1\N{NO-BREAK SPACE}714,5", "", 1714.5),
        ("1,234,567", "", 1234567),
        ("1.234,5", "", 1234.5),
        ("1,234.5", "", 1234.5),
        ("12345,678", "", 12345.678),
        ("1e-3", "", 0.001),
        (7, "", 7),
        (0.25, "", 0.25),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, unit, value):
    assert read_number(typed, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1,714", "'1,714' can be read as 1.714 and as 1714"),
        ("12,000", "can be read as 12.000 and as 12000"),
        ("", "a number is asked for, got ''"),
        ("-", "a number is asked for"),
        ("about 3", "a number is asked for"),
        ("3 miles", "'miles' after it is not understood; write the number in km"),
        ("1.2.3", "one point or comma is enough"),
        ("1,23,4", "one point or comma is enough"),
        ("1.234,567,8", "one point or comma is enough"),
        ("1 2", "'2' after it is not understood"),
        ("3 4.5", "'4.5' after it is not understood"),
        ("1e400", "no finite number"),
        ("nan", "a number is asked for"),
        (float("nan"), "no finite number"),
        (float("inf"), "no finite number"),
        (None, "a number is asked for"),
        (True, "a number is asked for"),
        ([1], "a number is asked for"),
    ],
)
def test_what_cannot_be_read_is_refused(typed, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        read_number(typed, "km")


def test_what_was_read_is_said(floor):
    assert floor.submit("0,01") == "Read as 0.01 share. Right. 1/100."
    assert floor.submit("10 %") == "Read as 0.1 share. Not yet. That is 1/10."
    assert floor.submit("0.1") == "Not yet. That is 1/10."
    guess = predict("How far?", unit="km", between=(0, 100))
    assert guess.submit("2,5") == "Kept: 2.5 km. Now try it and compare."
    assert guess.answer == 2.5
    for end in (0, 100):
        assert guess.submit(end) == f"Kept: {end} km. Now try it and compare.", "ends belong to it"


def test_what_the_browser_sends_and_nobody_can_read_is_told_and_not_raised(floor):
    floor.submit(0.1)
    floor.attempt = {"given": "1,714", "number": 2}
    assert floor.feedback.startswith("'1,714' can be read as 1.714 and as 1714")
    assert floor.right is None, "the last answer's verdict is gone"
    floor.attempt = {"given": "0,01", "number": 3}
    assert floor.right is True


def test_a_number_out_of_range_is_refused():
    guess = predict("Which share (0 to 1)?", between=(0, 1))
    for given in ("50", -0.1, 1.01):
        with pytest.raises(ValueError, match="is not between 0 and 1"):
            guess.submit(given)
    assert guess.answer is None
    guess.attempt = {"given": "50", "number": 9}
    assert guess.feedback == "50 is not between 0 and 1."
    assert guess.submit("50 %").startswith("Kept: 0.5.")


def test_all_pictures_of_a_question_are_drawn_even_if_one_fails():
    guess, drawn = predict("?", [1, 2]), []

    def fails():
        raise RuntimeError("no picture")

    guess.draw_on(fails)
    guess.draw_on(lambda: drawn.append(guess.answer))
    with pytest.raises(RuntimeError, match="no picture"):
        guess.submit(1)
    assert drawn == [1]


def test_a_cell_run_again_replaces_its_own_pictures_only(monkeypatch):
    guess, drawn = predict("?", [1, 2]), []
    for cell, run in [("a", 1), ("a", 1), ("b", 2), ("a", 3)]:
        monkeypatch.setattr(exercises, "_cell", lambda cell=cell, run=run: (cell, run))
        guess.draw_on(lambda cell=cell, run=run: drawn.append((cell, run)))
    guess.submit(2)
    assert sorted(drawn) == [("a", 3), ("b", 2)]


def test_the_running_cell_is_known(monkeypatch):
    class Shell:
        def get_parent(self):
            return {"header": {"msg_id": "m"}, "metadata": {"cellId": "c"}}

    import IPython

    monkeypatch.setattr(IPython, "get_ipython", Shell)
    assert exercises._cell() == ("c", "m")
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)
    assert exercises._cell() == (None, None)


# --- what the reader's code has computed -----------------------------------------------------


def test_code_that_is_not_written_is_asked_for_and_judged_neither_way():
    empty = judge(..., 3, otherwise="Count.")
    assert empty.right is None
    assert "three dots" in repr(empty)
    assert empty.again(3).right is True


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (0.3851, 0.385),
        (np.float64(0.3849), 0.385),
        ("wine", "wine"),
        (True, True),
        ([1, 2.0001], [1, 2]),
        (np.array([1, 2]), [1, 2]),
        (pd.Series({"B": 2, "A": 1.0}), pd.Series({"A": 1, "B": 2}, name="jobs")),
        (pd.DataFrame({"y": [2], "x": [1]}), pd.DataFrame({"x": [1.0], "y": [2]})),
    ],
)
def test_what_is_right(given, answer):
    assert judge(given, answer, within=0.0005, otherwise="No.", why="So.").feedback == "Right. So."


@pytest.mark.parametrize(
    ("given", "answer", "told"),
    [
        (0.386, 0.385, "Look again."),
        (2.6, 0.385, "Turn it round."),
        ("0.385", 0.385, "A number is asked for, got text."),
        (True, 1, "A number is asked for, got True or False."),
        (None, 0.385, "A number is asked for, got a NoneType."),
        (float("nan"), 0.385, "Look again."),
        (pd.Series({"A": 1}), pd.Series({"B": 1}), "Look again."),
        ([1, 2, 3], [1, 2], "Look again."),
        (pd.DataFrame({"x": [1]}), pd.Series([1]), "A Series is asked for, got a DataFrame."),
    ],
)
def test_what_is_wrong_gets_its_hint(given, answer, told):
    hints = [(2.6, "Turn it round.")] if isinstance(answer, float) else []
    found = judge(given, answer, within=0.0005, hints=hints, otherwise="Look again.")
    assert found.right is False
    assert found.feedback == f"Not yet. {told}"


def test_a_function_is_tried_on_arguments():
    asked = judge(
        ...,
        lambda n, m: (1 - 1 / m) / n,
        on=[(10, 4), (25, 50)],
        within=1e-6,
        hints=[(lambda n, m: 1 / n, "That is H.")],
        otherwise="Look at the formula.",
    )
    assert asked.again(lambda n, m: (m - 1) / (n * m)).right
    assert asked.again(lambda n, m: 1 / n).feedback == "Not yet. That is H."
    assert asked.again(lambda n, m: 0).feedback == "Not yet. Look at the formula."
    assert asked.again(lambda n: n).feedback.startswith("Not yet. Your function stops: TypeError")
    assert asked.again(0.1).feedback == "Not yet. A function is asked for, got 0.1."


def test_a_hint_for_what_is_right_is_refused():
    with pytest.raises(ValueError, match="'Invert it' is for what is right"):
        judge(..., 2, hints=[(2.0, "Invert it")], otherwise="No.")


def test_a_reply_follows_a_later_answer():
    guess = predict("How many?", [1, 11], unit="regions")
    line = guess.reveal("It is 11.")
    assert line.sentence == "It is 11."
    guess.submit(1)
    assert line.sentence == "You said 1 regions. It is 11."


def test_a_question_asked_again_in_its_cell_is_the_same_question(monkeypatch):
    monkeypatch.setattr(exercises, "_cell", lambda: ("cell", "run 1"))
    monkeypatch.setattr(exercises, "_ASKED", {})
    first = predict("How many?", [1, 11])
    line = first.reveal("It is 11.")
    monkeypatch.setattr(exercises, "_cell", lambda: ("cell", "run 2"))
    again = predict("How many?", [1, 11])
    again.submit(11)
    assert line.sentence == "You said 11. It is 11."
    assert predict("How many now?", [1, 11]) is not again
