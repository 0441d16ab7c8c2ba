"""A model from an ONNX file, which becomes a network once the shape of the images is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dask.array as da
from onnx import TensorProto, ValueInfoProto, helper

from daskcnn.apply import AnyArray
from daskcnn.errors import UsageError
from daskcnn.model import Model
from daskcnn.onnx.file import Dims, OnnxFile, read
from daskcnn.onnx.trace import Traced, trace
from daskcnn.region import Shape

FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)
BATCHES = (61, 67)
"""Numbers of images to trace with where a file says none: what comes of both alike does not depend on it."""


@dataclass(frozen=True, eq=False)
class OnnxModel:
    """A network as an ONNX file has it: sizes of images may be open, and names are those of the file.

    Call it as a `Model`; the sizes that are open are those of the arrays.
    """

    name: str
    inputs: Mapping[str, Dims]
    """Sizes by name, images along the first axis; words where the file names none."""
    outputs: tuple[str, ...]
    _file: OnnxFile = field(repr=False)

    def resolve(self, images: Shape | Mapping[str, Shape] | None = None) -> Model:
        """The network for images of a shape.

        Parameters
        ----------
        images : tuple of int, or mapping of str to tuple of int, optional
            Shape of one image, as a rule (channels, height, width); by name where there are several inputs. May be
            left out where the file says it.

        Raises
        ------
        UsageError
            A shape that does not suit the file, or what no network here can do with it, named by node, operator and
            attribute.

        Examples
        --------
        >>> from onnx import parser
        >>> model = parser.parse_model('''<ir_version: 10, opset_import: ["": 21]>
        ...     tiny (float[n, 1, h, w] x) => (float[n, 1, i, j] y) { y = MaxPool<kernel_shape = [2, 2]>(x) }''')
        >>> load_onnx(model.SerializeToString()).resolve((1, 28, 28)).shapes(batch=10)["y"]
        (10, 1, 27, 27)
        """
        return self._traced(self._by_name(images)).model

    def __call__(
        self,
        x: AnyArray | Mapping[str, AnyArray],
        chunks: str = "batch",
        *,
        outputs: Sequence[str] = (),
        **options: Any,
    ) -> da.Array | tuple[da.Array, ...]:
        """The outputs as dask arrays, cut as asked: see `Model.__call__` for the options.

        Parameters
        ----------
        x : array, or mapping of str to array
            Images, NumPy or dask, in any chunks; by name where there are several inputs.
        chunks : str
            As in `--chunks`.
        outputs : sequence of str, optional
            Tensors of the file to give instead of its outputs, intermediate ones too.

        Raises
        ------
        UsageError
            As `resolve` does; and where `outputs` names no tensor.
        """
        given = x if isinstance(x, Mapping) else dict.fromkeys(list(self.inputs)[:1], x)
        traced = self._traced(self._by_name({name: array.shape[1:] for name, array in given.items()}))
        if unknown := [name for name in outputs if name not in traced.names or name in self.inputs]:
            known = ", ".join(name for name in traced.names if name not in self.inputs)
            raise UsageError(f"{self.name} makes no tensor {unknown[0]!r}; it makes {known}")
        arrays = {traced.names[name]: array for name, array in given.items()}
        return traced.model(arrays, chunks, outputs=[traced.names[name] for name in outputs], **options)

    def _by_name(self, images: Shape | Mapping[str, Shape] | None) -> dict[str, Shape]:
        """Shapes of images by input, those of the file where none are given."""
        if isinstance(images, Mapping):
            given = dict(images)
        else:
            given = {} if images is None else dict.fromkeys(list(self.inputs)[:1], images)
        known = {name: dims[1:] for name, dims in self.inputs.items()}
        shapes: dict[str, Shape] = {}
        for name, dims in known.items():
            sizes = tuple(size for size in dims if isinstance(size, int))
            if name not in given and len(sizes) < len(dims):
                raise UsageError(f"input {name!r} of {self.name} takes images of {_text(dims)}; say of which shape")
            shapes[name] = tuple(given.get(name, sizes))
        if given.keys() - known.keys() or (images is not None and known.keys() - given.keys()):
            raise UsageError(f"{self.name} reads {', '.join(known)}; give a mapping with just these names")
        self._check(shapes)
        return shapes

    def _check(self, shapes: Mapping[str, Shape]) -> None:
        """UsageError where shapes do not suit what the file says of them."""
        open_sizes: dict[str, int] = {}
        for name, shape in shapes.items():
            dims = self.inputs[name][1:]
            alike = len(shape) == len(dims) and all(
                size == (open_sizes.setdefault(dim, size) if isinstance(dim, str) and dim != "?" else dim)
                for size, dim in zip(shape, dims, strict=True)
                if dim != "?"
            )
            if 0 in shape:
                raise UsageError(f"images of {shape} hold nothing; pass some with 1 or more along each axis")
            if not alike:
                raise UsageError(f"input {name!r} of {self.name} takes images of {_text(dims)}, not {shape}; pass such")

    def _traced(self, shapes: Mapping[str, Shape]) -> Traced:
        batches = {dims[0] for dims in self.inputs.values()}
        fixed = {size for size in batches if isinstance(size, int)}
        if len(fixed) > 1:
            raise UsageError(
                f"inputs of {self.name} hold {sorted(fixed)} images; that is not supported, use one number"
            )
        one, *others = (
            trace(self._file, {name: (batch, *shape) for name, shape in shapes.items()}) for batch in fixed or BATCHES
        )
        if not all(one.same(other) for other in others):
            raise UsageError(f"{self.name} computes with the number of images; that is not supported")
        return one


def load_onnx(source: str | Path | bytes) -> OnnxModel:
    """Load a network from an ONNX file.

    Parameters
    ----------
    source : str, Path or bytes
        The file's path, or what is in it. Data kept beside the file must lie in its folder.

    Returns
    -------
    OnnxModel

    Raises
    ------
    UsageError
        What cannot be read, is malformed, or has operators that are not supported (see docs/onnx.md).

    Examples
    --------
    >>> import numpy as np
    >>> from onnx import parser
    >>> model = parser.parse_model('''<ir_version: 10, opset_import: ["": 21]>
    ...     tiny (float[n, 1, h, w] x) => (float[n, 1, h, w] y) { r = Relu(x) y = Neg(r) }''')
    >>> net = load_onnx(model.SerializeToString())
    >>> net.inputs
    {'x': ('n', 1, 'h', 'w')}
    >>> net(np.ones((4, 1, 6, 6)), chunks="spatial=2x2", outputs=["r"])
    dask.array<r, shape=(4, 1, 6, 6), dtype=float32, chunksize=(4, 1, 3, 3), chunktype=numpy.ndarray>
    """
    file = read(source)
    inputs = {name: _dims(value) for name, value in file.inputs.items()}
    if not inputs:
        raise UsageError(f"{file.name} reads no images; give a model with an input")
    return OnnxModel(file.name, inputs, file.outputs, file)


def _dims(value: ValueInfoProto) -> Dims:
    """Sizes of an input; UsageError where it is no tensor of floats with images along its first axis."""
    tensor = value.type.tensor_type
    if tensor.elem_type not in FLOATS:
        kind = helper.printable_type(value.type)
        raise UsageError(f"input {value.name!r} is of type {kind}; use a tensor of floats")
    if not tensor.shape.dim:
        raise UsageError(f"input {value.name!r} has no axes, or none that are known; export it with its axes")
    return tuple(dim.dim_value if dim.dim_value > 0 else dim.dim_param or "?" for dim in tensor.shape.dim)


def _text(dims: Dims) -> str:
    return f"({', '.join(map(str, dims))})"
