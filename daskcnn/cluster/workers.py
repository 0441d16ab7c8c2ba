"""The workers of a cluster, in an order that stays."""

import re
from typing import Any

from distributed import Client

from daskcnn.errors import RunError


def owners(client: Client, workers: int | None = None) -> list[str]:
    """Addresses of the first `workers` workers (default: all), in an order that stays: by name, then address.

    Raises
    ------
    RunError
        Fewer workers are there.
    """
    there = present(client)
    ordered = sorted(there, key=lambda address: order(there[address]["name"], address))
    if workers is not None and len(ordered) < workers:
        raise RunError(f"{workers} workers asked for, {len(ordered)} there: start more, or ask for fewer")
    return ordered[:workers]


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
