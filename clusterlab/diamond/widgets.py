"""Widgets of the diamond lesson: thin calls, no model of their own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clusterlab import style
from clusterlab.diamond import plots
from clusterlab.diamond.motion import Path, dynamics, in_stages, stable_states
from clusterlab.diamond.policy import WithAndWithout, levers, one_lever
from clusterlab.diamond.scoring import Compensation, DiamondScore, aggregate
from clusterlab.diamond.scoring import compensation as compensation_model
from clusterlab.explore import Explorer, explore
from clusterlab.parameters import number
from clusterlab.views.radar import Radar

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["compensation", "lever", "motion", "radar"]

_MEANS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0, "minimum": -np.inf}


def radar(
    place: str | None = None,
    *,
    scores: DiamondScore | None = None,
    points: Mapping[str, float] | None = None,
    years: float = 100.0,
    **parameters: Any,
) -> Radar:
    """Drag the facets of a place and see its total, its bottleneck and where it goes from there.

    Total, bottleneck and gains are computed in the browser. The path takes the corners, divided by
    100, as the strength of the facets at the start of `dynamics`.

    Parameters
    ----------
    place : str, optional
        A place in ``scores``.
    scores : DiamondScore, optional
        From `score`, with facets between 1 and 100 points and the four facets of the diamond.
    points : mapping, optional
        Facet → points, instead of a place; 26 points each by default.
    years : float
        Length of the path.
    **parameters
        Parameters of the system, as for `stable_states`.

    Returns
    -------
    Radar

    Raises
    ------
    ValueError
        Only one of ``place`` and ``scores``, a place that was not scored, or facets outside 1 to
        100 points.
    """
    if (place is None) != (scores is None):
        raise ValueError("radar: give a place together with the scores it is in.")
    if scores is not None and place not in scores.facets.index:
        raise ValueError(f"radar: {place!r} is not among the {len(scores.facets)} places scored.")
    given = dict.fromkeys(plots.CORNERS, 26.0) | dict(points or {})
    if scores is not None:
        given = scores.facets.loc[place].to_dict()
    unknown = set(given) ^ set(plots.CORNERS)
    if unknown:
        raise ValueError(f"radar: {sorted(unknown)[0]!r} is missing or no facet of the diamond.")
    for name, value in given.items():
        number(f"radar: {name!r}", value, 1, 100)
    start = {name: float(round(given[name])) for name in plots.CORNERS}
    weights = dict.fromkeys(start, 0.25) if scores is None else scores.weights.to_dict()
    at_rest = stable_states(starts=0, **parameters).stable["total"].tolist()
    labels = ["only state"] if len(at_rest) == 1 else ["weak state", "strong state"]
    ends = at_rest[:1] if len(at_rest) == 1 else [at_rest[0], at_rest[-1]]
    levels = [{"label": label, "y": y} for label, y in zip(labels, ends, strict=True)]

    def follow(values: dict[str, float]) -> tuple[dict, str]:
        strengths = {name: value / 100 for name, value in values.items()}
        path = dynamics(start_facets=strengths, years=years, **parameters)
        drawn = path.total.iloc[::4]
        shape = {"x": drawn.index.tolist(), "y": drawn.round(4).tolist(), "levels": levels}
        return shape | {"x_label": "years", "y_label": "mean facet"}, _say_path(path)

    def draw(values: dict[str, float], aggregation: str) -> bytes:
        figure, (left, right) = style.figure(panels=2)
        facets = pd.Series(values)
        total = aggregate(
            facets.to_frame().T, weights=weights, aggregation=_MEANS[aggregation]
        ).iloc[0]
        mean = aggregation if aggregation == "minimum" else f"{aggregation} mean"
        with style.context():
            plots.plot_diamond(facets, start=pd.Series(start), ax=left)
            left.text(-1.9, 0.9, f"{mean}\n{total:.2f} points", va="top")
            strengths = {name: value / 100 for name, value in values.items()}
            plots.plot_path(dynamics(start_facets=strengths, years=years, **parameters), ax=right)
        figure.set_layout_engine("constrained")
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=120)
        return stream.getvalue()

    return Radar(
        start,
        weights=weights,
        aggregations=_MEANS,
        scale=(1, 100, 1),
        unit="points",
        title=f"diamond of {place}" if place is not None else "diamond",
        follow=follow,
        draw=draw,
    )


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
    """
    return explore(
        compensation_model,
        plots.plot_compensation,
        say=_say_compensation,
        controls=["exponent"],
        fixed={"facets": facets},
        prediction=prediction,
    )


def motion(prediction: Any = None) -> Explorer:
    """Set proximity, diversity, demand and the start, and follow facets and outputs.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        Mean facet the reader expects at the end.

    Returns
    -------
    Explorer
    """
    return explore(
        dynamics,
        [plots.plot_path, plots.plot_outputs],
        say=_say_path,
        controls=["proximity", "diversity", "demand_quality", "start"],
        prediction=prediction,
    )


def lever() -> Explorer:
    """Choose a lever and an effort, and compare the place with and without it.

    Returns
    -------
    Explorer
    """
    return explore(
        one_lever,
        plots.plot_with_and_without,
        say=_say_lever,
        controls=["lever", "effort", "proximity", "start"],
        choices={"lever": levers().index.tolist()},
    )


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


def _say_compensation(result: Compensation) -> str:
    places = result.places
    moved = int((places["rank"] != places["arithmetic rank"]).sum())
    count = f"{moved} of {len(places)} places" if moved else f"none of the {len(places)} places"
    said = f"With exponent {result.exponent:g}, {count} change{'' if moved > 1 else 's'} rank"
    uneven = places["unevenness"].round(9)
    if uneven.max() == 0:
        return f"{said}; every place is even, all its facets being equal."
    ways = [
        f"{place} stays at rank {after}"
        if before == after
        else f"{place} {'loses' if after > before else 'gains'} {abs(after - before)}, from rank "
        f"{before} to {after}"
        for place, before, after in places.loc[
            uneven == uneven.max(), ["arithmetic rank", "rank"]
        ].itertuples()
    ]
    return f"{said}. The most uneven place{'s' if len(ways) > 1 else ''}: {'; '.join(ways)}."


def _say_lever(result: WithAndWithout) -> str:
    paths = (result.with_lever, result.without)
    years = result.without.total.index[-1]
    effort = f"an effort of {result.effort:g}" if result.effort else "no effort"
    ends = [f"{path.total.iloc[-1]:.2f}" for path in paths]
    then = [in_stages(path.stages.iloc[-1]) for path in paths]
    without = "the same without it" if ends[0] == ends[1] else f"without it {ends[1]}"
    told = f"With it {then[0]}; without it {then[1]}"
    if then[0] == then[1]:
        told = f"Either way {then[0]}"
    if result.stays:
        rest = f"{result.let_go:.2f} instead of {result.untouched:.2f}: its effect stays"
    else:
        rest = f"{result.untouched:.2f}, as it would without the lever"
    return (
        f"After {years:g} years with {effort} on the lever “{result.lever}” the mean facet is "
        f"{ends[0]}; {without}. {told}. If the lever is let go then, the place comes to rest at "
        f"{rest}."
    )
