"""All that a report is written from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from daskcnn.errors import RunError, UsageError
from daskcnn.metrics import METRICS, doubts
from daskcnn.report.cases import Floats, cases, known
from daskcnn.report.chosen import Subject, chosen
from daskcnn.report.lines import LINES, lines
from daskcnn.store import Store
from daskcnn.store.query import where

NUMBER = re.compile(r"([^ ×]*)(.*)")
DRAWN = 8
"""Series that figures can tell apart."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The runs of a report, and what is known of what is not in it."""

    subject: Subject
    cases: xr.Dataset
    """Along `run`, as `daskcnn.report.cases.cases` gives it."""
    lines: xr.Dataset
    """Along `series`, `line` and `workers`, as `daskcnn.report.lines.lines` gives it, of all series."""
    others: tuple[Subject, ...]
    """What other runs are about."""
    left_out: int
    """Runs that newer ones of the same configuration stand for, or that have no time."""
    unreadable: tuple[str, ...]
    doubts: tuple[str, ...]
    again: dict[str, Floats]
    """By run, the times of the same configuration when its sweep measured it a second time, for the noise."""

    @property
    def drawn(self) -> list[str]:
        """The series that figures show: all, or those that are fastest somewhere."""
        least = self.lines["seconds"].sel(line="measured").min("workers").to_series()
        return sorted(least.sort_values(kind="stable").index[:DRAWN].tolist())

    @property
    def ways(self) -> list[str]:
        """All series."""
        return list(self.subject.series)

    @property
    def runs(self) -> list[str]:
        """The runs by series and number of workers."""
        return [str(run) for run in self.cases["run"].values]

    def counts(self, way: str) -> list[int]:
        """The numbers of workers of a series."""
        return [int(count) for count in self.subject.series[way]["workers"].values]

    def run(self, way: str, workers: int) -> str:
        """The run of a series on so many workers."""
        own = self.subject.series[way]
        return str(own["run"].values[own["workers"].values == workers][0])

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each run is in `cases`."""
        return {run: place for place, run in enumerate(self.runs)}

    def of(self, run: str, name: str) -> Any:
        """What `cases` has of a run in one column."""
        return self.cases[name].values[self.places[run]]

    def label(self, run: str) -> str:
        """A run's configuration in words."""
        return str(self.of(run, "label"))

    def each(self, run: str, metric: str) -> Floats:
        """The repeats of a metric that are known."""
        return known(self.of(run, f"each_{metric}") if f"each_{metric}" in self.cases else [])

    def interval(self, run: str, metric: str) -> tuple[float, float, float]:
        """The median of a metric and both ends of its interval, as figures draw them; NaN where unknown."""
        if metric not in self.lines:
            return np.nan, np.nan, np.nan
        own = self.lines[metric].sel(series=self.of(run, "way"), workers=self.of(run, "workers"))
        value, low, high = own.sel(line=list(LINES)).values.tolist()
        return value, low, high

    def text(self, run: str, metric: str) -> str:
        """The median and its interval as people read them."""
        return stated(metric, *self.interval(run, metric))

    def rates(self, run: str) -> Floats:
        """Work per second of each repeat: images, or of work that has none the whole."""
        return max(int(self.of(run, "images")), 1) / self.each(run, "seconds")


def gather(store: Store, conditions: Sequence[str]) -> Evidence:
    """Everything that is known of the runs that fulfil all conditions.

    Parameters
    ----------
    store : Store
    conditions : sequence of str
        As `daskcnn.store.query.where` takes them.

    Raises
    ------
    UsageError
        No run fulfils them, or none of these has a time.
    RunError
        The store cannot be read.
    """
    table = store.runs()
    if not table.sizes["run"]:
        raise UsageError(f"no runs in {store.path} to report on; daskcnn run makes one")
    found = where(table, conditions)
    if not found.sizes["run"]:
        asked = " and ".join(conditions)
        raise UsageError(f"none of {table.sizes['run']:,} runs in {store.path} has {asked}: daskcnn runs lists them")
    subject, others = chosen(found)
    own = cases(store, found, subject)
    told = {run for other in (subject, *others) for run in other.runs} | set(_halves(found, "B").values())
    again = {
        run: _halves(found, "B")[sweep] for sweep, run in _halves(own, "A").items() if sweep in _halves(found, "B")
    }
    return Evidence(
        subject=subject,
        cases=own,
        lines=lines(own, subject),
        others=tuple(others),
        left_out=sum(run not in told for run in found["run"].values.tolist()),
        unreadable=tuple(table.attrs["unreadable"]),
        doubts=tuple(doubts(own)),
        again={run: _seconds(store, half) for run, half in again.items()},
    )


def stated(metric: str, value: float, low: float, high: float) -> str:
    """A value and its interval as people read them, the unit once where it is the same.

    >>> stated("speedup", 1.91, 1.8, 2.0), stated("seconds", 0.5, np.nan, np.nan), stated("seconds", 0.9, 0.8, 1.0)
    ('1.91× [1.80, 2.00]', '500.00 ms', '900.00 ms [800.00 ms, 1.00 s]')
    """
    texts = [METRICS[metric].text(number) for number in (value, low, high)]
    if not np.isfinite([low, high]).all():
        return texts[0]
    numbers, units = zip(*(NUMBER.findall(text)[0] for text in texts), strict=True)
    ends = numbers[1:] if len(set(units)) == 1 else texts[1:]
    return f"{texts[0]} [{', '.join(ends)}]"


def _halves(runs: xr.Dataset, pair: str) -> dict[str, str]:
    """By sweep, the run of the configuration that was measured twice: the first time `A`, the second time `B`."""
    if not {"pair", "sweep"} <= set(runs.coords):
        return {}
    own = runs.isel(run=runs["pair"].values == pair)
    return dict(zip(own["sweep"].values.tolist(), own["run"].values.tolist(), strict=True))


def _seconds(store: Store, run: str) -> Floats:
    try:
        return known(store.repeats(run).get("seconds", []))
    except (RunError, UsageError):
        return np.zeros(0)
