"""The suite with each Python and with newest, lowest and pinned dependencies: ``make matrix``.

``python tests/matrix.py 3.13-lowest …`` tries some of the cells only. Pythons are those that uv finds;
for one that is not there the table says so. Our own warnings are errors, and those of other packages,
which differ from version to version, are none.
"""

import itertools
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CELLS = ROOT / "build" / "matrix"
PYTHONS = ["3.11", "3.12", "3.13"]
#: Only wheels: a lowest version that has none for a Python is one that nobody installs there.
WHEELS = ["--only-binary=:all:", "--no-binary=clusterlab", "--prerelease=disallow"]
DEPENDENCIES = {
    "newest": [],
    "lowest": ["--resolution=lowest-direct"],
    "pinned": ["--constraint=constraints.txt"],
}
#: What says nothing of versions, or takes long: browsers, the site, whole notebooks, and pictures at
#: every corner of their controls.
LEFT_OUT = [
    "tests/browser",
    *(f"tests/test_{name}.py" for name in ("corners", "corners_of_models", "notebooks", "prose")),
    *(f"tests/test_{name}.py" for name in ("site", "slides", "student", "embeds", "guide")),
    "tests/test_browser_kernel.py",  # a browser's Python has its own versions
]
SUITE = [
    "-n2",
    "--dist=loadscope",
    "-m=not browser and not realdata",
    *(f"--ignore={name}" for name in LEFT_OUT),
    "--override-ini=filterwarnings=default\nerror:::clusterlab",
]
SHOWN = ["numpy", "pandas", "scipy", "matplotlib", "networkx", "anywidget"]


def run(*command: str | Path) -> subprocess.CompletedProcess:
    """Run a program in the checkout, with nothing of this environment."""
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=ROOT, env=alone, text=True, capture_output=True)


def cell(python: str, dependencies: str) -> tuple[bool, str]:
    """Return whether a cell is well, and its row of the table."""
    made = CELLS / f"{python}-{dependencies}"
    new = ["uv", "venv", "--quiet", "--clear", "--no-python-downloads", f"--python={python}", made]
    if run(*new).returncode:
        return True, f"| {python} | {dependencies} | not on this machine | | |"
    start, inside = time.monotonic(), made / "bin" / "python"
    to = ["uv", "pip", "install", "--quiet", f"--python={inside}"]
    installed = run(*to, *WHEELS, *DEPENDENCIES[dependencies], "--editable=.[test]")
    if installed.returncode:
        print(installed.stderr, file=sys.stderr)
        return False, f"| {python} | {dependencies} | cannot be installed | | |"
    frozen = dict(
        line.split("==")
        for line in run("uv", "pip", "freeze", f"--python={inside}").stdout.split()
        if "==" in line
    )
    tested = run(inside, "-m", "pytest", *SUITE)
    (made / "tests.log").write_text(tested.stdout + tested.stderr, encoding="utf-8")
    *_, last = ["", *tested.stdout.strip().splitlines()]
    found = ", ".join(re.findall(r"\d+ (?:passed|failed|errors?|skipped)", last)) or last
    print(*re.findall(r"(?m)^(?:FAILED|ERROR) .*$", tested.stdout), sep="\n", file=sys.stderr)
    versions = ", ".join(f"{name} {frozen[name]}" for name in SHOWN)
    minutes = (time.monotonic() - start) / 60
    row = f"| {python} | {dependencies} | {found} | {minutes:.0f} | {versions} |"
    return tested.returncode == 0, row


def main(chosen: list[str]) -> None:
    """Try the cells, and print one table."""
    pairs = [*itertools.product(PYTHONS, DEPENDENCIES)]
    if strange := set(chosen) - {"-".join(pair) for pair in pairs}:
        sys.exit(f"{min(strange)} is no cell; they are {PYTHONS[0]}-newest and so on.")
    rows, well = [], True
    for pair in pairs:
        if not chosen or "-".join(pair) in chosen:
            good, row = cell(*pair)
            rows.append(row)
            well &= good
            print(row, file=sys.stderr)
    print("| Python | dependencies | tests | minutes | versions |\n| --- | --- | --- | --- | --- |")
    print("\n".join(rows))
    if not well:
        sys.exit(f"What failed is told in {CELLS.relative_to(ROOT)}/*/tests.log.")


if __name__ == "__main__":
    main(sys.argv[1:])
