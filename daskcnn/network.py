"""A network: named layers over named tensors, with their shapes and what they cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.layers import Argmax, Op
from daskcnn.region import Shape
from daskcnn.seeded import Seeded

INPUT = "images"
Parameters = Mapping[str, NDArray[np.float32] | Seeded]


@dataclass(frozen=True)
class Layer:
    """One layer of a network."""

    name: str
    """Unique in its network; also the name of the tensor it makes."""
    op: Op
    inputs: tuple[str, ...]
    """Names of the layers or of the network's inputs that it reads."""
    weights_of: str = ""
    """The layer whose parameters it uses, where that is another one."""


@dataclass(frozen=True)
class Network:
    """Layers in an order in which each comes after those it reads.

    Examples
    --------
    >>> from daskcnn.layers import Dense, Flatten
    >>> net = Network.chain("tiny", (1, 4, 4), [("flatten", Flatten()), ("dense1", Dense(10))])
    >>> net.shapes(batch=5)["dense1"]
    (5, 10)
    """

    name: str
    inputs: Mapping[str, Shape]
    """For each input the shape of one image, as a rule (channels, height, width)."""
    layers: tuple[Layer, ...]
    parameters: Parameters = field(default_factory=dict, repr=False, compare=False)
    """Float32 arrays, or handles to seeded ones, by `layer.weight` and `layer.bias`."""
    outputs: tuple[str, ...] = ()
    """Layers whose output is asked for; the last by default."""

    def __post_init__(self) -> None:
        if not self.layers:
            raise UsageError(f"network {self.name} has no layers; give it one or more")
        if not self.inputs:
            raise UsageError(f"network {self.name} has no input; give it one or more")
        known = set(self.inputs)
        for layer in self.layers:
            if layer.name in known:
                raise UsageError(f"two layers are named {layer.name!r} in {self.name}; give each its own name")
            if unknown := set(layer.inputs) - known:
                raise UsageError(
                    f"layer {layer.name!r} reads {min(unknown)!r}, which is no earlier layer; put that one first"
                )
            known.add(layer.name)
        if missing := set(self.outputs) - self.by_name.keys():
            raise UsageError(f"output {min(missing)!r} is no layer of {self.name}; known: {', '.join(self.by_name)}")
        if not self.outputs:
            object.__setattr__(self, "outputs", (self.layers[-1].name,))

    @classmethod
    def chain(
        cls, name: str, image_shape: Shape, ops: list[tuple[str, Op]], parameters: Parameters | None = None
    ) -> Self:
        """A network in which each layer reads the one before it."""
        names = [INPUT, *(layer for layer, _ in ops)]
        layers = tuple(Layer(own, op, (before,)) for before, (own, op) in zip(names, ops, strict=False))
        return cls(name, {INPUT: image_shape}, layers, parameters or {})

    @property
    def output(self) -> str:
        """Name of the only output; UsageError where there are more."""
        return self._only("output", self.outputs)

    @property
    def image_shape(self) -> Shape:
        """Shape of one image of the only input; UsageError where there are more."""
        return self.inputs[self._only("input", tuple(self.inputs))]

    @cached_property
    def by_name(self) -> dict[str, Layer]:
        """The layers by name."""
        return {layer.name: layer for layer in self.layers}

    def shapes(self, batch: int) -> dict[str, Shape]:
        """Shape of every tensor for so many images, inputs included."""
        shapes: dict[str, Shape] = {name: (batch, *shape) for name, shape in self.inputs.items()}
        for layer in self.layers:
            shapes[layer.name] = layer.op.output_shape(*(shapes[name] for name in layer.inputs))
        return shapes

    def operations(self, batch: int) -> dict[str, int]:
        """Floating-point operations of every layer for so many images; a multiply-add counts as two."""
        shapes = self.shapes(batch)
        return {
            layer.name: layer.op.operations(shapes[layer.name], *(shapes[name] for name in layer.inputs))
            for layer in self.layers
        }

    def weight_shapes(self) -> dict[str, Shape]:
        """Shape of every parameter, by `layer.parameter`."""
        shapes = self.shapes(1)
        return {
            f"{layer.weights_of or layer.name}.{name}": shape
            for layer in self.layers
            for name, shape in layer.op.weight_shapes(*(shapes[tensor] for tensor in layer.inputs)).items()
        }

    def with_parameters(self, parameters: Parameters) -> Self:
        """The same layers with these parameters, as float32; UsageError where a name or a shape does not fit."""
        shapes = self.weight_shapes()
        if unknown := parameters.keys() - shapes:
            raise UsageError(f"{self.name} has no parameter {min(unknown)!r}; it has {', '.join(shapes)}")
        fitted = {name: np.asarray(values, np.float32) for name, values in parameters.items()}
        for name, shape in shapes.items():
            found = fitted[name].shape if name in fitted else None
            if found != shape:
                raise UsageError(f"parameter {name} of {self.name} has shape {found}, not {shape}; pass that")
        return replace(self, parameters=fitted)

    def seeded(self, seed: int = 0) -> Self:
        """The same layers with random parameters, drawn where they are needed; none travels.

        Weights have the spread that keeps signals alike from layer to layer (He et al. 2015), variances are
        near 1.
        """
        return replace(
            self, parameters={name: _drawn(seed, name, shape) for name, shape in self.weight_shapes().items()}
        )

    def initialised(self, seed: int = 0) -> Self:
        """The same as `seeded`, with the parameters in memory."""
        return self.with_parameters(self.seeded(seed).parameters)

    def classifier(self) -> Self:
        """The same with a last layer `predict` that names each image's class."""
        predict = Layer("predict", Argmax(), (self.output,))
        return replace(self, layers=(*self.layers, predict), outputs=(predict.name,))

    def _only(self, kind: str, names: tuple[str, ...]) -> str:
        if len(names) != 1:
            raise UsageError(f"{self.name} has {len(names)} {kind}s ({', '.join(names)}); name the one that is meant")
        return names[0]


def _drawn(seed: int, name: str, shape: Shape) -> Seeded:
    own = ((seed << 32) + crc32(name.encode())) % (1 << 64)
    if name.endswith(".variance"):
        return Seeded(shape, own, scale=0.5, positive=True)
    return Seeded(shape, own, scale=math.sqrt(2 / math.prod(shape[1:] or (1,))))
