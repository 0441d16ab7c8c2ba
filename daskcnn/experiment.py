"""The whole way, once: network, plan, graph, cluster, trace, metrics, store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from distributed import Client
from numpy.typing import NDArray

from daskcnn import execution, networks
from daskcnn.cluster import connect, owners
from daskcnn.errors import UsageError
from daskcnn.forward import Forward, forward
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.provenance import cores
from daskcnn.recorder import record
from daskcnn.run import Measured, Run, run_tree
from daskcnn.sources import MnistTest
from daskcnn.store import Store, default_path, new_id
from daskcnn.taskgraph import TaskGraph

Timed = tuple[float, NDArray[Any]]
PREDICT = "predict"


@dataclass(frozen=True)
class Watch:
    """What is told while a run goes on; by default nobody listens."""

    dashboard: Callable[[str], None] = lambda address: None
    """The address of the Dask dashboard, before the work starts."""
    repeat: Callable[[int, int], None] = lambda done, of: None
    """Repeats that are done, warm-up included."""
    stored: Callable[[Run], None] = lambda run: None
    """The run, when it is in the store and before the cluster ends."""


def run(
    network: str | Network = "mnist",
    *,
    chunks: str = "batch",
    workers: int | None = None,
    cluster: str = "processes",
    images: int = 10_000,
    batch: int | None = None,
    repeat: int = 5,
    engine: str = "onnxruntime",
    store: Store | str | Path | None = None,
    watch: Watch | None = None,
) -> Run:
    """Run a network on embedded images, cut as asked, and keep what happened.

    After one warm-up that is not counted, each repeat measures the serial run (the same kernels without Dask,
    on one thread of this process) and then the cluster, so that a machine that drifts does so for both.

    Parameters
    ----------
    network : str or Network
        A name that `daskcnn.networks` knows, or a network with parameters for (1, 28, 28) images.
    chunks : str
        `serial`, `batch`, `channel`, `spatial`, with a degree (`channel=3`, `spatial=2x2`) or as many as workers.
    workers : int, optional
        One thread each; the machine's cores by default.
    cluster : str
        `processes`, `threads`, or the address of a scheduler.
    images : int
        How many of the 10 000 MNIST test images.
    batch : int, optional
        Images in a block at most; all of a worker's images by default.
    repeat : int
        How often to measure.
    engine : str
        `onnxruntime` or `numpy`.
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
    net = networks.network(network) if isinstance(network, str) else network
    source = MnistTest(images)
    workers = cores() if workers is None else workers
    plan = Plan.of(net.classifier(), chunks, images=images, workers=workers, batch=batch)
    name = new_id()
    frozen = forward(plan, source, engine=engine, tag=name)
    alone = forward(Plan.of(net.classifier(), "serial", images=images, workers=1), source, engine=engine)
    with connect(cluster, workers) as client:
        watch.dashboard(client.dashboard_link)
        measured = _measure(client, frozen, alone, repeat, watch)
        labels = source.labels()
        tree = run_tree(name, plan, TaskGraph.of(frozen), measured, labels, engine=engine, cluster=cluster)
        keep.append(tree)
        watch.stored(Run(tree))
    return Run(tree)


def _measure(client: Client, frozen: Forward, alone: Forward, repeat: int, watch: Watch) -> Measured:
    addresses = owners(client, frozen.plan.workers)
    memory = execution.held(alone)
    tags = tuple(f"{frozen.work[0].tag}-{number}" for number in range(repeat))

    def once(tag: str, done: int) -> tuple[Timed, Timed]:
        work = frozen.retagged(tag)
        serial = _timed(lambda: execution.serial(alone, PREDICT, memory))
        parallel = _timed(lambda: execution.compute(client, work, addresses, PREDICT))
        execution.check(client, addresses)
        watch.repeat(done, repeat + 1)
        return serial, parallel

    with execution.placed(client, frozen, addresses):
        once(f"{frozen.work[0].tag}-w", 1)
        with record(client) as recording:
            results = [once(tag, done) for done, tag in enumerate(tags, start=2)]
    serial, parallel = zip(*results, strict=True)
    return Measured(
        np.array([seconds for seconds, _ in parallel]),
        np.array([seconds for seconds, _ in serial]),
        np.stack([predictions for _, predictions in parallel]),
        serial[0][1],
        recording.tree,
        tags,
        tuple(addresses),
    )


def _timed(work: Callable[[], NDArray[Any]]) -> Timed:
    start = perf_counter()
    result = work()
    return perf_counter() - start, result
