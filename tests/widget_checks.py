"""What holds for the widgets of every topic."""

import warnings

from corners import ends_of


def moves_to_both_ends(widget):
    """Move each control of a widget to both ends, as a browser does; raise on anything untrue.

    At every end the sentence says something, no problem is shown and no warning is given; between
    the ends of a control the picture changes; and back at the start everything is as it was.
    """
    start = dict(widget.values)
    drawing, sentence, edition = widget.drawing, widget.sentence, widget.edition
    assert sentence.strip()
    assert drawing.startswith("<?xml")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for control in widget.controls:
            assert control["label"].strip(), control
            assert control["start"] == start[control["name"]]
            seen = []
            for end in ends_of(control):
                widget.values = {**start, control["name"]: end}
                widget.request += 1
                place = f"{control['name']} = {end!r}"
                assert widget.answered == widget.request, place
                assert widget.problem == "", f"{place}: {widget.problem}"
                assert widget.sentence.strip(), place
                assert "nan" not in widget.sentence.split(), f"{place}: {widget.sentence}"
                seen.append(widget.drawing)
            assert len(set(seen)) == len(seen), f"the picture stays the same over {control['name']}"
        _corners(widget, start)
    widget.reset()
    assert widget.values == start
    assert widget.sentence == sentence
    if widget.edition > edition:  # a longer label has moved the margins
        drawing = widget.drawing
        widget.set(**{c["name"]: ends_of(c)[-1] for c in widget.controls})
        widget.reset()
    assert widget.drawing == drawing, "back at the start the picture is another one"


def _corners(widget, start):
    """Move all controls to their first ends together, then all to their last."""
    for k in (0, -1):
        widget.set(**{c["name"]: ends_of(c)[k] for c in widget.controls})
        assert widget.sentence.strip()
        assert widget.drawing.startswith("<?xml")
    widget.set(**start)
