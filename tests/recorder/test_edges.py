"""Who reads whose result, against plain loops."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.recorder.edges import reads
from daskcnn.recorder.tasks import Tasks

KEYS = st.integers(0, 3)
PLACES = st.integers(-1, 12)


@given(st.lists(st.tuples(KEYS, PLACES, PLACES), max_size=8), st.lists(st.tuples(KEYS, KEYS), max_size=8))
def test_a_run_reads_the_last_result_that_was_in_memory_when_it_was_sent(
    runs: list[tuple[int, int, int]], graph: list[tuple[int, int]]
) -> None:
    key, sent, heard = np.array(runs, np.int64).reshape(-1, 3).T
    readers, read = np.array(graph, np.int64).reshape(-1, 2).T
    found = reads(readers, read, Tasks({}, key, sent, heard, np.ones(len(key), bool)))
    assert sorted(zip(found.reader.tolist(), found.key.tolist(), strict=True)) == sorted(
        (run, needed) for run, (own, *_) in enumerate(runs) for reader, needed in set(graph) if reader == own
    )
    for reader, needed, made in zip(found.reader, found.key, found.read, strict=True):
        before = [
            (in_memory, run)
            for run, (own, _, in_memory) in enumerate(runs)
            if own == needed and 0 <= in_memory <= sent[reader]
        ]
        assert made == max(before, default=(0, -1))[1]
