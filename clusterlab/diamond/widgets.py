"""Widgets of the diamond lesson: picture, sentence and call, and no model of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import traitlets

from clusterlab import style
from clusterlab.diamond import plots, scoring
from clusterlab.diamond.indicators import by_facet
from clusterlab.diamond.motion import Path, dynamics, in_stages, stable_states
from clusterlab.diamond.policy import Spent, levers, spend
from clusterlab.diamond.scoring import Compensation
from clusterlab.explore import Explorer, explore
from clusterlab.parameters import need, number
from clusterlab.views.picture import Picture
from clusterlab.views.still import VIEWS, script

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

__all__ = ["budget", "compensation", "motion", "radar"]

_FACETS = ("factors", "demand", "related", "rivalry")
_LOOKS = (("blue", "-"), ("vermilion", "--"), ("green", "-."), ("orange", ":"))


def _draw_lines(table: pd.DataFrame, *, ax: Axes, top: float, looks: Any = _LOOKS) -> None:
    """Draw each column over the years, with its name at its end."""
    for (name, line), (hue, dash) in zip(table.items(), looks, strict=False):
        ax.plot(line.index, line, dash, color=style.colour(hue), linewidth=2, label=str(name))
    ax.set(xlim=(0, table.index[-1]), ylim=(0, top), xlabel="years")
    ax.locator_params(nbins=4)  # ticks are what takes longest to draw
    style.label_lines(ax)


# --- paths ---------------------------------------------------------------------------------------


def _plot_path(path: Path, *, ax: Axes, prediction: float | None = None) -> None:
    """Draw the four facets over time."""
    _draw_lines(path.facets.set_axis(_FACETS, axis=1), ax=ax, top=1)
    ax.set_ylabel("strength of facet (0 to 1)")
    if prediction is not None:
        style.mark(ax, prediction, "your prediction", axis="y", along=0.02)


def _plot_outputs(path: Path, *, ax: Axes) -> None:
    """Draw productivity, innovation and new firms over time."""
    _draw_lines(path.outputs, ax=ax, top=max(1.5, 1.1 * float(path.outputs.to_numpy().max())))
    ax.set_ylabel("output (index)")


def _say_path(path: Path) -> str:
    total, year = path.total, path.total.index[-1]
    first, end = f"{total.iloc[0]:.2f}", f"{total.iloc[-1]:.2f}"
    last = path.outputs.iloc[-1]
    if first == end:
        way = f"is {first} at the start and after {year:g} years"
    else:
        way = f"{'rises' if end > first else 'falls'} from {first} to {end} in {year:g} years"
    lately = total.iloc[-1] - total.iloc[-21]  # in the last tenth of the time
    if abs(lately) > 0.005:
        way += f" and is still {'rising' if lately > 0 else 'falling'}"
    return (
        f"The mean facet {way}; productivity ends at {last['productivity']:.2f}, innovation at "
        f"{last['innovation']:.2f}, new firms at {last['new firms']:.2f} a year. At the end "
        f"{in_stages(path.stages.iloc[-1])}."
    )


def motion(*, prediction: Any = None) -> Explorer:
    """Set proximity, diversity, demand and the start, and follow facets and outputs.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        Mean facet the reader expects at the end.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.diamond.dynamics : The model.
    """
    return explore(
        dynamics,
        [_plot_path, _plot_outputs],
        say=_say_path,
        controls=["proximity", "diversity", "demand_quality", "start"],
        prediction=prediction,
    )


# --- the diamond to drag -------------------------------------------------------------------------


class _Dragged(NamedTuple):
    """A diamond as it has been dragged, and where the place goes from there."""

    start: pd.Series
    facets: pd.Series
    mean: str
    weighed: dict[str, Any]
    path: Path
    levels: dict[str, float]


def _text(name: str) -> str:
    return (VIEWS / name).read_text(encoding="utf-8")


class Radar(Explorer):
    """An explorer whose sliders can be dragged as the corners of a diamond."""

    _esm = script("explore").replace("export default", "const explorer =") + _text("radar.js")
    _css: Any = _text("explore.css") + _text("radar.css")

    corners = traitlets.List(list(plots.CORNERS)).tag(sync=True)
    numbers: Any = traitlets.List().tag(sync=True)
    marked: Any = traitlets.List().tag(sync=True)

    def _show(self, view: Any) -> None:
        super()._show(view)
        facets, read = view.result.facets, view.result.weighed
        gains = [(f"1 more of {name}", f"total {by:+.2f}") for name, by in read["gain"].items()]
        total, weakest = f"{read['total']:.2f}", read["bottleneck"]
        # one new list: a list that grows in place is not sent to the browser
        self.numbers = [("total (points)", total), ("bottleneck", weakest), *gains]
        weak = list(facets.index[facets == facets.min()])
        self.marked = weak if len(weak) < len(facets) else []

    @property
    def picture(self) -> bytes:
        """The diamond and the path of its facets as PNG bytes, for print."""

        def draw(axes: list[Axes]) -> None:
            _plot_dragged(self.result, ax=axes[0])
            _plot_path(self.result.path, ax=axes[1])

        return Picture(2, dark=False).png(draw)


def _plot_dragged(result: _Dragged, *, ax: Axes) -> None:
    """Draw the diamond, where it was dragged from, and its total by the chosen mean."""
    plots.plot_diamond(result.facets, start=result.start, ax=ax)
    mean = result.mean if result.mean == "minimum" else f"{result.mean} mean"
    ax.text(-1.9, 0.9, f"{mean}\n{result.weighed['total']:.2f} points", va="top")


def _plot_way(result: _Dragged, *, ax: Axes) -> None:
    """Draw the mean facet over time, and the stable states."""
    _draw_lines(result.path.total.to_frame("mean facet"), ax=ax, top=1)
    ax.set_ylabel("mean facet (0 to 1)")
    for name, level in result.levels.items():
        style.mark(ax, level, name, "second", axis="y", along=0.5)


def radar(
    *, points: Mapping[str, float] | None = None, years: float = 100.0, **setting: Any
) -> Radar:
    """Drag the facets of a place and see its total, its bottleneck and where it goes from there.

    The path takes the corners, divided by 100, as the strength of the facets at the start of
    `dynamics`.

    Parameters
    ----------
    points : mapping, optional
        Facet → points from 1 to 100, such as a row of the facets of a score; 26 points by default.
    years : float
        Length of the path.
    **setting : float
        Parameters of the place, as for `dynamics`.

    Returns
    -------
    Radar

    Raises
    ------
    ValueError
        No facet of the diamond, points outside 1 to 100, a parameter out of range.

    See Also
    --------
    clusterlab.diamond.aggregate : The means.
    clusterlab.diamond.dynamics : The path.

    Examples
    --------
    >>> radar(points={"demand conditions": 40}).numbers[0]
    ('total (points)', '29.50')
    """
    given = by_facet("points", "points", {} if points is None else points, plots.CORNERS, 1, 100)
    start = pd.Series(dict.fromkeys(plots.CORNERS, 26.0) | given).round()
    at_rest = stable_states(starts=0, **setting).stable["total"].tolist()
    names = ["only state"] if len(at_rest) == 1 else ["weak state", "strong state"]
    levels = dict(zip(names, at_rest[:1] + at_rest[1:][-1:], strict=True))

    def dragged(*, mean: Any, **points: float) -> _Dragged:
        facets = {name: number(f"{name!r}", value, 1, 100) for name, value in points.items()}
        read = scoring.weighed(pd.DataFrame([facets]), None, mean)
        strengths = {name: value / 100 for name, value in facets.items()}
        return _Dragged(
            start=start,
            facets=pd.Series(facets),
            mean=mean,
            weighed={name: each.iloc[0] for name, each in read.items()},
            path=dynamics(start_facets=strengths, years=years, **setting),
            levels=levels,
        )

    ends = {"kind": "number", "low": 1, "high": 100, "step": 1, "whole": False}
    controls: list[dict[str, Any]] = [
        ends | {"name": name, "label": f"{name} (points)", "start": at}
        for name, at in start.items()
    ]
    means = {"kind": "choice", "choices": list(scoring.EXPONENTS), "start": "arithmetic"}
    controls.append(means | {"name": "mean", "label": "mean of the facets"})
    return Radar(dragged, [_plot_way], controls, lambda now: _say_path(now.path), {}, None)


# --- compensation --------------------------------------------------------------------------------


def _plot_compensation(result: Compensation, *, ax: Axes, prediction: float | None = None) -> None:
    """Draw how many ranks each place gains or loses by its unevenness."""
    places = result.places
    gained = (places["arithmetic rank"] - places["rank"]).to_numpy()
    uneven = places["unevenness"].round(9).to_numpy()
    most = (uneven == uneven.max()) & (uneven > 0)
    ax.axhline(0, color=style.colour("reference"), linewidth=1)
    ax.plot(uneven[~most], gained[~most], "o", color=style.colour("main"), alpha=0.7)
    ax.plot(uneven[most], gained[most], "D", color=style.colour("second"), markersize=9)
    span = len(places) / 2
    ax.set(xlim=(0, 1.12 * uneven.max() or 1), ylim=(-span, span / 2))
    ax.set(xlabel="unevenness of the four facets (points)", ylabel="ranks gained")
    if most.sum() == 1:
        at, name = (uneven[most][0], gained[most][0]), str(places.index[most][0])
        plots.write(ax, name, at, (-8, 8), style.colour("second"), ha="right")
    if prediction is not None:
        style.mark(ax, -prediction, "your prediction", axis="y", along=0.02)


def _say_compensation(result: Compensation) -> str:
    places = result.places
    moved = int((places["rank"] != places["arithmetic rank"]).sum())
    count = f"{moved} of {len(places)} places" if moved else f"none of the {len(places)} places"
    said = f"With exponent {result.exponent:g}, {count} change{'' if moved > 1 else 's'} rank"
    uneven = places["unevenness"].round(9)
    if uneven.max() == 0:
        return f"{said}; every place is even, all its facets being equal."
    ways = []
    for place, row in places[uneven == uneven.max()].iterrows():
        before, after = int(row["arithmetic rank"]), int(row["rank"])
        way = (
            f"{'loses' if after > before else 'gains'} {abs(after - before)}, from rank {before} to"
        )
        ways.append(f"{place} {'stays at rank' if before == after else way} {after}")
    return f"{said}. The most uneven place{'s' if len(ways) > 1 else ''}: {'; '.join(ways)}."


def compensation(facets: pd.DataFrame, *, prediction: Any = None) -> Explorer:
    """Lower the exponent of the mean and see which places lose ranks.

    Parameters
    ----------
    facets : pandas.DataFrame
        Places x facets in points.
    prediction : clusterlab.exercises.Prediction, optional
        Ranks the reader expects the most uneven place to lose.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.diamond.compensation : The model.
    """
    return explore(
        scoring.compensation,
        _plot_compensation,
        say=_say_compensation,
        controls=["exponent"],
        fixed={"facets": facets},
        prediction=prediction,
    )


# --- a budget ------------------------------------------------------------------------------------


def _plot_spent(result: Spent, *, ax: Axes, prediction: float | None = None) -> None:
    """Draw the mean facet while money is spent and afterwards."""
    _draw_lines(result.path.total.to_frame(""), ax=ax, top=1)
    ax.set_ylabel("mean facet (0 to 1)")
    style.mark(ax, result.years, "the money ends", along=0.93)
    if prediction is not None:
        style.mark(ax, prediction, "your prediction", "prediction", axis="y", along=0.02)


def _say_spent(result: Spent) -> str:
    end = result.path.total.loc[: result.years].iloc[-1]
    rest = f"comes to rest at {result.let_go:.2f}"
    if result.stays:
        rest += f" instead of {result.untouched:.2f}: it has crossed, and stays"
    else:
        rest += ", as it would without any money"
    return (
        f"The levers cost {result.cost:g}. After {result.years:g} years the mean facet is "
        f"{end:.2f}. Then the money ends, and the place {rest}."
    )


def budget(
    names: Sequence[str],
    *,
    budget: float = 2.0,
    years: float = 60.0,
    prediction: Any = None,
    **setting: float,
) -> Explorer:
    """Divide a budget over up to four levers; what costs more than the budget is refused.

    Parameters
    ----------
    names : sequence of str
        Levers, each a slider; the budget is shared among them evenly at the start.
    budget : float
        What they may cost together at any time.
    years : float
        Years for which the money flows.
    prediction : clusterlab.exercises.Prediction, optional
        Mean facet the reader expects at the end.
    **setting : float
        Start and place, as for `clusterlab.diamond.spend`.

    Returns
    -------
    Explorer

    See Also
    --------
    clusterlab.diamond.spend : The model.
    """
    need(0 < len(names) < 5, "widgets.budget: names", "a list of up to four levers", names)
    ends = {"kind": "number", "low": 0, "high": budget, "step": budget / 20, "whole": False}
    controls = [
        ends | {"name": name, "label": f"{name} (cost)", "start": budget / len(names)}
        for name in names
    ]

    def spent(**costs: float) -> Spent:
        efforts = {name: by / levers()["cost"][name] for name, by in costs.items()}
        return spend(efforts, budget=budget, years=years, after=60.0, **setting)

    return Explorer(spent, [_plot_spent], controls, _say_spent, {}, prediction)
