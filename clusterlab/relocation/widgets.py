"""The models of relocation with their controls; each call returns one widget.

Of each widget stand together what it draws, what it says below the picture, and the call.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from clusterlab import style
from clusterlab.explore import Explorer, explore
from clusterlab.names import percent
from clusterlab.relocation import machines, strategy, tasks, upgrading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction

__all__ = ["climb", "machine_makers", "relocate", "strategy_mix"]

_DASHED = (0, (4, 3))


def _predicted(ax: Axes, value: Any, along: float, axis: str = "x") -> None:
    """Mark the reader's number, if there is one."""
    if isinstance(value, (int, float)):
        style.mark(ax, value, f"your prediction: {value:g}", axis=axis, along=along)


def _plot_tasks(result: tasks.Relocation, *, ax: Axes) -> None:
    """Draw the tasks by codifiability and value, those that leave apart."""
    table = result.tasks
    for name, rows, marker, hue in (
        ("● stay", table["moved"] == 0, "o", "main"),
        ("× leave", table["moved"] == 1, "x", "second"),
    ):
        there = table[rows]
        x, y = there["codifiability"].to_numpy(), there["value"].to_numpy()
        look: dict[str, Any] = {"color": style.colour(hue), "markersize": 5, "linestyle": "none"}
        ax.plot(x, y, marker, label=f"_{name}", clip_on=False, **look)
    top = 1.25 * max(2.0, float(table["value"].max()))  # a strip that no task reaches
    style.key(ax, [("● stay", "main"), ("× leave", "second")])
    ax.set(xlabel="codifiability of the task", xlim=(0, 1), xticks=(0, 0.5, 1))
    ax.set(ylabel="value of a job (mean 1)", ylim=(0, top), yticks=(0, 1, 2))


_KEPT = {"jobs": "jobs", "value": "value\nper job", "suppliers": "supplier\ndemand"}
_KEPT |= {"knowledge": "unwritten\nknowledge"}


def _kept(result: tasks.Relocation) -> tuple[list[float], list[float]]:
    """Return what stays where the tail leaves, and where as many jobs of every task do."""
    after = result.outcomes.iloc[0]
    jobs, per_job = float(after["jobs"]), float(result.value_per_job.iloc[0])
    alike = [jobs, 1.0 if jobs else math.nan, jobs, jobs]
    return [jobs, per_job, float(after["suppliers"]), float(after["knowledge"])], alike


def _plot_kept(result: tasks.Relocation, *, ax: Axes, prediction: Any = None) -> None:
    """Draw what stays of four things, where the tail leaves and where all tasks leave alike."""
    tail, alike = _kept(result)
    rows = np.arange(4, 0, -1)
    grey = style.colour("reference")
    ax.hlines(rows, 0, 2, color=grey, linewidth=0.6)
    ax.plot([1, 1], [0, 4.4], color=grey, linewidth=1.2, linestyle=":")
    for values, marker, hue, size in ((alike, "D", "second", 10), (tail, "o", "main", 7)):
        look: dict[str, Any] = {"color": style.colour(hue), "markersize": size, "linestyle": "none"}
        face = "none" if marker == "D" else None
        inside = np.where(np.array(values) > 2, np.nan, values)
        ax.plot(inside, rows, marker, markerfacecolor=face, clip_on=False, **look)
    if tail[1] > 2:  # little is left to share what is reinvested
        words = f"{tail[1]:.1f} →"
        ax.annotate(words, (2, 3), (0, 3), textcoords="offset points", ha="right", va="bottom")
    style.key(ax, [("● the codified tail leaves", "main"), ("◇ all alike, as many", "second")])
    ax.set(xlabel="left (before = 1)", xlim=(-0.08, 2), xticks=(0, 0.5, 1, 1.5, 2), ylim=(0, 5.9))
    ax.set_yticks(rows, [*_KEPT.values()])
    _predicted(ax, prediction, along=0.07)


def _say_relocate(result: tasks.Relocation) -> str:
    (jobs, per_job, suppliers, knowledge), _ = _kept(result)
    if jobs == 1:
        return "Nothing leaves (0% of jobs): all is as before, under either rule."
    if jobs == 0:
        return (
            "All tasks leave (100% of jobs): neither demand nor knowledge is left, and without a "
            "job there is no value per job."
        )
    return (
        f"{percent(1 - jobs)} of jobs leave. Where the codified tail does, a job left makes "
        f"{per_job:.2f} times the value of before, suppliers keep {suppliers:.2f} of their demand "
        f"and the place {knowledge:.2f} of its unwritten knowledge; where as many leave of every "
        f"task alike, 1.00, {jobs:.2f} and {jobs:.2f}."
    )


def relocate(*, prediction: Prediction | None = None) -> Explorer:
    """Show what leaves and what stays; the prediction is the unwritten knowledge that stays.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The share of unwritten knowledge that stays at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.relocation.relocate : The model.
    machine_makers : What becomes of those who build the machines.
    """
    return explore(
        tasks.relocate,
        [_plot_tasks, _plot_kept],
        say=_say_relocate,
        controls=["saving", "coordination", "reinvested", "alignment"],
        prediction=prediction,
    )


def _plot_know(result: machines.MachineMakers, *, ax: Axes) -> None:
    """Draw what makers and imitators know over the years."""
    path, years = result.path, result.path.index.to_numpy()
    for name, hue, dash in (("knowledge", "main", "-"), ("imitators", "second", _DASHED)):
        ax.plot(years, path[name].to_numpy(), color=style.colour(hue), linestyle=dash)
    style.key(ax, [("— makers of machines", "main"), ("- - imitators abroad", "second")])
    ax.set(xlabel="years after the move", xlim=(0, years[-1]))
    ax.set(ylabel="knowledge (makers before: 1)", ylim=(0, 1.35), yticks=(0, 0.5, 1))


def _plot_exports(result: machines.MachineMakers, *, ax: Axes, prediction: Any = None) -> None:
    """Draw exports of machines over the years, and where they were before."""
    exports, years = result.path["exports"].to_numpy(), result.path.index.to_numpy()
    ax.axhline(1, color=style.colour("reference"), linewidth=1.5, linestyle=":")
    ax.plot(years, exports, color=style.colour("third"))
    ax.set(xlabel="years after the move", xlim=(0, years[-1]))
    ax.set(ylabel="exports (before = 1)", ylim=(-0.1, 2.2), yticks=(0, 0.5, 1, 1.5, 2))
    _predicted(ax, prediction, along=0.3, axis="y")


def _say_machines(result: machines.MachineMakers) -> str:
    exports = result.path["exports"]
    first, last, years = float(exports.iloc[0]), float(exports.iloc[-1]), int(exports.index[-1])
    if first == 1 == last and result.below is None:
        return f"Exports of machines stay at 1.00 for all {years} years: nothing has changed."
    jump = "stay at 1.00 at first" if first == 1 else f"jump to {first:.2f} times those of before"
    later = (
        "never fall below it" if result.below is None else f"are below it from year {result.below}"
    )
    end = "they end for good" if result.limit == 0 else f"they tend to {result.limit:.2f}"
    return (
        f"{percent(result.interaction)} of the unwritten exchange is left. Exports of machines "
        f"{jump}; within {years} years they {later.replace('it', '1.00')} and come to {last:.2f} "
        f"(in the long run {end})."
    )


def machine_makers(*, prediction: Prediction | None = None) -> Explorer:
    """Show machine makers after customers have left; the prediction is exports in the last year.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        Exports in the last year at the start, where 1 is before.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.relocation.machine_makers : The model.
    relocate : What leaves.
    """
    return explore(
        machines.machine_makers,
        [_plot_know, _plot_exports],
        say=_say_machines,
        controls=["moved", "loss", "wary", "imitation"],
        prediction=prediction,
    )


def _plot_mix(result: strategy.Mix, *, ax: Axes) -> None:
    """Draw performance over presence and innovation, the two borders, and the mix chosen."""
    surface, given = result.surface, result.given
    x, y = surface.columns.to_numpy(), surface.index.to_numpy()
    ax.contourf(x, y, surface.to_numpy(), levels=8, cmap="Greys", alpha=0.45)
    slope = result.slope
    for times, hue, dash in ((1, "second", "-"), (2, "main", _DASHED)):
        end = min(1.0, 1 / (times * slope))  # where the border leaves the square
        top = times * slope * end if math.isfinite(slope) else 1.0
        ax.plot([0, end], [0, top], color=style.colour(hue), linestyle=dash)
    look: dict[str, Any] = {"color": style.colour("third"), "markersize": 11, "clip_on": False}
    ax.plot([given["presence"]], [given["innovation"]], "D", **look, zorder=5)
    words = [("— above: presence pays", "second"), ("- - above: more of it pays", "main")]
    style.key(ax, [*words, ("◆ this mix; darker: better", "third")])
    ax.set(xlabel="presence abroad", xlim=(0, 1), xticks=(0, 0.5, 1))
    ax.set(ylabel="innovation at home", ylim=(0, 1.45), yticks=(0, 0.5, 1))


def _plot_budget(result: strategy.Mix, *, ax: Axes, prediction: Any = None) -> None:
    """Draw performance along the mixes that add up to 1, and the best of them."""
    line, best = result.budget, result.best_share
    low, high = -2.2, 2.6
    ax.plot(line.index.to_numpy(), line.to_numpy(), color=style.colour("third"))
    ax.plot([best], [line[best]], "o", color=style.colour("third"), markersize=9, clip_on=False)
    style.key(ax, [("● the best mix", "third")])
    ax.set(xlabel="presence abroad, the rest innovation", xlim=(0, 1), xticks=(0, 0.5, 1))
    ax.set(ylabel="performance (before = 0)", ylim=(low, high), yticks=(-2, -1, 0, 1, 2))
    _predicted(ax, prediction, along=0.06)


def _say_mix(result: strategy.Mix) -> str:
    given, gain = result.given, result.performance - result.without_presence
    x, y = given["presence"], given["innovation"]
    if math.isinf(result.pays_from):
        border = "without a gain of both together it never pays"
    elif x == 0:
        border = "a first step pays with any innovation above 0.00"
    else:
        border = (
            f"it pays above an innovation of {result.pays_from:.2f}, and more of it above "
            f"{result.more_pays_from:.2f}"
        )
        border += " (beyond the scale)" if result.more_pays_from > 1 else ""
    here = f"At presence {x:.2f} and innovation {y:.2f} presence"
    if abs(gain) < 1e-9:
        here += " neither adds nor takes away"
    else:
        here += f" {'adds' if gain > 0 else 'takes away'} {abs(gain):.2f}"
    return f"{here}; {border}. Of one budget the best part abroad is {result.best_share:.2f}."


def strategy_mix(*, prediction: Prediction | None = None) -> Explorer:
    """Show presence abroad against innovation; the prediction is the best part abroad of a budget.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The best presence at the start, where presence and innovation add up to 1.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.relocation.strategy_mix : The model.
    """
    return explore(
        strategy.strategy_mix,
        [_plot_mix, _plot_budget],
        say=_say_mix,
        controls=["presence", "innovation", "together", "cost"],
        prediction=prediction,
    )


_BOTH = (("with partners", "-"), ("alone", _DASHED))


def _plot_ladder(result: upgrading.Climb, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the shares of firms that have climbed and that are gone, with partners and alone."""
    years = result.path.index.to_numpy()
    for name, dash in _BOTH:
        for what, hue in (("climbed", "main"), ("gone", "second")):
            values = result.path[name, what].to_numpy()
            ax.plot(years, values, color=style.colour(hue), linestyle=dash, drawstyle="steps-post")
    style.key(ax, [("climbed", "main"), ("gone", "second"), ("— with partners  - - alone", "")])
    ax.set(xlabel="years", xlim=(0, years[-1]))
    ax.set(ylabel="share of firms", ylim=(0, 1.5), yticks=(0, 0.5, 1))
    _predicted(ax, prediction, along=0.02, axis="y")


def _plot_links(result: upgrading.Climb, *, ax: Axes) -> None:
    """Draw the links of the cluster, with partners and alone."""
    years, links = result.path.index.to_numpy(), result.path.xs("links", axis=1, level=1)
    ax.axhline(1, color=style.colour("reference"), linewidth=1.5, linestyle=":")
    for name, dash in _BOTH:
        ax.plot(years, links[name].to_numpy(), color=style.colour("third"), linestyle=dash)
    top = 1.45 * max(1.2, float(links.to_numpy().max()))
    style.key(ax, [("— with partners", "third"), ("- - alone", "third")])
    ax.set(xlabel="years", xlim=(0, years[-1]))
    ax.set(ylabel="links (before = 1)", ylim=(0, top))
    ax.yaxis.set_major_formatter("{x:.1f}")


def _say_climb(result: upgrading.Climb) -> str:
    last, years = result.path.iloc[-1], int(result.path.index[-1])
    climbed, gone, links = (last["with partners", each] for each in ("climbed", "gone", "links"))
    doubt = 2 * float(result.errors.loc["links", "with partners"])
    alone = last["alone", "climbed"]
    than = "as alone" if climbed == alone else f"against {percent(alone)} alone"
    change = "weaker than before" if links < 1 else "stronger than before"
    if abs(links - 1) <= doubt:
        change = "not to be told from before"
    within = f" (±{doubt:.2f})" if doubt >= 0.005 else ""
    return (
        f"After {years} years {percent(climbed)} of firms have climbed, {than}, and "
        f"{percent(gone)} are gone; links are at {links:.2f}{within} of before: {change}."
    )


def climb(*, prediction: Prediction | None = None) -> Explorer:
    """Show firms on the value ladder; the prediction is the share that climbs with partners.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The share of firms that has climbed in the last year, at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.relocation.climb : The model.
    """
    return explore(
        upgrading.climb,
        [_plot_ladder, _plot_links],
        say=_say_climb,
        controls=["partners", "pressure", "success", "new_links"],
        prediction=prediction,
    )
