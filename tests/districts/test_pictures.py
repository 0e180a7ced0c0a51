"""Plots and widgets: what is drawn, at both ends of every control."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from corners import boxes_in, misplaced_in, settings_of, without_picture
from making import Maker
from matplotlib.colors import to_hex
from widget_checks import moves_to_both_ends

from clusterlab import districts, exercises, style
from clusterlab.districts import plots, widgets
from clusterlab.districts.network import _measured
from clusterlab.names import listed
from clusterlab.views.graph import draw_graph
from tests.browser.lab import CHROMIUM, browser_page


def test_bars_are_the_memberships_in_the_colours_of_the_types():
    found = districts.membership({"leadership": "state", "contract length": "short"})
    ax = plots.plot_membership(found, prediction="satellite")
    bars = ax.patches
    assert [bar.get_width() for bar in bars] == pytest.approx(list(found.shares))
    hues = [style.colour(name) for name in ("marshallian", "hub", "satellite", "state")]
    assert [to_hex(bar.get_facecolor()).upper() for bar in bars] == hues
    assert [label.get_text() for label in ax.get_yticklabels()] == list(districts.TYPES)
    ends = np.array([path.vertices[:, 0] for path in ax.collections[0].get_paths()])
    assert ends == pytest.approx(found.types[["low", "high"]].to_numpy())
    guess = [line for line in ax.lines if line.get_marker() == "D"]
    assert guess[0].get_ydata()[0] == 2


def test_curves_of_the_growing_hub():
    result = districts.circle_to_star(share=1.0, owner="state")
    ax = style.figure()[1][0]
    widgets._plot_growth(result, ax=ax, prediction=0.4)
    lines = [line for line in ax.lines if len(line.get_xdata()) == 24]
    drawn = {line.get_color(): line.get_ydata() for line in lines}
    assert drawn[style.colour("state")] == pytest.approx(result.memberships["state-anchored"])
    assert drawn[style.colour("marshallian")] == pytest.approx(result.memberships["Marshallian"])
    assert drawn[style.colour("reference")] == pytest.approx(
        result.measures["degree_centralisation"]
    )
    assert "your prediction" in {text.get_text() for text in ax.texts}


def test_every_unit_and_tie_of_a_district_is_drawn():
    for kind in districts.TYPES:
        graph = districts.generate(kind, firms=20, seed=1)
        ax = plots.plot_network(graph)
        ties, marks = ax.collections[:3], ax.collections[3:]
        assert sum(len(mark.get_offsets()) for mark in marks) == len(graph)
        helped = [e for e in graph.edges if "trade association" in e]
        drawn = sum(len(tie.get_segments()) for tie in ties)
        assert drawn == graph.number_of_edges() - len(helped)
        inside = dict(graph.nodes(data="place"))
        far = [np.hypot(*spot) for mark in marks for spot in mark.get_offsets()]
        within = [node for node, place in inside.items() if place == "district"]
        assert sum(d < 1.25 for d in far) == len(within), "the boundary parts inside from outside"


def test_each_branch_has_a_thick_line_to_its_parent():
    graph = districts.generate("satellite", firms=20, seed=1)
    ax = plots.plot_network(graph)
    branches = [n for n, role in graph.nodes(data="role") if role == "branch plant"]
    assert len(ax.collections[2].get_segments()) == len(branches) == 6
    told = [text.get_text() for text in ax.texts]
    assert {"▲ branches", "■ their parents", "■ others outside"} <= set(told)


def test_star_has_its_hub_in_the_middle():
    looks = {"itself": "● hub", "state": "◆ state anchor", "parent elsewhere": "▲ hub, bought"}
    for owner, words in looks.items():
        result = districts.circle_to_star(share=1.0, owner=owner, rays=3)
        ax = style.figure()[1][0]
        widgets._plot_star(result, ax=ax)
        ties, knowledge, _, firms, hub, partners = ax.collections
        assert (len(firms.get_offsets()), len(partners.get_offsets())) == (23, 3)
        assert hub.get_offsets().tolist() == [[0, 0]]
        assert words in {text.get_text() for text in ax.texts}
        drawn = len(ties.get_segments()) + len(knowledge.get_segments())
        assert drawn == result.graph.number_of_edges()


@pytest.mark.parametrize("make", [widgets.profile, widgets.growing_hub], ids=lambda f: f.__name__)
def test_widgets_move_to_both_ends(make):
    moves_to_both_ends(make())


def test_profile_says_what_is_seen():
    widget = widgets.profile()
    assert widget.sentence.startswith("Level at 0.35: Marshallian and hub-and-spoke")
    widget.set(leader="parent elsewhere", scale=3.0, outside=3.0, contracts="short")
    assert widget.sentence.startswith("Nearest is satellite with 0.")
    assert "4 features known, 16 missing" in widget.sentence
    guess = exercises.predict("?", list(districts.TYPES))
    asked = widgets.profile(prediction=guess)
    before = asked.drawing
    guess.submit("satellite")
    assert asked.drawing != before
    assert "your prediction" in asked.drawing


def test_growing_hub_says_who_leads():
    widget = widgets.growing_hub()
    assert "nobody leads" in widget.set(share=0.0).sentence
    assert "centralisation 1.00, a local firm leads; nearest is hub-and-spoke" in (
        widget.set(share=1.0).sentence
    )
    assert "the state leads; nearest is state-anchored" in widget.set(owner="state").sentence
    said = widget.set(owner="parent elsewhere").sentence
    assert "a parent elsewhere leads; nearest are hub-and-spoke and state-anchored" in said
    assert "By its owner alone it would be satellite (0.17)" in said
    guess = exercises.predict("?")
    asked = widgets.growing_hub(prediction=guess)
    guess.submit(0.3)
    assert "your prediction" in asked.drawing


# ---------------------------------------------------------------- sentences, at many settings


def _first(shares):
    """Return the shares shown with two decimals, and the names that share the largest."""
    shown = {name: f"{share:.2f}" for name, share in shares.items()}
    most = max(shown.values())
    return most, [name for name in districts.TYPES if shown[name] == most]


def test_profile_is_true_everywhere():
    widget, tried = widgets.profile(), 0
    for setting in settings_of(widget, random=20, most=200):
        found, said = without_picture(widget, setting)
        most, level = _first(found.shares)
        named = {name for name in districts.TYPES if name in said.split(";")[0]}
        if len(level) == 4:
            assert said.startswith("All four types are level at 0.25"), (setting, said)
        elif len(level) > 1:
            assert said.startswith(f"Level at {most}: "), (setting, said)
            assert named == set(level), (setting, said)
        else:
            rest = {n: s for n, s in found.shares.items() if n != level[0]}
            second = {n for n, s in rest.items() if f"{s:.2f}" == f"{max(rest.values()):.2f}"}
            assert said.startswith(f"Nearest is {level[0]} with {most} ("), (setting, said)
            assert named == {*level, *second}, (setting, said)
        known = 2 + (setting["leader"] != "not known") + (setting["contracts"] != "not known")
        assert f"{known} features known, {20 - known} missing" in said, (setting, said)
        tried += 1
    assert tried > 40


def test_growing_hub_is_true_everywhere():
    widget, tried = widgets.growing_hub(), 0
    who = {"itself": "a local firm", "parent elsewhere": "a parent elsewhere", "state": "the state"}
    owners = {"itself": "hub-and-spoke", "parent elsewhere": "satellite", "state": "state-anchored"}
    for setting in settings_of(widget, random=10, most=12):
        result, said = without_picture(widget, setting)
        hub = [
            u for u, v, kind in result.graph.edges(data="kind") if v == "hub" and kind == "supply"
        ]
        number = round(setting["share"] * 23)
        assert said.startswith(f"{number} of the 23 other firms ({number / 23:.0%}"), (
            setting,
            said,
        )
        # in a circle the last firm delivers to the first, the hub, as well
        assert len(hub) - number in (0, 1)
        assert ("rounded" in said) == (0 < number < 23)
        jobs = _measured(result.graph, None)[0]
        leads = who[setting["owner"]] if jobs["anchor_owner"] != "none" else "nobody"
        assert f"{leads} leads" in said, (setting, said)
        most, level = _first(result.membership.shares)
        told = said.split("nearest ")[1].split(" By its owner")[0]
        assert {name for name in districts.TYPES if name in told} == set(level), (setting, said)
        assert f"with {most}" in told
        assert ("each" in told) == (len(level) > 1)
        by_owner = owners[setting["owner"]]
        apart = leads != "nobody" and by_owner not in level
        assert (f"By its owner alone it would be {by_owner}" in said) == apart, (setting, said)
        tried += 1
    assert tried > 25


def test_a_star_owned_elsewhere_is_nearest_to_two_types_that_do_not_own_it():
    """Ties outvote the owner: the lesson says so; here are its figures."""
    star = districts.circle_to_star(share=1.0, owner="parent elsewhere")
    ax = style.figure()[1][0]
    widgets._plot_growth(star, ax=ax)
    words = [text.get_text() for text in ax.texts]
    assert "hub and state-anchored (dashed)" in words
    assert "satellite (dotted)" in words
    assert star.membership.level == ["hub-and-spoke", "state-anchored"]
    assert star.membership.shares.round(2).tolist() == [0.10, 0.36, 0.17, 0.36]
    gower = star.membership.types["similarity"]
    sums = (1 - gower) * len(star.membership.known)
    # leadership tells the two apart fully: how often would it have to count?
    assert 1 + sums["satellite"] - sums["hub-and-spoke"] == pytest.approx(2.48, abs=0.01)


# ---------------------------------------------------------------- ties that a reader draws

FIRMS, ELSEWHERE = "ABCDEFGHI", "XYZ"
CIRCLE = [[one, other] for one, other in zip(FIRMS, FIRMS[1:] + "A", strict=True)]
STAR = [["A", other] for other in FIRMS[1:] + ELSEWHERE]
PAIRS = [list(pair) for pair in combinations(FIRMS + ELSEWHERE, 2)]
WHO = {"itself": "local", "parent elsewhere": "external", "state": "state"}
TYPE = {"itself": "hub-and-spoke", "parent elsewhere": "satellite", "state": "state-anchored"}


def drawings():
    """Yield drawings worth looking at, then 50 by chance, from sparse to dense."""
    inside = [pair for pair in PAIRS if {*pair} <= {*FIRMS}]
    two_hubs = [[hub, other] for hub in "AE" for other in "BCDFGHIXYZ"] + [["A", "E"]]
    yield from ([], inside, PAIRS, CIRCLE, STAR, STAR[:8], CIRCLE + STAR[8:], two_hubs)
    yield from ([["X", "Y"]], [["A", "X"]], [[b, x] for b in "ADG" for x in ELSEWHERE])
    rng = np.random.default_rng(5)
    for _ in range(50):
        chance = rng.choice([0.05, 0.2, 0.5, 0.9])
        pull = str(rng.choice([*FIRMS]))  # often one firm draws more than others
        yield [p for p in PAIRS if rng.random() < (0.8 if pull in p else chance)]


def by_hand(made, owner):
    """Return jobs, centres and the district as the topic measures it, built anew."""
    graph = nx.Graph(made)
    graph.add_nodes_from(FIRMS + ELSEWHERE)
    jobs = {name: 20 + 20 * max(0, len(graph[name]) - 2) for name in FIRMS}
    centres = [name for name in FIRMS if jobs[name] == max(jobs.values())]
    centres = [] if len(centres) == 9 else centres
    owners = {"itself": None, "parent elsewhere": "Q", "state": "state"}
    for name in graph:
        bought = owner != "itself" and name in centres
        graph.nodes[name].update(place="here" if name in FIRMS else name)
        graph.nodes[name].update(size=jobs.get(name, 1), owner=owners[owner] if bought else name)
        if bought and owner == "parent elsewhere":
            graph.nodes[name]["seat"] = "far"
    return jobs, centres, _measured(graph, "here")[0]


def test_what_is_drawn_is_told_truly_whatever_is_drawn():
    view, seen = widgets.draw_ties(), set()
    for made in drawings():
        for owner in WHO:
            view.made, view.values = made, {"owner": owner}
            said, at = view.sentence, (made, owner)
            assert not view.problem, at
            jobs, centres, measures = by_hand(made, owner)
            inner = sum({*tie} <= {*FIRMS} for tie in made)
            outer = sum(len({*tie} & {*FIRMS}) == 1 for tie in made)
            assert said.startswith(f"Ties inside: {inner}, to partners outside: {outer}. "), at
            part = f"{max(jobs.values()) / sum(jobs.values()):.0%}"
            who = "All firms have as many jobs: there is no centre; "
            if centres:
                verb, end = ("has", "of them") if len(centres) == 1 else ("have", "each")
                who = f"{listed(centres)} {verb} the most jobs, {part} {end}; "
            assert who in said, (at, said)
            total = sum(jobs.values())
            leads = sum(jobs[name] for name in centres)
            if owner == "itself":  # each with ten times the jobs of the median firm
                leads *= bool(centres) and jobs[centres[0]] >= 10 * np.median([*jobs.values()])
            leader = WHO[owner] if leads >= total / 4 else "none"
            assert measures["anchor_owner"] == leader, at
            many = "local firms lead" if len(centres) > 1 else "a local firm leads"
            words = {"none": "nobody leads", "local": many, "state": "the state leads"}
            assert f"; {words.get(leader, 'a parent elsewhere leads')}; nearest " in said, (
                at,
                said,
            )
            shares = districts.network_membership(measures.to_frame().T).iloc[0]
            most, level = _first(shares)
            each = " each" if len(level) > 1 else ""
            verb = "are" if each else "is"
            assert f"nearest {verb} {listed(level)} with {most}{each}." in said, (at, said)
            owned = TYPE[owner]
            apart = leader != "none" and owned not in level
            alone = f"By its owner alone it would be {owned} ({shares[owned]:.2f}); the ties"
            assert (alone in said) == apart == ("By its owner" in said), (at, said)
            if apart:
                ties = measures.drop(["anchor_owner", "external_ownership"]).to_frame().T
                assert owned not in _first(districts.network_membership(ties).iloc[0])[1], at
            lost = [name.replace("_", " ") for name in measures.index[measures.isna()]]
            assert (f"measured here: {listed(lost or [''])}." in said) == bool(lost), (at, said)
            assert said.count("measured here") == bool(lost), (at, said)
            told = [entry["text"] for entry in view.legend[:4]]
            assert told == [f"{name} {shares[name]:.2f}" for name in districts.TYPES]
            shape = {"itself": "circle", "parent elsewhere": "triangle", "state": "diamond"}[owner]
            for node in view.nodes:
                name, hue = node["name"], style.colour("Marshallian")
                looks = (style.colour(owned), shape) if name in centres else (hue, "circle")
                looks = (style.colour("reference"), "square") if name in ELSEWHERE else looks
                assert (node["colour"], node["shape"]) == looks, at
                if name in FIRMS:
                    tied = sum(name in tie for tie in made)
                    assert node["spoken"] == f"{name}: {jobs[name]} jobs, {tied} partners."
            seen |= {leader, len(level), min(len(centres), 2), many if leader == "local" else ""}
    assert seen >= {"none", "external", "state", 0, 1, 2, "local firms lead", "a local firm leads"}


def test_a_star_that_is_drawn_is_the_star_of_the_growing_hub():
    view = widgets.draw_ties()
    for owner in WHO:
        view.made, view.values = STAR[:8], {"owner": owner}
        grown = districts.circle_to_star(share=1.0, rays=0, firms=9, owner=owner)
        drawn = _measured(view.graph, "district")[0]
        here = grown.measures.loc[1.0]
        same = ["degree_centralisation", "external_ties", "local_clustering", "core_periphery_fit"]
        assert drawn[same].tolist() == here[same].tolist()
        assert drawn["anchor_owner"] == here["anchor_owner"], "nine firms are too few for a leader"


def test_no_letter_of_a_drawn_district_covers_another():
    view = widgets.draw_ties()
    for made in (CIRCLE, STAR, PAIRS):
        for owner in WHO:
            view.made, view.values = made, {"owner": owner}
            figure, axes = style.figure()
            places = dict(zip(view._names, view.places.to_numpy(), strict=True))
            with style.context():
                draw_graph(view.graph, positions=places, ax=axes[0])
                style.settled(figure)
            assert not misplaced_in(figure, boxes_in(figure), beyond=figure.dpi / 2)
    names = [node["label"] for node in view.nodes]
    assert names == [*FIRMS, *ELSEWHERE]
    spots = view.places.to_numpy()
    for wide, high in ((760, 400), (360, 400)):  # in the page, on a desk and on a phone
        apart = [np.hypot(*((one - two) * (wide, high))) for one, two in combinations(spots, 2)]
        assert min(apart) > 2 * 15 * 1.5, "two of the largest nodes would touch"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_star_is_drawn_by_mouse_and_keys_and_its_owner_is_chosen():
    with browser_page(1280, 800) as (page, outside):
        drawn = Maker(page).show(widgets.draw_ties())
        page.mouse.move(*drawn.at("A"))
        page.mouse.down()
        page.mouse.move(*drawn.between("A", "X"), steps=3)
        page.mouse.move(*drawn.at("X"), steps=3)
        page.mouse.up()
        assert len(drawn.settled()) == 10
        drawn.walk("A")
        page.keyboard.press("t")
        drawn.walk("Y")
        page.keyboard.press("t")
        assert len(drawn.settled()) == 11
        assert "nobody leads; nearest is Marshallian" in drawn.view.sentence
        page.get_by_label("who owns the centre").select_option("parent elsewhere")
        assert page.get_by_text("a parent elsewhere leads; nearest is satellite").count() == 1
        assert page.get_by_text("satellite 0.35").count() == 1
        page.mouse.click(*drawn.between("E", "F"))
        assert ["E", "F"] not in [sorted(tie) for tie in drawn.settled()]
        page.get_by_role("button", name="Reset").click()
        assert sorted(map(sorted, drawn.settled())) == sorted(map(sorted, CIRCLE))
        assert page.locator("option:checked").text_content() == "itself"
        assert page.get_by_text("there is no centre; nobody leads").count() == 1
        assert outside == []
