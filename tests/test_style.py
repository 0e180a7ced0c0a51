"""One palette, one size, labels at the lines."""

import base64
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from clusterlab import style


@pytest.fixture
def ax():
    yield plt.figure().add_subplot()
    plt.close("all")


def test_roles_and_hues():
    assert style.colour("marshallian") == style.colour("blue") == "#0072B2"
    for name in (*style._ROLES, *style._OKABE_ITO):
        assert mpl.colors.is_color_like(style.colour(name))
    with pytest.raises(ValueError, match="colour 'bleu' is not known; known are main, .*vermilion"):
        style.colour("bleu")


@pytest.mark.parametrize(
    "group",
    [
        ("marshallian", "hub", "satellite", "state"),
        ("local", "regional", "global"),
        ("market", "modular", "relational", "captive", "hierarchy", "transnational community"),
        ("main", "second", "third", "reference", "prediction"),
    ],
)
def test_roles_shown_together_differ(group):
    assert len({style.colour(role) for role in group}) == len(group)


def test_context_is_left_behind():
    before = dict(mpl.rcParams)
    with style.context(dark=True):
        assert mpl.rcParams["text.color"] == "#E8E8E8"
    assert dict(mpl.rcParams) == before


def test_figure_is_unknown_to_pyplot():
    before = plt.get_fignums()
    figure, axes = style.figure(panels=2)
    assert len(axes) == 2
    assert plt.get_fignums() == before
    assert figure.get_figheight() == style.FIGURE_SIZE[1]
    single, [_] = style.figure()
    assert tuple(single.get_size_inches()) == style.FIGURE_SIZE
    assert figure.get_figwidth() > single.get_figwidth()


def test_axes_are_kept_or_made(ax):
    assert style.axes(ax) is ax
    assert style.axes(None) is not ax


def test_lines_are_labelled_at_their_ends(ax):
    ax.plot([0, 1], [2, 3], label="first")
    ax.plot([0, 2], [5, 7], label="second")
    ax.plot([0, 1], [0, 0])
    ax.plot([], [], label="nothing")
    style.label_lines(ax)
    assert [(t.get_text(), t.xy) for t in ax.texts] == [("first", (1, 3)), ("second", (2, 7))]
    assert ax.texts[0].get_color() == ax.lines[0].get_color()


def test_key_names_what_is_drawn_in_its_colour(ax):
    style.key(ax, [("wine", "main"), ("shops (dashed)", "")])
    wine, shops = ax.texts
    assert (wine.get_text(), wine.get_color()) == ("wine", style.colour("main"))
    assert shops.get_color() == ax.yaxis.label.get_color()
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in (wine, shops)]
    assert boxes[0].y0 >= boxes[1].y1 - 2 > ax.bbox.y0 + 0.8 * ax.bbox.height
    style.key(ax, [("wine", "main"), ("shops", "second")], low=True)
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts[2:]]
    assert boxes[1].y1 - 2 <= boxes[0].y0 < ax.bbox.y0 + 0.2 * ax.bbox.height


def test_a_shown_figure_has_its_words(ax, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    ax.figure.set_size_inches(5, 3)
    style.show(ax, 'Gini is 0.62 < 1, "high".')
    data = shown[0]._repr_mimebundle_()
    assert data["text/plain"] == 'Gini is 0.62 < 1, "high".'
    assert 'alt="Gini is 0.62 &lt; 1, &quot;high&quot;."' in data["text/html"]
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["image/png"] in data["text/html"]
    [width] = re.findall(r"width: (\d+)px", data["text/html"])
    assert 400 < int(width) <= 520, "an inch is 100 pixels, less the margins"
    assert not plt.fignum_exists(ax.figure.number), "or it would be shown a second time"
