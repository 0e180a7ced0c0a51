"""The clock of the benchmarks."""

import statistics
import time
from collections.abc import Callable


def median(call: Callable[[], object], runs: int = 5) -> float:
    """Return the median of the seconds a call takes."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return statistics.median(took)
