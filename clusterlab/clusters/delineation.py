"""What counts as a cluster: definitions as sets of criteria, all applied to one table.

The definitions are those of documents; which measure stands for which words, and where its
threshold lies, is ours. Each definition asks for more than a table of jobs can see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import numpy as np
import pandas as pd
from annotated_types import Gt

from clusterlab import tables
from clusterlab.agglomeration.quotient import location_quotient
from clusterlab.agglomeration.related import relatedness_density
from clusterlab.names import shown
from clusterlab.parameters import Parameter, chosen, model
from clusterlab.results import Result

#: The criteria; a pair must have at least the threshold, of the last two at most.
CRITERIA = ("quotient", "related", "establishments", "size", "area")
_SIDE = np.array([1, 1, 1, -1, -1])
#: Definition → the criteria that stand for what a table can see of it (`cluster_definitions`).
DEFINITIONS = {
    "Porter": ["quotient", "related"],
    "Becattini": ["quotient", "establishments", "size", "area"],
    "Maskell–Lorenzen": ["establishments", "related"],
}
_above = partial(Parameter, source="constructed", admissible=(Gt(0),))


def criteria(
    jobs: pd.DataFrame, establishments: pd.DataFrame, *, totals: pd.Series
) -> pd.DataFrame:
    r"""Measure each pair of region and industry by what definitions of a cluster ask for.

    Parameters
    ----------
    jobs, establishments : pandas.DataFrame
        Regions x industries, of the same labels, taken by label. The same cells may be unknown
        (NaN).
    totals : pandas.Series
        Each region's jobs in all industries, by label.

    Returns
    -------
    pandas.DataFrame
        One row a known pair, indexed by region and industry: ``quotient`` (location quotient
        against all the regions), ``related``, ``establishments``, ``size`` (jobs an establishment;
        0 where there is none) and ``area``, the region's total.

    Raises
    ------
    ValueError
        A bad table; labels or unknown cells that the two tables do not share; jobs without an
        establishment; a total smaller than what it holds; an industry without any job, or related
        to no other.

    See Also
    --------
    delineate : says which pairs count.
    clusterlab.agglomeration.location_quotient : the quotient.
    clusterlab.agglomeration.relatedness_density : what is related.

    Notes
    -----
    An industry is *present* in a region, M = 1, where its quotient is known and at least 1. With
    :math:`\omega_{rj}` the relatedness density, the share of what is related to industry j that is
    present in region r, and K industries,

    .. math:: \text{related}_{rj} = \omega_{rj} \Big/
        \frac{1}{K-1} \sum_{i \ne j} M_{ri}.

    It is 1 where related industries are present as often as any other, and 0 where no other
    industry is. The division takes out that large places have more of everything. Related are
    industries that are present in the same regions: a sign of links, not a record of them.

    References
    ----------
    porter-2000, "What is a cluster?"; whitford-potter-2007, section 2.

    Examples
    --------
    >>> jobs = pd.DataFrame({"wine": [30, 10, 5], "casks": [9, 1, 8], "shops": [70, 99, 95]},
    ...                     index=["Valley", "Town", "City"])
    >>> criteria(jobs, jobs / 2, totals=jobs.sum(axis=1)).loc[("Valley", "wine")].tolist()
    [2.0, 2.0, 15.0, 2.0, 109.0]
    """
    counts = tables.check_values(jobs, allow_unknown=True)
    tables.refuse_totals(counts.fillna(0))
    plants = _alike(establishments, counts)
    sizes = tables.align(totals, counts.index, what="totals")
    value = location_quotient(
        counts, totals=sizes, reference=counts.sum(), reference_total=float(sizes.sum())
    ).value
    present = value >= 1 - 1e-12  # an unknown cell is not known to be above its share
    density = relatedness_density(present)
    others = present.sum(axis=1).to_numpy()[:, None] - present
    usual = others / (present.shape[1] - 1)
    measured = {
        "quotient": value,
        "related": density / usual.where(others > 0, 1),
        "establishments": plants,
        "size": (counts / plants.where(plants > 0)).mask(plants == 0, 0.0),
        "area": counts.mul(0).add(sizes, axis=0),
    }
    known = counts.notna().to_numpy().ravel()
    pairs = pd.MultiIndex.from_product([counts.index, counts.columns], names=["region", "industry"])
    columns = {name: frame.to_numpy().ravel() for name, frame in measured.items()}
    return pd.DataFrame(columns, pairs)[known]


def _alike(establishments: Any, counts: pd.DataFrame) -> pd.DataFrame:
    """Return establishments in the order of the jobs, or say where the two do not fit."""
    plants = tables.check_values(establishments, allow_unknown=True)
    for one, have, want in zip(("region", "industry"), plants.axes, counts.axes, strict=True):
        for label in have.symmetric_difference(want, sort=False):
            where = "jobs" if label in want else "establishments"
            raise ValueError(
                f"{one} {label!r} is in the table of {where} only; give both the same."
            )
    plants = plants.loc[counts.index, counts.columns]
    odd = (counts.isna() != plants.isna()) | ((counts > 0) & (plants == 0))
    for row, column in np.argwhere(odd.to_numpy()):
        raise ValueError(
            f"establishments: {counts.columns[column]!r} in {counts.index[row]!r} has "
            f"{plants.iloc[row, column]:g} of them and {counts.iloc[row, column]:g} jobs; both "
            "must be known, and jobs need an establishment."
        )
    return plants


@dataclass(frozen=True, repr=False)
class Delineation(Result):
    """Which pairs of region and industry count as a cluster, by definition.

    Attributes
    ----------
    meets : pandas.DataFrame
        Pairs by criteria: whether a pair meets it.
    members : pandas.DataFrame
        Pairs by definitions: whether a pair meets all criteria of the definition.
    """

    meets: pd.DataFrame
    members: pd.DataFrame

    @property
    def counts(self) -> pd.Series:
        """How many pairs each definition counts."""
        return self.members.sum().rename("pairs")

    @property
    def overlap(self) -> pd.DataFrame:
        """Jaccard overlap of each two definitions: pairs that both count over pairs that any does.

        NaN where neither counts a pair.
        """
        here = self.members.astype(float)
        both = here.T @ here
        alone = self.counts.to_numpy()
        either = np.add.outer(alone, alone) - both
        return both / either.where(either > 0)

    @property
    def contested(self) -> float:
        """Share of the pairs counted by any definition that not all of them count.

        0 where all agree, 1 where no pair is common to all; NaN where nothing is counted.
        """
        any_ = self.members.any(axis=1).sum()
        return float(1 - self.members.all(axis=1).sum() / any_) if any_ else float("nan")

    def to_frame(self) -> pd.DataFrame:
        """Return pairs by definitions."""
        return self.members


@model
def delineate(
    criteria: Any,
    *,
    definitions: Any = None,
    quotient: Annotated[float, _above("least quotient", 0.5, 5, 0.25)] = 2.0,
    related: Annotated[float, _above("least related industries", 0.2, 2.4, 0.1)] = 1.2,
    establishments: Annotated[int, _above("least establishments", 1, 60, 1)] = 10,
    size: Annotated[float, _above("largest mean establishment", 5, 300, 5, unit="jobs")] = 50.0,
    area: Annotated[float, _above("largest area", 5e4, 1e6, 5e4, unit="jobs")] = 500_000.0,
) -> Delineation:
    r"""Say which pairs of region and industry count as a cluster under each definition.

    Parameters
    ----------
    criteria : pandas.DataFrame
        From `criteria`: a row a pair, a column a criterion.
    definitions : mapping, optional
        Name of a definition → the criteria it asks for, all of them. By default what a table can
        see of three: Porter (``quotient``, ``related``), Becattini (``quotient``,
        ``establishments``, ``size``, ``area``), Maskell–Lorenzen (``establishments``, ``related``).

    Returns
    -------
    Delineation

    Raises
    ------
    ValueError
        A table without the columns, with two rows of a pair, or with a cell that is no number from
        0 up; a definition without criteria, or with one there is not.

    See Also
    --------
    criteria : measures the pairs.

    Notes
    -----
    A pair counts where it is at or above the thresholds of ``quotient``, ``related`` and
    ``establishments``, and at or below those of ``size`` and ``area``, of the criteria its
    definition has. With A and B the pairs that two definitions count, their Jaccard overlap is
    :math:`|A \cap B| / |A \cup B|`.

    The three default definitions share their thresholds, so that what Porter's and Becattini's
    both count, Maskell and Lorenzen's counts too: it asks for nothing that the two do not ask for.

    Not seen: institutions, a community of people and its culture, who owns whom, who deals with
    whom.

    References
    ----------
    porter-2000, "What is a cluster?"; whitford-potter-2007, sections 1 and 2, for Becattini (1990)
    and for Maskell and Lorenzen (2004).

    Examples
    --------
    >>> pairs = pd.DataFrame({"quotient": [76, 297], "related": [1.4, 1.4],
    ...     "establishments": [401, 139], "size": [23, 264], "area": [64170, 135841]},
    ...     index=["Napa, drinks", "Elkhart, caravans"])
    >>> found = delineate(pairs)
    >>> found.members.loc["Elkhart, caravans"].tolist(), found.contested
    ([True, False, True], 0.5)
    """
    definitions = DEFINITIONS if definitions is None else definitions
    if not isinstance(definitions, Mapping) or not definitions:
        raise ValueError(
            "definitions must map the name of a definition to its criteria, for instance "
            f"{{'Porter': ['quotient', 'related']}}, got {shown(definitions)}."
        )
    for name, asked in definitions.items():
        if not isinstance(asked, list | tuple) or not asked:
            raise ValueError(f"definitions: {name!r} needs a list of criteria, got {shown(asked)}.")
        for each in asked:
            chosen(f"definitions: a criterion of {name!r}", each, CRITERIA)
    limits = np.array([quotient, related, establishments, size, area])
    # at least on one side, at most on the other; rounding does not decide
    meets = _checked(criteria) * _SIDE >= limits * (_SIDE - 1e-12)
    members = {name: meets[[*asked]].all(axis=1) for name, asked in definitions.items()}
    return Delineation(meets=meets, members=pd.DataFrame(members))


def _checked(criteria: Any) -> pd.DataFrame:
    """Return the criteria as numbers, or say which cell is none."""
    tables.need_frame(criteria, "the criteria", "the table that clusters.criteria returns")
    tables.need_columns(criteria.columns, CRITERIA, "the criteria")
    pairs = criteria.index
    for twice in pairs[pairs.duplicated()] if pairs.has_duplicates else ():
        raise ValueError(f"criteria: pair {shown(twice)} has several rows; each pair needs one.")
    found = pd.DataFrame({name: tables.numbers(criteria[name])[0] for name in CRITERIA}, pairs)
    for row, column in np.argwhere(~np.isfinite(found.where(found >= 0)).to_numpy()):
        cell = shown(criteria[CRITERIA[column]].iloc[row])
        raise ValueError(
            f"criteria: pair {shown(pairs[row])} has {CRITERIA[column]} {cell}; it must be a "
            "number, 0 or more."
        )
    return found
