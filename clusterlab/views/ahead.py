"""The picture one step on, made in a quiet moment before the reader asks for it.

It stays because it is measured: five sliders of lesson 04 in a browser, two keys a second; 95 of
100 steps are shown within 41 to 82 ms with it and 58 to 100 ms without it where the kernel is near,
within 57 to 86 ms and 215 to 260 ms where it is 150 ms away (``benchmarks/widget_latency.py``).
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

_PAUSE = 0.015  # seconds without a question after which the next picture is made


class Ahead:
    """What an explorer knows of the place its reader will come to next.

    Parameters
    ----------
    make : callable
        ``make(values)`` returns what there is to see at some values, which it keeps as ``values``.
    send : callable
        Takes what was made to the browser.
    """

    def __init__(self, make: Callable[[dict], Any], send: Callable[[Any], None]) -> None:
        self._make, self._send = make, send
        self._made: Any = None
        self._timer: Any = None

    def at(self, values: dict) -> Any:
        """Return what was made for these values, if they are what was foreseen."""
        return self._made if self._made is not None and self._made.values == values else None

    def stop(self) -> None:
        """Make nothing for now: the reader has asked for something."""
        if self._timer is not None:
            self._timer.cancel()

    def forget(self) -> None:
        """Give up what was made: it is out of date."""
        self._made = None

    def prepare(self, values: dict | None) -> None:
        """Make what there is to see at these values when nothing else is asked for."""
        if values is not None:
            with contextlib.suppress(RuntimeError):  # no kernel: nobody waits for a picture
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(_PAUSE, self._run, values)

    def _run(self, values: dict) -> None:
        with contextlib.suppress(Exception):  # the reader will be told on getting there
            self._made = self._make(values)
            self._send(self._made)


def one_step_on(controls: list[dict], before: dict, now: dict) -> dict | None:
    """Return the values one step further in the direction of the last move, if there are any."""
    moved = [control for control in controls if before[control["name"]] != now[control["name"]]]
    if len(moved) != 1 or moved[0]["kind"] not in ("choice", "number"):
        return None
    control, name = moved[0], moved[0]["name"]
    here, there = now[name], before[name]
    if control["kind"] == "choice":
        stops = dict(enumerate(control["choices"]))
        places = [place for value in (here, there) for place in stops if stops[place] == value]
        if len(places) < 2:  # it came from a value that is no longer a choice
            return None
        onward = stops.get(places[0] + (1 if places[0] > places[1] else -1))
    else:
        step, low = control["step"], control["low"]
        digits = max(len(f"{part:.10f}".rstrip("0").partition(".")[2]) for part in (step, low))
        onward = round(here + (step if here > there else -step), digits)  # as the browser rounds
        onward = int(onward) if control["whole"] else onward
        onward = onward if low <= onward <= control["high"] else None
    return None if onward is None else {**now, name: onward}
