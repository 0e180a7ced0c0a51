"""What a cluster is and where it ends: definitions, groups of industries, boundaries, input-output.

Names are imported on first use, and so is ``clusters.widgets``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["widgets"],
    {
        "delineation": ["criteria", "delineate"],
        "detection": ["hidden_cluster"],
        "groups": ["boundary", "define", "validate"],
        "input_output": ["linkages"],
        "similar": ["similarity"],
    },
)
