"""Make the pages of the reference from docstrings: one a topic, one a module that topics share."""

import inspect
import re
import sys
from dataclasses import is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).resolve().parents[1] / "clusterlab"


def toctree(names: list[str], *, depth: int = 1) -> str:
    """Return a table of contents that is in the margin only."""
    listed = "\n".join(names)
    return f"```{{toctree}}\n:hidden:\n:maxdepth: {depth}\n\n{listed}\n```"


def topics() -> list[str]:
    """Return the topics of the library."""
    return import_module("clusterlab")._TOPICS


def shared() -> list[str]:
    """Return the shared modules that announce names."""
    modules = [path for path in sorted(PACKAGE.glob("*.py")) if path.stem != "__init__"]
    return [path.stem for path in modules if "\n__all__ = " in path.read_text(encoding="utf-8")]


def announced(module: ModuleType) -> tuple[list[str], list[ModuleType]]:
    """Return what a module announces: names, and modules with names of their own."""
    own = [name for name, thing in vars(module).items() if _of(module, thing) and name[0] != "_"]
    things = {name: getattr(module, name) for name in sorted(getattr(module, "__all__", own))}
    rooms = [thing for thing in things.values() if inspect.ismodule(thing)]
    return [name for name, thing in things.items() if thing not in rooms], rooms


def _of(module: ModuleType, thing: object) -> bool:
    return inspect.isfunction(thing) and thing.__module__ == module.__name__


def results(module: ModuleType) -> dict[str, str]:
    """Return the classes that functions of a module return, and where each is defined."""
    names, rooms = announced(module)
    functions = [getattr(module, name) for name in names]
    functions += [getattr(room, name) for room in rooms for name in announced(room)[0]]
    found = {}
    for function in filter(inspect.isfunction, functions):
        returned = inspect.signature(function).return_annotation
        home = vars(sys.modules[function.__module__])
        told = (
            [home.get(word) for word in re.findall(r"\w+", returned)]
            if isinstance(returned, str)
            else [returned]
        )
        for kind in filter(is_dataclass, told):
            found[kind.__name__] = f"{kind.__module__}.{kind.__name__}"
    return dict(sorted(found.items()))


@cache
def page(name: str) -> str:
    """Return the page of the reference on a topic or a shared module, in reStructuredText."""
    module = import_module(f"clusterlab.{name}")
    names, rooms = announced(module)
    title, rule = name, "=" * len(name)
    text = [f"{title}\n{rule}", inspect.getdoc(module) or "", told(module, names)]
    for room in rooms:
        heading = room.__name__.rpartition(".")[2].capitalize()
        text += [f"{heading}\n{'-' * len(heading)}", inspect.getdoc(room) or ""]
        text.append(told(room, announced(room)[0]))
    if classes := results(module):
        text += ["Results\n-------", "What the functions above return."]
        text += [f".. autoclass:: {path}()\n   :members:" for path in classes.values()]
    return "\n\n".join(filter(None, text)) + "\n"


def told(module: ModuleType, names: list[str]) -> str:
    """Return the part of a reference on these names of a module."""
    listed = "\n".join(f"   {name}" for name in names)
    text = [
        f".. currentmodule:: {module.__name__}",
        f".. autosummary::\n   :nosignatures:\n\n{listed}" if names else "",
    ]
    for name in names:
        thing = getattr(module, name)
        kind = "class" if inspect.isclass(thing) else "function" if callable(thing) else "data"
        members = "\n   :members:" if kind == "class" else ""
        text.append(f".. auto{kind}:: {name}{members}")
    return "\n\n".join(filter(None, text))


def index(modules: list[str]) -> str:
    """Return the page that lists the pages of the reference."""
    text = ["# Functions", "Every public function of the library, from its docstring."]
    of_topic = [name for name in modules if name in topics()]
    others = [name for name in modules if name not in topics()]
    for title, names in (("Topics", of_topic), ("What topics share", others)):
        there = {name: import_module(f"clusterlab.{name}") for name in names}
        told = {
            name: (inspect.getdoc(each) or "").partition("\n")[0] for name, each in there.items()
        }
        lines = [f"- [{name}]({name}.rst): {first}" for name, first in told.items()]
        text += [f"## {title}", "\n".join(lines)] if lines else []
    return "\n\n".join([*text, toctree(modules)]) + "\n"
