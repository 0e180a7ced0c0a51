"""Make a release in dist: ``make release``.

What is committed is built and checked in a folder of its own: a wheel and a source distribution,
and an archive of the whole course for Zenodo, which reads CITATION.cff in it and gives it a DOI.
Only then are the version's heading written into CHANGELOG.md and the version into CITATION.cff.
Nothing that is there is overwritten, and nothing leaves the machine.
"""

import datetime
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import readme

ROOT = readme.ROOT
UNRELEASED = "## Unreleased\n"
#: It needs an older jsonschema than Jupyter does, so it has an environment of its own.
CFF = ["uv", "tool", "run", "--from", "cffconvert==2.0.0", "cffconvert"]


def run(*command: str, cwd: Path = ROOT) -> str:
    """Run a program and return what it says; stop with its own words where it refuses."""
    done = subprocess.run(command, cwd=cwd, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"{Path(command[0]).name} refuses:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def version(root: Path) -> str:
    """Return the version, which stands in the package."""
    text = (root / "clusterlab" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)[1]


def names(number: str) -> list[str]:
    """Return the files of a release."""
    built = [f"clusterlab-{number}-py3-none-any.whl", f"clusterlab-{number}.tar.gz"]
    return [*built, f"clusterlab-{number}-course.zip"]


def with_heading(changelog: str, number: str, day: datetime.date) -> str:
    """Return the changelog with what is unreleased under a heading of this version.

    Raises
    ------
    ValueError
        Nothing is unreleased, or the version has a heading already.
    """
    if re.search(rf"^## {re.escape(number)}\b", changelog, re.MULTILINE):
        raise ValueError(f"CHANGELOG.md has a heading for {number} already; raise __version__.")
    before, found, after = changelog.partition(UNRELEASED)
    if not found or not re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0].strip():
        raise ValueError(f"CHANGELOG.md says nothing under {UNRELEASED.strip()!r}.")
    return f"{before}{UNRELEASED}\n## {number}, {day}\n{after}"


def with_version(citation: str, number: str, day: datetime.date) -> str:
    """Return CITATION.cff with a version and its day."""
    citation = re.sub(r"(?m)^version: .*$", f"version: {number}", citation)
    return re.sub(r"(?m)^date-released: .*$", f"date-released: {day}", citation)


def refusal(root: Path, dist: Path) -> str:
    """Return why nothing can be released from a checkout; empty where all is well."""
    number = version(root)
    if changed := run("git", "status", "--porcelain", cwd=root):
        return f"The checkout has changes that are not committed:\n{changed.rstrip()}"
    if run("git", "tag", "--list", f"v{number}", cwd=root):
        return f"There is a tag v{number} already; raise __version__ in clusterlab/__init__.py."
    if there := [name for name in names(number) if (dist / name).exists()]:
        return f"{there[0]} is in {dist.name} already; nothing is overwritten."
    try:
        with_heading((root / "CHANGELOG.md").read_text("utf-8"), number, datetime.date.today())
    except ValueError as error:
        return str(error)
    return ""


def make(root: Path, made: Path) -> list[Path]:
    """Build the files of a release from what is committed; return them, and the two texts last."""
    number, day = version(root), datetime.datetime.now(datetime.UTC).date()
    course = made / f"clusterlab-{number}"
    run("git", "clone", "--quiet", "--shared", str(root), str(course))
    shutil.rmtree(course / ".git")
    for name, change in {"CHANGELOG.md": with_heading, "CITATION.cff": with_version}.items():
        text = (course / name).read_text(encoding="utf-8")
        (course / name).write_text(change(text, number, day), encoding="utf-8")
    run(*CFF, "--validate", "-i", "CITATION.cff", cwd=course)
    run("uv", "build", "--quiet", "--out-dir", str(made), str(course))
    wheel, source, archive = (made / name for name in names(number))
    shutil.make_archive(str(archive.with_suffix("")), "zip", made, course.name)
    run("twine", "check", "--strict", str(wheel), str(source))
    run("check-wheel-contents", str(wheel))
    return [wheel, source, archive, course / "CHANGELOG.md", course / "CITATION.cff"]


def main() -> None:
    """Make the release, and say what is to be done next."""
    dist = ROOT / "dist"
    if why := refusal(ROOT, dist):
        sys.exit(why)
    with tempfile.TemporaryDirectory() as folder:
        *files, changelog, citation = make(ROOT, Path(folder))
        dist.mkdir(exist_ok=True)
        for file in files:
            shutil.move(file, dist / file.name)
            print(f"dist/{file.name}")
        for text in (changelog, citation):
            shutil.copyfile(text, ROOT / text.name)
    number, address = version(ROOT), readme.address()
    steps = [
        f"git diff; git commit -am 'Release {number}'; git tag v{number}",
        f"git push origin HEAD v{number}",
        f"twine upload {' '.join(f'dist/{file.name}' for file in files[:2])}",
        f"{address}/releases/new with the tag: Zenodo, once told to watch the repository, takes it "
        f"and gives it a DOI; or upload dist/{files[2].name} to Zenodo by hand",
        "write the DOI into CITATION.cff (doi: 10.5281/zenodo…), raise __version__ in "
        "clusterlab/__init__.py, commit",
    ]
    if "/OWNER/" in address:
        steps.insert(
            0, "the address in pyproject.toml still says OWNER: mend it, make readme, again"
        )
    print("Nothing has left this machine. Next:")
    print("\n".join(f"{place}. {step}" for place, step in enumerate(steps, start=1)))


if __name__ == "__main__":
    main()
