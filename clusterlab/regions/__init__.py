"""Why regions drift apart: inequality and its parts, convergence, classes of income that change.

Names are imported on first use, and so is ``regions.widgets``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["widgets"],
    {
        "catching_up": ["convergence"],
        "chains": ["markov", "spatial_markov"],
        "classes": ["quantile_classes"],
        "inequality": ["theil"],
    },
)
