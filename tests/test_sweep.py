"""Many runs in one tidy table, the same wherever they run."""

from dataclasses import dataclass
from typing import Annotated, Literal

import joblib
import numpy as np
import pandas as pd
import pytest

from clusterlab.agglomeration import dartboard
from clusterlab.parameters import Parameter, model
from clusterlab.sweep import sweep


@dataclass(frozen=True)
class Area:
    area: float
    label: str
    sides: int


@model
def area(
    *,
    width: Annotated[float, Parameter("width", 0, 2)] = 1,
    count: Annotated[int, Parameter("count", 1, 4)] = 1,
    kind: Annotated[Literal["one", "two"], Parameter("kind")] = "one",
    height: float = 1,
):
    return width * count * height * (2 if kind == "two" else 1)


@model
def noise(*, width: Annotated[float, Parameter("width", 0, 2)] = 1, seed: object = 0):
    return float(np.random.default_rng(seed).normal() * width)


def quiet(*args, **options):
    return sweep(*args, progress=False, **options)


def test_grid_in_order():
    table = quiet(area, {"width": [2, 1], "count": [3, 1, 2]})
    assert table.columns.tolist() == ["width", "count", "value"]
    assert table["width"].tolist() == [2, 2, 2, 1, 1, 1]
    assert table["count"].tolist() == [3, 1, 2, 3, 1, 2]
    assert table["value"].tolist() == [6, 2, 4, 3, 1, 2]
    assert isinstance(table.index, pd.RangeIndex)


def test_n_points_between_the_ends():
    assert quiet(area, {"width": 5})["width"].tolist() == [0, 0.5, 1, 1.5, 2]
    whole = quiet(area, {"count": 4})["count"]
    assert whole.tolist() == [1, 2, 3, 4]
    assert whole.dtype.kind == "i"
    assert quiet(area, {"count": 3})["count"].tolist() == [1, 2, 4]
    assert quiet(area, {"count": 50})["count"].tolist() == [1, 2, 3, 4]
    assert quiet(area, {"width": np.int64(2)})["width"].tolist() == [0, 2]


def test_fixed_and_choices():
    table = quiet(area, {"kind": ["one", "two"]}, fixed={"height": 10.0, "count": 2})
    assert table["value"].tolist() == [20, 40]
    assert quiet(area, {}, fixed={"height": 3.0})["value"].tolist() == [3]


def test_what_is_kept():
    def whole(*, width: Annotated[float, Parameter("width", 0, 2)] = 1):
        return Area(width**2, "a", 4)

    assert quiet(whole, {"width": [1, 2]}).columns.tolist() == ["width", "area", "sides"]
    assert quiet(whole, {"width": [2]}, measure=lambda r: r.area)["value"].tolist() == [4]
    kept = quiet(whole, {"width": [2]}, measure=lambda r: {"a": r.area, "b": r.label})
    assert kept.loc[0].to_dict() == {"width": 2, "a": 4, "b": "a"}


def test_replicates_differ_and_are_reproducible():
    one = quiet(noise, {"width": [1, 2]}, replicates=3, seed=7)
    assert one["replicate"].tolist() == [0, 1, 2, 0, 1, 2]
    assert one["value"].nunique() == 6
    pd.testing.assert_frame_equal(one, quiet(noise, {"width": [1, 2]}, replicates=3, seed=7))
    other = quiet(noise, {"width": [1, 2]}, replicates=3, seed=8)
    assert not np.allclose(one["value"], other["value"])


def test_one_process_or_two_is_the_same():
    tables = []
    for n_jobs in (1, 2):
        with joblib.parallel_config(backend="loky", n_jobs=n_jobs):
            tables.append(
                quiet(
                    dartboard,
                    {"plants": [5, 9]},
                    fixed={"replicates": 20},
                    replicates=3,
                    seed=3,
                    measure=_mean_raw,
                )
            )
    pd.testing.assert_frame_equal(*tables)
    joblib.externals.loky.get_reusable_executor().shutdown(wait=True)


def _mean_raw(result):
    return result.raw.mean()


def test_a_fixed_seed_is_used():
    table = quiet(noise, {"width": [1, 1]}, fixed={"seed": 5})
    assert table["value"].nunique() == 1


def test_each_run_without_replicates_has_its_own_stream():
    assert quiet(noise, {"width": [1, 1, 1]})["value"].nunique() == 3


def test_progress_goes_to_stderr_only(capsys):
    sweep(area, {"width": [1]}, progress=False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("over", "options", "message"),
    [
        ({"wdith": [1]}, {}, "area declares no 'wdith'; did you mean 'width'"),
        ({"height": [1]}, {}, "area declares no 'height'"),
        ({"width": []}, {}, "no values to try for 'width'"),
        ({"width": 1}, {}, "'width' needs a list of values, or 2 or more points"),
        ({"kind": 3}, {}, "'kind' needs a list of values, or 2 or more points"),
        ({"width": [1, 3]}, {}, "area: width is 3, but width must be at least 0 and at most 2"),
        ({"width": [1]}, {"replicates": 3}, "area takes no seed, so all 3 replicates are equal"),
        (
            {"width": [1]},
            {"measure": lambda r: [r]},
            "area returned a list without a number; say with measure= what",
        ),
    ],
)
def test_errors(over, options, message):
    with pytest.raises(ValueError, match=message):
        quiet(area, over, **options)


def test_a_parameter_cannot_be_swept_and_fixed():
    with pytest.raises(ValueError, match="width"):
        quiet(area, {"width": [1, 2]}, fixed={"width": 0.5})


def test_replicates_of_a_fixed_seed_are_refused():
    with pytest.raises(ValueError, match="seed"):
        quiet(noise, {"width": [1]}, fixed={"seed": 5}, replicates=3)


@pytest.mark.parametrize("replicates", [0, -1])
def test_no_replicates(replicates):
    with pytest.raises(ValueError, match="replicates"):
        quiet(noise, {"width": [1]}, replicates=replicates)


def test_a_result_without_numbers_asks_for_a_measure():
    @dataclass
    class Words:
        text: str

    def words(*, width: Annotated[float, Parameter("width", 0, 2)] = 1):
        return Words("x")

    with pytest.raises(ValueError, match="measure="):
        quiet(words, {"width": [1]})


def test_what_a_model_refuses_is_noted_where_that_is_asked_for():
    def even(*, n: Annotated[int, Parameter("number", 1, 9)] = 2):
        if n % 2:
            raise ValueError(f"even: {n} is odd.")
        return n / 2

    with pytest.raises(ValueError, match="sweep: even fails at n=3: even: 3 is odd"):
        quiet(even, {"n": [2, 3]})
    runs = quiet(even, {"n": [2, 3, 4]}, refused="note")
    assert runs["value"].tolist()[::2] == [1, 2]
    assert np.isnan(runs["value"][1])
    assert runs["refused"].dropna().to_dict() == {1: "even: 3 is odd."}
    assert "refused" not in quiet(even, {"n": [2, 4]}, refused="note")
    with pytest.raises(ValueError, match="refused"):
        quiet(even, {"n": [2]}, refused="skip")
    # a fault of the model, or of the reader's own measure, is never noted away
    with pytest.raises(ValueError, match="measure fails"):
        quiet(even, {"n": [2]}, refused="note", measure=lambda result: int("x"))


def test_a_series_is_a_mapping_of_names_to_numbers():
    def parts(*, n: Annotated[int, Parameter("number", 1, 9)] = 2):
        return pd.Series({"half": n / 2, "double": 2 * n})

    assert quiet(parts, {"n": [4]})[["half", "double"]].loc[0].tolist() == [2, 8]


def test_a_measure_named_like_a_parameter():
    with pytest.raises(ValueError, match="width"):
        quiet(area, {"width": [1, 2]}, measure=lambda r: {"width": 99.0})
