"""The diamond, what a place offers its firms: scores, their uncertainty, and dynamics.

Porter (2000) describes the local conditions of competition as four interrelated facets.
`score` turns indicators into facets and a total; `uncertainty` says how much of the ranking
survives other reasonable choices; `productivity_gap` splits a region's gap into the industries it
has and how well they do; `dynamics` and `stable_states` let the facets work on each other;
`levers`, `spend` and `compare_levers` act on them; `relative_performance` and `compare_forms` say
what a rival next door is worth.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["plots", "widgets"],
    {
        "gap": ["productivity_gap"],
        "indicators": ["FACETS", "read_indicators"],
        "motion": ["dynamics", "hysteresis", "stable_states", "tipping_values"],
        "policy": ["compare_levers", "levers", "pull", "spend"],
        "rivals": ["compare_forms", "relative_performance"],
        "robustness": ["coherence", "uncertainty"],
        "scoring": ["aggregate", "compensation", "score"],
    },
)
