"""Three levels of ties against a loop of their own, closed forms, and the sentence under them."""

import networkx as nx
import numpy as np
import pytest
from corners import settings_of, shown, without_picture
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom
from widget_checks import moves_to_both_ends

from clusterlab.exercises import predict
from clusterlab.linkages import three_levels, widgets
from clusterlab.linkages.levels import LEVELS, _arrivals, _drawn, _pairs
from clusterlab.names import percent

PARTS = {"cluster": slice(0, 40), "other towns": slice(40, 80), "region": slice(0, 80)}
SHARES = st.integers(0, 20).map(lambda k: k / 20)


def test_pairs_are_those_the_levels_name():
    town = [0] * 40 + [1 + k // 10 for k in range(40)] + ["abroad"] * 40
    wanted = {level: set() for level in LEVELS}
    for one in range(120):
        for other in range(one + 1, 120):
            ends = {town[one], town[other]}
            if ends == {0}:
                wanted["local"].add((one, other))
            elif ends == {0, "abroad"}:
                wanted["global"].add((one, other))
            elif "abroad" not in ends and len(ends) == 2:
                wanted["regional"].add((one, other))
    assert {level: len(pairs) for level, pairs in wanted.items()} == {
        "local": 780,
        "regional": 2200,
        "global": 1600,
    }
    for level, pairs in _pairs().items():
        assert set(zip(*pairs.tolist(), strict=True)) == wanted[level]


def test_two_firms_by_hand():
    # abroad (80) to firm 0 in 2 periods, on to firm 1 in 3, to firm 40 in 4; a detour of 9 is later
    ties = [[[80, 0, 0, 1]], [[0, 1, 40, 40]], [[2, 3, 4, 9]]]
    first = _arrivals([np.array(ties, dtype=float)])[0]
    assert first[[0, 1, 40]].tolist() == [2, 5, 6]
    assert np.isinf(np.delete(first, [0, 1, 40])).all()


def test_ties_are_distinct_and_more_add_to_fewer():
    few, many = (_drawn(5, ties, 0.1, np.random.default_rng(2)) for ties in (30, 90))
    for level in LEVELS:
        assert (many[level][..., :30] == few[level]).all()
        for one, other in zip(*many[level][:2], strict=True):
            assert len({*zip(one, other, strict=True)}) == 90
    assert (few["local"][:2, 0] != few["local"][:2, 1]).any()


def test_a_tie_takes_a_geometric_number_of_periods():
    wait = _drawn(50, 780, -np.log(0.8), np.random.default_rng(3))["global"][2]
    for period in (1, 2, 3, 10):
        expected = 0.8 ** (period - 1) * 0.2
        assert (wait == period).mean() == pytest.approx(
            expected, abs=4 * (expected / wait.size) ** 0.5
        )


@pytest.mark.parametrize(
    ("local", "rest", "rate"), [(0.35, 0.5, 0.1), (0, 0, 0.3), (0.5, 0.25, 0.9)]
)
def test_after_one_period_the_closed_form_holds(local, rest, rate):
    found = three_levels(
        local=local, regional_of_rest=rest, rate=rate, periods=1, replicates=400, seed=4
    )
    number = found.ties["global"]
    k = np.arange(41)
    expected = 1 - (hypergeom.pmf(k, 1600, 40, number) * (1 - rate) ** k).sum()
    # firms share the world's ties, which only makes their mean less noisy than if they were apart
    error = (expected * (1 - expected) / (400 * 40)) ** 0.5
    assert found.path.loc[1, ("none", "cluster")] == pytest.approx(expected, abs=4 * error)
    assert found.path.loc[1, ("none", "other towns")] == 0


def by_loop(number, rate, periods, rng):
    """Return who knows after some periods, drawing by firm and period, not by tie."""
    pairs = _pairs()
    graph = nx.empty_graph(120)
    for level, ties in number.items():
        chosen = rng.choice(pairs[level].shape[1], size=ties, replace=False)
        graph.add_edges_from(pairs[level][:, chosen].T.tolist())
    knows = {*range(80, 120)}
    for _ in range(periods):
        partners = {i: sum(j in knows for j in graph[i]) for i in range(80) if i not in knows}
        knows |= {i for i, k in partners.items() if rng.random() < 1 - (1 - rate) ** k}
    return np.isin(range(80), [*knows])


@pytest.mark.parametrize(
    ("setting", "number"),
    [
        ({}, {"local": 56, "regional": 52, "global": 52}),
        (
            {"local": 0.2, "regional_of_rest": 0.75, "rate": 0.25, "ties": 100, "periods": 7},
            {"local": 20, "regional": 60, "global": 20},
        ),
    ],
)
def test_a_loop_over_firms_agrees(setting, number):
    found = three_levels(replicates=200, seed=5, lost=0.5, **setting)
    assert found.ties.to_dict() == number
    rng = np.random.default_rng(6)
    rate, periods = setting.get("rate", 0.1), setting.get("periods", 20)
    for loss in ("none", *LEVELS):
        left = number | ({} if loss == "none" else {loss: number[loss] // 2})
        runs = np.array([by_loop(left, rate, periods, rng) for _ in range(150)])
        for part, at in PARTS.items():
            each = runs[:, at].mean(axis=1)
            # of the parts the errors are not told; that of the loop serves twice
            error = each.std(ddof=1) / 150**0.5
            assert found.growth.loc[loss, part] == pytest.approx(
                each.mean(), abs=4 * 2**0.5 * error
            )
        assert found.growth.loc[loss, "error"] == pytest.approx(error, rel=0.45)


@settings(max_examples=25, deadline=None)
@given(
    local=SHARES,
    rest=SHARES,
    lost=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    rates=st.tuples(st.floats(0.02, 0.9), st.floats(0.02, 0.9)),
    periods=st.tuples(st.integers(1, 40), st.integers(1, 40)),
)
def test_more_chance_more_time_and_less_loss_never_harm(local, rest, lost, rates, periods):
    fixed = {"local": local, "regional_of_rest": rest, "replicates": 4, "seed": 7}

    def runs(lost, rate, periods):
        return three_levels(lost=lost, rate=rate, periods=periods, **fixed).runs

    low, high = zip(sorted(lost), sorted(rates), sorted(periods), strict=True)
    base = runs(high[0], low[1], low[2])
    assert (base[LEVELS].to_numpy() <= base[["none"]].to_numpy()).all()
    assert (runs(low[0], low[1], low[2]) >= base).all(axis=None)
    assert (runs(high[0], high[1], low[2]) >= base).all(axis=None)
    assert (runs(high[0], low[1], high[2]) >= base).all(axis=None)


@settings(max_examples=30, deadline=None)
@given(local=st.floats(0, 1), rest=st.floats(0, 1), ties=st.integers(1, 780))
def test_all_ties_are_dealt_out(local, rest, ties):
    found = three_levels(local=local, regional_of_rest=rest, ties=ties, periods=1, replicates=2)
    assert found.ties.sum() == ties
    shares = [local, (1 - local) * rest, (1 - local) * (1 - rest)]
    assert (abs(found.ties - np.array(shares) * ties) <= 1.0001).all()
    assert (found.ties >= 0).all()
    assert 0 <= found.evenness <= 1 + 1e-9


def test_without_a_level():
    more = {"periods": 60, "rate": 0.3}
    closed = three_levels(regional_of_rest=1, **more)
    assert (closed.runs == 0).all(axis=None)
    assert closed.worst == []
    apart = three_levels(regional_of_rest=0, **more)
    assert (apart.path.xs("other towns", axis=1, level=1) == 0).all(axis=None)
    assert apart.growth.loc["none", "cluster"] > 0.9
    only = three_levels(local=0, regional_of_rest=0, lost=1, **more)
    assert only.evenness == 0
    assert only.growth.loc["global", "region"] == 0
    assert only.worst == ["global"]
    assert three_levels(lost=0).worst == []
    thirds = three_levels(local=1 / 3, ties=150)
    assert thirds.evenness == pytest.approx(1)
    halves = three_levels(local=0.5, regional_of_rest=0)
    assert halves.evenness == pytest.approx(np.log(2) / np.log(3))


def test_the_table_is_what_the_runs_say():
    found = three_levels(seed=8, replicates=30)
    runs = found.runs
    assert found.to_frame().equals(found.growth)
    for loss in runs:
        row = found.growth.loc[loss]
        assert row["region"] == pytest.approx(runs[loss].mean())
        assert row["region"] == pytest.approx((row["cluster"] + row["other towns"]) / 2)
        assert row["error"] == pytest.approx(runs[loss].std() / 30**0.5)
        for part in ("cluster", "other towns"):
            assert found.path[loss, part].iloc[-1] == row[part]
            assert found.path[loss, part].iloc[0] == 0
    costs = runs["none"].to_numpy()[:, None] - runs[LEVELS].to_numpy()
    assert found.growth.loc[LEVELS, "costs"].to_numpy() == pytest.approx(costs.mean(axis=0))
    error = costs.std(axis=0, ddof=1) / 30**0.5
    assert found.growth.loc[LEVELS, "costs error"].to_numpy() == pytest.approx(error)
    assert len(found.path) == 21
    same = three_levels(seed=np.random.default_rng(8), replicates=30).runs
    assert same.equals(runs)
    assert not three_levels(seed=9, replicates=30).runs.equals(runs)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"local": 1.1}, "share of all ties that are local must be at least 0 and at most 1"),
        ({"regional_of_rest": -0.1}, "share of the others that are regional must be at least 0"),
        ({"lost": 2}, "share of a level's ties that is lost must be at least 0 and at most 1"),
        ({"rate": 0}, "chance per tie and period must be above 0"),
        ({"rate": 1}, "chance per tie and period must be above 0 and below 1"),
        ({"periods": 0}, "periods must be a whole number, at least 1"),
        ({"ties": 781}, "at most 780.*There are 780 pairs of firms in the cluster"),
        ({"replicates": 1}, "regions must be a whole number, at least 2"),
        ({"replicates": 10**5, "periods": 60}, "is the most that fits in memory"),
    ],
)
def test_bad_values_are_refused(setting, words):
    with pytest.raises(ValueError, match=words):
        three_levels(**setting)


# --- the widget ---


def clearly_worst(result):
    """Return the levels whose loss costs most, by paired differences of the runs."""
    costs = {level: result.runs["none"] - result.runs[level] for level in LEVELS}
    most = max(LEVELS, key=lambda level: costs[level].mean())
    found = []
    for level in LEVELS:
        gap = (costs[most] - costs[level]).to_numpy()
        error = gap.std(ddof=1) / len(gap) ** 0.5
        if costs[level].mean() > 0 and gap.mean() <= 3 * error + 1e-12:
            found.append(level)
    return found


def test_the_sentence_is_true_everywhere():
    widget = widgets.three_levels()
    kinds = set()
    for setting in settings_of(widget, random=30):
        result, sentence = without_picture(widget, setting)
        ties = result.ties
        assert abs(ties["local"] - 160 * setting["local"]) <= 0.5
        assert abs(ties["regional"] - (160 - ties["local"]) * setting["regional_of_rest"]) <= 1.5
        assert (
            f"{ties['local']} local, {ties['regional']} regional and {ties['global']}" in sentence
        )
        worst = clearly_worst(result)
        if ties["global"] == 0:
            kinds.add("closed")
            assert "nothing arrives" in sentence
            assert "costs most" not in sentence
            assert (result.runs == 0).all(axis=None)
            continue
        row = result.growth.loc["none"]
        assert f"{percent(result.runs['none'].mean())} (±" in sentence
        assert f"{percent(row['cluster'])} in the cluster" in sentence
        assert f"{percent(row['other towns'])} in the other towns" in sentence
        if setting["lost"] == 0:
            kinds.add("no loss")
            assert sentence.endswith("No tie is lost.")
        elif not worst:
            kinds.add("for nothing")
            assert sentence.endswith("What is lost costs nothing here.")
        else:
            kinds.add("one" if len(worst) == 1 else "several")
            among = f"of the {' or '.join(worst)} ties costs most"
            assert among + (" (chance may" if len(worst) > 1 else ";") in sentence
            for level in LEVELS:
                cost = 100 * (result.runs["none"] - result.runs[level])
                told = f"{level} {cost.mean():.1f} (±{2 * cost.sem():.1f})"
                assert told.replace("-0.0", "0.0") in sentence
    assert {"closed", "no loss", "one", "several"} <= kinds


def test_the_picture_says_the_same():
    question = predict("Which loss costs most?", LEVELS)
    question.submit("global")
    widget = widgets.three_levels(prediction=question)
    for setting in settings_of(widget, random=10, most=4):
        result, _, (left, right) = shown(widget, setting)
        widths = [bar.get_width() for bar in right.patches]
        assert widths == pytest.approx(result.growth["region"].tolist())
        marked = [text for text in right.texts if "cost" in text.get_text()]
        rows = [LEVELS[round(-text.xy[1]) - 1] for text in marked]
        assert rows == result.worst
        assert all(
            text.get_text().endswith("costs most" if len(rows) == 1 else "may cost most")
            for text in marked
        )
        (mine,) = [text for text in right.texts if text.get_text() == "your prediction"]
        assert mine.xy[1] == -3
        labels = [label.get_text() for label in right.get_yticklabels()]
        for level, label in zip(LEVELS, labels[1:], strict=True):
            have = result.ties[level]
            left_over = round((1 - setting["lost"]) * have)
            assert label == f"{level}\n{have - left_over} lost"
        lines = left.get_lines()
        assert lines[0].get_ydata() == pytest.approx(result.path["none", "cluster"].to_numpy())
        assert len(lines) == (4 if result.worst else 2)
        if result.worst:
            dearest = min(LEVELS, key=lambda level: result.growth.loc[level, "region"])
            assert left.get_xlabel() == f"period (dashed: {dearest} ties lost)"
            last = result.growth.loc[dearest, "other towns"]
            assert lines[3].get_ydata()[-1] == pytest.approx(last)


def test_both_ends():
    moves_to_both_ends(widgets.three_levels())


# --- what the unit says ---


def worst_case(local, regional, **setting):
    """Return growth after the loss that costs most, region by region."""
    runs = three_levels(
        local=local, regional_of_rest=regional / (1 - local), seed=1, replicates=100, **setting
    ).runs
    return runs[runs[LEVELS].mean().idxmin()]


def ahead(one, other):
    """Return by how many standard errors one is ahead of the other, region by region."""
    return (one - other).mean() / (one - other).sem()


def test_without_a_loss_few_local_ties_grow_most_but_a_loss_asks_for_more():
    few, more = (
        three_levels(local=a, regional_of_rest=b / (1 - a), seed=1, replicates=100).runs["none"]
        for a, b in ((0.05, 0.7), (0.35, 0.35))
    )
    assert ahead(few, more) > 10
    assert ahead(worst_case(0.2, 0.5), worst_case(0.05, 0.7)) > 5


def test_thirds_are_near_the_best_or_not_by_our_numbers():
    thirds = (0.35, 0.35)
    for setting in ({"rate": 0.05}, {"periods": 10}):
        behind = worst_case(0.45, 0.25, **setting) - worst_case(*thirds, **setting)
        assert behind.mean() < 0.03
    for setting in ({"rate": 0.2}, {"periods": 40}, {"ties": 320}):
        assert ahead(worst_case(0.2, 0.65, **setting), worst_case(*thirds, **setting)) > 10


def test_a_level_can_be_done_without_at_some_of_our_numbers():
    # with few ties those between towns, with a small loss those inside the cluster
    few = worst_case(0.5, 0, ties=80), worst_case(0.45, 0.2, ties=80)
    small = worst_case(0, 0.65, lost=0.25), worst_case(0.05, 0.65, lost=0.25)
    for without, best in (few, small):
        assert abs((best - without).mean()) < 0.02
    assert ahead(worst_case(0.2, 0.5), worst_case(0, 0.55)) > 2
    assert ahead(worst_case(0.2, 0.5), worst_case(0.4, 0)) > 20


def test_which_level_is_missed_most_hangs_on_the_chance():
    assert three_levels().worst == ["regional"]
    assert three_levels(rate=0.02).worst == ["global"]
