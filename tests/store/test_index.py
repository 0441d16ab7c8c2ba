"""The index is a cache: whatever it holds, or does not, the listing is that of the files."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import xarray as xr

from daskcnn.store import Store, index, row
from daskcnn.store.index import NAME
from tests.runs import make_run
from tests.store.small import small_run

IDS = [f"run-{number}" for number in range(4)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Four runs and a file that is none."""
    store = Store(tmp_path / "runs")
    for number, name in enumerate(IDS):
        store.append(small_run(name, seconds=((), number / 4, {"units": "s", "long_name": "Time"})))
    (store.path / "zebra.nc").write_text("no run")
    return store


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of files that were read, filled as they are."""
    found: list[str] = []
    read = row.read

    def noted(file: Path) -> row.Row:
        found.append(file.stem)
        return read(file)

    monkeypatch.setattr(row, "read", noted)
    return found


def lines(store: Store) -> list[str]:
    return [line for line in (store.path / NAME).read_text().splitlines() if line]


def without(store: Store) -> xr.Dataset:
    """The table as the files alone give it."""
    (store.path / NAME).unlink(missing_ok=True)
    return store.runs()


def test_no_file_is_read_that_append_noted(store: Store, reads: list[str]) -> None:
    found = store.runs()
    assert reads == ["zebra"]
    xr.testing.assert_identical(found, without(store))
    assert sorted(reads) == sorted(["zebra", *IDS, "zebra"])
    assert found["seconds"].attrs == {"units": "s", "long_name": "Time"}


def test_what_was_read_once_is_noted(store: Store, reads: list[str]) -> None:
    without(store)
    reads.clear()
    store.runs()
    assert reads == ["zebra"] and len(lines(store)) == 4


def test_every_value_of_a_run_is_noted_as_it_is_read(store: Store) -> None:
    store.append(make_run(note='ü \n\u2028 "quoted"', ratio=float("nan"), most=float("inf"), count=2**62, flag=True))
    xr.testing.assert_identical(store.runs(), without(store))


def rewritten(store: Store) -> None:
    """Another run of the same size, a moment later."""
    file = store.path / f"{IDS[1]}.nc"
    changed, size = file.stat().st_mtime_ns, file.stat().st_size
    store.remove(IDS[1])
    store.append(small_run(IDS[1], seconds=((), 9.0, {"units": "s", "long_name": "Time"})))
    os.utime(file, ns=(changed + 1, changed + 1))
    assert file.stat().st_size == size


CHANGES: dict[str, Callable[[Store], object]] = {
    "removed": lambda store: store.remove(IDS[1]),
    "removed by hand": lambda store: (store.path / f"{IDS[1]}.nc").unlink(),
    "replaced": lambda store: store.replace(small_run(IDS[1], seconds=9.0)),
    "rewritten": rewritten,
    "damaged": lambda store: (store.path / f"{IDS[1]}.nc").write_bytes(b"\x89HDF\r\n\x1a\n"),
    "copied": lambda store: (store.path / "copy.nc").write_bytes((store.path / f"{IDS[1]}.nc").read_bytes()),
    "renamed": lambda store: (store.path / f"{IDS[1]}.nc").rename(store.path / "other.nc"),
    "exchanged": lambda store: (store.path / f"{IDS[1]}.nc").replace(store.path / f"{IDS[2]}.nc"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_files_that_change_are_read_anew(store: Store, change: Callable[[Store], object]) -> None:
    before = store.runs()
    change(store)
    found = store.runs()
    assert not found.identical(before)
    xr.testing.assert_identical(found, without(store))


def damaged(store: Store) -> dict[str, bytes]:
    """What an index may hold after an accident, or by malice; each names files that are there, as they are."""
    own = (store.path / NAME).read_bytes()
    schema, name, size, changed, values = json.loads(lines(store)[0])
    wrong: list[object] = [
        None,
        3,
        {},
        [],
        [schema, name, size, changed],
        [schema + 1, name, size, changed, values | {"seconds": 7.0}],
        [schema, [name], size, changed, values],
        [schema, name, size, changed, None],
        [schema, name, size, changed, [1]],
        [schema, name, size, changed, {}],
        [schema, name, size, changed, values | {"seconds": "fast"}],
        [schema, name, size, changed, values | {"note": [1, 2]}],
        [schema, name, size, changed, values | {"note": {"a": 1}}],
        [schema, name, size, changed, values | {"note": None}],
        [schema, name, size, changed, values | {"run": "other"}],
        [schema, name, size, changed, values | {"note": 10**400}],
        [schema, "../../etc/passwd", size, changed, values],
    ]
    told = b"\n".join(json.dumps(line).encode() for line in wrong)
    return {
        "empty": b"",
        "torn": own[: len(own) // 2],
        "torn at both ends": own[99 : len(own) - 99],
        "twice": own + own,
        "no text": bytes(range(256)) * 9,
        "deep": b"[" * 100_000,
        "long number": b"9" * 100_000,
        "wrong": told,
        "wrong after right": own + told,
    }


def test_a_damaged_index_is_passed_over(store: Store) -> None:
    expected = store.runs()
    for content in damaged(store).values():
        (store.path / NAME).write_bytes(content)
        xr.testing.assert_identical(store.runs(), expected)


def test_a_line_after_a_torn_one_counts(store: Store, reads: list[str]) -> None:
    (store.path / NAME).write_bytes((store.path / NAME).read_bytes()[:-30])
    store.append(small_run("later"))
    reads.clear()
    assert store.runs().sizes["run"] == 5
    assert sorted(reads) == [IDS[3], "zebra"]


@pytest.mark.parametrize("obstacle", ["a folder", "a link to nowhere", "a full disk"])
def test_a_store_without_an_index_works(
    store: Store, obstacle: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = store.runs()
    (store.path / NAME).unlink()
    if obstacle == "a folder":
        (store.path / NAME).mkdir()
    elif obstacle == "a link to nowhere":
        (store.path / NAME).symlink_to(tmp_path / "nowhere" / "else")
    else:
        monkeypatch.setattr(os, "write", _full)
    xr.testing.assert_identical(store.runs(), expected)
    assert store.append(small_run("later")) in store.ids()
    assert store.runs().sizes["run"] == 5


def _full(handle: int, content: bytes) -> int:
    raise OSError(28, "No space left on device")


def test_an_index_of_mostly_old_lines_is_written_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "SPARE", 4)
    expected = store.runs()
    for count in range(9):
        store.replace(small_run(IDS[0], seconds=((), float(count), {"units": "s"})))
    store.replace(small_run(IDS[0], seconds=expected["seconds"].values[0]))
    assert len(lines(store)) == 14
    xr.testing.assert_equal(store.runs(), expected)
    assert len(lines(store)) == 4
    xr.testing.assert_equal(store.runs(), expected)


def test_a_run_that_is_removed_meanwhile_is_no_trouble(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read = row.read

    def late(file: Path) -> row.Row:
        (store.path / f"{IDS[1]}.nc").unlink(missing_ok=True)
        return read(file)

    (store.path / NAME).unlink()
    monkeypatch.setattr(row, "read", late)
    table = store.runs()
    assert set(IDS) - {IDS[1]} <= set(table["run"].values.tolist()) and table.attrs["unreadable"] == ["zebra"]


def test_a_store_that_is_only_looked_at_is_not_written_to(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        Store(path).runs()
    (tmp_path / "other.nc").write_text("no run")
    Store(tmp_path).runs()
    assert [path.name for path in tmp_path.iterdir()] == ["other.nc"]
