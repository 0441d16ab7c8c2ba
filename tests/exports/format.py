"""What the Trace Event Format asks of a document, as far as we write it, and what viewers need to show it all."""

import json
import math
from collections import defaultdict
from itertools import pairwise
from typing import Any

Event = dict[str, Any]
FIELDS = {
    "X": {"name", "cat", "pid", "tid", "ts", "dur", "args"},
    "s": {"name", "cat", "pid", "tid", "ts", "id"},
    "f": {"name", "cat", "pid", "tid", "ts", "id", "bp"},
    "C": {"name", "pid", "ts", "args"},
    "i": {"name", "cat", "pid", "tid", "ts", "s", "args"},
    "M": {"name", "pid", "tid", "args"},
}


def loaded(text: str) -> dict[str, Any]:
    """The document, which must be JSON to the letter."""
    found: dict[str, Any] = json.loads(text, parse_constant=_refused)
    return found


def assert_valid(document: dict[str, Any]) -> None:
    """Hold a document to the format."""
    assert document.keys() == {"traceEvents", "displayTimeUnit", "otherData"}
    assert document["displayTimeUnit"] in ("ms", "ns")
    events: list[Event] = document["traceEvents"]
    for event in events:
        assert event.keys() - {"ph"} == FIELDS[event["ph"]], event
        assert isinstance(event["name"], str) and isinstance(event["pid"], int)
        assert event["ph"] == "M" or math.isfinite(event["ts"])
    named = _assert_named(events)
    slices = _assert_nested(events)
    assert slices.keys() <= named
    _assert_arrows(events, slices)
    for event in events:
        if event["ph"] == "C":
            assert event["args"] and all(isinstance(value, int | float) for value in event["args"].values())
        if event["ph"] == "i":
            assert event["s"] in "gpt"


def _assert_named(events: list[Event]) -> set[tuple[int, int]]:
    """Every thread has one name; Perfetto tells threads apart by their number alone."""
    processes = [event["pid"] for event in events if event["name"] == "process_name" and event["ph"] == "M"]
    threads = [(event["pid"], event["tid"]) for event in events if event["name"] == "thread_name"]
    numbers = [*processes, *(thread for _, thread in threads)]
    assert len(numbers) == len(set(numbers)) and all(number > 0 for number in numbers)
    assert {process for process, _ in threads} <= set(processes)
    assert all(event["args"]["name"] for event in events if event["ph"] == "M")
    return set(threads)


def _assert_nested(events: list[Event]) -> dict[tuple[int, int], list[tuple[float, float]]]:
    """Slices of a thread lie behind each other: those that overlap are not shown."""
    slices = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            assert event["dur"] >= 0
            slices[event["pid"], event["tid"]].append((event["ts"], round(event["ts"] + event["dur"], 3)))
    for own in slices.values():
        own.sort()
        assert all(one[1] <= other[0] for one, other in pairwise(own))
    return slices


def _assert_arrows(events: list[Event], slices: dict[tuple[int, int], list[tuple[float, float]]]) -> None:
    """Each begins within a slice and ends, later, within another."""
    ends = {phase: {event["id"]: event for event in events if event["ph"] == phase} for phase in "sf"}
    assert len(ends["s"]) + len(ends["f"]) == sum(event["ph"] in "sf" for event in events)
    assert ends["s"].keys() == ends["f"].keys()
    for number, begin in ends["s"].items():
        end = ends["f"][number]
        assert begin["ts"] <= end["ts"] and end["bp"] == "e"
        assert (begin["name"], begin["cat"]) == (end["name"], end["cat"])
        for event in (begin, end):
            assert any(start <= event["ts"] <= stop for start, stop in slices[event["pid"], event["tid"]])


def _refused(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")
