"""Numbers that the code settles are those kept in ``tests/settled.txt``: assumed ones and defaults.

A model's constants, the ideals of a type and the defaults of a function decide what readers see, and
few tests can say that another number would be wrong. So a changed one shows as a difference of that
file and is looked at. It is written anew with ``python tests/test_settled.py``.
"""

import ast
import dataclasses
import difflib
import enum
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import numpy as np
import pandas as pd

import clusterlab

KEPT = Path(__file__).parent / "settled.txt"
#: What is drawn is looked at elsewhere.
DRAWN = ("plots", "widgets", "style", "labels", "maps")


def modules():
    """Yield the modules that compute."""
    for found in pkgutil.walk_packages(clusterlab.__path__, "clusterlab."):
        last = found.name.rpartition(".")[2]
        if last not in (*DRAWN, "__main__") and ".views" not in found.name:
            yield importlib.import_module(found.name)


def plain(value):
    """Return a constant in words, with every number in it; "…" for what is none."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, str) and len(value) > 40:
        return "…"  # words, which others read
    if isinstance(value, bool | int | float | str | None) and not isinstance(value, enum.Enum):
        return repr(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{plain(k)}: {plain(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "(" + ", ".join(map(plain, value)) + ")"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(plain, value))) + "}"
    if isinstance(value, pd.DataFrame | pd.Series):
        return plain(value.to_dict())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain({f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
    return "…"


def constants(module):
    """Yield the constants of a module that hold a number, and the entries of its tables."""
    body = ast.parse(inspect.getsource(module)).body
    names = {
        node.id
        for each in body
        if isinstance(each, ast.Assign | ast.AnnAssign)
        for target in getattr(each, "targets", None) or [each.target]
        for node in ast.walk(target)
        if isinstance(node, ast.Name)
    }
    for name in names:
        value, place = getattr(module, name), f"{module.__name__}.{name}"
        if isinstance(value, dict):
            yield from (f"{place}[{key!r}] = {plain(each)}" for key, each in value.items())
        elif not inspect.isroutine(value) and re.search(r"\d", plain(value)):
            yield f"{place} = {plain(value)}"


def defaults(module):
    """Yield functions and methods of a module that have defaults, with these."""
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", None) != module.__name__:
            continue
        members = {name: thing}
        if inspect.isclass(thing):
            members = {f"{name}.{of}": each for of, each in vars(thing).items()}
        for of, each in members.items():
            called = inspect.unwrap(getattr(each, "__func__", each)) if callable(each) else None
            if not inspect.isfunction(called):
                continue
            given = {
                parameter.name: plain(parameter.default)
                for parameter in inspect.signature(called).parameters.values()
                if parameter.default is not parameter.empty
            }
            if given:
                told = ", ".join(f"{k}={v}" for k, v in given.items())
                yield f"{module.__name__}.{of}({told})"


def settled():
    """Return a line for each constant and each function with defaults."""
    lines = {line for module in modules() for line in (*constants(module), *defaults(module))}
    return sorted(lines)


def test_what_is_settled_is_what_is_kept():
    kept = KEPT.read_text(encoding="utf-8").splitlines()
    found = [
        line for line in difflib.unified_diff(kept, settled(), lineterm="", n=0) if line[0] in "+-"
    ]
    assert not found, "\n".join([*found, "if it is meant: python tests/test_settled.py"])


def test_a_number_within_a_table_is_told():
    table = {"a": (1, np.array([2.5])), "b": print, "c": pd.Series({"x": 3})}
    assert plain(table) == "{'a': (1, (2.5)), 'b': …, 'c': {'x': 3}}"


if __name__ == "__main__":
    KEPT.write_text("\n".join(settled()) + "\n", encoding="utf-8")
