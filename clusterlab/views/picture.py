"""A figure as SVG text, drawn again and again while a reader moves a control.

Most of what matplotlib does for a picture is making axes and measuring the labels of their ticks.
Here axes and margins stay, and each label is laid out once and then only put in its place.
"""

import functools
import io
import operator
from collections.abc import Callable, Hashable
from typing import Any

from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import NullLocator, ScalarFormatter
from matplotlib.transforms import Bbox, IdentityTransform

from clusterlab import style
from clusterlab.labels import settle, tidy

__all__ = ["Picture"]

_POINTS_PER_INCH = 72
_DOTS_PER_INCH = 144
_LETTER = 7  # points; about the width of a digit
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


class Picture:
    """Axes side by side whose content is drawn anew by `draw`.

    Attributes
    ----------
    axes : list of matplotlib.axes.Axes
        One for each panel.
    width : int
        Width in pixels at which the picture is shown.
    layouts : int
        How often margins were set; a picture drawn before the last time stands elsewhere.
    """

    def __init__(self, panels: int, *, dark: bool) -> None:
        self._panels, self._dark = panels, dark
        self._longest: list[int] | None = None
        self._narrow = False
        self.layouts = 0
        self._new_figure()

    def _new_figure(self) -> None:
        self._figure, self.axes = style.figure(panels=self._panels, dark=self._dark)
        self.width = int(self._figure.get_figwidth() * 100)
        self._figure.set_dpi(_POINTS_PER_INCH)
        FigureCanvasSVG(self._figure)
        self._renderer = _Renderer(*self._figure.bbox.size)  # what measures; it keeps the widths
        for ax in self.axes:
            for axis in (ax.xaxis, ax.yaxis):
                draw = functools.partial(_draw_axis, axis, axis.draw, {})
                setattr(axis, "draw", draw)  # noqa: B010

    def draw(self, plot: Callable[[list[Any]], None]) -> str:
        """Empty the axes, call ``plot(axes)``, and return the picture as SVG, its text as text."""
        with style.context(dark=self._dark):
            self._fill(plot)
            renderer = _Renderer(*self._figure.bbox.size)
            self._figure.draw(renderer)
            renderer.finalize()
        return renderer.stream.getvalue()

    def png(self, plot: Callable[[list[Any]], None]) -> bytes:
        """Return the same picture as PNG bytes."""
        stream = io.BytesIO()
        with style.context(dark=self._dark):
            self._fill(plot)
            self._figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH)
        return stream.getvalue()

    def _fill(self, plot: Callable[[list[Any]], None]) -> None:
        for ax in self.axes:
            _empty(ax)
        self._plot(plot)
        longest = [_needed(ax) for ax in self.axes]
        if self._longest is None:
            self._lay_out(longest)
        elif any(map(operator.gt, longest, self._longest)):
            self._lay_out_anew(plot, longest)
        narrow = self._settle()
        if narrow and not self._narrow:
            self._lay_out_anew(plot, longest)
            self._narrow = self._settle()  # once in vain is enough

    def _plot(self, plot: Callable[[list[Any]], None]) -> None:
        plot(self.axes)
        for ax in self.axes:
            tidy(ax)

    def _settle(self) -> bool:
        return settle(self.axes, self._rooms, self._renderer)

    def _lay_out_anew(self, plot: Callable[[list[Any]], None], longest: list[int]) -> None:
        self._new_figure()  # places once set can only be found anew on a new figure
        self._plot(plot)
        self._lay_out(list(map(max, longest, self._longest or longest)))

    def _lay_out(self, longest: list[int]) -> None:
        """Set the margins and the places of the axis labels.

        That costs as much as drawing, so it is done at first and when a label at the vertical axis
        or in the right margin has become longer; in between both stay.
        """
        self._figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.08)
        self._figure.draw_without_rendering()
        self._figure.set_layout_engine("none")
        for ax, most in zip(self.axes, longest, strict=True):
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
            ax.xaxis.set_label_coords(0.5, below)  # in the middle, where plots put it again
            ax.yaxis.set_label_coords(left, 0.5)
        self._rooms = self._bounds()
        self._longest = longest
        self.layouts += 1

    def _bounds(self) -> list[Bbox]:
        """Return how far the texts of each panel may go: to the label of the next panel's axis."""
        labels = [ax.yaxis.label for ax in self.axes[1:]]
        starts = [label.get_window_extent(self._renderer).x0 - 2 for label in labels]
        ends = [*starts, self._figure.bbox.x1]
        height = self._figure.bbox.height
        return [
            Bbox.from_extents(first, 0, last, height)
            for first, last in zip([0, *starts], ends, strict=True)
        ]


def _longest_label(ax: Any) -> int:
    """Return the length of the longest label at the vertical axis."""
    return max((len(label.get_text()) for label in _labels_in_view(ax.yaxis)), default=0)


def _needed(ax: Any) -> int:
    """Return the length of label there should be room for: numbers may grow by some digits."""
    numbers = isinstance(ax.yaxis.get_major_formatter(), ScalarFormatter)
    return max(_longest_label(ax), 4 if numbers and ax.axison else 0)


def _empty(ax: Any) -> None:
    """Take what was drawn off the axes; ticks and spines, which are slow to make, stay."""
    for artist in [
        *ax.lines,
        *ax.patches,
        *ax.collections,
        *ax.texts,
        *ax.images,
        *ax.artists,
        *ax.child_axes,
    ]:
        artist.remove()
    ax.containers.clear()
    if ax.get_legend() is not None:
        ax.get_legend().remove()
    ax.set_prop_cycle(None)
    ax.relim()
    ax.autoscale()


class _Renderer(RendererSVG):
    """Measures each text once, and writes no groups: nobody reads their names."""

    def __init__(self, width: float, height: float) -> None:
        self.stream = io.StringIO()
        super().__init__(width, height, self.stream, metadata=_NO_METADATA)

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> Any:
        return _measured(s, prop, ismath)

    def open_group(self, s: str, gid: str | None = None) -> None:
        pass

    def close_group(self, s: str) -> None:
        pass


@functools.lru_cache(4096)
def _measured(text: str, font: FontProperties, math: Any) -> Any:
    return text_to_path.get_text_width_height_descent(text, font, math)


def _draw_axis(axis: Any, draw: Callable, kept: dict[Hashable, str], renderer: Any) -> None:
    """Draw an axis that is no more than its labels, each of which is laid out once."""
    if not isinstance(renderer, _Renderer) or not _is_words(axis):
        draw(renderer)
        return
    figure = axis.get_figure(root=True)
    for text in (*_labels_in_view(axis), axis.label):
        x, y = text.get_transform().transform(text.get_position())
        ink = to_rgba(text.get_color(), text.get_alpha())
        font = hash(text.get_fontproperties())
        look = (text.get_text(), text.get_rotation(), text.get_ha(), text.get_va(), ink, font)
        if look not in kept:
            kept[look] = _at_origin(text, figure)
        renderer.writer.comment("label")  # it also ends the tag before
        place = f"translate({x:.2f} {renderer.height - y:.2f})"
        renderer.stream.write(f'<g transform="{place}">{kept[look]}</g>\n')


def _is_words(axis: Any) -> bool:
    if not axis.get_visible() or axis.get_major_formatter().get_offset():
        return False
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    return not any(tick.tick1line.get_visible() or tick.gridline.get_visible() for tick in ticks)


def _labels_in_view(axis: Any) -> list[Any]:
    labels = axis.get_majorticklabels()
    if not isinstance(axis.get_minor_locator(), NullLocator):
        labels = [*labels, *axis.get_minorticklabels()]
    along = 0 if axis.axis_name == "x" else 1
    low, high = (axis.axes.bbox.intervalx, axis.axes.bbox.intervaly)[along]
    places = [text.get_transform().transform(text.get_position())[along] for text in labels]
    return [
        text for text, place in zip(labels, places, strict=True) if low - 1 <= place <= high + 1
    ]


def _at_origin(text: Any, figure: Any) -> str:
    """Return a text as it would be drawn at the upper left corner of the figure."""
    renderer = _Renderer(*figure.bbox.size)
    copy = Text()
    copy.update_from(text)
    copy.set(text=text.get_text(), position=(0, renderer.height), clip_on=False)
    copy.set(transform=IdentityTransform(), rotation_mode=text.get_rotation_mode())
    copy.set_figure(figure)
    renderer.writer.comment("")
    start = renderer.stream.tell()
    copy.draw(renderer)
    return renderer.stream.getvalue()[start:]
