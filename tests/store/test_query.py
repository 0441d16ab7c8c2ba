"""Runs are chosen and ordered as a plain loop over the rows would."""

import operator
from fnmatch import fnmatchcase

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.store.query import ordered, where

SIGNS = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
RUNS = xr.Dataset(
    {
        "chunks": ("run", ["batch=2", "channel=2", "batch=2,channel=2", "", "serial"]),
        "workers": ("run", [2, 2, 4, 1, 1]),
        "seconds": ("run", [0.5, 0.25, np.nan, 0.5, 2.0]),
    },
    {"run": list("abcde")},
)


def ids(runs: xr.Dataset) -> str:
    return "".join(runs["run"].values.tolist())


@pytest.mark.parametrize(
    ("conditions", "found"),
    {
        (): "abcde",
        ("chunks=batch=2",): "a",
        ("chunks=batch*",): "ac",
        ("chunks=*=2",): "abc",
        ("chunks=*c*l*",): "bc",
        ("chunks=",): "d",
        ("chunks=*",): "abcde",
        ("chunks!=batch*",): "bde",
        ("chunks = serial ",): "e",
        ("chunks=Serial",): "",
        ("chunks=s?rial",): "",
        ("chunks=[s]erial",): "",
        ("chunks>=channel",): "be",
        ("run>b", "run<=d"): "cd",
        ("workers>=2",): "abc",
        ("workers=2.0",): "ab",
        ("workers==1", "seconds<1"): "d",
        ("seconds<0.5",): "b",
        ("seconds<=0.5",): "abd",
        ("seconds!=0.5",): "bce",
        ("seconds>1e-1", "chunks=batch*"): "a",
        ("seconds<inf",): "abde",
        ("workers<1" + "0" * 400,): "abcde",
    }.items(),
)
def test_all_conditions_must_hold(conditions: tuple[str, ...], found: str) -> None:
    assert ids(where(RUNS, conditions)) == found


@given(
    st.lists(st.floats(allow_infinity=False), max_size=6),
    st.sampled_from([*SIGNS]),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_numbers_compare_as_in_python(values: list[float], sign: str, value: float) -> None:
    runs = xr.Dataset({"x": ("run", np.array(values, float))}, {"run": [str(place) for place in range(len(values))]})
    expected = [str(place) for place, own in enumerate(values) if SIGNS[sign](own, value)]
    assert where(runs, [f"x{sign}{value!r}"])["run"].values.tolist() == expected


@given(st.lists(st.text("ab.\n*", max_size=4), min_size=1, max_size=6), st.text("ab.\n*", max_size=4))
def test_stars_stand_for_any_letters(values: list[str], pattern: str) -> None:
    runs = xr.Dataset({"x": ("run", np.array(values, str))})
    expected = [text for text in values if fnmatchcase(text, pattern.strip())]
    assert where(runs, [f"x={pattern}"])["x"].values.tolist() == expected


@pytest.mark.parametrize(
    ("condition", "told"),
    {
        "network": "'network' is none",
        "=mnist": "'=mnist' is none",
        "": "'' is none",
        "<=3": "'<=3' is none",
        "worker=2": "'worker'; nearest is 'workers'",
        "workers=two": "'two' is no number",
        "workers=": "'' is no number",
        "seconds<10ms": "'10ms' is no number",
    }.items(),
)
def test_what_is_no_condition(condition: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        where(RUNS, [condition])


@pytest.mark.parametrize(
    ("by", "found"),
    {
        "seconds": "badec",
        "-seconds": "eadbc",
        "workers": "deabc",
        "-workers": "cabde",
        "chunks": "dacbe",
        "-chunks": "ebcad",
        "run": "abcde",
        "-run": "edcba",
    }.items(),
)
def test_equals_stay_in_order_and_what_lacks_a_number_is_last(by: str, found: str) -> None:
    assert ids(ordered(RUNS, by)) == found


def test_a_column_that_no_run_has() -> None:
    with pytest.raises(UsageError, match=r"no run has 'second'; nearest is 'seconds'.*daskcnn runs --json"):
        ordered(RUNS, "-second")


def test_nothing_is_chosen_of_nothing() -> None:
    none = xr.Dataset(coords={"run": np.array([], str)})
    assert where(none, ["workers>=2", "network=mnist"]).sizes["run"] == 0 == ordered(none, "seconds").sizes["run"]
