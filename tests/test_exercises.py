"""Questions keep a prediction, judge an answer, and give the hint that fits the mistake."""

import pytest

from clusterlab.exercises import check, predict


@pytest.fixture
def floor():
    return check(
        "100 equal plants: what is H?", 0.01, within=0.0005, unit="share",
        hints={0.1: "That is 1/10.", 1: "That is one plant."},
        otherwise="H of n equal plants is 1/n.", why="1/100.",
    )  # fmt: skip


@pytest.fixture
def pick():
    return check(
        "Which?", "gamma", choices=["G", "gamma", "H"],
        hints={"G": "G counts big plants.", "H": "H has no places."}, why="It takes H out.",
    )  # fmt: skip


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
        (float("nan"), False),
        pytest.param(
            0.0105,
            True,
        ),
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
    assert f"{guess.said}It is 11." == "It is 11."
    guess.submit(0)
    assert f"{guess.said}It is 11." == "You said 0 regions. It is 11."
