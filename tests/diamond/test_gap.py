"""The productivity gap: by hand, exact for any table, planted regions, and real pay."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusterlab.diamond import productivity_gap


def frame(numbers):
    return pd.DataFrame(
        numbers,
        index=[f"R{i}" for i in range(len(numbers))],
        columns=[f"i{j}" for j in range(len(numbers[0]))],
    )


def test_by_hand():
    gap = productivity_gap(
        frame([[60.0, 40], [20, 240]]), frame([[8.0, 2], [2, 8]]), reference="R1"
    )
    assert gap.reference_productivity == 26
    # shares .8/.2 against .2/.8; productivity 7.5/20 against 10/30
    assert gap.composition.loc["R0"].tolist() == pytest.approx([0.6 * 8.75, -0.6 * 25])
    assert gap.within.loc["R0"].tolist() == pytest.approx([0.5 * -2.5, 0.5 * -10])
    assert gap.regions.loc["R1", ["gap", "composition", "within"]].tolist() == [0, 0, 0]


@settings(max_examples=80, deadline=None)
@given(
    arrays(float, (4, 5), elements=st.integers(0, 50).map(float)),
    arrays(float, (4, 5), elements=st.floats(0.01, 100)),
    st.sampled_from([None, "R2"]),
)
def test_the_two_parts_sum_to_the_gap_exactly(jobs, productivity, reference):
    jobs[:, 0] += 1  # every region works in something
    jobs[0] += 1  # and every industry is somewhere
    gap = productivity_gap(frame(jobs * productivity), frame(jobs), reference=reference)
    parts = gap.regions["composition"] + gap.regions["within"]
    assert np.allclose(parts, gap.regions["gap"], rtol=0, atol=1e-9)
    assert np.allclose(gap.composition.sum(axis=1), gap.regions["composition"])
    assert np.allclose(gap.within.sum(axis=1), gap.regions["within"])


def test_only_composition_and_only_within():
    jobs = frame([[9.0, 1], [1, 9]])
    same = productivity_gap(jobs * [10.0, 30.0], jobs)
    assert same.regions["within"].abs().max() < 1e-12
    assert same.within_share == pytest.approx(0)
    jobs = frame([[5.0, 5], [10, 10]])
    output = jobs.mul([1.0, 2.0], axis=0) * [10.0, 30.0]
    better = productivity_gap(output, jobs)
    assert better.regions["composition"].abs().max() < 1e-12
    assert better.within_share == pytest.approx(1)


def test_an_industry_a_region_does_not_have_is_composition():
    gap = productivity_gap(frame([[10.0, 0], [10, 90]]), frame([[1.0, 0], [1, 3]]), reference="R1")
    assert gap.within.loc["R0", "i1"] == 0
    assert gap.composition.loc["R0", "i1"] == pytest.approx(-0.75 * 30)
    other = productivity_gap(
        frame([[10.0, 0], [10, 90]]), frame([[1.0, 0], [1, 3]]), reference="R0"
    )
    assert other.composition.loc["R1", "i1"] == pytest.approx(0.75 * 30)


def test_planted_regions(productivity):
    output, jobs, kinds = productivity
    regions = productivity_gap(output, jobs).regions
    well, ill = kinds[kinds == "chosen well"].index, kinds[kinds == "chosen ill"].index
    assert (regions.loc[well, "composition"] > 0.9 * regions.loc[well, "gap"]).all()
    assert (regions.loc[ill, "composition"] < -4).all()
    assert (regions.loc[ill, "within"] > 14).all()
    assert regions.loc[ill, "productivity"].min() > regions.loc[well, "productivity"].max()


@pytest.mark.parametrize(
    ("output", "jobs", "message"),
    [
        ([[1.0, 2], [3, 4]], [[1.0, 2], [0, 0]], "has output but no employment"),
        ([[1.0, 2], [0, 0]], [[1.0, 2], [0, 0]], "region 'R1' has no employment"),
        ([[1.0, 0], [1, 0]], [[1.0, 0], [1, 0]], "industry 'i1' has no employment anywhere"),
        (
            [[1.0, -2], [3, 4]],
            [[1.0, 2], [3, 4]],
            "output: region 'R0', industry 'i1': value -2 is negative",
        ),
        (
            [[1.0, 2], [3, 4]],
            [[1.0, np.nan], [3, 4]],
            "employment: 1 cells are unknown, the first at region 'R0', industry 'i1'",
        ),
    ],
)
def test_bad_numbers(output, jobs, message):
    with pytest.raises(ValueError, match=message):
        productivity_gap(frame(output), frame(jobs))


def test_bad_labels():
    table = frame([[1.0, 2], [3, 4]])
    with pytest.raises(ValueError, match="same industries; 'i1' is in only one"):
        productivity_gap(table, table.rename(columns={"i1": "i9"}))
    with pytest.raises(ValueError, match="same regions"):
        productivity_gap(table, table.iloc[:1])
    with pytest.raises(ValueError, match="'R9' is no region"):
        productivity_gap(table, table, reference="R9")
    reordered = productivity_gap(table, table[["i1", "i0"]].iloc[::-1])
    assert reordered.regions["gap"].abs().max() == 0


@pytest.mark.realdata
def test_pay_of_us_states(real_data):
    """Pay per employee, 50 states, industries of three digits: 81 % of the spread is within them."""
    long = pd.read_csv(real_data / "us_cbp_state" / "cbp_avg2012_2016_state_naics3.csv")
    long = long[(long["emp"] > 0) & (long["payann_kusd"] > 0)]  # the rest is suppressed
    pay = long.pivot_table(index="state", columns="naics3", values="payann_kusd", fill_value=0)
    jobs = long.pivot_table(index="state", columns="naics3", values="emp", fill_value=0)
    gap = productivity_gap(pay, jobs)
    assert np.allclose(gap.regions["composition"] + gap.regions["within"], gap.regions["gap"])
    assert len(gap.regions) == 50
    assert round(gap.within_share, 2) == 0.81
