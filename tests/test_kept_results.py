"""What functions give for a small example is what is kept in ``tests/kept``, number by number.

A test of a model says what must hold; this one says that nothing else has moved: the calls of
`test_determinism` and `test_alignment`, and every declared model at its defaults and at three places
drawn at random. A change that is meant is kept with ``python tests/test_kept_results.py`` and read
as a difference; a number may differ by one in a million.
"""

import dataclasses
import inspect
import re
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import test_alignment
import test_corners_of_models as models
import test_determinism

from clusterlab import networks
from clusterlab.parameters import declared

KEPT = Path(__file__).parent / "kept"
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
#: Models that take a table are in `test_alignment`; what only draws has no result.
DRAWN = {"views.graph.layout"}
#: So many numbers are written out; of more, what tells them apart.
SHOWN = 8


def places(model, draws=3):
    """Return settings of a model: its defaults, and places between the ends of its controls."""
    rng, name = np.random.default_rng(1), model.__name__
    smaller = {k: v[0] for k, v in models.SMALLER.get(name, {}).items() if k != "plants"}
    found = [smaller]
    for _ in range(draws):
        place = {}
        for entry in declared(model).values():
            low, high = entry.parameter.low, entry.parameter.high
            if entry.choices is not None:
                place[entry.name] = entry.choices[rng.integers(len(entry.choices))]
            elif low is not None and entry.type in (int, float):
                step = entry.parameter.step or 1
                drawn = low + step * round(rng.uniform(0.2, 0.6) * (high - low) / step)
                place[entry.name] = int(drawn) if entry.type is int else round(drawn, 10)
        found.append(place | smaller)
    return found


def _of_model(model, place):
    needs = models.NEEDS.get(model.__name__, {})
    return lambda: {"at": repr(place), "": _or_refusal(lambda: model(**needs, **place))}


def _calls():
    found = {}
    for name, call in test_determinism.CALLS.items():
        found[name] = lambda call=call: call(1)
    for kind in networks.GOVERNANCE_TYPES:
        found[f"networks.generate {kind}"] = lambda kind=kind: networks.generate(kind, seed=2)
    for name, (table, call) in test_determinism.SHUFFLED.items():
        found[f"{name} of a table"] = lambda table=table, call=call: call(table)
    for name, call in test_determinism.IN_ORDER.items():
        found[f"{name} of a matrix"] = lambda call=call: call(test_determinism.MATRIX)
    for name, entries in test_alignment.ENTRIES.items():
        for k, entry in enumerate(entries):
            found[f"agglomeration.{name} {k}"] = lambda entry=entry: test_alignment._result(entry)
    for name, model in models.MODELS.items():
        for k, place in enumerate(places(model)):
            found[f"{name}, {f'place {k}' if k else 'defaults'}"] = _of_model(model, place)
    return {name: call for name, call in found.items() if name not in DRAWN}


CALLS = _calls()


def lines(value, where=""):
    """Yield what a result holds: each part, its numbers, or what tells them from others."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield f"{where}: {value!r}".replace("\n", " ")
        kind = type(value)
        names = [field.name for field in dataclasses.fields(value)]
        names += [n for n in dir(kind) if isinstance(inspect.getattr_static(kind, n), property)]
        for name in names:
            if not name.startswith("_"):
                yield from lines(
                    _or_refusal(lambda name=name: getattr(value, name)), f"{where}.{name}"
                )
        if hasattr(value, "to_frame"):
            table = value.to_frame()
            total = table.select_dtypes("number").to_numpy(float)
            told = f"{table.shape[0]} x {_short([*table.columns])}, sum {_number(np.nansum(total))}"
            yield f"{where} as a table: {told}"
    elif isinstance(value, pd.DataFrame) and value.shape[1] > SHOWN:
        of = f"{where} by {_short(list(value.index))} and {_short(list(value.columns))}"
        yield from lines(value.to_numpy(), of)
    elif isinstance(value, pd.DataFrame):
        for k, name in enumerate(value.columns):
            yield from lines(value.iloc[:, k], f"{where}[{name}]")
    elif isinstance(value, pd.Series):
        yield from lines(value.to_numpy(), f"{where} by {_short(list(value.index))}")
    elif isinstance(value, nx.Graph):
        for what, given in (("nodes", value.nodes(data=True)), ("edges", value.edges(data=True))):
            frame = pd.DataFrame([data for *_, data in given], index=[str(n) for *n, _ in given])
            yield from lines(frame, f"{where} {what}")
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from lines(part, f"{where}[{name}]" if name else where)
    elif isinstance(value, (list, tuple)) and not all(map(np.isscalar, value)):
        for k, part in enumerate(value):
            yield from lines(part, f"{where}[{k}]")
    else:
        told = np.asarray(value).ravel()
        numeric = told.dtype.kind in "fiub"
        words = _numbers(told.astype(float)) if numeric else _short(told.tolist())
        yield f"{where}: {words or 'nothing'}"


def _or_refusal(call):
    try:
        return call()
    except ValueError as error:
        return f"refused: {error}"


def _short(labels):
    told = [re.sub(r" at 0x\w+", "", str(label)).replace("\n", " ") for label in labels]
    if len(told) <= SHOWN:
        return ", ".join(told)
    place = sum(k * sum(map(ord, each)) for k, each in enumerate(told))  # of the order, too
    return f"{told[0]} … {told[-1]} ({len(told)}, {len(set(told))} different, {place})"


def _numbers(array):
    if array.size <= SHOWN:
        return " ".join(map(_number, array))
    known = array[np.isfinite(array)]
    steps = np.abs(np.diff(known)).mean() if known.size > 1 else 0
    told = (known.mean(), known.std(), steps) if known.size else ()
    told = " ".join(map(_number, told))
    ends = f"{_number(array[0])} … {_number(array[-1])}"
    return f"{ends}, {len(array)} of which {known.size} finite, mean, spread, steps {told}".strip()


def _number(value):
    return f"{0 if abs(value) < 1e-9 else value:.8g}"


def same(kept, now):
    """Whether two lines have the same words, and numbers that differ by one in a million at most."""
    if NUMBER.sub("#", kept) != NUMBER.sub("#", now):
        return False
    pairs = zip(NUMBER.findall(kept), NUMBER.findall(now), strict=True)
    return all(
        abs(a - b) <= 1e-6 * max(abs(a), abs(b)) + 1e-9 for a, b in (map(float, p) for p in pairs)
    )


def file_of(name):
    """Return where what a topic gives is kept."""
    return KEPT / f"{name.partition('.')[0]}.txt"


def kept():
    """Return the lines that are kept, by call."""
    found = {}
    for path in KEPT.glob("*.txt"):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            name, *rest = block.strip().splitlines()
            found[name] = rest
    return found


BEFORE = kept()


@pytest.mark.parametrize("name", CALLS, ids=str)
def test_a_result_is_the_one_that_is_kept(name):
    before, now = BEFORE.get(name, []), list(lines(_or_refusal(CALLS[name])))
    differ = [
        f"- {old}\n+ {new}" for old, new in zip(before, now, strict=False) if not same(old, new)
    ]
    differ += [f"- {old}" for old in before[len(now) :]] + [
        f"+ {new}" for new in now[len(before) :]
    ]
    assert not differ, "\n".join([*differ[:20], "if meant: python tests/test_kept_results.py"])


def test_nothing_else_is_kept():
    assert set(BEFORE) == set(CALLS)


def test_what_differs_is_seen():
    assert same(".gini: 0.25 1 …", ".gini: 0.2500000001 1 …")
    assert not same(".gini: 0.25 1", ".gini: 0.2501 1")
    assert not same(".gini: 0.25 1", ".gini: -0.25 1")
    assert list(lines({"a": np.arange(9.0)})) != list(lines({"a": np.arange(9.0)[::-1]}))


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    told = {}
    for name, call in CALLS.items():
        if sys.argv[1:] and not any(name.startswith(each) for each in sys.argv[1:]):
            told.setdefault(file_of(name), []).append([name, *BEFORE.get(name, [])])
        else:
            told.setdefault(file_of(name), []).append([name, *lines(_or_refusal(call))])
    for path, blocks in told.items():
        text = "\n\n".join("\n".join(block) for block in blocks)
        path.write_text(text + "\n", encoding="utf-8")
