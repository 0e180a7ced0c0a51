"""A session on Binder, as far as it can be had without: ``make binder``.

Asserts on the Dockerfile that repo2docker writes for this checkout. Then, in build/binder, which
has what that Dockerfile installs: seconds from the start of the server to the first picture in a
browser, and the memory of server and kernels with three units open, which must stay under 1 GB of
Binder's 2.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests" / "browser"))

import lab  # noqa: E402

REPO2DOCKER = ["uv", "tool", "run", "--from", "jupyter-repo2docker==2026.4.0"]
REPO2DOCKER += ["jupyter-repo2docker", "--no-build", "--debug"]
AS_ON_BINDER = ["--user-id=1000", "--user-name=jovyan", "."]
UNITS = [
    "03_agglomeration/1_what_is_a_share_worth",
    "01_clusters/1_what_is_a_cluster",
    "07_networks/1_what_holds_a_network",
]
MOST = 1e9  # bytes
FIRST_PICTURE = """const look = setInterval(() => {
    if (!document.querySelector(".clusterlab-picture, .jp-OutputArea-output img")) return;
    window.firstPicture = Date.now();
    clearInterval(look);
}, 50);"""


def faults(dockerfile: str) -> list[str]:
    """Return what a Dockerfile lacks of what the course counts on."""
    wanted = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    python = wanted.removeprefix("python-")
    in_order = [
        ("another Python than binder/runtime.txt says", f"environment for python={python}\n"),
        # the extensions of widgets must stand where the server looks for them
        ("kernel and server in two environments", "KERNEL_PYTHON_PREFIX=${NB_PYTHON_PREFIX}\n"),
        ("pinned versions are not installed", '-r "binder/requirements.txt"\n'),
        ("notebooks that the reader cannot write to", "COPY --chown=1000:1000 src/ ${REPO_DIR}/\n"),
        ("postBuild run as another user than the reader", "\nUSER ${NB_USER}\n"),
        ("the library is not installed", "\nRUN ./binder/postBuild\n"),
        ("no server", "\nCMD ["),
    ]
    found, at = [], 0
    for fault, line in in_order:
        place = dockerfile.find(line, at)
        if place < 0:
            found.append(fault)
        else:
            at = place + len(line) - 1
    return found


def pss() -> dict[str, int]:
    """Return the bytes of the server and of the kernels, shared pages by their part."""
    held = {"server": 0, "kernels": 0}
    for process in psutil.Process().children(recursive=True):
        words = " ".join(process.cmdline())
        if "ipykernel" in words:
            held["kernels"] += process.memory_full_info().pss
        elif "-m jupyterlab" in words:
            held["server"] += process.memory_full_info().pss
    return held


def main() -> None:
    """Look at the Dockerfile, open three units, and print what was found."""
    written = subprocess.run(
        [*REPO2DOCKER, *AS_ON_BINDER], cwd=ROOT, text=True, capture_output=True, check=True
    )
    # the log, of which Python it is, comes before what is written, wherever it is printed
    if wrong := faults(written.stderr + written.stdout):
        sys.exit("What Binder would build: " + "; ".join(wrong) + ".")
    print("What Binder would build is as the course needs it.")
    began = time.time()
    with (
        tempfile.TemporaryDirectory() as folder,
        lab.jupyter_lab(Path(folder), python=ROOT / "build/binder/bin/python") as address,
        lab.browser_page() as (page, outside),
    ):
        page.add_init_script(FIRST_PICTURE)
        for unit in UNITS:
            lab.run_all(page, address, f"{unit}.ipynb")
            if unit == UNITS[0]:
                seconds = page.evaluate("window.firstPicture") / 1000 - began
                print(f"start to first picture: {seconds:.0f} s")
            errors = page.locator(".jp-OutputArea-output[data-mime-type*=error]")
            if errors.count():
                sys.exit(f"{unit} stops: {errors.first.inner_text()}")
        held = pss()
        assert not outside, outside
    whole = sum(held.values())
    parts = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in held.items())
    print(f"{len(UNITS)} units open: {whole / 1e6:.0f} MB ({parts})")
    if whole > MOST:
        sys.exit(f"Three open units take more than {MOST / 1e9:g} GB.")


if __name__ == "__main__":
    main()
