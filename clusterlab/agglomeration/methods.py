"""How a result was computed, as a paragraph for a methods section.

Formula and source come from the docstring of the function, conventions from the result itself, so
that nothing is said twice and nothing that does not hold for the call.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

import clusterlab
from clusterlab.agglomeration import change, concentration, distance, plants, quotient, related


def cite(result: Any) -> str:
    r"""Return a paragraph for a methods section: formula, conventions, base, version, references.

    Parameters
    ----------
    result : object
        A result of `location_quotient`, `measure_all`, `ellison_glaeser`, `maurel_sedillot`,
        `shift_share`, `dynamic_shift_share`, `k_density` or `complexity`. Of the table of
        `measure_all` only the columns that are still there are told.

    Returns
    -------
    str
        Markdown with formulas in LaTeX. What a result does not know is asked for in square
        brackets.

    Raises
    ------
    ValueError
        Any other result.

    See Also
    --------
    clusterlab.saving.save : the numbers themselves, for a table or a figure.

    Examples
    --------
    >>> jobs = pd.DataFrame({"wine": [9, 1], "shops": [5, 5]}, index=["Napa", "Modesto"])
    >>> print(cite(quotient.location_quotient(jobs))[:74])
    Computed by clusterlab 0.1.0, function `agglomeration.location_quotient`.
    """
    told = _told(result)
    functions = dict.fromkeys(function.__name__ for function, *_ in told)
    names = ", ".join(f"`agglomeration.{name}`" for name in functions)
    many = "s" if len(functions) > 1 else ""
    parts = [f"Computed by clusterlab {clusterlab.__version__}, function{many} {names}."]
    works: dict[str, None] = {}
    for function, paragraphs, conventions in told:
        parts += [*_notes(function)[paragraphs], conventions]
        works |= dict.fromkeys(_works(function))
    works = {work: None for work in works if not _left_out(result, work)}
    works[
        "The clusterlab developers. clusterlab: a course and toolbox on industrial clusters, "
        f"version {clusterlab.__version__} [computer software]."
    ] = None
    return "\n\n".join([*filter(None, parts), "References:", *works])


_Told = list[tuple[Callable, slice, str]]
_FORMULA, _ALL = slice(2), slice(None)


def _told(result: Any) -> _Told:
    """Return the functions behind a result, which paragraphs of their notes, and conventions."""
    if isinstance(result, quotient.LocationQuotient):
        return [(quotient.location_quotient, _ALL, _sentence(result.base))]
    if isinstance(result, pd.DataFrame) and "note" in result.attrs:
        found = [each for each in _columns() if each[0] in result]
        if found:
            return [*(told for _, told in found[:-1]), _with(found[-1][1], result.attrs["note"])]
    if isinstance(result, plants.EllisonGlaeser):
        known = _ALL if result.variance is not None else _FORMULA
        return [(plants.ellison_glaeser, known, _sentence(result.base))]
    if isinstance(result, plants.MaurelSedillot):
        # its symbols are those of the other index
        both = [(plants.ellison_glaeser, slice(1), ""), (plants.maurel_sedillot, _FORMULA, "")]
        return [both[0], _with(both[1], result.base)]
    if isinstance(result, change.ShiftShare):
        return _shift_share(result)
    if isinstance(result, distance.KDensity):
        return [(distance.k_density, slice(3), _distances(result))]
    if isinstance(result, related.Complexity):
        size = f"{len(result.regions)} regions and {len(result.industries)} industries"
        small = f", {len(result.smaller)} smaller regions left out" if result.smaller else ""
        asked = "M is 1 where [the location quotient, and its threshold, that make presence]"
        return [(related.complexity, slice(1), f"{asked}; {size}{small}.")]
    raise ValueError(
        f"cite knows no method of a {type(result).__name__}; give it the result of "
        "location_quotient, measure_all, ellison_glaeser, shift_share, k_density or complexity."
    )


def _columns() -> list[tuple[str, tuple[Callable, slice, str]]]:
    """Return the columns of `measure_all`, each with its function and its convention."""
    gini, locational = concentration.gini, concentration.locational_gini
    plain = "not corrected by n/(n−1)"
    equal = f"Column gini: every region with the same reference share, {plain}."
    weighted = f"Column locational_gini_size_weighted: size weights, {plain}."
    one = "Column locational_gini: equal weights, " + plain + "."
    return [
        ("herfindahl", (concentration.herfindahl, _ALL, "")),
        ("gini", (gini, _FORMULA, equal)),
        ("locational_gini", (locational, _FORMULA, one)),
        ("locational_gini_size_weighted", (gini, slice(0), weighted)),
        ("hoover", (concentration.hoover, _ALL, "Column hoover: p by the regions' totals.")),
        ("gamma", (plants.ellison_glaeser, _FORMULA, "")),
        ("maurel_sedillot", (plants.maurel_sedillot, _FORMULA, "")),
    ]


def _with(told: tuple[Callable, slice, str], more: str) -> tuple[Callable, slice, str]:
    function, paragraphs, conventions = told
    return function, paragraphs, f"{conventions}\n\n{_sentence(more)}".strip()


def _shift_share(result: change.ShiftShare) -> _Told:
    esteban = result.method == "esteban"
    rows, columns = result.change.shape
    said = f"{rows} regions and {columns} industries; form of {result.method.capitalize()}"
    found: _Told = [(change.shift_share, _ALL if esteban else _FORMULA, f"{said}.")]
    if len(result.periods) > 2:
        span = f"Year by year over {len(result.periods)} years, {result.periods[0]} to "
        found += [(change.dynamic_shift_share, slice(0), f"{span}{result.periods[-1]}, summed.")]
    return found


def _distances(result: distance.KDensity) -> str:
    width = f"{result.bandwidth:.4g} {result.unit}".rstrip()
    counted = "every distance" if result.method == "exact" else "distances counted on a grid"
    said = f"{result.points:,} points, h = {width}, {counted}; e = 1 where no sizes were given"
    bands = result.envelope
    if bands is not None:
        said += (
            f"; {bands.simulations:,} simulations of sites drawn without replacement, global bands "
            f"at {100 * bands.level:.6g} % a side by extreme rank length"
        )
    return _sentence("; ".join(filter(None, [said, result.note])))


def _left_out(result: Any, work: str) -> bool:
    """Return whether a work stands for a convention that was not used."""
    dunn = isinstance(result, change.ShiftShare) and result.method == "dunn"
    bandwidth = isinstance(result, distance.KDensity) and work.startswith("Silverman")
    return (dunn and work.startswith("Esteban")) or bandwidth


def _sentence(words: str) -> str:
    words = words.rstrip(". ")
    return f"{words[:1].upper()}{words[1:]}."


def _section(function: Callable, name: str) -> str:
    doc = inspect.getdoc(function) or ""
    found = re.search(rf"(?ms)^{name}\n-+\n(.*?)(?=^[A-Z][\w ]+\n-+\n|\Z)", doc)
    return found[1].strip() if found else ""


def _notes(function: Callable) -> list[str]:
    """Return the paragraphs of a docstring's notes, with formulas as Markdown has them."""
    return [*_markdown(_section(function, "Notes"))]


def _markdown(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith(".. math::"):
            yield f"$$ {' '.join(paragraph.removeprefix('.. math::').split())} $$"
        else:
            yield re.sub(r":math:`([^`]+)`", r"$\1$", " ".join(paragraph.split()))


def _works(function: Callable) -> list[str]:
    """Return the works among the references: author, year and pages; remarks are left out."""
    text = " ".join(_section(function, "References").split())
    pattern = r"[A-Z][^()]*\((?:1[89]|20)\d\d\).*?\d+[-–]\d+(?=\W)"
    return [f"{work.strip('. ')}." for work in re.findall(pattern, text)]
