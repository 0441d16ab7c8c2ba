"""What the trace of one repeat says in a number; NaN where it does not say."""

import numpy as np

from daskcnn.metrics.repeat import Repeat


def makespan(repeat: Repeat) -> float:
    """Seconds from the first task that was submitted to the last that was in memory."""
    return repeat.makespan


def tasks_per_s(repeat: Repeat) -> float:
    """Tasks by makespan."""
    return _ratio(repeat.trace["tasks"].sizes["task"], repeat.makespan)


def bytes_moved(repeat: Repeat) -> float:
    """Bytes sent from worker to worker."""
    moved = repeat.column("transfers", "bytes")
    return float(moved.sum()) if (moved >= 0).all() else np.nan


def bytes_between_nodes(repeat: Repeat) -> float:
    """Bytes sent from one node to another; what comes from a worker that is not known may be either."""
    node, moved = repeat.column("workers", "node"), repeat.column("transfers", "bytes")
    source, destination = repeat.column("transfers", "source"), repeat.column("transfers", "destination")
    if (node == "").any() or (moved < 0).any() or (source < 0).any():
        return np.nan
    return float(moved[node[source] != node[destination]].sum())


def share_between_nodes(repeat: Repeat) -> float:
    """What part of the bytes that move does so between nodes."""
    return _ratio(bytes_between_nodes(repeat), bytes_moved(repeat))


def communication(repeat: Repeat) -> float:
    """Time workers receive while they compute nothing, over that and the time they compute (0 if neither)."""
    whole = repeat.busy.exposed + repeat.busy.computing
    return repeat.busy.exposed / whole if whole else 0.0


def bandwidth(repeat: Repeat) -> float:
    """Bytes received per second in which a worker receives, over all workers."""
    return _ratio(bytes_moved(repeat), repeat.busy.receiving)


def operations_per_s(repeat: Repeat) -> float:
    """Operations per second of computing, over the tasks whose operations are known."""
    operations = repeat.column("tasks", "operations")
    known = np.isfinite(operations)
    return _ratio(operations[known].sum(), repeat.lasting("tasks")[known].sum())


def imbalance(repeat: Repeat) -> float:
    """How far the busiest worker is above the mean of all, idle ones too (0 if nothing computes)."""
    workers, worker = repeat.trace["workers"].sizes["worker"], repeat.column("tasks", "worker")
    if (worker < 0).any():
        return np.nan
    per_worker = np.bincount(worker, repeat.lasting("tasks"), workers)
    return float(per_worker.max() / per_worker.mean() - 1) if per_worker.any() else 0.0


def peak_memory(repeat: Repeat) -> float:
    """The largest resident memory that any worker is known to have reached since it started, in bytes."""
    peaks = repeat.column("workers", "peak_memory")
    return float(peaks.max()) if (peaks > 0).any() else np.nan


def memory_total(repeat: Repeat) -> float:
    """What the peaks of all processes come to, in bytes: workers that are threads of one process take it once."""
    hosts, pids, peaks = (repeat.column("workers", name) for name in ("host", "pid", "peak_memory"))
    if not peaks.size or not (peaks > 0).all():
        return np.nan
    known = np.where(pids > 0, pids, -np.arange(pids.size))
    ascending = sorted(zip(peaks, zip(hosts, known, strict=True), strict=True))
    return float(sum({process: peak for peak, process in ascending}.values()))


def latency_mean(repeat: Repeat) -> float:
    """What a result takes on average."""
    return float(repeat.latencies.mean()) if repeat.latencies.size else np.nan


def latency_spread(repeat: Repeat) -> float:
    """How far the slowest result is from the fastest."""
    return float(np.ptp(repeat.latencies)) if repeat.latencies.size else np.nan


def latency_percentile(repeat: Repeat, percent: float) -> float:
    """A percentile of the latencies, linear between two of them."""
    return float(np.percentile(repeat.latencies, percent)) if repeat.latencies.size else np.nan


def _ratio(amount: float, whole: float) -> float:
    return float(amount / whole) if whole > 0 else np.nan
