"""A tree as the bytes of a NetCDF-4 file, and back.

Straight through HDF5, with xarray's own encoding of values: a run has a hundred variables, and h5netcdf looks each of
them up two dozen times, which takes five times as long.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import h5py  # type: ignore[import-untyped]
import numpy as np
import xarray as xr
from h5py import h5o, h5r
from xarray import conventions

TEXT = h5py.string_dtype()
BARE = "This is a netCDF dimension but not a netCDF variable."
"""How the name begins of the scale of a dimension that has no coordinates."""
OF_HDF5 = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Coordinates", "_Netcdf4Dimid", "_NCProperties"}
"""Attributes that tie variables to dimensions."""
CHUNK = 1024
"""Elements of a chunk of what has no length: NetCDF knows it as a dimension without limit."""

Scales = dict[int, str]
"""Name of each dimension by the place of its scale in the file."""


def image(tree: xr.DataTree) -> bytes:
    """The bytes of a file of a tree, each node a group with dimensions of its own.

    Examples
    --------
    >>> import tempfile
    >>> tree = xr.DataTree(xr.Dataset({"layer": ("task", ["conv1", "dense1"])}, {"task": [3, 4]}, {"run": "a"}))
    >>> file = Path(tempfile.mkdtemp()) / "a.nc"
    >>> _ = file.write_bytes(image(tree))
    >>> read(file).identical(tree), xr.open_dataset(file).identical(tree.dataset)
    (True, True)
    """
    with h5py.File.in_memory(track_order=True) as hdf5:
        numbers = count()
        for node in tree.subtree:
            group = hdf5 if node is tree else hdf5.create_group(node.path, track_order=True)
            _fill(group, node.to_dataset(inherit=False), numbers)
        hdf5.attrs["_NCProperties"] = np.bytes_(f"version=2,h5py={h5py.__version__}")
        hdf5.flush()
        written: bytes = hdf5.id.get_file_image()
        return written


def read(file: Path) -> xr.DataTree:
    """The tree of a file, in memory."""
    with h5py.File(file) as hdf5:
        return xr.DataTree.from_dict(dict(_nodes(hdf5, {})))


def _fill(group: Any, dataset: xr.Dataset, numbers: Iterator[int]) -> None:
    """Write a node."""
    variables, attrs = conventions.cf_encoder(*conventions.encode_dataset_coordinates(dataset))
    _attach(group, attrs)
    scales = {}
    for dimension, size in dataset.sizes.items():
        name = str(dimension)
        if name in variables:
            scales[name] = _write(group, name, variables[name])
            scales[name].make_scale(name)
        else:
            scales[name] = group.create_dataset(name, (size,), ">f4", track_order=True, **_layout((size,)))
            scales[name].make_scale(f"{BARE}{size:10}")
        scales[name].attrs["_Netcdf4Dimid"] = np.int32(next(numbers))
    for name, variable in variables.items():
        if name not in scales:
            written = _write(group, str(name), variable)
            for axis, dimension in enumerate(variable.dims):
                written.dims[axis].attach_scale(scales[dimension])


def _write(group: Any, name: str, variable: xr.Variable) -> Any:
    """Write a variable; its dimensions are still to be attached."""
    values = variable.values
    kind = TEXT if values.dtype.kind in "OU" else values.dtype
    values = values.astype(object) if kind is TEXT else values
    layout = _layout(values.shape) | {"fillvalue": variable.attrs.get("_FillValue"), "track_order": True}
    written = group.create_dataset(name, data=values, dtype=kind, **layout)
    _attach(written, variable.attrs)
    return written


def _layout(shape: tuple[int, ...]) -> dict[str, Any]:
    """How to lay out an array, if not in one piece."""
    if all(shape):
        return {}
    return {"maxshape": tuple(n or None for n in shape), "chunks": tuple(n or CHUNK for n in shape)}


def _attach(item: Any, attrs: Mapping[Any, Any]) -> None:
    """Write attributes, a number as an array of one as NetCDF has it."""
    for name, value in attrs.items():
        number = np.isscalar(value) and not isinstance(value, str)
        item.attrs[name] = np.atleast_1d(value) if number else value


def _nodes(group: Any, scales: Scales, path: str = "/") -> Iterator[tuple[str, xr.Dataset]]:
    """A group and those inside it, by path."""
    items = dict(group.items())
    arrays = {name: item for name, item in items.items() if isinstance(item, h5py.Dataset)}
    own = {_place(item): name for name, item in arrays.items() if "CLASS" in item.attrs}
    scales = scales | own
    bare = {name for name in own.values() if _text(arrays[name].attrs["NAME"]).startswith(BARE)}
    variables = {
        name: xr.Variable((name,) if name in own.values() else _dimensions(item, scales), _values(item), _attrs(item))
        for name, item in arrays.items()
        if name not in bare
    }
    yield path, xr.decode_cf(xr.Dataset(variables, attrs=_attrs(group))).load()
    for name, item in items.items():
        if isinstance(item, h5py.Group):
            yield from _nodes(item, scales, f"{path.rstrip('/')}/{name}")


def _dimensions(item: Any, scales: Scales) -> list[str]:
    """Of a variable, by the scales that it refers to."""
    found = item.attrs["DIMENSION_LIST"] if item.shape else ()
    return [scales[_place(reference, item)] for (reference,) in found]


def _place(item: Any, of: Any = None) -> int:
    """Where in its file an array is, or one that is referred to; a name takes HDF5 a search."""
    return int(h5o.get_info(item.id if of is None else h5r.dereference(item, of.id)).addr)


def _values(item: Any) -> Any:
    return item.asstr()[...].astype(str) if h5py.check_string_dtype(item.dtype) else item[...]


def _attrs(item: Any) -> dict[str, Any]:
    """Attributes, an array of one as a number and one of texts as a list."""
    return {name: _plain(item.attrs[name]) for name in item.attrs if name not in OF_HDF5}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.tolist() if value.dtype.kind == "O" else value
        return value[0] if len(value) == 1 else value
    return _text(value)


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value
