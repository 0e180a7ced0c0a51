"""What governments and firms can do, sound initiatives, and one district through the whole course.

Levers, comparisons on equal budgets, rules for spending, nine marks, and a page of findings.
Names are imported on first use, and so is ``policy.widgets``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["widgets"],
    {
        "closing": ["case", "findings"],
        "comparing": ["compare"],
        "growing": ["portfolio"],
        "instruments": ["levers"],
        "marks": ["audit"],
        "two_policies": ["targeting"],
    },
)
