"""The sentence under each widget is true at every setting: told again from scratch and compared."""

import itertools
import re

import numpy as np
import pytest
from corners import settings_of
from scipy.stats import norm

from clusterlab import datasets, tables
from clusterlab.agglomeration import location_quotient, widgets
from clusterlab.agglomeration.planted import planted_economy
from clusterlab.agglomeration.related import relatedness

REGISTER = datasets.load("establishment_register")
ECONOMY, _ = planted_economy()
JOBS = tables.from_long(
    REGISTER, region="region", industry="industry", value="size", absent="zero", duplicates="sum"
)


def listed(names):
    names = [str(name) for name in names]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def some(values, best):
    found = [name for name, value in values.items() if abs(value - best) < 1e-9]
    return listed(found) if len(found) <= 6 else f"{len(found)} of {len(values)}"


def concentration(setting, result, sentence):
    table = widget_table()
    share = table[setting["industry"]] / table[setting["industry"]].sum()
    size = table.sum(axis=1) / table.to_numpy().sum()
    quotients = dict(share / size)
    values = {}
    for industry in table:
        s = table[industry] / table[industry].sum()
        if setting["measure"] == "Hoover index":
            values[industry] = np.abs(s - size).sum() / 2
        elif setting["measure"] == "Herfindahl index":
            values[industry] = (s**2).sum()
        else:
            values[industry] = result.values[industry]
    own = values[setting["industry"]]
    rank = 1 + sum(value > own + 1e-9 for value in values.values())
    level = [n for n, v in values.items() if abs(v - own) < 1e-9 and n != setting["industry"]]
    high, low = max(quotients.values()), min(quotients.values())
    return (
        f"{setting['industry']}: highest location quotient {high:.2f} in {some(quotients, high)}, "
        f"lowest {low:.2f} in {some(quotients, low)}; {setting['measure']} {own:.3f}, number "
        f"{rank} of {len(values)} industries from the most concentrated"
        f"{', level with ' + ', '.join(level) if level else ''}."
    )


def widget_table():
    return tables.from_long(
        datasets.load("us_state_employment").replace({"sector": {"_": " "}}, regex=True),
        region="state",
        industry="sector",
        value="employment",
    )


def specialisation(setting, result, sentence):
    jobs = REGISTER.groupby(["region", "industry"])["size"].sum().unstack(fill_value=0)
    own = jobs[setting["industry"]]
    quotients = (own / jobs.sum(axis=1)) / (own.sum() / jobs.to_numpy().sum())
    above = quotients > setting["threshold"]
    sure = (result.frame["low"] > setting["threshold"]).sum()
    assert above.sum() == result.frame["above"].sum()
    counts = [int(n) for n in re.findall(r"\b(\d+)\b(?! ?%)", sentence.partition(": ")[2])]
    start = f"{setting['industry']}: {above.sum() or 'none'} of 40 regions"
    if not sentence.startswith(start):
        return start
    if not above.sum():
        return sentence if "of them" not in sentence and ";" not in sentence else "no more"
    if f"{setting['level']:.0%} limit" not in sentence:
        return "the level"
    if 0 < sure < above.sum():
        return sentence if counts[-2:] == [sure, above.sum() - sure] else f"{sure} of {above.sum()}"
    if sure:
        return sentence if "could be chance" not in sentence else "all are sure"
    return sentence if "could be chance" in sentence and " 0 of" not in sentence else "none is sure"


def dartboard(setting, result, sentence):
    off = abs(result.raw.mean() - result.expected)
    assert off < 5 * result.raw.std() / len(result.raw) ** 0.5 + 1e-9
    at = (np.arange(setting["plants"]) + 0.5) / setting["plants"]
    sizes = np.exp(setting["inequality"] * norm.ppf(at))
    herfindahl = ((sizes / sizes.sum()) ** 2).sum()
    floor = 1 - 1 / setting["regions"]
    share = setting["clustering"] + (1 - setting["clustering"]) * herfindahl
    gamma = f"{result.gamma.mean():.3f}".replace("-0.000", "0.000")
    return (
        f"Plant Herfindahl H = {herfindahl:.3f}. Over {len(result.raw)} throws the raw "
        f"index averages {result.raw.mean():.3f} (expected {floor * share:.3f}); γ averages "
        f"{gamma}."
    )


def extreme(curves):
    """Share of curves whose ordered ranks from the top come before or equal the first one's."""
    ranks = [
        sorted(int((curves[:, d] >= curve[d] - 1e-12).sum()) for d in range(curves.shape[1]))
        for curve in curves
    ]
    return sum(rank <= ranks[0] for rank in ranks) / len(ranks)


def placed_plants(setting, result, sentence):
    spots, side = np.array(setting["plants"], float).reshape(-1, 2), setting["side"]
    if len(spots) < 2:
        many = "One plant has" if len(spots) else "No plant has"
        return f"{many} no distance to another, and γ is not defined for it: place two or more."
    sizes = np.array([setting["giant"], *np.ones(len(spots) - 1)])
    sizes /= sizes.sum()
    herfindahl, told = (sizes**2).sum(), {}
    for by in range(-16, 17, 4):
        edges = [-np.inf, *(100 * k / side + by for k in range(1, side)), np.inf]
        raw, even = 0, 0
        for west, east in itertools.pairwise(edges):
            for south, north in itertools.pairwise(edges):
                ground = (min(east, 100) - max(west, 0)) * (min(north, 100) - max(south, 0)) / 1e4
                x, y = spots.T
                share = sizes[(west <= x) & (x < east) & (south <= y) & (y < north)].sum()
                raw, even = raw + (share - ground) ** 2, even + ground**2
        told[by] = raw, (raw - (1 - even) * herfindahl) / (1 - even) / (1 - herfindahl)
    gammas = [gamma for _, gamma in told.values()]
    raw, here, low, high = (*told[setting["moved"]], min(gammas), max(gammas))
    here, low, high = (f"{round(gamma, 2) + 0:.2f}" for gamma in (here, low, high))
    away = np.array([np.hypot(*(a - b)) for a, b in itertools.combinations(spots, 2)])
    at = np.arange(61)[:, None]
    hills = sum(np.exp(-(((at + side * away) / 4) ** 2) / 2) for side in (-1, 1))
    density = hills.mean(axis=1) / 4 / np.sqrt(2 * np.pi)
    np.testing.assert_allclose(result.curve.density, density, atol=1e-6)
    curves = np.vstack([density, result.curve.envelope.curves])
    above, below = extreme(curves) <= 0.05, extreme(-curves) <= 0.05
    word = "localised at" if above else "dispersed at" if below else "not told apart from chance"
    wanted = (
        f"{len(spots)} plants: raw index G {raw:.3f}, plant Herfindahl H {herfindahl:.3f}, "
        f"γ {here}; as the borders move, γ goes from {low} to {high}. Distances know no border: "
        f"the plants are {word}"
    )
    fits = sentence.startswith(wanted) and sentence.endswith("(95 % a side).")
    return sentence if fits else wanted


def next_industries(setting, result, sentence):
    share = ECONOMY.div(ECONOMY.sum(axis=1), axis=0) / (ECONOMY.sum() / ECONOMY.to_numpy().sum())
    there = share >= setting["threshold"] - 1e-9
    link = relatedness(there).to_numpy().copy()
    np.fill_diagonal(link, 0)
    own = there.loc[setting["region"]].to_numpy()
    near = dict(zip(ECONOMY.columns, link @ own / link.sum(axis=1), strict=True))
    lacks = {name: near[name] for name, has in zip(ECONOMY.columns, own, strict=True) if not has}
    start = f"{setting['region']} has {own.sum()} of 36 industries"
    if not lacks:
        return f"{start}, so it lacks none."
    best = max(lacks.values())
    several = sum(value > best - 1e-9 for value in lacks.values()) > 1
    return (
        f"{start}; the nearest it lacks {'are' if several else 'is'} {some(lacks, best)}, of whose "
        f"related industries it has {100 * best:.0f} %{' each' if several else ''}."
    )


def variety_and_growth(setting, result, sentence):
    k = setting["sectors"]
    growth = 1 + setting["spillover"] * (12 / k - 1) / 11
    swing = (setting["shock"] ** 2 / k + 0.75) ** 0.5
    yearly = 100 * (result.paths[:, 1:] / result.paths[:, :-1] - 1)
    return (
        f"{k} sector{'s' * (k > 1)}: related variety {np.log2(12 / k):.2f} bits, unrelated "
        f"{np.log2(k):.2f}; expected growth {growth:.1f} % a year with a standard deviation of "
        f"{swing:.1f}; in the 40 regions drawn, over 20 years, {yearly.mean():.1f} and "
        f"{yearly.std():.1f}."
    )


def dispersal(setting, result, sentence):
    wage, told = np.linspace(1, 0, 20), {}
    for name, power in (("design", setting["knowledge"]), ("assembly", setting["assembly"])):
        share = np.array([0.7 / 3] * 3 + [0.3 / 17] * 17)
        for _ in range(20):
            pull = share**power * np.exp(-setting["openness"] * wage)
            share = 0.8 * share + 0.2 * pull / pull.sum()
        told[name] = (((share - 0.05) ** 2).sum() / 0.95, 100 * share[:3].sum())
    return (
        f"After 20 years concentration is {told['design'][0]:.3f} in design, "
        f"{told['assembly'][0]:.3f} in assembly; the old places keep {told['design'][1]:.0f} % of "
        f"design and {told['assembly'][1]:.0f} % of assembly (70 % at the start)."
    )


def shares(setting, result, sentence):
    sizes, all_jobs = JOBS.sum(axis=1), JOBS.to_numpy().sum()
    own = JOBS.loc[setting["region"]]
    own = own[own >= setting["least"]]
    if own.empty:
        return f"{setting['region']} has no industry with {setting['least']:,} jobs."
    here, everywhere = own / sizes[setting["region"]], JOBS[own.index].sum() / all_jobs
    top = max(own.index, key=lambda industry: here[industry] / everywhere[industry])
    return (
        f"{setting['region']}: of {len(own)} industries shown the highest quotient is "
        f"{here[top] / everywhere[top]:,.1f}, in {top}: {own[top]:,.0f} jobs, {here[top]:.2%} of "
        f"those here against {everywhere[top]:.4%} everywhere. If every job here were in it, the "
        f"quotient would be {1 / everywhere[top]:,.0f}."
    )


MADE = {
    concentration: widgets.concentration,
    shares: lambda: widgets.shares(location_quotient(JOBS)),
    specialisation: lambda: widgets.specialisation(REGISTER),
    dartboard: widgets.dartboard,
    placed_plants: widgets.placed_plants,
    next_industries: lambda: widgets.next_industries(location_quotient(ECONOMY).value),
    variety_and_growth: widgets.variety_and_growth,
    dispersal: widgets.dispersal,
}


def wrong_sentences(tell, **how):
    widget, wrong, tried = MADE[tell](), [], 0
    for setting in settings_of(widget, **how):
        result = widget._model(**widget._fixed, **setting)  # its picture is looked at elsewhere
        sentence = widget._say(result)
        tried += 1
        expected = tell(setting, result, sentence)
        if sentence != expected:
            wrong.append((setting, sentence, expected))
    return wrong, tried


@pytest.mark.parametrize("tell", MADE, ids=lambda tell: tell.__name__)
def test_the_sentence_is_true_at_every_setting(tell):
    wrong, tried = wrong_sentences(tell, random=20, most=16)
    assert not wrong, f"{len(wrong)} of {tried}: {wrong[:3]}"


def test_ties_are_all_named():
    import pandas as pd

    table = pd.DataFrame({"wine": [9, 1, 0], "shops": [5, 5, 0], "rest": [1, 1, 9]}, list("ABC"))
    sentence = widgets.concentration(table).set(industry="shops").sentence
    assert "lowest 0.00 in C;" in sentence
    both = pd.DataFrame({"wine": [9, 1], "shops": [1, 9]}, ["A", "B"])
    sentence = widgets.concentration(both).set(industry="wine").sentence
    assert "number 1 of 2 industries from the most concentrated, level with shops." in sentence
