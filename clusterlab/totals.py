"""Labels that count others once more: totals, and codes that contain other codes.

A table with a total beside its parts, or with a branch beside its sub-branches, gives wrong sums
everywhere, and nothing in them stands out. Words and codes alone prove nothing ("Total" is also a
company, 1 and 12 are also mere numbers), so both are believed only together with the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from clusterlab.names import shown

#: How a total is called or coded by statistical offices.
_TOTAL = re.compile(
    r"(grand |sub-?|over-?)?total(s|e|en)?\b.*|_t|tot|all|alle|sums?|summe|summa|00+|--+|\*+"
    r"|all (industries|sectors|regions|branches|countries|areas)( .*)?|(ins)?gesamt\b.*|ensemble"
    r"|totaal|totalt|i alt|razem|ogółem|celkem|spolu|összesen|yhteensä|ukupno|skupaj|toplam|итого"
    r"|всего|合計|総数|計|总计|合计|합계|world|wld",
    re.IGNORECASE,
)
#: How many digits have to agree before two sums count as the same: one chance in 10⁸.
_DIGITS = 8


def unit_of(values: np.ndarray) -> float:
    """Return the last digit that the numbers of a table are written with, 0 where there is none.

    Parameters
    ----------
    values : numpy.ndarray
        The numbers; unknown ones are left aside.

    Returns
    -------
    float

    Examples
    --------
    >>> unit_of(np.array([1.5, 20.25])), unit_of(np.array([3.0, 20.0]))
    (0.01, 1.0)
    """
    some = values[np.isfinite(values)]
    for digits in range(4):
        scaled = some * 10.0**digits
        if np.abs(scaled - np.round(scaled)).max(initial=0) < 1e-6:
            return 10.0**-digits
    return 0.0


def totals_inside(table: pd.DataFrame, rows: str = "region", columns: str = "industry") -> str:
    """Return a sentence about the first label that counts others once more, or nothing.

    Three things are looked for among the rows and among the columns: a label that is *named* as a
    total and nowhere smaller than any other; a label that *equals* the sum of all others (or their
    sum counted over two or three levels) in every cell, to more digits than chance gives; and a
    code that *contains* others (31-33 and 311, C10 and C101, 01 and 01001) and nowhere holds less
    than they do together.

    Parameters
    ----------
    table : pandas.DataFrame
        Numbers from zero up; unknown cells are left aside.
    rows, columns : str
        What a row and a column are.

    Returns
    -------
    str
        Which labels, and how to take them out.

    Examples
    --------
    >>> jobs = pd.DataFrame({"wine": [30, 10], "shoes": [10, 50], "Total": [40, 60]})
    >>> totals_inside(jobs).split(";")[0]
    "industry 'Total' is the total of the others and would be counted once more"
    """
    found = first_inside(table)
    if found is None:
        return ""
    axis, label, children = found
    name, what = (("index", rows), ("columns", columns))[axis]
    if not children:
        use = f" (its numbers serve as totals=table[{shown(label)}])" if axis else ""
        return (
            f"{what} {shown(label)} is the total of the others and would be counted once more; "
            f"take it out with table.drop({name}=[{shown(label)}]){use}"
        )
    inside = ", ".join(map(shown, children[:4])) + (", …" if len(children) > 4 else "")
    return (
        f"{what} {shown(label)} contains {inside}, which would be counted twice; "
        f"keep one level: table.drop({name}=[{shown(label)}]), or drop what it holds"
    )


def first_inside(table: pd.DataFrame) -> tuple[int, Any, list] | None:
    """Return the first label that counts others once more: its axis, itself, and what it holds.

    A total of all others holds no label in particular, so its list is empty. See `totals_inside`.
    """
    values = table.to_numpy(dtype=float)
    for axis in (1, 0):
        for across, own in _parts(values.T if axis else values, table.axes[axis]):
            if len(own) < 2:
                continue
            total = _total(across, own)
            if total is not None:
                return axis, own[total], []
            parent, children = _contained(across, own)
            if children:
                return axis, parent, children
    return None


def without_totals(table: pd.DataFrame) -> tuple[pd.DataFrame, list]:
    """Return a table without the labels that are totals of all others, and those labels.

    Parameters
    ----------
    table : pandas.DataFrame
        Numbers from zero up; unknown cells are left aside.

    Returns
    -------
    table : pandas.DataFrame
    labels : list

    See Also
    --------
    totals_inside : names them and leaves them in.

    Examples
    --------
    >>> jobs = pd.DataFrame({"wine": [30, 10], "shoes": [10, 50], "Total": [40, 60]})
    >>> without_totals(jobs)[1]
    ['Total']
    """
    gone = []
    for axis, name in ((1, "columns"), (0, "index")):
        while table.shape[axis] > 1:
            values, labels = table.to_numpy(dtype=float), list(table.axes[axis])
            place = _total(values.T if axis else values, labels)
            if place is None:
                break
            gone.append(labels[place])
            table = table.drop(**{name: labels[place]})
    return table, gone


def level_of(label: Any) -> int:
    """Return the level of an industry's code: the number of its digits, by NAICS, NACE or ISIC.

    A letter alone is level 1, a range (31-33, C10-C12) has the level of its ends, and letters,
    points and fillers do not count. What is named as a total, or is no code, has level 0.

    Parameters
    ----------
    label : object
        A code, or a code and words.

    Returns
    -------
    int

    Examples
    --------
    >>> [level_of(code) for code in ("31-33", "311///", "C10.1", "C", "00", "TOTAL", "Wine")]
    [2, 3, 3, 1, 0, 0, 0]
    """
    if not str(label).strip() or _TOTAL.fullmatch(str(label).strip()):
        return 0
    code = (*_range(label), _code(label))[0]
    return sum(map(str.isdigit, code)) or int(len(code) == 1)


def _parts(values: np.ndarray, labels: pd.Index) -> Iterator[tuple[np.ndarray, list]]:
    """Yield the rows and their labels; of a two-level index (two years, states) each part alone."""
    yield values, list(labels)
    if labels.nlevels == 2:
        outer, inner = map(labels.get_level_values, (0, 1))
        for key in outer.unique():
            yield values[outer == key], list(inner[outer == key])


def _total(values: np.ndarray, labels: list) -> int | None:
    gaps = np.isnan(values.sum())
    filled = np.nan_to_num(values) if gaps else values
    for place in [k for k, label in enumerate(labels) if _TOTAL.fullmatch(str(label).strip())]:
        others = np.delete(filled, place, axis=0).max(axis=0)
        here = ~np.isnan(values[place])
        if (filled[place] >= others)[here].all() and filled[place].any() and others.any():
            return place
    known = values[:, ~np.isnan(values).any(axis=0)] if gaps else values
    if len(labels) < 4 or not known.size:
        return None
    # first by the sums of whole rows, which is quick, then cell by cell
    sums, size = known.sum(axis=0), known.sum(axis=1)
    whole, most = sums.sum(), size.max()
    for levels in (1, 2, 3):
        if (1 + levels) * most < 0.9 * whole:
            continue
        for near in np.flatnonzero(np.abs(whole - (1 + levels) * size) <= 0.1 * whole):
            if _is_sum(known, sums, int(near), levels):
                return int(near)
    return None


def _is_sum(values: np.ndarray, sums: np.ndarray, place: int, levels: int) -> bool:
    """Say whether a row is the sum of the others, counted over so many levels."""
    gap = np.abs(sums - (1 + levels) * values[place])
    exact = 1e-9 * sums
    unit = unit_of(values)
    # the sum of n rounded parts may miss the rounded total by half a unit a part
    rounded = exact + 0.5 * unit * len(values)
    for allowed in (exact, rounded) if levels == 1 else (exact,):
        if (gap > allowed).any():
            continue
        least = np.maximum(2 * allowed, unit or 1e-9 * sums.max())
        digits = np.log10(1 + values[place] / least).sum()
        if digits >= _DIGITS and _differ(values, sums, place):
            return True
    return False


def _differ(values: np.ndarray, sums: np.ndarray, place: int) -> bool:
    """Say whether the others differ in their make-up: else one equal sum makes all sums equal."""
    with np.errstate(invalid="ignore"):
        shares = np.delete(values, place, axis=0)[:, sums > 0] / sums[sums > 0]
    return int((np.ptp(shares, axis=1) > 1e-6).sum()) >= 2


def _contained(values: np.ndarray, labels: list) -> tuple[Any, list]:
    """Return a code that contains others, by its letters and digits and by the numbers."""
    codes = {code: place for place, label in enumerate(labels) if (code := _code(label))}
    numbered = _numbered(codes)
    families: dict[int, list[int]] = {}
    for code, place in codes.items():
        above = next((code[:k] for k in range(len(code) - 1, 0, -1) if code[:k] in codes), None)
        if above and not (above in numbered and code in numbered):
            families.setdefault(codes[above], []).append(place)
    nested = {place for children in families.values() for place in children}
    ranges = {place: ends for place, label in enumerate(labels) if (ends := _range(label))}
    for place, ends in ranges.items():
        inside = [k for code, k in codes.items() if code.startswith(ends) and k not in nested]
        if inside:
            families[place] = inside
    unit = unit_of(values) if families else 0.0
    cells, wrong, found = 0, 0, None
    # the outermost first: it is the one to take out
    for place, children in sorted(families.items(), key=lambda f: len(_code(labels[f[0]]))):
        own, parts = values[place], np.nansum(values[children], axis=0)
        slack = 1e-9 * own + (0.5 * unit * (len(children) + 1) if len(children) > 1 else 0)
        here = (parts > 0) & ~np.isnan(own)
        over = int((parts > own + slack)[here].sum())
        if place in ranges:
            sure = bool(here.any()) and not over
        else:
            # a sign alone, or letters after letters, may be a mere name (1 and 12, D and DK)
            sign = _code(labels[place])
            weak = any(_code(labels[k])[len(sign)].isalpha() for k in children)
            if weak or (len(sign) == 1 and sign.isdigit()):
                same = here & (np.abs(parts - own) <= slack)
                enough = np.log10(1 + own[same] / (unit or 1)).sum() >= 3
                sure = bool((same == here).all() and enough)
            else:
                cells, wrong, sure = cells + int(here.sum()), wrong + over, False
                if found is None and here.any() and not over:
                    found = place
        if sure:
            return labels[place], [labels[k] for k in children]
    if found is not None and cells >= 3 and wrong <= 0.01 * cells:
        return labels[found], [labels[k] for k in families[found]]
    return None, []


def _code(label: Any) -> str:
    """Return the code with which a label begins, without points and fillers, or nothing."""
    whole = isinstance(label, float) and label.is_integer()
    words = str(int(label) if whole else label).upper().split()
    first = words[0].rstrip("-/.:").replace(".", "") if words else ""
    if not re.fullmatch(r"[A-Z]{0,3}(\d[\dA-Z]{0,9})?", first) or len(first) > 12:
        return ""
    return first if len(words) == 1 or re.search(r"\d", first) or len(first) == 1 else ""


def _range(label: Any) -> tuple[str, ...]:
    """Return the codes from the first to the last of a range such as 31-33, C10-C12 or B-E."""
    first = str(label).upper().split()[0] if str(label).strip() else ""
    if ends := re.fullmatch(r"([A-Z]?)(\d{2,4})[-–_]\1?(\d{2,4})", first):
        low, high = int(ends[2]), int(ends[3])
        if len(ends[2]) == len(ends[3]) and low < high <= low + 60:
            width = len(ends[2])
            return tuple(f"{ends[1]}{number:0{width}}" for number in range(low, high + 1))
    if (ends := re.fullmatch(r"([A-Z])[-–_]([A-Z])", first)) and ends[1] < ends[2]:
        return tuple(map(chr, range(ord(ends[1]), ord(ends[2]) + 1)))
    return ()


def _numbered(codes: Any) -> set[str]:
    """Return the codes that only count: 1, 2, … 12, or R1, R2, … R12, without long gaps."""
    groups: dict[str, list[str]] = {}
    for code in codes:
        letters = code.rstrip("0123456789")
        groups.setdefault(letters, []).append(code)
    result: set[str] = set()
    for letters, members in groups.items():
        digits = [code[len(letters) :] for code in members if len(code) > len(letters)]
        leading = any(d[0] == "0" and d != "0" for d in digits)
        if digits and not leading and max(map(int, digits)) <= 2 * len(digits) + 1:
            result.update(members)
    return result
