"""Predict before you try; check an answer and get the hint that fits the mistake.

`predict` asks for a guess and keeps it: the widget that follows draws it beside what came out.
`check` judges an answer. Both work in a notebook and, through ``submit``, without a browser.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from clusterlab.parameters import number

__all__ = ["Check", "Prediction", "check", "predict"]

_VIEWS = Path(__file__).parent / "views"


class _Question(anywidget.AnyWidget):
    _esm = _VIEWS / "question.js"
    _css = _VIEWS / "explore.css"

    question = traitlets.Unicode("").tag(sync=True)
    kind = traitlets.Unicode("choice").tag(sync=True)
    choices: traitlets.List = traitlets.List().tag(sync=True)
    unit = traitlets.Unicode("").tag(sync=True)
    button = traitlets.Unicode("Answer").tag(sync=True)
    attempt = traitlets.Dict().tag(sync=True)
    feedback = traitlets.Unicode("").tag(sync=True)
    right = traitlets.Bool(None, allow_none=True).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.observe(lambda change: self._judge(change["new"]["given"]), "attempt")

    def submit(self, given: Any) -> str:
        """Answer as a reader would; returns the feedback."""
        self.attempt = {"given": given, "number": self.attempt.get("number", 0) + 1}
        return self.feedback

    def _judge(self, given: Any) -> None:
        raise NotImplementedError  # pragma: no cover

    def _refuse_other_than_choices(self, given: Any) -> None:
        if self.choices and given not in self.choices:
            known = ", ".join(map(str, self.choices))
            raise ValueError(f"{given!r} is not one of the choices: {known}.")

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        options = "".join(f"\n  ( ) {choice}" for choice in self.choices)
        return {**(data or {}), "text/plain": self.question + options}, metadata


class Prediction(_Question):
    """A question whose answer is kept, not judged: ``answer`` is None until the reader chose."""

    answer = traitlets.Any(None, allow_none=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._pictures: dict[Any, Callable[[], None]] = {}
        self.observe(lambda _: [redraw() for redraw in self._pictures.values()], "answer")

    @property
    def said(self) -> str:
        """The answer as the beginning of a reply, "You said 11. "; empty before there is one."""
        return "" if self.answer is None else f"You said {self._told(self.answer)}. "

    def draw_on(self, place: Any, redraw: Callable[[], None]) -> None:
        """Call ``redraw`` at every answer; a widget made again takes its former place."""
        self._pictures[place] = redraw

    def _judge(self, given: Any) -> None:
        self._refuse_other_than_choices(given)
        if self.kind == "number":
            given = _number(given)
        self.answer = given
        self.feedback = f"Kept: {self._told(given)}. Now try it and compare."

    def _told(self, answer: Any) -> str:
        return f"{answer} {self.unit}".strip()


class Check(_Question):
    """A question with a right answer; see `check`."""

    def __init__(self, *, answer: Any, within: float, hints: Mapping, otherwise: str, why: str,
                 **traits: Any) -> None:  # fmt: skip
        self._answer, self._within, self._hints = answer, within, dict(hints)
        self._otherwise, self._why = otherwise, why
        super().__init__(**traits)

    def _judge(self, given: Any) -> None:
        if self.kind == "sentence":
            self.right, self.feedback = None, f"Compare with: {self._answer}"
            return
        self._refuse_other_than_choices(given)
        if self.kind == "number":
            given = _number(given)
        self.right = self._same(given, self._answer)
        if self.right:
            self.feedback = f"Right. {self._why}".strip()
            return
        fitting = [hint for wrong, hint in self._hints.items() if self._same(given, wrong)]
        self.feedback = f"Not yet. {fitting[0] if fitting else self._otherwise}"

    def _same(self, given: Any, value: Any) -> bool:
        if self.kind == "number":
            # a hair more than asked, so that rounding does not refuse the last accepted answer
            return math.isclose(given, value, rel_tol=0, abs_tol=self._within * (1 + 1e-9))
        return bool(given == value)


def _number(given: Any) -> float:
    try:
        return float(given)
    except (TypeError, ValueError):
        raise ValueError(f"a number is asked for, got {given!r}.") from None


def _refuse_wrong_kinds(question: Any, choices: Any, unit: Any) -> None:
    for name, text in (("question", question), ("unit", unit)):
        if not isinstance(text, str):
            raise ValueError(f"{name} must be text, got {text!r:.60}.")
    if choices is not None and (isinstance(choices, str) or not isinstance(choices, Sequence)):
        raise ValueError(f"choices must be a list of answers, got {choices!r:.60}.")
    if choices is not None and not len(choices):
        raise ValueError("choices is an empty list, but there must be an answer to choose.")


def predict(question: str, choices: Sequence | None = None, *, unit: str = "") -> Prediction:
    """Ask for a prediction before a widget moves, and keep it.

    Parameters
    ----------
    question : str
        The question, in words.
    choices : sequence, optional
        Answers to choose from; a number is asked for where there are none.
    unit : str
        Unit of the number.

    Returns
    -------
    Prediction
        Pass it to a widget (``prediction=``), which draws the answer on the picture.

    Examples
    --------
    >>> guess = predict("What raw index do you expect?", [0, 0.1, 0.5])
    >>> guess.answer is None
    True
    >>> guess.submit(0.1)
    'Kept: 0.1. Now try it and compare.'
    >>> guess.answer
    0.1
    """
    _refuse_wrong_kinds(question, choices, unit)
    kind = "number" if choices is None else "choice"
    return Prediction(
        question=question,
        kind=kind,
        choices=list(choices or ()),
        unit=unit,
        button="Keep my answer",
    )


def check(
    question: str,
    answer: Any,
    *,
    choices: Sequence | None = None,
    within: float | None = None,
    unit: str = "",
    hints: Mapping[Any, str] | None = None,
    otherwise: str = "",
    why: str = "",
) -> Check:
    """Ask a question and answer a wrong reply with the hint that fits the mistake.

    Parameters
    ----------
    question : str
        The question, in words.
    answer : object
        The right answer: one of ``choices``; a number, right up to ``within``; or, with neither,
        a sentence that is shown for comparison once the reader has written one.
    choices : sequence, optional
        Answers to choose from.
    within : float, optional
        Largest accepted distance from a numeric answer, in the unit of the answer.
    unit : str
        Unit of the number.
    hints : mapping, optional
        For each usual wrong answer, what leads away from that mistake.
    otherwise : str
        The hint for any other wrong answer; needed unless every choice has its own.
    why : str
        Why the answer is right; shown with it.

    Raises
    ------
    ValueError
        The answer or a hint is not among the choices, or no number where a number is asked for; a
        wrong answer would get no hint; or an argument is of the wrong kind.

    Examples
    --------
    >>> floor = check("100 equal plants, no clustering: what is H?", 0.01, within=0.0005,
    ...               hints={0.1: "That is 1/10; how many plants are there?"},
    ...               otherwise="H of n equal plants is 1/n.")
    >>> floor.submit(0.1)
    'Not yet. That is 1/10; how many plants are there?'
    >>> floor.submit(0.01)
    'Right.'
    """
    _refuse_wrong_kinds(question, choices, unit)
    if not isinstance(hints or {}, Mapping):
        raise ValueError(f"hints must be a mapping from wrong answers to hints, got {hints!r:.60}.")
    hints = dict(hints or {})
    kind = "choice" if choices is not None else "number" if within is not None else "sentence"
    if kind == "choice":
        for value in (answer, *hints):
            if value not in (choices or ()):
                raise ValueError(f"{value!r} is not one of the choices {list(choices or ())}.")
    if kind == "number":
        number("within", within)
        for name, value in (("answer", answer), *(("a wrong answer in hints", h) for h in hints)):
            number(name, value, -math.inf)
    covered = kind == "choice" and set(choices or ()) <= {answer, *hints}
    if kind != "sentence" and not otherwise and not covered:
        raise ValueError("give a hint for every wrong choice, or otherwise= for the rest.")
    return Check(
        question=question, kind=kind, choices=list(choices or ()), unit=unit, answer=answer,
        within=within or 0.0, hints=hints, otherwise=otherwise, why=why,
    )  # fmt: skip
