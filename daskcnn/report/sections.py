"""A report's sections, from what is known of its runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from daskcnn.figures.prints import PRINTS
from daskcnn.metrics import METRICS
from daskcnn.metrics.efficiency import TREE
from daskcnn.quantity import many
from daskcnn.report import tables
from daskcnn.report.document import Document, Section, Table
from daskcnn.report.evidence import Evidence
from daskcnn.report.factors import LABELS, MEANINGS
from daskcnn.report.findings import bounds, for_what
from daskcnn.report.insights import INSIGHTS
from daskcnn.report.lacks import lacks
from daskcnn.report.words import several

TITLES = {
    "execution_time": "Execution time",
    "speedup": "Speedup",
    "efficiency": "Efficiency",
    "throughput": "Throughput",
    "latency": "Latency",
    "communication_overhead": "Communication overhead",
    "load_imbalance": "Load imbalance",
    "memory_usage": "Memory",
    "scaling_analysis": "Incremental speedup and scaling loss",
    "implementation_comparison": "Implementation comparison",
    "performance_dashboard": "Dashboard",
}
"""Of the figures."""
MORE: dict[str, Callable[[Evidence], Sequence[Table]]] = {
    "latency": lambda evidence: [tables.latencies(evidence)],
    "memory_usage": lambda evidence: [tables.memory(evidence, way) for way in evidence.ways],
    "scaling_analysis": lambda evidence: [tables.scaling(evidence), tables.laws(evidence)],
}
"""Tables under figures."""
DEFINED = (
    *("seconds", "makespan", "images_per_s", "speedup", "efficiency", "incremental_speedup", "serial_fraction"),
    *("latency_mean", "communication", "imbalance", "memory_total_bytes"),
)


def document(evidence: Evidence) -> Document:
    """The whole report."""
    about = (
        f"From {many(len(evidence.runs), 'run')}, cut in {many(len(evidence.ways), 'way')}. Values are medians "
        "of repeats; in brackets is the interval that holds the median with 95 % confidence."
    )
    figures = [
        Section(f"{number}. {TITLES[name]}", name, tuple(INSIGHTS[name](evidence)), tuple(_more(evidence, name)))
        for number, name in enumerate(PRINTS, 1)
    ]
    sections = [
        Section("Which configuration for what", tables=(for_what(evidence),)),
        Section(
            "Where it bends, and what bounds it", words=(*INSIGHTS["scaling_analysis"](evidence), *bounds(evidence))
        ),
        Section("What was measured", words=tuple(_setting(evidence)), tables=(tables.summary(evidence),)),
        *figures,
        Section("What bounds the efficiency", words=tuple(_meanings()), tables=(tables.efficiencies(evidence),)),
        Section("What limits this report", words=tuple(lacks(evidence)) or ("Nothing that is known of.",)),
        Section("What the numbers are", words=tuple(_definitions())),
    ]
    return Document(f"Performance of {evidence.subject}", about, tuple(sections))


def _setting(evidence: Evidence) -> list[str]:
    """What ran where."""
    cases = evidence.cases
    kinds = {
        name: sorted(set(cases[name].values.tolist()) - {""})
        for name in ("engine", "cluster", "granularity", "machine")
        if name in cases
    }
    lines = [f"{evidence.subject}."]
    lines += [f"{name.capitalize()}: {several(own)}." for name, own in kinds.items() if own]
    if "same_as_serial" in cases and (cases["same_as_serial"] == 1).all():
        lines.append("Every prediction of every run is the serial one.")
    return lines


def _meanings() -> list[str]:
    return [f"{LABELS[name]} is lost where {meaning}." for name, meaning in MEANINGS.items()]


def _definitions() -> list[str]:
    named = dict.fromkeys([*DEFINED, *(name for name, _ in TREE)])
    return [f"{METRICS[name].label}: {METRICS[name].source}." for name in named] + [
        "Intervals hold the median with 95 % confidence, by percentile bootstrap of the repeats (Efron and Tibshirani "
        "1993).",
        "Surely is with 95 % confidence, each statement by itself. "
        "Two configurations differ where the interval of the ratio of their medians leaves out 1 and the repeats are "
        "enough for it (Mann and Whitney 1947); a median lies beyond a threshold where its interval does and the "
        "repeats are enough for it (Dixon and Mood 1946).",
    ]


def _more(evidence: Evidence, name: str) -> list[Table]:
    """The tables under a figure; those of what is not known are left out."""
    return [table for table in MORE[name](evidence) if table.rows] if name in MORE else []
