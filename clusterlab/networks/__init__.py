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
    internal_ties,
    reciprocity,
    redundancy,
    size_inequality,
    specificity,
    structure,
    switching,
)
from clusterlab.networks.profile import Profile, closest_types
from clusterlab.networks.search import Landscapes, Search, landscape, modular_search, ruggedness
from clusterlab.networks.shocks import (
    DemandShift,
    Removal,
    Survival,
    demand_shift,
    fragile_points,
    influence,
    removal,
    removal_by_type,
    supplier_failure,
    volatility,
)
from clusterlab.networks.spreading import spread
from clusterlab.networks.stretching import Stretch, stretch
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
    "DemandShift",
    "Landscapes",
    "Profile",
    "Removal",
    "Search",
    "Stretch",
    "Survival",
    "centralisation",
    "closest_types",
    "core_periphery",
    "customers_per_supplier",
    "demand_shift",
    "ei_index",
    "fragile_points",
    "generate",
    "governance_type",
    "influence",
    "internal_ties",
    "landscape",
    "modular_search",
    "ownership",
    "read",
    "reciprocity",
    "redundancy",
    "removal",
    "removal_by_type",
    "require",
    "ruggedness",
    "size_inequality",
    "specificity",
    "spread",
    "stretch",
    "structure",
    "supplier_failure",
    "switching",
    "validate",
    "vocabulary",
    "volatility",
]


def __getattr__(name):
    if name in ("plots", "widgets"):
        return import_module(f"clusterlab.networks.{name}")
    raise AttributeError(f"module 'clusterlab.networks' has no attribute {name!r}")
