"""A small page with every kind of widget, as the site makes its pages: built in seconds."""

import re
import sys
from pathlib import Path
from typing import Annotated, Literal

import nbformat
import networkx as nx
from annotated_types import MaxLen
from ipywidgets import dlink

from clusterlab.exercises import check, predict
from clusterlab.explore import Explorer, explore
from clusterlab.parameters import Parameter, model
from clusterlab.views.graph import graph_view

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

import execute
import live
import record


@model
def line(
    *,
    slope: Annotated[float, Parameter("slope", 0, 3, 0.01, unit="steps")] = 1.0,
    high: Annotated[bool, Parameter("high")] = False,
) -> tuple:
    if slope > 2.985:
        raise ValueError("A slope of 3 is too steep.")
    return slope, high


@model
def starred(ties: list, *, extra: Annotated[int, Parameter("extra", 0, 2, 1)] = 0):
    made = nx.Graph()
    made.add_nodes_from("abc")
    made.add_edges_from(ties)
    return made, f"{len(ties)} ties and {extra} more."


PLACES = Parameter("places", 0, 1, 0.1, admissible=(MaxLen(3),))


@model
def placed(
    *,
    places: Annotated[list[tuple[float, float]], PLACES] = ((0.2, 0.8),),
    shape: Literal["o", "s"] = "o",
) -> tuple:
    return places, shape


def draw_places(result, *, ax):
    for x, y in result[0]:
        ax.plot(x, y, result[1])
    ax.set(xlim=(0, 1), ylim=(0, 1))


def draw(result, *, ax, prediction=None):
    slope, high = result
    ax.plot([0, 1], [high, high + slope])
    ax.set(ylim=(0, 4), ylabel="height")
    if prediction is not None:
        ax.axhline(int(prediction), color="#cc79a7")


def say(result):
    return f"The line rises by {result[0]:g}{' from above' if result[1] else ''}."


def build(folder: Path) -> tuple[Path, Explorer, str]:
    """Write page.html with its script, and alone.html; return the folder, a widget and its name."""
    guess = predict("How steep?", ["1", "2"])
    first = explore(line, draw, say=say, prediction=guess)
    second = explore(line, draw, say=say)
    dlink((first, "values"), (second, "values"), lambda at: {"slope": at["slope"]})
    graph = nx.Graph([("a", "b")])
    graph.add_node("c")
    net = graph_view(graph, making=starred)
    asked = check("How much?", 0.25, within=0.01, hints={0.5: "Halve it."}, otherwise="No.")
    places = explore(placed, draw_places, say=lambda result: f"{len(result[0])} places.")
    shown = [guess, guess.reveal("It is 1."), first, second, net, asked, places]
    outputs = []
    for widget in shown:
        data = {k: v for k, v in widget._repr_mimebundle_()[0].items() if k != "image/png"}
        outputs += [nbformat.v4.new_output("display_data", data)]
        outputs += [nbformat.v4.new_output("display_data", widget._still())]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])
    cache = folder / "stores"
    cache.mkdir()
    record.record([widget.model_id for widget in shown], str(cache))
    ready = execute._with_live(notebook, cache, "unit")
    parts = [output["data"]["text/html"] for output in ready.cells[0].outputs]
    assert len(parts) == len(shown), "one output for each widget"
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += '<meta name="clusterlab-run" content="lite/">'
    head += f"<title>All kinds</title><style>{live.style()}</style>"
    page = (
        f'<!DOCTYPE html><html lang="en"><head>{head}</head><body class="clusterlab-alone"><main>'
    )
    page += f"<h1>All kinds</h1>{''.join(parts)}"
    page += '</main><script src="clusterlab.js"></script></body></html>'
    (folder / "page.html").write_text(page)
    (folder / "clusterlab.js").write_text(live.script())
    name = re.search(r"&quot;name&quot;:&quot;(unit-\d+)&quot;", parts[2])[1]
    alone = live.alone(parts[2], (cache / f"{name}.js").read_text(), title="A line", unit="x.html")
    (folder / "alone.html").write_text(alone)
    return folder, first, name
