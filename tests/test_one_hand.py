"""The library is written by one hand: the same words, signatures and ways of building results.

Each test reads the source.
"""

import ast
import re

import pytest
from test_surface import BUDGET, PACKAGE, ROOT, files, public


def report(found):
    assert not found, "\n".join(found)


def trees(part):
    for path in files(part):
        text = path.read_text(encoding="utf-8")
        yield path.relative_to(PACKAGE), text, ast.parse(text)


def functions(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def is_result(node):
    return isinstance(node, ast.ClassDef) and any(
        "dataclass" in ast.unparse(d) for d in node.decorator_list
    )


RESULTS = {
    node.name: node
    for part in BUDGET
    for _, _, tree in trees(part)
    for node in ast.walk(tree)
    if is_result(node)
}


@pytest.mark.parametrize("part", BUDGET)
def test_results_are_built_by_keyword(part):
    """One swapped field of eight is a wrong number that no type checker sees."""
    found = [
        f"{path}:{node.lineno}: {node.func.id} by position"
        for path, _, tree in trees(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in {*RESULTS} - {"Parameter"} and len(node.args) > 2
    ]
    report(found)


@pytest.mark.parametrize("part", BUDGET)
def test_results_have_a_readable_repr(part):
    found = [
        f"{path}:{node.lineno}: {node.name}"
        for path, _, tree in trees(part)
        for node in ast.walk(tree)
        if is_result(node) and not node.name.startswith("_")
        if "Result" not in map(ast.unparse, node.bases)
        and not any(f.name == "__repr__" for f in functions(node))
        and any(
            "DataFrame" in ast.unparse(a)
            or "ndarray" in ast.unparse(a)
            or "Series" in ast.unparse(a)
            for a in ast.walk(node)
            if isinstance(a, ast.AnnAssign)
        )
    ]
    report(found)


@pytest.mark.parametrize("part", BUDGET)
def test_results_are_frozen_and_shown_by_result(part):
    """A number that was returned stays what it was; a repr of its own would print whole tables."""
    found = [
        f"{path}:{node.lineno}: {node.name}"
        for path, _, tree in trees(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and "Result" in map(ast.unparse, node.bases)
        if "dataclass(frozen=True, repr=False)" not in map(ast.unparse, node.decorator_list)
    ]
    report(found)


@pytest.mark.parametrize("part", BUDGET)
def test_one_word_for_one_thing(part):
    """See "words used for one thing only" in CONTRIBUTING."""
    odd = {
        r"your (guess|bet|answer)\b": "your prediction",
        r"\b(draws|resamples|repetitions|n_sim|runs): int\b": "replicates",
        r"\b(confidence|coverage): float\b": "level",
        r"\bax: Any\b(?! =)": "ax: Axes | None",
        r"\bseed: int\b": "seed: Seed",
        r"raise KeyError": "ValueError",
        r"\blocals\(\)": "a dataclass",
        r"__signature__ =": "a plain signature",
        r"# fmt:": "ruff's format",
    }  # fmt in a pattern is no mark
    found = [
        f"{path}:{text[: hit.start()].count(chr(10)) + 1}: {hit[0]!r}, not {instead!r}"
        for path, text, _ in trees(part)
        for pattern, instead in odd.items()
        for hit in re.finditer(pattern, text)
    ]
    report(found)


@pytest.mark.parametrize("part", BUDGET)
def test_plots_have_one_signature(part):
    """plot_x(result, …, *, ax=None, prediction=None), options between them and ax by keyword."""
    found = []
    for path, _, tree in trees(part):
        for node in functions(tree):
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
            keywords = [a.arg for a in node.args.kwonlyargs]
            if re.match(r"_?plot_", node.name) and path.name in ("plots.py", "widgets.py"):
                if "ax" not in keywords or "prediction" in names:
                    found.append(f"{path}:{node.lineno}: {node.name}: ax and prediction by keyword")
                if {"ax", "prediction"} <= {*keywords} and keywords[-2:] != ["ax", "prediction"]:
                    found.append(f"{path}:{node.lineno}: {node.name}: ax, then prediction, last")
            if (
                "prediction" in names
                and path.name == "widgets.py"
                and not node.name.startswith("_")
            ):
                found.append(f"{path}:{node.lineno}: {node.name}: prediction by keyword")
    report(found)


@pytest.mark.parametrize("part", BUDGET)
def test_no_argument_is_ignored(part):
    found = []
    for path, _, tree in trees(part):
        for node in (each for each in tree.body if isinstance(each, ast.FunctionDef)):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            found += [
                f"{path}:{node.lineno}: {node.name}({a.arg})"
                for a in given
                if a.arg not in used and a.arg not in ("self", "cls") and a.arg[0] != "_"
            ]
    report(found)


def calls():
    """Return {name of a function: keywords and number of arguments it is called with}."""
    import json

    texts = [p.read_text(encoding="utf-8") for p in sorted(PACKAGE.rglob("*.py"))]
    texts += [line for text in texts for line in doctests(text)]
    for folder in ("tests", "benchmarks"):
        texts += [p.read_text(encoding="utf-8") for p in sorted((ROOT / folder).rglob("*.py"))]
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts += ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    found, words = {}, set()
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                keywords, most = found.setdefault(name, (set(), [0]))
                keywords |= {k.arg for k in node.keywords if k.arg}
                most[0] = max(most[0], len(node.args))
                if name in ("dict", "partial", "explore", "sweep"):
                    words |= {k.arg for k in node.keywords if k.arg}
            elif isinstance(node, ast.Dict):  # fixed={"seed": 1}, cases of awkward calls
                words |= {k.value for k in node.keys if isinstance(k, ast.Constant)}
    return found, words


def doctests(text):
    import doctest

    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
            for example in doctest.DocTestParser().get_examples(ast.get_docstring(node) or ""):
                yield example.source


def test_every_option_is_tried_somewhere():
    """An option that no lesson, recipe, test or doctest passes is untested code."""
    import importlib
    import inspect

    found, words = calls()
    dead = []
    for part in BUDGET:
        for module, name in sorted(public(part)):
            thing = getattr(importlib.import_module(module), name)
            if inspect.isclass(thing) or not callable(thing):
                continue
            keywords, most = found.get(name, (set(), [0]))
            for at, (option, told) in enumerate(inspect.signature(thing).parameters.items()):
                optional = told.default is not told.empty
                by_place = told.kind is told.POSITIONAL_OR_KEYWORD and most[0] > at
                if option != "ax" and optional and option not in keywords | words and not by_place:
                    dead.append(f"{module}.{name}({option})")
    assert not dead, "\n".join(dead)
