"""clusterlab: a runnable course and toolbox on industrial clusters.

Topics are subpackages (``clusterlab.agglomeration``, …); what they share are the modules
``tables``, ``parameters``, ``explore``, ``sweep``, ``exercises``, ``datasets``, ``style``, ``maps``
and ``saving``.
Everything is imported on first use, so that ``import clusterlab`` costs nothing.
"""

import lazy_loader

__version__ = "0.1.0"

_TOPICS = ["agglomeration", "clusters", "diamond", "districts", "linkages", "location"]
_TOPICS += ["networks", "policy", "regions", "relocation", "transitions"]
_SHARED = ["datasets", "exercises", "explore", "maps", "parameters", "saving", "style", "sweep"]
_SHARED += ["tables"]

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, [*_TOPICS, *_SHARED])
