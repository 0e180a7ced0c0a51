"""Classes of income: quantiles of each year, or of all years together.

A class says where a region stands among the others, not how far it is from them.
"""

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from clusterlab import tables
from clusterlab.parameters import need, whole
from clusterlab.regions.catching_up import column_years

#: Classes are small numbers; more of them than this is an income that was given by mistake.
_MOST = 1000


def quantile_classes(
    panel: pd.DataFrame, *, classes: int = 5, pooled: bool = False
) -> pd.DataFrame:
    r"""Put each region of each year into a class of income, 1 being the poorest.

    A region with r poorer ones among n is in class

    .. math:: \max(1, \lceil k\,r / (n - 1) \rceil)

    with k the number of classes. So the bounds are the quantiles that numpy and mapclassify
    interpolate linearly, a region on a bound belongs to the class below it, and regions with the
    same income share the lower class.

    Parameters
    ----------
    panel : pandas.DataFrame
        Incomes, one row a region and one column a year, every cell filled. The order of rows and
        columns does not matter.
    classes : int
        How many, at least 2.
    pooled : bool
        Whether a class is a band of income relative to the mean of its year (not weighted by
        population), with bounds that are quantiles over all years together. By default each year
        has quantiles of its own, and so about as many regions in each class.

    Returns
    -------
    pandas.DataFrame
        ``place``, ``period`` and ``type`` (the class), one row a region and year, sorted: what
        `clusterlab.transitions.estimate` takes.

    Raises
    ------
    ValueError
        A cell that is empty or no income, a column that is no year, a year without any income, or
        a class that stays empty: more classes than regions, or too many equal incomes.

    See Also
    --------
    markov : The chain of these classes.

    Notes
    -----
    Where equal incomes make bounds fall together, mapclassify returns fewer classes than asked
    for; here that is refused, since classes of several years would not be the same.

    References
    ----------
    Rey (2001), Spatial empirics for economic growth and convergence, Geographical Analysis 33(3).

    Examples
    --------
    >>> incomes = pd.DataFrame({2000: [10, 20, 30], 2001: [40, 20, 30]}, ["A", "B", "C"])
    >>> quantile_classes(incomes, classes=3)["type"].tolist()
    [1, 3, 2, 1, 3, 2]
    """
    table = incomes(panel)
    codes = classified(table, table.to_numpy(), classes, pooled, "incomes")
    return pd.DataFrame(
        {
            "place": table.index.repeat(table.shape[1]),
            "period": np.tile(table.columns, len(table)),
            "type": codes.ravel() + 1,
        }
    )


def incomes(panel: pd.DataFrame) -> pd.DataFrame:
    """Return a checked panel in the order of its regions' names and of its years."""
    table = tables.check_values(panel, rows="region", columns="year")
    years = pd.Index(column_years(table.columns), name=table.columns.name or "year")
    table = table.set_axis(years, axis=1)
    for year in table.columns[table.sum() == 0]:
        raise ValueError(f"the panel: no region has an income above zero in {year}.")
    return table.sort_index(axis=1).sort_index(key=lambda labels: labels.astype(str))


def classified(
    table: pd.DataFrame, values: np.ndarray, classes: int, pooled: bool, what: str
) -> np.ndarray:
    """Return the class of each value, from 0; ``table`` has the incomes and the labels."""
    k = whole("classes", classes, 2, _MOST)
    need(isinstance(pooled, bool), "pooled", "True or False", pooled)
    if pooled:
        values = (values / table.mean().to_numpy()).reshape(-1, 1)
    poorer = rankdata(values, method="min", axis=0).astype(int) - 1
    # in whole numbers, so that a region on a bound is never moved by a rounding
    codes = np.maximum(-(-k * poorer // max(len(poorer) - 1, 1)) - 1, 0)
    filled = (codes[:, :, None] == np.arange(k)).any(axis=0)
    if not filled.all():
        year, empty = np.argwhere(~filled)[0]
        when = "all years together" if pooled else f"year {table.columns[year]}"
        raise ValueError(
            f"{when}: {len(poorer)} {what}, {len(np.unique(values[:, year]))} of them different, "
            f"do not fill {k} classes (class {empty + 1} is empty); use fewer classes."
        )
    return codes.reshape(table.shape)
