"""What governments and firms can do, and one district through the whole course.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, [], {"closing": ["case", "findings"]})
