"""Groups of industries: planted ones are found, scores by another way, boundaries."""

import itertools
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from clusterlab import clusters
from clusterlab.agglomeration.planted import planted_economy

LETTERS = list("abcdefgh")


def noise(seed=0, labels=LETTERS):
    values = np.random.default_rng(seed).normal(size=(len(labels), len(labels)))
    return pd.DataFrame(values + values.T, labels, labels)


def blocks(sizes=(6, 5, 4, 3), seed=0, between=0.0):
    """Return a table whose ties are 1 within blocks, with a little noise, and the blocks."""
    which = np.repeat(np.arange(len(sizes)), sizes)
    labels = [f"i{k:02d}" for k in np.random.default_rng(seed).permutation(len(which))]
    ties = noise(seed, labels) * 0.1 + np.where(which[:, None] == which, 1.0, between)
    return ties, pd.Series(which, labels)


def rand(one, other):
    """Return Hubert and Arabie's adjusted Rand index of two groupings, from pairs counted."""
    labels = [*one.index]
    same = np.array(
        [(one[i] == one[j], other[i] == other[j]) for i, j in itertools.combinations(labels, 2)]
    )
    both, first, second = same.all(axis=1).sum(), same[:, 0].sum(), same[:, 1].sum()
    expected = first * second / len(same)
    return (both - expected) / ((first + second) / 2 - expected)


@pytest.mark.parametrize("method", ["ward", "k-means"])
def test_planted_blocks_are_found(method):
    for seed in range(4):
        ties, planted = blocks(seed=seed)
        found = clusters.define(ties, groups=4, method=method, seed=seed)
        assert rand(found, planted) == 1
        assert found.value_counts().tolist() == [6, 5, 4, 3]
        assert found.name == "group"


@pytest.mark.parametrize("method", ["ward", "k-means"])
def test_families_of_a_planted_economy_are_found(method):
    for seed in range(4):
        table, families = planted_economy(regions=300, focus=0.1, seed=seed)
        alike = clusters.similarity(table).mean
        found = clusters.define(alike, groups=6, method=method)
        assert rand(found, families) >= 0.95
        assert clusters.validate(families, alike).scores["clusters_95"].item() == 1


def test_in_shuffled_data_there_is_nothing_to_find():
    table, families = planted_economy(regions=300, focus=0.1)
    rng = np.random.default_rng(0)
    first, second = (clusters.similarity(table.apply(rng.permutation)).mean for _ in range(2))
    found = clusters.define(first, groups=6)
    assert abs(rand(found, families)) < 0.15
    own, other = (clusters.validate(found, ties).scores.loc["group"] for ties in (first, second))
    # groups fit the noise they were found in, and that of other draws no better than chance
    assert own["industries_mean"] > 0.9
    assert other["industries_mean"] < 0.75
    assert abs(other["kept"] - other["inside"]) < 0.25
    chance = clusters.validate(
        pd.DataFrame({k: pd.Series(rng.permutation(found), found.index) for k in range(200)}), first
    ).scores.mean()
    assert chance["industries_mean"] == pytest.approx(0.5, abs=0.05)
    assert chance["kept"] == pytest.approx(chance["inside"], abs=0.03)


def test_the_distance_is_that_of_profiles():
    labels = [f"i{k:02d}" for k in range(30)]
    ties = noise(3, labels)
    rows = ties.to_numpy().copy()
    np.fill_diagonal(rows, -np.inf)
    np.fill_diagonal(rows, rows.max(axis=1))
    want = np.sqrt(np.maximum(2 * 30 * (1 - np.corrcoef(rows)), 0))
    tree = linkage(want[np.triu_indices(30, 1)], "ward")
    for count in range(2, 31):
        mine = clusters.define(ties, groups=count)
        theirs = pd.Series(fcluster(tree, count, "maxclust"), labels)
        assert mine.nunique() == count
        assert pd.crosstab(mine, theirs).astype(bool).to_numpy().sum() == count


def test_groups_of_ward_nest_and_k_means_come_no_worse():
    ties, _ = blocks((9, 8, 7, 6), seed=2, between=0.2)
    table = clusters.define(ties, groups=range(2, 12))
    assert list(table) == [*range(2, 12)]
    assert table.columns.name == "groups"
    for one, other in itertools.pairwise(range(2, 12)):
        assert table.groupby(other)[one].nunique().max() == 1
    means = clusters.define(ties, groups=[3, 12], method="k-means")
    assert means.nunique().tolist() == [3, 12]
    pd.testing.assert_frame_equal(means, clusters.define(ties, groups=[3, 12], method="k-means"))


def test_groups_are_numbered_by_how_many_industries_they_have():
    ties = pd.DataFrame(0.0, list("gfedcba"), list("gfedcba"))
    for group in ("abc", "de", "fg"):
        for i, j in itertools.permutations(group, 2):
            ties.loc[i, j] = 1
    assert clusters.define(ties, groups=3).sort_index().tolist() == [1, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize("method", ["ward", "k-means"])
def test_the_order_of_labels_does_not_matter(method):
    ties, _ = blocks(seed=5)
    mixed = ties.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2)
    before = mixed.copy()
    found = clusters.define(mixed, groups=[3, 7], method=method)
    assert list(found.index) == list(mixed.index)
    pd.testing.assert_frame_equal(
        found, clusters.define(ties, groups=[3, 7], method=method).loc[mixed.index]
    )
    pd.testing.assert_frame_equal(mixed, before)


def test_one_without_ties_is_like_nobody():
    ties, _ = blocks((4, 4))
    ties["lone"] = ties.loc["lone"] = 0.0
    found = clusters.define(ties * (ties > 0.5), groups=3)
    assert (found == found["lone"]).sum() == 1


def test_k_means_with_too_many_groups_says_so():
    ties = pd.DataFrame(1.0, LETTERS, LETTERS)
    ties.loc["a", "b"] = ties.loc["b", "a"] = 2
    with pytest.raises(ValueError, match=r"no 6 groups.*'ward'"):
        clusters.define(ties, groups=6, method="k-means")


# --- whether they hold ---------------------------------------------------------------------------


def scored(groups, ties, strongest):
    """Return the scores with loops over pairs."""
    labels, names = [*groups.index], sorted(set(groups))
    of = {g: [i for i in labels if groups[i] == g] for g in names}

    def mean(ones, others):
        values = [ties.loc[i, j] for i in ones for j in others if i != j]
        return statistics.fmean(values) if values else None

    def passes(ones, own):
        within = mean(ones, of[own])
        others = [mean(ones, of[g]) for g in names if g != own]
        if within is None:
            return False, False
        return within > statistics.fmean(others), within > np.percentile(others, 95)

    tests = {
        "clusters": [passes(of[g], g) for g in names],
        "industries": [passes([i], groups[i]) for i in labels],
    }
    pairs = sorted(itertools.combinations(labels, 2), key=lambda p: -ties.loc[p])
    inside = [groups[i] == groups[j] for i, j in pairs]
    most = max(1, round(strongest * len(pairs)))
    told = {"groups": len(names), "single": sum(len(each) == 1 for each in of.values())}
    for what, found in tests.items():
        told[f"{what}_mean"] = statistics.fmean(one for one, _ in found)
        told[f"{what}_95"] = statistics.fmean(two for _, two in found)
    return told | {"kept": statistics.fmean(inside[:most]), "inside": statistics.fmean(inside)}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8), st.floats(0.02, 0.9))
def test_scores_are_those_of_loops(seed, count, strongest):
    rng = np.random.default_rng(seed)
    ties = noise(seed)
    groups = pd.Series(
        rng.permutation([*range(count), *rng.integers(0, count, 8 - count)]), LETTERS
    )
    found = clusters.validate(groups, ties, strongest=strongest).scores.iloc[0].to_dict()
    assert found == pytest.approx(scored(groups, ties, strongest))


def test_groups_tell_what_is_within_and_between():
    ties = pd.DataFrame(0.0, list("abcde"), list("abcde"))
    for pair, tie in {"ab": 4, "ac": 1, "bc": 1, "cd": 3, "ae": 2, "de": 6}.items():
        ties.loc[pair[0], pair[1]] = ties.loc[pair[1], pair[0]] = tie
    groups = pd.Series(["x", "x", "y", "y", "z"], list("abcde"), name="mine")
    sizes = pd.Series({"e": 9, "d": 3, "c": 2, "b": 7, "a": 5, "more": 100})
    found = clusters.validate(groups, ties, strongest=0.2, sizes=sizes)
    by = found.groups.loc["mine"]
    assert by["industries"].tolist() == [2, 2, 1]
    assert by["within"].tolist()[:2] == [4, 3]
    assert np.isnan(by.loc["z", "within"])
    # x–y: 2 of 4 pairs at 1; x–z: 2 of 2 pairs add to 2; y–z: 6 of 2
    assert by["between"].tolist() == pytest.approx([(0.5 + 1) / 2, (0.5 + 3) / 2, (1 + 3) / 2])
    assert by["between_95"].tolist() == pytest.approx([0.975, 2.875, 2.9])
    assert by["largest"].tolist() == ["b, a", "d, c", "e"]
    scores = found.scores.loc["mine"]
    assert scores[["groups", "single"]].tolist() == [3, 1]
    assert scores["clusters_mean"] == scores["clusters_95"] == pytest.approx(2 / 3)
    assert scores[["kept", "inside"]].tolist() == [0.5, 0.2]


def test_a_group_is_named_by_its_three_largest():
    sizes = pd.Series([5, 1, 9, 7, 3, 2, 4, 8], LETTERS)
    groups = pd.Series([*"xxxxxyyy"], LETTERS)
    found = clusters.validate(groups, noise(2), sizes=sizes).groups.loc["groups"]
    assert found["largest"].to_dict() == {"x": "c, d, a", "y": "h, g, f"}


def test_single_industries_fail_and_keep_nothing():
    ties = noise(1)
    scores = clusters.validate(pd.Series(LETTERS, LETTERS), ties).scores.iloc[0]
    assert scores["single"] == 8
    assert scores.drop(["groups", "single"]).eq(0).all()


def test_no_difference_passes_no_test():
    for value in (0.1, 0.3, 1 / 3, 0.7, 1e-3):  # which sums of them round this way and that
        flat = pd.DataFrame(value, LETTERS, LETTERS)
        for groups in ("xxxyyyzz", "xxyyyyyz", "xxxxyyzz", "wwxxyyzz", "xxxxxyyy"):
            found = clusters.validate(pd.Series([*groups], LETTERS), flat)
            scores = found.scores.iloc[0]
            assert scores.filter(regex="_").eq(0).all(), (value, groups)
    assert scores["kept"] == scores["inside"]  # all pairs tie, so all are the strongest


def test_ties_of_pairs_at_the_border_count_all():
    ties = pd.DataFrame(0.0, list("abcd"), list("abcd"))
    for pair in ("ab", "cd", "ac"):
        ties.loc[pair[0], pair[1]] = ties.loc[pair[1], pair[0]] = 1
    groups = pd.Series([1, 1, 2, 2], list("abcd"))
    assert clusters.validate(groups, ties, strongest=0.01).scores["kept"].item() == pytest.approx(
        2 / 3
    )


def test_definitions_stand_side_by_side_by_label():
    ties, planted = blocks(seed=7)
    table = clusters.define(ties, groups=[3, 4]).assign(planted=planted.map("b{}".format))
    found = clusters.validate(table, ties, sizes=pd.Series(1, ties.index))
    assert found.scores.index.tolist() == [3, 4, "planted"]
    assert found.scores.index.name == "definition"
    assert found.groups.index.names == ["definition", "group"]
    assert found.scores.loc[4].tolist() == found.scores.loc["planted"].tolist()
    mixed = table.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(clusters.validate(mixed, ties).scores, found.scores)
    other = ties.sample(frac=1, random_state=4).sample(frac=1, axis=1, random_state=4)
    pd.testing.assert_frame_equal(clusters.validate(table, other).scores, found.scores)


# --- boundaries ----------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(-3, 3), st.floats(0, 2))
def test_a_lower_threshold_takes_nobody_out_and_a_place_adds_nobody(seed, threshold, less):
    ties = noise(seed)
    there = pd.Series(np.random.default_rng(seed).random(8) > 0.5, LETTERS, name="Napa")
    high = clusters.boundary("a", ties, threshold=threshold)
    low = clusters.boundary("a", ties, threshold=threshold - less)
    here = clusters.boundary("a", ties, threshold=threshold, present=there)
    assert set(high.members) <= set(low.members)
    assert set(here.members) == {i for i in high.members if there[i]}
    assert high.members == [i for i in high.ties.index if ties.loc["a", i] >= threshold]
    assert high.ties["tie"].is_monotonic_decreasing
    assert "a" not in high.ties.index
    assert (high.place, here.place) == ("", "Napa")


def test_a_tie_at_the_threshold_counts():
    ties = pd.DataFrame([[0, 1.0], [1.0, 0]], ["a", "b"], ["a", "b"])
    assert clusters.boundary("a", ties, threshold=1).members == ["b"]
    assert clusters.boundary("a", ties, threshold=1.0001).members == []


def test_presence_goes_by_label():
    ties = noise(4)
    there = pd.Series([True, False] * 4, LETTERS)
    one = clusters.boundary("c", ties, threshold=-9, present=there)
    other = clusters.boundary("c", ties[::-1], threshold=-9, present=there[::-1])
    assert set(one.members) == set(other.members) == {"a", "e", "g"}


def test_the_adjacency_of_a_graph_will_do():
    import networkx as nx

    graph = nx.Graph()
    graph.add_weighted_edges_from([("wineries", "growers", 3), ("wineries", "food", 1)])
    ties = nx.to_pandas_adjacency(graph)
    assert clusters.boundary("wineries", ties, threshold=2).members == ["growers"]
