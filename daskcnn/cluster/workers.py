"""The workers of a cluster, node by node, in an order that stays."""

import os
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from distributed import Client
from numpy.typing import ArrayLike

from daskcnn import nodes
from daskcnn.errors import RunError

SLURM_NODE = "SLURMD_NODENAME"
"""Where Slurm says which of its nodes a process is on."""


def owners(client: Client, workers: int | None = None, traffic: ArrayLike | None = None) -> list[str]:
    """Addresses of the workers that a plan's workers are, in its order.

    Nodes are filled, those with most workers first, and those of a node lie together, by name, then address. Where
    `traffic` says what passes between them, they lie so that less passes between nodes, if that can be.

    Parameters
    ----------
    client : Client
    workers : int, optional
        How many; all by default.
    traffic : (source, destination) array_like, optional
        Bytes that the plan's workers send each other.

    Raises
    ------
    RunError
        Fewer workers are there.
    """
    there = present(client)
    count = len(there) if workers is None else workers
    if len(there) < count:
        raise RunError(f"{count} workers asked for, {len(there)} there: start more, or ask for fewer")
    ordered = sorted(there, key=lambda address: order(there[address]["name"], address))
    told = client.run(os.getenv, SLURM_NODE, "", on_error="ignore")
    names = nodes.labels([told.get(own, "") for own in ordered], [there[own]["host"] for own in ordered])
    members = _members(ordered, names)[:count]
    places = nodes.arranged(np.zeros((count, count)) if traffic is None else traffic, [len(own) for own in members])
    seats = [iter(own) for own in members]
    return [next(seats[node]) for node in places]


def _members(addresses: Sequence[str], names: Sequence[str]) -> list[list[str]]:
    """The addresses of each node, those with most first.

    >>> _members(["a", "b", "c", "d"], ["n1", "n2", "n2", "n3"])
    [['b', 'c'], ['a'], ['d']]
    """
    found: dict[str, list[str]] = {}
    for address, name in zip(addresses, names, strict=True):
        found.setdefault(name, []).append(address)
    return sorted(found.values(), key=len, reverse=True)


def present(client: Client) -> dict[str, Any]:
    """What the scheduler knows of each of its workers, by address.

    `Client.scheduler_info` answers from a cache, which a refresh that leaves the workers out may overtake.

    Raises
    ------
    OSError
        The scheduler is gone.
    """
    scheduler: Any = client.scheduler
    workers: dict[str, Any] = client.sync(scheduler.identity, n_workers=-1)["workers"]
    return workers


def order(name: object, address: str) -> tuple[list[str | int], list[str | int]]:
    """What workers are sorted by: numbers within names count as numbers.

    >>> sorted(["w-10", "w-9"], key=lambda name: order(name, ""))
    ['w-9', 'w-10']
    """
    return _natural(str(name)), _natural(address)


def _natural(text: str) -> list[str | int]:
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", text))]
