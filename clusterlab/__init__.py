"""clusterlab: a course and toolbox on industrial clusters.

Topics are subpackages (``clusterlab.agglomeration``, …); what they share are the modules
``tables``, ``parameters``, ``explore``, ``sweep``, ``exercises``, ``datasets`` and ``style``.
Everything is imported on first use, so that ``import clusterlab`` costs nothing.
"""

from importlib import import_module

__version__ = "0.1.0"

__all__ = [
    "agglomeration",
    "datasets",
    "diamond",
    "districts",
    "exercises",
    "explore",
    "location",
    "networks",
    "parameters",
    "style",
    "sweep",
    "tables",
    "transitions",
]


def __getattr__(name):
    if name in __all__:
        return import_module(f"clusterlab.{name}")
    raise AttributeError(f"module 'clusterlab' has no attribute {name!r}")


def __dir__():
    return __all__
