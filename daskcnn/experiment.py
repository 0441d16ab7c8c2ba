"""The whole way, once: network, plan, graph, cluster, trace, metrics, store."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from distributed import Client

from daskcnn import execution
from daskcnn.answer import Answer, Reduced, asked, reduced
from daskcnn.cluster import connect, owners, show_from_now_on
from daskcnn.errors import UsageError
from daskcnn.forward import forward
from daskcnn.network import Network
from daskcnn.onnx import OnnxModel
from daskcnn.opening import opened
from daskcnn.plan import Plan
from daskcnn.provenance import cores
from daskcnn.recorder import record
from daskcnn.region import FLOAT
from daskcnn.runs import Measured, Run, run_tree
from daskcnn.sink import Target, sink
from daskcnn.store import Store, default_path, new_id

Timed = tuple[float, Answer]
SERIAL_BYTES = 16 << 20
"""Of inputs and outputs that the serial run holds at a time."""


@dataclass(frozen=True)
class Watch:
    """What is told while a run goes on; by default nobody listens."""

    dashboard: Callable[[str], None] = lambda address: None
    """The address of the Dask dashboard, before the work starts."""
    repeat: Callable[[int, int], None] = lambda done, of: None
    """Repeats that are done, warm-up included."""
    stored: Callable[[Run], None] = lambda run: None
    """The run, when it is in the store and before the cluster ends."""
    looks_back: bool = False
    """Whether somebody will open the Dask dashboard later, and wants to see the tasks from the start."""


def run(
    network: str | Path | Network | OnnxModel = "mnist",
    *,
    chunks: str = "batch",
    workers: int | None = None,
    cluster: str = "processes",
    inputs: str | Mapping[str, str] | None = None,
    raw: bool = False,
    images: int | None = None,
    batch: int | None = None,
    repeat: int = 5,
    engine: str = "onnxruntime",
    granularity: str = "segment",
    fan_in: int | None = None,
    output: str | Path | None = None,
    store: Store | str | Path | None = None,
    watch: Watch | None = None,
) -> Run:
    """Run a network on images, cut as asked, and keep what happened.

    After one warm-up that is not counted, each repeat measures the serial run (the same kernels without Dask,
    on one thread of this process) and then the cluster, so that a machine that drifts does so for both.

    Parameters
    ----------
    network : str, Path, Network or OnnxModel
        A name that `daskcnn.networks` knows, the path of an ONNX file, or a network with parameters.
    chunks : str
        `serial`, `batch`, `channel`, `filter`, `height`, `width`, `spatial`, `pipeline`, with a degree (`channel=3`,
        `spatial=2x2`) or as many as workers; several with commas between; or the path of a plan file, `NAME.toml`.
    workers : int, optional
        One thread each; the machine's cores by default.
    cluster : str
        `processes`, `threads`, or the address of a scheduler. Each process imports the script that starts it: a
        script calls this under `if __name__ == "__main__":`.
    inputs : str, or mapping of str to str, optional
        What `daskcnn.sources.open_source` reads; by name where the network has several inputs. The network's own
        by default: MNIST's test images, or random ones.
    raw : bool
        Whether bytes of images stay 0 to 255; by default they are scaled to [0, 1].
    images : int, optional
        How many of the images; all by default.
    batch : int, optional
        Images in a block at most; all of a worker's images by default.
    repeat : int
        How often to measure.
    engine : str
        `onnxruntime` or `numpy`.
    granularity : str
        `segment`: one task for all layers that exchange nothing; `layer`: one task a layer.
    fan_in : int, optional
        How many partial sums are added at a time, where `filter` is cut; all by default.
    output : path, optional
        A new Zarr group to which each worker writes its own blocks of the network's outputs.
    store : Store or path, optional
        Where the run is kept; `$DASKCNN_STORE` or `daskcnn-runs` by default.
    watch : Watch, optional
        Told what goes on.

    Returns
    -------
    Run

    Raises
    ------
    UsageError
        A value that cannot be used, before anything starts.
    RunError
        The cluster, or the store, fails.

    Examples
    --------
    >>> import daskcnn, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = daskcnn.run(chunks="channel=2", workers=2, cluster="threads", images=100, repeat=2, store=folder)
    >>> done.summary["same_as_serial"], done.summary["bytes_moved"] == done.summary["bytes_planned"]
    (True, True)
    """
    if repeat < 1:
        raise UsageError(f"repeat={repeat}: at least 1 is needed; pass repeat=1 or more")
    watch = watch or Watch()
    keep = store if isinstance(store, Store) else Store(Path(store) if store else default_path())
    keep.check()
    net, sources = opened(network, inputs, images, raw=raw)
    first = next(iter(sources.values()))
    labels, count = first.labels(), first.shape[0]
    workers = cores() if workers is None else workers
    wanted = asked(net)
    plan = Plan.of(wanted, chunks, images=count, workers=workers, batch=batch, fan_in=fan_in)
    one = Plan.of(wanted, "serial", images=count, workers=1, batch=_serial_batch(net))
    name = new_id()
    kept = net.outputs if output else ()
    found = forward(plan, sources, engine=engine, keep=kept, granularity=granularity, tag=name)
    alone = reduced(forward(one, sources, engine=engine), net)
    with _sink(output, plan, kept) as targets:
        frozen = reduced(found, net, targets)
        with connect(cluster, workers) as client:
            watch.dashboard(client.dashboard_link)
            if watch.looks_back:
                show_from_now_on(client)
            measured = _measure(client, frozen, alone, repeat, watch)
            setting = {"engine": engine, "cluster": cluster, "granularity": granularity}
            tree = run_tree(name, plan, frozen, measured, labels, setting)
            keep.append(tree)
            watch.stored(Run(tree))
    return Run(tree)


def _serial_batch(network: Network) -> int:
    """Images of the serial run that are in memory at a time."""
    shapes = network.shapes(1)
    each = sum(math.prod(shapes[name]) for name in (*network.inputs, *network.outputs))
    return max(1, SERIAL_BYTES // (FLOAT * each))


@contextmanager
def _sink(output: str | Path | None, plan: Plan, names: Sequence[str]) -> Iterator[dict[str, Target]]:
    if output is None:
        yield {}
        return
    stages = {name: plan.by_name[name] for name in names}
    grids = {name: (stage.layout.grid, stage.op.output_dtype()) for name, stage in stages.items()}
    with sink(output, grids) as targets:
        yield targets


def _measure(client: Client, frozen: Reduced, alone: Reduced, repeat: int, watch: Watch) -> Measured:
    addresses = owners(client, frozen.work.plan.workers)
    near = execution.held(alone.work)
    name = frozen.work.work[0].tag
    tags = tuple(f"{name}-{number}" for number in range(repeat))

    def once(tag: str, done: int) -> tuple[Timed, Timed]:
        own = frozen.retagged(tag)
        seconds, results = execution.serial(alone.work, alone.ends, near)
        serial = seconds, alone.answer(results)
        start = perf_counter()
        results = execution.compute(client, own.work, addresses, own.ends)
        parallel = perf_counter() - start, own.answer(results)
        execution.check(client, addresses)
        watch.repeat(done, repeat + 1)
        return serial, parallel

    with execution.placed(client, frozen.work, addresses):
        once(f"{name}-w", 1)
        with record(client) as recording:
            results = [once(tag, done) for done, tag in enumerate(tags, start=2)]
    serial, parallel = zip(*results, strict=True)
    return Measured(
        np.array([seconds for seconds, _ in parallel]),
        np.array([seconds for seconds, _ in serial]),
        tuple(answer for _, answer in parallel),
        serial[0][1],
        recording.tree,
        tags,
        tuple(addresses),
    )
