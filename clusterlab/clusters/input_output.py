"""Who needs whose products: coefficients and inverses from tables of what is made and used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterlab.names import named
from clusterlab.parameters import need, number
from clusterlab.results import Result
from clusterlab.tables import check_labels, check_values, need_columns, need_frame, numbers


@dataclass(frozen=True, repr=False)
class Linkages(Result):
    """Industry by industry, who needs whose products.

    Attributes
    ----------
    flows : pandas.DataFrame
        What the industry in the row sells to the one in the column, in the unit of the tables.
    coefficients : pandas.DataFrame
        The same per unit of the buyer's output: A.
    inverse : pandas.DataFrame
        Leontief's inverse L: what the row makes for one unit of final demand for the column.
    ghosh : pandas.DataFrame
        Ghosh's inverse G: what one unit of primary input into the row comes to in the column.
    output : pandas.Series
        Output of each industry: all it makes, products from outside included.
    outside : pandas.Series
        What each industry buys of products that were said to come from outside.
    negative : float
        Sum of the negative cells of ``use`` that were kept, as published; 0 without any.
    """

    flows: pd.DataFrame
    coefficients: pd.DataFrame
    inverse: pd.DataFrame
    ghosh: pd.DataFrame
    output: pd.Series
    outside: pd.Series
    negative: float

    @property
    def backward(self) -> pd.Series:
        """Column sums of L: output of all industries for one unit of demand for this one."""
        return self.inverse.sum().rename("backward")

    @property
    def forward(self) -> pd.Series:
        """Row sums of G: output of all industries that one unit of input into this one allows."""
        return self.ghosh.sum(axis=1).rename("forward")

    def to_frame(self) -> pd.DataFrame:
        """Return one row an industry: output, linkages, and those over their mean."""
        both = pd.DataFrame({"backward": self.backward, "forward": self.forward})
        relative = (both / both.mean()).add_suffix(" over mean")
        return pd.concat([self.output, both, relative, self.outside.rename("from outside")], axis=1)


def linkages(
    make: pd.DataFrame, use: pd.DataFrame, *, outside: Iterable[Any] = (), excess: float = 0.001
) -> Linkages:
    r"""Measure who needs whose products, from tables of what industries make and use.

    Parameters
    ----------
    make : pandas.DataFrame
        What each industry (row) makes of each product (column), none negative.
    use : pandas.DataFrame
        What each industry (column) uses of each product (row): the same industries and products,
        in any order, without final uses and without pay, taxes and surplus.
    outside : iterable of labels
        Products that come from outside, whoever makes a little of them (scrap, used goods, imports
        that nothing at home compares with). They make no flow; what is bought of them is reported.
    excess : float
        How much more than its output an industry may buy, as a share of it: room for rounding, or
        more for one that is run at a loss.

    Returns
    -------
    Linkages

    Raises
    ------
    ValueError
        Labels that are in one table only, empty or repeated; a cell that is no number; a negative
        one in ``make``; an industry without output; one whose purchases exceed its output by more
        than ``excess``; a product that is used, made by nobody and not
        said to come from outside; an economy that uses up all it makes.

    See Also
    --------
    hidden_cluster : A cluster that purchases show and classes hide.

    Notes
    -----
    V is ``make``, U is ``use``, x the output of industries, q that of products. Under the
    **industry technology** assumption an industry has one recipe whatever it makes, and a product
    is bought from its makers in proportion to what they make of it: market shares
    :math:`D = V\hat q^{-1}`, recipes :math:`B = U\hat x^{-1}`, flows :math:`Z = DU`, coefficients
    :math:`A = DB = Z\hat x^{-1}`. Leontief's inverse is :math:`L = (I-A)^{-1}`, found by solving;
    Ghosh's, of the output coefficients :math:`\hat x^{-1}Z`, is
    :math:`G = \hat x^{-1} L \hat x`. Backward linkages are column sums of L, forward ones row sums
    of G.

    So a by-product is bought from whoever makes it, its main makers first. A product made by one
    industry only as a by-product is bought from that one, however much of it is used: say
    ``outside`` where that is wrong. Imports of products that are also made at home count as made at
    home: what is measured is technology, not what a country earns.

    A negative cell of ``use`` is kept as published (a few are, such as stocks sold off) and their
    sum is reported. L exists, and is the sum of all rounds of purchases, where the largest modulus
    of an eigenvalue of A is below 1.

    References
    ----------
    Miller and Blair (2009), Input-Output Analysis, chapters 2, 5 and 12; formulas from general
    knowledge, checked against the two-sector example of chapter 2.

    Examples
    --------
    >>> sectors = ["1", "2"]
    >>> use = pd.DataFrame([[150, 500], [200, 100]], sectors, sectors)
    >>> found = linkages(pd.DataFrame([[1000, 0], [0, 2000]], sectors, sectors), use)
    >>> found.inverse.round(4).to_numpy().tolist()
    [[1.2541, 0.33], [0.264, 1.1221]]
    >>> found.backward.round(4).tolist()
    [1.5182, 1.4521]
    """
    made = check_values(make, rows="industry", columns="product")
    used = _with_negative(use)
    _same(made.index, used.columns, "industry", "industries", "rows of make", "columns of use")
    _same(made.columns, used.index, "product", "products", "columns of make", "rows of use")
    used = used.loc[made.columns, made.index]
    excess = number("excess", excess, 0)
    need(pd.api.types.is_list_like(outside), "outside", "a list of products", outside)
    outside = list(outside)
    need_columns(made.columns, outside, "make")
    output, there = made.sum(axis=1).rename("output"), ~made.columns.isin(outside)
    if (output == 0).any():
        idle = named(output.index[output == 0], "industry", "industries")
        raise ValueError(
            f"make: {idle} without output; leave out of both tables what makes nothing."
        )
    inside, bought = used[there], used[there].sum()
    total = made.sum().to_numpy()[there]
    unmade = inside.abs().sum(axis=1).mul(total == 0)
    if unmade.any():
        amounts = ", ".join(f"{name!r} {amount:g}" for name, amount in unmade[unmade > 0].items())
        raise ValueError(
            f"use: made by nobody, yet used: {amounts}; if it comes from elsewhere, name it in "
            "outside."
        )
    if (bought > output * (1 + excess)).any():
        worst = (bought / output).idxmax()
        raise ValueError(
            f"the tables do not balance: industry {worst!r} buys products for {bought[worst]:g} "
            f"and makes {output[worst]:g}; by how much it may buy more, says excess={excess:g}."
        )
    share = made.to_numpy()[:, there] / np.where(total == 0, 1, total)
    flows = share @ inside.to_numpy()
    x = output.to_numpy()
    coefficients = flows / x
    # where no industry buys as much as it makes, no eigenvalue can reach 1: it need not be computed
    if np.abs(coefficients).sum(axis=0).max() >= 1:
        largest = np.abs(np.linalg.eigvals(coefficients)).max()
        if largest >= 1 - 1e-12:
            raise ValueError(
                f"the economy uses up all it makes: the largest eigenvalue of its coefficients is "
                f"{largest:.4g}, but only below 1 is anything left for final demand."
            )
    identity = np.eye(len(x))
    inverse = np.linalg.solve(identity - coefficients, identity)
    axes = made.index, made.index
    return Linkages(
        flows=pd.DataFrame(flows, *axes),
        coefficients=pd.DataFrame(coefficients, *axes),
        inverse=pd.DataFrame(inverse, *axes),
        ghosh=pd.DataFrame(inverse * x / x[:, None], *axes),
        output=output,
        outside=used[~there].sum().rename("outside"),
        negative=float(used.to_numpy()[used.to_numpy() < 0].sum()),
    )


def _with_negative(use: Any) -> pd.DataFrame:
    """Return checked numbers of ``use``, among which negative ones may be."""
    need_frame(use, "use", "one row per product and one column per industry")
    check_labels(use.columns, "industry")
    cells = np.column_stack([numbers(use.iloc[:, j])[0] for j in range(use.shape[1])])
    below = np.isfinite(cells) & (cells < 0)
    kept = check_values(use.mask(below, 0.0), rows="product", columns="industry")
    return kept.mask(below, cells)


def _same(one: pd.Index, other: pd.Index, single: str, many: str, here: str, there: str) -> None:
    """Refuse labels that are in one table only."""
    for a, b, has, lacks in ((one, other, here, there), (other, one, there, here)):
        if len(missing := a.difference(b, sort=False)):
            words = named(missing, single, many)
            raise ValueError(f"{words} among the {has}, but not among the {lacks}.")
