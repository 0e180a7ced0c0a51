"""Speed of the location models, medians of several calls; run as a script.

The urn is also compared with a plain Python loop over firms and histories, each widget with one
that has as many axes and draws one line in each: on a busy machine the ratios are what counts.
"""

import time
from typing import Annotated

import numpy as np
from timing import median

from clusterlab import location
from clusterlab.explore import explore
from clusterlab.location import widgets
from clusterlab.parameters import Parameter, model


def median_ms(call, times=7):
    call()
    return 1000 * median(call, times)


def plain_urn(regions, firms, replicates):
    rng = np.random.default_rng(0)
    largest = []
    for _ in range(replicates):
        n = [1] * regions
        for _ in range(firms):
            pick, j = rng.random() * sum(n), 0
            while pick >= n[j]:
                pick -= n[j]
                j += 1
            n[j] += 1
        largest.append(max(n) / sum(n))
    return np.mean(largest)


def models():
    calls = {
        "short_run": location.short_run,
        "core_periphery (all equilibria, wiggle)": location.core_periphery,
        "tomahawk (needed: 1,000 ms)": location.tomahawk,
        "circle, 12 regions, 20 histories": location.circle,
        "spin_offs, 10,000 histories of 1,000 firms (needed: 3,000 ms)": lambda: location.spin_offs(
            firms=1000, replicates=10_000
        ),
        "urn, 10,000 histories of 1,000 firms (needed: 3,000 ms)": lambda: location.urn(
            firms=1000, replicates=10_000
        ),
        "location_choice, 1,000 histories of 200 firms": location.location_choice,
    }
    for name, call in calls.items():
        print(f"{median_ms(call, 3):8.1f} ms  {name}")
    plain = median_ms(lambda: plain_urn(5, 200, 50), 3) * 20  # for 1,000 histories
    ours = median_ms(location.urn, 3)
    print(f"{plain / ours:8.0f} x   urn, 1,000 histories of 200 firms: plain loop / ours")


@model
def nothing(*, height: Annotated[float, Parameter("height", 0, 1, 0.01)] = 0.5):
    return height


def draw_nothing(height, *, ax):
    ax.plot([0, 1], [0, height])
    ax.set(xlabel="x", ylabel="y", xlim=(0, 1), ylim=(0, 1))


def moves():
    print("a move of a control, in the kernel: median and 95th percentile; median against a widget")
    print("with as many axes and one line in each")
    bare = {}
    for panels in (1, 2):
        widget = explore(nothing, [draw_nothing] * panels, say=str)
        bare[panels] = np.median(shifts(widget))
    for name in widgets.__all__:
        widget = getattr(widgets, name)()
        taken = shifts(widget)
        ratio = np.median(taken) / bare[len(widget.axes)]
        print(
            f"{np.median(taken):7.1f} ms {np.quantile(taken, 0.95):7.1f} ms {ratio:5.1f} x  {name}"
        )


def shifts(widget, times=40):
    rng, taken = np.random.default_rng(0), []
    for _ in range(times):
        control = widget.controls[rng.integers(len(widget.controls))]
        steps = round((control["high"] - control["low"]) / control["step"])
        value = control["low"] + control["step"] * float(rng.integers(steps + 1))
        value = min(value, control["high"])
        start = time.perf_counter()
        widget.set(**{control["name"]: round(value) if control["whole"] else value})
        taken.append(1000 * (time.perf_counter() - start))
    return taken


if __name__ == "__main__":
    models()
    moves()
