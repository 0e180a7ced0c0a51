"""What a widget shows, kept as a table, so that a page without a kernel can show it.

This runs in the kernel of a unit, after its last cell. A widget's *store* has the pictures of its
settings: every stop of each control while the others stand where the unit shows them, and a coarse
grid of them all. Pictures of one widget are nearly alike, so a store holds each line of their SVG
once, and a picture as runs of line numbers; packed, that is half a kilobyte to two a picture.
"""

import base64
import functools
import gzip
import itertools
import json
import multiprocessing
import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipywidgets import Box, Widget, widgets

from clusterlab import exercises, explore
from clusterlab.views import course
from clusterlab.views.graph import GraphView
from clusterlab.views.picture import Picture

#: Stops of one control at most, and of those where the reader's answer is drawn on the picture too.
STOPS, STOPS_MARKED = 51, 11
#: Settings of the grid of all controls.
GRID = 64
#: Networks at most with one tie drawn or cut.
TIES = 420
#: Seconds of a model beyond which a widget is slow: it has few pictures.
SLOW = 0.5
#: Seconds of all runs of a model beyond which they are shared by two processes.
LONG = 8

Setting = dict[str, Any]


def stops(control: dict, most: int) -> list:
    """Return values of a control from end to end, at most so many of them."""
    if control["kind"] == "points":
        return [control["start"]]
    if control["kind"] == "switch":
        return [False, True]
    if control["kind"] == "choice":
        return thinned(control["choices"], most)
    step, low = control["step"], control["low"]
    digits = max(len(f"{part:.10f}".rstrip("0").partition(".")[2]) for part in (step, low))
    count = int((control["high"] - low) / step + 1e-9)
    found = [round(low + k * step, digits) for k in range(count + 1)]  # as the browser rounds
    return thinned([int(value) if control["whole"] else value for value in found], most)


def thinned(values: list, most: int) -> list:
    """Return at most so many of some values, both ends among them."""
    if len(values) <= most:
        return list(values)
    return [values[round(k * (len(values) - 1) / (most - 1))] for k in range(most)]


def plan(controls: list[dict]) -> list[Setting]:
    """Return the settings to keep, the one shown first before all.

    After it the corners: margins are set where the longest labels are, and are then the same in all
    pictures.
    """
    start, moved, found = _begun(controls)
    if 1 < len(moved) < 4:
        found += _grid(start, moved, int(GRID ** (1 / len(moved)) + 1e-9))
    for one, other in itertools.combinations(moved, 2):  # two of them, the others at the start
        for a, b in itertools.product(stops(one, 4), stops(other, 4)):
            found.append({**start, one["name"]: a, other["name"]: b})
    return _distinct(found + _lines(start, moved, STOPS))


def plan_slow(controls: list[dict]) -> list[Setting]:
    """Return the settings of which a slow widget's pictures are kept, or any one's with a mark."""
    start, moved, found = _begun(controls)
    return _distinct(found + _lines(start, moved, STOPS_MARKED))


def _begun(controls: list[dict]) -> tuple[Setting, list[dict], list[Setting]]:
    """Return the start, the controls that are moved, and the start with the corners."""
    start = {control["name"]: control["start"] for control in controls}
    moved = [control for control in controls if control["kind"] != "points"]
    return start, moved, [start, *_grid(start, moved, 2)]


def _grid(start: Setting, moved: list[dict], most: int) -> list[Setting]:
    """Return the settings of all controls together."""
    names = [control["name"] for control in moved]
    ways = itertools.product(*(stops(control, most) for control in moved))
    return [{**start, **dict(zip(names, at, strict=True))} for at in ways]


def _lines(start: Setting, moved: list[dict], most: int) -> list[Setting]:
    """Return the settings of one control while the others stand at the start."""
    return [{**start, each["name"]: value} for each in moved for value in stops(each, most)]


def _distinct(settings: list[Setting]) -> list[Setting]:
    """Return settings, each once, in their order."""
    return list({json.dumps(setting): setting for setting in settings}.values())


class Table:
    """Lines that are kept once, and pictures as runs of their numbers."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}

    def runs(self, lines: Iterable[str]) -> list[int]:
        """Return a picture: first line and number of lines, again and again."""
        found: list[int] = []
        for line in lines:
            number = self.lines.setdefault(line, len(self.lines))
            if found and found[-2] + found[-1] == number:
                found[-1] += 1
            else:
                found += [number, 1]
        return found


_LONG = re.compile(r"(\.\d)\d+")


def svg_lines(drawing: str) -> list[str]:
    """Return the lines of a drawing, its numbers to a tenth of a point, a pixel's seventh part."""
    shorter = _LONG.sub(r"\1", drawing)
    return shorter.split("\n")


def _result(widget: explore.Explorer, setting: Setting) -> tuple[Any, str]:
    """Return the result of a widget's model, and why there is none."""
    try:
        return widget._model(**widget._fixed, **setting), ""
    except ValueError as error:
        return None, str(error)


#: Results by model and setting, for another widget of the same model, of which a unit may have two.
_KNOWN: dict[Callable, dict[str, Any]] = {}


def _results(widget: explore.Explorer, settings: list[Setting], first: Any, took: float) -> list:
    """Return the results of settings, the first of which took so long; two processes if all do."""
    known = {} if widget._fixed else _KNOWN.setdefault(widget._model, {})
    known[_place(settings[0])] = first
    new = [setting for setting in settings if _place(setting) not in known]
    if took * len(new) > LONG:
        halves = _both(lambda second: [_result(widget, each) for each in new[second::2]])
        made = [result for pair in itertools.zip_longest(*halves) for result in pair]
    else:
        made = [_result(widget, setting) for setting in new]
    known |= zip(map(_place, new), made, strict=False)
    return [known[_place(setting)] for setting in settings]


def _place(setting: Setting) -> str:
    """Return a setting in words in which 0 is 0.0."""
    return str({k: float(v) if isinstance(v, int | float) else v for k, v in setting.items()})


def explorer(widget: explore.Explorer) -> tuple[dict, dict | None]:
    """Return what a page needs of an explorer at once, and its store."""
    prediction = widget._prediction
    choices = list(prediction.choices) if prediction is not None else []
    settings, marked = plan(widget.controls), plan_slow(widget.controls)
    began = time.monotonic()
    first = _result(widget, settings[0])  # the start, in either plan
    took = time.monotonic() - began
    if took > SLOW:
        settings = marked
    answers = _results(widget, settings, first, took)
    table, kept = Table(), []
    more = sorted({*type(widget).class_trait_names()} - {*explore.Explorer.class_trait_names()})
    results: list[Any] = []
    for setting, (result, problem) in zip(settings, answers, strict=True):
        entry: dict[str, Any] = {"at": list(setting.values())}
        kept.append(entry)
        results.append(result)
        if problem:
            entry["problem"] = problem
            continue
        entry["sentence"] = widget._say(results[-1])
        if more:
            widget._show(explore._View(setting, results[-1], "", ""))
            entry["more"] = {name: getattr(widget, name) for name in more}
    # On each ground first without an answer, then, where it stands on the picture, with each.
    answers = [[None, *choices] if setting in marked else [None] for setting in settings]
    asked: Any = SimpleNamespace(_plots=widget._plots, _prediction=SimpleNamespace(answer=None))
    looks = _both(lambda narrow: _look(asked, narrow, results, answers))
    (wide, narrow), widths, grounds = zip(*looks, strict=True)
    for entry, *made in zip(kept, wide, narrow, strict=True):
        entry["runs"] = [table.runs(lines) for pair in zip(*made, strict=True) for lines in pair]
    shown_first = kept[0]
    state = {
        "view": type(widget).__name__.lower(),
        "controls": widget.controls,
        "values": settings[0],
        "sentence": shown_first.get("sentence", ""),
        "problem": shown_first.get("problem", ""),
        "width": widths[0],
        "ground": grounds[0],
        "mark": widget.mark,
        "answers": choices,
        **{name: getattr(widget, name) for name in more},
        **shown_first.get("more", {}),
    }
    shown = {"lines": list(table.lines), "settings": kept, "widths": widths, "grounds": grounds}
    state["drawing"] = "\n".join(wide[0][0]) if wide[0] else ""
    return state, shown


def _both(make: Callable[[bool], Any]) -> tuple[Any, Any]:
    """Return what is made of False and of True, wide and narrow, each by a process of its own."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return make(False), make(True)
    got, put = multiprocessing.Pipe(duplex=False)
    # a copy of this process, so that what a notebook has defined need not be pickled
    other = multiprocessing.get_context("fork").Process(target=lambda: put.send(make(True)))
    other.start()
    put.close()  # so that a process that fails ends the waiting below
    wide, narrow = make(False), got.recv()
    other.join()
    return wide, narrow


def _look(
    widget: Any, narrow: bool, results: list, answers: list[list]
) -> tuple[list[list[list[str]]], int, list[float]]:
    """Return the pictures of results, each with each of its answers, their width and ground."""
    picture = Picture(len(widget._plots), dark=False, narrow=narrow)
    drawn: list[list[list[str]]] = [[] for _ in results]
    under = [-1 for _ in results]  # how often margins had been set
    for _ in range(2):  # those drawn before margins were set for the last time are drawn again
        for number, result in enumerate(results):
            if result is None or under[number] == picture.layouts:
                continue
            drawn[number] = []
            for answer in answers[number]:
                widget._prediction.answer = answer
                plot = functools.partial(explore.Explorer._plot, widget, result)
                drawn[number].append(svg_lines(picture.draw(plot)))
            under[number] = picture.layouts
    return drawn, picture.width, picture.ground


def _answer(prediction: Any, answer: Any) -> None:
    """Let a prediction stand as answered, without anything being redrawn."""
    if prediction is not None:
        prediction._trait_values["answer"] = answer


def graph(widget: GraphView) -> tuple[dict, dict | None]:
    """Return what a page needs of a graph at once, and the store of one that is made."""
    widget.made = widget.first
    at_start = {control["name"]: control["start"] for control in widget.controls}
    names = (
        "nodes",
        "edges",
        "legend",
        "sentence",
        "width",
        "height",
        "hint",
        "making",
        "directed",
    )
    if widget.making:
        widget.values = at_start
    state = {"view": "graph", **{name: getattr(widget, name) for name in names}}
    state |= {"made": widget.first, "first": widget.first, "controls": widget.controls}
    state |= {"values": at_start, "mark": widget.mark, "problem": widget.problem}
    state["positions"] = base64.b64encode(widget.positions).decode()
    if not widget.making:
        return state, None
    table, kept = Table(), []
    for made, setting in _makings(widget, at_start):
        entry: dict[str, Any] = {"made": made, "at": list(setting.values())}
        kept.append(entry)
        widget.made, widget.values = made, setting
        if widget.problem:
            entry["problem"] = widget.problem
            continue
        entry["sentence"] = widget.sentence
        parts = [*widget.nodes, None, *widget.edges, None, *widget.legend]
        entry["runs"] = [table.runs(json.dumps(part) for part in parts)]
    widget.made, widget.values = widget.first, at_start
    return state, {"lines": list(table.lines), "settings": kept}


def _makings(widget: GraphView, start: Setting) -> Iterator[tuple[list, Setting]]:
    """Yield the networks to keep: the first at every setting, one tie drawn or cut, two cut."""
    first, most = list(widget.first), 100
    for at in itertools.islice(
        itertools.product(*(stops(control, most) for control in widget.controls)), 300
    ):
        yield first, dict(zip(start, at, strict=True))
    names = [node["name"] for node in widget.nodes]
    pairs = (
        itertools.permutations(names, 2) if widget.directed else itertools.combinations(names, 2)
    )
    ends = set(map(frozenset if not widget.directed else tuple, first))
    new = [[*pair] for pair in pairs if (pair if widget.directed else frozenset(pair)) not in ends]
    ways = [[tie for tie in first if tie is not cut] for cut in first]
    ways += [[*first, tie] for tie in new[: TIES - len(ways)]]
    both = itertools.combinations(first, 2)
    ways += [[tie for tie in first if tie not in cut] for cut in both][: max(TIES - len(ways), 0)]
    for made in ways:
        yield made, start


def question(widget: Any) -> tuple[dict, None]:
    """Return a question with what judges an answer in the page."""
    names = ("question", "kind", "choices", "unit", "button")
    state: dict[str, Any] = {"view": "question", **{name: getattr(widget, name) for name in names}}
    state |= {"attempt": {}, "feedback": "", "right": None, "mark": widget.mark}
    state["between"] = widget._between
    if isinstance(widget, exercises.Check):
        hints = [[wrong, hint] for wrong, hint in widget._hints.items()]
        state["judge"] = {"answer": widget._answer, "within": widget._within, "hints": hints}
        state["judge"] |= {"otherwise": widget._otherwise, "why": widget._why}
    return state, None


def line(widget: Any) -> tuple[dict, None]:
    """Return a line of words."""
    return {"view": "line", "sentence": widget.sentence, "mark": widget.mark}, None


def contents(widget: course.Contents) -> tuple[dict, None]:
    """Return the contents of the course."""
    state = {"view": "course", "units": widget.units, "version": widget.version}
    return {**state, "sentence": "", "mark": widget.mark}, None


def box(widget: Box) -> tuple[dict, None]:
    """Return a box: its children, one after another, with their titles where it has any."""
    titles = list(getattr(widget, "titles", ()))
    return {
        "view": "box",
        "children": [child.model_id for child in widget.children if kind(child)],
        "titles": titles,
    }, None


def kind(widget: Any) -> Any:
    """Return what records a widget; None for one that is not ours."""
    kinds = {
        explore.Explorer: explorer,
        GraphView: graph,
        exercises._Question: question,
        exercises._Line: line,
        course.Contents: contents,
        Box: box,
    }
    if isinstance(widget, Box) and not any(map(kind, widget.children)):
        return None  # a bar of progress
    return next((record for known, record in kinds.items() if isinstance(widget, known)), None)


def ties(shown: dict[str, Any]) -> None:
    """Tell each recorded widget which of the others follow it: answers, and linked controls."""
    known = widgets.widget._instances
    for name, state in shown.items():
        widget: Any = known[name]
        if isinstance(widget, exercises.Prediction):
            state["followed"] = _followers(widget, [each for each in shown if each != name])
        if isinstance(widget, explore.Explorer):
            state["asked"] = getattr(widget._prediction, "model_id", None)
            state["linked"] = _linked(widget, shown)


def _followers(prediction: Any, others: list[str]) -> list[str]:
    """Return the lines that a prediction's answer changes."""
    lines = [
        each for each in others if isinstance(widgets.widget._instances[each], exercises._Line)
    ]
    sentences = {each: widgets.widget._instances[each].sentence for each in lines}
    _answer(prediction, prediction.choices[0] if prediction.choices else 1)
    prediction._redraw()
    changed = [
        each for each in lines if widgets.widget._instances[each].sentence != sentences[each]
    ]
    _answer(prediction, None)
    prediction._redraw()
    return changed


def _linked(widget: Any, shown: dict[str, Any]) -> dict[str, list[str]]:
    """Return the names of controls that move those of another widget, by that widget."""
    known, found = widgets.widget._instances, {}
    others = [n for n in shown if n != widget.model_id and isinstance(known[n], explore.Explorer)]
    if not others:
        return {}
    start = {control["name"]: control["start"] for control in widget.controls}
    before = {name: dict(known[name].values) for name in others}
    for control in widget.controls:
        value = next((each for each in stops(control, 2) if each != control["start"]), None)
        if value is None:
            continue
        widget.values = {**start, control["name"]: value}
        for name in others:
            if known[name].values.get(control["name"]) != before[name].get(control["name"]):
                found.setdefault(name, []).append(control["name"])
        widget.values = start
    return found


def packed(store: dict) -> str:
    """Return a store as text: JSON, compressed."""
    told = json.dumps(store, separators=(",", ":"), ensure_ascii=False, default=float)
    return base64.b64encode(gzip.compress(told.encode(), 9, mtime=0)).decode()


def record(names: list[str], folder: str) -> None:
    """Write what there is to see of the widgets with these model ids into a folder."""
    known, shown, stores = widgets.widget._instances, {}, {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in known:  # closed since, as the bar of a progress that is done
            continue
        widget: Widget = known[name]
        made = kind(widget)
        if made is None or name in shown:
            continue
        if isinstance(widget, Box):
            waiting += [child.model_id for child in widget.children if kind(child)]
        shown[name], stores[name] = made(widget)
    ties({name: state for name, state in shown.items() if state["view"] != "box"})
    place = Path(folder)
    for name, store in stores.items():
        if store is not None:
            (place / f"{name}.store").write_text(packed(store), encoding="ascii")
    told = json.dumps(shown, ensure_ascii=False, default=float)
    (place / "widgets.json").write_text(told, encoding="utf-8")
