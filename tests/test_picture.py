"""Pictures drawn quickly look as matplotlib draws them."""

import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG

from clusterlab import style
from clusterlab.views.picture import Picture

SVG = "{http://www.w3.org/2000/svg}"


def plain(picture):
    """Return what matplotlib itself makes of the same figure."""
    stream = io.StringIO()
    with style.context():
        FigureCanvasSVG(picture.axes[0].figure).print_svg(stream, metadata={"Date": None})
    return stream.getvalue()


def words(drawing):
    """Return each text with its place, its turn and its look, sorted."""
    found = []

    def walk(element, x, y):
        name, move = element.tag.removeprefix(SVG), element.get("transform", "")
        if name == "g" and move.startswith("translate"):
            dx, dy = map(float, move.removeprefix("translate(").rstrip(")").split())
            x, y = x + dx, y + dy
        if name == "text":
            turn = float(move.removeprefix("rotate(").split()[0])
            at = (x + float(element.get("x")), y + float(element.get("y")))
            found.append((element.text, *at, turn, element.get("style")))
        for child in element:
            walk(child, x, y)

    walk(ElementTree.fromstring(drawing.encode()), 0.0, 0.0)
    return sorted(found, key=lambda word: word[:3])


def curve(high, *, ticks=None):
    def plot(axes):
        for ax in axes:
            ax.plot([0, 3], [0.1, high])
            ax.set(xlabel="distance (km)", ylabel="plants", xlim=(0, 3), ylim=(0, high * 1.1))
            if ticks:
                ax.set_yticks(range(len(ticks)), ticks)
                ax.get_yticklabels()[0].set_color("red")

    return plot


@pytest.mark.parametrize("panels", [1, 2])
def test_words_stand_where_matplotlib_puts_them(panels):
    picture = Picture(panels, dark=False)
    for plot in (curve(1), curve(7.3), curve(0.04), curve(2, ticks=["few", "some", "many"])):
        drawing = picture.draw(plot)
        ours, theirs = words(drawing), words(plain(picture))
        assert [word[0] for word in ours] == [word[0] for word in theirs]
        assert [word[4] for word in ours] == [word[4] for word in theirs]
        assert np.allclose([word[1:4] for word in ours], [word[1:4] for word in theirs], atol=0.02)
        assert "distance (km)" in drawing
    assert re.search(r"font(-size)?: 11px", drawing)
    assert "fill: #ff0000" in drawing


def test_ticks_beyond_the_limits_are_not_written():
    def plot(axes):
        axes[0].set(xticks=[0, 0.5, 1, 1.5], yticks=[-1, 1], xlim=(0, 1), ylim=(0, 1))

    written = [word[0] for word in words(Picture(1, dark=False).draw(plot))]
    assert sorted(written) == ["0.0", "0.5", "1", "1.0"]


@pytest.mark.parametrize("change", [lambda ax: ax.grid(True), lambda ax: ax.tick_params(left=True)])
def test_an_axis_with_lines_is_left_to_matplotlib(change):
    def plot(axes):
        curve(1)(axes)
        change(axes[0])

    picture, bare = Picture(1, dark=False), Picture(1, dark=False)
    drawing, without = picture.draw(plot), bare.draw(curve(1))
    assert [word[0] for word in words(drawing)] == [word[0] for word in words(without)]
    lines = [text.count("<path") + text.count("<use") for text in (drawing, without)]
    assert lines[0] >= lines[1] + 5, "each tick has its line"


def test_margins_stay_until_a_written_label_grows():
    picture = Picture(1, dark=False)
    left = []
    for ticks in (["few", "many"], ["no", "yes"], ["few", "very many indeed"], ["few", "many"]):
        picture.draw(curve(1, ticks=ticks))
        left.append(picture.axes[0].get_position().x0)
    assert left[0] == left[1] < left[2] == left[3]
    assert picture.layouts == 2


def test_nothing_is_left_of_the_picture_before():
    picture = Picture(1, dark=False)
    first = picture.draw(curve(1))
    picture.draw(curve(5))
    assert picture.draw(curve(1)) == first
    assert len(picture.axes[0].lines) == 1


def test_png_is_the_same_picture():
    picture = Picture(1, dark=False)
    drawing = picture.draw(curve(1))
    png = picture.png(curve(1))
    assert png.startswith(b"\x89PNG")
    assert picture.png(curve(1)) == png
    assert picture.draw(curve(1)) == drawing
