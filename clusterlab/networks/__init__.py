"""Modular versus relational production networks: structure, shocks, search and reach.

Concepts are imported here; ``networks.plots`` and ``networks.widgets`` on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["plots", "widgets"],
    {
        "governance": ["TYPES", "generate", "governance_type"],
        "measures": [
            "centralisation",
            "core_periphery",
            "customers_per_supplier",
            "ei_index",
            "internal_ties",
            "reciprocity",
            "redundancy",
            "size_inequality",
            "specificity",
            "structure",
            "switching",
        ],
        "profile": ["Profile", "closest_types"],
        "search": ["Landscapes", "Search", "landscape", "modular_search", "ruggedness"],
        "shocks": [
            "DemandShift",
            "Removal",
            "Survival",
            "demand_shift",
            "fragile_points",
            "influence",
            "removal",
            "removal_by_type",
            "supplier_failure",
            "volatility",
        ],
        "spreading": ["spread"],
        "stretching": ["Stretch", "stretch"],
        "graphs": [
            "ATTRIBUTES",
            "KINDS",
            "OWNERSHIP",
            "REACHES",
            "ownership",
            "read",
            "require",
            "validate",
            "vocabulary",
        ],
    },
)
