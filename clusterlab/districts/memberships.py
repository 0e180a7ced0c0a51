"""How far a district belongs to each type, from any features that are known."""

import functools
import numbers
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from clusterlab import datasets, tables
from clusterlab.districts.typology import TYPES, _by_type
from clusterlab.names import did_you_mean
from clusterlab.parameters import Seed, chosen, generator, whole
from clusterlab.results import Result

#: Owner of the anchor firm → leadership, in the words of the document.
ANCHORS = {"none": "none", "local": "hub", "external": "parent elsewhere", "state": "state"}

_WORDS = ("none", "minimal", "low", "low to moderate", "moderate", "moderate to high", "high")
_DEGREES = {word: i / 2 for i, word in enumerate(_WORDS)}
_LENGTHS = {"short": 0.0, "long": 1.0}

# What a pure network of each type would show, the range a measure can take, and the rows of
# Table 1 that it stands for. A circle tied to two neighbours on either side has clustering 1/2.
MEASURES: dict[str, tuple[tuple[float, float, float, float], float, float, str]] = {
    "degree_centralisation": ((0, 1, 0, 1), 0, 1, "intra-district trade"),
    "size_concentration": ((0, 1, 1, 1), 0, 1, "economies of scale"),
    "external_ties": ((-1, 0, 1, 0), -1, 1, "cooperation outside the district"),
    "external_ownership": ((0, 0, 1, 0), 0, 1, "key investments"),
    "local_clustering": ((0.5, 0, 0, 0), 0, 1, "buyer-producer cooperation"),
    "core_periphery_fit": ((0, 1, 0, 1), 0, 1, "prevailing market structure"),
}


class _Feature(NamedTuple):
    """How a feature's levels are told apart: words, and numbers where they are ordered."""

    words: dict[str, Any]
    prototypes: tuple
    limits: tuple[float, float] | None  # of a number; None where levels have no order


@functools.cache
def _features() -> dict[str, _Feature]:
    cells = datasets.load("district_types")
    words, codes = _by_type(cells, "level"), _by_type(cells, "code")
    known = {}
    for name in words.index:
        level = tuple(words.loc[name])
        if codes.loc[name].isna().any():
            known[name] = _Feature({word: word for word in level}, level, None)
            continue
        scale = _LENGTHS if set(level) <= set(_LENGTHS) else _DEGREES
        limits = (min(scale.values()), max(scale.values()))
        known[name] = _Feature(scale, tuple(codes.loc[name]), limits)
    for name, (ideal, low, high, _) in MEASURES.items():
        known[name] = _Feature({}, ideal, (low, high))
    return known


def levels() -> pd.Series:
    """Return the levels that `membership` accepts for each feature.

    Returns
    -------
    pandas.Series
        Indexed by feature: the words, and the numbers where the levels have an order.

    See Also
    --------
    membership : takes these levels.
    types_table : the level of each type.

    Examples
    --------
    >>> levels()["leadership"]
    'none, hub, parent elsewhere, state'
    """
    said = {}
    for name, feature in _features().items():
        numbers_too = "" if feature.limits is None else "{:g} to {:g}".format(*feature.limits)
        said[name] = "; or ".join(filter(None, [", ".join(feature.words), numbers_too]))
    return pd.Series(said, name="levels").rename_axis("feature")


def measures_table() -> pd.DataFrame:
    """Return what a pure network of each type shows, and the row of Table 1 each measure is for.

    The values are ours: circle and star, all ties inside the place or outside it, all jobs with
    parents elsewhere or none.

    Returns
    -------
    pandas.DataFrame
        Indexed by measure, one column a type, and the row of Table 1 it ``stands for``:
        ``degree_centralisation``, Freeman's, of ties inside the place (0 ring, 1 star);
        ``size_concentration``, the Gini coefficient of jobs over the units in the place;
        ``external_ties``, the E–I index of ties with an end in the place (−1 all stay inside);
        ``external_ownership``, the share of jobs that have their parent elsewhere;
        ``local_clustering``, mean clustering of ties inside the place;
        ``core_periphery_fit``, Borgatti and Everett's, of ties inside the place, not below 0.

    See Also
    --------
    network_profile : takes these measures of a network.
    network_membership : memberships from them.

    Examples
    --------
    >>> float(measures_table().loc["external_ties", "satellite"])
    1.0
    """
    rows = {name: [*map(float, ideal), row] for name, (ideal, _, _, row) in MEASURES.items()}
    columns = [*TYPES, "stands for"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("measure")


@dataclass(frozen=True, repr=False)
class Membership(Result):
    """How far one district belongs to each type.

    Attributes
    ----------
    types : pandas.DataFrame
        Indexed by type in the fixed order: ``membership`` (adding up to 1), its 90 % interval
        ``low`` and ``high``, ``first`` (share of replicates in which the type is the nearest) and
        Gower ``similarity`` to the type (1 is equal).
    known : tuple of str
        Features used.
    missing : tuple of str
        Features of Table 1, and leadership, that were not known.
    deciding : pandas.Series
        Missing features → how far they tell the two nearest types apart (0 to 1), largest first.
    note : str
        What the memberships cannot show, in one or two sentences; empty where nothing is to say.
    """

    types: pd.DataFrame
    known: tuple[str, ...]
    missing: tuple[str, ...]
    deciding: pd.Series
    note: str

    @property
    def shares(self) -> pd.Series:
        """The memberships, in the fixed order."""
        return self.types["membership"]

    @property
    def nearest(self) -> str:
        """The type with the largest membership; of several that are level the first (`level`)."""
        return str(self.shares.idxmax())

    @property
    def level(self) -> list[str]:
        """The types whose membership is the largest, to the two decimals that are shown."""
        shown = self.shares.round(2)
        return list(shown.index[shown == shown.max()])

    def to_frame(self) -> pd.DataFrame:
        """Return the table of types."""
        return self.types

    def __repr__(self) -> str:
        said = ", ".join(f"{name} {share:.2f}" for name, share in self.shares.items())
        return f"Membership({said}; {len(self.known)} known, {len(self.missing)} missing)"


def membership(
    profile: Mapping[str, Any] | pd.Series | pd.DataFrame, *, replicates: int = 1000, seed: Seed = 0
) -> Membership | pd.DataFrame:
    r"""Return how far a district, or each of many, belongs to the four types.

    Parameters
    ----------
    profile : mapping, Series or DataFrame
        Feature → level, in the words of `levels`; ordered features and measures of a network take
        numbers too. A feature that is left out, None or NaN is not known. A single profile may
        give several levels at once, as a list, where all of them are found in the district. A
        DataFrame holds one profile a row.
    replicates : int
        Times the features of a single profile are drawn anew; not used for a DataFrame.
    seed : int or numpy.random.Generator
        For that draw.

    Returns
    -------
    Membership or pandas.DataFrame
        For a DataFrame only the memberships: the same index, one column a type in the order of
        `clusterlab.districts.TYPES`.

    Raises
    ------
    ValueError
        An unknown feature or level (the nearest is suggested), a number out of range, a feature
        given twice, leadership and market structure that contradict each other, a profile in which
        nothing is known, or a table without rows.

    See Also
    --------
    levels : what can be said of each feature.
    network_membership : the same from measures of networks.

    Notes
    -----
    The distance from a type is Gower's: the mean over the known features of
    :math:`|x_f - p_f|/r_f` for ordered features and numbers, with :math:`p_f` the type's own place
    and :math:`r_f` the range over the four types (at most 1), and of 0 or 1 for the others; of
    several levels it is the mean. To the F known features one is added that fits no type, so
    that little knowledge keeps memberships even. With the distances :math:`d_k` of all F + 1,

    .. math:: u_k = d_k^{-2} / \sum_j d_j^{-2},

    the memberships of fuzzy clustering with exponent 2: 1/4 each where all four types are equally
    far. The added feature and the exponent are our choices. Memberships say how much a
    district resembles each type, not which part of its jobs belongs to it. The intervals come from
    drawing features with replacement: they show how much hangs on which features happen to be
    known, not errors in the levels.

    References
    ----------
    guerrieri-pietrobelli-2001, Table 1; Gower (1971), A general coefficient of similarity and some
    of its properties, Biometrics 27(4); Bezdek (1981), Pattern Recognition with Fuzzy Objective
    Function Algorithms.

    Examples
    --------
    >>> found = membership({"leadership": "hub", "contract length": "long"})
    >>> found.nearest, len(found.missing)
    ('hub-and-spoke', 18)
    >>> membership({"leadership": "hubb"})
    Traceback (most recent call last):
    ValueError: membership: leadership is 'hubb', expected none, hub, parent elsewhere, state; did
    you mean 'hub'?
    """
    if isinstance(profile, pd.DataFrame):
        if profile.empty:
            raise ValueError(
                f"membership: the table has {len(profile)} rows and {len(profile.columns)} "
                "columns; one profile a row and one feature a column are needed."
            )
        columns = {name: _distances(name, profile[name]) for name in _checked(profile.columns)}
        _refuse_contradictions(columns, profile.index)
        return _many(columns, profile.index)
    whole("replicates", replicates, 1)
    return _one(_as_entries(profile), replicates, generator(seed))


def network_membership(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the memberships of many networks from their measures, one row a network.

    Parameters
    ----------
    measures : pandas.DataFrame
        Any of the columns of `measures_table` and ``anchor_owner`` (``none``, ``local``,
        ``external`` or ``state``). NaN or None is not known.

    Returns
    -------
    pandas.DataFrame
        The same index, one column a type in the order of `clusterlab.districts.TYPES`.

    Raises
    ------
    ValueError
        As `membership`.

    See Also
    --------
    membership : from any features.
    measures_table : what a pure network of each type shows.

    Examples
    --------
    >>> table = pd.DataFrame({"degree_centralisation": [0.9, 0.9], "size_concentration": [0.8, 0.8],
    ...                       "anchor_owner": ["local", "state"]})
    >>> network_membership(table).idxmax(axis=1).tolist()
    ['hub-and-spoke', 'state-anchored']
    """
    if isinstance(measures, pd.Series):
        raise ValueError(
            "measures is a Series, but one row a network is needed: measures.to_frame().T."
        )
    tables.need_frame(measures, "measures", "one row a network")
    return membership(as_profile(measures))


def as_profile(measures: pd.DataFrame) -> pd.DataFrame:
    """Return measures of networks as profiles: the anchor's owner becomes leadership."""
    if "anchor_owner" not in measures:
        return measures
    owners = measures["anchor_owner"]
    for row, kind in owners.dropna().drop_duplicates().items():
        chosen(f"membership: anchor_owner in row {row!r}", kind, ANCHORS)
    return measures.drop(columns="anchor_owner").assign(leadership=owners.map(ANCHORS))


def _checked(names: Iterable) -> list[str]:
    found: list[str] = []
    for name in names:
        if name not in _features():
            raise ValueError(f"membership: no feature {name!r}{did_you_mean(name, _features())}")
        if name in found:
            raise ValueError(f"membership: the feature {name!r} is given twice.")
        found.append(name)
    return found


def _as_entries(profile: Any) -> dict[str, list]:
    if not isinstance(profile, Mapping | pd.Series):
        raise TypeError(
            "membership: a profile is a mapping, a Series or a DataFrame, found "
            f"{type(profile).__name__}."
        )
    entries = {}
    for name in _checked(profile.keys()):
        value = profile[name]
        many = isinstance(value, list | tuple | set | np.ndarray | pd.Series)
        several = list(value) if many else [value]
        if not all(pd.api.types.is_scalar(one) for one in several):
            raise ValueError(
                f"membership: {name} is {value!r}, but a level is a word or a number, and several "
                "levels are a list of them."
            )
        several = [one for one in several if not pd.isna(one)]
        if several:
            entries[name] = several
    return entries


def _distances(name: str, values: pd.Series) -> np.ndarray:
    """Return the distance of each value from the four types, NaN where it is not known."""
    feature = _features()[name]
    if feature.limits is not None and pd.api.types.is_float_dtype(values.dtype):
        given = values.to_numpy(dtype=float, na_value=np.nan)
        return _numeric(feature, given, lambda i: f"row {values.index[i]!r} has {name}")
    try:
        codes, found = pd.factorize(values)
    except TypeError:
        raise ValueError(
            f"membership: column {name!r} must hold one word or number a row; several levels of a "
            "feature can be given in a single profile only."
        ) from None
    lookup = np.array([_distance(name, value) for value in found] or [np.full(4, np.nan)])
    result = lookup[codes]
    result[codes < 0] = np.nan
    return result


def _numeric(feature: _Feature, given: np.ndarray, place: Callable[[Any], str]) -> np.ndarray:
    low, high = feature.limits or (0.0, 0.0)
    for i in np.flatnonzero((given < low - 1e-9) | (given > high + 1e-9)):
        told = f"{place(i)} {given[i]:g}, expected {low:g} to {high:g}"
        raise ValueError(f"membership: {told}.")
    own = np.array(feature.prototypes, dtype=float)
    return np.minimum(np.abs(given[:, None] - own) / np.ptp(own), 1.0)


def _distance(name: str, value: Any) -> np.ndarray:
    feature = _features()[name]
    ordered, expected = feature.limits is not None, [", ".join(feature.words)]
    if feature.limits is not None:
        expected.append("a number from {:g} to {:g}".format(*feature.limits))
    if value in feature.words:
        value = feature.words[value]
    elif not ordered or isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise ValueError(
            f"membership: {name} is {value!r}, expected {' or '.join(filter(None, expected))}"
            f"{did_you_mean(value, feature.words)}"
        )
    if not ordered:
        return np.array([float(value != own) for own in feature.prototypes])
    return _numeric(feature, np.array([float(value)]), lambda _: f"{name} is")[0]


def _refuse_contradictions(columns: Mapping[str, np.ndarray], index: pd.Index) -> None:
    """Leadership and market structure each point to types; they must share one."""
    if not {"leadership", "prevailing market structure"} <= set(columns):
        return
    leader, structure = columns["leadership"], columns["prevailing market structure"]
    apart = ~((leader < 1) & (structure < 1)).any(axis=1)
    apart &= ~np.isnan(leader).any(axis=1) & ~np.isnan(structure).any(axis=1)
    for row in np.flatnonzero(apart):
        where = "" if len(index) == 1 else f" in row {index[row]!r}"
        raise ValueError(
            f"membership: the profile contradicts itself{where}: leadership says "
            f"{TYPES[leader[row].argmin()]}, the prevailing market structure says "
            f"{TYPES[structure[row].argmin()]}. Where a district has both, give both levels "
            "of each as a list."
        )


def _many(columns: Mapping[str, np.ndarray], index: pd.Index) -> pd.DataFrame:
    total, count = np.zeros((len(index), len(TYPES))), np.zeros(len(index))
    for gaps in columns.values():
        known = ~np.isnan(gaps[:, 0])
        total += np.where(known[:, None], gaps, 0.0)
        count += known
    for row in index[count == 0]:
        raise ValueError(f"membership: in row {row!r} no feature is known.")
    shares = _memberships(total, count[:, None])
    return pd.DataFrame(shares, index=index, columns=list(TYPES))


def _memberships(total: np.ndarray, count: Any) -> np.ndarray:
    """Return memberships by the sums of distances over so many features, along the last axis."""
    weights = ((total + 1) / (count + 1)) ** -2.0
    return weights / weights.sum(axis=-1, keepdims=True)


def _one(entries: Mapping[str, list], replicates: int, rng: np.random.Generator) -> Membership:
    if not entries:
        raise ValueError("membership: no feature of the profile is known.")
    gaps = {
        name: np.mean([_distance(name, one) for one in several], axis=0)
        for name, several in entries.items()
    }
    _refuse_contradictions({name: gap[None] for name, gap in gaps.items()}, pd.RangeIndex(1))
    table = np.array(list(gaps.values()))
    picked = rng.integers(0, len(table), (replicates, len(table)))
    drawn = _memberships(table[picked].sum(axis=1), len(table))
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    top = np.isclose(drawn, drawn.max(axis=1, keepdims=True), rtol=1e-9)
    types = pd.DataFrame(
        {
            "membership": _memberships(table.sum(axis=0), len(table)),
            "low": low,
            "high": high,
            "first": (top / top.sum(axis=1, keepdims=True)).mean(axis=0),
            "similarity": 1 - table.mean(axis=0),
        },
        pd.Index(TYPES, name="type"),
    )
    of_document = [name for name in _features() if name not in MEASURES]
    missing = tuple(name for name in of_document if name not in entries)
    return Membership(
        types=types,
        known=tuple(entries),
        missing=missing,
        deciding=_deciding(types["membership"], missing),
        note=_note(entries),
    )


def _deciding(shares: pd.Series, missing: Iterable[str]) -> pd.Series:
    one, other = shares.sort_values(ascending=False, kind="stable").index[:2]
    here = [TYPES.index(one), TYPES.index(other)]
    apart = {}
    for name in missing:
        own = _features()[name].prototypes
        apart[name] = _distance(name, own[here[0]])[here[1]]
    if "leadership" in apart:  # the document's one key comes first among equals
        apart = {"leadership": apart.pop("leadership"), **apart}
    result = pd.Series(apart, dtype=float, name=f"{one} or {other}").rename_axis("feature")
    return result.sort_values(ascending=False, kind="stable")


def _note(entries: Mapping[str, list]) -> str:
    notes = []
    if len(entries) == 1:
        notes.append("Only one feature is known, so drawing features anew shows no uncertainty.")
    if set(entries) <= set(MEASURES):
        notes.append(
            "The measures say nothing about who leads: a star around a firm and a star around a "
            "state institution look alike, so hub-and-spoke and state-anchored are not told apart."
        )
    return " ".join(notes)
