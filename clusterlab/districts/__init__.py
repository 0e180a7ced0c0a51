"""Types of industrial district: the document's table, memberships, networks of each type.

Concepts are imported here; ``districts.plots`` and ``districts.widgets`` on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["plots", "widgets"],
    {
        "construct": ["CircleToStar", "amalgam", "circle_to_star", "generate"],
        "memberships": [
            "ANCHORS",
            "Membership",
            "levels",
            "measures_table",
            "membership",
            "network_membership",
        ],
        "network": [
            "NetworkProfile",
            "anchor_owner",
            "dimensions",
            "network_measures",
            "network_profile",
        ],
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
