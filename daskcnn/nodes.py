"""Nodes: machines that have several workers each, and which workers of a plan share one, so that little passes between.

A node is what Slurm says that a worker is on; elsewhere the host of its address. Neither a machine's name nor its boot
tells hosts apart that are containers, or network namespaces, of one machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


def numbers(names: Sequence[object]) -> tuple[int, ...]:
    """The number of each worker's node, in the order in which the nodes are first named.

    >>> numbers(["b", "b", "a"])
    (0, 0, 1)
    """
    known: dict[object, int] = {}
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


def arranged(traffic: ArrayLike, room: Sequence[int]) -> tuple[int, ...]:
    """The node of each worker of a plan, so that few bytes pass between nodes; never more than in plain order.

    In plain order one node after the other is filled with the workers that follow. That, an even share for each node,
    dealing workers out in turn, and letting each node grow by the worker that has most to do with it are starts, from
    each of which a worker moves or two change places as long as that saves bytes. The best is taken, of equals the
    first. (To find the very least is NP-hard.)

    Source: Kernighan and Lin, "An efficient heuristic procedure for partitioning graphs" (1970).

    Parameters
    ----------
    traffic : (source, destination) array_like
        Bytes from worker to worker.
    room : sequence of int
        How many workers each node takes at most; no fewer in all than there are.

    Examples
    --------
    Workers 0 and 2 have much to tell each other, as have 1 and 3:

    >>> arranged([[0, 1, 9, 0], [1, 0, 0, 9], [9, 0, 0, 1], [0, 9, 1, 0]], [2, 2])
    (0, 1, 0, 1)
    """
    sent = np.asarray(traffic, np.float64)
    both, limit = sent + sent.T, np.array(room)
    np.fill_diagonal(both, 0)
    plain = np.repeat(np.arange(len(room)), room)[: len(both)]
    found = [plain]
    if plain.any() and both.any():
        found += [_improved(both, start, limit) for start in (plain, *_shared(plain, limit), _grown(both, limit))]
    return _in_order(min(found, key=lambda node: between(sent, node)).tolist(), room)


def _shared(plain: Ints, limit: Ints) -> Iterator[Ints]:
    """An even share for each node that plain order takes, if they have the room; and a worker to each in turn."""
    share = np.array(even(len(plain), int(plain[-1]) + 1))
    if (share <= limit[: len(share)]).all():
        yield np.repeat(np.arange(len(share)), share)
    slots = np.repeat(np.arange(len(limit)), limit)
    turn = np.concatenate([np.arange(size) for size in limit])
    yield slots[np.lexsort((slots, turn))][: len(plain)]


def _grown(both: Floats, limit: Ints) -> Ints:
    """Each node takes the free worker that has most to do with those it has."""
    node = np.full(len(both), -1)
    for number, size in enumerate(limit.tolist()):
        near = np.zeros(len(both))
        for _ in range(min(size, int((node < 0).sum()))):
            worker = np.where(node < 0, near, -1).argmax()
            node[worker] = number
            near += both[worker]
    return node


def _improved(both: Floats, start: Ints, limit: Ints) -> Ints:
    """Move a worker to a node with room, or let two change places: what saves most, as long as it saves anything."""
    node, each = start.copy(), np.arange(len(start))
    near = both @ np.eye(len(limit))[node]
    free = limit - np.bincount(node, minlength=len(limit))

    def move(worker: int, to: int) -> None:
        near[:, to] += both[worker]
        near[:, node[worker]] -= both[worker]
        free[node[worker]] += 1
        free[to] -= 1
        node[worker] = to

    while True:
        gain = near - near[each, node][:, None]
        pair = gain[:, node] + gain[:, node].T - 2 * both
        alone = np.where(free > 0, gain, 0)
        one, other = divmod(int(pair.argmax()), len(node))
        worker, to = divmod(int(alone.argmax()), len(limit))
        if max(pair[one, other], alone[worker, to]) <= 0:
            return node
        if alone[worker, to] >= pair[one, other]:
            move(worker, to)
        else:
            here, there = int(node[one]), int(node[other])
            move(one, there)
            move(other, here)


def _in_order(node: Sequence[int], room: Sequence[int]) -> tuple[int, ...]:
    """The same, nodes with as much room in the order of their first workers."""
    first = {number: node.index(number) for number in set(node)}
    found = sorted(range(len(room)), key=lambda number: (room[number], first.get(number, len(node))))
    wanted = dict(zip(found, sorted(range(len(room)), key=room.__getitem__), strict=True))
    return tuple(wanted[number] for number in node)
