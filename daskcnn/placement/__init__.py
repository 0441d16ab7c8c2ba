"""Where tasks run: each with the worker of its owner, and where that is lost with one of those that are left.

Dask's own pins name workers, and a task that is pinned to one that is lost waits for it for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from uuid import uuid4

from dask import annotate  # type: ignore[attr-defined]
from distributed import Client

from daskcnn.blocks.layer import BlockLayer
from daskcnn.cluster.client import answering, removed
from daskcnn.placement.scheduler import Losses, Placement, State, state

__all__ = ["Losses", "Pins", "State", "placement"]


@dataclass(frozen=True)
class Pins:
    """Of a plan's owners to workers."""

    client: Client
    name: str

    def of(self, layers: Iterable[BlockLayer]) -> AbstractContextManager[None]:
        """Tasks of these layers that are submitted in the block are pinned, each to the worker of its owner.

        Strictly: work stealing, which is Dask's default, would move what may go elsewhere.
        """
        owners = {key: owner for layer in layers for key, owner in zip(layer.tasks, layer.owners, strict=True)}
        pinned: AbstractContextManager[None] = annotate(**{self.name: owners.__getitem__})
        return pinned

    def state(self) -> State:
        """How the workers are, and what happened to them so far.

        Raises
        ------
        OSError
            The scheduler is gone.
        """
        found: State = self.client.run_on_scheduler(state, self.name)
        return found


@contextmanager
def placement(client: Client, addresses: Sequence[str]) -> Iterator[Pins]:
    """Pins to workers, for the length of a `with` block.

    A worker that is lost leaves its tasks, those to come too, to others; if it comes again they are its own again.
    Where it is started anew by a nanny it has the same name, and another address.

    Parameters
    ----------
    client : Client
    addresses : (owner,) sequence of str
        Where the tasks of each owner are to run.

    Raises
    ------
    RunError
        The scheduler is gone, or cannot import this package.

    Examples
    --------
    >>> from daskcnn.cluster import connect, owners
    >>> with connect("threads", workers=2) as client, placement(client, owners(client)) as pins:
    ...     pins.state().losses
    Losses(workers_lost=0, workers_joined=0, tasks_recomputed=0)
    """
    name = f"daskcnn-placement-{uuid4().hex}"
    with answering(client, "place tasks"):
        client.register_plugin(Placement(name, client.id, list(addresses)))
    try:
        yield Pins(client, name)
    finally:
        removed(client, client.unregister_scheduler_plugin, name)
