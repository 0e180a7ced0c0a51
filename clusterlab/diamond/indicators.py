"""The table of indicators: a row a place, a column an indicator, indicators grouped in facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.names import did_you_mean, shown
from clusterlab.parameters import chosen, number, whole
from clusterlab.reading import Numerals, plain
from clusterlab.results import Result
from clusterlab.tables import check_labels, need_columns, need_frame

#: The four facets of the diamond, in the order in which tables and pictures show them.
FACETS = (
    "factor conditions",
    "demand conditions",
    "related and supporting industries",
    "strategy and rivalry",
)

MissingPolicy = Literal["refuse", "drop", "impute"]

_NOT_A_NUMBER = ("n/a", "N/A", "N/Appl.", "not assessed", "Not assessed", "-", "..")


@dataclass(frozen=True, repr=False)
class Prepared(Result):
    """An indicator table that has been checked, and what had to be done to it.

    Attributes
    ----------
    values : pandas.DataFrame
        Numbers, places x indicators, a high value good for all of them.
    facets : dict
        Facet → its indicators.
    missing : pandas.Series
        Indicators missing per place, before anything was done about it.
    dropped : list of str
        Places left out.
    imputed : pandas.DataFrame
        True where a value was filled in.
    turned : list of str
        Indicators that were turned round.
    """

    values: pd.DataFrame
    facets: dict[str, list[str]]
    missing: pd.Series
    dropped: list[str]
    imputed: pd.DataFrame
    turned: list[str]


def arrange(table: pd.DataFrame, facets: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Group the indicators of a table into facets.

    Parameters
    ----------
    table : pandas.DataFrame
        Index places, columns indicators.
    facets : mapping
        Facet → the names of its indicators. Indicators that no facet names are left out; they are
        still in ``table``.

    Returns
    -------
    pandas.DataFrame
        The same numbers with two-level columns (facet, indicator), facets in the given order.

    Raises
    ------
    ValueError
        An indicator that the table does not have, with the nearest name; a facet without
        indicators, an indicator in two facets, no facets at all.

    Examples
    --------
    >>> table = pd.DataFrame({"roads": [4.0], "buyers": [5.0]}, index=["Here"])
    >>> arrange(table, {"factor conditions": ["roads"], "demand conditions": ["buyers"]})
    facet     factor conditions demand conditions
    indicator             roads            buyers
    Here                    4.0               5.0
    """
    if not isinstance(facets, Mapping):
        raise ValueError(
            f"facets is {shown(facets)}, but it must map each facet to the list of its indicators."
        )
    need_frame(table, "the table of indicators", "a row a place and a column an indicator")
    if not facets:
        raise ValueError("facets is empty: name at least one facet and its indicators.")
    pairs = []
    for facet, names in facets.items():
        if not pd.api.types.is_list_like(names) or not len(names):
            raise ValueError(f"facet {facet!r} needs a list of indicators, got {names!r}.")
        pairs += [(facet, name) for name in names]
    used = [name for _, name in pairs]
    for facet, name in pairs:
        if name not in list(table.columns):
            raise ValueError(
                f"facet {facet!r} names the indicator {name!r}, which the table does not have"
                f"{did_you_mean(str(name), table.columns, 'it has')}"
            )
        if used.count(name) > 1:
            raise ValueError(f"indicator {name!r} is named more than once in facets.")
    both = pd.MultiIndex.from_tuples(pairs, names=["facet", "indicator"])
    return table[used].set_axis(both, axis=1)


def read_indicators(
    source: str | Path | pd.DataFrame,
    *,
    layout: Literal["places", "long", "series"] | None = None,
    place: str = "place",
    facet: str | None = None,
    indicator: str = "indicator",
    value: str = "value",
    facets: Mapping[str, Sequence[str]] | None = None,
    where: Mapping[str, Any] | None = None,
    places: Sequence[str] | None = None,
    skip_rows: int = 0,
    sheet: str | int = 0,
    missing_marks: Sequence[str] = _NOT_A_NUMBER,
    **reading: Any,
) -> pd.DataFrame:
    """Read a file of indicators, your own or the World Economic Forum's, into a checked table.

    Three layouts are known. ``"places"``: a row a place, a column an indicator. ``"long"``: a
    row for each place and indicator, with columns ``place``, ``indicator``, ``value`` and, if
    there is one, ``facet``. ``"series"``: a row an indicator, a column a place, as in the
    workbook of the Global Competitiveness Index of 2019, whose first rows are a heading
    (``sheet="Data", skip_rows=3``), whose column ``Series name`` holds the indicator, and whose
    rows are chosen with ``where={"Edition": 2019, "Attribute": "SCORE"}``.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A file of any kind that `clusterlab.tables.read` takes, or a table.
    layout : {"places", "long", "series"}, optional
        How the file is laid out; by default found from its columns: "long" where ``indicator`` and
        ``value`` are among them, "series" where ``indicator`` alone is, else "places".
    place : str
        Column with the place; layouts "places" and "long". With "places" the first column is
        taken where there is none of that name and the table is a file.
    facet : str, optional
        Column with the facet; layout "long" only. It stands in for ``facets``.
    indicator, value : str
        Columns with the indicator's name and with its value.
    facets : mapping, optional
        Facet → names of its indicators. Without it and without ``facet`` each indicator stands for
        itself, under its own name.
    where : mapping, optional
        Column → the value a row must have to be kept, for instance a year. Such a column is no
        indicator.
    places : sequence of str, optional
        Columns to take as places; layout "series". By default every column to the right of the
        last descriptive one (the indicator's and those in ``where``).
    skip_rows : int or sequence of int
        The number of lines above the heading, or the numbers of the lines to leave out, counted
        from 1; in a workbook rows are counted.
    sheet : str or int
        Sheet of a workbook, by name or by number from 0.
    missing_marks : sequence of str
        What the file writes where there is no value.
    **reading
        How a text file is written, as in `clusterlab.tables.read`: ``separator``, ``encoding``,
        ``decimal`` and ``thousands``.

    Returns
    -------
    pandas.DataFrame
        Index places as text (``01001`` and ``NA`` stay what they are), two-level columns (facet,
        indicator), numbers; missing values are left missing, for `score` to report.

    Raises
    ------
    ValueError
        A file of another kind; a column, an indicator or a value in ``where`` that is not there; a
        place without a name, twice, or in two spellings; two values for one place and indicator;
        text or infinity where a number is expected.

    See Also
    --------
    score : What to do with the table.
    clusterlab.tables.read : Tables of regions and industries.

    Notes
    -----
    The column names of the 2019 workbook were read in public code that uses it, and the reader was
    tried on a small constructed file with those columns, not on the workbook itself. The figures
    belong to the World Economic Forum and are not shipped here.

    Examples
    --------
    >>> own = pd.DataFrame({"place": ["A", "B"], "roads": [3, 5], "buyers": ["4", "n/a"]})
    >>> table = read_indicators(own, facets={"factor conditions": ["roads"],
    ...                                      "demand conditions": ["buyers"]})
    >>> table.loc["A"].tolist()
    [3.0, 4.0]
    """
    if facet is not None and facets is not None:
        raise ValueError("give facets= (a mapping) or facet= (a column of a long file), not both.")
    chosen("layout", layout, (None, "places", "long", "series"))
    if not all(map(pd.api.types.is_hashable, (place, facet, indicator, value))):
        raise ValueError("place, facet, indicator and value must each be the name of a column.")
    if not pd.api.types.is_list_like(missing_marks):
        raise ValueError(f"missing_marks is {missing_marks!r}, but it must be a list of marks.")
    numerals = Numerals(
        reading.pop("decimal", None), reading.pop("thousands", None), ["", *missing_marks]
    )
    for name in reading:
        chosen("an argument of read_indicators", name, ("separator", "encoding"))
    frame = _load(source, skip_rows, sheet, [place, indicator, value], reading)
    if frame.empty:
        raise ValueError("the table has no rows: no place and no value.")
    if layout is None:
        layout = "long" if value in frame.columns else "series"
        layout = layout if indicator in frame.columns else "places"
    if facet is not None and layout != "long":
        raise ValueError(f"facet= names a column of the long layout; the layout is {layout!r}.")
    frame = tables.choose_rows(frame, where, "the table")
    if layout == "places":
        if place not in frame.columns and not isinstance(source, pd.DataFrame):
            place = frame.columns[0]
        wide = frame.set_index(place) if place in frame.columns else frame
        wide = wide.drop(columns=[*(where or {})], errors="ignore")  # one value in all rows
    elif layout == "long":
        need_columns(
            frame.columns, [place, indicator, value, *([facet] if facet else [])], "the table"
        )
        _refuse_two_values(frame, [place, indicator])
        if facet is not None:
            facets = _facets_of(frame, facet, indicator)
        wide = frame.set_index([place, indicator])[value].unstack()  # noqa: PD010 - no repeats
        wide = wide.reindex(pd.unique(frame[place]))
    else:
        need_columns(frame.columns, [indicator], "the table")
        _refuse_two_values(frame, [indicator])
        if places is None:
            described = [indicator, *(where or {})]
            last = max(list(frame.columns).index(column) for column in described)
            places = list(frame.columns[last + 1 :])
        need_columns(frame.columns, places, "the table")
        wide = frame.set_index(indicator)[list(places)].T
    if facets is None:
        facets = {name: [name] for name in wide.columns}
    table = arrange(wide, facets)
    check_labels(table.index, "place")
    table.index = table.index.map(plain).astype(str).rename("place")
    check_labels(table.index, "place")  # again: a year may stand there as text and as a number
    return _numbers(table, numerals, missing_marks)


def prepare(
    caller: str,
    indicators: pd.DataFrame,
    facets: Mapping[str, Sequence[str]] | None,
    scale: tuple[float, float] | None,
    reverse: Sequence[str] | None,
    missing: MissingPolicy,
) -> Prepared:
    """Check what `score`, `coherence` and `uncertainty` are given, and settle what is missing."""
    need_frame(indicators, f"{caller}: the table", "one row per place")
    check_labels(indicators.index, "place")
    table = indicators if facets is None else arrange(indicators, facets)
    if table.columns.nlevels != 2:
        raise ValueError(
            f"{caller}: the table's columns must have two levels (facet, indicator); "
            "give facets={facet: [indicators]} or use read_indicators."
        )
    values, order = table.droplevel(0, axis=1), table.columns.get_level_values(0).unique()
    check_labels(order, "facet")
    check_labels(values.columns, "indicator")
    refuse_other_kinds(values, f"{caller}: indicator")
    groups = {facet: list(table[facet].columns) for facet in order}
    values = values.astype(float)
    if np.isinf(values.to_numpy()).any():
        raise ValueError(f"{caller}: the table holds infinite values.")
    missing_per_place = values.isna().sum(axis=1).rename("missing indicators")
    dropped, gone = _to_drop(values, groups, missing, caller), values.isna()
    if gone.to_numpy().any():
        values = values.fillna(values.median()).drop(index=dropped)
    if len(values) < 2:
        raise ValueError(f"{caller}: {len(values)} place left; a comparison needs at least two.")
    if scale is not None:
        scale = _checked_scale(scale, values, caller)
    turned = _turned(values, groups, reverse, caller)
    if turned:
        values[turned] = (sum(scale) if scale is not None else 0.0) - values[turned]
    return Prepared(
        values=values,
        facets=groups,
        missing=missing_per_place,
        dropped=[str(place) for place in dropped],
        imputed=gone.drop(index=dropped),
        turned=turned,
    )


def refuse_other_kinds(frame: pd.DataFrame, what: str) -> None:
    """Raise ValueError where a column holds no numbers: text, dates, True and False."""
    for name, kind in frame.dtypes.items():
        if kind.kind not in "iuf":
            raise ValueError(f"{what} {name!r} holds {kind}, expected numbers.")


def by_facet(
    what: str, one: str, given: Any, facets: Sequence[str], low: float = 0, high: float = np.inf
) -> dict[str, float]:
    """Return what maps facets to numbers, in the order of the facets, after a check."""
    if not isinstance(given, Mapping | pd.Series):
        raise ValueError(f"{what} is a {type(given).__name__}, but it must map facets to numbers.")
    if isinstance(given, pd.Series) and given.index.has_duplicates:
        twice = given.index[given.index.duplicated()][0]
        raise ValueError(f"{what} holds {twice!r} more than once.")
    for name in dict(given):
        if name not in facets:
            hint = did_you_mean(str(name), facets, "there are")
            raise ValueError(f"{what} names {name!r}, which is no facet{hint}")
    return {n: number(f"the {one} of {n!r}", given[n], low, high) for n in facets if n in given}


def _to_drop(
    values: pd.DataFrame, groups: dict[str, list[str]], policy: str, caller: str
) -> list[Any]:
    """Return the places to leave out; refuse gaps that are not to be, or cannot be, filled."""
    if not isinstance(policy, str) or policy not in get_args(MissingPolicy):
        raise ValueError(f"{caller}: missing is {policy!r}, expected 'refuse', 'drop' or 'impute'.")
    gone = values.isna()
    for name in values.columns[gone.all()]:
        raise ValueError(f"{caller}: indicator {name!r} has no value for any place.")
    lacking = gone[gone.any(axis=1)]
    if policy == "drop" or lacking.empty:
        return list(lacking.index)
    if policy == "refuse":
        said = []
        for place, row in lacking.iterrows():
            names = list(row.index[row])
            listed = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
            said.append(f"{place} ({'no data at all' if row.all() else listed})")
        raise ValueError(
            f"{caller}: {len(lacking)} of {len(values)} places lack indicators: "
            f"{'; '.join(said[:5])}{'; …' if len(said) > 5 else ''}. "
            "Choose missing='drop' or missing='impute'."
        )
    for facet, names in groups.items():
        for place in lacking.index[lacking[names].all(axis=1)]:
            what = "at all" if lacking.loc[place].all() else f"for the facet {facet!r}"
            raise ValueError(
                f"{caller}: place {place!r} has no data {what}, and a whole facet is not made up; "
                "leave the place out or use missing='drop'."
            )
    return []


def _checked_scale(scale: Any, values: pd.DataFrame, caller: str) -> tuple[float, float]:
    if isinstance(scale, str) or not isinstance(scale, Sequence) or len(scale) != 2:
        raise ValueError(
            f"{caller}: scale is {scale!r}, but it must be the lowest and the highest possible "
            "value of an indicator, such as (1, 7)."
        )
    low, high = (number(f"{caller}: an end of scale", value, -np.inf) for value in scale)
    if not low < high:
        raise ValueError(f"{caller}: scale is {scale}, expected (lowest, highest).")
    for row, column in np.argwhere(((values < low) | (values > high)).to_numpy()):
        raise ValueError(
            f"{caller}: {values.columns[column]!r} of {values.index[row]!r} is "
            f"{values.iloc[row, column]:g}, outside the scale {low:g} to {high:g}."
        )
    return low, high


def _turned(
    values: pd.DataFrame, groups: dict[str, list[str]], reverse: Any, caller: str
) -> list[str]:
    """Return the indicators to turn round; raise for those that look reversed and are not named."""
    if reverse is not None:
        if isinstance(reverse, str) or not pd.api.types.is_list_like(reverse):
            raise ValueError(f"{caller}: reverse is {reverse!r}, expected a list of indicators.")
        for name in reverse:
            if name not in list(values.columns):
                raise ValueError(
                    f"{caller}: reverse names {name!r}, which is no indicator"
                    f"{did_you_mean(str(name), values.columns, 'it has')}"
                )
        return list(dict.fromkeys(reverse))
    if len(values) < 8:  # by chance alone, ranks of a few places often run against each other
        return []
    for facet, names in groups.items():
        ranks = values[names].rank()
        for name in names:
            rest = ranks.drop(columns=name).mean(axis=1).rank()
            if len(names) < 2 or rest.nunique() < 2 or ranks[name].nunique() < 2:
                continue
            with_rest = rest.corr(ranks[name])
            if with_rest < -0.5:
                raise ValueError(
                    f"{caller}: indicator {name!r} runs against the rest of {facet!r} (rank "
                    f"correlation {with_rest:.2f}): is a high value bad, of it or of the others? "
                    f"Say reverse=[{name!r}], or reverse=[] if the table is right as it is."
                )
    return []


def _load(
    source: Any,
    skip_rows: int | Sequence[int],
    sheet: str | int,
    likely: list[str],
    reading: Mapping[str, Any],
) -> pd.DataFrame:
    if isinstance(source, pd.DataFrame):
        return source.iloc[whole("skip_rows", skip_rows) :].copy()
    return tables.read_text(source, likely=likely, skip_rows=skip_rows, sheet=sheet, **reading)


def _refuse_two_values(frame: pd.DataFrame, columns: list[str]) -> None:
    def say(row: int) -> str:
        what = ", ".join(f"{column} {frame[column].iloc[row]!r}" for column in columns)
        return f"more than one value for {what}; narrow the rows with where=."

    tables.refuse_repeats(frame, columns, say)


def _facets_of(frame: pd.DataFrame, facet: str, indicator: str) -> dict[str, list[str]]:
    pairs = frame[[facet, indicator]].drop_duplicates()
    if pairs[indicator].duplicated().any():
        name = pairs.loc[pairs[indicator].duplicated(), indicator].iloc[0]
        raise ValueError(f"indicator {name!r} stands under more than one facet.")
    return {str(name): list(part[indicator]) for name, part in pairs.groupby(facet, sort=False)}


def _numbers(table: pd.DataFrame, numerals: Numerals, missing_marks: Sequence[str]) -> pd.DataFrame:
    result = pd.DataFrame(index=table.index, columns=table.columns, dtype=float)
    for place, (_, name) in enumerate(table.columns):
        cells = table.iloc[:, place]

        def say(row: int, name: str = name) -> str:
            return f"indicator {name!r} of {table.index[row]!r}"

        values, bad = numerals.numbers(cells)
        if len(bad):
            found = cells.iloc[bad[0]]
            hint = numerals.advice(found, cells).partition(";")[2]
            raise ValueError(
                f"{say(bad[0])} is {shown(found)}, expected a number or one of "
                f"{', '.join(map(repr, missing_marks))}{';' if hint else ''}"
                f"{hint.replace('unknown=', 'missing_marks=')}."
            )
        numerals.wonder(cells, say, name)
        result.isetitem(place, values)
    numerals.settle()
    return result
