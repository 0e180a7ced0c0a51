"""Modular versus relational production networks: structure, shocks, search and reach.

Names are imported on first use, and so are ``networks.plots`` and ``networks.widgets``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["plots", "widgets"],
    {
        "files": ["load", "weights"],
        "governance": ["GOVERNANCE_TYPES", "generate", "governance_type"],
        "graphs": ["dressed", "ownership", "read", "require", "validate", "vocabulary"],
        "measures": ["centralisation", "core_periphery_fit", "ei_index", "structure"],
        "profile": ["closest_types"],
        "search": ["modular_search"],
        "shocks": [
            "demand_shift",
            "fragile_points",
            "influence",
            "removal",
            "supplier_failure",
            "volatility",
            "who_stops",
        ],
        "spreading": ["spread"],
        "stretching": ["stretch"],
    },
)
