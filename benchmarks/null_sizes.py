"""How often chance is called a finding, and how often intervals hold what is true.

``python benchmarks/null_sizes.py`` prints one table, in about three minutes on one core: over
400 draws in which there is nothing to find, the share of verdicts of K-density, M and m at 39,
99, 199 and 999 simulations; the p-values of other tests; and the coverage of every interval the
library offers. ``expected`` is where 99 of 100 such shares lie if the nominal level is true.

The null curves of a measure are exchangeable, so each draw takes one curve of a pool as the
observed one and others as its simulations; two rows go the whole way instead, with a fresh
pattern and fresh simulations each time.
"""

import argparse

import numpy as np
import pandas as pd
from scipy.stats import binom

from clusterlab import agglomeration, transitions
from clusterlab.agglomeration import envelope

DRAWS = 400
SIMULATIONS = (39, 99, 199, 999)
LEVEL = 0.95
ROWS: list[dict] = []


def row(what, setting, hits, nominal, draws=DRAWS, bound=""):
    """Keep a line of the table; bound says whether nominal is a ceiling or a floor."""
    low, high = binom.interval(0.99, draws, nominal)
    low, high = low / draws, high / draws
    if bound == "at most":
        low = 0.0
    if bound == "at least":
        high = 1.0
    share = float(np.mean(hits))
    ROWS.append(
        {
            "what": what,
            "setting": setting,
            "share": f"{share:.3f}",
            "nominal": f"{bound} {nominal:g}".strip(),
            "expected": f"{low:.3f}–{high:.3f}",
            "": "" if low <= share <= high else "OUTSIDE",
        }
    )


# --- verdicts ------------------------------------------------------------------------------------


def pools(amount):
    """Return curves of pure chance, by measure."""
    rng = np.random.default_rng(5)
    sites = rng.random((150, 2)) * 100
    cases = np.arange(150) < 25
    sizes = rng.lognormal(0, 1, 150)
    plain = {"simulations": amount, "steps": 48, "seed": 1, "progress": False}
    k, m = agglomeration.k_density, agglomeration.marcon_puech
    results = {
        "K-density": k(sites[cases], among=sites, **plain),
        "K-density, weighted": k(sites[cases], among=sites, weights=sizes[cases], **plain),
        "M": m(sites, cases, **plain),
        "M, weighted": m(sites, cases, weights=sizes, **plain),
        "m": m(sites, cases, kind="m", **plain),
    }
    return {name: result.envelope.curves for name, result in results.items()}


def sides(pool, simulations, draws=DRAWS, level=LEVEL, seed=0):
    """Return, for each draw, whether its curve leaves the band above, and below."""
    rng = np.random.default_rng([seed, simulations])
    observed = rng.choice(len(pool), draws, replace=False)
    left = np.zeros((draws, 2), bool)
    for number, own in enumerate(observed):
        others = rng.choice(len(pool) - 1, simulations, replace=False)
        chosen = pool[others + (others >= own)]
        bands = envelope.bands_around(pool[own], chosen, level, simulations)
        left[number] = bands.above.any(), bands.below.any()
        assert left[number, 0] == (bands.p_above <= 1 - level + 1e-9)
        assert left[number, 1] == (bands.p_below <= 1 - level + 1e-9)
    return left


def verdicts(amount):
    for name, pool in pools(amount).items():
        for simulations in SIMULATIONS:
            above, below = sides(pool, simulations).T
            setting = f"{simulations} simulations"
            row(f"{name}: above", setting, above, 1 - LEVEL)
            row(f"{name}: below", setting, below, 1 - LEVEL)
            row(f"{name}: either", setting, above | below, 2 * (1 - LEVEL), bound="at most")


def whole_way(simulations=39):
    rng = np.random.default_rng(9)
    sites = rng.random((150, 2)) * 100
    said = {"K-density": [], "M": []}
    for draw in range(DRAWS):
        cases = np.zeros(150, bool)
        cases[rng.choice(150, 25, replace=False)] = True
        call = {"simulations": simulations, "steps": 48, "seed": draw, "progress": False}
        k = agglomeration.k_density(sites[cases], among=sites, **call)
        said["K-density"].append(k.verdict().startswith(("localised", "dispersed")))
        m = agglomeration.marcon_puech(sites, cases, **call)
        said["M"].append(m.verdict().startswith(("localised", "dispersed")))
    for name, hits in said.items():
        row(
            f"{name}: verdict, fresh patterns",
            f"{simulations} simulations",
            hits,
            2 * (1 - LEVEL),
            bound="at most",
        )


# --- other p-values ------------------------------------------------------------------------------


def tests():
    matrix = pd.DataFrame([[0.8, 0.2], [0.3, 0.7]], list("ab"), list("ab"))
    small = [
        transitions.homogeneity(
            transitions.estimate(
                transitions.simulate_panel(matrix, places=40, periods=5, seed=s), types=None
            ),
            replicates=399,
            seed=s,
        ).p_value
        <= 0.05
        for s in range(DRAWS)
    ]
    row("homogeneity: p ≤ 0.05", "40 places, 5 periods", small, 0.05)


# --- intervals -----------------------------------------------------------------------------------


def holds(low, high, truth):
    return ((low <= truth + 1e-12) & (high >= truth - 1e-12)).to_numpy()


def quotients():
    rng = np.random.default_rng(3)
    regions, industries = [f"r{i}" for i in range(8)], ["wine", "shoes", "other"]
    share = rng.dirichlet([2, 2, 20], 8)
    size = rng.integers(60, 600, 8)
    overall = (share * size[:, None]).sum(axis=0) / size.sum()
    known = pd.Series(overall * 1e6, industries)
    truth = share / overall
    exact, part = [], []
    for _ in range(DRAWS):
        counts = pd.DataFrame(
            [rng.multinomial(n, p) for n, p in zip(size, share, strict=True)], regions, industries
        )
        found = agglomeration.location_quotient(
            counts, totals=counts.sum(axis=1), reference=known, reference_total=1e6
        )
        exact.append(holds(*found.interval(level=LEVEL), truth)[:, :2])
        # plants of five workers each: the same table, every unit five times
        five = agglomeration.location_quotient(
            counts * 5, totals=counts.sum(axis=1) * 5, reference=known, reference_total=1e6
        )
        units = counts.sum(axis=1)
        part.append(holds(*five.interval(level=LEVEL, units=units), truth)[:, :2])
    cells = DRAWS  # cells of a draw share nothing but are few: judged as one
    for name, found in (("workers", exact), ("units=", part)):
        by_cell = np.mean(found, axis=0)
        row(
            f"quotient, Clopper–Pearson, {name}: worst cell",
            "8 regions",
            by_cell.min(),
            LEVEL,
            cells,
            "at least",
        )


def register_bootstrap():
    """Draw registers from a large population of plants whose quotients are known."""
    rng = np.random.default_rng(4)
    plants = pd.DataFrame(
        {
            "region": np.repeat(["north", "south"], [12_000, 28_000]),
            "industry": np.where(rng.random(40_000) < 0.25, "wine", "other"),
            "size": np.ceil(rng.lognormal(1.5, 0.8, 40_000)),
        }
    )
    jobs = plants.pivot_table(
        index="region", columns="industry", values="size", aggfunc="sum", observed=True
    )
    truth = agglomeration.location_quotient(jobs).value
    names = {"region": "region", "industry": "industry", "size": "size"}
    found = []
    for draw in range(DRAWS):
        sample = plants.iloc[rng.choice(len(plants), 300, replace=False)]
        boot = agglomeration.bootstrap_location_quotient(sample, **names, replicates=200, seed=draw)
        found.append(holds(*boot.interval(level=LEVEL), truth))
    by_cell = np.mean(found, axis=0)
    row("quotient, bootstrap: mean of 4 cells", "300 plants", by_cell.mean(), LEVEL)
    row("quotient, bootstrap: worst cell", "300 plants", by_cell.min(), LEVEL)


def moves():
    matrix = pd.DataFrame(
        [[0.9, 0.08, 0.02], [0.05, 0.9, 0.05], [0.01, 0.09, 0.90]], list("abc"), list("abc")
    )
    for places, periods in ((15, 5), (40, 6)):
        for kind in ("jeffreys", "bootstrap"):
            found = []
            for draw in range(DRAWS):
                panel = transitions.simulate_panel(
                    matrix, places=places, periods=periods, seed=draw
                )
                result = transitions.estimate(
                    panel, types=list("abc"), interval=kind, replicates=300, seed=draw
                )
                found.append(holds(result.low, result.high, matrix))
            by_cell = np.mean(found, axis=0)
            where = f"{places} places, {periods} periods"
            row(f"move, {kind}: mean of 9 cells", where, by_cell.mean(), LEVEL)
            row(f"move, {kind}: worst cell", where, by_cell.min(), LEVEL)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=int, default=4000, help="null curves of each measure")
    amount = parser.parse_args().pool
    for part in (lambda: verdicts(amount), whole_way, tests, quotients, register_bootstrap, moves):
        part()
    print(pd.DataFrame(ROWS).to_string(index=False))
    print(
        "No coverage is claimed for: rank intervals of the diamond (the range over the choices "
        "made), memberships of districts and closest network types (features drawn again)."
    )


if __name__ == "__main__":
    main()
