"""What the tab shows, as HTML: the run and its phases, layers, workers, blame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from distributed import Scheduler

from daskcnn.live.announcement import Planned
from daskcnn.live.blamed import Blamed
from daskcnn.live.blamer import Blamer
from daskcnn.live.counts import Count, Counts, Tally
from daskcnn.markup import Child, element, html, table
from daskcnn.quantity import quantity
from daskcnn.recorder.scheduler import AWAITED

Row = Sequence[Child]
FIRST = frozenset({"Phase", "Layer", "Prefix", "Worker", "Cause"})
MOST = 60
"""Rows of a table."""
LATEST = 12
"""Phases that are shown."""
OTHERS = "By prefix of the keys"
NOBODY = "No run of daskcnn has been here yet: tasks are counted by Dask's prefixes of their keys."
UNTOLD = (
    "Only workers tell transfers, loading and disk apart; to the scheduler, whose view this is, they are one wait. "
    "Tasks that still run do not count."
)


def sections(scheduler: Scheduler, counts: Counts, blamer: Blamer) -> dict[str, str]:
    """The HTML of each part of the page, those that have nothing to show empty."""
    awaited = counts.awaited(scheduler.workers.values())
    current, others = counts.current, counts.others
    aside = current is not others and others.layers
    return {
        "run": html(*_run(counts)),
        "phases": html(*_phases(counts, awaited)),
        "blame": html(*_blame(blamer)),
        "layers": html(*_layers(scheduler, current, awaited)),
        "workers": html(*_workers(scheduler, counts, awaited)),
        "others": html(*_layers(scheduler, others, awaited)) if aside else "",
    }


def _run(counts: Counts) -> Iterator[Element]:
    announced = counts.announced
    if announced is None:
        yield element("h1", "What runs here")
        yield element("p", NOBODY)
        return
    yield element("h1", announced.title)
    facts = (element("div", element("dt", name), element("dd", text)) for name, text in announced.facts)
    yield element("dl", *facts)
    yield element(
        "p", "When it has ended, ", element("code", f"daskcnn blame {announced.run}"), " knows more than this page."
    )


def _phases(counts: Counts, awaited: Mapping[Count, int]) -> Iterator[Element]:
    """The latest phases."""
    if not counts.phases:
        return
    begun = [tally for tally in counts.phases if tally.layers] or counts.phases[:1]
    last = counts.phases.index(begun[-1])
    shown = counts.phases[max(0, last - LATEST + 2) :][:LATEST]
    rows = []
    for tally in shown:
        assert tally.phase
        planned, whole = tally.phase.whole, tally.whole
        moved = whole.bytes - sum(awaited.get(own, 0) for own in tally.layers.values())
        rows.append((planned.name, _of(whole.tasks, planned.tasks), _of(moved, planned.bytes, "B")))
    yield from _titled("Run", ("Phase", "Tasks", "Bytes moved"), rows, len(counts.phases))


def _layers(scheduler: Scheduler, tally: Tally, awaited: Mapping[Count, int]) -> Iterator[Element]:
    groups: Mapping[str, Any] = scheduler.task_groups if tally.phase else scheduler.task_prefixes
    planned = list(tally.phase.layers if tally.phase else _prefixes(scheduler, tally))
    found = [tally.layers.get(own.name, Count()) for own in planned]
    rows: list[Row] = []
    for own, count in _most(planned, found):
        group = groups.get(f"{own.name}-{tally.phase.tag}" if tally.phase else own.name)
        failed = f", {count.failed:,} failed" if count.failed else ""
        done = element("span", _of(count.tasks, own.tasks), failed)
        moved = _of(count.bytes - awaited.get(count, 0), own.bytes, "B")
        here = quantity(group.states["processing"] if group else 0)
        rows.append((own.name, done, here, quantity(count.seconds, "s"), moved))
    title = f"Layers: {tally.phase.name}" if tally.phase else OTHERS
    titles = ("Layer" if tally.phase else "Prefix", "Tasks", "Under way", "Computing", "Bytes moved")
    yield from _titled(title, titles, rows, len(planned))


def _most(planned: Sequence[Planned], found: Sequence[Count]) -> list[tuple[Planned, Count]]:
    """As many as are shown; where there are more, those that are not done come first."""
    both = list(zip(planned, found, strict=True))
    if len(both) > MOST:
        both.sort(key=lambda own: own[1].tasks >= own[0].tasks)
    return both[:MOST]


def _prefixes(scheduler: Scheduler, tally: Tally) -> Iterator[Planned]:
    """What the scheduler knows is to be done of work that nobody announced."""
    for name, count in tally.layers.items():
        prefix: Any = scheduler.task_prefixes.get(name)
        waiting = sum(prefix.states[state] for state in AWAITED) if prefix else 0
        yield Planned(name, count.tasks + waiting, 0)


def _workers(scheduler: Scheduler, counts: Counts, awaited: Mapping[Count, int]) -> Iterator[Element]:
    tally, rows = counts.current, list[Row]()
    for own in tally.phase.workers if tally.phase else [Planned(address, 0, 0) for address in scheduler.workers]:
        count, worker = tally.workers.get(own.name, Count()), scheduler.workers.get(own.name)
        name = str(worker.name) if worker else f"{counts.names.get(own.name, own.name)}, gone"
        here = quantity(len(worker.processing) if worker else 0)
        got = _of(count.bytes - awaited.get(count, 0), own.bytes, "B")
        rows.append((name, _of(count.tasks, own.tasks), here, quantity(count.seconds, "s"), got))
    title = f"Workers: {tally.phase.name}" if tally.phase else "Workers"
    yield from _titled(title, ("Worker", "Tasks", "Under way", "Computing", "Bytes received"), rows, len(rows))


def _blame(blamer: Blamer) -> Iterator[Element]:
    found = blamer.found
    if found is None:
        yield element("h2", "Blame so far")
        yield element("p", f"Not known: {blamer.problem}" if blamer.problem else _unknown(blamer.since))
        return
    whole = sum(found.seconds.values())
    rows = [(cause, _share(seconds, whole), quantity(seconds, "s")) for cause, seconds in _causes(found)]
    title = f"Blame so far: {found.of}, tasks done: {found.tasks:,}"
    yield from _titled(title, ("Cause", "Time of all threads", "Seconds"), rows, len(rows))
    if found.waited:
        texts = (f"{layer} ({quantity(seconds, 's')})" for layer, seconds in found.waited)
        yield element("p", f"Others waited longest for {', '.join(texts)}.")
    yield element("p", UNTOLD)
    if blamer.problem:
        yield element("p", f"Not newer: {blamer.problem}")


def _unknown(since: str) -> str:
    return f"Followed since {since}: not known before tasks are done." if since else "Not followed yet."


def _causes(found: Blamed) -> list[tuple[str, float]]:
    """Those that took any time, compute first, then the longest."""
    known = [(cause, seconds) for cause, seconds in found.seconds.items() if seconds > 0]
    return sorted(known, key=lambda own: (own[0] != "compute", -own[1]))


def _titled(title: str, titles: Sequence[str], rows: Iterable[Row], count: int) -> Iterator[Element]:
    shown = [row for row, _ in zip(rows, range(MOST), strict=False)]
    yield element("h2", title)
    yield element("div", table(titles, shown, FIRST), class_="scroll", tabindex=0, role="region", aria_label=title)
    if count > len(shown):
        yield element("p", f"{count - len(shown):,} more are left out.")


def _of(done: float, planned: float, unit: str = "") -> Element:
    """How much is done of what was planned, in words and as a bar."""
    text = quantity(int(done), unit)
    if not planned:
        return element("span", text)
    words = text if planned == done else f"{text} of {quantity(int(planned), unit)}"
    return element("span", words, _bar(done, planned))


def _share(seconds: float, whole: float) -> Element:
    return element("span", f"{100 * seconds / whole:.1f} %", _bar(seconds, whole))


def _bar(done: float, planned: float) -> Element:
    return element("progress", value=done, max=planned, aria_hidden="true")
