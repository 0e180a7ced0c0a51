"""Labels that say what they are given, stay in the picture and keep off each other.

Three things a plot cannot know beforehand: what a reader's label holds, how wide it is, and what it
meets at another setting of a widget. `tidy` looks at the first once something is drawn, `settle` at
the others once the margins stand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedFormatter, FuncFormatter, LogFormatterMathtext, NullLocator
from matplotlib.transforms import Bbox

#: Mark of the texts of a key, to which others give way.
KEY = "key"

_LONGEST = 40  # characters of a line, more than any name of ours
_LONGEST_OF_OURS = 120  # of a sentence at an axis, in which a reader's name may stand
_LINE = 1.25  # height of a line, in sizes of its letters
#: The box of a text that is not drawn: hidden, or beside a point that lies outside the axes.
_NOT_DRAWN = Bbox.unit().bounds


def tidy(ax: Axes, *, own: bool = True) -> None:
    """Make labels readable: none too long, none with characters that have no shape.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        What was drawn on.
    own : bool
        Whether the axes were made in the house style. On a reader's own, a ``$`` in a label of
        ours is kept from being read as mathematics here.
    """
    # A key and the label of an axis are ours: they are only cut where they do not fit (`settle`).
    ours = [ax.xaxis.label, ax.yaxis.label, *(t for t in ax.texts if t.get_gid() == KEY)]
    texts = [*ours, *(text for text in ax.texts if text.get_gid() != KEY)]
    legend = ax.get_legend()
    texts += legend.get_texts() if legend is not None else []
    for axis in (ax.xaxis, ax.yaxis):
        formatter: Any = axis.get_major_formatter()
        minor: Any = axis.get_minor_formatter()
        if isinstance(formatter, (FixedFormatter, FuncFormatter, StrCategoryFormatter)):
            words = formatter.format_ticks([*axis.get_majorticklocs()])
            if any(_readable(word) != word for word in words):
                axis.set_major_formatter(_made_readable(formatter))
            if not own:
                texts += axis.get_majorticklabels()
        elif isinstance(formatter, LogFormatterMathtext) and not isinstance(formatter, _Plain):
            axis.set_major_formatter(_Plain(labelOnlyBase=formatter.labelOnlyBase))
            axis.set_minor_formatter(_Plain(labelOnlyBase=minor.labelOnlyBase))
    for text in texts:
        if not own:
            text.set_parse_math(False)
        words = text.get_text()
        readable = _readable(words, _LONGEST_OF_OURS if text in ours else _LONGEST)
        if readable != words:
            text.set_text(readable)


class _Plain(LogFormatterMathtext):
    """Writes the numbers of a logarithmic axis without mathematics."""

    def __call__(self, value: float, position: int | None = None) -> str:
        return f"{value:g}" if super().__call__(value, position) else ""


def _made_readable(formatter: Any) -> FuncFormatter:
    return FuncFormatter(lambda value, position: _readable(formatter(value, position)))


def _readable(words: str, longest: int = _LONGEST) -> str:
    words = words.replace("\t", " ")
    words = "".join(
        "\N{REPLACEMENT CHARACTER}" if c != "\n" and unicodedata.category(c) in ("Cc", "Cs") else c
        for c in words
    )
    return "\n".join(_shortened(line, longest) for line in words.split("\n"))


def _shortened(line: str, most: int) -> str:
    if len(line) <= most:
        return line
    end = most // 3
    return f"{line[: most - end - 1].rstrip()}…{line[len(line) - end :].lstrip()}"


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places moved as little as possible until they are ``gap`` apart, in the same order.

    They stay between ``low`` and ``high`` where that has room for all.

    Examples
    --------
    >>> spread([5.0, 5.0, 1.0], gap=2, low=0.0, high=10.0)
    [4.0, 6.0, 1.0]
    >>> spread([9.5, 9.8], gap=2, low=0.0, high=10.0)
    [8.0, 10.0]
    """
    from scipy.optimize import isotonic_regression

    order, shift = np.argsort(places, kind="stable"), gap * np.arange(len(places))
    # Less its rank times the gap, a place must not lie below the one before: a monotone fit.
    fit = isotonic_regression(np.asarray(places)[order] - shift).x
    made = np.empty(len(places))
    made[order] = np.maximum(low, np.minimum(fit, high - shift[-1])) + shift
    return made.tolist()


def settle(panes: Sequence[Axes], rooms: Sequence[Bbox], renderer: Any) -> bool:
    """Move texts that leave their room or cover another; the margins must stand.

    Parameters
    ----------
    panes : sequence of matplotlib.axes.Axes
        Axes that have been drawn on.
    rooms : sequence of matplotlib.transforms.Bbox
        For each, how far its texts may go, in pixels.
    renderer : matplotlib renderer
        What measures the texts.

    Returns
    -------
    bool
        Whether a text in the margin at the right needs a wider one; such a text stays.
    """
    narrow = False
    for ax, room in zip(panes, rooms, strict=True):
        for axis in (ax.xaxis, ax.yaxis):
            _fit(axis.label, room, renderer)
        taken = _Taken(ax, room, renderer)
        for text in sorted(ax.texts, key=lambda text: text.get_gid() != KEY):
            box = text.get_window_extent(renderer)
            if not text.get_text().strip() or box.bounds == _NOT_DRAWN:
                continue
            if not taken.free(box) and text.get_gid() != KEY:
                if box.x0 > ax.bbox.x1 and box.x1 > room.x1:
                    narrow = True
                else:
                    box = _moved(text, box, taken)
            taken.boxes.append(box)
    return narrow


class _Taken:
    """What room there is for texts of axes."""

    def __init__(self, ax: Axes, room: Bbox, renderer: Any) -> None:
        self.boxes: list[Bbox] = []
        self.room, self._ax, self._renderer = room, ax, renderer
        self._around: list[Bbox] | None = None

    def free(self, box: Bbox) -> bool:
        if not _within(box, self.room) or _covered(box, self.boxes):
            return False
        if box.x0 >= self._ax.bbox.x0 and box.y0 >= self._ax.bbox.y0:
            return True  # labels of the axes stand at the left and below
        if self._around is None:
            self._around = list(_around(self._ax, self._renderer))
        return not _covered(box, self._around)


def _around(ax: Axes, renderer: Any) -> Iterator[Bbox]:
    """Yield the boxes of what stands around axes: the labels of their ticks, and their own."""
    for axis in (ax.xaxis, ax.yaxis):
        if ax.axison and axis.get_visible():
            texts = [*tick_labels(axis), axis.label]
            yield from (t.get_window_extent(renderer) for t in texts if t.get_text().strip())


def tick_labels(axis: Axis) -> list[Text]:
    """Return the labels of those ticks that are within the limits of the axes."""
    low, high = sorted(axis.get_view_interval())
    pairs = [*zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)]
    if not isinstance(axis.get_minor_locator(), NullLocator):  # each list is made anew
        pairs += zip(axis.get_minorticklocs(), axis.get_minorticklabels(), strict=True)
    return [label for at, label in pairs if low <= at <= high]


def _within(box: Bbox, room: Bbox) -> bool:
    return (
        box.x0 >= room.x0 and box.x1 <= room.x1 and box.y0 >= room.y0 - 1 and box.y1 <= room.y1 + 1
    )


def _covered(box: Bbox, others: Sequence[Bbox]) -> bool:
    # A box is as high as its letters can be, so two may meet a little without their ink meeting.
    slack = 0.12 * box.height
    return any(
        min(box.x1, other.x1) > max(box.x0, other.x0)
        and min(box.y1, other.y1) - max(box.y0, other.y0) > slack
        for other in others
    )


def _moved(text: Any, box: Bbox, taken: _Taken) -> Bbox:
    """Put a text to the nearest free place: the other side of its point, then up and down."""
    mover = text.get_transform()
    x, y = mover.transform(text.get_unitless_position())
    beside = isinstance(text, Annotation) and text.anncoords == "offset points"
    point = mover.transform((0, 0))[0] if beside else x
    inwards = min(0.0, taken.room.x1 - box.x1) or max(0.0, taken.room.x0 - box.x0)
    step = _LINE * text.get_fontsize() * text.figure.figure.dpi / 72 / 2
    for up in (0, *(sign * k for k in range(1, 9) for sign in (1, -1))):
        for across in (0.0, 2 * point - box.x0 - box.x1, inwards):
            there = box.translated(across, up * step)
            if taken.free(there):
                text.set_position(mover.inverted().transform((x + across, y + up * step)))
                return there
    return box


def _fit(label: Any, room: Bbox, renderer: Any) -> None:
    """Shorten the label of an axis that is longer than its room."""
    if len(label.get_text()) <= _LONGEST:  # has room even at the side of one of two panels
        return
    box = label.get_window_extent(renderer)
    upright = label.get_rotation() == 90
    low, high = (box.y0, box.y1) if upright else (box.x0, box.x1)
    first, last = (room.y0, room.y1) if upright else (room.x0, room.x1)
    beyond = max(first - low, high - last)
    if beyond > 0.5:
        share = max(0.2, 1 - 2 * beyond / (high - low))
        label.set_text(_shortened(label.get_text(), int(share * len(label.get_text()))))
