"""Going abroad: what leaves a district, what stays, and what that does to it.

Names are imported on first use, and so is ``relocation.widgets``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, [], {})
