"""Tell the scheduler what is about to run, so that its dashboard shows it."""

from __future__ import annotations

from collections.abc import Sequence
from logging import getLogger

import numpy as np
from distributed import Client

from daskcnn.answer import Reduced
from daskcnn.blocks.layer import BlockLayer
from daskcnn.live.announcement import Announcement, Phase, Planned
from daskcnn.live.tab import tell
from daskcnn.quantity import quantity
from daskcnn.taskgraph import TaskGraph

log = getLogger(__name__)


def announce(client: Client, frozen: Reduced, tags: Sequence[str], addresses: Sequence[str]) -> None:
    """Show a plan and its progress in the Dask dashboard of a client's scheduler.

    Where there is no dashboard, or no daskcnn, there is nothing to see; nothing else is the worse for it.

    Parameters
    ----------
    client : Client
    frozen : Reduced
        What runs, but for the tags of its keys.
    tags : (repeat,) sequence of str
        What the keys of each repeat end with; those of the warm-up end with the first one and `-w`.
    addresses : (worker,) sequence of str
        Of the plan's workers, in its order.
    """
    try:
        client.run_on_scheduler(tell, announcement(frozen, tags, addresses), client.id)
    except Exception:  # whatever keeps it from being shown does not keep it from running
        log.debug("no tab in the dashboard of %s", client, exc_info=True)


def announcement(frozen: Reduced, tags: Sequence[str], addresses: Sequence[str]) -> Announcement:
    """What is told of a plan; see `announce`."""
    plan, setup, graph = frozen.work.plan, frozen.work.setup, TaskGraph.of(frozen.work)
    run = setup[0].tag
    layers, workers = _work(graph, addresses)
    placing = (_placed(setup), _placing(setup, addresses))
    numbers = {"Workers": plan.workers, "Images": plan.images, "Tasks": len(graph)}
    facts = {"Network": plan.network.name, "Cut": plan.chunks}
    facts |= {name: quantity(number) for name, number in numbers.items()}
    facts["Bytes to move"] = quantity(graph.bytes_moved, "B")
    repeats = [Phase(f"repeat {tag.rpartition('-')[2]}", tag, layers, workers) for tag in tags]
    return Announcement(
        run,
        f"{plan.network.name}, {plan.chunks}",
        tuple(facts.items()),
        (
            Phase("images and parameters", run, *placing),
            Phase("warm-up", f"{tags[0]}-w", layers, workers),
            *repeats,
        ),
    )


def _work(graph: TaskGraph, addresses: Sequence[str]) -> tuple[tuple[Planned, ...], tuple[Planned, ...]]:
    """What is planned of each layer and for each worker."""
    read, to = graph.moves
    size = graph.nbytes[read]
    layers = zip(
        graph.layers,
        np.bincount(graph.layer, minlength=len(graph.layers)).tolist(),
        np.bincount(graph.layer[read], size, len(graph.layers)).astype(int).tolist(),
        strict=True,
    )
    workers = zip(
        addresses,
        np.bincount(graph.owner, minlength=len(addresses)).tolist(),
        np.bincount(to, size, len(addresses)).astype(int).tolist(),
        strict=True,
    )
    return tuple(Planned(*row) for row in layers), tuple(Planned(*row) for row in workers)


def _placed(setup: Sequence[BlockLayer]) -> tuple[Planned, ...]:
    return tuple(Planned(layer.label, len(layer.tasks), 0) for layer in setup)


def _placing(setup: Sequence[BlockLayer], addresses: Sequence[str]) -> tuple[Planned, ...]:
    tasks = np.bincount([owner for layer in setup for owner in layer.owners], minlength=len(addresses))
    return tuple(Planned(address, count, 0) for address, count in zip(addresses, tasks.tolist(), strict=True))
