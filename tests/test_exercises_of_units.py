"""Every exercise of the course: answered right, wrong in every way that is listed, and with odd text.

Each unit runs here in one namespace, as its kernel would run it; what it asks is kept as it asks.
"""

import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import notebook_outputs
import pytest

from clusterlab import exercises

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(path for path in FOLDER.rglob("*.ipynb") if path.parent.name != "recipes")
ODD = ["", "  ", "abc", "1,2,3", "-", "1e400", "nan", "0x1F", "½", "1 2", "ten", "12 apples"]


@pytest.fixture
def asked(request, monkeypatch):
    """Run a notebook; return what it asks: questions, predictions and judged code."""
    kept = []
    for name in ("check", "predict", "judge"):
        ask = getattr(exercises, name)

        def keep(*given, _ask=ask, **named):
            kept.append((_ask(*given, **named), named))
            return kept[-1][0]

        monkeypatch.setattr(exercises, name, keep)
    monkeypatch.chdir(request.param.parent)
    names: dict = {"display": lambda *_: None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for cell in notebook_outputs.code_cells(request.param):
            source = "\n".join(
                line for line in "".join(cell["source"]).splitlines() if not line.startswith("%")
            )
            exec(compile(source, request.param.name, "exec"), names)
    plt.close("all")
    return kept


@pytest.mark.parametrize("asked", NOTEBOOKS, ids=notebook_outputs.name, indirect=True)
def test_every_exercise_answers_its_reader(asked):
    for question, named in asked:
        if isinstance(question, exercises.Judgement):
            judged(question, named)
        elif isinstance(question, exercises.Check):
            checked(question)
        else:
            kept(question)


def judged(question, named):
    assert question.right is None, "the exercise is solved before the reader has come"
    assert named["otherwise"]
    for wrong, hint in named.get("hints", ()):
        assert question.again(wrong).feedback == f"Not yet. {hint}"
    assert question.again(object()).feedback.startswith("Not yet. ")


def checked(question):
    if question.kind == "sentence":
        assert question.submit("x").startswith("Compare with: ")
        return
    assert question.submit(question._answer).startswith("Right.")
    for wrong, hint in question._hints.items():
        assert question.submit(wrong) == f"Not yet. {hint}"
    if question.kind == "number":
        assert question.submit(question._answer + 1000 * (question._within or 1)).startswith("Not")
    refused(question)


def kept(question):
    choices = question.choices or [str(sum(question._between or (1, 1)) / 2)]
    for choice in choices:
        assert question.submit(choice).startswith("Kept: ")
    before = question.answer
    refused(question)
    assert question.answer == before


def refused(question):
    for odd in ODD:
        with pytest.raises(ValueError, match=r"asked for|one of the choices|no number"):
            question.submit(odd)
