"""How near the NumPy engine comes to ONNX Runtime, convolution by convolution, one thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.measure import interleaved, ratio, report, text
from daskcnn import networks
from daskcnn.kernels import Step, Weights, engine
from daskcnn.kernels.microbatch import images_per_pass
from daskcnn.layers import Conv2d
from daskcnn.region import Shape

NETWORKS = ("mnist", "cifar", "letters", "vgg16")
FLOP = 1_000_000_000
"""Operations a repeat, about."""


def way(name: str, op: Conv2d, x: np.ndarray[Shape, np.dtype[np.float32]], weights: Weights, few: int) -> None:
    """All images through one convolution, a few at a time."""
    run = engine(name).run
    for start in range(0, len(x), few):
        run((Step(op, (0,), tuple(weights)),), weights, [x[start : start + few]])


def ways(op: Conv2d, image: Shape) -> dict[str, Callable[[], object]]:
    """Both engines."""
    random = np.random.default_rng(0)
    shapes = op.weight_shapes((1, *image))
    weights = Weights({name: random.random(shape, np.float32) for name, shape in shapes.items()})
    images = max(1, min(1000, FLOP // op.operations(op.output_shape((1, *image)), (1, *image))))
    x = random.random((images, *image), np.float32)
    few = images_per_pass((Step(op, (0,), ()),), [x.shape])
    return {name: partial(way, name, op, x, weights, few) for name in ("onnxruntime", "numpy")}


@click.command()
@click.option("--repeats", default=7, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path))
def main(repeats: int, path: Path | None) -> None:
    """Compare the engines on every convolution of four networks."""
    rows: list[list[str]] = []
    numbers: list[dict[str, Any]] = []
    middles = []
    with threadpool_limits(1):
        for name in NETWORKS:
            net = networks.network(name)
            shapes = net.shapes(1)
            for layer in net.layers:
                if not isinstance(layer.op, Conv2d):
                    continue
                image = shapes[layer.inputs[0]][1:]
                seconds = interleaved(ways(layer.op, image), repeats)
                found = ratio(seconds, "numpy", "onnxruntime")
                middles.append(found[0])
                rows.append([f"{name} {layer.name}", "×".join(map(str, image)), str(layer.op.channels), text(found)])
                numbers.append({"network": name, "layer": layer.name, "seconds": seconds, "ratio": found})
    mean = float(np.exp(np.mean(np.log(middles))))
    rows.append(["geometric mean", "", "", f"{mean:.2f}"])
    numbers.append({"geometric_mean": mean})
    report(["Convolution", "Image", "Channels", "numpy / onnxruntime"], rows, numbers, path)


if __name__ == "__main__":
    main()
