"""Going abroad: what leaves a district, what stays, and what that does to it.

Tasks that leave, makers of machines who stay, presence abroad and innovation, and the value ladder.
Names are imported on first use, and so is ``relocation.widgets``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["widgets"],
    {
        "machines": ["machine_makers"],
        "strategy": ["strategy_mix"],
        "tasks": ["relocate"],
        "upgrading": ["climb"],
    },
)
