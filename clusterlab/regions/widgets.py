"""The measures of regions with their controls; each call returns one widget.

Of each widget stand together what it draws, what it says below the picture, and the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clusterlab import style
from clusterlab.explore import Explorer, explore
from clusterlab.names import percent
from clusterlab.regions import states

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction
    from clusterlab.regions.catching_up import Convergence

__all__ = ["convergence", "inequality"]

_DASHED = (0, (4, 3))
_POINT: dict[str, Any] = {"linestyle": "none", "markersize": 9, "clip_on": False}


def _predicted(ax: Axes, value: Any) -> None:
    """Mark the reader's number, if there is one."""
    if isinstance(value, (int, float)):
        style.mark(ax, value, f"your prediction: {value:g}", axis="y", along=0.3)


def _plot_parts(result: states.States, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the index over the years, and below it what lies between regions."""
    parts = result.found.parts
    years, top = parts.index.to_numpy(), 1.4 * float(parts["total"].max())
    for name, hue, dash in (("total", "main", "-"), ("between", "second", _DASHED)):
        colour = style.colour(hue)
        ax.plot(years, parts[name].to_numpy(), color=colour, linestyle=dash)
        ax.plot([result.year], [parts.loc[result.year, name]], "o", color=colour, **_POINT)
    style.key(ax, [("— all", "main"), ("- - of it between regions", "second")])
    ax.set(xlabel="year", xlim=(years[0], years[-1] + 4), ylim=(0, top))
    ax.set_ylabel(f"Theil's {result.found.index} of states' incomes")
    _predicted(ax, prediction)


def _plot_states(result: states.States, *, ax: Axes) -> None:
    """Draw states by region, and each region's mean."""
    table = result.incomes
    means = table.groupby("region")["income"].mean().sort_values()
    row = {region: k for k, region in enumerate(means.index)}
    look: dict[str, Any] = {"linestyle": "none", "clip_on": False}
    rows = table["region"].map(row).to_numpy()
    ax.plot([1, 1], [-0.5, len(row) - 0.5], color=style.colour("reference"), linestyle=":")
    ax.plot(table["income"].to_numpy(), rows, "o", color=style.colour("main"), alpha=0.5, **look)
    sizes: dict[str, Any] = {
        "markersize": 22,
        "markeredgewidth": 3,
        "color": style.colour("second"),
    }
    ax.plot(means.to_numpy(), [*row.values()], "|", **sizes, **look)
    style.key(ax, [("● a state", "main"), ("❙ mean of the region", "second")])
    ax.set(xlabel=f"income in {result.year} (mean = 1)", ylim=(-0.6, len(row) + 0.9))
    ax.set(xlim=(0, max(2.5, 1.05 * float(table["income"].max()))))
    ax.set_yticks([*row.values()], [*row])


def _say_inequality(result: states.States) -> str:
    parts, index = result.found.to_frame(), result.found.index
    now, then, first = parts.loc[result.year], parts.iloc[0], parts.index[0]
    words = (
        f"{result.country}, {len(result.incomes)} states in {result.incomes['region'].nunique()} "
        f"regions, {result.year}: Theil's {index} is {now['total']:.4f}; "
        f"{percent(now['share between'])} of it lies between regions and "
        f"{percent(1 - now['share between'])} within them."
    )
    if result.year == first:
        return words + " It is the first year of the table."
    return (
        f"{words} In {first} it was {then['total']:.4f}, of which {percent(then['share between'])} "
        "lay between regions."
    )


def inequality(*, prediction: Prediction | None = None) -> Explorer:
    """Show the inequality of states between and within regions; the prediction is T at the start.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        Theil's T of the US states in 2009.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.regions.theil : The measure.
    convergence : Whether poorer states grew faster.
    """
    return explore(
        states.state_inequality,
        [_plot_parts, _plot_states],
        say=_say_inequality,
        prediction=prediction,
    )


def _plot_growth(result: Convergence, *, ax: Axes) -> None:
    """Draw growth over initial income, and the line through it."""
    x = (result.points["initial"] - result.points["initial"].mean()).to_numpy()
    y = 100 * result.points["growth"].to_numpy()
    ends = [float(x.min()), float(x.max())]
    line = [float(y.mean()) + 100 * result.beta * end for end in ends]
    look: dict[str, Any] = {"color": style.colour("main"), "linestyle": "none", "alpha": 0.5}
    ax.plot(x, y, "o", clip_on=False, **look)
    ax.plot(ends, line, color=style.colour("second"))
    style.key(ax, [("● a state", "main"), ("— slope: β", "second")])
    low, high = float(y.min()), float(y.max())
    ax.set(xlabel=f"log income in {result.start} (mean = 0)")
    room = 0.07 * (high - low)
    ax.set(ylabel="growth (% a year)", ylim=(low - room, high + 6 * room))


def _plot_sigma(result: Convergence, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the spread of log incomes over the years."""
    sigma = result.spread["sigma"]
    years, ends = sigma.index.to_numpy(), [result.start, result.end]
    ax.plot(years, sigma.to_numpy(), color=style.colour("third"))
    ax.plot(ends, sigma[ends].to_numpy(), "D", color=style.colour("third"), **_POINT)
    style.key(ax, [("◆ first and last year", "third")])
    ax.set(xlabel="year", xlim=(years[0], years[-1] + 4))
    ax.set(ylabel="σ of log incomes", ylim=(0, 1.35 * float(sigma.max())))
    _predicted(ax, prediction)


def _say_convergence(result: Convergence) -> str:
    sigma = result.spread["sigma"]
    speed = {
        "faster": "poorer states grew faster",
        "slower": "poorer states grew slower",
        "no clear difference": "poor and rich states cannot be told apart by growth",
    }[result.poorer_grew]
    if result.poorer_grew == "faster" and result.half_life is not None:
        speed += f", at half of a gap in {result.half_life:.0f} years"
    change = result.sigma_change if "no" in result.sigma_change else f"it {result.sigma_change}"
    words = (
        f"{len(result.points)} states, {result.start} to {result.end}: β is {result.beta:.4f} a "
        f"year ({result.level:.0%} interval {result.low:.4f} to {result.high:.4f}): {speed}. "
        f"σ went from {sigma[result.start]:.3f} to {sigma[result.end]:.3f}: {change}."
    )
    return words.replace("-", "−")


def convergence(*, prediction: Prediction | None = None) -> Explorer:
    """Show growth against initial income, and the spread; the prediction is σ in the last year.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The standard deviation of log incomes of the US states in 2009.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.regions.convergence : The measure.
    inequality : What lies between regions and within them.
    """
    return explore(
        states.state_convergence,
        [_plot_growth, _plot_sigma],
        say=_say_convergence,
        prediction=prediction,
    )
