"""Which worker has the tasks of which owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Worker(NamedTuple):
    """A worker, and what it is known by when it comes again."""

    address: str
    name: str
    nanny: str
    """Address of the process that starts it anew, "" without one."""
    host: str
    ready: bool = True
    """Neither paused nor leaving."""


def assigned(homes: Sequence[Worker], there: Sequence[Worker]) -> list[str]:
    """Addresses, owner by owner.

    An owner's tasks are with its own worker, also where that was started anew. Those of workers that are gone are
    spread evenly over who is ready, on the same host first; where nobody is there they stay.

    Parameters
    ----------
    homes : (owner,) sequence of Worker
    there : sequence of Worker

    Examples
    --------
    >>> first, second, third = homes = [Worker(*letter * 2, "", "node") for letter in "abc"]
    >>> assigned(homes, homes), assigned(homes, [first, third]), assigned(homes, [third])
    (['a', 'b', 'c'], ['a', 'a', 'c'], ['c', 'c', 'c'])
    >>> assigned(homes, [first, third, second._replace(address="d")]), assigned(homes, [])
    (['a', 'd', 'c'], ['a', 'b', 'c'])
    """
    known = {word: worker.address for worker in there for word in (worker.name, worker.nanny, worker.address) if word}
    at = [next((known[word] for word in (home.address, home.nanny, home.name) if word in known), "") for home in homes]
    count = Counter(at)
    for owner, home in enumerate(homes):
        if not at[owner]:
            best = min(there, key=lambda own: (not own.ready, count[own.address], own.host != home.host), default=home)
            at[owner] = best.address
            count[best.address] += 1
    return at
