"""Runs come back as they went in; nothing that lies in the folder breaks the listing."""

import os
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
from daskcnn.store import SCHEMA, Store, default_path, new_id
from daskcnn.store.row import TEXTS
from tests.runs import make_run


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


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    columns=st.lists(values, max_size=4),
    texts=st.fixed_dictionaries(dict.fromkeys(TEXTS, text)),
    attrs=st.dictionaries(st.sampled_from("abc"), text | st.integers(-9, 9) | st.floats(allow_nan=False)),
)
def test_any_text_number_and_flag_comes_back(
    store: Store, columns: list[NDArray[Any]], texts: dict[str, str], attrs: dict[str, object]
) -> None:
    root = xr.Dataset(texts | {"workers": 2, "images": 9}, attrs={"run": new_id(), "schema": SCHEMA})
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
    assert {"run", "network", "chunks", "engine", "cluster", "workers", "images"} <= set(table.coords)
    assert {"seconds", "speedup"} <= set(table.data_vars)
    assert table.attrs["unreadable"] == []


def test_what_a_run_lacks_is_blank(store: Store) -> None:
    whole, short = make_run(1), make_run(2, note="more")
    store.append(whole)
    store.append(xr.DataTree(short.to_dataset().drop_vars("accuracy")))
    table = store.runs()
    assert np.isnan(table["accuracy"].values).tolist() == [False, True]
    assert table["note"].values.tolist() == ["", "more"]


def test_runs_may_differ_in_what_they_hold(store: Store) -> None:
    store.append(make_run(1, run="a", note="text", flag=True, when=np.datetime64("2026-11-20", "ns")))
    store.append(make_run(2, run="b", note=3, flag="no", extra=np.complex128(1j)))
    root = make_run(3).to_dataset().assign({"run": "other", "many": ("x", [1, 2])})
    store.append(xr.DataTree(root.assign_attrs(run="c")))
    table = store.runs()
    assert table["run"].values.tolist() == ["a", "b", "c"] and table.attrs["unreadable"] == []
    assert table["note"].values.tolist() == ["text", "3", ""] and table["flag"].values.tolist() == ["1", "no", ""]
    assert "extra" not in table and "many" not in table


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
    assert store.ids() == []


def test_a_folder_is_not_removed(store: Store) -> None:
    store.append(make_run())
    (store.path / "x.nc").mkdir()
    with pytest.raises(RunError, match=r"x\.nc' is a folder.*by other means"):
        store.remove("x")
    assert store.runs().attrs["unreadable"] == ["x"]


def test_a_run_may_take_the_place_of_another(store: Store) -> None:
    for seed in (1, 2):
        assert store.replace(make_run(seed, run="same")) == "same"
    xr.testing.assert_identical(store.open("same"), make_run(2, run="same"))
    assert store.runs()["seconds"].item() == make_run(2)["seconds"].item() and store.ids() == ["same"]


def test_a_copied_file_is_a_run_of_its_own_name(store: Store) -> None:
    name = store.append(make_run())
    (store.path / "copy.nc").write_bytes((store.path / f"{name}.nc").read_bytes())
    copy = store.open("copy")
    assert copy.attrs["run"] == "copy" == store.replace(copy)
    assert store.open(name).attrs["run"] == name


def test_of_two_writers_of_one_id_the_second_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_run(1, run="same"), make_run(2, run="same")
    write = xr.DataTree.to_netcdf

    def slowly(tree: xr.DataTree, *args: Any, **kwargs: Any) -> Any:
        """Another process is quicker."""
        image = write(tree, *args, **kwargs)
        monkeypatch.undo()
        store.append(first)
        return image

    monkeypatch.setattr(xr.DataTree, "to_netcdf", slowly)
    with pytest.raises(UsageError, match=r"'same' is in .* already"):
        store.append(second)
    xr.testing.assert_identical(store.open("same"), first)


def test_what_no_listing_would_show_is_not_kept(store: Store) -> None:
    for stem, dataset in foreign().items():
        with pytest.raises(UsageError, match=f"'{stem}' is no run: .*schema = {SCHEMA}.*network.*workers.*metrics"):
            store.append(xr.DataTree(dataset.assign_attrs(run=stem)))
    assert list(store.path.iterdir()) == []


def test_a_store_has_a_name() -> None:
    with pytest.raises(UsageError, match="store '' is no folder"):
        Store("")  # type: ignore[arg-type]


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
    end = len(run.rstrip(b"\0"))  # zeros may follow
    cuts = {f"cut{n}": run[:n] for n in (7, 100, end // 2, end - 1)}
    return {"empty": b"", "text": b"not a run\n" * 99, "head": run[:600] + bytes(len(run) - 600), **cuts}


def test_damaged_files_are_named_and_skipped(store: Store) -> None:
    name = store.append(make_run())
    files = damaged((store.path / f"{name}.nc").read_bytes())
    for stem, content in files.items():
        (store.path / f"{stem}.nc").write_bytes(content)
    (store.path / "folder.nc").mkdir()
    (store.path / "link.nc").symlink_to("nowhere")
    os.mkfifo(store.path / "pipe.nc")
    others = ("folder", "link", "pipe")
    for hidden in (".nc", ".hidden.nc"):
        (store.path / hidden).write_text("mine")
    table = store.runs()
    assert table["run"].values.tolist() == [name]
    assert table.attrs["unreadable"] == sorted([*files, *others])
    for stem in (*files, *others):
        with pytest.raises(RunError, match=f"{stem}.nc' cannot be read") as error:
            store.open(stem)
        assert "\n" not in str(error.value)


def foreign() -> dict[str, xr.Dataset]:
    root = make_run().to_dataset()
    return {
        "other": xr.Dataset({"temperature": ("time", [1.0, 2.0])}),
        "none": root.assign_attrs(schema=0),
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
        with pytest.raises(RunError, match=f"{stem}.nc' is not a run of schema 1 to {SCHEMA}"):
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


def test_default_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASKCNN_STORE", raising=False)
    assert default_path() == Path("daskcnn-runs")
    monkeypatch.setenv("DASKCNN_STORE", "/elsewhere")
    assert default_path() == Path("/elsewhere")


def test_new_ids_are_plain_and_differ() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(name) == len("20261120T033013-4f2a91") for name in ids)
