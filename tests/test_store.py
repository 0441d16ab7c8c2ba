"""Runs come back as they went in; nothing that lies in the folder breaks the listing."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from daskcnn.errors import RunError, UsageError
from daskcnn.row import TEXTS
from daskcnn.store import Store, default_path, new_id
from tests.runs import make_run

ROOT = Path(__file__).parent.parent


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def test_a_run_comes_back_as_it_went_in(store: Store) -> None:
    run = make_run(seed=4)
    assert store.append(run) == run.attrs["run"]
    xr.testing.assert_identical(store.open(run.attrs["run"]), run)


def test_plain_xarray_reads_a_run(store: Store) -> None:
    run = make_run()
    name = store.append(run)
    with xr.open_datatree(store.path / f"{name}.nc") as found:
        xr.testing.assert_identical(found.load(), run)


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
values = st.one_of(
    npst.arrays(npst.boolean_dtypes() | npst.integer_dtypes(endianness="="), st.integers(0, 5)),
    npst.arrays(np.float64, st.integers(0, 5)),
    st.lists(text, max_size=5).map(lambda texts: np.array(texts, dtype=str)),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    columns=st.lists(values, max_size=4),
    texts=st.fixed_dictionaries(dict.fromkeys(TEXTS, text)),
    attrs=st.dictionaries(st.sampled_from("abc"), text | st.integers(-9, 9) | st.floats(allow_nan=False)),
)
def test_any_text_number_and_flag_comes_back(
    store: Store, columns: list[NDArray[Any]], texts: dict[str, str], attrs: dict[str, object]
) -> None:
    root = xr.Dataset(texts | {"workers": 2, "images": 9}, attrs={"run": new_id(), "schema": 1})
    extra = xr.Dataset({f"v{i}": (f"d{i}", column, attrs) for i, column in enumerate(columns)}, attrs=attrs)
    run = xr.DataTree.from_dict({"/": root, "/extra": extra})
    name = store.append(run)
    xr.testing.assert_identical(store.open(name), run)
    listed = store.runs().sel(run=name)
    assert {key: listed[key].item() for key in texts} == texts
    store.remove(name)


def test_runs_is_one_row_a_run_oldest_first(store: Store) -> None:
    runs = [make_run(seed) for seed in (3, 1, 2)]
    for run in runs:
        store.append(run)
    table = store.runs()
    assert table["run"].values.tolist() == store.ids() == sorted(run.attrs["run"] for run in runs)
    assert table["seconds"].values.tolist() == [runs[i]["seconds"].item() for i in (1, 2, 0)]
    assert table["seconds"].attrs == {"units": "s", "long_name": "Time"}
    assert table["workers"].dtype == np.int64
    assert table.attrs["unreadable"] == []


def test_what_a_run_lacks_is_blank(store: Store) -> None:
    whole, short = make_run(1), make_run(2, note="more")
    store.append(whole)
    store.append(xr.DataTree(short.to_dataset().drop_vars("accuracy")))
    table = store.runs()
    assert np.isnan(table["accuracy"].values).tolist() == [False, True]
    assert table["note"].values.tolist() == ["", "more"]


def test_empty_or_absent_folder(store: Store) -> None:
    assert store.ids() == [] == store.runs().attrs["unreadable"]
    assert store.runs().sizes["run"] == 0
    assert not store.path.exists()
    with pytest.raises(UsageError, match=r"no run 'x'.*empty.*daskcnn run"):
        store.open("x")


def test_a_beginning_of_the_id_is_enough(store: Store) -> None:
    for name in ("2026-aa", "2026-aabb", "2026-cc"):
        store.append(make_run(run=name))
    assert store.find("2026-c") == "2026-cc"
    assert store.find("2026-aa") == "2026-aa"
    with pytest.raises(UsageError, match="'2026' may be any of 3"):
        store.find("2026")
    with pytest.raises(UsageError, match=r"no run '2027-cc'.*nearest is '2026-cc'.*daskcnn runs"):
        store.open("2027-cc")
    with pytest.raises(UsageError, match="no run ''"):
        store.remove("")


def test_remove(store: Store) -> None:
    name = store.append(make_run())
    (store.path / "broken.nc").write_bytes(b"")
    assert store.remove(name[:-2]) == name
    assert store.remove("broken") == "broken"
    assert list(store.path.iterdir()) == []


def test_never_overwrites(store: Store) -> None:
    name = store.append(make_run(seed=1, run="same"))
    before = (store.path / "same.nc").read_bytes()
    with pytest.raises(UsageError, match=r"'same' is in .* already"):
        store.append(make_run(seed=2, run="same"))
    assert (store.path / "same.nc").read_bytes() == before
    assert store.ids() == [name]


@pytest.mark.parametrize("name", ["../out", "a/b", ".hidden", "new\nline"])
def test_an_id_is_a_plain_name(store: Store, name: str) -> None:
    with pytest.raises(UsageError, match="not a plain name") as error:
        store.append(make_run(run=name))
    assert "\n" not in str(error.value)


def damaged(run: bytes) -> dict[str, bytes]:
    cuts = {f"cut{n}": run[:n] for n in (7, 100, len(run) // 2, len(run) - 1)}
    return {"empty": b"", "text": b"not a run\n" * 99, "head": run[:600] + bytes(len(run) - 600), **cuts}


def test_damaged_files_are_named_and_skipped(store: Store) -> None:
    name = store.append(make_run())
    files = damaged((store.path / f"{name}.nc").read_bytes())
    for stem, content in files.items():
        (store.path / f"{stem}.nc").write_bytes(content)
    (store.path / "folder.nc").mkdir()
    table = store.runs()
    assert table["run"].values.tolist() == [name]
    assert table.attrs["unreadable"] == sorted([*files, "folder"])
    for stem in (*files, "folder"):
        with pytest.raises(RunError, match=f"{stem}.nc' cannot be read") as error:
            store.open(stem)
        assert "\n" not in str(error.value)


def foreign() -> dict[str, xr.Dataset]:
    root = make_run().to_dataset()
    return {
        "other": xr.Dataset({"temperature": ("time", [1.0, 2.0])}),
        "newer": root.assign_attrs(schema=2),
        "listed": root.assign_attrs(schema=[1, 1]),
        "text": root.assign(seconds="fast"),
        "number": root.assign(chunks=3),
        "long": root.assign(workers=("repeat", [1, 2])),
        "short": root.drop_vars("network"),
    }


def test_files_that_are_no_run_are_named_and_skipped(store: Store) -> None:
    store.path.mkdir()
    for stem, dataset in foreign().items():
        dataset.to_netcdf(store.path / f"{stem}.nc", engine="h5netcdf")
    assert store.runs().attrs["unreadable"] == sorted(foreign())
    for stem in foreign():
        with pytest.raises(RunError, match=f"{stem}.nc' is not a run of schema 1"):
            store.open(stem)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "runs"):
        with pytest.raises(RunError, match=r"cannot write to store .*file") as error:
            Store(path).append(make_run())
        with pytest.raises(RunError, match=r"file is not writable"):
            Store(path).check()
        assert "\n" not in str(error.value)
        with pytest.raises(RunError, match="cannot read store"):
            Store(path).ids()


def test_check_makes_nothing(tmp_path: Path) -> None:
    Store(tmp_path / "new" / "runs").check()
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match="No space left on device"):
        store.append(make_run())
    assert list(store.path.iterdir()) == []


KILLED = """
import os, signal, sys, time
from pathlib import Path
from daskcnn import files
from daskcnn.store import Store
from tests.runs import make_run

store, run = Store(Path(sys.argv[1])), make_run()

def killed_at(call: int) -> bool:
    calls = 0
    def count(frame, event, argument):  # every call that writing a file makes, into C or Python
        nonlocal calls
        if event in ("c_call", "call") and frame.f_code.co_filename == files.__file__:
            calls += 1
            if calls == call:
                os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        try:
            run.attrs["run"] = f"call{call}"
            sys.setprofile(count)
            store.append(run)
            sys.setprofile(None)
            print(f"call{call}", flush=True)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] != 0

def killed_after(seconds: float) -> None:
    child = os.fork()
    if not child:
        try:
            while True:
                run.attrs["run"] = f"s{os.getpid()}-{time.monotonic_ns()}"
                print(store.append(run), flush=True)
        finally:
            os._exit(1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

call = 1
while killed_at(call):
    call += 1
for moment in range(8):
    killed_after(0.05 + 0.007 * moment)
print(call, file=sys.stderr)
"""


def test_a_kill_leaves_no_half_run_and_no_lost_one(store: Store) -> None:
    script = [sys.executable, "-W", "ignore", "-c", KILLED, str(store.path)]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert int(done.stderr) > 10  # places in one append where it was killed
    table = store.runs()
    assert table.attrs["unreadable"] == []
    assert set(done.stdout.split()) <= set(table["run"].values.tolist())
    assert any(file.suffix == ".part" for file in store.path.iterdir())
    for name in store.ids():
        assert store.open(name)["trace/tasks"].sizes["task"] == 72


def test_default_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASKCNN_STORE", raising=False)
    assert default_path() == Path("daskcnn-runs")
    monkeypatch.setenv("DASKCNN_STORE", "/elsewhere")
    assert default_path() == Path("/elsewhere")


def test_new_ids_are_plain_and_differ() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(name) == len("20261120T033013-4f2a91") for name in ids)
