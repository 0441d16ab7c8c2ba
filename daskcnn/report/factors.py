"""What bounds the efficiency: factors whose product it is.

Of every repeat, serial time / (workers × time) is exactly

    load balance × serialization × transfer × orchestration × client × computation

The first four are POP's parallel efficiency of the workers' threads (`daskcnn.metrics.efficiency`). The client's is
makespan / time, what building, sending and gathering leave of it. Computation is serial time / time that all threads
compute: what cutting the work, and several workers on one machine, leave of the speed of the kernels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from daskcnn.metrics import METRICS
from daskcnn.noise import DIFFERENT, SAME, compared
from daskcnn.report.cases import Floats, known
from daskcnn.report.evidence import Evidence
from daskcnn.report.lines import FACTORS

LABELS = {name: METRICS[name].label for name in FACTORS} | {
    "client": "Client efficiency",
    "computation": "Computation efficiency",
}
MEANINGS = {
    "load_balance": "some threads compute longer than others",
    "serialization_efficiency": "tasks wait for each other",
    "transfer_efficiency": "tasks wait for data on its way",
    "orchestration_efficiency": "tasks wait for the scheduler, or to be loaded",
    "client": "time goes to building, sending and gathering",
    "computation": "the kernels are slower than in the serial run, cut as they are and beside each other",
}
LITTLE = 0.95
"""A factor from which little is lost."""


class Bound(NamedTuple):
    """The least factor of a run, and which others may be as little."""

    factor: str
    value: float
    surely: bool
    """Whether every other factor is surely more."""
    alike: list[str]
    """Factors of which no difference is found."""
    open: list[str]
    """Factors that there are too few repeats to tell from it."""


def factors(evidence: Evidence, run: str) -> dict[str, Floats]:
    """(repeat,) Each factor of the efficiency, by its name in `LABELS`; those that are not known are left out.

    Client and computation are known of workers of one thread that were timed against a serial run.
    """
    row = evidence.cases.sel(run=run)
    found = {name: row[f"each_{name}"].values for name in FACTORS if f"each_{name}" in row}
    timed = {"each_makespan", "each_parallel_efficiency", "each_serial_seconds"} <= set(row)
    workers = int(row["workers"])
    if timed and int(row["threads"]) == workers:
        makespan, seconds, serial = (row[f"each_{name}"].values for name in ("makespan", "seconds", "serial_seconds"))
        computing = workers * row["each_parallel_efficiency"].values * makespan
        found["client"] = makespan / seconds
        found["computation"] = serial / np.where(computing > 0, computing, np.nan)
    return {name: values for name, values in ((name, known(own)) for name, own in found.items()) if values.size}


def bound(evidence: Evidence, run: str) -> Bound | None:
    """The factor that takes most of a run's efficiency; None where none is known."""
    found = factors(evidence, run)
    if not found:
        return None
    least = min(found, key=lambda name: float(np.median(found[name])))
    said = {name: compared(found[least], values).verdict for name, values in found.items() if name != least}
    return Bound(
        least,
        float(np.median(found[least])),
        bool(said) and set(said.values()) == {DIFFERENT},
        [name for name, verdict in said.items() if verdict == SAME],
        [name for name, verdict in said.items() if verdict not in (DIFFERENT, SAME)],
    )
