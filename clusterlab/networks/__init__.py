"""Modular versus relational production networks: structure, shocks, search and reach.

Concepts are imported here; ``networks.plots`` and ``networks.widgets`` on first use.
"""

from importlib import import_module

from clusterlab.networks.governance import TYPES, generate, governance_type
from clusterlab.networks.measures import (
    centralisation,
    core_periphery,
    customers_per_supplier,
    ei_index,
    reciprocity,
    redundancy,
    size_inequality,
    specificity,
    structure,
    switching,
)
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
    "TYPES",
    "centralisation",
    "core_periphery",
    "customers_per_supplier",
    "ei_index",
    "generate",
    "governance_type",
    "ownership",
    "read",
    "reciprocity",
    "redundancy",
    "require",
    "size_inequality",
    "specificity",
    "structure",
    "switching",
    "validate",
    "vocabulary",
]


def __getattr__(name):
    if name in ("plots", "widgets"):
        return import_module(f"clusterlab.networks.{name}")
    raise AttributeError(f"module 'clusterlab.networks' has no attribute {name!r}")
