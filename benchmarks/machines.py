"""When does a cluster pay: what it costs to start, what a run costs more there, the break-even.

``python benchmarks/machines.py`` sweeps a model that only waits, so that each run has a core to
itself whatever this machine has: what is left over is the price of going elsewhere. A cluster of
two workers on this machine stands for any; a network adds its way there and back, once a batch of
runs, and the data. It needs ``clusterlab[cluster]``.
"""

import time
from collections.abc import Callable
from typing import Annotated

import joblib
from distributed import Client, LocalCluster

from clusterlab.parameters import Parameter
from clusterlab.sweep import sweep

WORKERS = 2


def waiting(*, seconds: Annotated[float, Parameter("seconds", 0, 60)] = 0.0, seed: object = 0):
    time.sleep(seconds)
    return float(seed.normal())


def swept(seconds: float, runs: int) -> None:
    sweep(waiting, {"seconds": [seconds]}, replicates=runs, progress=False)


def took(seconds: float, runs: int, backend: str, clock: Callable[[], float]) -> float:
    """Return the time of a sweep by a clock."""
    how = {"loky": {"n_jobs": WORKERS}, "sequential": {"n_jobs": 1}}.get(backend, {})
    with joblib.parallel_config(backend=backend, **how):
        start = clock()
        swept(seconds, runs)
        return clock() - start


def main() -> None:
    start = time.process_time()
    options = {"n_workers": WORKERS, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        took(0, WORKERS, "dask", time.process_time)  # the workers load the library
        own, workers = time.process_time() - start, client.run(time.process_time)
        price = own + max(workers.values())
        print(f"until the workers of a cluster have done their first run: {price:.1f} s of the")
        print("processor, which is how long it takes where nothing else runs\n")
        took(0, WORKERS, "loky", time.process_time)
        print(f"{'one run':>10} {'runs':>6} {'alone':>8} {'loky':>8} {'dask':>8}   seconds")
        for seconds, runs in ((0.001, 2000), (0.01, 500), (0.1, 100), (1, 10)):
            cells = [
                took(seconds, runs, b, time.perf_counter) for b in ("sequential", "loky", "dask")
            ]
            said = "".join(f"{each:9.2f}" for each in cells)
            print(f"{1000 * seconds:>7.0f} ms {runs:>6}{said}", flush=True)
        # client and scheduler both are this process: what they do is done once, for all workers
        runs = 5000
        alone, far = (took(0, runs, b, time.process_time) / runs for b in ("sequential", "dask"))
    print(f"\na run costs {1000 * far:.2f} ms here on its way to the cluster and back, and")
    print(f"{1000 * alone:.2f} ms if it stays. With a core for each worker a cluster of")
    for many in (2, 8, 32):
        # alone T; on the cluster price + runs x far + T / many
        least, each = price / (1 - 1 / many), 1000 * far / (1 - 1 / many)
        print(
            f"{many:>4} workers pays from {least:.0f} s of work in all if it is started for it, and"
        )
        print(f"{'':>13}from {each:.1f} ms a run if it is there")


if __name__ == "__main__":
    main()
