"""Nine marks of a sound cluster initiative, and what those who know one say of each.

The marks are a document's; questions, scale and reckoning are ours.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from clusterlab import datasets
from clusterlab.names import did_you_mean, listed, shown
from clusterlab.parameters import need, number
from clusterlab.reading import is_missing, plain
from clusterlab.results import Result
from clusterlab.tables import check_labels, need_columns, need_frame

#: What an answer says, from 0 to 4.
SCALE = ("not at all", "a little", "partly", "mostly", "fully")
_CODES = {word: code for code, each in enumerate(SCALE) for word in (each, f"{code}", f"{code}.0")}
# Answers are whole numbers. So many variances of a rounded answer, 1/12, are in the difference of
# two means of three; without them two people who say the same would leave no doubt.
_ROUNDING = 2 / 3 / 12
_load = cache(datasets.load)

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>td, th {{text-align: left; vertical-align: top}} tr {{break-inside: avoid}}</style>
<h1>{title}</h1><p>{note}</p>{scores}<h2>Answers behind the scores</h2>{answers}</html>"""


@dataclass(frozen=True, repr=False)
class Audit(Result):
    """Scores of a cluster initiative on nine marks.

    Attributes
    ----------
    scores : pandas.DataFrame
        Indexed by mark, weakest first and those without an answer last: ``score`` from 0 to 4;
        ``people`` and ``answered``, how many people and answers are behind it; ``spread``, the
        standard deviation between people's own scores, and ``error``, that of their mean (NaN with
        fewer than two); ``above``, whether it is clearly above the weakest; ``advice``, what the
        document advises.
    answers : pandas.DataFrame
        Indexed by mark and question, in the same order: how many gave each answer, and how many
        none.
    weakest : tuple
        The mark with the lowest score, all of them where several have it.
    note : str
        What the scores say, in sentences.
    """

    scores: pd.DataFrame
    answers: pd.DataFrame
    weakest: tuple
    note: str

    def to_frame(self) -> pd.DataFrame:
        """Return the scores, one row a mark."""
        return self.scores.copy()

    def write_page(self, path: str | Path, *, title: str = "Audit of a cluster initiative") -> None:
        """Write scores, advice and answers to a new HTML file, to be opened and printed.

        Parameters
        ----------
        path : str or Path
            The file. One that is there already is not overwritten.
        title : str
            Heading of the page.

        Raises
        ------
        ValueError
            The file is there already, or cannot be written.
        """
        need(isinstance(path, str | Path), "path", "the name of a new file", path)
        page = _PAGE.format(
            title=html.escape(str(title)),
            note=html.escape(self.note),
            scores=self.scores.round(2).to_html(na_rep="not answered"),
            answers=self.answers.to_html(),
        )
        try:
            with Path(path).open("x", encoding="utf-8") as file:
                file.write(page)
        except OSError as error:
            why = f"{str(path)!r}: {error.strerror}; name a new file"
            raise ValueError(f"the page cannot be written to {why}.") from None


def audit(answers: Any, *, level: float = 0.9) -> Audit:
    r"""Hold a cluster initiative against nine marks, weakest first.

    Parameters
    ----------
    answers : pandas.DataFrame or mapping
        A row a person and a column a question of ``datasets.load("initiative_questions")``; people
        are named by a column ``respondent`` or else by the index. An answer is 0 (not at all), 1 (a
        little), 2 (partly), 3 (mostly), 4 (fully), or these words; an empty cell is no answer, and
        so is a question without a column. A mapping of questions to answers is one person's.
    level : float
        Confidence with which a mark is said to be clearly above the weakest.

    Returns
    -------
    Audit

    Raises
    ------
    ValueError
        No person or no question, a person or question there twice, a question that is not known, an
        answer that is not on the scale.

    See Also
    --------
    clusterlab.diamond.score : Indicators of a place.

    Notes
    -----
    A person's score on a mark is the plain mean of what that person answered of its three
    questions, and the mark's score is the plain mean over people. Nothing is weighted: each person
    who answered counts once, whatever was left out. What is not answered is not counted, neither as
    zero nor otherwise.

    *Clearly above the weakest.* Some people are more severe than others, so marks are compared
    within people. With d the difference of a person's two scores, s² its variance over the n people
    who have both, and k marks answered, mark m is clearly above w if

    .. math:: \bar d > t_{n-1}\Bigl(1 - \frac{1 - \text{level}}{k(k-1)}\Bigr)
              \sqrt{\frac{s^2 + 1/18}{n}} .

    The quantile of Student's t is that of all k(k − 1)/2 pairs at once (Bonferroni), since which
    mark is weakest is itself read off the answers; 1/18 is the variance of rounding to whole
    numbers. Where several marks are weakest, m is clearly above all of them. One person tells no
    two marks apart. People who were not asked, and would say something else, are in none of this.

    References
    ----------
    porter-2000, section Clusters and Overall Economic Policy, for marks and advice; questions,
    scale and reckoning are ours.

    Examples
    --------
    >>> found = audit({"firms lead": "a little", "own body": 2, "concrete steps": 3})
    >>> found.weakest, found.scores["score"].head(2).tolist()
    (('private lead',), [1.5, 3.0])
    >>> print(found.note[:67])
    Weakest is private lead, with 1.50 of 4; clearly above it: nothing.
    """
    number("level", level, 0, 1, ends=False)
    mark = _load("initiative_questions").set_index("question")["mark"]
    advice = _load("initiative_marks").set_index("mark")["advises"]
    table = _read(answers, mark.index)
    own = table.T.groupby(mark).mean().T[advice.index]
    score, people, spread = own.mean(), own.count(), own.std()
    weakest = tuple(score.index[score < score.min() + 1e-9])
    scores = pd.DataFrame(
        {
            "score": score,
            "people": people,
            "answered": table.count().groupby(mark).sum(),
            "spread": spread,
            "error": spread / np.sqrt(people),
            "above": _above(own, weakest, level),
            "advice": advice,
        },
        advice.index,
    ).sort_values("score", kind="stable")
    counts = pd.DataFrame({word: (table == code).sum() for code, word in enumerate(SCALE)})
    counts["no answer"] = table.isna().sum()
    return Audit(
        scores=scores,
        answers=counts.set_index(mark, append=True).swaplevel().loc[[*scores.index]],
        weakest=weakest,
        note=_note(scores, weakest),
    )


def _read(answers: Any, questions: pd.Index) -> pd.DataFrame:
    """Return people x all questions as numbers, NaN where there is no answer."""
    if isinstance(answers, Mapping | pd.Series):
        answers = pd.DataFrame([dict(answers)], ["one person"])
    need_frame(answers, "the answers", "a row a person and a column a question")
    need_columns(answers.columns, answers.columns, "the table of answers")
    if "respondent" in answers.columns:
        answers = answers.set_index("respondent")
    check_labels(answers.index, "respondent")
    for name in answers.columns:
        if name not in questions:
            near = did_you_mean(name, questions, "the questions are")
            raise ValueError(f"audit: there is no question {shown(name)}{near}")
    codes = answers.map(lambda cell: _CODES.get(plain(cell).casefold(), np.nan))
    for row, column in np.argwhere((codes.isna() & ~answers.map(is_missing)).to_numpy()):
        person, given = answers.index[row], answers.iloc[row, column]
        raise ValueError(
            f"audit: {shown(person)} answers {shown(given)} to {answers.columns[column]!r}; an "
            f"answer is a whole number from 0 to 4, or {', '.join(SCALE[:-1])} or {SCALE[-1]}, and "
            "an empty cell where there is none."
        )
    return codes.reindex(columns=questions).astype(float)


def _above(own: pd.DataFrame, weakest: tuple, level: float) -> pd.Series:
    """Return which marks are clearly above all of the weakest."""
    answered = own.notna().any().sum()
    clear = pd.Series(bool(weakest), own.columns)
    for mark in weakest:
        apart = own.sub(own[mark], axis=0)
        people = apart.count()
        error = np.sqrt((apart.var() + _ROUNDING) / people)
        quantile = student.ppf(1 - (1 - level) / (answered * max(answered - 1, 1)), people - 1)
        clear &= apart.mean() > quantile * error
    return clear


def _note(scores: pd.DataFrame, weakest: tuple) -> str:
    """Say which mark is weakest, what is clearly above it, and what has no answer."""
    answered, above = scores["people"] > 0, scores["above"]
    if not weakest:
        return "No question has an answer."
    near = scores.index[answered & ~above].drop([*weakest])
    clear = [*scores.index[above]] or ["nothing"]
    if above.sum() > len(near):  # the shorter list is named
        clear = [f"all but {listed(near)}" if len(near) else "all others"]
    verb, it = ("is", "it") if len(weakest) == 1 else ("are", "them")
    words = f"Weakest {verb} {listed(weakest)}, with {scores['score'].min():.2f} of 4; "
    words += f"clearly above {it}: {listed(clear)}."
    return words + ("" if answered.all() else f" Not answered: {listed(scores.index[~answered])}.")
