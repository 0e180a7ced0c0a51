"""Location: why proximity still pays, and where industry gathers.

The models behind the words "agglomeration economies": core and periphery in two regions and on a
circle, lock-in by history, city size and congestion, labour pooling, and the location paradox.
``location.plots`` draws the results and ``location.widgets`` makes them move; both are imported on
first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["plots", "widgets"],
    {
        "city": ["city_size"],
        "lock_in": ["location_choice", "spin_offs", "urn"],
        "many_regions": ["circle"],
        "paradox": ["location_paradox"],
        "pooling": ["labour_pooling"],
        "two_regions": ["break_point", "core_periphery", "short_run", "sustain_point", "tomahawk"],
    },
)
