"""Modular versus relational production networks: structure, shocks, search and reach.

Concepts are imported here; ``networks.plots`` and ``networks.widgets`` on first use.
"""

from importlib import import_module

from clusterlab.networks.vocabulary import (
    ATTRIBUTES,
    KINDS,
    OWNERSHIP,
    REACHES,
    ownership,
    read,
    require,
    validate,
    vocabulary,
)

__all__ = [
    "ATTRIBUTES",
    "KINDS",
    "OWNERSHIP",
    "REACHES",
    "ownership",
    "read",
    "require",
    "validate",
    "vocabulary",
]


def __getattr__(name):
    if name in ("plots", "widgets"):
        return import_module(f"clusterlab.networks.{name}")
    raise AttributeError(f"module 'clusterlab.networks' has no attribute {name!r}")
