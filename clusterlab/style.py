"""How figures look: one palette, one size, labels at the lines.

The colours are those of Okabe and Ito (2008), which colour-blind readers can tell apart. What
appears in several lessons (a district type, a level of linkage, a part of a whole) keeps its
colour everywhere; ask for it by name with `colour`.
"""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "FIGURE_SIZE",
    "TYPE_DASHES",
    "axes",
    "colour",
    "context",
    "figure",
    "key",
    "label_lines",
    "plot",
    "show",
]

#: Width and height of one figure in inches, as printed and as shown in a lesson.
FIGURE_SIZE = (7.2, 4.2)

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

_ROLES = {
    # what is shown, what it is held against, what the reader said
    "main": "blue",
    "second": "vermilion",
    "third": "green",
    "reference": "grey",
    "prediction": "purple",
    # Markusen's district types, by what leads them and by name
    "marshallian": "blue",
    "hub": "vermilion",
    "satellite": "orange",
    "state": "green",
    "Marshallian": "blue",
    "hub-and-spoke": "vermilion",
    "state-anchored": "green",
    # reach of a linkage
    "local": "green",
    "regional": "orange",
    "global": "blue",
    # governance of a production network
    "market": "sky blue",
    "modular": "blue",
    "relational": "green",
    "captive": "orange",
    "hierarchy": "vermilion",
    "transnational community": "purple",
}

#: Line style of each of Markusen's types, beside its colour.
TYPE_DASHES: dict[str, Any] = {
    "Marshallian": "-",
    "hub-and-spoke": (0, (5, 2)),
    "satellite": (0, (1, 1.2)),
    "state-anchored": (0, (6, 2, 1, 2)),
}


def colour(name: str) -> str:
    """Return the hex colour of a role ("main", "marshallian", "local") or of a hue ("blue").

    Examples
    --------
    >>> colour("marshallian") == colour("blue") == "#0072B2"
    True
    """
    hue = _ROLES.get(name, name)
    if hue not in _OKABE_ITO:
        known = ", ".join([*_ROLES, *_OKABE_ITO])
        raise ValueError(f"colour {name!r} is not known; known are {known}.")
    return _OKABE_ITO[hue]


def _settings(dark: bool) -> dict:
    ink = "#E8E8E8" if dark else "#222222"
    return {
        "figure.figsize": FIGURE_SIZE,
        "figure.dpi": 120,
        "svg.fonttype": "none",
        "svg.hashsalt": "clusterlab",
        "figure.facecolor": "none" if dark else "white",
        "axes.facecolor": "none" if dark else "white",
        "savefig.facecolor": "none" if dark else "white",
        "font.size": 12,
        "axes.labelsize": 12,
        "axes.titlesize": 12,
        "xtick.bottom": False,
        "ytick.left": False,
        "xtick.labelsize": 11,
        "ytick.labelsize": 11,
        "legend.fontsize": 11,
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": ink,
        "axes.labelcolor": ink,
        "xtick.color": ink,
        "ytick.color": ink,
        "text.color": ink,
        "lines.linewidth": 2.2,
        "lines.color": _OKABE_ITO["sky blue" if dark else "blue"],
    }


@contextlib.contextmanager
def context(*, dark: bool = False) -> Iterator[None]:
    """Draw in the house style: white ground, or a transparent one with light ink for dark pages."""
    import matplotlib
    from matplotlib.rcsetup import cycler

    hues = ["blue", "vermilion", "green", "orange", "purple"]
    settings = _settings(dark) | {"axes.prop_cycle": cycler(color=[_OKABE_ITO[h] for h in hues])}
    # Not rc_context: it would also undo what a notebook's backend sets when it is first used.
    before = {name: matplotlib.rcParams[name] for name in settings}
    matplotlib.rcParams.update(settings)
    try:
        yield
    finally:
        matplotlib.rcParams.update(before)


def figure(*, panels: int = 1, dark: bool = False) -> tuple[Figure, list[Axes]]:
    """Return a figure in the house style, its axes side by side, that pyplot does not know."""
    from matplotlib.figure import Figure

    with context(dark=dark):
        width, height = FIGURE_SIZE
        made = Figure(figsize=(width * (1 if panels == 1 else 1.45), height))
        panes = list(made.subplots(1, panels, squeeze=False)[0])
        for pane in panes:
            pane.locator_params(nbins=5)  # ticks are most of the cost of drawing
        return made, panes


def axes(ax: Axes | None) -> Axes:
    """Return ``ax``, or fresh axes in the house style where it is None."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    with context():
        return plt.subplots(layout="constrained")[1]


def plot(function: Callable[..., Axes]) -> Callable[..., Axes]:
    """Draw with the house style wherever a plot function makes its own axes; a decorator."""

    @functools.wraps(function)
    def wrapper(*args, ax=None, **options):
        with context() if ax is None else contextlib.nullcontext():
            return function(*args, ax=ax, **options)

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

    figure = ax.get_figure(root=True)
    assert figure is not None
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH, bbox_inches="tight")
    plt.close(figure)
    display(_Shown(stream.getvalue(), words))


class _Shown:
    def __init__(self, png: bytes, words: str) -> None:
        self._png, self._words = png, words

    def __repr__(self) -> str:
        return self._words

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        import base64
        import html

        code = base64.b64encode(self._png).decode()
        dots = int.from_bytes(self._png[16:20], "big")  # the width of a PNG
        width = dots * _PIXELS_PER_INCH // _DOTS_PER_INCH
        image = (
            f'<img alt="{html.escape(self._words)}" src="data:image/png;base64,{code}" '
            f'style="width: {width}px; max-width: 100%">'
        )
        return {"text/html": image, "image/png": code, "text/plain": self._words}


def label_lines(ax: Axes) -> None:
    """Write each line's label at its right end instead of in a legend (up to four lines)."""
    import numpy as np

    for line in ax.get_lines():
        label = str(line.get_label())
        points = np.column_stack(line.get_data())
        if not label.startswith("_") and len(points):
            ax.annotate(
                label,
                (points[-1, 0], points[-1, 1]),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                color=line.get_color(),
                annotation_clip=False,
            )


def key(ax: Axes, entries: list[tuple[str, str]], *, low: bool = False) -> None:
    """Name what is drawn, each in its colour, at the right: above, or below where that is free.

    A legend would take as long as all the rest of a picture. Entries are words and the name of a
    colour; an empty name is the ink of the axes.
    """
    ink = ax.yaxis.label.get_color()
    at = 0.03 + 0.08 * (len(entries) - 1) if low else 0.98
    for words, hue in entries:
        pale = hue == "reference"  # the grey of lines is too light for words
        ax.text(
            0.99,
            at,
            words,
            transform=ax.transAxes,
            ha="right",
            va="bottom" if low else "top",
            color=colour(hue) if hue and not pale else ink,
            alpha=0.65 if pale else None,
        )
        at -= 0.08
