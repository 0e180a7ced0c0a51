"""Coherence and uncertainty: closed forms, planted structure, slow independent versions."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from clusterlab.diamond import coherence, score, uncertainty

TURNED = ["burden of entry rules"]


def one_axis(noise, seed=0, places=60):
    rng = np.random.default_rng(seed)
    level = rng.normal(size=(places, 1))
    columns = pd.MultiIndex.from_tuples([(f"f{i // 3}", f"i{i}") for i in range(12)])
    return pd.DataFrame(level + noise * rng.normal(size=(places, 12)), columns=columns)


def test_alpha_against_the_formula_from_the_mean_correlation(ratings):
    result = coherence(ratings, reverse=TURNED)
    for facet in result.facets.index:
        columns = ratings[facet].copy()
        if TURNED[0] in columns:
            columns[TURNED[0]] *= -1
        r = columns.corr().to_numpy()
        k = len(r)
        mean = (r.sum() - k) / (k * (k - 1))
        assert result.facets.loc[facet, "alpha"] == pytest.approx(k * mean / (1 + (k - 1) * mean))
        roots = np.linalg.svd((columns - columns.mean()) / columns.std(), compute_uv=False) ** 2
        assert result.facets.loc[facet, "first component"] == pytest.approx(roots[0] / roots.sum())


def test_one_axis_and_many():
    assert coherence(one_axis(0.1)).nearly_one_number
    assert "nearly one number" in repr(coherence(one_axis(0.1)))
    scattered = coherence(one_axis(20.0))
    assert not scattered.nearly_one_number
    assert scattered.components.sum() == pytest.approx(1)
    assert scattered.components.is_monotonic_decreasing


def test_planted_places(ratings, truth):
    ordinary = ratings[(truth["kind"] == "ordinary").reindex(ratings.index)]
    assert coherence(ordinary, reverse=TURNED).nearly_one_number
    assert not coherence(ratings, reverse=TURNED).nearly_one_number


def test_alpha_of_a_single_indicator_is_missing_and_a_flat_one_is_refused():
    table = one_axis(0.5)
    single = table[[("f0", "i0"), ("f1", "i3"), ("f1", "i4")]]
    assert np.isnan(coherence(single).facets.loc["f0", "alpha"])
    table[("f0", "i0")] = 3.0
    with pytest.raises(ValueError, match="'i0' is the same for every place"):
        coherence(table, reverse=[])


def test_same_seed_same_result_and_the_reference_is_the_score(ratings):
    one = uncertainty(ratings, reverse=TURNED, replicates=500, seed=3)
    two = uncertainty(ratings, reverse=TURNED, replicates=500, seed=3)
    pd.testing.assert_frame_equal(one.ranks, two.ranks)
    assert not one.ranks.equals(uncertainty(ratings, reverse=TURNED, replicates=500, seed=4).ranks)
    assert (one.ranks["reference"] == score(ratings, reverse=TURNED).rank).all()


def test_without_choices_there_is_no_doubt(ratings):
    sure = uncertainty(
        ratings,
        reverse=TURNED,
        normalisations=["z"],
        aggregations=[0.0],
        concentration=1e12,
        remove=False,
        replicates=50,
    )
    rank = score(ratings, reverse=TURNED, normalise="z", aggregation=0.0).rank
    for column in ("reference", "low", "median", "high"):
        assert (sure.ranks[column] == rank).all()
    assert sure.mean_rank_shift == 0
    assert sure.robust_pairs == 1
    assert (sure.drivers == 0).all()


def test_against_a_plain_loop():
    """The same draws, scored one at a time by `score`, give the same ranks and pairs."""
    table = one_axis(0.8, places=9)
    choices = {"normalisations": ["rank", "min-max"], "aggregations": ["arithmetic", -2, "minimum"]}
    result = uncertainty(table, replicates=200, seed=5, reverse=[], **choices)

    rng = np.random.default_rng(5)
    names = [None, *table.columns.get_level_values(1)]
    h = rng.integers(2, size=200)
    out = rng.integers(len(names), size=200)
    r = rng.integers(3, size=200)
    weights = rng.dirichlet([3.0] * 4, size=200)
    totals = []
    for draw in range(200):
        kept = table if names[out[draw]] is None else table.drop(columns=names[out[draw]], level=1)
        totals.append(
            score(
                kept,
                normalise=choices["normalisations"][h[draw]],
                reverse=[],
                weights=dict(zip([f"f{i}" for i in range(4)], weights[draw], strict=True)),
                aggregation=choices["aggregations"][r[draw]],
            ).total.to_numpy()
        )
    totals = np.array(totals)
    ranks = np.array([rankdata(-row.round(10), method="min") for row in totals])
    assert result.ranks["shift"].to_numpy() == pytest.approx(
        np.abs(ranks - result.ranks["reference"].to_numpy()).mean(axis=0)
    )
    beats = (totals[:, :, None] > totals[:, None, :] + 1e-12).mean(axis=0)
    assert result.pairs.to_numpy() == pytest.approx(beats, abs=0.011)
    assert (
        result.ranks["median"].tolist()
        == np.quantile(ranks, 0.5, axis=0, method="inverted_cdf").tolist()
    )


def test_pairs_and_intervals_are_consistent(ratings):
    result = uncertainty(ratings, reverse=TURNED, replicates=2000)
    assert (result.pairs + result.pairs.T).to_numpy().max() <= 1 + 1e-12
    assert (np.diag(result.pairs) == 0).all()
    ranks = result.ranks
    assert (ranks["low"] <= ranks["median"]).all()
    assert (ranks["median"] <= ranks["high"]).all()
    assert (ranks["low"] >= 1).all()
    assert (ranks["high"] <= 40).all()
    assert 0 < result.robust_pairs < 1
    assert result.drivers.idxmax() == "aggregation"
    assert "median 90% rank interval" in repr(result)
    assert result.to_frame()["reference"].is_monotonic_increasing


def test_drivers_add_up_when_only_one_choice_is_made(ratings):
    only = uncertainty(
        ratings,
        reverse=TURNED,
        normalisations=["z"],
        remove=False,
        concentration=1e12,
        replicates=500,
    )
    assert only.drivers["aggregation"] == pytest.approx(1)
    assert only.drivers[["normalisation", "indicator left out"]].max() < 1e-12


def test_firmer_weights_give_narrower_intervals(ratings):
    def width(concentration):
        ranks = uncertainty(
            ratings,
            reverse=TURNED,
            replicates=2000,
            concentration=concentration,
            aggregations=["arithmetic"],
            normalisations=["z"],
        ).ranks
        return (ranks["high"] - ranks["low"]).mean()

    assert width(4) > width(12) > width(200)


def test_facets_that_are_one_number_leave_less_doubt(ratings, truth):
    ordinary = ratings[(truth["kind"] == "ordinary").reindex(ratings.index)]
    few = uncertainty(ordinary, reverse=TURNED, replicates=2000)
    all_ = uncertainty(ratings, reverse=TURNED, replicates=2000)
    assert few.mean_rank_shift / len(ordinary) < 0.5 * all_.mean_rank_shift / len(ratings)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replicates": 0}, "replicates is 0"),
        ({"level": 1.0}, "level is 1.0"),
        ({"concentration": 0}, "concentration is 0"),
        ({"normalisations": []}, "at least one"),
        ({"normalisations": ["percent"]}, "one of 'min-max'"),
        ({"aggregations": ["best"]}, "one of 'arithmetic'"),
        ({"weights": {"f0": 1.0}}, "lacks the facet 'f1'"),
    ],
)
def test_bad_choices(options, message):
    with pytest.raises(ValueError, match=message):
        uncertainty(one_axis(0.5), **options)


def test_geometric_mean_of_very_low_z_scores_is_refused():
    table = one_axis(0.01)
    table.iloc[0] = -60.0
    with pytest.raises(ValueError, match="^uncertainty: 0 has.*leave out that normal"):
        uncertainty(table, replicates=10)
    assert uncertainty(table, replicates=10, normalisations=["rank"]).shift.shape == (10,)


def test_a_facet_of_weight_zero_stays_out():
    table = one_axis(0.5)
    weights = {"f0": 0.5, "f1": 0.5, "f2": 0.0, "f3": 0.0}
    with_zero = uncertainty(table, weights=weights, replicates=300)
    without = uncertainty(table[["f0", "f1"]], replicates=300)
    pd.testing.assert_frame_equal(with_zero.ranks, without.ranks)
