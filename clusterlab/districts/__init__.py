"""Types of industrial district: the document's table, memberships, networks of each type.

Concepts are imported here; ``districts.plots`` and ``districts.widgets`` on first use.
"""

from clusterlab.districts.membership import (
    ANCHORS,
    Membership,
    levels,
    measures_table,
    membership,
    network_membership,
)
from clusterlab.districts.network import (
    NetworkProfile,
    anchor_owner,
    dimensions,
    network_measures,
    network_profile,
)
from clusterlab.districts.typology import (
    LEADERS,
    TYPES,
    collective_goods,
    distinct,
    modes_table,
    types_table,
)

__all__ = [
    "ANCHORS",
    "LEADERS",
    "TYPES",
    "Membership",
    "NetworkProfile",
    "anchor_owner",
    "collective_goods",
    "dimensions",
    "distinct",
    "levels",
    "measures_table",
    "membership",
    "modes_table",
    "network_measures",
    "network_membership",
    "network_profile",
    "types_table",
]
