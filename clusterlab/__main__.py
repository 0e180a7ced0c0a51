"""``python -m clusterlab`` does what the command ``clusterlab`` does."""

import sys

from clusterlab.command_line import main

sys.exit(main())
