"""Pictures of networks that units and recipes draw: profiles, removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusterlab import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from clusterlab.networks.profile import Profile
    from clusterlab.networks.shocks import Removal

__all__ = ["plot_profile", "plot_removal"]


@style.plot
def plot_profile(profile: Profile, *, ax: Axes | None = None) -> Axes:
    """Draw how near a network is to each type, with 90 % intervals.

    Parameters
    ----------
    profile : Profile
        From `clusterlab.networks.closest_types`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.networks.closest_types : the comparison.
    """
    ax = style.axes(ax)
    table = profile.types.iloc[::-1]
    hues = [style.colour(str(name)) for name in table.index]
    ax.hlines(range(len(table)), table["low"], table["high"], colors=hues)
    ax.scatter(table["similarity"], range(len(table)), c=hues, s=80, zorder=3)
    for at, (high, first) in enumerate(zip(table["high"], table["first"], strict=True)):
        words = f"nearest in {first:.0%}"
        ax.annotate(words, (high, at), (8, 0), textcoords="offset points", va="center")
    ax.set_yticks(range(len(table)), table.index)
    ax.set_xlabel("similarity (1 = alike)")
    ax.set_xlim(max(0, table["low"].min() - 0.05), min(1.25, table["high"].max() + 0.25))
    ax.set_xticks([tick for tick in ax.get_xticks() if tick <= 1])
    return ax


@style.plot
def plot_removal(result: Removal, *, ax: Axes | None = None) -> Axes:
    """Draw what stays connected as nodes go, at random and the best connected first.

    Parameters
    ----------
    result : Removal
        From `clusterlab.networks.removal`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.networks.removal : the computation.
    """
    ax = style.axes(ax)
    removed = result.random.index
    entries = [("removed at random", "main"), ("best connected first (dashed)", "second")]
    ax.plot(removed, result.random, color=style.colour("main"))
    ax.plot(removed, result.targeted, color=style.colour("second"), linestyle=(0, (5, 2)))
    low, high = result.random - 2 * result.error, result.random + 2 * result.error
    ax.fill_between(removed, low, high, color=style.colour("main"), alpha=0.2, linewidth=0)
    if result.threshold is not None:
        ax.axvline(result.threshold, 0, 0.72, color=style.colour("reference"), linestyle=":")
        entries.append(("Molloy–Reed threshold (dotted)", "reference"))
    style.key(ax, entries)
    ax.set(xlabel="share of nodes removed", ylabel="largest connected part, share of all nodes")
    ax.set(xlim=(0, 1), ylim=(0, 1.02), xticks=(0, 0.25, 0.5, 0.75, 1), yticks=(0, 0.5, 1))
    return ax
