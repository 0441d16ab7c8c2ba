"""The blame of a scheduler's log that was made by hand."""

from daskcnn.live.blamed import WAITING, blamed
from daskcnn.recorder.records import Key, Log
from daskcnn.recorder.scheduler import SchedulerLog

A, B, C = "tcp://h:1", "tcp://h:2", "tcp://h:3"
RUN = "20261120T0753-02f"
FIRST, SECOND, EARLIER = (f"conv1-{RUN}-1", 0), (f"conv2-{RUN}-1", 0), (f"conv1-{RUN}-0", 0)
ROWS: tuple[tuple[float, Key, str], ...] = (
    (10.0, EARLIER, "processing"),
    (10.0, "other", "processing"),
    (18.0, EARLIER, "memory"),
    (19.0, "other", "memory"),
    *((20.0, key, state) for state in ("submitted", "waiting") for key in (FIRST, SECOND)),
    (20.5, FIRST, "processing"),
    (23.25, FIRST, "memory"),
    (23.25, SECOND, "processing"),
    (25.0, SECOND, "memory"),
    (25.0, (f"conv3-{RUN}-1", 0), "processing"),
)
FINISHED = ((A, 1, 11.0, 18.0, 8), (C, 1, 11.0, 19.0, 8), (A, 1, 21.0, 23.0, 8), (B, 1, 24.0, 25.0, 8))
SEEN = SchedulerLog(
    started=10.0,
    workers=[(name, address, "h", 1, 1, 0) for name, address in zip("012", (A, B, C), strict=True)],
    states=Log(*(list(column) for column in zip(*((key, state, time) for time, key, state in ROWS), strict=True))),
    finished=[field for row in FINISHED for field in row],
    readers=[SECOND, EARLIER],
    reads=[FIRST, "other"],
    events=[],
    clocks={},
    logs={},
)


def test_one_repeat_on_the_workers_of_its_plan() -> None:
    found = blamed(SEEN, "repeat 1", f"{RUN}-1", {A, B})
    assert found
    # A: waits 1 s, computes 2 s, then has nothing to do for 2 s; B waits 1 s for what A waits for, 2 s for A to
    # compute, 1 s for the scheduler or the transfer, and computes 1 s.
    known = {cause: seconds for cause, seconds in found.seconds.items() if seconds}
    assert known == {"compute": 3.0, "dependency wait": 2.0, "no work": 2.0, WAITING: 3.0}
    assert (found.of, found.tasks, found.waited) == ("repeat 1", 2, (("conv1", 2.0),))


def test_all_that_runs() -> None:
    found = blamed(SEEN, "since then", "", ())
    assert found and found.tasks == 4
    # The first task began to compute at 11 s, and all three threads are told of up to the end.
    assert sum(found.seconds.values()) == 3 * (25.0 - 11.0)


def test_nothing_is_known_before_a_task_is_done() -> None:
    assert blamed(SEEN, "repeat 2", f"{RUN}-2", {A, B}) is None
