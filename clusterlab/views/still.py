"""What every widget of ours has: a still picture with its sentence, and the shared page script."""

import base64
import html
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from clusterlab.views import problem_of

#: Where the scripts and the styles of views stand.
VIEWS = Path(__file__).parent


def script(name: str) -> str:
    """Return the script of a view with what all views share, ``page.js``, before it."""
    return "\n".join(
        (VIEWS / each).read_text(encoding="utf-8") for each in ("page.js", f"{name}.js")
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

    @traitlets.default("mark")
    def _new_mark(self) -> str:
        return f"clusterlab-{uuid.uuid4().hex}"

    @property
    def picture(self) -> bytes | None:
        """What is seen, as PNG bytes for print; None where there is only a sentence."""
        return None

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        still = {"text/plain": self.problem or self.sentence}
        picture = None if self.problem else self.picture
        return {**(data or {}), **still, **({"image/png": picture} if picture else {})}, metadata

    def _ipython_display_(self, **kwargs: Any) -> None:
        """Show the live view and, as an output of its own, what is still.

        Where a page has no kernel, a front end shows an error or nothing in place of the view, and
        none of the other forms of the same output.
        """
        from IPython.display import display

        data, metadata = self._repr_mimebundle_(**kwargs)
        words, picture = data["text/plain"], data.pop("image/png", None)
        told, image = html.escape(words).replace("\n", "<br>"), ""
        if picture:
            code = base64.b64encode(picture).decode()
            image = f'<img alt="" src="data:image/png;base64,{code}" style="max-width: 100%">'
        still = f'<div class="{self.mark}">{image}<p>{told}</p></div>'
        display({**data, "text/plain": ""}, metadata=metadata, raw=True)
        display({"text/html": still, "text/plain": words}, raw=True)


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

    def _ipython_display_(self, **kwargs: Any) -> None:
        """Show it to a reader, who comes back to these values by *Reset*."""
        self.controls = [{**each, "start": self.values[each["name"]]} for each in self.controls]
        super()._ipython_display_(**kwargs)
