"""How concentrated is an industry, and is it clustering? Measures for whole tables at once."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["planted", "plots", "widgets"],
    {
        "change": ["dynamic_shift_share", "shift_share"],
        "colocation": ["coagglomeration", "coagglomeration_group"],
        "concentration": [
            "gini",
            "herfindahl",
            "hoover",
            "krugman_specialisation",
            "locational_gini",
            "lorenz_curve",
        ],
        "distance": ["k_density", "marcon_puech"],
        "methods": ["cite"],
        "plants": [
            "dartboard",
            "ellison_glaeser",
            "maurel_sedillot",
            "plant_sizes",
            "plant_sizes_from_classes",
        ],
        "quotient": ["bootstrap_location_quotient", "location_quotient"],
        "related": [
            "complexity",
            "fitness",
            "presence",
            "relatedness",
            "relatedness_density",
            "variety",
        ],
        "summary": ["industry_profile", "measure_all"],
        "unknown": ["ellison_glaeser_bounds", "measure_bounds"],
    },
)
