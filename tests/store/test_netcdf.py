"""What is written is what xarray reads, and what xarray writes is read as xarray reads it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from daskcnn.store.netcdf import image, read
from tests.runs import make_run

SIZES = {"task": 5, "worker": 2, "none": 0}
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
dtypes = st.sampled_from([np.dtype(kind) for kind in ("?", "i1", "u2", "i8", "f4", "f8", ">i4")])
attrs = st.dictionaries(
    st.sampled_from(["units", "long_name", "other"]),
    texts | st.integers(-9, 9) | st.floats(allow_nan=False) | st.lists(texts, min_size=2, max_size=3) | st.just([1, 2]),
)


def arrays(shape: tuple[int, ...]) -> st.SearchStrategy[NDArray[Any]]:
    words = st.lists(texts, min_size=int(np.prod(shape)), max_size=int(np.prod(shape)))
    return npst.arrays(dtypes, shape) | words.map(lambda found: np.array(found, str).reshape(shape))


@st.composite
def datasets(draw: st.DrawFn) -> xr.Dataset:
    """Variables of zero to three dimensions, some of them with coordinates, and others that are coordinates."""
    found = {}
    for name in draw(st.sets(st.sampled_from("abcd"))):
        dims = draw(st.lists(st.sampled_from(sorted(SIZES)), unique=True))
        found[name] = xr.Variable(dims, draw(arrays(tuple(SIZES[dim] for dim in dims))), draw(attrs))
    numbered = draw(st.sets(st.sampled_from(sorted(SIZES))))
    coords = {name: xr.Variable(name, np.arange(SIZES[name]) * 2, draw(attrs)) for name in numbered}
    return xr.Dataset(found, coords, draw(attrs)).set_coords([name for name in found if name in "cd"])


def kinds(tree: xr.DataTree) -> dict[str, str]:
    return {f"{node.path}:{name}": own.dtype.kind for node in tree.subtree for name, own in node.variables.items()}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nodes=st.fixed_dictionaries(dict.fromkeys(("/", "/one", "/one/inner"), datasets())))
def test_xarray_reads_what_is_written_and_it_reads_what_xarray_writes(
    tmp_path: Path, nodes: dict[str, xr.Dataset]
) -> None:
    # What is above a node may not contradict it.
    tree = xr.DataTree.from_dict(nodes | {"/": nodes["/"].drop_vars(nodes["/"].coords)})
    ours, theirs = tmp_path / "ours.nc", tmp_path / "theirs.nc"
    ours.write_bytes(image(tree))
    tree.to_netcdf(theirs, engine="h5netcdf")
    with xr.open_datatree(theirs, engine="h5netcdf") as found:
        expected = found.load()
    with xr.open_datatree(ours, engine="h5netcdf") as found:
        xr.testing.assert_identical(found.load(), expected)
    for file in (ours, theirs):
        again = read(file)
        xr.testing.assert_identical(again, expected)
        assert kinds(again) == kinds(expected)


def test_a_time_and_a_complex_number_come_back(tmp_path: Path) -> None:
    tree = xr.DataTree(xr.Dataset({"when": np.datetime64("2026-11-20T03:30", "ns"), "z": ("x", [1j, 2.0])}))
    (tmp_path / "a.nc").write_bytes(image(tree))
    xr.testing.assert_identical(read(tmp_path / "a.nc"), tree)


def test_what_is_written_is_written_the_same_again(tmp_path: Path) -> None:
    first = image(make_run())
    (tmp_path / "a.nc").write_bytes(first)
    assert image(read(tmp_path / "a.nc")) == first == image(make_run())


def test_what_cannot_be_kept_is_an_error() -> None:
    with pytest.raises((TypeError, ValueError)):
        image(xr.DataTree(xr.Dataset({"a": ("x", np.array([object()]))})))
