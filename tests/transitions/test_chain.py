import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from clusterlab import transitions
from clusterlab.transitions import TYPES, transition_graph

M, H, S, A = TYPES


def two_states(up, down):
    return pd.DataFrame([[-up, up], [down, -down]], ["x", "y"], ["x", "y"])


def test_the_four_arrows_of_the_document():
    # guerrieri-pietrobelli-2001, section 2: (1) to (4); none from or to state-anchored
    table = transitions.arrows_table()
    assert list(map(tuple, table[["from", "to"]].to_numpy())) == [(M, H), (H, M), (S, M), (S, H)]
    graph = transition_graph().graph
    assert set(graph.edges) == {(M, H), (H, M), (S, M), (S, H)}
    assert {origin for *_, origin in graph.edges(data="origin")} == {"documented"}
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
    chain = transitions.Chain(two_states(0.3, 0.1))
    for t in (0, 1, 7.5):
        exact = 0.75 * (1 - np.exp(-0.4 * t))
        assert chain.probabilities(t).loc["x", "y"] == pytest.approx(exact)
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
    seen = transitions.outlook(start=M, entry=0.2, openness=0.8, years=50, seed=3)
    chain = transition_graph(entry=0.2, openness=0.8)
    assert seen.shares.index[-1] == 50
    assert np.allclose(seen.shares.loc[50], chain.probabilities(50).loc[M])
    pd.testing.assert_series_equal(seen.long_run, chain.long_run(start=M))
    assert seen.path["type"].iloc[0] == M
    assert seen.to_frame() is seen.shares
    assert "illustrative" in repr(seen)


def test_trends_against_a_plain_chain():
    calm = transitions.trends(reinternalisation=0, decentralisation=0, hierarchisation=0)
    exact = transition_graph(entry=0.6, openness=0.3).distribution(20, start=M).loc[20]
    assert np.allclose(calm.loc[2005], exact)
    assert np.allclose(transitions.trends().sum(axis=1), 1)
    for name in ("reinternalisation", "decentralisation", "hierarchisation"):
        low, high = (transitions.trends(**{name: x}).loc[2005, H] for x in (0, 1))
        assert high > low, name


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: transition_graph(entry=2), "entry is 2"),
        (lambda: transition_graph(added={(M, "hub"): 1}), "'hub' is not one of.*'hub-and-spoke'"),
        (lambda: transition_graph(added={(M, H): 1}), "change its rate with base="),
        (lambda: transition_graph(base={(A, H): 1}), "pass it as added="),
        (lambda: transition_graph(added={(A, H): -1}), "must be at least 0"),
        (lambda: transition_graph(added={(A, A): 1}), "is no transition"),
        (lambda: transition_graph().probabilities(-1), "years is -1"),
        (lambda: transition_graph().distribution([1, -2], start=M), "found -2"),
        (lambda: transition_graph().paths(start="Marshalian"), "did you mean 'Marshallian'"),
        (lambda: transition_graph().paths(start=M, years=0), "years is 0"),
        (lambda: transition_graph().paths(start=M, replicates=0), "replicates is 0"),
        (lambda: transition_graph().long_run(start={M: 0.5}), "sum to 1"),
        (lambda: transition_graph().first_passage("hub"), "did you mean 'hub-and-spoke'"),
        (lambda: transitions.Chain(two_states(-1, 1)), "rate 'x' → 'y' is -1"),
        (lambda: transitions.long_run(two_states(1, 1) + 1), "row 'x' sums to 2"),
        (lambda: transitions.long_run(two_states(1, np.nan)), "finite"),
        (lambda: transitions.long_run(two_states(1, 1)[["y", "x"]]), "same order"),
        (lambda: transitions.long_run([[0]]), "found list"),
        (lambda: transitions.trends(hierarchisation=3), "hierarchisation is 3"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
