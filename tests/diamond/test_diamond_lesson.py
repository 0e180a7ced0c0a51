"""The unit with the radar, in a real browser: runs whole, stays on this machine, its radar asks the kernel."""

import pytest
from lab import CHROMIUM, browser_page, run_all

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def test_the_lesson_runs_and_its_radar_asks_the_kernel(course):
    """In JupyterLab: no error, nothing fetched from outside, and the path follows a key."""
    with browser_page() as (page, outside):
        run_all(page, course[0], "02_diamond/2_why_do_weak_places_stay_weak.ipynb")
        assert page.locator(".jp-OutputArea-output[data-mime-type*='error']").count() == 0
        assert page.locator(".jp-RenderedText[data-mime-type*='stderr']").count() == 0
        radar = page.locator(".clusterlab-explorer:has(.clusterlab-radar)").first
        assert "falls from 0.26 to 0.19" in radar.inner_text()
        radar.get_by_role("slider", name="demand conditions").first.focus()
        for _ in range(10):
            page.keyboard.press("ArrowUp")
        page.wait_for_function(
            "(box) => box.textContent.includes('28.50')"
            " && /rises from 0.2[89]/.test(box.textContent)",
            arg=radar.element_handle(),
            timeout=20_000,
        )
        assert outside == []
