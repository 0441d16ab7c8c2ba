"""What comes last in its group, against a plain loop."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.recorder.lookup import States, latest
from daskcnn.recorder.records import Log

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 5)), max_size=12)


@given(PAIRS, PAIRS)
def test_the_latest_is_the_last_record_of_the_group_that_is_not_later(
    records: list[tuple[int, int]], moments: list[tuple[int, int]]
) -> None:
    group, order = np.array(records, np.int64).reshape(-1, 2).T
    at_group, at_order = np.array(moments, np.int64).reshape(-1, 2).T
    found = latest(group, order, at_group, at_order).tolist()
    for place, (wanted, limit) in zip(found, moments, strict=True):
        earlier = [(when, row) for row, (one, when) in enumerate(records) if one == wanted and when <= limit]
        assert place == max(earlier, default=(0, -1))[1]


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc")), max_size=12), st.data())
def test_states_are_found_before_and_after_a_place(rows: list[tuple[int, str]], data: st.DataObject) -> None:
    states = States(
        np.array([key for key, _ in rows], np.int64),
        np.array([state for _, state in rows], np.str_),
        np.arange(len(rows), dtype=float),
    )
    asked = data.draw(st.lists(st.tuples(st.integers(0, 2), st.integers(-1, len(rows)))))
    key, place = np.array(asked, np.int64).reshape(-1, 2).T
    last, following = states.last(["a", "b"], key, place).tolist(), states.next(["a", "b"], key, place).tolist()
    for (one, at), before, after in zip(asked, last, following, strict=True):
        places = [row for row, (other, state) in enumerate(rows) if other == one and state in "ab"]
        assert before == max((row for row in places if row <= at), default=-1)
        assert after == (min((row for row in places if row >= at), default=-1) if at >= 0 else -1)


def test_a_log_stays_as_it_was_cut() -> None:
    log = Log()
    log.note("a", "ready")
    then = log.copy()
    log.note_all(["b", "c"], ["ready", "ran"], 1.0)
    assert (then.keys, then.states, len(then.times)) == (["a"], ["ready"], 1)
    assert (log.keys, log.states, log.times[1:]) == (["a", "b", "c"], ["ready", "ready", "ran"], [1.0, 1.0])
