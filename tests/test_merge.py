"""Parts of a run, measured one after the other, give the row of the whole; nothing points to what it did not."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.merge import merged, merged_trace
from daskcnn.runs import Run
from daskcnn.store import Store
from daskcnn.trace import SCHEMA, filled, trace
from tests.test_runs import IMAGES, LABELS, NAME, made

OTHERS = np.full(IMAGES, 9)


def rows(tree: xr.DataTree) -> dict[str, Any]:
    return {str(name): variable.values for name, variable in tree.to_dataset().data_vars.items()}


@given(
    seconds=st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=6).map(tuple),
    wrong=st.sets(st.integers(0, 5)),
    lost=st.integers(0, 9),
    dropped=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    data=st.data(),
)
@settings(max_examples=15)
def test_the_row_of_the_parts_is_that_of_the_whole(
    seconds: tuple[float, ...], wrong: set[int], lost: int, dropped: tuple[int, int], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(seconds) - 1))
    answers = np.stack([OTHERS if repeat in wrong else LABELS for repeat in range(len(seconds))])
    whole = made(seconds=seconds, predictions=answers, lost=lost, dropped=sum(dropped))
    first = made(seconds=seconds[:cut], predictions=answers[:cut], lost=lost, dropped=dropped[0], peaks=(80, 200))
    then = made(seconds=seconds[cut:], predictions=answers[cut:], dropped=dropped[1], started=1000.0, peaks=(100, 200))
    found = merged(first, then)
    assert rows(found).keys() == rows(whole).keys()
    for name, value in rows(whole).items():
        np.testing.assert_array_equal(rows(found)[name], value, err_msg=name)
        assert found[name].attrs == whole[name].attrs
    # A trace has one peak of memory for all its repeats.
    memory = ["peak_memory_bytes", "memory_total_bytes"]
    xr.testing.assert_identical(
        found["metrics"].to_dataset().drop_vars(memory), whole["metrics"].to_dataset().drop_vars(memory)
    )


def test_more_than_two_parts_in_any_order_of_merging() -> None:
    a, b, c = (made(seconds=(second,), started=second) for second in (1.0, 2.0, 4.0))
    left, right = merged(merged(a, b), c), merged(a, merged(b, c))
    xr.testing.assert_identical(left, right)
    assert left["repeats"] == 3 and left.attrs == a.attrs
    assert (
        left["trace/tasks"].dataset["repeat"].values.tolist()
        == np.repeat([0, 1, 2], a["trace/tasks"].sizes["task"]).tolist()
    )


def test_what_is_merged_is_a_run(tmp_path: Any) -> None:
    tree = merged(made(seconds=(0.5, 0.25)), made(seconds=(1.0,)))
    store = Store(tmp_path)
    store.append(tree)
    again = merged(store.open(NAME), made(seconds=(2.0,)))
    assert Run(again).summary["repeats"] == 4 and Run(again).summary["seconds"] == 0.75
    assert again["trace/tasks"].sizes["task"] == 4 * again["graph"].sizes["task"]
    xr.testing.assert_identical(again["graph"].to_dataset(), tree["graph"].to_dataset())


def two(started: float, **tables: dict[str, list[Any]]) -> xr.DataTree:
    workers = {"address": ["a", "b"], "pid": [int(started), 2], "peak_memory": [int(started), 500 - int(started)]}
    nodes: dict[str, dict[str, Any]] = {**tables, "workers": workers}
    return trace({name: filled(name, own) for name, own in nodes.items()}, started=started)


def test_times_go_on_and_places_move_on() -> None:
    times = {name: [1.0, np.nan] for name, column in SCHEMA["tasks"].items() if column.units == "s"}
    tables: dict[str, dict[str, list[Any]]] = {
        "tasks": times | {"key": ["x", "y"], "repeat": [1, -1], "bytes": [7, 8]},
        "edges": {"reader": [1], "read": [0]},
        "transfers": {
            **{name: [0.5, 0.5] for name in ("start", "stop", "serialize", "deserialize")},
            **{"producer": [0, -1], "consumer": [1, -1], "gather": [0, 3], "repeat": [0, -1], "source": [1, 0]},
        },
        "memory": {"worker": [1], "time": [-2.0]},
        "events": {"time": [3.0], "duration": [4.0], "worker": [-1]},
    }
    found = merged_trace(two(100.0, **tables), two(300.0, **tables), 2)

    def values(path: str) -> list[Any]:
        node, name = path.split("/")
        listed: list[Any] = found[node].dataset[name].values.tolist()
        return listed

    durations = {"deserialize", "cpu"}
    for name in times:
        expected = [1.0, np.nan, 1.0, np.nan] if name in durations else [1.0, np.nan, 201.0, np.nan]
        assert values(f"tasks/{name}") == pytest.approx(expected, nan_ok=True), name
    assert (values("tasks/repeat"), values("tasks/key")) == ([1, -1, 3, -1], ["x", "y"] * 2)
    assert (values("edges/reader"), values("edges/read")) == ([1, 3], [0, 2])
    assert (values("transfers/producer"), values("transfers/consumer")) == ([0, -1, 2, -1], [1, -1, 3, -1])
    assert (values("transfers/gather"), values("transfers/repeat")) == ([0, 3, 4, 7], [0, -1, 2, -1])
    assert (values("transfers/start"), values("transfers/serialize")) == ([0.5, 0.5, 200.5, 200.5], [0.5] * 4)
    assert (values("memory/time"), values("memory/worker")) == ([-2.0, 198.0], [1, 1])
    assert (values("events/time"), values("events/duration")) == ([3.0, 203.0], [4.0, 4.0])
    assert (values("workers/pid"), values("workers/peak_memory")) == ([300, 2], [300, 400])
    assert found.attrs["started"] == 100.0
    assert {node: [*own.dataset] for node, own in found.children.items()} == {
        node: [*own] for node, own in SCHEMA.items()
    }


def test_a_trace_without_transfers_comes_first_or_last() -> None:
    none, some = two(0.0), two(0.0, transfers={"key": ["x"], "gather": [2], "producer": [-1]})
    for pair in ((none, some), (some, none)):
        assert merged_trace(*pair, 1)["transfers"].dataset["gather"].values.tolist() == [2]
