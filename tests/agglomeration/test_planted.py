import numpy as np
import pandas as pd
import pytest

from clusterlab.agglomeration.change import dynamic_shift_share
from clusterlab.agglomeration.planted import (
    dispersal,
    next_industries,
    planted_economy,
    variety_and_growth,
)
from clusterlab.agglomeration.quotient import location_quotient
from clusterlab.agglomeration.related import relatedness, variety

TABLE, FAMILIES = planted_economy()
QUOTIENTS = location_quotient(TABLE).value


def test_relatedness_finds_the_planted_families():
    link = relatedness(TABLE).to_numpy().copy()
    same = np.equal.outer(FAMILIES.to_numpy(), FAMILIES.to_numpy())
    off = ~np.eye(len(FAMILIES), dtype=bool)
    assert link[same & off].mean() > 2 * link[~same].mean()
    # the nearest other industry is nearly always of the same family
    np.fill_diagonal(link, -1)
    nearest = FAMILIES.to_numpy()[link.argmax(axis=1)]
    assert (nearest == FAMILIES.to_numpy()).mean() > 0.9


def test_economy_arguments():
    assert (TABLE.to_numpy() >= 0).all()
    assert (TABLE.sum() > 0).all()
    with pytest.raises(ValueError, match="regions is 1, but it must be a whole number, at least 2"):
        planted_economy(regions=1)


def test_next_industries_ranks_what_the_region_lacks():
    found = next_industries(region="region 07", quotients=QUOTIENTS)
    assert found.candidates["density"].is_monotonic_decreasing
    assert not found.candidates["present"].any()
    assert "nearest others" in repr(found)
    assert found.to_frame() is found.frame
    with pytest.raises(ValueError, match="'Rome' is not a row"):
        next_industries(region="Rome", quotients=QUOTIENTS)


def test_a_held_out_industry_is_near():
    # take away an industry from regions that have it: it should come back among the nearest
    from clusterlab.agglomeration.related import presence

    there = presence(TABLE)
    ranks = []
    for region in there.index[:30]:
        for industry in there.columns[there.loc[region]][:2]:
            changed = TABLE.copy()
            changed.loc[region, industry] = 0
            quotients = location_quotient(changed).value
            order = next_industries(region=region, quotients=quotients).candidates.index
            ranks.append(order.get_loc(industry) / len(order))
    assert np.mean(ranks) < 0.35  # 0.5 by chance


@pytest.mark.parametrize("sectors", [1, 2, 3, 4, 6, 12])
def test_growth_and_volatility_meet_their_closed_forms(sectors):
    runs = [variety_and_growth(sectors=sectors, spillover=3, shock=8, seed=s) for s in range(12)]
    expected = runs[0].frontier.loc[sectors]
    assert expected["growth"] == pytest.approx(1 + 3 * (12 / sectors - 1) / 11)
    assert np.mean([run.growth for run in runs]) == pytest.approx(expected["growth"], abs=0.3)
    assert np.mean([run.volatility for run in runs]) == pytest.approx(
        expected["volatility"], rel=0.05
    )
    # the same variety as the measure finds
    even = pd.DataFrame(np.ones((1, 12)))
    measured = variety(even, dict(enumerate(np.arange(12) * sectors // 12)))
    assert measured.related.iloc[0] == pytest.approx(runs[0].related)
    assert measured.unrelated.iloc[0] == pytest.approx(runs[0].unrelated)


def test_without_spillovers_spreading_costs_nothing():
    frame = variety_and_growth(spillover=0).to_frame()
    assert (frame["growth"] == 1).all()
    assert frame["volatility"].is_monotonic_decreasing


def test_dispersal_limits():
    still = dispersal(knowledge=1, assembly=1, openness=0)
    assert still.concentration.nunique().tolist() == [1, 1]
    even = dispersal(knowledge=0, assembly=0, openness=0, years=80)
    assert even.concentration.iloc[-1].max() < 1e-6
    default = dispersal()
    last = default.concentration.iloc[-1]
    assert last["design"] > 5 * last["assembly"]
    assert default.stayed.iloc[-1]["design"] > 0.6
    # opened far enough, the knowledge-intensive industry leaves its old places too
    assert dispersal(openness=2).stayed.iloc[-1]["design"] < 0.2


def test_dispersal_tables_suit_shift_share():
    found = dynamic_shift_share(dispersal().tables)
    old = {name: part.iloc[:3].sum() for name, part in found.parts.items()}
    assert old["regional"]["assembly"] < 0 < old["regional"]["design"]
    assert old["mix"]["assembly"] < 0 < old["mix"]["design"]
    gap = sum(found.parts.values()) - found.change
    assert np.abs(gap.to_numpy()).max() < 1e-7
