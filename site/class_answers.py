"""Summarise the answers of a class: ``python site/class_answers.py FOLDER [--csv FILE]``.

The folder holds the files that students saved from the start page. Every answer is judged anew by
the course's own questions; what a file says of itself is only compared with that. A file or an
answer that cannot be counted is named, with the reason. The checksum of a file finds what was
changed by accident; who wants to deceive can compute it as well.
"""

import argparse
import csv
import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import asked

from clusterlab import __version__, exercises


@dataclass(frozen=True)
class Answer:
    """A student's answer to a question, judged anew: at first, and at last."""

    student: str
    question: asked.Question
    first: Any
    last: Any
    tries: int
    first_right: bool | None
    last_right: bool | None
    #: wrong answers, each with the hint it led to
    wrong: dict[str, str]


@dataclass
class Class:
    """What a class has handed in, and in sentences what could not be counted as it stands."""

    answers: list[Answer] = field(default_factory=list)
    students: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Number(str):
    """A number as it is written in a file."""


def checksum(text: str) -> str:
    """Return the checksum of a file of answers, CRC-32 of all but the sum, as the page computes it.

    Spaces and line ends do not count, numbers count as they are written.
    """

    def compact(value: Any) -> str:
        if isinstance(value, _Number):
            return str(value)
        if isinstance(value, dict):
            parts = (f"{compact(key)}:{compact(part)}" for key, part in value.items())
            return "{" + ",".join(parts) + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(compact, value)) + "]"
        return json.dumps(value, ensure_ascii=False)

    found = json.loads(text, parse_float=_Number, parse_int=_Number)
    found.pop("sum", None)
    return f"{zlib.crc32(compact(found).encode('utf-8', 'surrogatepass')):08x}"


def read(path: Path) -> tuple[dict | None, list[str]]:
    """Return what a file holds, None where it is no file of answers, and what is odd about it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return None, [f"{path.name} is not JSON: it is left out."]
    whole = isinstance(found, dict) and isinstance(found.get("answers"), dict)
    if not whole or not all(isinstance(found.get(key), str) for key in ("clusterlab", "name")):
        return None, [f"{path.name} is JSON, but no file of answers: it is left out."]
    notes = []
    if found.get("sum") != checksum(text):
        notes.append(f"{path.name} was changed after it was saved: its checksum does not fit.")
    if found["clusterlab"] != __version__:
        notes.append(
            f"{path.name} was saved with version {found['clusterlab']} of the course, this is "
            f"{__version__}: questions in the same words are judged as this version does."
        )
    return found, notes


@cache
def questions() -> dict[str, asked.Question]:
    """Return the questions of the course by their words."""
    return {question.text: question for question in asked.in_course()}


def form(question: asked.Question) -> Any:
    """Return a question as the reader's kernel makes it, so that it judges as it does there.

    It is None for a prediction whose choices only the notebook knows: that takes any answer.
    """
    given = [asked.literal(part) for part in question.call.args]
    named = {part.arg: asked.literal(part.value) for part in question.call.keywords}
    if question.kind == "check":
        return exercises.check(*given, **named)
    return None if None in given else exercises.predict(*given, **named)


def answers_of(student: str, found: dict) -> Iterator[Answer | str]:
    """Judge the answers of one file; what cannot be judged comes as a sentence."""
    for text, kept in found["answers"].items():
        question = questions().get(text)
        if question is None:
            yield f"{student}: the course does not ask {text[:60]!r}; the answer is left out."
            continue
        short = f"{student}, question {question.number} of {question.unit}"
        if not isinstance(kept, dict) or not {"first", "last", "right"} <= kept.keys():
            yield f"{short}: first, last or right is missing; the answer is left out."
            continue
        asks, wrong, verdicts = form(question), {}, []
        try:
            for given in (kept["first"], kept["last"]):
                feedback = asks.submit(given) if asks is not None else ""
                verdicts.append(asks.right if asks is not None else None)
                if verdicts[-1] is False:
                    wrong[str(given)] = feedback.partition("Not yet. ")[2]
        except ValueError as error:
            yield f"{short}: {str(error).rstrip('.')}; the answer is left out."
            continue
        if kept["right"] not in (None, verdicts[-1]):
            says, anew = (
                "right" if each is True else "wrong" if each is False else "neither"
                for each in (kept["right"], verdicts[-1])
            )
            yield f"{short}: the file says {says}, judged anew it is {anew}; that counts."
        tries = kept.get("tries") if isinstance(kept.get("tries"), int) else 1
        yield Answer(student, question, kept["first"], kept["last"], tries, *verdicts, wrong)


def named(path: Path, found: dict) -> str:
    """Return the name a student gave, or that of the file."""
    return " ".join(found["name"].split()) or path.stem


def collected(folder: Path) -> Class:
    """Read and judge what a class has handed in: every file of a folder and of those in it."""
    handed, files = Class(), {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        if path.name.startswith("."):
            continue
        found, notes = read(path)
        handed.notes += notes
        if found is None:
            continue
        student = named(path, found)
        key = student.casefold()
        if key in files:
            other, before = files[key]
            later = str(found.get("saved")) > str(before.get("saved"))
            kept, left = (path, other) if later else (other, path)
            handed.notes.append(
                f"{left.name} and {kept.name} are both of {student}: the one that was saved last "
                f"counts, {kept.name}."
            )
            if not later:
                continue
        files[key] = path, found
    for path, found in files.values():
        student = named(path, found)
        handed.students.append(student)
        for each in answers_of(student, found):
            (handed.notes if isinstance(each, str) else handed.answers).append(each)
    return handed


def share(verdicts: Sequence[bool | None]) -> str:
    """Return how many are right, and as a share."""
    right = sum(verdict is True for verdict in verdicts)
    return f"{right} ({100 * right / len(verdicts):.0f} %)"


def told(handed: Class) -> str:
    """Return the summary, in words."""
    lines = [f"Students: {len(handed.students)}. Answers: {len(handed.answers)}."]
    if handed.notes:
        lines += ["", f"Not counted as it stands ({len(handed.notes)}):"]
        lines += [f"- {note}" for note in handed.notes]
    units: dict[str, list[asked.Question]] = {}
    for question in questions().values():
        units.setdefault(question.unit, []).append(question)
    for unit, those in units.items():
        here = [answer for answer in handed.answers if answer.question.unit == unit]
        begun = Counter(answer.student for answer in here)
        done = sum(number == len(those) for number in begun.values())
        lines += ["", f"{unit}: begun by {len(begun)}, done by {done}"] if here else []
        for question in those if here else ():
            given = [answer for answer in here if answer.question is question]
            lines += told_of(question, given)
    unbegun = {*units} - {answer.question.unit for answer in handed.answers}
    if unbegun:
        lines += ["", f"Begun by nobody ({len(unbegun)}): {', '.join(sorted(unbegun))}"]
    return "\n".join(lines)


def told_of(question: asked.Question, given: Sequence[Answer]) -> list[str]:
    """Return what is told of one question."""
    lines, number = [f"  {question.number}. {question.text}"], len(given)
    if not given:
        return [*lines, "     answered by nobody"]
    if getattr(form(question), "kind", "") == "sentence":
        return [*lines, f"     {number} sentences; --csv has them"]
    if question.kind == "predict":
        answers = Counter(str(answer.last) for answer in given).most_common()
        return [*lines, f"     {number} predictions: {', '.join(f'{a} ({n})' for a, n in answers)}"]
    first = share([answer.first_right for answer in given])
    last = share([answer.last_right for answer in given])
    lines.append(f"     {number} answers, right at first {first}, at last {last}")
    wrong = Counter(each for answer in given for each in answer.wrong.items())
    return lines + [f"     {n} x {words}: {hint}" for (words, hint), n in wrong.most_common()]


def cell(value: Any) -> Any:
    """Return a value for a table; what a spreadsheet would take for a formula is marked as text."""
    formula = isinstance(value, str) and value[:1] in "=+-@" and value != ""
    return f"'{value}" if formula else value


def write(path: Path, handed: Class) -> None:
    """Write a row for each answer; a file that is there stays as it is."""
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            head = ("student", "unit", "number", "kind", "question", "first", "right_at_first")
            rows.writerow([*head, "last", "right_at_last", "tries"])
            for one in handed.answers:
                asks = one.question
                row = (one.student, asks.unit, asks.number, asks.kind, asks.text, one.first)
                row = (*row, one.first_right, one.last, one.last_right, one.tries)
                rows.writerow(map(cell, row))
    except FileExistsError:
        raise SystemExit(f"{path} is there already; name another file.") from None


def main(arguments: Sequence[str] | None = None) -> None:
    """Tell what a class has answered."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the students' files are")
    parser.add_argument("--csv", type=Path, help="write every answer into this new file as well")
    given = parser.parse_args(arguments)
    if not given.folder.is_dir():
        raise SystemExit(f"there is no folder {given.folder}.")
    handed = collected(given.folder)
    if given.csv:
        write(given.csv, handed)
    print(told(handed))


if __name__ == "__main__":
    sys.exit(main())
