"""The models of policy with their controls; each call returns one widget.

Of each widget stand together what it draws, what it says below the picture, and the call.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import pandas as pd

from clusterlab import datasets, style
from clusterlab.explore import Explorer, explore
from clusterlab.names import listed
from clusterlab.parameters import Parameter, model
from clusterlab.policy import growing, marks
from clusterlab.policy.two_policies import Targeting, targeting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction

__all__ = ["audit", "portfolio", "two_policies"]

_DASHED, _DOTTED = (0, (4, 3)), (0, (1, 1.5))


def _predicted(ax: Axes, value: Any, along: float) -> None:
    """Mark the reader's number, if there is one."""
    if isinstance(value, (int, float)):
        style.mark(ax, value, f"your prediction: {value:g}", along=along)


def _plot_lead(result: Targeting, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the lead of cluster policy by the chance of picking the best, for three linkages."""
    lead, x = result.lead, result.lead.index.to_numpy()
    ax.axhline(0, color=style.colour("reference"), linewidth=1.5, linestyle=":")
    for part, hue, dash in ((0.5, "second", _DASHED), (1.0, "main", "-"), (1.5, "third", _DOTTED)):
        ax.plot(x, lead[part].to_numpy(), color=style.colour(hue), linestyle=dash)
    here = np.interp(result.picking, x, lead[1.0])
    ax.plot([result.picking], [here], "o", color=style.colour("main"), markersize=8, clip_on=False)
    low, high = min(-0.05, float(lead.min(axis=None))), max(0.05, float(lead.max(axis=None)))
    words = [("··· one and a half", "third"), ("— linkages as set", "main"), ("- - half", "second")]
    style.key(ax, words)
    ax.set(xlabel="chance of picking the best industry", xlim=(0, 1), xticks=(0, 0.5, 1))
    ax.set(ylabel="lead of cluster policy", ylim=(1.15 * low, high + 0.75 * (high - low)))
    _predicted(ax, prediction, along=0.1)


def _plot_outcomes(result: Targeting, *, ax: Axes) -> None:
    """Draw productivity, jobs and concentration under either policy; before is 1."""
    table, industries = result.to_frame(), result.industries
    rows, grey = np.arange(3, 0, -1), style.colour("reference")
    values = table.to_numpy() * [1, 1, industries]
    low, high = min(0.8, values.min() - 0.05), max(1.6, 1.05 * values.max())
    ax.hlines(rows, low, high, color=grey, linewidth=0.6)
    ax.plot([1, 1], [0, 3.4], color=grey, linewidth=1.2, linestyle=":")
    for each, marker, hue, size in zip(values, "oD", ("main", "second"), (7, 11), strict=True):
        face = "none" if marker == "D" else None
        look: dict[str, Any] = {"color": style.colour(hue), "markersize": size, "linestyle": "none"}
        ax.plot(each, rows, marker, markerfacecolor=face, clip_on=False, **look)
    style.key(ax, [("● cluster policy", "main"), ("◇ industrial policy", "second")])
    ax.set(xlabel="after (before = 1)", xlim=(low, high), ylim=(0, 4.6))
    ax.set_yticks(rows, ["productivity", "jobs", "HHI"])


def _level_at(border: float) -> str:
    if math.isinf(border):
        return f"{'cluster' if border > 0 else 'industrial'} policy leads at any chance"
    return f"they are level at a chance of {border:.2f}"


def _say_policies(result: Targeting) -> str:
    table, parts = result.to_frame(), []
    for outcome, verb in (("productivity", "is"), ("jobs", "are")):
        cluster, industrial = table[outcome]
        leads = "cluster policy leads" if cluster > industrial else "industrial policy leads"
        if abs(cluster - industrial) <= 2 * result.errors[outcome] + 1e-9:
            leads = "no difference found"
        parts.append(f"{outcome} {verb} {cluster:.2f} and {industrial:.2f} times before ({leads})")
    half, ours, more = (_level_at(each) for each in result.border)
    return (
        f"Under cluster and industrial policy {' and '.join(parts)}. In productivity {ours}; with "
        f"half the linkages {half}; with one and a half times as strong ones (at most 1) {more}."
    )


def two_policies(*, prediction: Prediction | None = None) -> Explorer:
    """Show cluster against industrial policy; the prediction is a chance of picking the best.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The chance at which both policies are level in productivity, at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.policy.targeting : The model.
    """
    return explore(
        targeting,
        [_plot_lead, _plot_outcomes],
        say=_say_policies,
        controls=["picking", "linkages", "scale", "spread"],
        prediction=prediction,
    )


_LOOKS = {
    "no policy": ("reference", "-", "—"),
    "all there are": ("main", "-", "—"),
    "the strongest": ("orange", _DOTTED, "···"),
    "the weakest": ("third", _DASHED, "- -"),
    "a new one": ("second", (0, (6, 2, 1, 2)), "- ·"),
}


def _plot_sizes(result: growing.Portfolio, *, ax: Axes) -> None:
    """Draw the size of all clusters by year, a line a rule, and where the money ends."""
    years = result.paths.index.to_numpy()
    ax.axvspan(0, result.years, color=style.colour("reference"), alpha=0.15, linewidth=0)
    for rule, (hue, dash, _) in _LOOKS.items():
        ax.plot(years, result.paths[rule].to_numpy(), color=style.colour(hue), linestyle=dash)
    style.key(ax, [(f"{sign} {rule}", hue) for rule, (hue, _, sign) in _LOOKS.items()])
    ax.set(xlabel="years (grey: with money)", xlim=(0, years[-1]))
    ax.set(ylabel="size of all clusters", ylim=(0, 6.4), yticks=(0, 1, 2, 3, 4))


def _plot_ends(result: growing.Portfolio, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the size of all clusters in the last year by rule, for three thresholds."""
    rows = np.arange(len(_LOOKS), 0, -1)
    ax.hlines(rows, 0, 4.2, color=style.colour("reference"), linewidth=0.6)
    marks = ((0.5, "s", "third", 12), (1.0, "o", "main", 6), (1.5, "D", "second", 9))
    for part, marker, hue, size in marks:
        face = "none" if part != 1 else None
        look: dict[str, Any] = {"color": style.colour(hue), "markersize": size, "linestyle": "none"}
        values = result.ends.loc[[*_LOOKS], part].to_numpy()
        ax.plot(values, rows, marker, markerfacecolor=face, clip_on=False, **look)
    words = [("□ half", "third"), ("● threshold as set", "main"), ("◇ one and a half", "second")]
    style.key(ax, words)
    ax.set(xlabel="size of all clusters at the end", xlim=(0, 4.2), xticks=(0, 1, 2, 3, 4))
    ax.set(ylim=(0, 8.2))
    ax.set_yticks(rows, [*_LOOKS])
    _predicted(ax, prediction, along=0.06)


def _largest(result: growing.Portfolio, part: float) -> str:
    ends = result.ends[part]
    best = sorted(result.alike(str(ends.idxmax()), part), key=ends.__getitem__, reverse=True)
    told = f"{listed(best)} ({', '.join(f'{ends[rule]:.2f}' for rule in best)})"
    return told if len(best) == 1 else f"{told}, not told apart"


def _say_portfolio(result: growing.Portfolio) -> str:
    return (
        f"After {result.years} years with money and {result.after} without, clusters are "
        f"{result.ends.loc['no policy', 1.0]:.2f} in all under no policy. Largest: "
        f"{_largest(result, 1.0)}. With half the threshold: {_largest(result, 0.5)}. With one and "
        f"a half times: {_largest(result, 1.5)}."
    )


def portfolio(*, prediction: Prediction | None = None) -> Explorer:
    """Show five rules for a portfolio of clusters; the prediction is a size of all of them.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The size of all clusters in the last year, at the start.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.policy.portfolio : The model.
    """
    return explore(
        growing.portfolio,
        [_plot_sizes, _plot_ends],
        say=_say_portfolio,
        controls=["budget", "years", "threshold", "base"],
        prediction=prediction,
    )


Initiative = Literal["Northport", "Eastvale", "Southbay"]


@cache
def _answers(initiative: str) -> pd.DataFrame:
    rows = datasets.load("initiative_answers").set_index("initiative").loc[initiative]
    return rows.set_index(["respondent", "question"])["answer"].unstack()  # noqa: PD010


@model
def _asked(
    *,
    initiative: Annotated[Initiative, Parameter("initiative")] = "Southbay",
    people: Annotated[int, Parameter("people asked, of 24", 1, 24)] = 4,
    group: Annotated[int, Parameter("which group of so many", 1, 20)] = 1,
    zero: Annotated[bool, Parameter("no answer counts as 0")] = False,
) -> marks.Audit:
    """Audit a made-up initiative by some of the people who know it."""
    table = _answers(initiative).sample(people, random_state=group)
    found = marks.audit(table.fillna(0) if zero else table)
    counted = ", no answer counted as 0" if zero else ""
    who = f"{people} {'person' if people == 1 else 'people'} of {initiative} (constructed)"
    return replace(found, note=f"{who}{counted}. {found.note}")


def _plot_scores(result: marks.Audit, *, ax: Axes) -> None:
    """Draw the marks' scores in the document's order, with the spread between people."""
    names = datasets.load("initiative_marks")["mark"].tolist()
    table = result.scores.loc[names]
    score, spread, rows = table["score"], table["spread"].fillna(0), np.arange(len(names))
    low, high = (score - spread).clip(0), (score + spread).clip(upper=4)
    ax.hlines(rows, low, high, color=style.colour("reference"), linewidth=3)
    least = table.index.isin(result.weakest)
    for chosen, marker, hue in ((~least, "o", "main"), (least, "D", "second")):
        ax.plot(score[chosen], rows[chosen], marker, color=style.colour(hue), clip_on=False)
    ax.set_yticks(rows, names)
    ax.set(
        xlabel="score (bar: spread of people)",
        xlim=(0, 4),
        xticks=range(5),
        ylim=(len(names) - 0.5, -2.5),
    )
    style.key(ax, [("● score", "main"), ("◆ weakest", "second")])


def audit() -> Explorer:
    """Show what a made-up initiative's audit says, by who is asked.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.policy.audit : The reckoning, for answers of one's own.
    """
    return explore(_asked, _plot_scores, say=lambda found: found.note)
