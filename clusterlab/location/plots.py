"""Pictures of the location models that a lesson shows beside its widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clusterlab import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_locations_by_cost"]


@style.plot
def plot_locations_by_cost(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of locations against trade cost, a line for each manufacturing share.

    Where a table has several seeds for a setting, the line is their mean and the band behind it
    goes from the lowest to the highest.

    Parameters
    ----------
    table : pandas.DataFrame
        From ``sweep(circle, {"trade_cost": …, "manufacturing_share": …})``, with up to five
        manufacturing shares.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    clusterlab.location.circle : The model.
    clusterlab.location.widgets.circle : One setting at a time.
    """
    import seaborn

    ax = style.axes(ax)
    shares = sorted(table["manufacturing_share"].unique())
    number, hues = len(shares), ("main", "second", "third", "orange", "purple")
    looks: dict[str, Any] = {"hue": "manufacturing_share", "style": "manufacturing_share"}
    looks |= {"palette": [style.colour(hue) for hue in hues][:number], "dashes": False}
    looks |= {"markers": ["o", "s", "^", "D", "v"][:number], "errorbar": ("pi", 100)}
    seaborn.lineplot(table, x="trade_cost", y="mean_locations", **looks, legend=False, ax=ax)
    for line, share in zip(ax.get_lines(), shares, strict=True):
        line.set_label(f"μ = {share:g}")
    ax.set(
        xlabel="trade cost to the far side (units sent per unit arriving)",
        ylabel="regions that keep industry, mean",
        ylim=(0, None),
    )
    style.label_lines(ax)
    return ax
