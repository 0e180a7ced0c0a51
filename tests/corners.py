"""Settings of a widget worth looking at, and a look at every text of the picture there.

In a test::

    from corners import settings_of, shown, texts_are_in_place

    def test_the_sentence_is_true():
        widget = widgets.dartboard()
        for setting in settings_of(widget):
            result, sentence = without_picture(widget, setting)
            assert ...

    def test_texts():
        texts_are_in_place(widgets.dartboard())

Plain axes, as the lessons' static figures have them: ``axes_texts_are_in_place(ax)``.
"""

import itertools
import math
import random as chance
import re
import warnings

import numpy as np
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from clusterlab import style
from clusterlab.views.picture import _Renderer

#: Pixels (of 72 to the inch) by which a text may stand beyond the edge, and by which the boxes of
#: two texts may meet: a box is as high as its font, which is more than the ink.
BEYOND, ACROSS, ALONG = 0.5, 2.5, 0.5


def ends_of(control):
    """Return the values a control can take at its ends, or all of its choices."""
    if control["kind"] == "number":
        return [control["low"], control["high"]]
    if control["kind"] == "points":
        low, high, most = control["low"], control["high"], control["most"]
        one, middle = [[low, high]], (low + high) / 2
        spread = [[high * (k % 5) / 4, high * (k // 5) / 4] for k in range(most)]
        return [[], one, [*one, [high, low]], [[middle, middle]] * most, spread]
    return control["choices"] if control["kind"] == "choice" else [False, True]


def settings_of(widget, random=20, seed=0, most=200, ends=True):
    """Yield settings: start, each control at its ends, the corners, and some on the grid.

    Parameters
    ----------
    widget : Explorer
    random : int
        How many random settings, on the sliders' own grids.
    seed : int
        Seed of those and of the sample of corners.
    most : int
        Most corners (products of all ends and choices) yielded; beyond, a sample that always has
        the one with all controls at their first and the one with all at their last.
    ends : bool
        Whether each control is also moved to its ends alone.
    """
    numbers = chance.Random(seed)
    controls = widget.controls
    start = {control["name"]: control["start"] for control in controls}
    seen = [start]
    if ends:
        seen += [{**start, c["name"]: end} for c in controls for end in ends_of(c)]
    corners = _corners(controls, most, numbers)
    seen += [dict(zip(start, corner, strict=True)) for corner in corners]
    seen += [{c["name"]: _anywhere(c, numbers) for c in controls} for _ in range(random)]
    told = set()
    for setting in seen:
        if repr(setting) not in told:
            told.add(repr(setting))
            yield setting


def _corners(controls, most, numbers):
    ends = [ends_of(control) for control in controls]
    count = math.prod(map(len, ends))
    if count <= most:
        return list(itertools.product(*ends))
    always = [tuple(end[0] for end in ends), tuple(end[-1] for end in ends)]
    return always + [tuple(map(numbers.choice, ends)) for _ in range(most - 2)]


def _anywhere(control, numbers):
    if control["kind"] == "points":
        steps = round((control["high"] - control["low"]) / control["step"])
        within = numbers.randint(1, steps)  # some settings lie in a corner, with many ties
        return [
            [control["low"] + control["step"] * numbers.randint(0, within) for _ in range(2)]
            for _ in range(numbers.randint(0, control["most"]))
        ]
    if control["kind"] != "number":
        return numbers.choice(ends_of(control))
    steps = round((control["high"] - control["low"]) / control["step"])
    value = control["low"] + control["step"] * numbers.randint(0, steps)
    value = min(round(value, 10), control["high"])
    return int(value) if control["whole"] else value


def shown(widget, setting):
    """Set a widget; return its result, its sentence and its axes."""
    widget.set(**setting)
    return widget.result, widget.sentence, widget.axes


def without_picture(widget, setting):
    """Return what `shown` does but for the axes: nothing is drawn, which takes most of the time."""
    result = widget._model(**widget._fixed, **setting)
    return result, widget._say(result)


def texts_are_in_place(widget, **how):
    """Fail where a text leaves the picture, covers another or is read as mathematics.

    Keywords go to `settings_of`.
    """
    wrong, tried = misplaced(widget, **how)
    assert not wrong, f"{len(wrong)} of {tried} settings: " + "; ".join(
        f"at {setting}: {problems}" for setting, problems in wrong[:4]
    )


def misplaced(widget, lines=False, **how):
    """Return (setting, what is wrong) wherever something is, and the number of settings tried.

    With ``lines`` a label that a line crosses is wrong too (`crossed_in`).
    """
    wrong, tried = [], 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for setting in settings_of(widget, **how):
            tried += 1
            _, _, axes = shown(widget, setting)
            figure = axes[0].figure.figure
            boxes = boxes_in(figure)
            problems = misplaced_in(figure, boxes) + (crossed_in(figure, boxes) if lines else [])
            if problems:
                wrong.append((setting, problems))
    return wrong, tried


def axes_texts_are_in_place(ax):
    """Fail where a text of a static figure covers another or is read as mathematics.

    Such a figure is saved with all that belongs to it (``bbox_inches="tight"``), so nothing is cut;
    but it must not become much larger than its page either.
    """
    figure = ax.figure.figure
    with style.context():
        style.settled(figure)
    problems = misplaced_in(figure, boxes_in(figure), beyond=0.35 * figure.dpi)
    assert not problems, "; ".join(problems)


def boxes_in(figure):
    """Return each text that is seen in a figure that has been drawn, with its box."""
    renderer = _renderer(figure)
    return [(text, _box(text, renderer)) for text in visible_texts(figure)]


def misplaced_in(figure, boxes, beyond=None):
    """Return what is wrong with the texts of a figure that stand in these boxes."""
    scale = figure.dpi / 72
    beyond = BEYOND * scale if beyond is None else beyond
    problems = []
    width, height = figure.bbox.size
    for text, box in boxes:
        words = text.get_text()
        (left, low), (right, high) = box.min(axis=0), box.max(axis=0)
        out = max(-left, -low, right - width, high - height)
        if out > beyond:
            problems.append(f"{words!r} leaves the picture by {out / scale:.0f} points")
        if re.search(r"\w…\w", words):
            problems.append(f"{words!r} is cut")
        if text._preprocess_math(words)[1] is True:
            problems.append(f"{words!r} is read as mathematics")
        if (ratio := _contrast(text)) < 4.5:
            problems.append(f"{words!r} has a contrast of {ratio:.1f}")
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        if _meet(a, b, scale):
            problems.append(f"{one.get_text()!r} and {two.get_text()!r} cover each other")
    return problems


def _contrast(text):
    """Return the contrast of letters with white; white ones stand on something dark of their own."""
    *hue, opaque = to_rgba(text.get_color())
    hue = np.array(hue)
    opaque *= 1 if text.get_alpha() is None else text.get_alpha()
    if hue.min() > 0.9:
        return 21
    seen = hue * opaque + 1 - opaque
    light = np.where(seen <= 0.04045, seen / 12.92, ((seen + 0.055) / 1.055) ** 2.4)
    return 1.05 / (light @ [0.2126, 0.7152, 0.0722] + 0.05)


def crossed_in(figure, boxes):
    """Return the labels within axes that a line or a mark lies on.

    The reader's own line may stand anywhere, so it may cross others' labels; its own label is
    looked at as any other.
    """
    own = style.colour("prediction")
    strokes = [line for ax in _axes_in(figure) for line in _strokes(ax) if line[0] != own]
    problems = []
    for text, box in boxes:
        if text.axes is None or text not in text.axes.texts:
            continue
        ink = _ink(text, box)
        if any(_lies_on(ink, path, width, clip) for _, path, width, clip in strokes):
            problems.append(f"{text.get_text()!r} is crossed")
    return problems


def _ink(text, box):
    """Return the box of a text less the room around its letters, which is a fifth of a line."""
    (left, low), (right, high) = box.min(axis=0), box.max(axis=0)
    room = 0.2 * (high - low) / (1 + text.get_text().count("\n"))
    return Bbox.from_extents(left + 1, low + room, right - 1, high - room)


def _strokes(ax):
    """Yield colour, path (in pixels), half the width of marks (0 of lines) and where it is cut."""
    scale = ax.figure.figure.dpi / 72
    for line in filter(lambda line: line.get_visible(), ax.get_lines()):
        path = line.get_transform().transform_path(line.get_path())
        clip = ax.bbox if line.get_clip_on() else None
        if line.get_linestyle() not in ("None", "", " "):
            yield line.get_color(), path, 0, clip
        if line.get_marker() not in ("None", "", " ", None):
            yield line.get_color(), path, line.get_markersize() * scale / 2, None
    for drawn in ax.collections:
        if isinstance(drawn, LineCollection) and drawn.get_visible():
            for path in drawn.get_paths():
                yield None, drawn.get_transform().transform_path(path), 0, ax.bbox


def _lies_on(ink, path, width, clip):
    if width:
        within = ink.padded(width)
        return any(within.contains(*point) for point in path.vertices)
    seen = ink if clip is None else Bbox.intersection(ink, clip)
    return seen is not None and len(path) > 1 and path.intersects_bbox(seen, filled=False)


def visible_texts(figure):
    """Return each text that is seen, the labels of ticks within the axes' limits among them."""
    found = [
        label
        for ax in _axes_in(figure)
        for axis in (ax.xaxis, ax.yaxis)
        if ax.axison and _seen(axis)
        for tick in axis._update_ticks()
        for label in (tick.label1, tick.label2)
        if label.get_visible() and tick.get_visible() and label.get_text().strip()
    ]
    others, renderer = _texts_below(figure), _renderer(figure)
    others = [text for text in others if text.get_text().strip()]
    return found + [text for text in others if not _cut_off(text, renderer)]


def _axes_in(parent):
    """Return the axes of a figure, and those that stand within axes."""
    first = parent.child_axes if hasattr(parent, "child_axes") else parent.axes
    return [each for ax in first for each in (ax, *_axes_in(ax))]


def _texts_below(artist):
    """Return the texts of an artist that is shown; of an axis only those that no tick carries."""
    if not artist.get_visible():
        return []
    if isinstance(artist, Axis):
        own = (artist.label, artist.offsetText) if artist.axes.axison else ()
        return [text for text in own if text.get_visible()]
    mine = [artist] if isinstance(artist, Text) else []
    return mine + [text for child in artist.get_children() for text in _texts_below(child)]


def _cut_off(text, renderer):
    """Tell whether a text is not drawn because its point lies outside the axes."""
    if isinstance(text, Annotation):
        return not text._check_xy(renderer)
    clip = text.get_clip_box() if text.get_clip_on() else None
    return clip is not None and not clip.overlaps(text.get_window_extent(renderer))


def _renderer(figure):
    """Return what measures a text as it will be drawn."""
    if isinstance(figure.canvas, FigureCanvasSVG):
        return _Renderer(*figure.bbox.size)
    return figure.canvas.get_renderer()


def _seen(artist):
    return artist.get_visible() and artist.axes.get_visible()


def _box(text, renderer):
    """Return the four corners of a text's box in pixels, turned as the text is."""
    if isinstance(text, Annotation):  # an annotation: its place hangs on its point
        text.update_positions(renderer)
    mine = text.get_bbox_patch()
    if mine is None:
        text.set_bbox({"pad": 0})
    text.update_bbox_position_size(renderer)
    patch = text.get_bbox_patch()
    width, height = patch.get_width(), patch.get_height()
    place = patch.get_data_transform()  # turned as the text is
    if mine is None:
        text.set_bbox(None)
    return place.transform([(0, 0), (width, 0), (width, height), (0, height)])


def _meet(a, b, scale):
    """Tell whether two boxes overlap by more than the room around their ink."""
    for box in (a, b):
        for corner, room in ((1, ALONG * scale), (3, ACROSS * scale)):
            way = box[corner] - box[0]
            length = math.hypot(*way)
            if length == 0:
                return False
            on_a, on_b = a @ way / length, b @ way / length
            if min(on_a.max(), on_b.max()) - max(on_a.min(), on_b.min()) <= room:
                return False
    return True
