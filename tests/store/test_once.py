"""What has been opened is not read again."""

from pathlib import Path

import pytest

from daskcnn.errors import UsageError
from daskcnn.store import ReadOnce, Store
from tests.store.small import small_run


def test_a_run_is_read_once_and_those_that_are_none_each_time(tmp_path: Path) -> None:
    Store(tmp_path).append(small_run("one"))
    store = ReadOnce(tmp_path)
    found = store.open("one")
    (tmp_path / "one.nc").unlink()
    assert store.open("one") is found
    with pytest.raises(UsageError, match="no run 'two'"):
        store.open("two")
    Store(tmp_path).append(small_run("two"))
    assert store.open("two")["seconds"] == 0.25
    assert store == ReadOnce(tmp_path)
