"""A pytest plugin for the notebooks: every figure a lesson shows has its texts in place.

``pytest -p shown_figures --nbval-lax … notebooks`` lets each kernel look at a figure when
`clusterlab.style.show` is called with it; a cell whose figure is not right fails.
"""

import os
import tempfile
from pathlib import Path

_START = """
import sys
sys.path.insert(0, {tests!r})
import clusterlab.style as style

def _show(ax, words, _show=style.show):
    from corners import axes_texts_are_in_place
    axes_texts_are_in_place(ax)
    _show(ax, words)

style.show = _show
"""


def pytest_configure(config):
    """Let the kernels start with a look at what they show."""
    folder = Path(tempfile.mkdtemp(prefix="ipython"))
    start = folder / "profile_default" / "startup" / "look.py"
    start.parent.mkdir(parents=True)
    start.write_text(_START.format(tests=str(Path(__file__).parent)), encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(folder)
