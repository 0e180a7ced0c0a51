"""Write the project's public address, which stands in pyproject.toml, wherever it is needed."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def written(text: str, address: str) -> str:
    """Return a text with every address of the project (and of its Binder) brought up to date."""
    owner_and_name = address.removeprefix("https://github.com/")
    text = re.sub(r"(mybinder\.org/v2/gh/)[^/\s]+/[^/\s]+(?=/)", rf"\g<1>{owner_and_name}", text)
    return re.sub(r"https://github\.com/[^/\s]+/clusterlab", address, text)


def address() -> str:
    """Return the address."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]


if __name__ == "__main__":
    for name in ("README.md", "CITATION.cff"):
        file = ROOT / name
        file.write_text(written(file.read_text(encoding="utf-8"), address()), encoding="utf-8")
