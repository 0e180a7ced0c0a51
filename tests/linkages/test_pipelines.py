"""Pipelines against a loop of their own, fixed points, proofs, and what the unit says of them."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from corners import settings_of, without_picture
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from widget_checks import moves_to_both_ends

from clusterlab.exercises import predict
from clusterlab.linkages import pipelines, piping, widgets
from clusterlab.linkages.piping import _ALONE, Setting, _period

SEED, MANY = 1, 40
STATE = st.lists(st.floats(0, 50), min_size=8, max_size=8)


def gains(**setting):
    """Return the gain of each of many clusters; they are the same at every setting."""
    return pipelines(seed=SEED, replicates=MANY, **setting).clusters["gain"].to_numpy()


def errors(values):
    """Return how many standard errors the mean of numbers is above 0."""
    return values.mean() / (values.std(ddof=1) / len(values) ** 0.5)


def by_loop(seed, replicates, here):
    """Return the mean levels by period, and who is what, firm by firm and number by number."""
    rng = np.random.default_rng(seed)
    worlds = [
        nx.watts_strogatz_graph(60, 6, 0.1, seed=int(s))
        for s in rng.integers(2**31, size=replicates)
    ]
    making = rng.exponential(size=(replicates, 60, 4)) * [1, 0.7, 0.4, 0.1]
    rank = rng.permuted(np.tile(np.arange(60), (replicates, 1)), axis=1)
    linked = round(here.linked * 60)
    gate = round(here.gatekeepers * linked)
    known, passed, without = (10 * making.copy() for _ in range(3))
    levels = []
    for t in range(-60, here.periods):
        levels.append([known.mean(), without.mean()])
        met, drawn = rng.random((2, replicates, 60))
        trust = 1 - np.exp(-t / here.trust) if t >= 0 else 0
        before = {}
        for r in range(replicates):
            for i in range(60):
                is_linked = t >= 0 and rank[r, i] < linked
                cost = here.channels * here.keep * (1 + (1 - trust)) if is_linked else 0
                left = 1 - min(1, cost)
                for name, stock, has in (
                    ("known", known, is_linked),
                    ("passed", passed, is_linked and rank[r, i] < gate),
                    ("without", without, False),
                ):
                    mine = stock[r, i]
                    mean = np.exp(np.log(mine).mean())
                    time = 1 if name == "without" else left
                    new = [
                        0.9 * mine[k] + time * (making[r, i, k] + here.combination * mean)
                        for k in range(4)
                    ]
                    for k in range(4):
                        if has and k >= 4 - here.channels and new[k] < here.world:
                            new[k] += 0.1 * trust * (here.world - new[k])
                    before[name, r, i] = new
                before["left", r, i] = left
        for r in range(replicates):
            for i in range(60):
                ties = list(worlds[r].neighbors(i))
                j = ties[int(drawn[r, i] * len(ties))]
                for name, stock, source in (
                    ("known", known, "passed"),
                    ("passed", passed, "passed"),
                    ("without", without, "without"),
                ):
                    time = 1 if name == "without" else before["left", r, i]
                    for k in range(4):
                        own, other = before[name, r, i][k], before[source, r, j][k]
                        lead = other - own if met[r, i] < time and other > own else 0
                        stock[r, i, k] = own + here.absorption * lead
    levels.append([known.mean(), without.mean()])
    return np.array(levels[60:]), rank < linked, rank < gate, known, without


@pytest.mark.parametrize(
    "setting",
    [
        {"linked": 0.3, "gatekeepers": 0.5, "channels": 2, "keep": 0.2, "absorption": 0.4},
        {"linked": 0.9, "gatekeepers": 0.2, "channels": 3, "keep": 0.5, "trust": 2, "world": 12},
    ],
)
def test_a_loop_over_firms_gives_the_same(setting):
    here = Setting(periods=7, **setting)
    levels, linked, gate, known, without = by_loop(3, 2, here)
    found = pipelines(periods=7, replicates=2, seed=3, **setting)
    assert found.path[["with links", "without"]].to_numpy() == pytest.approx(levels, rel=1e-9)
    gained = (known - without).mean(axis=2)
    groups = {"gatekeepers": gate, "external stars": linked & ~gate, "others": ~linked}
    for name, firms in groups.items():
        each = np.array([gained[r][firms[r]].mean() for r in range(2)])
        row = found.roles.loc[name]
        assert row["firms"] == firms[0].sum()
        assert row["gain"] == pytest.approx(each.mean(), rel=1e-7)
        assert row["error"] == pytest.approx(each.std(ddof=1) / 2**0.5, rel=1e-6)
    spread = known.mean(axis=2).std(axis=1)
    assert found.clusters["spread"].to_numpy() == pytest.approx(spread, rel=1e-9)


def test_two_firms_by_hand():
    # the first firm has a link that takes half of its time and brings a tenth of what is missing
    state = np.array([[[[4.0], [10.0]]]])
    making, time_left = np.array([[[2.0], [1.0]]]), np.array([[[0.5, 1.0]]])
    opened = np.array([[[[0.1], [0.0]]]])
    here = Setting(absorption=0.5, combination=0, world=30)
    partner, meets = np.array([[1, 0]]), np.array([[[True, True]]])
    found = _period(state, here, making, time_left, opened, [0], partner, meets).ravel()
    first = 0.9 * 4 + 0.5 * 2  # 4.6
    first += 0.1 * (30 - first)  # 7.14
    second = 0.9 * 10 + 1  # 10
    assert found == pytest.approx([first + 0.5 * (second - first), second])
    alone = _period(state, here, making, time_left, opened, [0], partner, ~meets).ravel()
    assert alone == pytest.approx([7.14, 10])


def test_without_buzz_a_firm_rests_where_the_formula_says():
    more = {"absorption": 1e-12, "periods": 100, "replicates": 3, "trust": 1e-6}
    rng = np.random.default_rng(5)
    rng.integers(2**31, size=3)
    making = rng.exponential(size=(3, 60, 4)) * _ALONE / 10
    found = pipelines(linked=1, keep=0.3, world=60, combination=0, seed=5, **more)
    rest = 0.7 * making / 0.1
    rest[..., 3] = (0.9 * 0.7 * making[..., 3] + 0.1 * 60) / (1 - 0.9 * 0.9)
    assert found.path["with links"].iloc[-1] == pytest.approx(rest.mean(), rel=1e-3)
    assert found.path["without"].iloc[-1] == pytest.approx(making.mean() / 0.1)
    # with combining, the geometric mean m solves m⁴ = ∏(g + φm)/δ
    phi = 0.04
    found = pipelines(linked=0, combination=phi, seed=5, **more)
    rest = []
    for g in making.reshape(-1, 4):
        mean = brentq(lambda m, g=g: np.prod((g + phi * m) / 0.1) ** 0.25 - m, 1e-9, 1e3)
        rest.append((g + phi * mean) / 0.1)
    assert found.path["without"].iloc[-1] == pytest.approx(np.mean(rest), rel=1e-3)


@settings(max_examples=60, deadline=None)
@given(
    low=STATE,
    more=STATE,
    absorption=st.floats(0.01, 1),
    time=st.floats(0, 1),
    flow=st.floats(0, 0.1),
    phi=st.floats(0, 0.09),
    seed=st.integers(0, 99),
)
def test_a_period_maps_more_to_no_less(low, more, absorption, time, flow, phi, seed):
    rng = np.random.default_rng(seed)
    less = np.array(low).reshape(1, 1, 4, 2)
    here = Setting(absorption=absorption, combination=phi)
    fixed = {"making": rng.random((1, 4, 2)), "heard": [0], "partner": rng.integers(4, size=(1, 4))}
    meets = rng.random((1, 1, 4)) < 0.7
    slow, none = np.full((1, 1, 4), time), np.zeros((1, 1, 4, 2))

    def after(state, time_left, opened):
        return _period(state, here, time_left=time_left, opened=opened, meets=meets, **fixed)

    found = after(less, slow, none)
    for other in (
        after(less + np.array(more).reshape(less.shape), slow, none),
        after(less, np.ones_like(slow), none),
        after(less, slow, none + flow),
    ):
        assert (other >= found - 1e-9).all()


@settings(max_examples=25, deadline=None)
@given(
    absorption=st.floats(0.01, 1),
    gate=st.floats(0, 1),
    channels=st.integers(1, 4),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    world=st.floats(0, 60),
)
def test_free_links_never_harm_at_any_absorption(absorption, gate, channels, shares, world):
    few, many = (
        pipelines(
            keep=0,
            linked=share,
            absorption=absorption,
            gatekeepers=gate,
            channels=channels,
            world=world,
            periods=15,
            replicates=3,
        )
        for share in sorted(shares)
    )
    assert (few.path["gain"] >= -1e-9).all()
    assert (few.roles["gain"] >= -1e-9).all()
    assert (many.clusters["gain"] >= few.clusters["gain"] - 1e-9).all()
    assert many.even == few.even == 0


@settings(max_examples=15, deadline=None)
@given(absorption=st.floats(0.01, 1), costs=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_higher_cost_never_adds(absorption, costs):
    cheap, dear = (
        pipelines(keep=c, absorption=absorption, periods=15, replicates=3) for c in sorted(costs)
    )
    assert (dear.clusters["gain"] <= cheap.clusters["gain"] + 1e-9).all()


def test_nobody_gains_from_a_star_but_itself():
    free = pipelines(keep=0, gatekeepers=0, replicates=5)
    assert free.roles.loc["others", "gain"] == 0
    assert free.roles.loc["external stars", "gain"] > 1
    stars, gate = (pipelines(seed=SEED, replicates=MANY, gatekeepers=g).roles for g in (0, 1))
    assert stars.loc["others", "gain"] < -5 * stars.loc["others", "error"]
    assert gate.loc["others", "gain"] > 5 * gate.loc["others", "error"]


def test_the_same_seed_gives_the_same_clusters_at_every_setting():
    long, short = pipelines(periods=30, seed=4), pipelines(periods=10, seed=4)
    assert long.path.iloc[:11].equals(short.path)
    other = pipelines(
        periods=30, seed=4, keep=0.6, linked=0.7, gatekeepers=0.2, channels=3, world=9
    )
    assert (other.path["without"] == long.path["without"]).all()
    none = pipelines(linked=0)
    assert (none.path["gain"] == 0).all()
    assert list(none.roles.index) == ["others"]
    assert none.even == 0
    assert list(pipelines(linked=1).roles.index) == ["gatekeepers"]
    same = pipelines(seed=np.random.default_rng(4), periods=10).path
    assert same.equals(short.path)


def test_levels_keep_to_their_bound():
    found = pipelines(linked=1, keep=0, channels=4, absorption=1, world=60, combination=0, seed=2)
    rng = np.random.default_rng(2)
    rng.integers(2**31, size=20)
    making = rng.exponential(size=(20, 60, 4)) * _ALONE / 10
    assert 0 < found.path["with links"].max() <= max(60, making.max() / 0.1)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"absorption": 0}, "local absorption must be above 0 and at most 1. At 0 firms are no"),
        ({"absorption": 1.01}, "local absorption must be above 0 and at most 1"),
        ({"combination": 0.1}, "below 0.1"),
        ({"linked": 1.2}, "share of firms with a link must be at least 0 and at most 1"),
        ({"channels": 5}, "channels of a link must be a whole number, at least 1 and at most 4"),
        ({"trust": 0}, "periods that trust takes must be above 0"),
        ({"replicates": 1}, "at least 2"),
    ],
)
def test_bad_values_are_refused(setting, words):
    with pytest.raises(ValueError, match=words):
        pipelines(**setting)


# --- what the unit says ---


def best_share(**setting):
    """Return the best share of a grid, and how clearly it beats no links and all firms linked."""
    shares = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1)
    found = {share: gains(linked=share, **setting) for share in shares}
    best = max(found, key=lambda share: found[share].mean())
    return best, errors(found[best]), errors(found[best] - found[1])


@pytest.mark.parametrize(("keep", "best"), [(0.125, 0.4), (0.25, 0.2), (0.5, 0.05)])
def test_the_best_share_lies_inside_at_the_cost_its_half_and_its_double(keep, best):
    found, above_none, above_all = best_share(keep=keep)
    assert found == best
    assert above_none > 5
    assert above_all > 20


@pytest.mark.parametrize(
    ("other", "inside"),
    [
        ({"absorption": 0.15}, True),
        ({"absorption": 0.6}, True),
        ({"trust": 5}, True),
        ({"trust": 20}, True),
        ({"world": 60}, True),
        ({"combination": 0.02}, True),
        ({"world": 15}, False),
        ({"combination": 0.08}, False),
    ],
)
def test_how_far_our_other_numbers_carry(other, inside):
    found = {share: gains(linked=share, **other) for share in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1)}
    best = max(found, key=lambda share: found[share].mean())
    assert errors(found[best] - found[1]) > 5
    if inside:
        assert errors(found[best]) > 5
    else:  # the fewest links lose least
        assert best == 0.05
        assert errors(found[best]) < -3


@pytest.mark.parametrize(
    ("name", "value", "inside"),
    [
        ("_FLOW", 0.05, True),
        ("_FLOW", 0.2, True),
        ("_AGEING", 0.2, True),
        ("_AGEING", 0.05, False),
        ("_ALONE", 10 * np.ones(4), False),
    ],
)
def test_how_far_the_numbers_without_a_control_carry(monkeypatch, name, value, inside):
    monkeypatch.setattr(piping, name, value)
    found = {share: gains(linked=share) for share in (0.05, 0.1, 0.2, 0.3, 0.5, 1)}
    best = max(found, key=lambda share: found[share].mean())
    assert (errors(found[best]) > 3) == inside
    assert best < 1


def test_roles_by_local_absorption():
    grid = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
    found = [pipelines(seed=SEED, replicates=MANY, absorption=a).roles for a in grid]
    gate = [each.loc["gatekeepers", "gain"] for each in found]
    others = [each.loc["others", "gain"] for each in found]
    assert (np.diff(gate) < 0).all()
    assert (np.diff(others[:5]) > 0).all()
    ends = {
        role: [(each.loc[role, "gain"], each.loc[role, "error"]) for each in (found[0], found[4])]
        for role in ("gatekeepers", "others")
    }
    for role, sign in (("gatekeepers", -1), ("others", 1)):
        (first, one), (last, two) = ends[role]
        assert sign * (last - first) > 5 * np.hypot(one, two)
    # it ends there: at full absorption others gain less than at 0.4
    full = pipelines(seed=SEED, replicates=MANY, absorption=1).roles
    assert full.loc["others", "gain"] < others[4]
    assert full.loc["gatekeepers", "gain"] < gate[-1]


def test_dear_links_harm_where_buzz_is_weak_and_pay_where_it_is_strong():
    weak, strong = (
        pipelines(seed=SEED, replicates=MANY, keep=0.5, linked=0.1, absorption=a)
        for a in (0.01, 0.4)
    )
    assert errors(weak.clusters["gain"]) < -4
    assert errors(strong.clusters["gain"]) > 4


def test_links_cost_before_they_pay():
    path = pipelines(seed=SEED, replicates=MANY).path
    assert path.loc[10, "gain"] < -10 * path.loc[10, "error"]
    assert path.loc[60, "gain"] > 10 * path.loc[60, "error"]
    assert pipelines(trust=5).even < pipelines().even < pipelines(trust=20).even


@pytest.mark.parametrize(("keep", "best"), [(0.05, 3), (0.15, 2), (0.3, 1)])
def test_one_channel_or_several_hangs_on_upkeep(keep, best):
    found = {m: gains(keep=keep, channels=m) for m in (1, 2, 3)}
    for m, gain in found.items():
        assert m == best or errors(found[best] - gain) > 2.5
    assert errors(found[best]) > 5


def test_combining_kinds_makes_both_a_link_and_time_worth_more():
    circle = gains(keep=0, combination=0.04) - gains(keep=0, combination=0)
    assert errors(circle) > 10
    for combination, sign in ((0, 1), (0.04, -1)):
        one, two = (gains(keep=0.3, channels=m, combination=combination) for m in (1, 2))
        assert sign * errors(two - one) > 2.5


# --- the widget ---


def test_the_sentence_is_true():
    widget = widgets.pipelines()
    for setting in settings_of(widget, random=12):
        result, words = without_picture(widget, setting)
        again = pipelines(**setting)
        gain, end = again.clusters["gain"], len(again.path) - 1
        if again.given["linked"] == 0:
            assert words == (
                f"Without links the clusters know {again.clusters['without'].mean():.2f} after "
                f"{end} periods."
            )
            continue
        sign = errors(gain)
        assert f"{setting['linked']:.0%} of firms linked" in words
        assert (f"gain {gain.mean():.2f} (" in words) == (sign > 3)
        assert (f"lose {-gain.mean():.2f} (" in words) == (sign < -3)
        assert ("beyond chance" in words) == (abs(sign) <= 3)
        assert f"(±{2 * gain.std(ddof=1) / len(gain) ** 0.5:.2f}) in {end} periods" in words
        path = (again.path["with links"] - again.path["without"]).to_numpy()
        behind = np.flatnonzero(path < -1e-12)
        if not len(behind):
            assert "never behind" in words
        elif behind[-1] == end:
            assert "behind at the end" in words
        else:
            assert f"behind until period {behind[-1]};" not in words
            assert f"behind until period {behind[-1]}. " in words
        number = round(60 * setting["linked"])
        gate = round(setting["gatekeepers"] * number)
        there = {"gatekeepers": gate, "external stars": number - gate, "others": 60 - number}
        for role, firms in there.items():
            assert (f"{role} {result.roles['gain'].get(role, 0):+.2f} (±" in words) == (firms > 0)
            assert firms == result.roles["firms"].get(role, 0)


def test_the_picture_shows_the_result_and_the_prediction():
    question = predict("When is it even?")
    widget = widgets.pipelines(prediction=question)
    question.submit(20)
    path, roles = widget.axes
    assert path.lines[1].get_ydata()[-1] == widget.result.gain
    told = [text.get_text() for text in path.texts]
    assert {"your prediction: 20", f"even in period {widget.result.even}"} <= {*told}
    assert [f"{gain:+.2f}" for gain in widget.result.roles["gain"]] == [
        text.get_text() for text in roles.texts
    ]


def test_all_controls_move():
    moves_to_both_ends(widgets.pipelines())


def test_settings_are_kept():
    found = pipelines(linked=0.5, replicates=3, periods=5)
    assert found.given == vars(replace(Setting(), linked=0.5, periods=5)) | {"replicates": 3}
    assert found.to_frame().equals(found.path)
    assert found.to_frame() is not found.path
