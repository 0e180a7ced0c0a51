"""One palette, one size, labels at the lines."""

import base64
import io
import itertools
import re
import threading

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from clusterlab import style
from clusterlab.views.picture import Picture


@pytest.fixture
def ax():
    return plt.figure().add_subplot()


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
    assert "[data-jp-theme-light='false'] .clusterlab-still {filter: invert" in data["text/html"]
    [width] = re.findall(r"width: (\d+)px", data["text/html"])
    assert 400 < int(width) <= 520, "an inch is 100 pixels, less the margins"
    assert not plt.fignum_exists(ax.figure.number), "or it would be shown a second time"


def as_png(figure):
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=50)
    return stream.getvalue()


def readers_own():
    """Return what a reader's plain matplotlib code draws, with her own settings."""
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, 1, 3], [1, 0, 2])
    ax.plot([0, 3], [2, 2])
    ax.set(title="mine", xlabel="$x^2$", ylabel="y")
    made = as_png(figure)
    plt.close(figure)
    return made


def of_a_lesson():
    """Return a function that draws a widget's picture."""
    picture = Picture(1, dark=False)

    def plot(axes):
        axes[0].plot([0, 1, 3], [1, 0, 2])
        axes[0].set(xlabel="years", ylabel="$50k-$99k")

    return lambda: picture.draw(plot)


def together(ours, theirs, times=50):
    """Call both, each in a thread of its own, and return what either made."""
    made = ([], [])
    ready = threading.Barrier(2)

    def run(call, kept):
        ready.wait()
        for _ in range(times):
            kept.append(call())

    threads = [
        threading.Thread(target=run, args=pair) for pair in zip((ours, theirs), made, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return made


def test_two_threads_that_draw_do_not_spoil_each_others_figures():
    alone = of_a_lesson()()
    before = dict(mpl.rcParams)
    for made in together(of_a_lesson(), of_a_lesson()):
        assert len(made) == 50
        assert set(made) == {alone}
    assert dict(mpl.rcParams) == before


def test_a_reader_who_plots_while_a_widget_draws_gets_her_own_figure():
    with mpl.rc_context({"lines.linewidth": 5, "font.size": 7, "axes.facecolor": "#ffffdd"}):
        mine, before = readers_own(), dict(mpl.rcParams)
        lesson, own = together(of_a_lesson(), readers_own, times=20)
        assert set(own) == {mine}
        assert len(set(lesson)) == 1
        assert dict(mpl.rcParams) == before


def test_the_readers_settings_are_seen_where_the_house_has_none():
    with mpl.rc_context({"lines.markersize": 11, "font.size": 7}), style.context():
        assert mpl.rcParams["lines.markersize"] == 11
        assert mpl.rcParams["font.size"] == 12
        with style.context(dark=True):
            assert mpl.rcParams["text.color"] == "#E8E8E8"
        assert mpl.rcParams["text.color"] == "#222222"
    with mpl.rc_context({"font.size": 7}):
        assert mpl.rcParams["font.size"] == 7


def test_one_thread_draws_at_a_time():
    order = []

    def second():
        with style.context():
            order.append("second")

    with style.context():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=0.2)
        with style.context():  # the same thread may go on
            order.append("first")
    thread.join()
    assert order == ["first", "second"]


@style.plot
def bars(labels, *, ax=None):
    ax = style.axes(ax)
    ax.barh(range(len(labels)), 1)
    ax.set_yticks(range(len(labels)), labels)
    ax.annotate(labels[0], (0.5, 0))
    ax.set_xlabel(labels[-1])
    return ax


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    "label", ["$50k-$99k", "x $a_$", r"$\frac{", "a$b$c", "nul\x00", "bell\x07"]
)
def test_labels_are_drawn_as_they_are_written(label, own):
    """On the reader's own axes too, where matplotlib would read mathematics between two $."""
    ax = bars([label, label], ax=plt.figure().add_subplot() if own else None)
    ax.figure.draw_without_rendering()
    shown = label.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    shown = shown.replace("\x07", "\N{REPLACEMENT CHARACTER}")
    texts = [*ax.get_yticklabels(), ax.texts[0], ax.xaxis.label]
    assert {text.get_text() for text in texts} == {shown}
    assert not any(text.get_parse_math() for text in texts)


def test_a_readers_own_words_stay_mathematics(ax):
    ax.set_title("$x^2$")
    bars(["a"], ax=ax)
    assert ax.title.get_parse_math()


def test_numbers_of_a_logarithmic_axis_are_no_mathematics():
    @style.plot
    def curve(*, ax=None):
        ax = style.axes(ax)
        ax.plot([1, 10, 1000], [1, 2, 3])
        ax.set_xscale("log")
        return ax

    ax = curve()
    ax.figure.draw_without_rendering()
    assert {"1", "10", "100", "1000"} <= {text.get_text() for text in ax.get_xticklabels()}


def test_very_long_labels_leave_room_for_the_picture(recwarn):
    ax = bars(["a name nobody can read to its end " * 6, "short"])
    ax.figure.draw_without_rendering()
    assert ax.bbox.width > 0.28 * ax.figure.bbox.width
    assert all(len(text.get_text()) <= 40 for text in ax.get_yticklabels())
    assert not recwarn.list


def test_labels_of_lines_that_meet_stand_above_one_another(ax):
    for number in range(5):
        ax.plot([0, 1], [number / 4, 0.98], label=f"line {number}")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    style.label_lines(ax)
    ax.figure.draw_without_rendering()
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 + 3 for low, high in itertools.pairwise(boxes))
    assert boxes[-1].y1 <= ax.bbox.y1 + 2
