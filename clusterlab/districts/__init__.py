"""Types of industrial district: the document's table, memberships, networks of each type.

Names are imported on first use, and so are ``districts.plots`` and ``districts.widgets``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["plots", "widgets"],
    {
        "construct": ["circle_to_star", "generate"],
        "memberships": ["levels", "measures_table", "membership", "network_membership"],
        "network": ["dimensions", "network_profile"],
        "typology": [
            "LEADERS",
            "TYPES",
            "collective_goods",
            "distinct",
            "modes_table",
            "types_table",
        ],
    },
)
