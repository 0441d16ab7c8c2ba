"""What a report does not say, and what makes its numbers doubtful."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from daskcnn.noise import FEW, compared, tell
from daskcnn.quantity import many
from daskcnn.report.claims import enough
from daskcnn.report.evidence import DRAWN, Evidence
from daskcnn.report.words import several


def lacks(evidence: Evidence) -> list[str]:
    """A line for each thing, with the way out where there is one."""
    return [*_trust(evidence), *_repeats(evidence), *_unknown(evidence), *_not_here(evidence)]


def _trust(evidence: Evidence) -> Iterator[str]:
    cases = evidence.cases
    yield from (f"Not to be relied on: {line}." for line in evidence.doubts)
    for run, times in evidence.again.items():
        said = compared(times, evidence.each(run, "seconds"))
        ends = f"[{said.low:.3f}, {said.high:.3f}]" if np.isfinite(said.low) else f"({FEW})"
        yield f"Noise: {evidence.label(run)}, measured twice in turns, took {said.ratio:.3f} times {ends} as long."
    sweeps = set(cases["sweep"].values.tolist()) if "sweep" in cases else {""}
    if len(evidence.runs) > 1 and (len(sweeps) > 1 or "" in sweeps):
        yield "The runs are not of one sweep: between them the machine may change; daskcnn sweep takes turns."
    machines = sorted(set(cases["machine"].values.tolist()) - {""})
    if len(machines) > 1:
        yield f"The runs are of several machines, so they differ in more than in how they are cut: {several(machines)}."


def _repeats(evidence: Evidence) -> Iterator[str]:
    counts = {run: evidence.each(run, "seconds").size for run in evidence.runs}
    few = [evidence.label(run) for run, count in counts.items() if not tell(count, count)]
    if few:
        yield f"Too few repeats to tell whether runs differ: {several(few)}; 4 of each are enough, for thresholds 5."
    elif not all(map(enough, counts.values())):
        yield "With fewer than 5 repeats nothing is said of thresholds: daskcnn sweep --repeat 7 measures more."
    single = [way for way in evidence.ways if len(evidence.counts(way)) == 1]
    if single:
        yield f"Measured on one number of workers alone, so nothing is said of how it scales: {several(single)}."
    if len(evidence.ways) > DRAWN:
        left = [way for way in evidence.ways if way not in evidence.drawn]
        yield f"Figures show the {DRAWN} fastest ways of cutting; in the tables alone: {several(left)}."


def _unknown(evidence: Evidence) -> Iterator[str]:
    faults = {evidence.label(run): str(evidence.of(run, "fault")) for run in evidence.runs}
    yield from (f"Of {label} the table alone could be read: {fault}." for label, fault in faults.items() if fault)
    for metric, what in (
        ("serial_seconds", "no serial run was timed"),
        ("latency_mean", "latencies are not known, as of runs of earlier versions"),
        ("serialization_efficiency", "the trace does not say what waits are for, as of runs of earlier versions"),
    ):
        lacking = [evidence.label(run) for run in evidence.runs if not evidence.each(run, metric).size]
        if lacking:
            who = "all runs" if len(lacking) == len(evidence.runs) else several(lacking)
            yield f"Of {who} {what}."


def _not_here(evidence: Evidence) -> Iterator[str]:
    for other in evidence.others:
        yield f"Not in this report: {many(len(other.runs), 'run')} of {other}; --where chooses them."
    if evidence.left_out:
        left = many(evidence.left_out, "run")
        yield f"{left} left out: a newer one is cut alike on as many workers, there is no time, or workers were lost."
    yield from (f"The file of {name!r} cannot be read as a run." for name in evidence.unreadable)
