"""Keys stay with the control that has the focus, in each front end a reader may meet."""

import contextlib

import pytest
from lab import CHROMIUM, browser_page, jupyter_lab, run_all, write_notebook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

CELLS = [
    """
from typing import Annotated, Literal
from clusterlab import diamond, networks
from clusterlab.exercises import check, predict
from clusterlab.explore import explore
from clusterlab.parameters import Parameter, model

@model
def line(*, slope: Annotated[float, Parameter("slope", 0, 2, 0.5)] = 1,
         kind: Annotated[Literal["up", "down", "level"], Parameter("direction")] = "up",
         high: Annotated[bool, Parameter("raised")] = False):
    return slope

explore(line, lambda slope, ax: ax.plot([0, 1], [0, slope]), say=lambda slope: f"{slope:g}")
""",
    """check("Which?", "b", choices=["a", "b", "c"], otherwise="Look again.")""",
    """check("How many?", 0.385, within=0.001, otherwise="Count again.")""",
    """check("Why?", "Because.")""",
    """networks.widgets.network(networks.generate(governance="modular", seed=1))""",
    """diamond.widgets.radar()""",
]

# Letters that a notebook in command mode takes for deleting, inserting and running cells.
SHORTCUTS = ["d", "d", "x", "a", "b", "m", "y", "j", "k", "Enter"]


@pytest.mark.parametrize("front_end", ["jupyterlab", "notebook"])
def test_keys_reach_the_control_and_leave_the_notebook_alone(front_end, request, tmp_path):
    with contextlib.ExitStack() as opened:
        if front_end == "notebook":
            pytest.importorskip("notebook")
            address, folder = opened.enter_context(jupyter_lab(tmp_path, front_end)), tmp_path
        else:
            address, folder = request.getfixturevalue("course")
        page, _ = opened.enter_context(browser_page())
        write_notebook(folder, "keys.ipynb", CELLS)
        run_all(page, address, "keys.ipynb", front_end)
        page.locator(".clusterlab-radar").wait_for()
        explorer = page.locator(".clusterlab-explorer").first

        def press(control, *keys):
            """Focus a control and press keys; it keeps the focus, and the cells stay as they are."""
            control.focus()
            for key in keys:
                page.keyboard.press(key)
                focused = control.evaluate("(it) => it.getRootNode().activeElement === it")
                assert focused, f"{front_end}: {key} takes the focus away"
            assert page.locator(".jp-CodeCell").count() == len(CELLS), f"{front_end}: {keys}"
            assert page.locator(".jp-MarkdownCell").count() == 0

        slider = explorer.get_by_role("slider")
        press(slider, "ArrowRight")
        assert slider.input_value() == "1.5"
        press(slider, "Home")
        assert slider.input_value() == "0"
        press(slider, "End", "ArrowLeft", "ArrowDown")
        assert slider.input_value() == "1"
        press(slider, *SHORTCUTS)
        chosen = explorer.get_by_role("combobox")
        press(chosen, "ArrowDown", "End")
        assert chosen.input_value() == "2"
        press(chosen, "j", "x", "a", "b")
        press(explorer.get_by_role("checkbox"), "Space", *SHORTCUTS[:-1])
        press(explorer.get_by_role("button", name="Reset"), "x", "d", "d", "j", "ArrowDown")

        question = page.locator("fieldset", has_text="Which?")
        first = question.get_by_label("a", exact=True)
        first.check()
        first.focus()
        page.keyboard.press("ArrowDown")
        assert question.get_by_label("b", exact=True).is_checked()
        press(question.get_by_label("b", exact=True), "d", "d", "x", "j")
        press(question.get_by_role("button"), "d", "d", "x", "a", "ArrowUp")

        number = page.locator("fieldset", has_text="How many?")
        field = number.get_by_role("textbox")
        press(field, *"0,385")
        assert field.input_value() == "0,385", "a decimal comma is kept"
        press(field, "Enter")
        number.get_by_text("Read as 0.385. Right.").wait_for()
        field.fill("1,714")
        press(field, "Enter")
        number.get_by_text("can be read as 1.714 and as 1714").wait_for()

        words = page.locator("fieldset", has_text="Why?").get_by_role("textbox")
        press(words, *"ddxabj", "ArrowUp", "Home")
        assert words.input_value() == "ddxabj"

        press(
            page.locator(".clusterlab-graph canvas[role=listbox]"),
            "ArrowRight",
            "Home",
            "d",
            "d",
            "x",
            "a",
        )
        handle = page.locator(".clusterlab-radar").get_by_role("slider").first
        before = handle.input_value()
        press(handle, "ArrowUp", "d", "d", "x", "a")
        assert handle.input_value() != before
