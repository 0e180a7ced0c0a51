"""The public address stands once; what ships is what runs."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "binder"))

import address as project_address  # noqa: E402


def test_address_comes_from_pyproject():
    for name in ("README.md", "CITATION.cff"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert project_address.written(text, project_address.address()) == text


def test_a_new_address_is_written_everywhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    new = project_address.written(text, "https://github.com/someone/clusterlab")
    assert new.count("someone/clusterlab") == text.count("OWNER/clusterlab") > 0
    assert "OWNER" not in new


def test_pins_cover_what_is_declared_and_name_no_host():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=\[ ]", d)[0].lower() for d in project["dependencies"]}
    for name in ("constraints.txt", "binder/requirements.txt"):
        text = (ROOT / name).read_text(encoding="utf-8").lower()
        assert declared <= set(re.findall(r"^([a-z0-9_.-]+)==", text, flags=re.MULTILINE)), name
        assert "://" not in text
    assert "jupyterlab==" not in (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8")


def test_binder_names_its_python():
    assert (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").startswith("python-3.")
    assert "--no-deps" in (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")
