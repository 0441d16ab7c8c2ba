"""What the tab shows of counts made by hand."""

from types import SimpleNamespace
from typing import Any

from daskcnn.live.announcement import Announcement, Phase, Planned
from daskcnn.live.counts import Counts
from daskcnn.live.view import LATEST, MOST, sections
from tests.live.test_counts import TOLD, Task
from tests.test_markup import Seen

IDLE: Any = SimpleNamespace(workers={}, task_groups={}, task_prefixes={})


def shown(counts: Counts, **blamer: Any) -> dict[str, Seen]:
    told: Any = SimpleNamespace(**{"found": None, "problem": "", "since": "", **blamer})
    return {name: Seen(text) for name, text in sections(IDLE, counts, told).items()}


def test_of_many_layers_those_that_are_not_done_are_shown() -> None:
    layers, counts = tuple(Planned(f"layer{number}", 1, 0) for number in range(3 * MOST)), Counts()
    counts.announce(Announcement("run", "deep", (), (Phase("repeat 0", "run-0", layers, ()),)), {})
    for number in range(2 * MOST):
        counts.made(Task(f"layer{number}-run-0"), TOLD)
    text = shown(counts)["layers"].text
    assert all((f"layer{number}0 of 1" in text) == (number >= 2 * MOST) for number in range(3 * MOST))
    assert f"{2 * MOST} more are left out." in text


def test_of_many_phases_the_latest_and_the_next_are_shown() -> None:
    phases = tuple(Phase(f"repeat {number}", f"run-{number}", (Planned("conv1", 2, 0),), ()) for number in range(99))
    counts = Counts()
    counts.announce(Announcement("run", "long", (), phases), {})
    for number in range(51):
        counts.made(Task(f"conv1-run-{number}"), TOLD)
    text = shown(counts)["phases"].text
    assert text.count("repeat") == LATEST
    assert "repeat 501 of 2" in text and "repeat 510 of 2" in text


def test_what_fails_is_said() -> None:
    counts = Counts()
    counts.failed(Task("sum-1"))
    found = shown(counts, problem="<b>")
    assert "sum0, 1 failed" in found["layers"].text
    assert "Not known: <b>" in found["blame"].text


def test_whether_tasks_are_followed_yet_is_said() -> None:
    assert "Not followed yet" in shown(Counts())["blame"].text
    assert "Followed since 07:53:02" in shown(Counts(), since="07:53:02")["blame"].text
