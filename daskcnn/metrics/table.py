"""The one table of what is measured."""

from functools import partial

from daskcnn.metrics import efficiency, formulas
from daskcnn.metrics.metric import Metric

_time = partial(Metric, group="time")
_scaling = partial(Metric, group="scaling")
_latency = partial(Metric, unit="s", better="down", group="latency")
_efficiency = partial(Metric, unit="", better="up", group="efficiency", share=True)
_communication = partial(Metric, group="communication")
_memory = partial(Metric, unit="B", better="down", group="memory")

_PATH = "seconds from the start of the first task that a result depends on until it is in memory"
_POP = "POP Centre of Excellence, pop-coe.eu; Wagner et al. 2017"


def _percentile(name: str, label: str, percent: float) -> Metric:
    formula = partial(formulas.latency_percentile, percent=percent)
    return _latency(name, label, source=f"{_PATH}, linear between two of them", formula=formula)


_TABLE = (
    _time("seconds", "Time", "s", "down", source="wall time from submitting to the answer", headline=True),
    _time(
        "makespan",
        "Makespan",
        "s",
        "down",
        source="from the first task that the scheduler got to the last result that it knew in memory (Graham 1966)",
        formula=formulas.makespan,
    ),
    _time("client_seconds", "Client time", "s", "down", source="time - makespan: to build, send and gather"),
    _time("images_per_s", "Throughput", "images/s", "up", source="images / time", headline=True),
    _time("tasks_per_s", "Task throughput", "tasks/s", "up", source="tasks / makespan", formula=formulas.tasks_per_s),
    _scaling(
        "speedup",
        "Speedup",
        "",
        "up",
        source="time of the same kernels, serial and without Dask / time (Amdahl 1967)",
        headline=True,
    ),
    _scaling(
        "efficiency", "Efficiency", "", "up", source="speedup / workers (Eager et al. 1989)", share=True, headline=True
    ),
    _scaling("scaling_loss", "Scaling loss", "", "down", source="1 - efficiency", share=True),
    _scaling(
        "incremental_speedup",
        "Incremental speedup",
        "",
        "up",
        source="work per second / work per second with the next smaller number of workers",
    ),
    _scaling(
        "serial_fraction",
        "Serial fraction",
        "",
        "down",
        source="(1 / speedup - 1 / workers) / (1 - 1 / workers), as found by experiment (Karp and Flatt 1990)",
        share=True,
    ),
    _percentile("latency_min", "Minimum latency", 0),
    _latency("latency_mean", "Mean latency", source=f"{_PATH}, on average", formula=formulas.latency_mean),
    _percentile("latency_p50", "Median latency", 50),
    _percentile("latency_p95", "95th percentile of latency", 95),
    _percentile("latency_p99", "99th percentile of latency", 99),
    _percentile("latency_max", "Maximum latency", 100),
    _latency(
        "latency_spread", "Spread of latency", source="maximum - minimum latency", formula=formulas.latency_spread
    ),
    _communication(
        "bytes_moved",
        "Bytes moved",
        "B",
        "down",
        source="bytes of the keys sent worker to worker",
        formula=formulas.bytes_moved,
        headline=True,
    ),
    _communication(
        "bytes_between_nodes",
        "Bytes moved between nodes",
        "B",
        "down",
        source="bytes of the keys sent from a worker of one node to one of another",
        formula=formulas.bytes_between_nodes,
    ),
    _communication(
        "share_between_nodes",
        "Share moved between nodes",
        "",
        "down",
        source="bytes moved between nodes / bytes moved",
        formula=formulas.share_between_nodes,
        share=True,
    ),
    _communication(
        "communication",
        "Communication share",
        "",
        "down",
        source="time a worker receives while no thread of it computes / (that + time it computes), over all workers",
        formula=formulas.communication,
        share=True,
        headline=True,
    ),
    _communication(
        "bandwidth",
        "Bandwidth",
        "B/s",
        "up",
        source="bytes moved / time in which workers receive, transfers at once counted once",
        formula=formulas.bandwidth,
    ),
    _communication(
        "bandwidth_share",
        "Share of bandwidth",
        "",
        "up",
        source="bandwidth / that measured between two workers of the machine",
        share=True,
    ),
    _efficiency(
        "imbalance",
        "Load imbalance",
        better="down",
        source="max over workers of compute time / mean over all workers - 1 (Pearce et al. 2012)",
        formula=formulas.imbalance,
        headline=True,
    ),
    _efficiency(
        "parallel_efficiency",
        "Parallel efficiency",
        source=f"mean compute time of threads / makespan; the product of what follows ({_POP})",
        formula=efficiency.parallel_efficiency,
    ),
    _efficiency(
        "load_balance",
        "Load balance",
        source=f"mean / maximum compute time of threads ({_POP})",
        formula=efficiency.load_balance,
    ),
    _efficiency(
        "communication_efficiency",
        "Communication efficiency",
        source=f"serialization × transfer efficiency ({_POP})",
        formula=efficiency.communication_efficiency,
    ),
    _efficiency(
        "serialization_efficiency",
        "Serialization efficiency",
        source=f"maximum compute time of threads / makespan without orchestration and transfers ({_POP})",
        formula=efficiency.serialization_efficiency,
    ),
    _efficiency(
        "transfer_efficiency",
        "Transfer efficiency",
        source=f"makespan without orchestration and transfers / makespan without orchestration ({_POP})",
        formula=efficiency.transfer_efficiency,
    ),
    _efficiency(
        "orchestration_efficiency",
        "Orchestration efficiency",
        source="makespan without waiting for the scheduler, deserializing, spilling and pausing / makespan",
        formula=efficiency.orchestration_efficiency,
    ),
    Metric(
        "operations_per_s",
        "Rate of operations",
        "FLOP/s",
        "up",
        "efficiency",
        "operations / compute time of the tasks whose operations are known: what a thread reaches",
        formulas.operations_per_s,
    ),
    _efficiency(
        "operations_share",
        "Share of peak operations",
        source="rate of operations / that measured for a matrix product on a thread of the machine",
    ),
    _memory(
        "peak_memory_bytes",
        "Peak memory",
        source="largest resident memory of a worker",
        formula=formulas.peak_memory,
        headline=True,
    ),
    _memory(
        "memory_total_bytes",
        "Peak memory, all workers",
        source="sum over the workers' processes of the largest resident memory",
        formula=formulas.memory_total,
    ),
    Metric(
        "accuracy",
        "Accuracy",
        "",
        "up",
        "answer",
        "images whose largest output is their label / images",
        share=True,
        headline=True,
    ),
)
METRICS = {metric.name: metric for metric in _TABLE}
"""Every metric by its name, in the order in which they are shown."""
HEADLINES = {name: metric for name, metric in METRICS.items() if metric.headline}
"""The few that are shown unless more is asked for."""
