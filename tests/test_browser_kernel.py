"""A browser's kernel is 32 bits wide and lacks some modules: what would fail there fails here.

It also starts no thread and no process: a Python of its own, `LACKED`, does without them too.

``np.bincount`` takes numbers of the machine's width only. Here every module of the library sees a
numpy whose width is 32 bits, and whose ``bincount`` refuses wider numbers as a browser's does; each
call of it in the library is reached by one of `CALLS`.
"""

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import clusterlab
from clusterlab import (
    agglomeration,
    datasets,
    diamond,
    linkages,
    networks,
    reading,
    regions,
    tables,
    transitions,
)

PACKAGE = Path(clusterlab.__file__).parent
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(clusterlab.__path__, "clusterlab.")
)

# What a browser's kernel, or a Python built without the libraries, does not have or cannot use.
LACKING = {"bz2", "lzma", "multiprocessing", "ssl", "subprocess"}
#: Of these, what is not there at all, so that a package of others may not need it either.
ABSENT = {"_multiprocessing", "_posixshmem", "_tkinter", "curses", "grp", "lzma", "pwd", "readline"}
ABSENT |= {"tkinter", "venv"}


class Narrow:
    """Numpy as it is where numbers are 32 bits wide."""

    intp = np.int32

    def __init__(self):
        self.reached = set()

    def __getattr__(self, name):
        thing = getattr(np, name)
        if name not in (
            "arange",
            "argmax",
            "argmin",
            "argsort",
            "flatnonzero",
            "lexsort",
            "nonzero",
            "searchsorted",
        ):
            return thing

        def narrowed(*args, **options):
            made = thing(*args, **options)
            if isinstance(made, tuple):
                return tuple(each.astype(np.int32) for each in made)
            wide = getattr(made, "dtype", None) == np.int64 and "dtype" not in options
            return made.astype(np.int32) if wide else made

        return narrowed

    def bincount(self, x, weights=None, minlength=0):
        caller = sys._getframe(1)
        self.reached.add((Path(caller.f_code.co_filename).name, caller.f_lineno))
        x = np.asarray(x)
        if x.dtype.kind in "iu" and x.dtype.itemsize > 4:
            raise TypeError("Cannot cast array data from dtype('int64') to dtype('int32')")
        counted = np.bincount(x, weights, minlength)
        return counted if weights is not None else counted.astype(np.int32)


@pytest.fixture(scope="module")
def narrow():
    """Let every module of the library see a narrow numpy."""
    number = Narrow()
    with pytest.MonkeyPatch.context() as patch:
        for name in MODULES:
            module = importlib.import_module(name)
            if getattr(module, "np", None) is np:
                patch.setattr(module, "np", number)
        yield number


def register():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "region": rng.choice(["A", "B", "C"], 90),
            "industry": rng.choice(["x", "y"], 90),
            "size": rng.integers(1, 9, 90),
            "x_km": rng.uniform(0, 90, 90),
            "y_km": rng.uniform(0, 90, 90),
        }
    )


def added_up():
    columns = {"region": "region", "industry": "industry"}
    return tables.from_long(register(), **columns, value="size", duplicates="sum", absent="zero")


def added_up_on_the_way():
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_ROWS_HELD", 20)
        patch.setattr(reading, "_ROWS_AT_ONCE", 10)
        path = Path(folder) / "register.csv"
        register().to_csv(path, index=False)
        columns = {"region": "region", "industry": "industry", "value": "size"}
        return tables.read(path, **columns, duplicates="sum", absent="zero")


def neighbours(**options):
    mask = np.arange(90) % 3 == 0
    return agglomeration.marcon_puech(register(), mask, simulations=2, progress=False, **options)


def parted():
    there = pd.DataFrame([[True, False], [False, True]], ["A", "B"], ["x", "y"])
    with pytest.raises(ValueError, match="parts"):
        agglomeration.complexity(there)


def around_the_earth():
    rng = np.random.default_rng(0)
    places = {"longitude": rng.uniform(-179, 179, 30), "latitude": rng.uniform(-60, 60, 30)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clusterlab.agglomeration.pairs.EXACT_UP_TO", 20)
        return agglomeration.k_density(pd.DataFrame(places), method="exact", progress=False)


def emerged():
    return transitions.emerge(firms=80, years=6, replicates=2)


def estimated():
    return transitions.estimate(emerged().panel, interval="bootstrap", replicates=20)


def ranked():
    table = diamond.read_indicators(
        datasets.load("diamond_indicators"), layout="long", facet="facet", value="rating"
    )
    return diamond.uncertainty(
        table, replicates=50, scale=(1, 7), reverse=["burden of entry rules"]
    )


def next_door():
    incomes = pd.DataFrame({2000: [1, 2, 3, 4], 2001: [1, 3, 2, 4]}, list("ABCD"))
    pairs = {"A": ["B"], "B": ["A"], "C": ["D"], "D": ["C"]}
    return regions.spatial_markov(incomes, pairs, classes=2, replicates=3)


CALLS = {
    "a table added up": added_up,
    "a file added up in parts": added_up_on_the_way,
    "quotients resampled": lambda: agglomeration.bootstrap_location_quotient(
        register(), region="region", industry="industry", size="size", replicates=3
    ),
    "plants by size": lambda: agglomeration.plant_sizes(
        register(), industry="industry", size="size"
    ),
    "darts": lambda: agglomeration.dartboard(plants=5, regions=4, replicates=3),
    "distances": lambda: agglomeration.k_density(register()[["x_km", "y_km"]], progress=False),
    "distances on a grid": lambda: agglomeration.k_density(
        register()[["x_km", "y_km"]], method="grid", progress=False
    ),
    "distances around the earth": around_the_earth,
    "neighbours within": neighbours,
    "neighbours at": lambda: neighbours(kind="m"),
    "industries in parts": parted,
    "innovators": lambda: transitions.innovators(events=200, replicates=3).sizes,
    "districts that emerge": emerged,
    "transitions": estimated,
    "ranks": ranked,
    "classes of income": next_door,
    "types of networks": lambda: networks.closest_types(
        networks.generate("modular", seed=1), per_type=3
    ),
    "bartering": lambda: linkages.barter(
        agents=60, neighbours=6, categories=3, meetings=5, replicates=2
    ),
}


def sites():
    """Return (file, line) of every call of bincount in the library."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.bincount":
                found.add((path.name, node.lineno))
    return found


@pytest.mark.parametrize("name", CALLS)
def test_nothing_wider_than_the_machine_is_counted(narrow, name):
    CALLS[name]()


def test_every_call_of_bincount_is_reached(narrow):
    for call in CALLS.values():
        call()
    assert sites() <= narrow.reached, "reach it by a call in CALLS"


def test_a_wide_number_is_refused():
    with pytest.raises(TypeError, match="Cannot cast"):
        Narrow().bincount(np.array([1, 2]))


def imported_at_once(tree):
    """Return the modules that are imported when a file is, not when a function of it is called."""
    found = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found |= imported_at_once(node)
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_that_may_be_lacking_is_imported_at_once(path):
    names = imported_at_once(ast.parse(path.read_text(encoding="utf-8")))
    assert not {name.split(".")[0] for name in names} & LACKING


def test_an_import_that_may_fail_is_seen():
    tree = ast.parse("try:\n    import lzma\nexcept ImportError: pass\ndef f():\n    import ssl")
    assert imported_at_once(tree) == {"lzma"}


#: A Python as a browser has it, before anything is imported.
LACKED = f"""
import _thread, os, subprocess, sys, threading

class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name in {ABSENT!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

def refuse(*args, **options):
    raise RuntimeError("can't start new thread or process")

sys.meta_path.insert(0, Lacking())
for module in (_thread, threading):
    for name in [each for each in dir(module) if "start_new" in each or "start_joinable" in each]:
        setattr(module, name, refuse)
subprocess.Popen.__init__ = os.fork = os.posix_spawn = refuse
"""

#: Every module, a picture of a widget, a table from a packed file, a sweep of runs.
TRIED = """
import importlib
for name in {modules}:
    importlib.import_module(name)

from clusterlab import datasets, location, tables
from clusterlab.sweep import sweep

location.widgets.circle()
columns = {{"region": "state", "industry": "sector", "value": "employment"}}
tables.from_long(datasets.load("us_state_employment"), **columns, absent="zero")
tables.read({packed!r}, **columns, absent="zero")
sweep(location.circle, {{"trade_cost": [1.5, 2.0]}}, fixed={{"regions": 8}})
"""


def in_a_browser(code):
    """Run code where modules, threads and processes are lacking; return what it complained of."""
    ran = subprocess.run([sys.executable, "-c", LACKED + code], capture_output=True, text=True)
    return ran.stderr if ran.returncode else ""


def test_the_library_does_without_what_is_lacking(tmp_path):
    packed = tmp_path / "table.csv.gz"
    datasets.load("us_state_employment").to_csv(packed, index=False)
    assert not in_a_browser(TRIED.format(modules=MODULES, packed=str(packed)))


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("import lzma", "No module named 'lzma'"),
        ("import threading; threading.Thread().start()", "can't start new thread"),
        ("import subprocess; subprocess.run(['true'])", "can't start new thread or process"),
    ],
)
def test_what_is_lacking_is_missed(code, complaint):
    assert complaint in in_a_browser(code)


def test_no_cell_reads_a_path_that_only_a_checkout_has():
    for path in (PACKAGE.parent / "notebooks").rglob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            code = "".join(cell["source"]) if cell["cell_type"] == "code" else ""
            assert "../" not in code, f"{path.name}: {code}"


#: What pandas 2 answers otherwise than pandas 3: it puts numbers beside the wrong labels, it leaves
#: out what is missing, so that what is taken by place no longer fits.
OTHERWISE = r"\.unstack\([^)]*sort=False|\.stack\(\)\.(to_numpy|values|tolist|array)"


def test_nothing_is_asked_of_pandas_that_an_older_one_answers_otherwise():
    folders = (PACKAGE, PACKAGE.parent / "notebooks", PACKAGE.parent / "site")
    files = [
        file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".ipynb")
    ]
    assert len(files) > 100
    found = [
        f"{file.name}: {line.strip()}"
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(OTHERWISE, line)
    ]
    assert found == []
