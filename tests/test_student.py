"""A copy for students tells no solution and runs; in nbgrader's format it judges as the course does."""

import ast
import builtins
import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "site"))

import asked  # noqa: E402
import student  # noqa: E402

UNITS = sorted((ROOT / "notebooks").glob("[0-9]*/*.ipynb"))
#: A unit that runs in two seconds and has every kind of question.
QUICK = ROOT / "notebooks" / "04_location" / "3_why_does_near_still_pay.ipynb"


def name(path):
    return f"{path.parent.name}/{path.stem}"


def opened(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code(notebook):
    """Return the source of each cell of code."""
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def texts(*nodes):
    """Return the sentences that stand in code: hints, reasons, answers to compare with."""
    found = (each for node in nodes for each in ast.walk(node))
    constants = {each.value for each in found if isinstance(each, ast.Constant)}
    return {each for each in constants if isinstance(each, str) and each.endswith((".", "?"))}


def secrets(notebook):
    """Return what no copy may say: the words of answers, the code of solutions."""
    told = set()
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if "instructor" in student.tags(cell):
            told.add(source)
        if cell["cell_type"] != "code":
            continue
        body = ast.parse(source).body
        for call in student.calls(ast.Module(body, [])).values():
            kept = {"choices", "within", "unit"}
            named = [one.value for one in call.keywords if one.arg not in kept]
            if asked.question_of(call) == "check":
                choices = {one.arg for one in call.keywords} & kept
                told |= texts(*named, *(() if choices else call.args[1:]))
                told -= {
                    one for each in call.keywords if each.arg == "choices" for one in texts(each)
                }
            if asked.question_of(call) == "judge":
                told |= texts(*named)
                answer = call.args[1]
                steps = [each for each in body if student.binds(each) & student.names(answer)[0]]
                told |= {ast.unparse(each) for each in (answer, *steps[-1:])}
    return {each for each in told if not each.isidentifier() and len(each) > 4}


def told_in(secret, notebook):
    """Return whether a notebook says something, as text or as code."""
    plain = "\n".join(code(notebook))
    return secret in plain or secret in ast.unparse(ast.parse(plain))


@pytest.mark.parametrize("path", UNITS, ids=name)
def test_a_copy_tells_no_solution(path):
    copy = student.copied(opened(path))
    assert [secret for secret in secrets(opened(path)) if told_in(secret, copy)] == []
    assert not any(student.tags(cell) & {"solution", "instructor"} for cell in copy["cells"])
    whole = "\n".join(code(copy))
    assert "exercises.judge(" not in whole
    for call in ast.walk(ast.parse(whole)):
        if asked.question_of(call) == "check":
            assert call.args[1].value is ...
            assert {one.arg for one in call.keywords} <= {*student.KEPT}


@pytest.mark.parametrize("path", UNITS, ids=name)
def test_a_copy_asks_the_same_questions(path):
    def asks(notebook):
        calls = [
            node
            for node in ast.walk(ast.parse("\n".join(code(notebook))))
            if asked.question_of(node)
        ]
        kinds = {"check", "predict"}
        return sorted(
            ast.literal_eval(call.args[0]) for call in calls if asked.question_of(call) in kinds
        )

    assert asks(student.copied(opened(path))) == asks(opened(path))


@pytest.mark.parametrize("graded", [False, True], ids=["plain", "nbgrader"])
@pytest.mark.parametrize("path", UNITS, ids=name)
def test_every_name_of_a_copy_is_made_in_it(path, graded):
    body = [
        each for cell in code(student.copied(opened(path), graded)) for each in ast.parse(cell).body
    ]
    perhaps = {name for each in body if isinstance(each, ast.If) for name in student.binds(each)}
    assert student.reads(body) - {*dir(builtins), "display"} - perhaps == set()


def run(notebook, folder, monkeypatch):
    monkeypatch.chdir(folder)
    names = {"display": lambda *_: None}
    for source in code(notebook):
        exec(compile(source, "copy", "exec"), names)
    plt.close("all")


@pytest.mark.parametrize("graded", [False, True], ids=["plain", "nbgrader"])
@pytest.mark.filterwarnings("ignore")
def test_a_copy_runs_and_with_its_solutions_passes_its_tests(graded, monkeypatch):
    run(student.copied(opened(QUICK), graded), QUICK.parent, monkeypatch)


def released(source):
    """Return a cell as nbgrader gives it to students: without what stands between its marks."""
    kept, hidden = [], False
    for line in source.splitlines():
        if line.startswith("### BEGIN"):
            assert not hidden
            hidden = True
        elif line.startswith("### END"):
            assert hidden
            hidden = False
        elif not hidden:
            kept.append(line)
    assert not hidden
    return "\n".join(kept)


@pytest.mark.parametrize("path", UNITS, ids=name)
def test_an_assignment_has_a_cell_to_write_in_and_a_test_for_each_exercise(path):
    book = student.copied(opened(path), graded=True)
    cells = [cell for cell in book["cells"] if "nbgrader" in cell["metadata"]]
    said = [cell["metadata"]["nbgrader"] for cell in cells]
    judged = sum(source.count("exercises.judge(") for source in code(opened(path)))
    assert [(each["solution"], each["grade"]) for each in said] == [
        (True, False),
        (False, True),
    ] * judged
    assert len({each["grade_id"] for each in said}) == len(said)
    keys = {"schema_version", "grade", "solution", "locked", "task", "grade_id", "cell_type"}
    for cell, each in zip(cells, said, strict=True):
        assert {*each} == keys | ({"points"} if each["grade"] else set())
        assert (each["schema_version"], each["cell_type"]) == (3, "code")
        mark = "### BEGIN HIDDEN TESTS" if each["grade"] else "### BEGIN SOLUTION"
        assert "".join(cell["source"]).count(mark) == 1
    for cell in book["cells"]:
        cell["source"] = released("".join(cell["source"]))
    assert [secret for secret in secrets(opened(path)) if told_in(secret, book)] == []


def made(*sources, tags=()):
    cells = [
        {"cell_type": "code", "id": str(number), "source": [source], "metadata": {"tags": [*tags]}}
        for number, source in enumerate(sources)
    ]
    return {"cells": cells}


ASKS = 'limit = 0.04\nassert limit == 0.04\nq = exercises.check("H?", 0.04, within=limit, otherwise="No: 1/n.")\nq'


def test_of_a_cell_that_asks_what_is_needed_is_left():
    copy = code(student.copied(made(ASKS, "print(limit)")))
    asks = 'limit = 0.04\nq = exercises.check(\n    "H?",\n    ...,\n    within=limit,\n)\nq'
    assert copy == [asks, "print(limit)"]


def test_what_only_serves_a_solution_goes():
    judge = "steps = 1\nright = steps + 1\nrow = 3\nexercises.judge(mine, right, otherwise='No.')"
    book = made("mine = ...", judge, "for row in range(2):\n    print(row)")
    assert code(student.copied(book)) == ["mine = ...", "for row in range(2):\n    print(row)"]
    book = made("mine = ...", judge, "print(row)")
    assert code(student.copied(book)) == ["mine = ...", "row = 3", "print(row)"]
    graded = code(student.copied(book, graded=True))
    solution = "steps = 1\nright = steps + 1\nmine = right"
    assert graded[0] == f"mine = ...\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    assert graded[1].startswith(
        "row = 3\n### BEGIN HIDDEN TESTS\nsteps = 1\nright = steps + 1\n_verdict"
    )
    assert graded[1].endswith("assert _verdict.right, _verdict.feedback\n### END HIDDEN TESTS")


def test_names_are_read_in_the_order_in_which_code_runs():
    body = ast.parse(
        "for t in q:\n    a = t\n    b = a + z\nx = [n for n in b if m]\ny += 1\nprint(t)"
    ).body
    assert student.reads(body) == {"q", "z", "m", "y", "print"}
    assert student.reads(ast.parse("if a:\n    b = 1\n    b\nb").body) == {"a", "b"}
    assert student.reads(ast.parse("try:\n    f()\nexcept E as e:\n    e").body) == {"f", "E"}
    assert student.binds(ast.parse("x['a'].b = 1").body[0]) == {"x"}
    assert student.binds(ast.parse("x = [n for n in b]").body[0]) == {"x"}


def test_a_solution_that_is_told_is_found():
    book = opened(UNITS[6])
    assert len(secrets(book)) > 5
    assert all(told_in(secret, book) for secret in secrets(book) if "Instructor" not in secret)


def test_the_copy_is_written_beside_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.setattr(student, "ROOT", tmp_path)
    unit = tmp_path / "notebooks" / "01_a" / "1_b.ipynb"
    unit.parent.mkdir(parents=True)
    unit.write_text(json.dumps(made("mine = ...", "exercises.judge(mine, 1, otherwise='')")))
    (tmp_path / "notebooks" / "units.csv").write_text("unit\n")
    student.main([])
    student.main(["--format", "nbgrader"])
    made_here = {
        str(path.relative_to(tmp_path / "build")) for path in (tmp_path / "build").rglob("*.*")
    }
    assert made_here == {
        "student/units.csv",
        "student/01_a/1_b.ipynb",
        "nbgrader/source/01_a/1_b.ipynb",
        "nbgrader/nbgrader_config.py",
    }
