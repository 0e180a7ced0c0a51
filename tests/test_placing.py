"""Readers place points on the first axes of a picture: by mouse, by touch and by keys."""

from typing import Annotated

import pytest
from annotated_types import MaxLen

from clusterlab.explore import explore
from clusterlab.parameters import Parameter, model
from tests.browser.lab import CHROMIUM

START = [(2, 2), (8, 6)]
SPOTS = Parameter("spots", 0, 10, 1, admissible=(MaxLen(3),))


@model
def seen(
    *,
    spots: Annotated[list[tuple[float, float]], SPOTS] = START,
    high: Annotated[bool, Parameter("raised")] = False,
):
    return spots, high


def draw(result, *, ax):
    ax.set(xlim=(0, 10), ylim=(0, 10))
    ax.plot([x for x, _ in result[0]], [y for _, y in result[0]], "o")


def placing():
    return explore(
        seen,
        [draw, lambda result, ax: ax.plot([0, 1])],
        say=lambda result: f"{len(result[0])} spots, {'high' if result[1] else 'low'}.",
    )


def test_points_are_a_control_with_a_range_and_a_most():
    widget = placing()
    control = widget.controls[0]
    assert (control["low"], control["high"], control["step"], control["most"]) == (0, 10, 1, 3)
    assert widget.values["spots"] == [[2, 2], [8, 6]]
    assert widget.set(spots=[]).sentence == "0 spots, low."
    assert widget.reset().sentence == "2 spots, low."
    widget.set_state({"values": {"spots": [[1, 1]] * 4}, "request": 1})
    assert "at most 3 pairs of numbers" in widget.problem
    left, top, width, height = widget.ground
    assert 0 < left < left + width < 0.5
    assert 0 <= top < top + height < 1


browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def map_(maker):
    return maker.show(placing())


def on_ground(maker, x, y):
    frame = maker.page.locator(".clusterlab-points").bounding_box()
    return frame["x"] + x / 10 * frame["width"], frame["y"] + (1 - y / 10) * frame["height"]


def spots(maker):
    return maker.settled()["spots"]


class TestByMouseAndKeys:
    pytestmark = browser

    def test_a_point_is_pulled_by_mouse_and_stays_on_the_ground(self, map_):
        mouse = map_.page.mouse
        mouse.move(*on_ground(map_, 2, 2))
        mouse.down()
        mouse.move(*on_ground(map_, 4.2, 5), steps=5)
        mouse.move(*on_ground(map_, 5.2, 12), steps=3)
        mouse.up()
        assert spots(map_) == [[5, 10], [8, 6]]
        mouse.move(*on_ground(map_, 1, 1))
        assert spots(map_) == [[5, 10], [8, 6]]
        assert map_.page.get_by_role("button", name="1 of 2, at 5, 10").count() == 1

    def test_a_click_beside_places_one_up_to_the_most(self, map_):
        map_.page.mouse.click(*on_ground(map_, 5, 8))
        assert spots(map_) == [[2, 2], [8, 6], [5, 8]]
        assert map_.page.get_by_text("3 spots, low.").count() == 1
        map_.page.mouse.click(*on_ground(map_, 5, 2))
        assert len(spots(map_)) == 3
        assert map_.page.get_by_role("button", name="Add").is_disabled()

    def test_keys_add_move_and_remove_and_focus_stays(self, map_):
        page, press = map_.page, map_.page.keyboard.press
        page.get_by_role("button", name="Add").focus()
        press("Enter")
        press("ArrowLeft")
        press("ArrowUp")
        assert spots(map_) == [[2, 2], [8, 6], [4, 6]]
        page.get_by_role("button", name="1 of 3").focus()
        press("Delete")
        assert spots(map_) == [[8, 6], [4, 6]]
        assert page.evaluate("document.activeElement.ariaLabel") == "1 of 2, at 8, 6"
        press("Delete")
        press("Delete")
        assert spots(map_) == []
        assert page.get_by_text("0 spots, low.").count() == 1
        assert page.evaluate("document.activeElement.textContent") == "Add"
        page.get_by_role("button", name="Reset").click()
        assert spots(map_) == [list(spot) for spot in START]

    def test_other_controls_keep_the_points(self, map_):
        map_.page.mouse.click(*on_ground(map_, 5, 8))
        map_.page.get_by_label("raised").check()
        assert spots(map_) == [[2, 2], [8, 6], [5, 8]]
        assert map_.page.get_by_text("3 spots, high.").count() == 1


class TestByTouch:
    pytestmark = browser

    def test_a_tap_places_one_and_chooses_one_to_remove(self, thumb):
        thumb.show(placing())
        tap = thumb.page.touchscreen.tap
        tap(*on_ground(thumb, 5, 4))
        assert spots(thumb) == [[2, 2], [8, 6], [5, 4]]
        tap(*on_ground(thumb, 8, 6))
        thumb.page.get_by_role("button", name="Remove").tap()
        assert spots(thumb) == [[2, 2], [5, 4]]
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert thumb.page.evaluate(wide) <= 0
