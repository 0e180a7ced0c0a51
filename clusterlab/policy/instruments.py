"""Levers of governments, associations and firms, and the parameters that they move."""

from functools import cache

import pandas as pd

from clusterlab import datasets, diamond

_COLUMNS = ["role", "level", "facet", "phase", "model", "moves", "cost", "document", "where"]


def levers() -> pd.DataFrame:
    """Return the levers as a table: who pulls them, at which level, what they move, and the source.

    Returns
    -------
    pandas.DataFrame
        A row for each lever and ``model`` that it moves, so that a lever may stand in several rows.
        ``moves`` names parameters of the model and what one unit of effort adds to each; a unit
        costs ``cost``. ``level`` is "several" where the document names no level for the lever, and
        ``facet`` is "links abroad" for what whitford-potter-2007 calls trans-local public goods and
        for fairs. Role and direction follow the passage in ``where``, unless that says "ours".
        Sizes, costs, and which parameter stands for a lever are ours.

    See Also
    --------
    compare : Pull them on equal budgets.
    clusterlab.diamond.levers : Those of the diamond, which are part of this table.
    clusterlab.datasets.provenance : Where ``"policy_levers"`` and ``"diamond_levers"`` come from.

    Notes
    -----
    Topics 03 and 05 (agglomeration, districts) measure and draw; they have no parameter that a
    government could move, and no lever here.

    Examples
    --------
    >>> levers().query("model == 'linkages.pipelines'")["moves"].to_list()
    ['linked +0.1', 'trust -2', 'keep -0.05']
    """
    return table().copy()


@cache
def table() -> pd.DataFrame:
    """Return the levers of the diamond and the others; read it only."""
    theirs = diamond.levers().reset_index()
    theirs = theirs.assign(level="several", model="diamond.dynamics", document="porter-2000")
    return pd.concat([theirs, datasets.load("policy_levers")]).set_index("lever")[_COLUMNS]
