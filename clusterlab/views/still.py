"""What every widget of ours has: a still picture with its sentence, and the shared page script."""

import base64
import html
import uuid
from pathlib import Path
from typing import Any

import anywidget
import traitlets

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
