"""Nodes: machines that have several workers each, and which workers of a plan share one, so that little passes between.

A node is what Slurm says that a worker is on; elsewhere the host of its address. Neither a machine's name nor its boot
tells hosts apart that are containers, or network namespaces, of one machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daskcnn.errors import UsageError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def labels(slurm: Sequence[str], hosts: Sequence[str]) -> list[str]:
    """What the nodes of workers are called: as few words as tell them apart.

    Workers share a node where both are the same. Slurm's virtual nodes share the host, and `mpirun` may hand the name
    of its own node on to all.

    Parameters
    ----------
    slurm : (worker,) sequence of str
        Slurm's name of the node, "" where there is none.
    hosts : (worker,) sequence of str
        Of the workers' addresses.

    Examples
    --------
    >>> labels(["", ""], ["10.0.0.1", "10.0.0.2"]), labels(["n1", "n2"], ["10.0.0.1"] * 2)
    (['10.0.0.1', '10.0.0.2'], ['n1', 'n2'])
    >>> labels(["n1", "n1", "n2"], ["10.0.0.1", "10.0.0.2", "10.0.0.2"])
    ['n1 at 10.0.0.1', 'n1 at 10.0.0.2', 'n2 at 10.0.0.2']
    """
    both = list(zip(slurm, hosts, strict=True))
    if all(slurm) and len(set(slurm)) == len(set(both)):
        return list(slurm)
    if len(set(hosts)) == len(set(both)):
        return list(hosts)
    return [f"{name} at {host}" if name else host for name, host in both]


def numbers(names: Sequence[str]) -> tuple[int, ...]:
    """The number of each worker's node, in the order in which the nodes are first named.

    >>> numbers(["b", "b", "a"])
    (0, 0, 1)
    """
    known: dict[str, int] = {}
    return tuple(known.setdefault(name, len(known)) for name in names)


def even(workers: int, nodes: int) -> tuple[int, ...]:
    """How many workers each of several nodes has, as equal as can be, the larger ones first.

    Raises
    ------
    UsageError
        More nodes than workers, or none.

    Examples
    --------
    >>> even(8, 3)
    (3, 3, 2)
    """
    if not 1 <= nodes <= workers:
        raise UsageError(f"{nodes} nodes for {workers} workers: use 1 to {workers}, each has a worker at least")
    return tuple(-(-(workers - node) // nodes) for node in range(nodes))


def filled(workers: int, nodes: int, each: int) -> tuple[int, ...]:
    """How many workers each of several nodes has that take so many at most, one filled after the other.

    Raises
    ------
    UsageError
        They do not take all.

    Examples
    --------
    >>> filled(7, nodes=2, each=4)
    (4, 3)
    """
    if not 1 <= workers <= nodes * each:
        raise UsageError(f"{workers} workers on {nodes}x{each} nodes: use 1 to {nodes * each} workers, or more nodes")
    full, rest = divmod(workers, each)
    return (*[each] * full, *([rest] if rest else []))


def between(traffic: ArrayLike, node: ArrayLike) -> int:
    """Bytes of all that pass between nodes.

    Parameters
    ----------
    traffic : (source, destination) array_like
        Bytes from worker to worker.
    node : (worker,) array_like of int
        The node that each is on.

    Examples
    --------
    >>> between([[0, 1, 2], [0, 0, 4], [0, 8, 0]], [0, 0, 1])
    14
    """
    own = np.asarray(node)
    return int(np.asarray(traffic)[own[:, None] != own].sum())


def arranged(traffic: ArrayLike, sizes: Sequence[int]) -> tuple[int, ...]:
    """The node of each worker of a plan, so that few bytes pass between nodes; never more than in plain order.

    In plain order each node takes the workers that follow. That, dealing them out in turn, and letting each node grow
    by the worker that has most to do with it are starts, from each of which two workers change places as long as that
    saves bytes. The best is taken, of equals the first. (To find the very least is NP-hard.)

    Source: Kernighan and Lin, "An efficient heuristic procedure for partitioning graphs" (1970).

    Parameters
    ----------
    traffic : (source, destination) array_like
        Bytes from worker to worker.
    sizes : sequence of int
        How many workers each node takes.

    Examples
    --------
    Workers 0 and 2 have much to tell each other, as have 1 and 3:

    >>> arranged([[0, 1, 9, 0], [1, 0, 0, 9], [9, 0, 0, 1], [0, 9, 1, 0]], [2, 2])
    (0, 1, 0, 1)
    """
    plain = np.repeat(np.arange(len(sizes)), sizes)
    sent = np.asarray(traffic, np.float64)
    both = sent + sent.T
    np.fill_diagonal(both, 0)
    starts = (plain, _dealt(plain, sizes), _grown(both, sizes)) if len(sizes) > 1 and both.any() else ()
    found = [plain, *(_exchanged(both, start) for start in starts)]
    return _in_order(min(found, key=lambda node: between(sent, node)).tolist(), sizes)


def _dealt(plain: Ints, sizes: Sequence[int]) -> Ints:
    """A worker to each node in turn."""
    turn = np.concatenate([np.arange(size) for size in sizes])
    return plain[np.lexsort((plain, turn))]


def _grown(both: Floats, sizes: Sequence[int]) -> Ints:
    """Each node takes the free worker that has most to do with those it has."""
    node = np.full(len(both), -1)
    for number, size in enumerate(sizes):
        near = np.zeros(len(both))
        for _ in range(size):
            worker = np.where(node < 0, near, -1).argmax()
            node[worker] = number
            near += both[worker]
    return node


def _exchanged(both: Floats, start: Ints) -> Ints:
    """Change places of the two workers for which that saves most, as long as it saves anything."""
    node = start.copy()
    near = both @ np.eye(node.max() + 1)[node]
    while True:
        to = near[:, node]
        stays = to.diagonal()
        saved = to + to.T - stays - stays[:, None] - 2 * both
        one, other = divmod(int(saved.argmax()), len(node))
        if saved[one, other] <= 0:
            return node
        change = both[other] - both[one]
        near[:, node[one]] += change
        near[:, node[other]] -= change
        node[[one, other]] = node[[other, one]]


def _in_order(node: Sequence[int], sizes: Sequence[int]) -> tuple[int, ...]:
    """The same, nodes of one size in the order of their first workers."""
    found = sorted(range(len(sizes)), key=lambda number: (sizes[number], node.index(number)))
    wanted = dict(zip(found, sorted(range(len(sizes)), key=sizes.__getitem__), strict=True))
    return tuple(wanted[number] for number in node)
