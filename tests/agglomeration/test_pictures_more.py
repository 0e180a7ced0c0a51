import numpy as np
import pytest
from matplotlib.figure import Figure

from clusterlab.agglomeration import plots, widgets
from clusterlab.agglomeration.change import shift_share
from clusterlab.agglomeration.colocation import coagglomeration
from clusterlab.agglomeration.distance import k_density, marcon_puech
from clusterlab.agglomeration.placed import placed_plants
from clusterlab.agglomeration.planted import (
    dispersal,
    next_industries,
    planted_economy,
    variety_and_growth,
)
from clusterlab.agglomeration.quotient import location_quotient
from clusterlab.agglomeration.related import relatedness
from clusterlab.exercises import predict
from tests.widget_checks import moves_to_both_ends

TABLE, FAMILIES = planted_economy()
QUOTIENTS = location_quotient(TABLE).value
WIDGETS = {
    "placed_plants": lambda: widgets.placed_plants(),
    "next_industries": lambda: widgets.next_industries(QUOTIENTS),
    "variety_and_growth": lambda: widgets.variety_and_growth(),
    "dispersal": lambda: widgets.dispersal(),
}


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.mark.parametrize("name", WIDGETS)
def test_both_ends_of_every_control_show_something_true(name):
    moves_to_both_ends(WIDGETS[name]())


@pytest.mark.parametrize(
    ("make", "answer"),
    [(widgets.placed_plants, 0.8), (widgets.variety_and_growth, 6), (widgets.dispersal, 0.1)],
)
def test_predictions_are_drawn(make, answer):
    guess = predict("How much?")
    widget = make(prediction=guess)
    before = widget.picture
    guess.submit(answer)
    assert widget.picture != before
    words = [t.get_text() for panel in widget.axes for t in panel.texts]
    assert "your prediction" in words


def test_curves_and_bands(ax):
    sites = np.random.default_rng(0).random((300, 2)) * 50
    curve = k_density(sites[:40], among=sites, simulations=19, steps=32)
    assert plots.plot_k_density(curve, ax=ax) is ax
    assert len(ax.lines) >= 3
    assert ax.get_xlabel() == "distance between two establishments"
    one = plots.plot_k_density(k_density(sites[:40], steps=32), ax=Figure().subplots())
    assert len(one.lines) == 1
    m = marcon_puech(sites, np.arange(300) < 40, simulations=9, steps=16)
    assert plots.plot_m(m, ax=Figure().subplots()).get_ylim()[0] == 0


def test_other_pictures():
    pairs = coagglomeration(TABLE)
    partners = plots.plot_partners(pairs["wine"], FAMILIES, ax=Figure().subplots())
    assert len(partners.get_yticks()) == 12
    of_family = [line for line in partners.lines if line.get_marker() == "D"]
    shown = [t.get_text() for t in partners.get_yticklabels()]
    assert len(of_family[0].get_xdata()) == (FAMILIES[shown] == "food").sum() > 0
    assert "food" in partners.texts[0].get_text()
    picture = plots.plot_relatedness(relatedness(TABLE), FAMILIES, ax=Figure().subplots())
    names = [t.get_text() for t in picture.get_yticklabels()]
    assert names == sorted(FAMILIES.unique())
    small = relatedness(TABLE.iloc[:, :4])
    assert len(plots.plot_relatedness(small, ax=Figure().subplots()).get_yticks()) == 4
    change = shift_share(TABLE + 1, TABLE * 2 + 1)
    bars = plots.plot_shift_share(change, ax=Figure().subplots())
    assert len(bars.get_yticks()) == 10
    industries = plots.plot_shift_share(
        change, by="industry", only=["beer", "wine"], ax=Figure().subplots()
    )
    assert {t.get_text() for t in industries.get_yticklabels()} == {"beer", "wine"}
    with pytest.raises(ValueError, match="'gin'"):
        plots.plot_shift_share(change, by="industry", only=["gin"])
    hidden = QUOTIENTS.mask(QUOTIENTS < 0.5)
    found = next_industries(region="region 02", quotients=hidden)
    picture = plots.plot_next_industries(found, ax=Figure().subplots())
    names = [t.get_text() for t in picture.get_yticklabels()]
    assert names[::-1] == found.candidates.index[:12].tolist()
    unknown = found.candidates["quotient"].head(12).isna().sum()
    of_unknown = [line for line in picture.lines if line.get_marker() == "D"]
    assert 0 < len(of_unknown[0].get_xdata()) == unknown < 12
    for plot, result in (
        (widgets._plot_placed, placed_plants()),
        (widgets._plot_gamma_by_borders, placed_plants()),
        (widgets._plot_placed_curve, placed_plants()),
        (widgets._plot_growth_paths, variety_and_growth()),
        (widgets._plot_variety_frontier, variety_and_growth()),
        (widgets._plot_concentration, dispersal()),
        (widgets._plot_stayed, dispersal()),
    ):
        ax = Figure().subplots()
        plot(result, ax=ax)
        assert ax.get_xlabel()


def test_relatedness_without_groups_puts_what_is_related_side_by_side():
    mixed = TABLE.sample(frac=1, axis=1, random_state=3)
    picture = plots.plot_relatedness(relatedness(mixed), ax=Figure().subplots())
    order = [t.get_text() for t in picture.get_yticklabels()]
    assert sorted(order) == sorted(TABLE.columns)
    of = FAMILIES[order].to_numpy()
    assert (of[1:] == of[:-1]).sum() > 24, "of 35 neighbours, 5 are chance"
    pairs = plots.plot_relatedness(coagglomeration(TABLE), label="γ", ax=Figure().subplots())
    image, bar = pairs.collections[0], pairs.figure.axes[1]
    assert image.norm.vmin == -image.norm.vmax, "the middle colour is for zero"
    assert bar.get_ylabel() == "γ"
