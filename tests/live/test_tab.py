"""What the scheduler counts of work that runs, and what the tab must not do to it."""

from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import dask.array as da
import pytest
from bokeh.client import pull_session
from bokeh.models import Div
from distributed import Client

from daskcnn.cluster import connect, owners
from daskcnn.live import page
from daskcnn.live.announce import announce, announcement
from daskcnn.live.counts import Counts
from daskcnn.live.tab import NAME, live
from daskcnn.measurement import measure
from daskcnn.opening import opened
from daskcnn.recorder import record
from daskcnn.subject import Subject

WORKERS = 2


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with connect("threads", WORKERS) as client:
        yield client


def of(client: Client) -> Any:
    return client.cluster.scheduler  # type: ignore[union-attr]


def counts(client: Client) -> Counts:
    found = live(of(client))
    assert found
    return found.counts


def measured(client: Client, run: str, chunks: str = "channel=2", repeats: int = 2) -> tuple[Any, Any]:
    """What was planned, and what came of it."""
    subject = Subject(*opened("mnist", images=40))
    frozen = subject.frozen(subject.plan(chunks, WORKERS, batch=10), run)
    return frozen, measure(client, subject, frozen, tuple(f"{run}-{repeat}" for repeat in range(repeats)))


def test_what_is_counted_is_what_was_planned(client: Client) -> None:
    frozen, _ = measured(client, "a-run")
    found = counts(client)
    assert found.announced
    assert [phase.name for phase in found.announced.phases] == [
        "images and parameters",
        "warm-up",
        "repeat 0",
        "repeat 1",
    ]
    for tally in found.phases:
        assert tally.phase
        planned = {own.name: (own.tasks, own.bytes) for own in tally.phase.layers}
        assert planned == {name: (own.tasks, own.bytes) for name, own in tally.layers.items()}
        planned = {own.name: (own.tasks, own.bytes) for own in tally.phase.workers}
        assert planned == {name: (own.tasks, own.bytes) for name, own in tally.workers.items()}
        assert 0 < tally.whole.seconds == pytest.approx(sum(own.seconds for own in tally.workers.values()))
    assert found.phases[-1].whole.bytes == frozen.work.plan.bytes_moved + frozen.bytes_aligned
    assert not found.awaited(of(client).workers.values())


def test_bytes_of_other_work_are_those_that_are_received(client: Client) -> None:
    x = da.ones((400, 300), chunks=(100, 60))
    before = counts(client).others.whole.bytes
    with record(client) as trace:
        (x.rechunk((80, 150)) + 1).sum().compute()
    received = int(trace["transfers"].dataset["bytes"].sum())
    assert trace.records_dropped == 0
    assert counts(client).others.whole.bytes - before == received > 0


def test_a_scheduler_gets_one_tab(client: Client) -> None:
    frozen, _ = measured(client, "once", "batch=2", repeats=1)
    announce(client, frozen, ("once-0",), owners(client))
    served = [own for own in of(client).http_application.applications if f"/{NAME}" in str(own.app_paths)]
    assert len(served) == 1
    with urlopen(client.dashboard_link) as answer:
        assert answer.read().decode().count(f'href="{NAME}"') == 1


def test_a_run_ends_with_its_client(client: Client) -> None:
    frozen, _ = measured(client, "kept", repeats=1)
    with Client(client.cluster, set_as_default=False) as other:
        announce(other, frozen, ("other-0",), owners(client))
        assert counts(client).phases[-1].phase == announcement(frozen, ("other-0",), owners(client)).phases[-1]
    assert counts(client).announced
    client.submit(sum, [1, 2], pure=False).result()
    assert counts(client).announced is None


def test_a_page_that_fails_says_so_and_stops_no_run(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*args: Any) -> dict[str, str]:
        raise ValueError("<b>broken</b>")

    monkeypatch.setattr(page, "sections", failing)
    session = pull_session(url=client.dashboard_link.replace("status", NAME))
    (shown,) = [part.text for part in session.document.select({"type": Div}) if part.text]
    assert shown == "<p>This page cannot be drawn: ValueError: &lt;b&gt;broken&lt;/b&gt;</p>"
    session.close()
    _, found = measured(client, "unharmed", repeats=1)
    assert found.trace.records_dropped == 0


def test_a_scheduler_without_a_dashboard_has_no_tab_and_runs_as_well(scheduler: str) -> None:
    with connect(scheduler, WORKERS) as client:
        _, found = measured(client, "plain", repeats=1)
        assert found.trace["tasks"].sizes["task"]
        assert not client.run_on_scheduler(lambda dask_scheduler: NAME in dask_scheduler.plugins)


@pytest.mark.parametrize("error", [ImportError("no daskcnn there"), OSError("gone"), ValueError("pickle: False")])
def test_what_cannot_be_told_stops_nothing(client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refused(*args: Any) -> None:
        raise error

    monkeypatch.setattr(client, "run_on_scheduler", refused)
    subject = Subject(*opened("mnist", images=10))
    announce(client, subject.frozen(subject.plan("batch", WORKERS), "run"), ("run-0",), owners(client))
