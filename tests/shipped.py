"""What is shipped, tried where nothing else is: ``make shipped``.

The wheel in an empty environment outside of the checkout, the source distribution with its own tests
where there is no git, and ``make lab`` of such a copy while its port is taken; all in a folder whose
name has blanks and accents. Takes some minutes, so that ``make test`` leaves it out.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from pathlib import Path

import matrix
import pytest

ROOT = Path(__file__).resolve().parents[1]
TRIED = """
import anywidget, pathlib, clusterlab
from clusterlab import command_line, datasets, diamond
home = pathlib.Path(clusterlab.__file__).parent
assert "site-packages" in home.parts, home
for name in datasets.catalogue().index:
    assert len(datasets.load(name))
widget = diamond.widgets.motion()
assert widget.picture and widget.sentence and "render" in str(widget._esm)
assert command_line.main(["copy", "measure_concentration", "mine"]) == 0
"""


def run(*command, cwd, path="", **environment):
    """Run a program that finds no git, and nothing of this checkout, and return what it says."""
    known = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    known["PATH"] = f"{path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=known | environment, text=True, capture_output=True
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout


def uv(*words, cwd):
    return run(sys.executable, "-m", "uv", *words, "--quiet", cwd=cwd)


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("Ein Ordner für Çlüster é")


@pytest.fixture(scope="session")
def no_git(place):
    """A folder for the head of PATH, whose git does what one that is not there does."""
    folder = place / "no git"
    folder.mkdir()
    (folder / "git").write_text("#!/bin/sh\necho 'git: not found' >&2\nexit 127\n")
    (folder / "git").chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name]


@pytest.fixture(scope="session")
def built(place, tracked):
    """The wheel and the source distribution of what git knows of this checkout."""
    copy = place / "checkout"
    for name in tracked:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    uv("build", "--out-dir", place / "dist", copy, cwd=place)
    return next((place / "dist").glob("*.whl")), next((place / "dist").glob("*.tar.gz"))


@pytest.fixture(scope="session")
def unpacked(built, place):
    with tarfile.open(built[1]) as archive:
        archive.extractall(place)
    return place / built[1].name.removesuffix(".tar.gz")


def test_the_wheel_has_all_that_is_needed(built, tracked):
    inside = {name for name in zipfile.ZipFile(built[0]).namelist() if ".dist-info/" not in name}
    due = {name for name in tracked if name.startswith("clusterlab/")}
    for folder, there in (("datasets/", "_datasets/"), ("notebooks/recipes/", "_recipes/")):
        names = [name for name in tracked if name.startswith(folder)]
        due |= {f"clusterlab/{there}{name.removeprefix(folder)}" for name in names}
    assert inside == due


def test_the_wheel_works_where_nothing_else_is(built, place):
    uv("venv", f"--python={sys.executable}", "empty", cwd=place)
    uv("pip", "install", "--python=empty", built[0], "nbclient", "ipykernel", cwd=place)
    python = place / "empty" / "bin" / "python"
    run(python, "-W", "error", "-c", TRIED, cwd=place)
    [recipe] = (place / "mine").glob("*.ipynb")
    run(python.with_name("jupyter-execute"), recipe, cwd=place / "mine")


def test_the_source_distribution_is_the_checkout(built, tracked, unpacked):
    there = {str(p.relative_to(unpacked)) for p in unpacked.rglob("*") if p.is_file()}
    there -= {"PKG-INFO"}
    left_out = {name for name in tracked if name.startswith(".ci/")}
    assert there == {*tracked} - left_out


def test_its_own_tests_pass_without_git(unpacked, no_git, place):
    uv("venv", f"--python={sys.executable}", "for tests", cwd=place)
    python = place / "for tests" / "bin" / "python"
    constraint = f"--constraint={unpacked / 'constraints.txt'}"
    uv("pip", "install", "--python=for tests", constraint, f"{unpacked}[test]", cwd=place)
    said = run(python, "-m", "pytest", *matrix.SUITE, cwd=unpacked, path=no_git)
    assert re.search(r"\d{4} passed", said)


def test_make_lab_opens_while_its_port_is_taken(unpacked, no_git):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        options = f"--no-browser --allow-root --ip=127.0.0.1 --port={port}"
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        environment["PATH"] = f"{no_git}{os.pathsep}{os.environ['PATH']}"
        log = unpacked / "lab.log"
        with log.open("w") as said:
            server = subprocess.Popen(
                ["make", "lab", f"PYTHON={sys.executable}", f"LAB_OPTIONS={options}"],
                cwd=unpacked,
                env=environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        try:
            for _ in range(600):
                found = re.search(r"http://127\.0\.0\.1:(\d+)/lab\S*token=(\w+)", log.read_text())
                if found or server.poll() is not None:
                    break
                time.sleep(0.5)
            assert found, log.read_text()
            assert int(found[1]) != port
            assert f"port {port} is already in use" in log.read_text()
            with urllib.request.urlopen(found[0]) as page:
                assert b"JupyterLab" in page.read()
        finally:
            os.killpg(server.pid, 15)
            server.wait(timeout=30)
