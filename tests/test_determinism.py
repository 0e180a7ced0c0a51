"""The same seed gives the same result: in another process, in threads, with other hashes of text.

Each function that takes a seed is called once in `CALLS`; one that is new needs an entry. Run as a
program, this file prints what every call gives, for a comparison with what it gives elsewhere. The
order of a table's rows does not matter either (`SHUFFLED`; `test_alignment` for agglomeration).
"""

import dataclasses
import hashlib
import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import joblib
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import test_alignment

import clusterlab
from clusterlab import agglomeration as ag
from clusterlab import (
    clusters,
    diamond,
    districts,
    linkages,
    location,
    networks,
    policy,
    regions,
    relocation,
    transitions,
)
from clusterlab.agglomeration import planted
from clusterlab.clusters import detection
from clusterlab.location import many_regions
from clusterlab.networks import search
from clusterlab.sweep import sweep
from clusterlab.transitions import chain, regimes
from clusterlab.views.graph import layout

RNG = np.random.default_rng(5)
PLACES, TRADES = list("cadbefgh"), ["wine", "boats", "sails", "bread", "chips", "glass"]
POINTS = pd.DataFrame(RNG.uniform(0, 50, (40, 2)), [f"p{k}" for k in range(40)], ["x", "y"])
CASES = pd.Series(RNG.integers(0, 2, 40) > 0, POINTS.index)
REGISTER = pd.DataFrame(
    {
        "place": RNG.choice(["x", "y"], 90),
        "trade": RNG.choice(TRADES[:2], 90),
        "jobs": RNG.integers(1, 90, 90),
    }
)
SIMILAR = pd.DataFrame(np.corrcoef(RNG.normal(size=(6, 9))), TRADES, TRADES)
RATINGS = pd.DataFrame(
    RNG.normal(size=(8, 6)),
    PLACES,
    pd.MultiIndex.from_tuples([(facet, f"{facet} {k}") for facet in "abc" for k in (1, 2)]),
)
INCOMES = pd.DataFrame(RNG.lognormal(size=(8, 6)), PLACES, range(2000, 2006))
BORDERS = {place: [PLACES[k - 1], PLACES[(k + 1) % 8]] for k, place in enumerate(PLACES)}
MATRIX = pd.DataFrame([[0.8, 0.2], [0.3, 0.7]], ["poor", "rich"], ["poor", "rich"])
GRAPH = networks.generate("modular", seed=3)
DISTRICT = districts.generate(firms=30, seed=3)
PANEL = transitions.simulate_panel(MATRIX, places=20, periods=6)
FAR = {"maximum": 20.0, "steps": 8, "simulations": 4, "progress": False}


def town(*, training, seed):
    return 10 + training * (1 + np.random.default_rng(seed).normal(size=len(training)))


#: Small calls of every function that takes a seed, by module and name.
CALLS = {
    "agglomeration.distance.k_density": lambda seed: ag.k_density(
        POINTS[:20], among=POINTS, seed=seed, **FAR
    ),
    "agglomeration.distance.marcon_puech": lambda seed: ag.marcon_puech(
        POINTS, CASES, seed=seed, **FAR
    ),
    "agglomeration.planted.planted_economy": lambda seed: planted.planted_economy(seed=seed),
    "agglomeration.planted.variety_and_growth": lambda seed: planted.variety_and_growth(seed=seed),
    "agglomeration.plants.dartboard": lambda seed: ag.dartboard(replicates=20, seed=seed),
    "agglomeration.quotient.bootstrap_location_quotient": lambda seed: (
        ag.bootstrap_location_quotient(
            REGISTER, region="place", industry="trade", size="jobs", replicates=9, seed=seed
        ).interval()
    ),
    "clusters.detection.hidden_cluster": lambda seed: detection.hidden_cluster(
        replicates=3, seed=seed
    ),
    "clusters.groups.define": lambda seed: clusters.define(
        SIMILAR, groups=2, method="k-means", seed=seed
    ),
    "diamond.motion.stable_states": lambda seed: diamond.stable_states(starts=16, seed=seed),
    "diamond.robustness.uncertainty": lambda seed: diamond.uncertainty(
        RATINGS, reverse=[], replicates=50, seed=seed
    ),
    "districts.construct.generate": lambda seed: districts.generate(seed=seed),
    "districts.memberships.membership": lambda seed: districts.membership(
        {"leadership": "hub", "contract length": "long"}, replicates=50, seed=seed
    ),
    "districts.network.network_profile": lambda seed: districts.network_profile(
        DISTRICT, replicates=50, seed=seed
    ),
    "linkages.bartering.barter": lambda seed: linkages.barter(
        agents=50, meetings=50, replicates=2, seed=seed
    ),
    "linkages.fair.trade_fair": lambda seed: linkages.trade_fair(replicates=20, seed=seed),
    "linkages.levels.three_levels": lambda seed: linkages.three_levels(replicates=3, seed=seed),
    "linkages.piping.pipelines": lambda seed: linkages.pipelines(
        replicates=3, periods=10, seed=seed
    ),
    "location.lock_in.spin_offs": lambda seed: location.spin_offs(
        firms=50, replicates=20, seed=seed
    ),
    "location.lock_in.urn": lambda seed: location.urn(firms=50, replicates=20, seed=seed),
    "location.lock_in.location_choice": lambda seed: location.location_choice(
        firms=50, replicates=20, seed=seed
    ),
    "location.many_regions.circle": lambda seed: many_regions.circle(replicates=2, seed=seed),
    "location.pooling.labour_pooling": lambda seed: location.labour_pooling(
        replicates=50, seed=seed
    ),
    "networks.governance.generate": lambda seed: networks.generate("captive", seed=seed),
    "networks.measures.structure": lambda seed: networks.structure(GRAPH, sample=9, seed=seed),
    "networks.profile.closest_types": lambda seed: networks.closest_types(
        GRAPH, per_type=3, replicates=20, seed=seed
    ),
    "networks.search.modular_search": lambda seed: search.modular_search(
        steps=50, replicates=3, seed=seed
    ),
    "networks.shocks.supplier_failure": lambda seed: networks.supplier_failure(
        replicates=50, seed=seed
    ),
    "networks.shocks.removal": lambda seed: networks.removal(GRAPH, replicates=3, seed=seed),
    "networks.shocks.demand_shift": lambda seed: networks.demand_shift(replicates=2, seed=seed),
    "networks.spreading.spread": lambda seed: networks.spread(
        GRAPH, [min(GRAPH)], replicates=9, seed=seed
    ),
    "networks.stretching.stretch": lambda seed: networks.stretch(seed=seed),
    "policy.comparing.compare": lambda seed: policy.compare(
        {"courses": {"training": 2}},
        town,
        years=5,
        after=5,
        fixed={"training": 0},
        replicates=5,
        seed=seed,
    ),
    "policy.growing.portfolio": lambda seed: policy.portfolio(replicates=3, seed=seed),
    "policy.two_policies.targeting": lambda seed: policy.targeting(replicates=9, seed=seed),
    "regions.chains.markov": lambda seed: regions.markov(
        INCOMES, classes=2, replicates=20, seed=seed
    ),
    "regions.chains.spatial_markov": lambda seed: regions.spatial_markov(
        INCOMES, BORDERS, classes=2, replicates=20, seed=seed
    ),
    "relocation.tasks.relocate": lambda seed: relocation.relocate(drawn=9, replicates=2, seed=seed),
    "relocation.upgrading.climb": lambda seed: relocation.climb(firms=50, seed=seed),
    "sweep.sweep": lambda seed: sweep(
        ag.dartboard,
        {"plants": [5, 9]},
        fixed={"replicates": 5},
        replicates=2,
        measure=_mean_raw,
        seed=seed,
        progress=False,
    ),
    "transitions.chain.Chain.paths": lambda seed: chain.transition_graph().paths(
        start="satellite", years=20, replicates=9, seed=seed
    ),
    "transitions.chain.outlook": lambda seed: chain.outlook(seed=seed),
    "transitions.emergence.emerge": lambda seed: transitions.emerge(
        years=3, replicates=3, seed=seed
    ),
    "transitions.markov.estimate": lambda seed: transitions.estimate(
        PANEL, interval="bootstrap", replicates=9, seed=seed
    ),
    "transitions.markov.homogeneity": lambda seed: transitions.homogeneity(
        transitions.estimate(PANEL), replicates=50, seed=seed
    ),
    "transitions.markov.simulate_panel": lambda seed: transitions.simulate_panel(
        MATRIX, places=9, periods=4, seed=seed
    ),
    "transitions.regimes.innovators": lambda seed: transitions.innovators(
        events=50, replicates=3, seed=seed
    ),
    "transitions.regimes.regime": lambda seed: regimes.regime(
        opportunity=200, replicates=3, seed=seed
    ),
    "views.graph.layout": lambda seed: layout(GRAPH, seed=seed),
}
#: Where the seed only chooses where the search for the one result begins.
ONE_RESULT = {"clusters.groups.define", "diamond.motion.stable_states"}
#: What turns a seed into numbers, and what draws nothing itself.
HELPERS = {"parameters.generator", "agglomeration.envelope.root_seed"}


def _mean_raw(result):
    return result.raw.mean()


def seeded():
    """Return module and name of each public function or method that takes a seed."""
    found = set()
    for module in pkgutil.walk_packages(clusterlab.__path__, "clusterlab."):
        if module.name.rpartition(".")[2] in ("__main__", "plots", "widgets"):
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            if name.startswith("_") or getattr(thing, "__module__", "") != module.name:
                continue
            inside = vars(thing).items() if inspect.isclass(thing) else ()
            methods = [(f"{name}.{key}", each) for key, each in inside if not key.startswith("_")]
            for called, each in [(name, thing), *methods]:
                if inspect.isfunction(each) and "seed" in inspect.signature(each).parameters:
                    found.add(f"{module.name}.{called}".removeprefix("clusterlab."))
    return found - HELPERS


def told(value):
    """Return a result as plain text, every number and the order of all that has one."""
    if dataclasses.is_dataclass(value):
        fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        return told(fields)
    if isinstance(value, (pd.DataFrame, pd.Series)):
        labels = [list(value.index), list(getattr(value, "columns", ()))]
        return told([*labels, value.to_numpy().tolist()])
    if isinstance(value, nx.Graph):
        return told([list(value.nodes(data=True)), list(value.edges(data=True))])
    if isinstance(value, dict):
        return "{" + ", ".join(f"{told(k)}: {told(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(told, value)) + "]"
    if isinstance(value, (np.ndarray, np.generic)):
        return told(value.tolist())
    text = repr(value)
    assert " at 0x" not in text, f"{type(value)} has no text of its own"
    return text


def digests(seed=1):
    """Return what every call gives, each as a short hash of its text."""
    return {name: _digest(name, seed) for name in CALLS}


def _digest(name, seed):
    return hashlib.sha256(told(CALLS[name](seed)).encode()).hexdigest()[:16]


@pytest.fixture(scope="module")
def here():
    return digests()


def test_every_function_that_takes_a_seed_is_called():
    assert seeded() == set(CALLS)


def test_another_seed_gives_another_result(here):
    other = digests(seed=2)
    assert {name for name in CALLS if other[name] == here[name]} == ONE_RESULT


@pytest.mark.parametrize("hashes", ["1", "2"])
def test_another_process_with_other_hashes_gives_the_same(here, hashes):
    run = subprocess.run(
        [sys.executable, __file__],
        env=os.environ | {"PYTHONHASHSEED": hashes, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    there = json.loads(run.stdout)
    assert {name for name in CALLS if there[name] != here[name]} == set()


def test_threads_do_not_disturb_each_other(here):
    with ThreadPoolExecutor(4) as pool:
        there = dict(zip(CALLS, pool.map(lambda name: _digest(name, 1), CALLS), strict=True))
    assert {name for name in CALLS if there[name] != here[name]} == set()


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_two_at_a_time_give_the_same(here, backend):
    with joblib.parallel_config(backend=backend, n_jobs=2):
        assert _digest("sweep.sweep", 1) == here["sweep.sweep"]
    joblib.externals.loky.get_reusable_executor().shutdown(wait=True)


MADE = pd.DataFrame(RNG.integers(1, 40, (6, 6)).astype(float), TRADES, TRADES)
FACETS = diamond.score(RATINGS, reverse=[]).facets
#: A table and a call with it, by topic and name: its rows may come in any order.
SHUFFLED = {
    "clusters.boundary": (MADE + MADE.T, lambda t: clusters.boundary("wine", t, threshold=30)),
    "clusters.define": (SIMILAR, lambda t: clusters.define(t, groups=2, method="k-means")),
    "clusters.validate": (
        SIMILAR,
        lambda t: clusters.validate(pd.Series([1, 1, 1, 2, 2, 2], TRADES), t),
    ),
    "diamond.aggregate": (FACETS, diamond.aggregate),
    "diamond.coherence": (RATINGS, lambda t: diamond.coherence(t, reverse=[])),
    "diamond.compensation": (FACETS, lambda t: diamond.compensation(facets=t)),
    "diamond.score": (RATINGS, lambda t: diamond.score(t, reverse=[])),
    "diamond.uncertainty": (RATINGS, lambda t: diamond.uncertainty(t, reverse=[], replicates=50)),
    "regions.convergence": (INCOMES, regions.convergence),
    "regions.markov": (INCOMES, lambda t: regions.markov(t, classes=2, replicates=20)),
    "regions.quantile_classes": (INCOMES, lambda t: regions.quantile_classes(t, classes=2)),
    "regions.spatial_markov": (
        INCOMES,
        lambda t: [
            found.counts
            for _, found in sorted(
                regions.spatial_markov(t, BORDERS, classes=2, replicates=20).by_neighbours.items()
            )
        ],
    ),
    "transitions.estimate": (
        PANEL,
        lambda t: transitions.estimate(t, interval="bootstrap", replicates=9),
    ),
    "transitions.homogeneity": (
        PANEL,
        lambda t: transitions.homogeneity(transitions.estimate(t), replicates=50),
    ),
}
#: Calls with a matrix whose rows must come as its columns do; another order is refused.
IN_ORDER = {
    "transitions.chain_facts": transitions.chain_facts,
    "transitions.first_passage": lambda t: transitions.first_passage(t, "rich"),
    "transitions.long_run": transitions.long_run,
}
#: Not tried here yet.
UNTRIED = {
    "clusters.criteria",
    "clusters.linkages",
    "clusters.similarity",
    "diamond.productivity_gap",
    "diamond.read_indicators",
    "districts.membership",
    "districts.network_membership",
    "networks.read",
    "transitions.nearest_types",
    "transitions.simulate_panel",
}


def with_tables():
    """Return topic and name of each announced function that takes a table."""
    found = set()
    for topic in {*clusterlab.__all__} - {"maps", "tables"}:
        module = importlib.import_module(f"clusterlab.{topic}")
        for name in getattr(module, "__all__", ()):
            each = getattr(module, name)
            if not inspect.isfunction(each) or each.__module__.endswith(("plots", "widgets")):
                continue
            hints = " ".join(str(p.annotation) for p in inspect.signature(each).parameters.values())
            if "DataFrame" in hints and name not in test_alignment.ENTRIES:
                found.add(f"{topic}.{name}")
    return found


def test_every_function_that_takes_a_table_is_called_with_its_rows_shuffled():
    assert with_tables() == {*SHUFFLED, *IN_ORDER, *UNTRIED}


@pytest.mark.parametrize("name", SHUFFLED)
def test_the_order_of_rows_does_not_matter(name):
    table, call = SHUFFLED[name]
    expected = test_alignment._sorted(call(table))
    for seed in (1, 2):
        mixed = table.sample(frac=1, random_state=seed)
        test_alignment._same(test_alignment._sorted(call(mixed)), expected)


@pytest.mark.parametrize("name", IN_ORDER)
def test_a_matrix_in_another_order_is_refused(name):
    with pytest.raises(ValueError, match="the same types in the same order"):
        IN_ORDER[name](MATRIX[::-1])


if __name__ == "__main__":
    print(json.dumps(digests()))
