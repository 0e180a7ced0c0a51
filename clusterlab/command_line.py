"""The command ``clusterlab``: recipes to copy, measures of a file, and what is installed.

It needs neither Jupyter nor a checkout. What it refuses is said in one sentence; its exit status is
1 where data or an installation are at fault and 2 where the call is.
"""

from __future__ import annotations

import argparse
import contextlib
import inspect
import json
import os
import re
import sys
import threading
import typing
import warnings
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from clusterlab.names import did_you_mean

_HERE = Path(__file__).parent
# In a checkout the recipes are notebooks of the course, in an installed wheel they are inside it.
_RECIPES = next(
    (f for f in (_HERE / "_recipes", _HERE.parent / "notebooks" / "recipes") if f.is_dir()),
    _HERE / "_recipes",
)


class _BadCall(Exception):
    """The call itself is wrong."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> typing.NoReturn:
        raise _BadCall(f"{message}; see {self.prog} --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``clusterlab``; by default those the program was called with.

    Returns
    -------
    int
        0, or 1 for bad data and 2 for a bad call, with one sentence on the standard error.

    Examples
    --------
    >>> main(["recipes"])  # doctest: +ELLIPSIS
    audit_your_initiative ...
    0
    """
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")  # a console without some letters shows ? for them
    words = sys.argv[1:] if arguments is None else [*arguments]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default", UserWarning)
            warnings.showwarning = lambda message, *_, **__: print(message, file=sys.stderr)
            # what reads needs pandas, without which `doctor` has to work
            options = vars(_parser(reads=words[:1] == ["measure"]).parse_args(words))
            return options.pop("run")(**options)
    except _BadCall as fault:
        print(f"clusterlab: {fault}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, OSError, ImportError) as fault:
        print(f"clusterlab: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("clusterlab: stopped.", file=sys.stderr)
        return 1


def _parser(*, reads: bool) -> argparse.ArgumentParser:
    parser = _Parser("clusterlab", description="Measures and recipes on industrial clusters.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)

    def command(name: str, run: Any) -> argparse.ArgumentParser:
        words = inspect.getdoc(run) or ""
        added = commands.add_parser(name, help=words.split("\n")[0], description=words)
        added.set_defaults(run=run)
        return added

    command("recipes", _list_recipes)
    copy = command("copy", _copy)
    copy.add_argument("name", metavar="NAME", help="a recipe that `clusterlab recipes` lists")
    copy.add_argument("folder", metavar="FOLDER", nargs="?", default=".", type=Path)
    measure = command("measure", _measure)
    measure.add_argument("file", metavar="FILE", help="one row a region-industry pair, or wide")
    if reads:
        _add_reading(measure)
    measure.add_argument(
        "--output",
        metavar="FILE",
        type=Path,
        help="a new file to write the table to, by its ending: .csv, .xlsx, .tex",
    )
    command("doctor", _doctor)
    return parser


# --- recipes --------------------------------------------------------------------------------------


def _recipes() -> dict[str, Path]:
    return {path.stem: path for path in sorted(_RECIPES.glob("*.ipynb"))}


def _sources(path: Path, kind: str) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


def _list_recipes() -> int:
    """List the recipes, each with what it is for."""
    known = _recipes()
    wide = max(map(len, known), default=0)
    for name, path in known.items():
        heading = _sources(path, "markdown")[0].splitlines()[0]
        print(f"{name:{wide}}  {heading.removeprefix('# ').removeprefix('Recipe: ')}")
    return 0


def _copy(name: str, folder: Path) -> int:
    """Put a recipe and its sample tables into a folder; no file is overwritten."""
    from clusterlab import datasets

    known = _recipes()
    if name not in known:
        raise _BadCall(f"there is no recipe {name!r}{did_you_mean(name, known, 'there are')}")
    code = "\n".join(_sources(known[name], "code"))
    tables = dict.fromkeys(re.findall(r"""datasets\.load\(["'](\w+)["']\)""", code))
    wanted = [known[name], *(file for table in tables for file in datasets.files_of(table))]
    if there := [file.name for file in wanted if (folder / file.name).exists()]:
        raise ValueError(
            f"{folder / there[0]} exists and is not overwritten; name another folder: "
            f"clusterlab copy {name} FOLDER."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for file in wanted:
        content = file.read_bytes()
        if file == known[name]:  # units and other recipes are not beside a copy
            content = re.sub(rb"\[([^][]+)\]\((?:\.\./)?([\w/]+)\.ipynb\)", rb"\1 (\2)", content)
        with open(folder / file.name, "xb") as new:
            new.write(content)
        print(folder / file.name)
    return 0


# --- measures of a file ---------------------------------------------------------------------------


def _add_reading(parser: argparse.ArgumentParser) -> None:
    """Give a command the options of `clusterlab.tables.read`, in the words of its help."""
    from clusterlab import tables

    kinds = typing.get_type_hints(tables.read)
    for name, told in inspect.signature(tables.read).parameters.items():
        if told.kind is not told.KEYWORD_ONLY:
            continue
        kind = str(kinds[name])
        several = name == "where" or "Iterable" in kind or "Sequence" in kind
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            metavar="COLUMN=VALUE" if name == "where" else name.upper(),
            action="append" if several else "store",
            choices=_choices(kinds[name]),
            type=_whole_or_text if "int" in re.findall(r"\w+", kind) else str,
            required=told.default is told.empty,
            help=_HELP.get(name, f"as {name}= of clusterlab.tables.read"),
        )


_HELP = {
    "region": "the column with the region",
    "industry": "the column with the industry; without it and --value the file is wide",
    "value": "the column with jobs or establishments",
    "absent": "what a pair means that the file does not list",
    "duplicates": "what to do with a pair that is listed more than once",
    "unknown": "a mark of values that are not published; may be given several times",
    "where": "read only rows with this value; may be given several times",
}


def _choices(kind: Any) -> list[str] | None:
    """Return the words an argument may be, where its type lists them."""
    for part in (kind, *typing.get_args(kind)):
        if typing.get_origin(part) is typing.Literal:
            return [*typing.get_args(part)]
    return None


def _whole_or_text(word: str) -> int | str:
    return int(word) if word.isascii() and word.isdigit() else word


def _conditions(words: Sequence[str]) -> Mapping[str, list[str]]:
    """Return column → wanted values from ``COLUMN=VALUE``; a column may come several times."""
    found: dict[str, list[str]] = {}
    for word in words:
        column, sign, value = word.partition("=")
        if not sign:
            raise _BadCall(f"--where is {word!r}, but it must be COLUMN=VALUE, such as year=2019")
        found.setdefault(column, []).append(value)
    return found


def _measure(file: str, output: Path | None, **reading: Any) -> int:
    """Print or write every measure of concentration for every industry of a file."""
    from clusterlab import agglomeration, saving, tables

    given = {name: value for name, value in reading.items() if value is not None}
    if "where" in given:
        given["where"] = _conditions(given["where"])
    if len(given.get("skip_rows", ())) == 1:  # once is the number of lines above the header
        [given["skip_rows"]] = given["skip_rows"]
    if output is not None:
        saving.refuse_existing(output)
    with _bar("reading", "measuring") as step:
        table = tables.read(file, **given)
        step()
        measures = agglomeration.measure_all(table)
    if output is None:
        print(measures.to_string(float_format="{:.4g}".format))
        print(f"\n{measures.attrs['note']}")
    else:
        saving.save(measures, output)
        print(f"{len(measures)} industries: {output}")
    return 0


@contextlib.contextmanager
def _bar(*names: str) -> Iterator[Any]:
    """Show which step runs and for how long, on a console and where it takes more than a second.

    How much of it is done is not known before a file has been read, so no share is shown.
    """
    from tqdm import tqdm

    told = "{desc} for {elapsed} (step {n} of {total})"
    how: dict[str, Any] = {"bar_format": told, "delay": 1, "disable": None, "leave": False}
    with tqdm(total=len(names), initial=1, desc=names[0], **how) as bar:
        left, over = iter(names[1:]), threading.Event()

        def step() -> None:
            bar.set_description(next(left), refresh=False)
            bar.update()

        def run_on() -> None:
            while not over.wait(0.5):
                bar.refresh()

        clock = threading.Thread(target=run_on, daemon=True)
        clock.start()
        try:
            yield step
        finally:
            over.set()
            clock.join()


# --- what is installed ----------------------------------------------------------------------------


def _doctor() -> int:
    """Say which Python and packages are installed, what is missing, and what each extra adds."""
    try:
        needs = metadata.requires("clusterlab") or []
    except metadata.PackageNotFoundError:
        raise ValueError(
            "clusterlab runs from a folder and is not installed, so what it needs is not known; "
            "install it there: pip install --editable ."
        ) from None
    print(f"Python {sys.version.split()[0]} ({sys.executable})")
    print(f"clusterlab {metadata.version('clusterlab')} ({_HERE})")
    groups: dict[str, dict[str, str]] = {"": {}}
    for need in needs:
        of_extra = re.search(r"extra == ['\"]([\w.-]+)['\"]", need)
        name, asked = re.match(r"([\w.-]+)(.*?)\s*(?:;|$)", need).groups()  # type: ignore[union-attr]
        if name != "clusterlab":  # an extra that takes in others
            groups.setdefault(of_extra[1] if of_extra else "", {})[name] = asked.strip()
    lacking = 0
    for extra, packages in groups.items():
        found = {name: _version(name) for name in packages}
        missing = sum(version is None for version in found.values())
        old = [name for name in packages if _is_older(found[name], packages[name])]
        lacking += 0 if extra else missing + len(old)
        title = f"extra [{extra}]" if extra else "needed"
        if missing or old:
            counts = [f"{missing} missing"] * bool(missing) + [f"{len(old)} too old"] * bool(old)
            title += f": {', '.join(counts)}, pip install {'--upgrade ' * bool(old)}"
            title += f"'clusterlab[{extra}]'" if extra else "clusterlab"
        print(f"\n{title}")
        for name, asked in packages.items():
            words = f"asked: {asked}" * bool(asked) + " (too old)" * (name in old)
            print(f"  {name:24} {found[name] or 'missing':12} {words}".rstrip())
    return 1 if lacking else 0


def _is_older(version: str | None, asked: str) -> bool:
    """Return whether an installed version is below the lower bound that is asked for."""
    bound = re.search(r">=?\s*([\d.]+)", asked)
    if version is None or bound is None:
        return False
    one, other = ([*map(int, re.findall(r"\d+", each)[:3]), 0, 0] for each in (version, bound[1]))
    return one[:3] < other[:3]


def _version(name: str) -> str | None:
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return None
