"""A figure as SVG text, drawn again and again while a reader moves a control.

Most of what matplotlib does for a picture is measuring the labels of ticks that stand where they
stood, or that have moved. Here each label is laid out once, and then only put in its place.
"""

import functools
import io
from collections.abc import Callable, Hashable
from typing import Any

from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import NullLocator
from matplotlib.transforms import IdentityTransform

__all__ = ["drawing", "prepare"]

_POINTS_PER_INCH = 72
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def prepare(figure: Any) -> None:
    """Make a figure ready for `drawing`: each axis keeps the labels it wrote."""
    figure.set_dpi(_POINTS_PER_INCH)
    FigureCanvasSVG(figure)
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            axis.draw = functools.partial(_draw_axis, axis, axis.draw, {})


def drawing(figure: Any) -> str:
    """Return a prepared figure as one ``<svg>`` element, as wide as what it is put into."""
    renderer = _Renderer(*figure.bbox.size)
    figure.draw(renderer)
    renderer.finalize()
    return renderer.stream.getvalue()


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
