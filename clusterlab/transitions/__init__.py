"""Technological regimes and how district types turn into one another.

`clusterlab.transitions.markov` knows nothing of districts: chains of any types, from a panel or
from a published matrix.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["plots", "widgets"],
    {
        "chain": [
            "TYPES",
            "arrows_table",
            "compare_arrows",
            "nearest_types",
            "rate_terms",
            "transition_graph",
        ],
        "emergence": ["assumptions_table", "emerge"],
        "markov": [
            "chain_facts",
            "estimate",
            "first_passage",
            "homogeneity",
            "long_run",
            "simulate_panel",
        ],
        "regimes": ["innovators", "size_distribution"],
    },
)
