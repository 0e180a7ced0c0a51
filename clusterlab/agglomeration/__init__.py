"""How concentrated is an industry, and is it clustering? Measures for whole tables at once."""

from importlib import import_module

from clusterlab.agglomeration.concentration import (
    Herfindahl,
    gini,
    herfindahl,
    hoover,
    krugman_specialisation,
    locational_gini,
    lorenz_curve,
)
from clusterlab.agglomeration.ellison_glaeser import (
    Dartboard,
    EllisonGlaeser,
    MaurelSedillot,
    PlantSizes,
    dartboard,
    ellison_glaeser,
    maurel_sedillot,
    plant_sizes,
    plant_sizes_from_classes,
)
from clusterlab.agglomeration.quotient import (
    LocationQuotient,
    QuotientBootstrap,
    bootstrap_location_quotient,
    location_quotient,
)
from clusterlab.agglomeration.summary import industry_profile, measure_all, specialised_in

__all__ = [
    "Dartboard",
    "EllisonGlaeser",
    "Herfindahl",
    "LocationQuotient",
    "MaurelSedillot",
    "PlantSizes",
    "QuotientBootstrap",
    "bootstrap_location_quotient",
    "dartboard",
    "ellison_glaeser",
    "gini",
    "herfindahl",
    "hoover",
    "industry_profile",
    "krugman_specialisation",
    "location_quotient",
    "locational_gini",
    "lorenz_curve",
    "maurel_sedillot",
    "measure_all",
    "plant_sizes",
    "plant_sizes_from_classes",
    "specialised_in",
]


def __getattr__(name):
    if name in ("plots", "widgets"):
        return import_module(f"clusterlab.agglomeration.{name}")
    raise AttributeError(f"module 'clusterlab.agglomeration' has no attribute {name!r}")
