"""Time the districts topic: memberships, network profiles, widgets. Prints medians."""

import numpy as np
import pandas as pd
from timing import median

from clusterlab import districts
from clusterlab.districts import widgets


def main():
    rng, rows = np.random.default_rng(0), 300_000
    measures = pd.DataFrame(
        {name: rng.random(rows) for name in districts.measures_table().index}
    ).assign(anchor_owner=rng.choice(list(districts.memberships.ANCHORS), rows))
    table = districts.types_table()
    profiles = pd.DataFrame({name: rng.choice(table.loc[name], rows) for name in table.index[1:]})
    seconds = {
        "memberships of 300,000 networks from measures": lambda: districts.network_membership(
            measures
        ),
        "memberships of 300,000 profiles of 18 features": lambda: districts.membership(profiles),
        "one profile with 1,000 replicates": lambda: districts.membership(table["satellite"]),
    }
    for units in (24, 40, 80):
        graph = districts.generate("hub-and-spoke", firms=units)
        seconds[f"network profile of {units} units"] = lambda g=graph: districts.network_profile(g)
    for name, call in seconds.items():
        print(f"{name:<50} {median(call, 3):8.3f} s")
    moves = {
        "profile": (widgets.profile(), "scale", (1.0, 2.0, 3.0)),
        "growing hub, share": (widgets.growing_hub(), "share", (0.0, 0.4, 0.8)),
        "growing hub, rays": (widgets.growing_hub(), "rays", (0, 8, 20)),
    }
    for name, (widget, control, values) in moves.items():
        steps = [median(lambda w=widget, c=control, v=v: w.set(**{c: v}), 5) for v in values]
        print(f"{'widget ' + name:<50} {1000 * max(steps):8.0f} ms")


if __name__ == "__main__":
    main()
