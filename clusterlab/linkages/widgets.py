"""The models of linkages with their controls; each call returns one widget.

Of each widget stand together what it draws, what it says below the picture, and the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clusterlab import style
from clusterlab.explore import Explorer, explore
from clusterlab.linkages import piping
from clusterlab.names import listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.exercises import Prediction

__all__ = ["pipelines"]

# --- pipelines ---

_HUES = {"gatekeepers": "global", "external stars": "second", "others": "local"}


def _plot_gain(result: piping.Pipelines, *, ax: Axes, prediction: Any = None) -> None:
    """Draw the gain from links by period, with its interval, and where it is even again."""
    gain, doubt = result.path["gain"].to_numpy(), 2 * result.path["error"].to_numpy()
    last, even, blue = len(gain) - 1, result.even, style.colour("global")
    low, high = float((gain - doubt).min()), float((gain + doubt).max())
    room = max(high - low, 0.2)
    bottom = low - 0.25 * room  # a strip below the curve and one above it, for words
    ax.plot([0, last], [0, 0], color=style.colour("reference"), linewidth=1.2)
    ax.fill_between(result.path.index, gain - doubt, gain + doubt, color=blue, alpha=0.25)
    ax.plot(result.path.index, gain, color=blue)
    beside: dict[str, Any] = {"textcoords": "offset points"}
    ax.annotate(f"{gain[-1]:+.2f}", (last, gain[-1]), (4, 0), va="center", **beside)
    if even:
        ax.vlines(even, bottom, 0, color=style.colour("reference"), linestyle=":")
        late = even > 0.5 * last
        beside |= {"ha": "right" if late else "left", "va": "bottom"}
        ax.annotate(f"even in period {even}", (even, bottom), (-5 if late else 5, 3), **beside)
    ax.set(xlim=(0, 1.25 * last), ylim=(bottom, high + 0.2 * room))
    ax.set(xlabel="period since the links began", ylabel="gain from links (level)")
    if isinstance(prediction, int | float):
        style.mark(ax, prediction, f"your prediction: {prediction:g}", along=0.99)


def _plot_roles(result: piping.Pipelines, *, ax: Axes) -> None:
    """Draw what gatekeepers, external stars and others gain, with intervals."""
    ax.axvline(0, color=style.colour("reference"), linewidth=1.2)
    names, ends = [], [0.0]
    for row, role in enumerate(result.roles.itertuples()):
        hue, side = style.colour(_HUES[role.Index]), 1 if role.gain >= 0 else -1
        ax.errorbar([role.gain], [-row], xerr=2 * role.error, fmt="o", capsize=4, color=hue)
        end = role.gain + 2 * side * role.error  # words stand on the side away from 0
        look: dict[str, Any] = {"textcoords": "offset points", "va": "center", "color": hue}
        look["ha"] = "left" if side > 0 else "right"
        ax.annotate(f"{role.gain:+.2f}", (end, -row), (8 * side, 0), **look)
        names.append(f"{role.Index}\n{role.firms} firms")
        ends += [role.gain - 2 * role.error, role.gain + 2 * role.error]
    room = max(0.4 * (max(ends) - min(ends)), 0.3)
    ax.set_yticks([-row for row in range(len(names))], names)
    ax.set(xlim=(min(ends) - room, max(ends) + room), ylim=(0.5 - len(names), 0.5))
    ax.set(xlabel=f"gain after {result.given['periods']} periods")


def _say_pipelines(result: piping.Pipelines) -> str:
    end, share, even = result.given["periods"], result.given["linked"], result.even
    roles = [*result.roles.itertuples()]
    if [role.Index for role in roles] == ["others"]:
        level = result.path["without"].iloc[-1]
        return f"Without links the clusters know {level:.2f} after {end} periods."
    # three standard errors, because a reader looks at many settings
    clear = abs(result.gain) > 3 * result.error
    verb = "lose" if result.gain < 0 else "gain"
    what = (
        f"{verb} {abs(result.gain):.2f}"
        if clear
        else f"gain nothing beyond chance, {result.gain:+.2f}"
    )
    when = f"on average they are behind until period {(even or 0) - 1}"
    if not even:
        when = "on average they are " + ("behind at the end" if even is None else "never behind")
    gains = listed([f"{role.Index} {role.gain:+.2f} (±{2 * role.error:.2f})" for role in roles])
    return (
        f"With {share:.0%} of firms linked, clusters {what} (±{2 * result.error:.2f}) in {end} "
        f"periods; {when}. By role: {gains}."
    )


def pipelines(*, prediction: Prediction | None = None) -> Explorer:
    """Show what links to the world bring, when, and to whom; the prediction is a period.

    Parameters
    ----------
    prediction : clusterlab.exercises.Prediction, optional
        The period in which the cluster is even with itself without links.

    Returns
    -------
    clusterlab.explore.Explorer

    See Also
    --------
    clusterlab.linkages.pipelines : The model.
    """
    return explore(
        piping.pipelines,
        [_plot_gain, _plot_roles],
        say=_say_pipelines,
        controls=["linked", "keep", "absorption", "gatekeepers"],
        prediction=prediction,
    )
