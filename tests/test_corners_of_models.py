"""Every declared model at the corners of its declared ranges: no error, no warning, no NaN.

What a slider or a sweep can reach is tried: both ends of every range and every choice, all
combinations where there are few, a fixed sample of them otherwise. A model that is added is found
by itself; one that needs a table or a graph names it in ``NEEDS``.
"""

import dataclasses
import importlib
import inspect
import itertools
import pkgutil
import re
import warnings
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import clusterlab
from clusterlab import agglomeration
from clusterlab.agglomeration.planted import planted_economy
from clusterlab.parameters import declared

TABLE = pd.DataFrame(
    np.random.default_rng(1).integers(1, 60, (4, 3)), list("ABCD"), ["wine", "shoes", "glass"]
)
ECONOMY, _ = planted_economy()
NEEDS: dict[str, dict[str, Any]] = {
    "circle": {"replicates": 3},
    "compensation": {"facets": TABLE.astype(float)},
    "delineate": {
        "criteria": pd.DataFrame(
            [[76, 1.4, 401, 23, 64170], [2, 1.1, 9, 264, 2e6]],
            columns=["quotient", "related", "establishments", "size", "area"],
        )
    },
    "industry_profile": {"table": TABLE, "industry": "wine"},
    "location_choice": {"replicates": 20},
    "next_industries": {
        "quotients": agglomeration.location_quotient(ECONOMY).value,
        "region": ECONOMY.index[0],
    },
    "sensitivity": {"replicates": 5},
    "region_shares": {"quotients": agglomeration.location_quotient(TABLE), "region": "A"},
    "specialised_in": {
        "table": TABLE,
        "industry": "wine",
        "units": TABLE.sum(axis=1),
        "bootstrap": agglomeration.bootstrap_location_quotient(
            pd.DataFrame(
                {
                    "place": np.tile(list("ABCD"), 40),
                    "trade": np.repeat(["wine", "shoes"], 80),
                    "jobs": 1 + np.arange(160) % 7,
                }
            ),
            region="place",
            industry="trade",
            size="jobs",
            replicates=20,
        ),
    },
}
#: Ends that take long and change nothing but the number of repetitions: others, by name.
SMALLER: dict[str, dict[str, Any]] = {
    "circle_to_star": {"firms": (12,)},
    "emerge": {"firms": (100,), "years": (10,), "replicates": (10,)},
    "placed_plants": {"plants": ([], [(0.0, 100.0)], [(50.0, 50.0)] * 20, [(0, 0), (100, 100)])},
    "modular_search": {"steps": (100,), "replicates": (1, 5)},
    "innovators": {"replicates": (1, 20)},
    "regime": {"replicates": (1, 20)},
    "dynamics": {"years": (10,)},
    "trade_fair": {"replicates": (20,)},
    "pipelines": {"replicates": (2, 5)},
    "three_levels": {"replicates": (2, 20)},
    "hidden_cluster": {"replicates": (2, 10)},
    "portfolio": {"replicates": (2, 20)},
    "barter": {"agents": (50,), "replicates": (2,), "meetings": (100, 200)},
}
MOST, FEW = 64, {"circle_to_star": 6, "emerge": 4, "circle": 16}
FEW |= {"generate": 32, "location_choice": 32}
FEW |= dict.fromkeys(("barter", "dynamics", "stretch", "demand_shift"), 24)
#: Two ends that exclude each other, and how the refusal says so.
EXCLUDE: dict[str, str] = {
    "modular_search": "must be sizes|do not divide",
    "trade_fair": "travellers is 12, but it must be at most the 6 firms",
}


def _is_model(function: Any) -> bool:
    try:
        return hasattr(function, "__wrapped__") and bool(declared(function))
    except NameError:  # annotations that only a type checker can read: no model has them
        return False


def _models() -> dict[str, Any]:
    found = {}
    for module in pkgutil.walk_packages(clusterlab.__path__, "clusterlab."):
        if module.name.rpartition(".")[2] in ("plots", "widgets") or ".views" in module.name:
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(thing) and thing.__module__ == module.name and _is_model(thing):
                found[f"{module.name.removeprefix('clusterlab.')}.{name}"] = thing
    return found


MODELS = _models()


def corners(model: Any) -> list[dict[str, Any]]:
    """Return the settings to try: all combinations of ends, or a sample with both extremes."""
    ends, name = {}, model.__name__
    for entry in declared(model).values():
        if entry.name in SMALLER.get(name, {}):
            ends[entry.name] = SMALLER[name][entry.name]
        elif entry.choices is not None:
            ends[entry.name] = entry.choices
        elif entry.parameter.low is not None:
            ends[entry.name] = (entry.parameter.low, entry.parameter.high)
    most = FEW.get(name, MOST)
    if np.prod([len(values) for values in ends.values()]) <= most:
        return [dict(zip(ends, c, strict=True)) for c in itertools.product(*ends.values())]
    rng = np.random.default_rng(0)
    picked = [[rng.integers(len(values)) for values in ends.values()] for _ in range(most - 2)]
    picked += [[0] * len(ends), [-1] * len(ends)]
    return [
        {n: values[k] for (n, values), k in zip(ends.items(), pick, strict=True)} for pick in picked
    ]


def nan_in(value: Any, where: str = "result") -> str:
    """Return where in a result something is not a number, empty if nothing is."""
    if isinstance(value, (float, np.floating)):
        return where if np.isnan(value) else ""
    if isinstance(value, (pd.DataFrame, pd.Series)):
        numeric = value.select_dtypes("number") if isinstance(value, pd.DataFrame) else value
        return where if numeric.isna().to_numpy().any() else ""
    if isinstance(value, np.ndarray):
        return where if value.dtype.kind == "f" and np.isnan(value).any() else ""
    if dataclasses.is_dataclass(value):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, nx.Graph):
        value = {str(n): d for *n, d in [*value.nodes(data=True), *value.edges(data=True)]}
    if isinstance(value, dict):
        return next(filter(None, (nan_in(v, f"{where}.{k}") for k, v in value.items())), "")
    if isinstance(value, (list, tuple)):
        return next(filter(None, (nan_in(v, f"{where}[{k}]") for k, v in enumerate(value))), "")
    return ""


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_a_model_answers_at_every_corner(model):
    name = model.__name__
    for corner in corners(model):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                result = model(**NEEDS.get(name, {}), **corner)
            except Exception as error:
                if isinstance(error, ValueError) and re.search(EXCLUDE.get(name, "^$"), str(error)):
                    continue
                raise AssertionError(f"{name} at {corner}: {error!r}") from error
        assert not nan_in(result), f"{name} at {corner}: NaN in {nan_in(result)}"


def test_what_is_made_smaller_is_declared():
    declare = {model.__name__: set(declared(model)) for model in MODELS.values()}
    for name, smaller in SMALLER.items():
        assert set(smaller) <= declare[name], name


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_a_default_is_a_place_of_its_slider(model):
    """Or a widget would show another number than the one that was computed."""
    for name, _, default, parameter, _ in declared(model).values():
        if parameter.low is None or not isinstance(default, int | float):
            continue
        assert parameter.low <= default <= parameter.high, name
        steps = (default - parameter.low) / (parameter.step or 1)
        assert steps == pytest.approx(round(steps), abs=1e-6), name
