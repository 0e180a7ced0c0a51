"""What every test may use."""

import os
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

mpl.use("Agg")

# The same examples in every run; `pytest --hypothesis-profile=default` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)  # no test asserts times
settings.load_profile("same")

ROOT = Path(__file__).resolve().parents[1]

#: Long files whose tests share nothing: each test goes to whichever worker is free, at the end.
APART = ("tests/test_corners.py::", "tests/test_corners_of_models.py::")


class _Scheduling(LoadScopeScheduling):
    """Keep the tests of a file together, the files with most tests first; but those `APART`."""

    def _split_scope(self, nodeid):
        return nodeid if nodeid.startswith(APART) else super()._split_scope(nodeid)

    def _assign_work_unit(self, node):
        # Tests in a browser wait more than they compute: one worker takes them, one after another,
        # and leaves its core to the other.
        browser = node is next(iter(self.nodes))
        for scope in self.workqueue:
            if ("browser/" in scope) == browser:
                self.workqueue.move_to_end(scope, last=False)
                break
        super()._assign_work_unit(node)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file():
    """Look for no examples in tests: each file would be imported and searched a second time."""
    found = yield
    return [each for each in found if not isinstance(each, DoctestModule)]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Let ``--dist loadscope`` leave no worker waiting for the other at the end."""
    return _Scheduling(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def real_data():
    """Return the folder of real tables beside the checkout; skip where there is none."""
    folder = Path(os.environ.get("CLUSTERLAB_REALDATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real tables in {folder}")
    return folder


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """Serve the course in one JupyterLab for all tests of a worker: its address, and the folder."""
    from tests.browser.lab import jupyter_lab

    folder = tmp_path_factory.mktemp("lab")
    with jupyter_lab(folder) as address:
        yield address, folder


@pytest.fixture(autouse=True)
def no_figure_is_left_open():
    """Close what a test drew: matplotlib warns at the 21st figure, in whatever test that falls."""
    yield
    plt.close("all")


def _maker(width, **look):
    """Yield a page in a browser in which the reader makes something."""
    from making import Maker

    from tests.browser.lab import browser_page

    with browser_page(width, 800, **look) as (page, outside):
        yield Maker(page)
        assert outside == []


@pytest.fixture(scope="class")
def maker():
    yield from _maker(1280)


@pytest.fixture(scope="class")
def thumb():
    yield from _maker(420, has_touch=True)
