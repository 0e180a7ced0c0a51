"""Measures where figures are withheld or rounded, against all small tables that fit."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from clusterlab import tables
from clusterlab.agglomeration import (
    complexity,
    ellison_glaeser,
    ellison_glaeser_bounds,
    gini,
    herfindahl,
    hoover,
    krugman_specialisation,
    location_quotient,
    locational_gini,
    maurel_sedillot,
    measure_all,
    measure_bounds,
    variety,
)


def true_table(seed, regions=4, industries=3, most=9):
    rng = np.random.default_rng(seed)
    numbers = rng.integers(1, most, (regions, industries)).astype(float)
    return pd.DataFrame(numbers, list("ABCDE")[:regions], ["wine", "shoes", "shops"][:industries])


def withheld(table, seed, cells=4):
    """Return the table with some cells unknown, at most all but one of a row or column."""
    rng = np.random.default_rng(seed + 100)
    hidden = table.copy()
    for place in rng.permutation(table.size)[:cells]:
        hidden.iloc[divmod(place, table.shape[1])] = np.nan
    return hidden


def fills(hidden, rows, columns=None):
    """Yield every table of whole numbers that fits: rows at most (columns exactly) their totals."""
    gone = np.argwhere(hidden.isna().to_numpy())
    ranges = [range(int(rows.iloc[row] - hidden.iloc[row].sum()) + 1) for row, _ in gone]
    for numbers in itertools.product(*ranges):
        values = hidden.to_numpy().copy()
        values[tuple(gone.T)] = numbers
        if (values.sum(axis=1) > rows).any():
            continue
        if columns is None or (values.sum(axis=0) == columns).all():
            yield values


# --- known cells carry on ------------------------------------------------------------------------


def test_industries_that_are_known_everywhere_keep_their_values_where_totals_are_published():
    whole = true_table(3)
    totals, plants = whole.sum(axis=1) + 2, pd.Series(0.2, whole.columns)
    hidden = whole.copy()
    hidden.loc["B", "shoes"] = np.nan
    known = ["wine", "shops"]
    for measure in (
        lambda t: locational_gini(t, totals),
        lambda t: locational_gini(t, totals, weights="size"),
        lambda t: hoover(t, totals),
        lambda t: gini(t, totals),
        lambda t: ellison_glaeser(t, plants, totals=totals).gamma,
        lambda t: maurel_sedillot(t, plants, totals=totals).gamma,
    ):
        found = measure(hidden)
        assert found.index.tolist() == whole.columns.tolist()
        assert np.isnan(found["shoes"])
        assert found.attrs["note"] == "1 of 3 have unknown cells and no value."
        pd.testing.assert_series_equal(found[known], measure(whole)[known], check_exact=False)
        assert "note" not in measure(whole).attrs
    everything = measure_all(hidden, totals=totals)
    assert everything.loc["shoes"].isna().all()
    assert "; 1 of 3 industries have unknown cells and no value;" in everything.attrs["note"]
    of_whole = measure_all(whole, totals=totals).loc[known]
    pd.testing.assert_frame_equal(everything.loc[known], of_whole, check_dtype=False)
    by_region = hoover(hidden, whole.sum(), of="region")
    assert by_region.isna().tolist() == [False, True, False, False]
    assert by_region["A"] == pytest.approx(hoover(whole, whole.sum(), of="region")["A"])


def test_a_region_that_the_known_cells_overfill_is_still_refused():
    hidden = true_table(3)
    hidden.loc["B", "shoes"] = np.nan
    with pytest.raises(ValueError, match="region 'A' has 1 in all, less than"):
        locational_gini(hidden, hidden.sum(axis=1) * 0 + 1)


@pytest.mark.parametrize(
    ("call", "way"),
    [
        (lambda t: locational_gini(t), "totals="),
        (lambda t: hoover(t), "measure_bounds"),
        (lambda t: herfindahl(t), r"table.dropna\(axis=1\).*measure_bounds"),
        (lambda t: krugman_specialisation(t), "measure_bounds.*of='region'"),
        (lambda t: variety(t, dict.fromkeys(t, "all")), r"table.dropna\(\)"),
        (lambda t: complexity(t), r"bounds\(\)\[0\] >= 1"),
        (lambda t: locational_gini(t * np.nan + t.iloc[0], t.sum(axis=1) + 9), "has a total|known"),
    ],
)
def test_what_needs_every_cell_says_what_can_be_had(call, way):
    hidden = true_table(3)
    hidden.loc["B", "shoes"] = np.nan
    if "has a total" in way:
        hidden = hidden.mask(np.eye(4, 3, dtype=bool))
        with pytest.raises(ValueError, match="in every column, so no value is exact.*measure_bou"):
            locational_gini(hidden, true_table(3).sum(axis=1))
        return
    with pytest.raises(ValueError, match=f"1 cells are unknown.*'B'.*'shoes'; .*{way}"):
        call(hidden)


def test_the_advice_of_those_refusals_works():
    whole = true_table(3, industries=3, most=40)
    hidden = whole.copy()
    hidden.loc["B", "shoes"] = np.nan
    totals = whole.sum(axis=1)
    assert herfindahl(hidden.dropna(axis=1)).value["wine"] == herfindahl(whole).value["wine"]
    groups = dict.fromkeys(whole, "all")
    known = variety(hidden.dropna(), groups).total
    pd.testing.assert_series_equal(known, variety(whole, groups).total.drop("B"))
    quotient = location_quotient(hidden, totals=totals, reference=whole.sum())
    there = quotient.bounds(inside_reference=True)[0] >= 1
    assert not there.loc["B", "shoes"]
    assert there.equals(quotient.value >= 1)
    complexity(there)


# --- quotients -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("inside", [False, True])
def test_bounds_of_unknown_quotients_are_those_of_all_tables_that_fit(seed, inside):
    whole = true_table(seed, most=6)
    hidden, rows, columns = withheld(whole, seed), whole.sum(axis=1) + 1, whole.sum()
    reference = pd.Series({**columns, "other": 200.0})
    quotient = location_quotient(hidden, totals=rows, reference=reference)
    low, high = quotient.bounds(inside_reference=inside)
    found = [
        values / rows.to_numpy()[:, None] / (columns / reference.sum()).to_numpy()
        for values in fills(hidden, rows)
        if not inside or (values.sum(axis=0) <= columns).all()
    ]
    np.testing.assert_allclose(low, np.min(found, axis=0), rtol=1e-12)
    np.testing.assert_allclose(high, np.max(found, axis=0), rtol=1e-12)
    assert f"; {hidden.isna().to_numpy().sum()} of 12 cells are unknown" in quotient.base
    known = hidden.notna()
    assert low[known].equals(high[known])


@pytest.mark.parametrize("seed", range(8))
def test_bounds_of_rounded_quotients_hold_and_are_reached(seed):
    published = true_table(seed, regions=2, industries=2, most=12) * 5
    if seed == 0:
        published.iloc[0, 1] = 0
    steps = [
        np.unique(np.clip([n - 2.5, n - 1, n, n + 1, n + 2.5], 0, None)) for n in published.stack()
    ]
    tried = np.array(list(itertools.product(*steps))).reshape(-1, 2, 2)
    rows, columns = tried.sum(axis=2, keepdims=True), tried.sum(axis=1, keepdims=True)
    found = tried * tried.sum(axis=(1, 2), keepdims=True) / (rows * columns)
    low, high = location_quotient(published).bounds(rounded=5)
    assert (low.to_numpy() <= found.min(axis=0) + 1e-12).all()
    assert (high.to_numpy() >= found.max(axis=0) - 1e-12).all()
    np.testing.assert_allclose(low, found.min(axis=0), rtol=1e-12)  # ends of the ranges: reached
    np.testing.assert_allclose(high, found.max(axis=0), rtol=2e-3)  # or between two tried values
    exact, same = location_quotient(published).bounds()
    pd.testing.assert_frame_equal(exact, same)
    np.testing.assert_allclose(exact, location_quotient(published).value)


def test_a_rounded_quotient_may_be_largest_inside_its_range():
    # one specialised region beside a large economy: more of it makes the economy like the region
    published = pd.DataFrame({"a": [10.0, 5.0], "b": [5.0, 5000.0]})
    _, high = location_quotient(published).bounds(rounded=5)
    x = np.linspace(7.5, 12.5, 100_001)
    r, c, d = 2.5, 2.5, 5002.5
    found = x * (x + r + c + d) / ((x + r) * (x + c))
    assert high.iloc[0, 0] == pytest.approx(found.max(), rel=1e-9)
    inner = location_quotient(pd.DataFrame({"a": [4.0, 40], "b": [40, 4000]})).bounds(rounded=8)
    x = np.linspace(0, 8, 100_001)
    found = x * (x + 36 + 36 + 4004) / ((x + 36) * (x + 36))
    assert inner[1].iloc[0, 0] == pytest.approx(found.max(), rel=1e-9)


@pytest.mark.parametrize("given", ["totals", "reference", "both"])
@pytest.mark.parametrize("seed", range(5))
def test_rounded_bounds_hold_where_totals_are_given(given, seed):
    rng = np.random.default_rng(seed)
    published = true_table(seed) * 5
    sizes, reference = published.sum(axis=1) + 20, published.sum() * 7
    known = {"totals": sizes, "reference": reference}
    low, high = location_quotient(
        published, **(known if given == "both" else {given: known[given]})
    ).bounds(rounded=5)
    for _ in range(50):
        true = published + rng.uniform(-2.5, 2.5, published.shape)
        if given != "reference":
            known["totals"] = sizes + rng.uniform(-2.5, 2.5, len(sizes))
        options = known if given == "both" else {given: known[given]}
        value = location_quotient(true, **options).value
        assert (value >= low - 1e-12).all(axis=None)
        assert (value <= high + 1e-12).all(axis=None)
    exact = location_quotient(published, **(known if given == "both" else {given: known[given]}))
    for end in exact.bounds():
        np.testing.assert_allclose(end, exact.value)


def test_bounds_refuse_a_reference_that_cannot_hold_the_regions():
    table = pd.DataFrame({"wine": [10.0, 20], "shops": [5.0, 1]}, index=["A", "B"])
    with pytest.raises(ValueError, match="inside_reference is True.*with a given reference"):
        location_quotient(table).bounds(inside_reference=True)
    abroad = location_quotient(table, reference=pd.Series({"wine": 5.0, "shops": 90}))
    with pytest.raises(ValueError, match="have 30 in industry 'wine', the reference 5, so they"):
        abroad.bounds(inside_reference=True)
    with pytest.raises(ValueError, match="rounded"):
        location_quotient(table).bounds(rounded=-5)


# --- measures of whole industries and regions -----------------------------------------------------


def by_formula(values, rows, columns):
    """Return each measure of a table, its own formulas."""
    h = (values**2).sum(axis=0) / columns**2
    gaps = np.abs(values / columns - (rows / rows.sum())[:, None]).sum(axis=0) / 2
    return {"herfindahl": h, "hoover": gaps}


@pytest.mark.parametrize("seed", range(20))
def test_bounds_of_industries_hold_for_all_tables_that_fit(seed):
    whole = true_table(seed, regions=5, most=7)
    hidden, rows, columns = withheld(whole, seed, cells=6), whole.sum(axis=1) + 2, whole.sum()
    bounds = measure_bounds(hidden, totals=rows, industry_totals=columns)
    found = {"herfindahl": [], "hoover": []}
    for name in whole:  # each industry stands alone: the others may take what they like
        own = hidden[[name]]
        left = rows - hidden.drop(columns=name).sum(axis=1)
        part = [
            by_formula(values, rows.to_numpy(), columns[[name]].to_numpy())
            for values in fills(own, left, columns[[name]].to_numpy())
        ]
        for measure, ends in found.items():
            values = [each[measure][0] for each in part]
            ends.append((min(values), max(values)))
    for measure, ends in found.items():
        least, most = np.array(ends).T
        low, high = bounds[f"{measure}_low"].to_numpy(), bounds[f"{measure}_high"].to_numpy()
        assert (low <= least + 1e-12).all()
        assert (high >= most - 1e-12).all()
        if measure == "herfindahl":  # exact, and whole numbers reach the largest
            np.testing.assert_allclose(high, most, rtol=1e-9)
            # spread evenly, whole numbers miss the least by at most a quarter a cell
            assert (low >= least - len(whole) / 4 / columns.to_numpy() ** 2 - 1e-12).all()
    if "perhaps not in 0 of 3 rows" in bounds.attrs["note"]:
        np.testing.assert_allclose(bounds["hoover_high"], np.array(found["hoover"])[:, 1])
    np.testing.assert_array_equal(bounds["unknown"], hidden.isna().sum())


@pytest.mark.parametrize("seed", range(10))
def test_the_low_end_of_hoover_is_that_of_a_linear_programme(seed):
    whole = true_table(seed, regions=5, most=30)
    hidden, rows, columns = withheld(whole, seed, cells=7), whole.sum(axis=1) + 2, whole.sum()
    bounds = measure_bounds(hidden, totals=rows, industry_totals=columns)
    for name, total in columns.items():
        own, target = hidden[name], total * rows / rows.sum()
        left = rows - hidden.sum(axis=1)
        free = own.isna().to_numpy()
        n = len(own)
        # cells u, then gaps t ≥ |u − target|
        limits = [(0, left.iloc[k]) if free[k] else (own.iloc[k], own.iloc[k]) for k in range(n)]
        eye = np.eye(n)
        found = linprog(
            np.r_[np.zeros(n), np.ones(n)],
            A_ub=np.block([[eye, -eye], [-eye, -eye]]),
            b_ub=np.r_[target, -target],
            A_eq=np.r_[np.ones(n), np.zeros(n)][None],
            b_eq=[total],
            bounds=limits + [(0, None)] * n,
        )
        assert bounds.loc[name, "hoover_low"] == pytest.approx(found.fun / 2 / total, abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_bounds_of_regions_hold_and_are_the_krugman_index_against_the_rest(seed):
    whole = true_table(seed, regions=3, industries=3, most=9)
    hidden, rows, columns = withheld(whole, seed, cells=4), whole.sum(axis=1), whole.sum()
    bounds = measure_bounds(hidden, totals=rows, industry_totals=columns, of="region")
    found = []
    for values in fills(hidden, rows, columns.to_numpy()):
        if not (values.sum(axis=1) == rows.to_numpy()).all():
            continue
        full = pd.DataFrame(values, whole.index, whole.columns)
        shares = herfindahl(full.loc[:, full.sum() > 0], of="region").value
        found.append([shares, krugman_specialisation(full, against="rest")])
    found = np.array(found)
    for place, name in enumerate(["herfindahl", "krugman_specialisation"]):
        assert (bounds[f"{name}_low"] <= found[:, place].min(axis=0) + 1e-12).all()
        assert (bounds[f"{name}_high"] >= found[:, place].max(axis=0) - 1e-12).all()
    known = hidden.notna().all(axis=1).to_numpy()
    exact = krugman_specialisation(whole, against="rest")[known]
    for end in ("low", "high"):
        np.testing.assert_allclose(bounds.loc[known, f"krugman_specialisation_{end}"], exact)


def test_without_unknown_cells_the_bounds_are_the_measures():
    whole = true_table(1)
    known = {"totals": whole.sum(axis=1), "industry_totals": whole.sum()}
    bounds = measure_bounds(whole, **known)
    for end in ("low", "high"):
        np.testing.assert_allclose(bounds[f"herfindahl_{end}"], herfindahl(whole).value)
        np.testing.assert_allclose(bounds[f"hoover_{end}"], hoover(whole))
    assert bounds.attrs["note"].startswith("0 of 12 cells are unknown")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"industry_totals": {"wine": 5}}, "industry 'wine' has 5, but its cells.*add up to"),
        ({"industry_totals": {"shops": 99}}, "industry 'shops' has 99.*all known, add up to"),
        ({"industry_totals": {"wine": 90}}, "'wine' has 90, which leaves .* leave only"),
        ({"totals": {"A": 1}}, "region 'A' has 1 in all, less than"),
        ({"of": "region", "totals": {"B": 90}}, "totals add up to .* but both must be the total"),
        ({"of": "place"}, "of"),
    ],
)
def test_totals_that_do_not_fit_are_named(change, message):
    whole = true_table(3)
    hidden = whole.copy()
    hidden.loc["B", "wine"] = np.nan
    given = {"totals": whole.sum(axis=1), "industry_totals": whole.sum()}
    for name, value in change.items():
        if isinstance(value, dict):
            given[name] = pd.Series({**given[name], **value})
        else:
            given[name] = value
    with pytest.raises(ValueError, match=message):
        measure_bounds(hidden, **given)


def test_one_region_has_no_rest():
    one = pd.DataFrame({"wine": [5.0], "shops": [np.nan]}, index=["A"])
    known = {"totals": pd.Series({"A": 9.0}), "industry_totals": pd.Series({"wine": 5, "shops": 4})}
    with pytest.raises(ValueError, match="region 'A' holds everything"):
        measure_bounds(one, **known, of="region")


# --- Ellison-Glaeser from size classes --------------------------------------------------------------

CLASSES = {"1-2": (1, 2), "3-5": (3, 5), "6 up": (6, None)}


def cells_of(seed, regions=3):
    """Return constructed cells with every plant's size, and what an office would publish."""
    rng = np.random.default_rng(seed)
    plants = [
        (region, int(rng.integers(1, 6)))
        for region in list("ABC")[:regions]
        for _ in range(rng.integers(1, 3))
    ]
    frame = pd.DataFrame(plants, columns=["region", "jobs"])
    rows = []
    for region, own in frame.groupby("region"):
        counts = {
            name: int(((own["jobs"] >= low) & (own["jobs"] <= (high or 99))).sum())
            for name, (low, high) in CLASSES.items()
        }
        rows.append(
            {"region": region, "industry": "wine", "employment": float(own["jobs"].sum())}
            | {"establishments": len(own)}
            | counts
        )
    return pd.DataFrame(rows)


def gammas(cells, share, total=None, most=20):
    """Return γ, G and H of all plants of whole sizes that fit the published cells."""
    choices = []
    for _, row in cells.iterrows():
        ranges = [
            range(low, (high or most) + 1)
            for name, (low, high) in CLASSES.items()
            for _ in range(int(row[name]))
        ]
        fits = [
            sizes
            for sizes in itertools.product(*ranges)
            if np.isnan(row["employment"]) or sum(sizes) == row["employment"]
        ]
        choices.append(fits)
    found = []
    for sizes in itertools.product(*choices):
        jobs = np.array([sum(part) for part in sizes], float)
        if total is not None and jobs.sum() != total:
            continue
        s = pd.Series(jobs / jobs.sum(), cells["region"]).reindex(share.index, fill_value=0)
        g = ((s - share) ** 2).sum()
        z = np.concatenate(sizes) / jobs.sum()
        h, room = (z**2).sum(), 1 - (share**2).sum()
        if h < 1:
            found.append(((g - room * h) / (room * (1 - h)), g, h))
    return np.array(found)


TOTALS = pd.Series({"A": 50.0, "B": 30, "C": 15, "D": 5})


@pytest.mark.parametrize("gone", [0, 1, 2])
@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_gamma_lies_between_its_bounds_for_all_plants_that_fit(seed, published, gone):
    cells = cells_of(seed)
    total = float(cells["employment"].sum())
    cells.loc[cells.index[:gone], "employment"] = np.nan
    options = {"industry_totals": pd.Series({"wine": total})} if published else {}
    found = ellison_glaeser_bounds(cells, classes=CLASSES, totals=TOTALS, **options).loc["wine"]
    every = gammas(cells, TOTALS / TOTALS.sum(), total if published else None)
    names = ["gamma", "raw", "plant_herfindahl"]
    low, high = (found[[f"{name}_{end}" for name in names]] for end in ("low", "high"))
    assert (low.to_numpy() <= every.min(axis=0) + 1e-9).all()
    assert (high.to_numpy() >= every.max(axis=0) - 1e-9).all()
    assert found["unknown"] == gone
    assert np.isnan(found["gamma"]) == (gone > 0)
    if gone == 0:  # G is known, and whole sizes reach the largest H
        assert found["raw_low"] == pytest.approx(found["raw_high"])
        assert low["gamma_low"] == pytest.approx(every[:, 0].min())
        assert high["plant_herfindahl_high"] == pytest.approx(every[:, 2].max())
        assert low["gamma_low"] - 1e-12 <= found["gamma"] <= high["gamma_high"] + 1e-12
    else:  # no wider than a little more than what whole sizes reach
        assert high["raw_high"] <= every[:, 1].max() * 1.02 + (0 if gone == 1 else 0.03)
        assert low["raw_low"] >= every[:, 1].min() * 0.98 - (0 if gone == 1 else 0.02)


def test_an_open_class_is_bounded_by_the_published_total():
    numbers = {"establishments": [1, 2], "1-2": 0, "3-5": [0, 1], "6 up": 1}
    cells = pd.DataFrame({"region": ["A", "B"], "industry": "wine", "employment": np.nan} | numbers)
    unknown = ellison_glaeser_bounds(cells, classes=CLASSES, totals=TOTALS)
    assert unknown.loc["wine"].isna().sum() == 7
    assert "no bounds for 1 industries whose total is not known" in unknown.attrs["note"]
    found = ellison_glaeser_bounds(
        cells, classes=CLASSES, totals=TOTALS, industry_totals=pd.Series({"wine": 20.0})
    ).loc["wine"]
    every = gammas(cells, TOTALS / TOTALS.sum(), 20, most=20)
    assert found["gamma_low"] <= every[:, 0].min() + 1e-9
    assert found["gamma_high"] >= every[:, 0].max() - 1e-9
    assert found["plant_herfindahl_high"] == pytest.approx(every[:, 2].max())
    assert found["raw_high"] == pytest.approx(every[:, 1].max())
    outside = ellison_glaeser_bounds(
        cells, classes=CLASSES, totals=TOTALS, industry_totals=pd.Series({"wine": 1.0})
    )
    assert "no bounds for 1 industries whose published total lies outside" in outside.attrs["note"]


def test_gamma_from_known_cells_is_that_of_the_known_plants_where_classes_are_narrow():
    sizes = 10 * TOTALS
    exact = {f"{k}": (k, k) for k in range(1, 9)}
    rng = np.random.default_rng(2)
    plants = pd.DataFrame(
        {"region": rng.choice(list("ABC"), 30), "industry": "wine", "jobs": rng.integers(1, 9, 30)}
    )
    jobs = plants.groupby("region")["jobs"]
    cells = pd.DataFrame({"employment": jobs.sum(), "establishments": jobs.count()})
    for name, (size, _) in exact.items():
        cells[name] = jobs.apply(lambda own, size=size: int((own == size).sum()))
    cells = cells.reset_index().assign(industry="wine")
    found = ellison_glaeser_bounds(cells, classes=exact, totals=sizes).loc["wine"]
    z = plants["jobs"] / plants["jobs"].sum()
    s = (jobs.sum() / jobs.sum().sum()).reindex(TOTALS.index, fill_value=0)
    x = sizes / sizes.sum()
    g, h, room = ((s - x) ** 2).sum(), (z**2).sum(), 1 - (x**2).sum()
    expected = (g - room * h) / (room * (1 - h))
    table = pd.DataFrame({"wine": jobs.sum().reindex(TOTALS.index, fill_value=0)})
    usual = ellison_glaeser(table, pd.Series({"wine": h}), totals=sizes).gamma["wine"]
    for name in ("gamma", "gamma_low", "gamma_high"):
        assert found[name] == pytest.approx(expected) == usual


def test_plants_of_a_withheld_class_may_be_in_any_of_them():
    cells = cells_of(5)
    total = float(cells["employment"].sum())
    shown = ellison_glaeser_bounds(cells, classes=CLASSES, totals=TOTALS).loc["wine"]
    cells[["1-2", "3-5"]] = cells[["1-2", "3-5"]].astype(float)
    cells.loc[0, ["1-2", "3-5"]] = np.nan  # since 2017 classes with one or two plants are withheld
    hidden = ellison_glaeser_bounds(
        cells, classes=CLASSES, totals=TOTALS, industry_totals=pd.Series({"wine": total})
    ).loc["wine"]
    assert hidden["gamma_low"] <= shown["gamma_low"] + 1e-12
    assert hidden["gamma_high"] >= shown["gamma_high"] - 1e-12


def test_absent_cells_may_hold_what_the_published_total_leaves():
    cells = cells_of(6)
    total = float(cells["employment"].sum())
    whole = ellison_glaeser_bounds(cells, classes=CLASSES, totals=TOTALS).loc["wine"]
    published = {"industry_totals": pd.Series({"wine": total}), "absent": "unknown"}
    found = ellison_glaeser_bounds(cells.iloc[1:], classes=CLASSES, totals=TOTALS, **published)
    row = found.loc["wine"]
    assert row["unknown"] == 2  # A, which was left out, and D
    for name in ("raw", "gamma"):
        assert row[f"{name}_low"] <= whole[f"{name}_low"] + 1e-12
        assert row[f"{name}_high"] >= whole[f"{name}_high"] - 1e-12
    with pytest.raises(ValueError, match="absent='unknown' needs industry_totals="):
        ellison_glaeser_bounds(cells, classes=CLASSES, totals=TOTALS, absent="unknown")


def test_noise_and_single_plants_are_counted():
    cells = cells_of(2)
    cells.loc[0, "employment"] += 50
    found = ellison_glaeser_bounds(cells, classes=CLASSES, totals=10 * TOTALS)
    assert "; 1 known cells lie outside their size classes" in found.attrs["note"]
    assert found.loc["wine", ["gamma", "gamma_low", "gamma_high"]].notna().all()
    one = cells.iloc[[1]].assign(
        **{"establishments": 1, "1-2": 0, "3-5": 1, "6 up": 0, "employment": 4.0}
    )
    alone = ellison_glaeser_bounds(one, classes=CLASSES, totals=TOTALS)
    assert alone["gamma_low"].isna().all()
    assert "no index for 1 industries with a single plant" in alone.attrs["note"]


def test_other_names_of_columns():
    cells = cells_of(3)
    other = cells.set_axis(["r", "i", "e", "n", *CLASSES], axis=1)
    names = {"region": "r", "industry": "i", "employment": "e", "establishments": "n"}
    found = ellison_glaeser_bounds(other, classes=CLASSES, totals=TOTALS, **names)
    expected = ellison_glaeser_bounds(cells, classes=CLASSES, totals=TOTALS)
    np.testing.assert_array_equal(found, expected)
    assert found.index.name == "i"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.drop(columns="1-2"), "cells has no column '1-2'"),
        (lambda c: pd.concat([c, c.iloc[:1]]), "row 4 of cells lists a region and industry once"),
        (lambda c: c.assign(establishments=9), "row 1 of cells: establishments is 9, but its cla"),
        (lambda c: c.assign(employment=-1), "row 1 of cells: column 'employment' has -1, no count"),
        (lambda c: c.assign(employment="x"), "row 1 of cells: column 'employment' has 'x', no"),
        (lambda c: c.assign(region=None), "row 1 of cells has an empty 'region'"),
        (lambda c: c.assign(region=["A", "B", "Z"]), "totals: no number for label 'Z'"),
        (lambda c: "cells.csv", "cells must be a pandas DataFrame"),
    ],
)
def test_cells_that_do_not_fit_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        ellison_glaeser_bounds(change(cells_of(1)), classes=CLASSES, totals=TOTALS)


def test_classes_and_totals_that_are_none_are_refused():
    with pytest.raises(ValueError, match="classes must be a mapping"):
        ellison_glaeser_bounds(cells_of(1), classes=[(1, 2)], totals=TOTALS)
    with pytest.raises(ValueError, match="cells has no row"):
        ellison_glaeser_bounds(cells_of(1)[:0], classes=CLASSES, totals=TOTALS)
    with pytest.raises(ValueError, match="one region holds everything"):
        ellison_glaeser_bounds(
            cells_of(1, regions=1), classes=CLASSES, totals=pd.Series({"A": 5.0})
        )


@pytest.mark.realdata
def test_published_cells_of_metro_areas_lie_between_the_bounds_when_they_are_withheld(real_data):
    path = real_data / "us_cbp_cbsa" / "cbp2019_cbsa_naics2.csv"
    names = {"region": "cbsa_code", "industry": "naics_code", "value": "emp"}
    whole = tables.read(path, **names, absent="zero")
    totals = whole.pop("00")
    totals = np.maximum(totals, whole.sum(axis=1))
    small = whole.mask((whole < 200) & (whole > 0))
    assert small.isna().to_numpy().sum() > 500
    bounds = measure_bounds(small, totals=totals, industry_totals=whole.sum())
    truth = {"herfindahl": herfindahl(whole).value, "hoover": hoover(whole, totals)}
    for name, true in truth.items():
        assert (bounds[f"{name}_low"] <= true + 1e-12).all()
        assert (bounds[f"{name}_high"] >= true - 1e-12).all()
        assert (bounds[f"{name}_high"] - bounds[f"{name}_low"]).median() < 0.01
    quotient = location_quotient(small, totals=totals, reference=whole.sum())
    low, high = quotient.bounds(inside_reference=True)
    value = location_quotient(whole, totals=totals, reference=whole.sum()).value
    assert ((low <= value + 1e-12) & (value <= high + 1e-12)).all(axis=None)
