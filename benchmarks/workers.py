"""How near two workers, cut by batch, come to one bare ONNX Runtime process with two threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from dask._task_spec import TaskRef
from distributed import Client

from benchmarks.engines import only
from benchmarks.measure import interleaved, ratio, report, text
from daskcnn import execution, networks
from daskcnn.answer import asked, reduced
from daskcnn.cluster import connect, owners
from daskcnn.forward import forward
from daskcnn.kernels.microbatch import images_per_pass
from daskcnn.kernels.onnxruntime_engine import model, session
from daskcnn.placement import placement
from daskcnn.plan import Plan
from daskcnn.sources import RandomImages

THREADS = 2


def bare(name: str, images: int) -> dict[str, Callable[[], object]]:
    """ONNX Runtime with two threads, with as many images at a time as each worker takes, and eight times as many."""
    net = asked(networks.network(name))
    work = forward(Plan.of(net, "serial", images=images, workers=1), RandomImages((images, *net.image_shape)))
    near: dict[Any, Any] = {key: task({}) for layer in work.setup for key, task in layer.tasks.items()}
    _, steps, _, *refs = only(work.work).args
    weights, x = (near[ref.key] for ref in refs if isinstance(ref, TaskRef))
    own, few = session(model(steps, weights, [x]), threads=THREADS), images_per_pass(steps, [x.shape])

    def alone(size: int) -> list[object]:
        return [own.run(None, {"x0": x[start : start + size]}) for start in range(0, images, size)]

    return {f"bare, {size} at a time": partial(alone, size) for size in (few, 8 * few)}


@contextmanager
def workers(client: Client, name: str, images: int, batch: int | None) -> Iterator[Callable[[], object]]:
    """Two workers that have their images already."""
    net = networks.network(name)
    plan = Plan.of(asked(net), "batch=2", images=images, workers=2, batch=batch)
    frozen = reduced(forward(plan, RandomImages((images, *net.image_shape)), tag=f"bench{batch}"), net)
    tags = iter(range(1000))

    def run() -> object:
        own = frozen.retagged(f"bench{batch}-{next(tags)}")
        return own.answer(execution.compute(pins, own.work, own.ends))

    with placement(client, owners(client, 2)) as pins, execution.placed(pins, frozen.work):
        yield run


@click.command()
@click.option("--network", default="cifar", show_default=True)
@click.option("--images", default=20_000, show_default=True)
@click.option("--batch", type=int, help="Images in a block at most.")
@click.option("--repeats", default=7, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path))
def main(network: str, images: int, batch: int | None, repeats: int, path: Path | None) -> None:
    """Compare two workers with two threads."""
    with connect("processes", 2) as client, workers(client, network, images, batch) as run:
        seconds = interleaved({**bare(network, images), "workers": run}, repeats)
    names = [name for name in seconds if name != "workers"]
    best = min(names, key=lambda name: sorted(seconds[name])[repeats // 2])
    rows = [
        [name, f"{images / sorted(own)[repeats // 2]:,.0f}", text(ratio(seconds, name, best))]
        for name, own in seconds.items()
    ]
    numbers = [{"network": network, "images": images, "batch": batch, "seconds": seconds, "best": best}]
    report(["Way", "Images/s", f"/ {best}"], rows, numbers, path)


if __name__ == "__main__":
    main()
