"""Predict before you try; check an answer and get the hint that fits the mistake.

`predict` asks for a guess and keeps it: the widget that follows draws it beside what came out, or
`Prediction.reveal` answers it in words. `check` judges an answer; both work in a notebook and,
through ``submit``, without a browser. `judge` looks at what the reader's own code has computed.
"""

from __future__ import annotations

import math
import numbers
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import traitlets

from clusterlab.parameters import need, number
from clusterlab.views.still import VIEWS, Still, script

__all__ = ["check", "judge", "predict"]


class _Question(Still):
    _esm = script("answers", "question")
    _css = VIEWS / "explore.css"

    question = traitlets.Unicode("").tag(sync=True)
    kind = traitlets.Unicode("choice").tag(sync=True)
    choices: traitlets.List = traitlets.List().tag(sync=True)
    unit = traitlets.Unicode("").tag(sync=True)
    button = traitlets.Unicode("Answer").tag(sync=True)
    attempt = traitlets.Dict().tag(sync=True)
    feedback = traitlets.Unicode("").tag(sync=True)
    right = traitlets.Bool(None, allow_none=True).tag(sync=True)
    refused = traitlets.Bool(False).tag(sync=True)  # the last attempt was no answer
    answered = traitlets.Int(0).tag(sync=True)  # the number of the last attempt that was judged

    def __init__(self, *, between: tuple[float, float] | None = None, **traits: Any) -> None:
        super().__init__(**traits)
        self.sentence = "\n  ( ) ".join([self.question, *map(str, self.choices)])
        self._between = between
        self._refusal: ValueError | None = None
        self.observe(lambda change: self._take(change["new"]["given"]), "attempt")

    def submit(self, given: Any) -> str:
        """Answer as a reader would; returns the feedback.

        Raises
        ------
        ValueError
            An answer that is none: not one of the choices, no number, or one out of range.
        """
        self.attempt = {"given": given, "number": self.attempt.get("number", 0) + 1}
        if self._refusal is not None:
            raise self._refusal
        return self.feedback

    def _take(self, given: Any) -> None:
        self._refusal = None
        try:
            self._judge(given)
        except ValueError as error:  # the reader is told, and nothing else changes
            self._refusal = error
            self.right, self.feedback = None, str(error)
        finally:
            self.refused = self._refusal is not None
            self.answered = self.attempt["number"]

    def _number(self, given: Any) -> tuple[float, str]:
        """Return the number that was given, and what to say where it was written otherwise."""
        value = read_number(given, self.unit)
        if self._between is not None and not self._between[0] <= value <= self._between[1]:
            low, high = self._between
            raise ValueError(f"{value:g} is not between {low:g} and {high:g}.")
        plain = not isinstance(given, str) or given.strip() == f"{value:.15g}"
        return value, "" if plain else f"Read as {_worded(value, self.unit)}. "

    def _judge(self, given: Any) -> None:
        raise NotImplementedError  # pragma: no cover

    def _refuse_other_than_choices(self, given: Any) -> None:
        if self.choices and given not in self.choices:
            known = ", ".join(map(str, self.choices))
            raise ValueError(f"{given!r} is not one of the choices: {known}.")


class Prediction(_Question):
    """A question whose answer is kept, not judged: ``answer`` is None until the reader chose."""

    answer = traitlets.Any(None, allow_none=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._pictures: dict[Any, tuple[Any, list[Callable[[], None]]]] = {}
        self.observe(lambda _: self._redraw(), "answer")

    def reveal(self, words: str) -> Still:
        """Return a line that answers: "You said 1. It is 11."; it follows a later answer.

        Before there is an answer the line has only the words.

        Examples
        --------
        >>> guess = predict("How many regions?")
        >>> line = guess.reveal("It is 11.")
        >>> _ = guess.submit("1")
        >>> line.sentence
        'You said 1. It is 11.'
        """
        line = _Line()

        def tell() -> None:
            given = None if self.answer is None else _worded(self.answer, self.unit)
            line.sentence = words if given is None else f"You said {given}. {words}"

        tell()
        self.draw_on(tell)
        return line

    def draw_on(self, redraw: Callable[[], None]) -> None:
        """Call ``redraw`` at every answer; the widgets of a cell run again take their places."""
        cell, run = _cell()
        before, redraws = self._pictures.get(cell, (None, []))
        self._pictures[cell] = run, [*(redraws if run == before else []), redraw]

    def _redraw(self) -> None:
        problems = []
        for _, redraws in self._pictures.values():
            for redraw in redraws:
                try:
                    redraw()
                except Exception as error:  # it tells its reader; the others are drawn all the same
                    problems.append(error)
        if problems:
            raise problems[0]

    def _judge(self, given: Any) -> None:
        self._refuse_other_than_choices(given)
        if self.kind == "number":
            given, _ = self._number(given)
        self.answer = given
        self.feedback = f"Kept: {_worded(given, self.unit)}. Now try it and compare."


class Check(_Question):
    """A question with a right answer; see `check`."""

    def __init__(
        self, *, answer: Any, within: float, hints: Mapping, otherwise: str, why: str, **traits: Any
    ) -> None:
        self._answer, self._within, self._hints = answer, within, dict(hints)
        self._otherwise, self._why = otherwise, why
        super().__init__(**traits)

    def _judge(self, given: Any) -> None:
        self._refuse_other_than_choices(given)
        read = ""
        if self.kind == "number":
            given, read = self._number(given)
        if self._answer is ...:
            self.right, self.feedback = None, f"{read}Kept; it is not judged here."
            return
        if self.kind == "sentence":
            self.right, self.feedback = None, f"Compare with: {self._answer}"
            return
        self.right = self._same(given, self._answer)
        if self.right:
            self.feedback = f"{read}Right. {self._why}".strip()
            return
        fitting = [hint for wrong, hint in self._hints.items() if self._same(given, wrong)]
        self.feedback = f"{read}Not yet. {fitting[0] if fitting else self._otherwise}"

    def _same(self, given: Any, value: Any) -> bool:
        if self.kind == "number":
            # a hair more than asked, so that rounding does not refuse the last accepted answer
            return math.isclose(given, value, rel_tol=0, abs_tol=self._within * (1 + 1e-9))
        return bool(given == value)


class _Line(Still):
    """A sentence on a line of its own."""

    _esm = script("line")
    _css = VIEWS / "explore.css"


def read_number(given: Any, unit: str = "") -> float:
    """Read a number as people write it: decimal point or comma, per cent, with its unit.

    Parameters
    ----------
    given : str or float
        What was typed.
    unit : str
        The unit that was asked for; it may follow the number. Per cent stay per cent where they
        were asked for, and are hundredths everywhere else.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        It cannot be read, or could be two numbers.

    Examples
    --------
    >>> read_number("0,385"), read_number("38.5 %"), read_number("38.5 %", unit="%")
    (0.385, 0.385, 38.5)
    >>> read_number("1,714")
    Traceback (most recent call last):
    ValueError: '1,714' can be read as 1.714 and as 1714: write the number with a point, or without.
    """
    asked = f"a number is asked for, got {given!r}"
    if isinstance(given, bool) or not isinstance(given, (str, numbers.Real)):
        raise ValueError(f"{asked}.")
    value = _as_written(given, unit, asked) if isinstance(given, str) else float(given)
    if not math.isfinite(value):
        raise ValueError(f"{asked}, which is no finite number.")
    return value


_PER_CENT = ("%", "per cent", "percent")
_WRITTEN = re.compile(r"([+-]?)(\d+(?: \d{3})*(?:[.,]\d+)*|[.,]\d+)(e[+-]?\d+)?(.*)", re.DOTALL)


def _as_written(given: str, unit: str, asked: str) -> float:
    words = re.sub(r"\s", " ", given).strip().casefold().replace("\N{MINUS SIGN}", "-")
    found = _WRITTEN.fullmatch(words)
    if found is None:
        raise ValueError(f"{asked}.")
    sign, digits, power, rest = found.groups()
    rest, asked_for = rest.strip(), unit.casefold()
    in_per_cent = rest in _PER_CENT
    if rest and not in_per_cent and rest not in (asked_for, asked_for.split(" ")[0]):
        wanted = f" in {unit}" if unit else " alone"
        raise ValueError(f"{asked}: {rest!r} after it is not understood; write the number{wanted}.")
    value = float(sign + _with_a_point(digits, given) + (power or ""))
    return value / 100 if in_per_cent and asked_for not in _PER_CENT else value


def _with_a_point(digits: str, given: str) -> str:
    """Return digits with a decimal point where one was meant."""
    bare, readings = digits.replace(" ", ""), []
    for decimal, group in (".,", ",."):
        grouped = rf"[1-9]\d{{0,2}}([{group}]\d{{3}})+"
        if re.fullmatch(rf"(\d*|{grouped})([{decimal}]\d+)?", bare):
            readings.append(bare.replace(group, "").replace(decimal, "."))
    if not readings:
        raise ValueError(f"{given!r} is no number: one point or comma is enough.")
    if "," in digits and len(set(readings)) > 1:
        raise ValueError(
            f"{given!r} can be read as {readings[1]} and as {readings[0]}: write the number with a "
            "point, or without."
        )
    return readings[0]


def _worded(value: Any, unit: str) -> str:
    told = f"{value:.15g}" if isinstance(value, float) else str(value)
    return f"{told} {unit}".strip()


def _cell() -> tuple[Any, Any]:
    """Return which cell of a notebook is running, and which run of it this is; else None twice."""
    shell: Any = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if not hasattr(shell, "get_parent"):
        return None, None
    parent = shell.get_parent() or {}
    run = parent.get("header", {}).get("msg_id")
    return parent.get("metadata", {}).get("cellId", run), run


#: The prediction that each cell of the notebook asks for.
_ASKED: dict[Any, Prediction] = {}


def _refuse_wrong_kinds(question: Any, choices: Any, unit: Any) -> None:
    for name, text in (("question", question), ("unit", unit)):
        need(isinstance(text, str), name, "text", text)
    if choices is not None:
        listed = isinstance(choices, Sequence) and not isinstance(choices, str)
        need(listed, "choices", "a list of answers", choices)
        if not choices:
            raise ValueError("choices is an empty list, but there must be an answer to choose.")


def predict(
    question: str,
    choices: Sequence | None = None,
    *,
    unit: str = "",
    between: tuple[float, float] | None = None,
) -> Prediction:
    """Ask for a prediction before a widget moves, and keep it.

    Parameters
    ----------
    question : str
        The question, in words.
    choices : sequence, optional
        Answers to choose from; a number is asked for where there are none.
    unit : str
        Unit of the number.
    between : tuple of float, optional
        The least and the greatest number that makes sense.

    Returns
    -------
    Prediction
        Pass it to a widget (``prediction=``), which draws the answer on the picture.

    See Also
    --------
    check : a question with a right answer.
    clusterlab.explore.explore : the widget that draws the answer.

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
    traits = {"question": question, "kind": kind, "choices": list(choices or ()), "unit": unit}
    cell, _ = _cell()
    asked = _ASKED.get(cell)
    if asked is not None and all(getattr(asked, name) == now for name, now in traits.items()):
        return asked  # the cell is run again: widgets below go on with what is answered now
    made = Prediction(**traits, between=between, button="Keep my answer")
    if cell is not None:
        _ASKED[cell] = made
    return made


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
        a sentence that is shown for comparison once the reader has written one. With ``...``, as in
        a copy for students, the reader's answer is kept and not judged.
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

    Returns
    -------
    Check
        The widget with the question; ``submit`` answers it without a browser.

    Raises
    ------
    ValueError
        The answer or a hint is not among the choices, or no number where a number is asked for; a
        wrong answer would get no hint; or an argument is of the wrong kind.

    See Also
    --------
    predict : ask before, and judge nothing.

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
    hints, listed = hints or {}, list(choices or ())
    need(isinstance(hints, Mapping), "hints", "a mapping from wrong answers to hints", hints)
    kind = "choice" if choices is not None else "number" if within is not None else "sentence"
    known = {} if answer is ... else {"answer": answer}
    for value in (*known.values(), *hints) if kind == "choice" else ():
        if value not in listed:
            raise ValueError(f"{value!r} is not one of the choices {listed}.")
    if kind == "number":
        number("within", within)
        for name, value in (*known.items(), *(("a wrong answer in hints", h) for h in hints)):
            number(name, value, -math.inf)
    covered = kind == "choice" and {*listed} <= {answer, *hints}
    if known and kind != "sentence" and not otherwise and not covered:
        raise ValueError("give a hint for every wrong choice, or otherwise= for the rest.")
    told: Any = {"answer": answer, "within": within or 0.0, "hints": hints, "otherwise": otherwise}
    return Check(question=question, kind=kind, choices=listed, unit=unit, why=why, **told)


@dataclass(frozen=True)
class Judgement:
    """What is said of a result the reader has computed; see `judge`.

    Attributes
    ----------
    right : bool or None
        None where nothing was computed yet.
    feedback : str
        What the reader is told.
    again : callable
        Judges another result.
    """

    right: bool | None
    feedback: str
    again: Callable[[Any], Judgement] = field(repr=False)

    def __repr__(self) -> str:
        return self.feedback


def judge(
    given: Any,
    answer: Any,
    *,
    within: float = 0.0,
    hints: Sequence[tuple[Any, str]] = (),
    otherwise: str,
    why: str = "",
    on: Sequence[tuple] = (),
) -> Judgement:
    """Judge what the reader's code has computed, and give the hint that fits the mistake.

    Parameters
    ----------
    given : object
        The reader's result; ``...`` stands for code that is not written yet.
    answer : object
        The right one: a number, text, True or False, a list, an array, a Series or a DataFrame (the
        order of labels does not matter); with ``on``, a function.
    within : float
        Largest accepted distance of a number from the right one.
    hints : sequence of tuple
        (wrong result, what leads away from that mistake), for each usual mistake.
    otherwise : str
        The hint for any other wrong result.
    why : str
        Why the right one is right; shown with it.
    on : sequence of tuple
        The arguments of each call by which a function is tried.

    Returns
    -------
    Judgement
        Shows its ``feedback``; ``right`` is None where nothing was written, and ``again`` judges
        another result.

    Raises
    ------
    ValueError
        A hint for what is right, or a tolerance that is no number.

    See Also
    --------
    check : a question with a field for the answer.

    Examples
    --------
    >>> share = 1714 / 79006
    >>> judge(share, 0.0217, within=0.00005, otherwise="Divide the city's jobs by all jobs in it.")
    Right.
    >>> judge(lambda n: n, lambda n: 1 / n, on=[(4,), (10,)], hints=[(lambda n: n, "Invert it.")],
    ...       otherwise="H of n equal plants is 1/n.")
    Not yet. Invert it.
    """
    number("within", within)

    def results(made: Any) -> list:
        return [made(*arguments) for arguments in on] if on else [made]

    right = results(answer)
    wrong = [(results(made), hint) for made, hint in hints]
    for made, hint in wrong:
        if _alike(made, right, within):
            raise ValueError(f"the hint {hint!r} is for what is right.")

    def verdict(made: Any) -> tuple[bool | None, str]:
        if made is ...:
            return None, "Write your code in place of the three dots, and run this cell again."
        if on and not callable(made):
            return False, f"Not yet. A function is asked for, got {made!r:.60}."
        try:
            found = results(made)
        except Exception as error:  # the reader's own code, whatever it raises
            return False, f"Not yet. Your function stops: {type(error).__name__}: {error}."
        if _alike(found, right, within):
            return True, f"Right. {why}".strip()
        if told := _other_kind(found[0], right[0]):
            return False, f"Not yet. {told}"
        fitting = [hint for each, hint in wrong if _alike(found, each, within)]
        return False, f"Not yet. {fitting[0] if fitting else otherwise}"

    def again(made: Any) -> Judgement:
        is_right, feedback = verdict(made)
        return Judgement(right=is_right, feedback=feedback, again=again)

    return again(given)


#: What a result may be, the first that fits; a subclass comes before its class.
_KINDS: tuple[tuple[Any, str], ...] = (
    (bool | np.bool_, "True or False"),
    (numbers.Real, "a number"),
    (list | tuple | np.ndarray, "a list"),
    (str, "text"),
)


def _kind(value: Any) -> str:
    other = f"a {type(value).__name__}"
    return next((words for kind, words in _KINDS if isinstance(value, kind)), other)


def _other_kind(given: Any, answer: Any) -> str:
    asked, got = _kind(answer), _kind(given)
    return "" if asked == got else f"{asked[0].upper()}{asked[1:]} is asked for, got {got}."


_NOT_ASKED = ("check_names", "check_dtype", "check_index_type", "check_column_type")


def _alike(given: list, answer: list, within: float) -> bool:
    """Tell whether results are the same, labels aligned and numbers within a distance."""
    how: Any = dict.fromkeys(_NOT_ASKED, False) | {"check_like": True, "rtol": 1e-9, "atol": within}
    for one, other in zip(given, answer, strict=True):
        if _other_kind(one, other):
            return False
        try:
            pd.testing.assert_frame_equal(_framed(one), _framed(other), **how)
        except AssertionError:
            return False
    return True


def _framed(value: Any) -> pd.DataFrame:
    if isinstance(value, pd.Series):
        return value.to_frame("")
    if isinstance(value, pd.DataFrame):
        return value
    return pd.DataFrame(np.atleast_1d(np.array(value)))
