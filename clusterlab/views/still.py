"""What every widget of ours has: a still picture with its sentence, and the shared page script."""

import html
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import anywidget
import traitlets
from IPython import display, get_ipython
from ipywidgets import Box

from clusterlab import style
from clusterlab.views import problem_of

#: Where the scripts and the styles of views stand.
VIEWS = Path(__file__).parent


def script(*names: str) -> str:
    """Return the scripts of a view with what all views share, ``page.js``, before them."""
    return "\n".join(
        (VIEWS / f"{each}.js").read_text(encoding="utf-8") for each in ("page", *names)
    )


class Still(anywidget.AnyWidget):
    """A widget that leaves a picture and a sentence where it is saved.

    They stand in print, for readers without a kernel and when a kernel has died. Where there is a
    problem, the last picture is that of another setting, and the problem stands alone.

    Attributes
    ----------
    sentence : str
        What is seen, in words.
    problem : str
        Why nothing is shown; empty where all is well.
    """

    sentence = traitlets.Unicode("").tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    mark = traitlets.Unicode().tag(sync=True)  # of what is still; the live view hides it

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        if (shell := get_ipython()) is not None:
            shell.display_formatter.ipython_display_formatter.for_type(Box, _show_box)

    @traitlets.default("mark")
    def _new_mark(self) -> str:
        return f"clusterlab-{uuid.uuid4().hex}"

    @property
    def picture(self) -> bytes | None:
        """What is seen, as PNG bytes for print; None where there is only a sentence."""
        return None

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data = {**bundle[0], "text/plain": self.problem or self.sentence}
        picture = None if self.problem else self.picture
        return {**data, **({"image/png": picture} if picture else {})}, bundle[1]

    def _ipython_display_(self, **kwargs: Any) -> None:
        """Show the live view and, as an output of its own, what is still.

        Where a page has no kernel, a front end shows an error or nothing in place of the view, and
        none of the other forms of the same output.
        """
        still, bundle = self._still(), cast(Any, super()._repr_mimebundle_(**kwargs))
        display.display({**bundle[0], "text/plain": ""}, metadata=bundle[1], raw=True)
        display.display(still, raw=True)

    def _still(self) -> dict[str, str]:
        """Return what is still, as a reader comes to see it."""
        words, picture = self.problem or self.sentence, None if self.problem else self.picture
        told, image = html.escape(words).replace("\n", "<br>"), ""
        if picture:
            image, _ = style.still(picture, "")
        still = f'<div class="{self.mark}">{image}<p>{told}</p></div>'
        return {"text/html": still, "text/plain": words}


def _show_box(box: Box) -> None:
    """Show a box of ipywidgets and, as outputs of their own, what is still of the views in it."""
    stills = [*_stills(box)]
    display.display(box._repr_mimebundle_(), raw=True)
    for still in stills:
        display.display(still, raw=True)


def _stills(widget: Any) -> Iterator[dict[str, str]]:
    for child in getattr(widget, "children", ()):
        yield from _stills(child)
        if isinstance(child, Still):
            yield child._still()


class Answering(Still):
    """A widget with controls that shows what there is at their values.

    Attributes
    ----------
    controls : list of dict
        What the page needs to know of each; ``start`` is where *Reset* leads.
    values : dict
        Where the controls stand; it can be set and observed.
    """

    controls: Any = traitlets.List().tag(sync=True)
    values: Any = traitlets.Dict().tag(sync=True, echo_update=False)
    request = traitlets.Int(0).tag(sync=True, echo_update=False)
    answered = traitlets.Int(0).tag(sync=True)

    #: What was shown last, and what is asked for now, to be compared.
    _at: Any = None

    @property
    def _asked(self) -> Any:
        return self.values

    def _answer(self) -> None:
        """Show what there is at what is asked for."""
        raise NotImplementedError  # pragma: no cover

    def _follow(self, _: Any) -> None:
        """Answer a change, whoever made it."""
        with self.hold_sync():  # picture, sentence and answer travel in one message
            self.answered = self.request
            if self._asked != self._at:
                self._attempt(self._answer)

    def _attempt(self, show: Callable[[], None]) -> None:
        """Show something, or what went wrong in place of picture and sentence.

        A ValueError is for the reader; anything else is raised as well, for the log.
        """
        try:
            show()
        except BaseException as error:
            self.problem, self.sentence = problem_of(error), ""
            if not isinstance(error, ValueError):
                raise

    def _still(self) -> dict[str, str]:
        """Return what is still; the reader who sees it comes back to these values by *Reset*."""
        self.controls = [{**each, "start": self.values[each["name"]]} for each in self.controls]
        return super()._still()
