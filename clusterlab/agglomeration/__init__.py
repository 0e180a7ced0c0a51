"""How concentrated is an industry, and is it clustering? Measures for whole tables at once."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["plots", "widgets"],
    {
        "change": ["ShiftShare", "dynamic_shift_share", "shift_share"],
        "colocation": ["coagglomeration", "coagglomeration_group"],
        "concentration": [
            "Herfindahl",
            "gini",
            "herfindahl",
            "hoover",
            "krugman_specialisation",
            "locational_gini",
            "lorenz_curve",
        ],
        "distance": ["Envelope", "KDensity", "RelativeConcentration", "k_density", "marcon_puech"],
        "plants": [
            "Dartboard",
            "EllisonGlaeser",
            "MaurelSedillot",
            "PlantSizes",
            "dartboard",
            "ellison_glaeser",
            "maurel_sedillot",
            "plant_sizes",
            "plant_sizes_from_classes",
        ],
        "quotient": [
            "LocationQuotient",
            "QuotientBootstrap",
            "bootstrap_location_quotient",
            "location_quotient",
        ],
        "related": [
            "Complexity",
            "Fitness",
            "Variety",
            "complexity",
            "fitness",
            "presence",
            "relatedness",
            "relatedness_density",
            "variety",
        ],
        "summary": ["industry_profile", "measure_all", "specialised_in"],
    },
)
