"""Make a copy of the course without solutions: ``make student``, or ``python site/student.py``.

Gone are cells for instructors, solutions, and what judges: a question keeps its answer, which the
class summary judges. Of a cell that asks or solves, what a later cell needs is left. The copy is
written to ``build/student``, to be copied from there.

With ``--format nbgrader`` the exercises in code are cells of nbgrader's: a topic is an assignment
in ``build/nbgrader/source``, with the solutions between its marks and the verdict as a hidden test,
and ``nbgrader generate_assignment`` makes the students' version of it.
"""

import argparse
import ast
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import asked

ROOT = asked.ROOT
#: What a question in a copy keeps of its call; an answer is shown beside nothing else.
KEPT = ("choices", "within", "unit")


def names(node: ast.AST) -> tuple[set[str], set[str]]:
    """Return the names that code reads and those it stores, but for those of a scope within."""
    if isinstance(node, ast.Name):
        return ({node.id}, set()) if isinstance(node.ctx, ast.Load) else (set(), {node.id})
    if isinstance(node, ast.alias):
        return set(), {(node.asname or node.name).partition(".")[0]}
    read, stored = set(), {node.arg} if isinstance(node, ast.arg) else set()
    if isinstance(node, ast.AugAssign):
        read |= {each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)}
    for child in ast.iter_child_nodes(node):
        child_read, child_stored = names(child)
        read |= child_read
        stored |= child_stored
    if isinstance(node, ast.ExceptHandler):
        return read - {node.name}, stored
    scope = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
    return (read - stored, set()) if isinstance(node, scope) else (read, stored)


def binds(statement: ast.stmt) -> set[str]:
    """Return the names that a statement makes or changes: ``x["a"] = 1`` changes ``x``."""
    _, found = names(statement)
    for target in getattr(statement, "targets", [getattr(statement, "target", None)]):
        if isinstance(target, (ast.Attribute, ast.Subscript)):
            found |= names(target)[0]
    return found


def reads(body: Sequence[ast.AST]) -> set[str]:
    """Return the names that code reads before it has made them itself."""
    found: set[str] = set()
    bound: set[str] = set()
    for part in body:
        if isinstance(part, (ast.For, ast.With)):  # what stands before their body comes first
            head = [part.iter, part.target] if isinstance(part, ast.For) else part.items
            here = reads([*head, *part.body])
        elif isinstance(part, ast.If):
            here = names(part.test)[0] | reads(part.body) | reads(part.orelse)
        else:
            here = names(part)[0]
        found |= here - bound
        if not isinstance(part, ast.If):  # which may make nothing
            bound |= names(part)[1]
    return found


def before(statement: ast.stmt, wanted: set[str]) -> None:
    """Turn the names that code wants into those that it wants with a statement before it."""
    if not isinstance(statement, ast.If):  # which may make nothing; a loop is taken to run
        wanted -= names(statement)[1]
    wanted |= reads([statement])


def calls(node: ast.AST) -> dict[str, ast.Call]:
    """Return the call of each kind of exercise in a piece of code."""
    return {kind: each for each in ast.walk(node) if (kind := asked.question_of(each))}


def needed(body: Sequence[ast.stmt], wanted: set[str], asks: bool) -> list[ast.stmt]:
    """Return the statements of a cell that later code needs, and those that ask where it asks.

    ``wanted``, the names that later code reads, becomes those that code from here on reads.
    """
    kept: list[ast.stmt] = []
    questions = {
        name for each in body if {"check", "predict"} & {*calls(each)} for name in binds(each)
    }
    for statement in reversed(body):
        question = asks and bool({"check", "predict"} & {*calls(statement)})
        if isinstance(statement, ast.Expr):
            shown = names(statement)[0] - {"display"}
            setting = ast.unparse(statement).startswith("pd.set_option")
            stays = question or setting or (asks and bool(shown) and shown <= questions)
            stays = stays and ".reveal(" not in ast.unparse(statement)
        else:
            stays = question or bool(binds(statement) & wanted)
        if not stays or isinstance(statement, ast.Assert):
            continue
        kept.insert(0, statement)
        before(statement, wanted)
    return kept


def text_of(statement: ast.stmt, source: str) -> str:
    """Return a statement as it is written; a question without its answer and its hints."""
    check = calls(statement).get("check")
    lines = source.splitlines()[statement.lineno - 1 : statement.end_lineno]
    if check is None:
        return "\n".join(lines)

    def written(part: ast.AST) -> str:
        return ast.get_source_segment(source, part) or ""

    arguments = [written(check.args[0]), "..."]
    arguments += [f"{one.arg}={written(one.value)}" for one in check.keywords if one.arg in KEPT]
    asks = "exercises.check(\n" + "".join(f"    {each},\n" for each in arguments) + ")"
    return "\n".join(lines).replace(written(check), asks)


def written(body: Iterable[ast.stmt], source: str) -> str:
    """Return statements as they are written."""
    return "\n".join(text_of(statement, source) for statement in body)


def tags(cell: dict) -> set[str]:
    """Return the tags of a cell."""
    return {*cell["metadata"].get("tags", [])}


def hides(cell: dict) -> bool:
    """Return whether a cell of code asks, judges or solves."""
    return "solution" in tags(cell) or bool(calls(ast.parse(cell["source"])))


def copied(notebook: dict, graded: bool = False) -> dict:
    """Return a notebook without solutions; ``graded`` with what nbgrader needs."""
    cells = [cell | {"source": "".join(cell["source"])} for cell in notebook["cells"]]
    cells = [cell for cell in cells if "instructor" not in tags(cell)]
    wanted: set[str] = set()
    kept: list[dict] = []
    solution: tuple[str, str] | None = None  # of the exercise before: its name, and the code
    for cell in reversed(cells):
        if cell["cell_type"] != "code":
            kept.insert(0, cell)
            continue
        source, body = cell["source"], ast.parse(cell["source"]).body
        cell = cell | {"metadata": dict(cell["metadata"])}
        if not hides(cell):
            for statement in reversed(body):
                before(statement, wanted)
            if graded and solution is not None and f"{solution[0]} = ..." in source:
                cell = as_solution(cell, *solution)
                solution = None
            kept.insert(0, cell)
            continue
        judge = calls(ast.Module(body, [])).get("judge")
        left = needed(body, wanted, asks="solution" not in tags(cell) or judge is not None)
        cell["source"] = written(left, source)
        cell["metadata"]["tags"] = sorted(tags(cell) - {"solution"})
        if graded and judge is not None:
            cell = as_test(cell, body, judge, source)
            solution = ast.unparse(judge.args[0]), solved(body, judge, source)
            wanted |= reads(ast.parse(cell["source"]).body)  # what is hidden runs as well
        if cell["source"]:
            kept.insert(0, cell)
    return notebook | {"cells": [cell | {"source": lines(cell["source"])} for cell in kept]}


def lines(source: str) -> list[str]:
    """Return a source as a notebook keeps it."""
    return source.splitlines(keepends=True)


def solved(body: Sequence[ast.stmt], judge: ast.Call, source: str) -> str:
    """Return the code that gives the right answer of an exercise, from what judges it."""
    answer = ast.get_source_segment(source, judge.args[1])
    steps = needed(body[:-1], names(judge.args[1])[0], asks=False)
    return "\n".join([*filter(None, [written(steps, source)]), f"{judge.args[0].id} = {answer}"])


def marked(cell: dict, **what: Any) -> dict:
    """Return a cell with the metadata that nbgrader (schema 3) asks for."""
    said = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    said |= {"grade_id": cell["id"], "cell_type": "code"} | what
    return cell | {"metadata": cell["metadata"] | {"nbgrader": said}}


def as_solution(cell: dict, name: str, code: str) -> dict:
    """Return the cell in which a student writes, with the solution between nbgrader's marks."""
    begin, end = "### BEGIN SOLUTION", "### END SOLUTION"
    source = f"{cell['source']}\n{begin}\n{code}\n{end}"
    return marked(cell | {"source": source}, solution=True)


def as_test(cell: dict, body: Sequence[ast.stmt], judge: ast.Call, source: str) -> dict:
    """Return the cell that judges, as a test that nbgrader hides from students."""
    steps = [each for each in body[:-1] if not isinstance(each, (ast.Assert, ast.Expr))]
    steps = needed(steps, names(judge)[0], asks=False)
    verdict = f"_verdict = {ast.get_source_segment(source, judge)}"
    told = "assert _verdict.right, _verdict.feedback"
    hidden = "\n".join(filter(None, [written(steps, source), verdict, told]))
    test = f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    shown = "\n".join(filter(None, [cell["source"], test]))
    return marked(cell | {"source": shown}, grade=True, locked=True, points=1)


#: What students find in place of a solution, where nbgrader's own words would stop a run; and time
#: enough for a cell that computes.
CONFIG = """c = get_config()
c.ClearSolutions.code_stub = {"python": "# Your code, in place of the three dots."}
c.ExecutePreprocessor.timeout = 180
"""


def write(folder: Path, graded: bool) -> None:
    """Write the copy of the course into a folder."""
    course = ROOT / "notebooks"
    for path in sorted(course.rglob("*")):
        place = folder / path.relative_to(course)
        if path.is_dir() or ".ipynb_checkpoints" in path.parts:
            continue
        if graded and (not path.parent.name[:1].isdigit() or path.suffix != ".ipynb"):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.parent.name[:1].isdigit() and path.suffix == ".ipynb":
            made = copied(json.loads(path.read_text(encoding="utf-8")), graded)
            text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
            place.write_text(text, encoding="utf-8")
        else:
            shutil.copyfile(path, place)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the copy."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--format", choices=["plain", "nbgrader"], default="plain")
    graded = parser.parse_args(arguments).format == "nbgrader"
    folder = ROOT / "build" / ("nbgrader/source" if graded else "student")
    write(folder, graded)
    if graded:
        (folder.parent / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    print(folder.relative_to(ROOT))


if __name__ == "__main__":
    main()
