"""How fast runs are, and how that scales, in words worked out from the numbers: no more than the intervals carry."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from daskcnn.figures.prints import FAIR, GOOD
from daskcnn.metrics import METRICS
from daskcnn.noise import DIFFERENT, SAME, Comparison
from daskcnn.quantity import many
from daskcnn.report.claims import ABOVE, BELOW, UNSURE, against_serial, best, enough, keepers, side, step
from daskcnn.report.evidence import Evidence, stated
from daskcnn.report.words import best_words, grouped, percent, several

Lines = list[str]


def execution_time(evidence: Evidence) -> Lines:
    """The fastest, and each against the serial run."""
    weak = "Workers have as many images each, so times are compared on the same number of workers alone, further below."
    lines = [best_words(evidence, best(evidence, "seconds"), "time") if evidence.subject.kind == "strong" else weak]
    timed = {run: against_serial(evidence, run) for run in _timed(evidence)}
    if not timed:
        return [*lines, "None was timed against a serial run without Dask."]
    groups = {
        "surely faster than the serial run without Dask": [r for r, c in timed.items() if _more(c)],
        "surely slower": [r for r, c in timed.items() if c.verdict == DIFFERENT and not _more(c)],
        "not told from it": [r for r, c in timed.items() if c.verdict == SAME],
        "with too few repeats to tell": [r for r, c in timed.items() if c.verdict not in (DIFFERENT, SAME)],
    }
    return [*lines, grouped(evidence, groups)]


def speedup(evidence: Evidence) -> Lines:
    """The greatest speedup of what it could be, and the serial fractions."""
    found = best(evidence, "speedup")
    lines = [best_words(evidence, found, "speedup")]
    if found:
        share = METRICS["efficiency"].text(evidence.interval(found.run, "efficiency")[0])
        lines.append(f"That of {evidence.label(found.run)} is {share} of the ideal.")
    else:
        lines.append("The figure shows speedups against the fewest workers of the same way of cutting.")
    return [*lines, *_each_way(evidence, _law)]


def efficiency(evidence: Evidence) -> Lines:
    """Which configurations are good, fair and poor."""
    good = {run: side(evidence, run, "efficiency", GOOD) for run in evidence.runs}
    fair = {run: side(evidence, run, "efficiency", FAIR) for run in evidence.runs}
    groups = {
        f"surely {percent(GOOD)} or more": [run for run in good if good[run] == ABOVE],
        f"surely between {percent(FAIR)} and {percent(GOOD)}": [
            run for run in good if good[run] == BELOW and fair[run] == ABOVE
        ],
        f"surely below {percent(FAIR)}": [run for run in fair if fair[run] == BELOW],
    }
    told = {run for runs in groups.values() for run in runs}
    groups["not sure"] = [run for run in good if run not in told]
    return [grouped(evidence, groups), keeps(evidence)]


def keeps(evidence: Evidence) -> str:
    """The most workers that surely are good."""
    if most := [f"{evidence.label(run)}, {evidence.text(run, 'efficiency')}" for run in keepers(evidence)]:
        return f"The most workers that surely are {percent(GOOD)} efficient or more: {several(most)}."
    return f"No configuration is surely {percent(GOOD)} efficient or more."


def throughput(evidence: Evidence) -> Lines:
    """The greatest throughput, and what each step to more workers brings."""
    metric = "images_per_s" if evidence.subject.images else "tasks_per_s"
    what = METRICS[metric].label.lower()
    return [best_words(evidence, best(evidence, metric), what), *_each_way(evidence, steps)]


def steps(evidence: Evidence, way: str) -> str:
    """How many times as much work per second each step to more workers does."""
    counts = evidence.counts(way)
    said = [(fewer, more, step(evidence, way, fewer, more)) for fewer, more in pairwise(counts)]
    return f"{way}: " + "; ".join(f"from {fewer:,} to {more:,} workers {own}" for fewer, more, own in said) + "."


def scaling(evidence: Evidence) -> Lines:
    """Where each series bends."""
    return _each_way(evidence, inflection)


def inflection(evidence: Evidence, way: str) -> str:
    """From which number of workers on a series is surely less than good."""
    counts, share = evidence.counts(way), percent(GOOD)
    sides = {count: side(evidence, evidence.run(way, count), "efficiency", GOOD) for count in counts}
    if not all(enough(evidence.each(evidence.run(way, count), "seconds").size) for count in counts):
        return f"{way}: too few repeats to tell where its efficiency falls below {share}; 5 of each are enough."
    poor = min((count for count in counts if sides[count] == BELOW), default=0)
    fewer = [count for count in counts if not poor or count < poor]
    good = max((count for count in fewer if sides[count] == ABOVE), default=0)
    again = [count for count in counts if count not in fewer and sides[count] == ABOVE]
    rest = _rest([count for count in fewer if sides[count] == UNSURE], f"may be on either side of {share}")
    rest += _rest(again, f"back at {share} or more")
    if good and poor:
        return f"{way}: inflection at {share} efficiency between {_workers(good)} and {poor:,}{rest}."
    if good:
        return f"{way}: no inflection is found, efficiency is {share} or more on up to {_workers(good)}{rest}."
    if poor:
        already = "the fewest, " if poor == counts[0] else ""
        return f"{way}: efficiency is surely below {share} on {already}{_workers(poor)}{rest}."
    return f"{way}: on no number of workers is efficiency surely on either side of {share}."


def comparison(evidence: Evidence) -> Lines:
    """The fastest way on each number of workers."""
    workers = evidence.cases["workers"].values
    found = []
    for count in np.unique(workers).tolist():
        runs = [run for run, own in zip(evidence.runs, workers, strict=True) if own == count]
        if len(runs) > 1:
            found.append(best_words(evidence, best(evidence, "seconds", runs), f"time on {_workers(count)}"))
    return found or ["Each number of workers was measured with one way of cutting alone: nothing to compare."]


def _rest(counts: list[int], what: str) -> str:
    """What else is to be said of numbers of workers."""
    return f"; {several([f'{count:,}' for count in counts])} {what}" if counts else ""


def _each_way(evidence: Evidence, tell: Callable[[Evidence, str], str]) -> Lines:
    """What is to be told of each series that was measured on several numbers of workers."""
    single = [way for way in evidence.drawn if len(evidence.counts(way)) == 1]
    lines = [tell(evidence, way) for way in evidence.drawn if way not in single]
    return [*lines, f"Measured on one number of workers alone: {several(single)}."] if single else lines


def _law(evidence: Evidence, way: str) -> str:
    """The share of the work that one worker has to do alone, by Amdahl's law, or by Gustafson's of weak scaling."""
    law, parameter = ("amdahl", "serial_fraction") if evidence.subject.kind == "strong" else ("gustafson", "alpha")
    own = evidence.lines.sel(series=way)
    if note := str(own["note"].sel(law=law).item()):
        points = many(len(evidence.counts(way)), "number")
        return f"{way}: no law is fitted, {note}: {points} of workers, 3 are needed."
    ends = (float(own[name].sel(parameter=parameter)) for name in ("value", "low", "high"))
    worth = f"R² {float(own['r_squared'].sel(law=law)):.2f}"
    return f"{way}: serial fraction by {law.capitalize()}'s law {stated('serial_fraction', *ends)}, {worth}."


def _timed(evidence: Evidence) -> Lines:
    return [run for run in evidence.runs if evidence.each(run, "serial_seconds").size]


def _more(said: Comparison) -> bool:
    return said.verdict == DIFFERENT and said.ratio > 1


def _workers(count: int) -> str:
    return many(count, "worker")
