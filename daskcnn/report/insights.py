"""What each figure shows, in words."""

from __future__ import annotations

from collections.abc import Callable

from daskcnn.report import cost, speed
from daskcnn.report.evidence import Evidence

INSIGHTS: dict[str, Callable[[Evidence], list[str]]] = {
    "execution_time": speed.execution_time,
    "speedup": speed.speedup,
    "efficiency": speed.efficiency,
    "throughput": speed.throughput,
    "latency": cost.latency,
    "communication_overhead": cost.communication,
    "load_imbalance": cost.imbalance,
    "memory_usage": cost.memory,
    "scaling_analysis": speed.scaling,
    "implementation_comparison": speed.comparison,
    "performance_dashboard": lambda evidence: ["Six of the figures above at a glance."],
}
"""By the name of a figure."""
