"""Bring what pages and decks load from npm, once, in the versions named by the caller."""

import shutil
import subprocess
import tarfile
from pathlib import Path

#: Package: its version, and which of its files are wanted (how their paths begin).
Packages = dict[str, tuple[str, tuple[str, ...]]]

#: MathJax writes formulas with fonts of its own, which stand beside it.
MATHJAX: Packages = {"mathjax": ("3.2.2", ("es5/tex-chtml.js", "es5/output/chtml/fonts/woff-v2/"))}


def fetch(packages: Packages, folder: Path) -> None:
    """Bring the files of packages into a folder, one folder a package, unless it is there."""
    for name, (version, wanted) in packages.items():
        place = folder / name
        if place.exists():
            continue
        if shutil.which("npm") is None:
            raise SystemExit(f"npm is needed, which brings {name} (https://nodejs.org).")
        folder.mkdir(parents=True, exist_ok=True)
        pack = ["npm", "pack", "--silent", f"{name}@{version}"]
        packed = folder / subprocess.check_output(pack, cwd=folder, text=True).strip()
        with tarfile.open(packed) as archive:
            for member in archive.getmembers():
                inside = member.name.removeprefix("package/")
                if member.isfile() and inside.startswith(wanted):
                    member.name = inside
                    archive.extract(member, place, filter="data")
        packed.unlink()
