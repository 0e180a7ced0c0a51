"""The same digits on one process, on several, and on a cluster of Dask of which a worker is killed."""

import os
import signal
import threading
import time
from typing import Annotated

import joblib
import numpy as np
import pandas as pd
import pytest

from clusterlab import agglomeration, clusters, tables
from clusterlab.agglomeration import dartboard
from clusterlab.parameters import Parameter
from clusterlab.sweep import sweep

distributed = pytest.importorskip("distributed", reason="needs clusterlab[cluster]")

SITES = np.random.default_rng(1).random((300, 2)) * 100
CASES = np.arange(300) < 40


def register():
    rng = np.random.default_rng(2)
    columns = {"city": list("ABC"), "trade": ["wine", "shops"]}
    drawn = {name: rng.choice(labels, 900) for name, labels in columns.items()}
    return pd.DataFrame(drawn | {"jobs": rng.integers(1, 30, 900)})


def alike():
    values = np.random.default_rng(3).random((30, 30))
    labels = [f"industry {i}" for i in range(30)]
    return pd.DataFrame(values + values.T, labels, labels)


def raw(result):
    return {"mean": result.raw.mean(), "last": result.raw[-1]}


NAMES = {"region": "city", "industry": "trade"}
#: What goes to other processes, by how much of a result is compared: all its numbers.
CALLS = {
    "sweep": lambda: sweep(
        dartboard,
        {"plants": [5, 9]},
        fixed={"replicates": 20},
        replicates=9,
        seed=3,
        measure=raw,
        progress=False,
    ),
    "envelope of K-density": lambda: (
        agglomeration.k_density(
            SITES[CASES], among=SITES, weights=np.arange(1.0, 41), simulations=30, progress=False
        ).envelope.curves
    ),
    "envelope of M": lambda: (
        agglomeration.marcon_puech(SITES, CASES, simulations=30, progress=False).envelope.curves
    ),
    "bootstrap": lambda: (
        agglomeration.bootstrap_location_quotient(
            register(), **NAMES, size="jobs", replicates=30
        ).resampled
    ),
    "definitions": lambda: clusters.define(alike(), groups=range(2, 9), method="k-means", seed=4),
    # tasks that have tasks of their own
    "sweep of envelopes": lambda: sweep(
        banded, {"bandwidth": [2.0, 5.0]}, replicates=3, progress=False
    ),
}


def banded(*, bandwidth: Annotated[float, Parameter("bandwidth", 1, 9)] = 2.0, seed=0):
    found = agglomeration.k_density(
        SITES[CASES], among=SITES, bandwidth=bandwidth, simulations=5, seed=seed, progress=False
    )
    return float(found.envelope.curves.sum())


@pytest.fixture(scope="module")
def client():
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def alone():
    return {name: np.asarray(call(), dtype=float) for name, call in CALLS.items()}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("backend", ["threading", "loky", "dask"])
def test_no_digit_hangs_on_where_it_is_computed(backend, name, alone, client):
    with joblib.parallel_config(backend=backend, n_jobs=2):
        found = CALLS[name]()
    np.testing.assert_array_equal(np.asarray(found, dtype=float), alone[name])


def test_each_process_does_a_part_and_progress_is_told(client, capsys):
    def where(*, width: Annotated[float, Parameter("width", 0, 2)] = 1, seed=0):
        time.sleep(0.02)
        return os.getpid()

    with joblib.parallel_config(backend="dask"):
        runs = sweep(where, {"width": 20}, replicates=3)
    assert set(runs["value"]) == set(client.run(os.getpid).values())
    assert "60/60" in capsys.readouterr().err


def test_a_killed_worker_costs_only_its_tasks(client, tmp_path):
    def noise(*, width: Annotated[float, Parameter("width", 0, 2)] = 1, seed=0):
        time.sleep(0.02)
        value = float(seed.normal()) + width
        with (tmp_path / str(os.getpid())).open("a") as done:
            done.write(f"{value!r}\n")
        return value

    def kill():  # once it has done a part
        while not (own := tmp_path / str(victim)).exists() or own.read_text().count("\n") < 20:
            time.sleep(0.01)
        os.kill(victim, signal.SIGKILL)

    expected = sweep(noise, {"width": 10}, replicates=20, progress=False)
    (tmp_path / str(os.getpid())).unlink()
    victim = next(iter(client.run(os.getpid).values()))
    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    found = []

    def swept():
        with joblib.parallel_config(backend="dask"):
            found.append(sweep(noise, {"width": 10}, replicates=20, progress=False))

    sweeping = threading.Thread(target=swept, daemon=True)  # tasks that never come fail the test
    sweeping.start()
    sweeping.join(timeout=120)
    killer.join(timeout=10)
    pd.testing.assert_frame_equal(*found, expected)
    done = pd.Series([v for file in tmp_path.iterdir() for v in file.read_text().split()])
    again = done.value_counts()
    assert set(again.index.astype(float)) == set(expected["value"])
    # at most a second of work was under way on the worker that is gone
    assert again.sum() - len(again) <= 60
    of_victim = set((tmp_path / str(victim)).read_text().split())
    assert set(again.index[again > 1]) <= of_victim
    assert len(of_victim) >= 20


def test_a_frame_of_a_cluster_is_summed_where_it_lies(client):
    frames = pytest.importorskip("dask.dataframe")
    plants = register()
    lazy = frames.from_pandas(plants, npartitions=7)
    call = {**NAMES, "value": "jobs", "duplicates": "sum", "absent": "zero"}
    pd.testing.assert_frame_equal(
        tables.from_long(lazy, **call),
        tables.from_long(plants, **call),
        check_index_type=False,
        check_column_type=False,
    )
