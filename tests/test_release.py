"""What `make release` refuses and writes; that it builds is seen by running it."""

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "binder"))

import release  # noqa: E402

DAY = datetime.date(2027, 1, 31)
LOG = "# Changelog\n\n## Unreleased\n\n- A new thing.\n\n## 0.1.0, 2026-12-01\n\n- The first.\n"
WHO = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


def test_the_heading_stands_between_what_is_new_and_what_was():
    made = release.with_heading(LOG, "0.2.0", DAY)
    assert made == LOG.replace("Unreleased\n", "Unreleased\n\n## 0.2.0, 2027-01-31\n")


def test_the_citation_has_version_and_day_and_nothing_else_changes():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    made = release.with_version(text, "0.2.0", DAY)
    changed = {*made.splitlines()} - {*text.splitlines()}
    assert changed == {"version: 0.2.0", "date-released: 2027-01-31"}


@pytest.fixture
def checkout(tmp_path):
    """A checkout with what a release reads, all committed."""
    (tmp_path / "clusterlab").mkdir()
    (tmp_path / "clusterlab" / "__init__.py").write_text('__version__ = "0.2.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(LOG)

    def git(*words):
        subprocess.run(["git", *WHO, *words], cwd=tmp_path, check=True, capture_output=True)

    try:
        git("init")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git here")
    git("add", ".")
    git("commit", "-m", "all")
    return tmp_path, git


def test_what_is_in_the_way_of_a_release_is_told(checkout):
    root, git = checkout
    dist = root.parent / f"{root.name} dist"
    assert release.refusal(root, dist) == ""
    dist.mkdir()
    (dist / "clusterlab-0.2.0.tar.gz").write_text("mine")
    assert "overwritten" in release.refusal(root, dist)
    git("tag", "v0.2.0")
    assert "tag v0.2.0" in release.refusal(root, root / "new")
    git("tag", "-d", "v0.2.0")
    (root / "notes.txt").write_text("left over")
    assert "?? notes.txt" in release.refusal(root, root / "new")


@pytest.mark.parametrize(
    ("log", "why"),
    [
        (LOG.replace("- A new thing.\n\n", ""), "says nothing"),
        (LOG.replace("## Unreleased\n\n- A new thing.\n\n", ""), "says nothing"),
        (LOG.replace("0.1.0", "0.2.0"), "heading for 0.2.0 already"),
    ],
    ids=["empty", "none", "again"],
)
def test_a_changelog_that_tells_no_news_is_refused(checkout, log, why):
    root, git = checkout
    (root / "CHANGELOG.md").write_text(log)
    git("commit", "-a", "-m", "log")
    assert why in release.refusal(root, root / "dist")
