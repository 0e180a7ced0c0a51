"""Change over time: how much of a region's growth is the nation, the mix, and the region itself.

Shift–share in the form of Dunn (1960) and of Esteban-Marquillas (1972), between two years and
year by year (Barff and Knight 1988).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.names import did_you_mean
from clusterlab.parameters import chosen, number
from clusterlab.results import Result


@dataclass(frozen=True, repr=False)
class ShiftShare(Result):
    """Parts of the change in each region and industry; they add up to the change.

    Attributes
    ----------
    change : pandas.DataFrame
        Jobs gained or lost, regions by industries.
    parts : mapping of str to pandas.DataFrame
        ``national``, ``mix`` and ``regional`` (Dunn), and with Esteban's form ``regional``
        without the influence of specialisation, and ``allocation``.
    method : str
        "dunn" or "esteban".
    periods : tuple
        The years compared, where they were given.
    """

    change: pd.DataFrame
    parts: Mapping[str, pd.DataFrame]
    method: str
    periods: tuple = ()

    def to_frame(self, by: str = "region") -> pd.DataFrame:
        """Return the parts summed ``by`` "region" or "industry", with the change beside them."""
        chosen("by", by, ("region", "industry"))
        axis = 1 if by == "region" else 0
        columns = {name: part.sum(axis=axis) for name, part in self.parts.items()}
        return pd.DataFrame({**columns, "change": self.change.sum(axis=axis)})

    def __repr__(self) -> str:
        parts = self.parts.items()
        sums = ", ".join(f"{name} {part.to_numpy().sum():+,.0f}" for name, part in parts)
        span = f" {self.periods[0]}–{self.periods[-1]}" if self.periods else ""
        rows, columns = self.change.shape
        return f"ShiftShare{span} ({self.method}), {rows} regions, {columns} industries: {sums}"


def shift_share(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    method: str = "dunn",
    concordance: pd.DataFrame | None = None,
) -> ShiftShare:
    r"""Split the change of employment into national growth, industry mix and the region's own.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Regions (index) by industries (columns) in two years; the same regions and industries, in
        any order.
    method : {"dunn", "esteban"}
        Dunn's three parts, or Esteban-Marquillas' four, in which the regional part is freed from
        the influence of specialisation.
    concordance : pandas.DataFrame, optional
        Where industries changed their codes between the years: two columns, the code in the first
        year and the code in the second, one row a pair that has something in common. Codes that
        are linked through such pairs become one group, named after its codes of the second year,
        and their jobs are added up: what was split or merged is compared as a whole, and no
        weights are needed. A code that stands in neither column is the same in both years.

    Returns
    -------
    ShiftShare

    Raises
    ------
    ValueError
        Regions or industries that are in one year only (the sentence names them and the way out),
        a concordance that has not two columns or lacks a code of its own year, an industry
        without any job in the first year, a year without any job, or for "esteban" a cell without
        jobs in the first year, whose growth rate is undefined.

    See Also
    --------
    dynamic_shift_share : year by year, so that the mix is never out of date.
    clusterlab.agglomeration.plots.plot_shift_share : the parts as bars.

    Notes
    -----
    With e the jobs before, :math:`g_{ri}`, :math:`G_i` and G the growth rates of industry i in
    the region, of industry i in all regions, and of everything:

    .. math:: \Delta e_{ri} = \underbrace{e_{ri} G}_{national}
        + \underbrace{e_{ri}(G_i - G)}_{mix} + \underbrace{e_{ri}(g_{ri} - G_i)}_{regional}.

    Esteban replaces :math:`e_{ri}` in the last part by what the region would have with the
    national mix, :math:`e'_{ri} = e_{r} E_i/E`, and adds the allocation
    :math:`(e_{ri} - e'_{ri})(g_{ri} - G_i)`. The parts add up to the change to rounding.

    References
    ----------
    Dunn, E. S. (1960). A statistical and analytical technique for regional analysis. *Papers of
    the Regional Science Association* 6, 97–112.
    Esteban-Marquillas, J. M. (1972). A reinterpretation of shift-share analysis. *Regional and
    Urban Economics* 2(3), 249–255.

    Examples
    --------
    >>> before = pd.DataFrame({"wine": [100, 100], "steel": [100, 300]}, index=["a", "b"])
    >>> after = pd.DataFrame({"wine": [150, 110], "steel": [90, 310]}, index=["a", "b"])
    >>> shift_share(before, after).to_frame()
       national   mix  regional  change
    a      20.0  10.0      10.0    40.0
    b      40.0 -10.0     -10.0    20.0

    Steel was split into two codes:

    >>> split = pd.DataFrame({"wine": [150, 110], "rails": [50, 300], "wire": [40, 10]}, list("ab"))
    >>> codes = pd.DataFrame({"old": ["steel", "steel"], "new": ["rails", "wire"]})
    >>> shift_share(before, split, concordance=codes).to_frame("industry")["change"].to_dict()
    {'wine': 60.0, 'rails + wire': 0.0}
    """
    chosen("method", method, ("dunn", "esteban"))
    before, after = _year("before", before), _year("after", after)
    if concordance is not None:
        before, after = _in_groups(before, after, concordance)
    return _split(before, after, method)


def _in_groups(
    before: pd.DataFrame, after: pd.DataFrame, concordance: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both years with industries joined as far as codes are linked to one another."""
    tables.need_frame(concordance, "the concordance", "a code of the first and one of the second")
    if concordance.shape[1] != 2:
        raise ValueError(
            f"the concordance has {concordance.shape[1]} columns, but it needs two: the code in "
            "the first year and the code in the second. Weights are not used, since groups of "
            "linked codes are compared as a whole."
        )
    pairs = concordance.set_axis(["first", "second"], axis=1).reset_index(drop=True)
    tables.refuse_gaps(pairs, pairs.columns, lambda row: f"the concordance: row {row + 1}")
    pairs = pairs.apply(lambda codes: tables.labels(codes, f"the concordance: {codes.name} codes"))
    # the two sides are kept apart: a code may mean one thing in one year and another in the other
    links = nx.Graph([(("first", old), ("second", new)) for old, new in pairs.to_numpy()])
    for side, other, table, against in (
        ("first", "second", before, after),
        ("second", "first", after, before),
    ):
        for code in table.columns.difference(pairs[side], sort=False):
            if code not in against.columns or code in set(pairs[other]):
                raise ValueError(
                    f"the concordance does not say what becomes of industry {code!r} of the {side} "
                    f"year: it is not among its {side} codes"
                    f"{did_you_mean(code, pairs[side])}"
                )
            links.add_edge(("first", code), ("second", code))
    group: dict = {}  # year and code → the name of its group
    for linked in nx.connected_components(links):
        names = [code for side, code in linked if side == "second"]
        joined = names[0] if len(names) == 1 else " + ".join(sorted(map(str, names)))
        group |= dict.fromkeys(linked, joined)
    first, second = (
        table.T.groupby([group[side, code] for code in table.columns], sort=False).sum().T
        for side, table in (("first", before), ("second", after))
    )
    # a group that has no code in one of the tables has no job there
    every = [*dict.fromkeys([*first.columns, *second.columns])]
    return first.reindex(columns=every, fill_value=0), second.reindex(columns=every, fill_value=0)


def _split(before: pd.DataFrame, after: pd.DataFrame, method: str) -> ShiftShare:
    """Split the change between two checked tables."""
    _refuse_different("region", before.index, after.index)
    _refuse_different("industry", before.columns, after.columns)
    after = after.loc[before.index, before.columns]
    start, end = before.to_numpy(), after.to_numpy()
    industry, total = start.sum(axis=0), start.sum()
    if (industry == 0).any():
        name = before.columns[industry == 0][0]
        raise ValueError(
            f"industry {name!r} has no job in the first year, so its growth rate is undefined "
            f"({int((industry == 0).sum())} such); join it with another in both years, or leave it "
            "out: before.loc[:, before.sum() > 0], and the same columns of after."
        )
    growth_all = end.sum() / total - 1
    growth = end.sum(axis=0) / industry - 1
    parts = {
        "national": start * growth_all,
        "mix": start * (growth - growth_all),
        "regional": (end - start) - start * growth,
    }
    if method == "esteban":
        if (start == 0).any():
            row, column = np.argwhere(start == 0)[0]
            raise ValueError(
                f"method 'esteban' needs a growth rate in every cell, but region "
                f"{before.index[row]!r} has no job in {before.columns[column]!r} in the first year "
                f"({int((start == 0).sum())} such cells); use 'dunn' or broader industries."
            )
        usual = np.multiply.outer(start.sum(axis=1), industry / total)
        ahead = end / start - (1 + growth)
        parts["regional"] = usual * ahead
        parts["allocation"] = (start - usual) * ahead
    return ShiftShare(
        change=after - before,
        parts={name: pd.DataFrame(part, *before.axes) for name, part in parts.items()},
        method=method,
    )


def dynamic_shift_share(years: Mapping[int, pd.DataFrame], *, method: str = "dunn") -> ShiftShare:
    """Split the change year by year and add the parts up, so that the mix is never out of date.

    Parameters
    ----------
    years : mapping
        Year → table of regions by industries; two or more, the same regions and industries in
        any order. Years are taken in ascending order, however the mapping lists them.
    method : {"dunn", "esteban"}
        As in `shift_share`.

    Returns
    -------
    ShiftShare
        Sums over the years; they add up to the change from the first to the last.

    Raises
    ------
    ValueError
        Fewer than two years, or what `shift_share` refuses, with the years named.

    See Also
    --------
    shift_share : between two years, with the formulas.

    References
    ----------
    Barff, R. A. and Knight, P. L. (1988). Dynamic shift-share analysis. *Growth and Change*
    19(2), 1–10.

    Examples
    --------
    >>> tables_ = {2000: pd.DataFrame({"wine": [10.0], "steel": [10.0]}, index=["a"]),
    ...            2001: pd.DataFrame({"wine": [20.0], "steel": [10.0]}, index=["a"]),
    ...            2002: pd.DataFrame({"wine": [40.0], "steel": [10.0]}, index=["a"])}
    >>> dynamic_shift_share(tables_).to_frame()["national"].round(2).tolist()
    [30.0]
    """
    chosen("method", method, ("dunn", "esteban"))
    if not isinstance(years, Mapping) or isinstance(years, pd.DataFrame):
        raise ValueError(
            f"years must be a mapping from years to tables, as {{2019: table, 2020: table}}, got a "
            f"{type(years).__name__}."
        )
    for year in years:  # words such as "before" and "after" would sort by their letters
        number("years: a year", year, -np.inf)
    order = sorted(years)
    if len(order) < 2:
        raise ValueError(f"years: two or more are needed, found {order}.")
    checked, steps = {year: _year(f"{year}", years[year]) for year in order}, []
    for first, second in pairwise(order):
        try:
            steps.append(_split(checked[first], checked[second], method))
        except ValueError as error:
            raise ValueError(f"{first} to {second}: {error}") from error
        # all years keep the labels' order of the first
        checked[second] = checked[second].reindex_like(checked[first])
    parts = {name: sum(step.parts[name] for step in steps) for name in steps[0].parts}
    change = sum(step.change for step in steps)
    return ShiftShare(change=change, parts=parts, method=method, periods=tuple(order))


def _year(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Check one year's table: numbers and labels; an industry or a region may have none."""
    tables.need_frame(table, name, "one row per region and one column per industry")
    try:
        counts = tables.check_values(table)
        tables.refuse_totals(counts)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    return counts


def _refuse_different(kind: str, before: pd.Index, after: pd.Index) -> None:
    gone, new = (a.difference(b, sort=False) for a, b in ((before, after), (after, before)))
    said = [
        f"{len(labels)} only in the {when} ({', '.join(map(repr, labels[:5]))})"
        for labels, when in ((gone, "first"), (new, "second"))
        if len(labels)
    ]
    if said:
        plural, axis = {"region": ("regions", "index"), "industry": ("industries", "columns")}[kind]
        changed = " Where codes changed, shift_share joins them by concordance=."
        raise ValueError(
            f"the two years have different {plural}: {' and '.join(said)}. Join them with others, "
            f"or keep what both have: both = before.{axis}.intersection(after.{axis})."
            f"{changed if kind == 'industry' else ''}"
        )
