"""Widgets of the diamond lesson: thin calls, no model of their own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clusterlab import style
from clusterlab.diamond import plots
from clusterlab.diamond.motion import Path, dynamics, stable_states
from clusterlab.diamond.policy import WithAndWithout, one_lever
from clusterlab.diamond.scoring import Compensation, DiamondScore
from clusterlab.diamond.scoring import compensation as compensation_model
from clusterlab.explore import Explorer, explore
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
        Both or neither of ``place`` and ``scores``, or facets outside 1 to 100 points.
    KeyError
        A place that was not scored.
    """
    if (place is None) != (scores is None):
        raise ValueError("radar: give a place together with the scores it is in.")
    if scores is not None and place not in scores.facets.index:
        raise KeyError(f"radar: {place!r} is not among the {len(scores.facets)} places scored.")
    given = dict.fromkeys(plots.CORNERS, 26.0) | dict(points or {})
    if scores is not None:
        given = scores.facets.loc[place].to_dict()
    unknown = set(given) ^ set(plots.CORNERS)
    if unknown:
        raise ValueError(f"radar: {sorted(unknown)[0]!r} is missing or no facet of the diamond.")
    for name, value in given.items():
        if not 1 <= value <= 100:
            raise ValueError(f"radar: {name!r} is {value:g}, expected 1 to 100 points.")
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
        with style.context():
            plots.plot_diamond(pd.Series(values), start=pd.Series(start), ax=left)
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
    )


def _say_path(path: Path) -> str:
    total, end = path.total, path.total.index[-1]
    way = "rises" if total.iloc[-1] > total.iloc[0] + 0.005 else "falls"
    if abs(total.iloc[-1] - total.iloc[0]) <= 0.005:
        way = "stays"
    last = path.outputs.iloc[-1]
    return (
        f"The mean facet {way} from {total.iloc[0]:.2f} to {total.iloc[-1]:.2f} in {end:.0f} "
        f"years; productivity ends at {last['productivity']:.2f}, innovation at "
        f"{last['innovation']:.2f}, new firms at {last['new firms']:.2f} a year. Most firms end "
        f"competing on {path.stage.iloc[-1]}."
    )


def _say_compensation(result: Compensation) -> str:
    places = result.places
    top = places["unevenness"].idxmax()
    lost = int(places.loc[top, "rank"] - places.loc[top, "arithmetic rank"])
    moved = int((places["rank"] != places["arithmetic rank"]).sum())
    return (
        f"With exponent {result.exponent:g}, {moved} of {len(places)} places change rank; the most "
        f"uneven, {top}, goes from rank {places.loc[top, 'arithmetic rank']} to "
        f"{places.loc[top, 'rank']} ({-lost:+d})."
    )


def _say_lever(result: WithAndWithout) -> str:
    end = result.with_lever.total.iloc[-1]
    without = result.without.total.iloc[-1]
    return (
        f"With {result.effort:g} of effort on {result.lever}, the mean facet ends at {end:.2f} "
        f"instead of {without:.2f}; most firms then compete on "
        f"{result.with_lever.stage.iloc[-1]} instead of {result.without.stage.iloc[-1]}."
    )
