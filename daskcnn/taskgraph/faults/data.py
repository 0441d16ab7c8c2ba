"""Faults of how data is cut: rechunks into crumbs, halos, uneven blocks, more than fits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from daskcnn.quantity import many
from daskcnn.taskgraph.faults.case import Case, Finding
from daskcnn.taskgraph.residence import Residence
from daskcnn.taskgraph.table import told

RECHUNK, PIECES, MANY = "rechunk", 4.0, 100
"""In the names of Dask's layers that cut blocks for others; pieces for each block before and after, from so many on."""
SCHEDULED = 0.03
"""What scheduling the pieces takes, over an even share of the work, below which large pieces may be many."""
HALO = "halo"
UNEVEN, UNEVEN_BLOCKS = 0.2, 0.5
"""How far the most loaded worker is above the mean; where Dask deals the blocks out, the largest of a layer."""
LARGE = 0.1
"""Share of the cost from which a layer counts."""


def rechunk_explosion(case: Case) -> Iterator[Finding]:
    """Blocks are cut into many pieces each, or go through many steps."""
    graph = case.graph
    between = case.named(RECHUNK)
    reader, read = graph.edges
    before = len(np.unique(read[between[reader] & ~between[read]]))
    last = between.copy()
    last[read[between[reader]]] = False
    after = int(last.sum())
    pieces = int(between.sum()) - after
    scheduling = pieces * case.overhead
    if pieces >= MANY and not (case.timed and scheduling < SCHEDULED * case.share):
        yield Finding(
            "rechunk explosion",
            pieces / (before + after),
            PIECES,
            "",
            case.most(between.astype(np.int64)),
            f"{pieces:,} pieces on the way from {many(before, 'block')} to {after:,}, and scheduling them takes some "
            f"{told(scheduling, 's')}",
            "take chunks of which more fit, go by chunks in between, or rechunk by p2p on a cluster",
        )


def large_halo(case: Case) -> Iterator[Finding]:
    """Blocks read more of their neighbours than of themselves."""
    graph = case.graph
    reader, read = graph.edges
    nbytes = np.nan_to_num(graph.nbytes[read])
    own = np.array([exchange == HALO for exchange in graph.exchanges], dtype=bool)[graph.layer[reader]]
    total = np.bincount(reader[own], nbytes[own], len(graph))
    inner = np.zeros(len(graph))
    if graph.owned:
        near = own & (graph.owner[reader] == graph.owner[read])
        np.add.at(inner, reader[near], nbytes[near])
    else:
        np.maximum.at(inner, reader[own], nbytes[own])
    outer = total - inner
    inner[outer <= 0] = 0
    if inner.any():
        yield Finding(
            "halo larger than the interior",
            float(outer.sum() / inner.sum()),
            1.0,
            "",
            case.most(outer),
            f"{told(float(outer.sum()))} of neighbours for {told(float(inner.sum()))} of their own",
            "cut into fewer blocks, or along another axis",
        )


def imbalance(case: Case) -> Iterator[Finding]:
    """The most loaded worker, or the largest block, holds all others up."""
    graph, cost, work = case.graph, case.schedule.cost, case.schedule.work
    name, change = "imbalance", "cut into blocks of one size, as many as a multiple of the workers"
    if not work:
        return
    if graph.owned:
        load, unit = np.bincount(graph.owner, cost, graph.workers), case.schedule.unit
        worker = int(load.argmax())
        found = f"worker {worker} has {told(load[worker], unit)}, {told(load.mean(), unit)} on average"
        layer = case.most(np.where(graph.owner == worker, cost, 0.0))
        yield Finding(name, float(load.max() / load.mean() - 1), UNEVEN, "", layer, found, change)
    elif case.timed:
        layers = len(graph.layers)
        blocks, total = np.bincount(graph.layer, minlength=layers), np.bincount(graph.layer, cost, layers)
        largest = np.zeros(layers)
        np.maximum.at(largest, graph.layer, cost)
        counts = (blocks >= case.workers) & (total > LARGE * work)
        over = np.where(counts, largest * case.workers / np.maximum(total, 1e-300) - 1, -1.0)
        worst = int(over.argmax())
        part = largest[worst] / total[worst] if counts.any() else 0.0
        found = f"the largest of {many(int(blocks[worst]), 'block')} has {part:.0%} of what its layer costs"
        yield Finding(name, float(over[worst]), UNEVEN_BLOCKS, "", graph.layers[worst], found, change)


def too_much_memory(case: Case) -> Iterator[Finding]:
    """A worker's results take more than it has."""
    graph = case.graph
    if not np.isfinite(case.memory):
        return
    residence = Residence.of(graph)
    found = [residence.peak(worker, float(graph.held[worker])) for worker in range(graph.workers)]
    worker = int(np.argmax([size for size, _ in found]))
    size, step = found[worker]
    there = residence.task[residence.there(step)] if step >= 0 else np.zeros(0, dtype=np.int64)
    weights = np.bincount(there, np.nan_to_num(graph.nbytes[there]), len(graph))
    owners = "" if graph.owned else ", if tasks come to workers as they probably do"
    yield Finding(
        "memory over the limit",
        size,
        case.memory,
        "B",
        case.most(weights),
        f"worker {worker} needs {told(size)} for {many(len(there), 'result')} at a time{owners}; "
        f"it has {told(case.memory)}",
        "cut into smaller blocks, take more workers, or give each more memory",
    )
