"""Location: why proximity still pays, and where industry gathers.

The models behind the words "agglomeration economies": core and periphery in two regions and on a
circle, lock-in by history, city size and congestion, labour pooling, and the location paradox.
``location.plots`` draws the results and ``location.widgets`` makes them move; both are imported on
first use.
"""

from importlib import import_module

from clusterlab.location.city import CitySize, city_size
from clusterlab.location.lock_in import Histories, location_choice, spin_offs, urn
from clusterlab.location.many_regions import Circle, circle, growth_rates
from clusterlab.location.paradox import LocationAdvantage, location_paradox
from clusterlab.location.pooling import LabourPooling, labour_pooling
from clusterlab.location.two_regions import (
    CorePeriphery,
    Migration,
    ShortRun,
    Tomahawk,
    break_point,
    core_periphery,
    migration,
    short_run,
    sustain_point,
    tomahawk,
)

__all__ = [
    "Circle",
    "CitySize",
    "CorePeriphery",
    "Histories",
    "LabourPooling",
    "LocationAdvantage",
    "Migration",
    "ShortRun",
    "Tomahawk",
    "break_point",
    "circle",
    "city_size",
    "core_periphery",
    "growth_rates",
    "labour_pooling",
    "location_choice",
    "location_paradox",
    "migration",
    "plots",
    "short_run",
    "spin_offs",
    "sustain_point",
    "tomahawk",
    "urn",
    "widgets",
]


def __getattr__(name: str):
    if name in ("plots", "widgets"):
        return import_module(f"clusterlab.location.{name}")
    raise AttributeError(f"module 'clusterlab.location' has no attribute {name!r}")
