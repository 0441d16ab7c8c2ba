"""The findings in short: which configuration for what, where it bends, and what bounds it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from daskcnn.figures.prints import GOOD
from daskcnn.metrics import METRICS
from daskcnn.quantity import many
from daskcnn.report.claims import Best, best, keepers
from daskcnn.report.document import Table
from daskcnn.report.evidence import Evidence
from daskcnn.report.factors import LABELS, LITTLE, MEANINGS, bound
from daskcnn.report.words import percent, several

LATENCIES = {"latency_mean": "Lowest mean latency", "latency_max": "Lowest maximum latency"}
MEMORIES = {
    "peak_memory_bytes": "Least peak memory of a worker",
    "memory_total_bytes": "Least peak memory of all workers",
}


def for_what(evidence: Evidence) -> Table:
    """Which configuration is best for what, and how many others may be as good."""
    rate = "images_per_s" if evidence.subject.images else "tasks_per_s"
    purposes = {rate: f"Highest {METRICS[rate].label.lower()}", **LATENCIES}
    rows = [_row(evidence, what, best(evidence, metric)) for metric, what in purposes.items()]
    rows.insert(1, _keeper(evidence))
    head = ("For", "Configuration", "Value", "Speedup", "Efficiency", "May be as good")
    about = (
        "Each is compared with the best alone, with 95 % confidence. The sections below name those that may be as good."
    )
    rows += [_memory(evidence, metric, what) for metric, what in MEMORIES.items()]
    return Table(head, tuple(rows), names=2, about=about)


def bounds(evidence: Evidence) -> Iterator[str]:
    """What takes most of the efficiency of each series on its most workers."""
    unknown = []
    for way in evidence.drawn:
        run = evidence.run(way, evidence.counts(way)[-1])
        found, label = bound(evidence, run), evidence.label(run)
        if found is None:
            unknown.append(label)
            continue
        value = METRICS["efficiency"].text(found.value)
        least = f"{LABELS[found.factor].lower()}, {value}"
        if found.value >= LITTLE:
            yield f"{label}: no factor takes more than {percent(1 - LITTLE)}; the least is {least}."
        elif found.surely:
            yield f"{label} is bounded by {least}: {MEANINGS[found.factor]}."
        else:
            unsure = [LABELS[name].lower() for name in (*found.alike, *found.open)]
            why = "no difference is found to" if not found.open else "too few repeats tell it from"
            yield f"{label}: the least factor is {least}, but {why} {several(unsure)}."
    if unknown:
        yield f"What bounds these is not known, for their traces do not say it: {several(unknown)}."


def _row(evidence: Evidence, what: str, found: Best | None) -> tuple[str, ...]:
    if found is None:
        return what, "not known", "–", "–", "–", "–"
    unsure = [many(len(found.alike), "other")] if found.alike else []
    unsure += [f"{many(len(found.open), 'other')} for want of repeats"] if found.open else []
    none = "none" if found.worse else "–"
    return _told(evidence, what, found.run, found.metric, "; ".join(unsure) or none)


def _keeper(evidence: Evidence) -> tuple[str, ...]:
    """The most workers that surely are used well, the most efficient of them first."""
    what, most = f"Most workers at {percent(GOOD)} efficiency or more", keepers(evidence)
    if not most:
        return what, "none surely", "–", "–", "–", "–"
    found = best(evidence, "efficiency", most)
    return _row(evidence, what, found) if found else _told(evidence, what, most[0], "efficiency", "–")


def _memory(evidence: Evidence, metric: str, what: str) -> tuple[str, ...]:
    """The configuration that had least memory."""
    values = {run: evidence.interval(run, metric)[0] for run in evidence.runs}
    known = {run: value for run, value in values.items() if np.isfinite(value)}
    if not known:
        return _row(evidence, what, None)
    return _told(evidence, what, min(known, key=known.__getitem__), metric, "not known: peaks are taken once a run")


def _told(evidence: Evidence, what: str, run: str, metric: str, alike: str) -> tuple[str, ...]:
    value, *others = (evidence.text(run, name) for name in (metric, "speedup", "efficiency"))
    return what, evidence.label(run), value, *others, alike
