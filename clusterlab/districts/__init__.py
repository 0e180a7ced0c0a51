"""Types of industrial district: the document's table, memberships, networks of each type.

Concepts are imported here; ``districts.plots`` and ``districts.widgets`` on first use.
"""

from importlib import import_module

from clusterlab.districts.construct import CircleToStar, amalgam, circle_to_star, generate
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
    "CircleToStar",
    "Membership",
    "NetworkProfile",
    "amalgam",
    "anchor_owner",
    "circle_to_star",
    "collective_goods",
    "dimensions",
    "distinct",
    "generate",
    "levels",
    "measures_table",
    "membership",
    "modes_table",
    "network_measures",
    "network_membership",
    "network_profile",
    "types_table",
]


def __getattr__(name):
    if name in ("plots", "widgets"):
        return import_module(f"clusterlab.districts.{name}")
    raise AttributeError(f"module 'clusterlab.districts' has no attribute {name!r}")
