"""A Zarr store: chunks that suit blocks, written by many at once, there whole or not at all."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product
from math import prod
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
import xarray as xr
import zarr
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import RunError, UsageError
from daskcnn.region import Grid, Region, Shape, blocks_of, chunks, cut, shape_of
from daskcnn.sink import MOST, Target, aligned, chunk_shape, sink, write_block
from tests import strategies

TWO_ROWS: Grid = ((0, 2), (0, 3))
ONE = np.ones((2, 3), np.float32)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Of one to four axes, cut anyhow."""
    return draw(strategies.grids(tuple(draw(st.lists(st.integers(1, 40), min_size=1, max_size=4)))))


def touched(region: Region, sides: Shape) -> set[tuple[int, ...]]:
    """The chunks of which a region has an element."""
    return set(product(*({place // side for place in range(*own)} for own, side in zip(region, sides, strict=True))))


@given(grid=grids(), other=grids(), itemsize=st.sampled_from([1, 4, 8]))
def test_no_two_blocks_share_a_chunk(grid: Grid, other: Grid, itemsize: int) -> None:
    # Of this layout, or of any other that the array was made for.
    for made_for in (grid, *([other] if len(other) == len(grid) else [])):
        sides = chunk_shape(made_for, itemsize)
        found = aligned(grid, sides)
        assert [bounds[0] for bounds in found] == [0] * len(grid)
        assert [bounds[-1] for bounds in found] == [bounds[-1] for bounds in grid]
        assert all(size > 0 for sizes in chunks(found) for size in sizes)
        chunks_of = [touched(region, sides) for region in blocks_of(found)]
        assert sum(map(len, chunks_of)) == len(set().union(*chunks_of))


@given(grid=grids(), itemsize=st.sampled_from([1, 4, 8, 2**22, 2**23]))
def test_a_chunk_is_no_longer_than_a_block_nor_larger_than_it_may_be(grid: Grid, itemsize: int) -> None:
    sides = chunk_shape(grid, itemsize)
    assert all(1 <= side <= max(sizes) for side, sizes in zip(sides, chunks(grid), strict=True))
    assert prod(sides) * itemsize <= MOST


@given(size=st.integers(8, 5000), parts=st.integers(1, 8))
def test_even_blocks_are_nearly_the_chunks(size: int, parts: int) -> None:
    bounds = cut(size, parts)
    sides = chunk_shape((bounds,), itemsize=4)
    (found,) = aligned((bounds,), sides)
    assert 4 * sides[0] > size // parts
    assert sum(abs(a - b) for a, b in zip(bounds, found, strict=True)) <= parts * (parts - 1) / 2


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        (((0, 1000),), (1000,)),
        (((0, 100, 300, 600),), (100,)),
        (((0, 4, 8), (0, 5, 9)), (4, 5)),
        (((0, 40, 80), (0, 3), (0, 1022), (0, 1022)), (1, 3, 1022, 1022)),
        (((0, 1), (0, 3), (0, 10_000), (0, 10_000)), (1, 1, 419, 10_000)),
    ],
)
def test_chunks_that_are_known(grid: Grid, expected: Shape) -> None:
    assert chunk_shape(grid, itemsize=4) == expected


@contextmanager
def at_once(blocks: int) -> Iterator[ThreadPoolExecutor]:
    """So many threads that begin together."""
    barrier = Barrier(blocks)
    with ThreadPoolExecutor(blocks, initializer=barrier.wait) as threads:
        yield threads


@given(data=st.data(), grid=grids(), dtype=st.sampled_from(["f4", "i8"]))
def test_blocks_written_at_once_are_all_there(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, grid: Grid, dtype: str
) -> None:
    shape = tuple(bounds[-1] for bounds in grid)
    # Zeros too: what is not written reads as 0, and must not pass for it.
    whole = np.random.default_rng(0).integers(0, 2, shape).astype(dtype)
    store = tmp_path_factory.mktemp("at-once") / "out.zarr"
    with sink(store, {"a": (grid, dtype)}) as targets:
        target: Target = pickle.loads(pickle.dumps(targets["a"]))
        regions = data.draw(st.permutations(blocks_of(aligned(grid, target.chunks))))
        parts = [whole[tuple(slice(*side) for side in region)] for region in regions]
        with at_once(len(regions)) as threads:
            written = threads.map(lambda part, region: write_block(part, target, region), parts, regions)
            assert sum(written) == whole.nbytes
    np.testing.assert_array_equal(zarr.open_array(store / "a", mode="r")[:], whole, strict=True)
    assert sum(file.stat().st_size for file in (store / "a/c").rglob("*") if file.is_file()) >= whole.nbytes


def test_outputs_are_labelled_arrays(tmp_path: Path) -> None:
    grids: dict[str, tuple[Grid, str]] = {
        "conv1": (((0, 2), (0, 3), (0, 4), (0, 5)), "f4"),
        "predict": (((0, 2),), "i8"),
        "/a/b%2F ü": (((0, 2), (0, 3), (0, 4), (0, 5), (0, 6)), "f4"),
    }
    with sink(tmp_path / "out.zarr", grids) as targets:
        for target, (grid, dtype) in zip(targets.values(), grids.values(), strict=True):
            whole = tuple((0, bounds[-1]) for bounds in grid)
            write_block(np.ones(shape_of(whole), dtype), target, whole)
    with xr.open_zarr(tmp_path / "out.zarr", consolidated=False) as found:
        assert found["conv1"].dims == ("image", "conv1.channel", "conv1.height", "conv1.width")
        assert found["predict"].dims == ("image",)
        assert {array.attrs["layer"]: array.shape for array in found.values()} == {
            name: tuple(bounds[-1] for bounds in grid) for name, (grid, _) in grids.items()
        }


def test_a_name_that_an_array_cannot_have_is_refused(tmp_path: Path) -> None:
    for name in ("", ".", "..", "zarr.json"):
        with (
            pytest.raises(UsageError, match="cannot be the name of an array"),
            sink(tmp_path / "a", {name: (TWO_ROWS, "f4")}),
        ):
            pytest.fail("made")
    assert not list(tmp_path.iterdir())


def test_nothing_is_there_before_the_end_nor_anything_else_after(tmp_path: Path) -> None:
    store = tmp_path / "new" / "out.zarr"
    with sink(store, {"a": (TWO_ROWS, "f4")}) as targets:
        write_block(ONE, targets["a"], ((0, 2), (0, 3)))
        assert not store.exists()
    assert list(store.parent.iterdir()) == [store]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with sink(tmp_path / "a", {"a": (TWO_ROWS, "f4")}) as targets:
        write_block(ONE, targets["a"], ((0, 2), (0, 3)))
    assert zarr.open_array(tmp_path / "a" / "a", mode="r").shape == (2, 3)


@pytest.mark.parametrize("folder", [False, True])
def test_a_path_that_is_taken_is_refused_and_left_alone(tmp_path: Path, folder: bool) -> None:
    taken = tmp_path / "a"
    if folder:
        taken.mkdir()
    mine = taken / "mine" if folder else taken
    mine.write_text("mine")
    with pytest.raises(UsageError, match=r"a: is there already"), sink(taken, {"a": (TWO_ROWS, "f4")}):
        pytest.fail("made")
    assert mine.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [taken]


def test_a_path_that_is_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    with (
        pytest.raises(RunError, match=r"a: cannot be written"),
        sink(tmp_path / "a", {"a": (TWO_ROWS, "f4")}) as targets,
    ):
        write_block(ONE, targets["a"], ((0, 2), (0, 3)))
        (tmp_path / "a").mkdir()
        (tmp_path / "a/mine").write_text("mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "mine"]


def test_a_block_that_is_missing_is_told(tmp_path: Path) -> None:
    grid: Grid = ((0, 2, 4, 6), (0, 3))
    with (
        pytest.raises(RunError, match=r"out: 1 of 3 chunks of a were written"),
        sink(tmp_path / "out", {"a": (grid, "f4")}) as targets,
    ):
        write_block(np.zeros((2, 3), np.float32), targets["a"], ((2, 4), (0, 3)))
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), sink(tmp_path / "out", {"a": (TWO_ROWS, "f4")}) as targets:
        write_block(ONE, targets["a"], ((0, 2), (0, 3)))
        raise KeyError
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_to_is_a_failed_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"file/out: cannot be written"), sink(tmp_path / "file/out", {}):
        pytest.fail("made")
    with pytest.raises(RunError, match=r"gone: cannot be written .*choose a folder .* every worker sees"):
        write_block(ONE, Target(tmp_path / "gone", (2, 3)), ((0, 2), (0, 3)))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
