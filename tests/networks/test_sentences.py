"""What stands under each picture is true at every setting, by another computation."""

import re

import numpy as np
import pytest
from corners import settings_of

from clusterlab import networks
from clusterlab.networks import widgets


def part(share):
    """Return a share as the sentences say it; none and all only where they are exact."""
    whole = f"{100 * share:.0f}%"
    return {
        "0%": "0%" if share == 0 else "under 1%",
        "100%": "100%" if share == 1 else "over 99%",
    }.get(whole, whole)


def types(graph, said, setting):
    sellers, terms = {}, {}
    made = [data["product"] for data in graph.nodes.values()]
    for u, v, data in graph.edges(data=True):
        if data["kind"] == "supply":
            sellers.setdefault(u, set()).add(v)
            others = made.count(graph.nodes[u]["product"]) - 1
            terms.setdefault(v, []).append(others * data["codified"])
    ties = list(graph.edges)  # none is ownership
    back = sum(tie[::-1] in graph.edges for tie in ties) / len(ties)
    turn = np.mean([np.mean(each) for each in terms.values()])
    customers = np.mean([len(buyers) for buyers in sellers.values()])
    assert said.startswith(setting["governance"].capitalize())
    assert re.findall(r"\d+\.\d", said) == [f"{turn:.1f}", f"{customers:.1f}"]
    assert f" {part(back)} of ties run back" in said


def failing_suppliers(result, said, setting):
    dead = (setting["failure"] * (1 - setting["repair"])) ** setting["substitutes"]
    exact = (1 - setting["platform"]) * (1 - dead) ** 5
    claim = re.search(r"probability (above |below )?([\d.]+);", said)
    assert {"above ": exact > 0.999, "below ": exact < 0.001}.get(
        claim[1], abs(exact - float(claim[2])) <= 0.00051
    )
    assert (claim[2] in ("1.000", "0.000")) == (exact in (0, 1))
    assert abs(float(said.split()[-2]) - exact) < 0.04


def demand(result, said, setting):
    at = result.met.loc[round(setting["novelty"], 2)]
    told = re.findall(r"(?:under |over )?\d+%", said)
    shares = [result.met.loc[0, "this network"], at["this network"], at["tight"], at["open"]]
    shares = (
        [*shares, result.redundancy] if setting["novelty"] else [*shares[1:], result.redundancy]
    )
    assert told == [part(share) for share in shares]
    assert ("does not shift" in said) == (setting["novelty"] == 0)


NAMES = {2: "modules of 2", 4: "modules of 4", 6: "modules of 6", 12: "integral search"}


def search(result, said, setting):
    assert said.startswith(f"True blocks of {setting['block']} elements; after 2,000 trials")
    assert ("only performance changes" in said) == (setting["moved"] < 2)
    before, after = result.path.loc[2000], result.path.loc[4000]
    errors = np.hypot(result.error.loc[2000], result.error.loc[4000])
    same = re.search(r"Back where they were.*?: (.*?)\.( |$)", said)
    top = re.search(r"Highest in the end: (.*)\.$", said)[1]
    for size, name in NAMES.items():
        loss = before[size] - after[size]
        claim = re.search(rf"{name} (\d\.\d+) (lower|higher)", said)
        if claim:
            assert abs(loss) > 3 * errors[size]
            assert (claim[2] == "lower") == (loss > 0)
            assert float(claim[1]) == pytest.approx(abs(loss), abs=0.00051)
            assert float(claim[1]) > 0
        assert bool(claim) != (same is not None and name in same[1])
        gap = after.max() - after[size]
        if name not in top:
            assert gap > 3 * np.hypot(result.error.loc[4000, size], result.error.iloc[-1].min())
    assert NAMES[after.idxmax()] in top
    assert (" and " in top) == ("no clear difference" in top)
    if setting["moved"] == 0:
        assert "lower" not in said  # nothing is lost where only performance changes
        assert "higher" not in said


def stretching(result, said, setting):
    gone = result.ties.query("away")
    if gone.empty:
        assert said.startswith("No tie is at a distance")
        return
    thick = (gone["codified"] < 0.5).sum() / len(gone)
    shares = re.findall(r"(?:under |over )?\d+%|none", said)
    assert shares == [part(len(gone) / len(result.ties)), part(thick) if thick else "none"]


def relations(result, said, setting):
    down, ties = int(result.ties["away"].sum()), len(result.ties)
    back = round(ties * float(result.rising["all"].loc[result.cost]))
    assert f"{part(down / ties)} of ties ({down:,} of {ties:,})" in said
    assert ("alike" in said) == (down == back)
    if down != back:
        assert f"{part(back / ties)} ({back:,}) on the way back" in said
        assert f"for {abs(back - down):,} it hangs" in said
    if not (setting["contextuality"] or setting["path_dependence"]):
        assert "alike" in said


CHECKS = [types, failing_suppliers, demand, search, stretching, relations]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_sentence_is_true_at_every_setting(check):
    widget = getattr(widgets, check.__name__)()
    assert widget.sentence == widget._say(widget.result)
    tried, wrong = 0, []
    for setting in settings_of(widget, random=12 if check is search else 20, most=64, ends=False):
        result = widget._model(**widget._fixed, **setting)  # without the picture: it takes longer
        said = widget._say(result)
        tried += 1
        try:
            check(result, said, setting)
            assert said.endswith(".")
            assert not re.search(r"nan|-0\.0|\$|None", said)
        except AssertionError as error:
            wrong.append(f"{setting}: {said!r}: {error}")
    assert not wrong, f"{len(wrong)} of {tried}: " + "; ".join(wrong[:3])


def test_the_sentence_of_a_network_counts_its_nodes_and_ties():
    for name in networks.GOVERNANCE_TYPES:
        graph = networks.generate(name)
        said = widgets.network(graph).sentence
        assert said == f"A network of {len(graph)} nodes and {graph.number_of_edges()} ties."
