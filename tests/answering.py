"""Answer every exercise of a unit: right, wrong in every way that is listed, and with odd text.

`remember` runs in a kernel before a unit's first cell and keeps what the unit asks, as it asks it;
`faults`, after its last, answers all of it (`notebook_outputs`).
"""

import functools
import re
import traceback

from clusterlab import exercises

ODD = ["", "  ", "abc", "1,2,3", "-", "1e400", "nan", "0x1F", "½", "1 2", "ten", "12 apples"]
ASKED: list = []


def remember():
    """Keep each question, prediction and judged piece of code that is made from now on."""
    for name in ("check", "predict", "judge"):
        setattr(exercises, name, _kept(getattr(exercises, name)))


def _kept(ask):
    @functools.wraps(ask)
    def asked(*given, **named):
        question = ask(*given, **named)
        ASKED.append((question, named))
        return question

    return asked


def faults():
    """Return what is wrong with the answers to what was asked, a line for each question."""
    found = []
    for question, named in ASKED:
        try:
            _answer(question, named)
        except Exception as error:
            line = traceback.extract_tb(error.__traceback__)[-1].line
            asked = getattr(question, "question", named.get("otherwise", ""))
            found.append(f"{asked!r}: {line}: {error!r}")
    return found


def _answer(question, named):
    if isinstance(question, exercises.Judgement):
        _judged(question, named)
    elif isinstance(question, exercises.Check):
        _checked(question)
    else:
        _predicted(question)


def _judged(question, named):
    assert question.right is None, "the exercise is solved before the reader has come"
    assert named["otherwise"]
    for wrong, hint in named.get("hints", ()):
        assert question.again(wrong).feedback == f"Not yet. {hint}"
    assert question.again(object()).feedback.startswith("Not yet. ")


def _checked(question):
    if question.kind == "sentence":
        assert question.submit("x").startswith("Compare with: ")
        return
    assert question.submit(question._answer).startswith("Right.")
    for wrong, hint in question._hints.items():
        assert question.submit(wrong) == f"Not yet. {hint}"
    if question.kind == "number":
        assert question.submit(question._answer + 1000 * (question._within or 1)).startswith("Not")
    _refused(question)


def _predicted(question):
    choices = question.choices or [str(sum(question._between or (1, 1)) / 2)]
    for choice in choices:
        assert question.submit(choice).startswith("Kept: ")
    before = question.answer
    _refused(question)
    assert question.answer == before


def _refused(question):
    for odd in ODD:
        try:
            said = question.submit(odd)
        except ValueError as error:
            said = str(error)
        assert re.search("asked for|one of the choices|no number", said), (odd, said)
