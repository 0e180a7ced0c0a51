"""Results, networks and figures as files of other programs; no file is ever overwritten."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clusterlab.names import listed, shown
from clusterlab.parameters import number
from clusterlab.reading import extra

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.axes import Axes

__all__ = ["save"]

_MILLIMETRES = 25.4  # an inch
_SMALLEST = 7  # points: letters that can be read in print
_DOTS_PER_INCH = 600  # what journals ask of drawings


def save(
    result: Any,
    path: str | os.PathLike,
    *,
    width: float = 180,
    shapes: Any = None,
    key: str | None = None,
) -> None:
    r"""Write a result, a table, a network or a figure to a new file; its ending says which kind.

    Tables and all results that have ``to_frame`` go to ``.csv``, ``.xlsx``, ``.tex`` (a LaTeX
    table for the package booktabs) and, with shapes, ``.geojson``; networks to ``.graphml``,
    ``.gexf`` and ``.net`` (Pajek); axes to ``.svg``, ``.pdf`` and ``.png``. Labels stay text. The
    note or base of a result, which says what it was computed from, goes along: below a LaTeX table,
    on a sheet of its own, as a member of the GeoJSON, and in ``name.note.txt`` beside a ``.csv``.

    Parameters
    ----------
    result : object
        A result of the library, a frame or Series, a networkx graph, or matplotlib axes.
    path : str or path
        A file that does not exist.
    width : float
        Of a figure, in millimetres: many journals print columns of 85 and pages of 180. Letters
        stay at 7 points or more, fonts are inside the file, and a PNG has 600 dots an inch.
    shapes : geopandas.GeoDataFrame or path, optional
        The regions' geometry, for ``.geojson``.
    key : str, optional
        The column of ``shapes`` that has the labels of the result's rows.

    Raises
    ------
    ValueError
        A file that exists, an ending that does not fit what is saved, a package that is missing,
        rows without shapes, an attribute of a network that the format cannot hold.

    See Also
    --------
    clusterlab.networks.load : a network back from a file.
    clusterlab.agglomeration.cite : how a result was computed, for a methods section.
    clusterlab.style.show : a figure in a notebook.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "jobs.tex"
    >>> save(pd.DataFrame({"jobs": [5]}, index=["R&D"]), file)
    >>> print(file.read_text(encoding="utf-8").splitlines()[4])
    R\&D & 5 \\
    """
    path = Path(path).expanduser()
    refuse_existing(path)
    kinds, what = _kinds(result)
    end = path.suffix.lower()
    if end not in kinds:
        raise ValueError(
            f"{path.name} ends in {end or 'nothing'}, but {what} is saved as {listed([*kinds])}."
        )
    if (shapes is None or key is None) and end == ".geojson":
        raise ValueError(f"{path.name} needs shapes= and key=, the column with the labels.")
    if end == ".geojson":
        made = kinds[end](result, shapes, key)
    elif end in _FIGURES:
        made = kinds[end](result, number("width", width, 20, 1000), end)
    else:
        made = kinds[end](result)
    files = {path: made}
    if end == ".csv" and (note := _note(result)):
        files[path.with_suffix(".note.txt")] = f"{note}\n".encode()
    for each in files:
        refuse_existing(each)
    for each, content in files.items():
        with open(each, "xb") as new:
            new.write(content)


def refuse_existing(path: Path) -> None:
    """Refuse a file that is there, and a folder that is not."""
    if path.exists():
        raise ValueError(f"{path} exists and is not overwritten; choose another name.")
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {shown(str(path.parent))}.")


def _kinds(result: Any) -> tuple[dict[str, Callable[..., bytes]], str]:
    """Return the endings something is saved under, each with its writer, and what it is."""
    if isinstance(result, pd.DataFrame | pd.Series) or hasattr(result, "to_frame"):
        return _TABLES, "a table"
    if hasattr(result, "is_directed"):
        return _NETWORKS, "a network"
    if hasattr(result, "get_figure"):
        return dict.fromkeys(_FIGURES, _figure), "a figure"
    raise ValueError(
        f"a {type(result).__name__} cannot be saved; give a result with to_frame, a frame, a "
        "networkx graph or matplotlib axes."
    )


# --- tables ---------------------------------------------------------------------------------------


def _frame(result: Any) -> pd.DataFrame:
    frame = result if isinstance(result, pd.DataFrame) else result.to_frame()
    plain = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    return frame if plain else frame.reset_index()


def _note(result: Any) -> str:
    """Return what a result was computed from, where it says so."""
    if isinstance(result, pd.DataFrame | pd.Series):  # their columns look like attributes
        return str(result.attrs.get("note", ""))
    return str(getattr(result, "base", "") or getattr(result, "note", ""))


def _csv(result: Any) -> bytes:
    return _frame(result).to_csv(index=False, lineterminator="\n").encode()


def _xlsx(result: Any) -> bytes:
    stream = io.BytesIO()
    with extra("openpyxl", "an .xlsx file"):
        import openpyxl
    with pd.ExcelWriter(stream, engine=openpyxl.__name__) as book:
        _frame(result).to_excel(book, sheet_name="result", index=False)
        if note := _note(result):
            pd.DataFrame({"note": [note]}).to_excel(book, sheet_name="note", index=False)
        for sheet in book.sheets.values():
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if cell.data_type == "f":  # a label that begins with = is no formula
                    cell.data_type = "s"
    return stream.getvalue()


_TEX = str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {letter: f"\\{letter}" for letter in "&%$#_{}"}
    | {letter: f"{{{letter}}}" for letter in "[*"}  # after the end of a row they would belong to it
    | {"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}"}
    | {"−": "$-$", "×": r"$\times$", "γ": r"$\gamma$"}  # that stand in our own notes
)


def _tex(result: Any) -> bytes:
    """Return a table for the package booktabs; pandas' own escapes nothing and needs jinja2."""
    frame = _frame(result)

    def cell(value: Any) -> str:
        if pd.isna(value):
            return "--"
        if not isinstance(value, float | np.floating):
            return str(value).translate(_TEX)
        size = float(value)
        whole = 1e4 <= abs(size) < 1e15 or size.is_integer()
        figures, e, power = f"{size:{',.0f' if whole else '#.4g'}}".partition("e")
        if e:
            return rf"${figures} \times 10^{{{int(power)}}}$"
        return f"$-${figures[1:]}" if figures[0] == "-" else figures.rstrip(".")

    sides = "".join("r" if pd.api.types.is_numeric_dtype(kind) else "l" for kind in frame.dtypes)
    head = " & ".join(str(name).replace("_", " ").translate(_TEX) for name in frame)
    rows = [" & ".join(map(cell, row)) + r" \\" for row in frame.itertuples(index=False)]
    lines = [rf"\begin{{tabular}}{{{sides}}}", r"\toprule", rf"{head} \\", r"\midrule", *rows]
    lines += [r"\bottomrule", r"\end{tabular}"]
    if note := _note(result):
        lines += [r"\par\smallskip", rf"{{\footnotesize {note.translate(_TEX)}\par}}"]
    return "\n".join([*lines, ""]).encode()


def _geojson(result: Any, shapes: Any, key: str) -> bytes:
    import json

    from clusterlab import maps

    frame = result if isinstance(result, pd.DataFrame) else result.to_frame()
    if isinstance(getattr(result, "value", None), pd.DataFrame):
        frame = result.value  # of quotients one row a region, as the shapes are
    areas, lacking, _ = maps.matched(frame.index, shapes, key)
    if lacking:
        raise ValueError(lacking)
    named = frame.set_axis(frame.index.map(maps.text_of)).rename(columns=str)
    there = areas[[key, areas.geometry.name]].join(named, on=key)
    made = json.loads(there.to_json(drop_id=True, to_wgs84=there.crs is not None))
    return json.dumps(made | {"note": _note(result)}, ensure_ascii=False).encode()


_TABLES: dict[str, Callable[..., bytes]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".tex": _tex,
    ".geojson": _geojson,
}


# --- networks -------------------------------------------------------------------------------------


def _storable(graph: nx.Graph, name: str) -> nx.Graph:
    """Return a copy with plain values, without those not known; refuse what is no single value."""
    copy = graph.copy()
    names = [str(node) for node in copy]
    if len({*names}) < len(names):
        again = next(each for each in names if names.count(each) > 1)
        raise ValueError(f"two nodes are both written {again!r}, so a {name} file mixes them up.")
    places = [(f"node {node!r}", data) for node, data in copy.nodes(data=True)]
    places += [(f"tie {u!r} → {v!r}", data) for u, v, data in copy.edges(data=True)]
    places += [("the network", copy.graph)]
    for place, data in places:
        for attribute, value in [*data.items()]:
            plain = value.item() if isinstance(value, np.generic) else value
            if plain is None or plain is pd.NA or plain != plain:
                del data[attribute]  # an attribute that is not known is not there
            elif isinstance(plain, str | bool | int | float):
                data[attribute] = plain
            else:
                raise ValueError(
                    f"{place}: {attribute!r} is a {type(value).__name__}, which a {name} file "
                    "cannot hold; take it out or write it as text."
                )
    # one kind of number an attribute, or readers take 2.5 for a whole number
    for at in ("nodes", "edges"):
        rows = [data for *_, data in getattr(copy, at)(data=True)]
        for attribute in {each for data in rows for each in data}:
            kinds = {type(data[attribute]) for data in rows if attribute in data}
            if len(kinds) > 1:
                numbers = kinds <= {int, float}
                for data in (data for data in rows if attribute in data):
                    data[attribute] = (float if numbers else str)(data[attribute])
    return copy


def _graphml(graph: nx.Graph) -> bytes:
    import networkx as nx

    stream = io.BytesIO()
    nx.write_graphml(_storable(graph, "GraphML"), stream)
    return stream.getvalue()


def _gexf(graph: nx.Graph) -> bytes:
    import networkx as nx

    stream = io.BytesIO()
    nx.write_gexf(_storable(graph, "GEXF"), stream)
    return stream.getvalue()


def _pajek(graph: nx.Graph) -> bytes:
    """Return a Pajek file: its weights are the strengths, and its other attributes are text."""
    import networkx as nx

    copy, stream = _storable(graph, "Pajek"), io.BytesIO()
    for *_, data in copy.edges(data=True):
        if "strength" in data:
            data["weight"] = data.pop("strength")
    for at in ("nodes", "edges"):
        for *_, data in getattr(copy, at)(data=True):
            data |= {name: str(value) for name, value in data.items() if name != "weight"}
    with warnings.catch_warnings(action="error"):
        nx.write_pajek(copy, stream)
    return stream.getvalue()


_NETWORKS: dict[str, Callable[..., bytes]] = {".graphml": _graphml, ".gexf": _gexf, ".net": _pajek}


# --- figures --------------------------------------------------------------------------------------

_FIGURES = (".svg", ".pdf", ".png")


def _figure(ax: Axes, width: float, end: str) -> bytes:
    """Return the whole figure of axes as wide as asked for; the figure itself stays as it was."""
    from matplotlib.transforms import Bbox

    from clusterlab import style

    figure: Any = ax.figure.figure  # the whole one, where axes stand in a part of it
    before = figure.get_size_inches().copy()
    inches = width / _MILLIMETRES
    undo = _scaled(figure, inches / before[0])
    stream = io.BytesIO()
    try:
        with style.context(embedded=True):
            figure.set_size_inches(before * inches / before[0])
            for _ in range(4):  # what stands out beside the axes is within the width
                style.settled(figure)
                whole = figure.get_tightbbox()
                if whole.width <= inches:
                    break
                figure.set_size_inches(
                    figure.get_size_inches()[0] - (whole.width - inches) * 1.02,
                    figure.get_size_inches()[1],
                )
            left = (whole.x0 + whole.x1 - inches) / 2
            box = Bbox.from_bounds(left, whole.y0 - 0.03, inches, whole.height + 0.06)
            figure.savefig(stream, format=end[1:], dpi=_DOTS_PER_INCH, bbox_inches=box)
    finally:
        figure.set_size_inches(before)
        for reset in undo:
            reset()
    return stream.getvalue()


def _scaled(figure: Any, by: float) -> list[Callable[[], None]]:
    """Scale letters, lines and marks; return what takes that back."""
    from functools import partial

    from matplotlib.collections import PathCollection
    from matplotlib.text import Text

    undo: list[Callable[[], None]] = []

    def change(thing: Any, name: str, scale: Callable[[Any], Any]) -> None:
        old, put = getattr(thing, f"get_{name}")(), getattr(thing, f"set_{name}")
        undo.append(partial(put, old))
        put(scale(old))

    for thing in figure.findobj():
        if isinstance(thing, Text):
            change(thing, "fontsize", lambda size: max(_SMALLEST, size * by))
        elif hasattr(thing, "get_linewidth"):
            change(thing, "linewidth", lambda size: np.asarray(size) * by)
        if hasattr(thing, "get_markersize"):
            change(thing, "markersize", lambda size: size * by)
        if isinstance(thing, PathCollection):
            change(thing, "sizes", lambda sizes: np.asarray(sizes) * by**2)
    return undo
