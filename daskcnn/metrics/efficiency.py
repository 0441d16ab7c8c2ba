"""POP's tree: where the time of all threads goes that is not spent on computing.

The efficiencies of the Performance Optimisation and Productivity Centre of Excellence (https://pop-coe.eu; Wagner et
al., "A Structured Approach to Performance Analysis", 2017), for work that a scheduler hands out:

    parallel = load balance × communication × orchestration,     communication = serialization × transfer

Each is the quotient of two times, so that the product of all is exactly the whole: the mean and the longest time that
a thread computes; and three makespans: measured, without what orchestration costs, and without transfers as well, as
`daskcnn.blame.vanished` tells them. POP has no orchestration, since MPI has no scheduler.
"""

import numpy as np

from daskcnn.metrics.repeat import Repeat

TREE = (
    ("parallel_efficiency", ""),
    ("load_balance", "= "),
    ("communication_efficiency", "× "),
    ("serialization_efficiency", "    = "),
    ("transfer_efficiency", "    × "),
    ("orchestration_efficiency", "× "),
)
"""Each number is the product of those below it that are further in."""


def parallel_efficiency(repeat: Repeat) -> float:
    """The share of the makespan that threads compute on average."""
    return _quotient(_mean(repeat), repeat.makespan)


def load_balance(repeat: Repeat) -> float:
    """The time that a thread computes on average over the time of the one that computes longest."""
    return _quotient(_mean(repeat), _longest(repeat))


def communication_efficiency(repeat: Repeat) -> float:
    """The longest time that a thread computes over the makespan without orchestration."""
    return _quotient(_longest(repeat), repeat.replayed.without_orchestration)


def serialization_efficiency(repeat: Repeat) -> float:
    """The longest time that a thread computes over the makespan without orchestration and transfers."""
    return _quotient(_longest(repeat), repeat.replayed.without_transfers)


def transfer_efficiency(repeat: Repeat) -> float:
    """The makespan without orchestration and transfers over that without orchestration."""
    return _quotient(repeat.replayed.without_transfers, repeat.replayed.without_orchestration)


def orchestration_efficiency(repeat: Repeat) -> float:
    """The makespan without orchestration over the makespan."""
    return _quotient(repeat.replayed.without_orchestration, repeat.makespan)


def _mean(repeat: Repeat) -> float:
    return float(repeat.computing.mean()) if repeat.computing.size else np.nan


def _longest(repeat: Repeat) -> float:
    return float(repeat.computing.max(initial=0))


def _quotient(part: float, whole: float) -> float:
    return part / whole if whole > 0 else np.nan
