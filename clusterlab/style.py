"""How figures look: one palette, one size, labels at the lines.

The colours are those of Okabe and Ito (2008), which colour-blind readers can tell apart. What
appears in several lessons (a district type, a level of linkage, a part of a whole) keeps its
colour everywhere; ask for it by name with `colour`.
"""

from __future__ import annotations

import contextlib
import functools
import textwrap
import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "TYPE_DASHES",
    "axes",
    "colour",
    "context",
    "figure",
    "key",
    "label_lines",
    "mark",
    "plot",
    "show",
]

#: Width and height of one figure in inches, as printed and as shown in a lesson.
FIGURE_SIZE = (7.2, 4.2)

# Of one panel on a phone: a point is then a pixel of an output 295 pixels wide, and letters of 11
# and 12 points are as large as the text around them.
_NARROW_SIZE = (4.1, 3.2)

_DOTS_PER_INCH = 144  # twice what a page shows, for projectors
_PIXELS_PER_INCH = 100

_OKABE_ITO = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky blue": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "grey": "#999999",
}

# On the ground of a dark page the blue has a contrast of 3.6, too little for words; this has 5.1.
_BLUE_ON_BLACK = "#2E8BD0"

# Letters are thin: on white, hues of lines and surfaces are too light for them. These have the same
# hue and a contrast of 5.3; on a dark page the hues themselves have more than that.
_FOR_WORDS = {"#E69F00": "#8F6300", "#56B4E9": "#367192", "#009E73": "#007A59"} | {
    "#F0E442": "#736D1F",
    "#D55E00": "#B14E00",
    "#CC79A7": "#95587A",
    "#999999": "#6B6B6B",
}

_ROLES = (
    # what is shown, what it is held against, what the reader said
    {"main": "blue", "second": "vermilion", "third": "green"}
    | {"reference": "grey", "prediction": "purple"}
    # Markusen's district types, by what leads them and by name
    | {"marshallian": "blue", "hub": "vermilion", "satellite": "orange", "state": "green"}
    | {"Marshallian": "blue", "hub-and-spoke": "vermilion", "state-anchored": "green"}
    # reach of a linkage
    | {"local": "green", "regional": "orange", "global": "blue"}
    # governance of a production network
    | {"market": "sky blue", "modular": "blue", "relational": "green", "captive": "orange"}
    | {"hierarchy": "vermilion", "transnational community": "purple"}
)

#: Line style of each of Markusen's types, beside its colour.
TYPE_DASHES: dict[str, Any] = {
    "Marshallian": "-",
    "hub-and-spoke": (0, (5, 2)),
    "satellite": (0, (1, 1.2)),
    "state-anchored": (0, (6, 2, 1, 2)),
}


def colour(name: str) -> str:
    """Return the hex colour of a role ("main", "marshallian", "local") or of a hue ("blue").

    Parameters
    ----------
    name : str
        A role or a hue.

    Returns
    -------
    str
        Six hexadecimal digits after ``#``.

    See Also
    --------
    key : names what is drawn in a colour.

    Examples
    --------
    >>> colour("marshallian") == colour("blue") == "#0072B2"
    True
    """
    hue = _ROLES.get(name, name)
    if hue not in _OKABE_ITO:
        known = ", ".join([*_ROLES, *_OKABE_ITO])
        raise ValueError(f"colour {name!r} is not known; known are {known}.")
    house = _HOUSE.get()
    return house["lines.color"] if house and hue == "blue" else _OKABE_ITO[hue]


def darken_words(ax: Axes) -> None:
    """Give words in a hue a darker one where the ground is white."""
    house, legend = _HOUSE.get(), ax.get_legend()
    if house and house["lines.color"] == _BLUE_ON_BLACK:
        return
    for text in [*ax.texts, *(legend.get_texts() if legend is not None else [])]:
        hue = text.get_color()
        text.set_color(_FOR_WORDS.get(hue, hue) if isinstance(hue, str) else hue)


def _settings(dark: bool) -> dict:
    ink, ground = ("#E8E8E8", "none") if dark else ("#222222", "white")
    frame = ("axes.spines.top", "axes.spines.right", "xtick.bottom", "ytick.left")
    in_ink = ("axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "text.color")
    return {
        "figure.figsize": FIGURE_SIZE,
        "figure.dpi": 120,
        "svg.fonttype": "none",
        "svg.hashsalt": "clusterlab",
        **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), ground),
        **dict.fromkeys(("font.size", "axes.labelsize", "axes.titlesize"), 12),
        **dict.fromkeys(("xtick.labelsize", "ytick.labelsize", "legend.fontsize"), 11),
        **dict.fromkeys((*frame, "legend.frameon"), False),
        **dict.fromkeys(in_ink, ink),
        "text.parse_math": False,  # a $ in a reader's label is money; our signs are in Unicode
        "lines.linewidth": 2.2,
        "lines.color": _BLUE_ON_BLACK if dark else _OKABE_ITO["blue"],
    }


_DRAWING = threading.RLock()
_HOUSE: ContextVar[dict[str, Any] | None] = ContextVar("house style", default=None)


@contextlib.contextmanager
def context(*, dark: bool = False, embedded: bool = False) -> Iterator[None]:
    """Draw in the house style: white ground, or a transparent one with light ink for dark pages.

    One thread draws at a time. Settings hold for that thread alone: a reader who plots while a
    widget draws, which a kernel does in another thread, meets her own, and they stay unchanged.

    Parameters
    ----------
    dark : bool
        Whether the page is dark.
    embedded : bool
        Whether a file that is written brings its letters along: as shapes in an SVG, as TrueType in
        a PDF.

    See Also
    --------
    plot : enters it where a plot makes its own axes.
    """
    import matplotlib
    from matplotlib.rcsetup import cycler

    settings = _settings(dark)
    others = [_OKABE_ITO[hue] for hue in ("vermilion", "green", "orange", "purple")]
    settings["axes.prop_cycle"] = cycler(color=[settings["lines.color"], *others])
    settings |= {"svg.fonttype": "path", "pdf.fonttype": 42} if embedded else {}
    _layered(matplotlib.rcParams)
    with _DRAWING:
        before = _HOUSE.set(settings)
        try:
            yield
        finally:
            _HOUSE.reset(before)


def _layered(settings: Any) -> None:
    """Let matplotlib's settings, of which there is one set for all threads, see ours first."""
    kind = type(settings)
    if "house" in vars(kind):
        return

    def get(self: Any, name: str) -> Any:
        house = _HOUSE.get()
        return house[name] if house and name in house else kind.__getitem__(self, name)

    settings.__class__ = type(kind.__name__, (kind,), {"__getitem__": get, "house": True})


def figure(
    *, panels: int = 1, dark: bool = False, narrow: bool = False
) -> tuple[Figure, list[Axes]]:
    """Return a figure in the house style, its axes side by side, that pyplot does not know.

    Parameters
    ----------
    panels : int
        How many axes, side by side.
    dark : bool
        Whether the page is dark.
    narrow : bool
        Whether it is for a phone: less wide, the axes one under another.

    Returns
    -------
    tuple
        The figure and the list of its axes.

    See Also
    --------
    axes : one of its own, for a plot function.
    """
    from matplotlib.figure import Figure

    with context(dark=dark):
        width, height = _NARROW_SIZE if narrow else FIGURE_SIZE
        if narrow:
            made = Figure(figsize=(width, height * panels))
            parts = made.subfigures(panels, squeeze=False)[:, 0]  # each has margins of its own
            panes = [part.subplots() for part in parts]
        else:
            made = Figure(figsize=(width * (1 if panels == 1 else 1.45), height))
            panes = list(made.subplots(1, panels, squeeze=False)[0])
        for pane in panes:
            pane.locator_params(nbins=5)  # ticks are most of the cost of drawing
        return made, panes


def axes(ax: Axes | None) -> Axes:
    """Return ``ax``, or fresh axes in the house style where it is None.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        What a plot function was given.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    plot : the decorator of plot functions.
    figure : axes that pyplot does not know.
    """
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    with context():
        return plt.subplots(layout="constrained")[1]


def plot(function: Callable[..., Axes]) -> Callable[..., Axes]:
    """Draw with the house style wherever a plot function makes its own axes; a decorator.

    Parameters
    ----------
    function : callable
        ``plot_x(result, *, ax=None, prediction=None)``, which returns the axes.

    Returns
    -------
    callable
        The same function; labels are made readable as well.

    See Also
    --------
    axes : what it makes where it is given none.
    """

    @functools.wraps(function)
    def wrapper(*args, ax=None, **options):
        from clusterlab.labels import tidy

        with context() if ax is None else contextlib.nullcontext():
            drawn = function(*args, ax=ax, **options)
        if _HOUSE.get() is None:  # a widget's picture is tidied as a whole
            tidy(drawn, own=ax is None)
            darken_words(drawn)
        return drawn

    return wrapper


def show(ax: Axes, words: str) -> None:
    """Show the figure of axes in a notebook, with words for readers who cannot see it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes of a pyplot figure; the figure is shown once and closed.
    words : str
        What the figure says, in a sentence or two with its numbers. It is the picture's alternative
        text, and stands in its place where pictures cannot be shown.

    See Also
    --------
    plot : what draws the axes.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().add_subplot()
    >>> show(axes, "An empty picture.")
    An empty picture.
    """
    import io

    import matplotlib.pyplot as plt
    from IPython.display import display

    figure = ax.figure.figure
    assert figure is not None
    stream = io.BytesIO()
    with context():
        settled(figure)
        figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH, bbox_inches="tight")
    plt.close(figure)
    display(_Shown(stream.getvalue(), words))


def settled(figure: Figure) -> None:
    """Lay a figure out, darken words in a hue, and move texts that leave it or cover another."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox

    from clusterlab.labels import settle

    for ax in figure.axes:
        darken_words(ax)
    figure.draw_without_rendering()  # or the margins are not known
    width, height = figure.bbox.size
    beyond = 0.3 * figure.dpi  # what stands out a little is within the picture as saved
    room = Bbox.from_extents(-beyond, -beyond, width + beyond, height + beyond)
    settle(figure.axes, [room] * len(figure.axes), FigureCanvasAgg(figure).get_renderer())


class _Shown:
    def __init__(self, png: bytes, words: str) -> None:
        self._png, self._words = png, words

    def __repr__(self) -> str:
        return self._words

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        dots = int.from_bytes(self._png[16:20], "big")  # the width of a PNG
        wide = f"width: {dots * _PIXELS_PER_INCH // _DOTS_PER_INCH}px; "
        image, code = still(self._png, self._words, wide)
        return {"text/html": image, "image/png": code, "text/plain": self._words}


# On a dark page white turns into the page's own ground and ink into light; hues stay as they are.
_ON_DARK = (
    "<style>[data-jp-theme-light='false'] .clusterlab-still "
    "{filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen}</style>"
)


def still(png: bytes, words: str, wide: str = "") -> tuple[str, str]:
    """Return the HTML of a picture on a light or a dark page, and the picture's code.

    Parameters
    ----------
    png : bytes
        A picture on white ground.
    words : str
        Its alternative text.
    wide : str
        How wide it is, in CSS.

    Returns
    -------
    html, code : str

    See Also
    --------
    show : the figure of axes in a notebook.
    """
    import base64
    import html

    code = base64.b64encode(png).decode()
    source = f'src="data:image/png;base64,{code}" style="{wide}max-width: 100%"'
    return f'{_ON_DARK}<img class="clusterlab-still" alt="{html.escape(words)}" {source}>', code


def label_lines(ax: Axes) -> None:
    """Write each line's label at its right end instead of in a legend (up to six lines).

    Labels of lines that meet are written above one another. Call it last, when the limits of the
    axes stand.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Whose lines have labels.

    See Also
    --------
    key : names apart from what is drawn.
    """
    from clusterlab.labels import spread

    named = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    paths: list[tuple[Any, Any]] = [(line, line.get_xydata()) for line in named]
    found = [(line, path[-1]) for line, path in paths if len(path)]
    if not found:
        return
    ax.get_ylim()  # brings the scale up to date
    # In shares of the axes, which take up about this much of the figure: the margins, and so the
    # height in points, are set only after a plot has drawn.
    gap = _LINE_HEIGHT * ax.figure.dpi / 72 / (0.85 * ax.figure.bbox.height)
    share = ax.transData + ax.transAxes.inverted()
    heights = [float(share.transform(end)[1]) for _, end in found]
    places = spread(heights, gap, gap / 3, 1 - gap / 3)
    for (line, end), place in zip(found, places, strict=True):
        ax.annotate(
            str(line.get_label()),
            end,
            xytext=(5, place),
            textcoords=("offset points", "axes fraction"),
            va="center",
            annotation_clip=False,
            color=line.get_color(),
        )


_LINE_HEIGHT = 14.5  # points; letters are 12


def mark(
    ax: Axes, value: float, words: str, hue: str = "prediction", *, axis: str = "x", along: float
) -> None:
    """Draw a dashed line across the axes at a value, with words beside it, towards the middle.

    Call it when the limits of the axes stand: a value beyond them is drawn at the edge.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    value : float
        Where the line stands.
    words : str
        What it means; the reader's own number is "your prediction" everywhere.
    hue : str
        A name that `colour` knows.
    axis : {"x", "y"}
        The axis the value lies on.
    along : float
        Where on the line the words stand, as a share of the other axis.

    See Also
    --------
    label_lines : labels of lines.
    clusterlab.exercises.predict : where the reader's number comes from.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().add_subplot()
    >>> mark(axes, 3, "your prediction: 3", along=0.9)
    >>> axes.texts[0].get_text(), float(axes.lines[0].get_xdata()[0])
    ('your prediction: 3', 1.0)
    """
    upright = axis == "x"
    first, last = ax.get_xlim() if upright else ax.get_ylim()
    at = min(max(value, min(first, last)), max(first, last))
    beyond = (at - first) / (last - first) > 0.5  # right or high, where words turn inwards
    draw = ax.axvline if upright else ax.axhline
    draw(at, color=colour(hue), linestyle=(0, (4, 2)), linewidth=2)
    offset = -5 if beyond else 5
    frame = ("data", "axes fraction") if upright else ("axes fraction", "data")
    ax.annotate(
        words,
        (at, along) if upright else (along, at),
        xycoords=frame,
        xytext=(offset, 0) if upright else (0, offset),
        textcoords="offset points",
        ha=("right" if beyond else "left") if upright else "left",
        va="top" if upright or beyond else "bottom",
        color=colour(hue),
    )


def key(ax: Axes, entries: list[tuple[str, str]], *, low: bool = False) -> None:
    """Name what is drawn, each in its colour, at the right: above, or below where that is free.

    A legend would take as long as all the rest of a picture. Entries are words and the name of a
    colour; an empty name is the ink of the axes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    entries : list of tuple
        Words, and the name of a colour; an empty name is the ink of the axes.
    low : bool
        Whether the place below is the free one.

    See Also
    --------
    label_lines : names at the lines themselves.
    """
    from clusterlab.labels import KEY

    across = int(8.5 * ax.figure.bbox.width / ax.figure.dpi)  # letters that fit into the axes
    lines = [(line, hue) for words, hue in entries for line in textwrap.wrap(words, across)]
    for row, (words, hue) in enumerate(lines):
        down = (len(lines) - 1 - row if low else -row) * _LINE_HEIGHT
        ax.annotate(
            words,
            (0.99, 0.03 if low else 0.98),
            xycoords="axes fraction",
            xytext=(0, down),
            textcoords="offset points",
            ha="right",
            va="bottom" if low else "top",
            gid=KEY,
            color=colour(hue) if hue else ax.yaxis.label.get_color(),
        )
