"""POP's tree by hand, and its law: the product is the whole."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.blame import vanished
from daskcnn.metrics.repeat import ORCHESTRATION, Repeat
from tests.blame import simulated
from tests.metrics.repeats import repeat, value
from tests.traces import make

TREE = ("load_balance", "serialization_efficiency", "transfer_efficiency", "orchestration_efficiency")
THREADS = (2, 1, 1)


@pytest.mark.parametrize(
    ("made", "balance", "serialization", "transfer", "orchestration"),
    [
        # Two workers compute from beginning to end.
        ({"tasks": [{"start": 0.0, "stop": 4.0}, {"start": 0.0, "stop": 4.0, "worker": 1}]}, 1, 1, 1, 1),
        # One of them is done after half of it.
        ({"tasks": [{"start": 0.0, "stop": 4.0}, {"start": 0.0, "stop": 2.0, "worker": 1}]}, 3 / 4, 1, 1, 1),
        # The second one waits for the first one's result, which is there at once: 4 s in turn, 2 s each.
        (
            {
                "tasks": [{"start": 0.0, "stop": 2.0}, {"start": 2.0, "stop": 4.0, "worker": 1}],
                "edges": [(1, 0)],
                "transfers": [{"producer": 0, "destination": 1, "start": 2.0, "stop": 2.0}],
            },
            *(1, 2 / 4, 1, 1),
        ),
        # 1 s of the scheduler's, 3 s of computing, 0.5 s and 2 s of sending, 0.5 s and 2 s of computing: 9 s, without
        # the scheduler's 2 s 7 s, without the 2 s of sending too 5 s.
        (
            {
                "tasks": [{"start": 1.0, "stop": 4.0}, {"start": 7.0, "stop": 9.0, "worker": 1}],
                "edges": [(1, 0)],
                "transfers": [{"producer": 0, "destination": 1, "start": 4.5, "stop": 6.5}],
            },
            *(2.5 / 3, 3 / 5, 5 / 7, 7 / 9),
        ),
    ],
)
def test_by_hand(
    made: dict[str, Any], balance: float, serialization: float, transfer: float, orchestration: float
) -> None:
    of = Repeat(make(**made))
    found = [value(name, of) for name in TREE]
    assert found == pytest.approx([balance, serialization, transfer, orchestration], 1e-12)
    assert value("communication_efficiency", of) == pytest.approx(serialization * transfer, 1e-12)
    whole = balance * serialization * transfer * orchestration
    assert value("parallel_efficiency", of) == pytest.approx(whole, 1e-12)


@settings(max_examples=100)
@given(data=st.data())
def test_the_product_is_the_whole(data: st.DataObject) -> None:
    happenings = data.draw(simulated.happenings(len(THREADS)))
    trace = simulated.run(data.draw(simulated.plans(THREADS)), THREADS, happenings)
    of = Repeat(trace)
    factors = [value(name, of) for name in TREE]
    assert all(0 < factor <= 1 + 1e-12 for factor in factors)
    assert value("parallel_efficiency", of) == pytest.approx(np.prod(factors), 1e-12)
    assert of.replayed.without_orchestration == vanished(trace, ORCHESTRATION)
    assert of.replayed.without_transfers == vanished(trace, [*ORCHESTRATION, "transfer wait"])


def test_what_cannot_be_known_without_edges() -> None:
    of = repeat({"worker": [0, 1], "start": [0.0, 1.0], "stop": [3.0, 2.0]})
    assert value("parallel_efficiency", of) == pytest.approx(2 / 3)
    assert value("load_balance", of) == pytest.approx(2 / 3)
    unknown = ("communication", "serialization", "transfer", "orchestration")
    assert all(np.isnan(value(f"{name}_efficiency", of)) for name in unknown)


def test_nothing_ran() -> None:
    assert all(np.isnan(value(name, repeat())) for name in (*TREE, "parallel_efficiency"))
