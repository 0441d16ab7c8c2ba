"""The repeats of a run, read without the rest of it."""

from pathlib import Path

import numpy as np
import pytest

from daskcnn.errors import RunError, UsageError
from daskcnn.store import Store
from tests.runs import make_run
from tests.store.small import small_run

OLD = Path(__file__).parents[1] / "data" / "run-schema-1.nc"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_they_are_those_of_the_whole_run(store: Store) -> None:
    store.append(make_run(repeats=4, run="whole"))
    found, whole = store.repeats("whole"), store.open("whole")["metrics"].to_dataset()
    assert set(found) == set(whole)
    for name in whole:
        np.testing.assert_array_equal(found[name], whole[name])


def test_of_the_first_schema(store: Store) -> None:
    (store.path / "old.nc").write_bytes(OLD.read_bytes())
    np.testing.assert_array_equal(store.repeats("old")["seconds"], store.open("old")["metrics"].dataset["seconds"])


def test_a_run_without_any(store: Store) -> None:
    store.append(small_run("small"))
    assert not store.repeats("small")


def test_what_is_no_run(store: Store) -> None:
    (store.path / "broken.nc").write_bytes(b"nothing")
    with pytest.raises(RunError, match="cannot be read"):
        store.repeats("broken")
    with pytest.raises(UsageError, match="no run 'other'"):
        store.repeats("other")
