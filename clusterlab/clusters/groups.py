"""Groups of industries that are alike, how well they hold, and what belongs to one industry."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy.cluster.hierarchy import cut_tree, linkage
from scipy.cluster.vq import ClusterError, kmeans2

from clusterlab import tables
from clusterlab.clusters.similar import refuse_absent, square
from clusterlab.parameters import Seed, chosen, generator, number, whole
from clusterlab.results import Result

_STARTS = 5  # of k-means, of which the closest groups are kept


def define(
    similarity: pd.DataFrame,
    *,
    groups: int | Iterable[int] = 20,
    method: Literal["ward", "k-means"] = "ward",
    seed: Seed = 0,
) -> pd.Series | pd.DataFrame:
    r"""Put industries that are alike into groups: one definition, or one for each number of groups.

    Parameters
    ----------
    similarity : pandas.DataFrame
        Industries by industries, symmetric, such as the ``mean`` of `similarity`. The diagonal is
        not read.
    groups : int or iterable of int
        How many groups, from 2 to the number of industries; several with ``range(20, 61)``.
    method : {"ward", "k-means"}
        Ward's tree, whose groups nest, or the closest of five runs of k-means for each number.
    seed : int or numpy.random.Generator
        Of the runs of k-means. Ward's tree draws nothing.

    Returns
    -------
    pandas.Series or pandas.DataFrame
        The group of each industry, numbered from 1, the group of most industries first; with
        several numbers of groups a column for each.

    Raises
    ------
    ValueError
        A table that is not symmetric or has empty cells; a single group, or more groups than
        industries; k-means with profiles that are too few to tell so many groups apart.

    See Also
    --------
    similarity : the table.
    validate : whether the groups hold.

    Notes
    -----
    The **profile** of an industry is its row of the table, with its strongest tie in place of the
    one with itself, less the mean of the row and over its standard deviation. The distance is the
    Euclidean one of two profiles. With :math:`r_{ij}` their correlation over all n industries,

    .. math:: d_{ij}^2 = 2n\,(1 - r_{ij}),

    so two industries are near if they are alike to the same others, whether they are much alike to
    many, as those of large cities are, or to few. A row without differences (a node without ties)
    has nothing in its profile. Both methods look for groups with a small sum of squares round their
    means: Ward's joins, step by step, the two groups whose union adds least to it. Neither finds
    the least sum with certainty. The paper groups by the rows as they are, as far as we know.

    References
    ----------
    Ward, J. H. (1963). Hierarchical grouping to optimize an objective function. *Journal of the
    American Statistical Association* 58, 236–244; `scipy.cluster.hierarchy` and
    `scipy.cluster.vq`. Delgado, Porter and Stern (2016), as in `similarity`.

    Examples
    --------
    >>> alike = pd.DataFrame(0.0, list("abcd"), list("abcd"))
    >>> alike.loc["a", "b"] = alike.loc["b", "a"] = alike.loc["c", "d"] = alike.loc["d", "c"] = 1
    >>> define(alike, groups=2).tolist()
    [1, 1, 2, 2]
    """
    ties = square(similarity, "similarity")
    chosen("method", method, ("ward", "k-means"))
    several = isinstance(groups, Iterable) and not isinstance(groups, str)
    counts = [_count(one, len(ties)) for one in (groups if several else [groups])]  # type: ignore[union-attr,list-item]
    if not counts:
        raise ValueError("groups holds no number of groups.")
    names, profiles = profiles_of(ties)
    if method == "ward":
        found = cut_tree(linkage(profiles, "ward"), counts).T
    else:
        own = generator(seed).spawn(len(counts))  # for each number, wherever it is looked for
        found = Parallel()(map(delayed(partial(_nearest, profiles)), counts, own))
    columns = {count: _numbered(each) for count, each in zip(counts, found, strict=True)}
    table = pd.DataFrame(columns, names).loc[ties.index].rename_axis(columns="groups")
    return table if several else table[counts[0]].rename("group")


def _count(groups: Any, most: int) -> int:
    groups = whole("groups", groups)
    if not 2 <= groups <= most:
        why = "a single group separates nothing" if groups == 1 else f"there are {most} industries"
        raise ValueError(f"groups is {groups}, but must be from 2 to {most}: {why}.")
    return groups


def profiles_of(ties: pd.DataFrame) -> tuple[pd.Index, np.ndarray]:
    """Return labels and profiles in an order that does not depend on the table's."""
    order = sorted(ties.index, key=str)
    profiles = ties.loc[order, order].to_numpy(copy=True)
    np.fill_diagonal(profiles, np.nanmax(profiles, axis=1))
    profiles -= profiles.mean(axis=1, keepdims=True)
    spread = profiles.std(axis=1, keepdims=True)
    np.divide(profiles, spread, out=profiles, where=spread > 1e-12 * np.abs(profiles).max())
    return pd.Index(order, name=ties.index.name), profiles


def _nearest(profiles: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return the closest groups of several runs of k-means."""
    best, least = None, np.inf
    different = len(np.unique(profiles.round(9), axis=0)) >= count
    for _ in range(_STARTS if different else 0):
        try:
            means, found = kmeans2(profiles, count, 15, minit="++", missing="raise", seed=rng)
        except ClusterError:  # a group was left without an industry
            continue
        spread = np.sum((profiles - means[found]) ** 2)
        if spread < least:
            best, least = found, spread
    if best is None:
        raise ValueError(
            f"k-means found no {count} groups, since one ran empty in each run, as it must where "
            "fewer profiles differ: ask for fewer groups, or take method='ward'."
        )
    return best


def _numbered(found: np.ndarray) -> np.ndarray:
    """Return numbers from 1: most industries first, then whose first label comes first."""
    _, first, where, size = np.unique(
        found, return_index=True, return_inverse=True, return_counts=True
    )
    return 1 + np.argsort(np.lexsort((first, -size)))[where]


@dataclass(frozen=True, repr=False)
class Validation(Result):
    """How well definitions hold; see `validate`.

    Attributes
    ----------
    scores : pandas.DataFrame
        One row a definition: ``groups``, how many; ``single``, of one industry; ``clusters_mean``
        and ``clusters_95``, the share of groups whose industries are more alike than the mean, and
        the 95th percentile, of what ties the group to the others; ``industries_mean`` and
        ``industries_95``, the same share of industries; ``kept``, the share of the strongest pairs
        within a group; ``inside``, the share of all pairs.
    groups : pandas.DataFrame
        One row a definition and group: ``industries``, how many, ``within``, ``between`` and
        ``between_95``, and with sizes ``largest``, the group's largest industries.
    """

    scores: pd.DataFrame
    groups: pd.DataFrame


def validate(
    groups: pd.Series | pd.DataFrame,
    similarity: pd.DataFrame,
    *,
    strongest: float = 0.01,
    sizes: pd.Series | None = None,
) -> Validation:
    r"""Say for how many groups, and industries, what is inside is more alike than what is outside.

    Parameters
    ----------
    groups : pandas.Series or pandas.DataFrame
        The group of each industry; in a frame each column is a definition. They need not come from
        `define`: sectors, single industries, or a list from elsewhere are judged alike.
    similarity : pandas.DataFrame
        Industries by industries, as in `define`. Groups that were found in a table fit it also
        where there is nothing to find, so take one of other places, or of another year.
    strongest : float
        Share of all pairs that counts as the strongest, above 0 and below 1.
    sizes : pandas.Series, optional
        A number an industry, such as its jobs: each group is named by its three largest.

    Returns
    -------
    Validation

    Raises
    ------
    ValueError
        Industries without a group, or that the table lacks; a definition with a single group; a
        table as in `define`; sizes that lack an industry.

    See Also
    --------
    define : groups to be judged.
    clusterlab.clusters.widgets.groups : scores by number of groups.

    Notes
    -----
    The relatedness of two groups is the mean similarity of the pairs with one industry in each,
    :math:`B_{cd}`, and within a group of those with both in it, :math:`W_c`. Group c passes the
    first test if :math:`W_c` exceeds the mean of :math:`B_{cd}` over all other groups d, and the
    second if it exceeds their 95th percentile. An industry is tested alike, by its own mean
    similarity with each group. The scores are the shares that pass.

    A group of one industry has no pair, so it has no :math:`W_c`; it **fails** both tests. How the
    paper treats it was not looked up: the rule is ours. ``kept`` is ours too: groups that are too
    narrow leave related pairs outside. Wide ones keep many pairs of any kind, which ``inside``
    shows: where ``kept`` is no more than that, the groups do no better than drawn by lot.

    References
    ----------
    Delgado, Porter and Stern (2016), as in `similarity`. On groups too broad and too narrow:
    porter-2000, "What is a cluster".

    Examples
    --------
    >>> alike = pd.DataFrame(0.0, list("abcd"), list("abcd"))
    >>> alike.loc["a", "b"] = alike.loc["b", "a"] = alike.loc["c", "d"] = alike.loc["d", "c"] = 1
    >>> found = validate(pd.Series([1, 1, 2, 2], list("abcd")), alike, strongest=0.3)
    >>> found.scores[["clusters_mean", "kept", "inside"]].round(2).values.tolist()
    [[1.0, 1.0, 0.33]]
    """
    ties = square(similarity, "similarity")
    strongest = number("strongest", strongest, 0, 1, ends=False)
    frame = groups.to_frame(groups.name or "groups") if isinstance(groups, pd.Series) else groups
    tables.need_frame(frame, "groups", "one row an industry, or a Series")
    tables.check_labels(frame.index, "industry of groups")
    refuse_absent(ties.index, frame.index, "groups says nothing of")
    refuse_absent(frame.index, ties.index, "similarity has no row for")
    frame = frame.loc[ties.index]
    tables.refuse_gaps(frame, frame, lambda row: f"groups: {frame.index[row]!r}")
    names = None if sizes is None else tables.align(sizes, ties.index, what="sizes")
    scores, rows = {}, {}
    for name in frame:
        scores[name], rows[name] = _scored(frame[name], ties, strongest)
        if names is not None:
            ordered = names.sort_values(ascending=False, kind="stable").index
            largest = frame.loc[ordered, name].groupby(frame.loc[ordered, name].to_numpy())
            rows[name]["largest"] = largest.agg(lambda one: ", ".join(map(str, one.index[:3])))
    by = pd.concat(rows, names=["definition", "group"])
    table = pd.DataFrame(scores).T.rename_axis("definition").astype({"groups": int, "single": int})
    return Validation(scores=table, groups=by)


def _scored(groups: pd.Series, ties: pd.DataFrame, strongest: float) -> tuple[dict, pd.DataFrame]:
    """Return the scores of one definition, and its groups."""
    codes, names = pd.factorize(groups, sort=True)
    if len(names) < 2:
        raise ValueError(f"groups: all industries of {groups.name!r} are in a single group.")
    values = ties.fillna(0).to_numpy()  # the diagonal, which is no pair
    member = np.eye(len(names))[codes]
    size = member.sum(axis=0)
    one = values @ member  # of each industry with each group, added up
    tests = {
        "clusters": _tested(member.T @ one, size, size, np.arange(len(names))),
        "industries": _tested(one, np.ones(len(codes)), size, codes),
    }
    upper = np.triu_indices(len(values), 1)
    pairs, same = values[upper], codes[upper[0]] == codes[upper[1]]
    most = max(1, round(strongest * len(pairs)))
    strong = pairs >= np.partition(pairs, -most)[-most]  # all that tie at the border
    told = {"groups": len(names), "single": int((size == 1).sum())}
    for what, (within, between, high) in tests.items():
        slack = 1e-12 * np.abs(values).max()  # what rounding leaves of no difference
        told |= {f"{what}_mean": np.mean(within > between + slack)}
        told |= {f"{what}_95": np.mean(within > high + slack)}
    told |= {"kept": same[strong].mean(), "inside": same.mean()}
    columns = dict(zip(("within", "between", "between_95"), tests["clusters"], strict=True))
    return told, pd.DataFrame({"industries": size.astype(int), **columns}, names)


def _tested(sums: np.ndarray, rows: np.ndarray, size: np.ndarray, own: np.ndarray) -> tuple:
    """Return of each row the mean within, and mean and 95th percentile of those with others."""
    at = np.arange(len(rows)), own
    pairs = rows * (size[own] - 1)
    within = np.divide(sums[at], pairs, out=np.full(len(rows), np.nan), where=pairs > 0)
    between = sums / np.outer(rows, size)
    between[at] = np.nan
    return within, np.nanmean(between, axis=1), np.nanpercentile(between, 95, axis=1)


@dataclass(frozen=True, repr=False)
class Boundary(Result):
    """What belongs to one industry; see `boundary`.

    Attributes
    ----------
    core : str
        The industry.
    threshold : float
        Least tie that counts.
    place : str
        Where others must be present; empty if that was not asked.
    ties : pandas.DataFrame
        All others, the most strongly tied first: ``tie``, ``present`` in the place, and
        ``belongs``, which asks for both.
    """

    core: Any
    threshold: float
    place: str
    ties: pd.DataFrame

    @property
    def members(self) -> list:
        """Those that belong, the most strongly tied first."""
        return self.ties.index[self.ties["belongs"]].tolist()


def boundary(
    core: Any, ties: pd.DataFrame, *, threshold: float = 1.0, present: pd.Series | None = None
) -> Boundary:
    """Say which others belong to one industry: tied to it at least as strongly as a threshold.

    Parameters
    ----------
    core : str
        A label of the table.
    ties : pandas.DataFrame
        Any symmetric table of ties: the ``mean`` of `similarity`, or the adjacency of a graph.
    threshold : float
        Least tie that counts, in the unit of the table.
    present : pandas.Series, optional
        For each label whether it is found in one place, whose name the series has:
        ``quotients.loc["Napa"] > 1``. By default nothing is asked of a place.

    Returns
    -------
    Boundary

    Raises
    ------
    ValueError
        A core that the table lacks, labels of which ``present`` does not say True or False, or a
        table as in `define`.

    See Also
    --------
    similarity : ties of industries.
    define : all groups at once.

    Notes
    -----
    Only ties with the core count, not those through others. A lower threshold never takes out one
    that was in, and the place never adds one: it takes from a national list what is there.

    References
    ----------
    porter-2000, "What is a cluster", on boundaries as a matter of degree that differ by place; that
    a threshold draws them is ours.

    Examples
    --------
    >>> near = pd.DataFrame([[0, 3, 1], [3, 0, 2], [1, 2, 0]], list("abc"), list("abc"))
    >>> boundary("a", near, threshold=2).members
    ['b']
    >>> there = pd.Series([True, False, True], list("abc"), name="Napa")
    >>> boundary("a", near, threshold=1, present=there).members
    ['c']
    """
    table = square(ties, "ties")
    threshold = number("threshold", threshold, -np.inf)
    tables.need_columns(table.columns, [core], "the table of ties")
    if present is None:
        present = pd.Series(True, table.index)
    elif not (isinstance(present, pd.Series) and present.dtype == bool):
        raise ValueError("present must be a Series of True and False, one for each label of ties.")
    tables.check_labels(present.index, "label of present")
    refuse_absent(table.index, present.index, "present says nothing of")
    frame = table[core].drop(core).rename("tie").sort_values(ascending=False, kind="stable")
    frame = frame.to_frame().assign(present=present[frame.index])
    place = "" if present.name is None else str(present.name)
    frame["belongs"] = (frame["tie"] >= threshold) & frame["present"]
    return Boundary(core=core, threshold=threshold, place=place, ties=frame)
