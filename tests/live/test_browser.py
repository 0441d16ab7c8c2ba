"""What a person sees in Dask's dashboard while tasks run."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from operator import methodcaller
from pathlib import Path
from typing import Any

from distributed import Client, Event

from daskcnn.cluster import owners
from daskcnn.live.announce import announce, announcement
from daskcnn.live.announcement import Announcement, Phase, Planned
from daskcnn.live.tab import tell
from daskcnn.measurement import measure
from daskcnn.opening import opened
from daskcnn.quantity import quantity
from daskcnn.subject import Subject
from tests.browsing import Visit
from tests.foreign import foreign
from tests.test_browser import HOSTILE

PHONE = {"width": 390, "height": 800}
TAGS = ("20261120T0753-02f-0", "20261120T0753-02f-1")


class Held:
    """Tasks that last until they are let go, also by a test that fails."""

    def __init__(self, client: Client) -> None:
        self.client, self.free = client, Event("free", client)

    def submit(self, key: Any, **options: Any) -> Any:
        return self.client.submit(methodcaller("wait"), self.free, key=key, **options)

    def close(self) -> None:
        self.free.set()


def row(visit: Visit, section: str, name: str) -> Any:
    first = visit.page.locator("td:first-child", has_text=re.compile(rf"^{re.escape(name)}\s*$"))
    return visit.page.get_by_role("region", name=section).locator("tr").filter(has=first)


def awaits(visit: Visit, section: str, name: str, *texts: str) -> None:
    """The row comes to have these texts."""
    found = row(visit, section, name)
    for text in texts:
        found = found.filter(has=visit.page.get_by_text(text, exact=True))
    found.wait_for()


@contextmanager
def following(folder: Path, workers: int) -> Iterator[Client]:
    """A client of a scheduler that was started with the tab."""
    options = ("--preload", "daskcnn.live", "--dashboard")
    with (
        foreign(folder, workers=workers, options=options) as (address, _),
        Client(address) as client,
    ):
        yield client


@contextmanager
def visiting(browser: Any, client: Client) -> Iterator[Visit]:
    """The tab, by its link from Dask's own page."""
    visit = Visit(browser, client.dashboard_link)
    visit.page.locator("a[href=daskcnn]").click()
    visit.page.get_by_role("heading", name="Blame so far").wait_for()
    yield visit
    visit.page.close()


def test_a_run_is_followed(browser: Any, tmp_path: Path) -> None:
    subject = Subject(*opened("mnist", images=60))
    frozen = subject.frozen(subject.plan("channel=2", 2, batch=5), TAGS[0][:-2])
    # In a process of its own: Panel, which other tests import, has its own way to serve the pages of its process.
    with following(tmp_path, workers=2) as client, ThreadPoolExecutor(1) as thread:
        addresses = owners(client)
        announce(client, frozen, TAGS, addresses)
        planned = announcement(frozen, TAGS, addresses).phases
        with closing(Held(client)) as held, visiting(browser, client) as visit:
            busy = held.submit("held", workers=addresses[:1])
            done = thread.submit(measure, client, subject, frozen, TAGS)
            here, there = (own.tasks for own in planned[0].workers)
            awaits(visit, "Run", planned[0].name, f"{there} of {here + there}")
            awaits(visit, f"Workers: {planned[0].name}", "w-0", f"0 of {here}", f"{here + 1}")
            visit.leave("live-begun")
            held.close()
            done.result()
            for phase in planned:
                awaits(visit, "Run", phase.name, f"{phase.whole.tasks}", quantity(phase.whole.bytes, "B"))
            for own in planned[-1].layers:
                awaits(visit, "Layers: repeat 1", own.name, f"{own.tasks}", quantity(own.bytes, "B"))
            for number, own in enumerate(planned[-1].workers):
                awaits(visit, "Workers: repeat 1", f"w-{number}", f"{own.tasks}", quantity(own.bytes, "B"))
            row(visit, f"Blame so far: repeat 1, tasks done: {planned[-1].whole.tasks}", "compute").wait_for()
            visit.leave("live")
            visit.page.set_viewport_size(PHONE)
            visit.page.emulate_media(color_scheme="dark")
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            visit.leave("live-phone")
            assert visit.errors == [] and busy.result()


def test_work_of_others_is_followed_and_names_are_text(browser: Any, tmp_path: Path) -> None:
    layers = tuple(Planned(name, 1, 1) for name in HOSTILE)
    hostile = Announcement("run", HOSTILE[0], ((HOSTILE[1], HOSTILE[2]),), (Phase(HOSTILE[3], "run", layers, ()),))
    with (
        following(tmp_path, workers=1) as client,
        closing(Held(client)) as held,
        visiting(browser, client) as visit,
    ):
        tasks = [held.submit(("others-1", number)) for number in range(3)]
        awaits(visit, "By prefix of the keys", "others", "0 of 3")
        visit.page.get_by_text("Followed since").wait_for()  # what ended before is not known
        held.close()
        client.gather(tasks)
        awaits(visit, "By prefix of the keys", "others", "3")
        row(visit, "Blame so far: since", "compute").wait_for()
        visit.leave("live-others")
        client.run_on_scheduler(tell, hostile, client.id)
        visit.page.get_by_role("heading", name=HOSTILE[0], exact=True).wait_for()
        for name in HOSTILE:
            awaits(visit, f"Layers: {HOSTILE[3]}", name.strip(), "0 of 1")
        assert visit.page.evaluate("window.hacked") is None
        visit.leave("live-hostile")
        assert visit.errors == []
