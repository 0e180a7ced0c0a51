"""Pictures of types and memberships that lessons and recipes draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clusterlab import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from clusterlab.districts.memberships import Membership

__all__ = ["plot_membership", "plot_types"]


@style.plot
def plot_types(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw which features tell which pairs of types apart: a filled cell where they differ.

    Parameters
    ----------
    table : pandas.DataFrame
        From `clusterlab.districts.distinct`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.districts.distinct : the table.
    """
    import seaborn as sns

    ax = style.axes(ax)
    short = [name.replace("-and-spoke", "").replace("-anchored", "") for name in table.columns]
    hues = [ax.get_facecolor(), style.colour("main")]
    look: dict[str, Any] = {"linewidths": 5, "linecolor": hues[0], "cmap": hues, "cbar": False}
    sns.heatmap(table.astype(int), vmin=0, vmax=1, yticklabels=True, ax=ax, **look)
    ax.set_xticklabels([name.replace(" / ", "\n") for name in short])
    ax.tick_params(axis="both", length=0, labelsize=9, rotation=0)
    ax.set(xlabel="", ylabel="")
    ax.xaxis.tick_top()
    return ax


@style.plot
def plot_membership(
    result: Membership, *, ax: Axes | None = None, prediction: str | None = None
) -> Axes:
    """Draw memberships with their 90 % intervals.

    Parameters
    ----------
    result : Membership
        From `clusterlab.districts.membership`.
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    prediction : str, optional
        The type that the reader expects first.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.districts.membership : the memberships.
    """
    ax = style.axes(ax)
    table, ink = result.types, ax.xaxis.label.get_color()
    at = range(len(table))
    hues = [style.colour(str(name)) for name in table.index]
    ax.barh(at, table["membership"], color=hues, height=0.62, alpha=0.85)
    ax.hlines(at, table["low"], table["high"], color=ink, linewidth=1.6)
    for edge in ("low", "high"):
        ax.plot(table[edge], at, "|", color=ink, markersize=9)
    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
    for i, (share, high) in enumerate(zip(table["membership"], table["high"], strict=True)):
        ax.annotate(f"{share:.2f}", (max(share, high), i), (7, 0), **beside)
    if prediction in table.index:
        row = table.index.get_loc(prediction)
        ax.plot(-0.03, row, "D", color=style.colour("prediction"), markersize=9, clip_on=False)
        style.key(ax, [("your prediction", "prediction")], low=True)
    ax.set_yticks(at, table.index)
    ax.set(ylim=(len(table) - 0.5, -0.5), xlim=(-0.06, 1.1), xticks=(0, 0.25, 0.5, 0.75, 1))
    ax.set_xlabel("membership (adds up to 1; lines: 90 % interval)")
    return ax
