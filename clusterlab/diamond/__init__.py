"""The diamond: what a place offers its firms, scored, doubted and set in motion.

Porter (2000) describes the local conditions of competition as four interrelated facets.
`score` turns indicators into facets and a total; `uncertainty` says how much of the ranking
survives other reasonable choices; `productivity_gap` splits a region's gap into the industries it
has and how well they do; `dynamics` and `stable_states` let the facets work on each other; `levers`
and `compare_levers` act on them.
"""

from importlib import import_module

from clusterlab.diamond.gap import ProductivityGap, productivity_gap
from clusterlab.diamond.indicators import FACETS, arrange, read_indicators
from clusterlab.diamond.motion import (
    Hysteresis,
    Path,
    StableStates,
    dynamics,
    hysteresis,
    long_run_effects,
    stable_states,
    tipping_values,
)
from clusterlab.diamond.policy import compare_levers, levers, one_lever, pull
from clusterlab.diamond.robustness import Coherence, Uncertainty, coherence, uncertainty
from clusterlab.diamond.scoring import Compensation, DiamondScore, aggregate, compensation, score

__all__ = [
    "FACETS",
    "Coherence",
    "Compensation",
    "DiamondScore",
    "Hysteresis",
    "Path",
    "ProductivityGap",
    "StableStates",
    "Uncertainty",
    "aggregate",
    "arrange",
    "coherence",
    "compare_levers",
    "compensation",
    "dynamics",
    "hysteresis",
    "levers",
    "long_run_effects",
    "one_lever",
    "plots",
    "productivity_gap",
    "pull",
    "read_indicators",
    "score",
    "stable_states",
    "tipping_values",
    "uncertainty",
    "widgets",
]


def __getattr__(name):
    if name in {"plots", "widgets"}:
        return import_module(f"clusterlab.diamond.{name}")
    raise AttributeError(f"module 'clusterlab.diamond' has no attribute {name!r}")


def __dir__():
    return __all__
