"""Linkages near and far: barter of knowledge, pipelines, trade fairs, and their balance.

Names are imported on first use, and so is ``linkages.widgets``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["widgets"],
    {
        "balance": ["linkage_balance"],
        "bartering": ["barter"],
        "fair": ["trade_fair"],
        "levels": ["three_levels"],
        "piping": ["pipelines"],
    },
)
