"""What is said about an unknown name."""

import pytest

from clusterlab.names import did_you_mean


@pytest.mark.parametrize(
    ("name", "known", "end"),
    [
        ("hover", ["gini", "hoover"], "; did you mean 'hoover'?"),
        (" HOOVER", ["gini", "hoover"], "; did you mean 'hoover'?"),
        ("hub", ["thumb", "hub-and-spoke"], "; did you mean 'hub-and-spoke'?"),
        (31, [3312, "wine"], "; did you mean '3312'?"),
        ("x", ["gini"], "."),
        ("", ["gini"], "."),
        ("x", [], "."),
    ],
)
def test_ends(name, known, end):
    assert did_you_mean(name, known) == end


def test_without_a_near_name_it_says_what_there_is():
    assert did_you_mean("x", ["gini", "hoover"], "there are") == "; there are gini, hoover."
    many = did_you_mean("x", range(100, 120), "there are")
    assert many == f"; there are {', '.join(map(str, range(100, 112)))}, …."
    assert did_you_mean("ginni", ["gini"], "there are") == "; did you mean 'gini'?"
