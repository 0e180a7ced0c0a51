"""``python -m clusterlab`` does what the command ``clusterlab`` does."""

import sys

from clusterlab.command_line import main

if __name__ == "__main__":
    sys.exit(main())
