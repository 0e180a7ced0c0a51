"""How concentrated is an industry, and is it clustering? Measures for whole tables at once."""

from importlib import import_module

from clusterlab.agglomeration.change import ShiftShare, dynamic_shift_share, shift_share
from clusterlab.agglomeration.colocation import coagglomeration, coagglomeration_group
from clusterlab.agglomeration.concentration import (
    Herfindahl,
    gini,
    herfindahl,
    hoover,
    krugman_specialisation,
    locational_gini,
    lorenz_curve,
)
from clusterlab.agglomeration.distance import (
    Envelope,
    KDensity,
    RelativeConcentration,
    k_density,
    marcon_puech,
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
from clusterlab.agglomeration.related import (
    Complexity,
    Fitness,
    Variety,
    complexity,
    fitness,
    presence,
    relatedness,
    relatedness_density,
    variety,
)
from clusterlab.agglomeration.summary import industry_profile, measure_all, specialised_in

__all__ = [
    "Complexity",
    "Dartboard",
    "EllisonGlaeser",
    "Envelope",
    "Fitness",
    "Herfindahl",
    "KDensity",
    "LocationQuotient",
    "MaurelSedillot",
    "PlantSizes",
    "QuotientBootstrap",
    "RelativeConcentration",
    "ShiftShare",
    "Variety",
    "bootstrap_location_quotient",
    "coagglomeration",
    "coagglomeration_group",
    "complexity",
    "dartboard",
    "dynamic_shift_share",
    "ellison_glaeser",
    "fitness",
    "gini",
    "herfindahl",
    "hoover",
    "industry_profile",
    "k_density",
    "krugman_specialisation",
    "location_quotient",
    "locational_gini",
    "lorenz_curve",
    "marcon_puech",
    "maurel_sedillot",
    "measure_all",
    "plant_sizes",
    "plant_sizes_from_classes",
    "presence",
    "relatedness",
    "relatedness_density",
    "shift_share",
    "specialised_in",
    "variety",
]


def __getattr__(name):
    if name in ("plots", "widgets"):
        return import_module(f"clusterlab.agglomeration.{name}")
    raise AttributeError(f"module 'clusterlab.agglomeration' has no attribute {name!r}")
