"""A network: named layers over named tensors, with their shapes and what they cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.layers import Argmax, Op
from daskcnn.region import Shape

INPUT = "images"
Parameters = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Layer:
    """One layer of a network."""

    name: str
    """Unique in its network; also the name of the tensor it makes."""
    op: Op
    inputs: tuple[str, ...]
    """Names of the layers it reads, or `images`."""
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
    image_shape: Shape
    """(channels, height, width) of one image."""
    layers: tuple[Layer, ...]
    parameters: Parameters = field(default_factory=dict, repr=False, compare=False)
    """Float32 arrays by `layer.weight` and `layer.bias`."""

    def __post_init__(self) -> None:
        if not self.layers:
            raise UsageError(f"network {self.name} has no layers; give it one or more")
        known = {INPUT}
        for layer in self.layers:
            if layer.name in known:
                raise UsageError(f"two layers are named {layer.name!r} in {self.name}; give each its own name")
            if unknown := set(layer.inputs) - known:
                raise UsageError(
                    f"layer {layer.name!r} reads {min(unknown)!r}, which is no earlier layer; put that one first"
                )
            known.add(layer.name)

    @classmethod
    def chain(
        cls, name: str, image_shape: Shape, ops: list[tuple[str, Op]], parameters: Parameters | None = None
    ) -> Network:
        """A network in which each layer reads the one before it."""
        names = [INPUT, *(layer for layer, _ in ops)]
        layers = tuple(Layer(own, op, (before,)) for before, (own, op) in zip(names, ops, strict=False))
        return cls(name, image_shape, layers, parameters or {})

    @property
    def output(self) -> str:
        """Name of the last layer."""
        return self.layers[-1].name

    @cached_property
    def by_name(self) -> dict[str, Layer]:
        """The layers by name."""
        return {layer.name: layer for layer in self.layers}

    def shapes(self, batch: int) -> dict[str, Shape]:
        """Shape of every tensor for so many images, `images` included."""
        shapes: dict[str, Shape] = {INPUT: (batch, *self.image_shape)}
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

    def with_parameters(self, parameters: Parameters) -> Network:
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

    def initialised(self, seed: int = 0) -> Network:
        """The same layers with seeded random parameters, scaled after He et al. (2015), for study."""
        random = np.random.default_rng(seed)
        drawn = {
            name: random.normal(0, math.sqrt(2 / math.prod(shape[1:] or (1,))), shape).astype(np.float32)
            for name, shape in self.weight_shapes().items()
        }
        return self.with_parameters(drawn)

    def classifier(self) -> Network:
        """The same with a last layer `predict` that names each image's class."""
        predict = Layer("predict", Argmax(), (self.output,))
        return replace(self, layers=(*self.layers, predict))
