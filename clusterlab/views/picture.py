"""A figure as SVG text, drawn again and again while a reader moves a control.

Most of what matplotlib does for a picture is making axes and measuring texts. Here axes and margins
stay, and each text is measured once: a third of the time. Labels
of ticks are kept as they were first written (`clusterlab.views.axis_labels`).
"""

import functools
import io
import operator
import textwrap
from collections.abc import Callable
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.textpath import text_to_path
from matplotlib.ticker import ScalarFormatter
from matplotlib.transforms import Bbox

from clusterlab import style
from clusterlab.labels import settle, tick_labels, tidy
from clusterlab.views.axis_labels import keep_labels

_POINTS_PER_INCH = 72
_DOTS_PER_INCH = 144
_LETTER = 7  # points; about the width of a digit
_LETTERS = 30  # in a line of the label of an axis where the picture is narrow
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


class Picture:
    """Axes side by side, or under one another where it is narrow, drawn anew by `draw`.

    Attributes
    ----------
    axes : list of matplotlib.axes.Axes
        One for each panel.
    width : int
        Width in pixels at which the picture is shown.
    layouts : int
        How often margins were set; pictures drawn before the last time have other margins.
    """

    def __init__(self, panels: int, *, dark: bool, narrow: bool = False) -> None:
        self._panels, self._dark, self._stacked = panels, dark, narrow
        self._longest: list[int] | None = None
        self._narrow = False
        self.layouts = 0
        self._new_figure()

    def _new_figure(self) -> None:
        self._figure, self.axes = style.figure(
            panels=self._panels, dark=self._dark, narrow=self._stacked
        )
        self._bare = {ax: {*ax.get_children()} for ax in self.axes}
        self.width = int(self._figure.get_figwidth() * 100)
        self._figure.set_dpi(_POINTS_PER_INCH)
        FigureCanvasSVG(self._figure)
        make = functools.partial(_Renderer, *self._figure.bbox.size)
        self._renderer = make()  # what measures; it keeps the widths
        for ax in self.axes:
            keep_labels(ax, make)

    @property
    def ground(self) -> list[float]:
        """Where the first axes stand: left, top, width and height as shares of the picture."""
        box = self.axes[0].get_window_extent()
        wide, high = self._figure.bbox.size
        return [box.x0 / wide, 1 - box.y1 / high, box.width / wide, box.height / high]

    def draw(self, plot: Callable[[list[Axes]], None]) -> str:
        """Empty the axes, call ``plot(axes)``, and return the picture as SVG, its text as text."""
        with style.context(dark=self._dark):
            self._fill(plot)
            renderer = _Renderer(*self._figure.bbox.size)
            self._figure.draw(renderer)
            renderer.finalize()
        return renderer.stream.getvalue()

    def png(self, plot: Callable[[list[Axes]], None]) -> bytes:
        """Return the same picture as PNG bytes."""
        stream = io.BytesIO()
        with style.context(dark=self._dark):
            self._fill(plot)
            self._figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH)
        return stream.getvalue()

    def _fill(self, plot: Callable[[list[Axes]], None]) -> None:
        for ax, bare in self._bare.items():
            _empty(ax, bare)
        self._plot(plot)
        longest = [_needed(ax) for ax in self.axes]
        if self._stacked:
            longest += [lines for ax in self.axes for lines in _lines_around(ax)]
        if self._longest is None:
            self._lay_out(longest)
        elif any(map(operator.gt, longest, self._longest)):
            self._lay_out_anew(plot, longest)
        narrow = self._settle()
        if narrow and not self._narrow:
            self._lay_out_anew(plot, longest)
            self._narrow = self._settle()  # once in vain is enough

    def _plot(self, plot: Callable[[list[Axes]], None]) -> None:
        plot(self.axes)
        for ax in self.axes:
            if self._stacked:  # long words below end with the axis: the whole width is theirs
                ax.xaxis.label.set(x=1, horizontalalignment="right")
                for label in (ax.xaxis.label, ax.yaxis.label):
                    label.set_text(textwrap.fill(label.get_text(), _LETTERS))
            tidy(ax)
            style.darken_words(ax)

    def _settle(self) -> bool:
        return settle(self.axes, self._rooms, self._renderer)

    def _lay_out_anew(self, plot: Callable[[list[Axes]], None], longest: list[int]) -> None:
        self._new_figure()  # places once set can only be found anew on a new figure
        self._plot(plot)
        self._lay_out(list(map(max, longest, self._longest or longest)))

    def _lay_out(self, longest: list[int]) -> None:
        """Set the margins and the places of the axis labels.

        That costs as much as drawing, so it is done at first and when a label at the vertical axis
        or in the right margin has become longer; in between both stay.
        """
        ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08).execute(self._figure)
        for ax in self.axes:
            ax.get_tightbbox(self._renderer)  # which brings the labels of the axes to their places
        for ax, most in zip(self.axes, longest, strict=False):
            places = [
                axis.label.get_transform().transform(axis.label.get_position())
                for axis in (ax.xaxis, ax.yaxis)
            ]
            box = ax.get_position()
            spare = most - _longest_label(ax)
            if spare > 0:  # room beside the label of the axis for longer ones at its ticks
                box.x0 += spare * _LETTER / self._figure.bbox.width
                ax.set_position(box)
            (_, below), (left, _) = map(ax.transAxes.inverted().transform, places)
            ax.xaxis.set_label_coords(ax.xaxis.label.get_position()[0], below)
            ax.yaxis.set_label_coords(left, 0.5)
        self._rooms = self._bounds()
        self._longest = longest
        self.layouts += 1

    def _bounds(self) -> list[Bbox]:
        """Return how far the texts of each panel may go: to the label of the next panel's axis."""
        if self._stacked:
            return [Bbox(self._figure.bbox.get_points())] * len(self.axes)
        labels = [ax.yaxis.label for ax in self.axes[1:]]
        starts = [label.get_window_extent(self._renderer).x0 - 2 for label in labels]
        ends = [*starts, self._figure.bbox.x1]
        height = self._figure.bbox.height
        return [
            Bbox.from_extents(first, 0, last, height)
            for first, last in zip([0, *starts], ends, strict=True)
        ]


def _longest_label(ax: Axes) -> int:
    """Return the length of the longest label at the vertical axis."""
    return max((len(label.get_text()) for label in tick_labels(ax.yaxis)), default=0)


def _needed(ax: Axes) -> int:
    """Return the length of label there should be room for: numbers may grow by some digits."""
    numbers = isinstance(ax.yaxis.get_major_formatter(), ScalarFormatter)
    return max(_longest_label(ax), 4 if numbers and ax.axison else 0)


def _lines_around(ax: Axes) -> list[int]:
    """Return how many lines the labels of the axes and the legend have."""
    legend = ax.get_legend()
    labels = [ax.xaxis.label.get_text(), ax.yaxis.label.get_text()]
    return [*(text.count("\n") for text in labels), len(legend.get_texts()) if legend else 0]


def _empty(ax: Axes, bare: set[Artist]) -> None:
    """Take what was drawn off the axes; ticks and spines, which are slow to make, stay."""
    for artist in ax.get_children():
        if artist not in bare:
            artist.remove()
    ax.containers.clear()
    ax.set_prop_cycle(None)
    ax.relim()
    ax.autoscale()


_measured = functools.lru_cache(4096)(text_to_path.get_text_width_height_descent)


class _Renderer(RendererSVG):
    """Measures each text once, and omits the elements ``<g id>``, whose names nobody reads."""

    def __init__(self, width: float, height: float) -> None:
        self.stream = io.StringIO()
        super().__init__(width, height, self.stream, metadata=_NO_METADATA)

    get_text_width_height_descent: Any = staticmethod(_measured)

    def open_group(self, s: str, gid: str | None = None) -> None:
        pass

    def close_group(self, s: str) -> None:
        pass
