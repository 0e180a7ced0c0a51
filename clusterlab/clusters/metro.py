"""Industries of US metro areas, 2019: what the widgets of groups and boundaries look at."""

import textwrap
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import cut_tree, linkage

from clusterlab import agglomeration, datasets, tables
from clusterlab.clusters.groups import Boundary, boundary, profiles_of, validate
from clusterlab.clusters.similar import similarity
from clusterlab.parameters import Parameter, model
from clusterlab.results import Result

CORES = ["3121 Beverage", "3391 Medical equipment …", "5191 Other information …"]
CORES += ["3363 Motor vehicle parts"]
PLACES = ["all areas", "Napa", "New York", "San Jose", "Boston"]
_CORE, _LEAVES = Parameter("industry"), 12


@cache
def national(digits: int = 4) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Return similarity, quotients by place, and jobs of industries of three or four digits."""
    areas = datasets.load("us_metro_areas").set_index("place")
    cells = datasets.load("us_metro_industry").query("digits == 4 and year == 2019")
    cells = cells.merge(areas.reset_index()[["area", "place"]])
    by: Any = {"region": "place", "industry": "naics", "absent": "zero"}
    jobs, plants = (
        tables.from_long(cells, value=value, **by).T for value in ("employment", "establishments")
    )
    size, accounts = jobs.sum(axis=1), datasets.load("us_naics_accounts").set_index("naics")
    code = pd.Series(jobs.index.str[:digits], jobs.index)
    largest = size.groupby(code).idxmax()  # which names three digits, and has their account
    titles = datasets.load("us_naics_titles").set_index("naics")["industry"]
    names = {each: _named(each, titles[one]) for each, one in largest.items()}
    jobs, plants = (each.groupby(code).sum().rename(names).T for each in (jobs, plants))
    account = accounts["account"][largest].set_axis([*names.values()])
    sales = datasets.load("us_industry_ties").pivot_table("strength", "source", "target")
    flows = sales.reindex(sales.columns).fillna(0)  # a pair that is not listed bought nothing
    alike = similarity(jobs, establishments=plants, flows=flows, concordance=account).mean
    totals = areas["employment_2019"]
    quotients = agglomeration.location_quotient(
        jobs, totals=totals[jobs.index], reference=jobs.sum(), reference_total=totals.sum()
    )
    return alike, quotients.value, jobs.sum()


def _named(code: str, title: str) -> str:
    """Return a code with a title that fits beside a picture."""
    short = title.replace(" manufacturing", "").replace(" mfg.", "")
    short = "(no title)" if title.isdecimal() else short
    return f"{code} {textwrap.shorten(short, 22, placeholder=' …')}"


@dataclass(frozen=True, repr=False)
class Groups(Result):
    """Groups of US industries, and the one that holds an industry.

    Attributes
    ----------
    core : str
        The industry.
    count : int
        Number of groups.
    scores : pandas.DataFrame
        Scores of `validate` by number of groups, and of "sectors" and "single industries".
    group : pandas.Series
        Jobs of the industries in the core's group, the largest first.
    tree : numpy.ndarray
        The part of Ward's tree round the core that has at most twelve leaves, as a linkage.
    leaves : pandas.Index
        Its industries.
    cut : float
        The height at which the tree is cut into so many groups.
    """

    core: str
    count: int
    scores: pd.DataFrame
    group: pd.Series
    tree: np.ndarray
    leaves: pd.Index
    cut: float


@cache
def _grown() -> tuple[pd.Index, np.ndarray, np.ndarray, np.ndarray, pd.DataFrame]:
    """Return labels, profiles, Ward's tree, all its cuts, and the scores of 2 to 60 groups."""
    alike, _, _ = national()
    labels, profiles = profiles_of(alike)
    tree = linkage(profiles, "ward")
    cuts = cut_tree(tree)[:, ::-1]  # column k: k + 1 groups
    found = pd.DataFrame(cuts[:, 1:60], labels, range(2, 61))
    codes = labels.str[:2].to_series(labels)
    found["sectors"] = codes.replace({"32": "31", "33": "31", "45": "44", "49": "48"})
    found["single industries"] = labels
    return labels, profiles, tree, cuts, validate(found, alike).scores


@model
def us_groups(
    *,
    groups: Annotated[int, Parameter("number of groups", 2, 60)] = 30,
    core: Annotated[str, _CORE] = CORES[0],
) -> Groups:
    """Cut Ward's tree of 288 US industries into groups and look at the one that holds an industry.

    Returns
    -------
    Groups

    See Also
    --------
    clusterlab.clusters.define : groups of industries of your own.

    Notes
    -----
    Similarity of employment, establishments, coagglomeration and input–output over 933 areas, 2019,
    with cells that are not published as 0. Sectors are those of two digits, of which manufacturing,
    retail trade and transport have several.

    Examples
    --------
    >>> us_groups(groups=60, core="3363 Motor vehicle parts").group.index.tolist()
    ['3363 Motor vehicle parts', '3361 Motor vehicle', '3362 Motor vehicle body …']
    """
    labels, profiles, tree, cuts, scores = _grown()
    tables.need_columns(labels, [core], "the list of industries")
    together = cuts == cuts[labels.get_loc(core)]
    part = together[:, np.argmax(together.sum(axis=0) <= _LEAVES)]
    heights = tree[:, 2]
    return Groups(
        core=core,
        count=groups,
        scores=scores,
        group=national()[2][labels[together[:, groups - 1]]].sort_values(ascending=False),
        tree=linkage(profiles[part], "ward"),  # a part of Ward's tree is the tree of its leaves
        leaves=labels[part],
        cut=float(heights[-groups : len(heights) - groups + 2].mean()),
    )


@model
def us_boundary(
    *,
    core: Annotated[str, _CORE] = CORES[0],
    threshold: Annotated[float, Parameter("least similarity that counts", 0, 2.5, 0.1)] = 1.0,
    level: Annotated[Literal["4 digits", "3 digits"], Parameter("industries of")] = "4 digits",
    place: Annotated[str, Parameter("place")] = PLACES[0],
) -> Boundary:
    """Say what belongs to an industry in the United States, and what of it is strong in a place.

    Returns
    -------
    Boundary

    See Also
    --------
    clusterlab.clusters.boundary : for a table of your own.

    Notes
    -----
    Similarity as in `us_groups`, of industries of four digits, or of three digits, to whose jobs,
    establishments and account the industries of four are added up (an industry of three digits in
    two accounts counts in that of its largest part). Strong is a location quotient above 1.

    Examples
    --------
    >>> us_boundary(place="Napa").members
    ['3113 Sugar and …']
    """
    alike, quotients, _ = national(int(level[0]))
    here = None if place == PLACES[0] else quotients.loc[place] > 1
    tables.need_columns(PLACES, [place], "the list of places")
    tables.need_columns(national()[0].columns, [core], "the list of industries")
    start = next(name for name in alike if name.startswith(core[: int(level[0])]))
    return boundary(start, alike, threshold=threshold, present=here)
