"""Technological regimes and how district types turn into one another.

Concepts are imported here; ``transitions.plots`` and ``transitions.widgets`` on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["plots", "widgets"],
    {
        "chain": [
            "DOCUMENTED",
            "TYPES",
            "Arrow",
            "Chain",
            "Outlook",
            "arrows_table",
            "chain_facts",
            "first_passage",
            "long_run",
            "outlook",
            "rate_terms",
            "transition_graph",
            "trends",
        ],
        "emergence": ["Emergence", "assumptions_table", "emerge"],
        "estimation": ["Estimate", "Homogeneity", "estimate", "homogeneity", "simulate_panel"],
        "regimes": ["Innovators", "entry_share", "innovators", "regime", "size_distribution"],
    },
)
