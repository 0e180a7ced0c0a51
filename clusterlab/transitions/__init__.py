"""Technological regimes and how district types turn into one another.

Concepts are imported here; ``transitions.plots`` and ``transitions.widgets`` on first use.
"""

from importlib import import_module

from clusterlab.transitions.chain import (
    DOCUMENTED,
    TYPES,
    Arrow,
    Chain,
    Outlook,
    arrows_table,
    chain_facts,
    first_passage,
    long_run,
    outlook,
    rate_terms,
    transition_graph,
    trends,
)
from clusterlab.transitions.emergence import Emergence, assumptions_table, emerge
from clusterlab.transitions.estimation import (
    Estimate,
    Homogeneity,
    estimate,
    homogeneity,
    simulate_panel,
)
from clusterlab.transitions.regimes import (
    Innovators,
    entry_share,
    innovators,
    regime,
    size_distribution,
)

__all__ = [
    "DOCUMENTED",
    "TYPES",
    "Arrow",
    "Chain",
    "Emergence",
    "Estimate",
    "Homogeneity",
    "Innovators",
    "Outlook",
    "arrows_table",
    "assumptions_table",
    "chain_facts",
    "emerge",
    "entry_share",
    "estimate",
    "first_passage",
    "homogeneity",
    "innovators",
    "long_run",
    "outlook",
    "rate_terms",
    "regime",
    "simulate_panel",
    "size_distribution",
    "transition_graph",
    "trends",
]


def __getattr__(name):
    if name in ("plots", "widgets"):
        return import_module(f"clusterlab.transitions.{name}")
    raise AttributeError(f"module 'clusterlab.transitions' has no attribute {name!r}")
