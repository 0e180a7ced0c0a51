"""What the course asks: every question of its notebooks, read from their source."""

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Question:
    """A question of a unit: its number there, and the call that asks it ("predict" or "check")."""

    unit: str
    number: int
    kind: str
    call: ast.Call

    @property
    def text(self) -> str:
        """What is asked."""
        return ast.literal_eval(self.call.args[0])


def literal(part: ast.expr) -> Any:
    """Return what an expression says, or None where only the notebook knows."""
    try:
        return ast.literal_eval(part)
    except ValueError:
        return None


def question_of(node: ast.AST) -> str:
    """Return "predict", "check" or "judge" for a call of that exercise, else ""."""
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if named and getattr(node.func.value, "id", "") == "exercises":
        return node.func.attr
    return ""


def in_notebook(path: Path) -> list[Question]:
    """Return the questions of a notebook that have a form for the answer, in their order."""
    unit = path.relative_to(ROOT / "notebooks").with_suffix("").as_posix()
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found: list[Question] = []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        calls = [node for node in ast.walk(ast.parse("".join(cell["source"]))) if question_of(node)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            if (kind := question_of(call)) in ("predict", "check"):
                found.append(Question(unit, len(found) + 1, kind, call))
    return found


def in_course() -> list[Question]:
    """Return the questions of the start page and of all units."""
    paths = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    paths += sorted((ROOT / "notebooks").glob("[0-9]*/*.ipynb"))
    return [question for path in paths for question in in_notebook(path)]
