"""Hypothesis strategies: layers, networks, and ways to cut them that fit."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from daskcnn.layers import Add, Argmax, Concat, Conv2d, Dense, Flatten, MaxPool2d, Op, Relu
from daskcnn.layers.window import Window
from daskcnn.network import INPUT, Layer, Network
from daskcnn.plan import Plan
from daskcnn.region import Grid, Interval, Region, Shape

MOST = 4
"""Largest number of blocks along an axis: few suffice, and each costs a session."""


@dataclass(frozen=True)
class Cut:
    """Arguments of `Plan.of` that fit a network."""

    chunks: str
    images: int
    workers: int
    batch: int | None
    fan_in: int | None

    def plan(self, network: Network) -> Plan:
        """The plan they make."""
        return Plan.of(
            network,
            self.chunks,
            images=self.images,
            workers=self.workers,
            batch=self.batch,
            fan_in=self.fan_in,
        )


@st.composite
def windows(draw: st.DrawFn, size: int) -> Window:
    """A kernel along an axis of `size`, which may lie in padding wholly, skip elements, or leave some unread."""
    taps, stride, dilation = draw(st.integers(1, 4)), draw(st.sampled_from([1, 2, 1, 3])), draw(st.integers(1, 2))
    before, after = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    while (taps - 1) * dilation + 1 > size + before + after:
        taps -= 1
    return Window(taps, stride, before, after, dilation)


@st.composite
def convs(draw: st.DrawFn, image: Shape) -> Conv2d:
    """A convolution of images (channels, height, width), grouped or depthwise as it comes."""
    channels, height, width = image
    groups = draw(st.sampled_from([count for count in range(1, channels + 1) if channels % count == 0]))
    rows, columns = draw(windows(height)), draw(windows(width))
    return Conv2d(
        groups * draw(st.sampled_from([3, 2, 1, 4] if groups < 3 else [2, 1])),
        (rows.size, columns.size),
        stride=(rows.stride, columns.stride),
        padding=(rows.before, columns.before, rows.after, columns.after),
        dilation=(rows.dilation, columns.dilation),
        groups=groups,
        bias=draw(st.booleans()),
    )


def image_shapes() -> st.SearchStrategy[tuple[int, int, int]]:
    """(channels, height, width), square or not, down to 1×1."""
    side = st.sampled_from([7, 8, 9, 6, 5, 4, 3, 2, 1])
    return st.tuples(st.integers(1, 3), side, side)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A chain of convolutions, rectifiers, flatten and dense layers, which may name a class, with parameters."""
    image = draw(image_shapes())
    ops: list[Op] = []
    shape: Shape = (1, *image)
    for _ in range(draw(st.sampled_from([2, 3, 2, 3, 1, 0]))):
        ops.append(draw(convs((shape[1], shape[2], shape[3]))))
        shape = ops[-1].output_shape(shape)
        ops += [Relu()] * draw(st.integers(0, 1))
    if not ops or draw(st.booleans()):
        ops.append(Flatten())
        ops += [
            Dense(draw(st.sampled_from([5, 3, 4, 2, 7, 1])), bias=draw(st.booleans()))
            for _ in range(draw(st.integers(0, 2)))
        ]
        ops += [Argmax()] * draw(st.integers(0, 1))
    named = [(f"{type(op).__name__.lower()}{number}", op) for number, op in enumerate(ops, start=1)]
    return Network.chain("random", image, named).initialised(draw(st.integers(0, 99)))


@st.composite
def graphs(draw: st.DrawFn) -> Network:
    """A network with branches that meet again: sums, concatenations, tensors that several layers read."""
    side = st.sampled_from([7, 6, 8, 5, 4])
    image = draw(st.integers(1, 2)), draw(side), draw(side)
    layers = [Layer("stem", Conv2d(draw(st.sampled_from([4, 3, 2])), (1, 1)), (INPUT,))]
    shapes: dict[str, Shape] = {"stem": (1, layers[0].op.output_shape((1, *image))[1], *image[1:])}
    for number in range(draw(st.integers(2, 6))):
        name = draw(st.sampled_from(list(reversed(shapes))))
        alike = [other for other, shape in shapes.items() if shape == shapes[name]]
        beside = [other for other, shape in shapes.items() if shape[2:] == shapes[name][2:]]
        taps = draw(st.sampled_from([3, 1, 5]))
        conv = Conv2d(shapes[name][1], (taps, taps), padding=(taps // 2,) * 4)
        thinned = Conv2d(draw(st.integers(1, 4)), (taps, taps), padding=(taps // 2,) * 4, stride=(2, 2))
        op, inputs = draw(
            st.sampled_from(
                [
                    (conv, [name]),
                    (Add(), [name, draw(st.sampled_from(alike))]),
                    (Concat(), [name, draw(st.sampled_from(beside))]),
                    (Relu(), [name]),
                    (MaxPool2d((3, 3), padding=(1, 1, 1, 1)), [name]),
                    (thinned, [name]),
                ]
            )
        )
        own = f"{type(op).__name__.lower()}{number}"
        layers.append(Layer(own, op, tuple(inputs)))
        shapes[own] = op.output_shape(*(shapes[read] for read in inputs))
    return Network("branched", {INPUT: image}, tuple(layers)).initialised(draw(st.integers(0, 99)))


@st.composite
def cuts(draw: st.DrawFn, network: Network) -> Cut:
    """A way to cut a network: every word, alone or two together, up to the shortest axis; few or many workers."""
    images, workers = draw(st.sampled_from([5, 2, 7, 3, 1])), draw(st.sampled_from([2, 3, 5, 4, 1]))
    limits = longest(network, images)
    words = [*(word for word, limit in limits.items() if max(limit) > 1), "serial"]
    own = st.lists(st.sampled_from(words), min_size=1, max_size=2, unique_by=lambda word: AXES_OF.get(word, word))
    chosen = draw(own)
    text = "serial" if "serial" in chosen else ",".join(draw(degrees(word, limits[word])) for word in chosen)
    return Cut(text, images, workers, draw(st.none() | st.integers(1, 3)), draw(st.sampled_from([None, 2, 3])))


AXES_OF = {"spatial": "map", "height": "map", "width": "map", "filter": "channel"}
"""Words of which two would cut an axis twice."""


def longest(network: Network, images: int) -> dict[str, list[int]]:
    """For each word the largest degrees that a network can take."""
    shapes = network.shapes(images)
    tensors = [shape for name, shape in shapes.items() if name not in network.inputs and len(shape) > 1]
    maps = [shape[2:] for shape in tensors if len(shape) == 4] or [(MOST, MOST)]
    channel, height, width = (min(sizes) for sizes in ([shape[1] for shape in tensors], *zip(*maps, strict=True)))
    summed = [shapes[layer.inputs[0]][1] for layer in network.layers if getattr(layer.op, "groups", 0) == 1]
    summed += [shapes[layer.inputs[0]][1] for layer in network.layers if isinstance(layer.op, Dense)]
    return {
        "spatial": [height, width],
        "channel": [channel],
        "filter": [channel, max(summed, default=1)],
        "height": [height],
        "width": [width],
        "batch": [images],
        "pipeline": [len(network.layers)],
    }


@st.composite
def degrees(draw: st.DrawFn, word: str, limits: list[int]) -> str:
    """A word with all its degrees, with one, or without any."""
    given = [draw(st.sampled_from(range(min(limit, MOST), 0, -1))) for limit in limits]
    count = draw(st.sampled_from(range(len(given), -1, -1)))
    own = given[-count:] if word == "filter" else given[:count]
    return word + ("=" + "x".join(map(str, own)) if count else "")


@st.composite
def parts(draw: st.DrawFn, size: int) -> tuple[int, ...]:
    """Boundaries of blocks along an axis, even or not, none of them empty."""
    inner = draw(st.sets(st.integers(1, size - 1), max_size=MOST - 1)) if size > 1 else set()
    return 0, *sorted(inner), size


def grids(shape: Shape) -> st.SearchStrategy[Grid]:
    """A grid over an array."""
    return st.tuples(*map(parts, shape))


@st.composite
def intervals(draw: st.DrawFn, size: int) -> Interval:
    """Part of an axis, not empty."""
    start = draw(st.integers(0, size - 1))
    return start, draw(st.integers(start + 1, size))


def regions(shape: Shape) -> st.SearchStrategy[Region]:
    """A box within an array, not empty."""
    return st.tuples(*map(intervals, shape))


def images(network: Network, count: int, seed: int = 0) -> NDArray[np.float32]:
    """Images a network can take."""
    return np.random.default_rng(seed).normal(size=(count, *network.image_shape)).astype(np.float32)
