"""What of a sweep is in a store: the newest, the fullest, nobody else's."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from daskcnn.store import Store
from daskcnn.study.configuration import Configuration
from daskcnn.study.kept import kept, latest, table
from tests.test_runs import made


def run(name: str, sweep: str, *, repeats: int = 2, pair: str = "", series: str = "spatial") -> xr.DataTree:
    """A run of a sweep; all have two workers and eight images."""
    tree = made(seconds=tuple(float(number + 1) for number in range(repeats)))
    words = {key: ((), text) for key, text in {"sweep": sweep, "pair": pair, "series": series}.items()}
    return xr.DataTree.from_dict(
        {f"{node.path}": node.to_dataset(inherit=False) for node in tree.subtree}
        | {"/": tree.to_dataset().assign(words).assign_attrs(run=name)}
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that stays as it is."""
    store = Store(tmp_path_factory.mktemp("runs"))
    store.append(run("a", "77c0-1", pair="A"))
    store.append(run("b", "77c0-1", pair="B", repeats=1))
    store.append(run("c", "77c0-1", pair="B", repeats=3))
    store.append(run("d", "77c0-1", series="batch", repeats=3))
    store.append(run("e", "77c0-2"))
    store.append(run("f", "3fa8-9", pair="A"))
    store.append(made())
    return store


def test_an_empty_store_has_nothing(tmp_path: Path) -> None:
    rows = Store(tmp_path / "none").runs()
    assert latest(rows, "77c0") == 0 and kept(rows, "77c0-1") == {}
    Store(tmp_path).append(made())
    rows = Store(tmp_path).runs()
    assert latest(rows, "77c0") == 0 and kept(rows, "77c0-1") == {}


def test_the_newest_beginning(store: Store) -> None:
    rows = store.runs()
    assert [latest(rows, own) for own in ("77c0", "3fa8", "77", "")] == [2, 9, 0, 0]


def test_the_run_of_each_configuration_with_most_repeats(store: Store) -> None:
    assert kept(store.runs(), "77c0-1") == {
        Configuration("spatial", 2, 8, "A"): ("a", 2),
        Configuration("spatial", 2, 8, "B"): ("c", 3),
        Configuration("batch", 2, 8): ("d", 3),
    }


def test_rows_with_their_repeats_and_memory_in_the_order_asked_for(store: Store) -> None:
    found = kept(store.runs(), "77c0-1")
    order = [Configuration("batch", 2, 8), Configuration("spatial", 2, 8, "A")]
    rows = table(store, {own: found[own] for own in order})
    assert rows["run"].values.tolist() == ["d", "a"]
    np.testing.assert_array_equal(rows["each_seconds"], [[1.0, 2.0, 3.0], [1.0, 2.0, np.nan]])
    np.testing.assert_array_equal(rows["peak_memory"], [[100.0, 200.0]] * 2)
    assert rows["each_seconds"].dims == ("run", "repeat") and rows["each_seconds"].units == "s"
    assert rows["peak_memory"].units == "B"
    assert rows["series"].values.tolist() == ["batch", "spatial"]
