"""Views in boxes of ipywidgets, linked: they move together, go back, and leave their still pictures."""

import pytest
from lab import CHROMIUM, browser_page, run_all, write_notebook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

CELLS = [
    """
from typing import Annotated
from ipywidgets import Tab, VBox, dlink
from clusterlab.explore import explore
from clusterlab.parameters import Parameter, model

@model
def line(*, slope: Annotated[float, Parameter("slope", 0, 2, 0.5)] = 1):
    return slope

def view(name):
    return explore(line, lambda slope, ax: ax.plot([0, 1], [0, slope]),
                   say=lambda slope: f"{name} rises by {slope:g}.").set(slope=1.5)

one, other = view("One"), view("Other")
dlink((one, "values"), (other, "values"))
Tab([one, VBox([other])], titles=["one", "other"])
"""
]


def test_views_in_boxes_move_together_go_back_and_leave_what_is_still(course):
    address, folder = course
    with browser_page() as (page, _):
        write_notebook(folder, "boxes.ipynb", CELLS)
        run_all(page, address, "boxes.ipynb")
        explorer = page.locator(".clusterlab-explorer")
        explorer.get_by_role("slider").first.press("ArrowRight")
        explorer.get_by_text("One rises by 2.").wait_for()
        explorer.first.get_by_role("button", name="Reset").click()
        explorer.get_by_text("One rises by 1.5.").wait_for()
        explorer.get_by_role("slider").first.press("ArrowLeft")
        page.get_by_role("tab", name="other").click()
        explorer.get_by_text("Other rises by 1.").wait_for()
        still = page.locator(".jp-RenderedHTML img")
        assert still.count() == 2
        assert not any(each.is_visible() for each in still.all())
        assert page.get_by_text("One rises by 1.5.").count() == 1, "said by what is still alone"
