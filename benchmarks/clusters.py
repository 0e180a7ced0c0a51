"""Time the clusters topic: similarity, definitions for every count, scores, moves of widgets."""

import time

from timing import median

from clusterlab import clusters, datasets, tables
from clusterlab.clusters import metro, widgets


def main():
    cells = datasets.load("us_metro_industry").query("digits == 4 and year == 2019")
    jobs, plants = (
        tables.from_long(cells, region="area", industry="naics", value=value, absent="zero")
        for value in ("employment", "establishments")
    )
    sales = datasets.load("us_industry_ties").pivot_table("strength", "source", "target")
    given = {
        "establishments": plants,
        "flows": sales.reindex(sales.columns).fillna(0),
        "concordance": datasets.load("us_naics_accounts").set_index("naics")["account"],
    }
    alike = clusters.similarity(jobs, **given).mean
    ward = clusters.define(alike, groups=range(20, 61))
    print(f"{len(jobs)} areas, {len(alike)} industries, {ward.shape[1]} numbers of groups")
    seconds = {
        "similarity": lambda: clusters.similarity(jobs, **given),
        "definitions by Ward's tree": lambda: clusters.define(alike, groups=range(20, 61)),
        "scores of all": lambda: clusters.validate(ward, alike),
    }
    for name, call in seconds.items():
        print(f"{median(call, 3):8.3f} s  {name}")
    start = time.perf_counter()
    clusters.define(alike, groups=range(20, 61), method="k-means")
    print(f"{time.perf_counter() - start:8.3f} s  definitions by k-means, five runs each")
    start = time.perf_counter()
    metro.national(3), metro.us_groups()
    print(f"{time.perf_counter() - start:8.3f} s  what the widgets compute once")
    groups, boundary = widgets.groups(), widgets.boundary()
    moves = {
        "a move of the groups": lambda: [groups.set(groups=n) for n in range(20, 30)],
        "a move of the boundary": lambda: [boundary.set(threshold=n / 10) for n in range(10)],
    }
    for name, call in moves.items():
        print(f"{100 * median(call, 3):8.1f} ms {name}, model and picture")


if __name__ == "__main__":
    main()
