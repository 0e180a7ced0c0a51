"""Do tests see a wrong formula? Change the code a little and run what executes the changed line.

    python tests/mutants.py                                    # every mutant: hours
    python tests/mutants.py --sample 200 --seed 1
    python tests/mutants.py --sample 25 clusterlab/networks clusterlab/tables.py

cosmic-ray's operators make the mutants; its runner would start the whole suite for each. Here one
run of the tests (kept under build/ until code or tests change) notes which test executes which
line and how long it takes; a mutant gets only those of its line, quickest first, up to the first
that fails, in a process forked from one that has numpy and the others loaded. All of it happens in
copies of the tree. What killed a mutant is run again on the code as it is, so that a test that
fails by itself counts for nothing.
"""

import argparse
import ast
import contextlib
import hashlib
import itertools
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import Queue
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "mutants"
EXPLAINED = ROOT / "tests" / "mutants_explained.csv"
SHARED = ["exercises", "parameters", "results", "sweep", "tables", "totals"]
# What tests need and is slow to import; nothing of clusterlab, of which each fork has its own copy.
HEAVY = (
    "numpy pandas scipy.stats scipy.sparse.linalg scipy.optimize scipy.spatial matplotlib.pyplot"
)
HEAVY += (
    " seaborn networkx hypothesis.strategies ipywidgets anywidget joblib pydantic coverage pytest"
)

# --- the mutants -----------------------------------------------------------------------------

# Of what cosmic-ray would put in the place of an operator, only what makes a formula that still runs
# and is nearly right: bits of a float, or a power in place of a sum, any test would see.
NEAR = """Add_Sub Sub_Add Mul_Div Div_Mul FloorDiv_Div Mod_FloorDiv Pow_Mul BitOr_BitAnd BitAnd_BitOr
 Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is
 Delete_USub Delete_Invert Delete_Not"""


class Mutant(NamedTuple):
    """One changed module: where, by which operator, which of its occurrences."""

    module: str
    operator: str
    occurrence: int
    line: int


def modules(chosen):
    """Return the modules that compute, of all or of the folders and files that are chosen."""
    package = ROOT / "clusterlab"
    found = [path for path in package.glob("*/*.py") if path.parent.name != "views"]
    found = [p for p in found if p.name not in ("__init__.py", "plots.py", "widgets.py")]
    found += [package / f"{name}.py" for name in SHARED]
    names = sorted(str(path.relative_to(ROOT)) for path in found)
    return [n for n in names if not chosen or any(f"{n}/".startswith(f"{c}/") for c in chosen)]


@cache
def operators():
    """Return cosmic-ray's operators by name, those that are used."""
    from cosmic_ray import plugins

    names = [
        n for n in plugins.operator_names() if "_" not in n or n.partition("_")[2] in NEAR.split()
    ]
    kinds = {name: plugins.get_operator(name) for name in names}
    return {name: kind() for name, kind in kinds.items() if not kind.arguments()}


def declarations(text):
    """Return the spans of annotations and declared parameters: types and ends of sliders."""
    spans = []
    for node in ast.walk(ast.parse(text)):
        found = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Call):  # also partial(Parameter, …)
            called = [getattr(each, "id", "") for each in (node.func, *node.args)]
            found += [node] * ("Parameter" in called)
        spans += [
            ((each.lineno, each.col_offset), (each.end_lineno, each.end_col_offset))
            for each in found
            if isinstance(each, ast.AST)
        ]
    return spans


def mutants(module):
    """Yield the mutants of a module, without those of its declarations."""
    from cosmic_ray.ast import ast_nodes, get_ast

    text = (ROOT / module).read_text(encoding="utf-8")
    nodes, spans = list(ast_nodes(get_ast(text))), declarations(text)
    for name, operator in operators().items():
        places = ((node, start) for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, (node, start) in enumerate(places):
            marker = node.parent and node.parent.type == "parameters"  # a star is no product
            if not marker and not any(first <= start < last for first, last in spans):
                yield Mutant(module, name, occurrence, start[0])


def mutated(mutant):
    """Return the text of a mutant, or None where it does not compile or nothing has changed."""
    from cosmic_ray.mutating import mutate_code

    text = (ROOT / mutant.module).read_text(encoding="utf-8")
    new = mutate_code(text, operators()[mutant.operator], mutant.occurrence)
    try:
        same = ast.dump(ast.parse(text)) == ast.dump(ast.parse(new))
        compile(new, mutant.module, "exec")
    except SyntaxError:  # the star and the slash in a signature are no operators
        return None
    return None if same else new


def changed(module, new):
    """Return the first line that differs, before and after; nothing after where it is taken out."""
    old = (ROOT / module).read_text(encoding="utf-8")
    old, new = ([line.strip() for line in text.splitlines() if line.strip()] for text in (old, new))
    at = next(k for k, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
    return old[at], new[at] if len(old) == len(new) else ""


def explained():
    """Return why a mutant may live, by module, line and changed line."""
    import pandas as pd

    table = pd.read_csv(EXPLAINED, dtype=str, keep_default_na=False)
    return {(row.module, row.line, row.mutant): row.reason for row in table.itertuples()}


# --- running tests in a copy -----------------------------------------------------------------


def copy_of_the_tree(tree):
    """Copy what git knows of the checkout to a folder; return it."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for file in filter(None, files.split("\0")):
        if (ROOT / file).is_file():
            (tree / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, tree / file)
    return tree


_moments = itertools.count(1)


def write(path, text):
    """Write a module with a time of its own, so that no compiled copy of another is taken for it."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, times=(next(_moments),) * 2)


def at_most(seconds):
    """End this process when it has computed that long from now (or waited thirty times as long)."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(30 * int(seconds))


class Only:
    """Run the chosen tests, quickest first; tell the first that fails; end what never ends."""

    def __init__(self, seconds):
        self.seconds, self.failed = seconds, None

    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if item.nodeid in self.seconds]
        items.sort(key=lambda item: self.seconds[item.nodeid])

    def pytest_runtest_logstart(self, nodeid):
        at_most(20 + 20 * self.seconds[nodeid])

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed = report.nodeid


class Noting:
    """Note what each test computes, in seconds, whether it passes, and for coverage where it begins."""

    def __init__(self, cover):
        self.cover, self.seconds, self.failed = cover, {}, set()

    def pytest_runtest_logstart(self, nodeid):
        self.cover.switch_context(nodeid)
        self.seconds[nodeid] = -time.process_time()

    def pytest_runtest_logreport(self, report):
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def pytest_runtest_logfinish(self, nodeid):
        self.seconds[nodeid] += time.process_time()
        self.cover.switch_context("")


def _in_the_tree(tree, output):
    """Make a new process one of the copy: its code first, its output to a file."""
    os.setsid()
    os.chdir(tree)
    sys.dont_write_bytecode = False  # what is compiled once serves each that follows
    os.environ.update(PYTHONPATH=f"{tree}:{tree}/tests", MPLBACKEND="Agg")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path[:0] = [str(tree), str(tree / "tests")]
    sys.modules.pop("conftest", None)
    with open(output, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    # A busy machine is no reason for a test to fail.
    import hypothesis

    hypothesis.settings.register_profile("patient", deadline=None)
    hypothesis.settings.load_profile("patient")


QUIET = ["-m", "not browser"]


def _judge(tree, output, rounds, answer):
    """Run rounds of tests up to the first that fails and write it down; empty where none does."""
    _in_the_tree(tree, output)
    failed = ""
    for files, seconds in rounds:
        at_most(60)  # until the first test: an import may never end
        only = Only(seconds)
        code = pytest.main([*QUIET, "-x", *files], plugins=[only])
        if code not in (0, 5):
            failed = only.failed or "import"
            break
    answer.write_text(failed)


def _note(tree, output, files, answer):
    """Run tests under coverage and write down seconds, and the tests of each line."""
    _in_the_tree(tree, output)
    import coverage

    cover = coverage.Coverage(data_file=None, source=[str(tree / "clusterlab")], config_file=False)
    noting = Noting(cover)
    cover.start()
    pytest.main([*QUIET, *files], plugins=[noting])
    cover.stop()
    data, lines = cover.get_data(), {}
    for path in data.measured_files():
        by_line = data.contexts_by_lineno(path)
        lines[str(Path(path).relative_to(tree))] = {
            line: [each for each in tests if each not in noting.failed]
            for line, tests in by_line.items()
        }
    passed = {test: s for test, s in noting.seconds.items() if test not in noting.failed}
    told = {"seconds": passed, "failed": sorted(noting.failed), "lines": lines}
    answer.write_text(json.dumps(told))


@cache
def forks():
    """Return the server of processes that have loaded what is slow to import."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(HEAVY.split())
    return context


def run(work, tree, *arguments):
    """Run work in a process of its own; return what it wrote, or ``time`` where it took too long."""
    answer, log = tree.with_suffix(".answer"), tree.with_suffix(".log")
    answer.unlink(missing_ok=True)
    process = forks().Process(target=work, args=(tree, log, *arguments, answer))
    process.start()
    process.join()
    with contextlib.suppress(ProcessLookupError, PermissionError):  # what it started and left
        os.killpg(process.pid, signal.SIGKILL)
    if process.exitcode > 0:
        raise RuntimeError(f"tests could not be run: {log.read_text()[-2000:]}")
    if process.exitcode == 0:
        return answer.read_text()
    return "time" if -process.exitcode in (signal.SIGPROF, signal.SIGALRM) else "crash"


def judged(tree, module, new, rounds):
    """Return what killed a mutant: a test, ``import``, ``time``, ``crash``, or nothing."""
    path = tree / module
    old = path.read_text(encoding="utf-8")
    write(path, new)
    try:
        return run(_judge, tree, rounds)
    finally:
        write(path, old)


# --- which test executes which line ----------------------------------------------------------

# Tests of pages, texts and files of the house: they run no formula that others do not.
NO_FORMULA = """answers of_units browser class_answers contents corners datasets docstrings embeds
 exercises_of_units explore glossary guide import lite making mutants notebooks picture placing
 prose reading_level references setup site slides student style surface command_line"""
# What is said at import, of results and defaults, is looked at by these, from outside.
DECLARED = (
    "tests/test_one_hand.py",
    "tests/test_settled.py",
    "tests/test_corners_of_models.py::test_a_default",
)


def topic(path):
    """Return the topic of a module or a test, empty for what belongs to all."""
    name = Path(path).parts[1] if len(Path(path).parts) > 1 else ""
    return name if (ROOT / "clusterlab" / name / "__init__.py").exists() else ""


def groups(names):
    """Return the files of tests that judge modules, by what runs together.

    A formula is to be seen by the tests of its topic, or by those of no topic; that a test of
    another one would see it, by what it builds on it, does not count.
    """
    files = [
        path
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if path.parent.name not in ("browser", "recipes")
        and (
            path.parent.name != "tests" or path.stem.removeprefix("test_") not in NO_FORMULA.split()
        )
    ]
    found = {str(path.relative_to(ROOT)): [path] for path in files}
    for module in modules([]):  # their examples
        found.setdefault(str(Path(module).parent), []).append(ROOT / module)
    wanted = {"", *map(topic, names)}
    return {name: paths for name, paths in found.items() if topic(name) in wanted}


def digest(paths):
    """Return a mark that changes with the content of files."""
    told = hashlib.sha256()
    for path in sorted(paths):
        told.update(path.read_bytes())
    return told.hexdigest()[:16]


class Covered:
    """Which tests execute which line, and how long they take."""

    def __init__(self, names, trees):
        code = digest([*(ROOT / "clusterlab").rglob("*.py"), ROOT / "tests" / "conftest.py"])
        kept = BUILD / "lines" / code
        for old in set(kept.parent.glob("*")) - {kept}:
            shutil.rmtree(old)
        kept.mkdir(parents=True, exist_ok=True)
        wanted = {
            kept / f"{name.replace('/', '.')}-{digest(files)}.json": files
            for name, files in groups(names).items()
        }
        with ThreadPoolExecutor(trees.qsize()) as pool:
            list(pool.map(lambda item: self.note(trees, *item), wanted.items()))
        self.seconds, self.failed = {}, []
        self.lines = defaultdict(lambda: defaultdict(set))
        for path in wanted:
            told = json.loads(path.read_text())
            self.seconds |= told["seconds"]
            self.failed += told["failed"]
            for module, lines in told["lines"].items():
                for line, tests in lines.items():
                    self.lines[module][int(line)] |= set(tests)

    @staticmethod
    def note(trees, path, files):
        """Run tests under coverage, where what they execute is not known yet."""
        if path.exists():
            return
        tree = trees.get()
        told = run(_note, tree, [str(file.relative_to(ROOT)) for file in files])
        trees.put(tree)
        if told in ("time", "crash"):
            raise RuntimeError(
                f"{path.stem}: {told}: {tree.with_suffix('.log').read_text()[-2000:]}"
            )
        path.write_text(told)

    def tests(self, module, line):
        """Return the tests that execute the statement at a line, with their seconds.

        What runs only while a module is imported concerns each test that executes anything of it.
        """
        first, last = statement((ROOT / module).read_text(encoding="utf-8"), line)
        found = set().union(*(self.lines[module][each] for each in range(first, last + 1)))
        if found == {""}:
            found = set().union(*self.lines[module].values())
            found |= {test for test in self.seconds if test.startswith(DECLARED)}
        return {test: self.seconds[test] for test in found if test}

    def rounds(self, module, line):
        """Return files and tests of the module's topic first, then the others."""
        own, other = {}, {}
        for test, seconds in self.tests(module, line).items():
            (own if topic(test) == topic(module) else other)[test] = seconds
        return [
            (sorted({test.partition("::")[0] for test in each}), each)
            for each in (own, other)
            if each
        ]


def statement(text, line):
    """Return first and last line of the innermost statement at a line, of its head if it has a body."""
    best = (line, line)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt | ast.excepthandler):  # outer ones come first
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            if first <= line <= last:
                best = (first, last)
    return best


# --- the report ------------------------------------------------------------------------------


def drawn(names, sample, seed):
    """Return mutants and their text in an order that the seed decides, at most a sample."""
    everything = [mutant for name in names for mutant in mutants(name)]
    random.Random(seed).shuffle(everything)
    found = []
    for mutant in everything:
        if sample is not None and len(found) == sample:
            break
        if (new := mutated(mutant)) is not None:
            found.append((mutant, new))
    return found


def share(killed, of):
    """Return a share in words, with the limits within which that of all mutants lies."""
    from scipy.stats import binomtest

    if not of:
        return "none"
    low, high = binomtest(killed, of).proportion_ci(method="wilson")
    return f"{killed}/{of} = {killed / of:.1%} ({low:.1%} to {high:.1%})"


def main():
    """Draw, run, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", help="folders or files of clusterlab; all by default")
    parser.add_argument("--sample", type=int, help="how many mutants; all by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time")
    given = parser.parse_args()
    names = modules([path.rstrip("/") for path in given.paths])
    if not names:
        parser.error(f"no module that computes in {given.paths}")
    with tempfile.TemporaryDirectory() as folder:
        trees = Queue()
        for job in range(given.jobs):
            trees.put(copy_of_the_tree(Path(folder) / f"tree{job}"))
        report(names, drawn(names, given.sample, given.seed), trees)


def report(names, found, trees):
    """Run mutants in copies of the tree; tell which live, and how many of each module do not."""
    covered, reasons = Covered(names, trees), explained()
    print(f"{len(covered.seconds)} tests; left out, as they are skipped or fail: {covered.failed}")
    killers, outcomes = set(), defaultdict(Counter)

    def decide(drawn):
        mutant, new = drawn
        rounds = covered.rounds(mutant.module, mutant.line)
        tree = trees.get()
        killer = judged(tree, mutant.module, new, rounds) if rounds else ""
        trees.put(tree)
        return killer, "" if rounds else "  (no test executes it)"

    with ThreadPoolExecutor(trees.qsize()) as pool:
        ends = zip(found, pool.map(decide, found), strict=True)
        for (mutant, new), (killer, why) in ends:
            before, after = changed(mutant.module, new)
            outcome = {"": "survived", "time": "timed out"}.get(killer, "killed")
            if not killer and reasons.get((mutant.module, before, after)):
                outcome = "explained"
            outcomes[mutant.module][outcome] += 1
            killers |= {killer} - {"", "time", "crash", "import"}
            if outcome == "survived":
                place = f"{mutant.module}:{mutant.line}"
                print(f"{place}{why}\n  - {before}\n  + {after}", flush=True)
    print("\nmodule: statements that a test executes, mutants")
    for name in names:
        print(f"{name}: {executed(covered, name)}, {counted(outcomes[name]) or 'none drawn'}")
    total = sum(outcomes.values(), Counter())
    print(f"together: {counted(total)}")
    killed = total["killed"] + total["timed out"]
    print(f"killed, without what is explained: {share(killed, killed + total['survived'])}")
    files = sorted({test.partition("::")[0] for test in killers})
    seconds = {test: covered.seconds[test] for test in killers}
    if files and (false := run(_judge, trees.get(), [(files, seconds)])):
        sys.exit(f"{false} fails also on the code as it is: its kills count for nothing")


def counted(outcomes):
    """Return how many mutants had which end, in words."""
    return ", ".join(f"{many} {what}" for what, many in sorted(outcomes.items()))


def executed(covered, module):
    """Return the share of the statements of a module that a test executes, in words."""
    text = (ROOT / module).read_text(encoding="utf-8")
    bodies = [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.stmt)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    seen = [line for line in bodies if covered.lines[module].get(line)]
    return f"{len(seen) / len(bodies):.0%}"


if __name__ == "__main__":
    main()
