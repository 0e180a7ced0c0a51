"""A parameter is declared once: checked, described, and its errors name it."""

import contextlib
import importlib
import inspect
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import pytest
from annotated_types import Ge, Gt, Le, Lt
from hypothesis import given, settings
from hypothesis import strategies as st
from numpydoc.docscrape import NumpyDocString
from pydantic import TypeAdapter
from test_surface import BUDGET, ROOT, files

from clusterlab.parameters import Parameter, declared, describe, model

#: Topics some of whose docstrings still tell declared parameters by hand.
BY_HAND = {"agglomeration", "diamond", "networks", "location", "transitions", "districts"}


@model
def trade(
    *,
    cost: Annotated[
        float, Parameter("trade cost", 1, 5, 0.05, unit="times", source="x-1999")
    ] = 1.5,
    firms: Annotated[int, Parameter("number of firms", 2, 50)] = 10,
    rule: Annotated[Literal["open", "shut"], Parameter("rule")] = "open",
    fixed: Annotated[bool, Parameter("costs fixed")] = False,
    share: Annotated[float, Parameter("share", 0.1, 0.9, admissible=(Gt(0), Lt(1)))] = 0.5,
    seed: int = 0,
):
    """Return the arguments."""
    return cost, firms, rule, fixed, share, seed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"cost": 0.5},
            "trade: cost is 0.5, but trade cost [times] must be at least 1 and at most 5.",
        ),
        (
            {"cost": 5.01},
            "trade: cost is 5.01, but trade cost [times] must be at least 1 and at mo",
        ),
        ({"cost": "dear"}, "trade: cost is 'dear', but trade cost [times] must be at least 1"),
        ({"cost": None}, "trade: cost is None, but trade cost"),
        ({"cost": float("inf")}, "trade: cost is inf, but trade cost"),
        (
            {"firms": 1},
            "trade: firms is 1, but number of firms must be a whole number, at least 2 an",
        ),
        (
            {"firms": 2.5},
            "trade: firms is 2.5, but number of firms must be a whole number, at least",
        ),
        ({"rule": "closed"}, "trade: rule is 'closed', but rule must be one of 'open', 'shut'."),
        (
            {"fixed": "maybe"},
            "trade: fixed is 'maybe', but costs fixed must be one of False, True.",
        ),
        ({"share": 0}, "trade: share is 0, but share must be above 0 and below 1."),
        ({"share": 1.0}, "trade: share is 1.0, but share must be above 0 and below 1."),
    ],
)
def test_out_of_range_names_parameter_range_and_value(options, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        trade(**options)
    assert str(caught.value).startswith(message)


def test_ends_are_admitted():
    assert trade(cost=1, firms=2)[:2] == (1, 2)
    assert trade(cost=5, firms=50)[:2] == (5, 50)
    assert trade(share=0.95)[4] == 0.95  # wider than the slider


def test_whole_numbers_may_come_as_floats_without_a_fraction():
    assert trade(firms=3.0)[1] == 3


@pytest.mark.parametrize(
    ("name", "near"), [("costs", "cost"), ("firm", "firms"), ("sead", "seed"), ("Cost", "cost")]
)
def test_unknown_keyword_suggests_the_near_one(name, near):
    with pytest.raises(TypeError, match=f"trade has no parameter {name!r}; did you mean {near!r}"):
        trade(**{name: 1})


def test_unknown_keyword_without_a_near_one():
    with pytest.raises(
        TypeError, match="no parameter 'zzzz'; it has cost, firms, rule, fixed, sha"
    ):
        trade(zzzz=1)


def test_what_is_not_declared_is_named_too():
    with pytest.raises(ValueError, match="trade: seed is 'x'"):
        trade(seed="x")


def test_a_positional_argument_is_told_to_be_named():
    with pytest.raises(TypeError, match="keyword|by name"):
        trade(1.5)


@model
def needs(*, table: list, industry: Annotated[str, Parameter("industry")] = ""):
    return table, industry


def test_a_missing_argument_is_named_without_the_others():
    with pytest.raises((TypeError, ValueError), match=r"^(?!.*ArgsKwargs).*table"):
        needs(industry="x")


def test_a_text_parameter_is_not_called_a_number():
    with pytest.raises(ValueError, match=r"^needs: industry is 3, (?!.*a number)"):
        needs(table=[], industry=3)


def test_a_model_made_inside_a_function_has_the_same_errors():
    @model
    def inner(*, cost: Annotated[float, Parameter("cost", 0, 1)] = 0):
        return cost

    with pytest.raises(
        ValueError, match="^inner: cost is 3, but cost must be at least 0 and at mo"
    ):
        inner(cost=3)


@pytest.mark.parametrize("error", [ValueError("from inside"), KeyError("key"), ZeroDivisionError()])
def test_errors_inside_a_model_pass_through(error):
    @model
    def breaks(*, a: Annotated[float, Parameter("a", 0, 1)] = 0):
        raise error

    with pytest.raises(type(error)) as caught:
        breaks(a=1)
    assert caught.value is error


def test_errors_of_a_model_inside_a_model_keep_their_words():
    @model
    def outer(*, a: Annotated[float, Parameter("a", 0, 9)] = 0):
        return trade(cost=a)

    with pytest.raises(ValueError, match="trade: cost is 7.0, but trade cost"):
        outer(a=7)


def test_validation_inside_a_model_passes_through():
    @model
    def reads(*, a: Annotated[float, Parameter("a", 0, 9)] = 0):
        return TypeAdapter(int).validate_python("x")

    with pytest.raises(ValueError, match="^1 validation error for int"):
        reads(a=7)


def test_signature_name_and_words_stay():
    assert trade.__name__ == "trade"
    assert trade.__doc__.startswith("Return the arguments.\n\nParameters\n")
    assert list(declared(trade)) == ["cost", "firms", "rule", "fixed", "share"]


def test_declared():
    entries = declared(trade)
    assert entries["cost"].default == 1.5
    assert entries["cost"].type is float
    assert entries["cost"].choices is None
    assert entries["rule"].choices == ("open", "shut")
    assert entries["fixed"].choices == (False, True)
    assert entries["cost"].parameter.source == "x-1999"
    assert list(entries["firms"].parameter) == [Ge(2), Le(50)]


def test_describe():
    table = describe(trade)
    assert table.index.tolist() == ["cost", "firms", "rule", "fixed", "share"]
    assert table.index.name == "parameter"
    assert table.loc["cost"].to_dict() == {
        "meaning": "trade cost",
        "default": 1.5,
        "range": "at least 1 and at most 5",
        "unit": "times",
        "source": "x-1999",
    }
    assert table.loc["share", "range"] == "above 0 and below 1"
    assert table.loc["rule", "range"] == "one of 'open', 'shut'"


@given(
    st.from_type(declared(trade)["cost"].annotation),
    st.from_type(declared(trade)["firms"].annotation),
    st.from_type(declared(trade)["share"].annotation),
)
@settings(max_examples=50, deadline=None)
def test_hypothesis_reads_the_same_limits(cost, firms, share):
    assert 1 <= cost <= 5
    assert 2 <= firms <= 50
    assert 0 < share < 1
    assert trade(cost=cost, firms=firms, share=share)[:2] == (cost, firms)


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=50, deadline=None)
def test_a_value_is_accepted_exactly_within_its_range(cost):
    if 1 <= cost <= 5:
        assert trade(cost=cost)[0] == cost
    else:
        with pytest.raises(ValueError, match="at least 1 and at most 5"):
            trade(cost=cost)


@dataclass(frozen=True)
class Place:
    slope: Annotated[float, Parameter("slope", 0, 3, admissible=(Ge(0),))] = 1.2
    open: Annotated[float, Parameter("openness", 0, 1)] = 0.7


@model
def on_a_place(
    *, start: Annotated[float, Parameter("start", 0, 1)] = 0.3, **place: Annotated[float, Place]
):
    return Place(**place), start


def test_many_parameters_are_fields_of_a_dataclass():
    assert list(declared(Place)) == ["slope", "open"]
    assert list(declared(on_a_place)) == ["slope", "open", "start"]
    assert declared(on_a_place)["open"].default == 0.7
    assert describe(on_a_place).loc["slope", "range"] == "at least 0"
    assert on_a_place(slope=5) == (Place(slope=5.0), 0.3)
    assert list(inspect.signature(on_a_place).parameters) == ["start", "slope", "open"]
    for wrong, told in (
        ({"slope": -1}, "on_a_place: slope is -1, but slope must be at least 0"),
        ({"slope": "1"}, "slope is '1'"),
        ({"slope": np.inf}, "slope is inf"),
        ({"open": 2}, "openness must be at least 0 and at most 1"),
        ({"start": 2}, "start is 2"),
    ):
        with pytest.raises(ValueError, match=told):
            on_a_place(**wrong)
    for wrong in ({"slop": 1}, {"place": 1}):
        with pytest.raises(TypeError, match="on_a_place has no parameter"):
            on_a_place(**wrong)


def test_a_docstring_tells_each_declared_parameter_once_in_the_order_of_the_signature():
    @model
    def priced(
        *,
        table: list,
        cost: Annotated[float, Parameter("trade cost", 1, 5, unit="times", source="x-1999")] = 1.5,
        firms: Annotated[int, Parameter("firms", 2, reason="One is no market.")],
        open: Annotated[bool, Parameter("open", details="Shut: nothing crosses.")] = False,
        rule: Annotated[Literal["a", "b"], Parameter("rule")] = "a",
        low: float = 0,
        high: Annotated[float, Parameter("not told again", 0, 1)] = 1,
        seed: int = 0,
    ):
        """Price what is sold.

        More.

        Parameters
        ----------
        table : list
            What is sold.

        low, high : float
            By hand,
            in two lines.
        seed : int

        Returns
        -------
        float
        """

    assert (
        priced.__doc__
        == """Price what is sold.

More.

Parameters
----------
table : list
    What is sold.
cost : float, at least 1 and at most 5 [times], default 1.5
    Trade cost. Source: x-1999.
firms : int, at least 2
    Firms. One is no market.
open : bool, default False
    Open. Shut: nothing crosses.
rule : {'a', 'b'}, default 'a'
    Rule.
low, high : float
    By hand,
    in two lines.
seed : int

Returns
-------
float"""
    )


def test_the_section_is_made_where_there_is_none_and_no_docstring_stays_none():
    def short(*, a: Annotated[float, Parameter("a", 0, 1)] = 0):
        """Do.

        Returns
        -------
        None
        """

    assert model(short).__doc__.split("\n\n")[1].startswith("Parameters\n----------\na : float, ")
    assert model(short).__doc__.endswith("Returns\n-------\nNone")
    short.__doc__ = None
    assert model(short).__doc__ is None


def by_hand(part):
    """Yield the declared parameters that a docstring of a part's models tells again."""
    for path in files(part):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = importlib.import_module(dotted.removesuffix(".__init__"))
        for name, thing in vars(module).items():
            if getattr(thing, "__wrapped__", None) and thing.__module__ == module.__name__:
                doc = NumpyDocString(inspect.getdoc(inspect.unwrap(thing)) or "")
                told = {each.strip() for entry in doc["Parameters"] for each in entry[0].split(",")}
                with contextlib.suppress(NameError):  # hints of a plot, for a type checker alone
                    yield from (f"{dotted}.{name}: {each}" for each in told & {*declared(thing)})


@pytest.mark.parametrize("part", BUDGET)
def test_no_docstring_tells_a_declared_parameter_by_hand(part):
    found = sorted(by_hand(part))
    if found and part in BY_HAND:
        pytest.skip(f"not yet: {len(found)}")
    assert not found, "\n".join(found)
