"""A pytest plugin for the notebooks: every figure a lesson shows has its texts in place.

``pytest -p shown_figures --nbval-lax … notebooks`` lets each kernel look at a figure when
`clusterlab.style.show` is called with it; a cell whose figure is not right fails.
"""

import notebook_outputs

_START = """
import clusterlab.style as style

def _show(ax, words, _show=style.show):
    from corners import axes_texts_are_in_place
    axes_texts_are_in_place(ax)
    _show(ax, words)

style.show = _show
"""


def pytest_configure(config):
    """Let the kernels start with a look at what they show."""
    notebook_outputs.at_start("look", _START)
