"""Whatever carries labels is matched by label, in every public function that takes two things.

Each entry below calls one function with labelled arguments. The test shuffles the rows and columns
of one argument after the other and asks for the same labelled result, and gives one label another
name and asks for a refusal that says which. A public function without an entry fails the test.
"""

import dataclasses
import inspect
import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from clusterlab import agglomeration
from clusterlab.agglomeration import summary
from clusterlab.agglomeration.plants import PlantSizes
from clusterlab.regions import theil

REGIONS, INDUSTRIES = list("cadbef"), ["wine", "boats", "sails", "bread", "chips"]


def _table(seed: int = 3) -> pd.DataFrame:
    numbers = np.random.default_rng(seed).integers(1, 40, (len(REGIONS), len(INDUSTRIES)))
    return pd.DataFrame(numbers, index=REGIONS, columns=INDUSTRIES)


def _by_region(seed: int, least: int = 300) -> pd.Series:
    return pd.Series(np.random.default_rng(seed).integers(least, 2 * least, 6), REGIONS)


def _by_industry(numbers) -> pd.Series:
    return pd.Series(numbers, INDUSTRIES)


TABLE, HAS = _table(), _table(8) > 12
TOTALS, REFERENCE = _by_region(1), _by_industry([900, 1200, 800, 700, 1500])
HERFINDAHL = _by_industry([0.05, 0.1, 0.2, 0.3, 0.15])
GROUPS = _by_industry(["food", "sea", "sea", "food", "light"])
NEAR = agglomeration.relatedness(TABLE, method="cosine")
REGISTER = pd.DataFrame(
    {
        "place": np.repeat(["x", "y"], 50),
        "trade": np.tile(["wine", "shops"], 50),
        "jobs": np.random.default_rng(2).integers(1, 90, 100),
    },
    index=[f"firm {k}" for k in range(100)],
)
CLASSES = pd.DataFrame(
    {"1-4": [2, 1, 4, 0], "5-9": [1, 3, 1, 2]}, ["wine", "shops", "sails", "chips"]
)
HIDDEN = TABLE.mask(np.eye(6, 5, dtype=bool))
CELLS = pd.DataFrame(
    {
        "region": ["a", "b", "a", "c"],
        "industry": ["wine", "wine", "shops", "shops"],
        "employment": [12, np.nan, 10, np.nan],
        "establishments": [3, 2, 2, 2],
        "1-4": [2, 0, 1, 0],
        "5-9": [1, 2, 1, 2],
    },
    index=[f"row {k}" for k in range(4)],
)
BOOTSTRAP = agglomeration.bootstrap_location_quotient(
    REGISTER, region="place", industry="trade", size="jobs", replicates=30
)


class Entry(NamedTuple):
    """A function, its labelled arguments, and others.

    In ``free`` stand arguments whose labels are those of the result: there is nothing to match. In
    ``ordered`` those whose columns have an order that means something.
    """

    call: Any
    labelled: dict
    others: dict = {}
    free: tuple = ()
    ordered: tuple = ()


E = Entry
ag = agglomeration
POINTS = pd.DataFrame(
    np.random.default_rng(6).uniform(0, 50, (40, 2)), [f"p{k}" for k in range(40)], ["x", "y"]
)
WEIGHTS = pd.Series(np.random.default_rng(7).integers(1, 90, 40), POINTS.index)
FAR = {"maximum": 20.0, "steps": 12, "simulations": 3, "progress": False}
ENTRIES = {
    "k_density": [
        E(ag.k_density, {"points": POINTS, "weights": WEIGHTS}, {"maximum": 20.0, "steps": 12}),
        E(ag.k_density, {"points": POINTS}, FAR | {"among": POINTS}, ("points",)),
    ],
    "marcon_puech": [
        E(ag.marcon_puech, {"points": POINTS, "cases": WEIGHTS > 40, "weights": WEIGHTS}, FAR),
        E(
            ag.marcon_puech,
            {"points": POINTS, "cases": WEIGHTS > 40},
            FAR | {"kind": "m", "bandwidth": 3.0},
        ),
    ],
    "bootstrap_location_quotient": [
        E(
            lambda register: ag.bootstrap_location_quotient(
                register, region="place", industry="trade", size="jobs", replicates=9
            ).interval(),
            {"register": REGISTER},
            {},
            ("register",),
        )
    ],
    "coagglomeration": [
        E(ag.coagglomeration, {"table": TABLE, "reference": TOTALS}),
        E(ag.coagglomeration, {"table": TABLE}, {"reference": "mean"}, ("table",)),
    ],
    "coagglomeration_group": [
        E(
            ag.coagglomeration_group,
            {"table": TABLE, "reference": TOTALS},
            {"industries": ["wine", "sails", "chips"]},
        )
    ],
    "complexity": [
        E(ag.complexity, {"table": TABLE}, {}, ("table",)),
        E(ag.complexity, {"table": TABLE}, {"minimum": 65}, ("table",)),
        E(ag.complexity, {"table": HAS}, {}, ("table",)),
    ],
    "dynamic_shift_share": [
        E(
            lambda first, second, third: ag.dynamic_shift_share({1: first, 2: second, 3: third}),
            {"first": TABLE, "second": _table(4), "third": _table(5)},
        )
    ],
    "ellison_glaeser": [
        E(ag.ellison_glaeser, {"table": TABLE, "plants": HERFINDAHL, "totals": TOTALS})
    ],
    "ellison_glaeser_bounds": [
        E(
            lambda cells, totals, industry_totals: ag.ellison_glaeser_bounds(
                cells,
                classes={"1-4": (1, 4), "5-9": (5, 9)},
                totals=totals,
                industry_totals=industry_totals,
            ),
            {
                "cells": CELLS,
                "totals": TOTALS,
                "industry_totals": pd.Series({"bread": 9, "wine": 25, "sails": 7, "shops": 22}),
            },
            {},
            ("cells",),
        )
    ],
    "fitness": [E(ag.fitness, {"table": TABLE}, {}, ("table",))],
    "gini": [
        E(ag.gini, {"values": TABLE, "reference": TOTALS}),
        E(ag.gini, {"values": TABLE, "reference": REFERENCE}, {"of": "region"}),
        E(ag.gini, {"values": TABLE["wine"], "reference": TOTALS}),
    ],
    "herfindahl": [E(ag.herfindahl, {"values": TABLE}, {}, ("values",))],
    "hoover": [
        E(ag.hoover, {"values": TABLE, "reference": TOTALS}),
        E(ag.hoover, {"values": TABLE}, {"of": "region"}, ("values",)),
        E(ag.hoover, {"values": TABLE["wine"], "reference": TOTALS}),
    ],
    "industry_profile": [
        E(ag.industry_profile, {"table": TABLE}, {"industry": "wine"}, ("table",))
    ],
    "krugman_specialisation": [
        E(ag.krugman_specialisation, {"table": TABLE}, {"against": against}, ("table",))
        for against in ("mean_of_shares", "mean_of_index", "rest")
    ],
    "location_quotient": [
        E(ag.location_quotient, {"table": TABLE, "totals": TOTALS, "reference": REFERENCE}),
        E(
            lambda table, units: ag.location_quotient(table).interval(units=units),
            {"table": TABLE, "units": TOTALS},
        ),
        E(
            lambda table, units: ag.location_quotient(table).specialised(level=0.9, units=units),
            {"table": TABLE, "units": TOTALS},
        ),
    ],
    "locational_gini": [
        E(ag.locational_gini, {"table": TABLE, "totals": TOTALS}, {"weights": weights})
        for weights in ("equal", "size")
    ],
    "lorenz_curve": [E(ag.lorenz_curve, {"values": TABLE["wine"], "reference": TOTALS})],
    "maurel_sedillot": [
        E(ag.maurel_sedillot, {"table": TABLE, "plants": HERFINDAHL, "totals": TOTALS})
    ],
    "measure_all": [
        E(
            lambda table, plants, totals: ag.measure_all(
                table,
                totals=totals,
                plants=PlantSizes(
                    plants=None, herfindahl=plants, fourth_powers=plants**2, source="given"
                ),
            ),
            {"table": TABLE, "plants": HERFINDAHL, "totals": TOTALS},
        )
    ],
    "measure_bounds": [
        E(
            ag.measure_bounds,
            {"table": HIDDEN, "totals": TABLE.sum(axis=1), "industry_totals": TABLE.sum()},
            {"of": of},
        )
        for of in ("industry", "region")
    ],
    "plant_sizes": [
        E(
            ag.plant_sizes,
            {"register": REGISTER},
            {"industry": "trade", "size": "jobs"},
            ("register",),
        )
    ],
    "plant_sizes_from_classes": [
        E(
            lambda counts, employment: ag.plant_sizes_from_classes(
                counts, [(1, 4), (5, 9)], employment
            ),
            {
                "counts": CLASSES,
                "employment": pd.Series([25, 12, 15, 14], ["shops", "wine", "chips", "sails"]),
            },
            {},
            (),
            ("counts",),
        )
    ],
    "presence": [E(ag.presence, {"table": TABLE}, {}, ("table",))],
    "relatedness": [
        E(ag.relatedness, {"table": TABLE}, {"method": method}, ("table",))
        for method in ("proximity", "cosine", "association", "correlation")
    ],
    "relatedness_density": [
        E(ag.relatedness_density, {"table": TABLE, "between": NEAR}),
        E(ag.relatedness_density, {"table": TABLE}, {"itself": True}, ("table",)),
    ],
    "shift_share": [
        E(ag.shift_share, {"before": TABLE, "after": _table(4)}, {"method": method})
        for method in ("dunn", "esteban")
    ],
    "specialised_in": [
        E(
            summary.specialised_in,
            {"table": TABLE, "units": TOTALS},
            {"industry": "wine", "draw": "an establishment"},
        )
    ],
    "theil": [
        E(
            lambda values, groups, weights, index=index: theil(
                values, groups=groups, weights=weights, index=index
            ),
            {"values": TABLE, "groups": pd.Series(list("uvuvvu"), REGIONS), "weights": weights},
        )
        for index in "TL"
        for weights in (_by_region(5), _table(6))
    ],
    "variety": [
        E(ag.variety, {"table": TABLE, "groups": GROUPS}),
        E(
            lambda table, groups: ag.variety(table, groups.to_dict()),
            {"table": TABLE, "groups": GROUPS},
        ),
        E(
            ag.variety,
            {"table": TABLE, "groups": pd.DataFrame({"wide": "all", "fine": GROUPS})},
            {},
            (),
            ("groups",),
        ),
    ],
}
NO_LABELS = {"dartboard": "draws its own plants"}
CASES = [
    pytest.param(entry, argument, id=f"{name} {k} {argument}")
    for name, entries in ENTRIES.items()
    for k, entry in enumerate(entries)
    for argument in entry.labelled
]


def _sorted(value: Any) -> Any:
    """Return a result in the order of its labels, whatever it is made of."""
    if isinstance(value, pd.DataFrame):
        return value.sort_index().sort_index(axis=1)
    if isinstance(value, pd.Series):
        return value.sort_index()
    if dataclasses.is_dataclass(value):
        fields = [f.name for f in dataclasses.fields(value) if not f.name.startswith("_")]
        return {name: _sorted(getattr(value, name)) for name in fields}
    if isinstance(value, dict):
        return {name: _sorted(part) for name, part in value.items()}
    return [_sorted(part) for part in value] if isinstance(value, (tuple, list)) else value


def _same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-12)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, rtol=1e-9, atol=1e-12)
    elif isinstance(one, (dict, list)):
        assert len(one) == len(other)
        for key in one if isinstance(one, dict) else range(len(one)):
            _same(one[key], other[key])
    elif isinstance(one, np.ndarray):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-12)
    else:
        assert one == other


def _shuffled(thing: Any, seed: int, ordered: bool) -> Any:
    mixed = thing.sample(frac=1, random_state=seed)
    assert not mixed.index.equals(thing.index)
    return mixed if thing.ndim == 1 or ordered else mixed.sample(frac=1, axis=1, random_state=seed)


def _result(entry: Entry, **changed: Any) -> Any:
    arguments = {**entry.labelled, **changed}
    names = list(inspect.signature(entry.call).parameters)
    by_name = entry.others | arguments
    first = inspect.signature(entry.call).parameters[names[0]]
    if first.kind is inspect.Parameter.KEYWORD_ONLY:
        return entry.call(**by_name)
    return entry.call(**{name: by_name[name] for name in names if name in by_name})


@pytest.mark.parametrize(("entry", "argument"), CASES)
def test_the_order_of_labels_does_not_matter(entry, argument):
    expected = _sorted(_result(entry))
    for seed in (1, 2):
        mixed = _shuffled(entry.labelled[argument], seed, argument in entry.ordered)
        before = mixed.copy()
        _same(_sorted(_result(entry, **{argument: mixed})), expected)
        _same(mixed, before)  # and the input is not changed


@pytest.mark.parametrize(("entry", "argument"), CASES)
def test_a_label_of_another_name_is_refused_and_named(entry, argument):
    thing = entry.labelled[argument]
    if argument in entry.free:
        return
    for axis, labels in enumerate(
        (thing.index, thing.columns) if thing.ndim == 2 else [thing.index]
    ):
        matched = {
            label
            for name, other in entry.labelled.items()
            if name != argument
            for there in (other.index, getattr(other, "columns", other.index))
            for label in there
        }
        if not set(labels) <= matched:
            continue  # classes of size, or industries where regions are matched
        old = labels[1]
        renamed = thing.rename({old: "elsewhere"}, axis=axis)
        with pytest.raises(ValueError, match=rf"'elsewhere'|{old!r}"):
            _result(entry, **{argument: renamed})


def _may_carry_labels(function):
    """Return how many arguments of a function may have an index."""
    hints = [str(told.annotation) for told in inspect.signature(function).parameters.values()]
    return sum(bool(re.search("Series|Frame|Numbers|Any|Mapping|Sequence", hint)) for hint in hints)


def test_every_public_function_that_takes_two_labelled_things_has_an_entry():
    functions = {name: getattr(agglomeration, name) for name in agglomeration.__all__}
    functions = {
        name: each
        for name, each in functions.items()
        if callable(each) and not inspect.isclass(each)
    }
    needed = {name for name, each in functions.items() if _may_carry_labels(each) > 1}
    assert needed <= set(ENTRIES) | set(NO_LABELS)
    assert set(ENTRIES) | set(NO_LABELS) <= {*functions, "specialised_in", "theil"}


@pytest.mark.parametrize("call", [ag.gini, ag.hoover, ag.lorenz_curve])
def test_what_carries_no_label_has_the_right_length(call):
    plain = call(TABLE["wine"], list(TOTALS))
    _same(_sorted(plain), _sorted(call(TABLE["wine"], TOTALS)))
    with pytest.raises(ValueError, match="reference has 5 numbers for 6 places"):
        call(TABLE["wine"], list(TOTALS)[:5])


@pytest.mark.parametrize(
    "call",
    [
        lambda more: ag.gini(TABLE, more),
        lambda more: ag.hoover(TABLE, more),
        lambda more: ag.coagglomeration(TABLE, reference=more),
        lambda more: ag.locational_gini(TABLE, more),
        lambda more: ag.ellison_glaeser(TABLE, HERFINDAHL, totals=more),
        lambda more: ag.maurel_sedillot(TABLE, HERFINDAHL, totals=more),
        lambda more: ag.measure_all(TABLE, totals=more),
    ],
)
def test_a_place_that_only_the_reference_has_is_not_left_out_in_silence(call):
    more = pd.concat([TOTALS, pd.Series({"empty place": 500})])
    with pytest.raises(ValueError, match="'empty place' is not in the table"):
        call(more)
