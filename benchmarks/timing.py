"""The clock of the benchmarks."""

import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path


def median(call: Callable[[], object], runs: int = 5) -> float:
    """Return the median of the seconds a call takes."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def side_by_side(
    calls: Mapping[str, Callable[[], object]], runs: int = 5, enough: float = 10.0
) -> dict[str, float]:
    """Return the least seconds of the processor that each call takes, the calls in turn.

    What else the machine does takes time from all alike, and never makes a call look faster. A call
    that has taken more than enough seconds is not made again.
    """
    least, spent = dict.fromkeys(calls, float("inf")), dict.fromkeys(calls, 0.0)
    for _ in range(runs):
        for name, call in calls.items():
            if spent[name] < enough:
                start = time.process_time()
                call()
                took = time.process_time() - start
                least[name], spent[name] = min(least[name], took), spent[name] + took
    return least


def grown(call: Callable[[], object]) -> float:
    """Return by how many MB the memory of this process grows at most while a call runs.

    NaN where the system cannot forget the highest mark of before: other than Linux.
    """
    forget, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    try:
        forget.write_text("5")
    except OSError:
        return float("nan")

    def marks() -> dict[str, float]:
        lines = (line.split() for line in status.read_text().splitlines())
        return {line[0]: int(line[1]) / 1024 for line in lines if line[0] in ("VmRSS:", "VmHWM:")}

    before = marks()["VmRSS:"]
    call()
    return marks()["VmHWM:"] - before
