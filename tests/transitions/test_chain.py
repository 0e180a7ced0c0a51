from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from clusterlab import transitions
from clusterlab.transitions import TYPES, transition_graph
from clusterlab.transitions.chain import Chain, outlook

M, H, S, A = TYPES


def two_states(up, down):
    return pd.DataFrame([[-up, up], [down, -down]], ["x", "y"], ["x", "y"])


def test_the_four_arrows_of_the_document():
    # guerrieri-pietrobelli-2001, section 2: (1) to (4); none from or to state-anchored
    table = transitions.arrows_table()
    assert list(map(tuple, table[["from", "to"]].to_numpy())) == [(M, H), (H, M), (S, M), (S, H)]
    graph = transition_graph().graph
    assert set(graph.edges) == {(M, H), (H, M), (S, M), (S, H)}
    assert {origin for *_, origin in graph.edges(data="origin")} == {"named as possible"}
    assert list(graph) == list(TYPES)
    assert graph.edges[M, H]["label"] == "(1) 0.02"


def test_every_term_has_a_source():
    terms = transitions.rate_terms()
    assert len(terms) == 12
    assert terms["source"].str.contains("our assumption").all(), "sizes are never the document's"


@settings(max_examples=40, deadline=None)
@given(entry=st.floats(0.02, 0.95), openness=st.floats(0, 1))
def test_facts_of_the_chain(entry, openness):
    chain = transition_graph(entry=entry, openness=openness)
    assert np.allclose(chain.generator.sum(axis=1), 0, atol=1e-15)
    facts = transitions.chain_facts(chain.generator)
    assert facts["transient"].to_dict() == {M: False, H: False, S: True, A: False}
    assert facts.loc[M, "closed class"] == facts.loc[H, "closed class"] == f"{M}, {H}"
    assert facts.loc[A, "closed class"] == A
    up, down = chain.generator.loc[M, H], chain.generator.loc[H, M]
    for start in (M, H, S):
        end = chain.long_run(start=start)
        assert end[H] == pytest.approx(up / (up + down))
        assert end[S] == end[A] == 0
    assert chain.long_run(start=A)[A] == 1
    assert chain.first_passage(H).loc[M, "mean years"] == pytest.approx(1 / up)


def test_regime_and_openness_move_the_rates_as_stated():
    q = {
        (a, o): transition_graph(entry=a, openness=o).generator for a in (0.1, 0.9) for o in (0, 1)
    }
    for o in (0, 1):
        assert q[0.1, o].loc[M, H] > q[0.9, o].loc[M, H]  # Mark II concentrates
        assert q[0.1, o].loc[H, M] < q[0.9, o].loc[H, M]  # Mark I topples leaders
    assert q[0.1, 1].loc[M, H] > q[0.1, 0].loc[M, H]
    by_hand = 0.02 * np.exp(-3 * (0.1 - 0.5) + 2 * (1 - 0.5))
    assert q[0.1, 1].loc[M, H] == pytest.approx(by_hand)
    at_middle = transition_graph().generator
    assert at_middle.loc[S, M] == pytest.approx(0.01)


def test_two_states_against_the_closed_form():
    chain = Chain(two_states(0.3, 0.1))
    for t in (0, 1, 7.5):
        exact = 0.75 * (1 - np.exp(-0.4 * t))
        assert chain.distribution(t, start="x").loc[t, "y"] == pytest.approx(exact)
    assert chain.long_run(start="x").to_dict() == pytest.approx({"x": 0.25, "y": 0.75})
    assert chain.long_run(start={"x": 0.5, "y": 0.5})["y"] == pytest.approx(0.75)
    table = chain.distribution([0, 5], start="x")
    assert table.loc[0, "x"] == 1
    assert table.loc[5, "y"] == pytest.approx(0.75 * (1 - np.exp(-2)))


def test_long_run_with_two_ends():
    # from t one goes to a at rate 1 and to b at rate 3; both are ends
    names = list("tab")
    rates = pd.DataFrame([[-4, 1, 3], [0, 0, 0], [0, 0, 0]], names, names, dtype=float)
    assert transitions.long_run(rates).loc["t"].tolist() == [0, 0.25, 0.75]
    passage = transitions.first_passage(rates, "b")
    assert passage["chance"].tolist() == [0.75, 0, 1]
    assert passage["mean time"].tolist() == [np.inf, np.inf, 0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.01, 3), min_size=12, max_size=12))
def test_long_run_is_the_limit_of_the_exponential(rates):
    values = np.zeros((4, 4))
    values[~np.eye(4, dtype=bool)] = rates
    np.fill_diagonal(values, -values.sum(axis=1))
    table = pd.DataFrame(values, list("abcd"), list("abcd"))
    assert np.allclose(transitions.long_run(table), expm(values * 1e5), atol=1e-6)
    assert np.allclose(transitions.long_run(table).to_numpy() @ values, 0, atol=1e-9)


def test_first_passage_by_solving_equals_simulation():
    chain = transition_graph(entry=0.3, openness=0.7)
    exact = chain.first_passage(H)["mean years"]
    for start in (M, S):
        stays = chain.paths(start=start, years=3000, replicates=4000, seed=5)
        first = stays[stays["type"] == H].groupby("path")["year"].min()
        assert len(first) == 4000
        assert abs(first.mean() - exact[start]) < 4 * first.sem()


def test_paths_agree_with_the_distribution():
    chain = transition_graph(added={(A, S): 0.05})
    stays = chain.paths(start=A, years=60, replicates=5000, seed=6)
    last = (
        stays.groupby("path")["type"].last().value_counts(normalize=True).reindex(TYPES).fillna(0)
    )
    exact = chain.distribution(60, start=A).loc[60]
    assert np.allclose(last, exact, atol=4 * np.sqrt(0.25 / 5000))
    assert (stays.groupby("path")["year"].first() == 0).all()
    assert (stays["type"] != stays.groupby("path")["type"].shift()).all(), (
        "a stay that does not end"
    )
    pd.testing.assert_frame_equal(stays, chain.paths(start=A, years=60, replicates=5000, seed=6))


def test_state_anchored_is_untouched():
    assert len(transition_graph().paths(start=A, years=500, replicates=20)) == 20
    assert transition_graph().first_passage(M).loc[A].tolist() == [0, np.inf]


def test_added_arrows_are_marked():
    chain = transition_graph(added={(A, M): 0.01})
    assert chain.graph.edges[A, M]["origin"] == "added"
    assert chain.to_frame().set_index("origin").loc["added", "rate"] == 0.01
    assert transitions.chain_facts(chain.generator).loc[A, "transient"]
    assert transition_graph(base={(M, H): 0.04}).generator.loc[M, H] == pytest.approx(0.04)


def test_outlook_is_the_chain_seen_over_time():
    seen = outlook(start=M, entry=0.2, openness=0.8, years=50, seed=3)
    chain = transition_graph(entry=0.2, openness=0.8)
    assert seen.shares.index[-1] == 50
    assert np.allclose(seen.shares.loc[50], expm(50 * chain.generator.to_numpy())[0])
    pd.testing.assert_series_equal(seen.long_run, chain.long_run(start=M))
    assert seen.path["type"].iloc[0] == M
    assert seen.to_frame() is seen.shares
    assert "illustrative" in repr(seen)


def test_regime_and_openness_act_on_a_base_rate_of_the_readers_and_not_on_an_added_arrow():
    own = {"base": {(M, H): 0.05}, "added": {(A, M): 0.01}}
    for entry, openness in ((0.2, 0.9), (0.9, 0.1)):
        ours = transition_graph(entry=entry, openness=openness).generator
        theirs = transition_graph(entry=entry, openness=openness, **own).generator
        assert theirs.loc[M, H] == pytest.approx(ours.loc[M, H] * 0.05 / 0.02)
        assert theirs.loc[A, M] == 0.01
        assert theirs.loc[H].tolist() == ours.loc[H].tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: transition_graph(entry=2), "entry is 2"),
        (lambda: transition_graph(added={(M, "hub"): 1}), "'hub' is not one of.*'hub-and-spoke'"),
        (lambda: transition_graph(added={(M, H): 1}), "change its rate with base="),
        (lambda: transition_graph(base={(A, H): 1}), "pass it as added="),
        (lambda: transition_graph(added={(A, H): -1}), "'hub-and-spoke' is -1.*at least 0"),
        (lambda: transition_graph(added={(A, A): 1}), "is no transition"),
        (lambda: transition_graph().distribution([1, -2], start=M), "years is -2"),
        (lambda: transition_graph().paths(start="Marshalian"), "did you mean 'Marshallian'"),
        (lambda: transition_graph().paths(start=M, years=0), "years is 0"),
        (lambda: transition_graph().paths(start=M, replicates=0), "replicates is 0"),
        (lambda: transition_graph().long_run(start={M: 0.5}), "sum to 1"),
        (lambda: transition_graph().first_passage("hub"), "did you mean 'hub-and-spoke'"),
        (lambda: Chain(two_states(-1, 1)), "rate 'x' → 'y' is -1"),
        (lambda: transitions.long_run(two_states(1, 1) + 1), "row 'x' sums to 2"),
        (lambda: transitions.long_run(two_states(1, np.nan)), "finite"),
        (lambda: transitions.long_run(two_states(1, 1)[["y", "x"]]), "same order"),
        (lambda: transitions.long_run([[0]]), "got a list"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


# ---------------------------------------------------------------- unlike rates and odd units


@pytest.mark.parametrize("unit", [1, 1e-6, 1e-9, 1e-12, 1e-14, 1e-16, 1e-200, 1e200])
def test_the_unit_of_rates_does_not_matter(unit):
    rates = two_states(2.0, 1.0) * unit
    assert transitions.long_run(rates).to_numpy() == pytest.approx(np.array([[1, 2], [1, 2]]) / 3)
    mean = transitions.first_passage(rates, "y").loc["x", "mean time"]
    assert mean * unit == pytest.approx(0.5, rel=1e-12)
    usual = transition_graph(entry=0.2, openness=0.9).generator
    scaled = transitions.long_run(usual * unit)
    assert np.allclose(scaled, transitions.long_run(usual), rtol=1e-13, atol=0)


def test_rates_that_are_very_unlike():
    stiff = pd.DataFrame(
        [[-1e6, 1e6, 0], [1e6, -1e6 - 1e-6, 1e-6], [1e-6, 0, -1e-6]], list("abc"), list("abc")
    )
    assert transitions.long_run(stiff).to_numpy() == pytest.approx(np.full((3, 3), 1 / 3), rel=1e-9)
    # from b the chance to leave for c before a is 1e-12: 1e12 rounds of 2e-6 years
    assert transitions.first_passage(stiff, "c")["mean time"].to_dict() == pytest.approx(
        {"a": 2e6, "b": 2e6, "c": 0}, rel=1e-9
    )
    # shares over time keep their sum and get to the long run, which a plain exponential loses
    chain = Chain(stiff)
    for years in (1e9, 1e12, 1e15):
        for start in "abc":
            after = chain.distribution(years, start=start).to_numpy()
            assert after == pytest.approx(np.full((1, 3), 1 / 3))
    two = transitions.long_run(two_states(1e6, 1e-6)).loc["x"]
    assert two["x"] == pytest.approx(1e-12, rel=1e-12)


def test_a_chance_that_is_very_small():
    # from t one goes on to s, and from there to a at rate 1 or to b at rate 1e-18
    names = list("tsab")
    rates = pd.DataFrame(
        [[-1e-9, 1e-9, 0, 0], [1e9, -1e9 - 1, 1, 1e-18], [0] * 4, [0] * 4], names, names
    )
    end = transitions.long_run(rates).loc["t"]
    assert end["b"] == pytest.approx(1e-18, rel=1e-12)
    assert end["a"] == pytest.approx(1)
    assert transitions.first_passage(rates, "b").loc["s", "chance"] == pytest.approx(1e-18)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 1e-8, 1e-3, 1, 5, 1e4]), min_size=20, max_size=20))
def test_chains_with_gaps_against_fractions(rates):
    """Elimination in floats against the same equations in exact fractions."""
    values = np.zeros((5, 5))
    values[~np.eye(5, dtype=bool)] = rates
    np.fill_diagonal(values, -values.sum(axis=1))
    table = pd.DataFrame(values, list("abcde"), list("abcde"))
    found = transitions.long_run(table)
    assert np.allclose(found.sum(axis=1), 1, rtol=1e-12)
    # exactly: shares of the end do not change when the chain goes on
    exact = np.array([[Fraction(float(v)) for v in row] for row in found.to_numpy()])
    flows = np.array([[Fraction(float(v)) for v in row] for row in values])
    np.fill_diagonal(flows, 0)
    into, out = exact @ flows, exact * flows.sum(axis=1)
    for gain, loss in zip(into.ravel(), out.ravel(), strict=True):
        assert abs(gain - loss) <= Fraction(1, 10**12) * max(gain, loss)
    facts = transitions.chain_facts(table)
    assert (found.loc[:, facts["transient"]] == 0).all(axis=None)
    for target in "ac":
        passage = transitions.first_passage(table, target)
        others = table.index != target
        residual = (values @ passage["chance"].to_numpy())[others]
        assert np.allclose(residual, 0, atol=1e-9 * max(1, np.abs(values).max()))
        assert (passage["chance"].lt(1 - 1e-9) <= np.isinf(passage["mean time"])).all()


def test_probabilities_are_used_as_they_are():
    shares = pd.DataFrame([[0.9, 0.1], [0.3, 0.7]], ["x", "y"], ["x", "y"])
    with pytest.raises(
        ValueError, match=r"row 'x' sums to 1, but rows of prob.* and rows of rates to 0,"
    ):
        Chain(shares)
    for told in (shares, shares - np.eye(2)):
        assert transitions.long_run(told).loc["x"].tolist() == pytest.approx([0.75, 0.25])
        assert transitions.first_passage(told, "y").loc["x", "mean time"] == pytest.approx(10)
        assert not transitions.chain_facts(told)["transient"].any()


def test_three_classes_solved_by_hand():
    # poor, middle, rich. πP = π: π = (1, 2, 1)/4. Mean periods to rich, m = 1 + P m:
    # m_poor = 2 + m_middle and m_middle / 2 = 1 + m_poor / 4, so 8 and 6
    classes = ["poor", "middle", "rich"]
    matrix = pd.DataFrame([[2, 2, 0], [1, 2, 1], [0, 2, 2]], classes, classes) / 4
    for start in classes:
        assert transitions.long_run(matrix).loc[start].tolist() == pytest.approx([0.25, 0.5, 0.25])
    passage = transitions.first_passage(matrix, "rich")
    assert passage["mean time"].tolist() == pytest.approx([8, 6, 0])
    assert passage["chance"].tolist() == [1, 1, 1]
    # without a way down from rich that class is the end of all
    ladder = matrix.copy()
    ladder.loc["rich"] = [0, 0, 1]
    assert transitions.long_run(ladder)["rich"].tolist() == [1, 1, 1]
    assert transitions.chain_facts(ladder)["closed class"].tolist() == ["", "", "rich"]
    assert transitions.first_passage(ladder, "poor")["chance"].tolist() == pytest.approx(
        [1, 0.5, 0]
    )
    # going round in a circle has no limit; the shares are those of time
    ring = pd.DataFrame(np.roll(np.eye(3), 1, axis=1), classes, classes)
    assert transitions.long_run(ring).to_numpy() == pytest.approx(np.full((3, 3), 1 / 3))


def test_published_probabilities_may_be_rounded():
    thirds = pd.DataFrame(np.full((3, 3), 0.33), list("abc"), list("abc"))
    assert transitions.long_run(thirds).to_numpy() == pytest.approx(np.full((3, 3), 1 / 3))
    assert transitions.first_passage(thirds, "a").loc["b", "mean time"] == pytest.approx(3)
    assert len(transitions.simulate_panel(thirds, places=2)) == 20
    with pytest.raises(ValueError, match="row 'a' sums to 0.96, but .* between 0.98 and 1.02"):
        transitions.long_run(thirds - 0.01)


def test_a_row_that_is_off_is_seen_whatever_the_unit():
    off = two_states(1.0, 1.0)
    off.iloc[0, 1] = 1.01
    for unit in (1, 1e-12, 1e12):
        with pytest.raises(ValueError, match="row 'x' sums to"):
            transitions.long_run(off * unit)


def test_a_simulation_too_large_is_refused():
    with pytest.raises(ValueError, match="replicates x moves is .*lower one"):
        transition_graph().paths(start=M, years=1e9, replicates=100)
