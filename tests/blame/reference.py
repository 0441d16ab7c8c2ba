"""Why a lane stands still, asked at one moment after the other, in plain loops."""

from dataclasses import dataclass
from itertools import pairwise
from math import isnan
from typing import Any

import numpy as np
import xarray as xr

Frame = list[dict[str, Any]]


@dataclass(frozen=True)
class Reference:
    """A trace as rows."""

    tasks: Frame
    edges: Frame
    transfers: Frame
    workers: Frame
    events: Frame

    @classmethod
    def of(cls, trace: xr.DataTree) -> "Reference":
        """The rows of a trace."""
        return cls(*(rows(trace, node) for node in ("tasks", "edges", "transfers", "workers", "events")))

    def seconds(self) -> dict[tuple[int, int, str, int], float]:
        """For each lane, as worker and place, each cause and each task that is its own or waited for: seconds."""
        begin = min(min(task["start"], up(task["submitted"])) for task in self.tasks)
        end = max(max(task["stop"], down(task["in_memory"])) for task in self.tasks)
        stamps = {
            time
            for row in (*self.tasks, *self.transfers)
            for name, time in row.items()
            if name in ("submitted", "begun", "start", "stop", "in_memory") and not isnan(time)
        }
        stamps |= {self.begun(number) for number in range(len(self.tasks))}
        stamps |= {self.loaded(number) for number in range(len(self.tasks))}
        stamps |= {event["time"] for event in self.events}
        stamps |= {event["time"] + event["duration"] for event in self.events}
        moments = [begin, *sorted(time for time in stamps if begin < time < end), end]
        found: dict[tuple[int, int, str, int], float] = {}
        for worker, row in enumerate(self.workers):
            threads = sorted({task["thread"] for task in self.tasks if task["worker"] == worker})
            for place in range(max(len(threads), row["threads"])):
                mine = [
                    number
                    for number, task in enumerate(self.tasks)
                    if place < len(threads) and (task["worker"], task["thread"]) == (worker, threads[place])
                ]
                for start, stop in pairwise(moments):
                    cause, task = self.at(mine, worker, (start + stop) / 2)
                    found[worker, place, cause, task] = found.get((worker, place, cause, task), 0.0) + stop - start
        return found

    def at(self, mine: list[int], worker: int, time: float) -> tuple[str, int]:
        """The cause of one moment of a lane, and the task that is its own or waited for."""
        for number in mine:
            if self.tasks[number]["start"] < time < self.tasks[number]["stop"]:
                return "compute", number
        later = [number for number in mine if self.tasks[number]["start"] > time]
        following = min(later, key=lambda number: (self.tasks[number]["start"], self.tasks[number]["stop"]), default=-1)
        cause, task = ("no work", -1) if following < 0 else self.before(following, time)
        return self.overlaid(cause, task, worker, time)

    def overlaid(self, cause: str, task: int, worker: int, time: float) -> tuple[str, int]:
        """What a worker did takes the place of a cause."""
        if self.happens(("spill", "unspill"), worker, time):
            return "spill", -1
        if cause != "deserialize" and self.happens(("paused",), worker, time):
            return "paused", -1
        received = [move for move in self.transfers if move["destination"] == worker]
        if cause == "other" and any(move["start"] < time < move["stop"] for move in received):
            return "transfer wait", -1
        return cause, task

    def happens(self, kinds: tuple[str, ...], worker: int, time: float) -> bool:
        """Whether a worker does one of these at a moment."""
        return any(
            event["kind"] in kinds and event["worker"] == worker and 0 < time - event["time"] < event["duration"]
            for event in self.events
        )

    def begun(self, number: int) -> float:
        """When a task was taken up."""
        task, first = self.tasks[number], self.first(number)
        free = self.tasks[first]["stop"] if first >= 0 else -np.inf
        return float(max(task["start"] - task["deserialize"], free) if isnan(task["begun"]) else task["begun"])

    def loaded(self, number: int) -> float:
        """When what it needs was there."""
        return min(self.begun(number) + float(self.tasks[number]["deserialize"]), float(self.tasks[number]["start"]))

    def first(self, number: int) -> int:
        """The task before one on its lane, -1 if there is none."""
        task = self.tasks[number]
        lane = [
            other
            for other, row in enumerate(self.tasks)
            if (row["worker"], row["thread"]) == (task["worker"], task["thread"]) and row["stop"] <= task["start"]
        ]
        return max(lane, key=lambda other: self.tasks[other]["stop"], default=-1)

    def before(self, number: int, time: float) -> tuple[str, int]:
        """Why a lane does not compute its next task yet."""
        if time > self.loaded(number):
            return "scheduler wait", -1
        if time > self.begun(number):
            return "deserialize", number
        return self.waiting(number, time)

    def held(self, number: int, time: float) -> tuple[str, int]:
        """Why a task has not stopped yet."""
        if time > self.begun(number):
            return "dependency wait", number
        return self.waiting(number, time)

    def delayed(self, number: int, time: float, cause: str) -> tuple[str, int]:
        """Why a task that waits for no other is not begun yet: the cause, unless its worker had another."""
        return self.overlaid(cause, -1, self.tasks[number]["worker"], time)

    def waiting(self, number: int, time: float) -> tuple[str, int]:
        """Why a task is not begun yet."""
        task = self.tasks[number]
        asked = -np.inf if isnan(task["submitted"]) else task["submitted"]
        first = self.first(number)
        free = self.tasks[first]["stop"] if first >= 0 else -np.inf
        inputs = [self.input(number, edge["read"]) for edge in self.edges if edge["reader"] == number]
        known = bool(inputs) or not isnan(task["submitted"])
        if not known or free >= max([asked, *(arrived for arrived, _, _, _ in inputs)]):
            if time > free:
                return self.delayed(number, time, "scheduler wait" if known else "other")
            return self.held(first, time)
        arrived, sent, _, _ = max(inputs, key=lambda row: row[:2], default=(asked, asked, 0.0, -1))
        made, source = max(
            ((stop, maker) for _, _, stop, maker in inputs if stop <= sent),
            key=lambda row: (row[0], self.tasks[row[1]]["start"], row[1]),
            default=(-np.inf, -1),
        )
        ready = max(made, asked)
        if time > max(arrived, ready):
            return self.delayed(number, time, "scheduler wait")
        if time > max(sent, ready):
            return self.delayed(number, time, "transfer wait")
        if time > ready:
            return self.delayed(number, time, "scheduler wait")
        return ("no work", -1) if asked > made else self.held(source, time)

    def input(self, reader: int, read: int) -> tuple[float, float, float, int]:
        """When an input arrived, was sent and made, and by which task."""
        made, worker = self.tasks[read]["stop"], self.tasks[reader]["worker"]
        for move in self.transfers:
            if (move["producer"], move["destination"]) == (read, worker):
                return move["stop"], move["start"], made, read
        return made, made, made, read


def up(time: float) -> float:
    """The time, or what is after all others if it is unknown."""
    return np.inf if isnan(time) else time


def down(time: float) -> float:
    """The time, or what is before all others if it is unknown."""
    return -np.inf if isnan(time) else time


def rows(trace: xr.DataTree, node: str) -> Frame:
    """One node, row by row."""
    columns = {str(name): values.values.tolist() for name, values in trace[node].dataset.data_vars.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
