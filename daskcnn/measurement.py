"""Frozen tasks measured on a cluster: a warm-up, then repeats, each beside the serial run of the same kernels."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import dask
import numpy as np
from dask.utils import format_bytes
from distributed import Client

from daskcnn import execution
from daskcnn.answer import Answer, Reduced
from daskcnn.cluster import owners
from daskcnn.live.announce import announce
from daskcnn.memory import PROCESS, planned_memory
from daskcnn.placement import placement
from daskcnn.process import forget_peak, let_go
from daskcnn.recorder import record
from daskcnn.runs import Measured
from daskcnn.subject import Subject
from daskcnn.taskgraph import TaskGraph

Timed = tuple[float, Answer]


def measure(
    client: Client,
    subject: Subject,
    frozen: Reduced,
    tags: tuple[str, ...],
    told: Callable[[int], None] = lambda done: None,
) -> Measured:
    """Place images and parameters, warm up once, and record the repeats.

    Each repeat measures the serial run and then the cluster, so that a machine that drifts does so for both. What a
    lost worker had is computed again by others, and told.

    Parameters
    ----------
    client : Client
        Of a cluster with as many workers as the plan has, or more.
    subject : Subject
    frozen : Reduced
        Of that subject.
    tags : (repeat,) tuple of str
        What the keys of each repeat end with; nothing on the cluster had such keys before.
    told : callable
        Told how many repeats are done, the warm-up included.

    Raises
    ------
    RunError
        As of `daskcnn.execution.compute`.
    """
    plan = frozen.work.plan
    addresses = owners(client, plan.workers, plan.traffic)
    announce(client, frozen, tags, addresses)

    def once(tag: str, done: int) -> tuple[Timed, Timed]:
        own = frozen.retagged(tag)
        serial = subject.serial()
        start = perf_counter()
        results = execution.compute(pins, own.work, own.ends)
        parallel = perf_counter() - start, own.answer(results)
        told(done)
        return serial, parallel

    with placement(client, addresses) as pins:
        # Workers have done other work before, in a sweep and at an address.
        execution.everywhere(pins, let_go)
        with execution.placed(pins, frozen.work):
            once(f"{tags[0]}-w", 1)
            execution.everywhere(pins, forget_peak)
            with record(client) as trace:
                results = [once(tag, done) for done, tag in enumerate(tags, start=2)]
        state = execution.look(pins)
    serial, parallel = zip(*results, strict=True)
    return Measured(
        np.array([seconds for seconds, _ in parallel]),
        np.array([seconds for seconds, _ in serial]),
        tuple(answer for _, answer in parallel),
        serial[0][1],
        trace,
        tags,
        state.addresses,
        state.losses,
    )


def tight(frozen: Reduced, cluster: str, memory_limit: int | None) -> list[str]:
    """What to say, if anything, of a memory limit that the plan does not fit.

    Parameters
    ----------
    frozen : Reduced
    cluster : str
        Workers that are `threads` share the memory of one process.
    memory_limit : int, optional
        Of each worker, in bytes.
    """
    if memory_limit is None:
        return []
    each = planned_memory(TaskGraph.of(frozen.work))
    planned = PROCESS + int(each.sum() if cluster == "threads" else each.max())
    room = dask.config.get("distributed.worker.memory.pause") or 1.0
    if planned <= room * memory_limit:
        return []
    plan = frozen.work.plan
    return [
        f"{plan.chunks} (workers: {plan.workers}) is planned to take {format_bytes(planned)} on a worker, which stops "
        f"at {room:g} of its memory limit of {format_bytes(memory_limit)}: it may write to disk, pause or be ended; "
        "raise the limit, or use more workers or blocks of fewer images (--batch)"
    ]
