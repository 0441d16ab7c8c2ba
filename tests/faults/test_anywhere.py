"""Whatever network, cut however, loses workers wherever: what comes out is what comes out without Dask."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import execution
from daskcnn.cluster import connect, owners
from daskcnn.forward import forward
from daskcnn.placement import placement
from daskcnn.sources import ArraySource
from tests import strategies
from tests.faults.held import PATIENCE, computing, ends, remove
from tests.faults.test_lost import key_at


@settings(max_examples=12)
@given(data=st.data(), share=st.floats(0, 1), times=st.integers(1, 3))
def test_lost_workers_change_no_number(data: st.DataObject, share: float, times: int) -> None:
    network = data.draw(st.one_of(strategies.networks(), strategies.graphs()))
    cut = data.draw(strategies.cuts(network))
    work = forward(cut.plan(network), ArraySource(strategies.images(network, cut.images)), engine="numpy")
    with (
        # One more than the plan has, so that somebody is left.
        connect("threads", workers=max(cut.workers, times) + 1) as client,
        placement(client, owners(client, cut.workers)) as pins,
        computing(pins, work, key_at(work, share), "held") as (held, found),
    ):
        for _ in range(times):
            client.run_on_scheduler(remove, held.where())
        held.let_go()
        results = found.result(PATIENCE)
        losses = pins.state().losses
    assert losses.workers_lost == times and losses.tasks_recomputed >= times
    _, expected = execution.serial(work, ends(work), execution.held(work))
    assert results.keys() == expected.keys()
    for key, block in expected.items():
        np.testing.assert_array_equal(results[key], block)
