"""Time the transitions topic beside emerge, which is in speed.py. Prints medians of three runs."""

import numpy as np
import pandas as pd
from timing import median

from clusterlab import transitions


def main():
    small = transitions.emerge()
    classes = pd.DataFrame(np.full((5, 5), 0.2), list("abcde"), list("abcde"))
    large = transitions.simulate_panel(classes, places=20_000)
    seconds = {
        "2,000 innovations x 40 histories, measured": lambda: (
            transitions.innovators(entry=0.2).measures
        ),
        "estimate from 50 districts x 41 years": small.estimate,
        "the same, bootstrap of 1,000": lambda: small.estimate(interval="bootstrap"),
        "estimate from 20,000 places x 10 years": lambda: transitions.estimate(large),
        "homogeneity of it over years": lambda: transitions.homogeneity(
            transitions.estimate(large), replicates=200
        ),
        "100,000 histories of 100 years": lambda: transitions.transition_graph().paths(
            start="satellite", replicates=100_000
        ),
    }
    for name, call in seconds.items():
        print(f"{name:<58} {median(call, 3):8.2f} s")


if __name__ == "__main__":
    main()
