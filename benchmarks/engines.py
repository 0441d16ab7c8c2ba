"""How near each engine comes to bare ONNX Runtime: same layers, images, and images at a time, one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import click
from dask._task_spec import Task, TaskRef
from threadpoolctl import threadpool_limits

from benchmarks.measure import interleaved, ratio, report, text
from daskcnn import networks
from daskcnn.blocks.layer import BlockLayer
from daskcnn.forward import forward
from daskcnn.kernels.microbatch import images_per_pass
from daskcnn.kernels.onnxruntime_engine import model, session
from daskcnn.plan import Plan
from daskcnn.sources import RandomImages

IMAGES = {"mnist": 10_000, "cifar": 2_000, "letters": 4_000, "vgg16": 4, "conv1024": 16}
ENGINES = ("onnxruntime", "numpy")


def only(layers: Iterable[BlockLayer]) -> Task:
    """The one task of a serial run."""
    (task,) = (task for layer in layers for task in layer.tasks.values())
    return task


def ways(name: str, images: int) -> dict[str, Callable[[], object]]:
    """Bare ONNX Runtime and both engines on one network, over images in memory."""
    net = networks.network(name)
    plan = Plan.of(net, "serial", images=images, workers=1)
    works = {own: forward(plan, RandomImages((images, *net.image_shape)), engine=own) for own in ENGINES}
    tasks = {own: only(work.work) for own, work in works.items()}
    near: dict[Any, Any] = {key: task({}) for layer in works["onnxruntime"].setup for key, task in layer.tasks.items()}
    _, steps, _, *refs = tasks["onnxruntime"].args
    weights, x = (near[ref.key] for ref in refs if isinstance(ref, TaskRef))
    bare, few = session(model(steps, weights, [x])), images_per_pass(steps, [x.shape])

    def alone() -> list[object]:
        return [bare.run(None, {"x0": x[start : start + few]}) for start in range(0, images, few)]

    return {"bare": alone, **{own: partial(task, near) for own, task in tasks.items()}}


@click.command()
@click.option("--repeats", default=7, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path))
def main(repeats: int, path: Path | None) -> None:
    """Compare the engines."""
    rows, numbers = [], []
    with threadpool_limits(1):
        for name, images in IMAGES.items():
            seconds = interleaved(ways(name, images), repeats)
            ratios = {own: ratio(seconds, own, "bare") for own in ENGINES}
            rate = images / sorted(seconds["bare"])[repeats // 2]
            rows.append([name, f"{images:,}", f"{rate:,.0f}", *(text(ratios[own]) for own in ENGINES)])
            numbers.append({"network": name, "images": images, "seconds": seconds, "ratios": ratios})
    report(["Network", "Images", "Bare, images/s", *(f"{own} / bare" for own in ENGINES)], rows, numbers, path)


if __name__ == "__main__":
    main()
