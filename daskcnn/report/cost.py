"""What runs cost: latency, communication, imbalance and memory, in words that say no more than the intervals carry."""

from __future__ import annotations

import numpy as np

from daskcnn.figures.prints import LITTLE
from daskcnn.metrics import METRICS
from daskcnn.report.claims import ABOVE, BELOW, UNSURE, best, side
from daskcnn.report.evidence import Evidence
from daskcnn.report.words import best_words, grouped, percent

Lines = list[str]


def latency(evidence: Evidence) -> Lines:
    """The lowest mean and maximum latency."""
    what = {"latency_mean": "mean latency", "latency_max": "maximum latency"}
    return [best_words(evidence, best(evidence, metric), words) for metric, words in what.items()]


def communication(evidence: Evidence) -> Lines:
    """Where communication is little."""
    return _little(evidence, "communication")


def imbalance(evidence: Evidence) -> Lines:
    """Where the load is balanced."""
    return _little(evidence, "imbalance")


def memory(evidence: Evidence) -> Lines:
    """The least memory: peaks are taken once for all repeats, so nothing is said of what differs."""
    lines = []
    for metric, what in (("peak_memory_bytes", "of the largest worker"), ("memory_total_bytes", "of all workers")):
        values = {run: evidence.interval(run, metric)[0] for run in evidence.runs}
        known = {run: value for run, value in values.items() if np.isfinite(value)}
        if known:
            least, most = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
            text = METRICS[metric].text
            ends = [f"{text(known[run])} ({evidence.label(run)})" for run in dict.fromkeys([least, most])]
            lines.append(f"Peak memory {what}: {' to '.join(ends)}.")
    if not lines:
        return ["Peak memory is not known of these runs."]
    lines.append("A peak is taken once a run, not once a repeat: how much of a difference is noise is not known.")
    if "threads" in evidence.cases["cluster"].values:
        lines.append("Workers that are threads share the memory of one process: each shows all of it.")
    return lines


def _little(evidence: Evidence, metric: str) -> Lines:
    """Where a share that should be little is so, and where it is greatest."""
    values = {run: evidence.interval(run, metric)[0] for run in evidence.runs}
    known = {run: value for run, value in values.items() if np.isfinite(value)}
    label, share = METRICS[metric].label, percent(LITTLE)
    if not known:
        return [f"{label} is not known of these runs."]
    sides = {run: side(evidence, run, metric, LITTLE) for run in known}
    groups = {
        f"surely below {share}": [run for run in known if sides[run] == BELOW],
        f"surely {share} or more": [run for run in known if sides[run] == ABOVE],
        "not sure": [run for run in known if sides[run] == UNSURE],
    }
    most = max(known, key=known.__getitem__)
    largest = f"The largest {label.lower()} is {evidence.text(most, metric)}, of {evidence.label(most)}."
    return [largest, grouped(evidence, groups)]
